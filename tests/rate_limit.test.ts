import { assertEquals, assertStrictEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { createLimiter, type RateLimit } from "../src/rate_limit.ts";
import { manualClock } from "./manual_clock.ts";

/** A limiter whose starts are written down as `[name, time]`. */
function setup(...limits: RateLimit[]) {
  const clock = manualClock();
  const limiter = createLimiter(limits, clock);
  const started: [string, number][] = [];
  const start = async (name: string, signals: AbortSignal[] = []) => {
    const place = limiter(name, signals);
    if (place) await place;
    started.push([name, Math.round(clock.elapsed())]);
  };
  return { clock, limiter, start, started };
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);

describe("createLimiter", () => {
  it("spreads requests evenly after the burst, first come, first served", async () => {
    const { clock, start, started } = setup({ requests: 4, perMilliseconds: 900, burst: 2 });

    for (const name of names(6)) start(name);
    await clock.advance(1200);

    assertEquals(started, [["0", 0], ["1", 0], ["2", 300], ["3", 600], ["4", 900], ["5", 1200]]);
    assertEquals(clock.sleepers.size, 0);
  });

  it("never lets more begin in any stretch than there may", async () => {
    for (const [requests, burst] of [[1, 1], [2, 1], [2, 2], [8, 3], [12, undefined]] as const) {
      const { clock, start, started } = setup({ requests, perMilliseconds: 1000, burst });

      for (const name of names(3 * requests)) start(name);
      await clock.advance(500);
      for (const name of names(requests)) start(name);
      await clock.advance(60_000);
      for (const name of names(3 * requests)) start(name);
      await clock.advance(60_000);

      const times = started.map(([, time]) => time);
      assertEquals(times.length, 7 * requests);
      for (const from of times) {
        const begun = times.filter((time) => time >= from && time < from + 999).length; // times are rounded
        assertEquals(begun <= requests, true, `${begun} of ${requests} from ${from}`);
      }
    }
  });

  it("lets a tenth begin at once unless told otherwise", async () => {
    const { clock, start, started } = setup({ requests: 11, perMilliseconds: 1000 });

    for (const name of names(11)) start(name);
    await clock.advance(0);

    assertEquals(started, [["0", 0], ["1", 0]]);
  });

  it("lets nobody wait for a time that a clock has left", async () => {
    const { clock, start, started } = setup({ requests: 1, perMilliseconds: 1000 });
    for (const name of names(3)) start(name);
    await clock.advance(2000);

    clock.elapsed = () => 0;
    const late = start("late");
    const [{ at }] = clock.sleepers;
    await clock.advance(1000);
    await late;

    assertEquals([at, started.map(([name]) => name)], [3000, ["0", "1", "2", "late"]]);
  });

  it("waits longer than a timer can, which would end at once", async () => {
    const day = 86_400_000;
    const { clock, start, started } = setup({ requests: 1, perMilliseconds: 20 * day });

    for (const name of names(4)) start(name);
    const [longest] = [...clock.sleepers].sort((a, b) => b.at - a.at);
    await clock.advance(60 * day);

    assertEquals(longest.at <= 2_147_483_647, true);
    assertEquals(started, [["0", 0], ["1", 20 * day], ["2", 40 * day], ["3", 60 * day]]);
  });

  it("answers at once while there is a place", () => {
    const { limiter } = setup({ requests: 20, perMilliseconds: 1000 });

    assertStrictEquals(limiter("/x", []), undefined);
    assertStrictEquals(limiter("/x", []), undefined);
    assertEquals(limiter("/x", []) instanceof Promise, true);
  });

  it("lets who aborts out of the line, and those behind keep their order", async () => {
    const { clock, start, started } = setup({ requests: 1, perMilliseconds: 100 });
    const controller = new AbortController();

    start("a");
    const aborted = start("b", [controller.signal]).catch((reason) => reason);
    start("c");
    controller.abort("gone");
    start("d");
    await clock.advance(1000);

    assertEquals(await aborted, "gone");
    assertEquals(started.map(([name]) => name), ["a", "c", "d"]);
  });

  it("forgets a whole line that was aborted", async () => {
    const { clock, start, started } = setup({ requests: 1, perMilliseconds: 100 });
    const controller = new AbortController();

    start("first");
    const line = names(50).map((name) => start(name, [controller.signal]).catch((reason) => reason));
    controller.abort("gone");
    const reasons = await Promise.all(line);
    start("next");
    await clock.advance(100);

    assertEquals(reasons, Array(50).fill("gone"));
    assertEquals(started, [["first", 0], ["next", 100]]);
  });

  it("gives no place back that others have passed", async () => {
    const { clock, start, started } = setup({ requests: 1, perMilliseconds: 100 });
    const [first, second] = [new AbortController(), new AbortController()];

    start("a");
    start("b", [first.signal]).catch(() => {});
    start("c");
    first.abort();
    await clock.advance(200);
    start("d", [second.signal]).catch(() => {});
    second.abort();
    await clock.advance(0);
    start("e");
    await clock.advance(1000);

    assertEquals(started, [["a", 0], ["c", 200], ["e", 300]]);
  });

  it("counts a route under every limit with its prefix", async () => {
    const { clock, start, started } = setup(
      { requests: 100, perMilliseconds: 1000, burst: 100 },
      { requests: 1, perMilliseconds: 400, prefix: "/events" },
    );

    for (const name of ["/events", "/users", "/events/1", "/users/events"]) start(name);
    await clock.advance(400);

    assertEquals(started, [["/events", 0], ["/users", 0], ["/users/events", 0], ["/events/1", 400]]);
  });

  it("waits for the slowest of several limits, whichever comes first", async () => {
    const [fast, slow] = [{ requests: 1, perMilliseconds: 100 }, { requests: 1, perMilliseconds: 400 }];
    for (const limits of [[fast, slow], [slow, fast]]) {
      const { clock, start, started } = setup(...limits);

      for (const name of names(3)) start(name);
      await clock.advance(800);

      assertEquals(started, [["0", 0], ["1", 400], ["2", 800]]);
    }
  });
});
