/**
 * The keys an issuer signs its tokens with: loaded when needed, kept for a while, loaded again when a token names one
 * that is not there.
 *
 * @module
 */

import { type JsonWebKeySet, type Jwk, type JwtHeader, selectKey } from "./jwt.ts";
import { askStore } from "./wait.ts";

/** Keys and when they were loaded. Plain data that survives `JSON.stringify`. */
export interface CachedKeySet {
  /** The keys. */
  keys: Jwk[];
  /** Milliseconds since the epoch. */
  fetchedAt: number;
}

/**
 * A place for key sets outside this process, such as a key-value store. When it fails, or takes longer than a second,
 * the keys are loaded from the issuer instead.
 */
export interface KeySetCache {
  /** The key set kept for this URL; nothing when there is none. */
  get(url: string): Promise<CachedKeySet | null | undefined> | CachedKeySet | null | undefined;
  /** Keeps a key set for this URL. */
  set(url: string, keySet: CachedKeySet): Promise<void> | void;
}

/** How {@linkcode createKeySet} works. All times are milliseconds. */
export interface KeySetOptions {
  /** Loads the key set. Throws when it cannot. */
  load: () => Promise<unknown>;
  /** Name of the key set in `cache`, by custom the URL it is loaded from. Defaults to `""`. */
  url?: string;
  /** How long keys are used before they are loaded again. Defaults to ten minutes. */
  maxAge?: number;
  /**
   * How long after a load neither an unknown key nor, while there are older keys to use, a failure makes another one.
   * Defaults to 30 seconds.
   */
  cooldown?: number;
  /** How long keys are used beyond `maxAge` while they cannot be loaded. Defaults to one day. */
  staleFor?: number;
  /** Keys to start with, counted as loaded at the first use. */
  seed?: JsonWebKeySet;
  /** Where else to keep the keys. */
  cache?: KeySetCache;
  /** Whether calls at once wait for one load. Default: true; false where requests share no promise, as on Workers. */
  shareInFlight?: boolean;
  /** The clock, in milliseconds since the epoch. Defaults to `Date.now`. */
  now?: () => number;
}

/** A key set that keeps itself up to date. */
export interface KeySet {
  /**
   * Finds the key a token was signed with, loading the key set when there is none, it is old, or the key is not in it.
   * `undefined` means the issuer has no such key.
   *
   * Throws what `load` throws when no keys are left to use, and when the key is unknown to older keys: it may be a new
   * one, so the token cannot be called invalid.
   */
  find(header: JwtHeader): Promise<Jwk | undefined>;
  /** Loads the key set now. */
  reload(): Promise<void>;
  /** The keys in use, or `undefined` before the first load. */
  current(): CachedKeySet | undefined;
}

/** How far ahead another clock may be, in milliseconds; what is dated later would keep new keys away. */
const MAX_SKEW = 60_000;

/** Makes a key set. Nothing is loaded before the first use. */
export function createKeySet(options: KeySetOptions): KeySet {
  const { load, url = "", cache, seed, shareInFlight = true, now = Date.now } = options;
  const { maxAge = 600_000, cooldown = 30_000, staleFor = 86_400_000 } = options;
  const seedKeys = seed && readKeySet(seed);
  let held: CachedKeySet | undefined;
  let failure: { error: unknown; at: number } | undefined;
  let inFlight: Promise<void> | undefined;

  const since = (time: number) => Math.abs(now() - time); // a clock that was set back makes nothing younger
  const age = () => held ? since(held.fetchedAt) : Infinity;
  const isRecent = () => held?.keys !== seedKeys && age() < cooldown; // nobody asked the issuer for a seed
  const select = (header: JwtHeader) => held && selectKey(held.keys, header);

  async function find(header: JwtHeader): Promise<Jwk | undefined> {
    // Not at creation: on Workers the clock stands at zero until the first request.
    if (!held && seedKeys) held = { keys: seedKeys, fetchedAt: now() };
    if (age() >= maxAge) await adoptCached();
    if (age() >= maxAge) await reloadOrUseStale();
    if (select(header) || isRecent()) return select(header);
    await adoptCached();
    if (select(header) || isRecent()) return select(header);
    if (failure && since(failure.at) < cooldown) throw failure.error;
    await reload();
    return select(header);
  }

  async function reloadOrUseStale(): Promise<void> {
    const usable = age() < maxAge + staleFor;
    if (usable && failure && since(failure.at) < cooldown) return;
    try {
      await reload();
    } catch (error) {
      if (!usable) throw error;
    }
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
      // nothing is there, or nothing that can be used: the issuer is asked instead
    }
  }

  return { find, reload, current: () => held };
}

/**
 * The keys of a key set as an issuer serves it. Throws for anything else, and when no key among them can verify RS256:
 * without keys nobody is signed in, so that is an outage of the issuer and says nothing about a token.
 */
export function readKeySet(value: unknown): Jwk[] {
  const keys = (value as Partial<JsonWebKeySet> | null | undefined)?.keys;
  const valid = Array.isArray(keys) && keys.every((key) => typeof key === "object" && key !== null);
  if (!valid) throw new Error("Cannot read key set: it has no list of keys");
  if (keys.some((key) => selectKey([key], { alg: "RS256" }))) return keys;
  throw new Error("Cannot read key set: none of its keys is one for RS256");
}
