// What the emulator signs its tokens with: RS256, as the API does.

import { toBase64Url, utf8 } from "../bytes.ts";
import { type Jwk, RS256 } from "../jwt.ts";

/** Options of {@linkcode signJwt}. */
export interface SignJwtOptions {
  /** A private RSA key for `RSASSA-PKCS1-v1_5` with SHA-256, usable for signing. */
  privateKey: CryptoKey;
  /** Id of the key, for the header. Left out when absent. */
  kid?: string;
  /** Additional header members; they override `alg`, `typ` and `kid`. */
  header?: Record<string, unknown>;
}

/** An RSA key pair that signs tokens. */
export interface SigningKey {
  /** Private key for `RSASSA-PKCS1-v1_5` with SHA-256, at least 2048 bits, usable for `sign`. */
  privateKey: CryptoKey;
  /** Its public key, with a `kid`, as it is served in the key set. */
  jwk: Jwk;
}

/** Signs claims with RS256. */
export async function signJwt(claims: object, { privateKey, kid, header }: SignJwtOptions): Promise<string> {
  const parts = [{ alg: "RS256", typ: "JWT", kid, ...header }, claims];
  const signed = parts.map((part) => toBase64Url(utf8(JSON.stringify(part)))).join(".");
  const signature = await crypto.subtle.sign(RS256, privateKey, utf8(signed));
  return `${signed}.${toBase64Url(new Uint8Array(signature))}`;
}

/**
 * Generates a 2048-bit RSA key pair with this `kid`, for the option `signingKey` of emulators. Takes tens to hundreds of
 * milliseconds, so many emulators may share one.
 */
export async function generateSigningKey(kid: string): Promise<SigningKey> {
  const algorithm = { ...RS256, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  const pair = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const { n, e } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { privateKey: pair.privateKey, jwk: { kty: "RSA", alg: "RS256", use: "sig", kid, n, e } };
}
