// Keeps the outcomes of refreshes for a moment, so that all callers with the same refresh token share one refresh.

/**
 * A store that all instances of an application share, such as a key-value store. Neither its keys (hashes) nor its
 * values (sealed, or times) reveal anything of a session. When it fails, refreshes work without it.
 */
export interface RefreshStore {
  /** Returns the value of a key; `null` or `undefined` when there is none. */
  get(key: string): Promise<string | null | undefined> | string | null | undefined;
  /** Stores a value for at least `ttl` milliseconds; it may be kept longer, as it contains its own expiry. */
  set(key: string, value: string, options: { ttl: number }): Promise<void> | void;
  /** Acquires a lock for at most `ttl` milliseconds. Returns what releases it, or `undefined` when it is held. */
  lock(key: string, options: { ttl: number }): Promise<ReleaseLock | undefined> | ReleaseLock | undefined;
}

/** Releases a lock. */
export type ReleaseLock = () => Promise<void> | void;

/** Options of {@linkcode MemoryRefreshStore}. */
export interface MemoryRefreshStoreOptions {
  /** Maximum number of values, of about 3 kB each; the oldest are dropped first. Default 10 000. */
  maxEntries?: number;
  /** Returns the time in milliseconds. Default `Date.now`. */
  now?: () => number;
}

/** A store in memory. Every client has one of its own; a `refreshStore` is used in addition. */
export class MemoryRefreshStore implements RefreshStore {
  readonly #values: Map<string, { value: string; until: number }> = new Map();
  readonly #locks: Map<string, { until: number }> = new Map();
  readonly #maxEntries: number;
  readonly #now: () => number;

  /** Starts empty. */
  constructor({ maxEntries = 10_000, now = Date.now }: MemoryRefreshStoreOptions = {}) {
    this.#maxEntries = maxEntries;
    this.#now = now;
  }

  /** Returns the value of a key; `undefined` when there is none or it has expired. */
  get(key: string): string | undefined {
    const entry = this.#values.get(key);
    return entry && entry.until > this.#now() ? entry.value : undefined;
  }

  /** Stores a value for `ttl` milliseconds, and drops expired ones. */
  set(key: string, value: string, { ttl }: { ttl: number }): void {
    this.#values.delete(key);
    this.#values.set(key, { value, until: this.#now() + ttl });
    this.#clean(this.#values, this.#maxEntries);
  }

  /** Acquires the lock of a key for at most `ttl` milliseconds; `undefined` when it is held. */
  lock(key: string, { ttl }: { ttl: number }): ReleaseLock | undefined {
    if ((this.#locks.get(key)?.until ?? 0) > this.#now()) return undefined;
    const lock = { until: this.#now() + ttl };
    this.#locks.delete(key);
    this.#locks.set(key, lock);
    this.#clean(this.#locks, Infinity); // without its lock, a token could be spent twice
    return () => {
      if (this.#locks.get(key) === lock) this.#locks.delete(key);
    };
  }

  /** Drops old entries. They are in the order of their age, and mostly have the same lifetime. */
  #clean(entries: Map<string, { until: number }>, max: number): void {
    for (const [key, { until }] of entries) {
      if (until > this.#now() && entries.size <= max) return;
      entries.delete(key);
    }
  }
}
