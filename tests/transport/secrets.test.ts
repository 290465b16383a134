import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  BadRequestException,
  GenericServerException,
  NetworkException,
  NotFoundException,
  OauthException,
  UnprocessableEntityException,
} from "../../src/errors.ts";
import { path } from "../../src/url.ts";
import { leaksOf } from "../secrets.ts";
import { status, transport } from "./fake_transport.ts";

describe("secrets in answers to Api.send", () => {
  it("keeps what the call sends in secret out of messages that quote it", async () => {
    const quoting = (...texts: string[]) => status(400, {}, JSON.stringify({ message: `No ${texts.join(" or ")}` }));
    const { api } = transport([quoting("tok_SECRET", "pass_SECRET", "ref_SECRET", "Ada")], { maxRetries: 0 });
    const call = { accessToken: "tok_SECRET", body: { password: "pass_SECRET", name: "Ada", code: 7 } };
    const form = { refresh_token: "ref_SECRET", code: "a" };

    const error = await assertRejects(() => api.send("POST", "/x", call), GenericServerException);
    const other = await assertRejects(() => api.send("POST", "/x", { form }), GenericServerException);

    assertEquals(error.message, "No [redacted] or [redacted] or ref_SECRET or Ada");
    assertEquals(other.message, "No tok_SECRET or pass_SECRET or [redacted] or Ada");
    assertFalse(error.stack?.includes("pass_SECRET"));
  });

  it("finds it in a form of the caller's own, and takes no id for it", async () => {
    const { api } = transport([status(404, {}, '{"message":"No ref_SECRET of user_1234567"}')]);
    const form = new URLSearchParams({ refresh_token: "ref_SECRET", user: "user_1234567" });

    const posted = await assertRejects(() => api.send("POST", "/x", { form }), NotFoundException);
    const got = await assertRejects(() => api.send("GET", path`/users/${"user_1234567"}`), NotFoundException);

    assertEquals(posted.message, "No [redacted] of user_1234567");
    assertEquals(got.message, "No ref_SECRET of user_1234567");
  });

  it("finds every value of a name that a form repeats", async () => {
    const { api } = transport([status(400, {}, '{"message":"No old_SECRET or new_SECRET"}')]);
    const form = new URLSearchParams([["token", "old_SECRET"], ["token", "new_SECRET"]]);

    const error = await assertRejects(() => api.send("POST", "/x", { form }), GenericServerException);

    assertEquals(error.message, "No [redacted] or [redacted]");
  });

  it("hides all of a secret that begins with another one", async () => {
    for (const body of [{ code: "1234567", password: "1234567-more" }, { password: "1234567-more", code: "1234567" }]) {
      const { api } = transport([status(400, {}, '{"message":"No 1234567-more or 1234567"}')]);

      const error = await assertRejects(() => api.send("POST", "/x", { body }), GenericServerException);

      assertEquals(error.message, "No [redacted] or [redacted]");
    }
  });

  it("finds it in the parts of a body too, and knows credentials and keys for one", async () => {
    const said = '{"message":"No sec_SECRET or key_SECRET or priv_SECRET or api_SECRET or of key flag_new"}';
    const { api } = transport([status(400, {}, said)], { maxRetries: 0 });
    const list = [{ clientSecret: "sec_SECRET" }];
    const config = { private_key: "priv_SECRET", apiKey: "api_SECRET" };
    const body = {
      at: new Date(0),
      none: null,
      password: null,
      list,
      credential: "key_SECRET",
      config,
      key: "flag_new",
    };

    const error = await assertRejects(() => api.send("POST", "/x", { body, query: { n: 1n } }), GenericServerException);

    assertEquals(error.message, "No [redacted] or [redacted] or [redacted] or [redacted] or of key flag_new");
  });

  it("knows every kind of secret by its name", async () => {
    for (const name of ["password", "refreshToken", "clientSecret", "codeVerifier", "code", "passwordHash", "value"]) {
      const { api } = transport([status(400, {}, '{"message":"No its_SECRET"}')]);
      const secret = { [name]: "its_SECRET" };

      for (const part of [{ body: secret }, { rawBody: secret }, { query: secret }, { form: secret }]) {
        const error = await assertRejects(() => api.send("POST", "/x", part), GenericServerException);
        assertEquals(error.message, "No [redacted]", name);
      }
    }
  });

  it("knows one in a path that was given as text, and in a path as it is before encoding", async () => {
    const { api } = transport([status(404, {}, '{"message":"No a/SECRET, a%2FSECRET, query_SECRET, user_SECRET"}')]);

    for (
      const [target, message] of [
        [path`/by_token/${"a/SECRET"}`, "No [redacted], [redacted], query_SECRET, user_SECRET"],
        ["/x?user=user_SECRET&token=query_SECRET", "No a/SECRET, a%2FSECRET, [redacted], user_SECRET"],
      ] as const
    ) {
      const error = await assertRejects(() => api.send("GET", target), NotFoundException);
      assertEquals(error.message, message);
    }
  });

  it("takes any path, also one that is badly encoded", async () => {
    const { api } = transport([status(404, {}, '{"message":"No %SECRET, no undefined"}')]);

    for (
      const [target, message] of [["/by_token/%SECRET", "No [redacted], no undefined"], [
        "/x",
        "No %SECRET, no undefined",
      ]]
    ) {
      const error = await assertRejects(() => api.send("GET", target), NotFoundException);
      assertEquals(error.message, message);
    }
  });

  it("takes six characters for a secret, not five, and no value but one of that name", async () => {
    const { api } = transport([status(400, {}, '{"message":"No 123456, 12345, 234567, 345678"}')], { maxRetries: 0 });
    const body = { code: "123456", clientSecret: "12345", value: "234567", valueType: "345678" };

    const error = await assertRejects(() => api.send("POST", "/x", { body }), GenericServerException);

    assertEquals(error.message, "No [redacted], 12345, [redacted], 345678");
  });

  it("keeps it out of everything that an exception shows, and leaves the body whole", async () => {
    const body = {
      error: "e",
      error_description: "No 1234567 here",
      code: "c",
      errors: [{ message: "1234567", n: 1234567 }],
    };
    const { api } = transport([status(400, {}, JSON.stringify(body)), status(422, {}, JSON.stringify(body))]);
    const form = { code: "1234567", password: "1234567890" };

    const oauth = await assertRejects(() => api.send("POST", "/x", { form }), OauthException);
    const refused = await assertRejects(() => api.send("POST", "/x", { form }), UnprocessableEntityException);

    for (const error of [oauth, refused]) {
      assertFalse(JSON.stringify(error).includes("1234567 "), JSON.stringify(error));
      assertEquals(error.rawData, body);
    }
    assertEquals([oauth.errorDescription, refused.errors], [
      "No [redacted] here",
      [{ message: "[redacted]", n: 1234567 }],
    ] as unknown[]);
    const token = await assertRejects(
      () =>
        transport([status(404, {}, '{"message":"No tok_SECRET"}')]).api.send("GET", path`/by_token/${"tok_SECRET"}`),
      NotFoundException,
    );
    assertEquals(token.message, "No [redacted]");
  });

  it("keeps it out of the code of an answer", async () => {
    const { api } = transport([status(400, {}, '{"code":"pass_SECRET","message":"No"}')]);

    const error = await assertRejects(
      () => api.send("POST", "/x", { body: { password: "pass_SECRET" } }),
      GenericServerException,
    );

    assertEquals([error.code, error.rawData.code], ["[redacted]", "pass_SECRET"]);
  });

  it("leaves the API's own words whole, whatever a user calls a password", async () => {
    const code = "password_strength_error";
    const errors = [{ code: "password_too_weak", field: "new_password", value: "password" }];
    const { api } = transport([
      ...[400, 422].map((it) => status(it, {}, JSON.stringify({ code, errors }))),
      status(400, {}, '{"error":"invalid_password","error_description":"password"}'),
    ]);
    const send = () => api.send("POST", "/x", { body: { password: "password" } });

    for (const name of ["BadRequestException", "UnprocessableEntityException"]) {
      const refused = await assertRejects(send) as BadRequestException;
      const shown = [{ ...errors[0], value: "[redacted]" }];
      assertEquals([refused.name, refused.code, refused.errors], [name, code, shown] as unknown[]);
    }
    const oauth = await assertRejects(send, OauthException);
    assertEquals([oauth.error, oauth.errorDescription], ["invalid_password", "[redacted]"]);
  });

  it("keeps it out of entries however deep they are, and out of their names", async () => {
    const errors = [{ params: { path: ["user", { value: "pass_SECRET" }] }, unknown: { pass_SECRET: true } }];
    const { api } = transport([status(422, {}, JSON.stringify({ errors }))]);

    const error = await assertRejects(
      () => api.send("POST", "/x", { body: { password: "pass_SECRET" } }),
      UnprocessableEntityException,
    );

    assertEquals(error.errors, [
      { params: { path: ["user", { value: "[redacted]" }] }, unknown: { "[redacted]": true } },
    ] as object[]);
  });

  it("hides the API key where an answer quotes it", async () => {
    const body = { message: "No such key: sk_test_1", errors: ["sk_test_1"] };
    const { api } = transport([status(400, {}, JSON.stringify(body))]);

    const error = await assertRejects(() => api.send("GET", "/x"), GenericServerException);

    assertEquals([error.message, error.rawData], ["No such key: [redacted]", {
      message: "No such key: [redacted]",
      errors: ["[redacted]"],
    }] as unknown[]);
  });

  it("hides the credentials of its Authorization header, whoever set it, and the API key beside them", async () => {
    const body = { code: "c", message: "No Bearer own_SECRET or sk_test_1", errors: ["own_SECRET"] };
    const answer = status(400, {}, JSON.stringify(body));
    const headers = { authorization: "Bearer own_SECRET" };
    const open = { apiKey: undefined, clientId: "client_1", config: { headers } };

    for (
      const [options, call, request] of [
        [open, { public: true }, {}],
        [{}, {}, { headers }],
        [{}, {}, { headers: { AUTHORIZATION: " Bearer own_SECRET " } }],
        [{}, { accessToken: "own_SECRET" }, {}],
      ] as const
    ) {
      const { api } = transport([answer, new TypeError(body.message)], { maxRetries: 0, ...options });
      const send = () => api.send("GET", "/x", call, request);
      const refused = await assertRejects(send, BadRequestException);
      const failed = await assertRejects(send, NetworkException);

      const shown = `No Bearer [redacted] or ${options === open ? "sk_test_1" : "[redacted]"}`;
      assertEquals([refused.message, (failed.cause as Error).message], [shown, shown]);
      assertEquals([refused, refused.rawData, failed].flatMap((it) => leaksOf(it, { own: "own_SECRET" })), []);
    }
  });

  it("takes no key of a test for one, such as test", async () => {
    const body = { message: "test@example.com is not the latest", code: "latest" };
    const { api } = transport([status(400, {}, JSON.stringify(body))], { apiKey: "test" });

    const error = await assertRejects(() => api.send("GET", "/x"), GenericServerException);

    assertEquals([error.message, error.code, error.rawData], [body.message, body.code, body] as unknown[]);
  });
});

describe("a network failure that quotes the URL", () => {
  const normal = "http://localhost:8080/a%20b/SECRET?token=SECRET";

  const failures: [string, (url: string) => Error][] = [
    ["in its message", (url) => new TypeError(`error sending request for url (${url})`)],
    ["as the runtime spells it", () => new TypeError(`error sending request for url (${normal})`)],
    ["in a cause of the cause", (url) => {
      const inner = new Error(`error sending request for url (${url}): ${normal}`);
      return new TypeError("fetch failed", { cause: new Error("connect", { cause: inner }) });
    }],
    ["as its path", (path) => Object.assign(new Error("Unable to connect"), { code: "ConnectionRefused", path })],
    ["as its normal path", () => Object.assign(new TypeError("Unable to connect"), { path: normal })],
  ];

  for (const [name, failure] of failures) {
    it(`${name} does not reach the caller with it`, async () => {
      const fetchFn = (url: string) => Promise.reject(failure(url));
      const { api } = transport([], { fetchFn, baseUrl: "http://LOCALHOST:8080", maxRetries: 0 });

      const error = await assertRejects(
        () => api.send("GET", "/a b/SECRET", { query: { token: "SECRET" } }),
        NetworkException,
      );

      for (let it: unknown = error; it instanceof Error; it = it.cause) {
        const { message, stack, path } = it as Error & { path?: string };
        // the path was given as text: what is in it is the caller's, the query is not
        assertFalse(`${message} ${stack} ${path}`.includes("token=SECRET"), message);
      }
      const { code } = failure("") as { code?: string };
      assertEquals((error.cause as { code?: string }).code, code);
    });
  }

  it("keeps its causes, those without the URL as they are", async () => {
    const inner = new Error("getaddrinfo ENOTFOUND");
    const quoting = (url: string) => new Error(`connect to ${url}`, { cause: inner });
    const fetchFn = (url: string) => Promise.reject(new TypeError("fetch failed", { cause: quoting(url) }));
    const { api } = transport([], { fetchFn, maxRetries: 0 });

    const error = await assertRejects(() => api.send("GET", "/x", { query: { token: "SECRET" } }), NetworkException);

    const outer = error.cause as Error;
    const middle = outer.cause as Error;
    assertEquals([outer.message, middle.message], ["fetch failed", "connect to https://api.workos.com/x"]);
    assertStrictEquals(middle.cause, inner);
  });

  it("is cleaned where the path reads like a pattern of replacements", async () => {
    const fetchFn = (url: string) => Promise.reject(new TypeError(`no route to ${url}`));
    const { api } = transport([], { fetchFn, maxRetries: 0 });

    const error = await assertRejects(
      () => api.send("GET", "/a$&", { query: { token: "SECRET" } }),
      NetworkException,
    );

    assertEquals((error.cause as Error).message, "no route to https://api.workos.com/a$&");
  });

  it("that is a bare text or an AggregateError does not reach the caller with it", async () => {
    const failures = [
      (url: string) => `no route to ${url}`,
      (url: string) => new AggregateError([new Error(`no route to ${url}`)], "all attempts failed"),
      (url: string) => new DOMException(`no route to ${url}`, "NetworkError"),
    ];
    for (const failure of failures) {
      const fetchFn = (url: string) => Promise.reject(failure(url));
      const { api } = transport([], { fetchFn, maxRetries: 0 });

      const error = await assertRejects(
        () => api.send("GET", "/x", { query: { token: "SECRET" } }),
        NetworkException,
      );

      assertEquals(leaksOf(error.cause, { token: "SECRET" }), []);
      assertMatch(String(error.cause), /no route to https:\/\/api.workos.com\/x$|all attempts failed$/);
    }
  });

  it("is cleaned of what was received, as Node's parser has it", async () => {
    const parser = Object.assign(new Error("no HTTP/1.1"), { code: "HPE_INVALID_CONSTANT", data: "access_SECRET" });
    const { api } = transport([new TypeError("fetch failed", { cause: parser })], { maxRetries: 0 });

    const error = await assertRejects(() => api.send("GET", "/x"), NetworkException);

    const outer = error.cause as Error;
    const { message, code } = outer.cause as Error & { code: string };
    assertEquals([outer.message, message, code], ["fetch failed", "no HTTP/1.1", "HPE_INVALID_CONSTANT"]);
    assertEquals(leaksOf(error, { answer: "access_SECRET" }), []);
  });

  it("may be its own cause", async () => {
    const fetchFn = (url: string) => {
      const failure: Error = new TypeError(`fetch of ${url} failed`);
      failure.cause = failure;
      return Promise.reject(failure);
    };
    const { api } = transport([], { fetchFn, maxRetries: 0 });

    const error = await assertRejects(() => api.send("GET", "/x", { query: { token: "SECRET" } }), NetworkException);

    let depth = 0;
    for (let it: unknown = error.cause; it instanceof Error; it = it.cause, depth++) {
      assertEquals(it.message, "fetch of https://api.workos.com/x failed");
    }
    assert(depth > 0 && depth < 20, String(depth));
  });
});

describe("a failure of a library", () => {
  /** What the caller sees of a failure of `fetchFn`. */
  async function causeOf(failure: unknown): Promise<unknown> {
    const { api } = transport([], { fetchFn: () => Promise.reject(failure), maxRetries: 0 });
    return (await assertRejects(() => api.send("GET", "/x"), NetworkException)).cause;
  }

  it("is replaced when it has the request among its members", async () => {
    const headers = new Headers({ Authorization: "Bearer sk_test_1" });
    const baggage: object[] = [
      { config: { headers: { Authorization: "Bearer sk_test_1" } } }, // axios
      { options: { headers }, input: new URL("https://api.workos.com/x") }, // got
      { request: new Request("https://api.workos.com/x", { headers }) }, // ky
      { request: () => headers },
    ];
    for (const members of baggage) {
      for (const enumerable of [true, false]) {
        const failure = Object.assign(new Error("socket hang up"), { name: "LibraryError", code: "ECONNRESET" });
        for (const [name, value] of Object.entries(members)) {
          Object.defineProperty(failure, name, { value, enumerable });
        }

        const cause = await causeOf(failure);

        assertInstanceOf(cause, Error);
        const { name, message, code } = cause as Error & { code?: string };
        assertEquals([name, message, code], ["LibraryError", "socket hang up", "ECONNRESET"]);
        for (const member of Object.keys(members)) assertFalse(member in cause, member);
      }
    }
  });

  it("is replaced where it is a cause, and keeps its own", async () => {
    const innermost = new Error("connect ECONNREFUSED");
    const inner = Object.assign(new Error("refused", { cause: innermost }), { config: { headers: {} } });

    const cause = await causeOf(new TypeError("fetch failed", { cause: inner }));

    const { message, cause: replaced } = cause as Error;
    assertEquals([message, (replaced as Error).message], ["fetch failed", "refused"]);
    assertFalse("config" in (replaced as Error));
    assertStrictEquals((replaced as Error).cause, innermost);
  });

  it("is left out when it is an object but no error", async () => {
    const headers = { Authorization: "Bearer sk_test_1" };

    for (const failure of [{ headers }, headers, new Response("x"), () => headers]) {
      assertEquals(await causeOf(failure), undefined);
    }
    assertEquals(await causeOf(7), 7);
  });

  it("does not show the API key that it quotes", async () => {
    const command = "curl -H 'Authorization: Bearer sk_test_1'";
    for (const failure of [command, new Error(command), Object.assign(new Error("x"), { cmd: command })]) {
      const cause = await causeOf(failure);

      assertEquals(leaksOf(cause, { key: "sk_test_1" }), []);
      assertMatch(String(cause), /curl|x/);
    }
  });

  it("is kept when it has only facts of the connection", async () => {
    const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED", errno: -111, address: "192.0.2.1" });
    const failures = [
      new TypeError("fetch failed", { cause: refused }),
      new TypeError("fetch failed", { cause: new AggregateError([refused, refused]) }),
      new DOMException("connect ECONNREFUSED", "NetworkError"),
    ];
    for (const failure of failures) assertStrictEquals(await causeOf(failure), failure);
  });
});
