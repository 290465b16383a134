// Which of the fields that name a resource, or its parent, are sent.

interface ResourceFields {
  resourceId?: string | null;
  resourceExternalId?: string | null;
  resourceTypeSlug?: string | null;
}

interface ParentFields {
  parentResourceId?: string | null;
  parentResourceExternalId?: string;
  parentResourceTypeSlug?: string;
}

/**
 * The fields that say which resource a call is about: its id, or else the caller's own id with a type, or nothing when
 * none of them is there. Throws a `TypeError` when a field is there but names no resource. The API takes a call without
 * a resource for one about the whole organization, so a forgotten value would grant far more than was meant.
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

/** The options with one way to name the parent: its id drops the caller's own, as the API refuses both at once. */
export function withOneParent<T extends object>(options: T): T {
  const { parentResourceId, parentResourceExternalId: _, parentResourceTypeSlug: __, ...rest }: T & ParentFields =
    options;
  return parentResourceId === undefined ? options : { ...rest, parentResourceId } as object as T;
}
