import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { createKeySet, decodeJwt, JwtError, verifyJwt } from "../../src/entries/jwt.ts";
import { generateSigningKey, signJwt } from "../../src/emulator/signing.ts";

describe("tokens without a client", () => {
  it("are verified with a key set that loads once", async () => {
    const { privateKey, jwk } = await generateSigningKey("key_1");
    const token = await signJwt({ sub: "user_1", exp: 4_000_000_000 }, { privateKey, kid: "key_1" });
    let loads = 0;
    const keySet = createKeySet({ load: () => (loads++, Promise.resolve({ keys: [jwk] })) });

    const results = [await verifyJwt(token, { keys: keySet.find }), await verifyJwt(token, { keys: keySet.find })];

    assertEquals(results.map((it) => it.ok && it.claims.sub), ["user_1", "user_1"]);
    assertEquals(loads, 1);
  });

  it("are refused with a reason", async () => {
    assertEquals(await verifyJwt("x.y", { keys: { keys: [] } }), { ok: false, reason: "malformed" });
  });

  it("are decoded without being verified", () => {
    assertEquals(decodeJwt("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.AA").payload, { sub: "user_1" });
    assertThrows(() => decodeJwt("x"), JwtError);
  });
});
