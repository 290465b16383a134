import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { spawn } from "node:child_process";
import process from "node:process";
import type { Rest } from "./child.ts";
import { median, readChaos } from "./plan.ts";

describe("a program that used the client", () => {
  it("leaves no timer and no unhandled rejection, and ends by itself within 200 ms", async () => {
    const runs: Ended[] = [];
    const plain: Ended[] = []; // how long a program takes to end that only fetched: Node is slow there, or the machine
    for (let i = 0; i < 3; i++) {
      runs.push(await runChild());
      plain.push(await runChild({ plain: true }));
    }

    for (const { code, rest } of runs) {
      assertEquals([code, rest.timers, rest.unhandled], [0, 0, []]);
      assertEquals(rest.ends, [
        "none",
        "GenericServerException",
        ...["TimeoutException", "TimeoutException"],
        ...["AbortError", "AbortError", "AbortError"],
        ...["NetworkException", "NetworkException"],
        "ParseError",
        "RedirectException",
        "NetworkException",
        "TimeoutException",
      ]);
    }
    const [lasted, least] = [runs, plain].map((all) => all.map(({ lasted }) => lasted));
    const shown = [lasted, least].map((all) => all.map((ms) => ms.toFixed(0)));
    assert(median(lasted) - median(least) <= 200, `it went on for ${shown[0]} ms, a plain one for ${shown[1]}`);
  });
});

interface Ended {
  code: number | null;
  rest: Rest;
  /** Milliseconds between its last word and its end. */
  lasted: number;
}

/** Runs the program; one that takes more than a minute is stopped. */
function runChild({ plain = false } = {}): Promise<Ended> {
  const { child: args, ...addresses } = readChaos();
  const child = spawn(process.execPath, [...args, JSON.stringify({ ...addresses, plain })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  let spoke = NaN;
  const watchdog = setTimeout(() => child.kill("SIGKILL"), 60_000);
  child.stdout.on("data", (piece) => {
    output += piece;
    spoke = performance.now();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(watchdog);
      resolve({ code, rest: JSON.parse(output), lasted: performance.now() - spoke });
    });
  });
}
