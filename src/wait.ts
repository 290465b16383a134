// Waiting, and not waiting for what does not come.

/** Resolves after `ms` milliseconds, or rejects with the reason of a signal that aborts. */
export function wait(ms: number, signals: AbortSignal[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const release = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", abort);
    };
    const abort = () => {
      release();
      reject(abortReason(signals.find((it) => it.aborted)!));
    };
    const timer = setTimeout(() => {
      release();
      resolve();
    }, ms);
    for (const signal of signals) signal.addEventListener("abort", abort, { once: true });
    if (signals.some((it) => it.aborted)) abort();
  });
}

/** Why a signal has aborted. */
export function abortReason(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException("The call was aborted", "AbortError");
}

/** How long a store of the caller's may take to answer, in milliseconds. */
const STORE_TIMEOUT = 1_000;

/**
 * What a store of the caller's answers; `otherwise` when it fails, or takes longer than a second, so that nobody is kept
 * from going on without it. `pause` waits as {@linkcode wait} does.
 */
export async function askStore<T>(
  question: () => PromiseLike<T> | T,
  { otherwise, pause = wait }: { otherwise: T; pause?: typeof wait },
): Promise<T> {
  const done = new AbortController();
  try {
    const answer = question();
    if (typeof (answer as Partial<PromiseLike<T>> | undefined)?.then !== "function") return answer;
    const late = pause(STORE_TIMEOUT, [done.signal]).then(() => otherwise);
    return await Promise.race([answer, late]);
  } catch {
    return otherwise;
  } finally {
    done.abort();
  }
}
