import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { MemoryRefreshStore } from "../mod.ts";

describe("MemoryRefreshStore", () => {
  function start(maxEntries?: number) {
    const clock = { now: 1000 };
    return { clock, store: new MemoryRefreshStore({ maxEntries, now: () => clock.now }) };
  }

  it("keeps a value for its time", () => {
    const { clock, store } = start();

    store.set("a", "1", { ttl: 10 });
    const early = store.get("a");
    clock.now += 10;

    assertEquals([early, store.get("a"), store.get("b")], ["1", undefined, undefined]);
  });

  it("gives a lock to one at a time, until it is given back or its time is over", async () => {
    const { clock, store } = start();

    const first = store.lock("a", { ttl: 10 });
    const second = store.lock("a", { ttl: 10 });
    await first?.();
    const third = store.lock("a", { ttl: 10 });
    clock.now += 10;
    const fourth = store.lock("a", { ttl: 10 });
    await third?.(); // late, so it must not give back what is the fourth's
    const fifth = store.lock("a", { ttl: 10 });

    assertEquals([first, second, third, fourth, fifth].map((it) => it !== undefined), [true, false, true, true, false]);
  });

  it("lets the oldest values go when there are too many", () => {
    const { store } = start(2);

    for (const key of ["a", "b", "a", "c"]) store.set(key, key, { ttl: 10 });

    assertEquals(["a", "b", "c"].map((key) => store.get(key)), ["a", undefined, "c"]);
  });

  it("keeps ten thousand values by the clock of the runtime unless told otherwise", () => {
    const store = new MemoryRefreshStore();

    for (let i = 0; i <= 10_000; i++) store.set(`${i}`, "x", { ttl: 1e6 });

    assertEquals(["0", "1", "10000"].map((key) => store.get(key)), [undefined, "x", "x"]);
  });

  it("lets no lock go that somebody holds, however many there are", () => {
    const { store } = start(2);

    const locks = ["a", "b", "c", "a"].map((key) => store.lock(key, { ttl: 10 }) !== undefined);

    assertEquals(locks, [true, true, true, false]);
  });

  it("lets go of what is over when something new comes", () => {
    let reads = 0;
    let now = 0;
    const store = new MemoryRefreshStore({ maxEntries: 1000, now: () => (reads++, now) });
    for (let i = 0; i < 100; i++) store.set(`${i}`, "", { ttl: 10 });

    now = 10;
    store.set("new", "", { ttl: 10 });
    reads = 0;
    store.set("newer", "", { ttl: 10 });

    assertEquals(reads, 2); // one for its time, one look at the oldest that is left
  });

  it("lets go of locks that nobody gave back when a new one is taken", () => {
    let reads = 0;
    let now = 0;
    const store = new MemoryRefreshStore({ now: () => (reads++, now) });
    for (let i = 0; i < 100; i++) store.lock(`${i}`, { ttl: 10 });

    now = 10;
    store.lock("new", { ttl: 10 });
    reads = 0;
    store.lock("newer", { ttl: 10 });

    assertEquals(reads, 3); // one to see who has it, one for its time, one look at the oldest that is left
  });
});
