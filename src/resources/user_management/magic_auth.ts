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

/** A code that was just made. */
export interface CreateMagicAuthResponse extends MagicAuth {
  /** Radar's record of this attempt, to pass to the sign-in that follows; absent when Radar is off. */
  radarAuthAttemptId?: string;
}

/** A code to make. */
export interface CreateMagicAuthOptions {
  /** Address of the user. */
  email: string;
  /** Invitation that the sign-in accepts. */
  invitationToken?: string;
  /** IP address the user's request came from. */
  ipAddress?: string;
  /** User agent of the user's browser. */
  userAgent?: string;
  /** Radar's record of an attempt this one belongs to. */
  radarAuthAttemptId?: string;
  /** Id of signals that Radar gathered in the browser. */
  signalsId?: string;
}

/** Reads a code that was just made; there may be no Radar attempt. */
export function readCreatedMagicAuth(wire: Wire): CreateMagicAuthResponse {
  const magicAuth = camel<CreateMagicAuthResponse>(wire);
  if (!magicAuth.radarAuthAttemptId) delete magicAuth.radarAuthAttemptId;
  return magicAuth;
}
