import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { runDeno } from "../runtimes/deno.ts";
import type { Outcome } from "../runtimes/runner.ts";

const PASSING = 'import { it } from "node:test";\nit("passes", () => {});\n';

describe("runDeno()", () => {
  let scratch: string;

  beforeEach(async () => {
    scratch = await Deno.makeTempDir({ prefix: "workos-runners-" });
  });

  afterEach(async () => await Deno.remove(scratch, { recursive: true }));

  async function run(code: string): Promise<Outcome> {
    const file = `${scratch}/given.test.ts`;
    await Deno.writeTextFile(file, code);
    return await runDeno([file], { scratch, permissions: [] });
  }

  it("counts what passes", async () => {
    const { passed, failed } = await run(PASSING);

    assertEquals({ passed, failed }, { passed: 1, failed: 0 });
  });

  it("counts a failure of a file that has registered tests already", async () => {
    for (const failure of ['throw new Error("no end");', 'await Promise.reject(new Error("no end"));']) {
      const { failed, output } = await run(PASSING + failure);

      assertEquals(failed, 1, failure);
      assertStringIncludes(output, "no end");
    }
  });
});
