import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { start } from "./drive.ts";

const PATH = "/user_management/jwt_template";

describe("the JWT template", () => {
  it("is what it was set to", async () => {
    const api = await start();
    const none = await api.get(PATH);
    const first = await api.put(PATH, { content: '{"urn:a": "{{user.email}}"}' });
    api.emulator.advance(1000);
    const second = await api.put(PATH, { content: "{}" });

    assertEquals([none.status, none.body.code], [404, "entity_not_found"]);
    const created_at = "2026-01-01T00:00:00.000Z";
    const template = { object: "jwt_template", created_at };
    const content = '{"urn:a": "{{user.email}}"}';
    assertEquals([first.status, first.body], [200, { ...template, content, updated_at: created_at }]);
    assertEquals(second.body, { ...template, content: "{}", updated_at: "2026-01-01T00:00:01.000Z" });
    assertEquals((await api.get(PATH)).body, second.body);
    for (const body of [{}, { content: 1 }, { content: null }]) assertEquals((await api.put(PATH, body)).status, 422);
  });
});
