import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { readContract, writeContract } from "../../scripts/contract.ts";

const DESCRIPTION = `
openapi: 3.1.1
paths:
  /things/{id}:
    get:
      operationId: Things_get
      description: Prose
      parameters:
        - { name: id, in: path, required: true, schema: { type: string, description: Prose }, example: thing_1 }
      responses:
        '404': { description: None }
        '200': { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
    delete:
      operationId: Things_delete
      requestBody: { content: { application/json: { schema: { type: object, properties: { description: { type: string } } } } } }
      responses: { '302': { description: Elsewhere }, '204': { description: Gone } }
components:
  schemas:
    Unused: { type: object }
    Thing:
      type: object
      title: Prose
      properties: { title: { type: string, example: A }, part: { $ref: '#/components/schemas/Part' } }
      example: { title: A }
    Part: { type: string, enum: [a, b], x-note: Prose }
`;

describe("readContract()", () => {
  it("keeps facts and leaves out prose", () => {
    const { operations, schemas } = readContract(DESCRIPTION);

    assertEquals(operations.Things_get, {
      verb: "GET",
      path: "/things/{id}",
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", example: "thing_1" } }],
      response: { status: "200", schema: { $ref: "#/schemas/Thing" } },
    });
    assertEquals(operations.Things_delete.response, { status: "204", also: ["302"] });
    assertEquals(operations.Things_delete.request?.schema.properties, { description: { type: "string" } });
    assertEquals(schemas, {
      Part: { type: "string", enum: ["a", "b"] },
      Thing: {
        type: "object",
        properties: { title: { type: "string", example: "A" }, part: { $ref: "#/schemas/Part" } },
      },
    });
  });

  it("reads parameters of a whole path, and shared parameters, bodies and answers, as if each operation told them", () => {
    const shared = `
openapi: 3.1.1
paths:
  /things/{id}:
    parameters:
      - $ref: '#/components/parameters/Id'
      - { name: limit, in: query, schema: { type: integer } }
    put:
      operationId: Things_put
      parameters: [{ name: limit, in: query, required: true, schema: { type: string } }]
      requestBody: { $ref: '#/components/requestBodies/Thing' }
      responses: { '200': { $ref: '#/components/responses/Thing' } }
components:
  parameters:
    Id: { name: id, in: path, required: true, schema: { type: string } }
  requestBodies:
    Thing: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
  responses:
    Thing: { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
  schemas:
    Thing: { type: object }
`;

    assertEquals(readContract(shared).operations.Things_put, {
      verb: "PUT",
      path: "/things/{id}",
      parameters: [
        { name: "id", in: "path", required: true, schema: { type: "string" } },
        { name: "limit", in: "query", required: true, schema: { type: "string" } },
      ],
      request: { type: "application/json", required: true, schema: { $ref: "#/schemas/Thing" } },
      response: { status: "200", schema: { $ref: "#/schemas/Thing" } },
    });
    assertThrows(() => readContract(shared.replace("    Id:", "    Other:")), TypeError, "#/components/parameters/Id");
  });

  it("refuses two operations of one name, and a reference to nothing", () => {
    assertThrows(() => readContract(DESCRIPTION.replace("Things_delete", "Things_get")), TypeError, "Things_get");
    assertThrows(() => readContract(DESCRIPTION.replace("    Part:", "    Other:")), TypeError, "Part");
  });

  it("refuses an operation without a name or a success, and says which", () => {
    const thing = (operation: string) => `{"paths":{"/things":{"get":${operation}}}}`;

    assertThrows(() => readContract(thing('{"responses":{"204":{}}}')), TypeError, "GET /things has no operationId");
    for (const responses of ['"responses":{"404":{}}', '"responses":{}', '"summary":"Nothing"']) {
      const act = () => readContract(thing(`{"operationId":"Things_list",${responses}}`));
      assertThrows(act, TypeError, "GET /things describes no success");
    }
    assertEquals(Object.keys(readContract(thing('{"operationId":"x","responses":{"204":{}}}')).operations), ["x"]);
  });

  it("refuses a text that is no description", () => {
    for (const text of ["", "404: Not Found", "<!doctype html>", "[1]", '{"openapi":"3.1.0","webhooks":{}}']) {
      assertThrows(() => readContract(text), TypeError, "Cannot read the description: it has no paths");
    }
  });
});

describe("writeContract()", () => {
  it("has one line for each operation and schema, the same every time", () => {
    const contract = readContract(DESCRIPTION);

    const text = writeContract(contract);

    assertEquals(JSON.parse(text), JSON.parse(JSON.stringify(contract)));
    assertEquals(text.split("\n").length, 7);
    assertEquals(text, writeContract(readContract(DESCRIPTION)));
  });
});
