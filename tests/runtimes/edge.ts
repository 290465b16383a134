// Vercel's edge runtime: globals of its own in a Node VM.
import { readNodeReport } from "../../scripts/tally.ts";
import { execute, type Job, type Outcome, ROOT, settle } from "./runner.ts";

/** Runs all tests in one program, with one version. */
export async function runEdge(version: string, { scratch }: Job): Promise<Outcome> {
  const folder = `${scratch}/edge`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(`${folder}/package.json`, "{}");
  await execute("npm", ["install", "--silent", "--no-audit", "--no-fund", `edge-runtime@${version}`], folder);
  await Deno.copyFile(new URL("tests/runtimes/edge.mjs", ROOT), `${folder}/edge.mjs`);
  const ran = await execute("npx", ["-y", "node@22.23.3", "edge.mjs", `${scratch}/bundle/all.mjs`], folder);
  return settle(ran, ran.output, readNodeReport);
}
