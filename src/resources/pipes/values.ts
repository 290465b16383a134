/**
 * The values that fields of pipes take. Where several fields share their values, the constants share one object.
 *
 * @module
 */

/** Who owns an integration, provider or connection. */
export const PipesOwnership = { User: "user", Organization: "organization" } as const;
/** Who owns an integration, provider or connection. The API may add values. */
export type PipesOwnership = (typeof PipesOwnership)[keyof typeof PipesOwnership] | (string & {});

/** Who is to own a new data integration. */
export const CreateDataIntegrationOwnership: typeof PipesOwnership = PipesOwnership;
/** Who is to own a new data integration. */
export type CreateDataIntegrationOwnership = PipesOwnership;

/** Who owns a data integration. */
export const DataIntegrationOwnership: typeof PipesOwnership = PipesOwnership;
/** Who owns a data integration. */
export type DataIntegrationOwnership = PipesOwnership;

/** Who owns the connections of a data provider. */
export const DataIntegrationsListResponseDataConnectionOwner: typeof PipesOwnership = PipesOwnership;
/** Who owns the connections of a data provider. */
export type DataIntegrationsListResponseDataConnectionOwner = PipesOwnership;

/** Who is to own the connection that is authorized. */
export const DataIntegrationsGetDataIntegrationAuthorizeUrlRequestConnectionOwner: typeof PipesOwnership =
  PipesOwnership;
/** Who is to own the connection that is authorized. */
export type DataIntegrationsGetDataIntegrationAuthorizeUrlRequestConnectionOwner = PipesOwnership;

/** Who is to own a new API key connection. */
export const DataIntegrationsCreateApiKeyConnectionRequestConnectionOwner: typeof PipesOwnership = PipesOwnership;
/** Who is to own a new API key connection. */
export type DataIntegrationsCreateApiKeyConnectionRequestConnectionOwner = PipesOwnership;

/** Whose API key connection is set. */
export const DataIntegrationsUpsertApiKeyRequestConnectionOwner: typeof PipesOwnership = PipesOwnership;
/** Whose API key connection is set. */
export type DataIntegrationsUpsertApiKeyRequestConnectionOwner = PipesOwnership;

/** Who is to own a new client credentials connection. */
export const DataIntegrationsCreateClientCredentialsConnectionRequestConnectionOwner: typeof PipesOwnership =
  PipesOwnership;
/** Who is to own a new client credentials connection. */
export type DataIntegrationsCreateClientCredentialsConnectionRequestConnectionOwner = PipesOwnership;

/** Whose client credentials connection is set. */
export const DataIntegrationsUpsertClientCredentialsRequestConnectionOwner: typeof PipesOwnership = PipesOwnership;
/** Whose client credentials connection is set. */
export type DataIntegrationsUpsertClientCredentialsRequestConnectionOwner = PipesOwnership;

/** Whose connection credentials are taken from. */
export const DataIntegrationsVendCredentialsRequestConnectionOwner: typeof PipesOwnership = PipesOwnership;
/** Whose connection credentials are taken from. */
export type DataIntegrationsVendCredentialsRequestConnectionOwner = PipesOwnership;

/** Whose connection an access token is taken from. */
export const DataIntegrationsGetUserTokenRequestConnectionOwner: typeof PipesOwnership = PipesOwnership;
/** Whose connection an access token is taken from. */
export type DataIntegrationsGetUserTokenRequestConnectionOwner = PipesOwnership;

/** How an account authenticates with its provider. */
export const ConnectedAccountAuthMethod = {
  OAuth: "oauth",
  ApiKey: "api_key",
  ClientCredentials: "client_credentials",
} as const;
/** How an account authenticates with its provider. The API may add values. */
export type ConnectedAccountAuthMethod =
  | (typeof ConnectedAccountAuthMethod)[keyof typeof ConnectedAccountAuthMethod]
  | (string & {});

/** How the accounts of a data integration authenticate. */
export const DataIntegrationAuthMethods: typeof ConnectedAccountAuthMethod = ConnectedAccountAuthMethod;
/** How the accounts of a data integration authenticate. */
export type DataIntegrationAuthMethods = ConnectedAccountAuthMethod;

/** How the accounts of a new data integration authenticate. */
export const CreateDataIntegrationAuthMethods: typeof ConnectedAccountAuthMethod = ConnectedAccountAuthMethod;
/** How the accounts of a new data integration authenticate. */
export type CreateDataIntegrationAuthMethods = ConnectedAccountAuthMethod;

/** How the accounts of a data provider authenticate. */
export const DataIntegrationsListResponseDataAuthMethods: typeof ConnectedAccountAuthMethod =
  ConnectedAccountAuthMethod;
/** How the accounts of a data provider authenticate. */
export type DataIntegrationsListResponseDataAuthMethods = ConnectedAccountAuthMethod;

/** How a data provider's connected account authenticates. */
export const DataIntegrationsListResponseDataConnectedAccountAuthMethod: typeof ConnectedAccountAuthMethod =
  ConnectedAccountAuthMethod;
/** How a data provider's connected account authenticates. */
export type DataIntegrationsListResponseDataConnectedAccountAuthMethod = ConnectedAccountAuthMethod;

/** Whether a connection is the one that clients see who know of one only (`compatibility`), or one of several. */
export const ConnectedAccountConnectionRole = { Compatibility: "compatibility", Standard: "standard" } as const;
/** Whether a connection is the one that clients see who know of one only (`compatibility`), or one of several. The API may add values. */
export type ConnectedAccountConnectionRole =
  | (typeof ConnectedAccountConnectionRole)[keyof typeof ConnectedAccountConnectionRole]
  | (string & {});

/** The role of an installation among the owner's connections. */
export const DataIntegrationInstallationConnectionRole: typeof ConnectedAccountConnectionRole =
  ConnectedAccountConnectionRole;
/** The role of an installation among the owner's connections. */
export type DataIntegrationInstallationConnectionRole = ConnectedAccountConnectionRole;

/** The role of a data provider's connected account. */
export const DataIntegrationsListResponseDataConnectedAccountConnectionRole: typeof ConnectedAccountConnectionRole =
  ConnectedAccountConnectionRole;
/** The role of a data provider's connected account. */
export type DataIntegrationsListResponseDataConnectedAccountConnectionRole = ConnectedAccountConnectionRole;

/** Whether a connected account works, needs its user's consent again, or was disconnected. */
export const ConnectedAccountState = {
  Connected: "connected",
  NeedsReauthorization: "needs_reauthorization",
  Disconnected: "disconnected",
} as const;
/** Whether a connected account works, needs its user's consent again, or was disconnected. The API may add values. */
export type ConnectedAccountState = (typeof ConnectedAccountState)[keyof typeof ConnectedAccountState] | (string & {});

/** The state of a data provider's connected account. */
export const DataIntegrationsListResponseDataConnectedAccountState: typeof ConnectedAccountState =
  ConnectedAccountState;
/** The state of a data provider's connected account. */
export type DataIntegrationsListResponseDataConnectedAccountState = ConnectedAccountState;

/** The states that a connected account can be put into. */
export const ConnectedAccountInputState = {
  Connected: "connected",
  NeedsReauthorization: "needs_reauthorization",
} as const;
/** The states that a connected account can be put into. The API may add values. */
export type ConnectedAccountInputState =
  | (typeof ConnectedAccountInputState)[keyof typeof ConnectedAccountInputState]
  | (string & {});

/** The states that an organization's connected account can be put into. */
export const OrganizationConnectedAccountState: typeof ConnectedAccountInputState = ConnectedAccountInputState;
/** The states that an organization's connected account can be put into. */
export type OrganizationConnectedAccountState = ConnectedAccountInputState;

/** The states that a user's connected account can start in. */
export const CreateConnectedAccountState: typeof ConnectedAccountInputState = ConnectedAccountInputState;
/** The states that a user's connected account can start in. */
export type CreateConnectedAccountState = ConnectedAccountInputState;

/** The states that an organization's connected account can start in. */
export const CreateOrganizationConnectedAccountState: typeof ConnectedAccountInputState = ConnectedAccountInputState;
/** The states that an organization's connected account can start in. */
export type CreateOrganizationConnectedAccountState = ConnectedAccountInputState;

/** Whose OAuth application is used: your own (`custom`), or one that each organization brings. */
export const DataIntegrationCredentialType = { Custom: "custom", Organization: "organization" } as const;
/** Whose OAuth application is used: your own (`custom`), or one that each organization brings. The API may add values. */
export type DataIntegrationCredentialType =
  | (typeof DataIntegrationCredentialType)[keyof typeof DataIntegrationCredentialType]
  | (string & {});

/** The kind of credentials that is set. */
export const DataIntegrationCredentialsInputType: typeof DataIntegrationCredentialType = DataIntegrationCredentialType;
/** The kind of credentials that is set. */
export type DataIntegrationCredentialsInputType = DataIntegrationCredentialType;

/** The kind of credentials that is set. */
export const DataIntegrationCredentialsType: typeof DataIntegrationCredentialType = DataIntegrationCredentialType;
/** The kind of credentials that is set. */
export type DataIntegrationCredentialsType = DataIntegrationCredentialType;

/** Why no credentials can be given: there is no connection, or it needs its user's consent again. */
export const DataIntegrationCredentialsResponseError = {
  NotInstalled: "not_installed",
  NeedsReauthorization: "needs_reauthorization",
} as const;
/** Why no credentials can be given: there is no connection, or it needs its user's consent again. The API may add values. */
export type DataIntegrationCredentialsResponseError =
  | (typeof DataIntegrationCredentialsResponseError)[keyof typeof DataIntegrationCredentialsResponseError]
  | (string & {});

/** Why no access token can be given. */
export const DataIntegrationAccessTokenResponseError: typeof DataIntegrationCredentialsResponseError =
  DataIntegrationCredentialsResponseError;
/** Why no access token can be given. */
export type DataIntegrationAccessTokenResponseError = DataIntegrationCredentialsResponseError;

/** How client credentials reach the token endpoint of a custom provider. */
export const DataIntegrationCustomProviderAuthenticateVia = {
  RequestBody: "request_body",
  BasicAuthHeader: "basic_auth_header",
} as const;
/** How client credentials reach the token endpoint of a custom provider. The API may add values. */
export type DataIntegrationCustomProviderAuthenticateVia =
  | (typeof DataIntegrationCustomProviderAuthenticateVia)[keyof typeof DataIntegrationCustomProviderAuthenticateVia]
  | (string & {});

/** How client credentials are to reach the token endpoint of a new custom provider. */
export const CustomProviderDefinitionAuthenticateVia: typeof DataIntegrationCustomProviderAuthenticateVia =
  DataIntegrationCustomProviderAuthenticateVia;
/** How client credentials are to reach the token endpoint of a new custom provider. */
export type CustomProviderDefinitionAuthenticateVia = DataIntegrationCustomProviderAuthenticateVia;

/** How client credentials are to reach the token endpoint of a custom provider. */
export const UpdateCustomProviderDefinitionAuthenticateVia: typeof DataIntegrationCustomProviderAuthenticateVia =
  DataIntegrationCustomProviderAuthenticateVia;
/** How client credentials are to reach the token endpoint of a custom provider. */
export type UpdateCustomProviderDefinitionAuthenticateVia = DataIntegrationCustomProviderAuthenticateVia;

/** Whether a data integration is configured well enough to be used. */
export const DataIntegrationState = { Valid: "valid", Invalid: "invalid", Requested: "requested" } as const;
/** Whether a data integration is configured well enough to be used. The API may add values. */
export type DataIntegrationState = (typeof DataIntegrationState)[keyof typeof DataIntegrationState] | (string & {});

/** The older spelling of who owns a data provider's connections. */
export const DataIntegrationsListResponseDataOwnership = {
  UserlandUser: "userland_user",
  Organization: "organization",
} as const;
/** The older spelling of who owns a data provider's connections. The API may add values. */
export type DataIntegrationsListResponseDataOwnership =
  | (typeof DataIntegrationsListResponseDataOwnership)[keyof typeof DataIntegrationsListResponseDataOwnership]
  | (string & {});
