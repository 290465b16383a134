import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { execute, ROOT } from "../runtimes/runner.ts";

/** What a script says that must not start on these arguments. */
async function refusal(script: string, ...args: string[]): Promise<string> {
  const { success, output } = await execute(
    Deno.execPath(),
    ["run", "-A", "--no-check", script, ...args],
    ROOT,
    20_000,
  );
  assertEquals(success, false, output);
  return output;
}

describe("scripts/test.ts", () => {
  it("refuses to run the gates alone where tests are named", async () => {
    for (const more of ["tests/url.test.ts", "--only=deno", "--no-gates"]) {
      assertStringIncludes(
        await refusal("scripts/test.ts", "--gates", more),
        `--gates runs no tests: leave out ${more}`,
      );
    }
  });

  it("refuses what it does not know, or knows once only", async () => {
    assertStringIncludes(await refusal("scripts/test.ts", "--bail"), "there is no option --bail");
    assertStringIncludes(await refusal("scripts/test.ts", "--only=node8"), "there is no runtime node8");
    assertStringIncludes(await refusal("scripts/test.ts", "--only=deno", "--only=bun"), "say --only=A,B once");
  });
});

describe("scripts/bench.ts", () => {
  it("refuses what there is not to measure", async () => {
    assertStringIncludes(await refusal("scripts/bench.ts", "cals"), "Cannot measure cals: there are imports, calls,");
  });

  it("refuses to write a part of the table over the whole", async () => {
    assertStringIncludes(await refusal("scripts/bench.ts", "--write", "sizes"), "Cannot write sizes alone");
  });
});
