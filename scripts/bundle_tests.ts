// Turns test files into plain JavaScript for other runtimes: bundle_tests.ts OUTDIR FILE...
//   OUTDIR/**/*.mjs     one module per test file, for runtimes with a test runner; shared modules become shared chunks
//   OUTDIR/all.mjs      one module with all of them and a small runner, for Workers and browsers
// Packages must be in Deno's cache before this starts, so it is a program of its own.
import * as esbuild from "npm:esbuild@0.28.2";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BDD = "@std/testing/bdd";

async function main(outdir: string, files: string[]): Promise<void> {
  const { imports } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
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
      plugins: [importsOfDeno(imports)],
    });
    await esbuild.build({
      ...options,
      ...{ stdin: { contents: workerEntry(files), resolveDir: ROOT }, outfile: `${outdir}/all.mjs` },
      plugins: [importsOfDeno({ ...imports, [BDD]: "./tests/runtimes/bdd.ts" })],
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

/** Resolves what Deno resolves by itself: the import map, `npm:` packages and the packages these need. */
function importsOfDeno(imports: Record<string, string>): esbuild.Plugin {
  return {
    name: "imports-of-deno",
    setup(build) {
      build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true }));
      build.onResolve({ filter: /^npm:/ }, ({ path }) => ({ path: fileURLToPath(import.meta.resolve(path)) }));
      build.onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
        if (kind === "entry-point") return undefined;
        if (path in imports) return { path: fileURLToPath(new URL(imports[path], `file://${ROOT}`)) };
        return { path: createRequire(importer).resolve(path) };
      });
    },
  };
}

const [outdir, ...files] = Deno.args;
await main(outdir, files);
