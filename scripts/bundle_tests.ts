// Turns test files into plain JavaScript for other runtimes: bundle_tests.ts [--package=FOLDER] OUTDIR FILE...
//   OUTDIR/**/*.mjs     one module per test file, for runtimes with a test runner; shared modules become shared chunks
//   OUTDIR/all.mjs      one module with all of them and a small runner, for Workers, edge runtimes and browsers
// With --package the entry points that tests import are those of the npm package installed in FOLDER/node_modules; tests
// of inner modules keep their sources.
// Packages must be in Deno's cache before this starts, so it is a program of its own.
import * as esbuild from "npm:esbuild@0.28.2";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { entriesOf } from "./package_manifest.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BDD = "@std/testing/bdd";

async function main(outdir: string, { files, folder }: { files: string[]; folder?: string }): Promise<void> {
  const manifest = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const entries = new Map(entriesOf(manifest).map((it) => [ROOT + it.source, manifest.name + it.name.slice(1)]));
  const imports = { ...manifest.imports, ...Object.fromEntries([...entries].map(([path, name]) => [name, path])) };
  const options: esbuild.BuildOptions = {
    absWorkingDir: ROOT,
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    sourcemap: "inline",
    logLevel: "warning",
  };
  try {
    await esbuild.build({
      ...options,
      ...{ entryPoints: files, outbase: ".", outdir, outExtension: { ".js": ".mjs" }, splitting: true },
      plugins: [...folder ? [installed(entries)] : [], importsOfDeno(imports)],
    });
    await esbuild.build({
      ...options,
      ...{ stdin: { contents: workerEntry(files), resolveDir: ROOT }, outfile: `${outdir}/all.mjs` },
      plugins: [
        ...folder ? [installed(entries, folder)] : [],
        importsOfDeno({ ...imports, [BDD]: "./tests/runtimes/bdd.ts" }),
      ],
    });
  } finally {
    await esbuild.stop();
  }
}

/** Test files are loaded inside of the handler: Workers allow no randomness, timers or requests before. */
function workerEntry(files: string[]): string {
  const loaders = files.map((file) => `${JSON.stringify(file)}: () => import(${JSON.stringify(`./${file}`)})`);
  return `import { runFiles } from "./tests/runtimes/bdd.ts";
    const files = { ${loaders.join(", ")} };
    export default {
      async test() {
        if (await runFiles(files, console.log) > 0) throw new Error("Some tests fail");
      },
    };`;
}

/** Gives tests and examples the entry points of the installed package: by name, or from a folder's `node_modules`. */
function installed(entries: Map<string, string>, folder?: string): esbuild.Plugin {
  const names = new Set(entries.values());
  return {
    name: "installed",
    setup(build) {
      build.onResolve({ filter: /^[.@]/ }, async ({ path, importer, kind, pluginData }) => {
        const name = names.has(path) ? path : entries.get(resolve(dirname(importer), path));
        if (!name || pluginData === "native" || !/^(tests|examples)\//.test(importer.slice(ROOT.length))) {
          return undefined;
        }
        if (!folder) return { path: name, external: true };
        return await build.resolve(name, { kind, resolveDir: folder, pluginData: "native" });
      });
    },
  };
}

/** Resolves what Deno resolves by itself: the import map, `npm:` packages and the packages these need. */
function importsOfDeno(imports: Record<string, string>): esbuild.Plugin {
  return {
    name: "imports-of-deno",
    setup(build) {
      build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true }));
      build.onResolve({ filter: /^npm:/ }, ({ path }) => ({ path: fileURLToPath(import.meta.resolve(path)) }));
      build.onResolve({ filter: /^[^./]/ }, ({ path, importer, kind, pluginData }) => {
        if (kind === "entry-point" || pluginData === "native") return undefined;
        if (path in imports) return { path: resolve(ROOT, imports[path]) };
        return { path: createRequire(importer).resolve(path) };
      });
    },
  };
}

const folder = Deno.args.find((arg) => arg.startsWith("--package="))?.slice("--package=".length);
const [outdir, ...files] = Deno.args.filter((arg) => !arg.startsWith("--"));
await main(outdir, { files, folder });
