import { randomBytes, uuid } from "../bytes.ts";
import type { JsonWebKeySet } from "../jwt.ts";
import { addRegistration, completeClaim, revokeRegistration, startClaim } from "./agents.ts";
import { AUDIT_LOG_EVENTS, type AuditLogEvent } from "./audit_logs.ts";
import { badRequest, notEmulated, Refusal, Reply, replyOf, unauthorized } from "./answers.ts";
import { issueAuthorizationCode } from "./authorization_codes.ts";
import { sameText } from "./codes.ts";
import { addCors, preflight } from "./cors.ts";
import { breakOff, type Fault, faultResponse, Faults, hang } from "./faults.ts";
import { flagClaims } from "./flags.ts";
import { Idempotency } from "./idempotency.ts";
import { Ids, repeatableEntropy } from "./ids.ts";
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
import { type Message, type Settings, World, type WorldParts } from "./world.ts";

/** How an {@linkcode Emulator} is set up; every part has a default. */
export interface EmulatorOptions {
  /** What it holds from the start, dated when it is first used. Defaults to nothing but two roles and a waitlist. */
  seed?: EmulatorSeed;
  /** Whether the seed is announced when it is first used, with events and webhooks. Defaults to false. */
  announceSeed?: boolean;
  /** Milliseconds since the epoch. Defaults to the time of day, or a standing clock when `deterministic`. */
  clock?: () => number;
  /**
   * Whether ids are counted and codes and tokens are the same on every run, and the clock stands at the start of 2026
   * until it is moved: make clients with {@linkcode Emulator.clientOptions}, so that theirs does too. Signing keys are
   * random all the same. For tests only. Defaults to false.
   */
  deterministic?: boolean;
  /** The API key callers have to present. Defaults to `sk_test_emulator`. */
  apiKey?: string;
  /** The client id callers have to present. Defaults to `client_emulator`. */
  clientId?: string;
  /** Its own address, for links in answers. Defaults to `https://api.workos.com`. */
  baseURL?: string;
  /** The `iss` of access tokens. Defaults to `<baseURL>/user_management/<clientId>`. */
  issuer?: string;
  /**
   * Signs access tokens, as `generateSigningKey` makes it. Defaults to a new key, made when first needed, which takes a
   * while: emulators of many tests can share one.
   */
  signingKey?: SigningKey;
  /** Sends webhooks. Defaults to the global `fetch`. */
  deliver?: (url: string, init: RequestInit) => Promise<Response>;
  /** How often a webhook is tried until it succeeds. Defaults to 3. */
  deliveryAttempts?: number;
  /** Whether browser pages may call it: all, none, or those of these origins. Defaults to true. */
  cors?: boolean | string[];
  /** How many requests one minute allows before it answers 429. Defaults to no limit. */
  requestsPerMinute?: number;
  /** Rules of the environment. */
  policies?: EmulatorPolicies;
}

/** Rules of the environment an {@linkcode Emulator} plays. */
export interface EmulatorPolicies {
  /** Whether unknown people may sign up by signing in. Defaults to true. */
  signUp?: boolean;
  /** Whether an email address must be verified before a session starts. Defaults to true. */
  requireEmailVerification?: boolean;
  /** Whether everybody who signs in with a password or a code needs a second factor. Defaults to false. */
  requireMfa?: boolean;
  /** Ids of organizations whose members, and owners of their verified domains, must use single sign-on. */
  requireSso?: string[];
  /** How Radar challenges whoever signs in with a password. Defaults to `none`. */
  radarChallenge?: "none" | "email" | "sms";
  /** Fewest characters of a password. Defaults to 10. */
  passwordMinLength?: number;
  /** Where a sign-out leads that names no address. Defaults to the emulator's own address. */
  logoutRedirect?: string;
}

/** Who signs in without a browser, and where. */
export interface EmulatorSignIn {
  /** Id or email address of the user. Absent: the default user, or the only one. */
  user?: string;
  /** The organization the session is for. */
  organizationId?: string;
  /** Makes it a session of somebody else in the user's name. */
  impersonator?: Impersonator;
  /** S256 code challenge the exchange has to answer. */
  codeChallenge?: string;
  /** How the user proved who they are. Defaults to `SSO`, or `Impersonation` with an impersonator. */
  method?: string;
}

/** Options of a `WorkOS`, or of `createWorkOS`, that talks to an {@linkcode Emulator}. */
export interface EmulatorClientOptions {
  /** The API key the emulator accepts. */
  apiKey: string;
  /** The client id it accepts. */
  clientId: string;
  /** Its own address, where authorization URLs lead. */
  baseUrl: string;
  /** Reaches it. */
  fetchFn: Emulator["fetch"];
  /** Its clock. */
  now: () => number;
}

const POLICIES: Record<keyof EmulatorPolicies, Member> = {
  signUp: "flag?",
  requireEmailVerification: "flag?",
  requireMfa: "flag?",
  requireSso: "texts?",
  radarChallenge: { oneOf: ["none", "email", "sms"] },
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
 * Nothing leaves the process except webhooks, and those only to endpoints that were added. It may be made at module
 * scope, also on Workers: it draws no random bytes and reads no clock before it is used.
 */
export class Emulator {
  /**
   * Answers a request. Give it to a client as its `fetchFn`, or to a server as its handler; it needs no receiver.
   *
   * `init` belongs to an address. Next to a whole `Request` it is ignored: there servers pass arguments of their own.
   * Redirects are answers here, they are not followed. Rejects with the reason of the signal in `init` once it aborts.
   */
  readonly fetch: (input: Request | string | URL, init?: RequestInit | object) => Promise<Response>;

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

  /** Starts with the seed of the options. Throws a `TypeError` that names an option or a part of the seed it cannot use. */
  constructor(options: EmulatorOptions = {}) {
    checkOptions(options);
    this.#options = { ...options };
    this.#settings = readSettings(options);
    this.#keys = new SigningKeys(options.signingKey);
    this.#vaultKeys = new VaultKeys(options.deterministic ? repeatableEntropy() : randomBytes);
    this.#router = new Router(ALL_ROUTES);
    this.#seed = snapshot(options.seed ?? {});
    this.#rehearse(this.#seed);
    this.fetch = async (input, init: RequestInit = {}) => {
      if (input instanceof Request) return await this.#fetch(input);
      return await this.#fetch(new Request(input, init), init.signal);
    };
  }

  /** The API key it accepts. */
  get apiKey(): string {
    return this.#settings.apiKey;
  }

  /** The client id it accepts. */
  get clientId(): string {
    return this.#settings.clientId;
  }

  /**
   * What a client is made with to talk to it, by its clock: `new WorkOS(emulator.clientOptions)`. So
   * {@linkcode Emulator.advance} makes sessions of the client expire, and what it delivers is never too old.
   */
  get clientOptions(): EmulatorClientOptions {
    const { apiKey, clientId, baseURL: baseUrl, fetch: fetchFn } = this;
    return { apiKey, clientId, baseUrl, fetchFn, now: () => this.now() };
  }

  /** Its own address. */
  get baseURL(): string {
    return this.#settings.baseURL;
  }

  /** The `iss` of its access tokens. */
  get issuer(): string {
    return this.#settings.issuer;
  }

  /** The last 1000 requests, oldest first, without the secrets in them. */
  get requests(): LoggedRequest[] {
    return structuredClone(this.#requests);
  }

  /** Everything that happened, oldest first. */
  get events(): EmulatorEvent[] {
    return structuredClone(this.#world.of(EVENTS).all());
  }

  /** Events that were written to audit logs, oldest first. */
  get auditLogEvents(): AuditLogEvent[] {
    return structuredClone(this.#world.of(AUDIT_LOG_EVENTS).all());
  }

  /** Emails and text messages that would have been sent, oldest first: the place to read codes from. */
  get outbox(): Message[] {
    return structuredClone(this.#world.outbox);
  }

  /** Milliseconds since the epoch, by its own clock. */
  now(): number {
    const { clock, deterministic } = this.#options;
    return (clock ? clock() : deterministic ? START : Date.now()) + this.#elapsed;
  }

  /**
   * Moves its clock, and that of clients made with {@linkcode Emulator.clientOptions}, by milliseconds. Throws a
   * `TypeError` for anything else.
   */
  advance(milliseconds: number): void {
    if (!Number.isFinite(milliseconds)) throw unusable("milliseconds", "it is not a number of milliseconds");
    this.#elapsed += milliseconds;
  }

  /**
   * Forgets everything and starts again with a seed, the first one by default. Keys, options and policies stay: a data
   * key that the vault encrypted before can still be decrypted.
   */
  reset(seed?: EmulatorSeed): void {
    this.#elapsed = 0;
    this.#window = { start: -Infinity, count: 0 };
    this.#faults.clear();
    this.#requests.length = 0;
    this.#idempotency = new Idempotency();
    this.#planted = this.#newWorld(snapshot(seed ?? this.#options.seed ?? {}));
  }

  /** Changes rules of the environment from now on. Those that are absent stay. Throws a `TypeError` for unknown ones. */
  setPolicies(policies: EmulatorPolicies): void {
    checkMembers(policies, POLICIES, "policies");
    changePolicies(this.#settings, policies);
  }

  /**
   * Lets something go wrong with the next request, or the next ones that match. With a `status` of 200, a `body` and
   * `times: Infinity` it answers what the emulator does not serve. Throws a `TypeError` for a fault that cannot happen.
   */
  failNext(fault: Fault = {}): void {
    this.#faults.add(fault);
  }

  /** Forgets the faults that no request has met yet, and whatever else {@linkcode Emulator.failNext} was told. */
  clearFaults(): void {
    this.#faults.clear();
  }

  /**
   * Chooses who signs in when an authorization request names nobody, by id or email address; `null` chooses nobody. The
   * organization is what a member of several answers when AuthKit asks. Throws when there is no such user or organization.
   */
  signInAs(user: string | null, organizationId?: string): void {
    if (organizationId !== undefined && !this.#world.of(ORGANIZATIONS).get(organizationId)) {
      throw new TypeError("Cannot find organization: there is none with this id");
    }
    this.#world.defaultUser = user === null ? undefined : this.#userId(user);
    this.#world.defaultOrganization = organizationId;
  }

  /** Makes an authorization code as a browser would bring it back. Throws when there is no such user. */
  authorizationCode(signIn: EmulatorSignIn = {}): string {
    checkMembers(signIn, SIGN_IN, "signIn");
    const { organizationId, impersonator, codeChallenge: challenge } = signIn;
    const method = signIn.method ?? (impersonator ? "Impersonation" : "SSO");
    const userId = this.#userId(signIn.user);
    const code = { signIn: { userId, organizationId, impersonator, method }, challenge };
    return issueAuthorizationCode(this.#world, { audience: "user_management", ...code }).id;
  }

  /**
   * Lets AuthKit send somebody to the application's own login page. Returns the `external_auth_id` that it comes with,
   * good for one `completeOAuth2()` within 30 minutes.
   */
  startExternalAuth(): string {
    return startExternalAuth(this.#world);
  }

  /** Lets an agent register, and returns the id of its registration. Throws when there is no such organization or user. */
  registerAgent(registration: SeedAgentRegistration): string {
    checkMembers({ agent_registrations: [registration] }, SEED_MEMBERS, "seed");
    return addRegistration(this.#world, registration).id;
  }

  /**
   * Begins to claim an agent for somebody with this email address, and returns the token of the attempt, which
   * `linkClaimAttemptToExternalUser()` takes for ten minutes. Throws for an agent that cannot be claimed.
   */
  startAgentClaim(registrationId: string, email: string): string {
    return startClaim(this.#world, registrationId, email);
  }

  /** Lets an agent complete a claim with the code it was told. Throws when no linked attempt has this code. */
  completeAgentClaim(userCode: string): void {
    completeClaim(this.#world, userCode);
  }

  /** Gives an agent an API key, which is one of its organization's. Throws when there is no such agent any more. */
  agentKey(registrationId: string): string {
    return issueKey(this.#world, registrationId);
  }

  /**
   * Gives an agent an access token, good for an hour and for this audience, by default the client id. Rejects when there
   * is no such agent any more.
   */
  async agentToken(registrationId: string, audience?: string): Promise<string> {
    return await issueToken(this.#world, registrationId, audience);
  }

  /** Ends a registration, and its credentials with it. Throws when there is no such agent any more. */
  revokeAgent(registrationId: string): void {
    revokeRegistration(this.#world, registrationId);
  }

  /** Approves the device that shows this code. Throws when no pending device does, or there is no such user. */
  approveDevice(userCode: string, by: EmulatorSignIn = {}): void {
    checkMembers(by, SIGN_IN, "signIn");
    const { user, organizationId, method = "SSO" } = by;
    const { id } = requestByUserCode(this.#world, userCode);
    const signIn = { userId: this.#userId(user), organizationId, method };
    this.#world.set(DEVICE_REQUESTS, id, { state: "approved", signIn });
  }

  /** Turns the device down that shows this code. Throws when no pending device does. */
  denyDevice(userCode: string): void {
    this.#world.set(DEVICE_REQUESTS, requestByUserCode(this.#world, userCode).id, { state: "denied" });
  }

  /** Signs with a new key from now on. The old ones stay in the key set, unless `retire` is set. */
  async rotateKeys(options: { retire?: boolean } = {}): Promise<void> {
    await this.#keys.rotate(options);
  }

  /** The public keys, as `GET /sso/jwks/{clientId}` serves them. */
  async jwks(): Promise<JsonWebKeySet> {
    return await this.#keys.jwks();
  }

  /** Signs any claims with the newest key, for tokens no grant would hand out. */
  async signToken(claims: Record<string, unknown>): Promise<string> {
    return await this.#keys.sign(claims);
  }

  /** The code an authenticator app shows for a secret, at the emulator's time. */
  async totpCode(secret: string): Promise<string> {
    return await totpCode(secret, this.now());
  }

  /** Lets an event happen, for those the emulator has no reason for itself. */
  emit(event: string, data: Record<string, unknown>): void {
    this.#world.emit(event, data);
  }

  /** Waits until every webhook was delivered or given up. */
  async flush(): Promise<void> {
    await this.#world.webhooks.flush();
  }

  /** Waits until every webhook was delivered or given up, and tells how it went, oldest first. */
  async deliveries(): Promise<Delivery[]> {
    await this.flush();
    return this.#world.webhooks.log;
  }

  get #world(): World {
    return this.#planted ??= this.#firstWorld();
  }

  /** The clock may have been moved already; the seed comes before that. */
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

  /** Throws what a world with this seed would, and makes nothing that lasts. */
  #rehearse(seed: EmulatorSeed): void {
    checkMembers(seed, SEED_MEMBERS, "seed");
    this.#plant(withoutPasswords(seed), rehearsalParts(this.#options));
  }

  #plant(seed: EmulatorSeed, parts: Pick<WorldParts, "ids" | "vaultKeys" | "webhooks" | "now">): World {
    const claims = [membershipClaims, entitlementClaims, flagClaims];
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

  /** The signal of a whole request is left in peace: Deno warns servers that look at it. */
  async #fetch(request: Request, signal?: AbortSignal | null): Promise<Response> {
    signal?.throwIfAborted();
    void this.#world; // every request is a use, also one that a fault keeps from the world
    const { pathname } = new URL(request.url);
    const cors = this.#options.cors ?? true;
    if (request.method === "OPTIONS") return preflight(request, cors) ?? await this.#answer(request);
    const fault = this.#faults.take(request.method, pathname);
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
      this.#log(await readCall(request), { response, replayed: false });
      if (response) return response;
    }
    if (kind === "hang") return await hang(request.signal);
    throw new TypeError("Cannot reach the emulator: the network is down, as asked for");
  }

  async #answer(request: Request): Promise<Response> {
    const call = await readCall(request);
    const { reply, replayed } = await this.#reply(call);
    const response = toResponse(reply, this.#requestId());
    this.#log(call, { response, replayed });
    return response;
  }

  async #reply(call: IncomingCall): Promise<{ reply: Reply; replayed: boolean }> {
    try {
      const found = this.#router.match(call.method, call.url.pathname);
      if (!found) throw notEmulated(call.method, call.url.pathname);
      this.#checkRate();
      if (!found.route.public) this.#checkKey(call);
      if (call.malformed) throw badRequest("invalid_json", "The body is not a JSON object.");
      const run = () => this.#run(found.route, { ...call, params: found.params });
      const key = call.method === "POST" ? call.headers.get("Idempotency-Key") : null;
      if (!key) return { reply: await run(), replayed: false };
      return await this.#idempotency.once(`${call.url.pathname} ${key}`, call.text, run);
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
    throw new Refusal(429, { message: "Too Many Requests" }, { "Retry-After": String(seconds) });
  }

  #requestId(): string {
    return this.#options.deterministic ? this.#world.ids.id("req") : uuid();
  }

  #log(call: IncomingCall, { response, replayed }: { response: Response | undefined; replayed: boolean }): void {
    this.#requests.push({
      method: call.method,
      path: safePath(call.url.pathname),
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

/** Makes an {@linkcode Emulator}. Throws a `TypeError` that names an option or a part of the seed it cannot use. */
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
  const settings: Settings = {
    apiKey,
    clientId,
    baseURL,
    issuer: options.issuer ?? `${baseURL}/user_management/${clientId}`,
    signUp: true,
    requireEmailVerification: true,
    requireMfa: false,
    requireSso: [],
    radarChallenge: "none",
    passwordMinLength: 10,
    logoutRedirect: baseURL,
  };
  changePolicies(settings, options.policies ?? {});
  return settings;
}

/** What is absent stays as it is. */
function changePolicies(settings: Settings, policies: EmulatorPolicies): void {
  Object.assign(settings, defined(policies));
}

async function readCall(request: Request): Promise<IncomingCall> {
  const url = new URL(request.url);
  const type = request.headers.get("Content-Type") ?? ""; // before the body: Bun forgets the type of a form with it
  const text = await request.text();
  const body = readBody(text, type);
  const bearer = /^Bearer +(.+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1];
  const { method, headers } = request;
  return { method, url, query: url.searchParams, headers, text, body: body ?? {}, malformed: !body, bearer };
}

/** The members of a body, `undefined` when it is malformed. */
function readBody(text: string, type: string): Record<string, unknown> | undefined {
  if (text === "") return {};
  if (type.startsWith("application/x-www-form-urlencoded")) return Object.fromEntries(new URLSearchParams(text));
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function toResponse({ status, body, headers }: Reply, requestId: string): Response {
  const all = new Headers(headers);
  all.set("X-Request-ID", requestId);
  if (typeof body === "string" && all.has("Content-Type")) return new Response(body, { status, headers: all });
  if (body !== undefined) all.set("Content-Type", "application/json; charset=utf-8");
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: all });
}
