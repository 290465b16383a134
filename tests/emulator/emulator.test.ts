import { beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { createEmulator, generateSigningKey } from "../../src/emulator/mod.ts";
import { decodeJwt, verifyJwt } from "../../src/jwt.ts";
import { type Driver, ORIGIN, read, SEED, start } from "./drive.ts";

describe("Emulator", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: SEED });
  });

  describe("fetch", () => {
    it("takes a URL string and a plain init, without a receiver", async () => {
      const { fetch, apiKey } = api.emulator;

      const { status, body } = await read(
        await fetch(`${ORIGIN}/organizations/org_1`, { headers: { Authorization: `Bearer ${apiKey}` } }),
      );

      assertEquals([status, body.name], [200, "Acme"]);
    });

    it("takes a URL object and a Request", async () => {
      const { fetch, apiKey } = api.emulator;
      const init = { headers: { Authorization: `Bearer ${apiKey}` } };
      const url = new URL(`${ORIGIN}/organizations/org_1`);
      const handler: (request: Request, env: unknown) => Promise<Response> = fetch; // as Workers call it

      assertEquals((await read(await fetch(url, init))).body.id, "org_1");
      assertEquals((await read(await fetch(new Request(url, init)))).body.id, "org_1");
      assertEquals((await read(await handler(new Request(url, init), { method: "DELETE" }))).body.id, "org_1");
    });

    it("serves below the path of its URL, as clients with its options ask for it", async () => {
      const { emulator } = await start({ baseURL: "http://localhost:3000/workos/" });
      emulator.failNext({ status: 503, match: { path: "/organizations" } });
      const headers = { Authorization: `Bearer ${emulator.apiKey}` };
      const get = async (path: string) =>
        (await emulator.fetch(emulator.clientOptions.baseUrl + path, { headers })).status;

      assertEquals([await get("/organizations"), await get("/organizations"), await get("x/organizations")], [
        503,
        200,
        501,
      ]);
      assertEquals(emulator.requests[1].path, "/organizations");
    });

    it("rejects with the reason of an aborted signal", async () => {
      const signal = AbortSignal.abort(new Error("Enough"));

      await assertRejects(() => api.emulator.fetch(`${ORIGIN}/organizations`, { signal }), Error, "Enough");
      assertEquals(api.emulator.requests, []);
    });

    it("answers 401 without an API key and with a wrong one", async () => {
      const without = await read(await api.emulator.fetch(`${ORIGIN}/organizations`));
      const wrong = await api.get("/organizations", { Authorization: "Bearer sk_test_other" });

      assertEquals([without.status, without.body], [401, { message: "Unauthorized" }]);
      assertEquals([wrong.status, wrong.body], [401, { message: "Unauthorized" }]);
    });

    it("answers 501 for what it does not serve, paths and methods, and says what to do", async () => {
      const path = await api.get("/nowhere");
      const method = await api.patch("/organizations/org_1", {});

      assertEquals([path.status, path.body.code], [501, "not_emulated"]);
      assertEquals([method.status, method.body.code], [501, "not_emulated"]);
      assert(
        path.body.message.startsWith("The emulator does not serve GET /nowhere: give it an answer with failNext("),
      );
    });

    it("answers what it does not serve with what failNext() gives it", async () => {
      const body = { object: "list", data: [], list_metadata: {} };
      api.emulator.failNext({ match: { method: "GET", path: "/nowhere" }, status: 200, body, times: Infinity });

      const answers = [await api.get("/nowhere"), await api.get("/nowhere")];

      assertEquals(answers.map(({ status }) => status), [200, 200]);
      assertEquals(answers[1].body, body);
    });

    it("answers 404 for an id that names nothing", async () => {
      const { status, body } = await api.get("/organizations/org_9");

      assertEquals(status, 404);
      assertEquals(body, {
        code: "entity_not_found",
        message: "Organization not found: 'org_9'.",
        entity_id: "org_9",
      });
    });

    it("answers 400 for a body that is not a JSON object", async () => {
      for (const body of ["{", "[]", "null", '"text"']) {
        const headers = { Authorization: `Bearer ${api.emulator.apiKey}` };
        const { status } = await api.emulator.fetch(`${ORIGIN}/organizations`, { method: "POST", body, headers });

        assertEquals(status, 400, body);
      }
    });

    it("answers 400 for a body with more levels than its stack has room for, also without a key", async () => {
      const body = `{"name":"A","metadata":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`;

      const headers = { Authorization: `Bearer ${api.emulator.apiKey}` };
      const keyed = await api.emulator.fetch(`${ORIGIN}/organizations`, { method: "POST", headers, body });
      const other = await api.emulator.fetch(`${ORIGIN}/nothing`, { method: "POST", body });

      assertEquals([keyed.status, other.status], [400, 501]);
    });

    it("answers 422 that lists every field at fault", async () => {
      const { status, body } = await api.post("/user_management/users", { email: "nobody", email_verified: "yes" });

      assertEquals(status, 422);
      assertEquals(body.code, "invalid_request_parameters");
      assertEquals(body.errors, [
        { code: "email_verified_invalid", field: "email_verified" },
        { code: "email_invalid", field: "email" },
      ]);
    });

    it("puts a request id on every answer", async () => {
      const ids = [
        (await api.get("/organizations")).headers.get("X-Request-ID"),
        (await api.get("/nowhere")).headers.get("X-Request-ID"),
        (await api.get("/organizations", { Authorization: "" })).headers.get("X-Request-ID"),
      ];

      assertEquals(new Set(ids).size, 3);
      assertEquals(ids.includes(null), false);
    });

    it("answers 429 once a minute's requests are used up, until the minute is over", async () => {
      api = await start({ requestsPerMinute: 2 });
      const statuses = [(await api.get("/organizations")).status, (await api.get("/organizations")).status];
      api.emulator.advance(15_000);

      const refused = await api.get("/organizations");
      api.emulator.advance(45_000);

      assertEquals(statuses, [200, 200]);
      assertEquals([refused.status, refused.headers.get("Retry-After")], [429, "45"]);
      assertEquals(refused.body, { code: "rate_limit_exceeded", message: "Too many requests." });
      assertEquals((await api.get("/organizations")).status, 200);
    });
  });

  describe("idempotency", () => {
    const key = { "Idempotency-Key": "retry-1" };

    it("answers a repeated POST as before and does nothing twice", async () => {
      const first = await api.post("/organizations", { name: "Initech" }, key);
      const second = await api.post("/organizations", { name: "Initech" }, key);

      assertEquals([second.status, second.body], [201, first.body]);
      assertEquals((await api.get("/organizations")).body.data.length, 3);
      assertEquals(api.emulator.requests.map(({ replayed }) => replayed), [false, true, false]);
    });

    it("repeats refusals too", async () => {
      const first = await api.post("/organizations", {}, key);

      assertEquals((await api.post("/organizations", {}, key)).body, first.body);
    });

    it("runs two requests with one key at the same time once", async () => {
      const [first, second] = await Promise.all([
        api.post("/organizations", { name: "Initech" }, key),
        api.post("/organizations", { name: "Initech" }, key),
      ]);

      assertEquals(first.body.id, second.body.id);
    });

    it("answers as before whatever the body", async () => {
      const first = await api.post("/organizations", { name: "Initech" }, key);
      const { status, body } = await api.post("/organizations", { name: "Hooli" }, key);

      assertEquals([status, body], [201, first.body]);
      assertEquals((await api.get("/organizations")).body.data.length, 3);
    });

    it("forgets a key after a day", async () => {
      const first = await api.post("/organizations", { name: "Initech" }, key);
      api.emulator.advance(24 * 60 * 60_000 - 1);
      const second = await api.post("/organizations", { name: "Initech" }, key);
      api.emulator.advance(1);
      const third = await api.post("/organizations", { name: "Hooli" }, key);

      assertEquals([second.body.id, third.status], [first.body.id, 201]);
      assertEquals((await api.get("/organizations")).body.data[0].name, "Hooli");
    });

    it("keeps keys of different paths apart", async () => {
      await api.post("/organizations", { name: "Initech" }, key);

      const { status, body } = await api.post("/user_management/magic_auth", { email: "eve@example.com" }, key);

      assertEquals([status, body.object, body.email], [201, "magic_auth", "eve@example.com"]);
    });
  });

  describe("failNext()", () => {
    it("answers with a status, once", async () => {
      api.emulator.failNext({ status: 503 });

      const failed = await api.get("/organizations");

      assertEquals([failed.status, failed.body], [503, { message: "Service Unavailable" }]);
      assertEquals(failed.headers.get("Retry-After"), "1");
      assertEquals((await api.get("/organizations")).status, 200);
    });

    it("answers with the given body and headers, as often as asked for", async () => {
      const body = { error: "x", error_description: "y" };
      api.emulator.failNext({ status: 400, body, headers: { "X-Extra": "1" }, times: 2 });

      const failed = [await api.get("/organizations"), await api.get("/organizations")];

      assertEquals(failed.map((answer) => answer.body), [body, body]);
      assertEquals(failed[0].headers.get("X-Extra"), "1");
      assertEquals((await api.get("/organizations")).status, 200);
    });

    it("waits for the request that matches", async () => {
      api.emulator.failNext({ match: { method: "post", path: "/organizations" } });
      api.emulator.failNext({ match: { path: "/user_management/**" }, status: 502 });

      assertEquals((await api.get("/organizations")).status, 200);
      assertEquals((await api.get("/user_management/users/user_ada")).status, 502);
      assertEquals((await api.post("/organizations", { name: "Initech" })).status, 500);
      assertEquals((await api.post("/organizations", { name: "Initech" })).status, 201);
    });

    it("breaks the network before anything is done", async () => {
      api.emulator.failNext({ kind: "network" });

      await assertRejects(() => api.post("/organizations", { name: "Initech" }), TypeError);

      assertEquals((await api.get("/organizations")).body.data.length, 2);
      assertEquals(api.emulator.requests[0].status, null);
    });

    it("loses the answer after everything is done", async () => {
      api.emulator.failNext({ kind: "lost" });
      const key = { "Idempotency-Key": "retry-1" };

      await assertRejects(() => api.post("/organizations", { name: "Initech" }, key), TypeError);

      assertEquals((await api.get("/organizations")).body.data.length, 3);
      assertEquals((await api.post("/organizations", { name: "Initech" }, key)).status, 201);
      assertEquals((await api.get("/organizations")).body.data.length, 3);
    });

    it("hangs until the signal aborts", async () => {
      const controller = new AbortController();
      api.emulator.failNext({ kind: "hang" });
      const hanging = api.emulator.fetch(`${ORIGIN}/organizations`, { signal: controller.signal });

      controller.abort(new Error("Enough"));

      await assertRejects(() => hanging, Error, "Enough");
    });

    it("breaks off the body", async () => {
      api.emulator.failNext({ kind: "reset-body" });

      const response = await api.emulator.fetch(`${ORIGIN}/sso/jwks/${api.emulator.clientId}`);

      assertEquals(response.status, 200);
      await assertRejects(() => response.text(), TypeError);
    });
  });

  it("clearFaults() forgets the faults that are left, and nothing else", async () => {
    await api.post("/organizations", { name: "Initech" });
    api.emulator.failNext({ times: Infinity });
    assertEquals((await api.get("/organizations")).status, 500);

    api.emulator.clearFaults();

    assertEquals((await api.get("/organizations")).body.data.length, 3);
  });

  describe("clock and ids", () => {
    it("are the same on every run when deterministic", async () => {
      const runs = await Promise.all([1, 2].map(async () => {
        const { post } = await start();
        await post("/organizations", { name: "Initech" });
        return (await post("/user_management/magic_auth", { email: "eve@example.com" })).body;
      }));

      assertEquals(runs[0], runs[1]);
      assertEquals(runs[0].id, "magic_auth_01000000000000000000000001");
      assertEquals(runs[0].created_at, "2026-01-01T00:00:00.000Z");
    });

    it("differ otherwise", async () => {
      const runs = await Promise.all([1, 2].map(async () => {
        const { post } = await start({ deterministic: false });
        return (await post("/user_management/magic_auth", { email: "eve@example.com" })).body;
      }));

      assertNotEquals(runs[0].id, runs[1].id);
      assertMatch(runs[0].id, /^magic_auth_[0-9A-HJKMNP-TV-Z]{26}$/);
    });

    it("advance() refuses what is no number of milliseconds", () => {
      for (const wrong of ["1000", NaN, Infinity, undefined]) {
        assertThrows(() => api.emulator.advance(wrong as number), TypeError, "milliseconds");
      }
      assertEquals(api.emulator.now(), Date.UTC(2026, 0, 1));
    });

    it("advance() moves the clock on top of the one given", async () => {
      let time = Date.UTC(2030, 0, 1);
      api = await start({ clock: () => time });

      time += 1000;
      api.emulator.advance(500);

      assertEquals((await api.post("/organizations", { name: "A" })).body.created_at, "2030-01-01T00:00:01.500Z");
    });
  });

  describe("reset()", () => {
    it("goes back to the first seed and forgets the rest", async () => {
      await api.post("/organizations", { name: "Initech" });
      api.emulator.failNext();
      api.emulator.advance(1000);

      api.emulator.reset();

      assertEquals(api.emulator.requests, []);
      assertEquals(api.emulator.events, []);
      assertEquals(api.emulator.now(), Date.UTC(2026, 0, 1));
      assertEquals((await api.get("/organizations")).body.data.length, 2);
    });

    it("takes another seed", async () => {
      api.emulator.reset({ organizations: [{ id: "org_7", name: "Hooli" }] });

      assertEquals((await api.get("/organizations")).body.data.map(({ id }: { id: string }) => id), ["org_7"]);
    });
  });

  describe("seed", () => {
    it("is quiet unless it is to be announced", async () => {
      assertEquals(api.eventNames(), []);

      api = await start({ seed: { organizations: [{ name: "Acme", domains: ["acme.com"] }] }, announceSeed: true });

      assertEquals(api.eventNames(), ["organization.created", "organization_domain.created"]);
    });

    it("refuses a membership of nobody", () => {
      const memberships = [{ user_id: "user_9", organization_id: "org_1" }];

      assertThrows(() => createEmulator({ seed: { memberships } }), TypeError, "user_9");
    });
  });

  describe("keys", () => {
    it("GET /sso/jwks/{clientId} serves the public half only", async () => {
      const { body } = await api.get(`/sso/jwks/${api.emulator.clientId}`, { Authorization: "" });

      assertEquals(Object.keys(body.keys[0]).sort(), ["alg", "e", "kid", "kty", "n", "use"]);
      assertEquals((await api.get("/sso/jwks/client_other")).status, 404);
    });

    it("generateSigningKey() makes a key that several emulators sign with", async () => {
      const signingKey = await generateSigningKey("key_shared");
      const [one, other] = [createEmulator({ signingKey }), createEmulator({ signingKey })];

      const token = await one.signToken({ exp: Date.now() / 1000 + 60 });

      assertEquals(decodeJwt(token).header.kid, "key_shared");
      assert((await verifyJwt(token, { keys: await other.jwks() })).ok);
    });

    it("rotateKeys() signs with a new key and keeps the old one, unless it is retired", async () => {
      const { emulator } = api;
      const claims = { sub: "user_ada", exp: emulator.now() / 1000 + 300 };
      const now = () => emulator.now();
      const old = await emulator.signToken(claims);

      await emulator.rotateKeys();
      const token = await emulator.signToken(claims);
      const both = await emulator.jwks();
      await emulator.rotateKeys({ retire: true });

      assertNotEquals(decodeJwt(old).header.kid, decodeJwt(token).header.kid);
      assertEquals((await verifyJwt(old, { keys: both, now })).ok, true);
      assertEquals((await verifyJwt(token, { keys: both, now })).ok, true);
      assertEquals((await verifyJwt(token, { keys: await emulator.jwks(), now })).ok, false);
    });
  });

  describe("secrets", () => {
    it("stay out of the request log", async () => {
      await api.authenticate({ grant_type: "password", email: "ada@example.com", password: "correct horse" });

      const text = JSON.stringify(api.emulator.requests);

      assertEquals(text.includes("correct horse"), false);
      assertEquals(text.includes(api.emulator.apiKey), false);
      assertEquals(api.emulator.requests[0].body, {
        client_id: "client_emulator",
        client_secret: "[redacted]",
        grant_type: "password",
        email: "ada@example.com",
        password: "[redacted]",
      });
    });

    it("stay out of it also where nothing is emulated", async () => {
      const members = {
        user_access_token: "kept",
        agent_access_token: "kept",
        list: [{ credential: "kept" }],
        type: "x",
      };
      const init = { method: "POST", headers: { "Warrant-Token": "kept" }, body: JSON.stringify(members) };
      await api.emulator.fetch(`${ORIGIN}/nowhere`, init);

      const [request] = api.emulator.requests;

      assertEquals(JSON.stringify(request).includes("kept"), false);
      assertEquals((request.body as typeof members).type, "x");
    });

    it("stay out of the emulator as text", () => {
      assertEquals(JSON.stringify(api.emulator), "{}");
      assertEquals(`${api.emulator}`, "[object Object]");
    });

    it("are remembered for a limited number of requests", async () => {
      for (let count = 0; count < 1_005; count++) await api.emulator.fetch(`${ORIGIN}/nowhere`);

      assertEquals(api.emulator.requests.length, 1_000);
    });
  });
});
