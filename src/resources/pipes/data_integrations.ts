// Data integrations: the providers of an environment, and how their accounts connect.

import { absentAsNull, type Entity, readDated } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import type { Wire } from "../../wire.ts";
// deno-fmt-ignore
import type {
  ConnectedAccountAuthMethod, ConnectedAccountConnectionRole, DataIntegrationCredentialType,
  DataIntegrationCustomProviderAuthenticateVia, DataIntegrationState, PipesOwnership,
} from "./values.ts";

/** Identifies an integration by its provider. */
export interface IntegrationSlug {
  /** Slug of the provider, such as `github`. */
  slug: string;
}

/** A provider set up for an environment. */
export interface DataIntegration extends Entity<"data_integration", Date>, IntegrationSlug {
  /** Type of the integration, determined by the provider. */
  integrationType: string;
  /** Who connects: users or organizations. Fixed when the integration is created. */
  ownership?: PipesOwnership;
  /** Description, or `null`. */
  description: string | null;
  /** Whether accounts can be connected. */
  enabled: boolean;
  /** Whether the configuration is complete. */
  state: DataIntegrationState;
  /** OAuth scopes to request; `null` for the provider's own. */
  scopes: string[] | null;
  /** The redirect URI to register at the provider; empty where there is no redirect. */
  redirectUri: string;
  /** How accounts authenticate. */
  authMethods?: ConnectedAccountAuthMethod[];
  /** OAuth application of the integration; `null` where each connection has credentials of its own. */
  credentials: DataIntegrationCredential | null;
  /** The installation that was created with the integration; `null` in all later responses, or if there was none. */
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

/** The API key connection that was created with a data integration. */
export interface DataIntegrationInstallation {
  /** Id of the installation. */
  id: string;
  /** Its role among the owner's connections; absent where the API does not send it. */
  connectionRole: ConnectedAccountConnectionRole;
  /** The provider's id for the account; `null` when not known. */
  accountIdentifier: string | null;
  /** Name of the account at the provider; may change. */
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
  /** OAuth authorization endpoint, or `null` for none. */
  authorizationUrl: string | null;
  /** OAuth token endpoint, or `null`. */
  tokenUrl: string | null;
  /** OAuth endpoint for refreshes; `null` for the token endpoint. */
  refreshTokenUrl: string | null;
  /** Whether the authorization code flow uses PKCE. Default `true`. */
  pkceEnabled: boolean;
  /** Separator of scopes. Default: a space. */
  requestScopeSeparator: string;
  /** Whether connecting needs at least one scope. Default `false`. */
  scopesRequired: boolean;
  /** Whether the provider requires a client secret. Default `true`. */
  clientSecretRequired: boolean;
  /** Query parameters added to every authorization request; names are sent as they are. */
  additionalAuthorizationParameters: Record<string, string>;
  /** `Content-Type` of token requests. */
  tokenBodyContentType: string;
  /** How client credentials are sent to the token endpoint. */
  authenticateVia: DataIntegrationCustomProviderAuthenticateVia;
}

/** Reads a data integration: timestamps become dates, and members that the API leaves out become `null`. */
export function readDataIntegration(wire: Wire): DataIntegration {
  const integration = readDated<DataIntegration>(wire);
  absentAsNull(integration, "description", "scopes", "credentials", "installation", "customProvider");
  absentAsNull(integration.credentials, "clientId", "redactedClientSecret");
  absentAsNull(integration.installation, "accountIdentifier", "accountDisplayName", "userId");
  absentAsNull(integration.installation, "organizationId", "apiKeyLast4");
  absentAsNull(integration.customProvider, "authorizationUrl", "tokenUrl", "refreshTokenUrl");
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
  type: DataIntegrationCredentialType;
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
  /** Id of the user who owns the key. */
  userId: string;
  /** Id of the organization that the key is scoped to, if any. */
  organizationId?: string;
}

/** Settings of a custom provider. URLs are static, without `${config.name}` parts. */
export interface UpdateCustomProviderDefinition
  extends Partial<Omit<DataIntegrationCustomProvider, "authorizationUrl" | "tokenUrl">> {
  /** OAuth authorization endpoint. */
  authorizationUrl?: string;
  /** OAuth token endpoint. */
  tokenUrl?: string;
}

/** A custom provider; OAuth needs both endpoints, client credentials the token endpoint, API keys none. */
export interface CustomProviderDefinition extends UpdateCustomProviderDefinition {
  /** Name of the provider. */
  name: string;
}

/** Changes to a data integration; fields that are left out stay as they are. */
export interface UpdateDataIntegration {
  /** Description; `null` for none. */
  description?: string | null;
  /** Whether accounts can be connected. Default for a new integration: `false`. */
  enabled?: boolean;
  /** OAuth scopes to request; `null`, the default of a new integration, for the provider's. */
  scopes?: string[] | null;
  /** The OAuth application, needed for OAuth; replaces the stored secret. An update takes either it or `apiKey`. */
  credentials?: DataIntegrationCredentialsInput;
  /** An API key to install for an `api_key` integration, or to replace the one of the same user and organization. */
  apiKey?: ApiKeyInstallation;
  /** Changes to a custom provider. */
  customProvider?: UpdateCustomProviderDefinition;
}

/** A new data integration. */
export interface CreateDataIntegration extends UpdateDataIntegration {
  /** Slug of a built-in or existing custom provider, or a new slug together with `customProvider`. */
  provider: string;
  /** Who connects. Default `user`; cannot be changed later. A provider may have one integration of each. */
  ownership?: PipesOwnership;
  /** How accounts authenticate. Default `["oauth"]`; the other methods need no `credentials` here. */
  authMethods?: ConnectedAccountAuthMethod[];
  /** Values of the fields that a built-in provider declares; names are sent as they are. */
  config?: Record<string, string>;
  /** Defines a new custom provider. */
  customProvider?: CustomProviderDefinition;
}

/** Options of `createDataIntegration`. */
export type CreateDataIntegrationOptions = CreateDataIntegration;
/** Options of `getDataIntegration`. */
export type GetDataIntegrationOptions = IntegrationSlug;
/** Options of `updateDataIntegration`. */
export interface UpdateDataIntegrationOptions extends UpdateDataIntegration, IntegrationSlug {}
/** Options of `deleteDataIntegration`. */
export type DeleteDataIntegrationOptions = IntegrationSlug;
/** Options of `getOrganizationDataIntegration`. */
export type GetOrganizationDataIntegrationOptions = IntegrationSlug;
/** Options of `updateOrganizationDataIntegration`. */
export type UpdateOrganizationDataIntegrationOptions = UpdateDataIntegrationOptions;
/** Options of `deleteOrganizationDataIntegration`. */
export type DeleteOrganizationDataIntegrationOptions = IntegrationSlug;
