/**
 * A client for apps that cannot keep a secret, such as web pages, mobile apps and command-line tools: sign-in with
 * PKCE, sign-in of devices, single sign-on, refresh and sign-out, without the rest of the SDK.
 *
 * ```ts
 * import { createPublicWorkOS } from "@universal/workos/public";
 *
 * const workos = createPublicWorkOS({ clientId: "client_123" });
 * const { url, state, codeVerifier } = await workos.userManagement.getAuthorizationUrlWithPKCE({
 *   provider: "authkit",
 *   redirectUri: "https://app.example/callback",
 * });
 * // Keep state and codeVerifier until the user comes back, and send the user to the URL.
 * console.log(new URL(url).searchParams.get("state") === state, codeVerifier.length); // true 43
 * ```
 *
 * @module
 */

import { resolveTransportConfig, text, type WorkOSOptions } from "../config.ts";
import { badOption } from "../errors.ts";
import { PKCE } from "../pkce.ts";
import {
  exchangeCode,
  fetchProfile,
  ssoAuthorizationUrl,
  ssoAuthorizationUrlWithPKCE,
} from "../resources/sso/sign_in.ts";
import {
  type AuthenticateWithOptionsBase,
  type Grant,
  refuseSealing,
} from "../resources/user_management/authentication.ts";
import { authorizationUrl, jwksUrl, logoutUrl, requireClientId } from "../resources/user_management/authorize.ts";
// deno-fmt-ignore
import {
  authorizationUrlWithPKCE, authorizeDevice, codeAndVerifierGrant, codeGrant, deviceGrant, pollDevice, refreshGrant,
  sendGrant,
} from "../resources/user_management/sign_in.ts";
import { type RequestOptions, Transport } from "../transport.ts";
import { VERSION } from "../version.ts";
import type { PublicSSO, PublicUserManagement, PublicWorkOS } from "../public_client.ts";

// deno-fmt-ignore
export {
  AuthenticationException, BadRequestException, ConflictException, GenericServerException, NetworkException,
  NotFoundException, OauthException, ParseError, RateLimitExceededException, RedirectException, TimeoutException,
  UnauthorizedException, UnprocessableEntityException, WorkOSException,
} from "../errors.ts";
export type { PublicClientOptions, PublicSSO, PublicUserManagement, PublicWorkOS } from "../public_client.ts";
export type { RequestOptions } from "../transport.ts";

export type { AppInfo, FetchFunction, WorkOSOptions } from "../config.ts";
// deno-fmt-ignore
export type {
  HookError, HookRequest, HookResponse, HookRetry, Hooks, Logger, LogLevel, Traceparent,
} from "../hooks.ts";
export type { RateLimit } from "../rate_limit.ts";
export type { Entity, Timestamps } from "../entity.ts";
export type {
  AuthenticationErrorCode,
  AuthenticationErrorData,
  AuthenticationErrorUser,
  UnprocessableEntityError,
} from "../errors.ts";
export type { PKCE, PKCEPair } from "../pkce.ts";
export type { RoleResponse } from "../resources/roles.ts";
// deno-fmt-ignore
export type {
  ConnectionType, GetProfileAndTokenOptions, GetProfileOptions, Profile, ProfileAndToken, SSOAuthorizationURLBaseFields,
  SSOAuthorizationURLOptions, SSOAuthorizationURLWithPKCEOptions, SSOPKCEAuthorizationURLResult, SSOPKCEFields,
  SSOWithConnection, SSOWithOrganization, SSOWithProvider,
} from "../resources/sso.ts";
// deno-fmt-ignore
export type {
  AuthenticateWithCodeAndVerifierOptions, AuthenticateWithCodeOptions, AuthenticateWithDeviceCodeOptions,
  AuthenticateWithOptionsBase, AuthenticateWithRefreshTokenOptions, AuthenticateWithSessionOptions,
  AuthenticationMethod, AuthenticationResponse, Impersonator, OauthTokens,
} from "../resources/user_management/authentication.ts";
// deno-fmt-ignore
export type {
  LogoutURLOptions, PKCEAuthorizationURLResult, PKCEFields, UserManagementAuthorizationURLBaseOptions,
  UserManagementAuthorizationURLOptions, UserManagementAuthorizationURLWithPKCEOptions,
} from "../resources/user_management/authorize.ts";
export type {
  CreateDeviceAuthorizationOptions,
  DeviceAuthorization,
  PollDeviceAuthorizationOptions,
} from "../resources/user_management/device_authorization.ts";
export type { User } from "../resources/user_management/users.ts";

/** Options of {@linkcode createPublicWorkOS}: those of `createWorkOS` that affect requests. */
export interface PublicAppOptions extends
  Pick<
    WorkOSOptions,
    "apiHostname" | "https" | "port" | "baseUrl" | "config" | "appInfo" | "fetchFn" | "timeout" | "maxRetries"
  > {
  /** Client id, `client_...`. */
  clientId: string;
  /** Must be absent. */
  apiKey?: undefined;
}

const OPTIONS = [
  ...["clientId", "apiHostname", "https", "port", "baseUrl", "config", "appInfo", "fetchFn", "timeout", "maxRetries"],
];

/**
 * Makes a public client; the environment is never read. It works as the client of `createWorkOS` without an API key,
 * but without hooks, log lines and rate limits. Throws a `TypeError` that names the option for a bad value, for an
 * `apiKey`, and for any option that is not listed in {@linkcode PublicAppOptions}.
 */
export function createPublicWorkOS(options: PublicAppOptions): PublicWorkOS {
  for (const [name, value] of Object.entries(options ?? {})) {
    if (OPTIONS.includes(name) || value === undefined) continue;
    throw badOption(name, "a public client has no such option and keeps no secret");
  }
  const clientId = requireClientId(text(options?.clientId, "clientId")?.trim());
  const api = new Transport(resolveTransportConfig(options, { clientId }));
  return {
    baseURL: api.baseURL,
    clientId,
    pkce: new PKCE(),
    userManagement: publicUserManagement(api, clientId),
    sso: publicSSO(api),
    version: VERSION,
  };
}

function publicUserManagement(api: Transport, clientId: string): PublicUserManagement {
  const { baseURL } = api;
  const own = <T extends { clientId?: string }>(options: T) => ({
    ...options,
    clientId: requireClientId(options.clientId ?? clientId),
  });
  const authenticate = async (grant: Grant, options: AuthenticateWithOptionsBase, request?: RequestOptions) => {
    refuseSealing(options.session);
    return await sendGrant(api, { grant, options: own(options) }, request);
  };
  const methods: PublicUserManagement = {
    getAuthorizationUrl: (options) => authorizationUrl(baseURL, own(options)),
    getAuthorizationUrlWithPKCE: async (options) => await authorizationUrlWithPKCE(baseURL, own(options)),
    authenticateWithCode: async (options, request) =>
      await authenticate(codeGrant(options, undefined), options, request),
    authenticateWithCodeAndVerifier: async (options, request) =>
      await authenticate(codeAndVerifierGrant(options), options, request),
    authenticateWithRefreshToken: async (options, request) =>
      await authenticate(refreshGrant(options), options, request),
    createDeviceAuthorization: async (options = {}, request) =>
      await authorizeDevice(api, own(options).clientId, request),
    authenticateWithDeviceCode: async (options, request) => await authenticate(deviceGrant(options), options, request),
    pollDeviceAuthorization: async (options, request) =>
      await pollDevice(api, { authenticate: methods.authenticateWithDeviceCode, options }, request),
    getLogoutUrl: (options) => logoutUrl(baseURL, options),
    getJwksUrl: (id) => jwksUrl(baseURL, id),
  };
  return methods;
}

function publicSSO(api: Transport): PublicSSO {
  return {
    getAuthorizationUrl: (options) => ssoAuthorizationUrl(api, options),
    getAuthorizationUrlWithPKCE: async (options) => await ssoAuthorizationUrlWithPKCE(api, options),
    getProfileAndToken: async (options, request) => await exchangeCode(api, options, request),
    getProfile: async (options, request) => await fetchProfile(api, options, request),
  };
}
