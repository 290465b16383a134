import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { execute, ROOT } from "../runtimes/runner.ts";

describe("scripts/bundle_tests.ts", () => {
  it("bundles test files in a folder of any name", async () => {
    const folder = await Deno.makeTempDir({ prefix: "workos-bundles-" });
    const root = `${folder}/clone #1 %20`;
    await Deno.symlink(fileURLToPath(ROOT), root);
    const args = [
      "run",
      "-A",
      "--no-check",
      `${root}/scripts/bundle_tests.ts`,
      `${folder}/out`,
      "tests/leb128.test.ts",
    ];

    const { success, output } = await execute(Deno.execPath(), args, root);

    assertEquals(success, true, output);
    assertStringIncludes(await Deno.readTextFile(`${folder}/out/all.mjs`), "leb128");
    await Deno.remove(folder, { recursive: true });
  });
});
