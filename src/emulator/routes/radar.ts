import { entityNotFound, invalidField, Reply } from "../answers.ts";
import { checkOneOf, CHECKS, readFields } from "../fields.ts";
import { type Kind, kind } from "../kind.ts";
import { type Call, type Route, route400 } from "../router.ts";
import type { Entity } from "../store.ts";
import type { World } from "../world.ts";

/** What the entries of each list must be; any text where there is nothing to check. */
const LISTS: Record<string, (entry: string) => boolean> = {
  ip_address: isIpAddress,
  domain: CHECKS.domain,
  email: CHECKS.email,
  device: () => true,
  user_agent: () => true,
  device_fingerprint: () => true,
  country: (entry) => /^[A-Za-z]{2}$/.test(entry),
};

const ATTEMPT = {
  ip_address: "text",
  user_agent: "text",
  email: "email",
  auth_method: "text",
  action: "text",
  signals_id: "text?",
} as const;

const METHODS = ["Password", "Passkey", "Authenticator", "SMS_OTP", "Email_OTP", "Social", "SSO", "Other"];

/** A request that was assessed. */
interface RadarAttempt extends Entity {
  attempt_status?: string;
  challenge_status?: string;
}

const ATTEMPTS: Kind<RadarAttempt> = kind("radar_attempt", {
  prefix: "radar_att",
  title: "Radar attempt",
});

const ENTRIES: Kind<Entity> = kind("radar_list_entry", { title: "Radar list entry" });

/** Radar's own engine: its lists decide, and whatever is on none is allowed. */
export const radarRoutes: Route[] = [
  route400("POST /radar/attempts", assess),
  route400("PUT /radar/attempts/:id", ({ params: { id }, body }, world) => {
    const change = readFields(body, { challenge_status: "text?", attempt_status: "text?" });
    for (const [field, value] of Object.entries(change)) checkOneOf(field, value, ["success"]);
    world.set(ATTEMPTS, id, change);
  }, 204),
  route400("POST /radar/lists/:type/:action", (call, world) => {
    const id = readEntry(call);
    const known = world.of(ENTRIES).get(id);
    if (!known) world.of(ENTRIES).insert({ id });
    return known && new Reply(200, { message: "Entry already present in list" });
  }, 204),
  route400("DELETE /radar/lists/:type/:action", (call, world) => {
    const id = readEntry(call);
    if (!world.of(ENTRIES).delete(id)) throw entityNotFound(ENTRIES.title, String(call.body.entry));
  }, 204),
];

function assess({ body }: Call, world: World): object {
  const { ip_address, user_agent, email, auth_method, action } = readFields(body, ATTEMPT);
  checkOneOf("auth_method", auth_method, METHODS);
  checkOneOf("action", action, ["sign-up", "sign-in"]);
  const { id: attempt_id } = world.of(ATTEMPTS).insert({ id: world.ids.id(ATTEMPTS.prefix) });
  const known = Object.entries({ ip_address, user_agent, email, domain: email.slice(email.lastIndexOf("@") + 1) });
  const listed = (action: string) => known.find(([type, value]) => world.of(ENTRIES).get(entryId(type, action, value)));
  const allowed = listed("allow");
  if (allowed) return { verdict: "allow", reason: `Allowed by ${allowed[0]} list`, attempt_id };
  const [blocklist_type] = listed("block") ?? [];
  if (!blocklist_type) return { verdict: "allow", reason: "No Radar control was triggered", attempt_id };
  const reason = `Blocked by ${blocklist_type} list`;
  return { verdict: "block", reason, attempt_id, control: "restriction", blocklist_type };
}

/** The id of the entry a request is about. */
function readEntry({ params: { type, action }, body }: Call): string {
  checkOneOf("type", type, Object.keys(LISTS));
  checkOneOf("action", action, ["block", "allow"]);
  const { entry } = readFields(body, { entry: "text" });
  if (!LISTS[type](entry)) throw invalidField("entry");
  return entryId(type, action, entry);
}

/** Upper and lower case are the same. */
function entryId(type: string, action: string, entry: string): string {
  return JSON.stringify([type, action, entry.toLowerCase()]);
}

function isIpAddress(text: string): boolean {
  if (text.includes(":")) return /^[\da-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]`);
  return /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split(".").every((part) => Number(part) < 256);
}
