import { badRequest, entityNotFound } from "../answers.ts";
import { list, listAnswer, routeOn } from "../crud.ts";
import {
  addTarget,
  type Flag,
  FLAGS,
  type FlagTarget,
  isOn,
  removeTarget,
  switchFlag,
  type Targeted,
  targetsOf,
} from "../flags.ts";
import { organizationsOf } from "../people.ts";
import { ORGANIZATIONS, USERS } from "../records.ts";
import { type Call, type Route, route, route400 } from "../router.ts";
import type { World } from "../world.ts";

const PATH = "/feature-flags/:slug";

/** Feature flags, and what clients poll that evaluate them on their own. */
export const featureFlagRoutes: Route[] = [
  list(FLAGS, "/feature-flags", { write: route400 }),
  route(`GET ${PATH}`, requireFlag),
  route(`PUT ${PATH}/enable`, (call, world) => switchFlag(world, requireFlag(call, world), true)),
  route(`PUT ${PATH}/disable`, (call, world) => switchFlag(world, requireFlag(call, world), false)),
  route(`POST ${PATH}/targets/:resourceId`, (call, world) => {
    addTarget(world, requireFlag(call, world), readTarget(call, world));
  }, 204),
  route(`DELETE ${PATH}/targets/:resourceId`, (call, world) => {
    removeTarget(world, requireFlag(call, world), readTarget(call, world));
  }, 204),
  routeOn(ORGANIZATIONS, "GET /organizations/:id/feature-flags", ({ id }, call, world) => listOn(call, world, [id])),
  routeOn(USERS, "GET /user_management/users/:id/feature-flags", ({ id }, call, world) => {
    return listOn(call, world, [id, ...organizationsOf(world, id).map((organization) => organization.id)]);
  }),
  route("GET /sdk/feature-flags", (_call, world) => {
    return Object.fromEntries(world.of(FLAGS).all().map((flag) => [flag.slug, pollEntry(world, flag)]));
  }),
];

function requireFlag({ params: { slug } }: Call, world: World): Flag {
  return world.found(FLAGS, slug, { slug });
}

function readTarget({ params: { resourceId: resource_id } }: Call, world: World): Targeted {
  if (world.of(USERS).get(resource_id)) return { type: "user", resource_id };
  if (world.of(ORGANIZATIONS).get(resource_id)) return { type: "organization", resource_id };
  if (resource_id.startsWith("user_")) throw entityNotFound(USERS.title, resource_id);
  if (resource_id.startsWith("org_")) throw entityNotFound(ORGANIZATIONS.title, resource_id);
  throw badRequest("invalid_resource_id_format", "Invalid resource id", { statusCode: 400 });
}

function listOn(call: Call, world: World, resourceIds: string[]): object {
  return listAnswer(call, world, { kind: FLAGS, among: (flag) => isOn(world, flag, resourceIds) });
}

function pollEntry(world: World, flag: Flag): object {
  const show = ({ resource_id: id }: FlagTarget) => ({ id, enabled: true });
  const targets = {
    users: targetsOf(world, flag, "user").map(show),
    organizations: targetsOf(world, flag, "organization").map(show),
    custom_targets: targetsOf(world, flag, "custom").map((target) => ({ type: target.type, ...show(target) })),
  };
  const { slug, enabled, default_value } = flag;
  return { slug, enabled, default_value, targets };
}
