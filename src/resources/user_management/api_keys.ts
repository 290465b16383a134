// API keys that act for a user in one organization.

import type { PaginationOptions } from "../../page.ts";
import type { RequestOptions } from "../../api.ts";
import type { ApiKey, ApiKeyUserOwner, CreateOrganizationApiKeyOptions } from "../api_keys.ts";

/** The user an API key acts for. */
export type UserApiKeyOwner = ApiKeyUserOwner;

/** An API key of a user. */
export interface UserApiKey extends ApiKey {
  /** The user it acts for. */
  owner: UserApiKeyOwner;
  /** Time it expires (ISO 8601), or `null` when it does not. */
  expiresAt: string | null;
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

/** An API key to make, for an organization the user is an active member of. */
export type CreateUserApiKeyOptions = CreateOrganizationApiKeyOptions;

/** Options of the request that makes an API key. */
export type CreateUserApiKeyRequestOptions = RequestOptions;
