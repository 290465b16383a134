import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { type Driver, start } from "./drive.ts";

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
    for (const changes of [{ auth_method: "Guess" }, { action: "sign-out" }, { email: "user" }, { ip_address: null }]) {
      assertEquals((await api.post("/radar/attempts", { ...ATTEMPT, ...changes })).status, 400);
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
