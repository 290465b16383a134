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
  /** When it expires (ISO 8601); `null` if never. */
  expiresAt: string | null;
}

/** A newly created API key. */
export interface UserApiKeyWithValue extends UserApiKey {
  /** The secret key. It cannot be fetched again. */
  value: string;
}

/** Which API keys to list. */
export interface ListUserApiKeysOptions extends PaginationOptions {
  /** Only keys for this organization. */
  organizationId?: string;
}

/** An API key to create, for an organization of which the user is an active member. */
export type CreateUserApiKeyOptions = CreateOrganizationApiKeyOptions;

/** Request options of `createUserApiKey`. */
export type CreateUserApiKeyRequestOptions = RequestOptions;
