// Waitlists: people who ask for access.

import { absentAsNull, type Entity } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import { camel, type OpenString, type Wire } from "../../wire.ts";

/** A waitlist. */
export interface Waitlist extends Entity<"waitlist"> {}

/** State of an entry; `pending` until someone decides. */
export type WaitlistEntryState = "pending" | "approved" | "denied" | OpenString;

/** A person on a waitlist. */
export interface WaitlistEntry extends Entity<"waitlist_entry"> {
  /** Address of the person. */
  email: string;
  /** State of the entry. */
  state: WaitlistEntryState;
  /** When it was approved (ISO 8601); `null` if it was not. */
  approvedAt: string | null;
  /** Your own fields, under the keys you set. */
  additionalFields?: Record<string, string>;
  /** Id of the waitlist, `null` when it is not known. */
  waitlistId: string | null;
}

/** Which entries to list. */
export interface ListWaitlistEntriesOptions extends PaginationOptions {
  /** Only entries in this state. */
  state?: WaitlistEntryState;
  /** Only the entry of this address. */
  email?: string;
}

/** A person to put on a waitlist. */
export interface CreateWaitlistEntryOptions {
  /** Address of the person. */
  email: string;
  /** Your own fields; keys are sent as they are. */
  additionalFields?: Record<string, string>;
  /** Whether the person gets a confirmation email. Default: the API's. */
  sendConfirmationEmail?: boolean;
}

/** Reads an entry; the API may leave out the waitlist. */
export function readWaitlistEntry(wire: Wire): WaitlistEntry {
  return absentAsNull(camel<WaitlistEntry>(wire), "waitlistId");
}
