// What an attacker would send, and what must hold whatever is sent.
import { assert, assertEquals } from "@std/assert";
import * as fc from "npm:fast-check@4.3.0";
import { AutoPaginatable, WorkOSException } from "../../mod.ts";

export { fc };

/** The same values in every run: what one finds, everybody finds. */
export const SEED = 20_261_123;

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
    `{"data":[${"{},".repeat(20_000)}{}],"list_metadata":{}}`,
  ),
);

/** Refuses whatever is not an error of a kind that the docs name. */
export function assertTyped(error: unknown): void {
  const kinds = [TypeError, RangeError, URIError, WorkOSException];
  const { name } = error as Error; // of the package that is tested, or of the sources
  const typed = kinds.some((kind) => error instanceof kind) || name === "JwtError" || name === "SealError";
  assert(typed, `It fails with ${describe(error)}`);
  assert(!String((error as Error).message).includes("sk_test"), "Its message has the key");
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

/** How many cases a property is tried with. */
export function runs(numRuns: number): fc.Parameters<unknown> {
  return { seed: SEED, numRuns };
}
