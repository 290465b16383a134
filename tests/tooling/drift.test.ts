import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import type { Contract } from "../../scripts/contract.ts";
import { drift } from "../../scripts/drift.ts";
import kept from "../contract/operations.json" with { type: "json" };

const contract = kept as unknown as Contract;

/** The contract with something changed in it. */
function doctored(change: (contract: Contract) => void): Contract {
  const copy = structuredClone(contract);
  change(copy);
  return copy;
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

  it("tells of parameters and of values", () => {
    const newer = doctored(({ operations }) => {
      const { parameters } = operations.ConnectionsController_list;
      parameters.push({ name: "color", in: "query", required: false, schema: { type: "string" } });
      const order = parameters.find(({ name }) => name === "order")!;
      order.schema = { type: "string", enum: ["asc", "desc", "random"] };
    });

    assertEquals(drift(contract, newer).map((line) => line.split(":")[0] + line.slice(line.indexOf(" query:"))), [
      "new      GET /connections query query:color: optional | string",
      'changed  GET /connections query query:order: "asc" | "desc" | "normal" | optional -> "asc" | "desc" | "random" | optional',
    ]);
  });
});
