// Events: what happened in an environment, the same in the events list and in webhooks.

import { badOption } from "../errors.ts";
import type { List } from "../page.ts";
import { type Api, readList, type RequestOptions } from "../api.ts";
import { camel, type OpenString, type Wire } from "../wire.ts";
import { readDirectoryUser } from "./directory_sync.ts";
import { type ConsumedEvent, consumeEvents, type ConsumeEventsOptions } from "./events/consume.ts";
import type { DirectoryGroupUser } from "./events/data.ts";
import type { Event, EventBase, EventName } from "./events/envelopes.ts";
import { readGroup } from "./groups.ts";
import { readOrganization } from "./organizations.ts";
import { readConnection } from "./sso.ts";
import { readOrganizationMembership } from "./user_management/memberships.ts";
import { readUser } from "./user_management/users.ts";

export type { ConsumedEvent, ConsumeEventsOptions, CursorStore, EventCursor } from "./events/consume.ts";
export type * from "./events/data.ts";
export type * from "./events/envelopes.ts";

/** Filters and page of {@linkcode Events.listEvents}. */
export interface ListEventOptions {
  /** The names of the events that are wanted, also ones this version does not know. Default: the API's. */
  events?: (EventName | OpenString)[];
  /** Only events after this time. */
  rangeStart?: string | Date;
  /** Only events before this time. */
  rangeEnd?: string | Date;
  /** Events per page, 1 to 100. Default: the API's, 10. */
  limit?: number;
  /** Cursor: the page that ends before this id. */
  before?: string;
  /** Cursor: the page that begins after this id. Keep the last one you saw to go on from there. */
  after?: string;
  /** Only events of this organization. */
  organizationId?: string;
  /** Order by time. Default: the API's. */
  order?: "asc" | "desc" | OpenString;
}

/**
 * Reads an event of the events list or of a webhook. Its `context` keeps the API's names. Its `data` is read as what it
 * says it is; that of an event nobody knows yet is renamed to camelCase and otherwise left alone.
 */
export function readEvent(wire: Wire): Event {
  const { data, ...envelope } = wire;
  return { ...camel<EventBase>(envelope), data: readData(data, wire.event) } as Event;
}

function readData(data: unknown, event: unknown): unknown {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return camel(data);
  const object = (data as Wire).object ?? UNSAID.exec(event as string)?.[0];
  return (READERS.get(object) ?? camel)(data as Wire);
}

/** What data is that does not say it, by the name of its event: the API's of directories, anybody's made by hand. */
const UNSAID = /^(dsync\.(user\.|group\.user_)|(connection|group|organization(_membership)?|user)(?=\.[a-z]+$))/;

/** Reads a user of a directory beside one of its groups. */
function readDirectoryGroupUser(wire: Wire): DirectoryGroupUser {
  const member = camel<DirectoryGroupUser>(wire);
  if (member.user) member.user = readDirectoryUser(wire.user as Wire);
  return member;
}

/** What is not listed needs new names and nothing more. Directories are not: in events their state stays as it is. */
const READERS = /* @__PURE__ */ new Map<unknown, (wire: Wire) => unknown>([
  ["connection", readConnection],
  ["directory_user", readDirectoryUser],
  ["dsync.user.", readDirectoryUser],
  ["dsync.group.user_", readDirectoryGroupUser],
  ["group", readGroup],
  ["organization", readOrganization],
  ["organization_membership", readOrganizationMembership],
  ["user", readUser],
]);

/** Calls on the list of events. */
export class Events {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Fetches one page of events; go on with the `after` of its `listMetadata`, `null` at the end. `GET /events` */
  async listEvents(options: ListEventOptions = {}, request?: RequestOptions): Promise<List<Event>> {
    const read = (wire: Wire) => readList(wire, readEvent);
    return await this.#api.send("GET", "/events", { query: options, read }, request);
  }

  /**
   * Delivers events in order and without end, each of them once, also those that appear late. When nothing happens it
   * looks again from time to time.
   *
   * ```ts ignore
   * for await (const event of workos.events.consume({ events: ["user.created"], cursorStore, signal })) {
   *   await welcome(event.data); // the cursor moves on when this is done
   * }
   * ```
   *
   * The cursor is stored when the loop asks for the next event. The one at which the loop ends, by `break`, by an
   * exception or by the end of the process, counts as unfinished: it is delivered again at the next start, which goes on
   * where the cursor is. Rejects when a page cannot be fetched or the cursor not be stored; start it again after that.
   * `GET /events`
   */
  consume<Name extends EventName | OpenString = EventName>(
    options: ConsumeEventsOptions<Name>,
    request?: RequestOptions,
  ): AsyncGenerator<ConsumedEvent<Name>, void, undefined> {
    const signal = options.signal ?? request?.signal;
    if (request?.signal && request.signal !== signal) {
      throw badOption("signal", "it is given twice, and differs");
    }
    const fetchPage = (query: ListEventOptions) => this.listEvents(query, { ...request, signal });
    return consumeEvents({ fetchPage, clock: this.#api.clock }, { ...options, signal });
  }
}
