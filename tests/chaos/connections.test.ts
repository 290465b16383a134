import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { WorkOS, type WorkOSOptions } from "../../mod.ts";
import { NetworkException, TimeoutException } from "../../src/errors.ts";
import { type Fault, faulty, impatient, makePlan, median, readChaos, type Report } from "./plan.ts";

const OK: Fault = {};
const TOO_MANY: Fault = { status: 429, headers: { "Retry-After": "60" } };
const BROKEN: Fault["does"][] = ["reset", "resetInHeaders", "resetInBody", "truncate", "garbage"];
const SILENT: Fault["does"][] = ["hang", "stallInBody"];

describe("faulty connections", () => {
  for (const does of BROKEN) {
    it(`${does}: sent again with the same idempotency key`, async () => {
      const { organizations, report } = await faulty([{ does }, { does }, OK]);

      const organization = await organizations.createOrganization({ name: "Acme" });

      const { requests, seen } = await report();
      assertEquals(organization.name, "Acme");
      assertEquals([requests, new Set(seen.map(({ key }) => key)).size], [3, 1]); // some by the runtime's own fetch
    });

    it(`${does}: a NetworkException when it does not end`, async () => {
      const { organizations } = await faulty([{ does }], { maxRetries: 2 });

      const error = await assertRejects(() => organizations.getOrganization("org_1"), NetworkException);

      assertEquals(error.attempts, 3);
      assert(error.cause instanceof Error);
    });
  }

  for (const does of SILENT) {
    it(`${does}: a TimeoutException after the last attempt`, async () => {
      const { organizations, report } = await faulty([{ does }], { timeout: 40, maxRetries: 1 });

      const error = await assertRejects(() => organizations.getOrganization("org_1"), TimeoutException);

      assertEquals([error.timeout, error.attempts], [40, 2]);
      assertEquals((await report()).requests, 2);
    });

    it(`${does}: the server sees the connection end`, async () => {
      const { organizations, report } = await faulty([{ does }], { timeout: 40, maxRetries: 0 });

      await assertRejects(() => organizations.getOrganization("org_1"), TimeoutException);

      assertEquals((await until(report, ({ unfinished }) => unfinished === 1)).unfinished, 1);
    });
  }

  it("headers that arrive slowly are waited for, within the time limit", async () => {
    const { organizations } = await faulty([{ does: "dribbleHeaders" }]);

    assertEquals((await organizations.getOrganization("org_1")).name, "Acme");
    await assertRejects(
      () => organizations.getOrganization("org_1", { timeout: 15, maxRetries: 0 }),
      TimeoutException,
    );
  });

  it("a socket that accepts and says nothing is a TimeoutException", async () => {
    const { organizations } = impatient({ baseUrl: readChaos().hung, timeout: 40, maxRetries: 1 });

    const error = await assertRejects(() => organizations.createOrganization({ name: "Acme" }), TimeoutException);

    assertEquals([error.attempts, error.requestID], [2, ""]);
  });

  it("a port that refuses is a NetworkException after the last attempt", async () => {
    const { organizations, waits } = impatient({ baseUrl: readChaos().refused, maxRetries: 3 });

    const error = await assertRejects(() => organizations.createOrganization({ name: "Acme" }), NetworkException);

    assertEquals([error.attempts, waits.length], [4, 3]);
  });

  it("a name that does not resolve is a NetworkException", async () => {
    const label = "x".repeat(64); // too long for DNS, so that no question leaves this machine
    const { organizations } = impatient({ baseUrl: `http://${label}.invalid`, maxRetries: 1 });

    const error = await assertRejects(() => organizations.getOrganization("org_1"), NetworkException);

    assertEquals(error.attempts, 2);
  });

  it("a client goes on after all of them", async () => {
    const faults = [...BROKEN.map((does) => ({ does })), { status: 500 }, OK];
    const { organizations } = await faulty(faults, { maxRetries: 0 });

    for (const _ of faults) await organizations.getOrganization("org_1").catch(() => {});

    assertEquals((await organizations.getOrganization("org_1")).id, "org_1");
  });
});

describe("aborts", () => {
  const phases: Record<string, Fault> = {
    "before the headers": { does: "hang" },
    "inside the body": { does: "stallInBody" },
    "while waiting to try again": { status: 503, headers: { "Retry-After": "60" } },
    "while slow headers arrive": { does: "dribbleHeaders", body: "x".repeat(100_000) },
    "while waiting as a 429 asked": TOO_MANY,
  };

  for (const [phase, fault] of Object.entries(phases)) {
    it(`${phase} the call rejects at once with the reason`, async () => {
      await assertQuick(() => timeAbort(fault));
    });
  }

  it("while another call's 429 holds the client the call rejects at once with the reason", async () => {
    await assertQuick(() => timeAbort(TOO_MANY, { behind: true }));
  });

  it("while the limiter makes it wait the call rejects at once with the reason", async () => {
    const rateLimit = [{ requests: 1, perMilliseconds: 60_000 }];
    await assertQuick(() => timeAbort(OK, { behind: true, options: { rateLimit } }));
  });

  it("no request is sent on a signal that has aborted", async () => {
    const { organizations, report } = await faulty([OK]);

    await assertRejects(() => organizations.getOrganization("org_1", { signal: AbortSignal.abort(new Error("no")) }));

    assertEquals((await report()).requests, 0);
  });
});

/** Most tries take 20 ms at most; a busy machine may delay a few. */
async function assertQuick(timeTry: () => Promise<number>): Promise<void> {
  const tries = [];
  for (let i = 0; i < 7; i++) tries.push(await timeTry());
  assert(median(tries) <= 20, `it took ${tries.map((ms) => ms.toFixed(1))} ms`);
}

/** Aborts a call that is on its way, or waits behind another one; returns how many milliseconds it took to reject. */
async function timeAbort(
  fault: Fault,
  { behind = false, options = {} }: { behind?: boolean; options?: WorkOSOptions } = {},
): Promise<number> {
  const { baseUrl, report } = await makePlan({ faults: [fault] });
  const workos = new WorkOS({ apiKey: "sk_test_chaos", baseUrl, ...options });
  const first = new AbortController();
  if (behind) {
    workos.organizations.getOrganization("org_1", { signal: first.signal }).catch(() => {});
    await until(report, ({ requests }) => requests === 1);
    await pause(5);
  }
  const controller = new AbortController();
  const reason = { because: "enough" };
  const call = workos.organizations.getOrganization("org_1", { signal: controller.signal });
  const outcome = call.then(() => "resolved", (error) => error);
  await until(report, ({ requests }) => requests === 1);
  await pause(5); // the answer arrives, as far as it ever does

  const start = performance.now();
  controller.abort(reason);
  const error = await outcome;
  const took = performance.now() - start;

  first.abort();
  assertStrictEquals(error, reason);
  assertEquals((await report()).requests, 1);
  return took;
}

/** Asks until a report is as it should be, for a second at most; returns the last one. */
async function until(report: () => Promise<Report>, good: (report: Report) => boolean): Promise<Report> {
  for (let i = 0; i < 200; i++) {
    if (good(await report())) break;
    await pause(5);
  }
  return await report();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
