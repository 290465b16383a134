import { readableTimes, type Row, times } from "./rows.ts";

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

/** Roles of the environment and of organizations. */
export const roles: Row[] = [
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
];
