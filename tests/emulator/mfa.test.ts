import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { toBase32, totpCode } from "../../src/emulator/totp.ts";
import { utf8 } from "../../src/bytes.ts";
import { type Driver, SEED, start } from "./drive.ts";

describe("totpCode()", () => {
  it("gives the codes of RFC 6238, appendix B", async () => {
    const secret = toBase32(utf8("12345678901234567890"));

    assertEquals(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assertEquals(await totpCode(secret, 59_000), "287082");
    assertEquals(await totpCode(secret, 1_111_111_109_000), "081804");
    assertEquals(await totpCode(secret, 20_000_000_000_000), "353130");
  });
});

describe("multi-factor authentication", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: SEED });
  });

  it("enrolls an authenticator app and shows its secret once", async () => {
    const { status, body } = await api.post("/auth/factors/enroll", {
      type: "totp",
      totp_issuer: "Acme Inc",
      totp_user: "ada@example.com",
    });

    assertEquals([status, body.totp.issuer], [201, "Acme Inc"]);
    assertEquals(
      body.totp.uri,
      `otpauth://totp/Acme%20Inc:ada%40example.com?secret=${body.totp.secret}&issuer=Acme%20Inc`,
    );
    assertEquals((await api.get(`/auth/factors/${body.id}`)).body.totp, {
      issuer: "Acme Inc",
      user: "ada@example.com",
    });
    assertEquals((await api.remove(`/auth/factors/${body.id}`)).status, 204);
    assertEquals((await api.get(`/auth/factors/${body.id}`)).status, 404);
  });

  it("verifies the codes of now and right before and after", async () => {
    const factor = (await api.post("/auth/factors/enroll", { type: "totp" })).body;
    const valid = async (offset: number) => {
      const { id } = (await api.post(`/auth/factors/${factor.id}/challenge`, {})).body;
      const code = await totpCode(factor.totp.secret, api.emulator.now() + offset);
      return (await api.post(`/auth/challenges/${id}/verify`, { code })).body.valid;
    };

    assertEquals([await valid(0), await valid(-30_000), await valid(30_000)], [true, true, true]);
    assertEquals([await valid(-90_000), await valid(90_000)], [false, false]);
  });

  it("takes an answer to a challenge once", async () => {
    const factor = (await api.post("/auth/factors/enroll", { type: "sms", phone_number: "+15005550006" })).body;
    const { id, expires_at, ...challenge } = (await api.post(`/auth/factors/${factor.id}/challenge`, {})).body;
    const [{ to, code }] = api.emulator.outbox;
    const first = await api.post(`/auth/challenges/${id}/verify`, { code });
    const second = await api.post(`/auth/challenges/${id}/verify`, { code });

    assertEquals([to, expires_at], ["+15005550006", "2026-01-01T00:10:00.000Z"]);
    assertEquals("code" in challenge, false); // only the phone has it
    assertEquals([first.status, first.body.valid, first.body.challenge.id], [201, true, id]);
    assertEquals([second.status, second.body.code], [422, "authentication_challenge_previously_verified"]);
  });

  it("takes no answer to a challenge of a factor that is there no more", async () => {
    const path = "/user_management/users/user_ada/auth_factors";
    const { authentication_factor, authentication_challenge } = (await api.post(path, { type: "totp" })).body;
    const code = await api.emulator.totpCode(authentication_factor.totp.secret);
    await api.remove(`/auth/factors/${authentication_factor.id}`);

    const { status, body } = await api.post(`/auth/challenges/${authentication_challenge.id}/verify`, { code });
    assertEquals([status, body.code], [404, "entity_not_found"]);
  });

  it("lets challenges expire that carry a code, but not those of authenticator apps", async () => {
    const app = (await api.post("/auth/factors/enroll", { type: "totp" })).body;
    const phone = (await api.post("/auth/factors/enroll", { type: "sms", phone_number: "+15005550006" })).body;
    const [own, sent] = await Promise.all([app, phone].map(async ({ id }) => {
      return (await api.post(`/auth/factors/${id}/challenge`, {})).body;
    }));
    api.emulator.advance(10 * 60_000);
    const verify = async ({ id }: { id: string }, code?: string) =>
      (await api.post(`/auth/challenges/${id}/verify`, { code })).body;

    assertEquals([own.expires_at, sent.expires_at], [undefined, "2026-01-01T00:10:00.000Z"]);
    assertEquals((await verify(own, await api.emulator.totpCode(app.totp.secret))).valid, true);
    assertEquals((await verify(sent, api.emulator.outbox[0].code)).code, "authentication_challenge_expired");
  });

  it("gives the code of a challenge to the application that delivers it", async () => {
    const factor = (await api.post("/auth/factors/enroll", { type: "generic_otp" })).body;
    const { id, code, expires_at } = (await api.post(`/auth/factors/${factor.id}/challenge`, {})).body;
    const { body } = await api.post(`/auth/challenges/${id}/verify`, { code });

    assertEquals([code?.length, expires_at, body.valid], [6, "2026-01-01T00:10:00.000Z", true]);
    assertEquals(api.emulator.outbox, []);
  });

  it("lists the factors of a user", async () => {
    const path = "/user_management/users/user_ada/auth_factors";
    const { body } = await api.post(path, { type: "totp", totp_secret: "GEZDGNBVGY3TQOJQ" });

    assertEquals(body.authentication_factor.totp.secret, "GEZDGNBVGY3TQOJQ");
    assertEquals(body.authentication_challenge.authentication_factor_id, body.authentication_factor.id);
    const [listed] = (await api.get(path)).body.data;
    assertEquals([listed.id, listed.user_id, "secret" in listed.totp], [
      body.authentication_factor.id,
      "user_ada",
      false,
    ]);
    assertEquals((await api.get("/user_management/users/user_cid/auth_factors")).body.data, []);
  });

  it("refuses kinds of factors nobody has", async () => {
    const { status, body } = await api.post("/auth/factors/enroll", { type: "smoke" });

    assertEquals([status, body.errors], [422, [{ code: "type_invalid", field: "type" }]]);
  });
});
