import { liveRegistration } from "../agents.ts";
import { conflict, invalidField } from "../answers.ts";
import { listOf, routeOn } from "../crud.ts";
import { readFields } from "../fields.ts";
import { type Kind, kind } from "../kind.ts";
import { API_KEYS, type ApiKey, ORGANIZATIONS, USERS } from "../records.ts";
import { requireMember } from "../people.ts";
import { type Call, type Route, route, route400 } from "../router.ts";
import type { Entity } from "../store.ts";
import type { World } from "../world.ts";

/** Finds a key by its value; the id is the value. */
interface ApiKeyValue extends Entity {
  api_key_id: string;
  /** The agent it was issued to. */
  agent_registration_id?: string;
}

const API_KEY_VALUES: Kind<ApiKeyValue> = kind("api_key_value");

const USER_PATH = "/user_management/users/:id/api_keys";
const ORGANIZATION_PATH = "/organizations/:id/api_keys";
const SHAPE = { name: "text", permissions: "texts?", expires_at: "time?" } as const;

/** Keys that an application hands to its own customers. */
export const apiKeyRoutes: Route[] = [
  listOf(USER_PATH, USERS, {
    kind: API_KEYS,
    belongs: ({ owner }, id) => owner.type === "user" && owner.id === id,
    filters: { organization_id: ({ owner }, wanted) => owner.type === "user" && owner.organization_id === wanted },
  }),
  route400(`POST ${USER_PATH}`, ({ params, body }, world) => {
    const { id } = world.existing(USERS, params.id);
    const { organization_id } = readFields(body, { ...SHAPE, organization_id: "text" });
    requireMember(world, id, organization_id);
    return createKey(world, body, { type: "user", id, organization_id });
  }, 201),
  listOf(ORGANIZATION_PATH, ORGANIZATIONS, {
    kind: API_KEYS,
    belongs: ({ owner }, id) => owner.type === "organization" && owner.id === id,
  }),
  routeOn(ORGANIZATIONS, `POST ${ORGANIZATION_PATH}`, ({ id }, { body }, world) => {
    return createKey(world, body, { type: "organization", id });
  }, 201),
  route("POST /api_keys/validations", validateKey),
  routeOn(API_KEYS, "POST /api_keys/:id/expire", expireKey),
  route("DELETE /api_keys/:id", ({ params: { id } }, world) => world.remove(API_KEYS, id, "api_key.revoked"), 204),
];

/** Creates a key; only this response has its value. Throws a 422 when it would have expired already. */
export function createKey(
  world: World,
  body: Record<string, unknown>,
  owner: ApiKey["owner"],
  agent_registration_id?: string,
): ApiKey & { value: string } {
  const { name, permissions = [], expires_at = null } = readFields(body, SHAPE);
  if (world.isPast(expires_at)) throw invalidField("expires_at");
  const value = `sk_${world.ids.token(40)}`;
  const key = world.create(API_KEYS, {
    owner,
    name,
    obfuscated_value: `sk_...${value.slice(-4)}`,
    last_used_at: null,
    expires_at,
    permissions,
  });
  world.of(API_KEY_VALUES).insert({ id: value, api_key_id: key.id, agent_registration_id });
  return { ...key, value };
}

function validateKey({ body }: Call, world: World): object {
  const { value } = readFields(body, { value: "text" });
  const good = goodKey(world, value);
  if (!good) return { api_key: null };
  const { id, agent_registration_id } = good;
  const api_key = world.set(API_KEYS, id, { last_used_at: world.timestamp() });
  return { api_key, ...agent_registration_id && { agent_registration_id } };
}

/** The key with this value and the agent it was issued to, as long as both are good. */
export function goodKey(world: World, value: string): ApiKey & { agent_registration_id?: string } | undefined {
  const { api_key_id, agent_registration_id } = world.of(API_KEY_VALUES).get(value) ?? {};
  const key = world.of(API_KEYS).get(api_key_id);
  if (!key || world.isPast(key.expires_at)) return undefined;
  if (agent_registration_id && !liveRegistration(world, agent_registration_id)) return undefined;
  return { ...key, agent_registration_id };
}

function expireKey(key: ApiKey, { body }: Call, world: World): object {
  const now = world.timestamp();
  const { expires_at = now } = readFields(body, { expires_at: "time|null" });
  if (world.isPast(key.expires_at)) throw conflict("api_key_already_expired", "API key is already expired");
  const changed = world.set(API_KEYS, key.id, { expires_at, updated_at: now });
  world.emit("api_key.updated", { ...changed, previous_attributes: { expires_at: key.expires_at } });
  return changed;
}
