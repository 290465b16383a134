import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { Ids } from "../../src/emulator/ids.ts";

describe("Ids", () => {
  const now = () => Date.UTC(2026, 0, 1);

  it("makes ULIDs that start with the time", () => {
    const ids = new Ids({ now, deterministic: false });

    const [first, second] = [ids.id("user"), ids.id("user")];

    assertMatch(first, /^user_[0-9A-HJKMNP-TV-Z]{26}$/);
    assertEquals(first.slice(5, 15), "01KDVDNA00");
    assertNotEquals(first, second);
  });

  it("counts per prefix when deterministic", () => {
    const ids = new Ids({ now, deterministic: true });

    assertEquals([ids.id("a"), ids.id("a"), ids.id("b")], [
      "a_01000000000000000000000001",
      "a_01000000000000000000000002",
      "b_01000000000000000000000001",
    ]);
  });

  it("makes tokens and codes of the right letters", () => {
    for (const deterministic of [true, false]) {
      const ids = new Ids({ now, deterministic });

      assertMatch(ids.token(), /^[A-Za-z0-9]{43}$/);
      assertMatch(ids.digits(), /^\d{6}$/);
      assertMatch(ids.userCode(), /^[B-Z]{4}-[B-Z]{4}$/);
      assertMatch(ids.uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it("repeats itself from the start when deterministic", () => {
    const tokens = [1, 2].map(() => new Ids({ now, deterministic: true }).token());

    assertEquals(tokens[0], tokens[1]);
  });
});
