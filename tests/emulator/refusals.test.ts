import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { type Driver, SEED, start } from "./drive.ts";

type Method = "post" | "put" | "patch";

const USERS = "/user_management/users";
const MEMBERSHIPS = "/user_management/organization_memberships";
const INVITATIONS = "/user_management/invitations";
const AUTHENTICATE = "/user_management/authenticate";
const RESOURCES = "/authorization/resources";
const RESOURCE = { organization_id: "org_1", resource_type_slug: "project", external_id: "p-1", name: "One" };
const ASSIGNMENTS = "/authorization/organization_memberships/om_1/role_assignments";
const CHECK = "/authorization/organization_memberships/om_1/check";
const GROUP_ASSIGNMENTS = "/authorization/groups/group_1/role_assignments";
const PASSWORD = { grant_type: "password", email: "ada@example.com", password: "correct horse" };
const HASH = { email: "new@example.com", password_hash: "$2a$10$x", password_hash_type: "bcrypt" };
const SALTED = { ...HASH, password_hash_type: "ssha256" };

/** Requests the API answers with a 422 for one field, whose name comes first. */
const MALFORMED: [string, Method, string, object][] = [
  ["allow_profiles_outside_organization", "post", "/organizations", {
    name: "A",
    allow_profiles_outside_organization: null,
  }],
  ["domains", "post", "/organizations", { name: "A", domains: null }],
  ["domain_data", "post", "/organizations", { name: "A", domain_data: null }],
  ["state", "post", "/organizations", { name: "A", domain_data: [{ domain: "a.example" }] }],
  ["state", "post", "/organizations", { name: "A", domain_data: [{ domain: "a.example", state: "failed" }] }],
  ["external_id", "post", "/organizations", { name: "A", external_id: "" }],
  ["name", "put", "/organizations/org_1", { name: null }],
  ["ip_address", "post", USERS, { email: "new@example.com", ip_address: 1 }],
  ["signals_id", "post", USERS, { email: "new@example.com", signals_id: null }],
  ["password_hash", "post", USERS, { ...HASH, password_hash: null }],
  ["password_hash", "post", USERS, { email: "new@example.com", password_hash_type: "bcrypt" }],
  ["password_salt_position", "post", USERS, { ...SALTED, password_salt_position: "middle" }],
  ["password_salt_position", "post", USERS, { ...HASH, password_salt_position: "prefix" }],
  ["external_id", "put", `${USERS}/user_ada`, { external_id: "" }],
  ["first_name", "put", `${USERS}/user_ada`, { first_name: null }],
  ["email_verified", "put", `${USERS}/user_ada`, { email_verified: null }],
  ["role_slug", "post", MEMBERSHIPS, { user_id: "user_cid", organization_id: "org_1", role_slug: null }],
  ["role_slugs", "put", `${MEMBERSHIPS}/om_1`, { role_slugs: ["member"], role_slug: "" }],
  ["organization_id", "post", INVITATIONS, { email: "new@example.com", organization_id: null }],
  ["locale", "post", INVITATIONS, { email: "new@example.com", locale: 1 }],
  ["locale", "post", INVITATIONS, { email: "new@example.com", locale: "en_US" }],
  ["locale", "post", `${INVITATIONS}/invitation_1/resend`, { locale: "de-AT" }],
  ["device_id", "post", AUTHENTICATE, { ...PASSWORD, device_id: 1 }],
  ["ip_address", "post", AUTHENTICATE, { ...PASSWORD, ip_address: null }],
  ["signals_id", "post", "/user_management/magic_auth", { email: "ada@example.com", signals_id: 1 }],
  ["user_id", "post", "/auth/factors/enroll", { type: "totp", user_id: null }],
  ["type", "post", "/auth/factors/enroll", { type: "email" }],
  ["type", "post", `${USERS}/user_ada/auth_factors`, {}],
  ["totp_secret", "post", `${USERS}/user_ada/auth_factors`, { type: "totp", totp_secret: "not base32!" }],
  ["totp_secret", "post", `${USERS}/user_ada/auth_factors`, { type: "totp", totp_secret: "" }],
  ["totp_secret", "post", `${USERS}/user_ada/auth_factors`, { type: "totp", totp_secret: "1EZDGNBVGY3TQOJQ" }],
  ["type", "post", `${USERS}/user_ada/auth_factors`, { type: "sms", phone_number: "+15005550006" }],
  ["expires_at", "post", "/organizations/org_1/api_keys", { name: "A", expires_at: null }],
  ["expires_at", "post", "/organizations/org_1/api_keys", { name: "A", expires_at: "2026-01-01T00:00:00.000Z" }],
  ["name", "patch", "/authorization/roles/admin", { name: null }],
  ["slug", "post", "/authorization/organizations/org_1/roles", { name: "A", slug: null }],
  ...["organization_id", "resource_type_slug", "external_id", "name"].map((field): [string, Method, string, object] => [
    ...[field, "post", RESOURCES] as const,
    { ...RESOURCE, [field]: null },
  ]),
  ["external_id", "post", RESOURCES, { ...RESOURCE, external_id: "é" }],
  ["external_id", "post", RESOURCES, { ...RESOURCE, external_id: "x".repeat(129) }],
  ["name", "post", RESOURCES, { ...RESOURCE, name: "n".repeat(49) }],
  ["description", "post", RESOURCES, { ...RESOURCE, description: "d".repeat(151) }],
  ["parent_resource_id", "post", RESOURCES, { ...RESOURCE, parent_resource_id: 1 }],
  ["parent_resource_id", "post", RESOURCES, {
    ...RESOURCE,
    parent_resource_id: null,
    parent_resource_type_slug: "workspace",
  }],
  ["parent_resource_external_id", "post", RESOURCES, {
    ...RESOURCE,
    parent_resource_type_slug: "workspace",
  }],
  ["name", "patch", `${RESOURCES}/pr_1`, { name: null }],
  ["name", "patch", `${RESOURCES}/pr_1`, { name: "n".repeat(49) }],
  ["parent_resource_id", "patch", `${RESOURCES}/pr_1`, { parent_resource_id: null }],
  ["role_slug", "post", ASSIGNMENTS, { resource_id: "pr_1" }],
  ["resource_id", "post", ASSIGNMENTS, { role_slug: "editor", resource_id: null }],
  ["resource_id", "post", ASSIGNMENTS, {
    role_slug: "editor",
    resource_id: "pr_1",
    resource_external_id: "p-1",
    resource_type_slug: "project",
  }],
  ["resource_type_slug", "post", ASSIGNMENTS, { role_slug: "editor", resource_external_id: "p-1" }],
  ["permission_slug", "post", CHECK, { resource_id: "pr_1" }],
  ["resource_id", "post", CHECK, { permission_slug: "project:edit" }],
  ["resource_external_id", "post", CHECK, { permission_slug: "project:edit", resource_type_slug: "project" }],
  ["role_slug", "post", GROUP_ASSIGNMENTS, { role_slug: 1 }],
  ["resource_id", "post", GROUP_ASSIGNMENTS, { role_slug: "admin", resource_id: null }],
  ["role_assignments", "put", GROUP_ASSIGNMENTS, {}],
  ["role_assignments", "put", GROUP_ASSIGNMENTS, { role_assignments: ["admin"] }],
  ["role_slug", "put", GROUP_ASSIGNMENTS, { role_assignments: [{ resource_id: "pr_1" }] }],
];

/** Requests it takes, which are close to those. */
const WELL_FORMED: [Method, string, object][] = [
  ["post", "/organizations", { name: "A", external_id: null, metadata: null }],
  ["post", INVITATIONS, { email: "new@example.com", locale: "zh-TW" }],
  ["post", `${INVITATIONS}/invitation_1/resend`, { locale: "de" }],
  ["put", "/organizations/org_1", { external_id: null, stripe_customer_id: null }],
  ["post", USERS, { email: "new@example.com", first_name: null, email_verified: null, ip_address: null }],
  ["post", `${USERS}/user_ada/auth_factors`, { type: "totp", totp_secret: "jbsw y3dp ehpk 3pxp====" }],
  ["post", USERS, HASH],
  ["post", USERS, { ...SALTED, password_salt_position: "prefix" }],
  ["put", `${USERS}/user_ada`, { external_id: null, locale: null, metadata: null }],
  ["patch", "/authorization/roles/admin", { description: null }],
  ["post", RESOURCES, {
    ...RESOURCE,
    external_id: "p-2",
    description: null,
    parent_resource_id: null,
  }],
  ["patch", `${RESOURCES}/pr_1`, { description: null }],
  ["post", ASSIGNMENTS, { role_slug: "editor", resource_external_id: "p-1", resource_type_slug: "project" }],
  ["post", CHECK, { permission_slug: "project:edit", resource_id: "pr_1" }],
  ["post", GROUP_ASSIGNMENTS, { role_slug: "admin" }],
  ["post", AUTHENTICATE, { ...PASSWORD, device_id: "a", signals_id: "b", radar_auth_attempt_id: "c" }],
];

const AUTHORIZATION_SEED = {
  roles: [...SEED.roles, { slug: "editor", resource_type_slug: "project", permissions: ["project:edit"] }],
  groups: [{ id: "group_1", organization_id: "org_1", name: "Editors" }],
  invitations: [{ id: "invitation_1", email: "eve@example.com" }],
  resources: [{ id: "pr_1", ...RESOURCE }],
};

describe("the emulator", () => {
  for (const [field, method, path, body] of MALFORMED) {
    it(`refuses ${field} in ${method.toUpperCase()} ${path} with ${JSON.stringify(body)}`, async () => {
      const { status, answer } = await send(method, path, body);

      assertEquals([status, answer.errors?.map((error: { field: string }) => error.field)], [422, [field]]);
    });
  }

  for (const [method, path, body] of WELL_FORMED) {
    it(`takes ${method.toUpperCase()} ${path} with ${JSON.stringify(body)}`, async () => {
      const { status } = await send(method, path, body);

      assertEquals(status < 300, true);
    });
  }
});

async function send(method: Method, path: string, body: object) {
  const api: Driver = await start({
    seed: { ...SEED, ...AUTHORIZATION_SEED, memberships: SEED.memberships.slice(0, 1) },
  });
  const client = { client_id: api.emulator.clientId, client_secret: api.emulator.apiKey };
  const { status, body: answer } = await api[method](path, path === AUTHENTICATE ? { ...client, ...body } : body);
  return { status, answer };
}
