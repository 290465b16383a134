/**
 * The only code that calls `fetch`: URL, headers, body, timeout, retries, reading the answer.
 *
 * @module
 */

import { uuid } from "./bytes.ts";
import { checkMaxRetries, checkTimeout, type Config, headerPairs } from "./config.ts";
import {
  ApiKeyRequiredException,
  NetworkException,
  ParseError,
  RedirectException,
  TimeoutException,
  toException,
} from "./errors.ts";
import { mayNameUserAgent } from "./runtime.ts";
import { queryString, type RequestPath, requestUrl } from "./url.ts";
import { VERSION } from "./version.ts";
import { camel, snake, type Wire } from "./wire.ts";

/** Options of one call; the last argument of every method that talks to the API. */
export interface RequestOptions {
  /** Aborts the call, waiting and reading included; the call then rejects with the signal's `reason`. */
  signal?: AbortSignal;
  /** How long one attempt may take, body included, in milliseconds. Default: the client's. */
  timeout?: number;
  /** How often a failed request is sent again. Default: the client's. */
  maxRetries?: number;
  /** Headers of this call; they win over the client's, `Content-Type` excepted. */
  headers?: HeadersInit;
  /** Sent as `Idempotency-Key`, the same for all attempts. Default: a new one per POST that may be retried. */
  idempotencyKey?: string;
}

/** What is known of the answer behind a value, see {@linkcode responseOf}. */
export interface ResponseInfo {
  /** HTTP status. */
  readonly status: number;
  /** Headers of the answer. */
  readonly headers: Headers;
  /** Value of the `X-Request-ID` header, to quote to support; empty when there was none. */
  readonly requestID: string;
  /** How many attempts the call made. */
  readonly attempts: number;
}

/** The verbs of the API. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What one method of a resource sends and expects. */
export interface Call<T> {
  /** Query parameters in camelCase. */
  query?: object;
  /** Body in camelCase, sent as snake_case JSON; `null` for an empty body. Default `{}` on POST, PUT and PATCH. */
  body?: object | null;
  /** JSON body with wire names, sent as it is. */
  rawBody?: unknown;
  /** Form body with wire names; `undefined` members are left out. */
  form?: Record<string, string | undefined> | URLSearchParams;
  /** Names cross as they are, both ways, and an answer that is not JSON is `null`. */
  raw?: boolean;
  /** Reads the answer. Default {@linkcode camel}. */
  read?: (wire: Wire) => T;
  /** The answer's body is of no interest; the result is `undefined`. */
  noContent?: boolean;
  /** Works without an API key. */
  public?: boolean;
  /** Authorizes instead of the API key. */
  accessToken?: string;
  /** Neither key nor token is sent. */
  anonymous?: boolean;
  /** A token grant: not replayed once an answer has arrived, as the first one may have spent the token. */
  once?: boolean;
}

/** What a test wants to control. */
export interface TransportClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Resolves after `ms` milliseconds, or rejects when the signal aborts. */
  wait(ms: number, signals: AbortSignal[]): Promise<void>;
}

const CLOCK: TransportClock = { now: () => Date.now(), random: () => Math.random(), wait };

const RETRYABLE: ReadonlySet<number> = /* @__PURE__ */ new Set([408, 429, 500, 502, 503, 504]);
const MAX_RETRY_AFTER = 60_000;

/** What {@linkcode responseOf} finds, by the value that was returned. */
export const responses: WeakMap<object, ResponseInfo> = /* @__PURE__ */ new WeakMap();

/**
 * Status, headers, request id and attempts of the call that produced `value`: an object, page or list that a method
 * returned. `undefined` for anything else, such as an item of a list.
 */
export function responseOf(value: unknown): ResponseInfo | undefined {
  return typeof value === "object" && value !== null ? responses.get(value) : undefined;
}

/** What came of one attempt. */
interface Outcome {
  response?: Response;
  text?: string;
  failure?: { cause: unknown; timedOut: boolean };
}

/** Sends single requests for one client. */
export class Sender {
  /** The checked configuration. */
  readonly config: Config;
  /** What time it is. */
  readonly clock: TransportClock;
  readonly #headers: Map<string, [string, string]>;

  /** Made by the client. */
  constructor(config: Config, clock: TransportClock = CLOCK) {
    this.config = config;
    this.clock = clock;
    this.#headers = clientHeaders(config);
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
    return this.config.apiKey;
  }

  /** Sends one request, again where that can help, and reads the answer. */
  async send<T>(
    method: Method,
    path: RequestPath | string,
    call: Call<T> = {},
    request: RequestOptions = {},
  ): Promise<T> {
    const target = typeof path === "string" ? path : path.value;
    if (!this.config.apiKey && !call.public) throw new ApiKeyRequiredException(target);
    const { timeout, maxRetries, signals } = this.#limits(request);
    const query = call.query && queryString(call.raw ? call.query as Wire : snake(call.query));
    const url = requestUrl(this.config.baseURL, target, query);
    const body = encodeBody(method, call);
    const headers = this.#headersFor(method, call, { request, body, maxRetries });
    const init: RequestInit = { ...this.config.init, method, headers, redirect: "manual" };
    if (body !== undefined) init.body = body;
    for (let attempt = 1;; attempt++) {
      const outcome = await this.#attempt(url, init, { timeout, signals });
      const delay = attempt > maxRetries || (call.once && outcome.response) ? undefined : this.#delay(outcome, attempt);
      if (delay === undefined) return this.#result(outcome, call, { path: target, attempts: attempt, timeout });
      await this.clock.wait(delay, signals);
    }
  }

  #limits(request: RequestOptions): { timeout: number; maxRetries: number; signals: AbortSignal[] } {
    const { timeout = this.config.timeout, maxRetries = this.config.maxRetries, signal } = request;
    if (signal !== undefined && typeof signal?.addEventListener !== "function") {
      throw new TypeError('Cannot use option "signal": it is not an AbortSignal');
    }
    const signals = [signal, this.config.init.signal].filter((it): it is AbortSignal => !!it);
    for (const it of signals) if (it.aborted) throw abortReason(it);
    return { timeout: checkTimeout(timeout), maxRetries: checkMaxRetries(maxRetries), signals };
  }

  #headersFor<T>(
    method: Method,
    call: Call<T>,
    { request, body, maxRetries }: { request: RequestOptions; body: string | undefined; maxRetries: number },
  ): Record<string, string> {
    const headers = new Map(this.#headers);
    const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
    const token = call.accessToken ?? this.config.apiKey;
    if (call.anonymous) headers.delete("authorization");
    else if (token) set("Authorization", `Bearer ${token}`);
    const key = request.idempotencyKey ?? (method === "POST" && maxRetries > 0 ? `retry-${uuid()}` : undefined);
    if (key !== undefined) set("Idempotency-Key", checkIdempotencyKey(key));
    for (const [name, value] of headerPairs(request.headers, "headers")) set(name, value);
    headers.delete("content-type");
    if (body !== undefined) {
      set("Content-Type", call.form ? "application/x-www-form-urlencoded;charset=utf-8" : "application/json");
    }
    return Object.fromEntries(headers.values());
  }

  async #attempt(
    url: string,
    init: RequestInit,
    { timeout, signals }: { timeout: number; signals: AbortSignal[] },
  ): Promise<Outcome> {
    const outcome: Outcome = {};
    const { fetchFn } = this.config; // called bare: Workers reject a fetch with a receiver
    const deadline = startDeadline(timeout, signals);
    const run = async () => {
      const own = { ...init, headers: { ...init.headers as Record<string, string> }, signal: deadline.signal };
      outcome.response = await (fetchFn ? fetchFn(url, own) : fetch(url, own));
      outcome.text = await outcome.response.text();
    };
    try {
      await Promise.race([run(), deadline.passed]); // a fetchFn need not heed the signal
    } catch (cause) {
      for (const signal of signals) if (signal.aborted) throw abortReason(signal);
      outcome.failure = { cause, timedOut: deadline.timedOut() };
    } finally {
      deadline.release();
    }
    return outcome;
  }

  /** Milliseconds to wait before trying again, or `undefined` when trying again cannot help. */
  #delay({ response, failure }: Outcome, attempt: number): number | undefined {
    if (failure && !(failure.timedOut || isNetworkFailure(failure.cause))) return undefined;
    if (!failure && !RETRYABLE.has(response!.status)) return undefined;
    const asked = failure ? undefined : parseRetryAfter(response!.headers.get("Retry-After"), this.clock.now());
    return asked === undefined ? backoff(attempt, this.clock.random()) : Math.min(asked, MAX_RETRY_AFTER);
  }

  #result<T>(
    { response, text = "", failure }: Outcome,
    call: Call<T>,
    { path, attempts, timeout }: { path: string; attempts: number; timeout: number },
  ): T {
    const requestID = response?.headers.get("X-Request-ID") ?? "";
    if (failure?.timedOut) throw new TimeoutException(timeout, requestID, { attempts, cause: failure.cause });
    if (!response || (failure && response.ok)) throw new NetworkException(failure?.cause, requestID, { attempts });
    const { status, headers } = response;
    if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
      throw new RedirectException(status, requestID, headers.get("Location"), { attempts });
    }
    if (!response.ok) {
      const retryAfter = parseRetryAfter(headers.get("Retry-After"), this.clock.now());
      const seconds = retryAfter === undefined ? null : Math.ceil(retryAfter / 1000);
      throw toException({ status, body: parseJson(text), requestID, path, retryAfter: seconds, attempts });
    }
    if (call.noContent) return undefined as T;
    const value = readAnswer(text, call, { rawStatus: status, requestID, attempts });
    if (typeof value === "object" && value !== null) responses.set(value, { status, headers, requestID, attempts });
    return value;
  }
}

/** The headers that every request of a client has, by lower-case name. */
function clientHeaders({ headers, appInfo }: Config): Map<string, [string, string]> {
  const merged = new Map<string, [string, string]>();
  const set = (name: string, value: string) => merged.set(name.toLowerCase(), [name, value]);
  set("Accept", "application/json, text/plain, */*");
  for (const [name, value] of headers) set(name, value);
  const app = appInfo && appInfo.name + (appInfo.version ? `/${appInfo.version}` : "") +
      (appInfo.url ? ` (${appInfo.url})` : "");
  merged.delete("user-agent");
  if (mayNameUserAgent()) set("User-Agent", `universal-workos/${VERSION}${app ? ` ${app}` : ""}`);
  else if (app) set("X-WorkOS-Client-App", app);
  return merged;
}

function encodeBody<T>(method: Method, { body, rawBody, form, raw }: Call<T>): string | undefined {
  if (form instanceof URLSearchParams) return form.toString();
  if (form) {
    const pairs = Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return new URLSearchParams(pairs).toString();
  }
  if (rawBody !== undefined) return JSON.stringify(rawBody);
  if (body === null) return "";
  if (body !== undefined) return JSON.stringify(raw ? body : snake(body));
  return method === "GET" || method === "DELETE" ? undefined : "{}";
}

function checkIdempotencyKey(key: string): string {
  if (typeof key === "string" && /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(key)) return key;
  throw new TypeError('Cannot use option "idempotencyKey": it is not a text of printable ASCII characters');
}

/** An answer's body as the method's result; what cannot be read is a {@linkcode ParseError}. */
function readAnswer<T>(
  text: string,
  { read = camel, raw }: Call<T>,
  details: { rawStatus: number; requestID: string; attempts: number },
): T {
  const wire = parseJson(text);
  if (raw) return read((wire ?? null) as Wire);
  if (typeof wire !== "object" || wire === null) {
    throw new ParseError({ message: "Cannot read the answer: it is not a JSON object", rawBody: text, ...details });
  }
  try {
    return read(wire as Wire);
  } catch (cause) {
    const message = "Cannot read the answer: it does not have the expected form";
    throw new ParseError({ message, rawBody: text, cause, ...details });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch { // the caller tells what was expected
    return undefined;
  }
}

/**
 * Milliseconds of a `Retry-After` header (RFC 9110 §10.2.3): a whole number of seconds, or an HTTP-date as the time
 * until then, at least 0. `undefined` for anything else.
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const value = header?.trim() ?? "";
  if (/^[0-9]+$/.test(value)) return Number(value) * 1000;
  const date = parseHttpDate(value);
  return date === undefined ? undefined : Math.max(0, date - now);
}

/** The three forms of an HTTP-date (RFC 9110 §5.6.7), all in GMT. */
function parseHttpDate(value: string): number | undefined {
  const imf = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
  const rfc850 = /^[A-Z][a-z]{5,8}, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}:\d{2}:\d{2}) GMT$/;
  const asctime = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}:\d{2}:\d{2}) (\d{4})$/;
  let text: string | undefined;
  if (imf.test(value)) text = value;
  const old = rfc850.exec(value);
  if (old) text = `${old[1]} ${old[2]} 20${old[3]} ${old[4]} GMT`;
  const c = asctime.exec(value);
  if (c) text = `${c[2].trim()} ${c[1]} ${c[4]} ${c[3]} GMT`;
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** Milliseconds before retry number `attempt`: growing by half, at most 8 s, spread over ±50 % by `random`. */
export function backoff(attempt: number, random: number): number {
  return Math.min(500 * 1.5 ** (attempt + 1), 8000) * (0.5 + random);
}

/** Runtimes reject with a `TypeError`, or with an error that has a `code` (Bun) or `retryable` (Workers). */
function isNetworkFailure(cause: unknown): boolean {
  if (cause instanceof TypeError) return true;
  const { code, retryable } = Object(cause) as { code?: unknown; retryable?: unknown };
  return typeof code === "string" || retryable === true;
}

interface Deadline {
  /** Aborts what the deadline is for. */
  signal: AbortSignal;
  /** Rejects when the time is up or a signal aborts. */
  passed: Promise<never>;
  timedOut(): boolean;
  release(): void;
}

/** One time limit joined with the caller's signals; everything it holds is let go by `release`. */
function startDeadline(timeout: number, signals: AbortSignal[]): Deadline {
  const controller = new AbortController();
  let timedOut = false;
  let reject: (reason: unknown) => void;
  const passed = new Promise<never>((_, fail) => reject = fail);
  const stop = (reason: unknown) => {
    reject(reason);
    controller.abort(reason);
  };
  const expire = () => {
    timedOut = true;
    stop(new DOMException(`No whole answer within ${timeout} ms`, "TimeoutError"));
  };
  const abort = () => stop(new DOMException("The call was aborted", "AbortError"));
  const timer = timeout === Infinity ? undefined : setTimeout(expire, timeout);
  for (const signal of signals) signal.addEventListener("abort", abort, { once: true });
  passed.catch(() => {}); // whoever races it sees the rejection
  return {
    signal: controller.signal,
    passed,
    timedOut: () => timedOut,
    release() {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", abort);
    },
  };
}

/** Resolves after `ms` milliseconds, or rejects with the reason of a signal that aborts. */
function wait(ms: number, signals: AbortSignal[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const release = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", abort);
    };
    const abort = () => {
      release();
      reject(abortReason(signals.find((it) => it.aborted)!));
    };
    const timer = setTimeout(() => {
      release();
      resolve();
    }, ms);
    for (const signal of signals) signal.addEventListener("abort", abort, { once: true });
  });
}

function abortReason(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException("The call was aborted", "AbortError");
}
