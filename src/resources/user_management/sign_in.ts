// Sign-in without the class: its grants, and how one is sent.

import { PKCE } from "../../pkce.ts";
import type { RequestOptions, Transport } from "../../transport.ts";
import { path } from "../../url.ts";
import { readAuthenticationResponse } from "./authentication.ts";
// deno-fmt-ignore
import type {
  AuthenticateWithCodeOptions, AuthenticateWithDeviceCodeOptions, AuthenticateWithOptionsBase,
  AuthenticateWithRefreshTokenOptions, AuthenticationResponse, Grant,
} from "./authentication.ts";
import {
  authorizationUrl,
  type PKCEAuthorizationURLResult,
  requireClientId,
  type UserManagementAuthorizationURLWithPKCEOptions,
} from "./authorize.ts";
import {
  type DeviceAuthorization,
  type PollDeviceAuthorizationOptions,
  pollUntilGranted,
} from "./device_authorization.ts";

/** Sends a grant and reads the answer; `options.clientId` is already resolved, `options.session` is the caller's task. */
export async function sendGrant(
  api: Transport,
  { grant, options }: { grant: Grant; options: AuthenticateWithOptionsBase },
  request?: RequestOptions,
): Promise<AuthenticationResponse> {
  const rawBody = {
    grant_type: grant.type,
    client_id: requireClientId(options.clientId),
    client_secret: grant.secret === false ? undefined : api.apiKey,
    ...grant.members,
    ip_address: options.ipAddress,
    user_agent: options.userAgent,
    device_id: options.deviceId,
    ...grant.risk,
  };
  const call = { rawBody, read: readAuthenticationResponse, public: grant.public, once: true };
  return await api.send("POST", path`/user_management/authenticate`, call, request);
}

/**
 * The grant for the code of a redirect. Throws a `TypeError` for a blank verifier, and without a verifier unless there
 * is an API key.
 */
export function codeGrant(options: AuthenticateWithCodeOptions, apiKey: string | undefined): Grant {
  if ((options.codeVerifier ?? undefined) === undefined && !apiKey) {
    throw new TypeError(
      "authenticateWithCode requires either a codeVerifier (for public clients) or an API key configured on the " +
        "WorkOS instance (for confidential clients).",
    );
  }
  return codeMembers(options);
}

/** The grant for the code of a redirect and its verifier, without a secret. Throws a `TypeError` for a blank verifier. */
export function codeAndVerifierGrant(options: AuthenticateWithCodeOptions): Grant {
  checkVerifier(options.codeVerifier);
  return { ...codeMembers(options), secret: false };
}

function codeMembers({ code, codeVerifier, invitationToken, signalsId }: AuthenticateWithCodeOptions): Grant {
  const verifier = codeVerifier ?? undefined;
  if (verifier !== undefined) checkVerifier(verifier);
  const members = { code, code_verifier: verifier, invitation_token: invitationToken };
  return { type: "authorization_code", members, risk: { signals_id: signalsId }, public: true };
}

/** The grant for a refresh token. */
export function refreshGrant({ refreshToken, organizationId }: AuthenticateWithRefreshTokenOptions): Grant {
  const members = { refresh_token: refreshToken, organization_id: organizationId };
  return { type: "refresh_token", members, public: true };
}

/** The grant for a device whose user code was confirmed. */
export function deviceGrant({ deviceCode }: AuthenticateWithDeviceCodeOptions): Grant {
  const type = "urn:ietf:params:oauth:grant-type:device_code";
  return { type, members: { device_code: deviceCode }, secret: false, public: true };
}

/** A blank verifier would pass for one that was never made. */
function checkVerifier(codeVerifier: unknown): void {
  if (typeof codeVerifier === "string" && codeVerifier.trim() !== "") return;
  throw new TypeError(
    "codeVerifier cannot be an empty string. Generate a valid PKCE pair using workos.pkce.generate().",
  );
}

/** Begins the sign-in of a device. */
export async function authorizeDevice(
  api: Transport,
  clientId: string | undefined,
  request?: RequestOptions,
): Promise<DeviceAuthorization> {
  const call = { body: { clientId: requireClientId(clientId) }, public: true };
  return await api.send("POST", path`/user_management/authorize/device`, call, request);
}

/** Repeats `authenticate` until the sign-in of a device is confirmed, refused or too late. */
export async function pollDevice(
  authenticate: (
    options: AuthenticateWithDeviceCodeOptions,
    request: RequestOptions,
  ) => Promise<AuthenticationResponse>,
  { interval, expiresIn, ...grant }: PollDeviceAuthorizationOptions,
  request: RequestOptions = {},
): Promise<AuthenticationResponse> {
  const { idempotencyKey: _, ...each } = request; // one key for all questions would repeat the first answer
  return await pollUntilGranted(() => authenticate(grant, each), { interval, expiresIn, signal: each.signal });
}

/** An authorization URL with a fresh state and PKCE pair; `options.clientId` is already resolved. */
export async function authorizationUrlWithPKCE(
  baseURL: string,
  options: UserManagementAuthorizationURLWithPKCEOptions,
): Promise<PKCEAuthorizationURLResult> {
  const pkce = new PKCE();
  const { codeVerifier, codeChallenge, codeChallengeMethod } = await pkce.generate();
  const state = pkce.generateCodeVerifier();
  const url = authorizationUrl(baseURL, { ...options, state, codeChallenge, codeChallengeMethod });
  return { url, state, codeVerifier };
}
