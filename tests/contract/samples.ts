/** Values that fit a JSON schema, as the API writes them and as the library shows them. */
import type { Schema } from "../../scripts/contract.ts";

/** One value in both forms. */
export interface Sample {
  /** With the API's names. */
  wire: unknown;
  /** With the library's. */
  sdk: unknown;
}

/** How much of an object to fill in: all of it, only what is required, all of it with `null` where that may be. */
export const DETAILS = ["full", "minimal", "nulls"] as const;
/** How much of an object to fill in. */
export type Detail = typeof DETAILS[number];

/** Where the library's form is not just the API's with other names. */
export interface SampleRules {
  /** Library names by API names, where they differ in more than case. */
  names?: Record<string, string>;
  /** Library names of times that are dates. */
  dates?: string[];
  /** API names of described objects that are nevertheless handed over as they are. */
  raw?: string[];
}

/** Makes samples of one schema: one for every alternative in it. */
export type Sampler = (schema: Schema, detail: Detail, rules?: SampleRules) => Sample[];

/** Keys of customers' data that would not survive a renaming. */
const FREE_KEYS = ["first_name", "lastName", "x-1", "9"];

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/**
 * A sampler for schemas that refer to these; no two texts it makes are the same. `free` makes the content of objects
 * that may have any; by default it is one that fits their schema. `choose` makes the value of an enum; by default each
 * of its values takes a turn.
 */
export function createSampler(
  schemas: Record<string, Schema>,
  free?: () => unknown,
  choose?: (values: unknown[]) => unknown,
): Sampler {
  let count = 0;

  function sample(schema: Schema, detail: Detail, rules: SampleRules = {}): Sample[] {
    if (schema.$ref) return sample(resolve(schema), detail, rules);
    if ("const" in schema) return [same(schema.const)];
    const { allOf, oneOf, anyOf, ...own } = schema as Record<"allOf" | "oneOf" | "anyOf", Schema[] | undefined>;
    const parts: Sample[][] = (allOf ?? []).map((part) => sample(part, detail, rules));
    const alternatives = oneOf ?? anyOf;
    if (alternatives) parts.push(alternativesOf(alternatives, detail).flatMap((it) => sample(it, detail, rules)));
    if (parts.length === 0) return ownSamples(own as Schema, detail, rules);
    if ((own as Schema).properties) parts.unshift(ownSamples(own as Schema, detail, rules));
    return parts.reduce(combine);
  }

  function resolve({ $ref }: Schema): Schema {
    return schemas[($ref as string).replace("#/schemas/", "")];
  }

  function oneOf(values: unknown[]): unknown {
    return choose ? choose(values) : values[count++ % values.length];
  }

  /** `null` is an alternative only where nulls are wanted. */
  function alternativesOf(alternatives: Schema[], detail: Detail): Schema[] {
    if (detail === "nulls" && alternatives.some(isNull)) return [{ const: null }];
    return alternatives.filter((it) => !isNull(it));
  }

  function ownSamples(schema: Schema, detail: Detail, rules: SampleRules): Sample[] {
    const types = [schema.type ?? (schema.properties ? "object" : "string")].flat() as string[];
    if (detail === "nulls" && types.includes("null")) return [same(null)];
    const type = types.find((it) => it !== "null");
    if (schema.enum) return [same(oneOf(schema.enum as unknown[]))];
    if (schema.not && !schema.properties) return [same({})]; // one of several objects: the one without the others' members
    if (type === "object") return schema.properties ? objects(schema, detail, rules) : [same(freeForm(schema))];
    if (type === "array") {
      const items = sample(schema.items as Schema, detail, rules);
      return [{ wire: items.map(({ wire }) => wire), sdk: items.map(({ sdk }) => sdk) }];
    }
    if (type === "boolean") return [same(true)];
    return [same(type === "string" ? text(schema) : number(schema))];
  }

  function objects(schema: Schema, detail: Detail, rules: SampleRules): Sample[] {
    const required = new Set(schema.required as string[] ?? []);
    const properties = Object.entries(schema.properties as Record<string, Schema>);
    const isWanted = (name: string, it: Schema) => detail !== "minimal" || required.has(name) || isItems(name, it);
    const wanted = properties.filter(([name, it]) => isWanted(name, it));
    const members = wanted.map(([name, it]) => ({ name, samples: member(name, it, detail, rules) }));
    const variants = Math.max(1, ...members.map(({ samples }) => samples.length));
    return Array.from({ length: variants }, (_, i) => {
      const chosen = members.map(({ name, samples }) => ({ name, ...samples[i % samples.length] }));
      return {
        wire: Object.fromEntries(chosen.map(({ name, wire }) => [name, wire])),
        sdk: Object.fromEntries(chosen.filter((it) => !isDuplicate(it.name, schema)).map(shown(rules))),
      };
    });
  }

  function member(name: string, schema: Schema, detail: Detail, rules: SampleRules): Sample[] {
    const isRaw = rules.raw?.includes(name);
    if (isRaw && free) return [same(free())];
    const samples = sample(schema, detail, rules);
    if (isRaw) return samples.map(({ wire }) => same(wire));
    if (!rules.dates?.includes(libraryName(name))) return samples;
    return samples.map(({ wire }) => ({ wire, sdk: wire === null ? null : new Date(wire as string) }));
  }

  function freeForm(schema: Schema): unknown {
    if (free) return free();
    const values = schema.additionalProperties || Object.values(schema.patternProperties ?? {})[0] || {};
    const isAny = values === true || Object.keys(values).length === 0;
    const value = (detail: Detail) => sample((isAny ? { type: ["string", "null"] } : values) as Schema, detail)[0].wire;
    return { ...Object.fromEntries(FREE_KEYS.map((key) => [key, value("full")])), nothing: value("nulls") };
  }

  function text({ format, pattern, maxLength = Infinity, example }: Schema): string {
    const number = ++count;
    if (format === "date-time" || ISO_TIME.test(String(example))) {
      return new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString();
    }
    if (format === "email") return `user${number}@example.com`;
    if (format === "uri") return `https://example.com/${number}`;
    const unique = `${example ?? "text"}-${number}`;
    return pattern || unique.length > (maxLength as number) ? String(example) : unique;
  }

  function number({ minimum = 0, maximum = Infinity }: Schema): number {
    return Math.min(minimum as number + ++count, maximum as number);
  }

  return sample;
}

/** The description has `null` in several spellings, the text `null` among them. */
function isNull({ type, oneOf }: Schema): boolean {
  return type === "null" || (Array.isArray(oneOf) && oneOf.some(isNull));
}

/** A list has its items and cursors, although the description does not always say so. */
function isItems(name: string, { type }: Schema): boolean {
  return (name === "data" && type === "array") || name === "list_metadata";
}

function same(value: unknown): Sample {
  return { wire: value, sdk: value };
}

/** Every pair of an object of one part and an object of the other, as one object. */
function combine(some: Sample[], others: Sample[]): Sample[] {
  return some.flatMap((a) =>
    others.map((b) => ({ wire: Object.assign({}, a.wire, b.wire), sdk: Object.assign({}, a.sdk, b.sdk) }))
  );
}

/** Whether the API has the same field under its snake_case name as well, which is the one that counts. */
function isDuplicate(name: string, { properties }: Schema): boolean {
  const twin = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return twin !== name && twin in (properties as object);
}

function shown({ names = {} }: SampleRules): (member: Sample & { name: string }) => [string, unknown] {
  return ({ name, sdk }) => [names[name] ?? libraryName(name), sdk];
}

/** The camelCase form of an API name; written apart from the library's own on purpose. */
export function libraryName(name: string): string {
  const [first, ...words] = name.split("_");
  return first + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}
