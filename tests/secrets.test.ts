import { assert, assertEquals } from "@std/assert";
import { afterEach, describe, it } from "@std/testing/bdd";
import * as sdk from "../mod.ts";
import { resolveConfig } from "../src/config.ts";
import { Api } from "../src/api.ts";
import { fakeApi, json } from "./fake_api.ts";
import { restoreGlobals, setGlobal } from "./globals.ts";
import { cookie } from "./resources/user_management/session_fixtures.ts";
import { leaksOf } from "./secrets.ts";
import { createPublicWorkOS } from "../src/entries/public.ts";

afterEach(restoreGlobals);

/** What must never be seen, by what it is. */
const SECRETS = {
  apiKey: "sk_test_NEVER_apiKey",
  proxyKey: "NEVER_proxyKey",
  clientSecret: "NEVER_clientSecret",
  accessToken: "NEVER_accessToken",
  refreshToken: "NEVER_refreshToken",
  code: "NEVER_code",
  codeVerifier: "NEVER_codeVerifier_".padEnd(43, "x"),
  password: "NEVER_password",
  cookiePassword: "NEVER_cookiePassword".padEnd(32, "x"),
  invitationToken: "NEVER_invitationToken",
  pendingToken: "NEVER_pendingToken",
  webhookSecret: "NEVER_webhookSecret",
};

/** The names of the secrets that can be seen. */
function leaks(value: unknown, more: Record<string, string> = {}): string[] {
  return leaksOf(value, { ...SECRETS, ...more });
}

const options = (): sdk.WorkOSOptions => ({
  apiKey: SECRETS.apiKey,
  clientId: "client_1",
  config: { headers: { "X-Proxy-Key": SECRETS.proxyKey } },
});

/** Sends every kind of secret there is, and gives what the calls rejected with. */
async function callWithSecrets(workos: sdk.WorkOS): Promise<unknown[]> {
  const { code, codeVerifier, refreshToken, accessToken, password, invitationToken, clientSecret, pendingToken } =
    SECRETS;
  const users = workos.userManagement;
  const clientId = "client_1";
  const results = await Promise.allSettled([
    users.authenticateWithCodeAndVerifier({ clientId, code, codeVerifier }),
    users.authenticateWithRefreshToken({ clientId, refreshToken }),
    users.authenticateWithPassword({ clientId, email: "ada@example.com", password }),
    users.authenticateWithTotp({
      clientId,
      code,
      pendingAuthenticationToken: pendingToken,
      authenticationChallengeId: "c",
    }),
    users.findInvitationByToken(invitationToken),
    users.createUser({ email: "ada@example.com", password }),
    workos.sso.getProfileAndToken({ clientId, code, codeVerifier }),
    workos.sso.getProfile({ accessToken }),
    workos.post("/any", { client_secret: clientSecret }),
    workos.get("/any", { accessToken, query: { token: accessToken } }),
    users.pollDeviceAuthorization({ deviceCode: code, interval: 0.001, expiresIn: 0.01 }),
    workos.agents.validateCredential({ type: "api_key", credential: accessToken } as never),
    workos.vault.encrypt(password, {}),
    workos.vault.createObject({ name: "n", value: password, context: {} }),
    workos.vault.decrypt(btoa(refreshToken.padEnd(60, "x"))),
  ]);
  return results.map((result) => result.status === "rejected" ? result.reason : undefined);
}

/** Answers that carry secrets, or are none. */
const ANSWERS: Record<string, unknown> = {
  "network failure": new TypeError("fetch failed"),
  "redirect": new Response(null, {
    status: 302,
    headers: { Location: `https://evil.example/?t=${SECRETS.accessToken}` },
  }),
  "text": new Response(SECRETS.accessToken),
  "odd form": json([SECRETS.accessToken]),
  "login step": json({ code: "mfa_challenge", message: "m", pending_authentication_token: SECRETS.pendingToken }, {
    status: 403,
  }),
  ...Object.fromEntries([400, 401, 404, 409, 422, 429, 500].map((status) => [
    `status ${status}`,
    json({ message: "m", code: "c", access_token: SECRETS.accessToken, refresh_token: SECRETS.refreshToken }, {
      status,
    }),
  ])),
};

describe("secrets", () => {
  it("are found by these tests where they are", () => {
    const hidden = Object.defineProperty({}, "key", { value: SECRETS.apiKey, enumerable: false });
    const nested = new Error("x", { cause: { list: [new Map([["a", SECRETS.code]])] } });

    assertEquals([leaks(hidden), leaks(nested), leaks(() => SECRETS.code)], [["apiKey"], ["code"], []]);
  });

  it("are in no client, no area and no transport", async () => {
    const api = fakeApi.with(options(), { id: "user_1" });
    await callWithSecrets(api.workos);

    assertEquals(api.workos.key, SECRETS.apiKey);
    assertEquals(leaks(api.workos), []);
    const config = resolveConfig({ ...options(), fetchFn: api.fetchFn }, () => undefined);
    const transport = new Api(config);
    await transport.send("GET", "/x");
    assertEquals([leaks(config), leaks(transport), leaks(transport.keySet("client_1"))], [[], [], []]);
    assertEquals(transport.apiKey, SECRETS.apiKey);
  });

  it("are in nothing else that is made of a client, or made alone", async () => {
    const { apiKey, accessToken, refreshToken } = SECRETS;
    const api = fakeApi.with(options(), { id: "x" });
    const flags = api.workos.featureFlags.createRuntimeClient({ mode: "onDemand" });
    await flags.refresh();
    const resource = { resource: "https://api.example", authorizationServers: ["https://a.example"] };
    const server = new sdk.ResourceServer(api.workos.userManagement, resource);
    const headers = { Authorization: `Bearer ${accessToken}` };
    const principal = await server.authenticate(new Request(resource.resource, { headers }));
    const store = new sdk.MemoryRefreshStore();
    store.set(refreshToken, apiKey, { ttl: 1000 });
    store.lock(refreshToken, { ttl: 1000 });
    const open = createPublicWorkOS({ clientId: "client_1", fetchFn: api.fetchFn });
    await open.userManagement.authenticateWithRefreshToken({ refreshToken }).catch(() => {});

    for (const it of [flags, flags.getStats(), server, principal, store, open]) assertEquals(leaks(it), []);
  });

  it("are in no page", async () => {
    const api = fakeApi.with(options(), {
      object: "list",
      data: [{ id: "user_1" }],
      list_metadata: { after: "user_1" },
    });

    const page = await api.workos.userManagement.listUsers();

    assertEquals(leaks(page), []);
    assertEquals(leaks(sdk.responseOf(page)), []);
  });

  it("are in no session", async () => {
    const { cookiePassword, refreshToken } = SECRETS;
    const sessionData = await cookie({ refreshToken }, cookiePassword);
    const api = fakeApi.with(options(), new TypeError("fetch failed"));

    const session = api.workos.userManagement.loadSealedSession({ sessionData, cookiePassword });
    const refreshed = await session.refresh();

    assertEquals(refreshed.authenticated, false);
    assertEquals([leaks(session, { sessionData }), leaks(refreshed, { sessionData })], [[], []]);
    assertEquals(leaks(api.workos, { sessionData }), []);
  });

  for (const [name, answer] of Object.entries(ANSWERS)) {
    it(`are in no exception: ${name}`, async () => {
      const { workos } = fakeApi.with(options(), answer);

      const errors = await callWithSecrets(workos);

      assert(errors.some((error) => error instanceof Error));
      for (const error of errors) {
        assertEquals(leaks(error), []);
        if (error instanceof Error) assertEquals(leaks(error.cause), []);
      }
    });
  }

  it("are in no exception for an answer that quotes the request", async () => {
    const quoting = (url: string, { body }: RequestInit) => {
      const message = decodeURIComponent(`${url} ${body ?? ""}`);
      return Promise.resolve(json({ message, error: message, errors: [{ [message]: message }] }, { status: 400 }));
    };
    const { workos } = fakeApi.with({ ...options(), fetchFn: quoting });

    const errors = await callWithSecrets(workos);

    assert(errors.filter((error) => error instanceof sdk.OauthException).length > 10);
    assertEquals(leaks(errors), []);
  });

  it("are in no exception of a runtime that names the URL", async () => {
    const naming = [
      (url: string) => new TypeError(`error sending request for url (${url}): connection refused`),
      (url: string) => Object.assign(new Error("Unable to connect"), { code: "ConnectionRefused", path: url }),
    ];
    for (const failure of naming) {
      const { workos } = fakeApi.with({ ...options(), fetchFn: (url: string) => Promise.reject(failure(url)) });

      const errors = await callWithSecrets(workos);

      assert(errors.filter((error) => error instanceof sdk.NetworkException).length > 10);
      assertEquals(leaks(errors), []);
    }
  });

  it("are in no exception that is thrown before anything is sent", async () => {
    const { workos } = fakeApi.with({ apiKey: undefined, clientId: "client_1" }, {});

    const errors = await callWithSecrets(workos);
    const { cookiePassword, apiKey, webhookSecret } = SECRETS;
    const bad: (() => unknown)[] = [
      () => new sdk.WorkOS({ apiKey: `${apiKey}\n` }),
      () => new sdk.WorkOS({ apiKey, config: { headers: { "X-Key": `${SECRETS.proxyKey}\n` } } }),
      () => new sdk.WorkOS({ apiKey, baseUrl: `https://u:${SECRETS.password}@example.com` }),
      () => workos.webhooks.constructEvent({ payload: {}, sigHeader: "t=1, v1=00", secret: webhookSecret }),
      () => workos.userManagement.loadSealedSession({ sessionData: "Fe26.2*x", cookiePassword }).refresh(),
    ];
    for (const run of bad) errors.push(await Promise.resolve().then(run).catch((error: unknown) => error));

    assert(errors.filter((error) => error instanceof Error).length > 5);
    for (const error of errors) assertEquals(leaks(error), []);
  });

  it("reach no hook, no log line and no diagnostics channel", async () => {
    const told: unknown[] = [];
    const tell = (...values: unknown[]) => void told.push(...values);
    const observed = {
      hooks: { onRequest: tell, onResponse: tell, onRetry: tell, onError: tell },
      logger: { debug: tell, info: tell, warn: tell, error: tell },
      logLevel: "debug",
      traceparent: (event: unknown) => (tell(event), undefined),
    } as const;
    let published = 0;
    const channel = () => ({ hasSubscribers: true, publish: (message: unknown) => (published++, tell(message)) });
    setGlobal("process", { getBuiltinModule: () => ({ channel }) });

    for (const answer of [{ id: "user_1" }, ...Object.values(ANSWERS)]) {
      await callWithSecrets(fakeApi.with({ ...options(), ...observed }, answer).workos);
    }

    assert(told.length > 500 && published > 100);
    assertEquals(leaks(told), []);
  });
});
