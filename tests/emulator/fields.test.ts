import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { Refusal } from "../../src/emulator/answers.ts";
import { mergeMetadata, readFields } from "../../src/emulator/fields.ts";

describe("readFields()", () => {
  const errors = (run: () => unknown) =>
    (assertThrows(run, Refusal).reply.body as { errors: { code: string }[] }).errors.map(({ code }) => code);

  it("picks the named fields and leaves absent ones absent", () => {
    const shape = { name: "text", note: "text|null", flag: "flag?" } as const;

    assertEquals(readFields({ name: "A", note: null, other: 1 }, shape), { name: "A", note: null });
  });

  it("demands what is not optional", () => {
    assertEquals(errors(() => readFields({ b: null, c: "" }, { a: "text", b: "count", c: "text" })), [
      "a_required",
      "b_required",
      "c_required",
    ]);
  });

  it("takes null only where it may stand", () => {
    assertEquals(readFields({ a: null }, { a: "text|null", b: "text|null" }), { a: null });
    assertEquals(errors(() => readFields({ a: null, b: 1 }, { a: "text?", b: "text|null" })), [
      "a_invalid",
      "b_invalid",
    ]);
  });

  it("checks every kind of value", () => {
    const wrong = {
      text: 1,
      email: "a@b",
      domain: "a",
      url: "x",
      flag: 0,
      count: 1.5,
      time: "soon",
      texts: [1],
      object: [],
      objects: [1],
      metadata: "x",
    };
    const shape = Object.fromEntries(Object.keys(wrong).map((name) => [name, `${name}?`])) as Record<string, "text?">;

    assertEquals(errors(() => readFields(wrong, shape)), Object.keys(wrong).map((name) => `${name}_invalid`));
  });

  it("does not take inherited members for fields", () => {
    assertEquals<object>(readFields({}, { constructor: "object?" }), {});
  });
});

describe("mergeMetadata()", () => {
  it("merges, removes and clears", () => {
    const current = { a: "1", b: "2" };

    assertEquals(mergeMetadata(current, undefined), current);
    assertEquals(mergeMetadata(current, { a: null, b: "", c: "3" }), { c: "3" });
    assertEquals(mergeMetadata(current, null), {});
  });

  it("keeps a key called __proto__ a key", () => {
    const merged = mergeMetadata({}, JSON.parse('{"__proto__":"x"}'));

    assertEquals(JSON.stringify(merged), '{"__proto__":"x"}');
  });

  it("refuses long keys", () => {
    assertThrows(() => mergeMetadata({}, { ["k".repeat(41)]: "x" }), Refusal);
  });
});
