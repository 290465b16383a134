import { type Kind, kind, present, type Reader, type Stamped, without } from "./kind.ts";
import { fullName, heldRoles } from "./people.ts";
import { DOMAINS, type RoleSlug } from "./records.ts";
import type { Entity } from "./store.ts";
import type { Content, World } from "./world.ts";

export interface Directory extends Stamped {
  organization_id: string;
  external_key: string;
  type: string;
  state: "linked" | "unlinked" | "validating" | "invalid_credentials" | "deleting";
  name: string;
  domain?: string;
}

export const DIRECTORIES: Kind<Directory> = kind("directory", {
  present: (directory, reader) => {
    const belongs = { directory_id: directory.id };
    const users = reader.of(DIRECTORY_USERS).all(belongs);
    const active = users.filter(({ state }) => state === "active").length;
    const groups = reader.of(DIRECTORY_GROUPS).all(belongs).length;
    const metadata = { users: { active, inactive: users.length - active }, groups };
    return { ...directory, metadata };
  },
  announce: (directory, reader) => {
    const { organization_id, state } = directory;
    const domains = reader.of(DOMAINS).all({ organization_id })
      .map(({ id, domain }) => ({ object: "organization_domain", id, domain }));
    const told = { linked: "active", unlinked: "inactive" }[state as string] ?? state;
    return { ...without(directory, "domain"), state: told, domains };
  },
});

export interface DirectoryGroup extends Stamped {
  idp_id: string;
  directory_id: string;
  organization_id: string;
  name: string;
  raw_attributes: Record<string, unknown>;
}

export const DIRECTORY_GROUPS: Kind<DirectoryGroup> = kind("directory_group", {
  title: "Directory Group",
  event: "dsync.group",
  tellsPrevious: true,
});

export interface DirectoryUser extends Stamped {
  directory_id: string;
  organization_id: string;
  idp_id: string;
  email: string;
  first_name: string | null;
  last_name: string | null;
  name: string | null;
  job_title: string | null;
  username: string | null;
  emails: { primary: boolean; type: string; value: string }[];
  state: "active" | "suspended" | "inactive";
  raw_attributes: Record<string, unknown>;
  custom_attributes: Record<string, unknown>;
  role?: RoleSlug;
  roles?: RoleSlug[];
}

export const DIRECTORY_USERS: Kind<DirectoryUser> = kind("directory_user", {
  title: "Directory User",
  event: "dsync.user",
  tellsPrevious: true,
  present: (user, reader) => ({ ...user, groups: groupsOf(reader, user.id) }),
  announce: (user) => user,
});

/** That a user of a directory is in one of its groups. */
export interface DirectoryGroupMember extends Entity {
  user_id: string;
  group_id: string;
}

export const DIRECTORY_GROUP_MEMBERS: Kind<DirectoryGroupMember> = kind("directory_group_member");

/** A group of a directory, with the usual values of what is left out. */
export function completeGroup(
  world: World,
  { id: directory_id, organization_id }: Directory,
  group: Partial<DirectoryGroup> & { name: string },
): Content<DirectoryGroup> {
  const { idp_id = world.ids.token(15) } = group;
  return { raw_attributes: {}, ...group, idp_id, directory_id, organization_id };
}

/** A user of a directory, with the usual values of what is left out. Throws a 422 for a role that is none. */
export function completeUser(
  world: World,
  { id: directory_id, organization_id }: Directory,
  { role_slug, ...user }: Partial<DirectoryUser> & { email: string; role_slug?: string | null },
): Content<DirectoryUser> {
  const { idp_id = world.ids.digits(7) } = user;
  return {
    first_name: null,
    last_name: null,
    job_title: null,
    username: null,
    raw_attributes: {},
    custom_attributes: {},
    state: "active",
    ...user,
    idp_id,
    directory_id,
    organization_id,
    name: fullName(user),
    emails: [{ primary: true, type: "work", value: user.email }],
    ...role_slug === null && { role: undefined, roles: undefined },
    ...role_slug && role_slug !== user.role?.slug && heldRoles(world, organization_id, [role_slug]),
  };
}

/** Puts a user of a directory into one of its groups. */
export function joinDirectoryGroup(world: World, user: DirectoryUser, group: DirectoryGroup): void {
  world.of(DIRECTORY_GROUP_MEMBERS).insert({ id: `${group.id}/${user.id}`, user_id: user.id, group_id: group.id });
  world.emit("dsync.group.user_added", { directory_id: group.directory_id, user, group });
}

/** Takes a user of a directory out of one of its groups. */
export function leaveDirectoryGroup(world: World, user: DirectoryUser, group: DirectoryGroup): void {
  world.of(DIRECTORY_GROUP_MEMBERS).delete(`${group.id}/${user.id}`);
  world.emit("dsync.group.user_removed", { directory_id: group.directory_id, user, group });
}

/** Deletes a directory with its users and groups, and announces that. */
export function deleteDirectory(world: World, directory: Directory): void {
  const data = DIRECTORIES.announce?.({ ...directory, state: "deleting" }, world) as Directory & { domains: object };
  forgetDirectory(world, directory);
  world.emit("dsync.deleted", without(data, "domains", "external_key"));
}

/** Forgets the directories of an organization that is there no more. */
export function forgetDirectories(world: World, organizationId: string): void {
  const owned = world.of(DIRECTORIES).all({ organization_id: organizationId });
  for (const directory of owned) forgetDirectory(world, directory);
}

function forgetDirectory(world: World, { id: directoryId }: Directory): void {
  const belongs = { directory_id: directoryId };
  for (const { id } of world.of(DIRECTORY_GROUPS).all(belongs)) {
    world.forget(DIRECTORY_GROUP_MEMBERS, { group_id: id });
  }
  world.forget(DIRECTORY_USERS, belongs);
  world.forget(DIRECTORY_GROUPS, belongs);
  world.of(DIRECTORIES).delete(directoryId);
}

/** The members of a group. */
export function membersOf(reader: Reader, groupId: string): DirectoryGroupMember[] {
  return reader.of(DIRECTORY_GROUP_MEMBERS).all({ group_id: groupId });
}

/** Ids of the groups that a user is in. */
export function groupIdsOf(reader: Reader, userId: string): string[] {
  return reader.of(DIRECTORY_GROUP_MEMBERS).all({ user_id: userId }).map(({ group_id }) => group_id);
}

function groupsOf(reader: Reader, userId: string): object[] {
  const groups = groupIdsOf(reader, userId).map((id) => reader.of(DIRECTORY_GROUPS).get(id));
  return groups.filter((group) => group !== undefined).map((group) => present(DIRECTORY_GROUPS, group, reader));
}
