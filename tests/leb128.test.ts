import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { fromHex, toHex } from "../src/bytes.ts";
import { decodeUint32, encodeUint32 } from "../src/leb128.ts";
import vectors from "./vectors/leb128.json" with { type: "json" };

interface Case {
  name: string;
  input: { operation: string; value?: number | string; hex?: string; offset?: number };
  expected: { hex?: string; nextIndex?: number; value?: unknown; throws?: { message: string } };
}

const OPERATIONS: Record<string, (testCase: Case) => void> = {
  roundtrip({ input, expected }) {
    const value = Number(input.value);

    assertEquals(toHex(encodeUint32(value)), expected.hex);
    assertEquals(decodeUint32(fromHex(expected.hex!)), { value, nextIndex: expected.nextIndex! });
  },
  encode({ input, expected }) {
    assertThrows(() => encodeUint32(Number(input.value)), RangeError, expected.throws!.message);
  },
  decode({ input, expected }) {
    const decode = () => decodeUint32(fromHex(input.hex!), input.offset);

    if (expected.throws) assertThrows(decode, RangeError, expected.throws.message);
    else assertEquals(decode() as unknown, expected.value);
  },
};

describe("leb128", () => {
  for (const testCase of vectors as Case[]) {
    it(`vector: ${testCase.name}`, () => OPERATIONS[testCase.input.operation](testCase));
  }

  it("decodeUint32() starts at the first byte unless told otherwise, and refuses half an offset", () => {
    assertEquals(decodeUint32(fromHex("ac02")), { value: 300, nextIndex: 2 });
    assertThrows(() => decodeUint32(fromHex("ac02"), 0.5), RangeError, "Offset 0.5 is out of bounds");
  });
});
