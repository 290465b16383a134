import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { AuthenticateWithSessionCookieFailureReason, RefreshSessionFailureReason, WorkOS } from "../../mod.ts";
import { createEmulator, type Emulator } from "../../src/emulator/mod.ts";
import * as official from "npm:@workos-inc/node@11.0.0";
import * as Iron from "npm:iron-webcrypto@2.0.0";
import { SEED } from "../emulator/drive.ts";
import { withoutWaiting } from "../without_waiting.ts";
import { OTHER_PASSWORD, PASSWORD, plain, signingKey } from "../resources/user_management/session_fixtures.ts";

/** Sessions written here are read by the Node SDK, and the other way round, against one emulator. */
describe("sessions shared with the Node SDK", () => {
  const { fetch } = globalThis;
  let emulator: Emulator;
  let ours: WorkOS["userManagement"];
  let theirs: official.WorkOS["userManagement"];

  beforeEach(async () => {
    emulator = createEmulator({ seed: SEED, signingKey: await signingKey() });
    const { apiKey, clientId } = emulator;
    globalThis.fetch = emulator.fetch as typeof fetch; // the Node SDK loads key sets with it, whatever its options say
    ours = new WorkOS({ apiKey, clientId, fetchFn: emulator.fetch }).userManagement;
    theirs = new official.WorkOS({ apiKey, clientId, fetchFn: emulator.fetch as typeof fetch }).userManagement;
  });
  afterEach(() => {
    globalThis.fetch = fetch;
  });

  const signIn = (slim = false) => ({
    code: emulator.authorizationCode({ user: "user_ada", organizationId: "org_1" }),
    session: { sealSession: true, cookiePassword: PASSWORD, slim },
  });

  it("sealed here authenticate there with the same result", async () => {
    const { sealedSession: sessionData = "" } = await ours.authenticateWithCode(signIn());
    const cookie = { sessionData, cookiePassword: PASSWORD };

    const there = await theirs.loadSealedSession(cookie).authenticate();
    const here = await ours.loadSealedSession(cookie).authenticate();

    assert(there.authenticated && here.authenticated);
    assertEquals(plain(there), plain(here));
    assertEquals(plain(await theirs.getSessionFromCookie(cookie)), plain(await ours.getSessionFromCookie(cookie)));
    assertEquals(
      await theirs.loadSealedSession(cookie).getLogoutUrl(),
      await ours.loadSealedSession(cookie).getLogoutUrl(),
    );
  });

  it("sealed there authenticate here with the same result", async () => {
    const { sealedSession: sessionData = "" } = await theirs.authenticateWithCode({
      clientId: emulator.clientId,
      ...signIn(),
    });
    const cookie = { sessionData, cookiePassword: PASSWORD };

    const there = await theirs.authenticateWithSessionCookie(cookie);
    const here = await ours.authenticateWithSessionCookie(cookie);

    assert(there.authenticated && here.authenticated);
    assertEquals(plain(here), plain(there));
  });

  it("have their members in the same order", async () => {
    const sealed = [
      await ours.authenticateWithCode(signIn()),
      await theirs.authenticateWithCode({ clientId: emulator.clientId, ...signIn() }),
    ];

    const names = [];
    for (const { sealedSession = "" } of sealed) {
      const seal = sealedSession.split("~");
      const session = await Iron.unseal(seal[0], { 1: PASSWORD }, Iron.defaults) as object;
      names.push([seal[1], Object.keys(session)]);
    }

    assertEquals(names[0], names[1]);
  });

  it("are refreshed there and here in turn", async () => {
    let { sealedSession: sessionData = "" } = await ours.authenticateWithCode(signIn());

    for (const side of [theirs, ours, theirs, ours]) {
      const result = await side.loadSealedSession({ sessionData, cookiePassword: PASSWORD }).refresh();
      assert(result.authenticated);
      assertEquals([result.organizationId, result.role], ["org_1", "admin"]);
      sessionData = result.sealedSession!;
    }
  });

  it("of a slim seal live there too", async () => {
    const { sealedSession: sessionData = "" } = await ours.authenticateWithCode(signIn(true));
    const session = theirs.loadSealedSession({ sessionData, cookiePassword: PASSWORD });

    const authenticated = await session.authenticate();
    const refreshed = await session.refresh();

    assert(authenticated.authenticated && refreshed.authenticated);
    assertEquals(authenticated.user as object, { object: "user", id: "user_ada" });
  });

  it("sealed here with a rotated password open there with the new one", async () => {
    const { sealedSession: sessionData = "" } = await ours.authenticateWithCode(signIn());
    const session = ours.loadSealedSession({ sessionData, cookiePassword: [OTHER_PASSWORD, PASSWORD] });

    const refreshed = await session.refresh();

    assert(refreshed.authenticated);
    const cookie = { sessionData: refreshed.sealedSession!, cookiePassword: OTHER_PASSWORD };
    assertEquals((await theirs.loadSealedSession(cookie).authenticate()).authenticated, true);
  });

  it("fail for the same reasons", async () => {
    const ended = { error: "invalid_grant" };
    const faults = [{ status: 429 }, { status: 500 }, { kind: "network" as const }, { status: 400, body: ended }];
    const { sealedSession: sessionData = "" } = await ours.authenticateWithCode(signIn());

    for (const fault of faults) {
      const results = [];
      for (const side of [ours, theirs]) {
        emulator.failNext({ ...fault, times: 4 });
        const session = side.loadSealedSession({ sessionData, cookiePassword: PASSWORD });
        const result = await withoutWaiting<{ authenticated: boolean }>(() => session.refresh());
        assert(!result.authenticated);
        const { error: _, ...rest } = result as { error?: unknown };
        results.push(rest);
        emulator.reset();
      }
      assertEquals(results[0], results[1]);
    }
  });

  it("name their reasons alike", () => {
    assertEquals(
      { ...AuthenticateWithSessionCookieFailureReason } as object,
      { ...official.AuthenticateWithSessionCookieFailureReason } as object,
    );
    assertEquals({ ...RefreshSessionFailureReason } as object, { ...official.RefreshSessionFailureReason } as object);
  });
});
