import { assert, assertEquals, assertFalse, assertInstanceOf, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { ApiKeyRequiredException } from "../../src/errors.ts";
import type { RequestOptions } from "../../src/api.ts";
import { inBrowser } from "../../src/runtime.ts";
import { ok, status, transport } from "./fake_transport.ts";

describe("requests of Api.send", () => {
  it("renames query, body and answer", async () => {
    const { api, sent } = transport([ok({ created_at: "2026", metadata: { a_b: 1 } })]);

    const value = await api.send("POST", "/x", { query: { organizationId: "org_1" }, body: { firstName: "Ada" } });

    assertEquals(value, { createdAt: "2026", metadata: { a_b: 1 } });
    assertEquals(sent[0].url, "https://api.workos.com/x?organization_id=org_1");
    assertEquals(sent[0].init.body, '{"first_name":"Ada"}');
    assertEquals(sent[0].headers.get("Content-Type"), "application/json");
    assertEquals(sent[0].headers.get("Authorization"), "Bearer sk_test_1");
  });

  it("sends {} where nothing is said, an empty body for null, none on GET and DELETE", async () => {
    const { api, sent } = transport([ok()]);

    for (const method of ["POST", "PUT", "PATCH", "GET", "DELETE"] as const) await api.send(method, "/x");
    await api.send("POST", "/x", { body: null });

    assertEquals(sent.map(({ init }) => init.body), ["{}", "{}", "{}", undefined, undefined, ""]);
    assertEquals(sent[3].headers.has("Content-Type"), false);
  });

  it("joins renamed and raw query parameters", async () => {
    const { api, sent } = transport([ok()]);

    await api.send("GET", "/x", {
      query: { organizationId: "org_1" },
      rawQuery: { updatedAfter: new Date(0), no: "" },
    });
    await api.send("GET", "/x", { rawQuery: { aB: 1 } });

    assertEquals(sent.map(({ url }) => new URL(url).search), [
      "?organization_id=org_1&updatedAfter=1970-01-01T00%3A00%3A00.000Z",
      "?aB=1",
    ]);
  });

  it("gives every attempt headers of its own", async () => {
    const { api, sent } = transport([(signal) => {
      (sent[0].init.headers as Record<string, string>)["X-Spoiled"] = "1";
      return Promise.reject(signal.aborted ? signal.reason : new TypeError("refused"));
    }, ok()]);

    await api.send("GET", "/x");

    assertEquals(sent[1].headers.has("X-Spoiled"), false);
  });

  it("refuses a token of a call that fits into no header, and quotes it nowhere", async () => {
    const { api, sent } = transport([ok()]);

    for (const accessToken of ["", "SECRET\nx", "SECRET x", "SECR\u00c9T", null as never, 1 as never]) {
      const error = await assertRejects(() => api.send("GET", "/x", { accessToken }), TypeError, '"accessToken"');
      assertFalse(error.message.includes("SECR"));
    }

    assertEquals(sent.length, 0);
  });

  it("sends forms as URLSearchParams, as fetch knows them", async () => {
    const { api, sent } = transport([status(500), ok()]);

    await api.send("POST", "/x", { form: { grant_type: "authorization_code", code: "a b", left_out: undefined } });

    for (const { init } of sent) {
      assertInstanceOf(init.body, URLSearchParams);
      assertEquals(init.body.toString(), "grant_type=authorization_code&code=a+b");
    }
    assertEquals(sent[0].headers.get("Content-Type"), "application/x-www-form-urlencoded;charset=utf-8");
  });

  it("gives POSTs of every kind a key of their own, except public ones in a web page", async () => {
    const { api, sent } = transport([ok(), ok(), ok()]);

    await api.send("POST", "/x");
    await api.send("POST", "/x", { public: true });
    await api.send("PUT", "/x", { public: true });

    const hasKey = sent.map(({ headers }) => headers.has("Idempotency-Key"));
    assertEquals(hasKey, [true, !inBrowser(), false]);
  });

  it("merges headers by name in any case: call over SDK over client", async () => {
    const headersOfClient = { "x-custom": "client", AUTHORIZATION: "Basic x", accept: "text/x", "content-type": "y" };
    const config = { headers: { ...headersOfClient, "user-agent": "mine", traceparent: "of the client" } };
    const { api, sent } = transport([ok()], { config });

    await api.send("POST", "/x", {}, { headers: [["X-Custom", "call"]] });
    await api.send("POST", "/x");
    await api.send("GET", "/x");

    const types = sent.map(({ headers }) => headers.get("Content-Type"));
    assertEquals(types, ["application/json", "application/json", null]);
    const { headers, init } = sent[0];
    assertEquals(headers.get("X-Custom"), "call");
    assertEquals(headers.get("Authorization"), "Bearer sk_test_1");
    assertEquals(headers.get("Accept"), "text/x");
    assertEquals(headers.get("traceparent"), "of the client");
    assertFalse(headers.get("User-Agent")?.includes("mine"));
    assertFalse(init.headers instanceof Headers);
    const names = Object.keys(init.headers!).map((name) => name.toLowerCase());
    assertEquals(new Set(names).size, names.length);
  });

  it("sends the Content-Type of its own body alone, whatever a call asks for", async () => {
    const { api, sent } = transport([ok()]);
    const headers = { "content-type": "text/plain" };

    await api.send("POST", "/x", {}, { headers });
    await api.send("GET", "/x", {}, { headers });

    const types = sent.map(({ init }) =>
      Object.entries(init.headers!).filter(([name]) => /^content-type$/i.test(name))
    );
    assertEquals(types, [[["Content-Type", "application/json"]], []]);
  });

  it("passes the client's other members to fetch and keeps method, body and redirect", async () => {
    const config = { credentials: "include", cache: "no-store", method: "PUT", redirect: "follow", body: "x" } as const;
    const { api, sent } = transport([ok()], { config });

    await api.send("GET", "/x");

    const { credentials, cache, method, redirect, body } = sent[0].init;
    assertEquals({ credentials, cache, method, redirect, body }, {
      credentials: "include",
      cache: "no-store",
      method: "GET",
      redirect: "manual",
      body: undefined,
    });
  });

  it("refuses what needs a key before anything is sent, and sends what does not", async () => {
    const { api, sent } = transport([ok()], { apiKey: undefined, clientId: "client_1" });

    await assertRejects(() => api.send("GET", "/x"), ApiKeyRequiredException);
    assertEquals(sent.length, 0);
    await api.send("GET", "/x", { public: true });
    assertEquals(sent[0].headers.has("Authorization"), false);
  });

  it("authorizes with an access token instead of the key, or not at all", async () => {
    const { api, sent } = transport([ok()]);

    await api.send("GET", "/x", { accessToken: "token" });
    await api.send("GET", "/x", { anonymous: true });

    assertEquals(sent.map(({ headers }) => headers.get("Authorization")), ["Bearer token", null]);
  });

  it("takes null for no options", async () => {
    const { api } = transport([ok()]);

    assertEquals(await api.send("GET", "/x", {}, null), { id: "x_1" });
  });

  it("refuses bad request options before anything is sent", async () => {
    const { api, sent } = transport([ok()]);
    const bad = [
      { timeout: -1 },
      { timeout: NaN },
      { maxRetries: 1.5 },
      { maxRetries: -1 },
      { signal: {} },
      { idempotencyKey: "a\r\nX: y" },
      { idempotencyKey: "" },
      { idempotencyKey: 7 },
      { idempotencyKey: ["a"] },
      { headers: { "X\r\n": "y" } },
      { headers: { "X-Secret": "a\nb" } },
    ];

    for (const request of bad) {
      const error = await assertRejects(() => api.send("POST", "/x", {}, request as RequestOptions), TypeError);
      assert(error.message.includes(`"${Object.keys(request)[0]}"`), error.message);
      assertFalse(error.message.includes("a\nb"));
    }
    assertEquals(sent.length, 0);
  });
});
