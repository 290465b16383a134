import { type Kind, kind, type Reader, type Stamped, without } from "./kind.ts";
import type { Entity } from "./store.ts";

// What the API shows, in its own spelling. Anything secret that it does not show lives in records of its own.

export interface User extends Stamped {
  email: string;
  email_verified: boolean;
  first_name: string | null;
  last_name: string | null;
  name: string | null;
  profile_picture_url: string | null;
  last_sign_in_at: string | null;
  locale: string | null;
  external_id: string | null;
  metadata: Record<string, string>;
}

export const USERS: Kind<User> = kind("user", { event: "user" });

/** Whether two email addresses are the same, in any case. */
export function sameAddress(a: string | null, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

export interface Organization extends Stamped {
  name: string;
  allow_profiles_outside_organization: boolean;
  external_id: string | null;
  metadata: Record<string, string>;
  stripe_customer_id?: string;
}

export const ORGANIZATIONS: Kind<Organization> = kind("organization", {
  prefix: "org",
  event: "organization",
  present: (organization, reader) => {
    const { object, id, name, ...rest } = organization;
    return { object, id, name, domains: reader.of(DOMAINS).all({ organization_id: id }), ...rest };
  },
});

export interface OrganizationDomain extends Stamped {
  organization_id: string;
  domain: string;
  state: string;
  verification_prefix?: string;
  verification_token?: string;
  verification_strategy: "dns" | "manual";
}

export const DOMAINS: Kind<OrganizationDomain> = kind("organization_domain", {
  prefix: "org_domain",
  event: "organization_domain",
});

/** Slug of the role a member has when none is named. */
export const DEFAULT_ROLE = "member";

export interface RoleSlug {
  slug: string;
}

export interface Membership extends Stamped {
  user_id: string;
  organization_id: string;
  status: "active" | "inactive" | "pending";
  role: RoleSlug;
  roles: RoleSlug[];
  directory_managed: boolean;
  custom_attributes: Record<string, unknown>;
}

export const MEMBERSHIPS: Kind<Membership> = kind("organization_membership", {
  prefix: "om",
  event: "organization_membership",
  present: (membership, reader) => {
    const user = reader.of(USERS).get(membership.user_id);
    const organization = reader.of(ORGANIZATIONS).get(membership.organization_id);
    return {
      ...membership,
      organization_name: organization?.name ?? "",
      user,
    };
  },
  announce: (membership) => membership,
});

export interface Role extends Stamped {
  slug: string;
  name: string;
  description: string | null;
  type: "EnvironmentRole" | "OrganizationRole";
  resource_type_slug: string;
  permissions: string[];
  /** Only for a role of one organization. */
  organization_id?: string;
}

export const ROLES: Kind<Role> = kind("role", { present: (role) => without(role, "organization_id") });

export interface Session extends Stamped {
  user_id: string;
  organization_id?: string;
  ip_address: string | null;
  user_agent: string | null;
  auth_method: string;
  status: "active" | "expired" | "revoked";
  expires_at: string;
  ended_at: string | null;
  impersonator?: Impersonator;
}

/** A person who acts as a user. */
export interface Impersonator {
  /** Email address of the person. */
  email: string;
  /** The reason, or `null`. */
  reason: string | null;
}

export const SESSIONS: Kind<Session> = kind("session", {
  event: "session",
  present: withStatus,
});

export interface Connection extends Stamped {
  organization_id?: string;
  connection_type: string;
  name: string;
  state: string;
  status: "linked" | "unlinked";
  domains: { object: "connection_domain"; id: string; domain: string }[];
}

export const CONNECTIONS: Kind<Connection> = kind("connection", { prefix: "conn" });

export interface Invitation extends Stamped {
  email: string;
  state: "pending" | "accepted" | "expired" | "revoked";
  accepted_at: string | null;
  revoked_at: string | null;
  expires_at: string;
  organization_id: string | null;
  inviter_user_id: string | null;
  accepted_user_id: string | null;
  role_slug: string | null;
  token: string;
  accept_invitation_url: string;
}

export const INVITATIONS: Kind<Invitation> = kind("invitation", {
  event: "invitation",
  present: (invitation, reader) => ({
    ...invitation,
    state: invitationState(invitation, reader),
    role_slug: invitedRole(invitation, reader),
  }),
  announce: (invitation, reader) => ({
    ...without(invitation, "token", "accept_invitation_url"),
    role_slug: invitedRole(invitation, reader),
  }),
});

/** The role in the organization: until it is accepted the invitation's, then the member's; without one, the usual one. */
function invitedRole({ email, organization_id, role_slug, state }: Invitation, reader: Reader): string | null {
  if (!organization_id) return null;
  const user = reader.of(USERS).find((known) => sameAddress(known.email, email));
  const held = user && reader.of(MEMBERSHIPS).find({ organization_id, user_id: user.id });
  const [first, second] = state === "accepted" ? [held?.role.slug, role_slug] : [role_slug, held?.role.slug];
  return first ?? second ?? DEFAULT_ROLE;
}

/** State of an invitation by now: a pending one expires. */
export function invitationState({ state, expires_at }: Invitation, reader: Reader): Invitation["state"] {
  return state === "pending" && reader.isPast(expires_at) ? "expired" : state;
}

export interface OneTimeCode extends Stamped {
  user_id: string;
  /** Where it was sent. */
  email: string;
  expires_at: string;
  code: string;
}

const codeKind = (name: string, title: string): Kind<OneTimeCode> =>
  kind(name, { title, event: name, announce: (code) => without(code, "code") });

export const EMAIL_VERIFICATIONS: Kind<OneTimeCode> = codeKind("email_verification", "Email verification");
export const MAGIC_AUTHS: Kind<OneTimeCode> = codeKind("magic_auth", "Magic Auth");

export interface PasswordReset extends Stamped {
  user_id: string;
  email: string;
  password_reset_token: string;
  password_reset_url: string;
  expires_at: string;
}

export const PASSWORD_RESETS: Kind<PasswordReset> = kind("password_reset", {
  event: "password_reset",
  present: (reset) => without(reset, "updated_at"),
  announce: (reset) => without(reset, "updated_at", "password_reset_token", "password_reset_url"),
});

export interface ApiKey extends Stamped {
  owner: { type: "organization"; id: string } | { type: "user"; id: string; organization_id: string };
  name: string;
  obfuscated_value: string;
  last_used_at: string | null;
  expires_at: string | null;
  permissions: string[];
}

export const API_KEYS: Kind<ApiKey> = kind("api_key", { title: "API Key", event: "api_key" });

export interface WebhookEndpoint extends Stamped {
  endpoint_url: string;
  secret: string;
  status: "enabled" | "disabled";
  events: string[];
}

export const WEBHOOK_ENDPOINTS: Kind<WebhookEndpoint> = kind("webhook_endpoint", { prefix: "we" });

/** An event, as in `GET /events` and webhooks. */
export interface EmulatorEvent extends Entity {
  /** Always `event`. */
  object: "event";
  /** Unique id. */
  id: string;
  /** Name, such as `user.created`. */
  event: string;
  /** Data of the event, with the API's own names. */
  data: Record<string, unknown>;
  /** When it happened, ISO 8601. */
  created_at: string;
  /** Circumstances, such as the `previous_attributes` of an update. */
  context: Record<string, unknown>;
}

export const EVENTS: Kind<EmulatorEvent> = kind("event");

/** What sessions of users and of agents have. */
interface Limited {
  status: string;
  expires_at: string;
}

/** Whether there is a session that can be used. */
export function isLive<T extends Limited>(session: T | undefined, reader: Reader): session is T {
  return session?.status === "active" && !reader.isPast(session.expires_at);
}

/** A session with the status that the API shows: one that nobody ended expires. */
export function withStatus<T extends Limited>(session: T, reader: Reader): T {
  return session.status === "active" && reader.isPast(session.expires_at) ? { ...session, status: "expired" } : session;
}
