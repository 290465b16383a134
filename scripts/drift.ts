// Tells what a newer API description changes: drift.ts DESCRIPTION compares it with tests/contract/operations.json
import { type Contract, type Operation, readContract, refName, type Schema } from "./contract.ts";

/** What holds at a place; the place around it implies it, when that is new or gone as a whole. */
interface Fact {
  is: string;
  around?: string;
}

/** Facts by the place where they are, such as `GET /users/{id} answer.email` and its type. */
type Facts = Map<string, Fact>;

/** How deep schemas are followed; none that is described nests deeper, and a circle ends. */
const MAX_DEPTH = 12;

/** Keywords that limit a value, or tell what it is when it is not given. */
const LIMITS = [
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern"],
  ...["minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "default", "not"],
];

/** What is new, gone or changed, one line each: operations, parameters, fields, their types, values and limits. */
export function drift(before: Contract, after: Contract): string[] {
  const [old, now] = [factsOf(before), factsOf(after)];
  const places = [...new Set([...old.keys(), ...now.keys()])].sort();
  return places.flatMap((place) => {
    const [was, is] = [old.get(place), now.get(place)];
    if (was && is) return was.is === is.is ? [] : [`changed  ${place}: ${was.is} -> ${is.is}`];
    const { around } = (was ?? is)!;
    if (around !== undefined && !(was ? now : old).has(around)) return [];
    return [was ? `gone     ${place}: ${was.is}` : `new      ${place}: ${is!.is}`];
  });
}

function factsOf({ operations, schemas }: Contract): Facts {
  const facts: Facts = new Map();
  for (const [id, operation] of Object.entries(operations)) addOperation(facts, { id, operation, schemas });
  return facts;
}

function addOperation(
  facts: Facts,
  { id, operation, schemas }: { id: string; operation: Operation; schemas: Contract["schemas"] },
): void {
  const { verb, path, parameters, request, response } = operation;
  const around = `${verb} ${path}`;
  facts.set(around, { is: id });
  note(facts, { place: `${around} status`, around }, [response.status, ...response.also ?? []]);
  if (request) note(facts, { place: `${around} content`, around }, [request.type]);
  const add = (name: string, schema: Schema | undefined, required: boolean) => {
    if (schema) addSchema(facts, { place: `${around} ${name}`, around, schema, schemas, required, depth: 0 });
  };
  for (const it of parameters) add(`${it.in}:${it.name}`, it.schema, it.required);
  add("request", request?.schema, request?.required ?? false);
  add("answer", response.schema, true);
}

interface Place {
  place: string;
  around: string;
  schema: Schema;
  schemas: Contract["schemas"];
  required: boolean;
  depth: number;
}

/** Adds what is known of a schema and of its fields. */
function addSchema(facts: Facts, at: Place): void {
  const { place, schemas, required, depth } = at;
  if (depth > MAX_DEPTH) return;
  const schema = named(at.schema, schemas);
  note(facts, at, [...typesOf(schema), ...required ? [] : ["optional"]]);
  for (const part of membersOf(schema, "allOf")) addSchema(facts, { ...at, schema: part, depth: depth + 1 });
  for (const alternatives of [membersOf(schema, "oneOf"), membersOf(schema, "anyOf")]) {
    const names = namesOf(alternatives, schemas);
    alternatives.forEach((part, index) => {
      const own = names ? { place: `${place}<${names[index]}>`, around: place, required: true } : {};
      addSchema(facts, { ...at, ...own, schema: part, depth: depth + 1 });
    });
  }
  const add = (end: string, field: unknown, isRequired = true) => {
    const inner = { place: place + end, around: place, schema: field as Schema, required: isRequired };
    if (typeof field === "object") addSchema(facts, { ...inner, schemas, depth: depth + 1 });
  };
  add("[]", schema.items);
  for (const values of [...Object.values(schema.patternProperties ?? {}), schema.additionalProperties]) {
    add("{}", values);
  }
  const needed = new Set(schema.required as string[] ?? []);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    add(`.${name}`, field === true ? {} : field, needed.has(name));
  }
}

/** A schema, or the one that a reference names. */
function named(schema: Schema, schemas: Contract["schemas"]): Schema {
  return typeof schema.$ref === "string" ? named(schemas[refName(schema.$ref)], schemas) : schema;
}

function membersOf(schema: Schema, keyword: "allOf" | "anyOf" | "oneOf"): Schema[] {
  return schema[keyword] as Schema[] ?? [];
}

/**
 * What tells alternatives apart: a field with a value of its own in each, such as `event` or `grant_type`; else the
 * names of their schemas; else their numbers. Nothing when fewer than two have fields: then all describe one place.
 */
function namesOf(alternatives: Schema[], schemas: Contract["schemas"]): string[] | undefined {
  const fields = alternatives.map((it) => constantsOf(it, schemas));
  if (fields.filter((it) => it !== undefined).length < 2) return undefined;
  const candidates = [
    ...Object.keys(fields[0] ?? {}).map((name) => fields.map((it) => it?.[name])),
    alternatives.map(({ $ref }) => $ref && refName($ref as string)),
  ];
  const names = candidates.find((it) => !it.includes(undefined) && new Set(it).size === it.length);
  return names as string[] | undefined ?? alternatives.map((_, index) => String(index + 1));
}

/** The fields that can have one value only, by name; nothing for a schema without fields. */
function constantsOf(alternative: Schema, schemas: Contract["schemas"]): Record<string, unknown> | undefined {
  const schema = named(alternative, schemas);
  const inner = [...membersOf(schema, "allOf"), ...membersOf(schema, "oneOf"), ...membersOf(schema, "anyOf")]
    .map((it) => constantsOf(it, schemas)).filter((it) => it !== undefined);
  if (!schema.properties && inner.length === 0) return undefined;
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, named(field, schemas)] as const);
  const own = fields.filter(([, field]) => "const" in field).map(([name, field]) => [name, field.const]);
  return Object.assign({}, ...inner, Object.fromEntries(own));
}

/** A type, the values it allows, the kind of text, limits, and the names that the members of an object may have. */
function typesOf(schema: Schema): string[] {
  const { type, const: value, enum: values, format, deprecated, patternProperties, propertyNames } = schema;
  const texts = value !== undefined ? [value] : values as unknown[] | undefined;
  const types = texts ? texts.map((it) => JSON.stringify(it)) : [type ?? []].flat() as string[];
  const names = [propertyNames ?? {}, ...Object.keys(patternProperties ?? {}).map((pattern) => ({ pattern }))];
  return [
    ...types,
    ...format ? [String(format)] : [],
    ...deprecated ? ["deprecated"] : [],
    ...limitsOf(schema),
    ...names.flatMap((it) => limitsOf(it as Schema)).map((limit) => `names ${limit}`),
    ...schema.additionalProperties === false ? ["no others"] : [],
  ];
}

function limitsOf(schema: Schema): string[] {
  return LIMITS.filter((name) => name in schema).map((name) => `${name} ${JSON.stringify(schema[name])}`);
}

/** Facts about one place may come from several schemas; together they are in order. */
function note(facts: Facts, { place, around }: { place: string; around: string }, more: string[]): void {
  const whole = more.map((it) => it.replaceAll(" | ", "|")); // what stands between facts stands in none
  const known = facts.get(place)?.is.split(" | ") ?? [];
  const all = [...new Set([...known, ...whole])].filter((it) => it !== "").sort();
  facts.set(place, { is: all.join(" | "), around });
}

async function main(): Promise<void> {
  if (Deno.args.length !== 1) throw new TypeError("Cannot compare: say which description to read");
  const kept = await Deno.readTextFile(new URL("../tests/contract/operations.json", import.meta.url));
  const lines = drift(JSON.parse(kept), readContract(await Deno.readTextFile(Deno.args[0])));
  for (const line of lines) console.log(line);
  console.log(`drift: ${lines.length} differences`);
}

if (import.meta.main) await main();
