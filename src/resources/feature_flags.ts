// Feature flags: switches that are turned on for everyone, or for chosen users and organizations.

import type { Described, Entity, OfOrganization, OfUser } from "../entity.ts";
import { FeatureFlagsRuntimeClient, type RuntimeClientOptions } from "../feature_flags_client.ts";
import type { AutoPaginatable, PaginationOptions } from "../page.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";

/** The person responsible for a feature flag. */
export interface FeatureFlagOwner {
  /** Email address. */
  email: string;
  /** First name, or `null` when unknown. */
  firstName: string | null;
  /** Last name, or `null` when unknown. */
  lastName: string | null;
}

/** A feature flag. */
export interface FeatureFlag extends Entity<"feature_flag">, Described {
  /** Unique key of the flag, used in code and in the `feature_flags` claim of access tokens. */
  slug: string;
  /** Labels of the flag. */
  tags: string[];
  /** Whether the flag is enabled in this environment; if not, it is off for everyone. */
  enabled: boolean;
  /** Value for users and organizations that no target matches. */
  defaultValue: boolean;
  /** The person responsible for the flag, or `null`. */
  owner?: FeatureFlagOwner | null;
  /** The environment of the flag; only in events. */
  environmentId?: string;
}

/** Options of {@linkcode FeatureFlags.listFeatureFlags}. */
export type ListFeatureFlagsOptions = PaginationOptions;

/** Options of {@linkcode FeatureFlags.listOrganizationFeatureFlags}. */
export interface ListOrganizationFeatureFlagsOptions extends OfOrganization, PaginationOptions {}

/** Options of {@linkcode FeatureFlags.listUserFeatureFlags}. */
export interface ListUserFeatureFlagsOptions extends OfUser, PaginationOptions {}

/** Options of {@linkcode FeatureFlags.addFlagTarget}. */
export interface AddFlagTargetOptions {
  /** Slug of the flag. */
  slug: string;
  /** Id of the user (`user_...`) or organization (`org_...`) to add as a target or remove. */
  targetId: string;
}

/** Options of {@linkcode FeatureFlags.removeFlagTarget}. */
export type RemoveFlagTargetOptions = AddFlagTargetOptions;

/** Calls on feature flags. */
export class FeatureFlags {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Lists the flags of the environment: `GET /feature-flags`. */
  async listFeatureFlags(
    options?: ListFeatureFlagsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<FeatureFlag>> {
    return await this.#api.list("/feature-flags", { query: options }, request);
  }

  /** Fetches one flag: `GET /feature-flags/{slug}`. */
  async getFeatureFlag(slug: string, request?: RequestOptions): Promise<FeatureFlag> {
    return await this.#api.send("GET", path`/feature-flags/${slug}`, {}, request);
  }

  /** Turns a flag on in this environment: `PUT /feature-flags/{slug}/enable`. */
  async enableFeatureFlag(slug: string, request?: RequestOptions): Promise<FeatureFlag> {
    return await this.#api.send("PUT", path`/feature-flags/${slug}/enable`, {}, request);
  }

  /** Turns a flag off in this environment: `PUT /feature-flags/{slug}/disable`. */
  async disableFeatureFlag(slug: string, request?: RequestOptions): Promise<FeatureFlag> {
    return await this.#api.send("PUT", path`/feature-flags/${slug}/disable`, {}, request);
  }

  /** Turns a flag on for one user or organization: `POST /feature-flags/{slug}/targets/{targetId}`. */
  async addFlagTarget({ slug, targetId }: AddFlagTargetOptions, request?: RequestOptions): Promise<void> {
    await this.#api.send("POST", path`/feature-flags/${slug}/targets/${targetId}`, { noContent: true }, request);
  }

  /** Removes a user or organization from a flag's targets: `DELETE /feature-flags/{slug}/targets/{targetId}`. */
  async removeFlagTarget({ slug, targetId }: RemoveFlagTargetOptions, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/feature-flags/${slug}/targets/${targetId}`, {}, request);
  }

  /** Lists the flags that are on for an organization: `GET /organizations/{organizationId}/feature-flags`. */
  async listOrganizationFeatureFlags(
    { organizationId, ...query }: ListOrganizationFeatureFlagsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<FeatureFlag>> {
    return await this.#api.list(path`/organizations/${organizationId}/feature-flags`, { query }, request);
  }

  /** Lists flags that are on for a user or their organizations: `GET /user_management/users/{id}/feature-flags`. */
  async listUserFeatureFlags(
    { userId, ...query }: ListUserFeatureFlagsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<FeatureFlag>> {
    return await this.#api.list(path`/user_management/users/${userId}/feature-flags`, { query }, request);
  }

  /**
   * Makes a client that holds all flags in memory and evaluates them without a request. It fetches them in the
   * background until its `close()`, or on demand: see {@linkcode RuntimeClientOptions.mode}. `GET /sdk/feature-flags`
   */
  createRuntimeClient(options?: RuntimeClientOptions): FeatureFlagsRuntimeClient {
    const read = (data: unknown) => ({ data });
    return new FeatureFlagsRuntimeClient({
      get: async (path, request) => await this.#api.send("GET", path, { raw: true, read }, request),
      options: this.#api.config,
    }, options);
  }
}
