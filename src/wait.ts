// Waiting: for timers, signals and stores, and never for too long.

/** The longest delay of a timer in milliseconds; a longer one would fire at once. */
export const MAX_TIMER = 2_147_483_647;

/** Resolves after `ms` milliseconds, or rejects with the reason of a signal that aborts. */
export function wait(ms: number, signals: AbortSignal[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  const passed = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
  return untilAborted(passed, signals).finally(() => clearTimeout(timer));
}

/** Settles as `result` does, or rejects earlier with the reason of a signal that aborts. */
export function untilAborted<T>(result: Promise<T>, signals: AbortSignal[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const release = onAbort(signals, (signal) => reject(abortReason(signal)));
    result.then(resolve, reject).finally(release);
  });
}

/** Throws a `TypeError` for a value that is neither absent nor an AbortSignal. */
export function checkSignal(signal: AbortSignal | null | undefined, option = "signal"): void {
  if ((signal ?? undefined) === undefined || typeof signal?.addEventListener === "function") return;
  throw new TypeError(`Cannot use option "${option}": it is not an AbortSignal`);
}

/** The signals that are given. Throws a `TypeError` for a value that is not an AbortSignal. */
export function signalsOf(...given: (AbortSignal | null | undefined)[]): AbortSignal[] {
  for (const signal of given) checkSignal(signal);
  return given.filter((signal) => !!signal) as AbortSignal[];
}

/** The callbacks that wait for a signal, and the one listener that calls them. */
interface Audience {
  members: Set<() => void>;
  tell: () => void;
}

const audiences: WeakMap<AbortSignal, Audience> = /* @__PURE__ */ new WeakMap();

/**
 * Calls a listener once when the first of the signals aborts, or at once if one has. Returns a function that removes the
 * listener. All callers share one event listener per signal, because Node warns of a leak at more than ten.
 */
export function onAbort(signals: AbortSignal[], listener: (signal: AbortSignal) => void): () => void {
  const release = () => {
    for (const signal of signals) leave(signal, tell);
  };
  const tell = () => {
    release();
    listener(signals.find((it) => it.aborted)!);
  };
  for (const signal of signals) join(signal, tell);
  if (signals.some((it) => it.aborted)) tell();
  return release;
}

function join(signal: AbortSignal, member: () => void): void {
  let audience = audiences.get(signal);
  if (!audience) {
    const members = new Set<() => void>();
    audience = { members, tell: () => members.forEach((it) => it()) };
    audiences.set(signal, audience);
    signal.addEventListener("abort", audience.tell);
  }
  audience.members.add(member);
}

function leave(signal: AbortSignal, member: () => void): void {
  const audience = audiences.get(signal);
  if (!audience?.members.delete(member) || audience.members.size > 0) return;
  signal.removeEventListener("abort", audience.tell);
  audiences.delete(signal);
}

/** The reason of an aborted signal. */
export function abortReason(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException("The call was aborted", "AbortError");
}

/** How long a caller's store may take, in milliseconds. */
const STORE_TIMEOUT = 1_000;

/**
 * The result of a caller's store, or `otherwise` when the store fails or takes longer than a second, so that a broken
 * store blocks nothing. A result that comes later is passed to `late`. `pause` replaces {@linkcode wait}.
 */
export async function askStore<T>(
  question: () => PromiseLike<T> | T,
  { otherwise, late, pause = wait }: { otherwise: T; late?: (answer: T) => unknown; pause?: typeof wait },
): Promise<T> {
  const done = new AbortController();
  try {
    const answer = question();
    if (typeof (answer as Partial<PromiseLike<T>> | undefined)?.then !== "function") return answer;
    const promise = Promise.resolve(answer);
    const giveUp = () => {
      promise.then(late).catch(() => {}); // nobody awaits it any more
      return otherwise;
    };
    return await Promise.race([promise, pause(STORE_TIMEOUT, [done.signal]).then(giveUp)]);
  } catch {
    return otherwise;
  } finally {
    done.abort();
  }
}
