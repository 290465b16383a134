// Cloudflare's workerd, without Node's modules.
import { readNodeReport } from "../../scripts/tally.ts";
import { execute, type Job, type Outcome, ROOT, settle } from "./runner.ts";

/** Workers have no test runner of their own: the bundle brings one, which reports as Node does. */
export async function runWorkers(version: string, { scratch }: Job): Promise<Outcome> {
  const config = `${scratch}/bundle/workers.capnp`;
  await Deno.copyFile(new URL("tests/runtimes/workers.capnp", ROOT), config);
  const ran = await execute("npx", ["-y", `workerd@${version}`, "test", config], `${scratch}/bundle`);
  return settle(ran, ran.output, readNodeReport);
}
