import { concat, fromUtf8, utf8 } from "../bytes.ts";
import type { Entropy } from "./ids.ts";

const IV_LENGTH = 12;

/** What a value belongs to. It stands next to the sealed value, readable but not changeable. */
export interface Label {
  /** Id of the key or object. */
  id: string;
  /** What the caller made it for. */
  context: Record<string, string>;
}

/** An unsealed value, and its label. */
export interface Unsealed {
  value: Uint8Array<ArrayBuffer>;
  label: Label;
}

/**
 * The master key of a vault. It opens sealed values for the lifetime of the emulator, also after a reset.
 *
 * A sealed value is: label (JSON), a zero byte, IV, ciphertext. The tag of the ciphertext covers the label.
 */
export class VaultKeys {
  readonly #entropy: Entropy;
  #key: Promise<CryptoKey> | undefined;

  /** The key is made when it is first needed. */
  constructor(entropy: Entropy) {
    this.#entropy = entropy;
  }

  /** Encrypts a value, bound to its label. */
  async seal(value: Uint8Array<ArrayBuffer>, label: Label): Promise<Uint8Array<ArrayBuffer>> {
    const key = await this.#masterKey();
    const iv = this.#bytes(IV_LENGTH);
    const additionalData = utf8(JSON.stringify(label));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, value);
    return concat([additionalData, new Uint8Array(1), iv, new Uint8Array(sealed)]);
  }

  /** Decrypts a value; `undefined` when it was not sealed here or was changed. */
  async open(sealed: Uint8Array<ArrayBuffer>): Promise<Unsealed | undefined> {
    const key = await this.#masterKey();
    try {
      const end = sealed.indexOf(0); // JSON has none
      const start = end + 1 + IV_LENGTH;
      const additionalData = sealed.slice(0, end);
      const algorithm = { name: "AES-GCM", iv: sealed.slice(end + 1, start), additionalData };
      const value = await crypto.subtle.decrypt(algorithm, key, sealed.slice(start));
      return { value: new Uint8Array(value), label: JSON.parse(fromUtf8(additionalData)) };
    } catch {
      return undefined; // whatever is wrong with it, it is not ours as it was
    }
  }

  #masterKey(): Promise<CryptoKey> {
    return this.#key ??= crypto.subtle.importKey("raw", this.#bytes(32), "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  #bytes(length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#entropy(length));
  }
}
