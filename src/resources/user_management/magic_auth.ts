// Magic Auth: one-time codes that sign a user in.

import { camel, type Wire } from "../../wire.ts";
import type { AuthenticateWithPasswordOptions } from "./authentication.ts";
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
export interface CreateMagicAuthOptions
  extends Omit<AuthenticateWithPasswordOptions, "password" | "clientId" | "deviceId" | "session"> {}

/** Reads a code that was just made; there may be no Radar attempt. */
export function readCreatedMagicAuth(wire: Wire): CreateMagicAuthResponse {
  const magicAuth = camel<CreateMagicAuthResponse>(wire);
  if (!magicAuth.radarAuthAttemptId) delete magicAuth.radarAuthAttemptId;
  return magicAuth;
}
