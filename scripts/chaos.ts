// The chaos tests: a misbehaving server in a process of its own, and the tests against it on some runtimes.
import type { Job, Outcome } from "../tests/runtimes/runner.ts";
import type { Runtime } from "./runtimes.ts";

const ROOT = new URL("..", import.meta.url);
const SERVER = "tests/chaos/server.ts";
const CHILD = "tests/chaos/child.ts";

/** Runs test files on a runtime, as for every other test. */
type Run = (job: Job) => Promise<Outcome>;

/** A row of the matrix for the chaos tests on one runtime; `child` is what it runs a program with. */
export function chaosOn(name: string, run: Run, child: string[]): Runtime {
  return { name: `chaos-${name}`, shared: false, chaos: true, run: (job) => runAgainstServer(job, { run, child }) };
}

async function runAgainstServer(job: Job, { run, child }: { run: Run; child: string[] }): Promise<Outcome> {
  const scratch = `${job.scratch}/chaos`;
  await bundle(`${scratch}/bundle`, job.chaosFiles);
  const server = new Deno.Command("npx", {
    args: ["-y", "node@24.21.0", `${scratch}/bundle/${SERVER.replace(/ts$/, "mjs")}`],
    env: { NPM_CONFIG_LOGLEVEL: "error" },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  try {
    const addresses = JSON.parse(await readLine(server.stdout));
    const program = child.map((arg) =>
      arg.replace("BUNDLE", `${scratch}/bundle`).replace("ROOT/", decodeURIComponent(ROOT.pathname))
    );
    Deno.env.set("CHAOS", JSON.stringify({ ...addresses, child: program }));
    return await run({ ...job, files: job.chaosFiles, scratch });
  } finally {
    await server.stdin.close(); // it ends with its input
    await server.status;
  }
}

async function bundle(outdir: string, files: string[]): Promise<void> {
  const args = ["run", "-A", "scripts/bundle_tests.ts", outdir, SERVER, CHILD, ...files];
  const { success } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).spawn().status;
  if (!success) throw new Error("Cannot bundle chaos tests");
}

async function readLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error("Cannot start the chaos server: it ended");
    text += value;
  }
  reader.releaseLock();
  return text;
}
