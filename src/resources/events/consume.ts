// Reads events without gaps: in order, again where some may appear late, and delivers each once.

import { checkMethods } from "../../config.ts";
import { badOption } from "../../errors.ts";
import type { List } from "../../page.ts";
import type { TransportClock } from "../../transport.ts";
import { signalsOf, untilAborted } from "../../wait.ts";
import type { ListEventOptions } from "../events.ts";
import type { Event, EventName, UnknownEvent } from "./envelopes.ts";

/** Position of a consumer of events: plain JSON, to be stored as it is. */
export interface EventCursor {
  /** Time from which events are read next, ISO 8601; all events before it are finished. */
  from: string;
  /** Ids of the last finished events, at most 100; they are not delivered again. */
  finished: string[];
}

/** Stores the cursor of one consumer, for its next start. */
export interface CursorStore {
  /** Returns the cursor that was set last; `undefined` before the first one. */
  get(): EventCursor | undefined | Promise<EventCursor | undefined>;
  /** Stores a cursor in place of the previous one. When it rejects, so does the consumer. */
  set(cursor: EventCursor): void | Promise<void>;
}

/** The events that {@linkcode Events.consume} delivers for the names `Name`. */
export type ConsumedEvent<Name extends string> = Name extends EventName ? Extract<Event, { event: Name }>
  : UnknownEvent;

/** Options of {@linkcode Events.consume}. */
export interface ConsumeEventsOptions<Name extends string = EventName> {
  /** Names of the events to deliver, at least one, including ones this version does not know. */
  events: readonly Name[];
  /** Only events of this organization. */
  organizationId?: string;
  /** Where to begin when there is no stored cursor. Default: at the oldest event that the API still has. */
  rangeStart?: string | Date;
  /**
   * Stores the cursor. Default: memory, so that each start begins anew. A cursor holds 100 ids: when more events than
   * that are younger than `overlap` plus five minutes, a restart delivers some of them again.
   */
  cursorStore?: CursorStore;
  /**
   * How late an event may appear in the list, in milliseconds. Default 30 000. Each poll reads this part of the list
   * again, and keeps the ids of all events in it in memory: about 100 bytes per event.
   */
  overlap?: number;
  /** How long to wait before the next poll, in milliseconds, with 50 % jitter. Default 1 000. */
  minDelay?: number;
  /** Maximum of that wait, which doubles while there are no events, in milliseconds before jitter. Default 30 000. */
  maxDelay?: number;
  /** Ends the consumer after its current event or while it waits, as `return()` cannot: rejects with the `reason`. */
  signal?: AbortSignal;
  /** Waits `ms` milliseconds, or rejects when a signal aborts. Default: a timer. */
  wait?: (ms: number, signals: AbortSignal[]) => Promise<void>;
}

/** What {@linkcode consumeEvents} reads from. */
export interface EventSource {
  /** Fetches one page. */
  fetchPage: (options: ListEventOptions) => Promise<List<Event>>;
  /** Source of time and jitter. */
  clock: TransportClock;
}

/** Events per page: the API's maximum. */
const PAGE = 100;
/** How far the local clock may be ahead without an event being missed, in milliseconds. */
const MAX_SKEW = 300_000;
/** Maximum number of ids in a cursor. */
const CURSOR_IDS = 100;
/** Number of ids above which old ones are dropped even in the middle of a sweep. */
const MANY_IDS = 10_000;
const LONGEST_DELAY = 1_431_655_764; // the limit of timers, divided by 1.5 for the jitter

/** The cursor is read only at the start, when there is none. */
const NO_STORE: CursorStore = { get: () => undefined, set() {} };

/** See {@linkcode Events.consume}. */
export async function* consumeEvents<Name extends string>(
  { fetchPage, clock }: EventSource,
  options: ConsumeEventsOptions<Name>,
): AsyncGenerator<ConsumedEvent<Name>, void, undefined> {
  const { cursorStore, overlap, minDelay, maxDelay, signal, signals } = checkOptions(options);
  const wait = options.wait ?? clock.wait;
  const progress = new Progress(await untilAborted(resume(cursorStore, options.rangeStart), signals), overlap);
  for (let idle = 0;; idle++) {
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
  }
}

function checkOptions(options: ConsumeEventsOptions<string>) {
  const { events, cursorStore = NO_STORE, overlap = 30_000, minDelay = 1_000, maxDelay = 30_000 } = options;
  if (!Array.isArray(events) || events.length === 0) throw badOption("events", "it is not a list of names");
  if (!(overlap >= 0 && overlap < Infinity)) {
    throw badOption("overlap", "it is not a number of milliseconds");
  }
  for (const [name, delay] of Object.entries({ minDelay, maxDelay })) {
    if (!(delay >= 0 && delay <= LONGEST_DELAY)) {
      throw badOption(name, "it is not a number of milliseconds");
    }
  }
  checkMethods(cursorStore, "cursorStore", ["get", "set"]);
  const { rangeStart } = options;
  if (rangeStart !== undefined && !(new Date(rangeStart).getTime() >= 0)) {
    throw badOption("rangeStart", "it is not a time");
  }
  return { ...options, cursorStore, overlap, minDelay, maxDelay, signals: signalsOf(options.signal) };
}

/** Returns the stored cursor. Stores a `rangeStart` before anything is read, so that a restart does not begin later. */
async function resume(store: CursorStore, rangeStart?: string | Date): Promise<EventCursor | undefined> {
  const stored = await store.get();
  if (stored || rangeStart === undefined) return stored;
  const cursor = { from: new Date(rangeStart).toISOString(), finished: [] };
  await store.set(cursor);
  return cursor;
}

/** Reads the list from the current position, page by page, oldest first, until its end or until a new sweep is due. */
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
 * Tracks which events are finished, and from where to read again. An event may appear `overlap` after its time, so the
 * list is complete only up to `overlap` before a page was requested. As the local clock may be ahead of the API's, the
 * time of the newest event is used instead within {@linkcode MAX_SKEW} of that limit.
 */
class Progress {
  /** Time from which a sweep reads. */
  declare from: number;
  readonly #overlap: number;
  readonly #finished: Map<string, number> = new Map();
  #latest: string[];
  #many = MANY_IDS;
  #began = Infinity; // when the first page that may have missed an event was requested
  #begunAt = 0; // the same by the monotonic clock
  #beganThere = -Infinity; // the same by the API's clock, or earlier
  #reached = -Infinity;

  constructor(cursor: EventCursor | undefined, overlap: number) {
    this.from = cursor ? Date.parse(cursor.from) : -Infinity;
    const { finished = [] } = cursor ?? {};
    if (Number.isNaN(this.from) || !Array.isArray(finished)) {
      throw new TypeError("Cannot consume events: the stored cursor is invalid");
    }
    this.#latest = [...finished];
    this.#overlap = overlap;
    for (const id of this.#latest) this.#finished.set(id, NaN);
  }

  /**
   * Records that a page is requested. Returns `false` when a new sweep is due: so much time has passed since pages may
   * first have missed an event that it is better to look for such events first.
   */
  beginPage(clock: TransportClock): boolean {
    if (this.#isOld) [this.#began, this.#begunAt, this.#beganThere] = [clock.now(), clock.elapsed(), -Infinity];
    return this.#lasted(clock) <= this.#overlap + MAX_SKEW;
  }

  /** Records that a page has arrived; the time of its newest event is a lower limit of the API's clock. */
  endPage(clock: TransportClock, newest: Event | undefined): void {
    const beganThere = Date.parse(newest?.createdAt ?? "") - this.#lasted(clock);
    if (beganThere > this.#beganThere) this.#beganThere = beganThere;
  }

  /** Time since then by the clock that counts more: one may stand still in sleep, the other may be set back. */
  #lasted(clock: TransportClock): number {
    return Math.max(clock.elapsed() - this.#begunAt, clock.now() - this.#began);
  }

  /** Whether no event read so far can have been preceded by a missing one, even if the clocks differ. */
  get #isOld(): boolean {
    return this.#reached <= this.#began - this.#overlap - MAX_SKEW;
  }

  /** Records that the sweep has reached an event. Returns whether it must be delivered. */
  reach(event: Event): boolean {
    const time = Date.parse(event.createdAt);
    if (time < this.from) return false; // within a millisecond that is finished
    if (time > this.#reached) this.#reached = time;
    if (!this.#finished.has(event.id)) return true;
    this.#finished.set(event.id, time);
    return false;
  }

  /** Records that an event is finished. Returns the cursor to store. */
  finish({ id, createdAt }: Event): EventCursor {
    this.#finished.set(id, Date.parse(createdAt));
    this.#latest = [...this.#latest.slice(1 - CURSOR_IDS), id];
    if (this.#finished.size > this.#many) this.#forget();
    return this.#cursor();
  }

  /** Records the end of a sweep; the next page begins another. Returns the cursor to store if it has advanced. */
  endSweep(): EventCursor | undefined {
    const before = this.from;
    this.from = this.#complete();
    if (this.#isOld && this.from === this.#reached) this.from++; // this millisecond is complete
    this.#forget();
    [this.#began, this.#reached] = [Infinity, -Infinity];
    return this.from > before ? this.#cursor() : undefined;
  }

  #cursor(): EventCursor {
    return { from: new Date(Math.max(0, this.#complete())).toISOString(), finished: this.#latest };
  }

  /** The time up to which no event can be missing. */
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
