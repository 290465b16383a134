// Resources: the things in your application that roles are assigned on.

import type { Described, Entity, OfMembership, OfOrganization } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import type { OpenString } from "../../wire.ts";
import type { NewDescription, OfPermission } from "./roles.ts";

/** Says which resource is meant, by what you call it. */
export interface ExternalResource {
  /** Your own id for the resource: ASCII, at most 128 characters, unique for its type within the organization. */
  externalId: string;
  /** The type of the resource. */
  resourceTypeSlug: string;
}

/** A thing in your application that roles can be assigned on. */
export interface AuthorizationResource
  extends Entity<"authorization_resource">, OfOrganization, ExternalResource, Described {
  /** The resource this one is in, or `null` when it is in none. */
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

/** What every new resource needs. */
export interface BaseCreateAuthorizationResourceOptions extends OfOrganization, ExternalResource, NewDescription {}

/** A new resource in another one, given by its id. */
export interface CreateOptionsWithParentResourceId extends BaseCreateAuthorizationResourceOptions {
  /** Id of the resource the new one is in; `null` for none. */
  parentResourceId: string | null;
}

/** A new resource in another one, given by your own id for that. */
export interface CreateOptionsWithParentExternalId extends BaseCreateAuthorizationResourceOptions {
  /** Your own id for the resource the new one is in. */
  parentResourceExternalId: string;
  /** The type of the resource the new one is in. */
  parentResourceTypeSlug: string;
}

/** Options of {@linkcode Authorization.createResource}; without a parent the resource is at the top. */
export type CreateAuthorizationResourceOptions =
  | BaseCreateAuthorizationResourceOptions
  | CreateOptionsWithParentResourceId
  | CreateOptionsWithParentExternalId;

/** What of a resource changes; what is left out stays as it is. */
export interface AuthorizationResourceChanges extends Partial<NewDescription> {
  /** Id of the resource to move this one into. When given, the two fields below are not sent. */
  parentResourceId?: string;
  /** Your own id for the resource to move this one into; needs `parentResourceTypeSlug`. */
  parentResourceExternalId?: string;
  /** The type of the resource to move this one into. */
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
  /** Only resources with this id of yours. */
  resourceExternalId?: string;
  /** Only resources in the one with this id. */
  parentResourceId?: string;
  /** Only resources in one of this type; needs `parentExternalId`. */
  parentResourceTypeSlug?: string;
  /** Only resources in the one with this id of yours; needs `parentResourceTypeSlug`. */
  parentExternalId?: string;
}

/** Options of {@linkcode Authorization.getResourceByExternalId}. */
export interface GetAuthorizationResourceByExternalIdOptions extends OfOrganization, ExternalResource {}

/** Options of {@linkcode Authorization.updateResourceByExternalId}. */
export interface UpdateAuthorizationResourceByExternalIdOptions
  extends GetAuthorizationResourceByExternalIdOptions, AuthorizationResourceChanges {}

/** Whether a deletion may take along what depends on the resource. */
export interface CascadeDeletion {
  /** Whether resources in it and role assignments go, too; by default any of them is a {@linkcode ConflictException}. */
  cascadeDelete?: boolean;
}

/** Options of {@linkcode Authorization.deleteResource}. */
export interface DeleteAuthorizationResourceOptions extends AuthorizationResourceIdentifierById, CascadeDeletion {}

/** Options of {@linkcode Authorization.deleteResourceByExternalId}. */
export interface DeleteAuthorizationResourceByExternalIdOptions
  extends GetAuthorizationResourceByExternalIdOptions, CascadeDeletion {}

/** Whose resources to list, and which. */
export interface BaseListResourcesForMembershipOptions extends OfMembership, OfPermission, PaginationOptions {}

/** Resources in the one with an id. */
export interface ListResourcesForMembershipOptionsWithParentId extends BaseListResourcesForMembershipOptions {
  /** Id of the resource whose children to list. */
  parentResourceId: string;
}

/** Resources in the one with an id of yours. */
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

/** `direct`: only members with a role on the resource itself; `indirect`: also those who inherit one. */
export type AssignmentFilter = "direct" | "indirect" | OpenString;

/** Which members to list. */
export interface MembershipsWithPermissionOptions extends OfPermission, PaginationOptions {
  /** Whether members count who inherit their role from a resource around this one. */
  assignment?: AssignmentFilter;
}

/** Options of {@linkcode Authorization.listMembershipsForResource}. */
export interface ListMembershipsForResourceOptions
  extends AuthorizationResourceIdentifierById, MembershipsWithPermissionOptions {}

/** Options of {@linkcode Authorization.listMembershipsForResourceByExternalId}. */
export interface ListMembershipsForResourceByExternalIdOptions
  extends GetAuthorizationResourceByExternalIdOptions, MembershipsWithPermissionOptions {}
