// Shares refreshes between the isolates of a Worker, as well as Workers KV can:
//
//   workos ??= WorkOS.fromEnv(env, { refreshStore: workersKvRefreshStore(env.SESSIONS) }); // one for an isolate
//
// Workers KV knows no atomic operations, takes one write per key and second, and another location may see a value up to a
// minute late: two isolates that refresh the same session in the same second may both do it. Where that matters, give the
// same three methods to a Durable Object.
import type { RefreshStore } from "@universal/workos";

/** The part of `KVNamespace` that is used. */
export interface KvNamespace {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Keeps refreshes in Workers KV, where a value lives for a minute at least. */
export function workersKvRefreshStore(kv: KvNamespace, now: () => number = Date.now): RefreshStore {
  const seconds = (ttl: number) => ({ expirationTtl: Math.max(60, Math.ceil(ttl / 1000)) });
  return {
    async get(key) {
      return await kv.get(`refresh:${key}`);
    },
    async set(key, value, { ttl }) {
      await kv.put(`refresh:${key}`, value, seconds(ttl));
    },
    async lock(key, { ttl }) {
      const name = `refresh-lock:${key}`;
      const held = await kv.get(name);
      if (held !== null && Number(held.split(" ")[0]) > now()) return undefined;
      const mine = `${now() + ttl} ${crypto.randomUUID()}`;
      await kv.put(name, mine, seconds(ttl));
      if (await kv.get(name) !== mine) return undefined; // somebody else was later, and has it
      return async () => {
        if (await kv.get(name) === mine) await kv.delete(name);
      };
    },
  };
}
