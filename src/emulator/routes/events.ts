import { invalidFields } from "../answers.ts";
import { manyValues, paginate } from "../list.ts";
import { type EmulatorEvent, EVENTS } from "../records.ts";
import { type Call, type Route, route } from "../router.ts";
import type { World } from "../world.ts";

/** What happened so far. */
export const eventRoutes: Route[] = [route("GET /events", listEvents)];

function listEvents({ query }: Call, world: World): object {
  const names = manyValues(query, "events");
  const [start, end] = [readTime(query, "range_start"), readTime(query, "range_end")];
  const organizationId = query.get("organization_id");
  const collection = world.of(EVENTS);
  const rows = collection.all((event) => {
    const time = Date.parse(event.created_at);
    if (names && !names.includes(event.event)) return false;
    if (organizationId && organizationOf(event) !== organizationId) return false;
    return (start === undefined || time >= start) && (end === undefined || time < end);
  });
  const { data, list_metadata } = paginate(query, { collection, rows, order: "asc" });
  return { object: "list", data, list_metadata };
}

function organizationOf({ data }: EmulatorEvent): unknown {
  return data.object === "organization" ? data.id : data.organization_id;
}

function readTime(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (!text) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalidFields([{ code: `${name}_invalid`, field: name }]);
  return time;
}
