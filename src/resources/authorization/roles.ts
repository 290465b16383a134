// Options of the calls on roles.

/** Options of {@linkcode Authorization.createEnvironmentRole}. */
export interface CreateEnvironmentRoleOptions {
  /** Unique key of the role, at most 48 characters. */
  slug: string;
  /** Name for people, at most 48 characters. */
  name: string;
  /** What the role is for, at most 150 characters. */
  description?: string | null;
  /** The type of resource the role can be assigned on. Default: the API's. */
  resourceTypeSlug?: string;
}

/** Options of {@linkcode Authorization.updateEnvironmentRole}. */
export interface UpdateEnvironmentRoleOptions {
  /** New name; absent keeps the present one. */
  name?: string;
  /** New description; `null` clears it, absent keeps the present one. */
  description?: string | null;
}

/** Options of {@linkcode Authorization.setEnvironmentRolePermissions}. */
export interface SetEnvironmentRolePermissionsOptions {
  /** Slugs of all permissions the role shall have; empty takes every one away. */
  permissions: string[];
}

/** Options of {@linkcode Authorization.addEnvironmentRolePermission}. */
export interface AddEnvironmentRolePermissionOptions {
  /** Slug of the permission to add. */
  permissionSlug: string;
}

/** Options of {@linkcode Authorization.createOrganizationRole}. */
export interface CreateOrganizationRoleOptions {
  /** Unique key of the role, beginning with `org-`, at most 48 characters. Default: made of the name. */
  slug?: string;
  /** Name for people, at most 48 characters. */
  name: string;
  /** What the role is for, at most 150 characters. */
  description?: string | null;
  /** The type of resource the role can be assigned on. Default: the API's. */
  resourceTypeSlug?: string;
}

/** Options of {@linkcode Authorization.updateOrganizationRole}. */
export interface UpdateOrganizationRoleOptions {
  /** New name; absent keeps the present one. */
  name?: string;
  /** New description; `null` clears it, absent keeps the present one. */
  description?: string | null;
}

/** Options of {@linkcode Authorization.setOrganizationRolePermissions}. */
export interface SetOrganizationRolePermissionsOptions {
  /** Slugs of all permissions the role shall have; empty takes every one away. */
  permissions: string[];
}

/** Options of {@linkcode Authorization.addOrganizationRolePermission}. */
export interface AddOrganizationRolePermissionOptions {
  /** Slug of the permission to add. */
  permissionSlug: string;
}

/** Options of {@linkcode Authorization.removeOrganizationRolePermission}. */
export interface RemoveOrganizationRolePermissionOptions {
  /** Slug of the permission to take away. */
  permissionSlug: string;
}
