import { invalidField } from "./answers.ts";
import { checkOneOf } from "./fields.ts";
import type { Collection, Entity } from "./store.ts";

/** Ids to ask for the pages around this one with; `null` where there is none. */
export interface ListMetadata {
  /** Id for `before`, `null` on the first page. */
  before: string | null;
  /** Id for `after`, `null` on the last page. */
  after: string | null;
}

/** One page of records, in the requested order. */
export interface Page<T> {
  /** The records. */
  data: T[];
  /** How to go on. */
  list_metadata: ListMetadata;
}

/** Which records are listed, and in which order by default. */
export interface Listing<T extends Entity> {
  /** Where the records are. */
  collection: Collection<T>;
  /** Which of them count. */
  rows: T[];
  /** Order without an `order` parameter. Defaults to `desc`. */
  order?: "asc" | "desc";
}

/** Cuts out the page a query asks for with `limit`, `before`, `after` and `order`. */
export function paginate<T extends Entity>(query: URLSearchParams, listing: Listing<T>): Page<T> {
  const { collection, rows } = listing;
  const { limit, descending, reversed } = readQuery(query, listing.order ?? "desc");
  const [after, before] = reversed ? ["before", "after"] : ["after", "before"];
  const rank = (id: string) => (collection.position(id) ?? 0) * (descending ? -1 : 1);
  const ordered = rows.toSorted((a, b) => rank(a.id) - rank(b.id));
  const from = cursor(query, after, { collection, rank });
  const to = cursor(query, before, { collection, rank });

  const within = ordered.filter(({ id }) =>
    (from === undefined || rank(id) > from) && (to === undefined || rank(id) < to)
  );
  const data = to !== undefined && from === undefined ? within.slice(-limit) : within.slice(0, limit);
  const metadata = edges(ordered, data);
  return { data, list_metadata: reversed ? { before: metadata.after, after: metadata.before } : metadata };
}

/** A list that comes as a whole, as the API shows it. */
export function wholeList(data: object[]): object {
  return { object: "list", data, list_metadata: { before: null, after: null } };
}

/** Values of a parameter that may be repeated or joined with commas; `undefined` when it is absent. */
export function manyValues(query: URLSearchParams, name: string): string[] | undefined {
  const values = [...query.getAll(name), ...query.getAll(`${name}[]`)].flatMap((value) => value.split(","));
  const given = values.map((value) => value.trim()).filter((value) => value !== "");
  return given.length ? given : undefined;
}

/** `normal` is newest first too, but its cursors mean the opposite. */
function readQuery(query: URLSearchParams, fallback: string) {
  const order = query.get("order") ?? fallback;
  const limit = query.get("limit") ?? "10";
  checkOneOf("order", order, ["asc", "desc", "normal"]);
  if (!/^\d+$/.test(limit) || Number(limit) < 1 || Number(limit) > 100) {
    throw invalidField("limit");
  }
  return { limit: Number(limit), descending: order !== "asc", reversed: order === "normal" };
}

function cursor<T extends Entity>(
  query: URLSearchParams,
  name: string,
  { collection, rank }: { collection: Collection<T>; rank: (id: string) => number },
): number | undefined {
  const id = query.get(name);
  if (!id) return undefined;
  if (collection.position(id) === undefined) throw invalidField(name);
  return rank(id);
}

function edges<T extends Entity>(ordered: T[], data: T[]): ListMetadata {
  const [first, last] = [data.at(0), data.at(-1)];
  return {
    before: first && first !== ordered.at(0) ? first.id : null,
    after: last && last !== ordered.at(-1) ? last.id : null,
  };
}
