// Sign-in as functions: the grants, and how a grant is sent.

import type { RequestOptions, Transport } from "../../transport.ts";
import { path } from "../../url.ts";
import { readAuthenticationResponse } from "./authentication.ts";
// deno-fmt-ignore
import type {
  AuthenticateWithCodeOptions, AuthenticateWithDeviceCodeOptions, AuthenticateWithOptionsBase,
  AuthenticateWithRefreshTokenOptions, AuthenticationResponse, Grant, WithResolvedClientId,
} from "./authentication.ts";
// deno-fmt-ignore
import {
  authorizationUrl, type PKCEAuthorizationURLResult, requireProof,
  type UserManagementAuthorizationURLWithPKCEOptions, withPKCE,
} from "./authorize.ts";
import type { DeviceAuthorization } from "./device_authorization.ts";

export { pollDevice } from "./device_authorization.ts";

/** Sends a grant and reads the response. The caller handles `options.session`. */
export async function sendGrant(
  api: Transport,
  { grant, options }: { grant: Grant; options: WithResolvedClientId<AuthenticateWithOptionsBase> },
  request?: RequestOptions,
): Promise<AuthenticationResponse> {
  const { clientId, ipAddress, userAgent, deviceId } = options;
  const body = {
    grantType: grant.type,
    clientId,
    clientSecret: grant.secret === false ? undefined : api.apiKey,
    ...grant.members,
    ...{ ipAddress, userAgent, deviceId },
    ...grant.risk,
  };
  const call = { body, read: readAuthenticationResponse, public: grant.public, once: true };
  return await api.send("POST", path`/user_management/authenticate`, call, request);
}

/** The grant for a code. Throws a `TypeError` for a blank verifier, and without both a verifier and an API key. */
export function codeGrant(options: AuthenticateWithCodeOptions, apiKey: string | undefined): Grant {
  const { code, codeVerifier, invitationToken, signalsId } = options;
  requireProof("authenticateWithCode", codeVerifier ?? undefined, apiKey);
  const members = { code, codeVerifier: codeVerifier ?? undefined, invitationToken };
  return { type: "authorization_code", members, risk: { signalsId }, public: true };
}

/** The grant for the code of a redirect and its verifier, without a secret. Throws a `TypeError` for a blank verifier. */
export function codeAndVerifierGrant(options: AuthenticateWithCodeOptions): Grant {
  const codeVerifier = options.codeVerifier ?? "";
  return { ...codeGrant({ ...options, codeVerifier }, undefined), secret: false };
}

/** The grant for a refresh token. */
export function refreshGrant({ refreshToken, organizationId }: AuthenticateWithRefreshTokenOptions): Grant {
  return { type: "refresh_token", members: { refreshToken, organizationId }, public: true };
}

/** The grant for a device whose user code was confirmed. */
export function deviceGrant({ deviceCode }: AuthenticateWithDeviceCodeOptions): Grant {
  const type = "urn:ietf:params:oauth:grant-type:device_code";
  return { type, members: { deviceCode }, secret: false, public: true };
}

/** Begins the sign-in of a device. */
export async function authorizeDevice(
  api: Transport,
  clientId: string,
  request?: RequestOptions,
): Promise<DeviceAuthorization> {
  const call = { body: { clientId }, public: true };
  return await api.send("POST", path`/user_management/authorize/device`, call, request);
}

/** An authorization URL with a new state and PKCE pair; `options.clientId` must be resolved. */
export async function authorizationUrlWithPKCE(
  baseURL: string,
  options: UserManagementAuthorizationURLWithPKCEOptions,
): Promise<PKCEAuthorizationURLResult> {
  return await withPKCE((fields) => authorizationUrl(baseURL, { ...options, ...fields }));
}
