import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertNotEquals } from "@std/assert";
import { decodeJwt, verifyJwt } from "../../src/jwt.ts";
import { type Driver, SEED, start } from "./drive.ts";

const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"; // both from RFC 7636, appendix B

describe("POST /user_management/authenticate", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: SEED });
  });

  const password = (email: string, text: string) =>
    api.authenticate({ grant_type: "password", email, password: text, ip_address: "192.0.2.1", user_agent: "Test" });

  it("refuses unknown grants, clients and secrets", async () => {
    const grant = await api.authenticate({ grant_type: "toString" });
    const client = await api.authenticate({ grant_type: "refresh_token", refresh_token: "x", client_id: "other" });
    const secret = await api.authenticate({ grant_type: "refresh_token", refresh_token: "x", client_secret: "other" });

    assertEquals([grant.status, grant.body.error], [400, "invalid_request"]);
    assertEquals([client.status, client.body.error], [400, "invalid_client"]);
    assertEquals([secret.status, secret.body.error], [400, "invalid_client"]);
  });

  describe("password", () => {
    it("starts a session", async () => {
      const { status, body } = await password("cid@example.com", "correct staple");

      assertEquals(status, 200);
      assertEquals(Object.keys(body).sort(), ["access_token", "authentication_method", "refresh_token", "user"]);
      assertEquals([body.user.id, body.authentication_method], ["user_cid", "Password"]);
      assertEquals(body.user.last_sign_in_at, "2026-01-01T00:00:00.000Z");
      assertEquals(api.eventNames(), ["authentication.password_succeeded", "session.created"]);
      assertEquals(api.emulator.events[1].data, {
        object: "session",
        id: "session_01000000000000000000000001",
        user_id: "user_cid",
        ip_address: "192.0.2.1",
        user_agent: "Test",
        auth_method: "password",
        status: "active",
        expires_at: "2026-01-31T00:00:00.000Z",
        ended_at: null,
        created_at: "2026-01-01T00:00:00.000Z",
        updated_at: "2026-01-01T00:00:00.000Z",
      });
    });

    it("gives a token that verifies and says who, where and what is allowed", async () => {
      await api.remove("/user_management/organization_memberships/om_2");
      const { body } = await password("ada@example.com", "correct horse");
      const now = () => api.emulator.now();

      const result = await verifyJwt(body.access_token, { keys: await api.emulator.jwks(), now });

      assertEquals(result.ok && result.claims, {
        iss: "https://api.workos.com/user_management/client_emulator",
        sub: "user_ada",
        sid: "session_01000000000000000000000001",
        jti: "01000000000000000000000001",
        org_id: "org_1",
        role: "admin",
        roles: ["admin"],
        permissions: ["posts:write"],
        entitlements: ["audit-logs"],
        feature_flags: ["beta"],
        iat: 1767225600,
        exp: 1767225900,
      });
    });

    it("refuses a wrong password and an unknown user alike", async () => {
      const wrong = await password("ada@example.com", "wrong");
      const unknown = await password("eve@example.com", "wrong");

      assertEquals([wrong.status, wrong.body.code], [400, "invalid_credentials"]);
      assertEquals([unknown.status, unknown.body], [400, wrong.body]);
      assertEquals(api.eventNames(), ["authentication.password_failed", "authentication.password_failed"]);
      assertEquals(api.emulator.events[1].data.user_id, null);
    });

    it("demands the secret", async () => {
      const { status, body } = await api.authenticate({
        grant_type: "password",
        email: "ada@example.com",
        password: "correct horse",
        client_secret: undefined,
      });

      assertEquals([status, body.error], [400, "invalid_client"]);
    });

    it("holds the sign-in until the email is verified", async () => {
      const held = await password("bob@example.com", "battery staple");
      const { pending_authentication_token, email_verification_id } = held.body;
      const { code } = (await api.get(`/user_management/email_verification/${email_verification_id}`)).body;
      const grant_type = "urn:workos:oauth:grant-type:email-verification:code";
      const wrong = await api.authenticate({ grant_type, code: "000000", pending_authentication_token });
      const right = await api.authenticate({ grant_type, code, pending_authentication_token });
      const again = await api.authenticate({ grant_type, code, pending_authentication_token });

      assertEquals([held.status, held.body.code, held.body.email], [
        403,
        "email_verification_required",
        "bob@example.com",
      ]);
      assertEquals([wrong.status, wrong.body.code], [400, "invalid_one_time_code"]);
      assertEquals([right.status, right.body.user.email_verified, right.body.organization_id], [200, true, "org_1"]);
      assertEquals([again.status, again.body.code], [400, "invalid_pending_authentication_token"]);
      assertEquals(api.emulator.outbox[0].code, code);
    });

    it("does not ask for a verified email where the environment does not", async () => {
      api.emulator.setPolicies({ requireEmailVerification: false });

      const { status, body } = await password("bob@example.com", "battery staple");

      assertEquals([status, body.user?.id, body.user?.email_verified], [200, "user_bob", false]);
    });

    it("sends members of strict organizations to single sign-on", async () => {
      const connections = [{ id: "conn_1", connection_type: "GenericSAML", organization_id: "org_1" }];
      api = await start({ seed: { ...SEED, connections }, policies: { requireSso: ["org_1"] } });
      await api.post("/user_management/users", { email: "eve@acme.com", password: "correct horse" });

      const { status, body } = await password("eve@acme.com", "correct horse");

      assertEquals([status, body.error, body.connection_ids], [400, "sso_required", ["conn_1"]]);
    });
  });

  describe("organization selection", () => {
    it("asks which organization, and goes on there", async () => {
      const held = await password("ada@example.com", "correct horse");
      const { pending_authentication_token } = held.body;
      const grant_type = "urn:workos:oauth:grant-type:organization-selection";
      const chosen = await api.authenticate({ grant_type, pending_authentication_token, organization_id: "org_2" });
      const again = await api.authenticate({ grant_type, pending_authentication_token, organization_id: "org_2" });

      assertEquals([held.status, held.body.code], [403, "organization_selection_required"]);
      assertEquals(held.body.organizations, [{ id: "org_1", name: "Acme" }, { id: "org_2", name: "Globex" }]);
      assertEquals(held.body.user.id, "user_ada");
      assertEquals([chosen.status, chosen.body.organization_id], [200, "org_2"]);
      assertEquals(decodeJwt(chosen.body.access_token).payload.role, "member");
      assertEquals([again.status, again.body.code], [400, "invalid_pending_authentication_token"]);
    });

    it("keeps the token when the organization is none of the user's", async () => {
      await api.remove("/user_management/organization_memberships/om_2");
      const pending_authentication_token = await pendingToken();
      const grant_type = "urn:workos:oauth:grant-type:organization-selection";

      const other = await api.authenticate({ grant_type, pending_authentication_token, organization_id: "org_2" });
      const none = await api.authenticate({ grant_type, pending_authentication_token, organization_id: "org_9" });

      assertEquals(other.body.error, "organization_membership_not_found");
      assertEquals(none.body.error, "organization_not_found");
    });

    it("forgets the token after half an hour", async () => {
      const pending_authentication_token = await pendingToken();
      api.emulator.advance(30 * 60_000);
      const grant_type = "urn:workos:oauth:grant-type:organization-selection";

      const { body } = await api.authenticate({ grant_type, pending_authentication_token, organization_id: "org_1" });

      assertEquals(body.code, "invalid_pending_authentication_token");
    });

    async function pendingToken(): Promise<string> {
      const { body } = await password("bob@example.com", "battery staple");
      return body.pending_authentication_token;
    }
  });

  describe("authorization_code", () => {
    const grant_type = "authorization_code";
    const code = (codeChallenge?: string) => api.emulator.authorizationCode({ user: "cid@example.com", codeChallenge });

    it("exchanges a code once", async () => {
      const given = code();
      const first = await api.authenticate({ grant_type, code: given });
      const second = await api.authenticate({ grant_type, code: given });

      assertEquals([first.status, first.body.user.id, first.body.authentication_method], [200, "user_cid", "SSO"]);
      assertEquals([second.status, second.body.error], [400, "invalid_grant"]);
    });

    it("ends the session when its code turns up again", async () => {
      const given = code();
      const { refresh_token } = (await api.authenticate({ grant_type, code: given })).body;
      await api.authenticate({ grant_type, code: given });

      const { body } = await api.authenticate({ grant_type: "refresh_token", refresh_token });

      assertEquals(body.error, "invalid_grant");
      assertEquals(api.eventNames().at(-1), "session.revoked");
    });

    it("forgets a code after ten minutes", async () => {
      const given = code();
      api.emulator.advance(10 * 60_000);

      assertEquals((await api.authenticate({ grant_type, code: given })).body.error, "invalid_grant");
    });

    it("lets a public client prove itself with the verifier", async () => {
      const given = { grant_type, code: code(CHALLENGE), client_secret: undefined };
      const without = await api.authenticate(given);
      const wrong = await api.authenticate({ ...given, code_verifier: VERIFIER.toLowerCase() });
      const right = await api.authenticate({ ...given, code_verifier: VERIFIER });

      assertEquals([without.status, without.body.error], [400, "invalid_client"]);
      assertEquals([wrong.status, wrong.body.error], [400, "invalid_grant"]);
      assertEquals(right.status, 200);
    });

    it("demands the verifier of a confidential client too, where there is a challenge", async () => {
      const given = { grant_type, code: code(CHALLENGE) };

      assertEquals((await api.authenticate(given)).body.error, "invalid_grant");
      assertEquals((await api.authenticate({ ...given, code_verifier: VERIFIER })).status, 200);
    });

    it("refuses a verifier where there is no challenge", async () => {
      const { status, body } = await api.authenticate({ grant_type, code: code(), code_verifier: VERIFIER });

      assertEquals([status, body.code], [400, "code_challenge_not_found"]);
    });

    it("names the impersonator", async () => {
      const impersonator = { email: "admin@example.com", reason: "Support" };
      const given = api.emulator.authorizationCode({ user: "user_cid", impersonator });

      const { body } = await api.authenticate({ grant_type, code: given });

      assertEquals([body.impersonator, body.authentication_method], [impersonator, "Impersonation"]);
      assertEquals(decodeJwt(body.access_token).payload.act, { sub: "admin@example.com" });
    });

    it("accepts an invitation that comes along", async () => {
      const sent = await api.post("/user_management/invitations", {
        email: "cid@example.com",
        organization_id: "org_2",
        role_slug: "admin",
      });

      const { body } = await api.authenticate({ grant_type, code: code(), invitation_token: sent.body.token });

      assertEquals([body.organization_id, decodeJwt(body.access_token).payload.role], ["org_2", "admin"]);
      assertEquals(api.eventNames().includes("invitation.accepted"), true);
    });

    it("refuses an invitation for somebody else", async () => {
      const sent = await api.post("/user_management/invitations", { email: "eve@example.com" });

      const { body } = await api.authenticate({ grant_type, code: code(), invitation_token: sent.body.token });
      const unknown = await api.authenticate({ grant_type, code: code(), invitation_token: "x" });

      assertEquals(body.error, "invitation_cannot_be_used_for_email");
      assertEquals(unknown.body, {
        error: "invitation_invalid",
        error_description: "The request failed due to: invitation_invalid.",
      });
    });
  });

  describe("refresh_token", () => {
    const grant_type = "refresh_token";
    let refresh_token: string;

    beforeEach(async () => {
      const code = api.emulator.authorizationCode({ user: "user_ada", organizationId: "org_1" });
      refresh_token = (await api.authenticate({ grant_type: "authorization_code", code })).body.refresh_token;
    });

    it("hands out new tokens for the same session, without a secret too", async () => {
      api.emulator.advance(60_000);

      const { status, body } = await api.authenticate({ grant_type, refresh_token, client_secret: undefined });

      assertEquals([status, body.organization_id], [200, "org_1"]);
      assertNotEquals(body.refresh_token, refresh_token);
      assertEquals(decodeJwt(body.access_token).payload.sid, "session_01000000000000000000000001");
      assertEquals(decodeJwt(body.access_token).payload.iat, 1767225660);
    });

    it("works once, also when two ask at the same time", async () => {
      const answers = await Promise.all([1, 2].map(() => api.authenticate({ grant_type, refresh_token })));

      assertEquals(answers.map(({ status }) => status).sort(), [200, 400]);
      const refused = answers.find(({ status }) => status === 400);
      assertEquals(refused?.body, {
        error: "invalid_grant",
        error_description: "Refresh token already exchanged.",
      });
    });

    it("switches to another organization of the user and stays there", async () => {
      const first = await api.authenticate({ grant_type, refresh_token, organization_id: "org_2" });
      const second = await api.authenticate({ grant_type, refresh_token: first.body.refresh_token });

      assertEquals([first.body.organization_id, second.body.organization_id], ["org_2", "org_2"]);
      assertEquals(decodeJwt(second.body.access_token).payload.org_id, "org_2");
    });

    it("is not used up by an organization that is none of the user's", async () => {
      await api.put("/user_management/organization_memberships/om_2/deactivate");

      const refused = await api.authenticate({ grant_type, refresh_token, organization_id: "org_2" });

      assertEquals(refused.body.error, "organization_membership_not_found");
      assertEquals((await api.authenticate({ grant_type, refresh_token })).status, 200);
    });

    it("ends with the session", async () => {
      await api.post("/user_management/sessions/revoke", { session_id: "session_01000000000000000000000001" });

      const { status, body } = await api.authenticate({ grant_type, refresh_token });

      assertEquals([status, body.error_description], [400, "Session has already ended."]);
    });

    it("ends with the time of the session", async () => {
      api.emulator.advance(31 * 24 * 60 * 60_000);

      assertEquals((await api.authenticate({ grant_type, refresh_token })).body.error, "invalid_grant");
    });

    it("is refused when nobody knows it", async () => {
      const { body } = await api.authenticate({ grant_type, refresh_token: "x" });

      assertEquals(body, { error: "invalid_grant", error_description: "The refresh token is invalid." });
    });
  });

  describe("magic-auth", () => {
    const grant_type = "urn:workos:oauth:grant-type:magic-auth:code";
    const email = "bob@example.com";
    let code: string;

    beforeEach(async () => {
      code = (await api.post("/user_management/magic_auth", { email })).body.code;
    });

    it("starts a session and verifies the address, once", async () => {
      const first = await api.authenticate({ grant_type, email, code });
      const second = await api.authenticate({ grant_type, email, code });

      assertEquals([first.status, first.body.user.email_verified], [200, true]);
      assertEquals(first.body.authentication_method, "MagicAuth");
      assertEquals([second.status, second.body.code], [400, "one_time_code_previously_used"]);
    });

    it("refuses a wrong code, and every code after ten of them", async () => {
      const wrong = code === "000000" ? "111111" : "000000";
      const codes: string[] = [];
      for (let count = 0; count < 11; count++) {
        codes.push((await api.authenticate({ grant_type, email, code: wrong })).body.code);
      }

      assertEquals(codes[0], "invalid_one_time_code");
      assertEquals(codes[10], "one_time_code_too_many_attempts");
      assertEquals((await api.authenticate({ grant_type, email, code })).body.code, "one_time_code_too_many_attempts");
    });

    it("refuses a code after ten minutes, and one that a newer code replaced", async () => {
      const newer = (await api.post("/user_management/magic_auth", { email })).body.code;
      const replaced = await api.authenticate({ grant_type, email, code });
      api.emulator.advance(10 * 60_000);
      const late = await api.authenticate({ grant_type, email, code: newer });

      assertEquals(replaced.body.code, "one_time_code_expired");
      assertEquals(late.body.code, "one_time_code_expired");
    });

    it("refuses somebody nobody knows", async () => {
      const { body } = await api.authenticate({ grant_type, email: "eve@example.com", code });

      assertEquals(body.code, "invalid_one_time_code");
      assertEquals(api.eventNames().at(-1), "authentication.magic_auth_failed");
    });
  });

  describe("mfa-totp", () => {
    const grant_type = "urn:workos:oauth:grant-type:mfa-totp";

    it("finishes a sign-in of a user with a factor", async () => {
      const enrolled = await api.post("/user_management/users/user_cid/auth_factors", { type: "totp" });
      const { secret } = enrolled.body.authentication_factor.totp;
      const held = await password("cid@example.com", "correct staple");
      const { pending_authentication_token } = held.body;
      const { id } = held.body.authentication_factors[0];
      const authentication_challenge_id = (await api.post(`/auth/factors/${id}/challenge`)).body.id;
      const given = { grant_type, pending_authentication_token, authentication_challenge_id };
      const code = await api.emulator.totpCode(secret);
      const wrong = await api.authenticate({ ...given, code: code === "000000" ? "111111" : "000000" });
      const right = await api.authenticate({ ...given, code });

      assertEquals([held.status, held.body.code], [403, "mfa_challenge"]);
      assertEquals(held.body.authentication_factors, [{ id, type: "totp" }]);
      assertEquals([wrong.status, wrong.body.code], [400, "invalid_one_time_code"]);
      assertEquals(right.status, 200);
      assertEquals(api.eventNames().includes("authentication.mfa_succeeded"), true);
    });

    it("refuses a challenge of somebody else", async () => {
      await api.post("/user_management/users/user_cid/auth_factors", { type: "totp" });
      const other = await api.post("/user_management/users/user_ada/auth_factors", { type: "totp" });
      const { pending_authentication_token } = (await password("cid@example.com", "correct staple")).body;
      const authentication_challenge_id = other.body.authentication_challenge.id;
      const code = await api.emulator.totpCode(other.body.authentication_factor.totp.secret);

      const { body } = await api.authenticate({
        grant_type,
        pending_authentication_token,
        authentication_challenge_id,
        code,
      });

      assertEquals(body.code, "user_mismatch");
    });

    it("is to be enrolled for where everybody needs it", async () => {
      api.emulator.setPolicies({ requireMfa: true });
      const held = await password("cid@example.com", "correct staple");
      const { pending_authentication_token } = held.body;
      const enrolled = await api.post("/user_management/users/user_cid/auth_factors", { type: "totp" });
      const code = await api.emulator.totpCode(enrolled.body.authentication_factor.totp.secret);
      const authentication_challenge_id = enrolled.body.authentication_challenge.id;

      const given = { grant_type, pending_authentication_token, authentication_challenge_id, code };

      assertEquals([held.status, held.body.code, held.body.user.id], [403, "mfa_enrollment", "user_cid"]);
      assertEquals((await api.authenticate(given)).status, 200);
    });
  });

  describe("device_code", () => {
    const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
    const poll = (device_code: string) => api.authenticate({ grant_type, device_code, client_secret: undefined });
    const ask = async () => {
      const body = { client_id: api.emulator.clientId };
      return (await api.post("/user_management/authorize/device", body, { Authorization: "" })).body;
    };

    it("waits until the user approved, then works once", async () => {
      const { device_code, user_code, expires_in, interval } = await ask();
      const pending = await poll(device_code);
      api.emulator.advance(5_000);
      api.emulator.approveDevice(user_code.toLowerCase(), { user: "user_ada", organizationId: "org_2" });
      const approved = await poll(device_code);
      const again = await poll(device_code);

      assertEquals([expires_in, interval], [300, 5]);
      assertEquals([pending.status, pending.body.error], [400, "authorization_pending"]);
      assertEquals([approved.status, approved.body.organization_id], [200, "org_2"]);
      assertEquals(again.body.error, "invalid_grant");
    });

    it("asks to slow down, five seconds more each time", async () => {
      const { device_code } = await ask();
      const errors = [];
      for (const wait of [0, 4_999, 5_000, 10_000, 15_000]) {
        api.emulator.advance(wait);
        errors.push((await poll(device_code)).body.error);
      }

      assertEquals(errors, [
        "authorization_pending",
        "slow_down",
        "slow_down",
        "slow_down",
        "slow_down",
      ]);
      api.emulator.advance(25_000);
      assertEquals((await poll(device_code)).body.error, "authorization_pending");
    });

    it("ends when the user denies or the time is over", async () => {
      const [denied, late] = [await ask(), await ask()];
      api.emulator.denyDevice(denied.user_code);
      const refused = await poll(denied.device_code);
      api.emulator.advance(300_000);

      assertEquals(refused.body.error, "access_denied");
      assertEquals((await poll(late.device_code)).body.error, "expired_token");
    });

    it("is refused for an unknown client", async () => {
      const { status, body } = await api.post("/user_management/authorize/device", { client_id: "other" });

      assertEquals([status, body], [400, { error: "invalid_client", error_description: "Unknown client" }]);
    });
  });
});
