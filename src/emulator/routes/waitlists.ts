import { sameAddress } from "../records.ts";
import { badRequest } from "../answers.ts";
import { byEmail, get, listOf, remove, routeOn } from "../crud.ts";
import { readFields } from "../fields.ts";
import { type Kind, kind, type Stamped } from "../kind.ts";
import { wholeList } from "../list.ts";
import { type Call, type Route, route } from "../router.ts";
import type { World } from "../world.ts";

const PATH = "/user_management/waitlists";

const ENTRIES_PATH = "/user_management/waitlist_entries";

type Waitlist = Stamped;

export const WAITLISTS: Kind<Waitlist> = kind("waitlist");

interface WaitlistEntry extends Stamped {
  email: string;
  state: "pending" | "approved" | "denied";
  approved_at: string | null;
  additional_fields: Record<string, unknown>;
  waitlist_id: string;
}

const ENTRIES: Kind<WaitlistEntry> = kind("waitlist_entry", {
  announce: ({ additional_fields: _, ...entry }) => ({ ...entry, object: "waitlist_user" }),
});

/** Waitlists and their entries. One waitlist always exists. */
export const waitlistRoutes: Route[] = [
  route(`GET ${PATH}`, (_call, world) => {
    return wholeList(world.of(WAITLISTS).all());
  }),
  get(WAITLISTS, PATH),
  listOf(`${PATH}/:id/entries`, WAITLISTS, {
    kind: ENTRIES,
    belongs: "waitlist_id",
    filters: { state: "state", email: byEmail },
  }),
  routeOn(WAITLISTS, `POST ${PATH}/:id/entries`, createEntry, 201),
  routeOn(ENTRIES, `POST ${ENTRIES_PATH}/:id/approve`, ({ id }, _call, world) => {
    return decide(world, id, { state: "approved", approved_at: world.timestamp() });
  }),
  routeOn(ENTRIES, `POST ${ENTRIES_PATH}/:id/deny`, ({ id }, _call, world) => {
    return decide(world, id, { state: "denied", approved_at: null });
  }),
  remove(ENTRIES, ENTRIES_PATH),
];

function createEntry({ id: waitlist_id }: Waitlist, { body }: Call, world: World): object {
  const shape = { email: "email", additional_fields: "object?", send_confirmation_email: "flag?" } as const;
  const { email, additional_fields = {}, send_confirmation_email } = readFields(body, shape);
  if (world.of(ENTRIES).all({ waitlist_id }).some((entry) => sameAddress(entry.email, email))) {
    throw badRequest("waitlist_entry_already_exists");
  }
  const rest = { state: "pending", approved_at: null, waitlist_id } as const;
  const entry = world.create(ENTRIES, { email, additional_fields, ...rest });
  if (send_confirmation_email) world.send({ type: "waitlist", to: email, id: entry.id });
  world.emitAbout("waitlist_user.created", ENTRIES, entry);
  return entry;
}

function decide(world: World, id: string, change: Pick<WaitlistEntry, "state" | "approved_at">): object {
  return world.change(ENTRIES, id, `waitlist_user.${change.state}`, change);
}
