import { assert, assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { type Actions, responseOf, type Webhooks, WorkOS, type WorkOSOptions } from "../../mod.ts";
import {
  fromBase64,
  fromBase64Url,
  fromHex,
  fromUtf8,
  fromUtf8Strict,
  timingSafeEqual,
  toBase64,
  toBase64Url,
  toHex,
  utf8,
} from "../../src/bytes.ts";
import { resolveConfig } from "../../src/config.ts";
import { toException, WorkOSException } from "../../src/errors.ts";
import { createKeySet } from "../../src/jwks.ts";
import { decodeJwt, type JsonWebKeySet, verifyJwt } from "../../src/jwt.ts";
import { generateSigningKey, signJwt } from "../../src/emulator/signing.ts";
import { decodeUint32, encodeUint32 } from "../../src/leb128.ts";
import { PKCE } from "../../src/pkce.ts";
import { sealData, sealText, unsealData } from "../../src/seal.ts";
import { parseSignatureHeader, signPayload } from "../../src/signature.ts";
import { readList, type RequestOptions } from "../../src/api.ts";
import { parseRetryAfter } from "../../src/transport.ts";
import { authorizationQuery, path, queryString, requestUrl, textPath } from "../../src/url.ts";
import { readBlob } from "../../src/vault_crypto.ts";
import { camel, snake } from "../../src/wire.ts";
import {
  assertException,
  assertPlain,
  assertTyped,
  assertUnpolluted,
  fc,
  hostileBody,
  hostileJson,
  hostileText,
  hostileValue,
  nested,
  ownMembers,
  runs,
} from "./hostile.ts";

const PASSWORD = "a password of 32 characters or so";
const SECRET = "whsec_fuzz";
const bytes = fc.uint8Array({ maxLength: 300 });
const uint32 = fc.tuple(fc.nat(0xffff), fc.nat(0xffff)).map(([high, low]) => high * 0x10000 + low);

/** Whatever the function is given, it returns or fails with a typed error. */
async function check<T>(
  values: fc.Arbitrary<T>,
  run: (value: T) => unknown,
  { numRuns = 300, misfit = false } = {},
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      try {
        assertPlain(await run(value));
      } catch (error) {
        assertTyped(error, { misfit });
      }
      assertUnpolluted();
    }),
    runs(numRuns),
  );
}

describe("bytes", () => {
  it("decoders read what encoders write, and nothing else", async () => {
    const pairs = [[toHex, fromHex], [toBase64, fromBase64], [toBase64Url, fromBase64Url]] as const;
    for (const [encode, decode] of pairs) {
      fc.assert(fc.property(bytes, (it) => assertEquals(decode(encode(it)), new Uint8Array(it))), runs(200));
      const alphabet = fc.string({ unit: fc.constantFrom(..."abcXYZ019+/-_= \n*é\0"), maxLength: 12 });
      await check(fc.oneof(alphabet, hostileText), (text) => {
        const back = encode(decode(text)).replaceAll("=", "");
        assertEquals(back.toLowerCase(), text.replaceAll("=", "").toLowerCase());
      });
    }
  });

  it("UTF-8 is read strictly or leniently", async () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (it) => assertEquals(fromUtf8(utf8(it)), it)), runs(200));
    // in the decoder's words
    await check(bytes, (it) => assertEquals([...utf8(fromUtf8Strict(it))], [...it]), { misfit: true });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        assertEquals(timingSafeEqual(a, b), toHex(a) === toHex(b));
        assertEquals(timingSafeEqual(a, a.slice()), true);
      }),
      runs(200),
    );
  });

  it("LEB128 numbers survive, and hostile ones are refused", async () => {
    fc.assert(
      fc.property(uint32, (it) => assertEquals(decodeUint32(encodeUint32(it)).value, it)),
      runs(200),
    );
    await check(bytes, (it) => {
      const { value, nextIndex } = decodeUint32(it);
      assert(value >= 0 && value <= 0xffffffff, String(value));
      assertEquals(it.slice(0, nextIndex).findIndex((byte) => byte < 0x80), nextIndex - 1);
    }, { misfit: true }); // in words of its own
    await check(hostileText, (it) => void readBlob(it));
    await check(bytes, (it) => void readBlob(toBase64(it as Uint8Array)));
  });
});

describe("URLs", () => {
  it("an id is one segment, and comes back as it was", () => {
    fc.assert(
      fc.property(hostileText, (id) => {
        let target;
        try {
          target = path`/users/${id}/sessions`;
        } catch (error) {
          return assert(error instanceof TypeError);
        }
        const { pathname, search, hash, origin } = new URL(requestUrl("https://api.example.test/v1", target.value));
        const segments = pathname.split("/");
        assertEquals([origin, search, hash, segments.length], ["https://api.example.test", "", "", 5]);
        assertEquals(decodeURIComponent(segments[3]), id);
        assertEquals(target.route, "/users/{}/sessions");
      }),
      runs(1000),
    );
  });

  it("a path of one's own cannot leave the prefix", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        let url;
        try {
          const base = "https://api.example.test/v1";
          url = requestUrl(base, textPath(`/${text}`, base).value, "a=b");
        } catch (error) {
          return assert(error instanceof TypeError);
        }
        const { pathname, origin } = new URL(url);
        assertEquals(origin, "https://api.example.test");
        assert(pathname.startsWith("/v1/"), pathname);
      }),
      runs(1000),
    );
  });

  it("a query keeps names and values apart", async () => {
    const query = fc.dictionary(hostileText, fc.string({ unit: "grapheme", minLength: 1 }));
    fc.assert(
      fc.property(query, (it) => {
        const wellFormed = (text: string) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(utf8(text));
        const back = [...new URLSearchParams(queryString(it))];
        assertEquals(back, Object.entries(it).map(([name, value]) => [wellFormed(name), wellFormed(value)]));
      }),
      runs(300),
    );
    await check(fc.dictionary(hostileText, hostileValue), (it) => queryString(it));
    await check(fc.dictionary(hostileText, hostileValue), (it) => authorizationQuery(it), { misfit: true });
  });
});

describe("crossing the wire", () => {
  it("renaming keeps values, and shares nothing with all objects", () => {
    const leaves = (value: unknown): number => {
      if (typeof value !== "object" || value === null) return 1;
      return Object.values(value).reduce<number>((sum, it) => sum + leaves(it), 1);
    };
    /** Whether no two members of an object can have the same name in another spelling. */
    const distinct = (value: unknown): boolean => {
      if (typeof value !== "object" || value === null) return true;
      const names = Object.keys(value).map((name) => name.replaceAll("_", "").toLowerCase());
      return new Set(names).size === names.length && Object.values(value).every(distinct);
    };
    const isSame = (value: unknown) => JSON.stringify(value).search(/_|[A-Z]/) < 0;
    fc.assert(
      fc.property(hostileJson, (json) => {
        for (const renamed of [camel(json), snake(json)]) {
          assertPlain(renamed);
          if (isSame(json)) assertEquals(JSON.stringify(renamed), JSON.stringify(json));
          if (distinct(json)) assertEquals(leaves(renamed), leaves(json));
          assert(leaves(renamed) <= leaves(json));
        }
        assertUnpolluted();
      }),
      runs(500),
    );
  });

  it("snake_case names come back as they were", () => {
    const name = fc.array(fc.string({ unit: fc.constantFrom(..."abcxyz"), minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 4,
    }).map((words) => words.join("_"));
    fc.assert(
      fc.property(fc.dictionary(name, fc.dictionary(name, hostileText)), (wire) => {
        assertEquals(snake(camel(wire)), wire);
      }),
      runs(300),
    );
  });

  it("depth is no trouble, or refused", () => {
    for (const depth of [10, 1000, 4000]) {
      assertPlain(camel(nested(depth)));
      if (depth < 128) assertPlain(snake(nested(depth)));
      else assertThrows(() => snake(nested(depth)), TypeError, "too deep");
    }
  });

  it("lists are read or refused", async () => {
    await check(hostileJson, (json) => readList(Object(json)));
  });
});

describe("answers", () => {
  it("every failure is an exception of the SDK", async () => {
    const answers = fc.record({ status: fc.integer({ min: 0, max: 999 }), body: hostileJson, requestID: hostileText });
    await check(answers, (answer) => {
      const error = toException({ path: "/x", retryAfter: null, attempts: 1, waited: 0, ...answer });
      assert(error instanceof WorkOSException);
      assertEquals([typeof error.message, error.requestID], ["string", answer.requestID]);
      JSON.stringify(error);
    });
  });

  it("Retry-After is a number of milliseconds from 0 on, or nothing", () => {
    const dates = fc.date().map((date) => Number.isNaN(date.getTime()) ? "x" : date.toUTCString());
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.integer().map(String), dates), (header) => {
        const delay = parseRetryAfter(header, 1_700_000_000_000);
        assert(delay === undefined || delay >= 0);
      }),
      runs(500),
    );
    assertEquals(responseOf(nested(3)), undefined);
  });
});

describe("tokens", () => {
  it("decodeJwt() and verifyJwt() refuse what is no token", async () => {
    const part = fc.oneof(hostileText, hostileBody.map((it) => toBase64Url(utf8(it))), fc.constant(""));
    const token = fc.oneof(hostileText, fc.array(part, { maxLength: 5 }).map((parts) => parts.join(".")));
    await check(token, (it) => decodeJwt(it));
    await check(token, async (it) => {
      assertEquals((await verifyJwt(it, { keys: { keys: [] } })).ok, false);
    });
    await check(hostileValue, (it) => decodeJwt(it as string), { misfit: true });
  });

  it("genuine tokens with hostile claims are refused or read", async () => {
    const { privateKey, jwk } = await generateSigningKey("k1");
    const issuer = "https://issuer.example";
    const names = fc.constantFrom("exp", "nbf", "iat", "iss", "aud", "sid", "sub", "__proto__");
    const accepted = new Set<string>();
    const refused = new Set<string>();
    await check(
      fc.tuple(names, hostileJson),
      async ([name, value]) => {
        const claims = ownMembers([["iss", issuer], ["exp", 4e9], [name, value]]);
        const result = await verifyJwt(await signJwt(claims, { privateKey, kid: "k1" }), {
          keys: { keys: [jwk] },
          issuer,
        });
        (result.ok ? accepted : refused).add(name);
        if (!result.ok) return;
        const { iss, exp, nbf = 0, iat = 0 } = result.claims;
        assertEquals([iss, ...[exp, nbf, iat].map((it) => typeof it)], [issuer, "number", "number", "number"]);
        assertEquals(JSON.stringify(result.claims), JSON.stringify(claims));
      },
      { numRuns: 120 },
    );
    assertEquals([accepted.has("sid"), refused.has("exp"), refused.has("nbf")], [true, true, true]);
  });

  it("hostile key sets are refused, or have no key", async () => {
    const { privateKey } = await generateSigningKey("k1");
    const token = await signJwt({ exp: 4e9 }, { privateKey, kid: "k1" });
    const key = fc.record({ kty: fc.constant("RSA"), kid: fc.constant("k1"), n: hostileText, e: hostileText });
    const keySets = fc.oneof(hostileJson, fc.record({ keys: fc.array(fc.oneof(key, hostileJson), { maxLength: 3 }) }));
    await check(keySets, async (keySet) => {
      const { find } = createKeySet({ load: () => Promise.resolve(keySet) });
      const key = await find({ alg: "RS256", kid: "k1" }).catch((error) => void assert(error instanceof Error));
      if (key) assertEquals((await verifyJwt(token, { keys: () => key })).ok, false);
    }, { numRuns: 100 });
    await check(keySets, async (keys) => {
      assertEquals((await verifyJwt(token, { keys: keys as JsonWebKeySet })).ok, false);
    }, { numRuns: 100, misfit: true });
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ""));
    return true;
  } catch {
    return false;
  }
}

describe("seals", () => {
  it("what is sealed comes out again", async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(hostileText, hostileJson), async (value) => {
        const result = await unsealData(await sealData(value, { password: PASSWORD }), { password: PASSWORD });
        assert(result.ok);
        assertEquals(JSON.stringify(result.value), JSON.stringify(value));
      }),
      runs(40),
    );
  });

  it("what was changed is refused", async () => {
    const seal = await sealData({ a: 1 }, { password: PASSWORD });
    const change = fc.tuple(fc.nat(seal.length - 3), fc.constantFrom(..."*~.-_Aa09 \n\0é"));
    await fc.assert(
      fc.asyncProperty(change, async ([at, sign]) => {
        const changed = seal.slice(0, at) + sign + seal.slice(at + 1);
        if (changed === seal) return;
        const result = await unsealData(changed, { password: PASSWORD });
        assertEquals(result.ok, false);
      }),
      runs(150),
    );
  });

  it("what is no seal is refused", async () => {
    const parts = fc.array(hostileText, { maxLength: 9 }).map((it) => it.join("*"));
    await check(fc.oneof(hostileText, parts, parts.map((it) => `Fe26.2*1*${it}~2`)), async (text) => {
      assertEquals((await unsealData(text, { password: PASSWORD })).ok, false);
    });
    await check(hostileValue, (it) => unsealData(it as string, { password: PASSWORD }), { misfit: true });
    await check(hostileValue, (it) => unsealData("Fe26.2**", { password: it as string }), { misfit: true });
  });

  it("genuine seals of anything else are refused by their content", async () => {
    const seal = (text: string) => {
      const [encryptionSalt, integritySalt] = [1, 2].map((fill) => toHex(new Uint8Array(32).fill(fill)));
      const parts = { encryptionSalt, integritySalt, iv: new Uint8Array(16), expiration: "" };
      return sealText(text, { ...parts, password: { id: "1", secret: PASSWORD } });
    };
    await check(hostileBody, async (text) => {
      const result = await unsealData(await seal(text), { password: PASSWORD });
      assertEquals(result.ok || result.reason, isJson(text) || "not_json");
      return result.ok ? result.value : undefined;
    }, { numRuns: 60 });
  });
});

describe("deliveries", () => {
  const now = 1_700_000_000_000;
  const header = async (payload: string) =>
    `t=${now}, v1=${await signPayload({ timestamp: now, payload, secret: SECRET })}`;

  it("signature headers are read or refused", async () => {
    const part = fc.tuple(fc.constantFrom("t", "v1", "v0", " t", ""), hostileText).map(([a, b]) => `${a}=${b}`);
    const headers = fc.oneof(hostileText, fc.array(part, { maxLength: 6 }).map((parts) => parts.join(",")));
    await check(headers, (it) => parseSignatureHeader(it));
    const { webhooks } = new WorkOS({ apiKey: "sk_test_fuzz" });
    await check(headers, async (sigHeader) => {
      await webhooks.constructEvent({ payload: "{}", sigHeader, secret: SECRET });
      throw new Error("It was accepted");
    });
  });

  it("genuine deliveries of anything are read, or exceptions", async () => {
    const { webhooks, actions }: { webhooks: Webhooks; actions: Actions } = new WorkOS({ apiKey: "sk_test_fuzz" });
    const named = fc.tuple(fc.constantFrom("user.created", "dsync.user.updated", "vault.data.read"), hostileJson)
      .map(([event, data]) => JSON.stringify({ id: "event_1", event, data, created_at: "x" }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(hostileBody, named), async (payload) => {
        const sigHeader = await header(payload);
        const delivery = { payload, sigHeader, secret: SECRET, now: () => now };
        for (const read of [() => webhooks.constructEvent(delivery), () => actions.constructAction(delivery)]) {
          try {
            assertPlain(await read());
          } catch (error) {
            assertException(error);
          }
        }
        assertUnpolluted();
      }),
      runs(200),
    );
  });
});

describe("options", () => {
  const names = ["apiKey", "clientId", "apiHostname", "https", "port", "baseUrl", "config", "appInfo", "fetchFn"];
  const hostile = fc.dictionary(fc.constantFrom(...names, "issuer", "timeout", "maxRetries"), hostileValue);

  it("of a client make one of https or http, or are refused", async () => {
    await check(hostile, (options) => {
      const config = resolveConfig({ apiKey: "sk_test_1", ...options as WorkOSOptions }, () => "environment");
      assert(/^https?:$/.test(new URL(config.baseURL).protocol));
      new Headers(config.secrets().headers.map(([name, value]) => [name, value]));
    });
    await check(hostile, (options) => void new WorkOS({ ...options as WorkOSOptions, clientId: "client_1" }));
  });

  it("a host name is a host name", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        try {
          const { baseURL } = resolveConfig({ apiKey: "sk_test_1", apiHostname: `api.${text}` }, () => undefined);
          const { username, pathname, search, hash, host } = new URL(baseURL);
          assertEquals([username, pathname, search, hash], ["", "/", "", ""]);
          assert(host.startsWith("api."), host);
        } catch (error) {
          assertTyped(error);
        }
      }),
      runs(500),
    );
  });

  it("of a call are refused before anything is sent", async () => {
    for (const idempotencyKey of ["a\r\nX-Evil: 1", "é", "", " a"]) {
      const fetchFn = () => Promise.reject(new Error("It was sent"));
      const workos = new WorkOS({ apiKey: "sk_test_1", fetchFn });
      const request: RequestOptions = { idempotencyKey, maxRetries: 0 };
      await workos.organizations.createOrganization({ name: "x" }, request).then(
        () => assert(false),
        (error) => assert(error instanceof TypeError),
      );
    }
  });

  it("of PKCE are a length from 43 to 128, or refused", () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 40, max: 131 }), fc.double(), hostileValue), (length) => {
        const valid = Number.isInteger(length) && (length as number) >= 43 && (length as number) <= 128;
        const make = () => new PKCE().generateCodeVerifier(length as number);
        if (valid) assertEquals(make().length, length as number);
        else if (length !== undefined) assertThrows(make);
      }),
      runs(300),
    );
  });
});
