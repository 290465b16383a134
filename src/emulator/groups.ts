import { type Kind, kind, shownWithout, type Stamped, without } from "./kind.ts";
import { type Membership, MEMBERSHIPS } from "./records.ts";
import type { Entity } from "./store.ts";
import type { World } from "./world.ts";

export interface Group extends Stamped {
  organization_id: string;
  name: string;
  description: string | null;
}

export const GROUPS: Kind<Group> = kind("group", { event: "group" });

/** That a member of an organization is in one of its groups. */
export interface GroupMember extends Entity {
  group_id: string;
  organization_membership_id: string;
}

export const GROUP_MEMBERS: Kind<GroupMember> = kind("group_member", {
  announce: (member) => without(member, "id"),
});

/** Memberships as lists of group members show them: without roles and user. */
export const MEMBERS: Kind<Membership> = shownWithout(MEMBERSHIPS, "role", "roles", "user");

/** The members of a group. */
export function membersOf(world: World, groupId: string): GroupMember[] {
  return world.of(GROUP_MEMBERS).all({ group_id: groupId });
}

/** Lets a member of the organization join a group; once is enough. */
export function joinGroup(world: World, group: Group, { id: organization_membership_id }: Membership): void {
  const id = `${group.id}/${organization_membership_id}`;
  if (world.of(GROUP_MEMBERS).get(id)) return;
  const member = world.of(GROUP_MEMBERS).insert({ id, group_id: group.id, organization_membership_id });
  world.emitAbout("group.member_added", GROUP_MEMBERS, member);
}

/** Removes a member from a group. */
export function leaveGroup(world: World, { id }: GroupMember): void {
  world.remove(GROUP_MEMBERS, id, "group.member_removed");
}

/** Takes a membership that ends out of all groups. */
export function leaveGroups(world: World, membershipId: string): void {
  const memberships = world.of(GROUP_MEMBERS).all({ organization_membership_id: membershipId });
  for (const member of memberships) leaveGroup(world, member);
}

/** Forgets the groups of an organization that is there no more. */
export function forgetGroups(world: World, organizationId: string): void {
  const belongs = { organization_id: organizationId };
  for (const { id } of world.of(GROUPS).all(belongs)) world.forget(GROUP_MEMBERS, { group_id: id });
  world.forget(GROUPS, belongs);
}
