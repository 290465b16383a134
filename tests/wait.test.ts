import { assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { askStore, wait } from "../src/wait.ts";

describe("wait()", () => {
  it("ends after its time, or with the reason of a signal", async () => {
    const [aborted, later] = [new AbortController(), new AbortController()];
    aborted.abort("gone");

    await wait(1, [later.signal]);
    assertEquals(await wait(60_000, [later.signal, aborted.signal]).catch((reason) => reason), "gone");
    const waiting = wait(60_000, [later.signal]);
    later.abort(new Error("enough"));
    await assertRejects(() => waiting, Error, "enough");
  });
});

describe("askStore()", () => {
  const never = () => new Promise<never>(() => {});

  it("gives the answer, and asks nobody to wait for one that is there", async () => {
    assertEquals(await askStore(() => 1, { otherwise: 2, pause: () => Promise.reject(new Error("waits")) }), 1);
    assertEquals(await askStore(() => Promise.resolve(1), { otherwise: 2, pause: never }), 1);
  });

  it("goes on without a store that throws, rejects or hangs", async () => {
    const pauses: number[] = [];
    const pause = (ms: number) => Promise.resolve(void pauses.push(ms));
    const broken = [
      () => {
        throw new Error("down");
      },
      () => Promise.reject(new Error("down")),
      never,
    ];

    for (const question of broken) assertEquals(await askStore<number>(question, { otherwise: 2, pause }), 2);

    assertEquals(pauses, [1_000, 1_000]);
  });

  it("leaves no timer behind", async () => {
    let left: AbortSignal[] = [];
    const pause = (_: number, signals: AbortSignal[]) => (left = signals, never());

    await askStore(() => Promise.resolve(1), { otherwise: 2, pause });

    assertEquals(left.map(({ aborted }) => aborted), [true]);
  });
});
