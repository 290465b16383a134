// The values of fields of pipes. Fields with the same values share one constant, exported under the name of each.

import type { OpenEnum } from "../../wire.ts";

/** Who owns an integration, provider or connection. */
export const PipesOwnership = { User: "user", Organization: "organization" } as const;
/** Who owns an integration, provider or connection. */
export type PipesOwnership = OpenEnum<typeof PipesOwnership>;
export {
  PipesOwnership as CreateDataIntegrationOwnership,
  PipesOwnership as DataIntegrationOwnership,
  PipesOwnership as DataIntegrationsCreateApiKeyConnectionRequestConnectionOwner,
  PipesOwnership as DataIntegrationsCreateClientCredentialsConnectionRequestConnectionOwner,
  PipesOwnership as DataIntegrationsGetDataIntegrationAuthorizeUrlRequestConnectionOwner,
  PipesOwnership as DataIntegrationsGetUserTokenRequestConnectionOwner,
  PipesOwnership as DataIntegrationsListResponseDataConnectionOwner,
  PipesOwnership as DataIntegrationsUpsertApiKeyRequestConnectionOwner,
  PipesOwnership as DataIntegrationsUpsertClientCredentialsRequestConnectionOwner,
  PipesOwnership as DataIntegrationsVendCredentialsRequestConnectionOwner,
};

/** The older spelling of who owns a data provider's connections. */
export const DataIntegrationsListResponseDataOwnership = {
  UserlandUser: "userland_user",
  Organization: "organization",
} as const;
/** The older spelling of who owns a data provider's connections. */
export type DataIntegrationsListResponseDataOwnership = OpenEnum<typeof DataIntegrationsListResponseDataOwnership>;

/** How an account authenticates with its provider. */
export const ConnectedAccountAuthMethod = {
  OAuth: "oauth",
  ApiKey: "api_key",
  ClientCredentials: "client_credentials",
} as const;
/** How an account authenticates with its provider. */
export type ConnectedAccountAuthMethod = OpenEnum<typeof ConnectedAccountAuthMethod>;
export {
  ConnectedAccountAuthMethod as CreateDataIntegrationAuthMethods,
  ConnectedAccountAuthMethod as DataIntegrationAuthMethods,
  ConnectedAccountAuthMethod as DataIntegrationsListResponseDataAuthMethods,
  ConnectedAccountAuthMethod as DataIntegrationsListResponseDataConnectedAccountAuthMethod,
};

/** Whether a connection is the one for clients that support only one (`compatibility`), or another one. */
export const ConnectedAccountConnectionRole = { Compatibility: "compatibility", Standard: "standard" } as const;
/** Whether a connection is the one for clients that support only one (`compatibility`), or another one. */
export type ConnectedAccountConnectionRole = OpenEnum<typeof ConnectedAccountConnectionRole>;
export {
  ConnectedAccountConnectionRole as DataIntegrationInstallationConnectionRole,
  ConnectedAccountConnectionRole as DataIntegrationsListResponseDataConnectedAccountConnectionRole,
};

/** Whether a connected account works, needs its user's consent again, or was disconnected. */
export const ConnectedAccountState = {
  Connected: "connected",
  NeedsReauthorization: "needs_reauthorization",
  Disconnected: "disconnected",
} as const;
/** Whether a connected account works, needs its user's consent again, or was disconnected. */
export type ConnectedAccountState = OpenEnum<typeof ConnectedAccountState>;
export { ConnectedAccountState as DataIntegrationsListResponseDataConnectedAccountState };

/** The states that can be set for a connected account. */
export const ConnectedAccountInputState = {
  Connected: "connected",
  NeedsReauthorization: "needs_reauthorization",
} as const;
/** The states that can be set for a connected account. */
export type ConnectedAccountInputState = OpenEnum<typeof ConnectedAccountInputState>;
export {
  ConnectedAccountInputState as CreateConnectedAccountState,
  ConnectedAccountInputState as CreateOrganizationConnectedAccountState,
  ConnectedAccountInputState as OrganizationConnectedAccountState,
};

/** Whose OAuth application is used: your own (`custom`), or one that each organization brings. */
export const DataIntegrationCredentialType = { Custom: "custom", Organization: "organization" } as const;
/** Whose OAuth application is used: your own (`custom`), or one that each organization brings. */
export type DataIntegrationCredentialType = OpenEnum<typeof DataIntegrationCredentialType>;
export {
  DataIntegrationCredentialType as DataIntegrationCredentialsInputType,
  DataIntegrationCredentialType as DataIntegrationCredentialsType,
};

/** Why there are no credentials: there is no connection, or it needs its user's consent again. */
export const DataIntegrationCredentialsResponseError = {
  NotInstalled: "not_installed",
  NeedsReauthorization: "needs_reauthorization",
} as const;
/** Why there are no credentials: there is no connection, or it needs its user's consent again. */
export type DataIntegrationCredentialsResponseError = OpenEnum<typeof DataIntegrationCredentialsResponseError>;
export { DataIntegrationCredentialsResponseError as DataIntegrationAccessTokenResponseError };

/** How client credentials are sent to the token endpoint of a custom provider. */
export const DataIntegrationCustomProviderAuthenticateVia = {
  RequestBody: "request_body",
  BasicAuthHeader: "basic_auth_header",
} as const;
/** How client credentials are sent to the token endpoint of a custom provider. */
export type DataIntegrationCustomProviderAuthenticateVia = OpenEnum<
  typeof DataIntegrationCustomProviderAuthenticateVia
>;
export {
  DataIntegrationCustomProviderAuthenticateVia as CustomProviderDefinitionAuthenticateVia,
  DataIntegrationCustomProviderAuthenticateVia as UpdateCustomProviderDefinitionAuthenticateVia,
};

/** Whether a data integration is configured well enough to be used. */
export const DataIntegrationState = { Valid: "valid", Invalid: "invalid", Requested: "requested" } as const;
/** Whether a data integration is configured well enough to be used. */
export type DataIntegrationState = OpenEnum<typeof DataIntegrationState>;
