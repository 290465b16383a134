import { assert, assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  GenericServerException,
  NotFoundException,
  ParseError,
  RateLimitExceededException,
  RedirectException,
} from "../../src/errors.ts";
import { type Fault, faulty, NOW, readChaos } from "./plan.ts";

const OK: Fault = {};
const TOO_MANY = (retryAfter: string): Fault => ({ status: 429, headers: { "Retry-After": retryAfter }, body: "{}" });

describe("faulty answers", () => {
  it("a burst of 5xx is waited out, with one idempotency key", async () => {
    const burst = [500, 502, 503, 504, 408, 500].map((status) => ({ status, body: "<html>down</html>" }));
    const { organizations, waits, report } = await faulty([...burst, OK], { maxRetries: 6 });

    const organization = await organizations.createOrganization({ name: "Acme" });

    const { requests, seen } = await report();
    assertEquals(organization.id, "org_1");
    assertEquals([requests, waits.length, new Set(seen.map(({ key }) => key)).size], [7, 6, 1]);
  });

  it("a burst that outlasts the retries is a typed error with status, request id and attempts", async () => {
    const { organizations, report } = await faulty([{ status: 503, body: "not json" }], { maxRetries: 4 });

    const error = await assertRejects(() => organizations.getOrganization("org_1"), GenericServerException);

    assertEquals([error.status, error.requestID, error.attempts], [503, "req_chaos", 5]);
    assertEquals((await report()).requests, 5);
  });

  it("429 is waited out as long as either form of Retry-After asks, within a minute", async () => {
    const inSevenSeconds = new Date(NOW + 7000).toUTCString();
    const past = "Sunday, 06-Nov-94 08:49:37 GMT";
    const forms = ["2", inSevenSeconds, past, "0", "99999999999", "Fri, 31 Dec 9999 23:59:59 GMT"];
    const { organizations, waits } = await faulty([...forms.map(TOO_MANY), OK], { maxRetries: 6 });

    await organizations.getOrganization("org_1");

    const longest = 60_000;
    assertEquals([waits[0], waits[1], ...waits.slice(3)], [2000, 7000, 0, longest, longest]);
    assert(waits[2] === 0 || waits[2] === longest); // a year of two digits is of this century or the last
  });

  it("429 with a Retry-After that means nothing is waited out as any other fault", async () => {
    const forms = ["-5", "soon", "1e3", "1, 2", "2026-01-02T03:04:12Z"];
    const { organizations, waits } = await faulty([...forms.map(TOO_MANY), OK], { maxRetries: 5 });

    await organizations.getOrganization("org_1");

    assertEquals(waits, [1125, 1687.5, 2531.25, 3796.875, 5695.3125]);
  });

  it("429 that does not end tells when to come back", async () => {
    for (const [retryAfter, seconds] of [["3", 3], [new Date(NOW + 4000).toUTCString(), 4], ["x", null]] as const) {
      const { organizations } = await faulty([TOO_MANY(retryAfter)], { maxRetries: 1 });

      const error = await assertRejects(() => organizations.getOrganization("org_1"), RateLimitExceededException);

      assertEquals([error.retryAfter, error.attempts], [seconds, 2]);
    }
  });

  it("a success without JSON is a ParseError, and is not sent again", async () => {
    for (const body of ["<html>", "", "nul", '{"id":', "[", "\0\0"]) {
      const { organizations, report } = await faulty([{ body }]);

      const error = await assertRejects(() => organizations.createOrganization({ name: "Acme" }), ParseError);

      assertEquals([error.rawBody, error.rawStatus, error.requestID], [body, 200, "req_chaos"]);
      assertEquals((await report()).requests, 1);
    }
  });

  it("a failure without JSON keeps its type", async () => {
    const { organizations } = await faulty([{ status: 404, body: "<h1>gone</h1>" }]);

    await assertRejects(() => organizations.getOrganization("org_1"), NotFoundException);
  });

  it("204 ends a call without a result, and is a ParseError where there should be one", async () => {
    const { organizations } = await faulty([{ status: 204 }]);

    assertEquals(await organizations.deleteOrganization("org_1"), undefined);
    const error = await assertRejects(() => organizations.getOrganization("org_1"), ParseError);
    assertEquals([error.rawStatus, error.rawBody], [204, ""]);
  });

  it("50 MB are read whole", async () => {
    const { organizations } = await faulty([{ megabytes: 50 }]);

    const { name } = await organizations.getOrganization("org_1");

    assertEquals([name.length, name[0], name.at(-1)], [25_000_000, "é", "é"]);
  });

  it("invalid UTF-8 becomes replacement characters, and breaks nothing else", async () => {
    const [before, after] = ['{"id":"org_1","name":"A', 'cme"}'].map((text) => [...new TextEncoder().encode(text)]);
    const { organizations } = await faulty([{ bytes: [...before, 0xff, 0xc3, 0x28, ...after] }]);

    const organization = await organizations.getOrganization("org_1");

    assertEquals(organization.name, "A\ufffd\ufffd(cme");
  });

  it("invalid UTF-8 all over is a ParseError", async () => {
    const { organizations } = await faulty([{ bytes: [0xff, 0xfe, 0xfd, 0x80] }]);

    await assertRejects(() => organizations.getOrganization("org_1"), ParseError);
  });

  it("a redirect to another origin is a RedirectException, and that origin sees nothing", async () => {
    const location = `${readChaos().elsewhere}/steal`;
    for (const status of [301, 302, 303, 307, 308]) {
      const { organizations, report } = await faulty([{ status, headers: { Location: location } }]);

      const error = await assertRejects(() => organizations.createOrganization({ name: "Acme" }), RedirectException);

      assertEquals([error.status, error.location], [status, location]);
      const { requests, elsewhere } = await report();
      assertEquals([requests, elsewhere], [1, 0]);
    }
  });

  it("a 3xx without a destination is a RedirectException too", async () => {
    for (const status of [300, 304]) {
      const { organizations } = await faulty([{ status, body: "" }]);

      await assertRejects(() => organizations.getOrganization("org_1"), RedirectException);
    }
  });
});
