// `describe` and `it` for tests: what `@std/testing/bdd` is on JSR, taken from the runtime.
// @ts-types="./bdd.d.ts"
export { after, afterEach, before, beforeEach, describe, it } from "node:test";
