import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { decodeJwt } from "../../src/entries/jwt.ts";
import { refusal, SEED, start } from "./drive.ts";

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
    assertEquals(refusal(await api.put(PATH, { content: 1 })), [422, "content: content_invalid"]);
    for (const body of [{}, { content: null }]) {
      assertEquals(refusal(await api.put(PATH, body)), [422, "content: content_required"]);
    }
  });

  it("makes claims of the user, the membership and the organization of a session", async () => {
    const api = await start({ seed: SEED });
    await api.put("/user_management/users/user_ada", { last_name: "Lovelace" });
    await api.put("/organizations/org_1", { metadata: { plan: "pro" } });
    const content = `{
      "urn:name": "{{user.first_name}} {{ user.last_name }}",
      "urn:email": {{user.email}},
      "urn:plan": {{organization.metadata.plan || "free"}},
      "urn:language": {{ user.metadata.language || organization.metadata.language || 'a||b' }},
      "urn:verified": {{user.email_verified}},
      "urn:quoted": "{{user.metadata.none || 'it\\"s'}}",
      "urn:deep": { "status": [{{organization_membership.status}}, {{user.constructor || 7}}] },
      "urn:text": "{{user.metadata}} of {{user.metadata.none}}",
      "urn:none": {{user.metadata.none}}
    }`;
    const set = await api.put(PATH, { content });

    const code = api.emulator.authorizationCode({ user: "user_ada", organizationId: "org_1" });
    const { body } = await api.authenticate({ grant_type: "authorization_code", code });
    const claims = decodeJwt(body.access_token).payload;

    assertEquals(set.status, 200);
    assertEquals(Object.fromEntries(Object.entries(claims).filter(([name]) => name.startsWith("urn:"))), {
      "urn:name": "Ada Lovelace",
      "urn:email": "ada@example.com",
      "urn:plan": "pro",
      "urn:language": "a||b",
      "urn:verified": true,
      "urn:quoted": 'it"s',
      "urn:deep": { status: ["active", 7] },
      "urn:text": "{} of ",
    });
    assertEquals([claims.sub, claims.org_id], ["user_ada", "org_1"]);
  });

  it("takes the first constant or path that is something, of a user without an organization", async () => {
    const api = await start({
      seed: { users: [{ id: "user_eve", email: "eve@example.com", metadata: { is_true: "a|b", v2: "2" } }] },
    });
    const expressions = [
      "organization.name || user.email",
      "organization_membership.status || null || true",
      "user.metadata.none || false",
      "-1.5",
      '"x || y"',
      "''",
      "nullable.name || user.metadata.is_true || 1",
      "user.metadata.v2",
      "user.first_name || user.metadata['v2'] || \"it's\"",
      "user.metadata",
    ];
    await api.put(PATH, { content: `{"urn:all": [${expressions.map((it) => `{{${it}}}`)}]}` });

    const code = api.emulator.authorizationCode({ user: "user_eve" });
    const { body } = await api.authenticate({ grant_type: "authorization_code", code });

    assertEquals(decodeJwt(body.access_token).payload["urn:all"], [
      ...["eve@example.com", true, false, -1.5, "x || y", "", "a|b", "2", "it's"],
      { is_true: "a|b", v2: "2" },
    ]);
  });

  it("is refused for every claim that the API makes itself", async () => {
    const api = await start();
    // deno-fmt-ignore
    const reserved = [
      "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "sid", "act", "client_id", "org_id",
      "role", "roles", "permissions", "entitlements", "feature_flags",
    ];
    for (const name of reserved) {
      assertEquals([name, (await api.put(PATH, { content: `{"${name}": "x"}` })).status], [name, 422]);
    }
  });

  it("is refused when it is not an object of claims, or has claims that are the API's own", async () => {
    const api = await start();
    const none = ["", "[]", '"a"', "{", '{"a": {{user.email}', '{"a": {{01}}}'];
    for (const content of [...none, '{"sub": "x"}', '{"sub": {{user.email}}}', '{"permissions": []}']) {
      assertEquals([content, (await api.put(PATH, { content })).status], [content, 422]);
    }
    assertEquals((await api.get(PATH)).status, 404);
  });
});
