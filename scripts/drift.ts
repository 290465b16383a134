// Tells what a newer API description changes: drift.ts DESCRIPTION compares it with tests/contract/operations.json
import { type Contract, type Operation, readContract, type Schema } from "./contract.ts";

/** Facts by the place where they are, such as `GET /users/{id} answer.email` and its type. */
type Facts = Map<string, string>;

/** How deep schemas are followed; none that is described nests deeper, and a circle ends. */
const MAX_DEPTH = 12;

/** Keywords that limit a value, or tell what it is when it is not given. */
const LIMITS = [
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern"],
  ...["minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "default"],
];

/** What is new, gone or changed, one line each: operations, parameters, fields, their types, values and limits. */
export function drift(before: Contract, after: Contract): string[] {
  const [old, now] = [factsOf(before), factsOf(after)];
  const places = [...new Set([...old.keys(), ...now.keys()])].sort();
  return places.flatMap((place) => {
    const [was, is] = [old.get(place), now.get(place)];
    if (was === is || isImplied(place, was === undefined ? old : now)) return [];
    if (was === undefined) return [`new      ${place}: ${is}`];
    return [is === undefined ? `gone     ${place}: ${was}` : `changed  ${place}: ${was} -> ${is}`];
  });
}

/** Whether a place is new or gone only because everything around it is. */
function isImplied(place: string, facts: Facts): boolean {
  if (place.indexOf(" ") === place.lastIndexOf(" ")) return false; // an operation
  const end = /(\[\]|{})$/.test(place) ? place.length - 2 : Math.max(place.lastIndexOf("."), place.lastIndexOf(" "));
  return !facts.has(place.slice(0, end));
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
  const place = `${verb} ${path}`;
  facts.set(place, id);
  facts.set(`${place} status`, [response.status, ...response.also ?? []].join(" | "));
  if (request) facts.set(`${place} content`, request.type);
  const add = (name: string, schema: Schema | undefined, required: boolean) => {
    if (schema) addSchema(facts, { place: `${place} ${name}`, schema, schemas, required, depth: 0 });
  };
  for (const it of parameters) add(`${it.in}:${it.name}`, it.schema, it.required);
  add("request", request?.schema, request?.required ?? false);
  add("answer", response.schema, true);
}

interface Place {
  place: string;
  schema: Schema;
  schemas: Contract["schemas"];
  required: boolean;
  depth: number;
}

/** Adds what is known of a schema and of its fields. Alternatives add their fields to one place. */
function addSchema(facts: Facts, { place, schema, schemas, required, depth }: Place): void {
  if (depth > MAX_DEPTH) return;
  if (schema.$ref) {
    const named = schemas[(schema.$ref as string).replace("#/schemas/", "")];
    return addSchema(facts, { place, schema: named, schemas, required, depth: depth + 1 });
  }
  note(facts, place, [...typesOf(schema), ...required ? [] : ["optional"]]);
  const inner = { place, schemas, required, depth: depth + 1 };
  for (const part of [schema.allOf, schema.oneOf, schema.anyOf].flat()) {
    if (part) addSchema(facts, { ...inner, schema: part as Schema });
  }
  if (schema.items) addSchema(facts, { ...inner, place: `${place}[]`, schema: schema.items as Schema, required: true });
  for (const values of [...Object.values(schema.patternProperties ?? {}), schema.additionalProperties]) {
    if (typeof values === "object") addSchema(facts, { ...inner, place: `${place}{}`, schema: values, required: true });
  }
  const names = new Set(schema.required as string[] ?? []);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    addSchema(facts, { ...inner, place: `${place}.${name}`, schema: field as Schema, required: names.has(name) });
  }
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
function note(facts: Facts, place: string, more: string[]): void {
  const whole = more.map((it) => it.replaceAll(" | ", "|")); // what stands between facts stands in none
  const known = facts.get(place)?.split(" | ") ?? [];
  const all = [...new Set([...known, ...whole])].filter((it) => it !== "").sort();
  facts.set(place, all.join(" | "));
}

async function main(): Promise<void> {
  if (Deno.args.length !== 1) throw new TypeError("Cannot compare: say which description to read");
  const kept = await Deno.readTextFile(new URL("../tests/contract/operations.json", import.meta.url));
  const lines = drift(JSON.parse(kept), readContract(await Deno.readTextFile(Deno.args[0])));
  for (const line of lines) console.log(line);
  console.log(`drift: ${lines.length} differences`);
}

if (import.meta.main) await main();
