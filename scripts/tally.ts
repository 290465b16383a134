// Reads how many tests passed and failed from what each runtime's test runner reports.

/** How many tests ran, and how they ended. */
export interface Tally {
  /** Tests that passed. */
  passed: number;
  /** Tests that failed, were cancelled or skipped: a test that did not run did not pass. */
  failed: number;
}

/** Reads the JUnit report of `deno test`; it lists groups beside their tests, so groups are left out by their names. */
export function readDenoReport(junit: string): Tally {
  const cases = [...junit.matchAll(/<testcase name="([^"]*)"[^>]*>([\s\S]*?)<\/testcase>/g)];
  const groups = new Set<string>();
  for (const [, name] of cases) {
    for (let at = name.indexOf(" &gt; "); at >= 0; at = name.indexOf(" &gt; ", at + 1)) groups.add(name.slice(0, at));
  }
  const tests = cases.filter(([, name]) => !groups.has(name));
  const failed = tests.filter(([, , body]) => /<(failure|error|skipped)\b/.test(body)).length;
  return { passed: tests.length - failed, failed };
}

/** Reads the closing comments of the TAP report of `node --test`. */
export function readNodeReport(tap: string): Tally {
  const count = (name: string) => Number(tap.match(new RegExp(`^# ${name} (\\d+)$`, "m"))?.[1] ?? 0);
  return { passed: count("pass"), failed: count("fail") + count("cancelled") + count("skipped") + count("todo") };
}

/** Reads the closing lines of `bun test`; an error outside of every test counts as a failed one. */
export function readBunReport(output: string): Tally {
  const count = (name: string) => Number(output.match(new RegExp(`^ *(\\d+) ${name}s?$`, "m"))?.[1] ?? 0);
  return { passed: count("pass"), failed: count("fail") + count("error") + count("skip") + count("todo") };
}
