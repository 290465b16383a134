import { assert, assertEquals, assertInstanceOf, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  AuthenticateWithSessionCookieFailureReason,
  CookieSession,
  GenericServerException,
  NetworkException,
  ParseError,
  SealError,
  type SealPasswords,
  SessionCookieTooLargeException,
  SessionTokenException,
  UnauthorizedException,
  WorkOS,
} from "../../../mod.ts";
import { sealData, unsealData } from "../../../src/seal.ts";
import { fakeApi, json } from "../../fake_api.ts";
import { freezeClock } from "../../frozen_clock.ts";
import vectors from "../../vectors/sessions.json" with { type: "json" };
import {
  accessToken,
  cookie,
  expiredCookie,
  jwks,
  NOW,
  OTHER_PASSWORD,
  outcome,
  PASSWORD,
  plain,
  reply,
  USER,
} from "./session_fixtures.ts";

interface Outcome {
  value?: unknown;
  throws?: { name: string; message: string };
}

interface Vector {
  name: string;
  input: {
    seal: string;
    password: string;
    clientId: string | null;
    issuer?: string | string[];
    jwks: unknown;
    jwksStatus: number;
    returnTo: string;
    nowMs: number;
  };
  expected: Record<"unsealed" | "authenticate" | "authenticateWithSessionCookie" | "logoutUrl", Outcome>;
}

const INVALID_JWT = { value: { authenticated: false, reason: "invalid_jwt" } };
const INVALID_COOKIE = { value: { authenticated: false, reason: "invalid_session_cookie" } };
const NO_LOGOUT = "Failed to extract session ID for logout URL: ";

/** Where we differ from the Node SDK on purpose, and why. */
const DIFFERENCES: Record<string, Partial<Vector["expected"]>> = {
  // A token that never expires cannot be revoked.
  "valid: access token without exp is accepted": refused(INVALID_JWT, "invalid_jwt"),
  // The token is to blame, so it is a result.
  "throws: unknown kid": refused(INVALID_JWT, "invalid_jwt"),
  "throws: alg none": refused(INVALID_JWT, "invalid_jwt"),
  // The cookie is to blame.
  "throws: malformed expiration component": {
    unsealed: { value: {} },
    ...refused(INVALID_COOKIE, "invalid_session_cookie"),
  },
  // An expired access token need not keep anybody from signing out.
  "invalid_jwt: access token expired one second ago": { logoutUrl: LOGOUT_URL() },
  "invalid_jwt: access token expires exactly now": { logoutUrl: LOGOUT_URL() },
  "invalid_jwt: access token expired in 2001": { logoutUrl: LOGOUT_URL() },
  // Key sets are loaded like everything else, and fail like it.
  "throws: JWKS endpoint answers 500": failing("The request could not be completed."),
};

function LOGOUT_URL(): Outcome {
  const query = "session_id=session_01HTESTSESSION&return_to=https%3A%2F%2Fapp.example.com%2Fbye%3Fx%3D1%26y%3D%C3%A9";
  return { value: `https://api.workos.com/user_management/sessions/logout?${query}` };
}

function refused(result: Outcome, reason: string): Partial<Vector["expected"]> {
  const throws = { name: "Error", message: NO_LOGOUT + reason };
  return { authenticate: result, authenticateWithSessionCookie: result, logoutUrl: { throws } };
}

function failing(message: string): Partial<Vector["expected"]> {
  const failure = { throws: { name: "GenericServerException", message } };
  return { authenticate: failure, authenticateWithSessionCookie: failure, logoutUrl: failure };
}

describe("CookieSession on vectors", () => {
  const clock = freezeClock();

  for (const { name, input, expected } of vectors as unknown as Vector[]) {
    it(name, async () => {
      clock.now = input.nowMs;
      const { seal: sessionData, password: cookiePassword, clientId, issuer, returnTo } = input;
      const fetchFn = () => Promise.resolve(json(input.jwks, { status: input.jwksStatus }));
      const { userManagement } = new WorkOS("sk_test", {
        clientId: clientId ?? undefined,
        issuer,
        fetchFn,
        maxRetries: 0,
      });
      const load = () => userManagement.loadSealedSession({ sessionData, cookiePassword });

      const found = {
        unsealed: await outcome(() => userManagement.getSessionFromCookie({ sessionData, cookiePassword })),
        authenticate: await outcome(async () => await load().authenticate()),
        authenticateWithSessionCookie: await outcome(() =>
          userManagement.authenticateWithSessionCookie({ sessionData, cookiePassword })
        ),
        logoutUrl: await outcome(async () => await load().getLogoutUrl({ returnTo })),
      };

      for (const [key, { value, throws }] of Object.entries(found)) {
        const wanted = { ...expected, ...DIFFERENCES[name] }[key as keyof typeof found];
        if (wanted.throws) assertEquals(throws?.message, wanted.throws.message, key);
        else assertEquals(value, withImpersonator(key, wanted.value, expected.unsealed.value), throws?.stack ?? key);
      }
    });
  }

  it("differ from the Node SDK in known cases only", () => {
    const names = (vectors as unknown as Vector[]).map(({ name }) => name);

    assertEquals(names.length, 39);
    assertEquals(Object.keys(DIFFERENCES).filter((name) => !names.includes(name)), []);
  });

  /** The Node SDK leaves the impersonator out of one of its two results. */
  function withImpersonator(key: string, value: unknown, unsealed: unknown): unknown {
    const { authenticated } = Object(value) as { authenticated?: boolean };
    const { impersonator } = Object(unsealed) as { impersonator?: unknown };
    const left = key === "authenticateWithSessionCookie" && authenticated && impersonator;
    return left ? { ...value as object, impersonator } : value;
  }
});

describe("CookieSession", () => {
  freezeClock(NOW);

  const misuses: [string, SealPasswords, string][] = [
    ["no password", "", "cookiePassword is required"],
    ["a short password", "x".repeat(31), "Password string too short (min 32 characters required)"],
    ["an old password that is not there", [PASSWORD, undefined as unknown as string], "Empty password"],
    ["an empty list", [], "Empty password"],
    ["a short old password", [PASSWORD, "short"], "Password string too short (min 32 characters required)"],
  ];
  for (const [name, password, message] of misuses) {
    it(`refuses ${name} when it is made`, () => {
      const { userManagement } = fakeApi({}).workos;

      const error = assertThrows(
        () => userManagement.loadSealedSession({ sessionData: "", cookiePassword: password }),
        SealError,
      );

      assertEquals(error.message, message);
    });
  }

  it("takes one password with an id", async () => {
    const { userManagement } = fakeApi(await jwks()).workos;
    const cookiePassword = { id: "1", secret: PASSWORD } as unknown as SealPasswords; // a list of one, by its type
    const session = userManagement.loadSealedSession({ sessionData: await cookie(), cookiePassword });

    assertEquals((await session.authenticate()).authenticated, true);
  });

  it("is made by its constructor too, for the userManagement of a client only", async () => {
    const { userManagement } = fakeApi(await jwks()).workos;

    const session = new CookieSession(userManagement, await cookie(), PASSWORD);

    assertEquals((await session.authenticate()).authenticated, true);
    const stranger = { clientId: "client_1" } as unknown as typeof userManagement;
    assertThrows(() => new CookieSession(stranger, "", PASSWORD), TypeError, "does not belong to a client");
  });

  it("prints no secrets", async () => {
    const { userManagement } = fakeApi({}).workos;
    const sessionData = await cookie();

    const session = userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD });

    assertEquals(JSON.stringify(session), "{}");
    assertEquals(Object.getOwnPropertyNames(session), []);
    assertEquals(String(session), "[object Object]");
  });

  it("names its failure reasons as the Node SDK does", () => {
    assertEquals(AuthenticateWithSessionCookieFailureReason, {
      INVALID_JWT: "invalid_jwt",
      INVALID_SESSION_COOKIE: "invalid_session_cookie",
      NO_SESSION_COOKIE_PROVIDED: "no_session_cookie_provided",
    });
  });
});

describe("CookieSession.authenticate()", () => {
  freezeClock(NOW);

  it("opens the cookie with any of several passwords", async () => {
    const { userManagement } = fakeApi(await jwks()).workos;
    const cookiePassword = [OTHER_PASSWORD, PASSWORD];

    const session = userManagement.loadSealedSession({ sessionData: await cookie(), cookiePassword });

    assertEquals((await session.authenticate()).authenticated, true);
  });

  const broken: [string, object][] = [
    ["no access token", { accessToken: undefined }],
    ["an empty access token", { accessToken: "" }],
    ["an access token that is no text", { accessToken: { sid: "session_1" } }],
  ];
  for (const [name, members] of broken) {
    it(`says that a cookie with ${name} is invalid`, async () => {
      const { userManagement } = fakeApi(await jwks()).workos;
      const sessionData = await cookie(members);

      const result = await userManagement.authenticateWithSessionCookie({ sessionData, cookiePassword: PASSWORD });

      assertEquals(result, { authenticated: false, reason: "invalid_session_cookie" });
    });
  }

  it("refuses a token without a session id", async () => {
    const { userManagement } = fakeApi(await jwks()).workos;
    const sessionData = await cookie({ accessToken: await accessToken({ sid: undefined }) });

    const session = userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD });

    assertEquals(await session.authenticate(), { authenticated: false, reason: "invalid_jwt" });
  });

  it("throws when the keys cannot be had", async () => {
    const cases: [unknown, typeof NetworkException | typeof GenericServerException | typeof ParseError][] = [
      [new TypeError("fetch failed"), NetworkException],
      [json({ message: "down" }, { status: 503 }), GenericServerException],
      [new Response("<html>"), ParseError],
      [json({ keys: "none" }), ParseError],
    ];
    for (const [answer, type] of cases) {
      const { userManagement } = fakeApi(answer).workos;
      const session = userManagement.loadSealedSession({ sessionData: await cookie(), cookiePassword: PASSWORD });

      const error = await assertRejects(() => session.authenticate());

      assertInstanceOf(error, type as typeof NetworkException);
    }
  });

  it("opens the cookie by the client's clock", async () => {
    const members = { accessToken: await accessToken({ exp: NOW / 1000 + 3600 }), user: USER };
    const sessionData = await sealData(members, { password: PASSWORD, ttl: 1, now: () => NOW });
    const keys = await jwks();
    const open = async (time: number) => {
      const { userManagement } = fakeApi.with({ now: () => time }, keys).workos;
      return await userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD }).authenticate();
    };

    assertEquals((await open(NOW)).authenticated, true);
    assertEquals(await open(NOW + 60_001), { authenticated: false, reason: "invalid_session_cookie" });
  });

  it("checks the issuer that userManagement has at that time", async () => {
    const { userManagement } = fakeApi(await jwks()).workos;
    const session = userManagement.loadSealedSession({ sessionData: await cookie(), cookiePassword: PASSWORD });

    userManagement.issuer = ["https://auth.example.com"];
    const refusal = await session.authenticate();
    userManagement.issuer = "https://api.workos.com";
    const success = await session.authenticate();

    assertEquals([refusal.authenticated, success.authenticated], [false, true]);
  });
});

describe("UserManagement.authenticateWithSessionCookie()", () => {
  freezeClock(NOW);

  it("reads the password of the environment that the client has", async () => {
    const env = { WORKOS_API_KEY: "sk_1", WORKOS_CLIENT_ID: "client_1", WORKOS_COOKIE_PASSWORD: PASSWORD };
    const keys = await jwks();
    const workos = WorkOS.fromEnv(env, { fetchFn: () => Promise.resolve(json(keys)) });

    const result = await workos.userManagement.authenticateWithSessionCookie({ sessionData: await cookie() });
    const session = await workos.userManagement.getSessionFromCookie({ sessionData: await cookie() });

    assertEquals([result.authenticated, session?.refreshToken], [true, "refresh_1"]);
  });

  it("refuses a password that is missing or short before it looks at the cookie", async () => {
    const { userManagement } = fakeApi.with({}, {}).workos;
    const messages = ["Cookie password is required", "Password string too short (min 32 characters required)"];
    for (const [i, cookiePassword] of ["", "short"].entries()) {
      for (const method of ["authenticateWithSessionCookie", "getSessionFromCookie"] as const) {
        const error = await assertRejects(() => userManagement[method]({ sessionData: "", cookiePassword }), SealError);

        assertEquals(error.message, messages[i]);
      }
    }
  });
});

describe("UserManagement.getSessionFromCookie()", () => {
  it("gives undefined without a cookie and {} for a bad one", async () => {
    const { userManagement } = fakeApi({}).workos;

    const found = [];
    const text = await sealData("text", { password: PASSWORD });
    for (const sessionData of ["", "garbage", await cookie({}, OTHER_PASSWORD), text]) {
      found.push(await userManagement.getSessionFromCookie({ sessionData, cookiePassword: PASSWORD }));
    }

    assertEquals(found as unknown[], [undefined, {}, {}, {}]);
  });

  it("opens by the client's clock", async () => {
    const sessionData = await sealData({ user: {} }, { password: PASSWORD, ttl: 1, now: () => NOW });
    const open = async (time: number) => {
      const { userManagement } = fakeApi.with({ now: () => time }, {}).workos;
      return await userManagement.getSessionFromCookie({ sessionData, cookiePassword: PASSWORD });
    };

    assertEquals([await open(NOW), await open(NOW + 60_001)] as unknown[], [{ user: {} }, {}]);
  });
});

describe("CookieSession.getLogoutUrl()", () => {
  freezeClock(NOW);

  it("takes an expired token, but not one of somebody else", async () => {
    const { userManagement } = fakeApi(await jwks()).workos;
    const forged = (await accessToken({ exp: 1 })).replace(/.{8}$/, "AAAAAAAA");
    const load = (sessionData: string) => userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD });

    const url = await load(await expiredCookie(86_400)).getLogoutUrl();

    assertEquals(url, "https://api.workos.com/user_management/sessions/logout?session_id=session_1");
    const sessionData = await cookie({ accessToken: forged });
    await assertRejects(() => load(sessionData).getLogoutUrl(), Error, `${NO_LOGOUT}invalid_jwt`);
  });
});

describe("session sealing of sign-ins", () => {
  freezeClock(NOW);

  const session = { sealSession: true, cookiePassword: PASSWORD };

  it("seals the members of the Node SDK in its order", async () => {
    const impersonator = { email: "admin@example.com", reason: null };
    const api = fakeApi(await reply({ impersonator, oauth_tokens: { access_token: "o" } }, { org_id: "org_claim" }));

    const response = await api.workos.userManagement.authenticateWithCode({ code: "c", session });

    assert(response.sealedSession?.endsWith("~2"));
    const opened = await unsealData(response.sealedSession ?? "", { password: PASSWORD });
    assert(opened.ok);
    const sealed = opened.value as Record<string, unknown>;
    const names = ["organizationId", "user", "accessToken", "refreshToken", "authenticationMethod", "impersonator"];
    assertEquals(Object.keys(sealed), names);
    assertEquals(sealed.organizationId, "org_claim");
    assertEquals(sealed.user, plain(response.user));
    assertEquals(sealed.impersonator, impersonator);
    assertEquals(api.requests[0].body.session, undefined);
    assert(!JSON.stringify(api.requests[0].body).includes(PASSWORD));
  });

  it("seals with the first of several passwords", async () => {
    const { userManagement } = fakeApi(await reply()).workos;
    const passwords = [{ id: "2026", secret: OTHER_PASSWORD }, PASSWORD];

    const { sealedSession = "" } = await userManagement.authenticateWithPassword({
      email: "e",
      password: "p",
      session: { sealSession: true, cookiePassword: passwords },
    });

    assert(sealedSession.startsWith("Fe26.2*2026*"));
    assertEquals((await unsealData(sealedSession, { password: passwords })).ok, true);
  });

  it("seals nothing unless asked", async () => {
    const { userManagement } = fakeApi(await reply()).workos;

    const response = await userManagement.authenticateWithCode({
      code: "c",
      session: { ...session, sealSession: false },
    });

    assert(!("sealedSession" in response));
  });

  it("checks key, password and options before the code is spent", async () => {
    const cases: [object, object, string][] = [
      [{ apiKey: undefined }, session, "Session sealing requires server-side usage with an API key."],
      [{}, { sealSession: true }, "Cookie password is required"],
      [{}, { ...session, cookiePassword: "short" }, "Password string too short"],
      [{}, { ...session, maxCookieSize: 1 }, 'Cannot use option "maxCookieSize"'],
    ];
    for (const [options, given, message] of cases) {
      const api = fakeApi.with(options, await reply());
      const grant = { code: "c", codeVerifier: "v", session: given as typeof session };

      await assertRejects(() => api.workos.userManagement.authenticateWithCode(grant), Error, message);

      assertEquals(api.requests, []);
    }
  });

  it("refuses a session that is too large for a cookie, and hands it over", async () => {
    const metadata = { notes: "x".repeat(4000) };
    const { userManagement } = fakeApi(await reply({ user: { ...USER, metadata } })).workos;

    const error = await assertRejects(
      () => userManagement.authenticateWithCode({ code: "c", session }),
      SessionCookieTooLargeException,
    );
    const slim = await userManagement.authenticateWithCode({ code: "c", session: { ...session, slim: true } });
    const large = await userManagement.authenticateWithCode({
      code: "c",
      session: { ...session, maxCookieSize: Infinity },
    });

    assertEquals(error.size, "wos-session=".length + error.sealedSession.length);
    assertEquals(error.maxCookieSize, 4096);
    assertEquals(
      error.message,
      `Cannot keep session in one cookie: it takes ${error.size} bytes of 4096`,
    );
    assert(!JSON.stringify(error).includes("Fe26"));
    const opened = await unsealData(error.sealedSession, { password: PASSWORD });
    assertEquals(opened.ok && (opened.value as { refreshToken: string }).refreshToken, "refresh_2");
    assert(slim.sealedSession!.length < 2000);
    assert(large.sealedSession!.length > 4096);
  });

  it("lets a session that was spread over several cookies stay so when it is refreshed", async () => {
    const user = { ...USER, metadata: { notes: "x".repeat(4000) } };
    const { userManagement } = fakeApi(await reply({ user })).workos;
    const refresh = async (sessionData: string, options?: { maxCookieSize?: number }) =>
      await userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD }).refresh(options);

    const spread = await refresh(await cookie({ user }));

    assert(spread.authenticated && spread.sealedSession!.length > 4096);
    await assertRejects(async () => await refresh(await cookie()), SessionCookieTooLargeException);
    await assertRejects(
      async () => await refresh(await cookie({ user }), { maxCookieSize: 4096 }),
      SessionCookieTooLargeException,
    );
  });

  it("seals of the user only its id when slim, and keeps it so", async () => {
    const api = fakeApi(await reply(), await jwks(), await reply(), await reply({ refresh_token: "refresh_3" }));
    const { userManagement } = api.workos;

    const { sealedSession = "" } = await userManagement.authenticateWithCode({
      code: "c",
      session: { ...session, slim: true },
    });
    const loaded = userManagement.loadSealedSession({ sessionData: sealedSession, cookiePassword: PASSWORD });
    const authenticated = await loaded.authenticate();
    const refreshed = await loaded.refresh();

    assert(authenticated.authenticated && refreshed.authenticated);
    assertEquals(authenticated.user as object, { object: "user", id: "user_1" });
    assertEquals(refreshed.user.email, "ada@example.com");
    const again = await unsealData(refreshed.sealedSession!, { password: PASSWORD });
    assertEquals(again.ok && (again.value as { user: object }).user, { object: "user", id: "user_1" });

    const whole = await loaded.refresh({ slim: false });

    assert(whole.authenticated);
    const last = await unsealData(whole.sealedSession!, { password: PASSWORD });
    assertEquals(last.ok && (last.value as typeof whole).user.email, "ada@example.com");
  });
});

describe("CookieSession.authenticateOrRefresh()", () => {
  freezeClock(NOW);

  const down = json({ message: "down" }, { status: 503 });

  async function load(sessionData: string | Promise<string>, ...answers: unknown[]) {
    const api = fakeApi(...answers);
    const options = { sessionData: await sessionData, cookiePassword: PASSWORD };
    return { api, session: api.workos.userManagement.loadSealedSession(options) };
  }

  it("leaves a session alone that holds", async () => {
    const { api, session } = await load(cookie(), await jwks());

    const result = await session.authenticateOrRefresh();

    assert(result.authenticated);
    assertEquals([result.sessionId, result.stale, result.sealedSession], ["session_1", false, undefined]);
    assertEquals(api.requests.length, 1);
  });

  it("refreshes one whose access token is expired", async () => {
    const { api, session } = await load(expiredCookie(), await jwks(), await reply());

    const result = await session.authenticateOrRefresh();

    assert(result.authenticated);
    assertEquals([result.sessionId, result.role, result.stale], ["session_new", "admin", false]);
    assertEquals(result.accessToken, await accessToken({ sid: "session_new", role: "admin" }));
    assertEquals(api.requests[1].body.refresh_token, "refresh_1");
    const opened = await unsealData(result.sealedSession!, { password: PASSWORD });
    assertEquals(opened.ok && (opened.value as { refreshToken: string }).refreshToken, "refresh_2");
  });

  it("refreshes with the options of the call", async () => {
    const { api, session } = await load(expiredCookie(), await jwks(), await reply());

    await session.authenticateOrRefresh({}, { idempotencyKey: "mine" });

    assertEquals(api.requests[1].headers["idempotency-key"], "mine");
  });

  const over: [string, () => Promise<string> | string, string][] = [
    ["no cookie", () => "", "no_session_cookie_provided"],
    ["a bad cookie", () => "garbage", "invalid_session_cookie"],
    ["a cookie without a refresh token", () => expiredCookie(1, { refreshToken: "" }), "invalid_session_cookie"],
    ["a cookie whose refresh token is no text", () => expiredCookie(1, { refreshToken: 7 }), "invalid_session_cookie"],
  ];
  for (const [name, sessionData, reason] of over) {
    it(`says for good that there is no session in ${name}`, async () => {
      const { session } = await load(sessionData(), await jwks());

      assertEquals(
        await session.authenticateOrRefresh({ grace: 60 }),
        { authenticated: false, reason, retryable: false } as never,
      );
    });
  }

  it("lets an expired session go on for the grace period while the API is down", async () => {
    for (const grace of [61, 86_400]) {
      const { session } = await load(expiredCookie(grace - 1), await jwks(), down);

      const result = await session.authenticateOrRefresh({ grace });

      assert(result.authenticated);
      assertEquals([result.sessionId, result.stale, result.sealedSession], ["session_1", true, undefined]);
    }
  });

  const refusals: [string, number | undefined, () => Promise<string>][] = [
    ["without a grace period", undefined, () => expiredCookie(0)],
    ["after the grace period", 60, () => expiredCookie(60)],
    ["when the token never held", 60, async () => cookie({ accessToken: await accessToken({ nbf: NOW / 1000 + 9 }) })],
  ];
  for (const [name, grace, sessionData] of refusals) {
    it(`says that the API is not available ${name}`, async () => {
      const { session } = await load(sessionData(), await jwks(), down);

      const result = await session.authenticateOrRefresh({ grace });

      assert(!result.authenticated && result.retryable);
      assertEquals(result.reason, "server_error");
    });
  }

  it("has no grace for a session that is over", async () => {
    const ended = json({ error: "invalid_grant" }, { status: 400 });
    const { session } = await load(expiredCookie(), await jwks(), ended);

    const result = await session.authenticateOrRefresh({ grace: 60 });

    assertEquals(result, { authenticated: false, reason: "invalid_grant", retryable: false });
  });

  it("ends with the caller's signal while the keys are loaded, for this caller alone", async () => {
    let load!: (response: Response) => void;
    const keys = new Promise<Response>((resolve) => load = resolve);
    const { workos } = fakeApi.with({ fetchFn: async () => (await keys).clone() });
    const sessionData = await cookie();
    const start = (signal?: AbortSignal) =>
      workos.userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD })
        .authenticateOrRefresh({}, { signal });
    const controller = new AbortController();

    const [mine, other] = [start(controller.signal), start()];
    await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(new Error("gone"));
    await assertRejects(() => mine, Error, "gone");
    await assertRejects(() => start(AbortSignal.abort(new Error("never began"))), Error, "never began");
    await assertRejects(() => start({} as AbortSignal), TypeError, '"signal"');

    load(json(await jwks()));
    assertEquals((await other).authenticated, true);
  });

  it("asks nobody for a caller who is gone", async () => {
    const { api, session } = await load(cookie(), await jwks());
    const signal = AbortSignal.abort(new Error("gone"));

    await assertRejects(() => session.authenticateOrRefresh({}, { signal }), Error, "gone");
    await new Promise((resolve) => setTimeout(resolve, 5));

    assertEquals(api.requests, []);
  });

  it("says that the API is not available when the keys are not", async () => {
    const { session } = await load(cookie(), new TypeError("fetch failed"));

    const result = await session.authenticateOrRefresh({ grace: 60 });

    assert(!result.authenticated && result.retryable);
    assertEquals(result.reason, "network_error");
    assertInstanceOf(result.error, NetworkException);
  });

  it("throws for new tokens that it would refuse afterwards, and hands over the session", async () => {
    const unfit = [[{ iss: "https://other.example" }, "wrong_issuer"], [{ sid: "" }, "invalid_claim"]] as const;
    for (const [claims, reason] of unfit) {
      const { api, session } = await load(expiredCookie(), await jwks(), await reply({}, claims));
      api.workos.userManagement.issuer = "https://api.workos.com";

      const error = await assertRejects(() => session.authenticateOrRefresh(), SessionTokenException);

      assertEquals(error.reason, reason);
      const opened = await unsealData(error.sealedSession, { password: PASSWORD });
      assertEquals(opened.ok && (opened.value as { refreshToken: string }).refreshToken, "refresh_2");
      assert(!JSON.stringify(error).includes("Fe26"));
    }
  });

  it("spends no token when the client names another issuer than the session's", async () => {
    const early = async () => cookie({ accessToken: await accessToken({ nbf: NOW / 1000 + 9 }) });
    for (const sealed of [expiredCookie, cookie, early]) {
      const sessionData = await sealed();
      const { api, session } = await load(sessionData, await jwks());
      api.workos.userManagement.issuer = "https://typo.example";

      const error = await assertRejects(() => session.authenticateOrRefresh(), SessionTokenException);

      assertEquals([error.reason, api.requests.length], ["wrong_issuer", 1]); // the keys
      assertEquals(error.sealedSession, sessionData);
    }
  });

  it("answers for a token that is not genuine, whatever issuer it names", async () => {
    const [head, claims] = (await accessToken({ iss: "https://other.example" })).split(".");
    const forged = cookie({ accessToken: `${head}.${claims}.AAAA` });
    const { api, session } = await load(forged, await jwks(), json({ error: "invalid_grant" }, { status: 400 }));
    api.workos.userManagement.issuer = "https://api.workos.com";

    assertEquals(await session.authenticateOrRefresh(), {
      authenticated: false,
      reason: "invalid_grant",
      retryable: false,
    });
  });

  it("throws for what says nothing about the session", async () => {
    const { session } = await load(expiredCookie(), await jwks(), json({ message: "no" }, { status: 401 }));

    await assertRejects(() => session.authenticateOrRefresh({ grace: 60 }), UnauthorizedException);
    for (const grace of [-1, 86_401, NaN]) {
      await assertRejects(() => session.authenticateOrRefresh({ grace }), RangeError, "grace");
    }
  });
});

describe("UserManagement.loadSealedSession()", () => {
  it("does nothing yet", () => {
    const api = fakeApi({});

    const session = api.workos.userManagement.loadSealedSession({ sessionData: "x", cookiePassword: PASSWORD });

    assertStrictEquals(session.constructor, CookieSession);
    assertEquals(api.requests, []);
  });
});
