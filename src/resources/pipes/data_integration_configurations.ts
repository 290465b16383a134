// An organization's configuration of the data integrations of its environment.

import type { Entity, OfOrganization, WholeList } from "../../entity.ts";
import type { OpenString } from "../../wire.ts";
import type { IntegrationSlug } from "./data_integrations.ts";

/** An organization's configuration of one provider. */
export interface DataIntegrationConfiguration
  extends Entity<"data_integration_configuration">, OfOrganization, IntegrationSlug {
  /** Name of the data integration. */
  name: string;
  /** Whether the organization can use it: its own setting, or else the integration's. */
  enabled: boolean;
  /** OAuth scopes in effect: the organization's own, or else the provider's; `null` when there are none. */
  scopes: string[] | null;
  /** Values of configuration fields in effect. */
  config: Record<string, string>;
  /** The organization's credentials; absent where the API does not send them. */
  credentials?: DataIntegrationConfigurationCredentials;
}

/** The OAuth application that an organization uses at a provider. */
export interface DataIntegrationConfigurationCredentials {
  /** Whose application it is: shared by WorkOS, your own, or the organization's. */
  credentialsType: "shared" | "custom" | "organization" | OpenString;
  /** Whether credentials are stored. */
  hasCredentials: boolean;
  /** OAuth client id, or `null`. */
  clientId: string | null;
  /** Last four characters of the client secret, or `null`. */
  clientSecretLastFour: string | null;
  /** The redirect URI to register at the provider. */
  redirectUri: string;
}

/** The providers of an organization, all on one page. */
export interface DataIntegrationConfigurationList extends WholeList<DataIntegrationConfiguration> {}
/** Options of `listOrganizationDataIntegrationConfigurations`. */
export type ListOrganizationDataIntegrationConfigurationsOptions = OfOrganization;

/** Options of `updateOrganizationDataIntegrationConfiguration`; at least one setting is needed. */
export interface UpdateOrganizationDataIntegrationConfigurationOptions extends OfOrganization, IntegrationSlug {
  /** Whether the organization can use the provider. */
  enabled?: boolean;
  /** OAuth scopes to request; `null` for the provider's. */
  scopes?: string[] | null;
  /** OAuth client id of the organization's own application, together with `clientSecret`. */
  clientId?: string;
  /** OAuth client secret of the organization's own application, together with `clientId`. */
  clientSecret?: string;
  /** Values of configuration fields, where organizations bring their own credentials; names are sent as they are. */
  config?: Record<string, string>;
}
