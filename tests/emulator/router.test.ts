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
