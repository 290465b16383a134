import { describe, it } from "@std/testing/bdd";
import {
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertNotStrictEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  concat,
  fromBase64,
  fromBase64Url,
  fromHex,
  fromUtf8,
  fromUtf8Strict,
  randomBytes,
  textKey,
  timingSafeEqual,
  toBase64,
  toBase64Url,
  toHex,
  utf8,
  uuid,
} from "../src/bytes.ts";
import { fc } from "./properties.ts";

const bytes = fc.uint8Array({ maxLength: 100 });
const binary = (data: Uint8Array) => String.fromCharCode(...data);

describe("bytes", () => {
  it("toBase64() writes what btoa() writes", () => {
    fc.assert(fc.property(bytes, (data) => assertEquals(toBase64(data), btoa(binary(data)))), { numRuns: 200 });
  });

  it("fromBase64() reads its own output, padded or not", () => {
    fc.assert(
      fc.property(bytes, (data) => {
        const text = toBase64(data);

        assertEquals([...fromBase64(text)], [...data]);
        assertEquals([...fromBase64(text.replace(/=+$/, ""))], [...data]);
      }),
      { numRuns: 200 },
    );
  });

  it("toBase64Url() writes the URL-safe alphabet without padding", () => {
    assertEquals(toBase64Url(new Uint8Array([0xfb, 0xff])), "-_8");
    assertEquals(toBase64Url(new Uint8Array()), "");
  });

  it("toBase64Url() writes the same where the runtime has no encoder of its own", () => {
    fc.assert(
      fc.property(bytes, (data) => {
        const expected = btoa(binary(data)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

        assertEquals(toBase64Url(data), expected);
        assertEquals(toBase64Url(Object.defineProperty(data, "toBase64", { value: undefined })), expected);
      }),
      { numRuns: 200 },
    );
  });

  it("fromBase64Url() reads its own output, padded or not", () => {
    fc.assert(
      fc.property(bytes, (data) => {
        const text = toBase64Url(data);

        assertEquals([...fromBase64Url(text)], [...data]);
        assertEquals([...fromBase64Url(text + "=".repeat(-text.length & 3))], [...data]);
      }),
      { numRuns: 200 },
    );
  });

  it("fromBase64Url() reads no text that toBase64Url() would not write", () => {
    const character = fc.constantFrom(..."AQgwZaz09-_+/= \n\té\u0141");
    fc.assert(
      fc.property(fc.array(character, { maxLength: 9 }), (characters) => {
        const text = characters.join("");
        const decoded = attempt(() => fromBase64Url(text));

        if (decoded) assertEquals(toBase64Url(decoded), text.replace(/={1,2}$/, ""));
      }),
      { numRuns: 500 },
    );
  });

  const malformed = [
    "A",
    "AAAAA",
    "AB",
    "AAB",
    "AA=",
    "AA===",
    "A===",
    "====",
    "=",
    "AA==AA",
    "A=AA",
    " AA",
    "AA\n",
    "A A",
  ];
  for (const text of [...malformed, "+/8", "AA\u0141A"]) {
    it(`fromBase64Url() refuses ${JSON.stringify(text)}`, () => {
      assertThrows(() => fromBase64Url(text), TypeError, "Cannot decode base64: it is malformed");
    });
  }
  for (const text of [...malformed, "-_8"]) {
    it(`fromBase64() refuses ${JSON.stringify(text)}`, () => {
      assertThrows(() => fromBase64(text), TypeError, "Cannot decode base64: it is malformed");
    });
  }

  it("toHex() and fromHex() are inverse", () => {
    assertEquals(toHex(new Uint8Array([0, 1, 0xab, 0xff])), "0001abff");
    assertEquals([...fromHex("0001abFF")], [0, 1, 0xab, 0xff]);
    assertEquals([...fromHex("")], []);
  });

  for (const text of ["a", "0x", "zz", "0 ", "a\u0661"]) {
    it(`fromHex() refuses ${JSON.stringify(text)}`, () => {
      assertThrows(() => fromHex(text), TypeError, "Cannot decode hex: it is malformed");
    });
  }

  it("utf8() and fromUtf8() keep a byte order mark and characters outside the basic plane", () => {
    assertEquals(toHex(utf8("\uFEFFž🚀")), "efbbbfc5bef09f9a80");
    assertEquals(fromUtf8(fromHex("efbbbfc5bef09f9a80")), "\uFEFFž🚀");
    assertEquals(fromUtf8Strict(fromHex("efbbbf41")), "\uFEFFA");
  });

  it("fromUtf8() replaces invalid sequences, fromUtf8Strict() throws", () => {
    assertEquals(fromUtf8(fromHex("ff41")), "\uFFFDA");
    assertThrows(() => fromUtf8Strict(fromHex("ff41")), TypeError);
    assertThrows(() => fromUtf8Strict(fromHex("c3")), TypeError);
  });

  it("fromUtf8Strict() reads a replacement character that was written as one", () => {
    assertEquals(fromUtf8Strict(utf8("\uFEFFa\uFFFD")), "\uFEFFa\uFFFD");
    assertThrows(() => fromUtf8Strict(fromHex("efbfbdff")), TypeError);
  });

  it("fromUtf8() keeps nothing from the call before", () => {
    fromUtf8(fromHex("c3"));

    assertEquals(fromUtf8(fromHex("a9")), "\uFFFD");
  });

  it("concat() joins its parts in an array of its own", () => {
    const part = fromHex("0102");

    const all = concat([part, new Uint8Array(), fromHex("03")]);
    part.fill(0);

    assertEquals([...all], [1, 2, 3]);
    assertEquals(all.buffer.byteLength, 3);
    assertEquals(concat([]).length, 0);
  });

  it("textKey() makes a key once, and another one for another use", async () => {
    const hmac = { name: "HMAC", hash: "SHA-256" };

    const key = await textKey("a", hmac, "sign");

    assertStrictEquals(await textKey("a", hmac, "sign"), key);
    assertNotStrictEquals(await textKey("a", "PBKDF2", "deriveKey"), key);
    assertNotStrictEquals(await textKey("b", hmac, "sign"), key);
    assertEquals([key.extractable, ...key.usages], [false, "sign"]);
  });

  it("textKey() does not keep all keys", async () => {
    const first = await textKey("first", "PBKDF2", "deriveKey");

    for (let index = 0; index < 16; index++) await textKey(`later ${index}`, "PBKDF2", "deriveKey");

    assertNotStrictEquals(await textKey("first", "PBKDF2", "deriveKey"), first);
  });

  it("randomBytes() are as many as asked for, and not the same twice", () => {
    assertEquals(randomBytes(0).length, 0);
    assertEquals(randomBytes(33).length, 33);
    assertNotEquals(toHex(randomBytes(16)), toHex(randomBytes(16)));
  });

  it("timingSafeEqual() notices a difference in any place", () => {
    const data = utf8("0123456789");

    assertEquals(timingSafeEqual(data, utf8("0123456789")), true);
    for (let index = 0; index < data.length; index++) {
      const other = data.slice();
      other[index] ^= 1;
      assertEquals(timingSafeEqual(data, other), false);
    }
    assertEquals(timingSafeEqual(data, data.slice(1)), false);
    const [zero, none] = [new Uint8Array(1), new Uint8Array()];
    assertEquals([timingSafeEqual(zero, none), timingSafeEqual(none, zero)], [false, false]);
    assertEquals(timingSafeEqual(new Uint8Array(), new Uint8Array()), true);
  });

  const v4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  it("uuid() is a version 4 UUID", () => {
    assertMatch(uuid(), v4);
    assertNotEquals(uuid(), uuid());
  });

  it("uuid() works where crypto.randomUUID is hidden", () => {
    const shadow = { value: undefined, configurable: true };
    Object.defineProperty(crypto, "randomUUID", shadow);
    try {
      assertMatch(uuid(), v4);
      assertNotEquals(uuid(), uuid());
      assertEquals([uuidOf(() => 0), uuidOf(() => 255), uuidOf((index) => index)], [
        "00000000-0000-4000-8000-000000000000",
        "ffffffff-ffff-4fff-bfff-ffffffffffff",
        "00010203-0405-4607-8809-0a0b0c0d0e0f",
      ]);
    } finally {
      delete (crypto as { randomUUID?: unknown }).randomUUID;
    }
  });
});

/** The UUID that is made of these bytes instead of random ones. */
function uuidOf(byte: (index: number) => number): string {
  const value = (bytes: Uint8Array) => bytes.map((_, index) => byte(index));
  Object.defineProperty(crypto, "getRandomValues", { value, configurable: true });
  try {
    return uuid();
  } finally {
    delete (crypto as { getRandomValues?: unknown }).getRandomValues;
  }
}

function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
