import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { authorizationQuery, encodeId, path, queryString, requestUrl, textPath } from "../src/url.ts";
import vectors from "./vectors/paths-and-queries.json" with { type: "json" };

interface Vector {
  name: string;
  input: { operation: string; value?: string; baseURL?: string; path?: string; params?: Record<string, unknown> };
  expected: { value?: string | null; throws?: { name: string; message: string } };
}

/** Where we refuse what the Node SDK lets through. */
const STRICTER: Record<string, string> = {
  'path parameter ""': "an empty id would address the collection",
  "query: objects become [object Object]": "an object has no form in a query",
};

function run({ operation, value = "", baseURL = "", path = "", params = {} }: Vector["input"]): string {
  switch (operation) {
    case "encodePathParameter":
      return encodeId(value);
    case "resourceUrl":
      return requestUrl(baseURL, textPath(path, baseURL).value);
    case "queryString":
      return queryString(params);
    default:
      return authorizationQuery(params);
  }
}

describe("paths-and-queries vectors", () => {
  for (const { name, input, expected } of vectors as Vector[]) {
    it(name, () => {
      if (expected.throws || name in STRICTER) assertThrows(() => run(input), TypeError);
      else assertEquals(run(input), expected.value ?? "");
    });
  }
});

describe("path", () => {
  it("encodes ids and keeps the route", () => {
    const { value, route } = path`/organizations/${"org 1/2"}/groups/${"a:b"}`;

    assertEquals(value, "/organizations/org%201%2F2/groups/a:b");
    assertEquals(route, "/organizations/{}/groups/{}");
  });

  it("refuses what is not an id", () => {
    for (const id of ["", undefined, null, 7]) {
      const wanted = "Cannot build request path: an id is empty or not a string";
      assertThrows(() => path`/users/${id as string}`, TypeError, wanted);
    }
    for (const id of [".", ".."]) {
      assertThrows(
        () => path`/users/${id}`,
        TypeError,
        'Invalid path parameter: a path parameter must not be "." or ".."',
      );
    }
    assertThrows(() => path`/users/${"\ud800"}`, TypeError, "not valid Unicode");
  });
});

describe("requestUrl", () => {
  const BASE = "https://api.workos.com/prefix";

  it("keeps the path prefix of the base URL", () => {
    assertEquals(requestUrl(BASE, "/users", "limit=1"), "https://api.workos.com/prefix/users?limit=1");
  });

  it("never leaves the base URL", () => {
    assertEquals(requestUrl(BASE, "//evil.example/x"), BASE + "//evil.example/x");
    assertEquals(new URL(requestUrl(BASE, "https://evil.example/")).host, "api.workos.com");
    assertEquals(new URL(requestUrl(BASE, "@evil.example/")).host, "api.workos.com");
  });

  it("joins queries and keeps the fragment last", () => {
    assertEquals(requestUrl(BASE, "/x?a=1#f", "b=2"), BASE + "/x?a=1&b=2#f");
    assertEquals(requestUrl(BASE, "/x#f#g?", "b=2"), BASE + "/x?b=2#f#g?");
    assertEquals(requestUrl(BASE, "/x?a=1#f"), BASE + "/x?a=1#f");
  });
});

describe("textPath", () => {
  const BASE = "https://api.workos.com";

  it("refuses dot segments in every disguise", () => {
    const paths = ["/a/../b", "/a/%2E%2e", "/a\\..\\b", "/a/.\t./b", "/a/.\t\t./b", "/a/.\n.", "/a/%2e/b", "..\\x"];
    const blanks = Array.from({ length: 33 }, (_, code) => `/a/..${String.fromCharCode(code)}`);
    for (const it of [...paths, ...blanks, "/a/%2e. \x01 "]) {
      assertThrows(() => textPath(it, BASE), TypeError, "path segment");
    }
  });

  it("takes a path with the base URL before it, and no other origin", () => {
    assertEquals(textPath(`${BASE}/users?a=1`, BASE), { value: "/users?a=1", route: "/users" });
    assertEquals(textPath("users?a=1", BASE), { value: "/users?a=1", route: "/users" });
    for (const path of [`${BASE}.example/users`, "https://evil.example/", "//evil.example/", `${BASE}@evil.example/`]) {
      assertEquals(new URL(requestUrl(BASE, textPath(path, BASE).value)).host, "api.workos.com", path);
    }
    assertThrows(() => textPath(`${BASE}/a/../users`, BASE), TypeError, "path segment");
  });

  it("has a route without the query and the fragment, line breaks or not", () => {
    for (const rest of ["?token=a", "#a", "?a=1\n&token=a", "?", "#"]) {
      assertEquals(textPath(`/users${rest}`, BASE).route, "/users");
    }
  });
});

describe("authorizationQuery", () => {
  it("has names that differ in case alone in one order", () => {
    assertEquals(authorizationQuery({ b: 1, B: 2 }), "B=2&b=1");
    assertEquals(authorizationQuery({ B: 2, b: 1 }), "B=2&b=1");
  });

  it("leaves out what is undefined, also in an object", () => {
    assertEquals(authorizationQuery({ a: undefined, p: { b: undefined, c: null } }), "p%5Bc%5D=null");
  });

  it("refuses text that has no encoding", () => {
    assertThrows(() => authorizationQuery({ state: "\ud800" }), TypeError, "not valid Unicode");
  });

  it("refuses what would vanish or read as something else, and writes dates as ISO text", () => {
    const unfit = [new URL("https://a.example"), new Map(), new Date(NaN), () => 1, [{}], NaN, { list: [null] }];
    for (const value of [...unfit, { list: [{ getTime: () => 0 }] }]) {
      assertThrows(() => authorizationQuery({ redirect_uri: value }), Error, '"redirect_uri"');
    }
    assertEquals(authorizationQuery({ state: new Date(0) }), "state=1970-01-01T00%3A00%3A00.000Z");
    assertEquals(authorizationQuery({ p: { hd: ["a", "b"] } }), "p%5Bhd%5D=a%2Cb");
  });
});

describe("queryString", () => {
  it("writes dates as ISO text and keeps false and 0", () => {
    const query = { since: new Date(0), live: false, offset: 0, none: null, empty: "" };

    assertEquals(queryString(query), "since=1970-01-01T00%3A00%3A00.000Z&live=false&offset=0");
  });

  it("recognizes dates of another realm, such as those of Node in Jest", () => {
    const methods = Object.create(null, Object.getOwnPropertyDescriptors(Date.prototype));
    const [date, invalid] = [0, NaN].map((time) => Object.setPrototypeOf(new Date(time), methods));

    assertEquals(queryString({ since: date }), "since=1970-01-01T00%3A00%3A00.000Z");
    assertThrows(() => queryString({ since: invalid }), RangeError, '"since"');
  });

  it("writes the members of a list alike, and leaves out those that are absent", () => {
    const query = { at: [new Date(0), 1, true], states: ["a", undefined, null, "", "b"], none: [] };

    assertEquals(queryString(query), "at=1970-01-01T00%3A00%3A00.000Z%2C1%2Ctrue&states=a%2Cb&none=");
  });

  it("refuses what has no form in a query, also in a list", () => {
    for (const value of [{}, NaN, Infinity, new Date(NaN), () => 1, Symbol("s"), new URL("https://a.example"), [[]]]) {
      const error = typeof value === "number" || value instanceof Date ? RangeError : TypeError;
      assertThrows(() => queryString({ since: value }), error, '"since"');
      assertThrows(() => queryString({ since: ["a", value] }), error, '"since"');
    }
  });
});
