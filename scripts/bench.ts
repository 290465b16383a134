// Compares this SDK with the Node SDK and with the least that could be written by hand:
//   deno task bench --write | [imports|calls|load|pagination|growth|sizes|types ...]
// Everything is measured in one run and in turns; the numbers are ratios of medians. With --write the whole table goes
// into the README, between <!-- bench --> and <!-- /bench -->.
import * as esbuild from "npm:esbuild@0.28.2";
import type { Rounds } from "../bench/calls.ts";
import type { Contestant } from "../bench/contestants.ts";
import type { Load, Loads } from "../bench/load.ts";
import type { Paged } from "../bench/pagination.ts";
import { buildPackage } from "./build_npm.ts";

const ROOT = new URL("..", import.meta.url);
const TOOLS = [
  "mitata@1.0.34",
  "iron-webcrypto@2.0.0",
  "typescript@6.0.3",
  "node@24.21.0",
  "bun@1.4.5",
  `deno@${Deno.version.deno}`,
];
const OFFICIAL = "@workos-inc/node@11.0.0";
const PACKAGES = { ours: "@universal/workos", official: "@workos-inc/node" };

/** What is measured although no entry point has it alone. */
const SOURCES = ["src/seal.ts", "src/bytes.ts", "src/errors.ts"];

/** The compiler, which tells what memory is in use, and not what is garbage, if it can collect garbage. */
const TSC = ["node", "--expose-gc", "node_modules/typescript/bin/tsc"];

/** A runtime: how it runs a file of the benchmark. */
interface Runtime {
  name: string;
  command: string[];
  /** Arguments that let a program collect its garbage. */
  gc: string[];
}

const RUNTIMES: Runtime[] = [
  { name: "Node", command: ["node", "--no-warnings"], gc: ["--expose-gc"] },
  { name: "Deno", command: ["deno", "run", "-A", "--no-check", "--quiet"], gc: ["--v8-flags=--expose-gc"] },
  { name: "Bun", command: ["bun"], gc: [] },
];

/** One line of the table: what was measured, and a cell for each runtime. */
interface Line {
  name: string;
  cells: string[];
}

/** What there is to measure: lines with a cell for each runtime, and lines of one cell. */
const GROUPS: Record<string, (folder: string) => Promise<(Line | string)[]>> = {
  imports: compareImports,
  calls: compareCalls,
  load: compareLoads,
  pagination: comparePagination,
  growth: async (folder) => [await compareGrowth(folder)],
  sizes: compareSizes,
  types: compareTypes,
};

async function main(): Promise<void> {
  const wanted = Deno.args.filter((it) => it !== "--write");
  const unknown = wanted.find((it) => !Object.hasOwn(GROUPS, it));
  if (unknown) throw new TypeError(`Cannot measure ${unknown}: there are ${Object.keys(GROUPS).join(", ")}`);
  const writes = Deno.args.includes("--write");
  if (writes && wanted.length > 0) {
    throw new TypeError(`Cannot write ${wanted.join(", ")} alone: it is the whole table`);
  }
  const folder = await Deno.makeTempDir({ prefix: "workos-bench-" });
  try {
    await prepare(folder);
    const lines: (Line | string)[] = [];
    for (const [name, compare] of Object.entries(GROUPS)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      console.error(`measuring ${name}`);
      lines.push(...await compare(folder));
    }
    const table = toTable(
      lines.filter((it) => typeof it !== "string"),
      lines.filter((it) => typeof it === "string"),
    );
    console.log(table);
    if (writes) await writeReadme(table);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Installs both libraries and the tools in a folder of their own. */
async function prepare(folder: string): Promise<void> {
  await Deno.writeTextFile(`${folder}/package.json`, JSON.stringify({ private: true, type: "module" }));
  await run(["npm", "install", "--no-audit", "--no-fund", "--silent", OFFICIAL, ...TOOLS], folder);
  await buildPackage(new URL(`file://${folder}/node_modules/@universal/workos/`));
  const programs = (await Array.fromAsync(Deno.readDir(new URL("bench", ROOT)))).map(({ name }) => `bench/${name}`);
  for (const name of ["bench", "src"]) await Deno.mkdir(`${folder}/${name}`);
  for (const path of [...programs, ...SOURCES]) await Deno.copyFile(new URL(path, ROOT), `${folder}/${path}`);
}

/** Runs a program of the folder's; returns what it prints. */
async function run([program, ...args]: string[], folder: string): Promise<string> {
  const env = { PATH: `${folder}/node_modules/.bin:${Deno.env.get("PATH")}`, NO_COLOR: "1" };
  const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd: folder, env }).output();
  const [output, problems] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new Error(`Cannot run ${program} ${args.join(" ")}: ${output}${problems}`);
  return output;
}

async function runFile<T>({ command, gc }: Runtime, args: string[], folder: string): Promise<T> {
  return JSON.parse(await run([...command, ...gc, ...args], folder));
}

/** Cold imports in fresh processes: what a program has taken by its end, over an empty one of the same round. */
async function compareImports(folder: string): Promise<Line[]> {
  const programs: Record<string, string> = { empty: "", ours: PACKAGES.ours, official: PACKAGES.official };
  for (const [name, specifier] of Object.entries(programs)) {
    const load = specifier && `import { WorkOS } from "${specifier}";\nnew WorkOS("sk_test_bench");\n`;
    const taken = "console.log(JSON.stringify({ ms: performance.now(), rss: process.memoryUsage().rss }));\n";
    await Deno.writeTextFile(`${folder}/${name}.mjs`, `import process from "node:process";\n${load}${taken}`);
  }
  const lines = [{ name: "cold import: time over an empty program", cells: [] as string[] }, {
    name: "cold import: memory over an empty program",
    cells: [] as string[],
  }];
  for (const runtime of RUNTIMES) {
    const start = async (name: string) =>
      await runFile<{ ms: number; rss: number }>({ ...runtime, gc: [] }, [`${name}.mjs`], folder);
    await interleave(Object.keys(programs), 3, start); // until their files are at hand
    const [empty, ours, official] = await interleave(Object.keys(programs), 25, start);
    for (const [line, key, unit, size] of [[0, "ms", "ms", 1], [1, "rss", "MB", 2 ** 20]] as const) {
      const more = (runs: typeof ours) => median(runs.map((it, round) => (it[key] - empty[round][key]) / size));
      const [a, b] = [more(ours), more(official)];
      lines[line].cells.push(`${ratio(a, b)} (${a.toFixed(1)} / ${b.toFixed(1)} ${unit})`);
    }
  }
  return lines;
}

async function compareCalls(folder: string): Promise<Line[]> {
  const results: Rounds[] = [];
  for (const runtime of RUNTIMES) results.push(await runFile(runtime, ["bench/calls.ts"], folder));
  return Object.keys(results[0]).map((name) => ({
    name,
    cells: results.map((it) => {
      const took = (who: Contestant) => it[name][who] && median(it[name][who]);
      return `${toCell(took)} (${toPair((who) => (took(who)! / 1000).toFixed(1))} µs)`;
    }),
  }));
}

async function compareLoads(folder: string): Promise<Line[]> {
  const results: Loads[] = [];
  for (const runtime of RUNTIMES) {
    const server = await startServer(folder);
    try {
      results.push(await runFile(runtime, ["bench/load.ts", server.port, "9"], folder));
    } finally {
      await server.stop();
    }
  }
  const pick = (loads: Load[] | undefined, key: keyof Load) => loads && median(loads.map((it) => it[key]));
  const percentile = (load: Loads[string], key: "p50" | "p99") => {
    return `${toCell((who) => pick(load[who], key))} (${toPair((who) => pick(load[who], key)!.toFixed(2))} ms)`;
  };
  const speed = (load: Loads[string]) => {
    const perSecond = (who: Contestant) => pick(load[who], "perSecond")!;
    return `${toCell((who) => 1 / perSecond(who))} (${toPair((who) => perSecond(who).toFixed(0))} requests/s)`;
  };
  return Object.keys(results[0]).flatMap((concurrency) => [
    {
      name: `loopback, ${concurrency} at once: time per request`,
      cells: results.map((it) => speed(it[concurrency])),
    },
    {
      name: `loopback, ${concurrency} at once: 50th percentile`,
      cells: results.map((it) => percentile(it[concurrency], "p50")),
    },
    {
      name: `loopback, ${concurrency} at once: 99th percentile`,
      cells: results.map((it) => percentile(it[concurrency], "p99")),
    },
  ]);
}

async function startServer(folder: string): Promise<{ port: string; stop(): Promise<void> }> {
  const server = new Deno.Command(`${folder}/node_modules/.bin/node`, {
    args: ["bench/server.ts"],
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const port = (await reader.read()).value?.trim() ?? "";
  const stop = async () => {
    await server.stdin.close();
    await reader.cancel();
    await server.status;
  };
  return { port, stop };
}

/** The official library waits 350 ms between pages, so it reads the list once, on Node. */
async function comparePagination(folder: string): Promise<Line[]> {
  const cells: Record<string, string[]> = { time: [], first: [], heap: [], flat: [] };
  for (const runtime of RUNTIMES) {
    const [ours, hand] = await interleave(
      ["ours", "by-hand"],
      5,
      async (who) => await runFile<Paged>(runtime, ["bench/pagination.ts", who], folder),
    );
    const official = runtime.name === "Node"
      ? await runFile<Paged>(runtime, ["bench/pagination.ts", "official"], folder)
      : undefined;
    const pick = (runs: Paged[], key: keyof Paged) => median(runs.map((it) => it[key]));
    const cell = (key: keyof Paged, show: (value: number) => string) =>
      `${official ? ratio(pick(ours, key), official[key]) : "–"} · ${
        key === "milliseconds" ? ratio(pick(ours, key), pick(hand, key)) : "–"
      } (${show(pick(ours, key))}${official ? ` / ${show(official[key])}` : ""})`;
    cells.time.push(cell("milliseconds", (it) => `${it.toFixed(0)} ms`));
    cells.first.push(cell("first", (it) => `${it.toFixed(1)} ms`));
    cells.heap.push(cell("heap", (it) => `${(it / 2 ** 20).toFixed(1)} MB`));
    cells.flat.push(await measureHeaps(runtime, folder));
  }
  return [
    { name: "20,000 items of a list: time", cells: cells.time },
    { name: "20,000 items of a list: until the first item", cells: cells.first },
    { name: "20,000 items of a list: memory", cells: cells.heap },
    { name: "lists of 50, 200 and 800 pages: memory", cells: cells.flat },
  ];
}

/** Live memory while lists of different lengths are read: it is the same when only one page is kept. */
async function measureHeaps(runtime: Runtime, folder: string): Promise<string> {
  const read = async (pages: string) => await runFile<Paged>(runtime, ["bench/pagination.ts", "ours", pages], folder);
  const heaps = (await interleave(["50", "200", "800"], 5, read)).map((runs) => median(runs.map((it) => it.heap)));
  return `– (${heaps.map((it) => (it / 1024).toFixed(0)).join(", ")} KB)`;
}

async function compareGrowth(folder: string): Promise<Line> {
  const cells: string[] = [];
  for (const runtime of RUNTIMES) {
    const kb: string[] = [];
    for (const who of ["ours", "official"]) {
      const bytes = await runFile<number>(runtime, ["bench/growth.ts", who], folder);
      kb.push(`${Math.max(0, bytes / 1024).toFixed(0)} KB`);
    }
    cells.push(`– (${kb.join(" / ")})`);
  }
  return { name: "memory left behind by 100,000 requests", cells };
}

/** Sizes of bundles for browsers: minified, then compressed. */
async function compareSizes(folder: string): Promise<string[]> {
  const lines: string[] = [];
  const manifest = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const entries = Object.keys(manifest.exports).map((entry) => entry === "." ? "" : entry.slice(1));
  try {
    for (const entry of entries) {
      lines.push(`| \`${PACKAGES.ours}${entry}\` | ${await sizeOf(PACKAGES.ours + entry, folder)} |`);
    }
    lines.push(`| \`${PACKAGES.official}/worker\` | ${await sizeOf(`${PACKAGES.official}/worker`, folder)} |`);
  } finally {
    await esbuild.stop();
  }
  return lines;
}

async function sizeOf(specifier: string, folder: string): Promise<string> {
  const { outputFiles: [{ contents }] } = await esbuild.build({
    stdin: { contents: `import * as all from "${specifier}"; globalThis.all = all;`, resolveDir: folder },
    ...{ bundle: true, minify: true, format: "esm", platform: "neutral", write: false, logLevel: "error" },
    external: ["node:*"],
  });
  const stream = new Blob([contents as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream("gzip"));
  const compressed = await new Response(stream).arrayBuffer();
  const kb = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;
  return `${kb(contents.length)}, ${kb(compressed.byteLength)} compressed`;
}

/** Time and memory of type-checking a program that uses a library, over one that does not. */
async function compareTypes(folder: string): Promise<string[]> {
  const sources: Record<string, string> = { empty: "export const client = undefined;\n" };
  for (const [name, specifier] of Object.entries(PACKAGES)) {
    sources[name] = `import { WorkOS } from "${specifier}";\nconst client = new WorkOS("sk_test_bench");\n` +
      'export const id: Promise<string> = client.organizations.getOrganization("org_1").then((it) => it.id);\n';
  }
  for (const [name, text] of Object.entries(sources)) {
    await Deno.mkdir(`${folder}/types-${name}`, { recursive: true });
    await Deno.writeTextFile(`${folder}/types-${name}/main.ts`, text);
  }
  const options = "--ignoreConfig --noEmit --strict --skipLibCheck --module nodenext --target es2023 --lib es2023,dom";
  const check = async (name: string) => {
    const program = `types-${name}/main.ts`;
    const report = await run([...TSC, ...options.split(" "), "--extendedDiagnostics", program], folder);
    const value = (label: string) => Number(report.match(new RegExp(`^${label}:\\s+([\\d.]+)`, "m"))?.[1]);
    return { seconds: value("Total time"), kilobytes: value("Memory used") };
  };
  const [empty, ours, official] = await interleave(["empty", "ours", "official"], 15, check);
  const line = (label: string, pick: (it: { seconds: number; kilobytes: number }) => number, unit: string) => {
    const more = (runs: typeof ours) => median(runs.map((it, round) => pick(it) - pick(empty[round])));
    const [a, b] = [more(ours), more(official)];
    const shown = [a, b].map((it) => it.toFixed(unit === "s" ? 2 : 0)).join(" / ");
    return `| type-checking a program: ${label} over an empty one | ${ratio(a, b)} (${shown} ${unit}) |`;
  };
  return [line("time", (it) => it.seconds, "s"), line("memory", (it) => it.kilobytes / 1024, "MB")];
}

/** Does something for each name in turn, in another order each round; returns the outcomes by name. */
async function interleave<T>(names: string[], rounds: number, measure: (name: string) => Promise<T>): Promise<T[][]> {
  const outcomes = new Map<string, T[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of turn(names, round)) outcomes.get(name)!.push(await measure(name));
  }
  return [...outcomes.values()];
}

function turn(names: string[], round: number): string[] {
  return names.map((_, i) => names[(i + round + names.length) % names.length]);
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function ratio(ours: number, others: number): string {
  return others > 0 ? `${(ours / others).toFixed(2)}×` : "–";
}

/** Ours over the official one, and over the one by hand. */
function toCell(value: (who: Contestant) => number | undefined): string {
  const [ours, official, hand] = (["ours", "official", "by hand"] as const).map(value);
  return `${ratio(ours!, official!)} · ${hand === undefined ? "–" : ratio(ours!, hand)}`;
}

/** Ours beside the official one. */
function toPair(show: (who: "ours" | "official") => string): string {
  return `${show("ours")} / ${show("official")}`;
}

function toTable(lines: Line[], others: string[]): string {
  const date = new Date().toISOString().slice(0, 10);
  const versions = [OFFICIAL, ...TOOLS.filter((it) => !/^(mitata|iron)/.test(it))].join(", ");
  return [
    `Measured ${date} with ${versions}. The first number of a cell is this SDK over the Node SDK, the second one this`,
    "SDK over the least one could write by hand: one `fetch` and `JSON.parse`, or the bare functions of Web Crypto. Less",
    "is better, 1.00× is the same. In parentheses: this SDK / the Node SDK; for sealing alone, iron-webcrypto, with which",
    "that seals.",
    "",
    `| | ${RUNTIMES.map(({ name }) => name).join(" | ")} |`,
    `| --- | ${RUNTIMES.map(() => "---").join(" | ")} |`,
    ...lines.map(({ name, cells }) => `| ${name} | ${cells.join(" | ")} |`),
    "",
    "| | |",
    "| --- | --- |",
    ...others,
  ].join("\n");
}

async function writeReadme(table: string): Promise<void> {
  const file = new URL("README.md", ROOT);
  const text = await Deno.readTextFile(file);
  const marked = /<!-- bench -->[\s\S]*<!-- \/bench -->/;
  if (!marked.test(text)) throw new Error("Cannot write the table: the README has no <!-- bench --> markers");
  await Deno.writeTextFile(file, text.replace(marked, () => `<!-- bench -->\n\n${table}\n\n<!-- /bench -->`));
  await run([Deno.execPath(), "fmt", "--quiet", "README.md"], decodeURIComponent(ROOT.pathname));
}

if (import.meta.main) await main();
