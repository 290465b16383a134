import { assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { UserOrganizationMembershipBaseListDataStatus } from "../../src/resources/groups.ts";
import { fakeApi } from "../fake_api.ts";

const group = {
  object: "group",
  id: "group_1",
  organization_id: "org_1",
  name: "Engineering",
  description: "Builds things",
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-02T00:00:00.000Z",
  brand_new: { some_field: 1 },
};
const readableGroup = {
  object: "group",
  id: "group_1",
  organizationId: "org_1",
  name: "Engineering",
  description: "Builds things",
  createdAt: new Date("2026-01-01T00:00:00.000Z"),
  updatedAt: new Date("2026-01-02T00:00:00.000Z"),
  brandNew: { someField: 1 },
};

function page(...data: unknown[]): unknown {
  return { object: "list", data, list_metadata: { before: null, after: null } };
}

describe("Groups", () => {
  it("getGroup() reads times as dates", async () => {
    const api = fakeApi(group);

    const answer = await api.workos.groups.getGroup({ organizationId: "org_1", groupId: "group_1" });

    assertEquals(api.requests[0].method, "GET");
    assertEquals(api.requests[0].path, "/organizations/org_1/groups/group_1");
    assertEquals(answer as unknown, readableGroup);
  });

  it("getGroup() reads an absent description as null", async () => {
    const { description: _, ...bare } = group;
    const api = fakeApi(bare);

    const answer = await api.workos.groups.getGroup({ organizationId: "org_1", groupId: "group_1" });

    assertEquals(answer.description, null);
  });

  it("getGroup() refuses an id that leaves the endpoint", async () => {
    const api = fakeApi(group);

    await assertRejects(() => api.workos.groups.getGroup({ organizationId: "org_1", groupId: ".." }), TypeError);

    assertEquals(api.requests.length, 0);
  });

  it("listGroups() keeps the organization out of the query and of the options", async () => {
    const api = fakeApi(page(group));

    const groups = await api.workos.groups.listGroups({ organizationId: "org_1", limit: 2 });

    assertEquals(api.requests[0].path, "/organizations/org_1/groups");
    assertEquals(api.requests[0].query, { limit: "2", order: "desc" });
    assertEquals(groups.data as unknown[], [readableGroup]);
    assertEquals(groups.options, { limit: 2 });
  });

  it("createGroup() sends name and description", async () => {
    const api = fakeApi(group);

    const answer = await api.workos.groups.createGroup(
      { organizationId: "org_1", name: "Engineering", description: "Builds things" },
      { idempotencyKey: "once" },
    );

    assertEquals(api.requests[0].method, "POST");
    assertEquals(api.requests[0].path, "/organizations/org_1/groups");
    assertEquals(api.requests[0].body, { name: "Engineering", description: "Builds things" });
    assertEquals(api.requests[0].headers["idempotency-key"], "once");
    assertEquals(answer as unknown, readableGroup);
  });

  it("createGroup() sends no description that was left out", async () => {
    const api = fakeApi(group);

    await api.workos.groups.createGroup({ organizationId: "org_1", name: "Engineering" });

    assertEquals(api.requests[0].body, { name: "Engineering" });
  });

  it("updateGroup() does not clear a description that was left out", async () => {
    const api = fakeApi(group);

    const answer = await api.workos.groups.updateGroup({ organizationId: "org_1", groupId: "group_1", name: "New" });

    assertEquals(api.requests[0].method, "PATCH");
    assertEquals(api.requests[0].path, "/organizations/org_1/groups/group_1");
    assertEquals(api.requests[0].body, { name: "New" });
    assertEquals(answer as unknown, readableGroup);
  });

  it("updateGroup() clears a description that is null", async () => {
    const api = fakeApi(group);

    await api.workos.groups.updateGroup({ organizationId: "org_1", groupId: "group_1", description: null });

    assertEquals(api.requests[0].body, { description: null });
  });

  it("deleteGroup() sends no body and gives nothing back", async () => {
    const api = fakeApi({ ignored: true });

    const nothing = await api.workos.groups.deleteGroup({ organizationId: "org_1", groupId: "group_1" });

    assertEquals(nothing, undefined);
    assertEquals(api.requests[0].method, "DELETE");
    assertEquals(api.requests[0].path, "/organizations/org_1/groups/group_1");
    assertEquals(api.requests[0].body, undefined);
  });

  it("listOrganizationMemberships() reads members, defaults and attributes", async () => {
    const member = {
      object: "organization_membership",
      id: "om_1",
      user_id: "user_1",
      organization_id: "org_1",
      organization_name: "Acme",
      status: "active",
      created_at: "2026-01-01T00:00:00.000Z",
      updated_at: "2026-01-02T00:00:00.000Z",
    };
    const attributes = { first_name: "Ada", lastName: "Lovelace" };
    const api = fakeApi(page(member, { ...member, directory_managed: true, custom_attributes: attributes }));

    const members = await api.workos.groups.listOrganizationMemberships({
      organizationId: "org_1",
      groupId: "group_1",
      after: "om_0",
    });

    const readable = {
      object: "organization_membership",
      id: "om_1",
      userId: "user_1",
      organizationId: "org_1",
      organizationName: "Acme",
      status: UserOrganizationMembershipBaseListDataStatus.Active,
      createdAt: "2026-01-01T00:00:00.000Z",
      updatedAt: "2026-01-02T00:00:00.000Z",
    };
    assertEquals(api.requests[0].path, "/organizations/org_1/groups/group_1/organization-memberships");
    assertEquals(api.requests[0].query, { after: "om_0", order: "desc" });
    assertEquals(members.data as unknown[], [
      { ...readable, directoryManaged: false, customAttributes: {} },
      { ...readable, directoryManaged: true, customAttributes: attributes },
    ]);
  });

  it("addOrganizationMembership() sends the member and reads the group", async () => {
    const api = fakeApi(group);

    const answer = await api.workos.groups.addOrganizationMembership({
      organizationId: "org_1",
      groupId: "group_1",
      organizationMembershipId: "om_1",
    });

    assertEquals(api.requests[0].method, "POST");
    assertEquals(api.requests[0].path, "/organizations/org_1/groups/group_1/organization-memberships");
    assertEquals(api.requests[0].body, { organization_membership_id: "om_1" });
    assertEquals(answer as unknown, readableGroup);
  });

  it("removeOrganizationMembership() names the member in the path", async () => {
    const api = fakeApi({});

    const nothing = await api.workos.groups.removeOrganizationMembership({
      organizationId: "org_1",
      groupId: "group_1",
      organizationMembershipId: "om_1",
    });

    assertEquals(nothing, undefined);
    assertEquals(api.requests[0].method, "DELETE");
    assertEquals(api.requests[0].path, "/organizations/org_1/groups/group_1/organization-memberships/om_1");
    assertEquals(api.requests[0].body, undefined);
  });
});
