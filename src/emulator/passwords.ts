import { timingSafeEqual, utf8 } from "../bytes.ts";

/** Enough for a store that lives in memory; real ones use far more. */
const ITERATIONS = 2_000;

/** A salted PBKDF2 hash. */
export interface PasswordHash {
  /** Random salt. */
  salt: Uint8Array<ArrayBuffer>;
  /** 32 bytes. */
  hash: Uint8Array<ArrayBuffer>;
}

/** Hashes a password. */
export async function hashPassword(password: string, salt: Uint8Array): Promise<PasswordHash> {
  const copy = new Uint8Array(salt);
  return { salt: copy, hash: await derive(password, copy) };
}

/** Whether this is the password that was hashed. */
export async function checkPassword(password: string, { salt, hash }: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, salt), hash);
}

async function derive(password: string, salt: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey("raw", utf8(password), "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256));
}
