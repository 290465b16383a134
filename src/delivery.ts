// Requests that WorkOS sends, webhooks and actions: verified first, then parsed.

import { fromUtf8, fromUtf8Strict } from "./bytes.ts";
import { ParseError, SignatureVerificationException } from "./errors.ts";
import { type SignedPayload, verifyPayload } from "./signature.ts";
import { isObject, type Wire } from "./wire.ts";

/** A received delivery, and how to verify it. */
export interface VerifyDeliveryOptions {
  /** The request, or its body as bytes or string; a parsed body is serialized again, which may not give the same text. */
  payload: Request | SignedPayload;
  /** The `WorkOS-Signature` header. Default: that of `payload`, if it is a request. */
  sigHeader?: string | null;
  /** The signing secret, or several during a rotation: any of them may match. */
  secret: string | readonly string[];
  /** Maximum age of the signature in milliseconds. Default: three minutes, for `constructAction` 30 seconds. */
  tolerance?: number;
  /** Current time in milliseconds since the epoch. Default: the clock of the client, or else `Date.now`. */
  now?: () => number;
}

/** The options with the clock of the client, unless they have their own. */
export function byClock(options: VerifyDeliveryOptions, clock?: { now(): number }): VerifyDeliveryOptions {
  return { ...options, now: options.now ?? (clock && (() => clock.now())) };
}

/**
 * Resolves to `true`, or throws {@linkcode SignatureVerificationException} for a forgery, and a `TypeError` for an
 * empty secret or a body that was already read. Leaves the body of a request unread.
 */
export async function verifyDelivery(options: VerifyDeliveryOptions): Promise<boolean> {
  await verifyBody(options, true);
  return true;
}

/**
 * Verifies a delivery and reads its body. Consumes the body of a request. Throws {@linkcode ParseError} when a genuine
 * body is not UTF-8, JSON or an object, or cannot be read: a mistake of the sender, not an attack.
 */
export async function openDelivery<T>(options: VerifyDeliveryOptions, read: (wire: Wire) => T): Promise<T> {
  const body = await verifyBody(options);
  try {
    const wire: unknown = JSON.parse(typeof body === "string" ? body : fromUtf8Strict(body));
    if (isObject(wire)) return read(wire);
    throw new TypeError();
  } catch (cause) {
    throw new ParseError({
      message: "Cannot read delivery: it is genuine, but malformed",
      rawBody: typeof body === "string" ? body : fromUtf8(body),
      rawStatus: 0,
      requestID: "",
      cause,
    });
  }
}

/** Verifies a body and returns exactly the text or bytes that were verified; `keep` leaves a request unread. */
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

/** Looks at its methods: a request of a framework or of another realm is not an `instanceof Request`. */
function isRequest(payload: Request | SignedPayload): payload is Request {
  const { arrayBuffer, headers }: Partial<Request> = Object(payload);
  return typeof arrayBuffer === "function" && typeof headers?.get === "function";
}
