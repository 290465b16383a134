// Connected accounts: one user's or organization's connection to a provider.

import { absentAsNull, type Entity, type OfOrganization, type OfUser } from "../../entity.ts";
import { camel, type Wire } from "../../wire.ts";
import type { IntegrationSlug } from "./data_integrations.ts";
// deno-fmt-ignore
import type {
  ConnectedAccountAuthMethod, ConnectedAccountConnectionRole, ConnectedAccountInputState, ConnectedAccountState,
} from "./values.ts";

/** A user's or organization's connection to a provider. */
export interface ConnectedAccount extends Entity<"connected_account"> {
  /** Whether this is the connection for clients that support only one. Does not indicate preference or age. */
  connectionRole?: ConnectedAccountConnectionRole;
  /** The provider's id for the account, if known; for correlation only, it does not select a connection. */
  accountIdentifier?: string | null;
  /** Name of the account at the provider; it may change and need not be unique. */
  accountDisplayName?: string | null;
  /** The user that the connection belongs to; `null` when an organization owns it. */
  userId: string | null;
  /** The organization that the connection is scoped to, or `null`. */
  organizationId: string | null;
  /** OAuth scopes that were granted. */
  scopes: string[];
  /** How the account authenticates; absent means `oauth`. */
  authMethod?: ConnectedAccountAuthMethod;
  /** Last four characters of the API key, `null` for other methods. */
  apiKeyLast4?: string | null;
  /** Client id of a `client_credentials` connection, otherwise `null`. */
  clientId?: string | null;
  /** Last four characters of the client secret of a `client_credentials` connection; `null` when not known. */
  clientSecretLast4?: string | null;
  /** Values of this connection's configuration fields, secret ones excluded. */
  config?: Record<string, string>;
  /** Whether the connection works. */
  state: ConnectedAccountState;
}

/** Reads a connected account; members that the API leaves out become `null`. */
export function readConnectedAccount(wire: Wire): ConnectedAccount {
  return absentAsNull(camel<ConnectedAccount>(wire), ...ACCOUNT_NULLS);
}

/** Members of a connected account that are `null` when the API leaves them out. */
export const ACCOUNT_NULLS = [
  "accountIdentifier",
  "accountDisplayName",
  "userId",
  "organizationId",
  "apiKeyLast4",
  "clientId",
  "clientSecretLast4",
] as const;

/** Tokens and state of a user's connected account. */
export interface ConnectedAccountInput {
  /** OAuth access token. */
  accessToken?: string;
  /** OAuth refresh token. */
  refreshToken?: string;
  /** When the access token expires; needed for an access token that expires. */
  expiresAt?: Date;
  /** OAuth scopes that were granted. */
  scopes?: string[];
  /** State of the account. Default: follows from the tokens given. */
  state?: ConnectedAccountInputState;
}

/** Another name of {@linkcode ConnectedAccountInput}. */
export type ConnectedAccountDto = ConnectedAccountInput;

/** Tokens and state of a user's new connected account. */
export interface CreateConnectedAccount extends ConnectedAccountInput {
  /**
   * `add` creates another connection even if there is one; the API responds with 404 `multiple_connections_unavailable`
   * where there cannot be several. Default: the owner's only connection.
   */
  connectionIntent?: "add";
}

/** Tokens and state of an organization's connected account. */
export interface OrganizationConnectedAccount extends ConnectedAccountInput {
  /** Id of an active member of the organization, on whose behalf the account is connected. */
  userId: string;
}

/** Tokens and state of an organization's new connected account. */
export interface CreateOrganizationConnectedAccount extends OrganizationConnectedAccount, CreateConnectedAccount {}

/** Selects one of an owner's connections. */
export interface ConnectionSelection {
  /** Whether you support several connections per owner and provider. Default: only the compatibility connection. */
  supportsMultipleConnections?: boolean;
  /** Id of the connection, when the owner has several at this provider. */
  connectedAccountId?: string;
}

/** Selects which of an owner's connections to change. */
export interface ConnectionUpdateSelection extends ConnectionSelection {
  /** `reauthorize` with `connectedAccountId` changes that connection; without both, the compatibility connection. */
  connectionIntent?: "reauthorize";
}

/** The owner and provider of a user's connected account. */
export interface UserConnectedAccountAddress extends OfUser, IntegrationSlug {
  /** The organization that the connection is scoped to, if any. */
  organizationId?: string;
}

/** The owner and provider of an organization's connected account. */
export interface OrganizationConnectedAccountAddress extends OfOrganization, IntegrationSlug {}

/** Options of `getUserConnectedAccount`. */
export interface GetUserConnectedAccountOptions extends UserConnectedAccountAddress, ConnectionSelection {}
/** Options of `createUserConnectedAccount`. */
export interface CreateUserConnectedAccountOptions extends UserConnectedAccountAddress, CreateConnectedAccount {}
/** Options of `updateUserConnectedAccount`. */
export interface UpdateUserConnectedAccountOptions
  extends UserConnectedAccountAddress, ConnectionUpdateSelection, ConnectedAccountInput {}
/** Options of `deleteUserConnectedAccount`. */
export type DeleteUserConnectedAccountOptions = GetUserConnectedAccountOptions;

/** Options of `getOrganizationConnectedAccount`. */
export interface GetOrganizationConnectedAccountOptions
  extends OrganizationConnectedAccountAddress, ConnectionSelection {}
/** Options of `createOrganizationConnectedAccount`. */
export interface CreateOrganizationConnectedAccountOptions
  extends OrganizationConnectedAccountAddress, CreateOrganizationConnectedAccount {}
/** Options of `updateOrganizationConnectedAccount`. */
export interface UpdateOrganizationConnectedAccountOptions
  extends OrganizationConnectedAccountAddress, ConnectionUpdateSelection, OrganizationConnectedAccount {}
/** Options of `deleteOrganizationConnectedAccount`. */
export type DeleteOrganizationConnectedAccountOptions = GetOrganizationConnectedAccountOptions;

/** State of a connected account in an event. */
export type PipesConnectedAccountState = ConnectedAccountState;

/** The connection that an event is about. */
export interface PipesConnection {
  /** Id of the data integration. */
  dataIntegrationId: string;
  /** Slug of the provider, such as `github`. */
  providerSlug: string;
  /** The user that the connection belongs to, or who tried to connect; `null` for none. */
  userId: string | null;
  /** The organization that the connection is scoped to, or `null`. */
  organizationId: string | null;
}

/** A connected account as events carry it. */
export interface PipesConnectedAccount extends Entity<"connected_account">, PipesConnection {
  /** OAuth scopes that were granted. */
  scopes: string[];
  /** Whether the connection works. */
  state: PipesConnectedAccountState;
}

/** A failed attempt to connect, as events carry it. */
export interface PipesConnectionFailed extends PipesConnection {
  /** Always `connection_failed`. */
  object: "connection_failed";
  /** Machine-readable code of the failure, such as `authorization_code_exchange_error`. */
  errorCode: string;
  /** Description of the failure, for people. */
  errorReason: string | null;
  /** The provider's own error code. */
  providerError: string | null;
  /** The provider's own explanation. */
  providerErrorDescription: string | null;
  /** ISO 8601 time. */
  createdAt: string;
}
