// Invitations: emails that ask someone to join.

import type { Entity } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import type { OpenString } from "../../wire.ts";

/** State of an invitation. */
export type InvitationState = "pending" | "accepted" | "expired" | "revoked" | OpenString;

/** An invitation as events carry it: without the token that accepts it. */
export interface InvitationEvent extends Entity<"invitation"> {
  /** Address the invitation went to. */
  email: string;
  /** State of the invitation. */
  state: InvitationState;
  /** When it was accepted (ISO 8601); `null` if it was not. */
  acceptedAt: string | null;
  /** When it was revoked (ISO 8601); `null` if it was not. */
  revokedAt: string | null;
  /** When it expires (ISO 8601). */
  expiresAt: string;
  /** Id of the organization to join; `null` for an invitation to the application only. */
  organizationId: string | null;
  /** Id of the user who invites, `null` when none was given. */
  inviterUserId: string | null;
  /** Id of the user who accepted; `null` if nobody has. */
  acceptedUserId: string | null;
  /** Slug of the role the user gets in the organization, `null` for none. */
  roleSlug: string | null;
}

/** An invitation. */
export interface Invitation extends InvitationEvent {
  /** Secret that accepts the invitation. */
  token: string;
  /** Page on which the invitation can be accepted; the URL contains the token. */
  acceptInvitationUrl: string;
}

/** An invitation to send. */
export interface SendInvitationOptions {
  /** Address to send it to. */
  email: string;
  /** Id of the organization to join. */
  organizationId?: string;
  /** Days until the invitation expires, 1 to 30. Default of the API: 7. */
  expiresInDays?: number;
  /** Id of the user who invites; the email names them. */
  inviterUserId?: string;
  /** Slug of the role the user gets in the organization. */
  roleSlug?: string;
  /** Language of the email. Default: the API's. */
  locale?: Locale;
}

/** How to send an invitation again. */
export interface ResendInvitationOptions {
  /** Language of the email. Default: the API's. */
  locale?: Locale;
}

/** Which invitations to list. */
export interface ListInvitationsOptions extends PaginationOptions {
  /** Only invitations to this organization. */
  organizationId?: string;
  /** Only invitations sent to this address. */
  email?: string;
}

/** Languages that WorkOS writes emails in. */
// deno-fmt-ignore
export type Locale =
  | "af" | "am" | "ar" | "bg" | "bn" | "bs" | "ca" | "cs" | "da" | "de" | "de-DE" | "el" | "en" | "en-AU" | "en-CA"
  | "en-GB" | "en-US" | "es" | "es-419" | "es-ES" | "es-US" | "et" | "fa" | "fi" | "fil" | "fr" | "fr-BE" | "fr-CA"
  | "fr-FR" | "fy" | "gl" | "gu" | "ha" | "he" | "hi" | "hr" | "hu" | "hy" | "id" | "is" | "it" | "it-IT" | "ja" | "jv"
  | "ka" | "kk" | "km" | "kn" | "ko" | "lt" | "lv" | "mk" | "ml" | "mn" | "mr" | "ms" | "my" | "nb" | "ne" | "nl"
  | "nl-BE" | "nl-NL" | "nn" | "no" | "pa" | "pl" | "pt" | "pt-BR" | "pt-PT" | "ro" | "ru" | "sk" | "sl" | "sq" | "sr"
  | "sv" | "sw" | "ta" | "te" | "th" | "tr" | "uk" | "ur" | "uz" | "vi" | "zh" | "zh-CN" | "zh-HK" | "zh-TW" | "zu"
  | OpenString;
