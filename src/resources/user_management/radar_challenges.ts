// Radar challenges: codes that a suspicious sign-in has to answer.

import type { Entity } from "../../entity.ts";
import type { OpenString } from "../../wire.ts";

/** An email challenge. */
export interface RadarChallenge extends Entity<"radar_challenge"> {
  /** How the code is delivered. */
  type: "email" | OpenString;
  /** Id of the user. */
  userId: string;
  /** Address the code goes to. */
  email: string;
  /** When the code expires (ISO 8601). */
  expiresAt: string;
  /** The code, to send to the user yourself. */
  code: string;
}

/** An SMS challenge to send. */
export interface SendRadarSmsChallengeOptions {
  /** Id of the user. */
  userId: string;
  /** Token of the {@linkcode AuthenticationException} that asked for this step. */
  pendingAuthenticationToken: string;
  /** Number the message goes to. */
  phoneNumber: string;
  /** IP address the user's request came from. */
  ipAddress?: string;
  /** User agent of the user's browser. */
  userAgent?: string;
}

/** An SMS challenge that was sent. */
export interface SendRadarSmsChallengeResponse {
  /** Id to pass to `authenticateWithRadarSmsChallenge`. */
  verificationId: string;
  /** Number the message went to. */
  phoneNumber: string;
}
