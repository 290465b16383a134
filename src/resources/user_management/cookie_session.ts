// Sessions that are sealed in a cookie.

import { TimeoutException } from "../../errors.ts";
import { type HiddenMember, hiddenMember } from "../../hidden.ts";
import { checkParties, decodeClaims, type JwtFailure } from "../../jwt.ts";
import { checkPasswords, SealError, type SealPasswords } from "../../seal.ts";
import { signalsOf, untilAborted } from "../../wait.ts";
import type { Api, RequestOptions } from "../../api.ts";
import type { UserManagement } from "../user_management.ts";
import { type AccessTokenClaims, type AccessTokenResult, verifyAccessToken } from "./access_tokens.ts";
import { checkSealing } from "./authentication.ts";
import type { AuthenticationMethod, AuthenticationResponse, Impersonator, SealingOptions } from "./authentication.ts";
// deno-fmt-ignore
import {
  authenticateCookie, describeSession, fitCookie, openCookie, type OpenedCookie, sealSession,
  type SessionCookieData, SessionTokenException,
} from "./session_cookies.ts";
import {
  refreshFailure,
  type RefreshSessionFailedResponse,
  SharedRefreshes,
  unavailability,
} from "./session_refresh.ts";
import type { User } from "./users.ts";

/** Why a cookie is not a valid session. */
export const AuthenticateWithSessionCookieFailureReason = {
  /** Its access token is invalid, most often because it has expired; a refresh may help. */
  INVALID_JWT: "invalid_jwt",
  /** It is not a sealed session, or it is incomplete. */
  INVALID_SESSION_COOKIE: "invalid_session_cookie",
  /** There is no cookie. */
  NO_SESSION_COOKIE_PROVIDED: "no_session_cookie_provided",
} as const;

/** Why a cookie is not a valid session. */
export type AuthenticateWithSessionCookieFailureReason =
  typeof AuthenticateWithSessionCookieFailureReason[keyof typeof AuthenticateWithSessionCookieFailureReason];

/** The reasons as types, such as `AuthenticateWithSessionCookieFailureReason.INVALID_JWT`. */
// deno-fmt-ignore
export declare namespace AuthenticateWithSessionCookieFailureReason {
  /** Its access token is invalid. */ type INVALID_JWT = "invalid_jwt";
  /** It is not a sealed session, or it is incomplete. */ type INVALID_SESSION_COOKIE = "invalid_session_cookie";
  /** There is no cookie. */ type NO_SESSION_COOKIE_PROVIDED = "no_session_cookie_provided";
}

/** A cookie that is not a valid session. */
export interface AuthenticateWithSessionCookieFailedResponse {
  /** The session is not valid. */
  authenticated: false;
  /** Why it is not valid. */
  reason: AuthenticateWithSessionCookieFailureReason;
}

/** Who is signed in, from the claims of the access token; the last four members come from the cookie. */
export interface AuthenticateWithSessionCookieSuccessResponse {
  /** The session is valid. */
  authenticated: true;
  /** Id of the session. */
  sessionId: string;
  /** Organization of the session; absent when it has none. */
  organizationId?: string;
  /** Slug of the role in that organization. */
  role?: string;
  /** Slugs of all roles in that organization. */
  roles?: string[];
  /** Slugs of the permissions that the roles grant. */
  permissions?: string[];
  /** Entitlements of the organization. */
  entitlements?: string[];
  /** Slugs of the feature flags that are on. */
  featureFlags?: string[];
  /** The user as of the last refresh; a `slim` cookie has only `object` and `id`. */
  user: User;
  /** How the user signed in; `undefined` when the cookie does not contain it. */
  authenticationMethod: AuthenticationMethod | undefined;
  /** Who acts as the user; absent without impersonation. */
  impersonator?: Impersonator;
  /** The access token, for calls to other services. */
  accessToken: string;
}

/** A refreshed session. */
export interface RefreshSessionSuccessResponse
  extends Omit<AuthenticateWithSessionCookieSuccessResponse, "accessToken"> {
  /** The complete response of the API, tokens included. */
  session?: AuthenticationResponse;
  /** The new value of the cookie. */
  sealedSession?: string;
}

/** Result of a refresh: a new session, the end of the session, or a temporary failure. */
export type RefreshSessionResponse = RefreshSessionSuccessResponse | RefreshSessionFailedResponse;

/** A valid session, refreshed if that was needed. */
export interface CurrentSession extends AuthenticateWithSessionCookieSuccessResponse {
  /** The new value of the cookie; absent when the session was not refreshed. */
  sealedSession?: string;
  /** Whether the access token has expired and is accepted because of `grace`, as the API is unavailable. */
  stale: boolean;
}

/** A valid session, the end of the session, or a temporary failure. */
export type CurrentSessionResponse = CurrentSession | RefreshSessionFailedResponse;

/** A session cookie, and the password that seals it. */
export interface AuthenticateWithSessionCookieOptions {
  /** Value of the cookie; empty when there is none. */
  sessionData: string;
  /** Password, or several, any of which may open the cookie. Default: `WORKOS_COOKIE_PASSWORD`. */
  cookiePassword?: SealPasswords;
}

/** A session cookie to open. */
export interface SessionHandlerOptions extends AuthenticateWithSessionCookieOptions {
  /** Ignored; accepted because the Node SDK accepts it. */
  organizationId?: string;
}

/** A session cookie to work with. */
export interface LoadSealedSessionOptions extends AuthenticateWithSessionCookieOptions {
  /** Password; of several, the first seals, and any of them opens. */
  cookiePassword: SealPasswords;
}

/** Options of {@linkcode CookieSession.refresh}. */
export interface RefreshSessionOptions extends SealingOptions {
  /** Password that seals the session from now on. Default: the current one. */
  cookiePassword?: SealPasswords;
  /** Organization to switch to. Default: the current one, or the one that a concurrent refresh switches to. */
  organizationId?: string;
  /**
   * Keeps the refresh running after the request that began it has ended: `(promise) => ctx.waitUntil(promise)` on
   * Workers. Otherwise the refresh token may be spent and the new tokens lost.
   */
  waitUntil?: (promise: Promise<unknown>) => void;
}

/** Options of {@linkcode CookieSession.authenticateOrRefresh}. */
export interface AuthenticateOrRefreshOptions extends Omit<RefreshSessionOptions, "organizationId"> {
  /**
   * How long after the expiry of its access token a session stays valid while the API is unavailable, in seconds, at
   * most 86,400. During that time a revocation goes unnoticed. Default: 0.
   */
  grace?: number;
}

/** What sessions need from the client they belong to. */
export interface SessionContext {
  /** Sends requests. */
  api: Api;
  /** Spends refresh tokens; created when the first one is spent. */
  refreshes?: SharedRefreshes;
}

/** The context that the sessions of a `UserManagement` instance share. */
export const sessionContexts: HiddenMember<SessionContext> = /* @__PURE__ */ hiddenMember();

/** A session in a cookie, from `loadSealedSession`. An invalid one is a result, no exception. No secret is printed. */
export class CookieSession {
  readonly #userManagement: UserManagement;
  readonly #context: SessionContext;
  #sessionData: string;
  #cookiePassword: SealPasswords;

  /** Throws {@linkcode SealError} for a password that is missing or under 32 characters. */
  constructor(userManagement: UserManagement, sessionData: string, cookiePassword: SealPasswords) {
    const context = sessionContexts.get(userManagement);
    if (!context) throw new TypeError("Cannot make session: userManagement does not belong to a client");
    if (!cookiePassword) throw new SealError("cookiePassword is required", { reason: "empty_password" });
    checkPasswords(cookiePassword);
    this.#userManagement = userManagement;
    this.#context = context;
    this.#sessionData = sessionData;
    this.#cookiePassword = cookiePassword;
  }

  /**
   * Tells who is signed in. Sends no request, except that the signing keys are loaded when needed, in at most two
   * attempts of 5 seconds: `GET /sso/jwks/{clientId}`. Throws when they cannot be loaded, for example
   * {@linkcode NetworkException}, which says nothing about the session, and an `Error` without a client id.
   */
  async authenticate(): Promise<
    AuthenticateWithSessionCookieSuccessResponse | AuthenticateWithSessionCookieFailedResponse
  > {
    return await authenticateCookie(await this.#open(), (session) => this.#verify(session));
  }

  /**
   * Exchanges the refresh token for new tokens. This object then holds the new session; set `sealedSession` as the
   * cookie. Concurrent refreshes of the same session, and those shortly after, receive the same tokens, because a
   * refresh token works once. `POST /user_management/authenticate`
   *
   * A result with `retryable: true` means that the API is unavailable (429, 5xx, timeout, network): keep the cookie.
   * Throws {@linkcode SealError} for a password that is missing or under 32 characters, an `Error` without an API key,
   * and a `TypeError` without a client id, all before a request is sent; afterwards
   * {@linkcode SessionCookieTooLargeException}, or the exception for any other failure, such as a wrong API key.
   */
  async refresh(options: RefreshSessionOptions = {}, request?: RequestOptions): Promise<RefreshSessionResponse> {
    const result = await this.#refresh(options, request);
    if ("authenticated" in result) return result;
    const { response, sealedSession } = result;
    const { accessToken: _, ...success } = describeSession(decodeClaims(response.accessToken), response);
    return { ...success, sealedSession, session: { ...response, sealedSession } };
  }

  /**
   * For request handlers: authenticates, and refreshes when the access token is invalid. Set `sealedSession` as the
   * cookie when it is present; on failure, let the user sign in again unless `retryable` is `true`. An abort also ends
   * the wait for the signing keys; `timeout` and `maxRetries` do not apply to them.
   * `POST /user_management/authenticate`
   *
   * Throws as {@linkcode CookieSession.refresh} does, but an `Error` without a client id; a `RangeError` for a `grace`
   * outside 0 to 86,400 seconds; and {@linkcode SessionTokenException} for a token whose issuer the option `issuer`
   * does not accept, before the refresh token is spent unless only the new access token has that issuer.
   */
  async authenticateOrRefresh(
    { grace = 0, ...options }: AuthenticateOrRefreshOptions = {},
    request?: RequestOptions,
  ): Promise<CurrentSessionResponse> {
    if (!(grace >= 0 && grace <= 86_400)) {
      throw new RangeError("Cannot use grace: it is not between 0 and 86400 seconds");
    }
    const signals = signalsOf(request?.signal);
    request?.signal?.throwIfAborted();
    const { session, reason } = await this.#open();
    if (!session) return { authenticated: false, reason, retryable: false };
    try {
      // other calls may wait for the same keys, so an abort only ends this call's wait
      const token = await untilAborted(this.#verify(session), signals);
      if (token.ok) return { ...describeSession(token.claims, session), stale: false };
      // before a refresh token is spent; the issuer of a forged token means nothing
      if (GENUINE.includes(token.reason)) this.#check(session.accessToken, { sealedSession: this.#sessionData });
      const result = await this.#refresh(options, request);
      if (!("authenticated" in result)) {
        const { response, sealedSession } = result;
        const claims = this.#check(response.accessToken, { sealedSession, requireSid: true });
        return { ...describeSession(claims, response), sealedSession, stale: false };
      }
      if (!result.retryable || token.reason !== "expired") return result;
      const late = await this.#verify(session, grace);
      return late.ok ? { ...describeSession(late.claims, session), stale: true } : result;
    } catch (error) {
      const failure = unavailability(error); // to load the keys
      if (failure) return failure;
      throw error;
    }
  }

  /**
   * Makes the URL that ends the session; the access token may have expired. Throws an `Error` when the cookie is not a
   * valid session, and otherwise as {@linkcode CookieSession.authenticate} does. `GET /user_management/sessions/logout`
   */
  async getLogoutUrl({ returnTo }: { returnTo?: string } = {}): Promise<string> {
    const { session, reason } = await this.#open();
    let token = session && await this.#verify(session);
    if (session && token?.ok === false && token.reason === "expired") token = await this.#verify(session, Infinity);
    if (!token?.ok) throw new Error(`Failed to extract session ID for logout URL: ${reason ?? "invalid_jwt"}`);
    return this.#userManagement.getLogoutUrl({ sessionId: token.claims.sid!, returnTo });
  }

  async #open(): Promise<OpenedCookie> {
    const now = () => this.#context.api.clock.now();
    return await openCookie(this.#sessionData, { cookiePassword: this.#cookiePassword, now });
  }

  async #verify({ accessToken }: SessionCookieData, clockTolerance = 0): Promise<AccessTokenResult> {
    const { clientId, issuer } = this.#userManagement;
    if (!clientId) throw new Error("Missing client ID. Did you provide it when initializing WorkOS?");
    return await verifyAccessToken(this.#context.api, accessToken, { clientId, issuer, clockTolerance });
  }

  /** Reads a token. Throws {@linkcode SessionTokenException} for one whose issuer the client does not accept. */
  #check(
    accessToken: string,
    { sealedSession, requireSid }: { sealedSession: string; requireSid?: boolean },
  ): Partial<AccessTokenClaims> {
    const claims = decodeClaims(accessToken);
    const reason = checkParties(claims, { issuer: this.#userManagement.issuer, requireSid });
    if (reason) throw new SessionTokenException({ reason, sealedSession });
    return claims;
  }

  async #refresh(options: RefreshSessionOptions, request: RequestOptions = {}): Promise<Refreshed> {
    const { api } = this.#context;
    const refreshes = this.#context.refreshes ??= new SharedRefreshes(api);
    const cookiePassword = options.cookiePassword ?? this.#cookiePassword;
    checkSealing({ ...options, sealSession: true, cookiePassword }, api.apiKey);
    const signals = signalsOf(request.signal);
    const { session, opener } = await this.#open();
    const claims = session && readClaims(session.accessToken);
    if (!claims || typeof session.refreshToken !== "string" || !session.refreshToken || !session.user) {
      return { authenticated: false, reason: "invalid_session_cookie", retryable: false };
    }
    const organizationId = options.organizationId ?? claims.org_id;
    const send = (refreshToken: string, key?: string) =>
      withDeadline(api.config.refreshTimeout, (signal) => {
        const sent = { ...request, idempotencyKey: request.idempotencyKey ?? key, signal };
        return this.#userManagement.authenticateWithRefreshToken({ refreshToken, organizationId }, sent);
      });
    request.signal?.throwIfAborted();
    const { refreshToken } = session;
    const owner = `${api.baseURL} ${this.#userManagement.clientId}`;
    const isChosen = options.organizationId !== undefined;
    const own = { refreshToken, owner, organizationId, isChosen };
    const wish = { ...own, password: this.#cookiePassword, opener, request, send };
    try {
      options.waitUntil?.(Promise.resolve().then(() => refreshing).catch(() => {})); // first, as it may throw
      const refreshing = refreshes.refresh(wish);
      // other calls may wait for the same refresh, so an abort only ends this call's wait
      const response = await untilAborted(refreshing, signals);
      const slim = options.slim ?? session.user.email === undefined; // the form of the previous cookie
      const before = this.#sessionData;
      this.#sessionData = await sealSession(response, { cookiePassword, slim });
      this.#cookiePassword = cookiePassword;
      return { response, sealedSession: fitCookie(this.#sessionData, options, before) };
    } catch (error) {
      return refreshFailure(error);
    }
  }
}

/** Reasons to reject a token that imply a valid signature. */
const GENUINE: readonly JwtFailure[] = ["expired", "not_yet_valid", "wrong_issuer"];

type Refreshed = { response: AuthenticationResponse; sealedSession: string } | RefreshSessionFailedResponse;

function readClaims(accessToken: string): Partial<AccessTokenClaims> | undefined {
  try {
    return decodeClaims(accessToken);
  } catch { // a cookie with such a token is not a session
    return undefined;
  }
}

/** Aborts `run` with a {@linkcode TimeoutException} after `ms` milliseconds. */
async function withDeadline<T>(ms: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const timer = ms === Infinity ? undefined : setTimeout(() => controller.abort(new TimeoutException(ms)), ms);
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
