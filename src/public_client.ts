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
  /** Must be absent: with a key the client is confidential. */
  apiKey?: undefined;
}

/** The methods of {@linkcode UserManagement} that work without an API key. */
export interface PublicUserManagement {
  /**
   * Makes the URL that signs a user in. Throws a `TypeError` when none of `provider`, `connectionId` and
   * `organizationId` is given, and for a `screenHint` without AuthKit. `GET /user_management/authorize`
   */
  getAuthorizationUrl(options: UserManagementAuthorizationURLOptions): string;
  /** Makes a sign-in URL with a new state and PKCE pair; throws like the other. `GET /user_management/authorize` */
  getAuthorizationUrlWithPKCE(
    options: UserManagementAuthorizationURLWithPKCEOptions,
  ): Promise<PKCEAuthorizationURLResult>;
  /**
   * Signs in with the code of a redirect and its verifier. Throws `AuthenticationException` when the sign-in needs
   * another step, and a `TypeError` without a verifier. `POST /user_management/authenticate`
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
  /** Begins a device's sign-in: show `userCode`, then poll with the result. `POST /user_management/authorize/device` */
  createDeviceAuthorization(
    options?: CreateDeviceAuthorizationOptions,
    request?: RequestOptions,
  ): Promise<DeviceAuthorization>;
  /**
   * Asks once whether a device sign-in was confirmed. Throws `OauthException` with `error` `authorization_pending` or
   * `slow_down` while the user is deciding. `POST /user_management/authenticate`
   */
  authenticateWithDeviceCode(
    options: AuthenticateWithDeviceCodeOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse>;
  /**
   * Waits until a device sign-in is confirmed. Throws `OauthException` with `error` `access_denied` when the user
   * refuses, and with `expired_token` when nobody confirms in time. `POST /user_management/authenticate`
   */
  pollDeviceAuthorization(
    options: PollDeviceAuthorizationOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse>;
  /** Makes the URL that ends a session. Throws a `TypeError` without its id. `GET /user_management/sessions/logout` */
  getLogoutUrl(options: LogoutURLOptions): string;
  /** Makes the URL of the keys of access tokens. Throws a `TypeError` without an id. `GET /sso/jwks/{clientId}` */
  getJwksUrl(clientId: string): string;
}

/** The methods of {@linkcode SSO} that work without an API key. */
export interface PublicSSO {
  /**
   * Makes the URL that begins a sign-in. Throws a `TypeError` when none of `connection`, `organization` and `provider`
   * is given. `GET /sso/authorize`
   */
  getAuthorizationUrl(options: SSOAuthorizationURLOptions): string;
  /** Makes the URL with a new state and PKCE pair. Throws as `getAuthorizationUrl` does. `GET /sso/authorize` */
  getAuthorizationUrlWithPKCE(options: SSOAuthorizationURLWithPKCEOptions): Promise<SSOPKCEAuthorizationURLResult>;
  /**
   * Exchanges the code of a redirect and its verifier for the profile of the person who signed in. Throws a `TypeError`
   * without code or verifier, and `OauthException` when the code is rejected. `POST /sso/token`
   */
  getProfileAndToken<CustomAttributesType extends Record<string, unknown> = Record<string, unknown>>(
    options: GetProfileAndTokenOptions,
    request?: RequestOptions,
  ): Promise<ProfileAndToken<CustomAttributesType>>;
  /** Fetches the profile that an access token belongs to. `GET /sso/profile` */
  getProfile<CustomAttributesType extends Record<string, unknown> = Record<string, unknown>>(
    options: GetProfileOptions,
    request?: RequestOptions,
  ): Promise<Profile<CustomAttributesType>>;
}

/** A client without an API key: the methods of {@linkcode WorkOS} that work without one. */
export interface PublicWorkOS {
  /** Protocol, host, port and path prefix of the API, without a slash at the end. */
  readonly baseURL: string;
  /** Client id. */
  readonly clientId: string;
  /** Generates PKCE pairs (RFC 7636). */
  readonly pkce: PKCE;
  /** Sign-in of users. */
  readonly userManagement: PublicUserManagement;
  /** Single sign-on. */
  readonly sso: PublicSSO;
  /** Version of this package. */
  readonly version: string;
}
