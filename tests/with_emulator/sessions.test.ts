import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { beforeEach, describe, it } from "@std/testing/bdd";
import { createEmulator, type Emulator } from "../../src/emulator/mod.ts";
import {
  type AuthenticationResponse,
  type CookieSession,
  OauthException,
  ResourceServer,
  WorkOS,
  type WorkOSOptions,
} from "../../mod.ts";
import { freezeClock } from "../frozen_clock.ts";
import { SEED } from "../emulator/drive.ts";
import { signingKey } from "../resources/user_management/session_fixtures.ts";

const PASSWORD = "correct horse battery staple 0123456789";
const MINUTE = 60_000;

describe("sessions, from sign-in to sign-out", () => {
  const clock = freezeClock(Date.UTC(2026, 0, 1));
  let emulator: Emulator;
  let workos: WorkOS;

  beforeEach(async () => {
    emulator = createEmulator({ seed: SEED, clock: () => clock.now, signingKey: await signingKey() });
    workos = client();
  });

  function client(options: WorkOSOptions = {}): WorkOS {
    const { apiKey, clientId, fetch } = emulator;
    return new WorkOS({ apiKey, clientId, fetchFn: fetch, maxRetries: 0, ...options });
  }

  async function signIn(): Promise<AuthenticationResponse> {
    return await workos.userManagement.authenticateWithCode({
      code: emulator.authorizationCode({ user: "user_ada", organizationId: "org_1" }),
      session: { sealSession: true, cookiePassword: PASSWORD },
    });
  }

  function load(sessionData = "", from = workos): CookieSession {
    return from.userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD });
  }

  it("seals, authenticates, expires, refreshes and ends", async () => {
    const { sealedSession, user } = await signIn();
    const session = load(sealedSession);

    const fresh = await session.authenticate();
    clock.now += 5 * MINUTE;
    const expired = await session.authenticate();
    const refreshed = await session.refresh();
    const again = await session.authenticate();

    assert(fresh.authenticated && refreshed.authenticated && again.authenticated);
    assertEquals([fresh.organizationId, fresh.role, fresh.permissions], ["org_1", "admin", ["posts:write"]]);
    assertEquals([fresh.entitlements, fresh.featureFlags], [["audit-logs"], ["beta"]]);
    assertEquals(fresh.user, user);
    assertEquals(expired, { authenticated: false, reason: "invalid_jwt" });
    assertEquals([again.sessionId, again.organizationId], [fresh.sessionId, "org_1"]);
    assertNotEquals(refreshed.sealedSession, sealedSession);

    const url = new URL(await session.getLogoutUrl({ returnTo: "https://app.example/" }));
    const response = await emulator.fetch(url.href);

    assertEquals([url.searchParams.get("session_id"), response.status], [fresh.sessionId, 302]);
    assertEquals(await session.refresh(), { authenticated: false, reason: "invalid_grant", retryable: false });
  });

  it("spends a refresh token once, however many ask at the same time", async () => {
    const { sealedSession } = await signIn();
    clock.now += 5 * MINUTE;

    const results = await Promise.all(Array.from({ length: 20 }, () => load(sealedSession).authenticateOrRefresh()));

    assertEquals(results.map(({ authenticated }) => authenticated), Array(20).fill(true));
    const grants = emulator.requests.filter(({ path }) => path === "/user_management/authenticate");
    assertEquals(grants.length, 2); // the sign-in and one refresh
  });

  it("is signed out by a refresh token that comes back after its time", async () => {
    const { sealedSession } = await signIn();
    clock.now += 5 * MINUTE;
    await load(sealedSession).refresh();
    clock.now += 10_001;

    const result = await load(sealedSession).refresh();

    assertEquals(result, { authenticated: false, reason: "invalid_grant", retryable: false });
  });

  it("switches the organization", async () => {
    const { sealedSession } = await signIn();
    const session = load(sealedSession);

    const switched = await session.refresh({ organizationId: "org_2" });
    const kept = await session.refresh();

    assert(switched.authenticated && kept.authenticated);
    assertEquals([switched.organizationId, kept.organizationId], ["org_2", "org_2"]);
  });

  it("outlives an outage of the API, for as long as the application wants", async () => {
    const { sealedSession } = await signIn();
    const session = load(sealedSession);
    await session.authenticate(); // has the keys now
    clock.now += 6 * MINUTE;
    emulator.failNext({ status: 503, times: 100 });

    const inside = await session.authenticateOrRefresh({ grace: 120 });
    clock.now += 2 * MINUTE;
    const outside = await session.authenticateOrRefresh({ grace: 120 });
    emulator.reset();

    assert(inside.authenticated && !outside.authenticated);
    assertEquals([inside.stale, outside.reason, outside.retryable], [true, "server_error", true]);
  });

  const faults = [
    { name: "429", fault: { status: 429 }, reason: "rate_limit_exceeded", retryAfter: 1 },
    { name: "408", fault: { status: 408 }, reason: "timeout" },
    { name: "an HTML page", fault: { status: 502, body: "<html>" }, reason: "server_error" },
    { name: "a broken network", fault: { kind: "network" as const }, reason: "network_error" },
    { name: "an answer that gets lost", fault: { kind: "lost" as const }, reason: "network_error" },
    { name: "an answer that breaks off", fault: { kind: "reset-body" as const }, reason: "network_error" },
    { name: "a page instead of JSON", fault: { status: 200, body: "<html>" }, reason: "server_error" },
  ];
  for (const { name, fault, reason, retryAfter } of faults) {
    it(`is not over because of ${name}`, async () => {
      const { sealedSession } = await signIn();
      const session = load(sealedSession);
      emulator.failNext(fault);

      const result = await session.refresh();
      const second = await session.refresh();

      assert(!result.authenticated && result.retryable && second.authenticated);
      assertEquals([result.reason, result.retryAfter], [reason, retryAfter] as unknown[]);
    });
  }

  it("is not over because the API hangs", async () => {
    const { sealedSession } = await signIn();
    emulator.failNext({ kind: "hang" });

    const result = await load(sealedSession, client({ refreshTimeout: 5 })).refresh();

    assert(!result.authenticated && result.retryable);
    assertEquals(result.reason, "timeout");
  });

  it("says that the API key is wrong", async () => {
    const { sealedSession } = await signIn();

    await assertRejects(() => load(sealedSession, client({ apiKey: "sk_wrong" })).refresh(), OauthException);
  });

  it("goes on when the keys rotate, and refreshes when the old ones are gone", async () => {
    const before = await signIn();
    await load(before.sealedSession).authenticate();
    await emulator.rotateKeys();
    const after = await signIn();
    clock.now += 30_000; // the keys are not loaded again sooner

    const [old, fresh] = [load(before.sealedSession), load(after.sealedSession)];
    const both = [await fresh.authenticate(), await old.authenticate()];
    await emulator.rotateKeys({ retire: true });
    const elsewhere = load(before.sealedSession, client());
    const retired = await elsewhere.authenticate();
    const renewed = await elsewhere.authenticateOrRefresh();

    assertEquals(both.map(({ authenticated }) => authenticated), [true, true]);
    assertEquals(retired, { authenticated: false, reason: "invalid_jwt" });
    assert(renewed.authenticated && renewed.sealedSession);
  });

  it("shows an impersonator", async () => {
    const impersonator = { email: "admin@example.com", reason: "help" };
    const { sealedSession = "" } = await workos.userManagement.authenticateWithCode({
      code: emulator.authorizationCode({ user: "user_ada", organizationId: "org_1", impersonator }),
      session: { sealSession: true, cookiePassword: PASSWORD },
    });

    const result = await workos.userManagement.authenticateWithSessionCookie({
      sessionData: sealedSession,
      cookiePassword: PASSWORD,
    });

    assert(result.authenticated);
    assertEquals(result.impersonator, impersonator);
  });

  it("opens an API to whoever has a token for it", async () => {
    const { accessToken } = await signIn();
    const server = new ResourceServer(workos.userManagement, {
      resource: "https://api.example.com",
      authorizationServers: [emulator.issuer],
      audience: false,
    });
    const call = (token: string) =>
      server.authenticate(
        new Request("https://api.example.com/notes", { headers: { Authorization: `Bearer ${token}` } }),
      );

    const principal = await call(accessToken);
    clock.now += 5 * MINUTE;
    const late = await call(accessToken);

    assert(principal.ok && !late.ok);
    assertEquals([principal.claims.sub, late.reason, late.response.status], ["user_ada", "expired", 401]);
  });
});
