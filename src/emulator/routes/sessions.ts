import { badRequest, invalidField, redirect } from "../answers.ts";
import { readFields, readQuery } from "../fields.ts";
import { revokeSessions } from "../people.ts";
import { SESSIONS } from "../records.ts";
import { publicRoute, type Route, route400 } from "../router.ts";

/** Signing out. */
export const sessionRoutes: Route[] = [
  route400("POST /user_management/sessions/revoke", ({ body }, world) => {
    const { session_id } = readFields(body, { session_id: "text" });
    if (!world.of(SESSIONS).get(session_id)) throw badRequest("session_not_found");
    revokeSessions(world, { id: session_id });
  }),
  publicRoute("GET /user_management/sessions/logout", ({ query }, world) => {
    const { session_id } = readQuery(query, { session_id: "text" });
    const target = query.get("return_to") || world.settings.logoutRedirect;
    if (!URL.canParse(target)) throw invalidField("return_to");
    revokeSessions(world, { id: session_id });
    return redirect(target);
  }),
];
