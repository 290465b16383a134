// Deno runs the test files as they are.
import { readDenoReport } from "../../scripts/tally.ts";
import { execute, type Outcome, readText, ROOT, settle } from "./runner.ts";

const COMMAND = ["test", "--no-prompt", "--no-check", "--preload=tests/runtimes/deno_preload.ts"];

/** Runs test files with these permissions; the report goes to the scratch folder. */
export async function runDeno(files: string[], options: { scratch: string; permissions: string[] }): Promise<Outcome> {
  const report = await Deno.makeTempFile({ dir: options.scratch, suffix: ".xml" });
  const args = [...COMMAND, `--junit-path=${report}`, ...options.permissions, ...files];
  const ran = await execute(Deno.execPath(), args, ROOT);
  return settle(ran, await readText(report), readDenoReport);
}
