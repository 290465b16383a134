import { assert, assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  type AuthenticationResponse,
  MemoryRefreshStore,
  OauthException,
  type RefreshStore,
  TimeoutException,
} from "../../../mod.ts";
import { type RefreshWish, SharedRefreshes } from "../../../src/resources/user_management/session_refresh.ts";
import { NOW, PASSWORD, pause } from "./session_fixtures.ts";

function fail(): never {
  throw new Error("The store is down");
}

describe("SharedRefreshes", () => {
  const RESPONSE = { refreshToken: "refresh_2", accessToken: "a" } as unknown as AuthenticationResponse;

  /** A clock that moves when somebody waits. */
  function start(options: { sharePromises?: boolean; store?: RefreshStore; timeout?: number } = {}) {
    const clock = {
      time: NOW,
      now: () => clock.time,
      elapsed: () => clock.time,
      wait: async (ms: number) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        clock.time += ms;
      },
    };
    const store = new MemoryRefreshStore({ now: clock.now });
    const { sharePromises = false, timeout: refreshTimeout = 10_000 } = options;
    const refreshStore = "store" in options ? options.store : store;
    const config = { refreshStore, refreshTimeout, refreshWindow: 10_000 };
    const refreshes = () => new SharedRefreshes({ config, clock }, sharePromises);
    return { clock, store, refreshes };
  }

  function wish(send: RefreshWish["send"]): RefreshWish {
    const owner = "https://api.workos.com client_fake";
    return { refreshToken: "refresh_1", owner, organizationId: undefined, password: PASSWORD, opener: PASSWORD, send };
  }

  it("has the same idempotency key after a lost answer, however many others have theirs meanwhile", async () => {
    const { refreshes, clock } = start({ store: undefined });
    const shared = refreshes();
    const keys: unknown[] = [];
    const lose = async () => {
      const lost = (key?: string) => Promise.reject(keys.push(key));
      await shared.spend("own", lost).catch(() => {});
    };

    await lose();
    await Promise.all(Array.from({ length: 10_001 }, (_, i) => shared.spend(`${i}`, () => Promise.resolve())));
    clock.time += 10_000;
    await lose();

    assertEquals([keys.length, new Set(keys).size], [2, 1]);
  });

  it("has stored for a minute that an answer was lost when it fails: a runtime may stop right after that", async () => {
    const stored: unknown[] = [];
    const set = async (key: string, _: string, { ttl }: { ttl: number }) => {
      for (let i = 0; i < 100; i++) await undefined;
      stored.push([key.replace(/-.*/, ""), ttl]);
    };
    const shared = start({ store: { get: () => undefined, set, lock: () => () => {} } }).refreshes();

    await assertRejects(() => shared.spend("own", () => Promise.reject(new TypeError("lost"))));

    assertEquals(stored, [["unanswered", 60_000]]);
  });

  it("shares where promises may not be shared, by looking into the store", async () => {
    const { refreshes, clock } = start();
    const shared = refreshes();
    let sent = 0;
    const slow = wish(async () => {
      sent++;
      while (clock.time < NOW + 500) await pause();
      return RESPONSE;
    });

    const responses = await Promise.all([shared.refresh(slow), shared.refresh(slow), refreshes().refresh(slow)]);

    assertEquals(responses, [RESPONSE, RESPONSE, RESPONSE]);
    assertEquals(sent, 1);
  });

  it("waits for no promise of another call where promises may not be shared", async () => {
    const shared = start().refreshes();
    void shared.refresh(wish(() => new Promise(() => {}))); // of a request that ended
    await pause(); // until it has the lock

    await assertRejects(() => shared.refresh(wish(() => Promise.resolve(RESPONSE))), TimeoutException);
  });

  it("locks for two seconds longer than a refresh may take, which is a minute at most", async () => {
    const ttls: unknown[] = [];
    const store: RefreshStore = { get: () => null, set() {}, lock: (_, { ttl }) => (ttls.push(ttl), () => {}) };
    for (const timeout of [5_000, Infinity]) {
      await start({ store, timeout }).refreshes().refresh(wish(() => Promise.resolve(RESPONSE)));
    }

    assertEquals(ttls, [7_000, 62_000]);
  });

  it("shares failures only while they happen", async () => {
    const shared = start({ sharePromises: true }).refreshes();
    let sent = 0;
    const failing = wish(async () => {
      sent++;
      await pause(); // until the other one is here
      throw new Error(`down ${sent}`);
    });

    const results = await Promise.allSettled([shared.refresh(failing), shared.refresh(failing)]);
    const late = await shared.refresh(wish(() => Promise.resolve(RESPONSE)));

    assertEquals(results.map((it) => it.status === "rejected" && it.reason.message), ["down 1", "down 1"]);
    assertEquals([sent, late], [1, RESPONSE] as unknown[]);
  });

  it("shares no failure with those who gave other options", async () => {
    const options = { timeout: 1, maxRetries: 1, headers: {}, idempotencyKey: "key" };
    for (const [name, value] of Object.entries(options)) {
      for (const requests of [[{ [name]: value }, undefined], [undefined, { [name]: value }]]) {
        const shared = start({ sharePromises: true }).refreshes();
        let begin = () => {};
        const begun = new Promise<void>((resolve) => begin = resolve);
        const failing = wish(async () => {
          begin();
          await pause(); // until the other one is here
          throw new Error("down");
        });
        const granted = wish(() => Promise.resolve(RESPONSE));

        const [first, second] = await Promise.allSettled([
          shared.refresh({ ...failing, request: requests[0] }),
          begun.then(() => shared.refresh({ ...granted, request: requests[1] })),
        ]);

        assertEquals([first.status, second.status], ["rejected", "fulfilled"], name);
      }
    }
  });

  it("keeps an outcome for as long as its window is, also when the wall clock is set back", async () => {
    const { clock, refreshes } = start({ store: undefined });
    const shared = refreshes();
    const replies = [RESPONSE, { ...RESPONSE, refreshToken: "refresh_3" }];
    const once = wish(() => Promise.resolve(replies.shift()!));

    await shared.refresh(once);
    clock.time += 10_000;
    clock.now = () => NOW - 60_000;

    assertEquals((await shared.refresh(once)).refreshToken, "refresh_3");
  });

  it("gives up when another process does not finish, and says so as a timeout", async () => {
    const { store, clock, refreshes } = start();
    const { digest } = await keyOf(store, refreshes());
    store.lock(digest, { ttl: 60_000 });

    const error = await assertRejects(
      () => refreshes().refresh(wish(() => Promise.resolve(RESPONSE))),
      TimeoutException,
    );

    assertEquals(error.status, 408);
    assertEquals(clock.time, NOW + 10_000);
  });

  it("takes over from a process that died", async () => {
    const { store, refreshes } = start();
    const { digest } = await keyOf(store, refreshes());
    store.lock(digest, { ttl: 5_000 });

    assertEquals(await refreshes().refresh(wish(() => Promise.resolve(RESPONSE))), RESPONSE);
  });

  it("lets the next one try after a failure", async () => {
    const { refreshes } = start();

    await assertRejects(() => refreshes().refresh(wish(() => Promise.reject(new Error("down")))), Error, "down");

    assertEquals(await refreshes().refresh(wish(() => Promise.resolve(RESPONSE))), RESPONSE);
  });

  const INVALID_GRANT = new OauthException(400, "", "invalid_grant", undefined, {});

  /** A store in which somebody left what came of the token, and that of a wish whose token is spent. */
  async function spent(store: RefreshStore, { aheadBy = 0 } = {}): Promise<AuthenticationResponse> {
    const { clock, refreshes } = start({ store });
    const late = refreshes();
    await refreshes().refresh(wish(() => Promise.resolve(RESPONSE)));
    clock.time += aheadBy;
    return await late.refresh(wish(() => Promise.reject(INVALID_GRANT)));
  }

  it("ends no session for a wrong clock: what is kept counts when the token turns out to be spent", async () => {
    const kept: string[] = [];
    const store: RefreshStore = { get: () => kept[0], set: (_, value) => void kept.push(value), lock: () => () => {} };

    assertEquals(await spent(store, { aheadBy: 30_000 }), RESPONSE);
    await assertRejects(() => spent(store, { aheadBy: 80_000 }), OauthException);
  });

  it("ends no session for a store that fails once", async () => {
    const memory = new MemoryRefreshStore();
    let gets = 0;
    const get = (key: string) => !key.startsWith("unanswered-") && ++gets === 2 ? fail() : memory.get(key);

    assertEquals(await spent({ get, set: memory.set.bind(memory), lock: () => () => {} }), RESPONSE);
  });

  it("ends no session while who spent its token is about to keep what came of it", async () => {
    const kept: string[] = [];
    let arrived: string | undefined;
    const set = (_: string, value: string) => void kept.push(value);
    const { refreshes } = start({ store: { get: () => arrived, set, lock: () => () => {} } });
    await refreshes().refresh(wish(() => Promise.resolve(RESPONSE)));
    const late = wish(() => {
      setTimeout(() => arrived = kept[0], 0);
      return Promise.reject(INVALID_GRANT);
    });

    assertEquals(await refreshes().refresh(late), RESPONSE);
  });

  it("tells that a session is over when nothing is kept of it", async () => {
    const { refreshes } = start({ store: { get: () => null, set() {}, lock: () => () => {} } });

    const error = await assertRejects(() => refreshes().refresh(wish(() => Promise.reject(INVALID_GRANT))));

    assertEquals(error, INVALID_GRANT);
  });

  it("does not wait long for a store that hangs", async () => {
    const never = () => new Promise<never>(() => {});
    const { refreshes, clock } = start({ store: { get: never, set: never, lock: never } });

    assertEquals(await refreshes().refresh(wish(() => Promise.resolve(RESPONSE))), RESPONSE);
    assertEquals(clock.time, NOW + 4_000);
  });

  it("asks the store for one of an instance alone, and keeps what came of it in memory too", async () => {
    const { store, refreshes } = start();
    const asked = { get: 0, set: 0, lock: 0 };
    const counted: RefreshStore = {
      get: (key) => (asked.get++, store.get(key)),
      set: (key, value, options) => (asked.set++, store.set(key, value, options)),
      lock: (key, options) => (asked.lock++, store.lock(key, options)),
    };
    const shared = start({ store: counted }).refreshes();
    let sent = 0;
    const slow = wish(async () => {
      sent++;
      await pause();
      return RESPONSE;
    });

    await Promise.all([shared.refresh(slow), shared.refresh(slow), shared.refresh(slow)]);
    const gets = asked.get;
    await shared.refresh(slow);

    assertEquals([sent, asked.lock, asked.set], [1, 1, 1]);
    assertEquals(await refreshes().refresh(slow), RESPONSE); // another instance
    assertEquals([sent, asked.get - gets <= 1], [1, true]);
  });

  it("shares within an instance also when the store is slow, and gives back locks that come too late", async () => {
    const locks: (() => void)[] = [];
    let given = 0;
    const lock = () => new Promise<() => void>((resolve) => locks.push(() => resolve(() => void given++)));
    const shared = start({ store: { get: () => undefined, set() {}, lock } }).refreshes();
    let sent = 0;
    const once = wish(() => Promise.resolve(sent++ ? { ...RESPONSE, refreshToken: "second" } : RESPONSE));

    const responses = await Promise.all([shared.refresh(once), shared.refresh(once), shared.refresh(once)]);
    for (const answer of locks) answer();
    await pause();

    assertEquals([responses, sent, given, locks.length], [[RESPONSE, RESPONSE, RESPONSE], 1, 1, 1]);
  });

  it("has given its lock back when it answers: a runtime may stop right after that", async () => {
    let given = 0;
    const release = async () => {
      for (let i = 0; i < 100; i++) await undefined;
      given++;
    };
    const { refreshes } = start({ store: { get: () => undefined, set() {}, lock: () => release } });

    await refreshes().refresh(wish(() => Promise.resolve(RESPONSE)));

    assertEquals(given, 1);
  });

  it("keeps a lock that comes too late until the refresh is over", async () => {
    let answer!: () => void;
    let given = 0;
    const lock = () => new Promise<() => void>((resolve) => answer = () => resolve(() => void given++));
    const shared = start({ store: { get: () => undefined, set() {}, lock } }).refreshes();
    let during = -1;

    await shared.refresh(wish(async () => {
      answer();
      await pause();
      during = given;
      return RESPONSE;
    }));

    assertEquals([during, given], [0, 1]);
  });

  it("takes what can be awaited for a promise", async () => {
    // deno-lint-ignore no-explicit-any -- a query builder is no Promise
    const builder = (settle: (no: (why: Error) => void) => void): any => ({
      then: (_: unknown, no: (why: Error) => void) => settle(no),
    });
    const rejects = () => builder((no) => no(new Error("store is down")));
    const hangs = () => builder(() => {});
    const stores: RefreshStore[] = [
      { get: () => undefined, set() {}, lock: rejects },
      { get: () => undefined, set: rejects, lock: () => () => {} },
      { get: hangs, set: hangs, lock: hangs },
    ];
    for (const store of stores) {
      const { refreshes } = start({ store });

      assertEquals(await refreshes().refresh(wish(() => Promise.resolve(RESPONSE))), RESPONSE);
    }
  });

  /** The key under which the wish above is kept: a hash. */
  async function keyOf(store: MemoryRefreshStore, refreshes: SharedRefreshes): Promise<{ digest: string }> {
    const { lock } = store;
    let digest = "";
    store.lock = (key, options) => {
      digest = key;
      return lock.call(store, key, options);
    };
    await assertRejects(() => refreshes.refresh(wish(() => Promise.reject(new Error("no")))));
    assert(/^[0-9a-f]{64}$/.test(digest));
    return { digest };
  }
});
