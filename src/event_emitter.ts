// Events without `node:events`: listeners by name, called in the order in which they were added.

/** Listener of an event. Its promise is not awaited; a rejection counts as a failure of the listener. */
export type Listener<Args extends unknown[]> = (...args: Args) => void;

type Entry<Event> = readonly [event: Event, listener: Listener<never>, once: boolean];

/**
 * Calls listeners of events. `Events` has the names of the events and the arguments of their listeners. Unlike Node's,
 * it never throws: one that fails does not stop the others, and an `error` without listeners is ignored.
 */
export class EventEmitter<Events extends Record<keyof Events, unknown[]>> {
  #entries: Entry<keyof Events>[] = [];
  readonly #onFailure: (failure: unknown, event: keyof Events) => void;

  /** `onFailure` is called with what a listener throws or rejects with. */
  constructor(onFailure: (failure: unknown, event: keyof Events) => void) {
    this.#onFailure = onFailure;
  }

  /** Adds a listener; one that is added twice is called twice. Throws a `TypeError` if it is not a function. */
  on<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this {
    return this.#add([event, listener, false]);
  }

  /** Adds a listener for the next event only. Throws a `TypeError` if it is not a function. */
  once<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this {
    return this.#add([event, listener, true]);
  }

  /** Removes a listener from an event, even if it was added several times. */
  off<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this {
    return this.#keep(([name, it]) => name !== event || it !== listener);
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
    return this.#keep(([name]) => event !== undefined && name !== event);
  }

  /** Calls the current listeners, even if one removes another. Returns whether there was a listener; never throws. */
  emit<E extends keyof Events>(event: E, ...args: Events[E]): boolean {
    const entries = this.#of(event);
    for (const entry of entries) this.#call(entry, args);
    return entries.length > 0;
  }

  /** The listeners of an event, in the order in which they are called. */
  listeners<E extends keyof Events>(event: E): Listener<Events[E]>[] {
    return this.#of(event).map(([, listener]) => listener as Listener<Events[E]>);
  }

  /** The number of listeners of an event. */
  listenerCount(event: keyof Events): number {
    return this.#of(event).length;
  }

  /** The events that have listeners. */
  eventNames(): (keyof Events)[] {
    return [...new Set(this.#entries.map(([event]) => event))];
  }

  async #call(entry: Entry<keyof Events>, args: unknown[]): Promise<void> {
    const [event, listener, once] = entry;
    if (once) this.#keep((it) => it !== entry);
    try {
      await listener.apply(this, args as never);
    } catch (failure) {
      this.#onFailure(failure, event);
    }
  }

  #of(event: keyof Events): Entry<keyof Events>[] {
    return this.#entries.filter(([name]) => name === event);
  }

  #add(entry: Entry<keyof Events>): this {
    if (typeof entry[1] !== "function") throw new TypeError("Cannot add listener: it is not a function");
    this.#entries.push(entry);
    return this;
  }

  #keep(wanted: (entry: Entry<keyof Events>) => boolean): this {
    this.#entries = this.#entries.filter(wanted);
    return this;
  }
}
