// Feature flags in memory: fetched in the background or on demand, evaluated without a request.
// Flags keep the API's own names (`default_value`, `custom_targets`), as in the Node SDK.

import { ApiKeyRequiredException, badOption, ParseError, TimeoutException, UnauthorizedException } from "./errors.ts";
import { EventEmitter } from "./event_emitter.ts";
import { emitWarning, sharesPromises, unrefTimer } from "./runtime.ts";
import { abortError, MAX_TIMER, untilAborted } from "./wait.ts";
import { isObject } from "./wire.ts";

/** A resource for which a flag may be turned on. */
export interface EvaluationResource {
  /** Its id: at most 255 letters, digits and `._:-`, but not `.` or `..`. Any other id matches nothing. */
  id: string;
}

/** The user, the organization, or both, for whom a flag is evaluated. */
export type LegacyEvaluationContext = {
  /** Id of the user. */
  userId?: string;
  /** Id of the organization. */
  organizationId?: string;
};

/**
 * The resources for which a flag is evaluated, one of each type: `{ user: { id }, workspace: { id } }`. A type has at
 * most 64 characters of `a-z`, `0-9`, `_` and `-`, and starts with a letter.
 */
export type TypedEvaluationContext = Record<string, EvaluationResource>;

/** The subject of an evaluation, in one of two forms. A mixture of both matches no target and logs a warning. */
export type EvaluationContext = LegacyEvaluationContext | TypedEvaluationContext;

/** A user or an organization for which a flag is turned on. */
export interface FlagTarget {
  /** Id of the user or organization. */
  id: string;
  /** Whether the target is active; `false` has the effect of no target. */
  enabled: boolean;
}

/** A resource of your own type for which a flag is turned on. */
export interface FlagCustomTarget extends FlagTarget {
  /** Type of the resource. */
  type: string;
}

/** One flag as the API sends it to runtime clients; fields not listed here are kept. */
export interface FlagPollEntry {
  /** Key of the flag. */
  slug: string;
  /** Whether the flag is enabled; `false` turns it off for everyone. */
  enabled: boolean;
  /** Value when no target matches. */
  default_value: boolean;
  /** The targets for which the flag is turned on. */
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

/** A flag that has changed since the last poll. */
export interface FlagChange {
  /** Key of the flag. */
  key: string;
  /** The flag before, or `null` when it is new. */
  previous: FlagPollEntry | null;
  /** The flag now, or `null` when it is gone. */
  current: FlagPollEntry | null;
}

/** Logger of a runtime client, such as `console`. What it throws or rejects with is ignored. */
export interface RuntimeClientLogger {
  /** Called after every successful poll. */
  debug(...args: unknown[]): void;
  /** Not called at present. */
  info(...args: unknown[]): void;
  /** Called for contexts that are invalid, at least in part, and for flags that cannot be read. */
  warn(...args: unknown[]): void;
  /** Called for failed polls, and for listeners that throw. */
  error(...args: unknown[]): void;
}

/**
 * When a runtime client fetches flags.
 *
 * - `poll`: repeatedly in the background, from its creation until `close()`
 * - `onDemand`: only when `refresh()` or `waitUntilReady()` is called, without background timers. For Workers and
 *   other edge runtimes, where nothing runs between requests; the client may be created at module scope and shared
 */
export type RuntimeClientMode = "poll" | "onDemand";

/** Options of `featureFlags.createRuntimeClient`. */
export interface RuntimeClientOptions {
  /**
   * Milliseconds between polls, with 10 % jitter; on demand, the age up to which flags are fresh. Default 30 000;
   * values below 5 000 are raised to 5 000.
   */
  pollingIntervalMs?: number;
  /** Initial flags, as `getFlag` returns them; they make the client ready at once. The first poll replaces them. */
  bootstrapFlags?: Record<string, FlagPollEntry>;
  /** How long one poll may take, retries included, in milliseconds. Default 10 000; `Infinity` for no limit. */
  requestTimeoutMs?: number;
  /** Receives log lines. Default: none are written. */
  logger?: RuntimeClientLogger;
  /** When to fetch. Default `poll`. */
  mode?: RuntimeClientMode;
}

/** Options of {@linkcode FeatureFlagsRuntimeClient.waitUntilReady}. */
export interface WaitUntilReadyOptions {
  /** How long to wait, in milliseconds. Default 0: no limit. */
  timeoutMs?: number;
}

/** Options of {@linkcode FeatureFlagsRuntimeClient.refresh}. */
export interface RefreshFlagsOptions {
  /** How old the flags may be, in milliseconds. Default: `pollingIntervalMs`; 0 always fetches. */
  maxAgeMs?: number;
}

/** Statistics of a runtime client. */
export interface RuntimeClientStats {
  /** Polls started. */
  pollCount: number;
  /** Polls that failed. */
  pollErrorCount: number;
  /** When the last poll started; `null` before the first. */
  lastPollAt: Date | null;
  /** When a poll last succeeded; `null` if none has. */
  lastSuccessfulPollAt: Date | null;
  /** Milliseconds since the last successful poll; `null` if there was none. */
  cacheAge: number | null;
  /** Number of flags. */
  flagCount: number;
}

/** Events of a runtime client, with the arguments of their listeners. */
export interface RuntimeClientEvents {
  /** A flag was added, removed or changed. Not emitted for the first poll. */
  change: [FlagChange];
  /** A poll failed; the flags stay as they were. */
  error: [Error];
  /** The API rejected the API key, or there is none. Emitted once until a poll succeeds again. */
  failed: [Error];
}

/** Source of the flags of a runtime client: a `WorkOS`, or an object with the same method. */
export interface FlagSource {
  /** Sends a GET; `data` is the response as the API sent it. */
  get(path: string, options: { signal: AbortSignal }): Promise<{ data: unknown }>;
  /** Its options; only `now` is used. */
  options?: { now?: () => number };
}

/** What a runtime client needs from its runtime; replaceable in tests. */
export interface RuntimeClientHost {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Calls `callback` once after `ms` milliseconds. Returns a function that cancels that. */
  after(callback: () => void, options: { ms: number; keepAlive: boolean }): () => void;
  /** Shows a warning. */
  warn(text: string): void;
  /** Whether a call may wait for a request that another call sent. */
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
  /** All targets of the flag as one list. */
  targets: Target[];
  /** Text for comparison: equal for flags with the same effect, whatever the order of their targets. */
  text: string;
}

type Flags = ReadonlyMap<string, Flag>;

/** Ids by type of resource; users and organizations have the types `userId` and `organizationId`. */
type Resources = ReadonlyMap<string, string>;

type Log = (level: keyof RuntimeClientLogger, ...args: unknown[]) => void;

/**
 * Holds the environment's flags and evaluates them without a request. Made by `featureFlags.createRuntimeClient`.
 *
 * ```ts ignore
 * const flags = workos.featureFlags.createRuntimeClient();
 * await flags.waitUntilReady({ timeoutMs: 5000 });
 * if (flags.isEnabled("new-editor", { userId: "user_1", organizationId: "org_1" })) { ... }
 * ```
 *
 * A poll that fails, or whose response is invalid, leaves the flags as they are. Polling goes on, with delays that grow
 * to a minute, even when the API rejects the API key, as keys are rotated. Background polls never throw: failures go to
 * the `error` event, the logger and {@linkcode FeatureFlagsRuntimeClient.getStats}.
 * Waiting for the next poll does not keep a process alive.
 */
export class FeatureFlagsRuntimeClient extends EventEmitter<RuntimeClientEvents> {
  readonly #source: FlagSource;
  readonly #host: RuntimeClientHost;
  readonly #log: Log;
  readonly #intervalMs: number;
  readonly #requestTimeoutMs: number;
  readonly #waiting: Set<(failure?: Error) => void> = new Set();
  /** Polls in flight; more than one where polls are not shared. */
  readonly #polls: Set<AbortController> = new Set();
  #flags: Flags = new Map();
  /** Number of the poll that returned the current flags; 0 for bootstrap flags, -1 before there are any. */
  #flagsFrom = -1;
  #pollCount = 0;
  #pollErrorCount = 0;
  #lastPollAt: Date | null = null;
  #lastSuccessAt: Date | null = null;
  #lastErrorAt = 0;
  /** How long to wait after the last failure before the next poll; 0 after a success. */
  #backoffMs = 0;
  #failure: Error | undefined;
  #refused = false;
  #closed: Error | undefined;
  #underWay: Promise<Error | undefined> | undefined;
  /** Cancels the next poll; `undefined` on demand. */
  #cancelNext: (() => void) | undefined;

  /** Called by `createRuntimeClient`. Throws a `TypeError` that names the option for a bad value. */
  constructor(
    source: FlagSource,
    options: RuntimeClientOptions = {},
    host: RuntimeClientHost = { ...HOST, now: source.options?.now ?? HOST.now },
  ) {
    const { pollingIntervalMs = 30_000, requestTimeoutMs = 10_000, bootstrapFlags, logger, mode = "poll" } = options;
    const log: Log = async (level, ...args) => {
      try {
        await logger?.[level](...args);
      } catch { // a broken logger must not stop evaluation or polling
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
   * Resolves when there are flags: at once with `bootstrapFlags`, otherwise after the first successful poll. Rejects
   * when the API rejects the API key or there is none, with a `TimeoutError` after `timeoutMs`, with an `AbortError`
   * after {@linkcode FeatureFlagsRuntimeClient.close}, and in mode `onDemand` with any failure of the poll. Keeps a
   * process alive.
   */
  async waitUntilReady({ timeoutMs = 0 }: WaitUntilReadyOptions = {}): Promise<void> {
    const ms = checkMs("timeoutMs", timeoutMs) || Infinity;
    if (this.#flagsFrom >= 0) return;
    if (this.#closed) throw this.#closed;
    if (this.#cancelNext ? this.#refused : this.#backsOff()) throw this.#failure;
    let settle!: (failure?: Error) => void;
    const settled = new Promise<Error | undefined>((resolve) => settle = resolve);
    const cancel = this.#host.after(() => {
      if (ms < Infinity) settle(abortError("waitUntilReady timed out", "TimeoutError"));
    }, { ms, keepAlive: true });
    if (this.#cancelNext) this.#waiting.add(settle);
    else this.#poll().then(settle); // on Workers another request must not settle it
    const failure = await settled;
    cancel();
    this.#waiting.delete(settle);
    if (failure) throw failure;
  }

  /**
   * Fetches the flags when they are older than `maxAgeMs`. Returns whether they are fresh now; a failed fetch does not
   * throw, and the current flags stay in use. Concurrent calls share a fetch, except on Workers. After a failure it
   * does not fetch for 1, 2, 4 ... 60 seconds (60 for a rejected API key) unless `maxAgeMs` is 0.
   */
  async refresh({ maxAgeMs = this.#intervalMs }: RefreshFlagsOptions = {}): Promise<boolean> {
    if (checkMs("maxAgeMs", maxAgeMs) > 0) {
      const age = this.getStats().cacheAge ?? -1;
      if (age >= 0 && age <= maxAgeMs) return true;
      if (this.#backsOff()) return false;
    }
    return !this.#closed && !await this.#poll();
  }

  /** Whether a flag is on. `defaultValue` is for flags that do not exist; others have their own. Never throws. */
  isEnabled(flagKey: string, context: EvaluationContext = {}, defaultValue: boolean = false): boolean {
    const flag = this.#flags.get(flagKey);
    return flag ? evaluate(flag, readContext(context, this.#log)) : defaultValue;
  }

  /** Whether each flag is on, by key. Never throws. */
  getAllFlags(context: EvaluationContext = {}): Record<string, boolean> {
    const resources = readContext(context, this.#log);
    return Object.fromEntries([...this.#flags].map(([key, flag]) => [key, evaluate(flag, resources)]));
  }

  /** A flag as the API sent it, which must not be modified; `undefined` when no flag has this key. */
  getFlag(flagKey: string): FlagPollEntry | undefined {
    return this.#flags.get(flagKey)?.entry;
  }

  /** Statistics of the client, including the age of its flags. */
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
   * Stops the client for good: aborts polls in flight, rejects pending `waitUntilReady` calls, removes all listeners.
   * The flags can still be evaluated. On Workers a poll of another request may run to its end; its result is ignored.
   */
  close(): void {
    this.#closed = abortError("Cannot wait for feature flags: the client is closed");
    this.#cancelNext?.();
    this.#settle(this.#closed);
    this.removeAllListeners();
    for (const poll of this.#polls) {
      try {
        poll.abort(this.#closed);
      } catch { // on Workers, of another request: its response will be ignored
      }
    }
  }

  /** Settles all pending `waitUntilReady` calls. */
  #settle(failure?: Error): void {
    for (const settle of this.#waiting) settle(failure);
  }

  /** Polls repeatedly, first after `ms` milliseconds. Only the timer of the first poll keeps a process alive. */
  #pollAfter(ms: number): void {
    this.#cancelNext = this.#host.after(async () => {
      await this.#poll();
      const delay = Math.max(this.#intervalMs, this.#backoffMs) * (0.9 + 0.2 * this.#host.random());
      if (!this.#closed) this.#pollAfter(Math.min(delay, MAX_TIMER));
    }, { ms, keepAlive: ms === 0 });
  }

  /** Whether it is too soon after a failure for another fetch on demand. */
  #backsOff(): boolean {
    const since = this.#host.now() - this.#lastErrorAt;
    return since >= 0 && since < this.#backoffMs;
  }

  /** Polls, or joins the poll in flight. Never rejects: resolves to the failure, or `undefined` on success. */
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
    if (poll > this.#flagsFrom) this.#accept(answer, poll); // otherwise a later poll was faster
    return undefined;
  }

  /** Fetches and reads the flags. Rejects when the signal aborts, even if the source ignores it. */
  async #fetch(signal: AbortSignal): Promise<Flags> {
    const { data } = await untilAborted(this.#source.get("/sdk/feature-flags", { signal }), [signal]);
    const { flags, odd } = readFlags(data);
    if (odd.length > 0 && flags.size === 0) { // such a response must not turn flags off
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
    const previous = this.#flagsFrom > 0 ? this.#flags : flags; // the first poll reports no changes
    this.#flags = flags;
    this.#flagsFrom = poll;
    this.#lastSuccessAt = new Date(this.#host.now());
    this.#backoffMs = 0;
    this.#refused = false;
    this.#log("debug", "Poll successful", { flagCount: flags.size });
    for (const key of new Map([...flags, ...previous]).keys()) { // removed flags come last
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

/** Names of the lists of targets, with the type of their targets; custom targets contain their type. */
const LISTS: readonly [name: keyof FlagPollEntry["targets"], type?: string][] = [
  ["users", "userId"],
  ["organizations", "organizationId"],
  ["custom_targets"],
];

/** Reads either form of a context; leaves out invalid resources with a warning. */
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
  } catch { // one of the caller's getters throws
    log("warn", "Evaluation context cannot be read; no targets will match");
  }
  return new Map();
}

/** Off when disabled, on when a target matches, otherwise the flag's own default. */
function evaluate({ entry, targets }: Flag, resources: Resources): boolean {
  return entry.enabled &&
    (targets.some(([type, id, isOn]) => isOn && resources.get(type) === id) || entry.default_value);
}

/** Reads all flags; `odd` has the keys of those that cannot be read, and the reason. */
function readFlags(wire: unknown): { flags: Map<string, Flag>; odd: [key: string, why: string][] } {
  const flags = new Map<string, Flag>();
  if (!isObject(wire)) return { flags, odd: [["", "feature flags: they are not an object"]] };
  const odd: [string, string][] = [];
  for (const [key, entry] of Object.entries(wire as FlagPollResponse)) {
    const flag = readFlag(entry);
    if (flag) flags.set(key, flag);
    else odd.push([key, `feature flag "${key}": it is malformed`]);
  }
  return { flags, odd };
}

/** Reads one flag. Lists of targets may be absent; fields that evaluation does not need are not checked. */
function readFlag(entry: FlagPollEntry): Flag | undefined {
  const { enabled, default_value, targets: lists }: FlagPollEntry = Object(entry);
  const targets = LISTS.flatMap(([name, type]) => {
    const list: Partial<FlagCustomTarget>[] = [lists?.[name] ?? []].flat(); // a non-list becomes an invalid target
    return list.map((target) => [type ?? target?.type, target?.id, target?.enabled] as Target);
  });
  const isSound = typeof enabled === "boolean" && typeof default_value === "boolean" && isObject(lists ?? {}) &&
    targets.every(([type, id, isOn]) =>
      typeof type === "string" && typeof id === "string" && typeof isOn === "boolean"
    );
  if (!isSound) return undefined;
  return { entry, targets, text: JSON.stringify([enabled, default_value, targets.map(String).sort()]) };
}

/** The JSON text of a response, or `""` if it is too deeply nested to be serialized. */
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
