import { badRequest, entityNotFound, Refusal } from "../answers.ts";
import { issueCode, redeemCode } from "../codes.ts";
import { crud, listAnswer } from "../crud.ts";
import { mergeMetadata, readFields } from "../fields.ts";
import { FACTORS } from "../factors.ts";
import { forgetTarget } from "../flags.ts";
import { IDENTITIES } from "../identities.ts";
import {
  addUser,
  checkExternalId,
  fullName,
  membershipOf,
  passwordFaults,
  removeMember,
  revokeSessions,
  setPassword,
  userByEmail,
} from "../people.ts";
import { EMAIL_VERIFICATIONS, MEMBERSHIPS, SESSIONS, type User, USERS } from "../records.ts";
import { type Call, type Route, route } from "../router.ts";
import type { World } from "../world.ts";

const SHAPE = {
  first_name: "text?",
  last_name: "text?",
  name: "text?",
  email_verified: "flag?",
  metadata: "metadata?",
  external_id: "text?",
  password: "text?",
  password_hash: "text?",
  password_hash_type: "text?",
} as const;

const HASH_TYPES = ["bcrypt", "firebase-scrypt", "ssha", "ssha256", "scrypt", "pbkdf2", "argon2"];

const VERIFICATION_REFUSALS = {
  incorrect: "email_verification_code_incorrect",
  used: "email_verification_code_previously_used",
  expired: "email_verification_code_expired",
};

/** Users, and what belongs to one user. */
export const userRoutes: Route[] = [
  ...crud(USERS, "/user_management/users", {
    create: createUser,
    update: updateUser,
    remove: clearUser,
    removeStatus: 200,
    filters: { email: ({ email }, wanted) => email.toLowerCase() === wanted.toLowerCase() },
    scope: inOrganization,
  }),
  route("GET /user_management/users/external_id/:externalId", ({ params: { externalId } }, world) => {
    const found = world.of(USERS).find(({ external_id }) => external_id === externalId);
    if (!found) throw entityNotFound("User", externalId);
    return found;
  }),
  route("GET /user_management/users/:id/identities", ({ params: { id } }, world) => {
    world.existing(USERS, id);
    const identities = world.of(IDENTITIES).all(({ user_id }) => user_id === id);
    return identities.map(({ idp_id, type, provider }) => ({ idp_id, type, provider }));
  }),
  route("GET /user_management/users/:id/sessions", (call, world) => {
    const { id } = world.existing(USERS, call.params.id);
    return listAnswer(call, world, { kind: SESSIONS, scope: () => ({ user_id }) => user_id === id });
  }),
  route("POST /user_management/users/:id/email_verification/send", ({ params: { id } }, world) => {
    const user = world.existing(USERS, id);
    if (user.email_verified) throw badRequest("email_already_verified", "The email address is verified already.");
    issueCode(world, EMAIL_VERIFICATIONS, user);
    return { user };
  }),
  route("POST /user_management/users/:id/email_verification/confirm", ({ params: { id }, body }, world) => {
    const user = world.existing(USERS, id);
    const { code } = readFields(body, { code: "text" });
    if (user.email_verified) throw badRequest("email_previously_verified", "The email address is verified already.");
    redeemCode(world, { kind: EMAIL_VERIFICATIONS, userId: id, code, refusals: VERIFICATION_REFUSALS });
    return { user: world.update(USERS, id, { email_verified: true }) };
  }),
  route("GET /user_management/email_verification/:id", ({ params: { id } }, world) => {
    return world.existing(EMAIL_VERIFICATIONS, id);
  }),
];

function createUser({ body }: Call, world: World): User {
  const { email, password, metadata, ...fields } = readFields(body, { ...SHAPE, email: "email" });
  checkPasswordFields(world, { password, ...fields });
  checkExternalId(world, USERS, { externalId: fields.external_id });
  if (userByEmail(world, email)) {
    const errors = [{ code: "email_not_available", message: "This email is not available." }];
    throw badRequest("user_creation_error", "Could not create user.", { errors });
  }
  const { first_name, last_name, name, external_id } = fields;
  const user = addUser(world, {
    email,
    first_name,
    last_name,
    external_id,
    ...(name ? { name } : {}),
    email_verified: fields.email_verified ?? false,
    metadata: mergeMetadata({}, metadata),
  });
  if (password) setPassword(world, user.id, password);
  return user;
}

function updateUser({ body }: Call, world: World, user: User): Partial<User> {
  const shape = { ...SHAPE, email: "email?", locale: "text?" } as const;
  const { password, metadata, email, password_hash, password_hash_type, ...fields } = readFields(body, shape);
  checkPasswordFields(world, { password, password_hash, password_hash_type });
  checkExternalId(world, USERS, { id: user.id, externalId: fields.external_id });
  const moved = email != null && email !== user.email;
  if (moved && (userByEmail(world, email)?.id ?? user.id) !== user.id) {
    throw badRequest("email_not_available", "This email is not available.");
  }
  const change: Partial<User> = { metadata: mergeMetadata(user.metadata, metadata) };
  if (email) change.email = email;
  if (fields.email_verified != null || moved) change.email_verified = fields.email_verified ?? false;
  for (const name of ["first_name", "last_name", "external_id", "locale", "name"] as const) {
    if (fields[name] !== undefined) change[name] = fields[name];
  }
  if (fields.name === undefined && user.name === fullName(user)) change.name = fullName({ ...user, ...change });
  if (password) setPassword(world, user.id, password);
  return change;
}

function checkPasswordFields(
  world: World,
  fields: { password?: string | null; password_hash?: string | null; password_hash_type?: string | null },
): void {
  const { password, password_hash, password_hash_type } = fields;
  if (password && password_hash) {
    throw badRequest("password_and_password_hash_provided", "Only one of password and password hash may be given.");
  }
  if (password && password_hash_type) {
    throw badRequest("password_and_password_hash_type_provided", "A password comes without a hash type.");
  }
  if (password_hash && !HASH_TYPES.includes(password_hash_type ?? "")) {
    throw badRequest("invalid_password_hash", "The password hash is not of a known type.");
  }
  const errors = password ? passwordFaults(world, password) : [];
  if (errors.length) throw new Refusal(400, passwordRefusal("password_strength_error", errors));
}

/** Body of an answer that refuses a password. */
function passwordRefusal(code: string, errors: { code: string; message: string }[]): object {
  return { code, message: "Password does not meet strength requirements.", errors };
}

function clearUser({ id }: User, world: World): void {
  for (const membership of world.of(MEMBERSHIPS).all(({ user_id }) => user_id === id)) removeMember(world, membership);
  revokeSessions(world, ({ user_id }) => user_id === id);
  forgetTarget(world, id);
  for (const factor of world.of(FACTORS).all(({ user_id }) => user_id === id)) world.of(FACTORS).delete(factor.id);
  for (const known of world.of(IDENTITIES).all(({ user_id }) => user_id === id)) world.of(IDENTITIES).delete(known.id);
}

function inOrganization({ query }: Call, world: World): (user: User) => boolean {
  const organizationId = query.get("organization_id") || query.get("organization");
  return ({ id }) => !organizationId || membershipOf(world, id, organizationId) !== undefined;
}
