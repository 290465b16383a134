import { assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { WorkOS } from "../../mod.ts";
import type { Authorization } from "../../src/resources/authorization.ts";
import { fakeApi } from "../fake_api.ts";

const times = { created_at: "2026-01-01T00:00:00.000Z", updated_at: "2026-01-02T00:00:00.000Z" };
const readableTimes = { createdAt: "2026-01-01T00:00:00.000Z", updatedAt: "2026-01-02T00:00:00.000Z" };

const role = {
  object: "role",
  id: "role_1",
  name: "Admin",
  slug: "admin",
  description: null,
  permissions: ["posts:read"],
  resource_type_slug: "organization",
  type: "EnvironmentRole",
  brand_new: { some_field: 1 },
  ...times,
};
const readableRole = {
  object: "role",
  id: "role_1",
  name: "Admin",
  slug: "admin",
  description: null,
  permissions: ["posts:read"],
  resourceTypeSlug: "organization",
  type: "EnvironmentRole",
  brandNew: { someField: 1 },
  ...readableTimes,
};
const { type: _, ...untypedRole } = role;
const readableOrganizationRole = { ...readableRole, type: "OrganizationRole" };

const permission = {
  object: "permission",
  id: "perm_1",
  slug: "posts:read",
  name: "Read posts",
  description: null,
  resource_type_slug: "organization",
  system: false,
  brand_new: { some_field: 1 },
  ...times,
};
const readablePermission = {
  object: "permission",
  id: "perm_1",
  slug: "posts:read",
  name: "Read posts",
  description: null,
  resourceTypeSlug: "organization",
  system: false,
  brandNew: { someField: 1 },
  ...readableTimes,
};

const resource = {
  object: "authorization_resource",
  id: "authz_resource_1",
  external_id: "proj-456",
  name: "Website",
  description: null,
  resource_type_slug: "project",
  organization_id: "org_1",
  parent_resource_id: null,
  brand_new: { some_field: 1 },
  ...times,
};
const readableResource = {
  object: "authorization_resource",
  id: "authz_resource_1",
  externalId: "proj-456",
  name: "Website",
  description: null,
  resourceTypeSlug: "project",
  organizationId: "org_1",
  parentResourceId: null,
  brandNew: { someField: 1 },
  ...readableTimes,
};

const place = { id: "authz_resource_1", external_id: "proj-456", resource_type_slug: "project" };
const readablePlace = { id: "authz_resource_1", externalId: "proj-456", resourceTypeSlug: "project" };

const assignment = {
  object: "role_assignment",
  id: "role_assignment_1",
  organization_membership_id: "om_1",
  role: { slug: "admin" },
  resource: place,
  source: { type: "group", group_role_assignment_id: "gra_1" },
  brand_new: { some_field: 1 },
  ...times,
};
const readableAssignment = {
  object: "role_assignment",
  id: "role_assignment_1",
  organizationMembershipId: "om_1",
  role: { slug: "admin" },
  resource: readablePlace,
  source: { type: "group", groupRoleAssignmentId: "gra_1" },
  brandNew: { someField: 1 },
  ...readableTimes,
};

const groupAssignment = {
  object: "group_role_assignment",
  id: "gra_1",
  group_id: "group_1",
  role: { slug: "admin" },
  resource: place,
  ...times,
};
const readableGroupAssignment = {
  object: "group_role_assignment",
  id: "gra_1",
  groupId: "group_1",
  role: { slug: "admin" },
  resource: readablePlace,
  ...readableTimes,
};

const attributes = { first_name: "Ada", lastName: "Lovelace" };
const member = {
  object: "organization_membership",
  id: "om_1",
  user_id: "user_1",
  organization_id: "org_1",
  organization_name: "Acme",
  status: "active",
  directory_managed: true,
  custom_attributes: attributes,
  user: { object: "user", id: "user_1", first_name: "Ada", email: "ada@example.com", metadata: attributes },
  ...times,
};
const readableMember = {
  object: "organization_membership",
  id: "om_1",
  userId: "user_1",
  organizationId: "org_1",
  organizationName: "Acme",
  status: "active",
  directoryManaged: true,
  customAttributes: attributes,
  user: {
    object: "user",
    id: "user_1",
    firstName: "Ada",
    email: "ada@example.com",
    metadata: attributes,
    name: null,
    externalId: null,
  },
  ...readableTimes,
};

function page(...data: unknown[]): unknown {
  return { object: "list", data, list_metadata: { before: null, after: null } };
}

/** A call, the request it makes and what becomes of the answer. */
interface Row {
  name: string;
  call: (authorization: Authorization) => Promise<unknown>;
  request: string;
  query?: Record<string, string>;
  body?: unknown;
  answer?: unknown;
  result?: unknown;
}

const rows: Row[] = [
  {
    name: "createEnvironmentRole() sends every field",
    call: (it) =>
      it.createEnvironmentRole({ slug: "admin", name: "Admin", description: "All", resourceTypeSlug: "project" }),
    request: "POST /authorization/roles",
    body: { slug: "admin", name: "Admin", description: "All", resource_type_slug: "project" },
    answer: role,
    result: readableRole,
  },
  {
    name: "listEnvironmentRoles() gives a list without cursors",
    call: (it) => it.listEnvironmentRoles(),
    request: "GET /authorization/roles",
    answer: { object: "list", data: [role] },
    result: { object: "list", data: [readableRole] },
  },
  {
    name: "getEnvironmentRole() fetches by slug",
    call: (it) => it.getEnvironmentRole("admin"),
    request: "GET /authorization/roles/admin",
    answer: role,
    result: readableRole,
  },
  {
    name: "updateEnvironmentRole() sends only what was given",
    call: (it) => it.updateEnvironmentRole("admin", { description: null }),
    request: "PATCH /authorization/roles/admin",
    body: { description: null },
    answer: role,
    result: readableRole,
  },
  {
    name: "setEnvironmentRolePermissions() sends the permissions",
    call: (it) => it.setEnvironmentRolePermissions("admin", { permissions: ["posts:read", "posts:write"] }),
    request: "PUT /authorization/roles/admin/permissions",
    body: { permissions: ["posts:read", "posts:write"] },
    answer: role,
    result: readableRole,
  },
  {
    name: "setEnvironmentRolePermissions() sends an empty list",
    call: (it) => it.setEnvironmentRolePermissions("admin", { permissions: [] }),
    request: "PUT /authorization/roles/admin/permissions",
    body: { permissions: [] },
    answer: role,
    result: readableRole,
  },
  {
    name: "addEnvironmentRolePermission() sends the slug",
    call: (it) => it.addEnvironmentRolePermission("admin", { permissionSlug: "posts:write" }),
    request: "POST /authorization/roles/admin/permissions",
    body: { slug: "posts:write" },
    answer: role,
    result: readableRole,
  },
  {
    name: "createOrganizationRole() adds a type the answer lacks",
    call: (it) =>
      it.createOrganizationRole("org_1", { slug: "org-admin", name: "Admin", resourceTypeSlug: "organization" }),
    request: "POST /authorization/organizations/org_1/roles",
    body: { slug: "org-admin", name: "Admin", resource_type_slug: "organization" },
    answer: untypedRole,
    result: readableOrganizationRole,
  },
  {
    name: "createOrganizationRole() needs no slug",
    call: (it) => it.createOrganizationRole("org_1", { name: "Admin" }),
    request: "POST /authorization/organizations/org_1/roles",
    body: { name: "Admin" },
    answer: { ...role, type: null },
    result: readableOrganizationRole,
  },
  {
    name: "listOrganizationRoles() keeps both kinds of role apart",
    call: (it) => it.listOrganizationRoles("org_1"),
    request: "GET /authorization/organizations/org_1/roles",
    answer: { object: "list", data: [role, { ...role, type: "OrganizationRole" }] },
    result: { object: "list", data: [readableRole, readableOrganizationRole] },
  },
  {
    name: "getOrganizationRole() keeps the type of an environment role",
    call: (it) => it.getOrganizationRole("org_1", "admin"),
    request: "GET /authorization/organizations/org_1/roles/admin",
    answer: role,
    result: readableRole,
  },
  {
    name: "updateOrganizationRole() sends only what was given",
    call: (it) => it.updateOrganizationRole("org_1", "org-admin", { name: "Boss" }),
    request: "PATCH /authorization/organizations/org_1/roles/org-admin",
    body: { name: "Boss" },
    answer: untypedRole,
    result: readableOrganizationRole,
  },
  {
    name: "deleteOrganizationRole() sends no body",
    call: (it) => it.deleteOrganizationRole("org_1", "org-admin"),
    request: "DELETE /authorization/organizations/org_1/roles/org-admin",
  },
  {
    name: "setOrganizationRolePermissions() sends the permissions",
    call: (it) => it.setOrganizationRolePermissions("org_1", "org-admin", { permissions: ["posts:read"] }),
    request: "PUT /authorization/organizations/org_1/roles/org-admin/permissions",
    body: { permissions: ["posts:read"] },
    answer: untypedRole,
    result: readableOrganizationRole,
  },
  {
    name: "addOrganizationRolePermission() sends the slug",
    call: (it) => it.addOrganizationRolePermission("org_1", "org-admin", { permissionSlug: "posts:read" }),
    request: "POST /authorization/organizations/org_1/roles/org-admin/permissions",
    body: { slug: "posts:read" },
    answer: untypedRole,
    result: readableOrganizationRole,
  },
  {
    name: "removeOrganizationRolePermission() names the permission in the path, colon kept",
    call: (it) => it.removeOrganizationRolePermission("org_1", "org-admin", { permissionSlug: "posts:read" }),
    request: "DELETE /authorization/organizations/org_1/roles/org-admin/permissions/posts:read",
  },
  {
    name: "createPermission() sends every field",
    call: (it) =>
      it.createPermission({ slug: "posts:read", name: "Read", description: "See", resourceTypeSlug: "project" }),
    request: "POST /authorization/permissions",
    body: { slug: "posts:read", name: "Read", description: "See", resource_type_slug: "project" },
    answer: permission,
    result: readablePermission,
  },
  {
    name: "getPermission() fetches by slug",
    call: (it) => it.getPermission("posts:read"),
    request: "GET /authorization/permissions/posts:read",
    answer: permission,
    result: readablePermission,
  },
  {
    name: "updatePermission() sends only what was given",
    call: (it) => it.updatePermission("posts:read", { name: "See" }),
    request: "PATCH /authorization/permissions/posts:read",
    body: { name: "See" },
    answer: permission,
    result: readablePermission,
  },
  {
    name: "deletePermission() sends no body",
    call: (it) => it.deletePermission("posts:read"),
    request: "DELETE /authorization/permissions/posts:read",
  },
  {
    name: "getResource() fetches by id",
    call: (it) => it.getResource("authz_resource_1"),
    request: "GET /authorization/resources/authz_resource_1",
    answer: resource,
    result: readableResource,
  },
  {
    name: "createResource() needs no parent",
    call: (it) =>
      it.createResource({
        externalId: "proj-456",
        name: "Website",
        description: null,
        resourceTypeSlug: "project",
        organizationId: "org_1",
      }),
    request: "POST /authorization/resources",
    body: {
      external_id: "proj-456",
      name: "Website",
      description: null,
      resource_type_slug: "project",
      organization_id: "org_1",
    },
    answer: resource,
    result: readableResource,
  },
  {
    name: "createResource() takes a parent by its id",
    call: (it) =>
      it.createResource({
        externalId: "proj-456",
        name: "Website",
        resourceTypeSlug: "project",
        organizationId: "org_1",
        parentResourceId: "authz_resource_0",
      }),
    request: "POST /authorization/resources",
    body: {
      external_id: "proj-456",
      name: "Website",
      resource_type_slug: "project",
      organization_id: "org_1",
      parent_resource_id: "authz_resource_0",
    },
    answer: resource,
    result: readableResource,
  },
  {
    name: "createResource() takes a parent by the caller's own id",
    call: (it) =>
      it.createResource({
        externalId: "proj-456",
        name: "Website",
        resourceTypeSlug: "project",
        organizationId: "org_1",
        parentResourceExternalId: "space-1",
        parentResourceTypeSlug: "workspace",
      }),
    request: "POST /authorization/resources",
    body: {
      external_id: "proj-456",
      name: "Website",
      resource_type_slug: "project",
      organization_id: "org_1",
      parent_resource_external_id: "space-1",
      parent_resource_type_slug: "workspace",
    },
    answer: resource,
    result: readableResource,
  },
  {
    name: "createResource() sends one parent when there are two, and a null one",
    call: (it) =>
      it.createResource({
        externalId: "proj-456",
        name: "Website",
        resourceTypeSlug: "project",
        organizationId: "org_1",
        parentResourceId: null,
        parentResourceExternalId: "space-1",
        parentResourceTypeSlug: "workspace",
      }),
    request: "POST /authorization/resources",
    body: {
      external_id: "proj-456",
      name: "Website",
      resource_type_slug: "project",
      organization_id: "org_1",
      parent_resource_id: null,
    },
    answer: resource,
    result: readableResource,
  },
  {
    name: "updateResource() sends only what was given",
    call: (it) => it.updateResource({ resourceId: "authz_resource_1", name: "Shop" }),
    request: "PATCH /authorization/resources/authz_resource_1",
    body: { name: "Shop" },
    answer: resource,
    result: readableResource,
  },
  {
    name: "updateResource() moves a resource by the parent's id",
    call: (it) =>
      it.updateResource({
        resourceId: "authz_resource_1",
        description: null,
        parentResourceId: "authz_resource_0",
        parentResourceTypeSlug: "workspace",
      }),
    request: "PATCH /authorization/resources/authz_resource_1",
    body: { description: null, parent_resource_id: "authz_resource_0" },
    answer: resource,
    result: readableResource,
  },
  {
    name: "updateResource() moves a resource by the caller's own id of the parent",
    call: (it) =>
      it.updateResource({
        resourceId: "authz_resource_1",
        parentResourceExternalId: "space-1",
        parentResourceTypeSlug: "workspace",
      }),
    request: "PATCH /authorization/resources/authz_resource_1",
    body: { parent_resource_external_id: "space-1", parent_resource_type_slug: "workspace" },
    answer: resource,
    result: readableResource,
  },
  {
    name: "deleteResource() leaves out an unset cascade",
    call: (it) => it.deleteResource({ resourceId: "authz_resource_1" }),
    request: "DELETE /authorization/resources/authz_resource_1",
  },
  {
    name: "deleteResource() sends the cascade as true",
    call: (it) => it.deleteResource({ resourceId: "authz_resource_1", cascadeDelete: true }),
    request: "DELETE /authorization/resources/authz_resource_1",
    query: { cascade_delete: "true" },
  },
  {
    name: "deleteResource() sends the cascade as false",
    call: (it) => it.deleteResource({ resourceId: "authz_resource_1", cascadeDelete: false }),
    request: "DELETE /authorization/resources/authz_resource_1",
    query: { cascade_delete: "false" },
  },
  {
    name: "getResourceByExternalId() names all three in the path",
    call: (it) =>
      it.getResourceByExternalId({ organizationId: "org_1", resourceTypeSlug: "project", externalId: "a/b c" }),
    request: "GET /authorization/organizations/org_1/resources/project/a%2Fb%20c",
    answer: resource,
    result: readableResource,
  },
  {
    name: "updateResourceByExternalId() keeps the path out of the body",
    call: (it) =>
      it.updateResourceByExternalId({
        organizationId: "org_1",
        resourceTypeSlug: "project",
        externalId: "proj-456",
        name: "Shop",
        description: "Sells",
        parentResourceId: "authz_resource_0",
      }),
    request: "PATCH /authorization/organizations/org_1/resources/project/proj-456",
    body: { name: "Shop", description: "Sells", parent_resource_id: "authz_resource_0" },
    answer: resource,
    result: readableResource,
  },
  {
    name: "deleteResourceByExternalId() sends the cascade",
    call: (it) =>
      it.deleteResourceByExternalId({
        organizationId: "org_1",
        resourceTypeSlug: "project",
        externalId: "proj-456",
        cascadeDelete: true,
      }),
    request: "DELETE /authorization/organizations/org_1/resources/project/proj-456",
    query: { cascade_delete: "true" },
  },
  {
    name: "check() asks about a resource by its id",
    call: (it) =>
      it.check({ organizationMembershipId: "om_1", permissionSlug: "posts:read", resourceId: "authz_resource_1" }),
    request: "POST /authorization/organization_memberships/om_1/check",
    body: { permission_slug: "posts:read", resource_id: "authz_resource_1" },
    answer: { authorized: true },
    result: { authorized: true },
  },
  {
    name: "check() asks about a resource by the caller's own id",
    call: (it) =>
      it.check({
        organizationMembershipId: "om_1",
        permissionSlug: "posts:read",
        resourceExternalId: "proj-456",
        resourceTypeSlug: "project",
      }),
    request: "POST /authorization/organization_memberships/om_1/check",
    body: { permission_slug: "posts:read", resource_external_id: "proj-456", resource_type_slug: "project" },
    answer: { authorized: false },
    result: { authorized: false },
  },
  {
    name: "assignRole() sends a resource by its id, and only that",
    call: (it) => {
      const options = {
        organizationMembershipId: "om_1",
        roleSlug: "admin",
        resourceId: "authz_resource_1",
        resourceExternalId: "proj-456",
        resourceTypeSlug: "project",
      };
      return it.assignRole(options);
    },
    request: "POST /authorization/organization_memberships/om_1/role_assignments",
    body: { role_slug: "admin", resource_id: "authz_resource_1" },
    answer: assignment,
    result: readableAssignment,
  },
  {
    name: "assignRole() sends a resource by the caller's own id",
    call: (it) =>
      it.assignRole({
        organizationMembershipId: "om_1",
        roleSlug: "admin",
        resourceExternalId: "proj-456",
        resourceTypeSlug: "project",
      }),
    request: "POST /authorization/organization_memberships/om_1/role_assignments",
    body: { role_slug: "admin", resource_external_id: "proj-456", resource_type_slug: "project" },
    answer: assignment,
    result: readableAssignment,
  },
  {
    name: "removeRole() sends a body with DELETE",
    call: (it) =>
      it.removeRole({ organizationMembershipId: "om_1", roleSlug: "admin", resourceId: "authz_resource_1" }),
    request: "DELETE /authorization/organization_memberships/om_1/role_assignments",
    body: { role_slug: "admin", resource_id: "authz_resource_1" },
  },
  {
    name: "removeRole() sends a resource by the caller's own id",
    call: (it) =>
      it.removeRole({
        organizationMembershipId: "om_1",
        roleSlug: "admin",
        resourceExternalId: "proj-456",
        resourceTypeSlug: "project",
      }),
    request: "DELETE /authorization/organization_memberships/om_1/role_assignments",
    body: { role_slug: "admin", resource_external_id: "proj-456", resource_type_slug: "project" },
  },
  {
    name: "removeRoleAssignment() names the assignment in the path",
    call: (it) => it.removeRoleAssignment({ organizationMembershipId: "om_1", roleAssignmentId: "role_assignment_1" }),
    request: "DELETE /authorization/organization_memberships/om_1/role_assignments/role_assignment_1",
  },
  {
    name: "getGroupRoleAssignment() fetches by id",
    call: (it) => it.getGroupRoleAssignment({ groupId: "group_1", roleAssignmentId: "gra_1" }),
    request: "GET /authorization/groups/group_1/role_assignments/gra_1",
    answer: groupAssignment,
    result: readableGroupAssignment,
  },
  {
    name: "createGroupRoleAssignment() is about the organization when no resource is named",
    call: (it) => it.createGroupRoleAssignment({ groupId: "group_1", roleSlug: "admin" }),
    request: "POST /authorization/groups/group_1/role_assignments",
    body: { role_slug: "admin" },
    answer: groupAssignment,
    result: readableGroupAssignment,
  },
  {
    name: "createGroupRoleAssignment() sends a resource by its id",
    call: (it) =>
      it.createGroupRoleAssignment({ groupId: "group_1", roleSlug: "admin", resourceId: "authz_resource_1" }),
    request: "POST /authorization/groups/group_1/role_assignments",
    body: { role_slug: "admin", resource_id: "authz_resource_1" },
    answer: groupAssignment,
    result: readableGroupAssignment,
  },
  {
    name: "createGroupRoleAssignment() sends a resource by the caller's own id",
    call: (it) =>
      it.createGroupRoleAssignment({
        groupId: "group_1",
        roleSlug: "admin",
        resourceExternalId: "proj-456",
        resourceTypeSlug: "project",
      }),
    request: "POST /authorization/groups/group_1/role_assignments",
    body: { role_slug: "admin", resource_external_id: "proj-456", resource_type_slug: "project" },
    answer: groupAssignment,
    result: readableGroupAssignment,
  },
  {
    name: "removeGroupRoleAssignment() names the assignment in the path",
    call: (it) => it.removeGroupRoleAssignment({ groupId: "group_1", roleAssignmentId: "gra_1" }),
    request: "DELETE /authorization/groups/group_1/role_assignments/gra_1",
  },
  {
    name: "removeGroupRoleAssignments() sends a body with DELETE",
    call: (it) => it.removeGroupRoleAssignments({ groupId: "group_1", roleSlug: "admin" }),
    request: "DELETE /authorization/groups/group_1/role_assignments",
    body: { role_slug: "admin" },
  },
  {
    name: "removeGroupRoleAssignments() sends a resource by its id",
    call: (it) =>
      it.removeGroupRoleAssignments({ groupId: "group_1", roleSlug: "admin", resourceId: "authz_resource_1" }),
    request: "DELETE /authorization/groups/group_1/role_assignments",
    body: { role_slug: "admin", resource_id: "authz_resource_1" },
  },
  {
    name: "replaceGroupRoleAssignments() sends every entry and gives a list with cursors",
    call: (it) =>
      it.replaceGroupRoleAssignments({
        groupId: "group_1",
        roleAssignments: [
          { roleSlug: "member" },
          { roleSlug: "admin", resourceId: "authz_resource_1" },
          { roleSlug: "viewer", resourceExternalId: "proj-456", resourceTypeSlug: "project" },
        ],
      }),
    request: "PUT /authorization/groups/group_1/role_assignments",
    body: {
      role_assignments: [
        { role_slug: "member" },
        { role_slug: "admin", resource_id: "authz_resource_1" },
        { role_slug: "viewer", resource_external_id: "proj-456", resource_type_slug: "project" },
      ],
    },
    answer: { object: "list", data: [groupAssignment], list_metadata: { after: "gra_1" } },
    result: {
      object: "list",
      data: [readableGroupAssignment],
      listMetadata: { after: "gra_1" },
    },
  },
  {
    name: "replaceGroupRoleAssignments() sends an empty list",
    call: (it) => it.replaceGroupRoleAssignments({ groupId: "group_1", roleAssignments: [] }),
    request: "PUT /authorization/groups/group_1/role_assignments",
    body: { role_assignments: [] },
    answer: page(),
    result: { object: "list", data: [], listMetadata: { before: null, after: null } },
  },
];

/** A call of a list method: its request, and one item before and after reading. */
interface ListRow {
  name: string;
  call: (authorization: Authorization) => Promise<{ data: unknown[]; options: unknown }>;
  path: string;
  query: Record<string, string>;
  options: unknown;
  item: unknown;
  result: unknown;
}

const external = { organizationId: "org_1", resourceTypeSlug: "project", externalId: "proj-456" };

const lists: ListRow[] = [
  {
    name: "listPermissions()",
    call: (it) => it.listPermissions({ limit: 5, order: "asc" }),
    path: "/authorization/permissions",
    query: { limit: "5", order: "asc" },
    options: { limit: 5, order: "asc" },
    item: permission,
    result: readablePermission,
  },
  {
    name: "listPermissions() without options",
    call: (it) => it.listPermissions(),
    path: "/authorization/permissions",
    query: { order: "desc" },
    options: {},
    item: permission,
    result: readablePermission,
  },
  {
    name: "listResources() with every filter",
    call: (it) =>
      it.listResources({
        organizationId: "org_1",
        resourceTypeSlug: "project",
        resourceExternalId: "proj-456",
        parentResourceTypeSlug: "workspace",
        parentExternalId: "space-1",
      }),
    path: "/authorization/resources",
    query: {
      organization_id: "org_1",
      resource_type_slug: "project",
      resource_external_id: "proj-456",
      parent_resource_type_slug: "workspace",
      parent_external_id: "space-1",
      order: "desc",
    },
    options: {
      organizationId: "org_1",
      resourceTypeSlug: "project",
      resourceExternalId: "proj-456",
      parentResourceTypeSlug: "workspace",
      parentExternalId: "space-1",
    },
    item: resource,
    result: readableResource,
  },
  {
    name: "listResources() without empty filters",
    call: (it) => it.listResources({ organizationId: "", parentResourceId: "authz_resource_0" }),
    path: "/authorization/resources",
    query: { parent_resource_id: "authz_resource_0", order: "desc" },
    options: { organizationId: "", parentResourceId: "authz_resource_0" },
    item: resource,
    result: readableResource,
  },
  {
    name: "listRoleAssignments()",
    call: (it) =>
      it.listRoleAssignments({
        organizationMembershipId: "om_1",
        resourceId: "authz_resource_1",
        resourceExternalId: "proj-456",
        resourceTypeSlug: "project",
      }),
    path: "/authorization/organization_memberships/om_1/role_assignments",
    query: {
      resource_id: "authz_resource_1",
      resource_external_id: "proj-456",
      resource_type_slug: "project",
      order: "desc",
    },
    options: { resourceId: "authz_resource_1", resourceExternalId: "proj-456", resourceTypeSlug: "project" },
    item: assignment,
    result: readableAssignment,
  },
  {
    name: "listRoleAssignmentsForResource()",
    call: (it) => it.listRoleAssignmentsForResource({ resourceId: "authz_resource_1", roleSlug: "admin" }),
    path: "/authorization/resources/authz_resource_1/role_assignments",
    query: { role_slug: "admin", order: "desc" },
    options: { roleSlug: "admin" },
    item: assignment,
    result: readableAssignment,
  },
  {
    name: "listResourceRoleAssignments()",
    call: (it) => it.listResourceRoleAssignments({ ...external, roleSlug: "admin" }),
    path: "/authorization/organizations/org_1/resources/project/proj-456/role_assignments",
    query: { role_slug: "admin", order: "desc" },
    options: { roleSlug: "admin" },
    item: assignment,
    result: readableAssignment,
  },
  {
    name: "listGroupRoleAssignments()",
    call: (it) => it.listGroupRoleAssignments({ groupId: "group_1", after: "gra_0" }),
    path: "/authorization/groups/group_1/role_assignments",
    query: { after: "gra_0", order: "desc" },
    options: { after: "gra_0" },
    item: groupAssignment,
    result: readableGroupAssignment,
  },
  {
    name: "listResourcesForMembership() in a parent given by its id",
    call: (it) =>
      it.listResourcesForMembership({
        organizationMembershipId: "om_1",
        permissionSlug: "posts:read",
        parentResourceId: "authz_resource_0",
      }),
    path: "/authorization/organization_memberships/om_1/resources",
    query: { permission_slug: "posts:read", parent_resource_id: "authz_resource_0", order: "desc" },
    options: { permissionSlug: "posts:read", parentResourceId: "authz_resource_0" },
    item: resource,
    result: readableResource,
  },
  {
    name: "listResourcesForMembership() in a parent given by the caller's own id",
    call: (it) =>
      it.listResourcesForMembership({
        organizationMembershipId: "om_1",
        permissionSlug: "posts:read",
        parentResourceTypeSlug: "workspace",
        parentResourceExternalId: "space-1",
      }),
    path: "/authorization/organization_memberships/om_1/resources",
    query: {
      permission_slug: "posts:read",
      parent_resource_type_slug: "workspace",
      parent_resource_external_id: "space-1",
      order: "desc",
    },
    options: {
      permissionSlug: "posts:read",
      parentResourceTypeSlug: "workspace",
      parentResourceExternalId: "space-1",
    },
    item: resource,
    result: readableResource,
  },
  {
    name: "listMembershipsForResource() with the user and the organization's name",
    call: (it) =>
      it.listMembershipsForResource({
        resourceId: "authz_resource_1",
        permissionSlug: "posts:read",
        assignment: "indirect",
      }),
    path: "/authorization/resources/authz_resource_1/organization_memberships",
    query: { permission_slug: "posts:read", assignment: "indirect", order: "desc" },
    options: { permissionSlug: "posts:read", assignment: "indirect" },
    item: member,
    result: readableMember,
  },
  {
    name: "listMembershipsForResourceByExternalId()",
    call: (it) => it.listMembershipsForResourceByExternalId({ ...external, permissionSlug: "posts:read" }),
    path: "/authorization/organizations/org_1/resources/project/proj-456/organization_memberships",
    query: { permission_slug: "posts:read", order: "desc" },
    options: { permissionSlug: "posts:read" },
    item: { ...member, directory_managed: undefined, custom_attributes: undefined },
    result: { ...readableMember, directoryManaged: false, customAttributes: {} },
  },
  {
    name: "listEffectivePermissions() on the route of the API description",
    call: (it) =>
      it.listEffectivePermissions({ organizationMembershipId: "om_1", resourceId: "authz_resource_1", limit: 1 }),
    path: "/authorization/organization_memberships/om_1/resources/authz_resource_1/permissions",
    query: { limit: "1", order: "desc" },
    options: { limit: 1 },
    item: permission,
    result: readablePermission,
  },
  {
    name: "listEffectivePermissions() on the route of the Node SDK",
    call: (it) =>
      it.listEffectivePermissions({
        organizationMembershipId: "om_1",
        resourceId: "authz_resource_1",
        route: "resource",
      }),
    path: "/authorization/resources/authz_resource_1/organization_memberships/om_1/permissions",
    query: { order: "desc" },
    options: {},
    item: permission,
    result: readablePermission,
  },
  {
    name: "listEffectivePermissionsByExternalId()",
    call: (it) =>
      it.listEffectivePermissionsByExternalId({
        organizationMembershipId: "om_1",
        resourceTypeSlug: "project",
        externalId: "proj-456",
      }),
    path: "/authorization/organization_memberships/om_1/resources/project/proj-456/permissions",
    query: { order: "desc" },
    options: {},
    item: permission,
    result: readablePermission,
  },
];

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

    const resources = await api.workos.authorization.listResourcesForMembership({
      organizationMembershipId: "om_1",
      permissionSlug: "posts:read",
      parentResourceId: "authz_resource_0",
    });
    const all = await resources.autoPagination();

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
