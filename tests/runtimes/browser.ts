// Chromium opens the bundled tests in a page, which sends back what they report.
import { delimiter, join } from "node:path";
import { chromium } from "npm:playwright-core@1.64.1";
import { readNodeReport } from "../../scripts/tally.ts";
import { type Job, type Outcome, settle } from "./runner.ts";

const PROGRAMS = ["chromium-headless-shell", "chromium", "google-chrome"];

const PAGE = `<!doctype html><title>Tests</title><script type="module">
// Most tests hand a client its key, as servers do: to the SDK this page is none.
Object.defineProperty(document, "createElement", { value: undefined, configurable: true });
const lines = [];
console.log = (...words) => lines.push(words.join(" "));
try {
  const { default: tests } = await import("/all.mjs");
  await tests.test();
} catch (error) {
  lines.push(error.stack);
}
await fetch("/report", { method: "POST", body: lines.join("\\n") });
</script>`;

const PATIENCE = 600_000; // milliseconds

/** The first browser this machine has, by its whole path. */
export async function findBrowser(): Promise<string | undefined> {
  const folders = Deno.env.get("PATH")?.split(delimiter) ?? [];
  for (const path of PROGRAMS.flatMap((program) => folders.map((folder) => join(folder, program)))) {
    const file = await Deno.stat(path).catch(() => undefined); // not there, or not ours to see
    if (file?.isFile && (await new Deno.Command(path, { args: ["--version"] }).output()).success) return path;
  }
  return undefined;
}

/** Runs all tests in one page. */
export async function runBrowser({ scratch }: Job): Promise<Outcome> {
  const program = await findBrowser();
  if (program === undefined) throw new TypeError("Cannot run tests: there is no browser");
  const report = await runInBrowser(program, `${scratch}/bundle`);
  return settle({ success: /^# fail 0$/m.test(report), output: report }, report, readNodeReport);
}

/** Runs `all.mjs` of a folder in a page, served from this machine: a secure context, as web crypto needs. */
async function runInBrowser(program: string, folder: string): Promise<string> {
  const report = Promise.withResolvers<string>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/report") report.resolve(await request.text());
    if (pathname !== "/all.mjs") return new Response(PAGE, { headers: { "Content-Type": "text/html" } });
    const module = await Deno.readFile(`${folder}/all.mjs`);
    return new Response(module, { headers: { "Content-Type": "text/javascript" } });
  });
  const timer = setTimeout(() => report.resolve("The browser did not report in time"), PATIENCE);
  const args = ["--disable-gpu"];
  const browser = await chromium.launch({ executablePath: program, args, chromiumSandbox: Deno.uid() !== 0 });
  try {
    await (await browser.newPage()).goto(`http://127.0.0.1:${server.addr.port}/`);
    return await report.promise;
  } finally {
    clearTimeout(timer);
    await browser.close();
    await server.shutdown();
  }
}
