import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { route, Router } from "../../src/emulator/router.ts";

const handle = () => undefined;

describe("Router", () => {
  const router = new Router([
    route("GET /users/:id", handle),
    route("GET /users/external_id/:externalId", handle),
    route("GET /users/:id/:part", handle),
    route("POST /users", handle),
  ]);

  it("finds a route by method and path, and decodes what varies", () => {
    assertEquals(router.match("POST", "/users")?.route.path, "/users");
    assertEquals(router.match("GET", "/users/a%2Fb%20c")?.params, { id: "a/b c" });
    assertEquals(router.match("GET", "/users/__proto__")?.params, { id: "__proto__" });
  });

  it("prefers what is literal", () => {
    assertEquals(router.match("GET", "/users/external_id/7")?.params, { externalId: "7" });
    assertEquals(router.match("GET", "/users/7/sessions")?.params, { id: "7", part: "sessions" });
  });

  it("prefers what is literal whatever other routes there are, and in any order", () => {
    const routes = ["GET /kv/:id/metadata", "GET /kv", "GET /kv/name/:name", "GET /kv/:id/:part/:more"] as const;
    for (const [index] of routes.entries()) {
      const turned = [...routes.slice(index), ...routes.slice(0, index)];
      for (const lines of [turned, turned.toReversed()]) {
        const router = new Router(lines.map((line) => route(line, handle)));

        assertEquals(router.match("GET", "/kv/name/metadata")?.params, { name: "metadata" });
      }
    }
  });

  it("finds nothing for other methods, longer paths, empty and broken parts", () => {
    assertEquals(router.match("PUT", "/users"), undefined);
    assertEquals(router.match("GET", "/users/1/2/3"), undefined);
    assertEquals(router.match("GET", "/users/"), undefined);
    assertEquals(router.match("GET", "/users/%zz"), undefined);
  });

  it("refuses two routes that are the same", () => {
    assertThrows(() => new Router([route("GET /a/:b", handle), route("GET /a/:c", handle)]), TypeError, "/a/:c");
  });
});
