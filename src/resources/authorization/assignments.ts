// Role assignments: who has which role on which resource.

import type { Entity, OfGroup, OfMembership } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import type { OpenString } from "../../wire.ts";
import type { RoleResponse } from "../roles.ts";
// deno-fmt-ignore
import type {
  AuthorizationResourceIdentifierByExternalId, AuthorizationResourceIdentifierById,
  ExternalResource, GetAuthorizationResourceByExternalIdOptions,
} from "./resources.ts";

/** The role of an assignment. */
export type RoleAssignmentRole = RoleResponse;

/** The resource of an assignment. */
export interface RoleAssignmentResource extends ExternalResource {
  /** Id of the resource. */
  id: string;
}

/** Where an assignment comes from. */
export interface RoleAssignmentSource {
  /** Whether the role was assigned to the member or to one of its groups. */
  type: "direct" | "group" | OpenString;
  /** Id of the group role assignment behind this one; `null` for a direct assignment. */
  groupRoleAssignmentId: string | null;
}

/** A role on a resource, whoever has it. */
export interface AssignedRole {
  /** The role. */
  role: RoleAssignmentRole;
  /** The resource the role is assigned on. */
  resource: RoleAssignmentResource;
}

/** A role that a member has on a resource. */
export interface RoleAssignment extends Entity<"role_assignment">, OfMembership, AssignedRole {
  /** Where the assignment comes from. */
  source: RoleAssignmentSource;
}

/** A role that every member of a group has on a resource. */
export interface GroupRoleAssignment extends Entity<"group_role_assignment">, AssignedRole, OfGroup {}

/** Options of {@linkcode Authorization.listRoleAssignments}. */
export interface ListRoleAssignmentsOptions extends OfMembership, PaginationOptions {
  /** Only assignments on the resource with this id. */
  resourceId?: string;
  /** Only assignments on resources with your own id, alone or together with `resourceTypeSlug`. */
  resourceExternalId?: string;
  /** Only assignments on resources of this type, alone or together with `resourceExternalId`. */
  resourceTypeSlug?: string;
}

/** Which assignments on a resource to list. */
export interface RoleFilter extends PaginationOptions {
  /** Only assignments of this role. */
  roleSlug?: string;
}

/** Options of {@linkcode Authorization.listRoleAssignmentsForResource}. */
export interface ListRoleAssignmentsForResourceOptions extends AuthorizationResourceIdentifierById, RoleFilter {}
/** Options of {@linkcode Authorization.listResourceRoleAssignments}. */
export interface ListRoleAssignmentsForResourceByExternalIdOptions
  extends GetAuthorizationResourceByExternalIdOptions, RoleFilter {}

/** A role to assign or remove. */
export interface BaseGroupRoleAssignmentEntry {
  /** Slug of the role. */
  roleSlug: string;
}

/** Who gets which role. */
export interface BaseAssignRoleOptions extends OfMembership, BaseGroupRoleAssignmentEntry {}
/** A role on a resource given by its id. */
export interface AssignRoleOptionsWithResourceId extends BaseAssignRoleOptions, AuthorizationResourceIdentifierById {}
/** A role on a resource given by your own id for it. */
export interface AssignRoleOptionsWithResourceExternalId
  extends BaseAssignRoleOptions, AuthorizationResourceIdentifierByExternalId {}
/** Options of {@linkcode Authorization.assignRole}. */
export type AssignRoleOptions = AssignRoleOptionsWithResourceId | AssignRoleOptionsWithResourceExternalId;

/** Who loses which role. */
export type BaseRemoveRoleOptions = BaseAssignRoleOptions;
/** A role on a resource given by its id. */
export type RemoveRoleOptionsWithResourceId = AssignRoleOptionsWithResourceId;
/** A role on a resource given by your own id for it. */
export type RemoveRoleOptionsWithResourceExternalId = AssignRoleOptionsWithResourceExternalId;
/** Options of {@linkcode Authorization.removeRole}. */
export type RemoveRoleOptions = AssignRoleOptions;

/** Options of {@linkcode Authorization.removeRoleAssignment}. */
export interface RemoveRoleAssignmentOptions extends OfMembership {
  /** Id of the role assignment. */
  roleAssignmentId: string;
}

/** Options of {@linkcode Authorization.listGroupRoleAssignments}. */
export interface ListGroupRoleAssignmentsOptions extends OfGroup, PaginationOptions {}
/** Options of {@linkcode Authorization.getGroupRoleAssignment}. */
export interface GetGroupRoleAssignmentOptions extends OfGroup {
  /** Id of the group role assignment. */
  roleAssignmentId: string;
}

/** Options of {@linkcode Authorization.removeGroupRoleAssignment}. */
export type RemoveGroupRoleAssignmentOptions = GetGroupRoleAssignmentOptions;

/** A role on the organization itself. */
export type GroupRoleAssignmentEntryForOrganization = BaseGroupRoleAssignmentEntry;
/** A role on a resource given by its id. */
export interface GroupRoleAssignmentEntryWithResourceId
  extends BaseGroupRoleAssignmentEntry, AuthorizationResourceIdentifierById {}
/** A role on a resource given by your own id for it. */
export interface GroupRoleAssignmentEntryWithResourceExternalId
  extends BaseGroupRoleAssignmentEntry, AuthorizationResourceIdentifierByExternalId {}
/** A role of a group, and the resource it is on. */
export type GroupRoleAssignmentEntry =
  | GroupRoleAssignmentEntryForOrganization
  | GroupRoleAssignmentEntryWithResourceId
  | GroupRoleAssignmentEntryWithResourceExternalId;

/** Which group gets which role. */
export interface BaseCreateGroupRoleAssignmentOptions extends OfGroup, BaseGroupRoleAssignmentEntry {}
/** A role on the organization itself. */
export type CreateGroupRoleAssignmentOptionsForOrganization = BaseCreateGroupRoleAssignmentOptions;
/** A role on a resource given by its id. */
export interface CreateGroupRoleAssignmentOptionsWithResourceId
  extends OfGroup, GroupRoleAssignmentEntryWithResourceId {}
/** A role on a resource given by your own id for it. */
export interface CreateGroupRoleAssignmentOptionsWithResourceExternalId
  extends OfGroup, GroupRoleAssignmentEntryWithResourceExternalId {}
/** Options of {@linkcode Authorization.createGroupRoleAssignment}. */
export type CreateGroupRoleAssignmentOptions =
  | CreateGroupRoleAssignmentOptionsForOrganization
  | CreateGroupRoleAssignmentOptionsWithResourceId
  | CreateGroupRoleAssignmentOptionsWithResourceExternalId;

/** Which group loses which role. */
export type BaseRemoveGroupRoleAssignmentsOptions = BaseCreateGroupRoleAssignmentOptions;
/** A role on the organization itself. */
export type RemoveGroupRoleAssignmentsOptionsForOrganization = CreateGroupRoleAssignmentOptionsForOrganization;
/** A role on a resource given by its id. */
export type RemoveGroupRoleAssignmentsOptionsWithResourceId = CreateGroupRoleAssignmentOptionsWithResourceId;
/** A role on a resource given by your own id for it. */
export type RemoveGroupRoleAssignmentsOptionsWithResourceExternalId =
  CreateGroupRoleAssignmentOptionsWithResourceExternalId;
/** Options of {@linkcode Authorization.removeGroupRoleAssignments}. */
export type RemoveGroupRoleAssignmentsOptions = CreateGroupRoleAssignmentOptions;

/** Options of {@linkcode Authorization.replaceGroupRoleAssignments}. */
export interface ReplaceGroupRoleAssignmentsOptions extends OfGroup {
  /** All roles of the group from now on, at most 100; any other role is removed. An empty list removes all. */
  roleAssignments: GroupRoleAssignmentEntry[];
}
