// Connecting an account, and the resulting tokens and keys.

import { camel, type Wire } from "../../wire.ts";
import type { ConnectionSelection, UserConnectedAccountAddress } from "./connected_accounts.ts";
import type { IntegrationSlug } from "./data_integrations.ts";
import type { DataIntegrationCredentialsResponseError, PipesOwnership } from "./values.ts";

/** An OAuth access token of a provider. */
export interface DataIntegrationAccessTokenResponseAccessToken {
  /** Always `access_token`. */
  object: "access_token";
  /** The token. */
  accessToken: string;
  /** When it expires; `null` when it does not. */
  expiresAt: Date | null;
  /** Scopes that were granted. */
  scopes: string[];
  /** Scopes that were requested but not granted. */
  missingScopes: string[];
}

/** Another name of {@linkcode DataIntegrationAccessTokenResponseAccessToken}. */
export type AccessToken = DataIntegrationAccessTokenResponseAccessToken;

/** An access token, or why there is none. */
export type DataIntegrationAccessTokenResponse =
  | {
    /** There is a token. */
    active: true;
    /** The token. */
    accessToken: DataIntegrationAccessTokenResponseAccessToken;
  }
  | {
    /** There is no token. */
    active: false;
    /** Why there is no token. */
    error: DataIntegrationCredentialsResponseError;
  };

/** Reads an access token; its `expiresAt` becomes a date, unlike that of a vended credential. */
export function readAccessToken(wire: Wire): DataIntegrationAccessTokenResponse {
  const answer = camel<DataIntegrationAccessTokenResponse>(wire);
  const token = answer.active && answer.accessToken;
  if (token) token.expiresAt = token.expiresAt ? new Date(token.expiresAt) : null;
  return answer;
}

/** A credential for calls to a provider; `authMethod` tells the kinds apart. An unknown kind keeps all its fields. */
export type DataIntegrationVendedCredential =
  | DataIntegrationVendedOAuthCredential
  | DataIntegrationVendedApiKeyCredential
  | DataIntegrationVendedClientCredentials;

/** Members of every kind of credential. */
export interface DataIntegrationVendedCredentialBase {
  /** Always `credential`. */
  object: "credential";
  /** The access token or API key. */
  value: string;
  /** Values of the connection's configuration fields, except secret ones; absent in older responses. */
  config?: Record<string, string>;
}

/** An access token from OAuth. */
export interface DataIntegrationVendedOAuthCredential extends DataIntegrationVendedCredentialBase {
  /** How the account authenticates. */
  authMethod: "oauth";
  /** ISO 8601 time; `null` when it does not expire. */
  expiresAt: string | null;
  /** Scopes that were granted. */
  scopes: string[];
  /** Scopes that were requested but not granted. */
  missingScopes: string[];
  /** Not with this method. */
  metadata?: undefined;
}

/** An API key. */
export interface DataIntegrationVendedApiKeyCredential
  extends
    DataIntegrationVendedCredentialBase,
    Partial<Record<"expiresAt" | "scopes" | "missingScopes" | "metadata", undefined>> {
  /** How the account authenticates. */
  authMethod: "api_key";
}

/** An access token from client credentials. */
export interface DataIntegrationVendedClientCredentials
  extends Omit<DataIntegrationVendedOAuthCredential, "authMethod" | "metadata"> {
  /** How the account authenticates. */
  authMethod: "client_credentials";
  /** Other non-secret fields of the provider's token response, such as an instance URL. */
  metadata: Record<string, unknown>;
}

/** Another name of {@linkcode DataIntegrationVendedCredential}. */
export type DataIntegrationCredentialsResponseCredential = DataIntegrationVendedCredential;

/** Credentials, or why there are none. */
export type DataIntegrationCredentialsResponse =
  | {
    /** There are credentials. */
    active: true;
    /** The credentials. */
    credential: DataIntegrationVendedCredential;
    /** Not with credentials. */
    error?: undefined;
  }
  | {
    /** There are no credentials. */
    active: false;
    /** Why there are none. */
    error: DataIntegrationCredentialsResponseError;
    /** Not with an error. */
    credential?: undefined;
  };

/** Where to send a user to connect an account. */
export interface DataIntegrationAuthorizeUrlResponse {
  /** The provider's authorization URL. */
  url: string;
}

/** The owner of a connection to authorize, and how the authorization continues. */
export interface DataIntegrationsGetDataIntegrationAuthorizeUrlRequest extends ConnectionOwnerSelection {
  /** Where the user goes afterwards. */
  returnTo?: string;
  /** Values of fields that the provider requires here, such as a subdomain; names are sent as they are. */
  config?: Record<string, string>;
}

/** Options of `authorizeDataIntegration`. */
export interface AuthorizeDataIntegrationOptions
  extends DataIntegrationsGetDataIntegrationAuthorizeUrlRequest, IntegrationSlug {}

/** Identifies the owner of a connection. */
export interface ConnectionOwnerSelection {
  /** The user; for an organization's connection, an active member who acts for it. */
  userId: string;
  /** The organization that the connection is scoped to; needed when it owns the connection. */
  organizationId?: string;
  /** Who owns the connection. Default `user`. */
  connectionOwner?: PipesOwnership;
}

/** A connection to add. */
export interface ConnectionAddition extends ConnectionOwnerSelection {
  /** Adds a connection; the API responds with 404 `multiple_connections_unavailable` where there can be no other. */
  connectionIntent: "add";
}

/** A connection to create or replace: a given one, or else the compatibility connection. */
export interface ConnectionReplacement extends ConnectionOwnerSelection {
  /** The connection whose secret is replaced. */
  connectedAccountId?: string;
  /** Required with `connectedAccountId`; leave out both for the compatibility connection. */
  connectionIntent?: "reauthorize";
}

/** An API key. */
export interface ApiKeySecret {
  /** The API key. */
  secret: string;
}

/** Client credentials. */
export interface ClientCredentialsSecret {
  /** OAuth client id. */
  clientId: string;
  /** OAuth client secret. */
  clientSecret: string;
  /** Values of the provider's configuration fields; names are sent as they are. */
  config?: Record<string, string>;
}

/** An API key to store as a new connection. */
export interface DataIntegrationsCreateApiKeyConnectionRequest extends ConnectionAddition, ApiKeySecret {}
/** An API key to store as a connection, or to replace the stored one. */
export interface DataIntegrationsUpsertApiKeyRequest extends ConnectionReplacement, ApiKeySecret {}
/** Client credentials to store as a new connection. */
export interface DataIntegrationsCreateClientCredentialsConnectionRequest
  extends ConnectionAddition, ClientCredentialsSecret {}
/** Client credentials to store as a connection, or to replace the stored ones. */
export interface DataIntegrationsUpsertClientCredentialsRequest
  extends ConnectionReplacement, ClientCredentialsSecret {}

/** Selects the connection whose credentials to fetch. */
export interface DataIntegrationsVendCredentialsRequest extends ConnectionOwnerSelection, ConnectionSelection {
  /** Whether you support several; two matches are `account_selection_required`. Default: the compatibility one. */
  supportsMultipleConnections?: boolean;
}

/** Selects the connection whose access token to fetch. */
export interface DataIntegrationsGetUserTokenRequest
  extends Omit<DataIntegrationsVendCredentialsRequest, "organizationId"> {
  /** The organization that the connection is scoped to; needed when it owns the connection. */
  organizationId?: string | null;
}

/** Options of `createDataIntegrationApiKey`. */
export interface CreateDataIntegrationApiKeyOptions
  extends DataIntegrationsCreateApiKeyConnectionRequest, IntegrationSlug {}
/** Options of `updateDataIntegrationApiKey`. */
export interface UpdateDataIntegrationApiKeyOptions extends DataIntegrationsUpsertApiKeyRequest, IntegrationSlug {}
/** Options of `createDataIntegrationClientCredential`. */
export interface CreateDataIntegrationClientCredentialOptions
  extends DataIntegrationsCreateClientCredentialsConnectionRequest, IntegrationSlug {}
/** Options of `updateDataIntegrationClientCredentials`. */
export interface UpdateDataIntegrationClientCredentialsOptions
  extends DataIntegrationsUpsertClientCredentialsRequest, IntegrationSlug {}
/** Options of `createDataIntegrationCredential`. */
export interface CreateDataIntegrationCredentialOptions
  extends DataIntegrationsVendCredentialsRequest, IntegrationSlug {}

/** Options of `getAccessToken`. */
export interface GetAccessTokenOptions extends DataIntegrationsGetUserTokenRequest {
  /** Slug of the provider, such as `github`. */
  provider: string;
}

/** The owner of a token; exported for its name, no method takes it. */
export type CreateDataIntegrationTokenOptions = UserConnectedAccountAddress;
