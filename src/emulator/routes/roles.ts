import { conflict, entityNotFound, invalidField } from "../answers.ts";
import { isAssigned } from "../assignments.ts";
import { list } from "../crud.ts";
import { checkLengths, readFields, readNames } from "../fields.ts";
import { type Kind, kind, type Stamped, without } from "../kind.ts";
import { roleBySlug } from "../people.ts";
import { MEMBERSHIPS, ORGANIZATIONS, type Role, ROLES } from "../records.ts";
import { ORGANIZATION_TYPE } from "../resources.ts";
import { type Call, type Route, route } from "../router.ts";
import type { World } from "../world.ts";

const PERMISSIONS_PATH = "/authorization/permissions";

const ORGANIZATION_PATH = "/authorization/organizations/:organizationId/roles";

export interface Permission extends Stamped {
  slug: string;
  name: string;
  description: string | null;
  system: boolean;
  resource_type_slug: string;
}

export const PERMISSIONS: Kind<Permission> = kind("permission", { prefix: "perm", event: "permission" });

const ENVIRONMENT_ROLES: Kind<Role> = kind(ROLES.name, {
  ...ROLES,
  event: "role",
  announce: (role) => without(role, "id", "name", "description", "type"),
});

const ORGANIZATION_ROLES: Kind<Role> = kind(ROLES.name, {
  ...ROLES,
  event: "organization_role",
  announce: (role) => ({ ...without(role, "id", "type"), object: "organization_role" }),
});

const LENGTHS = { slug: 48, name: 48, description: 150, resource_type_slug: 48 };
const SHAPE = { slug: "text", name: "text", description: "text|null", resource_type_slug: "text?" } as const;

/** Roles of the environment and of single organizations, and the permissions they give. */
export const roleRoutes: Route[] = [
  ...rolesAt("/authorization/roles"),
  ...rolesAt(ORGANIZATION_PATH),
  route(`DELETE ${ORGANIZATION_PATH}/:slug`, (call, world) => {
    const { id, slug, organization_id } = ownRole(call, world);
    const assigned = world.of(MEMBERSHIPS).find((membership) =>
      membership.organization_id === organization_id && membership.roles.some((role) => role.slug === slug)
    );
    if (assigned || isAssigned(world, slug, organization_id)) throw conflict("role_has_assignments");
    world.remove(ORGANIZATION_ROLES, id);
  }, 204),
  route(`DELETE ${ORGANIZATION_PATH}/:slug/permissions/:permission`, (call, world) => {
    const role = ownRole(call, world);
    const { slug } = requirePermission(world, call.params.permission);
    return setPermissions(world, role, role.permissions.filter((known) => known !== slug));
  }),
  list(PERMISSIONS, PERMISSIONS_PATH),
  route(`POST ${PERMISSIONS_PATH}`, ({ body }, world) => {
    const fields = readNew(body, /^[a-z0-9\-_:.*]+$/);
    return addPermission(world, fields);
  }, 201),
  route(`GET ${PERMISSIONS_PATH}/:slug`, ({ params }, world) => requirePermission(world, params.slug)),
  route(`PATCH ${PERMISSIONS_PATH}/:slug`, ({ params, body }, world) => {
    return world.update(PERMISSIONS, requirePermission(world, params.slug).id, readNames(body, LENGTHS));
  }),
  route(`DELETE ${PERMISSIONS_PATH}/:slug`, ({ params }, world) => {
    const { id, slug } = requirePermission(world, params.slug);
    world.remove(PERMISSIONS, id);
    for (const role of world.of(ROLES).all(({ permissions }) => permissions.includes(slug))) {
      world.update(roleKind(role), role.id, { permissions: role.permissions.filter((known) => known !== slug) });
    }
  }, 204),
];

function rolesAt(path: `/${string}`): Route[] {
  return [
    route(`GET ${path}`, (call, world) => {
      const organization_id = organizationOf(call, world);
      const roles = world.of(ROLES).all((role) => [undefined, organization_id].includes(role.organization_id));
      return { object: "list", data: roles.map((role) => world.show(ROLES, role)) };
    }),
    route(`POST ${path}`, (call, world) => world.show(ROLES, createRole(call, world)), 201),
    route(`GET ${path}/:slug`, (call, world) => {
      const { slug } = call.params;
      const role = roleBySlug(world, slug, organizationOf(call, world));
      if (!role) throw entityNotFound(ROLES.title, slug);
      return world.show(ROLES, role);
    }),
    route(`PATCH ${path}/:slug`, (call, world) => {
      const role = ownRole(call, world);
      return world.show(ROLES, world.update(roleKind(role), role.id, readNames(call.body, LENGTHS)));
    }),
    route(`PUT ${path}/:slug/permissions`, (call, world) => {
      const { permissions } = readFields(call.body, { permissions: "texts" });
      return setPermissions(world, ownRole(call, world), permissions);
    }),
    route(`POST ${path}/:slug/permissions`, (call, world) => {
      const { slug } = readFields(call.body, { slug: "text" });
      const role = ownRole(call, world);
      return setPermissions(world, role, [...role.permissions, slug]);
    }),
  ];
}

function createRole(call: Call, world: World): Role {
  const organization_id = organizationOf(call, world);
  const made = organization_id && call.body.slug === undefined;
  const slug = made ? madeSlug(call.body.name, world) : call.body.slug;
  const pattern = organization_id ? /^org-[a-z0-9\-_]+$/ : /^[a-z0-9\-_]+$/;
  const fields = readNew({ ...call.body, slug }, pattern);
  return addRole(world, { ...fields, organization_id });
}

/** Adds a role of one organization, or of the environment. Throws a 409 when there is one with its slug. */
export function addRole(world: World, known: Partial<Role> & { slug: string }): Role {
  const { slug, organization_id } = known;
  if (world.of(ROLES).find({ slug, organization_id })) {
    throw conflict(organization_id ? "organization_role_slug_conflict" : "role_slug_conflict");
  }
  const usual = { slug, name: slug, description: null, resource_type_slug: ORGANIZATION_TYPE, permissions: [] };
  const type = organization_id ? "OrganizationRole" : "EnvironmentRole";
  return world.create(roleKind(known), { ...usual, ...known, type });
}

/** Adds a permission with whatever is known about it. Throws a 409 when there is one with its slug. */
export function addPermission(world: World, known: Partial<Permission> & { slug: string }): Permission {
  if (permissionBySlug(world, known.slug)) throw conflict("permission_slug_conflict");
  const usual = { name: known.slug, description: null, resource_type_slug: ORGANIZATION_TYPE };
  return world.create(PERMISSIONS, { ...usual, ...known, system: false });
}

/** The permission with this slug. */
export function permissionBySlug(world: World, slug: string): Permission | undefined {
  return world.of(PERMISSIONS).find({ slug });
}

/** The permission with this slug. Throws a 404 when there is none. */
export function requirePermission(world: World, slug: string): Permission {
  return world.found(PERMISSIONS, slug, { slug });
}

function setPermissions(world: World, role: Role, slugs: string[]): object {
  for (const slug of slugs) requirePermission(world, slug);
  return world.show(ROLES, world.update(roleKind(role), role.id, { permissions: [...new Set(slugs)] }));
}

/** The organization of the request; `undefined` for the environment. */
function organizationOf({ params: { organizationId } }: Call, world: World): string | undefined {
  return organizationId === undefined ? undefined : world.existing(ORGANIZATIONS, organizationId).id;
}

/** The role of the request, which only the environment or the organization in it may change. */
function ownRole(call: Call, world: World): Role {
  const organization_id = organizationOf(call, world);
  const { slug } = call.params;
  return world.found(ROLES, slug, { slug, organization_id });
}

/** The kind of a role, by whose it is; both are kept together. */
function roleKind({ organization_id }: { organization_id?: string }): Kind<Role> {
  return organization_id ? ORGANIZATION_ROLES : ENVIRONMENT_ROLES;
}

function madeSlug(name: unknown, world: World): string {
  const words = String(name).toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 36);
  return `org-${words}-${world.ids.token(6).toLowerCase()}`;
}

function readNew(body: Record<string, unknown>, slugPattern: RegExp) {
  const fields = readFields(body, SHAPE);
  checkLengths(fields, LENGTHS);
  if (!slugPattern.test(fields.slug)) throw invalidField("slug");
  return fields;
}
