// Text and bytes: UTF-8, hex, base64 and base64url, random values, constant-time comparison, and keys from text.
// Decoders of hex and base64 are strict: apart from padding and the case of hex, they throw a `TypeError` for anything
// that an encoder would not write.

const HEX = "0123456789abcdef";
const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** The base64url value of each character code; filled by the first decoding. */
const SEXTETS: number[] = [];

// Both are stateless; sharing them saves most of the cost of a short text
const encoder = /* @__PURE__ */ new TextEncoder();
const lenient = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

/** The UTF-8 bytes of a text. A lone surrogate becomes U+FFFD. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Decodes UTF-8. Keeps a byte order mark; an invalid sequence becomes U+FFFD. */
export function fromUtf8(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

/** Decodes UTF-8. Keeps a byte order mark; throws a `TypeError` for an invalid sequence. */
export function fromUtf8Strict(bytes: Uint8Array): string {
  const text = lenient.decode(bytes);
  if (!text.includes("\uFFFD")) return text; // nothing was replaced; this check is faster than a strict decoder
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Encodes bytes as lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index++) text += HEX[bytes[index] >> 4] + HEX[bytes[index] & 15];
  return text;
}

/** Decodes hex of either case. Throws a `TypeError` for any other character and for an odd number of digits. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw new TypeError("Cannot decode hex: it is malformed");
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** Standard base64, padded. */
export function toBase64(bytes: Uint8Array): string {
  const text = toBase64Url(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return text + "=".repeat(-text.length & 3);
}

/** Decodes standard base64; padding may be missing. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  // Characters of the URL-safe alphabet become invalid ones
  return fromBase64Url(text.replace(/[-_]/g, " ").replaceAll("+", "-").replaceAll("/", "_"));
}

/** Newer runtimes have a native encoder, which is many times faster. */
type NativeBase64 = Uint8Array & { toBase64?(options: { alphabet: "base64url"; omitPadding: true }): string };

/** Base64 in the URL-safe alphabet, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  const native = (bytes as NativeBase64).toBase64?.({ alphabet: "base64url", omitPadding: true });
  if (native !== undefined) return native;
  const codes = new Uint8Array(Math.ceil(bytes.length * 4 / 3));
  // Four characters for three bytes: reads past the end of an array act as zeros, writes past it are ignored
  for (let from = 0, to = 0; from < bytes.length; from += 3) {
    const group = bytes[from] << 16 | bytes[from + 1] << 8 | bytes[from + 2];
    for (let shift = 18; shift >= 0; shift -= 6) codes[to++] = URL_SAFE.charCodeAt(group >> shift & 63);
  }
  return lenient.decode(codes);
}

/** Decodes base64 in the URL-safe alphabet, without padding or with correct padding. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (SEXTETS.length === 0) [...URL_SAFE].forEach((character, value) => SEXTETS[character.charCodeAt(0)] = value);
  // Incorrect padding stays, and is rejected as an invalid character
  const { length } = text.length % 4 === 0 ? text.replace(/==?$/, "") : text;
  const bytes = new Uint8Array(length * 3 >> 2);
  let buffer = 0, bits = 0, at = 0;
  let seen = length % 4 === 1 ? -1 : 0;
  for (let index = 0; index < length; index++) {
    const value = SEXTETS[text.charCodeAt(index)] ?? -1;
    seen |= value; // stays negative once a character is unknown (-1)
    buffer = buffer << 6 | value;
    bits += 6;
    if (bits >= 8) bytes[at++] = buffer >> (bits -= 8);
  }
  if (seen < 0 || (buffer & ((1 << bits) - 1)) !== 0) throw new TypeError("Cannot decode base64: it is malformed");
  return bytes;
}

/** Concatenates parts into a new array. */
export function concat(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Cryptographically random bytes, at most 65,536. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A random UUID (version 4). Also works outside secure contexts, where browsers hide `crypto.randomUUID`. */
export function uuid(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Whether both have the same bytes. The time does not depend on where they differ, only on their lengths. */
export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= a[index] ^ b[index];
  return difference === 0;
}

const textKeys = /* @__PURE__ */ new Map<string, CryptoKey>();

/** Imports a text as a key. Up to 16 are cached, but no promises, which must not outlive their request on Workers. */
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
