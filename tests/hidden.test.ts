import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { hiddenMember } from "../src/hidden.ts";

describe("hiddenMember()", () => {
  it("belongs to its object alone, whatever the object is", () => {
    const member = hiddenMember<string>();
    const [plain, list, frozen] = [{ id: 1 }, [1], Object.assign(Object.create(null), { id: 2 })];

    member.set(plain, "a");
    member.set(list, "b");
    member.set(frozen, "c");

    assertEquals([plain, list, frozen].map((it) => member.get(it)), ["a", "b", "c"]);
    assertEquals([{ ...plain }, {}, null, undefined, "x", 1].map((it) => member.get(it)), Array(6).fill(undefined));
  });

  it("is seen by nobody else", () => {
    const object = { id: 1 };

    hiddenMember<string>().set(object, "secret");

    assertEquals(object, { id: 1 });
    assertEquals(Reflect.ownKeys(object), ["id"]);
    assertEquals(JSON.stringify(object), '{"id":1}');
    assertStrictEquals(hiddenMember<string>().get(object), undefined);
  });

  it("is set once", () => {
    const member = hiddenMember<number>();
    const object = {};
    member.set(object, 1);

    assertThrows(() => member.set(object, 2), TypeError);

    assertStrictEquals(member.get(object), 1);
  });
});
