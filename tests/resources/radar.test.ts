import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { ParseError } from "../../mod.ts";
import * as radarArea from "../../src/resources/radar.ts";
import { fakeApi } from "../fake_api.ts";

describe("Radar", () => {
  it("createAttempt() assesses a request", async () => {
    const api = fakeApi({
      verdict: "block",
      reason: "r",
      attempt_id: "radar_att_1",
      control: "restriction",
      blocklist_type: "ip_address",
      new_field: 1,
    });

    const answer: unknown = await api.workos.radar.createAttempt({
      ipAddress: "192.0.2.1",
      userAgent: "Mozilla/5.0",
      email: "a@example.com",
      authMethod: radarArea.RadarStandaloneAssessRequestAuthMethod.EmailOtp,
      action: radarArea.RadarStandaloneAssessRequestAction.SignIn,
      signalsId: "sig_1",
    }, { idempotencyKey: "once" });

    const [request] = api.requests;
    assertEquals(`${request.method} ${request.path}`, "POST /radar/attempts");
    assertEquals(request.headers["idempotency-key"], "once");
    assertEquals(request.body, {
      ip_address: "192.0.2.1",
      user_agent: "Mozilla/5.0",
      email: "a@example.com",
      auth_method: "Email_OTP",
      action: "sign-in",
      signals_id: "sig_1",
    });
    assertEquals(answer, {
      verdict: "block",
      reason: "r",
      attemptId: "radar_att_1",
      control: "restriction",
      blocklistType: "ip_address",
      newField: 1,
    });
  });

  it("updateAttempt() ignores what the API answers", async () => {
    const api = fakeApi({ ok: true });

    const answer: unknown = await api.workos.radar.updateAttempt({ id: "radar_att_1", attemptStatus: "success" });

    const [request] = api.requests;
    assertEquals(answer, undefined);
    assertEquals(`${request.method} ${request.path}`, "PUT /radar/attempts/radar_att_1");
    assertEquals(request.body, { attempt_status: "success" });
  });

  it("addListEntry() tells that an entry was there already", async () => {
    const api = fakeApi({ message: "Entry already present in list", new_field: 1 });

    const answer: unknown = await api.workos.radar.addListEntry(
      { type: "ip_address", action: "block", entry: "192.0.2.1" },
      { idempotencyKey: "once" },
    );

    const [request] = api.requests;
    assertEquals(answer, { message: "Entry already present in list", newField: 1 });
    assertEquals(`${request.method} ${request.path}`, "POST /radar/lists/ip_address/block");
    assertEquals(request.headers["idempotency-key"], "once");
    assertEquals(request.body, { entry: "192.0.2.1" });
  });

  for (const status of [201, 204]) {
    it(`addListEntry() has no message when the API answers ${status} without a body`, async () => {
      const api = fakeApi(new Response(null, { status }));

      const answer = await api.workos.radar.addListEntry({ type: "email", action: "allow", entry: "a@example.com" });

      assertEquals(answer, { message: "" });
    });
  }

  it("addListEntry() refuses an answer that is no JSON", async () => {
    const api = fakeApi(new Response("<html>"));

    const call = () => api.workos.radar.addListEntry({ type: "email", action: "allow", entry: "a@example.com" });

    await assertRejects(call, ParseError);
  });

  it("removeListEntry() sends the entry in the body", async () => {
    const api = fakeApi(new Response(null, { status: 204 }));

    const answer: unknown = await api.workos.radar.removeListEntry({ type: "country", action: "block", entry: "XX" });

    const [request] = api.requests;
    assertEquals(answer, undefined);
    assertEquals(`${request.method} ${request.path}`, "DELETE /radar/lists/country/block");
    assertEquals(request.body, { entry: "XX" });
  });

  it("refuses a missing list type before sending", async () => {
    const api = fakeApi({});

    await assertRejects(() => api.workos.radar.removeListEntry({ type: "", action: "block", entry: "x" }), TypeError);
    assertEquals(api.requests.length, 0);
  });

  it("has the constants of the Node SDK", () => {
    assertEquals(radarArea.RadarListType.DeviceFingerprint, "device_fingerprint");
    assertEquals(radarArea.RadarListAction.Allow, "allow");
    assertEquals(radarArea.RadarStandaloneResponseVerdict.Challenge, "challenge");
    assertEquals(radarArea.RadarStandaloneResponseControl.DomainSignUpRateLimit, "domain_sign_up_rate_limit");
    assertStrictEquals(radarArea.RadarStandaloneResponseBlocklistType, radarArea.RadarListType);
  });
});
