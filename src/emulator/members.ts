import { CHECKS as FIELD_CHECKS, isObject, isText, type Name } from "./fields.ts";

/**
 * What a member must be: a name of {@linkcode CHECKS}, with `?` when it may be absent and `|null` when it may be `null`
 * too. One of a few texts, an object of its own and a list of objects may always be absent.
 */
export type Member =
  | `${keyof typeof CHECKS}${"" | "?" | "|null"}`
  | { oneOf: readonly string[] }
  | { object: Members }
  | { list: Members };

/** The members an object may have. */
export type Members = Readonly<Record<string, Member>>;

const CHECKS: Record<Name | "function" | "positive" | "fit", (value: unknown) => boolean> = {
  ...FIELD_CHECKS,
  text: (value) => isText(value) && value !== "",
  metadata: (value) => isObject(value) && Object.values(value).every(isText),
  function: (value) => typeof value === "function",
  positive: (value) => Number.isSafeInteger(value) && Number(value) > 0,
  fit: () => true, // checked by its reader
};

const NAMES: Record<keyof typeof CHECKS, string> = {
  text: "a string with something in it",
  email: "an email address",
  domain: "a domain",
  url: "a URL",
  flag: "a boolean",
  count: "an integer",
  positive: "a positive integer",
  time: "a time in ISO 8601",
  texts: "a list of strings",
  object: "an object",
  objects: "a list of objects",
  metadata: "an object of strings",
  function: "a function",
  fit: "fit",
};

/**
 * Checks a value that comes from code, not over the wire. Throws a `TypeError` that names the first member that is
 * unknown or invalid, without its value, which may be a secret.
 */
export function checkMembers(value: unknown, members: Members, path: string): void {
  if (!isObject(value)) throw unusable(path, "it is not an object");
  const names = Object.keys(members);
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) throw unusable(`${path}.${unknown}`, `it is unknown, the names are ${names.join(", ")}`);
  for (const name of names) checkMember(value[name], members[name], `${path}.${name}`);
}

function checkMember(value: unknown, member: Member, path: string): void {
  if (typeof member === "string") return checkValue(value, member, path);
  if (value === undefined) return;
  if ("object" in member) return checkMembers(value, member.object, path);
  if ("oneOf" in member) {
    if (!member.oneOf.some((known) => known === value)) {
      throw unusable(path, `it is none of ${member.oneOf.join(", ")}`);
    }
    return;
  }
  if (!Array.isArray(value)) throw unusable(path, "it is not a list");
  for (const [index, item] of value.entries()) checkMembers(item, member.list, `${path}[${index}]`);
}

function checkValue(value: unknown, member: Member & string, path: string): void {
  const name = member.replace(/\W.*/, "") as keyof typeof CHECKS;
  if (value === undefined && member === name) throw unusable(path, "it is missing");
  if (value === undefined || (value === null && member.endsWith("|null"))) return;
  if (!CHECKS[name](value)) throw unusable(path, `it is not ${NAMES[name]}`);
}

/** The error of {@linkcode checkMembers}, for rules that need more than a shape. */
export function unusable(path: string, why: string): TypeError {
  return new TypeError(`Cannot use ${path}: ${why}`);
}
