/**
 * The only code that calls `fetch`: URL, headers, body, timeout, retries, reading the answer.
 *
 * @module
 */

import { uuid } from "./bytes.ts";
import { checkMaxRetries, checkTimeout, headerPairs, type TransportConfig } from "./config.ts";
import { badOption, NetworkException, ParseError, RedirectException, TimeoutException, toException } from "./errors.ts";
import type { Observer, Watch } from "./hooks.ts";
import type { Limiter } from "./rate_limit.ts";
import { inBrowser } from "./runtime.ts";
import { queryString, type RequestPath, requestUrl } from "./url.ts";
import { VERSION } from "./version.ts";
import { abortReason, onAbort, signalsOf, wait } from "./wait.ts";
import { camel, snake, toJson, type Wire } from "./wire.ts";

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

/** The verbs of the API. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What one method of a resource sends and expects. */
export interface Call<T> {
  /** Query parameters in camelCase. */
  query?: object;
  /** Further query parameters, with wire names. */
  rawQuery?: Record<string, unknown>;
  /** Body in camelCase, sent as snake_case JSON; `null` for an empty body. Default `{}` on POST, PUT and PATCH. */
  body?: object | null;
  /** JSON body with wire names, sent as it is. */
  rawBody?: unknown;
  /** Form body with wire names; `undefined` members are left out. */
  form?: Record<string, string | undefined> | URLSearchParams;
  /** Names cross as they are, both ways, and an answer that does not claim to be JSON may be `null`. */
  raw?: boolean;
  /** Reads the answer. Default {@linkcode camel}. */
  read?: (wire: Wire) => T;
  /** The answer is a list without anything around it. */
  bare?: boolean;
  /** The answer's body is of no interest; the result is `undefined`. Default on DELETE. */
  noContent?: boolean;
  /** The result when the answer is a success without a body. Default: that is a {@linkcode ParseError}. */
  empty?: T;
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
  /** Milliseconds since some moment, by a clock that nobody sets: what lasts is measured with it. */
  elapsed(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Resolves after `ms` milliseconds, or rejects when the signal aborts. */
  wait(ms: number, signals: AbortSignal[]): Promise<void>;
}

/** The real time. */
export const CLOCK: TransportClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: () => Math.random(),
  wait,
};

/** What a transport does beside sending. */
export interface TransportAides {
  /** Is told about every call. */
  observer?: Observer;
  /** Makes calls wait for their turn. */
  limiter?: Limiter;
  /** Throws for a path whose calls need an API key, where there is none. */
  refuse?: (path: string) => never;
  /** Is told what answer a value came of. */
  remember?: (value: object, answer: Answer) => void;
}

/** The statuses of answers that may be others the next time. */
const RETRYABLE = [408, 429, 500, 502, 503, 504];
const MAX_RETRY_AFTER = 60_000;
const MAX_CAUSES = 8;
const SECRET_NAME = /(password|token|secret|verifier|code|hash|credential)$|^value$/i;
const SECRET_LENGTH = 6; // what is shorter is guessed sooner than read

/** What it took to get an outcome. */
interface Effort {
  attempts: number;
  waited: number;
}

/** An answer, and what it took to get it. */
export interface Answer extends Effort {
  response: Response;
}

/** What came of one attempt. */
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
  readonly timeout: number;
  readonly maxRetries: number;
  readonly signals: AbortSignal[];
  readonly watch: Watch | undefined;
}

/** Sends single requests for one client. */
export class Transport<C extends TransportConfig = TransportConfig> {
  /** The checked configuration. */
  readonly config: C;
  /** What time it is. */
  readonly clock: TransportClock;
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

  /** Sends one request, again where that can help, and reads the answer. */
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
      const hasIdempotencyKey = findHeader(headers, "Idempotency-Key") !== undefined;
      return { method, route: path.route, maxRetries, hasIdempotencyKey };
    });
    const { noContent = method === "DELETE" } = call;
    const sending = { call, noContent, path, url, timeout, maxRetries, signals, watch, attempts: 0, waited: 0 };
    try {
      let heeded = 0; // the end of the last pause that was waited for
      for (;;) {
        sending.attempts++;
        if (limiter || this.#pausedUntil > heeded) heeded = await this.#turn(heeded, sending);
        const sent = { ...headers };
        const traceparent = watch?.begin(sending.attempts);
        if (traceparent !== undefined && !findHeader(sent, "traceparent")) sent.traceparent = traceparent;
        const init: RequestInit = { ...config.init, method, headers: sent, redirect: "manual" };
        if (body !== undefined) init.body = body;
        const outcome = await attempt(config.fetchFn, init, sending);
        if (watch && outcome.response) watch.answer(outcome.response, !outcome.failure);
        const delay = this.#delay(outcome, sending.attempts);
        if (delay === undefined || sending.attempts > maxRetries || (call.once && outcome.response)) {
          const value = this.#read(outcome, sending);
          watch?.succeed();
          return value;
        }
        watch?.retry(delay);
        sending.waited += delay;
        const end = clock.elapsed() + delay;
        await clock.wait(delay, signals);
        if (this.#pausedUntil <= end) this.#pausedUntil = 0; // whatever a clock says that a test may have stopped
      }
    } catch (error) {
      watch?.fail(error);
      throw error;
    }
  }

  /**
   * Waits for a place under the client's limits, and as long as the API asked the client to pause, but no longer than an
   * attempt may take. Whoever does not want to try again does not want to wait for others' pauses either.
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
    const headers = { ...this.#headers ??= clientHeaders(this.config) }; // not sooner: runtimes load fetch for it
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

  /** Milliseconds until another attempt, `undefined` where none can help. What a 429 asks for holds for all calls. */
  #delay({ response, failure }: Outcome, attempts: number): number | undefined {
    const passes = failure ? failure.timedOut || isNetworkFailure(failure.cause) : RETRYABLE.includes(response!.status);
    if (!passes) return undefined;
    const asked = failure ? undefined : parseRetryAfter(response!.headers.get("Retry-After"), this.clock.now());
    if (asked === undefined) return backoff(attempts, this.clock.random());
    const delay = Math.min(asked, MAX_RETRY_AFTER);
    if (response!.status === 429) this.#pausedUntil = Math.max(this.#pausedUntil, this.clock.elapsed() + delay);
    return delay;
  }

  /** The result of a call, or the exception that its last outcome is. */
  #read<T>({ response, text, failure }: Outcome, sending: Sending<T>): T {
    const { call, noContent, path, url, timeout, attempts, waited } = sending;
    const redirected = response?.type === "opaqueredirect";
    if (response?.ok && !failure && !redirected) {
      if (noContent) return undefined as T;
      const answer = { response, attempts, waited };
      const value = readAnswer(text, call, answer);
      if (typeof value === "object" && value !== null) this.#aides.remember?.(value, answer);
      return value;
    }
    const { baseURL, apiKey, clock } = this;
    const effort = { attempts, waited };
    const requestID = requestIDOf(response);
    if (failure?.timedOut) throw new TimeoutException(timeout, requestID, { ...effort, cause: failure.cause });
    if (!response || (failure && response.ok)) {
      const shown = baseURL + shownPath(path);
      const hide = (text: string) => text.replaceAll(url, shown).replaceAll(new URL(url).href, shown);
      throw new NetworkException(withoutUrl(failure?.cause, hide), requestID, effort);
    }
    const { status, headers } = response;
    if (redirected || (status >= 300 && status < 400)) {
      throw new RedirectException(status, requestID, headers.get("Location"), effort);
    }
    const delay = parseRetryAfter(headers.get("Retry-After"), clock.now());
    const retryAfter = delay === undefined ? null : Math.ceil(delay / 1000);
    const body = parseJson(apiKey ? text.replaceAll(apiKey, "[redacted]") : text); // should it be quoted
    const secrets = secretsOf(call, path);
    throw toException({ status, body, requestID, path: shownPath(path), retryAfter, secrets, ...effort });
  }
}

/** Sends one request and reads all of the answer within the time limit. Rejects only when a signal aborts. */
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

    // Whatever comes first counts: a promise settles once
    const finish = (text: string, failure?: Outcome["failure"]) => {
      clearTimeout(timer);
      release();
      const aborted = failure && signals.find((it) => it.aborted);
      if (aborted) reject(abortReason(aborted));
      else resolve({ response, text, failure });
    };
    // A fetchFn need not heed the signal, so the call ends before it is told
    const stop = (cause: DOMException, timedOut: boolean) => {
      finish("", { cause, timedOut });
      try {
        controller.abort(cause);
      } catch { // it belongs to another request of Workers, which ends by itself
      }
    };
    const release = onAbort(signals, () => stop(new DOMException("The call was aborted", "AbortError"), false));
    const expire = () => stop(new DOMException(`No complete response within ${timeout} ms`, "TimeoutError"), true);
    const run = async () => {
      try {
        response = await (fetchFn ? fetchFn(url, init) : fetch(url, init));
        void response.headers; // Deno reads the body of an answer several times faster once its headers were looked at
        finish(await response.text());
      } catch (cause) {
        const isDone = noContent && response?.ok; // what the body says is of no interest
        finish("", isDone ? undefined : { cause, timedOut: false });
      }
    };

    // a timer of a test may call at once, before it is there: that is no time
    if (timeout !== Infinity) timer = setTimeout(() => timer === undefined || expire(), timeout);
    init.signal = controller.signal;
    run();
  });
}

/** What a call sends that the API may quote and nobody may read. */
function secretsOf<T>({ accessToken, query, body, rawBody, form }: Call<T>, path: RequestPath): string[] {
  const fields = form instanceof URLSearchParams ? Object.fromEntries(form) : form;
  const [token] = /token\/\{\}$/.test(path.route) ? path.value.match(/[^/]*$/)! : [];
  const texts: string[] = [];
  const parts = [query, body, rawBody, fields, accessToken && { accessToken }, token && { token }];
  JSON.stringify(parts.filter(Boolean), (name, value) => { // goes through everything
    if (SECRET_NAME.test(name) && typeof value === "string" && value.length >= SECRET_LENGTH) texts.push(value);
    return typeof value === "object" ? value : 0;
  });
  return texts.sort((a, b) => b.length - a.length); // one may begin with another
}

/** Value of the `X-Request-ID` header; empty when there was none. */
export function requestIDOf(response: Response | undefined): string {
  return response?.headers.get("X-Request-ID") ?? "";
}

/** The headers that every request of a client has, in the caller's spelling. */
function clientHeaders({ secrets, appInfo, traceparent }: TransportConfig): Record<string, string> {
  const { apiKey, headers } = secrets();
  const merged: Record<string, string> = { Accept: "application/json, text/plain, */*" };
  for (const [name, value] of headers) setHeader(merged, name, value);
  for (const name of ["Content-Type", "User-Agent"]) setHeader(merged, name);
  if (traceparent) setHeader(merged, "traceparent");
  if (apiKey) setHeader(merged, "Authorization", `Bearer ${apiKey}`);
  const { name, version, url } = appInfo ?? {};
  const app = name && name + (version ? `/${version}` : "") + (url ? ` (${url})` : "");
  // In a page the API is asked before such headers are sent (CORS), and need not allow them
  if (!inBrowser()) merged["User-Agent"] = `universal-workos/${VERSION}${app ? ` ${app}` : ""}`;
  else if (app) setHeader(merged, "X-WorkOS-Client-App", app);
  return { ...merged };
}

/** The spelling that a header has, if it is there. */
function findHeader(headers: Record<string, string>, name: string): string | undefined {
  const lower = name.toLowerCase();
  return Object.keys(headers).find((it) => it.length === name.length && it.toLowerCase() === lower);
}

/** Sets a header in place of one with another spelling, or removes it. */
function setHeader(headers: Record<string, string>, name: string, value?: string): void {
  const known = findHeader(headers, name);
  if (known !== undefined) delete headers[known];
  if (value !== undefined) headers[name] = value;
}

/** The path for an exception: with its ids, unless one of them is a token, and without its query. */
function shownPath({ value, route }: RequestPath): string {
  return /token\/\{\}/.test(route) ? route : value.replace(/[?#].*/s, "");
}

/**
 * What a runtime rejected with, without the query and the tokens of the URL: some runtimes quote it, in a spelling of
 * their own, and some of them in a cause of the cause.
 */
function withoutUrl(cause: unknown, hide: (text: string) => string, depth = 0): unknown {
  const { message, path, code, cause: inner } = Object(cause) as Record<string, unknown>;
  if (typeof message !== "string") return cause;
  if (depth > MAX_CAUSES) return undefined;
  const kept = inner === undefined ? undefined : withoutUrl(inner, hide, depth + 1);
  const quoted = [message, path].some((it) => typeof it === "string" && hide(it) !== it);
  if (!quoted && kept === inner) return cause;
  return Object.assign(
    new TypeError(hide(message), kept === undefined ? {} : { cause: kept }),
    code === undefined ? {} : { code },
  );
}

function encodeQuery<T>({ query, rawQuery, raw }: Call<T>): string {
  if (!query && !rawQuery) return "";
  return queryString({ ...(raw ? query : snake(query)), ...rawQuery });
}

/** What every attempt can send again. */
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
  if (typeof accessToken === "string" && /^[\x21-\x7e]+$/.test(accessToken)) return `Bearer ${accessToken}`;
  throw badOption("accessToken", "it is not a token");
}

function checkIdempotencyKey(key: string): string {
  if (typeof key === "string" && /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(key)) return key;
  throw badOption("idempotencyKey", "it is not a string of printable ASCII characters");
}

/** An answer's body as the method's result; what cannot be read is a {@linkcode ParseError}. */
function readAnswer<T>(text: string, call: Call<T>, answer: Answer): T {
  const { read = camel, raw, bare = false, empty } = call;
  const { response, attempts, waited } = answer;
  const parsed = parseJson(text);
  const wire = parsed ?? null;
  let message = "Cannot read the response: it is not a JSON object";
  let failure = {};
  try {
    const broken = parsed === undefined && text !== "" && response.headers.get("Content-Type")?.includes("json");
    const whole = raw ? !broken : typeof wire === "object" && wire !== null && bare === Array.isArray(wire);
    if (whole) return read(wire as Wire);
    if (text === "" && empty) return { ...empty };
  } catch (cause) {
    message = "Cannot read the response: it does not have the expected form";
    failure = { cause };
  }
  const requestID = requestIDOf(response);
  throw new ParseError({ message, rawBody: text, rawStatus: response.status, requestID, attempts, waited, ...failure });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch { // the caller tells what was expected
    return undefined;
  }
}

/** Milliseconds of a `Retry-After` header (RFC 9110 section 10.2.3), in seconds or a date, at least 0. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const value = header?.trim() ?? "";
  if (/^[0-9]+$/.test(value)) return Number(value) * 1000;
  const date = parseHttpDate(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The three forms of an HTTP-date (RFC 9110 section 5.6.7), all in GMT, and how they read in the first one. */
const HTTP_DATES: [RegExp, string][] = [
  [/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/, "$&"],
  [/^[A-Z][a-z]{5,8}, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}:\d{2}:\d{2} GMT)$/, "$1 $2 20$3 $4"],
  [/^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}:\d{2}:\d{2}) (\d{4})$/, "$2 $1 $4 $3 GMT"],
];

function parseHttpDate(value: string): number {
  const form = HTTP_DATES.find(([pattern]) => pattern.test(value));
  return form ? Date.parse(value.replace(...form).trim()) : NaN;
}

/** Milliseconds before retry number `attempt`: growing by half, at most 8 s, up to 50 % more or less by `random`. */
export function backoff(attempt: number, random: number): number {
  return Math.min(500 * 1.5 ** (attempt + 1), 8000) * (0.5 + random);
}

/** Runtimes reject with a `TypeError`, or with an error that has a `code` (Bun) or `retryable` (Workers). */
function isNetworkFailure(cause: unknown): boolean {
  if (cause instanceof TypeError) return true;
  const { code, retryable } = Object(cause) as { code?: unknown; retryable?: unknown };
  return typeof code === "string" || retryable === true;
}

function throwIfAborted(signals: AbortSignal[]): void {
  for (const it of signals) if (it.aborted) throw abortReason(it);
}
