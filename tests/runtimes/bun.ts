// Bun runs the bundled test files in one process.
import { readBunReport } from "../../scripts/tally.ts";
import { bundled, execute, type Job, type Outcome, settle } from "./runner.ts";

/** Runs the files of a job on one version. */
export async function runBun(version: string, { files, scratch }: Job): Promise<Outcome> {
  const ran = await execute(
    "npx",
    ["-y", `bun@${version}`, "test", "--timeout=60000", ...files.map(bundled)],
    `${scratch}/bundle`,
  );
  return settle(ran, ran.output, readBunReport);
}
