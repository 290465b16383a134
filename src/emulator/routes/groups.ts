import { GROUP_ROLE_ASSIGNMENTS } from "../assignments.ts";
import { listAnswer, listOf, routeOn } from "../crud.ts";
import { checkLengths, readFields, readNames } from "../fields.ts";
import { type Group, GROUP_MEMBERS, GROUPS, joinGroup, leaveGroup, MEMBERS, membersOf } from "../groups.ts";
import { MEMBERSHIPS, ORGANIZATIONS } from "../records.ts";
import { type Call, type Route, route } from "../router.ts";
import type { World } from "../world.ts";

const PATH = "/organizations/:id/groups";
const MEMBERS_PATH = `${PATH}/:groupId/organization-memberships` as const;
const LENGTHS = { name: 256, description: 150 };

/** Groups of an organization's members. */
export const groupRoutes: Route[] = [
  listOf(PATH, ORGANIZATIONS, { kind: GROUPS, belongs: "organization_id" }),
  routeOn(ORGANIZATIONS, `POST ${PATH}`, ({ id: organization_id }, { body }, world) => {
    const fields = readFields(body, { name: "text", description: "text|null" });
    checkLengths(fields, LENGTHS);
    return world.create(GROUPS, { description: null, ...fields, organization_id });
  }, 201),
  route(`GET ${PATH}/:groupId`, requireGroup),
  route(`PATCH ${PATH}/:groupId`, (call, world) => {
    const { id } = requireGroup(call, world);
    return world.update(GROUPS, id, readNames(call.body, LENGTHS));
  }),
  route(`DELETE ${PATH}/:groupId`, (call, world) => {
    const { id } = requireGroup(call, world);
    world.forget(GROUP_MEMBERS, { group_id: id });
    world.forget(GROUP_ROLE_ASSIGNMENTS, { group_id: id });
    world.remove(GROUPS, id);
  }, 204),
  route(`GET ${MEMBERS_PATH}`, (call, world) => {
    const ids = new Set(
      membersOf(world, requireGroup(call, world).id).map((member) => member.organization_membership_id),
    );
    return listAnswer(call, world, { kind: MEMBERS, among: ({ id }) => ids.has(id) });
  }),
  route(`POST ${MEMBERS_PATH}`, (call, world) => {
    const group = requireGroup(call, world);
    const { organization_membership_id: id } = readFields(call.body, { organization_membership_id: "text" });
    joinGroup(world, group, world.found(MEMBERSHIPS, id, { id, organization_id: group.organization_id }));
    return group;
  }),
  route(`DELETE ${MEMBERS_PATH}/:membershipId`, (call, world) => {
    const { membershipId } = call.params;
    const { id: group_id } = requireGroup(call, world);
    const member = { group_id, organization_membership_id: membershipId };
    leaveGroup(world, world.found(GROUP_MEMBERS, membershipId, member));
  }, 204),
  routeOn(MEMBERSHIPS, "GET /user_management/organization_memberships/:id/groups", ({ id }, call, world) => {
    const joined = world.of(GROUP_MEMBERS).all({ organization_membership_id: id });
    const ids = new Set(joined.map(({ group_id }) => group_id));
    return listAnswer(call, world, { kind: GROUPS, among: (group) => ids.has(group.id) });
  }),
];

function requireGroup({ params: { id: organization_id, groupId } }: Call, world: World): Group {
  world.existing(ORGANIZATIONS, organization_id);
  return world.found(GROUPS, groupId, { id: groupId, organization_id });
}
