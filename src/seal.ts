/**
 * Sealed values: JSON that is encrypted and signed with a password, as text that fits a cookie.
 *
 * The format is Fe26.2, as WorkOS' own libraries write and read it:
 * `Fe26.2*<id>*<encryption salt>*<iv>*<ciphertext>*<expiration>*<integrity salt>*<mac>~2`. Keys come from one round of
 * PBKDF2, so the password itself has to be random: 32 characters or more from a password generator.
 *
 * @module
 */

import { fromBase64Url, fromUtf8, randomBytes, toBase64Url, toHex, utf8 } from "./bytes.ts";

/** A password and the id that seals name it by. */
export interface SealPassword {
  /** One or more letters, digits and `_`. */
  id: string;
  /** At least 32 characters (UTF-16 units). */
  secret: string;
}

/**
 * One password, or several while they are rotated: the first one seals, any of them opens.
 *
 * A plain string has the id `"1"`, the only one the Node SDK writes and finds. Several passwords may share an id; all of
 * them are tried. To rotate, put the new password in front: `[newPassword, oldPassword]`.
 */
export type SealPasswords = string | readonly (string | SealPassword)[];

/** How {@linkcode sealData} seals. */
export interface SealOptions {
  /** The password, or several; the first one seals. */
  password: SealPasswords;
  /** Milliseconds until the seal expires. Defaults to 0: never. */
  ttl?: number;
  /** The clock, in milliseconds since the epoch. Defaults to `Date.now`. */
  now?: () => number;
}

/** How {@linkcode unsealData} opens. */
export interface UnsealOptions {
  /** The password, or several; any of them opens. */
  password: SealPasswords;
  /** The clock, in milliseconds since the epoch. Defaults to `Date.now`. */
  now?: () => number;
}

/**
 * Why a seal was not opened.
 *
 * - `malformed`: it is not written like a seal
 * - `unknown_password`: it names a password nobody gave
 * - `bad_signature`: it was changed, or made with another password of that name
 * - `expired`: it is genuine, and its time is over since more than a minute
 * - `undecryptable`, `not_json`: it is genuine, and its writer put something else inside
 */
export type UnsealFailure =
  | "malformed"
  | "unknown_password"
  | "bad_signature"
  | "expired"
  | "undecryptable"
  | "not_json";

/** What {@linkcode unsealData} found. */
export type UnsealResult = { ok: true; value: unknown } | { ok: false; reason: UnsealFailure };

/** Everything that goes into one seal; see {@linkcode sealText}. */
export interface SealParts {
  /** The password, with its id. */
  password: SealPassword;
  /** Milliseconds since the epoch as text, or `""` for a seal that never expires. */
  expiration: string;
  /** Salt of the encryption key, used as the characters it is written in. */
  encryptionSalt: string;
  /** Salt of the signing key. */
  integritySalt: string;
  /** 16 bytes. */
  iv: Uint8Array<ArrayBuffer>;
}

/** Sealing that cannot work: a password that is empty or too short, or a value without a JSON form. */
export class SealError extends Error {
  /** Which of the three it is. */
  readonly reason: "empty_password" | "short_password" | "not_serializable";

  /** Made by this module. */
  constructor(message: string, options: { reason: SealError["reason"]; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SealError";
    this.reason = options.reason;
  }
}

const PREFIX = "Fe26.2";
const MIN_PASSWORD_LENGTH = 32;
const CLOCK_SKEW = 60_000;

/**
 * Seals a value. Its JSON form is what counts, so members that are `undefined` vanish.
 *
 * Throws {@linkcode SealError} for a password under 32 characters and a value without a JSON form, a `TypeError` for a
 * bad password id or an empty list, and a `RangeError` for a ttl that is not a whole number of milliseconds.
 */
export async function sealData(value: unknown, { password, ttl = 0, now = Date.now }: SealOptions): Promise<string> {
  const [first] = passwordList(password);
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
 * Opens a seal. Whatever is wrong with the seal is a result, never an exception.
 *
 * A seal without a version, or of version 2, holds its value directly. Older ones keep it in a member `persistent`,
 * which is unwrapped. A sealed `null` opens as `{}`, as in the Node SDK.
 *
 * Throws {@linkcode SealError} or `TypeError` for passwords that {@linkcode sealData} would refuse, before it looks at
 * the seal.
 */
export async function unsealData(seal: string, { password, now = Date.now }: UnsealOptions): Promise<UnsealResult> {
  const passwords = passwordList(password);
  const [sealed, version] = typeof seal === "string" ? seal.split("~") : [""];
  const parts = sealed.split("*");
  const [prefix, id, encryptionSalt, iv, ciphertext, expiration, integritySalt, mac] = parts;
  if (parts.length !== 8 || prefix !== PREFIX || !/^([1-9][0-9]*)?$/.test(expiration)) return refuse("malformed");
  const macBytes = attempt(() => fromBase64Url(mac));
  if (!macBytes) return refuse("malformed");
  const candidates = passwords.filter((each) => each.id === (id || "default"));
  if (candidates.length === 0) return refuse("unknown_password");
  const signed = utf8(parts.slice(0, 6).join("*"));
  const genuine = await findSigner(candidates, { integritySalt, mac: macBytes, signed });
  if (!genuine) return refuse("bad_signature");
  if (expiration !== "" && Number(expiration) <= now() - CLOCK_SKEW) return refuse("expired");
  const text = await decrypt(genuine.secret, { encryptionSalt, iv, ciphertext });
  if (text === undefined) return refuse("undecryptable");
  return readJson(text, version);
}

/** Throws what {@linkcode sealData} throws for passwords it cannot use, before there is anything to seal. */
export function checkPasswords(password: SealPasswords): void {
  passwordList(password);
}

/** Seals a text with chosen salts and no version suffix. {@linkcode sealData} is what to use; this is its last step. */
export async function sealText(text: string, parts: SealParts): Promise<string> {
  const { password: { id, secret }, expiration, encryptionSalt, integritySalt, iv } = parts;
  const key = await encryptionKey(secret, encryptionSalt);
  const ciphertext = await crypto.subtle.encrypt({ name: "AES-CBC", iv }, key, utf8(text));
  const signed = [PREFIX, id, encryptionSalt, toBase64Url(iv), toBase64Url(new Uint8Array(ciphertext)), expiration]
    .join("*");
  const mac = await crypto.subtle.sign("HMAC", await integrityKey(secret, integritySalt), utf8(signed));
  return `${signed}*${integritySalt}*${toBase64Url(new Uint8Array(mac))}`;
}

function refuse(reason: UnsealFailure): UnsealResult {
  return { ok: false, reason };
}

function passwordList(password: SealPasswords): [SealPassword, ...SealPassword[]] {
  const given = typeof password === "string" ? [password] : password ?? [""];
  const [first, ...others] = given.map((each) => typeof each === "string" ? { id: "1", secret: each } : each);
  if (!first) throw new TypeError("Cannot use seal passwords: the list is empty");
  for (const each of [first, ...others]) checkPassword(each);
  return [first, ...others];
}

function checkPassword({ id, secret }: SealPassword): void {
  if (!/^[A-Za-z0-9_]+$/.test(id)) {
    throw new TypeError(`Cannot use seal password: "${id}" is not an id of letters, digits and _`);
  }
  if (!secret) throw new SealError("Empty password", { reason: "empty_password" });
  if (secret.length >= MIN_PASSWORD_LENGTH) return;
  throw new SealError(`Password string too short (min ${MIN_PASSWORD_LENGTH} characters required)`, {
    reason: "short_password",
  });
}

function serialize(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new SealError("Cannot seal value: it has no JSON form", { reason: "not_serializable", cause });
  }
  if (text !== undefined) return text;
  throw new SealError("Cannot seal value: it has no JSON form", { reason: "not_serializable" });
}

interface Signed {
  integritySalt: string;
  mac: Uint8Array<ArrayBuffer>;
  signed: Uint8Array<ArrayBuffer>;
}

async function findSigner(candidates: SealPassword[], seal: Signed): Promise<SealPassword | undefined> {
  for (const candidate of candidates) {
    const key = await integrityKey(candidate.secret, seal.integritySalt);
    if (await crypto.subtle.verify("HMAC", key, seal.mac, seal.signed)) return candidate; // compares in constant time
  }
  return undefined;
}

interface Encrypted {
  encryptionSalt: string;
  iv: string;
  ciphertext: string;
}

/** Called only for a seal that is genuine, so a failure tells nothing to whoever sent it. */
async function decrypt(secret: string, seal: Encrypted): Promise<string | undefined> {
  const iv = attempt(() => fromBase64Url(seal.iv));
  const ciphertext = attempt(() => fromBase64Url(seal.ciphertext));
  if (!iv || !ciphertext) return undefined;
  const key = await encryptionKey(secret, seal.encryptionSalt);
  try {
    return fromUtf8(new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, ciphertext)));
  } catch {
    return undefined;
  }
}

function readJson(text: string, version: string | undefined): UnsealResult {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, "")) ?? {};
  } catch {
    return refuse("not_json");
  }
  if (version === undefined || parseInt(version, 10) === 2) return { ok: true, value };
  return { ok: true, value: (value as { persistent?: unknown }).persistent ?? value };
}

function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

async function encryptionKey(secret: string, salt: string): Promise<CryptoKey> {
  return await deriveKey(secret, salt, { name: "AES-CBC", length: 256 }, ["encrypt", "decrypt"]);
}

async function integrityKey(secret: string, salt: string): Promise<CryptoKey> {
  return await deriveKey(secret, salt, { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign", "verify"]);
}

/** One round, SHA-1, and the salt taken as the characters it is written in: what the format prescribes. */
async function deriveKey(
  secret: string,
  salt: string,
  algorithm: AesDerivedKeyParams | HmacImportParams,
  usages: KeyUsage[],
): Promise<CryptoKey> {
  const base = baseKeys.get(secret) ?? await importPassword(secret);
  const recipe = { name: "PBKDF2", hash: "SHA-1", iterations: 1, salt: utf8(salt) };
  return await crypto.subtle.deriveKey(recipe, base, algorithm, false, usages);
}

// Finished keys only: a promise may not outlive its request on Workers.
const baseKeys = /* @__PURE__ */ new Map<string, CryptoKey>();

async function importPassword(secret: string): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey("raw", utf8(secret), "PBKDF2", false, ["deriveKey"]);
  if (baseKeys.size >= 8) baseKeys.clear();
  baseKeys.set(secret, key);
  return key;
}
