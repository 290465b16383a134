// What many objects of the API have in common.

import { camel, type Wire } from "./wire.ts";

/** When something was created and last changed: ISO 8601 text, or a date where `Time` says so. */
export interface Timestamps<Time = string> {
  /** When it was created. */
  createdAt: Time;
  /** When it last changed. */
  updatedAt: Time;
}

/** Something that the API keeps under an id. */
export interface Entity<Kind extends string, Time = string> extends Timestamps<Time> {
  /** What kind of object it is: always this one. */
  object: Kind;
  /** Unique id. */
  id: string;
}

/** What people call something, and what it is for. */
export interface Described {
  /** Name for people. */
  name: string;
  /** What it is for, or `null` when nothing was said. */
  description: string | null;
}

/** A list without pages: all there is. */
export interface WholeList<T> {
  /** Always `list`. */
  object: "list";
  /** The items. */
  data: T[];
}

/** Says which organization is meant. */
export interface OfOrganization {
  /** Id of the organization. */
  organizationId: string;
}

/** Says which group is meant. */
export interface OfGroup {
  /** Id of the group. */
  groupId: string;
}

/** Says which membership of an organization is meant. */
export interface OfMembership {
  /** Id of the organization membership. */
  organizationMembershipId: string;
}

/** Says which user is meant. */
export interface OfUser {
  /** Id of the user. */
  userId: string;
}

/** Sets those of the named members to `null` that the API left out; does nothing where there is no object. */
export function absentAsNull<T extends object | null | undefined>(
  object: T,
  ...names: (keyof NonNullable<T> & string)[]
): T {
  if (object) { for (const name of names) (object as Wire)[name] ??= null; }
  return object;
}

/** Reads an object whose times are dates; the API sends them as text. */
export function readDated<T extends Timestamps<Date>>(wire: Wire): T {
  const object = camel<T>(wire);
  object.createdAt = new Date(object.createdAt);
  object.updatedAt = new Date(object.updatedAt);
  return object;
}
