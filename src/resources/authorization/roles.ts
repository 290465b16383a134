// Options of the calls on roles.

/** Name and description of a new object. */
export interface NewDescription {
  /** Name for people, at most 48 characters. */
  name: string;
  /** Description, at most 150 characters; `null` for none. */
  description?: string | null;
}

/** Options that new roles and permissions share. */
export interface BaseCreateRoleOptions extends NewDescription {
  /** The type of resource to which it applies. Default: the API's. */
  resourceTypeSlug?: string;
}

/** Options of {@linkcode Authorization.createEnvironmentRole}. */
export interface CreateEnvironmentRoleOptions extends BaseCreateRoleOptions {
  /** Unique key of the role, at most 48 characters. */
  slug: string;
}

/** Options of {@linkcode Authorization.updateEnvironmentRole}; fields that are left out stay as they are. */
export interface UpdateEnvironmentRoleOptions extends Partial<NewDescription> {}

/** Options of {@linkcode Authorization.setEnvironmentRolePermissions}. */
export interface SetEnvironmentRolePermissionsOptions {
  /** Slugs of all permissions of the role from now on; an empty list removes all. */
  permissions: string[];
}

/** Identifies a permission. */
export interface OfPermission {
  /** Slug of the permission. */
  permissionSlug: string;
}

/** Options of {@linkcode Authorization.addEnvironmentRolePermission}. */
export type AddEnvironmentRolePermissionOptions = OfPermission;

/** Options of {@linkcode Authorization.createOrganizationRole}. */
export interface CreateOrganizationRoleOptions extends BaseCreateRoleOptions {
  /** Unique key of the role, beginning with `org-`, at most 48 characters. Default: derived from the name. */
  slug?: string;
}

/** Options of {@linkcode Authorization.updateOrganizationRole}; fields that are left out stay as they are. */
export type UpdateOrganizationRoleOptions = UpdateEnvironmentRoleOptions;
/** Options of {@linkcode Authorization.setOrganizationRolePermissions}. */
export type SetOrganizationRolePermissionsOptions = SetEnvironmentRolePermissionsOptions;
/** Options of {@linkcode Authorization.addOrganizationRolePermission}. */
export type AddOrganizationRolePermissionOptions = OfPermission;
/** Options of {@linkcode Authorization.removeOrganizationRolePermission}. */
export type RemoveOrganizationRolePermissionOptions = OfPermission;
