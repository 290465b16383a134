/**
 * The client's own limit on how often it sends.
 *
 * @module
 */

/**
 * How many requests a client sends at most, so that a backfill stays below the limit of the API. As far as
 * timers are punctual, no more than `requests` begin in any stretch of `perMilliseconds`, retries included; those that
 * come too early wait in line.
 *
 * WorkOS publishes its limits at https://workos.com/docs/reference/rate-limits. They differ by route and may change, so
 * none is built in. Leave room for whatever else sends.
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
  /** How many requests may begin within `perMilliseconds`. */
  requests: number;
  /** Length of the stretch, in milliseconds. */
  perMilliseconds: number;
  /**
   * How many of them may begin at once after a rest; the others are spread evenly over the stretch. Default: a tenth
   * of `requests`, rounded up.
   */
  burst?: number;
  /** Beginning of the routes it counts, such as `/user_management/`. Default: every request. */
  prefix?: string;
}

/** What a limiter needs to know the time and to pass it. */
export interface RateLimitClock {
  /** Milliseconds since some moment. */
  elapsed(): number;
  /** Resolves after `ms` milliseconds, or rejects when a signal aborts. */
  wait(ms: number, signals: AbortSignal[]): Promise<void>;
}

/** Waits for a place under the limits that count for a route; `undefined` when there is one at once. */
export type Limiter = (route: string, signals: AbortSignal[]) => Promise<void> | undefined;

/** Keeps to every limit that counts for a route. First come, first served. */
export function createLimiter(limits: readonly RateLimit[], clock: RateLimitClock): Limiter {
  const buckets = limits.map((limit) => ({ prefix: limit.prefix ?? "", take: createBucket(limit, clock) }));
  return (route, signals) => {
    const concerned = buckets.filter(({ prefix }) => route.startsWith(prefix));
    const waits = concerned.map(({ take }) => take(signals)).filter((wait) => wait !== undefined);
    return waits.length > 0 ? Promise.all(waits).then(() => {}) : undefined;
  };
}

/**
 * A token bucket with `burst` tokens, where each token is a moment from which its request may begin. Whoever comes
 * gets the next moment and waits for it alone: nothing is shared that a runtime would tie to one request.
 */
function createBucket(
  { requests, perMilliseconds, burst = Math.ceil(requests / 10) }: RateLimit,
  clock: RateLimitClock,
) {
  const interval = perMilliseconds / (requests - burst + 1);
  const waiting: { due: number; given: boolean }[] = [];
  let next = -Infinity; // when the next request would be due, were there no burst

  const giveBack = () => { // only from the end of the line, so that nobody overtakes
    while (waiting.at(-1)?.given) next = waiting.pop()!.due;
  };

  return (signals: AbortSignal[]): Promise<void> | undefined => {
    const now = clock.elapsed();
    next = Math.min(next, now + interval * (waiting.length + 1)); // a clock of a test may begin anew
    const due = Math.max(next, now - interval * (burst - 1));
    next = due + interval;
    if (due <= now) return undefined;
    const place = { due, given: false };
    waiting.push(place);
    return clock.wait(due - now, signals).then(
      () => void waiting.splice(0, waiting.indexOf(place) + 1), // and those before it that were given back
      (reason) => {
        place.given = true;
        giveBack();
        throw reason;
      },
    );
  };
}
