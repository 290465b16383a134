import { badRequest, type CodedError, codedError, entityNotFound, invalidField, unprocessable } from "./answers.ts";
import { ROLE_ASSIGNMENTS } from "./assignments.ts";
import { checkLengths } from "./fields.ts";
import { leaveGroups } from "./groups.ts";
import { forgetInstances } from "./instances.ts";
import { defined, type Kind, kind } from "./kind.ts";
import { checkPassword, hashPassword, type PasswordHash } from "./passwords.ts";
import {
  API_KEYS,
  DEFAULT_ROLE,
  type Membership,
  MEMBERSHIPS,
  type Organization,
  ORGANIZATIONS,
  type Role,
  ROLES,
  sameAddress,
  type Session,
  SESSIONS,
  type User,
  USERS,
} from "./records.ts";
import { ORGANIZATION_TYPE } from "./resources.ts";
import type { Entity } from "./store.ts";
import type { World } from "./world.ts";

/** A user's password. The id is the user's. */
interface Password extends Entity {
  hash: Promise<PasswordHash>;
}

const PASSWORDS: Kind<Password> = kind("password");

/** The user with this address, in any case. */
export function userByEmail(world: World, email: string): User | undefined {
  return world.of(USERS).find((user) => sameAddress(user.email, email));
}

/** The user who signs in when a request names none: the default user, or the only one. */
export function usualUser(world: World): User | undefined {
  const users = world.of(USERS).all();
  return world.of(USERS).get(world.defaultUser) ?? (users.length === 1 ? users[0] : undefined);
}

/** Adds a user with whatever is known about them. */
export function addUser(world: World, known: Partial<User> & { email: string }): User {
  return world.create(USERS, {
    email_verified: false,
    first_name: null,
    last_name: null,
    profile_picture_url: null,
    last_sign_in_at: null,
    locale: null,
    external_id: null,
    metadata: {},
    ...defined(known),
    name: known.name ?? fullName(known),
  });
}

/** First and last name together, `null` when there is neither. */
export function fullName({ first_name, last_name }: { first_name?: string | null; last_name?: string | null }) {
  return [first_name, last_name].filter(Boolean).join(" ") || null;
}

/** Replaces a user's password. */
export function setPassword(world: World, userId: string, password: string): void {
  const hash = hashPassword(password, world.ids.bytes(16));
  world.of(PASSWORDS).replace({ id: userId, hash });
}

/** Whether a user has a password. */
export function hasPassword(world: World, userId: string): boolean {
  return world.of(PASSWORDS).get(userId) !== undefined;
}

/** Whether this is the user's password. */
export async function isPassword(world: World, userId: string, password: string): Promise<boolean> {
  const known = world.of(PASSWORDS).get(userId);
  return known !== undefined && await checkPassword(password, await known.hash);
}

/** Errors of a new password, as the API lists them. */
export function passwordFaults(world: World, password: string): CodedError[] {
  const least = world.settings.passwordMinLength;
  if (password.length >= least) return [];
  return [codedError("password_too_short", `Password must be at least ${least} characters.`)];
}

/** The membership of a user in an organization. */
export function membershipOf(world: World, userId: string, organizationId: string): Membership | undefined {
  return world.of(MEMBERSHIPS).find({ user_id: userId, organization_id: organizationId });
}

/** Whether a user is an active member of an organization. */
export function isMember(world: World, userId: string, organizationId: string): boolean {
  return membershipOf(world, userId, organizationId)?.status === "active";
}

/** Throws a 404 when the user is not. */
export function requireMember(world: World, userId: string, organizationId: string): void {
  if (!isMember(world, userId, organizationId)) throw entityNotFound(MEMBERSHIPS.title, organizationId);
}

/** The organizations a user is an active member of. */
export function organizationsOf(world: World, userId: string): Organization[] {
  const active = world.of(MEMBERSHIPS).all({ user_id: userId, status: "active" });
  return active.map(({ organization_id }) => world.existing(ORGANIZATIONS, organization_id));
}

/** Makes a user an active member, also one who was invited or deactivated. */
export function addMember(
  world: World,
  { userId, organizationId, roles }: { userId: string; organizationId: string; roles?: string[] | null },
): Membership {
  const known = membershipOf(world, userId, organizationId);
  const held = heldRoles(world, organizationId, roles ?? known?.roles.map(({ slug }) => slug) ?? []);
  if (known) return world.update(MEMBERSHIPS, known.id, { status: "active", ...held });
  return world.create(MEMBERSHIPS, {
    user_id: userId,
    organization_id: organizationId,
    status: "active",
    ...held,
    directory_managed: false,
    custom_attributes: {},
  });
}

/** The role with this slug, an organization's own before one for all. */
export function roleBySlug(world: World, slug: string, organizationId?: string): Role | undefined {
  const named = world.of(ROLES).all({ slug });
  return named.find((role) => role.organization_id === organizationId) ??
    named.find((role) => role.organization_id === undefined);
}

/** Slugs of the permissions that the roles of a membership give. */
export function permissionsOf(world: World, { roles, organization_id }: Membership): string[] {
  const slugs = roles.flatMap(({ slug }) => roleBySlug(world, slug, organization_id)?.permissions ?? []);
  return [...new Set(slugs)];
}

/** The roles of a membership; without any the usual one. Throws a 422 for one that is none, or for other resources. */
export function heldRoles(
  world: World,
  organizationId: string | undefined,
  slugs: string[],
): Pick<Membership, "role" | "roles"> {
  const wanted = slugs.length ? slugs : [DEFAULT_ROLE];
  for (const slug of wanted) {
    const role = roleBySlug(world, slug, organizationId);
    if (!role) throw unprocessable("invalid_role", `Role '${slug}' is not a valid role.`);
    if (role.resource_type_slug === ORGANIZATION_TYPE) continue;
    const message = "Sub-resource scoped roles are not allowed for this operation.";
    throw unprocessable("sub_resource_scoped_role_not_allowed", message, { role_slug: slug });
  }
  const roles = wanted.map((slug) => ({ slug }));
  return { role: roles[0], roles };
}

/** Changes the roles of a membership. Throws like {@linkcode heldRoles}. */
export function setRoles(world: World, { id, organization_id }: Membership, slugs: string[]): Membership {
  return world.update(MEMBERSHIPS, id, heldRoles(world, organization_id, slugs));
}

/** Ends sessions for good. Those that are over already stay as they are. */
export function revokeSessions(world: World, whose: Partial<Session>): void {
  for (const session of world.of(SESSIONS).all({ ...whose, status: "active" })) {
    world.change(SESSIONS, session.id, "session.revoked", { status: "revoked", ended_at: world.timestamp() });
  }
}

/** Removes the sessions, API keys, agents, role assignments and places in groups that depend on a membership. */
export function clearMember({ id, user_id, organization_id }: Membership, world: World): void {
  revokeSessions(world, { user_id, organization_id });
  leaveGroups(world, id);
  forgetInstances(world, { organization_membership_id: id });
  world.forget(ROLE_ASSIGNMENTS, { organization_membership_id: id });
  world.forget(
    API_KEYS,
    ({ owner }) => owner.type === "user" && owner.id === user_id && owner.organization_id === organization_id,
  );
}

/** Removes memberships with all that depends on them. */
export function removeMembers(world: World, which: Partial<Membership>): void {
  for (const membership of world.of(MEMBERSHIPS).all(which)) {
    clearMember(membership, world);
    world.remove(MEMBERSHIPS, membership.id);
  }
}

/** Refuses an external id that is empty, too long or not in ASCII, with a 422. */
export function checkExternalId(externalId: string | null | undefined): void {
  if (externalId == null) return;
  checkLengths({ external_id: externalId }, { external_id: 128 });
  // deno-lint-ignore no-control-regex -- the pattern of the API description
  if (!/^[\x00-\x7F]+$/.test(externalId)) throw invalidField("external_id");
}

/** Records with ids of the customer's. */
interface Named extends Entity {
  external_id: string | null;
  stripe_customer_id?: string;
}

/** Such an id that a record, new unless it has an `id`, is to have. */
interface Claim {
  id?: string;
  name: "external_id" | "stripe_customer_id";
  value: string | null | undefined;
}

/** The errors about an id of the customer's that another record of this kind has: none, or one. */
export function takenErrors<T extends Named>(
  world: World,
  kind: Kind<T>,
  { id, name, value }: Claim,
): CodedError[] {
  const taken = value != null && world.of(kind).find((record) => record[name] === value && record.id !== id);
  return taken ? [codedError(`${name}_already_used`, `The ${name} is in use by another ${kind.name}.`)] : [];
}

/** Refuses such an id with a 400. */
export function refuseTaken<T extends Named>(world: World, kind: Kind<T>, claim: Claim): void {
  const [taken] = takenErrors(world, kind, claim);
  if (taken) throw badRequest(taken.code, taken.message);
}

/** Refuses an external id that cannot be one with a 422, and that of another record of this kind with a 400. */
export function claimExternalId<T extends Named>(
  world: World,
  kind: Kind<T>,
  { id, externalId }: { id?: string; externalId: string | null | undefined },
): void {
  checkExternalId(externalId);
  refuseTaken(world, kind, { id, name: "external_id", value: externalId });
}
