import type { CookieSession, WorkOSOptions } from "../../../mod.ts";
import { generateSigningKey, type SigningKey, signJwt } from "../../../src/emulator/signing.ts";
import { sealData, type SealPasswords } from "../../../src/seal.ts";
import { type FakeApi, fakeApi } from "../../fake_api.ts";

/** 2026-09-21, the time of the vectors. */
export const NOW = 1_790_000_000_000;
export const PASSWORD = "correct horse battery staple 0123456789";
export const OTHER_PASSWORD = "a password that came after the first one";
export const USER = { object: "user", id: "user_1", email: "ada@example.com", metadata: { first_name: "x" } };
export const WIRE_USER = { ...USER, email_verified: true, created_at: "2026-01-01T00:00:00.000Z" };

let key: Promise<SigningKey> | undefined;

/** One key for all files that are tested together: making one takes long. */
export function signingKey(): Promise<SigningKey> {
  return key ??= generateSigningKey("kid_1");
}

export async function jwks(): Promise<{ keys: unknown[] }> {
  return { keys: [(await signingKey()).jwk] };
}

/** An access token of a session, good for one minute after `NOW`. */
export async function accessToken(claims: object = {}, header?: Record<string, unknown>): Promise<string> {
  const times = { iat: NOW / 1000 - 240, exp: NOW / 1000 + 60 };
  const parties = { iss: "https://api.workos.com", sub: "user_1", sid: "session_1", org_id: "org_1" };
  return await signJwt({ ...parties, ...times, ...claims }, { ...await signingKey(), kid: "kid_1", header });
}

/** The cookie of a session. */
export async function cookie(session: object = {}, password: SealPasswords = PASSWORD): Promise<string> {
  const members = { accessToken: await accessToken(), refreshToken: "refresh_1", user: USER };
  return await sealData({ organizationId: "org_1", ...members, ...session }, { password });
}

/** The cookie of a session whose access token expired some seconds ago. */
export async function expiredCookie(seconds = 1, session: object = {}): Promise<string> {
  return await cookie({ accessToken: await accessToken({ exp: NOW / 1000 - seconds }), ...session });
}

/** What the API answers to a refresh. */
export async function reply(members: object = {}, claims: object = {}): Promise<object> {
  return {
    user: WIRE_USER,
    organization_id: "org_1",
    access_token: await accessToken({ sid: "session_new", role: "admin", ...claims }),
    refresh_token: "refresh_2",
    authentication_method: "SSO",
    ...members,
  };
}

/** A value without its `undefined` members. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

/** What came of a promise. */
export async function outcome(run: () => Promise<unknown>): Promise<{ value?: unknown; throws?: Error }> {
  try {
    return { value: plain(await run()) };
  } catch (throws) {
    return { throws: throws as Error };
  }
}

interface LoadedSession {
  api: FakeApi;
  make(cookiePassword?: string | string[]): CookieSession;
}

/** A client, and how to load a session of its cookie again and again. */
export async function loadSession(options: WorkOSOptions, ...answers: unknown[]): Promise<LoadedSession> {
  const api = fakeApi.with(options, ...answers);
  const sessionData = await cookie();
  const make = (cookiePassword: string | string[] = PASSWORD) =>
    api.workos.userManagement.loadSealedSession({ sessionData, cookiePassword });
  return { api, make };
}

/** An answer that comes when the test says so. */
export function gate(): { promise: Promise<Response>; open: (response: Response) => void } {
  let open: (response: Response) => void = () => {};
  return { promise: new Promise((resolve) => open = resolve), open: (response) => open(response) };
}

/** Long enough for whatever needs no answer. */
export async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
