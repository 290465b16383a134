// Refreshing sessions: one request for all callers with the same refresh token, and what a failure means.

import type { RequestOptions } from "../../api.ts";
import { toHex, utf8 } from "../../bytes.ts";
import type { Config } from "../../config.ts";
// deno-fmt-ignore
import {
  AuthenticationException, NetworkException, OauthException, RateLimitExceededException, TimeoutException,
  WorkOSException,
} from "../../errors.ts";
import { MemoryRefreshStore, type RefreshStore, type ReleaseLock } from "../../refresh_store.ts";
import { sharesPromises } from "../../runtime.ts";
import { sealData, type SealPasswords, unsealData } from "../../seal.ts";
import type { TransportClock } from "../../transport.ts";
import { askStore } from "../../wait.ts";
import type { AuthenticationResponse } from "./authentication.ts";

/** Why a session was not refreshed. */
export const RefreshSessionFailureReason = {
  /** The cookie is not a sealed session, or is incomplete. */
  INVALID_SESSION_COOKIE: "invalid_session_cookie",
  /** There is no cookie. Only `authenticateOrRefresh` reports this; `refresh` reports `invalid_session_cookie`. */
  NO_SESSION_COOKIE_PROVIDED: "no_session_cookie_provided",
  /** The session is over. */
  INVALID_GRANT: "invalid_grant",
  /** The user must enroll a second factor. */
  MFA_ENROLLMENT: "mfa_enrollment",
  /** The user must use single sign-on. */
  SSO_REQUIRED: "sso_required",
  /** Too many requests. */
  RATE_LIMIT_EXCEEDED: "rate_limit_exceeded",
  /** No response in time. */
  TIMEOUT: "timeout",
  /** The API failed. */
  SERVER_ERROR: "server_error",
  /** The API could not be reached. */
  NETWORK_ERROR: "network_error",
} as const;
/** Why a session was not refreshed. */
export type RefreshSessionFailureReason = typeof RefreshSessionFailureReason[keyof typeof RefreshSessionFailureReason];

/** The reasons as types, such as `RefreshSessionFailureReason.INVALID_GRANT`. */
// deno-fmt-ignore
export declare namespace RefreshSessionFailureReason {
  /** The cookie is not a sealed session, or is incomplete. */ type INVALID_SESSION_COOKIE = "invalid_session_cookie";
  /** There is no cookie. */ type NO_SESSION_COOKIE_PROVIDED = "no_session_cookie_provided";
  /** The session is over. */ type INVALID_GRANT = "invalid_grant";
  /** The user must enroll a second factor. */ type MFA_ENROLLMENT = "mfa_enrollment";
  /** The user must use single sign-on. */ type SSO_REQUIRED = "sso_required";
  /** Too many requests. */ type RATE_LIMIT_EXCEEDED = "rate_limit_exceeded";
  /** No response in time. */ type TIMEOUT = "timeout";
  /** The API failed. */ type SERVER_ERROR = "server_error";
  /** The API could not be reached. */ type NETWORK_ERROR = "network_error";
}

/** Why a session is over: the user must sign in again. */
// deno-fmt-ignore
export type TerminalRefreshSessionFailureReason =
  | "invalid_session_cookie" | "no_session_cookie_provided" | "invalid_grant" | "mfa_enrollment" | "sso_required";

/** Why a session could not be refreshed now. The session is not over. */
export type RetryableRefreshSessionFailureReason = "rate_limit_exceeded" | "timeout" | "server_error" | "network_error";

/** The session is over: the user must sign in again. */
export interface RefreshSessionTerminalFailedResponse {
  /** There is no valid session. */
  authenticated: false;
  /** Why the session is over. */
  reason: TerminalRefreshSessionFailureReason;
  /** A retry cannot help. */
  retryable: false;
}

/** The API is unavailable: keep the cookie and retry later. The user is not signed out. */
export interface RefreshSessionRetryableFailedResponse {
  /** Whether the session is valid is unknown. */
  authenticated: false;
  /** Why the refresh failed. */
  reason: RetryableRefreshSessionFailureReason;
  /** A retry may help. */
  retryable: true;
  /** Seconds to wait before a retry; present for a 429 with `Retry-After`. */
  retryAfter?: number;
  /** The original failure. */
  error?: unknown;
}

/** A session that was not refreshed. `retryable` tells whether it is over. */
export type RefreshSessionFailedResponse = RefreshSessionTerminalFailedResponse | RefreshSessionRetryableFailedResponse;

/** The result for a failed refresh. Rethrows an error that says nothing about the session. */
export function refreshFailure(error: unknown): RefreshSessionFailedResponse {
  const unavailable = unavailability(error);
  if (unavailable) return unavailable; // first: a 5xx says nothing about the token
  const reason = terminalReason(error);
  if (!reason) throw error;
  return { authenticated: false, reason, retryable: false };
}

function terminalReason(error: unknown): TerminalRefreshSessionFailureReason | undefined {
  if (error instanceof OauthException && error.error === "invalid_grant") return "invalid_grant";
  if (!(error instanceof AuthenticationException)) return undefined;
  return error.code === "mfa_enrollment" || error.code === "sso_required" ? error.code : undefined;
}

/** The result for an error that means that the API is unavailable; `undefined` for any other error. */
export function unavailability(error: unknown): RefreshSessionRetryableFailedResponse | undefined {
  const reason = unavailableReason(error);
  if (!reason) return undefined;
  const { retryAfter } = error as Partial<RateLimitExceededException>;
  const wait = typeof retryAfter === "number" ? { retryAfter } : {};
  return { authenticated: false, reason, retryable: true, ...wait, error };
}

function unavailableReason(error: unknown): RetryableRefreshSessionFailureReason | undefined {
  if (error instanceof NetworkException) return "network_error";
  if (!(error instanceof WorkOSException)) return undefined;
  if (error instanceof RateLimitExceededException) return "rate_limit_exceeded";
  if (error.status === 408) return "timeout";
  return error.status !== undefined && error.status >= 500 ? "server_error" : undefined;
}

/** A request for a refresh. */
export interface RefreshWish {
  /** The refresh token to spend. */
  refreshToken: string;
  /** Owner of the token: base URL and client id. Other owners that share the store do not receive the outcome. */
  owner: string;
  /** Organization of the new session. */
  organizationId: string | undefined;
  /** Whether the caller chose the organization. Otherwise a session that was switched to another one will do. */
  isChosen?: boolean;
  /** Opens stored outcomes. */
  password: SealPasswords;
  /** The password that opened the cookie; it seals the outcome, so all who can open the cookie can open that too. */
  opener: SealPasswords;
  /** Options of the call. A failure is shared only with calls that have the same options. */
  request?: RequestOptions;
  /** Sends a refresh token, with an idempotency key unless outcomes are not kept. */
  send: (refreshToken: string, idempotencyKey?: string) => Promise<AuthenticationResponse>;
}

/** What {@linkcode SharedRefreshes} need from the client. */
export interface RefreshHost {
  /** Its options. */
  config: Pick<Config, "refreshStore" | "refreshTimeout" | "refreshWindow">;
  /** Source of time. */
  clock: Pick<TransportClock, "now" | "elapsed" | "wait">;
}

/** The response of a refresh, and the organization it was for. */
interface Outcome {
  organizationId: string | undefined;
  response: AuthenticationResponse;
}

/** A refresh in flight, and the request that started it. */
interface Flight {
  wish: RefreshWish;
  outcome: Promise<Outcome>;
}

/** An outcome as it is stored. */
interface Kept extends Outcome {
  /** Key under which it is stored; sealed with it, so that it cannot be moved to another token's key. */
  key: string;
  until: number;
}

const POLL = 100;
/** How long the period of a refresh is kept whose response may be lost, in milliseconds. */
const KEEP_PERIOD = 60_000;
/** How many stored outcomes in a row are followed; one session makes fewer refreshes in a minute. */
const MAX_STEPS = 20;

/** Spends every refresh token once: concurrent callers, and those shortly after, receive the same new tokens. */
export class SharedRefreshes {
  readonly #config: RefreshHost["config"];
  readonly #clock: RefreshHost["clock"];
  readonly #sharePromises: boolean;
  readonly #memory: MemoryRefreshStore;
  /** Periods of refreshes whose response may be lost. */
  readonly #unanswered: MemoryRefreshStore;
  readonly #inFlight: Map<string, Flight> = new Map();

  /** `sharePromises` tells whether a call may wait for a promise that another call created. */
  constructor({ config, clock }: RefreshHost, sharePromises = sharesPromises()) {
    this.#config = config;
    this.#clock = clock;
    this.#sharePromises = sharePromises;
    const now = () => clock.elapsed();
    this.#memory = new MemoryRefreshStore({ now });
    this.#unanswered = new MemoryRefreshStore({ now });
  }

  /** Refreshes, or shares a refresh of the same token. Rejects as `send` does. */
  async refresh(wish: RefreshWish): Promise<AuthenticationResponse> {
    const key = await keyOf(wish, wish.refreshToken);
    const { organizationId, response } = await this.#outcome(key, wish);
    if (organizationId === wish.organizationId || !wish.isChosen) return response;
    // The token was exchanged for a session of another organization: continue with its refresh token
    if (response.refreshToken === wish.refreshToken) return (await this.#send(key, wish)).response;
    return await this.refresh({ ...wish, refreshToken: response.refreshToken });
  }

  /**
   * Sends a token with an idempotency key: the same key within one `refreshWindow`, as another instance may send
   * the token too, and for a minute after a response may have been lost, as the token may be spent already; a 429 or
   * 5xx in between does not tell. `name` is token and organization. Instances share the period that a key is made of.
   */
  async spend<T>(name: string, send: (idempotencyKey?: string) => Promise<T>): Promise<T> {
    const { refreshWindow } = this.#config;
    if (refreshWindow === 0) return await send();
    const id = `unanswered-${await hash(name)}`;
    const keep = async (period: number) => {
      this.#unanswered.set(id, `${period}`, { ttl: KEEP_PERIOD });
      await this.#ask((store) => store.set(id, `${period} ${this.#clock.now()}`, { ttl: KEEP_PERIOD }), undefined);
    };
    const current = Math.floor(this.#clock.now() / refreshWindow);
    let lost = Number(this.#unanswered.get(id) ?? 0);
    if (!lost) {
      const [stored, at] = `${await this.#ask((store) => store.get(id), undefined)}`.split(" ").map(Number);
      if (Math.abs(this.#clock.now() - at) <= KEEP_PERIOD) lost = stored; // a store may keep it longer
    }
    const period = lost || current;
    try {
      const response = await send(`refresh-${await hash(`${name},${period}`)}`);
      if (lost) await keep(0);
      return response;
    } catch (error) {
      const { attempts = 0, status = 408 } = Object(error) as Partial<WorkOSException>;
      const isLost = status === 408; // the default stands for no response at all
      // an attempt before may have lost its response, or the API answered and a gateway did not pass it on
      const isUnclear = (attempts > 1 || status >= 500) && !lost;
      if (isLost || isUnclear) await keep(period);
      throw error;
    }
  }

  async #outcome(key: string, wish: RefreshWish): Promise<Outcome> {
    if (!this.#sharePromises) return await this.#coordinate(key, wish);
    const known = this.#inFlight.get(key);
    if (!known) {
      const outcome = this.#coordinate(key, wish).finally(() => this.#inFlight.delete(key));
      this.#inFlight.set(key, { wish, outcome });
      return await outcome;
    }
    try {
      return structuredClone(await known.outcome); // so that no caller sees another's changes
    } catch (error) {
      if (failsAlike(known.wish, wish)) throw error;
      return await this.#outcome(key, wish);
    }
  }

  async #coordinate(key: string, wish: RefreshWish): Promise<Outcome> {
    const { refreshTimeout } = this.#config;
    const deadline = this.#clock.elapsed() + refreshTimeout;
    for (;;) {
      const lock = await this.#lock(key);
      try {
        const kept = await this.#kept(key, wish); // with the lock: its last holder may have stored it
        if (kept) return kept;
        if (lock) return await this.#sendOrFind(key, wish);
      } finally {
        await lock?.();
      }
      if (this.#clock.elapsed() >= deadline) throw new TimeoutException(refreshTimeout);
      await this.#clock.wait(POLL, []);
    }
  }

  /**
   * Takes the lock in memory first, so that at most one call of this instance asks the store. A lock that the store
   * grants too late is released together with the lock in memory, or at once if that was already released.
   */
  async #lock(key: string): Promise<ReleaseLock | undefined> {
    const ttl = Math.min(this.#config.refreshTimeout, 60_000) + 2000;
    const own = this.#memory.lock(key, { ttl });
    if (!own || this.#memory.get(key)) return own;
    const held: ReleaseLock[] = [];
    let isOver = false;
    const late = (release: ReleaseLock | undefined) => isOver ? release?.() : release && held.push(release);
    const release = await this.#ask((store) => store.lock(key, { ttl }), () => {}, late);
    if (!release) return void await own();
    held.push(release);
    return async () => {
      isOver = true;
      for (const each of held) await this.#ask(() => each(), undefined);
      await own();
    };
  }

  /** When the token is spent, looks again for an outcome, even a late one: no bad store or clock may end a session. */
  async #sendOrFind(key: string, wish: RefreshWish): Promise<Outcome> {
    try {
      return await this.#send(key, wish);
    } catch (error) {
      if (!this.#config.refreshStore || terminalReason(error) !== "invalid_grant") throw error;
      await this.#clock.wait(POLL, []); // whoever spent it may be about to store the outcome
      const kept = await this.#kept(key, wish, { late: true });
      if (kept) return kept;
      throw error;
    }
  }

  async #send(key: string, wish: RefreshWish): Promise<Outcome> {
    const { organizationId, opener, refreshToken } = wish;
    const response = await this.spend([refreshToken, organizationId].join(), (id) => wish.send(refreshToken, id));
    response.refreshToken ??= refreshToken; // a response without one leaves it valid (RFC 6749 section 6)
    const outcome = { organizationId, response };
    const { refreshWindow: ttl } = this.#config;
    if (ttl === 0) return outcome;
    const kept: Kept = { ...outcome, key, until: this.#clock.now() + ttl };
    const sealed = await sealData(kept, { password: opener, ttl, now: () => this.#clock.now() });
    this.#memory.set(key, sealed, { ttl });
    await this.#ask((store) => store.set(key, sealed, { ttl }), undefined);
    return outcome;
  }

  /** The latest stored outcome: that of this token, that of the refresh token in it, and so on. */
  async #kept(key: string, wish: RefreshWish, { late = false } = {}): Promise<Outcome | undefined> {
    let last: Outcome | undefined;
    for (let step = 0; step < MAX_STEPS; step++) {
      const next = await this.#find(key, wish, late);
      if (!next) break;
      last = next;
      const following = await keyOf(wish, next.response.refreshToken);
      if (following === key) break;
      key = following;
    }
    return last;
  }

  async #find(key: string, { password }: RefreshWish, late: boolean): Promise<Outcome | undefined> {
    const sealed = this.#memory.get(key) ?? await this.#ask((store) => store.get(key), undefined);
    if (!sealed) return undefined;
    const opened = await unsealData(sealed, { password, now: () => this.#clock.now() });
    const kept = Object(opened.ok && opened.value) as Partial<Kept>;
    const { until = 0, organizationId, response } = kept;
    const counts = kept.key === key && (late || until > this.#clock.now()); // if late, until the seal expires a minute later
    return response && counts ? { organizationId, response } : undefined;
  }

  /** Asks the store, if there is one. A store that fails or hangs must not prevent a refresh. */
  async #ask<T>(query: (store: RefreshStore) => Promise<T> | T, otherwise: T, late?: (it: T) => unknown): Promise<T> {
    const { refreshStore: store } = this.#config;
    if (!store) return otherwise;
    const pause = (ms: number, signals: AbortSignal[]) => this.#clock.wait(ms, signals);
    return await askStore(() => query(store), { otherwise, late, pause });
  }
}

/** Whether the failure of one request counts as the failure of the other. */
function failsAlike(one: RefreshWish, other: RefreshWish): boolean {
  const names = ["timeout", "maxRetries", "headers", "idempotencyKey"] as const;
  return one.organizationId === other.organizationId &&
    names.every((name) => one.request?.[name] === other.request?.[name]);
}

/** Key under which the outcome of a token is stored. */
async function keyOf({ owner }: RefreshWish, refreshToken: string): Promise<string> {
  return await hash(`${owner} ${refreshToken}`);
}

/** SHA-256 of a text in hex, as a name that does not reveal the text. */
async function hash(text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(text))));
}
