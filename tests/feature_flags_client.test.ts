import {
  assertAlmostEquals,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { afterEach, describe, it } from "@std/testing/bdd";
import { ApiKeyRequiredException, ParseError, TimeoutException, UnauthorizedException } from "../src/errors.ts";
import {
  type EvaluationContext,
  FeatureFlagsRuntimeClient,
  type FlagChange,
  type FlagPollEntry,
  type RuntimeClientHost,
  type RuntimeClientOptions,
} from "../src/feature_flags_client.ts";
import { WorkOS, type WorkOSOptions } from "../mod.ts";
import { fakeApi, json } from "./fake_api.ts";
import { restoreGlobals, setGlobal } from "./globals.ts";
import vectors from "./vectors/feature-flags.json" with { type: "json" };

afterEach(restoreGlobals);

type Flags = Record<string, FlagPollEntry>;

interface Timer {
  at: number;
  ms: number;
  keepAlive: boolean;
  callback: () => void;
}

/** A runtime whose clock stands still until it is moved. */
class FakeHost implements RuntimeClientHost {
  time = 1790000000000;
  chance = 0.5;
  shares = true;
  readonly timers: Set<Timer> = new Set();
  readonly warnings: string[] = [];

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  after(callback: () => void, { ms, keepAlive }: { ms: number; keepAlive: boolean }): () => void {
    const timer = { at: this.time + ms, ms, keepAlive, callback };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  warn(text: string): void {
    this.warnings.push(text);
  }

  sharesPromises(): boolean {
    return this.shares;
  }

  /** Moves the clock, fires what is due in order, and lets what follows happen. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const [next] = [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.time = Math.max(this.time, next.at);
      this.timers.delete(next);
      next.callback();
      await settled();
    }
    this.time = end;
  }

  /** Moves the clock to the next timer. */
  async next(): Promise<void> {
    await this.advance(Math.min(...[...this.timers].map(({ at }) => at)) - this.time);
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** What the API answers: a value as JSON, a `Response` as it is, an error as a broken connection, a function's result. */
type Answer = unknown | ((signal: AbortSignal) => Promise<Response>);

interface Setup {
  client: FeatureFlagsRuntimeClient;
  host: FakeHost;
  signals: AbortSignal[];
  urls: string[];
  /** What happened: `["change", …]`, `["error", …]`, `["failed", …]` by event, and what the logger got. */
  events: [string, unknown][];
  logged: [string, unknown[]][];
}

/** Runs something where `abort()` throws, as that of another request does on Workers. */
function withoutAbort(run: () => void): void {
  const { abort } = AbortController.prototype;
  AbortController.prototype.abort = () => {
    throw new Error("Cannot perform I/O on behalf of a different request.");
  };
  try {
    run();
  } finally {
    AbortController.prototype.abort = abort;
  }
}

/** A client with listeners for everything; the answers come in turn, the last one repeats. */
function setup(answers: Answer[], options: RuntimeClientOptions = {}, workos: WorkOSOptions = {}): Setup {
  const host = new FakeHost();
  const made: Omit<Setup, "client"> = { host, signals: [], urls: [], events: [], logged: [] };
  const fetchFn = async (url: string, init: RequestInit) => {
    made.signals.push(init.signal!);
    made.urls.push(url);
    const answer = answers[Math.min(made.urls.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    if (typeof answer === "function") return await answer(init.signal);
    return answer instanceof Response ? answer : reply(answer);
  };
  const log = (level: string) => (...args: unknown[]) => void made.logged.push([level, args]);
  const logger = { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
  const source = new WorkOS({ apiKey: "sk_test_1", maxRetries: 0, fetchFn, ...workos });
  const client = new FeatureFlagsRuntimeClient(source, { logger, ...options }, host);
  for (const event of ["change", "error", "failed"] as const) {
    client.on(event, (value: unknown) => made.events.push([event, value]));
  }
  return { client, ...made };
}

/** A JSON answer that is read at once: some runtimes take their time, while the clock here is moved by hand. */
function reply(body: unknown, init?: ResponseInit): Response {
  return readAtOnce(json(body, init), JSON.stringify(body));
}

function readAtOnce(response: Response, text: string): Response {
  return Object.defineProperty(response, "text", { value: () => Promise.resolve(text) });
}

function flag(settings: Partial<FlagPollEntry> = {}): FlagPollEntry {
  return { slug: "f", enabled: true, default_value: false, targets: { users: [], organizations: [] }, ...settings };
}

const ON: Flags = { f: flag({ default_value: true }) };
const OFF: Flags = { f: flag() };
const REFUSED = (): Response => reply({ message: "Unauthorized" }, { status: 401 });
const BROKEN = (): Response => reply({ message: "Oops" }, { status: 500 });
/** Never answers; with a broken `fetch` not even when it is aborted. */
const HANGS = (signal: AbortSignal): Promise<Response> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
const IGNORES_SIGNAL = (): Promise<Response> => new Promise(() => {});

/** A promise that may reject before anyone looks at it. */
function later<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** What a promise is by now. */
async function outcome(promise: Promise<unknown>): Promise<unknown> {
  return await Promise.race([
    promise.then((value) => value ?? "resolved", (error) => error),
    settled().then(() => "pending"),
  ]);
}

interface Case {
  name: string;
  input: {
    operation: string;
    flags?: Flags;
    key?: string;
    context?: EvaluationContext;
    defaultValue?: boolean;
    previous?: Flags;
    current?: Flags;
    consecutiveErrors?: number;
    pollingIntervalMs?: number;
  };
  expected: {
    isEnabled?: boolean;
    allFlags?: Record<string, boolean>;
    warnings?: string[];
    changes?: FlagChange[];
    baseMs?: number;
    minMs?: number;
    maxMsExclusive?: number;
  };
}

/** Where we differ from the Node SDK, which finds `Object.prototype.constructor` among the flags. */
const OTHER_VALUES: Record<string, boolean> = { "inherited property name as key": true };

const OPERATIONS: Record<string, (testCase: Case) => Promise<void>> = {
  async evaluate({ name, input, expected }) {
    const { client, logged } = setup([], { mode: "onDemand", bootstrapFlags: input.flags });
    const warnings = () => logged.splice(0).map(([level, args]) => (assertEquals(level, "warn"), args[0]));

    assertEquals(
      client.isEnabled(input.key!, input.context, input.defaultValue),
      OTHER_VALUES[name] ?? expected.isEnabled,
    );
    assertEquals(warnings(), expected.warnings);
    assertEquals(client.getAllFlags(input.context), expected.allFlags!);
    assertEquals(warnings(), expected.warnings);
    await client.waitUntilReady();
  },

  async change({ input, expected }) {
    const { client, host, events } = setup([input.previous, input.current]);

    await host.next();
    assertEquals(events, []);
    await host.next();

    assertEquals(events, expected.changes!.map((change) => ["change", change]));
    client.close();
  },

  async schedule({ input: { consecutiveErrors = 0, pollingIntervalMs }, expected }) {
    for (const [chance, delay] of [[0, expected.minMs!], [0.5, expected.baseMs!], [1, expected.maxMsExclusive!]]) {
      const { client, host } = setup(consecutiveErrors === 0 ? [ON] : [BROKEN()], { pollingIntervalMs });
      host.chance = chance;

      for (let poll = 1; poll <= Math.max(1, consecutiveErrors); poll++) await host.next();

      assertAlmostEquals([...host.timers][0].ms, delay, 1e-6);
      client.close();
    }
  },
};

describe("feature-flags vectors", () => {
  for (const testCase of vectors as Case[]) {
    it(testCase.name, () => OPERATIONS[testCase.input.operation](testCase));
  }
});

describe("FeatureFlagsRuntimeClient evaluation", () => {
  const targets = {
    users: [{ id: "user_1", enabled: true }],
    organizations: [{ id: "org_1", enabled: true }],
    custom_targets: [
      { type: "team", id: "team_1", enabled: true },
      { type: "user", id: "user_2", enabled: true },
    ],
  };
  const evaluated = (context: unknown) => {
    const { client, logged } = setup([], { mode: "onDemand", bootstrapFlags: { f: flag({ targets }) } });
    const value = client.isEnabled("f", context as EvaluationContext, true);
    assertEquals(client.getAllFlags(context as EvaluationContext), { f: value });
    return [value, logged.length > 0];
  };

  it("never throws, whatever the context is", () => {
    const hostile = Object.defineProperty({}, "user", {
      enumerable: true,
      get() {
        throw new Error("no");
      },
    });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();

    for (const context of [null, 5, "user_1", true, Symbol("x"), () => {}, [], new Map()]) {
      assertEquals(evaluated(context), [false, false]);
    }
    for (const context of [hostile, revoked.proxy, ["user_1"], { user: hostile }, { user: () => {} }]) {
      assertEquals(evaluated(context), [false, true]);
    }
  });

  it("turns nothing on for a target that is off", () => {
    const targets = { users: [{ id: "user_1", enabled: false }], organizations: [] };
    const { client } = setup([], { mode: "onDemand", bootstrapFlags: { f: flag({ targets }) } });

    assertEquals(client.isEnabled("f", { userId: "user_1" }, true), false);
  });

  it("takes no dots for an id", () => {
    for (const id of [".", ".."]) {
      const targets = { users: [], organizations: [], custom_targets: [{ type: "team", id, enabled: true }] };
      const { client, logged } = setup([], { mode: "onDemand", bootstrapFlags: { f: flag({ targets }) } });

      assertEquals([client.isEnabled("f", { team: { id } }), logged.length], [false, 1]);
    }
  });

  it("takes neither inherited members nor symbols for targets", () => {
    assertEquals(evaluated(Object.create({ userId: "user_1" })), [false, false]);
    assertEquals(evaluated({ [Symbol("user")]: { id: "user_1" } }), [false, false]);
    assertEquals(evaluated(JSON.parse('{ "__proto__": { "id": "user_1" } }')), [false, true]);
    assertEquals(evaluated({ team: { id: "team_1" } }), [true, false]);
  });

  it("looks users and organizations up in their own lists only", () => {
    assertEquals(evaluated({ user: { id: "user_2" } }), [false, false]);
    assertEquals(evaluated({ user: { id: "org_1" } }), [false, false]);
    assertEquals(evaluated({ constructor: { id: "x" }, user: { id: "user_1" } }), [true, false]);
  });

  it("passes over what is absent, and ids of users and organizations that are none", () => {
    assertEquals(evaluated({ team: undefined, user: { id: "user_1" } }), [true, false]);
    assertEquals(evaluated({ team: null, user: { id: "user_1" } }), [true, false]);
    for (const userId of [5, "", {}, undefined]) {
      assertEquals(evaluated({ userId, team: { id: "team_1" } }), [true, false]);
    }
  });

  it("says why a context matches nothing, with the keys of one in both forms", () => {
    const { client, logged } = setup([], { mode: "onDemand", bootstrapFlags: ON });
    const revoked = Proxy.revocable<EvaluationContext>({}, {});
    revoked.revoke();

    client.isEnabled("f", { userId: "user_1", team: { id: "team_1" } } as EvaluationContext);
    client.isEnabled("f", revoked.proxy);

    const mixture = "Evaluation context mixes legacy keys (userId/organizationId) with typed target keys";
    assertEquals(logged, [
      ["warn", [`${mixture}; no targets will match`, { keys: ["userId", "team"] }]],
      ["warn", ["Evaluation context cannot be read; no targets will match"]],
    ]);
  });

  it("takes no function for a resource", () => {
    assertEquals(evaluated({ team: Object.assign(() => {}, { id: "team_1" }) }), [false, true]);
  });

  it("survives a logger that throws", () => {
    const fail = () => {
      throw new Error("disk full");
    };
    const logger = { debug: fail, info: fail, warn: fail, error: fail };
    const { client } = setup([], { mode: "onDemand", bootstrapFlags: ON, logger });

    assertEquals(client.isEnabled("f", { BAD: { id: "x" } }), true);
    assertEquals(client.isEnabled("f", { userId: "u", user: { id: "u" } }), true);
  });

  it("survives a logger that rejects", async () => {
    const fail = () => Promise.reject(new Error("disk full")); // one that nobody handles ends the test
    const logger = { debug: fail, info: fail, warn: fail, error: fail };
    const { client } = setup([ON], { mode: "onDemand", logger });

    assertEquals(await client.refresh(), true);
    assertEquals(client.isEnabled("f", { BAD: { id: "x" } }), true);
    await new Promise((resolve) => setTimeout(resolve, 0));
  });

  it("knows own keys only, even those of Object.prototype", () => {
    const bootstrapFlags = JSON.parse(JSON.stringify({ constructor: ON.f, x: OFF.f }).replace('"x"', '"__proto__"'));
    const { client } = setup([], { mode: "onDemand", bootstrapFlags });

    assertEquals(client.isEnabled("toString", {}, true), true);
    assertEquals(client.getFlag("toString"), undefined);
    assertEquals(client.isEnabled("constructor"), true);
    assertEquals(client.isEnabled("__proto__", {}, true), false);
    assertEquals(Object.entries(client.getAllFlags()), [["constructor", true], ["__proto__", false]]);
    assertEquals(client.getFlag(undefined as unknown as string), undefined);
  });

  it("ignores rules and other fields it does not know, and missing lists of targets", async () => {
    const rules = [{ id: "r", kind: "conditions", value: false, conditions: null }];
    const later = { f: { ...ON.f, rules, off_value: false }, g: { enabled: true, default_value: true, targets: null } };
    const { client, host, events } = setup([later, later]);

    await host.next();
    await host.next();

    assertEquals(client.getAllFlags({ userId: "user_1" }), { f: true, g: true });
    assertEquals(client.getFlag("f") as unknown, later.f);
    assertEquals(events, []);
    client.close();
  });
});

describe("FeatureFlagsRuntimeClient polling", () => {
  it("polls from the next tick on, then every interval, and tells what it did", async () => {
    const { client, host, urls, logged } = setup([OFF]);
    const start = host.time;

    assertEquals([...host.timers].map(({ ms, keepAlive }) => [ms, keepAlive]), [[0, true]]);
    assertEquals(client.getStats(), {
      pollCount: 0,
      pollErrorCount: 0,
      lastPollAt: null,
      lastSuccessfulPollAt: null,
      cacheAge: null,
      flagCount: 0,
    });
    await host.advance(0);
    assertEquals([...host.timers].map(({ ms, keepAlive }) => [ms, keepAlive]), [[30_000, false]]);
    await host.advance(30_000);
    await host.advance(1_234);

    assertEquals(urls, Array(2).fill("https://api.workos.com/sdk/feature-flags"));
    assertEquals(client.getStats(), {
      pollCount: 2,
      pollErrorCount: 0,
      lastPollAt: new Date(start + 30_000),
      lastSuccessfulPollAt: new Date(start + 30_000),
      cacheAge: 1_234,
      flagCount: 1,
    });
    assertEquals(logged, Array(2).fill(["debug", ["Poll successful", { flagCount: 1 }]]));
    client.close();
  });

  it("keeps the last good flags through every kind of failure, and goes on", async () => {
    const good = { targets: ON.f.targets, slug: "f", enabled: true, default_value: true };
    const user = { id: "u", enabled: true };
    const bad: unknown[] = [
      readAtOnce(new Response("<html>", { headers: { "Content-Type": "text/html" } }), "<html>"),
      readAtOnce(new Response(""), ""),
      null,
      [],
      "text",
      5,
      true,
      [good],
      { f: null },
      { f: { ...good, default_value: undefined } },
      { f: { ...good, targets: [] } },
      { f: { ...good, targets: 5 } },
      { f: { ...good, targets: { users: {}, organizations: [] } } },
      { f: { ...good, targets: { users: [null], organizations: [] } } },
      { f: { ...good, targets: { users: [{ ...user, id: 1 }], organizations: [] } } },
      { f: { ...good, targets: { users: [], organizations: [{ id: "o" }] } } },
      { f: { ...good, targets: { users: [], organizations: [], custom_targets: [user] } } },
      { version: 2, flags: { f: good } },
    ];
    const down = [new TypeError("fetch failed"), BROKEN(), reply({}, { status: 302 }), reply({}, { status: 404 })];
    const { client, host, events } = setup([ON, ...bad, ...down, OFF]);

    await host.next();
    for (let poll = 1; poll <= bad.length + down.length; poll++) {
      await host.next();
      assertEquals(client.isEnabled("f"), true);
      assertEquals(client.getStats().pollErrorCount, poll);
    }
    await host.next();

    assertEquals(client.isEnabled("f"), false);
    assertEquals(events.slice(0, bad.length).map(([name, error]) => [name, error instanceof ParseError]), [
      ...bad.map(() => ["error", true]),
    ]);
    assertEquals(events.at(-1), ["change", { key: "f", previous: ON.f, current: OFF.f }]);
    assertEquals(events.length, bad.length + down.length + 1);
    client.close();
  });

  it("says what it cannot read of an answer, and shows all of it", async () => {
    const { client, host, events } = setup([[], { f: null, g: 1 }]);

    await host.next();
    await host.next();

    const errors = events.map(([, error]) => error as ParseError);
    assertEquals(errors.map((it) => [it.message, it.rawBody, it.rawStatus, it.requestID]), [
      ["Cannot read feature flags: they are not an object", "[]", 200, ""],
      ['Cannot read feature flag "f": it does not have the expected form', '{"f":null,"g":1}', 200, ""],
    ]);
    client.close();
  });

  it("an answer without a JSON text, as one that is too deep, is one that cannot be read", async () => {
    const toJSON = () => { // as some engines do from a few thousand levels on
      throw new RangeError("Maximum call stack size exceeded");
    };
    for (const data of [{ a: { toJSON } }, undefined]) {
      const get = () => Promise.resolve({ data });
      const client = new FeatureFlagsRuntimeClient({ get }, { mode: "onDemand" });

      const error = await assertRejects(() => client.waitUntilReady(), ParseError);

      assertEquals(error.rawBody, "");
    }
  });

  it("keeps what it knows of a flag that it cannot read, and reads the others", async () => {
    const [on, off, odd] = [{ ...ON.f }, { ...OFF.f }, { ...ON.f, default_value: "a variant" }];
    const [text, gap] = [{ ...ON.f, enabled: "no" }, { ...ON.f, targets: { custom_targets: [null] } }];
    const { client, host, logged } = setup([{ f: on, g: off }, { f: odd, g: on, h: odd, i: text, j: gap }, { f: off }]);

    await host.next();
    await host.next();

    assertEquals(client.getAllFlags(), { f: true, g: true });
    assertEquals(client.getStats().pollErrorCount, 0);
    assertEquals(logged.filter(([level]) => level === "warn").map(([, [message]]) => message), [
      'Cannot read feature flag "f": it does not have the expected form',
      'Cannot read feature flag "h": it does not have the expected form',
      'Cannot read feature flag "i": it does not have the expected form',
      'Cannot read feature flag "j": it does not have the expected form',
    ]);
    await host.next();
    assertEquals(client.getAllFlags(), { f: false });
    client.close();
  });

  it("gets its flags from anything with get(), and waits no longer than it may", async () => {
    const host = new FakeHost();
    const answers = [Promise.resolve({ data: ON }), new Promise<never>(() => {})];
    const asked: unknown[] = [];
    const get = (path: string) => (asked.push(path), answers.shift()!);
    const client = new FeatureFlagsRuntimeClient({ get }, { requestTimeoutMs: 2_000 }, host);

    await host.next();
    const second = host.next();
    await host.next();
    await second;

    assertEquals(asked, ["/sdk/feature-flags", "/sdk/feature-flags"]);
    assertEquals(client.isEnabled("f"), true);
    assertEquals(client.getStats().pollErrorCount, 1);
    client.close();
  });

  it("takes its source's clock, and any reason to fail", async () => {
    const get = () => Promise.reject("no error");
    const client = new FeatureFlagsRuntimeClient({ get, options: { now: () => 7 } }, { mode: "onDemand" });
    const failures: Error[] = [];
    client.on("error", (failure) => failures.push(failure));

    await client.refresh();

    assertEquals([failures[0].message, failures[0].cause], ["Cannot poll feature flags", "no error"]);
    assertEquals(client.getStats().lastPollAt, new Date(7));
  });

  it("takes an empty object for an environment without flags", async () => {
    const { client, host, events } = setup([ON, {}]);

    await host.next();
    await host.next();

    assertEquals(client.getAllFlags(), {});
    assertEquals(events, [["change", { key: "f", previous: ON.f, current: null }]]);
    client.close();
  });

  it("aborts a poll that takes too long, with all its retries, and goes on", async () => {
    const wait = reply({}, { status: 503, headers: { "Retry-After": "60" } });
    const { client, host, events, signals, urls } = setup([HANGS, IGNORES_SIGNAL, wait, ON], {}, { maxRetries: 3 });

    for (let poll = 1; poll <= 3; poll++) {
      await host.next();
      assertEquals(signals.length, poll);
      assertEquals([...host.timers].map(({ ms, keepAlive }) => [ms, keepAlive]), [[10_000, true]]);
      await host.advance(10_000);
      assertEquals(events.length, poll);
    }
    await host.next();

    assertEquals(signals.map(({ aborted }) => aborted), [true, true, false, false]);
    for (const [name, error] of events) {
      assertEquals(name, "error");
      assertInstanceOf(error, TimeoutException);
      assertEquals(error.timeout, 10_000);
    }
    assertEquals([urls.length, client.isEnabled("f")], [4, true]);
    client.close();
  });

  it("needs no listener for errors", async () => {
    const { client, host, logged } = setup([BROKEN(), ON]);
    client.removeAllListeners();

    await host.next();
    await host.next();

    assertEquals(client.isEnabled("f"), true);
    assertEquals(logged.map(([level, args]) => [level, args[0]]), [
      ["error", "Poll failed"],
      ["debug", "Poll successful"],
    ]);
    client.close();
  });

  it("survives listeners that throw or reject, and tells the others of every change", async () => {
    const changed = { f: ON.f, g: ON.f, h: ON.f };
    const { client, host, events, logged } = setup([OFF, changed, BROKEN(), OFF]);
    const failure = new Error("listener");
    for (const event of ["change", "error"] as const) {
      client.on(event, () => {
        throw failure;
      });
      client.on(event, async () => await Promise.reject(failure));
      client.on(event, () => events.push([`last ${event}`, null]));
    }

    for (let poll = 1; poll <= 4; poll++) await host.next();

    const names = events.map(([name]) => name);
    const change = ["change", "last change"];
    assertEquals(names, [...change, ...change, ...change, "error", "last error", ...change, ...change, ...change]);
    assertEquals(logged.filter(([, args]) => args[1] === failure).length, 14);
    assertEquals(client.getStats().pollErrorCount, 1);
    client.close();
  });

  it("warns of a failed listener when there is no logger", async () => {
    const { client, host } = setup([BROKEN()], { logger: undefined });
    client.on("error", () => {
      throw new Error("my mistake");
    });

    await host.next();

    assertEquals(host.warnings, ['A listener for "error" of the feature flags client failed: my mistake']);
    assertEquals(host.timers.size, 1);
    client.close();
  });

  it("goes on after a refused key, a minute apart, and says so once", async () => {
    const { client, host, events } = setup([REFUSED(), REFUSED(), BROKEN(), ON, REFUSED()], {
      pollingIntervalMs: 5_000,
    });
    const delays: number[] = [];

    for (let poll = 1; poll <= 5; poll++) {
      await host.next();
      delays.push([...host.timers][0].ms);
    }

    assertEquals(delays, [60_000, 60_000, 60_000, 5_000, 60_000]);
    assertEquals(events.map(([name]) => name), ["error", "failed", "error", "error", "error", "failed"]);
    assertStrictEquals(events[0][1], events[1][1]);
    assertInstanceOf(events[1][1], UnauthorizedException);
    assertEquals(client.isEnabled("f"), true);
    client.close();
  });

  it("treats a client without a key like one with a refused key", async () => {
    const { client, host, events, urls } = setup([ON], {}, { apiKey: undefined, clientId: "client_1" });
    const ready = later(client.waitUntilReady());

    await host.next();

    assertInstanceOf(await outcome(ready), ApiKeyRequiredException);
    assertEquals(events.map(([name]) => name), ["error", "failed"]);
    assertEquals(urls, []);
    client.close();
  });

  it("waits long enough whatever the interval is", async () => {
    for (const [pollingIntervalMs, ms] of [[0, 5_000], [Infinity, 2 ** 31 - 1], [2 ** 40, 2 ** 31 - 1]]) {
      const { client, host } = setup([ON], { pollingIntervalMs });

      await host.next();

      assertEquals([...host.timers].map((timer) => timer.ms), [ms]);
      client.close();
    }
  });

  it("close() aborts the poll under way, quietly and for good", async () => {
    const { client, host, signals, events, logged } = setup([ON, HANGS], { bootstrapFlags: OFF });
    await host.next();
    await host.next();

    client.close();
    client.close();
    await settled();
    await host.advance(1e9);

    assertEquals(signals.map(({ aborted }) => aborted), [false, true]);
    assertEquals([host.timers.size, events.length, logged.length], [0, 0, 1]);
    assertEquals(client.eventNames(), []);
    assertEquals(client.isEnabled("f"), true);
    assertEquals(client.getStats().pollErrorCount, 0);
    assertEquals(await client.refresh({ maxAgeMs: 0 }), false);
    assertEquals(signals.length, 2);
  });

  it("takes no notice of an answer that arrives after close()", async () => {
    let answer!: (response: Response) => void;
    const { client, host } = setup([() => new Promise((resolve) => answer = resolve)]);
    await host.next();

    answer(reply(ON));
    client.close();
    await settled();

    assertEquals(client.getStats().flagCount, 0);
    assertEquals(host.timers.size, 0);
  });

  it("accepts nothing after close(), at whatever moment that is", async () => {
    for (let turns = 0; turns < 40; turns++) {
      let afterClose = 0;
      let isClosed = false;
      const log = () => void (afterClose += isClosed ? 1 : 0);
      const response = Object.defineProperty(new Response(), "text", {
        value: () => {
          const text = Promise.resolve(JSON.stringify(ON));
          let turn = text.then(() => {});
          for (let count = 0; count < turns; count++) turn = turn.then(() => {});
          turn.then(() => client.close()).then(() => isClosed = true);
          return text;
        },
      });
      const { client, host } = setup([response], { logger: { debug: log, info: log, warn: log, error: log } });

      await host.next();

      assertEquals([afterClose, host.timers.size], [0, 0]);
    }
  });

  it("forgets earlier failures after a success", async () => {
    const { client, host } = setup([...Array(7).fill(BROKEN()), ON, BROKEN()]);
    const delays: number[] = [];

    for (let poll = 1; poll <= 9; poll++) {
      await host.next();
      delays.push([...host.timers][0].ms);
    }

    assertEquals(delays.slice(5), [32_000, 60_000, 30_000, 30_000]);
    client.close();
  });

  it("can be closed by a listener", async () => {
    const { client, host, events } = setup([OFF, { f: ON.f, g: ON.f }]);
    client.on("change", () => client.close());

    await host.next();
    await host.next();

    assertEquals(events.length, 1);
    assertEquals(host.timers.size, 0);
    assertEquals(client.isEnabled("g"), true);
  });
});

describe("FeatureFlagsRuntimeClient readiness", () => {
  it("may still come after a poll that failed", async () => {
    const { client, host } = setup([BROKEN(), ON]);
    await host.next();

    const ready = client.waitUntilReady();
    await host.advance(30_000);

    assertEquals(await outcome(ready), "resolved");
    client.close();
  });

  it("is given by the first success", async () => {
    const { client, host } = setup([BROKEN(), ON]);
    const ready = client.waitUntilReady();

    await host.next();
    assertEquals(await outcome(ready), "pending");
    assertEquals([...host.timers].filter(({ keepAlive }) => keepAlive).map(({ ms }) => ms), [Infinity]);
    await host.advance(30_000);

    assertEquals(await outcome(ready), "resolved");
    assertEquals(await outcome(client.waitUntilReady({ timeoutMs: 1 })), "resolved");
    assertEquals([...host.timers].map(({ keepAlive }) => keepAlive), [false]);
    client.close();
  });

  it("is waited for without a limit, also when the longest timer of a runtime is over", async () => {
    const { client, host } = setup([HANGS]);
    const ready = later(client.waitUntilReady());

    for (const { ms, callback } of host.timers) if (ms === Infinity) callback();

    assertEquals(await outcome(ready), "pending");
    client.close();
  });

  it("is given by bootstrap flags, which the first poll replaces without a change", async () => {
    const { client, host, events } = setup([{ g: ON.f }], { bootstrapFlags: OFF });

    await client.waitUntilReady({ timeoutMs: 1 });
    assertEquals([client.getFlag("f"), client.getStats().flagCount], [OFF.f, 1]);
    assertEquals(client.getStats().cacheAge, null);
    await host.next();

    assertEquals(client.getAllFlags(), { g: true });
    assertEquals(events, []);
    client.close();
  });

  it("is refused with the key, until another key works", async () => {
    const { client, host } = setup([REFUSED(), ON]);
    const ready = later(client.waitUntilReady({ timeoutMs: 5_000 }));

    await host.next();
    assertInstanceOf(await outcome(ready), UnauthorizedException);
    assertInstanceOf(await outcome(client.waitUntilReady()), UnauthorizedException);
    await host.next();

    assertEquals(await outcome(client.waitUntilReady()), "resolved");
    client.close();
  });

  it("ends with a time limit, for each who waits", async () => {
    const { client, host } = setup([HANGS, ON]);
    const short = later(client.waitUntilReady({ timeoutMs: 500 }));
    const long = client.waitUntilReady({ timeoutMs: 1e6 });

    await host.advance(500);
    const error = await assertRejects(() => short, Error, "waitUntilReady timed out");
    assertEquals(error.name, "TimeoutError");
    assertEquals(await outcome(long), "pending");
    await host.advance(50_000);

    assertEquals(await outcome(long), "resolved");
    client.close();
  });

  it("ends with close()", async () => {
    const { client, host } = setup([HANGS]);
    const [first, second] = [later(client.waitUntilReady()), later(client.waitUntilReady({ timeoutMs: 5 }))];

    client.close();

    for (const ready of [first, second, client.waitUntilReady()]) {
      assertEquals((await assertRejects(() => ready, Error, "the client is closed")).name, "AbortError");
    }
    assertEquals(host.timers.size, 0);
  });
});

describe("FeatureFlagsRuntimeClient on demand", () => {
  const onDemand = (answers: Answer[], options: RuntimeClientOptions = {}) =>
    setup(answers, { mode: "onDemand", ...options });

  it("has no timers and sends nothing until it is asked to", async () => {
    const { client, host, urls } = onDemand([ON]);

    await host.advance(1e9);
    assertEquals([host.timers.size, urls.length, client.isEnabled("f")], [0, 0, false]);
    assertEquals(await client.refresh(), true);

    assertEquals([host.timers.size, urls.length, client.isEnabled("f")], [0, 1, true]);
  });

  it("refresh() fetches what is too old", async () => {
    const { client, host, urls, events } = onDemand([OFF, ON]);

    await client.refresh();
    assertEquals(await client.refresh(), true);
    assertEquals(await client.refresh({ maxAgeMs: 1 }), true);
    host.time += 30_000;
    assertEquals(await client.refresh(), true);
    assertEquals(urls.length, 1);
    host.time += 1;
    assertEquals(await client.refresh({ maxAgeMs: 30_001 }), true);
    assertEquals(urls.length, 1);
    assertEquals(await client.refresh(), true);
    assertEquals(urls.length, 2);
    assertEquals(await client.refresh({ maxAgeMs: 0 }), true);

    assertEquals(urls.length, 3);
    assertEquals(events, [["change", { key: "f", previous: OFF.f, current: ON.f }]]);
    host.time -= 1; // a clock that was set back tells nothing of an age
    await client.refresh();
    assertEquals(urls.length, 4);
  });

  it("refresh() leaves old flags in use when it fails, and the API alone for a while", async () => {
    const { client, host, urls, events } = onDemand([ON, BROKEN()]);
    await client.refresh();
    host.time += 60_000;

    for (const pause of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      const before = urls.length;
      assertEquals(await client.refresh(), false);
      host.time += pause - 1;
      assertEquals(await client.refresh(), false);
      assertEquals(urls.length, before + 1);
      host.time += 1;
    }

    assertEquals(client.isEnabled("f"), true);
    assertEquals(events.map(([name]) => name), Array(8).fill("error"));
    assertEquals(await client.refresh(), false);
    assertEquals(await client.refresh({ maxAgeMs: 0 }), false);
    assertEquals(urls.length, 11);
    host.time -= 3_600_000; // a clock that was set back tells nothing of a pause
    await client.refresh();
    assertEquals(urls.length, 12);
  });

  it("calls share a fetch where they may", async () => {
    const { client, urls } = onDemand([ON]);

    assertEquals(await Promise.all([client.refresh(), client.refresh(), client.waitUntilReady()]), [
      true,
      true,
      undefined,
    ]);
    assertEquals([urls.length, client.getStats().pollCount], [1, 1]);
  });

  it("every call has a fetch of its own on Workers, and the latest one counts", async () => {
    const answers: ((response: Response) => void)[] = [];
    const { client, host, urls } = onDemand([() => new Promise((resolve) => answers.push(resolve))]);
    host.shares = false;

    const calls = [client.waitUntilReady(), client.refresh(), client.refresh()];
    await settled();
    answers[2](reply(ON));
    await settled();
    const [first, second, third] = await Promise.all(calls.map(outcome));
    assertEquals([first, second, third], ["pending", "pending", true]);
    answers[0](reply(OFF));
    answers[1](BROKEN());

    assertEquals(await Promise.all(calls), [undefined, false, true]);
    assertEquals([urls.length, client.isEnabled("f")], [3, true]);
  });

  it("waitUntilReady() fetches, and rejects with what went wrong", async () => {
    const { client, host, urls } = onDemand([BROKEN(), HANGS, ON]);

    assertEquals((await assertRejects(() => client.waitUntilReady(), Error)).name, "GenericServerException");
    assertEquals((await assertRejects(() => client.waitUntilReady(), Error)).name, "GenericServerException");
    assertEquals(urls.length, 1);
    await host.advance(1_000);
    const ready = later(client.waitUntilReady({ timeoutMs: 100 }));
    await host.advance(100);
    assertEquals(await outcome(ready).then((error) => (error as Error).name), "TimeoutError");
    await host.advance(20_000);

    assertEquals(await outcome(client.waitUntilReady()), "resolved");
    assertEquals([urls.length, host.timers.size], [3, 0]);
  });

  it("close() ends a wait, and a refresh", async () => {
    const { client, host, signals, events } = onDemand([HANGS]);
    const [ready, refreshed] = [later(client.waitUntilReady()), client.refresh()];
    await settled();

    client.close();

    assertEquals((await assertRejects(() => ready, Error, "the client is closed")).name, "AbortError");
    assertEquals([await refreshed, signals[0].aborted, host.timers.size, events.length], [false, true, 0, 0]);
  });

  it("close() leaves a poll that is over alone, whether it failed or not", async () => {
    for (const answer of [() => Promise.resolve({ data: ON }), () => Promise.reject(new TypeError("Reset"))]) {
      const signals: AbortSignal[] = [];
      const get = (_path: string, { signal }: { signal: AbortSignal }) => (signals.push(signal), answer());
      const client = new FeatureFlagsRuntimeClient({ get }, { mode: "onDemand" }, new FakeHost());
      await client.refresh();

      client.close();

      assertEquals(signals.map(({ aborted }) => aborted), [false]);
    }
  });

  it("close() aborts every poll under way on Workers, also when an earlier one is over", async () => {
    const answers: ((response: Response) => void)[] = [];
    const { client, host, signals } = onDemand([() => new Promise((resolve) => answers.push(resolve))]);
    host.shares = false;
    const calls = [client.refresh(), client.refresh(), client.refresh()];
    await settled();
    answers[2](reply(ON));
    await calls[2];

    client.close();

    assertEquals(signals.map(({ aborted }) => aborted), [true, true, false]);
    assertEquals(await Promise.all(calls), [false, false, true]);
  });

  it("close() does its work where a poll of another request cannot be aborted", async () => {
    let answer!: (response: Response) => void;
    const { client, host } = setup([() => new Promise((resolve) => answer = resolve)]);
    const ready = later(client.waitUntilReady());
    await host.next();
    client.on("change", () => {});

    withoutAbort(() => client.close());
    answer(reply(ON)); // dropped

    assertEquals((await assertRejects(() => ready, Error, "the client is closed")).name, "AbortError");
    assertEquals(client.eventNames(), []);
    assertEquals(await client.refresh({ maxAgeMs: 0 }), false);
  });

  it("refresh() works beside polling and joins its polls", async () => {
    const { client, host, urls } = setup([ON]);
    const refreshed = client.refresh();

    await host.advance(0);

    assertEquals([await refreshed, urls.length], [true, 1]);
    client.close();
  });
});

describe("FeatureFlagsRuntimeClient options", () => {
  it("are checked", async () => {
    const bad: [RuntimeClientOptions, string][] = [
      [{ pollingIntervalMs: NaN }, "pollingIntervalMs"],
      [{ pollingIntervalMs: -1 }, "pollingIntervalMs"],
      [{ pollingIntervalMs: "5000" as unknown as number }, "pollingIntervalMs"],
      [{ requestTimeoutMs: 0 }, "requestTimeoutMs"],
      [{ requestTimeoutMs: NaN }, "requestTimeoutMs"],
      [{ mode: "push" as "poll" }, "mode"],
      [{ bootstrapFlags: { f: {} as FlagPollEntry } }, "bootstrapFlags"],
      [{ bootstrapFlags: { ...ON, g: {} as FlagPollEntry } }, "bootstrapFlags"],
      [{ bootstrapFlags: [] as unknown as Flags }, "bootstrapFlags"],
    ];

    for (const [options, name] of bad) assertThrows(() => setup([], options), TypeError, `option "${name}"`);
    assertThrows(
      () => setup([], { bootstrapFlags: { f: {} as FlagPollEntry } }),
      TypeError,
      'Cannot use option "bootstrapFlags": cannot read feature flag "f": it does not have the expected form',
    );
    assertThrows(() => setup([], { requestTimeoutMs: 0 }), TypeError, "a number of milliseconds, at least 1");
    assertThrows(() => setup([], { mode: "push" as "poll" }), TypeError, 'it is neither "poll" nor "onDemand"');
    const { client } = setup([], { mode: "onDemand" });
    await assertRejects(() => client.waitUntilReady({ timeoutMs: NaN }), TypeError, 'option "timeoutMs"');
    await assertRejects(() => client.refresh({ maxAgeMs: -1 }), TypeError, 'option "maxAgeMs"');
  });

  it("take a time limit of a millisecond, and none at all, although timers have one", async () => {
    const { setTimeout } = globalThis;
    const delays: number[] = [];
    setGlobal("setTimeout", (callback: () => void, ms: number) => (delays.push(ms), setTimeout(callback, 60_000)));
    const get = () => Promise.resolve({ data: ON });

    for (const requestTimeoutMs of [1, Infinity]) {
      await new FeatureFlagsRuntimeClient({ get }, { mode: "onDemand", requestTimeoutMs }).refresh();
    }

    assertEquals(delays, [1, 2 ** 31 - 1]);
  });

  it("do not hold the caller's flags", () => {
    const bootstrapFlags: Flags = { ...ON };
    const { client } = setup([], { mode: "onDemand", bootstrapFlags });

    delete bootstrapFlags.f;

    assertEquals(client.isEnabled("f"), true);
  });

  it("warn as the runtime does of a listener that fails", () => {
    const warnings: string[] = [];
    const emitWarning = (warning: string) => warnings.push(warning);
    const client = fakeApi(ON).workos.featureFlags.createRuntimeClient({ mode: "onDemand" });
    client.on("change", () => {
      throw new Error("my mistake");
    });

    setGlobal("process", { emitWarning });
    client.emit("change", { key: "f", previous: null, current: null });

    assertEquals(warnings, ['A listener for "change" of the feature flags client failed: my mistake']);
  });

  it("work with the timers of the runtime, which do not keep it alive between polls", async () => {
    const real = globalThis.setTimeout;
    const long: { ms: number; unref: boolean }[] = [];
    const replaced = (callback: () => void, ms: number) => {
      if (ms < 27_000 || ms > 33_000) return real(callback, ms);
      const timer = { ms, unref: false };
      long.push(timer);
      return { unref: () => timer.unref = true };
    };
    const api = fakeApi(ON);

    globalThis.setTimeout = replaced as unknown as typeof setTimeout;
    try {
      const client = api.workos.featureFlags.createRuntimeClient();
      await client.waitUntilReady({ timeoutMs: 5_000 });
      await new Promise((resolve) => real(resolve, 0));

      assertEquals(client.isEnabled("f"), true);
      assertEquals(long.map(({ unref }) => unref), [true]);
      client.removeAllListeners();
    } finally {
      globalThis.setTimeout = real;
    }
    assertEquals(api.requests.map(({ method, path, query }) => [method, path, query]), [
      ["GET", "/sdk/feature-flags", {}],
    ]);
  });
});
