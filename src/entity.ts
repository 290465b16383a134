// What many objects of the API have in common.

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

/** Says which organization is meant. */
export interface OfOrganization {
  /** Id of the organization. */
  organizationId: string;
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
