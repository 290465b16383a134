import { badRequest, invalidField, invalidFields } from "../answers.ts";
import { get, listAnswer } from "../crud.ts";
import { readFields } from "../fields.ts";
import { manyValues } from "../list.ts";
import { addMember, membershipOf, removeMember, revokeSessions, setRoles } from "../people.ts";
import { type Membership, MEMBERSHIPS, ORGANIZATIONS, USERS } from "../records.ts";
import { type Call, type Route, route } from "../router.ts";
import type { World } from "../world.ts";

const PATH = "/user_management/organization_memberships";
const STATUSES = ["active", "inactive", "pending"];

/** Which users belong to which organizations. */
export const membershipRoutes: Route[] = [
  get(MEMBERSHIPS, PATH),
  route(`GET ${PATH}`, listMemberships),
  route(`POST ${PATH}`, createMembership, 201),
  route(`PUT ${PATH}/:id`, ({ params: { id }, body }, world) => {
    const membership = world.existing(MEMBERSHIPS, id);
    const slugs = readRoles(body);
    return world.show(MEMBERSHIPS, slugs ? setRoles(world, membership, slugs) : membership);
  }),
  route(`DELETE ${PATH}/:id`, ({ params: { id } }, world) => removeMember(world, world.existing(MEMBERSHIPS, id))),
  route(`PUT ${PATH}/:id/deactivate`, ({ params: { id } }, world) => {
    const { status, user_id, organization_id } = world.existing(MEMBERSHIPS, id);
    refusePending(status, "deactivate");
    revokeSessions(world, (session) => session.user_id === user_id && session.organization_id === organization_id);
    return world.show(MEMBERSHIPS, world.update(MEMBERSHIPS, id, { status: "inactive" }));
  }),
  route(`PUT ${PATH}/:id/reactivate`, ({ params: { id } }, world) => {
    const { status } = world.existing(MEMBERSHIPS, id);
    refusePending(status, "reactivate");
    return world.show(MEMBERSHIPS, world.update(MEMBERSHIPS, id, { status: "active" }));
  }),
];

function listMemberships(call: Call, world: World): object {
  const { query } = call;
  if (!query.get("user_id") && !query.get("organization_id")) {
    const message = "At least one of user_id and organization_id is required.";
    throw badRequest("missing_user_id_or_organization_id", message);
  }
  const statuses = manyValues(query, "statuses") ?? ["active"];
  if (!statuses.every((status) => STATUSES.includes(status))) {
    throw invalidField("statuses");
  }
  return listAnswer(call, world, {
    kind: MEMBERSHIPS,
    scope: () => ({ status }: Membership) => statuses.includes(status),
    filters: {
      user_id: ({ user_id }: Membership, wanted) => user_id === wanted,
      organization_id: ({ organization_id }: Membership, wanted) => organization_id === wanted,
    },
  });
}

function createMembership({ body }: Call, world: World): object {
  const { user_id, organization_id } = readFields(body, { user_id: "text", organization_id: "text" });
  world.existing(USERS, user_id);
  world.existing(ORGANIZATIONS, organization_id);
  const known = membershipOf(world, user_id, organization_id);
  refusePending(known?.status, "reactivate");
  if (known?.status === "active") {
    throw invalidFields([{ code: "user_already_organization_member", field: "user_id" }]);
  }
  const roles = readRoles(body);
  return world.show(MEMBERSHIPS, addMember(world, { userId: user_id, organizationId: organization_id, roles }));
}

function readRoles(body: Record<string, unknown>): string[] | undefined {
  const { role_slug, role_slugs } = readFields(body, { role_slug: "text?", role_slugs: "texts?" });
  if (role_slug !== undefined && role_slugs) throw invalidField("role_slugs");
  return role_slugs ?? (role_slug ? [role_slug] : undefined);
}

function refusePending(status: string | undefined, verb: "deactivate" | "reactivate"): void {
  if (status === "pending") throw badRequest(`cannot_${verb}_pending_organization_membership`);
}
