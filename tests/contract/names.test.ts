import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import type { Operation, Schema } from "../../scripts/contract.ts";
import { camelName, FREE_FORM, snakeName } from "../../src/wire.ts";
import contract from "./operations.json" with { type: "json" };

/** One property of a schema, and where it was found. */
interface Property {
  name: string;
  schema: Schema;
  place: string;
}

const DUPLICATE = "deprecated duplicate of a snake_case name";
const RAW = "inside of an event's context, which keeps its names";

/** Names that the API itself has in camelCase, so that they need no way back. */
const OTHER_CASE: Record<string, string> = {
  containerId: RAW,
  createdAt: DUPLICATE,
  credentialsType: DUPLICATE,
  integrationType: DUPLICATE,
  organizationId: DUPLICATE,
  sessionId: RAW,
  sessionNumber: RAW,
  updatedAt: DUPLICATE,
  userlandUserId: DUPLICATE,
  "x5t#S256": "a name of JSON Web Keys, which are never renamed",
};

/** Objects of any content under a name that is not free-form, and who takes care of them. */
const NOT_FREE: Record<string, string> = {
  "EventSchema.data": "read by the name of the event",
};

/** Objects with described members under a free-form name, and who renames those. */
const DESCRIBED: Record<string, string> = {
  "AuditLogEventDto.context": "renamed by auditLogs.createEvent()",
  "Directory.metadata": "renamed by readDirectory()",
  "EventSchema.context": "keeps its names, as in the Node SDK",
  "EventSchema.context.previous_attributes": "as the context around it",
  "EventSchema.context.previous_attributes.context": "as the context around it",
  "EventSchema.data.previous_attributes": "keeps its names, as in the Node SDK",
  "Object.metadata": "renamed by readVaultObject()",
  "ObjectWithoutValue.metadata": "renamed by readVaultObject()",
};

const operations = contract.operations as unknown as Record<string, Operation>;
const schemas = contract.schemas as Record<string, Schema>;

function propertiesOf(schema: unknown, place: string): Property[] {
  if (typeof schema !== "object" || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap((item) => propertiesOf(item, place));
  return Object.entries(schema).flatMap(([key, member]) => {
    if (key === "example" || key === "enum" || key === "required" || key === "not") return [];
    if (key !== "properties") return propertiesOf(member, place);
    return Object.entries(member as Record<string, Schema>).flatMap(([name, it]) => [
      { name, schema: it, place: `${place}.${name}` },
      ...propertiesOf(it, `${place}.${name}`),
    ]);
  });
}

const properties = [
  ...Object.entries(operations).flatMap(([id, { request, response }]) => [
    ...propertiesOf(request?.schema, id),
    ...propertiesOf(response.schema, id),
  ]),
  ...Object.entries(schemas).flatMap(([name, schema]) => propertiesOf(schema, name)),
];

/** Whether a schema allows an object with members that are not described. */
function isFree(schema: Schema): boolean {
  const own = [schema.type].flat().includes("object") && !schema.properties;
  return own || [schema.oneOf, schema.anyOf, schema.allOf].flat().some((it) => it && isFree(it as Schema));
}

/** Whether a schema says which members an object has. */
function isDescribed({ $ref, properties }: Schema): boolean {
  if ($ref) return isDescribed(schemas[($ref as string).replace("#/schemas/", "")]);
  return properties !== undefined;
}

describe("the names of the API description", () => {
  it("survive the way to camelCase and back", () => {
    const lost = properties.filter(({ name }) => snakeName(camelName(name)) !== name);

    assertEquals(Object.keys(OTHER_CASE).sort(), [...new Set(lost.map(({ name }) => name))].sort());
  });

  it("are free-form wherever the content is the customer's", () => {
    const renamed = properties.filter(({ name, schema }) => isFree(schema) && !FREE_FORM.has(name));

    assertEquals(Object.keys(NOT_FREE).sort(), renamed.map(({ place }) => place).sort());
  });

  it("are described beneath a free-form name only where somebody renames them", () => {
    const described = properties.filter(({ name, schema }) => FREE_FORM.has(name) && isDescribed(schema));

    assertEquals(Object.keys(DESCRIBED).sort(), [...new Set(described.map(({ place }) => place))].sort());
  });
});
