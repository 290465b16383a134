import { beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals } from "@std/assert";
import { type Driver, ORIGIN, SEED, start } from "./drive.ts";

const PATH = "/authkit/oauth2/complete";
const EVE = { id: "ext_eve", email: "eve@example.com" };
const OPTION = { claim: "tos", type: "enum", label: "Terms", choices: [{ value: "yes", label: "I agree" }] };

describe("external authentication", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: SEED });
  });

  const complete = (user: object, rest: object = {}) =>
    api.post(PATH, { external_auth_id: api.emulator.startExternalAuth(), user, ...rest });
  const eve = async () => (await api.get("/user_management/users/external_id/ext_eve")).body;

  it("adds a user and leads back to AuthKit", async () => {
    const user = { ...EVE, first_name: "Eve", last_name: "Ong", metadata: { teamName: "x" } };
    const { status, body } = await complete(user, { user_consent_options: [OPTION] });

    assertEquals(status, 200);
    assert(body.redirect_uri.startsWith(`${ORIGIN}/oauth/authorize/complete?state=`));
    const { id: _, object: __, created_at: ___, updated_at: ____, ...made } = await eve();
    assertEquals(made, {
      email: "eve@example.com",
      email_verified: false,
      first_name: "Eve",
      last_name: "Ong",
      name: "Eve Ong",
      profile_picture_url: null,
      last_sign_in_at: null,
      locale: null,
      external_id: "ext_eve",
      metadata: { teamName: "x" },
    });
    assertEquals(api.eventNames(), ["user.created"]);
  });

  it("changes the user with the same id", async () => {
    await complete({ ...EVE, first_name: "Eve", metadata: { a: "1" } });
    const { status } = await complete({ ...EVE, email: "eve@other.example", last_name: "Ong", metadata: { b: "2" } });

    const { email, name, metadata } = await eve();
    assertEquals([status, email, name, metadata], [200, "eve@other.example", "Eve Ong", { a: "1", b: "2" }]);
    assertEquals(api.eventNames(), ["user.created", "user.updated"]);
  });

  it("is completed once, in time", async () => {
    const external_auth_id = api.emulator.startExternalAuth();
    assertEquals(external_auth_id, "ext_auth_01000000000000000000000001");
    assertEquals((await api.post(PATH, { external_auth_id, user: EVE })).status, 200);
    const again = await api.post(PATH, { external_auth_id, user: { ...EVE, first_name: "Eva" } });
    const late = { external_auth_id: api.emulator.startExternalAuth(), user: { ...EVE, first_name: "Eva" } };
    api.emulator.advance(30 * 60_000);

    assertEquals([again.status, again.body.code], [400, "external_auth_session_already_completed"]);
    assertEquals((await api.post(PATH, late)).status, 404);
    assertEquals((await api.post(PATH, { external_auth_id: "ext_auth_9", user: EVE })).status, 404);
    assertEquals((await eve()).first_name, null);
  });

  it("refuses addresses that are none or somebody else's, and can be tried again", async () => {
    const external_auth_id = api.emulator.startExternalAuth();
    const post = (user: object) => api.post(PATH, { external_auth_id, user });
    const taken = await post({ ...EVE, email: "ADA@example.com" });
    const wrong = await post({ ...EVE, email: "eve" });

    assertEquals([taken.status, taken.body.code], [400, "email_not_available"]);
    assertEquals([wrong.status, wrong.body.code], [400, "invalid_email"]);
    assertEquals((await post(EVE)).status, 200);
    const moved = await complete({ ...EVE, email: "ada@example.com" });
    assertEquals([moved.status, moved.body.code], [400, "email_not_available"]);
  });

  it("refuses what is malformed with a 422, and reserved claims", async () => {
    const bodies: [object, object?][] = [
      [{ ...EVE, id: "" }],
      [{ ...EVE, id: "é" }],
      [{ ...EVE, first_name: null }],
      [{ ...EVE, metadata: null }],
      [EVE, { external_auth_id: undefined }],
      [EVE, { user: undefined }],
      [EVE, { user_consent_options: null }],
      [EVE, { user_consent_options: [{ ...OPTION, label: undefined }] }],
      [EVE, { user_consent_options: [{ ...OPTION, type: "text" }] }],
      [EVE, { user_consent_options: [{ ...OPTION, choices: [{ value: 1 }] }] }],
    ];
    for (const [user, rest] of bodies) assertEquals([rest, (await complete(user, rest)).status], [rest, 422]);
    const { status, body } = await complete(EVE, { user_consent_options: [{ ...OPTION, claim: "sub" }] });
    const message = 'Claim "sub" is reserved and cannot be used.';
    assertEquals([status, body], [400, { error: "Bad Request", message }]);
    assertEquals(api.eventNames(), []);
  });
});
