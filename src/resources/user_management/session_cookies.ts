// Sessions as cookies: what is sealed, how large a cookie may be, and how a session is split into several cookies.

import { WorkOSException } from "../../errors.ts";
import { decodeClaims, type JwtFailure } from "../../jwt.ts";
import { checkPasswords, sealData, type SealPasswords, unsealData } from "../../seal.ts";
import type { AccessTokenClaims } from "./access_tokens.ts";
import { type AuthenticationResponse, checkCookieSize, type SealingOptions } from "./authentication.ts";
import type {
  AuthenticateWithSessionCookieFailedResponse,
  AuthenticateWithSessionCookieSuccessResponse,
} from "./cookie_session.ts";

/** Content of a sealed session. Cookies of other WorkOS libraries may lack the optional members. */
export interface SessionCookieData extends
  Pick<
    AuthenticationResponse,
    "accessToken" | "authenticationMethod" | "impersonator" | "organizationId" | "refreshToken" | "user"
  > {}

/** Options of {@linkcode splitSessionCookie} and {@linkcode joinSessionCookie}. */
export interface SplitCookieOptions {
  /** Name of the cookie. Default: `wos-session`. */
  name?: string;
  /** Maximum size of each cookie in bytes, name and value together, at least 256. Default: 4096. */
  maxCookieSize?: number;
}

/** One cookie to set; an empty value means that the cookie must be deleted. */
export interface CookiePair {
  /** Name of the cookie. */
  name: string;
  /** Value of the cookie; its characters need no encoding. */
  value: string;
}

const COOKIE_NAME = "wos-session";

/**
 * The sealed session exceeds the size limit of a cookie; browsers drop such cookies silently. Its tokens are new and
 * the old ones are spent: set `sealedSession` with {@linkcode splitSessionCookie}, or use option `slim` from now on.
 */
export class SessionCookieTooLargeException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "SessionCookieTooLargeException";
  /** Name of the class. */
  declare readonly name: "SessionCookieTooLargeException";
  /** Size of the cookie in bytes, counting `wos-session` as its name. */
  declare readonly size: number;
  /** The size limit, in bytes. */
  declare readonly maxCookieSize: number;
  readonly #sealedSession: string;

  /** Made by the SDK. */
  constructor({ sealedSession, size, limit }: { sealedSession: string; size: number; limit: number }) {
    super(`Cannot keep session in one cookie: it takes ${size} bytes of ${limit}`);
    this.size = size;
    this.maxCookieSize = limit;
    this.#sealedSession = sealedSession;
  }

  /** The sealed session. Not printed with the exception. */
  get sealedSession(): string {
    return this.#sealedSession;
  }
}

/**
 * The client rejects the access token of a session, most likely because option `issuer` does not include its issuer.
 * The session is not over: correct the option. While an issuer is being replaced, list the old and the new one.
 */
export class SessionTokenException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "SessionTokenException";
  /** Name of the class. */
  declare readonly name: "SessionTokenException";
  /** Why the token is rejected. */
  declare readonly reason: JwtFailure;
  readonly #sealedSession: string;

  /** Made by the SDK. */
  constructor({ reason, sealedSession }: { reason: JwtFailure; sealedSession: string }) {
    super(`Cannot use session: ${reason} of its access token, see option "issuer"`);
    this.reason = reason;
    this.#sealedSession = sealedSession;
  }

  /** The sealed session to keep; a new one if the refresh token was spent. Not printed with the exception. */
  get sealedSession(): string {
    return this.#sealedSession;
  }
}

/** How {@linkcode sealSession} seals. */
export interface SealSessionOptions {
  /** Password; of several, the first seals. */
  cookiePassword: SealPasswords;
  /** Whether to seal only `object` and `id` of the user. Default: `false`. */
  slim?: boolean;
}

/**
 * Seals the response of a sign-in as a session cookie of any size, with the members and order of the Node SDK. Throws
 * {@linkcode SealError} for a password that is missing or under 32 characters, `JwtError` if the token is no JWT.
 */
export async function sealSession(
  response: AuthenticationResponse,
  { cookiePassword, slim = false }: SealSessionOptions,
): Promise<string> {
  const { user, accessToken, refreshToken, authenticationMethod, impersonator } = response;
  const session: SessionCookieData = {
    organizationId: decodeClaims(accessToken).org_id as string | undefined,
    user: slim ? { object: user.object, id: user.id } as SessionCookieData["user"] : user,
    accessToken,
    refreshToken,
    authenticationMethod,
    impersonator,
  };
  return await sealData(session, { password: cookiePassword });
}

/**
 * Returns a sealed session, or throws {@linkcode SessionCookieTooLargeException} when it exceeds the limit. The default
 * limit does not apply if the session `before` exceeded it: such a session is split into several cookies.
 */
export function fitCookie(sealedSession: string, { maxCookieSize }: SealingOptions, before = ""): string {
  const limit = checkCookieSize(maxCookieSize);
  const [size, sizeBefore] = [sealedSession, before].map((each) => COOKIE_NAME.length + 1 + each.length);
  if (size > limit && (maxCookieSize !== undefined || sizeBefore <= limit)) {
    throw new SessionCookieTooLargeException({ sealedSession, size, limit });
  }
  return sealedSession;
}

/** Opens a sealed session; `undefined` for anything else. Throws only for passwords that are missing or too short. */
export async function openSession(
  sessionData: string,
  { password, now }: { password: SealPasswords; now?: () => number },
): Promise<Partial<SessionCookieData> | undefined> {
  const opened = await unsealData(sessionData, { password, now });
  if (!opened.ok || typeof opened.value !== "object") return undefined; // a sealed `null` opens as `{}`
  return opened.value as Partial<SessionCookieData>;
}

/** The session in a cookie and the password that opened it, or the reason why there is none. */
export type OpenedCookie =
  | { session: SessionCookieData; opener: SealPasswords; reason?: undefined }
  | { session?: undefined; opener?: undefined; reason: "no_session_cookie_provided" | "invalid_session_cookie" };

/** Opens a session cookie. Throws only for passwords that are missing or too short. */
export async function openCookie(
  sessionData: string,
  { cookiePassword, now }: { cookiePassword: SealPasswords; now?: () => number },
): Promise<OpenedCookie> {
  const passwords = checkPasswords(cookiePassword);
  if (!sessionData) return { reason: "no_session_cookie_provided" };
  for (const each of passwords) {
    const session = await openSession(sessionData, { password: [each], now });
    if (!session) continue;
    if (typeof session.accessToken !== "string" || session.accessToken === "") break;
    return { session: session as SessionCookieData, opener: [each] };
  }
  return { reason: "invalid_session_cookie" };
}

/** Combines the content of a cookie with the claims of its access token. */
export function describeSession(
  claims: Partial<AccessTokenClaims>,
  { user, authenticationMethod, impersonator, accessToken }: SessionCookieData,
): AuthenticateWithSessionCookieSuccessResponse {
  return {
    authenticated: true,
    sessionId: claims.sid!,
    organizationId: claims.org_id,
    role: claims.role,
    roles: claims.roles,
    permissions: claims.permissions,
    entitlements: claims.entitlements,
    featureFlags: claims.feature_flags,
    user,
    authenticationMethod,
    impersonator,
    accessToken,
  };
}

/** Tells who is signed in, by the content of a cookie. `verify` checks the access token; throws what it throws. */
export async function authenticateCookie(
  { session, reason }: OpenedCookie,
  verify: (session: SessionCookieData) => Promise<{ ok: true; claims: Partial<AccessTokenClaims> } | { ok: false }>,
): Promise<AuthenticateWithSessionCookieSuccessResponse | AuthenticateWithSessionCookieFailedResponse> {
  if (!session) return { authenticated: false, reason };
  const token = await verify(session);
  return token.ok ? describeSession(token.claims, session) : { authenticated: false, reason: "invalid_jwt" };
}

/**
 * Splits a sealed session into as many cookies as it needs: one called `name`, or `<name>.0`, `<name>.1` and so on, the
 * first of which contains their number. A cookie with an empty value belongs to the other layout; delete it.
 * Throws a `RangeError` for more than 99 cookies.
 */
export function splitSessionCookie(sealedSession: string, options: SplitCookieOptions = {}): CookiePair[] {
  const { name = COOKIE_NAME, maxCookieSize } = options;
  const room = checkCookieSize(maxCookieSize) - name.length - 1;
  if (sealedSession.length <= room) return [{ name, value: sealedSession }, { name: `${name}.0`, value: "" }];
  const length = room - 6; // for the number in each name, and the count in the first value
  const count = Math.ceil(sealedSession.length / length);
  if (!(count > 0 && count < 100)) throw new RangeError("Cannot split session: it needs more than 99 cookies");
  const chunks = Array.from({ length: count }, (_, i) => sealedSession.slice(i * length, (i + 1) * length));
  const cookies = chunks.map((chunk, i) => ({ name: `${name}.${i}`, value: i === 0 ? `${count}.${chunk}` : chunk }));
  return [{ name, value: "" }, ...cookies];
}

/** Joins what {@linkcode splitSessionCookie} split, from a `Cookie` header or cookies by name; `""` if incomplete. */
export function joinSessionCookie(
  cookies: string | null | undefined | Readonly<Record<string, string | undefined>>,
  { name = COOKIE_NAME }: SplitCookieOptions = {},
): string {
  const values = typeof cookies === "object" && cookies !== null ? cookies : parseCookies(cookies ?? "");
  const value = (key: string) => Object.hasOwn(values, key) ? values[key] ?? "" : "";
  const [, count, start] = /^([1-9][0-9]?)\.(.+)$/.exec(value(`${name}.0`)) ?? [];
  if (value(name) !== "" || count === undefined) return value(name);
  const rest = Array.from({ length: Number(count) - 1 }, (_, i) => value(`${name}.${i + 1}`));
  return rest.includes("") ? "" : start + rest.join("");
}

/** The first of several cookies with the same name wins: browsers send the one with the longest path first. */
function parseCookies(header: string): Record<string, string> {
  const pairs = header.split(";").reverse().map((pair) => {
    const end = pair.indexOf("=");
    return [pair.slice(0, Math.max(end, 0)).trim(), pair.slice(end + 1).trim().replace(/^"|"$/g, "")];
  });
  return Object.fromEntries(pairs);
}
