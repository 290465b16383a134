import { badRequest, invalidField, invalidFields } from "../answers.ts";
import { crud, routeOn } from "../crud.ts";
import { readFields } from "../fields.ts";
import { manyValues } from "../list.ts";
import { addMember, clearMember, heldRoles, membershipOf, revokeSessions } from "../people.ts";
import { type Membership, MEMBERSHIPS, ORGANIZATIONS, USERS } from "../records.ts";
import { type Call, type Route, route400 } from "../router.ts";
import type { World } from "../world.ts";

const PATH = "/user_management/organization_memberships";
const STATUSES = ["active", "inactive", "pending"];

/** Which users belong to which organizations. */
export const membershipRoutes: Route[] = [
  ...crud(MEMBERSHIPS, PATH, {
    write: route400,
    scope: listed,
    filters: { user_id: "user_id", organization_id: "organization_id" },
    create: createMembership,
    update: ({ body }, world, { organization_id }) => {
      const slugs = readRoles(body);
      return slugs ? heldRoles(world, organization_id, slugs) : {};
    },
    remove: clearMember,
    removeStatus: 200,
  }),
  routeOn(MEMBERSHIPS, `PUT ${PATH}/:id/deactivate`, ({ id, status, user_id, organization_id }, _call, world) => {
    refusePending(status, "deactivate");
    revokeSessions(world, { user_id, organization_id });
    return world.show(MEMBERSHIPS, world.update(MEMBERSHIPS, id, { status: "inactive" }));
  }),
  routeOn(MEMBERSHIPS, `PUT ${PATH}/:id/reactivate`, ({ id, status }, _call, world) => {
    refusePending(status, "reactivate");
    return world.show(MEMBERSHIPS, world.update(MEMBERSHIPS, id, { status: "active" }));
  }),
];

function listed({ query }: Call): (membership: Membership) => boolean {
  if (!query.get("user_id") && !query.get("organization_id")) {
    throw badRequest("missing_user_id_or_organization_id");
  }
  const statuses = manyValues(query, "statuses") ?? ["active"];
  if (!statuses.every((status) => STATUSES.includes(status))) {
    throw invalidField("statuses");
  }
  return ({ status }) => statuses.includes(status);
}

function createMembership({ body }: Call, world: World): Membership {
  const { user_id, organization_id } = readFields(body, { user_id: "text", organization_id: "text" });
  world.existing(USERS, user_id);
  world.existing(ORGANIZATIONS, organization_id);
  const known = membershipOf(world, user_id, organization_id);
  refusePending(known?.status, "reactivate");
  if (known?.status === "active") {
    throw invalidFields([{ code: "user_already_organization_member", field: "user_id" }]);
  }
  const roles = readRoles(body);
  return addMember(world, { userId: user_id, organizationId: organization_id, roles });
}

function readRoles(body: Record<string, unknown>): string[] | undefined {
  const { role_slug, role_slugs } = readFields(body, { role_slug: "text?", role_slugs: "texts?" });
  if (role_slug !== undefined && role_slugs) throw invalidField("role_slugs");
  return role_slugs ?? (role_slug ? [role_slug] : undefined);
}

function refusePending(status: string | undefined, verb: "deactivate" | "reactivate"): void {
  if (status !== "pending") return;
  const advice = verb === "deactivate"
    ? "This membership should be deleted instead."
    : "The user needs to accept the invitation instead.";
  const message = `A pending organization membership cannot be ${verb}d. ${advice}`;
  throw badRequest(`cannot_${verb}_pending_organization_membership`, message);
}
