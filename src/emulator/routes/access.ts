import { assignmentsOf } from "../assignments.ts";
import { listAnswer, routeOn } from "../crud.ts";
import { checkOneOf, readFields, readQuery } from "../fields.ts";
import { type Kind, shownWithout } from "../kind.ts";
import { roleBySlug } from "../people.ts";
import { type Membership, MEMBERSHIPS } from "../records.ts";
import { PARENT, parentId, pathOf, requireNamed, type Resource, RESOURCES, TARGET } from "../resources.ts";
import type { Call, Route } from "../router.ts";
import type { World } from "../world.ts";
import { resourceRoute } from "./resources.ts";
import { PERMISSIONS, requirePermission } from "./roles.ts";

const PATH = "/authorization/organization_memberships/:id";

/** Memberships as in lists of members with a permission: without roles. */
const PERMITTED: Kind<Membership> = shownWithout(MEMBERSHIPS, "role", "roles");

/** Access checks: the permissions of memberships on resources. */
export const accessRoutes: Route[] = [
  routeOn(MEMBERSHIPS, `POST ${PATH}/check`, (membership, { body }, world) => {
    const { permission_slug, ...fields } = readFields(body, { permission_slug: "text", ...TARGET });
    const resource = requireNamed(world, membership.organization_id, { fields, naming: TARGET });
    const { id } = requirePermission(world, permission_slug);
    return { authorized: permissionsOn(world, membership, { resource }).has(id) };
  }),
  routeOn(MEMBERSHIPS, `GET ${PATH}/resources`, (membership, call, world) => {
    const { permission_slug, ...fields } = readQuery(call.query, { permission_slug: "text", ...PARENT });
    const parent = requireNamed(world, membership.organization_id, { fields, naming: PARENT });
    const { id } = requirePermission(world, permission_slug);
    return listAnswer(call, world, {
      kind: RESOURCES,
      among: (resource) => parentId(resource) === parent.id && permissionsOn(world, membership, { resource }).has(id),
    });
  }),
  routeOn(MEMBERSHIPS, `GET ${PATH}/resources/:resourceId/permissions`, listPermissions),
  routeOn(MEMBERSHIPS, `GET ${PATH}/resources/:type/:externalId/permissions`, listPermissions),
  // the API description lacks this one, the SDK for Node calls it
  routeOn(
    MEMBERSHIPS,
    "GET /authorization/resources/:resourceId/organization_memberships/:id/permissions",
    listPermissions,
  ),
  ...resourceRoute("GET", "/organization_memberships", (call, world, resource) => {
    const { permission_slug, assignment } = readQuery(call.query, { permission_slug: "text", assignment: "text?" });
    checkOneOf("assignment", assignment, ["direct", "indirect"]);
    const { id } = requirePermission(world, permission_slug);
    return listAnswer(call, world, {
      kind: PERMITTED,
      among: (membership) =>
        membership.organization_id === resource.organization_id &&
        permissionsOn(world, membership, { resource, direct: assignment === "direct" }).has(id),
    });
  }),
];

function listPermissions(membership: Membership, call: Call, world: World): object {
  const { resourceId, externalId, type } = call.params;
  const fields = { resource_id: resourceId, resource_external_id: externalId, resource_type_slug: type };
  const resource = requireNamed(world, membership.organization_id, { fields, naming: TARGET });
  const ids = permissionsOn(world, membership, { resource });
  return listAnswer(call, world, { kind: PERMISSIONS, among: ({ id }) => ids.has(id) });
}

/**
 * Ids of the permissions that a membership has on a resource: those for its type, of roles on it or, unless `direct`, on
 * its ancestors, up to the organization. An inactive membership has none.
 */
function permissionsOn(
  world: World,
  membership: Membership,
  { resource, direct = false }: { resource: Resource; direct?: boolean },
): Set<string> {
  const places = direct ? [resource.id] : pathOf(world, resource);
  const held = membership.status === "active" ? assignmentsOf(world, membership) : [];
  const roles = held.filter((known) => places.includes(known.resource.id)).map(({ role }) => role.slug);
  const slugs = roles.flatMap((slug) => roleBySlug(world, slug, membership.organization_id)?.permissions ?? []);
  const permissions = world.of(PERMISSIONS).all(({ slug, resource_type_slug }) =>
    resource_type_slug === resource.resource_type_slug && slugs.includes(slug)
  );
  return new Set(permissions.map(({ id }) => id));
}
