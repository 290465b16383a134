/**
 * An event emitter without `node:events`. Listeners are called in the order they were added.
 *
 * @module
 */

/** A listener. A promise it returns is not awaited, but its rejection is reported as a failure. */
export type Listener<Args extends unknown[]> = (...args: Args) => void;

type Entry<Event> = readonly [event: Event, listener: Listener<never>, once: boolean];

/**
 * Calls listeners of events. `Events` maps the names of events to the arguments of their listeners.
 *
 * Unlike that of Node, {@linkcode EventEmitter.emit} never throws: after a listener fails the others are still called,
 * and an `error` event without listeners is ignored.
 */
export class EventEmitter<Events extends Record<keyof Events, unknown[]>> {
  #entries: Entry<keyof Events>[] = [];
  readonly #onFailure: (failure: unknown, event: keyof Events) => void;

  /** `onFailure` receives what a listener throws or rejects with. */
  constructor(onFailure: (failure: unknown, event: keyof Events) => void) {
    this.#onFailure = onFailure;
  }

  /** Adds a listener. One that is added twice is called twice. */
  on<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this {
    return this.#add([event, listener, false]);
  }

  /** Adds a listener for the next time only. */
  once<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this {
    return this.#add([event, listener, true]);
  }

  /** Removes a listener, however often and however it was added. */
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

  /** Calls the current listeners, even if they change them meanwhile. Returns whether there were any. Never throws. */
  emit<E extends keyof Events>(event: E, ...args: Events[E]): boolean {
    const entries = this.#of(event);
    for (const entry of entries) this.#call(entry, args);
    return entries.length > 0;
  }

  /** The listeners of an event, in the order of their calls. */
  listeners<E extends keyof Events>(event: E): Listener<Events[E]>[] {
    return this.#of(event).map(([, listener]) => listener as Listener<Events[E]>);
  }

  /** How many listeners an event has. */
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
