/** A clock that a test moves, and those who wait for it. */
export interface ManualClock {
  sleepers: Set<{ at: number; wake(): void }>;
  elapsed(): number;
  wait(ms: number, signals: AbortSignal[]): Promise<void>;
  /** Moves it, and wakes in order whoever waited. */
  advance(ms: number): Promise<void>;
}

/** A clock that stands until it is moved; `turns` are enough for what happens between two waits. */
export function manualClock({ time = 0, turns = 1 } = {}): ManualClock {
  const sleepers: ManualClock["sleepers"] = new Set();
  return {
    sleepers,
    elapsed: () => time,
    wait: (ms, signals) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: time + ms, wake: () => (sleepers.delete(sleeper), resolve()) };
        sleepers.add(sleeper);
        for (const signal of signals) {
          signal.addEventListener("abort", () => (sleepers.delete(sleeper), reject(signal.reason)));
        }
      }),
    async advance(ms: number): Promise<void> {
      const end = time + ms;
      for (;;) {
        for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
        const [next] = [...sleepers].filter(({ at }) => at <= end + 1e-6).sort((a, b) => a.at - b.at);
        if (!next) break;
        time = next.at;
        next.wake();
      }
      time = end;
    },
  };
}
