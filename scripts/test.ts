// Runs every gate, then the tests on every runtime, and ends with one line: N passed, N failed.
//   --gates        the gates alone
//   --no-gates     the tests alone
//   --only=A,B     the tests on these runtimes alone
//   FILE...        these test files alone, without the gates
import { findBrowser } from "../tests/runtimes/browser.ts";
import type { Job, Outcome } from "../tests/runtimes/runner.ts";
import { listGates, runGate } from "./gates.ts";
import { type Runtime, RUNTIMES } from "./runtimes.ts";

interface Options {
  gates: boolean;
  tests: boolean;
  runtimes: Runtime[];
  files: string[];
}

interface Row extends Outcome {
  runtime: Runtime;
}

async function main(): Promise<number> {
  const options = readArguments(Deno.args);
  if (options.gates && !await passGates()) return 1;
  return options.tests ? await runTests(options) : 0;
}

function readArguments(args: string[]): Options {
  const [only, again] = args.filter((arg) => arg.startsWith("--only=")).map((arg) =>
    arg.slice("--only=".length).split(",")
  );
  const files = args.filter((arg) => !arg.startsWith("--"));
  const unknown = args.find((arg) => arg.startsWith("--") && !/^--(gates|no-gates|only=.+)$/.test(arg));
  if (unknown) throw new TypeError(`Cannot run tests: there is no option ${unknown}`);
  const missing = only?.find((name) => !RUNTIMES.some((it) => it.name === name));
  if (missing) throw new TypeError(`Cannot run tests: there is no runtime ${missing}`);
  if (again) throw new TypeError("Cannot run tests: say --only=A,B once");
  const more = args.find((arg) => arg !== "--gates");
  if (args.includes("--gates") && more) {
    throw new TypeError(`Cannot run tests: --gates runs no tests: leave out ${more}`);
  }
  return {
    gates: args.includes("--gates") || !(args.includes("--no-gates") || only || files.length > 0),
    tests: !args.includes("--gates"),
    runtimes: RUNTIMES.filter(({ name }) => only === undefined || only.includes(name)),
    files,
  };
}

async function passGates(): Promise<boolean> {
  for (const gate of await listGates()) {
    if (!await runGate(gate)) return false;
  }
  return true;
}

async function runTests({ runtimes: wanted, files }: Options): Promise<number> {
  const hasBrowser = await findBrowser() !== undefined;
  const runtimes = wanted.filter(({ browser }) => hasBrowser || !browser);
  const scratch = await Deno.makeTempDir({ prefix: "workos-tests-" });
  try {
    const job = await prepare({ runtimes, files, scratch });
    const rows = await runAll(runtimes.filter((it) => canRun(it, job)), job);
    const left = wanted.filter((it) => !runtimes.includes(it) && canRun(it, job));
    return conclude(rows, left);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

/** Runs two at a time: those that run the same files, and beside them first those with files of their own. */
async function runAll(runtimes: Runtime[], job: Job): Promise<Row[]> {
  const rows = new Map<Runtime, Row>();
  const runFrom = async (queue: Runtime[]) => {
    for (let next = queue.shift(); next; next = queue.shift()) rows.set(next, await run(next, job));
  };
  const shared = runtimes.filter((it) => it.shared);
  const own = runtimes.filter((it) => !it.shared); // not two of them, as those against the server have one folder
  await Promise.all([runFrom(shared), runFrom(own).then(() => runFrom(shared))]);
  return runtimes.map((it) => rows.get(it)!);
}

/** Whether there are files for it. */
function canRun({ name, shared, chaos }: Runtime, job: Job): boolean {
  if (shared) return job.files.length > 0;
  const own = { package: job.packageFiles, pages: job.pagesFiles }[name];
  return (own ?? (chaos ? job.chaosFiles : job.toolingFiles)).length > 0;
}

async function prepare(options: { runtimes: Runtime[]; files: string[]; scratch: string }): Promise<Job> {
  const found = options.files.length > 0 ? options.files : (await listTests("tests")).sort();
  const [toolingFiles, chaosFiles, packageFiles, pagesFiles] = ["tooling", "chaos", "package", "pages"].map((folder) =>
    found.filter((path) => path.includes(`tests/${folder}/`))
  );
  const own = [...toolingFiles, ...chaosFiles, ...packageFiles, ...pagesFiles];
  const files = found.filter((path) => !own.includes(path));
  const job = { files, toolingFiles, chaosFiles, packageFiles, pagesFiles, scratch: options.scratch };
  const bundled = options.runtimes.some(({ name, shared }) => shared && name !== "deno") && files.length > 0;
  const packed = options.runtimes.some(({ name }) =>
    (name === "package" && packageFiles.length > 0) || (name === "pages" && pagesFiles.length > 0)
  );
  if (bundled || packed) await installPackage(job.scratch);
  if (bundled) {
    await bundle(files, job.scratch);
  }
  return job;
}

/** The tests meet the package as its users do: built, packed, and installed. */
async function installPackage(scratch: string): Promise<void> {
  await deno("run", "-A", "scripts/build_npm.ts", `${scratch}/npm`);
  await Deno.writeTextFile(`${scratch}/package.json`, JSON.stringify({ private: true, type: "module" }));
  await npm(scratch, "pack", "--silent", "./npm");
  const tarball = (await Array.fromAsync(Deno.readDir(scratch))).find(({ name }) => name.endsWith(".tgz"))!.name;
  await Deno.rename(`${scratch}/${tarball}`, `${scratch}/package.tgz`);
  await npm(scratch, "install", "--silent", "--no-audit", "--no-fund", "--offline", "./package.tgz");
}

async function npm(cwd: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("npm", { args, cwd }).output();
  if (!success) {
    throw new Error(`Cannot install the package: npm ${args[0]} failed\n${new TextDecoder().decode(stderr)}`);
  }
}

async function bundle(files: string[], scratch: string): Promise<void> {
  await deno("cache", "--quiet", ...files);
  await deno("run", "-A", "scripts/bundle_tests.ts", `--package=${scratch}`, `${scratch}/bundle`, ...files);
}

async function deno(...args: string[]): Promise<void> {
  const cwd = new URL("..", import.meta.url);
  const { success } = await new Deno.Command(Deno.execPath(), { args, cwd, stdout: "inherit", stderr: "inherit" })
    .spawn().status;
  if (!success) throw new Error(`Cannot bundle tests: deno ${args[0]} failed`);
}

async function listTests(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(new URL(`../${folder}`, import.meta.url))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) paths.push(...await listTests(path));
    else if (entry.name.endsWith(".test.ts")) paths.push(path);
  }
  return paths;
}

async function run(runtime: Runtime, job: Job): Promise<Row> {
  const start = Date.now();
  const outcome = await runtime.run(job);
  console.log(`tests on ${runtime.name} took ${((Date.now() - start) / 1000).toFixed(1)} s`);
  for (const [coverage] of outcome.output.matchAll(/(contract|parity): \d+ of .*$/gm)) console.log(coverage);
  if (outcome.failed > 0) console.error(outcome.output);
  return { runtime, ...outcome };
}

/** Prints the matrix, what was left out, and the totals; returns the exit code. */
function conclude(rows: Row[], left: Runtime[]): number {
  const width = Math.max(...rows.map(({ runtime }) => runtime.name.length), "runtime".length);
  console.log(`\n${"runtime".padEnd(width)} | passed | failed`);
  for (const { runtime, passed, failed } of rows) {
    console.log(`${runtime.name.padEnd(width)} | ${String(passed).padStart(6)} | ${String(failed).padStart(6)}`);
  }
  if (left.length > 0) {
    console.log(`\nChromium is not installed: ${left.map(({ name }) => name).join(" and ")} did not run`);
  }
  const problems = findProblems(rows);
  for (const problem of problems) console.error(problem);
  const total = (pick: (row: Row) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  const failed = total((row) => row.failed);
  console.log(`\n${total((row) => row.passed)} passed, ${failed} failed`);
  return failed > 0 || problems.length > 0 ? 1 : 0;
}

/** A runtime that ran nothing, or not what the others ran, has proved nothing. */
function findProblems(rows: Row[]): string[] {
  const empty = rows.filter(({ passed, failed }) => passed + failed === 0);
  const counts = new Set(rows.filter(({ runtime }) => runtime.shared).map(({ passed, failed }) => passed + failed));
  const problems = empty.map(({ runtime }) => `${runtime.name} ran no test`);
  if (rows.length === 0) problems.push("No runtime ran");
  if (counts.size > 1) problems.push(`The runtimes ran different numbers of tests: ${[...counts].join(", ")}`);
  return problems;
}

Deno.exit(await main());
