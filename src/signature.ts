/**
 * Signatures of webhook and action requests: HMAC-SHA-256 over `<timestamp>.<payload>`, sent as
 * `t=<milliseconds>, v1=<hex>`.
 *
 * @module
 */

import { fromHex, timingSafeEqual, toHex, utf8 } from "./bytes.ts";
import { SignatureVerificationException } from "./errors.ts";

/** How old a signature may be unless the caller says otherwise: three minutes, in milliseconds. */
export const DEFAULT_TOLERANCE = 180_000;

/**
 * How far ahead of our clock a signature may be dated, in milliseconds: five minutes. A larger tolerance counts ahead as
 * well. It leaves room for a slow clock here, without accepting a signature that would stay fresh for years.
 */
export const FUTURE_TOLERANCE = 300_000;

/** What was signed: text, raw bytes, or an already parsed body (signed as its `JSON.stringify` text). */
export type SignedPayload = string | ArrayBuffer | ArrayBufferView | object;

/** What {@linkcode signPayload} signs, and with what. */
export interface SignPayloadOptions {
  /** Milliseconds since the epoch, signed as written. */
  timestamp: number | string;
  /** The body. Bytes are signed as they are. */
  payload: SignedPayload;
  /** The whole signing secret, any prefix included. */
  secret: string;
}

/** What {@linkcode verifySignature} checks. */
export interface VerifySignatureOptions {
  /**
   * The request body as it was received. A parsed body is serialised again, which only matches when the sender
   * serialised it the same way.
   */
  payload: SignedPayload;
  /** The signature header. Absent or empty is a failed verification. */
  sigHeader: string | null | undefined;
  /** The signing secret, or several while they are rotated: any of them may match. */
  secret: string | readonly string[];
  /** How old the signature may be, in milliseconds. Defaults to three minutes; exactly this old passes. */
  tolerance?: number;
  /** The clock, in milliseconds since the epoch. Defaults to `Date.now`. */
  now?: () => number;
}

/** The labelled parts of a signature header. */
export interface SignatureHeader {
  /** The text after `t=`. Absent when there is none. */
  timestamp?: string;
  /** Every text after a `v1=`, in order. */
  signatures: string[];
}

/** Signs a payload. Returns lower-case hex. Throws a `TypeError` for an empty secret. */
export async function signPayload({ timestamp, payload, secret }: SignPayloadOptions): Promise<string> {
  return toHex(await hmac(secret, signedBytes(timestamp, payload)));
}

/**
 * Reads a signature header. Parts may come in any order; unknown and empty ones are ignored. When the timestamp is
 * repeated the first one counts.
 */
export function parseSignatureHeader(header: string): SignatureHeader {
  const parsed: SignatureHeader = { signatures: [] };
  for (const part of header.split(",")) {
    const text = part.trimStart();
    if (text.startsWith("t=") && text.length > 2) parsed.timestamp ??= text.slice(2);
    if (text.startsWith("v1=") && text.length > 3) parsed.signatures.push(text.slice(3));
  }
  return parsed;
}

/**
 * Verifies the signature of a request and resolves to `true`.
 *
 * Throws {@linkcode SignatureVerificationException} when the header is missing or incomplete, the signature is too old
 * or dated in the future (see {@linkcode FUTURE_TOLERANCE}), or none of its values matches. Throws a `TypeError` for an
 * empty secret and a `RangeError` for a tolerance that is negative or not a number.
 */
export async function verifySignature(options: VerifySignatureOptions): Promise<true> {
  const { payload, sigHeader, tolerance = DEFAULT_TOLERANCE, now = Date.now } = options;
  const secrets = secretList(options.secret);
  if (!(tolerance >= 0)) throw new RangeError("Cannot verify signature: tolerance is not a number of milliseconds");
  const { timestamp, signatures } = completeHeader(sigHeader);
  if (!isFresh(timestamp, tolerance, now())) {
    throw new SignatureVerificationException("Timestamp outside the tolerance zone");
  }
  const message = signedBytes(timestamp, payload);
  const given = signatures.filter((signature) => /^[0-9a-f]{64}$/.test(signature)).map(fromHex);
  for (const secret of secrets) {
    const expected = await hmac(secret, message);
    if (given.some((signature) => timingSafeEqual(expected, signature))) return true;
  }
  throw new SignatureVerificationException(
    "Signature hash does not match the expected signature hash for payload",
  );
}

function completeHeader(header: string | null | undefined): Required<SignatureHeader> {
  const { timestamp, signatures } = parseSignatureHeader(header ?? "");
  if (header?.includes(",") && signatures.length === 0) {
    throw new SignatureVerificationException("No signature hash found with expected scheme v1");
  }
  if (!timestamp || signatures.length === 0) {
    throw new SignatureVerificationException("Signature or timestamp missing");
  }
  return { timestamp, signatures };
}

function isFresh(timestamp: string, tolerance: number, now: number): boolean {
  if (!/^[0-9]+$/.test(timestamp)) return false;
  const time = Number(timestamp);
  return time >= now - tolerance && time <= now + Math.max(tolerance, FUTURE_TOLERANCE);
}

function secretList(secret: string | readonly string[]): readonly string[] {
  const secrets = typeof secret === "string" ? [secret] : secret ?? [];
  if (secrets.length === 0 || secrets.some((each) => !each)) throw emptySecret();
  return secrets;
}

function emptySecret(): TypeError {
  return new TypeError("Cannot use signing secret: secret is empty");
}

function signedBytes(timestamp: number | string, payload: SignedPayload): Uint8Array<ArrayBuffer> {
  if (typeof payload === "string") return utf8(`${timestamp}.${payload}`);
  const prefix = utf8(`${timestamp}.`);
  const body = bodyBytes(payload);
  const message = new Uint8Array(prefix.length + body.length);
  message.set(prefix);
  message.set(body, prefix.length);
  return message;
}

/**
 * The bytes of a payload. Bytes stay bytes, without a copy: decoding and encoding them again would change what is not
 * valid UTF-8.
 */
export function bodyBytes(payload: SignedPayload): Uint8Array {
  if (typeof payload === "string") return utf8(payload);
  if (ArrayBuffer.isView(payload)) return new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength);
  // The tag also recognises a buffer made in another realm, such as a frame or a test sandbox.
  if (Object.prototype.toString.call(payload) === "[object ArrayBuffer]") return new Uint8Array(payload as ArrayBuffer);
  if (payload === null || payload === undefined) throw new TypeError("Cannot read signed payload: payload is missing");
  return utf8(JSON.stringify(payload));
}

async function hmac(secret: string, message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const key = importedKeys.get(secret) ?? await importKey(secret);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
}

// Importing costs about as much as signing. Finished keys only: a promise may not outlive its request on Workers.
const importedKeys = /* @__PURE__ */ new Map<string, CryptoKey>();

async function importKey(secret: string): Promise<CryptoKey> {
  if (!secret) throw emptySecret();
  const key = await crypto.subtle.importKey("raw", utf8(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  if (importedKeys.size >= 8) importedKeys.clear();
  importedKeys.set(secret, key);
  return key;
}
