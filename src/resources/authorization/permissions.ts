// Permissions, and the question whether somebody has one.

import type { Described, Entity, OfMembership } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
// deno-fmt-ignore
import type {
  AuthorizationResourceIdentifierByExternalId, AuthorizationResourceIdentifierById, ExternalResource,
} from "./resources.ts";
import type { BaseCreateRoleOptions, OfPermission, UpdateEnvironmentRoleOptions } from "./roles.ts";

/** Something that can be allowed on a type of resource. */
export interface Permission extends Entity<"permission">, Described {
  /** Unique key of the permission, such as `documents:read`. */
  slug: string;
  /** The type of resource the permission is about. */
  resourceTypeSlug: string;
  /** Whether WorkOS manages the permission; such a one cannot be deleted. */
  system: boolean;
}

/** Options of {@linkcode Authorization.createPermission}. */
export interface CreatePermissionOptions extends BaseCreateRoleOptions {
  /** Unique key of at most 48 characters: lower-case letters, digits and `-_:.*`. */
  slug: string;
}

/** Options of {@linkcode Authorization.updatePermission}; what is left out stays as it is. */
export type UpdatePermissionOptions = UpdateEnvironmentRoleOptions;
/** Options of {@linkcode Authorization.listPermissions}. */
export type ListPermissionsOptions = PaginationOptions;

/** Answer of {@linkcode Authorization.check}. */
export interface AuthorizationCheckResult {
  /** Whether the member has the permission on the resource. */
  authorized: boolean;
}

/** Who is asked about, and what. */
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
  /** Route of the call: `membership` (default) is in the API description, `resource` is what the Node SDK calls. */
  route?: "membership" | "resource";
}

/** Options of {@linkcode Authorization.listEffectivePermissionsByExternalId}. */
export interface ListEffectivePermissionsByExternalIdOptions
  extends OfMembership, ExternalResource, PaginationOptions {}
