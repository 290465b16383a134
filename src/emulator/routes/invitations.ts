import { badRequest } from "../answers.ts";
import { byEmail, crud, routeOn } from "../crud.ts";
import { checkOneOf, readFields } from "../fields.ts";
import { addUser, isMember, roleBySlug, userByEmail } from "../people.ts";
import { type Invitation, INVITATIONS, invitationState, ORGANIZATIONS, sameAddress, USERS } from "../records.ts";
import { ORGANIZATION_TYPE } from "../resources.ts";
import { type Call, type Route, route } from "../router.ts";
import { completeInvitation } from "../signin.ts";
import type { World } from "../world.ts";

const PATH = "/user_management/invitations";
const DAY = 24 * 60 * 60_000;

/** Languages of the emails. */
const LOCALES =
  "af am ar bg bn bs ca cs da de de-DE el en en-AU en-CA en-GB en-US es es-419 es-ES es-US et fa fi fil fr fr-BE fr-CA " +
  "fr-FR fy gl gu ha he hi hr hu hy id is it it-IT ja jv ka kk km kn ko lt lv mk ml mn mr ms my nb ne nl nl-BE nl-NL nn " +
  "no pa pl pt pt-BR pt-PT ro ru sk sl sq sr sv sw ta te th tr uk ur uz vi zh zh-CN zh-HK zh-TW zu";

const NOT_PENDING = {
  accepted: "Invite has already been accepted.",
  expired: "Invite has expired.",
  revoked: "Invite has been revoked.",
};

/** Invitations to the application, or to an organization in it. */
export const invitationRoutes: Route[] = [
  ...crud(INVITATIONS, PATH, {
    filters: { email: byEmail, organization_id: "organization_id" },
    create: sendInvitation,
  }),
  route(`GET ${PATH}/by_token/:token`, ({ params: { token } }, world) => {
    return world.show(INVITATIONS, world.found(INVITATIONS, token, { token }));
  }),
  routeOn(INVITATIONS, `POST ${PATH}/:id/accept`, (invitation, _call, world) => {
    requirePending(world, invitation);
    const user = userByEmail(world, invitation.email) ??
      addUser(world, { email: invitation.email, email_verified: true });
    return world.show(INVITATIONS, completeInvitation(world, invitation, user));
  }),
  routeOn(INVITATIONS, `POST ${PATH}/:id/revoke`, (invitation, _call, world) => {
    requirePending(world, invitation);
    const change = { state: "revoked", revoked_at: world.timestamp() } as const;
    return world.show(INVITATIONS, world.change(INVITATIONS, invitation.id, "invitation.revoked", change));
  }),
  routeOn(INVITATIONS, `POST ${PATH}/:id/resend`, (invitation, { body }, world) => {
    checkLocale(readFields(body, { locale: "text?" }).locale);
    const state = invitationState(invitation, world);
    if (state !== "pending") throw badRequest(`invite_${state}`, NOT_PENDING[state]);
    mail(world, invitation);
    return world.show(INVITATIONS, world.change(INVITATIONS, invitation.id, "invitation.resent"));
  }),
];

function sendInvitation({ body }: Call, world: World): Invitation {
  const { expires_in_days, locale, ...known } = readFields(body, {
    email: "email",
    organization_id: "text?",
    role_slug: "text?",
    expires_in_days: "count?",
    inviter_user_id: "text?",
    locale: "text?",
  });
  const { email, organization_id, role_slug, inviter_user_id } = known;
  checkLocale(locale);
  if (organization_id) world.existing(ORGANIZATIONS, organization_id);
  if (inviter_user_id) world.existing(USERS, inviter_user_id);
  if (role_slug && roleBySlug(world, role_slug, organization_id)?.resource_type_slug !== ORGANIZATION_TYPE) {
    throw badRequest("invalid_role", `Role '${role_slug}' is not a valid role.`);
  }
  refuseKnown(world, email, organization_id ?? null);
  const expires_at = world.timestamp(readDays(expires_in_days) * DAY);
  const invitation = addInvitation(world, { ...known, expires_at });
  mail(world, invitation);
  return invitation;
}

/** Adds a pending invitation that is good for a week. */
export function addInvitation(world: World, known: Partial<Invitation> & { email: string }): Invitation {
  const token = known.token ?? world.ids.token(25);
  return world.create(INVITATIONS, {
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
}

function mail(world: World, { id, email, token, accept_invitation_url: url }: Invitation): void {
  world.send({ type: "invitation", to: email, id, token, url });
}

function readDays(days = 7): number {
  if (days < 1) throw badRequest("expires_in_days_too_short");
  if (days > 30) throw badRequest("expires_in_days_too_long");
  return days;
}

function refuseKnown(world: World, email: string, organizationId: string | null): void {
  const user = userByEmail(world, email);
  if (!organizationId && user) throw badRequest("user_already_exists");
  if (organizationId && user && isMember(world, user.id, organizationId)) {
    throw badRequest("user_already_organization_member");
  }
  const pending = world.of(INVITATIONS).find((known) =>
    sameAddress(known.email, email) && known.organization_id === organizationId &&
    invitationState(known, world) === "pending"
  );
  if (pending) throw badRequest(organizationId ? "email_already_invited_to_organization" : "email_already_invited");
}

function checkLocale(locale: string | undefined): void {
  checkOneOf("locale", locale, LOCALES.split(" "));
}

function requirePending(world: World, invitation: Invitation): void {
  if (invitationState(invitation, world) !== "pending") {
    throw badRequest("invite_not_pending", "Invite is not pending.");
  }
}
