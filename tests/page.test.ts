import { assert, assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { AutoPaginatable, type List, type PaginationOptions } from "../src/page.ts";

/** A list of `size` numbers behind cursors, and a record of what was asked for. */
function numbers(size: number, options: PaginationOptions = {}) {
  const asked: PaginationOptions[] = [];
  const page = ({ limit = 10, after, before }: PaginationOptions): List<number> => {
    const end = before ? Number(before) - 1 : size;
    const start = after ? Number(after) + 1 : before ? Math.max(1, end - limit + 1) : 1;
    const data = Array.from({ length: Math.max(0, Math.min(limit, end - start + 1)) }, (_, i) => start + i);
    const [first, last] = [data[0], data[data.length - 1]];
    return {
      object: "list",
      data,
      listMetadata: { before: first > 1 ? `${first}` : null, after: last < size ? `${last}` : null },
    };
  };
  const list = new AutoPaginatable(page(options), (next) => {
    asked.push(next);
    return Promise.resolve(page(next));
  }, options);
  return { list, asked };
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("AutoPaginatable", () => {
  it("shows the first page", () => {
    const { list } = numbers(25);

    assertEquals(list.object, "list");
    assertEquals(list.data, upTo(10));
    assertEquals(list.listMetadata, { before: null, after: "10" });
  });

  it("has its page in sight of what compares, copies and writes down objects", () => {
    const a = numbers(5).list;

    assertEquals(JSON.parse(JSON.stringify(a)), {
      list: { object: "list", data: upTo(5), listMetadata: { before: null, after: null } },
      object: "list",
      options: {},
    });
    assertEquals(Object.keys(a), ["list", "object", "options"]);
    assertEquals(new Proxy(a, {}).data, upTo(5));
    assertEquals(Object.assign(Object.create(AutoPaginatable.prototype), a).data, upTo(5));
    assertEquals((structuredClone({ ...a }) as unknown as { list: List<number> }).list.data, upTo(5));
  });

  it("autoPagination() gives every item and does not fetch the first page again", async () => {
    const { list, asked } = numbers(250);

    assertEquals(await list.autoPagination(), upTo(250));
    assertEquals(asked, [10, 110, 210].map((after) => ({ limit: 100, after: `${after}` })));
  });

  it("autoPagination() is the page at hand when a limit was asked for", async () => {
    const { list, asked } = numbers(25, { limit: 5 });

    assertEquals(await list.autoPagination(), upTo(5));
    assertEquals(asked, []);
  });

  it("iterates over items and pages, with the caller's limit and filters", async () => {
    const { list, asked } = numbers(12, { limit: 5, order: "asc" });

    assertEquals(await collect(list), upTo(12));
    assertEquals((await collect(list.pages())).map((page) => page.data.length), [5, 5, 2]);
    assertEquals(asked[0], { limit: 5, order: "asc", after: "5" });
  });

  it("autoPagination() keeps the order of the list, also backwards from `before`", async () => {
    const { list } = numbers(300, { before: "251" });

    assertEquals(await list.autoPagination(), upTo(250));
    assertEquals((await list.toArray({ max: 12 })).join(), upTo(250).reverse().slice(0, 12).join());
  });

  it("follows `before` in order `normal`, where it means what `after` means elsewhere", async () => {
    const asked: PaginationOptions[] = [];
    const pages: List<number>[] = [[25, 24], [23, 22], [21]].map((data, i) => {
      return { object: "list", data, listMetadata: { before: i < 2 ? `${data[1]}` : null, after: null } };
    });
    const list = new AutoPaginatable(pages[0], (next) => {
      asked.push(next);
      return Promise.resolve(pages[asked.length]);
    }, { order: "normal" });

    assertEquals(await collect(list), [25, 24, 23, 22, 21]);
    assertEquals(asked, ["24", "22"].map((before) => ({ order: "normal", limit: 100, before })));
  });

  it("goes backwards from `before`", async () => {
    const { list, asked } = numbers(20, { before: "13", limit: 5 });

    assertEquals((await collect(list.pages())).map((page) => page.data), [[8, 9, 10, 11, 12], [3, 4, 5, 6, 7], [1, 2]]);
    assertEquals(asked, [{ limit: 5, before: "8" }, { limit: 5, before: "3" }]);
  });

  it("follows `after` when the list was requested with it, whatever else it was requested with", async () => {
    for (const options of [{ after: "1", before: "9" }, { after: "1", order: "normal" }]) {
      const asked: PaginationOptions[] = [];
      const first: List<number> = { object: "list", data: [2], listMetadata: { before: "2", after: "3" } };
      const list = new AutoPaginatable<number>(first, (next) => {
        asked.push(next);
        return Promise.resolve({ object: "list", data: [], listMetadata: {} });
      }, options);

      await list.toArray();

      assertEquals(asked.map(({ before, after }) => [before, after]), [[undefined, "3"]]);
    }
  });

  it("toArray() stops fetching at max", async () => {
    const { list, asked } = numbers(250);

    assertEquals(await list.toArray({ max: 10 }), upTo(10));
    assertEquals(await list.toArray({ max: 0 }), []);
    assertEquals(asked.length, 0);
    assertEquals(await list.toArray({ max: 60 }), upTo(60));
    assertEquals(asked.length, 1);
    assertEquals(await list.toArray({ max: 2.5 }), upTo(2));
    assertEquals(await list.toArray({ max: 1 }), [1]);
    await assertRejects(() => list.toArray({ max: NaN }), TypeError, '"max": it is not a non-negative number');
  });

  it("fetches no page before it is needed, and none after a break", async () => {
    const { list, asked } = numbers(50);

    for await (const n of list) if (n === 10) break;

    assertEquals(asked.length, 0);
  });

  it("stops with an error when the API repeats a cursor", async () => {
    const same: List<number> = { object: "list", data: [1], listMetadata: { after: "x" } };
    const list = new AutoPaginatable(same, () => Promise.resolve(same));

    await assertRejects(() => list.toArray(), Error, "same cursor twice");
  });

  it("stops as soon as a cursor is repeated, however late that is", async () => {
    let asked = 0;
    const page = (): List<number> => {
      return { object: "list", data: [asked], listMetadata: { after: `${Math.min(++asked, 6)}` } };
    };
    const list = new AutoPaginatable(page(), () => Promise.resolve(page()));

    await assertRejects(() => list.toArray(), Error, "same cursor twice");

    assertEquals(asked, 7);
  });

  it("stops with an error when cursors go round in a circle", async () => {
    for (const [lead, length] of [[0, 2], [0, 5], [3, 2], [10, 7]]) {
      let asked = 0;
      const page = (): List<number> => {
        const step = asked++ < lead ? asked : lead + 1 + (asked - 1 - lead) % length;
        return { object: "list", data: [asked], listMetadata: { after: `${step}` } };
      };
      const list = new AutoPaginatable(page(), () => Promise.resolve(page()));

      await assertRejects(() => list.toArray(), Error, "same cursor twice");

      assert(asked <= 3 * (lead + length) + 1, `${asked} pages were read`);
    }
  });

  it("stops at once when the first page has the cursor it was asked for", async () => {
    for (const direction of ["after", "before"] as const) {
      const same: List<number> = { object: "list", data: [1], listMetadata: { [direction]: "x" } };
      const list = new AutoPaginatable(same, () => Promise.reject(new Error("asked")), { [direction]: "x" });

      await assertRejects(() => list.toArray(), Error, "same cursor twice");
    }
  });

  it("ends with a page that has no cursors at all", async () => {
    const bare = { object: "list", data: [1] } as unknown as List<number>;
    const list = new AutoPaginatable(bare, () => Promise.reject(new Error("asked")));

    assertEquals(await list.toArray(), [1]);
  });

  it("passes a failure on and can be read again", async () => {
    let fail = true;
    const first: List<number> = { object: "list", data: [1], listMetadata: { after: "1" } };
    const list = new AutoPaginatable(first, () => {
      if (fail) return Promise.reject(new Error("down"));
      return Promise.resolve({ object: "list", data: [2], listMetadata: { after: null } });
    });

    await assertRejects(() => list.toArray(), Error, "down");
    fail = false;

    assertEquals(await list.toArray(), [1, 2]);
  });

  it("is a list of its items to code that does not know its options", async () => {
    const page: List<number> = { object: "list", data: upTo(2), listMetadata: {} };
    type Options = PaginationOptions & { userId: string };
    const list = new AutoPaginatable<number, Options>(page, () => Promise.resolve(page), { userId: "user_1" });
    const all = async <T>(list: AutoPaginatable<T>): Promise<T[]> => await list.toArray();

    assertEquals(await all(list), upTo(2));
  });

  it("copies the options", () => {
    const options = { limit: 5 };
    const { list } = numbers(3, options);

    options.limit = 7;

    assertEquals(list.options, { limit: 5 });
  });
});
