import { assertEquals, assertInstanceOf, assertRejects, assertStrictEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { ApiKeyRequiredException, ParseError, TimeoutException, UnauthorizedException } from "../../src/errors.ts";
import { FeatureFlagsRuntimeClient } from "../../src/feature_flags_client.ts";
import {
  BROKEN,
  FakeHost,
  HANGS,
  IGNORES_SIGNAL,
  later,
  OFF,
  ON,
  outcome,
  readAtOnce,
  REFUSED,
  reply,
  settled,
  setup,
} from "./fake_host.ts";

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
      ['Cannot read feature flag "f": it is malformed', '{"f":null,"g":1}', 200, ""],
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
      'Cannot read feature flag "f": it is malformed',
      'Cannot read feature flag "h": it is malformed',
      'Cannot read feature flag "i": it is malformed',
      'Cannot read feature flag "j": it is malformed',
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
