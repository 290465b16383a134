import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fakeApi, json } from "../fake_api.ts";

const KEY = {
  object: "api_key",
  id: "api_key_1",
  owner: { type: "organization", id: "org_1" },
  name: "Production",
  obfuscated_value: "sk_...3456",
  last_used_at: null,
  expires_at: "2030-01-01T00:00:00.000Z",
  permissions: ["posts:read"],
  created_at: "2026-01-15T12:00:00.000Z",
  updated_at: "2026-01-15T12:00:00.000Z",
  brand_new: { deep_field: 1 },
};

const READ = {
  object: "api_key",
  id: "api_key_1",
  owner: { type: "organization", id: "org_1" },
  name: "Production",
  obfuscatedValue: "sk_...3456",
  lastUsedAt: null,
  expiresAt: "2030-01-01T00:00:00.000Z",
  permissions: ["posts:read"],
  createdAt: "2026-01-15T12:00:00.000Z",
  updatedAt: "2026-01-15T12:00:00.000Z",
  brandNew: { deepField: 1 },
};

const USER_OWNER = { type: "user", id: "user_1", organization_id: "org_1" };

describe("ApiKeys", () => {
  it("createValidation() returns the key of a value", async () => {
    const api = fakeApi({ api_key: { ...KEY, owner: USER_OWNER }, agent_registration_id: "agent_reg_1" });

    const validation = await api.workos.apiKeys.createValidation({ value: "sk_secret" });

    const [request] = api.requests;
    assertEquals([request.method, request.path, request.body], ["POST", "/api_keys/validations", {
      value: "sk_secret",
    }]);
    const owner = { type: "user", id: "user_1", organizationId: "org_1" };
    assertEquals(validation as unknown, { apiKey: { ...READ, owner }, agentRegistrationId: "agent_reg_1" });
  });

  it("createValidation() returns null for a value that is no key", async () => {
    for (const answer of [{ api_key: null }, {}]) {
      const api = fakeApi(answer);

      const validation = await api.workos.apiKeys.createValidation({ value: "sk_wrong" });

      assertEquals(validation, { apiKey: null });
    }
  });

  it("deleteApiKey() deletes by id", async () => {
    const api = fakeApi(json(undefined, { status: 204 }));

    const result = await api.workos.apiKeys.deleteApiKey("api_key_1");

    const [request] = api.requests;
    assertEquals([request.method, request.path, request.body], ["DELETE", "/api_keys/api_key_1", undefined]);
    assertStrictEquals(result, undefined);
  });

  it("expireApiKey() sends the time, null, or nothing", async () => {
    const cases = [
      { options: undefined, body: {} },
      { options: {}, body: {} },
      { options: { expiresAt: new Date("2030-01-01") }, body: { expires_at: "2030-01-01T00:00:00.000Z" } },
      { options: { expiresAt: "2030-01-01" }, body: { expires_at: "2030-01-01" } },
      { options: { expiresAt: null }, body: { expires_at: null } },
    ];
    for (const { options, body } of cases) {
      const api = fakeApi(KEY);

      const key = await api.workos.apiKeys.expireApiKey("api_key_1", options);

      const [request] = api.requests;
      assertEquals([request.method, request.path, request.body], ["POST", "/api_keys/api_key_1/expire", body]);
      assertEquals(key as unknown, READ);
    }
  });

  it("expireApiKey() refuses a time that got lost", async () => {
    const api = fakeApi(KEY);

    await assertRejects(() => api.workos.apiKeys.expireApiKey("api_key_1", { expiresAt: undefined }), TypeError);
    await assertRejects(() => api.workos.apiKeys.expireApiKey("api_key_1", { expiresAt: new Date(NaN) }), RangeError);
    const lost = [NaN, new Date(0)] as unknown as [Date, object];
    await assertRejects(() => api.workos.apiKeys.expireApiKey("api_key_1", { expiresAt: lost[0] }), RangeError);
    await assertRejects(() => api.workos.apiKeys.expireApiKey("api_key_1", lost[1]), TypeError);

    assertEquals(api.requests, []);
  });

  it("listOrganizationApiKeys() lists the keys of an organization", async () => {
    const api = fakeApi({ object: "list", data: [{ ...KEY, owner: USER_OWNER }], list_metadata: { after: null } });

    const keys = await api.workos.apiKeys.listOrganizationApiKeys({ organizationId: "org_1", limit: 5, after: "k" });

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["GET", "/organizations/org_1/api_keys"]);
    assertEquals(request.query, { limit: "5", after: "k", order: "desc" });
    const owner = { type: "user", id: "user_1", organizationId: "org_1" };
    assertEquals(keys.data as unknown[], [{ ...READ, owner }]);
  });

  it("createOrganizationApiKey() sends the key and returns its value", async () => {
    const api = fakeApi({ ...KEY, value: "sk_secret", owner: { ...USER_OWNER, type: "organization" } });
    const options = {
      organizationId: "org_1",
      name: "Production",
      permissions: ["posts:read"],
      expiresAt: new Date("2030-01-01"),
    };

    const key = await api.workos.apiKeys.createOrganizationApiKey(options, { idempotencyKey: "once" });

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["POST", "/organizations/org_1/api_keys"]);
    assertEquals(request.body, {
      name: "Production",
      permissions: ["posts:read"],
      expires_at: "2030-01-01T00:00:00.000Z",
    });
    assertEquals(request.headers["idempotency-key"], "once");
    const owner = { type: "organization", id: "user_1", organizationId: "org_1" };
    assertEquals(key as unknown, { ...READ, value: "sk_secret", owner });
  });

  it("createOrganizationApiKey() leaves out what was not given, and refuses a time that got lost", async () => {
    const api = fakeApi({ ...KEY, value: "sk_secret" });
    const { apiKeys } = api.workos;

    await apiKeys.createOrganizationApiKey({ organizationId: "org_1", name: "A", expiresAt: "2030-01-01" });
    await apiKeys.createOrganizationApiKey({ organizationId: "org_1", name: "B" });
    await assertRejects(
      () => apiKeys.createOrganizationApiKey({ organizationId: "org_1", name: "C", expiresAt: new Date(NaN) }),
      RangeError,
    );

    assertEquals(api.requests.map(({ body }) => body), [{ name: "A", expires_at: "2030-01-01" }, { name: "B" }]);
  });

  it("refuses an empty id before anything is sent", async () => {
    const api = fakeApi({});
    const { apiKeys } = api.workos;

    await assertRejects(() => apiKeys.deleteApiKey(""), TypeError);
    await assertRejects(() => apiKeys.expireApiKey(".."), TypeError);
    await assertRejects(() => apiKeys.listOrganizationApiKeys({ organizationId: "" }), TypeError);
    await assertRejects(() => apiKeys.createOrganizationApiKey({ organizationId: "", name: "A" }), TypeError);

    assertEquals(api.requests, []);
  });
});
