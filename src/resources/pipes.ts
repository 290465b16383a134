// Pipes: your customers' accounts at other providers, and the tokens to call those with.

import type { AutoPaginatable } from "../page.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path, type RequestPath } from "../url.ts";
import { readConnectedAccount } from "./pipes/connected_accounts.ts";
// deno-fmt-ignore
import type {
  ConnectedAccount, CreateOrganizationConnectedAccountOptions, CreateUserConnectedAccountOptions,
  DeleteOrganizationConnectedAccountOptions, DeleteUserConnectedAccountOptions, GetOrganizationConnectedAccountOptions,
  GetUserConnectedAccountOptions, UpdateOrganizationConnectedAccountOptions, UpdateUserConnectedAccountOptions,
} from "./pipes/connected_accounts.ts";
import { readAccessToken } from "./pipes/credentials.ts";
// deno-fmt-ignore
import type {
  AuthorizeDataIntegrationOptions, CreateDataIntegrationApiKeyOptions, CreateDataIntegrationClientCredentialOptions,
  CreateDataIntegrationCredentialOptions, DataIntegrationAccessTokenResponse, DataIntegrationAuthorizeUrlResponse,
  DataIntegrationCredentialsResponse, GetAccessTokenOptions, UpdateDataIntegrationApiKeyOptions,
  UpdateDataIntegrationClientCredentialsOptions,
} from "./pipes/credentials.ts";
// deno-fmt-ignore
import type {
  DataIntegrationConfiguration, DataIntegrationConfigurationList, ListOrganizationDataIntegrationConfigurationsOptions,
  UpdateOrganizationDataIntegrationConfigurationOptions,
} from "./pipes/data_integration_configurations.ts";
import { readDataIntegration } from "./pipes/data_integrations.ts";
// deno-fmt-ignore
import type {
  CreateDataIntegrationOptions, DataIntegration, DeleteDataIntegrationOptions, DeleteOrganizationDataIntegrationOptions,
  GetDataIntegrationOptions, GetOrganizationDataIntegrationOptions, ListDataIntegrationsOptions,
  UpdateDataIntegrationOptions, UpdateOrganizationDataIntegrationOptions,
} from "./pipes/data_integrations.ts";
// deno-fmt-ignore
import {
  type DataIntegrationsListResponse, type ListOrganizationDataProvidersOptions, type ListUserDataProvidersOptions,
  readDataProviders,
} from "./pipes/data_providers.ts";

export type { PipesConnectedAccount, PipesConnectionFailed } from "./pipes/connected_accounts.ts";

/** Calls on pipes. Tokens and keys in responses give access to your customers' accounts: keep them on the server. */
export class Pipes {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Lists integrations with credentials of your own or of organizations, one per owner. `GET /data-integrations` */
  async listDataIntegrations(
    options: ListDataIntegrationsOptions = {},
    request?: RequestOptions,
  ): Promise<AutoPaginatable<DataIntegration, ListDataIntegrationsOptions>> {
    return await this.#api.list("/data-integrations", { query: options, read: readDataIntegration }, request);
  }

  /** Sets up a provider, built-in or custom. `POST /data-integrations` */
  async createDataIntegration(
    options: CreateDataIntegrationOptions,
    request?: RequestOptions,
  ): Promise<DataIntegration> {
    return await this.#api.send("POST", "/data-integrations", { body: options, read: readDataIntegration }, request);
  }

  /** Fetches the integration that users connect to. `GET /data-integrations/{slug}` */
  async getDataIntegration({ slug }: GetDataIntegrationOptions, request?: RequestOptions): Promise<DataIntegration> {
    return await this.#api.send("GET", path`/data-integrations/${slug}`, { read: readDataIntegration }, request);
  }

  /** Changes the integration that users connect to. `PUT /data-integrations/{slug}` */
  async updateDataIntegration(
    { slug, ...body }: UpdateDataIntegrationOptions,
    request?: RequestOptions,
  ): Promise<DataIntegration> {
    return await this.#api.send("PUT", path`/data-integrations/${slug}`, { body, read: readDataIntegration }, request);
  }

  /**
   * Deletes the integration that users connect to, with all its connections, and a custom provider that no integration
   * uses any more. `DELETE /data-integrations/{slug}`
   */
  async deleteDataIntegration({ slug }: DeleteDataIntegrationOptions, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/data-integrations/${slug}`, {}, request);
  }

  /** Fetches the integration that organizations connect to. `GET /data-integrations/{slug}/organization` */
  async getOrganizationDataIntegration(
    { slug }: GetOrganizationDataIntegrationOptions,
    request?: RequestOptions,
  ): Promise<DataIntegration> {
    const target = path`/data-integrations/${slug}/organization`;
    return await this.#api.send("GET", target, { read: readDataIntegration }, request);
  }

  /** Changes the integration that organizations connect to. `PUT /data-integrations/{slug}/organization` */
  async updateOrganizationDataIntegration(
    { slug, ...body }: UpdateOrganizationDataIntegrationOptions,
    request?: RequestOptions,
  ): Promise<DataIntegration> {
    const target = path`/data-integrations/${slug}/organization`;
    return await this.#api.send("PUT", target, { body, read: readDataIntegration }, request);
  }

  /** Deletes an organization integration and its connections. `DELETE /data-integrations/{slug}/organization` */
  async deleteOrganizationDataIntegration(
    { slug }: DeleteOrganizationDataIntegrationOptions,
    request?: RequestOptions,
  ): Promise<void> {
    await this.#api.send("DELETE", path`/data-integrations/${slug}/organization`, {}, request);
  }

  /** Lists an organization's configurations of providers. `GET /organizations/{id}/data_integration_configurations` */
  async listOrganizationDataIntegrationConfigurations(
    { organizationId }: ListOrganizationDataIntegrationConfigurationsOptions,
    request?: RequestOptions,
  ): Promise<DataIntegrationConfigurationList> {
    const target = path`/organizations/${organizationId}/data_integration_configurations`;
    return await this.#api.send("GET", target, {}, request);
  }

  /**
   * Configures a provider for an organization: whether it can be used, with which scopes and which OAuth application.
   * Settings left out stay unchanged. `PUT /organizations/{organizationId}/data_integration_configurations/{slug}`
   */
  async updateOrganizationDataIntegrationConfiguration(
    { organizationId, slug, ...body }: UpdateOrganizationDataIntegrationConfigurationOptions,
    request?: RequestOptions,
  ): Promise<DataIntegrationConfiguration> {
    const target = path`/organizations/${organizationId}/data_integration_configurations/${slug}`;
    return await this.#api.send("PUT", target, { body }, request);
  }

  /** Stores an API key as an additional connection. `POST /data-integrations/{slug}/api-key` */
  async createDataIntegrationApiKey(
    { slug, ...connection }: CreateDataIntegrationApiKeyOptions,
    request?: RequestOptions,
  ): Promise<ConnectedAccount> {
    const call = { body: { ...connection, connectionIntent: "add" }, read: readConnectedAccount };
    return await this.#api.send("POST", path`/data-integrations/${slug}/api-key`, call, request);
  }

  /** Stores an API key as a connection, or replaces the stored one. `PUT /data-integrations/{slug}/api-key` */
  async updateDataIntegrationApiKey(
    { slug, ...body }: UpdateDataIntegrationApiKeyOptions,
    request?: RequestOptions,
  ): Promise<ConnectedAccount> {
    const target = path`/data-integrations/${slug}/api-key`;
    return await this.#api.send("PUT", target, { body, read: readConnectedAccount }, request);
  }

  /** Stores client credentials as an additional connection. `POST /data-integrations/{slug}/client-credentials` */
  async createDataIntegrationClientCredential(
    { slug, ...connection }: CreateDataIntegrationClientCredentialOptions,
    request?: RequestOptions,
  ): Promise<ConnectedAccount> {
    const call = { body: { ...connection, connectionIntent: "add" }, read: readConnectedAccount };
    return await this.#api.send("POST", path`/data-integrations/${slug}/client-credentials`, call, request);
  }

  /** Stores or replaces the client credentials of a connection. `PUT /data-integrations/{slug}/client-credentials` */
  async updateDataIntegrationClientCredentials(
    { slug, ...body }: UpdateDataIntegrationClientCredentialsOptions,
    request?: RequestOptions,
  ): Promise<ConnectedAccount> {
    const target = path`/data-integrations/${slug}/client-credentials`;
    return await this.#api.send("PUT", target, { body, read: readConnectedAccount }, request);
  }

  /** Gets the URL where a user connects an account. `POST /data-integrations/{slug}/authorize` */
  async authorizeDataIntegration(
    { slug, ...body }: AuthorizeDataIntegrationOptions,
    request?: RequestOptions,
  ): Promise<DataIntegrationAuthorizeUrlResponse> {
    return await this.#api.send("POST", path`/data-integrations/${slug}/authorize`, { body }, request);
  }

  /**
   * Fetches the credential of a connection for calls to its provider: an access token or an API key. Without a working
   * connection the result has `active: false`, and nothing is thrown. `POST /data-integrations/{slug}/credentials`
   */
  async createDataIntegrationCredential(
    { slug, ...body }: CreateDataIntegrationCredentialOptions,
    request?: RequestOptions,
  ): Promise<DataIntegrationCredentialsResponse> {
    return await this.#api.send("POST", path`/data-integrations/${slug}/credentials`, { body }, request);
  }

  /** Fetches an access token, refreshed when needed, or `active: false`. `POST /data-integrations/{provider}/token` */
  async getAccessToken(
    { provider, ...body }: GetAccessTokenOptions,
    request?: RequestOptions,
  ): Promise<DataIntegrationAccessTokenResponse> {
    const target = path`/data-integrations/${provider}/token`;
    return await this.#api.send("POST", target, { body, read: readAccessToken }, request);
  }

  /** Fetches a user's connection to a provider. `GET /user_management/users/{userId}/connected_accounts/{slug}` */
  async getUserConnectedAccount(
    { userId, slug, ...query }: GetUserConnectedAccountOptions,
    request?: RequestOptions,
  ): Promise<ConnectedAccount> {
    return await this.#api.send("GET", userAccount(userId, slug), { query, read: readConnectedAccount }, request);
  }

  /** Imports a user's connection from its tokens. `POST /user_management/users/{userId}/connected_accounts/{slug}` */
  async createUserConnectedAccount(
    { userId, slug, organizationId, ...body }: CreateUserConnectedAccountOptions,
    request?: RequestOptions,
  ): Promise<ConnectedAccount> {
    const call = { query: { organizationId }, body, read: readConnectedAccount };
    return await this.#api.send("POST", userAccount(userId, slug), call, request);
  }

  /** Changes a user's connection. `PUT /user_management/users/{userId}/connected_accounts/{slug}` */
  async updateUserConnectedAccount(
    { userId, slug, organizationId, ...rest }: UpdateUserConnectedAccountOptions,
    request?: RequestOptions,
  ): Promise<ConnectedAccount> {
    const { supportsMultipleConnections, connectedAccountId, connectionIntent, ...body } = rest;
    const query = { organizationId, supportsMultipleConnections, connectedAccountId, connectionIntent };
    const call = { query, body, read: readConnectedAccount };
    return await this.#api.send("PUT", userAccount(userId, slug), call, request);
  }

  /**
   * Disconnects a user's account and deletes its tokens; the provider is not notified, unless it is WorkOS itself.
   * `DELETE /user_management/users/{userId}/connected_accounts/{slug}`
   */
  async deleteUserConnectedAccount(
    { userId, slug, ...query }: DeleteUserConnectedAccountOptions,
    request?: RequestOptions,
  ): Promise<void> {
    await this.#api.send("DELETE", userAccount(userId, slug), { query }, request);
  }

  /** Lists all providers, with a user's connections. `GET /user_management/users/{userId}/data_providers` */
  async listUserDataProviders(
    { userId, ...query }: ListUserDataProvidersOptions,
    request?: RequestOptions,
  ): Promise<DataIntegrationsListResponse> {
    const target = path`/user_management/users/${userId}/data_providers`;
    return await this.#api.send("GET", target, { query, read: readDataProviders }, request);
  }

  /** Fetches an organization's connection to a provider. `GET /organizations/{id}/connected_accounts/{slug}` */
  async getOrganizationConnectedAccount(
    { organizationId, slug, ...query }: GetOrganizationConnectedAccountOptions,
    request?: RequestOptions,
  ): Promise<ConnectedAccount> {
    const call = { query, read: readConnectedAccount };
    return await this.#api.send("GET", organizationAccount(organizationId, slug), call, request);
  }

  /** Imports an organization's connection from its tokens. `POST /organizations/{id}/connected_accounts/{slug}` */
  async createOrganizationConnectedAccount(
    { organizationId, slug, ...body }: CreateOrganizationConnectedAccountOptions,
    request?: RequestOptions,
  ): Promise<ConnectedAccount> {
    const call = { body, read: readConnectedAccount };
    return await this.#api.send("POST", organizationAccount(organizationId, slug), call, request);
  }

  /** Changes an organization's connection. `PUT /organizations/{organizationId}/connected_accounts/{slug}` */
  async updateOrganizationConnectedAccount(
    { organizationId, slug, ...rest }: UpdateOrganizationConnectedAccountOptions,
    request?: RequestOptions,
  ): Promise<ConnectedAccount> {
    const { supportsMultipleConnections, connectedAccountId, connectionIntent, ...body } = rest;
    const query = { supportsMultipleConnections, connectedAccountId, connectionIntent };
    const call = { query, body, read: readConnectedAccount };
    return await this.#api.send("PUT", organizationAccount(organizationId, slug), call, request);
  }

  /**
   * Disconnects an organization's account and deletes its tokens; the provider is not notified.
   * `DELETE /organizations/{organizationId}/connected_accounts/{slug}`
   */
  async deleteOrganizationConnectedAccount(
    { organizationId, slug, ...query }: DeleteOrganizationConnectedAccountOptions,
    request?: RequestOptions,
  ): Promise<void> {
    await this.#api.send("DELETE", organizationAccount(organizationId, slug), { query }, request);
  }

  /** Lists all providers, with an organization's connections. `GET /organizations/{organizationId}/data_providers` */
  async listOrganizationDataProviders(
    { organizationId, ...query }: ListOrganizationDataProvidersOptions,
    request?: RequestOptions,
  ): Promise<DataIntegrationsListResponse> {
    const target = path`/organizations/${organizationId}/data_providers`;
    return await this.#api.send("GET", target, { query, read: readDataProviders }, request);
  }
}

function userAccount(userId: string, slug: string): RequestPath {
  return path`/user_management/users/${userId}/connected_accounts/${slug}`;
}

function organizationAccount(organizationId: string, slug: string): RequestPath {
  return path`/organizations/${organizationId}/connected_accounts/${slug}`;
}
