/** A signal, who aborts it, and the listeners it has. */
interface Counted {
  controller: AbortController;
  signal: AbortSignal;
  listeners: Set<unknown>;
}

/** A signal whose listeners for `abort` can be counted. */
export function countedSignal(): Counted {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<unknown>();
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...[type, it]: Parameters<typeof add>) => {
    if (type === "abort") listeners.add(it);
    add(type, it);
  };
  signal.removeEventListener = (...[type, it]: Parameters<typeof add>) => {
    if (type === "abort") listeners.delete(it);
    remove(type, it);
  };
  return { controller, signal, listeners };
}
