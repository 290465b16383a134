// Builds the npm package in npm/, or in the folder given, from the same source: deno task build:npm [FOLDER]
//   esm/    one module per entry point: a cold start loads one file, and no entry loads what only another one needs
//   cjs/    the same code for require()
//   types/  declarations, once for both formats: those of esm/ point here, so a class is the same type in both
import * as esbuild from "npm:esbuild@0.28.2";
import { minify } from "npm:terser@5.51.2";
import { declarationsOf } from "./declarations.ts";
import { entriesOf, type Entry, type Manifest, packageManifest } from "./package_manifest.ts";

const ROOT = new URL("..", import.meta.url);

/** Builds the package into a folder, which is emptied first. The same source gives the same bytes. */
export async function buildPackage(folder: URL): Promise<void> {
  const manifest: Manifest = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const entries = entriesOf(manifest);
  const files = new Map<string, string>();
  for (const name of ["README.md", "LICENSE"]) {
    files.set(name, shortenGuide(await Deno.readTextFile(new URL(name, ROOT))));
  }
  files.set("package.json", `${JSON.stringify(packageManifest(manifest), null, 2)}\n`);
  for (const [file, text] of await declarationsOf(entries)) files.set(`types/${file}`, text);
  for (const { file } of entries) files.set(`esm/${file}.d.ts`, `export * from "../types/${file}.cjs";\n`);
  for (const [path, text] of await bundle(entries)) files.set(path, text);
  await replaceFolder(folder, files);
}

/** A text whose tables have no columns of spaces, as nobody reads them before they are rendered, and no measurements. */
function shortenGuide(markdown: string): string {
  const link = "Measured beside the Node SDK, row by row: see [the whole README](README.md#speed-and-size).";
  return markdown.replace(/<!-- bench -->[^]*<!-- \/bench -->/, link)
    .replace(/^\|.*\|$/gm, (row) => row.replace(/ +\|/g, " |").replace(/-{4,}/g, "---"));
}

async function bundle(entries: Entry[]): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  try {
    const { outputFiles } = await esbuild.build({
      absWorkingDir: decodeURIComponent(ROOT.pathname),
      entryPoints: entries.map((it) => ({ in: it.source, out: it.file })),
      outdir: "esm", // as far from the sources as cjs/, so that the maps fit there too
      bundle: true,
      format: "esm",
      platform: "neutral",
      target: "es2022",
      minifySyntax: true,
      sourcemap: true,
      sourcesContent: true,
      legalComments: "none",
      logLevel: "warning",
      write: false,
    });
    const texts = new Map(outputFiles.map(({ path, text }) => [path.split("/").at(-1)!, text]));
    for (const { file: name } of entries) {
      for (const [folder, file] of [["esm", `${name}.js`], ["cjs", `${name}.cjs`]]) {
        const short = await shorten({ file, code: texts.get(`${name}.js`)!, map: texts.get(`${name}.js.map`)! });
        files.set(`${folder}/${file}`, `${short.code}\n//# sourceMappingURL=${file}.map\n`);
        files.set(`${folder}/${file}.map`, short.map);
      }
    }
  } finally {
    await esbuild.stop();
  }
  return files;
}

/** One output file, with its source map. */
interface Output {
  file: string;
  code: string;
  map: string;
}

/** Gives everything a short name inside; classes keep theirs, as inspectors and stack traces show them. */
async function shorten({ file, code, map }: Output): Promise<Output> {
  const isModule = file.endsWith(".js");
  const result = await minify({ [file]: nameClasses(code.replace(/\/\/# sourceMappingURL=.*/, "")) }, {
    module: true,
    compress: {
      ecma: 2020,
      toplevel: true,
      passes: 4,
      keep_classnames: true,
      keep_fargs: false,
      unsafe_arrows: true, // where functions are constructed: here only classes are
    },
    mangle: { toplevel: true, keep_classnames: true },
    format: {
      preamble: isModule ? "" : '"use strict";', // which modules are without saying so
      preserve_annotations: isModule,
      max_line_len: 400, // Node prints the line that throws
    },
    sourceMap: { content: map, filename: file },
  });
  return { file, code: isModule ? result.code! : exportPlainly(result.code!), map: String(result.map) };
}

/**
 * Says the exports of a module, which are its last statement, in the way of CommonJS. Assigned one by one, they can be
 * replaced by tests, and import() finds their names; without `__esModule`, a default import is all of them.
 */
function exportPlainly(code: string): string {
  return code.replace(/export\{(.*)\};$/, (_, list: string) =>
    list.split(",").map((it) => {
      const [own, name = own] = it.split(" as ");
      return `\nexports.${name}=${own};`;
    }).join(""));
}

/** Classes get their names from variables, which become short; one that mentions itself has another name inside. */
function nameClasses(code: string): string {
  const own = new Set([...code.matchAll(/\b(\w+) = class _\1\b/g)].map(([, name]) => `_${name}`));
  return code.replace(/\b_\w+\b/g, (name) => own.has(name) ? name.slice(1) : name)
    .replace(/\b(\w+) = class(?= extends| \{)/g, "$1 = class $1");
}

async function replaceFolder(folder: URL, files: Map<string, string>): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  for (const [path, text] of [...files].sort(([a], [b]) => a < b ? -1 : 1)) {
    const target = new URL(path, folder);
    await Deno.mkdir(new URL(".", target), { recursive: true });
    await Deno.writeTextFile(target, text);
  }
}

if (import.meta.main) {
  const folder = Deno.args[0] ? new URL(`file://${Deno.args[0].replace(/\/*$/, "/")}`) : new URL("npm/", ROOT);
  await buildPackage(folder);
  console.log(`Built ${decodeURIComponent(folder.pathname)}`);
}
