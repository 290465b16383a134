// The client: resolves options, owns one transport and has one field per API area.

import { headerPairs, resolveConfig, type WorkOSOptions } from "./config.ts";
import { ApiKeyRequiredException } from "./errors.ts";
import { PKCE } from "./pkce.ts";
import type { PublicClientOptions, PublicWorkOS } from "./public_client.ts";
import { emitWarning, envOf, type ReadEnv, readEnv } from "./runtime.ts";
import { Api, type Method, type RequestOptions } from "./api.ts";
import { textPath } from "./url.ts";
import { VERSION } from "./version.ts";

import { Actions } from "./resources/actions.ts";
import { AdminPortal } from "./resources/admin_portal.ts";
import { Agents } from "./resources/agents.ts";
import { ApiKeys } from "./resources/api_keys.ts";
import { AuditLogs } from "./resources/audit_logs.ts";
import { Authorization } from "./resources/authorization.ts";
import { Connect } from "./resources/connect.ts";
import { DirectorySync } from "./resources/directory_sync.ts";
import { Events } from "./resources/events.ts";
import { FeatureFlags } from "./resources/feature_flags.ts";
import { Groups } from "./resources/groups.ts";
import { MultiFactorAuth } from "./resources/multi_factor_auth.ts";
import { OrganizationDomains } from "./resources/organization_domains.ts";
import { Organizations } from "./resources/organizations.ts";
import { Passwordless } from "./resources/passwordless.ts";
import { Pipes } from "./resources/pipes.ts";
import { Radar } from "./resources/radar.ts";
import { SSO } from "./resources/sso.ts";
import { UserManagement } from "./resources/user_management.ts";
import { Vault } from "./resources/vault.ts";
import { Webhooks } from "./resources/webhooks.ts";
import { Widgets } from "./resources/widgets.ts";

export type { PublicClientOptions, PublicSSO, PublicUserManagement, PublicWorkOS } from "./public_client.ts";

/** Options of the low-level {@linkcode WorkOS.get}. */
export interface GetOptions extends RequestOptions {
  /** Query parameters with the API's own names; absent, `null` and `""` are left out. */
  query?: Record<string, unknown>;
  /** Bearer token to send instead of the API key. */
  accessToken?: string;
  /** Sent as `Warrant-Token`. */
  warrantToken?: string;
  /** Sends the request even on a client without an API key. Default `false`. */
  skipApiKeyCheck?: boolean;
}

/** Options of the low-level {@linkcode WorkOS.post}. */
export type PostOptions = Omit<GetOptions, "accessToken">;

/** Options of the low-level {@linkcode WorkOS.put}. */
export type PutOptions = Omit<PostOptions, "warrantToken">;

/** Options of the low-level {@linkcode WorkOS.patch}. */
export type PatchOptions = PutOptions;

/** Query of the low-level {@linkcode WorkOS.delete}. */
export type DeleteQuery = Record<string, string | number | boolean | undefined>;

/** Options of {@linkcode createWorkOS} for a confidential client: a server that can keep its key secret. */
export interface ConfidentialClientOptions extends WorkOSOptions {
  /** Secret API key, `sk_...`. */
  apiKey: string;
}

/**
 * A client of the WorkOS API, with one field per API area.
 *
 * ```ts ignore
 * const workos = new WorkOS("sk_...", { clientId: "client_..." });
 * const organization = await workos.organizations.createOrganization({ name: "Acme" });
 * ```
 *
 * Without an API key it is a public client: only the methods of {@linkcode PublicWorkOS} and local ones work. Every
 * other call rejects with {@linkcode ApiKeyRequiredException} before anything is sent.
 */
export class WorkOS {
  // Fields are only declared: otherwise each one would be set twice

  /** Protocol, host, port and path prefix of the API, without a slash at the end. */
  declare readonly baseURL: string;
  /** Client id; `undefined` when there is none. */
  declare readonly clientId?: string;
  /** Generates PKCE pairs (RFC 7636). */
  declare readonly pkce: PKCE;
  /** Verifies AuthKit actions and signs the responses. */
  declare readonly actions: Actions;
  /** Links to the Admin Portal. */
  declare readonly adminPortal: AdminPortal;
  /** Agents: blueprints, instances, credentials. */
  declare readonly agents: Agents;
  /** API keys of your customers. */
  declare readonly apiKeys: ApiKeys;
  /** Audit logs: events, schemas, exports, retention. */
  declare readonly auditLogs: AuditLogs;
  /** Roles, permissions, resources and checks. */
  declare readonly authorization: Authorization;
  /** Connect applications and their secrets. */
  declare readonly connect: Connect;
  /** Directories with their users and groups. */
  declare readonly directorySync: DirectorySync;
  /** Events of the environment, in order. */
  declare readonly events: Events;
  /** Feature flags. */
  declare readonly featureFlags: FeatureFlags;
  /** Groups of organization members. */
  declare readonly groups: Groups;
  /** Second factors. */
  declare readonly multiFactorAuth: MultiFactorAuth;
  /** Domains of organizations. */
  declare readonly organizationDomains: OrganizationDomains;
  /** Organizations. */
  declare readonly organizations: Organizations;
  /** Magic links. */
  declare readonly passwordless: Passwordless;
  /** Data integrations and connected accounts. */
  declare readonly pipes: Pipes;
  /** Fraud and abuse protection. */
  declare readonly radar: Radar;
  /** Single sign-on. */
  declare readonly sso: SSO;
  /** Users, memberships, invitations, sign-in and sessions. */
  declare readonly userManagement: UserManagement;
  /** Encrypted objects and keys. */
  declare readonly vault: Vault;
  /** Webhook endpoints, and verification of what they receive. */
  declare readonly webhooks: Webhooks;
  /** Tokens for widgets. */
  declare readonly widgets: Widgets;
  readonly #transport: Api;
  readonly #options: WorkOSOptions;

  /**
   * `new WorkOS()`, `new WorkOS(apiKey)`, `new WorkOS(apiKey, options)` or `new WorkOS(options)`. A key or client id
   * that is not given is read from `WORKOS_API_KEY` and `WORKOS_CLIENT_ID`. Throws a `TypeError` that names the option
   * for a bad value, and an `Error` when there is neither key nor client id.
   */
  constructor(keyOrOptions?: string | WorkOSOptions | null, maybeOptions?: WorkOSOptions) {
    const isOptions = typeof keyOrOptions === "object" && keyOrOptions !== null;
    const given: GivenOptions = (isOptions ? keyOrOptions : maybeOptions) ?? {};
    const { [ENVIRONMENT]: environment = readEnv, ...options } = given;
    if (keyOrOptions && !isOptions) options.apiKey = keyOrOptions; // not in a literal: see resolveConfig
    this.#options = options;
    const api = this.#transport = new Api(resolveConfig(options, environment));
    this.baseURL = api.baseURL;
    this.clientId = api.clientId;
    this.pkce = new PKCE();
    this.actions = this.createActionsClient();
    this.adminPortal = new AdminPortal(api);
    this.agents = new Agents(api);
    this.apiKeys = new ApiKeys(api);
    this.auditLogs = new AuditLogs(api);
    this.authorization = new Authorization(api);
    this.connect = new Connect(api);
    this.directorySync = new DirectorySync(api);
    this.events = new Events(api);
    this.featureFlags = new FeatureFlags(api);
    this.groups = new Groups(api);
    this.multiFactorAuth = new MultiFactorAuth(api);
    this.organizationDomains = new OrganizationDomains(api);
    this.organizations = new Organizations(api);
    this.passwordless = new Passwordless(api);
    this.pipes = new Pipes(api);
    this.radar = new Radar(api);
    this.sso = new SSO(api);
    this.userManagement = new UserManagement(api);
    this.vault = new Vault(api);
    this.webhooks = this.createWebhookClient();
    this.widgets = new Widgets(api);
    if (!api.apiKey) nameMethods(this);
  }

  /**
   * Makes a client from bindings, such as the `env` argument of a Worker's handler. It reads `WORKOS_API_KEY`,
   * `WORKOS_CLIENT_ID`, `WORKOS_LOG` and, for sealed sessions, `WORKOS_COOKIE_PASSWORD` from them and nothing else from
   * the environment; `options` win. Keep one client per isolate, so that requests share keys, refreshes and pauses.
   * Throws as the constructor does, and a `TypeError` for a binding that is not a string, such as a secrets store.
   */
  static fromEnv(env: object, options: WorkOSOptions = {}): WorkOS {
    if (typeof env !== "object" || env === null) {
      throw new TypeError("Cannot use env: it is not an object of variables");
    }
    const environment = envOf(env);
    environment("WORKOS_LOG"); // a bad one throws here, and not at the first call
    return new WorkOS({ ...options, [ENVIRONMENT]: environment } as WorkOSOptions);
  }

  /** Secret API key; `undefined` for a public client. Not printed with the client. */
  get key(): string | undefined {
    return this.#transport.apiKey;
  }

  /**
   * A frozen copy of the options the client was made with. Not printed with the client. `apiKey` and `config`, which
   * may hold secret headers, are not enumerable: printing or spreading the options leaves them out.
   */
  get options(): Readonly<WorkOSOptions> {
    return unprinted(this.#options); // not in the constructor: it takes time, and few callers read it
  }

  /** Version of this package. */
  get version(): string {
    return VERSION;
  }

  /** Throws {@linkcode ApiKeyRequiredException} when this client has no API key; `methodName` is for its message. */
  requireApiKey(methodName: string): void {
    if (!this.key) throw new ApiKeyRequiredException(methodName);
  }

  /** Returns a new object with the methods of {@linkcode WorkOS.webhooks}. */
  createWebhookClient(): Webhooks {
    return new Webhooks(this.#transport);
  }

  /** Returns a new object with the methods of {@linkcode WorkOS.actions}. */
  createActionsClient(): Actions {
    return new Actions(this.#transport);
  }

  /** Shows a warning with `process.emitWarning`, or on the console where there is none. */
  emitWarning(warning: string): void {
    emitWarning(warning);
  }

  /**
   * Sends a GET to any path. `data` is the parsed JSON with the API's own names, or `null` when the body is not JSON.
   * Throws {@linkcode ParseError} when the response claims to be JSON and is not.
   */
  // deno-lint-ignore no-explicit-any -- callers of the Node SDK read into the result without naming its type
  async get<Result = any>(path: string, options?: GetOptions): Promise<{ data: Result }> {
    return await this.#raw("GET", path, { options });
  }

  /** Sends a POST; `entity` is sent as it is, `URLSearchParams` as a form. See {@linkcode WorkOS.get}. */
  // deno-lint-ignore no-explicit-any -- see get
  async post<Result = any, Entity = unknown>(
    path: string,
    entity: Entity,
    options?: PostOptions,
  ): Promise<{ data: Result }> {
    return await this.#raw("POST", path, { entity, options });
  }

  /** Sends a PUT; `entity` is sent as it is. See {@linkcode WorkOS.get}. */
  // deno-lint-ignore no-explicit-any -- see get
  async put<Result = any, Entity = unknown>(
    path: string,
    entity: Entity,
    options?: PutOptions,
  ): Promise<{ data: Result }> {
    return await this.#raw("PUT", path, { entity, options });
  }

  /** Sends a PATCH; `entity` is sent as it is. See {@linkcode WorkOS.get}. */
  // deno-lint-ignore no-explicit-any -- see get
  async patch<Result = any, Entity = unknown>(
    path: string,
    entity: Entity,
    options?: PatchOptions,
  ): Promise<{ data: Result }> {
    return await this.#raw("PATCH", path, { entity, options });
  }

  /** Sends a DELETE; the response's body is ignored. */
  async delete(path: string, query?: DeleteQuery, request?: RequestOptions): Promise<void> {
    await this.#raw("DELETE", path, { options: { ...request, query } });
  }

  /** Sends a DELETE with a JSON body; the response's body is ignored. */
  async deleteWithBody<Entity = unknown>(path: string, entity: Entity, request?: RequestOptions): Promise<void> {
    await this.#raw("DELETE", path, { entity, options: request });
  }

  async #raw<Result>(
    method: Method,
    path: string,
    { entity, options = {} }: { entity?: unknown; options?: GetOptions },
  ): Promise<{ data: Result }> {
    const { query, accessToken, warrantToken, skipApiKeyCheck, ...request } = options;
    if (warrantToken !== undefined) {
      request.headers = [...headerPairs(request.headers, "headers"), ["Warrant-Token", warrantToken]];
    }
    const form = entity instanceof URLSearchParams ? entity : undefined;
    const body = form ? undefined : entity ?? (method === "GET" || method === "DELETE" ? undefined : null);
    return await this.#transport.send<{ data: Result }>(method, textPath(path, this.#transport.baseURL), {
      raw: true,
      query,
      form,
      body: body as object | null | undefined,
      accessToken,
      public: skipApiKeyCheck,
      read: (data) => ({ data: data as Result }),
    }, request);
  }
}

/** Makes a client from options alone, without the environment; of type {@linkcode PublicWorkOS} without an `apiKey`. */
export function createWorkOS(options: PublicClientOptions): PublicWorkOS;
/** Makes a confidential client from options alone. */
export function createWorkOS(options: ConfidentialClientOptions): WorkOS;
export function createWorkOS(options: WorkOSOptions): PublicWorkOS | WorkOS {
  return new WorkOS({ ...options, [ENVIRONMENT]: () => undefined } as WorkOSOptions);
}

/** Where a client's variables come from; set by {@linkcode createWorkOS} and {@linkcode WorkOS.fromEnv}. */
const ENVIRONMENT: unique symbol = Symbol("environment");

/** Options as the constructor takes them. */
type GivenOptions = WorkOSOptions & { [ENVIRONMENT]?: ReadEnv };

/** A frozen copy of options whose secrets are not printed: not enumerable, and getters, as Bun prints other members. */
function unprinted({ apiKey, config, ...options }: WorkOSOptions): Readonly<WorkOSOptions> {
  const hidden = { apiKey: { get: () => apiKey }, config: { get: () => config } };
  return Object.freeze(Object.defineProperties(options, hidden));
}

/** For a client without a key: makes every {@linkcode ApiKeyRequiredException} name the method that was called. */
function nameMethods(client: WorkOS): void {
  for (const [area, resource] of Object.entries(client)) {
    if (typeof resource !== "object") continue;
    const members = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(resource));
    for (const [name, { value: method }] of Object.entries(members)) {
      if (name === "constructor" || typeof method !== "function") continue;
      const value = (...args: unknown[]) => naming(`${area}.${name}`, method.apply(resource, args));
      Object.defineProperty(resource, name, { value, configurable: true, writable: true });
    }
  }
}

function naming(method: string, result: unknown): unknown {
  if (!(result instanceof Promise)) return result;
  return result.catch((error) => {
    throw error instanceof ApiKeyRequiredException ? new ApiKeyRequiredException(error.path, method) : error;
  });
}
