import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { type Driver, ORIGIN, refusal, SEED, start } from "./drive.ts";

const EVENT = {
  action: "user.signed_in",
  occurred_at: "2026-01-01T10:00:00.000Z",
  actor: { id: "user_ada", type: "user", name: "Ada", metadata: { first_name: "Ada" } },
  targets: [{ id: "team_1", type: "team" }],
  context: { location: "123.123.123.123", user_agent: "Chrome" },
  metadata: { planSeats: 3, "a-b_c": true },
};
const SCHEMA = {
  actor: { metadata: { type: "object", properties: { first_name: { type: "string" } } } },
  targets: [{ type: "team", metadata: { type: "object", properties: { size: { type: "integer" } } } }],
  metadata: { type: "object", properties: { planSeats: { type: "number" } }, required: ["planSeats"] },
};
const RANGE = { range_start: "2026-01-01T00:00:00Z", range_end: "2026-01-02T00:00:00Z" };
const SCHEMAS = "/audit_logs/actions/user.signed_in/schemas";

describe("audit logs", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: SEED });
  });

  const log = (changes: object = {}, headers?: HeadersInit) =>
    api.post("/audit_logs/events", { organization_id: "org_1", event: { ...EVENT, ...changes } }, headers);
  const paths = async (changes: object) => {
    const { status, body } = await log(changes);
    assertEquals([status, body.code, body.message], [400, "invalid_audit_log_event", "Invalid Audit Log event."]);
    return body.errors.map(({ instancePath }: { instancePath: string }) => instancePath);
  };
  const exported = async (filters: object = {}) => {
    const { body } = await api.post("/audit_logs/exports", { organization_id: "org_1", ...RANGE, ...filters });
    const { url } = (await api.get(`/audit_logs/exports/${body.id}`)).body;
    return (await (await api.emulator.fetch(url)).text()).trimEnd().split("\r\n").slice(1);
  };

  describe("events", () => {
    it("are there to be looked at as they were sent", async () => {
      const { status, body } = await log({ version: 7, unknown: 1 });

      assertEquals([status, body], [200, { success: true }]);
      assertEquals(api.emulator.auditLogEvents, [
        { id: "audit_log_event_01000000000000000000000001", organization_id: "org_1", ...EVENT, version: 7 },
      ]);
      assertEquals(api.eventNames(), []);
    });

    it("are written once for one idempotency key", async () => {
      await log({ version: 1 }, { "Idempotency-Key": "k" });
      const { status, body } = await log({ version: 2 }, { "Idempotency-Key": "k" });

      assertEquals([status, body], [200, { success: true }]);
      assertEquals(api.emulator.auditLogEvents.map(({ version }) => version), [1]);
    });

    it("are refused when something is missing or of another type", async () => {
      const errors = async (changes: object) => {
        const { status, body } = await log(changes);
        assertEquals(status, 422);
        return body.errors;
      };

      assertEquals(await errors({ action: undefined, occurred_at: "noon", version: null }), [
        { code: "required", field: "event.action" },
        { code: "invalid", field: "event.occurred_at" },
        { code: "invalid", field: "event.version" },
      ]);
      assertEquals(await errors({ targets: [EVENT.targets[0], { id: 7 }] }), [
        { code: "invalid", field: "event.targets.1.id" },
        { code: "required", field: "event.targets.1.type" },
      ]);
      assertEquals(await errors({ actor: { id: "a", type: "b", name: null } }), [
        { code: "invalid", field: "event.actor.name" },
      ]);
      assertEquals(await errors({ context: {} }), [{ code: "required", field: "event.context.location" }]);
      const empty = await api.post("/audit_logs/events", { event: [] });
      assertEquals([empty.status, empty.body.errors], [422, [
        { code: "required", field: "organization_id" },
        { code: "invalid", field: "event" },
      ]]);
      const strange = await api.post("/audit_logs/events", { organization_id: "org_9", event: EVENT });
      assertEquals([strange.status, strange.body.entity_id], [404, "org_9"]);
      assertEquals(api.emulator.auditLogEvents, []);
    });

    it("are refused with metadata that is too much", async () => {
      const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, index]));

      assertEquals(await paths({ metadata: many }), ["/metadata"]);
      assertEquals(await paths({ metadata: { long: "x".repeat(501), "a b": 1, ok: "x".repeat(500), none: null } }), [
        "/metadata/long",
        "/metadata/a b",
        "/metadata/none",
      ]);
      assertEquals(await paths({ actor: { ...EVENT.actor, metadata: { deep: {} } } }), ["/actor/metadata/deep"]);
      assertEquals(await paths({ targets: [{ ...EVENT.targets[0], metadata: { list: [] } }] }), [
        "/targets/0/metadata/list",
      ]);
    });

    it("follow the schema of their action", async () => {
      await api.post(SCHEMAS, SCHEMA);

      assertEquals((await log()).status, 200);
      assertEquals(api.emulator.auditLogEvents[0].version, 1);
      assertEquals(await paths({ metadata: { planSeats: "3" } }), ["/metadata/planSeats"]);
      assertEquals(await paths({ metadata: undefined }), ["/metadata"]);
      assertEquals(await paths({ actor: { ...EVENT.actor, metadata: { first_name: 1 } } }), [
        "/actor/metadata/first_name",
      ]);
      assertEquals(
        await paths({ targets: [{ id: "1", type: "team", metadata: { size: 1.5 } }, { id: "2", type: "x" }] }),
        [
          "/targets/0/metadata/size",
          "/targets/1/type",
        ],
      );
      assertEquals((await log({ action: "user.signed_out" })).status, 200);
    });

    it("follow the version they name, and the newest otherwise", async () => {
      await api.post(SCHEMAS, SCHEMA);
      const closed = { type: "object", properties: {}, additionalProperties: false };
      await api.post(SCHEMAS, { targets: [{ type: "team" }], metadata: closed });

      assertEquals((await log({ version: 1 })).status, 200);
      assertEquals(await paths({}), ["/metadata/planSeats", "/metadata/a-b_c"]);
      assertEquals((await log({ metadata: {} })).status, 200);
      assertEquals(await paths({ version: 3 }), ["/version"]);
      assertEquals(api.emulator.auditLogEvents.map(({ version }) => version), [1, 2]);
    });
  });

  describe("schemas", () => {
    it("count up, and make the action that shows the newest", async () => {
      const first = await api.post(SCHEMAS, SCHEMA);
      const second = await api.post(SCHEMAS, { targets: [{ type: "team" }] });
      const { data } = (await api.get(SCHEMAS)).body;
      const actions = (await api.get("/audit_logs/actions")).body.data;

      const rest = { object: "audit_log_schema", created_at: "2026-01-01T00:00:00.000Z" };
      assertEquals([first.status, first.body], [201, { ...SCHEMA, ...rest, version: 1 }]);
      assertEquals(second.body, { ...rest, version: 2, targets: [{ type: "team" }] });
      assertEquals(data, [second.body, first.body]);
      assertEquals(actions, [{
        object: "audit_log_action",
        name: "user.signed_in",
        schema: second.body,
        created_at: "2026-01-01T00:00:00.000Z",
        updated_at: "2026-01-01T00:00:00.000Z",
      }]);
    });

    it("are paged", async () => {
      for (const type of ["a", "b", "c"]) await api.post(SCHEMAS, { targets: [{ type }] });

      const first = (await api.get(`${SCHEMAS}?limit=2`)).body;
      const second = (await api.get(`${SCHEMAS}?limit=2&after=${first.list_metadata.after}`)).body;

      assertEquals([...first.data, ...second.data].map(({ version }) => version), [3, 2, 1]);
    });

    it("are refused when they are none, and not found without one", async () => {
      const targets = [{ type: "a" }];
      const refused: [object, string][] = [
        [{}, "targets: targets_required"],
        [{ targets: [] }, "targets: targets_invalid"],
        [{ targets: [{}] }, "type: type_required"],
        [{ targets, actor: {} }, "metadata: metadata_required"],
        [{ targets, metadata: null }, "metadata: metadata_invalid"],
      ];
      for (const [given, wrong] of refused) assertEquals(refusal(await api.post(SCHEMAS, given)), [422, wrong]);

      const { status, body } = await api.get(SCHEMAS);
      assertEquals([status, body.message], [404, "Audit Log Action not found: 'user.signed_in'."]);
    });
  });

  describe("exports", () => {
    it("are ready at the second look, with an address of their CSV for ten minutes", async () => {
      await log({ targets: [{ id: "1", type: "team", name: 'The "A" team' }], metadata: undefined });
      const { status, body } = await api.post("/audit_logs/exports", { organization_id: "org_1", ...RANGE });
      await log();
      const ready = (await api.get(`/audit_logs/exports/${body.id}`)).body;
      const file = await api.emulator.fetch(ready.url);

      assertEquals([status, body.state, body.url, ready.state], [201, "pending", undefined, "ready"]);
      assertEquals([file.status, file.headers.get("Content-Type")], [200, "text/csv; charset=utf-8"]);
      assertEquals(
        await file.text(),
        "id,action,occurred_at,version,actor_id,actor_type,actor_name,actor_metadata,targets,location,user_agent," +
          "metadata\r\naudit_log_event_01000000000000000000000001,user.signed_in,2026-01-01T10:00:00.000Z,,user_ada," +
          'user,Ada,"{""first_name"":""Ada""}","[{""id"":""1"",""type"":""team"",""name"":""The \\""A\\"" team""}]",' +
          "123.123.123.123,Chrome,\r\n",
      );
      api.emulator.advance(10 * 60_000);
      assertEquals((await api.emulator.fetch(ready.url)).status, 404);
      assertEquals((await api.emulator.fetch((await api.get(`/audit_logs/exports/${body.id}`)).body.url)).status, 200);
      assertEquals(
        JSON.stringify(api.emulator.requests).includes(new URL(ready.url).searchParams.get("token")!),
        false,
      );
    });

    it("hold the events that fit", async () => {
      await log({ occurred_at: "2026-01-01T12:00:00+03:00", action: "a", targets: [{ id: "1", type: "page" }] });
      await log({ occurred_at: "2026-01-01T08:00:00Z", action: "b", actor: { id: "user_bob", type: "user" } });
      await log({ occurred_at: "2026-01-03T08:00:00Z", action: "c" });
      await api.post("/audit_logs/events", { organization_id: "org_2", event: { ...EVENT, action: "d" } });
      const actions = async (filters: object = {}) => (await exported(filters)).map((line) => line.split(",")[1]);

      assertEquals(await actions(), ["b", "a"]);
      assertEquals(await actions({ range_end: "2026-01-04T00:00:00Z" }), ["b", "a", "c"]);
      assertEquals(await actions({ actions: ["b", "c"] }), ["b"]);
      assertEquals([await actions({ actor_names: ["Ada"] }), await actions({ actors: ["Ada"] })], [["a"], ["a"]]);
      assertEquals(await actions({ actor_ids: ["user_bob"] }), ["b"]);
      assertEquals(await actions({ targets: ["page", "x"], actions: [] }), ["a"]);
    });

    it("are refused with a 400, and open with their own token only", async () => {
      const path = "/audit_logs/exports";
      const reversed = { organization_id: "org_1", range_start: RANGE.range_end, range_end: RANGE.range_start };
      const { status, body } = await api.post(path, reversed);

      assertEquals([status, body.code], [400, "invalid_audit_log_export_range_date"]);
      const refused = async (more: object) => refusal(await api.post(path, { organization_id: "org_1", ...more }));
      assertEquals(await refused({}), [400, "range_start: range_start_required", "range_end: range_end_required"]);
      assertEquals(await refused({ ...RANGE, actions: [1] }), [400, "actions: actions_invalid"]);
      assertEquals((await api.post(path, { organization_id: "org_9", ...RANGE })).status, 404);
      const missing = await api.get(`${path}/audit_log_export_9`);
      assertEquals([missing.status, missing.body.message], [404, "Audit Log Export not found: 'audit_log_export_9'."]);
      assertEquals((await api.emulator.fetch(`${ORIGIN}${path}/audit_log_export_9/events.csv`)).status, 404);
    });
  });

  describe("of an organization", () => {
    it("are kept for as long as it is told", async () => {
      const path = "/organizations/org_1/audit_logs_retention";
      const get = async () => (await api.get(path)).body.retention_period_in_days;
      const configured = async () => (await api.get("/organizations/org_1/audit_log_configuration")).body;

      assertEquals([await get(), await configured()], [
        null,
        { organization_id: "org_1", retention_period_in_days: 30, state: "active" },
      ]);
      const put = await api.put(path, { retention_period_in_days: 365 });
      assertEquals([put.status, put.body, await get()], [200, { retention_period_in_days: 365 }, 365]);
      assertEquals((await configured()).retention_period_in_days, 365);
      assertEquals((await api.put(path, { retention_period: "2_MONTHS" })).body.retention_period_in_days, 60);
      const refused = async (body: object) => refusal(await api.put(path, body));
      assertEquals(await refused({}), [422, "retention_period_in_days: retention_period_in_days_required"]);
      assertEquals(await refused({ retention_period_in_days: 31 }), [
        422,
        "retention_period_in_days: retention_period_in_days_invalid",
      ]);
      assertEquals(await refused({ retention_period: "1_DAY" }), [422, "retention_period: retention_period_invalid"]);
      assertEquals(await get(), 60);
    });

    it("are unknown without it, and go with it", async () => {
      const { id } = (await api.post("/audit_logs/exports", { organization_id: "org_1", ...RANGE })).body;
      await log();

      assertEquals((await api.get("/organizations/org_9/audit_logs_retention")).status, 404);
      assertEquals((await api.put("/organizations/org_9/audit_logs_retention", {})).status, 404);
      assertEquals((await api.get("/organizations/org_9/audit_log_configuration")).status, 404);
      await api.remove("/organizations/org_1");
      assertEquals((await api.get(`/audit_logs/exports/${id}`)).status, 404);
      assertEquals(api.emulator.auditLogEvents.length, 1);
    });
  });
});
