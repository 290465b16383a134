import { badRequest, conflict, entityNotFound, invalidField } from "../answers.ts";
import { forgetResource, hasDependents } from "../assignments.ts";
import { listAnswer } from "../crud.ts";
import { checkLengths, checkOneOf, readFields, readQuery } from "../fields.ts";
import { defined } from "../kind.ts";
import { checkExternalId } from "../people.ts";
import { ORGANIZATIONS } from "../records.ts";
import {
  checkOneWay,
  LISTED_PARENT,
  namedResource,
  ORGANIZATION_TYPE,
  PARENT,
  parentId,
  pathOf,
  type Resource,
  resourceAt,
  resourceById,
  RESOURCES,
} from "../resources.ts";
import { type Answer, type Call, type Method, type Route, route } from "../router.ts";
import type { Content, World } from "../world.ts";

const PATH = "/authorization/resources";
const LENGTHS = { name: 48, description: 150 };

const SHAPE = {
  external_id: "text",
  name: "text",
  description: "text|null",
  resource_type_slug: "text",
  organization_id: "text",
  ...PARENT,
  parent_resource_id: "text|null",
} as const;

const CHANGES = { name: "text?", description: "text|null", ...PARENT } as const;

/** Resources that roles are assigned on. An organization's own can be fetched; it changes and goes with it alone. */
export const resourceRoutes: Route[] = [
  route(`GET ${PATH}`, listResources),
  route(`POST ${PATH}`, createResource, 201),
  ...resourceRoute("GET", "", (_call, _world, resource) => resource),
  ...resourceRoute("PATCH", "", ({ body }, world, { id }) => {
    const resource = world.existing(RESOURCES, id);
    return world.update(RESOURCES, id, readChanges(body, world, resource));
  }),
  ...resourceRoute("DELETE", "", ({ query }, world, { id }) => {
    const resource = world.existing(RESOURCES, id);
    const { cascade_delete } = readQuery(query, { cascade_delete: "text?" });
    checkOneOf("cascade_delete", cascade_delete, ["true", "false"]);
    if (cascade_delete !== "true" && hasDependents(world, resource)) throw conflict("resource_has_dependents");
    forgetResource(world, resource);
  }, 204),
];

/** Writes down an endpoint of a resource twice, since a path may name it by its id or by its address. */
export function resourceRoute(
  method: Method,
  rest: "" | `/${string}`,
  handle: (call: Call, world: World, resource: Resource) => Answer,
  status?: number,
): Route[] {
  const byId = `${PATH}/:resourceId${rest}` as const;
  const byAddress = `/authorization/organizations/:organizationId/resources/:type/:externalId${rest}` as const;
  return [byId, byAddress].map((path) =>
    route(`${method} ${path}`, (call, world) => handle(call, world, requireResource(call, world)), status)
  );
}

function requireResource({ params }: Call, world: World): Resource {
  const { organizationId, type, externalId, resourceId } = params;
  if (organizationId !== undefined) world.existing(ORGANIZATIONS, organizationId);
  const found = organizationId === undefined
    ? resourceById(world, resourceId)
    : resourceAt(world, { organization_id: organizationId, resource_type_slug: type, external_id: externalId });
  if (!found) throw entityNotFound(RESOURCES.title, resourceId ?? externalId);
  return found;
}

function listResources(call: Call, world: World): object {
  const { query } = call;
  if (!query.get("organization_id") && !query.get("resource_type_slug")) {
    const message = "At least one of organization_id and resource_type_slug is required.";
    throw badRequest("missing_organization_id_or_resource_type_slug", message);
  }
  checkOneWay(readQuery(query, LISTED_PARENT), LISTED_PARENT);
  const parentOf = (resource: Resource) => resourceById(world, parentId(resource));
  return listAnswer(call, world, {
    kind: RESOURCES,
    filters: {
      organization_id: "organization_id",
      resource_type_slug: "resource_type_slug",
      resource_external_id: "external_id",
      parent_resource_id: (resource, wanted) => parentId(resource) === wanted,
      parent_external_id: (resource, wanted) => parentOf(resource)?.external_id === wanted,
      parent_resource_type_slug: (resource, wanted) => parentOf(resource)?.resource_type_slug === wanted,
    },
  });
}

function createResource({ body }: Call, world: World): Resource {
  const fields = readFields(body, SHAPE);
  const { organization_id, resource_type_slug, external_id, name, description = null } = fields;
  checkLengths({ name, description }, LENGTHS);
  world.existing(ORGANIZATIONS, organization_id);
  const { id = null } = namedResource(world, organization_id, { fields, naming: PARENT }) ?? {};
  const content = { organization_id, resource_type_slug, external_id, name, description, parent_resource_id: id };
  return addResource(world, content);
}

/** Adds a resource. Throws a 409 when another one has the same address. */
export function addResource(world: World, content: Content<Resource>): Resource {
  checkExternalId(content.external_id);
  if (content.resource_type_slug === ORGANIZATION_TYPE) throw invalidField("resource_type_slug");
  if (resourceAt(world, content)) throw conflict("authorization_resource_external_id_conflict");
  return world.create(RESOURCES, content);
}

function readChanges(body: Record<string, unknown>, world: World, resource: Resource): Partial<Resource> {
  const { name, description, ...fields } = readFields(body, CHANGES);
  checkLengths({ name, description }, LENGTHS);
  const parent = namedResource(world, resource.organization_id, { fields, naming: PARENT });
  if (parent && pathOf(world, parent).includes(resource.id)) throw invalidField("parent_resource_id"); // it is in itself
  return defined({ name: name || undefined, description, parent_resource_id: parent?.id });
}
