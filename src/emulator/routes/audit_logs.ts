import { badRequest, entityNotFound, invalidField, invalidFields, Reply } from "../answers.ts";
import {
  ACTIONS,
  addEvent,
  addSchema,
  AUDIT_LOG_EVENTS,
  type AuditLogEvent,
  EXPORTS,
  RETENTIONS,
  SCHEMAS,
} from "../audit_logs.ts";
import { list, listAnswer, routeOn } from "../crud.ts";
import { fieldFaults, type Fields, readFields, type Shape } from "../fields.ts";
import { ORGANIZATIONS } from "../records.ts";
import { type Call, publicRoute, type Route, route, route400 } from "../router.ts";
import { issueTicket, readTicket } from "../tickets.ts";
import type { World } from "../world.ts";

const EVENT = {
  action: "text",
  occurred_at: "time",
  actor: "object",
  targets: "objects",
  context: "object",
  metadata: "object?",
  version: "count?",
} as const;

const PARTY = { id: "text", type: "text", name: "text?", metadata: "object?" } as const;

const EXPORT = {
  organization_id: "text",
  range_start: "time",
  range_end: "time",
  actions: "texts?",
  actors: "texts?",
  actor_names: "texts?",
  actor_ids: "texts?",
  targets: "texts?",
} as const;

/** The columns of an export. */
const COLUMNS: Record<string, (event: AuditLogEvent) => unknown> = {
  id: ({ id }) => id,
  action: ({ action }) => action,
  occurred_at: ({ occurred_at }) => occurred_at,
  version: ({ version }) => version,
  actor_id: ({ actor }) => actor.id,
  actor_type: ({ actor }) => actor.type,
  actor_name: ({ actor }) => actor.name,
  actor_metadata: ({ actor }) => actor.metadata,
  targets: ({ targets }) => targets,
  location: ({ context }) => context.location,
  user_agent: ({ context }) => context.user_agent,
  metadata: ({ metadata }) => metadata,
};

/** Milliseconds the address of an export is good for. */
const EXPORT_LIFETIME = 10 * 60_000;
/** Days that events are kept where nothing is set. */
const DEFAULT_RETENTION = 30;

/** Audit logs: events, the schemas they follow, exports, retention. */
export const auditLogRoutes: Route[] = [
  route("POST /audit_logs/events", createEvent),
  list(ACTIONS, "/audit_logs/actions"),
  route("GET /audit_logs/actions/:name/schemas", (call, world) => {
    const { name } = call.params;
    world.found(ACTIONS, name, { name });
    return listAnswer(call, world, { kind: SCHEMAS, among: { action: name } });
  }),
  route("POST /audit_logs/actions/:name/schemas", createSchema, 201),
  route400("POST /audit_logs/exports", createExport, 201),
  route("GET /audit_logs/exports/:id", ({ params: { id } }, world) => {
    const made = world.update(EXPORTS, id, { state: "ready" });
    const token = issueTicket(world, { purpose: "export", subject: id, lifetime: EXPORT_LIFETIME });
    const url = `${world.settings.baseURL}/audit_logs/exports/${id}/events.csv?token=${token}`;
    return { ...world.show(EXPORTS, made), url };
  }),
  publicRoute("GET /audit_logs/exports/:id/events.csv", ({ params: { id }, query }, world) => {
    if (readTicket(world, "export", query.get("token")) !== id) throw entityNotFound(EXPORTS.title, id);
    return new Reply(200, world.existing(EXPORTS, id).csv, { "Content-Type": "text/csv; charset=utf-8" });
  }),
  routeOn(ORGANIZATIONS, "GET /organizations/:id/audit_log_configuration", ({ id: organization_id }, _call, world) => {
    const { retention_period_in_days = DEFAULT_RETENTION } = world.of(RETENTIONS).get(organization_id) ?? {};
    return { organization_id, retention_period_in_days, state: "active" };
  }),
  routeOn(ORGANIZATIONS, "GET /organizations/:id/audit_logs_retention", ({ id }, _call, world) => {
    return { retention_period_in_days: world.of(RETENTIONS).get(id)?.retention_period_in_days ?? null };
  }),
  routeOn(ORGANIZATIONS, "PUT /organizations/:id/audit_logs_retention", ({ id }, { body }, world) => {
    const retention_period_in_days = readRetention(body);
    world.of(RETENTIONS).replace({ id, retention_period_in_days });
    return { retention_period_in_days };
  }),
];

function createEvent({ body }: Call, world: World): object {
  const { organization_id, event } = readPart("", body, { organization_id: "text", event: "object" });
  const { actor, targets, context, ...rest } = readPart("event.", event, EVENT);
  const complete = {
    organization_id,
    ...rest,
    actor: readPart("event.actor.", actor, PARTY),
    targets: targets.map((target, index) => readPart(`event.targets.${index}.`, target, PARTY)),
    context: readPart("event.context.", context, { location: "text", user_agent: "text?" }),
  };
  world.existing(ORGANIZATIONS, organization_id);
  addEvent(world, complete as Omit<AuditLogEvent, "id">); // what metadata holds is checked there
  return { success: true };
}

/** Fields of a request, or of a part of it. Throws a 422 that lists those at fault, in the form audit logs list them. */
function readPart<const S extends Shape>(prefix: string, part: Record<string, unknown>, shape: S): Fields<S> {
  const errors = fieldFaults(part, shape).map(({ field, fault }) => ({ code: fault, field: prefix + field }));
  if (errors.length) throw invalidFields(errors);
  return readFields(part, shape);
}

function createSchema({ params: { name }, body }: Call, world: World): object {
  const { targets, actor, metadata } = readFields(body, { actor: "object?", targets: "objects", metadata: "object?" });
  if (!targets.length) throw invalidField("targets");
  const schema = addSchema(world, name, {
    actor: actor && readFields(actor, { metadata: "object" }),
    targets: targets.map((target) => readFields(target, { type: "text", metadata: "object?" })),
    metadata,
  });
  return world.show(SCHEMAS, schema);
}

/** Holds the events there are by now. */
function createExport({ body }: Call, world: World): object {
  const { organization_id, range_start, range_end, actor_names, actors, ...wanted } = readFields(body, EXPORT);
  world.existing(ORGANIZATIONS, organization_id);
  const [start, end] = [Date.parse(range_start), Date.parse(range_end)];
  if (start > end) throw badRequest("invalid_audit_log_export_range_date", "Invalid date range");
  const events = world.of(AUDIT_LOG_EVENTS).all((event) => {
    const time = Date.parse(event.occurred_at);
    return event.organization_id === organization_id && time >= start && time <= end &&
      isAmong(wanted.actions, event.action) && isAmong(wanted.actor_ids, event.actor.id) &&
      isAmong(actor_names ?? actors, event.actor.name) &&
      isAmong(wanted.targets, ...event.targets.map(({ type }) => type));
  });
  return world.show(EXPORTS, world.create(EXPORTS, { organization_id, state: "pending", csv: writeCsv(events) }));
}

function isAmong(wanted: string[] | undefined, ...values: (string | undefined)[]): boolean {
  return !wanted?.length || values.some((value) => value !== undefined && wanted.includes(value));
}

/** A line of names and one for each event, oldest first. */
function writeCsv(events: AuditLogEvent[]): string {
  const sorted = events.toSorted((a, b) => Date.parse(a.occurred_at) - Date.parse(b.occurred_at));
  const rows = sorted.map((event) => Object.values(COLUMNS).map((read) => writeCell(read(event))));
  return [Object.keys(COLUMNS), ...rows].map((cells) => `${cells.join(",")}\r\n`).join("");
}

/** Writes a CSV cell; anything but a string becomes JSON. */
function writeCell(value: unknown): string {
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Days as described, or months and years as the SDK for Node sends them. */
function readRetention(body: Record<string, unknown>): number {
  const { retention_period } = readFields(body, { retention_period: "text?" });
  const [, count, unit] = /^([1-9]|1[01])_(MONTH|YEAR)S?$/.exec(retention_period ?? "") ?? [];
  if (count) return Number(count) * (unit === "YEAR" ? 365 : 30);
  if (retention_period !== undefined) throw invalidField("retention_period");
  const { retention_period_in_days: days } = readFields(body, { retention_period_in_days: "count" });
  if (days !== 30 && days !== 365) throw invalidField("retention_period_in_days");
  return days;
}
