import { assert, assertEquals, assertInstanceOf, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import {
  type AuthenticationResponse,
  MemoryRefreshStore,
  OauthException,
  RateLimitExceededException,
  RefreshSessionFailureReason,
  type RefreshStore,
  SealError,
  TimeoutException,
  UnauthorizedException,
  type Wire,
  WorkOS,
  type WorkOSOptions,
} from "../../../mod.ts";
import {
  refreshFailure,
  type RefreshWish,
  SharedRefreshes,
} from "../../../src/resources/user_management/session_refresh.ts";
import { sharesPromises } from "../../../src/runtime.ts";
import { sealData, unsealData } from "../../../src/seal.ts";
import { timersLeft } from "../../counted_timers.ts";
import { fakeApi, json } from "../../fake_api.ts";
import vectors from "../../vectors/session-refresh.json" with { type: "json" };
import { accessToken, cookie, NOW, OTHER_PASSWORD, outcome, PASSWORD, plain, reply } from "./session_fixtures.ts";

interface Vector {
  name: string;
  input: {
    seal: string;
    password: string;
    config: WorkOSOptions;
    options: { cookiePassword?: string; organizationId?: string };
    response?: { status: number; headers: Record<string, string>; body: unknown };
    networkError?: string;
    nowMs: number;
  };
  expected: {
    result?: Record<string, unknown>;
    throws?: { message: string };
    unsealedNewCookie?: unknown;
    newCookiePassword?: string;
    requests: { url: string; method: string; body: string; hasAuthorization: boolean }[];
  };
}

const failure = (reason: string, retryable: boolean, more: object = {}) => ({
  result: { authenticated: false, reason, retryable, ...more },
  throws: undefined,
});

/** Where we differ from the Node SDK on purpose, and why. */
const DIFFERENCES: Record<string, Partial<Vector["expected"]>> = {
  // `Retry-After` may be a date.
  "retryable: 429 with HTTP-date Retry-After gives NaN": failure("rate_limit_exceeded", true, { retryAfter: 10 }),
  // What counts is the status, whatever the page says.
  "rethrown: 502 with an HTML body": failure("server_error", true),
  "terminal: invalid_grant even with status 500": failure("server_error", true),
  "quirk: 200 with a non-JSON content type is reported as network_error": failure("server_error", true),
  // A mistake of the program is no failure of the network.
  "quirk: no clientId is reported as retryable network_error": {
    result: undefined,
    throws: { message: "clientId is required. Provide it in method options or when initializing WorkOS." },
  },
  // Nothing is sent for a session that could not be sealed afterwards.
  "quirk: public client (no API key) consumes the refresh token and then throws": { requests: [] },
  "quirk: too short new cookie password is only noticed after the exchange": { requests: [] },
  // The cookie is to blame.
  "quirk: cookie without access token throws": failure("invalid_session_cookie", false),
  // The server's own message, where it sends one.
  "rethrown: 401": { throws: { message: "Unauthorized" } },
  // The class and message are ours.
  "throws: access token of the response is not a JWT": {
    throws: { message: "Cannot decode token: it is malformed" },
  },
};

const dateNow = Date.now;

function fail(): never {
  throw new Error("The store is down");
}

/** An answer that comes when the test says so. */
function gate(): { promise: Promise<Response>; open: (response: Response) => void } {
  let open: (response: Response) => void = () => {};
  return { promise: new Promise((resolve) => open = resolve), open: (response) => open(response) };
}

/** Long enough for whatever needs no answer. */
async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}

function freeze(time: number): { now: number } {
  const clock = { now: time };
  beforeEach(() => {
    clock.now = time;
    Date.now = () => clock.now;
  });
  afterEach(() => {
    Date.now = dateNow;
  });
  return clock;
}

describe("CookieSession.refresh() on vectors", () => {
  afterEach(() => {
    Date.now = dateNow;
  });

  for (const { name, input, expected } of vectors as unknown as Vector[]) {
    it(name, async () => {
      Date.now = () => input.nowMs;
      const { response, networkError } = input;
      const answer = networkError ? new TypeError(networkError) : toResponse(response!);
      const api = fakeApi.with({ apiKey: undefined, clientId: undefined, ...input.config }, answer);
      const session = api.workos.userManagement.loadSealedSession({
        sessionData: input.seal,
        cookiePassword: input.password,
      });
      const wanted = { ...expected, ...DIFFERENCES[name] };

      const { value, throws } = await outcome(() => session.refresh(input.options));

      assertEquals(throws?.message, wanted.throws?.message);
      if (wanted.result) assertEquals(withoutSeals(value), withoutSeals(wanted.result));
      assertEquals(
        api.requests.map(({ url, method, init, headers }) => {
          return { url, method, body: init.body, hasAuthorization: "authorization" in headers };
        }),
        wanted.requests as unknown[],
      );
      if (!wanted.unsealedNewCookie) return;
      const { sealedSession } = value as { sealedSession: string };
      const opened = await unsealData(sealedSession, { password: expected.newCookiePassword! });
      assertEquals(opened, { ok: true, value: expected.unsealedNewCookie });
    });
  }

  it("differ from the Node SDK in known cases only", () => {
    const names = (vectors as unknown as Vector[]).map(({ name }) => name);

    assertEquals(names.length, 33);
    assertEquals(Object.keys(DIFFERENCES).filter((name) => !names.includes(name)), []);
  });

  function toResponse({ status, headers, body }: NonNullable<Vector["input"]["response"]>): Response {
    return typeof body === "string" ? new Response(body, { status, headers }) : json(body, { status, headers });
  }

  /** The error is our own; `retryAfter: null` stands for one that is not there; seals are random. */
  function withoutSeals(result: unknown): unknown {
    const { error: _, sealedSession: _seal, session, retryAfter, ...rest } = plain(result) as Record<string, unknown>;
    const { sealedSession: _same, authkit_authorization_code: code, ...members } = Object(session) as Wire;
    if (code) members.authkitAuthorizationCode = code; // camelCase here, like all members
    return { ...rest, session: members, retryAfter: retryAfter ?? undefined };
  }
});

describe("CookieSession.refresh()", () => {
  const clock = freeze(NOW);

  async function load(options: WorkOSOptions, ...answers: unknown[]) {
    const api = fakeApi.with(options, ...answers);
    const sessionData = await cookie();
    const make = (cookiePassword: string | string[] = PASSWORD) =>
      api.workos.userManagement.loadSealedSession({ sessionData, cookiePassword });
    return { api, make };
  }

  it("has the new session afterwards", async () => {
    const { api, make } = await load({}, await reply(), await reply({ refresh_token: "refresh_3" }));
    const session = make();

    await session.refresh({ cookiePassword: OTHER_PASSWORD });
    const second = await session.refresh();

    assert(second.authenticated);
    assertEquals(api.requests.map(({ body }) => body.refresh_token), ["refresh_1", "refresh_2"]);
    assertEquals((await unsealData(second.sealedSession!, { password: OTHER_PASSWORD })).ok, true);
    assertEquals(second.session?.sealedSession, second.sealedSession);
  });

  it("keeps the organization of the session", async () => {
    const { api, make } = await load({}, await reply());

    await make().refresh();

    assertEquals(api.requests[0].body.organization_id, "org_1");
  });

  it("sends one request for all who refresh at the same time", async () => {
    const { api, make } = await load({}, await reply(), json({ error: "invalid_grant" }, { status: 400 }));

    const results = await Promise.all(Array.from({ length: 20 }, () => make().refresh()));

    assertEquals(api.requests.length, 1);
    for (const result of results) {
      assert(result.authenticated);
      assertEquals(result.session?.refreshToken, "refresh_2");
      assertEquals((await unsealData(result.sealedSession!, { password: PASSWORD })).ok, true);
    }
  });

  it("fails once for all who refresh at the same time where they may share a promise", async () => {
    let sent = 0;
    const fetchFn = async () => {
      sent++;
      await pause(); // until the other one is here
      return json({}, { status: 503 });
    };
    const { make } = await load({ fetchFn, maxRetries: 0 });

    const results = await Promise.all([make().refresh(), make().refresh()]);

    assertEquals(results.map((it) => !it.authenticated && it.reason), ["server_error", "server_error"]);
    assertEquals(sent, sharesPromises() ? 1 : 2);
  });

  it("gives those who come shortly after the same tokens", async () => {
    const { api, make } = await load({}, await reply(), await reply({ refresh_token: "refresh_3" }));

    const first = await make().refresh();
    clock.now += 9_999;
    const second = await make().refresh();
    clock.now += 1;
    const third = await make().refresh();

    assert(first.authenticated && second.authenticated && third.authenticated);
    const { sealedSession: _, ...session } = first.session!;
    const { sealedSession: _other, ...same } = second.session!;
    assertEquals(plain(same), plain(session));
    assertEquals(third.session?.refreshToken, "refresh_3");
    assertEquals(api.requests.length, 2);
  });

  it("shares with a process that does not know the new password yet, and with one that forgot the old one", async () => {
    const rotations: [string[], string[], string[]][] = [
      [[PASSWORD], [OTHER_PASSWORD, PASSWORD], [PASSWORD]],
      [[OTHER_PASSWORD], [OTHER_PASSWORD, PASSWORD], [OTHER_PASSWORD]],
      [[OTHER_PASSWORD], [OTHER_PASSWORD], [PASSWORD, OTHER_PASSWORD]],
    ];
    for (const [sealed, first, second] of rotations) {
      const { api } = await load({}, await reply());
      const sessionData = await cookie({}, sealed);
      const refresh = (cookiePassword: string[]) =>
        api.workos.userManagement.loadSealedSession({ sessionData, cookiePassword }).refresh();

      const results = [await refresh(first), await refresh(second)];

      assertEquals([api.requests.length, ...results.map(({ authenticated }) => authenticated)], [1, true, true]);
    }
  });

  it("shares with passwords that are being rotated", async () => {
    const { api, make } = await load({}, await reply());

    await make().refresh({ cookiePassword: OTHER_PASSWORD });
    const second = await make([OTHER_PASSWORD, PASSWORD]).refresh();

    assert(second.authenticated);
    assertEquals((await unsealData(second.sealedSession!, { password: OTHER_PASSWORD })).ok, true);
    assertEquals(api.requests.length, 1);
  });

  it("goes on from there for another organization", async () => {
    const replies = [await reply({ refresh_token: "refresh_2" }), await reply({ refresh_token: "refresh_3" })];
    const sent: unknown[] = [];
    const fetchFn = async (_: string, init: RequestInit) => {
      const { refresh_token, organization_id: org_id } = JSON.parse(init.body as string);
      sent.push(refresh_token);
      const answer = json({ ...replies[sent.length - 1], access_token: await accessToken({ org_id }) });
      await pause(); // until all are here
      return answer;
    };
    const { make } = await load({ fetchFn });

    const staying = make().refresh();
    while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const [first, second, third] = await Promise.all([
      staying,
      make().refresh({ organizationId: "org_2" }),
      make().refresh({ organizationId: "org_2" }),
    ]);

    assert(first.authenticated && second.authenticated && third.authenticated);
    assertEquals([first, second, third].map((it) => it.organizationId), ["org_1", "org_2", "org_2"]);
    assertEquals(sent, ["refresh_1", "refresh_2"]);
  });

  it("spends no token to undo a switch of organization that others made", async () => {
    const sent: unknown[] = [];
    const fetchFn = async (_: string, init: RequestInit) => {
      const { refresh_token, organization_id: org_id } = JSON.parse(init.body as string);
      sent.push([refresh_token, org_id]);
      const answer = json(await reply({ refresh_token: `refresh_${sent.length + 1}` }, { org_id }));
      await pause(); // until both are here
      return answer;
    };
    const { make } = await load({ fetchFn });

    const switching = make().refresh({ organizationId: "org_2" });
    while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const results = await Promise.all([switching, make().refresh()]);
    results.push(await make().refresh());

    for (const result of results) {
      assert(result.authenticated);
      assertEquals([result.organizationId, result.session?.refreshToken], ["org_2", "refresh_2"]);
    }
    assertEquals(sent, [["refresh_1", "org_2"]]);
    await make().refresh({ organizationId: "org_1" });
    assertEquals(sent[1], ["refresh_2", "org_1"]);
  });

  it("stays in the organization that it was switched to when the refresh token stays the same", async () => {
    const fetchFn = async (_: string, init: RequestInit) => {
      const { refresh_token, organization_id: org_id } = JSON.parse(init.body as string);
      return json(await reply({ refresh_token }, { org_id }));
    };
    const { make } = await load({ fetchFn });
    const session = make();

    const organizations: unknown[] = [];
    for (const organizationId of [undefined, "org_2", undefined]) {
      const result = await session.refresh({ organizationId });
      organizations.push(result.authenticated && result.organizationId);
    }

    assertEquals(organizations, ["org_1", "org_2", "org_2"]);
  });

  it("fails for another organization without failing for those who stay", async () => {
    const failures = [
      json({ error: "sso_required", pending_authentication_token: "p", email: "e" }, { status: 403 }),
      json({ error: "organization_membership_not_found", error_description: "no" }, { status: 403 }),
    ];
    for (const refusal of failures) {
      const granted = await reply();
      const fetchFn = async (_: string, init: RequestInit) => {
        await pause(); // until all are here
        return JSON.parse(init.body as string).organization_id === "org_2" ? refusal.clone() : json(granted);
      };
      const { make } = await load({ fetchFn });

      const [other, ...same] = await Promise.allSettled([
        make().refresh({ organizationId: "org_2" }),
        make().refresh(),
        make().refresh(),
      ]);

      assert(other.status === "rejected" || !other.value.authenticated);
      for (const it of same) assert(it.status === "fulfilled" && it.value.authenticated);
    }
  });

  it("runs out of time for those alone who gave it less", async () => {
    const granted = await reply();
    let sent = 0;
    const fetchFn = async () => {
      if (++sent === 1) await gate().promise;
      return json(granted);
    };
    const { make } = await load({ fetchFn });

    const first = make().refresh({}, { timeout: 200, maxRetries: 0 });
    await pause(); // until it has been sent
    const second = make().refresh({}, { timeout: 5_000 });
    const [hasty, patient] = await Promise.all([first, second]);

    assert(!hasty.authenticated && hasty.reason === "timeout");
    assert(patient.authenticated);
  });

  it("gives everybody a user of their own", async () => {
    const { make } = await load({}, await reply());

    const results = await Promise.all([make().refresh(), make().refresh(), make().refresh()]);

    const users = results.map((it) => it.authenticated && it.user);
    assertEquals(new Set(users).size, 3);
    assertEquals(users[1], users[0]);
  });

  it("gives who comes late the tokens that are good by now, not spent ones", async () => {
    const replies = [2, 3, 4].map((i) => reply({ refresh_token: `refresh_${i}` }));
    const { api, make } = await load({}, ...await Promise.all(replies));
    const session = make();
    await session.refresh();
    await session.refresh();

    const late = await make().refresh();

    assert(late.authenticated);
    assertEquals([late.session?.refreshToken, api.requests.length], ["refresh_3", 2]);
  });

  for (const status of [500, 503]) {
    for (const code of ["mfa_enrollment", "sso_required", "invalid_grant"]) {
      it(`takes ${code} with ${status} for an outage`, async () => {
        const body = { error: code, code, pending_authentication_token: "p", email: "e", user: {} };
        const { make } = await load({ maxRetries: 0 }, json(body, { status }));

        const result = await make().refresh();

        assert(!result.authenticated);
        assertEquals([result.reason, result.retryable], ["server_error", true]);
      });
    }
  }

  it("keeps the refresh token when the response has none (RFC 6749 section 6)", async () => {
    const { api, make } = await load({ refreshWindow: 0 }, await reply({ refresh_token: undefined }));

    for (const session = make(); api.requests.length < 3;) {
      const result = await session.refresh();

      assert(result.authenticated);
      assertEquals(result.session?.refreshToken, "refresh_1");
    }
  });

  it("asks again where refresh tokens stay the same", async () => {
    const same = await reply({ refresh_token: "refresh_1" }, { org_id: "org_2" });
    const { api, make } = await load({}, await reply({ refresh_token: "refresh_1" }), same);

    await make().refresh();
    const second = await make().refresh({ organizationId: "org_2" });

    assert(second.authenticated);
    assertEquals(second.organizationId, "org_2");
    assertEquals(api.requests.map(({ body }) => body.refresh_token), ["refresh_1", "refresh_1"]);
  });

  it("shares nothing with those who come later when the window is 0", async () => {
    const kept: string[] = [];
    const set = (key: string) => void kept.push(key);
    const refreshStore: RefreshStore = { get: () => undefined, set, lock: () => () => {} };
    const { api, make } = await load({ refreshWindow: 0, maxRetries: 1, refreshStore }, await reply());

    await make().refresh();
    await make().refresh();

    const keys = api.requests.map(({ headers }) => headers["idempotency-key"]);
    assertEquals([keys.length, new Set(keys).size], [2, 2]);
    assertEquals(kept, []);
  });

  it("ends for a caller who aborts, not for the others", async () => {
    const answer = gate();
    const { make } = await load({ fetchFn: () => answer.promise });
    const controller = new AbortController();

    const first = make().refresh({}, { signal: controller.signal });
    const second = make().refresh();
    controller.abort(new Error("gone"));
    await assertRejects(() => first, Error, "gone");
    answer.open(json(await reply()));

    assertEquals((await second).authenticated, true);
    await assertRejects(() => make().refresh({}, { signal: controller.signal }), Error, "gone");
    await assertRejects(() => make().refresh({}, { signal: {} as AbortSignal }), TypeError, '"signal"');
  });

  it("has the same idempotency key whoever asks within the window, and no other organization's", async () => {
    const busy = json({}, { status: 429 });
    const { api, make } = await load({ maxRetries: 0 }, busy);

    clock.now = Math.ceil(clock.now / 10_000) * 10_000; // where a window begins
    await make().refresh();
    clock.now += 9_999;
    for (const organizationId of [undefined, "org_2"]) {
      await make().refresh({ organizationId }, { idempotencyKey: undefined });
    }
    await make().refresh({}, { idempotencyKey: "mine" });
    clock.now += 1;
    await make().refresh();

    const [first, second, other, mine, late] = api.requests.map(({ headers }) => headers["idempotency-key"]);
    assert(/^refresh-[0-9a-f]{64}$/.test(first));
    assertEquals([second, mine], [first, "mine"]);
    assertEquals(new Set([first, other, late]).size, 3);
  });

  it("has the same idempotency key until the API has answered, as the token may be spent already", async () => {
    const never = (init: RequestInit) =>
      new Promise<Response>((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    const lost = () => Promise.reject(new TypeError("lost"));
    const [busy, down] = [429, 503].map((status) => () => json({}, { status })); // say nothing about the token
    const body = await reply();
    const answers = [never, lost, busy, down, () => json(body), down];
    const keys: unknown[] = [];
    const fetchFn = async (_: string, init: RequestInit) => {
      keys.push(new Headers(init.headers).get("Idempotency-Key"));
      return await answers[keys.length - 1](init);
    };
    const { make } = await load({ fetchFn, refreshTimeout: 20, maxRetries: 0 });

    const reasons: unknown[] = [];
    for (let i = 0; i < answers.length; i++) {
      const result = await make().refresh();
      reasons.push(!result.authenticated && result.reason);
      clock.now += 10_000;
    }

    assertEquals(reasons, ["timeout", "network_error", "rate_limit_exceeded", "server_error", false, "server_error"]);
    assertEquals(keys.map((key) => key === keys[0]), [true, true, true, true, true, false]);
  });

  const unclear = {
    "retries, as the response of an attempt before may be lost": [new TypeError("lost"), json({}, { status: 503 })],
    "a gateway has failed, behind which the token may be spent": [json({}, { status: 504 })],
  };
  for (const [what, failures] of Object.entries(unclear)) {
    it(`has the same idempotency key after ${what}`, async () => {
      const { api, make } = await load({ maxRetries: failures.length - 1 }, ...failures, await reply());

      const { authenticated } = await make().refresh();
      clock.now += 10_000;
      await make().refresh();

      const keys = api.requests.map(({ headers }) => headers["idempotency-key"]);
      assertEquals([authenticated, keys.length, new Set(keys).size], [false, failures.length + 1, 1]);
    });
  }

  it("has the same idempotency key at every instance of a store after a lost answer, until one is there", async () => {
    const values = new Map<string, string>();
    const refreshStore: RefreshStore = {
      get: (key) => Promise.resolve(values.get(key)),
      set: (key, value) => void values.set(key, value),
      lock: () => () => {},
    };
    const options = { refreshStore, maxRetries: 0 };
    const lost = new TypeError("lost");
    const same = await reply({ refresh_token: "refresh_1" });
    const instances = await Promise.all([lost, lost, same, same].map((answer) => load(options, answer)));

    for (const { make } of instances) {
      await make().refresh();
      clock.now += 50_000; // less than a minute since the last lost answer, but not since the first
    }

    const keys = instances.map(({ api }) => api.requests[0].headers["idempotency-key"]);
    assertEquals(keys.map((key) => key === keys[0]), [true, true, true, false]);
    assert(![...values.keys(), ...values.values()].some((it) => it.includes("refresh_1") || it.includes(keys[0])));
  });

  it("takes no idempotency key from a store that is not of the last minute", async () => {
    const current = Math.floor(clock.now / 10_000);
    const busy = json({}, { status: 429 });
    const keyWith = async (value: string) => {
      const get = (key: string) => key.startsWith("unanswered-") ? value : undefined;
      const { api, make } = await load(
        { refreshStore: { get, set: () => {}, lock: () => () => {} }, maxRetries: 0 },
        busy,
      );
      await make().refresh();
      return api.requests[0].headers["idempotency-key"];
    };

    const other = current - 100;
    const late = [-60_001, 60_001].map((ms) => `${other} ${clock.now + ms}`);
    const values = ["", "x", `x ${clock.now}`, `${other}`, ...late, `${other} ${clock.now - 60_000}`];
    const keys = await Promise.all(values.map(keyWith));

    assertEquals(keys.map((key) => key === keys[0]), [true, true, true, true, true, true, false]);
  });

  it("hands over its work to whoever keeps it alive, and never rejects there", async () => {
    const { make } = await load({ maxRetries: 0 }, json({}, { status: 401 }), await reply());
    const kept: Promise<unknown>[] = [];
    const waitUntil = (promise: Promise<unknown>) => void kept.push(promise);
    const controller = new AbortController();

    await assertRejects(() => make().refresh({ waitUntil }), UnauthorizedException);
    const aborted = make().refresh({ waitUntil }, { signal: controller.signal });
    controller.abort(new Error("gone"));
    await assertRejects(() => aborted, Error, "gone");

    await Promise.all(kept);
    assertEquals(kept.length, 1); // the second was aborted before it began
  });

  it("is kept alive until it is over", async () => {
    const answer = gate();
    const { make } = await load({ fetchFn: () => answer.promise });
    let isOver = false;

    const refreshing = make().refresh({ waitUntil: (work) => void work.then(() => isOver = true) });
    await pause();
    const early = isOver;
    answer.open(json(await reply()));
    await refreshing;
    await pause();

    assertEquals([early, isOver], [false, true]);
  });

  it("sends nothing when nobody can keep its work alive", async () => {
    const { api, make } = await load({}, await reply());
    const waitUntil = () => {
      throw new TypeError("Illegal invocation");
    };

    await assertRejects(() => make().refresh({ waitUntil }), TypeError, "Illegal invocation");
    await new Promise((resolve) => setTimeout(resolve, 5));

    assertEquals(api.requests, []);
  });

  it("has a deadline of its own", async () => {
    const { make } = await load({ fetchFn: () => gate().promise, refreshTimeout: 5 });

    const result = await make().refresh();

    assert(!result.authenticated && result.retryable);
    assertEquals(result.reason, "timeout");
    assertInstanceOf(result.error, TimeoutException);
  });

  it("has no deadline where none is set", async () => {
    const answer = gate();
    const { make } = await load({ fetchFn: () => answer.promise, refreshTimeout: Infinity });

    const refreshing = make().refresh();
    setTimeout(async () => answer.open(json(await reply())), 20);

    assertEquals((await refreshing).authenticated, true);
  });

  it("leaves no timer behind, which would keep a process alive", async () => {
    const { make } = await load({}, await reply());

    assertEquals(await timersLeft(() => make().refresh()), 0);
  });

  it("throws for a wrong API key", async () => {
    const { make } = await load({}, json({ message: "no" }, { status: 401 }));

    await assertRejects(() => make().refresh(), UnauthorizedException);
  });

  it("checks options before it sends anything", async () => {
    const { api, make } = await load({}, await reply());

    await assertRejects(() => make().refresh({ cookiePassword: "" }), SealError, "Cookie password is required");
    await assertRejects(() => make().refresh({ cookiePassword: [PASSWORD, "short"] }), SealError, "too short");
    await assertRejects(() => make().refresh({ maxCookieSize: NaN }), TypeError, "maxCookieSize");

    assertEquals(api.requests, []);
  });

  it("shares through a store with other processes, which learn nothing from it", async () => {
    const seen: unknown[] = [];
    const memory = new MemoryRefreshStore();
    const refreshStore: RefreshStore = {
      get: (...args) => (seen.push(args), memory.get(...args)),
      set: (...args) => (seen.push(args), memory.set(...args)),
      lock: (...args) => (seen.push(args), memory.lock(...args)),
    };
    const one = await load({ refreshStore }, await reply());
    const other = await load({ refreshStore }, await reply({ refresh_token: "refresh_3" }));

    const [first, second] = await Promise.all([one.make().refresh(), other.make().refresh()]);

    assert(first.authenticated && second.authenticated);
    assertEquals(first.session?.refreshToken, second.session?.refreshToken);
    assertEquals(one.api.requests.length + other.api.requests.length, 1);
    const text = JSON.stringify(seen);
    for (const secret of ["refresh_", first.session!.accessToken, "ada@", PASSWORD]) {
      assert(!text.includes(secret), secret);
    }
  });

  it("takes nothing from a store that came of another token", async () => {
    const values: string[] = [];
    const refreshStore: RefreshStore = {
      get: () => values[0],
      set: (_, value) => void values.push(value),
      lock: () => () => {},
    };
    const other = await load({ refreshStore }, await reply({ refresh_token: "of somebody else" }));
    const { userManagement } = fakeApi.with({ refreshStore }, await reply()).workos;
    await other.make().refresh();

    const sessionData = await cookie({ refreshToken: "refresh_own" });
    const result = await userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD }).refresh();

    assert(result.authenticated);
    assertEquals([values.length, result.session?.refreshToken], [2, "refresh_2"]);
  });

  it("shares nothing with clients of other environments that have the same store", async () => {
    const refreshStore = new MemoryRefreshStore();
    const invalid = json({ error: "invalid_grant" }, { status: 400 });
    const { make } = await load({ refreshStore }, await reply());
    const others = [{ clientId: "client_other" }, { baseUrl: "https://auth.example" }];
    await make().refresh();

    for (const other of others) {
      const result = await (await load({ refreshStore, ...other }, invalid)).make().refresh();

      assertEquals(plain(result), { authenticated: false, reason: "invalid_grant", retryable: false });
    }
  });

  const broken: [string, RefreshStore][] = [
    ["throws", { get: fail, set: fail, lock: fail }],
    ["rejects", { get: reject, set: reject, lock: reject }],
    ["keeps nonsense", { get: () => "garbage", set: () => {}, lock: () => () => {} }],
  ];
  for (const [name, refreshStore] of broken) {
    it(`needs no store: it goes on when one ${name}`, async () => {
      const { make } = await load({ refreshStore }, await reply());

      const result = await make().refresh();

      assertEquals(result.authenticated, true);
    });
  }

  function reject(): Promise<never> {
    return Promise.reject(new Error("The store is down"));
  }

  it("takes nothing from a store that is sealed with another password, or by another kind of seal", async () => {
    const response = { refreshToken: "evil", accessToken: "evil", user: {} };
    const outcome = { organizationId: "org_1", response };
    const values: ((key: string) => Promise<string>)[] = [
      (key) => sealData({ ...outcome, key, until: NOW + 1 }, { password: OTHER_PASSWORD }),
      () => cookie(),
      (key) => sealData({ ...outcome, key }, { password: PASSWORD }),
      () => sealData({ ...outcome, until: NOW + 1 }, { password: PASSWORD }),
      () => sealData(null, { password: PASSWORD }),
      () => sealData("text", { password: PASSWORD }),
    ];
    for (const get of values) {
      const refreshStore: RefreshStore = { get, set: () => {}, lock: () => () => {} };
      const { make } = await load({ refreshStore }, await reply());

      const result = await make().refresh();

      assert(result.authenticated);
      assertNotEquals(result.session?.refreshToken, "evil");
    }
  });

  it("names its failure reasons as the Node SDK does", () => {
    const names = Object.entries(RefreshSessionFailureReason).map(([name, value]) => [name.toLowerCase(), value]);

    for (const [name, value] of names) assertEquals(name, value);
    assertEquals(names.length, 9);
  });
});

describe("SharedRefreshes", () => {
  const RESPONSE = { refreshToken: "refresh_2", accessToken: "a" } as unknown as AuthenticationResponse;

  /** A clock that moves when somebody waits. */
  function start(options: { sharePromises?: boolean; store?: RefreshStore; timeout?: number } = {}) {
    const clock = {
      time: NOW,
      now: () => clock.time,
      elapsed: () => clock.time,
      wait: async (ms: number) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        clock.time += ms;
      },
    };
    const store = new MemoryRefreshStore({ now: clock.now });
    const { sharePromises = false, timeout: refreshTimeout = 10_000 } = options;
    const refreshStore = "store" in options ? options.store : store;
    const config = { refreshStore, refreshTimeout, refreshWindow: 10_000 };
    const refreshes = () => new SharedRefreshes({ config, clock }, sharePromises);
    return { clock, store, refreshes };
  }

  function wish(send: RefreshWish["send"]): RefreshWish {
    const owner = "https://api.workos.com client_fake";
    return { refreshToken: "refresh_1", owner, organizationId: undefined, password: PASSWORD, opener: PASSWORD, send };
  }

  it("has the same idempotency key after a lost answer, however many others have theirs meanwhile", async () => {
    const { refreshes, clock } = start({ store: undefined });
    const shared = refreshes();
    const keys: unknown[] = [];
    const lose = async () => {
      const lost = (key?: string) => Promise.reject(keys.push(key));
      await shared.spend("own", lost).catch(() => {});
    };

    await lose();
    await Promise.all(Array.from({ length: 10_001 }, (_, i) => shared.spend(`${i}`, () => Promise.resolve())));
    clock.time += 10_000;
    await lose();

    assertEquals([keys.length, new Set(keys).size], [2, 1]);
  });

  it("has stored for a minute that an answer was lost when it fails: a runtime may stop right after that", async () => {
    const stored: unknown[] = [];
    const set = async (key: string, _: string, { ttl }: { ttl: number }) => {
      for (let i = 0; i < 100; i++) await undefined;
      stored.push([key.replace(/-.*/, ""), ttl]);
    };
    const shared = start({ store: { get: () => undefined, set, lock: () => () => {} } }).refreshes();

    await assertRejects(() => shared.spend("own", () => Promise.reject(new TypeError("lost"))));

    assertEquals(stored, [["unanswered", 60_000]]);
  });

  it("shares where promises may not be shared, by looking into the store", async () => {
    const { refreshes, clock } = start();
    const shared = refreshes();
    let sent = 0;
    const slow = wish(async () => {
      sent++;
      while (clock.time < NOW + 500) await pause();
      return RESPONSE;
    });

    const responses = await Promise.all([shared.refresh(slow), shared.refresh(slow), refreshes().refresh(slow)]);

    assertEquals(responses, [RESPONSE, RESPONSE, RESPONSE]);
    assertEquals(sent, 1);
  });

  it("waits for no promise of another call where promises may not be shared", async () => {
    const shared = start().refreshes();
    void shared.refresh(wish(() => new Promise(() => {}))); // of a request that ended
    await pause(); // until it has the lock

    await assertRejects(() => shared.refresh(wish(() => Promise.resolve(RESPONSE))), TimeoutException);
  });

  it("locks for two seconds longer than a refresh may take, which is a minute at most", async () => {
    const ttls: unknown[] = [];
    const store: RefreshStore = { get: () => null, set() {}, lock: (_, { ttl }) => (ttls.push(ttl), () => {}) };
    for (const timeout of [5_000, Infinity]) {
      await start({ store, timeout }).refreshes().refresh(wish(() => Promise.resolve(RESPONSE)));
    }

    assertEquals(ttls, [7_000, 62_000]);
  });

  it("shares failures only while they happen", async () => {
    const shared = start({ sharePromises: true }).refreshes();
    let sent = 0;
    const failing = wish(async () => {
      sent++;
      await pause(); // until the other one is here
      throw new Error(`down ${sent}`);
    });

    const results = await Promise.allSettled([shared.refresh(failing), shared.refresh(failing)]);
    const late = await shared.refresh(wish(() => Promise.resolve(RESPONSE)));

    assertEquals(results.map((it) => it.status === "rejected" && it.reason.message), ["down 1", "down 1"]);
    assertEquals([sent, late], [1, RESPONSE] as unknown[]);
  });

  it("shares no failure with those who gave other options", async () => {
    const options = { timeout: 1, maxRetries: 1, headers: {}, idempotencyKey: "key" };
    for (const [name, value] of Object.entries(options)) {
      for (const requests of [[{ [name]: value }, undefined], [undefined, { [name]: value }]]) {
        const shared = start({ sharePromises: true }).refreshes();
        let begin = () => {};
        const begun = new Promise<void>((resolve) => begin = resolve);
        const failing = wish(async () => {
          begin();
          await pause(); // until the other one is here
          throw new Error("down");
        });
        const granted = wish(() => Promise.resolve(RESPONSE));

        const [first, second] = await Promise.allSettled([
          shared.refresh({ ...failing, request: requests[0] }),
          begun.then(() => shared.refresh({ ...granted, request: requests[1] })),
        ]);

        assertEquals([first.status, second.status], ["rejected", "fulfilled"], name);
      }
    }
  });

  it("keeps an outcome for as long as its window is, also when the wall clock is set back", async () => {
    const { clock, refreshes } = start({ store: undefined });
    const shared = refreshes();
    const replies = [RESPONSE, { ...RESPONSE, refreshToken: "refresh_3" }];
    const once = wish(() => Promise.resolve(replies.shift()!));

    await shared.refresh(once);
    clock.time += 10_000;
    clock.now = () => NOW - 60_000;

    assertEquals((await shared.refresh(once)).refreshToken, "refresh_3");
  });

  it("gives up when another process does not finish, and says so as a timeout", async () => {
    const { store, clock, refreshes } = start();
    const { digest } = await keyOf(store, refreshes());
    store.lock(digest, { ttl: 60_000 });

    const error = await assertRejects(
      () => refreshes().refresh(wish(() => Promise.resolve(RESPONSE))),
      TimeoutException,
    );

    assertEquals(error.status, 408);
    assertEquals(clock.time, NOW + 10_000);
  });

  it("takes over from a process that died", async () => {
    const { store, refreshes } = start();
    const { digest } = await keyOf(store, refreshes());
    store.lock(digest, { ttl: 5_000 });

    assertEquals(await refreshes().refresh(wish(() => Promise.resolve(RESPONSE))), RESPONSE);
  });

  it("lets the next one try after a failure", async () => {
    const { refreshes } = start();

    await assertRejects(() => refreshes().refresh(wish(() => Promise.reject(new Error("down")))), Error, "down");

    assertEquals(await refreshes().refresh(wish(() => Promise.resolve(RESPONSE))), RESPONSE);
  });

  const INVALID_GRANT = new OauthException(400, "", "invalid_grant", undefined, {});

  /** A store in which somebody left what came of the token, and that of a wish whose token is spent. */
  async function spent(store: RefreshStore, { aheadBy = 0 } = {}): Promise<AuthenticationResponse> {
    const { clock, refreshes } = start({ store });
    const late = refreshes();
    await refreshes().refresh(wish(() => Promise.resolve(RESPONSE)));
    clock.time += aheadBy;
    return await late.refresh(wish(() => Promise.reject(INVALID_GRANT)));
  }

  it("ends no session for a wrong clock: what is kept counts when the token turns out to be spent", async () => {
    const kept: string[] = [];
    const store: RefreshStore = { get: () => kept[0], set: (_, value) => void kept.push(value), lock: () => () => {} };

    assertEquals(await spent(store, { aheadBy: 30_000 }), RESPONSE);
    await assertRejects(() => spent(store, { aheadBy: 80_000 }), OauthException);
  });

  it("ends no session for a store that fails once", async () => {
    const memory = new MemoryRefreshStore();
    let gets = 0;
    const get = (key: string) => !key.startsWith("unanswered-") && ++gets === 2 ? fail() : memory.get(key);

    assertEquals(await spent({ get, set: memory.set.bind(memory), lock: () => () => {} }), RESPONSE);
  });

  it("ends no session while who spent its token is about to keep what came of it", async () => {
    const kept: string[] = [];
    let arrived: string | undefined;
    const set = (_: string, value: string) => void kept.push(value);
    const { refreshes } = start({ store: { get: () => arrived, set, lock: () => () => {} } });
    await refreshes().refresh(wish(() => Promise.resolve(RESPONSE)));
    const late = wish(() => {
      setTimeout(() => arrived = kept[0], 0);
      return Promise.reject(INVALID_GRANT);
    });

    assertEquals(await refreshes().refresh(late), RESPONSE);
  });

  it("tells that a session is over when nothing is kept of it", async () => {
    const { refreshes } = start({ store: { get: () => null, set() {}, lock: () => () => {} } });

    const error = await assertRejects(() => refreshes().refresh(wish(() => Promise.reject(INVALID_GRANT))));

    assertEquals(error, INVALID_GRANT);
  });

  it("does not wait long for a store that hangs", async () => {
    const never = () => new Promise<never>(() => {});
    const { refreshes, clock } = start({ store: { get: never, set: never, lock: never } });

    assertEquals(await refreshes().refresh(wish(() => Promise.resolve(RESPONSE))), RESPONSE);
    assertEquals(clock.time, NOW + 4_000);
  });

  it("asks the store for one of an instance alone, and keeps what came of it in memory too", async () => {
    const { store, refreshes } = start();
    const asked = { get: 0, set: 0, lock: 0 };
    const counted: RefreshStore = {
      get: (key) => (asked.get++, store.get(key)),
      set: (key, value, options) => (asked.set++, store.set(key, value, options)),
      lock: (key, options) => (asked.lock++, store.lock(key, options)),
    };
    const shared = start({ store: counted }).refreshes();
    let sent = 0;
    const slow = wish(async () => {
      sent++;
      await pause();
      return RESPONSE;
    });

    await Promise.all([shared.refresh(slow), shared.refresh(slow), shared.refresh(slow)]);
    const gets = asked.get;
    await shared.refresh(slow);

    assertEquals([sent, asked.lock, asked.set], [1, 1, 1]);
    assertEquals(await refreshes().refresh(slow), RESPONSE); // another instance
    assertEquals([sent, asked.get - gets <= 1], [1, true]);
  });

  it("shares within an instance also when the store is slow, and gives back locks that come too late", async () => {
    const locks: (() => void)[] = [];
    let given = 0;
    const lock = () => new Promise<() => void>((resolve) => locks.push(() => resolve(() => void given++)));
    const shared = start({ store: { get: () => undefined, set() {}, lock } }).refreshes();
    let sent = 0;
    const once = wish(() => Promise.resolve(sent++ ? { ...RESPONSE, refreshToken: "second" } : RESPONSE));

    const responses = await Promise.all([shared.refresh(once), shared.refresh(once), shared.refresh(once)]);
    for (const answer of locks) answer();
    await pause();

    assertEquals([responses, sent, given, locks.length], [[RESPONSE, RESPONSE, RESPONSE], 1, 1, 1]);
  });

  it("has given its lock back when it answers: a runtime may stop right after that", async () => {
    let given = 0;
    const release = async () => {
      for (let i = 0; i < 100; i++) await undefined;
      given++;
    };
    const { refreshes } = start({ store: { get: () => undefined, set() {}, lock: () => release } });

    await refreshes().refresh(wish(() => Promise.resolve(RESPONSE)));

    assertEquals(given, 1);
  });

  it("keeps a lock that comes too late until the refresh is over", async () => {
    let answer!: () => void;
    let given = 0;
    const lock = () => new Promise<() => void>((resolve) => answer = () => resolve(() => void given++));
    const shared = start({ store: { get: () => undefined, set() {}, lock } }).refreshes();
    let during = -1;

    await shared.refresh(wish(async () => {
      answer();
      await pause();
      during = given;
      return RESPONSE;
    }));

    assertEquals([during, given], [0, 1]);
  });

  it("takes what can be awaited for a promise", async () => {
    // deno-lint-ignore no-explicit-any -- a query builder is no Promise
    const builder = (settle: (no: (why: Error) => void) => void): any => ({
      then: (_: unknown, no: (why: Error) => void) => settle(no),
    });
    const rejects = () => builder((no) => no(new Error("store is down")));
    const hangs = () => builder(() => {});
    const stores: RefreshStore[] = [
      { get: () => undefined, set() {}, lock: rejects },
      { get: () => undefined, set: rejects, lock: () => () => {} },
      { get: hangs, set: hangs, lock: hangs },
    ];
    for (const store of stores) {
      const { refreshes } = start({ store });

      assertEquals(await refreshes().refresh(wish(() => Promise.resolve(RESPONSE))), RESPONSE);
    }
  });

  /** The key under which the wish above is kept: a hash. */
  async function keyOf(store: MemoryRefreshStore, refreshes: SharedRefreshes): Promise<{ digest: string }> {
    const { lock } = store;
    let digest = "";
    store.lock = (key, options) => {
      digest = key;
      return lock.call(store, key, options);
    };
    await assertRejects(() => refreshes.refresh(wish(() => Promise.reject(new Error("no")))));
    assert(/^[0-9a-f]{64}$/.test(digest));
    return { digest };
  }
});

describe("WorkOS options of refreshes", () => {
  const cases: [string, object][] = [
    ["refreshTimeout", { refreshTimeout: 0 }],
    ["refreshWindow", { refreshWindow: -1 }],
    ["refreshWindow", { refreshWindow: 60_001 }],
    ["refreshWindow", { refreshWindow: "10" }],
    ["refreshStore", { refreshStore: { get() {}, set() {} } }],
    ["refreshStore", { refreshStore: null }],
    ["keySetCache", { keySetCache: { get() {} } }],
    ["keySetSeed", { keySetSeed: { keys: [1] } }],
  ];
  for (const [option, options] of cases) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      const make = () => new WorkOS("sk_1", options as WorkOSOptions);

      assertThrowsFor(make, option);
    });
  }

  function assertThrowsFor(make: () => unknown, option: string): void {
    let message = "";
    try {
      make();
    } catch (error) {
      message = (error as TypeError).message;
    }
    assert(message.startsWith(`Cannot use option "${option}": `), message);
  }
});

describe("refreshFailure()", () => {
  it("says how long to wait only where a 429 named it", () => {
    const [named, unnamed] = [7, null].map((it) => refreshFailure(new RateLimitExceededException("m", "", it)));

    assert(named.retryable && unnamed.retryable);
    assertEquals([named.retryAfter, "retryAfter" in unnamed], [7, false]);
  });

  it("says nothing of a session for errors that are not of the API, whatever members they have", () => {
    for (const members of [{ status: 503 }, { code: "sso_required" }, { error: "invalid_grant" }]) {
      assertThrows(() => refreshFailure(Object.assign(new Error("of a program"), members)), Error, "of a program");
    }
  });
});
