import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { type KvNamespace, workersKvRefreshStore } from "../../examples/refresh_store_workers_kv.ts";
import { WorkOS } from "../../mod.ts";
import { json } from "../fake_api.ts";
import { cookie, PASSWORD, reply } from "../resources/user_management/session_fixtures.ts";

/** Workers KV as far as the example uses it. */
class FakeNamespace implements KvNamespace {
  entries = new Map<string, string>();

  get(key: string) {
    return Promise.resolve(this.entries.get(key) ?? null);
  }

  put(key: string, value: string, { expirationTtl }: { expirationTtl: number }) {
    assert(Number.isInteger(expirationTtl) && expirationTtl >= 60); // less is refused
    this.entries.set(key, value);
    return Promise.resolve();
  }

  delete(key: string) {
    this.entries.delete(key);
    return Promise.resolve();
  }
}

describe("workersKvRefreshStore()", () => {
  it("keeps values for a minute at least", async () => {
    const store = workersKvRefreshStore(new FakeNamespace());

    await store.set("a", "1", { ttl: 10 });
    await store.set("b", "2", { ttl: 90_500 });

    assertEquals([await store.get("a"), await store.get("b"), await store.get("c")], ["1", "2", null]);
  });

  it("gives a lock to one, until it is given back or its time is over", async () => {
    const time = { now: 1000 };
    const store = workersKvRefreshStore(new FakeNamespace(), () => time.now);
    const lock = async () => await store.lock("a", { ttl: 10 });

    const first = await lock();
    const second = await lock();
    await first?.();
    const third = await lock();
    time.now += 10;
    const fourth = await lock();
    await third?.(); // late, so it must not give back what is the fourth's
    const fifth = await lock();

    assertEquals([first, second, third, fourth, fifth].map((it) => it !== undefined), [true, false, true, true, false]);
  });

  it("gives a lock that two take at once to the later one", async () => {
    const store = workersKvRefreshStore(new FakeNamespace());

    const both = await Promise.all([store.lock("a", { ttl: 10_000 }), store.lock("a", { ttl: 10_000 })]);

    assertEquals(both.map((it) => it !== undefined), [false, true]);
  });

  it("lets an isolate that comes later share a refresh", async () => {
    const kv = new FakeNamespace();
    const sessionData = await cookie();
    const answer = await reply();
    let sent = 0;
    const fetchFn = () => (sent++, Promise.resolve(json(answer)));
    const refresh = async () => {
      const env = { WORKOS_API_KEY: "sk_1", WORKOS_CLIENT_ID: "client_1" };
      const workos = WorkOS.fromEnv(env, { fetchFn, refreshStore: workersKvRefreshStore(kv) });
      const session = workos.userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD });
      return await session.refresh();
    };

    const results = [await refresh(), await refresh()];

    assertEquals([sent, ...results.map(({ authenticated }) => authenticated)], [1, true, true]);
  });
});
