import { badRequest } from "../answers.ts";
import { get, list } from "../crud.ts";
import { readFields } from "../fields.ts";
import { addUser, membershipOf, roleBySlug, userByEmail } from "../people.ts";
import { type Invitation, INVITATIONS, invitationState, ORGANIZATIONS, USERS } from "../records.ts";
import { type Call, type Route, route } from "../router.ts";
import { completeInvitation } from "../signin.ts";
import type { World } from "../world.ts";

const PATH = "/user_management/invitations";
const DAY = 24 * 60 * 60_000;

/** Invitations to the application, or to an organization in it. */
export const invitationRoutes: Route[] = [
  list(INVITATIONS, PATH, {
    filters: {
      email: ({ email }, wanted) => email.toLowerCase() === wanted.toLowerCase(),
      organization_id: ({ organization_id }, wanted) => organization_id === wanted,
    },
  }),
  get(INVITATIONS, PATH),
  route(`GET ${PATH}/by_token/:token`, ({ params: { token } }, world) => {
    return world.show(INVITATIONS, world.found(INVITATIONS, token, (known) => known.token === token));
  }),
  route(`POST ${PATH}`, sendInvitation, 201),
  route(`POST ${PATH}/:id/accept`, ({ params: { id } }, world) => {
    const invitation = requirePending(world, id);
    const user = userByEmail(world, invitation.email) ??
      addUser(world, { email: invitation.email, email_verified: true });
    return world.show(INVITATIONS, completeInvitation(world, invitation, user));
  }),
  route(`POST ${PATH}/:id/revoke`, ({ params: { id } }, world) => {
    requirePending(world, id);
    const now = world.timestamp();
    const revoked = world.set(INVITATIONS, id, { state: "revoked", revoked_at: now, updated_at: now });
    world.emitAbout("invitation.revoked", INVITATIONS, revoked);
    return world.show(INVITATIONS, revoked);
  }),
  route(`POST ${PATH}/:id/resend`, ({ params: { id }, body }, world) => {
    readFields(body, { locale: "text?" });
    const state = invitationState(world.existing(INVITATIONS, id), world.now());
    if (state !== "pending") throw badRequest(`invite_${state}`);
    const resent = world.set(INVITATIONS, id, { updated_at: world.timestamp() });
    mail(world, resent);
    world.emitAbout("invitation.resent", INVITATIONS, resent);
    return world.show(INVITATIONS, resent);
  }),
];

function sendInvitation({ body }: Call, world: World): object {
  const { email, organization_id, role_slug, expires_in_days, inviter_user_id } = readFields(body, {
    email: "email",
    organization_id: "text?",
    role_slug: "text?",
    expires_in_days: "count?",
    inviter_user_id: "text?",
    locale: "text?",
  });
  if (organization_id) world.existing(ORGANIZATIONS, organization_id);
  if (inviter_user_id) world.existing(USERS, inviter_user_id);
  if (role_slug && !roleBySlug(world, role_slug, organization_id)) {
    throw badRequest("invalid_role", `Role '${role_slug}' is not a valid role.`);
  }
  refuseKnown(world, email, organization_id ?? null);
  const invitation = addInvitation(world, {
    email,
    organization_id: organization_id ?? null,
    role_slug: role_slug ?? null,
    inviter_user_id: inviter_user_id ?? null,
    expires_at: world.timestamp(readDays(expires_in_days) * DAY),
  });
  mail(world, invitation);
  return world.show(INVITATIONS, invitation);
}

/** Adds a pending invitation that is good for a week. */
export function addInvitation(world: World, known: Partial<Invitation> & { email: string }): Invitation {
  const token = known.token ?? world.ids.token(25);
  const invitation = world.create(INVITATIONS, {
    state: "pending",
    accepted_at: null,
    revoked_at: null,
    organization_id: null,
    inviter_user_id: null,
    accepted_user_id: null,
    role_slug: null,
    expires_at: world.timestamp(7 * DAY),
    accept_invitation_url: `${world.settings.baseURL}/invite?invitation_token=${token}`,
    ...known,
    token,
  });
  world.emitAbout("invitation.created", INVITATIONS, invitation);
  return invitation;
}

function mail(world: World, { id, email, token, accept_invitation_url: url }: Invitation): void {
  world.send({ type: "invitation", to: email, id, token, url });
}

function readDays(days: number | undefined): number {
  if (days === undefined) return 7;
  if (days < 1) throw badRequest("expires_in_days_too_short", "An invitation is good for at least 1 day.");
  if (days > 30) throw badRequest("expires_in_days_too_long", "An invitation is good for at most 30 days.");
  return days;
}

function refuseKnown(world: World, email: string, organizationId: string | null): void {
  const user = userByEmail(world, email);
  if (!organizationId && user) throw badRequest("user_already_exists");
  if (organizationId && user && membershipOf(world, user.id, organizationId)?.status === "active") {
    throw badRequest("user_already_organization_member");
  }
  const pending = world.of(INVITATIONS).find((known) =>
    known.email.toLowerCase() === email.toLowerCase() && known.organization_id === organizationId &&
    invitationState(known, world.now()) === "pending"
  );
  if (!pending) return;
  throw organizationId ? badRequest("email_already_invited_to_organization") : badRequest("email_already_invited");
}

function requirePending(world: World, id: string): Invitation {
  const invitation = world.existing(INVITATIONS, id);
  if (invitationState(invitation, world.now()) !== "pending") {
    throw badRequest("invite_not_pending", "Invite is not pending.");
  }
  return invitation;
}
