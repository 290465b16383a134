import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { ConsumeEventsOptions, CursorStore, EventCursor, UnknownEvent, UserCreatedEvent } from "../../mod.ts";
import { resolveConfig } from "../../src/config.ts";
import { createEmulator } from "../../src/emulator/mod.ts";
import { Events } from "../../src/resources/events.ts";
import { Api } from "../../src/api.ts";
import { fakeApi } from "../fake_api.ts";
import { fc } from "../properties.ts";

const CRASH = new Error("crash");

/**
 * An environment in which something happens every second, as long as the schedule lasts, and in which the process dies
 * at a step of one's choice: a request, its answer, a store, the work on an event. Every fourth event appears late.
 */
function world({ length = 9, lateBy = 3, pageSize = 3, crashAt = Infinity, random = 0.5 } = {}) {
  const emulator = createEmulator({ deterministic: true });
  const hiddenUntil = new Map<string, number>();
  const controller = new AbortController();
  const queries: URLSearchParams[] = [];
  const delays: number[] = [];
  let cursor: EventCursor | undefined;
  let seconds = 0;
  let steps = 0;

  const step = () => {
    if (++steps === crashAt) throw CRASH;
  };
  const tick = () => {
    emulator.advance(1000);
    if (seconds < length) {
      emulator.emit("user.created", { object: "user", id: `user_${seconds}` });
      if (seconds % 4 === 1) hiddenUntil.set(emulator.events.at(-1)!.id, seconds + lateBy);
    }
    seconds++;
  };
  const fetchFn = async (url: string, init: RequestInit) => {
    tick();
    step();
    const target = new URL(url);
    queries.push(new URLSearchParams(target.searchParams));
    target.searchParams.set("limit", String(pageSize));
    const page = await (await emulator.fetch(target, init)).json();
    page.data = page.data.filter(({ id }: { id: string }) => (hiddenUntil.get(id) ?? 0) <= seconds);
    step();
    return Response.json(page);
  };
  const store: CursorStore = {
    get: () => Promise.resolve(structuredClone(cursor)),
    async set(next) {
      step();
      await undefined;
      cursor = structuredClone(next);
      step();
    },
  };
  const wait = (ms: number) => {
    delays.push(ms);
    tick();
    if (seconds > length + lateBy + 10) controller.abort("over"); // some sweeps after all has appeared
    return Promise.resolve();
  };
  const config = resolveConfig({ apiKey: emulator.apiKey, fetchFn, maxRetries: 0 }, () => undefined);
  const events = new Events(
    new Api(config, { now: () => emulator.now(), elapsed: () => emulator.now(), random: () => random, wait }),
  );
  const { signal } = controller;
  const names = ["user.created"] as const;
  const consume = (options: Partial<ConsumeEventsOptions<"user.created">> = {}) =>
    events.consume({ events: names, overlap: 4000, signal, cursorStore: store, ...options });
  return { emulator, controller, consume, events, store, step, tick, queries, delays, cursor: () => cursor };
}

/** Consumes until the end or a crash. Returns what was finished, in order. */
async function run({ consume, step }: ReturnType<typeof world>): Promise<string[]> {
  const finished: string[] = [];
  try {
    for await (const { data } of consume()) {
      step();
      finished.push(data.id);
      step();
    }
  } catch (error) {
    if (error !== "over" && error !== CRASH && (error as Error).cause !== CRASH) throw error;
  }
  return finished;
}

const ids = (count: number) => Array.from({ length: count }, (_, i) => `user_${i}`);
const byNumber = (a: string, b: string) => Number(a.slice(5)) - Number(b.slice(5));

describe("Events.consume", () => {
  it("delivers every event once, also those that appear late", async () => {
    const finished = await run(world());

    assertEquals(finished.toSorted(byNumber), ids(9));
    assertEquals(finished.indexOf("user_1") > finished.indexOf("user_2"), true);
  });

  it("loses nothing, whatever step the process dies at, and delivers nothing twice in one run", async () => {
    let again = 0;
    for (let crashAt = 1;; crashAt++) {
      const place = world({ crashAt });
      const first = await run(place);
      const crashed = !place.controller.signal.aborted;
      const second = crashed ? await run(place) : [];

      for (const part of [first, second]) assertEquals(new Set(part).size, part.length);
      const all = new Set([...first, ...second]);
      assertEquals([crashAt, [...all].sort(byNumber)], [crashAt, ids(9)]);
      const twice = second.filter((id) => first.includes(id));
      assertEquals(twice.length <= 1, true, `${twice} again after step ${crashAt}`);
      again += twice.length;
      if (!crashed) break;
    }
    assertEquals(again > 0, true); // what was finished and not yet stored
  });

  it("stores the cursor when the next event is asked for, not before", async () => {
    const { consume, cursor } = world({ lateBy: 0 });
    const events = consume();

    const first = await events.next();
    assertEquals(cursor(), undefined);
    await events.next();
    assertEquals(cursor()?.finished, [first.value!.id]);
    await events.return();
    assertEquals(cursor()?.finished.length, 1);
    for await (const event of consume()) {
      assertEquals(event.data.id, "user_1"); // the one that was not finished
      break;
    }
  });

  it("stores nothing while nothing happens", async () => {
    const it = world({ length: 2 });
    let stored = 0;
    const set = it.store.set;
    it.store.set = (cursor) => (stored++, set(cursor));

    await run(it);

    assertEquals([stored, it.delays.length], [4, 8]); // two events, and twice the time that was passed
  });

  it("reads the overlap again, and no more", async () => {
    const place = world({ length: 20, lateBy: 0, pageSize: 100 });

    await run(place);

    const [first] = place.emulator.events;
    assertEquals(place.queries[0].get("range_start"), null);
    const starts = place.queries.map((query) => query.get("range_start")).filter((start) => start !== null);
    const last = Date.parse(first.created_at) + 19_000;
    const took = 1000; // the page with the last event
    assertEquals(Date.parse(starts.at(-1)!), last - took - 4000 - 1);
  });

  it("stores a given beginning at once, and prefers the cursor to it", async () => {
    const { consume, cursor, queries } = world();
    const rangeStart = new Date("2025-12-31T00:00:00Z");

    await consume({ rangeStart }).next();
    assertEquals(cursor(), { from: "2025-12-31T00:00:00.000Z", finished: [] });
    await consume({ rangeStart: "2026-06-01T00:00:00Z" }).next();

    const starts = [queries[0], queries.at(-1)!].map((query) => query.get("range_start"));
    assertEquals(starts, ["2025-12-30T23:59:59.999Z", "2025-12-30T23:59:59.999Z"]);
  });

  it("asks for what is wanted, oldest first", async () => {
    const { consume, queries } = world();

    await consume({ organizationId: "org_1" }).next().catch(() => {});

    assertEquals(Object.fromEntries(queries[0]), {
      events: "user.created",
      organization_id: "org_1",
      limit: "100",
      order: "asc",
    });
  });

  it("waits longer and longer while nothing happens, up to half a minute unless told otherwise", async () => {
    for (const [maxDelay, longest] of [[20_000, 20_000], [undefined, 30_000]]) {
      const { consume, controller, delays } = world({ length: 0 });
      const waits: number[] = [];
      const wait = (ms: number, signals: AbortSignal[]) => {
        assertEquals(signals, [controller.signal]);
        if (waits.push(ms) === 8) controller.abort("enough");
        return Promise.resolve();
      };

      assertEquals(await consume({ wait, maxDelay }).next().catch((reason) => reason), "enough");

      assertEquals(waits.slice(0, 7), [1000, 2000, 4000, 8000, 16_000, longest, longest]);
      assertEquals(delays, []);
    }
  });

  it("looks again soon after something happened, give or take a half", async () => {
    for (const [random, factor] of [[0, 0.5], [0.75, 1.25]]) {
      const { consume, controller, tick } = world({ length: 5, lateBy: 0, random });
      const waits: number[] = [];
      const wait = () => Promise.resolve(waits.length === 12 ? controller.abort("enough") : tick());
      const events = consume({ wait: (ms) => (waits.push(ms / factor), wait()), maxDelay: 3000, overlap: 0 });

      await assertRejects(async () => {
        for await (const _ of events) waits.push(0);
      });

      assertEquals(waits, [0, 1000, 0, 0, 1000, 0, 0, 1000, 1000, 2000, 3000, 3000]); // 0 is an event
    }
  });

  it("ends with the signal's reason, once the event at hand is finished", async () => {
    const { consume, controller, cursor } = world();
    const events = consume();

    const first = await events.next();
    controller.abort("stop");

    assertEquals(await events.next().catch((reason) => reason), "stop");
    assertEquals(cursor()?.finished, [first.value!.id]);
    assertEquals(await consume().next().catch((reason) => reason), "stop");
  });

  it("waits no longer than its signal lets it", async () => {
    const { signal } = new AbortController();
    const wait = (_: number, signals: AbortSignal[]) => Promise.reject(signals);
    const { events } = listing(() => [], { now: START, wait });

    assertEquals(await events.consume({ events: ["user.created"], signal }).next().catch((it) => it), [signal]);
  });

  it("does not wait for a store that hangs before the first event", async () => {
    const { consume, controller } = world();
    const next = consume({ cursorStore: { get: () => new Promise(() => {}), set: () => {} } }).next();
    const ended = next.catch((reason) => reason);

    controller.abort("stop");

    const later = new Promise((resolve) => setTimeout(resolve, 50, "it hangs"));
    assertEquals(await Promise.race([ended, later]), "stop");
  });

  it("begins no other event of a page when it is to end", async () => {
    const { consume, controller, tick } = world({ lateBy: 0 });
    tick();
    tick(); // there are two events on the first page
    const events = consume();

    await events.next();
    controller.abort("stop");

    assertEquals(await events.next().catch((reason) => reason), "stop");
  });

  it("rejects when the cursor cannot be stored, and delivers the event again", async () => {
    const { consume, store, queries } = world();
    const failing = { get: store.get, set: () => Promise.reject(new Error("disk full")) };
    const events = consume({ cursorStore: failing });

    const first = await events.next();
    await assertRejects(() => events.next(), Error, "disk full");

    assertEquals((await consume().next()).value?.id, first.value!.id);
    const sent = queries.length;
    await assertRejects(() => consume({ cursorStore: failing, rangeStart: new Date(1) }).next(), Error, "disk full");
    assertEquals(queries.length, sent); // a beginning is stored before anything is read
  });

  it("refuses bad options, and a cursor it did not make", async () => {
    const { consume, queries } = world();
    const stored = (cursor: object): CursorStore => ({ get: () => cursor as EventCursor, set() {} });

    const delays = [{ overlap: -1 }, { overlap: NaN }, { overlap: Infinity }, { minDelay: -1 }, { maxDelay: Infinity }];
    for (const options of [...delays, { events: [] }, { events: "user.created" as unknown as [] }]) {
      await assertRejects(() => consume(options).next(), TypeError, Object.keys(options)[0]);
    }
    await assertRejects(() => consume({ signal: {} as AbortSignal }).next(), TypeError, '"signal"');
    for (const cursorStore of [null, {}, { get() {} }, { set() {} }] as unknown as CursorStore[]) {
      await assertRejects(() => consume({ cursorStore }).next(), TypeError, '"cursorStore"');
    }
    for (const rangeStart of ["yesterday", "", new Date(NaN)]) {
      await assertRejects(() => consume({ rangeStart }).next(), TypeError, '"rangeStart"');
    }
    for (const cursor of [{ from: "yesterday", finished: [] }, { from: "2026-01-01T00:00:00Z", finished: 1 }]) {
      await assertRejects(() => consume({ cursorStore: stored(cursor) }).next(), TypeError, "cursor");
    }
    assertEquals(queries.length, 0);
  });

  it("takes the least that options can be", async () => {
    for (const options of [{ minDelay: 0, maxDelay: 0 }, { overlap: 0 }, { rangeStart: new Date(0) }]) {
      assertEquals((await world().consume(options).next()).value?.data.id, "user_0");
    }
  });

  it("has the types of the events it was asked for", async () => {
    const { events, tick } = world();
    tick();

    const [known, unknown] = await Promise.all([
      events.consume({ events: ["user.created"] }).next(),
      events.consume({ events: ["user.created" as string] }).next(),
    ]);

    const created: UserCreatedEvent = known.value!;
    const other: UnknownEvent = unknown.value!;
    assertEquals([created.data.object, other.event], ["user", "user.created"]);
  });

  it("delivers an event that appears late among more than 10,000 others, and none twice", async () => {
    const seen = await consumeTwice({ overlap: 30_000, later: [happening(301)] }); // found 20.5 s late

    assertEquals([seen.length, new Set(seen).size, seen.at(-1)], [10_401, 10_401, "event_301"]);
  });

  it("does not deliver again at a new start, however many events there were", async () => {
    const all = Array.from({ length: 300 }, (_, i) => happening(10 * i));
    const read = async (stopAfter: number) => {
      const seen: string[] = [];
      const wait = () => Promise.reject(new Error("idle"));
      const { events } = listing(() => all, { now: START + 86_400_000, wait });
      try {
        for await (const { id } of events.consume({ events: ["user.created"], cursorStore })) {
          if (seen.push(id) === stopAfter) break;
        }
      } catch (error) {
        assertEquals((error as Error).message, "idle");
      }
      return seen;
    };
    let cursor: EventCursor | undefined;
    const cursorStore: CursorStore = { get: () => structuredClone(cursor), set: (next) => void (cursor = next) };

    const runs = [await read(251), await read(Infinity), await read(Infinity)];

    assertEquals(runs.map(({ length }) => length), [251, 50, 0]); // the one that was not finished comes again
    assertEquals(cursor?.finished.length, 100);
    assertEquals(runs[1][0], runs[0].at(-1));
  });

  it("moves its cursor while it catches up, however long that takes", async () => {
    const backlog = growing({ ago: 3_600_000, every: 1000 }); // it never ends: each event takes a second of work
    const first = await backlog.consume({ hours: 2, workFor: 1000 });
    const again = [...await backlog.consume({ hours: 1, workFor: 1000 })].filter((id) => first.has(id));

    assertEquals([first.size > 6000, again], [true, []]);
  });

  it("passes over nothing of a page that it has not finished, however long a time the page is about", async () => {
    for (const minutesAgo of [0, 10, 600]) {
      const backlog = growing({ ago: minutesAgo * 60_000 + 99 * 60_000, every: 60_000 });
      const seen = new Set<string>();
      for (let start = 0; start < 100; start++) {
        for (const id of await backlog.consume({ hours: 0, workFor: 1 })) seen.add(id); // one is finished, the next begun
      }

      assertEquals([...seen].map(Number), Array.from({ length: seen.size }, (_, i) => i));
      assertEquals(seen.size > 50, true);
    }
  });

  it("loses nothing when the clock is set back on the way", async () => {
    const stream = growing({ ago: 60_000, every: 100, ahead: 290_000 });
    const seen = await stream.consume({ hours: 0.1, workFor: 1, setRightAfter: 350 });

    assertEquals([...seen].map(Number).sort((a, b) => a - b), Array.from({ length: seen.size }, (_, i) => i));
  });

  it("loses nothing and repeats nothing of its own, whatever the clocks, the latecomers and the crashes", async () => {
    const stops = fc.array(fc.record({ hours: fc.double({ min: 0, max: 0.1, noNaN: true }) }), { maxLength: 12 });
    const property = fc.asyncProperty(
      ...[fc.constantFrom(0, 1_000, 30_000), fc.constantFrom(1_000, 7_000, 60_000), fc.constantFrom(0, 300, 3_000)],
      ...[fc.integer({ min: -290_000, max: 290_000 }), fc.integer({ min: 0, max: 1_000 })],
      stops,
      async (overlap, every, workFor, ahead, salt, stops) => {
        const lateBy = (i: number) => (i * 7919 + salt) % 10 < 3 ? (i * 104_729 + salt) % (overlap + 1) : 0;
        const stream = growing({ ago: 1_200_000, every, ahead, lateBy });
        const seen = new Set<string>();
        for (const { hours } of [...stops, { hours: 0.3 }]) {
          for (const id of await stream.consume({ hours, workFor, overlap })) seen.add(id);
        }

        const latest = Math.max(...[...seen].map(Number));
        const due = Math.min(latest - overlap / every, stream.happened(overlap + 400_000));
        const lost = Array.from({ length: Math.max(0, Math.floor(due)) }, (_, i) => i).filter((i) => !seen.has(`${i}`));
        assertEquals(lost, []);
      },
    );
    await fc.assert(property, { numRuns: 10 });
  });

  it("looks for late events also when it never reaches the end of the list", async () => {
    const stream = growing({ ago: 20_000, every: 100, lateBy: (i) => i === 500 ? 28_000 : 0 });
    const seen = await stream.consume({ hours: 0.5, workFor: 100 });

    assertEquals(seen.has("500"), true);
  });

  it("finds late events also when the machine sleeps between two pages and its clock is ahead", async () => {
    const stream = growing({ ago: 105_000, every: 1_000, ahead: 200_000, lateBy: (i) => i === 95 ? 28_000 : 0 });
    const seen = await stream.consume({ hours: 1.1, workFor: 1, sleepAfter: 50 });

    assertEquals(seen.has("95"), true);
  });

  it("does not deliver old events again, however many there were at one time", async () => {
    const all = Array.from({ length: 400 }, (_, i) => ({ ...happening(0), id: `event_${i}` }));
    all.push({ ...happening(0), id: "fraction", created_at: "2026-01-01T00:00:00.000123Z" });
    let cursor: EventCursor | undefined;
    const cursorStore: CursorStore = { get: () => structuredClone(cursor), set: (next) => void (cursor = next) };
    const read = async (sweeps: number) => {
      let seen = 0;
      const wait = () => --sweeps > 0 ? Promise.resolve() : Promise.reject(new Error("idle"));
      const { events } = listing(() => all, { now: START + 86_400_000, wait });
      await assertRejects(async () => {
        for await (const _ of events.consume({ events: ["user.created"], cursorStore })) seen++;
      }, "idle");
      return seen;
    };

    assertEquals([await read(2), await read(2), await read(1)], [401, 0, 0]);
  });

  it("takes one signal", () => {
    const { consume, events } = world();
    const [a, b] = [new AbortController().signal, new AbortController().signal];

    assertThrows(() => events.consume({ events: ["user.created"], signal: a }, { signal: b }), TypeError, '"signal"');
    consume();
  });

  it("takes the options of a call, its signal too", async () => {
    const api = fakeApi({ object: "list", data: [happening(0)], list_metadata: { after: null } });
    const controller = new AbortController();
    const request = { signal: controller.signal, headers: { "X-A": "1" } };
    const events = api.workos.events.consume({ events: ["user.created"] }, request);

    await events.next();
    controller.abort("stop");

    assertEquals(await events.next().catch((reason) => reason), "stop");
    assertEquals(api.requests.map(({ headers }) => headers["x-a"]), ["1"]);
  });

  it("finds events that appear 20 s late when no overlap is given", async () => {
    const seen = await consumeTwice({ later: [happening(1)] });

    assertEquals([seen.length, seen.at(-1)], [10_401, "event_1"]);
  });

  it("forgets events that are older than the overlap", async () => {
    const again = { ...happening(300), created_at: happening(20_900).created_at };

    const seen = await consumeTwice({ overlap: 30, now: [again] });

    assertEquals([seen.length, new Set(seen).size, seen.at(-1)], [10_401, 10_400, "event_300"]);
  });
});

const START = Date.UTC(2026, 0, 1);

interface Happening {
  object: "event";
  id: string;
  created_at: string;
}

function happening(ms: number): Happening {
  return { object: "event", id: `event_${ms}`, created_at: new Date(START + ms).toISOString() };
}

/** The API with a list that may grow. */
function listing(
  all: () => Happening[],
  { now, wait }: { now: number; wait: (ms: number, signals: AbortSignal[]) => Promise<void> },
) {
  const fetchFn = (url: string) => {
    const { searchParams } = new URL(url);
    const [after, start] = [searchParams.get("after"), searchParams.get("range_start") ?? ""];
    const rest = all().slice(after ? all().findIndex(({ id }) => id === after) + 1 : 0);
    const data = rest.filter(({ created_at }) => created_at > start).slice(0, 100);
    const next = data.length < 100 ? null : data[99].id;
    return Promise.resolve(Response.json({ object: "list", data, list_metadata: { after: next } }));
  };
  const config = resolveConfig({ apiKey: "sk_1", fetchFn }, () => undefined);
  return { events: new Events(new Api(config, { now: () => now, elapsed: () => now, random: () => 0.5, wait })) };
}

interface Stream {
  /** How long ago it began, and how often something happens, in milliseconds. */
  ago: number;
  every: number;
  /** By how much the consumer's clock is ahead. */
  ahead?: number;
  /** How late an event appears, by its number. */
  lateBy?: (i: number) => number;
}

/** Something happens all the time, and a consumer works on each event for a while. */
function growing({ ago, every, lateBy = () => 0, ahead = 0 }: Stream) {
  let now = START;
  let cursor: EventCursor | undefined;
  const time = (i: number) => START - ago + every * i;
  const isThere = (i: number) => time(i) + lateBy(i) <= now;
  const fetchFn = (url: string) => {
    now += 50;
    const { searchParams } = new URL(url);
    const [after, start] = [searchParams.get("after"), searchParams.get("range_start")];
    let i = after ? Number(after) + 1 : start ? Math.max(0, Math.floor((Date.parse(start) - time(0)) / every) + 1) : 0;
    const data = [];
    for (; time(i) <= now && data.length < 100; i++) {
      if (isThere(i)) data.push({ object: "event", id: `${i}`, created_at: new Date(time(i)).toISOString() });
    }
    return Promise.resolve(Response.json({ data, list_metadata: { after: time(i) <= now ? `${i - 1}` : null } }));
  };
  const cursorStore: CursorStore = { get: () => structuredClone(cursor), set: (next) => void (cursor = next) };
  const wait = (ms: number) => Promise.resolve(void (now += ms));
  const config = resolveConfig({ apiKey: "sk_1", fetchFn }, () => undefined);
  let asleep = 0; // a monotonic clock may stand still in that time
  const elapsed = () => now - asleep;
  const events = new Events(new Api(config, { now: () => now + ahead, elapsed, random: () => 0.5, wait }));
  const consume = async (
    { hours, workFor, overlap, setRightAfter = Infinity, sleepAfter = Infinity }: {
      hours: number;
      workFor: number;
      overlap?: number;
      setRightAfter?: number;
      sleepAfter?: number;
    },
  ) => {
    const until = now + hours * 3_600_000;
    const seen = new Set<string>();
    for await (const { id } of events.consume({ events: ["user.created"], cursorStore, overlap })) {
      if (seen.has(id)) throw new Error(`event ${id} comes twice`);
      if (now > until && seen.size > 0) break;
      seen.add(id);
      now += workFor;
      if (seen.size === setRightAfter) ahead = 0;
      if (seen.size === sleepAfter) [now, asleep] = [now + 3_600_000, asleep + 3_600_000];
    }
    return seen;
  };
  return { consume, happened: (before: number) => Math.max(0, Math.floor((now - before - time(0)) / every)) };
}

/** Reads twice what happens 10,400 times in 20.8 s; gives the ids in the order of their delivery. */
async function consumeTwice(
  { overlap, now = [], later = [] }: { overlap?: number; now?: Happening[]; later?: Happening[] },
): Promise<string[]> {
  const controller = new AbortController();
  const regular = Array.from({ length: 10_400 }, (_, i) => happening(2 * i));
  let all = [...regular, ...now];
  let sweeps = 0;
  const wait = () => {
    if (++sweeps === 2) controller.abort();
    all = [...all, ...later].sort((a, b) => a.created_at < b.created_at ? -1 : 1);
    return Promise.resolve();
  };
  const { events } = listing(() => all, { now: START + 20_800, wait });

  const seen: string[] = [];
  const options = { events: ["user.created"] as const, overlap, signal: controller.signal };
  await assertRejects(async () => {
    for await (const { id } of events.consume(options)) seen.push(id);
  });
  return seen;
}
