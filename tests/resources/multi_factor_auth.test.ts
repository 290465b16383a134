import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { EnrollFactorOptions } from "../../src/resources/multi_factor_auth.ts";
import { fakeApi, json } from "../fake_api.ts";

const TIMES = { created_at: "2026-01-15T12:00:00.000Z", updated_at: "2026-01-15T13:00:00.000Z" };
const READ_TIMES = { createdAt: "2026-01-15T12:00:00.000Z", updatedAt: "2026-01-15T13:00:00.000Z" };

const FACTOR = { object: "authentication_factor", id: "auth_factor_1", ...TIMES };
const READ_FACTOR = { object: "authentication_factor", id: "auth_factor_1", ...READ_TIMES };

const TOTP = { issuer: "Foo Corp", user: "ada@example.com" };
const SECRETS = { ...TOTP, qr_code: "data:image/png;base64,", secret: "NAGC", uri: "otpauth://totp/x" };
const READ_SECRETS = { ...TOTP, qrCode: "data:image/png;base64,", secret: "NAGC", uri: "otpauth://totp/x" };

const CHALLENGE = {
  object: "authentication_challenge",
  id: "auth_challenge_1",
  ...TIMES,
  expires_at: "2026-01-15T12:10:00.000Z",
  code: "123456",
  authentication_factor_id: "auth_factor_1",
  brand_new: 1,
};
const READ_CHALLENGE = {
  object: "authentication_challenge",
  id: "auth_challenge_1",
  ...READ_TIMES,
  expiresAt: "2026-01-15T12:10:00.000Z",
  code: "123456",
  authenticationFactorId: "auth_factor_1",
  brandNew: 1,
};

describe("MultiFactorAuth", () => {
  it("deleteFactor() deletes by id, whatever the answer holds", async () => {
    const api = fakeApi(json(undefined, { status: 204 }));

    const result = await api.workos.multiFactorAuth.deleteFactor("auth_factor_1");

    const [request] = api.requests;
    assertEquals([request.method, request.path, request.body], ["DELETE", "/auth/factors/auth_factor_1", undefined]);
    assertStrictEquals(result, undefined);
  });

  it("getFactor() reads each kind of factor, and leaves out details that are null", async () => {
    const cases = [
      {
        wire: { ...FACTOR, type: "sms", user_id: "user_1", sms: { phone_number: "+1" }, totp: null },
        read: { ...READ_FACTOR, type: "sms", userId: "user_1", sms: { phoneNumber: "+1" } },
      },
      { wire: { ...FACTOR, type: "totp", totp: TOTP, sms: null }, read: { ...READ_FACTOR, type: "totp", totp: TOTP } },
      { wire: { ...FACTOR, type: "webauthn", brand_new: 1 }, read: { ...READ_FACTOR, type: "webauthn", brandNew: 1 } },
    ];
    for (const { wire, read } of cases) {
      const api = fakeApi(wire);

      const factor = await api.workos.multiFactorAuth.getFactor("auth_factor_1");

      assertEquals([api.requests[0].method, api.requests[0].path], ["GET", "/auth/factors/auth_factor_1"]);
      assertEquals(factor as unknown, read);
    }
  });

  it("enrollFactor() sends what each kind needs", async () => {
    const cases: { options: EnrollFactorOptions; body: unknown }[] = [
      {
        options: { type: "totp", issuer: "Foo Corp", user: "ada@example.com", userId: "user_1" },
        body: { type: "totp", totp_issuer: "Foo Corp", totp_user: "ada@example.com", user_id: "user_1" },
      },
      { options: { type: "sms", phoneNumber: "+15005550006" }, body: { type: "sms", phone_number: "+15005550006" } },
      { options: { type: "generic_otp" }, body: { type: "generic_otp" } },
    ];
    for (const { options, body } of cases) {
      const api = fakeApi({ ...FACTOR, type: options.type });

      const factor = await api.workos.multiFactorAuth.enrollFactor(options);

      const [request] = api.requests;
      assertEquals([request.method, request.path, request.body], ["POST", "/auth/factors/enroll", body]);
      assertEquals(factor as unknown, { ...READ_FACTOR, type: options.type });
    }
  });

  it("enrollFactor() returns the secrets of an authenticator app", async () => {
    const api = fakeApi({ ...FACTOR, type: "totp", totp: SECRETS, sms: null });

    const factor = await api.workos.multiFactorAuth.enrollFactor({ type: "totp", issuer: "Foo Corp", user: "ada" });

    assertEquals(factor as unknown, { ...READ_FACTOR, type: "totp", totp: READ_SECRETS });
  });

  it("challengeFactor() sends the template, or an empty object", async () => {
    const cases = [
      { options: {}, body: {} },
      { options: { smsTemplate: "Code: {{code}}" }, body: { sms_template: "Code: {{code}}" } },
    ];
    for (const { options, body } of cases) {
      const api = fakeApi(CHALLENGE);

      const challenge = await api.workos.multiFactorAuth.challengeFactor({
        authenticationFactorId: "auth_factor_1",
        ...options,
      });

      const [request] = api.requests;
      assertEquals([request.method, request.path], ["POST", "/auth/factors/auth_factor_1/challenge"]);
      assertEquals(request.body, body);
      assertEquals(challenge as unknown, READ_CHALLENGE);
    }
  });

  it("verifyChallenge() sends the code and reads the challenge", async () => {
    const api = fakeApi({ challenge: CHALLENGE, valid: false });

    const answer = await api.workos.multiFactorAuth.verifyChallenge({
      authenticationChallengeId: "auth_challenge_1",
      code: "123456",
    });

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["POST", "/auth/challenges/auth_challenge_1/verify"]);
    assertEquals(request.body, { code: "123456" });
    assertEquals(answer as unknown, { challenge: READ_CHALLENGE, valid: false });
  });

  it("createUserAuthFactor() sends the factor and reads both parts", async () => {
    const factor = { ...FACTOR, type: "totp", user_id: "user_1", totp: SECRETS, sms: null };
    const api = fakeApi({ authentication_factor: factor, authentication_challenge: CHALLENGE, brand_new: 1 });

    const enrolled = await api.workos.multiFactorAuth.createUserAuthFactor({
      userId: "user_1",
      type: "totp",
      totpIssuer: "Foo Corp",
      totpUser: "ada@example.com",
      totpSecret: "NAGC",
    });

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["POST", "/user_management/users/user_1/auth_factors"]);
    assertEquals(request.body, {
      type: "totp",
      totp_issuer: "Foo Corp",
      totp_user: "ada@example.com",
      totp_secret: "NAGC",
    });
    assertEquals(enrolled as unknown, {
      authenticationFactor: { ...READ_FACTOR, type: "totp", userId: "user_1", totp: READ_SECRETS },
      authenticationChallenge: READ_CHALLENGE,
      brandNew: 1,
    });
  });

  it("listUserAuthFactors() lists the factors of a user", async () => {
    const factor = { ...FACTOR, type: "totp", user_id: "user_1", totp: TOTP, sms: null };
    const api = fakeApi({ object: "list", data: [factor], list_metadata: { before: null, after: null } });

    const factors = await api.workos.multiFactorAuth.listUserAuthFactors({ userId: "user_1", limit: 2 });

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["GET", "/user_management/users/user_1/auth_factors"]);
    assertEquals(request.query, { limit: "2", order: "desc" });
    assertEquals(factors.data as unknown[], [{ ...READ_FACTOR, type: "totp", userId: "user_1", totp: TOTP }]);
    assertEquals(factors.options, { limit: 2 });
  });

  it("refuses an empty id before anything is sent", async () => {
    const api = fakeApi({});
    const mfa = api.workos.multiFactorAuth;

    await assertRejects(() => mfa.deleteFactor(""), TypeError);
    await assertRejects(() => mfa.getFactor(""), TypeError);
    await assertRejects(() => mfa.challengeFactor({ authenticationFactorId: "" }), TypeError);
    await assertRejects(() => mfa.verifyChallenge({ authenticationChallengeId: "", code: "1" }), TypeError);
    await assertRejects(() => mfa.createUserAuthFactor({ userId: "", type: "totp" }), TypeError);
    await assertRejects(() => mfa.listUserAuthFactors({ userId: "" }), TypeError);

    assertEquals(api.requests, []);
  });
});
