/** Lets the delays between attempts pass at once; time limits, which are longer, stay. */
export async function withoutWaiting<T>(run: () => Promise<T>): Promise<T> {
  const { setTimeout } = globalThis;
  const start = (callback: () => void, ms = 0) => setTimeout(callback, ms < 10_000 ? 0 : ms);
  Object.assign(globalThis, { setTimeout: start });
  try {
    return await run();
  } finally {
    Object.assign(globalThis, { setTimeout });
  }
}
