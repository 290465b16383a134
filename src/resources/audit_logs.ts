// Audit logs: events, the schemas they follow, exports, retention.

import { absentAsNull, type Entity, type OfOrganization, type Timestamps } from "../entity.ts";
import { uuid } from "../bytes.ts";
import type { AutoPaginatable, PaginationOptions } from "../page.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import { camel, type OpenEnum, type OpenString, snake, type Wire } from "../wire.ts";

/** Who did something. Its keys are sent as they are. */
export interface AuditLogActor {
  /** Your own id for the actor or target. */
  id: string;
  /** Name for people. */
  name?: string;
  /** Kind of actor or target, such as `user`. */
  type: string;
  /** Your own data; the keys are sent as they are. */
  metadata?: Record<string, string | number | boolean>;
}

/** What something was done to, such as a `team`. Its keys are sent as they are. */
export type AuditLogTarget = AuditLogActor;

/** Where and with which client something was done. */
export interface AuditLogEventContext {
  /** IP address or another description of the place. */
  location: string;
  /** User agent of the request. */
  userAgent?: string;
}

/** An event as {@linkcode AuditLogs.createEvent} takes it. */
export interface CreateAuditLogEventOptions extends Pick<AuditLogActor, "metadata"> {
  /** What was done, such as `user.signed_in`. */
  action: string;
  /** Version of the action's schema. Default: the API's. */
  version?: number;
  /** When it was done; must be a `Date`. */
  occurredAt: Date;
  /** Who did it. */
  actor: AuditLogActor;
  /** What it was done to. */
  targets: AuditLogTarget[];
  /** Where it was done. */
  context: AuditLogEventContext;
}

/** Request options of {@linkcode AuditLogs.createEvent}. */
export type CreateAuditLogEventRequestOptions = RequestOptions;

/** Options of {@linkcode AuditLogs.createExport}. */
export interface AuditLogExportOptions extends OfOrganization {
  /** Start of the time range to export. */
  rangeStart: Date;
  /** End of the time range to export. */
  rangeEnd: Date;
  /** Only these actions. */
  actions?: string[];
  /** Only actors with these names. */
  actorNames?: string[];
  /** Only actors with these ids. */
  actorIds?: string[];
  /** Only targets of these types. */
  targets?: string[];
  /** @deprecated Only actors with these names: use `actorNames`. */
  actors?: string[];
}

/** State of an export. */
export type AuditLogExportState = "pending" | "ready" | "error" | "expired" | OpenString;

/** An export of events as a CSV file. */
export interface AuditLogExport extends Entity<"audit_log_export"> {
  /** State of the export. */
  state: AuditLogExportState;
  /** Download URL, valid for ten minutes after this response; absent or `null` until the export is ready. */
  url?: string | null;
}

/** The properties of a metadata schema as the API has them. */
export type AuditLogSchemaMetadata = Record<string, { type: "string" | "boolean" | "number" }> | undefined;

/** Schema of actors. */
export interface AuditLogActorSchema {
  /** Type of each metadata key: `string`, `boolean` or `number`. */
  metadata: Record<string, string | boolean | number>;
}

/** Schema of one kind of target. */
export interface AuditLogTargetSchema extends Partial<AuditLogActorSchema> {
  /** Kind of target. */
  type: string;
}

/** Schema of the events of an action. */
export interface AuditLogSchema {
  /** Always `audit_log_schema`. */
  object: "audit_log_schema";
  /** Version, counted from 1. */
  version: number;
  /** The kinds of targets. */
  targets: AuditLogTargetSchema[];
  /** The actor; `undefined` when the schema does not describe it. */
  actor: AuditLogActorSchema | undefined;
  /** Type of each metadata key; `undefined` when the schema does not describe them. */
  metadata: Record<string, string | boolean | number> | undefined;
  /** Time of creation (ISO 8601). */
  createdAt: string;
}

/** Options of {@linkcode AuditLogs.createSchema}. */
export interface CreateAuditLogSchemaOptions extends Partial<AuditLogActorSchema> {
  /** The action, such as `user.signed_in`. It is created if it does not exist. */
  action: string;
  /** The kinds of targets, at least one. */
  targets: AuditLogTargetSchema[];
  /** The actor. Default: no metadata. */
  actor?: AuditLogActorSchema;
}

/** Request options of {@linkcode AuditLogs.createSchema}. */
export type CreateAuditLogSchemaRequestOptions = RequestOptions;

/** An action that events can have. */
export interface AuditLogAction extends Timestamps {
  /** Always `audit_log_action`. */
  object: "audit_log_action";
  /** Name of the action, such as `user.signed_in`. */
  name: string;
  /** Schema of its events. */
  schema: AuditLogSchema;
}

/** How long the events of an organization are kept. */
export interface AuditLogsRetention {
  /** Days until an event is deleted for good; `null` when no retention is set. */
  retentionPeriodInDays: number | null;
}

/** Options of {@linkcode AuditLogs.getOrganizationAuditLogsRetention}. */
export interface GetOrganizationAuditLogsRetentionOptions {
  /** Id of the organization. */
  id: string;
}

/** Periods for which events can be kept. */
// deno-fmt-ignore
export const UpdateAuditLogsRetentionRetentionPeriod = {
  Value1Month: "1_MONTH", Value2Months: "2_MONTHS", Value3Months: "3_MONTHS", Value4Months: "4_MONTHS",
  Value5Months: "5_MONTHS", Value6Months: "6_MONTHS", Value7Months: "7_MONTHS", Value8Months: "8_MONTHS",
  Value9Months: "9_MONTHS", Value10Months: "10_MONTHS", Value11Months: "11_MONTHS", Value1Year: "1_YEAR",
  Value2Years: "2_YEARS", Value3Years: "3_YEARS", Value4Years: "4_YEARS", Value5Years: "5_YEARS",
  Value6Years: "6_YEARS", Value7Years: "7_YEARS", Value8Years: "8_YEARS", Value9Years: "9_YEARS",
  Value10Years: "10_YEARS",
} as const;
/** A period for which events can be kept. */
export type UpdateAuditLogsRetentionRetentionPeriod = OpenEnum<typeof UpdateAuditLogsRetentionRetentionPeriod>;

/** How long to keep events, in one of two forms. */
export interface UpdateAuditLogsRetention {
  /** Months or years, such as `1_MONTH` or `10_YEARS`. */
  retentionPeriod?: UpdateAuditLogsRetentionRetentionPeriod;
  /** Days: 30 and 365 are accepted everywhere. */
  retentionPeriodInDays?: number;
}

/** Options of {@linkcode AuditLogs.updateOrganizationAuditLogsRetention}: an id, and one of the two periods. */
export interface UpdateOrganizationAuditLogsRetentionOptions
  extends GetOrganizationAuditLogsRetentionOptions, UpdateAuditLogsRetention {}

/** Reads a schema; on the wire the types of metadata are wrapped in JSON schemas. */
export function readAuditLogSchema(wire: Wire): AuditLogSchema {
  const schema = camel<AuditLogSchema>(wire);
  schema.metadata = unwrap(schema.metadata);
  schema.actor = schema.actor ? { ...schema.actor, metadata: unwrap(schema.actor.metadata) ?? {} } : undefined;
  schema.targets = (schema.targets ?? []).map(readTargetSchema);
  return schema;
}

function readTargetSchema({ metadata, ...target }: AuditLogTargetSchema): AuditLogTargetSchema {
  const types = unwrap(metadata);
  return types ? { ...target, metadata: types } : target;
}

/** Reads an action; its schema is wrapped as {@linkcode readAuditLogSchema} says. */
export function readAuditLogAction(wire: Wire): AuditLogAction {
  const action = camel<AuditLogAction>(wire);
  if (wire.schema) action.schema = readAuditLogSchema(wire.schema as Wire);
  return action;
}

/** Reads a retention; the API may leave out a period that is not set. */
export function readAuditLogsRetention(wire: Wire): AuditLogsRetention {
  return absentAsNull(camel<AuditLogsRetention>(wire), "retentionPeriodInDays");
}

/** Calls on audit logs. */
export class AuditLogs {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Fetches how long an organization's events are kept. `GET /organizations/{id}/audit_logs_retention` */
  async getOrganizationAuditLogsRetention(
    { id }: GetOrganizationAuditLogsRetentionOptions,
    request?: RequestOptions,
  ): Promise<AuditLogsRetention> {
    const endpoint = path`/organizations/${id}/audit_logs_retention`;
    return await this.#api.send("GET", endpoint, { read: readAuditLogsRetention }, request);
  }

  /**
   * Sets how long an organization's events are kept, by either `retentionPeriod` or `retentionPeriodInDays`. Throws a
   * `TypeError` for neither or both. `PUT /organizations/{id}/audit_logs_retention`
   */
  async updateOrganizationAuditLogsRetention(
    { id, ...body }: UpdateOrganizationAuditLogsRetentionOptions,
    request?: RequestOptions,
  ): Promise<AuditLogsRetention> {
    // The API description has only days, the Node SDK sends only months and years: each is sent as it was given.
    const given = Object.values(body).filter((period) => period !== undefined && period !== null);
    if (given.length !== 1) {
      throw new TypeError("Cannot set retention: it takes either retentionPeriod or retentionPeriodInDays");
    }
    const endpoint = path`/organizations/${id}/audit_logs_retention`;
    return await this.#api.send("PUT", endpoint, { body, read: readAuditLogsRetention }, request);
  }

  /**
   * Records an event of an organization. Calls with the same `idempotencyKey` within 24 hours record it once; the
   * default is a new key. Throws a `TypeError` when `occurredAt` is not a `Date`. `POST /audit_logs/events`
   */
  async createEvent(
    organization: string,
    event: CreateAuditLogEventOptions,
    options: CreateAuditLogEventRequestOptions = {},
  ): Promise<void> {
    const rawBody = { event: writeEvent(event), organization_id: organization };
    const request = { ...options, idempotencyKey: options.idempotencyKey ?? `audit-log-${uuid()}` };
    await this.#api.send("POST", "/audit_logs/events", { rawBody, noContent: true }, request);
  }

  /** Starts an export; poll {@linkcode AuditLogs.getExport} until it is ready. `POST /audit_logs/exports` */
  async createExport(options: AuditLogExportOptions, request?: RequestOptions): Promise<AuditLogExport> {
    return await this.#api.send("POST", "/audit_logs/exports", { body: options }, request);
  }

  /** Fetches an export; its `url` is then valid for ten minutes. `GET /audit_logs/exports/{auditLogExportId}` */
  async getExport(auditLogExportId: string, request?: RequestOptions): Promise<AuditLogExport> {
    return await this.#api.send("GET", path`/audit_logs/exports/${auditLogExportId}`, {}, request);
  }

  /** Creates a version of an action's schema, and the action if needed. `POST /audit_logs/actions/{action}/schemas` */
  async createSchema(
    { action, ...schema }: CreateAuditLogSchemaOptions,
    options?: CreateAuditLogSchemaRequestOptions,
  ): Promise<AuditLogSchema> {
    const call = { rawBody: writeSchema(schema), read: readAuditLogSchema };
    return await this.#api.send("POST", path`/audit_logs/actions/${action}/schemas`, call, options);
  }

  /** Lists the schemas of an action, one for each version. `GET /audit_logs/actions/{action}/schemas` */
  async listSchemas(
    action: string,
    options?: PaginationOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<AuditLogSchema>> {
    const call = { query: options, read: readAuditLogSchema };
    return await this.#api.list(path`/audit_logs/actions/${action}/schemas`, call, request);
  }

  /** Lists the actions of the environment, each with its schema. `GET /audit_logs/actions` */
  async listActions(options?: PaginationOptions, request?: RequestOptions): Promise<AutoPaginatable<AuditLogAction>> {
    return await this.#api.list("/audit_logs/actions", { query: options, read: readAuditLogAction }, request);
  }
}

/** Keeps the keys of actor, targets and metadata; renames those of the context, although its name is free-form. */
function writeEvent({ occurredAt, actor, targets, context, metadata, ...rest }: CreateAuditLogEventOptions): Wire {
  if (!occurredAt?.toISOString) throw new TypeError("Cannot send event: occurredAt is not a date");
  return { ...snake(rest), occurred_at: occurredAt.toISOString(), actor, targets, context: snake(context), metadata };
}

/** Wraps the types of all metadata; the actor is always sent, without metadata by default. */
function writeSchema({ actor, targets, metadata, ...rest }: Omit<CreateAuditLogSchemaOptions, "action">): Wire {
  if (!Array.isArray(targets)) throw new TypeError("Cannot send schema: targets is not a list");
  return {
    ...snake(rest),
    actor: { ...actor, metadata: wrap(actor?.metadata ?? {}) },
    targets: targets.map((target) => ({ ...target, metadata: target?.metadata && wrap(target.metadata) })),
    metadata: metadata && wrap(metadata),
  };
}

type Types = AuditLogActorSchema["metadata"];

/** Turns `{ key: "string" }` into `{ type: "object", properties: { key: { type: "string" } } }`. */
function wrap(types: Types): Wire {
  const properties = Object.entries(types).map(([key, type]) => [key, { type }]);
  return { type: "object", properties: Object.fromEntries(properties) };
}

/** The reverse of {@linkcode wrap}. */
function unwrap(schema: unknown): Types | undefined {
  if (typeof schema !== "object" || schema === null) return undefined;
  const { properties } = schema as { properties?: AuditLogSchemaMetadata };
  return Object.fromEntries(Object.entries(properties ?? {}).map(([key, { type }]) => [key, type]));
}
