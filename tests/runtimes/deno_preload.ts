// Loaded before test files: what they throw outside of every test fails a test of its own. Deno ignores that once the
// file has called `it` or `describe` of node:test.
addEventListener("unhandledrejection", ({ reason }) => {
  Deno.test("loads", () => {
    throw reason;
  });
});
