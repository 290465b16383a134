// Audit logs: events, the schemas they follow, exports, retention.

import { absentAsNull, type Entity, type OfOrganization, type Timestamps } from "../entity.ts";
import { uuid } from "../bytes.ts";
import type { AutoPaginatable, PaginationOptions } from "../page.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import { camel, type OpenEnum, type OpenString, snake, type Wire } from "../wire.ts";

/** Who did something. Sent as it is. */
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

/** What something was done to, such as a `team`. Sent as it is. */
export type AuditLogTarget = AuditLogActor;

/** Where something was done, and with what. */
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
  /** When it was done. */
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
  /** Beginning of the time to export. */
  rangeStart: Date;
  /** End of the time to export. */
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
  /** How far it is. */
  state: AuditLogExportState;
  /** Where the file is, for ten minutes from this answer; absent or `null` until it is ready. */
  url?: string | null;
}

/** The properties of a metadata schema as the API has them. */
export type AuditLogSchemaMetadata = Record<string, { type: "string" | "boolean" | "number" }> | undefined;

/** What the metadata of an actor looks like. */
export interface AuditLogActorSchema {
  /** Type of each metadata key: `string`, `boolean` or `number`. */
  metadata: Record<string, string | boolean | number>;
}

/** What a kind of target looks like. */
export interface AuditLogTargetSchema extends Partial<AuditLogActorSchema> {
  /** Kind of target. */
  type: string;
}

/** What the events of an action look like. */
export interface AuditLogSchema {
  /** Always `audit_log_schema`. */
  object: "audit_log_schema";
  /** Version, counted from 1. */
  version: number;
  /** The kinds of targets. */
  targets: AuditLogTargetSchema[];
  /** The actor; `undefined` when the schema says nothing of it. */
  actor: AuditLogActorSchema | undefined;
  /** Type of each metadata key; `undefined` when the schema says nothing of them. */
  metadata: Record<string, string | boolean | number> | undefined;
  /** Time of creation (ISO 8601). */
  createdAt: string;
}

/** Options of {@linkcode AuditLogs.createSchema}. */
export interface CreateAuditLogSchemaOptions extends Partial<AuditLogActorSchema> {
  /** The action, such as `user.signed_in`. It is created when there is none. */
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
  /** What its events look like. */
  schema: AuditLogSchema;
}

/** How long the events of an organization are kept. */
export interface AuditLogsRetention {
  /** Days until an event is deleted for good, or `null` when nothing is set. */
  retentionPeriodInDays: number | null;
}

/** Options of {@linkcode AuditLogs.getOrganizationAuditLogsRetention}. */
export interface GetOrganizationAuditLogsRetentionOptions {
  /** Id of the organization. */
  id: string;
}

/** Times that events can be kept for. */
// deno-fmt-ignore
export const UpdateAuditLogsRetentionRetentionPeriod = {
  Value1Month: "1_MONTH", Value2Months: "2_MONTHS", Value3Months: "3_MONTHS", Value4Months: "4_MONTHS",
  Value5Months: "5_MONTHS", Value6Months: "6_MONTHS", Value7Months: "7_MONTHS", Value8Months: "8_MONTHS",
  Value9Months: "9_MONTHS", Value10Months: "10_MONTHS", Value11Months: "11_MONTHS", Value1Year: "1_YEAR",
  Value2Years: "2_YEARS", Value3Years: "3_YEARS", Value4Years: "4_YEARS", Value5Years: "5_YEARS",
  Value6Years: "6_YEARS", Value7Years: "7_YEARS", Value8Years: "8_YEARS", Value9Years: "9_YEARS",
  Value10Years: "10_YEARS",
} as const;
/** A time that events can be kept for. */
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

/** Reads a retention; nothing set may be absent. */
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
   * Sets how long an organization's events are kept. Takes `retentionPeriod` or `retentionPeriodInDays`; throws a
   * `TypeError` for neither and for both. `PUT /organizations/{id}/audit_logs_retention`
   */
  async updateOrganizationAuditLogsRetention(
    { id, ...body }: UpdateOrganizationAuditLogsRetentionOptions,
    request?: RequestOptions,
  ): Promise<AuditLogsRetention> {
    // The API's description knows days only, the Node SDK sends months and years only: each is sent as it was given.
    const given = Object.values(body).filter((period) => period !== undefined && period !== null);
    if (given.length !== 1) {
      throw new TypeError("Cannot set retention: it takes either retentionPeriod or retentionPeriodInDays");
    }
    const endpoint = path`/organizations/${id}/audit_logs_retention`;
    return await this.#api.send("PUT", endpoint, { body, read: readAuditLogsRetention }, request);
  }

  /**
   * Records an event of an organization. With the `idempotencyKey` of an earlier call it is recorded once only, for 24
   * hours; without one a new key is made. `POST /audit_logs/events`
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

  /** Starts an export; ask for it with {@linkcode AuditLogs.getExport} until it is ready. `POST /audit_logs/exports` */
  async createExport(options: AuditLogExportOptions, request?: RequestOptions): Promise<AuditLogExport> {
    return await this.#api.send("POST", "/audit_logs/exports", { body: options }, request);
  }

  /** Fetches an export; its `url` works for ten minutes from then. `GET /audit_logs/exports/{auditLogExportId}` */
  async getExport(auditLogExportId: string, request?: RequestOptions): Promise<AuditLogExport> {
    return await this.#api.send("GET", path`/audit_logs/exports/${auditLogExportId}`, {}, request);
  }

  /** Creates a new version of an action's schema, and the action with it. `POST /audit_logs/actions/{action}/schemas` */
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
  ): Promise<AutoPaginatable<AuditLogSchema, PaginationOptions>> {
    const call = { query: options, read: readAuditLogSchema };
    return await this.#api.list(path`/audit_logs/actions/${action}/schemas`, call, request);
  }

  /** Lists the actions of the environment, each with its schema. `GET /audit_logs/actions` */
  async listActions(
    options?: PaginationOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<AuditLogAction, PaginationOptions>> {
    return await this.#api.list("/audit_logs/actions", { query: options, read: readAuditLogAction }, request);
  }
}

/** Actor, targets and metadata are the caller's data; the context is not, although it has a free-form name. */
function writeEvent({ occurredAt, actor, targets, context, metadata, ...rest }: CreateAuditLogEventOptions): Wire {
  if (!occurredAt?.toISOString) throw new TypeError("Cannot send event: occurredAt is not a date");
  return { ...snake(rest), occurred_at: occurredAt.toISOString(), actor, targets, context: snake(context), metadata };
}

/** The actor is always sent. */
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

/** `{ key: "string" }` as `{ type: "object", properties: { key: { type: "string" } } }` */
function wrap(types: Types): Wire {
  const properties = Object.entries(types).map(([key, type]) => [key, { type }]);
  return { type: "object", properties: Object.fromEntries(properties) };
}

/** The way back of {@linkcode wrap}; the wrapper is typed as what it becomes. */
function unwrap(schema: unknown): Types | undefined {
  if (typeof schema !== "object" || schema === null) return undefined;
  const { properties } = schema as { properties?: AuditLogSchemaMetadata };
  return Object.fromEntries(Object.entries(properties ?? {}).map(([key, { type }]) => [key, type]));
}
