/**
 * Vault's encryption without a client, with existing data keys: one key from the API can encrypt many texts. A client's
 * `vault.decrypt` decrypts what is encrypted here, and the other way round.
 *
 * ```ts
 * import { decryptWithDataKey, encryptedKeysOf, encryptWithDataKey } from "@universal/workos/vault";
 *
 * // As vault.createDataKey({ context }) returns them:
 * const dataKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
 * const encryptedKeys = "V09TLkVLTS52MQ==";
 *
 * const encrypted = await encryptWithDataKey("a secret", { dataKey, encryptedKeys });
 * // When the data key is no longer available, pass this to vault.decryptDataKey({ keys }):
 * console.log(encryptedKeysOf(encrypted) === encryptedKeys); // true
 * console.log(await decryptWithDataKey(encrypted, { dataKey })); // a secret
 * ```
 *
 * @module
 */

import { toBase64 } from "../bytes.ts";
import { associatedText, checkText, decryptBlob, encryptText, readBlob } from "../vault_crypto.ts";

export { WorkOSException } from "../errors.ts";
export type { ExceptionDetails } from "../errors.ts";
export { VaultError } from "../vault_crypto.ts";
export type { VaultFailure } from "../vault_crypto.ts";

/** Options of {@linkcode decryptWithDataKey}. */
export interface DataKeyDecryption {
  /** The data key, base64 of 32 bytes. */
  dataKey: string;
  /** Must be the same for encryption and decryption. Default: none, which `""` and `null` mean, too. */
  associatedData?: string | null;
}

/** Options of {@linkcode encryptWithDataKey}. */
export interface DataKeyEncryption extends DataKeyDecryption {
  /** The encrypted data key from the API, base64; the encrypted text contains it. */
  encryptedKeys: string;
}

/**
 * Encrypts a text with AES-256-GCM and a new random IV. Encrypt at most 2^32 texts with one key (NIST SP 800-38D
 * section 8.3). Lone surrogates become U+FFFD. Throws {@linkcode VaultError} (`bad_key`) for unusable keys, and a
 * `TypeError` for a `text` or `associatedData` that is not a string.
 */
export async function encryptWithDataKey(
  text: string,
  { dataKey, encryptedKeys, associatedData }: DataKeyEncryption,
): Promise<string> {
  checkText(text, "text");
  return await encryptText(text, { dataKey, encryptedKeys, associatedData: associatedText(associatedData) });
}

/**
 * Decrypts a result of {@linkcode encryptWithDataKey} or `vault.encrypt`, to the exact text. Throws
 * {@linkcode VaultError}, and a `TypeError` for an `encrypted` or `associatedData` that is not a string.
 */
export async function decryptWithDataKey(
  encrypted: string,
  { dataKey, associatedData }: DataKeyDecryption,
): Promise<string> {
  return await decryptBlob(readBlob(encrypted), { dataKey, associatedData: associatedText(associatedData) });
}

/** The encrypted data key in an encrypted text, base64. Throws {@linkcode VaultError} (`malformed`). */
export function encryptedKeysOf(encrypted: string): string {
  return toBase64(readBlob(encrypted).encryptedKeys);
}
