import { assertEquals, assertNotStrictEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { Api, readList } from "../src/api.ts";
import { resolveConfig } from "../src/config.ts";

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

describe("keySet()", () => {
  it("keeps one for each client id, but not for any number of them", () => {
    const api = new Api(resolveConfig({ apiKey: "sk_test_1" }, () => undefined));

    const first = api.keySet("client_first");
    for (let i = 1; i < 1000; i++) api.keySet(`client_${i}`);

    assertStrictEquals(api.keySet("client_first"), first);
    api.keySet("client_1000");
    assertNotStrictEquals(api.keySet("client_first"), first);
  });
});
