import { fromUtf8, toHex, utf8 } from "../bytes.ts";
import { conflict } from "./answers.ts";
import { API_ACTOR, ENVIRONMENT_ID } from "./environment.ts";
import { type Kind, kind, type Stamped, without } from "./kind.ts";
import type { Entity } from "./store.ts";
import type { Label } from "./vault_keys.ts";
import type { World } from "./world.ts";

/** Names and values that decide which key encrypts. */
export type KeyContext = Label["context"];

/** A stored secret, without the secret. */
export interface VaultObject extends Stamped {
  name: string;
  context: KeyContext;
  key_id: string;
}

export const VAULT_OBJECTS: Kind<VaultObject> = kind("vault_object", {
  present: ({ id, name, updated_at }) => ({ id, name, updated_at }),
});

/** One of the values a secret has had, encrypted. */
export interface VaultVersion extends Entity {
  object_id: string;
  created_at: string;
  sealed: Promise<Uint8Array<ArrayBuffer>>;
}

const VAULT_VERSIONS: Kind<VaultVersion> = kind("vault_version");

/** The key that encrypts keys and values of one context. */
interface ContextKey extends Entity {
  name: string;
}

const CONTEXT_KEYS: Kind<ContextKey> = kind("context_key");

/** Id of the key for a context; the first use makes it. */
export function keyFor(world: World, context: KeyContext): string {
  const pairs = Object.entries(context).map(([name, value]) => JSON.stringify([name, value]));
  const name = pairs.sort().join(",");
  const known = world.of(CONTEXT_KEYS).find({ name });
  if (known) return known.id;
  const { id: key_id } = world.of(CONTEXT_KEYS).insert({ id: world.ids.uuid(), name });
  emitVault(world, "kek.created", { key_name: name || "default", key_id });
  return key_id;
}

/** Stores a secret. Throws a 409 when the name is taken. */
export function addObject(
  world: World,
  { id = world.ids.uuid(), name, value, context }: { id?: string; name: string; value: string; context: KeyContext },
): VaultObject {
  if (world.of(VAULT_OBJECTS).find({ name })) {
    throw conflict("name_taken", `There is an object named '${name}' already.`);
  }
  const object = world.create(VAULT_OBJECTS, { id, name, context, key_id: keyFor(world, context) });
  addVersion(world, object, value);
  emitVault(world, "data.created", { kv_name: name, key_id: object.key_id, key_context: context });
  return object;
}

/** Replaces a secret. */
export function changeObject(world: World, { id }: VaultObject, value: string): VaultObject {
  const object = world.set(VAULT_OBJECTS, id, { updated_at: world.timestamp() });
  addVersion(world, object, value);
  emitVault(world, "data.updated", { kv_name: object.name, key_id: object.key_id, key_context: object.context });
  return object;
}

/** Removes a secret with all its versions. */
export function removeObject(world: World, object: VaultObject): void {
  world.forget(VAULT_VERSIONS, { object_id: object.id });
  world.of(VAULT_OBJECTS).delete(object.id);
  emitVault(world, "data.deleted", { kv_name: object.name });
}

/** The secret itself. */
export async function readValue(world: World, object: VaultObject): Promise<string> {
  emitVault(world, "data.read", { kv_name: object.name, key_id: object.key_id });
  const { sealed } = currentVersion(world, object);
  const opened = await world.vaultKeys.open(await sealed);
  if (!opened) throw new TypeError("Cannot read vault object: it was sealed elsewhere");
  return fromUtf8(opened.value);
}

/** The metadata of a secret. */
export function metadataOf(world: World, object: VaultObject): object {
  return {
    ...without(object, "object", "name", "created_at"),
    environment_id: ENVIRONMENT_ID,
    updated_by: without(API_ACTOR, "source"),
    version_id: currentVersion(world, object).id,
  };
}

/** The version that is read. */
export function currentVersion(world: World, object: VaultObject): VaultVersion {
  return versionsOf(world, object).at(-1) as VaultVersion; // an object starts with one
}

/** All versions as the API shows them, newest first. */
export async function showVersions(world: World, object: VaultObject): Promise<object[]> {
  const current = currentVersion(world, object);
  const shown = versionsOf(world, object).map(async ({ id, created_at, sealed }) => {
    const bytes = await sealed;
    const etag = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))).slice(0, 32);
    return { id, created_at, current_version: id === current.id, size: bytes.length, etag };
  });
  return (await Promise.all(shown)).reverse();
}

/** Tells about something the holder of the API key did in the vault. */
export function emitVault(world: World, event: string, data: object): void {
  const { id: actor_id, source: actor_source, name: actor_name } = API_ACTOR;
  world.emit(`vault.${event}`, { actor_id, actor_source, actor_name, ...data });
}

function versionsOf(world: World, { id }: VaultObject): VaultVersion[] {
  return world.of(VAULT_VERSIONS).all({ object_id: id });
}

function addVersion(world: World, { id, context }: VaultObject, value: string): void {
  const sealed = world.vaultKeys.seal(utf8(value), { id, context });
  const version = { id: world.ids.uuid(), object_id: id, created_at: world.timestamp(), sealed };
  world.of(VAULT_VERSIONS).insert(version);
}
