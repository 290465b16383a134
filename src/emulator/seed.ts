import { addRegistration } from "./agents.ts";
import { addApplication, APPLICATIONS, AUTHORIZATIONS } from "./connect.ts";
import {
  completeGroup,
  completeUser,
  DIRECTORIES,
  DIRECTORY_GROUPS,
  DIRECTORY_USERS,
  joinDirectoryGroup,
} from "./directories.ts";
import { conflict, inCode, invalidField } from "./answers.ts";
import { addFlag, addTarget, type Flag, flagBySlug, type Targeted } from "./flags.ts";
import { GROUPS, joinGroup } from "./groups.ts";
import type { Kind } from "./kind.ts";
import { addUser, claimExternalId, heldRoles, membershipOf, setPassword, userByEmail } from "./people.ts";
import { addIntegration, apiKey, connect, INTEGRATIONS, newGrant, targetOf } from "./pipes.ts";
import {
  type Connection,
  CONNECTIONS,
  DEFAULT_ROLE,
  DOMAINS,
  type Membership,
  MEMBERSHIPS,
  ORGANIZATIONS,
  USERS,
} from "./records.ts";
import { addInvitation } from "./routes/invitations.ts";
import { addOrganization, domainsOf } from "./routes/organizations.ts";
import { ORGANIZATION_TYPE, organizationResource, type Resource, RESOURCES } from "./resources.ts";
import { REDIRECT_URIS } from "./routes/redirect_uris.ts";
import { addResource } from "./routes/resources.ts";
import { assignRole, assignToGroup, requireRole } from "./routes/role_assignments.ts";
import { addPermission, addRole, permissionBySlug } from "./routes/roles.ts";
import { addConnection, addProfile } from "./routes/sso.ts";
import { WAITLISTS } from "./routes/waitlists.ts";
import { addWebhookEndpoint } from "./routes/webhook_endpoints.ts";
import { TRAITS } from "./sessions.ts";
import type { Entity } from "./store.ts";
import { addObject } from "./vault.ts";
import type { World } from "./world.ts";

/** Initial content of an emulator, with the API's own names. Ids that are left out are generated. */
export interface EmulatorSeed {
  /** Organizations with their domains. */
  organizations?: SeedOrganization[];
  /** Users. */
  users?: SeedUser[];
  /** Memberships of users in organizations. */
  memberships?: SeedMembership[];
  /** Roles in addition to `member` and `admin`, which always exist; a role with the same slug replaces one of them. */
  roles?: SeedRole[];
  /** Permissions in addition to those of the roles. */
  permissions?: SeedPermission[];
  /** Groups of organization members. */
  groups?: SeedGroup[];
  /** Resources on which roles are assigned, each after its parent. */
  resources?: SeedResource[];
  /** Roles of members and groups on resources. */
  role_assignments?: SeedRoleAssignment[];
  /** Single sign-on connections. */
  connections?: SeedConnection[];
  /** Profiles at connections; others are created from the user at the first sign-in. */
  profiles?: SeedProfile[];
  /** Directories of employees. */
  directories?: SeedDirectory[];
  /** Groups of directories. */
  directory_groups?: SeedDirectoryGroup[];
  /** Users of directories. */
  directory_users?: SeedDirectoryUser[];
  /** Pending invitations. */
  invitations?: SeedInvitation[];
  /** Feature flags. */
  feature_flags?: SeedFeatureFlag[];
  /** Secrets in the vault. */
  vault_objects?: SeedVaultObject[];
  /** Webhook endpoints. */
  webhook_endpoints?: SeedWebhookEndpoint[];
  /** Allowed redirect URIs; the first is the default. Without any, every URI is allowed. */
  redirect_uris?: string[];
  /** Connect applications. */
  connect_applications?: SeedConnectApplication[];
  /** Authorizations of Connect applications by users. */
  authorized_applications?: SeedAuthorizedApplication[];
  /** Providers that accounts can be connected to. */
  data_integrations?: SeedDataIntegration[];
  /** Accounts of users and organizations at those providers. */
  connected_accounts?: SeedConnectedAccount[];
  /** Registered agents. */
  agent_registrations?: SeedAgentRegistration[];
}

/** Any object of an {@linkcode EmulatorSeed}. */
export interface SeedRecord {
  /** Id of the object. Default: generated. */
  id?: string;
}

/** An organization of an {@linkcode EmulatorSeed}. */
export interface SeedOrganization extends SeedRecord {
  /** Its name. */
  name: string;
  /** Your own id for it. Defaults to `null`. */
  external_id?: string | null;
  /** Your own data. Defaults to none. */
  metadata?: Record<string, string>;
  /** Domains it has verified. */
  domains?: string[];
  /** Domains with their state. */
  domain_data?: { domain: string; state: "pending" | "verified" }[];
  /** Defaults to false. */
  allow_profiles_outside_organization?: boolean;
  /** Id at the payment provider. */
  stripe_customer_id?: string;
  /** The `entitlements` claim of its members' access tokens. */
  entitlements?: string[];
  /** Slugs of feature flags of which it is a target; flags that the seed does not define are created. */
  feature_flags?: string[];
}

/** A user of an {@linkcode EmulatorSeed}. */
export interface SeedUser extends SeedRecord {
  /** Email address. */
  email: string;
  /** Whether the address is verified. Defaults to true. */
  email_verified?: boolean;
  /** Password, stored as a salted hash. Absent: the user cannot sign in with a password. */
  password?: string;
  /** First name. Defaults to `null`. */
  first_name?: string | null;
  /** Last name. Defaults to `null`. */
  last_name?: string | null;
  /** Full name. Defaults to first and last name. */
  name?: string | null;
  /** Defaults to `null`. */
  profile_picture_url?: string | null;
  /** Defaults to `null`. */
  locale?: string | null;
  /** Your own id for the user. Defaults to `null`. */
  external_id?: string | null;
  /** Your own data. Defaults to none. */
  metadata?: Record<string, string>;
  /** Slugs of feature flags of which the user is a target; flags that the seed does not define are created. */
  feature_flags?: string[];
}

/** A membership of an {@linkcode EmulatorSeed}. */
export interface SeedMembership extends SeedRecord {
  /** Id of the user. */
  user_id: string;
  /** Id of the organization. */
  organization_id: string;
  /** Slug of the role. Defaults to `member`. */
  role_slug?: string;
  /** Slugs of several roles. */
  role_slugs?: string[];
  /** Defaults to `active`. */
  status?: "active" | "inactive" | "pending";
}

/** A group of an {@linkcode EmulatorSeed}. */
export interface SeedGroup extends SeedRecord {
  /** Whose it is. */
  organization_id: string;
  /** Its name. */
  name: string;
  /** Defaults to `null`. */
  description?: string | null;
  /** Ids of the memberships of its members. Defaults to none. */
  members?: string[];
}

/** A resource of an {@linkcode EmulatorSeed}. */
export interface SeedResource extends SeedRecord {
  /** Whose it is. */
  organization_id: string;
  /** Type of the resource, such as `project`; any but `organization`. */
  resource_type_slug: string;
  /** Your own id for it, unique among the resources of this type and organization. */
  external_id: string;
  /** Defaults to the external id. */
  name?: string;
  /** Defaults to `null`. */
  description?: string | null;
  /** Id of the parent resource. Absent: the organization is its only parent. */
  parent_resource_id?: string;
}

/** A role assignment of an {@linkcode EmulatorSeed}: to a membership or to a group. */
export interface SeedRoleAssignment extends SeedRecord {
  /** Slug of the role, which must be one for resources of this type. */
  role_slug: string;
  /** Id of the resource. For a group, default: its organization; a membership has `role_slugs` for that. */
  resource_id?: string;
  /** Id of the membership that has the role. */
  organization_membership_id?: string;
  /** Id of the group that has the role. */
  group_id?: string;
}

/** A role of an {@linkcode EmulatorSeed}. */
export interface SeedRole extends SeedRecord {
  /** Slug, to which memberships refer. */
  slug: string;
  /** Defaults to the slug. */
  name?: string;
  /** Defaults to `null`. */
  description?: string | null;
  /** Slugs of its permissions; those that the seed does not define are created for its type. Defaults to none. */
  permissions?: string[];
  /** Type of the resources on which it can be assigned. Defaults to `organization`. */
  resource_type_slug?: string;
  /** The only organization that has it. Absent: all have it. */
  organization_id?: string;
}

/** A permission of an {@linkcode EmulatorSeed}. */
export interface SeedPermission extends SeedRecord {
  /** Slug, to which roles refer, such as `posts:write`. */
  slug: string;
  /** Defaults to the slug. */
  name?: string;
  /** Defaults to `null`. */
  description?: string | null;
  /** Type of the resources to which it applies. Defaults to `organization`. */
  resource_type_slug?: string;
}

/** A connection of an {@linkcode EmulatorSeed}. */
export interface SeedConnection extends SeedRecord {
  /** Defaults to the type. */
  name?: string;
  /** Type of the connection, such as `GenericSAML`. */
  connection_type: string;
  /** Whose it is. */
  organization_id?: string;
  /** Defaults to `active`. */
  state?: "requires_type" | "draft" | "active" | "validating" | "inactive" | "deleting";
  /** Domains of its users. Defaults to those of the organization. */
  domains?: string[];
}

/** A profile of an {@linkcode EmulatorSeed}. */
export interface SeedProfile extends SeedRecord {
  /** Id of the connection. */
  connection_id: string;
  /** Email address; a `login_hint` with it selects this profile. */
  email: string;
  /** Id at the identity provider. Default: generated. */
  idp_id?: string;
  /** Defaults to `null`. */
  first_name?: string | null;
  /** Defaults to `null`. */
  last_name?: string | null;
  /** Groups at the identity provider. */
  groups?: string[];
  /** Attributes as your environment maps them. */
  custom_attributes?: Record<string, unknown>;
  /** Attributes as the identity provider sent them. */
  raw_attributes?: Record<string, unknown>;
}

/** A directory of an {@linkcode EmulatorSeed}. */
export interface SeedDirectory extends SeedRecord {
  /** Its name. */
  name: string;
  /** Whose it is. */
  organization_id: string;
  /** Its provider, such as `okta scim v2.0`. Defaults to `generic scim v2.0`. */
  type?: string;
  /** Defaults to `linked`. */
  state?: "linked" | "unlinked" | "validating" | "invalid_credentials" | "deleting";
  /** Defaults to the first domain of the organization. */
  domain?: string;
  /** Made up when absent. */
  external_key?: string;
}

/** A group of a directory of an {@linkcode EmulatorSeed}. */
export interface SeedDirectoryGroup extends SeedRecord {
  /** Id of the directory. */
  directory_id: string;
  /** Its name. */
  name: string;
  /** Id at the provider. Default: generated. */
  idp_id?: string;
  /** Attributes as the provider sent them. Defaults to none. */
  raw_attributes?: Record<string, unknown>;
}

/** A user of a directory of an {@linkcode EmulatorSeed}. */
export interface SeedDirectoryUser extends SeedRecord {
  /** Id of the directory. */
  directory_id: string;
  /** Email address. */
  email: string;
  /** Id at the provider. Default: generated. */
  idp_id?: string;
  /** Defaults to `null`. */
  first_name?: string | null;
  /** Defaults to `null`. */
  last_name?: string | null;
  /** Defaults to `null`. */
  job_title?: string | null;
  /** Defaults to `null`. */
  username?: string | null;
  /** Defaults to `active`. */
  state?: "active" | "suspended" | "inactive";
  /** Slug of the role to which the user is mapped. Defaults to `null`, for none. */
  role_slug?: string | null;
  /** Attributes under the names of your mapping. Defaults to none. */
  custom_attributes?: Record<string, unknown>;
  /** Attributes as the provider sent them. Defaults to none. */
  raw_attributes?: Record<string, unknown>;
  /** Ids of the user's groups. Defaults to none. */
  groups?: string[];
}

/** A pending invitation of an {@linkcode EmulatorSeed}. */
export interface SeedInvitation extends SeedRecord {
  /** Email address of the invited person. */
  email: string;
  /** Id of the organization to join. Absent: only the application. */
  organization_id?: string;
  /** Slug of the role that the person gets. */
  role_slug?: string;
  /** Token of its link. Default: generated. */
  token?: string;
  /** When it expires, ISO 8601. Defaults to a week from the start. */
  expires_at?: string;
}

/** A feature flag of an {@linkcode EmulatorSeed}. */
export interface SeedFeatureFlag extends SeedRecord {
  /** Key of the flag. */
  slug: string;
  /** Defaults to the slug. */
  name?: string;
  /** Defaults to `null`. */
  description?: string | null;
  /** The person responsible for the flag. Defaults to `null`. */
  owner?: { email: string; first_name: string | null; last_name: string | null } | null;
  /** Labels. Defaults to none. */
  tags?: string[];
  /** Whether the flag is enabled. Defaults to true. */
  enabled?: boolean;
  /** Whether it is on for everyone, not only for its targets. Defaults to false. */
  default_value?: boolean;
  /** Its targets. Defaults to none. */
  targets?: {
    /** Ids of users. */
    users?: string[];
    /** Ids of organizations. */
    organizations?: string[];
    /** Resources of other types, for runtime clients. */
    custom_targets?: { type: string; id: string }[];
  };
}

/** A secret in the vault of an {@linkcode EmulatorSeed}. */
export interface SeedVaultObject extends SeedRecord {
  /** Unique name. */
  name: string;
  /** The secret, stored encrypted. */
  value: string;
  /** Context that selects the encryption key. Defaults to none. */
  context?: Record<string, string>;
}

/** A webhook endpoint of an {@linkcode EmulatorSeed}. */
export interface SeedWebhookEndpoint extends SeedRecord {
  /** URL to which events are sent. */
  endpoint_url: string;
  /** Names of the events to send. */
  events: string[];
  /** The secret that signs deliveries. Default: generated. */
  secret?: string;
  /** Defaults to `enabled`. */
  status?: "enabled" | "disabled";
}

/** A Connect application of an {@linkcode EmulatorSeed}. */
export interface SeedConnectApplication extends SeedRecord {
  /** Its name. */
  name: string;
  /** OAuth client id. Default: generated. */
  client_id?: string;
  /** Defaults to `null`. */
  description?: string | null;
  /** Scopes that it may request. Defaults to none. */
  scopes?: string[];
  /** Whether it acts for users or for itself. Defaults to `oauth`. */
  application_type?: "oauth" | "m2m";
  /** Id of its organization. Needed for `m2m`, and for third-party applications that did not register themselves. */
  organization_id?: string;
  /** Its redirect URIs. Defaults to none. */
  redirect_uris?: { uri: string; default?: boolean }[];
  /** Defaults to false. */
  uses_pkce?: boolean;
  /** Defaults to true for those without an organization that did not register themselves. */
  is_first_party?: boolean;
  /** Whether it registered itself. Defaults to false. */
  was_dynamically_registered?: boolean;
}

/** An authorization of an application by a user, in an {@linkcode EmulatorSeed}. */
export interface SeedAuthorizedApplication extends SeedRecord {
  /** Id of the user. */
  user_id: string;
  /** Id of the application. */
  application_id: string;
  /** Granted scopes. Defaults to those that the application may request. */
  granted_scopes?: string[];
  /** The requested OAuth resource. Absent: none was requested. */
  oauth_resource?: string;
}

/** A data integration of an {@linkcode EmulatorSeed}. */
export interface SeedDataIntegration extends SeedRecord {
  /** Slug of its provider, such as `github`; unique among those of the same ownership. */
  slug: string;
  /** Who owns the accounts. Defaults to `user`. */
  ownership?: "user" | "organization";
  /** Defaults to `null`. */
  description?: string | null;
  /** Whether accounts can be connected. Defaults to true. */
  enabled?: boolean;
  /** Scopes that are requested. Defaults to none. */
  scopes?: string[];
  /** How accounts authenticate. Defaults to only `oauth`. */
  auth_methods?: ("oauth" | "api_key" | "client_credentials")[];
  /** Whether the OAuth application is your own or one that each organization brings. Defaults to `custom`. */
  credentials_type?: "custom" | "organization";
}

/** A connected account of an {@linkcode EmulatorSeed}. */
export interface SeedConnectedAccount extends SeedRecord {
  /** Slug of the integration. */
  slug: string;
  /** Id of the user who owns it. Absent: the organization owns it. */
  user_id?: string;
  /** Id of the organization that it is scoped to, if any. */
  organization_id?: string;
  /** Defaults to the first method of the integration. */
  auth_method?: "oauth" | "api_key" | "client_credentials";
  /** Its access token or API key. Default: generated. */
  secret?: string;
  /** When its access token, which is then not refreshed, expires, ISO 8601. Absent: it is refreshed every hour. */
  expires_at?: string;
  /** Granted scopes. Defaults to those that the integration requests. */
  scopes?: string[];
  /** Defaults to `connected`. */
  state?: "connected" | "needs_reauthorization";
}

/** A registered agent of an {@linkcode EmulatorSeed}. */
export interface SeedAgentRegistration extends SeedRecord {
  /** Id of its organization. */
  organization_id: string;
  /** How it registered. Defaults to `anonymous`. */
  kind?: "anonymous" | "service_auth" | "identity_assertion";
  /** Id of the user it is bound to. Absent: it can be claimed for a day. */
  user_id?: string;
}

/** Fills an empty world. Throws a `TypeError` for what the API would reject, and for references to missing objects. */
export function plant(world: World, seed: EmulatorSeed): void {
  inCode("Cannot fill emulator", () => plantAll(world, seed));
}

function plantAll(world: World, seed: EmulatorSeed): void {
  const each = <T>(items: T[] = [], plant: (world: World, item: T) => unknown) => {
    for (const item of items) plant(world, item);
  };
  each(seed.webhook_endpoints, addWebhookEndpoint); // first, so that they get the events of all others
  each(seed.permissions, addPermission);
  world.silently(() => usualRoles(seed).forEach((role) => plantRole(world, role)));
  each(seed.roles, plantRole);
  world.create(WAITLISTS, {});
  each(seed.feature_flags, plantFlag);
  each(seed.organizations, plantOrganization);
  each(seed.roles, checkOwners);
  each(seed.users, plantUser);
  each(seed.feature_flags, plantTargets);
  each(seed.memberships, plantMembership);
  each(seed.groups, plantGroup);
  each(seed.resources, plantResource);
  each(seed.role_assignments, plantRoleAssignment);
  each(seed.connections, plantConnection);
  each(seed.profiles, plantProfile);
  each(seed.directories, plantDirectory);
  each(seed.directory_groups, plantDirectoryGroup);
  each(seed.directory_users, plantDirectoryUser);
  each(seed.invitations, plantInvitation);
  each(seed.vault_objects, (world, object) => addObject(world, { ...object, context: object.context ?? {} }));
  for (const [index, uri] of (seed.redirect_uris ?? []).entries()) {
    world.create(REDIRECT_URIS, { uri, default: index === 0 });
  }
  each(seed.connect_applications, plantApplication);
  each(seed.authorized_applications, plantAuthorization);
  each(seed.data_integrations, plantIntegration);
  each(seed.connected_accounts, plantAccount);
  each(seed.agent_registrations, addRegistration);
}

function usualRoles({ roles = [] }: EmulatorSeed): SeedRole[] {
  const usual = [{ slug: DEFAULT_ROLE, name: "Member" }, { slug: "admin", name: "Admin" }];
  return usual.filter(({ slug }) => !roles.some((given) => given.slug === slug && !given.organization_id));
}

function plantRole(world: World, role: SeedRole): void {
  const { permissions = [], resource_type_slug = ORGANIZATION_TYPE } = role;
  for (const slug of permissions) {
    if (!permissionBySlug(world, slug)) addPermission(world, { slug, resource_type_slug });
  }
  addRole(world, role);
}

function plantOrganization(world: World, seed: SeedOrganization): void {
  const { domains, domain_data, entitlements, feature_flags, ...organization } = seed;
  claimExternalId(world, ORGANIZATIONS, { externalId: seed.external_id });
  const { id } = addOrganization(world, organization, domainsOf({ domains, domain_data }));
  if (entitlements) world.of(TRAITS).insert({ id, entitlements });
  for (const slug of feature_flags ?? []) turnOn(world, slug, { type: "organization", resource_id: id });
}

function plantUser(world: World, { password, feature_flags, ...user }: SeedUser): void {
  if (userByEmail(world, user.email)) {
    throw new TypeError(`Cannot fill emulator: two users have the address "${user.email}"`);
  }
  claimExternalId(world, USERS, { externalId: user.external_id });
  const { id } = addUser(world, { email_verified: true, ...user });
  if (password !== undefined) setPassword(world, id, password);
  for (const slug of feature_flags ?? []) turnOn(world, slug, { type: "user", resource_id: id });
}

function plantFlag(world: World, { targets: _, ...seed }: SeedFeatureFlag): Flag {
  const usual = { description: null, owner: null, tags: [], enabled: true, default_value: false };
  return addFlag(world, { name: seed.slug, ...usual, ...seed });
}

function plantTargets(world: World, { slug, targets = {} }: SeedFeatureFlag): void {
  for (const id of targets.users ?? []) {
    turnOn(world, slug, { type: "user", resource_id: planted(world, USERS, { id }).id });
  }
  for (const id of targets.organizations ?? []) {
    turnOn(world, slug, { type: "organization", resource_id: planted(world, ORGANIZATIONS, { id }).id });
  }
  for (const { type, id } of targets.custom_targets ?? []) turnOn(world, slug, { type, resource_id: id });
}

function turnOn(world: World, slug: string, target: Targeted): void {
  addTarget(world, flagBySlug(world, slug) ?? plantFlag(world, { slug }), target);
}

function plantMembership(world: World, { role_slug, role_slugs, ...membership }: SeedMembership): Membership {
  const { user_id, organization_id } = membership;
  checkOwners(world, membership);
  if (membershipOf(world, user_id, organization_id)) {
    throw new TypeError(`Cannot fill emulator: user "${user_id}" is in organization "${organization_id}" twice`);
  }
  const held = heldRoles(world, organization_id, role_slugs ?? [role_slug ?? DEFAULT_ROLE]);
  const usual = { status: "active", directory_managed: false, custom_attributes: {} } as const;
  return world.create(MEMBERSHIPS, { ...usual, ...membership, ...held });
}

function plantGroup(world: World, { members = [], ...seed }: SeedGroup): void {
  const { organization_id } = seed;
  checkOwners(world, seed);
  const group = world.create(GROUPS, { description: null, ...seed });
  for (const id of members) joinGroup(world, group, planted(world, MEMBERSHIPS, { id, organization_id }));
}

function plantResource(world: World, seed: SeedResource): void {
  const { organization_id, name = seed.external_id, description = null, parent_resource_id = null } = seed;
  checkOwners(world, seed);
  if (parent_resource_id !== null) plantedResource(world, organization_id, parent_resource_id);
  addResource(world, { ...seed, name, description, parent_resource_id });
}

function plantRoleAssignment(world: World, seed: SeedRoleAssignment): void {
  const { id, role_slug, resource_id, group_id, organization_membership_id } = seed;
  if ((group_id === undefined) === (organization_membership_id === undefined)) {
    throw new TypeError(`Cannot fill emulator: "${role_slug}" is assigned to either a membership or a group`);
  }
  if (organization_membership_id !== undefined) {
    const membership = planted(world, MEMBERSHIPS, { id: organization_membership_id });
    const resource = plantedResource(world, membership.organization_id, resource_id ?? "");
    assignRole(world, membership, { id, ...requireRole(world, role_slug, resource) });
  } else {
    const group = planted(world, GROUPS, { id: group_id ?? "" });
    const resource = resource_id === undefined
      ? organizationResource(planted(world, ORGANIZATIONS, { id: group.organization_id }))
      : plantedResource(world, group.organization_id, resource_id);
    assignToGroup(world, group, { id, ...requireRole(world, role_slug, resource) });
  }
}

function plantedResource(world: World, organizationId: string, id: string): Resource {
  return planted(world, RESOURCES, { id, organization_id: organizationId });
}

function plantConnection(world: World, { domains, ...seed }: SeedConnection): Connection {
  checkOwners(world, seed);
  const owned = world.of(DOMAINS).all({ organization_id: seed.organization_id });
  const names = domains ?? owned.map(({ domain }) => domain);
  const object = "connection_domain" as const;
  return addConnection(world, {
    ...seed,
    domains: names.map((domain) => ({ object, id: world.ids.id("conn_domain"), domain: domain.toLowerCase() })),
  });
}

function plantProfile(world: World, seed: SeedProfile): void {
  const { connection_type, organization_id = null } = planted(world, CONNECTIONS, { id: seed.connection_id });
  addProfile(world, { ...seed, connection_type, organization_id });
}

function plantInvitation(world: World, seed: SeedInvitation): void {
  const { organization_id, role_slug } = seed;
  checkOwners(world, seed);
  if (role_slug) heldRoles(world, organization_id, [role_slug]);
  addInvitation(world, seed);
}

function plantDirectory(world: World, seed: SeedDirectory): void {
  const { organization_id, type = "generic scim v2.0", state = "linked" } = seed;
  checkOwners(world, seed);
  const owned = world.of(DOMAINS).find({ organization_id });
  const domain = (seed.domain ?? owned?.domain)?.toLowerCase();
  const external_key = seed.external_key ?? world.ids.token(12);
  const directory = world.create(DIRECTORIES, { ...seed, external_key, type, state, domain });
  if (state === "linked") world.emitAbout("dsync.activated", DIRECTORIES, directory);
}

function plantDirectoryGroup(world: World, seed: SeedDirectoryGroup): void {
  world.create(DIRECTORY_GROUPS, completeGroup(world, planted(world, DIRECTORIES, { id: seed.directory_id }), seed));
}

function plantDirectoryUser(world: World, { groups = [], ...seed }: SeedDirectoryUser): void {
  const { directory_id } = seed;
  const directory = planted(world, DIRECTORIES, { id: directory_id });
  const user = world.create(DIRECTORY_USERS, completeUser(world, directory, seed));
  for (const id of groups) joinDirectoryGroup(world, user, planted(world, DIRECTORY_GROUPS, { id, directory_id }));
}

function plantApplication(world: World, seed: SeedConnectApplication): void {
  const { application_type = "oauth", organization_id, was_dynamically_registered } = seed;
  const is_first_party = seed.is_first_party ?? !(organization_id || was_dynamically_registered);
  addApplication(world, { ...seed, application_type, is_first_party });
}

function plantAuthorization(world: World, seed: SeedAuthorizedApplication): void {
  const { id = world.ids.id(AUTHORIZATIONS.prefix), granted_scopes } = seed;
  checkOwners(world, seed);
  const { scopes } = planted(world, APPLICATIONS, { id: seed.application_id });
  world.of(AUTHORIZATIONS).insert({ ...seed, id, granted_scopes: granted_scopes ?? scopes });
}

function plantIntegration(world: World, { slug: provider, credentials_type, ...seed }: SeedDataIntegration): void {
  const { enabled = true, auth_methods = ["oauth"] } = seed;
  const type = credentials_type ?? "custom";
  const credentials = auth_methods.includes("oauth")
    ? { type, client_id: world.ids.token(20), client_secret: world.ids.token() }
    : undefined;
  addIntegration(world, { ...seed, provider, enabled, auth_methods, credentials });
}

function plantAccount(world: World, { slug, secret, expires_at, ...seed }: SeedConnectedAccount): void {
  const { id, user_id = null, organization_id = null, scopes, state = "connected" } = seed;
  if (!user_id && !organization_id) throw invalidField("user_id", "required");
  checkOwners(world, seed);
  const integration = world.of(INTEGRATIONS).find({ slug, ownership: user_id ? "user" : "organization" });
  if (!integration) throw missing(INTEGRATIONS, slug);
  const { auth_method = integration.auth_methods[0] } = seed;
  if (!integration.auth_methods.includes(auth_method)) throw invalidField("auth_method");
  const target = targetOf(world, integration, { user_id, organization_id });
  if (target.known && !world.settings.multipleConnections) throw conflict("connected_account_already_exists");
  const made = newGrant(world);
  const value = secret ?? made.value;
  const grant = expires_at ? { value, expires_at, renewable: false } : { ...made, value };
  const way = auth_method === "api_key" ? apiKey(value) : { auth_method, grant };
  connect(world, { ...target, known: undefined }, { id, ...way, ...scopes && { scopes }, state });
}

/** Throws a `TypeError` when the user or the organization of an object is missing. */
function checkOwners(world: World, { user_id, organization_id }: { user_id?: string; organization_id?: string }): void {
  if (user_id) planted(world, USERS, { id: user_id });
  if (organization_id) planted(world, ORGANIZATIONS, { id: organization_id });
}

/** Finds the object to which another part of a seed refers; throws a `TypeError` when it is missing. */
function planted<T extends Entity>(world: World, kind: Kind<T>, match: Partial<T> & Entity): T {
  const record = world.of(kind).find(match);
  if (record) return record;
  throw missing(kind, match.id);
}

function missing({ title }: { title: string }, name: string): TypeError {
  return new TypeError(`Cannot fill emulator: there is no ${title.toLowerCase()} "${name}" in the seed`);
}
