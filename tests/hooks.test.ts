import {
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { afterEach, describe, it } from "@std/testing/bdd";
import { resolveConfig, type WorkOSOptions } from "../src/config.ts";
import { NetworkException, NotFoundException } from "../src/errors.ts";
import type { DiagnosticsMessage, HookError, HookRequest, HookRetry, Hooks } from "../src/hooks.ts";
import { createObserver, isTraceparent } from "../src/hooks.ts";
import { Api } from "../src/api.ts";
import { path, textPath } from "../src/url.ts";
import { restoreGlobals, setGlobal } from "./globals.ts";

const TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

type Answer = Response | Error | (() => Promise<Response>);

/** A transport with a clock that only waits and answers move: each answer takes 5 ms. */
function transport(answers: Answer[], options: WorkOSOptions = {}) {
  let time = 1_000;
  const sent: Headers[] = [];
  const fetchFn = (_url: string, init: RequestInit) => {
    sent.push(new Headers(init.headers));
    time += 5;
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    if (answer instanceof Error) return Promise.reject(answer);
    return typeof answer === "function" ? answer() : Promise.resolve(answer.clone());
  };
  const wait = (ms: number) => Promise.resolve(void (time += ms));
  const config = resolveConfig({ apiKey: "sk_test_1", fetchFn, ...options }, () => undefined);
  return { api: new Api(config, { now: () => time, elapsed: () => time, random: () => 0.5, wait }), sent };
}

const answer = (status: number, body: unknown = { id: "x" }) =>
  new Response(JSON.stringify(body), { status, headers: { "X-Request-ID": `req_${status}` } });

/** Hooks that write down what they are told. */
function recorder(): { hooks: Hooks; told: [string, unknown][] } {
  const told: [string, unknown][] = [];
  const record = (name: string) => (event: unknown) => void told.push([name, event]);
  return {
    told,
    hooks: {
      onRequest: record("request"),
      onResponse: record("response"),
      onRetry: record("retry"),
      onError: record("error"),
    },
  };
}

/** A logger that writes lines down. */
function listLogger() {
  const lines: string[] = [];
  const events: object[] = [];
  const write = (level: string) => (line: string, event: object) => {
    lines.push(`${level} ${line}`);
    events.push(event);
  };
  return {
    lines,
    events,
    logger: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
  };
}

afterEach(restoreGlobals);

describe("hooks", () => {
  it("follow a call through a retry", async () => {
    const { hooks, told } = recorder();
    const { api } = transport([answer(503), answer(200)], { hooks });

    await api.send("GET", path`/users/${"user_secret"}`, { query: { email: "ada@example.com" } });

    const call = {
      call: 1,
      method: "GET",
      route: "/users/{}",
      host: "api.workos.com",
      maxRetries: 3,
      hasIdempotencyKey: false,
    };
    assertEquals(told, [
      ["request", { ...call, attempt: 1 }],
      ["response", { ...call, attempt: 1, status: 503, requestID: "req_503", duration: 5 }],
      ["retry", { ...call, attempt: 1, status: 503, requestID: "req_503", duration: 5, delay: 1125 }],
      ["request", { ...call, attempt: 2 }],
      ["response", { ...call, attempt: 2, status: 200, requestID: "req_200", duration: 5 }],
    ]);
  });

  it("are told the exception that the call rejects with, and how long it all took", async () => {
    const { hooks, told } = recorder();
    const { api } = transport([answer(503), answer(404)], { hooks });

    const error = await assertRejects(() => api.send("POST", textPath("/x?token=1#2", "")), NotFoundException);

    const [name, event] = told.at(-1) as [string, HookError];
    assertEquals(name, "error");
    assertStrictEquals(event.error, error);
    assertEquals([event.route, event.attempt, event.status, event.requestID], ["/x", 2, 404, "req_404"]);
    assertEquals([event.duration, event.hasIdempotencyKey], [1135, true]);
  });

  it("know no status where there was no answer", async () => {
    const { hooks, told } = recorder();
    const { api } = transport([new TypeError("refused")], {
      hooks,
      maxRetries: 1,
      baseUrl: "http://localhost:8080/v1",
    });

    await assertRejects(() => api.send("GET", "/x"), NetworkException);

    assertEquals(told.map(([name]) => name), ["request", "retry", "request", "error"]);
    const { status, requestID, host } = told[1][1] as HookError;
    assertEquals([status, requestID, host], [undefined, "", "localhost:8080"]);
  });

  it("hear of no answer that breaks off, and of no request id that is not there", async () => {
    const { hooks, told } = recorder();
    const broken = () =>
      Promise.resolve(new Response(new ReadableStream({ pull: (it) => it.error(new TypeError("cut")) })));
    const { api } = transport([broken, new Response("{}")], { hooks });

    await api.send("GET", "/x");

    assertEquals(told.map(([name]) => name), ["request", "retry", "request", "response"]);
    const [retry, response] = [told[1][1], told[3][1]] as HookError[];
    assertEquals([retry.status, retry.requestID, response.requestID], [200, "", ""]);
  });

  it("count calls, and hear nothing of those that are refused", async () => {
    const { hooks, told } = recorder();
    const { api } = transport([answer(200)], { hooks });

    await assertRejects(() => api.send("GET", "/x", {}, { timeout: -1 }), TypeError);
    await api.send("GET", "/x");
    await api.send("GET", "/x", {}, { idempotencyKey: "key" });

    const requests = told.filter(([name]) => name === "request").map(([, event]) => event as HookRequest);
    assertEquals(requests.map(({ call, hasIdempotencyKey }) => [call, hasIdempotencyKey]), [[1, false], [2, true]]);
  });

  it("hear of aborts, also of their own", async () => {
    const { hooks, told } = recorder();
    const controller = new AbortController();
    const { api, sent } = transport([answer(200)], {
      hooks: { ...hooks, onRequest: () => controller.abort("enough") },
    });

    const outcome = await api.send("GET", "/x", {}, { signal: controller.signal }).catch((reason) => reason);

    assertEquals([outcome, sent.length], ["enough", 0]);
    assertEquals(told.map(([name, event]) => [name, (event as HookError).error]), [["error", "enough"]]);
  });

  it("are called with their object, also when they are methods of a class", async () => {
    class Counter {
      count = 0;
      onRequest(): void {
        this.count++;
      }
    }
    const hooks = new Counter();
    const { api } = transport([answer(200)], { hooks });

    await api.send("GET", "/x");

    assertEquals(hooks.count, 1);
  });

  it("change nothing by throwing or rejecting, which is said once", async () => {
    const { lines, logger } = listLogger();
    const hooks: Hooks = {
      onRequest() {
        throw new Error("mine");
      },
      onResponse: () => Promise.reject(new Error("later")),
    };
    const { api } = transport([answer(200)], { hooks, logger, logLevel: "warn" });

    assertEquals(await api.send("GET", "/x"), { id: "x" });
    assertEquals(await api.send("GET", "/x"), { id: "x" });
    await new Promise((resolve) => setTimeout(resolve, 0));

    assertEquals(lines, ['warn WorkOS: Option "hooks.onRequest" failed: mine']);
  });

  it("complain as a warning of the runtime where nothing is logged", async () => {
    const warnings: string[] = [];
    const hooks = { onRequest: () => Promise.reject("no error") };
    const { api } = transport([answer(200)], { hooks });
    setGlobal("process", { emitWarning: (warning: string) => warnings.push(warning) });

    await api.send("GET", "/x");
    await new Promise((resolve) => setTimeout(resolve, 0));

    assertEquals(warnings, ['Option "hooks.onRequest" failed: unknown error']);
  });

  it("may be some of them alone, about which there is nothing to complain", async () => {
    const warnings: string[] = [];
    const { api } = transport([answer(500), answer(200)], { hooks: { onError: () => {} } });
    setGlobal("process", { emitWarning: (warning: string) => warnings.push(warning) });

    await api.send("GET", "/x");

    assertEquals(warnings, []);
  });
});

describe("log lines", () => {
  it("tell of attempts, answers, retries and failures", async () => {
    const { lines, events, logger } = listLogger();
    const { api } = transport([answer(429), new TypeError("https://api.workos.com/secret"), answer(404)], {
      logger,
      logLevel: "debug",
    });

    await assertRejects(() => api.send("DELETE", path`/users/${"user_secret"}`));

    assertEquals(lines, [
      "debug WorkOS: DELETE /users/{}, attempt 1 of 4",
      "info WorkOS: DELETE /users/{} answered 429 in 5 ms (request req_429)",
      "warn WorkOS: DELETE /users/{} answered 429, tried again in 1125 ms (request req_429)",
      "debug WorkOS: DELETE /users/{}, attempt 2 of 4",
      "warn WorkOS: DELETE /users/{} without an answer, tried again in 1688 ms",
      "debug WorkOS: DELETE /users/{}, attempt 3 of 4",
      "info WorkOS: DELETE /users/{} answered 404 in 5 ms (request req_404)",
      "error WorkOS: DELETE /users/{} failed: NotFoundException (request req_404)",
    ]);
    assertFalse(JSON.stringify(events).includes("secret"));
    assertEquals((events.at(-1) as HookError).error, "NotFoundException");
  });

  it("tell of a pause that the API asked for", async () => {
    const { lines, events, logger } = listLogger();
    const limited = new Response("{}", { status: 429, headers: { "Retry-After": "3" } });
    const { api } = transport([limited, answer(200)], { logger, logLevel: "debug" });

    await assertRejects(() => api.send("GET", "/x", {}, { maxRetries: 0 }));
    await api.send("GET", "/x");

    assertEquals(lines.slice(3, 5), ["debug WorkOS: GET /x waits for 3000 ms", "debug WorkOS: GET /x, attempt 1 of 4"]);
    const { route, delay } = events[3] as HookRetry;
    assertEquals([route, delay], ["/x", 3_000]);
  });

  it("come with what is known of a failure, its code included", async () => {
    const { events, logger } = listLogger();
    const { api } = transport([answer(404, { code: "entity_not_found" })], { logger, logLevel: "error" });

    await assertRejects(() => api.send("GET", "/x"));

    const { route, attempt, status, code } = events[0] as HookError & { code: string };
    assertEquals([route, attempt, status, code], ["/x", 1, 404, "entity_not_found"]);
  });

  it("name the code of a refused grant", async () => {
    const { lines, events, logger } = listLogger();
    const refusal = { error: "invalid_grant", error_description: "The code 'code_secret' has expired" };
    const { api } = transport([answer(400, refusal)], { logger, logLevel: "error" });

    await assertRejects(() => api.send("POST", "/authenticate", { once: true, body: { code: "code_secret" } }));

    assertEquals(lines, ["error WorkOS: POST /authenticate failed: OauthException invalid_grant (request req_400)"]);
    assertEquals((events[0] as { code?: string }).code, "invalid_grant");
    assertFalse(JSON.stringify(events).includes("secret"));
  });

  it("say that a call was aborted, whatever the reason is", async () => {
    for (const reason of ["secret", 7, {}]) {
      const { lines, logger } = listLogger();
      const controller = new AbortController();
      const stop = () => {
        controller.abort(reason);
        return new Promise<Response>(() => {});
      };
      const { api } = transport([stop], { logger, logLevel: "error" });

      await api.send("GET", "/x", {}, { signal: controller.signal }).catch(() => {});

      assertEquals(lines, ["error WorkOS: GET /x failed: aborted"]);
    }
  });

  it("name no code that is not a text", async () => {
    const { lines, logger } = listLogger();
    const controller = new AbortController();
    const stop = () => {
      controller.abort({ name: "Stop", error: { secret: 1 } });
      return new Promise<Response>(() => {});
    };
    const { api } = transport([stop], { logger, logLevel: "error" });

    await api.send("GET", "/x", {}, { signal: controller.signal }).catch(() => {});

    assertEquals(lines, ["error WorkOS: GET /x failed: Stop"]);
  });

  it("take the answers to a device that still waits for its user for no errors", async () => {
    for (const error of ["authorization_pending", "slow_down"]) {
      const { lines, logger } = listLogger();
      const { api } = transport([answer(400, { error })], { logger, logLevel: "info" });

      await assertRejects(() => api.send("POST", "/authenticate", { once: true }));

      assertEquals(lines, [
        "info WorkOS: POST /authenticate answered 400 in 5 ms (request req_400)",
        `info WorkOS: POST /authenticate failed: OauthException ${error} (request req_400)`,
      ]);
    }
  });

  it("stay below their level", async () => {
    for (const [logLevel, count] of [["off", 0], ["error", 1], ["warn", 2], ["info", 4], ["debug", 6]] as const) {
      const { lines, logger } = listLogger();
      const { api } = transport([answer(503), answer(404)], { logger, logLevel });

      await assertRejects(() => api.send("GET", "/x"));

      assertEquals([logLevel, lines.length], [logLevel, count]);
    }
  });

  it("go to the console when there is no logger", async () => {
    const lines: unknown[] = [];
    const { api } = transport([answer(200)], { logLevel: "info" });
    setGlobal("console", { info: (line: unknown) => lines.push(line) });

    await api.send("GET", "/x");

    assertEquals(lines, ["WorkOS: GET /x answered 200 in 5 ms (request req_200)"]);
  });

  it("are lost, and the call is not, when the logger throws", async () => {
    const warnings: string[] = [];
    const logger = {
      ...listLogger().logger,
      info() {
        throw new Error("full");
      },
    };
    const { api } = transport([answer(200)], { logger, logLevel: "info" });
    setGlobal("process", { emitWarning: (warning: string) => warnings.push(warning) });

    assertEquals(await api.send("GET", "/x"), { id: "x" });
    assertEquals(warnings, ['Option "logger" failed: full']);
  });
});

describe("createObserver", () => {
  const clock = { elapsed: () => 0 };
  const baseURL = "https://api.workos.com";
  const facts = () => ({ method: "GET", route: "/x", maxRetries: 0, hasIdempotencyKey: false });

  it("asks how much is logged and opens the channels at the first call only", () => {
    const asked: string[] = [];
    const logLevel = () => (asked.push("level"), "error" as const);
    const channel = (name: string) => void asked.push(name);
    setGlobal("process", { getBuiltinModule: () => ({ channel }) });
    const observe = createObserver({ logLevel, baseURL }, clock);
    const before = asked.length;

    for (let call = 1; call <= 3; call++) observe(facts);

    assertEquals([before, asked.length], [0, 4]);
  });

  it("observes nothing and asks for no facts when nobody listens", () => {
    setGlobal("process", undefined);
    const observe = createObserver({ logLevel: () => "off", baseURL }, clock);

    const watch = observe(() => {
      throw new Error("asked");
    });

    assertEquals(watch, undefined);
  });

  it("knows of no attempt and no answer when a call fails before its first attempt", () => {
    const { hooks, told } = recorder();
    const observe = createObserver({ hooks, logLevel: () => "off", baseURL }, clock);

    observe(facts)?.fail("enough");

    const { attempt, status, requestID } = told[0][1] as HookError;
    assertEquals([attempt, status, requestID], [0, undefined, ""]);
  });

  it("tells of times in whole milliseconds", () => {
    const { lines, events, logger } = listLogger();
    let time = 0;
    const observe = createObserver({ logger, logLevel: () => "debug", baseURL }, { elapsed: () => time += 10.6 });

    const watch = observe(facts);
    watch?.wait(333.4);
    watch?.answer(answer(200), true);

    assertEquals(lines, [
      "debug WorkOS: GET /x waits for 333 ms",
      "info WorkOS: GET /x answered 200 in 11 ms (request req_200)",
    ]);
    assertEquals(Math.round((events[1] as HookRetry).duration * 10), 106);
  });
});

describe("traceparent", () => {
  it("is asked for before every attempt and sent", async () => {
    const asked: number[] = [];
    const traceparent = ({ attempt }: HookRequest) => (asked.push(attempt), TRACEPARENT.replace("01", `0${attempt}`));
    const { api, sent } = transport([answer(503), answer(200)], {
      traceparent,
      config: { headers: { Traceparent: "x" } },
    });

    await api.send("GET", "/x");

    assertEquals(asked, [1, 2]);
    assertEquals(
      sent.map((headers) => headers.get("traceparent")),
      [1, 2].map((n) => TRACEPARENT.replace("01", `0${n}`)),
    );
  });

  it("gives way to that of the call", async () => {
    const { api, sent } = transport([answer(200)], { traceparent: () => TRACEPARENT });

    await api.send("GET", "/x", {}, { headers: { TraceParent: "mine" } });

    assertEquals(sent[0].get("traceparent"), "mine");
  });

  it("is left out when there is none, it is not valid or it cannot be made, which is said once", async () => {
    const warnings: string[] = [];
    let handled = false;
    setGlobal("process", { emitWarning: (warning: string) => warnings.push(warning) });
    const values = [
      () => undefined,
      () => "00-0-0-00\r\nX: y",
      () => {
        throw new Error("no span");
      },
      () => ({ then: () => handled = true }) as never, // a promise that rejects would end the process otherwise
    ];

    for (const traceparent of values) {
      const { api, sent } = transport([answer(200)], { traceparent });
      await api.send("GET", "/x");
      assertEquals(sent[0].has("traceparent"), false);
    }
    assertEquals(warnings.length, 3);
    assertMatch(warnings[0], /traceparent.*W3C/);
    assertMatch(warnings[1], /no span/);
    assertMatch(warnings[2], /traceparent.*W3C/);
    assertEquals(handled, true);
  });

  it("has a format", () => {
    const [version, trace, parent, flags] = TRACEPARENT.split("-");

    assertEquals(isTraceparent(TRACEPARENT), true);
    for (
      const bad of [
        "",
        "ff" + TRACEPARENT.slice(2),
        `${version}-${"0".repeat(32)}-${parent}-${flags}`,
        `${version}-${trace}-${"0".repeat(16)}-${flags}`,
        TRACEPARENT.toUpperCase(),
        `${TRACEPARENT}-x`,
        `x${TRACEPARENT}`,
        [TRACEPARENT],
        7,
      ]
    ) assertEquals(isTraceparent(bad), false);
  });
});

describe("diagnostics channels", () => {
  /** The part of a runtime with channels; `subscribed` are those that somebody listens to. */
  function channels(subscribed: string[]) {
    const heard: [string, DiagnosticsMessage][] = [];
    const objects = new Set<unknown>();
    const channel = (name: string) => ({
      hasSubscribers: subscribed.includes(name),
      publish(message: DiagnosticsMessage) {
        objects.add(message);
        heard.push([name, { ...message }]);
        if (name.endsWith("start")) throw new Error("a subscriber fails");
      },
    });
    setGlobal("process", {
      getBuiltinModule: (name: string) => name === "node:diagnostics_channel" ? { channel } : undefined,
    });
    return { heard, objects };
  }
  const ALL = ["start", "error", "end"].map((name) => `universal-workos:request:${name}`);

  it("carry one message per call, from start to end", async () => {
    const { heard, objects } = channels(ALL);
    const { api } = transport([answer(503), answer(200)]);

    await api.send("GET", path`/users/${"user_1"}`);

    const facts = { method: "GET", route: "/users/{}", host: "api.workos.com", maxRetries: 3 };
    assertEquals(heard, [
      [ALL[0], { ...facts, attempts: 0 }],
      [ALL[2], { ...facts, attempts: 2, status: 200, requestID: "req_200", duration: 1135 }],
    ]);
    assertEquals(objects.size, 1);
  });

  it("carry the error before the end", async () => {
    const { heard } = channels(ALL);
    const { api } = transport([answer(404)]);

    await assertRejects(() => api.send("GET", "/x"));

    assertEquals(heard.map(([name]) => name), ALL);
    assertInstanceOf(heard[1][1].error, NotFoundException);
  });

  it("carry nothing that nobody listens to", async () => {
    for (const subscribed of [[ALL[0]], [ALL[1]], [ALL[2]], []]) {
      const { heard } = channels(subscribed);
      const { api } = transport([answer(404)]);

      await assertRejects(() => api.send("GET", "/x"));

      assertEquals(heard.map(([name]) => name), subscribed);
    }
  });

  it("need not exist", async () => {
    for (const process of [undefined, {}, { getBuiltinModule: () => undefined }]) {
      setGlobal("process", process);
      const { api } = transport([answer(200)]);

      assertEquals(await api.send("GET", "/x"), { id: "x" });
    }
  });
});
