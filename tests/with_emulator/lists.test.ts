import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertRejects } from "@std/assert";
import { UnprocessableEntityException, type WorkOS } from "../../mod.ts";
import { emulator, restart } from "./client.ts";

describe("lists with the emulator", () => {
  let workos: WorkOS;

  beforeEach(() => {
    workos = restart();
  });

  const names = Array.from({ length: 23 }, (_, index) => `org ${String(index).padStart(2, "0")}`);
  const reversed = names.toReversed();

  beforeEach(() => {
    emulator.reset({ organizations: names.map((name) => ({ name })) });
  });

  const pagesOf = async (list: Awaited<ReturnType<typeof workos.organizations.listOrganizations>>) => {
    const pages: string[][] = [];
    for await (const { data } of list.pages()) pages.push(data.map(({ name }) => name));
    return pages;
  };

  it("are read forwards, newest first, each page once", async () => {
    const pages = await pagesOf(await workos.organizations.listOrganizations({ limit: 10 }));

    assertEquals(pages, [reversed.slice(0, 10), reversed.slice(10, 20), reversed.slice(20)]);
    assertEquals(emulator.requests.length, 3);
  });

  it("are read forwards, oldest first, item by item", async () => {
    const found: string[] = [];

    for await (const { name } of await workos.organizations.listOrganizations({ order: "asc" })) found.push(name);

    assertEquals(found, names);
    assertEquals(emulator.requests.map(({ query }) => [query.order, query.limit]), [
      ["asc", undefined],
      ["asc", "100"],
    ]);
  });

  it("are read backwards from a cursor", async () => {
    const all = await (await workos.organizations.listOrganizations()).autoPagination();
    const last = all.at(-1)!;
    emulator.reset({ organizations: all.toReversed().map(({ id, name }) => ({ id, name })) });

    const pages = await pagesOf(await workos.organizations.listOrganizations({ before: last.id, limit: 10 }));

    assertEquals(all.map(({ name }) => name), reversed);
    assertEquals(pages, [reversed.slice(12, 22), reversed.slice(2, 12), reversed.slice(0, 2)]);
    assertEquals(emulator.requests.every(({ query }) => "before" in query && !("after" in query)), true);
  });

  it("stop where enough is read", async () => {
    const list = await workos.organizations.listOrganizations({ limit: 5 });

    const some = await list.toArray({ max: 7 });

    assertEquals(some.map(({ name }) => name), reversed.slice(0, 7));
    assertEquals([(await list.autoPagination()).length, emulator.requests.length], [5, 2]);
  });

  it("keep their filters from page to page", async () => {
    const list = await workos.organizations.listOrganizations({ search: "org 1", limit: 4 });

    assertEquals((await pagesOf(list)).map((page) => page.length), [4, 4, 2]);
    assertEquals(emulator.requests.every(({ query }) => query.search === "org 1"), true);
  });

  it("refuse a cursor that is none", async () => {
    const error = await assertRejects(
      () => workos.organizations.listOrganizations({ after: "org_nobody" }),
      UnprocessableEntityException,
    );

    assertEquals(error.errors, [{ code: "after_invalid", field: "after" }]);
  });
});
