// Shares refreshes between all instances of an application on Deno Deploy, or on one machine:
//
//   const kv = await Deno.openKv();
//   const workos = new WorkOS({ refreshStore: denoKvRefreshStore(kv) });
import type { RefreshStore } from "@universal/workos";

/** The part of `Deno.Kv` that is used. */
export interface Kv {
  get(key: string[]): Promise<{ value: unknown; versionstamp: string | null }>;
  set(key: string[], value: unknown, options: { expireIn: number }): Promise<unknown>;
  atomic(): KvAtomic;
}

/** The part of `Deno.AtomicOperation` that is used. */
export interface KvAtomic {
  check(check: { key: string[]; versionstamp: string | null }): KvAtomic;
  set(key: string[], value: unknown, options: { expireIn: number }): KvAtomic;
  delete(key: string[]): KvAtomic;
  commit(): Promise<{ ok: true; versionstamp: string } | { ok: false }>;
}

/** Keeps refreshes in Deno KV, whose atomic operations make real locks. */
export function denoKvRefreshStore(kv: Kv, now: () => number = Date.now): RefreshStore {
  const path = (kind: "value" | "lock", key: string) => ["workos", "refresh", kind, key];
  return {
    async get(key) {
      const { value } = await kv.get(path("value", key));
      return typeof value === "string" ? value : undefined;
    },
    async set(key, value, { ttl }) {
      await kv.set(path("value", key), value, { expireIn: ttl });
    },
    async lock(key, { ttl }) {
      const name = path("lock", key);
      const { value: until, versionstamp } = await kv.get(name); // what is over may still be there
      if (typeof until === "number" && until > now()) return undefined;
      const taken = await kv.atomic().check({ key: name, versionstamp }).set(name, now() + ttl, { expireIn: ttl })
        .commit();
      if (!taken.ok) return undefined;
      return async () => {
        await kv.atomic().check({ key: name, versionstamp: taken.versionstamp }).delete(name).commit();
      };
    },
  };
}
