// Events: what happened in an environment; they are the same in the events list and in webhooks.

import { badOption } from "../errors.ts";
import type { List } from "../page.ts";
import { type Api, readList, type RequestOptions } from "../api.ts";
import { camel, isObject, type OpenString, type Wire } from "../wire.ts";
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

/** Options of {@linkcode Events.listEvents}. */
export interface ListEventOptions {
  /** Names of the events to list, including ones this version does not know. Default: the API's. */
  events?: (EventName | OpenString)[];
  /** Only events after this time. */
  rangeStart?: string | Date;
  /** Only events before this time. */
  rangeEnd?: string | Date;
  /** Events per page, 1 to 100. Default: the API's, 10. */
  limit?: number;
  /** Cursor: selects the page that ends before this id. */
  before?: string | null;
  /** Cursor: selects the page that begins after this id. To continue later, store the id of the last event you saw. */
  after?: string | null;
  /** Only events of this organization. */
  organizationId?: string;
  /** Order by time. Default: the API's. */
  order?: "asc" | "desc" | "normal" | OpenString;
}

/** Reads an event. Its `context` keeps the API's names; `data` of an unknown `object` is only renamed to camelCase. */
export function readEvent(wire: Wire): Event {
  const { data, ...envelope } = wire;
  return { ...camel<EventBase>(envelope), data: readData(data, wire.event) } as Event;
}

function readData(data: unknown, event: unknown): unknown {
  if (!isObject(data)) return camel(data);
  const object = data.object ?? UNSAID.exec(event as string)?.[0];
  return (READERS.get(object) ?? camel)(data);
}

/** Names of events whose data may lack `object`: those of directories, and any event made by hand. */
const UNSAID = /^(dsync\.(user\.|group\.user_)|(connection|group|organization(_membership)?|user)(?=\.[a-z]+$))/;

/** Reads a user and a group of a directory. */
function readDirectoryGroupUser(wire: Wire): DirectoryGroupUser {
  const member = camel<DirectoryGroupUser>(wire);
  if (member.user) member.user = readDirectoryUser(wire.user as Wire);
  return member;
}

/** Readers by `object`; anything else is only renamed, directories too, whose state stays as it is in events. */
const READERS = /* @__PURE__ */ new Map<unknown, (wire: Wire) => unknown>([
  ["connection", readConnection],
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

  /** Fetches one page of events; continue with `listMetadata.after`, which is `null` at the end. `GET /events` */
  async listEvents(options: ListEventOptions = {}, request?: RequestOptions): Promise<List<Event>> {
    const read = (wire: Wire) => readList(wire, readEvent);
    return await this.#api.send("GET", "/events", { query: options, read }, request);
  }

  /**
   * Delivers events in order, endlessly and each once, including those that appear late in the list. When there are no
   * new events it polls, at growing intervals.
   *
   * ```ts ignore
   * for await (const event of workos.events.consume({ events: ["user.created"], cursorStore, signal })) {
   *   await welcome(event.data); // then the cursor moves on
   * }
   * ```
   *
   * The cursor is stored when the loop asks for the next event. The event at which the loop ends, by `break`, by an
   * exception or with the process, counts as unfinished: the next start continues at the cursor and delivers it again.
   * Rejects when a page cannot be fetched or the cursor cannot be read or stored; start it again after that. Throws a
   * `TypeError` for bad options. `GET /events`
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
