// Builds the npm package in npm/, or in the folder given, from the same source: deno task build:npm [FOLDER]
//   esm/    one module per entry point: a cold start loads one file, and no entry loads what only another one needs
//   cjs/    the same files for require()
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
  for (const name of ["README.md", "LICENSE"]) files.set(name, await Deno.readTextFile(new URL(name, ROOT)));
  files.set("package.json", `${JSON.stringify(packageManifest(manifest), null, 2)}\n`);
  for (const [path, text] of declarationsOf(entries.map((it) => it.source))) files.set(`types/${path}`, text);
  for (const { file, source } of entries) {
    files.set(`esm/${file}.d.ts`, `export * from "../types/${source.replace(/\.ts$/, ".cjs")}";\n`);
  }
  for (const [path, text] of await bundle(entries)) files.set(path, text);
  await replaceFolder(folder, files);
}

async function bundle(entries: Entry[]): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  try {
    const { outputFiles } = await esbuild.build({
      absWorkingDir: decodeURIComponent(ROOT.pathname),
      entryPoints: entries.map((it) => ({ in: it.source, out: it.file })),
      outdir: "esm",
      bundle: true,
      format: "esm",
      platform: "neutral",
      target: "es2022",
      minifySyntax: true,
      minifyWhitespace: true,
      lineLimit: 120,
      sourcemap: true,
      sourcesContent: true,
      legalComments: "none",
      logLevel: "warning",
      write: false,
    });
    const texts = new Map(outputFiles.map(({ path, text }) => [path.split("/").at(-1)!, text]));
    for (const [file, code] of texts) {
      if (!file.endsWith(".js")) continue;
      const module = await shorten({ file, code, map: texts.get(`${file}.map`)! });
      addFile(files, `esm/${file}`, module);
      addFile(files, `cjs/${file.replace(/\.js$/, ".cjs")}`, await shorten(await toCommonJs(module)));
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

function addFile(files: Map<string, string>, path: string, { file, code, map }: Output): void {
  if (JSON.parse(map).mappings === "") return void files.set(path, code); // nothing but exports of other files
  files.set(path, `${code}//# sourceMappingURL=${file}.map\n`);
  files.set(`${path}.map`, map);
}

/** Gives variables and functions short names; classes keep theirs, as inspectors and stack traces show them. */
async function shorten({ file, code, map }: Output): Promise<Output> {
  const classes = [...code.matchAll(/(\w+)=class\b|\bclass (\w+)/g)].map(([, assigned, declared]) =>
    assigned ?? declared
  );
  const result = await minify({ [file]: withoutMap(code) }, {
    module: file.endsWith(".js"),
    compress: false,
    mangle: { toplevel: true, reserved: classes },
    format: { preserve_annotations: true, max_line_len: 120 },
    sourceMap: { content: map, filename: file },
  });
  return { file, code: `${result.code}\n`, map: String(result.map) };
}

function withoutMap(code: string): string {
  return code.replace(/\/\/# sourceMappingURL=.*\n?$/, "");
}

/** One CommonJS file for each ES module: bundling entry by entry would give each its own copy of what they share. */
async function toCommonJs({ file, code, map }: Output): Promise<Output> {
  const target = file.replace(/\.js$/, ".cjs");
  const specifiers = code.replace(/(from|import)(\s*)"(\.\/[\w-]+)\.js"/g, '$1$2"$3.cjs"');
  const inline = `//# sourceMappingURL=data:application/json;base64,${base64(map)}`;
  const result = await esbuild.transform(`${specifiers}${inline}\n`, {
    format: "cjs",
    platform: "node", // writes down the names that import() finds in a CommonJS file
    target: "es2022",
    minifyWhitespace: true,
    lineLimit: 120,
    sourcemap: "external",
    sourcefile: target,
    logLevel: "warning",
  });
  const sources = JSON.parse(result.map).sources as string[];
  return { file: target, code: result.code, map: sources.includes(target) ? EMPTY_MAP : result.map };
}

/** Of a file that has nothing of its own. */
const EMPTY_MAP = JSON.stringify({ version: 3, sources: [], names: [], mappings: "" });

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
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
