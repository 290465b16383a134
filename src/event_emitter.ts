/**
 * Events without `node:events`: listeners by name, called in the order they were added.
 *
 * @module
 */

/** What an event calls. A promise it returns is not awaited; a rejection counts as a failure of the listener. */
export type Listener<Args extends unknown[]> = (...args: Args) => void;

type Entry<Event> = readonly [event: Event, listener: Listener<never>, once: boolean];

/**
 * Calls listeners when something happens. `Events` names the events and the arguments of their listeners.
 *
 * Unlike Node's emitter it never throws from {@linkcode EventEmitter.emit}: a listener that fails does not keep the
 * others from being called, and an `error` nobody listens to is no exception.
 */
export class EventEmitter<Events extends Record<keyof Events, unknown[]>> {
  #entries: Entry<keyof Events>[] = [];
  readonly #onFailure: (failure: unknown, event: keyof Events) => void;

  /** `onFailure` gets what a listener throws, or rejects with. */
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

  /** Calls those who listen now, whatever they change meanwhile. Returns whether there was anyone; never throws. */
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
