import { assert, assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  type CookiePair,
  joinSessionCookie,
  SessionCookieTooLargeException,
  splitSessionCookie,
} from "../../../mod.ts";
import { fitCookie } from "../../../src/resources/user_management/session_cookies.ts";
import { fc } from "../../properties.ts";

/** As a browser sends them, without those that were deleted. */
function header(pairs: CookiePair[]): string {
  return pairs.filter(({ value }) => value !== "").map(({ name, value }) => `${name}=${value}`).join("; ");
}

describe("splitSessionCookie()", () => {
  it("needs one cookie for what fits into one", () => {
    const value = "x".repeat(4096 - "wos-session=".length);

    assertEquals(splitSessionCookie(value), [{ name: "wos-session", value }, { name: "wos-session.0", value: "" }]);
    assertEquals(splitSessionCookie(value + "x").length, 3);
  });

  it("makes no cookie larger than allowed", () => {
    for (const maxCookieSize of [256, 1000, 4096]) {
      for (const length of [1, 255, 256, 4085, 9000, 20_000]) {
        const pairs = splitSessionCookie("x".repeat(length), { maxCookieSize, name: "s" });

        assert(pairs.every(({ name, value }) => name.length + 1 + value.length <= maxCookieSize));
      }
    }
  });

  it("deletes the cookie of the other layout", () => {
    const many = splitSessionCookie("x".repeat(5000), { name: "s" });

    assertEquals(many.map(({ name }) => name), ["s", "s.0", "s.1"]);
    assertEquals(many[0].value, "");
    assert(many[1].value.startsWith("2.x"));
  });

  it("refuses limits that leave no room", () => {
    for (const maxCookieSize of [255, "4096" as unknown as number]) {
      assertThrows(() => splitSessionCookie("x", { maxCookieSize }), TypeError, "maxCookieSize");
    }
    assertThrows(() => splitSessionCookie("x".repeat(99 * 4096)), RangeError, "99 cookies");
    assertThrows(() => splitSessionCookie("x".repeat(99), { name: "n".repeat(4090) }), RangeError, "99 cookies");
    assertThrows(() => splitSessionCookie("x", { name: "n".repeat(4095) }), RangeError, "99 cookies");
  });
});

describe("joinSessionCookie()", () => {
  it("reads what was split, from a header or a record", () => {
    const sealed = fc.string({ unit: fc.constantFrom(..."Fe26.2*~_-a"), minLength: 1, maxLength: 3000, size: "max" });
    fc.assert(
      fc.property(sealed, fc.integer({ min: 256, max: 1000 }), (value, maxCookieSize) => {
        const pairs = splitSessionCookie(value, { maxCookieSize });
        const record = Object.fromEntries(pairs.map((pair) => [pair.name, pair.value]));

        assertEquals(joinSessionCookie(`a=b; ${header(pairs)}; c=d`), value);
        assertEquals(joinSessionCookie(record), value);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  it("is not confused by what an older session left behind", () => {
    const old = header(splitSessionCookie("o".repeat(9000)));
    const pairs = splitSessionCookie("n".repeat(5000));
    const names = pairs.map(({ name }) => name);
    const left = old.split("; ").filter((cookie) => !names.includes(cookie.split("=")[0]));

    assertEquals(left.length, 1);
    assertEquals(joinSessionCookie([header(pairs), ...left].join("; ")), "n".repeat(5000));
    assertEquals(joinSessionCookie(`wos-session=single; ${old}`), "single");
  });

  it("takes the first of several cookies of one name, quoted or not", () => {
    assertEquals(joinSessionCookie('wos-session="one"; wos-session=two'), "one");
    assertEquals(joinSessionCookie("other=1;wos-session = one ;"), "one");
  });

  const missing: [string, Parameters<typeof joinSessionCookie>[0]][] = [
    ["no header", null],
    ["nothing", undefined],
    ["an empty header", ""],
    ["no such cookie", "session=1; wos-sessionx=2; xwos-session=3"],
    ["a cookie without a value", "wos-session"],
    ["a missing part", "wos-session.0=3.a; wos-session.2=c"],
    ["a count that is none", "wos-session.0=0.a"],
    ["a count that does not come first", "wos-session.0=x1.a"],
    ["a count that is too large", "wos-session.0=999999999.a"],
    ["parts without the first", "wos-session.1=b"],
    ["cookies that are not there", { "wos-session": undefined, "wos-session.0": undefined }],
    ["an inherited name", {}],
  ];
  for (const [name, cookies] of missing) {
    it(`is empty for ${name}`, () => {
      assertEquals(joinSessionCookie(cookies, { name: name === "an inherited name" ? "constructor" : undefined }), "");
    });
  }

  it("takes no cookie without a name for one, whatever it begins with", () => {
    assertEquals([joinSessionCookie("xy", { name: "x" }), joinSessionCookie("xy=1", { name: "x" })], ["", ""]);
  });

  it("reads a hostile header to its end, in a number of steps that does not grow with the square of its length", () => {
    for (const header of [" ".repeat(1_000_000) + "x", ";".repeat(1_000_000), '"'.repeat(1_000_000)]) {
      assertEquals(joinSessionCookie(header), "");
    }
  });
});

describe("fitCookie()", () => {
  const sealed = (size: number) => "x".repeat(size - "wos-session=".length);

  it("takes what just fits", () => {
    assertEquals(fitCookie(sealed(4096), {}), sealed(4096));
    assertEquals(fitCookie(sealed(300), { maxCookieSize: 300 }), sealed(300));
    assertThrows(() => fitCookie(sealed(4097), {}), SessionCookieTooLargeException);
    assertThrows(() => fitCookie(sealed(301), { maxCookieSize: 300 }), SessionCookieTooLargeException);
  });

  it("takes what was too large before, unless there is a limit", () => {
    assertEquals(fitCookie(sealed(5000), {}, sealed(4097)), sealed(5000));
    assertThrows(() => fitCookie(sealed(5000), {}, sealed(4096)), SessionCookieTooLargeException);
    assertThrows(() => fitCookie(sealed(5000), { maxCookieSize: 4096 }, sealed(4097)), SessionCookieTooLargeException);
  });
});

describe("SessionCookieTooLargeException", () => {
  it("is recognised across copies of the package and prints no session", () => {
    const error = new SessionCookieTooLargeException({ sealedSession: "Fe26.2*secret", size: 5000, limit: 4096 });

    assertEquals(error.name, "SessionCookieTooLargeException");
    assertEquals([error.size, error.maxCookieSize, error.sealedSession], [5000, 4096, "Fe26.2*secret"]);
    assert(!JSON.stringify(error).includes("secret") && !String(error.stack).includes("secret"));
  });
});
