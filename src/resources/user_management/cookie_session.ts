// A session that lives in a cookie.

import { TimeoutException } from "../../errors.ts";
import { type HiddenMember, hiddenMember } from "../../hidden.ts";
import { checkParties, decodeJwt, type JwtFailure } from "../../jwt.ts";
import { sharesPromises } from "../../runtime.ts";
import { checkPasswords, SealError, type SealPasswords } from "../../seal.ts";
import { signalsOf, untilAborted } from "../../wait.ts";
import type { Api, RequestOptions } from "../../api.ts";
import type { UserManagement } from "../user_management.ts";
import { type AccessTokenClaims, type AccessTokenResult, verifyAccessToken } from "./access_tokens.ts";
import { checkSealing } from "./authentication.ts";
import type { AuthenticationMethod, AuthenticationResponse, Impersonator, SealingOptions } from "./authentication.ts";
// deno-fmt-ignore
import {
  authenticateCookie, describeSession, fitCookie, isSlim, openCookie, type OpenedCookie, sealSession,
  type SessionCookieData, SessionTokenException,
} from "./session_cookies.ts";
// deno-fmt-ignore
import {
  hash, refreshFailure, type RefreshSessionFailedResponse, SharedRefreshes, unavailability,
} from "./session_refresh.ts";
import type { User } from "./users.ts";

/** Why a cookie is no session. */
export const AuthenticateWithSessionCookieFailureReason = {
  /** Its access token does not hold; most often it is expired, and a refresh helps. */
  INVALID_JWT: "invalid_jwt",
  /** It is no sealed session, or lacks something. */
  INVALID_SESSION_COOKIE: "invalid_session_cookie",
  /** There is no cookie. */
  NO_SESSION_COOKIE_PROVIDED: "no_session_cookie_provided",
} as const;

/** Why a cookie is no session. */
export type AuthenticateWithSessionCookieFailureReason =
  typeof AuthenticateWithSessionCookieFailureReason[keyof typeof AuthenticateWithSessionCookieFailureReason];

/** The reasons as types, such as `AuthenticateWithSessionCookieFailureReason.INVALID_JWT`. */
// deno-fmt-ignore
export declare namespace AuthenticateWithSessionCookieFailureReason {
  /** Its access token does not hold. */ type INVALID_JWT = "invalid_jwt";
  /** It is no sealed session, or lacks something. */ type INVALID_SESSION_COOKIE = "invalid_session_cookie";
  /** There is no cookie. */ type NO_SESSION_COOKIE_PROVIDED = "no_session_cookie_provided";
}

/** A cookie that is no session. */
export interface AuthenticateWithSessionCookieFailedResponse {
  /** No session. */
  authenticated: false;
  /** Why. */
  reason: AuthenticateWithSessionCookieFailureReason;
}

/** Who is signed in, and with what rights: from the claims of the access token, the last four from the cookie. */
export interface AuthenticateWithSessionCookieSuccessResponse {
  /** The session holds. */
  authenticated: true;
  /** Id of the session. */
  sessionId: string;
  /** Organization it is for. */
  organizationId?: string;
  /** Slug of the role in that organization. */
  role?: string;
  /** Slugs of all roles in that organization. */
  roles?: string[];
  /** Slugs of the permissions that come with the roles. */
  permissions?: string[];
  /** Entitlements of the organization. */
  entitlements?: string[];
  /** Slugs of the feature flags that are on. */
  featureFlags?: string[];
  /** The user as of the last refresh; of a `slim` cookie only `object` and `id`. */
  user: User;
  /** How the user signed in; `undefined` when the cookie does not say. */
  authenticationMethod: AuthenticationMethod | undefined;
  /** Who acts as the user; absent when it is the user. */
  impersonator?: Impersonator;
  /** The access token, to call services with. */
  accessToken: string;
}

/** A refreshed session. */
export interface RefreshSessionSuccessResponse
  extends Omit<AuthenticateWithSessionCookieSuccessResponse, "accessToken"> {
  /** The whole answer of the API, tokens included. */
  session?: AuthenticationResponse;
  /** The new value of the cookie. */
  sealedSession?: string;
}

/** What became of a refresh: new tokens, a session that is over, or one to try again later. */
export type RefreshSessionResponse = RefreshSessionSuccessResponse | RefreshSessionFailedResponse;

/** A session that holds, refreshed if that was needed. */
export interface CurrentSession extends AuthenticateWithSessionCookieSuccessResponse {
  /** The new value of the cookie; absent when the session was not refreshed. */
  sealedSession?: string;
  /** Whether the access token is expired and goes on within `grace`, as the API is not available. */
  stale: boolean;
}

/** A session that holds, one that is over, or one that nobody can tell about now. */
export type CurrentSessionResponse = CurrentSession | RefreshSessionFailedResponse;

/** A session cookie, and the password it is sealed with. */
export interface AuthenticateWithSessionCookieOptions {
  /** Value of the cookie; empty when there is none. */
  sessionData: string;
  /** Password, or several of which one opens it. Default: `WORKOS_COOKIE_PASSWORD`. */
  cookiePassword?: SealPasswords;
}

/** A session cookie to open. */
export interface SessionHandlerOptions extends AuthenticateWithSessionCookieOptions {
  /** Not used; the Node SDK takes it too. */
  organizationId?: string;
}

/** A session cookie to work with. */
export interface LoadSealedSessionOptions {
  /** Value of the cookie; empty when there is none. */
  sessionData: string;
  /** Password; of several the first one seals, and any of them opens. */
  cookiePassword: SealPasswords;
}

/** Options of {@linkcode CookieSession.refresh}. */
export interface RefreshSessionOptions extends SealingOptions {
  /** Password to seal with from now on. Default: the one of the session. */
  cookiePassword?: SealPasswords;
  /** Organization to switch to. Default: the one of the session. */
  organizationId?: string;
  /**
   * Keeps the work alive when the request that began it ends, as `(promise) => ctx.waitUntil(promise)` does on Workers:
   * others may wait for the same refresh, and a token that was spent must not get lost.
   */
  waitUntil?: (promise: Promise<unknown>) => void;
}

/** Options of {@linkcode CookieSession.authenticateOrRefresh}. */
export interface AuthenticateOrRefreshOptions extends Omit<RefreshSessionOptions, "organizationId"> {
  /**
   * Seconds that a session whose access token is genuine but expired goes on while the API is not available, at most
   * 86,400. Within them nobody learns that it was revoked. Default: 0.
   */
  grace?: number;
}

/** What sessions need of the client they belong to. */
export interface SessionContext {
  /** Sends requests. */
  api: Api;
  /** Spends refresh tokens, and is made when the first one is spent. */
  refreshes?: SharedRefreshes;
}

function shareRefreshes({ clock, config }: Api): SharedRefreshes {
  const { refreshWindow: keepFor, refreshTimeout: timeout, refreshStore: store } = config;
  return new SharedRefreshes({ store, keepFor, timeout, clock, sharePromises: sharesPromises() });
}

/** What the sessions of an instance of `UserManagement` work with. */
export const sessionContexts: HiddenMember<SessionContext> = /* @__PURE__ */ hiddenMember();

/**
 * A session that lives in a cookie; `userManagement.loadSealedSession` makes it. Whatever is wrong with the cookie is a
 * result, never an exception. Neither password nor tokens are printed with it.
 */
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
   * Tells who is signed in. Nothing is sent, but the keys that verify the access token are loaded now and then, in at most
   * two attempts of 5 seconds.
   *
   * Throws when they cannot be had, such as {@linkcode NetworkException}: that says nothing about the session. Throws an
   * `Error` without a client id.
   */
  async authenticate(): Promise<
    AuthenticateWithSessionCookieSuccessResponse | AuthenticateWithSessionCookieFailedResponse
  > {
    return await authenticateCookie(await this.#open(), (session) => this.#verify(session));
  }

  /**
   * Exchanges the refresh token for new tokens. This object has the new session afterwards; set `sealedSession` as the
   * cookie. Who refreshes the same session at the same time, or shortly after, gets the same tokens: a refresh token is
   * spent once. `POST /user_management/authenticate`
   *
   * A result with `retryable: true` means that the API is not available (429, 5xx, timeout, network): keep the cookie.
   * Before anything is sent, throws what `loadSealedSession` throws for the new password, an `Error` without an API key,
   * and a `TypeError` without a client id; afterwards {@linkcode SessionCookieTooLargeException}, or the exceptions of a
   * wrong API key and the like.
   */
  async refresh(options: RefreshSessionOptions = {}, request?: RequestOptions): Promise<RefreshSessionResponse> {
    const result = await this.#refresh(options, request);
    if ("authenticated" in result) return result;
    const { response, sealedSession } = result;
    const { accessToken: _, ...success } = describeSession(decodeJwt(response.accessToken).payload, response);
    return { ...success, sealedSession, session: { ...response, sealedSession } };
  }

  /**
   * What a request handler wants to know: authenticates, and refreshes when the access token does not hold. Set
   * `sealedSession` as the cookie when it is there; sign in again unless `retryable`.
   *
   * Throws as {@linkcode CookieSession.refresh} does, a `RangeError` for a `grace` that is too long, and
   * {@linkcode SessionTokenException} for tokens of another issuer than option `issuer` names: before one is spent, unless
   * only the new token is of another.
   * An abort ends the wait for the keys too; `timeout` and `maxRetries` do not count for them.
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
      // others may wait for the same keys, so an abort ends only the caller's own wait
      const token = await untilAborted(this.#verify(session), signals);
      if (token.ok) return { ...describeSession(token.claims, session), stale: false };
      // before a token is spent; what is not genuine says nothing about the issuer
      if (GENUINE.includes(token.reason)) this.#check(session.accessToken, { sealedSession: this.#sessionData });
      const result = await this.#refresh(options, request);
      if (!("authenticated" in result)) {
        const { response, sealedSession } = result;
        const claims = this.#check(response.accessToken, { sealedSession, requireSid: true })!; // it was just sealed
        return { ...describeSession(claims, response), sealedSession, stale: false };
      }
      if (!result.retryable || token.reason !== "expired") return result;
      const late = await this.#verify(session, grace);
      return late.ok ? { ...describeSession(late.claims, session), stale: true } : result;
    } catch (error) {
      const failure = unavailability(error); // of the keys
      if (failure) return failure;
      throw error;
    }
  }

  /**
   * Makes the URL that ends the session in the user's browser. The access token may be expired. Throws an `Error` when
   * the cookie is no session, and otherwise as {@linkcode CookieSession.authenticate} does.
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

  /** Reads a token. Throws for one that the client would refuse after every refresh, with the session it is in. */
  #check(
    accessToken: string,
    { sealedSession, requireSid }: { sealedSession: string; requireSid?: boolean },
  ): Partial<AccessTokenClaims> | undefined {
    const claims = readClaims(accessToken);
    const reason = claims && checkParties(claims, { issuer: this.#userManagement.issuer, requireSid });
    if (reason) throw new SessionTokenException({ reason, sealedSession });
    return claims;
  }

  /** The same for all who spend a token within the refresh window: the answer may get lost on its way to the first. */
  async #refreshKey(refreshToken: string, organizationId: string | undefined): Promise<string | undefined> {
    const { clock, config: { refreshWindow } } = this.#context.api;
    if (refreshWindow === 0) return undefined;
    return `refresh-${await hash([refreshToken, organizationId, Math.floor(clock.now() / refreshWindow)].join())}`;
  }

  async #refresh(options: RefreshSessionOptions, request: RequestOptions = {}): Promise<Refreshed> {
    const { api } = this.#context;
    const cookiePassword = options.cookiePassword ?? this.#cookiePassword;
    checkSealing({ ...options, sealSession: true, cookiePassword }, api.apiKey);
    const signals = signalsOf(request.signal);
    const { session, opener } = await this.#open();
    const claims = session && readClaims(session.accessToken);
    if (!claims || typeof session.refreshToken !== "string" || !session.refreshToken || !session.user) {
      return { authenticated: false, reason: "invalid_session_cookie", retryable: false };
    }
    const organizationId = options.organizationId ?? claims.org_id as string | undefined;
    const send = async (refreshToken: string) => {
      const idempotencyKey = await this.#refreshKey(refreshToken, organizationId);
      return await withDeadline(api.config.refreshTimeout, (signal) => {
        const sent = { idempotencyKey, ...request, signal };
        return this.#userManagement.authenticateWithRefreshToken({ refreshToken, organizationId }, sent);
      });
    };
    request.signal?.throwIfAborted();
    const { refreshToken } = session;
    const owner = `${api.baseURL} ${this.#userManagement.clientId}`;
    const wish = { refreshToken, owner, organizationId, password: this.#cookiePassword, opener, request, send };
    try {
      options.waitUntil?.(Promise.resolve().then(() => refreshing).catch(() => {})); // first, as it may throw
      const refreshing = (this.#context.refreshes ??= shareRefreshes(api)).refresh(wish);
      // others may wait for the same refresh, so an abort ends only the caller's own wait
      const response = await untilAborted(refreshing, signals);
      const slim = options.slim ?? isSlim(session);
      const before = this.#sessionData;
      this.#sessionData = await sealSession(response, { cookiePassword, slim });
      this.#cookiePassword = cookiePassword;
      return { response, sealedSession: fitCookie(this.#sessionData, options, before) };
    } catch (error) {
      return refreshFailure(error);
    }
  }
}

/** Why a token is refused whose signature is good. */
const GENUINE: readonly JwtFailure[] = ["expired", "not_yet_valid", "wrong_issuer"];

type Refreshed = { response: AuthenticationResponse; sealedSession: string } | RefreshSessionFailedResponse;

function readClaims(accessToken: string): Partial<AccessTokenClaims> | undefined {
  try {
    return decodeJwt(accessToken).payload;
  } catch { // a cookie with such a token is no session
    return undefined;
  }
}

/** Gives up after `ms` milliseconds, retries and waits included. */
async function withDeadline<T>(ms: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const timer = ms === Infinity ? undefined : setTimeout(() => controller.abort(new TimeoutException(ms)), ms);
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
