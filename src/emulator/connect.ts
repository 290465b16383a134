import { invalidField } from "./answers.ts";
import { checkOneOf, type Fields, readFields } from "./fields.ts";
import { type Kind, kind, present, shownWithout, type Stamped, without } from "./kind.ts";
import { ORGANIZATIONS } from "./records.ts";
import type { Entity } from "./store.ts";
import type { World } from "./world.ts";

interface ConnectApplication extends Stamped {
  client_id: string;
  name: string;
  description: string | null;
  scopes: string[];
  application_type: string;
  /** Only of `m2m`, and of third parties that did not register themselves. */
  organization_id?: string;
  /** Only of `oauth`, like the others below. */
  redirect_uris?: { uri: string; default: boolean }[];
  uses_pkce?: boolean;
  is_first_party?: boolean;
  /** Only of third parties. */
  was_dynamically_registered?: boolean;
}

export const APPLICATIONS: Kind<ConnectApplication> = kind("connect_application", {
  prefix: "conn_app",
});

/** A secret of an application, without its value: nothing here is opened with it. */
interface ApplicationSecret extends Stamped {
  application_id: string;
  secret_hint: string;
  last_used_at: string | null;
}

export const SECRETS: Kind<ApplicationSecret> = kind("connect_application_secret", {
  prefix: "secret",
  present: (secret) => without(secret, "application_id"),
});

/** That a user lets an application act for them. */
interface Authorization extends Entity {
  user_id: string;
  application_id: string;
  granted_scopes: string[];
  oauth_resource?: string;
}

/** As the list of an organization shows them. */
export const AUTHORIZATIONS: Kind<Authorization> = kind("authorized_connect_application", {
  prefix: "authorized_connect_app",
  present: ({ application_id, ...authorization }, reader) => {
    const application = reader.of(APPLICATIONS).get(application_id);
    const object = "authorized_connect_application";
    return { object, ...authorization, application: application && present(APPLICATIONS, application, reader) };
  },
});

/** As the list of a user shows them. */
export const OWN_AUTHORIZATIONS: Kind<Authorization> = shownWithout(AUTHORIZATIONS, "user_id");

/** What a request says of a new application. */
export const NEW_APPLICATION = {
  name: "text",
  application_type: "text",
  description: "text|null",
  scopes: "texts|null",
  redirect_uris: "objects|null",
  uses_pkce: "flag|null",
  is_first_party: "flag?",
  organization_id: "text|null",
} as const;

/** What an application is made of. */
type NewApplication =
  & Fields<typeof NEW_APPLICATION>
  & Partial<Pick<ConnectApplication, "id" | "client_id" | "was_dynamically_registered">>;

/** Adds an application. Throws a 422 for a type there is not, and without what its type needs. */
export function addApplication(world: World, given: NewApplication): ConnectApplication {
  const { application_type, is_first_party, was_dynamically_registered = false } = given;
  checkOneOf("application_type", application_type, ["oauth", "m2m"]);
  const isOauth = application_type === "oauth";
  if (isOauth && is_first_party === undefined) throw invalidField("is_first_party", "required");
  const owned = !isOauth || !(is_first_party || was_dynamically_registered);
  if (owned && !given.organization_id) throw invalidField("organization_id", "required");
  const { id, client_id = world.ids.id("client"), name, description = null } = given;
  return world.create(APPLICATIONS, {
    id,
    client_id,
    name,
    description,
    scopes: given.scopes ?? [],
    application_type,
    ...isOauth && { redirect_uris: readRedirectUris(given.redirect_uris), uses_pkce: given.uses_pkce ?? false },
    ...isOauth && { is_first_party, ...!is_first_party && { was_dynamically_registered } },
    ...owned && { organization_id: world.existing(ORGANIZATIONS, given.organization_id!).id }, // checked above
  });
}

/** Redirect URIs of a request; one of them is the default, the first unless it is said. */
export function readRedirectUris(
  given: Record<string, unknown>[] | null | undefined,
): { uri: string; default: boolean }[] {
  const uris = (given ?? []).map((it) => readFields(it, { uri: "url", default: "flag|null" }));
  const chosen = Math.max(0, uris.findIndex((it) => it.default));
  return uris.map(({ uri }, index) => ({ uri, default: index === chosen }));
}

/** Removes an application, its secrets and what users let it do. */
export function removeApplication(world: World, { id }: ConnectApplication): void {
  world.forget(SECRETS, { application_id: id });
  world.forget(AUTHORIZATIONS, { application_id: id });
  world.remove(APPLICATIONS, id);
}

/** Removes the applications of an organization that is there no more. */
export function forgetApplications(world: World, organizationId: string): void {
  const owned = world.of(APPLICATIONS).all({ organization_id: organizationId });
  for (const application of owned) removeApplication(world, application);
}
