// Turns options and environment into one checked configuration.

import { badOption } from "./errors.ts";
import { type Hooks, LOG_LEVELS, type Logger, type LogLevel, type Traceparent } from "./hooks.ts";
import type { RateLimit } from "./rate_limit.ts";
import { type KeySetCache, readKeySet } from "./jwks.ts";
import type { JsonWebKeySet } from "./jwt.ts";
import type { RefreshStore } from "./refresh_store.ts";
import { inBrowser, type ReadEnv } from "./runtime.ts";
import { parseUrl } from "./url.ts";
import { checkSignal, MAX_TIMER } from "./wait.ts";

/** The application that uses the SDK. All members must be printable ASCII, as they are sent in a header. */
export interface AppInfo {
  /** Name of the application; must not be empty. */
  name: string;
  /** Version of the application. */
  version?: string;
  /** Where to learn more about the application. */
  url?: string;
}

/** Signature of `fetch` as the SDK calls it: always a URL string and a plain init object. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/** Options of {@linkcode WorkOS}. All are optional; API key and client id fall back to the environment. */
export interface WorkOSOptions {
  /** Secret API key, `sk_...`. Default: `WORKOS_API_KEY`. Without one only the methods for public clients work. */
  apiKey?: string;
  /** Client id, `client_...`. Default: `WORKOS_CLIENT_ID`. */
  clientId?: string;
  /** Host of the API: a name or an IP literal, with a port or without. Default: `api.workos.com`. */
  apiHostname?: string;
  /** Whether to use TLS. Default: `true`. */
  https?: boolean;
  /** Port of the API, 1 to 65535. Default: the protocol's. */
  port?: number;
  /** URL of the API, path prefix included, instead of `apiHostname`, `https` and `port`. */
  baseUrl?: string | URL;
  /**
   * Members for the `init` of every `fetch`: `headers` in any form, `signal`, `credentials`, `cache`, `keepalive` etc.
   * The SDK itself sets the method, body and redirect handling, and the headers `Authorization` (when there is a key),
   * `User-Agent` and `Content-Type`; these cannot be replaced here.
   */
  config?: RequestInit;
  /** Your application, named in the `User-Agent` of every request, or in `X-WorkOS-Client-App` in a web page. */
  appInfo?: AppInfo;
  /**
   * Used instead of the global `fetch` for every request, key sets included. Like `fetch`, it has to resolve whatever
   * the status is, and to follow no redirect: axios, got and ky do so by an option.
   */
  fetchFn?: FetchFunction;
  /** Expected issuer, or issuers, of session access tokens. Default: not checked. */
  issuer?: string | string[];
  /** Signing keys of `clientId`, used for up to 10 minutes before the first load. Default: loaded when first needed. */
  keySetSeed?: JsonWebKeySet;
  /** Where to share signing keys outside this process, such as a key-value store. Default: nowhere. */
  keySetCache?: KeySetCache;
  /** How long the refresh of a session may take, retries included, in milliseconds. Default 10 000. */
  refreshTimeout?: number;
  /**
   * How long after a refresh other callers with the same refresh token receive the same new tokens, in milliseconds, at
   * most 60 000. Default 10 000. With 0 only concurrent calls share a refresh; on Workers none do.
   */
  refreshWindow?: number;
  /** Shares refreshes with other clients and processes. Default: they are shared within this client only. */
  refreshStore?: RefreshStore;
  /** How long one attempt may take, body included, in milliseconds. Default 60 000; `Infinity` for no limit. */
  timeout?: number;
  /** How many times a failed request is retried. Default 3, so up to 4 attempts; 0 for no retries. */
  maxRetries?: number;
  /**
   * Limits how many requests this client sends: one limit, or several. Default: no limit. Independently of this option,
   * a 429 with `Retry-After` makes all requests of the client wait, but no longer than their `timeout`, and not where
   * limits are per user; those with `maxRetries: 0` do not wait.
   */
  rateLimit?: RateLimit | readonly RateLimit[];
  /** Called during every request, for metrics and traces. Only an exception shows headers, queries, bodies or ids. */
  hooks?: Hooks;
  /** Receives log lines. Default: `console`. */
  logger?: Logger;
  /** How much is logged. Default: the level named by `WORKOS_LOG` at the first request, or `off`. */
  logLevel?: LogLevel;
  /**
   * Returns the `traceparent` header of an attempt (W3C Trace Context). Called after `hooks.onRequest`. An invalid
   * value is not sent; a `traceparent` among the headers of a call wins. Leave it out where `fetch` is instrumented, as
   * the instrumentation adds a second one.
   */
  traceparent?: Traceparent;
  /** Current time in milliseconds since the epoch, for tests; timers still run in real time. Default: `Date.now`. */
  now?: () => number;
  /**
   * Allows an API key in a web page or its workers, where every visitor can read it. Meant for extensions and tools
   * that only their owner runs. Default: `false`, which makes the constructor throw a `TypeError` there.
   */
  dangerouslyAllowBrowser?: boolean;
}

/** The part of the configuration that a transport needs: options with their defaults. */
export interface TransportConfig
  extends
    Readonly<Pick<WorkOSOptions, "clientId" | "appInfo" | "fetchFn" | "traceparent">>,
    Readonly<Required<Pick<WorkOSOptions, "timeout" | "maxRetries">>> {
  /** Returns the secrets; a function, so that neither an inspector nor `JSON.stringify` prints them. */
  readonly secrets: () => {
    /** Secret API key; `undefined` for a public client. */
    readonly apiKey: string | undefined;
    /** Client-wide headers, in the caller's spelling. */
    readonly headers: readonly (readonly [string, string])[];
  };
  /** Protocol, host, port and path prefix, without a slash at the end. */
  readonly baseURL: string;
  /** Client-wide members of the `init` for `fetch`, apart from headers. */
  readonly init: RequestInit;
}

/** A checked configuration: options with their defaults. */
export interface Config extends
  TransportConfig,
  Readonly<
    Pick<WorkOSOptions, "issuer" | "keySetSeed" | "keySetCache" | "refreshStore" | "hooks" | "logger" | "now">
  >,
  Readonly<Required<Pick<WorkOSOptions, "refreshTimeout" | "refreshWindow">>> {
  /** Limits on requests; empty for none. */
  readonly rateLimits: readonly RateLimit[];
  /** Returns how much is logged. */
  readonly logLevel: () => LogLevel;
  /** Reads environment variables that have no option. */
  readonly readEnv: ReadEnv;
}

const NAMES = [
  ...["apiKey", "clientId", "apiHostname", "https", "port", "baseUrl", "config", "appInfo", "fetchFn", "issuer"],
  ...["keySetSeed", "keySetCache", "refreshTimeout", "refreshWindow", "refreshStore", "timeout", "maxRetries"],
  ...["rateLimit", "hooks", "logger", "logLevel", "traceparent", "now", "dangerouslyAllowBrowser"],
];

const HOOK_NAMES = ["onRequest", "onResponse", "onRetry", "onError"];

/**
 * Checks and copies options, and fills in defaults. Throws a `TypeError` that names the option for a bad value, and an
 * `Error` when there is neither a key nor a client id.
 */
export function resolveConfig(options: WorkOSOptions, readEnv: ReadEnv): Config {
  refuseNear(Object.keys(options), NAMES);
  // files that hold a secret tend to end with a line break
  const apiKey = text(options.apiKey, "apiKey")?.trim() || readEnv("WORKOS_API_KEY")?.trim() || undefined;
  const clientId = text(options.clientId, "clientId")?.trim() || readEnv("WORKOS_CLIENT_ID")?.trim() || undefined;
  if (!apiKey && !clientId) {
    throw new Error(
      "WorkOS requires either an API key or a clientId. " +
        'For server-side: new WorkOS("sk_...") or new WorkOS({ apiKey: "sk_..." }). ' +
        'For PKCE/public clients: new WorkOS({ clientId: "client_..." })',
    );
  }
  need(!/[^!-~]/.test(apiKey ?? ""), "apiKey", "it has characters that a header cannot contain");
  const hidden = !apiKey || options.dangerouslyAllowBrowser === true || !inBrowser();
  need(hidden, "apiKey", "every visitor of a page can read it; leave it out, or set dangerouslyAllowBrowser");
  const transport = resolveTransportConfig(options, { apiKey, clientId });
  return {
    traceparent: checkFunction(options.traceparent, "traceparent"),
    issuer: resolveIssuer(options.issuer),
    keySetSeed: checkSeed(options.keySetSeed),
    keySetCache: checkMethods(options.keySetCache, "keySetCache", ["get", "set"]),
    refreshTimeout: checkTimeout(options.refreshTimeout ?? 10_000, "refreshTimeout"),
    refreshWindow: checkWindow(options.refreshWindow ?? 10_000),
    refreshStore: checkMethods(options.refreshStore, "refreshStore", ["get", "set", "lock"]),
    rateLimits: resolveRateLimits(options.rateLimit),
    hooks: checkHooks(options.hooks),
    logger: checkMethods(options.logger, "logger", ["debug", "info", "warn", "error"]),
    logLevel: resolveLogLevel(options.logLevel, readEnv),
    now: checkFunction(options.now, "now"),
    readEnv,
    ...transport, // last: Node 20 is many times slower with members that follow a spread
  };
}

/** The part of {@linkcode resolveConfig} that every client needs, once key and client id are known. */
export function resolveTransportConfig(
  options: WorkOSOptions,
  { apiKey, clientId }: { apiKey?: string; clientId: string | undefined },
): TransportConfig {
  const { config = {}, fetchFn, timeout, maxRetries } = options;
  need(typeof config === "object" && config !== null, "config", "it is not an object");
  // the SDK sets method, body and redirect itself
  const { headers, method: _method, body: _body, redirect: _redirect, ...init } = config;
  checkSignal(init.signal, "config.signal");
  const secrets = { apiKey, headers: headerPairs(headers, "config.headers") };
  return {
    secrets: () => secrets,
    clientId,
    baseURL: resolveBaseURL(options),
    init,
    appInfo: resolveAppInfo(options.appInfo),
    fetchFn: checkFunction(fetchFn, "fetchFn"),
    timeout: checkTimeout(timeout ?? 60_000),
    maxRetries: checkMaxRetries(maxRetries ?? 3),
  };
}

/** Returns a time limit in milliseconds, or throws a `TypeError`. */
export function checkTimeout(timeout: number, option = "timeout"): number {
  if (timeout === Infinity || (typeof timeout === "number" && timeout > 0 && timeout <= MAX_TIMER)) return timeout;
  throw badOption(option, `it is not a number of milliseconds between 1 and ${MAX_TIMER}, or Infinity`);
}

/** Returns a number of retries, or throws a `TypeError`. */
export function checkMaxRetries(maxRetries: number): number {
  need(Number.isSafeInteger(maxRetries) && maxRetries >= 0, "maxRetries", "it is not a non-negative integer");
  return maxRetries;
}

/** Returns headers of any form as pairs, or throws a `TypeError` that does not quote their values. */
export function headerPairs(headers: HeadersInit | undefined, option: string): [string, string][] {
  if (headers === undefined || headers === null) return [];
  try {
    const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers); // an iterator gives them once
    new Headers(pairs);
    return pairs.filter(([, value]) => value !== undefined).map(([name, value]) => [String(name), String(value)]);
  } catch {
    throw badOption(option, "it is not a set of valid HTTP headers");
  }
}

function need(good: boolean, option: string, why: string): void {
  if (!good) throw badOption(option, why);
}

/** Returns a string, or `undefined` for an empty or absent one; throws a `TypeError` for anything else. */
export function text(value: unknown, option: string): string | undefined {
  need(value === undefined || value === null || typeof value === "string", option, "it is not a string");
  return value as string || undefined;
}

/** Throws for a name that is almost a known one, as it is likely a typo; other unknown names are ignored. */
function refuseNear(given: string[], known: string[], prefix = ""): void {
  for (const name of given) {
    if (known.includes(name)) continue;
    const meant = known.find((each) => isNear(each.toLowerCase(), name.toLowerCase(), each.length / 3));
    need(meant === undefined, prefix + name, `it is unknown, did you mean "${meant}"?`);
  }
}

/** Whether two names differ by at most `edits` added, dropped or replaced letters. */
function isNear(a: string, b: string, edits: number): boolean {
  if (a === b) return true;
  if (a[0] === b[0]) return isNear(a.slice(1), b.slice(1), edits);
  const [restA, restB] = [a.slice(1), b.slice(1)];
  return edits >= 1 && [[restA, restB], [restA, b], [a, restB]].some(([x, y]) => isNear(x, y, edits - 1));
}

function resolveBaseURL({ baseUrl, apiHostname, https = true, port }: WorkOSOptions): string {
  if (baseUrl !== undefined) {
    const alone = apiHostname === undefined && port === undefined && https === true;
    need(alone, "baseUrl", "it cannot be combined with apiHostname, https or port");
    const url = parseUrl(baseUrl);
    if (!url || !/^https?:$/.test(url.protocol)) throw badOption("baseUrl", "it is not an http or https URL");
    const plain = !(url.search || url.hash || url.username || url.password);
    need(plain, "baseUrl", "it has a query, a fragment or credentials");
    return (url.origin + url.pathname).replace(/\/+$/, "");
  }
  need(typeof https === "boolean", "https", "it is not a boolean");
  const isPort = port === undefined || (Number.isInteger(port) && port > 0 && port < 65536);
  need(isPort, "port", "it is not an integer from 1 to 65535");
  const hostname = text(apiHostname, "apiHostname");
  const ending = port ? `:${port}` : "";
  return `${https ? "https" : "http"}://${hostname ? checkHostname(hostname, ending) : "api.workos.com"}${ending}`;
}

/** Returns a host that forms a valid URL with an ending such as `:8080`, or throws a `TypeError`. */
function checkHostname(hostname: string, ending: string): string {
  const host = /^[^[]*:.*:/.test(hostname) ? `[${hostname}]` : hostname; // a bare IPv6 literal
  const good = /^[^\s/\\?#@]+$/.test(host) && !!parseUrl(`https://${host}${ending}`);
  need(good, "apiHostname", "it is not a host name or IP literal");
  return host;
}

function resolveAppInfo(appInfo: AppInfo | undefined): AppInfo | undefined {
  if (appInfo === undefined) return undefined;
  const { name, version = "", url = "" } = Object(appInfo) as AppInfo;
  need(typeof name === "string" && name !== "", "appInfo.name", "it is not a non-empty string");
  for (const [key, value] of Object.entries({ name, version, url })) {
    const good = typeof value === "string" && !/[^ -~]/.test(value);
    need(good, `appInfo.${key}`, "it is not a string of printable ASCII characters");
  }
  return { ...appInfo };
}

function checkFunction<T>(value: T, option: string): T {
  need(value === undefined || typeof value === "function", option, "it is not a function");
  return value;
}

/** Returns `undefined` or an object that has these methods; throws a `TypeError` for anything else. */
export function checkMethods<T extends object>(
  value: T | undefined,
  option: string,
  names: (keyof T)[],
): T | undefined {
  if (value === undefined || names.every((name) => typeof value?.[name] === "function")) return value;
  throw badOption(option, `it has no methods ${names.join(", ")}`);
}

function resolveRateLimits(rateLimit: WorkOSOptions["rateLimit"] = []): RateLimit[] {
  return ((Array.isArray(rateLimit) ? rateLimit : [rateLimit]) as RateLimit[]).map((limit) => {
    const { requests, perMilliseconds, burst, prefix } = Object(limit) as RateLimit;
    refuseNear(Object.keys(Object(limit)), ["requests", "perMilliseconds", "burst", "prefix"], "rateLimit.");
    const isCount = (value: number) => Number.isSafeInteger(value) && value > 0;
    const inTime = perMilliseconds > 0 && perMilliseconds <= MAX_TIMER;
    const inCount = burst === undefined || (isCount(burst) && burst <= requests);
    need(isCount(requests), "rateLimit.requests", "it is not a positive integer");
    need(inTime, "rateLimit.perMilliseconds", `it is not a number between 1 and ${MAX_TIMER}`);
    need(inCount, "rateLimit.burst", "it is not an integer from 1 to requests");
    need(prefix === undefined || typeof prefix === "string", "rateLimit.prefix", "it is not a string");
    return { requests, perMilliseconds, burst, prefix };
  });
}

function checkHooks(hooks: Hooks | undefined): Hooks | undefined {
  if (hooks === undefined) return undefined;
  need(typeof hooks === "object" && hooks !== null, "hooks", "it is not an object");
  const named = Object.keys(hooks).filter((name) => /^on/i.test(name)); // other members are the caller's business
  refuseNear(named, HOOK_NAMES, "hooks.");
  for (const name of HOOK_NAMES) checkFunction(hooks[name as keyof Hooks], `hooks.${name}`);
  return hooks;
}

/** The level is read from the environment when it is needed, as that takes as long as all the rest of a client. */
function resolveLogLevel(logLevel: LogLevel | undefined, readEnv: ReadEnv): () => LogLevel {
  if (logLevel !== undefined && !LOG_LEVELS.includes(logLevel)) {
    throw badOption("logLevel", `it is not one of ${LOG_LEVELS.join(", ")}`);
  }
  return () => {
    const level = logLevel ?? readEnv("WORKOS_LOG")?.toLowerCase();
    return LOG_LEVELS.find((it) => it === level) ?? "off";
  };
}

function checkSeed(keySet: JsonWebKeySet | undefined): JsonWebKeySet | undefined {
  try {
    return keySet && { keys: [...readKeySet(keySet)] };
  } catch {
    throw badOption("keySetSeed", "it is not a set of keys");
  }
}

/** Only whole numbers, as a seal takes no other lifetime: it would fail after the refresh token was spent. */
function checkWindow(refreshWindow: number): number {
  const good = Number.isInteger(refreshWindow) && refreshWindow >= 0 && refreshWindow <= 60_000;
  need(good, "refreshWindow", "it is not a whole number of milliseconds from 0 to 60000");
  return refreshWindow;
}

function resolveIssuer(issuer: WorkOSOptions["issuer"]): Config["issuer"] {
  if (!Array.isArray(issuer)) return text(issuer, "issuer");
  const good = issuer.length > 0 && issuer.every((it) => typeof it === "string" && it !== "");
  need(good, "issuer", "it is not a list of names");
  return [...issuer];
}
