/**
 * Feature flags in memory: fetched in the background or on demand, evaluated without a request.
 *
 * Names in flags are the API's own (`default_value`, `custom_targets`), as the Node SDK has them here.
 *
 * @module
 */

import { ApiKeyRequiredException, TimeoutException, UnauthorizedException } from "./errors.ts";
import { EventEmitter } from "./event_emitter.ts";
import { emitWarning, sharesPromises, unrefTimer } from "./runtime.ts";
import type { Api } from "./api.ts";

/** Something a flag may be turned on for. */
export interface EvaluationResource {
  /** Its id: at most 255 letters, digits and `._:-`, but not `.` or `..`. Anything else matches nothing. */
  id: string;
}

/** Who a flag is evaluated for: a user, an organization, or both. */
export type LegacyEvaluationContext = {
  /** Id of the user. */
  userId?: string;
  /** Id of the organization. */
  organizationId?: string;
};

/**
 * What a flag is evaluated for, one resource of each type: `{ user: { id }, workspace: { id } }`. A type is at most 64
 * characters of `a-z`, `0-9`, `_` and `-`, and starts with a letter.
 */
export type TypedEvaluationContext = Record<string, EvaluationResource>;

/** What a flag is evaluated for, in one of two forms. A mixture of both matches no target and logs a warning. */
export type EvaluationContext = LegacyEvaluationContext | TypedEvaluationContext;

/** A user or an organization that a flag is turned on for. */
export interface FlagTarget {
  /** Id of the user or organization. */
  id: string;
  /** Whether the target counts; `false` is as if it were not there. */
  enabled: boolean;
}

/** A resource of a type of your own that a flag is turned on for. */
export interface FlagCustomTarget extends FlagTarget {
  /** Type of the resource. */
  type: string;
}

/** One flag as the API sends it to runtime clients; fields not listed here are kept. */
export interface FlagPollEntry {
  /** Key of the flag. */
  slug: string;
  /** Whether the flag is on at all; `false` wins over everything else. */
  enabled: boolean;
  /** Value where no target matches. */
  default_value: boolean;
  /** What the flag is turned on for. */
  targets: {
    /** Users. */
    users: FlagTarget[];
    /** Organizations. */
    organizations: FlagTarget[];
    /** Resources of other types; absent where the environment has none. */
    custom_targets?: FlagCustomTarget[];
  };
}

/** All flags of an environment by key. */
export type FlagPollResponse = Record<string, FlagPollEntry>;

/** One flag that a poll found to be other than before. */
export interface FlagChange {
  /** Key of the flag. */
  key: string;
  /** The flag before, or `null` when it is new. */
  previous: FlagPollEntry | null;
  /** The flag now, or `null` when it is gone. */
  current: FlagPollEntry | null;
}

/** Where a runtime client writes to, such as `console`. What it throws is ignored. */
export interface RuntimeClientLogger {
  /** Called after every successful poll. */
  debug(...args: unknown[]): void;
  /** Not called at present. */
  info(...args: unknown[]): void;
  /** Called for contexts that cannot match as they are. */
  warn(...args: unknown[]): void;
  /** Called for failed polls, and for listeners that throw. */
  error(...args: unknown[]): void;
}

/**
 * When a runtime client fetches flags.
 *
 * - `poll`: again and again in the background, from the moment it is made until `close()`
 * - `onDemand`: only when `refresh()` or `waitUntilReady()` is called, without timers in between. For Workers and other
 *   edge runtimes, where nothing happens between requests; the client may be made at module scope and shared
 */
export type RuntimeClientMode = "poll" | "onDemand";

/** Options of `featureFlags.createRuntimeClient`. */
export interface RuntimeClientOptions {
  /**
   * Milliseconds between polls; on demand, the age up to which flags count as fresh. Default 30 000, at least 5 000:
   * less counts as that.
   */
  pollingIntervalMs?: number;
  /** Flags to start with, as `getFlag` returns them; the client is ready at once. The first poll replaces them. */
  bootstrapFlags?: Record<string, FlagPollEntry>;
  /** How long one poll may take, retries included, in milliseconds. Default 10 000; `Infinity` for no limit. */
  requestTimeoutMs?: number;
  /** Where to write to. Default: nowhere. */
  logger?: RuntimeClientLogger;
  /** When to fetch. Default `poll`. */
  mode?: RuntimeClientMode;
}

/** Options of {@linkcode FeatureFlagsRuntimeClient.waitUntilReady}. */
export interface WaitUntilReadyOptions {
  /** How long to wait, in milliseconds. Default 0: as long as it takes. */
  timeoutMs?: number;
}

/** Options of {@linkcode FeatureFlagsRuntimeClient.refresh}. */
export interface RefreshFlagsOptions {
  /** How old the flags may be, in milliseconds. Default: `pollingIntervalMs`; 0 always fetches. */
  maxAgeMs?: number;
}

/** What a runtime client has done so far. */
export interface RuntimeClientStats {
  /** Polls begun. */
  pollCount: number;
  /** Polls that failed. */
  pollErrorCount: number;
  /** When the last poll began, or `null` before the first. */
  lastPollAt: Date | null;
  /** When a poll last succeeded, or `null` before that. */
  lastSuccessfulPollAt: Date | null;
  /** Milliseconds since then, or `null`. */
  cacheAge: number | null;
  /** How many flags there are. */
  flagCount: number;
}

/** Events of a runtime client, with the arguments of their listeners. */
export interface RuntimeClientEvents {
  /** A flag is new, gone or different. Not for what the first poll finds. */
  change: [FlagChange];
  /** A poll failed; the flags stay as they were. */
  error: [Error];
  /** The API refused the API key. Once, until a poll succeeds again. */
  failed: [Error];
}

/** What a runtime client needs of its runtime; for tests. */
export interface RuntimeClientHost {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Calls back once after `ms` milliseconds, unless the result is called before. */
  after(callback: () => void, options: { ms: number; keepAlive: boolean }): () => void;
  /** Shows a warning to whoever runs the program. */
  warn(text: string): void;
  /** Whether calls may wait for a request that another call sent. */
  sharesPromises(): boolean;
}

const HOST: RuntimeClientHost = {
  now: () => Date.now(),
  random: () => Math.random(),
  after,
  warn: emitWarning,
  sharesPromises,
};

const MIN_INTERVAL = 5_000;
const FIRST_BACKOFF = 1_000;
const MAX_BACKOFF = 60_000;
const MIN_DELAY = 1_000;
/** Timers hold no more milliseconds: a longer delay would fire at once. */
const MAX_TIMER = 2 ** 31 - 1;

type Flags = ReadonlyMap<string, FlagPollEntry>;

/**
 * Holds the flags of the environment and evaluates them without a request. Made by `featureFlags.createRuntimeClient`.
 *
 * ```ts ignore
 * const flags = workos.featureFlags.createRuntimeClient();
 * await flags.waitUntilReady({ timeoutMs: 5000 });
 * if (flags.isEnabled("new-editor", { userId: "user_1", organizationId: "org_1" })) { … }
 * ```
 *
 * A poll that fails, or whose answer is not what it should be, leaves the flags as they are and is followed by another,
 * later and later up to a minute apart; also when the API key was refused, since keys are rotated. Nothing throws from
 * the background: failures go to the `error` event, the logger and {@linkcode FeatureFlagsRuntimeClient.getStats}.
 * Waiting for the next poll does not keep a process alive.
 */
export class FeatureFlagsRuntimeClient extends EventEmitter<RuntimeClientEvents> {
  readonly #api: Api;
  readonly #host: RuntimeClientHost;
  readonly #logger: RuntimeClientLogger | undefined;
  readonly #onDemand: boolean;
  readonly #intervalMs: number;
  readonly #requestTimeoutMs: number;
  readonly #waiting: Set<(failure?: Error) => void> = new Set();
  #flags: Flags = new Map();
  #ready = false;
  #closed = false;
  #pollCount = 0;
  #pollErrorCount = 0;
  #lastPollAt: number | null = null;
  #lastSuccessAt: number | null = null;
  /** Number of the poll that the flags are from; an answer that was overtaken is dropped. */
  #flagsFrom = 0;
  #consecutiveErrors = 0;
  #lastErrorAt = 0;
  #failure: Error | undefined;
  #refused = false;
  #underWay: Promise<Error | undefined> | undefined;
  #controller: AbortController | undefined;
  #cancelNext: (() => void) | undefined;

  /** Made by `createRuntimeClient`. Throws a `TypeError` that names the option for a bad value. */
  constructor(api: Api, options: RuntimeClientOptions = {}, host: RuntimeClientHost = HOST) {
    const { pollingIntervalMs = 30_000, requestTimeoutMs = 10_000, bootstrapFlags, logger, mode = "poll" } = options;
    super((failure, event) => reportListener(failure, event, { logger, host }));
    if (mode !== "poll" && mode !== "onDemand") throw bad("mode", 'it is neither "poll" nor "onDemand"');
    this.#api = api;
    this.#host = host;
    this.#logger = logger;
    this.#onDemand = mode === "onDemand";
    this.#intervalMs = Math.max(MIN_INTERVAL, checkMs("pollingIntervalMs", pollingIntervalMs));
    this.#requestTimeoutMs = checkMs("requestTimeoutMs", requestTimeoutMs);
    if (this.#requestTimeoutMs === 0) throw bad("requestTimeoutMs", "no poll is over at once");
    if (bootstrapFlags) {
      this.#flags = readBootstrap(bootstrapFlags);
      this.#ready = true;
    }
    if (!this.#onDemand) this.#pollAfter({ ms: 0, keepAlive: true }); // a timer, so that listeners can be added first
  }

  /**
   * Resolves when there are flags: at once with `bootstrapFlags`, else after the first successful poll.
   *
   * Rejects with the `UnauthorizedException` of a refused API key, with a `TimeoutError` after `timeoutMs`, with an
   * `AbortError` on {@linkcode FeatureFlagsRuntimeClient.close}, and on demand with whatever the poll failed with.
   * Waiting keeps a process alive.
   */
  async waitUntilReady({ timeoutMs = 0 }: WaitUntilReadyOptions = {}): Promise<void> {
    const ms = checkMs("timeoutMs", timeoutMs) || Infinity;
    if (this.#ready) return;
    if (this.#closed) throw closed();
    if (this.#failure && (this.#onDemand ? this.#backsOff() : this.#refused)) throw this.#failure;
    await new Promise<void>((resolve, reject) => {
      const settle = (failure?: Error) => {
        cancel();
        this.#waiting.delete(settle);
        if (failure) reject(failure);
        else resolve();
      };
      const expire = () => settle(new DOMException("waitUntilReady timed out", "TimeoutError"));
      const cancel = this.#host.after(ms === Infinity ? () => {} : expire, { ms, keepAlive: true });
      if (this.#onDemand) this.#poll().then(settle); // on Workers nobody else's request may settle it
      else this.#waiting.add(settle);
    });
  }

  /**
   * Fetches the flags when they are older than `maxAgeMs`. Returns whether they are that fresh now; never rejects: when
   * the fetch fails the flags there are stay in use. A fetch under way is shared, except on Workers.
   *
   * After a failure no fetch is tried for one second, two, four, and so on up to a minute, unless `maxAgeMs` is 0.
   */
  async refresh({ maxAgeMs = this.#intervalMs }: RefreshFlagsOptions = {}): Promise<boolean> {
    checkMs("maxAgeMs", maxAgeMs);
    const age = this.#lastSuccessAt === null ? NaN : this.#host.now() - this.#lastSuccessAt;
    if (maxAgeMs > 0 && age >= 0 && age <= maxAgeMs) return true;
    if (this.#closed || (maxAgeMs > 0 && this.#backsOff())) return false;
    return await this.#poll() === undefined;
  }

  /**
   * Whether a flag is on. `defaultValue` is for flags that do not exist; one that does has a default of its own, in its
   * `default_value`. Never throws.
   */
  isEnabled(flagKey: string, context: EvaluationContext = {}, defaultValue: boolean = false): boolean {
    const entry = this.#flags.get(flagKey);
    return entry ? evaluate(entry, this.#readContext(context)) : defaultValue;
  }

  /** Whether each flag is on, by key. Never throws. */
  getAllFlags(context: EvaluationContext = {}): Record<string, boolean> {
    const resources = this.#readContext(context);
    return Object.fromEntries([...this.#flags].map(([key, entry]) => [key, evaluate(entry, resources)]));
  }

  /** A flag as the API sent it, not to be changed; `undefined` when there is none with this key. */
  getFlag(flagKey: string): FlagPollEntry | undefined {
    return this.#flags.get(flagKey);
  }

  /** What the client has done so far, and how old its flags are. */
  getStats(): RuntimeClientStats {
    const date = (time: number | null) => time === null ? null : new Date(time);
    return {
      pollCount: this.#pollCount,
      pollErrorCount: this.#pollErrorCount,
      lastPollAt: date(this.#lastPollAt),
      lastSuccessfulPollAt: date(this.#lastSuccessAt),
      cacheAge: this.#lastSuccessAt === null ? null : this.#host.now() - this.#lastSuccessAt,
      flagCount: this.#flags.size,
    };
  }

  /**
   * Stops for good: aborts the poll under way, rejects who waits, removes all listeners. The flags can still be
   * evaluated.
   */
  close(): void {
    this.#closed = true;
    this.#cancelNext?.();
    this.#controller?.abort(closed());
    for (const settle of [...this.#waiting]) settle(closed());
    this.removeAllListeners();
  }

  #pollAfter(delay: { ms: number; keepAlive: boolean }): void {
    this.#cancelNext = this.#host.after(async () => {
      await this.#poll();
      if (!this.#closed) this.#pollAfter({ ms: this.#nextDelay(), keepAlive: false });
    }, delay);
  }

  #nextDelay(): number {
    const [errors, refused] = [this.#consecutiveErrors, this.#refused];
    const base = errors === 0 ? this.#intervalMs : Math.max(this.#intervalMs, backoff(errors, refused));
    return Math.min(Math.max(MIN_DELAY, base * (0.9 + 0.2 * this.#host.random())), MAX_TIMER);
  }

  /** Whether it is too soon after a failure to fetch on demand. */
  #backsOff(): boolean {
    const since = this.#host.now() - this.#lastErrorAt;
    return this.#consecutiveErrors > 0 && since >= 0 && since < backoff(this.#consecutiveErrors, this.#refused);
  }

  /** Polls, or joins the poll under way. Never rejects: a failure is the result. */
  #poll(): Promise<Error | undefined> {
    if (!this.#host.sharesPromises()) return this.#pollOnce();
    return this.#underWay ??= this.#pollOnce().finally(() => this.#underWay = undefined);
  }

  async #pollOnce(): Promise<Error | undefined> {
    const poll = ++this.#pollCount;
    this.#lastPollAt = this.#host.now();
    let flags: Flags;
    try {
      flags = await this.#fetch();
    } catch (cause) {
      const failure = this.#closed ? closed() : toError(cause);
      if (!this.#closed) this.#fail(failure);
      return failure;
    }
    if (this.#closed) return closed();
    if (poll > this.#flagsFrom) this.#accept(flags, poll);
    return undefined;
  }

  async #fetch(): Promise<Flags> {
    const controller = this.#controller = new AbortController();
    const ms = this.#requestTimeoutMs;
    const cancel = this.#host.after(() => controller.abort(new TimeoutException(ms)), { ms, keepAlive: true });
    try {
      const request = { signal: controller.signal };
      return await this.#api.send("GET", "/sdk/feature-flags", { read: readFlags }, request);
    } finally {
      cancel();
    }
  }

  #accept(flags: Flags, poll: number): void {
    const [previous, first] = [this.#flags, this.#flagsFrom === 0];
    this.#flags = flags;
    this.#flagsFrom = poll;
    this.#lastSuccessAt = this.#host.now();
    this.#consecutiveErrors = 0;
    this.#refused = false;
    this.#ready = true;
    this.#log("debug", "Polled feature flags", { flagCount: flags.size });
    if (!first) { for (const change of changesOf(previous, flags)) this.emit("change", change); }
    for (const settle of [...this.#waiting]) settle();
  }

  #fail(failure: Error): void {
    const refused = isRefusal(failure);
    const firstRefusal = refused && !this.#refused;
    this.#pollErrorCount++;
    this.#consecutiveErrors++;
    this.#lastErrorAt = this.#host.now();
    this.#failure = failure;
    this.#refused ||= refused;
    this.#log("error", "Cannot poll feature flags", failure);
    this.emit("error", failure);
    if (firstRefusal) this.emit("failed", failure);
    if (refused) { for (const settle of [...this.#waiting]) settle(failure); }
  }

  #readContext(context: unknown): Resources {
    const warn = (text: string) => this.#log("warn", text);
    try {
      return readContext(context, warn);
    } catch { // a getter of the caller's that throws
      warn("Ignoring an evaluation context that cannot be read; no targets will match");
      return new Map();
    }
  }

  #log(level: keyof RuntimeClientLogger, ...args: unknown[]): void {
    log(this.#logger, level, args);
  }
}

/** Ids by type of resource. */
type Resources = ReadonlyMap<string, string>;

/** Target types of the older form of a context. */
const LEGACY_TYPES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["userId", "user"],
  ["organizationId", "organization"],
]);

/** Reads either form of a context; what cannot match is left out with a warning. */
function readContext(context: unknown, warn: (text: string) => void): Resources {
  if (typeof context !== "object" || context === null) return new Map();
  const members = Object.entries(context).filter(([, value]) => value !== null && value !== undefined);
  const legacy = members.flatMap(([key, value]): [string, string][] => {
    const type = LEGACY_TYPES.get(key);
    return type && typeof value === "string" && value !== "" ? [[type, value]] : [];
  });
  const typed = members.filter(([key]) => !LEGACY_TYPES.has(key));
  if (legacy.length === 0) return readTyped(typed, warn);
  if (!typed.some(([, value]) => typeof value === "object")) return new Map(legacy);
  warn("Evaluation context mixes legacy keys (userId/organizationId) with typed target keys; no targets will match");
  return new Map();
}

function readTyped(members: [string, unknown][], warn: (text: string) => void): Resources {
  const resources = new Map<string, string>();
  for (const [type, resource] of members) {
    const { id } = Object(resource) as { id?: unknown };
    if (!/^[a-z][a-z0-9_-]{0,63}$/.test(type)) warn(`Ignoring invalid target type in evaluation context: ${type}`);
    else if (typeof resource !== "object" || typeof id !== "string") {
      warn(`Ignoring target type with a missing or invalid resource id in evaluation context: ${type}`);
    } else if (!/^[A-Za-z0-9._:-]{1,255}$/.test(id) || id === "." || id === "..") {
      warn(`Ignoring invalid target id in evaluation context for type: ${type}`);
    } else resources.set(type, id);
  }
  return resources;
}

/** Off when disabled, on when a target matches, else what the flag's own default says. */
function evaluate({ enabled, default_value, targets }: FlagPollEntry, resources: Resources): boolean {
  if (!enabled) return false;
  const matches = (type: string, target: FlagTarget) => target.enabled && resources.get(type) === target.id;
  const isBuiltIn = (type: string) => type === "user" || type === "organization"; // these have lists of their own
  return targets?.users?.some((target) => matches("user", target)) ||
    targets?.organizations?.some((target) => matches("organization", target)) ||
    targets?.custom_targets?.some((target) => !isBuiltIn(target.type) && matches(target.type, target)) ||
    default_value;
}

/** What is different between two states; removed flags come last. */
function* changesOf(previous: Flags, current: Flags): Generator<FlagChange> {
  for (const [key, entry] of current) {
    const before = previous.get(key) ?? null;
    if (!before || fingerprint(before) !== fingerprint(entry)) yield { key, previous: before, current: entry };
  }
  for (const [key, entry] of previous) {
    if (!current.has(key)) yield { key, previous: entry, current: null };
  }
}

/** Text that is the same for flags that work the same; the order of targets does not matter. */
function fingerprint({ enabled, default_value, targets }: FlagPollEntry): string {
  const lists = [targets?.users, targets?.organizations, targets?.custom_targets].map((list) =>
    (list ?? []).map((target) => JSON.stringify([(target as FlagCustomTarget).type, target.id, target.enabled])).sort()
  );
  return JSON.stringify([enabled, default_value, lists]);
}

/** Reads the answer to a poll, all or nothing: half an answer would turn flags off. */
function readFlags(wire: unknown): Flags {
  if (!isObject(wire)) throw new TypeError("Cannot read feature flags: they are not an object");
  const flags = new Map(Object.entries(wire));
  for (const [key, entry] of flags) {
    if (!isEntry(entry)) throw new TypeError(`Cannot read feature flag "${key}": it does not have the expected form`);
  }
  return flags as Map<string, FlagPollEntry>;
}

function readBootstrap(flags: Record<string, FlagPollEntry>): Flags {
  try {
    return readFlags(flags);
  } catch (error) {
    throw bad("bootstrapFlags", (error as Error).message.replace(/^Cannot read /, "cannot read "));
  }
}

/** Whether evaluation can work with it. Lists of targets may be absent; other fields are of no concern. */
function isEntry(entry: unknown): boolean {
  if (!isObject(entry) || typeof entry.enabled !== "boolean" || typeof entry.default_value !== "boolean") return false;
  const targets = entry.targets ?? {};
  if (!isObject(targets)) return false;
  const { users, organizations, custom_targets } = targets;
  return isTargets(users, ["id"]) && isTargets(organizations, ["id"]) && isTargets(custom_targets, ["id", "type"]);
}

function isTargets(list: unknown, texts: string[]): boolean {
  if (list === undefined || list === null) return true;
  return Array.isArray(list) && list.every((target) => {
    return isObject(target) && typeof target.enabled === "boolean" &&
      texts.every((name) => typeof target[name] === "string");
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Milliseconds to leave the API alone after this many failures in a row. */
function backoff(errors: number, refused: boolean): number {
  return refused ? MAX_BACKOFF : Math.min(FIRST_BACKOFF * 2 ** (errors - 1), MAX_BACKOFF);
}

/** Whether the failure is the API key's, so that trying again soon is of no use. */
function isRefusal(failure: Error): boolean {
  return failure instanceof UnauthorizedException || failure instanceof ApiKeyRequiredException;
}

function reportListener(
  failure: unknown,
  event: PropertyKey,
  { logger, host }: { logger: RuntimeClientLogger | undefined; host: RuntimeClientHost },
): void {
  const text = `A listener for "${String(event)}" of the feature flags client failed`;
  if (logger) log(logger, "error", [text, failure]);
  else host.warn(`${text}: ${toError(failure).message}`);
}

function log(logger: RuntimeClientLogger | undefined, level: keyof RuntimeClientLogger, args: unknown[]): void {
  try {
    logger?.[level](...args);
  } catch { // a broken logger is no reason to stop evaluating or polling
  }
}

function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error("Cannot poll feature flags: no error was given", { cause: value });
}

function closed(): Error {
  return new DOMException("Cannot wait for feature flags: the client is closed", "AbortError");
}

function checkMs(option: string, ms: number): number {
  if (typeof ms === "number" && ms >= 0) return ms;
  throw bad(option, "it is not a number of milliseconds from 0 on");
}

function bad(option: string, why: string): TypeError {
  return new TypeError(`Cannot use option "${option}": ${why}`);
}

function after(callback: () => void, { ms, keepAlive }: { ms: number; keepAlive: boolean }): () => void {
  const timer = setTimeout(callback, Math.min(ms, MAX_TIMER));
  if (!keepAlive) unrefTimer(timer);
  return () => clearTimeout(timer);
}
