import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { type Driver, start } from "./drive.ts";

describe("lists", () => {
  let api: Driver;

  beforeEach(async () => {
    const names = Array.from({ length: 25 }, (_, index) => String(index + 1));
    api = await start({ seed: { organizations: names.map((name) => ({ id: `org_${name}`, name })) } });
  });

  const page = async (query: string) => {
    const { body } = await api.get(`/organizations?${query}`);
    const numbers = body.data.map(({ name }: { name: string }) => Number(name));
    return { first: numbers.at(0), last: numbers.at(-1), count: numbers.length, ...body.list_metadata };
  };

  it("show the ten newest by default", async () => {
    assertEquals(await page(""), { first: 25, last: 16, count: 10, before: null, after: "org_16" });
  });

  it("go forward with after, to the end", async () => {
    assertEquals(await page("after=org_16"), { first: 15, last: 6, count: 10, before: "org_15", after: "org_6" });
    assertEquals(await page("after=org_6"), { first: 5, last: 1, count: 5, before: "org_5", after: null });
    assertEquals((await page("after=org_1")).count, 0);
  });

  it("go back with before, to the page right before", async () => {
    assertEquals(await page("before=org_5"), { first: 15, last: 6, count: 10, before: "org_15", after: "org_6" });
    assertEquals(await page("before=org_15"), { first: 25, last: 16, count: 10, before: null, after: "org_16" });
  });

  it("start with the oldest in ascending order, with cursors relative to that", async () => {
    assertEquals(await page("order=asc&limit=3"), { first: 1, last: 3, count: 3, before: null, after: "org_3" });
    assertEquals(await page("order=asc&limit=3&after=org_3"), {
      first: 4,
      last: 6,
      count: 3,
      before: "org_4",
      after: "org_6",
    });
    assertEquals((await page("order=asc&limit=3&before=org_4")).first, 1);
  });

  it("swap the cursors in normal order", async () => {
    assertEquals(await page("order=normal&limit=5&before=org_20"), {
      first: 19,
      last: 15,
      count: 5,
      before: "org_15",
      after: "org_19",
    });
  });

  it("show what lies between two cursors", async () => {
    assertEquals((await page("after=org_20&before=org_17")).count, 2);
  });

  it("take a deleted record as a cursor", async () => {
    await api.remove("/organizations/org_16");

    assertEquals((await page("after=org_16")).first, 15);
  });

  it("show everything at a limit of 100", async () => {
    assertEquals(await page("limit=100"), { first: 25, last: 1, count: 25, before: null, after: null });
  });

  it("refuse limits, orders and cursors that make no sense", async () => {
    for (const query of ["limit=0", "limit=101", "limit=x", "order=up", "after=org_99", "before=org_99"]) {
      const { status, body } = await api.get(`/organizations?${query}`);

      assertEquals([status, body.errors[0].field], [422, query.split("=")[0]], query);
    }
  });

  it("are complete when walked page by page while new records arrive", async () => {
    const seen: string[] = [];
    let after: string | null = "";
    while (after !== null) {
      const { body } = await api.get(`/organizations?limit=7${after && `&after=${after}`}`);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      after = body.list_metadata.after;
      await api.post("/organizations", { name: "New" });
    }

    assertEquals(seen, Array.from({ length: 25 }, (_, index) => `org_${25 - index}`));
  });
});
