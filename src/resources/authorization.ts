// Who may do what: roles, permissions, the resources they are about, and assignments of roles to members and groups.

import type { AutoPaginatable, List } from "../page.ts";
import { type Api, readList, type RequestOptions } from "../api.ts";
import { path, type RequestPath } from "../url.ts";
// deno-fmt-ignore
import type {
  AssignRoleOptions, CreateGroupRoleAssignmentOptions, GetGroupRoleAssignmentOptions, GroupRoleAssignment,
  ListGroupRoleAssignmentsOptions, ListRoleAssignmentsForResourceByExternalIdOptions,
  ListRoleAssignmentsForResourceOptions, ListRoleAssignmentsOptions, RemoveGroupRoleAssignmentOptions,
  RemoveGroupRoleAssignmentsOptions, RemoveRoleAssignmentOptions, RemoveRoleOptions, ReplaceGroupRoleAssignmentsOptions,
  RoleAssignment,
} from "./authorization/assignments.ts";
// deno-fmt-ignore
import type {
  AuthorizationCheckOptions, AuthorizationCheckResult, CreatePermissionOptions,
  ListEffectivePermissionsByExternalIdOptions, ListEffectivePermissionsOptions, ListPermissionsOptions, Permission,
  UpdatePermissionOptions,
} from "./authorization/permissions.ts";
// deno-fmt-ignore
import type {
  AuthorizationResource, AuthorizationResourceChanges, AuthorizationResourceIdentifierByExternalId,
  AuthorizationResourceIdentifierById, CreateAuthorizationResourceOptions,
  DeleteAuthorizationResourceByExternalIdOptions, DeleteAuthorizationResourceOptions,
  GetAuthorizationResourceByExternalIdOptions, ListAuthorizationResourcesOptions,
  ListMembershipsForResourceByExternalIdOptions, ListMembershipsForResourceOptions, ListResourcesForMembershipOptions,
  UpdateAuthorizationResourceByExternalIdOptions, UpdateAuthorizationResourceOptions,
} from "./authorization/resources.ts";
// deno-fmt-ignore
import type {
  AddEnvironmentRolePermissionOptions, AddOrganizationRolePermissionOptions, CreateEnvironmentRoleOptions,
  CreateOrganizationRoleOptions, RemoveOrganizationRolePermissionOptions, SetEnvironmentRolePermissionsOptions,
  SetOrganizationRolePermissionsOptions, UpdateEnvironmentRoleOptions, UpdateOrganizationRoleOptions,
} from "./authorization/roles.ts";
import { readOrganizationRole } from "./roles.ts";
import type { EnvironmentRole, EnvironmentRoleList, OrganizationRole, Role, RoleList } from "./roles.ts";
import type { AuthorizationOrganizationMembership } from "./user_management/memberships.ts";
import { readAuthorizationOrganizationMembership as readMember } from "./user_management/memberships.ts";

export type { Permission };

/** Calls on roles, permissions, resources and role assignments. */
export class Authorization {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Creates a role that every organization has: `POST /authorization/roles`. */
  async createEnvironmentRole(
    options: CreateEnvironmentRoleOptions,
    request?: RequestOptions,
  ): Promise<EnvironmentRole> {
    return await this.#api.send("POST", "/authorization/roles", { body: options }, request);
  }

  /** Lists every environment role: `GET /authorization/roles`. */
  async listEnvironmentRoles(request?: RequestOptions): Promise<EnvironmentRoleList> {
    return await this.#api.send("GET", "/authorization/roles", {}, request);
  }

  /** Fetches one environment role: `GET /authorization/roles/{slug}`. */
  async getEnvironmentRole(slug: string, request?: RequestOptions): Promise<EnvironmentRole> {
    return await this.#api.send("GET", path`/authorization/roles/${slug}`, {}, request);
  }

  /** Changes name or description of an environment role: `PATCH /authorization/roles/{slug}`. */
  async updateEnvironmentRole(
    slug: string,
    options: UpdateEnvironmentRoleOptions,
    request?: RequestOptions,
  ): Promise<EnvironmentRole> {
    return await this.#api.send("PATCH", path`/authorization/roles/${slug}`, { body: options }, request);
  }

  /** Replaces the permissions of an environment role: `PUT /authorization/roles/{slug}/permissions`. */
  async setEnvironmentRolePermissions(
    slug: string,
    { permissions }: SetEnvironmentRolePermissionsOptions,
    request?: RequestOptions,
  ): Promise<EnvironmentRole> {
    const body = { permissions };
    return await this.#api.send("PUT", path`/authorization/roles/${slug}/permissions`, { body }, request);
  }

  /** Adds one permission to an environment role: `POST /authorization/roles/{slug}/permissions`. */
  async addEnvironmentRolePermission(
    slug: string,
    { permissionSlug }: AddEnvironmentRolePermissionOptions,
    request?: RequestOptions,
  ): Promise<EnvironmentRole> {
    const body = { slug: permissionSlug };
    return await this.#api.send("POST", path`/authorization/roles/${slug}/permissions`, { body }, request);
  }

  /** Creates a role for one organization: `POST /authorization/organizations/{organizationId}/roles`. */
  async createOrganizationRole(
    organizationId: string,
    options: CreateOrganizationRoleOptions,
    request?: RequestOptions,
  ): Promise<OrganizationRole> {
    const roles = path`/authorization/organizations/${organizationId}/roles`;
    return await this.#api.send("POST", roles, { body: options, read: readOrganizationRole }, request);
  }

  /** Lists all roles of an organization, the environment's included: `GET /authorization/organizations/{id}/roles`. */
  async listOrganizationRoles(organizationId: string, request?: RequestOptions): Promise<RoleList> {
    return await this.#api.send("GET", path`/authorization/organizations/${organizationId}/roles`, {}, request);
  }

  /** Fetches one role of an organization: `GET /authorization/organizations/{organizationId}/roles/{slug}`. */
  async getOrganizationRole(organizationId: string, slug: string, request?: RequestOptions): Promise<Role> {
    return await this.#api.send("GET", organizationRole(organizationId, slug), {}, request);
  }

  /** Changes name or description of an organization's role: `PATCH /authorization/organizations/{id}/roles/{slug}`. */
  async updateOrganizationRole(
    organizationId: string,
    slug: string,
    options: UpdateOrganizationRoleOptions,
    request?: RequestOptions,
  ): Promise<OrganizationRole> {
    const role = organizationRole(organizationId, slug);
    return await this.#api.send("PATCH", role, { body: options, read: readOrganizationRole }, request);
  }

  /** Deletes a role, but not while it is assigned (409): `DELETE /authorization/organizations/{id}/roles/{slug}`. */
  async deleteOrganizationRole(organizationId: string, slug: string, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", organizationRole(organizationId, slug), {}, request);
  }

  /** Replaces a role's permissions: `PUT /authorization/organizations/{organizationId}/roles/{slug}/permissions`. */
  async setOrganizationRolePermissions(
    organizationId: string,
    slug: string,
    { permissions }: SetOrganizationRolePermissionsOptions,
    request?: RequestOptions,
  ): Promise<OrganizationRole> {
    const all = path`/authorization/organizations/${organizationId}/roles/${slug}/permissions`;
    return await this.#api.send("PUT", all, { body: { permissions }, read: readOrganizationRole }, request);
  }

  /** Adds a permission to a role: `POST /authorization/organizations/{organizationId}/roles/{slug}/permissions`. */
  async addOrganizationRolePermission(
    organizationId: string,
    slug: string,
    { permissionSlug }: AddOrganizationRolePermissionOptions,
    request?: RequestOptions,
  ): Promise<OrganizationRole> {
    const all = path`/authorization/organizations/${organizationId}/roles/${slug}/permissions`;
    return await this.#api.send("POST", all, { body: { slug: permissionSlug }, read: readOrganizationRole }, request);
  }

  /** Removes a permission from a role: `DELETE /authorization/organizations/{id}/roles/{role}/permissions/{slug}`. */
  async removeOrganizationRolePermission(
    organizationId: string,
    slug: string,
    { permissionSlug }: RemoveOrganizationRolePermissionOptions,
    request?: RequestOptions,
  ): Promise<void> {
    const one = path`/authorization/organizations/${organizationId}/roles/${slug}/permissions/${permissionSlug}`;
    await this.#api.send("DELETE", one, {}, request);
  }

  /** Creates a permission: `POST /authorization/permissions`. */
  async createPermission(options: CreatePermissionOptions, request?: RequestOptions): Promise<Permission> {
    return await this.#api.send("POST", "/authorization/permissions", { body: options }, request);
  }

  /** Lists the permissions of the environment: `GET /authorization/permissions`. */
  async listPermissions(
    options?: ListPermissionsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<Permission>> {
    return await this.#api.list("/authorization/permissions", { query: options }, request);
  }

  /** Fetches one permission: `GET /authorization/permissions/{slug}`. */
  async getPermission(slug: string, request?: RequestOptions): Promise<Permission> {
    return await this.#api.send("GET", path`/authorization/permissions/${slug}`, {}, request);
  }

  /** Changes name or description of a permission: `PATCH /authorization/permissions/{slug}`. */
  async updatePermission(
    slug: string,
    options: UpdatePermissionOptions,
    request?: RequestOptions,
  ): Promise<Permission> {
    return await this.#api.send("PATCH", path`/authorization/permissions/${slug}`, { body: options }, request);
  }

  /** Deletes a permission, unless it is a system one: `DELETE /authorization/permissions/{slug}`. */
  async deletePermission(slug: string, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/authorization/permissions/${slug}`, {}, request);
  }

  /** Fetches one resource by its id: `GET /authorization/resources/{resourceId}`. */
  async getResource(resourceId: string, request?: RequestOptions): Promise<AuthorizationResource> {
    return await this.#api.send("GET", path`/authorization/resources/${resourceId}`, {}, request);
  }

  /** Creates a resource: `POST /authorization/resources`. */
  async createResource(
    options: CreateAuthorizationResourceOptions,
    request?: RequestOptions,
  ): Promise<AuthorizationResource> {
    return await this.#api.send("POST", "/authorization/resources", { body: withOneParent(options) }, request);
  }

  /** Changes or moves a resource: `PATCH /authorization/resources/{resourceId}`. */
  async updateResource(
    { resourceId, ...changes }: UpdateAuthorizationResourceOptions,
    request?: RequestOptions,
  ): Promise<AuthorizationResource> {
    const body = withOneParent(changes);
    return await this.#api.send("PATCH", path`/authorization/resources/${resourceId}`, { body }, request);
  }

  /** Deletes a resource: `DELETE /authorization/resources/{resourceId}`. */
  async deleteResource(
    { resourceId, cascadeDelete }: DeleteAuthorizationResourceOptions,
    request?: RequestOptions,
  ): Promise<void> {
    await this.#api.send("DELETE", path`/authorization/resources/${resourceId}`, { query: { cascadeDelete } }, request);
  }

  /** Lists resources: `GET /authorization/resources`. */
  async listResources(
    options?: ListAuthorizationResourcesOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<AuthorizationResource>> {
    return await this.#api.list("/authorization/resources", { query: options }, request);
  }

  /** Fetches a resource by your own id: `GET /authorization/organizations/{id}/resources/{type}/{externalId}`. */
  async getResourceByExternalId(
    options: GetAuthorizationResourceByExternalIdOptions,
    request?: RequestOptions,
  ): Promise<AuthorizationResource> {
    return await this.#api.send("GET", externalResource(options), {}, request);
  }

  /** Changes a resource by your own id: `PATCH /authorization/organizations/{id}/resources/{type}/{externalId}`. */
  async updateResourceByExternalId(
    options: UpdateAuthorizationResourceByExternalIdOptions,
    request?: RequestOptions,
  ): Promise<AuthorizationResource> {
    const { organizationId: _, resourceTypeSlug: __, externalId: ___, ...changes } = options;
    return await this.#api.send("PATCH", externalResource(options), { body: withOneParent(changes) }, request);
  }

  /** Deletes a resource by your own id: `DELETE /authorization/organizations/{id}/resources/{type}/{externalId}`. */
  async deleteResourceByExternalId(
    options: DeleteAuthorizationResourceByExternalIdOptions,
    request?: RequestOptions,
  ): Promise<void> {
    const query = { cascadeDelete: options.cascadeDelete };
    await this.#api.send("DELETE", externalResource(options), { query }, request);
  }

  /**
   * Checks whether a member has a permission on a resource, directly or inherited:
   * `POST /authorization/organization_memberships/{organizationMembershipId}/check`. A denial is a result with
   * `authorized: false`. Throws a `TypeError` when the resource fields are present without values.
   */
  async check(options: AuthorizationCheckOptions, request?: RequestOptions): Promise<AuthorizationCheckResult> {
    const { organizationMembershipId, permissionSlug } = options;
    const check = path`/authorization/organization_memberships/${organizationMembershipId}/check`;
    return await this.#api.send("POST", check, { body: { permissionSlug, ...resourceOf(options) } }, request);
  }

  /** Lists the roles of a member: `GET /authorization/organization_memberships/{membership}/role_assignments`. */
  async listRoleAssignments(
    { organizationMembershipId, ...query }: ListRoleAssignmentsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<RoleAssignment>> {
    return await this.#api.list(memberAssignments(organizationMembershipId), { query }, request);
  }

  /** Lists who has a role on a resource: `GET /authorization/resources/{resourceId}/role_assignments`. */
  async listRoleAssignmentsForResource(
    { resourceId, ...query }: ListRoleAssignmentsForResourceOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<RoleAssignment>> {
    return await this.#api.list(path`/authorization/resources/${resourceId}/role_assignments`, { query }, request);
  }

  /**
   * Lists who has a role on a resource given by your own id for it:
   * `GET /authorization/organizations/{organizationId}/resources/{resourceTypeSlug}/{externalId}/role_assignments`.
   */
  async listResourceRoleAssignments(
    { organizationId, resourceTypeSlug: type, externalId, ...query }: ListRoleAssignmentsForResourceByExternalIdOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<RoleAssignment>> {
    const assignments =
      path`/authorization/organizations/${organizationId}/resources/${type}/${externalId}/role_assignments`;
    return await this.#api.list(assignments, { query }, request);
  }

  /** Gives a member a role on a resource: `POST /authorization/organization_memberships/{id}/role_assignments`. */
  async assignRole(options: AssignRoleOptions, request?: RequestOptions): Promise<RoleAssignment> {
    const assignments = memberAssignments(options.organizationMembershipId);
    return await this.#api.send("POST", assignments, { body: roleOn(options) }, request);
  }

  /** Removes a role on a resource: `DELETE /authorization/organization_memberships/{id}/role_assignments`. */
  async removeRole(options: RemoveRoleOptions, request?: RequestOptions): Promise<void> {
    const assignments = memberAssignments(options.organizationMembershipId);
    await this.#api.send("DELETE", assignments, { body: roleOn(options) }, request);
  }

  /** Removes a role assignment: `DELETE /authorization/organization_memberships/{member}/role_assignments/{id}`. */
  async removeRoleAssignment(
    { organizationMembershipId: member, roleAssignmentId: id }: RemoveRoleAssignmentOptions,
    request?: RequestOptions,
  ): Promise<void> {
    const assignment = path`/authorization/organization_memberships/${member}/role_assignments/${id}`;
    await this.#api.send("DELETE", assignment, {}, request);
  }

  /** Lists the roles of a group: `GET /authorization/groups/{groupId}/role_assignments`. */
  async listGroupRoleAssignments(
    { groupId, ...query }: ListGroupRoleAssignmentsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<GroupRoleAssignment>> {
    return await this.#api.list(groupAssignments(groupId), { query }, request);
  }

  /** Fetches one role of a group: `GET /authorization/groups/{groupId}/role_assignments/{roleAssignmentId}`. */
  async getGroupRoleAssignment(
    { groupId, roleAssignmentId: id }: GetGroupRoleAssignmentOptions,
    request?: RequestOptions,
  ): Promise<GroupRoleAssignment> {
    return await this.#api.send("GET", path`/authorization/groups/${groupId}/role_assignments/${id}`, {}, request);
  }

  /**
   * Gives every member of a group a role: `POST /authorization/groups/{groupId}/role_assignments`. Without resource
   * fields the role is on the organization itself; throws a `TypeError` when they are present without values.
   */
  async createGroupRoleAssignment(
    options: CreateGroupRoleAssignmentOptions,
    request?: RequestOptions,
  ): Promise<GroupRoleAssignment> {
    return await this.#api.send("POST", groupAssignments(options.groupId), { body: roleOn(options) }, request);
  }

  /** Removes a role from a group: `DELETE /authorization/groups/{groupId}/role_assignments/{roleAssignmentId}`. */
  async removeGroupRoleAssignment(
    { groupId, roleAssignmentId: id }: RemoveGroupRoleAssignmentOptions,
    request?: RequestOptions,
  ): Promise<void> {
    await this.#api.send("DELETE", path`/authorization/groups/${groupId}/role_assignments/${id}`, {}, request);
  }

  /**
   * Removes a role on a resource from a group: `DELETE /authorization/groups/{groupId}/role_assignments`. Without
   * resource fields, one on the organization itself; throws a `TypeError` when they are present without values.
   */
  async removeGroupRoleAssignments(
    options: RemoveGroupRoleAssignmentsOptions,
    request?: RequestOptions,
  ): Promise<void> {
    await this.#api.send("DELETE", groupAssignments(options.groupId), { body: roleOn(options) }, request);
  }

  /**
   * Replaces all roles of a group: `PUT /authorization/groups/{groupId}/role_assignments`. An entry without resource
   * fields is a role on the organization itself; throws a `TypeError` when they are present without values.
   */
  async replaceGroupRoleAssignments(
    { groupId, roleAssignments }: ReplaceGroupRoleAssignmentsOptions,
    request?: RequestOptions,
  ): Promise<List<GroupRoleAssignment>> {
    if (!Array.isArray(roleAssignments)) throw new TypeError("Cannot replace roles: roleAssignments is not a list");
    const body = { roleAssignments: roleAssignments.map((it) => roleOn(Object(it))) };
    const call = { body, read: readList<GroupRoleAssignment> };
    return await this.#api.send("PUT", groupAssignments(groupId), call, request);
  }

  /** Lists children that a member has a permission on: `GET /authorization/organization_memberships/{id}/resources`. */
  async listResourcesForMembership(
    { organizationMembershipId, ...filters }: ListResourcesForMembershipOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<AuthorizationResource>> {
    const resources = path`/authorization/organization_memberships/${organizationMembershipId}/resources`;
    return await this.#api.list(resources, { query: withOneParent(filters) }, request);
  }

  /** Lists who has a permission on a resource: `GET /authorization/resources/{resourceId}/organization_memberships`. */
  async listMembershipsForResource(
    { resourceId, ...query }: ListMembershipsForResourceOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<AuthorizationOrganizationMembership>> {
    const members = path`/authorization/resources/${resourceId}/organization_memberships`;
    return await this.#api.list(members, { query, read: readMember }, request);
  }

  /**
   * Lists the members who have a permission on a resource given by your own id for it:
   * `GET /authorization/organizations/{organizationId}/resources/{resourceTypeSlug}/{externalId}/organization_memberships`.
   */
  async listMembershipsForResourceByExternalId(
    { organizationId, resourceTypeSlug: type, externalId, ...query }: ListMembershipsForResourceByExternalIdOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<AuthorizationOrganizationMembership>> {
    const members =
      path`/authorization/organizations/${organizationId}/resources/${type}/${externalId}/organization_memberships`;
    return await this.#api.list(members, { query, read: readMember }, request);
  }

  /**
   * Lists the permissions a member has on a resource, inherited ones included:
   * `GET /authorization/organization_memberships/{organizationMembershipId}/resources/{resourceId}/permissions`, or
   * with `route: "resource"`
   * `GET /authorization/resources/{resourceId}/organization_memberships/{organizationMembershipId}/permissions`.
   */
  async listEffectivePermissions(
    { organizationMembershipId: member, resourceId, route, ...query }: ListEffectivePermissionsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<Permission>> {
    const permissions = route === "resource" // the Node SDK's route; the API description has only the other
      ? path`/authorization/resources/${resourceId}/organization_memberships/${member}/permissions`
      : path`/authorization/organization_memberships/${member}/resources/${resourceId}/permissions`;
    return await this.#api.list(permissions, { query }, request);
  }

  /**
   * Lists the permissions a member has on a resource given by your own id for it, inherited ones included:
   * `GET /authorization/organization_memberships/{organizationMembershipId}/resources/{resourceTypeSlug}/{externalId}/permissions`.
   */
  async listEffectivePermissionsByExternalId(
    { organizationMembershipId: member, resourceTypeSlug, externalId, ...query }:
      ListEffectivePermissionsByExternalIdOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<Permission>> {
    const permissions =
      path`/authorization/organization_memberships/${member}/resources/${resourceTypeSlug}/${externalId}/permissions`;
    return await this.#api.list(permissions, { query }, request);
  }
}

function organizationRole(organizationId: string, slug: string): RequestPath {
  return path`/authorization/organizations/${organizationId}/roles/${slug}`;
}

function externalResource(
  { organizationId, resourceTypeSlug, externalId }: GetAuthorizationResourceByExternalIdOptions,
): RequestPath {
  return path`/authorization/organizations/${organizationId}/resources/${resourceTypeSlug}/${externalId}`;
}

function memberAssignments(organizationMembershipId: string): RequestPath {
  return path`/authorization/organization_memberships/${organizationMembershipId}/role_assignments`;
}

function groupAssignments(groupId: string): RequestPath {
  return path`/authorization/groups/${groupId}/role_assignments`;
}

/** The body of a call on a role assignment: the role, and the resource it is on. */
function roleOn(options: { roleSlug: string }): object {
  return { roleSlug: options.roleSlug, ...resourceOf(options) };
}

type ResourceFields = Partial<AuthorizationResourceIdentifierById & AuthorizationResourceIdentifierByExternalId>;

/**
 * The fields that identify the resource of a call: its id, or else the caller's own id with a type, or nothing when
 * none of them is present. Throws a `TypeError` when a field is present, but they identify no resource: the API applies
 * a call without a resource to the whole organization, so a missing value would grant far more than intended.
 */
function resourceOf(options: object): ResourceFields {
  const { resourceId, resourceExternalId, resourceTypeSlug }: ResourceFields = options;
  if (resourceId) return { resourceId };
  if (resourceExternalId && resourceTypeSlug) return { resourceExternalId, resourceTypeSlug };
  if (["resourceId", "resourceExternalId", "resourceTypeSlug"].some((name) => name in options)) {
    throw new TypeError("Cannot tell the resource: give resourceId, or resourceExternalId and resourceTypeSlug");
  }
  return {};
}

/** The options with at most one reference to the parent: its id, or else the caller's own; the API rejects both. */
function withOneParent<T extends object>(options: T): T {
  const changes: T & AuthorizationResourceChanges = options;
  const { parentResourceId, parentResourceExternalId: _, parentResourceTypeSlug: __, ...rest } = changes;
  return parentResourceId === undefined ? options : { ...rest, parentResourceId } as object as T;
}
