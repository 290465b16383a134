import { assertEquals, assertInstanceOf, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { utf8 } from "../src/bytes.ts";
import { openDelivery, verifyDelivery } from "../src/delivery.ts";
import { ParseError, SignatureVerificationException } from "../src/errors.ts";
import { signPayload } from "../src/signature.ts";
import type { Wire } from "../src/wire.ts";
import { leaksOf } from "./secrets.ts";

const secret = "secret_1";
const timestamp = 1_790_000_000_000;
const now = () => timestamp;
const body = '{"first_name":"Žofie"}';

async function signed(payload: string | Uint8Array): Promise<string> {
  return `t=${timestamp}, v1=${await signPayload({ timestamp, payload, secret })}`;
}

async function request(): Promise<Request> {
  const headers = { "WorkOS-Signature": await signed(body) };
  return new Request("https://example.com/", { method: "POST", body, headers });
}

/** A body that breaks off. Not every browser takes a stream for a request; a response is read the same way. */
async function brokenOff(failure: Error): Promise<Request> {
  const stream = new ReadableStream({
    start: (controller) => controller.enqueue(utf8(body)),
    pull: (controller) => controller.error(failure),
  });
  return new Response(stream, { headers: { "WorkOS-Signature": await signed(body) } }) as unknown as Request;
}

const same = (wire: Wire) => wire;

for (const [name, call] of Object.entries({ openDelivery, verifyDelivery })) {
  it(`${name}() refuses a body that breaks off, and says why`, async () => {
    const payload = await brokenOff(new TypeError("Connection reset"));

    const error = await assertRejects(
      () => call({ payload, secret, now }, same),
      SignatureVerificationException,
      "incomplete",
    );

    assertInstanceOf(error.cause, TypeError); // Chrome has a failure of its own for any
  });
}

describe("openDelivery()", () => {
  it("reads a body in any form, names and all as they were sent", async () => {
    const sigHeader = await signed(body);

    for (const payload of [body, utf8(body), utf8(body).buffer, JSON.parse(body), await request()]) {
      assertEquals(await openDelivery({ payload, sigHeader, secret, now }, same), { first_name: "Žofie" });
    }
  });

  it("parses the bytes it verified", async () => {
    const payload = utf8(body);

    const wire = openDelivery({ payload, sigHeader: await signed(body), secret, now }, same);
    payload.fill(0);

    assertEquals(await wire, { first_name: "Žofie" });
  });

  it("verifies before it parses", async () => {
    const options = { payload: "{", sigHeader: await signed("{"), now };

    await assertRejects(() => openDelivery({ ...options, secret: "other" }, same), SignatureVerificationException);
    const error = await assertRejects(() => openDelivery({ ...options, secret }, same), ParseError);

    assertEquals([error.rawBody, error.rawStatus, error.requestID], ["{", 0, ""]);
    assertEquals((error.cause as Error).name, "SyntaxError");
    const bytes = await assertRejects(() => openDelivery({ ...options, payload: utf8("{"), secret }, same), ParseError);
    assertEquals(bytes.rawBody, "{");
  });

  it("is a ParseError that quotes nothing when a genuine body cannot be read", async () => {
    const readMember = (wire: Wire) => ((wire.user as Wire).name ??= null, wire);
    for (const payload of ["token_SECRET", '{"user": token_SECRET}', '{"user":"token_SECRET"}', "{}"]) {
      const options = { payload, sigHeader: await signed(payload), secret, now };

      const error = await assertRejects(() => openDelivery(options, readMember), ParseError);

      const own = assertThrows(() => readMember(JSON.parse(payload)), Error);
      assertEquals([(error.cause as Error).name, error.rawBody], [own.name, payload]);
      assertEquals(leaksOf(error, { payload: "SECRET" }), []);
    }
  });

  it("takes for a request only what has both its headers and its method to read it", async () => {
    const sigHeader = await signed(body);

    const open = (payload: object) => openDelivery({ payload: payload as Request, sigHeader, secret, now }, same);

    await assertRejects(() => open({ arrayBuffer: () => utf8(body).buffer }), TypeError, "was not read yet");
    await assertRejects(() => open({ headers: new Headers() }), SignatureVerificationException, "does not match");
  });

  it("refuses a body that is missing, and one that was read", async () => {
    const payload = await request();
    await payload.text();
    const missing = undefined as unknown as string;

    await assertRejects(
      () => openDelivery({ payload: missing, secret, now }, same),
      SignatureVerificationException,
      "missing",
    );
    await assertRejects(() => openDelivery({ payload, secret, now }, same), TypeError, "was read already");
  });
});

describe("verifyDelivery()", () => {
  it("leaves the body of a request to its caller", async () => {
    const payload = await request();

    assertStrictEquals(await verifyDelivery({ payload, secret, now }), true);

    assertEquals(await payload.text(), body);
  });

  it("says so when the body of a request was read", async () => {
    const payload = await request();
    await payload.text();

    await assertRejects(() => verifyDelivery({ payload, secret, now }), TypeError, "was read already");
  });
});
