/**
 * Text and bytes: UTF-8, hex, base64 and base64url, random values and comparison in constant time.
 *
 * Decoders are strict. They throw a `TypeError` for anything an encoder would not have written, padding aside, so two
 * different texts never decode to the same bytes.
 *
 * @module
 */

const HEX = "0123456789abcdef";
const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const STANDARD = ALPHANUMERIC + "+/";
const URL_SAFE = ALPHANUMERIC + "-_";

// Neither keeps anything between calls; making them once saves most of the cost of a short text.
const encoder = /* @__PURE__ */ new TextEncoder();
const lenient = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

/** The UTF-8 bytes of a text. A lone surrogate becomes U+FFFD. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Reads UTF-8. A byte order mark is kept and an invalid sequence becomes U+FFFD. */
export function fromUtf8(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

/** Reads UTF-8. A byte order mark is kept; throws a `TypeError` for an invalid sequence. */
export function fromUtf8Strict(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Lower-case hex, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index++) text += HEX[bytes[index] >> 4] + HEX[bytes[index] & 15];
  return text;
}

/** Reads hex of either case. Throws a `TypeError` for any other character and for half a byte. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length / 2 | 0);
  let seen = text.length % 2 === 0 ? 0 : -1;
  for (let index = 0; index < bytes.length; index++) {
    const high = nibble(text.charCodeAt(index * 2)), low = nibble(text.charCodeAt(index * 2 + 1));
    seen |= high | low; // one unknown character (-1) makes it negative for good
    bytes[index] = high << 4 | low;
  }
  if (seen < 0) throw new TypeError("Cannot decode hex: it is malformed");
  return bytes;
}

/** Standard base64, padded. */
export function toBase64(bytes: Uint8Array): string {
  const text = encode(bytes, STANDARD);
  return text + "=".repeat(-text.length & 3);
}

/**
 * Reads standard base64. Padding may be left out. Throws a `TypeError` for white space, characters of the URL-safe
 * alphabet, wrong padding, an impossible length and stray bits at the end.
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return decode(text, STANDARD);
}

/** Base64 in the URL-safe alphabet, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return encode(bytes, URL_SAFE);
}

/**
 * Reads base64 in the URL-safe alphabet. Correct padding is tolerated. Throws a `TypeError` for white space, `+` and
 * `/`, wrong padding, an impossible length and stray bits at the end.
 */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return decode(text, URL_SAFE);
}

/** Bytes from the cryptographic random source, at most 65,536 at once. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A random UUID (version 4). Works outside secure contexts too, where browsers hide `crypto.randomUUID`. */
export function uuid(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Whether both hold the same bytes. Takes the same time wherever they differ; only their lengths may show. */
export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= a[index] ^ b[index];
  return difference === 0;
}

function encode(bytes: Uint8Array, alphabet: string): string {
  const codes = new Uint8Array(Math.ceil(bytes.length * 4 / 3));
  let buffer = 0, bits = 0, at = 0;
  for (let index = 0; index < bytes.length; index++) {
    buffer = buffer << 8 | bytes[index];
    bits += 8;
    while (bits >= 6) codes[at++] = alphabet.charCodeAt(buffer >> (bits -= 6) & 63);
  }
  if (bits > 0) codes[at] = alphabet.charCodeAt(buffer << (6 - bits) & 63);
  return lenient.decode(codes);
}

function decode(text: string, alphabet: string): Uint8Array<ArrayBuffer> {
  const length = unpaddedLength(text);
  const bytes = new Uint8Array(Math.floor(length * 3 / 4));
  let buffer = 0, bits = 0, at = 0;
  let seen = length % 4 === 1 ? -1 : 0;
  for (let index = 0; index < length; index++) {
    const value = sextet(text.charCodeAt(index), alphabet);
    seen |= value; // one unknown character (-1) makes it negative for good
    buffer = buffer << 6 | value;
    bits += 6;
    if (bits >= 8) bytes[at++] = buffer >> (bits -= 8);
  }
  if (seen < 0 || (buffer & ((1 << bits) - 1)) !== 0) throw new TypeError("Cannot decode base64: it is malformed");
  return bytes;
}

/** Length without padding; padding that does not fill the last group of four stays, to be refused as a character. */
function unpaddedLength(text: string): number {
  if (text.length % 4 !== 0 || !text.endsWith("=")) return text.length;
  return text.length - (text.endsWith("==") ? 2 : 1);
}

/** The value of one character, or -1 when the alphabet has no such character. */
function sextet(code: number, alphabet: string): number {
  if (code >= 97 && code <= 122) return code - 71;
  if (code >= 65 && code <= 90) return code - 65;
  if (code >= 48 && code <= 57) return code + 4;
  if (code === alphabet.charCodeAt(62)) return 62;
  return code === alphabet.charCodeAt(63) ? 63 : -1;
}

/** The value of one hex digit, or -1 when it is none. */
function nibble(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  return code >= 65 && code <= 70 ? code - 55 : -1;
}
