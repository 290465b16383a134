// The matrix of runtimes: which there are, in which versions, and what each one runs.
import { runBrowser } from "../tests/runtimes/browser.ts";
import { runBun } from "../tests/runtimes/bun.ts";
import { runDeno } from "../tests/runtimes/deno.ts";
import { runEdge } from "../tests/runtimes/edge.ts";
import { runNode } from "../tests/runtimes/node.ts";
import type { Job, Outcome } from "../tests/runtimes/runner.ts";
import { runWorkers } from "../tests/runtimes/workers.ts";
import { chaosOn } from "./chaos.ts";

/** One row of the matrix. */
export interface Runtime {
  /** As `--only` names it. */
  name: string;
  /** Whether it runs the files that every runtime runs; these runtimes must agree on the number of tests. */
  shared: boolean;
  /** Whether it runs the tests against a misbehaving server. */
  chaos?: boolean;
  /** Whether it needs the browser of this machine; every other runtime comes from npm. */
  browser?: boolean;
  /** Runs the tests. */
  run(job: Job): Promise<Outcome>;
}

/** Every runtime, in the order they run. */
export const RUNTIMES: Runtime[] = [
  { name: "deno", shared: true, run: ({ files, scratch }) => runDeno(files, { scratch, permissions: [] }) },
  { name: "node20", shared: true, run: (job) => runNode("20.20.2", job) },
  { name: "node22", shared: true, run: (job) => runNode("22.23.3", job, { together: true }) },
  { name: "node24", shared: true, run: (job) => runNode("24.21.0", job, { together: true }) },
  { name: "bun", shared: true, run: (job) => runBun("1.4.5", job) },
  { name: "workers", shared: true, run: (job) => runWorkers("1.20261117.1", job) },
  { name: "edge", shared: true, run: (job) => runEdge("4.0.1", job) },
  { name: "browser", shared: true, browser: true, run: runBrowser },
  {
    name: "tooling",
    shared: false,
    run: (job) => runDeno(job.toolingFiles, { scratch: job.scratch, permissions: ["-A"] }),
  },
  { name: "package", shared: false, run: (job) => runWithPackage(job.packageFiles, job) },
  { name: "pages", shared: false, browser: true, run: (job) => runWithPackage(job.pagesFiles, job) },
  chaosOn("deno", ({ files, scratch }) => runDeno(files, { scratch, permissions: ["-A"] }), [
    ...["run", "-A", "--no-check", "ROOT/tests/chaos/child.ts"],
  ]),
  chaosOn("node", (job) => runNode("24.21.0", job), ["BUNDLE/tests/chaos/child.mjs"]),
  chaosOn("bun", (job) => runBun("1.4.5", job), ["BUNDLE/tests/chaos/child.mjs"]),
];

/** Tests that need the npm package, which they find with a variable. */
async function runWithPackage(files: string[], { scratch }: Job): Promise<Outcome> {
  Deno.env.set("WORKOS_PACKAGE", scratch);
  return await runDeno(files, { scratch, permissions: ["-A"] });
}
