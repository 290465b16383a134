import { assertEquals } from "@std/assert";
import { after, before, describe, it } from "@std/testing/bdd";
import { rollup } from "npm:rollup@4.53.3";
import { ENTRIES, FOLDER, run } from "./installed.ts";

describe("the npm package passes", () => {
  let tools: string;

  before(async () => {
    tools = await Deno.makeTempDir({ prefix: "workos-linters-" });
    await Deno.writeTextFile(`${tools}/package.json`, JSON.stringify({ private: true }));
    const packages = ["publint@0.3.25", "@arethetypeswrong/cli@0.18.5", "resolve@1.22.14"];
    await run("npm", ["install", "--no-audit", "--no-fund", ...packages], tools);
  });

  after(async () => await Deno.remove(tools, { recursive: true }));

  it("publint --strict", async () => {
    const said = await run("npx", ["publint", "--strict", `${FOLDER}/npm`], tools);

    assertEquals(/warning|error|suggestion/i.test(said), false, said);
  });

  it("resolvers that know no exports", async () => {
    const code = `
      const { sync } = require("resolve");
      const find = (name) => sync(name, { basedir: ${JSON.stringify(FOLDER)} });
      JSON.stringify(${JSON.stringify(ENTRIES)}.map((name) => Object.keys(require(find(name))).length > 0));`;

    assertEquals((await run("node", ["-p", code], tools)).includes("false"), false);
  });

  it("rollup, without a warning", async () => {
    const warnings: string[] = [];
    for await (const { name } of Deno.readDir(`${FOLDER}/npm/esm`)) {
      if (!name.endsWith(".js") || name === "emulator.js") continue; // which gives what a CommonJS module has
      const onwarn = ({ message }: { message: string }) => warnings.push(message);
      const build = await rollup({ input: `${FOLDER}/npm/esm/${name}`, onwarn });
      await build.generate({});
      await build.close();
    }

    assertEquals(warnings, []);
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
