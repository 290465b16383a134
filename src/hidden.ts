// Hidden members of objects.

/** A base class whose instance is the given object, so that subclasses add private members to it. */
class Itself {
  constructor(object: object) {
    return object;
  }
}

/** Reads and sets one hidden member. */
export interface HiddenMember<T> {
  /** Sets the member of an object, once. Throws a `TypeError` when it is set already. */
  set(object: object, value: T): void;
  /** The member of an object; `undefined` for a value without one. */
  get(value: unknown): T | undefined;
}

/**
 * A private member for objects of any class, invisible to keys, inspectors and comparisons. Does the same as a `WeakMap`,
 * whose entries cost the garbage collector more than a whole call.
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
