/**
 * Session cookies without a client, for example at an edge that admits only signed-in users: opens the sealed session
 * of a cookie and verifies its access token. To refresh a session, use the client.
 *
 * ```ts
 * import { authenticateSession, createKeySet, joinSessionCookie } from "@universal/workos/session";
 *
 * const url = "https://api.workos.com/sso/jwks/client_123";
 * const init = () => ({ redirect: "manual", signal: AbortSignal.timeout(5_000) }) as const;
 * const keySet = createKeySet({ url, load: async () => await (await fetch(url, init())).json() });
 *
 * async function handle(request: Request): Promise<Response> {
 *   const session = await authenticateSession({
 *     sessionData: joinSessionCookie(request.headers.get("Cookie")),
 *     cookiePassword: "a password of at least 32 characters",
 *     keys: keySet.find,
 *   });
 *   return session.authenticated ? new Response(`Hello ${session.user.email}`) : new Response(null, { status: 401 });
 * }
 *
 * console.log((await handle(new Request("https://app.example"))).status); // 401
 * ```
 *
 * @module
 */

import { verifyJwt, type VerifyJwtOptions } from "../jwt.ts";
import type {
  AuthenticateWithSessionCookieFailedResponse,
  AuthenticateWithSessionCookieSuccessResponse,
} from "../resources/user_management/cookie_session.ts";
import { authenticateCookie, openCookie } from "../resources/user_management/session_cookies.ts";
import type { SealPasswords } from "../seal.ts";

export { WorkOSException } from "../errors.ts";
export type { ExceptionDetails } from "../errors.ts";
export type { Entity, Timestamps } from "../entity.ts";
export { createKeySet } from "../jwks.ts";
export type { CachedKeySet, KeySet, KeySetCache, KeySetOptions } from "../jwks.ts";
export { JwtError } from "../jwt.ts";
export type { JsonWebKeySet, Jwk, JwtHeader, KeyLookup, VerifyJwtOptions } from "../jwt.ts";
export { sealData, SealError, unsealData } from "../seal.ts";
export type { SealOptions, SealPassword, SealPasswords, UnsealFailure, UnsealOptions, UnsealResult } from "../seal.ts";
export type {
  AuthenticationMethod,
  AuthenticationResponse,
  Impersonator,
  OauthTokens,
} from "../resources/user_management/authentication.ts";
export { AuthenticateWithSessionCookieFailureReason } from "../resources/user_management/cookie_session.ts";
export type {
  AuthenticateWithSessionCookieFailedResponse,
  AuthenticateWithSessionCookieSuccessResponse,
} from "../resources/user_management/cookie_session.ts";
export { joinSessionCookie, sealSession, splitSessionCookie } from "../resources/user_management/session_cookies.ts";
export type {
  CookiePair,
  SealSessionOptions,
  SessionCookieData,
  SplitCookieOptions,
} from "../resources/user_management/session_cookies.ts";
export type { User } from "../resources/user_management/users.ts";
export type { OpenString } from "../wire.ts";

/** Options of {@linkcode authenticateSession}. */
export interface AuthenticateSessionOptions
  extends Pick<VerifyJwtOptions, "clockTolerance" | "issuer" | "keys" | "now"> {
  /** Value of the cookie; empty when there is none. */
  sessionData: string;
  /** Password, or several, any of which may open the cookie. */
  cookiePassword: SealPasswords;
}

/**
 * Tells who is signed in, as `authenticate()` of a client's session does. An invalid cookie is a result, not an
 * exception. Throws {@linkcode SealError} for a password that is missing or under 32 characters, and what `keys` throws
 * when the keys cannot be loaded, which says nothing about the session.
 */
export async function authenticateSession(
  { sessionData, cookiePassword, ...rules }: AuthenticateSessionOptions,
): Promise<AuthenticateWithSessionCookieSuccessResponse | AuthenticateWithSessionCookieFailedResponse> {
  const opened = await openCookie(sessionData, { cookiePassword, now: rules.now });
  const demands = { ...rules, requireExp: true, requireSid: true };
  return await authenticateCookie(opened, ({ accessToken }) => verifyJwt(accessToken, demands));
}
