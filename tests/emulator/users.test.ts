import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { type Driver, refusal, SEED, start } from "./drive.ts";

const USERS = "/user_management/users";
const ids = (data: { id: string }[]) => data.map(({ id }) => id);

describe("users", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: SEED });
  });

  it("POST adds one, every field there", async () => {
    const { status, body } = await api.post(USERS, {
      email: "eve@example.com",
      first_name: "Eve",
      last_name: "Adams",
      password: "correct horse",
      metadata: { lastName: "x" },
    });

    assertEquals(status, 201);
    assertEquals(body, {
      object: "user",
      id: "user_01000000000000000000000001",
      email: "eve@example.com",
      email_verified: false,
      first_name: "Eve",
      last_name: "Adams",
      name: "Eve Adams",
      profile_picture_url: null,
      last_sign_in_at: null,
      locale: null,
      external_id: null,
      metadata: { lastName: "x" },
      created_at: "2026-01-01T00:00:00.000Z",
      updated_at: "2026-01-01T00:00:00.000Z",
    });
    assertEquals(api.emulator.events[0].data, body);
  });

  it("POST refuses an address that is taken, in any case", async () => {
    const { status, body } = await api.post(USERS, { email: "ADA@example.com" });

    assertEquals([status, body.code], [400, "user_creation_error"]);
    assertEquals(body.errors, [{ code: "email_not_available", message: "This email is not available." }]);
  });

  it("POST refuses weak and contradictory passwords", async () => {
    const code = async (fields: object) => (await api.post(USERS, { email: "eve@example.com", ...fields })).body.code;

    assertEquals(await code({ password: "short" }), "password_strength_error");
    assertEquals(await code({ password: "long enough", password_hash: "x" }), "password_and_password_hash_provided");
    assertEquals(await code({ password_hash: "x", password_hash_type: "md5" }), "invalid_password_hash");
  });

  it("GET finds one by its id, the caller's id, address and organization", async () => {
    await api.put(`${USERS}/user_cid`, { external_id: "ext_1" });

    assertEquals((await api.get(`${USERS}/user_ada`)).body.first_name, "Ada");
    assertEquals((await api.get(`${USERS}/external_id/ext_1`)).body.id, "user_cid");
    assertEquals(ids((await api.get(`${USERS}?email=BOB%40example.com`)).body.data), ["user_bob"]);
    assertEquals(ids((await api.get(`${USERS}?organization_id=org_1`)).body.data), ["user_bob", "user_ada"]);
    assertEquals((await api.get(`${USERS}/user_9`)).status, 404);
  });

  it("PUT changes what it names; a new address is to be verified", async () => {
    const { body } = await api.put(`${USERS}/user_ada`, { email: "ada@acme.com", last_name: "Lovelace" });

    assertEquals([body.email, body.email_verified, body.name], ["ada@acme.com", false, "Ada Lovelace"]);
    assertEquals(api.emulator.events[0].context.previous_attributes, {
      email: "ada@example.com",
      email_verified: true,
      last_name: null,
      name: "Ada",
    });
  });

  it("PUT refuses an address and an external id of somebody else", async () => {
    await api.put(`${USERS}/user_ada`, { external_id: "ext_1" });

    assertEquals((await api.put(`${USERS}/user_cid`, { email: "ada@example.com" })).body.code, "email_not_available");
    assertEquals((await api.put(`${USERS}/user_cid`, { external_id: "ext_1" })).body.code, "external_id_already_used");
  });

  it("PUT takes a language tag as the locale, or nothing", async () => {
    const locale = async (locale: string | null) => {
      const { status, body } = await api.put(`${USERS}/user_ada`, { locale });
      return [status, body.code ?? body.locale];
    };

    assertEquals(await locale("de-AT"), [200, "de-AT"]);
    assertEquals(await locale("Austrian German"), [400, "invalid_locale"]);
    assertEquals(await locale(""), [400, "invalid_locale"]);
    assertEquals((await api.get(`${USERS}/user_ada`)).body.locale, "de-AT");
    assertEquals(await locale(null), [200, null]);
  });

  it("POST says in one way what is taken", async () => {
    await api.put(`${USERS}/user_ada`, { external_id: "ext_1" });

    const { status, body } = await api.post(USERS, { email: "ADA@example.com", external_id: "ext_1" });

    assertEquals([status, body.code], [400, "user_creation_error"]);
    assertEquals(body.errors.map((error: { code: string }) => error.code), [
      "email_not_available",
      "external_id_already_used",
    ]);
  });

  it("PUT replaces the password", async () => {
    await api.put(`${USERS}/user_cid`, { password: "a brand new one" });
    const grant = { grant_type: "password", email: "cid@example.com" };

    const old = await api.authenticate({ ...grant, password: "correct staple" });
    const current = await api.authenticate({ ...grant, password: "a brand new one" });

    assertEquals([old.status, old.body.code], [400, "invalid_credentials"]);
    assertEquals([current.status, current.body.user.id], [200, "user_cid"]);
  });

  it("DELETE takes memberships and sessions along", async () => {
    const code = api.emulator.authorizationCode({ user: "user_bob" });
    await api.put(`${USERS}/user_bob`, { email_verified: true });
    await api.authenticate({ grant_type: "authorization_code", code });

    const { status } = await api.remove(`${USERS}/user_bob`);

    assertEquals(status, 200);
    assertEquals((await api.get(`${USERS}/user_bob`)).status, 404);
    assertEquals(api.eventNames().slice(-3), ["session.revoked", "organization_membership.deleted", "user.deleted"]);
  });

  describe("email verification", () => {
    it("sends a code that verifies once", async () => {
      await api.post(`${USERS}/user_bob/email_verification/send`);
      const [{ code, to, id }] = api.emulator.outbox;
      const wrong = await api.post(`${USERS}/user_bob/email_verification/confirm`, { code: "x" });
      const right = await api.post(`${USERS}/user_bob/email_verification/confirm`, { code });
      const again = await api.post(`${USERS}/user_bob/email_verification/confirm`, { code });

      assertEquals([to, (await api.get(`/user_management/email_verification/${id}`)).body.code], [
        "bob@example.com",
        code,
      ]);
      assertEquals([wrong.status, wrong.body.code], [400, "email_verification_code_incorrect"]);
      assertEquals([right.status, right.body.user.email_verified], [200, true]);
      assertEquals([again.status, again.body.code], [400, "email_previously_verified"]);
      assertEquals(api.emulator.events[0].event, "email_verification.created");
      assertEquals("code" in api.emulator.events[0].data, false);
    });

    it("refuses a code after ten minutes and a user who needs none", async () => {
      await api.post(`${USERS}/user_bob/email_verification/send`);
      const [{ code }] = api.emulator.outbox;
      api.emulator.advance(10 * 60_000);

      const late = await api.post(`${USERS}/user_bob/email_verification/confirm`, { code });
      const needless = await api.post(`${USERS}/user_ada/email_verification/send`);

      assertEquals(late.body.code, "email_verification_code_expired");
      assertEquals([needless.status, needless.body.code], [400, "email_already_verified"]);
    });
  });

  describe("an address that is changed", () => {
    const changed = async () => (await api.put(`${USERS}/user_bob`, { email: "rob@example.com" })).status;

    it("is not verified by a code that was sent to the old one", async () => {
      await api.post(`${USERS}/user_bob/email_verification/send`);
      const { code: old } = api.emulator.outbox[0];
      await changed();
      const confirm = (code?: string) => api.post(`${USERS}/user_bob/email_verification/confirm`, { code });
      const refused = await confirm(old);
      await api.post(`${USERS}/user_bob/email_verification/send`);
      const taken = await confirm(api.emulator.outbox[1].code);

      assertEquals([refused.status, refused.body.code], [400, "email_verification_code_incorrect"]);
      assertEquals(taken.body.user.email_verified, true);
    });

    it("signs nobody in with a code that was sent to the old one", async () => {
      const grant_type = "urn:workos:oauth:grant-type:magic-auth:code";
      await api.post("/user_management/magic_auth", { email: "bob@example.com" });
      const { code } = api.emulator.outbox[0];
      await changed();
      const { status, body } = await api.authenticate({ grant_type, email: "rob@example.com", code });

      assertEquals([status, body.code], [400, "invalid_one_time_code"]);
    });

    it("is not verified during a sign-in by a code that was sent to the old one", async () => {
      const credentials = { email: "bob@example.com", password: "battery staple" };
      const held = await api.authenticate({ grant_type: "password", ...credentials });
      const { pending_authentication_token, email_verification_id } = held.body;
      const { code } = (await api.get(`/user_management/email_verification/${email_verification_id}`)).body;
      await changed();
      const grant_type = "urn:workos:oauth:grant-type:email-verification:code";
      const { status, body } = await api.authenticate({ grant_type, code, pending_authentication_token });

      assertEquals([status, body.code], [400, "invalid_one_time_code"]);
      assertEquals((await api.get(`${USERS}/user_bob`)).body.email_verified, false);
    });

    it("is not verified by a new password whose link was sent to the old one", async () => {
      const { body } = await api.post("/user_management/password_reset", { email: "bob@example.com" });
      await changed();
      const confirm = { token: body.password_reset_token, new_password: "a brand new one" };
      const { status, body: { user } } = await api.post("/user_management/password_reset/confirm", confirm);

      assertEquals([status, user.email, user.email_verified], [200, "rob@example.com", false]);
    });
  });

  describe("email change", () => {
    it("moves a user to an address they confirmed", async () => {
      const sent = await api.post(`${USERS}/user_ada/email_change/send`, { new_email: "ada@acme.com" });
      const [{ to, code }] = api.emulator.outbox;
      const wrong = await api.post(`${USERS}/user_ada/email_change/confirm`, { code: "x" });
      const right = await api.post(`${USERS}/user_ada/email_change/confirm`, { code });
      const again = await api.post(`${USERS}/user_ada/email_change/confirm`, { code });

      assertEquals([sent.status, sent.body.object, to], [200, "email_change", "ada@acme.com"]);
      assertEquals([wrong.status, wrong.body.code], [400, "email_change_code_incorrect"]);
      assertEquals([right.status, right.body.user.email], [200, "ada@acme.com"]);
      assertEquals([again.status, again.body.code], [409, "email_change_code_previously_used"]);
    });

    it("refuses addresses that are taken or the user's own, and codes that were not sent", async () => {
      const path = `${USERS}/user_ada/email_change`;

      assertEquals((await api.post(`${path}/send`, { new_email: "bob@example.com" })).body.code, "email_not_available");
      assertEquals(
        (await api.post(`${path}/send`, { new_email: "ada@example.com" })).body.code,
        "email_change_not_needed",
      );
      assertEquals((await api.post(`${path}/confirm`, { code: "x" })).body.code, "no_pending_email_change");
    });
  });

  describe("password reset", () => {
    const RESET = "/user_management/password_reset";

    it("replaces the password once and verifies the address", async () => {
      const reset = await api.post(RESET, { email: "bob@example.com" });
      const token = reset.body.password_reset_token;
      const confirmed = await api.post(`${RESET}/confirm`, { token, new_password: "a brand new one" });
      const again = await api.post(`${RESET}/confirm`, { token, new_password: "a brand new one" });
      const grant = { grant_type: "password", email: "bob@example.com", password: "a brand new one" };

      assertEquals([reset.status, Object.keys(reset.body).includes("updated_at")], [201, false]);
      assertEquals((await api.get(`${RESET}/${reset.body.id}`)).body, reset.body);
      assertEquals([confirmed.status, confirmed.body.user.email_verified], [200, true]);
      assertEquals([again.status, again.body.errors[0].code], [400, "password_reset_token_used"]);
      assertEquals((await api.authenticate(grant)).status, 200);
      assertEquals(api.eventNames().slice(0, 3), [
        "password_reset.created",
        "user.updated",
        "password_reset.succeeded",
      ]);
    });

    it("ends the sessions of the user, and nobody else's", async () => {
      const signIn = async (email: string) => {
        await api.post("/user_management/magic_auth", { email });
        const { code } = api.emulator.outbox.at(-1)!;
        const grant_type = "urn:workos:oauth:grant-type:magic-auth:code";
        return (await api.authenticate({ grant_type, email, code })).body.refresh_token;
      };
      const tokens = [await signIn("cid@example.com"), await signIn("bob@example.com")];
      const { body } = await api.post(RESET, { email: "cid@example.com" });
      await api.post(`${RESET}/confirm`, { token: body.password_reset_token, new_password: "a brand new one" });

      const [own, other] = await Promise.all(tokens.map((refresh_token) => {
        return api.authenticate({ grant_type: "refresh_token", refresh_token });
      }));

      assertEquals([own.status, own.body.error, other.status], [400, "invalid_grant", 200]);
    });

    it("refuses late and unknown tokens, weak passwords and unknown users", async () => {
      const { body } = await api.post(RESET, { email: "bob@example.com" });
      const token = body.password_reset_token;
      const weak = await api.post(`${RESET}/confirm`, { token, new_password: "short" });
      api.emulator.advance(60 * 60_000);
      const late = await api.post(`${RESET}/confirm`, { token, new_password: "a brand new one" });

      assertEquals(weak.body.errors[0].code, "password_too_short");
      assertEquals([late.body.code, late.body.errors[0].code], [
        "password_reset_error",
        "password_reset_token_expired",
      ]);
      assertEquals((await api.post(`${RESET}/confirm`, { token: "x", new_password: "long enough" })).status, 404);
      assertEquals((await api.post(RESET, { email: "eve@example.com" })).status, 404);
    });
  });

  describe("Magic Auth", () => {
    it("POST signs somebody new up, unless that is not allowed", async () => {
      const { status, body } = await api.post("/user_management/magic_auth", { email: "eve@example.com" });
      api.emulator.setPolicies({ signUp: false });
      const refused = await api.post("/user_management/magic_auth", { email: "fay@example.com" });

      assertEquals([status, body.email, body.expires_at], [201, "eve@example.com", "2026-01-01T00:10:00.000Z"]);
      assertEquals((await api.get(`/user_management/magic_auth/${body.id}`)).body, body);
      assertEquals([refused.status, refused.body.error], [400, "sign_up_not_allowed"]);
    });

    it("POST signs an invited person up also where that is not allowed, with the token of their invitation", async () => {
      api.emulator.setPolicies({ signUp: false });
      const { token } = (await api.post("/user_management/invitations", { email: "eve@example.com" })).body;
      const send = (body: object) => api.post("/user_management/magic_auth", body);
      const invited = await send({ email: "Eve@example.com", invitation_token: token });
      const other = await send({ email: "fay@example.com", invitation_token: token });
      const unknown = await send({ email: "fay@example.com", invitation_token: "x" });

      assertEquals([invited.status, invited.body.email], [201, "Eve@example.com"]);
      assertEquals(other.body.error, "invitation_cannot_be_used_for_email");
      assertEquals(unknown.body.error, "invitation_invalid");
    });
  });

  describe("API keys", () => {
    it("show their value once, validate, expire and vanish", async () => {
      const path = `${USERS}/user_ada/api_keys`;
      const made = await api.post(path, { name: "CI", organization_id: "org_1", permissions: ["posts:read"] });
      const { value, ...key } = made.body;
      const valid = await api.post("/api_keys/validations", { value });
      const expired = await api.post(`/api_keys/${key.id}/expire`, {});
      const invalid = await api.post("/api_keys/validations", { value });

      assertEquals([made.status, key.owner], [201, { type: "user", id: "user_ada", organization_id: "org_1" }]);
      assertEquals(key.obfuscated_value, `sk_...${value.slice(-4)}`);
      assertEquals((await api.get(`${path}?organization_id=org_2`)).body.data, []);
      assertEquals(valid.body.api_key.last_used_at, "2026-01-01T00:00:00.000Z");
      assertEquals(expired.body.expires_at, "2026-01-01T00:00:00.000Z");
      assertEquals(invalid.body, { api_key: null });
      assertEquals((await api.post(`/api_keys/${key.id}/expire`, {})).body, {
        code: "api_key_already_expired",
        message: "API key is already expired",
      });
      assertEquals((await api.remove(`/api_keys/${key.id}`)).status, 204);
      assertEquals((await api.post(`/api_keys/${key.id}/expire`, {})).body.message, `API Key not found: '${key.id}'.`);
      assertEquals((await api.get(path)).body.data, []);
      assertEquals(api.eventNames(), ["api_key.created", "api_key.updated", "api_key.revoked"]);
    });

    it("expire later, or never again, when that is asked for", async () => {
      const path = "/organizations/org_1/api_keys";
      const { id, value } = (await api.post(path, { name: "CI" })).body;
      const expire = (expires_at: string | null) => api.post(`/api_keys/${id}/expire`, { expires_at });

      const later = await expire("2026-01-01T00:00:10.000Z");
      const never = await expire(null);
      api.emulator.advance(20_000);

      assertEquals([later.body.expires_at, never.body.expires_at], ["2026-01-01T00:00:10.000Z", null]);
      assertEquals((await api.post("/api_keys/validations", { value })).body.api_key.id, id);
    });

    it("are for members only", async () => {
      const path = `${USERS}/user_cid/api_keys`;
      const { status, body } = await api.post(path, { name: "CI", organization_id: "org_1" });

      assertEquals([status, body.code], [404, "entity_not_found"]);
      assertEquals((await api.get(path)).body.data, []);
    });

    it("are refused with a 400 when they are malformed", async () => {
      const make = async (body: object) => refusal(await api.post(`${USERS}/user_ada/api_keys`, body));
      const key = { name: "CI", organization_id: "org_1" };

      assertEquals(await make({ organization_id: "org_1" }), [400, "name: name_required"]);
      assertEquals(await make({ ...key, expires_at: "2025-12-31T00:00:00.000Z" }), [
        400,
        "expires_at: expires_at_invalid",
      ]);
    });

    it("are valid as long as their owner is there", async () => {
      const make = async (path: string) => (await api.post(path, { name: "CI", organization_id: "org_1" })).body.value;
      const values = [await make(`${USERS}/user_ada/api_keys`), await make(`${USERS}/user_bob/api_keys`)];
      values.push(await make("/organizations/org_1/api_keys"), await make("/organizations/org_2/api_keys"));
      const valid = () => Promise.all(values.map(async (value) => await isValid(value)));
      const isValid = async (value: string) => !!(await api.post("/api_keys/validations", { value })).body.api_key;

      assertEquals(await valid(), [true, true, true, true]);
      await api.remove("/user_management/organization_memberships/om_3");
      assertEquals(await valid(), [true, false, true, true]);
      await api.remove(`${USERS}/user_ada`);
      assertEquals(await valid(), [false, false, true, true]);
      await api.remove("/organizations/org_1");
      assertEquals(await valid(), [false, false, false, true]);
    });

    it("can belong to an organization", async () => {
      const made = await api.post("/organizations/org_1/api_keys", { name: "CI" });

      assertEquals([made.status, made.body.owner], [201, { type: "organization", id: "org_1" }]);
      assertEquals(ids((await api.get("/organizations/org_1/api_keys")).body.data), [made.body.id]);
      assertEquals((await api.get("/organizations/org_2/api_keys")).body.data, []);
    });
  });
});
