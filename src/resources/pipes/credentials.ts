// Connecting an account, and the tokens and keys that come of it.

import type { OfUser } from "../../entity.ts";
import { camel, type Wire } from "../../wire.ts";
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
  /** Scopes that were asked for and not granted. */
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
    /** Why. */
    error: DataIntegrationCredentialsResponseError;
  };

/** Reads an access token; its time is a date, unlike that of a vended credential. */
export function readAccessToken(wire: Wire): DataIntegrationAccessTokenResponse {
  const answer = camel<DataIntegrationAccessTokenResponse>(wire);
  if (!answer.active || !answer.accessToken) return answer;
  const { expiresAt } = answer.accessToken;
  answer.accessToken.expiresAt = expiresAt ? new Date(expiresAt) : null;
  return answer;
}

/** What a provider is called with, told apart by `authMethod`. An unknown method keeps all its fields, in camelCase. */
export type DataIntegrationVendedCredential =
  | DataIntegrationVendedOAuthCredential
  | DataIntegrationVendedApiKeyCredential
  | DataIntegrationVendedClientCredentials;

/** What credentials of every method have. */
export interface DataIntegrationVendedCredentialBase {
  /** Always `credential`. */
  object: "credential";
  /** The access token or API key. */
  value: string;
  /** Values of the connection's configuration fields, secret ones excluded; older answers lack it. */
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
  /** Scopes that were asked for and not granted. */
  missingScopes: string[];
  /** Not with this method. */
  metadata?: undefined;
}

/** An API key. */
export interface DataIntegrationVendedApiKeyCredential extends DataIntegrationVendedCredentialBase {
  /** How the account authenticates. */
  authMethod: "api_key";
  /** Not with this method. */
  expiresAt?: undefined;
  /** Not with this method. */
  scopes?: undefined;
  /** Not with this method. */
  missingScopes?: undefined;
  /** Not with this method. */
  metadata?: undefined;
}

/** An access token from client credentials. */
export interface DataIntegrationVendedClientCredentials
  extends Omit<DataIntegrationVendedOAuthCredential, "authMethod" | "metadata"> {
  /** How the account authenticates. */
  authMethod: "client_credentials";
  /** Further fields of the provider's token answer that are no secrets, such as an instance URL. */
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
    /** Why. */
    error: DataIntegrationCredentialsResponseError;
    /** Not with an error. */
    credential?: undefined;
  };

/** Where to send a user to connect an account. */
export interface DataIntegrationAuthorizeUrlResponse {
  /** The provider's authorization URL. */
  url: string;
}

/** Who connects, and how it goes on. */
export interface DataIntegrationsGetDataIntegrationAuthorizeUrlRequest extends ConnectionOwnerSelection {
  /** Where the user goes afterwards. */
  returnTo?: string;
  /** Values of fields that the provider asks for at this point, such as a subdomain; names are sent as they are. */
  config?: Record<string, string>;
}

/** Options of `authorizeDataIntegration`. */
export interface AuthorizeDataIntegrationOptions
  extends DataIntegrationsGetDataIntegrationAuthorizeUrlRequest, IntegrationSlug {}

/** Whose connection at a provider is meant. */
export interface ConnectionOwnerSelection {
  /** The user; for an organization's connection the active member of it who acts. */
  userId: string;
  /** The organization that the connection is scoped to; needed when it owns the connection. */
  organizationId?: string;
  /** Who owns the connection. Default `user`. */
  connectionOwner?: PipesOwnership;
}

/** A connection to add. */
export interface ConnectionAddition extends ConnectionOwnerSelection {
  /** The only intent there is: the API answers 404 `multiple_connections_unavailable` where no other one can be. */
  connectionIntent: "add";
}

/** A connection to set: a certain one, or else the compatibility connection. */
export interface ConnectionReplacement extends ConnectionOwnerSelection {
  /** The connection whose secret is replaced. */
  connectedAccountId?: string;
  /** Goes with `connectedAccountId`; leave out both for the compatibility connection. */
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

/** Whose credentials are wanted. */
export interface DataIntegrationsVendCredentialsRequest extends ConnectionOwnerSelection {
  /** The connection, when the owner has several. */
  connectedAccountId?: string;
  /**
   * Whether you can handle several connections: the API then answers `account_selection_required` when more than one
   * fits. Default: the compatibility connection only.
   */
  supportsMultipleConnections?: boolean;
}

/** Whose access token is wanted. */
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

/** Whose token is wanted; kept for its name, no method takes it. */
export interface CreateDataIntegrationTokenOptions extends IntegrationSlug, OfUser {
  /** The organization that the connection is scoped to, if any. */
  organizationId?: string;
}
