/**
 * Hooks, log lines and diagnostics channels: what a client tells about its calls. None of it has headers, queries,
 * bodies or ids in it, and none of it can make a call fail.
 *
 * @module
 */

import { type Channel, diagnosticsChannel, emitWarning } from "./runtime.ts";

/** One attempt of a call, about to be sent. */
export interface HookRequest {
  /** Number of the call, counted from 1 for each client: the same in all that is told about one call. */
  readonly call: number;
  /** HTTP method. */
  readonly method: string;
  /** Path with `{}` for every id, fit for metrics; the path as given, without its query, for the low-level methods. */
  readonly route: string;
  /** Host of the API, with its port when that is not the protocol's. */
  readonly host: string;
  /** Which attempt of the call it is, from 1. */
  readonly attempt: number;
  /** How many attempts may follow the first one. */
  readonly maxRetries: number;
  /** Whether the request carries an idempotency key. */
  readonly hasIdempotencyKey: boolean;
}

/** An attempt that was answered, with success or not. */
export interface HookResponse extends HookRequest {
  /** HTTP status. */
  readonly status: number;
  /** Value of the `X-Request-ID` header, to quote to support; empty when there was none. */
  readonly requestID: string;
  /** How long the attempt took, body included, in milliseconds. */
  readonly duration: number;
}

/** An attempt that came to nothing, and is followed by another one. */
export interface HookRetry extends HookRequest {
  /** HTTP status; `undefined` when there was no answer. */
  readonly status: number | undefined;
  /** Value of the `X-Request-ID` header; empty when there was none. */
  readonly requestID: string;
  /** How long the attempt took, in milliseconds. */
  readonly duration: number;
  /** How long the call waits before the next attempt, in milliseconds. */
  readonly delay: number;
}

/** A call that failed. */
export interface HookError extends HookRequest {
  /** HTTP status of the last answer; `undefined` when there was none. */
  readonly status: number | undefined;
  /** Value of the `X-Request-ID` header; empty when there was none. */
  readonly requestID: string;
  /** How long the whole call took, attempts and waits, in milliseconds. */
  readonly duration: number;
  /** What the call rejects with: an exception, or the reason of the signal that aborted it. */
  readonly error: unknown;
}

/** Functions that are told about the calls of a client. What they return, throw or reject with changes no call. */
export interface Hooks {
  /** Before an attempt is sent. */
  onRequest?(event: HookRequest): unknown;
  /** After an attempt was answered, whatever the status. */
  onResponse?(event: HookResponse): unknown;
  /** Before the wait for another attempt. */
  onRetry?(event: HookRetry): unknown;
  /** When a call fails; not for calls that are refused before anything is sent. */
  onError?(event: HookError): unknown;
}

/** Where log lines go; `console` is one. */
export interface Logger {
  /** Takes a line about a request that is sent, or waits. */
  debug(message: string, event: object): void;
  /** Takes a line about an answer. */
  info(message: string, event: object): void;
  /** Takes a line about a retry, or a hook that fails. */
  warn(message: string, event: object): void;
  /** Takes a line about a call that fails. */
  error(message: string, event: object): void;
}

/** How much is logged: each level includes those before it. */
export type LogLevel = "off" | "error" | "warn" | "info" | "debug";

/** The levels of a logger, the quietest first. */
export const LOG_LEVELS: readonly LogLevel[] = ["off", "error", "warn", "info", "debug"];

/**
 * What the diagnostics channels carry, one object for all messages about a call: `universal-workos:request:start`, then
 * `:error` if the call fails, and `:end` in either case.
 */
export interface DiagnosticsMessage {
  /** HTTP method. */
  readonly method: string;
  /** Path with `{}` for every id. */
  readonly route: string;
  /** Host of the API. */
  readonly host: string;
  /** How many attempts may follow the first one. */
  readonly maxRetries: number;
  /** How many attempts were made so far. */
  attempts: number;
  /** HTTP status of the last answer. */
  status?: number;
  /** Value of the `X-Request-ID` header of the last answer. */
  requestID?: string;
  /** How long the whole call took, in milliseconds; set at the end. */
  duration?: number;
  /** What the call rejects with. */
  error?: unknown;
}

/** Gives the `traceparent` of an attempt (W3C Trace Context), or `undefined` for none. */
export type Traceparent = (event: HookRequest) => string | undefined;

/** Who listens to a client. */
export interface Audience {
  /** Functions of the caller. */
  readonly hooks?: Hooks;
  /** Where log lines go. */
  readonly logger?: Logger;
  /** How much is logged. */
  readonly logLevel: LogLevel;
  /** Names the span that an attempt belongs to. */
  readonly traceparent?: Traceparent;
}

/** What is known of a call before its first attempt. */
export type CallFacts = Pick<HookRequest, "method" | "route" | "maxRetries" | "hasIdempotencyKey">;

interface Channels {
  start: Channel;
  error: Channel;
  end: Channel;
}

type LogMethod = "debug" | "info" | "warn" | "error";

const SILENT: Channel = { hasSubscribers: false, publish() {} };

/** Tells an audience about the calls of one client. */
export class Observer {
  readonly #audience: Audience;
  readonly #baseURL: string;
  readonly #now: () => number;
  readonly #attentive: boolean;
  #channels: Channels | undefined;
  #host: string | undefined;
  #calls = 0;
  #complained = false;

  /** `now` gives milliseconds, for durations. */
  constructor(audience: Audience, { baseURL, now }: { baseURL: string; now: () => number }) {
    this.#audience = audience;
    this.#baseURL = baseURL;
    this.#now = now;
    this.#attentive = !!audience.hooks || !!audience.traceparent || audience.logLevel !== "off";
  }

  /** Whether anybody listens. */
  get attentive(): boolean {
    const { start, error, end } = this.#channels ??= openChannels(); // not sooner: this may take its time
    return this.#attentive || start.hasSubscribers || error.hasSubscribers || end.hasSubscribers;
  }

  /** Starts to follow a call. */
  watch(facts: CallFacts): Watch {
    const host = this.#host ??= new URL(this.#baseURL).host;
    return new Watch(this, { ...facts, call: ++this.#calls, host }, this.#channels ??= openChannels());
  }

  /** Milliseconds, for durations. */
  now(): number {
    return this.#now();
  }

  /** Calls a hook; whatever comes of it. */
  tell<Event>(name: keyof Hooks, event: Event): void {
    const hooks = this.#audience.hooks as { [name in keyof Hooks]?: (event: Event) => unknown } | undefined;
    if (!hooks?.[name]) return;
    try {
      const result = hooks[name](event) as { then?: unknown } | undefined;
      if (typeof result?.then !== "function") return;
      Promise.resolve(result).catch((error) => this.#complain(`hooks.${name}`, error));
    } catch (error) {
      this.#complain(`hooks.${name}`, error);
    }
  }

  /** Writes a log line, if the level asks for it. */
  log(method: LogMethod, line: () => string, event: object): void {
    const { logger = console, logLevel } = this.#audience;
    if (LOG_LEVELS.indexOf(method) > LOG_LEVELS.indexOf(logLevel)) return;
    try {
      logger[method](`WorkOS: ${line()}`, event);
    } catch (error) {
      this.#complain("logger", error);
    }
  }

  /** The `traceparent` for an attempt; one that is not valid is left out. */
  traceparent(event: HookRequest): string | undefined {
    const { traceparent } = this.#audience;
    if (!traceparent) return undefined;
    try {
      const value = traceparent(event);
      if (value === undefined || isTraceparent(value)) return value;
      this.#complain("traceparent", new TypeError("the value is not in the format of W3C Trace Context"));
    } catch (error) {
      this.#complain("traceparent", error);
    }
    return undefined;
  }

  /** Says once that code of the caller's fails. */
  #complain(option: string, error: unknown): void {
    if (this.#complained) return;
    this.#complained = true;
    const line = `Cannot use option "${option}" as hoped: ${error instanceof Error ? error.message : "it fails"}`;
    if (option === "logger" || this.#audience.logLevel === "off" || this.#audience.logLevel === "error") {
      emitWarning(line);
    } else this.log("warn", () => line, {});
  }
}

/** Follows one call. */
export class Watch {
  readonly #observer: Observer;
  readonly #call: Omit<HookRequest, "attempt">;
  readonly #channels: Channels;
  readonly #message: DiagnosticsMessage;
  readonly #started: number;
  #sent: number;
  #attempt = 0;
  #status: number | undefined;
  #requestID = "";

  /** Made by {@linkcode Observer.watch}. */
  constructor(observer: Observer, call: Omit<HookRequest, "attempt">, channels: Channels) {
    this.#observer = observer;
    this.#call = call;
    this.#started = this.#sent = observer.now();
    this.#channels = channels;
    const { method, route, host, maxRetries } = call;
    this.#message = { method, route, host, maxRetries, attempts: 0 };
    publish(channels.start, this.#message);
  }

  /** An attempt is about to be sent. Returns the `traceparent` for it. */
  begin(attempt: number): string | undefined {
    const event: HookRequest = { ...this.#call, attempt };
    this.#attempt = attempt;
    this.#sent = this.#observer.now();
    this.#status = undefined;
    this.#requestID = "";
    this.#observer.tell("onRequest", event);
    this.#observer.log("debug", () => `${this.#name()}, attempt ${attempt} of ${event.maxRetries + 1}`, event);
    return this.#observer.traceparent(event);
  }

  /** The request waits before it is sent. */
  wait(delay: number): void {
    this.#observer.log("debug", () => `${this.#name()} waits for ${Math.round(delay)} ms`, { ...this.#call, delay });
  }

  /** An answer has begun to arrive; `whole` when all of it has. */
  answer({ status, headers }: Response, whole: boolean): void {
    this.#status = status;
    this.#requestID = headers.get("X-Request-ID") ?? "";
    if (!whole) return;
    const event: HookResponse = this.#event({ status, duration: this.#since(this.#sent) });
    this.#observer.tell("onResponse", event);
    this.#observer.log(
      "info",
      () => `${this.#name()} answered ${status} in ${event.duration} ms${this.#suffix()}`,
      event,
    );
  }

  /** Another attempt follows after `delay` milliseconds. */
  retry(delay: number): void {
    const event: HookRetry = this.#event({ status: this.#status, duration: this.#since(this.#sent), delay });
    const why = this.#status === undefined ? "without an answer" : `answered ${this.#status}`;
    this.#observer.tell("onRetry", event);
    this.#observer.log("warn", () => {
      return `${this.#name()} ${why}, tried again in ${Math.round(delay)} ms${this.#suffix()}`;
    }, event);
  }

  /** The call failed. */
  fail(error: unknown): void {
    const event: HookError = this.#event({ status: this.#status, duration: this.#since(this.#started), error });
    this.#observer.tell("onError", event);
    const { name, code } = Object(error) as { name?: unknown; code?: unknown };
    const known = { ...event, error: name, code }; // an exception has causes, and a runtime may put the URL into them
    this.#observer.log("error", () => `${this.#name()} failed: ${name}${this.#suffix()}`, known);
    this.#message.error = error;
    this.#conclude(this.#channels.error);
    this.#conclude(this.#channels.end);
  }

  /** The call succeeded. */
  succeed(): void {
    this.#conclude(this.#channels.end);
  }

  #conclude(channel: Channel): void {
    const message = this.#message;
    message.attempts = this.#attempt;
    message.duration = this.#since(this.#started);
    message.requestID = this.#requestID;
    if (this.#status !== undefined) message.status = this.#status;
    publish(channel, message);
  }

  #event<T>(more: T): HookRequest & { requestID: string } & T {
    return { ...this.#call, attempt: this.#attempt, requestID: this.#requestID, ...more };
  }

  #name(): string {
    return `${this.#call.method} ${this.#call.route}`;
  }

  #suffix(): string {
    return this.#requestID && ` (request ${this.#requestID})`;
  }

  #since(start: number): number {
    return Math.max(0, this.#observer.now() - start);
  }
}

/** Whether a text is a `traceparent`: version, trace id, parent id, flags; none of the ids all zero. */
export function isTraceparent(value: unknown): value is string {
  const format = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
  return typeof value === "string" && format.test(value);
}

function openChannels(): Channels {
  const open = (name: string) => diagnosticsChannel(`universal-workos:request:${name}`) ?? SILENT;
  return { start: open("start"), error: open("error"), end: open("end") };
}

function publish(channel: Channel, message: DiagnosticsMessage): void {
  try {
    if (channel.hasSubscribers) channel.publish(message);
  } catch { // a subscriber's failure is not the call's
  }
}
