import { assertEquals, assertNotEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { camel, camelName, FREE_FORM, snake, snakeName, toJson } from "../src/wire.ts";

describe("camel", () => {
  it("renames keys all the way down and keeps unknown fields", () => {
    const value = camel({ first_name: "Ada", nested_list: [{ a_b: 1 }, "x", null], new_field_2: { deep_er: true } });

    assertEquals(value, { firstName: "Ada", nestedList: [{ aB: 1 }, "x", null], newField2: { deepEr: true } });
  });

  it("leaves free-form values untouched, by identity", () => {
    const metadata = { first_name: 1, lastName: { a_b: 2 } };

    assertStrictEquals(camel<{ metadata: unknown }>({ metadata }).metadata, metadata);
    for (const name of FREE_FORM) {
      assertEquals(camel<Record<string, unknown>>({ [name]: { a_b: 1 } })[camelName(name)], { a_b: 1 });
    }
  });

  it("keeps a key called __proto__ a key", () => {
    const value = camel<Record<string, unknown>>(JSON.parse('{"__proto__":{"is_admin":true},"x_y":1}'));

    assertEquals(Object.keys(value), ["__proto__", "xY"]);
    assertEquals(Object.getPrototypeOf(value), Object.prototype);
    assertEquals((value as { isAdmin?: boolean }).isAdmin, undefined);
  });

  it("lets the wire name win where both forms are sent, in either order", () => {
    assertEquals(camel({ created_at: 1, createdAt: 2 }), { createdAt: 1 });
    assertEquals(camel({ createdAt: 2, created_at: 1 }), { createdAt: 1 });
    assertEquals(camel({ apiKeyLast4: 2, api_key_last_4: 1 }), { apiKeyLast4: 1 });
    assertEquals(camel({ api_key_last_4: 1, apiKeyLast4: 2 }), { apiKeyLast4: 1 });
  });

  it("makes members that can be changed and removed", () => {
    const value = camel<{ createdAt?: number }>({ createdAt: 1 });

    value.createdAt = 2;
    assertEquals(value, { createdAt: 2 });
    delete value.createdAt;

    assertEquals(value, {});
  });

  it("passes on what is too deep, which the other way is refused, instead of overflowing the stack", () => {
    let deep: unknown = { a_b: 1 };
    for (let i = 0; i < 50_000; i++) deep = [deep];
    let mixed: unknown = { a_b: 1 };
    for (let i = 0; i < 50_000; i++) mixed = { mixed: [mixed] };

    for (const value of [deep, mixed]) {
      assertNotEquals(camel(value), undefined);
      assertThrows(() => snake(value), TypeError, "too deep");
    }
  });

  it("renames whatever is not too deep", () => {
    let [wire, ours]: [unknown, unknown] = [{ a_b: 1 }, { aB: 1 }];
    for (let depth = 0; depth < 50; depth++) [wire, ours] = [{ list: [wire] }, { list: [ours] }];

    assertEquals([camel(wire), snake(ours)], [ours, wire]);
  });

  it("returns scalars and null as they are", () => {
    for (const value of [null, 1, "a_b", true, undefined]) assertEquals(camel(value), value);
  });
});

describe("snake", () => {
  it("renames keys all the way down, free-form values excepted", () => {
    const body = snake({
      firstName: "Ada",
      domainData: [{ state: "x", aB: 1 }],
      metadata: { lastName: 1, first_name: 2 },
    });

    assertEquals(body, {
      first_name: "Ada",
      domain_data: [{ state: "x", a_b: 1 }],
      metadata: { lastName: 1, first_name: 2 },
    });
  });

  it("writes dates as text", () => {
    assertEquals(toJson(snake({ expiresAt: new Date(0) })), '{"expires_at":"1970-01-01T00:00:00.000Z"}');
  });

  it("leaves anything else with a JSON form to JSON", () => {
    assertEquals(
      JSON.stringify(snake({ redirectUri: new URL("https://a.example/b") })),
      '{"redirect_uri":"https://a.example/b"}',
    );
  });

  it("keeps null and drops undefined in JSON", () => {
    assertEquals(JSON.stringify(snake({ externalId: null, name: undefined })), '{"external_id":null}');
  });

  it("keeps a key called __proto__ a key", () => {
    const body = snake(JSON.parse('{"__proto__":{"aB":1}}'));

    assertEquals(JSON.stringify(body), '{"__proto__":{"a_b":1}}');
  });

  it("refuses at once an object that contains itself in many ways", () => {
    const people = Array.from({ length: 12 }, () => ({ friends: [] as object[] }));
    for (const person of people) person.friends.push(...people);
    const twice = { list: [{ deep: [{ deeper: [1] }] }] };

    assertThrows(() => snake({ people }), TypeError, "too deep");
    assertEquals(snake({ a: twice, b: [twice, twice] }), { a: twice, b: [twice, twice] });
  });
});

describe("names", () => {
  it("survive the way there and back", () => {
    for (const name of ["id", "first_name", "api_key_last_4", "client_secret_last_4", "it_contact_emails", "_x"]) {
      assertEquals(snakeName(camelName(name)), name);
    }
  });

  it("keep an inherited name apart from the table", () => {
    assertEquals(snakeName("constructor"), "constructor");
    assertEquals(snakeName("toString"), "to_string");
  });
});

describe("toJson", () => {
  it("is JSON", () => {
    const body = { a: [1, "b", null, true], c: { d: undefined, e: new Date(0) }, f: { toJSON: () => "g" } };

    assertEquals(toJson(body), JSON.stringify(body));
    assertEquals([toJson(null), toJson([]), toJson("x")], ["null", "[]", '"x"']);
  });

  it("refuses what JSON would turn into something else, however deep, and names it", () => {
    const lost = [NaN, -Infinity, new Date(NaN), new Map([["a", 1]]), new Set()];
    for (const value of lost) {
      const error = typeof value === "number" || value instanceof Date ? RangeError : TypeError;
      assertThrows(() => toJson({ expires_at: value }), error, '"expires_at"');
      assertThrows(() => toJson({ metadata: { deep: [{ since: value }] } }), error, '"since"');
    }
    for (const value of [new Map([["a", 1]]), new Set([1])]) { // also after the renaming of names
      assertThrows(() => toJson(snake({ domainData: value })), TypeError, '"domain_data"');
    }
    for (const gap of [undefined, () => 1, Symbol("s")]) {
      assertThrows(() => toJson({ slugs: ["a", gap] }), TypeError, '"1"');
      assertEquals(toJson({ save: gap, toJSON: undefined }), "{}");
    }
    const map = Object.assign(new Map([["a", 1]]), { toJSON: () => ({ a: 1 }) });
    assertEquals(toJson({ metadata: map }), '{"metadata":{"a":1}}');
    assertThrows(() => toJson(new Date(NaN)), RangeError);
  });
});
