// Password resets.

import type { SentToUser } from "./email_verification.ts";

/** A password reset as events carry it: without the token. */
export type PasswordResetEvent = Omit<SentToUser<"password_reset">, "updatedAt">;

/** A password reset. */
export interface PasswordReset extends PasswordResetEvent {
  /** Secret that sets the new password. */
  passwordResetToken: string;
  /** Page on which the user sets the new password; the URL contains the token. */
  passwordResetUrl: string;
}

/** A password reset to begin. */
export interface CreatePasswordResetOptions {
  /** Address of the user. */
  email: string;
}

/** The new password of a user. */
export interface ResetPasswordOptions {
  /** Token of the password reset. */
  token: string;
  /** The new password. */
  newPassword: string;
}
