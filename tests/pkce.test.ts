import { afterEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertMatch, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { fromHex } from "../src/bytes.ts";
import { PKCE, verifierFromBytes } from "../src/pkce.ts";
import { restoreGlobals, setGlobal } from "./globals.ts";
import vectors from "./vectors/pkce.json" with { type: "json" };

interface Case {
  name: string;
  input: { operation: string; length?: number; randomHex?: string; verifier?: string };
  expected: { value?: string; codeChallenge?: string; throws?: { message: string } };
}

afterEach(restoreGlobals);

describe("PKCE", () => {
  for (const { name, input, expected } of vectors as Case[]) {
    it(`vector: ${name}`, async () => {
      const pkce = new PKCE();

      if (expected.throws) {
        assertThrows(() => pkce.generateCodeVerifier(input.length), RangeError, expected.throws.message);
      } else if (input.operation === "generateCodeVerifier") {
        const random = fromHex(input.randomHex!);
        assertEquals(random.length, Math.ceil(input.length! * 3 / 4));
        assertEquals(verifierFromBytes(random, input.length!), expected.value);
      } else {
        assertEquals(await pkce.generateCodeChallenge(input.verifier!), expected.codeChallenge);
      }
    });
  }

  it("generateCodeVerifier() has exactly the length asked for, over the whole range", () => {
    const pkce = new PKCE();

    for (let length = 43; length <= 128; length++) {
      assertEquals(pkce.generateCodeVerifier(length).length, length);
    }
    assertMatch(pkce.generateCodeVerifier(128), /^[A-Za-z0-9_-]+$/);
  });

  it("generateCodeVerifier() has 43 characters by default and differs each time", () => {
    const pkce = new PKCE();

    assertEquals(pkce.generateCodeVerifier().length, 43);
    assertNotEquals(pkce.generateCodeVerifier(), pkce.generateCodeVerifier());
  });

  for (const length of [NaN, 43.5, Infinity]) {
    it(`generateCodeVerifier() refuses the length ${length}`, () => {
      const message = `Code verifier length must be between 43 and 128, got ${length}`;

      assertThrows(() => new PKCE().generateCodeVerifier(length), RangeError, message);
    });
  }

  it("generate() says what is missing in a page without HTTPS", async () => {
    setGlobal("crypto", { getRandomValues: (bytes: Uint8Array) => bytes });

    const error = await assertRejects(() => new PKCE().generate(), TypeError);

    assertEquals(error.message, "Cannot hash code verifier: crypto.subtle needs HTTPS");
  });

  it("generate() makes a verifier and its challenge", async () => {
    const pair = await new PKCE().generate();

    assertEquals(Object.keys(pair), ["codeVerifier", "codeChallenge", "codeChallengeMethod"]);
    assertEquals(pair.codeVerifier.length, 43);
    assertEquals(pair.codeChallenge, await new PKCE().generateCodeChallenge(pair.codeVerifier));
    assertEquals(pair.codeChallengeMethod, "S256");
  });

  it("its methods work detached from their instance", async () => {
    const { generate, generateCodeVerifier, generateCodeChallenge } = new PKCE();

    assertEquals(generateCodeVerifier().length, 43);
    assertEquals((await generate()).codeVerifier.length, 43);
    assertEquals((await generateCodeChallenge("a")).length, 43);
  });
});
