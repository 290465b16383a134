import { external, type ListRow, page, readableTimes, type Row, times } from "./rows.ts";

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

export const groupAssignment = {
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

/** Roles of members and of groups. */
export const assignments: Row[] = [
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

/** Lists of role assignments. */
export const assignmentLists: ListRow[] = [
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
];
