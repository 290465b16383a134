// Password resets.

/** A password reset as events carry it: without the token. */
export interface PasswordResetEvent {
  /** Always `password_reset`. */
  object: "password_reset";
  /** Id, `password_reset_…`. */
  id: string;
  /** Id of the user. */
  userId: string;
  /** Address of the user. */
  email: string;
  /** When the token expires (ISO 8601). */
  expiresAt: string;
  /** Time of creation (ISO 8601). */
  createdAt: string;
}

/** A password reset. */
export interface PasswordReset extends PasswordResetEvent {
  /** Secret that sets the new password. */
  passwordResetToken: string;
  /** Page on which the user sets the new password; it holds the token. */
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
