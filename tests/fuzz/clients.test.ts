// What goes on by itself or keeps something between calls: several hostile answers, one after another.
import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  CookieSession,
  type EvaluationContext,
  type EventCursor,
  type FlagPollEntry,
  ResourceServer,
  type ResourceServerOptions,
  WorkOS,
} from "../../mod.ts";
import { toBase64Url, utf8 } from "../../src/bytes.ts";
import { Api, type TransportClock } from "../../src/api.ts";
import { resolveConfig } from "../../src/config.ts";
import { createPublicWorkOS } from "../../src/entries/public.ts";
import { sealData } from "../../src/seal.ts";
import { Events } from "../../src/resources/events.ts";
import { UserManagement } from "../../src/resources/user_management.ts";
import {
  assertException,
  assertPlain,
  assertTyped,
  assertUnpolluted,
  fc,
  hostileBody,
  hostileJson,
  hostileLike,
  hostileText,
  hostileValue,
  ownMembers,
  runs,
} from "./hostile.ts";

const PASSWORD = "a password of 32 characters or so";
const TOKEN_PARTS = [
  encode('{"alg":"RS256","kid":"k1","typ":"JWT"}'),
  encode(
    '{"iss":"https://a.example","aud":"https://api.example/mcp","sub":"user_1","sid":"session_1","exp":4000000000}',
  ),
  encode("no signature"),
];
const TOKEN = TOKEN_PARTS.join(".");
const USER = { object: "user", id: "user_1", email: "ada@example.com", metadata: { a: "b" } };
const SIGNED_IN = { user: USER, access_token: TOKEN, refresh_token: "r", organization_id: "org_1" };
const EVENT = { object: "event", id: "event_1", event: "user.created", data: USER, created_at: "2026-01-01T00:00:00Z" };
const EVENTS = { object: "list", data: [EVENT, { ...EVENT, id: "event_2" }], list_metadata: { after: null } };
const FLAG = { slug: "a", enabled: true, default_value: false, targets: { users: [{ id: "a", enabled: true }] } };
const KEYS = { keys: [{ kty: "RSA", kid: "k1", alg: "RS256", use: "sig", n: "w".repeat(342), e: "AQAB" }] };

function encode(text: string): string {
  return toBase64Url(utf8(text));
}

/** Bodies of answers in a row, hostile ones among those that are like good ones. */
function bodiesLike(...good: unknown[]): fc.Arbitrary<string[]> {
  const like = good.flatMap((it) => [JSON.stringify(it), ...hostileLike(it)]);
  return fc.array(fc.oneof(fc.constantFrom(...like), hostileBody), { minLength: 1, maxLength: 4 });
}

/** A `fetch` that gives these answers in turn, the last one again and again; most of them are successes. */
function answering(bodies: string[], noted: RequestInit[] = []): (url: string, init: RequestInit) => Promise<Response> {
  return (url, init) => {
    assertEquals(new URL(url).origin, "https://api.workos.com");
    const body = bodies[Math.min(noted.push(init), bodies.length) - 1];
    return Promise.resolve(new Response(body, { status: body.length % 5 === 4 ? 429 : 200 }));
  };
}

/** Every member is what it is, or something hostile; and some more. */
function spoiled(good: object): fc.Arbitrary<Record<string, unknown>> {
  const names = fc.constantFrom(...Object.keys(good), "__proto__", "toString");
  return fc.array(fc.tuple(names, fc.oneof(hostileText, hostileValue, hostileValue)), { minLength: 1, maxLength: 3 })
    .map((members) => ownMembers([...Object.entries(good), ...members]));
}

/** A value, or an error of a kind that the docs name. */
async function settle(run: () => unknown, assertKind: (error: unknown) => void = assertTyped): Promise<void> {
  try {
    assertPlain(await run());
  } catch (error) {
    assertKind(error);
  }
  assertUnpolluted();
}

/** Keys that no token can be verified with are the issuer's fault, so they say nothing about a token. */
function assertUnusable(error: unknown): undefined {
  if ((error as { reason?: string }).reason !== "unusable_key") assertException(error);
}

/** Time that passes only where somebody waits. */
function fastClock(): TransportClock {
  let now = Date.UTC(2026, 0, 1);
  return { now: () => now, elapsed: () => now, random: () => 0.5, wait: (ms) => Promise.resolve(void (now += ms)) };
}

describe("Events.consume", () => {
  const OVER = new Error("over");

  /** Reads until it fails, or has read enough. */
  async function consume(bodies: string[], cursor?: EventCursor): Promise<void> {
    const controller = new AbortController();
    const noted: RequestInit[] = [];
    const fetchFn = (url: string, init: RequestInit) => {
      if (noted.length === 12) controller.abort(OVER);
      return answering(bodies, noted)(url, init);
    };
    const config = resolveConfig({ apiKey: "sk_test_1", fetchFn, maxRetries: 0 }, () => undefined);
    const events = new Events(new Api(config, fastClock()));
    const cursorStore = { get: () => cursor, set: (it: EventCursor) => assertEquals(typeof it.from, "string") };
    const options = { events: ["user.created"] as const, cursorStore, signal: controller.signal };
    for await (const event of events.consume(options)) assertPlain(event);
  }

  function assertEnd(error: unknown): void {
    if (error !== OVER && !/^Cannot continue the list: /.test((error as Error).message)) assertException(error);
  }

  it("exceptions of the SDK or plain events", async () => {
    await fc.assert(
      fc.asyncProperty(bodiesLike(EVENTS), (bodies) => settle(() => consume(bodies), assertEnd)),
      runs(80, { name: "consume", examples: hostileLike(EVENTS).map((it): [string[]] => [[it]]) }),
    );
  });

  it("a stored cursor is used or refused", async () => {
    const cursor = fc.oneof(spoiled({ from: EVENT.created_at, finished: ["event_1"] }), hostileValue);
    await fc.assert(
      fc.asyncProperty(cursor, (it) =>
        settle(
          () => consume([JSON.stringify(EVENTS)], it as EventCursor),
          (error) => error instanceof TypeError ? assertTyped(error) : assertEnd(error),
        )),
      runs(60, { name: "cursor" }),
    );
  });
});

describe("a client of feature flags", () => {
  it("refresh() never rejects, and evaluation never throws", async () => {
    const contexts = fc.oneof(fc.dictionary(hostileText, hostileValue), spoiled({ userId: "a" }), hostileValue);
    await fc.assert(
      fc.asyncProperty(bodiesLike({ a: FLAG }), contexts, hostileText, async (bodies, given, key) => {
        const workos = new WorkOS({ apiKey: "sk_test_1", fetchFn: answering(bodies), maxRetries: 0 });
        const flags = workos.featureFlags.createRuntimeClient({ mode: "onDemand" });
        for (const _ of bodies) assertEquals(typeof await flags.refresh({ maxAgeMs: 0 }), "boolean");
        const context = given as EvaluationContext;

        assertEquals(typeof flags.isEnabled("a", context), "boolean");
        assertEquals(flags.isEnabled(key, context, true) || flags.getFlag(key) !== undefined, true);
        for (const isOn of Object.values(flags.getAllFlags(context))) assertEquals(typeof isOn, "boolean");
        assertPlain(flags.getFlag("a"));
        assertUnpolluted();
      }),
      runs(80, { name: "flags" }),
    );
  });

  it("waitUntilReady() resolves, or rejects with an exception of the SDK", async () => {
    await fc.assert(
      fc.asyncProperty(bodiesLike({ a: FLAG }), async (bodies) => {
        const workos = new WorkOS({ apiKey: "sk_test_1", fetchFn: answering(bodies), maxRetries: 0 });
        const flags = workos.featureFlags.createRuntimeClient({ mode: "onDemand" });
        await settle(() => flags.waitUntilReady(), assertException);
      }),
      runs(60, { name: "ready" }),
    );
  });

  it("options are used or refused", async () => {
    const { featureFlags } = new WorkOS({ apiKey: "sk_test_1" });
    const options = spoiled({ pollingIntervalMs: 5000, requestTimeoutMs: 1, bootstrapFlags: { a: FLAG } });
    await fc.assert(
      fc.asyncProperty(options, (it) =>
        settle(() => {
          featureFlags.createRuntimeClient({ ...it, mode: "onDemand" }).close();
        })),
      runs(80, { name: "flag options" }),
    );
    const bootstrap = fc.dictionary(hostileText, fc.oneof(spoiled(FLAG), hostileValue));
    await fc.assert(
      fc.asyncProperty(bootstrap, (it) =>
        settle(() => {
          const bootstrapFlags = it as Record<string, FlagPollEntry>;
          const flags = featureFlags.createRuntimeClient({ bootstrapFlags, mode: "onDemand" });
          return flags.getAllFlags();
        })),
      runs(80, { name: "bootstrap" }),
    );
  });
});

describe("pollDeviceAuthorization", () => {
  it("a session, or an exception of the SDK, and an end", async () => {
    const pending = { error: "authorization_pending" };
    await fc.assert(
      fc.asyncProperty(bodiesLike(SIGNED_IN, pending), async (bodies) => {
        const noted: RequestInit[] = [];
        const options = { apiKey: "sk_test_1", clientId: "client_1", fetchFn: answering(bodies, noted), maxRetries: 0 };
        const users = new UserManagement(new Api(resolveConfig(options, () => undefined), fastClock()));
        await settle(() => users.pollDeviceAuthorization({ deviceCode: "d", expiresIn: 60 }), assertException);
        assert(noted.length <= 12, `${noted.length} polls in a minute`);
      }),
      runs(80, { name: "poll", examples: hostileLike(SIGNED_IN).map((it): [string[]] => [[it]]) }),
    );
  });

  it("options are used or refused", async () => {
    await fc.assert(
      fc.asyncProperty(spoiled({ deviceCode: "d", interval: 5, expiresIn: 10 }), (it) => {
        const options = { apiKey: "sk_test_1", clientId: "client_1", fetchFn: answering(["{}"]), maxRetries: 0 };
        const users = new UserManagement(new Api(resolveConfig(options, () => undefined), fastClock()));
        return settle(() => users.pollDeviceAuthorization(it as { deviceCode: string }));
      }),
      runs(60, { name: "poll options" }),
    );
  });
});

describe("ResourceServer", () => {
  const GOOD = { resource: "https://api.example/mcp", authorizationServers: ["https://a.example"] };

  function server(options: object, bodies: string[]): ResourceServer {
    const workos = new WorkOS({ apiKey: "sk_test_1", clientId: "client_1", fetchFn: answering(bodies), maxRetries: 0 });
    return new ResourceServer(workos.userManagement, options as ResourceServerOptions);
  }

  it("every request is refused with an answer", async () => {
    const parts = TOKEN_PARTS.map((it) => fc.oneof(fc.constant(it), fc.constant(it), hostileBody.map(encode)));
    const token = fc.tuple(...parts).map((it) => `Bearer ${it.join(".").slice(0, 4000)}`);
    const header = fc.oneof(token, token, fc.stringMatching(/^[ -~]{0,40}$/));
    await fc.assert(
      fc.asyncProperty(header, bodiesLike(KEYS), async (Authorization, bodies) => {
        const request = new Request(GOOD.resource, { headers: { Authorization } });
        const verdict = server(GOOD, bodies).authenticate(request, { scopes: ["a"] });
        const principal = await verdict.catch((error) => {
          assert(error.status !== 429, "It is no answer that the API is busy");
          return assertUnusable(error);
        });

        if (principal) assert(!principal.ok && [401, 503].includes(principal.response.status));
        assertUnpolluted();
      }),
      runs(80, { name: "requests" }),
    );
  });

  it("options are used or refused, and metadata say what they said", async () => {
    const options = spoiled({ ...GOOD, scopesSupported: ["a"], resourceName: "A", audience: "b" });
    await fc.assert(
      fc.asyncProperty(options, (it) =>
        settle(() => {
          const { metadata, metadataUrl } = server(it, [JSON.stringify(KEYS)]);
          const { origin } = new URL(metadata.resource);
          assertEquals([metadata.resource, new URL(metadataUrl).origin], [it.resource, origin]);
        })),
      runs(80, { name: "resource" }),
    );
  });
});

describe("CookieSession", () => {
  /** What a session tells, without the exception that may be in it. */
  async function tell(result: Promise<object>): Promise<object> {
    const { error, ...rest } = await result as { error?: unknown };
    if (error !== undefined) assert(error instanceof Error);
    return rest;
  }

  it("whatever is sealed, and whatever the API answers: a result, or an exception of the SDK", async () => {
    const session = spoiled({ accessToken: TOKEN, refreshToken: "r", user: USER, organizationId: "org_1" });
    await fc.assert(
      fc.asyncProperty(fc.oneof(session, hostileJson), bodiesLike(SIGNED_IN, KEYS), async (sealed, bodies) => {
        const sessionData = await sealData(sealed ?? null, { password: PASSWORD }).catch(() => "Fe26.2*x");
        const options = { apiKey: "sk_test_1", clientId: "client_1", fetchFn: answering(bodies), maxRetries: 0 };
        const { userManagement } = new WorkOS(options);
        const load = () => new CookieSession(userManagement, sessionData, PASSWORD);
        await settle(() => tell(load().authenticate()), assertUnusable);
        await settle(() => tell(load().refresh()), assertUnusable);
        await settle(() => tell(load().authenticateOrRefresh()), assertUnusable);
        await settle(() => load().getLogoutUrl().catch((error) => assert(error instanceof Error)));
      }),
      runs(50, { name: "session" }),
    );
  });
});

describe("a public client", () => {
  const CODE = { code: "c", codeVerifier: "v".repeat(43) };
  const REDIRECT = { provider: "authkit", redirectUri: "https://app.example/callback" };
  const CALLS: [string, object][] = [
    ["userManagement.getAuthorizationUrl", REDIRECT],
    ["userManagement.getAuthorizationUrlWithPKCE", REDIRECT],
    ["userManagement.authenticateWithCode", CODE],
    ["userManagement.authenticateWithCodeAndVerifier", CODE],
    ["userManagement.authenticateWithRefreshToken", { refreshToken: "r", organizationId: "org_1" }],
    ["userManagement.createDeviceAuthorization", { clientId: "client_2" }],
    ["userManagement.authenticateWithDeviceCode", { deviceCode: "d" }],
    ["userManagement.getLogoutUrl", { sessionId: "session_1", returnTo: "https://app.example" }],
    ["sso.getAuthorizationUrl", { connection: "conn_1", redirectUri: "https://app.example" }],
    ["sso.getAuthorizationUrlWithPKCE", { connection: "conn_1", redirectUri: "https://app.example" }],
    ["sso.getProfileAndToken", CODE],
    ["sso.getProfile", { accessToken: "t" }],
  ];

  function call(name: string, { options, bodies }: { options: object; bodies: string[] }): Promise<void> {
    const [area, method] = name.split(".");
    const workos = createPublicWorkOS({ clientId: "client_1", fetchFn: answering(bodies), maxRetries: 0 });
    const methods = workos[area as "sso"] as unknown as Record<string, (options: unknown) => unknown>;
    return settle(() => methods[method](options));
  }

  for (const [name, good] of CALLS) {
    it(`${name}: typed errors or plain values`, async () => {
      await fc.assert(
        fc.asyncProperty(spoiled(good), bodiesLike(SIGNED_IN), (options, bodies) => call(name, { options, bodies })),
        runs(20, { name }),
      );
      for (const body of hostileLike(SIGNED_IN)) await call(name, { options: good, bodies: [body] });
    });
  }
});
