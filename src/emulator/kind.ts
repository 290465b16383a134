import { inWords } from "./answers.ts";
import type { Collection, Entity } from "./store.ts";

/** What every record has that the API shows. */
export interface Stamped extends Entity {
  /** Name of its kind. */
  object: string;
  /** ISO 8601. */
  created_at: string;
  /** ISO 8601. */
  updated_at: string;
}

/** Where records are looked up. */
export interface Reader {
  /** The records of a kind. */
  of<T extends Entity>(kind: Kind<T>): Collection<T>;
  /** Whether an ISO 8601 time has come, by the emulator's clock. One that there is not never comes. */
  isPast(time: string | null | undefined): boolean;
}

/** One kind of record: how it is named, shown and announced. */
export interface Kind<T extends Entity> {
  /** Name of the collection, and the `object` of its records. */
  name: string;
  /** What its ids start with, without the underscore. */
  prefix: string;
  /** How error messages call it. */
  title: string;
  /** First part of the names of its events. Absent: changes are not announced. */
  event?: string;
  /** Whether the `data` of its updates has the previous values, not the context. */
  tellsPrevious?: boolean;
  /** The record as the API shows it. Defaults to the record itself. */
  present?: (record: T, reader: Reader) => object;
  /** The `data` of its events. Defaults to what the API shows. */
  announce?: (record: T, reader: Reader) => object;
}

/** Writes down a kind of record. Its name is the prefix of its ids, and in words its title, unless there is another. */
export function kind<T extends Entity>(name: string, rest: Partial<Kind<T>> = {}): Kind<T> {
  return { name, prefix: name, title: inWords(name), ...rest };
}

/** A record as the API shows it. */
export function present<T extends Entity>(of: Kind<T>, record: T, reader: Reader): object {
  return of.present ? of.present(record, reader) : record;
}

/** The `data` of an event about a record. */
export function announce<T extends Entity>(of: Kind<T>, record: T, reader: Reader): object {
  return of.announce ? of.announce(record, reader) : present(of, record, reader);
}

/** The same kind, shown without some members. */
export function shownWithout<T extends Entity>(of: Kind<T>, ...names: string[]): Kind<T> {
  const shown = (record: T, reader: Reader) => present(of, record, reader) as Record<string, unknown>;
  return { ...of, present: (record, reader) => without(shown(record, reader), ...names) };
}

/** An object without the members that are `undefined`. */
export function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}

/** A record without some of its members. */
export function without<T extends object>(record: T, ...names: (keyof T)[]): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name as keyof T)));
}
