// Radar challenges: codes that a suspicious sign-in requires.

import type { OfUser } from "../../entity.ts";
import type { ContinueSignInOptions } from "./authentication.ts";
import type { SentToUser } from "./email_verification.ts";
import type { OpenString } from "../../wire.ts";

/** An email challenge. */
export interface RadarChallenge extends SentToUser<"radar_challenge"> {
  /** How the code is delivered. */
  type: "email" | OpenString;
  /** The code, to send to the user yourself. */
  code: string;
}

/** An SMS challenge to send. */
export interface SendRadarSmsChallengeOptions
  extends OfUser, Pick<ContinueSignInOptions, "pendingAuthenticationToken" | "ipAddress" | "userAgent"> {
  /** Number the message goes to. */
  phoneNumber: string;
}

/** An SMS challenge that was sent. */
export interface SendRadarSmsChallengeResponse {
  /** Id to pass to `authenticateWithRadarSmsChallenge`. */
  verificationId: string;
  /** Number the message went to. */
  phoneNumber: string;
}
