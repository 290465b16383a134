import { badRequest, fieldError, invalidField, invalidFields, type Refusal } from "./answers.ts";

interface Types {
  text: string;
  email: string;
  domain: string;
  url: string;
  flag: boolean;
  count: number;
  time: string;
  texts: string[];
  object: Record<string, unknown>;
  objects: Record<string, unknown>[];
  metadata: Record<string, string | null>;
}

/** What a field can be. */
export type Name = keyof Types;
type Value<D> = D extends `${infer N extends Name}|null` ? Types[N] | null
  : D extends `${infer N extends Name}?` ? Types[N]
  : D extends Name ? Types[D]
  : never;
type Required<S> = { [K in keyof S]: S[K] extends Name ? K : never }[keyof S];

/** Fields of a body and what each must be, with `?` when it may be absent and `|null` when it may be `null` too. */
export type Shape = Record<string, `${Name}${"" | "?" | "|null"}`>;

/** What {@linkcode readFields} returns for a shape. Absent fields stay absent. */
export type Fields<S extends Shape> =
  & { [K in Required<S>]: Value<S[K]> }
  & { [K in Exclude<keyof S, Required<S>>]?: Value<S[K]> };

/** Whether a value is what a field must be. */
export const CHECKS: { [N in Name]: (value: unknown) => boolean } = {
  text: isText,
  email: (value) => isText(value) && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value),
  domain: (value) => isText(value) && /^[^\s@/:?#.]+(\.[^\s@/:?#.]+)+$/.test(value),
  url: (value) => isText(value) && URL.canParse(value),
  flag: (value) => typeof value === "boolean",
  count: (value) => Number.isInteger(value),
  time: (value) => isText(value) && !Number.isNaN(Date.parse(value)),
  texts: (value) => Array.isArray(value) && value.every(isText),
  object: isObject,
  objects: (value) => Array.isArray(value) && value.every(isObject),
  metadata: isObject,
};

/** Picks the named fields out of a body. Throws a 422 that lists every field at fault. */
export function readFields<const S extends Shape>(body: Record<string, unknown>, shape: S): Fields<S> {
  const faults = fieldFaults(body, shape);
  if (faults.length) throw invalidFields(faults.map(({ field, fault }) => fieldError(field, fault)));
  const given = Object.keys(shape).filter((field) => memberOf(body, field) !== undefined);
  return Object.fromEntries(given.map((field) => [field, body[field]])) as Fields<S>;
}

/** The invalid fields of a body, each with its error. */
export function fieldFaults(body: Record<string, unknown>, shape: Shape): { field: string; fault: string }[] {
  return Object.entries(shape).flatMap(([field, declared]) => {
    const fault = faultOf(memberOf(body, field), declared);
    return fault ? [{ field, fault }] : [];
  });
}

function memberOf(body: Record<string, unknown>, field: string): unknown {
  return Object.hasOwn(body, field) ? body[field] : undefined;
}

function faultOf(value: unknown, declared: string): "required" | "invalid" | undefined {
  const name = declared.replace(/\W.*/, "") as Name;
  if (name === declared) {
    if (value === undefined || value === null || value === "") return "required";
  } else if (value === undefined || (value === null && declared.endsWith("|null"))) return undefined;
  return CHECKS[name](value) ? undefined : "invalid";
}

/** Refuses a field that has none of the values there are, with a 422. It may be absent. */
export function checkOneOf(field: string, value: string | undefined, known: readonly string[]): void {
  if (value !== undefined && !known.includes(value)) throw invalidField(field);
}

/** The same for query parameters, among which empty ones are absent. */
export function readQuery<const S extends Shape>(query: URLSearchParams, shape: S): Fields<S> {
  return readFields(Object.fromEntries([...query].filter(([, value]) => value !== "")), shape);
}

/** Refuses texts of more characters than the limit of their field, with a 422 that lists them. */
export function checkLengths(texts: Record<string, string | null | undefined>, limits: Record<string, number>): void {
  const tooLong = Object.keys(limits).filter((field) => (texts[field]?.length ?? 0) > limits[field]);
  if (tooLong.length) throw invalidFields(tooLong.map((field) => fieldError(field, "too_long")));
}

/** Reads a change of a name and a description; an empty name changes nothing. */
export function readNames(body: Record<string, unknown>, limits: Record<string, number>) {
  const { name, ...rest } = readFields(body, { name: "text?", description: "text|null" });
  checkLengths({ name, ...rest }, limits);
  return name ? { name, ...rest } : rest;
}

/** Applies a change of metadata: keys are merged, `null` and "" remove one, `null` as a whole removes all. */
export function mergeMetadata(
  current: Record<string, string>,
  change: Record<string, unknown> | null | undefined,
): Record<string, string> {
  if (change === undefined) return current;
  const merged = new Map(Object.entries(change === null ? {} : current));
  for (const [key, value] of Object.entries(change ?? {})) {
    if (value === null || value === "") merged.delete(key);
    else merged.set(key, checkMetadata(key, value));
  }
  if (merged.size > 50) throw invalidMetadata();
  return Object.fromEntries(merged);
}

function checkMetadata(key: string, value: unknown): string {
  if (!isText(value) || key.length > 40 || value.length > 600) throw invalidMetadata();
  return value;
}

function invalidMetadata(): Refusal {
  return badRequest("invalid_metadata", "Metadata has at most 50 keys of 40 characters, and texts of 600.");
}

/** Whether a value is a string. */
export function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Whether a value is an object with members, not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
