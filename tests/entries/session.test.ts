import { assert, assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { WorkOS } from "../../mod.ts";
import {
  authenticateSession,
  joinSessionCookie,
  JwtError,
  sealData,
  SealError,
  sealSession,
  splitSessionCookie,
  unsealData,
} from "../../src/entries/session.ts";
// deno-fmt-ignore
import {
  accessToken, cookie, expiredCookie, jwks, NOW, OTHER_PASSWORD, PASSWORD, USER,
} from "../resources/user_management/session_fixtures.ts";
import { json } from "../fake_api.ts";

const now = () => NOW;

/** What the session of a client says of the same cookie. */
async function byClient(sessionData: string, cookiePassword: string): Promise<unknown> {
  const fetchFn = async () => json(await jwks()).clone();
  const { userManagement } = new WorkOS({ clientId: "client_1", fetchFn, now, issuer: "https://api.workos.com" });
  return await userManagement.loadSealedSession({ sessionData, cookiePassword }).authenticate();
}

async function authenticate(sessionData: string, options: object = {}): Promise<unknown> {
  const keys = await jwks() as { keys: [] };
  const rules = { keys, issuer: "https://api.workos.com", now, ...options };
  return await authenticateSession({ sessionData, cookiePassword: PASSWORD, ...rules });
}

describe("sessions without a client", () => {
  it("authenticateSession() says what the session of a client says", async () => {
    const cookies = [
      await cookie(),
      await cookie({ accessToken: await accessToken({ role: "admin", permissions: ["a"], feature_flags: ["f"] }) }),
      await cookie({ impersonator: { email: "root@example.com", reason: null }, authenticationMethod: "SSO" }),
      await expiredCookie(),
      await cookie({ accessToken: await accessToken({ sid: undefined }) }),
      await cookie({ accessToken: await accessToken({ exp: undefined }) }),
      await cookie({ accessToken: await accessToken({ iss: "https://other.example" }) }),
      await cookie({ accessToken: "" }),
      await cookie({}, OTHER_PASSWORD),
      (await cookie()).replace("*", "*x"),
      "",
    ];

    const results = await Promise.all(cookies.map((each) => authenticate(each)));

    assertEquals(results, await Promise.all(cookies.map((each) => byClient(each, PASSWORD))));
    assertEquals(results.map((it) => (it as { reason?: string }).reason), [
      ...[undefined, undefined, undefined, "invalid_jwt", "invalid_jwt", "invalid_jwt", "invalid_jwt"],
      ...["invalid_session_cookie", "invalid_session_cookie", "invalid_session_cookie", "no_session_cookie_provided"],
    ] as (string | undefined)[]);
  });

  it("authenticateSession() opens with any password, and heeds the tolerance", async () => {
    const cookiePassword = [OTHER_PASSWORD, PASSWORD];

    assert(
      JSON.stringify(await authenticate(await expiredCookie(5), { clockTolerance: 6, cookiePassword })).includes(
        '"authenticated":true,"sessionId":"session_1","organizationId":"org_1"',
      ),
    );
    assertEquals(await authenticate(await expiredCookie(5), { clockTolerance: 5 }), {
      authenticated: false,
      reason: "invalid_jwt",
    });
  });

  it("authenticateSession() goes by its clock for the seal too", async () => {
    const session = { accessToken: await accessToken(), refreshToken: "r", user: USER };
    const sessionData = await sealData(session, { password: PASSWORD, ttl: 1_000, now });

    assert((await authenticate(sessionData) as { authenticated: boolean }).authenticated);
    assertEquals(await authenticate(sessionData, { now: () => NOW + 120_000 }), {
      authenticated: false,
      reason: "invalid_session_cookie",
    });
  });

  it("authenticateSession() demands expiry and session whatever its options say", async () => {
    const tokens = [await accessToken({ exp: undefined }), await accessToken({ sid: undefined })];
    for (const each of tokens) {
      assertEquals(
        await authenticate(await cookie({ accessToken: each }), { requireExp: false, requireSid: false }),
        { authenticated: false, reason: "invalid_jwt" },
      );
    }
  });

  it("authenticateSession() refuses passwords it cannot use, and passes on that keys cannot be had", async () => {
    const outage = new Error("outage");

    await assertRejects(() => authenticate("", { cookiePassword: "short" }), SealError, "too short");
    await assertRejects(() => authenticate("", { cookiePassword: "" }), SealError, "Empty password");
    assertEquals(
      await assertRejects(async () => authenticate(await cookie(), { keys: () => Promise.reject(outage) })),
      outage,
    );
  });

  it("sealSession() seals what a client opens", async () => {
    const token = await accessToken();
    const response = { user: USER as never, accessToken: token, refreshToken: "refresh_1", oauthTokens: {} as never };

    const sealed = await sealSession(response, { cookiePassword: PASSWORD });
    const slim = await sealSession(response, { cookiePassword: [OTHER_PASSWORD, PASSWORD], slim: true });

    assertEquals(await unsealData(sealed, { password: PASSWORD }), {
      ok: true,
      value: { organizationId: "org_1", user: USER, accessToken: token, refreshToken: "refresh_1" },
    });
    assertEquals(await byClient(sealed, PASSWORD), await authenticate(sealed));
    assertEquals(await unsealData(slim, { password: OTHER_PASSWORD }), {
      ok: true,
      value: {
        organizationId: "org_1",
        user: { object: "user", id: "user_1" },
        accessToken: token,
        refreshToken: "refresh_1",
      },
    });
  });

  it("sealSession() refuses a bad password and a bad token", async () => {
    const response = { user: USER as never, accessToken: "none", refreshToken: "refresh_1" };

    await assertRejects(() => sealSession(response, { cookiePassword: PASSWORD }), JwtError);
    response.accessToken = await accessToken();
    await assertRejects(() => sealSession(response, { cookiePassword: "short" }), SealError);
  });

  it("sealData() and the cookie functions are those of the client", async () => {
    const sealed = await sealData({ a: "x".repeat(5000) }, { password: PASSWORD, ttl: 60_000, now });
    const pairs = splitSessionCookie(sealed).filter(({ value }) => value !== "");

    assertEquals(pairs.map(({ name }) => name), ["wos-session.0", "wos-session.1"]);
    assertEquals(joinSessionCookie(pairs.map(({ name, value }) => `${name}=${value}`).join("; ")), sealed);
    assertEquals(await unsealData(sealed, { password: PASSWORD, now: () => NOW + 120_000 }), {
      ok: false,
      reason: "expired",
    });
  });
});
