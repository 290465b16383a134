// Hooks, log lines and diagnostics channels report a client's calls. None of them carries headers, queries, bodies or
// ids, except in the exception of a failed call, and none of them can make a call fail.

import { type Channel, diagnosticsChannel, emitWarning } from "./runtime.ts";

/** One attempt of a call, about to be sent. */
export interface HookRequest {
  /** Number of the call, counted from 1 for each client; the same in all events of one call. */
  readonly call: number;
  /** HTTP method. */
  readonly method: string;
  /** Path with `{}` for every id, suitable for metrics; for the low-level methods the given path without its query. */
  readonly route: string;
  /** Host of the API, with its port unless it is the protocol's default. */
  readonly host: string;
  /** Number of the attempt within the call, from 1; 0 for a call that failed before its first attempt. */
  readonly attempt: number;
  /** How many retries the call may make. */
  readonly maxRetries: number;
  /** Whether the request carries an idempotency key. */
  readonly hasIdempotencyKey: boolean;
}

/** An attempt that received a response, successful or not. */
export interface HookResponse extends HookRequest {
  /** HTTP status. */
  readonly status: number;
  /** Value of the `X-Request-ID` header, to quote to support; empty when there was none. */
  readonly requestID: string;
  /** How long the attempt took, body included, in milliseconds. */
  readonly duration: number;
}

/** A failed attempt that will be retried. */
export interface HookRetry extends HookRequest {
  /** HTTP status; `undefined` when there was no response. */
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
  /** HTTP status of the last attempt; `undefined` when it received no response. */
  readonly status: number | undefined;
  /** Value of the `X-Request-ID` header; empty when there was none. */
  readonly requestID: string;
  /** How long the whole call took, attempts and waits, in milliseconds. */
  readonly duration: number;
  /** What the call rejects with: an exception, or the reason of the signal that aborted it. */
  readonly error: unknown;
}

/** Functions that observe the calls of a client. What they return, throw or reject with does not affect the call. */
export interface Hooks {
  /** Called before an attempt is sent. */
  onRequest?(event: HookRequest): unknown;
  /** Called after an attempt has received a complete response, whatever its status. */
  onResponse?(event: HookResponse): unknown;
  /** Called before the call waits for its next attempt. */
  onRetry?(event: HookRetry): unknown;
  /** Called when a call fails; not when it is refused at once, as without an API key or for a bad option. */
  onError?(event: HookError): unknown;
}

/** Receives log lines; `console` is one. */
export interface Logger {
  /** Takes a line about a request that is about to be sent, or that waits. */
  debug(message: string, event: object): void;
  /** Takes a line about a response, or about a device that still waits for its user. */
  info(message: string, event: object): void;
  /** Takes a line about a retry, or a hook that fails. */
  warn(message: string, event: object): void;
  /** Takes a line about a call that fails. */
  error(message: string, event: object): void;
}

/** How much is logged; each level includes the ones before it. */
export type LogLevel = "off" | "error" | "warn" | "info" | "debug";

/** Log levels, the quietest first. */
export const LOG_LEVELS: readonly LogLevel[] = ["off", "error", "warn", "info", "debug"];

/** Message of a call, one object for `universal-workos:request:start`, `:error` if it fails, and in any case `:end`. */
export interface DiagnosticsMessage {
  /** HTTP method. */
  readonly method: string;
  /** Path with `{}` for every id. */
  readonly route: string;
  /** Host of the API. */
  readonly host: string;
  /** How many retries the call may make. */
  readonly maxRetries: number;
  /** Attempts made so far. */
  attempts: number;
  /** HTTP status of the last attempt, if it received a response. */
  status?: number;
  /** Value of the `X-Request-ID` header of the last attempt. */
  requestID?: string;
  /** How long the whole call took, in milliseconds; set at the end. */
  duration?: number;
  /** What the call rejects with. */
  error?: unknown;
}

/** Returns the `traceparent` of an attempt (W3C Trace Context), or `undefined` for none. */
export type Traceparent = (event: HookRequest) => string | undefined;

/** The listeners of a client, and the API it calls. */
export interface Audience {
  /** The caller's hooks. */
  readonly hooks?: Hooks;
  /** Receives log lines; the console when absent. */
  readonly logger?: Logger;
  /** Returns how much is logged; called once, at the first call. */
  readonly logLevel: () => LogLevel;
  /** Returns the `traceparent` of an attempt. */
  readonly traceparent?: Traceparent;
  /** URL of the API; only its host is reported. */
  readonly baseURL: string;
}

/** What is known of a call before its first attempt. */
export type CallFacts = Pick<HookRequest, "method" | "route" | "maxRetries" | "hasIdempotencyKey">;

/** Starts to observe a call; returns `undefined`, without a call of `facts`, when nobody listens. */
export type Observer = (facts: () => CallFacts) => Watch | undefined;

/** Observes one call. */
export interface Watch {
  /** An attempt is about to be sent. Returns the `traceparent` for it. */
  begin(attempt: number): string | undefined;
  /** The request waits before it is sent. */
  wait(delay: number): void;
  /** A response has arrived; `whole` tells whether its body is complete. */
  answer(response: Response, whole: boolean): void;
  /** Another attempt follows after `delay` milliseconds. */
  retry(delay: number): void;
  /** The call failed. */
  fail(error: unknown): void;
  /** The call succeeded. */
  succeed(): void;
}

/** Reports the calls of one client to its listeners. The clock measures durations. */
export function createObserver(audience: Audience, clock: { elapsed(): number }): Observer {
  const { hooks, traceparent, baseURL } = audience;
  let level = 0;
  let channels: (Channel | undefined)[] | undefined;
  let calls = 0;
  let complained = false;

  /** Runs the caller's code and ignores its failure; the first failure is reported as a warning. */
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
      Promise.resolve(result).catch(complain);
      return result;
    } catch (error) {
      complain(error);
      return undefined;
    }
  }

  function log(method: keyof Logger, line: () => string, event: object): void {
    if (LOG_LEVELS.indexOf(method) > level) return;
    attempt("logger", () => (audience.logger ?? console)[method](`WorkOS: ${line()}`, event));
  }

  function tell<Name extends keyof Hooks>(name: Name, event: Parameters<NonNullable<Hooks[Name]>>[0]): void {
    attempt(`hooks.${name}`, () => hooks?.[name]?.(event as never)); // the signature checks it
  }

  return (facts) => {
    if (!channels) { // not at creation: both are slow
      channels = ["start", "error", "end"].map((name) => diagnosticsChannel(`universal-workos:request:${name}`));
      level = LOG_LEVELS.indexOf(audience.logLevel());
    }
    const [start, failed, end] = channels;
    if (!hooks && !traceparent && level === 0 && !channels.some((it) => it?.hasSubscribers)) return undefined;
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
        const value = attempt("traceparent", () => traceparent?.(request));
        return attempt("traceparent", () => {
          if (value === undefined || isTraceparent(value)) return value;
          throw new TypeError("it is no W3C Trace Context");
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
        log("info", () => `${name} answered ${status} in ${Math.round(answered.duration)} ms${id()}`, answered);
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
        const { name: kind = "aborted", error: refusal, code = refusal } = Object(error) as Record<string, unknown>;
        const isPending = code === "authorization_pending" || code === "slow_down"; // a device waits for its user
        const why = typeof code === "string" ? `${kind} ${code}` : kind;
        // not the exception itself: a runtime may put the URL into its causes
        log(isPending ? "info" : "error", () => `${name} failed: ${why}${id()}`, { ...failure, error: kind, code });
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

/** Whether a value is a `traceparent`: version, trace id, parent id, flags, with no id that is all zeros. */
export function isTraceparent(value: unknown): value is string {
  const format = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
  return typeof value === "string" && format.test(value);
}

function publish(channel: Channel | undefined, message: DiagnosticsMessage): void {
  try {
    if (channel?.hasSubscribers) channel.publish(message);
  } catch { // a failing subscriber must not fail the call
  }
}
