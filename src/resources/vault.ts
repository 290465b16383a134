// Vault: stored encrypted secrets, and data keys for local encryption.

import { toBase64 } from "../bytes.ts";
import type { OfOrganization } from "../entity.ts";
import type { AutoPaginatable, PaginationOptions } from "../page.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import { associatedText, checkText, decryptBlob, encryptText, readBlob } from "../vault_crypto.ts";
import { camel, type OpenString, type Wire } from "../wire.ts";

/** Your own names and values that select the encryption key, such as an organization's id. Sent as it is. */
export interface KeyContext {
  /** A value by name. */
  [name: string]: string;
}

/** A key that encrypts data. */
export interface DataKey {
  /** The key itself, base64. Never store it: store the encrypted form. */
  key: string;
  /** Id of the key. */
  id: string;
}

/** A new data key, plain and encrypted. */
export interface DataKeyPair {
  /** The context of the key. */
  context: KeyContext;
  /** The key, to encrypt with. */
  dataKey: DataKey;
  /** The encrypted key, base64, to store with the data; `decryptDataKey` decrypts it. */
  encryptedKeys: string;
}

/** A data key under a new context. Unlike in a {@linkcode DataKeyPair}, key and id are on the same level. */
export interface CreateDataKeyResponse {
  /** The new context of the key. */
  context: KeyContext;
  /** The key itself, base64. */
  dataKey?: string;
  /** The encrypted key, base64. */
  encryptedKeys?: string;
  /** Id of the key. */
  id: string;
}

/** Reads a new data key; moves key and id, which the API sends on the top level, into `dataKey`. */
export function readDataKeyPair(wire: Wire): DataKeyPair {
  const { dataKey: key, id, ...pair } = camel<CreateDataKeyResponse>(wire);
  return { ...pair, dataKey: { key, id } } as DataKeyPair;
}

/** Reads a decrypted data key, which the API calls `data_key`. */
export function readDataKey(wire: Wire): DataKey {
  const { dataKey: key, ...rest } = camel<{ dataKey: string; id: string }>(wire);
  return { ...rest, key };
}

/** Options of `createDataKey`. */
export interface CreateDataKeyOptions {
  /** The context that selects the key which encrypts the data key. */
  context: KeyContext;
}

/** Options of `decryptDataKey`. */
export interface DecryptDataKeyOptions {
  /** The encrypted data key, base64. */
  keys: string;
}

/** Options of `createRekey`. */
export interface CreateRekeyOptions extends CreateDataKeyOptions {
  /** The encrypted data key, base64. */
  encryptedKeys: string;
}

/** Another name of {@linkcode CreateDataKeyOptions}. */
export type CreateDataKeyRequest = CreateDataKeyOptions;
/** Another name of {@linkcode DecryptDataKeyOptions}. */
export type DecryptRequest = DecryptDataKeyOptions;
/** Another name of {@linkcode CreateRekeyOptions}. */
export type RekeyRequest = CreateRekeyOptions;

/** Who did something: a user or an API key. */
export interface Actor {
  /** Id of the actor. */
  id: string;
  /** Name of the actor. */
  name: string;
}

/** Metadata of an object. */
export interface ObjectMetadata {
  /** The context that selects the key which encrypts the value. */
  context: KeyContext;
  /** Id of the environment. */
  environmentId: string;
  /** Id of the object. */
  id: string;
  /** Id of the key that encrypts the value. */
  keyId: string;
  /** When the value was last changed. */
  updatedAt: Date;
  /** Who last changed the value. */
  updatedBy: Actor;
  /** Id of the current version, for `versionCheck`; `null` when the API does not send it. */
  versionId?: string | null;
}

/** A stored secret. */
export interface VaultObject {
  /** Id of the object. */
  id: string;
  /** The API's metadata of the object; only its `context` is your own data. */
  metadata: ObjectMetadata;
  /** Name of the object. */
  name: string;
  /** The secret; absent when it was not requested. */
  value?: string;
}

/** A stored secret, without the secret. */
export type ObjectWithoutValue = Omit<VaultObject, "value">;

/** An object in a list. */
export interface ObjectSummary extends Pick<VaultObject, "id" | "name"> {
  /** When the value was last changed, or `null`. */
  updatedAt?: Date | null;
}

/** A version of a secret. */
export interface ObjectVersion {
  /** When the version was created. */
  createdAt: Date;
  /** Whether this is the current version. */
  currentVersion: boolean;
  /** Hash of the value; empty when the API does not send it. */
  etag?: string;
  /** Id of the version. */
  id: string;
  /** Size of the stored data in bytes; 0 when the API does not send it. */
  size?: number;
}

/** Reads the metadata of an object; its timestamp becomes a date. */
export function readObjectMetadata(wire: Wire): ObjectMetadata {
  const metadata = camel<ObjectMetadata>(wire);
  metadata.updatedAt = new Date(metadata.updatedAt);
  metadata.versionId ??= null;
  return metadata;
}

/** Reads an object. Its `metadata` is the API's, not the customer's as elsewhere, so its keys are renamed. */
export function readVaultObject(wire: Wire): VaultObject {
  const object = camel<VaultObject>(wire);
  object.metadata = readObjectMetadata(wire.metadata as Wire);
  return object;
}

/** Reads an object of a list; its timestamp becomes a date. */
export function readObjectSummary(wire: Wire): ObjectSummary {
  const summary = camel<ObjectSummary>(wire);
  summary.updatedAt = summary.updatedAt ? new Date(summary.updatedAt) : null;
  return summary;
}

/** Reads a version of an object; its timestamp becomes a date. */
export function readObjectVersion(wire: Wire): ObjectVersion {
  const version = camel<ObjectVersion>(wire);
  version.createdAt = new Date(version.createdAt);
  version.etag ??= "";
  version.size ??= 0;
  return version;
}

/** Orders of a list. */
export const VaultOrder = { Asc: "asc", Desc: "desc" } as const;
/** Orders of a list. */
export type VaultOrder = (typeof VaultOrder)[keyof typeof VaultOrder];

/** Filters of `listObjects`. */
export interface ListObjectsOptions extends PaginationOptions {
  /** Items per page, at least 1. Default: the API's, 10. */
  limit?: number;
  /** Order of the list. Default `desc`. There is no `normal`. */
  order?: VaultOrder | OpenString;
  /** Part of the name, or a structured search in JSON. */
  search?: string;
  /** Only objects changed after this time; as text ISO 8601. */
  updatedAfter?: string | Date;
}

/** Options of `createObject`. */
export interface CreateObjectOptions {
  /** Unique name of the object. */
  name: string;
  /** The secret. */
  value: string;
  /** The context that selects the key which encrypts the value. */
  context: KeyContext;
}

/** Identifies an object by id. */
export interface ReadObjectOptions {
  /** Id of the object. */
  id: string;
}

/** Identifies an object by name. */
export interface ReadObjectByNameOptions {
  /** Name of the object. */
  name: string;
}

/** Options of `deleteObject`. */
export interface DeleteVaultObjectOptions extends ReadObjectOptions {
  /** Id of the version that the object must currently have; absent or `null` for any version. */
  versionCheck?: string | null;
}

/** Options of `updateObject`. */
export interface UpdateObjectOptions extends DeleteVaultObjectOptions {
  /** The new secret. */
  value: string;
}

/** Another name of {@linkcode DeleteVaultObjectOptions}. */
export type DeleteObjectOptions = DeleteVaultObjectOptions;

/** Calls on stored secrets and on data keys. */
export class Vault {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Creates a data key. The API does not store it: store its encrypted form. `POST /vault/v1/keys/data-key` */
  async createDataKey({ context }: CreateDataKeyOptions, request?: RequestOptions): Promise<DataKeyPair> {
    const call = { body: { context }, read: readDataKeyPair };
    return await this.#api.send("POST", "/vault/v1/keys/data-key", call, request);
  }

  /** Decrypts a data key. `POST /vault/v1/keys/decrypt` */
  async decryptDataKey({ keys }: DecryptDataKeyOptions, request?: RequestOptions): Promise<DataKey> {
    return await this.#api.send("POST", "/vault/v1/keys/decrypt", { body: { keys }, read: readDataKey }, request);
  }

  /** Re-encrypts a data key under another context; the data key itself stays the same. `POST /vault/v1/keys/rekey` */
  async createRekey(
    { context, encryptedKeys }: CreateRekeyOptions,
    request?: RequestOptions,
  ): Promise<CreateDataKeyResponse> {
    return await this.#api.send("POST", "/vault/v1/keys/rekey", { body: { context, encryptedKeys } }, request);
  }

  /**
   * Encrypts a text locally, with a new data key that the API creates for `context`. The result contains that key in
   * encrypted form, and is all that {@linkcode Vault.decrypt} needs. `associatedData` is not part of the result, and
   * decryption needs the same value, so that a text stored for one user cannot be decrypted as another's. Lone
   * surrogates become U+FFFD. Sends one request: `POST /vault/v1/keys/data-key`. Throws `VaultError` when the response
   * has no usable key.
   */
  async encrypt(
    data: string,
    context: KeyContext,
    associatedData?: string | null,
    request?: RequestOptions,
  ): Promise<string> {
    checkText(data, "data");
    const associated = associatedText(associatedData); // before a key is made
    const { dataKey, encryptedKeys } = await this.createDataKey({ context }, request);
    return await encryptText(data, { dataKey: dataKey.key, encryptedKeys, associatedData: associated });
  }

  /**
   * Decrypts a result of {@linkcode Vault.encrypt} to the exact text, including a byte order mark.
   * `POST /vault/v1/keys/decrypt`. Throws `VaultError`: `malformed`, without a request, for a text of another format or
   * one that is cut off, `undecryptable` for one that was changed or has other associated data, and `bad_key` for an
   * unusable response. The API rejects a text whose encrypted key was changed.
   */
  async decrypt(encryptedData: string, associatedData?: string | null, request?: RequestOptions): Promise<string> {
    const associated = associatedText(associatedData);
    const blob = readBlob(encryptedData);
    const { key } = await this.decryptDataKey({ keys: toBase64(blob.encryptedKeys) }, request);
    return await decryptBlob(blob, { dataKey: key, associatedData: associated });
  }

  /** Lists objects without values. Its `options` lack `updatedAfter`, which all pages use. `GET /vault/v1/kv` */
  async listObjects(
    { updatedAfter, ...query }: ListObjectsOptions = {},
    request?: RequestOptions,
  ): Promise<AutoPaginatable<ObjectSummary, PaginationOptions>> {
    const rawQuery = { updatedAfter }; // the API description spells this one parameter in camelCase
    return await this.#api.list("/vault/v1/kv", { query, rawQuery, read: readObjectSummary }, request);
  }

  /** Stores a secret. Throws `ConflictException` when the name is taken. `POST /vault/v1/kv` */
  async createObject({ name, value, context }: CreateObjectOptions, request?: RequestOptions): Promise<ObjectMetadata> {
    const call = { body: { name, value, keyContext: context }, read: readObjectMetadata };
    return await this.#api.send("POST", "/vault/v1/kv", call, request);
  }

  /** Reads a secret. `GET /vault/v1/kv/{id}` */
  async readObject({ id }: ReadObjectOptions, request?: RequestOptions): Promise<VaultObject> {
    return await this.#api.send("GET", path`/vault/v1/kv/${id}`, { read: readVaultObject }, request);
  }

  /** Reads a secret by its name. `GET /vault/v1/kv/name/{name}` */
  async readObjectByName(
    nameOrOptions: string | ReadObjectByNameOptions,
    request?: RequestOptions,
  ): Promise<VaultObject> {
    const name = typeof nameOrOptions === "string" ? nameOrOptions : nameOrOptions.name;
    return await this.#api.send("GET", path`/vault/v1/kv/name/${name}`, { read: readVaultObject }, request);
  }

  /** Fetches an object without its value. `GET /vault/v1/kv/{id}/metadata` */
  async describeObject({ id }: ReadObjectOptions, request?: RequestOptions): Promise<VaultObject> {
    return await this.#api.send("GET", path`/vault/v1/kv/${id}/metadata`, { read: readVaultObject }, request);
  }

  /** Replaces a secret. Throws `ConflictException` for a wrong `versionCheck`. `PUT /vault/v1/kv/{id}` */
  async updateObject({ id, value, versionCheck }: UpdateObjectOptions, request?: RequestOptions): Promise<VaultObject> {
    const call = { body: { value, versionCheck }, read: readVaultObject };
    return await this.#api.send("PUT", path`/vault/v1/kv/${id}`, call, request);
  }

  /** Deletes a secret. Throws `ConflictException` for a wrong `versionCheck`. `DELETE /vault/v1/kv/{id}` */
  async deleteObject({ id, versionCheck }: DeleteVaultObjectOptions, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/vault/v1/kv/${id}`, { query: { versionCheck } }, request);
  }

  /** Lists all versions of an object. `GET /vault/v1/kv/{id}/versions` */
  async listObjectVersions({ id }: ReadObjectOptions, request?: RequestOptions): Promise<ObjectVersion[]> {
    const read = ({ data }: Wire) => (data as Wire[]).map(readObjectVersion);
    return await this.#api.send("GET", path`/vault/v1/kv/${id}/versions`, { read }, request);
  }
}

/** Source of an actor. */
export type VaultActorSource = "api" | "dashboard" | OpenString;

/** Who did something, as vault events carry it. */
export interface VaultActor {
  /** Id of the actor. */
  actorId: string;
  /** Source of the actor. */
  actorSource: VaultActorSource;
  /** Name of the actor. */
  actorName: string;
}

/** Data of `vault.data.deleted`. */
export interface VaultDataDeletedEventData extends VaultActor {
  /** Name of the object. */
  kvName: string;
}
/** Data of `vault.data.read`. */
export interface VaultDataReadEventData extends VaultDataDeletedEventData, VaultDekDecryptedEventData {}
/** A secret was stored or replaced. */
export interface VaultDataMutatedEventData extends VaultDataReadEventData {
  /** The context that selects the encryption key. */
  keyContext: KeyContext;
}
/** Data of `vault.data.created`. */
export type VaultDataCreatedEventData = VaultDataMutatedEventData;
/** Data of `vault.data.updated`. */
export type VaultDataUpdatedEventData = VaultDataMutatedEventData;
/** Data of `vault.metadata.read`. */
export type VaultMetadataReadEventData = VaultDataDeletedEventData;
/** Data of `vault.names.listed`. */
export type VaultNamesListedEventData = VaultActor;

/** Data of `vault.dek.decrypted`. */
export interface VaultDekDecryptedEventData extends VaultActor {
  /** Id of the key. */
  keyId: string;
}
/** Data of `vault.kek.created`. */
export interface VaultKekCreatedEventData extends VaultDekDecryptedEventData {
  /** Name of the key that encrypts keys. */
  keyName: string;
}
/** Data of `vault.dek.read`. */
export interface VaultDekReadEventData extends VaultActor {
  /** Ids of the data keys. */
  keyIds: string[];
  /** The context that selects the encryption key. */
  keyContext: KeyContext;
}

/** The key management service of a customer's own key. */
export type VaultByokKeyProvider = "AWS_KMS" | "GCP_KMS" | "AZURE_KEY_VAULT" | OpenString;

/** Data of `vault.byok_key.verification_completed`. */
export interface VaultByokKeyVerificationCompletedEventData extends OfOrganization {
  /** Where the key is. */
  keyProvider: VaultByokKeyProvider;
  /** Whether the key can be used. */
  verified: boolean;
}
