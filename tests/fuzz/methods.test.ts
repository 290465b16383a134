import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { AutoPaginatable, type FetchFunction, WorkOS } from "../../mod.ts";
import {
  assertException,
  assertPlain,
  assertTyped,
  assertUnpolluted,
  fc,
  hostileBody,
  hostileLike,
  hostileText,
  hostileValue,
  ownMembers,
  runs,
  wideLike,
} from "./hostile.ts";
import type { Fields } from "../contract/calls.ts";
import { answersOf, callOf, operations, requestsOf, schemas } from "../contract/run.ts";
import { createSampler } from "../contract/samples.ts";
import { createEmulator } from "../../src/emulator/mod.ts";

const BASE = "https://api.example.test/prefix/v1";

/** Methods that send nothing: they compute, or wait for others. */
const LOCAL = new Set([
  ...["actions.verifyHeader", "actions.computeSignature", "actions.serializeType", "actions.signResponse"],
  ...["actions.constructAction", "webhooks.verifyHeader", "webhooks.computeSignature", "webhooks.constructEvent"],
  "webhooks.getTimestampAndSignatureHash",
  ...["loadSealedSession", "authenticateWithSessionCookie", "getSessionFromCookie", "verifyAccessToken", "getJWKS"]
    .map((name) => `userManagement.${name}`),
  ...["pkce.generateCodeVerifier", "pkce.generateCodeChallenge", "pkce.generate"],
]);

/** Methods that go on by themselves for a while: their loops are tried by tests of their own. */
const LASTING = new Set([
  ...["events.consume", "featureFlags.createRuntimeClient", "userManagement.pollDeviceAuthorization"],
]);

const DELIVERY = { payload: "mark", sigHeader: "t=1, v1=00", secret: "mark", tolerance: 1 };
const SESSION = { sessionData: "mark", cookiePassword: "a password of 32 characters or so" };

/** Arguments for methods that want more than ids and texts, or send nothing. */
const SPECIAL: Record<string, unknown[]> = {
  "actions.constructAction": [DELIVERY],
  "actions.serializeType": ["authentication"],
  "actions.signResponse": [{ type: "authentication", verdict: "Deny", errorMessage: "mark" }, "mark"],
  "actions.verifyHeader": [DELIVERY],
  "agents.mintToken": [{ agentBlueprintId: "mark", type: "autonomous", subject: "mark" }],
  "auditLogs.createEvent": ["mark", {
    action: "mark",
    occurredAt: new Date(0),
    actor: { id: "mark", type: "mark" },
    targets: [{ id: "mark", type: "mark" }],
    context: { location: "mark" },
  }],
  "auditLogs.createExport": [{ organizationId: "mark", rangeStart: new Date(0), rangeEnd: new Date(1) }],
  "auditLogs.createSchema": [{ action: "mark", targets: [{ type: "mark", metadata: { a: "string" } }] }],
  "auditLogs.updateOrganizationAuditLogsRetention": [{ id: "mark", retentionPeriodInDays: 30 }],
  "authorization.replaceGroupRoleAssignments": [{ groupId: "mark", roleAssignments: [{ roleSlug: "mark" }] }],
  "pkce.generateCodeChallenge": ["mark"],
  "pkce.generateCodeVerifier": [43],
  "sso.getAuthorizationUrlWithPKCE": [{ connection: "mark", redirectUri: "mark" }],
  "userManagement.authenticateWithSessionCookie": [SESSION],
  "userManagement.getAuthorizationUrl": [{ provider: "authkit", redirectUri: "mark", screenHint: "sign-up" }],
  "userManagement.getAuthorizationUrlWithPKCE": [{ organizationId: "mark", redirectUri: "mark" }],
  "userManagement.getSessionFromCookie": [SESSION],
  "userManagement.loadSealedSession": [SESSION],
  "userManagement.verifyAccessToken": ["mark", { issuer: "mark", audience: "mark", clockTolerance: 1 }],
  "vault.decrypt": [btoa("\x01".repeat(12) + "\x02".repeat(16) + "\x01\x03" + "\x04")],
  "webhooks.computeSignature": [1, "mark", "mark"],
  "webhooks.constructEvent": [DELIVERY],
  "webhooks.getTimestampAndSignatureHash": ["t=1, v1=00"],
  "webhooks.verifyHeader": [DELIVERY],
};

type Method = (...args: unknown[]) => unknown;

interface Sent {
  method: string;
  url: string;
  headers: Record<string, string>;
}

/** What is known of a method: where it may send to, which options it reads, and arguments it is content with. */
interface Shape {
  endpoints: Set<string>;
  options: Set<string>;
  good: unknown[];
}

const MARK = "mark";
const GOOD = { id: "x_1", data: [], list_metadata: {} };
const GOOD_ANSWER = () => Response.json(GOOD);

let answer: () => Response = GOOD_ANSWER;
const sent: Sent[] = [];
const methods = namesOf(client());
const shapes = await learnShapes();
const described = describedAnswers();
const areas = [...new Set(methods.map((name) => name.split(".")[0]))];
const methodsIn = (area: string) => [...shapes].filter(([name]) => name.startsWith(`${area}.`));

/** A client whose every request is noted and gets `answer`. */
function client(): WorkOS {
  const fetchFn: FetchFunction = (url, { method = "", headers }) => {
    sent.push({ method, url, headers: headers as Record<string, string> });
    return Promise.resolve(answer());
  };
  return new WorkOS({ apiKey: "sk_test_fuzz", clientId: "client_fuzz", baseUrl: BASE, maxRetries: 0, fetchFn });
}

/** The full names of the methods of every area. */
function namesOf(workos: WorkOS): string[] {
  const names = new Set<string>();
  for (const [area, resource] of Object.entries(workos)) {
    if (typeof resource !== "object" || resource === null) continue;
    let type = Object.getPrototypeOf(resource);
    for (; type && type !== Object.prototype; type = Object.getPrototypeOf(type)) {
      for (const name of Object.getOwnPropertyNames(type)) {
        if (name === "constructor" || typeof (resource as Record<string, unknown>)[name] !== "function") continue;
        if (!LASTING.has(`${area}.${name}`)) names.add(`${area}.${name}`);
      }
    }
  }
  return [...names];
}

/** Options that have every member; those that were asked for are noted. */
function anyOptions(names: Set<string>): object {
  return new Proxy({}, {
    has: (_, name) => typeof name === "string" && name !== "toJSON" && !!names.add(name),
    get(_, name) {
      if (typeof name !== "string" || name === "toJSON" || name === "then") return undefined;
      names.add(name);
      return MARK;
    },
  });
}

/** Calls methods with harmless arguments to learn their shapes. */
async function learnShapes(): Promise<Map<string, Shape>> {
  const shapes = new Map<string, Shape>();
  for (const name of methods) {
    const options = new Set<string>();
    const all = anyOptions(options);
    const shape: Shape = { endpoints: new Set(), options, good: [] };
    const forms = [[MARK], [all], [MARK, all], [MARK, MARK], [MARK, MARK, all], [{}], []];
    for (const args of SPECIAL[name] ? [SPECIAL[name]] : forms) {
      const endpoints = endpointsOf(await attempt(name, args));
      for (const endpoint of endpoints) shape.endpoints.add(endpoint);
      if ((endpoints.length > 0 || SPECIAL[name]) && shape.good.length === 0) shape.good = args;
    }
    for (const option of Object.keys(Object(shape.good[0]))) options.add(option);
    const marks = Object.fromEntries([...options].map((option) => [option, MARK]));
    shape.good = shape.good.map((arg) => arg === all ? marks : arg);
    shapes.set(name, shape);
  }
  return shapes;
}

/** What the API answers to methods, as its description says. */
function describedAnswers(): Map<string, unknown> {
  const answers = new Map<string, unknown>();
  const detail = { sample: createSampler(schemas), detail: "full" } as const;
  for (const [id, operation] of Object.entries(operations)) {
    const row = callOf(id);
    const { call } = row;
    const calls = typeof call === "string" ? [call] : requestsOf(operation, row, detail)
      .map(({ body }) => call(body as Fields));
    const [{ wire }] = answersOf(operation, row, detail);
    for (const name of calls) answers.set(name.replace(/\(.*/, ""), wire);
  }
  return answers;
}

interface Outcome {
  value?: unknown;
  error?: unknown;
  failed: boolean;
}

/** Calls a method of a new client; what it sends is in `sent` from then on. */
async function attempt(fullName: string, args: unknown[]): Promise<Outcome> {
  sent.length = 0;
  const [area, name] = fullName.split(".");
  const resource = client()[area as "sso"] as unknown as Record<string, Method>;
  try {
    return { value: await resource[name](...args), failed: false };
  } catch (error) {
    return { error, failed: true };
  }
}

/** Where requests went, and where a returned URL leads: verb and URL. */
function targetsOf({ value }: Outcome): [string, URL][] {
  const targets = sent.map(({ method, url }): [string, URL] => [method, new URL(url)]);
  const url = typeof value === "string" ? value : (Object(value) as { url?: unknown }).url;
  if (typeof url === "string" && url.startsWith("http")) targets.push(["URL", new URL(url)]);
  return targets;
}

/** Whether options are absent, or an argument is another kind of value altogether. */
function misfits({ good }: Shape, args: unknown[]): boolean {
  const fits = (arg: unknown, i: number) => arg !== null && typeof arg === typeof (i < good.length ? good[i] : {});
  return args.length < good.length || !args.every(fits);
}

/** Verb and path of every target, with `*` for marked segments. */
function endpointsOf(outcome: Outcome): string[] {
  return targetsOf(outcome).map(([method, { pathname }]) => `${method} ${pathname.replaceAll(MARK, "*")}`);
}

/** Refuses a request, or a returned URL, that left the endpoints of its method. */
function assertStays({ endpoints }: Shape, outcome: Outcome): void {
  for (const { headers } of sent) assert(new Headers(headers).get("Authorization")); // throws for what is no header
  for (const [method, { origin, username, password, hash, pathname }] of targetsOf(outcome)) {
    assertEquals([origin, username, password, hash], [new URL(BASE).origin, "", "", ""]);
    const target = `${method} ${pathname}`;
    assert([...endpoints].some((it) => fits(target, it)), `${target} is none of ${[...endpoints].join(", ")}`);
  }
}

function fits(target: string, endpoint: string): boolean {
  const [segments, expected] = [target, endpoint].map((it) => it.split("/"));
  return segments.length === expected.length &&
    segments.every((segment, i) => expected[i] === segment || (expected[i].includes("*") && segment !== ""));
}

const hostileRequest = fc.record({
  headers: fc.oneof(fc.dictionary(hostileText, hostileText), fc.constant({ "X-A": "b\r\nX-C: d" }), hostileValue),
  idempotencyKey: fc.oneof(hostileText, hostileValue),
  timeout: fc.constantFrom<unknown>(0, -1, NaN, "5", Infinity, 1e9, null, undefined),
  maxRetries: fc.constantFrom<unknown>(0, -1, NaN, 0.5, "1", null, undefined),
  signal: fc.constantFrom<unknown>(undefined, null, {}, "x", { addEventListener: 1 }),
}, { requiredKeys: [] });

/** Good arguments with some of their texts and members exchanged. */
function spoiled({ good, options }: Shape): fc.Arbitrary<unknown[]> {
  const names = fc.constantFrom(...options, "__proto__", "toString", "id");
  const spoil = (value: unknown): fc.Arbitrary<unknown> => {
    if (typeof value !== "object" || value === null) return hostileText;
    return fc.array(fc.tuple(names, fc.oneof(hostileText, hostileText, hostileValue)), { maxLength: 4 })
      .map((members) => ownMembers([...Object.entries(value), ...members]));
  };
  return fc.tuple(...good.map(spoil));
}

function hostileArguments(shape: Shape): fc.Arbitrary<unknown[]> {
  return fc.oneof(
    { arbitrary: spoiled(shape), weight: 5 },
    { arbitrary: fc.tuple(fc.constant(shape.good), hostileRequest).map(([good, it]) => [...good, it]), weight: 2 },
    fc.array(hostileValue, { maxLength: 3 }),
  );
}

const hostileAnswer = fc.record({
  status: fc.constantFrom(200, 200, 200, 201, 202, 204, 302, 400, 401, 403, 404, 409, 418, 422, 429, 500, 503),
  body: hostileBody,
  headers: fc.dictionary(
    fc.constantFrom("X-Request-ID", "Retry-After", "Location"),
    fc.oneof(fc.constantFrom("-1", "99999999999999999999", "Mon, 99 Foo 0000", "//evil.example"), fc.string()),
  ),
}).map(({ status, body, headers }) => () => {
  const valid = Object.entries(headers).filter(([, value]) => /^[\x21-\x7e]*$/.test(value));
  return new Response(status === 204 ? null : body, { status, headers: Object.fromEntries(valid) });
});

describe("every method", () => {
  it("was found, with an endpoint", () => {
    const without = [...shapes].filter(([, { endpoints }]) => endpoints.size === 0).map(([name]) => name);

    assertEquals(without.filter((name) => !LOCAL.has(name)), []);
    assert(shapes.size > 200);
  });

  it("is served by the emulator", async () => {
    const emulator = createEmulator();
    const missing: string[] = [];
    answer = GOOD_ANSWER;
    for (const [name, { good }] of shapes) {
      await attempt(name, good);
      for (const { method, url } of sent) {
        const { status } = await emulator.fetch(url.replace(BASE, "https://api.workos.com"), { method });
        if (status === 501) missing.push(`${name}: ${method} ${url}`);
      }
    }
    assertEquals(missing, []);
  });
});

describe("hostile arguments", () => {
  for (const area of areas) {
    it(`${area}: typed errors, and requests that stay on their endpoint`, async () => {
      answer = GOOD_ANSWER;
      for (const [name, shape] of methodsIn(area)) {
        let sends = 0;
        await fc.assert(
          fc.asyncProperty(hostileArguments(shape), async (args) => {
            const outcome = await attempt(name, args);

            if (outcome.failed) assertTyped(outcome.error, { misfit: misfits(shape, args) });
            assertStays(shape, outcome);
            assertUnpolluted();
            sends += targetsOf(outcome).length;
          }),
          runs(20, { name }),
        );
        assert(sends > 0 || LOCAL.has(name), `${name} was never content`);
      }
    });
  }
});

/** Methods of every kind, for answers that take long. */
const WIDE = new Set([
  ...["organizations.getOrganization", "userManagement.listUsers", "events.listEvents", "vault.readObject"],
]);

/** Answers that every method has to stand, made of a good one of its own. */
function examplesFor(name: string): [() => Response][] {
  const good = described.get(name) ?? GOOD;
  const bodies = [...hostileLike(good), ...WIDE.has(name) ? [wideLike(good)] : []];
  return bodies.map((body) => [() => new Response(body)]);
}

/** Audit log schemas come without the JSON Schema they are written in. */
const UNWRAPPED = new Set(["auditLogs.createSchema", "auditLogs.listSchemas", "auditLogs.listActions"]);

/** How many objects have a member of their own that is called `__proto__`; of a list, how many in its items. */
function countHostile(value: unknown): number {
  const { data } = Object(value) as { data?: unknown };
  const count = (it: unknown): number => {
    if (typeof it !== "object" || it === null) return 0;
    const names = Object.keys(it).filter((name) => name !== "__proto__" && name !== "constructor");
    const own = Number(Object.hasOwn(it, "__proto__"));
    return names.reduce((sum, name) => sum + count((it as Record<string, unknown>)[name]), own);
  };
  return count(Array.isArray(data) ? data : value);
}

describe("hostile answers", () => {
  it("members called __proto__ stay members, at every depth", async () => {
    let whole = 0;
    for (const [name, { good }] of shapes) {
      const [text] = hostileLike(described.get(name) ?? GOOD);
      answer = () => new Response(text);
      const { value } = await attempt(name, good);
      if (typeof value !== "object" || sent.length === 0 || UNWRAPPED.has(name)) continue;
      assertEquals([name, countHostile(value)], [name, countHostile(JSON.parse(text))]);
      whole++;
    }
    assert(whole > 150, `${whole} methods answer with an object`);
  });

  for (const area of areas) {
    it(`${area}: exceptions of the SDK or plain values`, async () => {
      for (const [name, { good }] of methodsIn(area).filter(([name]) => !LOCAL.has(name))) {
        await fc.assert(
          fc.asyncProperty(hostileAnswer, async (hostile) => {
            answer = hostile;
            const outcome = await attempt(name, good);

            if (outcome.failed) assertException(outcome.error);
            assertPlain(outcome.value instanceof AutoPaginatable ? outcome.value.data : outcome.value);
            assertUnpolluted();
          }),
          runs(15, { name, examples: examplesFor(name) }),
        );
      }
    });
  }
});
