// Assertions for tests: what `@std/assert` is on JSR, taken from npm.
// @ts-types="./assert.d.ts"
export * from "npm:deno-std@1.4.0/assert/mod.js";
