// Where the outcomes of refreshes are kept for a moment, so that everybody who holds the same refresh token shares one.

/**
 * A place that all instances of an application share, such as a key-value store. Keys are hashes and values are sealed:
 * neither tells anything about a session. What fails here never fails a refresh, which then goes on by itself.
 */
export interface RefreshStore {
  /** The value kept for this key; nothing when there is none. */
  get(key: string): Promise<string | null | undefined> | string | null | undefined;
  /** Keeps a value for `ttl` milliseconds or longer: it says itself until when it counts. */
  set(key: string, value: string, options: { ttl: number }): Promise<void> | void;
  /**
   * Takes the lock of this key and returns what gives it back, or returns nothing when somebody else has it. A lock that
   * nobody gives back ends after `ttl` milliseconds.
   */
  lock(key: string, options: { ttl: number }): Promise<ReleaseLock | undefined> | ReleaseLock | undefined;
}

/** Gives a lock back. */
export type ReleaseLock = () => Promise<void> | void;

/** Options of {@linkcode MemoryRefreshStore}. */
export interface MemoryRefreshStoreOptions {
  /** The most values it keeps; the oldest go first. Defaults to 1000, of about 3 kB each. */
  maxEntries?: number;
  /** The clock, in milliseconds since the epoch. Defaults to `Date.now`. */
  now?: () => number;
}

/** What a client uses when it is given no other store: the memory of this process. */
export class MemoryRefreshStore implements RefreshStore {
  readonly #values: Map<string, { value: string; until: number }> = new Map();
  readonly #locks: Map<string, { until: number }> = new Map();
  readonly #maxEntries: number;
  readonly #now: () => number;

  /** Starts empty. */
  constructor({ maxEntries = 1000, now = Date.now }: MemoryRefreshStoreOptions = {}) {
    this.#maxEntries = maxEntries;
    this.#now = now;
  }

  /** The value kept for this key. */
  get(key: string): string | undefined {
    const entry = this.#values.get(key);
    return entry && entry.until > this.#now() ? entry.value : undefined;
  }

  /** Keeps a value, and lets go of those whose time is over. */
  set(key: string, value: string, { ttl }: { ttl: number }): void {
    this.#values.delete(key);
    this.#values.set(key, { value, until: this.#now() + ttl });
    this.#clean(this.#values, this.#maxEntries);
  }

  /** Takes the lock of this key. */
  lock(key: string, { ttl }: { ttl: number }): ReleaseLock | undefined {
    if ((this.#locks.get(key)?.until ?? 0) > this.#now()) return undefined;
    const lock = { until: this.#now() + ttl };
    this.#locks.delete(key);
    this.#locks.set(key, lock);
    this.#clean(this.#locks, Infinity); // one without its lock would spend a token again
    return () => {
      if (this.#locks.get(key) === lock) this.#locks.delete(key);
    };
  }

  /** Entries are in the order of their age, and mostly live equally long. */
  #clean(entries: Map<string, { until: number }>, max: number): void {
    for (const [key, { until }] of entries) {
      if (until > this.#now() && entries.size <= max) return;
      entries.delete(key);
    }
  }
}
