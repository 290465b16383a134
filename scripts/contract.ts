// Keeps the facts of the API description that tests need: contract.ts DESCRIPTION writes tests/contract/operations.json
import { parse } from "npm:yaml@2.9.1";

/** A JSON schema without prose; `$ref` points at `#/schemas/…`. */
export type Schema = Record<string, unknown>;

/** One query, path or header parameter. */
export interface Parameter {
  /** As the API names it. */
  name: string;
  /** Where it goes. */
  in: "path" | "query" | "header";
  /** Whether the API insists on it. */
  required: boolean;
  /** What it may be. */
  schema: Schema;
}

/** One operation of the API. */
export interface Operation {
  /** In capitals. */
  verb: string;
  /** With its parameters in braces. */
  path: string;
  /** In the order of the description. */
  parameters: Parameter[];
  /** What is sent; absent when there is no body. */
  request?: { type: string; required: boolean; schema: Schema };
  /** What a success looks like; without a schema when there is no body. `also` has further statuses of success. */
  response: { status: string; also?: string[]; schema?: Schema };
}

/** Every operation by its id, and the schemas they share. */
export interface Contract {
  /** By operation id. */
  operations: Record<string, Operation>;
  /** By the name that `$ref` uses. */
  schemas: Record<string, Schema>;
}

type DescribedParameter = Omit<Parameter, "required"> & { required?: boolean; example?: unknown };

interface Described {
  operationId: string;
  parameters?: DescribedParameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

interface Description {
  paths: Record<string, Record<string, Described> & { parameters?: DescribedParameter[] }>;
  components?: { schemas?: Record<string, Schema> } & Components;
}

/** What operations may share, by kind and name. */
type Components = Record<string, Record<string, unknown>>;

const VERBS = new Set(["get", "post", "put", "patch", "delete"]);

/** Members of a schema that are prose, or hints to other tools. An example of more than one value is prose too. */
const PROSE = /^(description|title|x-.*)$/;

/** Members whose inside is a value, not a schema. */
const VALUES = new Set(["example", "examples", "default", "enum", "const", "required"]);

/** Members whose inside is schemas by name. */
const NAMED = new Set(["properties", "patternProperties", "$defs"]);

/** The contract in a description, as YAML or JSON text. Only schemas that an operation uses are kept. */
export function readContract(description: string): Contract {
  const { paths: told, components = {} }: Partial<Description> = parse(description) ?? {};
  if (!told) throw new TypeError("Cannot read the description: it has no paths");
  const paths = followed(told, components) as Description["paths"];
  const operations: Record<string, Operation> = {};
  for (const path of Object.keys(paths).sort()) {
    for (const verb of Object.keys(paths[path]).filter((it) => VERBS.has(it)).sort()) {
      const described = paths[path][verb];
      const where = { verb: verb.toUpperCase(), path };
      if (!described.operationId) throw new TypeError(`${where.verb} ${path} has no operationId`);
      if (described.operationId in operations) {
        throw new TypeError(`Two operations are called ${described.operationId}`);
      }
      const parameters = ofBoth(paths[path].parameters, described.parameters);
      operations[described.operationId] = readOperation({ ...described, parameters }, where);
    }
  }
  return { operations, schemas: usedSchemas(operations, components.schemas ?? {}) };
}

/** The same with shared parameters, bodies and answers where a reference to one stood. Schemas stay references. */
function followed(value: unknown, components: Components): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((it) => followed(it, components));
  const ref = (value as Schema).$ref;
  if (typeof ref !== "string" || ref.startsWith("#/components/schemas/")) {
    return mapValues(value as Schema, (it) => followed(it, components));
  }
  const [, , kind, name] = ref.split("/");
  const shared = components[kind]?.[name];
  if (shared === undefined) throw new TypeError(`There is nothing at ${ref}`);
  return followed(shared, components);
}

/** The parameters of a path and of an operation, which says last what one of them is. */
function ofBoth(path: DescribedParameter[] = [], own: DescribedParameter[] = []): DescribedParameter[] {
  return [...new Map([...path, ...own].map((it) => [`${it.in}:${it.name}`, it])).values()];
}

function readOperation(
  { parameters = [], requestBody, responses }: Described,
  { verb, path }: { verb: string; path: string },
): Operation {
  const operation: Operation = {
    verb,
    path,
    parameters: parameters.map(readParameter),
    response: success(responses, `${verb} ${path}`),
  };
  const [body] = Object.entries(requestBody?.content ?? {});
  if (!body) return operation;
  const [type, { schema }] = body;
  return { ...operation, request: { type, required: requestBody?.required ?? false, schema: facts(schema) } };
}

function readParameter(parameter: NonNullable<Described["parameters"]>[number]): Parameter {
  const { name, required = false, example } = parameter;
  const schema = facts(parameter.schema);
  if (example !== undefined) schema.example ??= example;
  return { name, in: parameter.in, required, schema };
}

/** The first answer that is no error, and the statuses of the others. */
function success(responses: Described["responses"] = {}, where: string): Operation["response"] {
  const [status, ...also] = Object.keys(responses).filter((it) => /^[23]/.test(it)).sort();
  if (status === undefined) throw new TypeError(`${where} describes no success`);
  const schema = responses[status].content?.["application/json"]?.schema;
  return { status, ...also.length > 0 ? { also } : {}, ...schema ? { schema: facts(schema) } : {} };
}

/** A schema without its prose, its references pointing into the contract. */
function facts(schema: Schema): Schema {
  return prune(schema) as Schema;
}

function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prune);
  if (typeof value !== "object" || value === null) return value;
  const kept: Schema = {};
  for (const [key, member] of Object.entries(value)) {
    if (PROSE.test(key) || (key === "example" && typeof member === "object")) continue;
    if (key === "$ref") kept[key] = `#/schemas/${refName(member as string)}`;
    else if (VALUES.has(key)) kept[key] = member;
    else if (NAMED.has(key)) kept[key] = mapValues(member as Record<string, unknown>, prune);
    else kept[key] = prune(member);
  }
  return kept;
}

function mapValues(object: Record<string, unknown>, map: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

/** The name of a schema that a reference points at. */
export function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}

function usedSchemas(operations: unknown, described: Record<string, Schema>): Record<string, Schema> {
  const used = new Map<string, Schema>();
  const visit = (value: unknown) => {
    for (const name of refsIn(value)) {
      if (used.has(name)) continue;
      if (!(name in described)) throw new TypeError(`There is no schema ${name}`);
      used.set(name, facts(described[name]));
      visit(used.get(name));
    }
  };
  visit(operations);
  return Object.fromEntries([...used].sort(([a], [b]) => a < b ? -1 : 1));
}

function refsIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"#\/schemas\/([^"]+)"/g)].map(([, name]) => name);
}

/** The contract as text: one operation or schema to a line, so that a change shows as the lines it touches. */
export function writeContract({ operations, schemas }: Contract): string {
  return `{"operations":${writeMembers(operations)},\n"schemas":${writeMembers(schemas)}}\n`;
}

function writeMembers(members: Record<string, unknown>): string {
  const lines = Object.entries(members).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{\n${lines.join(",\n")}}`;
}

async function main(): Promise<void> {
  if (Deno.args.length !== 1) throw new TypeError("Cannot write the contract: say which description to read");
  const contract = readContract(await Deno.readTextFile(Deno.args[0]));
  const text = writeContract(contract);
  await Deno.writeTextFile(new URL("../tests/contract/operations.json", import.meta.url), text);
  const [operations, schemas] = [contract.operations, contract.schemas].map((it) => Object.keys(it).length);
  console.log(`${operations} operations, ${schemas} schemas, ${text.length} characters`);
}

if (import.meta.main) await main();
