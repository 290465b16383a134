// Members of objects that nothing else sees.

/** Makes nothing: what extends it gets the object that is given. */
class Itself {
  constructor(object: object) {
    return object;
  }
}

/** Reads and sets one hidden member. */
export interface HiddenMember<T> {
  /** Gives an object its member, once. Throws a `TypeError` when it has one. */
  set(object: object, value: T): void;
  /** The member of an object; `undefined` for a value without one. */
  get(value: unknown): T | undefined;
}

/**
 * A private member for objects of any class: no key lists it, no inspector prints it and no comparison meets it. Does
 * what a `WeakMap` does, whose entries cost the garbage collector more than a whole call.
 */
export function hiddenMember<T>(): HiddenMember<T> {
  class Holder extends Itself {
    readonly #value: T;

    constructor(object: object, value: T) {
      super(object);
      this.#value = value;
    }

    static of(object: object): T | undefined {
      return #value in object ? object.#value : undefined;
    }
  }
  return {
    set: (object, value) => void new Holder(object, value),
    get: (value) => typeof value === "object" && value !== null ? Holder.of(value) : undefined,
  };
}
