import { type Kind, kind } from "./kind.ts";
import { membershipOf, permissionsOf } from "./people.ts";
import { type Impersonator, type Session, SESSIONS, USERS } from "./records.ts";
import type { Entity } from "./store.ts";
import type { ClaimSource, World } from "./world.ts";

/** Milliseconds an access token is good for. */
export const ACCESS_TOKEN_LIFETIME = 5 * 60_000;
/** Milliseconds until a session ends by itself. */
export const SESSION_LIFETIME = 30 * 24 * 60 * 60_000;

/** A refresh token; the id is the token itself. */
export interface RefreshToken extends Entity {
  session_id: string;
  method: string;
  used: boolean;
}

export const REFRESH_TOKENS: Kind<RefreshToken> = kind("refresh_token");

/** What a seed gives an organization besides what the API shows. The id is the organization's. */
export interface Traits extends Entity {
  entitlements: string[];
}

export const TRAITS: Kind<Traits> = kind("traits");

/** An authenticated user, and the authentication method. */
export interface Identified {
  userId: string;
  /** Such as `Password` or `GoogleOAuth`. */
  method: string;
  organizationId?: string;
  ipAddress?: string | null;
  userAgent?: string | null;
  impersonator?: Impersonator;
  /** The provider whose tokens come along with the session, and what they are good for. */
  oauth?: { provider: string; scopes: string[] };
}

/** The response of every grant; the emulator itself reads only these members. */
export interface TokenReply extends Record<string, unknown> {
  access_token: string;
  refresh_token: string;
}

/** Starts a session and answers with its tokens. */
export async function startSession(world: World, who: Identified): Promise<TokenReply> {
  const session = world.create(SESSIONS, {
    user_id: who.userId,
    organization_id: who.organizationId,
    ip_address: who.ipAddress ?? null,
    user_agent: who.userAgent ?? null,
    auth_method: authMethod(who.method),
    status: "active",
    expires_at: world.timestamp(SESSION_LIFETIME),
    ended_at: null,
    impersonator: who.impersonator,
  });
  world.set(USERS, who.userId, { last_sign_in_at: session.created_at });
  const reply = await tokenReply(world, session, who.method);
  return who.oauth ? { ...reply, ...oauthTokens(world, who.oauth) } : reply;
}

/** Tokens as a provider would issue them; they open nothing. */
function oauthTokens(world: World, { provider, scopes }: { provider: string; scopes: string[] }): object {
  const expires_at = Math.floor(world.now() / 1000) + 3600;
  const tokens = { provider, access_token: world.ids.token(), refresh_token: world.ids.token(), expires_at, scopes };
  return { oauth_tokens: tokens };
}

/** Makes the response of every grant: the user, and new tokens for the session. */
export async function tokenReply(world: World, session: Session, method: string): Promise<TokenReply> {
  const refresh_token = world.ids.token(25);
  world.of(REFRESH_TOKENS).insert({ id: refresh_token, session_id: session.id, method, used: false });
  const { organization_id, impersonator } = session;
  return {
    user: world.existing(USERS, session.user_id),
    organization_id,
    access_token: await world.keys.sign(accessClaims(world, session)),
    refresh_token,
    authentication_method: method,
    impersonator,
  };
}

/** What an access token says; members that are `undefined` vanish when it is written. */
function accessClaims(world: World, session: Session): object {
  const issued = Math.floor(world.now() / 1000);
  return {
    iss: world.settings.issuer,
    sub: session.user_id,
    sid: session.id,
    jti: world.ids.id("jti").slice(4),
    org_id: session.organization_id,
    ...Object.assign({}, ...world.claims.map((claims) => claims(session, world))),
    act: session.impersonator ? { sub: session.impersonator.email } : undefined,
    iat: issued,
    exp: issued + ACCESS_TOKEN_LIFETIME / 1000,
  };
}

/** Roles and permissions of the membership a session is for. */
export const membershipClaims: ClaimSource = ({ user_id, organization_id }, world) => {
  const membership = organization_id ? membershipOf(world, user_id, organization_id) : undefined;
  if (!membership) return {};
  const roles = membership.roles.map(({ slug }) => slug);
  return { role: membership.role.slug, roles, permissions: permissionsOf(world, membership) };
};

/** Entitlements a seed gave the organization. */
export const entitlementClaims: ClaimSource = ({ organization_id }, world) => {
  return { entitlements: world.of(TRAITS).get(organization_id)?.entitlements };
};

function authMethod(method: string): string {
  if (method === "MagicAuth") return "magic_code";
  if (method.endsWith("OAuth")) return "oauth";
  return ["Password", "SSO", "Passkey", "Impersonation"].includes(method) ? method.toLowerCase() : "unknown";
}
