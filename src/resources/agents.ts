// Agents: their blueprints, instances and sessions, and the credentials they present.

import { absentAsNull, type Described, type Entity, type OfOrganization } from "../entity.ts";
import type { JwtClaims } from "../jwt.ts";
import type { AutoPaginatable, PaginationOptions } from "../page.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import { camel, type OpenString, type Wire } from "../wire.ts";
import type { Organization } from "./organizations.ts";
import { verifyAccessToken } from "./user_management/access_tokens.ts";

/** Who may start sessions of a blueprint. */
export interface AgentBlueprintInvocableBy {
  /** Slugs of the roles whose members may delegate to the agent; empty for every member. */
  roleSlugs: string[];
  /** Ids of the organizations it may work in; empty for every organization of the environment. */
  organizationIds: string[];
}

/** How long the sessions and tokens of a blueprint live, in seconds. */
export interface AgentBlueprintSessionSettings {
  /** Maximum lifetime of a session, whether refreshed or not: at most 31,536,000 (365 days). */
  maxAgeSeconds: number;
  /** Lifetime of an access token: at most 3,600 (one hour). */
  accessTokenTtlSeconds: number;
  /** Lifetime of a refresh token: at most 5,184,000 (60 days). */
  refreshTokenTtlSeconds: number;
}

/** What an agent may do, for whom, and for how long. */
export interface AgentBlueprint extends Entity<"agent_blueprint">, Described {
  /** Slugs of the permissions that a session can have at most. */
  permissions: string[];
  /** Who may start sessions. */
  invocableBy: AgentBlueprintInvocableBy;
  /** How long sessions and tokens live. */
  sessionSettings: AgentBlueprintSessionSettings;
}

/** Options of {@linkcode Agents.createBlueprint}. */
export interface CreateAgentBlueprintOptions {
  /** Name for people; unique in the environment. */
  name: string;
  /** Description for people. */
  description?: string;
  /** Slugs of the permissions that a session can have at most; each must exist. */
  permissions?: string[];
  /** Who may start sessions. Default: everyone. */
  invocableBy?: Partial<AgentBlueprintInvocableBy>;
  /** How long sessions and tokens live. */
  sessionSettings: AgentBlueprintSessionSettings;
}

/** Identifies a blueprint. */
export interface OfAgentBlueprint {
  /** Id of the blueprint. */
  agentBlueprintId: string;
}

/** Options of {@linkcode Agents.updateBlueprint}. Fields that are left out stay as they are; lists are replaced. */
export interface UpdateAgentBlueprintOptions
  extends OfAgentBlueprint, Partial<Omit<CreateAgentBlueprintOptions, "description" | "sessionSettings">> {
  /** Description for people; `null` clears it. */
  description?: string | null;
  /** How long sessions and tokens live. */
  sessionSettings?: Partial<AgentBlueprintSessionSettings>;
}

/** Options of {@linkcode Agents.listBlueprints}. */
export type ListAgentBlueprintsOptions = PaginationOptions;
/** On whose behalf an instance works. */
export type AgentInstanceType = "delegated" | "autonomous" | OpenString;

/** An agent made from a blueprint. */
export interface AgentInstance extends Entity<"agent_instance">, OfAgentBlueprint, OfOrganization {
  /** Id of the membership on whose behalf it works; `null` when it is autonomous. */
  organizationMembershipId: string | null;
  /** On whose behalf it works. */
  type: AgentInstanceType;
}

/** Options of {@linkcode Agents.listInstances}. */
export interface ListAgentInstancesOptions extends PaginationOptions {
  /** Only instances in this organization. */
  organizationId?: string;
  /** Only instances of this blueprint. */
  agentBlueprintId?: string;
}

/** Whether a session can be used. */
export type AgentInstanceSessionStatus = "active" | "revoked" | "expired" | OpenString;

/** A session of an instance. */
export interface AgentInstanceSession extends Entity<"agent_instance_session"> {
  /** Id of its instance. */
  agentInstanceId: string;
  /** Whether it can be used. */
  status: AgentInstanceSessionStatus;
  /** Time it expires (ISO 8601). */
  expiresAt: string;
  /** Time it was revoked (ISO 8601), or `null`. */
  revokedAt: string | null;
}

/** Options of {@linkcode Agents.listInstanceSessions}. */
export interface ListAgentInstanceSessionsOptions extends PaginationOptions {
  /** Only sessions of this blueprint. */
  agentBlueprintId?: string;
  /** Only sessions of this instance. */
  agentInstanceId?: string;
}

/** Tokens of a session. */
export interface AgentToken {
  /** The access token. */
  accessToken: string;
  /** Always `Bearer`. */
  tokenType: "Bearer";
  /** Seconds until the access token expires. */
  expiresIn: number;
  /** The refresh token; it works once. */
  refreshToken: string;
  /** Id of the instance. */
  agentInstanceId: string;
  /** Whether this call created the instance. */
  newInstance: boolean;
  /** Id of the session. */
  agentInstanceSessionId: string;
  /** Slugs of the permissions the session has. */
  permissions: string[];
}

/** Options of every way to get tokens. */
export interface MintAgentTokenBaseOptions extends OfAgentBlueprint {
  /** What the session is for, in your own words. */
  intent?: string;
}

/** Gets tokens for an agent that a user delegates to. */
export interface MintUserDelegatedAgentTokenOptions extends MintAgentTokenBaseOptions {
  /** Way to get tokens. */
  type: "user_delegated";
  /** Access token of the user. */
  userAccessToken: string;
}

/** Gets tokens for an agent that works on nobody's behalf. */
export interface MintAutonomousAgentTokenOptions extends MintAgentTokenBaseOptions, OfOrganization {
  /** Way to get tokens. */
  type: "autonomous";
}

/** Gets tokens for an agent that another agent delegates to. */
export interface MintAgentDelegatedAgentTokenOptions extends MintAgentTokenBaseOptions {
  /** Way to get tokens. */
  type: "agent_delegated";
  /** Access token of the delegating agent. */
  agentAccessToken: string;
}

/** Gets new tokens for a session. */
export interface RefreshAgentTokenOptions extends MintAgentTokenBaseOptions {
  /** Way to get tokens. */
  type: "refresh";
  /** The session's latest refresh token; the call spends it. */
  refreshToken: string;
}

/** Options of {@linkcode Agents.mintToken}. */
export type MintAgentTokenOptions =
  | MintUserDelegatedAgentTokenOptions
  | MintAutonomousAgentTokenOptions
  | MintAgentDelegatedAgentTokenOptions
  | RefreshAgentTokenOptions;

/** State of a registration. */
export type AgentRegistrationStatus = "unverified" | "verified" | "expired" | "revoked" | OpenString;
/** How an agent registered. */
export type AgentRegistrationKind = "anonymous" | "service_auth" | "identity_assertion" | OpenString;

/** Who a registered agent is. */
export interface AgentIdentity extends Omit<Entity<string>, "object"> {
  /** Id of the user to whom it is bound; `null` when there is none. */
  userlandUserId: string | null;
}

/** A completed claim of a registration. */
export interface AgentRegistrationClaimCompletion extends Omit<Entity<string>, "object"> {
  /** Time it expires (ISO 8601). */
  expiresAt: string;
  /** Time the registration was claimed (ISO 8601). */
  claimedAt: string;
}

/** The claim of a registration. */
export interface AgentRegistrationClaim extends Omit<Entity<string>, "object"> {
  /** Its completion, or `null` while nobody has claimed the registration. */
  claimCompletion: AgentRegistrationClaimCompletion | null;
  /** Time it expires (ISO 8601). */
  expiresAt: string;
}

/** A registration of an agent. */
export interface AgentRegistration extends Omit<Entity<string>, "object">, OfOrganization {
  /** Who the agent is. */
  agentIdentity: AgentIdentity;
  /** State of the registration. */
  status: AgentRegistrationStatus;
  /** How the agent registered. */
  kind: AgentRegistrationKind;
  /** Its claim, or `null` when there is none. */
  claim: AgentRegistrationClaim | null;
}

/** One of your own users, who claims an agent. */
export interface ClaimAttemptUser {
  /** Email address. */
  email: string;
  /** Your own id for the user. A user is created when none has it. */
  externalId: string;
}

/** Options of {@linkcode Agents.linkClaimAttemptToExternalUser}. */
export interface LinkClaimAttemptToExternalUserOptions {
  /** Token of the claim attempt. */
  claimAttemptToken: string;
  /** The user who claims the agent. */
  user: ClaimAttemptUser;
  /** Id of the agent's organization. Needed when the user belongs to several. */
  organizationId?: string;
}

/** An organization to which the agent can belong. */
export interface ClaimAttemptOrganization extends Pick<Organization, "id" | "name"> {}

/** A claim attempt that was linked to a user. */
export interface ClaimAttemptResponse {
  /** Id of the registration. */
  id: string;
  /** State of the registration. */
  status: AgentRegistrationStatus;
  /** The code that completes the claim; give it to the agent. */
  userCode: string;
  /** The user's organizations. */
  organizations: ClaimAttemptOrganization[];
}

/** Kind of a credential. */
export type AgentCredentialType = "api_key" | "access_token";

/** An API key to validate. */
export interface ValidateAgentApiKeyOptions {
  /** Kind of credential. */
  type: "api_key";
  /** The secret value to validate. */
  credential: string;
}

/** An access token to validate. */
export interface ValidateAgentAccessTokenOptions {
  /** Kind of credential. */
  type: "access_token";
  /** The token to validate. */
  credential: string;
  /** Whether to also ask the API if the token is revoked; otherwise it is valid until it expires. Default: `false`. */
  checkForRevoked?: boolean;
  /** Required audience, such as the resource indicator that the token was issued for. Default: the client id. */
  audience?: string;
}

/** Options of {@linkcode Agents.validateCredential}. */
export type ValidateAgentCredentialOptions = ValidateAgentApiKeyOptions | ValidateAgentAccessTokenOptions;

/** Who acts through an agent's token. */
export interface AgentActor {
  /** Id of the actor. */
  sub: string;
}

/** The claims of a verified access token. */
export interface AgentAccessTokenClaims {
  /** Issuer (`iss`). */
  issuer: string;
  /** Audience (`aud`). */
  audience: string | string[];
  /** Id of the registration it was issued for (`sub`). */
  registrationId: string;
  /** Id of the token. */
  jti: string;
  /** Id of the organization the agent is registered with (`org_id`). */
  organizationId: string;
  /** Granted scopes, separated by spaces; absent when there are none. */
  scope?: string;
  /** The `act` claim, as it is in the token; absent when the token has none. */
  actor?: AgentActor;
  /** Time the token expires (`exp`), in seconds since the epoch. */
  expiresAt: number;
  /** Time it was issued (`iat`), in seconds since the epoch. */
  issuedAt: number;
  /** Any other claim, under its own name. */
  [claim: string]: unknown;
}

/** A valid credential. */
export interface ValidAgentCredential {
  /** Always `true`. */
  valid: true;
  /** Id of the registration it was issued for. */
  registrationId: string;
  /** Time it expires (ISO 8601), or `null` when it does not. */
  expiresAt: string | null;
  /** The claims of an access token; `null` for an API key. */
  claims: AgentAccessTokenClaims | null;
}

/** An invalid credential, which must be rejected. */
export interface InvalidAgentCredential {
  /** Always `false`. */
  valid: false;
  /** Always `null`. */
  registrationId: null;
  /** Always `null`. */
  expiresAt: null;
  /** Always `null`. */
  claims: null;
}

/** Whether a credential is valid, and whose it is. */
export type AgentCredentialValidation = ValidAgentCredential | InvalidAgentCredential;

/** Reads a registration; the API may leave out a claim, or its completion, that does not exist. */
export function readAgentRegistration(wire: Wire): AgentRegistration {
  const registration = absentAsNull(camel<AgentRegistration>(wire), "claim");
  absentAsNull(registration.claim, "claimCompletion");
  return registration;
}

/** Reads a validation of the API; treats a valid credential without a registration as invalid. */
export function readAgentCredentialValidation(wire: Wire): AgentCredentialValidation {
  const { valid, registrationId, expiresAt = null, ...rest } = camel<ValidAgentCredential>(wire);
  if (valid !== true || !isText(registrationId)) return { ...rest, ...invalid() };
  return { ...rest, valid, registrationId, expiresAt, claims: null };
}

/** Reads the claims of a verified token; `undefined` when a required one is missing, or one has the wrong type. */
export function readAgentClaims(claims: JwtClaims): AgentAccessTokenClaims | undefined {
  const { iss, aud, sub, org_id, exp, iat, act, ...rest } = claims;
  const { jti, scope } = rest;
  if (!isText(iss) || !isText(sub) || !isText(jti) || !isText(org_id)) return undefined;
  if (!isAudience(aud) || !isTime(exp) || !isTime(iat)) return undefined;
  if (scope !== undefined && typeof scope !== "string") return undefined;
  if (act !== undefined && !isText(Object(act).sub)) return undefined;
  // The verified values come last, so that another claim of the same name cannot replace them.
  const named = { issuer: iss, audience: aud, registrationId: sub, organizationId: org_id, actor: act as AgentActor };
  const read: AgentAccessTokenClaims = { ...rest, ...named, jti, expiresAt: exp, issuedAt: iat };
  if (act === undefined) delete read.actor;
  return read;
}

/** Calls on agents. */
export class Agents {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Creates a blueprint. Throws {@linkcode ConflictException} when the name is taken. `POST /agents/blueprints` */
  async createBlueprint(options: CreateAgentBlueprintOptions, request?: RequestOptions): Promise<AgentBlueprint> {
    return await this.#api.send("POST", "/agents/blueprints", { body: options }, request);
  }

  /** Lists the blueprints of the environment. `GET /agents/blueprints` */
  async listBlueprints(
    options?: ListAgentBlueprintsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<AgentBlueprint>> {
    return await this.#api.list("/agents/blueprints", { query: options }, request);
  }

  /** Fetches a blueprint. `GET /agents/blueprints/{agentBlueprintId}` */
  async getBlueprint(agentBlueprintId: string, request?: RequestOptions): Promise<AgentBlueprint> {
    return await this.#api.send("GET", path`/agents/blueprints/${agentBlueprintId}`, {}, request);
  }

  /** Changes a blueprint. `PATCH /agents/blueprints/{agentBlueprintId}` */
  async updateBlueprint(
    { agentBlueprintId, ...body }: UpdateAgentBlueprintOptions,
    request?: RequestOptions,
  ): Promise<AgentBlueprint> {
    return await this.#api.send("PATCH", path`/agents/blueprints/${agentBlueprintId}`, { body }, request);
  }

  /** Deletes a blueprint. `DELETE /agents/blueprints/{agentBlueprintId}` */
  async deleteBlueprint(agentBlueprintId: string, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/agents/blueprints/${agentBlueprintId}`, {}, request);
  }

  /**
   * Gets tokens for a new session of a blueprint, or refreshes those of a session. A refresh is not retried once a
   * response has arrived, as the token may be spent. `POST /agents/blueprints/{agentBlueprintId}/tokens`
   */
  async mintToken(options: MintAgentTokenOptions, request?: RequestOptions): Promise<AgentToken> {
    const call = { body: mintBody(options), once: options.type === "refresh" };
    return await this.#api.send("POST", path`/agents/blueprints/${options.agentBlueprintId}/tokens`, call, request);
  }

  /** Lists the instances of the environment. `GET /agents/instances` */
  async listInstances(
    options?: ListAgentInstancesOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<AgentInstance, ListAgentInstancesOptions>> {
    return await this.#api.list("/agents/instances", { query: options }, request);
  }

  /** Fetches an instance. `GET /agents/instances/{agentInstanceId}` */
  async getInstance(agentInstanceId: string, request?: RequestOptions): Promise<AgentInstance> {
    return await this.#api.send("GET", path`/agents/instances/${agentInstanceId}`, {}, request);
  }

  /** Deletes an instance. `DELETE /agents/instances/{agentInstanceId}` */
  async deleteInstance(agentInstanceId: string, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/agents/instances/${agentInstanceId}`, {}, request);
  }

  /** Lists the sessions of instances. `GET /agents/sessions` */
  async listInstanceSessions(
    options?: ListAgentInstanceSessionsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<AgentInstanceSession, ListAgentInstanceSessionsOptions>> {
    return await this.#api.list("/agents/sessions", { query: options }, request);
  }

  /** Fetches a session. `GET /agents/sessions/{agentInstanceSessionId}` */
  async getInstanceSession(agentInstanceSessionId: string, request?: RequestOptions): Promise<AgentInstanceSession> {
    return await this.#api.send("GET", path`/agents/sessions/${agentInstanceSessionId}`, {}, request);
  }

  /** Revokes a session and its tokens. `POST /agents/sessions/{agentInstanceSessionId}/revoke` */
  async revokeInstanceSession(agentInstanceSessionId: string, request?: RequestOptions): Promise<AgentInstanceSession> {
    return await this.#api.send("POST", path`/agents/sessions/${agentInstanceSessionId}/revoke`, {}, request);
  }

  /**
   * Links a claim attempt to one of your users; returns the code to complete the claim. {@linkcode ConflictException}
   * when `organizationId` is needed or the agent is already claimed. `PATCH /agents/claims/attempts`
   */
  async linkClaimAttemptToExternalUser(
    options: LinkClaimAttemptToExternalUserOptions,
    request?: RequestOptions,
  ): Promise<ClaimAttemptResponse> {
    const body = { ...options, type: "link_external_user" };
    return await this.#api.send("PATCH", "/agents/claims/attempts", { body }, request);
  }

  /** Fetches a registration. `GET /agents/registrations/{id}` */
  async getRegistration(id: string, request?: RequestOptions): Promise<AgentRegistration> {
    return await this.#api.send("GET", path`/agents/registrations/${id}`, { read: readAgentRegistration }, request);
  }

  /**
   * Validates a credential that an agent presented. An invalid one is a result, not an exception. An access token is
   * verified locally with the keys of the environment, and with `checkForRevoked` also by the API, as an API key always
   * is: `POST /agents/credentials/validate`. Throws when the keys cannot be loaded or the request to the API fails, and
   * a `TypeError` for an access token when the client has no client id or `audience` is empty.
   */
  async validateCredential(
    options: ValidateAgentCredentialOptions,
    request?: RequestOptions,
  ): Promise<AgentCredentialValidation> {
    const { type, credential } = options;
    if (type !== "access_token") return await this.#askApi({ type, credential }, request);
    const { audience, checkForRevoked } = options;
    const claims = await this.#verify(credential, audience);
    if (!claims) return invalid();
    const { registrationId } = claims;
    const expiresAt = new Date(claims.expiresAt * 1000).toISOString();
    if (!checkForRevoked) return { valid: true, registrationId, expiresAt, claims };
    const answer = await this.#askApi({ type, credential, audience }, request);
    return answer.valid && answer.registrationId === registrationId ? { ...answer, claims } : invalid();
  }

  async #askApi(
    body: { type: string; credential: string; audience?: string },
    request?: RequestOptions,
  ): Promise<AgentCredentialValidation> {
    const call = { body, read: readAgentCredentialValidation };
    return await this.#api.send("POST", "/agents/credentials/validate", call, request);
  }

  async #verify(token: string, expected?: string): Promise<AgentAccessTokenClaims | undefined> {
    const { clientId } = this.#api;
    if (!clientId) throw new TypeError("Cannot validate access token: the client has no client id");
    const audience = expected ?? clientId;
    if (!isText(audience)) throw new TypeError("Cannot validate access token: audience is empty or not a string");
    const rules = { issuer: undefined, audience, clientId, requireSession: false };
    const result = await verifyAccessToken<JwtClaims>(this.#api, token, rules);
    return result.ok ? readAgentClaims(result.claims) : undefined;
  }
}

/** What is sent to get tokens, besides type and intent; other members may hold a token that must not be sent. */
const MINT_FIELDS = {
  user_delegated: "userAccessToken",
  autonomous: "organizationId",
  agent_delegated: "agentAccessToken",
  refresh: "refreshToken",
} as const;

function mintBody(options: MintAgentTokenOptions): object {
  const { type, intent } = options;
  if (!Object.hasOwn(MINT_FIELDS, type)) throw new TypeError("Cannot mint agent token: its type is unknown");
  const name = MINT_FIELDS[type];
  return { type, [name]: (options as object as Wire)[name], intent };
}

function invalid(): InvalidAgentCredential {
  return { valid: false, registrationId: null, expiresAt: null, claims: null };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isAudience(value: unknown): value is string | string[] {
  return Array.isArray(value) ? value.every(isText) : isText(value);
}

/** Whether a number of seconds is a valid date. */
function isTime(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(new Date(value * 1000).getTime());
}
