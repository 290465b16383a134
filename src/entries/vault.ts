/**
 * Vault's encryption without a client, for who has data keys already: one key that the API made can encrypt many texts.
 * What is encrypted here can be decrypted by `vault.decrypt` of a client, and the other way round.
 *
 * ```ts
 * import { decryptWithDataKey, encryptedKeysOf, encryptWithDataKey } from "@universal/workos/vault";
 *
 * // As vault.createDataKey({ context }) returns them:
 * const dataKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
 * const encryptedKeys = "V09TLkVLTS52MQ==";
 *
 * const encrypted = await encryptWithDataKey("a secret", { dataKey, encryptedKeys });
 * // What vault.decryptDataKey({ keys }) takes, where the data key is not at hand any more:
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

/** What {@linkcode decryptWithDataKey} decrypts with. */
export interface DataKeyDecryption {
  /** The data key, base64 of 32 bytes. */
  dataKey: string;
  /** What else has to be the same as at encryption. An empty text and `null` count as none, the default. */
  associatedData?: string | null;
}

/** What {@linkcode encryptWithDataKey} encrypts with. */
export interface DataKeyEncryption extends DataKeyDecryption {
  /** The data key as the API encrypted it, base64; the encrypted text contains it. */
  encryptedKeys: string;
}

/**
 * Encrypts a text with AES-256-GCM under a new random IV; at most 2^32 texts under one key (NIST SP 800-38D section
 * 8.3). Lone surrogates become U+FFFD. Throws {@linkcode VaultError} (`bad_key`) for keys that cannot be used, and a
 * `TypeError` for what is no text.
 */
export async function encryptWithDataKey(
  text: string,
  { dataKey, encryptedKeys, associatedData }: DataKeyEncryption,
): Promise<string> {
  checkText(text, "text");
  return await encryptText(text, { dataKey, encryptedKeys, associatedData: associatedText(associatedData) });
}

/**
 * Decrypts what {@linkcode encryptWithDataKey} or `vault.encrypt` returned, exactly. Throws {@linkcode VaultError}:
 * `malformed`, `undecryptable` or `bad_key`.
 */
export async function decryptWithDataKey(
  encrypted: string,
  { dataKey, associatedData }: DataKeyDecryption,
): Promise<string> {
  return await decryptBlob(readBlob(encrypted), { dataKey, associatedData: associatedText(associatedData) });
}

/** The encrypted data key inside of an encrypted text, base64. Throws {@linkcode VaultError} (`malformed`). */
export function encryptedKeysOf(encrypted: string): string {
  return toBase64(readBlob(encrypted).encryptedKeys);
}
