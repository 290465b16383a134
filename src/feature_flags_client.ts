/**
 * Feature flags in memory: fetched in the background or on demand, evaluated without a request.
 *
 * Names in flags are the API's own (`default_value`, `custom_targets`), as the Node SDK has them here.
 *
 * @module
 */

import { ApiKeyRequiredException, badOption, ParseError, TimeoutException, UnauthorizedException } from "./errors.ts";
import { EventEmitter } from "./event_emitter.ts";
import { emitWarning, sharesPromises, unrefTimer } from "./runtime.ts";
import { MAX_TIMER, untilAborted } from "./wait.ts";

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
  /** Called for contexts that cannot match as they are, and for flags that cannot be read. */
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

/** Where a runtime client gets its flags from: a `WorkOS`, or what has this method of it. */
export interface FlagSource {
  /** Sends a GET; `data` is the answer as the API sent it. */
  get(path: string, options: { signal: AbortSignal }): Promise<{ data: unknown }>;
  /** Its options; of them only the clock counts. */
  options?: { now?: () => number };
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
  after(callback, { ms, keepAlive }) {
    const timer = setTimeout(callback, Math.min(ms, MAX_TIMER));
    if (!keepAlive) unrefTimer(timer);
    return () => clearTimeout(timer);
  },
  warn: emitWarning,
  sharesPromises,
};

/** A target of a flag; `type` is a key of {@linkcode Resources}. */
type Target = [type: string, id: string, isOn: boolean];

interface Flag {
  entry: FlagPollEntry;
  /** All of them, as one list that evaluation can go through. */
  targets: Target[];
  /** The same for flags that work the same: the order of targets does not matter. */
  text: string;
}

type Flags = ReadonlyMap<string, Flag>;

/** Ids by type of resource; the types with target lists of their own are `userId` and `organizationId` here. */
type Resources = ReadonlyMap<string, string>;

type Log = (level: keyof RuntimeClientLogger, ...args: unknown[]) => void;

/**
 * Holds the flags of the environment and evaluates them without a request. Made by `featureFlags.createRuntimeClient`.
 *
 * ```ts ignore
 * const flags = workos.featureFlags.createRuntimeClient();
 * await flags.waitUntilReady({ timeoutMs: 5000 });
 * if (flags.isEnabled("new-editor", { userId: "user_1", organizationId: "org_1" })) { ... }
 * ```
 *
 * A poll that fails, or whose answer is not what it should be, leaves the flags as they are and is followed by another,
 * later and later up to a minute apart; also when the API key was refused, since keys are rotated. Nothing throws from
 * the background: failures go to the `error` event, the logger and {@linkcode FeatureFlagsRuntimeClient.getStats}.
 * Waiting for the next poll does not keep a process alive.
 */
export class FeatureFlagsRuntimeClient extends EventEmitter<RuntimeClientEvents> {
  readonly #source: FlagSource;
  readonly #host: RuntimeClientHost;
  readonly #log: Log;
  readonly #intervalMs: number;
  readonly #requestTimeoutMs: number;
  readonly #waiting: Set<(failure?: Error) => void> = new Set();
  /** The polls under way: more than one where they are not shared. */
  readonly #polls: Set<AbortController> = new Set();
  #flags: Flags = new Map();
  /** Number of the poll that the flags are from: 0 for bootstrap flags, -1 while there are none. */
  #flagsFrom = -1;
  #pollCount = 0;
  #pollErrorCount = 0;
  #lastPollAt: Date | null = null;
  #lastSuccessAt: Date | null = null;
  #lastErrorAt = 0;
  /** How long to leave the API alone after the last failure: 0 after a success. */
  #backoffMs = 0;
  #failure: Error | undefined;
  #refused = false;
  #closed: Error | undefined;
  #underWay: Promise<Error | undefined> | undefined;
  /** Cancels the next poll; `undefined` on demand. */
  #cancelNext: (() => void) | undefined;

  /** As `createRuntimeClient` does. Throws a `TypeError` that names the option for a bad value. */
  constructor(
    source: FlagSource,
    options: RuntimeClientOptions = {},
    host: RuntimeClientHost = { ...HOST, now: source.options?.now ?? HOST.now },
  ) {
    const { pollingIntervalMs = 30_000, requestTimeoutMs = 10_000, bootstrapFlags, logger, mode = "poll" } = options;
    const log: Log = (level, ...args) => {
      try {
        logger?.[level](...args);
      } catch { // a broken logger is no reason to stop evaluating or polling
      }
    };
    super((failure, event) => {
      const text = `A listener for "${String(event)}" of the feature flags client failed`;
      if (logger) log("error", text, failure);
      else host.warn(`${text}: ${toError(failure).message}`);
    });
    if (mode !== "poll" && mode !== "onDemand") {
      throw badOption("mode", 'it is neither "poll" nor "onDemand"');
    }
    this.#source = source;
    this.#host = host;
    this.#log = log;
    this.#intervalMs = Math.max(5_000, checkMs("pollingIntervalMs", pollingIntervalMs));
    this.#requestTimeoutMs = checkMs("requestTimeoutMs", requestTimeoutMs, 1);
    if (bootstrapFlags) {
      const { flags, odd: [odd] } = readFlags(bootstrapFlags);
      if (odd) throw badOption("bootstrapFlags", `cannot read ${odd[1]}`);
      this.#flags = flags;
      this.#flagsFrom = 0;
    }
    if (mode === "poll") this.#pollAfter(0); // a timer, so that listeners can be added first
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
    if (this.#flagsFrom >= 0) return;
    if (this.#closed) throw this.#closed;
    if (this.#cancelNext ? this.#refused : this.#backsOff()) throw this.#failure;
    let settle!: (failure?: Error) => void;
    const settled = new Promise<Error | undefined>((resolve) => settle = resolve);
    const cancel = this.#host.after(() => {
      if (ms < Infinity) settle(new DOMException("waitUntilReady timed out", "TimeoutError"));
    }, { ms, keepAlive: true });
    if (this.#cancelNext) this.#waiting.add(settle);
    else this.#poll().then(settle); // on Workers nobody else's request may settle it
    const failure = await settled;
    cancel();
    this.#waiting.delete(settle);
    if (failure) throw failure;
  }

  /**
   * Fetches the flags when they are older than `maxAgeMs`. Returns whether they are that fresh now: a fetch that fails
   * is no exception, and the flags there are stay in use. A fetch under way is shared, except on Workers.
   *
   * After a failure no fetch is tried for one second, two, four, and so on up to a minute, unless `maxAgeMs` is 0.
   */
  async refresh({ maxAgeMs = this.#intervalMs }: RefreshFlagsOptions = {}): Promise<boolean> {
    if (checkMs("maxAgeMs", maxAgeMs) > 0) {
      const age = this.getStats().cacheAge ?? -1;
      if (age >= 0 && age <= maxAgeMs) return true;
      if (this.#backsOff()) return false;
    }
    return !this.#closed && !await this.#poll();
  }

  /**
   * Whether a flag is on. `defaultValue` is for flags that do not exist; one that does has a default of its own, in its
   * `default_value`. Never throws.
   */
  isEnabled(flagKey: string, context: EvaluationContext = {}, defaultValue: boolean = false): boolean {
    const flag = this.#flags.get(flagKey);
    return flag ? evaluate(flag, readContext(context, this.#log)) : defaultValue;
  }

  /** Whether each flag is on, by key. Never throws. */
  getAllFlags(context: EvaluationContext = {}): Record<string, boolean> {
    const resources = readContext(context, this.#log);
    return Object.fromEntries([...this.#flags].map(([key, flag]) => [key, evaluate(flag, resources)]));
  }

  /** A flag as the API sent it, not to be changed; `undefined` when there is none with this key. */
  getFlag(flagKey: string): FlagPollEntry | undefined {
    return this.#flags.get(flagKey)?.entry;
  }

  /** What the client has done so far, and how old its flags are. */
  getStats(): RuntimeClientStats {
    return {
      pollCount: this.#pollCount,
      pollErrorCount: this.#pollErrorCount,
      lastPollAt: this.#lastPollAt,
      lastSuccessfulPollAt: this.#lastSuccessAt,
      cacheAge: this.#lastSuccessAt && this.#host.now() - this.#lastSuccessAt.getTime(),
      flagCount: this.#flags.size,
    };
  }

  /**
   * Stops for good: aborts the poll under way, rejects who waits, removes all listeners. The flags can still be
   * evaluated. On Workers a poll of another request runs to its end, and nobody takes notice.
   */
  close(): void {
    this.#closed = new DOMException("Cannot wait for feature flags: the client is closed", "AbortError");
    this.#cancelNext?.();
    this.#settle(this.#closed);
    this.removeAllListeners();
    for (const poll of this.#polls) {
      try {
        poll.abort(this.#closed);
      } catch { // of another request of Workers: its answer will be dropped
      }
    }
  }

  /** Ends the waiting of everybody who waits for flags. */
  #settle(failure?: Error): void {
    for (const settle of this.#waiting) settle(failure);
  }

  /** Polls again and again, first after so many milliseconds. Only the first poll keeps a process alive. */
  #pollAfter(ms: number): void {
    this.#cancelNext = this.#host.after(async () => {
      await this.#poll();
      const delay = Math.max(this.#intervalMs, this.#backoffMs) * (0.9 + 0.2 * this.#host.random());
      if (!this.#closed) this.#pollAfter(Math.min(delay, MAX_TIMER));
    }, { ms, keepAlive: ms === 0 });
  }

  /** Whether it is too soon after a failure to fetch on demand. */
  #backsOff(): boolean {
    const since = this.#host.now() - this.#lastErrorAt;
    return since >= 0 && since < this.#backoffMs;
  }

  /** Polls, or joins the poll under way. Never rejects: a failure is the result. */
  #poll(): Promise<Error | undefined> {
    if (!this.#host.sharesPromises()) return this.#pollOnce();
    return this.#underWay ??= this.#pollOnce().finally(() => this.#underWay = undefined);
  }

  async #pollOnce(): Promise<Error | undefined> {
    const poll = ++this.#pollCount;
    const ms = this.#requestTimeoutMs;
    const controller = new AbortController();
    const cancel = this.#host.after(() => controller.abort(new TimeoutException(ms)), { ms, keepAlive: true });
    this.#polls.add(controller);
    this.#lastPollAt = new Date(this.#host.now());
    const answer = await this.#fetch(controller.signal).catch(toError);
    cancel();
    this.#polls.delete(controller);
    if (this.#closed) return this.#closed;
    if (answer instanceof Error) return this.#fail(answer);
    if (poll > this.#flagsFrom) this.#accept(answer, poll); // else a later poll has overtaken it
    return undefined;
  }

  /** Ends with the signal, also where the source does not heed it. */
  async #fetch(signal: AbortSignal): Promise<Flags> {
    const { data } = await untilAborted(this.#source.get("/sdk/feature-flags", { signal }), [signal]);
    const { flags, odd } = readFlags(data);
    if (odd.length > 0 && flags.size === 0) { // not an answer that turns flags off
      const message = `Cannot read ${odd[0][1]}`;
      throw new ParseError({ message, rawBody: toJson(data), rawStatus: 200, requestID: "" });
    }
    for (const [key, why] of odd) {
      this.#log("warn", `Cannot read ${why}`);
      const known = this.#flags.get(key);
      if (known) flags.set(key, known);
    }
    return flags;
  }

  #accept(flags: Flags, poll: number): void {
    const previous = this.#flagsFrom > 0 ? this.#flags : flags; // what the first poll finds is no change
    this.#flags = flags;
    this.#flagsFrom = poll;
    this.#lastSuccessAt = new Date(this.#host.now());
    this.#backoffMs = 0;
    this.#refused = false;
    this.#log("debug", "Poll successful", { flagCount: flags.size });
    for (const key of new Map([...flags, ...previous]).keys()) { // what is gone comes last
      const before = previous.get(key);
      const after = flags.get(key);
      if (before?.text !== after?.text) {
        this.emit("change", { key, previous: before?.entry ?? null, current: after?.entry ?? null });
      }
    }
    this.#settle();
  }

  #fail(failure: Error): Error {
    const refused = failure instanceof UnauthorizedException || failure instanceof ApiKeyRequiredException;
    this.#failure = failure;
    this.#pollErrorCount++;
    this.#lastErrorAt = this.#host.now();
    this.#backoffMs = refused ? 60_000 : Math.min(this.#backoffMs * 2 || 1_000, 60_000);
    this.#log("error", "Poll failed", failure);
    this.emit("error", failure);
    if (refused && !this.#refused) {
      this.#refused = true;
      this.emit("failed", failure);
      this.#settle(failure);
    }
    return failure;
  }
}

/** Lists of targets by name, with the type of the targets in it; `custom_targets` name their own. */
const LISTS: readonly [name: keyof FlagPollEntry["targets"], type?: string][] = [
  ["users", "userId"],
  ["organizations", "organizationId"],
  ["custom_targets"],
];

/** Reads either form of a context; what cannot match is left out with a warning. */
function readContext(context: unknown, log: Log): Resources {
  const resources = new Map<string, string>();
  const typed: [string, unknown][] = [];
  try {
    for (const [key, value] of Object.entries(typeof context === "object" && context || {})) {
      if (key === "userId" || key === "organizationId") {
        if (value && typeof value === "string") resources.set(key, value);
      } else if (value !== null && value !== undefined) typed.push([key, value]);
    }
    if (resources.size === 0) {
      for (const [type, resource] of typed) {
        const { id } = resource as { id?: unknown };
        if (!/^[a-z][a-z0-9_-]{0,63}$/.test(type)) {
          log("warn", `Ignoring invalid target type in evaluation context: ${type}`);
        } else if (typeof resource !== "object" || typeof id !== "string") {
          log("warn", `Ignoring target type with a missing or invalid resource id in evaluation context: ${type}`);
        } else if (!/^[\w.:-]{1,255}$/.test(id) || id === "." || id === "..") {
          log("warn", `Ignoring invalid target id in evaluation context for type: ${type}`);
        } else resources.set(type === "user" || type === "organization" ? `${type}Id` : type, id);
      }
      return resources;
    }
    if (!typed.some(([, value]) => typeof value === "object")) return resources;
    log(
      "warn",
      "Evaluation context mixes legacy keys (userId/organizationId) with typed target keys; no targets will match",
      { keys: Object.keys(context as object) },
    );
  } catch { // a getter of the caller's that throws
    log("warn", "Evaluation context cannot be read; no targets will match");
  }
  return new Map();
}

/** Off when disabled, on when a target matches, else what the flag's own default says. */
function evaluate({ entry, targets }: Flag, resources: Resources): boolean {
  return entry.enabled &&
    (targets.some(([type, id, isOn]) => isOn && resources.get(type) === id) || entry.default_value);
}

/** Reads all flags; `odd` are the keys of those that cannot be read, and why. */
function readFlags(wire: unknown): { flags: Map<string, Flag>; odd: [key: string, why: string][] } {
  const flags = new Map<string, Flag>();
  if (!isObject(wire)) return { flags, odd: [["", "feature flags: they are not an object"]] };
  const odd: [string, string][] = [];
  for (const [key, entry] of Object.entries(wire as FlagPollResponse)) {
    const flag = readFlag(entry);
    if (flag) flags.set(key, flag);
    else odd.push([key, `feature flag "${key}": it does not have the expected form`]);
  }
  return { flags, odd };
}

/** Lists of targets may be absent, and fields that evaluation does not need are of no concern. */
function readFlag(entry: FlagPollEntry): Flag | undefined {
  const { enabled, default_value, targets: lists }: FlagPollEntry = Object(entry);
  const targets = LISTS.flatMap(([name, type]) => {
    const list: Partial<FlagCustomTarget>[] = [lists?.[name] ?? []].flat(); // what is no list becomes a bad target
    return list.map((target) => [type ?? target?.type, target?.id, target?.enabled] as Target);
  });
  const isSound = typeof enabled === "boolean" && typeof default_value === "boolean" && isObject(lists ?? {}) &&
    targets.every(([type, id, isOn]) =>
      typeof type === "string" && typeof id === "string" && typeof isOn === "boolean"
    );
  if (!isSound) return undefined;
  return { entry, targets, text: JSON.stringify([enabled, default_value, targets.map(String).sort()]) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of an answer, or nothing: one that is deep enough can be parsed, and not written again. */
function toJson(answer: unknown): string {
  try {
    return JSON.stringify(answer) ?? "";
  } catch {
    return "";
  }
}

function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error("Cannot poll feature flags", { cause: value });
}

function checkMs(option: string, ms: number, least = 0): number {
  if (typeof ms === "number" && ms >= least) return ms;
  throw badOption(option, `it is not a number of milliseconds, at least ${least}`);
}
