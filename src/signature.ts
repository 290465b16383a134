// Signatures of webhook and action requests: HMAC-SHA-256 over `<timestamp>.<payload>`, sent as
// `t=<milliseconds>, v1=<hex>`.

import { concat, textKey, timingSafeEqual, toHex, utf8 } from "./bytes.ts";
import { SignatureVerificationException } from "./errors.ts";

/** Default maximum age of a signature: three minutes, in milliseconds. */
export const DEFAULT_TOLERANCE = 180_000;

/** How far in the future a timestamp may be, in milliseconds; a larger tolerance applies to the future, too. */
export const FUTURE_TOLERANCE = 300_000;

/** A signed body: text, raw bytes, or an already parsed body (whose `JSON.stringify` text is used). */
export type SignedPayload = string | ArrayBuffer | ArrayBufferView | object;

/** Options of {@linkcode signPayload}. */
export interface SignPayloadOptions {
  /** Milliseconds since the epoch; signed as it is given. */
  timestamp: number | string;
  /** The body. Bytes are signed as they are. */
  payload: SignedPayload;
  /** The whole signing secret, including any prefix. */
  secret: string;
}

/** Options of {@linkcode verifyPayload}. */
export interface VerifySignatureOptions {
  /** The body as received. A parsed body is serialized again, which may not restore the signed text. */
  payload: SignedPayload;
  /** The signature header. If it is absent or empty, the verification fails. */
  sigHeader?: string | null;
  /** The signing secret, or several during a rotation: any of them may match. */
  secret: string | readonly string[];
  /** Maximum age of the signature, inclusive, in milliseconds. Default: three minutes. */
  tolerance?: number;
  /** Returns the time in milliseconds since the epoch. Default `Date.now`. */
  now?: () => number;
}

/** The labeled parts of a signature header. */
export interface SignatureHeader {
  /** The text after `t=`. Absent when there is none. */
  timestamp?: string;
  /** Every text after a `v1=`, in order. */
  signatures: string[];
}

/** Signs a payload. Returns lower-case hex. Throws a `TypeError` for an empty secret. */
export async function signPayload({ timestamp, payload, secret }: SignPayloadOptions): Promise<string> {
  const [first] = secretList(secret);
  return await hmac(first, signedMessage(timestamp, readBody(payload)));
}

/** Parses a signature header: parts in any order, ignoring unknown and empty ones. The first timestamp wins. */
export function parseSignatureHeader(header: string): SignatureHeader {
  const parsed: SignatureHeader = { signatures: [] };
  for (const [, label, value] of header.matchAll(/(?:^|,)\s*(t|v1)=([^,]+)/g)) {
    if (label === "t") parsed.timestamp ??= value;
    else parsed.signatures.push(value);
  }
  return parsed;
}

/**
 * Verifies the signature of a request and resolves to what was verified: the text, or a copy of the bytes, made before
 * this function returns. Throws {@linkcode SignatureVerificationException} when the body or the header is missing or
 * incomplete, the timestamp is too old or too far in the future (see {@linkcode FUTURE_TOLERANCE}), or no signature
 * matches; a `TypeError` for a body that has not been read yet and a secret that is empty or not a string; and a
 * `RangeError` for a tolerance that is negative or not a number.
 */
export async function verifyPayload(options: VerifySignatureOptions): Promise<string | Uint8Array> {
  const { payload, sigHeader, secret, tolerance = DEFAULT_TOLERANCE, now = Date.now } = options;
  const secrets = secretList(secret);
  if (payload !== Object(payload) && typeof payload !== "string") { // no body, or "null"
    throw new SignatureVerificationException("Body is missing, or not a JSON object");
  }
  const body = readBody(payload);
  if (!(tolerance >= 0)) throw new RangeError("Cannot verify signature: tolerance is not a number of milliseconds");
  const header = typeof sigHeader === "string" ? sigHeader : "";
  const { timestamp, signatures } = parseSignatureHeader(header);
  if (!signatures[0] && header.includes(",")) {
    throw new SignatureVerificationException("No signature hash found with expected scheme v1");
  }
  if (!signatures[0] || !timestamp) throw new SignatureVerificationException("Signature or timestamp missing");
  if (!isFresh(timestamp, tolerance, now())) {
    throw new SignatureVerificationException("Timestamp outside the tolerance zone");
  }
  const message = signedMessage(timestamp, body);
  for (const secret of secrets) {
    const expected = utf8(await hmac(secret, message));
    if (!signatures.some((signature) => timingSafeEqual(expected, utf8(signature)))) continue;
    return typeof body === "string" ? body : message.subarray(message.length - body.length);
  }
  throw new SignatureVerificationException("Signature hash does not match the expected signature hash for payload");
}

function isFresh(timestamp: string, tolerance: number, now: number): boolean {
  const age = /^\d+$/.test(timestamp) ? now - Number(timestamp) : NaN;
  return age <= tolerance && -age <= Math.max(tolerance, FUTURE_TOLERANCE);
}

/** Rejects anything but strings, which would be converted to a guessable secret such as `[object Object]`. */
function secretList(secret: string | readonly string[]): readonly string[] {
  const secrets = [secret].flat();
  if (secrets.length > 0 && secrets.every((each) => each && typeof each === "string")) return secrets;
  throw new TypeError("Cannot use signing secret: secret is empty or not a string");
}

/** The body as text or bytes. Bytes are not decoded, which would change invalid UTF-8. */
function readBody(payload: SignedPayload): string | Uint8Array {
  if (typeof payload === "string") return payload;
  const { then, pipe, getReader, arrayBuffer } = Object(payload); // of promises, Node's requests, streams, blobs
  const isUnread = [then, pipe, getReader, arrayBuffer].some((it) => typeof it === "function"); // no mere data
  if (typeof payload !== "object" || payload === null || isUnread) {
    throw new TypeError("Cannot read body: payload is missing, or was not read yet");
  }
  const { buffer = payload, byteOffset, byteLength } = payload as Partial<ArrayBufferView<ArrayBuffer>>;
  // Unlike instanceof, the tag also recognizes buffers of other realms, such as frames or test sandboxes
  const isBinary = Object.prototype.toString.call(buffer).endsWith("ArrayBuffer]");
  return isBinary ? new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength) : JSON.stringify(payload);
}

function signedMessage(timestamp: number | string, body: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof body === "string" ? utf8(`${timestamp}.${body}`) : concat([utf8(`${timestamp}.`), body]);
}

async function hmac(secret: string, message: Uint8Array<ArrayBuffer>): Promise<string> {
  const key = await textKey(secret, { name: "HMAC", hash: "SHA-256" }, "sign");
  return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, message)));
}
