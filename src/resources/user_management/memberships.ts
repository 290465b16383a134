// Organization memberships: which user belongs to which organization, and with which roles.

import type { Entity, OfMembership, OfOrganization, OfUser } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import { camel, type OpenString, type Wire } from "../../wire.ts";
import type { RoleResponse } from "../roles.ts";
import { readUser, type User } from "./users.ts";

/** State of a membership; `pending` until an invitation is accepted. */
export type OrganizationMembershipStatus = "active" | "inactive" | "pending" | OpenString;

/** Members of every form of a membership. `CustomAttributes` is the shape of the attributes your directories send. */
export interface BaseOrganizationMembership<CustomAttributes extends object = Record<string, unknown>>
  extends Entity<"organization_membership">, OfOrganization, OfUser {
  /** Name of the organization; absent in some responses. */
  organizationName?: string;
  /** State of the membership. */
  status: OrganizationMembershipStatus;
  /** The user; absent where the API does not send it. */
  user?: User;
  /** Whether a directory manages this membership. */
  directoryManaged: boolean;
  /** Attributes of the linked directory user, under the directory's keys; empty when there are none. */
  customAttributes: CustomAttributes;
}

/** A user's membership in an organization. */
export interface OrganizationMembership<CustomAttributes extends object = Record<string, unknown>>
  extends BaseOrganizationMembership<CustomAttributes> {
  /** Name of the organization; absent in events and in some responses. */
  organizationName: string;
  /** The user's first role. */
  role: RoleResponse;
  /** All roles of the user; absent where the API sends none. */
  roles?: RoleResponse[];
}

/** A membership as the authorization and group endpoints send it: without roles. */
export type AuthorizationOrganizationMembership<CustomAttributes extends object = Record<string, unknown>> =
  BaseOrganizationMembership<CustomAttributes>;

/** Which memberships to list. */
export interface MembershipFilter extends PaginationOptions {
  /** Only memberships in one of these states. Default of the API: only `active`. */
  statuses?: OrganizationMembershipStatus[];
}

/** Which memberships to list: those of an organization, of a user, or of both. */
export type ListOrganizationMembershipsOptions =
  & MembershipFilter
  & ((OfOrganization & Partial<OfUser>) | (OfUser & Partial<OfOrganization>));

/** The new roles of a membership. */
export interface UpdateOrganizationMembershipOptions {
  /** Slug of the one role. Not together with `roleSlugs`. */
  roleSlug?: string;
  /** Slugs of the roles. Not together with `roleSlug`. */
  roleSlugs?: string[];
}

/** A membership to create, with one role or several; with neither, the default role. */
export interface CreateOrganizationMembershipOptions
  extends OfOrganization, OfUser, UpdateOrganizationMembershipOptions {}

/** Which groups of a membership to list. */
export interface ListGroupsForOrganizationMembershipOptions extends OfMembership, PaginationOptions {}

/** Reads a membership without roles; fills in what the API leaves out because it was never set. */
export function readAuthorizationOrganizationMembership(wire: Wire): AuthorizationOrganizationMembership {
  const membership = camel<AuthorizationOrganizationMembership>(wire);
  membership.directoryManaged ??= false;
  membership.customAttributes ??= {};
  if (membership.user) membership.user = readUser(wire.user as Wire);
  return membership;
}

/** Reads a membership; leaves out `roles` that are `null`. */
export function readOrganizationMembership(wire: Wire): OrganizationMembership {
  const membership = readAuthorizationOrganizationMembership(wire) as OrganizationMembership;
  if (!membership.roles) delete membership.roles;
  return membership;
}
