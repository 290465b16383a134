/**
 * Text and bytes: UTF-8, hex, base64 and base64url, random values, comparison in constant time and keys made of text.
 *
 * Decoders are strict. They throw a `TypeError` for anything but padding that an encoder would not write, so two
 * different texts never decode to the same bytes.
 *
 * @module
 */

const HEX = "0123456789abcdef";
const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Value of each character code in base64url; filled at the first decoding. */
const SEXTETS: number[] = [];

// They keep no state between calls; making them once saves most of the cost for short texts.
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
  const text = lenient.decode(bytes);
  if (!text.includes("\uFFFD")) return text; // nothing was replaced; this check is faster than a strict decoder
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
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw new TypeError("Cannot decode hex: it is malformed");
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** Standard base64, padded. */
export function toBase64(bytes: Uint8Array): string {
  const text = toBase64Url(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return text + "=".repeat(-text.length & 3);
}

/** Reads standard base64; padding may be left out. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  // characters of the URL-safe alphabet become invalid
  return fromBase64Url(text.replace(/[-_]/g, " ").replaceAll("+", "-").replaceAll("/", "_"));
}

/** Built into newer runtimes, and many times faster. */
type NativeBase64 = Uint8Array & { toBase64?(options: { alphabet: "base64url"; omitPadding: true }): string };

/** Base64 in the URL-safe alphabet, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  const native = (bytes as NativeBase64).toBase64?.({ alphabet: "base64url", omitPadding: true });
  if (native !== undefined) return native;
  const codes = new Uint8Array(Math.ceil(bytes.length * 4 / 3));
  // Four characters for three bytes. Reads past the end give zeros, and writes past the end are dropped.
  for (let from = 0, to = 0; from < bytes.length; from += 3) {
    const group = bytes[from] << 16 | bytes[from + 1] << 8 | bytes[from + 2];
    for (let shift = 18; shift >= 0; shift -= 6) codes[to++] = URL_SAFE.charCodeAt(group >> shift & 63);
  }
  return lenient.decode(codes);
}

/** Reads base64 in the URL-safe alphabet; padding is tolerated when it is correct. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (SEXTETS.length === 0) [...URL_SAFE].forEach((character, value) => SEXTETS[character.charCodeAt(0)] = value);
  // Padding that does not complete the last group stays, and is rejected as a character.
  const { length } = text.length % 4 === 0 ? text.replace(/==?$/, "") : text;
  const bytes = new Uint8Array(length * 3 >> 2);
  let buffer = 0, bits = 0, at = 0;
  let seen = length % 4 === 1 ? -1 : 0;
  for (let index = 0; index < length; index++) {
    const value = SEXTETS[text.charCodeAt(index)] ?? -1;
    seen |= value; // one unknown character (-1) makes it negative for good
    buffer = buffer << 6 | value;
    bits += 6;
    if (bits >= 8) bytes[at++] = buffer >> (bits -= 8);
  }
  if (seen < 0 || (buffer & ((1 << bits) - 1)) !== 0) throw new TypeError("Cannot decode base64: it is malformed");
  return bytes;
}

/** The parts joined into a new array. */
export function concat(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
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

/** Whether both have the same bytes. The time depends on their length, not on where they differ. */
export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= a[index] ^ b[index];
  return difference === 0;
}

const textKeys = /* @__PURE__ */ new Map<string, CryptoKey>();

/**
 * The key made from a text's UTF-8. Importing costs about as much as using the key, so a few keys are cached; not their
 * promises, which on Workers must not outlive a request.
 */
export async function textKey(
  text: string,
  algorithm: "PBKDF2" | HmacImportParams,
  usage: "deriveKey" | "sign",
): Promise<CryptoKey> {
  const name = usage + text;
  let key = textKeys.get(name);
  if (key) return key;
  key = await crypto.subtle.importKey("raw", utf8(text), algorithm, false, [usage]);
  if (textKeys.size >= 16) textKeys.clear();
  textKeys.set(name, key);
  return key;
}
