// Rate limits that a client imposes on itself.

import { MAX_TIMER } from "./wait.ts";

/**
 * Limits how many requests a client sends, so that a backfill stays below the limit of the API. As far as timers are
 * punctual, at most `requests` start in any interval of `perMilliseconds`, retries included; requests that are too
 * early wait in line.
 *
 * A request under several limits counts for each of them when it gets in line. One that waits for a narrow limit then
 * starts later than the others knew, so they may be exceeded by as many requests as the narrow one lets through: make
 * them smaller by that many.
 *
 * WorkOS publishes its limits at https://workos.com/docs/reference/rate-limits. They differ by route and may change, so
 * none is built in. Leave room for other senders that share the limit.
 *
 * ```ts
 * import { type RateLimit, WorkOS } from "@universal/workos";
 *
 * const rateLimit: RateLimit[] = [ // the numbers are examples
 *   { requests: 400, perMilliseconds: 10_000, prefix: "/user_management/" },
 *   { requests: 3, perMilliseconds: 1_000, prefix: "/directory_users" },
 * ];
 * const workos = new WorkOS("sk_123", { rateLimit });
 * ```
 */
export interface RateLimit {
  /** How many requests may start within `perMilliseconds`. */
  requests: number;
  /** Length of the interval, in milliseconds. */
  perMilliseconds: number;
  /** How many may start at once after an idle time; others follow evenly. Default: 10 % of `requests`, rounded up. */
  burst?: number;
  /** Prefix of the routes to which the limit applies, such as `/user_management/`. Default: all requests. */
  prefix?: string;
}

/** Source of time of a limiter. */
export interface RateLimitClock {
  /** Milliseconds on a monotonic clock. */
  elapsed(): number;
  /** Resolves after `ms` milliseconds, or rejects when a signal aborts. */
  wait(ms: number, signals: AbortSignal[]): Promise<void>;
}

/** Waits until the limits of a route allow a request; `undefined` when they already do. */
export type Limiter = (route: string, signals: AbortSignal[]) => Promise<unknown> | undefined;

/** Makes a limiter that applies every limit of a route, in the order of the calls. */
export function createLimiter(limits: readonly RateLimit[], clock: RateLimitClock): Limiter {
  const buckets = limits.map((limit) => ({ prefix: limit.prefix ?? "", take: createBucket(limit, clock) }));
  return (route, signals) => {
    const waits = buckets.flatMap(({ prefix, take }) => route.startsWith(prefix) && take(signals) || []);
    return waits.at(0) && Promise.all(waits);
  };
}

/**
 * A token bucket with `burst` tokens, where each token is a time at which its request may start. Each call takes the
 * next time and waits for it by itself: calls share no promise, which a runtime could tie to one request.
 */
function createBucket(
  { requests, perMilliseconds, burst = Math.ceil(requests / 10) }: RateLimit,
  clock: RateLimitClock,
) {
  const interval = perMilliseconds / (requests - burst + 1);
  const waiting: { due: number; given: boolean }[] = [];
  let next = -Infinity; // when the next request would be due, were there no burst

  return (signals: AbortSignal[]): Promise<void> | undefined => {
    const now = clock.elapsed();
    next = Math.min(next, now + interval * (waiting.length + 1)); // a test may reset its clock
    const due = Math.max(next, now - interval * (burst - 1));
    next = due + interval;
    if (due <= now) return undefined;
    const place = { due, given: false };
    waiting.push(place);
    const pass = (ms: number): Promise<void> =>
      clock.wait(Math.min(ms, MAX_TIMER), signals).then(
        // with earlier places that were given back
        () => ms > MAX_TIMER ? pass(ms - MAX_TIMER) : void waiting.splice(0, waiting.indexOf(place) + 1),
        (reason) => {
          place.given = true;
          while (waiting.at(-1)?.given) next = waiting.pop()!.due; // from the end, so that nobody overtakes
          throw reason;
        },
      );
    return pass(due - now);
  };
}
