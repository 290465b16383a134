// Magic Auth: one-time codes that sign a user in.

import { camel, type Wire } from "../../wire.ts";
import type { SentToUser } from "./email_verification.ts";

/** A code as events carry it: without the code itself. */
export type MagicAuthEvent = SentToUser<"magic_auth">;

/** A one-time code. */
export interface MagicAuth extends MagicAuthEvent {
  /** The code, to send to the user yourself. */
  code: string;
}

/** A newly created code. */
export interface CreateMagicAuthResponse extends MagicAuth {
  /** Id of this Radar attempt, to pass to the sign-in that follows; absent when Radar is off. */
  radarAuthAttemptId?: string;
}

/** A code to create. */
export interface CreateMagicAuthOptions {
  /** Address of the user. */
  email: string;
  /** Invitation that the sign-in accepts. */
  invitationToken?: string;
  /** IP address the user's request came from. */
  ipAddress?: string;
  /** User agent of the user's browser. */
  userAgent?: string;
  /** Id of the Radar attempt that this sign-in belongs to. */
  radarAuthAttemptId?: string;
  /** Id of the signals that Radar collected in the browser. */
  signalsId?: string;
}

/** Reads a newly created code; leaves out an empty Radar attempt. */
export function readCreatedMagicAuth(wire: Wire): CreateMagicAuthResponse {
  const magicAuth = camel<CreateMagicAuthResponse>(wire);
  if (!magicAuth.radarAuthAttemptId) delete magicAuth.radarAuthAttemptId;
  return magicAuth;
}
