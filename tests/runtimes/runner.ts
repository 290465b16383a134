// What the runners of all runtimes are given, give back and share.
import { stripAnsiCode } from "npm:deno-std@1.4.0/fmt/colors.js";
import type { Tally } from "../../scripts/tally.ts";

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

/** The project's root. */
export const ROOT = new URL("../..", import.meta.url);

/** Where a test file is, bundled, in the folder of bundles. */
export function bundled(file: string): string {
  return `./${file.replace(/\.ts$/, ".mjs")}`;
}

/** What came of a program. */
export interface Ran {
  success: boolean;
  output: string;
}

const PATIENCE = 20 * 60_000; // milliseconds

/** Runs a program to its end. When that takes too long it has failed, and what it has left behind is not waited for. */
export async function execute(
  program: string,
  args: string[],
  cwd: string | URL,
  patience: number = PATIENCE,
): Promise<Ran> {
  const env = { NPM_CONFIG_LOGLEVEL: "error", NO_COLOR: "1" };
  const child = new Deno.Command(program, { args, cwd, env, stdin: "null", stdout: "piped", stderr: "piped" }).spawn();
  const said = ["", ""];
  const heard = [child.stdout, child.stderr].map(async (stream, i) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) said[i] += text;
  });
  let isRunning = true;
  const status = child.status.finally(() => isRunning = false);
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), patience);
  const end = await Promise.race([Promise.all([status, ...heard]), late.promise]);
  clearTimeout(timer);
  if (isRunning) child.kill();
  if (!end) said.push(`It has not ended in ${patience / 1000} s`);
  return { success: end?.[0].success ?? false, output: stripAnsiCode(said.join("\n")) };
}

/** A runner that fails without a failed test (a file that does not load, a hook that throws) counts as one failure. */
export function settle({ success, output }: Ran, report: string, read: (report: string) => Tally): Outcome {
  const tally = read(report);
  if (!success && tally.failed === 0) tally.failed = 1;
  return { ...tally, output };
}

/** The text of a report; empty when the runner ended before it could write one. */
export async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
