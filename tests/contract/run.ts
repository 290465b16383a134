/** Makes the calls of the contract and compares what crosses the wire with what the description says. */
import { assert, assertEquals } from "@std/assert";
import { dereference, type OutputUnit, validate } from "npm:@cfworker/json-schema@4.1.1";
import type { Operation, Parameter, Schema } from "../../scripts/contract.ts";
import { AutoPaginatable, type RequestOptions } from "../../mod.ts";
import { type Call, CALLS, type Fields } from "./calls.ts";
import { createSampler, type Detail, libraryName, type Sample, type Sampler } from "./samples.ts";
import { fakeApi, type FakeRequest } from "../fake_api.ts";
import contract from "./operations.json" with { type: "json" };

/** Every operation of the description, by its id. */
export const operations = contract.operations as unknown as Record<string, Operation>;

/** The schemas they share. */
export const schemas = contract.schemas as Record<string, Schema>;

const validated = dereference(contract as object);

/** One call to make: what the library is given, and what the API has to get. */
export interface Request {
  options: Fields;
  path: string;
  query: Parameter[];
  body: unknown;
}

/** The row of an operation. */
export function callOf(id: string): Call {
  const row = CALLS[id];
  return typeof row === "string" ? { call: row } : row;
}

/** Every request of an operation that is worth making. */
export function requestsOf(
  { path, parameters, request }: Operation,
  call: Call,
  { sample, detail }: { sample: Sampler; detail: Detail },
): Request[] {
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

/** Operations with customers' values in the request or the answer; types of such values do not count. */
export function withFreeForm(): string[] {
  return Object.keys(operations).filter((id) => !callOf(id).types && countFreeForm(id) > 0);
}

function countFreeForm(id: string): number {
  let count = 0;
  const options = { sample: createSampler(schemas, () => ({ count: ++count })), detail: "full" as const };
  requestsOf(operations[id], callOf(id), options);
  answersOf(operations[id], callOf(id), options);
  return count;
}

/** A parameter that is a date. */
function timed({ times = [] }: Call, name: string): { dates?: string[] } {
  return times.includes(libraryName(name)) ? { dates: times } : {};
}

function encoded(id: string): string {
  return encodeURIComponent(id).replaceAll("%3A", ":");
}

/** Arguments by the signature in the table: some by position, the rest as one object. */
export function argumentsOf(signature: string, options: Fields): unknown[] {
  const names = signature.match(/\((.*)\)/)![1].split(", ").filter((it) => it !== "");
  const rest = Object.entries(options).filter(([name]) => !names.includes(name));
  return names.map((name) => name === "..." ? Object.fromEntries(rest) : options[name]);
}

/** What the API answers, and what it is expected to become. */
export function answersOf(
  { response }: Operation,
  call: Call,
  { sample, detail }: { sample: Sampler; detail: Detail },
): Sample[] {
  if (!response.schema) return [{ wire: undefined, sdk: undefined }];
  const { fields: names, dates, raw } = call;
  const samples = sample(response.schema, detail, { names, dates, raw }).map(call.answer ?? ((it) => it));
  return call.nothing ? samples.map(({ wire }) => ({ wire, sdk: undefined })) : samples;
}

/** One request, and what the API answers. */
export interface Exchange {
  request: Request;
  answer: Sample;
}

/** Every request and every answer of an operation that is worth making, as few pairs as hold all of them. */
export function exchangesOf(
  operation: Operation,
  call: Call,
  options: { sample: Sampler; detail: Detail },
): Exchange[] {
  const requests = requestsOf(operation, call, options);
  const answers = answersOf(operation, call, options);
  assert(requests.length > 0 && answers.length > 0);
  return Array.from({ length: Math.max(requests.length, answers.length) }, (_, i) => ({
    request: requests[i % requests.length],
    answer: answers[i % answers.length],
  }));
}

/**
 * Calls the method of an operation, with `options` as its last argument. Returns its name as `area.method`, its other
 * arguments and what came of it.
 */
export async function make(
  call: Call,
  { request, answer }: Exchange,
  options?: RequestOptions,
): Promise<{ name: string; given: unknown[]; result: unknown; requests: FakeRequest[] }> {
  const { workos, requests } = fakeApi(answer.wire);
  const signature = typeof call.call === "string" ? call.call : call.call(request.body as Fields);
  const [name, area, method] = signature.match(/^(\w+)\.(\w+)(?=\()/)!;
  const resource = (workos as unknown as Record<string, Record<string, (...args: unknown[]) => unknown>>)[area];
  const given = argumentsOf(signature, request.options);
  const untouched = structuredClone(given);

  const gap = Array(Math.max(0, resource[method].length - 1 - given.length)); // arguments that were left out
  const result = await resource[method](...given, ...gap, options);

  assertEquals(given, untouched, "The arguments were changed");
  return { name, given, result, requests };
}

/** Makes a call and checks the request, the URL or the result. Returns the body as it was sent. */
export async function run(operation: Operation, call: Call, exchange: Exchange): Promise<string> {
  const { request, answer } = exchange;
  const { result, requests } = await make(call, exchange);
  if (call.url) {
    checkUrl(new URL(result as string), operation, request);
    return "";
  }
  assertEquals(requests.length, 1);
  checkRequest(requests[0], operation, { request, isPaged: result instanceof AutoPaginatable });
  assertEquals(misread(shown(result), answer.sdk), []);
  return String(requests[0].init.body ?? "");
}

/** A result as plain data. */
export function shown(result: unknown): unknown {
  if (!(result instanceof AutoPaginatable)) return result;
  const { object, data, listMetadata } = result;
  return { object, data, listMetadata };
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
  assertEquals(differences(body, request.body, { place: "body", tolerate: NOTHING }), []);
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

/**
 * What a JSON schema validator says against a value; the schema belongs to the contract, as its references do. This one
 * makes no code of schemas, which Workers forbid; tests/tooling/contract_validators.test.ts has ajv's opinion.
 */
export function invalid(schema: Schema, value: unknown): string[] {
  const { errors } = validate(value, schema as object, "2020-12", validated);
  return errors.map(({ instanceLocation, error }: OutputUnit) => `${instanceLocation}: ${error}`);
}

/** Where what was read is not what was expected; what readers fill in is no difference. */
export function misread(actual: unknown, expected: unknown): string[] {
  return differences(actual, expected, { place: "answer", tolerate: DEFAULTS });
}

/** What is accepted although it was not expected: the place, and what is there. */
type Tolerance = (place: string, actual: unknown) => boolean;

const NOTHING: Tolerance = () => false;

/** Where the parts of an answer are that readers complete; nothing below a customer's own names is one. */
const PARTS = /^answer(\.(data|\d+|user|connectedAccount|installation))*$/;

/** What readers fill in where the API sends nothing, as the Node SDK does. */
const FILLED_IN: Record<string, unknown> = {
  ...{ accountDisplayName: null, accountIdentifier: null, apiKeyLast4: null, clientId: null, clientSecretLast4: null },
  ...{ name: null, updatedAt: null, versionId: null, customAttributes: {}, metadata: {}, object: "list" },
};

const DEFAULTS: Tolerance = (place, actual) => {
  const [, parent, name] = place.match(/^(.*)\.(.*)$/)!;
  const isPart = PARTS.test(parent) || place === "answer.metadata.versionId"; // the vault's metadata is its own
  return isPart && Object.hasOwn(FILLED_IN, name) && JSON.stringify(actual) === JSON.stringify(FILLED_IN[name]);
};

/** Where a value is not what was expected; own members called `__proto__` count. */
function differences(actual: unknown, expected: unknown, where: { place: string; tolerate: Tolerance }): string[] {
  const { place, tolerate } = where;
  if (isSame(actual, expected)) return [];
  if (isLeaf(actual) || isLeaf(expected) || Array.isArray(actual) !== Array.isArray(expected)) {
    const isTolerated = expected === undefined && tolerate(place, actual);
    return isTolerated ? [] : [`${place} is ${show(actual)}, not ${show(expected)}`];
  }
  const names = new Set([...Object.keys(actual as Fields), ...Object.keys(expected as Fields)]);
  return [...names].flatMap((name) => {
    const [own, wanted] = [actual, expected].map((it) =>
      Object.hasOwn(it as Fields, name) ? (it as Fields)[name] : undefined
    );
    return differences(own, wanted, { place: `${place}.${name}`, tolerate });
  });
}

function isLeaf(value: unknown): boolean {
  return typeof value !== "object" || value === null || value instanceof Date;
}

function isSame(actual: unknown, expected: unknown): boolean {
  if (expected instanceof Date) return actual instanceof Date && actual.getTime() === expected.getTime();
  return actual === expected;
}

function equalsEmpty(value: unknown): boolean {
  return typeof value === "object" && Object.keys(value!).length === 0;
}

function show(value: unknown): string {
  return value instanceof Date ? `date ${value.toISOString()}` : JSON.stringify(value);
}
