// Makes the declarations of the npm package: of the entry points and of what their types mention.
import ts from "npm:typescript@6.0.3";

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

/** Declarations by their path, such as `src/url.d.cts`; `sources` are paths from the project's root. */
export function declarationsOf(sources: string[]): Map<string, string> {
  const program = ts.createProgram(sources.map((source) => ROOT + source), OPTIONS);
  const emitted = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (path, text) => emitted.set(path.slice(ROOT.length), text));
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) throw new Error(`Cannot make declarations: ${ts.formatDiagnostics(problems, HOST)}`);
  const needed = new Map<string, string>();
  for (const source of sources) addNeeded(source.replace(/\.ts$/, ".d.ts"), emitted, needed);
  return needed;
}

const HOST: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => ROOT,
  getNewLine: () => "\n",
};

/** A declaration is needed when an entry, or something needed, names its module. */
function addNeeded(path: string, emitted: Map<string, string>, needed: Map<string, string>): void {
  const output = path.replace(/\.d\.ts$/, ".d.cts");
  if (needed.has(output)) return;
  const named: string[] = [];
  const text = emitted.get(path)!.replace(/((?:from|import\() ?)"(\.[^"]*)\.ts"/g, (_, before, specifier) => {
    named.push(specifier);
    return `${before}"${specifier}.cjs"`;
  });
  needed.set(output, text);
  for (const specifier of named) {
    addNeeded(new URL(`${specifier}.d.ts`, `file:///${path}`).pathname.slice(1), emitted, needed);
  }
}
