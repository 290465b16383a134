import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import * as ours from "../../mod.ts";
import * as theirs from "npm:@workos-inc/node@11.0.0";
import type { Fields } from "../contract/calls.ts";
import { answersOf, argumentsOf, callOf, operations, requestsOf, schemas } from "../contract/run.ts";
import { createSampler } from "../contract/samples.ts";
import { json } from "../fake_api.ts";

/** Options that the API description has and the Node SDK does not know, by their wire names. */
// deno-fmt-ignore
const DESCRIBED = [
  "actors", "allow_profiles_outside_organization", "before", "device_id", "domain", "domains", "expires_at", "idp_id",
  "it_contact_emails", "name", "organization", "parent_resource_\\w+", "password_salt_position", "registration_types",
  "resource_external_id", "retention_period_in_days", "search", "signals_id", "user_id",
];

/**
 * What the Node SDK sends, gives and throws is the same here, call by call. Further members are not looked at: the
 * contract has them. What differs on purpose is in this list, by `method place: Node SDK's | ours`.
 */
// deno-fmt-ignore
const WANTED: [difference: RegExp, reason: string][] = [
  [/ sent\.headers\.Content-Type: \S+ \| nothing$/, "no Content-Type without a body"],
  [/^(connect|groups|vault)\.\w+ sent\.body\.\S*: null \| nothing$/, "what is left out is not cleared"],
  [/^auditLogs\.createEvent sent( too)?\.headers\.Idempotency-Key: "(workos-node|audit-log)-/, "the key does not name another package"],
  [new RegExp(`^\\w+\\.\\w+ sent too\\.(query|body|body\\.user)\\.(${DESCRIBED.join("|")}): .* \\| nothing$`), "described, and the Node SDK does not send it"],
  [/^authorization\.listEffectivePermissions sent( too)?\.path: /, "the route that is described"],
  [/^directorySync\.listUsers sent\.query\.idpId: /, "the name that is described"],
  [/^vault\.listObjects sent( too)?\.query\.updated_?[aA]fter: /, "the name that is described, and ISO text"],
  [/^pipes\.listUserDataProviders given\S*\.userlandUserId: null \| /, "read by the name that is described"],
  [/^authorization\.\w+ given\.type: "OrganizationRole" \| "EnvironmentRole"$/, "the type is the one that was sent"],
  [/^passwordless\.createSession given\.expiresAt: /, "a date, as its type says"],
  [/^sso\.getAuthorizationUrl given: .* \| .*&nonce=/, "parameters that the Node SDK does not know"],
  [/^events\.listEvents given\.data\.data(\.(certificate|connection|detail|owner|sso))?\.[a-z]+_\w+: .* \| nothing$/, "fields that nobody knows are in camelCase too"],
  [/^\S+ given\.authkit_authorization_code: /, "fields that nobody knows are in camelCase too"],
  [/ given: rejects TypeError: Cannot read properties of undefined .* \| value/, "a field that is missing is no error"],
  [/ given: rejects TypeError: .*toISOString is not a function \| value|createUserApiKey sent( too)?(\.length)?: /, "times may be given as text"],
  [/^(401 .*|422 errors) given\.message: /, "the server's message is kept"],
  [/^\d+ a list of texts given\.message: \["No","Never"\] \| "No, Never"$/, "a message is a text"],
  [/^\d+ code and errors given\.status: 400 \| \d+$/, "the status is the one that was sent"],
  [/^\d+ null given\./, "an error page keeps class, status and request id"],
  [/^keyless given\.message: "API key required for/, "names the method"],
  [/^an empty id (given|sent)/, "an empty id is refused"],
];

const TIMES = { created_at: "2026-01-01T00:00:00.000Z", updated_at: "2026-01-02T00:00:00.000Z" };
const BLUEPRINT = {
  object: "agent_blueprint",
  id: "agent_blueprint_1",
  invocable_by: { role_slugs: ["admin"], organization_ids: ["org_1"] },
  session_settings: { max_age_seconds: 60, idle_timeout_seconds: null },
  ...TIMES,
};
const INSTANCE = { object: "agent_instance", id: "agent_instance_1", organization_membership_id: null, ...TIMES };
const INSTANCE_SESSION = { object: "agent_instance_session", id: "session_1", revoked_at: null, ...TIMES };
const CONTACT = { object: "it_contact", id: "it_contact_1", email: "ada@example.com", ...TIMES };
const ACCOUNT = { object: "connected_account", id: "account_1", scopes: ["a"], api_key_last_4: "1234", ...TIMES };
const INTEGRATION = { object: "data_integration", id: "integration_1", config: { first_name: 1 }, ...TIMES };
const ENTRY = { object: "waitlist_entry", id: "entry_1", additional_fields: { first_name: 1 }, ...TIMES };
const WAITLIST = { object: "waitlist", id: "waitlist_1", ...TIMES };
/** Events, made by hand, whose data does not say what it is. */
const UNSAID = ["connection", "group", "organization", "organization_membership", "user"].map((kind) => {
  const data = { id: "1", connection_type: "OktaSAML", domains: [], role: { slug: "admin" }, ...TIMES };
  return { id: "event_1", event: `${kind}.deleted`, created_at: TIMES.created_at, data };
});
const list = (...data: unknown[]) => ({ object: "list", data, list_metadata: { before: null, after: "x_1" } });

const organizationId = "org_1";
const agentBlueprintId = "agent_blueprint_1";
const contact = { organizationId, contactId: "it_contact_1" };
const account = { organizationId, slug: "github", accessToken: "t", expiresAt: new Date(0), scopes: ["a"] };
const connection = { slug: "github", organizationId, connectionOwner: "organization", connectionIntent: "add" };
const wanted = { supportsMultipleConnections: true, connectedAccountId: "account_1" };
const event = { action: "a", occurredAt: new Date(0), actor: { id: "1" }, targets: [], context: { location: "l" } };
const key = { idempotencyKey: "key_1" };

/** Calls that are not in the API description: the method, its arguments, and what the API answers. */
// deno-fmt-ignore
const OTHER_CALLS: [method: string, args: unknown[], answer?: unknown][] = [
  ["agents.createBlueprint", [{ name: "A", permissions: ["a"], invocableBy: { roleSlugs: ["a"] }, sessionSettings: { maxAgeSeconds: 1 } }], BLUEPRINT],
  ["agents.listBlueprints", [{ limit: 1 }], list(BLUEPRINT)],
  ["agents.getBlueprint", [agentBlueprintId], BLUEPRINT],
  ["agents.updateBlueprint", [{ agentBlueprintId, description: null }], BLUEPRINT],
  ["agents.deleteBlueprint", [agentBlueprintId]],
  ["agents.mintToken", [{ agentBlueprintId, type: "autonomous", organizationId, intent: "i" }], { access_token: "t", expires_in: 1 }],
  ["agents.listInstances", [{ organizationId, agentBlueprintId }], list(INSTANCE)],
  ["agents.getInstance", ["agent_instance_1"], INSTANCE],
  ["agents.deleteInstance", ["agent_instance_1"]],
  ["agents.listInstanceSessions", [{ agentInstanceId: "agent_instance_1" }], list(INSTANCE_SESSION)],
  ["agents.getInstanceSession", ["session_1"], INSTANCE_SESSION],
  ["agents.revokeInstanceSession", ["session_1"], INSTANCE_SESSION],
  ["auditLogs.createEvent", [organizationId, event, key], { success: true }],
  ["auditLogs.createSchema", [{ action: "a", targets: [{ type: "t" }] }, key], { targets: [] }],
  ["apiKeys.createOrganizationApiKey", [{ organizationId, name: "n" }, key], { owner: { type: "organization", id: "org_1" } }],
  ["userManagement.createUserApiKey", ["user_1", { name: "n", organizationId }, key], { owner: { type: "user", id: "user_1" } }],
  ["events.listEvents", [{ events: ["user.deleted"] }], list(...UNSAID)],
  ["organizations.createOrganization", [{ name: "Acme" }, key], { object: "organization", domains: [] }],
  ["organizations.listItContacts", [{ organizationId }], list(CONTACT)],
  ["organizations.createItContact", [{ organizationId, email: "ada@example.com" }], CONTACT],
  ["organizations.deleteItContact", [contact]],
  ["organizations.inviteItContact", [{ ...contact, intents: ["sso"] }], CONTACT],
  ["organizations.revokeItContact", [contact], CONTACT],
  ["passwordless.createSession", [{ type: "MagicLink", email: "e", redirectURI: "r", expiresIn: 60 }], { id: "1", expires_at: TIMES.created_at }],
  ["passwordless.sendSession", ["session_1"], { success: true }],
  ["pipes.createDataIntegrationApiKey", [{ ...connection, secret: "s" }], ACCOUNT],
  ["pipes.createDataIntegrationClientCredential", [{ ...connection, clientId: "c", clientSecret: "s" }], ACCOUNT],
  ["pipes.getOrganizationDataIntegration", [{ slug: "github" }], INTEGRATION],
  ["pipes.updateOrganizationDataIntegration", [{ slug: "github", scopes: null, enabled: false }], INTEGRATION],
  ["pipes.deleteOrganizationDataIntegration", [{ slug: "github" }]],
  ["pipes.getOrganizationConnectedAccount", [{ organizationId, slug: "github", ...wanted }], ACCOUNT],
  ["pipes.createOrganizationConnectedAccount", [{ ...account, connectionIntent: "add" }], ACCOUNT],
  ["pipes.updateOrganizationConnectedAccount", [{ ...account, ...wanted, connectionIntent: "reauthorize" }], ACCOUNT],
  ["pipes.deleteOrganizationConnectedAccount", [{ organizationId, slug: "github", ...wanted }]],
  ["pipes.listOrganizationDataProviders", [{ organizationId }], list({ object: "data_provider", connected_account: ACCOUNT })],
  ["userManagement.listWaitlists", [], list(WAITLIST)],
  ["userManagement.getWaitlist", ["waitlist_1"], WAITLIST],
  ["userManagement.listWaitlistEntries", ["waitlist_1", { state: "pending" }], list(ENTRY)],
  ["userManagement.createWaitlistEntry", ["waitlist_1", { email: "e", additionalFields: { first_name: 1 } }], ENTRY],
  ["userManagement.approveWaitlistEntry", ["entry_1"], ENTRY],
  ["userManagement.denyWaitlistEntry", ["entry_1"], ENTRY],
  ["userManagement.deleteWaitlistEntry", ["entry_1"]],
  ["userManagement.listOrganizationMemberships", [{ userId: "user_1", statuses: [] }], list()],
];

/** Bodies of answers that report a failure. */
// deno-fmt-ignore
const FAILURES: Record<string, unknown> = {
  "nothing": {}, "null": null, "a message": { message: "No" }, "a code": { code: "c", message: "No" },
  "an OAuth error": { error: "invalid_grant", error_description: "Spent" },
  "a sign-in to go on with": { code: "mfa_challenge", message: "No", pending_authentication_token: "t" },
  "SSO that is required": { error: "sso_required", error_description: "No" },
  "code and errors": { code: "c", errors: [{ code: "name_required" }] }, "errors": { message: "No", errors: [{ code: "x" }] },
  "a list of texts": { message: ["No", "Never"] },
};

/** Calls that fail before anything is sent. */
// deno-fmt-ignore
const MISUSE: Record<string, (client: Client) => unknown> = {
  "no way to sign in": (it) => it.userManagement.getAuthorizationUrl({ redirectUri: "r" }),
  "a hint for the wrong provider": (it) => it.userManagement.getAuthorizationUrl({ redirectUri: "r", provider: "GoogleOAuth", screenHint: "sign-up" }),
  "no SSO connection": (it) => it.sso.getAuthorizationUrl({ redirectUri: "r", clientId: "c" }),
  "a blank verifier": (it) => it.userManagement.authenticateWithCode({ code: "c", codeVerifier: " " }),
  "no session": (it) => it.userManagement.getLogoutUrl({ sessionId: "" }),
  "no user": (it) => it.userManagement.getUserIdentities(""),
  "a dot for an id": (it) => it.userManagement.getUser(".."),
  "no client id": (it) => it.userManagement.getJwksUrl(""),
  "a short verifier": (it) => it.pkce.generateCodeVerifier(42),
  "an unsigned webhook": (it) => it.webhooks.verifyHeader({ payload: "{}", sigHeader: "x", secret: "s" }),
  "an old webhook": (it) => it.webhooks.verifyHeader({ payload: "{}", sigHeader: "t=1, v1=a", secret: "s" }),
  "a forged webhook": (it) => it.webhooks.verifyHeader({ payload: "{}", sigHeader: `t=${Date.now()}, v1=a`, secret: "s" }),
  "an empty id": (it) => it.userManagement.getUser(""),
};

type Client = Record<string, Record<string, (...args: unknown[]) => unknown>>;

/** What code may look at in an exception. */
// deno-fmt-ignore
const EXCEPTION = [
  "name", "message", "status", "code", "requestID", "rawData", "error", "errorDescription", "errors", "path",
  "retryAfter", "pendingAuthenticationToken", "radarChallengeId",
];
const PARENTS = ["GenericServerException", "AuthenticationException", "OauthException"] as const;

/** What came of a call: the requests, and a result or an exception. */
interface Outcome {
  sent: Fields[];
  kind: "value" | "rejects" | "throws";
  given: unknown;
}

const used = new Set<RegExp>();

/** Lets a client of each library do the same against the same answer, and tells in what ours falls short. */
async function differences(name: string, act: (client: Client) => unknown, answer: unknown, options: object = {}) {
  const [expected, actual] = await Promise.all([theirs, ours].map((sdk) => outcome(sdk.WorkOS, act, answer, options)));
  const found = [...lacking(expected.sent, actual.sent, "sent"), ...lacking(actual.sent, expected.sent, "sent too")];
  if (expected.kind === actual.kind) found.push(...lacking(expected.given, actual.given, "given"));
  else found.push(`given: ${shown(expected)} | ${shown(actual)}`);
  return found.map((it) => `${name} ${it}`).filter((it) => {
    const wanted = WANTED.filter(([difference]) => difference.test(it));
    wanted.forEach(([difference]) => used.add(difference));
    return wanted.length === 0;
  });
}

async function outcome(
  WorkOS: typeof theirs.WorkOS | typeof ours.WorkOS,
  act: (client: Client) => unknown,
  answer: unknown,
  options: object,
): Promise<Outcome> {
  const sent: Fields[] = [];
  const fetchFn = (url: string, { method, headers, body }: RequestInit) => {
    const { pathname, searchParams } = new URL(url);
    const { "User-Agent": _, ...others } = headers as Record<string, string>;
    if (others["Idempotency-Key"]?.startsWith("retry-")) others["Idempotency-Key"] = "retry-";
    const query = Object.fromEntries(searchParams);
    sent.push({ method, path: pathname.replaceAll("%3A", ":"), query, headers: others, body: readable(body) });
    return Promise.resolve(answer instanceof Response ? answer.clone() : json(answer));
  };
  const defaults = { apiKey: "sk_test_fake", clientId: "client_fake", fetchFn: fetchFn as typeof fetch };
  let kind: Outcome["kind"] = "throws";
  try {
    const client = new WorkOS({ ...defaults, ...options }) as unknown as Client;
    const result = act(client);
    kind = "rejects";
    const given = await result;
    if (typeof Object(given).autoPagination !== "function") return { sent, kind: "value", given };
    const { object, data, listMetadata } = given as Fields;
    return { sent, kind: "value", given: { object, data, listMetadata } };
  } catch (error) {
    const members = EXCEPTION.map((name) => [name, (error as Fields)[name]]).filter(([, it]) => it !== undefined);
    const is = PARENTS.filter((it) => error instanceof theirs[it] || error instanceof ours[it]);
    return { sent, kind, given: { ...Object.fromEntries(members), is } };
  }
}

/** The body of a request, JSON and forms parsed. */
function readable(body: unknown): unknown {
  if (body instanceof URLSearchParams) return { form: [...body] };
  return body === "" || body === undefined ? body : JSON.parse(body as string);
}

function shown({ kind, given }: Outcome): string {
  const { name, message } = Object(given);
  return kind === "value" ? `value ${JSON.stringify(given)}` : `${kind} ${name}: ${message}`;
}

/** What the Node SDK's value has and ours has not, or has otherwise. */
function lacking(expected: unknown, actual: unknown, place: string): string[] {
  if (Object.is(expected, actual)) return [];
  const bothLeaves = [expected, actual].some((it) => typeof it !== "object" || it === null || it instanceof Date);
  if (bothLeaves || Array.isArray(expected) !== Array.isArray(actual) || nameOf(expected) !== nameOf(actual)) {
    const texts = [expected, actual].map((it) => it === undefined ? "nothing" : `${JSON.stringify(it)}`);
    return texts[0] === texts[1] && nameOf(expected) === nameOf(actual) ? [] : [`${place}: ${texts.join(" | ")}`];
  }
  const keys = Array.isArray(expected) ? ["length", ...expected.keys()] : Object.keys(expected as Fields);
  return keys.flatMap((key) => {
    const within = typeof key === "number" ? place : `${place}.${key}`;
    return lacking((expected as Fields)[key], (actual as Fields)[key], within);
  });
}

function nameOf(value: unknown): string | undefined {
  return (value as object | undefined)?.constructor?.name;
}

describe("calls, beside those of the Node SDK", () => {
  const sample = createSampler(schemas);

  for (const [id, operation] of Object.entries(operations)) {
    const call = callOf(id);
    it(`${operation.verb} ${operation.path}, ${id}`, async () => {
      const found: string[] = [];
      for (const detail of ["full", "minimal", "nulls"] as const) {
        const requests = requestsOf(operation, call, { sample, detail });
        const answers = answersOf(operation, call, { sample, detail });
        for (let i = 0; i < Math.max(requests.length, answers.length); i++) {
          const [{ options, body }, { wire }] = [requests[i % requests.length], answers[i % answers.length]];
          const signature = typeof call.call === "string" ? call.call : call.call(body as Fields);
          const [, area, method] = signature.match(/^(\w+)\.(\w+)\(/)!;
          if (!(method in ((new theirs.WorkOS("sk") as unknown as Client)[area] ?? {}))) continue;
          const act = (client: Client) => client[area][method](...argumentsOf(signature, structuredClone(options)));
          found.push(...await differences(`${area}.${method}`, act, wire ?? new Response(null, { status: 204 })));
        }
      }
      assertEquals([...new Set(found)], []);
    });
  }

  for (const [name, args, answer] of OTHER_CALLS) {
    it(`${name}(${JSON.stringify(args)})`, async () => {
      const [area, method] = name.split(".");
      const act = (client: Client) => client[area][method](...structuredClone(args));
      assertEquals(await differences(name, act, answer ?? new Response(null, { status: 204 })), []);
    });
  }

  for (const [name, body] of Object.entries(FAILURES)) {
    it(`fail alike with ${name}`, async () => {
      const getUser = (it: Client) => it.userManagement.getUser("user_1");
      for (const status of [400, 401, 403, 404, 409, 422, 429, 500]) {
        const answer = json(body, { status, headers: { "Retry-After": "1" } });
        assertEquals(await differences(`${status} ${name}`, getUser, answer, { maxRetries: 0 }), []);
      }
    });
  }

  for (const [name, act] of Object.entries(MISUSE)) {
    it(`refuse ${name} alike`, async () => assertEquals(await differences(name, act, {}), []));
  }

  it("need a key alike", async () => {
    const getUser = (it: Client) => it.userManagement.getUser("user_1");
    assertEquals(await differences("keyless", getUser, {}, { apiKey: "" }), []);
  });

  it("have every name that exists at run time", () => {
    assertEquals(Object.keys(theirs).filter((name) => !(name in ours)), []);
  });

  it("have every value of a constant, under the same name", () => {
    const constants = Object.entries(theirs).filter(([, it]) => Object.getPrototypeOf(it) === Object.prototype);
    const odd = constants.flatMap(([name, values]) => {
      const known = ours[name as "VaultOrder"] as Record<string, unknown>;
      return Object.entries(values).filter(([key, it]) => known[key] !== it).map(([key]) => `${name}.${key}`);
    });

    assertEquals(odd, []);
    assertEquals(constants.length > 50, true);
  });

  it("have no difference in the list that is gone", () => {
    assertEquals(WANTED.filter(([difference]) => !used.has(difference)).map(([, reason]) => reason), []);
  });
});
