import { badRequest, invalidField, redirect, type Reply } from "../answers.ts";
import { issueAuthorizationCode } from "../authorization_codes.ts";
import { routeOn } from "../crud.ts";
import { checkOneOf, readFields } from "../fields.ts";
import { type Kind, kind } from "../kind.ts";
import { type Connection, CONNECTIONS } from "../records.ts";
import { type Call, publicRoute, type Route, route } from "../router.ts";
import type { Entity } from "../store.ts";
import { issueTicket, readTicket } from "../tickets.ts";
import type { World } from "../world.ts";
import { checkRedirectUri, REDIRECT_URIS } from "./redirect_uris.ts";
import { addConnection, addProfile, knownProfile, type Profile } from "./sso.ts";

/** A link that signs in. */
interface PasswordlessSession extends Entity {
  object: "passwordless_session";
  email: string;
  expires_at: string;
  link: string;
}

const SESSIONS: Kind<PasswordlessSession> = kind("passwordless_session");

/** What a link is for. */
interface Purpose {
  email: string;
  redirect_uri: string;
  state?: string;
  connection?: string;
}

const PATH = "/passwordless/sessions";
const TYPE = "MagicLink";

/** Fewest and most seconds a link is good for. */
const [SHORTEST, LONGEST] = [15 * 60, 24 * 60 * 60];

/** Links that sign in by stand-alone single sign-on. The API description has none of it. */
export const passwordlessRoutes: Route[] = [
  route(`POST ${PATH}`, createSession, 201),
  routeOn(SESSIONS, `POST ${PATH}/:id/send`, ({ id, email: to, link: url }, _call, world) => {
    world.send({ type: "passwordless", to, id, url });
    return { success: true };
  }),
  publicRoute("GET /passwordless/confirm", confirm),
];

function createSession({ body }: Call, world: World): PasswordlessSession {
  const shape = { type: "text", email: "email", redirect_uri: "url?", state: "text?", connection: "text?" } as const;
  const { type, expires_in = SHORTEST, ...given } = readFields(body, { ...shape, expires_in: "count?" });
  checkOneOf("type", type, [TYPE]);
  if (expires_in < SHORTEST || expires_in > LONGEST) throw invalidField("expires_in");
  const { connection, email, redirect_uri = world.of(REDIRECT_URIS).find({ default: true })?.uri } = given;
  if (redirect_uri === undefined) throw invalidField("redirect_uri", "required");
  checkRedirectUri(world, redirect_uri);
  if (connection !== undefined && world.existing(CONNECTIONS, connection).connection_type !== TYPE) {
    throw invalidField("connection");
  }
  const purpose: Purpose = { ...given, redirect_uri };
  const lifetime = expires_in * 1000;
  const token = issueTicket(world, { purpose: SESSIONS.name, subject: JSON.stringify(purpose), lifetime });
  return world.of(SESSIONS).insert({
    object: "passwordless_session",
    id: world.ids.id(SESSIONS.prefix),
    email,
    expires_at: world.timestamp(lifetime),
    link: `${world.settings.baseURL}/passwordless/confirm?token=${token}`,
  });
}

/** Where a link leads: back, with a code for a profile. */
function confirm({ query }: Call, world: World): Reply {
  const subject = readTicket(world, SESSIONS.name, query.get("token"));
  if (subject === undefined) throw badRequest("passwordless_session_expired");
  const { email, redirect_uri, state, connection: id }: Purpose = JSON.parse(subject);
  const { id: userId } = profileOf(world, email, connectionFor(world, email, id));
  const { id: code } = issueAuthorizationCode(world, { audience: "sso", signIn: { userId, method: TYPE } });
  const target = new URL(redirect_uri);
  target.searchParams.set("code", code);
  if (state !== undefined) target.searchParams.set("state", state);
  return redirect(target);
}

/** The connection that is named, or that has the domain of the address, or else the environment's own. */
function connectionFor(world: World, email: string, id: string | undefined): Connection {
  const domain = email.replace(/.*@/, "").toLowerCase();
  const links = world.of(CONNECTIONS).all({ connection_type: TYPE });
  const known = links.find((it) => it.id === id) ??
    links.find(({ domains }) => domains.some((it) => it.domain === domain)) ??
    links.find(({ organization_id }) => organization_id === undefined);
  return known ?? addConnection(world, { name: "Magic Link", connection_type: TYPE });
}

function profileOf(world: World, email: string, connection: Connection): Profile {
  const { id: connection_id, organization_id = null } = connection;
  return knownProfile(world, connection, email) ??
    addProfile(world, { connection_id, connection_type: TYPE, organization_id, email });
}
