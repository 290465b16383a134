// Sign-in: the options of each grant, and the response they share.

import type { OfOrganization } from "../../entity.ts";
import { badOption } from "../../errors.ts";
import { checkPasswords, SealError, type SealPasswords } from "../../seal.ts";
import { camel, type OpenString, type Wire } from "../../wire.ts";
import { readUser, type User } from "./users.ts";

/** How a session is sealed. */
export interface SealingOptions {
  /**
   * Seals only `object` and `id` of the user, for a small cookie; `user` then has no other members when the cookie is
   * read. The Node SDK reads such a cookie too. Default `false`; on a refresh, the form of the previous cookie.
   */
  slim?: boolean;
  /**
   * Maximum size of the cookie in bytes, at least 256, counting `wos-session` as its name; a larger cookie is a
   * {@linkcode SessionCookieTooLargeException}. Default: 4096, the limit of browsers, or no limit on a refresh when the
   * cookie was already larger. Use `Infinity` together with `splitSessionCookie`.
   */
  maxCookieSize?: number;
}

/** Whether and how the session of a sign-in is sealed into a cookie value. Never sent to the API. */
export interface AuthenticateWithSessionOptions extends SealingOptions {
  /** Password that seals the session, at least 32 characters; of several, the first seals. Needed for `sealSession`. */
  cookiePassword?: SealPasswords;
  /** Whether the response has a `sealedSession`. Needs an API key. */
  sealSession: boolean;
}

/** Options of every grant. */
export interface AuthenticateWithOptionsBase {
  /** Client id. Default: the client's. */
  clientId?: string;
  /** IP address the user's request came from. */
  ipAddress?: string;
  /** User agent of the user's browser. */
  userAgent?: string;
  /** Your own id for the user's device. */
  deviceId?: string;
  /** Seals the session. Default: it is not sealed. */
  session?: AuthenticateWithSessionOptions;
}

/** Options of every further sign-in step. */
export interface ContinueSignInOptions extends AuthenticateWithOptionsBase {
  /** Token of the {@linkcode AuthenticationException} that asked for this step. */
  pendingAuthenticationToken: string;
}

/** Options of grants that begin a sign-in. */
export interface BeginSignInOptions extends AuthenticateWithOptionsBase {
  /** Token of an invitation to accept with the sign-in. */
  invitationToken?: string;
  /** Id of the signals that Radar collected in the browser. */
  signalsId?: string;
}

/** Options in which the client id is known. */
export type WithResolvedClientId<T> = Omit<T, "clientId"> & {
  /** Client id. */
  clientId: string;
};

/** Signs in with the code of a redirect; on a public client together with the PKCE verifier. */
export interface AuthenticateWithCodeOptions extends BeginSignInOptions {
  /** The code from the redirect. */
  code: string;
  /** The PKCE verifier whose challenge is in the authorization URL. */
  codeVerifier?: string;
}

/** Signs in with the code of a redirect and the PKCE verifier, without a client secret. */
export interface AuthenticateWithCodeAndVerifierOptions extends AuthenticateWithCodeOptions {
  /** The PKCE verifier whose challenge is in the authorization URL. */
  codeVerifier: string;
}

/** Exchanges a refresh token for new tokens. */
export interface AuthenticateWithRefreshTokenOptions extends AuthenticateWithOptionsBase {
  /** The refresh token; it can be used once. */
  refreshToken: string;
  /** Organization of the new session. Default: that of the old session. */
  organizationId?: string;
}

/** Exchanges a refresh token for new tokens on a client without an API key. */
export type AuthenticateWithRefreshTokenPublicClientOptions = AuthenticateWithRefreshTokenOptions;

/** Signs in with an email address and a password. */
export interface AuthenticateWithPasswordOptions extends BeginSignInOptions {
  /** Email address. */
  email: string;
  /** Password. */
  password: string;
  /** Id of the Radar attempt that this sign-in belongs to. */
  radarAuthAttemptId?: string;
}

/** Signs in with a code that was sent by email. */
export interface AuthenticateWithMagicAuthOptions extends BeginSignInOptions {
  /** The code from the email. */
  code: string;
  /** Address to which the code was sent. */
  email: string;
  /** Code that links this sign-in to another authorization. */
  linkAuthorizationCode?: string;
  /** Id of the Radar attempt that this sign-in belongs to. */
  radarAuthAttemptId?: string;
}

/** Continues a sign-in with the code of an authenticator app. */
export interface AuthenticateWithTotpOptions extends ContinueSignInOptions {
  /** The code from the app. */
  code: string;
  /** Id of the challenge, from `multiFactorAuth.challengeFactor`. */
  authenticationChallengeId: string;
}

/** Continues a sign-in with the code that verifies an email address. */
export interface AuthenticateWithEmailVerificationOptions extends ContinueSignInOptions {
  /** The code from the email. */
  code: string;
}

/** Continues a sign-in with the organization the user chose. */
export interface AuthenticateWithOrganizationSelectionOptions extends ContinueSignInOptions, OfOrganization {}

/** Continues a sign-in with the code of a Radar email challenge. */
export interface AuthenticateWithRadarEmailChallengeOptions extends ContinueSignInOptions {
  /** The code from the email. */
  code: string;
  /** Id of the challenge, from the {@linkcode AuthenticationException}. */
  radarChallengeId: string;
}

/** Continues a sign-in with the code of a Radar SMS challenge. */
export interface AuthenticateWithRadarSmsChallengeOptions extends ContinueSignInOptions {
  /** The code from the message. */
  code: string;
  /** Id from `sendRadarSmsChallenge`; needed at sign-up, left out at sign-in. */
  verificationId?: string;
  /** Number to which the message was sent; needed at sign-up, left out at sign-in. */
  phoneNumber?: string;
}

/** Signs in a device whose user code was confirmed in a browser (RFC 8628). */
export interface AuthenticateWithDeviceCodeOptions extends AuthenticateWithOptionsBase {
  /** The device code from `createDeviceAuthorization`. Never show it. */
  deviceCode: string;
}

/** How a user signed in. */
// deno-fmt-ignore
export type AuthenticationMethod =
  | "SSO" | "Password" | "Passkey" | "AppleOAuth" | "BitbucketOAuth" | "DiscordOAuth" | "GitHubOAuth" | "GitLabOAuth"
  | "GoogleOAuth" | "GrokOAuth" | "XOAuth" | "IntuitOAuth" | "LinkedInOAuth" | "MicrosoftOAuth" | "SalesforceOAuth"
  | "SlackOAuth" | "VercelMarketplaceOAuth" | "VercelOAuth" | "XeroOAuth" | "MagicAuth" | "CrossAppAuth"
  | "ExternalAuth" | "MigratedSession" | "Impersonation" | OpenString;

/** The dashboard user who acts as the user. */
export interface Impersonator {
  /** Their email address. */
  email: string;
  /** The reason they gave, `null` for none. */
  reason: string | null;
}

/** Tokens of the identity provider. */
export interface OauthTokens {
  /** The provider that issued them, such as `GoogleOAuth`. */
  provider?: string;
  /** Access token for the provider's API. */
  accessToken: string;
  /** Refresh token for the provider's API. */
  refreshToken: string;
  /** When the access token expires, in seconds since the epoch. */
  expiresAt: number;
  /** Scopes of the access token. */
  scopes: string[];
}

/** A completed sign-in. Members that are not listed here are kept, in camelCase. */
export interface AuthenticationResponse {
  /** Who signed in. */
  user: User;
  /** Organization of the session; absent when it has none. */
  organizationId?: string;
  /** Access token, a short-lived JWT. */
  accessToken: string;
  /** Refresh token; it can be used once. */
  refreshToken: string;
  /** Who acts as the user; absent without impersonation. */
  impersonator?: Impersonator;
  /** How the user signed in. */
  authenticationMethod?: AuthenticationMethod;
  /** Code with which another application gets tokens of its own. */
  authkitAuthorizationCode?: string;
  /** Value for the session cookie; present when `session.sealSession` was `true`. */
  sealedSession?: string;
  /** Tokens of the identity provider; absent when it provides none. */
  oauthTokens?: OauthTokens;
}

/** One grant of the token endpoint, without the client and the context of the request. */
export interface Grant {
  /** Value of `grant_type`. */
  type: string;
  /** The grant's own members, in camelCase. */
  members: object;
  /** Members for Radar; they come last in the body. */
  risk?: object;
  /** Whether the API key is sent as the client secret. Default `true`. */
  secret?: boolean;
  /** Whether a client without an API key may use it. Default `false`. */
  public?: boolean;
}

/**
 * Throws when a session cannot be sealed: an `Error` without an API key, {@linkcode SealError} for a password that is
 * missing or too short. Called before the grant is sent, as sending it spends the code or token.
 */
export function checkSealing(session: AuthenticateWithSessionOptions | undefined, apiKey: string | undefined): void {
  if (!session?.sealSession) return;
  if (!apiKey) return refuseSealing(session);
  if (!session.cookiePassword) throw new SealError("Cookie password is required", { reason: "empty_password" });
  checkPasswords(session.cookiePassword);
  checkCookieSize(session.maxCookieSize);
}

/** Throws an `Error` when a client without an API key is asked to seal a session. */
export function refuseSealing(session: AuthenticateWithSessionOptions | undefined): void {
  if (!session?.sealSession) return;
  throw new Error(
    "Session sealing requires server-side usage with an API key. Public clients should store tokens directly " +
      "(e.g., secure storage on mobile, keychain on desktop).",
  );
}

const MAX_COOKIE_SIZE = 4096;

/** Returns a valid limit in bytes, or throws a `TypeError`. */
export function checkCookieSize(maxCookieSize: number = MAX_COOKIE_SIZE): number {
  if (typeof maxCookieSize === "number" && maxCookieSize >= 256) return maxCookieSize;
  throw badOption("maxCookieSize", "it is not a number of bytes, at least 256");
}

/** Reads a completed sign-in; leaves out `oauth_tokens` that are `null`. */
export function readAuthenticationResponse(wire: Wire): AuthenticationResponse {
  const response = camel<AuthenticationResponse>(wire);
  response.user = readUser(wire.user as Wire);
  if (!response.oauthTokens) delete response.oauthTokens;
  return response;
}
