import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { denoKvRefreshStore, type Kv, type KvAtomic } from "../../examples/refresh_store_deno_kv.ts";
import { WorkOS } from "../../mod.ts";
import { json } from "../fake_api.ts";
import { cookie, PASSWORD, reply } from "../resources/user_management/session_fixtures.ts";

/** Deno KV as far as the example uses it; like the real one it may keep what is over. */
class FakeKv implements Kv {
  entries = new Map<string, { value: unknown; versionstamp: string }>();
  #version = 0;

  get(key: string[]) {
    return Promise.resolve(this.entries.get(key.join("/")) ?? { value: null, versionstamp: null });
  }

  set(key: string[], value: unknown, { expireIn }: { expireIn: number }) {
    assert(expireIn > 0);
    const versionstamp = String(++this.#version);
    this.entries.set(key.join("/"), { value, versionstamp });
    return Promise.resolve({ ok: true as const, versionstamp });
  }

  atomic(): KvAtomic {
    const checks: (() => boolean)[] = [];
    let change = () => Promise.resolve({ ok: true as const, versionstamp: "" });
    const operation: KvAtomic = {
      check: ({ key, versionstamp }) => {
        checks.push(() => (this.entries.get(key.join("/"))?.versionstamp ?? null) === versionstamp);
        return operation;
      },
      set: (...args) => {
        change = () => this.set(...args);
        return operation;
      },
      delete: (key) => {
        change = () => {
          this.entries.delete(key.join("/"));
          return Promise.resolve({ ok: true as const, versionstamp: "" });
        };
        return operation;
      },
      commit: async () => {
        await Promise.resolve();
        return checks.every((check) => check()) ? await change() : { ok: false };
      },
    };
    return operation;
  }
}

describe("denoKvRefreshStore()", () => {
  it("keeps values", async () => {
    const store = denoKvRefreshStore(new FakeKv());

    await store.set("a", "1", { ttl: 10 });

    assertEquals([await store.get("a"), await store.get("b")], ["1", undefined]);
  });

  it("gives a lock to one of many, until it is given back or its time is over", async () => {
    const time = { now: 1000 };
    const store = denoKvRefreshStore(new FakeKv(), () => time.now);
    const lock = async () => await store.lock("a", { ttl: 10 });

    const first = await Promise.all([lock(), lock(), lock()]);
    const [release] = first.filter((it) => it !== undefined);
    await release?.();
    const second = await lock();
    const third = await lock();
    time.now += 10;
    const fourth = await lock();
    await second?.(); // late, so it must not give back what is the fourth's
    const fifth = await lock();

    assertEquals(first.filter((it) => it !== undefined).length, 1);
    assertEquals([second, third, fourth, fifth].map((it) => it !== undefined), [true, false, true, false]);
  });

  it("lets two instances of an application refresh once", async () => {
    const kv = new FakeKv();
    const sessionData = await cookie();
    const answer = await reply();
    let sent = 0;
    const fetchFn = () => (sent++, Promise.resolve(json(answer)));
    const refresh = async () => {
      const workos = new WorkOS("sk_1", { clientId: "client_1", fetchFn, refreshStore: denoKvRefreshStore(kv) });
      const session = workos.userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD });
      return await session.refresh();
    };

    const results = await Promise.all([refresh(), refresh()]);

    assertEquals([sent, ...results.map(({ authenticated }) => authenticated)], [1, true, true]);
  });
});
