// The contract's bodies and answers before a second validator. tests/contract.test.ts runs on every runtime, and ajv
// makes code of schemas, which Workers and edge runtimes refuse: so it is here, and the two have to agree.
import { describe, it } from "@std/testing/bdd";
import { assert, assertEquals } from "@std/assert";
import { Ajv2020 } from "npm:ajv@8.20.0/dist/2020.js";
import formats from "npm:ajv-formats@3.0.1";
import type { Schema } from "../../scripts/contract.ts";
import { answersOf, callOf, invalid, operations, requestsOf, run, schemas } from "../contract/run.ts";
import { createSampler, type Detail } from "../contract/samples.ts";
import contract from "../contract/operations.json" with { type: "json" };

const ajv = new Ajv2020({ strict: false }); // the description has keywords of its own
formats.default(ajv);
ajv.addSchema(contract, "contract");
const compiled = new Map<Schema, (value: unknown) => boolean>();

/** What ajv says of a value. */
function isValid(schema: Schema, value: unknown): boolean {
  if (!compiled.has(schema)) {
    const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"contract#/');
    compiled.set(schema, ajv.compile(JSON.parse(text)));
  }
  return compiled.get(schema)!(value);
}

/** The value with one thing wrong, or just different, at a time: a member missing, of another type, one more. */
function* spoiled(value: unknown): Generator<unknown> {
  yield [value];
  yield null;
  if (typeof value !== "object" || value === null) return;
  yield Array.isArray(value) ? [...value, { unknown: 1 }] : { ...value, unknown: { unknown: 1 } };
  for (const [name, member] of Object.entries(value)) {
    const { [name]: _, ...others } = value as Record<string, unknown>;
    if (!Array.isArray(value)) yield others;
    for (const other of [...spoiled(member), 7, "text", ""]) {
      yield Array.isArray(value) ? value.with(Number(name), other) : { ...others, [name]: other };
    }
  }
}

describe("two JSON schema validators", () => {
  const sample = createSampler(schemas);
  let refused = 0;

  /** Both have to take a body, and to think the same of everything near it. */
  function compare(schema: Schema, value: unknown): void {
    assertEquals([isValid(schema, value), invalid(schema, value)], [true, []]);
    for (const other of spoiled(value)) {
      const verdict = isValid(schema, other);
      assertEquals(invalid(schema, other).length === 0, verdict, `They differ about ${JSON.stringify(other)}`);
      if (!verdict) refused++;
    }
  }

  for (const [id, operation] of Object.entries(operations)) {
    it(`agree on what ${operation.verb} ${operation.path} sends and gets, ${id}`, async () => {
      const call = callOf(id);
      for (const detail of ["full", "minimal", "nulls"] satisfies Detail[]) {
        const requests = requestsOf(operation, call, { sample, detail });
        const answers = answersOf(operation, call, { sample, detail });
        for (const [i, request] of requests.entries()) {
          const sent = await run(operation, call, { request, answer: answers[i % answers.length] });
          const isJson = sent.startsWith("{"); // and no form
          if (operation.request && isJson) compare(operation.request.schema, JSON.parse(sent));
        }
        const { schema } = operation.response;
        if (schema) {
          for (const { wire } of answers) assertEquals([isValid(schema, wire), invalid(schema, wire)], [true, []]);
        }
      }
    });
  }

  it("have refused something", () => assert(refused > 1000, `They refused ${refused} values`));
});
