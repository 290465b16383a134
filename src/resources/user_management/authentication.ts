// Sign-in: what each grant takes and what all of them answer.

import type { OfOrganization } from "../../entity.ts";
import { badOption } from "../../errors.ts";
import { checkPasswords, SealError, type SealPasswords } from "../../seal.ts";
import { camel, type OpenString, type Wire } from "../../wire.ts";
import { readUser, type User } from "./users.ts";

/** How much of a session is sealed. */
export interface SealingOptions {
  /**
   * Seals of the user only `object` and `id`, for a small cookie: the rest of `user` is then missing from what the cookie
   * tells. The Node SDK reads such a cookie too. Default `false`; at a refresh, as the cookie was.
   */
  slim?: boolean;
  /**
   * Most bytes that the cookie may have, 256 or more, its name counted as `wos-session`; a larger one is refused with
   * {@linkcode SessionCookieTooLargeException}. Default: 4096, which is where browsers drop it; at a refresh no limit if
   * the cookie was larger. `Infinity` for a session that goes through `splitSessionCookie`.
   */
  maxCookieSize?: number;
}

/** Whether and how the answer of a sign-in is sealed into a cookie value. Never sent to the API. */
export interface AuthenticateWithSessionOptions extends SealingOptions {
  /** Password that seals the session, 32 characters or more; of several the first. Needed for `sealSession: true`. */
  cookiePassword?: SealPasswords;
  /** Whether the answer has a `sealedSession`. Needs an API key. */
  sealSession: boolean;
}

/** What every grant takes. */
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

/** What every further step of a sign-in takes. */
export interface ContinueSignInOptions extends AuthenticateWithOptionsBase {
  /** Token of the {@linkcode AuthenticationException} that asked for this step. */
  pendingAuthenticationToken: string;
}

/** What a sign-in that Radar looks at can take. */
export interface BeginSignInOptions extends AuthenticateWithOptionsBase {
  /** Accepts this invitation. */
  invitationToken?: string;
  /** Id of signals that Radar gathered in the browser. */
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
  /** The verifier whose challenge went into the authorization URL. */
  codeVerifier?: string;
}

/** Signs in with the code of a redirect and the PKCE verifier, without a client secret. */
export interface AuthenticateWithCodeAndVerifierOptions extends AuthenticateWithCodeOptions {
  /** The verifier whose challenge went into the authorization URL. */
  codeVerifier: string;
}

/** Exchanges a refresh token for new tokens. */
export interface AuthenticateWithRefreshTokenOptions extends AuthenticateWithOptionsBase {
  /** The refresh token; it can be used once. */
  refreshToken: string;
  /** Organization the new session is for. Default: the one of the old session. */
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
  /** Radar's record of an attempt this one belongs to. */
  radarAuthAttemptId?: string;
}

/** Signs in with a code that was sent by email. */
export interface AuthenticateWithMagicAuthOptions extends BeginSignInOptions {
  /** The code from the email. */
  code: string;
  /** Address the code went to. */
  email: string;
  /** Code that links this sign-in to another authorization. */
  linkAuthorizationCode?: string;
  /** Radar's record of an attempt this one belongs to. */
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
  /** Number the message went to; needed at sign-up, left out at sign-in. */
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

/** A completed sign-in. Members that are not listed here arrive too, in camelCase. */
export interface AuthenticationResponse {
  /** Who signed in. */
  user: User;
  /** Organization the session is for; absent for a session without one. */
  organizationId?: string;
  /** Access token, a short-lived JWT. */
  accessToken: string;
  /** Refresh token; it can be used once. */
  refreshToken: string;
  /** Who acts as the user; absent when it is the user. */
  impersonator?: Impersonator;
  /** How the user signed in. */
  authenticationMethod?: AuthenticationMethod;
  /** Code with which another application gets tokens of its own. */
  authkitAuthorizationCode?: string;
  /** Value for the session cookie; present when `session.sealSession` was `true`. */
  sealedSession?: string;
  /** Tokens of the identity provider, where it gives any. */
  oauthTokens?: OauthTokens;
}

/** One grant of the token endpoint: what `#authenticate` of the class adds the client and the context to. */
export interface Grant {
  /** Value of `grant_type`. */
  type: string;
  /** Members of its own, in camelCase. */
  members: object;
  /** Members about risk; the API lists them last. */
  risk?: object;
  /** Whether the API key goes along as the client secret. Default `true`. */
  secret?: boolean;
  /** Whether a client without an API key may use it. Default `false`. */
  public?: boolean;
}

/**
 * Throws when a session cannot be sealed as asked: an `Error` without an API key, {@linkcode SealError} for a password
 * that is missing or too short. Called before the grant is sent: afterwards its code or token would be spent for nothing.
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

/** Returns a limit in bytes, or throws a `TypeError`. */
export function checkCookieSize(maxCookieSize: number = MAX_COOKIE_SIZE): number {
  if (typeof maxCookieSize === "number" && maxCookieSize >= 256) return maxCookieSize;
  throw badOption("maxCookieSize", "it is not a number of bytes, at least 256");
}

/** Reads a completed sign-in; `oauth_tokens` may be `null`, which is the same as absent. */
export function readAuthenticationResponse(wire: Wire): AuthenticationResponse {
  const response = camel<AuthenticationResponse>(wire);
  response.user = readUser(wire.user as Wire);
  if (!response.oauthTokens) delete response.oauthTokens;
  return response;
}
