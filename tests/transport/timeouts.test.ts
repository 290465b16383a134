import { assertEquals, assertRejects } from "@std/assert";
import { afterEach, describe, it } from "@std/testing/bdd";
import { resolveConfig } from "../../src/config.ts";
import { TimeoutException } from "../../src/errors.ts";
import { Api } from "../../src/api.ts";
import { countedSignal } from "../counted_signal.ts";
import { timersLeft } from "../counted_timers.ts";
import { restoreGlobals, setGlobal } from "../globals.ts";
import { hang, never, ok, partial, rejectsWith, status, transport } from "./fake_transport.ts";

afterEach(restoreGlobals);

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
