// Verification of email addresses.

import type { Entity, OfUser } from "../../entity.ts";

/** A code or token that was made for a user, without its value. */
export interface SentToUser<Kind extends string> extends Entity<Kind>, OfUser {
  /** Address of the user. */
  email: string;
  /** When it expires (ISO 8601). */
  expiresAt: string;
}

/** An email verification as events carry it: without the code. */
export type EmailVerificationEvent = SentToUser<"email_verification">;

/** An email verification. */
export interface EmailVerification extends EmailVerificationEvent {
  /** The code, to send to the user yourself. */
  code: string;
}

/** Who gets a verification email. */
export type SendVerificationEmailOptions = OfUser;

/** The code that verifies an address. */
export interface VerifyEmailOptions extends OfUser {
  /** The code from the email. */
  code: string;
}
