import { assertEquals, assertInstanceOf, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  createWorkOS,
  type PublicUserManagement,
  type PublicWorkOS,
  type SSO,
  type UserManagement,
} from "../../mod.ts";
import {
  createPublicWorkOS,
  OauthException,
  type PublicClientOptions,
  type PublicSSO,
} from "../../src/entries/public.ts";
import { fakeApi, type FakeRequest } from "../fake_api.ts";

const REDIRECT = { provider: "authkit", redirectUri: "https://app.example/callback" };
const SIGNED_IN = { user: { object: "user", id: "user_1" }, access_token: "a", refresh_token: "r" };

type Make = (options: PublicClientOptions) => PublicWorkOS;

/** Compiles as long as the classes have every method of a public client. */
export const asPublic = (users: UserManagement, sso: SSO): [PublicUserManagement, PublicSSO] => [users, sso];

/** What a client sends and returns when every one of its methods is called; random parts are left out. */
async function callAll(make: Make): Promise<{ requests: Partial<FakeRequest>[]; results: unknown[] }> {
  const { fetchFn, requests } = fakeApi(SIGNED_IN);
  const workos = make({ clientId: "client_1", fetchFn, maxRetries: 0, apiHostname: "api.example", port: 8443 });
  const { userManagement, sso } = workos;
  const connection = { connection: "conn_1", redirectUri: "https://app.example/callback" };
  const results = [
    [workos.baseURL, workos.clientId, workos.version],
    userManagement.getAuthorizationUrl({ ...REDIRECT, clientId: "client_2" }),
    Object.keys(await userManagement.getAuthorizationUrlWithPKCE(REDIRECT)),
    await userManagement.authenticateWithCode({ code: "c", codeVerifier: "v" }),
    await userManagement.authenticateWithCodeAndVerifier({ code: "c", codeVerifier: "v", ipAddress: "::1" }),
    await userManagement.authenticateWithRefreshToken({ refreshToken: "r", organizationId: "org_1" }),
    await userManagement.createDeviceAuthorization(),
    await userManagement.authenticateWithDeviceCode({ deviceCode: "d", clientId: "client_2" }),
    await userManagement.pollDeviceAuthorization({ deviceCode: "d", interval: 0.001 }),
    userManagement.getLogoutUrl({ sessionId: "session_1", returnTo: "https://app.example" }),
    userManagement.getJwksUrl("client_1"),
    sso.getAuthorizationUrl(connection),
    Object.keys(await sso.getAuthorizationUrlWithPKCE(connection)),
    await sso.getProfileAndToken({ code: "c", codeVerifier: "v" }),
    await sso.getProfile({ accessToken: "t" }),
  ];
  return { requests: requests.map(({ init: _, ...request }) => request), results };
}

describe("createPublicWorkOS()", () => {
  it("sends and returns what the whole client does", async () => {
    const [own, whole] = [await callAll(createPublicWorkOS), await callAll(createWorkOS)];

    assertEquals(own, whole);
    assertEquals(own.requests.length, 8);
  });

  it("refuses what the whole client refuses", async () => {
    for (const make of [createPublicWorkOS, createWorkOS] as Make[]) {
      const { fetchFn, requests } = fakeApi(SIGNED_IN);
      const { userManagement, sso } = make({ clientId: "client_1", fetchFn });
      const session = { sealSession: true, cookiePassword: "a password of thirty-two letters" };

      await assertRejects(() => userManagement.authenticateWithCode({ code: "c" }), TypeError, "codeVerifier");
      await assertRejects(() => userManagement.authenticateWithRefreshToken({ refreshToken: "r", session }), Error);
      await assertRejects(() => sso.getProfileAndToken({ code: "c" }), TypeError, "codeVerifier");
      assertThrows(() => userManagement.getLogoutUrl({ sessionId: "" }), TypeError, "sessionId");
      assertThrows(() => userManagement.getAuthorizationUrl({ redirectUri: "" }), TypeError, "provider");
      assertEquals(requests, []);
    }
  });

  it("takes no secret, at compile time and at run time", () => {
    const error = assertThrows(
      // @ts-expect-error: a public client keeps no secret
      () => createPublicWorkOS({ clientId: "client_1", apiKey: "sk_secret" }),
      TypeError,
      'Cannot use option "apiKey"',
    );

    assertEquals(error.message.includes("sk_secret"), false);
  });

  it("refuses the options that it leaves out, and those that are misspelled", () => {
    const options = { hooks: {}, logger: console, logLevel: "warn", rateLimit: [], traceparent: () => undefined };
    const left = { ...options, apiHostName: "eu.example", baseURL: "https://eu.example" };

    for (const [name, value] of Object.entries(left)) {
      const options = { clientId: "client_1", [name]: value };
      assertThrows(() => createPublicWorkOS(options), TypeError, `Cannot use option "${name}"`);
    }
  });

  it("takes the options that concern requests", async () => {
    const { fetchFn, requests } = fakeApi(SIGNED_IN);
    const config = { headers: { "X-A": "1" } };
    const options = { fetchFn, config, appInfo: { name: "app" }, timeout: 5000, maxRetries: 0 };
    const clients = [
      createPublicWorkOS({ clientId: "client_1", apiHostname: "api.example", https: false, port: 8080, ...options }),
      createPublicWorkOS({ clientId: "client_1", baseUrl: "https://app.example/workos", ...options }),
    ];

    for (const { userManagement } of clients) await userManagement.createDeviceAuthorization();

    const begins = ["http://api.example:8080/user_management", "https://app.example/workos/user_management"];
    for (const [i, { url, headers }] of requests.entries()) {
      assertEquals([url.startsWith(begins[i]), headers["x-a"]], [true, "1"]);
      assertMatch(headers["user-agent"] ?? headers["x-workos-client-app"], /app$/);
    }
  });

  it("makes PKCE pairs", async () => {
    const { codeVerifier, codeChallenge } = await createPublicWorkOS({ clientId: "client_1" }).pkce.generate();

    assertEquals([codeVerifier.length >= 43, codeChallenge.length], [true, 43]);
  });

  it("takes the client id without a line break around it, as createWorkOS does", () => {
    for (const make of [createPublicWorkOS, createWorkOS]) {
      const { clientId, userManagement } = make({ clientId: " client_1\n" });

      const url = new URL(userManagement.getAuthorizationUrl(REDIRECT));
      assertEquals([clientId, url.searchParams.get("client_id")], ["client_1", "client_1"]);
    }
  });

  it("needs a client id and checks every option", () => {
    assertThrows(() => createPublicWorkOS(undefined as never), Error, "clientId is required");
    assertThrows(() => createPublicWorkOS({ clientId: "" }), Error, "clientId");
    assertThrows(() => createPublicWorkOS({ clientId: " \n" }), TypeError, "clientId is required");
    assertThrows(() => createPublicWorkOS({ clientId: 1 as never }), TypeError, '"clientId"');
    assertThrows(() => createPublicWorkOS({ clientId: "client_1", timeout: -1 }), TypeError, '"timeout"');
  });

  it("throws the exceptions of the whole client", async () => {
    const { fetchFn } = fakeApi(Response.json({ error: "invalid_grant" }, { status: 400 }));
    const { userManagement } = createPublicWorkOS({ clientId: "client_1", fetchFn });

    const error = await assertRejects(() => userManagement.authenticateWithRefreshToken({ refreshToken: "r" }));

    assertInstanceOf(error, OauthException);
    assertEquals(error.error, "invalid_grant");
  });

  it("has methods that work detached from their object", async () => {
    const { getAuthorizationUrlWithPKCE } = createPublicWorkOS({ clientId: "client_1" }).userManagement;

    const { url, state } = await getAuthorizationUrlWithPKCE(REDIRECT);

    assertMatch(url, /^https:\/\/api\.workos\.com\/user_management\/authorize\?/);
    assertEquals(new URL(url).searchParams.get("state"), state);
  });
});
