import { verifyJwt } from "../../jwt.ts";
import { badRequest, conflict, invalidField, inWords, unprocessable } from "../answers.ts";
import { crud, routeOn } from "../crud.ts";
import { checkOneOf, readFields } from "../fields.ts";
import {
  clearInstance,
  forgetInstances,
  INSTANCE_SESSIONS,
  INSTANCE_TOKENS,
  INSTANCES,
  type InstanceSession,
} from "../instances.ts";
import { type Kind, kind, type Stamped } from "../kind.ts";
import { membershipOf, permissionsOf } from "../people.ts";
import { isLive, type Membership, ORGANIZATIONS, ROLES, SESSIONS } from "../records.ts";
import { type Call, type Route, route400 } from "../router.ts";
import type { Content, World } from "../world.ts";
import { permissionBySlug } from "./roles.ts";

const DAY = 24 * 60 * 60;

/** How long the sessions of a blueprint and their tokens live, and the most seconds for each. */
const LONGEST = {
  max_age_seconds: 365 * DAY,
  access_token_ttl_seconds: 60 * 60,
  refresh_token_ttl_seconds: 60 * DAY,
};

/** What an agent may do, for whom, and for how long. */
interface Blueprint extends Stamped {
  name: string;
  description: string | null;
  permissions: string[];
  invocable_by: { role_slugs: string[]; organization_ids: string[] };
  session_settings: typeof LONGEST;
}

const BLUEPRINTS: Kind<Blueprint> = kind("agent_blueprint");

/** Whom a session works for, and what it may do if the blueprint allows it. */
interface Mandate {
  organization_id: string;
  organization_membership_id: string | null;
  permissions: string[];
}

const PATH = "/agents/blueprints";

const CHANGES = {
  name: "text?",
  description: "text|null",
  permissions: "texts?",
  invocable_by: "object?",
  session_settings: "object?",
} as const;

const NEW = { ...CHANGES, name: "text", session_settings: "object" } as const;

/** Blueprints of agents, and what is made from them. The API description has none of it: codes and claims are guesses. */
export const blueprintRoutes: Route[] = [
  ...crud(BLUEPRINTS, PATH, {
    remove: ({ id }, world) => forgetInstances(world, { agent_blueprint_id: id }),
  }),
  route400(`POST ${PATH}`, ({ body }, world) => {
    const { name, description = null, permissions = [] } = readFields(body, NEW);
    const blueprint = { name, description, permissions, ...readParts(body) };
    checkBlueprint(world, blueprint);
    return world.create(BLUEPRINTS, blueprint);
  }, 201),
  route400(`PATCH ${PATH}/:id`, ({ params, body }, world) => {
    const before = world.existing(BLUEPRINTS, params.id);
    const { name, description, permissions } = { ...before, ...readFields(body, CHANGES) };
    const blueprint = { name, description, permissions, ...readParts(body, before) };
    checkBlueprint(world, blueprint, params.id);
    return world.update(BLUEPRINTS, params.id, blueprint);
  }),
  route400(`POST ${PATH}/:id/tokens`, mint, 201),
  ...crud(INSTANCES, "/agents/instances", {
    filters: { organization_id: "organization_id", agent_blueprint_id: "agent_blueprint_id" },
    remove: clearInstance,
  }),
  ...crud(INSTANCE_SESSIONS, "/agents/sessions", {
    filters: { agent_blueprint_id: "agent_blueprint_id", agent_instance_id: "agent_instance_id" },
  }),
  routeOn(INSTANCE_SESSIONS, "POST /agents/sessions/:id/revoke", (session, _call, world) => {
    const change = { status: "revoked", revoked_at: world.timestamp() } as const;
    const revoked = isLive(session, world) ? world.update(INSTANCE_SESSIONS, session.id, change) : session;
    return world.show(INSTANCE_SESSIONS, revoked);
  }),
];

/** The parts of a blueprint that have parts of their own; those that are not given stay as they were. */
function readParts(body: Call["body"], before?: Blueprint): Pick<Blueprint, "invocable_by" | "session_settings"> {
  const { invocable_by = {}, session_settings = {} } = readFields(body, CHANGES);
  const { role_slugs, organization_ids } = {
    ...{ role_slugs: [], organization_ids: [] },
    ...before?.invocable_by,
    ...readFields(invocable_by, { role_slugs: "texts?", organization_ids: "texts?" }),
  };
  const settings = readFields({ ...before?.session_settings, ...session_settings }, {
    max_age_seconds: "count",
    access_token_ttl_seconds: "count",
    refresh_token_ttl_seconds: "count",
  });
  for (const name of Object.keys(LONGEST) as (keyof typeof LONGEST)[]) {
    if (settings[name] < 1 || settings[name] > LONGEST[name]) throw invalidField(name);
  }
  return { invocable_by: { role_slugs, organization_ids }, session_settings: settings };
}

/** Refuses a blueprint with an empty or taken name, or with something that does not exist. */
function checkBlueprint(world: World, blueprint: Content<Blueprint>, id?: string): void {
  const { name, permissions, invocable_by: { role_slugs, organization_ids } } = blueprint;
  if (!name) throw invalidField("name");
  const other = world.of(BLUEPRINTS).find({ name });
  if (other && other.id !== id) throw conflict("agent_blueprint_name_conflict");
  const unknown = {
    permission: permissions.find((slug) => !permissionBySlug(world, slug)),
    role: role_slugs.find((slug) => !world.of(ROLES).find({ slug })),
    organization: organization_ids.find((id) => !world.of(ORGANIZATIONS).get(id)),
  };
  for (const [what, missing] of Object.entries(unknown)) {
    if (missing !== undefined) throw unprocessable(`${what}_not_found`, `${inWords(what)} not found: '${missing}'.`);
  }
}

async function mint({ params, body }: Call, world: World): Promise<object> {
  const blueprint = world.existing(BLUEPRINTS, params.id);
  const { type } = readFields(body, { type: "text", intent: "text?" });
  checkOneOf("type", type, ["user_delegated", "autonomous", "agent_delegated", "refresh"]);
  if (type === "refresh") return await refresh(body, world, blueprint);
  if (type === "autonomous") return await start(world, blueprint, ofNobody(body, world, blueprint));
  const mandate = type === "user_delegated" ? ofUser(body, world, blueprint) : ofAgent(body, world);
  return await start(world, blueprint, await mandate);
}

/** What a user delegates: no more than the user may do. */
async function ofUser(body: Call["body"], world: World, blueprint: Blueprint): Promise<Mandate> {
  const { user_access_token } = readFields(body, { user_access_token: "text" });
  const session = world.of(SESSIONS).get(await sessionIdOf(world, user_access_token));
  if (!isLive(session, world)) throw badRequest("invalid_user_access_token");
  const { user_id, organization_id } = session;
  const membership = organization_id ? membershipOf(world, user_id, organization_id) : undefined;
  if (membership?.status !== "active") throw badRequest("organization_required");
  checkRole(blueprint, membership);
  const permissions = permissionsOf(world, membership);
  return { organization_id: membership.organization_id, organization_membership_id: membership.id, permissions };
}

function checkRole({ invocable_by: { role_slugs } }: Blueprint, { roles }: Membership): void {
  if (!role_slugs.length || roles.some(({ slug }) => role_slugs.includes(slug))) return;
  throw badRequest("role_not_allowed");
}

function ofNobody(body: Call["body"], world: World, { permissions }: Blueprint): Mandate {
  const { organization_id } = readFields(body, { organization_id: "text" });
  world.existing(ORGANIZATIONS, organization_id);
  return { organization_id, organization_membership_id: null, permissions };
}

/** What an agent delegates: no more than it may do itself, and for the same organization and member. */
async function ofAgent(body: Call["body"], world: World): Promise<Mandate> {
  const { agent_access_token } = readFields(body, { agent_access_token: "text" });
  const session = world.of(INSTANCE_SESSIONS).get(await sessionIdOf(world, agent_access_token));
  if (!isLive(session, world)) throw badRequest("invalid_agent_access_token");
  const { organization_id, organization_membership_id } = world.existing(INSTANCES, session.agent_instance_id);
  return { organization_id, organization_membership_id, permissions: session.permissions };
}

/** The session of a token that the emulator signed and that has not expired. */
async function sessionIdOf(world: World, token: string): Promise<string | undefined> {
  const result = await verifyJwt(token, { keys: await world.keys.jwks(), now: () => world.now() });
  return result.ok ? result.claims.sid as string | undefined : undefined;
}

/** Starts a session of the instance that works for this organization and member, which is made if there is none. */
async function start(world: World, blueprint: Blueprint, mandate: Mandate): Promise<object> {
  const { organization_id, organization_membership_id } = mandate;
  const { id: agent_blueprint_id, invocable_by: { organization_ids }, session_settings } = blueprint;
  if (organization_ids.length && !organization_ids.includes(organization_id)) {
    throw badRequest("organization_not_allowed");
  }
  const whose = { agent_blueprint_id, organization_id, organization_membership_id };
  const known = world.of(INSTANCES).find(whose);
  const type = organization_membership_id === null ? "autonomous" : "delegated";
  const session = world.create(INSTANCE_SESSIONS, {
    agent_instance_id: (known ?? world.create(INSTANCES, { ...whose, type })).id,
    agent_blueprint_id,
    status: "active",
    expires_at: world.timestamp(session_settings.max_age_seconds * 1000),
    revoked_at: null,
    permissions: blueprint.permissions.filter((slug) => mandate.permissions.includes(slug)),
  });
  return { ...await issueTokens(world, session, blueprint), new_instance: !known };
}

async function refresh(body: Call["body"], world: World, blueprint: Blueprint): Promise<object> {
  const { refresh_token } = readFields(body, { refresh_token: "text" });
  const token = world.of(INSTANCE_TOKENS).get(refresh_token);
  const session = world.of(INSTANCE_SESSIONS).get(token?.session_id);
  const good = token && token.expires > world.now() && isLive(session, world);
  if (!good || session.agent_blueprint_id !== blueprint.id) throw badRequest("invalid_refresh_token");
  world.of(INSTANCE_TOKENS).delete(token.id);
  return { ...await issueTokens(world, session, blueprint), new_instance: false };
}

/** New tokens of a session; none of them outlives it. */
async function issueTokens(world: World, session: InstanceSession, { session_settings }: Blueprint): Promise<object> {
  const { id: sid, agent_instance_id, permissions } = session;
  const end = Date.parse(session.expires_at);
  const after = (seconds: number) => Math.min(world.now() + seconds * 1000, end);
  const [iat, exp] = [world.now(), after(session_settings.access_token_ttl_seconds)].map((ms) => Math.floor(ms / 1000));
  const refresh_token = world.ids.token(25);
  const expires = after(session_settings.refresh_token_ttl_seconds);
  world.of(INSTANCE_TOKENS).insert({ id: refresh_token, session_id: sid, expires });
  const { organization_id: org_id } = world.existing(INSTANCES, agent_instance_id);
  const names = { iss: world.settings.issuer, sub: agent_instance_id, sid, jti: world.ids.id("jti").slice(4) };
  return {
    access_token: await world.keys.sign({ ...names, org_id, permissions, iat, exp }),
    token_type: "Bearer",
    expires_in: exp - iat,
    refresh_token,
    agent_instance_id,
    agent_instance_session_id: sid,
    permissions,
  };
}
