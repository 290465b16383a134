// Single sign-on: connections to identity providers, and signing in through them.

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

/** Filters and page of {@linkcode SSO.listConnections}. */
export interface ListConnectionsOptions extends PaginationOptions {
  /** Only connections of this kind. */
  connectionType?: ConnectionType;
  /** Only connections with this domain. */
  domain?: string;
  /** Only connections of this organization. */
  organizationId?: string;
  /** Only connections whose name matches this text. */
  search?: string;
}

/** Who signed in, as the identity provider knows them. */
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
  /** The attributes you mapped for this connection, with your names. */
  customAttributes?: CustomAttributesType;
  /** Everything the identity provider sent, with its names. */
  // deno-lint-ignore no-explicit-any -- callers of the Node SDK read into it without naming its type
  rawAttributes?: Record<string, any>;
}

/** A profile and the tokens that came with it. */
export interface ProfileAndToken<CustomAttributesType extends Record<string, unknown> = Record<string, unknown>> {
  /** Token that {@linkcode SSO.getProfile} takes. */
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

/** What every authorization URL can have. */
export interface SSOAuthorizationURLBaseFields extends BaseAuthorizationURLFields {
  /** Random text against replayed answers. */
  nonce?: string;
}

/** A sign-in through one connection. */
export interface SSOWithConnection {
  /** The connection to sign in through. */
  connection: string;
  /** Not with `connection`. */
  organization?: never;
  /** Not with `connection`. */
  provider?: never;
}

/** A sign-in through the connection of an organization. */
export interface SSOWithOrganization {
  /** The organization whose connection is used. */
  organization: string;
  /** Not with `organization`. */
  connection?: never;
  /** Not with `organization`. */
  provider?: never;
}

/** A sign-in through an OAuth provider. */
export interface SSOWithProvider {
  /** The provider, such as `GoogleOAuth`. */
  provider: string;
  /** Not with `provider`. */
  connection?: never;
  /** Not with `provider`. */
  organization?: never;
}

/** A code challenge with its method, or neither. */
export type SSOPKCEFields = PKCEFields;

/** What {@linkcode SSO.getAuthorizationUrl} takes: exactly one of `connection`, `organization` and `provider`. */
export type SSOAuthorizationURLOptions =
  & SSOAuthorizationURLBaseFields
  & SSOPKCEFields
  & (SSOWithConnection | SSOWithOrganization | SSOWithProvider);

/**
 * What {@linkcode SSO.getAuthorizationUrlWithPKCE} takes; state and code challenge are made for each URL. One of
 * `connection`, `organization` and `provider` has to have a value.
 */
export type SSOAuthorizationURLWithPKCEOptions = Omit<
  SSOAuthorizationURLOptions,
  "codeChallenge" | "codeChallengeMethod" | "state"
>;

/** An authorization URL and what has to be kept until the user comes back. */
export type SSOPKCEAuthorizationURLResult = PKCEAuthorizationURLResult;

/** What {@linkcode SSO.getProfileAndToken} takes. */
export interface GetProfileAndTokenOptions {
  /** Client id. Defaults to the client's; one of the two is needed. */
  clientId?: string;
  /** The `code` that came with the redirect. It works once, for ten minutes. */
  code: string;
  /** The verifier behind the code challenge; needed on a client without an API key. */
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

/** The way to sign a profile out at its identity provider. */
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
   * The URL that begins a sign-in; nothing is sent. Throws a `TypeError` without a client id, and unless one of
   * `connection`, `organization` and `provider` is given. `GET /sso/authorize`
   */
  getAuthorizationUrl(options: SSOAuthorizationURLOptions): string {
    return ssoAuthorizationUrl(this.#api, options);
  }

  /**
   * The URL that begins a sign-in, with a code challenge and a random state of its own. Keep `state` and `codeVerifier`
   * until the user comes back. Throws as {@linkcode SSO.getAuthorizationUrl} does. `GET /sso/authorize`
   */
  async getAuthorizationUrlWithPKCE(
    options: SSOAuthorizationURLWithPKCEOptions,
  ): Promise<SSOPKCEAuthorizationURLResult> {
    return await ssoAuthorizationUrlWithPKCE(this.#api, options);
  }

  /**
   * Exchanges the code of a redirect for the profile of who signed in. A client with an API key sends the key, and the
   * verifier too when there is one; a client without a key needs the verifier. Not repeated once the API has answered,
   * since a code works only once. `POST /sso/token`. Throws a `TypeError` without client id, code, or both key and
   * verifier, and {@linkcode OauthException} when the code is refused.
   */
  async getProfileAndToken<CustomAttributesType extends Record<string, unknown> = Record<string, unknown>>(
    options: GetProfileAndTokenOptions,
    request?: RequestOptions,
  ): Promise<ProfileAndToken<CustomAttributesType>> {
    return await exchangeCode(this.#api, options, request);
  }

  /**
   * Fetches the profile an access token stands for; {@linkcode SSO.getProfileAndToken} has returned it already. The
   * token authorizes the call, so it works without an API key. Throws {@linkcode UnauthorizedException} when the token
   * is refused. `GET /sso/profile`
   */
  async getProfile<CustomAttributesType extends Record<string, unknown> = Record<string, unknown>>(
    options: GetProfileOptions,
    request?: RequestOptions,
  ): Promise<Profile<CustomAttributesType>> {
    return await fetchProfile(this.#api, options, request);
  }

  /** Asks for a way to sign a profile out: send the user to the `logoutUrl` in it. `POST /sso/logout/authorize` */
  async authorizeLogout(options: AuthorizeSSOLogoutOptions, request?: RequestOptions): Promise<SSOLogoutAuthorization> {
    return await this.#api.send("POST", "/sso/logout/authorize", { body: options }, request);
  }

  /**
   * The URL that signs a user out at the identity provider, for a token of {@linkcode SSO.authorizeLogout}; nothing is
   * sent. Throws a `TypeError` without a token. `GET /sso/logout`
   */
  getLogoutUrl({ token }: SSOLogoutURLOptions): string {
    if (!token) throw new TypeError("Cannot build logout URL: token is empty or missing");
    return requestUrl(this.#api.baseURL, "/sso/logout", queryString({ token }));
  }
}
