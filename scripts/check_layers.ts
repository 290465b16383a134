// Checks what the formatter and the linter cannot: which file may import which, and what source may mention.
import ts from "npm:typescript@6.0.3";

/** One broken rule, as it is printed. */
export interface Violation {
  /** The file, from the project's root. */
  file: string;
  /** The line, from 1. */
  line: number;
  /** What is wrong. */
  message: string;
}

/** One source file: its path from the project's root, and its text. */
export interface Source {
  /** Such as `src/url.ts`. */
  path: string;
  /** What the file says. */
  text: string;
}

/** One module named by another. */
interface Import {
  from: string;
  specifier: string;
  line: number;
  /** The names it takes as values; types are left out. */
  values: string[];
  typeOnly: boolean;
}

const MAX_LINES = 1000;

/** The files of each level; a file may import from lower levels only. */
const LEVELS: string[][] = [
  ["bytes", "leb128", "url", "wire", "errors", "event_emitter", "hidden", "refresh_store", "version", "wait"],
  ["entity", "runtime", "pkce", "signature", "seal", "jwt", "vault_crypto"],
  ["jwks", "hooks", "rate_limit", "config", "delivery", "transport", "api", "page", "feature_flags_client"],
];

/** Levels whose files may import each other, as long as there is no cycle. */
const MIXED = new Set([2, 3, 6]);

/** What the emulator may use, so that it stays an independent opinion of the API. */
const EMULATOR_MAY_USE = new Set(["bytes", "url", "wire", "version", "pkce", "signature", "seal", "jwt", "leb128"]);

/** Who calls fetch: the transport, and the emulator where it delivers webhooks. */
const FETCHING = new Set(["src/transport.ts", "src/emulator/emulator.ts"]);

/** The only file that may know that runtimes differ, and the only module of theirs that it may ask for. */
const RUNTIME = "src/runtime.ts";
const RUNTIME_MODULE = "node:diagnostics_channel";

/** Names of the global scope: whoever has it can look up anything. */
const SCOPES = new Set(["globalThis", "self", "global"]);

/** Names that belong to one runtime. */
const RUNTIME_NAMES = new Set(["Deno", "process", "Bun", "EdgeRuntime", "WebSocketPair"]);

/** Names that are no web standard of every runtime. */
const FORBIDDEN_NAMES = new Set(["Buffer", "__dirname", "__filename", "require", "window", "XMLHttpRequest"]);

/** What may be called outside of every function, besides functions of the library: it makes a value and no more. */
const MAKERS = new Set(["TextEncoder", "TextDecoder", "Map", "Set", "WeakMap", "Symbol", "Date.UTC"]);

/** What starts something; bundles call much that is theirs. */
const STARTERS = new Set(["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "fetch", "addEventListener"]);

/** The level of a file, or `undefined` when nobody gave it one. */
export function levelOf(path: string): number | undefined {
  if (path === "mod.ts") return 5;
  if (path.startsWith("src/emulator/")) return 6;
  if (path.startsWith("src/resources/") || path === "src/public_client.ts") return 3;
  if (/^src\/(workos|resource_server)\.ts$/.test(path)) return 4;
  if (path.startsWith("src/entries/")) return 5;
  const name = path.match(/^src\/(\w+)\.ts$/)?.[1];
  const level = LEVELS.findIndex((names) => name !== undefined && names.includes(name));
  return level < 0 ? undefined : level;
}

/** Every broken rule in these files of the library. */
export function checkLayers(sources: Source[]): Violation[] {
  const parsed = sources.map(({ path, text }) => ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  const imports = parsed.flatMap(readImports);
  return [
    ...parsed.flatMap(checkFile),
    ...imports.flatMap(checkImport),
    ...findCycles(imports),
  ];
}

/** Every name in the files of the npm package that is no web standard, and every module of somebody else. */
export function checkEmitted(sources: Source[]): Violation[] {
  return sources.flatMap(({ path, text }) => {
    const found: Violation[] = [];
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    visit(file, (node) => report(found, file, node, emittedProblem(node, path)));
    visitScope(file, (node) => {
      const called = calledBy(node) ?? "";
      report(found, file, node, STARTERS.has(called) ? `It does something when it is imported: ${called}` : undefined);
    });
    return found;
  });
}

/** Every sign that is not ASCII: with one of them in it engines keep a whole file at two bytes a sign, and read it slower. */
export function findForeignSigns({ path, text }: Source): Violation[] {
  return text.split("\n").flatMap((line, i) => {
    const sign = /[^\0-\x7f]/u.exec(line)?.[0];
    return sign ? [{ file: path, line: i + 1, message: `It has a sign that is not ASCII: ${sign}` }] : [];
  });
}

function emittedProblem(node: ts.Node, path: string): string | undefined {
  if (ts.isStringLiteral(node) && isSpecifier(node)) {
    return /^(\.|\.\.\/cjs)\//.test(node.text) ? undefined : `It imports ${node.text}`;
  }
  const module = moduleName(node);
  if (module !== undefined) return module === RUNTIME_MODULE ? undefined : `It names ${module}`;
  const name = globalName(node, { ofAny: FORBIDDEN_NAMES });
  if (name === undefined || (name === "require" && path.endsWith(".cjs"))) return undefined;
  const lookedUp = ts.isBindingElement(node.parent) && node.parent.propertyName === node; // as src/runtime.ts does
  if (lookedUp && RUNTIME_NAMES.has(name)) return undefined;
  return FORBIDDEN_NAMES.has(name) || RUNTIME_NAMES.has(name) ? `It mentions ${name}` : undefined;
}

/** The module of Node that a text names, or the beginning of its name. */
function moduleName(node: ts.Node): string | undefined {
  const text = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) ? node.text : "";
  return text.startsWith("node:") ? text : undefined;
}

function isSpecifier({ parent }: ts.StringLiteral): boolean {
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true;
  return ts.isCallExpression(parent) && (parent.expression.kind === ts.SyntaxKind.ImportKeyword ||
    parent.expression.getText() === "require");
}

function checkFile(file: ts.SourceFile): Violation[] {
  const found: Violation[] = [];
  const lines = file.text.trimEnd().split("\n").length;
  if (lines > MAX_LINES) found.push({ file: file.fileName, line: MAX_LINES, message: `It has ${lines} lines` });
  if (levelOf(file.fileName) === undefined) {
    found.push({ file: file.fileName, line: 1, message: "It has no level: give it one in scripts/check_layers.ts" });
  }
  for (const statement of file.statements) report(found, file, statement, topLevelProblem(statement));
  found.push(...findForeignSigns({ path: file.fileName, text: file.text }));
  const known = new Set([...MAKERS, ...ownNames(file)]);
  visitScope(file, (node) => report(found, file, node, scopeProblem(node, known)));
  visit(file, (node) => report(found, file, node, nodeProblem(node, file.fileName)));
  return found;
}

function visit(node: ts.Node, each: (node: ts.Node) => void): void {
  each(node);
  ts.forEachChild(node, (child) => visit(child, each));
}

/** Visits what runs when the file is imported: everything but the inside of functions and of what classes make. */
function visitScope(node: ts.Node, each: (node: ts.Node) => void): void {
  if (ts.isFunctionLike(node) || (ts.isPropertyDeclaration(node) && !isStatic(node))) return;
  each(node);
  ts.forEachChild(node, (child) => visitScope(child, each));
}

function isStatic({ modifiers = [] as never }: ts.PropertyDeclaration): boolean {
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
}

/** What a call, of a constructor or not, calls. */
function calledBy(node: ts.Node): string | undefined {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return node.expression.getText();
  return ts.isTaggedTemplateExpression(node) ? node.tag.getText() : undefined;
}

/** Functions and classes that the file has or imports. What they do is seen in tests/package/imports.test.ts. */
function ownNames(file: ts.SourceFile): string[] {
  const imported = file.statements.filter(ts.isImportDeclaration).flatMap((it) => readClause(it.importClause).values);
  const own = file.statements.filter((it) => ts.isFunctionDeclaration(it) || ts.isClassDeclaration(it));
  const constants = file.statements.filter(ts.isVariableStatement).flatMap((it) => it.declarationList.declarations)
    .filter(({ initializer }) => initializer && ts.isArrowFunction(initializer));
  return [...imported, ...[...own, ...constants].map((it) => it.name?.getText() ?? "")];
}

function report(found: Violation[], file: ts.SourceFile, node: ts.Node, message: string | undefined): void {
  if (message !== undefined) found.push({ file: file.fileName, line: lineOf(file, node), message });
}

function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

/** What is wrong with a statement outside of every function: modules are read, not run. */
function topLevelProblem(statement: ts.Statement): string | undefined {
  if (ts.isExpressionStatement(statement) || ts.isBlock(statement) || isControl(statement)) {
    return "It does something when it is imported";
  }
  if (!ts.isVariableStatement(statement)) return undefined;
  return statement.declarationList.flags & ts.NodeFlags.Const ? undefined : "It keeps state at module scope";
}

function isControl(statement: ts.Statement): boolean {
  return ts.isIfStatement(statement) || ts.isTryStatement(statement) || ts.isSwitchStatement(statement) ||
    ts.isIterationStatement(statement, true);
}

/** What is wrong with a call outside of every function. */
function scopeProblem(node: ts.Node, known: Set<string>): string | undefined {
  const called = calledBy(node);
  if (called === undefined || node.parent.parent === node.getSourceFile()) return undefined; // it is all of a statement
  return known.has(called) ? undefined : `It does something when it is imported: ${called}`;
}

function nodeProblem(node: ts.Node, path: string): string | undefined {
  if (ts.isCallExpression(node) && calleeName(node) === "fetch" && !FETCHING.has(path)) {
    return "It calls fetch: requests go through the transport";
  }
  if (ts.isStringLiteral(node) && isSpecifier(node)) return undefined; // see importProblem
  const module = moduleName(node);
  if (module !== undefined && !(module === RUNTIME_MODULE && path === RUNTIME)) return `It names ${module}`;
  const name = globalName(node, { ofAny: path === RUNTIME ? FORBIDDEN_NAMES : new Set() });
  if (name === undefined) return undefined;
  if (FORBIDDEN_NAMES.has(name)) return `It mentions ${name}`;
  const isRuntimes = RUNTIME_NAMES.has(name) || SCOPES.has(name);
  return isRuntimes && path !== RUNTIME ? `Only ${RUNTIME} mentions ${name}` : undefined;
}

function calleeName({ expression }: ts.CallExpression): string | undefined {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : undefined;
}

/**
 * The name that could mean a global here: no member's name, unless it is looked up in the global scope. That may have
 * another name itself, so names of `ofAny` count whatever they are looked up in.
 */
function globalName(node: ts.Node, { ofAny }: { ofAny: Set<string> }): string | undefined {
  if (!ts.isIdentifier(node) && !ts.isStringLiteralLike(node)) return undefined;
  const { parent } = node;
  const isLookedUp = ts.isPropertyAccessExpression(parent) && parent.name === node ||
    ts.isElementAccessExpression(parent) && parent.argumentExpression === node;
  if (isLookedUp) return ofAny.has(node.text) || isScope(parent.expression) ? node.text : undefined;
  return ts.isIdentifier(node) && !namesMember(node) ? node.text : undefined;
}

function isScope(expression: ts.Expression): boolean {
  return /\b(globalThis|self|global)\b/.test(expression.getText());
}

/** Whether this is the name of a member where that is declared. */
function namesMember(node: ts.Identifier): boolean {
  const { parent } = node;
  const declaresMember = ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) || ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent) ||
    ts.isParameter(parent);
  return declaresMember && (parent as { name?: ts.Node }).name === node;
}

function readImports(file: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node, clause: { values: string[]; typeOnly: boolean }) => {
    if (!ts.isStringLiteral(specifier)) return;
    found.push({ from: file.fileName, specifier: specifier.text, line: lineOf(file, node), ...clause });
  };
  visit(file, (node) => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, readClause(node.importClause));
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add(node, node.moduleSpecifier, { values: [], typeOnly: node.isTypeOnly });
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal, { values: [], typeOnly: true });
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], { values: ["*"], typeOnly: false });
    }
  });
  return found;
}

function readClause(clause: ts.ImportClause | undefined): { values: string[]; typeOnly: boolean } {
  if (clause === undefined) return { values: ["*"], typeOnly: false };
  if (clause.isTypeOnly) return { values: [], typeOnly: true };
  const bindings = clause.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements.filter((it) => !it.isTypeOnly) : [];
  const values = named.map((it) => (it.propertyName ?? it.name).text);
  if (bindings && ts.isNamespaceImport(bindings)) values.push("*");
  if (clause.name) values.push("default");
  return { values, typeOnly: values.length === 0 };
}

function checkImport(it: Import): Violation[] {
  const message = importProblem(it);
  return message === undefined ? [] : [{ file: it.from, line: it.line, message }];
}

function importProblem(it: Import): string | undefined {
  if (!/^\.{1,2}\//.test(it.specifier)) return `It imports ${it.specifier}: imports are relative`;
  if (!it.specifier.endsWith(".ts")) return `It imports ${it.specifier}: say .ts`;
  const target = resolve(it);
  if (it.from.startsWith("src/emulator/")) return emulatorProblem(target);
  if (target.startsWith("src/emulator/")) return `It imports ${target}: the emulator stands apart`;
  const [own, other] = [levelOf(it.from), levelOf(target)];
  if (own === undefined || other === undefined) return undefined; // a file without a level is reported by itself
  if (other > own || (other === own && !MIXED.has(own))) return `It imports ${target}: imports point down`;
  return own === 3 && other === 3 ? areaProblem(it, target) : undefined;
}

function emulatorProblem(target: string): string | undefined {
  if (target.startsWith("src/emulator/")) return undefined;
  const name = target.match(/^src\/(\w+)\.ts$/)?.[1];
  return name && EMULATOR_MAY_USE.has(name) ? undefined : `It imports ${target}: the emulator uses leaf modules only`;
}

/** An area may use the types and functions of another, never its class. */
function areaProblem(it: Import, target: string): string | undefined {
  if (areaOf(it.from) === areaOf(target)) return undefined;
  const classes = it.values.filter((name) => /^[A-Z]\w*[a-z]/.test(name) || name === "*");
  return classes.length === 0 ? undefined : `It imports ${classes.join(", ")} of another area: take its types only`;
}

function areaOf(path: string): string {
  return path.replace("src/resources/", "").replace(/(\/|\.ts$).*/, "");
}

function resolve({ from, specifier }: Import): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

/** Cycles among the files; only the types of two areas may point at each other. */
function findCycles(imports: Import[]): Violation[] {
  const counted = imports.filter((it) => it.specifier.startsWith(".") && !(it.typeOnly && levelOf(it.from) === 3));
  const edges = Map.groupBy(counted, (it) => it.from);
  const done = new Set<string>();
  const found: Violation[] = [];
  const walk = (path: string, trail: string[]) => {
    if (done.has(path)) return;
    for (const edge of edges.get(path) ?? []) {
      const target = resolve(edge);
      const start = [...trail, path].indexOf(target);
      if (start < 0) walk(target, [...trail, path]);
      else {
        const message = `It closes a cycle: ${[...trail, path].slice(start).join(" -> ")} -> ${target}`;
        found.push({ file: path, line: edge.line, message });
      }
    }
    done.add(path);
  };
  for (const path of edges.keys()) walk(path, []);
  return found;
}

/** Reads `mod.ts` and everything under `src`. */
export async function readLibrary(root: URL): Promise<Source[]> {
  const paths = await list(root, "src/");
  paths.push("mod.ts");
  return await Promise.all(paths.map(async (path) => ({ path, text: await Deno.readTextFile(new URL(path, root)) })));
}

async function list(root: URL, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(new URL(folder, root))) {
    if (entry.isDirectory) paths.push(...await list(root, `${folder}${entry.name}/`));
    else if (entry.name.endsWith(".ts")) paths.push(folder + entry.name);
  }
  return paths;
}

async function main(): Promise<void> {
  const root = Deno.args[0] ? new URL(`file://${await Deno.realPath(Deno.args[0])}/`) : new URL("..", import.meta.url);
  const sources = await readLibrary(root);
  const violations = checkLayers(sources);
  for (const { file, line, message } of violations) console.error(`${file}:${line}: ${message}`);
  console.log(`${sources.length} files, ${violations.length} violations`);
  if (violations.length > 0) Deno.exit(1);
}

if (import.meta.main) await main();
