import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { type AccessTokenVerifier, ResourceServer, type ResourceServerOptions } from "../mod.ts";
import { fakeApi, json } from "./fake_api.ts";
import { freezeClock } from "./frozen_clock.ts";
import { accessToken, jwks, NOW } from "./resources/user_management/session_fixtures.ts";

const RESOURCE = "https://api.example.com/mcp";
const ISSUER = "https://app.authkit.app";
const METADATA = "https://api.example.com/.well-known/oauth-protected-resource/mcp";

describe("ResourceServer", () => {
  freezeClock(NOW);

  function start(options: Partial<ResourceServerOptions> = {}, ...answers: unknown[]): ResourceServer {
    const { userManagement } = fakeApi(...answers).workos;
    return new ResourceServer(userManagement, { resource: RESOURCE, authorizationServers: [ISSUER], ...options });
  }

  function request(authorization?: string): Request {
    return new Request(RESOURCE, { headers: authorization === undefined ? {} : { Authorization: authorization } });
  }

  const CLAIMS = { iss: ISSUER, aud: RESOURCE, sid: undefined, scope: "read write" };

  it("knows the sender of a token of a Connect application", async () => {
    const token = await accessToken({ ...CLAIMS, plan: "pro" });

    const principal = await start({}, await jwks())
      .authenticate<{ plan: string }>(request(`Bearer ${token}`), { scopes: ["write", "read"] });

    assert(principal.ok);
    assertEquals([principal.claims.sub, principal.claims.plan, principal.token], ["user_1", "pro", token]);
  });

  it("takes tokens of sessions where it is told to", async () => {
    const server = start({ audience: false, issuer: "https://api.workos.com", requireSession: true }, await jwks());

    const session = await server.authenticate(request(`bearer ${await accessToken()}`));
    const other = await server.authenticate(request(`Bearer ${await accessToken({ sid: undefined })}`));

    assert(session.ok && !other.ok);
    assertEquals([session.claims.sid, other.reason], ["session_1", "missing_claim"]);
  });

  const without: [string, string | undefined][] = [
    ["no header", undefined],
    ["another scheme", "Basic dXNlcjpwYXNz"],
    ["no token", "Bearer"],
    ["two tokens", "Bearer a, Bearer b"],
    ["a token that is none", 'Bearer a"b'],
  ];
  for (const [name, authorization] of without) {
    it(`asks for a token when there is ${name}`, async () => {
      const principal = await start().authenticate(request(authorization), { scopes: ["read", "write"] });

      assert(principal.ok === false);
      assertEquals([principal.reason, principal.response.status], ["no_token", 401]);
      assertEquals(
        principal.response.headers.get("WWW-Authenticate"),
        `Bearer scope="read write", resource_metadata="${METADATA}"`,
      );
    });
  }

  it("reads a token in all the signs that one may have", async () => {
    const asked: string[] = [];
    const verifier: AccessTokenVerifier = {
      verifyAccessToken: (token) => (asked.push(token), Promise.resolve({ ok: false, reason: "malformed" })),
    };
    const server = new ResourceServer(verifier, { resource: RESOURCE, authorizationServers: [ISSUER] });

    await server.authenticate(request("Bearer   aZ_0-9.~+/=="));

    assertEquals(asked, ["aZ_0-9.~+/=="]);
  });

  it("asks for no scope where none is needed", async () => {
    const principal = await start().authenticate(request());

    assert(!principal.ok);
    assertEquals(principal.response.headers.get("WWW-Authenticate"), `Bearer resource_metadata="${METADATA}"`);
  });

  const refused: [string, object, string][] = [
    ["is expired", { exp: NOW / 1000 }, "expired"],
    ["is from another issuer", { iss: "https://api.workos.com" }, "wrong_issuer"],
    ["is for another API", { aud: "https://other.example.com" }, "wrong_audience"],
    ["is for nobody", { aud: undefined }, "missing_claim"],
  ];
  for (const [name, claims, reason] of refused) {
    it(`refuses a token that ${name}`, async () => {
      const token = await accessToken({ ...CLAIMS, ...claims });

      const principal = await start({}, await jwks()).authenticate(request(`Bearer ${token}`));

      assert(!principal.ok);
      assertEquals([principal.reason, principal.response.status], [reason, 401] as unknown[]);
      assertEquals(
        principal.response.headers.get("WWW-Authenticate"),
        `Bearer error="invalid_token", error_description="The access token is not valid: ${reason}", ` +
          `resource_metadata="${METADATA}"`,
      );
    });
  }

  it("passes on how to verify", async () => {
    const token = await accessToken({ ...CLAIMS, exp: NOW / 1000 - 5 });

    const principal = await start({ clockTolerance: 10 }, await jwks()).authenticate(request(`Bearer ${token}`));

    assert(principal.ok);
  });

  it("lets nobody keep a refusal, and quotes what it was given", async () => {
    const token = await accessToken(CLAIMS);
    const outage = [json({}, { status: 500 })];
    const answers = await Promise.all([
      start().authenticate(request(), { scopes: ['a"b\\c'] }),
      start({}, await jwks()).authenticate(request(`Bearer ${token}`), { scopes: ["admin"] }),
      start({}, ...outage).authenticate(request(`Bearer ${token}`)),
    ]);

    const refusals = answers.filter((it) => !it.ok);
    assertEquals(refusals.map(({ response }) => response.headers.get("Cache-Control")), Array(3).fill("no-store"));
    assert(refusals[0].response.headers.get("WWW-Authenticate")?.includes('scope="a\\"b\\\\c"'));
  });

  it("refuses a token without a scope, and names those it takes", async () => {
    const token = await accessToken({ ...CLAIMS, scope: "read" });

    const principal = await start({}, await jwks())
      .authenticate(request(`Bearer ${token}`), { scopes: ["read", "write"] });

    assert(!principal.ok);
    assertEquals([principal.reason, principal.response.status], ["insufficient_scope", 403]);
    assertEquals(
      principal.response.headers.get("WWW-Authenticate"),
      `Bearer error="insufficient_scope", scope="read write", resource_metadata="${METADATA}"`,
    );
  });

  it("finds no scope in a token that names none", async () => {
    const token = await accessToken({ ...CLAIMS, scope: undefined });

    const principal = await start({}, await jwks()).authenticate(request(`Bearer ${token}`), { scopes: ["undefined"] });

    assert(!principal.ok);
    assertEquals(principal.reason, "insufficient_scope");
  });

  it("never calls a token invalid because the keys are not there", async () => {
    const token = await accessToken(CLAIMS);

    for (const answer of [new TypeError("fetch failed"), json({}, { status: 429 }), new Response("<html>")]) {
      const principal = await start({}, answer).authenticate(request(`Bearer ${token}`));

      assert(principal.ok === false);
      assertEquals([principal.reason, principal.response.status], ["unavailable", 503]);
      assertEquals(principal.response.headers.get("WWW-Authenticate"), null);
      assertEquals(principal.response.headers.get("Retry-After"), "5");
    }
  });

  it("throws for a mistake of the program", async () => {
    const { userManagement } = fakeApi({}).workos;
    userManagement.clientId = undefined;
    const server = new ResourceServer(userManagement, { resource: RESOURCE, authorizationServers: [ISSUER] });

    await assertRejects(() => server.authenticate(request("Bearer a.b.c")), TypeError, "clientId is required");
  });

  it("serves its metadata", async () => {
    const server = start({
      scopesSupported: ["read"],
      resourceName: "Notes",
      resourceDocumentation: "https://example.com/docs",
    });

    const response = server.metadataResponse(new Request(METADATA));
    const preflight = server.metadataResponse(new Request(METADATA, { method: "OPTIONS" }));

    assert(response?.headers.get("Content-Type")?.startsWith("application/json"));
    assertEquals(response?.headers.get("Access-Control-Allow-Origin"), "*");
    assertEquals(await response?.json(), {
      resource: RESOURCE,
      authorization_servers: [ISSUER],
      bearer_methods_supported: ["header"],
      scopes_supported: ["read"],
      resource_name: "Notes",
      resource_documentation: "https://example.com/docs",
    });
    assertEquals(preflight?.status, 204);
    assertEquals(preflight?.headers.get("Access-Control-Allow-Headers"), "*");
    assertEquals(server.metadataResponse(new Request(METADATA, { method: "HEAD" }))?.status, 200);
  });

  it("leaves out of the metadata what it was not told", () => {
    assertEquals(Object.keys(start().metadata), ["resource", "authorization_servers", "bearer_methods_supported"]);
  });

  it("leaves other requests alone", () => {
    const server = start();

    for (const url of [RESOURCE, METADATA + "/other", METADATA.replace("/mcp", ""), METADATA + "?a=b"]) {
      assertEquals(server.metadataResponse(new Request(url)), undefined);
    }
    assertEquals(server.metadataResponse(new Request(METADATA, { method: "DELETE" })), undefined);
  });

  it("puts the metadata between host and path of the resource", () => {
    const urls: [string, string][] = [
      ["https://api.example.com", "https://api.example.com/.well-known/oauth-protected-resource"],
      ["https://api.example.com/", "https://api.example.com/.well-known/oauth-protected-resource"],
      ["https://api.example.com/mcp/", "https://api.example.com/.well-known/oauth-protected-resource/mcp/"],
      ["https://a.example:8443/v1/x?k=1", "https://a.example:8443/.well-known/oauth-protected-resource/v1/x?k=1"],
    ];
    for (const [resource, wanted] of urls) assertEquals(start({ resource }).metadataUrl, wanted);
  });

  const misuses: [string, string, object][] = [
    ["resource", "it is not an http URL without a fragment", { resource: "api.example.com" }],
    ["resource", "it is not an http URL without a fragment", { resource: "https://api.example.com/#a" }],
    ["resource", "it is not an http URL without a fragment", { resource: "ftp://api.example.com/" }],
    ["resource", "it is not an http URL without a fragment", { resource: "web+https://api.example.com/" }],
    ["authorizationServers", "it is empty", { authorizationServers: [] }],
    ["authorizationServers", "it is empty", { authorizationServers: undefined }],
  ];
  for (const [option, why, options] of misuses) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assertThrows(() => start(options), TypeError, `Cannot use option "${option}": ${why}`);
    });
  }
});
