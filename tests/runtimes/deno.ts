// Deno runs the test files as they are.
import { readDenoReport } from "../../scripts/tally.ts";
import { execute, type Outcome, readText, ROOT, settle } from "./runner.ts";

/** Runs test files with these permissions; the report goes to the scratch folder. */
export async function runDeno(files: string[], options: { scratch: string; permissions: string[] }): Promise<Outcome> {
  const report = await Deno.makeTempFile({ dir: options.scratch, suffix: ".xml" });
  const args = ["test", "--no-prompt", "--no-check", `--junit-path=${report}`, ...options.permissions];
  const ran = await execute(Deno.execPath(), [...args, ...files], ROOT);
  return settle(ran, await readText(report), readDenoReport);
}
