import { assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fakeApi } from "../fake_api.ts";

const flag = {
  object: "feature_flag",
  id: "flag_1",
  name: "Advanced Analytics",
  slug: "advanced-analytics",
  description: null,
  tags: ["reports"],
  enabled: true,
  default_value: false,
  owner: { email: "jane@example.com", first_name: "Jane", last_name: null },
  environment_id: "environment_1",
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-02T00:00:00.000Z",
  brand_new: { some_field: 1 },
};
const readableFlag = {
  object: "feature_flag",
  id: "flag_1",
  name: "Advanced Analytics",
  slug: "advanced-analytics",
  description: null,
  tags: ["reports"],
  enabled: true,
  defaultValue: false,
  owner: { email: "jane@example.com", firstName: "Jane", lastName: null },
  environmentId: "environment_1",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-02T00:00:00.000Z",
  brandNew: { someField: 1 },
};

function page(...data: unknown[]): unknown {
  return { object: "list", data, list_metadata: { before: null, after: "flag_9" } };
}

describe("FeatureFlags", () => {
  it("listFeatureFlags() lists the flags of the environment", async () => {
    const api = fakeApi(page(flag));

    const flags = await api.workos.featureFlags.listFeatureFlags({ limit: 3, order: "asc" });

    assertEquals(api.requests[0].method, "GET");
    assertEquals(api.requests[0].path, "/feature-flags");
    assertEquals(api.requests[0].query, { limit: "3", order: "asc" });
    assertEquals(flags.data as unknown[], [readableFlag]);
    assertEquals(flags.listMetadata, { before: null, after: "flag_9" });
  });

  it("getFeatureFlag() reads a flag with its owner and environment", async () => {
    const api = fakeApi(flag);

    const answer = await api.workos.featureFlags.getFeatureFlag("advanced-analytics");

    assertEquals(api.requests[0].path, "/feature-flags/advanced-analytics");
    assertEquals(answer as unknown, readableFlag);
  });

  it("getFeatureFlag() keeps an owner that is null", async () => {
    const api = fakeApi({ ...flag, owner: null });

    const answer = await api.workos.featureFlags.getFeatureFlag("advanced-analytics");

    assertEquals(answer.owner, null);
  });

  it("enableFeatureFlag() puts an empty object", async () => {
    const api = fakeApi(flag);

    const answer = await api.workos.featureFlags.enableFeatureFlag("advanced-analytics");

    assertEquals(api.requests[0].method, "PUT");
    assertEquals(api.requests[0].path, "/feature-flags/advanced-analytics/enable");
    assertEquals(api.requests[0].body, {});
    assertEquals(answer as unknown, readableFlag);
  });

  it("disableFeatureFlag() puts an empty object", async () => {
    const api = fakeApi({ ...flag, enabled: false });

    const answer = await api.workos.featureFlags.disableFeatureFlag("advanced-analytics");

    assertEquals(api.requests[0].method, "PUT");
    assertEquals(api.requests[0].path, "/feature-flags/advanced-analytics/disable");
    assertEquals(api.requests[0].body, {});
    assertEquals(answer.enabled, false);
  });

  it("addFlagTarget() ignores the answer", async () => {
    const api = fakeApi({ ignored: true });

    const nothing = await api.workos.featureFlags.addFlagTarget({ slug: "advanced-analytics", targetId: "user_1" });

    assertEquals(nothing, undefined);
    assertEquals(api.requests[0].method, "POST");
    assertEquals(api.requests[0].path, "/feature-flags/advanced-analytics/targets/user_1");
    assertEquals(api.requests[0].body, {});
  });

  it("addFlagTarget() refuses a missing target", async () => {
    const api = fakeApi({});

    await assertRejects(
      () => api.workos.featureFlags.addFlagTarget({ slug: "advanced-analytics", targetId: "" }),
      TypeError,
    );

    assertEquals(api.requests.length, 0);
  });

  it("removeFlagTarget() sends no body", async () => {
    const api = fakeApi({});

    const nothing = await api.workos.featureFlags.removeFlagTarget({ slug: "advanced-analytics", targetId: "org_1" });

    assertEquals(nothing, undefined);
    assertEquals(api.requests[0].method, "DELETE");
    assertEquals(api.requests[0].path, "/feature-flags/advanced-analytics/targets/org_1");
    assertEquals(api.requests[0].body, undefined);
  });

  it("listOrganizationFeatureFlags() keeps the organization out of the query", async () => {
    const api = fakeApi(page(flag));

    const flags = await api.workos.featureFlags.listOrganizationFeatureFlags({ organizationId: "org_1", limit: 1 });

    assertEquals(api.requests[0].path, "/organizations/org_1/feature-flags");
    assertEquals(api.requests[0].query, { limit: "1", order: "desc" });
    assertEquals(flags.data as unknown[], [readableFlag]);
    assertEquals(flags.options, { limit: 1 });
  });

  it("listUserFeatureFlags() keeps the user out of the query", async () => {
    const api = fakeApi(page(flag));

    const flags = await api.workos.featureFlags.listUserFeatureFlags({ userId: "user_1", before: "flag_2" });

    assertEquals(api.requests[0].path, "/user_management/users/user_1/feature-flags");
    assertEquals(api.requests[0].query, { before: "flag_2", order: "desc" });
    assertEquals(flags.data as unknown[], [readableFlag]);
  });

  it("passes request options on", async () => {
    const api = fakeApi(flag);

    await api.workos.featureFlags.enableFeatureFlag("advanced-analytics", { headers: { "X-Trace": "1" } });

    assertEquals(api.requests[0].headers["x-trace"], "1");
  });
});
