// Lists of the API, page by page or item by item.

import { badOption } from "./errors.ts";
import type { OpenString } from "./wire.ts";

/** Cursors of a page. */
export interface ListMetadata {
  /** Cursor for the page before this one; `null` or absent at the beginning. */
  before?: string | null;
  /** Cursor for the page after this one; `null` or absent at the end. */
  after?: string | null;
}

/** One page of a list. */
export interface List<T> {
  /** Always `list`. */
  readonly object: "list";
  /** The items of this page. */
  data: T[];
  /** Cursors of this page. */
  listMetadata: ListMetadata;
}

/** Options that every paginated list takes. */
export interface PaginationOptions {
  /** Items per page, 1 to 100. Default: the API's, 10. */
  limit?: number;
  /** Cursor: selects the page that ends before this id. The list is then read backwards, to its beginning. */
  before?: string | null;
  /** Cursor: selects the page that begins after this id. */
  after?: string | null;
  /** Order by time of creation. Default `desc`, newest first; so is `normal`, whose cursors mean the opposite. */
  order?: "asc" | "desc" | "normal" | OpenString;
}

/** Items per page when the whole list is read: the API's maximum. */
const LARGEST_PAGE = 100;

/**
 * A page of a list, which can fetch the following ones.
 *
 * ```ts ignore
 * const users = await workos.userManagement.listUsers();
 * users.data; // the first page
 * for await (const user of users) console.log(user.email); // every user, one page in memory at a time
 * ```
 *
 * The first page is not fetched again, and later pages are fetched when they are needed. To abort, use the `signal` of
 * the call that returned the list.
 */
export class AutoPaginatable<ResourceType, ParametersType extends object = PaginationOptions>
  implements AsyncIterable<ResourceType> {
  /** The first page; a plain member, so that copying, comparing or printing a list includes it. */
  protected readonly list: List<ResourceType>;
  /** Always `list`. */
  readonly object: "list" = "list";
  /** The options of the call that returned the list. */
  readonly options: ParametersType;
  // not with ParametersType: a list then fits where only its items matter
  readonly #fetchPage: (options: PaginationOptions) => Promise<List<ResourceType>>;

  /** Made by list methods: `list` is the first page, `apiCall` fetches another one. */
  constructor(
    list: List<ResourceType>,
    apiCall: (options: PaginationOptions & ParametersType) => Promise<List<ResourceType>>,
    options: ParametersType = {} as ParametersType,
  ) {
    this.list = list;
    this.#fetchPage = apiCall as (options: PaginationOptions) => Promise<List<ResourceType>>;
    this.options = { ...options };
  }

  /** The items of the first page. */
  get data(): ResourceType[] {
    return this.list.data;
  }

  /** The cursors of the first page. */
  get listMetadata(): ListMetadata {
    return this.list.listMetadata;
  }

  /**
   * Returns items as the Node SDK does: with `options.limit` those of the first page, otherwise those of all pages, in
   * the order of the list. For long lists `for await` needs far less memory.
   */
  async autoPagination(): Promise<ResourceType[]> {
    if ((this.options as PaginationOptions).limit) return this.data;
    const items = await this.toArray();
    return this.#backwards ? items.reverse() : items;
  }

  /**
   * The pages of the list as the API sends them; each page after the first is fetched when it is needed. Follows the
   * cursor `after`, or `before` when the list was requested without `after` and either with `before` or in order
   * `normal`, whose cursors mean the opposite. Later pages have `options.limit` items, or else 100.
   */
  async *pages(): AsyncGenerator<List<ResourceType>, void, undefined> {
    const { before, after, ...filters } = this.options as PaginationOptions;
    const direction = this.#direction;
    let page = this.list;
    let previous = direction === "before" ? before : after;
    let mark = previous; // moves on at pages 1, 2, 4, 8 ...: any circle comes back to one of them (Brent)
    for (let pages = 1, next = 1;; pages++) {
      yield page;
      const cursor = page.listMetadata?.[direction];
      if (!cursor) return;
      if (cursor === previous || cursor === mark) {
        throw new Error("Cannot continue the list: the API sent the same cursor twice");
      }
      if (pages === next) [mark, next] = [cursor, 2 * next];
      page = await this.#fetchPage({ ...filters, limit: filters.limit ?? LARGEST_PAGE, [direction]: cursor });
      previous = cursor;
    }
  }

  /** The first `max` items in the order of `for await`, by default all. Throws a `TypeError` for a bad `max`. */
  async toArray({ max = Infinity }: { max?: number } = {}): Promise<ResourceType[]> {
    if (!(max >= 0)) throw badOption("max", "it is not a non-negative number");
    const items: ResourceType[] = [];
    if (max < 1) return items;
    for await (const page of this.pages()) {
      for (const item of this.#inOrder(page)) if (items.push(item) + 1 > max) return items;
    }
    return items;
  }

  /** Iterates over every item of the list; in reverse order when the list was requested with `before`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ResourceType, void, undefined> {
    for await (const page of this.pages()) yield* this.#inOrder(page);
  }

  get #direction(): "before" | "after" {
    const { before, after, order } = this.options as PaginationOptions;
    return !after && (before || order === "normal") ? "before" : "after";
  }

  /** Whether each page precedes the previously fetched one in the list. */
  get #backwards(): boolean {
    return (this.#direction === "before") !== ((this.options as PaginationOptions).order === "normal");
  }

  #inOrder({ data }: List<ResourceType>): ResourceType[] {
    return this.#backwards ? [...data].reverse() : data;
  }
}
