import { badRequest } from "../answers.ts";
import { get, listOf } from "../crud.ts";
import { readFields } from "../fields.ts";
import { type Kind, kind, type Stamped } from "../kind.ts";
import { wholeList } from "../list.ts";
import { type Call, type Route, route } from "../router.ts";
import type { World } from "../world.ts";

type Waitlist = Stamped;

export const WAITLISTS: Kind<Waitlist> = kind<Waitlist>("waitlist");

interface WaitlistEntry extends Stamped {
  email: string;
  state: "pending" | "approved" | "denied";
  approved_at: string | null;
  additional_fields: Record<string, unknown>;
  waitlist_id: string;
}

const ENTRIES: Kind<WaitlistEntry> = kind<WaitlistEntry>("waitlist_entry", {
  announce: ({ additional_fields: _, ...entry }) => ({ ...entry, object: "waitlist_user" }),
});

/** People who wait to be let in. There is one waitlist from the start. */
export const waitlistRoutes: Route[] = [
  route("GET /user_management/waitlists", (_call, world) => {
    return wholeList(world.of(WAITLISTS).all());
  }),
  get(WAITLISTS, "/user_management/waitlists"),
  listOf("/user_management/waitlists/:id/entries", WAITLISTS, {
    kind: ENTRIES,
    belongs: ({ waitlist_id }, id) => waitlist_id === id,
    filters: {
      state: ({ state }, wanted) => state === wanted,
      email: ({ email }, wanted) => email.toLowerCase() === wanted.toLowerCase(),
    },
  }),
  route("POST /user_management/waitlists/:id/entries", createEntry, 201),
  route("POST /user_management/waitlist_entries/:id/approve", ({ params: { id } }, world) => {
    return decide(world, id, { state: "approved", approved_at: world.timestamp() });
  }),
  route("POST /user_management/waitlist_entries/:id/deny", ({ params: { id } }, world) => {
    return decide(world, id, { state: "denied", approved_at: null });
  }),
  route("DELETE /user_management/waitlist_entries/:id", ({ params: { id } }, world) => {
    world.remove(ENTRIES, id);
  }, 204),
];

function createEntry({ params: { id }, body }: Call, world: World): object {
  const { id: waitlist_id } = world.existing(WAITLISTS, id);
  const shape = { email: "email", additional_fields: "object?", send_confirmation_email: "flag?" } as const;
  const { email, additional_fields, send_confirmation_email } = readFields(body, shape);
  const known = world.of(ENTRIES).find((entry) =>
    entry.waitlist_id === waitlist_id && entry.email.toLowerCase() === email.toLowerCase()
  );
  if (known) throw badRequest("waitlist_entry_already_exists");
  const fields = additional_fields ?? {};
  const rest = { state: "pending", approved_at: null, waitlist_id } as const;
  const entry = world.create(ENTRIES, { email, additional_fields: fields, ...rest });
  if (send_confirmation_email) world.send({ type: "waitlist", to: email, id: entry.id });
  world.emitAbout("waitlist_user.created", ENTRIES, entry);
  return entry;
}

function decide(world: World, id: string, change: Pick<WaitlistEntry, "state" | "approved_at">): object {
  const entry = world.set(ENTRIES, id, { ...change, updated_at: world.timestamp() });
  world.emitAbout(`waitlist_user.${change.state}`, ENTRIES, entry);
  return entry;
}
