// Encryption with a vault's data key: AES-256-GCM, and the layout of the encrypted text.
// An encrypted text is the standard base64 of: 12 bytes of IV, 16 bytes of authentication tag, the length of the
// encrypted data key (LEB128), the encrypted data key, the ciphertext. The tag covers the ciphertext, the IV and the
// associated data; the API checks the integrity of the encrypted data key when it decrypts it.

import { concat, fromBase64, fromUtf8, randomBytes, toBase64, utf8 } from "./bytes.ts";
import { WorkOSException } from "./errors.ts";
import { decodeUint32, encodeUint32 } from "./leb128.ts";

const IV_LENGTH = 12;
const TAG_LENGTH = 16;
const KEY_LENGTH = 32;

/**
 * Why a vault's encryption or decryption failed.
 *
 * - `malformed`: the encrypted text has another format or is cut off; no request was sent
 * - `undecryptable`: the text was changed, or the key or the associated data differs from that of its encryption
 * - `bad_key`: the data key is not usable, such as one that the API sent incomplete
 */
export type VaultFailure = "malformed" | "undecryptable" | "bad_key";

/** Local encryption or decryption of Vault data failed; `reason` says why. */
export class VaultError extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "VaultError";
  /** Name of the class. */
  declare readonly name: "VaultError";
  /** Why it failed. */
  declare readonly reason: VaultFailure;

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
  /** Authentication tag of ciphertext, IV and associated data, 16 bytes. */
  tag: Uint8Array<ArrayBuffer>;
  /** The encrypted data key from the API. */
  encryptedKeys: Uint8Array<ArrayBuffer>;
  /** The ciphertext, as long as the text in UTF-8. */
  ciphertext: Uint8Array<ArrayBuffer>;
}

/** Key and associated data of a decryption. */
export interface VaultDecryption {
  /** The data key, base64 of 32 bytes. */
  dataKey: string;
  /** Must be the same for encryption and decryption; `""` means none. */
  associatedData?: string;
}

/** Keys and associated data of an encryption. */
export interface VaultEncryption extends VaultDecryption {
  /** The encrypted data key from the API, base64. */
  encryptedKeys: string;
  /** 12 bytes. Default: random. Must be unique among the texts that one data key encrypts. */
  iv?: Uint8Array<ArrayBuffer>;
}

/** Throws a `TypeError` for anything but a string, whose conversion to bytes could differ from what was meant. */
export function checkText(value: unknown, name: string): void {
  if (typeof value !== "string") throw new TypeError(`Cannot use ${name}: it is not a string`);
}

/** Associated data as a text, empty for none. Throws a `TypeError` for anything but a string. */
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
  const end = sealed.length - TAG_LENGTH; // Web Crypto appends the tag; the blob begins with IV and tag
  return writeBlob({ iv, tag: sealed.subarray(end), encryptedKeys, ciphertext: sealed.subarray(0, end) });
}

/** Decrypts to the text; invalid UTF-8 becomes U+FFFD. Throws {@linkcode VaultError}: `undecryptable` or `bad_key`. */
export async function decryptBlob(blob: VaultBlob, options: VaultDecryption): Promise<string> {
  const key = await importKey(options.dataKey, "decrypt");
  const sealed = concat([blob.ciphertext, blob.tag]);
  try {
    return fromUtf8(new Uint8Array(await crypto.subtle.decrypt(algorithm(blob.iv, options), key, sealed)));
  } catch (cause) {
    throw new VaultError("Cannot decrypt: it was changed, or the key or associated data differs", {
      reason: "undecryptable",
      cause,
    });
  }
}

/** Joins the parts of an encrypted text. */
export function writeBlob({ iv, tag, encryptedKeys, ciphertext }: VaultBlob): string {
  return toBase64(concat([iv, tag, encodeUint32(encryptedKeys.length), encryptedKeys, ciphertext]));
}

/**
 * Splits an encrypted text into its parts. Padding may be missing and white space may be anywhere, as transport may
 * change both; the URL-safe alphabet is rejected. Throws {@linkcode VaultError} (`malformed`).
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

/** Imports a key for one purpose, not extractable; wipes its bytes. */
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
  // the member must be absent: some runtimes would read an undefined one
  return associatedData ? { ...params, additionalData: utf8(associatedData) } : params;
}

/** Decodes a key. The exception has no cause, as that could quote the key. */
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
