import { badRequest, oauthError, Refusal } from "../answers.ts";
import { AUTHORIZATION_CODES, redeemAuthorizationCode } from "../authorization_codes.ts";
import { checkClient } from "../client.ts";
import { GRANT_REFUSALS, redeemCode } from "../codes.ts";
import { answerChallenge, CHALLENGES, FACTORS } from "../factors.ts";
import { readFields } from "../fields.ts";
import { defined, type Kind } from "../kind.ts";
import { isPassword, userByEmail } from "../people.ts";
import { RADAR_CHALLENGES, SMS_CHALLENGES } from "../radar_challenges.ts";
import { EMAIL_VERIFICATIONS, isLive, MAGIC_AUTHS, type OneTimeCode, SESSIONS, type User, USERS } from "../records.ts";
import { type Call, publicRoute, type Route } from "../router.ts";
import { REFRESH_TOKENS, tokenReply } from "../sessions.ts";
import {
  acceptInvitation,
  advanceSignIn,
  circumstances,
  PENDING_TOKEN,
  pendingSignIn,
  reportSignIn,
  requireMembership,
  requireSingleSignOn,
  resumeSignIn,
  type SignIn,
} from "../signin.ts";
import type { World } from "../world.ts";
import { deviceGrant } from "./device.ts";

/** Goes by the body of a request, and by where it comes from. */
type Grant = (body: Record<string, unknown>, world: World, who: Partial<SignIn>) => Promise<object>;

const GRANTS: Record<string, Grant> = {
  "authorization_code": codeGrant,
  "password": passwordGrant,
  "refresh_token": refreshGrant,
  "urn:workos:oauth:grant-type:magic-auth:code": magicAuthGrant,
  "urn:workos:oauth:grant-type:email-verification:code": emailVerificationGrant,
  "urn:workos:oauth:grant-type:mfa-totp": totpGrant,
  "urn:workos:oauth:grant-type:radar-email-challenge:code": radarGrant(RADAR_CHALLENGES, "radar_challenge_id"),
  "urn:workos:oauth:grant-type:radar-sms-challenge:code": radarGrant(SMS_CHALLENGES, "verification_id"),
  "urn:workos:oauth:grant-type:organization-selection": organizationGrant,
  "urn:ietf:params:oauth:grant-type:device_code": deviceGrant,
};

/** Grants of clients that may be without a secret. */
const PUBLIC = new Set(["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"]);

const CHALLENGE_REFUSALS = { ...GRANT_REFUSALS, exhausted: "one_time_code_too_many_attempts" };

/** Exchanges proofs of identity for sessions. */
export const authenticateRoutes: Route[] = [
  publicRoute("POST /user_management/authenticate", authenticate),
];

async function authenticate({ body }: Call, world: World): Promise<object> {
  const { grant_type } = readFields(body, { grant_type: "text" });
  if (!Object.hasOwn(GRANTS, grant_type)) {
    throw oauthError("invalid_request", "The grant type is not supported.");
  }
  checkClient(world, body, { secret: PUBLIC.has(grant_type) ? "optional" : "required" });
  return await GRANTS[grant_type](body, world, circumstances(body));
}

async function codeGrant(body: Record<string, unknown>, world: World, who: Partial<SignIn>): Promise<object> {
  const { code, code_verifier: verifier } = readFields(body, { code: "text", code_verifier: "text?" });
  const confidential = body.client_secret !== undefined;
  const audience = "user_management";
  const { id, signIn } = await redeemAuthorizationCode(world, { code, verifier, audience, confidential });
  const reply = await advanceSignIn(world, invited(body, world, { ...signIn, ...who }));
  world.set(AUTHORIZATION_CODES, id, { sessionId: world.existing(REFRESH_TOKENS, reply.refresh_token).session_id });
  return reply;
}

async function passwordGrant(body: Record<string, unknown>, world: World, who: Partial<SignIn>): Promise<object> {
  const { email, password } = readFields(body, { email: "email", password: "text" });
  const user = userByEmail(world, email);
  if (!user || !await isPassword(world, user.id, password)) {
    const refusal = badRequest("invalid_credentials");
    reportSignIn(world, { type: "password", user, email, who, refusal });
    throw refusal;
  }
  const signIn = { userId: user.id, method: "Password", ...who };
  requireSingleSignOn(world, user, signIn);
  reportSignIn(world, { type: "password", user, who });
  return await advanceSignIn(world, invited(body, world, signIn));
}

async function magicAuthGrant(body: Record<string, unknown>, world: World, who: Partial<SignIn>): Promise<object> {
  const { email, code } = readFields(body, { email: "email", code: "text" });
  const user = userByEmail(world, email);
  attempt(world, { type: "magic_auth", user, email, who }, () => {
    if (!user) throw badRequest("invalid_one_time_code");
    redeemCode(world, { kind: MAGIC_AUTHS, userId: user.id, code, only: { email: user.email } });
  });
  const known = userByEmail(world, email) as User; // redeeming went through
  world.update(USERS, known.id, { email_verified: true });
  const signIn = { userId: known.id, method: "MagicAuth", ...who };
  requireSingleSignOn(world, known, signIn);
  return await advanceSignIn(world, invited(body, world, signIn));
}

async function emailVerificationGrant(
  body: Record<string, unknown>,
  world: World,
  who: Partial<SignIn>,
): Promise<object> {
  const { code, ...token } = readFields(body, { code: "text", ...PENDING_TOKEN });
  const pending = pendingSignIn(world, token);
  const user = world.existing(USERS, pending.signIn.userId);
  attempt(world, { type: "email_verification", user, who }, () => {
    redeemCode(world, { kind: EMAIL_VERIFICATIONS, userId: user.id, code, only: { email: user.email } });
  });
  world.update(USERS, user.id, { email_verified: true });
  return await resumeSignIn(world, pending, who);
}

async function totpGrant(body: Record<string, unknown>, world: World, who: Partial<SignIn>): Promise<object> {
  const { code, authentication_challenge_id, ...token } = readFields(body, {
    code: "text",
    authentication_challenge_id: "text",
    ...PENDING_TOKEN,
  });
  const pending = pendingSignIn(world, token);
  const user = world.existing(USERS, pending.signIn.userId);
  const challenge = world.existing(CHALLENGES, authentication_challenge_id);
  if (world.of(FACTORS).get(challenge.authentication_factor_id)?.user_id !== user.id) {
    throw badRequest("user_mismatch");
  }
  const result = await answerChallenge(world, challenge, code);
  attempt(world, { type: "mfa", user, who }, () => {
    if (result !== "valid") throw badRequest(CHALLENGE_REFUSALS[result]);
  });
  return await resumeSignIn(world, pendingSignIn(world, token), { ...who, mfaDone: true });
}

/** Takes the code of a Radar challenge. A sign-in finds its text message without being told which one it is. */
function radarGrant(kind: Kind<OneTimeCode>, id: "radar_challenge_id" | "verification_id"): Grant {
  return async (body, world, who) => {
    const { code, phone_number, [id]: sent, ...token } = readFields(body, {
      code: "text",
      ...PENDING_TOKEN,
      radar_challenge_id: id === "radar_challenge_id" ? "text" : "text?",
      verification_id: "text?",
      phone_number: "text?",
    });
    const pending = pendingSignIn(world, token);
    const only = defined({ id: sent, email: phone_number });
    redeemCode(world, { kind, userId: pending.signIn.userId, code, only });
    return await resumeSignIn(world, pending, { ...who, radarDone: true });
  };
}

async function organizationGrant(body: Record<string, unknown>, world: World, who: Partial<SignIn>): Promise<object> {
  const { organization_id, ...token } = readFields(body, { organization_id: "text", ...PENDING_TOKEN });
  const pending = pendingSignIn(world, token);
  requireMembership(world, pending.signIn.userId, organization_id);
  return await resumeSignIn(world, pending, { ...who, organizationId: organization_id });
}

async function refreshGrant(body: Record<string, unknown>, world: World): Promise<object> {
  const shape = { refresh_token: "text", organization_id: "text?" } as const;
  const { refresh_token, organization_id } = readFields(body, shape);
  const token = world.of(REFRESH_TOKENS).get(refresh_token);
  if (!token) throw oauthError("invalid_grant", "The refresh token is invalid.");
  if (token.used) throw oauthError("invalid_grant", "Refresh token already exchanged.");
  const session = world.existing(SESSIONS, token.session_id);
  if (!isLive(session, world)) throw oauthError("invalid_grant", "Session has already ended.");
  if (organization_id && organization_id !== session.organization_id) {
    requireMembership(world, session.user_id, organization_id);
    const user = world.existing(USERS, session.user_id);
    requireSingleSignOn(world, user, { userId: user.id, method: token.method, organizationId: organization_id });
  }
  world.set(REFRESH_TOKENS, token.id, { used: true });
  const change = organization_id ? { organization_id, updated_at: world.timestamp() } : {};
  return await tokenReply(world, world.set(SESSIONS, session.id, change), token.method);
}

/** Does something that can be refused, and reports how it went. */
function attempt(world: World, report: Parameters<typeof reportSignIn>[1], run: () => void): void {
  try {
    run();
  } catch (refusal) {
    if (refusal instanceof Refusal) reportSignIn(world, { ...report, refusal });
    throw refusal;
  }
  reportSignIn(world, report);
}

/** Takes an invitation into account that came with the request: its organization becomes the session's. */
function invited(body: Record<string, unknown>, world: World, signIn: SignIn): SignIn {
  const { invitation_token } = readFields(body, { invitation_token: "text?" });
  if (!invitation_token) return signIn;
  const { organization_id } = acceptInvitation(world, invitation_token, world.existing(USERS, signIn.userId));
  return organization_id ? { ...signIn, organizationId: organization_id } : signIn;
}
