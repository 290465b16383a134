// The least that could be written for each task: one fetch and JSON.parse, or the bare functions of Web Crypto.
import { KEY } from "./contestants.ts";

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const hmacKeys = new Map<string, Promise<CryptoKey>>();
const baseKeys = new Map<string, Promise<CryptoKey>>();

/** One GET. */
export async function get(fetchFn: Fetch, url: string): Promise<unknown> {
  const response = await fetchFn(url, { method: "GET", headers: { Authorization: `Bearer ${KEY}` } });
  const value = JSON.parse(await response.text());
  if (!response.ok) throw new Error(value.message);
  return value;
}

/** One POST. */
export async function post(fetchFn: Fetch, url: string, body: object): Promise<unknown> {
  const headers = { Authorization: `Bearer ${KEY}`, "Content-Type": "application/json" };
  const response = await fetchFn(url, { method: "POST", headers, body: JSON.stringify(body) });
  return JSON.parse(await response.text());
}

/** Verifies and parses one webhook. */
export async function verifyWebhook(
  { payload, sigHeader, secret, tolerance }: { payload: string; sigHeader: string; secret: string; tolerance: number },
): Promise<unknown> {
  const [timestamp, signature] = sigHeader.split(", ").map((part) => part.slice(part.indexOf("=") + 1));
  if (!(Math.abs(Date.now() - Number(timestamp)) <= tolerance)) throw new Error("too old");
  if (!hmacKeys.has(secret)) hmacKeys.set(secret, hmacKey(encoder.encode(secret), "verify"));
  const key = await hmacKeys.get(secret)!;
  const signed = encoder.encode(`${timestamp}.${payload}`);
  if (!await crypto.subtle.verify("HMAC", key, hexBytes(signature), signed)) throw new Error("wrong signature");
  return JSON.parse(payload);
}

/** Opens one seal. */
export async function unseal(seal: string, password: string): Promise<unknown> {
  const [prefix, id, salt, iv, cipher, expiration, integritySalt, mac] = seal.split("~")[0].split("*");
  if (prefix !== "Fe26.2" || id !== "1") throw new Error("no seal");
  const signed = [prefix, id, salt, iv, cipher, expiration].join("*");
  const macKey = await hmacKey(await derive(password, integritySalt), "verify");
  if (!await crypto.subtle.verify("HMAC", macKey, bytes(mac), encoder.encode(signed))) throw new Error("wrong seal");
  if (expiration && Number(expiration) <= Date.now() - 60_000) throw new Error("expired");
  const key = await crypto.subtle.importKey("raw", await derive(password, salt), "AES-CBC", false, ["decrypt"]);
  const plain = await crypto.subtle.decrypt({ name: "AES-CBC", iv: bytes(iv) }, key, bytes(cipher));
  return JSON.parse(decoder.decode(plain));
}

/** Makes one seal. */
export async function seal(value: unknown, password: string): Promise<string> {
  const [salt, integritySalt] = [0, 0].map(() => hex(crypto.getRandomValues(new Uint8Array(32))));
  const iv = crypto.getRandomValues(new Uint8Array(16));
  const key = await crypto.subtle.importKey("raw", await derive(password, salt), "AES-CBC", false, ["encrypt"]);
  const plain = encoder.encode(JSON.stringify(value));
  const cipher = await crypto.subtle.encrypt({ name: "AES-CBC", iv }, key, plain);
  const signed = ["Fe26.2", "1", salt, base64url(iv), base64url(new Uint8Array(cipher)), ""].join("*");
  const macKey = await hmacKey(await derive(password, integritySalt), "sign");
  const mac = await crypto.subtle.sign("HMAC", macKey, encoder.encode(signed));
  return `${signed}*${integritySalt}*${base64url(new Uint8Array(mac))}~2`;
}

/** Opens one session cookie and verifies the token in it. */
export async function authenticate(cookie: string, password: string, key: CryptoKey): Promise<unknown> {
  const { accessToken, user } = await unseal(cookie, password) as { accessToken: string; user: unknown };
  const [header, payload, signature] = accessToken.split(".");
  if (JSON.parse(decoder.decode(bytes(header))).alg !== "RS256") throw new Error("wrong algorithm");
  const signed = encoder.encode(`${header}.${payload}`);
  if (!await crypto.subtle.verify("RSASSA-PKCS1-v1_5", key, bytes(signature), signed)) throw new Error("wrong token");
  const claims = JSON.parse(decoder.decode(bytes(payload)));
  if (claims.exp * 1000 < Date.now()) throw new Error("expired");
  return { user, claims };
}

/** Makes one PKCE pair. */
export async function pkce(): Promise<{ codeVerifier: string; codeChallenge: string }> {
  const codeVerifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(codeVerifier));
  return { codeVerifier, codeChallenge: base64url(new Uint8Array(digest)) };
}

/** Signs one text. */
export async function sign(text: string, secret: string): Promise<string> {
  const key = await hmacKey(encoder.encode(secret), "sign");
  return hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text))));
}

/** Base64 for URLs. */
export function base64url(data: Uint8Array): string {
  return btoa(String.fromCharCode(...data)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function hmacKey(raw: Uint8Array<ArrayBuffer>, use: "sign" | "verify"): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, [use]);
}

async function derive(password: string, salt: string): Promise<Uint8Array<ArrayBuffer>> {
  if (!baseKeys.has(password)) baseKeys.set(password, baseKey(password));
  const base = await baseKeys.get(password)!;
  const parameters = { name: "PBKDF2", hash: "SHA-1", salt: encoder.encode(salt), iterations: 1 };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, base, 256));
}

async function baseKey(password: string): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", encoder.encode(password), "PBKDF2", false, ["deriveBits"]);
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const data = new Uint8Array(binary.length);
  for (let i = 0; i < data.length; i++) data[i] = binary.charCodeAt(i);
  return data;
}

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex(data: Uint8Array): string {
  let text = "";
  for (let i = 0; i < data.length; i++) text += DIGITS[data[i]];
  return text;
}

function hexBytes(text: string): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(text.length / 2);
  for (let i = 0; i < data.length; i++) data[i] = parseInt(text.slice(i * 2, i * 2 + 2), 16);
  return data;
}
