// Runs the test files on one runtime and counts what passed.
import { stripAnsiCode } from "npm:deno-std@1.4.0/fmt/colors.js";
import { chaosOn } from "./chaos.ts";
import { findBrowser, runInBrowser } from "./browser.ts";
import { readBunReport, readDenoReport, readNodeReport, type Tally } from "./tally.ts";

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

/** What a runtime is given. */
export interface Job {
  /** Test files that every runtime runs, from the project's root. */
  files: string[];
  /** Test files of the project's own tools. */
  toolingFiles: string[];
  /** Test files that need a misbehaving server. */
  chaosFiles: string[];
  /** Test files of the npm package. */
  packageFiles: string[];
  /** Test files of a site in a browser. */
  pagesFiles: string[];
  /** A folder for reports, with the bundled tests in `bundle/`, the npm package in `package.tgz`, and it installed. */
  scratch: string;
}

/** What came out of it. */
export interface Outcome extends Tally {
  /** The runner's own words; worth printing when something failed. */
  output: string;
}

/** Every runtime, in the order they run. */
export const RUNTIMES: Runtime[] = [
  { name: "deno", shared: true, run: ({ files, scratch }) => runDeno(files, { scratch, permissions: [] }) },
  { name: "node20", shared: true, run: (job) => runNode("20.20.2", job) },
  { name: "node22", shared: true, run: (job) => runNode("22.23.3", job) },
  { name: "node24", shared: true, run: (job) => runNode("24.21.0", job) },
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

async function runDeno(files: string[], options: { scratch: string; permissions: string[] }): Promise<Outcome> {
  const report = await Deno.makeTempFile({ dir: options.scratch, suffix: ".xml" });
  const args = ["test", "--no-prompt", "--no-check", `--junit-path=${report}`, ...options.permissions];
  const ran = await execute(Deno.execPath(), [...args, ...files], ROOT);
  return settle(ran, await readText(report), readDenoReport);
}

/** Tests that need the npm package, which they find with a variable. */
async function runWithPackage(files: string[], { scratch }: Job): Promise<Outcome> {
  Deno.env.set("WORKOS_PACKAGE", scratch);
  return await runDeno(files, { scratch, permissions: ["-A"] });
}

async function runNode(version: string, { files, scratch }: Job): Promise<Outcome> {
  const report = `${scratch}/node-${version}.tap`;
  const reporters = ["tap", "spec"].map((name) => `--test-reporter=${name}`);
  const destinations = [report, "stdout"].map((name) => `--test-reporter-destination=${name}`);
  const args = ["--enable-source-maps", "--test", ...reporters, ...destinations, ...files.map(bundled)];
  const ran = await execute("npx", ["-y", `node@${version}`, ...args], `${scratch}/bundle`);
  return settle(ran, await readText(report), readNodeReport);
}

async function runBun(version: string, { files, scratch }: Job): Promise<Outcome> {
  const ran = await execute(
    "npx",
    ["-y", `bun@${version}`, "test", "--timeout=60000", ...files.map(bundled)],
    `${scratch}/bundle`,
  );
  return settle(ran, ran.output, readBunReport);
}

/** Workers have no test runner of their own: the bundle brings one, which reports as Node does. */
async function runWorkers(version: string, { scratch }: Job): Promise<Outcome> {
  const config = `${scratch}/bundle/workers.capnp`;
  await Deno.copyFile(new URL("tests/runtimes/workers.capnp", ROOT), config);
  const ran = await execute("npx", ["-y", `workerd@${version}`, "test", config], `${scratch}/bundle`);
  return settle(ran, ran.output, readNodeReport);
}

/** Vercel's edge runtime: an own set of globals in a Node VM. */
async function runEdge(version: string, { scratch }: Job): Promise<Outcome> {
  const folder = `${scratch}/edge`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(`${folder}/package.json`, "{}");
  await execute("npm", ["install", "--silent", "--no-audit", "--no-fund", `edge-runtime@${version}`], folder);
  await Deno.copyFile(new URL("tests/runtimes/edge.mjs", ROOT), `${folder}/edge.mjs`);
  const ran = await execute("npx", ["-y", "node@22.23.3", "edge.mjs", `${scratch}/bundle/all.mjs`], folder);
  return settle(ran, ran.output, readNodeReport);
}

async function runBrowser({ scratch }: Job): Promise<Outcome> {
  const program = await findBrowser();
  if (program === undefined) throw new TypeError("Cannot run tests: there is no browser");
  const report = await runInBrowser(program, `${scratch}/bundle`);
  return settle({ success: /^# fail 0$/m.test(report), output: report }, report, readNodeReport);
}

const ROOT = new URL("..", import.meta.url);

function bundled(file: string): string {
  return `./${file.replace(/\.ts$/, ".mjs")}`;
}

interface Ran {
  success: boolean;
  output: string;
}

async function execute(program: string, args: string[], cwd: string | URL): Promise<Ran> {
  const env = { NPM_CONFIG_LOGLEVEL: "error", NO_COLOR: "1" };
  const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd, env }).output();
  const output = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  return { success, output: stripAnsiCode(output) };
}

/** A runner that fails without a failed test (a file that does not load, a hook that throws) counts as one failure. */
function settle({ success, output }: Ran, report: string, read: (report: string) => Tally): Outcome {
  const tally = read(report);
  if (!success && tally.failed === 0) tally.failed = 1;
  return { ...tally, output };
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return ""; // the runner ended before it could write its report
    throw error;
  }
}
