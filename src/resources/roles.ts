// Types of roles. Calls on roles are in the authorization area.

import type { Described, Entity, OfOrganization, Timestamps, WholeList } from "../entity.ts";
import { camel, type Wire } from "../wire.ts";

/** A role by its slug, as users, memberships and profiles carry it. */
export interface RoleResponse {
  /** Slug of the role. */
  slug: string;
}

/** Members of every form of a role. */
export interface BaseRole extends Timestamps {
  /** Unique key of the role. Slugs of organization roles begin with `org-`. */
  slug: string;
  /** The type of resource on which the role can be assigned, such as `organization`. */
  resourceTypeSlug: string;
  /** Slugs of the permissions the role grants. */
  permissions: string[];
}

/** A role that every organization of the environment has. */
export interface EnvironmentRole extends Entity<"role">, BaseRole, Described {
  /** Always `EnvironmentRole`. */
  type: "EnvironmentRole";
}

/** Every environment role; this list has no pages. */
export interface EnvironmentRoleList extends WholeList<EnvironmentRole> {}

/** A role that only one organization has. */
export interface OrganizationRole extends Omit<EnvironmentRole, "type"> {
  /** Always `OrganizationRole`. */
  type: "OrganizationRole";
}

/** A role; `type` tells the two kinds apart. */
export type Role = EnvironmentRole | OrganizationRole;

/** Every role an organization can assign, its own and the environment's; this list has no pages. */
export interface RoleList extends WholeList<Role> {}

/** A role in the events `role.created`, `role.updated` and `role.deleted`. */
export interface RoleEvent extends BaseRole {
  /** Always `role`. */
  object: "role";
  /** Slugs of the permissions the role grants; absent in some events, which does not mean that there are none. */
  permissions: string[];
}

/** A role in the events `organization_role.created`, `organization_role.updated` and `organization_role.deleted`. */
export interface OrganizationRoleEvent extends BaseRole, OfOrganization, Described {
  /** Always `organization_role`. */
  object: "organization_role";
}

/** Reads an organization role; a response to a change may leave out its type. */
export function readOrganizationRole(wire: Wire): OrganizationRole {
  const role = camel<OrganizationRole>(wire);
  role.type ??= "OrganizationRole";
  return role;
}
