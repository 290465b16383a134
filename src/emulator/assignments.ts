import { GROUP_MEMBERS } from "./groups.ts";
import { type Kind, kind, type Stamped } from "./kind.ts";
import { type Membership, ORGANIZATIONS, type RoleSlug } from "./records.ts";
import {
  ORGANIZATION_TYPE,
  organizationResource,
  type Resource,
  resourceById,
  RESOURCES,
  resourcesWithin,
} from "./resources.ts";
import type { Content, World } from "./world.ts";

/** A role on a resource, whoever has it. */
export interface Assigned {
  role: RoleSlug;
  resource: Pick<Resource, "id" | "external_id" | "resource_type_slug">;
}

export interface RoleAssignment extends Stamped, Assigned {
  organization_membership_id: string;
  source: { type: "direct" | "group"; group_role_assignment_id: string | null };
}

export const ROLE_ASSIGNMENTS: Kind<RoleAssignment> = kind("role_assignment");

export interface GroupRoleAssignment extends Stamped, Assigned {
  group_id: string;
}

export const GROUP_ROLE_ASSIGNMENTS: Kind<GroupRoleAssignment> = kind("group_role_assignment", {
  prefix: "gra",
});

/** The source of what was not given through a group. */
export const DIRECT = { type: "direct", group_role_assignment_id: null } as const;

/** A role on a resource as assignments hold it. */
export function assigned({ slug }: RoleSlug, { id, external_id, resource_type_slug }: Resource): Assigned {
  return { role: { slug }, resource: { id, external_id, resource_type_slug } };
}

/** Whether two assignments are of the same role on the same resource. */
export function isSame(a: Assigned, b: Assigned): boolean {
  return a.role.slug === b.role.slug && a.resource.id === b.resource.id;
}

/**
 * The role assignments of a membership: its roles in the organization, on resources, and those of its groups. Calls
 * create only the second kind; the others are derived, and stored when read, so that each has an id and a position.
 */
export function assignmentsOf(world: World, membership: Membership): RoleAssignment[] {
  const { id } = membership;
  const held = () => world.of(ROLE_ASSIGNMENTS).all({ organization_membership_id: id });
  const wanted = new Map(implied(world, membership).map((it) => [keyOf(it), it]));
  for (const known of held()) {
    const isWanted = wanted.delete(keyOf(known));
    if (!isWanted && isImplied(known)) world.of(ROLE_ASSIGNMENTS).delete(known.id);
  }
  for (const missing of wanted.values()) world.create(ROLE_ASSIGNMENTS, missing);
  return held();
}

type Held = Content<RoleAssignment>;

function implied(world: World, membership: Membership): Held[] {
  const { id: organization_membership_id, organization_id, created_at } = membership;
  const organization = organizationResource(world.existing(ORGANIZATIONS, organization_id));
  const member = { organization_membership_id, created_at, updated_at: created_at };
  const own = membership.roles.map((role) => ({ ...member, ...assigned(role, organization), source: DIRECT }));
  const joined = world.of(GROUP_MEMBERS).all({ organization_membership_id: membership.id });
  const groups = new Set(joined.map(({ group_id }) => group_id));
  const shared = world.of(GROUP_ROLE_ASSIGNMENTS).all(({ group_id }) => groups.has(group_id));
  const inherited = shared.map(({ id, role, resource, created_at, updated_at }) => {
    const source = { type: "group", group_role_assignment_id: id } as const;
    return { ...member, role, resource, source, created_at, updated_at };
  });
  return [...own, ...inherited];
}

function isImplied({ source, resource }: Held): boolean {
  return source.type === "group" || resource.resource_type_slug === ORGANIZATION_TYPE;
}

function keyOf({ role, resource, source }: Held): string {
  return JSON.stringify([role.slug, resource.id, source.group_role_assignment_id]);
}

/** Whether a role of an organization is assigned on one of its resources. */
export function isAssigned(world: World, slug: string, organizationId: string | undefined): boolean {
  return made(world).some(({ role, resource }) =>
    role.slug === slug && resourceById(world, resource.id)?.organization_id === organizationId
  );
}

/** Whether a resource has others in it, or a role is assigned on it. */
export function hasDependents(world: World, resource: Resource): boolean {
  return resourcesWithin(world, resource).length > 0 || made(world).some((known) => known.resource.id === resource.id);
}

/** The assignments that calls made. */
function made(world: World): Assigned[] {
  return [...world.of(ROLE_ASSIGNMENTS).all((known) => !isImplied(known)), ...world.of(GROUP_ROLE_ASSIGNMENTS).all()];
}

/** Removes a resource and its descendants with their role assignments, without events. */
export function forgetResource(world: World, resource: Resource): void {
  const gone = new Set([resource, ...resourcesWithin(world, resource)].map(({ id }) => id));
  const isThere = ({ resource: { id } }: Assigned) => gone.has(id);
  world.forget(ROLE_ASSIGNMENTS, isThere);
  world.forget(GROUP_ROLE_ASSIGNMENTS, isThere);
  world.forget(RESOURCES, ({ id }) => gone.has(id));
}
