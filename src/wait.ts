// Waiting, with signals and time limits.

/** The limit of timers in milliseconds; a longer delay would fire at once. */
export const MAX_TIMER = 2_147_483_647;

/** Resolves after `ms` milliseconds, or rejects with the reason of the first signal that aborts. */
export function wait(ms: number, signals: AbortSignal[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  const passed = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
  return untilAborted(passed, signals).finally(() => clearTimeout(timer));
}

/** Settles as `result` does, or rejects earlier with the reason of the first signal that aborts. */
export function untilAborted<T>(result: Promise<T>, signals: AbortSignal[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const release = onAbort(signals, (signal) => reject(abortReason(signal)));
    result.then(resolve, reject).finally(release);
  });
}

/** Throws a `TypeError` for anything but an `AbortSignal`, `null` or `undefined`. */
export function checkSignal(signal: AbortSignal | null | undefined, option = "signal"): void {
  if (signal === null || signal === undefined || typeof signal.addEventListener === "function") return;
  throw new TypeError(`Cannot use option "${option}": it is not an AbortSignal`);
}

/** The signals that are present. Throws a `TypeError` for anything else but `null` and `undefined`. */
export function signalsOf(...given: (AbortSignal | null | undefined)[]): AbortSignal[] {
  for (const signal of given) checkSignal(signal);
  return given.filter((signal) => !!signal);
}

/** The callbacks of one signal, and the listener that calls them. */
interface Audience {
  members: Set<() => void>;
  tell: () => void;
}

const audiences: WeakMap<AbortSignal, Audience> = /* @__PURE__ */ new WeakMap();

/**
 * Calls a listener when the first of the signals aborts, at once if one already has. Returns a function that removes
 * the listener. Adds only one event listener per signal, as Node warns of a leak when a signal has more than ten.
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
  return signal.reason ?? abortError();
}

/** What an abort or a timeout throws: an `Error` of that name where there is no `DOMException`, as in React Native. */
export function abortError(message = "The call was aborted", name = "AbortError"): Error {
  return typeof DOMException === "function"
    ? new DOMException(message, name)
    : Object.assign(new Error(message), { name });
}

/** How long a call to one of the caller's stores may take, in milliseconds. */
const STORE_TIMEOUT = 1_000;

/**
 * Returns the result of a call to one of the caller's stores, or `otherwise` when it fails or takes over a second, so
 * that a broken store blocks nothing. `late` receives a later result. `pause` waits as {@linkcode wait} does.
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
      promise.then(late).catch(() => {}); // its failure no longer matters
      return otherwise;
    };
    return await Promise.race([promise, pause(STORE_TIMEOUT, [done.signal]).then(giveUp)]);
  } catch {
    return otherwise;
  } finally {
    done.abort();
  }
}
