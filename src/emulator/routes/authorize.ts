import { oauthError, redirect, type Reply, replyOf } from "../answers.ts";
import { type AuthorizationCode, issueAuthorizationCode } from "../authorization_codes.ts";
import { checkClient } from "../client.ts";
import { readQuery } from "../fields.ts";
import { identityOf } from "../identities.ts";
import { manyValues } from "../list.ts";
import { addMember, addUser, hasPassword, membershipOf, userByEmail, usualUser } from "../people.ts";
import { type Connection, CONNECTIONS, ORGANIZATIONS, type User, USERS } from "../records.ts";
import { type Call, publicRoute, type Route } from "../router.ts";
import { acceptInvitation, pendingInvitation, reportSignIn, requiredConnections, type SignIn } from "../signin.ts";
import type { World } from "../world.ts";
import { checkRedirectUri } from "./redirect_uris.ts";

// deno-fmt-ignore
const PROVIDERS = new Set([
  "AppleOAuth", "BitbucketOAuth", "GitHubOAuth", "GitLabOAuth", "GoogleOAuth", "IntuitOAuth", "LinkedInOAuth",
  "MicrosoftOAuth", "SalesforceOAuth", "SlackOAuth", "VercelMarketplaceOAuth", "VercelOAuth", "XeroOAuth",
]);

/** The sign-in page for browsers. It shows no form: the parameters select the user. */
export const authorizeRoutes: Route[] = [
  publicRoute("GET /user_management/authorize", authorize),
];

function authorize(call: Call, world: World): Reply {
  const { query } = call;
  return answerRedirect(call, world, "user_management", () => {
    checkScreen(query);
    const token = query.get("invitation_token");
    const invitation = token ? pendingInvitation(world, token) : undefined;
    const organizationId = query.get("organization_id") ?? invitation?.organization_id ?? undefined;
    const connection = connectionFor(world, { id: query.get("connection_id"), organizationId });
    const provider = query.get("provider");
    if (!connection && !provider && !organizationId) {
      throw oauthError("invalid_request", "One of provider, connection_id and organization_id is required.");
    }
    const user = pickUser(world, query.get("login_hint") ?? invitation?.email, { invited: !!invitation });
    if (token) acceptInvitation(world, token, user);
    const asked = provider === "authkit" && user.id === world.defaultUser ? world.defaultOrganization : undefined;
    const by = { provider, organizationId: organizationId ?? asked, scopes: manyValues(query, "provider_scopes") };
    const atAuthKit = !provider || provider === "authkit";
    const through = connection ?? (atAuthKit ? requiredConnections(world, user, by.organizationId)?.[0] : undefined);
    return through ? signInWithConnection(world, user, through) : signInWithProvider(world, user, by);
  });
}

/** Sends the browser back with a code, or with what went wrong. An address that cannot be trusted gets nothing. */
export function answerRedirect(
  { query }: Call,
  world: World,
  audience: AuthorizationCode["audience"],
  signInUser: () => SignIn,
): Reply {
  const { client_id, redirect_uri } = readQuery(query, { client_id: "text", redirect_uri: "url" });
  checkClient(world, { client_id }, { secret: "optional" });
  checkRedirectUri(world, redirect_uri);
  const target = new URL(redirect_uri);
  const makeCode = () => {
    const challenge = query.get("code_challenge") ?? undefined;
    return issueAuthorizationCode(world, { audience, signIn: signInUser(), challenge }).id;
  };
  for (const [name, value] of Object.entries(outcome(query, makeCode))) target.searchParams.set(name, value);
  const state = query.get("state");
  if (state !== null) target.searchParams.set("state", state);
  return redirect(target);
}

function outcome(query: URLSearchParams, makeCode: () => string): Record<string, string> {
  try {
    if (query.get("response_type") !== "code") throw oauthError("unsupported_response_type");
    if (query.has("code_challenge") && query.get("code_challenge_method") !== "S256") {
      throw oauthError("invalid_request", "The code challenge method must be S256.");
    }
    return { code: makeCode() };
  } catch (refusal) {
    const { error, code, error_description, message } = replyOf(refusal).body as Record<string, string | undefined>;
    return { error: error ?? code ?? "server_error", error_description: error_description ?? message ?? "" };
  }
}

function checkScreen(query: URLSearchParams): void {
  const hint = query.get("screen_hint");
  if (hint && !["sign-up", "sign-in"].includes(hint)) {
    throw oauthError("invalid_request", "The screen hint is unknown.");
  }
}

/** The user with the hinted address, signed up if needed, or else the default user, or else the only user. */
export function pickUser(world: World, hint: string | null | undefined, { invited = false } = {}): User {
  if (hint) {
    const known = userByEmail(world, hint);
    if (known) return known;
    if (!world.settings.signUp && !invited) throw oauthError("sign_up_not_allowed");
    return addUser(world, { email: hint, email_verified: true });
  }
  const picked = usualUser(world);
  if (!picked) throw oauthError("access_denied", "Nobody to sign in: give a login_hint or choose a default user.");
  return picked;
}

/** The connection that is named, or the active one of an organization. Throws for one that cannot be used. */
export function connectionFor(
  world: World,
  { id, organizationId }: { id: string | null; organizationId?: string | null },
): Connection | undefined {
  if (organizationId && !world.of(ORGANIZATIONS).get(organizationId)) {
    throw oauthError("organization_invalid");
  }
  const usable = ({ state }: Connection) => state === "active" || state === "validating";
  if (!id) {
    return world.of(CONNECTIONS).find((known) =>
      !!organizationId && known.organization_id === organizationId && usable(known)
    );
  }
  const connection = world.of(CONNECTIONS).get(id);
  if (!connection || !usable(connection)) throw oauthError("connection_invalid");
  return connection;
}

/** Single sign-on makes the user a member of the connection's organization, unless they were deactivated there. */
function signInWithConnection(world: World, user: User, { id, organization_id: organizationId }: Connection): SignIn {
  if (organizationId && (membershipOf(world, user.id, organizationId)?.status ?? "pending") === "pending") {
    addMember(world, { userId: user.id, organizationId });
  }
  const sso = { organization_id: organizationId ?? null, connection_id: id, session_id: null };
  trustEmail(world, user);
  reportSignIn(world, { type: "sso", user, sso });
  return { userId: user.id, method: "SSO", organizationId };
}

function signInWithProvider(
  world: World,
  user: User,
  { provider, organizationId, scopes }: { provider: string | null; organizationId?: string; scopes?: string[] },
): SignIn {
  if (provider && provider !== "authkit") {
    checkProvider(provider);
    identityOf(world, user, provider);
    trustEmail(world, user);
    reportSignIn(world, { type: "oauth", user });
    return { userId: user.id, method: provider, organizationId, oauth: scopes && { provider, scopes } };
  }
  const password = hasPassword(world, user.id);
  reportSignIn(world, { type: password ? "password" : "magic_auth", user });
  trustEmail(world, user);
  const asked = { mfaDone: true, radarDone: true }; // by AuthKit
  return { userId: user.id, method: password ? "Password" : "MagicAuth", organizationId, ...asked };
}

/** Refuses a provider that the API does not know. */
export function checkProvider(provider: string): void {
  if (!PROVIDERS.has(provider)) throw oauthError("invalid_request", "The provider is unknown.");
}

/** Marks the address as verified, as the provider vouches for it, or AuthKit sent a code to it. */
function trustEmail(world: World, { id }: User): void {
  world.update(USERS, id, { email_verified: true });
}
