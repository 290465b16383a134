import { assertEquals, assertNotStrictEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { Api, readList, responseOf } from "../src/api.ts";
import { resolveConfig } from "../src/config.ts";
import { GenericServerException, ParseError } from "../src/errors.ts";
import { ok, status, transport } from "./transport/fake_transport.ts";

describe("responseOf()", () => {
  it("tells status, headers, request id, attempts and waits of the call that made a value", async () => {
    const { api, waits } = transport([status(503), ok({ id: "x" }, { "X-Request-ID": "req_2", "X-Other": "1" })]);

    const value = await api.send("GET", "/x");

    const info = responseOf(value)!;
    assertEquals([info.status, info.requestID, info.attempts, info.headers.get("X-Other")], [200, "req_2", 2, "1"]);
    assertEquals([info.waited], waits);
    assertEquals(Object.getOwnPropertyNames(value), ["id"]);
  });

  it("knows pages too, and nothing it did not make", async () => {
    const { api } = transport([ok({ object: "list", data: [], list_metadata: {} }, { "X-Request-ID": "req_3" })]);

    assertEquals(responseOf(await api.list("/x", {}))!.requestID, "req_3");
    for (const value of [{}, null, undefined, "x"]) assertEquals(responseOf(value), undefined);
  });
});

describe("Api.list", () => {
  const page = (ids: string[], after: string | null) =>
    ok({ object: "list", data: ids.map((id) => ({ id, created_at: "t" })), list_metadata: { before: null, after } });

  it("asks for the newest first, keeps the caller's options and passes request options to every page", async () => {
    const { api, sent } = transport([page(["a"], "a"), page(["b"], null)]);

    const list = await api.list("/x", { query: { organizationId: "org_1" } }, { headers: { "X-Trace": "1" } });

    assertEquals(await list.toArray(), [{ id: "a", createdAt: "t" }, { id: "b", createdAt: "t" }]);
    assertEquals(list.options, { organizationId: "org_1" });
    assertEquals(sent.map(({ url }) => new URL(url).search), [
      "?organization_id=org_1&order=desc",
      "?organization_id=org_1&limit=100&after=a&order=desc",
    ]);
    assertEquals(sent[1].headers.get("X-Trace"), "1");
  });

  it("continues with the options it began with, even if the caller has changed them since", async () => {
    const { api, sent } = transport([page(["a"], "a"), page(["b"], null)]);
    const query = { organizationId: "org_1" };

    const listing = api.list("/x", { query });
    query.organizationId = "org_2";
    const list = await listing;
    await list.toArray();

    assertEquals(sent.map(({ url }) => new URL(url).searchParams.get("organization_id")), ["org_1", "org_1"]);
    assertEquals(list.options, { organizationId: "org_1" });
  });

  it("asks for another order when the caller does", async () => {
    const { api, sent } = transport([page(["a"], null)]);

    await api.list("/x", { query: { order: "asc" } });

    assertEquals(new URL(sent[0].url).search, "?order=asc");
  });

  it("shows the cursors that the API sends, and no others", async () => {
    for (
      const [sent, shown] of [
        [{ after: "a" }, { after: "a" }],
        [{}, {}],
        [null, { before: null, after: null }],
        [undefined, { before: null, after: null }],
      ]
    ) {
      const { api } = transport([ok({ object: "list", data: [], list_metadata: sent })]);

      assertEquals((await api.list("/x", {})).listMetadata, shown as object);
    }
  });

  it("gives a page without data as ParseError", async () => {
    const { api } = transport([ok({ object: "list" })]);

    await assertRejects(() => api.list("/x", {}), ParseError);
  });
});

describe("readList()", () => {
  it("reads items and metadata, keeps what else there is, and fills in what is missing", () => {
    const wire = { data: [{ a_b: 1 }], list_metadata: { before: null, after: "x" }, new_field: { c_d: 1 } };

    assertEquals(readList(wire) as object, {
      object: "list",
      data: [{ aB: 1 }],
      listMetadata: { before: null, after: "x" },
      newField: { cD: 1 },
    });
    assertEquals(readList({ data: [] }), { object: "list", data: [], listMetadata: { before: null, after: null } });
  });

  it("refuses an answer without a list", () => {
    for (const data of [undefined, null, {}, "x"]) assertThrows(() => readList({ data }), TypeError, "it has no data");
  });
});

describe("Api.keySet", () => {
  it("loads the keys through the client's fetch, without the key, once", async () => {
    const { api, sent } = transport([ok({ keys: [{ kty: "RSA", kid: "k1", n: "n", e: "AQAB", alg: "RS256" }] })]);
    const header = { alg: "RS256", kid: "k1" };

    const found = await api.keySet("client_1").find(header);
    await api.keySet("client_1").find(header);

    assertEquals(found?.kid, "k1");
    assertEquals(sent.length, 1);
    assertEquals(sent[0].url, "https://api.workos.com/sso/jwks/client_1");
    assertEquals(sent[0].headers.has("Authorization"), false);
  });

  it("makes a token wait for two attempts at most, of 5 s each, and for no more than the client allows", async () => {
    for (
      const [options, attempts, ms] of [[{}, 2, 5_000], [{ maxRetries: 0, timeout: 7 }, 1, 7]] as const
    ) {
      const { api, sent } = transport([() => Promise.reject(new TypeError("refused"))], options);
      const real = globalThis.setTimeout;
      const limits: unknown[] = [];
      globalThis.setTimeout = ((callback: () => void, ms: number) => {
        limits.push(ms);
        return real(callback, ms);
      }) as typeof setTimeout;

      try {
        await assertRejects(() => api.keySet("client_1").find({ alg: "RS256", kid: "k1" }));
      } finally {
        globalThis.setTimeout = real;
      }

      assertEquals(sent.length, attempts);
      assertEquals(limits, sent.map(() => ms));
    }
  });

  it("does not make a token wait because the API asks for a long pause", async () => {
    for (const [seconds, attempts] of [["5", 2], ["6", 1], ["60", 1]] as const) {
      const { api, sent, waits } = transport([status(503, { "Retry-After": seconds })]);

      await assertRejects(() => api.keySet("client_1").find({ alg: "RS256", kid: "k1" }), GenericServerException);

      assertEquals([sent.length, waits], [attempts, attempts === 2 ? [5_000] : []]);
    }
  });

  it("needs no API key", async () => {
    const { api, sent } = transport([ok({ keys: [] })], { apiKey: undefined, clientId: "client_1" });

    await api.keySet("client_1").find({ alg: "RS256", kid: "k1" }).catch(() => {});

    assertEquals(sent.map(({ method }) => method), ["GET"]);
  });

  it("keeps one for each client id, but not for any number of them", () => {
    const api = new Api(resolveConfig({ apiKey: "sk_test_1" }, () => undefined));

    const first = api.keySet("client_first");
    for (let i = 1; i < 1000; i++) api.keySet(`client_${i}`);

    assertStrictEquals(api.keySet("client_first"), first);
    api.keySet("client_1000");
    assertNotStrictEquals(api.keySet("client_first"), first);
  });
});
