// Users, their identities and the codes that change an email address.

import type { Entity, OfUser } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import { camel, type OpenString, type Wire } from "../../wire.ts";

/** A person who signs in to your application. `Metadata` is the shape of your own `metadata`. */
export interface User<Metadata extends object = Record<string, string>> extends Entity<"user"> {
  /** Email address. */
  email: string;
  /** Whether the user has proved to own the address. */
  emailVerified: boolean;
  /** URL of a picture, `null` when there is none. */
  profilePictureUrl: string | null;
  /** Full name, `null` when it is not known. */
  name: string | null;
  /** First name, `null` when it is not known. */
  firstName: string | null;
  /** Last name, `null` when it is not known. */
  lastName: string | null;
  /** Time of the last sign-in (ISO 8601), `null` before the first. */
  lastSignInAt: string | null;
  /** Preferred locale, such as `en-US`; `null` when it is not known, absent where the API does not send it. */
  locale: string | null;
  /** Your own id for this user, `null` when none was set. */
  externalId: string | null;
  /** Your own data, under the keys you set; empty when nothing was set. */
  metadata: Metadata;
}

/** A newly created user. */
export interface CreateUserResponse<Metadata extends object = Record<string, string>> extends User<Metadata> {
  /** Id of this Radar attempt, to pass to the sign-in that follows; absent when Radar is off. */
  radarAuthAttemptId?: string;
}

/** Algorithm of an imported password hash. */
// deno-fmt-ignore
export type PasswordHashType =
  | "bcrypt" | "firebase-scrypt" | "ssha" | "ssha256" | "scrypt" | "pbkdf2" | "argon2" | OpenString;

/** A password to set, as text or as an imported hash, but not both. */
export interface PasswordOptions {
  /** Password as text. */
  password?: string | null;
  /** Hash from another system; needs `passwordHashType`. */
  passwordHash?: string;
  /** Algorithm of `passwordHash`. */
  passwordHashType?: PasswordHashType;
  /** Whether the salt comes before or after the password in `passwordHash`. */
  passwordSaltPosition?: "prefix" | "suffix" | OpenString;
}

/** A user to create. */
export interface CreateUserOptions<Metadata extends object = Record<string, string>> extends PasswordOptions {
  /** Email address. */
  email: string;
  /** Full name. */
  name?: string | null;
  /** First name. */
  firstName?: string | null;
  /** Last name. */
  lastName?: string | null;
  /** Whether the address is known to belong to the user. */
  emailVerified?: boolean | null;
  /** Your own id for the user. */
  externalId?: string | null;
  /** Your own data; keys are sent as they are. */
  metadata?: Metadata | null;
  /** IP address the user's request came from. */
  ipAddress?: string | null;
  /** User agent of the user's browser. */
  userAgent?: string | null;
  /** Id of the signals that Radar collected in the browser. */
  signalsId?: string;
}

/** Changes to a user; fields that are left out stay as they are. */
export interface UpdateUserOptions extends OfUser, PasswordOptions {
  /** New password as text. */
  password?: string;
  /** New email address. */
  email?: string;
  /** Full name. */
  name?: string;
  /** First name. */
  firstName?: string;
  /** Last name. */
  lastName?: string;
  /** Whether the address is known to belong to the user. */
  emailVerified?: boolean;
  /** Your own id for the user; `null` removes it. */
  externalId?: string | null;
  /** Preferred locale, such as `en-US`; `null` removes it. */
  locale?: string | null;
  /** Entries of your own data to set; an entry that is `null` is deleted, all others stay. */
  metadata?: Record<string, string | null> | null;
}

/** A new password for a user. */
export interface UpdateUserPasswordOptions extends OfUser {
  /** The new password. */
  password: string;
}

/** Which users to list. */
export interface ListUsersOptions extends PaginationOptions {
  /** Only the user with this address. */
  email?: string;
  /** Only members of this organization. */
  organizationId?: string;
  /** @deprecated Only members of this organization: the API's old name of `organizationId`. */
  organization?: string;
}

/** An account at an identity provider that belongs to a user. */
export interface Identity {
  /** The user's id at the provider. */
  idpId: string;
  /** Kind of the identity. */
  type: "OAuth" | OpenString;
  /** The provider. The API's `GithubOAuth` is read as `GitHubOAuth`, the spelling of authorization URLs. */
  // deno-fmt-ignore
  provider:
    | "AppleOAuth" | "BitbucketOAuth" | "DiscordOAuth" | "GitHubOAuth" | "GitLabOAuth" | "GoogleOAuth" | "GrokOAuth"
    | "XOAuth" | "IntuitOAuth" | "LinkedInOAuth" | "MicrosoftOAuth" | "SalesforceOAuth" | "SlackOAuth"
    | "VercelMarketplaceOAuth" | "VercelOAuth" | "XeroOAuth" | OpenString;
}

/** A change of email address to begin. */
export interface SendEmailChangeOptions extends OfUser {
  /** The new address; the code is sent there. */
  newEmail: string;
}

/** A change of email address that waits for its code. */
export interface EmailChange {
  /** Always `email_change`. */
  object: "email_change";
  /** The user, still with the old address. */
  user: User;
  /** The new address. */
  newEmail: string;
  /** When the code expires (ISO 8601). */
  expiresAt: string;
  /** Time of creation (ISO 8601). */
  createdAt: string;
}

/** The code that completes a change of email address. */
export interface ConfirmEmailChangeOptions extends OfUser {
  /** The code from the email. */
  code: string;
}

/** A completed change of email address. */
export interface EmailChangeConfirmation {
  /** Always `email_change_confirmation`. */
  object: "email_change_confirmation";
  /** The user, with the new address. */
  user: User;
}

/** Reads a user; fills in what the API leaves out because it was never set. */
export function readUser(wire: Wire): User {
  const user = camel<User>(wire);
  user.name ??= null;
  user.externalId ??= null;
  user.metadata ??= {};
  return user;
}

/** Reads a newly created user; leaves out an empty Radar attempt. */
export function readCreatedUser(wire: Wire): CreateUserResponse {
  const user: CreateUserResponse = readUser(wire);
  if (!user.radarAuthAttemptId) delete user.radarAuthAttemptId;
  return user;
}

/** Reads a response that has a user among its members. */
export function readWithUser<T extends { user: User }>(wire: Wire): T {
  const answer = camel<T>(wire);
  answer.user = readUser(wire.user as Wire);
  return answer;
}

/** Reads an identity; the API spells GitHub's provider differently here. */
export function readIdentity(wire: Wire): Identity {
  const identity = camel<Identity>(wire);
  if (identity.provider === "GithubOAuth") identity.provider = "GitHubOAuth";
  return identity;
}
