// The keys that sign an issuer's tokens: loaded when needed, kept for a while, and loaded again when a token names an
// unknown key.

import { type JsonWebKeySet, type Jwk, type JwtHeader, selectKey } from "./jwt.ts";
import { sharesPromises } from "./runtime.ts";
import { askStore } from "./wait.ts";

/** Keys, and when they were loaded. Plain data that can be stored as JSON. */
export interface CachedKeySet {
  /** The keys. */
  keys: Jwk[];
  /** When they were loaded, in milliseconds since the epoch. */
  fetchedAt: number;
}

/** A store for key sets outside this process. When it fails, or takes over a second, the issuer is asked instead. */
export interface KeySetCache {
  /** Returns the key set of a URL; `null` or `undefined` when there is none. */
  get(url: string): Promise<CachedKeySet | null | undefined> | CachedKeySet | null | undefined;
  /** Stores the key set of a URL. */
  set(url: string, keySet: CachedKeySet): Promise<void> | void;
}

/** Options of {@linkcode createKeySet}. All times are in milliseconds. */
export interface KeySetOptions {
  /** Loads the key set. Throws when it cannot; must not take long, as tokens wait for it. */
  load: () => Promise<unknown>;
  /** Name of the key set in `cache`, usually the URL from which it is loaded. Default `""`. */
  url?: string;
  /** How long keys are used before they are loaded again. Default: ten minutes. */
  maxAge?: number;
  /**
   * How long an unknown key causes no new load after the last one, and, while older keys can be used, how long to wait
   * after a failed load. Default: 30 seconds.
   */
  cooldown?: number;
  /** How long keys are used beyond `maxAge` while they cannot be loaded. Default: one day. */
  staleFor?: number;
  /** Initial keys; their age counts from the first use. An unknown key loads the key set at once. */
  seed?: JsonWebKeySet;
  /** Where to share the keys outside this process. Default: nowhere. */
  cache?: KeySetCache;
  /** Whether concurrent calls share one load. Default: `true`, but `false` on Workers, where requests cannot. */
  shareInFlight?: boolean;
  /** Returns the time in milliseconds since the epoch. Default `Date.now`. */
  now?: () => number;
}

/** A key set that keeps itself up to date. */
export interface KeySet {
  /**
   * Finds the key of a token; `undefined` means that the issuer has no such key. Loads the key set when there is none,
   * when it is older than `maxAge`, or when the key is not in it. Throws what `load` throws when there are no usable
   * keys, or when the key is not among older ones: it may be new, so the token cannot be called invalid.
   */
  find(header: JwtHeader): Promise<Jwk | undefined>;
  /** Loads the key set now. */
  reload(): Promise<void>;
  /** The keys in use, or `undefined` before the first load. */
  current(): CachedKeySet | undefined;
}

/** How far ahead the clock of the cache's writer may be, in milliseconds; a later date would block newer keys. */
const MAX_SKEW = 60_000;

/** Makes a key set. Nothing is loaded before the first use. Throws for a `seed` without a key for RS256. */
export function createKeySet(options: KeySetOptions): KeySet {
  const { load, url = "", cache, seed, shareInFlight = sharesPromises(), now = Date.now } = options;
  const { maxAge = 600_000, cooldown = 30_000, staleFor = 86_400_000 } = options;
  const seedKeys = seed && readKeySet(seed);
  let held: CachedKeySet | undefined;
  let failure: { error: unknown; at: number } | undefined;
  let inFlight: Promise<void> | undefined;

  const since = (time: number) => Math.abs(now() - time); // a clock that is set back must not make keys younger
  const age = () => held ? since(held.fetchedAt) : Infinity;
  const isRecent = () => held?.keys !== seedKeys && age() < cooldown; // a seed did not come from the issuer
  const isUsable = () => age() < maxAge + staleFor;
  const hasFailed = () => failure && since(failure.at) < cooldown;
  const select = (header: JwtHeader) => held && selectKey(held.keys, header);

  async function find(header: JwtHeader): Promise<Jwk | undefined> {
    // Not at creation: on Workers the clock is zero until the first request
    if (!held && seedKeys) held = { keys: seedKeys, fetchedAt: now() };
    if (age() >= maxAge && !(hasFailed() && isUsable())) {
      await adoptCached();
      if (age() >= maxAge) {
        await reload().catch((error) => {
          if (!isUsable()) throw error;
        });
      }
    }
    if (select(header) || isRecent()) return select(header);
    await adoptCached();
    if (select(header) || isRecent()) return select(header);
    if (hasFailed()) throw failure!.error;
    await reload();
    return select(header);
  }

  async function reload(): Promise<void> {
    if (!shareInFlight) return await loadOnce();
    inFlight ??= loadOnce().finally(() => inFlight = undefined);
    await inFlight;
  }

  async function loadOnce(): Promise<void> {
    try {
      held = { keys: readKeySet(await load()), fetchedAt: now() };
    } catch (error) {
      failure = { error, at: now() };
      throw error;
    }
    failure = undefined;
    if (cache) await askStore(() => cache.set(url, held!), { otherwise: undefined });
  }

  async function adoptCached(): Promise<void> {
    const cached = cache && await askStore(() => cache.get(url), { otherwise: undefined });
    try {
      const { fetchedAt } = cached!;
      const isNewer = fetchedAt > (held?.fetchedAt ?? -Infinity) && fetchedAt < now() + MAX_SKEW;
      if (isNewer) held = { keys: readKeySet(cached), fetchedAt: Math.min(fetchedAt, now()) };
    } catch {
      // absent or unusable: the keys are loaded from the issuer instead
    }
  }

  return { find, reload, current: () => held };
}

/** Reads the keys of a key set. Throws if none is for RS256: an outage of the issuer, which says nothing of tokens. */
export function readKeySet(value: unknown): Jwk[] {
  const keys = (value as Partial<JsonWebKeySet> | null | undefined)?.keys;
  const valid = Array.isArray(keys) && keys.every((key) => typeof key === "object" && key !== null);
  if (!valid) throw new Error("Cannot read key set: it has no list of keys");
  if (keys.some((key) => selectKey([key], { alg: "RS256" }))) return keys;
  throw new Error("Cannot read key set: none of its keys is one for RS256");
}
