// Data of authentication events.

import type { OfUser } from "../../entity.ts";
import type { OpenString } from "../../wire.ts";

/** Why a sign-in failed. */
export interface AuthenticationEventError {
  /** Machine-readable code. */
  code: string;
  /** Text for people. */
  message: string;
}

/** The SSO connection behind a sign-in. */
export interface AuthenticationEventSso {
  /** Id of the connection, `null` when it is not known. */
  connectionId: string | null;
  /** Id of the organization, `null` when it is not known. */
  organizationId: string | null;
  /** Id of the SSO session; `null` or absent when there was none. */
  sessionId?: string | null;
}

/** Means of a sign-in. */
// deno-fmt-ignore
export type AuthenticationEventType =
  | "sso" | "password" | "oauth" | "mfa" | "magic_auth" | "email_verification" | "passkey" | "reauthentication"
  | OpenString;

/** How a sign-in went. */
export type AuthenticationEventStatus = "failed" | "succeeded" | "started" | "timed_out" | OpenString;

/** One attempt to sign in. */
export interface AuthenticationEvent {
  /** Address of the user, `null` when it is not known. */
  email: string | null;
  /** Why it failed; absent when it did not. */
  error?: AuthenticationEventError;
  /** IP address of the request, `null` when it is not known. */
  ipAddress: string | null;
  /** The SSO connection; absent for other means. */
  sso?: AuthenticationEventSso;
  /** How it went. */
  status: AuthenticationEventStatus;
  /** Means of the sign-in. */
  type: AuthenticationEventType;
  /** User agent of the request, `null` when it is not known. */
  userAgent: string | null;
  /** Id of the user, `null` when it is not known. */
  userId: string | null;
}

/** A sign-in or sign-up that Radar found risky. */
export interface AuthenticationRadarRiskDetectedEventData
  extends OfUser, Pick<AuthenticationEvent, "ipAddress" | "userAgent"> {
  /** Means of the attempt. */
  authMethod: string;
  /** What was attempted. */
  action: "signup" | "login" | OpenString;
  /** The control that found the risk, `null` for none. */
  control: string | null;
  /** The blocklist that matched, `null` for none. */
  blocklistType: string | null;
  /** Address of the user. */
  email: string;
}
