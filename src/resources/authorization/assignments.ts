// Role assignments: who has which role on which resource.

import type { Entity } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import type {
  AuthorizationResourceIdentifierByExternalId,
  AuthorizationResourceIdentifierById,
  GetAuthorizationResourceByExternalIdOptions,
} from "./resources.ts";

/** The role of an assignment. */
export interface RoleAssignmentRole {
  /** Slug of the role. */
  slug: string;
}

/** The resource of an assignment. */
export interface RoleAssignmentResource {
  /** Id of the resource. */
  id: string;
  /** Your own id for the resource. */
  externalId: string;
  /** The type of the resource. */
  resourceTypeSlug: string;
}

/** Where an assignment comes from. */
export interface RoleAssignmentSource {
  /** Whether the role was assigned to the member, or to a group of which it is one. */
  type: "direct" | "group" | (string & {});
  /** The group role assignment behind this one, or `null` for a direct assignment. */
  groupRoleAssignmentId: string | null;
}

/** A role that a member has on a resource. */
export interface RoleAssignment extends Entity<"role_assignment"> {
  /** The organization membership that has the role. */
  organizationMembershipId: string;
  /** The role. */
  role: RoleAssignmentRole;
  /** The resource the role is assigned on. */
  resource: RoleAssignmentResource;
  /** Where the assignment comes from. */
  source: RoleAssignmentSource;
}

/** A role that every member of a group has on a resource. */
export interface GroupRoleAssignment extends Entity<"group_role_assignment"> {
  /** The group that has the role. */
  groupId: string;
  /** The role. */
  role: RoleAssignmentRole;
  /** The resource the role is assigned on. */
  resource: RoleAssignmentResource;
}

/** Options of {@linkcode Authorization.listRoleAssignments}. */
export interface ListRoleAssignmentsOptions extends PaginationOptions {
  /** Id of the organization membership. */
  organizationMembershipId: string;
  /** Only assignments on the resource with this id. */
  resourceId?: string;
  /** Only assignments on resources with this id of yours, alone or together with `resourceTypeSlug`. */
  resourceExternalId?: string;
  /** Only assignments on resources of this type, alone or together with `resourceExternalId`. */
  resourceTypeSlug?: string;
}

/** Options of {@linkcode Authorization.listRoleAssignmentsForResource}. */
export interface ListRoleAssignmentsForResourceOptions extends PaginationOptions {
  /** Id of the resource. */
  resourceId: string;
  /** Only assignments of this role. */
  roleSlug?: string;
}

/** Options of {@linkcode Authorization.listResourceRoleAssignments}. */
export interface ListRoleAssignmentsForResourceByExternalIdOptions
  extends GetAuthorizationResourceByExternalIdOptions, PaginationOptions {
  /** Only assignments of this role. */
  roleSlug?: string;
}

/** Who gets which role. */
export interface BaseAssignRoleOptions {
  /** Id of the organization membership. */
  organizationMembershipId: string;
  /** Slug of the role. */
  roleSlug: string;
}

/** A role on a resource given by its id. */
export interface AssignRoleOptionsWithResourceId extends BaseAssignRoleOptions, AuthorizationResourceIdentifierById {}

/** A role on a resource given by your own id for it. */
export interface AssignRoleOptionsWithResourceExternalId
  extends BaseAssignRoleOptions, AuthorizationResourceIdentifierByExternalId {}

/** Options of {@linkcode Authorization.assignRole}. */
export type AssignRoleOptions = AssignRoleOptionsWithResourceId | AssignRoleOptionsWithResourceExternalId;

/** Who loses which role. */
export interface BaseRemoveRoleOptions {
  /** Id of the organization membership. */
  organizationMembershipId: string;
  /** Slug of the role. */
  roleSlug: string;
}

/** A role on a resource given by its id. */
export interface RemoveRoleOptionsWithResourceId extends BaseRemoveRoleOptions, AuthorizationResourceIdentifierById {}

/** A role on a resource given by your own id for it. */
export interface RemoveRoleOptionsWithResourceExternalId
  extends BaseRemoveRoleOptions, AuthorizationResourceIdentifierByExternalId {}

/** Options of {@linkcode Authorization.removeRole}. */
export type RemoveRoleOptions = RemoveRoleOptionsWithResourceId | RemoveRoleOptionsWithResourceExternalId;

/** Options of {@linkcode Authorization.removeRoleAssignment}. */
export interface RemoveRoleAssignmentOptions {
  /** Id of the organization membership. */
  organizationMembershipId: string;
  /** Id of the role assignment. */
  roleAssignmentId: string;
}

/** Options of {@linkcode Authorization.listGroupRoleAssignments}. */
export interface ListGroupRoleAssignmentsOptions extends PaginationOptions {
  /** Id of the group. */
  groupId: string;
}

/** Options of {@linkcode Authorization.getGroupRoleAssignment}. */
export interface GetGroupRoleAssignmentOptions {
  /** Id of the group. */
  groupId: string;
  /** Id of the group role assignment. */
  roleAssignmentId: string;
}

/** Options of {@linkcode Authorization.removeGroupRoleAssignment}. */
export interface RemoveGroupRoleAssignmentOptions extends GetGroupRoleAssignmentOptions {}

/** Which group gets which role. */
export interface BaseCreateGroupRoleAssignmentOptions {
  /** Id of the group. */
  groupId: string;
  /** Slug of the role. */
  roleSlug: string;
}

/** A role on the organization itself. */
export type CreateGroupRoleAssignmentOptionsForOrganization = BaseCreateGroupRoleAssignmentOptions;

/** A role on a resource given by its id. */
export interface CreateGroupRoleAssignmentOptionsWithResourceId
  extends BaseCreateGroupRoleAssignmentOptions, AuthorizationResourceIdentifierById {}

/** A role on a resource given by your own id for it. */
export interface CreateGroupRoleAssignmentOptionsWithResourceExternalId
  extends BaseCreateGroupRoleAssignmentOptions, AuthorizationResourceIdentifierByExternalId {}

/** Options of {@linkcode Authorization.createGroupRoleAssignment}. */
export type CreateGroupRoleAssignmentOptions =
  | CreateGroupRoleAssignmentOptionsForOrganization
  | CreateGroupRoleAssignmentOptionsWithResourceId
  | CreateGroupRoleAssignmentOptionsWithResourceExternalId;

/** Which group loses which role. */
export interface BaseRemoveGroupRoleAssignmentsOptions {
  /** Id of the group. */
  groupId: string;
  /** Slug of the role. */
  roleSlug: string;
}

/** A role on the organization itself. */
export type RemoveGroupRoleAssignmentsOptionsForOrganization = BaseRemoveGroupRoleAssignmentsOptions;

/** A role on a resource given by its id. */
export interface RemoveGroupRoleAssignmentsOptionsWithResourceId
  extends BaseRemoveGroupRoleAssignmentsOptions, AuthorizationResourceIdentifierById {}

/** A role on a resource given by your own id for it. */
export interface RemoveGroupRoleAssignmentsOptionsWithResourceExternalId
  extends BaseRemoveGroupRoleAssignmentsOptions, AuthorizationResourceIdentifierByExternalId {}

/** Options of {@linkcode Authorization.removeGroupRoleAssignments}. */
export type RemoveGroupRoleAssignmentsOptions =
  | RemoveGroupRoleAssignmentsOptionsForOrganization
  | RemoveGroupRoleAssignmentsOptionsWithResourceId
  | RemoveGroupRoleAssignmentsOptionsWithResourceExternalId;

/** A role a group shall have. */
export interface BaseGroupRoleAssignmentEntry {
  /** Slug of the role. */
  roleSlug: string;
}

/** A role on the organization itself. */
export type GroupRoleAssignmentEntryForOrganization = BaseGroupRoleAssignmentEntry;

/** A role on a resource given by its id. */
export interface GroupRoleAssignmentEntryWithResourceId
  extends BaseGroupRoleAssignmentEntry, AuthorizationResourceIdentifierById {}

/** A role on a resource given by your own id for it. */
export interface GroupRoleAssignmentEntryWithResourceExternalId
  extends BaseGroupRoleAssignmentEntry, AuthorizationResourceIdentifierByExternalId {}

/** A role a group shall have, and where. */
export type GroupRoleAssignmentEntry =
  | GroupRoleAssignmentEntryForOrganization
  | GroupRoleAssignmentEntryWithResourceId
  | GroupRoleAssignmentEntryWithResourceExternalId;

/** Options of {@linkcode Authorization.replaceGroupRoleAssignments}. */
export interface ReplaceGroupRoleAssignmentsOptions {
  /** Id of the group. */
  groupId: string;
  /** Every role the group shall have, at most 100; others are taken away. Empty takes every one away. */
  roleAssignments: GroupRoleAssignmentEntry[];
}
