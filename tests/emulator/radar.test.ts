import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { type Driver, refusal, SEED, start } from "./drive.ts";

const ATTEMPT = {
  ip_address: "49.78.240.97",
  user_agent: "Mozilla/5.0",
  email: "user@example.com",
  auth_method: "Password",
  action: "sign-in",
};

describe("Radar", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start();
  });

  const assess = async (changes: object = {}) => {
    const { attempt_id: _, reason: __, ...rest } = (await api.post("/radar/attempts", { ...ATTEMPT, ...changes })).body;
    return rest;
  };
  const block = (type: string, entry: unknown) => api.post(`/radar/lists/${type}/block`, { entry });

  it("allows what is on no list", async () => {
    const { status, body } = await api.post("/radar/attempts", { ...ATTEMPT, signals_id: "1" });

    const reason = "No Radar control was triggered";
    assertEquals([status, body], [200, {
      verdict: "allow",
      reason,
      attempt_id: "radar_att_01000000000000000000000001",
    }]);
  });

  it("blocks what a list blocks, until it is taken off", async () => {
    const entries = {
      ip_address: "49.78.240.97",
      user_agent: "mozilla/5.0",
      email: "User@example.com",
      domain: "example.com",
    };
    for (const [type, entry] of Object.entries(entries)) {
      assertEquals([(await block(type, entry)).status, (await block(type, entry)).status], [204, 200]);
      assertEquals(await assess(), { verdict: "block", control: "restriction", blocklist_type: type });
      const others = { ip_address: "::1", user_agent: "other", email: "user@other.example" };
      assertEquals(await assess(others), { verdict: "allow" });
      // a DELETE with a body
      const headers = { Authorization: `Bearer ${api.emulator.apiKey}`, "Content-Type": "application/json" };
      const init = { method: "DELETE", headers, body: JSON.stringify({ entry }) };
      const url = `https://api.workos.com/radar/lists/${type}/block`;
      assertEquals([(await api.emulator.fetch(url, init)).status, (await api.emulator.fetch(url, init)).status], [
        204,
        404,
      ]);
      assertEquals(await assess(), { verdict: "allow" });
    }
  });

  it("allows what a list allows, even if another blocks it", async () => {
    await block("domain", "example.com");
    await api.post("/radar/lists/email/allow", { entry: "user@example.com" });

    assertEquals(await assess(), { verdict: "allow" });
    assertEquals((await assess({ email: "other@example.com" })).verdict, "block");
  });

  it("hears how an attempt ended", async () => {
    const { attempt_id } = (await api.post("/radar/attempts", ATTEMPT)).body;
    const put = async (id: string, body: object) => (await api.put(`/radar/attempts/${id}`, body)).status;

    assertEquals(await put(attempt_id, { attempt_status: "success", challenge_status: "success" }), 204);
    assertEquals(await put(attempt_id, { attempt_status: "failure" }), 400);
    assertEquals(await put(attempt_id, { challenge_status: null }), 400);
    assertEquals(await put("radar_att_9", { attempt_status: "success" }), 404);
  });

  it("refuses what it cannot assess or list with a 400", async () => {
    const refused: [object, string][] = [
      [{ auth_method: "Guess" }, "auth_method: auth_method_invalid"],
      [{ action: "sign-out" }, "action: action_invalid"],
      [{ email: "user" }, "email: email_invalid"],
      [{ ip_address: null }, "ip_address: ip_address_required"],
    ];
    for (const [changes, wrong] of refused) {
      assertEquals(refusal(await api.post("/radar/attempts", { ...ATTEMPT, ...changes })), [400, wrong]);
    }
    const entries = [
      ["ip_address", "1.2.3.256"],
      ["ip_address", "::1]/a:["],
      ["email", "user"],
      ["domain", "example"],
      ["country", "Germany"],
      ["name", "Eve"],
      ["device", ""],
      ["device", 1],
    ];
    for (const [type, entry] of entries) assertEquals([type, (await block(String(type), entry)).status], [type, 400]);
    assertEquals((await api.post("/radar/lists/email/ignore", { entry: "a@example.com" })).status, 400);
    assertEquals((await block("ip_address", "2001:db8::1")).status, 204);
    assertEquals((await block("country", "de")).status, 204);
  });
});

describe("Radar challenges", () => {
  const CHALLENGES = "/user_management/radar_challenges";
  const GRANT = "urn:workos:oauth:grant-type:radar-";
  const EMAIL = { grant_type: `${GRANT}email-challenge:code` };
  const SMS = { grant_type: `${GRANT}sms-challenge:code` };
  const PHONE = "+15005550006";

  const signIn = async (api: Driver, user: "ada" | "cid" = "cid") => {
    const password = { ada: "correct horse", cid: "correct staple" }[user];
    const credentials = { grant_type: "password", email: `${user}@example.com`, password };
    return await api.authenticate(credentials);
  };
  const challenged = (radarChallenge: "email" | "sms") => start({ seed: SEED, policies: { radarChallenge } });

  it("by email: the code goes on with the sign-in, once", async () => {
    const api = await challenged("email");
    const { status, body } = await signIn(api);
    const { radar_challenge_id, pending_authentication_token } = body;
    const [message] = api.emulator.outbox;

    assertEquals([status, body.code, body.user.id], [403, "radar_email_challenge", "user_cid"]);
    const { code, expires_at } = (await api.get(`${CHALLENGES}/${radar_challenge_id}`)).body;
    assertEquals(message, { type: "radar_challenge", to: "cid@example.com", id: radar_challenge_id, code });
    assertEquals(expires_at, "2026-01-01T00:10:00.000Z");
    const answer = { ...EMAIL, radar_challenge_id, pending_authentication_token, code };
    assertEquals((await api.authenticate({ ...answer, radar_challenge_id: undefined })).status, 422);
    const other = (await signIn(api)).body;
    const mixed = await api.authenticate({ ...answer, radar_challenge_id: other.radar_challenge_id });
    assertEquals([mixed.status, mixed.body.code], [400, "invalid_one_time_code"]);

    const done = await api.authenticate(answer);

    assertEquals([done.status, done.body.user.id, done.body.authentication_method], [200, "user_cid", "Password"]);
    const again = await api.authenticate(answer);
    assertEquals([again.status, again.body.code], [400, "invalid_pending_authentication_token"]);
    const fresh = { ...answer, pending_authentication_token: other.pending_authentication_token };
    assertEquals((await api.authenticate(fresh)).body.code, "one_time_code_previously_used");
    assertEquals(JSON.stringify(api.emulator.requests).includes(code), false);
    assertEquals((await api.get(`${CHALLENGES}/radar_challenge_9`)).status, 404);
  });

  it("by email: tells of the challenge, without the code", async () => {
    const api = await challenged("email");
    const { radar_challenge_id } = (await signIn(api)).body;
    const data = api.emulator.events.find(({ event }) => event === "radar.challenge_created")?.data;

    assertEquals(data, { type: "email", radar_challenge_id, user_id: "user_cid", email: "cid@example.com" });
  });

  it("expire, take ten guesses, and belong to one user", async () => {
    const api = await challenged("email");
    const first = (await signIn(api)).body;
    const { code } = api.emulator.outbox[0];
    const answer = async ({ radar_challenge_id, pending_authentication_token }: typeof first, code: unknown) => {
      const fields = { radar_challenge_id, pending_authentication_token, code };
      return (await api.authenticate({ ...EMAIL, ...fields })).body.code;
    };
    const other = (await signIn(api, "ada")).body;

    assertEquals(
      await answer({ ...first, radar_challenge_id: other.radar_challenge_id }, code),
      "invalid_one_time_code",
    );
    for (let guess = 0; guess < 10; guess++) assertEquals(await answer(first, "no"), "invalid_one_time_code");
    assertEquals(await answer(first, code), "one_time_code_too_many_attempts");
    api.emulator.advance(10 * 60_000);
    assertEquals(await answer(other, api.emulator.outbox[1].code), "one_time_code_expired");
  });

  it("by SMS: the application has the code sent", async () => {
    const api = await challenged("sms");
    const { status, body } = await signIn(api, "ada");
    const { pending_authentication_token } = body;
    const send = { user_id: "user_ada", pending_authentication_token, phone_number: PHONE };

    assertEquals([status, body.code, body.radar_challenge_id], [403, "radar_sms_challenge", undefined]);
    assertEquals(refusal(await api.post(CHALLENGES, { ...send, phone_number: undefined })), [
      422,
      "phone_number: phone_number_required",
    ]);
    assertEquals((await api.post(CHALLENGES, { ...send, user_id: "user_9" })).status, 404);
    assertEquals((await api.post(CHALLENGES, { ...send, user_id: "user_cid" })).body.code, "user_mismatch");
    const unknown = await api.post(CHALLENGES, { ...send, pending_authentication_token: "x" });
    assertEquals([unknown.status, unknown.body.code], [400, "invalid_pending_authentication_token"]);

    const sent = await api.post(CHALLENGES, send);

    const { verification_id } = sent.body;
    const [{ code, ...message }] = api.emulator.outbox;
    assertEquals([sent.status, sent.body], [201, { verification_id, phone_number: PHONE }]);
    assertEquals(message, { type: "sms_challenge", to: PHONE, id: verification_id });
    assertEquals((await api.get(`${CHALLENGES}/${verification_id}`)).status, 404);
    const answer = { ...SMS, pending_authentication_token, code };
    for (const wrong of [{ verification_id: "vrf_9" }, { phone_number: "+15005550007" }, { code: "x" }]) {
      assertEquals((await api.authenticate({ ...answer, ...wrong })).body.code, "invalid_one_time_code");
    }
    const done = await api.authenticate({ ...answer, verification_id, phone_number: PHONE });
    assertEquals([done.status, done.body.code], [403, "organization_selection_required"]);
  });

  it("by SMS: a sign-in finds its own message, and goes on to the second factor", async () => {
    const api = await challenged("sms");
    api.emulator.setPolicies({ requireMfa: true });
    const { pending_authentication_token } = (await signIn(api)).body;
    await api.post(CHALLENGES, { user_id: "user_cid", pending_authentication_token, phone_number: PHONE });
    const { code } = api.emulator.outbox[0];
    const { status, body } = await api.authenticate({ ...SMS, pending_authentication_token, code });

    assertEquals([status, body.code], [403, "mfa_enrollment"]);
  });

  it("are for passwords alone, and off by default", async () => {
    const api = await start({ seed: SEED });

    assertEquals((await signIn(api)).status, 200);
    api.emulator.setPolicies({ radarChallenge: "email" });
    const { code } = (await api.post("/user_management/magic_auth", { email: "cid@example.com" })).body;
    const grant_type = "urn:workos:oauth:grant-type:magic-auth:code";
    assertEquals((await api.authenticate({ grant_type, email: "cid@example.com", code })).status, 200);
    assertEquals((await signIn(api)).body.code, "radar_email_challenge");
  });
});
