// Sealed values: JSON that is encrypted and signed with a password, as text that is valid in a cookie.
// The format is Fe26.2, as the WorkOS libraries write and read it:
// `Fe26.2*<id>*<encryption salt>*<iv>*<ciphertext>*<expiration>*<integrity salt>*<mac>~2`. Keys come from one round of
// PBKDF2, so the password itself must be random: at least 32 characters from a password generator.

import { fromBase64Url, fromUtf8, randomBytes, textKey, toBase64Url, toHex, utf8 } from "./bytes.ts";
import { WorkOSException } from "./errors.ts";

/** A password, and the id by which seals refer to it. */
export interface SealPassword {
  /** One or more letters, digits and `_`. */
  id: string;
  /** At least 32 characters (UTF-16 units). */
  secret: string;
}

/**
 * One password, or several during a rotation, the new one first: the first seals, any of them opens. A plain string has
 * the id `"1"`, the only id that the Node SDK writes and reads. Several passwords may share an id; all of them are
 * tried.
 */
export type SealPasswords = string | readonly (string | SealPassword)[];

/** Options of {@linkcode sealData}. */
export interface SealOptions {
  /** The password, or several; the first seals. */
  password: SealPasswords;
  /** Milliseconds until the seal expires. Default 0: never. */
  ttl?: number;
  /** Returns the time in milliseconds since the epoch. Default `Date.now`. */
  now?: () => number;
}

/** Options of {@linkcode unsealData}. */
export interface UnsealOptions {
  /** The password, or several; any of them opens. */
  password: SealPasswords;
  /** Returns the time in milliseconds since the epoch. Default `Date.now`. */
  now?: () => number;
}

/**
 * Why a seal was not opened.
 *
 * - `malformed`: it does not have the format of a seal
 * - `unknown_password`: no given password has its password id
 * - `bad_signature`: it was changed, or made with another password of that id
 * - `expired`: it is genuine, but expired at least a minute ago
 * - `undecryptable`, `not_json`: it is genuine, but its content is not encrypted JSON
 */
export type UnsealFailure =
  | "malformed"
  | "unknown_password"
  | "bad_signature"
  | "expired"
  | "undecryptable"
  | "not_json";

/** Result of {@linkcode unsealData}. */
export type UnsealResult = { ok: true; value: unknown } | { ok: false; reason: UnsealFailure };

/** The parts of one seal, apart from its text; see {@linkcode sealText}. */
export interface SealParts {
  /** The password, with its id. */
  password: SealPassword;
  /** Milliseconds since the epoch as text, or `""` for a seal that never expires. */
  expiration: string;
  /** Salt of the encryption key; its characters are used, not what they encode. */
  encryptionSalt: string;
  /** Salt of the signing key. */
  integritySalt: string;
  /** 16 bytes. */
  iv: Uint8Array<ArrayBuffer>;
}

/** A value cannot be sealed or opened: the password is empty or too short, or the value has no JSON form. */
export class SealError extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "SealError";
  /** Name of the class. */
  declare readonly name: "SealError";
  /** Which of the three reasons applies. */
  declare readonly reason: "empty_password" | "short_password" | "not_serializable";

  /** Made by this module. */
  constructor(message: string, options: { reason: SealError["reason"]; cause?: unknown }) {
    super(message, options);
    this.reason = options.reason;
  }
}

const PREFIX = "Fe26.2";
/** A seal without its version: the signed part with five captures after the prefix, then salt and signature. */
const SEAL = /^(Fe26\.2\*([^*]*)\*([^*]*)\*([^*]*)\*([^*]*)\*([1-9][0-9]*|))\*([^*]*)\*([^*]*)$/;
const MIN_PASSWORD_LENGTH = 32;
const CLOCK_SKEW = 60_000;

/**
 * Seals the JSON form of a value, so members that are `undefined` are lost. Throws {@linkcode SealError} when a
 * password is missing or under 32 characters, also in a list, and for a value without a JSON form; a `TypeError` for an
 * invalid password id; and a `RangeError` for a `ttl` that is not a whole number of milliseconds.
 */
export async function sealData(value: unknown, { password, ttl = 0, now = Date.now }: SealOptions): Promise<string> {
  const [first] = checkPasswords(password);
  if (!Number.isSafeInteger(ttl) || ttl < 0) throw new RangeError("Cannot seal: ttl is not a number of milliseconds");
  const seal = await sealText(serialize(value), {
    password: first,
    expiration: ttl === 0 ? "" : String(Math.floor(now()) + ttl),
    encryptionSalt: toHex(randomBytes(32)),
    integritySalt: toHex(randomBytes(32)),
    iv: randomBytes(16),
  });
  return `${seal}~2`;
}

/**
 * Opens a seal. An invalid seal is a result, not an exception. A seal without a version, or of version 2, contains the
 * value directly; others contain it in a member `persistent`, which is unwrapped. A sealed `null` opens as `{}`, as in
 * the Node SDK. Throws for passwords as {@linkcode sealData} does, before it reads the seal.
 */
export async function unsealData(seal: string, { password, now = Date.now }: UnsealOptions): Promise<UnsealResult> {
  const passwords = checkPasswords(password);
  const [sealed, version] = typeof seal === "string" ? seal.split("~") : [""];
  const [, signed, id, encryptionSalt, iv, ciphertext, expiration, integritySalt, tail] = SEAL.exec(sealed) ?? [];
  const mac = signed && decode(tail);
  if (!mac) return refuse("malformed");
  const candidates = passwords.filter((each) => each.id === (id || "default"));
  if (candidates.length === 0) return refuse("unknown_password");
  if (!encryptionSalt || !integritySalt) return refuse("bad_signature"); // WebKit cannot use an empty salt
  const message = utf8(signed);
  for (const { secret } of candidates) {
    const [encryptionKey, signingKey] = await deriveKeys(secret, { encryptionSalt, integritySalt });
    if (!await crypto.subtle.verify("HMAC", signingKey, mac, message)) continue; // compares in constant time
    if (expiration !== "" && Number(expiration) <= now() - CLOCK_SKEW) return refuse("expired");
    const text = await decrypt(encryptionKey, { iv, ciphertext });
    return text === undefined ? refuse("undecryptable") : readJson(text, version);
  }
  return refuse("bad_signature");
}

/** The passwords as a list. Throws what {@linkcode sealData} throws for unusable ones. */
export function checkPasswords(password: SealPasswords): SealPassword[] {
  const given = [password].flat() as readonly (string | SealPassword)[];
  const passwords = given.map((each) => typeof each === "object" && each ? each : { id: "1", secret: each });
  if (passwords.length === 0) throw new SealError("Empty password", { reason: "empty_password" });
  for (const { id, secret } of passwords) {
    if (!secret) throw new SealError("Empty password", { reason: "empty_password" });
    if (typeof secret !== "string" || typeof id !== "string" || !/^\w+$/.test(id)) {
      throw new TypeError("Cannot use seal password: it is not a string, or its id is invalid");
    }
    if (secret.length < MIN_PASSWORD_LENGTH) {
      const message = `Password string too short (min ${MIN_PASSWORD_LENGTH} characters required)`;
      throw new SealError(message, { reason: "short_password" });
    }
  }
  return passwords;
}

/** Seals a text with given salts and without the version suffix: the last step of {@linkcode sealData}. */
export async function sealText(text: string, parts: SealParts): Promise<string> {
  const { password: { id, secret }, expiration, encryptionSalt, integritySalt, iv } = parts;
  const [encryptionKey, signingKey] = await deriveKeys(secret, parts);
  const ciphertext = await crypto.subtle.encrypt({ name: "AES-CBC", iv }, encryptionKey, utf8(text));
  const signed = [PREFIX, id, encryptionSalt, toBase64Url(iv), toBase64Url(new Uint8Array(ciphertext)), expiration]
    .join("*");
  const mac = await crypto.subtle.sign("HMAC", signingKey, utf8(signed));
  return `${signed}*${integritySalt}*${toBase64Url(new Uint8Array(mac))}`;
}

function refuse(reason: UnsealFailure): UnsealResult {
  return { ok: false, reason };
}

function serialize(value: unknown): string {
  try {
    const text = JSON.stringify(value);
    if (text !== undefined) return text;
    throw new TypeError("It has none");
  } catch (cause) {
    throw new SealError("Cannot seal value: it has no JSON form", { reason: "not_serializable", cause });
  }
}

function decode(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64Url(text);
  } catch {
    return undefined;
  }
}

/** Decrypts a seal. Called only for genuine seals, so that a failure reveals nothing to an attacker. */
async function decrypt(key: CryptoKey, seal: { iv: string; ciphertext: string }): Promise<string | undefined> {
  if (!seal.ciphertext) return undefined; // it would crash a page in WebKitGTK
  try {
    const algorithm = { name: "AES-CBC", iv: fromBase64Url(seal.iv) };
    return fromUtf8(new Uint8Array(await crypto.subtle.decrypt(algorithm, key, fromBase64Url(seal.ciphertext))));
  } catch {
    return undefined;
  }
}

function readJson(text: string, version = "2"): UnsealResult {
  try {
    const value = JSON.parse(text.replace(/^\uFEFF/, "")) ?? {};
    return { ok: true, value: parseInt(version, 10) === 2 ? value : value.persistent ?? value };
  } catch {
    return refuse("not_json");
  }
}

/** Derives the encryption key and the signing key concurrently, as some runtimes derive keys on other threads. */
async function deriveKeys(
  secret: string,
  { encryptionSalt, integritySalt }: Pick<SealParts, "encryptionSalt" | "integritySalt">,
): Promise<[CryptoKey, CryptoKey]> {
  const base = await textKey(secret, "PBKDF2", "deriveKey");
  // The format requires one round, SHA-1, and the characters of the salt instead of what they encode
  const derive = (salt: string, algorithm: AesKeyGenParams | HmacKeyGenParams, usages: KeyUsage[]) => {
    const recipe = { name: "PBKDF2", hash: "SHA-1", iterations: 1, salt: utf8(salt) };
    return crypto.subtle.deriveKey(recipe, base, algorithm, false, usages);
  };
  return await Promise.all([
    derive(encryptionSalt, { name: "AES-CBC", length: 256 }, ["encrypt", "decrypt"]),
    derive(integritySalt, { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign", "verify"]),
  ]);
}
