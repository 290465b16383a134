// What WorkOS sends of its own accord, webhooks and actions: verified first, then read.

import { fromUtf8, fromUtf8Strict } from "./bytes.ts";
import { ParseError } from "./errors.ts";
import { bodyBytes, type SignedPayload, verifySignature } from "./signature.ts";
import type { Wire } from "./wire.ts";

/** What arrived, and what to verify it with. */
export interface VerifyDeliveryOptions {
  /**
   * The whole request, or its body as bytes or text. A body that was parsed already is serialised again, which matches
   * its signature only when that gives the same text.
   */
  payload: Request | SignedPayload;
  /** The `WorkOS-Signature` header. Default: that of the request, when `payload` is one. */
  sigHeader?: string | null;
  /** The secret, or several while it is rotated: any of them may match. */
  secret: string | readonly string[];
  /** How old the signature may be, in milliseconds. */
  tolerance?: number;
  /** The clock, in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
}

/** A signature header, and the very bytes that are verified and then parsed: nobody else can change them. */
interface Delivery {
  payload: Uint8Array;
  sigHeader: string | null | undefined;
}

/** Verifies a delivery and resolves to `true`. The body of a request can still be read afterwards. */
export async function verifyDelivery(options: VerifyDeliveryOptions): Promise<boolean> {
  return await verifySignature({ ...options, ...await readDelivery(options, { keep: true }) });
}

/** Verifies a delivery and returns what it says. Reads the body of a request. */
export async function openDelivery(options: VerifyDeliveryOptions): Promise<Wire> {
  const delivery = await readDelivery(options);
  await verifySignature({ ...options, ...delivery });
  return parseBody(delivery.payload);
}

async function readDelivery({ payload, sigHeader }: VerifyDeliveryOptions, { keep = false } = {}): Promise<Delivery> {
  if (!isRequest(payload)) return { payload: bodyBytes(payload).slice(), sigHeader };
  if (payload.bodyUsed) throw new TypeError("Cannot read delivery: the body of the request was read already");
  const header = sigHeader ?? payload.headers.get("WorkOS-Signature");
  const body = await (keep ? payload.clone() : payload).arrayBuffer();
  return { payload: new Uint8Array(body), sigHeader: header };
}

/** By its methods: a request of a framework, or of another realm, is no `instanceof Request`. */
function isRequest(payload: Request | SignedPayload): payload is Request {
  const { arrayBuffer, headers } = (payload ?? {}) as Partial<Request>;
  return typeof arrayBuffer === "function" && typeof headers?.get === "function";
}

/** The body as an object. It is signed, so a failure is a mistake of the sender and not an attack. */
function parseBody(body: Uint8Array): Wire {
  let failure: ErrorOptions = {};
  try {
    const wire: unknown = JSON.parse(fromUtf8Strict(body));
    if (typeof wire === "object" && wire !== null && !Array.isArray(wire)) return wire as Wire;
  } catch (cause) { // no JSON, or no text
    failure = { cause };
  }
  const message = "Cannot read delivery: its signature is good, but its body is not a JSON object";
  throw new ParseError({ message, rawBody: fromUtf8(body), rawStatus: 0, requestID: "", ...failure });
}
