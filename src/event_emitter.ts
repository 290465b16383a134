/**
 * Events without `node:events`: listeners by name, called in the order they were added.
 *
 * @module
 */

/** What an event calls. A promise it returns is not awaited; a rejection counts as a failure of the listener. */
export type Listener<Args extends unknown[]> = (...args: Args) => void;

interface Entry {
  listener: Listener<never>;
  once: boolean;
}

/**
 * Calls listeners when something happens. `Events` names the events and the arguments of their listeners.
 *
 * Unlike Node's emitter it never throws from {@linkcode EventEmitter.emit}: a listener that fails does not keep the
 * others from being called, and an `error` nobody listens to is no exception.
 */
export class EventEmitter<Events extends Record<keyof Events, unknown[]>> {
  readonly #entries: Map<keyof Events, Entry[]> = new Map();
  readonly #onFailure: (failure: unknown, event: keyof Events) => void;

  /** `onFailure` gets what a listener throws, or rejects with. */
  constructor(onFailure: (failure: unknown, event: keyof Events) => void) {
    this.#onFailure = onFailure;
  }

  /** Adds a listener. One that is added twice is called twice. */
  on<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this {
    return this.#add(event, { listener, once: false });
  }

  /** Adds a listener for the next time only. */
  once<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this {
    return this.#add(event, { listener, once: true });
  }

  /** Removes a listener, however often and however it was added. */
  off<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this {
    return this.#keep(event, (entry) => entry.listener !== listener);
  }

  /** Another name of {@linkcode EventEmitter.on}. */
  addListener<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this {
    return this.on(event, listener);
  }

  /** Another name of {@linkcode EventEmitter.off}. */
  removeListener<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this {
    return this.off(event, listener);
  }

  /** Removes the listeners of one event, or all of them. */
  removeAllListeners(event?: keyof Events): this {
    if (event === undefined) this.#entries.clear();
    else this.#entries.delete(event);
    return this;
  }

  /**
   * Calls those who listen now, whatever they add and remove meanwhile. Returns whether there was anyone; never throws.
   */
  emit<E extends keyof Events>(event: E, ...args: Events[E]): boolean {
    const entries = this.#entries.get(event) ?? [];
    for (const entry of entries) this.#call(event, entry, args);
    return entries.length > 0;
  }

  /** The listeners of an event, in the order of their calls. */
  listeners<E extends keyof Events>(event: E): Listener<Events[E]>[] {
    return (this.#entries.get(event) ?? []).map(({ listener }) => listener as Listener<Events[E]>);
  }

  /** How many listeners an event has. */
  listenerCount(event: keyof Events): number {
    return this.#entries.get(event)?.length ?? 0;
  }

  /** The events that have listeners. */
  eventNames(): (keyof Events)[] {
    return [...this.#entries.keys()];
  }

  #add(event: keyof Events, entry: Entry): this {
    if (typeof entry.listener !== "function") throw new TypeError("Cannot add listener: it is not a function");
    this.#entries.set(event, [...this.#entries.get(event) ?? [], entry]); // a new list: emit() may be going through it
    return this;
  }

  #keep(event: keyof Events, wanted: (entry: Entry) => boolean): this {
    const kept = (this.#entries.get(event) ?? []).filter(wanted);
    if (kept.length > 0) this.#entries.set(event, kept);
    else this.#entries.delete(event);
    return this;
  }

  #call(event: keyof Events, entry: Entry, args: unknown[]): void {
    if (entry.once) this.#keep(event, (it) => it !== entry);
    const fail = (failure: unknown) => this.#onFailure(failure, event);
    try {
      const result: unknown = entry.listener.apply(this, args as never);
      if (result instanceof Promise) result.catch(fail);
    } catch (failure) {
      fail(failure);
    }
  }
}
