import { invalidField } from "../answers.ts";
import {
  addApplication,
  APPLICATIONS,
  AUTHORIZATIONS,
  NEW_APPLICATION,
  OWN_AUTHORIZATIONS,
  readRedirectUris,
  removeApplication,
  SECRETS,
} from "../connect.ts";
import { list, listAnswer, listOf, routeOn } from "../crud.ts";
import { checkOneOf, readFields } from "../fields.ts";
import { manyValues } from "../list.ts";
import { isMember } from "../people.ts";
import { ORGANIZATIONS, USERS } from "../records.ts";
import { type Call, type Route, route } from "../router.ts";
import type { World } from "../world.ts";

const PATH = "/connect/applications";

const CHANGES = {
  name: "text?",
  description: "text|null",
  scopes: "texts|null",
  redirect_uris: "objects|null",
} as const;

/** Applications that act for users or for themselves, their secrets, and what users let them do. */
export const connectRoutes: Route[] = [
  list(APPLICATIONS, PATH, {
    filters: { organization_id: "organization_id" },
    scope: ({ query }) => {
      const types = manyValues(query, "registration_types") ?? ["authenticated"];
      for (const type of types) checkOneOf("registration_types", type, ["dynamic", "authenticated"]);
      return (application) => types.includes(application.was_dynamically_registered ? "dynamic" : "authenticated");
    },
  }),
  route(`POST ${PATH}`, ({ body }, world) => addApplication(world, readFields(body, NEW_APPLICATION)), 201),
  route(`GET ${PATH}/:id`, application),
  route(`PUT ${PATH}/:id`, (call, world) => {
    const { id, application_type } = application(call, world);
    const { name, scopes, redirect_uris, ...rest } = readFields(call.body, CHANGES);
    if (redirect_uris && application_type === "m2m") throw invalidField("redirect_uris");
    return world.update(APPLICATIONS, id, {
      ...rest,
      ...name && { name },
      ...scopes !== undefined && { scopes: scopes ?? [] },
      ...redirect_uris !== undefined && application_type !== "m2m" &&
        { redirect_uris: readRedirectUris(redirect_uris) },
    });
  }),
  route(`DELETE ${PATH}/:id`, (call, world) => removeApplication(world, application(call, world)), 204),
  route(`GET ${PATH}/:id/client_secrets`, (call, world) => {
    const { id } = application(call, world);
    const secrets = world.of(SECRETS).all({ application_id: id });
    return secrets.map((secret) => world.show(SECRETS, secret));
  }),
  route(`POST ${PATH}/:id/client_secrets`, (call, world) => {
    const { id: application_id } = application(call, world);
    const secret = world.ids.token(50);
    const made = world.create(SECRETS, { application_id, secret_hint: secret.slice(-6), last_used_at: null });
    return { ...world.show(SECRETS, made), secret };
  }, 201),
  route("DELETE /connect/client_secrets/:id", ({ params: { id } }, world) => world.remove(SECRETS, id), 204),
  routeOn(ORGANIZATIONS, "GET /organizations/:id/authorized_applications", ({ id }, call, world) => {
    return listAnswer(call, world, { kind: AUTHORIZATIONS, among: ({ user_id }) => isMember(world, user_id, id) });
  }),
  listOf("/user_management/users/:id/authorized_applications", USERS, {
    kind: OWN_AUTHORIZATIONS,
    belongs: "user_id",
  }),
  route("DELETE /user_management/users/:userId/authorized_applications/:id", (call, world) => {
    const { id: userId } = world.existing(USERS, call.params.userId);
    const { id } = application(call, world);
    const known = world.found(AUTHORIZATIONS, call.params.id, { user_id: userId, application_id: id });
    world.remove(AUTHORIZATIONS, known.id);
  }, 204),
];

/** The application of a request, by its id or its client id. */
function application({ params: { id } }: Call, world: World) {
  return world.found(APPLICATIONS, id, (known) => known.id === id || known.client_id === id);
}
