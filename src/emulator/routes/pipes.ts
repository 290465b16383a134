import {
  badRequest,
  conflict,
  entityNotFound,
  forbidden,
  invalidField,
  redirect,
  type Refusal,
  type Reply,
  unprocessable,
} from "../answers.ts";
import { CODE_LIFETIME } from "../codes.ts";
import { list, routeOn } from "../crud.ts";
import { checkOneOf, readFields, readQuery } from "../fields.ts";
import { without } from "../kind.ts";
import { isMember } from "../people.ts";
import {
  accountById,
  ACCOUNTS,
  accountsFor,
  addIntegration,
  another,
  apiKey,
  configurationOf,
  CONFIGURATIONS,
  connect,
  type ConnectedAccount,
  type DataIntegration,
  disconnect,
  INTEGRATION_CHANGES,
  INTEGRATIONS,
  NEW_INTEGRATION,
  type Owner,
  OWNERS,
  readConfig,
  readCredentials,
  readDefinition,
  removeIntegration,
  scopesFor,
  select,
  type Selection,
  type Target,
  targetOf,
  vend,
  type Way,
} from "../pipes.ts";
import { ORGANIZATIONS, USERS } from "../records.ts";
import { type Call, publicRoute, type Route, route, route400 } from "../router.ts";
import { issueTicket, readTicket } from "../tickets.ts";
import type { World } from "../world.ts";

const PATH = "/data-integrations";
const CONFIGURATION = "/organizations/:id/data_integration_configurations";

const TOKENS = {
  access_token: "text?",
  refresh_token: "text?",
  expires_at: "time?",
  scopes: "texts?",
  state: "text?",
} as const;

const SETTINGS = {
  enabled: "flag?",
  scopes: "texts|null",
  client_id: "text?",
  client_secret: "text?",
  config: "object?",
} as const;

/** Providers, the accounts that users and organizations have there, and what those are called with. */
export const pipesRoutes: Route[] = [
  list(INTEGRATIONS, PATH, { filters: { ownership: "ownership" } }),
  route(`POST ${PATH}`, createIntegration, 201),
  ...integrationRoutes(`${PATH}/:slug`, "user"),
  ...integrationRoutes(`${PATH}/:slug/organization`, "organization"),
  route400(`POST ${PATH}/:slug/authorize`, authorize),
  publicRoute(`GET ${PATH}/:slug/authorize-redirect`, finish),
  ...secretRoutes(`${PATH}/:slug/api-key`, ({ body }) => apiKey(readFields(body, { secret: "text" }).secret)),
  ...secretRoutes(`${PATH}/:slug/client-credentials`, ({ body }) => {
    const shape = { client_id: "text", client_secret: "text", config: "object?" } as const;
    const { client_id, client_secret, config } = readFields(body, shape);
    const client_secret_last_4 = client_secret.slice(-4);
    return { auth_method: "client_credentials", client_id, client_secret_last_4, config: readConfig(config) };
  }),
  route400(`POST ${PATH}/:slug/credentials`, (call, world) => {
    const { auth_method, grant, error, ...scopes } = vended(call, world);
    if (!grant) return { active: false, error };
    const { value, expires_at } = grant;
    const metadata = auth_method === "client_credentials" && { metadata: {} };
    const rest = auth_method !== "api_key" && { expires_at, ...scopes, ...metadata };
    return { active: true, credential: { object: "credential", auth_method, value, ...rest } };
  }),
  route400(`POST ${PATH}/:slug/token`, (call, world) => {
    const { auth_method, grant, error, ...scopes } = vended(call, world);
    if (auth_method !== "oauth") throw mismatch(auth_method);
    if (!grant) return { active: false, error };
    const { value: access_token, expires_at } = grant;
    return { active: true, access_token: { object: "access_token", access_token, expires_at, ...scopes } };
  }),
  routeOn(ORGANIZATIONS, `GET ${CONFIGURATION}`, ({ id }, _call, world) => {
    const integrations = world.of(INTEGRATIONS).all();
    return { object: "list", data: integrations.map((integration) => configurationOf(world, integration, id)) };
  }),
  route(`PUT ${CONFIGURATION}/:slug`, configure),
  ...ownerRoutes("/user_management/users/:userId"),
  ...ownerRoutes("/organizations/:organizationId"),
];

/** An integration for accounts of users, or one for accounts of organizations. */
function integrationRoutes(path: `/${string}`, ownership: string): Route[] {
  return [
    route(`GET ${path}`, (call, world) => world.show(INTEGRATIONS, integrationOf(call, world, ownership))),
    route(`PUT ${path}`, (call, world) => updateIntegration(call, world, integrationOf(call, world, ownership))),
    route(`DELETE ${path}`, (call, world) => removeIntegration(world, integrationOf(call, world, ownership)), 204),
  ];
}

/** Connects accounts with a secret, which `read` takes from the body. */
function secretRoutes(path: `/${string}`, read: (call: Call) => Way): Route[] {
  return [
    route400(`PUT ${path}`, (call, world) => store(world, changed(target(call, world), call.body), read(call))),
    route400(`POST ${path}`, (call, world) => {
      const { connection_intent } = readFields(call.body, { connection_intent: "text" });
      checkOneOf("connection_intent", connection_intent, ["add"]);
      if (call.body.connected_account_id !== undefined) throw invalidField("connected_account_id");
      return store(world, another(world, target(call, world)), read(call));
    }, 201),
  ];
}

/** The accounts of the owner that the path names, and the providers of those. */
function ownerRoutes(path: `/${string}`): Route[] {
  const account = `${path}/connected_accounts/:slug` as const;
  return [
    route(`GET ${account}`, (call, world) => world.show(ACCOUNTS, selectedAccount(call, world))),
    route(`POST ${account}`, (call, world) => {
      const at = target(call, world);
      const { connection_intent } = readFields(call.body, { connection_intent: "text?" });
      checkOneOf("connection_intent", connection_intent, ["add"]);
      if (at.known && !connection_intent) throw conflict("connected_account_already_exists");
      const added = connection_intent ? another(world, at) : at;
      if (!at.integration.auth_methods.includes("oauth")) throw unprocessable("auth_method_not_supported");
      return importTokens(call, world, added);
    }, 201),
    route(`PUT ${account}`, (call, world) => {
      const at = changed(target(call, world), Object.fromEntries(call.query));
      existingAccount(at);
      return importTokens(call, world, at);
    }),
    route(`DELETE ${account}`, (call, world) => disconnect(world, selectedAccount(call, world)), 204),
    route(`GET ${path}/data_providers`, listProviders),
  ];
}

function integrationOf({ params: { slug } }: Call, world: World, ownership: string): DataIntegration {
  return world.found(INTEGRATIONS, slug, { slug, ownership });
}

/** Whose account a request is about, by its path or its body. */
function ownerOf({ method, params, query, body }: Call, world: World): Owner {
  const { userId: user_id, organizationId: organization_id } = params;
  if (user_id) return readOwner(world, { user_id, organization_id: query.get("organization_id") });
  if (!organization_id) return readOwner(world, body);
  world.existing(ORGANIZATIONS, organization_id);
  if (method === "GET" || method === "DELETE") return { user_id: null, organization_id };
  return readOwner(world, { user_id: body.user_id, organization_id, connection_owner: "organization" });
}

/** Whose account is meant. The user only acts for an organization that owns it, and has to be an active member. */
function readOwner(world: World, given: Record<string, unknown>): Owner {
  const shape = { user_id: "text", organization_id: "text|null", connection_owner: "text?" } as const;
  const { user_id, organization_id, connection_owner } = readFields(given, shape);
  checkOneOf("connection_owner", connection_owner, OWNERS);
  world.existing(USERS, user_id);
  if (organization_id) world.existing(ORGANIZATIONS, organization_id);
  if (connection_owner !== "organization") return { user_id, organization_id: organization_id || null };
  if (!organization_id) throw invalidField("organization_id", "required");
  if (!isMember(world, user_id, organization_id)) throw forbidden("organization_membership_not_found");
  return { user_id: null, organization_id };
}

function ownershipOf({ user_id }: Owner): string {
  return user_id === null ? "organization" : "user";
}

function target(call: Call, world: World, owner: Owner = ownerOf(call, world)): Target {
  return targetOf(world, integrationOf(call, world, ownershipOf(owner)), owner);
}

/** A target with the account to change, if another one is named. */
function changed(at: Target, given: Record<string, unknown>): Target {
  const shape = { connected_account_id: "text?", connection_intent: "text?" } as const;
  const { connected_account_id: id, connection_intent } = readFields(given, shape);
  checkOneOf("connection_intent", connection_intent, ["reauthorize"]);
  if (!id !== !connection_intent) throw invalidField(id ? "connection_intent" : "connected_account_id", "required");
  return id ? { ...at, known: accountById(at.accounts, id) } : at;
}

/** Which account a query selects. */
function readSelection({ query }: Call): Selection {
  const shape = { connected_account_id: "text?", supports_multiple_connections: "text?" } as const;
  const { connected_account_id, supports_multiple_connections } = readQuery(query, shape);
  checkOneOf("supports_multiple_connections", supports_multiple_connections, ["true", "false"]);
  return { connected_account_id, supports_multiple_connections: supports_multiple_connections === "true" };
}

function selectedAccount(call: Call, world: World): ConnectedAccount {
  return existingAccount(select(target(call, world), readSelection(call)));
}

function existingAccount({ integration, known }: Target): ConnectedAccount {
  if (!known) throw entityNotFound(ACCOUNTS.title, integration.slug);
  return known;
}

function createIntegration(call: Call, world: World): object {
  const given = readFields(call.body, NEW_INTEGRATION);
  checkOneOf("ownership", given.ownership, OWNERS);
  const key = readKey(call, world, given);
  const integration = addIntegration(world, given);
  const shown = world.show(INTEGRATIONS, integration);
  if (!key) return shown;
  const { id, connection_role, api_key_last_4 } = connect(world, targetOf(world, integration, key.owner), key.way);
  const unknown = { account_identifier: null, account_display_name: null };
  return { ...shown, installation: { id, connection_role, ...unknown, ...key.owner, api_key_last_4 } };
}

function updateIntegration(call: Call, world: World, integration: DataIntegration): object {
  const { api_key, credentials, custom_provider: definition, ...change } = readFields(call.body, INTEGRATION_CHANGES);
  const { id, slug, auth_methods, custom_provider } = integration;
  if (credentials && (api_key || !auth_methods.includes("oauth"))) throw invalidField("credentials");
  if (definition && !custom_provider) throw invalidField("custom_provider");
  const updated = { ...change, ...credentials && { credentials: readCredentials(credentials) } };
  const redefined = definition && { ...custom_provider, ...readDefinition(definition) };
  const key = readKey(call, world, integration);
  if (key) connect(world, targetOf(world, integration, key.owner), key.way);
  if (redefined) redefine(world, slug, redefined);
  return world.show(INTEGRATIONS, world.update(INTEGRATIONS, id, updated));
}

/** Changes a custom provider, which integrations of both ownerships share. */
function redefine(world: World, slug: string, custom_provider: Record<string, unknown>): void {
  for (const { id } of world.of(INTEGRATIONS).all({ slug })) world.update(INTEGRATIONS, id, { custom_provider });
}

/** The API key that comes with an integration. */
function readKey(
  { body }: Call,
  world: World,
  { auth_methods = [], ownership }: { auth_methods?: string[]; ownership?: string },
) {
  const { api_key } = readFields(body, { api_key: "object?" });
  if (!api_key) return undefined;
  const { secret } = readFields(api_key, { secret: "text" });
  if (secret.length < 5 || !auth_methods.includes("api_key")) throw invalidField("api_key");
  return { owner: readOwner(world, { ...api_key, connection_owner: ownership }), way: apiKey(secret) };
}

/** Connects an account with a secret. */
function store(world: World, at: Target, way: Way): object {
  const { auth_method } = at.known ?? way;
  if (auth_method !== way.auth_method) throw mismatch(auth_method);
  checkConnectable(world, at, auth_method);
  return world.show(ACCOUNTS, connect(world, at, way));
}

/** The refusal of an account of another endpoint. */
function mismatch(method: string): Refusal {
  const endpoint = method === "oauth" ? "token" : "credentials";
  const advice = `Use the POST /:slug/${endpoint} endpoint instead.`;
  return unprocessable("auth_method_mismatch", `This installation uses ${method} authentication. ${advice}`);
}

/** Refuses a way in which no account can be connected. */
function checkConnectable(world: World, { integration, owner }: Target, method: string): void {
  const { enabled, credentials } = configurationOf(world, integration, owner.organization_id);
  if (!integration.auth_methods.includes(method)) throw badRequest("auth_method_not_supported");
  if (!enabled) throw forbidden("data_integration_disabled", "The data integration is disabled.");
  if (method === "oauth" && credentials?.has_credentials === false) {
    throw badRequest("organization_credentials_required");
  }
}

function authorize(call: Call, world: World): object {
  const at = target(call, world);
  const { baseURL } = world.settings;
  const { return_to = baseURL, config } = readFields(call.body, { return_to: "url?", config: "object?" });
  readConfig(config);
  checkConnectable(world, at, "oauth");
  const { user_id, organization_id, connection_owner } = call.body;
  const { slug } = at.integration;
  const subject = JSON.stringify({ user_id, organization_id, connection_owner, return_to });
  const token = issueTicket(world, { purpose: purposeOf(slug), subject, lifetime: CODE_LIFETIME });
  return { url: `${baseURL}${PATH}/${slug}/authorize-redirect?token=${token}` };
}

function purposeOf(slug: string): string {
  return `connect ${slug}`;
}

/** Connects the account without consent, unless `error=access_denied` is added to the URL. */
function finish(call: Call, world: World): Reply {
  const { query, params } = call;
  const subject = readTicket(world, purposeOf(params.slug), query.get("token"));
  if (subject === undefined) throw badRequest("authorize_link_expired");
  const { return_to, ...asked }: Record<string, unknown> = JSON.parse(subject);
  const at = target(call, world, readOwner(world, asked));
  const { integration, owner } = at;
  const back = new URL(String(return_to));
  const provider_error = query.get("error");
  if (provider_error === null) connect(world, at, { auth_method: "oauth" });
  else {
    back.searchParams.set("error", provider_error);
    world.emit("pipes.connected_account.connection_failed", {
      object: "connection_failed",
      data_integration_id: integration.id,
      provider_slug: integration.slug,
      user_id: asked.user_id,
      organization_id: owner.organization_id,
      error_code: "provider_error",
      error_reason: null,
      provider_error,
      provider_error_description: query.get("error_description"),
      created_at: world.timestamp(),
    });
  }
  return redirect(back);
}

/** What an account is used with, and how; without one, as if it were to be authorized. */
function vended(call: Call, world: World) {
  const shape = { connected_account_id: "text?", supports_multiple_connections: "flag?" } as const;
  const at = select(target(call, world), readFields(call.body, shape));
  const { auth_method = "oauth", scopes = [] } = at.known ?? {};
  const missing_scopes = scopesFor(world, at).filter((scope) => !scopes.includes(scope));
  const { grant, error } = vend(world, at);
  return { auth_method, grant, error, scopes, missing_scopes };
}

/** Connects or changes an account with the tokens of a request. */
function importTokens({ body }: Call, world: World, at: Target): object {
  const { access_token, refresh_token, expires_at, scopes, state } = readFields(body, TOKENS);
  checkOneOf("state", state, ["connected", "needs_reauthorization"]);
  const { auth_method = "oauth", grant: before } = at.known ?? {};
  const isNew = access_token !== undefined || refresh_token !== undefined;
  if (isNew && auth_method !== "oauth") throw unprocessable("auth_method_mismatch");
  const old = before ?? { value: "", expires_at: world.timestamp(), renewable: false };
  const grant = {
    value: access_token ?? old.value,
    expires_at: expires_at ?? (access_token === undefined ? old.expires_at : null),
    renewable: refresh_token !== undefined || old.renewable,
  };
  const isDead = world.isPast(grant.expires_at) && !grant.renewable;
  if (isDead && (state === "connected" || !(state || isNew || before))) {
    throw unprocessable("invalid_token_combination");
  }
  const derived = isDead ? "needs_reauthorization" : "connected";
  const account = connect(world, at, {
    scopes: [],
    ...at.known,
    ...scopes && { scopes },
    auth_method,
    ...(state || isNew) && { state: (state ?? derived) as ConnectedAccount["state"] }, // checked above
    grant,
  });
  return world.show(ACCOUNTS, account);
}

function configure(call: Call, world: World): object {
  const { id: organization_id } = world.existing(ORGANIZATIONS, call.params.id);
  const integration = configurable(call, world);
  const { client_id, client_secret, config, ...change } = readFields(call.body, SETTINGS);
  const isOwn = integration.credentials?.type === "organization";
  const isForeign = !isOwn && (client_id ?? config) !== undefined;
  const isEmpty = (client_id ?? config) === undefined && !Object.keys(change).length;
  if (isEmpty || isForeign || !client_id !== !client_secret || client_id === "") throw badRequest("invalid_body");
  const { scopes } = integration;
  if (scopes && change.scopes?.some((scope) => !scopes.includes(scope))) throw invalidField("scopes");
  const id = `${organization_id}/${integration.id}`;
  const now = world.timestamp();
  const known = world.of(CONFIGURATIONS).get(id);
  world.of(CONFIGURATIONS).replace({
    ...known,
    id,
    organization_id,
    data_integration_id: integration.id,
    settings: {
      created_at: now,
      ...known?.settings,
      ...change,
      ...config && { config: readConfig(config) },
      updated_at: now,
    },
    ...client_id && client_secret && {
      credentials: { has_credentials: true, client_id, client_secret_last_four: client_secret.slice(-4) },
    },
  });
  return configurationOf(world, integration, organization_id);
}

/** The integration of users; that of organizations where there is no other. */
function configurable({ params: { slug } }: Call, world: World): DataIntegration {
  return world.of(INTEGRATIONS).find({ slug, ownership: "user" }) ?? world.found(INTEGRATIONS, slug, { slug });
}

function listProviders(call: Call, world: World): object {
  const owner = ownerOf(call, world);
  const selection = readSelection(call);
  const available = world.of(INTEGRATIONS).all((integration) => {
    const { enabled } = configurationOf(world, integration, owner.organization_id);
    return enabled && integration.ownership === ownershipOf(owner);
  });
  const targets = available.map((integration) => targetOf(world, integration, owner));
  return { object: "list", data: targets.map((at) => provider(world, at, selection)) };
}

/** A provider as the owner of accounts sees it. */
function provider(world: World, at: Target, selection: Selection): object {
  const { integration, owner, known } = at;
  const { auth_methods, slug: integration_type, ownership } = integration;
  const { scopes, name } = configurationOf(world, integration, owner.organization_id);
  const shown = without(integration, "enabled", "state", "redirect_uri", "credentials", "config", "custom_provider");
  return twice({
    ...shown,
    object: "data_provider",
    name,
    scopes,
    integration_type,
    credentials_type: auth_methods.includes("oauth") ? "oauth2" : auth_methods[0],
    connection_owner: ownership,
    ownership: ownership === "user" ? "userland_user" : ownership,
    connected_account: known ? accountOf(world, known) : null,
    connected_accounts: accountsFor(at, selection).map((account) => accountOf(world, account)),
  });
}

/** An account as providers have it. */
function accountOf(world: World, account: ConnectedAccount): object {
  return twice({ ...world.show(ACCOUNTS, account), userlandUserId: account.user_id });
}

/** Some members have older names as well. */
function twice(shown: object): object {
  const named = Object.entries(shown).filter(([name]) => /_(at|type)$|^org/.test(name));
  const older = named.map(([name, value]) => [name.replace(/_(.)/, (_, letter) => letter.toUpperCase()), value]);
  return { ...shown, ...Object.fromEntries(older) };
}
