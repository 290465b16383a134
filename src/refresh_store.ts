// Keeps results of session refreshes for a short time, so that all holders of a refresh token share one refresh.

/**
 * A store that all instances of an application share, such as a key-value store. Keys are hashes and values are sealed,
 * so neither reveals anything about a session. A failing store never fails a refresh, which then is not shared.
 */
export interface RefreshStore {
  /** The value kept for this key; nothing when there is none. */
  get(key: string): Promise<string | null | undefined> | string | null | undefined;
  /** Keeps a value for `ttl` milliseconds or longer; the value itself contains its expiry. */
  set(key: string, value: string, options: { ttl: number }): Promise<void> | void;
  /**
   * Takes the lock of this key and returns a function that releases it, or nothing when it is taken. A lock that is not
   * released expires after `ttl` milliseconds.
   */
  lock(key: string, options: { ttl: number }): Promise<ReleaseLock | undefined> | ReleaseLock | undefined;
}

/** Releases a lock. */
export type ReleaseLock = () => Promise<void> | void;

/** Options of {@linkcode MemoryRefreshStore}. */
export interface MemoryRefreshStoreOptions {
  /** Maximum number of values; the oldest are evicted first. Defaults to 1000, of about 3 kB each. */
  maxEntries?: number;
  /** The clock, in milliseconds since the epoch. Defaults to `Date.now`. */
  now?: () => number;
}

/** The default store of a client, in the memory of this process. */
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

  /** Keeps a value and removes expired ones. */
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
    this.#clean(this.#locks, Infinity); // without its lock, a refresh could spend a token twice
    return () => {
      if (this.#locks.get(key) === lock) this.#locks.delete(key);
    };
  }

  /** Removes expired and surplus entries. They are ordered by age, and mostly have the same lifetime. */
  #clean(entries: Map<string, { until: number }>, max: number): void {
    for (const [key, { until }] of entries) {
      if (until > this.#now() && entries.size <= max) return;
      entries.delete(key);
    }
  }
}
