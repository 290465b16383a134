import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { NetworkException, WorkOSException } from "../../src/errors.ts";
import type { RequestOptions } from "../../src/api.ts";
import { backoff, parseRetryAfter } from "../../src/transport.ts";
import retryAfterVectors from "../vectors/retry-after.json" with { type: "json" };
import retryVectors from "../vectors/http-retries.json" with { type: "json" };
import { ok, partial, status, transport } from "./fake_transport.ts";

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

describe("retries of Api.send", () => {
  it("retries a connection that breaks inside the body", async () => {
    const broken = () => Promise.resolve(partial((it) => it.error(new TypeError("terminated"))));
    const { api, sent } = transport([broken, ok()]);

    assertEquals(await api.send("POST", "/x"), { id: "x_1" });
    assertEquals(new Set(sent.map(({ headers }) => headers.get("Idempotency-Key"))).size, 1);
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

  it("recognises a network failure that a library wraps", async () => {
    const wrapped = Object.assign(new Error("no response", { cause: new TypeError("fetch failed") }), {
      name: "FetchError",
    });
    const { api, sent } = transport([wrapped, ok()]);

    await api.send("GET", "/x");

    assertEquals(sent.length, 2);
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
});
