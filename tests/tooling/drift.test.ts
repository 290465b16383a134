import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import type { Contract, Schema } from "../../scripts/contract.ts";
import { drift } from "../../scripts/drift.ts";
import kept from "../contract/operations.json" with { type: "json" };

const contract = kept as unknown as Contract;

/** The contract with something changed in it. */
function doctored(change: (contract: Contract) => void): Contract {
  const copy = structuredClone(contract);
  change(copy);
  return copy;
}

type Described = { type?: "object"; properties: Record<string, Schema & { properties?: Record<string, Schema> }> };

const CREATE = "POST /organizations/{organizationId}/groups";

/** The contract with another field in what makes a group. */
function changedField(name: string, schema: Schema): Contract {
  return doctored(({ schemas }) => Object.assign(schemas.CreateGroupDto.properties as object, { [name]: schema }));
}

describe("drift()", () => {
  it("finds nothing where nothing changed", () => {
    assertEquals(drift(contract, doctored(() => {})), []);
  });

  it("tells of operations that came and went, in one line each", () => {
    const newer = doctored(({ operations }) => {
      const { GroupsController_get, ...rest } = operations;
      for (const id of Object.keys(operations)) delete operations[id];
      Object.assign(operations, rest, { Group_get: { ...GroupsController_get, path: "/groups/{groupId}" } });
    });

    assertEquals(
      drift(contract, newer),
      [
        "gone     GET /organizations/{organizationId}/groups/{groupId}: GroupsController_get",
        "new      GET /groups/{groupId}: Group_get",
      ].sort((a, b) => a.slice(9) < b.slice(9) ? -1 : 1),
    );
  });

  it("tells of fields that came, went and changed, wherever the schema is used", () => {
    const newer = doctored(({ schemas }) => {
      const { properties, required } = schemas.Group as { properties: Record<string, object>; required: string[] };
      properties.color = { type: "string", enum: ["red", "blue"] };
      properties.name = { type: ["string", "null"] };
      delete properties.description;
      required.push("color");
    });

    const lines = drift(contract, newer).filter((line) =>
      line.includes("GET /organizations/{organizationId}/groups/{groupId} ")
    );

    assertEquals(lines, [
      'new      GET /organizations/{organizationId}/groups/{groupId} answer.color: "blue" | "red"',
      "gone     GET /organizations/{organizationId}/groups/{groupId} answer.description: null | string",
      "changed  GET /organizations/{organizationId}/groups/{groupId} answer.name: string -> null | string",
    ]);
  });

  it("tells of a field that may be anything", () => {
    for (const anything of [true, {}]) {
      const lines = drift(contract, changedField("extra", anything as Schema));

      assertEquals(lines, [`new      ${CREATE} request.extra: optional`]);
    }
  });

  it("tells of the value that a field always has", () => {
    const always = (value: string) => changedField("name", { type: "string", const: value });

    assertEquals(drift(always("a"), always("b")), [`changed  ${CREATE} request.name: "a" -> "b"`]);
  });

  it("tells of every kind of limit, of formats and of what is deprecated", () => {
    // deno-fmt-ignore
    const limits = [
      "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
      "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "default", "not",
    ];
    const name = { type: "array" };
    for (const [key, value, shown] of [["format", "x", "x"], ["deprecated", true, "deprecated"]]) {
      const [line] = drift(changedField("name", name), changedField("name", { ...name, [String(key)]: value }));
      assertEquals(line?.includes(String(shown)), true, String(key));
    }
    for (const limit of limits) {
      const [line] = drift(changedField("name", name), changedField("name", { ...name, [limit]: 7 }));
      assertEquals(line?.includes(`${limit} 7`), true, limit);
    }
  });

  it("tells of parameters and of values", () => {
    const newer = doctored(({ operations }) => {
      const { parameters } = operations.ConnectionsController_list;
      parameters.push({ name: "color", in: "query", required: false, schema: { type: "string" } });
      const order = parameters.find(({ name }) => name === "order")!;
      order.schema = { type: "string", enum: ["asc", "desc", "random"] };
    });

    assertEquals(drift(contract, newer).map((line) => line.split(":")[0] + line.slice(line.indexOf(" query:"))), [
      "new      GET /connections query query:color: optional | string",
      'changed  GET /connections query query:order: "asc" | "desc" | "normal" | default "desc" | optional -> "asc" | "desc" | "random" | optional',
    ]);
  });

  it("tells of another status of success, and of one more", () => {
    const another = doctored(({ operations }) => operations.GroupsController_create.response.status = "200");
    const more = doctored(({ operations }) => operations.GroupsController_create.response.also = ["202"]);

    assertEquals(drift(contract, another), [`changed  ${CREATE} status: 201 -> 200`]);
    assertEquals(drift(contract, more), [`changed  ${CREATE} status: 201 -> 201 | 202`]);
  });

  it("tells of another form of a request", () => {
    const newer = doctored(({ operations }) =>
      operations.GroupsController_create.request!.type = "application/x-www-form-urlencoded"
    );

    assertEquals(drift(contract, newer), [
      `changed  ${CREATE} content: application/json -> application/x-www-form-urlencoded`,
    ]);
  });

  it("tells of smallest and largest numbers", () => {
    const newer = doctored(({ operations }) => {
      const limit = operations.ConnectionsController_list.parameters.find(({ name }) => name === "limit")!;
      Object.assign(limit.schema, { minimum: 0, maximum: 50 });
    });

    assertEquals(drift(contract, newer), [
      "changed  GET /connections query:limit: default 10 | integer | maximum 100 | minimum 1 | optional -> " +
      "default 10 | integer | maximum 50 | minimum 0 | optional",
    ]);
  });

  it("tells of lengths and patterns", () => {
    const newer = changedField("name", { type: "string", minLength: 2, maxLength: 64, pattern: "^a | b$" });

    assertEquals(drift(contract, newer), [
      `changed  ${CREATE} request.name: maxLength 256 | string -> maxLength 64 | minLength 2 | pattern "^a|b$" | string`,
    ]);
  });

  it("tells of defaults", () => {
    const newer = changedField("name", { type: "string", maxLength: 256, default: "Everybody" });

    assertEquals(drift(contract, newer), [
      `changed  ${CREATE} request.name: maxLength 256 | string -> default "Everybody" | maxLength 256 | string`,
    ]);
  });

  it("tells of the values of objects with any names, and of their names", () => {
    const places = [
      { additionalProperties: { type: "string", maxLength: 600 }, propertyNames: { maxLength: 40 } },
      { additionalProperties: { type: "number" }, propertyNames: { maxLength: 80 } },
      { additionalProperties: false, patternProperties: { "^[a-z. ]$": { type: "number" } } },
    ].map((it) => changedField("tags", { type: "object", ...it }));

    assertEquals(drift(contract, places[0]), [
      `new      ${CREATE} request.tags: names maxLength 40 | object | optional`,
    ]);
    assertEquals(drift(places[0], places[1]), [
      `changed  ${CREATE} request.tags: names maxLength 40 | object | optional -> names maxLength 80 | object | optional`,
      `changed  ${CREATE} request.tags{}: maxLength 600 | string -> number`,
    ]);
    assertEquals(drift(places[1], places[2]), [
      `changed  ${CREATE} request.tags: names maxLength 80 | object | optional -> ` +
      'names pattern "^[a-z. ]$" | no others | object | optional',
    ]);
  });

  it("tells of a field of one alternative that another one has", () => {
    const newer = doctored(({ operations, schemas }) => {
      const [, { oneOf: events }] = schemas.EventSchema.allOf as { oneOf: Described[] }[];
      const activated = events.find(({ properties }) => properties.event.const === "connection.activated")!;
      const { name: _, ...data } = activated.properties.data.properties!;
      activated.properties.data.properties = { ...data, email: { type: "string" } };
      const grants = operations["UserlandSessionsController_authenticate[0]"].request!.schema.oneOf as Described[];
      delete grants.find(({ properties }) => properties.grant_type.const === "password")!.properties.ip_address;
    });

    assertEquals(drift(contract, newer).map((line) => line.replace(/: .*/, "")), [
      "new      GET /events answer.data[]<connection.activated>.data.email",
      "gone     GET /events answer.data[]<connection.activated>.data.name",
      "gone     POST /user_management/authenticate request<password>.ip_address",
    ]);
  });

  it("tells of an alternative more, and of one less, in one line", () => {
    const newer = doctored(({ schemas }) => {
      const [, { oneOf: events }] = schemas.EventSchema.allOf as { oneOf: Described[] }[];
      const { properties } = events.pop()!;
      events.unshift({ type: "object", properties: { ...properties, event: { const: "vault.opened" } } });
    });

    assertEquals(drift(contract, newer), [
      "new      GET /events answer.data[]<vault.opened>: object",
      "gone     GET /events answer.data[]<waitlist_user.denied>: object",
    ]);
  });

  it("names alternatives by their schema, or else by their number, and none when one of them has fields", () => {
    const [text, named, group] = [{ type: "string" }, { $ref: "#/schemas/GroupParent" }, { $ref: "#/schemas/Group" }];
    const inline = { type: "object", properties: { id: { type: "string", not: { const: "" } } } };
    const added = (anyOf: Schema[]) => {
      const newer = changedField("parent", { anyOf });
      newer.schemas.GroupParent = { type: "object", properties: { slug: { type: "string" } } };
      const whole = drift(changedField("parent", {}), newer);
      return whole.map((line) => line.replace(`new      ${CREATE} request.parent`, ""));
    };

    assertEquals(added([named, group]), ["<Group>: object", "<GroupParent>: object"]);
    assertEquals(added([inline, named]), ["<1>: object", "<2>: object"]);
    assertEquals(added([text, inline]).slice(1), ['.id: not {"const":""} | optional | string']);
  });

  it("counts an operation whose path has a dot", () => {
    const newer = doctored(({ operations }) => {
      operations.Keys_get = { verb: "GET", path: "/.well-known/keys", parameters: [], response: { status: "200" } };
    });

    assertEquals(drift(contract, newer), ["new      GET /.well-known/keys: Keys_get"]);
  });
});
