// Compares the public types with those of the Node SDK: its calls must compile here, its data fit here, and our results
// fit where it is used.
import manifest from "npm:@workos-inc/node@11.0.0/package.json" with { type: "json" };
import ts from "npm:typescript@6.0.3";

/** One way in which the two differ. */
export interface Mismatch {
  /** `area.method`, the name of a type, `Enum.member`, or `Class.property`. */
  name: string;
  /** What differs; `data` where ours does not take every value of the Node SDK's type. */
  kind: "missing" | "arguments" | "result" | "data" | "member" | "property";
  /** What the compiler says. */
  message: string;
}

/** What the comparison found. */
export interface Parity {
  /** Every method of the Node SDK, as `area.method`. */
  methods: string[];
  /** Every name that its public signatures reach. */
  types: string[];
  /** Every type of data that both export. */
  data: string[];
  /** Every member of an enum of the Node SDK that both export, as `Enum.member`. */
  members: string[];
  /** Every property of a class of the Node SDK that both have, as `Class.property`; those that are areas left out. */
  properties: string[];
  /** Where the two differ, exceptions included. */
  mismatches: Mismatch[];
}

const ROOT = decodeURIComponent(new URL("..", import.meta.url).pathname);
const MODULE = `${ROOT}mod.ts`;
const ASSERTIONS = `${ROOT}scripts/parity_assertions.ts`; // never written: the compiler gets it from memory

/** How types are checked: strictly, with the libraries of the web. */
export const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"],
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
};

/** Values that the API has in fields where the Node SDK knows fewer; the types here are open for more to come. */
// deno-fmt-ignore
const NEW_VALUES = [
  // states of exports, domains, connections, directory users, sign-ins; kinds of factors
  "expired", "unverified", "legacy_verified", "deleting", "requires_type", "suspended", "webauthn", "started",
  "timed_out", "passkey", "reauthentication",
  // orders of lists
  "normal",
  // kinds of directories
  "gusto", "rippling", "s3", "sailpoint scim v2.0",
  // kinds of connections, providers of identities
  "Auth0Migration", "BitbucketOAuth", "DiscordOAuth", "GitLabOAuth", "GoogleOIDC", "GrokOAuth", "IntuitOAuth",
  "LinkedInOAuth", "SlackOAuth", "TestIdp", "VercelMarketplaceOAuth", "VercelOAuth", "XOAuth", "XeroOAuth", "Pending",
];

/** Fields that the Node SDK promises although the API leaves them out or sends `null`, by the type that has them. */
const FRANK_FIELDS: Record<string, string[]> = {
  AuditLogExport: ["url"],
  AuthenticationEventSso: ["connectionId", "organizationId", "sessionId"],
  Directory: ["domain"],
  DirectoryGroup: ["rawAttributes"],
  FeatureFlag: ["description"],
  Organization: ["allowProfilesOutsideOrganization"],
  Profile: ["organizationId", "name", "firstName", "lastName", "role", "roles"],
};

/** What differs on purpose, by the name of a method or type, and why; in every way unless there is one kind. */
const EXCEPTIONS: [name: RegExp, reason: string, kind?: Mismatch["kind"]][] = [
  [/^userManagement\.getJWKS$/, "a function for jose's jwtVerify, without the controls of jose's own key set"],
  [/^Serialized|^UserResponse$/, "a form of the wire; the options of a list are the caller's own here"],
  [/^(HttpClient\w*|RequestHeaders|ResponseHeader\w*)$/, "parts of the Node SDK's HTTP client; here it is fetchFn"],
  [/^WorkOS\.(client|createHttpClient|getCryptoProvider)$/, "inner parts of the Node SDK; here it is fetchFn"],
  [/^RequestOptions$/, "the options of a call; the Node SDK's are those of its HTTP client", "data"],
  [/^Public(WorkOS|SSO|UserManagement)$/, "has members that the Node SDK's has not", "data"],
  [
    /^(AgentAccessTokenClaims|ValidAgentCredential|AgentCredentialValidation|AuthenticationErrorData)$/,
    "lets claims and members be read that have no type",
    "data",
  ],
  [/^AuthenticationException\.rawData$/, "has the user with the members that the API sends in this case"],
  [/^BadRequestException\.status$/, "the status of the response, which is not always 400"],
  [/^WorkOS\.options$/, "options whose appInfo needs no version"],
  [/^UserOrganizationMembershipBaseListData$/, "has its times as calls give them: as text", "data"],
];

/** Whether an exception is about a difference. */
function excuses([names, , kind]: typeof EXCEPTIONS[number], it: Mismatch): boolean {
  return names.test(it.name) && (kind === undefined || kind === it.kind);
}

/** Why a difference is wanted; `undefined` when it is not. */
export function reasonFor(mismatch: Mismatch): string | undefined {
  return EXCEPTIONS.find((exception) => excuses(exception, mismatch))?.[1];
}

/**
 * Types as they are compared. "Any other string" in a result is a difference to the Node SDK that is wanted, and has no
 * form that TypeScript would take for the Node SDK's closed unions: open enums are compared by the values they name.
 * Enums are compared by their values too, events by the names both have, and lists by what is public; the options of
 * a list are the caller's here and sometimes the wire's there.
 */
const comparedTypes = (exported: Set<string>) => `
type NewValue = ${NEW_VALUES.map((value) => JSON.stringify(value)).join(" | ")};
type Same<A, B> = (<G>() => G extends A ? 1 : 2) extends (<G>() => G extends B ? 1 : 2) ? true : false;
type IsSame<A, B> = 0 extends 1 & A ? true : Same<A, B>; // a type that is missing is \`any\` and has its own error
type IsOpen<T> = T extends string ? string extends T ? Same<T, string> extends true ? "closed" : "open" : "closed" : "closed";
type Text<T, Open> = T extends string
  ? "open" extends Open ? string extends T ? never : T extends NewValue ? never : \`\${T}\` : \`\${T}\`
  : Known<T>;
type Known<T> = 0 extends 1 & T ? T : [Extract<T, string>] extends [never] ? Part<T> : Text<T, IsOpen<T>>;
type Part<T> = T extends number | boolean | bigint | symbol | null | undefined | Date | Uint8Array | ArrayBuffer ? T
  : T extends Promise<infer R> ? Promise<Known<R>>
  : T extends (...args: infer A) => infer R ? (...args: A) => Known<R>
  : T extends readonly unknown[] ? { [K in keyof T]: Known<T[K]> }
  : T extends { object: "list"; data: (infer I)[]; listMetadata: infer L; autoPagination: unknown }
    ? { object: "list"; data: Known<I>[]; listMetadata: L; autoPagination(): Promise<Known<I>[]> }
  : T extends { event: string; data: unknown; createdAt: string }
    ? T["event"] extends Theirs.EventName ? Members<T> : never
${
  Object.entries(FRANK_FIELDS).filter(([type]) => exported.has(type))
    .map(([type, fields]) => `  : T extends Ours.${type} ? ${frankly(fields)}`).join("\n")
}
  : T extends object ? Members<T>
  : T;
type Members<T> = { [K in keyof T]: Known<T[K]> };
declare function known<T>(value: T): Known<T>;
`;

/** The members of a type, with these as the Node SDK has them. */
function frankly(fields: string[]): string {
  const names = fields.map((field) => JSON.stringify(field)).join(" | ");
  return `Members<Omit<T, ${names}> & { [K in Extract<keyof T, ${names}>]-?: NonNullable<T[K]> }>`;
}

/** Compares two sets of declarations, the Node SDK's and the library's, each by the path of its module. */
export function compare(official: string, module: string = MODULE): Parity {
  const both = ts.createProgram([official, module], OPTIONS);
  const methods = listMethods(both, official);
  const types = listReached(both, official);
  const data = listData(both, { official, module });
  const members = listEnumMembers(both, { official, module });
  const properties = listProperties(both, { official, module });
  const exported = new Set(exportsOf(both, module).map(({ name }) => name));
  const { text, lines } = assertions({ official, module, methods, data, members, properties, exported });
  const program = ts.createProgram([ASSERTIONS], OPTIONS, withAssertions(text), both);
  const diagnostics = program.getSemanticDiagnostics(program.getSourceFile(ASSERTIONS));
  const missing = types.filter((name) => !exported.has(name));
  const own = listMembers(both, module);
  missing.push(
    ...[...listMembers(both, official)].filter((name) => exported.has(name.split(".")[0]) && !own.has(name)),
  );
  const values = types.filter((name) => isValue(both, official, name) && !isValue(both, module, name));
  return {
    methods: methods.map(({ name }) => name),
    types,
    data: data.map(({ name }) => name),
    members: members.map(({ name }) => name),
    properties: properties.map(({ name }) => name),
    mismatches: [
      ...diagnostics.map((it) => mismatchOf(it, lines)),
      ...missing.map((name): Mismatch => ({ name, kind: "missing", message: "There is no such name" })),
      ...values.filter((name) => !missing.includes(name))
        .map((name): Mismatch => ({ name, kind: "missing", message: "It is a type only" })),
    ],
  };
}

type Check = Omit<Mismatch, "message">;

/** The public members of every exported class, as `Class.member`, and of the client's areas, as `WorkOS.area.member`. */
function listMembers(program: ts.Program, path: string): Set<string> {
  const checker = program.getTypeChecker();
  const names = (prefix: string, type: ts.Type): string[] =>
    type.getProperties().filter(isPublic).flatMap((member) => {
      const area = prefix === "WorkOS" ? checker.getTypeOfSymbol(member) : undefined;
      const name = `${prefix}.${member.name}`;
      return area?.isClass() && member.name !== "client" ? [name, ...names(name, area)] : [name];
    });
  const classes = exportsOf(program, path).filter((it) => resolve(checker, it).flags & ts.SymbolFlags.Class);
  return new Set(classes.flatMap((it) => names(it.name, checker.getDeclaredTypeOfSymbol(resolve(checker, it)))));
}

interface Method {
  /** As `area.method`. */
  name: string;
  isAsync: boolean;
}

/** The public methods of every area of the client, in the order of the declarations. */
function listMethods(program: ts.Program, official: string): Method[] {
  const checker = program.getTypeChecker();
  const client = exportsOf(program, official).find(({ name }) => name === "WorkOS")!;
  const areas = checker.getDeclaredTypeOfSymbol(resolve(checker, client)).getProperties();
  return areas.filter(isPublic).flatMap((area) => {
    const type = checker.getTypeOfSymbol(area);
    if (!type.isClass() || area.name === "client") return [];
    return type.getProperties().filter((it) => isPublic(it) && it.flags & ts.SymbolFlags.Method).map((method) => {
      const [signature] = checker.getTypeOfSymbol(method).getCallSignatures();
      const isAsync = signature.getReturnType().getProperty("then") !== undefined;
      return { name: `${area.name}.${method.name}`, isAsync };
    });
  });
}

function isPublic(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).every((it) =>
    !(ts.getCombinedModifierFlags(it) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected))
  );
}

function exportsOf(program: ts.Program, path: string): ts.Symbol[] {
  const checker = program.getTypeChecker();
  return checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)!)!);
}

/** Whether a module exports this name as something that exists at run time. */
function isValue(program: ts.Program, path: string, name: string): boolean {
  const symbol = exportsOf(program, path).find((it) => it.name === name);
  return symbol !== undefined && (resolve(program.getTypeChecker(), symbol).flags & ts.SymbolFlags.Value) !== 0;
}

function resolve(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The exported names that a method, class or function mentions, or that such a type mentions; wire types left out. */
function listReached(program: ts.Program, official: string): string[] {
  const checker = program.getTypeChecker();
  const exported = exportsOf(program, official).map((it) => ({ name: it.name, symbol: resolve(checker, it) }));
  const reached = new Set<ts.Symbol>();
  const reach = (symbol: ts.Symbol) => {
    if (reached.has(symbol)) return;
    reached.add(symbol);
    symbol.declarations?.forEach(visit);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isClassElement(node) && !isPublic({ declarations: [node] } as unknown as ts.Symbol)) return;
    if (ts.isIdentifier(node)) {
      const symbol = checker.getSymbolAtLocation(node);
      if (symbol) reach(resolve(checker, symbol));
    }
    ts.forEachChild(node, visit);
  };
  const values = ts.SymbolFlags.Class | ts.SymbolFlags.Function;
  exported.filter(({ symbol }) => symbol.flags & values).forEach(({ symbol }) => reach(symbol));
  return exported.filter(({ symbol }) => reached.has(symbol)).map(({ name }) => name).sort();
}

/** What both modules export under one name. */
function exportsOfBoth(
  program: ts.Program,
  { official, module }: { official: string; module: string },
): { name: string; theirs: ts.Symbol; ours: ts.Symbol }[] {
  const checker = program.getTypeChecker();
  const own = new Map(exportsOf(program, module).map((it) => [it.name, resolve(checker, it)]));
  return exportsOf(program, official).flatMap((it) => {
    const ours = own.get(it.name);
    return ours ? [{ name: it.name, theirs: resolve(checker, it), ours }] : [];
  });
}

/** Two types to compare. */
interface Pair {
  /** The name of both, or `Enum.member`. */
  name: string;
  /** As the program says them. */
  theirs: string;
  ours: string;
}

/** The types that are no classes, with the type arguments they need. */
function listData(program: ts.Program, modules: { official: string; module: string }): Pair[] {
  return exportsOfBoth(program, modules).filter(({ theirs, ours }) => isData(theirs) && isData(ours))
    .map(({ name, theirs, ours }) => ({
      name,
      theirs: `Theirs.${name}${typeArguments(theirs)}`,
      ours: `Ours.${name}${typeArguments(ours)}`,
    }));
}

function isData({ flags }: ts.Symbol): boolean {
  return (flags & ts.SymbolFlags.Type) !== 0 && !(flags & ts.SymbolFlags.Class);
}

/** `any` for each type parameter that has no default. */
function typeArguments(symbol: ts.Symbol): string {
  const declaration = symbol.declarations?.find((it) =>
    ts.isInterfaceDeclaration(it) || ts.isTypeAliasDeclaration(it) || ts.isClassDeclaration(it)
  );
  const needed = declaration?.typeParameters?.filter((it) => !it.default) ?? [];
  return needed.length > 0 ? `<${needed.map(() => "any").join(", ")}>` : "";
}

/** The members of enums as types: here each is the type of the constant's value, which is that of the Node SDK's. */
function listEnumMembers(program: ts.Program, modules: { official: string; module: string }): Pair[] {
  const checker = program.getTypeChecker();
  const enums = exportsOfBoth(program, modules).filter(({ theirs, ours }) =>
    theirs.flags & ts.SymbolFlags.Enum && ours.flags & ts.SymbolFlags.Value
  );
  return enums.flatMap(({ name, theirs, ours }) => {
    const [all, own] = [theirs, ours].map((it) => checker.getTypeOfSymbol(it).getProperties().map((each) => each.name));
    return [...new Set([...all, ...own])].map((member) => {
      const values = [`(typeof Ours.${name})["${member}"]`];
      if (all.includes(member)) values.push(`\`\${Theirs.${name}.${member}}\``);
      return { name: `${name}.${member}`, theirs: values.join(" | "), ours: `Ours.${name}.${member}` };
    });
  });
}

/** The properties of classes, as what is read from an instance. */
function listProperties(program: ts.Program, modules: { official: string; module: string }): Pair[] {
  const checker = program.getTypeChecker();
  const classes = exportsOfBoth(program, modules).filter(({ theirs, ours }) =>
    theirs.flags & ours.flags & ts.SymbolFlags.Class
  );
  return classes.flatMap(({ name, theirs, ours }) => {
    const [all, own] = [theirs, ours].map((it) => checker.getDeclaredTypeOfSymbol(it).getProperties().filter(isPublic));
    const both = all.filter((it) => own.some((each) => each.name === it.name));
    return both.filter((it) => !(it.flags & ts.SymbolFlags.Method) && !checker.getTypeOfSymbol(it).isClass())
      .map((it) => ({
        name: `${name}.${it.name}`,
        theirs: `Theirs.${name}${typeArguments(theirs)}["${it.name}"]`,
        ours: `Ours.${name}${typeArguments(ours)}["${it.name}"]`,
      }));
  });
}

/** A program in which each method is called as it is in the Node SDK, and the line that stands for each check. */
function assertions(
  { official, module, methods, data, members, properties, exported }: {
    official: string;
    module: string;
    methods: Method[];
    data: Pair[];
    members: Pair[];
    properties: Pair[];
    exported: Set<string>;
  },
): { text: string; lines: Map<number, Check> } {
  const imports = `import type * as Ours from "${module}";\nimport type * as Theirs from "${official}";`;
  const text = [...imports.split("\n"), ...comparedTypes(exported).split("\n")];
  const lines = new Map<number, Check>();
  methods.forEach(({ name, isAsync }, i) => {
    const [area, method] = name.split(".");
    const call = (whose: string) => `${isAsync ? "await " : ""}${whose}.${name}(...args)`;
    text.push(
      `${isAsync ? "async " : ""}function m${i}(ours: Ours.WorkOS, theirs: Theirs.WorkOS,`,
      `  args: Parameters<Theirs.WorkOS["${area}"]["${method}"]>) {`,
      `  const expected = ${call("theirs")};`,
    );
    lines.set(text.push(`  const actual = ${call("ours")};`) - 1, { name, kind: "arguments" });
    lines.set(text.push(`  const result: Known<typeof expected> = known(actual);`) - 1, { name, kind: "result" });
    text.push("}");
  });
  data.forEach(({ name, theirs, ours }, i) => {
    lines.set(text.push(`const d${i} = (value: ${theirs}): ${ours} => value;`) - 1, { name, kind: "data" });
  });
  members.forEach(({ name, theirs, ours }, i) => {
    lines.set(text.push(`const e${i}: IsSame<${ours}, ${theirs}> = true;`) - 1, { name, kind: "member" });
  });
  properties.forEach(({ name, theirs, ours }, i) => {
    lines.set(text.push(`const p${i} = (value: Known<${ours}>): Known<${theirs}> => value;`) - 1, {
      name,
      kind: "property",
    });
  });
  return { text: text.join("\n"), lines };
}

function withAssertions(text: string): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (path, ...rest) =>
    path === ASSERTIONS
      ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
      : getSourceFile.call(host, path, ...rest);
  host.fileExists = (path) => path === ASSERTIONS || fileExists.call(host, path);
  return host;
}

function mismatchOf(diagnostic: ts.Diagnostic, lines: Map<number, Check>): Mismatch {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
  const { line } = diagnostic.file!.getLineAndCharacterOfPosition(diagnostic.start!);
  const check = lines.get(line);
  if (!check) throw new Error(`Cannot compare: line ${line} does not compile: ${message}`);
  return { ...check, message };
}

/** Where Deno keeps the declarations of the Node SDK. None of its code is run. */
export function officialDeclarations(): string {
  const module = import.meta.resolve(`npm:${manifest.name}@${manifest.version}`);
  return decodeURIComponent(new URL(module).pathname).replace(/[^/]*$/, "index.d.mts");
}

/** The counts in one line, and the differences: those that are wanted as a list, the others with the compiler's words. */
export function report(
  { methods, types, data, members, properties, mismatches }: Parity,
): { summary: string; wanted: string[]; unwanted: string[] } {
  const same = (names: string[], ...kinds: Mismatch["kind"][]) => {
    const differing = new Set(mismatches.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name));
    return `${names.filter((name) => !differing.has(name)).length} of ${names.length}`;
  };
  const counts = [
    `${same(methods, "missing", "arguments", "result")} methods`,
    `${same(types, "missing")} types`,
    `${same(data, "data")} types of data`,
    `${same(members, "member")} enum members`,
    `${same(properties, "property")} properties of classes`,
  ];
  const stale = EXCEPTIONS.filter((exception) => !mismatches.some((it) => excuses(exception, it)));
  const [wanted, unwanted] = [true, false].map((it) =>
    mismatches.filter((each) => it === (reasonFor(each) !== undefined))
  );
  return {
    summary: `parity: ${counts.join(", ")}`,
    wanted: [...Map.groupBy(wanted, (it) => reasonFor(it))].map(([reason, all]) =>
      `${all.map(({ name }) => name).join(", ")}: ${reason}`
    ),
    unwanted: [
      ...unwanted.map(({ name, kind, message }) => `${name} (${kind}): ${message}`),
      ...stale.map(([names]) => `${names} (exception): It excuses nothing`),
    ],
  };
}

function main(): void {
  const { summary, wanted, unwanted } = report(compare(officialDeclarations()));
  for (const line of unwanted) console.error(`${line}\n`);
  console.log([`Different on purpose:`, ...wanted].join("\n  "));
  console.log(summary);
  if (unwanted.length > 0) Deno.exit(1);
}

if (import.meta.main) main();
