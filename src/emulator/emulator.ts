import { randomBytes } from "../bytes.ts";
import type { JsonWebKeySet } from "../jwt.ts";
import { addRegistration, completeClaim, revokeRegistration, startClaim } from "./agents.ts";
import { AUDIT_LOG_EVENTS, type AuditLogEvent } from "./audit_logs.ts";
import { badRequest, codedError, notEmulated, Refusal, Reply, replyOf, unauthorized } from "./answers.ts";
import { issueAuthorizationCode } from "./authorization_codes.ts";
import { sameText } from "./codes.ts";
import { addCors, preflight } from "./cors.ts";
import { type DirectoryContent, syncDirectory } from "./directory_sync.ts";
import { breakOff, type Fault, faultResponse, Faults, hang } from "./faults.ts";
import { flagClaims } from "./flags.ts";
import { Idempotency } from "./idempotency.ts";
import { Ids, repeatableEntropy } from "./ids.ts";
import { templateClaims } from "./jwt_template.ts";
import { SigningKeys } from "./keys.ts";
import { defined } from "./kind.ts";
import { isObject } from "./fields.ts";
import { userByEmail, usualUser } from "./people.ts";
import { checkMembers, type Member, unusable } from "./members.ts";
import { rehearsalParts, snapshot, withoutPasswords } from "./rehearsal.ts";
import { type EmulatorEvent, EVENTS, type Impersonator, ORGANIZATIONS, USERS } from "./records.ts";
import { type LoggedRequest, safeHeaders, safeMembers, safePath, safeQuery } from "./requests.ts";
import { type Call, type Route, Router } from "./router.ts";
import { issueKey, issueToken } from "./routes/agents.ts";
import { ALL_ROUTES } from "./routes/all.ts";
import { DEVICE_REQUESTS, requestByUserCode } from "./routes/device.ts";
import { startExternalAuth } from "./routes/external_auth.ts";
import { type EmulatorSeed, plant, type SeedAgentRegistration } from "./seed.ts";
import { SEED_MEMBERS } from "./seed_members.ts";
import { entitlementClaims, membershipClaims } from "./sessions.ts";
import type { SigningKey } from "./signing.ts";
import { totpCode } from "./totp.ts";
import { VaultKeys } from "./vault_keys.ts";
import { type Delivery, Webhooks } from "./webhooks.ts";
import { type EmulatorPolicies, type Message, type Settings, World, type WorldParts } from "./world.ts";

/** Options of an {@linkcode Emulator}. */
export interface EmulatorOptions {
  /** Initial content, created when the emulator is first used. Default: only two roles and a waitlist. */
  seed?: EmulatorSeed;
  /** Whether the creation of the seed emits events and webhooks. Default `false`. */
  announceSeed?: boolean;
  /** Returns the time in milliseconds since the epoch. Default `Date.now`, or a stopped clock with `deterministic`. */
  clock?: () => number;
  /**
   * Makes ids, codes and tokens the same on every run, and stops the clock at the start of 2026 until
   * {@linkcode Emulator.advance} moves it. Make clients with {@linkcode Emulator.clientOptions}, so that they use the
   * same clock. Signing keys stay random. For tests only. Default `false`.
   */
  deterministic?: boolean;
  /** The API key that callers must send. Default `sk_test_emulator`. */
  apiKey?: string;
  /** The client id that callers must send. Default `client_emulator`. */
  clientId?: string;
  /** URL of the emulator, for links in responses. May have a path prefix. Default `https://api.workos.com`. */
  baseURL?: string;
  /** The `iss` of access tokens. Default `<baseURL>/user_management/<clientId>`. */
  issuer?: string;
  /**
   * The key pair that signs access tokens, see `generateSigningKey`. Default: a new one, generated when first
   * needed.
   */
  signingKey?: SigningKey;
  /** Sends webhooks. Default: the global `fetch`. */
  deliver?: (url: string, init: RequestInit) => Promise<Response>;
  /** Maximum number of attempts to deliver a webhook. Default 3. */
  deliveryAttempts?: number;
  /** Whether web pages may call the emulator: all, none, or those of the given origins. Default `true`. */
  cors?: boolean | string[];
  /** How many requests per minute it accepts before it responds with 429. Default: no limit. */
  requestsPerMinute?: number;
  /** Policies of the environment. */
  policies?: EmulatorPolicies;
}

/** A sign-in without a browser. */
export interface EmulatorSignIn {
  /** Id or email address of the user. Default: the user of {@linkcode Emulator.signInAs}, or the only user. */
  user?: string;
  /** Organization of the session. */
  organizationId?: string;
  /** Makes the session one in which this person acts as the user. */
  impersonator?: Impersonator;
  /** The S256 code challenge that the code exchange is checked against. */
  codeChallenge?: string;
  /** How the user authenticated. Default `SSO`, or `Impersonation` with an impersonator. */
  method?: string;
}

/** Options of a `WorkOS` or `createWorkOS` that calls an {@linkcode Emulator}. */
export interface EmulatorClientOptions {
  /** The API key that the emulator accepts. */
  apiKey: string;
  /** The client id that the emulator accepts. */
  clientId: string;
  /** URL of the emulator, which authorization URLs begin with. */
  baseUrl: string;
  /** The emulator's request handler. */
  fetchFn: Emulator["fetch"];
  /** The emulator's clock. */
  now: () => number;
  /** Its API key is no secret, so it works in web pages too. */
  dangerouslyAllowBrowser: true;
}

const POLICIES: Record<keyof EmulatorPolicies, Member> = {
  signUp: "flag?",
  requireEmailVerification: "flag?",
  requireMfa: "flag?",
  requireSso: "texts?",
  radarChallenge: { oneOf: ["none", "email", "sms"] },
  multipleConnections: "flag?",
  passwordMinLength: "count?",
  logoutRedirect: "url?",
};

const OPTIONS: Record<keyof EmulatorOptions, Member> = {
  seed: "object?",
  announceSeed: "flag?",
  clock: "function?",
  deterministic: "flag?",
  apiKey: "text?",
  clientId: "text?",
  baseURL: "url?",
  issuer: "text?",
  signingKey: "object?",
  deliver: "function?",
  deliveryAttempts: "positive?",
  cors: "fit?",
  requestsPerMinute: "positive?",
  policies: { object: POLICIES },
};

const SIGN_IN: Record<keyof EmulatorSignIn, Member> = {
  user: "text?",
  organizationId: "text?",
  impersonator: { object: { email: "email", reason: "text|null" } },
  codeChallenge: "text?",
  method: "text?",
};

const START = Date.UTC(2026, 0, 1);
const REMEMBERED = 1_000;

/**
 * WorkOS in memory: the API as one web-standard handler.
 *
 * Only webhooks leave the process, to the endpoints that were added. An emulator may be created at module scope, also
 * on Workers: it uses no random bytes and no clock before its first use.
 */
export class Emulator {
  /**
   * Handles a request. Use it as the `fetchFn` of a client, or as the handler of a server; it works without `this`.
   *
   * `init`, a `RequestInit`, applies only to a URL; with a `Request` it is ignored, as servers pass other arguments
   * there, of any type. Redirects are returned, not followed. Rejects with the reason of the signal in `init` when it
   * aborts.
   */
  readonly fetch: (input: Request | string | URL, init?: unknown) => Promise<Response>;

  readonly #settings: Settings;
  readonly #options: EmulatorOptions;
  readonly #router: Router;
  readonly #keys: SigningKeys;
  readonly #vaultKeys: VaultKeys;
  readonly #faults: Faults = new Faults();
  readonly #requests: LoggedRequest[] = [];
  #idempotency: Idempotency = new Idempotency();
  readonly #seed: EmulatorSeed;
  #elapsed = 0;
  #window = { start: -Infinity, count: 0 };
  #planted: World | undefined;

  /** Throws a `TypeError` that names an invalid option or part of the seed. */
  constructor(options: EmulatorOptions = {}) {
    checkOptions(options);
    this.#options = { ...options };
    this.#settings = readSettings(options);
    this.#keys = new SigningKeys(options.signingKey);
    this.#vaultKeys = new VaultKeys(options.deterministic ? repeatableEntropy() : randomBytes);
    this.#router = new Router(ALL_ROUTES);
    this.#seed = snapshot(options.seed ?? {});
    this.#rehearse(this.#seed);
    this.fetch = async (input, init) => {
      if (input instanceof Request) return await this.#fetch(input);
      const given = init as RequestInit | undefined;
      return await this.#fetch(new Request(input, given), given?.signal);
    };
  }

  /** The API key that the emulator accepts. */
  get apiKey(): string {
    return this.#settings.apiKey;
  }

  /** The client id that the emulator accepts. */
  get clientId(): string {
    return this.#settings.clientId;
  }

  /**
   * Options of a client that calls the emulator and uses its clock: `new WorkOS(emulator.clientOptions)`. Then
   * {@linkcode Emulator.advance} makes sessions of the client expire, and webhooks are never too old.
   */
  get clientOptions(): EmulatorClientOptions {
    const { apiKey, clientId, baseURL: baseUrl, fetch: fetchFn } = this;
    return { apiKey, clientId, baseUrl, fetchFn, now: () => this.now(), dangerouslyAllowBrowser: true };
  }

  /** URL of the emulator. */
  get baseURL(): string {
    return this.#settings.baseURL;
  }

  /** The `iss` of its access tokens. */
  get issuer(): string {
    return this.#settings.issuer;
  }

  /** The last 1000 requests, oldest first, without their secrets. */
  get requests(): LoggedRequest[] {
    return structuredClone(this.#requests);
  }

  /** All emitted events, oldest first. */
  get events(): EmulatorEvent[] {
    return structuredClone(this.#world.of(EVENTS).all());
  }

  /** Events that were written to audit logs, oldest first. */
  get auditLogEvents(): AuditLogEvent[] {
    return structuredClone(this.#world.of(AUDIT_LOG_EVENTS).all());
  }

  /** Emails and text messages that WorkOS would have sent, oldest first, with their codes and links. */
  get outbox(): Message[] {
    return structuredClone(this.#world.outbox);
  }

  /** Milliseconds since the epoch, by the emulator's clock. */
  now(): number {
    const { clock, deterministic } = this.#options;
    return (clock ? clock() : deterministic ? START : Date.now()) + this.#elapsed;
  }

  /**
   * Moves the clock, also of clients made with {@linkcode Emulator.clientOptions}, by so many milliseconds. Throws a
   * `TypeError` for a number that is not finite.
   */
  advance(milliseconds: number): void {
    if (!Number.isFinite(milliseconds)) throw unusable("milliseconds", "it is not a number of milliseconds");
    this.#elapsed += milliseconds;
  }

  /**
   * Deletes everything and starts again with a seed, by default that of the options. Keys, options and policies stay,
   * so that existing encrypted data keys can still be decrypted. Webhooks that wait are not sent any more.
   */
  reset(seed?: EmulatorSeed): void {
    this.#elapsed = 0;
    this.#window = { start: -Infinity, count: 0 };
    this.#faults.clear();
    this.#requests.length = 0;
    this.#idempotency = new Idempotency();
    const world = this.#newWorld(snapshot(seed ?? this.#options.seed ?? {}));
    this.#planted?.webhooks.stop();
    this.#planted = world;
  }

  /** Changes policies of the environment. Absent ones stay as they are. Throws a `TypeError` for invalid ones. */
  setPolicies(policies: EmulatorPolicies): void {
    checkMembers(policies, POLICIES, "policies");
    Object.assign(this.#settings, defined(policies));
  }

  /**
   * Makes the next request, or the next ones that match, fail. With a `status` of 200, a `body` and `times: Infinity`
   * it serves what the emulator does not. Throws a `TypeError` for an invalid fault.
   */
  failNext(fault: Fault = {}): void {
    this.#faults.add(fault);
  }

  /** Removes all faults and responses that {@linkcode Emulator.failNext} has set. */
  clearFaults(): void {
    this.#faults.clear();
  }

  /**
   * Sets the user, by id or email address, who signs in when an authorization request names none; `null` resets it. The
   * organization is the one that a member of several chooses in AuthKit. Throws when either does not exist.
   */
  signInAs(user: string | null, organizationId?: string): void {
    if (organizationId !== undefined && !this.#world.of(ORGANIZATIONS).get(organizationId)) {
      throw new TypeError("Cannot find organization: there is none with this id");
    }
    this.#world.defaultUser = user === null ? undefined : this.#userId(user);
    this.#world.defaultOrganization = organizationId;
  }

  /** Issues an authorization code, as a redirect would bring it back. Throws when the user does not exist. */
  authorizationCode(signIn: EmulatorSignIn = {}): string {
    checkMembers(signIn, SIGN_IN, "signIn");
    const { organizationId, impersonator, codeChallenge: challenge } = signIn;
    const method = signIn.method ?? (impersonator ? "Impersonation" : "SSO");
    const userId = this.#userId(signIn.user);
    const code = { signIn: { userId, organizationId, impersonator, method }, challenge };
    return issueAuthorizationCode(this.#world, { audience: "user_management", ...code }).id;
  }

  /**
   * Simulates a redirect of AuthKit to the application's own login page. Returns its `external_auth_id`, which is valid
   * for one `completeOAuth2()` within 30 minutes.
   */
  startExternalAuth(): string {
    return startExternalAuth(this.#world);
  }

  /** Registers an agent and returns the id of its registration. Throws when the organization or user does not exist. */
  registerAgent(registration: SeedAgentRegistration): string {
    checkMembers({ agent_registrations: [registration] }, SEED_MEMBERS, "seed");
    return addRegistration(this.#world, registration).id;
  }

  /**
   * Starts a claim of an agent by the person with this email address. Returns the token of the attempt, which
   * `linkClaimAttemptToExternalUser()` accepts for ten minutes. Throws when the agent cannot be claimed.
   */
  startAgentClaim(registrationId: string, email: string): string {
    return startClaim(this.#world, registrationId, email);
  }

  /** Completes a claim with the code that the agent received. Throws when no linked attempt has this code. */
  completeAgentClaim(userCode: string): void {
    completeClaim(this.#world, userCode);
  }

  /** Issues an API key, owned by the organization, to an agent. Throws when the agent no longer exists. */
  agentKey(registrationId: string): string {
    return issueKey(this.#world, registrationId);
  }

  /**
   * Issues an access token to an agent, valid for an hour and for this audience, by default the client id. Rejects when
   * the agent no longer exists.
   */
  async agentToken(registrationId: string, audience?: string): Promise<string> {
    return await issueToken(this.#world, registrationId, audience);
  }

  /** Revokes a registration and its credentials. Throws when the agent no longer exists. */
  revokeAgent(registrationId: string): void {
    revokeRegistration(this.#world, registrationId);
  }

  /**
   * Makes a directory what its identity provider now has, or what a function makes of what it has, with the events of
   * every difference. Users and groups that are not in a list are deleted; a list or a member of an object that is left
   * out stays as it is. The first of `id`, `idp_id` and email address, or name of a group, that is given tells which
   * one is meant. Throws a `TypeError`, and changes nothing, when the content is invalid or no linked directory has
   * this id.
   */
  syncDirectory(
    directoryId: string,
    content: DirectoryContent | ((present: Required<DirectoryContent>) => DirectoryContent),
  ): void {
    syncDirectory(this.#world, directoryId, content);
  }

  /** Approves the device that shows this code. Throws when no pending device does, or the user does not exist. */
  approveDevice(userCode: string, by: EmulatorSignIn = {}): void {
    checkMembers(by, SIGN_IN, "signIn");
    const { user, organizationId, method = "SSO" } = by;
    const { id } = requestByUserCode(this.#world, userCode);
    const signIn = { userId: this.#userId(user), organizationId, method };
    this.#world.set(DEVICE_REQUESTS, id, { state: "approved", signIn });
  }

  /** Denies the device that shows this code. Throws when no pending device does. */
  denyDevice(userCode: string): void {
    this.#world.set(DEVICE_REQUESTS, requestByUserCode(this.#world, userCode).id, { state: "denied" });
  }

  /** Signs with a new key from now on. Old keys stay in the key set unless `retire` is `true`. */
  async rotateKeys(options: { retire?: boolean } = {}): Promise<void> {
    await this.#keys.rotate(options);
  }

  /** The public keys, as `GET /sso/jwks/{clientId}` serves them. */
  async jwks(): Promise<JsonWebKeySet> {
    return await this.#keys.jwks();
  }

  /** Signs any claims with the newest key, for tokens that no grant issues. */
  async signToken(claims: Record<string, unknown>): Promise<string> {
    return await this.#keys.sign(claims);
  }

  /** The code that an authenticator app shows for a secret, by the emulator's clock. */
  async totpCode(secret: string): Promise<string> {
    return await totpCode(secret, this.now());
  }

  /** Emits an event, such as one that the emulator never emits itself. */
  emit(event: string, data: Record<string, unknown>): void {
    this.#world.emit(event, data);
  }

  /** Waits until every webhook is delivered or has failed for good. */
  async flush(): Promise<void> {
    await this.#world.webhooks.flush();
  }

  /** Waits as {@linkcode Emulator.flush} does, then returns the log of deliveries, oldest first. */
  async deliveries(): Promise<Delivery[]> {
    await this.flush();
    return this.#world.webhooks.log;
  }

  get #world(): World {
    return this.#planted ??= this.#firstWorld();
  }

  /** Creates the seed at the clock's start, even if the clock was advanced before. */
  #firstWorld(): World {
    const elapsed = this.#elapsed;
    this.#elapsed = 0;
    try {
      return this.#newWorld(this.#seed);
    } finally {
      this.#elapsed = elapsed;
    }
  }

  #newWorld(seed: EmulatorSeed): World {
    checkMembers(seed, SEED_MEMBERS, "seed");
    const { deliver = (url, init) => fetch(url, init), deliveryAttempts: attempts = 3, deterministic } = this.#options;
    const now = () => this.now();
    return this.#plant(seed, {
      ids: new Ids({ now, deterministic }),
      vaultKeys: this.#vaultKeys,
      webhooks: new Webhooks({ deliver, attempts, now }),
      now,
    });
  }

  /** Throws what the creation of this seed would throw, without lasting effects. */
  #rehearse(seed: EmulatorSeed): void {
    checkMembers(seed, SEED_MEMBERS, "seed");
    this.#plant(withoutPasswords(seed), rehearsalParts(this.#options));
  }

  #plant(seed: EmulatorSeed, parts: Pick<WorldParts, "ids" | "vaultKeys" | "webhooks" | "now">): World {
    const claims = [templateClaims, membershipClaims, entitlementClaims, flagClaims];
    const world = new World({ ...parts, settings: this.#settings, keys: this.#keys, claims });
    if (this.#options.announceSeed) plant(world, seed);
    else world.silently(() => plant(world, seed));
    return world;
  }

  #userId(user: string | undefined): string {
    const world = this.#world;
    const found = user === undefined ? usualUser(world) : world.of(USERS).get(user) ?? userByEmail(world, user);
    if (found) return found.id;
    const why = user === undefined
      ? "name a user, or choose one with signInAs()"
      : "nobody has this id or email address";
    throw new TypeError(`Cannot find user: ${why}`);
  }

  /** Does not read the signal of a `Request`: Deno warns servers that do. */
  async #fetch(request: Request, signal?: AbortSignal | null): Promise<Response> {
    signal?.throwIfAborted();
    void this.#world; // every request creates the seed, even one with a fault
    const cors = this.#options.cors ?? true;
    if (request.method === "OPTIONS") return preflight(request, cors) ?? await this.#answer(request);
    const fault = this.#faults.take(request.method, pathOf(request, this.baseURL));
    const response = await this.#withFault(request, fault);
    signal?.throwIfAborted();
    return addCors(response, request, cors);
  }

  async #withFault(request: Request, fault: Fault | undefined): Promise<Response> {
    if (!fault) return await this.#answer(request);
    const kind = fault.kind ?? "status";
    if (kind === "lost" || kind === "reset-body") {
      const response = await this.#answer(request);
      if (kind === "reset-body") return await breakOff(response);
    } else {
      const response = kind === "status" ? faultResponse(fault) : undefined;
      response?.headers.set("X-Request-ID", this.#requestId());
      this.#log(await readCall(request, this.baseURL), { response, replayed: false });
      if (response) return response;
    }
    if (kind === "hang") return await hang(request.signal);
    throw new TypeError("Cannot reach the emulator: the network is down, as asked for");
  }

  async #answer(request: Request): Promise<Response> {
    const call = await readCall(request, this.baseURL);
    const { reply, replayed } = await this.#reply(call);
    const response = toResponse(reply, this.#requestId());
    this.#log(call, { response, replayed });
    return response;
  }

  async #reply(call: IncomingCall): Promise<{ reply: Reply; replayed: boolean }> {
    try {
      const found = this.#router.match(call.method, call.path);
      if (!found) throw notEmulated(call.method, call.path);
      this.#checkRate();
      if (!found.route.public) this.#checkKey(call);
      if (call.malformed) throw badRequest("invalid_json", "The body is not a JSON object.");
      const run = () => this.#run(found.route, { ...call, params: found.params });
      const key = call.method === "POST" ? call.headers.get("Idempotency-Key") : null;
      if (!key) return { reply: await run(), replayed: false };
      return await this.#idempotency.once({ key: `${call.path} ${key}`, now: this.now() }, run);
    } catch (error) {
      return { reply: replyOf(error), replayed: false };
    }
  }

  async #run({ handle, status }: Route, call: Call): Promise<Reply> {
    try {
      const answer = await handle(call, this.#world);
      return answer instanceof Reply ? answer : new Reply(status, structuredClone(answer ?? undefined));
    } catch (error) {
      return replyOf(error);
    }
  }

  #checkKey({ bearer }: IncomingCall): void {
    if (bearer === undefined || !sameText(bearer, this.#settings.apiKey)) throw unauthorized();
  }

  #checkRate(): void {
    const { requestsPerMinute } = this.#options;
    if (requestsPerMinute === undefined) return;
    const now = this.now();
    if (now - this.#window.start >= 60_000) this.#window = { start: now, count: 0 };
    if (++this.#window.count <= requestsPerMinute) return;
    const seconds = Math.ceil((this.#window.start + 60_000 - now) / 1000);
    const body = codedError("rate_limit_exceeded", "Too many requests.");
    throw new Refusal(429, body, { "Retry-After": String(seconds) });
  }

  #requestId(): string {
    const { ids } = this.#world;
    return this.#options.deterministic ? ids.id("req") : ids.uuid();
  }

  #log(call: IncomingCall, { response, replayed }: { response: Response | undefined; replayed: boolean }): void {
    this.#requests.push({
      method: call.method,
      path: safePath(call.path),
      query: safeQuery(call.query),
      headers: safeHeaders(call.headers),
      body: call.text === "" ? null : safeMembers(structuredClone(call.body)),
      status: response?.status ?? null,
      requestId: response?.headers.get("X-Request-ID") ?? null,
      replayed,
    });
    if (this.#requests.length > REMEMBERED) this.#requests.shift();
  }
}

/** Makes an {@linkcode Emulator}. Throws a `TypeError` that names an invalid option or part of the seed. */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  return new Emulator(options);
}

function checkOptions(options: EmulatorOptions): void {
  checkMembers(options, OPTIONS, "options");
  const { cors = true } = options;
  const known = typeof cors === "boolean" || (Array.isArray(cors) && cors.every((it) => typeof it === "string"));
  if (!known) throw unusable("options.cors", "it is neither a boolean nor a list of origins");
}

interface IncomingCall extends Omit<Call, "params"> {
  text: string;
  malformed: boolean;
}

function readSettings(options: EmulatorOptions): Settings {
  const { apiKey = "sk_test_emulator", clientId = "client_emulator" } = options;
  const baseURL = (options.baseURL ?? "https://api.workos.com").replace(/\/+$/, "");
  return {
    apiKey,
    clientId,
    baseURL,
    issuer: options.issuer ?? `${baseURL}/user_management/${clientId}`,
    signUp: true,
    requireEmailVerification: true,
    requireMfa: false,
    requireSso: [],
    radarChallenge: "none",
    multipleConnections: false,
    passwordMinLength: 10,
    logoutRedirect: baseURL,
    ...defined(options.policies ?? {}),
  };
}

async function readCall(request: Request, baseURL: string): Promise<IncomingCall> {
  const path = pathOf(request, baseURL);
  const query = new URL(request.url).searchParams;
  const type = request.headers.get("Content-Type") ?? ""; // read first: on Bun, reading a form drops it
  const text = await request.text();
  const body = readBody(text, type);
  const bearer = /^Bearer +(.+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1];
  const { method, headers } = request;
  return { method, path, query, headers, text, body: body ?? {}, malformed: !body, bearer };
}

/** The path of a request after that of the emulator's URL, if it starts with it. */
function pathOf({ url }: Request, baseURL: string): string {
  const { pathname } = new URL(url);
  const base = new URL(baseURL).pathname.replace(/\/$/, "");
  return pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname;
}

/** The members of a body, `undefined` when it is malformed. */
function readBody(text: string, type: string): Record<string, unknown> | undefined {
  if (text === "") return {};
  if (type.startsWith("application/x-www-form-urlencoded")) return Object.fromEntries(new URLSearchParams(text));
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && !isTooDeep(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value has more levels than any request, so many that there might be no stack to walk through it. */
function isTooDeep(value: unknown, levels = 200): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1));
}

function toResponse({ status, body, headers }: Reply, requestId: string): Response {
  const all = new Headers(headers);
  all.set("X-Request-ID", requestId);
  if (typeof body === "string" && all.has("Content-Type")) return new Response(body, { status, headers: all });
  if (body !== undefined) all.set("Content-Type", "application/json; charset=utf-8");
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: all });
}
