import { conflict, entityNotFound, invalidField, unprocessable } from "../answers.ts";
import {
  type Assigned,
  assigned,
  assignmentsOf,
  DIRECT,
  GROUP_ROLE_ASSIGNMENTS,
  type GroupRoleAssignment,
  isSame,
  ROLE_ASSIGNMENTS,
  type RoleAssignment,
} from "../assignments.ts";
import { type Filters, listAnswer, listOf, routeOn } from "../crud.ts";
import { readFields } from "../fields.ts";
import { type Group, GROUPS } from "../groups.ts";
import { wholeList } from "../list.ts";
import { roleBySlug, setRoles } from "../people.ts";
import { type Membership, MEMBERSHIPS, ORGANIZATIONS, ROLES } from "../records.ts";
import {
  namedResource,
  ORGANIZATION_TYPE,
  organizationResource,
  requireNamed,
  type Resource,
  TARGET,
} from "../resources.ts";
import type { Call, Route } from "../router.ts";
import type { World } from "../world.ts";
import { resourceRoute } from "./resources.ts";

const OF_MEMBERSHIP = "/authorization/organization_memberships/:id/role_assignments";
const OF_GROUP = "/authorization/groups/:id/role_assignments";

const SHAPE = { role_slug: "text", ...TARGET } as const;

/** Role assignments of memberships and groups on resources. */
export const roleAssignmentRoutes: Route[] = [
  routeOn(MEMBERSHIPS, `GET ${OF_MEMBERSHIP}`, (membership, call, world) => {
    return listAssignments(call, world, {
      assignments: assignmentsOf(world, membership),
      filters: {
        resource_id: ({ resource }, wanted) => resource.id === wanted,
        resource_external_id: ({ resource }, wanted) => resource.external_id === wanted,
        resource_type_slug: ({ resource }, wanted) => resource.resource_type_slug === wanted,
      },
    });
  }),
  routeOn(MEMBERSHIPS, `POST ${OF_MEMBERSHIP}`, (membership, { body }, world) => {
    const { role_slug, ...fields } = readFields(body, SHAPE);
    const resource = requireNamed(world, membership.organization_id, { fields, naming: TARGET });
    return assignRole(world, membership, requireRole(world, role_slug, resource));
  }, 201),
  routeOn(MEMBERSHIPS, `DELETE ${OF_MEMBERSHIP}`, (membership, { body }, world) => {
    const { role_slug: slug, ...fields } = readFields(body, SHAPE);
    const resource = requireNamed(world, membership.organization_id, { fields, naming: TARGET });
    removeRole(world, membership, { asked: slug, fits: (known) => isSame(known, assigned({ slug }, resource)) });
  }, 204),
  routeOn(MEMBERSHIPS, `DELETE ${OF_MEMBERSHIP}/:assignmentId`, (membership, { params }, world) => {
    const asked = params.assignmentId;
    removeRole(world, membership, { asked, fits: ({ id }) => id === asked });
  }, 204),
  ...resourceRoute("GET", "/role_assignments", (call, world, resource) => {
    const members = world.of(MEMBERSHIPS).all({ organization_id: resource.organization_id });
    const all = members.flatMap((membership) => assignmentsOf(world, membership));
    return listAssignments(call, world, {
      assignments: all.filter((known) => known.resource.id === resource.id),
      filters: { role_slug: ({ role }, wanted) => role.slug === wanted },
    });
  }),
  listOf(OF_GROUP, GROUPS, { kind: GROUP_ROLE_ASSIGNMENTS, belongs: "group_id" }),
  routeOn(GROUPS, `POST ${OF_GROUP}`, (group, { body }, world) => {
    const wanted = readEntry(body, world, group);
    if (findOf(world, group, wanted)) throw conflict("duplicate_group_role_assignment");
    return assignToGroup(world, group, wanted);
  }, 201),
  routeOn(GROUPS, `PUT ${OF_GROUP}`, replaceAll),
  routeOn(GROUPS, `DELETE ${OF_GROUP}`, (group, { body }, world) => {
    const { slug, resource } = readTarget(body, world, group);
    const known = findOf(world, group, assigned({ slug }, resource));
    if (!known) throw entityNotFound(GROUP_ROLE_ASSIGNMENTS.title, slug);
    world.remove(GROUP_ROLE_ASSIGNMENTS, known.id);
  }, 204),
  routeOn(GROUPS, `GET ${OF_GROUP}/:assignmentId`, requireOfGroup),
  routeOn(GROUPS, `DELETE ${OF_GROUP}/:assignmentId`, (group, call, world) => {
    world.remove(GROUP_ROLE_ASSIGNMENTS, requireOfGroup(group, call, world).id);
  }, 204),
];

function requireOfGroup({ id: group_id }: Group, { params: { assignmentId: id } }: Call, world: World) {
  return world.found(GROUP_ROLE_ASSIGNMENTS, id, { id, group_id });
}

function listAssignments(
  call: Call,
  world: World,
  { assignments, filters }: { assignments: RoleAssignment[]; filters: Filters<RoleAssignment> },
): object {
  const ids = new Set(assignments.map(({ id }) => id));
  return listAnswer(call, world, { kind: ROLE_ASSIGNMENTS, among: ({ id }) => ids.has(id), filters });
}

/** The role and the resource, an organization's own unless it is named, that a call on a group is about. */
function readTarget(body: Record<string, unknown>, world: World, { organization_id }: Group) {
  const { role_slug: slug, ...fields } = readFields(body, SHAPE);
  const named = namedResource(world, organization_id, { fields, naming: TARGET });
  return { slug, resource: named ?? organizationResource(world.existing(ORGANIZATIONS, organization_id)) };
}

/** An assignment of this role on this resource. Throws a 422 when the role is for resources of another type. */
export function requireRole(world: World, slug: string, resource: Resource): Assigned {
  const role = roleBySlug(world, slug, resource.organization_id);
  if (!role) throw entityNotFound(ROLES.title, slug);
  const type = resource.resource_type_slug;
  if (role.resource_type_slug !== type) {
    throw unprocessable("invalid_role", `Role '${slug}' is not for resources of type '${type}'.`);
  }
  return assigned(role, resource);
}

/** Assigns a role on a resource; once is enough. On the organization it becomes a role of the membership itself. */
export function assignRole(world: World, membership: Membership, wanted: Assigned & { id?: string }): RoleAssignment {
  const known = assignmentsOf(world, membership).find((known) => isDirect(known) && isSame(known, wanted));
  if (known) return known;
  if (wanted.resource.resource_type_slug === ORGANIZATION_TYPE) {
    const changed = setRoles(world, membership, [...membership.roles, wanted.role].map(({ slug }) => slug));
    return assignmentsOf(world, changed).find((known) => isDirect(known) && isSame(known, wanted))!; // by its new role
  }
  return world.create(ROLE_ASSIGNMENTS, {
    organization_membership_id: membership.id,
    ...wanted,
    source: DIRECT,
  });
}

/** Removes a role of a membership, except one that comes from a group. */
function removeRole(
  world: World,
  membership: Membership,
  { asked, fits }: { asked: string; fits: (known: RoleAssignment) => boolean },
): void {
  const known = assignmentsOf(world, membership).find((known) => isDirect(known) && fits(known));
  if (!known) throw entityNotFound(ROLE_ASSIGNMENTS.title, asked);
  const { role, resource } = known;
  if (resource.resource_type_slug !== ORGANIZATION_TYPE) return world.remove(ROLE_ASSIGNMENTS, known.id);
  const others = membership.roles.filter(({ slug }) => slug !== role.slug);
  setRoles(world, membership, others.map(({ slug }) => slug)); // without any it is the usual one again
}

function isDirect({ source }: RoleAssignment): boolean {
  return source.type === "direct";
}

function readEntry(body: Record<string, unknown>, world: World, group: Group): Assigned {
  const { slug, resource } = readTarget(body, world, group);
  return requireRole(world, slug, resource);
}

function findOf(world: World, { id }: Group, wanted: Assigned): GroupRoleAssignment | undefined {
  return world.of(GROUP_ROLE_ASSIGNMENTS).find((known) => known.group_id === id && isSame(known, wanted));
}

/** Gives a role on a resource to every member of a group. */
export function assignToGroup(
  world: World,
  { id: group_id }: Group,
  wanted: Assigned & { id?: string },
): GroupRoleAssignment {
  return world.create(GROUP_ROLE_ASSIGNMENTS, { group_id, ...wanted });
}

/** Changes nothing when one of the entries is refused. */
function replaceAll(group: Group, { body }: Call, world: World): object {
  const { role_assignments } = readFields(body, { role_assignments: "objects" });
  if (role_assignments.length > 100) throw invalidField("role_assignments");
  const wanted = role_assignments.map((entry) => readEntry(entry, world, group));
  world.forget(GROUP_ROLE_ASSIGNMENTS, (known) => {
    return known.group_id === group.id && !wanted.some((entry) => isSame(entry, known));
  });
  const kept = wanted.map((entry) => findOf(world, group, entry) ?? assignToGroup(world, group, entry));
  return wholeList([...new Set(kept)]);
}
