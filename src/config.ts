/**
 * Options and environment become one checked configuration; every default lives here.
 *
 * @module
 */

import { type Hooks, LOG_LEVELS, type Logger, type LogLevel, type Traceparent } from "./hooks.ts";
import type { RateLimit } from "./rate_limit.ts";
import { type KeySetCache, readKeySet } from "./jwks.ts";
import type { JsonWebKeySet } from "./jwt.ts";
import type { RefreshStore } from "./refresh_store.ts";
import { inBrowser, type ReadEnv } from "./runtime.ts";

/** The application that uses the SDK; named in the `User-Agent` of every request. */
export interface AppInfo {
  /** Name of the application, without spaces or slashes being special. */
  name: string;
  /** Version of the application. */
  version?: string;
  /** Where to learn more about the application. */
  url?: string;
}

/** Signature of `fetch` as the SDK calls it: always a URL string and a plain init object. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/** Options of {@linkcode WorkOS}. All are optional; the key and the client id fall back to the environment. */
export interface WorkOSOptions {
  /** Secret API key, `sk_…`. Default: `WORKOS_API_KEY`. Without one only the methods for public clients work. */
  apiKey?: string;
  /** Client id, `client_…`. Default: `WORKOS_CLIENT_ID`. */
  clientId?: string;
  /** Host of the API: a name or an IP literal, without protocol and path. Default: `api.workos.com`. */
  apiHostname?: string;
  /** Whether to use TLS. Default: `true`. */
  https?: boolean;
  /** Port of the API, 1 to 65535. Default: the protocol's. */
  port?: number;
  /** Protocol, host, port and path prefix in one, instead of `apiHostname`, `https` and `port`. */
  baseUrl?: string | URL;
  /**
   * Members for every `fetch`: `headers` in any form, `signal`, `credentials`, `cache`, `keepalive` and so on. Method,
   * body and redirect handling stay the SDK's, and so do the headers `Authorization` (when there is a key),
   * `User-Agent` and `Content-Type`.
   */
  config?: RequestInit;
  /** Your application, named in the `User-Agent` of every request. */
  appInfo?: AppInfo;
  /** Used instead of the global `fetch` for every request, key sets included. */
  fetchFn?: typeof fetch | FetchFunction;
  /** Expected issuer, or issuers, of session access tokens. Default: not checked. */
  issuer?: string | string[];
  /** Keys to verify access tokens with until they are loaded the first time. Default: they are loaded when needed. */
  keySetSeed?: JsonWebKeySet;
  /** Where to keep the keys besides this process, such as a key-value store. Default: nowhere. */
  keySetCache?: KeySetCache;
  /** How long the refresh of a session may take, retries included, in milliseconds. Default 10 000. */
  refreshTimeout?: number;
  /**
   * How long after a refresh others who hold the same refresh token get the same new tokens, in milliseconds. Default
   * 10 000; 0 for only those who come while it lasts.
   */
  refreshWindow?: number;
  /** Where refreshes are shared with other processes. Default: only within this one. */
  refreshStore?: RefreshStore;
  /** How long one attempt may take, body included, in milliseconds. Default 60 000; `Infinity` for no limit. */
  timeout?: number;
  /** How often a failed request is sent again. Default 3, so up to 4 attempts; 0 for none. */
  maxRetries?: number;
  /**
   * The most that this client sends, so that a backfill stays below the limit of the API: one limit, or several of
   * which each counts the routes of its `prefix`. Default: none. Independent of that, a 429 with `Retry-After` makes
   * all requests of the client wait, token grants and key sets no longer than their `timeout`.
   */
  rateLimit?: RateLimit | readonly RateLimit[];
  /** Functions that are told about every call, for metrics and traces. They see no headers, queries, bodies or ids. */
  hooks?: Hooks;
  /** Where log lines go. Default: `console`. */
  logger?: Logger;
  /** How much is logged. Default: `WORKOS_LOG` where that names a level, else `off`. */
  logLevel?: LogLevel;
  /**
   * Gives the `traceparent` header of every attempt (W3C Trace Context), after `hooks.onRequest`. One that is not valid
   * is left out, and one among the headers of a call wins.
   */
  traceparent?: Traceparent;
  /**
   * Whether an API key may be used in a web page or a worker of one, where every visitor can read it. Default: `false`;
   * such a client is then refused. For extensions and tools that only their owner runs.
   */
  dangerouslyAllowBrowser?: boolean;
}

/** A checked configuration. */
export interface Config {
  /** Secret API key; `undefined` for a public client. */
  readonly apiKey: string | undefined;
  /** Client id. */
  readonly clientId: string | undefined;
  /** Protocol, host, port and path prefix, without a slash at the end. */
  readonly baseURL: string;
  /** Client-wide headers, in the caller's spelling. */
  readonly headers: readonly (readonly [string, string])[];
  /** The other client-wide members for `fetch`. */
  readonly init: RequestInit;
  /** Application named in the `User-Agent`. */
  readonly appInfo: AppInfo | undefined;
  /** The caller's `fetch`; `undefined` for the global one. */
  readonly fetchFn: FetchFunction | undefined;
  /** Expected issuers of session access tokens. */
  readonly issuer: string | string[] | undefined;
  /** Keys to start with. */
  readonly keySetSeed: JsonWebKeySet | undefined;
  /** Where keys are kept besides. */
  readonly keySetCache: KeySetCache | undefined;
  /** Milliseconds per refresh of a session. */
  readonly refreshTimeout: number;
  /** Milliseconds for which the outcome of a refresh is kept. */
  readonly refreshWindow: number;
  /** Where refreshes are shared. */
  readonly refreshStore: RefreshStore | undefined;
  /** Milliseconds per attempt. */
  readonly timeout: number;
  /** Retries after a first attempt. */
  readonly maxRetries: number;
  /** The most that is sent. */
  readonly rateLimits: readonly RateLimit[];
  /** Functions that are told about every call. */
  readonly hooks: Hooks | undefined;
  /** Where log lines go; `undefined` for the console. */
  readonly logger: Logger | undefined;
  /** How much is logged. */
  readonly logLevel: LogLevel;
  /** Gives the `traceparent` header of an attempt. */
  readonly traceparent: Traceparent | undefined;
  /** Where variables that are not options come from. */
  readonly readEnv: ReadEnv;
}

const NAMES = [
  "apiKey",
  "clientId",
  "apiHostname",
  "https",
  "port",
  "baseUrl",
  "config",
  "appInfo",
  "fetchFn",
  "issuer",
  "keySetSeed",
  "keySetCache",
  "refreshTimeout",
  "refreshWindow",
  "refreshStore",
  "timeout",
  "maxRetries",
  "rateLimit",
  "hooks",
  "logger",
  "logLevel",
  "traceparent",
  "dangerouslyAllowBrowser",
];

const HOOK_NAMES = ["onRequest", "onResponse", "onRetry", "onError"];

type Secrets = Pick<Config, "apiKey" | "headers">;
type PlainConfig = Omit<Config, keyof Secrets>;

/** A configuration whose secrets can be read, and which neither `JSON.stringify` nor an inspector prints. */
class CheckedConfig implements Secrets {
  readonly #secrets: Secrets;

  constructor(secrets: Secrets, rest: PlainConfig) {
    this.#secrets = secrets;
    Object.freeze(Object.assign(this, rest));
  }

  get apiKey(): string | undefined {
    return this.#secrets.apiKey;
  }

  get headers(): Config["headers"] {
    return this.#secrets.headers;
  }
}

/** Timers hold no more: a longer delay would fire at once. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/**
 * Checks options and fills in what was not given. The options are copied, never changed.
 *
 * Throws a `TypeError` that names the option for a bad value, and an `Error` when there is neither a key nor a client
 * id.
 */
export function resolveConfig(options: WorkOSOptions, readEnv: ReadEnv): Config {
  refuseMisspelled(options);
  const apiKey = text(options.apiKey, "apiKey") ?? readEnv("WORKOS_API_KEY");
  const clientId = text(options.clientId, "clientId") ?? readEnv("WORKOS_CLIENT_ID");
  if (!apiKey && !clientId) {
    throw new Error(
      "WorkOS requires either an API key or a clientId. " +
        'For server-side: new WorkOS("sk_...") or new WorkOS({ apiKey: "sk_..." }). ' +
        'For PKCE/public clients: new WorkOS({ clientId: "client_..." })',
    );
  }
  if (apiKey && /[^\x21-\x7e]/.test(apiKey)) throw bad("apiKey", "it has characters that fit into no header");
  if (apiKey && options.dangerouslyAllowBrowser !== true && inBrowser()) {
    throw bad("apiKey", "every visitor of a page can read it; leave it out, or set dangerouslyAllowBrowser");
  }
  const { headers, init } = resolveInit(options.config);
  return new CheckedConfig({ apiKey, headers }, {
    clientId,
    baseURL: resolveBaseURL(options),
    init,
    appInfo: resolveAppInfo(options.appInfo),
    fetchFn: checkFunction(options.fetchFn, "fetchFn") as FetchFunction | undefined,
    issuer: resolveIssuer(options.issuer),
    keySetSeed: checkSeed(options.keySetSeed),
    keySetCache: checkStore(options.keySetCache, "keySetCache", ["get", "set"]),
    refreshTimeout: checkTimeout(options.refreshTimeout ?? 10_000, "refreshTimeout"),
    refreshWindow: checkWindow(options.refreshWindow ?? 10_000),
    refreshStore: checkStore(options.refreshStore, "refreshStore", ["get", "set", "lock"]),
    timeout: checkTimeout(options.timeout ?? 60_000),
    maxRetries: checkMaxRetries(options.maxRetries ?? 3),
    rateLimits: resolveRateLimits(options.rateLimit),
    hooks: resolveHooks(options.hooks),
    logger: resolveLogger(options.logger),
    logLevel: resolveLogLevel(options.logLevel, readEnv),
    traceparent: checkFunction(options.traceparent, "traceparent"),
    readEnv,
  }) as CheckedConfig & PlainConfig;
}

/** Returns a time limit in milliseconds, or throws a `TypeError`. */
export function checkTimeout(timeout: number, option = "timeout"): number {
  if (timeout === Infinity || (typeof timeout === "number" && timeout > 0 && timeout <= MAX_TIMEOUT)) return timeout;
  throw bad(option, `it is not a number of milliseconds between 1 and ${MAX_TIMEOUT}, or Infinity`);
}

/** Returns a number of retries, or throws a `TypeError`. */
export function checkMaxRetries(maxRetries: number): number {
  if (Number.isSafeInteger(maxRetries) && maxRetries >= 0) return maxRetries;
  throw bad("maxRetries", "it is not a whole number from 0 on");
}

/** Returns header pairs of any form of headers, or throws a `TypeError` that does not quote values. */
export function headerPairs(headers: HeadersInit | undefined, option: string): [string, string][] {
  if (headers === undefined || headers === null) return [];
  try {
    new Headers(headers);
    if (headers instanceof Headers) return [...headers];
    const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
    return pairs.filter(([, value]) => value !== undefined).map(([name, value]) => [String(name), String(value)]);
  } catch {
    throw bad(option, "it is not a set of valid HTTP headers");
  }
}

function bad(option: string, why: string): TypeError {
  return new TypeError(`Cannot use option "${option}": ${why}`);
}

function text(value: unknown, option: string): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw bad(option, "it is not a string");
  return value;
}

/** A near miss of a known name is a mistake; any other unknown name may be meant for someone else. */
function refuseMisspelled(options: WorkOSOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError("Cannot use options: they are not an object");
  }
  for (const name of Object.keys(options)) {
    if (NAMES.includes(name)) continue;
    const meant = NAMES.find((known) => editDistance(known.toLowerCase(), name.toLowerCase()) <= known.length / 3);
    if (meant) throw bad(name, `it is unknown, did you mean "${meant}"?`);
  }
}

/** Levenshtein distance of two short names. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

function resolveBaseURL({ baseUrl, apiHostname, https = true, port }: WorkOSOptions): string {
  if (baseUrl !== undefined) {
    if (apiHostname !== undefined || port !== undefined) throw bad("baseUrl", "it goes without apiHostname and port");
    return checkBaseUrl(String(baseUrl));
  }
  if (typeof https !== "boolean") throw bad("https", "it is not a boolean");
  const host = checkHostname(text(apiHostname, "apiHostname") ?? "api.workos.com");
  return `${https ? "https" : "http"}://${host}${checkPort(port)}`;
}

function checkBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw bad("baseUrl", "it is not an http or https URL");
  if (url.search || url.hash || url.username || url.password) {
    throw bad("baseUrl", "it has a query, a fragment or credentials");
  }
  return (url.origin + url.pathname).replace(/\/+$/, "");
}

function checkHostname(hostname: string): string {
  const host = /^[0-9a-f.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(hostname) ? `[${hostname}]` : hostname; // a bare IPv6 literal
  const valid = /^[^\s/\\?#@]+$/.test(host) && URL.canParse(`https://${host}`) &&
    new URL(`https://${host}`).pathname === "/";
  if (!valid) throw bad("apiHostname", "it is not a host name or IP literal without protocol and path");
  return host;
}

function checkPort(port: number | undefined): string {
  if (port === undefined) return "";
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw bad("port", "it is not a whole number from 1 to 65535");
  }
  return `:${port}`;
}

function resolveInit(config: RequestInit | undefined): Pick<Config, "headers" | "init"> {
  if (config === undefined) return { headers: [], init: {} };
  if (typeof config !== "object" || config === null) throw bad("config", "it is not an object");
  // method, body and redirect are the SDK's own
  const { headers, method: _method, body: _body, redirect: _redirect, ...init } = config;
  return { headers: headerPairs(headers, "config.headers"), init };
}

function resolveAppInfo(appInfo: AppInfo | undefined): AppInfo | undefined {
  if (appInfo === undefined) return undefined;
  const { name, version, url } = Object(appInfo) as Partial<Record<keyof AppInfo, unknown>>;
  if (typeof name !== "string" || name === "") throw bad("appInfo.name", "it is not a non-empty string");
  for (const [key, value] of Object.entries({ name, version, url })) {
    if (value === undefined) continue;
    if (typeof value !== "string" || /[^\x20-\x7e]/.test(value)) {
      throw bad(`appInfo.${key}`, "it is not a text of printable ASCII characters");
    }
  }
  return { ...appInfo };
}

function checkFunction<T>(value: T, option: string): T {
  if (value !== undefined && typeof value !== "function") throw bad(option, "it is not a function");
  return value;
}

function resolveRateLimits(rateLimit: WorkOSOptions["rateLimit"] = []): RateLimit[] {
  const limits: readonly RateLimit[] = Array.isArray(rateLimit) ? rateLimit : [rateLimit];
  return limits.map((limit) => {
    const { requests, perMilliseconds, burst, prefix } = Object(limit) as RateLimit;
    if (!isCount(requests)) throw bad("rateLimit.requests", "it is not a whole number from 1 on");
    if (!(perMilliseconds > 0 && perMilliseconds <= MAX_TIMEOUT)) {
      throw bad("rateLimit.perMilliseconds", `it is not a number between 1 and ${MAX_TIMEOUT}`);
    }
    if (burst !== undefined && !(isCount(burst) && burst <= requests)) {
      throw bad("rateLimit.burst", "it is not a whole number from 1 to requests");
    }
    if (prefix !== undefined && typeof prefix !== "string") throw bad("rateLimit.prefix", "it is not a string");
    return { requests, perMilliseconds, burst, prefix };
  });
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && value as number > 0;
}

function resolveHooks(hooks: Hooks | undefined): Hooks | undefined {
  if (hooks === undefined) return undefined;
  if (typeof hooks !== "object" || hooks === null) throw bad("hooks", "it is not an object");
  for (const name of [...HOOK_NAMES, ...Object.keys(hooks)]) {
    if (/^on[A-Z]/.test(name) && !HOOK_NAMES.includes(name)) throw bad(`hooks.${name}`, "it is unknown");
    if (HOOK_NAMES.includes(name)) checkFunction(hooks[name as keyof Hooks], `hooks.${name}`);
  }
  return hooks;
}

function resolveLogger(logger: Logger | undefined): Logger | undefined {
  if (logger === undefined) return undefined;
  for (const method of ["debug", "info", "warn", "error"] as const) {
    if (typeof logger?.[method] !== "function") throw bad("logger", `it has no method "${method}"`);
  }
  return logger;
}

function resolveLogLevel(logLevel: LogLevel | undefined, readEnv: ReadEnv): LogLevel {
  const level = logLevel ?? readEnv("WORKOS_LOG");
  const known = LOG_LEVELS.find((it) => it === level);
  if (logLevel !== undefined && !known) throw bad("logLevel", `it is none of ${LOG_LEVELS.join(", ")}`);
  return known ?? "off";
}

function checkSeed(keySet: JsonWebKeySet | undefined): JsonWebKeySet | undefined {
  try {
    return keySet && { keys: [...readKeySet(keySet)] };
  } catch {
    throw bad("keySetSeed", "it is not a set of keys");
  }
}

function checkStore<T extends object>(store: T | undefined, option: string, methods: (keyof T)[]): T | undefined {
  if (store === undefined || methods.every((method) => typeof store?.[method] === "function")) return store;
  throw bad(option, `it has no methods ${methods.join(", ")}`);
}

function checkWindow(refreshWindow: number): number {
  if (typeof refreshWindow === "number" && refreshWindow >= 0 && refreshWindow <= 60_000) return refreshWindow;
  throw bad("refreshWindow", "it is not a number of milliseconds from 0 to 60000");
}

function resolveIssuer(issuer: WorkOSOptions["issuer"]): Config["issuer"] {
  const valid = issuer === undefined || typeof issuer === "string" ||
    (Array.isArray(issuer) && issuer.every((it) => typeof it === "string"));
  if (!valid) throw bad("issuer", "it is not a string or a list of strings");
  return Array.isArray(issuer) ? [...issuer] : issuer;
}
