// What an attacker would send, and what must hold whatever is sent.
import { assert, assertEquals } from "@std/assert";
import { AutoPaginatable, WorkOSException } from "../../mod.ts";
import { fc, SEED } from "../properties.ts";

export { fc };

// Deno has no setter that makes a prototype of what is assigned to `__proto__`; for these tests it is as dangerous there
// as everywhere else.
Object.defineProperty(Object.prototype, "__proto__", {
  get(): unknown {
    return Object.getPrototypeOf(this);
  },
  set(value: unknown) {
    if (typeof value === "object") Object.setPrototypeOf(this, value);
  },
  configurable: true,
});

const PIECES = [
  ...["..", ".", "/", "\\", "%2e", "%2E%2e", "%2f", "%5c", "?", "#", "@", ":", "//evil.example", "http://evil.example"],
  ...["\r\n", "\n", "\t", "\0", "\u2028", " ", ";", "&", "=", "%", "%00", "%zz", "+", "*", "'", '"', "<script>"],
  ...[
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "id",
    "a",
    "🦕",
    "é",
    "\ud800",
    "\udfff",
    "\ufeff",
    "\u202e",
  ],
];

/** Texts made for trouble, and any other. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("", ...PIECES),
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constant("x".repeat(5000)),
);

const key = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "toJSON",
    "then",
    "a_b",
    "A_b",
    "_",
    "__",
    "ab1",
  ),
  fc.constantFrom("id", "data", "object", "list_metadata", "event", "metadata", "user", "errors", "code", "message"),
  fc.string({ maxLength: 8 }),
);

/** JSON values; their keys may be those that attacks are made of. */
export const hostileJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: "small", withCrossShrink: true }, tie("leaf"), tie("list"), tie("object")),
  leaf: fc.oneof(
    hostileText,
    fc.double(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(...[1e21, -0, 1e308, "2026-13-45T99:99:99Z", "2026-01-01T00:00:00Z", {}, []] as unknown[]),
  ),
  list: fc.array(tie("value"), { maxLength: 4 }),
  object: fc.array(fc.tuple(key, tie("value")), { maxLength: 5 }).map(ownMembers),
})).value;

/** An object whose members are its own, also one called `__proto__`: what `JSON.parse` makes. */
export function ownMembers(entries: (readonly [string, unknown])[]): Record<string, unknown> {
  const object = {};
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

/** Values that no type allows. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: hostileText, weight: 4 },
  hostileJson,
  fc.constantFrom<unknown>(undefined, null, NaN, Infinity, -1, 0, 2 ** 53, true, [], [[]], {}, new Date(NaN), /x/),
  fc.constant(10n ** 30n),
  fc.constantFrom<unknown>(Symbol.iterator, () => "called", new Map(), new Uint8Array(3)),
  fc.constant(null).map(() => nested(200)),
);

/** An object in an object, and so on. */
export function nested(depth: number): unknown {
  let value: unknown = "deep";
  for (let i = 0; i < depth; i++) value = { a_b: value };
  return value;
}

/** What is wrong in place of anything else; `KEPT` stays what it is. */
const KEPT = Symbol("kept");
const WRONG = [null, 5, "x", [null], { a_b: 1 }, true, KEPT];

/** Successful answers like a good one that break whoever trusts them, as JSON. */
export function hostileLike(good: unknown): string[] {
  const parts = good as { data?: unknown[] };
  const items = ["null", "1", '"x"', "[]", "{}", HOSTILE_KEYS, ...(parts?.data ?? []).map(withHostileKeys)];
  return [
    withHostileKeys(good),
    `{"object":"list","data":[${items}],"list_metadata":${HOSTILE_KEYS}}`,
    ...WRONG.map((_, i) => JSON.stringify(withWrongTypes(good, i))),
    withHostileKeys(good).replace("{", `{"deep":${DEEP},"metadata":${DEEP},`),
    ...["null", "[]", "5", '"x"', "[[]]"],
  ];
}

const HOSTILE_MEMBERS = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}';
const HOSTILE_KEYS = `{${HOSTILE_MEMBERS}}`;
const DEEP = '{"a_b":'.repeat(2000) + "1" + "}".repeat(2000);

/** A good answer of about 1 MB, with hostile keys. */
export function wideLike(good: unknown): string {
  const wide = Array.from({ length: 40_000 }, (_, i) => `"wide_${i}":{"a_b":1}`);
  return withHostileKeys(good).replace("{", `{${wide},`);
}

/** The JSON of a value in which every object has members that attacks are made of, as members of its own. */
function withHostileKeys(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(withHostileKeys)}]`;
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${withHostileKeys(member)}`);
  return `{${[...members, HOSTILE_MEMBERS]}}`;
}

/** The same value with something else in place of most members, at all depths; other ones for each `shift`. */
function withWrongTypes(good: unknown, shift: number): unknown {
  let count = shift;
  const change = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        const wrong = WRONG[count++ % WRONG.length];
        return [name, wrong === KEPT ? change(member) : wrong];
      }),
    );
  };
  return change(good);
}

/** Texts of whole answers: JSON, nearly JSON, and nothing like it. */
export const hostileBody: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: hostileJson.map((value) => JSON.stringify(value)), weight: 6 },
  fc.array(hostileJson, { maxLength: 3 }).map((data) => JSON.stringify({ object: "list", data, list_metadata: {} })),
  fc.tuple(hostileJson, fc.nat(40)).map(([value, cut]) => JSON.stringify(value).slice(0, -cut || undefined)),
  hostileText,
  fc.constantFrom(
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    '{"data":[{"__proto__":{"polluted":true}}],"list_metadata":{"__proto__":{"polluted":true}}}',
    '{"a":'.repeat(5000) + "1" + "}".repeat(5000),
    "[".repeat(5000) + "]".repeat(5000),
    `{"data":[${"{},".repeat(2000)}{}],"list_metadata":{}}`,
  ),
);

/** How the messages of the library begin: those of the style guide, and those it has in common with the Node SDK. */
const OURS = [
  ...[/^Cannot [^:']+: /, /^Incomplete arguments/, /^Invalid path parameter: /, /^Code verifier length must be /],
  ...[
    /^clientId (is required|must be a valid)/,
    /^codeVerifier cannot be /,
    /^'screenHint' is only /,
    /requires either a codeVerifier/,
  ],
];

/**
 * What engines say of values that are themselves the trouble, which is as clear as it gets: of an invalid `Date`, which
 * the docs promise to be a `RangeError`, and of symbols, big integers and objects that are no number and no text.
 */
const CLEAR = [
  ...[/^Invalid (time value|Date)/, /^Cannot convert (a Symbol|a BigInt|object to primitive|a symbol)/],
  ...[/^No default value$/, /^Conversion from 'BigInt'/, /serialize (a )?BigInt/, /^BigInt value can't be/],
];

/**
 * Refuses whatever is not an error that the docs name: an exception of the SDK, or a `TypeError` or `RangeError` in the
 * library's own words. Those of the engine, such as "Cannot read properties of undefined", show that a value was used
 * before it was looked at. With `misfit` they are accepted too: when options are absent, or an argument is another kind
 * of value altogether, they name the option that was looked for, and checks in all of 240 methods would weigh more
 * than they tell.
 */
export function assertTyped(error: unknown, { misfit = false } = {}): void {
  const { name, message } = error as Error; // of the package that is tested, or of the sources
  const isClear = misfit || [...OURS, ...CLEAR].some((it) => it.test(message));
  const isMisuse = (error instanceof TypeError || error instanceof RangeError) && isClear;
  const typed = isMisuse || error instanceof WorkOSException || name === "JwtError" || name === "SealError";
  assert(typed, `It fails with ${describe(error)}`);
  assert(!String(message).includes("sk_test"), "Its message has the key");
}

/** Refuses whatever is not an exception of the SDK, or a value. */
export function assertException(error: unknown): void {
  assert(error instanceof WorkOSException, `It fails with ${describe(error)}`);
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.stack}` : `something that is no error: ${String(error)}`;
}

const BUILT_IN = [Object, Array, Function, String, Number, Promise, Map, Set, Headers, Request, Response, URL];
const before = BUILT_IN.map(({ prototype }) => Reflect.ownKeys(prototype).length);

/** Refuses any trace in what all objects share. */
export function assertUnpolluted(): void {
  assertEquals(BUILT_IN.map(({ prototype }) => Reflect.ownKeys(prototype).length), before);
  assertEquals(({} as { polluted?: unknown }).polluted, undefined);
}

const PLAIN: unknown[] = [null, Object.prototype, Array.prototype, Date.prototype, AutoPaginatable.prototype];

/** Refuses an object whose prototype came from elsewhere. */
export function assertPlain(value: unknown, depth = 0): void {
  if (typeof value !== "object" || value === null || depth > 200) return;
  assert(PLAIN.includes(Object.getPrototypeOf(value)), "An object has a prototype that somebody sent");
  for (const name of Object.keys(value)) assertPlain((value as Record<string, unknown>)[name], depth + 1);
}

/**
 * How often a property is tried: with these examples, and then with so many values that are the same in every run, but
 * others for each name.
 */
export function runs<T extends unknown[]>(
  numRuns: number,
  { name = "", examples = [] }: { name?: string; examples?: T[] } = {},
): fc.Parameters<T> {
  const seed = [...name].reduce((sum, sign) => Math.imul(sum, 31) + sign.charCodeAt(0) | 0, SEED);
  return { seed, numRuns: examples.length + numRuns, examples };
}
