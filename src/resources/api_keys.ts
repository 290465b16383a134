// API keys that your customers use against your own API.

import { absentAsNull, type Entity, type OfOrganization } from "../entity.ts";
import type { AutoPaginatable, PaginationOptions } from "../page.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import { camel, type Wire } from "../wire.ts";

/** The owner of an API key. */
export type ApiKeyOwner = ApiKeyOrganizationOwner | ApiKeyUserOwner;

/** An organization that owns an API key. */
export interface ApiKeyOrganizationOwner {
  /** Always `organization`. */
  type: "organization";
  /** Id of the organization. */
  id: string;
}

/** A user who owns an API key. */
export interface ApiKeyUserOwner {
  /** Always `user`. */
  type: "user";
  /** Id of the user. */
  id: string;
  /** Id of the only organization to which the key gives access. */
  organizationId: string;
}

/** An API key, without its value. */
export interface ApiKey extends Entity<"api_key"> {
  /** The organization or user it belongs to. */
  owner: ApiKeyOwner;
  /** Name for people. */
  name: string;
  /** The value with its middle left out, such as `sk_...3456`. */
  obfuscatedValue: string;
  /** When it was last used (ISO 8601); `null` if never. */
  lastUsedAt: string | null;
  /** When it expires (ISO 8601); `null` if never, absent where the API does not send it. */
  expiresAt?: string | null;
  /** Slugs of the permissions it grants. */
  permissions: string[];
}

/** A newly created API key, with its value. */
export interface CreatedApiKey extends ApiKey {
  /** The organization it belongs to. */
  owner: ApiKeyOrganizationOwner;
  /** The secret value. It cannot be fetched again. */
  value: string;
}

/** Options of {@linkcode ApiKeys.createOrganizationApiKey}. */
export interface CreateOrganizationApiKeyOptions extends OfOrganization {
  /** Name for people. */
  name: string;
  /** Slugs of the permissions to grant. Default: none. */
  permissions?: string[];
  /** When the key expires: a date or ISO 8601 text, in the future. Default: never. */
  expiresAt?: Date | string;
}

/** Request options of {@linkcode ApiKeys.createOrganizationApiKey}. */
export type CreateOrganizationApiKeyRequestOptions = RequestOptions;

/** Options of {@linkcode ApiKeys.listOrganizationApiKeys}. */
export interface ListOrganizationApiKeysOptions extends OfOrganization, PaginationOptions {}

/** Options of {@linkcode ApiKeys.expireApiKey}. */
export interface ExpireApiKeyOptions {
  /** When the key expires: a date or ISO 8601 text. Absent or past: at once. `null` cancels a planned expiry. */
  expiresAt?: Date | string | null;
}

/** Options of {@linkcode ApiKeys.createValidation}. */
export interface ValidateApiKeyOptions {
  /** The secret value to look up. */
  value: string;
}

/** Result of {@linkcode ApiKeys.createValidation}. */
export interface ValidateApiKeyResponse {
  /** The key with this value, or `null` when the value is not a valid key. */
  apiKey: ApiKey | null;
  /** Id of the agent registration the key was issued for; absent for other keys. */
  agentRegistrationId?: string;
}

/** Reads the result of a validation; the API leaves out `api_key` when the value is not a key. */
export function readApiKeyValidation(wire: Wire): ValidateApiKeyResponse {
  return absentAsNull(camel<ValidateApiKeyResponse>(wire), "apiKey");
}

/** Calls on the API keys of your customers. */
export class ApiKeys {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Finds the key with a secret value; `apiKey` is `null` when there is none. `POST /api_keys/validations` */
  async createValidation({ value }: ValidateApiKeyOptions, request?: RequestOptions): Promise<ValidateApiKeyResponse> {
    const call = { body: { value }, read: readApiKeyValidation };
    return await this.#api.send("POST", "/api_keys/validations", call, request);
  }

  /** Deletes a key for good; requests that use it then fail. `DELETE /api_keys/{id}` */
  async deleteApiKey(id: string, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/api_keys/${id}`, {}, request);
  }

  /**
   * Expires a key at once, or at `options.expiresAt`; `null` cancels a planned expiry. Throws
   * {@linkcode ConflictException} when the key has already expired, and a `TypeError` for a `Date` instead of options
   * or an `expiresAt` that is `undefined`, which would otherwise expire the key at once. `POST /api_keys/{id}/expire`
   */
  async expireApiKey(id: string, options: ExpireApiKeyOptions = {}, request?: RequestOptions): Promise<ApiKey> {
    const { expiresAt } = options;
    if (options instanceof Date) throw new TypeError("Cannot expire API key: pass the time as { expiresAt }");
    if (expiresAt === undefined && "expiresAt" in options) {
      throw new TypeError("Cannot expire API key: expiresAt is undefined");
    }
    return await this.#api.send("POST", path`/api_keys/${id}/expire`, { body: { expiresAt } }, request);
  }

  /** Lists the keys of an organization. `GET /organizations/{organizationId}/api_keys` */
  async listOrganizationApiKeys(
    { organizationId, ...query }: ListOrganizationApiKeysOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<ApiKey>> {
    return await this.#api.list(path`/organizations/${organizationId}/api_keys`, { query }, request);
  }

  /** Creates a key; only this result has its `value`. `POST /organizations/{organizationId}/api_keys` */
  async createOrganizationApiKey(
    { organizationId, ...body }: CreateOrganizationApiKeyOptions,
    requestOptions?: CreateOrganizationApiKeyRequestOptions,
  ): Promise<CreatedApiKey> {
    return await this.#api.send("POST", path`/organizations/${organizationId}/api_keys`, { body }, requestOptions);
  }
}
