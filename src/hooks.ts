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
  /** Which attempt of the call it is, from 1; 0 for a call that ended while it waited to be sent. */
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

/** Who listens to a client, and what the client talks to. */
export interface Audience {
  /** Functions of the caller. */
  readonly hooks?: Hooks;
  /** Where log lines go. */
  readonly logger?: Logger;
  /** How much is logged. */
  readonly logLevel: LogLevel;
  /** Names the span that an attempt belongs to. */
  readonly traceparent?: Traceparent;
  /** Protocol and host of the API, with a path or without. */
  readonly baseURL: string;
}

/** What is known of a call before its first attempt. */
export type CallFacts = Pick<HookRequest, "method" | "route" | "maxRetries" | "hasIdempotencyKey">;

/** Begins to follow a call; `undefined` when nobody listens. The facts are only asked for when somebody does. */
export type Observer = (facts: () => CallFacts) => Watch | undefined;

/** Follows one call. */
export interface Watch {
  /** An attempt is about to be sent. Returns the `traceparent` for it. */
  begin(attempt: number): string | undefined;
  /** The request waits before it is sent. */
  wait(delay: number): void;
  /** An answer has begun to arrive; `whole` when all of it has. */
  answer(response: Response, whole: boolean): void;
  /** Another attempt follows after `delay` milliseconds. */
  retry(delay: number): void;
  /** The call failed. */
  fail(error: unknown): void;
  /** The call succeeded. */
  succeed(): void;
}

/** Tells an audience about the calls of one client; the clock is for durations. */
export function createObserver(audience: Audience, clock: { elapsed(): number }): Observer {
  const { hooks, traceparent, baseURL } = audience;
  const level = LOG_LEVELS.indexOf(audience.logLevel);
  let channels: (Channel | undefined)[] | undefined;
  let calls = 0;
  let complained = false;

  /** Runs code of the caller's; whatever comes of it. That it fails is said once. */
  function attempt<T>(option: string, run: () => T): T | undefined {
    const complain = (error: unknown) => {
      if (complained) return;
      complained = true;
      const line = `Option "${option}" failed: ${error instanceof Error ? error.message : "unknown error"}`;
      if (option === "logger" || level < LOG_LEVELS.indexOf("warn")) emitWarning(line);
      else log("warn", () => line, {});
    };
    try {
      const result = run();
      const { then } = Object(result) as { then?: unknown };
      if (typeof then === "function") Promise.resolve(result).catch(complain);
      return result;
    } catch (error) {
      complain(error);
      return undefined;
    }
  }

  function log(method: "debug" | "info" | "warn" | "error", line: () => string, event: object): void {
    if (LOG_LEVELS.indexOf(method) > level) return;
    attempt("logger", () => (audience.logger ?? console)[method](`WorkOS: ${line()}`, event));
  }

  function tell<Name extends keyof Hooks>(name: Name, event: Parameters<NonNullable<Hooks[Name]>>[0]): void {
    const hook = hooks as Record<string, ((event: unknown) => unknown) | undefined> | undefined;
    attempt(`hooks.${name}`, () => hook?.[name]?.(event));
  }

  return (facts) => {
    const [start, failed, end] = channels ??= openChannels(); // not sooner: this may take its time
    const subscribed = start?.hasSubscribers || failed?.hasSubscribers || end?.hasSubscribers;
    if (!hooks && !traceparent && level === 0 && !subscribed) return undefined;
    const call = { ...facts(), call: ++calls, host: new URL(baseURL).host };
    const { method, route, host, maxRetries } = call;
    const name = `${method} ${route}`;
    const message: DiagnosticsMessage = { method, route, host, maxRetries, attempts: 0 };
    const started = clock.elapsed();
    let sent = started;
    let status: number | undefined;
    let requestID = "";

    const since = (time: number) => clock.elapsed() - time;
    const id = () => requestID && ` (request ${requestID})`;
    const event = <T>(more: T) => ({ ...call, attempt: message.attempts, requestID, status, ...more });
    const conclude = (channel: Channel | undefined) => {
      message.duration = since(started);
      message.requestID = requestID;
      if (status !== undefined) message.status = status;
      publish(channel, message);
    };
    publish(start, message);

    return {
      begin(attempts) {
        const request: HookRequest = { ...call, attempt: attempts };
        message.attempts = attempts;
        sent = clock.elapsed();
        status = undefined;
        requestID = "";
        tell("onRequest", request);
        log("debug", () => `${name}, attempt ${attempts} of ${maxRetries + 1}`, request);
        return attempt("traceparent", () => {
          const value = traceparent?.(request);
          if (value === undefined || isTraceparent(value)) return value;
          throw new TypeError("the value is not in the format of W3C Trace Context");
        });
      },
      wait(delay) {
        log("debug", () => `${name} waits for ${Math.round(delay)} ms`, { ...call, delay });
      },
      answer(response, whole) {
        status = response.status;
        requestID = response.headers.get("X-Request-ID") ?? "";
        if (!whole) return;
        const answered = event({ status, duration: since(sent) });
        tell("onResponse", answered);
        log("info", () => `${name} answered ${status} in ${answered.duration} ms${id()}`, answered);
      },
      retry(delay) {
        const retry = event({ duration: since(sent), delay });
        const why = status === undefined ? "without an answer" : `answered ${status}`;
        tell("onRetry", retry);
        log("warn", () => `${name} ${why}, tried again in ${Math.round(delay)} ms${id()}`, retry);
      },
      fail(error) {
        const failure = event({ duration: since(started), error });
        tell("onError", failure);
        const { name: kind, code } = Object(error) as { name?: unknown; code?: unknown };
        // not the exception itself: it has causes, and a runtime may put the URL into them
        log("error", () => `${name} failed: ${kind}${id()}`, { ...failure, error: kind, code });
        message.error = error;
        conclude(failed);
        conclude(end);
      },
      succeed() {
        conclude(end);
      },
    };
  };
}

/** Whether a text is a `traceparent`: version, trace id, parent id, flags; none of the ids all zero. */
export function isTraceparent(value: unknown): value is string {
  const format = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
  return typeof value === "string" && format.test(value);
}

function openChannels(): (Channel | undefined)[] {
  return ["start", "error", "end"].map((name) => diagnosticsChannel(`universal-workos:request:${name}`));
}

function publish(channel: Channel | undefined, message: DiagnosticsMessage): void {
  try {
    if (channel?.hasSubscribers) channel.publish(message);
  } catch { // a subscriber's failure is not the call's
  }
}
