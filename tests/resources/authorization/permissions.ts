import { type ListRow, readableTimes, type Row, times } from "./rows.ts";

export const permission = {
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

/** Permissions, and who has them. */
export const permissions: Row[] = [
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
];

/** Lists of permissions. */
export const permissionLists: ListRow[] = [
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
