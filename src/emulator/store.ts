/** What every stored record has. */
export interface Entity {
  /** Unique within its collection. */
  id: string;
}

/** Which records are meant: those with these members, or those that fit. */
export type Match<T> = Partial<T> | ((record: T) => boolean);

/** Records of one kind, in the order they were created. */
export class Collection<T extends Entity> {
  readonly #rows: Map<string, T> = new Map();
  readonly #positions: Map<string, number> = new Map();
  #next = 1;

  /** Adds a record. Throws when the id is taken. */
  insert(record: T): T {
    if (this.#rows.has(record.id)) throw new TypeError(`Cannot add record: "${record.id}" exists already`);
    this.#rows.set(record.id, record);
    this.#positions.set(record.id, this.#next++);
    return record;
  }

  /** The record with this id. */
  get(id: string | null | undefined): T | undefined {
    return id == null ? undefined : this.#rows.get(id);
  }

  /** The first of the records that are meant. */
  find(match: Match<T>): T | undefined {
    return this.all(match)[0];
  }

  /** The records that are meant, oldest first; all of them by default. */
  all(match: Match<T> = {}): T[] {
    const { id } = match as Partial<Entity>; // a function has none
    const rows = id === undefined ? this.#rows.values() : [this.#rows.get(id)];
    const wanted = Object.entries(match);
    const fits = typeof match === "function"
      ? match
      : (record: T) => wanted.every(([name, value]) => record[name as keyof T] === value);
    return [...rows].filter((record): record is T => record !== undefined && fits(record));
  }

  /** Replaces a record, keeping its place. */
  replace(record: T): T {
    this.#rows.set(record.id, record);
    return record;
  }

  /** Another collection with the same records. */
  copy(): Collection<T> {
    const copy = new Collection<T>();
    for (const record of this.#rows.values()) copy.insert(record);
    return copy;
  }

  /** Takes a record out. Its place is remembered, so that it still works as a cursor. */
  delete(id: string): boolean {
    return this.#rows.delete(id);
  }

  /** Place of a record in order of creation, also of one that was deleted. */
  position(id: string): number | undefined {
    return this.#positions.get(id);
  }
}
