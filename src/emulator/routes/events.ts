import { REGISTRATIONS } from "../agents.ts";
import { isObject, readQuery } from "../fields.ts";
import { GROUPS } from "../groups.ts";
import { manyValues, paginate } from "../list.ts";
import { type EmulatorEvent, EVENTS, MEMBERSHIPS } from "../records.ts";
import { type Call, type Route, route } from "../router.ts";
import type { World } from "../world.ts";

/** What happened so far. */
export const eventRoutes: Route[] = [route("GET /events", listEvents)];

function listEvents({ query }: Call, world: World): object {
  const names = manyValues(query, "events");
  const { range_start, range_end } = readQuery(query, { range_start: "time?", range_end: "time?" });
  const [start, end] = [Date.parse(range_start ?? ""), Date.parse(range_end ?? "")];
  const organizationId = query.get("organization_id");
  const collection = world.of(EVENTS);
  const rows = collection.all((event) => {
    const time = Date.parse(event.created_at);
    if (names && !names.includes(event.event)) return false;
    if (organizationId && !isAbout(event, organizationId, world)) return false;
    return !(time < start) && !(time >= end); // both may be NaN
  });
  // The description has one default for all lists, `desc`; whoever polls with `after` alone needs the oldest first
  return { object: "list", ...paginate(query, { collection, rows, order: "asc" }) };
}

/** Whether an event is about an organization, or something of it, which some events hold or name one level deeper. */
function isAbout({ data }: EmulatorEvent, organizationId: string, world: World): boolean {
  const named = [
    world.of(GROUPS).get(data.group_id as string | undefined),
    world.of(MEMBERSHIPS).get(data.organization_membership_id as string | undefined),
    world.of(REGISTRATIONS).get(data.agent_registration_id as string | undefined),
  ];
  const parts = [data, data.group, data.owner, data.sso, data.organization_domain, ...named].filter(isObject);
  return parts.some(({ object, type, id, organization_id }) =>
    organization_id === organizationId || ([object, type].includes("organization") && id === organizationId)
  );
}
