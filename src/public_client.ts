// The types of a client without an API key.

import type { WorkOSOptions } from "./config.ts";
import type { PKCE } from "./pkce.ts";
// deno-fmt-ignore
import type {
  GetProfileAndTokenOptions, GetProfileOptions, Profile, ProfileAndToken, SSOAuthorizationURLOptions,
  SSOAuthorizationURLWithPKCEOptions, SSOPKCEAuthorizationURLResult,
} from "./resources/sso.ts";
import type {
  AuthenticateWithCodeAndVerifierOptions,
  AuthenticateWithCodeOptions,
  AuthenticateWithDeviceCodeOptions,
  AuthenticateWithRefreshTokenOptions,
  AuthenticationResponse,
} from "./resources/user_management/authentication.ts";
import type {
  LogoutURLOptions,
  PKCEAuthorizationURLResult,
  UserManagementAuthorizationURLOptions,
  UserManagementAuthorizationURLWithPKCEOptions,
} from "./resources/user_management/authorize.ts";
import type {
  CreateDeviceAuthorizationOptions,
  DeviceAuthorization,
  PollDeviceAuthorizationOptions,
} from "./resources/user_management/device_authorization.ts";
import type { RequestOptions } from "./transport.ts";

/** Options of a public client: an app that cannot keep a secret. */
export interface PublicClientOptions extends Omit<WorkOSOptions, "apiKey"> {
  /** Client id, `client_...`. */
  clientId: string;
  /** Not allowed: a client with a key is confidential. */
  apiKey?: undefined;
}

/** The methods of {@linkcode UserManagement} that work without an API key. */
export interface PublicUserManagement {
  /**
   * Builds the URL that signs a user in. Throws a `TypeError` when none of `provider`, `connectionId` and
   * `organizationId` is given, and for a `screenHint` without AuthKit.
   */
  getAuthorizationUrl(options: UserManagementAuthorizationURLOptions): string;
  /** Builds the URL that signs a user in, with a new state and PKCE pair. Throws as `getAuthorizationUrl` does. */
  getAuthorizationUrlWithPKCE(
    options: UserManagementAuthorizationURLWithPKCEOptions,
  ): Promise<PKCEAuthorizationURLResult>;
  /**
   * Signs in with the code of a redirect and its verifier. `POST /user_management/authenticate`
   *
   * Throws `AuthenticationException` when the sign-in needs another step, and a `TypeError` without a verifier.
   */
  authenticateWithCode(options: AuthenticateWithCodeOptions, request?: RequestOptions): Promise<AuthenticationResponse>;
  /** Signs in with the code of a redirect and its verifier. `POST /user_management/authenticate` */
  authenticateWithCodeAndVerifier(
    options: AuthenticateWithCodeAndVerifierOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse>;
  /** Exchanges a refresh token for new tokens; the old one is spent. `POST /user_management/authenticate` */
  authenticateWithRefreshToken(
    options: AuthenticateWithRefreshTokenOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse>;
  /**
   * Starts the sign-in of a device (RFC 8628): show the user code, then poll with the response.
   * `POST /user_management/authorize/device`
   */
  createDeviceAuthorization(
    options?: CreateDeviceAuthorizationOptions,
    request?: RequestOptions,
  ): Promise<DeviceAuthorization>;
  /**
   * Asks once whether the user has confirmed a device sign-in. `POST /user_management/authenticate`
   *
   * Throws `OauthException` with `error` `authorization_pending` or `slow_down` until then.
   */
  authenticateWithDeviceCode(
    options: AuthenticateWithDeviceCodeOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse>;
  /**
   * Waits until a device sign-in is confirmed. Throws `OauthException` with `error` `access_denied` when the user
   * denies it, and with `expired_token` when nobody confirms in time.
   */
  pollDeviceAuthorization(
    options: PollDeviceAuthorizationOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse>;
  /** Builds the URL that ends a session in the user's browser. Throws a `TypeError` without a session id. */
  getLogoutUrl(options: LogoutURLOptions): string;
  /** Builds the URL of the key set for access tokens of a client id. Throws a `TypeError` without a client id. */
  getJwksUrl(clientId: string): string;
}

/** The methods of {@linkcode SSO} that work without an API key. */
export interface PublicSSO {
  /**
   * The URL that starts a sign-in; nothing is sent. Throws a `TypeError` unless one of `connection`, `organization` and
   * `provider` is given.
   */
  getAuthorizationUrl(options: SSOAuthorizationURLOptions): string;
  /** The URL that starts a sign-in, with a new state and PKCE pair. Throws as `getAuthorizationUrl` does. */
  getAuthorizationUrlWithPKCE(options: SSOAuthorizationURLWithPKCEOptions): Promise<SSOPKCEAuthorizationURLResult>;
  /**
   * Exchanges the code of a redirect and its verifier for the profile of the user. `POST /sso/token`
   *
   * Throws a `TypeError` without code or verifier, and `OauthException` when the code is rejected.
   */
  getProfileAndToken<CustomAttributesType extends Record<string, unknown> = Record<string, unknown>>(
    options: GetProfileAndTokenOptions,
    request?: RequestOptions,
  ): Promise<ProfileAndToken<CustomAttributesType>>;
  /** Fetches the profile of an access token. `GET /sso/profile` */
  getProfile<CustomAttributesType extends Record<string, unknown> = Record<string, unknown>>(
    options: GetProfileOptions,
    request?: RequestOptions,
  ): Promise<Profile<CustomAttributesType>>;
}

/** A client without an API key. */
export interface PublicWorkOS {
  /** Protocol, host and port of the API. */
  readonly baseURL: string;
  /** Client id. */
  readonly clientId: string;
  /** Generates PKCE pairs. */
  readonly pkce: PKCE;
  /** Sign-in of users. */
  readonly userManagement: PublicUserManagement;
  /** Single sign-on. */
  readonly sso: PublicSSO;
  /** Version of this package. */
  readonly version: string;
}
