import { notFound, oauthError, redirect, Reply } from "../answers.ts";
import { redeemAuthorizationCode } from "../authorization_codes.ts";
import { checkClient } from "../client.ts";
import { CODE_LIFETIME } from "../codes.ts";
import { byName, crud } from "../crud.ts";
import { readFields } from "../fields.ts";
import { type Kind, kind } from "../kind.ts";
import { fullName, userByEmail } from "../people.ts";
import { type Connection, CONNECTIONS, DOMAINS, sameAddress, type User } from "../records.ts";
import { type Call, publicRoute, type Route, route } from "../router.ts";
import { reportSignIn } from "../signin.ts";
import type { Entity } from "../store.ts";
import { issueTicket, readTicket } from "../tickets.ts";
import type { World } from "../world.ts";
import { answerRedirect, checkProvider, connectionFor, pickUser } from "./authorize.ts";

/** The profile of a user at an identity provider. */
export interface Profile extends Entity {
  object: "profile";
  connection_id: string;
  connection_type: string;
  organization_id: string | null;
  idp_id: string;
  email: string;
  first_name: string | null;
  last_name: string | null;
  name: string | null;
  role?: { slug: string } | null;
  roles?: { slug: string }[] | null;
  groups?: string[];
  custom_attributes: Record<string, unknown>;
  raw_attributes: Record<string, unknown>;
}

export const PROFILES: Kind<Profile> = kind("profile", { prefix: "prof" });

/** Stand-alone single sign-on, and the connections it goes through. */
export const ssoRoutes: Route[] = [
  ...crud(CONNECTIONS, "/connections", {
    filters: {
      // the description has `GithubOAuth` here and `GitHubOAuth` in the connections
      connection_type: (it, type) => it.connection_type.toLowerCase() === type.toLowerCase(),
      organization_id: "organization_id",
      domain: (connection, name) => connection.domains.some(({ domain }) => domain === name.toLowerCase()),
      search: byName,
    },
  }),
  route("DELETE /connections/:id", ({ params: { id } }, world) => {
    world.remove(CONNECTIONS, id, "connection.deleted");
  }, 204),
  publicRoute("GET /sso/authorize", authorize),
  publicRoute("POST /sso/token", exchange),
  publicRoute("GET /sso/profile", ({ bearer }, world) => {
    const id = readTicket(world, "profile", bearer);
    if (id === undefined) return new Reply(401, { error: "Unauthorized", message: "Unauthorized" });
    return world.existing(PROFILES, id);
  }),
  route("POST /sso/logout/authorize", ({ body }, world) => {
    const { profile_id } = readFields(body, { profile_id: "text" });
    const { connection_type } = world.existing(PROFILES, profile_id);
    if (connection_type !== "GenericOIDC") {
      throw oauthError("connection_invalid", "Single Logout is only supported for GenericOIDC connections.");
    }
    const logout_token = issueTicket(world, { purpose: "logout", subject: profile_id, lifetime: CODE_LIFETIME });
    return { logout_url: `${world.settings.baseURL}/sso/logout?token=${logout_token}`, logout_token };
  }),
  publicRoute("GET /sso/logout", ({ query }, world) => {
    if (!readTicket(world, "logout", query.get("token"))) throw notFound("not_found", "Logout token not found.");
    return redirect(world.settings.logoutRedirect);
  }),
];

function authorize(call: Call, world: World): Reply {
  const { query } = call;
  return answerRedirect(call, world, "sso", () => {
    const connection = pickConnection(query, world);
    const profile = profileOf(world, query.get("login_hint"), connection);
    const sso = { organization_id: profile.organization_id, connection_id: connection.id, session_id: null };
    reportSignIn(world, { type: "sso", user: userByEmail(world, profile.email), email: profile.email, sso });
    return { userId: profile.id, method: "SSO" };
  });
}

async function exchange({ body, query }: Call, world: World): Promise<object> {
  const given = { ...Object.fromEntries(query), ...body };
  const shape = { grant_type: "text", code: "text", code_verifier: "text?" } as const;
  const { grant_type, code, code_verifier: verifier } = readFields(given, shape);
  checkClient(world, given, { secret: "optional" });
  if (grant_type !== "authorization_code") {
    throw oauthError("unsupported_grant_type", "The grant type is not supported.");
  }
  const confidential = given.client_secret !== undefined;
  const { signIn } = await redeemAuthorizationCode(world, { code, verifier, audience: "sso", confidential });
  const profile = world.existing(PROFILES, signIn.userId);
  const access_token = issueTicket(world, { purpose: "profile", subject: profile.id, lifetime: CODE_LIFETIME });
  return { token_type: "Bearer", access_token, expires_in: CODE_LIFETIME / 1000, profile };
}

/** The connection of the request: named, of an organization, of a domain, or a provider's own. */
function pickConnection(query: URLSearchParams, world: World): Connection {
  const provider = query.get("provider");
  const organizationId = query.get("organization") ?? organizationByDomain(world, query.get("domain"));
  const found = connectionFor(world, { id: query.get("connection"), organizationId });
  if (found) return found;
  if (provider) return providerConnection(world, provider);
  if (organizationId) throw oauthError("connection_invalid");
  throw oauthError("invalid_request", "One of connection, organization and provider is required.");
}

function organizationByDomain(world: World, name: string | null): string | undefined {
  return world.of(DOMAINS).find(({ domain }) => domain === name?.toLowerCase())?.organization_id;
}

function providerConnection(world: World, provider: string): Connection {
  const known = world.of(CONNECTIONS).find({ connection_type: provider, organization_id: undefined });
  if (known) return known;
  checkProvider(provider);
  return addConnection(world, { name: provider, connection_type: provider });
}

/** Adds a connection, active unless it says otherwise. */
export function addConnection(world: World, known: Partial<Connection> & { connection_type: string }): Connection {
  const { connection_type: name, state = "active" } = known;
  const status = state === "active" ? "linked" : "unlinked";
  return world.create(CONNECTIONS, { name, domains: [], status, ...known, state });
}

/** The profile of the hinted address, or of the usual user, at a connection; the first sign-in makes it, but no user. */
function profileOf(world: World, hint: string | null, connection: Connection): Profile {
  const person: Pick<User, "email"> & Partial<User> = hint
    ? userByEmail(world, hint) ?? { email: hint }
    : pickUser(world, hint);
  const { email, first_name = null, last_name = null } = person;
  const { id: connection_id, connection_type, organization_id = null } = connection;
  return knownProfile(world, connection, email) ??
    addProfile(world, { connection_id, connection_type, organization_id, email, first_name, last_name });
}

/** The profile that a connection has for an email address. */
export function knownProfile(world: World, { id }: Connection, email: string): Profile | undefined {
  return world.of(PROFILES).all({ connection_id: id }).find((profile) => sameAddress(profile.email, email));
}

/** Adds a profile with whatever is known about it. */
export function addProfile(
  world: World,
  known: Partial<Profile> & Pick<Profile, "connection_id" | "connection_type" | "email">,
): Profile {
  const { first_name = null, last_name = null, email } = known;
  const id = known.id ?? world.ids.id(PROFILES.prefix);
  const idp_id = known.idp_id ?? world.ids.digits(21);
  return world.of(PROFILES).insert({
    object: "profile",
    organization_id: null,
    first_name,
    last_name,
    name: fullName(known),
    custom_attributes: {},
    raw_attributes: { id: idp_id, email, first_name, last_name },
    ...known,
    id,
    idp_id,
  });
}
