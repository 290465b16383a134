import { assertEquals, assertMatch, assertNotEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  type CreateAuditLogEventOptions,
  UpdateAuditLogsRetentionRetentionPeriod,
} from "../../src/resources/audit_logs.ts";
import { fakeApi, json } from "../fake_api.ts";

const EVENT: CreateAuditLogEventOptions = {
  action: "user.signed_in",
  version: 2,
  occurredAt: new Date("2026-01-15T12:00:00.000Z"),
  actor: { id: "user_1", name: "Ada", type: "user", metadata: { first_name: "Ada", lastName: "L" } },
  targets: [{ id: "team_1", type: "team", metadata: { first_name: true, lastName: 1 } }],
  context: { location: "203.0.113.42", userAgent: "UA/1.0" },
  metadata: { first_name: "a", lastName: "b" },
};

const SCHEMA = {
  object: "audit_log_schema",
  version: 1,
  targets: [
    { type: "invoice", metadata: { type: "object", properties: { first_name: { type: "string" } } } },
    { type: "team", metadata: null },
    { type: "user", brand_new: 1 },
  ],
  actor: { metadata: { type: "object", properties: { lastName: { type: "boolean" } } } },
  metadata: { type: "object", properties: { first_name: { type: "string" }, lastName: { type: "number" } } },
  created_at: "2026-01-15T12:00:00.000Z",
  brand_new: 1,
};

const READ_SCHEMA = {
  object: "audit_log_schema",
  version: 1,
  targets: [{ type: "invoice", metadata: { first_name: "string" } }, { type: "team" }, { type: "user", brandNew: 1 }],
  actor: { metadata: { lastName: "boolean" } },
  metadata: { first_name: "string", lastName: "number" },
  createdAt: "2026-01-15T12:00:00.000Z",
  brandNew: 1,
};

const EXPORT = {
  object: "audit_log_export",
  id: "audit_log_export_1",
  state: "ready",
  url: "https://exports.example.com/export.csv",
  created_at: "2026-01-15T12:00:00.000Z",
  updated_at: "2026-01-15T12:00:00.000Z",
};

const READ_EXPORT = {
  object: "audit_log_export",
  id: "audit_log_export_1",
  state: "ready",
  url: "https://exports.example.com/export.csv",
  createdAt: "2026-01-15T12:00:00.000Z",
  updatedAt: "2026-01-15T12:00:00.000Z",
};

describe("AuditLogs", () => {
  it("createEvent() sends the event; what belongs to the customer is left alone", async () => {
    const api = fakeApi({ success: true });

    const result = await api.workos.auditLogs.createEvent("org_1", EVENT);

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["POST", "/audit_logs/events"]);
    assertEquals(request.body, {
      event: {
        action: "user.signed_in",
        version: 2,
        occurred_at: "2026-01-15T12:00:00.000Z",
        actor: { id: "user_1", name: "Ada", type: "user", metadata: { first_name: "Ada", lastName: "L" } },
        targets: [{ id: "team_1", type: "team", metadata: { first_name: true, lastName: 1 } }],
        context: { location: "203.0.113.42", user_agent: "UA/1.0" },
        metadata: { first_name: "a", lastName: "b" },
      },
      organization_id: "org_1",
    });
    assertStrictEquals(result, undefined);
  });

  it("createEvent() leaves out what was not given, and keeps what it does not know", async () => {
    const api = fakeApi(json(undefined));
    const { version: _version, metadata: _metadata, ...event } = EVENT;
    const context = { location: "203.0.113.42", sessionId: "s" };

    await api.workos.auditLogs.createEvent("org_1", { ...event, context, ...{ newField: 1 } });

    const { targets, actor } = EVENT;
    assertEquals(api.requests[0].body.event, {
      action: "user.signed_in",
      new_field: 1,
      occurred_at: "2026-01-15T12:00:00.000Z",
      actor,
      targets,
      context: { location: "203.0.113.42", session_id: "s" },
    });
  });

  it("createEvent() always has an idempotency key, a new one for each call", async () => {
    const api = fakeApi({ success: true });
    const { auditLogs } = api.workos;

    await auditLogs.createEvent("org_1", EVENT);
    await auditLogs.createEvent("org_1", EVENT);
    await auditLogs.createEvent("org_1", EVENT, { idempotencyKey: "mine", headers: { "X-Own": "1" } });

    assertEquals(api.requests[2].headers["x-own"], "1");
    const [first, second, third] = api.requests.map(({ headers }) => headers["idempotency-key"]);
    assertMatch(first, /^audit-log-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assertNotEquals(first, second);
    assertEquals(third, "mine");
  });

  it("createEvent() refuses an empty idempotency key", async () => {
    const api = fakeApi({ success: true });

    await assertRejects(() => api.workos.auditLogs.createEvent("org_1", EVENT, { idempotencyKey: "" }), TypeError);

    assertEquals(api.requests, []);
  });

  it("createEvent() refuses a time that is none", async () => {
    const api = fakeApi({ success: true });

    const event = { ...EVENT, occurredAt: new Date(NaN) };
    await assertRejects(() => api.workos.auditLogs.createEvent("org_1", event), RangeError);
    for (const none of ["2026-01-15T12:00:00.000Z", undefined]) {
      const event = { ...EVENT, occurredAt: none as unknown as Date };
      await assertRejects(
        () => api.workos.auditLogs.createEvent("org_1", event),
        TypeError,
        "occurredAt is not a date",
      );
    }

    assertEquals(api.requests, []);
  });

  it("createSchema() refuses targets that are no list", async () => {
    const api = fakeApi({});

    for (const targets of [undefined, { type: "user" }] as unknown as { type: string }[][]) {
      await assertRejects(
        () => api.workos.auditLogs.createSchema({ action: "a", targets }),
        TypeError,
        "targets is not a list",
      );
    }

    assertEquals(api.requests, []);
  });

  it("createExport() sends its filters and times", async () => {
    const api = fakeApi(EXPORT);

    const created = await api.workos.auditLogs.createExport({
      organizationId: "org_1",
      rangeStart: new Date("2026-01-01"),
      rangeEnd: new Date("2026-02-01"),
      actions: ["user.signed_in"],
      actorNames: ["Ada"],
      actorIds: ["user_1"],
      actors: ["Bob"],
      targets: ["team"],
    });

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["POST", "/audit_logs/exports"]);
    assertEquals(request.body, {
      organization_id: "org_1",
      range_start: "2026-01-01T00:00:00.000Z",
      range_end: "2026-02-01T00:00:00.000Z",
      actions: ["user.signed_in"],
      actor_names: ["Ada"],
      actor_ids: ["user_1"],
      actors: ["Bob"],
      targets: ["team"],
    });
    assertEquals(created as unknown, READ_EXPORT);
  });

  it("getExport() fetches an export", async () => {
    const api = fakeApi(EXPORT);

    const found = await api.workos.auditLogs.getExport("audit_log_export_1");

    assertEquals([api.requests[0].method, api.requests[0].path], ["GET", "/audit_logs/exports/audit_log_export_1"]);
    assertEquals(found as unknown, READ_EXPORT);
  });

  it("createSchema() wraps the types on the way out and unwraps them on the way back", async () => {
    const api = fakeApi(SCHEMA);

    const schema = await api.workos.auditLogs.createSchema({
      action: "user.signed_in",
      targets: [{ type: "invoice", metadata: { first_name: "string" } }, { type: "team" }],
      actor: { metadata: { lastName: "boolean" } },
      metadata: { first_name: "string", lastName: "number" },
    }, { idempotencyKey: "once" });

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["POST", "/audit_logs/actions/user.signed_in/schemas"]);
    assertEquals(request.body, {
      actor: { metadata: { type: "object", properties: { lastName: { type: "boolean" } } } },
      targets: [
        { type: "invoice", metadata: { type: "object", properties: { first_name: { type: "string" } } } },
        { type: "team" },
      ],
      metadata: { type: "object", properties: { first_name: { type: "string" }, lastName: { type: "number" } } },
    });
    assertEquals(request.headers["idempotency-key"], "once");
    assertEquals(schema as unknown, READ_SCHEMA);
  });

  it("createSchema() always sends the actor", async () => {
    const api = fakeApi(SCHEMA);

    await api.workos.auditLogs.createSchema({ action: "user.signed_in", targets: [{ type: "team" }] });

    assertEquals(api.requests[0].body, {
      actor: { metadata: { type: "object", properties: {} } },
      targets: [{ type: "team" }],
    });
  });

  it("createSchema() keeps what it does not know", async () => {
    const api = fakeApi(SCHEMA);

    const schema = { targets: [], actor: { metadata: {}, ...{ newField: 1 } }, ...{ newField: 2 } };
    await api.workos.auditLogs.createSchema({ action: "user.signed_in", ...schema });

    assertEquals(api.requests[0].body, {
      new_field: 2,
      actor: { newField: 1, metadata: { type: "object", properties: {} } },
      targets: [],
    });
  });

  it("createSchema() reads a schema that says little", async () => {
    const cases = [
      { wire: { actor: null, metadata: null }, actor: undefined },
      { wire: { targets: null }, actor: undefined },
      { wire: { actor: {} }, actor: { metadata: {} } },
      { wire: { actor: { metadata: { type: "object" }, brand_new: 1 } }, actor: { metadata: {}, brandNew: 1 } },
    ];
    for (const { wire, actor } of cases) {
      const api = fakeApi({ version: 1, targets: [], ...wire });

      const schema = await api.workos.auditLogs.createSchema({ action: "a", targets: [] });

      assertEquals<unknown>([schema.actor, schema.metadata, schema.targets], [actor, undefined, []]);
    }
  });

  it("listSchemas() lists the schemas of an action", async () => {
    const api = fakeApi({ object: "list", data: [SCHEMA], list_metadata: { before: null, after: null } });

    const schemas = await api.workos.auditLogs.listSchemas("user.signed_in", { limit: 3, order: "asc" });

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["GET", "/audit_logs/actions/user.signed_in/schemas"]);
    assertEquals(request.query, { limit: "3", order: "asc" });
    assertEquals(schemas.data as unknown[], [READ_SCHEMA]);
  });

  it("listActions() lists the actions with their schemas", async () => {
    const times = { created_at: "2026-01-15T12:00:00.000Z", updated_at: "2026-01-16T12:00:00.000Z" };
    const action = { object: "audit_log_action", name: "user.signed_in", schema: SCHEMA, ...times };
    const api = fakeApi({ object: "list", data: [action], list_metadata: { before: null, after: null } });

    const actions = await api.workos.auditLogs.listActions({ after: "ala_1" });

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["GET", "/audit_logs/actions"]);
    assertEquals(request.query, { after: "ala_1", order: "desc" });
    assertEquals(actions.data as unknown[], [{
      object: "audit_log_action",
      name: "user.signed_in",
      schema: READ_SCHEMA,
      createdAt: "2026-01-15T12:00:00.000Z",
      updatedAt: "2026-01-16T12:00:00.000Z",
    }]);
  });

  it("listActions() reads an action without a schema", async () => {
    const api = fakeApi({ object: "list", data: [{ name: "user.signed_in" }], list_metadata: {} });

    const actions = await api.workos.auditLogs.listActions();

    assertEquals<unknown[]>(actions.data, [{ name: "user.signed_in" }]);
  });

  it("getOrganizationAuditLogsRetention() reads nothing set as null", async () => {
    const cases = [
      { wire: { retention_period_in_days: 30, brand_new: 1 }, read: { retentionPeriodInDays: 30, brandNew: 1 } },
      { wire: { retention_period_in_days: null }, read: { retentionPeriodInDays: null } },
      { wire: {}, read: { retentionPeriodInDays: null } },
    ];
    for (const { wire, read } of cases) {
      const api = fakeApi(wire);

      const retention = await api.workos.auditLogs.getOrganizationAuditLogsRetention({ id: "org_1" });

      assertEquals([api.requests[0].method, api.requests[0].path], [
        "GET",
        "/organizations/org_1/audit_logs_retention",
      ]);
      assertEquals(retention as unknown, read);
    }
  });

  it("updateOrganizationAuditLogsRetention() sends the period as it was given", async () => {
    const { Value1Month } = UpdateAuditLogsRetentionRetentionPeriod;
    const cases = [
      { options: { retentionPeriod: Value1Month }, body: { retention_period: "1_MONTH" } },
      { options: { retentionPeriodInDays: 365 }, body: { retention_period_in_days: 365 } },
    ];
    for (const { options, body } of cases) {
      const api = fakeApi({});

      const retention = await api.workos.auditLogs.updateOrganizationAuditLogsRetention({ id: "org_1", ...options });

      const [request] = api.requests;
      assertEquals([request.method, request.path], ["PUT", "/organizations/org_1/audit_logs_retention"]);
      assertEquals(request.body, body);
      assertEquals(retention, { retentionPeriodInDays: null });
    }
  });

  it("updateOrganizationAuditLogsRetention() wants exactly one period", async () => {
    const api = fakeApi({});
    const both = { retentionPeriod: "1_MONTH", retentionPeriodInDays: 30 };

    for (
      const options of [{}, both, { retentionPeriod: undefined }, { retentionPeriod: null as unknown as "1_MONTH" }]
    ) {
      await assertRejects(
        () => api.workos.auditLogs.updateOrganizationAuditLogsRetention({ id: "org_1", ...options }),
        TypeError,
      );
    }

    assertEquals(api.requests, []);
  });

  it("UpdateAuditLogsRetentionRetentionPeriod has every period", () => {
    const months = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((months) => `${months}_MONTHS`);
    const years = [2, 3, 4, 5, 6, 7, 8, 9, 10].map((years) => `${years}_YEARS`);

    const periods: string[] = Object.values(UpdateAuditLogsRetentionRetentionPeriod);

    assertEquals(periods, ["1_MONTH", ...months, "1_YEAR", ...years]);
  });

  it("refuses an empty id before anything is sent", async () => {
    const api = fakeApi({});
    const { auditLogs } = api.workos;

    await assertRejects(() => auditLogs.getExport(""), TypeError);
    await assertRejects(() => auditLogs.createSchema({ action: "", targets: [] }), TypeError);
    await assertRejects(() => auditLogs.listSchemas(""), TypeError);
    await assertRejects(() => auditLogs.getOrganizationAuditLogsRetention({ id: "" }), TypeError);
    await assertRejects(
      () => auditLogs.updateOrganizationAuditLogsRetention({ id: "..", retentionPeriodInDays: 30 }),
      TypeError,
    );

    assertEquals(api.requests, []);
  });
});
