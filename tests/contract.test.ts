import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { WorkOSException } from "../mod.ts";
import { createEmulator } from "../src/emulator/mod.ts";
import { CALLS } from "./contract/calls.ts";
import {
  callOf,
  type Exchange,
  exchangesOf,
  invalid,
  make,
  operations,
  run,
  schemas,
  withFreeForm,
} from "./contract/run.ts";
import { createSampler, DETAILS } from "./contract/samples.ts";

const sample = createSampler(schemas);

/** Customers' data that the API may refuse: it is theirs to send and the API's to judge. */
const emptied = createSampler(schemas, () => ({ first_name: null, lastName: [null], name: { nothing: null } }));

/** Every operation that sends a request, with the least that it sends. */
function sending(): [id: string, exchange: Exchange][] {
  const ids = Object.keys(CALLS).filter((it) => !callOf(it).url);
  return ids.map((id) => [id, exchangesOf(operations[id], callOf(id), { sample, detail: "minimal" })[0]]);
}

describe("the API description", () => {
  it("has a method for every operation", () => {
    const missing = Object.keys(operations).filter((id) => !(id in CALLS));
    const total = Object.keys(operations).length;
    console.log(`contract: ${total - missing.length} of ${total} operations`);

    assertEquals(missing, []);
    assertEquals(Object.keys(CALLS).filter((id) => !(id in operations)), [], "Rows without an operation");
  });

  it("is served by the emulator, every operation of it", async () => {
    const emulator = createEmulator();
    const headers = { Authorization: `Bearer ${emulator.apiKey}`, "Content-Type": "application/json" };
    const unserved: string[] = [];
    for (const { verb, path } of Object.values(operations)) {
      const body = verb === "GET" ? undefined : "{}";
      const url = `https://api.workos.com${path.replace(/\{.*?\}/g, "x")}`;
      const { status } = await emulator.fetch(url, { method: verb, headers, body });
      if (status >= 500) unserved.push(`${verb} ${path}: ${status}`);
    }

    assertEquals(unserved, []);
  });

  it("has no method that keeps to itself what the API refuses", async () => {
    const answer = { wire: new Response(null, { status: 403 }), sdk: undefined };
    const silent: string[] = [];
    for (const [id, { request }] of sending()) {
      const outcome: unknown = await make(callOf(id), { request, answer }).catch((error) => error);
      if (!(outcome instanceof WorkOSException && outcome.status === 403)) silent.push(id);
    }

    assertEquals(silent, []);
  });

  it("has no method that forgets the options of its call", async () => {
    const headers = { "X-Call": "mine" };
    const forgetful: string[] = [];
    const others = ["AuditLogEventsController_create"]; // they are among its own options, see the test of its area
    for (const [id, exchange] of sending().filter(([id]) => !others.includes(id))) {
      const { requests } = await make(callOf(id), exchange, { headers });
      if (requests.some((it) => it.headers["x-call"] !== "mine")) forgetful.push(id);
    }

    assertEquals(forgetful, []);
  });

  for (const [id, operation] of Object.entries(operations)) {
    if (!(id in CALLS)) continue;
    it(`${operation.verb} ${operation.path} crosses the wire whole, ${id}`, async () => {
      const call = callOf(id);

      for (const detail of DETAILS) {
        for (const exchange of exchangesOf(operation, call, { sample, detail })) {
          const { request, answer } = exchange;
          if (operation.request) assertEquals(invalid(operation.request.schema, request.body), []);
          if (operation.response.schema) assertEquals(invalid(operation.response.schema, answer.wire), []);
          await run(operation, call, exchange);
        }
      }
    });
  }

  for (const id of withFreeForm().filter((it) => !callOf(it).url)) { // a URL has texts only
    const operation = operations[id];
    it(`${operation.verb} ${operation.path} keeps what is nothing to a customer, ${id}`, async () => {
      const call = callOf(id);

      for (const exchange of exchangesOf(operation, call, { sample: emptied, detail: "full" })) {
        await run(operation, call, exchange);
      }
    });
  }
});
