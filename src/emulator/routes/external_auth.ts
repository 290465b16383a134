import { badRequest, entityNotFound, Refusal } from "../answers.ts";
import { checkOneOf, CHECKS, readFields } from "../fields.ts";
import { type Kind, kind } from "../kind.ts";
import { userByEmail } from "../people.ts";
import { USERS } from "../records.ts";
import { type Call, type Route, route } from "../router.ts";
import type { Entity } from "../store.ts";
import type { World } from "../world.ts";
import { createUser, updateUser } from "./users.ts";

/** Time limit for the sign-in in the application, in milliseconds. */
const LIFETIME = 30 * 60_000;

/** A sign-in that AuthKit leaves to the application. */
interface ExternalAuth extends Entity {
  expires: number;
  completed: boolean;
}

const EXTERNAL_AUTHS: Kind<ExternalAuth> = kind("external_auth_session", { prefix: "ext_auth" });

const USER = {
  id: "text",
  email: "text",
  first_name: "text?",
  last_name: "text?",
  name: "text?",
  metadata: "metadata?",
} as const;

const OPTION = { claim: "text", type: "text", label: "text", choices: "objects" } as const;

/** Claims that mean something else already. */
const RESERVED = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/** Where the sign-in of a Connect application comes back from the application that signs its users in by itself. */
export const externalAuthRoutes: Route[] = [
  route("POST /authkit/oauth2/complete", complete),
];

/** What AuthKit would hand to the application's own login page. */
export function startExternalAuth(world: World): string {
  const id = world.ids.id(EXTERNAL_AUTHS.prefix);
  world.of(EXTERNAL_AUTHS).insert({ id, expires: world.now() + LIFETIME, completed: false });
  return id;
}

function complete({ body }: Call, world: World): object {
  const { external_auth_id, user, user_consent_options = [] } = readFields(body, {
    external_auth_id: "text",
    user: "object",
    user_consent_options: "objects?",
  });
  const { id: external_id, ...known } = readFields(user, USER);
  for (const option of user_consent_options) checkOption(option);
  const session = world.existing(EXTERNAL_AUTHS, external_auth_id);
  if (session.expires <= world.now()) throw entityNotFound(EXTERNAL_AUTHS.title, external_auth_id);
  if (session.completed) throw badRequest("external_auth_session_already_completed");
  saveUser(world, { ...known, external_id });
  world.set(EXTERNAL_AUTHS, session.id, { completed: true });
  return { redirect_uri: `${world.settings.baseURL}/oauth/authorize/complete?state=${world.ids.token()}` };
}

function checkOption(option: Record<string, unknown>): void {
  const { claim, type, choices } = readFields(option, OPTION);
  checkOneOf("type", type, ["enum"]);
  for (const choice of choices) readFields(choice, { value: "text?", label: "text?" });
  if (!RESERVED.includes(claim)) return;
  throw new Refusal(400, { error: "Bad Request", message: `Claim "${claim}" is reserved and cannot be used.` });
}

/** Changes the user with this external id, or adds one. */
function saveUser(world: World, body: { external_id: string; email: string }): void {
  const { external_id, email } = body;
  if (!CHECKS.email(email)) throw badRequest("invalid_email");
  const user = world.of(USERS).find({ external_id });
  if (user) {
    world.update(USERS, user.id, updateUser({ body }, world, user));
  } else {
    if (userByEmail(world, email)) throw badRequest("email_not_available");
    createUser({ body }, world);
  }
}
