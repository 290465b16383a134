import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { afterEach, describe, it } from "@std/testing/bdd";
import { resolveConfig, type WorkOSOptions } from "../src/config.ts";
import {
  ApiKeyRequiredException,
  type BadRequestException,
  GenericServerException,
  NetworkException,
  NotFoundException,
  OauthException,
  ParseError,
  RateLimitExceededException,
  RedirectException,
  TimeoutException,
  UnprocessableEntityException,
  WorkOSException,
} from "../src/errors.ts";
import { path, textPath } from "../src/url.ts";
import { Api, type RequestOptions, responseOf } from "../src/api.ts";
import { backoff, parseRetryAfter } from "../src/transport.ts";
import { inBrowser } from "../src/runtime.ts";
import { countedSignal } from "./counted_signal.ts";
import { timersLeft } from "./counted_timers.ts";
import { restoreGlobals, setGlobal } from "./globals.ts";
import retryAfterVectors from "./vectors/retry-after.json" with { type: "json" };
import retryVectors from "./vectors/http-retries.json" with { type: "json" };

afterEach(restoreGlobals);

interface Sent {
  url: string;
  method: string;
  headers: Headers;
  init: RequestInit;
}

type Answer = Response | Error | ((signal: AbortSignal) => Promise<Response>);

const NOW = 1790000000000;

/** A transport whose requests get the given answers in turn, the last one repeating; waits are recorded, not waited. */
function transport(answers: Answer[], options: WorkOSOptions = {}) {
  const sent: Sent[] = [];
  const waits: number[] = [];
  const fetchFn = (url: string, init: RequestInit) => {
    sent.push({ url, method: init.method!, headers: new Headers(init.headers), init });
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    if (answer instanceof Error) return Promise.reject(answer);
    return typeof answer === "function" ? answer(init.signal!) : Promise.resolve(answer.clone());
  };
  const config = resolveConfig({ apiKey: "sk_test_1", fetchFn, ...options }, () => undefined);
  const wait = (ms: number, signals: AbortSignal[]) => {
    waits.push(ms);
    return signals.some((it) => it.aborted) ? Promise.reject(signals[0].reason) : Promise.resolve();
  };
  return { api: new Api(config, { now: () => NOW, elapsed: () => NOW, random: () => 0.5, wait }), sent, waits };
}

const ok = (body: unknown = { id: "x_1" }, headers = {}) =>
  new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json", ...headers } });
const status = (code: number, headers = {}, body = "{}") => new Response(body, { status: code, headers });
const hang = (signal: AbortSignal) =>
  new Promise<Response>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
const never = () => new Promise<Response>(() => {});

/** An answer whose body sends a first piece and then goes on as `then` says. */
function partial(then: (controller: ReadableStreamDefaultController) => void, init: ResponseInit = {}): Response {
  return new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"id":'));
        then(controller);
      },
    }),
    init,
  );
}

describe("retry-after vectors", () => {
  /** RFC 9110 allows delay-seconds and HTTP-dates only; the Node SDK hands the rest to a generic date parser. */
  const NOT_ALLOWED = [
    "ISO date (not allowed by RFC 9110)",
    "decimal seconds",
    "negative seconds",
    "two values",
    "plus sign",
  ];

  it("a date with anything before or after it is none", () => {
    for (
      const date of ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
    ) {
      assertEquals(parseRetryAfter(` ${date} `, 0), date.includes("-94") ? 3_939_871_777_000 : 784_111_777_000);
      for (const more of [`x ${date}`, `${date} (x)`]) assertEquals(parseRetryAfter(more, 0), undefined, more);
    }
  });

  for (const { name, input, expected } of retryAfterVectors) {
    it(name, () => {
      const delay = parseRetryAfter(input.header, input.nowMs);

      const capped = delay === undefined ? null : Math.min(delay, 60_000);
      assertEquals(capped, NOT_ALLOWED.includes(name) ? null : expected.transportDelayMs);
    });
  }
});

interface RetryVector {
  name: string;
  input: {
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    responses: { status?: number; headers?: Record<string, string>; error?: string; body?: string }[];
    maxRetries?: number;
    requestMaxRetries?: number;
    idempotencyKey?: string;
  };
  expected: {
    attempts: number;
    idempotencyKey: string;
    waits: { baseMs?: number; retryAfterMs?: number }[];
    ok?: boolean;
    throws?: { name: string };
  };
}

describe("http-retries vectors", () => {
  /** The Node SDK throws a plain Error here. */
  const TYPED: Record<string, string> = {
    "other Error is not retried": "NetworkException",
    "HTML 404 is not retried and surfaces as Unexpected error": "NotFoundException",
  };

  for (const { name, input, expected } of retryVectors as unknown as RetryVector[]) {
    it(name, async () => {
      const answers = input.responses.map(({ status = 200, headers, error, body = "{}" }) => {
        if (error) return error === "TypeError" ? new TypeError("fetch failed") : new Error(error);
        return new Response(body, { status, headers });
      });
      const { api, sent, waits } = transport(answers, { maxRetries: input.maxRetries });
      const request: RequestOptions = { maxRetries: input.requestMaxRetries, idempotencyKey: input.idempotencyKey };

      const result = await api.send(input.method, "/x", {}, request).then(() => "ok", (error) => error);

      assertEquals(sent.length, expected.attempts);
      assertEquals(waits, expected.waits.map(({ baseMs, retryAfterMs }) => retryAfterMs ?? baseMs));
      const keys = new Set(sent.map(({ headers }) => headers.get("Idempotency-Key")));
      assertEquals(keys.size, 1);
      const [key] = keys;
      if (expected.idempotencyKey === "absent") assertEquals(key, null);
      else if (expected.idempotencyKey.startsWith("generated")) assertMatch(key!, /^retry-[0-9a-f-]{36}$/);
      else assertEquals(key, expected.idempotencyKey);
      if (expected.ok) assertEquals(result, "ok");
      else assertEquals(result.name, TYPED[name] ?? expected.throws!.name);
    });
  }
});

describe("backoff", () => {
  it("grows by half, is capped at 8 s and spread by half either way", () => {
    assertEquals([1, 2, 3].map((n) => backoff(n, 0.5)), [1125, 1687.5, 2531.25]);
    assertEquals(backoff(50, 0.5), 8000);
    assertEquals(backoff(1, 0), 562.5);
    assert(backoff(1, 0.9999) < 1687.5);
  });
});

describe("Api.send", () => {
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

  it("has a result for an empty answer where the call names one", async () => {
    const { api } = transport([new Response(null, { status: 204 }), new Response("", { status: 500 })], {
      maxRetries: 0,
    });
    const empty = { id: "none" };

    assertEquals(await api.send("GET", "/x", { empty }), empty);
    await assertRejects(() => api.send("GET", "/x", { empty }), GenericServerException);
    const { api: other } = transport([new Response("{")]);
    await assertRejects(() => other.send("GET", "/x", { empty }), ParseError);
  });

  it("names a path without the tokens in it", async () => {
    const { api } = transport([status(404)]);

    const byToken = await assertRejects(() => api.send("GET", path`/invitations/by_token/${"secret"}`), Error);
    const byId = await assertRejects(() => api.send("GET", path`/users/${"user_1"}`), Error);

    assertFalse(byToken.message.includes("secret"));
    assert(byId.message.includes("/users/user_1"));
  });

  it("names a path without its query", async () => {
    const { api } = transport([status(404)]);

    for (const query of ["?token=SECRET", "?a=1\n&token=SECRET", "#SECRET"]) {
      const error = await assertRejects(() => api.send("GET", textPath(`/users${query}`, "")), NotFoundException);
      assertEquals(error.message, "The requested path '/users' could not be found.");
    }
  });

  it("has an empty request id where the answer has none", async () => {
    const { api } = transport([status(404), status(302), ok("no"), ok()], { maxRetries: 0 });

    for (let calls = 0; calls < 3; calls++) {
      const error = await assertRejects(() => api.send("GET", "/x"), WorkOSException);
      assertEquals(error.requestID, "");
    }
    assertEquals(responseOf(await api.send("GET", "/x"))?.requestID, "");
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

  it("never follows a redirect", async () => {
    const { api, sent } = transport([
      status(302, { Location: "https://evil.example/?t=secret", "X-Request-ID": "req_1" }),
    ]);

    const error = await assertRejects(() => api.send("POST", "/x", { body: { a: 1 } }), RedirectException);

    assertEquals([error.status, error.requestID], [302, "req_1"]);
    assertEquals(error.message, "Cannot complete the request: redirects are never followed");
    assertEquals(error.location, "https://evil.example/?t=secret");
    assertFalse(JSON.stringify(error).includes("evil"));
    assertEquals(sent.length, 1);
    await assertRejects(() => transport([status(300)]).api.send("GET", "/x"), RedirectException);
  });

  it("turns a redirect that the runtime hides into the same exception", async () => {
    const members = { type: { value: "opaqueredirect" }, status: { value: 0 }, ok: { value: false } }; // Fetch standard
    const opaque = Object.defineProperties(new Response(null), members);
    opaque.clone = () => opaque;
    const { api } = transport([opaque]);

    await assertRejects(() => api.send("GET", "/x"), RedirectException);
  });

  it("retries a connection that breaks inside the body", async () => {
    const broken = () => Promise.resolve(partial((it) => it.error(new TypeError("terminated"))));
    const { api, sent } = transport([broken, ok()]);

    assertEquals(await api.send("POST", "/x"), { id: "x_1" });
    assertEquals(new Set(sent.map(({ headers }) => headers.get("Idempotency-Key"))).size, 1);
  });

  it("takes a success for one, whatever becomes of a body that nobody wants", async () => {
    const broken = () => Promise.resolve(partial((it) => it.error(new TypeError("cut"))));
    const double = () => Promise.resolve({ ok: true, status: 204, headers: new Headers() } as Response);
    const { api, sent } = transport([broken, double, broken], { maxRetries: 0 });

    for (const _ of [1, 2]) await api.send("DELETE", "/x", { noContent: true });
    await assertRejects(() => api.send("GET", "/x"), NetworkException);

    assertEquals(sent.length, 3);
  });

  it("takes null for no options", async () => {
    const { api } = transport([ok()]);

    assertEquals(await api.send("GET", "/x", {}, null), { id: "x_1" });
  });

  it("takes a list for an object no more than an object for a list", async () => {
    const { api } = transport([ok([])]);
    const read = (wire: unknown) => wire;

    assertEquals(await api.send("GET", "/x", { bare: true, read }), []);
    await assertRejects(() => api.send("GET", "/x"), ParseError, "not a JSON object");
    await assertRejects(() => transport([ok()]).api.send("GET", "/x", { bare: true, read }), ParseError);
  });

  it("keeps what the call sends in secret out of messages that quote it", async () => {
    const quoting = (...texts: string[]) => status(400, {}, JSON.stringify({ message: `No ${texts.join(" or ")}` }));
    const { api } = transport([quoting("tok_SECRET", "pass_SECRET", "ref_SECRET", "Ada")], { maxRetries: 0 });
    const call = { accessToken: "tok_SECRET", body: { password: "pass_SECRET", name: "Ada", code: 7 } };
    const form = { refresh_token: "ref_SECRET", code: "a" };

    const error = await assertRejects(() => api.send("POST", "/x", call), GenericServerException);
    const other = await assertRejects(() => api.send("POST", "/x", { form }), GenericServerException);

    assertEquals(error.message, "No [redacted] or [redacted] or ref_SECRET or Ada");
    assertEquals(other.message, "No tok_SECRET or pass_SECRET or [redacted] or Ada");
    assertFalse(error.stack?.includes("pass_SECRET"));
  });

  it("finds it in a form of the caller's own, and takes no id for it", async () => {
    const { api } = transport([status(404, {}, '{"message":"No ref_SECRET of user_1234567"}')]);
    const form = new URLSearchParams({ refresh_token: "ref_SECRET", user: "user_1234567" });

    const posted = await assertRejects(() => api.send("POST", "/x", { form }), NotFoundException);
    const got = await assertRejects(() => api.send("GET", path`/users/${"user_1234567"}`), NotFoundException);

    assertEquals(posted.message, "No [redacted] of user_1234567");
    assertEquals(got.message, "No ref_SECRET of user_1234567");
  });

  it("finds every value of a name that a form repeats", async () => {
    const { api } = transport([status(400, {}, '{"message":"No old_SECRET or new_SECRET"}')]);
    const form = new URLSearchParams([["token", "old_SECRET"], ["token", "new_SECRET"]]);

    const error = await assertRejects(() => api.send("POST", "/x", { form }), GenericServerException);

    assertEquals(error.message, "No [redacted] or [redacted]");
  });

  it("hides all of a secret that begins with another one", async () => {
    for (const body of [{ code: "1234567", password: "1234567-more" }, { password: "1234567-more", code: "1234567" }]) {
      const { api } = transport([status(400, {}, '{"message":"No 1234567-more or 1234567"}')]);

      const error = await assertRejects(() => api.send("POST", "/x", { body }), GenericServerException);

      assertEquals(error.message, "No [redacted] or [redacted]");
    }
  });

  it("finds it in the parts of a body too, and knows credentials and keys for one", async () => {
    const said = '{"message":"No sec_SECRET or key_SECRET or priv_SECRET or api_SECRET or of key flag_new"}';
    const { api } = transport([status(400, {}, said)], { maxRetries: 0 });
    const list = [{ clientSecret: "sec_SECRET" }];
    const config = { private_key: "priv_SECRET", apiKey: "api_SECRET" };
    const body = {
      at: new Date(0),
      none: null,
      password: null,
      list,
      credential: "key_SECRET",
      config,
      key: "flag_new",
    };

    const error = await assertRejects(() => api.send("POST", "/x", { body, query: { n: 1n } }), GenericServerException);

    assertEquals(error.message, "No [redacted] or [redacted] or [redacted] or [redacted] or of key flag_new");
  });

  it("knows every kind of secret by its name", async () => {
    for (const name of ["password", "refreshToken", "clientSecret", "codeVerifier", "code", "passwordHash", "value"]) {
      const { api } = transport([status(400, {}, '{"message":"No its_SECRET"}')]);
      const secret = { [name]: "its_SECRET" };

      for (const part of [{ body: secret }, { rawBody: secret }, { query: secret }, { form: secret }]) {
        const error = await assertRejects(() => api.send("POST", "/x", part), GenericServerException);
        assertEquals(error.message, "No [redacted]", name);
      }
    }
  });

  it("takes six characters for a secret, not five, and no value but one of that name", async () => {
    const { api } = transport([status(400, {}, '{"message":"No 123456, 12345, 234567, 345678"}')], { maxRetries: 0 });
    const body = { code: "123456", clientSecret: "12345", value: "234567", valueType: "345678" };

    const error = await assertRejects(() => api.send("POST", "/x", { body }), GenericServerException);

    assertEquals(error.message, "No [redacted], 12345, [redacted], 345678");
  });

  it("keeps it out of everything that an exception shows, and leaves the body whole", async () => {
    const body = {
      error: "e",
      error_description: "No 1234567 here",
      code: "c",
      errors: [{ message: "1234567", n: 1234567 }],
    };
    const { api } = transport([status(400, {}, JSON.stringify(body)), status(422, {}, JSON.stringify(body))]);
    const form = { code: "1234567", password: "1234567890" };

    const oauth = await assertRejects(() => api.send("POST", "/x", { form }), OauthException);
    const refused = await assertRejects(() => api.send("POST", "/x", { form }), UnprocessableEntityException);

    for (const error of [oauth, refused]) {
      assertFalse(JSON.stringify(error).includes("1234567 "), JSON.stringify(error));
      assertEquals(error.rawData, body);
    }
    assertEquals([oauth.errorDescription, refused.errors], [
      "No [redacted] here",
      [{ message: "[redacted]", n: 1234567 }],
    ] as unknown[]);
    const token = await assertRejects(
      () =>
        transport([status(404, {}, '{"message":"No tok_SECRET"}')]).api.send("GET", path`/by_token/${"tok_SECRET"}`),
      NotFoundException,
    );
    assertEquals(token.message, "No [redacted]");
  });

  it("leaves the API's own words whole, whatever a user calls a password", async () => {
    const code = "password_strength_error";
    const errors = [{ code: "password_too_weak", field: "new_password", value: "password" }];
    const { api } = transport([
      ...[400, 422].map((it) => status(it, {}, JSON.stringify({ code, errors }))),
      status(400, {}, '{"error":"invalid_password","error_description":"password"}'),
    ]);
    const send = () => api.send("POST", "/x", { body: { password: "password" } });

    for (const name of ["BadRequestException", "UnprocessableEntityException"]) {
      const refused = await assertRejects(send) as BadRequestException;
      const shown = [{ ...errors[0], value: "[redacted]" }];
      assertEquals([refused.name, refused.code, refused.errors], [name, code, shown] as unknown[]);
    }
    const oauth = await assertRejects(send, OauthException);
    assertEquals([oauth.error, oauth.errorDescription], ["invalid_password", "[redacted]"]);
  });

  it("keeps it out of entries however deep they are, and out of their names", async () => {
    const errors = [{ params: { path: ["user", { value: "pass_SECRET" }] }, unknown: { pass_SECRET: true } }];
    const { api } = transport([status(422, {}, JSON.stringify({ errors }))]);

    const error = await assertRejects(
      () => api.send("POST", "/x", { body: { password: "pass_SECRET" } }),
      UnprocessableEntityException,
    );

    assertEquals(error.errors, [
      { params: { path: ["user", { value: "[redacted]" }] }, unknown: { "[redacted]": true } },
    ] as object[]);
  });

  it("tells a success whose body breaks from a refusal whose body breaks", async () => {
    const breaks = (init: ResponseInit) => () => Promise.resolve(partial((it) => it.error(new TypeError("cut")), init));
    const { api } = transport([200, 404].map((it) => breaks({ status: it, headers: { "X-Request-ID": `req_${it}` } })));
    const once = { maxRetries: 0 };

    const success = await assertRejects(() => api.send("GET", "/x", {}, once), NetworkException);
    const refusal = await assertRejects(() => api.send("GET", "/x", {}, once), NotFoundException);

    assertEquals([success.cause instanceof TypeError, success.requestID], [true, "req_200"]);
    assertEquals(refusal.requestID, "req_404");
  });

  it("does not replay a token grant once an answer has arrived", async () => {
    const broken = () => Promise.resolve(partial((it) => it.error(new TypeError("terminated"))));
    for (const answer of [status(500), status(429), status(408), broken]) {
      const { api, sent } = transport([answer, ok()]);

      await assertRejects(() => api.send("POST", "/x", { once: true }));
      assertEquals(sent.length, 1);
    }
    const { api, sent } = transport([new TypeError("refused"), ok()]);
    await api.send("POST", "/x", { once: true });
    assertEquals(sent.length, 2);
  });

  it("recognises the network failures of Bun, Workers, happy-dom and sandboxes", async () => {
    const sandbox = Object.assign(new Error("fetch failed"), { name: "TypeError" }); // of another realm
    const happyDom = new DOMException("connect ECONNREFUSED", "NetworkError");
    const bun = Object.assign(new Error("Unable to connect"), { code: "ConnectionRefused" });
    const workers = Object.assign(new Error("Network connection lost."), { retryable: true });
    for (const failure of [bun, workers, happyDom, sandbox]) {
      const { api, sent } = transport([failure, ok()]);

      await api.send("GET", "/x");

      assertEquals(sent.length, 2);
    }
  });

  it("hides the API key where an answer quotes it", async () => {
    const body = { message: "No such key: sk_test_1", errors: ["sk_test_1"] };
    const { api } = transport([status(400, {}, JSON.stringify(body))]);

    const error = await assertRejects(() => api.send("GET", "/x"), GenericServerException);

    assertEquals([error.message, error.rawData], ["No such key: [redacted]", {
      message: "No such key: [redacted]",
      errors: ["[redacted]"],
    }] as unknown[]);
  });

  it("takes no key of a test for one, such as test", async () => {
    const body = { message: "test@example.com is not the latest", code: "latest" };
    const { api } = transport([status(400, {}, JSON.stringify(body))], { apiKey: "test" });

    const error = await assertRejects(() => api.send("GET", "/x"), GenericServerException);

    assertEquals([error.message, error.code, error.rawData], [body.message, body.code, body] as unknown[]);
  });

  describe("a network failure that quotes the URL", () => {
    const normal = "http://localhost:8080/a%20b/SECRET?token=SECRET";
    const failures: [string, (url: string) => Error][] = [
      ["in its message", (url) => new TypeError(`error sending request for url (${url})`)],
      ["as the runtime spells it", () => new TypeError(`error sending request for url (${normal})`)],
      ["in a cause of the cause", (url) => {
        const inner = new Error(`error sending request for url (${url}): ${normal}`);
        return new TypeError("fetch failed", { cause: new Error("connect", { cause: inner }) });
      }],
      ["as its path", (path) => Object.assign(new Error("Unable to connect"), { code: "ConnectionRefused", path })],
      ["as its normal path", () => Object.assign(new TypeError("Unable to connect"), { path: normal })],
    ];
    for (const [name, failure] of failures) {
      it(`${name} does not reach the caller with it`, async () => {
        const fetchFn = (url: string) => Promise.reject(failure(url));
        const { api } = transport([], { fetchFn, baseUrl: "http://LOCALHOST:8080", maxRetries: 0 });

        const error = await assertRejects(
          () => api.send("GET", "/a b/SECRET", { query: { token: "SECRET" } }),
          NetworkException,
        );

        for (let it: unknown = error; it instanceof Error; it = it.cause) {
          const { message, stack, path } = it as Error & { path?: string };
          // the path was given as text: what is in it is the caller's, the query is not
          assertFalse(`${message} ${stack} ${path}`.includes("token=SECRET"), message);
        }
        const { code } = failure("") as { code?: string };
        assertEquals((error.cause as { code?: string }).code, code);
      });
    }

    it("keeps its causes, those without the URL as they are", async () => {
      const inner = new Error("getaddrinfo ENOTFOUND");
      const quoting = (url: string) => new Error(`connect to ${url}`, { cause: inner });
      const fetchFn = (url: string) => Promise.reject(new TypeError("fetch failed", { cause: quoting(url) }));
      const { api } = transport([], { fetchFn, maxRetries: 0 });

      const error = await assertRejects(() => api.send("GET", "/x", { query: { token: "SECRET" } }), NetworkException);

      const outer = error.cause as Error;
      const middle = outer.cause as Error;
      assertEquals([outer.message, middle.message], ["fetch failed", "connect to https://api.workos.com/x"]);
      assertStrictEquals(middle.cause, inner);
    });

    it("is cleaned where the path reads like a pattern of replacements", async () => {
      const fetchFn = (url: string) => Promise.reject(new TypeError(`no route to ${url}`));
      const { api } = transport([], { fetchFn, maxRetries: 0 });

      const error = await assertRejects(
        () => api.send("GET", "/a$&", { query: { token: "SECRET" } }),
        NetworkException,
      );

      assertEquals((error.cause as Error).message, "no route to https://api.workos.com/a$&");
    });

    it("may be its own cause", async () => {
      const fetchFn = (url: string) => {
        const failure: Error = new TypeError(`fetch of ${url} failed`);
        failure.cause = failure;
        return Promise.reject(failure);
      };
      const { api } = transport([], { fetchFn, maxRetries: 0 });

      const error = await assertRejects(() => api.send("GET", "/x", { query: { token: "SECRET" } }), NetworkException);

      let depth = 0;
      for (let it: unknown = error.cause; it instanceof Error; it = it.cause, depth++) {
        assertEquals(it.message, "fetch of https://api.workos.com/x failed");
      }
      assert(depth > 0 && depth < 20, String(depth));
    });
  });

  it("gives network failures as NetworkException with the cause", async () => {
    const cause = new TypeError("fetch failed");
    const { api } = transport([cause], { maxRetries: 1 });

    const error = await assertRejects(() => api.send("GET", "/x"), NetworkException);

    assertEquals(error.cause, cause);
    assertEquals(error.attempts, 2);
  });

  it("tells in every exception how often and how long the call tried", async () => {
    const stalled = () => Promise.resolve(partial(() => {}));
    const lasts = [stalled, new TypeError("x"), status(302), ok("no"), status(418), status(404), status(500)];
    for (const last of lasts) {
      const { api, waits } = transport([status(503), new TypeError("x"), last]);

      const error = await assertRejects(
        () => api.send("GET", "/x", {}, { timeout: 5, maxRetries: 2 }),
        WorkOSException,
      );

      assertEquals([error.attempts, error.waited, waits.length], [3, waits[0] + waits[1], 2]);
    }
  });

  it("keeps status, request id and attempts of a page that is not JSON", async () => {
    const { api } = transport([status(502, { "X-Request-ID": "req_1" }, "<html>")], { maxRetries: 2 });

    const error = await assertRejects(() => api.send("GET", "/x"), GenericServerException);

    assertEquals([error.status, error.requestID, error.attempts], [502, "req_1", 3]);
  });

  it("gives a success that cannot be read as ParseError", async () => {
    for (const body of ["", "<html>", "null", '"text"', "[1"]) {
      const { api } = transport([new Response(body, { headers: { "X-Request-ID": "req_1" } })]);

      const error = await assertRejects(() => api.send("GET", "/x"), ParseError);

      assertEquals([error.rawBody, error.rawStatus, error.requestID], [body, 200, "req_1"]);
      assertFalse(error.message.includes("html"));
    }
  });

  it("gives an answer of unexpected form as ParseError with the cause", async () => {
    const { api } = transport([ok({})]);
    const read = (wire: Record<string, unknown>) => (wire.user as { id: string }).id;

    const error = await assertRejects(() => api.send("GET", "/x", { read }), ParseError);

    assertInstanceOf(error.cause, TypeError);
    assert(error.message.includes("expected form"));
  });

  it("takes text that does not claim to be JSON for no answer where names cross as they are", async () => {
    const bytes = new TextEncoder().encode("plain");
    const { api } = transport([
      new Response(bytes),
      new Response("plain"),
      status(200, { "Content-Type": "a/json" }, "{"),
    ]);
    const read = (wire: unknown) => wire;

    assertEquals(await api.send("GET", "/x", { raw: true, read }), null);
    assertEquals(await api.send("GET", "/x", { raw: true, read }), null);
    await assertRejects(() => api.send("GET", "/x", { raw: true, read }), ParseError);
  });

  it("ignores the body of what has no result", async () => {
    const { api } = transport([new Response(null, { status: 204 }), new Response("not json", { status: 202 })]);

    assertEquals(await api.send("DELETE", "/x", { noContent: true }), undefined);
    assertEquals(await api.send("DELETE", "/x", { noContent: true }), undefined);
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

describe("Api timeouts and aborts", () => {
  it("limits one attempt, headers and body alike, and tries again", async () => {
    const stalled = () => Promise.resolve(partial(() => {}));
    for (const slow of [hang, never, stalled]) {
      const { api, sent } = transport([slow, ok()], { timeout: 100 });

      assertEquals(await api.send("GET", "/x"), { id: "x_1" });
      assertEquals(sent.length, 2);
    }
  });

  it("leaves no timer behind, however a call ends", async () => {
    for (const answer of [ok(), status(404), new TypeError("fetch failed")]) {
      const { api } = transport([answer], { timeout: 60_000 });

      assertEquals(await timersLeft(() => api.send("GET", "/x").catch(() => {})), 0);
    }
  });

  it("takes a success for one whose body never ends and is not needed, instead of deleting again", async () => {
    const stalled = () => Promise.resolve(partial(() => {}));
    const { api, sent } = transport([stalled, new Response("{}", { status: 404 })], { timeout: 20 });

    await api.send("DELETE", "/x");

    assertEquals(sent.length, 1);
  });

  it("tells fetch to stop", async () => {
    const { api, sent } = transport([never]);
    const controller = new AbortController();

    await assertRejects(() => api.send("GET", "/x", {}, { timeout: 5, maxRetries: 0 }), TimeoutException);
    const aborted = api.send("GET", "/x", {}, { signal: controller.signal });
    controller.abort("mine");
    await rejectsWith("mine", aborted);

    const reasons = sent.map(({ init }) => (init.signal!.reason as DOMException).name);
    assertEquals(reasons, ["TimeoutError", "AbortError"]);
  });

  it("limits an attempt where there is no DOMException, as in React Native", async () => {
    const { api } = transport([never]);
    setGlobal("DOMException", undefined);

    await assertRejects(() => api.send("GET", "/x", {}, { timeout: 5, maxRetries: 0 }), TimeoutException);
  });

  it("knows no limit when that is Infinity", async () => {
    const late = () => new Promise<Response>((resolve) => setTimeout(() => resolve(ok()), 20));
    const { api } = transport([late], { timeout: Infinity });

    assertEquals(await api.send("GET", "/x", {}, { maxRetries: 0 }), { id: "x_1" });
  });

  it("is not ended by a timer that calls at once, as one of a test may", async () => {
    const { setTimeout } = globalThis;
    const { api } = transport([status(500), ok()]);
    try {
      globalThis.setTimeout = ((run: () => void) => (run(), 0)) as unknown as typeof setTimeout;
      assertEquals(await api.send("GET", "/x"), { id: "x_1" });
    } finally {
      globalThis.setTimeout = setTimeout;
    }
  });

  it("sends nothing when a hook aborts the call, and rejects with the reason", async () => {
    const controller = new AbortController();
    const { api, sent } = transport([ok()], { hooks: { onRequest: () => controller.abort("enough") } });

    await rejectsWith("enough", api.send("GET", "/x", {}, { signal: controller.signal }));
    assertEquals(sent.length, 0);
  });

  it("ends as TimeoutException, told apart from an abort", async () => {
    const stalled = () => Promise.resolve(partial(() => {}, { headers: { "X-Request-ID": "req_1" } }));
    const { api, sent } = transport([stalled]);

    const error = await assertRejects(() => api.send("GET", "/x", {}, { timeout: 5, maxRetries: 1 }), TimeoutException);

    assertEquals([error.timeout, error.status, error.requestID, error.attempts], [5, 408, "req_1", 2]);
    assertEquals((error.cause as Error).name, "TimeoutError");
    assertEquals(sent.length, 2);
  });

  it("rejects with the reason of the caller's signal: before, during and after the headers, and while waiting", async () => {
    const reason = { mine: true };
    let heard = 0;
    const before = transport([ok()], { hooks: { onRequest: () => void heard++ } });
    await rejectsWith(reason, before.api.send("GET", "/x", {}, { signal: AbortSignal.abort(reason) }));
    assertEquals([before.sent.length, heard], [0, 0]);

    for (const slow of [hang, never, () => Promise.resolve(partial(() => {}))]) {
      const controller = new AbortController();
      const { api, sent } = transport([slow]);
      const call = api.send("GET", "/x", {}, { signal: controller.signal });
      await new Promise((resolve) => setTimeout(resolve, 1));
      controller.abort(reason);
      await rejectsWith(reason, call);
      assertEquals(sent.length, 1);
    }

    const controller = new AbortController();
    const fetchFn = () => Promise.resolve(status(503, { "Retry-After": "60" }));
    const api = new Api(resolveConfig({ apiKey: "sk_1", fetchFn }, () => undefined));
    const call = api.send("GET", "/x", {}, { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 1));
    controller.abort(reason);
    await rejectsWith(reason, call);
  });

  it("heeds the signal of the client's config", async () => {
    const controller = new AbortController();
    const { api } = transport([hang], { config: { signal: controller.signal } });

    const call = api.send("GET", "/x");
    controller.abort("stop");

    await rejectsWith("stop", call);
  });

  it("lets go of every listener", async () => {
    const { signal, listeners } = countedSignal();
    const { api } = transport([status(503), new TypeError("x"), ok()]);

    await api.send("GET", "/x", {}, { signal });

    assertEquals(listeners.size, 0);
  });

  it("shares one listener between all calls with the same signal, as Node warns of more than ten", async () => {
    const { controller, signal, listeners } = countedSignal();
    const { api } = transport(Array(20).fill(hang));

    const calls = Array.from({ length: 20 }, () => api.send("GET", "/x", {}, { signal }));
    const during = listeners.size;
    controller.abort("stop");

    await Promise.all(calls.map((call) => rejectsWith("stop", call)));
    assertEquals([during, listeners.size], [1, 0]);
  });
});

async function rejectsWith(reason: unknown, call: Promise<unknown>): Promise<void> {
  const outcome = await call.then(() => "resolved", (error) => ({ error }));
  assertEquals(outcome, { error: reason });
}

/** Lets everything happen that waits for no clock; browsers read a body in several turns. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

describe("Api under a rate limit", () => {
  /** A transport whose clock stands until it is moved; `sent` are the times at which requests were sent. */
  function paced(answers: Answer[], options: WorkOSOptions = {}) {
    let time = NOW;
    const wall = { ahead: 0 }; // by how much the clock on the wall is
    const sent: number[] = [];
    const sleepers = new Set<{ at: number; wake(): void }>();
    const fetchFn = (_: string, init: RequestInit) => {
      sent.push(time - NOW);
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      if (answer instanceof Error) return Promise.reject(answer);
      return typeof answer === "function" ? answer(init.signal!) : Promise.resolve(answer.clone());
    };
    const wait = (ms: number, signals: AbortSignal[]) =>
      new Promise<void>((resolve, reject) => {
        const sleeper = { at: time + ms, wake: () => (sleepers.delete(sleeper), resolve()) };
        sleepers.add(sleeper);
        for (const signal of signals) {
          signal.addEventListener("abort", () => (sleepers.delete(sleeper), reject(signal.reason)));
        }
      });
    const advance = async (ms: number) => {
      const end = time + ms;
      for (;;) {
        await settled();
        const [next] = [...sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        time = next.at;
        next.wake();
      }
      time = end;
    };
    const config = resolveConfig({ apiKey: "sk_test_1", fetchFn, ...options }, () => undefined);
    return {
      api: new Api(config, { now: () => time + wall.ahead, elapsed: () => time, random: () => 0.5, wait }),
      sent,
      sleepers,
      advance,
      wall,
    };
  }

  const once = { maxRetries: 0 };
  const tooMany = (seconds?: number) => status(429, seconds === undefined ? {} : { "Retry-After": String(seconds) });

  it("lets everybody wait as a 429 asks, the one it was for and those that come meanwhile", async () => {
    const { api, sent, advance } = paced([tooMany(2), ok()]);

    const first = api.send("GET", "/x");
    await advance(500);
    const others = [api.send("GET", "/y"), api.send("POST", "/z")];
    await advance(2000);

    await Promise.all([first, ...others]);
    assertEquals(sent, [0, 2000, 2000, 2000]);
    await api.send("GET", "/x");
    assertEquals(sent.length, 5);
  });

  it("waits also when the 429 ends its own call, at most a minute", async () => {
    const { api, sent, advance } = paced([tooMany(3600), ok()]);

    const error = await assertRejects(() => api.send("GET", "/x", {}, once), RateLimitExceededException);
    assertEquals(error.retryAfter, 3600);
    const next = api.send("GET", "/x");
    await advance(60_000);

    await next;
    assertEquals(sent, [0, 60_000]);
  });

  it("is over for all when one has waited, even if the clock stands still", async () => {
    const { api, waits } = transport([tooMany(2), ok()]);

    await assertRejects(() => api.send("GET", "/x", {}, once));
    await api.send("GET", "/x");
    await api.send("GET", "/x");

    assertEquals(waits, [2000]);
  });

  it("goes on waiting when the API asks for more", async () => {
    const { api, sent, advance } = paced([tooMany(1), tooMany(3), ok()]);

    const first = api.send("GET", "/x");
    await advance(0);
    const second = api.send("GET", "/y");
    const grant = api.send("POST", "/token", { once: true }, { timeout: 500 }).catch((error) => error.status);
    await advance(5000);

    await Promise.all([first, second]);
    assertEquals(await grant, 429);
    assertEquals(sent, [0, 500, 3500, 3500]);
  });

  it("does not pause for a 429 that asks for nothing, or for another status", async () => {
    for (const answer of [tooMany(), status(503, { "Retry-After": "30" })]) {
      const { api, sent } = paced([answer, ok()]);

      await assertRejects(() => api.send("GET", "/x", {}, once));
      await api.send("GET", "/x");

      assertEquals(sent, [0, 0]);
    }
  });

  it("lets nobody wait for others longer than an attempt may take, or when it is not to be tried again", async () => {
    const { api, sent, advance } = paced([tooMany(60), ok()]);

    await assertRejects(() => api.send("GET", "/x", {}, once));
    const grant = api.send("POST", "/token", { once: true }, { timeout: 4000 });
    const other = api.send("GET", "/x", {}, { timeout: 5000 });
    const patient = api.send("GET", "/x");
    const impatient = api.send("GET", "/x", {}, once);
    await advance(10_000);
    const late = api.send("GET", "/x"); // those who gave up have not ended the pause
    await advance(50_000);

    await Promise.all([grant, other, patient, impatient, late]);
    assertEquals(sent, [0, 0, 4000, 5000, 60_000, 60_000]);
  });

  it("does not even begin to wait when it is not to be tried again", async () => {
    const { api, waits } = transport([tooMany(2), ok()]);

    await assertRejects(() => api.send("GET", "/x", {}, once));
    await api.send("GET", "/x", {}, once);

    assertEquals(waits, []);
  });

  it("pauses also the retry of a call that has waited for its place", async () => {
    const rateLimit = { requests: 1, perMilliseconds: 100 };
    const answers = [ok(), status(503, { "Retry-After": "0" }), tooMany(5), ok()];
    const { api, sent, advance } = paced(answers, { rateLimit });

    const calls = ["/a", "/b", "/c"].map((path) => api.send("GET", path));
    await advance(6000);

    await Promise.all(calls);
    assertEquals(sent, [0, 100, 200, 5200, 5300]);
  });

  it("counts all waits of a call against its time limit", async () => {
    let answerLate!: (response: Response) => void;
    const late = new Promise<Response>((resolve) => answerLate = resolve);
    const { api, sent, advance } = paced([() => late, tooMany(3), ok()]);

    const calls = [1, 2].map(() => assertRejects(() => api.send("GET", "/x", {}, once)));
    await advance(0);
    const grant = api.send("POST", "/token", { once: true }, { timeout: 5000 });
    await advance(1000);
    answerLate(tooMany(10));
    await advance(60_000);

    await Promise.all([...calls, grant]);
    assertEquals(sent, [0, 0, 5000]);
  });

  it("goes on in time when somebody sets the clock", async () => {
    const { api, sent, advance, wall } = paced([tooMany(2), ok()], {
      rateLimit: { requests: 1, perMilliseconds: 100 },
    });

    const calls = [1, 2, 3].map(() => api.send("GET", "/x"));
    await advance(50);
    wall.ahead = -3_600_000;
    await advance(3000);

    await Promise.all(calls);
    assertEquals([sent.length, sent.every((at) => at < 2500)], [4, true]);
  });

  it("stops waiting when the call is aborted", async () => {
    const controller = new AbortController();
    const { api, sent, sleepers, advance } = paced([tooMany(60), ok()]);

    await assertRejects(() => api.send("GET", "/x", {}, once));
    const call = api.send("GET", "/x", {}, { signal: controller.signal });
    await advance(1000);
    controller.abort("enough");

    await rejectsWith("enough", call);
    assertEquals([sent.length, sleepers.size], [1, 0]);
  });

  it("keeps to its own limit, retries included", async () => {
    const rateLimit = { requests: 1, perMilliseconds: 10_000, prefix: "/limited" };
    const { api, sent, advance } = paced([status(503, { "Retry-After": "0" }), ok()], { rateLimit });

    const calls = [api.send("GET", textPath("/limited?q=1", "")), api.send("GET", "/limited")];
    await advance(30_000);
    await Promise.all(calls);
    await api.send("GET", "/other");

    assertEquals(sent, [0, 10_000, 20_000, 30_000]);
  });

  it("keeps its own limit after a pause too", async () => {
    const rateLimit = [{ requests: 1, perMilliseconds: 100 }];
    const { api, sent, advance } = paced([tooMany(1), ok()], { rateLimit });

    const calls = ["/a", "/b", "/c", "/d"].map((path) => api.send("GET", path));
    await advance(5000);
    await Promise.all(calls);

    for (let i = 2; i < sent.length; i++) assertEquals(sent[i] - sent[i - 1] >= 100, true, `${sent}`);
    assertEquals(sent[1] >= 1000, true);
  });
});

describe("responseOf", () => {
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
});
