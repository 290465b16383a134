// Verification of email addresses.

import type { Entity } from "../../entity.ts";

/** An email verification as events carry it: without the code. */
export interface EmailVerificationEvent extends Entity<"email_verification"> {
  /** Id of the user. */
  userId: string;
  /** Address to verify. */
  email: string;
  /** When the code expires (ISO 8601). */
  expiresAt: string;
}

/** An email verification. */
export interface EmailVerification extends EmailVerificationEvent {
  /** The code, to send to the user yourself. */
  code: string;
}

/** Who gets a verification email. */
export interface SendVerificationEmailOptions {
  /** Id of the user. */
  userId: string;
}

/** The code that verifies an address. */
export interface VerifyEmailOptions {
  /** The code from the email. */
  code: string;
  /** Id of the user. */
  userId: string;
}
