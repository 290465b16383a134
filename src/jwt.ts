// JSON Web Tokens (RFC 7519) signed with RS256, the only algorithm that this SDK accepts.

import { fromBase64Url, fromUtf8Strict, utf8 } from "./bytes.ts";
import { WorkOSException } from "./errors.ts";
import { isObject } from "./wire.ts";

/** The header of a token. Only `alg`, `kid` and `crit` are used. */
export interface JwtHeader {
  /** Signature algorithm. */
  alg: string;
  /** Id of the signing key. */
  kid?: unknown;
  /** Any other member. Embedded keys and key locations are never used. */
  [name: string]: unknown;
}

/** The claims of a token, under their own names. */
export type JwtClaims = Record<string, unknown>;

/** A public key in JSON form. */
export interface Jwk {
  /** Type of the key; only `"RSA"` is used. */
  kty?: string;
  /** Id of the key, as tokens name it. */
  kid?: string;
  /** Its algorithm. Absent: any that its type allows. */
  alg?: string;
  /** Its use: `"sig"` or `"enc"`. Absent: either. */
  use?: string;
  /** Its operations. Absent: all. */
  key_ops?: string[];
  /** RSA modulus, base64url. */
  n?: string;
  /** RSA public exponent, base64url. */
  e?: string;
  /** Private part. A key that has one is not used. */
  d?: string;
  /** Certificate chain. Not used. */
  x5c?: string[];
  /** SHA-256 hash of the certificate. Not used. */
  "x5t#S256"?: string;
}

/** A set of public keys in JSON form. */
export interface JsonWebKeySet {
  /** The keys, in any order. */
  keys: Jwk[];
}

/** Finds the key of a token. Returns `undefined` when there is none, and throws when the keys cannot be loaded. */
export type KeyLookup = (header: JwtHeader) => Promise<Jwk | undefined> | Jwk | undefined;

/**
 * Why a token is rejected.
 *
 * - `malformed`: not three base64url parts holding JSON objects
 * - `unsupported_algorithm`: signed with anything but RS256
 * - `critical_header`: its header has `crit`; no extension is supported
 * - `unknown_key`: no key matches its header, or several do
 * - `bad_signature`: the signature was not made with that key
 * - `expired`, `not_yet_valid`: it is past `exp`, or before `nbf`
 * - `wrong_issuer`, `wrong_audience`: its issuer or audience is not an accepted one
 * - `missing_claim`, `invalid_claim`: a required claim is absent, or one has the wrong type
 */
export type JwtFailure =
  | "malformed"
  | "unsupported_algorithm"
  | "critical_header"
  | "unknown_key"
  | "bad_signature"
  | "expired"
  | "not_yet_valid"
  | "wrong_issuer"
  | "wrong_audience"
  | "missing_claim"
  | "invalid_claim";

/** A decoded token, not verified. */
export interface DecodedJwt {
  /** The header. */
  header: JwtHeader;
  /** The claims. */
  payload: JwtClaims;
}

/** Result of {@linkcode verifyJwt}. */
export type JwtResult = { ok: true; claims: JwtClaims; header: JwtHeader } | { ok: false; reason: JwtFailure };

/** What {@linkcode verifyJwt} checks. */
export interface VerifyJwtOptions {
  /** Trusted keys, or a function that finds the key. What the function throws is rethrown. */
  keys: KeyLookup | JsonWebKeySet;
  /** Accepted `iss` values. Absent or `""`: the claim is not checked. An empty list accepts nothing. */
  issuer?: string | readonly string[];
  /** Accepted `aud` values; the token must have one of them. Absent: the claim is not checked. */
  audience?: string | readonly string[];
  /** How far the issuer's clock may be off, in seconds. Default 0. `Infinity` accepts any `exp` and `nbf`. */
  clockTolerance?: number;
  /** Returns the time in milliseconds since the epoch. Default `Date.now`. */
  now?: () => number;
  /** Whether to reject a token without `exp`. Default `true`. */
  requireExp?: boolean;
  /** Whether to reject a token without a session id (`sid`). Default `false`. */
  requireSid?: boolean;
}

/** A token cannot be decoded, the issuer does not have its key, or the key is broken or shorter than 2048 bits. */
export class JwtError extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "JwtError";
  /** Name of the class. */
  declare readonly name: "JwtError";
  /** Which of the three reasons applies. */
  declare readonly reason: "malformed" | "unusable_key" | "unknown_key";

  /** Made by the SDK. */
  constructor(message: string, options: { reason: JwtError["reason"]; cause?: unknown }) {
    super(message, options);
    this.reason = options.reason;
  }
}

/** RS256 in Web Crypto terms. */
export const RS256: RsaHashedImportParams = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** Decodes a token without verifying it. Throws {@linkcode JwtError} (`malformed`). */
export function decodeJwt(token: string): DecodedJwt {
  const { header } = split(token) ?? {};
  return { header: header ?? malformed(), payload: decodeClaims(token) };
}

/** Decodes the claims of a token with any header and signature. Throws {@linkcode JwtError} (`malformed`). */
export function decodeClaims(token: string): JwtClaims {
  const [, payload = ""] = /^[^.]*\.([^.]*)\.[^.]*$/.exec(token) ?? [];
  return readObject(payload) ?? malformed();
}

/**
 * Verifies a token: its algorithm, which must be RS256, its signature, and its claims. A rejected token is a result,
 * not an exception. Throws what `keys` throws, and {@linkcode JwtError} (`unusable_key`) for a key of the issuer that
 * cannot be used.
 */
export async function verifyJwt(token: string, options: VerifyJwtOptions): Promise<JwtResult> {
  const parts = split(token);
  if (!parts) return refuse("malformed");
  const { header } = parts;
  if (header.alg !== "RS256") return refuse("unsupported_algorithm");
  if (Object.hasOwn(header, "crit")) return refuse("critical_header");
  const jwk = await findKey(header, options.keys);
  if (!jwk) return refuse("unknown_key");
  const key = await importPublicKey(jwk);
  if (!await isSigned(parts, key)) return refuse("bad_signature");
  const claims = readObject(parts.payload);
  if (!claims) return refuse("malformed");
  const reason = checkTimes(claims, options) ?? checkParties(claims, options);
  return reason ? refuse(reason) : { ok: true, claims, header };
}

/**
 * Selects the key of a token with this header: the RSA signing key with the header's `kid`, or, without a `kid`, the
 * only RSA signing key. Returns `undefined` when none matches, or more than one.
 */
export function selectKey(keys: readonly Jwk[], header: JwtHeader): Jwk | undefined {
  const fitting = keys.filter((key) => fits(key, header));
  return fitting.length === 1 ? fitting[0] : undefined;
}

interface Parts {
  header: JwtHeader;
  payload: Uint8Array<ArrayBuffer>;
  signature: Uint8Array<ArrayBuffer>;
  signed: Uint8Array<ArrayBuffer>;
}

/** The parts of a token; `undefined` when it is malformed. Rejects padding, which the decoder would accept. */
function split(token: string): Parts | undefined {
  try {
    const [, signed, ...segments] = /^(([\w-]*)\.([\w-]*))\.([\w-]*)$/.exec(token) ?? [];
    const [first, payload, signature] = segments.map((segment) => fromBase64Url(segment));
    const header = readObject(first) as JwtHeader | undefined;
    return typeof header?.alg === "string" ? { header, payload, signature, signed: utf8(signed) } : undefined;
  } catch {
    return undefined;
  }
}

/** A JSON object, or `undefined` for anything else; drops the error of the parser, which may quote claims. */
function readObject(segment: Uint8Array | string): JwtClaims | undefined {
  try {
    const value: unknown = JSON.parse(fromUtf8Strict(typeof segment === "string" ? fromBase64Url(segment) : segment));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function malformed(): never {
  throw new JwtError("Cannot decode token: it is malformed", { reason: "malformed" });
}

function refuse(reason: JwtFailure): { ok: false; reason: JwtFailure } {
  return { ok: false, reason };
}

/** Finds the key of a token. Also checks a key that a lookup returns, as the lookup may compare only the `kid`. */
async function findKey(header: JwtHeader, keys: KeyLookup | JsonWebKeySet): Promise<Jwk | undefined> {
  if (typeof keys === "object" && Array.isArray(keys?.keys)) return selectKey(keys.keys, header);
  if (typeof keys !== "function") throw new TypeError("Cannot verify token: keys is neither a key set nor a function");
  const key = await keys(header);
  return key && selectKey([key], header);
}

function fits(jwk: Jwk, header: JwtHeader): boolean {
  const { kty, d, kid, alg = "RS256", use = "sig", key_ops = ["verify"] } = jwk;
  if (kty !== "RSA" || d !== undefined) return false; // a published private key is worthless
  if (Object.hasOwn(header, "kid") && (typeof header.kid !== "string" || kid !== header.kid)) return false;
  return alg === "RS256" && use === "sig" && Array.isArray(key_ops) && key_ops.includes("verify");
}

// Kept for as long as the key set with the JSON form
const publicKeys = /* @__PURE__ */ new WeakMap<Jwk, CryptoKey>();

/** The public key for RS256, imported once for each object. Throws {@linkcode JwtError} (`unusable_key`). */
export async function importPublicKey(jwk: Jwk): Promise<CryptoKey> {
  const known = publicKeys.get(jwk);
  if (known) return known;
  try {
    const { kty, n, e } = jwk; // runtimes might reject other members
    const key = await crypto.subtle.importKey("jwk", { kty, n, e }, RS256, false, ["verify"]);
    const exponent = fromBase64Url(e!).reduce((sum, byte) => 256 * sum + byte, 0); // with 1, anybody can sign
    const { modulusLength } = key.algorithm as RsaHashedKeyAlgorithm;
    if (modulusLength < 2048 || exponent < 3) throw new RangeError("It is too weak");
    publicKeys.set(jwk, key);
    return key;
  } catch (cause) {
    throw unusableKey(cause);
  }
}

async function isSigned({ signature, signed }: Parts, key: CryptoKey): Promise<boolean> {
  try {
    return await crypto.subtle.verify(RS256, key, signature, signed);
  } catch (cause) { // Deno looks into a key only when it is used
    throw unusableKey(cause);
  }
}

function unusableKey(cause: unknown): JwtError {
  return new JwtError("Cannot verify token: the issuer's key cannot be used", { reason: "unusable_key", cause });
}

/** Comparisons are written so that a tolerance that is not a number rejects the token, and a numeric string works. */
function checkTimes(claims: JwtClaims, options: VerifyJwtOptions): JwtFailure | undefined {
  const { clockTolerance = 0, now = Date.now, requireExp = true } = options;
  const seconds = Math.floor(now() / 1000);
  const { exp, nbf, iat } = claims;
  if (exp === undefined && requireExp) return "missing_claim";
  if (![exp, nbf, iat].every((time) => time === undefined || Number.isFinite(time))) return "invalid_claim";
  if (exp !== undefined && !(exp as number - seconds > -clockTolerance)) return "expired";
  if (nbf !== undefined && !(nbf as number - seconds <= clockTolerance)) return "not_yet_valid";
  return undefined;
}

/** Checks issuer, audience and session id. Returns why the token is rejected, or `undefined` when it is not. */
export function checkParties(
  claims: JwtClaims,
  options: Pick<VerifyJwtOptions, "issuer" | "audience" | "requireSid">,
): JwtFailure | undefined {
  const { issuer, audience, requireSid = false } = options;
  const { iss, aud, sid } = claims;
  if (issuer !== undefined && issuer !== "") {
    if (iss === undefined) return "missing_claim";
    if (!list(issuer).includes(iss)) return "wrong_issuer";
  }
  if (audience !== undefined) {
    if (aud === undefined) return "missing_claim";
    if (!list(aud).some((each) => list(audience).includes(each))) return "wrong_audience";
  }
  if (!requireSid) return undefined;
  if (sid === undefined) return "missing_claim";
  if (typeof sid !== "string" || sid === "") return "invalid_claim";
  return undefined;
}

function list(value: unknown): readonly unknown[] {
  return [value].flat();
}
