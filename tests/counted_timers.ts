/** How many timers are left when a promise settles. */
export async function timersLeft(run: () => Promise<unknown>): Promise<number> {
  const { setTimeout, clearTimeout } = globalThis;
  const timers = new Set<unknown>();
  const set = (callback: () => void, ms: number) => {
    const timer = setTimeout(() => (timers.delete(timer), callback()), ms);
    timers.add(timer);
    return timer;
  };
  try {
    globalThis.setTimeout = set as unknown as typeof setTimeout;
    globalThis.clearTimeout = (timer) => (timers.delete(timer), clearTimeout(timer));
    await run();
    return timers.size;
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }
}
