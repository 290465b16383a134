/** Types that lack something, for contract_values.test.ts to find. */

/** Names one value, says "any text" where values are described, and has parts of two kinds. */
export interface Broken {
  open: "a" | (string & Record<never, never>);
  text: string;
  parts: (First | Second)[];
}

/** One kind of part. */
export interface First {
  kind: "first";
  state: "a" | "b";
}

/** Another kind of part, which takes `null`. */
export interface Second {
  kind: "second";
  state: "c" | null;
}
