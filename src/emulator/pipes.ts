import { conflict, entityNotFound, invalidField, inWords, notFound } from "./answers.ts";
import { checkOneOf, type Fields, isText, readFields, type Shape } from "./fields.ts";
import { type Kind, kind, type Stamped, without } from "./kind.ts";
import type { Entity } from "./store.ts";
import type { World } from "./world.ts";

interface Credentials {
  type: string;
  client_id: string | null;
  redacted_client_secret: string | null;
}

/** A provider that accounts can be connected to. */
export interface DataIntegration extends Stamped {
  /** Unique among those of the same ownership. */
  slug: string;
  /** Who owns the accounts: `user` or `organization`. */
  ownership: string;
  description: string | null;
  enabled: boolean;
  state: "valid";
  scopes: string[] | null;
  redirect_uri: string;
  auth_methods: string[];
  credentials: Credentials | null;
  config: Record<string, string>;
  custom_provider: Record<string, unknown> | null;
}

export const INTEGRATIONS: Kind<DataIntegration> = kind("data_integration", {
  present: (integration) => ({ ...integration, integration_type: integration.slug, installation: null }),
});

/** Whose account is meant. */
export interface Owner {
  /** `null` when the organization owns it. */
  user_id: string | null;
  organization_id: string | null;
}

/** What a provider is called with. */
export interface Grant {
  /** Access token or API key. */
  value: string;
  /** ISO 8601, or `null` when it does not expire. */
  expires_at: string | null;
  /** Whether another one follows. */
  renewable: boolean;
}

export interface ConnectedAccount extends Stamped, Owner {
  data_integration_id: string;
  /** Whether it is the one for clients that know of only one. */
  connection_role: "compatibility" | "standard";
  scopes: string[];
  auth_method: string;
  api_key_last_4: string | null;
  /** Only of `client_credentials`, like the others below. */
  client_id?: string;
  client_secret_last_4?: string;
  config?: Record<string, string>;
  state: "connected" | "needs_reauthorization";
  /** Not shown. */
  grant: Grant;
}

/** What events do not tell of an account, besides its grant: its role, and how it authenticates. */
const UNTOLD = [
  "connection_role",
  "auth_method",
  "api_key_last_4",
  "client_id",
  "client_secret_last_4",
  "config",
] as const;

export const ACCOUNTS: Kind<ConnectedAccount> = kind("connected_account", {
  prefix: "data_installation",
  present: (account) => without(account, "data_integration_id", "grant"),
  announce: (account, reader) => ({
    ...without(account, "grant", ...UNTOLD),
    provider_slug: reader.of(INTEGRATIONS).get(account.data_integration_id)?.slug,
  }),
});

/** What an organization has set for itself at an integration; the id is made of both of theirs. */
interface Configuration extends Entity {
  organization_id: string;
  data_integration_id: string;
  settings: Partial<Pick<DataIntegration, "enabled" | "scopes" | "config" | "created_at" | "updated_at">>;
  credentials?: { has_credentials: true; client_id: string; client_secret_last_four: string };
}

export const CONFIGURATIONS: Kind<Configuration> = kind("data_integration_configuration");

/** An integration, the accounts of an owner there, and the account that is meant if there is one. */
export interface Target {
  integration: DataIntegration;
  owner: Owner;
  accounts: ConnectedAccount[];
  known?: ConnectedAccount;
}

/** Which of several accounts is meant. */
export interface Selection {
  connected_account_id?: string;
  /** Whether accounts besides the compatibility one are considered. */
  supports_multiple_connections?: boolean;
}

/** How an account is connected. */
export type Way = Partial<ConnectedAccount> & { auth_method: string };

/** Who can own integrations and accounts. */
export const OWNERS: readonly string[] = ["user", "organization"];

/** Lifetime of an access token, in milliseconds. */
const TOKEN_LIFETIME = 60 * 60_000;

/** Members of the definition of a custom provider except its name: name, type and default. */
const DEFINITION: [string, Shape[string], unknown][] = [
  ["authorization_url", "url?", null],
  ["token_url", "url?", null],
  ["refresh_token_url", "url|null", null],
  ["pkce_enabled", "flag?", true],
  ["request_scope_separator", "text?", " "],
  ["scopes_required", "flag?", false],
  ["client_secret_required", "flag?", true],
  ["additional_authorization_parameters", "object?", {}],
  ["token_body_content_type", "text?", "application/x-www-form-urlencoded"],
  ["authenticate_via", "text?", "request_body"],
];

/** What a request may change of an integration. */
export const INTEGRATION_CHANGES = {
  description: "text|null",
  enabled: "flag?",
  scopes: "texts|null",
  credentials: "object?",
  api_key: "object?",
  custom_provider: "object?",
} as const;

/** What it says of a new one. */
export const NEW_INTEGRATION = {
  ...INTEGRATION_CHANGES,
  provider: "text",
  ownership: "text?",
  auth_methods: "texts?",
  config: "object?",
} as const;

/** What an integration is made of. */
type NewIntegration = Fields<typeof NEW_INTEGRATION> & { id?: string };

/** Adds an integration. Throws a 409 when there is one, and a 422 without what its methods need. */
export function addIntegration(world: World, given: NewIntegration): DataIntegration {
  const { id, provider: slug, ownership = "user", description = null, enabled = false, scopes = null } = given;
  const { auth_methods = ["oauth"], config, credentials } = given;
  if (!/^[\w-]+$/.test(slug)) throw invalidField("provider");
  const others = world.of(INTEGRATIONS).all({ slug });
  if (others.some((other) => given.custom_provider || other.ownership === ownership)) {
    throw conflict("data_integration_already_exists");
  }
  if (!auth_methods.length) throw invalidField("auth_methods");
  for (const method of auth_methods) checkOneOf("auth_methods", method, ["oauth", "api_key", "client_credentials"]);
  const isOauth = auth_methods.includes("oauth");
  if (isOauth !== !!credentials) throw invalidField("credentials", isOauth ? "required" : "invalid");
  const shared = others[0]?.custom_provider ?? null;
  const defaults = Object.fromEntries(DEFINITION.map(([name, , value]) => [name, value]));
  const custom_provider = given.custom_provider ? { ...defaults, ...readDefinition(given.custom_provider) } : shared;
  if (custom_provider) checkDefinition(custom_provider, auth_methods);
  const { baseURL } = world.settings;
  return world.create(INTEGRATIONS, {
    id,
    slug,
    ownership,
    description,
    enabled,
    state: "valid",
    scopes,
    redirect_uri: isOauth ? `${baseURL}/data-integrations/${slug}/${world.ids.id("dik")}/callback` : "",
    auth_methods,
    credentials: credentials ? readCredentials(credentials) : null,
    config: readConfig(config),
    custom_provider,
  });
}

/** Refuses a custom provider without the endpoints that its methods need. */
function checkDefinition(definition: Record<string, unknown>, methods: string[]): void {
  const authorization_url = methods.includes("oauth") ? "url" : "url|null";
  const token_url = methods.includes("client_credentials") ? "url" : authorization_url;
  readFields(definition, { name: "text", authorization_url, token_url });
}

/** OAuth credentials as an integration shows them. */
export function readCredentials(given: Record<string, unknown>): Credentials {
  const { type } = readFields(given, { type: "text" });
  checkOneOf("type", type, ["custom", "organization"]);
  if (type === "organization") return { type, client_id: null, redacted_client_secret: null };
  const { client_id, client_secret } = readFields(given, { client_id: "text", client_secret: "text" });
  return { type, client_id, redacted_client_secret: client_secret.slice(-4) };
}

/** Reads the given members of the definition of a custom provider. */
export function readDefinition(given: Record<string, unknown>): Record<string, unknown> {
  const shape = Object.fromEntries(DEFINITION.map(([name, type]) => [name, type]));
  const definition: Record<string, unknown> = readFields(given, { ...shape, name: "text?" });
  checkOneOf("authenticate_via", given.authenticate_via as string | undefined, ["request_body", "basic_auth_header"]);
  readConfig(given.additional_authorization_parameters, "additional_authorization_parameters");
  return definition;
}

/** Names and values. Throws a 422 unless the values are texts. */
export function readConfig(given: unknown = {}, field = "config"): Record<string, string> {
  if (!Object.values(given as object).every(isText)) throw invalidField(field);
  return given as Record<string, string>; // checked here, and to be an object before
}

/** Removes an integration with its connections. */
export function removeIntegration(world: World, { id }: DataIntegration): void {
  const belongs = { data_integration_id: id };
  for (const account of world.of(ACCOUNTS).all(belongs)) disconnect(world, account);
  world.forget(CONFIGURATIONS, belongs);
  world.remove(INTEGRATIONS, id);
}

/** What an organization has in effect at an integration; without one, the integration's own. */
export function configurationOf(
  world: World,
  integration: DataIntegration,
  organization_id: string | null,
): { name: unknown; enabled: boolean; scopes: string[] | null; credentials?: { has_credentials: boolean } } {
  const { id, slug, enabled, config, created_at, updated_at, redirect_uri, custom_provider } = integration;
  const { settings, credentials } = world.of(CONFIGURATIONS).get(`${organization_id}/${id}`) ?? {};
  const shown = {
    object: CONFIGURATIONS.name,
    id,
    organization_id,
    slug,
    name: custom_provider?.name ?? inWords(slug),
    enabled,
    config,
    created_at,
    updated_at,
    ...settings,
    scopes: settings?.scopes ?? integration.scopes,
    ...integration.credentials?.type === "organization" && {
      credentials: {
        credentials_type: "organization",
        has_credentials: false,
        client_id: null,
        client_secret_last_four: null,
        redirect_uri,
        ...credentials,
      },
    },
  };
  return shown;
}

/** An owner's accounts at an integration; the one for clients that know of only one is meant, if there is one. */
export function targetOf(world: World, integration: DataIntegration, owner: Owner): Target {
  const accounts = world.of(ACCOUNTS).all({ data_integration_id: integration.id, ...owner });
  return { integration, owner, accounts, known: accounts.find(isCompatible) };
}

function isCompatible({ connection_role }: ConnectedAccount): boolean {
  return connection_role === "compatibility";
}

/** The accounts that a client knows of. */
export function accountsFor({ accounts }: Target, { supports_multiple_connections }: Selection): ConnectedAccount[] {
  return supports_multiple_connections ? accounts : accounts.filter(isCompatible);
}

/** A target with the selected account. Throws a 404 without it, and a 409 when one of several has to be selected. */
export function select(target: Target, selection: Selection): Target {
  const accounts = accountsFor(target, selection);
  const { connected_account_id: id } = selection;
  if (id) return { ...target, known: accountById(accounts, id) };
  if (accounts.length > 1) throw conflict("account_selection_required");
  return { ...target, known: accounts[0] };
}

/** The account with this id. Throws a 404 when it is not there. */
export function accountById(accounts: ConnectedAccount[], id: string): ConnectedAccount {
  const account = accounts.find((known) => known.id === id);
  if (!account) throw entityNotFound(ACCOUNTS.title, id);
  return account;
}

/** A target with an account still to be added. Throws a 404 when there can be no other. */
export function another(world: World, target: Target): Target {
  if (target.accounts.length && !world.settings.multipleConnections) throw notFound("multiple_connections_unavailable");
  return { ...target, known: undefined };
}

/** Scopes that are requested for an account. */
export function scopesFor(world: World, { integration, owner }: Target): string[] {
  return configurationOf(world, integration, owner.organization_id).scopes ?? [];
}

/** Connects an account, with the consent of its owner unless something else is said, or changes the one there is. */
export function connect(world: World, target: Target, way: Way): ConnectedAccount {
  const { integration, owner, accounts, known } = target;
  const content = {
    data_integration_id: integration.id,
    ...owner,
    connection_role: known?.connection_role ?? (accounts.some(isCompatible) ? "standard" : "compatibility"),
    scopes: scopesFor(world, target),
    api_key_last_4: null,
    state: "connected" as const,
    grant: newGrant(world),
    ...way,
  };
  const account = known
    ? world.of(ACCOUNTS).replace({ ...stamps(known), ...content, updated_at: world.timestamp() })
    : world.create(ACCOUNTS, content);
  if (account.state !== known?.state) {
    const what = account.state === "connected" ? "connected" : "reauthorization_needed";
    world.emitAbout(`pipes.connected_account.${what}`, ACCOUNTS, account);
  }
  return account;
}

function stamps({ object, id, created_at }: ConnectedAccount) {
  return { object, id, created_at };
}

/** An access token as the provider gives it. */
export function newGrant(world: World): Grant {
  return { value: world.ids.token(), expires_at: world.timestamp(TOKEN_LIFETIME), renewable: true };
}

/** What an account with an API key is connected with. */
export function apiKey(secret: string): Way {
  const grant = { value: secret, expires_at: null, renewable: false };
  return { auth_method: "api_key", scopes: [], api_key_last_4: secret.slice(-4), grant };
}

/** What an account is used with, a new token where the old one expired, or why there is nothing. */
export function vend(world: World, target: Target): { grant?: Grant; error?: string } {
  const { known } = target;
  if (!known) return { error: "not_installed" };
  const { id, state, grant } = known;
  const error = "needs_reauthorization";
  if (state === error) return { error };
  if (!world.isPast(grant.expires_at)) return { grant };
  if (grant.renewable) return world.set(ACCOUNTS, id, { grant: newGrant(world) });
  connect(world, target, { ...known, state: error });
  return { error };
}

/** Disconnects an account. */
export function disconnect(world: World, { id }: ConnectedAccount): void {
  world.remove(ACCOUNTS, id, "pipes.connected_account.disconnected");
}

/** Forgets the accounts and configurations of a user or organization that is there no more. */
export function forgetPipes(world: World, ownerId: string): void {
  world.forget(ACCOUNTS, ({ user_id, organization_id }) => user_id === ownerId || organization_id === ownerId);
  world.forget(CONFIGURATIONS, { organization_id: ownerId });
}
