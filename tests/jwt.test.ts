import { before, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import * as jose from "npm:jose@6.1.0";
import { concat, fromBase64Url, fromHex, toBase64Url, utf8 } from "../src/bytes.ts";
import {
  decodeClaims,
  decodeJwt,
  importPublicKey,
  type Jwk,
  JwtError,
  type JwtHeader,
  selectKey,
  verifyJwt,
  type VerifyJwtOptions,
} from "../src/jwt.ts";
import { generateSigningKey, type SigningKey, signJwt } from "../src/emulator/signing.ts";
import vectors from "./vectors/jwts.json" with { type: "json" };
import { fc } from "./properties.ts";

interface Case {
  name: string;
  input: { token: string; jwks: { keys: Jwk[] }; issuer?: string | string[]; nowMs: number };
  expected: { valid: boolean; claims?: Record<string, unknown>; error?: { code?: string; message: string } };
}

/** What we say to the errors of the Node SDK. */
const REASONS: Record<string, string> = {
  ERR_JWT_EXPIRED: "expired",
  ERR_JWT_CLAIM_VALIDATION_FAILED: "invalid_claim",
  ERR_JWT_INVALID: "malformed",
  ERR_JWS_INVALID: "malformed",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "bad_signature",
  ERR_JWKS_NO_MATCHING_KEY: "unknown_key",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: "unknown_key",
  ERR_JOSE_NOT_SUPPORTED: "unsupported_algorithm",
};

/** Cases with a more precise reason than their error code gives. */
const FINER: Record<string, string> = {
  "invalid: nbf one second ahead": "not_yet_valid",
  "invalid: issuer differs": "wrong_issuer",
  "invalid: issuer has trailing slash": "wrong_issuer",
  "invalid: empty issuer list rejects everything": "wrong_issuer",
  "invalid: issuer required but missing": "missing_claim",
  "invalid: unencoded payload (b64 false)": "critical_header",
  "rejected: unknown critical header": "critical_header",
  "rejected: RS384 while the JWK says RS256": "unsupported_algorithm",
  "rejected: PS256 while the JWK says RS256": "unsupported_algorithm",
  "rejected: ES256 while the JWK is RSA": "unsupported_algorithm",
  "rejected: RSA JWK with a private member": "unknown_key",
  "rejected: RSA key of 1024 bits": "throws unusable_key",
  "rejected: malformed JWKS": "throws",
};

/** Where we refuse what the Node SDK accepts, and why. */
const DIFFERENCES: Record<string, string> = {
  // A token that never expires cannot be revoked.
  "valid: no exp claim": "missing_claim",
  // WorkOS signs with RS256; an algorithm nobody asked for is an algorithm nobody looked at.
  "valid: PS256 when the JWK has no alg": "unsupported_algorithm",
  "valid: RS512 when the JWK has no alg": "unsupported_algorithm",
  "valid: ES256 with an EC key": "unsupported_algorithm",
  "valid: EdDSA with an Ed25519 key": "unsupported_algorithm",
};

const SECONDS = 1_790_000_000;
const now = () => SECONDS * 1000 + 999;

describe("jwt vectors", () => {
  const cases = vectors as unknown as Case[];

  it("name every difference", () => {
    for (const name of Object.keys({ ...FINER, ...DIFFERENCES })) {
      assert(cases.some((each) => each.name === name), name);
    }
  });

  for (const { name, input, expected } of cases) {
    it(name, async () => {
      const options = { keys: input.jwks, issuer: input.issuer, now: () => input.nowMs };
      const outcome = await outcomeOf(input.token, options);

      const refused = DIFFERENCES[name] ?? FINER[name] ?? REASONS[expected.error?.code ?? ""];
      assertEquals(outcome, expected.valid && !DIFFERENCES[name] ? expected.claims : refused);
    });
  }

  it("a token without exp is accepted when none is required", async () => {
    const { input, expected } = cases.find((each) => each.name === "valid: no exp claim")!;

    const outcome = await outcomeOf(input.token, { keys: input.jwks, now: () => input.nowMs, requireExp: false });
    assertEquals(outcome, expected.claims);
  });
});

describe("jwt", () => {
  let signing: SigningKey;
  let other: SigningKey;
  const claims = { sub: "user_1", sid: "session_1", exp: SECONDS + 60 };
  const sign = (payload: object = claims, header?: Record<string, unknown>, key = signing) =>
    signJwt(payload, { privateKey: key.privateKey, kid: "key_1", header });
  const verify = (token: string, options: Partial<VerifyJwtOptions> = {}) =>
    outcomeOf(token, { keys: { keys: [signing.jwk] }, now, ...options });

  before(async () => {
    signing = await generateSigningKey("key_1");
    other = await generateSigningKey("key_2");
  });

  it("signJwt() makes what verifyJwt() accepts", async () => {
    const result = await verifyJwt(await sign(), { keys: { keys: [signing.jwk] }, now });

    assertEquals(result, { ok: true, claims, header: { alg: "RS256", typ: "JWT", kid: "key_1" } });
  });

  it("signJwt() makes what another implementation accepts", async () => {
    const { jwk } = signing;
    const { payload } = await jose.jwtVerify(await sign(), await jose.importJWK({ ...jwk, kty: "RSA" }, "RS256"), {
      currentDate: new Date(now()),
    });

    assertEquals({ ...payload } as unknown, claims);
  });

  it("verifyJwt() accepts what another implementation signs", async () => {
    const { privateKey, publicKey } = await jose.generateKeyPair("RS256");
    const jwk = { ...await jose.exportJWK(publicKey), kid: "k" };
    const token = await new jose.SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k" }).sign(privateKey);

    assertEquals(await verify(token, { keys: { keys: [jwk] } }), claims);
  });

  it("generateSigningKey() keeps the private half to itself", () => {
    assertEquals(Object.keys(signing.jwk).sort(), ["alg", "e", "kid", "kty", "n", "use"]);
    assertEquals(signing.privateKey.extractable, false);
  });

  it("decodeJwt() takes a token apart without verifying it", async () => {
    const [header, payload] = (await sign({ a: 1 })).split(".");

    const decoded = decodeJwt(`${header}.${payload}.AAAA`);

    assertEquals(decoded, { header: { alg: "RS256", typ: "JWT", kid: "key_1" }, payload: { a: 1 } });
  });

  it("decodeClaims() looks at the claims alone", () => {
    const payload = toBase64Url(utf8('{"a":1}'));

    assertEquals(decodeClaims(`header.${payload}.signature`), { a: 1 });
    const parts = ["", payload, `${payload}.${payload}`, `a.${payload}.b.c`, `a.b.${payload}.c`];
    for (const token of [...parts, "a.b.c", "a..c", `a.${payload}!.c`]) {
      assertThrows(() => decodeClaims(token), JwtError, "Cannot decode token: it is malformed");
    }
  });

  const json = (value: unknown) => toBase64Url(utf8(JSON.stringify(value)));
  const header = json({ alg: "RS256", kid: "key_1" });
  const malformed: [string, string][] = [
    ["with no parts", ""],
    ["with two parts", `${header}.${json({})}`],
    ["with five parts", `${header}.a.b.c.d`],
    ["with white space", ` ${header}.${json({})}.`],
    ["with padding", `${header}.${json({ a: 12345 })}=.`],
    ["with standard base64", `${header}.+/8.`],
    ["with stray bits in a part", `${header}.${json({})}.AB`],
    ["whose header is no JSON", `AAAA.${json({})}.`],
    ["whose header is a list", `${json([])}.${json({})}.`],
    ["whose header is null", `${json(null)}.${json({})}.`],
    ["whose header has no alg", `${json({ kid: "key_1" })}.${json({})}.`],
    ["whose alg is no text", `${json({ alg: 1 })}.${json({})}.`],
    ["whose header is no UTF-8", `${toBase64Url(new Uint8Array([0xff]))}.${json({})}.`],
    ["that is no text", 5 as unknown as string],
  ];
  for (const [name, token] of malformed) {
    it(`a token ${name} is malformed`, async () => {
      assertEquals(await verify(token), "malformed");
      const error = assertThrows(() => decodeJwt(token), JwtError, "Cannot decode token: it is malformed");
      assertEquals(error.reason, "malformed");
    });
  }

  for (const payload of ["null", "[]", "1", "{", '\uFEFF{"exp":1790000060}']) {
    it(`a genuine token around ${JSON.stringify(payload)} is malformed`, async () => {
      const signed = `${header}.${toBase64Url(utf8(payload))}`;
      const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", signing.privateKey, utf8(signed));

      assertEquals(await verify(`${signed}.${toBase64Url(new Uint8Array(signature))}`), "malformed");
      assertThrows(() => decodeJwt(`${signed}.AA`), JwtError, "malformed");
    });
  }

  it("a signature over other bytes is refused before the payload is read", async () => {
    const [first, , third] = (await sign()).split(".");

    assertEquals(await verify(`${first}.AAAA.${third}`), "bad_signature");
  });

  it("no changed character goes unnoticed", async () => {
    const token = await sign();
    const [header] = token.split(".");

    for (let index = 0; index < token.length; index++) {
      const swapped = token[index] === "B" ? "C" : "B";
      const isForm = index < header.length || token[index] === "." || index === token.length - 1;
      const reasons = ["bad_signature", ...isForm ? ["malformed", "unknown_key", "unsupported_algorithm"] : []];

      const outcome = await verify(token.slice(0, index) + swapped + token.slice(index + 1));

      assert(reasons.includes(outcome as string), `character ${index}: ${outcome}`);
    }
  });

  it("no other last character stands for the same signature", async () => {
    const token = await sign();
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    const outcomes: unknown[] = [];
    for (const last of alphabet.replace(token.at(-1)!, "")) outcomes.push(await verify(token.slice(0, -1) + last));

    const count = (reason: string) => outcomes.filter((it) => it === reason).length;
    assertEquals([count("malformed"), count("bad_signature")], [60, 3]); // those that end in four bits of 0 are well-formed
  });

  it("no text taken at random is accepted or throws", async () => {
    const part = fc.oneof(fc.constantFrom(header, json(claims), "", "e30"), fc.string({ maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 4 }), async (parts) => {
        assertEquals(typeof await verify(parts.join(".")), "string");
      }),
      { numRuns: 100 },
    );
  });

  for (const alg of ["none", "None", "NONE", "", "HS256", "RS384", "RS512", "PS256", "ES256", "rs256", "RS256 "]) {
    it(`the algorithm ${JSON.stringify(alg)} is refused before any key is looked for`, async () => {
      const keys = () => Promise.reject(new Error("asked for a key"));

      assertEquals(await verify(await sign(claims, { alg }), { keys }), "unsupported_algorithm");
      assertEquals(await verify(`${json({ alg })}.${json(claims)}.`, { keys }), "unsupported_algorithm");
    });
  }

  it("HS256 with the public key as the secret is refused", async () => {
    const spki = new Uint8Array(
      await crypto.subtle.exportKey(
        "spki",
        await crypto.subtle.importKey(
          "jwk",
          signing.jwk,
          { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
          true,
          ["verify"],
        ),
      ),
    );
    const lines = btoa(String.fromCharCode(...spki)).match(/.{1,64}/g)!.join("\n");
    const pem = `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`;
    const secrets = [
      utf8(pem),
      spki,
      fromBase64Url(signing.jwk.n!),
      utf8(signing.jwk.n!),
      utf8(JSON.stringify(signing.jwk)),
    ];

    for (const secret of secrets) {
      const hmac = { name: "HMAC", hash: "SHA-256" };
      const key = await crypto.subtle.importKey("raw", secret, hmac, false, ["sign"]);
      for (const alg of ["HS256", "RS256"]) {
        const signed = `${json({ alg, kid: "key_1" })}.${json(claims)}`;
        const signature = toBase64Url(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(signed))));
        const expected = alg === "HS256" ? "unsupported_algorithm" : "bad_signature";
        assertEquals(await verify(`${signed}.${signature}`), expected);
      }
    }
  });

  it("keys the token brings along are not used", async () => {
    for (
      const extra of [{ jwk: other.jwk }, { x5c: ["AAAA"] }, { jku: "https://keys.example" }, { x5u: "https://x" }]
    ) {
      assertEquals(await verify(await sign(claims, extra, other)), "bad_signature");
      assertEquals(await verify(await sign(claims, extra)), claims);
    }
    assertEquals(await verify(await sign(claims, { jwk: other.jwk, kid: "key_2" }, other)), "unknown_key");
  });

  for (const crit of [["exp"], ["b64"], [], null, "exp"]) {
    it(`the critical header ${JSON.stringify(crit)} is refused`, async () => {
      assertEquals(await verify(await sign(claims, { crit })), "critical_header");
    });
  }

  it("a key is chosen by its id", async () => {
    const keys = { keys: [other.jwk, signing.jwk] };

    assertEquals(await verify(await sign(), { keys }), claims);
    assertEquals(await verify(await sign(claims, { kid: "key_2" }), { keys }), "bad_signature");
    assertEquals(await verify(await sign(claims, { kid: "key_3" }), { keys }), "unknown_key");
    assertEquals(await verify(await sign(claims, { kid: null }), { keys }), "unknown_key");
    assertEquals(await verify(await sign(claims, { kid: "__proto__" }), { keys }), "unknown_key");
    const numbered = { ...signing.jwk, kid: 7 as unknown as string };
    assertEquals(await verify(await sign(claims, { kid: 7 }), { keys: { keys: [numbered] } }), "unknown_key");
  });

  it("without a key id the choice must be clear", async () => {
    const token = await sign(claims, { kid: undefined });

    assertEquals(await verify(token), claims);
    assertEquals(await verify(token, { keys: { keys: [signing.jwk, other.jwk] } }), "unknown_key");
    const enc = { ...other.jwk, use: "enc" };
    assertEquals(await verify(token, { keys: { keys: [enc, signing.jwk] } }), claims);
  });

  const unfit: [string, Jwk][] = [
    ["of another type", { kty: "EC" }],
    ["without a type", { kty: undefined }],
    ["for encryption", { use: "enc" }],
    ["for another algorithm", { alg: "RS384" }],
    ["for other operations", { key_ops: ["encrypt"] }],
    ["with operations that are no list", { key_ops: "verify" as unknown as string[] }],
    ["that is private", { d: "AAAA" }],
  ];
  for (const [name, change] of unfit) {
    it(`a key ${name} is not used, however it was found`, async () => {
      const jwk = { ...signing.jwk, ...change };

      assertEquals(await verify(await sign(), { keys: { keys: [jwk] } }), "unknown_key");
      assertEquals(await verify(await sign(), { keys: () => jwk }), "unknown_key");
      assertEquals(selectKey([jwk], { alg: "RS256", kid: "key_1" }), undefined);
    });
  }

  it("a lookup gets the header and may answer later", async () => {
    const headers: JwtHeader[] = [];
    const keys = (header: JwtHeader) => {
      headers.push(header);
      return Promise.resolve(signing.jwk);
    };

    assertEquals(await verify(await sign(), { keys }), claims);
    assertEquals(headers, [{ alg: "RS256", typ: "JWT", kid: "key_1" }]);
    assertEquals(await verify(await sign(), { keys: () => undefined }), "unknown_key");
    assertEquals(await verify(await sign(claims, { kid: "key_2" }), { keys }), "unknown_key");
  });

  it("keys that are none are the caller's mistake", async () => {
    const token = await sign({ exp: SECONDS + 60 });

    for (const keys of ["", {}, null, undefined, { keys: 1 }]) {
      await assertRejects(() => verifyJwt(token, { keys: keys as never }), TypeError, "keys is neither");
    }
  });

  it("a lookup that fails is not the token's fault", async () => {
    const failure = new Error("issuer is down");

    const error = await assertRejects(async () => {
      await verifyJwt(await sign(), { keys: () => Promise.reject(failure), now });
    });
    assertStrictEquals(error, failure);
  });

  it("a broken key is not the token's fault", async () => {
    const changes = [{ n: undefined }, { n: "AQAB" }, { n: "!" }, { e: undefined }, { e: "" }, { e: "AA" }];
    for (const change of changes) {
      const keys = { keys: [{ ...signing.jwk, ...change }] };
      assertEquals(await verify(await sign(), { keys }), "throws unusable_key");
    }
  });

  it("a key whose exponent is 1 is broken: with it, anybody can make a signature", async () => {
    const [header, payload] = (await sign()).split(".");
    const digest = await crypto.subtle.digest("SHA-256", utf8(`${header}.${payload}`));
    const prefix = fromHex("3031300d060960864801650304020105000420"); // RFC 8017 section 9.2
    const padding = fromHex(`0001${"ff".repeat(202)}00`);
    const forged = `${header}.${payload}.${toBase64Url(concat([padding, prefix, new Uint8Array(digest)]))}`;

    for (const e of ["AQ", "AAAB"]) {
      assertEquals(await verify(forged, { keys: { keys: [{ ...signing.jwk, e }] } }), "throws unusable_key");
    }
  });

  it("a key that only turns out to be broken when it is used is not a fault of the program", async () => {
    const n = signing.jwk.n!.slice(0, -1) + "A"; // even
    const result = await verify(await sign(), { keys: { keys: [{ ...signing.jwk, n }] } });

    assertMatch(String(result), /^(throws unusable_key|bad_signature)$/);
  });

  it("importPublicKey() imports each object once", async () => {
    const jwk = { ...signing.jwk };

    const key = await importPublicKey(jwk);

    assertStrictEquals(await importPublicKey(jwk), key);
    assertEquals([...key.usages], ["verify"]);
  });

  const times: [string, Record<string, unknown>, Partial<VerifyJwtOptions>, string | undefined][] = [
    ["that expires a second from now", { exp: SECONDS + 1 }, {}, undefined],
    ["that expired within this second", { exp: SECONDS + 0.5 }, {}, undefined],
    ["that expires now", { exp: SECONDS }, {}, "expired"],
    ["expired within the tolerance", { exp: SECONDS - 4 }, { clockTolerance: 5 }, undefined],
    ["expired beyond the tolerance", { exp: SECONDS - 5 }, { clockTolerance: 5 }, "expired"],
    ["expired long ago, with infinite tolerance", { exp: 1 }, { clockTolerance: Infinity }, undefined],
    ["with a tolerance that is no number", { exp: SECONDS + 60 }, { clockTolerance: NaN }, "expired"],
    ["expired within a tolerance that is text", { exp: SECONDS - 4 }, { clockTolerance: "5" as never }, undefined],
    ["expired beyond a tolerance that is text", { exp: SECONDS - 5 }, { clockTolerance: "5" as never }, "expired"],
    ["valid later than a tolerance that is text", { exp: SECONDS + 60, nbf: SECONDS + 6 }, {
      clockTolerance: "5" as never,
    }, "not_yet_valid"],
    ["valid from now on", { exp: SECONDS + 1, nbf: SECONDS }, {}, undefined],
    ["valid from the next second on", { exp: SECONDS + 60, nbf: SECONDS + 1 }, {}, "not_yet_valid"],
    ["valid soon, within the tolerance", { exp: SECONDS + 60, nbf: SECONDS + 5 }, { clockTolerance: 5 }, undefined],
    ["issued in the future", { exp: SECONDS + 60, iat: SECONDS + 60 }, {}, undefined],
    ["without an expiration", {}, {}, "missing_claim"],
    ["without an expiration, none required", {}, { requireExp: false }, undefined],
    ["whose expiration is text", { exp: "4102444800" }, {}, "invalid_claim"],
    ["whose expiration is null", { exp: null }, { requireExp: false }, "invalid_claim"],
    ["whose start is text", { exp: SECONDS + 60, nbf: "1" }, {}, "invalid_claim"],
    ["whose issue time is text", { exp: SECONDS + 60, iat: "1" }, {}, "invalid_claim"],
  ];
  for (const [name, payload, options, reason] of times) {
    it(`a token ${name} is ${reason ?? "accepted"}`, async () => {
      assertEquals(await verify(await sign(payload), options), reason ?? payload);
    });
  }

  it("an expiration too large for a number is invalid", async () => {
    const signed = `${header}.${toBase64Url(utf8('{"exp":1e999}'))}`;
    const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", signing.privateKey, utf8(signed));

    assertEquals(await verify(`${signed}.${toBase64Url(new Uint8Array(signature))}`), "invalid_claim");
  });

  const exp = SECONDS + 60;
  const parties: [string, Record<string, unknown>, Partial<VerifyJwtOptions>, string | undefined][] = [
    ["from the issuer", { exp, iss: "a" }, { issuer: "a" }, undefined],
    ["from one of the issuers", { exp, iss: "a" }, { issuer: ["b", "a"] }, undefined],
    ["from another issuer", { exp, iss: "c" }, { issuer: ["b", "a"] }, "wrong_issuer"],
    ["from a list of issuers", { exp, iss: ["a"] }, { issuer: "a" }, "wrong_issuer"],
    ["from nobody", { exp }, { issuer: "a" }, "missing_claim"],
    ["for the audience", { exp, aud: "a" }, { audience: "a" }, undefined],
    ["for several audiences", { exp, aud: ["x", "a"] }, { audience: ["a", "b"] }, undefined],
    ["for another audience", { exp, aud: ["x"] }, { audience: ["a", "b"] }, "wrong_audience"],
    ["for an empty list of audiences", { exp, aud: [] }, { audience: "a" }, "wrong_audience"],
    ["for everybody", { exp }, { audience: "a" }, "missing_claim"],
    ["with a session", { exp, sid: "s" }, { requireSid: true }, undefined],
    ["without a session", { exp }, { requireSid: true }, "missing_claim"],
    ["with an empty session", { exp, sid: "" }, { requireSid: true }, "invalid_claim"],
    ["with a session that is no text", { exp, sid: 1 }, { requireSid: true }, "invalid_claim"],
  ];
  for (const [name, payload, options, reason] of parties) {
    it(`a token ${name} is ${reason ?? "accepted"}`, async () => {
      assertEquals(await verify(await sign(payload), options), reason ?? payload);
    });
  }

  it("the current time is the default", async () => {
    const seconds = Math.floor(Date.now() / 1000);
    const keys = { keys: [signing.jwk] };

    assertEquals(await outcomeOf(await sign({ exp: seconds + 600 }), { keys }), { exp: seconds + 600 });
    assertEquals(await outcomeOf(await sign({ exp: seconds - 1 }), { keys }), "expired");
  });
});

/** The claims of an accepted token, or why it was refused. */
async function outcomeOf(token: string, options: VerifyJwtOptions): Promise<unknown> {
  try {
    const result = await verifyJwt(token, options);
    return result.ok ? result.claims : result.reason;
  } catch (error) {
    return error instanceof JwtError ? `throws ${error.reason}` : "throws";
  }
}
