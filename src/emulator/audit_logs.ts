import { badRequest } from "./answers.ts";
import { isObject, isText } from "./fields.ts";
import { defined, type Kind, kind, present, type Stamped, without } from "./kind.ts";
import type { Entity } from "./store.ts";
import type { World } from "./world.ts";

/** The customer's data about an event, an actor or a target. */
export type AuditLogMetadata = Record<string, string | number | boolean>;

/** Who did something, or what it was done to. */
export interface AuditLogParty {
  /** The customer's own id for it. */
  id: string;
  /** Type, such as `user`. */
  type: string;
  /** Name for people. */
  name?: string;
  /** The customer's data. */
  metadata?: AuditLogMetadata;
}

/** An event of an audit log, with the API's own names. */
export interface AuditLogEvent extends Entity {
  /** Unique id. */
  id: string;
  /** Id of the organization. */
  organization_id: string;
  /** What was done, such as `user.signed_in`. */
  action: string;
  /** When it was done: ISO 8601, as it was sent. */
  occurred_at: string;
  /** Who did it. */
  actor: AuditLogParty;
  /** What it was done to. */
  targets: AuditLogParty[];
  /** Where and with which client it was done. */
  context: { location: string; user_agent?: string };
  /** The customer's data. */
  metadata?: AuditLogMetadata;
  /** Version of the schema that it was checked against, or the given version when its action has no schema. */
  version?: number;
}

export const AUDIT_LOG_EVENTS: Kind<AuditLogEvent> = kind("audit_log_event");

interface AuditLogSchema extends Stamped {
  action: string;
  version: number;
  actor?: { metadata: Record<string, unknown> };
  targets: { type: string; metadata?: Record<string, unknown> }[];
  metadata?: Record<string, unknown>;
}

export const SCHEMAS: Kind<AuditLogSchema> = kind("audit_log_schema", {
  prefix: "als",
  present: (schema) => without(schema, "id", "action", "updated_at"),
});

interface AuditLogAction extends Stamped {
  name: string;
  schema_id: string;
}

export const ACTIONS: Kind<AuditLogAction> = kind("audit_log_action", {
  prefix: "ala",
  title: "Audit Log Action",
  present: ({ object, name, schema_id, created_at, updated_at }, reader) => {
    const schema = reader.of(SCHEMAS).get(schema_id);
    return { object, name, schema: schema && present(SCHEMAS, schema, reader), created_at, updated_at };
  },
});

interface AuditLogExport extends Stamped {
  organization_id: string;
  state: "pending" | "ready";
  csv: string;
}

export const EXPORTS: Kind<AuditLogExport> = kind("audit_log_export", {
  title: "Audit Log Export",
  present: (made) => without(made, "organization_id", "csv"),
});

/** How long the events of an organization are kept; the id is the organization's. */
interface Retention extends Entity {
  retention_period_in_days: number;
}

export const RETENTIONS: Kind<Retention> = kind("audit_logs_retention");

/** The action with this name. */
function actionByName(world: World, name: string): AuditLogAction | undefined {
  return world.of(ACTIONS).find({ name });
}

/** Adds the next version of an action's schema, and the action with the first. */
export function addSchema(
  world: World,
  name: string,
  content: Pick<AuditLogSchema, "actor" | "targets" | "metadata">,
): AuditLogSchema {
  const version = world.of(SCHEMAS).all({ action: name }).length + 1;
  const schema = world.create(SCHEMAS, { action: name, version, ...content });
  const known = actionByName(world, name);
  if (known) world.update(ACTIONS, known.id, { schema_id: schema.id });
  else world.create(ACTIONS, { name, schema_id: schema.id });
  return schema;
}

/** Adds an event. Throws a 400 when it does not match the schema of its action: the given version or the newest. */
export function addEvent(world: World, event: Omit<AuditLogEvent, "id">): void {
  const newest = world.of(SCHEMAS).get(actionByName(world, event.action)?.schema_id);
  const { version = newest?.version } = event;
  const schema = world.of(SCHEMAS).find({ action: event.action, version });
  const misfits = [
    ...oversized(event),
    ...newest && !schema ? ["/version"] : [],
    ...schema ? unlike(event, schema) : [],
  ];
  if (misfits.length) {
    const errors = misfits.map((instancePath) => ({ instancePath }));
    throw badRequest("invalid_audit_log_event", "Invalid Audit Log event.", { errors });
  }
  const id = world.ids.id(AUDIT_LOG_EVENTS.prefix);
  world.of(AUDIT_LOG_EVENTS).insert(defined({ id, ...event, version }));
}

/** Deletes the exports and settings of an organization. Its events stay, visible only to tests. */
export function forgetAuditLogs(world: World, organizationId: string): void {
  world.forget(EXPORTS, { organization_id: organizationId });
  world.forget(RETENTIONS, { id: organizationId });
}

/** Where metadata exceeds the limits of the API. */
function oversized({ actor, targets, metadata }: Omit<AuditLogEvent, "id">): string[] {
  const all = [{ metadata, path: "" }, { ...actor, path: "/actor" }];
  const each = [...all, ...targets.map((target, index) => ({ ...target, path: `/targets/${index}` }))];
  return each.flatMap(({ metadata = {}, path }) => {
    if (Object.keys(metadata).length > 50) return [`${path}/metadata`];
    const odd = Object.entries(metadata).filter(([key, value]) => !/^[\w-]{0,40}$/.test(key) || !isValue(value));
    return odd.map(([key]) => `${path}/metadata/${key}`);
  });
}

function isValue(value: unknown): boolean {
  return isText(value) ? value.length <= 500 : typeof value === "number" || typeof value === "boolean";
}

/** Where an event does not match its schema. */
function unlike({ actor, targets, metadata }: Omit<AuditLogEvent, "id">, schema: AuditLogSchema): string[] {
  return [
    ...unlikeMetadata(metadata, schema.metadata, "/metadata"),
    ...unlikeMetadata(actor.metadata, schema.actor?.metadata, "/actor/metadata"),
    ...targets.flatMap((target, index) => {
      const known = schema.targets.find(({ type }) => type === target.type);
      if (!known) return [`/targets/${index}/type`];
      return unlikeMetadata(target.metadata, known.metadata, `/targets/${index}/metadata`);
    }),
  ];
}

/** Checks the types of properties, `required` and `additionalProperties: false` of a JSON schema. */
function unlikeMetadata(metadata: AuditLogMetadata = {}, schema: Record<string, unknown> = {}, path: string): string[] {
  const { properties, required, additionalProperties } = schema;
  const types = new Map(isObject(properties) ? Object.entries(properties) : []);
  const missing = Array.isArray(required) && required.some((key) => !Object.hasOwn(metadata, key));
  const odd = Object.entries(metadata).filter(([key, value]) =>
    types.has(key) ? !isOfType(value, types.get(key)) : additionalProperties === false
  );
  return [...missing ? [path] : [], ...odd.map(([key]) => `${path}/${key}`)];
}

function isOfType(value: unknown, schema: unknown): boolean {
  const { type } = isObject(schema) ? schema : {};
  if (type === undefined) return true;
  return [type].flat().some((name) => name === typeof value || (name === "integer" && Number.isInteger(value)));
}
