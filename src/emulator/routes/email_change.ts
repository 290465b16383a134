import { badRequest, conflict, tooMany } from "../answers.ts";
import { CODE_LIFETIME, sameText } from "../codes.ts";
import { routeOn } from "../crud.ts";
import { readFields } from "../fields.ts";
import { type Kind, kind } from "../kind.ts";
import { userByEmail } from "../people.ts";
import { sameAddress, type User, USERS } from "../records.ts";
import type { Call, Route } from "../router.ts";
import type { Entity } from "../store.ts";
import type { World } from "../world.ts";

const PATH = "/user_management/users/:id/email_change";
const MAX_GUESSES = 10;

/** A new address that waits to be confirmed; the id is the user's. */
interface EmailChange extends Entity {
  new_email: string;
  code: string;
  expires: number;
  guesses: number;
  used: boolean;
}

const EMAIL_CHANGES: Kind<EmailChange> = kind("email_change");

/** A user's way to a new address: a code is sent there and typed in here. */
export const emailChangeRoutes: Route[] = [
  routeOn(USERS, `POST ${PATH}/send`, sendChange),
  routeOn(USERS, `POST ${PATH}/confirm`, confirmChange),
];

function sendChange(user: User, { body }: Call, world: World): object {
  const { id } = user;
  const { new_email } = readFields(body, { new_email: "email" });
  if (sameAddress(new_email, user.email)) throw conflict("email_change_not_needed");
  refuseTaken(world, new_email);
  const expires = world.now() + CODE_LIFETIME;
  const code = world.ids.digits();
  world.of(EMAIL_CHANGES).replace({ id, new_email, code, expires, guesses: 0, used: false });
  world.send({ type: "email_change", to: new_email, id, code });
  const times = { expires_at: world.timestamp(CODE_LIFETIME), created_at: world.timestamp() };
  return { object: "email_change", user, new_email, ...times };
}

function confirmChange({ id }: User, { body }: Call, world: World): object {
  const { code } = readFields(body, { code: "text" });
  const change = world.of(EMAIL_CHANGES).get(id);
  if (!change) throw conflict("no_pending_email_change");
  if (change.guesses >= MAX_GUESSES) {
    throw tooMany("email_change_too_many_attempts", "Too many attempts.");
  }
  if (!sameText(change.code, code)) {
    world.set(EMAIL_CHANGES, id, { guesses: change.guesses + 1 });
    throw badRequest("email_change_code_incorrect");
  }
  if (change.used) throw conflict("email_change_code_previously_used");
  if (change.expires <= world.now()) throw badRequest("email_change_code_expired");
  refuseTaken(world, change.new_email);
  world.set(EMAIL_CHANGES, id, { used: true });
  const user = world.update(USERS, id, { email: change.new_email, email_verified: true });
  return { object: "email_change_confirmation", user };
}

function refuseTaken(world: World, email: string): void {
  if (userByEmail(world, email)) throw conflict("email_not_available");
}
