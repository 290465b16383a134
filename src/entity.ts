// Members that many objects of the API share.

import { camel, type Wire } from "./wire.ts";

/** When an object was created and last changed: ISO 8601 strings, or dates if `Time` is `Date`. */
export interface Timestamps<Time = string> {
  /** When it was created. */
  createdAt: Time;
  /** When it last changed. */
  updatedAt: Time;
}

/** An object of the API with an id. */
export interface Entity<Kind extends string, Time = string> extends Timestamps<Time> {
  /** Type of the object: always this one. */
  object: Kind;
  /** Unique id. */
  id: string;
}

/** Name and description of an object. */
export interface Described {
  /** Display name. */
  name: string;
  /** Description, or `null` when there is none. */
  description: string | null;
}

/** A complete list, without pages. */
export interface WholeList<T> {
  /** Always `list`. */
  object: "list";
  /** The items. */
  data: T[];
}

/** Identifies an organization. */
export interface OfOrganization {
  /** Id of the organization. */
  organizationId: string;
}

/** Identifies a group. */
export interface OfGroup {
  /** Id of the group. */
  groupId: string;
}

/** Identifies an organization membership. */
export interface OfMembership {
  /** Id of the organization membership. */
  organizationMembershipId: string;
}

/** Identifies a user. */
export interface OfUser {
  /** Id of the user. */
  userId: string;
}

/** Sets the named members that the API left out to `null`; does nothing without an object. */
export function absentAsNull<T extends object | null | undefined>(
  object: T,
  ...names: (keyof NonNullable<T> & string)[]
): T {
  if (object) { for (const name of names) (object as Wire)[name] ??= null; }
  return object;
}

/** Reads an object whose times are dates; the API sends strings. */
export function readDated<T extends Timestamps<Date>>(wire: Wire): T {
  const object = camel<T>(wire);
  object.createdAt = new Date(object.createdAt);
  object.updatedAt = new Date(object.updatedAt);
  return object;
}
