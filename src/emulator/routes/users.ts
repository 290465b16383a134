import { forgetAgents } from "../agents.ts";
import { badRequest, codedError, invalidField } from "../answers.ts";
import { issueCode, redeemCode } from "../codes.ts";
import { AUTHORIZATIONS } from "../connect.ts";
import { byEmail, crud, get, getByExternalId, listAnswer, routeOn } from "../crud.ts";
import { checkOneOf, mergeMetadata, readFields } from "../fields.ts";
import { FACTORS } from "../factors.ts";
import { forgetTarget } from "../flags.ts";
import { IDENTITIES } from "../identities.ts";
import {
  addUser,
  checkExternalId,
  claimExternalId,
  fullName,
  membershipOf,
  passwordFaults,
  removeMembers,
  revokeSessions,
  setPassword,
  takenErrors,
  userByEmail,
} from "../people.ts";
import { forgetPipes } from "../pipes.ts";
import { EMAIL_VERIFICATIONS, isLive, type Session, SESSIONS, type User, USERS } from "../records.ts";
import type { Call, Route } from "../router.ts";
import type { World } from "../world.ts";

const PATH = "/user_management/users";

const NEW_USER = {
  first_name: "text|null",
  last_name: "text|null",
  name: "text|null",
  email_verified: "flag|null",
  metadata: "metadata|null",
  external_id: "text|null",
  password: "text|null",
  ip_address: "text|null",
  user_agent: "text|null",
  signals_id: "text?",
  email: "email",
} as const;

const CHANGES = {
  email: "email?",
  first_name: "text?",
  last_name: "text?",
  name: "text?",
  email_verified: "flag?",
  metadata: "metadata|null",
  external_id: "text|null",
  locale: "text|null",
  password: "text?",
} as const;

const HASH = { password_hash: "text?", password_hash_type: "text?", password_salt_position: "text?" } as const;

const HASH_TYPES = ["bcrypt", "firebase-scrypt", "ssha", "ssha256", "scrypt", "pbkdf2", "argon2"];

const VERIFICATION_REFUSALS = {
  incorrect: "email_verification_code_incorrect",
  used: "email_verification_code_previously_used",
  expired: "email_verification_code_expired",
};

/** Users, and what belongs to one user. */
export const userRoutes: Route[] = [
  ...crud(USERS, PATH, {
    create: createUser,
    update: updateUser,
    remove: clearUser,
    removeStatus: 200,
    filters: { email: byEmail },
    scope: inOrganization,
  }),
  getByExternalId(USERS, PATH),
  routeOn(USERS, `GET ${PATH}/:id/identities`, ({ id }, _call, world) => {
    const identities = world.of(IDENTITIES).all({ user_id: id });
    return identities.map(({ idp_id, type, provider }) => {
      return { idp_id, type, provider: provider.replace("GitHub", "Github") }; // only here it is spelled like this
    });
  }),
  routeOn(USERS, `GET ${PATH}/:id/sessions`, ({ id: user_id }, call, world) => {
    const among = (session: Session) => session.user_id === user_id && isLive(session, world);
    return listAnswer(call, world, { kind: SESSIONS, among });
  }),
  routeOn(USERS, `POST ${PATH}/:id/email_verification/send`, (user, _call, world) => {
    if (user.email_verified) throw badRequest("email_already_verified");
    issueCode(world, EMAIL_VERIFICATIONS, user);
    return { user };
  }),
  routeOn(
    USERS,
    `POST ${PATH}/:id/email_verification/confirm`,
    ({ id, email, email_verified }, { body }, world) => {
      const { code } = readFields(body, { code: "text" });
      if (email_verified) throw badRequest("email_previously_verified");
      const sent = { kind: EMAIL_VERIFICATIONS, userId: id, only: { email } };
      redeemCode(world, { ...sent, code, refusals: VERIFICATION_REFUSALS });
      return { user: world.update(USERS, id, { email_verified: true }) };
    },
  ),
  get(EMAIL_VERIFICATIONS, "/user_management/email_verification"),
];

/** Adds the user a request describes. */
export function createUser({ body }: Pick<Call, "body">, world: World): User {
  const { email, password, metadata, ...fields } = readFields(body, NEW_USER);
  checkPassword(world, body, password);
  checkExternalId(fields.external_id);
  const errors = takenErrors(world, USERS, { name: "external_id", value: fields.external_id });
  if (userByEmail(world, email)) {
    errors.unshift(codedError("email_not_available", "This email is not available."));
  }
  if (errors.length) throw badRequest("user_creation_error", "Could not create user.", { errors });
  const { first_name, last_name, name, external_id } = fields;
  const user = addUser(world, {
    email,
    first_name,
    last_name,
    external_id,
    name: name || null,
    email_verified: fields.email_verified ?? false,
    metadata: mergeMetadata({}, metadata),
  });
  if (password != null) setPassword(world, user.id, password);
  return user;
}

/** What a request changes of a user. */
export function updateUser({ body }: Pick<Call, "body">, world: World, user: User): Partial<User> {
  const { password, metadata, ...fields } = readFields(body, CHANGES);
  checkPassword(world, body, password);
  checkLocale(fields.locale);
  claimExternalId(world, USERS, { id: user.id, externalId: fields.external_id });
  const { email = user.email } = fields;
  if ((userByEmail(world, email)?.id ?? user.id) !== user.id) throw badRequest("email_not_available");
  const change: Partial<User> = { ...fields, metadata: mergeMetadata(user.metadata, metadata) };
  if (email !== user.email) change.email_verified ??= false;
  if (fields.name === undefined && user.name === fullName(user)) change.name = fullName({ ...user, ...change });
  if (password !== undefined) setPassword(world, user.id, password);
  return change;
}

/** Rejects a password that is too short, or comes with a hash. Hashes are validated, but never usable for sign-in. */
function checkPassword(world: World, body: Record<string, unknown>, password: string | null | undefined): void {
  const { password_hash, password_hash_type, password_salt_position } = readFields(body, HASH);
  if (password && password_hash !== undefined) {
    throw badRequest("password_and_password_hash_provided");
  }
  if (password && password_hash_type !== undefined) {
    throw badRequest("password_and_password_hash_type_provided");
  }
  if (password_hash === undefined) {
    if (password_hash_type !== undefined) throw invalidField("password_hash", "required");
    if (password_salt_position === undefined) return checkStrength(world, password);
    throw badRequest("password_salt_position_requires_password_hash");
  }
  const positions = password_hash_type === "ssha256" ? ["prefix", "suffix"] : [];
  checkOneOf("password_salt_position", password_salt_position, positions);
  if (!password_hash || !HASH_TYPES.includes(password_hash_type ?? "")) {
    throw badRequest("invalid_password_hash");
  }
}

function checkStrength(world: World, password: string | null | undefined): void {
  const errors = password == null ? [] : passwordFaults(world, password);
  const message = "Password does not meet strength requirements.";
  if (errors.length) throw badRequest("password_strength_error", message, { errors });
}

function checkLocale(locale: string | null | undefined): void {
  try {
    Intl.getCanonicalLocales(locale ?? []);
  } catch {
    throw badRequest("invalid_locale"); // it is no language tag
  }
}

function clearUser({ id }: User, world: World): void {
  removeMembers(world, { user_id: id });
  revokeSessions(world, { user_id: id });
  forgetTarget(world, id);
  forgetPipes(world, id);
  forgetAgents(world, id);
  world.forget(AUTHORIZATIONS, { user_id: id });
  world.forget(FACTORS, { user_id: id });
  world.forget(IDENTITIES, { user_id: id });
}

function inOrganization({ query }: Call, world: World): (user: User) => boolean {
  const organizationId = query.get("organization_id") || query.get("organization");
  return ({ id }) => !organizationId || membershipOf(world, id, organizationId) !== undefined;
}
