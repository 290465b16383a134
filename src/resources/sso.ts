// Single sign-on: connections to identity providers, and sign-in through them.

import type { Entity } from "../entity.ts";
import type { AutoPaginatable, PaginationOptions } from "../page.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path, queryString, requestUrl } from "../url.ts";
import { camel, type OpenString, type Wire } from "../wire.ts";
import type { RoleResponse } from "./roles.ts";
import type { ConnectionType } from "./sso/connection_type.ts";
import { exchangeCode, fetchProfile, ssoAuthorizationUrl, ssoAuthorizationUrlWithPKCE } from "./sso/sign_in.ts";
import type { OauthTokens } from "./user_management.ts";
import type {
  BaseAuthorizationURLFields,
  PKCEAuthorizationURLResult,
  PKCEFields,
} from "./user_management/authorize.ts";

export { ConnectionType } from "./sso/connection_type.ts";

/** A domain of a connection. */
export interface ConnectionDomain {
  /** Always `connection_domain`. */
  object: "connection_domain";
  /** Unique id of the domain. */
  id: string;
  /** The domain, such as `example.com`. */
  domain: string;
}

/** A connection between an organization and its identity provider. */
export interface Connection extends Entity<"connection"> {
  /** The organization the connection belongs to; absent when it belongs to none. */
  organizationId?: string;
  /** Name of the connection, usually that of the organization. */
  name: string;
  /** Whether users can sign in through the connection: only when `active`. */
  state: "requires_type" | "draft" | "active" | "inactive" | "validating" | "deleting" | OpenString;
  /** @deprecated Whether the connection is linked: use `state`. */
  status?: "linked" | "unlinked" | OpenString;
  /** Domains of the connection. Absent in the event `connection.deleted`. */
  domains: ConnectionDomain[];
  /** The kind of connection; the API calls it `connection_type`. */
  type: ConnectionType;
  /** External key of the connection; sent in events. */
  externalKey?: string;
}

/** Options of {@linkcode SSO.listConnections}. */
export interface ListConnectionsOptions extends PaginationOptions {
  /** Only connections of this kind. The API has `GithubOAuth` here, and `GitHubOAuth` in the connections. */
  connectionType?: ConnectionType | "GithubOAuth";
  /** Only connections with this domain. */
  domain?: string;
  /** Only connections of this organization. */
  organizationId?: string;
  /** Only connections whose name matches this text. */
  search?: string;
}

/** The person who signed in, as the identity provider describes them. */
export interface Profile<CustomAttributesType extends Record<string, unknown> = Record<string, unknown>> {
  /** Always `profile`. */
  object?: "profile";
  /** Unique id of the profile. */
  id: string;
  /** The user's id at the identity provider. */
  idpId: string;
  /** The organization the user belongs to. Check it: `null` or absent when the connection belongs to none. */
  organizationId?: string | null;
  /** The connection that was used. */
  connectionId: string;
  /** The kind of that connection. */
  connectionType: ConnectionType;
  /** The user's email address. */
  email: string;
  /** Full name; `null` or absent when the provider gave none. */
  name?: string | null;
  /** First name; `null` or absent when the provider gave none. */
  firstName?: string | null;
  /** Last name; `null` or absent when the provider gave none. */
  lastName?: string | null;
  /** The user's role in the organization; `null` or absent without one. */
  role?: RoleResponse | null;
  /** The user's roles in the organization; `null` or absent without any. */
  roles?: RoleResponse[] | null;
  /** The user's groups at the identity provider. */
  groups?: string[];
  /** The attributes that you mapped for this connection, under your names. */
  customAttributes?: CustomAttributesType;
  /** Everything that the identity provider sent, under its names. */
  // deno-lint-ignore no-explicit-any -- callers of the Node SDK read into it without naming its type
  rawAttributes?: Record<string, any>;
}

/** A profile and the tokens that came with it. */
export interface ProfileAndToken<CustomAttributesType extends Record<string, unknown> = Record<string, unknown>> {
  /** Token for {@linkcode SSO.getProfile}. */
  accessToken: string;
  /** Always `Bearer`. */
  tokenType?: string;
  /** Lifetime of the access token, in seconds. */
  expiresIn?: number;
  /** Who signed in. */
  profile: Profile<CustomAttributesType>;
  /** The identity provider's own tokens; absent unless the connection is set up to return them. */
  oauthTokens?: OauthTokens;
}

/** Options of every authorization URL. */
export interface SSOAuthorizationURLBaseFields extends BaseAuthorizationURLFields {
  /** Random text that protects against replayed responses (OpenID Connect). */
  nonce?: string;
}

/** A sign-in through one connection. */
export interface SSOWithConnection extends Partial<Record<"organization" | "provider", never>> {
  /** The connection to sign in through. */
  connection: string;
}

/** A sign-in through the connection of an organization. */
export interface SSOWithOrganization extends Partial<Record<"connection" | "provider", never>> {
  /** The organization whose connection is used. */
  organization: string;
}

/** A sign-in through an OAuth provider. */
export interface SSOWithProvider extends Partial<Record<"connection" | "organization", never>> {
  /** The provider. */
  // deno-fmt-ignore
  provider:
    | "AppleOAuth" | "BitbucketOAuth" | "GitHubOAuth" | "GitLabOAuth" | "GoogleOAuth" | "IntuitOAuth" | "LinkedInOAuth"
    | "MicrosoftOAuth" | "SalesforceOAuth" | "SlackOAuth" | "VercelMarketplaceOAuth" | "VercelOAuth" | "XeroOAuth"
    | OpenString;
}

/** A PKCE challenge and its method: both fields or neither. */
export type SSOPKCEFields = PKCEFields;

/** What {@linkcode SSO.getAuthorizationUrl} takes: exactly one of `connection`, `organization` and `provider`. */
export type SSOAuthorizationURLOptions =
  & SSOAuthorizationURLBaseFields
  & SSOPKCEFields
  & (SSOWithConnection | SSOWithOrganization | SSOWithProvider);

/** What {@linkcode SSO.getAuthorizationUrlWithPKCE} takes: one of `connection`, `organization` and `provider`. */
export type SSOAuthorizationURLWithPKCEOptions = Omit<SSOAuthorizationURLOptions, keyof SSOPKCEFields | "state">;

/** An authorization URL, and the values to keep until the user comes back. */
export type SSOPKCEAuthorizationURLResult = PKCEAuthorizationURLResult;

/** What {@linkcode SSO.getProfileAndToken} takes. */
export interface GetProfileAndTokenOptions {
  /** Client id. Defaults to the client's; one of the two is needed. */
  clientId?: string;
  /** The `code` of the redirect. It works once, for ten minutes. */
  code: string;
  /** The PKCE verifier of the code challenge; needed on a client without an API key. */
  codeVerifier?: string;
}

/** What {@linkcode SSO.getProfile} takes. */
export interface GetProfileOptions {
  /** The access token of {@linkcode ProfileAndToken}. */
  accessToken: string;
}

/** What {@linkcode SSO.authorizeLogout} takes. */
export interface AuthorizeSSOLogoutOptions {
  /** The profile to sign out. */
  profileId: string;
}

/** How to sign a profile out at its identity provider. */
export interface SSOLogoutAuthorization {
  /** Where to send the user; works for a short time. */
  logoutUrl: string;
  /** The token in that URL. */
  logoutToken: string;
}

/** What {@linkcode SSO.getLogoutUrl} takes. */
export interface SSOLogoutURLOptions {
  /** The `logoutToken` of {@linkcode SSO.authorizeLogout}. */
  token: string;
}

/** Reads a connection; the API calls its type `connection_type`. */
export function readConnection(wire: Wire): Connection {
  const { connection_type: type, ...rest } = wire;
  const connection = camel<Connection>(rest);
  if (type !== undefined) connection.type = type as ConnectionType;
  return connection;
}

/** Calls on connections, and single sign-on through them. Signing in works on a client without an API key. */
export class SSO {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Lists connections. `GET /connections` */
  async listConnections(
    options?: ListConnectionsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<Connection, ListConnectionsOptions>> {
    return await this.#api.list("/connections", { query: options, read: readConnection }, request);
  }

  /** Deletes a connection for good. `DELETE /connections/{id}` */
  async deleteConnection(id: string, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/connections/${id}`, {}, request);
  }

  /** Fetches one connection. `GET /connections/{id}` */
  async getConnection(id: string, request?: RequestOptions): Promise<Connection> {
    return await this.#api.send("GET", path`/connections/${id}`, { read: readConnection }, request);
  }

  /**
   * Makes the URL that begins a sign-in; sends nothing. Throws a `TypeError` without a client id, or when none of
   * `connection`, `organization` and `provider` is given. `GET /sso/authorize`
   */
  getAuthorizationUrl(options: SSOAuthorizationURLOptions): string {
    return ssoAuthorizationUrl(this.#api, options);
  }

  /**
   * Makes the URL that begins a sign-in, with a new code challenge and random state. Keep `state` and `codeVerifier`
   * until the user comes back. Throws as {@linkcode SSO.getAuthorizationUrl} does. `GET /sso/authorize`
   */
  async getAuthorizationUrlWithPKCE(
    options: SSOAuthorizationURLWithPKCEOptions,
  ): Promise<SSOPKCEAuthorizationURLResult> {
    return await ssoAuthorizationUrlWithPKCE(this.#api, options);
  }

  /**
   * Exchanges the code of a redirect for the profile of the person who signed in. A client with an API key sends the
   * key, and `codeVerifier` too if given; a client without a key needs `codeVerifier`. Not retried once a response has
   * arrived, as a code works only once. `POST /sso/token`. Throws a `TypeError` without a client id, without a code, or
   * without both key and verifier, and {@linkcode OauthException} when the code is rejected.
   */
  async getProfileAndToken<CustomAttributesType extends Record<string, unknown> = Record<string, unknown>>(
    options: GetProfileAndTokenOptions,
    request?: RequestOptions,
  ): Promise<ProfileAndToken<CustomAttributesType>> {
    return await exchangeCode(this.#api, options, request);
  }

  /**
   * Fetches the profile of an access token, which {@linkcode SSO.getProfileAndToken} has already returned. The token
   * authorizes the call, so no API key is needed. Throws a `TypeError` for an empty token, and
   * {@linkcode UnauthorizedException} when the API rejects it. `GET /sso/profile`
   */
  async getProfile<CustomAttributesType extends Record<string, unknown> = Record<string, unknown>>(
    options: GetProfileOptions,
    request?: RequestOptions,
  ): Promise<Profile<CustomAttributesType>> {
    return await fetchProfile(this.#api, options, request);
  }

  /** Starts the sign-out of a profile: send the user to the `logoutUrl`. `POST /sso/logout/authorize` */
  async authorizeLogout(options: AuthorizeSSOLogoutOptions, request?: RequestOptions): Promise<SSOLogoutAuthorization> {
    return await this.#api.send("POST", "/sso/logout/authorize", { body: options }, request);
  }

  /** Makes the sign-out URL for a token of `authorizeLogout`. Throws a `TypeError` without one. `GET /sso/logout` */
  getLogoutUrl({ token }: SSOLogoutURLOptions): string {
    if (!token) throw new TypeError("Cannot build logout URL: token is empty or not a string");
    return requestUrl(this.#api.baseURL, "/sso/logout", queryString({ token }));
  }
}
