import { assertEquals } from "@std/assert";
import { after, before, describe, it } from "@std/testing/bdd";
import { ENTRIES, FOLDER, run } from "./installed.ts";

describe("the npm package passes", () => {
  let tools: string;

  before(async () => {
    tools = await Deno.makeTempDir({ prefix: "workos-linters-" });
    await Deno.writeTextFile(`${tools}/package.json`, JSON.stringify({ private: true }));
    await run("npm", ["install", "--no-audit", "--no-fund", "publint@0.3.25", "@arethetypeswrong/cli@0.18.5"], tools);
  });

  after(async () => await Deno.remove(tools, { recursive: true }));

  it("publint --strict", async () => {
    const said = await run("npx", ["publint", "--strict", `${FOLDER}/npm`], tools);

    assertEquals(/warning|error|suggestion/i.test(said), false, said);
  });

  it("attw for every entry, with every way of resolving it", async () => {
    const { analysis, problems } = JSON.parse(
      await run("npx", ["attw", "--format", "json", `${FOLDER}/package.tgz`], tools),
    );

    assertEquals(problems ?? {}, {});
    assertEquals(analysis.problems, []);
    const checked = Object.keys(analysis.entrypoints).filter((name) => !name.endsWith(".json"));
    assertEquals(checked.length, ENTRIES.length);
    for (const name of checked) {
      const { resolutions } = analysis.entrypoints[name];
      assertEquals(Object.keys(resolutions).sort(), ["bundler", "node10", "node16-cjs", "node16-esm"], name);
    }
  });
});
