import { assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { BadRequestException, ParseError, type WorkOS } from "../../mod.ts";
import { VaultOrder } from "../../src/resources/vault.ts";
import { VaultError } from "../../src/vault_crypto.ts";
import { fakeApi } from "../fake_api.ts";

const TIME = "2026-01-15T12:00:00.000Z";

/** Keys that a renaming would change. */
const CONTEXT = { organization_id: "org_1", first_name: "a", lastName: "b" };

const METADATA = {
  id: "obj_1",
  environment_id: "env_1",
  key_id: "key_1",
  context: CONTEXT,
  updated_at: TIME,
  updated_by: { id: "actor_1", name: "CI", api_key_id: "k" },
  version_id: "v1",
  new_field: { inner_field: 1 },
};
const READ_METADATA = {
  id: "obj_1",
  environmentId: "env_1",
  keyId: "key_1",
  context: CONTEXT,
  updatedAt: new Date(TIME),
  updatedBy: { id: "actor_1", name: "CI", apiKeyId: "k" },
  versionId: "v1",
  newField: { innerField: 1 },
};

const OBJECT = { id: "obj_1", name: "n", value: "secret_value", metadata: METADATA, new_field: 1 };
const READ_OBJECT = { id: "obj_1", name: "n", value: "secret_value", metadata: READ_METADATA, newField: 1 };
const BARE = { id: "obj_1", name: "n", metadata: METADATA };
const READ_BARE = { id: "obj_1", name: "n", metadata: READ_METADATA };

interface Row {
  name: string;
  call: (workos: WorkOS) => Promise<unknown>;
  method: string;
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  answer?: unknown;
  result?: unknown;
}

const CALLS: Row[] = [
  {
    name: "createDataKey",
    call: ({ vault }) => vault.createDataKey({ context: CONTEXT }),
    method: "POST",
    path: "/vault/v1/keys/data-key",
    body: { context: CONTEXT },
    answer: { context: CONTEXT, data_key: "a2V5", encrypted_keys: "ZW5j", id: "key_1", new_field: 1 },
    result: { context: CONTEXT, dataKey: { key: "a2V5", id: "key_1" }, encryptedKeys: "ZW5j", newField: 1 },
  },
  {
    name: "decryptDataKey",
    call: ({ vault }) => vault.decryptDataKey({ keys: "ZW5j" }),
    method: "POST",
    path: "/vault/v1/keys/decrypt",
    body: { keys: "ZW5j" },
    answer: { data_key: "a2V5", id: "key_1", new_field: 1 },
    result: { key: "a2V5", id: "key_1", newField: 1 },
  },
  {
    name: "createRekey",
    call: ({ vault }) => vault.createRekey({ context: CONTEXT, encryptedKeys: "ZW5j" }),
    method: "POST",
    path: "/vault/v1/keys/rekey",
    body: { context: CONTEXT, encrypted_keys: "ZW5j" },
    answer: { context: CONTEXT, data_key: "a2V5", encrypted_keys: "bmV3", id: "key_1" },
    result: { context: CONTEXT, dataKey: "a2V5", encryptedKeys: "bmV3", id: "key_1" },
  },
  {
    name: "createObject",
    call: ({ vault }) => vault.createObject({ name: "n", value: "v", context: CONTEXT }),
    method: "POST",
    path: "/vault/v1/kv",
    body: { name: "n", value: "v", key_context: CONTEXT },
    answer: METADATA,
    result: READ_METADATA,
  },
  {
    name: "readObject",
    call: ({ vault }) => vault.readObject({ id: "obj_1" }),
    method: "GET",
    path: "/vault/v1/kv/obj_1",
    answer: OBJECT,
    result: READ_OBJECT,
  },
  {
    name: "readObjectByName of a text",
    call: ({ vault }) => vault.readObjectByName("a/b c"),
    method: "GET",
    path: "/vault/v1/kv/name/a%2Fb%20c",
    answer: OBJECT,
    result: READ_OBJECT,
  },
  {
    name: "readObjectByName of options",
    call: ({ vault }) => vault.readObjectByName({ name: "n" }),
    method: "GET",
    path: "/vault/v1/kv/name/n",
    answer: OBJECT,
    result: READ_OBJECT,
  },
  {
    name: "describeObject",
    call: ({ vault }) => vault.describeObject({ id: "obj_1" }),
    method: "GET",
    path: "/vault/v1/kv/obj_1/metadata",
    answer: BARE,
    result: READ_BARE,
  },
  {
    name: "updateObject",
    call: ({ vault }) => vault.updateObject({ id: "obj_1", value: "v" }),
    method: "PUT",
    path: "/vault/v1/kv/obj_1",
    body: { value: "v" },
    answer: BARE,
    result: READ_BARE,
  },
  {
    name: "updateObject of a version",
    call: ({ vault }) => vault.updateObject({ id: "obj_1", value: "v", versionCheck: "v1" }),
    method: "PUT",
    path: "/vault/v1/kv/obj_1",
    body: { value: "v", version_check: "v1" },
    answer: BARE,
    result: READ_BARE,
  },
  {
    name: "updateObject of any version",
    call: ({ vault }) => vault.updateObject({ id: "obj_1", value: "v", versionCheck: null }),
    method: "PUT",
    path: "/vault/v1/kv/obj_1",
    body: { value: "v", version_check: null },
    answer: BARE,
    result: READ_BARE,
  },
  {
    name: "deleteObject",
    call: ({ vault }) => vault.deleteObject({ id: "obj_1" }),
    method: "DELETE",
    path: "/vault/v1/kv/obj_1",
    answer: { success: true, name: "n" },
  },
  {
    name: "deleteObject of a version",
    call: ({ vault }) => vault.deleteObject({ id: "obj_1", versionCheck: "v1" }),
    method: "DELETE",
    path: "/vault/v1/kv/obj_1",
    query: { version_check: "v1" },
    answer: { success: true, name: "n" },
  },
  {
    name: "deleteObject of any version",
    call: ({ vault }) => vault.deleteObject({ id: "obj_1", versionCheck: null }),
    method: "DELETE",
    path: "/vault/v1/kv/obj_1",
    query: {},
    answer: { success: true, name: "n" },
  },
  {
    name: "listObjectVersions",
    call: ({ vault }) => vault.listObjectVersions({ id: "obj_1" }),
    method: "GET",
    path: "/vault/v1/kv/obj_1/versions",
    answer: {
      data: [
        { id: "v2", created_at: TIME, current_version: true, etag: "e", size: 3, new_field: 1 },
        { id: "v1", created_at: TIME, current_version: false },
      ],
      list_metadata: {},
    },
    result: [
      { id: "v2", createdAt: new Date(TIME), currentVersion: true, etag: "e", size: 3, newField: 1 },
      { id: "v1", createdAt: new Date(TIME), currentVersion: false, etag: "", size: 0 },
    ],
  },
];

describe("Vault", () => {
  for (const { name, call, method, path, query = {}, body, answer, result } of CALLS) {
    it(`${name} sends and reads what it should`, async () => {
      const api = fakeApi(answer);

      const received = await call(api.workos);

      const [request] = api.requests;
      assertEquals(`${request.method} ${request.path}`, `${method} ${path}`);
      assertEquals(request.query, query);
      assertEquals(request.body, body);
      assertEquals(received, result);
    });
  }

  it("describeObject() reads a missing version as null", async () => {
    const { version_id: _, ...metadata } = METADATA;
    const api = fakeApi({ ...BARE, metadata });

    const object = await api.workos.vault.describeObject({ id: "obj_1" });

    assertEquals(object.metadata.versionId, null);
  });

  it("readObject() refuses an answer without metadata", async () => {
    const api = fakeApi({ id: "obj_1", name: "n", value: "v" });

    await assertRejects(() => api.workos.vault.readObject({ id: "obj_1" }), ParseError);
  });

  it("refuses a missing id before sending", async () => {
    const api = fakeApi(OBJECT);

    await assertRejects(() => api.workos.vault.readObjectByName(""), TypeError);
    await assertRejects(() => api.workos.vault.deleteObject({ id: ".." }), TypeError);
    assertEquals(api.requests.length, 0);
  });

  it("deleteObject() does not look at the answer", async () => {
    const api = fakeApi(new Response(null, { status: 204 }));

    assertEquals(await api.workos.vault.deleteObject({ id: "obj_1" }), undefined);
  });

  it("createDataKey() passes request options on", async () => {
    const api = fakeApi({ data_key: "a2V5", id: "key_1" });

    await api.workos.vault.createDataKey({ context: CONTEXT }, { idempotencyKey: "once" });

    assertEquals(api.requests[0].headers["idempotency-key"], "once");
  });
});

describe("Vault.listObjects()", () => {
  it("has its orders by name", () => {
    assertEquals(VaultOrder, { Asc: "asc", Desc: "desc" });
  });

  const page = (after: string | null, ...data: unknown[]) => ({ data, list_metadata: { before: null, after } });

  it("sends the same filters on every page, a date in ISO form", async () => {
    const api = fakeApi(page("b", { id: "a", name: "n" }), page(null, { id: "b", name: "m" }));

    const options = { search: "s", updatedAfter: new Date(TIME), order: VaultOrder.Asc };
    const list = await api.workos.vault.listObjects(options);
    const all = await list.toArray();

    const filters = { search: "s", updatedAfter: TIME, order: "asc" };
    assertEquals(all.map(({ id }) => id), ["a", "b"]);
    assertEquals(api.requests.map(({ path }) => path), ["/vault/v1/kv", "/vault/v1/kv"]);
    assertEquals(api.requests[0].query, filters);
    assertEquals(api.requests[1].query, { ...filters, limit: "100", after: "b" });
  });

  it("sends a time given as text as it is", async () => {
    const api = fakeApi(page(null));

    await api.workos.vault.listObjects({ updatedAfter: "2026-01-01" });

    assertEquals(api.requests[0].query.updatedAfter, "2026-01-01");
  });

  it("reads times as dates, missing ones as null", async () => {
    const api = fakeApi(page(null, { id: "a", updated_at: TIME, new_field: 1 }, { id: "b", updated_at: null }, {}));

    const list = await api.workos.vault.listObjects();

    assertEquals<unknown>(list.data, [
      { id: "a", updatedAt: new Date(TIME), newField: 1 },
      { id: "b", updatedAt: null },
      { updatedAt: null },
    ]);
    assertEquals(api.requests[0].query, { order: "desc" });
  });

  it("refuses an invalid date before sending", async () => {
    const api = fakeApi(page(null));

    await assertRejects(() => api.workos.vault.listObjects({ updatedAfter: new Date("never") }), RangeError);
    assertEquals(api.requests.length, 0);
  });
});

describe("Vault local encryption", () => {
  const dataKey = "A".repeat(43) + "=";
  const answer = { context: CONTEXT, data_key: dataKey, encrypted_keys: "ZW5j", id: "key_1" };

  it("makes a data key for the context, and has it opened again", async () => {
    const api = fakeApi(answer);

    const text = await api.workos.vault.encrypt("secret", CONTEXT, "user_1", { headers: { "X-Test": "1" } });
    const decrypted = await api.workos.vault.decrypt(text, "user_1", { headers: { "X-Test": "2" } });

    assertEquals(decrypted, "secret");
    assertEquals(api.requests.map(({ method, path, body, headers }) => [method, path, body, headers["x-test"]]), [
      ["POST", "/vault/v1/keys/data-key", { context: CONTEXT }, "1"],
      ["POST", "/vault/v1/keys/decrypt", { keys: "ZW5j" }, "2"],
    ]);
  });

  it("takes no, null and empty associated data as the same", async () => {
    const { workos: { vault } } = fakeApi(answer);

    assertEquals(await vault.decrypt(await vault.encrypt("secret", CONTEXT, null), ""), "secret");
    assertEquals(await vault.decrypt(await vault.encrypt("secret", CONTEXT, ""), null), "secret");
    assertEquals(await vault.decrypt(await vault.encrypt("secret", CONTEXT)), "secret");
  });

  it("refuses what is no text before sending", async () => {
    const api = fakeApi(answer);
    const { vault } = api.workos;
    const wrong = 5 as unknown as string;

    await assertRejects(() => vault.encrypt(wrong, CONTEXT), TypeError, "Cannot use data: it is not a string");
    await assertRejects(() => vault.encrypt("x", CONTEXT, wrong), TypeError, "Cannot use associatedData");
    await assertRejects(() => vault.decrypt(wrong), TypeError, "Cannot use encryptedData");
    await assertRejects(() => vault.decrypt("x", wrong), TypeError, "Cannot use associatedData");
    assertEquals(api.requests, []);
  });

  it("tells a refused key from a changed text and from a broken answer", async () => {
    const text = await fakeApi(answer).workos.vault.encrypt("secret", CONTEXT);
    const refused = new Response(JSON.stringify({ code: "c", errors: [], message: "m" }), { status: 400 });

    await assertRejects(() => fakeApi(refused).workos.vault.decrypt(text), BadRequestException);
    const changed = await assertRejects(() => fakeApi(answer).workos.vault.decrypt(text, "x"), VaultError);
    const broken = await assertRejects(() => fakeApi({ id: "key_1" }).workos.vault.decrypt(text), VaultError);
    const keyless = await assertRejects(() => fakeApi({ id: "k" }).workos.vault.encrypt("x", CONTEXT), VaultError);

    assertEquals([changed, broken, keyless].map(({ reason }) => reason), ["undecryptable", "bad_key", "bad_key"]);
  });
});

describe("vault events", () => {
  it("keep the context's own names", async () => {
    const data = {
      actor_id: "a",
      actor_source: "api",
      actor_name: "n",
      kv_name: "k",
      key_id: "i",
      key_context: CONTEXT,
    };
    const event = { id: "event_1", event: "vault.data.created", created_at: TIME, data };
    const api = fakeApi({ object: "list", data: [event], list_metadata: {} });

    const { data: [read] } = await api.workos.events.listEvents({ events: ["vault.data.created"] });

    assertEquals<unknown>(read.data, {
      actorId: "a",
      actorSource: "api",
      actorName: "n",
      kvName: "k",
      keyId: "i",
      keyContext: CONTEXT,
    });
  });
});
