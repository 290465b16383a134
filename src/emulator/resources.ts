import { entityNotFound, invalidField } from "./answers.ts";
import { type Kind, kind, type Reader, type Stamped } from "./kind.ts";
import { type Organization, ORGANIZATIONS } from "./records.ts";

/** Something that roles are assigned on. Any type will do: types are made in the dashboard, no call makes or lists them. */
export interface Resource extends Stamped {
  organization_id: string;
  resource_type_slug: string;
  external_id: string;
  name: string;
  description: string | null;
  parent_resource_id: string | null;
}

export const RESOURCES: Kind<Resource> = kind("authorization_resource", { prefix: "authz_resource" });

/** The type of organizations. */
export const ORGANIZATION_TYPE = "organization";

/** Which organization, type and id of the customer's a resource has; no two have the same. */
export type Address = Pick<Resource, "organization_id" | "resource_type_slug" | "external_id">;

/** The fields that name a resource, in this order: its id, or the customer's id for it and its type. */
export const TARGET = { resource_id: "text?", resource_external_id: "text?", resource_type_slug: "text?" } as const;

/** The same for the resource around another one. */
export const PARENT = {
  parent_resource_id: "text?",
  parent_resource_external_id: "text?",
  parent_resource_type_slug: "text?",
} as const;

/** The same for the one around those of a list. */
export const LISTED_PARENT = {
  parent_resource_id: "text?",
  parent_external_id: "text?",
  parent_resource_type_slug: "text?",
} as const;

/** {@linkcode TARGET} and its like. */
export type Naming = typeof TARGET | typeof PARENT | typeof LISTED_PARENT;

/** An organization as the root of its resources. As no call created it, lists of resources leave it out. */
export function organizationResource({ id, name, created_at, updated_at }: Organization): Resource {
  return {
    object: RESOURCES.name,
    id: rootId(id),
    organization_id: id,
    resource_type_slug: ORGANIZATION_TYPE,
    external_id: id,
    name,
    description: null,
    parent_resource_id: null,
    created_at,
    updated_at,
  };
}

function rootId(organizationId: string): string {
  return `${RESOURCES.prefix}_${organizationId}`;
}

/** The resource with this id, an organization's own included. */
export function resourceById(world: Reader, id: string): Resource | undefined {
  const organization = world.of(ORGANIZATIONS).get(id.slice(RESOURCES.prefix.length + 1));
  return organization && rootId(organization.id) === id
    ? organizationResource(organization)
    : world.of(RESOURCES).get(id);
}

/** The resource at this address, an organization's own included. */
export function resourceAt(world: Reader, address: Address): Resource | undefined {
  const { organization_id, resource_type_slug, external_id } = address;
  if (resource_type_slug === ORGANIZATION_TYPE && external_id === organization_id) {
    return resourceById(world, rootId(organization_id));
  }
  return world.of(RESOURCES).find((known) =>
    known.external_id === external_id && known.resource_type_slug === resource_type_slug &&
    known.organization_id === organization_id
  );
}

/** The resource that fields name, `undefined` when they name none. Throws a 404 for one that is not the organization's. */
export function namedResource(
  world: Reader,
  organization_id: string,
  { fields, naming }: { fields: Record<string, string | null | undefined>; naming: Naming },
): Resource | undefined {
  checkOneWay(fields, naming);
  const [id, external_id, resource_type_slug] = Object.keys(naming).map((name) => fields[name] ?? undefined);
  const asked = id ?? external_id;
  if (asked === undefined) return undefined;
  const found = id === undefined
    ? resourceAt(world, { organization_id, external_id: asked, resource_type_slug: resource_type_slug ?? "" })
    : resourceById(world, id);
  if (found?.organization_id !== organization_id) throw entityNotFound(RESOURCES.title, asked);
  return found;
}

/** The same for fields that have to name one. Throws a 422 when they do not. */
export function requireNamed(
  world: Reader,
  organizationId: string,
  named: { fields: Record<string, string | null | undefined>; naming: Naming },
): Resource {
  const found = namedResource(world, organizationId, named);
  if (!found) throw invalidField(Object.keys(named.naming)[0], "required");
  return found;
}

/** Refuses fields that name a resource in both ways, or in half of one, with a 422. */
export function checkOneWay(fields: Record<string, unknown>, naming: Naming): void {
  const [id, externalId, type] = Object.keys(naming);
  const [hasId, hasExternalId, hasType] = [id, externalId, type].map((name) => fields[name] !== undefined);
  if (hasId && (hasExternalId || hasType)) throw invalidField(id);
  if (hasExternalId !== hasType) throw invalidField(hasType ? externalId : type, "required");
}

/** Id of the resource around this one: the organization where there is no other. */
export function parentId({ parent_resource_id, organization_id }: Resource): string {
  return parent_resource_id ?? rootId(organization_id);
}

/** Ids of a resource and of all around it, the organization last. */
export function pathOf(world: Reader, resource: Resource): string[] {
  const ids = [];
  for (let next: Resource | undefined = resource; next; next = world.of(RESOURCES).get(next.parent_resource_id)) {
    ids.push(next.id);
  }
  return [...ids, rootId(resource.organization_id)];
}

/** The resources in another one, at any depth. */
export function resourcesWithin(world: Reader, { id }: Resource): Resource[] {
  return world.of(RESOURCES).all((known) => known.id !== id && pathOf(world, known).includes(id));
}
