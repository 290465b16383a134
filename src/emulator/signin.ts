import { badRequest, forbidden, oauthError, type Refusal } from "./answers.ts";
import { issueCode } from "./codes.ts";
import { type Fields, readFields } from "./fields.ts";
import { defined, type Kind, kind } from "./kind.ts";
import { addMember, isMember, organizationsOf } from "./people.ts";
import {
  type Connection,
  CONNECTIONS,
  DOMAINS,
  EMAIL_VERIFICATIONS,
  type Invitation,
  INVITATIONS,
  invitationState,
  ORGANIZATIONS,
  sameAddress,
  type User,
  USERS,
} from "./records.ts";
import { factorsOf } from "./factors.ts";
import { radarRefusal } from "./radar_challenges.ts";
import { type Identified, startSession, type TokenReply } from "./sessions.ts";
import type { Entity } from "./store.ts";
import type { World } from "./world.ts";

/** Milliseconds a started sign-in may take. */
const PENDING_LIFETIME = 30 * 60_000;

/** A sign-in, and what has been proved so far. */
export interface SignIn extends Identified {
  mfaDone?: boolean;
  /** Whether Radar's challenge was answered. */
  radarDone?: boolean;
}

/** A sign-in that waits for its next step; the id is its token. */
export interface PendingSignIn extends Entity {
  signIn: SignIn;
  expires: number;
}

export const PENDING: Kind<PendingSignIn> = kind("pending_authentication");

/**
 * Goes on with a sign-in as far as possible: a session, or a refusal that says which step is missing and carries the
 * token to go on with.
 */
export async function advanceSignIn(world: World, signIn: SignIn): Promise<TokenReply> {
  const user = world.existing(USERS, signIn.userId);
  requireRadar(world, user, signIn);
  requireVerifiedEmail(world, user, signIn);
  requireSecondFactor(world, user, signIn);
  const organizationId = chooseOrganization(world, user, signIn);
  requireSingleSignOn(world, user, { ...signIn, organizationId });
  return await startSession(world, { ...signIn, organizationId });
}

/** What the body of every later step holds. */
export const PENDING_TOKEN = { pending_authentication_token: "text" } as const;

/** The sign-in that such a body goes on with. Throws a 400 when there is none any more. */
export function pendingSignIn(
  world: World,
  { pending_authentication_token }: Fields<typeof PENDING_TOKEN>,
): PendingSignIn {
  const pending = world.of(PENDING).get(pending_authentication_token);
  if (!pending || pending.expires <= world.now()) {
    throw badRequest("invalid_pending_authentication_token");
  }
  return pending;
}

/** Goes on with a pending sign-in; its token is used up. */
export async function resumeSignIn(world: World, pending: PendingSignIn, proved: Partial<SignIn>): Promise<TokenReply> {
  world.of(PENDING).delete(pending.id);
  return await advanceSignIn(world, { ...pending.signIn, ...proved });
}

/** Reads IP address and user agent of a sign-in from a body. Throws a 422 for anything but strings. */
export function circumstances(body: Record<string, unknown>): Pick<SignIn, "ipAddress" | "userAgent"> {
  const { ip_address, user_agent } = readFields(body, {
    ip_address: "text?",
    user_agent: "text?",
    device_id: "text?",
    signals_id: "text?",
    radar_auth_attempt_id: "text?",
  });
  return defined({ ipAddress: ip_address || undefined, userAgent: user_agent || undefined });
}

/** Writes down how an attempt to sign in went. */
export function reportSignIn(
  world: World,
  attempt: { type: string; user?: User; email?: string; who?: Partial<SignIn>; sso?: object; refusal?: Refusal },
): void {
  const { type, user, who = {}, refusal, sso } = attempt;
  const status = refusal ? "failed" : "succeeded";
  const data = {
    type,
    status,
    ip_address: who.ipAddress ?? null,
    user_agent: who.userAgent ?? null,
    user_id: user?.id ?? null,
    email: user?.email ?? attempt.email ?? null,
    sso,
    error: refusal && readError(refusal),
  };
  world.emit(`authentication.${type}_${status}`, defined(data));
}

/** The pending invitation a token stands for. Throws when there is none, and when it is not for this address. */
export function pendingInvitation(world: World, token: string, email?: string): Invitation {
  const invitation = world.of(INVITATIONS).find({ token });
  if (!invitation || invitationState(invitation, world) !== "pending") {
    throw oauthError("invitation_invalid");
  }
  if (email !== undefined && !sameAddress(invitation.email, email)) {
    throw oauthError("invitation_cannot_be_used_for_email");
  }
  return invitation;
}

/** Accepts the invitation a token stands for. Throws when it is not for this user. */
export function acceptInvitation(world: World, token: string, user: User): Invitation {
  return completeInvitation(world, pendingInvitation(world, token, user.email), user);
}

/** Marks an invitation as accepted by a user, and makes them a member of its organization. */
export function completeInvitation(world: World, invitation: Invitation, user: User): Invitation {
  const { organization_id: organizationId, role_slug } = invitation;
  if (organizationId) addMember(world, { userId: user.id, organizationId, roles: role_slug ? [role_slug] : null });
  const change = { state: "accepted", accepted_at: world.timestamp(), accepted_user_id: user.id } as const;
  return world.change(INVITATIONS, invitation.id, "invitation.accepted", change);
}

function requireRadar(world: World, user: User, signIn: SignIn): void {
  if (signIn.radarDone || signIn.method !== "Password" || world.settings.radarChallenge === "none") return;
  throw radarRefusal(world, user, hold(world, signIn));
}

function requireVerifiedEmail(world: World, user: User, signIn: SignIn): void {
  if (user.email_verified || signIn.impersonator || !world.settings.requireEmailVerification) return;
  const verification = issueCode(world, EMAIL_VERIFICATIONS, user);
  throw forbidden("email_verification_required", "Email ownership must be verified before authentication.", {
    ...hold(world, signIn),
    email: user.email,
    email_verification_id: verification.id,
  });
}

function requireSecondFactor(world: World, user: User, signIn: SignIn): void {
  const own = ["Password", "MagicAuth"].includes(signIn.method); // elsewhere the identity provider asks for it
  if (signIn.mfaDone || !own) return;
  const factors = factorsOf(world, user.id);
  if (!factors.length && !world.settings.requireMfa) return;
  const extra = { ...hold(world, signIn), user };
  if (!factors.length) {
    throw forbidden("mfa_enrollment", "The user must enroll in MFA to finish authenticating.", extra);
  }
  throw forbidden("mfa_challenge", "The user must complete an MFA challenge to finish authenticating.", {
    ...extra,
    authentication_factors: factors.map(({ id, type }) => ({ id, type })),
  });
}

function chooseOrganization(world: World, user: User, signIn: SignIn): string | undefined {
  const { organizationId } = signIn;
  if (organizationId) {
    requireMembership(world, user.id, organizationId);
    return organizationId;
  }
  const organizations = organizationsOf(world, user.id);
  if (organizations.length <= 1) return organizations[0]?.id;
  throw forbidden(
    "organization_selection_required",
    "The user must choose an organization to finish their authentication.",
    {
      ...hold(world, signIn),
      organizations: organizations.map(({ id, name }) => ({ id, name })),
      user,
    },
  );
}

/** Refuses an organization that does not exist or that the user is not an active member of. */
export function requireMembership(world: World, userId: string, organizationId: string): void {
  if (!world.of(ORGANIZATIONS).get(organizationId)) throw oauthError("organization_not_found");
  if (!isMember(world, userId, organizationId)) throw oauthError("organization_membership_not_found");
}

/** Refuses anything but single sign-on where it is required. */
export function requireSingleSignOn(world: World, user: User, signIn: SignIn): void {
  if (signIn.method === "SSO" || signIn.impersonator) return;
  const connections = requiredConnections(world, user, signIn.organizationId);
  if (!connections) return;
  throw oauthError("sso_required", "User must authenticate using one of the matching connections.", {
    connection_ids: connections.map(({ id }) => id),
    email: user.email,
    ...hold(world, signIn),
  });
}

/** The active connections, where the organization, or the owner of the email domain, asks for single sign-on. */
export function requiredConnections(world: World, { email }: User, organizationId?: string): Connection[] | undefined {
  const domain = email.split("@").at(-1)?.toLowerCase();
  const owners = world.of(DOMAINS).all({ domain, state: "verified" });
  const concerned = [organizationId, ...owners.map(({ organization_id }) => organization_id)];
  const strict = concerned.filter((id) => id !== undefined && world.settings.requireSso.includes(id));
  if (!strict.length) return undefined;
  return world.of(CONNECTIONS).all(({ organization_id, state }) =>
    state === "active" && strict.includes(organization_id)
  );
}

/** Keeps a sign-in, and returns what a refusal says to go on with. */
function hold(world: World, signIn: SignIn): Fields<typeof PENDING_TOKEN> {
  const id = world.ids.token(25);
  world.of(PENDING).insert({ id, signIn, expires: world.now() + PENDING_LIFETIME });
  return { pending_authentication_token: id };
}

function readError({ reply }: Refusal): { code: string; message: string } {
  const body = reply.body as { code?: string; error?: string; message?: string; error_description?: string };
  return { code: body.code ?? body.error ?? "unknown", message: body.message ?? body.error_description ?? "" };
}
