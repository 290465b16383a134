import { assert, assertEquals, assertFalse, assertInstanceOf, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  GenericServerException,
  NetworkException,
  NotFoundException,
  ParseError,
  RedirectException,
  WorkOSException,
} from "../../src/errors.ts";
import { path, textPath } from "../../src/url.ts";
import { responseOf } from "../../src/api.ts";
import { absentAsNull } from "../../src/entity.ts";
import { leaksOf } from "../secrets.ts";
import { ok, partial, status, transport } from "./fake_transport.ts";

describe("answers to Api.send", () => {
  it("has a result for an empty answer where the call names one", async () => {
    const { api } = transport([new Response(null, { status: 204 }), new Response("", { status: 500 })], {
      maxRetries: 0,
    });
    const empty = { id: "none" };

    assertEquals(await api.send("GET", "/x", { empty }), empty);
    await assertRejects(() => api.send("GET", "/x", { empty }), GenericServerException);
    const { api: other } = transport([new Response("{")]);
    await assertRejects(() => other.send("GET", "/x", { empty }), ParseError);
  });

  it("names a path without the tokens in it", async () => {
    const { api } = transport([status(404)]);

    const byToken = await assertRejects(() => api.send("GET", path`/invitations/by_token/${"secret"}`), Error);
    const byId = await assertRejects(() => api.send("GET", path`/users/${"user_1"}`), Error);

    assertFalse(byToken.message.includes("secret"));
    assert(byId.message.includes("/users/user_1"));
  });

  it("names a path without its query", async () => {
    const { api } = transport([status(404)]);

    for (const query of ["?token=SECRET", "?a=1\n&token=SECRET", "#SECRET"]) {
      const error = await assertRejects(() => api.send("GET", textPath(`/users${query}`, "")), NotFoundException);
      assertEquals(error.message, "The requested path '/users' could not be found.");
    }
  });

  it("has an empty request id where the answer has none", async () => {
    const { api } = transport([status(404), status(302), ok("no"), ok()], { maxRetries: 0 });

    for (let calls = 0; calls < 3; calls++) {
      const error = await assertRejects(() => api.send("GET", "/x"), WorkOSException);
      assertEquals(error.requestID, "");
    }
    assertEquals(responseOf(await api.send("GET", "/x"))?.requestID, "");
  });

  it("never follows a redirect", async () => {
    const { api, sent } = transport([
      status(302, { Location: "https://evil.example/?t=secret", "X-Request-ID": "req_1" }),
    ]);

    const error = await assertRejects(() => api.send("POST", "/x", { body: { a: 1 } }), RedirectException);

    assertEquals([error.status, error.requestID], [302, "req_1"]);
    assertEquals(error.message, "Cannot complete the request: redirects are never followed");
    assertEquals(error.location, "https://evil.example/?t=secret");
    assertFalse(JSON.stringify(error).includes("evil"));
    assertEquals(sent.length, 1);
    await assertRejects(() => transport([status(300)]).api.send("GET", "/x"), RedirectException);
  });

  it("turns a redirect that the runtime hides into the same exception", async () => {
    const members = { type: { value: "opaqueredirect" }, status: { value: 0 }, ok: { value: false } }; // Fetch standard
    const opaque = Object.defineProperties(new Response(null), members);
    opaque.clone = () => opaque;
    const { api } = transport([opaque]);

    await assertRejects(() => api.send("GET", "/x"), RedirectException);
  });

  it("takes a success for one, whatever becomes of a body that nobody wants", async () => {
    const broken = () => Promise.resolve(partial((it) => it.error(new TypeError("cut"))));
    const double = () => Promise.resolve({ ok: true, status: 204, headers: new Headers() } as Response);
    const { api, sent } = transport([broken, double, broken], { maxRetries: 0 });

    for (const _ of [1, 2]) await api.send("DELETE", "/x", { noContent: true });
    await assertRejects(() => api.send("GET", "/x"), NetworkException);

    assertEquals(sent.length, 3);
  });

  it("takes a list for an object no more than an object for a list", async () => {
    const { api } = transport([ok([])]);
    const read = (wire: unknown) => wire;

    assertEquals(await api.send("GET", "/x", { bare: true, read }), []);
    await assertRejects(() => api.send("GET", "/x"), ParseError, "not a JSON object");
    await assertRejects(() => transport([ok()]).api.send("GET", "/x", { bare: true, read }), ParseError);
  });

  it("tells a success whose body breaks from a refusal whose body breaks", async () => {
    const breaks = (init: ResponseInit) => () => Promise.resolve(partial((it) => it.error(new TypeError("cut")), init));
    const { api } = transport([200, 404].map((it) => breaks({ status: it, headers: { "X-Request-ID": `req_${it}` } })));
    const once = { maxRetries: 0 };

    const success = await assertRejects(() => api.send("GET", "/x", {}, once), NetworkException);
    const refusal = await assertRejects(() => api.send("GET", "/x", {}, once), NotFoundException);

    assertEquals([success.cause instanceof TypeError, success.requestID], [true, "req_200"]);
    assertEquals(refusal.requestID, "req_404");
  });

  it("keeps status, request id and attempts of a page that is not JSON", async () => {
    const { api } = transport([status(502, { "X-Request-ID": "req_1" }, "<html>")], { maxRetries: 2 });

    const error = await assertRejects(() => api.send("GET", "/x"), GenericServerException);

    assertEquals([error.status, error.requestID, error.attempts], [502, "req_1", 3]);
  });

  it("gives a success that cannot be read as ParseError", async () => {
    for (const body of ["", "<html>", "null", '"text"', "[1"]) {
      const { api } = transport([new Response(body, { headers: { "X-Request-ID": "req_1" } })]);

      const error = await assertRejects(() => api.send("GET", "/x"), ParseError);

      assertEquals([error.rawBody, error.rawStatus, error.requestID], [body, 200, "req_1"]);
      assertFalse(error.message.includes("html"));
    }
  });

  it("gives an answer of unexpected form as ParseError with the cause", async () => {
    const { api } = transport([ok({})]);
    const read = (wire: Record<string, unknown>) => (wire.user as { id: string }).id;

    const error = await assertRejects(() => api.send("GET", "/x", { read }), ParseError);

    assertInstanceOf(error.cause, TypeError);
    assert(error.message.includes("malformed"));
    const quoting = transport([ok({ user: "access_SECRET" })]).api.send("GET", "/x", {
      read: (wire) => absentAsNull(wire.user as Record<string, unknown>, "name"),
    });
    const quoted = await assertRejects(() => quoting, ParseError);
    assertInstanceOf(quoted.cause, TypeError);
    assertEquals(leaksOf(quoted, { answer: "SECRET" }), []);
  });

  it("takes text that does not claim to be JSON for no answer where names cross as they are", async () => {
    const bytes = new TextEncoder().encode("plain");
    const { api } = transport([
      new Response(bytes),
      new Response("plain"),
      status(200, { "Content-Type": "a/json" }, "{"),
    ]);
    const read = (wire: unknown) => wire;

    assertEquals(await api.send("GET", "/x", { raw: true, read }), null);
    assertEquals(await api.send("GET", "/x", { raw: true, read }), null);
    await assertRejects(() => api.send("GET", "/x", { raw: true, read }), ParseError);
  });

  it("ignores the body of what has no result", async () => {
    const { api } = transport([new Response(null, { status: 204 }), new Response("not json", { status: 202 })]);

    assertEquals(await api.send("DELETE", "/x", { noContent: true }), undefined);
    assertEquals(await api.send("DELETE", "/x", { noContent: true }), undefined);
  });
});
