// Builds the npm package in npm/, or in the folder given, from the same source: deno task build:npm [FOLDER]
//   esm/    one module per entry point: a cold start loads one file, and no entry loads what only another one needs
//   cjs/    the same code for require(); what the client and the public client share is in shared.cjs. The emulator,
//           which is as large as the client and for tests only, is in the package once: esm/emulator.js gives what is here
//   types/  declarations, once for both formats: those of esm/ point here, so a class is the same type in both
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "npm:esbuild@0.28.2";
import { type OutputChunk, type OutputOptions, type Plugin, rollup, type RollupBuild } from "npm:rollup@4.53.3";
import { minify } from "npm:terser@5.51.2";
import { levelOf, readLibrary } from "./check_layers.ts";
import { declarationsOf } from "./declarations.ts";
import {
  entriesOf,
  type Entry,
  folderManifest,
  type Manifest,
  packageManifest,
  REPOSITORY,
} from "./package_manifest.ts";

const ROOT = new URL("..", import.meta.url);
const ROOT_PATH = decodeURIComponent(ROOT.pathname);

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
  for (const entry of entries.filter(({ name }) => name !== ".")) {
    files.set(`${entry.file}/package.json`, `${JSON.stringify(folderManifest(entry))}\n`);
  }
  for (const { file } of entries) files.set(`esm/${file}.d.ts`, `export * from "../types/${file}.cjs";\n`);
  for (const [path, text] of await bundle(entries)) files.set(path, text);
  await replaceFolder(folder, files);
}

/** Sections of the README that are long and can be read elsewhere. */
const ELSEWHERE = new Set(["Permissions", "Differences from the Node SDK", "Speed and size"]);

/**
 * A text with links in place of those sections. Links to files lead to the repository, as the package has none of them;
 * tables have no columns of spaces, as nobody sees them.
 */
function shortenGuide(markdown: string): string {
  const sections = markdown.split(/^(?=#+ )/m).map((section) => {
    const [heading, title] = /^#+ (.*)\n/.exec(section) ?? [];
    if (!heading || !ELSEWHERE.has(title)) return section;
    return `${heading}\nSee [the whole README](README.md#${title.toLowerCase().replaceAll(" ", "-")}).\n\n`;
  });
  return sections.join("").replace(/\]\((?!#|https:)/g, `](${REPOSITORY}/blob/HEAD/`)
    .replace(/^\|.*\|$/gm, (row) => row.replace(/ +\|/g, " |").replace(/-{4,}/g, "---"));
}

/** The entry points that share code in CommonJS, by their files. */
const SHARING = new Set(["index", "public"]);

/** The entry point whose ES module gives what is in CommonJS. */
const ONCE = "emulator";

async function bundle(entries: Entry[]): Promise<Map<string, string>> {
  const alone = entries.filter(({ file }) => file !== ONCE).map((it) => [it]);
  const [sharing, others] = [true, false].map((it) => entries.filter(({ file }) => SHARING.has(file) === it));
  const groups = { esm: alone, cjs: [sharing, ...others.map((it) => [it])] };
  const files = new Map<string, string>();
  const source = readSource(await layoutOf());
  try {
    for (const format of ["esm", "cjs"] as const) {
      for (const group of groups[format]) {
        const build = await rollup({
          input: Object.fromEntries(group.map((it) => [it.file, ROOT_PATH + it.source])),
          plugins: [source],
          treeshake: { moduleSideEffects: false },
          onwarn: (warning) => {
            throw new Error(`Cannot bundle: ${warning.message}`);
          },
        });
        for (const [path, text] of await emit(build, format)) files.set(path, text);
        if (group[0].file === ONCE) files.set(`esm/${ONCE}.js`, await reexport(build));
        await build.close();
      }
    }
  } finally {
    await esbuild.stop();
  }
  return files;
}

/**
 * The library's modules in the order in which a bundle has them: the core, the nouns of the areas, the areas.
 * Compression looks back 32 KB only, so what is alike lies close together.
 */
async function layoutOf(): Promise<string[]> {
  const paths = (await readLibrary(ROOT)).map(({ path }) => path).filter((path) => levelOf(path)! <= 3).sort();
  const depth = (path: string) => path.split("/").length;
  const [core, areas] = [false, true].map((it) => paths.filter((path) => path.startsWith("src/resources/") === it));
  return [...core, ...areas.sort((a, b) => depth(b) - depth(a))];
}

/** Takes the types out of sources, once. That of the client begins with the layout, in its first line. */
function readSource(layout: string[]): Plugin {
  const read = new Map<string, Promise<esbuild.TransformResult>>();
  const transform = async (path: string) => {
    const first = path === `${ROOT_PATH}mod.ts` ? layout.map((it) => `import "./${it}";`).join("") : "";
    const source = first + await Deno.readTextFile(path);
    return await esbuild.transform(source, { loader: "ts", target: "es2022", sourcemap: true, sourcefile: path });
  };
  return {
    name: "source",
    load(path) {
      if (!read.has(path)) read.set(path, transform(path));
      return read.get(path);
    },
  };
}

/** The files of one format, with their source maps. */
async function emit(build: RollupBuild, format: "esm" | "cjs"): Promise<[path: string, text: string][]> {
  const extension = format === "esm" ? "js" : "cjs";
  const options: OutputOptions = {
    format,
    dir: ROOT_PATH + format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `[name].${extension}`,
    manualChunks: (id, { getModuleInfo }) => {
      const users = entriesThatUse(id, (path) => getModuleInfo(path)!);
      return users.size > 1 ? "shared" : undefined;
    },
    sourcemap: true,
    // exports are plain: tests can replace them, import() finds their names, and a default import is all of them
    ...{ esModule: false, externalLiveBindings: false, generatedCode: { preset: "es2015", symbols: false } },
    minifyInternalExports: true,
  };
  const { output } = await build.generate(options);
  const files = await Promise.all(output.filter((it) => it.type === "chunk").map(shorten));
  return files.flat().map(([file, text]) => [`${format}/${file}`, text]);
}

/** An ES module that gives what a CommonJS module exports. */
async function reexport(build: RollupBuild): Promise<string> {
  const { output: [{ name, exports }] } = await build.generate({});
  return `import all from "../cjs/${name}.cjs";\nexport const { ${exports.join(", ")} } = all;\n`;
}

/** The entry points that a module is imported by, through others too. */
function entriesThatUse(
  id: string,
  infoOf: (id: string) => { isEntry: boolean; importers: readonly string[] },
): Set<string> {
  const users = new Set([id]);
  for (const path of users) infoOf(path).importers.forEach((it) => users.add(it));
  return new Set([...users].filter((path) => infoOf(path).isEntry));
}

/**
 * Gives everything a short name inside; classes keep theirs, as inspectors and stack traces show them. Functions stay
 * where they are, since copies of them compress worse.
 */
async function shorten({ fileName, code, map }: OutputChunk): Promise<[file: string, text: string][]> {
  const isModule = fileName.endsWith(".js");
  const result = await minify({ [fileName]: code.replace(/\n\/\/# sourceMappingURL=.*/, "") }, {
    module: isModule,
    toplevel: true,
    compress: {
      ecma: 2020,
      passes: 2,
      keep_classnames: true,
      keep_fargs: false,
      reduce_funcs: false,
      inline: 1, // bodies that are one expression: variables of others would be moved about
      unsafe_arrows: true, // where functions are constructed: here only classes are
    },
    mangle: { keep_classnames: true },
    format: {
      ascii_only: true, // see findForeignSigns
      preserve_annotations: isModule,
      max_line_len: 400, // Node prints the line that throws
    },
    sourceMap: { content: JSON.stringify(map), filename: fileName },
  });
  const text = result.code!.replace(/\/\* @__PURE__ \*\/\n(?=return)/g, "\n"); // where a line was broken: bundlers warn
  return [
    [fileName, `${text}\n//# sourceMappingURL=${fileName}.map\n`],
    [`${fileName}.map`, String(result.map)],
  ];
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
  const folder = pathToFileURL(`${resolve(Deno.args[0] ?? `${ROOT_PATH}npm`)}/`);
  await buildPackage(folder);
  console.log(`Built ${decodeURIComponent(folder.pathname)}`);
}
