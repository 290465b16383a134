/**
 * Encryption with a vault's data key: AES-256-GCM, and the layout of the encrypted text.
 *
 * An encrypted text is the standard base64 of: 12 bytes of IV, 16 bytes of authentication tag, the length of the
 * encrypted data key (LEB128), the encrypted data key, the ciphertext. The tag covers the ciphertext, the IV and the
 * associated data, but not the encrypted data key, which the API verifies when it decrypts it.
 *
 * @module
 */

import { concat, fromBase64, fromUtf8, randomBytes, toBase64, utf8 } from "./bytes.ts";
import { WorkOSException } from "./errors.ts";
import { decodeUint32, encodeLength } from "./leb128.ts";

const IV_LENGTH = 12;
const TAG_LENGTH = 16;
const KEY_LENGTH = 32;

/**
 * Why a vault's encryption or decryption failed.
 *
 * - `malformed`: it is not in the format of an encrypted text, or is truncated; no request was sent
 * - `undecryptable`: it was changed, or the key or associated data differs from that of the encryption
 * - `bad_key`: the API sent no usable data key
 */
export type VaultFailure = "malformed" | "undecryptable" | "bad_key";

/** Local encryption or decryption failed; `reason` says why. */
export class VaultError extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "VaultError";
  /** Why it failed. */
  readonly reason: VaultFailure;

  /** Made by this module. */
  constructor(message: string, options: { reason: VaultFailure; cause?: unknown }) {
    super(message, options);
    this.reason = options.reason;
  }
}

/** The parts of an encrypted text. */
export interface VaultBlob {
  /** 12 random bytes, new for every encryption. */
  iv: Uint8Array<ArrayBuffer>;
  /** 16 bytes of authentication tag over ciphertext, IV and associated data. */
  tag: Uint8Array<ArrayBuffer>;
  /** The data key as the API encrypted it. */
  encryptedKeys: Uint8Array<ArrayBuffer>;
  /** The encrypted text, as long as its UTF-8. */
  ciphertext: Uint8Array<ArrayBuffer>;
}

/** Parameters of a decryption. */
export interface VaultDecryption {
  /** The data key, base64 of 32 bytes. */
  dataKey: string;
  /** Associated data, which must equal that of the encryption; an empty string counts as none. */
  associatedData?: string;
}

/** Parameters of an encryption. */
export interface VaultEncryption extends VaultDecryption {
  /** The data key as the API encrypted it, base64. */
  encryptedKeys: string;
  /** 12 bytes. Default: random. Must be unique for each text under one data key. */
  iv?: Uint8Array<ArrayBuffer>;
}

/** Throws a `TypeError` for anything but a string, whose bytes would not be what the caller meant. */
export function checkText(value: unknown, name: string): void {
  if (typeof value !== "string") throw new TypeError(`Cannot use ${name}: it is not a string`);
}

/** Associated data as a string, empty for none. Throws a `TypeError` for anything but a string. */
export function associatedText(associatedData: string | null | undefined): string {
  const text = associatedData ?? "";
  checkText(text, "associatedData");
  return text;
}

/** Encrypts a text. Throws {@linkcode VaultError} (`bad_key`) for unusable keys. */
export async function encryptText(text: string, options: VaultEncryption): Promise<string> {
  const { iv = randomBytes(IV_LENGTH) } = options;
  const encryptedKeys = decodeKey(options.encryptedKeys, (length) => length > 0);
  const key = await importKey(options.dataKey, "encrypt");
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm(iv, options), key, utf8(text)));
  const end = sealed.length - TAG_LENGTH; // Web Crypto puts the tag last, the blob puts it first
  return writeBlob({ iv, tag: sealed.subarray(end), encryptedKeys, ciphertext: sealed.subarray(0, end) });
}

/** Decrypts to the text; invalid UTF-8 becomes U+FFFD. Throws {@linkcode VaultError}: `undecryptable` or `bad_key`. */
export async function decryptBlob(blob: VaultBlob, options: VaultDecryption): Promise<string> {
  const key = await importKey(options.dataKey, "decrypt");
  const sealed = concat([blob.ciphertext, blob.tag]);
  try {
    return fromUtf8(new Uint8Array(await crypto.subtle.decrypt(algorithm(blob.iv, options), key, sealed)));
  } catch (cause) {
    throw new VaultError("Cannot decrypt: it was changed, or the key or associated data is another", {
      reason: "undecryptable",
      cause,
    });
  }
}

/** Joins the parts into an encrypted text. */
export function writeBlob({ iv, tag, encryptedKeys, ciphertext }: VaultBlob): string {
  return toBase64(concat([iv, tag, encodeLength(encryptedKeys.length), encryptedKeys, ciphertext]));
}

/**
 * Splits an encrypted text into its parts. Missing padding and any white space are accepted; the URL-safe alphabet is
 * not. Throws {@linkcode VaultError} (`malformed`).
 */
export function readBlob(text: string): VaultBlob {
  checkText(text, "encryptedData");
  try {
    const bytes = decode(text);
    const { value: length, nextIndex: start } = decodeUint32(bytes, IV_LENGTH + TAG_LENGTH);
    if (length === 0 || length > bytes.length - start) throw new RangeError("It is cut off");
    return {
      iv: bytes.slice(0, IV_LENGTH),
      tag: bytes.slice(IV_LENGTH, IV_LENGTH + TAG_LENGTH),
      encryptedKeys: bytes.slice(start, start + length),
      ciphertext: bytes.slice(start + length),
    };
  } catch (cause) {
    throw new VaultError("Cannot decrypt: it is not an encrypted text, or incomplete", { reason: "malformed", cause });
  }
}

/** Imports a key for one purpose, not extractable, and overwrites the bytes it was made from. */
async function importKey(dataKey: string, purpose: "encrypt" | "decrypt"): Promise<CryptoKey> {
  const bytes = decodeKey(dataKey, (length) => length === KEY_LENGTH);
  try {
    return await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [purpose]);
  } finally {
    bytes.fill(0);
  }
}

function algorithm(iv: Uint8Array<ArrayBuffer>, { associatedData }: VaultDecryption): AesGcmParams {
  const params = { name: "AES-GCM", iv };
  // the member must be absent: some runtimes reject undefined
  return associatedData ? { ...params, additionalData: utf8(associatedData) } : params;
}

/** Decodes a key. Throws without a `cause`, which could quote the key. */
function decodeKey(text: string, fits: (length: number) => boolean): Uint8Array<ArrayBuffer> {
  try {
    const bytes = decode(text);
    if (fits(bytes.length)) return bytes;
  } catch {
    // it is not base64, or not a string
  }
  throw new VaultError("Cannot use data key: the API sent an incomplete one", { reason: "bad_key" });
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  return fromBase64(text.replace(/[\t\n\f\r ]+/g, ""));
}
