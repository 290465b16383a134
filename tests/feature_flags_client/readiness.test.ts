import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { UnauthorizedException } from "../../src/errors.ts";
import { BROKEN, HANGS, later, OFF, ON, outcome, REFUSED, setup } from "./fake_host.ts";

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
