// Node runs every bundled test file in a process of its own, or, which takes a third of the time, all of them in one.
import { readNodeReport } from "../../scripts/tally.ts";
import { bundled, execute, type Job, type Outcome, readText, settle } from "./runner.ts";

/** Runs the files of a job on one version. */
export async function runNode(
  version: string,
  { files, scratch }: Job,
  { together = false }: { together?: boolean } = {},
): Promise<Outcome> {
  const modules = files.map(bundled);
  const all = `./node-${version}.mjs`; // not --test-isolation=none, which ignores a file that throws when it is loaded
  const imports = modules.map((it) => `await import(${JSON.stringify(it)});\n`);
  if (together) await Deno.writeTextFile(`${scratch}/bundle/${all}`, imports.join(""));
  const report = `${scratch}/node-${version}.tap`;
  const reporters = ["tap", "spec"].map((name) => `--test-reporter=${name}`);
  const destinations = [report, "stdout"].map((name) => `--test-reporter-destination=${name}`);
  const args = ["--enable-source-maps", "--test", ...reporters, ...destinations, ...together ? [all] : modules];
  const ran = await execute("npx", ["-y", `node@${version}`, ...args], `${scratch}/bundle`);
  return settle(ran, await readText(report), readNodeReport);
}
