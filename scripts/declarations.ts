// Makes the declarations of the npm package: a file for each entry point, and what several of them share.
import { rollup } from "npm:rollup@4.53.3";
import { dts } from "npm:rollup-plugin-dts@6.5.1";
import ts from "npm:typescript@6.0.3";
import type { Entry } from "./package_manifest.ts";

const ROOT = decodeURIComponent(new URL("..", import.meta.url).pathname);

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: [],
  strict: true,
  declaration: true,
  emitDeclarationOnly: true,
  rootDir: ROOT,
  outDir: ROOT,
};

/** Declarations by their file, such as `jwt.d.cts`. The same source gives the same text. */
export async function declarationsOf(entries: Entry[]): Promise<Map<string, string>> {
  const folder = await Deno.makeTempDir({ prefix: "workos-types-" });
  try {
    for (const [path, text] of emit(entries.map((it) => it.source))) {
      await Deno.mkdir(`${folder}/${path.replace(/[^/]*$/, "")}`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}`, text.replace(/((?:from|import\() ?"\.[^"]*)\.ts"/g, '$1.js"'));
    }
    const bundle = await rollup({
      input: Object.fromEntries(entries.map((it) => [it.file, `${folder}/${it.source.replace(/\.ts$/, ".d.ts")}`])),
      plugins: [dts()],
      onwarn: (warning) => {
        throw new Error(`Cannot make declarations: ${warning.message}`);
      },
    });
    const { output } = await bundle.generate({
      format: "es",
      entryFileNames: "[name].d.cts",
      chunkFileNames: "shared-[hash].d.cts",
      minifyInternalExports: false, // a short name beside the long one is longer than the long one alone
    });
    await bundle.close();
    const files = output.map((it) => [it.fileName, exportInPlace(portable((it as { code: string }).code))] as const);
    return exportWhole(new Map(files));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Declarations of sources and of all that they import, by their path, such as `src/url.d.ts`. */
function emit(sources: string[]): Map<string, string> {
  const program = ts.createProgram(sources.map((source) => ROOT + source), OPTIONS);
  const emitted = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (path, text) => emitted.set(path.slice(ROOT.length), text));
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) throw new Error(`Cannot make declarations: ${ts.formatDiagnostics(problems, HOST)}`);
  return emitted;
}

const HOST: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => ROOT,
  getNewLine: () => "\n",
};

/** Names of the web's types that Node's types do not have, in terms of those that they have. */
const PORTABLE: Record<string, string> = {
  HeadersInit: 'NonNullable<RequestInit["headers"]>',
  CryptoKey: "Awaited<ReturnType<typeof crypto.subtle.importKey>>",
};

/** Declarations that compile without web libraries, in fewer bytes, without what inner modules say of themselves. */
function portable(text: string): string {
  return text.replace(/\/\*\*(?:(?!\*\/)[^])*@module\s*\*\/\n+/g, "")
    .replace(/\{@linkcode (\S+)\}/g, "`$1`")
    .replace(/(?<=[:<|] ?)(HeadersInit|CryptoKey)\b/g, (name) => PORTABLE[name])
    .replace(/^(?: {4})+/gm, (indent) => "\t".repeat(indent.length / 4))
    .replace(/\/\*\*\n\s*\* /g, "/** ").replace(/\n\s*\*\/$/gm, " */");
}

/** A declaration of a module, at the beginning of a line: what it declares, and its name. */
const DECLARATION = /^(declare (?:abstract )?(?:class|function|const|namespace)|interface|type) (\w+)/gm;

/** Exports declarations where they stand; a list at the end would name each of them once more. */
function exportInPlace(text: string): string {
  const kinds = new Map<string, Set<string>>();
  for (const [, kind, name] of text.matchAll(DECLARATION)) kinds.set(name, (kinds.get(name) ?? new Set()).add(kind));
  const typesOnly = (name: string) =>
    [...kinds.get(name)!].every((kind) => /^(interface|type|.*namespace)$/.test(kind));
  const inPlace = new Set<string>();
  const rest = text.replace(/^export (type )?\{([^}]*)\};$/gm, (_, type: string | undefined, list: string) => {
    const left = itemsOf(list).filter((name) => {
      const isFit = kinds.has(name) && (!type || typesOnly(name));
      if (isFit) inPlace.add(name);
      return !isFit;
    });
    return left.length > 0 ? `export ${type ?? ""}{ ${left.join(", ")} };` : "";
  });
  const whole = /^export (type )?\{[^}]*\};$/m.test(rest) ? rest : `${rest.trimEnd()}\nexport {};\n`; // exports no others
  return whole.replace(
    DECLARATION,
    (declaration, _, name) => inPlace.has(name) ? `export ${declaration}` : declaration,
  );
}

/** What a list in braces has in it: names, or `one as another`. */
function itemsOf(list: string): string[] {
  return list.split(",").map((it) => it.trim()).filter((it) => it !== "");
}

/** Names a file that gives all of its exports to another one, instead of each of them: that is less to read and to check. */
function exportWhole(files: Map<string, string>): Map<string, string> {
  const exported = new Map<string, Set<string>>();
  for (const [file, text] of files) {
    const declared = [...text.matchAll(/^export (?:declare )?(?:abstract )?[a-z]+ (\w+)/gm)].map(([, name]) => name);
    const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list]) => itemsOf(list));
    exported.set(file, new Set([...declared, ...listed.map((it) => it.split(" ").at(-1)!)]));
  }
  return new Map([...files].map(([file, text]) => [file, starsFor(text, exported)]));
}

/** The text of a file with `export *` for each module all of whose exports it lists, under their names. */
function starsFor(text: string, exported: Map<string, Set<string>>): string {
  const own = /^export \{([^}]*)\};$/m;
  for (const [statement, list, module] of text.matchAll(/^export \{([^}]*)\} from '\.\/(.*)\.cjs';$/gm)) {
    const imports = new RegExp(`^import \\{([^}]*)\\} from '\\./${module}\\.cjs';$`, "m");
    const [imported, rest] = [imports, own].map((it) => itemsOf(text.match(it)?.[1] ?? ""));
    const all = exported.get(`${module}.d.cts`)!;
    const given = new Set([...itemsOf(list), ...imported.filter((name) => rest.includes(name))]);
    if (!all.isSubsetOf(given)) continue;
    const [renamed, left] = [itemsOf(list), rest].map((items) => items.filter((it) => !all.has(it)).join(", "));
    const star = `export * from './${module}.cjs';`;
    text = text.replace(statement, renamed ? `${star}\n${statement.replace(list, ` ${renamed} `)}` : star)
      .replace(own, left && `export { ${left} };`);
  }
  return text;
}
