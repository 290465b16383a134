// API keys that act for a user in one organization.

import type { Entity } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import type { RequestOptions } from "../../transport.ts";

/** The user an API key acts for. */
export interface UserApiKeyOwner {
  /** Always `user`. */
  type: "user";
  /** Id of the user. */
  id: string;
  /** Id of the one organization the key can reach. */
  organizationId: string;
}

/** An API key of a user. */
export interface UserApiKey extends Entity<"api_key"> {
  /** The user it acts for. */
  owner: UserApiKeyOwner;
  /** Name for people. */
  name: string;
  /** The key with its middle hidden. */
  obfuscatedValue: string;
  /** Time of the last use (ISO 8601), `null` before the first. */
  lastUsedAt: string | null;
  /** When it expires (ISO 8601), `null` for never. */
  expiresAt: string | null;
  /** Slugs of its permissions. */
  permissions: string[];
}

/** An API key that was just made. */
export interface UserApiKeyWithValue extends UserApiKey {
  /** The key. It is shown this once. */
  value: string;
}

/** Which API keys to list. */
export interface ListUserApiKeysOptions extends PaginationOptions {
  /** Only keys for this organization. */
  organizationId?: string;
}

/** An API key to make. */
export interface CreateUserApiKeyOptions {
  /** Name for people. */
  name: string;
  /** Id of the organization the key can reach; the user must be an active member. */
  organizationId: string;
  /** Slugs of its permissions. */
  permissions?: string[];
  /** When it expires. Default: never. */
  expiresAt?: Date | string;
}

/** Options of the request that makes an API key. */
export type CreateUserApiKeyRequestOptions = RequestOptions;
