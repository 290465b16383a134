import { describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromHex, utf8 } from "../src/bytes.ts";
import { SignatureVerificationException } from "../src/errors.ts";
import {
  DEFAULT_TOLERANCE,
  FUTURE_TOLERANCE,
  parseSignatureHeader,
  type SignedPayload,
  signPayload,
  verifyPayload,
  type VerifySignatureOptions,
} from "../src/signature.ts";
import vectors from "./vectors/webhooks.json" with { type: "json" };

/** Whether a signature is good; throws what `verifyPayload` throws. */
async function verifies(options: VerifySignatureOptions): Promise<true> {
  await verifyPayload(options);
  return true;
}

interface Outcome {
  value?: unknown;
  throws?: { name: string; message: string };
}

interface Case {
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
  expected: Outcome & { verifyHeader?: Outcome };
}

const MISSING = "Signature or timestamp missing";
const STALE = "Timestamp outside the tolerance zone";
const MISMATCH = "Signature hash does not match the expected signature hash for payload";

/** Where the Node SDK answers otherwise, what we answer instead, and why. */
const DIFFERENCES: Record<string, { accepted: true } | { message: string }> = {
  // A date decades ahead would keep a captured request fresh for decades.
  "ok: future timestamp is not rejected": { message: STALE },
  // Labels are looked up by name.
  "ok: label names are not checked": { message: "No signature hash found with expected scheme v1" },
  "fail: elements swapped": { accepted: true },
  "fail: second element is an older scheme, valid hash third": { accepted: true },
  // Without a number there is no age to check.
  "ok: non-numeric signed timestamp passes the age check": { message: STALE },
  "ok: timestamp with trailing text (parsed with a numeric prefix, signed as text)": { message: STALE },
};

/** Bytes are hashed as they are, where the Node SDK decodes and encodes them first. */
const RAW_BYTES = "compute: invalid UTF-8 bytes are hashed as U+FFFD";

const NOW = 1790000000000;
const SECRET = "whsec_a";

describe("signature vectors", () => {
  const cases = vectors as Case[];

  it("name every difference", () => {
    for (const name of [...Object.keys(DIFFERENCES), RAW_BYTES]) assert(cases.some((each) => each.name === name), name);
  });

  for (const { name, input, expected } of cases) {
    if (input.operation === "computeSignature") {
      it(name, async () => {
        const signature = await signPayload({
          timestamp: input.timestamp!,
          payload: payloadOf(input),
          secret: input.secret,
        });

        assertEquals(signature === expected.value, name !== RAW_BYTES);
      });
    }
    if (input.operation === "verify" && input.secret !== "") {
      it(name, async () => {
        const outcome = await verify({
          payload: payloadOf(input),
          sigHeader: input.sigHeader!,
          secret: input.secret,
          tolerance: input.toleranceMs,
          now: () => input.nowMs!,
        });

        const official = expected.verifyHeader!.throws;
        assertEquals(outcome, DIFFERENCES[name] ?? (official ? { message: official.message } : { accepted: true }));
      });
    }
  }
});

describe("signature", () => {
  it("signPayload() hashes bytes that are not UTF-8 as they are", async () => {
    const payload = fromHex("ff41");
    const key = await crypto.subtle.importKey("raw", utf8(SECRET), { name: "HMAC", hash: "SHA-256" }, false, [
      "verify",
    ]);

    const signature = await signPayload({ timestamp: 1, payload, secret: SECRET });

    assert(await crypto.subtle.verify("HMAC", key, fromHex(signature), fromHex("312eff41")));
  });

  it("signPayload() reads every kind of binary payload alike", async () => {
    const expected = await signPayload({ timestamp: 1, payload: "body", secret: SECRET });
    const padded = utf8("xxbodyxx").buffer;

    for (
      const payload of [utf8("body"), utf8("body").buffer, new DataView(padded, 2, 4), new Uint8Array(padded, 2, 4)]
    ) {
      assertEquals(await signPayload({ timestamp: 1, payload, secret: SECRET }), expected);
    }
  });

  it("signPayload() refuses an empty secret and an absent payload", async () => {
    await assertRejects(() => signPayload({ timestamp: 1, payload: "", secret: "" }), TypeError, "secret is empty");
    await assertRejects(() => signPayload({ timestamp: 1, payload: "", secret: {} as string }), TypeError, "secret");
    for (const payload of [undefined, null, 10n, true] as unknown as string[]) {
      await assertRejects(() => signPayload({ timestamp: 1, payload, secret: "x" }), TypeError, "payload is missing");
    }
    for (const payload of [Promise.resolve("x"), new Blob([]), new Blob([]).stream(), { pipe() {}, socket: {} }]) {
      await assertRejects(() => signPayload({ timestamp: 1, payload, secret: "x" }), TypeError, "not read yet");
    }
  });

  it("signPayload() keeps secrets apart, however many there are", async () => {
    const sign = (secret: string) => signPayload({ timestamp: 1, payload: "body", secret });
    const secrets = Array.from({ length: 20 }, (_, index) => `secret ${index}`);

    const first = await Promise.all(secrets.map(sign));
    const second = await Promise.all(secrets.map(sign));

    assertEquals(new Set(first).size, secrets.length);
    assertEquals(second, first);
  });

  it("parseSignatureHeader() finds its parts by label", () => {
    assertEquals(parseSignatureHeader("v0=x, v1=b,t=1,  v1=a=b, t=2"), { timestamp: "1", signatures: ["b", "a=b"] });
    assertEquals(parseSignatureHeader("t=, v1=, T=1, V1=a, xt=1"), { signatures: [] });
    assertEquals(parseSignatureHeader(""), { signatures: [] });
  });

  for (const sigHeader of [undefined, null, "", ",", { t: 1 } as unknown as string]) {
    it(`verifyPayload() refuses the header ${JSON.stringify(sigHeader)}`, async () => {
      const { message } = await verify({ payload: "", sigHeader, secret: SECRET }) as { message: string };

      assertEquals(message, sigHeader === "," ? "No signature hash found with expected scheme v1" : MISSING);
    });
  }

  it("verifyPayload() refuses a signature without a timestamp", async () => {
    const sigHeader = `x=1, v1=${await signPayload({ timestamp: "", payload: "body", secret: SECRET })}`;

    assertEquals(await verify({ payload: "body", sigHeader, secret: SECRET }), { message: MISSING });
  });

  it("verifyPayload() accepts any of several signatures", async () => {
    const good = await signPayload({ timestamp: NOW, payload: "body", secret: SECRET });
    const bad = "0".repeat(64);

    assertEquals(await verify({ sigHeader: `t=${NOW}, v1=${bad}, v1=${good}` }), { accepted: true });
    assertEquals(await verify({ sigHeader: `t=${NOW}, v1=${good}, v1=${bad}` }), { accepted: true });
    assertEquals(await verify({ sigHeader: `t=${NOW}, v1=${bad}, v0=${good}` }), { message: MISMATCH });
  });

  it("verifyPayload() accepts any of several secrets", async () => {
    const sigHeader = await headerFor(NOW);

    assertEquals(await verify({ sigHeader, secret: ["new", SECRET] }), { accepted: true });
    assertEquals(await verify({ sigHeader, secret: [SECRET, "new"] }), { accepted: true });
    assertEquals(await verify({ sigHeader, secret: ["new", "newer"] }), { message: MISMATCH });
  });

  // A binding that was not read, a promise that was not awaited: their texts are no secrets
  const noSecrets: unknown[] = ["", [], ["a", ""], undefined, {}, Promise.resolve("a"), 5, ["a", {}], true];
  for (const [i, secret] of (noSecrets as string[]).entries()) {
    it(`verifyPayload() refuses the secret ${JSON.stringify(secret)} as misuse (${i})`, async () => {
      await assertRejects(async () => await verifies({ ...await base(), secret }), TypeError, "secret is empty");
    });
  }

  for (const tolerance of [NaN, -1]) {
    it(`verifyPayload() refuses the tolerance ${tolerance} as misuse`, async () => {
      await assertRejects(async () => await verifies({ ...await base(), tolerance }), RangeError, "tolerance");
    });
  }

  const ages: [string, { timestamp: number | string; tolerance?: number; accepted: boolean }][] = [
    ["exactly the default tolerance old", { timestamp: NOW - DEFAULT_TOLERANCE, accepted: true }],
    ["a millisecond older", { timestamp: NOW - DEFAULT_TOLERANCE - 1, accepted: false }],
    ["five minutes ahead", { timestamp: NOW + FUTURE_TOLERANCE, accepted: true }],
    ["a millisecond further ahead", { timestamp: NOW + FUTURE_TOLERANCE + 1, accepted: false }],
    ["ahead within a larger tolerance", { timestamp: NOW + 900_000, tolerance: 900_000, accepted: true }],
    ["ahead beyond a larger tolerance", { timestamp: NOW + 900_001, tolerance: 900_000, accepted: false }],
    ["of any age with an infinite tolerance", { timestamp: 1, tolerance: Infinity, accepted: true }],
    ["in other digits than 0 to 9", { timestamp: "\u0661790000000000", accepted: false }],
    ["with a sign", { timestamp: `+${NOW}`, accepted: false }],
    ["as a fraction", { timestamp: `${NOW}.5`, accepted: false }],
    ["in hexadecimal", { timestamp: `0x${NOW.toString(16)}`, accepted: false }],
    ["too long for a number", { timestamp: "9".repeat(400), accepted: false }],
  ];
  for (const [name, { timestamp, tolerance, accepted }] of ages) {
    it(`verifyPayload() ${accepted ? "accepts" : "refuses"} a timestamp ${name}`, async () => {
      const outcome = await verify({ sigHeader: await headerFor(timestamp), tolerance });

      assertEquals(outcome, accepted ? { accepted: true } : { message: STALE });
    });
  }

  it("verifyPayload() refuses a signature with any character changed", async () => {
    const sigHeader = await headerFor(NOW);
    const start = sigHeader.indexOf("v1=") + 3;

    for (let index = start; index < sigHeader.length; index++) {
      const changed = sigHeader.slice(0, index) + (sigHeader[index] === "0" ? "1" : "0") + sigHeader.slice(index + 1);
      assertEquals(await verify({ sigHeader: changed }), { message: MISMATCH });
    }
  });

  it("verifyPayload() refuses more or less than the signature", async () => {
    const signature = await signPayload({ timestamp: NOW, payload: "body", secret: SECRET });

    for (const given of [signature + "0", signature.slice(1), signature.slice(0, -1), "0", signature.toUpperCase()]) {
      assertEquals(await verify({ sigHeader: `t=${NOW}, v1=${given}` }), { message: MISMATCH });
    }
  });

  it("verifyPayload() refuses a missing body like a bad signature: anybody may send that", async () => {
    const options = { sigHeader: `t=${NOW}, v1=00`, secret: SECRET, now: () => NOW };
    for (const payload of [undefined, null, 5, true] as unknown as string[]) {
      await assertRejects(() => verifyPayload({ ...options, payload }), SignatureVerificationException, "missing");
      await assertRejects(() => verifyPayload({ ...options, payload, secret: "" }), TypeError, "secret");
    }
    for (const payload of [{ then: 1 }, { pipe: {} }, { getReader: true }, { arrayBuffer: "" }]) {
      await assertRejects(() => verifyPayload({ ...options, payload }), SignatureVerificationException, "not match");
    }
    const promise = Promise.resolve("{}") as unknown as string;
    await assertRejects(() => verifyPayload({ ...options, payload: promise }), TypeError, "not read yet");
  });

  it("verifyPayload() resolves to the text, or to bytes of its own", async () => {
    const bytes = utf8("body");
    const sigHeader = await headerFor(NOW);

    const verified = verifyPayload({ ...await base(), payload: bytes.subarray(), sigHeader });
    bytes.fill(0);

    assertEquals([...await verified], [...utf8("body")]);
    assertEquals(await verifyPayload({ ...await base(), payload: "body", sigHeader }), "body");
    assertEquals(await verifyPayload(await objectBase()), '{"buffer":{},"byteLength":1}');
  });

  it("verifyPayload() verifies bytes exactly: replaced characters are a different body", async () => {
    const sigHeader = `t=${NOW}, v1=${await signPayload({ timestamp: NOW, payload: "\uFFFD", secret: SECRET })}`;

    assertEquals(await verify({ payload: utf8("\uFFFD"), sigHeader }), { accepted: true });
    assertEquals(await verify({ payload: fromHex("ff"), sigHeader }), { message: MISMATCH });
  });

  it("verifyPayload() looks at the current time by default", async () => {
    const timestamp = Date.now();
    const sigHeader = await headerFor(timestamp);

    assertEquals(await verifies({ payload: "body", sigHeader, secret: SECRET }), true);
    const old = await headerFor(timestamp - 400_000);
    await assertRejects(
      () => verifies({ payload: "body", sigHeader: old, secret: SECRET }),
      SignatureVerificationException,
      STALE,
    );
  });
});

function payloadOf({ payload, payloadHex, payloadObject }: Case["input"]): SignedPayload {
  return payloadObject ?? (payloadHex === undefined ? payload! : fromHex(payloadHex));
}

async function headerFor(timestamp: number | string): Promise<string> {
  return `t=${timestamp}, v1=${await signPayload({ timestamp, payload: "body", secret: SECRET })}`;
}

async function base(): Promise<VerifySignatureOptions> {
  return { payload: "body", sigHeader: await headerFor(NOW), secret: SECRET, now: () => NOW };
}

/** A parsed body with the names that bytes have. */
async function objectBase(): Promise<VerifySignatureOptions> {
  const payload = { buffer: {}, byteLength: 1 };
  const signature = await signPayload({ timestamp: NOW, payload: JSON.stringify(payload), secret: SECRET });
  return { ...await base(), payload, sigHeader: `t=${NOW}, v1=${signature}` };
}

async function verify(options: Partial<VerifySignatureOptions>): Promise<{ accepted: true } | { message: string }> {
  try {
    return { accepted: await verifies({ ...await base(), ...options }) };
  } catch (error) {
    assert(error instanceof SignatureVerificationException, String(error));
    return { message: error.message };
  }
}
