// Permissions, and the question whether somebody has one.

import type { Entity } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import type { AuthorizationResourceIdentifierByExternalId, AuthorizationResourceIdentifierById } from "./resources.ts";

/** Something that can be allowed on a type of resource. */
export interface Permission extends Entity<"permission"> {
  /** Unique key of the permission, such as `documents:read`. */
  slug: string;
  /** Name for people. */
  name: string;
  /** What the permission allows, or `null` when nothing was said. */
  description: string | null;
  /** The type of resource the permission is about. */
  resourceTypeSlug: string;
  /** Whether WorkOS manages the permission; such a one cannot be deleted. */
  system: boolean;
}

/** Options of {@linkcode Authorization.createPermission}. */
export interface CreatePermissionOptions {
  /**
   * Unique key of the permission, at most 48 characters: lower-case letters, digits, hyphens, underscores, colons,
   * periods and asterisks.
   */
  slug: string;
  /** Name for people, at most 48 characters. */
  name: string;
  /** What the permission allows, at most 150 characters. */
  description?: string | null;
  /** The type of resource the permission is about. Default: the API's. */
  resourceTypeSlug?: string;
}

/** Options of {@linkcode Authorization.updatePermission}. */
export interface UpdatePermissionOptions {
  /** New name; absent keeps the present one. */
  name?: string;
  /** New description; `null` clears it, absent keeps the present one. */
  description?: string | null;
}

/** Options of {@linkcode Authorization.listPermissions}. */
export type ListPermissionsOptions = PaginationOptions;

/** Answer of {@linkcode Authorization.check}. */
export interface AuthorizationCheckResult {
  /** Whether the member has the permission on the resource. */
  authorized: boolean;
}

/** Who is asked about, and what. */
export interface BaseAuthorizationCheckOptions {
  /** Id of the organization membership. */
  organizationMembershipId: string;
  /** Slug of the permission. */
  permissionSlug: string;
}

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
export interface ListEffectivePermissionsOptions extends PaginationOptions {
  /** Id of the organization membership. */
  organizationMembershipId: string;
  /** Id of the resource. */
  resourceId: string;
  /**
   * Which of two routes the call takes. `membership`, the default, is the one that the API description lists;
   * `resource` is the one that the Node SDK calls.
   */
  route?: "membership" | "resource";
}

/** Options of {@linkcode Authorization.listEffectivePermissionsByExternalId}. */
export interface ListEffectivePermissionsByExternalIdOptions extends PaginationOptions {
  /** Id of the organization membership. */
  organizationMembershipId: string;
  /** The type of the resource. */
  resourceTypeSlug: string;
  /** Your own id for the resource. */
  externalId: string;
}
