import { describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import * as Iron from "npm:iron-webcrypto@2.0.0";
import { fromHex } from "../src/bytes.ts";
import { sealData, SealError, type SealPasswords, sealText, unsealData, type UnsealResult } from "../src/seal.ts";
import vectors from "./vectors/seals.json" with { type: "json" };
import { fc } from "./properties.ts";

interface Outcome {
  value?: unknown;
  throws?: { message: string };
}

interface Case {
  name: string;
  input: {
    operation: string;
    json?: string;
    seal?: string;
    password: string;
    passwordId?: string;
    ttlMs?: number;
    nowMs: number;
    ivHex?: string;
    encryptionSalt?: string;
    integritySalt?: string;
  };
  expected: { expiration?: string; seal?: string; sdkSeal?: string; iron?: Outcome; sdk?: Outcome };
}

/** Which failure of ours stands for which of the format's own. */
const REASONS: [RegExp, string][] = [
  [/^Bad hmac value/, "bad_signature"],
  [/^Expired seal/, "expired"],
  [/^Cannot find password/, "unknown_password"],
  [/^(Incorrect number of sealed components|Wrong mac prefix|Invalid expiration|Invalid character)/, "malformed"],
  [/^Failed parsing sealed object JSON/, "not_json"],
  [/^Password string too short/, "SealError short_password"],
];

/** Where we answer otherwise, and why. */
const DIFFERENCES: Record<string, string> = {
  // A password that cannot work is our own mistake, whatever the cookie holds.
  "unseal: empty password": "SealError empty_password",
  "malformed: random text with a too short password (component check comes first)": "SealError short_password",
  // The signature is checked before anything it covers is believed.
  "tampered: expiration inserted (past) is reported as expiry, before the mac is checked": "bad_signature",
  // There is no such password; nothing is looked up in an object's prototype.
  'password id: inherited property name "constructor"': "unknown_password",
};

const PASSWORD = "correct horse battery staple 0123456789";
const OTHER = "another horse battery staple 0123456789";
const NOW = 1790000000000;
const now = () => NOW;

describe("seal vectors", () => {
  const cases = vectors as Case[];

  it("name every difference", () => {
    for (const name of Object.keys(DIFFERENCES)) assert(cases.some((each) => each.name === name), name);
  });

  for (const { name, input, expected } of cases) {
    it(name, async () => {
      if (input.operation === "seal") {
        const seal = await sealText(input.json!, {
          password: { id: input.passwordId!, secret: input.password },
          expiration: expected.expiration!,
          encryptionSalt: input.encryptionSalt!,
          integritySalt: input.integritySalt!,
          iv: fromHex(input.ivHex!),
        });

        assertEquals(seal, expected.seal);
        assertEquals(`${seal}~2`, expected.sdkSeal);
        return;
      }
      const outcome = await open(input.seal!, input.password, input.nowMs);

      if (expected.iron!.throws) assertEquals(outcome, DIFFERENCES[name] ?? reasonFor(expected.iron!.throws.message));
      else assertEquals(outcome, { ok: true, value: expected.sdk!.value });
    });
  }
});

describe("seal", () => {
  const values = [{ a: 1, ž: "🚀", nested: [null, true, 1.5] }, [], "text", 0, false, "\uFEFF", {
    persistent: { a: 1 },
  }];
  for (const value of values) {
    it(`sealData() and unsealData() are inverse for ${JSON.stringify(value)}`, async () => {
      const seal = await sealData(value, { password: PASSWORD });

      assertEquals(await unsealData(seal, { password: PASSWORD }), { ok: true, value });
    });
  }

  it("sealData() writes the format, and never the same seal twice", async () => {
    const seal = await sealData({ a: 1 }, { password: PASSWORD });

    assertMatch(seal, /^Fe26\.2\*1\*[0-9a-f]{64}\*[\w-]{22}\*[\w-]{22}\*\*[0-9a-f]{64}\*[\w-]{43}~2$/);
    const other = await sealData({ a: 1 }, { password: PASSWORD });
    for (const part of [2, 3, 4, 6, 7]) assertNotEquals(other.split("*")[part], seal.split("*")[part]);
    assertNotEquals(seal.split("*")[2], seal.split("*")[6]);
  });

  it("sealData() makes what another implementation opens", async () => {
    const seal = await sealData({ a: "ž" }, { password: PASSWORD, ttl: 60_000 });

    assertEquals(await Iron.unseal(seal.slice(0, -2), PASSWORD, ironOptions()), { a: "ž" });
  });

  it("unsealData() opens what another implementation makes", async () => {
    const seal = await Iron.seal({ a: "ž" }, { id: "key_2", secret: PASSWORD }, ironOptions(60_000));

    const password = [OTHER, { id: "key_2", secret: PASSWORD }];
    assertEquals(await unsealData(seal, { password }), { ok: true, value: { a: "ž" } });
  });

  it("a seal with a ttl is open for a minute beyond it", async () => {
    const seal = await sealData(1, { password: PASSWORD, ttl: 1000, now });

    assertEquals(await open(seal, PASSWORD, NOW + 60_999), { ok: true, value: 1 });
    assertEquals(await open(seal, PASSWORD, NOW + 61_000), "expired");
    assertEquals(await open(seal, OTHER, NOW + 61_000), "bad_signature");
  });

  it("a rotated password still opens", async () => {
    const old = await sealData(1, { password: PASSWORD });
    const fresh = await sealData(1, { password: [OTHER, PASSWORD] });

    assertEquals(await open(old, [OTHER, PASSWORD]), { ok: true, value: 1 });
    assertEquals(await open(fresh, [OTHER, PASSWORD]), { ok: true, value: 1 });
    assertEquals(await open(fresh, OTHER), { ok: true, value: 1 });
    assertEquals(await open(fresh, PASSWORD), "bad_signature");
  });

  it("passwords are found by id, in the order of the list", async () => {
    const passwords = [{ id: "b", secret: OTHER }, { id: "a", secret: PASSWORD }];
    const seal = await sealData(1, { password: passwords });

    assertEquals(seal.split("*")[1], "b");
    assertEquals(await open(seal, passwords), { ok: true, value: 1 });
    assertEquals(await open(seal, [{ id: "a", secret: OTHER }]), "unknown_password");
    assertEquals(await open(seal, [{ id: "b", secret: PASSWORD }]), "bad_signature");
  });

  it("a seal without an id names the password called default", async () => {
    const parts = { expiration: "", encryptionSalt: "a", integritySalt: "b", iv: fromHex("00".repeat(16)) };
    const seal = await sealText("1", { ...parts, password: { id: "", secret: PASSWORD } });

    assertEquals(await open(seal, [{ id: "default", secret: PASSWORD }]), { ok: true, value: 1 });
    assertEquals(await open(seal, PASSWORD), "unknown_password");
  });

  it("a genuine seal around something else has its own reasons", async () => {
    const parts = { expiration: "", encryptionSalt: "a", integritySalt: "b", password: { id: "1", secret: PASSWORD } };
    const iv = fromHex("00".repeat(16));

    assertEquals(await open(await sealText("{", { ...parts, iv }), PASSWORD), "not_json");
    for (const [index, text] of [[3, "AA"], [3, "!"], [4, "AAAA"], [4, ""], [4, "+"]] as const) {
      const changed = (await sealText("1", { ...parts, iv })).split("*").slice(0, 6);
      changed[index] = text;
      assertEquals(await open(await resign(changed), PASSWORD), "undecryptable", text);
    }
  });

  it("without one of its salts is none, also where no key can be made of an empty text", async () => {
    const seal = (await sealData(1, { password: PASSWORD })).slice(0, -2).split("*");
    for (const index of [2, 6]) {
      const changed = seal.with(index, "").join("*");

      assertEquals(await open(changed, PASSWORD), "bad_signature");
    }
    for (const [encryptionSalt, integritySalt] of [["", "b"], ["a", ""]]) {
      const parts = { expiration: "", encryptionSalt, integritySalt, password: { id: "1", secret: PASSWORD } };
      const genuine = await sealText("1", { ...parts, iv: fromHex("00".repeat(16)) }).catch(() => undefined);
      if (genuine) assertEquals(await open(genuine, PASSWORD), "bad_signature");
    }
  });

  it("no changed character goes unnoticed", async () => {
    const seal = (await sealData({ a: 1 }, { password: PASSWORD, ttl: 1000, now })).slice(0, -2);

    const [prefix, id] = seal.split("*");
    for (let index = 0; index < seal.length; index++) {
      const changed = seal.slice(0, index) + (seal[index] === "1" ? "2" : "1") + seal.slice(index + 1);
      const isForm = index < prefix.length || seal[index] === "*" || index === seal.length - 1; // no base64url at its end
      const reason = seal.slice(prefix.length + 1, index + 1) === id ? "unknown_password" : "bad_signature";

      assertEquals(await open(changed, PASSWORD, NOW), isForm ? "malformed" : reason, `character ${index}`);
    }
  });

  it("unsealData() never throws for what a cookie holds", async () => {
    const part = fc.oneof(fc.constantFrom("Fe26.2", "1", "", "AAAA", "~", "~2"), fc.string({ maxLength: 5 }));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 6, maxLength: 9 }), async (parts) => {
        assertEquals((await unsealData(parts.join("*"), { password: PASSWORD })).ok, false);
      }),
      { numRuns: 100 },
    );
    for (const seal of [undefined, null, 1, {}] as unknown[] as string[]) {
      assertEquals(await open(seal, PASSWORD), "malformed");
    }
  });

  it("quotes no password, even where it stands in place of its id", async () => {
    const error = await assertRejects(() => sealData({}, { password: [{ id: PASSWORD, secret: "1" }] }), TypeError);

    assert(!error.message.includes(PASSWORD), error.message);
  });

  const misuses: [string, SealPasswords, string][] = [
    ["an empty password", "", "SealError empty_password"],
    ["a short password", "x".repeat(31), "SealError short_password"],
    ["a short password further back", [PASSWORD, "short"], "SealError short_password"],
    ["an absent password", undefined as unknown as string, "SealError empty_password"],
    ["what is no password", { a: 1 } as unknown as string, "SealError empty_password"],
    ["an empty list", [], "SealError empty_password"],
    ["an absent password further back", [PASSWORD, undefined as unknown as string], "SealError empty_password"],
    ["null further back", [PASSWORD, null as unknown as string], "SealError empty_password"],
    ["a number", 5 as unknown as string, "TypeError"],
    ["a secret that is no text", [{ id: "1", secret: { length: 40 } as unknown as string }], "TypeError"],
    ["an id that would break the format", [{ id: "a*b", secret: PASSWORD }], "TypeError"],
    ["an empty id", [{ id: "", secret: PASSWORD }], "TypeError"],
    ["an absent id", [{ secret: PASSWORD }] as unknown as string, "TypeError"],
    ["an id that is a number", [{ id: 2, secret: PASSWORD }] as unknown as string, "TypeError"],
  ];
  for (const [name, password, expected] of misuses) {
    it(`both refuse ${name}, whatever the seal`, async () => {
      assertEquals(await open("", password), expected);
      assertEquals(await kindOf(() => sealData(1, { password })), expected);
    });
  }

  it("sealData() refuses values without a JSON form and keeps the cause", async () => {
    const loop: Record<string, unknown> = {};
    loop.loop = loop;

    for (const value of [undefined, () => 1, 1n, loop]) {
      assertEquals(await kindOf(() => sealData(value, { password: PASSWORD })), "SealError not_serializable");
    }
    const error = await assertRejects(() => sealData(loop, { password: PASSWORD }), SealError);
    assert(error.cause instanceof TypeError);
  });

  for (const ttl of [-1, NaN, Infinity, 0.5]) {
    it(`sealData() refuses the ttl ${ttl}`, async () => {
      await assertRejects(() => sealData(1, { password: PASSWORD, ttl }), RangeError, "ttl");
    });
  }

  it("no message holds the password", async () => {
    const error = await assertRejects(() => sealData(1, { password: "hunter2" }), SealError);

    assertEquals(error.message, "Password string too short (min 32 characters required)");
  });
});

function ironOptions(ttl = 0) {
  return { ...Iron.defaults, ttl };
}

function reasonFor(message: string): string {
  return REASONS.find(([pattern]) => pattern.test(message))![1];
}

async function open(seal: string, password: SealPasswords, at = NOW): Promise<UnsealResult | string> {
  let result: UnsealResult | undefined;
  const kind = await kindOf(async () => result = await unsealData(seal, { password, now: () => at }));
  return kind ?? (result!.ok ? result! : result!.reason);
}

async function kindOf(call: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error instanceof SealError ? `SealError ${error.reason}` : (error as Error).name;
  }
}

/** Signs changed components with the right password, the way the format does. */
async function resign(parts: string[]): Promise<string> {
  const text = new TextEncoder();
  const usages: KeyUsage[] = ["sign"];
  const base = await crypto.subtle.importKey("raw", text.encode(PASSWORD), "PBKDF2", false, ["deriveKey"]);
  const recipe = { name: "PBKDF2", hash: "SHA-1", iterations: 1, salt: text.encode("b") };
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
  const key = await crypto.subtle.deriveKey(recipe, base, hmac, false, usages);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, text.encode(parts.join("*"))));
  const encoded = btoa(String.fromCharCode(...mac)).replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
  return [...parts, "b", encoded].join("*");
}
