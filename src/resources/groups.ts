// Groups: named sets of an organization's members.

import type { Described, Entity, OfGroup, OfMembership, OfOrganization } from "../entity.ts";
import { absentAsNull, readDated } from "../entity.ts";
import type { AutoPaginatable, PaginationOptions } from "../page.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import type { OpenEnum, Wire } from "../wire.ts";
import type { AuthorizationOrganizationMembership } from "./user_management/memberships.ts";
import { readAuthorizationOrganizationMembership as readMember } from "./user_management/memberships.ts";

/** A named set of members of one organization. */
export interface Group extends Entity<"group", Date>, OfOrganization, Described {}

/** Who joined or left which group: data of the events `group.member_added` and `group.member_removed`. */
export interface GroupMemberEventData extends OfGroup, OfMembership {}

/** Members of a new group. */
export interface CreateGroup {
  /** Name of the group, at most 256 characters. */
  name: string;
  /** Description, at most 150 characters; `null` for none. */
  description?: string | null;
}

/** Changes to a group: fields that are left out stay as they are, `description: null` clears the description. */
export interface UpdateGroup extends Partial<CreateGroup> {}

/** Who joins a group. */
export type CreateGroupMembership = OfMembership;

/** Options of {@linkcode Groups.createGroup}. */
export interface CreateGroupOptions extends OfOrganization, CreateGroup {}
/** Options of {@linkcode Groups.getGroup}. */
export interface GetGroupOptions extends OfOrganization, OfGroup {}
/** Options of {@linkcode Groups.updateGroup}. */
export interface UpdateGroupOptions extends GetGroupOptions, UpdateGroup {}
/** Options of {@linkcode Groups.deleteGroup}. */
export type DeleteGroupOptions = GetGroupOptions;
/** Options of {@linkcode Groups.listGroups}. */
export interface ListGroupsOptions extends OfOrganization, PaginationOptions {}
/** Options of {@linkcode Groups.listOrganizationMemberships}. */
export interface ListGroupOrganizationMembershipsOptions extends GetGroupOptions, PaginationOptions {}
/** Options of {@linkcode Groups.addOrganizationMembership}. */
export interface AddGroupOrganizationMembershipOptions extends GetGroupOptions, OfMembership {}
/** Options of {@linkcode Groups.removeOrganizationMembership}. */
export type RemoveGroupOrganizationMembershipOptions = AddGroupOrganizationMembershipOptions;

/** States of a member's organization membership; `pending` until an invitation is accepted. */
// deno-fmt-ignore
export const UserOrganizationMembershipBaseListDataStatus = {
  Active: "active", Inactive: "inactive", Pending: "pending",
} as const;

/** State of a member's organization membership. */
// deno-fmt-ignore
export type UserOrganizationMembershipBaseListDataStatus =
  OpenEnum<typeof UserOrganizationMembershipBaseListDataStatus>;

/** A member of a group. */
export interface UserOrganizationMembershipBaseListData
  extends Omit<AuthorizationOrganizationMembership, "customAttributes"> {
  /** Attributes of the linked directory user, under the directory's keys; absent where the API does not send them. */
  customAttributes?: Record<string, unknown>;
}

/** Calls on groups and their members. */
export class Groups {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Lists the members of a group: `GET /organizations/{organizationId}/groups/{groupId}/organization-memberships`. */
  async listOrganizationMemberships(
    { organizationId, groupId, ...query }: ListGroupOrganizationMembershipsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<AuthorizationOrganizationMembership>> {
    const members = path`/organizations/${organizationId}/groups/${groupId}/organization-memberships`;
    return await this.#api.list(members, { query, read: readMember }, request);
  }

  /** Lists the groups of an organization: `GET /organizations/{organizationId}/groups`. */
  async listGroups(
    { organizationId, ...query }: ListGroupsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<Group>> {
    return await this.#api.list(path`/organizations/${organizationId}/groups`, { query, read: readGroup }, request);
  }

  /** Creates a group: `POST /organizations/{organizationId}/groups`. */
  async createGroup({ organizationId, ...body }: CreateGroupOptions, request?: RequestOptions): Promise<Group> {
    const groups = path`/organizations/${organizationId}/groups`;
    return await this.#api.send("POST", groups, { body, read: readGroup }, request);
  }

  /** Fetches one group: `GET /organizations/{organizationId}/groups/{groupId}`. */
  async getGroup({ organizationId, groupId }: GetGroupOptions, request?: RequestOptions): Promise<Group> {
    const group = path`/organizations/${organizationId}/groups/${groupId}`;
    return await this.#api.send("GET", group, { read: readGroup }, request);
  }

  /** Changes a group; fields that are left out stay as they are: `PATCH /organizations/{id}/groups/{groupId}`. */
  async updateGroup(
    { organizationId, groupId, ...body }: UpdateGroupOptions,
    request?: RequestOptions,
  ): Promise<Group> {
    const group = path`/organizations/${organizationId}/groups/${groupId}`;
    return await this.#api.send("PATCH", group, { body, read: readGroup }, request);
  }

  /** Deletes a group; its members stay in the organization: `DELETE /organizations/{organizationId}/groups/{groupId}`. */
  async deleteGroup({ organizationId, groupId }: DeleteGroupOptions, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/organizations/${organizationId}/groups/${groupId}`, {}, request);
  }

  /** Adds a member to a group: `POST /organizations/{organizationId}/groups/{groupId}/organization-memberships`. */
  async addOrganizationMembership(
    { organizationId, groupId, ...body }: AddGroupOrganizationMembershipOptions,
    request?: RequestOptions,
  ): Promise<Group> {
    const members = path`/organizations/${organizationId}/groups/${groupId}/organization-memberships`;
    return await this.#api.send("POST", members, { body, read: readGroup }, request);
  }

  /** Removes a member from a group: `DELETE /organizations/{id}/groups/{groupId}/organization-memberships/{member}`. */
  async removeOrganizationMembership(
    { organizationId, groupId, organizationMembershipId: member }: RemoveGroupOrganizationMembershipOptions,
    request?: RequestOptions,
  ): Promise<void> {
    const membership = path`/organizations/${organizationId}/groups/${groupId}/organization-memberships/${member}`;
    await this.#api.send("DELETE", membership, {}, request);
  }
}

/** Reads a group; its timestamps become dates, and a description that the API leaves out becomes `null`. */
export function readGroup(wire: Wire): Group {
  return absentAsNull(readDated<Group>(wire), "description");
}
