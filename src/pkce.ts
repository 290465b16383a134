/**
 * Proof Key for Code Exchange (RFC 7636), for apps that cannot keep a client secret.
 *
 * ```ts
 * import { PKCE } from "@universal/workos/pkce";
 *
 * const { codeVerifier, codeChallenge, codeChallengeMethod } = await new PKCE().generate();
 * // Keep the verifier until the redirect comes back; send the other two with the authorization request.
 * console.log(codeVerifier.length, codeChallenge.length, codeChallengeMethod); // 43 43 S256
 * ```
 *
 * @module
 */

import { randomBytes, toBase64Url, utf8 } from "./bytes.ts";

/** A code verifier and its challenge. */
export interface PKCEPair {
  /** The secret half. The app keeps it until the code is exchanged. */
  codeVerifier: string;
  /** The public half, sent with the authorization request. */
  codeChallenge: string;
  /** Method of the challenge: SHA-256, the only method that WorkOS accepts. */
  codeChallengeMethod: "S256";
}

/** Generates code verifiers and challenges. It has no state; its methods also work without `this`. */
export class PKCE {
  /** Generates a random verifier. Throws a `RangeError` if `length`, by default 43, is no integer from 43 to 128. */
  generateCodeVerifier(length: number = 43): string {
    if (!Number.isInteger(length) || length < 43 || length > 128) {
      throw new RangeError(`Code verifier length must be between 43 and 128, got ${length}`);
    }
    return verifierFromBytes(randomBytes(Math.ceil(length * 3 / 4)), length);
  }

  /**
   * Computes the challenge of a verifier: its SHA-256 hash in base64url. The verifier itself is not checked. Throws a
   * `TypeError` in a web page that is not a secure context, as browsers have no Web Crypto there.
   */
  async generateCodeChallenge(verifier: string): Promise<string> {
    return await challenge(verifier);
  }

  /** Generates a verifier of 43 characters and its challenge. */
  async generate(): Promise<PKCEPair> {
    const codeVerifier = verifierFromBytes(randomBytes(33), 43);
    return { codeVerifier, codeChallenge: await challenge(codeVerifier), codeChallengeMethod: "S256" };
  }
}

/** Encodes random bytes as a verifier: their base64url text, cut to `length` characters. */
export function verifierFromBytes(bytes: Uint8Array, length: number): string {
  return toBase64Url(bytes).slice(0, length);
}

async function challenge(verifier: string): Promise<string> {
  const { subtle } = crypto;
  if (!subtle) throw new TypeError("Cannot hash code verifier: crypto.subtle needs HTTPS");
  return toBase64Url(new Uint8Array(await subtle.digest("SHA-256", utf8(verifier))));
}
