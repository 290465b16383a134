import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import * as jose from "npm:jose@6.1.0";
import { type CachedKeySet, type JsonWebKeySet, JwtError, NetworkException } from "../../../mod.ts";
import { generateSigningKey, signJwt } from "../../../src/emulator/signing.ts";
import { sealData } from "../../../src/seal.ts";
import { documentedIssuers } from "../../../src/resources/user_management/access_tokens.ts";
import { fakeApi, json } from "../../fake_api.ts";
import { freezeClock } from "../../frozen_clock.ts";
import vectors from "../../vectors/jwts.json" with { type: "json" };
import { accessToken, cookie, jwks, NOW, outcome, PASSWORD } from "./session_fixtures.ts";
import { fc } from "../../properties.ts";

interface Vector {
  name: string;
  input: { token: string; jwks: unknown; issuer?: string | string[]; nowMs: number };
  expected: { officialSessionOutcome: "authenticated" | "invalid_jwt" | "invalid_session_cookie" | "throws" };
}

/** Where we refuse what the Node SDK accepts, and why. */
const REFUSED = [
  "valid: no exp claim", // a token that never expires cannot be revoked
  "valid: PS256 when the JWK has no alg", // WorkOS signs with RS256 and nothing else
  "valid: RS512 when the JWK has no alg",
  "valid: ES256 with an EC key",
  "valid: EdDSA with an Ed25519 key",
];

/** Where both throw, as it is the issuer who is to blame. All other throwing cases are the token's: `invalid_jwt`. */
const THROWING = [
  "rejected: malformed JWKS",
  "rejected: empty JWKS",
  "rejected: JWK use enc",
  "rejected: key_ops without verify",
  "rejected: RSA JWK with a private member",
  "rejected: RSA key of 1024 bits",
];

describe("access tokens of vectors in a session", () => {
  const clock = freezeClock();

  for (const { name, input, expected } of vectors as unknown as Vector[]) {
    it(name, async () => {
      clock.now = input.nowMs;
      const sessionData = await sealData({ accessToken: input.token, user: {} }, { password: PASSWORD });
      const { userManagement } = fakeApi(input.jwks).workos;
      userManagement.issuer = input.issuer; // the client's option may not be an empty list
      const session = userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD });

      const { value, throws } = await outcome(() => session.authenticate());

      const { authenticated, reason } = Object(value) as { authenticated?: boolean; reason?: string };
      const found = throws ? "throws" : authenticated ? "authenticated" : reason;
      const official = expected.officialSessionOutcome;
      const ours = REFUSED.includes(name) || (official === "throws" && !THROWING.includes(name));
      assertEquals(found, ours ? "invalid_jwt" : official);
    });
  }

  it("differ from the Node SDK in known cases only", () => {
    const names = (vectors as unknown as Vector[]).map(({ name }) => name);

    assertEquals(names.length, 65);
    assertEquals([...REFUSED, ...THROWING].filter((name) => !names.includes(name)), []);
  });
});

describe("UserManagement.verifyAccessToken()", () => {
  freezeClock(NOW);

  it("gives the claims, those of a template too", async () => {
    const { userManagement } = fakeApi(await jwks()).workos;

    const result = await userManagement.verifyAccessToken<{ plan: string }>(await accessToken({ plan: "pro" }));

    assert(result.ok);
    assertEquals([result.claims.sub, result.claims.org_id, result.claims.plan], ["user_1", "org_1", "pro"]);
    assertEquals(Object.keys(result), ["ok", "claims"]);
  });

  it("accepts the documented issuers, exactly", async () => {
    const api = fakeApi.with({ baseUrl: "https://auth.example.com/" }, await jwks());
    const verify = async (iss: string | undefined) => {
      const result = await api.workos.userManagement.verifyAccessToken(await accessToken({ iss }));
      return result.ok || result.reason;
    };

    const good = [
      "https://api.workos.com",
      "https://api.workos.com/user_management/client_fake",
      "https://auth.example.com",
      "https://auth.example.com/user_management/client_fake",
    ];
    for (const iss of good) assertEquals(await verify(iss), true, iss);
    const bad = [
      "https://api.workos.com/",
      "https://api.workos.com/user_management/client_other",
      "https://api.workos.com.example",
      "http://api.workos.com",
      "",
    ];
    for (const iss of bad) assertEquals(await verify(iss), "wrong_issuer", iss);
    assertEquals(await verify(undefined), "missing_claim");
  });

  it("names each issuer once", () => {
    assertEquals(documentedIssuers("https://api.workos.com", "client_1"), [
      "https://api.workos.com",
      "https://api.workos.com/user_management/client_1",
    ]);
  });

  const rules: [string, object, object, string | true][] = [
    ["its own issuer", { iss: "https://x.example" }, { issuer: ["https://x.example"] }, true],
    ["another issuer", {}, { issuer: "https://x.example" }, "wrong_issuer"],
    ["no issuer at all", {}, { issuer: [] }, "wrong_issuer"],
    ["its audience", { aud: ["a", "b"] }, { audience: "b" }, true],
    ["another audience", { aud: "a" }, { audience: ["b", "c"] }, "wrong_audience"],
    ["no audience", {}, { audience: "a" }, "missing_claim"],
    ["a clock that is off", { exp: NOW / 1000 - 9 }, { clockTolerance: 10 }, true],
    ["an expired token", { exp: NOW / 1000 }, {}, "expired"],
    ["no session", { sid: undefined }, {}, "missing_claim"],
    ["no session where none is needed", { sid: undefined }, { requireSession: false }, true],
    ["no expiry", { exp: undefined }, { requireSession: false }, "missing_claim"],
  ];
  for (const [name, claims, options, wanted] of rules) {
    it(`judges a token with ${name}`, async () => {
      const { userManagement } = fakeApi(await jwks()).workos;

      const result = await userManagement.verifyAccessToken(await accessToken(claims), options);

      assertEquals(result.ok || result.reason, wanted);
    });
  }

  it("prefers the issuer of the client to the documented ones", async () => {
    const { userManagement } = fakeApi.with({ issuer: "https://x.example" }, await jwks()).workos;

    const results = [
      await userManagement.verifyAccessToken(await accessToken()),
      await userManagement.verifyAccessToken(await accessToken({ iss: "https://x.example" })),
    ];

    assertEquals(results.map(({ ok }) => ok), [false, true]);
  });

  it("trusts the keys it is given, and those of another client id", async () => {
    const api = fakeApi(await jwks());
    const token = await accessToken();

    const given = await api.workos.userManagement.verifyAccessToken(token, { keys: await jwks() as JsonWebKeySet });
    const empty = await api.workos.userManagement.verifyAccessToken(token, { keys: { keys: [] } });
    const paths = api.requests.length;
    const other = await api.workos.userManagement.verifyAccessToken(token, { clientId: "client_2" });

    assertEquals([given.ok, empty.ok, other.ok, paths], [true, false, true, 0]);
    assertEquals(api.requests.map(({ path }) => path), ["/sso/jwks/client_2"]);
  });

  it("refuses a critical extension and every algorithm but RS256", async () => {
    const { userManagement } = fakeApi(await jwks()).workos;

    const reasons = [];
    for (const header of [{ crit: ["exp"] }, { alg: "none" }, { alg: "HS256" }, { alg: "RS512" }, { kid: "kid_2" }]) {
      const result = await userManagement.verifyAccessToken(await accessToken({}, header));
      reasons.push(result.ok || result.reason);
    }

    const algorithm = "unsupported_algorithm";
    assertEquals(reasons, ["critical_header", algorithm, algorithm, algorithm, "unknown_key"]);
  });

  it("throws when the keys cannot be had, and for mistakes of the program", async () => {
    const { userManagement } = fakeApi(new TypeError("fetch failed")).workos;
    const token = await accessToken();

    await assertRejects(() => userManagement.verifyAccessToken(token), NetworkException);
    await assertRejects(() => userManagement.verifyAccessToken(token, { issuer: "" }), TypeError, "issuer");
    userManagement.clientId = undefined;
    await assertRejects(() => userManagement.verifyAccessToken(token), TypeError, "clientId is required");
  });

  it("goes by the clock of the client", async () => {
    const verify = async (time: number) => {
      const { userManagement } = fakeApi.with({ now: () => time }, await jwks()).workos;
      return (await userManagement.verifyAccessToken(await accessToken())).ok;
    };

    assertEquals([await verify(NOW + 59_000), await verify(NOW + 60_000)], [true, false]);
  });

  it("asks nobody for a token that can be refused at a glance", async () => {
    const api = fakeApi(new TypeError("fetch failed"));

    for (const token of ["", "a.b.c", undefined, null, {}] as string[]) {
      assertEquals(await api.workos.userManagement.verifyAccessToken(token), { ok: false, reason: "malformed" });
    }
    assertEquals(api.requests, []);
  });
});

describe("UserManagement.getJWKS()", () => {
  freezeClock(NOW);

  it("is what jose verifies with", async () => {
    const { userManagement } = fakeApi(await jwks()).workos;
    const getKey = await userManagement.getJWKS();
    const options = { currentDate: new Date(NOW) };

    const { payload } = await jose.jwtVerify(await accessToken(), getKey as unknown as jose.JWTVerifyGetKey, options);

    assertEquals(payload.sid, "session_1");
  });

  it("throws for a key that the client does not have", async () => {
    const { userManagement } = fakeApi(await jwks()).workos;
    const getKey = await userManagement.getJWKS();

    const error = await assertRejects(() => getKey!({ alg: "RS256", kid: "other" }), JwtError);
    await assertRejects(() => getKey!({ alg: "none", kid: "kid_1" }), JwtError);

    assertEquals(error.reason, "unknown_key");
  });

  it("reload() loads the keys now", async () => {
    const { workos: { userManagement }, requests } = fakeApi(await jwks());
    const getKey = await userManagement.getJWKS();

    await getKey!.reload();
    await getKey!.reload();
    await getKey!({ alg: "RS256", kid: "kid_1" });

    assertEquals(requests.length, 2);
  });

  it("is undefined without a client id", async () => {
    const { userManagement } = fakeApi({}).workos;
    userManagement.clientId = undefined;

    assertEquals(await userManagement.getJWKS(), undefined);
  });
});

describe("key sets of a client", () => {
  const clock = freezeClock(NOW);

  it("are seeded by an option", async () => {
    const api = fakeApi.with({ keySetSeed: await jwks() as JsonWebKeySet }, new TypeError("fetch failed"));

    const result = await api.workos.userManagement.verifyAccessToken(await accessToken());

    assertEquals([result.ok, api.requests.length], [true, 0]);
  });

  it("are seeded for the client id of the client alone", async () => {
    const keySetSeed = await jwks() as JsonWebKeySet;
    const api = fakeApi.with({ keySetSeed }, { keys: [{ ...keySetSeed.keys[0], kid: "kid_other" }] });

    const result = await api.workos.userManagement.verifyAccessToken(await accessToken(), { clientId: "client_other" });

    assertEquals([result, api.requests[0].path], [{ ok: false, reason: "unknown_key" }, "/sso/jwks/client_other"]);
  });

  it("are kept in the cache of an option, by URL", async () => {
    const kept = new Map<string, CachedKeySet>();
    const keySetCache = {
      get: (url: string) => Promise.resolve(kept.get(url)),
      set: (url: string, keySet: CachedKeySet) => void kept.set(url, JSON.parse(JSON.stringify(keySet))),
    };
    const first = fakeApi.with({ keySetCache }, await jwks());
    const second = fakeApi.with({ keySetCache }, new TypeError("fetch failed"));

    const results = [
      await first.workos.userManagement.verifyAccessToken(await accessToken()),
      await second.workos.userManagement.verifyAccessToken(await accessToken()),
    ];

    assertEquals(results.map(({ ok }) => ok), [true, true]);
    assertEquals([first.requests.length, second.requests.length], [1, 0]);
    assertEquals([...kept.keys()], ["https://api.workos.com/sso/jwks/client_fake"]);
  });

  it("are loaded again for a key that came after", async () => {
    const fresh = await generateSigningKey("kid_2");
    const rotated = { keys: [fresh.jwk, ...(await jwks()).keys] };
    const api = fakeApi(await jwks(), rotated);
    const token = await signJwt({ iss: "https://api.workos.com", sid: "s", exp: NOW / 1000 + 60 }, {
      ...fresh,
      kid: "kid_2",
    });

    const before = await api.workos.userManagement.verifyAccessToken(await accessToken());
    clock.now += 30_000;
    const after = await api.workos.userManagement.verifyAccessToken(token);

    assertEquals([before.ok, after.ok, api.requests.length], [true, true, 2]);
  });
});

describe("attacks", () => {
  freezeClock(NOW);

  const RUNS = 5_000;

  /** Flips one bit of one character, or cuts the text off. */
  function mutation(text: string): fc.Arbitrary<string> {
    const at = fc.integer({ min: 0, max: text.length - 1 });
    const flipped = fc.tuple(at, fc.integer({ min: 0, max: 6 })).map(([i, bit]) =>
      text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) ^ (1 << bit)) + text.slice(i + 1)
    );
    return fc.oneof({ weight: 4, arbitrary: flipped }, { weight: 1, arbitrary: at.map((i) => text.slice(0, i)) });
  }

  /** The last character of base64 has bits that mean nothing, and so has what comes after the version of a seal. */
  function meansTheSame(text: string, genuine: string): boolean {
    return text.startsWith(genuine.slice(0, -4));
  }

  it("on cookies never authenticate and never throw", async () => {
    const { userManagement } = fakeApi(await jwks(), new Error("Nothing is refreshed")).workos;
    const sealed = await cookie();
    let opened = 0;

    await fc.assert(
      fc.asyncProperty(mutation(sealed), async (sessionData) => {
        const session = userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD });
        const result = await session.authenticate();
        if (result.authenticated) assert(++opened && meansTheSame(sessionData, sealed));
        else assert(/^(invalid_session_cookie|no_session_cookie_provided)$/.test(result.reason));
      }),
      { numRuns: RUNS },
    );
    assert(opened < RUNS / 20);
  });

  it("on tokens in genuine cookies never authenticate and never throw", async () => {
    const { userManagement } = fakeApi(await jwks()).workos;
    const genuine = await accessToken();
    let accepted = 0;

    await fc.assert(
      fc.asyncProperty(mutation(genuine), async (token) => {
        const result = await userManagement.verifyAccessToken(token);
        if (result.ok) assert(++accepted && meansTheSame(token, genuine));
        else {assert(
            /^(malformed|unsupported_algorithm|critical_header|unknown_key|bad_signature)$/.test(result.reason),
          );}
      }),
      { numRuns: RUNS },
    );
    assert(accepted < RUNS / 20);
  });

  it("on cookies of any text are results everywhere", async () => {
    const { userManagement } = fakeApi(await jwks()).workos;
    const part = fc.oneof(
      fc.constantFrom("Fe26.2", "1", "", "AAAA", "~2", "~1", "constructor"),
      fc.string({ maxLength: 8 }),
    );
    const anything = fc.array(part, { maxLength: 10 }).map((parts) => parts.join("*"));

    await fc.assert(
      fc.asyncProperty(anything, async (sessionData) => {
        const session = userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD });
        assertEquals((await session.authenticate()).authenticated, false);
        assertEquals((await session.refresh()).authenticated, false);
        assertEquals((await session.authenticateOrRefresh({ grace: 60 })).authenticated, false);
        assertInstanceOf((await outcome(() => session.getLogoutUrl())).throws, Error);
      }),
      { numRuns: 300 },
    );
  });

  it("with members of any kind in a genuine seal are results everywhere", async () => {
    const { userManagement } = fakeApi.with({}, await jwks(), json({ error: "invalid_grant" }, { status: 400 })).workos;
    const member = fc.oneof(fc.constant(undefined), fc.jsonValue(), fc.constantFrom("a.b.c", "e30.e30.AA"));
    const session = fc.oneof(
      fc.record({ accessToken: member, refreshToken: member, user: member, organizationId: member }),
      fc.jsonValue(),
    );

    await fc.assert(
      fc.asyncProperty(session, async (value) => {
        const sessionData = await sealData(value, { password: PASSWORD });
        const loaded = userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD });
        assertEquals((await loaded.authenticate()).authenticated, false);
        assertEquals((await loaded.refresh()).authenticated, false);
        assertEquals((await loaded.authenticateOrRefresh()).authenticated, false);
        await userManagement.getSessionFromCookie({ sessionData, cookiePassword: PASSWORD });
      }),
      { numRuns: 300 },
    );
  });
});
