/** Other globals for one test: files that set any call `afterEach(restoreGlobals)`. */

const replaced = new Map<string, PropertyDescriptor | undefined>();

/** Sets a global until the end of the test. */
export function setGlobal(name: string, value: unknown): void {
  if (!replaced.has(name)) replaced.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

/** Puts back every global that was set. */
export function restoreGlobals(): void {
  for (const [name, descriptor] of replaced) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else delete (globalThis as Record<string, unknown>)[name];
  }
  replaced.clear();
}
