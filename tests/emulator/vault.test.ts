import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertMatch, assertNotEquals, assertThrows } from "@std/assert";
import { fromBase64, toBase64 } from "../../src/bytes.ts";
import { createEmulator } from "../../src/emulator/mod.ts";
import { type Driver, start } from "./drive.ts";

const KV = "/vault/v1/kv";
const KEYS = "/vault/v1/keys";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ACTOR = { actor_id: "api_key_emulator", actor_source: "api", actor_name: "Emulator" };
const CONTEXT = { organization_id: "org_1", firstName: "x" };

describe("vault", () => {
  let api: Driver;

  const create = async (name: string, value = "s3cret") =>
    (await api.post(KV, { name, value, key_context: CONTEXT })).body;
  const names = async (query: string) =>
    (await api.get(`${KV}?${query}`)).body.data.map(({ name }: { name: string }) => name);

  beforeEach(async () => {
    api = await start();
  });

  describe("objects", () => {
    it("POST stores one and tells what is known of it, without the secret", async () => {
      const { status, body } = await api.post(KV, { name: "db", value: "s3cret", key_context: CONTEXT });

      assertEquals(status, 201);
      assertEquals([body.context, body.environment_id], [CONTEXT, "environment_emulator"]);
      assertEquals([body.updated_at, body.updated_by], [
        "2026-01-01T00:00:00.000Z",
        { id: "api_key_emulator", name: "Emulator" },
      ]);
      for (const id of [body.id, body.key_id, body.version_id]) assertMatch(id, UUID);
      assertEquals(JSON.stringify(body).includes("s3cret"), false);
      assertEquals(api.emulator.events.map(({ event, data }) => [event, data]), [
        ["vault.kek.created", {
          ...ACTOR,
          key_name: '["firstName","x"],["organization_id","org_1"]',
          key_id: body.key_id,
        }],
        ["vault.data.created", { ...ACTOR, kv_name: "db", key_id: body.key_id, key_context: CONTEXT }],
      ]);
    });

    it("POST encrypts under one key per context", async () => {
      const reordered = { firstName: "x", organization_id: "org_1" };
      const ids = [
        (await create("a")).key_id,
        (await api.post(KV, { name: "b", value: "", key_context: reordered })).body.key_id,
        (await api.post(KV, { name: "c", value: "", key_context: {} })).body.key_id,
      ];

      assertEquals([ids[0] === ids[1], ids[0] === ids[2]], [true, false]);
      assertEquals(api.eventNames().filter((name) => name === "vault.kek.created").length, 2);
    });

    it("POST refuses what is missing, malformed or too much", async () => {
      const key_context = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, "x"]));
      const bodies = [
        {},
        { name: "a", value: 1, key_context: {} },
        { name: "a", value: "x" },
        { name: "n".repeat(201), value: "x", key_context: {} },
        { name: "a", value: "x", key_context },
        { name: "a", value: "x", key_context: { a: 1 } },
        { name: "a", value: "x", key_context: { a: "x".repeat(501) } },
      ];

      const answers = await Promise.all(bodies.map((body) => api.post(KV, body)));

      assertEquals(answers.map(({ status }) => status), bodies.map(() => 422));
      assertEquals(answers.map(({ body }) => body.error), [
        "Validation failed. name_required",
        "Validation failed. value_invalid",
        "Validation failed. key_context_required",
        "Validation failed. name_too_long",
        "Validation failed. key_context_invalid",
        "Validation failed. key_context_invalid",
        "Validation failed. key_context_invalid",
      ]);
      assertEquals(api.emulator.events, []);
    });

    it("POST refuses a name that is taken", async () => {
      await create("db");

      const { status, body } = await api.post(KV, { name: "db", value: "other", key_context: {} });

      assertEquals([status, body], [409, { error: "There is an object named 'db' already." }]);
    });

    it("GET reads the secret by id and by name", async () => {
      const { id, ...metadata } = await create("a b/c");

      const byId = await api.get(`${KV}/${id}`);
      const byName = await api.get(`${KV}/name/a%20b%2Fc`);

      assertEquals(byId.body, { id, name: "a b/c", value: "s3cret", metadata: { id, ...metadata } });
      assertEquals(byName.body, byId.body);
      assertEquals(api.emulator.events.at(-1)?.event, "vault.data.read");
      assertEquals(api.emulator.events.at(-1)?.data, { ...ACTOR, kv_name: "a b/c", key_id: metadata.key_id });
    });

    it("GET finds an object called metadata, and none that is not there", async () => {
      await create("metadata");

      const missing = [await api.get(`${KV}/nothing`), await api.get(`${KV}/name/nothing`)];

      assertEquals((await api.get(`${KV}/name/metadata`)).body.value, "s3cret");
      assertEquals(missing.map(({ status, body }) => [status, body]), [
        [404, { error: "Vault object not found: 'nothing'." }],
        [404, { error: "Vault object not found: 'nothing'." }],
      ]);
    });

    it("GET /metadata describes it without the secret", async () => {
      const { id } = await create("db");

      const { body } = await api.get(`${KV}/${id}/metadata`);

      assertEquals(Object.keys(body).sort(), ["id", "metadata", "name"]);
      assertEquals([api.emulator.events.at(-1)?.event, api.emulator.events.at(-1)?.data], [
        "vault.metadata.read",
        { ...ACTOR, kv_name: "db" },
      ]);
    });

    it("GET lists names, newest first, and narrows by name and time", async () => {
      await create("db-password");
      api.emulator.advance(1000);
      await create("db-user");
      await create("Other");

      const { body } = await api.get(`${KV}?limit=2`);

      assertEquals(Object.keys(body.data[0]).sort(), ["id", "name", "updated_at"]);
      assertEquals(body.data.map(({ name }: { name: string }) => name), ["Other", "db-user"]);
      assertEquals(await names(`after=${body.list_metadata.after}`), ["db-password"]);
      assertEquals(await names("search=DB&order=asc"), ["db-password", "db-user"]);
      assertEquals(await names("updatedAfter=2026-01-01T00:00:00Z"), ["Other", "db-user"]);
      assertEquals((await api.get(`${KV}?updatedAfter=soon`)).status, 400);
      assertEquals(api.emulator.events.at(-1)?.event, "vault.names.listed");
    });

    it("PUT makes a new version of the secret", async () => {
      const { id, version_id } = await create("db", "");
      api.emulator.advance(1000);

      const { status, body } = await api.put(`${KV}/${id}`, { value: "longer secret" });
      const versions = (await api.get(`${KV}/${id}/versions`)).body;

      assertEquals([status, Object.keys(body).sort()], [201, ["id", "metadata", "name"]]);
      assertNotEquals(body.metadata.version_id, version_id);
      assertEquals(body.metadata.updated_at, "2026-01-01T00:00:01.000Z");
      assertEquals((await api.get(`${KV}/${id}`)).body.value, "longer secret");
      const shown = versions.data.map(({ size: _, etag: __, ...rest }: Record<string, unknown>) => rest);
      assertEquals(shown, [
        { id: body.metadata.version_id, created_at: "2026-01-01T00:00:01.000Z", current_version: true },
        { id: version_id, created_at: "2026-01-01T00:00:00.000Z", current_version: false },
      ]);
      assertEquals(versions.data[0].size - versions.data[1].size, "longer secret".length);
      assertMatch(versions.data[0].etag, /^[0-9a-f]{32}$/);
      assertNotEquals(versions.data[0].etag, versions.data[1].etag);
    });

    it("PUT and DELETE refuse another version than the one asked for", async () => {
      const { id, version_id } = await create("db");
      const { version_id: second } = (await api.put(`${KV}/${id}`, { value: "b", version_check: version_id })).body
        .metadata;

      const stale = [
        await api.put(`${KV}/${id}`, { value: "c", version_check: version_id }),
        await api.remove(`${KV}/${id}?version_check=${version_id}`),
      ];

      assertEquals(stale.map(({ status, body }) => [status, body]), [
        [409, { error: "The object has another version." }],
        [409, { error: "The object has another version." }],
      ]);
      assertEquals((await api.get(`${KV}/${id}`)).body.value, "b");
      assertEquals((await api.put(`${KV}/${id}`, { value: "c", version_check: null })).status, 201);
      assertEquals((await api.remove(`${KV}/${id}?version_check=${second}`)).status, 409);
    });

    it("PUT refuses what is missing with a 400", async () => {
      const { id } = await create("db");

      const { status, body } = await api.put(`${KV}/${id}`, {});
      const unknown = await api.put(`${KV}/nothing`, { value: "x" });

      assertEquals([status, body], [400, { error: "Validation failed. value_required" }]);
      assertEquals([unknown.status, unknown.body], [404, { error: "Vault object not found: 'nothing'." }]);
      assertEquals((await api.get(`${KV}/${id}`)).body.value, "s3cret");
    });

    it("DELETE removes it and frees its name", async () => {
      const { id } = await create("db");

      const { status, body } = await api.remove(`${KV}/${id}`);

      assertEquals([status, body], [200, { success: true, name: "db" }]);
      assertEquals([(await api.get(`${KV}/${id}`)).status, (await api.get(`${KV}/${id}/versions`)).status], [404, 404]);
      assertEquals((await api.remove(`${KV}/${id}`)).status, 404);
      assertEquals(api.emulator.events.at(-1)?.data, { ...ACTOR, kv_name: "db" });
      await create("db");
    });

    it("can be seeded, once each", async () => {
      const vault_objects = [{ id: "obj_1", name: "db", value: "s3cret" }];
      api = await start({ seed: { vault_objects } });

      assertEquals((await api.get(`${KV}/obj_1`)).body.value, "s3cret");
      assertThrows(() => createEmulator({ seed: { vault_objects: [...vault_objects, ...vault_objects] } }));
    });

    it("keep their secrets out of the request log", async () => {
      await create("db", "very s3cret");

      assertEquals(JSON.stringify(api.emulator.requests).includes("s3cret"), false);
    });
  });

  describe("keys", () => {
    it("POST /data-key makes a key that /decrypt opens", async () => {
      const { status, body } = await api.post(`${KEYS}/data-key`, { context: CONTEXT });
      const opened = await api.post(`${KEYS}/decrypt`, { keys: body.encrypted_keys });

      assertEquals([status, body.context, fromBase64(body.data_key).length], [200, CONTEXT, 32]);
      assertMatch(body.id, UUID);
      assertEquals([opened.status, opened.body], [200, { id: body.id, data_key: body.data_key }]);
      assertEquals(api.emulator.events.slice(1).map(({ event, data }) => [event, data]), [
        ["vault.dek.read", { ...ACTOR, key_ids: [body.id], key_context: CONTEXT }],
        ["vault.dek.decrypted", { ...ACTOR, key_id: body.id }],
      ]);
    });

    it("POST /data-key makes another key each time, and never shows it in the encrypted form", async () => {
      const first = (await api.post(`${KEYS}/data-key`, { context: {} })).body;
      const second = (await api.post(`${KEYS}/data-key`, { context: {} })).body;
      const numbers = (text: string) => fromBase64(text).join();

      assertNotEquals(first.data_key, second.data_key);
      assertEquals(numbers(first.encrypted_keys).includes(numbers(first.data_key)), false);
    });

    it("POST /rekey keeps the key under another context", async () => {
      const first = (await api.post(`${KEYS}/data-key`, { context: CONTEXT })).body;

      const { status, body } = await api.post(`${KEYS}/rekey`, {
        context: { tenant: "t1" },
        encrypted_keys: first.encrypted_keys,
      });
      const opened = await api.post(`${KEYS}/decrypt`, { keys: body.encrypted_keys });

      assertEquals([status, body.context, body.data_key], [200, { tenant: "t1" }, first.data_key]);
      assertNotEquals(body.encrypted_keys, first.encrypted_keys);
      assertEquals(opened.body, { id: body.id, data_key: first.data_key });
    });

    it("POST /decrypt refuses keys that were changed, wherever that is", async () => {
      const { encrypted_keys } = (await api.post(`${KEYS}/data-key`, { context: CONTEXT })).body;
      const bytes = fromBase64(encrypted_keys);
      const statuses = new Set<number>();

      for (let index = 0; index < bytes.length; index++) {
        const changed = bytes.slice();
        changed[index] ^= 1;
        statuses.add((await api.post(`${KEYS}/decrypt`, { keys: toBase64(changed) })).status);
      }

      assertEquals([...statuses], [400]);
    });

    it("POST /decrypt and /rekey refuse what is none of theirs", async () => {
      const other = await start({ deterministic: false });
      const { encrypted_keys } = (await other.post(`${KEYS}/data-key`, { context: {} })).body;
      const error = "The encrypted key cannot be decrypted.";

      for (const keys of [encrypted_keys, "", "AAAA", "not base64!", encrypted_keys.slice(0, 12)]) {
        const { status, body } = await api.post(`${KEYS}/decrypt`, { keys });
        assertEquals([status, body], [400, { error: keys ? error : "Validation failed. keys_required" }]);
      }
      assertEquals((await api.post(`${KEYS}/rekey`, { context: {}, encrypted_keys })).body, { error });
    });

    it("survive a reset", async () => {
      const { encrypted_keys, data_key } = (await api.post(`${KEYS}/data-key`, { context: CONTEXT })).body;

      api.emulator.reset();

      assertEquals((await api.post(`${KEYS}/decrypt`, { keys: encrypted_keys })).body.data_key, data_key);
    });

    it("are refused without a context", async () => {
      for (const [path, body] of [["data-key", {}], ["rekey", { encrypted_keys: "AAAA" }]] as const) {
        const refused = await api.post(`${KEYS}/${path}`, body);

        assertEquals([refused.status, refused.body], [422, { error: "Validation failed. context_required" }]);
      }
    });
  });
});
