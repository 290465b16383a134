/** What every stored record has. */
export interface Entity {
  /** Unique within its collection. */
  id: string;
}

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

  /** The first record that fits. */
  find(fits: (record: T) => boolean): T | undefined {
    for (const record of this.#rows.values()) if (fits(record)) return record;
    return undefined;
  }

  /** The records that fit, oldest first; all of them by default. */
  all(fits?: (record: T) => boolean): T[] {
    const rows = [...this.#rows.values()];
    return fits ? rows.filter(fits) : rows;
  }

  /** Replaces a record, keeping its place. */
  replace(record: T): T {
    this.#rows.set(record.id, record);
    return record;
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
