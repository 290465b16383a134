import { badRequest, type CodedError, codedError, notFound } from "../answers.ts";
import { sameText } from "../codes.ts";
import { get } from "../crud.ts";
import { readFields } from "../fields.ts";
import { type Kind, kind } from "../kind.ts";
import { passwordFaults, revokeSessions, setPassword } from "../people.ts";
import { PASSWORD_RESETS, type PasswordReset, sameAddress, USERS } from "../records.ts";
import { type Call, type Route, route } from "../router.ts";
import type { Entity } from "../store.ts";
import type { World } from "../world.ts";

const PATH = "/user_management/password_reset";

const LIFETIME = 60 * 60_000;

/** Marks a password reset as used; the id is the reset's. */
const USED_RESETS: Kind<Entity> = kind("used_reset");

/** Forgotten passwords. */
export const passwordResetRoutes: Route[] = [
  get(PASSWORD_RESETS, PATH),
  route(`POST ${PATH}`, createReset, 201),
  route(`POST ${PATH}/confirm`, confirmReset),
];

function createReset({ body }: Call, world: World): object {
  const { email } = readFields(body, { email: "email" });
  const user = world.found(USERS, email, (known) => sameAddress(known.email, email));
  const token = world.ids.token(25);
  const url = `${world.settings.logoutRedirect}/reset-password?token=${token}`.replace(/([^:])\/\//, "$1/");
  const reset = world.create(PASSWORD_RESETS, {
    user_id: user.id,
    email: user.email,
    password_reset_token: token,
    password_reset_url: url,
    expires_at: world.timestamp(LIFETIME),
  });
  world.send({ type: "password_reset", to: user.email, id: reset.id, token, url });
  return world.show(PASSWORD_RESETS, reset);
}

/** Sets the password and marks the address as verified if the token was sent there. */
function confirmReset({ body }: Call, world: World): object {
  const { token, new_password } = readFields(body, { token: "text", new_password: "text" });
  const reset = world.of(PASSWORD_RESETS).find((known) => sameText(known.password_reset_token, token));
  if (!reset) throw notFound("entity_not_found", "Password reset not found.");
  const errors = [...resetFaults(world, reset), ...passwordFaults(world, new_password)];
  if (errors.length) {
    throw badRequest("password_reset_error", "Could not reset password.", { errors });
  }
  const { id, email } = world.existing(USERS, reset.user_id);
  world.of(USED_RESETS).insert({ id: reset.id });
  setPassword(world, id, new_password);
  const user = world.update(USERS, id, email === reset.email ? { email_verified: true } : {});
  revokeSessions(world, { user_id: id });
  world.emitAbout("password_reset.succeeded", PASSWORD_RESETS, reset);
  return { user };
}

function resetFaults(world: World, { id, expires_at }: PasswordReset): CodedError[] {
  if (world.of(USED_RESETS).get(id)) return [codedError("password_reset_token_used")];
  return world.isPast(expires_at) ? [codedError("password_reset_token_expired")] : [];
}
