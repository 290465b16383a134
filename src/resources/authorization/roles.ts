// Options of the calls on roles.

/** What people will call something new, and what it is for. */
export interface NewDescription {
  /** Name for people, at most 48 characters. */
  name: string;
  /** What it is for, at most 150 characters; `null` for nothing. */
  description?: string | null;
}

/** What new roles and permissions have in common. */
export interface BaseCreateRoleOptions extends NewDescription {
  /** The type of resource it is for. Default: the API's. */
  resourceTypeSlug?: string;
}

/** Options of {@linkcode Authorization.createEnvironmentRole}. */
export interface CreateEnvironmentRoleOptions extends BaseCreateRoleOptions {
  /** Unique key of the role, at most 48 characters. */
  slug: string;
}

/** Options of {@linkcode Authorization.updateEnvironmentRole}; what is left out stays as it is. */
export interface UpdateEnvironmentRoleOptions extends Partial<NewDescription> {}

/** Options of {@linkcode Authorization.setEnvironmentRolePermissions}. */
export interface SetEnvironmentRolePermissionsOptions {
  /** Slugs of all permissions the role shall have; empty takes every one away. */
  permissions: string[];
}

/** Says which permission is meant. */
export interface OfPermission {
  /** Slug of the permission. */
  permissionSlug: string;
}

/** Options of {@linkcode Authorization.addEnvironmentRolePermission}. */
export type AddEnvironmentRolePermissionOptions = OfPermission;

/** Options of {@linkcode Authorization.createOrganizationRole}. */
export interface CreateOrganizationRoleOptions extends BaseCreateRoleOptions {
  /** Unique key of the role, beginning with `org-`, at most 48 characters. Default: made of the name. */
  slug?: string;
}

/** Options of {@linkcode Authorization.updateOrganizationRole}; what is left out stays as it is. */
export type UpdateOrganizationRoleOptions = UpdateEnvironmentRoleOptions;
/** Options of {@linkcode Authorization.setOrganizationRolePermissions}. */
export type SetOrganizationRolePermissionsOptions = SetEnvironmentRolePermissionsOptions;
/** Options of {@linkcode Authorization.addOrganizationRolePermission}. */
export type AddOrganizationRolePermissionOptions = OfPermission;
/** Options of {@linkcode Authorization.removeOrganizationRolePermission}. */
export type RemoveOrganizationRolePermissionOptions = OfPermission;
