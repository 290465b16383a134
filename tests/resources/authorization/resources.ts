import { external, type ListRow, readableTimes, type Row, times } from "./rows.ts";

export const resource = {
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

/** Resources. */
export const resources: Row[] = [
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
];

/** Lists of resources, and of who may use them. */
export const resourceLists: ListRow[] = [
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
];
