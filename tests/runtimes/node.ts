// Node runs every bundled test file in a process of its own.
import { readNodeReport } from "../../scripts/tally.ts";
import { bundled, execute, type Job, type Outcome, readText, settle } from "./runner.ts";

/** Runs the files of a job on one version. */
export async function runNode(version: string, { files, scratch }: Job): Promise<Outcome> {
  const report = `${scratch}/node-${version}.tap`;
  const reporters = ["tap", "spec"].map((name) => `--test-reporter=${name}`);
  const destinations = [report, "stdout"].map((name) => `--test-reporter-destination=${name}`);
  const args = ["--enable-source-maps", "--test", ...reporters, ...destinations, ...files.map(bundled)];
  const ran = await execute("npx", ["-y", `node@${version}`, ...args], `${scratch}/bundle`);
  return settle(ran, await readText(report), readNodeReport);
}
