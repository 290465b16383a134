import { invalidField } from "../answers.ts";
import { byEmail, byName, crud, routeOn } from "../crud.ts";
import {
  deleteDirectory,
  DIRECTORIES,
  DIRECTORY_GROUPS,
  DIRECTORY_USERS,
  groupIdsOf,
  membersOf,
} from "../directories.ts";
import type { Call, Route } from "../router.ts";
import type { World } from "../world.ts";

/** Directories with their users and groups, as an identity provider would have filled them. */
export const directoryRoutes: Route[] = [
  ...crud(DIRECTORIES, "/directories", {
    filters: {
      organization_id: "organization_id",
      search: byName,
      domain: ({ domain }, name) => domain === name.toLowerCase(),
    },
  }),
  routeOn(DIRECTORIES, "DELETE /directories/:id", (directory, _call, world) => deleteDirectory(world, directory), 202),
  ...crud(DIRECTORY_USERS, "/directory_users", {
    filters: { directory: "directory_id", email: byEmail, idp_id: "idp_id" },
    scope: inGroup,
  }),
  ...crud(DIRECTORY_GROUPS, "/directory_groups", { filters: { directory: "directory_id" }, scope: ofUser }),
];

function inGroup({ query }: Call, world: World): (user: { id: string }) => boolean {
  const [directory, group] = [query.get("directory"), query.get("group")];
  if (!directory && (query.get("email") || query.get("idp_id"))) {
    throw invalidField("directory", "required");
  }
  if (directory) world.existing(DIRECTORIES, directory);
  if (!group) return () => true;
  const members = new Set(membersOf(world, world.existing(DIRECTORY_GROUPS, group).id).map(({ user_id }) => user_id));
  return ({ id }) => members.has(id);
}

function ofUser({ query }: Call, world: World): (group: { id: string }) => boolean {
  const [directory, user] = [query.get("directory"), query.get("user")];
  if (directory) world.existing(DIRECTORIES, directory);
  if (!user) return () => true;
  const { id } = world.existing(DIRECTORY_USERS, user);
  const joined = new Set(groupIdsOf(world, id));
  return (group) => joined.has(group.id);
}
