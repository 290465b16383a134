// Sessions as the API keeps them.

import type { Entity, OfUser } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import { camel, type OpenString, type Wire } from "../../wire.ts";
import type { Impersonator } from "./authentication.ts";

/** How a session was started. */
// deno-fmt-ignore
export type AuthMethod =
  | "cross_app_auth" | "external_auth" | "impersonation" | "magic_code" | "migrated_session" | "oauth" | "passkey"
  | "password" | "sso" | "unknown" | OpenString;

/** State of a session. */
export type SessionStatus = "active" | "expired" | "revoked" | OpenString;

/** One sign-in of a user on one device. */
export interface Session extends Entity<"session">, OfUser {
  /** Id, `session_...`: the `sid` claim of its access tokens. */
  id: string;
  /** IP address it was started from, `null` when it is not known. */
  ipAddress: string | null;
  /** User agent it was started with, `null` when it is not known. */
  userAgent: string | null;
  /** Organization of the session; absent when it has none. */
  organizationId?: string;
  /** Who acts as the user; absent without impersonation. */
  impersonator?: Impersonator;
  /** How it was started. */
  authMethod: AuthMethod;
  /** State of the session. */
  status: SessionStatus;
  /** When it expires (ISO 8601). */
  expiresAt: string;
  /** When it ended (ISO 8601), `null` while it has not. */
  endedAt: string | null;
}

/** Which sessions to list. */
export interface ListSessionsOptions extends PaginationOptions {}

/** The session to revoke. */
export interface RevokeSessionOptions {
  /** Id of the session: the `sid` claim of its access token. */
  sessionId: string;
}

/** The session to revoke, with wire names. Public because the Node SDK exports it. */
export function serializeRevokeSessionOptions({ sessionId }: RevokeSessionOptions): { session_id: string } {
  return { session_id: sessionId };
}

/** Reads a session; sets `object` to `session`, whatever the API sends. */
export function readSession(wire: Wire): Session {
  const session = camel<Session>(wire);
  session.object = "session";
  return session;
}
