// Connect: applications that sign in with your environment as their identity provider.

import { type Described, type Entity, type OfOrganization, readDated } from "../entity.ts";
import type { AutoPaginatable, PaginationOptions } from "../page.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import type { OpenString, Wire } from "../wire.ts";

/** Members of every application. */
export interface ConnectApplicationBase extends Entity<"connect_application", Date>, Described {
  /** OAuth client id. */
  clientId: string;
  /** Scopes that the application may request. */
  scopes: string[];
}

/** An application that users sign in to. */
export interface ConnectApplicationOAuth extends ConnectApplicationBase {
  /** Type of the application. */
  applicationType: "oauth";
  /** Where users may return to. */
  redirectUris: ConnectApplicationRedirectUri[];
  /** Whether the authorization code flow uses PKCE. */
  usesPkce: boolean;
  /** Whether it is an application of your own. */
  isFirstParty: boolean;
  /** Whether the application registered itself; absent for first-party applications. */
  wasDynamicallyRegistered?: boolean;
  /** The organization of the application; absent when it has none. */
  organizationId?: string;
}

/** An application that acts for itself (machine to machine). */
export interface ConnectApplicationM2M extends ConnectApplicationBase, OfOrganization {
  /** Type of the application. */
  applicationType: "m2m";
}

/** A Connect application. One of a type that is not listed is returned with all its fields. */
export type ConnectApplication = ConnectApplicationOAuth | ConnectApplicationM2M;

/** Where users of an application may return to. */
export interface ConnectApplicationRedirectUri {
  /** The URI. */
  uri: string;
  /** Whether it is used when a request specifies none. */
  default: boolean;
}

/** Reads an application; its timestamps become dates. */
export function readConnectApplication(wire: Wire): ConnectApplication {
  return readDated(wire);
}

/** A client secret of an application, without the secret. */
export interface ApplicationCredentialsListItem extends Entity<"connect_application_secret", Date> {
  /** The last few characters of the secret. */
  secretHint: string;
  /** When the secret was last used; `null` if never. */
  lastUsedAt: Date | null;
}

/** A new client secret. */
export interface NewConnectApplicationSecret extends ApplicationCredentialsListItem {
  /** The secret itself. It cannot be fetched again. */
  secret: string;
}

/** Reads a client secret; its timestamps become dates, and a missing `lastUsedAt` becomes `null`. */
export function readApplicationSecret<T extends ApplicationCredentialsListItem>(wire: Wire): T {
  const secret = readDated<T>(wire);
  secret.lastUsedAt = secret.lastUsedAt ? new Date(secret.lastUsedAt) : null;
  return secret;
}

/** Where the user goes next. */
export interface ExternalAuthCompleteResponse {
  /** Redirect the user here: AuthKit completes the flow. */
  redirectUri: string;
}

/** A user whom your application has authenticated. */
export interface UserObject {
  /** Your own id for the user; becomes the user's `externalId`. */
  id: string;
  /** Email address; must not belong to a user with another id. */
  email: string;
  /** First name. */
  firstName?: string;
  /** Last name. */
  lastName?: string;
  /** Full name. */
  name?: string;
  /** Additional data about the user, up to 50 entries; keys are sent as they are. */
  metadata?: Record<string, string>;
}

/** One answer to a consent question. */
export interface UserConsentOptionChoice {
  /** Value of the claim. */
  value?: string;
  /** What the user reads. */
  label?: string;
}

/** A question that the user answers when giving consent. */
export interface UserConsentOption {
  /** Name of the claim that carries the answer. */
  claim: string;
  /** Kind of question. */
  type: "enum";
  /** What the user reads. */
  label: string;
  /** The possible answers. */
  choices: UserConsentOptionChoice[];
}

/** Options of `completeOAuth2`. */
export interface CompleteOAuth2Options {
  /** The id that AuthKit passed to your login page. */
  externalAuthId: string;
  /** The user to create or update in AuthKit. */
  user: UserObject;
  /** Questions for the user, kept with the session. */
  userConsentOptions?: UserConsentOption[];
}

/** Another name of {@linkcode CompleteOAuth2Options}. */
export type UserManagementLoginRequest = CompleteOAuth2Options;

/** Filters of `listApplications`. */
export interface ListApplicationsOptions extends PaginationOptions {
  /** Only applications of this organization. */
  organizationId?: string;
  /** Only applications with these kinds of registration. Default: `["authenticated"]`. */
  registrationTypes?: ("dynamic" | "authenticated" | OpenString)[];
}

/** A redirect URI to set. */
export interface RedirectUriInput extends Pick<ConnectApplicationRedirectUri, "uri"> {
  /** Whether it is used when a request specifies none. */
  default?: boolean | null;
}

/** Settings of every application; `null` clears one. */
export interface ConnectApplicationSettings {
  /** Name of the application. */
  name: string;
  /** Description. */
  description?: string | null;
  /** Scopes that the application may request. */
  scopes?: string[] | null;
}

/** A new application that users sign in to. */
export interface CreateOAuthApplication extends ConnectApplicationSettings {
  /** Type of the application. */
  applicationType: "oauth";
  /** Where users may return to. */
  redirectUris?: RedirectUriInput[] | null;
  /** Whether the authorization code flow uses PKCE. */
  usesPkce?: boolean | null;
  /** Whether it is an application of your own. */
  isFirstParty: boolean;
  /** The organization that the application belongs to; a third-party application needs one. */
  organizationId?: string | null;
}

/** A new application that acts for itself (machine to machine). */
export interface CreateM2MApplication extends ConnectApplicationSettings, OfOrganization {
  /** Type of the application. */
  applicationType: "m2m";
}

/** Options of `createApplication`. */
export type CreateApplicationOptions = CreateOAuthApplication | CreateM2MApplication;

/** Changes to an application; fields that are left out stay as they are, `null` clears one. */
export interface UpdateOAuthApplication extends Partial<ConnectApplicationSettings> {
  /** Where users may return to; replaces all of them. Not for machine-to-machine applications. */
  redirectUris?: RedirectUriInput[] | null;
}

/** Identifies an application. */
export interface GetApplicationOptions {
  /** Id or client id of the application. */
  id: string;
}

/** Options of `updateApplication`. */
export interface UpdateApplicationOptions extends GetApplicationOptions, UpdateOAuthApplication {}
/** Options of `deleteApplication`. */
export type DeleteApplicationOptions = GetApplicationOptions;
/** Options of `listApplicationClientSecrets`. */
export type ListApplicationClientSecretsOptions = GetApplicationOptions;
/** Options of `createApplicationClientSecret`. */
export type CreateApplicationClientSecretOptions = GetApplicationOptions;
/** Identifies a client secret. */
export interface DeleteClientSecretOptions {
  /** Id of the client secret. */
  id: string;
}

/** Calls on Connect applications and their client secrets. */
export class Connect {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /**
   * Hands an authenticated user over to AuthKit, which creates or updates the user by id. `GenericServerException` with
   * code `email_not_available` when another user has the email address. `POST /authkit/oauth2/complete`
   */
  async completeOAuth2(
    options: CompleteOAuth2Options,
    request?: RequestOptions,
  ): Promise<ExternalAuthCompleteResponse> {
    return await this.#api.send("POST", "/authkit/oauth2/complete", { body: options }, request);
  }

  /** Lists applications. `GET /connect/applications` */
  async listApplications(
    options: ListApplicationsOptions = {},
    request?: RequestOptions,
  ): Promise<AutoPaginatable<ConnectApplication, ListApplicationsOptions>> {
    return await this.#api.list("/connect/applications", { query: options, read: readConnectApplication }, request);
  }

  /** Makes an application of either type. `POST /connect/applications` */
  async createApplication(options: CreateApplicationOptions, request?: RequestOptions): Promise<ConnectApplication> {
    const call = { body: options, read: readConnectApplication };
    return await this.#api.send("POST", "/connect/applications", call, request);
  }

  /** Makes an application that users sign in to; see {@linkcode CreateOAuthApplication}. `POST /connect/applications` */
  async createOAuthApplication(
    name: string,
    isFirstParty: boolean,
    description?: string | null,
    scopes?: string[] | null,
    redirectUris?: RedirectUriInput[] | null,
    usesPkce?: boolean | null,
    organizationId?: string | null,
    request?: RequestOptions,
  ): Promise<ConnectApplication> {
    const options = { name, isFirstParty, description, scopes, redirectUris, usesPkce, organizationId };
    return await this.createApplication({ applicationType: "oauth", ...options }, request);
  }

  /** Makes an application that acts for itself; see {@linkcode CreateM2MApplication}. `POST /connect/applications` */
  async createM2MApplication(
    name: string,
    organizationId: string,
    description?: string | null,
    scopes?: string[] | null,
    request?: RequestOptions,
  ): Promise<ConnectApplication> {
    const options = { name, organizationId, description, scopes };
    return await this.createApplication({ applicationType: "m2m", ...options }, request);
  }

  /** Fetches an application. `GET /connect/applications/{id}` */
  async getApplication({ id }: GetApplicationOptions, request?: RequestOptions): Promise<ConnectApplication> {
    return await this.#api.send("GET", path`/connect/applications/${id}`, { read: readConnectApplication }, request);
  }

  /** Changes an application. Fields that are left out stay as they are. `PUT /connect/applications/{id}` */
  async updateApplication(
    { id, ...body }: UpdateApplicationOptions,
    request?: RequestOptions,
  ): Promise<ConnectApplication> {
    const call = { body, read: readConnectApplication };
    return await this.#api.send("PUT", path`/connect/applications/${id}`, call, request);
  }

  /** Deletes an application. `DELETE /connect/applications/{id}` */
  async deleteApplication({ id }: DeleteApplicationOptions, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/connect/applications/${id}`, {}, request);
  }

  /** Lists all client secrets of an application. `GET /connect/applications/{id}/client_secrets` */
  async listApplicationClientSecrets(
    { id }: ListApplicationClientSecretsOptions,
    request?: RequestOptions,
  ): Promise<ApplicationCredentialsListItem[]> {
    const read = (wire: unknown) => (wire as Wire[]).map((item) => readApplicationSecret(item));
    return await this.#api.send("GET", path`/connect/applications/${id}/client_secrets`, { bare: true, read }, request);
  }

  /** Creates a client secret; only this result has its value. `POST /connect/applications/{id}/client_secrets` */
  async createApplicationClientSecret(
    { id }: CreateApplicationClientSecretOptions,
    request?: RequestOptions,
  ): Promise<NewConnectApplicationSecret> {
    const read = readApplicationSecret<NewConnectApplicationSecret>;
    return await this.#api.send("POST", path`/connect/applications/${id}/client_secrets`, { read }, request);
  }

  /** Deletes a client secret, which stops working at once. `DELETE /connect/client_secrets/{id}` */
  async deleteClientSecret({ id }: DeleteClientSecretOptions, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/connect/client_secrets/${id}`, {}, request);
  }
}
