/**
 * Events without gaps: read in order, again where some may come late, each delivered once.
 *
 * @module
 */

import { checkMethods } from "../../config.ts";
import { badOption } from "../../errors.ts";
import type { List } from "../../page.ts";
import type { TransportClock } from "../../transport.ts";
import { signalsOf } from "../../wait.ts";
import type { ListEventOptions } from "../events.ts";
import type { Event, EventName, UnknownEvent } from "./envelopes.ts";

/** How far a consumer of events has come. It is plain JSON, to be stored as it is. */
export interface EventCursor {
  /** Time from which events are read next, ISO 8601: everything before it is finished. */
  from: string;
  /** Ids of the events that were finished last, at most 100: when they are read again they are not delivered again. */
  finished: string[];
}

/** Keeps the cursor of one consumer, for the next start. */
export interface CursorStore {
  /** The cursor that was set last; `undefined` before the first one. */
  get(): EventCursor | undefined | Promise<EventCursor | undefined>;
  /** Keeps a cursor in place of the one before. When it rejects, so does the consumer. */
  set(cursor: EventCursor): void | Promise<void>;
}

/** What {@linkcode Events.consume} delivers for the names `Name`. */
export type ConsumedEvent<Name extends string> = Name extends EventName ? Extract<Event, { event: Name }>
  : UnknownEvent;

/** Options of {@linkcode Events.consume}. */
export interface ConsumeEventsOptions<Name extends string = EventName> {
  /** The names of the events that are wanted, also ones this version does not know. */
  events: readonly Name[];
  /** Only events of this organization. */
  organizationId?: string;
  /** Where to begin as long as there is no cursor. Default: with the oldest event that the API still has. */
  rangeStart?: string | Date;
  /**
   * Keeps the cursor. Default: memory, so that the next start begins anew. A cursor holds 100 ids: when more events than
   * that are younger than `overlap` and five minutes, a new start delivers some of them again.
   */
  cursorStore?: CursorStore;
  /**
   * How late an event may appear in the list, in milliseconds. Default 30 000. So much of the list is read again each
   * time, and the ids of all events in it stay in memory: about 100 bytes for each.
   */
  overlap?: number;
  /** How long to wait before looking again, in milliseconds, give or take a half. Default 1 000. */
  minDelay?: number;
  /** To what the wait grows while nothing happens, in milliseconds, give or take a half. Default 30 000. */
  maxDelay?: number;
  /** Ends it: the consumer rejects with the signal's `reason`, once the event at hand is finished. */
  signal?: AbortSignal;
  /** Waits `ms` milliseconds, or rejects when a signal aborts. Default: a timer. */
  wait?: (ms: number, signals: AbortSignal[]) => Promise<void>;
}

/** What {@linkcode consumeEvents} works with. */
export interface EventSource {
  /** Fetches one page. */
  fetchPage: (options: ListEventOptions) => Promise<List<Event>>;
  /** What time it is. */
  clock: TransportClock;
}

/** Events per page: the most the API gives. */
const PAGE = 100;
/** How far ahead our clock may be, in milliseconds, without an event being missed for it. */
const MAX_SKEW = 300_000;
/** How many ids a cursor has. */
const CURSOR_IDS = 100;
/** From how many ids on those that are no longer needed are looked for, also in the middle of a sweep. */
const MANY_IDS = 10_000;
const LONGEST_DELAY = 1_431_655_764; // a timer holds half as much more

/** See {@linkcode Events.consume}. */
export async function* consumeEvents<Name extends string>(
  { fetchPage, clock }: EventSource,
  options: ConsumeEventsOptions<Name>,
): AsyncGenerator<ConsumedEvent<Name>, void, undefined> {
  const { cursorStore, overlap, minDelay, maxDelay, signal, signals } = checkOptions(options);
  const wait = options.wait ?? ((ms, signals) => clock.wait(ms, signals));
  const progress = new Progress(await resume(cursorStore, options.rangeStart), overlap);
  for (let idle = 0;; idle++) {
    progress.beginSweep();
    for await (const event of sweep({ fetchPage, clock }, options, progress)) {
      if (!progress.reach(event)) continue;
      yield event as ConsumedEvent<Name>;
      await cursorStore.set(progress.finish(event));
      if (signal?.aborted) throw signal.reason;
      idle = -1;
    }
    const cursor = progress.endSweep();
    if (cursor) await cursorStore.set(cursor);
    const delay = Math.min(minDelay * 2 ** Math.min(Math.max(0, idle), 30), maxDelay);
    await wait(delay * (0.5 + clock.random()), signals);
    if (signal?.aborted) throw signal.reason;
  }
}

function checkOptions(options: ConsumeEventsOptions<string>) {
  const { events, cursorStore = memoryStore(), overlap = 30_000, minDelay = 1_000, maxDelay = 30_000 } = options;
  if (!Array.isArray(events) || events.length === 0) throw badOption("events", "it is not a list of names");
  if (!(overlap >= 0 && overlap < Infinity)) {
    throw badOption("overlap", "it is not a non-negative number of milliseconds");
  }
  for (const [name, delay] of Object.entries({ minDelay, maxDelay })) {
    if (!(delay >= 0 && delay <= LONGEST_DELAY)) {
      throw badOption(name, "it is not a number of milliseconds for a timer");
    }
  }
  checkMethods(cursorStore, "cursorStore", ["get", "set"]);
  const { rangeStart } = options;
  if (rangeStart !== undefined && !(new Date(rangeStart).getTime() >= 0)) {
    throw badOption("rangeStart", "it is not a time");
  }
  return { ...options, cursorStore, overlap, minDelay, maxDelay, signals: signalsOf(options.signal) };
}

function memoryStore(): CursorStore {
  let cursor: EventCursor | undefined;
  return { get: () => cursor, set: (next) => void (cursor = next) };
}

/** Goes on at the stored cursor. A beginning is stored before anything is read: a restart must not begin later. */
async function resume(store: CursorStore, rangeStart?: string | Date): Promise<EventCursor | undefined> {
  const stored = await store.get();
  if (stored || rangeStart === undefined) return stored;
  const cursor = { from: new Date(rangeStart).toISOString(), finished: [] };
  await store.set(cursor);
  return cursor;
}

/** The events of the list from where progress is, page by page, oldest first; until a new sweep is due at the latest. */
async function* sweep(
  { fetchPage, clock }: EventSource,
  { events, organizationId }: ConsumeEventsOptions<string>,
  progress: Progress,
): AsyncGenerator<Event, void, undefined> {
  const { from } = progress;
  const rangeStart = from === -Infinity ? undefined : new Date(from - 1); // the API means "after"
  let after: string | undefined;
  do {
    if (!progress.beginPage(clock)) return;
    const page = await fetchPage({ events: [...events], organizationId, rangeStart, after, limit: PAGE, order: "asc" });
    progress.endPage(clock, page.data.at(-1));
    yield* page.data;
    const next = page.listMetadata.after ?? undefined;
    if (next !== undefined && next === after) {
      throw new Error("Cannot continue the list: the API sent the same cursor twice");
    }
    after = next;
  } while (after !== undefined);
}

/**
 * What is finished, and from where to read again. An event may appear `overlap` after its time, so what a page has
 * passed is complete only up to `overlap` before the page was asked for. Our clock may be ahead of the API's: from
 * {@linkcode MAX_SKEW} before that on, it is the newest event that tells the time.
 */
class Progress {
  /** Time from which a sweep reads. */
  from: number;
  readonly #overlap: number;
  readonly #finished: Map<string, number> = new Map();
  #latest: string[];
  #many = MANY_IDS;
  #began = Infinity; // when the first page was asked for that may have missed something
  #begunAt = 0; // the same by the clock that nobody sets
  #beganThere = -Infinity; // the same by the API's clock, or earlier
  #reached = -Infinity;

  constructor(cursor: EventCursor | undefined, overlap: number) {
    this.from = cursor ? Date.parse(cursor.from) : -Infinity;
    const { finished = [] } = cursor ?? {};
    if (Number.isNaN(this.from) || !Array.isArray(finished)) {
      throw new TypeError("Cannot consume events: the stored cursor has no valid time or no list of ids");
    }
    this.#latest = [...finished];
    this.#overlap = overlap;
    for (const id of this.#latest) this.#finished.set(id, NaN);
  }

  beginSweep(): void {
    [this.#began, this.#reached] = [Infinity, -Infinity];
  }

  /**
   * Notes that a page is asked for. Says no when so much time has passed over the newest events, whose pages may have
   * missed some, that it is better to look for those first.
   */
  beginPage(clock: TransportClock): boolean {
    const elapsed = clock.elapsed();
    if (this.#isOld) [this.#began, this.#begunAt, this.#beganThere] = [clock.now(), elapsed, -Infinity];
    return elapsed - this.#begunAt <= this.#overlap + MAX_SKEW;
  }

  /** Notes that a page has arrived: its newest event was there by now. */
  endPage(clock: TransportClock, newest: Event | undefined): void {
    const beganThere = Date.parse(newest?.createdAt ?? "") - (clock.elapsed() - this.#begunAt);
    if (beganThere > this.#beganThere) this.#beganThere = beganThere;
  }

  /** Whether nothing can be missing of what was passed, whoever's clock is right. */
  get #isOld(): boolean {
    return this.#reached <= this.#began - this.#overlap - MAX_SKEW;
  }

  /** Notes that the sweep has come to an event; whether it has to be delivered. */
  reach(event: Event): boolean {
    const time = Date.parse(event.createdAt);
    if (time < this.from) return false; // of a part of a millisecond that is finished
    if (time > this.#reached) this.#reached = time;
    if (!this.#finished.has(event.id)) return true;
    this.#finished.set(event.id, time);
    return false;
  }

  /** Notes that an event is finished. Returns the cursor to store. */
  finish({ id, createdAt }: Event): EventCursor {
    this.#finished.set(id, Date.parse(createdAt));
    this.#latest = [...this.#latest.slice(1 - CURSOR_IDS), id];
    if (this.#finished.size > this.#many) this.#forget();
    return this.#cursor();
  }

  /** Notes that there are no more events now. Returns the cursor to store when it has moved on. */
  endSweep(): EventCursor | undefined {
    const before = this.from;
    this.from = this.#complete();
    if (this.#isOld && this.from === this.#reached) this.from++; // all of this millisecond was passed
    this.#forget();
    return this.from > before ? this.#cursor() : undefined;
  }

  #cursor(): EventCursor {
    return { from: new Date(Math.max(0, this.#complete())).toISOString(), finished: this.#latest };
  }

  /** The time up to which nothing can be missing. */
  #complete(): number {
    const late = Math.min(this.#reached, this.#beganThere, this.#began) - this.#overlap;
    return Math.max(this.from, late, Math.min(this.#reached, this.#began - this.#overlap - MAX_SKEW));
  }

  /** Forgets the ids of events that no later sweep reads; one from a stored cursor has no time until it is read. */
  #forget(): void {
    const complete = this.#complete();
    for (const [id, time] of this.#finished) if (time < complete) this.#finished.delete(id);
    this.#many = Math.max(MANY_IDS, 2 * this.#finished.size);
  }
}
