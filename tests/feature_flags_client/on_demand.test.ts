import { assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { FeatureFlagsRuntimeClient, type RuntimeClientOptions } from "../../src/feature_flags_client.ts";
import {
  type Answer,
  BROKEN,
  FakeHost,
  HANGS,
  later,
  OFF,
  ON,
  outcome,
  reply,
  settled,
  setup,
  withoutAbort,
} from "./fake_host.ts";

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
