import { fromBase64, toBase64 } from "../../bytes.ts";
import { badRequest, conflict, type FieldError, invalidField, Refusal, type Reply, replyOf } from "../answers.ts";
import { byName, listAnswer, routeOn } from "../crud.ts";
import { readFields, readQuery } from "../fields.ts";
import { wholeList } from "../list.ts";
import { type Call, type Route, route } from "../router.ts";
import {
  addObject,
  changeObject,
  currentVersion,
  emitVault,
  type KeyContext,
  keyFor,
  metadataOf,
  readValue,
  removeObject,
  showVersions,
  VAULT_OBJECTS,
  type VaultObject,
} from "../vault.ts";
import type { Label, Unsealed } from "../vault_keys.ts";
import type { World } from "../world.ts";

const KV = "/vault/v1/kv";
const MAX_NAME = 200;
const MAX_PAIRS = 10;
const MAX_VALUE = 500;

/** Stored secrets, and keys to encrypt with elsewhere. */
export const vaultRoutes: Route[] = [
  ...inVaultForm(422, [
    route("POST /vault/v1/keys/data-key", createDataKey),
    route("POST /vault/v1/keys/rekey", rekey),
    route(`POST ${KV}`, createObject, 201),
  ]),
  ...inVaultForm(400, [
    route("POST /vault/v1/keys/decrypt", decryptDataKey),
    route(`GET ${KV}`, listObjects),
    route(`GET ${KV}/name/:name`, async ({ params: { name } }, world) => {
      return await read(world.found(VAULT_OBJECTS, name, { name }), world);
    }),
    routeOn(VAULT_OBJECTS, `GET ${KV}/:id`, async (object, _call, world) => await read(object, world)),
    routeOn(VAULT_OBJECTS, `GET ${KV}/:id/metadata`, (object, _call, world) => {
      emitVault(world, "metadata.read", { kv_name: object.name });
      return describe(world, object);
    }),
    routeOn(VAULT_OBJECTS, `GET ${KV}/:id/versions`, async (object, _call, world) => {
      return wholeList(await showVersions(world, object));
    }),
    routeOn(VAULT_OBJECTS, `PUT ${KV}/:id`, (object, { body }, world) => {
      const { version_check } = readFields(body, { version_check: "text|null" });
      const value = readValueField(body);
      checkVersion(world, object, version_check);
      return describe(world, changeObject(world, object, value));
    }, 201),
    routeOn(VAULT_OBJECTS, `DELETE ${KV}/:id`, (object, { query }, world) => {
      checkVersion(world, object, query.get("version_check"));
      removeObject(world, object);
      return { success: true, name: object.name };
    }),
  ]),
];

async function read(object: VaultObject, world: World): Promise<object> {
  return { ...describe(world, object), value: await readValue(world, object) };
}

async function createDataKey({ body }: Call, world: World): Promise<object> {
  const context = readContext(body, "context");
  keyFor(world, context);
  const label = { id: world.ids.uuid(), context };
  return await handOut(world, new Uint8Array(world.ids.bytes(32)), label);
}

async function decryptDataKey({ body }: Call, world: World): Promise<object> {
  const { keys } = readFields(body, { keys: "text" });
  const { value, label: { id } } = await openKeys(world, keys);
  emitVault(world, "dek.decrypted", { key_id: id });
  return { id, data_key: toBase64(value) };
}

async function rekey({ body }: Call, world: World): Promise<object> {
  const context = readContext(body, "context");
  const { encrypted_keys } = readFields(body, { encrypted_keys: "text" });
  const { value, label: { id } } = await openKeys(world, encrypted_keys);
  emitVault(world, "dek.decrypted", { key_id: id });
  keyFor(world, context);
  return await handOut(world, value, { id, context });
}

/** A data key, plain and encrypted: the vault does not keep it. */
async function handOut(world: World, key: Uint8Array<ArrayBuffer>, { id, context }: Label): Promise<object> {
  const encrypted_keys = toBase64(await world.vaultKeys.seal(key, { id, context }));
  emitVault(world, "dek.read", { key_ids: [id], key_context: context });
  return { id, context, data_key: toBase64(key), encrypted_keys };
}

async function openKeys(world: World, text: string): Promise<Unsealed> {
  const bytes = decode(text);
  const opened = bytes && await world.vaultKeys.open(bytes);
  if (!opened) throw badRequest("invalid_keys", "The encrypted key cannot be decrypted.");
  return opened;
}

function decode(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64(text);
  } catch {
    return undefined; // refused like any other text that is no encrypted key
  }
}

function listObjects(call: Call, world: World): object {
  readQuery(call.query, { updatedAfter: "time?" });
  const answer = listAnswer(call, world, {
    kind: VAULT_OBJECTS,
    filters: {
      search: byName,
      updatedAfter: ({ updated_at }, time) => Date.parse(updated_at) > Date.parse(time),
    },
  });
  emitVault(world, "names.listed", {});
  return answer;
}

function createObject({ body }: Call, world: World): object {
  const { name } = readFields(body, { name: "text" });
  const value = readValueField(body);
  const context = readContext(body, "key_context");
  if (name.length > MAX_NAME) throw invalidField("name", "too_long");
  return metadataOf(world, addObject(world, { name, value, context }));
}

function describe(world: World, object: VaultObject): object {
  return { id: object.id, name: object.name, metadata: metadataOf(world, object) };
}

/** The secret of a request; it may be empty. */
function readValueField({ value }: Record<string, unknown>): string {
  if (typeof value === "string") return value;
  throw invalidField("value", value === undefined ? "required" : "invalid");
}

function readContext(body: Record<string, unknown>, field: "context" | "key_context"): KeyContext {
  const { [field]: context } = readFields<Record<string, "object">>(body, { [field]: "object" });
  const values = Object.values(context);
  const fine = values.length <= MAX_PAIRS &&
    values.every((value) => typeof value === "string" && value.length <= MAX_VALUE);
  if (!fine) throw invalidField(field);
  return context as KeyContext;
}

function checkVersion(world: World, object: VaultObject, wanted: string | null | undefined): void {
  if (!wanted || wanted === currentVersion(world, object).id) return;
  throw conflict("version_mismatch", "The object has another version.");
}

/** Endpoints that refuse in the vault's own form, and malformed fields with this status. */
function inVaultForm(invalid: number, routes: Route[]): Route[] {
  return routes.map((route) => ({
    ...route,
    handle: async (call, world) => {
      try {
        return await route.handle(call, world);
      } catch (error) {
        throw vaultRefusal(replyOf(error), invalid);
      }
    },
  }));
}

function vaultRefusal({ status, body }: Reply, invalid: number): Refusal {
  const { message, errors = [] } = body as { message: string; errors?: FieldError[] };
  const error = [message, ...errors.map(({ code }) => code)].join(" ");
  return new Refusal(status === 422 ? invalid : status, { error });
}
