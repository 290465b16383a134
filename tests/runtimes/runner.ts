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

/** Runs a program to its end. */
export async function execute(program: string, args: string[], cwd: string | URL): Promise<Ran> {
  const env = { NPM_CONFIG_LOGLEVEL: "error", NO_COLOR: "1" };
  const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd, env }).output();
  const output = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  return { success, output: stripAnsiCode(output) };
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
