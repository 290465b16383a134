import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { readList } from "../src/api.ts";

describe("readList()", () => {
  it("reads items and metadata, keeps what else there is, and fills in what is missing", () => {
    const wire = { data: [{ a_b: 1 }], list_metadata: { before: null, after: "x" }, new_field: { c_d: 1 } };

    assertEquals(readList(wire) as object, {
      object: "list",
      data: [{ aB: 1 }],
      listMetadata: { before: null, after: "x" },
      newField: { cD: 1 },
    });
    assertEquals(readList({ data: [] }), { object: "list", data: [], listMetadata: { before: null, after: null } });
  });

  it("refuses an answer without a list", () => {
    for (const data of [undefined, null, {}, "x"]) assertThrows(() => readList({ data }), TypeError, "it has no data");
  });
});
