import { describe, it } from "@std/testing/bdd";
import { assert, assertEquals } from "@std/assert";
import { dereference, type OutputUnit, validate } from "npm:@cfworker/json-schema@4.1.1";
import type { Operation, Parameter, Schema } from "../scripts/contract.ts";
import { AutoPaginatable } from "../mod.ts";
import { type Call, CALLS, type Fields } from "./contract/calls.ts";
import { createSampler, type Detail, libraryName, type Sample } from "./contract/samples.ts";
import { fakeApi, type FakeRequest } from "./fake_api.ts";
import contract from "./contract/operations.json" with { type: "json" };

const operations = contract.operations as unknown as Record<string, Operation>;
const schemas = contract.schemas as Record<string, Schema>;
const sample = createSampler(schemas);
const validated = dereference(contract as object);

/** One call to make: what the library is given, and what the API has to get. */
interface Request {
  options: Fields;
  path: string;
  query: Parameter[];
  body: unknown;
}

function callOf(id: string): Call {
  const row = CALLS[id];
  return typeof row === "string" ? { call: row } : row;
}

/** Every request of an operation that is worth making. */
function requestsOf({ path, parameters, request }: Operation, call: Call, detail: Detail): Request[] {
  const given = parameters.filter(({ required }) => required || detail !== "minimal");
  const names = call.options ?? {};
  const values = given.map((it) => ({ ...it, ...sample(it.schema, "full", timed(call, it.name))[0] }));
  const target = path.replace(/{(.+?)}/g, (_, name) => encoded(values.find((it) => it.name === name)!.wire as string));
  const fromParameters = Object.fromEntries(values.map((it) => [names[it.name] ?? libraryName(it.name), it.sdk]));
  const bodyNames = { ...names, ...names["body.slug"] ? { slug: names["body.slug"] } : {} };
  const bodies = request
    ? sample(request.schema, detail, { names: bodyNames, dates: call.times })
    : [{ wire: undefined, sdk: {} }];
  return bodies.map(({ wire, sdk }) => ({ wire, sdk: { ...fromParameters, ...sdk as Fields } }))
    .flatMap((it) => call.request?.(it) ?? [it])
    .map(({ wire, sdk }) => ({
      options: sdk as Fields,
      path: target,
      query: given.filter((it) => it.in === "query" && (names[it.name] ?? libraryName(it.name)) in (sdk as Fields)),
      body: wire,
    }));
}

/** A parameter that is a date. */
function timed({ times = [] }: Call, name: string): { dates?: string[] } {
  return times.includes(libraryName(name)) ? { dates: times } : {};
}

function encoded(id: string): string {
  return encodeURIComponent(id).replaceAll("%3A", ":");
}

/** Arguments by the signature in the table: some by position, the rest as one object. */
function argumentsOf(signature: string, options: Fields): unknown[] {
  const names = signature.match(/\((.*)\)/)![1].split(", ").filter((it) => it !== "");
  const rest = Object.entries(options).filter(([name]) => !names.includes(name));
  return names.map((name) => name === "..." ? Object.fromEntries(rest) : options[name]);
}

/** What the API answers, and what it is expected to become. */
function answersOf({ response }: Operation, call: Call, detail: Detail): Sample[] {
  if (!response.schema) return [{ wire: undefined, sdk: undefined }];
  const { fields: names, dates, raw } = call;
  const samples = sample(response.schema, detail, { names, dates, raw }).map(call.answer ?? ((it) => it));
  return call.nothing ? samples.map(({ wire }) => ({ wire, sdk: undefined })) : samples;
}

async function run(operation: Operation, call: Call, { request, answer }: { request: Request; answer: Sample }) {
  const api = fakeApi(answer.wire);
  const signature = typeof call.call === "string" ? call.call : call.call(request.body as Fields);
  const [, area, method] = signature.match(/^(\w+)\.(\w+)\(/)!;
  const resource = (api.workos as unknown as Record<string, Record<string, (...args: unknown[]) => unknown>>)[area];
  const given = argumentsOf(signature, request.options);
  const untouched = structuredClone(given);

  const result = await resource[method](...given);

  assertEquals(given, untouched, "The arguments were changed");
  if (call.url) return checkUrl(new URL(result as string), operation, request);
  assertEquals(api.requests.length, 1);
  checkRequest(api.requests[0], operation, { request, isPaged: result instanceof AutoPaginatable });
  const shown = result instanceof AutoPaginatable ? result.toJSON() : result;
  assertEquals(differences(shown, answer.sdk, "answer"), []);
}

function checkRequest(
  sent: FakeRequest,
  operation: Operation,
  { request, isPaged }: { request: Request; isPaged: boolean },
): void {
  assertEquals([sent.method, sent.path], [operation.verb, request.path]);
  const isForm = sent.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  const body = isForm ? Object.fromEntries(new URLSearchParams(sent.body)) : sent.body;
  if (!isForm) checkQuery(sent, { request, isPaged });
  const key = request.options.idempotencyKey;
  if (key !== undefined) assertEquals(sent.headers["idempotency-key"], key);
  if (!operation.request) return assert(body === undefined || body === "" || equalsEmpty(body), "A body was sent");
  assertEquals(invalid(operation.request.schema, body), []);
  assertEquals(body, request.body);
}

function checkQuery(sent: FakeRequest, { request, isPaged }: { request: Request; isPaged: boolean }): void {
  const expected = Object.fromEntries(request.query.map(({ name }) => [name, queryText(request.options, name)]));
  assertEquals(sent.query, isPaged ? { order: "desc", ...expected } : expected);
}

function queryText(options: Fields, name: string): string {
  const value = options[libraryName(name)];
  return value instanceof Date ? value.toISOString() : String(value);
}

function checkUrl(url: URL, { parameters }: Operation, { path, query, options }: Request): void {
  assertEquals(url.pathname, path);
  const known = parameters.map(({ name }) => name);
  const sent = [...new Set([...url.searchParams.keys()].map((name) => name.replace(/\[.*\]$/, "")))];
  assertEquals(sent.filter((name) => !known.includes(name)), [], "Parameters that are not described");
  for (const { name } of query) {
    const value = options[libraryName(name)];
    if (typeof value !== "object") assertEquals(url.searchParams.get(name), String(value));
    else if (Array.isArray(value)) assertEquals(url.searchParams.getAll(name), value);
    else {
      for (const [key, member] of Object.entries(value!)) {
        assertEquals(url.searchParams.get(`${name}[${key}]`), String(member));
      }
    }
  }
  const required = parameters.filter((it) => it.required && it.in === "query").map(({ name }) => name);
  assertEquals(required.filter((name) => !url.searchParams.has(name)), [], "Parameters that are missing");
}

/** What a JSON schema validator says against a value; the schema belongs to the contract, as its references do. */
function invalid(schema: Schema, value: unknown): string[] {
  const { errors } = validate(value, schema as object, "2020-12", validated);
  return errors.map(({ instanceLocation, error }: OutputUnit) => `${instanceLocation}: ${error}`);
}

/** Where a result is not what was expected; what readers add for absent fields is empty. */
function differences(actual: unknown, expected: unknown, place: string): string[] {
  if (typeof expected !== "object" || expected === null || expected instanceof Date) {
    return isSame(actual, expected) ? [] : [`${place} is ${show(actual)}, not ${show(expected)}`];
  }
  if (typeof actual !== "object" || actual === null) return [`${place} is ${show(actual)}, not an object`];
  if (Array.isArray(actual) !== Array.isArray(expected)) return [`${place} is a list, or is not`];
  const names = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  return [...names].flatMap((name) => {
    const [own, wanted] = [actual, expected].map((it) => (it as Fields)[name]);
    if (Object.hasOwn(expected, name)) return differences(own, wanted, `${place}.${name}`);
    return isDefault(name, own) ? [] : [`${place}.${name} is ${show(own)}, but was not sent`];
  });
}

/** `null` may be absent where the Node SDK leaves it out. */
function isSame(actual: unknown, expected: unknown): boolean {
  if (expected instanceof Date) return actual instanceof Date && actual.getTime() === expected.getTime();
  return actual === expected || (expected === null && actual === undefined);
}

function isDefault(name: string, value: unknown): boolean {
  return !value || equalsEmpty(value) || (name === "object" && typeof value === "string");
}

function equalsEmpty(value: unknown): boolean {
  return typeof value === "object" && Object.keys(value!).length === 0;
}

function show(value: unknown): string {
  return value instanceof Date ? `date ${value.toISOString()}` : JSON.stringify(value);
}

describe("the API description", () => {
  it("has a method for every operation", () => {
    const missing = Object.keys(operations).filter((id) => !(id in CALLS));
    const total = Object.keys(operations).length;
    console.log(`contract: ${total - missing.length} of ${total} operations`);

    assertEquals(missing, []);
    assertEquals(Object.keys(CALLS).filter((id) => !(id in operations)), [], "Rows without an operation");
  });

  for (const [id, operation] of Object.entries(operations)) {
    if (!(id in CALLS)) continue;
    it(`${operation.verb} ${operation.path} crosses the wire whole, ${id}`, async () => {
      const call = callOf(id);

      for (const detail of ["full", "minimal", "nulls"] as const) {
        const requests = requestsOf(operation, call, detail);
        const answers = answersOf(operation, call, detail);
        const count = Math.max(requests.length, answers.length);
        assert(requests.length > 0 && answers.length > 0);
        for (let i = 0; i < count; i++) {
          const answer = answers[i % answers.length];
          if (operation.response.schema) assertEquals(invalid(operation.response.schema, answer.wire), []);
          await run(operation, call, { request: requests[i % requests.length], answer });
        }
      }
    });
  }
});
