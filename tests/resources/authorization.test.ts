import { assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { WorkOS } from "../../mod.ts";
import { fakeApi } from "../fake_api.ts";
import { assignmentLists, assignments, groupAssignment } from "./authorization/assignments.ts";
import { permission, permissionLists, permissions } from "./authorization/permissions.ts";
import { resource, resourceLists, resources } from "./authorization/resources.ts";
import { roles } from "./authorization/roles.ts";
import { page } from "./authorization/rows.ts";

const rows = [...roles, ...permissions, ...resources, ...assignments];
const lists = [...permissionLists, ...resourceLists, ...assignmentLists];

describe("Authorization", () => {
  for (const { name, call, request, query = {}, body, answer = {}, result } of rows) {
    it(name, async () => {
      const api = fakeApi(answer);

      const value = await call(api.workos.authorization);

      const { method, path, query: sentQuery, body: sentBody } = api.requests[0];
      assertEquals(`${method} ${path}`, request);
      assertEquals(sentQuery, query);
      assertEquals(sentBody, body);
      assertEquals(value, result);
    });
  }

  for (const { name, call, path, query, options, item, result } of lists) {
    it(`${name} lists one page`, async () => {
      const api = fakeApi(page(item));

      const list = await call(api.workos.authorization);

      assertEquals(api.requests[0].method, "GET");
      assertEquals(api.requests[0].path, path);
      assertEquals(api.requests[0].query, query);
      assertEquals(api.requests[0].body, undefined);
      assertEquals(list.data, [result]);
      assertEquals({ ...list.options as object }, options);
    });
  }

  it("every method has a row", () => {
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(fakeApi().workos.authorization));
    const tested = new Set([...rows, ...lists].map(({ name }) => name.slice(0, name.indexOf("("))));

    const untested = methods.filter((method) => method !== "constructor" && !tested.has(method));

    assertEquals(untested, []);
  });

  it("reads further pages with the same filters", async () => {
    const first = { object: "list", data: [resource], list_metadata: { before: null, after: "authz_resource_1" } };
    const api = fakeApi(first, page({ ...resource, id: "authz_resource_2" }));

    const found = await api.workos.authorization.listResourcesForMembership({
      organizationMembershipId: "om_1",
      permissionSlug: "posts:read",
      parentResourceId: "authz_resource_0",
    });
    const all = await found.autoPagination();

    assertEquals(all.map(({ id }) => id), ["authz_resource_1", "authz_resource_2"]);
    assertEquals(api.requests[1].path, "/authorization/organization_memberships/om_1/resources");
    assertEquals(api.requests[1].query, {
      permission_slug: "posts:read",
      parent_resource_id: "authz_resource_0",
      after: "authz_resource_1",
      limit: "100",
      order: "desc",
    });
  });

  it("passes request options on", async () => {
    const api = fakeApi(groupAssignment, page(permission), {});
    const { authorization } = api.workos;

    await authorization.createGroupRoleAssignment({ groupId: "group_1", roleSlug: "admin" }, {
      idempotencyKey: "once",
    });
    await authorization.listPermissions({}, { headers: { "X-Trace": "1" } });
    await authorization.deleteOrganizationRole("org_1", "org-admin", { headers: { "X-Trace": "2" } });

    assertEquals(api.requests[0].headers["idempotency-key"], "once");
    assertEquals(api.requests[1].headers["x-trace"], "1");
    assertEquals(api.requests[2].headers["x-trace"], "2");
  });
});

describe("a resource that is named, but has no value", () => {
  const forgotten: [string, object][] = [
    ["an undefined id", { resourceId: undefined }],
    ["a null id", { resourceId: null }],
    ["an empty id", { resourceId: "" }],
    ["an undefined own id", { resourceExternalId: undefined, resourceTypeSlug: "project" }],
    ["an own id without a type", { resourceExternalId: "proj-456" }],
    ["a type alone", { resourceTypeSlug: "project" }],
  ];

  const base = {
    groupId: "group_1",
    roleSlug: "admin",
    organizationMembershipId: "om_1",
    permissionSlug: "posts:read",
  };

  const calls: [string, (workos: WorkOS, options: never) => Promise<unknown>][] = [
    ["check()", ({ authorization }, options) => authorization.check(options)],
    ["assignRole()", ({ authorization }, options) => authorization.assignRole(options)],
    ["removeRole()", ({ authorization }, options) => authorization.removeRole(options)],
    ["createGroupRoleAssignment()", (it, options) => it.authorization.createGroupRoleAssignment(options)],
    ["removeGroupRoleAssignments()", (it, options) => it.authorization.removeGroupRoleAssignments(options)],
    [
      "replaceGroupRoleAssignments()",
      (it, options) => it.authorization.replaceGroupRoleAssignments({ groupId: "group_1", roleAssignments: [options] }),
    ],
  ];

  for (const [method, call] of calls) {
    for (const [what, fields] of forgotten) {
      it(`${method} refuses ${what}`, async () => {
        const api = fakeApi({});

        await assertRejects(
          () => call(api.workos, { ...base, ...fields } as never),
          TypeError,
          "Cannot tell the resource",
        );

        assertEquals(api.requests.length, 0);
      });
    }
  }

  it("an own id is taken when the id is undefined", async () => {
    const api = fakeApi(groupAssignment);
    const options = { resourceId: undefined, resourceExternalId: "proj-456", resourceTypeSlug: "project" };

    await api.workos.authorization.createGroupRoleAssignment({ ...base, ...options } as never);

    assertEquals(api.requests[0].body, {
      role_slug: "admin",
      resource_external_id: "proj-456",
      resource_type_slug: "project",
    });
  });
});
