// Builds the npm package in npm/, or in the folder given, from the same source: deno task build:npm [FOLDER]
//   esm/    one module per entry point, with shared chunks
//   cjs/    the same files for require(); chunks are shared too, so state and classes are one for all entries
//   types/  declarations, once for both formats: those of esm/ point here, so a class is the same type in both
import * as esbuild from "npm:esbuild@0.28.2";
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
      chunkNames: "shared-[hash]",
      bundle: true,
      splitting: true,
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
    for (const { path, text } of outputFiles) files.set(`esm/${path.split("/").at(-1)}`, text);
    for (const [path, text] of [...files]) {
      if (path.endsWith(".js")) await addCommonJs(files, { path, code: text, map: files.get(`${path}.map`)! });
    }
  } finally {
    await esbuild.stop();
  }
  return files;
}

/** One CommonJS file for each ES module: bundling entry by entry would give each its own copy of what they share. */
async function addCommonJs(
  files: Map<string, string>,
  { path, code, map }: { path: string; code: string; map: string },
): Promise<void> {
  const file = path.replace("esm/", "").replace(/\.js$/, ".cjs");
  const inline = `//# sourceMappingURL=data:application/json;base64,${base64(map)}`;
  const specifiers = code.replace(/\/\/# sourceMappingURL=.*\n?$/, "")
    .replace(/(from|import)"(\.\/[\w-]+)\.js"/g, '$1"$2.cjs"');
  const result = await esbuild.transform(`${specifiers}${inline}\n`, {
    format: "cjs",
    platform: "node", // writes down the names that import() finds in a CommonJS file
    target: "es2022",
    minifyWhitespace: true,
    lineLimit: 120,
    sourcemap: "external",
    sourcefile: file,
    logLevel: "warning",
  });
  files.set(`cjs/${file}`, `${result.code}//# sourceMappingURL=${file}.map\n`);
  files.set(`cjs/${file}.map`, result.map);
}

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
