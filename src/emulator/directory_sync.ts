import { inCode } from "./answers.ts";
import {
  completeGroup,
  completeUser,
  DIRECTORIES,
  type Directory,
  DIRECTORY_GROUPS,
  DIRECTORY_USERS,
  type DirectoryUser,
  groupIdsOf,
  joinDirectoryGroup,
  leaveDirectoryGroup,
  membersOf,
} from "./directories.ts";
import { checkMembers, type Member, unusable } from "./members.ts";
import { sameAddress } from "./records.ts";
import { rehearsalParts, snapshot } from "./rehearsal.ts";
import type { SeedDirectoryGroup, SeedDirectoryUser } from "./seed.ts";
import { DIRECTORY_GROUP, DIRECTORY_USER, listOf } from "./seed_members.ts";
import type { World } from "./world.ts";

/** Everything an identity provider has for a directory. */
export interface DirectoryContent {
  /** Its groups. */
  groups?: Omit<SeedDirectoryGroup, "directory_id">[];
  /** Its users, with the ids of their groups. */
  users?: Omit<SeedDirectoryUser, "directory_id">[];
}

const CONTENT: Record<keyof DirectoryContent, Member> = {
  groups: listOf<Omit<SeedDirectoryGroup, "directory_id">>(DIRECTORY_GROUP),
  users: listOf<Omit<SeedDirectoryUser, "directory_id">>(DIRECTORY_USER),
};

/** Makes a directory what its identity provider has. Throws a `TypeError`, and changes nothing, when that is invalid. */
export function syncDirectory(
  world: World,
  directoryId: string,
  given: DirectoryContent | ((present: Required<DirectoryContent>) => DirectoryContent),
): void {
  const directory = world.of(DIRECTORIES).get(directoryId);
  if (directory?.state !== "linked") throw new TypeError("Cannot sync directory: no linked one has this id");
  const content = snapshot(typeof given === "function" ? given(contentOf(world, directory)) : given);
  checkMembers(content, CONTENT, "content");
  const rehearsal = world.copy(rehearsalParts({}));
  inCode("Cannot sync directory", () => apply(rehearsal, directory, content));
  apply(world, directory, content);
}

/** What a directory has now. */
function contentOf(world: World, { id: directory_id }: Directory): Required<DirectoryContent> {
  const groups = world.of(DIRECTORY_GROUPS).all({ directory_id });
  const users = world.of(DIRECTORY_USERS).all({ directory_id });
  return snapshot({
    groups: groups.map(({ id, name, idp_id, raw_attributes }) => ({ id, name, idp_id, raw_attributes })),
    users: users.map(({ id, email, idp_id, first_name, last_name, job_title, username, state, role, ...user }) => {
      const { raw_attributes, custom_attributes } = user;
      const person = { id, email, idp_id, first_name, last_name, job_title, username, state };
      const groups = groupIdsOf(world, id);
      return { ...person, raw_attributes, custom_attributes, role_slug: role?.slug ?? null, groups };
    }),
  });
}

/** Deletes first: who comes back under a new id may have the same address. */
function apply(world: World, directory: Directory, content: DirectoryContent): void {
  const belongs = { directory_id: directory.id };
  const users = compare(world.of(DIRECTORY_USERS).all(belongs), content.users, {
    path: "content.users",
    isAlike: (a, b) => sameAddress(a.email, b.email),
  });
  const groups = compare(world.of(DIRECTORY_GROUPS).all(belongs), content.groups, {
    path: "content.groups",
    isAlike: (a, b) => a.name === b.name,
  });
  for (const user of users.missing) {
    setGroups(world, user, []);
    world.remove(DIRECTORY_USERS, user.id);
  }
  for (const group of groups.missing) {
    for (const { user_id } of membersOf(world, group.id)) {
      leaveDirectoryGroup(world, world.existing(DIRECTORY_USERS, user_id), group);
    }
    world.remove(DIRECTORY_GROUPS, group.id);
  }
  for (const group of groups.kept) world.update(DIRECTORY_GROUPS, group.id, completeGroup(world, directory, group));
  for (const group of groups.added) world.create(DIRECTORY_GROUPS, completeGroup(world, directory, group));
  for (const { groups, ...user } of users.kept) {
    setGroups(world, world.update(DIRECTORY_USERS, user.id, completeUser(world, directory, user)), groups);
  }
  for (const { groups, ...user } of users.added) {
    setGroups(world, world.create(DIRECTORY_USERS, completeUser(world, directory, user)), groups);
  }
}

/** What tells which record is meant, besides an address or a name. */
interface Identity {
  id?: string;
  idp_id?: string;
}

/** Tells apart what stays, perhaps changed, what is new, and which records are missing. */
function compare<R extends Identity & { id: string }, G extends Identity>(
  records: R[],
  given: G[] | undefined,
  { path, isAlike }: { path: string; isAlike: (one: R | G, other: R | G) => boolean },
): { kept: (R & G)[]; added: G[]; missing: R[] } {
  const isSame = (one: R | G, meant: R | G) => {
    if (meant.id !== undefined) return one.id === meant.id;
    if (meant.idp_id !== undefined) return one.idp_id === meant.idp_id;
    return isAlike(one, meant);
  };
  const kept: (R & G)[] = [];
  const added: G[] = [];
  for (const [index, item] of (given ?? []).entries()) {
    const record = records.find((known) => isSame(known, item));
    if ([...kept, ...added].some((other) => isSame(other, record ?? item))) {
      throw unusable(`${path}[${index}]`, "it is there twice");
    }
    if (record) kept.push({ ...record, ...item, id: record.id });
    else added.push(item);
  }
  const missing = given ? records.filter(({ id }) => !kept.some((record) => record.id === id)) : [];
  return { kept, added, missing };
}

/** Lets a user join and leave groups, until these are left; without any, all stay. */
function setGroups(world: World, user: DirectoryUser, ids = groupIdsOf(world, user.id)): void {
  const { directory_id } = user;
  const before = groupIdsOf(world, user.id);
  const groupOf = (id: string) => world.found(DIRECTORY_GROUPS, id, { id, directory_id });
  for (const id of before.filter((id) => !ids.includes(id))) leaveDirectoryGroup(world, user, groupOf(id));
  for (const id of new Set(ids)) if (!before.includes(id)) joinDirectoryGroup(world, user, groupOf(id));
}
