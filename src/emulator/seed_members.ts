import type { Member, Members } from "./members.ts";
import type * as seed from "./seed.ts";

const PERSON = { email: "email", first_name: "text|null", last_name: "text|null" } as const;
const SLUG = { slug: "text", name: "text?", description: "text|null" } as const;
const ATTRIBUTES = { idp_id: "text?", raw_attributes: "object?" } as const;
/** Members of a group of a directory, wherever it is. */
export const DIRECTORY_GROUP = { ...ATTRIBUTES, name: "text" } as const;
/** Members of a user of a directory. */
export const DIRECTORY_USER = {
  ...PERSON,
  ...ATTRIBUTES,
  job_title: "text|null",
  username: "text|null",
  state: { oneOf: ["active", "suspended", "inactive"] },
  role_slug: "text|null",
  custom_attributes: "object?",
  groups: "texts?",
} as const;

/** What an {@linkcode EmulatorSeed} may hold. */
export const SEED_MEMBERS: Record<keyof seed.EmulatorSeed, Member> = {
  organizations: listOf<seed.SeedOrganization>({
    name: "text",
    external_id: "text|null",
    metadata: "metadata?",
    domains: "texts?",
    domain_data: { list: { domain: "domain", state: { oneOf: ["pending", "verified"] } } },
    allow_profiles_outside_organization: "flag?",
    stripe_customer_id: "text?",
    entitlements: "texts?",
    feature_flags: "texts?",
  }),
  users: listOf<seed.SeedUser>({
    ...PERSON,
    email_verified: "flag?",
    password: "text?",
    name: "text|null",
    profile_picture_url: "text|null",
    locale: "text|null",
    external_id: "text|null",
    metadata: "metadata?",
    feature_flags: "texts?",
  }),
  memberships: listOf<seed.SeedMembership>({
    user_id: "text",
    organization_id: "text",
    role_slug: "text?",
    role_slugs: "texts?",
    status: { oneOf: ["active", "inactive", "pending"] },
  }),
  roles: listOf<seed.SeedRole>({
    ...SLUG,
    resource_type_slug: "text?",
    permissions: "texts?",
    organization_id: "text?",
  }),
  permissions: listOf<seed.SeedPermission>({ ...SLUG, resource_type_slug: "text?" }),
  groups: listOf<seed.SeedGroup>({
    organization_id: "text",
    name: "text",
    description: "text|null",
    members: "texts?",
  }),
  resources: listOf<seed.SeedResource>({
    organization_id: "text",
    resource_type_slug: "text",
    external_id: "text",
    name: "text?",
    description: "text|null",
    parent_resource_id: "text?",
  }),
  role_assignments: listOf<seed.SeedRoleAssignment>({
    role_slug: "text",
    resource_id: "text?",
    organization_membership_id: "text?",
    group_id: "text?",
  }),
  connections: listOf<seed.SeedConnection>({
    name: "text?",
    connection_type: "text",
    organization_id: "text?",
    state: { oneOf: ["requires_type", "draft", "active", "validating", "inactive", "deleting"] },
    domains: "texts?",
  }),
  profiles: listOf<seed.SeedProfile>({
    ...PERSON,
    ...ATTRIBUTES,
    connection_id: "text",
    groups: "texts?",
    custom_attributes: "object?",
  }),
  directories: listOf<seed.SeedDirectory>({
    name: "text",
    organization_id: "text",
    type: "text?",
    state: { oneOf: ["linked", "unlinked", "validating", "invalid_credentials", "deleting"] },
    domain: "domain?",
    external_key: "text?",
  }),
  directory_groups: listOf<seed.SeedDirectoryGroup>({ ...DIRECTORY_GROUP, directory_id: "text" }),
  directory_users: listOf<seed.SeedDirectoryUser>({ ...DIRECTORY_USER, directory_id: "text" }),
  invitations: listOf<seed.SeedInvitation>({
    email: "email",
    organization_id: "text?",
    role_slug: "text?",
    token: "text?",
    expires_at: "time?",
  }),
  feature_flags: listOf<seed.SeedFeatureFlag>({
    ...SLUG,
    owner: "object|null",
    tags: "texts?",
    enabled: "flag?",
    default_value: "flag?",
    targets: {
      object: { users: "texts?", organizations: "texts?", custom_targets: { list: { type: "text", id: "text" } } },
    },
  }),
  vault_objects: listOf<seed.SeedVaultObject>({ name: "text", value: "text", context: "metadata?" }),
  webhook_endpoints: listOf<seed.SeedWebhookEndpoint>({
    endpoint_url: "url",
    events: "texts",
    secret: "text?",
    status: { oneOf: ["enabled", "disabled"] },
  }),
  redirect_uris: "texts?",
  connect_applications: listOf<seed.SeedConnectApplication>({
    name: "text",
    client_id: "text?",
    description: "text|null",
    scopes: "texts?",
    application_type: { oneOf: ["oauth", "m2m"] },
    organization_id: "text?",
    redirect_uris: { list: { uri: "url", default: "flag?" } },
    uses_pkce: "flag?",
    is_first_party: "flag?",
    was_dynamically_registered: "flag?",
  }),
  authorized_applications: listOf<seed.SeedAuthorizedApplication>({
    user_id: "text",
    application_id: "text",
    granted_scopes: "texts?",
    oauth_resource: "text?",
  }),
  data_integrations: listOf<seed.SeedDataIntegration>({
    slug: "text",
    ownership: { oneOf: ["user", "organization"] },
    description: "text|null",
    enabled: "flag?",
    scopes: "texts?",
    auth_methods: "texts?",
    credentials_type: { oneOf: ["custom", "organization"] },
  }),
  connected_accounts: listOf<seed.SeedConnectedAccount>({
    slug: "text",
    user_id: "text?",
    organization_id: "text?",
    auth_method: "text?",
    secret: "text?",
    expires_at: "time?",
    scopes: "texts?",
    state: { oneOf: ["connected", "needs_reauthorization"] },
  }),
  agent_registrations: listOf<seed.SeedAgentRegistration>({
    organization_id: "text",
    kind: { oneOf: ["anonymous", "service_auth", "identity_assertion"] },
    user_id: "text?",
  }),
};

/** A list of objects, which may have ids; the compiler sees to it that no other member of them is forgotten. */
export function listOf<T>(members: Record<Exclude<keyof T & string, "id">, Member>): { list: Members } {
  return { list: { id: "text?", ...members } };
}
