import { oauthError } from "../answers.ts";
import { issueCode } from "../codes.ts";
import { get } from "../crud.ts";
import { readFields } from "../fields.ts";
import { addUser, userByEmail } from "../people.ts";
import { MAGIC_AUTHS } from "../records.ts";
import { type Route, route } from "../router.ts";
import { circumstances, pendingInvitation } from "../signin.ts";

/** One-time codes by email. */
export const magicAuthRoutes: Route[] = [
  get(MAGIC_AUTHS, "/user_management/magic_auth"),
  route("POST /user_management/magic_auth", ({ body }, world) => {
    const { email, invitation_token: token } = readFields(body, { email: "email", invitation_token: "text?" });
    circumstances(body);
    const known = userByEmail(world, email);
    if (token) pendingInvitation(world, token, email);
    else if (!known && !world.settings.signUp) throw oauthError("sign_up_not_allowed");
    return issueCode(world, MAGIC_AUTHS, known ?? addUser(world, { email }));
  }, 201),
];
