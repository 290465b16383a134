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
  return withoutInner(needed, new Set(sources.map((source) => source.replace(/\.ts$/, ".d.cts"))));
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
  needed.set(output, portable(text).replace(/^(?: {4})+/gm, (indent) => "\t".repeat(indent.length / 4)));
  for (const specifier of named) {
    addNeeded(new URL(`${specifier}.d.ts`, `file:///${path}`).pathname.slice(1), emitted, needed);
  }
}

/** Names of the web's types that Node's types do not have, in terms of those that they have. */
const PORTABLE: Record<string, string> = {
  HeadersInit: 'NonNullable<RequestInit["headers"]>',
  CryptoKey: "Awaited<ReturnType<typeof crypto.subtle.importKey>>",
};

/** Declarations that compile without web libraries. */
function portable(text: string): string {
  return text.replace(/(?<=[:<|] ?)(HeadersInit|CryptoKey)\b/g, (name) => PORTABLE[name]);
}

/** Leaves out what inner modules declare and no other module names: nobody can import it. */
function withoutInner(declarations: Map<string, string>, entries: Set<string>): Map<string, string> {
  const files = [...declarations].map(([path, text]) => ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  const named = namesByModule(files);
  const kept = (file: ts.SourceFile) => {
    const names = named.get(file.fileName) ?? new Set();
    return names.has("*") ? file.text : withoutUnnamed(file, names);
  };
  const described = /^\/\*\*(?:(?!\*\/)[\s\S])*@module\s*\*\/\n/; // read by nobody but those who read the source
  return new Map(files.map((file) => {
    return [file.fileName, entries.has(file.fileName) ? file.text : kept(file).replace(described, "")];
  }));
}

/** What each module is asked for by others; `*` stands for everything. */
function namesByModule(files: ts.SourceFile[]): Map<string, Set<string>> {
  const named = new Map<string, Set<string>>();
  const ask = (file: ts.SourceFile, specifier: string, names: string[]) => {
    const path = new URL(specifier.replace(/\.cjs$/, ".d.cts"), `file:///${file.fileName}`).pathname.slice(1);
    named.set(path, new Set([...named.get(path) ?? [], ...names]));
  };
  for (const file of files) {
    for (const statement of file.statements) {
      const clause = ts.isImportDeclaration(statement)
        ? statement.importClause?.namedBindings
        : ts.isExportDeclaration(statement) && statement.moduleSpecifier
        ? statement.exportClause ?? "*"
        : undefined;
      if (clause === undefined) continue;
      const { text } = (statement as ts.ImportDeclaration).moduleSpecifier as ts.StringLiteral;
      const listed = clause !== "*" && (ts.isNamedImports(clause) || ts.isNamedExports(clause)) ? clause.elements : [];
      ask(file, text, listed.length > 0 ? [...listed].map((it) => (it.propertyName ?? it.name).text) : ["*"]);
    }
    for (const [, specifier] of file.text.matchAll(/import\("([^"]+)"\)/g)) ask(file, specifier, ["*"]);
  }
  return named;
}

/** What is declared under these names, with everything that it mentions. */
function withoutUnnamed(file: ts.SourceFile, names: Set<string>): string {
  const mentions = file.statements.map((statement) => new Set(statement.getText().match(/[\w$]+/g)));
  const kept = new Set<ts.Statement>();
  const keep = (wanted: Set<string>) => {
    file.statements.forEach((statement, i) => {
      const name = declaredName(statement);
      if (kept.has(statement) || (name !== undefined && !wanted.has(name))) return;
      kept.add(statement);
      if (!ts.isImportDeclaration(statement)) keep(mentions[i]);
    });
  };
  keep(names);
  const all = file.statements.filter((it) => kept.has(it) && !ts.isImportDeclaration(it));
  const mentioned = new Set(all.flatMap((it) => it.getText().match(/[\w$]+/g) ?? []));
  const imports = file.statements.filter(ts.isImportDeclaration).map((it) => importOf(it, mentioned));
  return `${[...imports, ...all.map((it) => it.getFullText())].join("").trim()}\n`;
}

/** An import of those names only that are mentioned. */
function importOf({ importClause, moduleSpecifier }: ts.ImportDeclaration, mentioned: Set<string>): string {
  const { elements } = importClause!.namedBindings as ts.NamedImports;
  const names = elements.filter((it) => mentioned.has(it.name.text)).map((it) => it.getText().replace(/^type /, ""));
  return names.length > 0 ? `import type { ${names.join(", ")} } from ${moduleSpecifier.getText()};\n` : "";
}

/** The name of a declaration; `undefined` for imports and exports. */
function declaredName(statement: ts.Statement): string | undefined {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0].name.getText();
  return (statement as ts.Statement & { name?: ts.Identifier }).name?.text;
}
