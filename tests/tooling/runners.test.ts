import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { runDeno } from "../runtimes/deno.ts";
import { execute, type Outcome, ROOT } from "../runtimes/runner.ts";

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

describe("execute()", () => {
  it("ends a program that hangs, and gives what it has said", async () => {
    const hanging = 'console.log("so far"); setInterval(() => {}, 1000);';

    const { success, output } = await execute(Deno.execPath(), ["eval", hanging], ROOT, 2000);

    assertEquals(success, false);
    assertStringIncludes(output, "so far\n");
    assertStringIncludes(output, "It has not ended in 2 s");
  });

  it("does not wait for what a program leaves behind, whether it hangs or not", async () => {
    for (const end of ["wait", "exit"]) {
      const args = ["-c", `sleep 30 & echo "$!"; ${end}`];

      const { success, output } = await execute("sh", args, ROOT, 500);

      assertEquals(success, false, end);
      Deno.kill(parseInt(output), "SIGKILL");
    }
  });
});
