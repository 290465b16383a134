const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Milliseconds one code is good for. */
export const TOTP_PERIOD = 30_000;

/** The six digits an authenticator app shows at this time (RFC 6238, SHA-1). The secret is base32. */
export async function totpCode(secret: string, now: number): Promise<string> {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(now / TOTP_PERIOD)));
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const key = await crypto.subtle.importKey("raw", fromBase32(secret), algorithm, false, ["sign"]);
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter.buffer));
  const truncated = mac.getUint32(mac.getUint8(19) & 0x0f) & 0x7fffffff;
  return String(truncated % 1_000_000).padStart(6, "0");
}

/** Bytes as base32 without padding. */
export function toBase32(bytes: Uint8Array): string {
  let text = "";
  let [bits, held] = [0, 0];
  for (const byte of bytes) {
    held = (held << 8 | byte) & 0xffff;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(held >> (bits - 5)) & 31];
  }
  return bits ? text + BASE32[(held << (5 - bits)) & 31] : text;
}

/** Whether a text is base32 of at least a byte. */
export function isBase32(text: string): boolean {
  return /^([\s=]*[A-Z2-7]){2,}[\s=]*$/i.test(text);
}

function fromBase32(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const character of text.toUpperCase().replace(/[\s=]/g, "")) {
    const value = BASE32.indexOf(character);
    if (value < 0) throw new TypeError("Cannot decode base32: it is malformed");
    held = (held << 5 | value) & 0xffff;
    bits += 5;
    if (bits >= 8) bytes.push((held >> (bits -= 8)) & 0xff);
  }
  return new Uint8Array(bytes);
}
