import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { afterEach, describe, it } from "@std/testing/bdd";
import {
  FeatureFlagsRuntimeClient,
  type FlagPollEntry,
  type RuntimeClientOptions,
} from "../../src/feature_flags_client.ts";
import { fakeApi } from "../fake_api.ts";
import { restoreGlobals, setGlobal } from "../globals.ts";
import { type Flags, ON, setup } from "./fake_host.ts";

afterEach(restoreGlobals);

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
      'Cannot use option "bootstrapFlags": cannot read feature flag "f": it is malformed',
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
