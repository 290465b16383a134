import { assert, assertEquals, assertFalse, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { afterEach, describe, it } from "@std/testing/bdd";
// deno-fmt-ignore
import {
  ApiKeyRequiredException, createWorkOS, NotFoundException, OauthException, ParseError, type PublicWorkOS,
  UserManagement, WorkOS, type WorkOSOptions,
} from "../mod.ts";
import { inBrowser } from "../src/runtime.ts";
import { VERSION } from "../src/version.ts";
import { fakeApi, json } from "./fake_api.ts";
import { restoreGlobals, setGlobal } from "./globals.ts";
import manifest from "../deno.json" with { type: "json" };
import vectors from "./vectors/config.json" with { type: "json" };

const BOTH = { WORKOS_API_KEY: "sk_env", WORKOS_CLIENT_ID: "client_env" };

/** Replaces the environment of the runtime for one test. */
function setEnvironment(env: Record<string, string>): void {
  setGlobal("Deno", undefined);
  setGlobal("process", { env });
}

afterEach(restoreGlobals);

interface ConstructVector {
  name: string;
  input: { operation: "construct"; args: [string | WorkOSOptions, WorkOSOptions?]; env: Record<string, string> };
  expected: {
    value?: { key: string | null; clientId: string | null; baseURL: string; userManagementClientId: string | null };
    throws?: { name: string };
  };
}

interface HeadersVector {
  name: string;
  input: { operation: "headers"; headersKind?: string; headers?: Record<string, string>; apiKey?: null };
  expected: { onTheWire: Record<string, string> };
}

const withoutKey = (options: object) => ({ key: null, clientId: null, ...options });

/** Cases of the constructor where we differ from the Node SDK on purpose. */
const CONSTRUCT: Record<string, "TypeError" | "Error" | object> = {
  "https null counts as false": "TypeError", // would send the key in the clear
  "port 0 is dropped": "TypeError",
  "hostname is not validated": "TypeError",
  "null argument": "Error", // no key and no client id, said in words
  "options.apiKey in the second argument is ignored, env is used": { key: "sk_2", clientId: null }, // it was given
};

describe("config vectors: construct", () => {
  const cases = (vectors as unknown as ConstructVector[]).filter(({ input }) => input.operation === "construct");

  for (const { name, input, expected } of cases) {
    it(name, () => {
      setEnvironment(input.env);
      const make = () => new WorkOS(...input.args);
      const different = CONSTRUCT[name];

      if (typeof different === "string") assertEquals(assertThrows(make, Error).name, different);
      else if (expected.throws) assertThrows(make, Error);
      else {
        const { key, clientId, baseURL } = make();
        const wanted = withoutKey({ baseURL: expected.value!.baseURL, ...(different ?? keyOf(expected.value!)) });
        assertEquals({ key: key ?? null, clientId: clientId ?? null, baseURL }, wanted as never);
      }
    });
  }
});

const keyOf = ({ key, clientId }: { key: string | null; clientId: string | null }) => ({ key, clientId });

describe("config vectors: headers", () => {
  const cases = (vectors as unknown as HeadersVector[]).filter(({ input }) => input.operation === "headers");

  for (const { name, input, expected } of cases) {
    it(name, async () => {
      const pairs = Object.entries(input.headers ?? {});
      const kinds: Record<string, HeadersInit> = { Headers: new Headers(pairs), entries: pairs as [string, string][] };
      const headers = kinds[input.headersKind ?? ""] ?? input.headers;
      const options = input.apiKey === null ? { apiKey: undefined, clientId: "client_1" } : { apiKey: "sk_1" };
      const api = fakeApi.with({ ...options, config: { headers } }, {});
      const own = input.apiKey === null ? {} : { idempotencyKey: "idem" };

      await api.workos.post("/x", {}, { skipApiKeyCheck: true, ...own });

      // one behaviour on every entry: names merge in any case, and what the SDK owns stays its own
      const { "x-custom": custom } = Object.fromEntries(new Headers(headers));
      const wanted: Record<string, string> = { ...expected.onTheWire, ...(custom && { "x-custom": custom }) };
      const { authorization, "content-type": contentType, accept } = api.requests[0].headers;
      assertEquals(authorization, input.apiKey === null ? undefined : "Bearer sk_1");
      assertEquals([contentType, accept], ["application/json", wanted.accept]);
      assertEquals(api.requests[0].headers["x-custom"], wanted["x-custom"]);
      assertEquals(api.requests[0].headers["idempotency-key"], wanted["idempotency-key"]);
    });
  }
});

describe("new WorkOS", () => {
  it("takes an options object, a key, a key with options, or the environment", () => {
    setEnvironment(BOTH);

    assertEquals(keyOf(new WorkOS() as never), { key: "sk_env", clientId: "client_env" });
    assertEquals(new WorkOS("sk_1").key, "sk_1");
    assertEquals(new WorkOS("sk_1", { clientId: "client_1" }).clientId, "client_1");
    assertEquals(new WorkOS({ apiKey: "sk_2", clientId: "client_2" }).key, "sk_2");
  });

  it("copies the options", () => {
    const options = { apiKey: "sk_1", timeout: 5 };
    const workos = new WorkOS(Object.freeze(options));

    assertEquals(workos.options.apiKey, "sk_1");
    assertEquals({ ...workos.options }, { timeout: 5 }); // the key is not printed, nor copied without being named
    assertFalse(workos.options === options);
    assert(Object.isFrozen(workos.options));
  });

  it("shows its version, which is the manifest's", () => {
    assertEquals(new WorkOS("sk_1").version, manifest.version);
    assertEquals(VERSION, manifest.version);
  });

  it("names SDK and application in the User-Agent of every request", async () => {
    const appInfo = { name: "MyApp", version: "1.2.3", url: "https://my.app" };
    const api = fakeApi.with({ appInfo }, {});

    await api.workos.get("/x");

    const { "user-agent": agent, "x-workos-client-app": app } = api.requests[0].headers;
    assertEquals([agent === undefined, app === undefined], [inBrowser(), !inBrowser()]);
    assertEquals(
      agent ? agent : `universal-workos/${VERSION} ${app}`,
      `universal-workos/${VERSION} MyApp/1.2.3 (https://my.app)`,
    );
  });

  it("names no part of an application that is not given", async () => {
    for (const [appInfo, name] of [[undefined, ""], [{ name: "MyApp" }, "MyApp"]] as const) {
      const api = fakeApi.with({ appInfo }, {});

      await api.workos.get("/x");

      const { "user-agent": agent, "x-workos-client-app": app = "" } = api.requests[0].headers;
      assertEquals(agent ?? `universal-workos/${VERSION} ${app}`.trim(), `universal-workos/${VERSION} ${name}`.trim());
    }
  });

  it("does not print its key", () => {
    const workos = new WorkOS("sk_secret_1", { clientId: "client_1", config: { headers: { "X-Key": "hidden_1" } } });

    const printed = JSON.stringify(workos) + Object.values(workos).map((it) => JSON.stringify(it)).join();

    assertFalse(/sk_secret_1|hidden_1/.test(printed));
    assertEquals(workos.options.config, { headers: { "X-Key": "hidden_1" } });
    assertEquals({ ...new WorkOS("sk_1", { timeout: 5 }).options } as object, { timeout: 5 });
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(workos.options))) { // as Bun prints them
      assertFalse(/sk_secret_1|hidden_1/.test(JSON.stringify(value) ?? ""));
    }
  });

  it("uses the global fetch of the moment when none is given", async () => {
    const original = globalThis.fetch;
    const workos = new WorkOS("sk_1");
    try {
      globalThis.fetch = () => Promise.resolve(json({ ok: true }));
      assertEquals(await workos.get("/x"), { data: { ok: true } });
    } finally {
      globalThis.fetch = original;
    }
  });
});

describe("WorkOS.fromEnv", () => {
  it("reads bindings and nothing else", () => {
    setEnvironment(BOTH);

    const workos = WorkOS.fromEnv({ WORKOS_API_KEY: "sk_binding", OTHER: {} }, { timeout: 7 });

    assertEquals([workos.key, workos.clientId], ["sk_binding", undefined]);
    assertEquals(WorkOS.fromEnv({ WORKOS_API_KEY: "sk_binding" }, { apiKey: "sk_own" }).key, "sk_own");
    assertThrows(() => WorkOS.fromEnv({}), Error, "API key");
    for (const env of ["x", null]) assertThrows(() => WorkOS.fromEnv(env as never), TypeError, "Cannot use env");
  });

  it("refuses bindings that are not strings at once", () => {
    for (const name of ["WORKOS_API_KEY", "WORKOS_CLIENT_ID", "WORKOS_LOG"]) {
      const env = { WORKOS_API_KEY: "sk_binding", [name]: {} };
      assertThrows(() => WorkOS.fromEnv(env), TypeError, `${name} of env`);
    }
  });
});

describe("createWorkOS", () => {
  it("never reads the environment", () => {
    setEnvironment(BOTH);

    const client = createWorkOS({ clientId: "client_1" });

    assertInstanceOf(client, WorkOS);
    assertEquals((client as unknown as WorkOS).key, undefined);
    assertThrows(() => createWorkOS({} as never), Error, "API key");
  });

  it("uses fetchFn and config like the constructor", async () => {
    const api = fakeApi({});
    const workos = createWorkOS({ apiKey: "sk_1", fetchFn: api.fetchFn, config: { headers: [["X-A", "1"]] } });

    await workos.get("/x");

    assertEquals(api.requests[0].headers["x-a"], "1");
  });

  it("gives a public client the public methods alone, at compile time", () => {
    const client: PublicWorkOS = createWorkOS({ clientId: "client_1" });
    const confidential: WorkOS = createWorkOS({ apiKey: "sk_1" });

    // @ts-expect-error -- a server method
    client.organizations;
    // @ts-expect-error -- a server method
    client.userManagement.createUser;
    // @ts-expect-error -- a server method
    client.sso.listConnections;
    // @ts-expect-error -- neither key nor client id
    ((): unknown => createWorkOS({}));
    assert(confidential.organizations);
    assert(client.userManagement.authenticateWithCodeAndVerifier);
  });
});

describe("a public client", () => {
  const publicApi = () => fakeApi.with({ apiKey: undefined, clientId: "client_1" }, {});

  it("rejects what needs a key before any request, naming the method", async () => {
    const { workos, requests } = publicApi();

    const error = await assertRejects(
      () => workos.organizations.createOrganization({ name: "Acme" }),
      ApiKeyRequiredException,
    );
    await assertRejects(() => workos.userManagement.listUsers(), ApiKeyRequiredException, "userManagement.listUsers");
    await assertRejects(() => workos.get("/x"), ApiKeyRequiredException);
    await assertRejects(() => workos.vault.encrypt("text", {}), ApiKeyRequiredException, '"vault.encrypt"');

    assertEquals([error.path, error.method, error.status], ["/organizations", "organizations.createOrganization", 403]);
    assert(error.message.includes("organizations.createOrganization"));
    assertEquals(requests.length, 0);
  });

  it("keeps what is no method of its areas as it is, and methods replaceable", () => {
    const { userManagement, webhooks } = publicApi().workos;

    const replaced = () => Promise.reject(new Error("of a test"));
    userManagement.getUser = replaced;

    assertEquals([userManagement.getUser, userManagement.constructor], [replaced, UserManagement] as unknown[]);
    assert(delete (userManagement as Partial<UserManagement>).getUser); // as spies do when they are restored
    assertEquals(webhooks.getTimestampAndSignatureHash("t=1, v1=a"), ["1", "a"]);
  });

  it("rejects with what went wrong where that is not the missing key, and gives what is no promise at once", async () => {
    const { workos } = fakeApi.with(
      { apiKey: undefined, clientId: "client_1" },
      json({ error: "invalid_grant" }, { status: 400 }),
    );
    const { userManagement } = workos;

    await assertRejects(() => userManagement.authenticateWithRefreshToken({ refreshToken: "r" }), OauthException);
    assertEquals(userManagement.getJwksUrl("client_1"), "https://api.workos.com/sso/jwks/client_1");
  });

  it("exchanges a code with a verifier and without a secret", async () => {
    const reply = { user: { id: "user_1" }, access_token: "a", refresh_token: "r" };
    const { workos, requests } = fakeApi.with({ apiKey: undefined, clientId: "client_1" }, reply);
    const { codeVerifier } = await workos.userManagement.getAuthorizationUrlWithPKCE({
      provider: "authkit",
      redirectUri: "https://app.example/callback",
    });

    await workos.userManagement.authenticateWithCode({ code: "code_1", codeVerifier });

    assertEquals(requests[0].body.code_verifier, codeVerifier);
    assertFalse("client_secret" in requests[0].body);
    assertEquals(requests[0].headers.authorization, undefined);
  });
});

describe("a confidential client", () => {
  it("sends both secret and verifier", async () => {
    const reply = { user: { id: "user_1" }, access_token: "a", refresh_token: "r" };
    const { workos, requests } = fakeApi(reply);
    const { codeVerifier } = await workos.userManagement.getAuthorizationUrlWithPKCE({
      provider: "authkit",
      redirectUri: "https://app.example/callback",
    });

    await workos.userManagement.authenticateWithCode({ code: "code_1", codeVerifier });

    assertEquals([requests[0].body.client_secret, requests[0].body.code_verifier], ["sk_test_fake", codeVerifier]);
  });
});

describe("low-level calls", () => {
  it("send and return names as they are", async () => {
    const { workos, requests } = fakeApi({ first_name: "Ada" });

    const { data } = await workos.post("/things", { lastName: 1, first_name: 2 }, {
      query: { fooBar: 1, none: undefined },
      idempotencyKey: "idem_1",
      warrantToken: "w",
      headers: { "X-Request-ID": "mine" },
    });

    assertEquals(data, { first_name: "Ada" });
    assertEquals(requests[0].body, { lastName: 1, first_name: 2 });
    assertEquals(requests[0].query, { fooBar: "1" });
    const { "idempotency-key": key, "warrant-token": warrant, "x-request-id": id } = requests[0].headers;
    assertEquals([key, warrant, id], ["idem_1", "w", "mine"]);
  });

  it("add a warrant token to valid headers, and quote no others", async () => {
    const { workos, requests } = fakeApi({});
    const headers = { "X-Key": "secret\n1", "X-None": undefined } as { "X-Key": string };

    const error = await assertRejects(() => workos.get("/x", { headers, warrantToken: "w" }), TypeError);
    await workos.get("/x", { headers: { ...headers, "X-Key": "1" }, warrantToken: "w" });

    assertEquals(error.message, 'Cannot use option "headers": it is not a set of valid HTTP headers');
    const { "x-key": key, "x-none": none, "warrant-token": warrant } = requests[0].headers;
    assertEquals([key, none, warrant], ["1", undefined, "w"]);
  });

  it("cover every verb, forms and answers that are not JSON", async () => {
    const { workos, requests } = fakeApi(new Response("plain"));

    assertEquals(await workos.get("/a"), { data: null });
    await workos.put("/a", { x: 1 });
    await workos.patch("/a", [1]);
    await workos.post("/a", new URLSearchParams({ a_b: "1" }));
    await workos.post("/a", null);
    assertEquals(await workos.delete("/a", { force: true }), undefined);
    await workos.deleteWithBody("/a", { y: 1 });

    assertEquals(requests.map(({ method }) => method), ["GET", "PUT", "PATCH", "POST", "POST", "DELETE", "DELETE"]);
    assertEquals(requests.map(({ body }) => body), [undefined, { x: 1 }, [1], "a_b=1", "", undefined, { y: 1 }]);
    assertEquals(requests[3].headers["content-type"], "application/x-www-form-urlencoded;charset=utf-8");
    assertEquals(requests[5].query, { force: "true" });
  });

  it("take options of the request with every verb that has a body", async () => {
    const { workos, requests } = fakeApi({});

    for (const verb of ["post", "put", "patch"] as const) {
      await workos[verb]("/a", {}, { query: { verb }, headers: { "X-A": verb }, idempotencyKey: verb });
    }

    const seen = requests.map(({ query, headers }) => [query.verb, headers["x-a"], headers["idempotency-key"]]);
    assertEquals(seen, ["post", "put", "patch"].map((verb) => [verb, verb, verb]));
  });

  it("take options of the request where they delete", async () => {
    const { workos, requests } = fakeApi(undefined);

    await workos.delete("/a", undefined, { headers: { "X-A": "1" } });
    await workos.deleteWithBody("/a", {}, { headers: { "X-A": "2" } });

    assertEquals(requests.map(({ headers }) => headers["x-a"]), ["1", "2"]);
  });

  it("tell of a refusal where they delete", async () => {
    const { workos } = fakeApi(new Response(null, { status: 404 }));

    await assertRejects(() => workos.delete("/a"), NotFoundException);
    await assertRejects(() => workos.deleteWithBody("/a", {}), NotFoundException);
  });

  it("refuse JSON that is broken", async () => {
    const headers = { "Content-Type": "application/json", "X-Request-ID": "req_1" };
    const { workos } = fakeApi(new Response("{", { headers }));

    for (const call of [() => workos.get("/a"), () => workos.post("/a", {})]) {
      const error = await assertRejects(call, ParseError);
      assertEquals([error.status, error.rawStatus, error.rawBody, error.requestID], [500, 200, "{", "req_1"]);
    }
    await workos.delete("/a"); // has no use for an answer
    const empty = fakeApi(new Response("", { headers }));
    assertEquals(await empty.workos.get("/a"), { data: null });
  });

  it("authorize with an access token when given one", async () => {
    const { workos, requests } = fakeApi({});

    await workos.get("/a", { accessToken: "token" });

    assertEquals(requests[0].headers.authorization, "Bearer token");
  });

  it("createWebhookClient() and createActionsClient() make objects of their own", () => {
    const workos = new WorkOS("sk_1");

    assertEquals(typeof workos.createWebhookClient().constructEvent, "function");
    assertEquals(typeof workos.createActionsClient().constructAction, "function");
    assertFalse(workos.createWebhookClient() === workos.webhooks);
  });

  it("createWebhookClient() and createActionsClient() of a subclass make the client's own objects", () => {
    const made: unknown[] = [];
    class Recording extends WorkOS {
      override createWebhookClient() {
        const webhooks = super.createWebhookClient();
        made.push(webhooks);
        return webhooks;
      }
      override createActionsClient() {
        const actions = super.createActionsClient();
        made.push(actions);
        return actions;
      }
    }

    const { webhooks, actions } = new Recording("sk_1");

    assert(made.includes(webhooks) && made.includes(actions));
  });

  it("emitWarning() shows a warning", () => {
    const shown: unknown[] = [];
    const workos = new WorkOS("sk_1");
    setGlobal("process", { emitWarning: (it: string) => shown.push(it) });

    workos.emitWarning("look");

    assertEquals(shown, ["look"]);
  });

  it("requireApiKey() throws on a public client only", () => {
    new WorkOS("sk_1").requireApiKey("x");

    const words = 'API key required for "doThing"'; // as the Node SDK begins
    assertThrows(() => createPublic().requireApiKey("doThing"), ApiKeyRequiredException, words);
  });
});

function createPublic(): WorkOS {
  return createWorkOS({ clientId: "client_1" }) as unknown as WorkOS;
}
