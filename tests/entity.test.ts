import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { absentAsNull, type Entity, readDated } from "../src/entity.ts";

describe("absentAsNull()", () => {
  it("sets what is missing of the named members, and nothing else", () => {
    const object: { a?: string | null; b?: string | null; c?: string } = { b: "" };

    const same = absentAsNull(object, "a", "b");

    assertEquals(object, { a: null, b: "" });
    assertEquals(same === object, true);
  });

  it("leaves nothing as it is", () => {
    assertEquals(absentAsNull(null as { a: null } | null, "a"), null);
    assertEquals(absentAsNull(undefined as { a: null } | undefined, "a"), undefined);
  });
});

describe("readDated()", () => {
  it("makes dates of both times, and keeps what it does not know", () => {
    const wire = { id: "a_1", created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-02T00:00:00Z", brand_new: 1 };

    const object = readDated<Entity<"a", Date> & { brandNew: number }>(wire);

    assertEquals(object as object, {
      id: "a_1",
      createdAt: new Date("2026-01-01T00:00:00Z"),
      updatedAt: new Date("2026-01-02T00:00:00Z"),
      brandNew: 1,
    });
    assertEquals(wire.created_at, "2026-01-01T00:00:00Z");
  });
});
