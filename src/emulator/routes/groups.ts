import { entityNotFound } from "../answers.ts";
import { GROUP_ROLE_ASSIGNMENTS } from "../assignments.ts";
import { listAnswer, listOf } from "../crud.ts";
import { checkLengths, readFields } from "../fields.ts";
import { type Group, GROUP_MEMBERS, GROUPS, joinGroup, leaveGroup, MEMBERS, membersOf } from "../groups.ts";
import { type Membership, MEMBERSHIPS, ORGANIZATIONS } from "../records.ts";
import { type Call, type Route, route } from "../router.ts";
import type { World } from "../world.ts";

const PATH = "/organizations/:organizationId/groups";
const MEMBERS_PATH = `${PATH}/:groupId/organization-memberships` as const;
const LENGTHS = { name: 256, description: 150 };

/** Groups of an organization's members. */
export const groupRoutes: Route[] = [
  listOf("/organizations/:id/groups", ORGANIZATIONS, {
    kind: GROUPS,
    belongs: ({ organization_id }, id) => organization_id === id,
  }),
  route(`POST ${PATH}`, ({ params: { organizationId }, body }, world) => {
    const { id: organization_id } = world.existing(ORGANIZATIONS, organizationId);
    const { name, description } = readFields(body, { name: "text", description: "text|null" });
    checkLengths({ name, description }, LENGTHS);
    return world.create(GROUPS, { organization_id, name, description: description ?? null });
  }, 201),
  route(`GET ${PATH}/:groupId`, (call, world) => requireGroup(call, world)),
  route(`PATCH ${PATH}/:groupId`, (call, world) => {
    const { id } = requireGroup(call, world);
    const { name, description } = readFields(call.body, { name: "text?", description: "text|null" });
    checkLengths({ name, description }, LENGTHS);
    return world.update(GROUPS, id, {
      ...(name ? { name } : {}),
      ...(description === undefined ? {} : { description }),
    });
  }),
  route(`DELETE ${PATH}/:groupId`, (call, world) => {
    const { id } = requireGroup(call, world);
    world.forget(GROUP_MEMBERS, ({ group_id }) => group_id === id);
    world.forget(GROUP_ROLE_ASSIGNMENTS, ({ group_id }) => group_id === id);
    world.remove(GROUPS, id);
  }, 204),
  route(`GET ${MEMBERS_PATH}`, (call, world) => {
    const ids = new Set(
      membersOf(world, requireGroup(call, world).id).map((member) => member.organization_membership_id),
    );
    return listAnswer(call, world, { kind: MEMBERS, scope: () => ({ id }) => ids.has(id) });
  }),
  route(`POST ${MEMBERS_PATH}`, (call, world) => {
    const group = requireGroup(call, world);
    const { organization_membership_id } = readFields(call.body, { organization_membership_id: "text" });
    joinGroup(world, group, requireMember(world, group, organization_membership_id));
    return group;
  }),
  route(`DELETE ${MEMBERS_PATH}/:membershipId`, (call, world) => {
    const { membershipId } = call.params;
    const member = membersOf(world, requireGroup(call, world).id).find((known) =>
      known.organization_membership_id === membershipId
    );
    if (!member) throw entityNotFound(GROUP_MEMBERS.title, membershipId);
    leaveGroup(world, member);
  }, 204),
  route("GET /user_management/organization_memberships/:id/groups", (call, world) => {
    const { id } = world.existing(MEMBERSHIPS, call.params.id);
    const joined = world.of(GROUP_MEMBERS).all((member) => member.organization_membership_id === id);
    const ids = new Set(joined.map(({ group_id }) => group_id));
    return listAnswer(call, world, { kind: GROUPS, scope: () => (group) => ids.has(group.id) });
  }),
];

function requireGroup({ params: { organizationId, groupId } }: Call, world: World): Group {
  world.existing(ORGANIZATIONS, organizationId);
  const group = world.existing(GROUPS, groupId);
  if (group.organization_id !== organizationId) throw entityNotFound(GROUPS.title, groupId);
  return group;
}

function requireMember(world: World, { organization_id }: Group, membershipId: string): Membership {
  const membership = world.existing(MEMBERSHIPS, membershipId);
  if (membership.organization_id !== organization_id) throw entityNotFound(MEMBERSHIPS.title, membershipId);
  return membership;
}
