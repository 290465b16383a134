// Turns test files into plain JavaScript modules that every runtime can load: bundle_tests.ts OUTDIR FILE...
// Packages must be in Deno's cache before this starts, so it is a program of its own.
import * as esbuild from "npm:esbuild@0.28.2";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Writes one `.mjs` per test file into `outdir`, under the same path; modules they share become shared chunks. */
async function bundleTests(files: string[], outdir: string): Promise<void> {
  try {
    await esbuild.build({
      absWorkingDir: ROOT,
      entryPoints: files,
      outbase: ".",
      outdir,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "neutral",
      target: "es2022",
      sourcemap: "inline",
      logLevel: "warning",
      plugins: [importsOfDeno(await readImports())],
    });
  } finally {
    await esbuild.stop();
  }
}

async function readImports(): Promise<Record<string, string>> {
  return JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)).imports;
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
await bundleTests(files, outdir);
