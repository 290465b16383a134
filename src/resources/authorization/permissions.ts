// Permissions, and the check whether a member has one.

import type { Described, Entity, OfMembership } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
// deno-fmt-ignore
import type {
  AuthorizationResourceIdentifierByExternalId, AuthorizationResourceIdentifierById, ExternalResource,
} from "./resources.ts";
import type { BaseCreateRoleOptions, OfPermission, UpdateEnvironmentRoleOptions } from "./roles.ts";

/** An action that can be allowed on a type of resource. */
export interface Permission extends Entity<"permission">, Described {
  /** Unique key of the permission, such as `documents:read`. */
  slug: string;
  /** The type of resource to which the permission applies. */
  resourceTypeSlug: string;
  /** Whether WorkOS manages the permission; a system permission cannot be deleted. */
  system: boolean;
}

/** Options of {@linkcode Authorization.createPermission}. */
export interface CreatePermissionOptions extends BaseCreateRoleOptions {
  /** Unique key of at most 48 characters: lower-case letters, digits and `-_:.*`. */
  slug: string;
}

/** Options of {@linkcode Authorization.updatePermission}; fields that are left out stay as they are. */
export type UpdatePermissionOptions = UpdateEnvironmentRoleOptions;
/** Options of {@linkcode Authorization.listPermissions}. */
export type ListPermissionsOptions = PaginationOptions;

/** Result of {@linkcode Authorization.check}. */
export interface AuthorizationCheckResult {
  /** Whether the member has the permission on the resource. */
  authorized: boolean;
}

/** The member and the permission of a check. */
export interface BaseAuthorizationCheckOptions extends OfMembership, OfPermission {}

/** A check on a resource by its id. */
export interface AuthorizationCheckOptionsWithResourceId
  extends BaseAuthorizationCheckOptions, AuthorizationResourceIdentifierById {}

/** A check on a resource by your own id for it. */
export interface AuthorizationCheckOptionsWithResourceExternalId
  extends BaseAuthorizationCheckOptions, AuthorizationResourceIdentifierByExternalId {}

/** Options of {@linkcode Authorization.check}. */
export type AuthorizationCheckOptions =
  | AuthorizationCheckOptionsWithResourceId
  | AuthorizationCheckOptionsWithResourceExternalId;

/** Options of {@linkcode Authorization.listEffectivePermissions}. */
export interface ListEffectivePermissionsOptions
  extends OfMembership, AuthorizationResourceIdentifierById, PaginationOptions {
  /** Route of the request: `membership` (default) is in the API description, `resource` is the one of the Node SDK. */
  route?: "membership" | "resource";
}

/** Options of {@linkcode Authorization.listEffectivePermissionsByExternalId}. */
export interface ListEffectivePermissionsByExternalIdOptions
  extends OfMembership, ExternalResource, PaginationOptions {}
