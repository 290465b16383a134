// The only code that calls `fetch`: URL, headers, body, timeout, retries, reading the response.

import { uuid } from "./bytes.ts";
import { checkMaxRetries, checkTimeout, headerPairs, type TransportConfig } from "./config.ts";
import { badOption, NetworkException, ParseError, RedirectException, TimeoutException, toException } from "./errors.ts";
import { withoutSecret, type WorkOSException } from "./errors.ts";
import type { Observer, Watch } from "./hooks.ts";
import type { Limiter } from "./rate_limit.ts";
import { inBrowser } from "./runtime.ts";
import { queryString, type RequestPath, requestUrl } from "./url.ts";
import { VERSION } from "./version.ts";
import { abortError, abortReason, onAbort, signalsOf, wait } from "./wait.ts";
import { camel, snake, toJson, type Wire } from "./wire.ts";

/** Options of one call; the last argument of every method that talks to the API. */
export interface RequestOptions {
  /** Aborts the call, also while it waits or reads the body; the call then rejects with the signal's `reason`. */
  signal?: AbortSignal;
  /** How long one attempt may take, body included, in milliseconds. Default: the client's. */
  timeout?: number;
  /** How many times a failed request is retried. Default: the client's. */
  maxRetries?: number;
  /** Headers of this call; they override the client's. `Content-Type` is ignored. */
  headers?: HeadersInit;
  /** `Idempotency-Key` of all attempts. Default: a new one per POST with retries, except sign-in calls in web pages. */
  idempotencyKey?: string;
}

/** HTTP methods of the API. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a method sends and how it reads the response. */
export interface Call<T> {
  /** Query parameters in camelCase. */
  query?: object;
  /** Additional query parameters, with wire names. */
  rawQuery?: Record<string, unknown>;
  /** Body in camelCase, sent as snake_case JSON; `null` for an empty body. Default `{}` on POST, PUT and PATCH. */
  body?: object | null;
  /** JSON body with wire names, sent as it is. */
  rawBody?: unknown;
  /** Form body with wire names; `undefined` members are left out. */
  form?: Record<string, string | undefined> | URLSearchParams;
  /** Keeps names as they are in both directions; a body that is not JSON, and does not claim to be, reads as `null`. */
  raw?: boolean;
  /** Converts the response. Default {@linkcode camel}. */
  read?: (wire: Wire) => T;
  /** The response is a bare JSON array. */
  bare?: boolean;
  /** Ignores the body of the response; the result is `undefined`. Default `true` on DELETE. */
  noContent?: boolean;
  /** The result of a successful response without a body. Default: such a response throws {@linkcode ParseError}. */
  empty?: T;
  /** Works without an API key. */
  public?: boolean;
  /** Bearer token to send instead of the API key. */
  accessToken?: string;
  /** Sends neither the API key nor a token. */
  anonymous?: boolean;
  /** For token grants: no retry after a response, as the token may be spent; no pause for others after a 429. */
  once?: boolean;
  /** No retry that would begin later than this, in milliseconds. Default: when the API asks for it. */
  maxDelay?: number;
}

/** Time and randomness, for tests to control. */
export interface TransportClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds on a monotonic clock, which measures durations. */
  elapsed(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Resolves after `ms` milliseconds, or rejects when one of the signals aborts. */
  wait(ms: number, signals: AbortSignal[]): Promise<void>;
}

/** The real time. */
export const CLOCK: TransportClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: () => Math.random(),
  wait,
};

/** Functions that a transport calls around its requests. */
export interface TransportAides {
  /** Observes every call, for hooks and logs. */
  observer?: Observer;
  /** Delays calls to keep the client's rate limits. */
  limiter?: Limiter;
  /** Throws for a call that needs an API key; set on clients without one. */
  refuse?: (path: string) => never;
  /** Records the response that a result was read from. */
  remember?: (value: object, answer: Answer) => void;
}

/** Statuses of failures that may be temporary. */
const RETRYABLE = [408, 429, 500, 502, 503, 504];
const MAX_RETRY_AFTER = 60_000;
/** Routes with limits per user, which a stranger can use up, so that a 429 must not stop everybody. */
const LIMITED_BY_USER = /authenticate|challenge|email_|magic|password/;
const MAX_CAUSES = 8;
const SECRET_NAME = /(password|token|secret|verifier|code|hash|credential|.key)$|^value$/i;

/** What a call has cost so far. */
interface Effort {
  attempts: number;
  waited: number;
}

/** A response, and what it cost to get it. */
export interface Answer extends Effort {
  response: Response;
}

/** The result of one attempt. */
interface Outcome {
  response: Response | undefined;
  text: string;
  failure: { cause: unknown; timedOut: boolean } | undefined;
}

/** A call on its way. */
interface Sending<T> extends Effort {
  readonly call: Call<T>;
  readonly noContent: boolean;
  readonly path: RequestPath;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Body;
  readonly timeout: number;
  readonly maxRetries: number;
  readonly signals: AbortSignal[];
  readonly watch: Watch | undefined;
}

/** Sends single requests for one client. */
export class Transport<C extends TransportConfig = TransportConfig> {
  /** The checked configuration. */
  declare readonly config: C;
  /** Source of time and randomness. */
  declare readonly clock: TransportClock;
  readonly #aides: TransportAides;
  #headers: Readonly<Record<string, string>> | undefined;
  #pausedUntil = 0;

  /** Made by the client. */
  constructor(config: C, clock: TransportClock = CLOCK, aides: TransportAides = {}) {
    this.config = config;
    this.clock = clock;
    this.#aides = aides;
  }

  /** Protocol, host, port and path prefix of the API. */
  get baseURL(): string {
    return this.config.baseURL;
  }

  /** Client id of the client. */
  get clientId(): string | undefined {
    return this.config.clientId;
  }

  /** Secret API key; `undefined` for a public client. */
  get apiKey(): string | undefined {
    return this.config.secrets().apiKey;
  }

  /** Sends one request, with retries where they can help, and reads the response. */
  async send<T>(
    method: Method,
    target: RequestPath | string,
    call: Call<T> = {},
    options?: RequestOptions | null,
  ): Promise<T> {
    const { config, clock } = this;
    const { observer, limiter, refuse } = this.#aides;
    const path = typeof target === "string" ? { value: target, route: target } : target;
    if (!call.public) refuse?.(shownPath(path));
    const request = options ?? {};
    const { timeout = config.timeout, maxRetries = config.maxRetries, signal } = request;
    const signals = signalsOf(signal, config.init.signal);
    throwIfAborted(signals);
    checkTimeout(timeout);
    checkMaxRetries(maxRetries);
    const url = requestUrl(config.baseURL, path.value, encodeQuery(call));
    const body = encodeBody(method, call);
    const headers = this.#headersFor(method, call, { request, body, maxRetries });
    const watch = observer?.(() => {
      return { method, route: path.route, maxRetries, hasIdempotencyKey: !!findHeader(headers, "Idempotency-Key") };
    });
    const { noContent = method === "DELETE" } = call;
    const effort = { attempts: 0, waited: 0 };
    const sending = { call, noContent, path, url, headers, body, timeout, maxRetries, signals, watch, ...effort };
    try {
      let heeded = 0; // the end of the last pause that this call waited for
      for (;;) {
        sending.attempts++;
        if (limiter || this.#pausedUntil > heeded) heeded = await this.#turn(heeded, sending);
        const sent = { ...headers };
        const traceparent = watch?.begin(sending.attempts);
        if (traceparent !== undefined && !findHeader(sent, "traceparent")) sent.traceparent = traceparent;
        const init: RequestInit = { ...config.init, method, headers: sent, body, redirect: "manual" };
        const outcome = await attempt(config.fetchFn, init, sending);
        if (watch && outcome.response) watch.answer(outcome.response, !outcome.failure);
        const isSpent = call.once && outcome.response;
        const delay = isSpent ? undefined : this.#delay(outcome, sending);
        if (delay === undefined || sending.attempts > maxRetries || delay > (call.maxDelay ?? Infinity)) {
          const value = this.#read(outcome, sending);
          if (value instanceof Error) throw value; // here, as it costs time to throw through a function
          watch?.succeed();
          return value;
        }
        watch?.retry(delay);
        sending.waited += delay;
        const end = clock.elapsed() + delay;
        await clock.wait(delay, signals);
        if (this.#pausedUntil <= end) this.#pausedUntil = 0; // over, even if a test stopped the clock
      }
    } catch (error) {
      watch?.fail(error);
      throw error;
    }
  }

  /**
   * Waits until the client's rate limits allow a request, and while a 429 pauses the client. Waits for pauses at most
   * `timeout` in total, and not at all with `maxRetries: 0`. Returns the end of the last pause seen.
   */
  async #turn<T>(heeded: number, { path, watch, timeout, maxRetries, signals }: Sending<T>): Promise<number> {
    let patience = maxRetries > 0 ? timeout : 0;
    for (;;) {
      while (this.#pausedUntil > heeded) {
        heeded = this.#pausedUntil;
        const left = Math.min(heeded - this.clock.elapsed(), patience);
        if (left <= 0) continue;
        patience -= left;
        watch?.wait(left);
        await this.clock.wait(left, signals);
        if (patience > 0 && this.#pausedUntil <= heeded) this.#pausedUntil = 0;
      }
      const place = this.#aides.limiter?.(path.route, signals);
      if (!place) return heeded;
      await place;
      if (this.#pausedUntil <= heeded) return heeded;
    }
  }

  #headersFor<T>(
    method: Method,
    call: Call<T>,
    { request, body, maxRetries }: { request: RequestOptions; body: Body; maxRetries: number },
  ): Record<string, string> {
    const headers = { ...this.#headers ??= clientHeaders(this.config) }; // late: it makes runtimes load fetch
    if (call.anonymous) setHeader(headers, "Authorization");
    else if (call.accessToken !== undefined) setHeader(headers, "Authorization", bearer(call.accessToken));
    const key = request.idempotencyKey;
    if (key !== undefined) setHeader(headers, "Idempotency-Key", checkIdempotencyKey(key));
    else if (method === "POST" && maxRetries > 0 && !(call.public && inBrowser())) { // see clientHeaders
      setHeader(headers, "Idempotency-Key", `retry-${uuid()}`);
    }
    if (request.headers) {
      for (const [name, value] of headerPairs(request.headers, "headers")) setHeader(headers, name, value);
      setHeader(headers, "Content-Type");
    }
    if (body !== undefined) {
      headers["Content-Type"] = call.form ? "application/x-www-form-urlencoded;charset=utf-8" : "application/json";
    }
    return headers;
  }

  /** Milliseconds until the next attempt; `undefined` when a retry cannot help. Most 429s pause the whole client. */
  #delay<T>({ response, failure }: Outcome, { path, attempts }: Sending<T>): number | undefined {
    const passes = failure ? failure.timedOut || isNetworkFailure(failure.cause) : RETRYABLE.includes(response!.status);
    if (!passes) return undefined;
    const asked = failure ? undefined : parseRetryAfter(response!.headers.get("Retry-After"), this.clock.now());
    if (asked === undefined) return backoff(attempts, this.clock.random());
    const delay = Math.min(asked, MAX_RETRY_AFTER);
    if (response!.status === 429 && !LIMITED_BY_USER.test(path.route)) {
      this.#pausedUntil = Math.max(this.#pausedUntil, this.clock.elapsed() + delay);
    }
    return delay;
  }

  /** Returns the result of a call, or the exception for its last outcome. */
  #read<T>({ response, text, failure }: Outcome, sending: Sending<T>): T | WorkOSException {
    const { call, noContent, path, url, timeout, attempts, waited } = sending;
    const effort = { attempts, waited };
    if (response?.ok && !failure) {
      if (noContent) return undefined as T;
      const answer = { response, ...effort };
      const value = readAnswer(text, call, answer);
      if (typeof value === "object" && value !== null) this.#aides.remember?.(value, answer);
      return value;
    }
    const requestID = requestIDOf(response);
    const name = findHeader(sending.headers, "Authorization") ?? "";
    const keys = [this.apiKey, sending.headers[name]?.trim().replace(/.* /, "")];
    const withoutKeys = (text: string) => keys.reduce<string>(withoutSecret, text); // in case they are quoted
    if (failure?.timedOut) return new TimeoutException(timeout, requestID, { ...effort, cause: failure.cause });
    if (!response || (failure && response.ok)) {
      const shown = () => this.baseURL + shownPath(path); // a function: in a text, "$&" would stand for the URL
      const hide = (text: string) => withoutKeys(text).replaceAll(url, shown).replaceAll(new URL(url).href, shown);
      return new NetworkException(shownFailure(failure?.cause, hide), requestID, effort);
    }
    const { status, headers } = response;
    if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
      return new RedirectException(status, requestID, headers.get("Location"), effort);
    }
    const delay = parseRetryAfter(headers.get("Retry-After"), this.clock.now());
    const retryAfter = delay === undefined ? null : Math.ceil(delay / 1000);
    const body = parseJson(withoutKeys(text));
    const secrets = secretsOf(sending);
    return toException({ status, body, requestID, path: shownPath(path), retryAfter, secrets, ...effort });
  }
}

/** Sends one request and reads the whole response within the time limit. Rejects only when a signal aborts. */
function attempt<T>(
  fetchFn: TransportConfig["fetchFn"], // called bare: Workers reject a fetch with a receiver
  init: RequestInit,
  { noContent, url, timeout, signals }: Sending<T>,
): Promise<Outcome> {
  throwIfAborted(signals); // by a hook
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let response: Response | undefined;

    // The first call wins: a promise settles once
    const finish = (text: string, failure?: Outcome["failure"]) => {
      clearTimeout(timer);
      release();
      const aborted = failure && signals.find((it) => it.aborted);
      const isDone = noContent && response?.ok; // the body is not needed
      if (aborted) reject(abortReason(aborted));
      else resolve({ response, text, failure: isDone ? undefined : failure });
    };
    // A fetchFn may ignore the signal, so the call settles before the abort
    const stop = (cause: Error, timedOut: boolean) => {
      finish("", { cause, timedOut });
      try {
        controller.abort(cause);
      } catch { // on Workers the fetch may belong to another request, with which it ends
      }
    };
    const release = onAbort(signals, () => stop(abortError(), false));
    const expire = () => stop(abortError("The call timed out", "TimeoutError"), true);
    const run = async () => {
      try {
        response = await (fetchFn ? fetchFn(url, init) : fetch(url, init));
        void response.headers; // Deno reads a body several times faster after an access to the headers
        finish(await response.text());
      } catch (cause) {
        finish("", { cause, timedOut: false });
      }
    };

    // a fake timer of a test may fire before setTimeout() returns: ignore that
    if (timeout !== Infinity) timer = setTimeout(() => timer === undefined || expire(), timeout);
    init.signal = controller.signal;
    run();
  });
}

/** Secret values that a call sends; the API may quote them, and no message may. */
function secretsOf<T>({ path, url, body }: Sending<T>): string[] {
  const texts: string[] = [];
  const collect = (value: unknown, name: string) => {
    if (typeof value === "string" && SECRET_NAME.test(name)) texts.push(value);
  };
  const [, token = ""] = path.value.split("token/");
  collect(token, "token");
  const [, query = ""] = url.split(/[?#]/);
  if (query || token) new URLSearchParams(`${query}&token=${token}`).forEach(collect); // decodes the token too
  if (typeof body === "string") parseJson(body, (name, value) => collect(value, name)); // visits every nested value
  else body?.forEach(collect);
  return texts.sort((a, b) => b.length - a.length); // longest first, as one may contain another
}

/** Value of the `X-Request-ID` header; empty when there was none. */
export function requestIDOf(response: Response | undefined): string {
  return response?.headers.get("X-Request-ID") ?? "";
}

/** Headers of every request of a client, in the caller's spelling. */
function clientHeaders({ secrets, appInfo, traceparent }: TransportConfig): Record<string, string> {
  const { apiKey, headers } = secrets();
  const merged: Record<string, string> = { Accept: "application/json, text/plain, */*" };
  for (const [name, value] of headers) setHeader(merged, name, value);
  for (const name of ["Content-Type", "User-Agent"]) setHeader(merged, name);
  if (traceparent) setHeader(merged, "traceparent");
  if (apiKey) setHeader(merged, "Authorization", `Bearer ${apiKey}`);
  const { name, version, url } = appInfo ?? {};
  const app = name && name + (version ? `/${version}` : "") + (url ? ` (${url})` : "");
  // In a page such a header has to be allowed by the API (CORS), so User-Agent is not set there
  if (!inBrowser()) merged["User-Agent"] = `universal-workos/${VERSION}${app ? ` ${app}` : ""}`;
  else if (app) setHeader(merged, "X-WorkOS-Client-App", app);
  return { ...merged };
}

/** The spelling under which a header is present; `undefined` when it is not. */
function findHeader(headers: Record<string, string>, name: string): string | undefined {
  const lower = name.toLowerCase();
  return Object.keys(headers).find((it) => it.length === name.length && it.toLowerCase() === lower);
}

/** Sets a header, or removes it when `value` is absent; replaces any other spelling of its name. */
function setHeader(headers: Record<string, string>, name: string, value?: string): void {
  const known = findHeader(headers, name);
  if (known !== undefined) delete headers[known];
  if (value !== undefined) headers[name] = value;
}

/** The path to show in an exception: without its query, and with `{}` instead of ids when one of them is a token. */
function shownPath({ value, route }: RequestPath): string {
  return route.includes("token/{}") ? route : value.replace(/[?#].*/s, "");
}

/**
 * A failure of `fetch` without the query and the tokens of the URL, which some runtimes quote, some of them normalized,
 * and some in a nested cause; without the request, which errors of HTTP libraries have among their members; and without
 * `data`: what Node received in place of a response.
 */
function shownFailure(failure: unknown, hide: (text: string) => string, depth = 0): unknown {
  if (typeof failure === "string") return hide(failure);
  if (Object(failure) !== failure) return failure;
  const members = failure as Record<string, unknown>;
  const { name, message, code, cause } = members;
  if (typeof message !== "string" || depth > MAX_CAUSES) return undefined;
  const shown = (it: unknown) => shownFailure(it, hide, depth + 1);
  const isClean = (it: string) => it !== "data" && [members[it]].flat().every((each) => shown(each) === each);
  if (["message", ...Object.getOwnPropertyNames(failure)].every(isClean)) return failure;
  const kept = shown(cause) as object | undefined;
  return Object.assign(new TypeError(hide(message), kept && { cause: kept }), { name }, code && { code });
}

function encodeQuery<T>({ query, rawQuery, raw }: Call<T>): string {
  if (!query && !rawQuery) return "";
  return queryString({ ...(raw ? query : snake(query)), ...rawQuery });
}

/** A body that every attempt can send again. */
type Body = string | URLSearchParams | undefined;

function encodeBody<T>(method: Method, { body, rawBody, form, raw }: Call<T>): Body {
  if (form) {
    const pairs = form instanceof URLSearchParams ? [...form] : Object.entries(form);
    return new URLSearchParams(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
  }
  if (rawBody !== undefined) return toJson(rawBody);
  if (body === null) return "";
  if (body !== undefined) return toJson(raw ? body : snake(body));
  return method === "GET" || method === "DELETE" ? undefined : "{}";
}

function bearer(accessToken: string): string {
  if (typeof accessToken === "string" && /^[!-~]+$/.test(accessToken)) return `Bearer ${accessToken}`;
  throw badOption("accessToken", "it is not a token");
}

function checkIdempotencyKey(key: string): string {
  if (typeof key === "string" && /^[!-~]([ -~]*[!-~])?$/.test(key)) return key;
  throw badOption("idempotencyKey", "it is not a string of printable ASCII characters");
}

/** Reads a body as the method's result. Throws {@linkcode ParseError} when it cannot be read. */
function readAnswer<T>(text: string, call: Call<T>, { response, attempts, waited }: Answer): T {
  const { read = camel, raw, bare = false, empty } = call;
  const parsed = parseJson(text);
  const wire = parsed ?? null;
  let failure: { message: string; cause?: unknown } = { message: "Cannot read the response: it is not a JSON object" };
  try {
    const broken = parsed === undefined && text !== "" && response.headers.get("Content-Type")?.includes("json");
    const whole = raw ? !broken : typeof wire === "object" && wire !== null && bare === Array.isArray(wire);
    if (whole) return read(wire as Wire);
    if (text === "" && empty) return { ...empty };
  } catch (cause) {
    failure = { message: "Cannot read the response: it is malformed", cause };
  }
  const requestID = requestIDOf(response);
  throw new ParseError({ ...failure, rawBody: text, rawStatus: response.status, requestID, attempts, waited });
}

function parseJson(text: string, visit?: (name: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, visit);
  } catch { // the caller tells what was expected
    return undefined;
  }
}

/** Milliseconds until `Retry-After`, in seconds or a date (RFC 9110 section 10.2.3); `undefined` for an invalid one. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (!header) return undefined;
  const value = header.trim();
  if (/^[0-9]+$/.test(value)) return Number(value) * 1000;
  const form = HTTP_DATES.find(([pattern]) => pattern.test(value));
  const date = form ? Date.parse(value.replace(...form).trim()) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The three forms of an HTTP-date (RFC 9110 section 5.6.7), all in GMT, each with its rewrite for `Date.parse`. */
const HTTP_DATES: [RegExp, string][] = [
  [/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/, "$&"],
  [/^[A-Z][a-z]{5,8}, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}:\d{2}:\d{2} GMT)$/, "$1 $2 20$3 $4"],
  [/^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}:\d{2}:\d{2}) (\d{4})$/, "$2 $1 $4 $3 GMT"],
];

/** Milliseconds before retry number `attempt`: grows by half each time, up to 8 s, then +/- 50 % by `random`. */
export function backoff(attempt: number, random: number): number {
  return Math.min(500 * 1.5 ** (attempt + 1), 8000) * (0.5 + random);
}

/**
 * Runtimes reject with a `TypeError`, in a sandbox such as Jest's with one of another realm, or an error with a string
 * `code` (Bun) or `retryable: true` (Workers); happy-dom rejects with a `NetworkError`.
 */
function isNetworkFailure(failure: unknown): boolean {
  return [failure, Object(failure).cause].some((it) => {
    const { name, code, retryable } = Object(it) as Record<string, unknown>;
    return /^(Type|Network)Error$/.test(name as string) || typeof code === "string" || retryable === true;
  });
}

function throwIfAborted(signals: AbortSignal[]): void {
  for (const it of signals) if (it.aborted) throw abortReason(it);
}
