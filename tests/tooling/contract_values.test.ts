import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import ts from "npm:typescript@6.0.3";
import { OPTIONS } from "../../scripts/parity.ts";
import type { Fields } from "../contract/calls.ts";
import { answersOf, argumentsOf, callOf, operations, requestsOf, schemas } from "../contract/run.ts";
import { createSampler, type Detail } from "../contract/samples.ts";

/** Where a type does not name a value that is described, and why. */
const UNNAMED: [complaint: RegExp, reason: string][] = [
  [/^AuthenticationFactorWithSecrets\.type /, "one schema for all kinds; a user enrols authenticator apps alone"],
  [/^(Environment|Organization)Role\.type /, "one schema for both kinds; the route says which kind it is"],
  [/^Directory\.state .* linked, unlinked$/, "read as active and inactive"],
  [/^Identity\.provider .* GithubOAuth$/, "read as GitHubOAuth"],
  [/^\w+\.context\./, "an event's context keeps the API's names and has no types, as in the Node SDK"],
];

/** Where a request takes `null` although none is described, and why. */
const NULLS: [place: RegExp, reason: string][] = [
  [/\.(before|after)$/, "the cursors of a page fit as they are; null is not sent"],
  [/^DeleteVaultObjectOptions\.versionCheck$/, "any version, as in an update; null is not sent"],
  [/^(GetAccessTokenOptions\.organizationId|RedirectUriInput\.default)$/, "the same in the Node SDK"],
  [/^UpdateOrganizationOptions\.stripeCustomerId$/, "the same in the Node SDK"],
];

/** Methods that send no request, and what they do instead. */
const LOCAL: [method: RegExp, instead: string][] = [
  [/^actions\.(constructAction|serializeType|signResponse|verifyHeader)$/, "verifies a request, or signs a response"],
  [/^pkce\.generate(CodeChallenge|CodeVerifier)?$/, "makes a pair"],
  [/^userManagement\.(getSessionFromCookie|loadSealedSession)$/, "opens a cookie"],
  [/^webhooks\.(computeSignature|constructEvent|getTimestampAndSignatureHash|verifyHeader)$/, "verifies a delivery"],
];

/** A value of the description, with the types that the library has for it. */
interface Place {
  /** As `Type.member`. */
  name: string;
  value: unknown;
  types: ts.Type[];
}

const MODULE = decodeURIComponent(new URL("../../mod.ts", import.meta.url).pathname);
const BROKEN = decodeURIComponent(new URL("broken_types.ts", import.meta.url).pathname);

const program = ts.createProgram([MODULE, BROKEN], OPTIONS);
const checker = program.getTypeChecker();

/** In front of the values of an enum, which a sample has all at once. */
const ENUM = "enum:";

const sample = createSampler(schemas, undefined, allOf);

function allOf(values: unknown[]): string {
  return ENUM + JSON.stringify(values);
}

function exportOf(path: string, name: string): ts.Type {
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)!)!);
  const symbol = exported.find((it) => it.name === name)!;
  const isAlias = symbol.flags & ts.SymbolFlags.Alias;
  return checker.getDeclaredTypeOfSymbol(isAlias ? checker.getAliasedSymbol(symbol) : symbol);
}

/** A call of a method. */
interface Made {
  /** The operation. */
  id: string;
  /** As `area.method`. */
  name: string;
  method: ts.Symbol;
  given: unknown[];
}

/** A call for every request that is described. */
function calls(detail: Detail): Made[] {
  const client = exportOf(MODULE, "WorkOS");
  return Object.entries(operations).flatMap(([id, operation]) => {
    const { call } = callOf(id);
    return requestsOf(operation, callOf(id), { sample, detail }).map(({ options, body }) => {
      const signature = typeof call === "string" ? call : call(body as Fields);
      const [name, area, method] = signature.match(/^(\w+)\.(\w+)/)!;
      const symbol = typeOf(client, area)!.getProperty(method)!;
      return { id, name, method: symbol, given: argumentsOf(signature, options) };
    });
  });
}

/** What methods are given. */
function given(detail: Detail): Place[] {
  return calls(detail).flatMap(({ name, method, given }) =>
    given.flatMap((value, i) => {
      const parameters = signaturesOf(method).flatMap((it) => it.parameters[i] ?? []);
      return placesOf(value, parameters.flatMap((it) => alternatives(checker.getTypeOfSymbol(it))), name);
    })
  );
}

/** What methods give. */
function results(detail: Detail): Place[] {
  return calls(detail).filter(({ id }) => !callOf(id).url).flatMap(({ id, name, method }) => {
    const types = signaturesOf(method).flatMap((it) => alternatives(checker.getAwaitedType(it.getReturnType())));
    return answersOf(operations[id], callOf(id), { sample, detail }).flatMap(({ sdk }) => placesOf(sdk, types, name));
  });
}

function signaturesOf(method: ts.Symbol): readonly ts.Signature[] {
  return checker.getTypeOfSymbol(method).getCallSignatures();
}

/** A value and all that is in it, by the types it may have. */
function placesOf(value: unknown, types: ts.Type[], name: string): Place[] {
  const place = { name, value, types };
  if (Array.isArray(value)) {
    const items = types.flatMap((it) => alternatives(it.getNumberIndexType()));
    return [place, ...value.flatMap((item) => placesOf(item, items, `${name}[]`))];
  }
  if (typeof value !== "object" || value === null || value instanceof Date) return [place];
  const fitting = types.filter((it) => fits(it, value as Fields));
  const owner = nameOf(fitting) ?? name;
  const members = Object.entries(value).flatMap(([key, member]) =>
    placesOf(member, fitting.flatMap((it) => alternatives(typeOf(it, key))), `${owner}.${key}`)
  );
  return [place, ...members];
}

function typeOf(type: ts.Type, member: string): ts.Type | undefined {
  const property = type.getProperty(member);
  return property ? checker.getTypeOfSymbol(property) : type.getStringIndexType();
}

/** The members of a union; any other type is the only one. */
function alternatives(type: ts.Type | undefined): ts.Type[] {
  if (type?.isUnion()) return type.types.flatMap(alternatives);
  return type ? [type] : [];
}

/** Whether an object may have this type, by the texts and flags that tell the members of a union apart. */
function fits(type: ts.Type, value: Fields): boolean {
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return false;
  return Object.entries(value).every(([key, member]) => {
    const units = type.getProperty(key) ? alternatives(typeOf(type, key)) : [];
    const isTold = ["string", "boolean"].includes(typeof member) && !String(member).startsWith(ENUM);
    if (!isTold || units.length === 0 || !units.every((it) => it.flags & ts.TypeFlags.Unit)) return true;
    return units.some((it) => checker.typeToString(it) === JSON.stringify(member));
  });
}

/** The name that all of these types have. */
function nameOf(types: ts.Type[]): string | undefined {
  const [name, ...others] = new Set(types.map((it) => (it.aliasSymbol ?? it.symbol)?.name));
  return others.length > 0 || name === "__type" || name === "Record" ? undefined : name;
}

/** What is described and not named, each once. */
function unnamed(places: Place[]): string[] {
  const complaints = places.flatMap(({ name, value, types }) => {
    if (typeof value !== "string" || !value.startsWith(ENUM)) return [];
    const known = types.map((it) => it.isStringLiteral() ? it.value : undefined);
    const described: unknown[] = JSON.parse(value.slice(ENUM.length));
    const missing = described.filter((it) => typeof it === "string" && !known.includes(it));
    return missing.length > 0 ? [`${name} does not name ${missing.join(", ")}`] : [];
  });
  return [...new Set(complaints)];
}

/** What takes `null` and is never given it. */
function nullable(places: Place[]): string[] {
  const isWider = ({ value, types }: Place) => value !== null && types.some((it) => it.flags & ts.TypeFlags.Null);
  return [...Map.groupBy(places, ({ name }) => name)].filter(([, all]) => all.every(isWider)).map(([name]) => name);
}

/** Complaints without an exception, and exceptions without a complaint. */
function unexcused(complaints: string[], exceptions: [RegExp, string][]): string[] {
  const idle = exceptions.filter(([excused]) => !complaints.some((it) => excused.test(it)));
  return [
    ...complaints.filter((it) => !exceptions.some(([excused]) => excused.test(it))),
    ...idle.map(([excused]) => `${excused} excuses nothing`),
  ];
}

describe("the public types", () => {
  it("name every value of every enum that is described", () => {
    const complaints = unnamed([...given("full"), ...results("full")]);

    assertEquals(unexcused(complaints, UNNAMED), []);
  });

  it("take null in a request only where it is described", () => {
    const complaints = nullable(given("nulls"));

    assertEquals(unexcused(complaints, NULLS), []);
  });
});

describe("the comments of methods", () => {
  it("name the requests they send, by verb and path, of those that are described", () => {
    const requestOf = (id: string) => anyIds(`${operations[id].verb} ${operations[id].path}`);
    const described = new Set(Object.keys(operations).map(requestOf));
    const wrong = [...Map.groupBy(calls("minimal"), ({ name }) => name)].flatMap(([name, all]) => {
      const sent = new Set(all.map(({ id }) => requestOf(id)));
      const different = [...sent.symmetricDifference(namedBy(all[0].method).intersection(described))];
      return different.length > 0 ? [`${name}: ${different.join(", ")}`] : [];
    });

    assertEquals(wrong, []);
  });

  it("name a request, unless none is sent", () => {
    const silent = membersOf(exportOf(MODULE, "WorkOS")).flatMap((area) =>
      methodsOf(checker.getTypeOfSymbol(area)).filter((it) => namedBy(it).size === 0).map((it) =>
        `${area.name}.${it.name}`
      )
    );

    assertEquals(unexcused(silent, LOCAL), []);
    assertEquals(methodsOf(exportOf(MODULE, "CookieSession")).filter((it) => namedBy(it).size === 0), []);
  });

  it("name the same requests for clients without an API key", () => {
    for (const name of ["UserManagement", "SSO"]) {
      const methods = methodsOf(exportOf(MODULE, `Public${name}`));
      const whole = methods.map((it) => checker.getPropertyOfType(exportOf(MODULE, name), it.name)!);

      assertEquals(methods.map((it) => [it.name, namedBy(it)]), whole.map((it) => [it.name, namedBy(it)]));
    }
  });
});

function anyIds(request: string): string {
  return request.replace(/{.*?}/g, "{}");
}

/** The requests that a comment names. */
function namedBy(method: ts.Symbol): Set<string> {
  const comment = ts.displayPartsToString(method.getDocumentationComment(checker));
  return new Set([...comment.matchAll(/`([A-Z]+ \/.*?)`/g)].map(([, request]) => anyIds(request)));
}

/** The public members of an area that can be called; a text has none. */
function methodsOf(type: ts.Type): ts.Symbol[] {
  if (!(type.flags & ts.TypeFlags.Object)) return [];
  return membersOf(type).filter((it) => signaturesOf(it).length > 0);
}

function membersOf(type: ts.Type): ts.Symbol[] {
  return checker.getPropertiesOfType(type).filter((it) => !it.name.startsWith("#"));
}

describe("types that lack something", () => {
  const parts = [
    { kind: "first", state: allOf(["a", "c"]) },
    { kind: "second", state: allOf(["c"]) },
    { kind: "third", state: allOf(["c"]) },
  ];
  const value = { open: allOf(["a", "b", null]), text: allOf(["t"]), parts, more: { state: allOf(["x"]) } };
  const places = placesOf(value, [exportOf(BROKEN, "Broken")], "value");

  it("are found by the values they do not name", () => {
    assertEquals(unnamed(places), [
      "Broken.open does not name b",
      "Broken.text does not name t",
      "First.state does not name c",
      "Broken.parts[].state does not name c",
      "Broken.more.state does not name x",
    ]);
  });

  it("are found by the null they take", () => {
    assertEquals(nullable(places), ["Second.state"]);
  });
});
