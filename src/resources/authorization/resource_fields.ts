// Which of the fields that identify a resource, or its parent, are sent.

// deno-fmt-ignore
import type {
  AuthorizationResourceChanges, AuthorizationResourceIdentifierByExternalId, AuthorizationResourceIdentifierById,
} from "./resources.ts";

type ResourceFields = Partial<AuthorizationResourceIdentifierById & AuthorizationResourceIdentifierByExternalId>;

/**
 * The fields that identify the resource of a call: its id, or else the caller's own id with a type, or nothing when
 * none of them is present. Throws a `TypeError` when a field is present, but they identify no resource: the API applies
 * a call without a resource to the whole organization, so a missing value would grant far more than intended.
 */
export function resourceOf(options: object): ResourceFields {
  const { resourceId, resourceExternalId, resourceTypeSlug }: ResourceFields = options;
  if (resourceId) return { resourceId };
  if (resourceExternalId && resourceTypeSlug) return { resourceExternalId, resourceTypeSlug };
  if (["resourceId", "resourceExternalId", "resourceTypeSlug"].some((name) => name in options)) {
    throw new TypeError(
      'Cannot tell the resource: neither "resourceId" nor "resourceExternalId" with "resourceTypeSlug" has a value',
    );
  }
  return {};
}

/** The options with at most one reference to the parent: its id, or else the caller's own; the API rejects both. */
export function withOneParent<T extends object>(options: T): T {
  const changes: T & AuthorizationResourceChanges = options;
  const { parentResourceId, parentResourceExternalId: _, parentResourceTypeSlug: __, ...rest } = changes;
  return parentResourceId === undefined ? options : { ...rest, parentResourceId } as object as T;
}
