import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertRejects } from "@std/assert";
import { ConflictException, NotFoundException, type WorkOS } from "../../mod.ts";
import { restart } from "./client.ts";

describe("authorization with the emulator", () => {
  let workos: WorkOS;

  beforeEach(() => {
    workos = restart();
  });

  it("makes roles of permissions", async () => {
    const { authorization } = workos;
    await authorization.createPermission({ slug: "docs:read", name: "Read" });
    const { slug } = await authorization.createOrganizationRole("org_1", { name: "Reader" });

    const role = await authorization.addOrganizationRolePermission("org_1", slug, { permissionSlug: "docs:read" });
    await authorization.removeOrganizationRolePermission("org_1", slug, { permissionSlug: "docs:read" });

    assertEquals([role.type, role.permissions], ["OrganizationRole", ["docs:read"]]);
    assertEquals((await authorization.getOrganizationRole("org_1", slug)).permissions, []);
    const { data } = await authorization.listOrganizationRoles("org_1");
    assertEquals(data.map((it) => it.slug), ["member", "admin", slug]);
  });

  it("checks permissions on resources", async () => {
    const { authorization, groups } = workos;
    const organizationMembershipId = "om_2";
    const workspace = { organizationId: "org_1", resourceTypeSlug: "workspace", externalId: "w-1", name: "Main" };
    await authorization.createPermission({ slug: "docs:read", name: "Read", resourceTypeSlug: "document" });
    await authorization.createEnvironmentRole({ slug: "guest", name: "Guest", resourceTypeSlug: "workspace" });
    await authorization.setEnvironmentRolePermissions("guest", { permissions: ["docs:read"] });
    const { id: parentResourceId } = await authorization.createResource(workspace);
    const { id: resourceId } = await authorization.createResource({
      ...workspace,
      resourceTypeSlug: "document",
      externalId: "d-1",
      parentResourceId,
    });
    const check = { organizationMembershipId, permissionSlug: "docs:read", resourceId };
    const where = { resourceExternalId: "w-1", resourceTypeSlug: "workspace" };

    const before = await authorization.check(check);
    const given = await authorization.assignRole({ organizationMembershipId, roleSlug: "guest", ...where });
    const after = await authorization.check(check);

    assertEquals([before.authorized, after.authorized, given.resource.id], [false, true, parentResourceId]);
    for (const route of ["membership", "resource"] as const) {
      const { data } = await authorization.listEffectivePermissions({ organizationMembershipId, resourceId, route });
      assertEquals(data.map(({ slug }) => slug), ["docs:read"]);
    }
    const options = { organizationMembershipId, permissionSlug: "docs:read", parentResourceId };
    assertEquals((await authorization.listResourcesForMembership(options)).data.map(({ id }) => id), [resourceId]);
    const members = await authorization.listMembershipsForResource({ resourceId, permissionSlug: "docs:read" });
    assertEquals(members.data.map(({ id, user }) => [id, user?.email]), [["om_2", "bob@example.com"]]);

    await authorization.removeRole({ organizationMembershipId, roleSlug: "guest", ...where });
    const { id: groupId } = await groups.createGroup({ organizationId: "org_1", name: "Guests" });
    await groups.addOrganizationMembership({ organizationId: "org_1", groupId, organizationMembershipId });
    const roleAssignments = [{ roleSlug: "guest", resourceId: parentResourceId }, { roleSlug: "admin" }];
    const replaced = await authorization.replaceGroupRoleAssignments({ groupId, roleAssignments });
    const { data } = await authorization.listRoleAssignments({ organizationMembershipId });

    assertEquals(data.map(({ role, source }) => [role.slug, source.groupRoleAssignmentId ?? source.type]), [
      ["admin", replaced.data[1].id],
      ["guest", replaced.data[0].id],
      ["member", "direct"],
    ]);
    assertEquals(await authorization.check(check), { authorized: true });
    await assertRejects(() => authorization.deleteResource({ resourceId: parentResourceId }), ConflictException);
    await authorization.deleteResource({ resourceId: parentResourceId, cascadeDelete: true });
    await assertRejects(() => authorization.check(check), NotFoundException);
  });
});
