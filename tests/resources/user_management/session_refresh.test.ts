import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  RateLimitExceededException,
  RefreshSessionFailureReason,
  SealError,
  TimeoutException,
  UnauthorizedException,
  type Wire,
  WorkOS,
  type WorkOSOptions,
} from "../../../mod.ts";
import { refreshFailure } from "../../../src/resources/user_management/session_refresh.ts";
import { unsealData } from "../../../src/seal.ts";
import { timersLeft } from "../../counted_timers.ts";
import vectors from "../../vectors/session-refresh.json" with { type: "json" };
import { fakeApi, json } from "../../fake_api.ts";
import { freezeClock } from "../../frozen_clock.ts";
import { gate, loadSession, NOW, OTHER_PASSWORD, outcome, PASSWORD, pause, plain, reply } from "./session_fixtures.ts";

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

describe("CookieSession.refresh() on vectors", () => {
  const clock = freezeClock();

  for (const { name, input, expected } of vectors as unknown as Vector[]) {
    it(name, async () => {
      clock.now = input.nowMs;
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
  freezeClock(NOW);

  it("has the new session afterwards", async () => {
    const { api, make } = await loadSession({}, await reply(), await reply({ refresh_token: "refresh_3" }));
    const session = make();

    await session.refresh({ cookiePassword: OTHER_PASSWORD });
    const second = await session.refresh();

    assert(second.authenticated);
    assertEquals(api.requests.map(({ body }) => body.refresh_token), ["refresh_1", "refresh_2"]);
    assertEquals((await unsealData(second.sealedSession!, { password: OTHER_PASSWORD })).ok, true);
    assertEquals(second.session?.sealedSession, second.sealedSession);
  });

  it("keeps the organization of the session", async () => {
    const { api, make } = await loadSession({}, await reply());

    await make().refresh();

    assertEquals(api.requests[0].body.organization_id, "org_1");
  });

  for (const status of [500, 503]) {
    for (const code of ["mfa_enrollment", "sso_required", "invalid_grant"]) {
      it(`takes ${code} with ${status} for an outage`, async () => {
        const body = { error: code, code, pending_authentication_token: "p", email: "e", user: {} };
        const { make } = await loadSession({ maxRetries: 0 }, json(body, { status }));

        const result = await make().refresh();

        assert(!result.authenticated);
        assertEquals([result.reason, result.retryable], ["server_error", true]);
      });
    }
  }

  it("keeps the refresh token when the response has none (RFC 6749 section 6)", async () => {
    const { api, make } = await loadSession({ refreshWindow: 0 }, await reply({ refresh_token: undefined }));

    for (const session = make(); api.requests.length < 3;) {
      const result = await session.refresh();

      assert(result.authenticated);
      assertEquals(result.session?.refreshToken, "refresh_1");
    }
  });

  it("hands over its work to whoever keeps it alive, and never rejects there", async () => {
    const { make } = await loadSession({ maxRetries: 0 }, json({}, { status: 401 }), await reply());
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
    const { make } = await loadSession({ fetchFn: () => answer.promise });
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
    const { api, make } = await loadSession({}, await reply());
    const waitUntil = () => {
      throw new TypeError("Illegal invocation");
    };

    await assertRejects(() => make().refresh({ waitUntil }), TypeError, "Illegal invocation");
    await new Promise((resolve) => setTimeout(resolve, 5));

    assertEquals(api.requests, []);
  });

  it("has a deadline of its own", async () => {
    const { make } = await loadSession({ fetchFn: () => gate().promise, refreshTimeout: 5 });

    const result = await make().refresh();

    assert(!result.authenticated && result.retryable);
    assertEquals(result.reason, "timeout");
    assertInstanceOf(result.error, TimeoutException);
  });

  it("has no deadline where none is set", async () => {
    const answer = gate();
    const { make } = await loadSession({ fetchFn: () => answer.promise, refreshTimeout: Infinity });

    const refreshing = make().refresh();
    setTimeout(async () => answer.open(json(await reply())), 20);

    assertEquals((await refreshing).authenticated, true);
  });

  it("leaves no timer behind, which would keep a process alive", async () => {
    const { make } = await loadSession({}, await reply());

    assertEquals(await timersLeft(() => make().refresh()), 0);
  });

  it("throws for a wrong API key", async () => {
    const { make } = await loadSession({}, json({ message: "no" }, { status: 401 }));

    await assertRejects(() => make().refresh(), UnauthorizedException);
  });

  it("checks options before it sends anything", async () => {
    const { api, make } = await loadSession({}, await reply());

    await assertRejects(() => make().refresh({ cookiePassword: "" }), SealError, "Cookie password is required");
    await assertRejects(() => make().refresh({ cookiePassword: [PASSWORD, "short"] }), SealError, "too short");
    await assertRejects(() => make().refresh({ maxCookieSize: NaN }), TypeError, "maxCookieSize");

    assertEquals(api.requests, []);
  });

  it("names its failure reasons as the Node SDK does", () => {
    const names = Object.entries(RefreshSessionFailureReason).map(([name, value]) => [name.toLowerCase(), value]);

    for (const [name, value] of names) assertEquals(name, value);
    assertEquals(names.length, 9);
  });
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
