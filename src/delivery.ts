// What WorkOS sends of its own accord, webhooks and actions: verified first, then read.

import { fromUtf8, fromUtf8Strict } from "./bytes.ts";
import { ParseError, SignatureVerificationException } from "./errors.ts";
import { type SignedPayload, verifyPayload } from "./signature.ts";
import type { Wire } from "./wire.ts";

/** What arrived, and what to verify it with. */
export interface VerifyDeliveryOptions {
  /** The whole request, or its body as bytes or text; a parsed one is serialised again, which may give another text. */
  payload: Request | SignedPayload;
  /** The `WorkOS-Signature` header. Default: that of the request, when `payload` is one. */
  sigHeader?: string | null;
  /** The secret, or several while it is rotated: any of them may match. */
  secret: string | readonly string[];
  /** How old the signature may be, in milliseconds. Default: three minutes, for `constructAction` 30 seconds. */
  tolerance?: number;
  /** The clock, in milliseconds since the epoch. Default: that of the client, or `Date.now` without one. */
  now?: () => number;
}

/** The options of a call, by the clock of its client unless they have one of their own. */
export function byClock(options: VerifyDeliveryOptions, clock?: { now(): number }): VerifyDeliveryOptions {
  return { ...options, now: options.now ?? (clock && (() => clock.now())) };
}

/** Verifies a delivery and resolves to `true`. The body of a request can still be read afterwards. */
export async function verifyDelivery(options: VerifyDeliveryOptions): Promise<boolean> {
  await verifyBody(options, true);
  return true;
}

/** Verifies a delivery and returns what it says. Reads the body of a request. */
export async function openDelivery(options: VerifyDeliveryOptions): Promise<Wire> {
  return parseBody(await verifyBody(options));
}

/** Verifies a body and resolves to the very text or bytes that were verified; `keep` lets a request be read again. */
async function verifyBody(options: VerifyDeliveryOptions, keep?: boolean): Promise<string | Uint8Array> {
  let { payload, sigHeader } = options;
  if (isRequest(payload)) {
    if (payload.bodyUsed) throw new TypeError("Cannot read delivery: its body was read already");
    sigHeader ??= payload.headers.get("WorkOS-Signature");
    const request = keep ? payload.clone() : payload;
    try {
      payload = await request.arrayBuffer();
    } catch (cause) {
      throw new SignatureVerificationException("Body is incomplete", { cause });
    }
  }
  return await verifyPayload({ ...options, payload, sigHeader });
}

/** By its methods: a request of a framework, or of another realm, is no `instanceof Request`. */
function isRequest(payload: Request | SignedPayload): payload is Request {
  const { arrayBuffer, headers }: Partial<Request> = Object(payload);
  return typeof arrayBuffer === "function" && typeof headers?.get === "function";
}

/** The body as an object. It is signed, so a failure is a mistake of the sender and not an attack. */
function parseBody(body: string | Uint8Array): Wire {
  try {
    const wire: unknown = JSON.parse(typeof body === "string" ? body : fromUtf8Strict(body));
    if (wire === Object(wire) && !Array.isArray(wire)) return wire as Wire;
    throw new TypeError("It is not an object");
  } catch (cause) { // no object, no JSON, or no text
    throw new ParseError({
      message: "Cannot read delivery: it is genuine, but not a JSON object",
      rawBody: typeof body === "string" ? body : fromUtf8(body),
      rawStatus: 0,
      requestID: "",
      cause,
    });
  }
}
