import { assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fromHex, utf8 } from "../../src/bytes.ts";
import { constructEvent, verifyHeader } from "../../src/entries/webhooks.ts";
import { ParseError, SignatureVerificationException } from "../../src/errors.ts";
import {
  CreateWebhookEndpointEvents,
  UpdateWebhookEndpointEvents,
  UpdateWebhookEndpointStatus,
  type VerifyWebhookOptions,
  WebhookEndpointStatus,
} from "../../src/resources/webhooks.ts";
import { WorkOS } from "../../mod.ts";
import { type FakeApi, fakeApi } from "../fake_api.ts";
import allVectors from "../vectors/webhooks.json" with { type: "json" };

const endpoint = {
  object: "webhook_endpoint",
  id: "we_1",
  endpoint_url: "https://example.com/webhooks",
  secret: "whsec_1",
  status: "enabled",
  events: ["user.created", "brand.new"],
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-02T00:00:00.000Z",
  brand_new: { some_field: 1 },
};
const readableEndpoint = {
  object: "webhook_endpoint",
  id: "we_1",
  endpointUrl: "https://example.com/webhooks",
  secret: "whsec_1",
  status: WebhookEndpointStatus.Enabled,
  events: ["user.created", "brand.new"],
  createdAt: new Date("2026-01-01T00:00:00.000Z"),
  updatedAt: new Date("2026-01-02T00:00:00.000Z"),
  brandNew: { someField: 1 },
};

function sent(api: FakeApi): unknown[] {
  const { method, path, query, body } = api.requests[0];
  return [method, path, query, body];
}

describe("Webhooks endpoints", () => {
  it("listWebhookEndpoints() reads times as dates", async () => {
    const api = fakeApi({ object: "list", data: [endpoint], list_metadata: { before: null, after: null } });

    const list = await api.workos.webhooks.listWebhookEndpoints({ limit: 3 });

    assertEquals(list.data as unknown, [readableEndpoint]);
    assertEquals(sent(api), ["GET", "/webhook_endpoints", { limit: "3", order: "desc" }, undefined]);
  });

  it("createWebhookEndpoint() posts URL and events", async () => {
    const api = fakeApi(endpoint);

    const answer = await api.workos.webhooks.createWebhookEndpoint({
      endpointUrl: "https://example.com/webhooks",
      events: [CreateWebhookEndpointEvents.UserCreated, "brand.new"],
    });

    assertEquals(answer as unknown, readableEndpoint);
    assertEquals(sent(api), ["POST", "/webhook_endpoints", {}, {
      endpoint_url: "https://example.com/webhooks",
      events: ["user.created", "brand.new"],
    }]);
  });

  it("updateWebhookEndpoint() sends what changes, and its id in the path alone", async () => {
    const api = fakeApi(endpoint);
    const { webhooks } = api.workos;

    const answer = await webhooks.updateWebhookEndpoint({ id: "we_1", status: UpdateWebhookEndpointStatus.Disabled });
    await webhooks.updateWebhookEndpoint({
      id: "we_1",
      endpointUrl: "https://example.com/2",
      events: [UpdateWebhookEndpointEvents.ApiKeyUpdated],
    });

    assertEquals(answer as unknown, readableEndpoint);
    assertEquals(sent(api), ["PATCH", "/webhook_endpoints/we_1", {}, { status: "disabled" }]);
    assertEquals(api.requests[1].body, { endpoint_url: "https://example.com/2", events: ["api_key.updated"] });
  });

  it("deleteWebhookEndpoint() answers nothing", async () => {
    const api = fakeApi(new Response(null, { status: 204 }));

    assertEquals(await api.workos.webhooks.deleteWebhookEndpoint({ id: "we_1" }), undefined);

    assertEquals(sent(api), ["DELETE", "/webhook_endpoints/we_1", {}, undefined]);
  });

  it("refuses an empty id before anything is sent", async () => {
    const api = fakeApi({});

    await assertRejects(() => api.workos.webhooks.updateWebhookEndpoint({ id: "", status: "disabled" }), TypeError);
    await assertRejects(() => api.workos.webhooks.deleteWebhookEndpoint({ id: "" }), TypeError);

    assertEquals(api.requests.length, 0);
  });

  it("names every event an endpoint can subscribe to, once", () => {
    const names: string[] = Object.values(CreateWebhookEndpointEvents);

    assertEquals(names.length, 93);
    assertEquals(new Set(names).size, names.length);
    for (const [key, name] of Object.entries(CreateWebhookEndpointEvents)) {
      assertEquals(key.toLowerCase(), name.replace(/[._]/g, ""));
    }
    assertEquals(UpdateWebhookEndpointEvents, CreateWebhookEndpointEvents);
  });
});

interface Outcome {
  value?: unknown;
  throws?: { name: string; message: string };
}

interface Vector {
  name: string;
  input: {
    operation: string;
    timestamp?: number | string;
    payload?: string;
    payloadHex?: string;
    payloadObject?: object;
    secret: string;
    sigHeader?: string;
    toleranceMs?: number;
    nowMs?: number;
  };
  expected: {
    value?: unknown;
    verifyHeader?: Outcome;
    timestampAndSignatureHash?: Outcome;
    constructEvent?: Outcome;
  };
}

const vectors = allVectors as unknown as Vector[];
const { webhooks } = new WorkOS({ clientId: "client_1" });

const refused = (message: string): Outcome => ({ throws: { name: "SignatureVerificationException", message } });
const outside = refused("Timestamp outside the tolerance zone");
const noHash = refused("No signature hash found with expected scheme v1");
const incomplete = refused("Signature or timestamp missing");
const verified: Outcome = { value: true };
const goodHash = "1a9efc03473c19045f0ea93ebcfbff08b69eceeabe1745265729d4220a3cb580";
const goodParts: Outcome = { value: ["1790000000000", goodHash] };

/** The event of the vectors, from the one that is verified without ado. */
const event: Outcome = vectors.find(({ name }) => name === "ok: header with space")!.expected.constructEvent!;

/** Where we differ from the Node SDK, case by case, and why. */
const ours: Record<string, Vector["expected"] & { why: string }> = {
  "compute: invalid UTF-8 bytes are hashed as U+FFFD": {
    why: "bytes are signed as they are, so two different bodies have two different signatures",
    value: "f1621cec393e24917cd97747f7fcdc49788e26df7698f07d52c5b2943d6964d5",
  },
  "ok: future timestamp is not rejected": {
    why: "a signature that stays fresh for years could be replayed for years",
    verifyHeader: outside,
    constructEvent: outside,
  },
  "ok: label names are not checked": {
    why: "labels are found by name",
    verifyHeader: noHash,
    constructEvent: noHash,
    timestampAndSignatureHash: incomplete,
  },
  "ok: non-numeric signed timestamp passes the age check": {
    why: "a timestamp is made of digits",
    verifyHeader: outside,
    constructEvent: outside,
  },
  "ok: timestamp with trailing text (parsed with a numeric prefix, signed as text)": {
    why: "a timestamp is made of digits",
    verifyHeader: outside,
    constructEvent: outside,
  },
  "ok: unknown event type passes data through": {
    why: "data has one form, whether this version knows the event or not",
    constructEvent: {
      value: {
        id: "event_1",
        createdAt: "2026-09-21T14:13:00.000Z",
        event: "brand.new",
        data: { snakeCase: 1 },
      },
    },
  },
  "ok then SyntaxError: verified body is not JSON": {
    why: "a typed error, which callers can tell from their own",
    constructEvent: { throws: { name: "ParseError", message: "Cannot read delivery: it is genuine" } },
  },
  "ok then SyntaxError: verified bytes start with a BOM": {
    why: "a typed error, which callers can tell from their own",
    constructEvent: { throws: { name: "ParseError", message: "Cannot read delivery: it is genuine" } },
  },
  "fail: elements swapped": {
    why: "labels are found by name",
    verifyHeader: verified,
    constructEvent: event,
    timestampAndSignatureHash: goodParts,
  },
  "fail: second element is an older scheme, valid hash third": {
    why: "schemes other than v1 are ignored",
    verifyHeader: verified,
    constructEvent: event,
    timestampAndSignatureHash: goodParts,
  },
  "fail: empty hash": {
    why: "a part without a value is no part",
    timestampAndSignatureHash: incomplete,
  },
  "fail: hash without equals sign": {
    why: "a part without a value is no part",
    timestampAndSignatureHash: incomplete,
  },
  "fail: no labels at all": {
    why: "the result is typed as two strings",
    timestampAndSignatureHash: incomplete,
  },
  "throws: empty secret": {
    why: "the same error on every runtime",
    verifyHeader: { throws: { name: "TypeError", message: "secret is empty" } },
    constructEvent: { throws: { name: "TypeError", message: "secret is empty" } },
  },
};

function payloadOf({ payload, payloadHex, payloadObject }: Vector["input"]): string | Uint8Array | object {
  return payload ?? payloadObject ?? fromHex(payloadHex!);
}

function optionsOf({ input }: Vector): VerifyWebhookOptions {
  const { sigHeader, secret, toleranceMs: tolerance, nowMs } = input;
  return { payload: payloadOf(input), sigHeader, secret, tolerance, now: () => nowMs! };
}

/** What came of a call, in the form of the vectors. */
async function outcomeOf(run: () => unknown): Promise<Outcome> {
  try {
    return { value: await run() };
  } catch (error) {
    const { name, message } = error as Error;
    return { throws: { name, message } };
  }
}

/** Compares a failure by its name and the beginning or end of its text, a value as a whole. */
function assertOutcome(actual: Outcome, expected: Outcome): void {
  const { message = "" } = expected.throws ?? {};
  if (actual.throws?.message.includes(message)) actual.throws.message = message;
  assertEquals(actual, expected);
}

describe("Webhooks vectors", () => {
  for (const vector of vectors.filter(({ input }) => input.operation === "computeSignature")) {
    it(vector.name, async () => {
      const { timestamp, secret } = vector.input;

      const signature = await webhooks.computeSignature(timestamp!, payloadOf(vector.input), secret);

      assertEquals(signature, ours[vector.name]?.value ?? vector.expected.value);
    });
  }

  for (const vector of vectors.filter(({ input }) => input.operation === "verify")) {
    const expected = { ...vector.expected, ...ours[vector.name] };

    it(`verifyHeader() ${vector.name}`, async () => {
      const outcome = await outcomeOf(() => webhooks.verifyHeader(optionsOf(vector)));

      assertOutcome(outcome, expected.verifyHeader!);
    });

    it(`getTimestampAndSignatureHash() ${vector.name}`, async () => {
      const outcome = await outcomeOf(() => webhooks.getTimestampAndSignatureHash(vector.input.sigHeader!));

      assertOutcome(outcome, expected.timestampAndSignatureHash!);
    });

    it(`constructEvent() ${vector.name}`, async () => {
      const outcome = await outcomeOf(() => webhooks.constructEvent(optionsOf(vector)));

      const { object: _kept, ...rest } = (outcome.value ?? {}) as Record<string, unknown>; // the Node SDK drops it
      assertOutcome(outcome.throws ? outcome : { value: rest }, expected.constructEvent!);
    });
  }

  it("are all run, except the three of the Node SDK's crypto provider, which has no counterpart", () => {
    const skipped = vectors.filter(({ input }) => !["computeSignature", "verify"].includes(input.operation));

    assertEquals(skipped.map(({ input }) => input.operation), ["hmacSha256Hex", "hmacSha256Hex", "hmacSha256HexSync"]);
    assertEquals(vectors.length, 50);
    for (const name of Object.keys(ours)) assertEquals(vectors.some((vector) => vector.name === name), true, name);
  });
});

const secret = "whsec_1";
const NOW = 1_790_000_000_000;
const now = () => NOW;
const body = JSON.stringify({
  object: "event",
  id: "event_1",
  event: "user.created",
  data: { object: "user", id: "user_1", first_name: "Žofie", metadata: { first_name: "x" } },
  created_at: "2026-01-01T00:00:00.000Z",
});

async function signed(payload: string | Uint8Array, key: string = secret, timestamp: number = NOW): Promise<string> {
  return `t=${timestamp}, v1=${await webhooks.computeSignature(timestamp, payload, key)}`;
}

async function request(payload: string | Uint8Array<ArrayBuffer>, header?: string): Promise<Request> {
  const headers = { "WorkOS-Signature": header ?? await signed(payload) };
  return new Request("https://example.com/webhooks", { method: "POST", body: payload, headers });
}

describe("Webhooks", () => {
  it("constructEvent() keeps the object of the envelope", async () => {
    const event = await webhooks.constructEvent({ payload: body, sigHeader: await signed(body), secret, now });

    assertEquals(event as unknown, {
      object: "event",
      id: "event_1",
      event: "user.created",
      data: {
        object: "user",
        id: "user_1",
        firstName: "Žofie",
        name: null,
        externalId: null,
        metadata: { first_name: "x" },
      },
      createdAt: "2026-01-01T00:00:00.000Z",
    });
  });

  it("constructEvent() reads header and body of a request", async () => {
    const payload = await request(body);

    const event = await webhooks.constructEvent({ payload, secret, now });

    assertEquals(event.id, "event_1");
    assertEquals(payload.bodyUsed, true);
  });

  it("constructEvent() and verifyHeader() go by the client's clock, unless they are given another", async () => {
    const { webhooks } = fakeApi.with({ now }).workos;
    const options = { payload: body, sigHeader: await signed(body), secret };
    const late = { ...options, now: () => NOW + 3_600_000 };

    assertEquals((await webhooks.constructEvent(options)).id, "event_1");
    assertEquals(await webhooks.verifyHeader(options), true);
    await assertRejects(() => webhooks.constructEvent(late), SignatureVerificationException);
    await assertRejects(() => webhooks.verifyHeader(late), SignatureVerificationException);
  });

  it("constructEvent() prefers a header that is given", async () => {
    const payload = await request(body, "t=1, v1=00");

    const event = await webhooks.constructEvent({ payload, sigHeader: await signed(body), secret, now });

    assertEquals(event.id, "event_1");
  });

  it("constructEvent() refuses a request without a header, or with one that does not match", async () => {
    const bare = new Request("https://example.com/webhooks", { method: "POST", body });
    const forged = await request(body, await signed(body, "whsec_other"));

    await assertRejects(
      () => webhooks.constructEvent({ payload: bare, secret, now }),
      SignatureVerificationException,
      "missing",
    );
    await assertRejects(
      () => webhooks.constructEvent({ payload: forged, secret, now }),
      SignatureVerificationException,
      "does not match",
    );
  });

  it("constructEvent() says when the body of a request was read before", async () => {
    const payload = await request(body);
    await payload.text();

    await assertRejects(() => webhooks.constructEvent({ payload, secret, now }), TypeError, "was read already");
  });

  it("constructEvent() reads a request that only looks like one", async () => {
    const { headers } = await request(body);
    const lookalike = { headers, bodyUsed: false, arrayBuffer: () => Promise.resolve(utf8(body).buffer) };

    const event = await webhooks.constructEvent({ payload: lookalike, secret, now });

    assertEquals(event.id, "event_1");
  });

  it("constructEvent() takes bytes in every form, also a view into a larger buffer", async () => {
    const bytes = utf8(body);
    const larger = new Uint8Array(bytes.length + 8);
    larger.set(bytes, 5);
    const views = [bytes, bytes.buffer, larger.subarray(5, 5 + bytes.length), new DataView(bytes.buffer)];

    for (const payload of views) {
      const event = await webhooks.constructEvent({ payload, sigHeader: await signed(body), secret, now });

      assertEquals(event.id, "event_1");
    }
  });

  it("constructEvent() parses what it verified, whatever happens to the bytes meanwhile", async () => {
    const payload = utf8(body);
    const sigHeader = await signed(body);

    const pending = webhooks.constructEvent({ payload, sigHeader, secret, now });
    payload.set(utf8(body.replace("event_1", "event_2")));

    assertEquals((await pending).id, "event_1");
  });

  it("constructEvent() parses what it verified of an object, too", async () => {
    const payload = { id: "evil", toJSON: () => ({ id: "event_1", event: "brand.new" }) };
    const sigHeader = await signed('{"id":"event_1","event":"brand.new"}');

    const event = await webhooks.constructEvent({ payload, sigHeader, secret, now });

    assertEquals(event.id, "event_1");
  });

  it("constructEvent() accepts any of several secrets and any v1 of the header", async () => {
    const old = await signed(body, "whsec_old");
    const both = `${await signed(body, "whsec_other")}, ${old.split(", ")[1]}`;

    const event = await webhooks.constructEvent({ payload: body, sigHeader: both, secret: [secret, "whsec_old"], now });

    assertEquals(event.id, "event_1");
  });

  it("constructEvent() bounds age and future", async () => {
    const construct = async (timestamp: number, tolerance?: number) => {
      const sigHeader = await signed(body, secret, timestamp);
      return await webhooks.constructEvent({ payload: body, sigHeader, secret, tolerance, now });
    };

    assertEquals((await construct(NOW - 180_000)).id, "event_1");
    assertEquals((await construct(NOW + 300_000)).id, "event_1");
    assertEquals((await construct(NOW - 5_000, 5_000)).id, "event_1");
    await assertRejects(() => construct(NOW - 180_001), SignatureVerificationException, "tolerance");
    await assertRejects(() => construct(NOW + 300_001), SignatureVerificationException, "tolerance");
    await assertRejects(() => construct(NOW - 5_001, 5_000), SignatureVerificationException, "tolerance");
  });

  it("constructEvent() verifies before it parses", async () => {
    const sigHeader = await signed(body);

    await assertRejects(
      () => webhooks.constructEvent({ payload: "not json", sigHeader, secret, now }),
      SignatureVerificationException,
    );
  });

  it("constructEvent() tells a well-signed body that is no JSON object", async () => {
    for (const text of ["not json", "null", "1", "[]", ""]) {
      const sigHeader = await signed(text);

      const error = await assertRejects(
        () => webhooks.constructEvent({ payload: text, sigHeader, secret, now }),
        ParseError,
      );

      assertEquals(error.rawBody, text);
    }
  });

  it("constructEvent() refuses well-signed bytes that are not UTF-8", async () => {
    const bytes = new Uint8Array([...utf8('{"id":"'), 0xff, ...utf8('"}')]);
    const sigHeader = await signed(bytes);

    const error = await assertRejects(
      () => webhooks.constructEvent({ payload: bytes, sigHeader, secret, now }),
      ParseError,
    );

    assertInstanceOf(error.cause, TypeError);
  });

  it("a missing header, payload or secret is an error with a type", async () => {
    const options = { payload: body, sigHeader: await signed(body), secret, now };

    for (const sigHeader of [undefined, null, ""]) {
      await assertRejects(() => webhooks.constructEvent({ ...options, sigHeader }), SignatureVerificationException);
      await assertRejects(() => webhooks.verifyHeader({ ...options, sigHeader }), SignatureVerificationException);
      assertThrows(() => webhooks.getTimestampAndSignatureHash(sigHeader as string), SignatureVerificationException);
    }
    for (const half of ["v1=00", "t=1"]) {
      assertThrows(() => webhooks.getTimestampAndSignatureHash(half), SignatureVerificationException);
    }
    for (const payload of [undefined!, null!]) {
      await assertRejects(() => webhooks.constructEvent({ ...options, payload }), SignatureVerificationException);
      await assertRejects(() => webhooks.verifyHeader({ ...options, payload }), SignatureVerificationException);
    }
    await assertRejects(() => webhooks.constructEvent({ ...options, secret: "" }), TypeError, "secret");
    await assertRejects(() => webhooks.constructEvent({ ...options, secret: [] }), TypeError, "secret");
  });

  it("verifyHeader() leaves the body of a request to its reader", async () => {
    const payload = await request(body);

    assertEquals(await webhooks.verifyHeader({ payload, secret, now }), true);

    assertEquals(await payload.text(), body);
  });

  it("its functions work outside of it", async () => {
    const { verifyHeader, computeSignature, getTimestampAndSignatureHash, constructEvent } = webhooks;

    const hash = await computeSignature(NOW, body, secret);
    const sigHeader = `t=${NOW}, v1=${hash}`;

    assertEquals(getTimestampAndSignatureHash(sigHeader), [String(NOW), hash]);
    assertEquals(await verifyHeader({ payload: body, sigHeader, secret, now }), true);
    assertEquals((await constructEvent({ payload: body, sigHeader, secret, now })).id, "event_1");
  });
});

describe("webhook functions without a client", () => {
  it("constructEvent() and verifyHeader() do what the class does", async () => {
    const sigHeader = await signed(body);

    assertEquals(await verifyHeader({ payload: body, sigHeader, secret, now }), true);
    assertEquals((await constructEvent({ payload: body, sigHeader, secret, now })).event, "user.created");
  });
});
