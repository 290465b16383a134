// Resources: the objects of your application on which roles are assigned.

import type { Described, Entity, OfMembership, OfOrganization } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import type { OpenString } from "../../wire.ts";
import type { NewDescription, OfPermission } from "./roles.ts";

/** Identifies a resource by your own id. */
export interface ExternalResource {
  /** Your own id for the resource: ASCII, at most 128 characters, unique for its type within the organization. */
  externalId: string;
  /** The type of the resource. */
  resourceTypeSlug: string;
}

/** An object of your application on which roles can be assigned. */
export interface AuthorizationResource
  extends Entity<"authorization_resource">, OfOrganization, ExternalResource, Described {
  /** Id of the parent resource; `null` when there is none. */
  parentResourceId: string | null;
}

/** A resource by its id. */
export interface AuthorizationResourceIdentifierById {
  /** Id of the resource. */
  resourceId: string;
}

/** A resource by your own id for it. */
export interface AuthorizationResourceIdentifierByExternalId {
  /** Your own id for the resource. */
  resourceExternalId: string;
  /** The type of the resource. */
  resourceTypeSlug: string;
}

/** Options of every new resource. */
export interface BaseCreateAuthorizationResourceOptions extends OfOrganization, ExternalResource, NewDescription {}

/** A new resource whose parent is given by its id. */
export interface CreateOptionsWithParentResourceId extends BaseCreateAuthorizationResourceOptions {
  /** Id of the parent resource; `null` for none. */
  parentResourceId: string | null;
}

/** A new resource whose parent is given by your own id for it. */
export interface CreateOptionsWithParentExternalId extends BaseCreateAuthorizationResourceOptions {
  /** Your own id for the parent resource. */
  parentResourceExternalId: string;
  /** The type of the parent resource. */
  parentResourceTypeSlug: string;
}

/** Options of {@linkcode Authorization.createResource}; without a parent the resource is at the top level. */
export type CreateAuthorizationResourceOptions =
  | BaseCreateAuthorizationResourceOptions
  | CreateOptionsWithParentResourceId
  | CreateOptionsWithParentExternalId;

/** Changes to a resource; fields that are left out stay as they are. */
export interface AuthorizationResourceChanges extends Partial<NewDescription> {
  /** Id of the new parent resource. When given, the two fields below are not sent. */
  parentResourceId?: string;
  /** Your own id for the new parent resource; needs `parentResourceTypeSlug`. */
  parentResourceExternalId?: string;
  /** The type of the new parent resource. */
  parentResourceTypeSlug?: string;
}

/** Options of {@linkcode Authorization.updateResource}. */
export interface UpdateAuthorizationResourceOptions
  extends AuthorizationResourceIdentifierById, AuthorizationResourceChanges {}

/** Options of {@linkcode Authorization.listResources}. */
export interface ListAuthorizationResourcesOptions extends PaginationOptions {
  /** Only resources of this organization. */
  organizationId?: string;
  /** Only resources of this type. */
  resourceTypeSlug?: string;
  /** Only resources with this id of your own. */
  resourceExternalId?: string;
  /** Only children of the resource with this id. */
  parentResourceId?: string;
  /** Type of the parent that `parentExternalId` identifies; both are needed. */
  parentResourceTypeSlug?: string;
  /** Only children of the resource with this id of your own; needs `parentResourceTypeSlug`. */
  parentExternalId?: string;
}

/** Options of {@linkcode Authorization.getResourceByExternalId}. */
export interface GetAuthorizationResourceByExternalIdOptions extends OfOrganization, ExternalResource {}

/** Options of {@linkcode Authorization.updateResourceByExternalId}. */
export interface UpdateAuthorizationResourceByExternalIdOptions
  extends GetAuthorizationResourceByExternalIdOptions, AuthorizationResourceChanges {}

/** Whether a deletion includes what depends on the resource. */
export interface CascadeDeletion {
  /** Whether to delete children and role assignments, too. Without it, they cause a {@linkcode ConflictException}. */
  cascadeDelete?: boolean;
}

/** Options of {@linkcode Authorization.deleteResource}. */
export interface DeleteAuthorizationResourceOptions extends AuthorizationResourceIdentifierById, CascadeDeletion {}

/** Options of {@linkcode Authorization.deleteResourceByExternalId}. */
export interface DeleteAuthorizationResourceByExternalIdOptions
  extends GetAuthorizationResourceByExternalIdOptions, CascadeDeletion {}

/** The member and the permission whose resources to list. */
export interface BaseListResourcesForMembershipOptions extends OfMembership, OfPermission, PaginationOptions {}

/** Children of a resource that is given by its id. */
export interface ListResourcesForMembershipOptionsWithParentId extends BaseListResourcesForMembershipOptions {
  /** Id of the resource whose children to list. */
  parentResourceId: string;
}

/** Children of a resource that is given by your own id for it. */
export interface ListResourcesForMembershipOptionsWithParentExternalId extends BaseListResourcesForMembershipOptions {
  /** The type of the resource whose children to list. */
  parentResourceTypeSlug: string;
  /** Your own id for the resource whose children to list. */
  parentResourceExternalId: string;
}

/** Options of {@linkcode Authorization.listResourcesForMembership}. */
export type ListResourcesForMembershipOptions =
  | ListResourcesForMembershipOptionsWithParentId
  | ListResourcesForMembershipOptionsWithParentExternalId;

/** `direct`: only members with a role on the resource itself; `indirect`: also members who inherit one. */
export type AssignmentFilter = "direct" | "indirect" | OpenString;

/** Which members to list. */
export interface MembershipsWithPermissionOptions extends OfPermission, PaginationOptions {
  /** Whether to include members who inherit their role from a parent of this resource. */
  assignment?: AssignmentFilter;
}

/** Options of {@linkcode Authorization.listMembershipsForResource}. */
export interface ListMembershipsForResourceOptions
  extends AuthorizationResourceIdentifierById, MembershipsWithPermissionOptions {}

/** Options of {@linkcode Authorization.listMembershipsForResourceByExternalId}. */
export interface ListMembershipsForResourceByExternalIdOptions
  extends GetAuthorizationResourceByExternalIdOptions, MembershipsWithPermissionOptions {}
