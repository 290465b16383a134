// Data providers: the providers that a user or organization can connect, and the existing connections.

import { absentAsNull, type Entity, type OfOrganization, type OfUser, type WholeList } from "../../entity.ts";
import { camel, type Wire } from "../../wire.ts";
import { ACCOUNT_NULLS, type ConnectedAccount } from "./connected_accounts.ts";
import type { IntegrationSlug } from "./data_integrations.ts";
// deno-fmt-ignore
import type {
  ConnectedAccountAuthMethod, DataIntegrationsListResponseDataOwnership, PipesOwnership,
} from "./values.ts";

/** The data providers of a user or organization, all on one page. */
export interface DataIntegrationsListResponse extends WholeList<DataIntegrationsListResponseData> {}

/** A provider, and the connection of a user or organization to it. */
export interface DataIntegrationsListResponseData extends Entity<"data_provider">, IntegrationSlug {
  /** Name of the provider, for people. */
  name: string;
  /** What the provider is used for, or `null`. */
  description: string | null;
  /** Type of the integration. */
  integrationType: string;
  /** Type of the credentials, such as `oauth2`. */
  credentialsType: string;
  /** OAuth scopes configured, or `null`. */
  scopes: string[] | null;
  /** How accounts authenticate; absent means `["oauth"]`. */
  authMethods?: ConnectedAccountAuthMethod[];
  /** Who owns the connections made through this provider. */
  connectionOwner?: PipesOwnership;
  /** @deprecated Who owns the connections, in the older spelling: use `connectionOwner`. */
  ownership: DataIntegrationsListResponseDataOwnership;
  /** The compatibility connection, or `null` when there is none; no other connection appears here. */
  connectedAccount: DataIntegrationsListResponseDataConnectedAccount | null;
  /** The connections; only the compatibility one unless `supportsMultipleConnections` was `true`. */
  connectedAccounts?: DataIntegrationsListResponseDataConnectedAccount[];
}

/** A connection as data providers carry it. */
export interface DataIntegrationsListResponseDataConnectedAccount extends ConnectedAccount {
  /** @deprecated The user that the connection belongs to: use `userId`. */
  userlandUserId: string | null;
}

/** Reads providers. The API sends some fields in both spellings, and `userlandUserId` in camelCase only. */
export function readDataProviders(wire: Wire): DataIntegrationsListResponse {
  const list = camel<DataIntegrationsListResponse>(wire);
  list.object = "list";
  for (const provider of list.data) {
    absentAsNull(provider, "description", "scopes", "connectedAccount");
    if (provider.connectedAccounts === null) delete provider.connectedAccounts;
    for (const account of [provider.connectedAccount, ...provider.connectedAccounts ?? []]) {
      absentAsNull(account, ...ACCOUNT_NULLS, "userlandUserId");
    }
  }
  return list;
}

/** Options of `listOrganizationDataProviders`. */
export interface ListOrganizationDataProvidersOptions extends OfOrganization {
  /** Whether to list all connections. Default: only the compatibility connection. */
  supportsMultipleConnections?: boolean;
}

/** Options of `listUserDataProviders`. */
export interface ListUserDataProvidersOptions extends OfUser, Partial<ListOrganizationDataProvidersOptions> {
  /** Only connections scoped to this organization. */
  organizationId?: string;
}
