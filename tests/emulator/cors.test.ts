import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertMatch } from "@std/assert";
import { addCors, preflight } from "../../src/emulator/cors.ts";
import { ORIGIN, start } from "./drive.ts";

// Plain headers stand in for requests: browsers let nobody set an origin.
const from = (origin: string, more = {}) => ({ headers: new Headers({ Origin: origin, ...more }) });
const APP = "https://app.example.com";

describe("preflight()", () => {
  it("allows every page, and what it asks for", () => {
    const response = preflight(from(APP, { "Access-Control-Request-Headers": "authorization" }), true);

    assertEquals([response?.status, response?.headers.get("Access-Control-Allow-Origin")], [204, APP]);
    assertEquals(response?.headers.get("Access-Control-Allow-Headers"), "authorization");
    assertMatch(response?.headers.get("Access-Control-Allow-Methods") ?? "", /PATCH/);
  });

  it("allows the cookies of a page that sends them along", () => {
    const response = preflight(from(APP), [APP]);

    assertEquals(response?.headers.get("Access-Control-Allow-Credentials"), "true");
  });

  it("is no answer to pages that may not call, or to no page at all", () => {
    assertEquals(preflight(from(APP), false), undefined);
    assertEquals(preflight(from(APP), ["https://other.example.com"]), undefined);
    assertEquals(preflight({ headers: new Headers() }, true), undefined);
  });

  it("is not taken for a preflight without an origin", async () => {
    const { emulator } = await start();

    const response = await emulator.fetch(`${ORIGIN}/organizations`, { method: "OPTIONS" });

    assertEquals([response.status, (await response.json()).code], [501, "not_emulated"]);
  });
});

describe("addCors()", () => {
  it("lets the page read the answer and the headers it needs", async () => {
    const response = addCors(new Response("text", { status: 429, headers: { "Retry-After": "1" } }), from(APP), [APP]);

    assertEquals([response.status, await response.text(), response.headers.get("Retry-After")], [429, "text", "1"]);
    assertEquals(response.headers.get("Access-Control-Allow-Origin"), APP);
    assertMatch(response.headers.get("Access-Control-Expose-Headers") ?? "", /X-Request-ID/);
    assertEquals(response.headers.get("Access-Control-Allow-Credentials"), "true");
    assertEquals(response.headers.get("Vary"), "Origin");
  });

  it("changes nothing for others", () => {
    const response = new Response("text");

    assertEquals(addCors(response, from(APP), false), response);
  });
});
