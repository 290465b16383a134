/**
 * Data integrations: the providers of an environment, and how their accounts connect.
 *
 * @module
 */

import type { Entity } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import { camel, type Wire } from "../../wire.ts";
import { absentAsNull } from "./absent_as_null.ts";
import type {
  CreateDataIntegrationAuthMethods,
  CreateDataIntegrationOwnership,
  CustomProviderDefinitionAuthenticateVia,
  DataIntegrationAuthMethods,
  DataIntegrationCredentialsInputType,
  DataIntegrationCredentialType,
  DataIntegrationCustomProviderAuthenticateVia,
  DataIntegrationInstallationConnectionRole,
  DataIntegrationOwnership,
  DataIntegrationState,
  PipesOwnership,
  UpdateCustomProviderDefinitionAuthenticateVia,
} from "./values.ts";

/** A provider set up for an environment. */
export interface DataIntegration extends Entity<"data_integration", Date> {
  /** Slug of the provider, such as `github`. */
  slug: string;
  /** Type of the integration, which follows from the provider. */
  integrationType: string;
  /** Who connects: users or organizations. Fixed when the integration is made. */
  ownership?: DataIntegrationOwnership;
  /** Description, or `null`. */
  description: string | null;
  /** Whether accounts can be connected. */
  enabled: boolean;
  /** Whether the configuration is complete. */
  state: DataIntegrationState;
  /** OAuth scopes that are asked for; `null` for the provider's own. */
  scopes: string[] | null;
  /** The redirect URI to register at the provider; empty where there is no redirect. */
  redirectUri: string;
  /** How accounts authenticate. */
  authMethods?: DataIntegrationAuthMethods[];
  /** OAuth application of the integration; `null` where each connection has credentials of its own. */
  credentials: DataIntegrationCredential | null;
  /** The installation made together with the integration; `null` otherwise, and always when read again. */
  installation?: DataIntegrationInstallation | null;
  /** Values of the provider's configuration fields. */
  config?: Record<string, string>;
  /** The OAuth definition of a custom provider; `null` for a built-in one. */
  customProvider: DataIntegrationCustomProvider | null;
}

/** The OAuth application of a data integration. */
export interface DataIntegrationCredential {
  /** Whose application it is. */
  type: DataIntegrationCredentialType;
  /** OAuth client id; `null` where organizations bring their own. */
  clientId: string | null;
  /** Last four characters of the client secret; `null` where organizations bring their own. */
  redactedClientSecret: string | null;
}

/** The API key connection made together with a data integration. */
export interface DataIntegrationInstallation {
  /** Id of the installation. */
  id: string;
  /** Its role among the owner's connections. */
  connectionRole: DataIntegrationInstallationConnectionRole;
  /** The provider's id for the account, as far as known. */
  accountIdentifier: string | null;
  /** Name of the account at the provider; can change. */
  accountDisplayName: string | null;
  /** The user that the key belongs to; `null` when an organization owns it. */
  userId: string | null;
  /** The organization that the key is scoped to, or `null`. */
  organizationId: string | null;
  /** Last four characters of the API key. */
  apiKeyLast4: string | null;
}

/** The OAuth definition of a custom provider. */
export interface DataIntegrationCustomProvider {
  /** Name of the provider. */
  name: string;
  /** OAuth authorization endpoint, or `null`. */
  authorizationUrl: string | null;
  /** OAuth token endpoint, or `null`. */
  tokenUrl: string | null;
  /** Where tokens are refreshed, when that is not the token endpoint. */
  refreshTokenUrl: string | null;
  /** Whether the authorization code flow uses PKCE. */
  pkceEnabled: boolean;
  /** What stands between scopes. */
  requestScopeSeparator: string;
  /** Whether connecting needs at least one scope. */
  scopesRequired: boolean;
  /** Whether the provider wants a client secret. */
  clientSecretRequired: boolean;
  /** Query parameters added to every authorization request. */
  additionalAuthorizationParameters: Record<string, string>;
  /** `Content-Type` of token requests. */
  tokenBodyContentType: string;
  /** How client credentials reach the token endpoint. */
  authenticateVia: DataIntegrationCustomProviderAuthenticateVia;
}

/** Reads a data integration: times become dates, and what the API leaves out becomes `null`. */
export function readDataIntegration(wire: Wire): DataIntegration {
  const integration = camel<DataIntegration>(wire);
  absentAsNull(integration, "description", "scopes", "credentials", "installation", "customProvider");
  absentAsNull(integration.credentials, "clientId", "redactedClientSecret");
  absentAsNull(integration.installation, "accountIdentifier", "accountDisplayName", "userId");
  absentAsNull(integration.installation, "organizationId", "apiKeyLast4");
  absentAsNull(integration.customProvider, "authorizationUrl", "tokenUrl", "refreshTokenUrl");
  integration.createdAt = new Date(integration.createdAt);
  integration.updatedAt = new Date(integration.updatedAt);
  return integration;
}

/** Filters of `listDataIntegrations`. */
export interface ListDataIntegrationsOptions extends PaginationOptions {
  /** Only integrations of this owner. Default: both. */
  ownership?: PipesOwnership;
}

/** The OAuth application to set. */
export interface DataIntegrationCredentialsInput {
  /** Whose application it is. */
  type: DataIntegrationCredentialsInputType;
  /** OAuth client id; needed for `custom`, otherwise left out. */
  clientId?: string;
  /** OAuth client secret; needed for `custom`, otherwise left out. */
  clientSecret?: string;
}

/** Another name of {@linkcode DataIntegrationCredentialsInput}. */
export type DataIntegrationCredentialsDto = DataIntegrationCredentialsInput;

/** An API key to install. */
export interface ApiKeyInstallation {
  /** The API key. */
  secret: string;
  /** The user that it is for. */
  userId: string;
  /** The organization that it is scoped to, if any. */
  organizationId?: string;
}

/** What can be set of a custom provider. URLs are static: they have no `${config.…}` parts. */
export interface UpdateCustomProviderDefinition {
  /** Name of the provider. */
  name?: string;
  /** OAuth authorization endpoint. */
  authorizationUrl?: string;
  /** OAuth token endpoint. */
  tokenUrl?: string;
  /** Where tokens are refreshed, when that is not the token endpoint. */
  refreshTokenUrl?: string | null;
  /** Whether the authorization code flow uses PKCE. Default for a new provider: `true`. */
  pkceEnabled?: boolean;
  /** What stands between scopes. Default for a new provider: a space. */
  requestScopeSeparator?: string;
  /** Whether connecting needs at least one scope. Default for a new provider: `false`. */
  scopesRequired?: boolean;
  /** Whether the provider wants a client secret. Default for a new provider: `true`. */
  clientSecretRequired?: boolean;
  /** Query parameters added to every authorization request; names are sent as they are. */
  additionalAuthorizationParameters?: Record<string, string>;
  /** `Content-Type` of token requests. */
  tokenBodyContentType?: string;
  /** How client credentials reach the token endpoint. */
  authenticateVia?: UpdateCustomProviderDefinitionAuthenticateVia;
}

/** A custom provider; OAuth needs both endpoints, client credentials the token endpoint, API keys none. */
export interface CustomProviderDefinition extends UpdateCustomProviderDefinition {
  /** Name of the provider. */
  name: string;
  /** How client credentials reach the token endpoint. */
  authenticateVia?: CustomProviderDefinitionAuthenticateVia;
}

/** A new data integration. */
export interface CreateDataIntegration {
  /** Slug of a built-in provider, of an existing custom one, or a new slug together with `customProvider`. */
  provider: string;
  /** Who connects. Default `user`; cannot be changed later. A provider may have one integration of each. */
  ownership?: CreateDataIntegrationOwnership;
  /** Description. */
  description?: string | null;
  /** Whether accounts can be connected. Default `false`. */
  enabled?: boolean;
  /** OAuth scopes to ask for. Default: the provider's. */
  scopes?: string[] | null;
  /** How accounts authenticate. Default `["oauth"]`; the other methods need no `credentials` here. */
  authMethods?: CreateDataIntegrationAuthMethods[];
  /** Values of the fields that a built-in provider declares; names are sent as they are. */
  config?: Record<string, string>;
  /** The OAuth application; needed for OAuth. */
  credentials?: DataIntegrationCredentialsInput;
  /** A first API key for an `api_key` integration. */
  apiKey?: ApiKeyInstallation;
  /** Defines a new custom provider. */
  customProvider?: CustomProviderDefinition;
}

/** Options of `createDataIntegration`. */
export type CreateDataIntegrationOptions = CreateDataIntegration;

/** What can be changed of a data integration; what is left out stays as it is. */
export interface UpdateDataIntegration {
  /** Description; `null` removes it. */
  description?: string | null;
  /** Whether accounts can be connected. */
  enabled?: boolean;
  /** OAuth scopes to ask for; `null` for the provider's. */
  scopes?: string[] | null;
  /** A new OAuth application; replaces the stored secret. Not together with `apiKey`. */
  credentials?: DataIntegrationCredentialsInput;
  /** An API key to install, or to replace the one of the same user and organization. */
  apiKey?: ApiKeyInstallation;
  /** Changes to a custom provider. */
  customProvider?: UpdateCustomProviderDefinition;
}

/** Addresses a data integration. */
export interface GetDataIntegrationOptions {
  /** Slug of the integration. */
  slug: string;
}

/** Options of `updateDataIntegration`. */
export interface UpdateDataIntegrationOptions extends UpdateDataIntegration {
  /** Slug of the integration. */
  slug: string;
}

/** Options of `deleteDataIntegration`. */
export type DeleteDataIntegrationOptions = GetDataIntegrationOptions;
/** Options of `getOrganizationDataIntegration`. */
export type GetOrganizationDataIntegrationOptions = GetDataIntegrationOptions;
/** Options of `updateOrganizationDataIntegration`. */
export type UpdateOrganizationDataIntegrationOptions = UpdateDataIntegrationOptions;
/** Options of `deleteOrganizationDataIntegration`. */
export type DeleteOrganizationDataIntegrationOptions = GetDataIntegrationOptions;
