import type { Member, Members } from "./members.ts";
import type * as seed from "./seed.ts";

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
    email: "email",
    email_verified: "flag?",
    password: "text?",
    first_name: "text|null",
    last_name: "text|null",
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
    slug: "text",
    name: "text?",
    description: "text|null",
    permissions: "texts?",
    organization_id: "text?",
  }),
  permissions: listOf<seed.SeedPermission>({ slug: "text", name: "text?", description: "text|null" }),
  groups: listOf<seed.SeedGroup>({
    organization_id: "text",
    name: "text",
    description: "text|null",
    members: "texts?",
  }),
  connections: listOf<seed.SeedConnection>({
    name: "text?",
    connection_type: "text",
    organization_id: "text?",
    state: { oneOf: ["requires_type", "draft", "active", "validating", "inactive", "deleting"] },
    domains: "texts?",
  }),
  profiles: listOf<seed.SeedProfile>({
    connection_id: "text",
    email: "email",
    idp_id: "text?",
    first_name: "text|null",
    last_name: "text|null",
    groups: "texts?",
    custom_attributes: "object?",
    raw_attributes: "object?",
  }),
  directories: listOf<seed.SeedDirectory>({
    name: "text",
    organization_id: "text",
    type: "text?",
    state: { oneOf: ["linked", "unlinked", "validating", "invalid_credentials", "deleting"] },
    domain: "domain?",
    external_key: "text?",
  }),
  directory_groups: listOf<seed.SeedDirectoryGroup>({
    directory_id: "text",
    name: "text",
    idp_id: "text?",
    raw_attributes: "object?",
  }),
  directory_users: listOf<seed.SeedDirectoryUser>({
    directory_id: "text",
    email: "email",
    idp_id: "text?",
    first_name: "text|null",
    last_name: "text|null",
    job_title: "text|null",
    username: "text|null",
    state: { oneOf: ["active", "suspended", "inactive"] },
    role_slug: "text?",
    custom_attributes: "object?",
    raw_attributes: "object?",
    groups: "texts?",
  }),
  invitations: listOf<seed.SeedInvitation>({
    email: "email",
    organization_id: "text?",
    role_slug: "text?",
    token: "text?",
    expires_at: "time?",
  }),
  feature_flags: listOf<seed.SeedFeatureFlag>({
    slug: "text",
    name: "text?",
    description: "text|null",
    owner: "object|null",
    tags: "texts?",
    enabled: "flag?",
    default_value: "flag?",
    targets: {
      object: { users: "texts?", organizations: "texts?", custom_targets: { list: { type: "text", id: "text" } } },
    },
  }),
  vault_objects: listOf<seed.SeedVaultObject>({ name: "text", value: "text", context: "object?" }),
  webhook_endpoints: listOf<seed.SeedWebhookEndpoint>({
    endpoint_url: "url",
    events: "texts",
    secret: "text?",
    status: { oneOf: ["enabled", "disabled"] },
  }),
  redirect_uris: "texts?",
};

/** A list of objects, which may have ids; the compiler sees to it that no other member of them is forgotten. */
function listOf<T>(members: Record<Exclude<keyof T & string, "id">, Member>): { list: Members } {
  return { list: { id: "text?", ...members } };
}
