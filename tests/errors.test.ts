import { assert, assertEquals, assertFalse, assertInstanceOf, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { resolveConfig } from "../src/config.ts";
import {
  ApiKeyRequiredException,
  AuthenticationException,
  BadRequestException,
  ConflictException,
  GenericServerException,
  isAuthenticationErrorData,
  NetworkException,
  NoApiKeyProvidedException,
  NotFoundException,
  OauthException,
  ParseError,
  RateLimitExceededException,
  SignatureVerificationException,
  TimeoutException,
  toException,
  UnauthorizedException,
  UnprocessableEntityException,
  WorkOSException,
} from "../src/errors.ts";
import { Api } from "../src/api.ts";
import * as all from "../mod.ts";
import vectors from "./vectors/http-errors.json" with { type: "json" };

interface Vector {
  name: string;
  input: { status: number; headers: Record<string, string>; body: unknown; path: string };
  expected: { name: string; message: string; properties: Record<string, unknown> };
}

interface Difference {
  why: string;
  name?: string;
  message?: string;
  properties?: Record<string, unknown>;
}

const generic = { name: "GenericServerException", message: "The request could not be completed." };
const notJson = { ...generic, properties: { status: 500, requestID: "req_1", rawData: {} } };
const bodyKept = (body: object, retryAfter: number | null) => ({
  why: "the body is kept, and Retry-After is read in both forms",
  properties: { status: 429, requestID: "req_1", rawData: body, retryAfter },
});

/** Cases where we differ from the Node SDK on purpose, and what we give instead. */
const DIFFERENT: Record<string, Difference> = {
  "401": { why: "the server's message is kept", message: "Unauthorized" },
  "401 with an OAuth body is still UnauthorizedException": { why: "the server's text is kept", message: "x" },
  "422 with one error": { why: "the server's message is kept, the entries are in `errors`", message: "Bad" },
  "429 with Retry-After": bodyKept({ message: "Too many" }, 30),
  "429 with HTTP-date": bodyKept({ message: "x" }, 40),
  "500 with code and errors is still BadRequestException": {
    why: "the real status is kept",
    properties: { status: 500, code: "c", requestID: "req_1", errors: ["e"] },
  },
  "error body is JSON null": { why: "typed, not a TypeError", ...notJson, properties: { status: 500, rawData: null } },
  "error body is not JSON": { why: "status and request id are kept", ...notJson },
  "error body is empty": { why: "status and request id are kept", ...notJson },
};

const NOW = Date.parse("2026-09-21T14:13:20Z");

function transportThatAnswers(response: () => Response): Api {
  const config = resolveConfig(
    { apiKey: "sk_test", maxRetries: 0, fetchFn: () => Promise.resolve(response()) },
    () => undefined,
  );
  return new Api(config, { now: () => NOW, elapsed: () => NOW, random: () => 0.5, wait: () => Promise.resolve() });
}

async function failure(transport: Api, path: string): Promise<WorkOSException & Record<string, unknown>> {
  return await assertRejects(() => transport.send("GET", path), WorkOSException) as never;
}

describe("http-errors vectors", () => {
  for (const { name, input, expected } of vectors as unknown as Vector[]) {
    it(name, async () => {
      const { status, headers, body, path } = input;
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const wanted = { ...expected, ...DIFFERENT[name] };

      const exception = await failure(transportThatAnswers(() => new Response(text, { status, headers })), path);

      assertEquals(exception.name, wanted.name);
      assertEquals(exception.message, wanted.message);
      for (const [key, value] of Object.entries(wanted.properties)) assertEquals(exception[key], value, key);
    });
  }

  it("differ only where a case is listed", () => {
    const names = vectors.map(({ name }) => name);

    for (const name of Object.keys(DIFFERENT)) assert(names.includes(name), name);
  });
});

describe("toException", () => {
  const answer = { requestID: "req_1", path: "/x", retryAfter: null, attempts: 2, waited: 500 };

  it("keeps the body of every class, with its own names", () => {
    for (const status of [400, 401, 403, 404, 409, 422, 429, 500, 502]) {
      const body = { message: "m", organizations: [{ first_name: 1 }] };

      const exception = toException({ status, body, ...answer });

      assertEquals(exception.rawData, body);
      assertEquals([exception.attempts, exception.waited], [2, 500]);
      assertEquals(exception.message, "m");
      assertEquals([JSON.parse(JSON.stringify(exception)).message, { ...exception }.message], ["m", "m"]);
    }
  });

  it("keeps what is known of the call, whatever the body says", () => {
    for (const body of [{ error: "invalid_grant" }, { code: "c", errors: [] }, { code: "sso_required" }]) {
      const { rawData, status, requestID, attempts, waited } = toException({ status: 400, body, ...answer });

      assertEquals({ rawData, status, requestID, attempts, waited }, {
        ...{ rawData: body, status: 400, requestID: "req_1" },
        ...{ attempts: 2, waited: 500 },
      });
    }
  });

  it("keeps the code of a 401 and a 429 and the entries of a 422", () => {
    const unauthorized = toException({ status: 401, body: { code: "token_expired" }, ...answer });
    const limited = toException({ status: 429, body: { code: "rate_limit_exceeded" }, ...answer });
    const errors = [{ field: "email", message: "is taken" }, "free text", { code: "c" }];
    const invalid = toException({ status: 422, body: { errors }, ...answer });

    assertEquals(unauthorized.code, "token_expired");
    assertEquals(limited.code, "rate_limit_exceeded");
    assertInstanceOf(invalid, UnprocessableEntityException);
    assertEquals(invalid.errors, errors);
    assertEquals(invalid.message, "The following requirements must be met:\n\tis taken\n\tfree text\n\tc\n");
  });

  it("tells the step of a sign-in as `error` too, where AuthKit packages look for it", () => {
    for (const body of [{ error: "sso_required" }, { code: "mfa_enrollment" }]) {
      const exception = toException({ status: 403, body, ...answer }) as AuthenticationException;

      assertEquals(exception.error, exception.code);
      assertFalse("error" in JSON.parse(JSON.stringify(exception)));
    }
  });

  it("keeps what is known of a call whose sign-in has to go on, and shows no secret", () => {
    for (const name of ["message", "error_description"]) {
      const body = { error: "mfa_challenge", [name]: "no: sk_123" };

      const exception = toException({ status: 403, body, secrets: ["sk_123"], ...answer });

      assertInstanceOf(exception, AuthenticationException);
      assertEquals([exception.message, exception.code], ["no: [redacted]", "mfa_challenge"]);
      assertEquals([exception.attempts, exception.waited, exception.rawData], [2, 500, body]);
    }
  });

  it("says of each entry of a 422 what the API says of it", () => {
    const lines = (errors: unknown[]) => toException({ status: 422, body: { errors }, ...answer }).message.split("\n");

    assertEquals(lines([{ code: 5 }]), ["The following requirement must be met:", "\t5", ""]);
    assertEquals(lines([{ field: "email" }]), ["The following requirement must be met:", "\temail", ""]);
    assertEquals(lines([{}, null]), ["The following requirements must be met:", "\tunknown", "\tunknown", ""]);
    assertEquals(lines([{ code: { toString: 1 }, message: "m" }]), [
      "The following requirement must be met:",
      "\tm",
      "",
    ]);
  });

  it("takes the next text for one that is empty", () => {
    const body = { error: "mfa_challenge", message: "", error_description: "why" };

    for (const status of [401, 403]) assertEquals(toException({ status, body, ...answer }).message, "why");
  });

  it("says every text of a message that is a list, and shows no secret", () => {
    const body = { message: ["name is required", "sk_123 is no id", "", 7] };

    for (const status of [400, 401, 403, 404, 409, 422, 429, 500]) {
      const { message } = toException({ status, body, secrets: ["sk_123"], ...answer });
      assertEquals(message, "name is required, [redacted] is no id");
    }
  });

  it("stays typed for bodies of any shape", () => {
    let deep: unknown = {};
    for (let depth = 0; depth < 100_000; depth++) deep = depth % 2 ? [deep] : { deep };
    const bodies = [
      undefined,
      null,
      1,
      "x",
      [],
      [1],
      { message: 7, code: {}, error: [], errors: "x", none: null },
      { message: [[{}], [deep]] },
      deep,
    ];
    for (const body of bodies) {
      for (const status of [400, 401, 404, 409, 418, 422, 429, 500]) {
        for (const secrets of [[], ["sk_123"]]) {
          const exception = toException({ status, body, secrets, ...answer });

          assertInstanceOf(exception, WorkOSException);
          assertEquals(exception.status, status);
          assertEquals(typeof exception.message, "string");
          assertEquals(exception.code, undefined);
        }
      }
    }
  });
});

describe("WorkOSException", () => {
  it("is the base of every exception", () => {
    const all = [
      new NotFoundException({ path: "/x", requestID: "" }),
      new SignatureVerificationException(),
      new NetworkException(new TypeError("x")),
      new RateLimitExceededException("m", "", 1),
    ];

    for (const exception of all) {
      assertInstanceOf(exception, WorkOSException);
      assertInstanceOf(exception, Error);
    }
    assertInstanceOf(all[3], GenericServerException);
    assertFalse(all[3] instanceof NotFoundException);
  });

  it("has the name of its class, also where classes have lost theirs", () => {
    const classes = Object.entries(all).filter(([, it]) => typeof it === "function" && "exception" in it);

    assert(classes.length > 20);
    for (const [name, it] of classes) assertEquals((it as typeof WorkOSException).exception, name);
  });

  it("lets the compiler tell the classes of a union by their names", () => {
    const describeFailure = (error: NotFoundException | RateLimitExceededException | OauthException): unknown => {
      switch (error.name) {
        case "NotFoundException":
          return error.status;
        case "RateLimitExceededException":
          return error.retryAfter;
        case "OauthException":
          return error.errorDescription;
        default:
          return error satisfies never;
      }
    };

    assertEquals(describeFailure(new RateLimitExceededException("x", "req_1", 3)), 3);
    assertEquals(describeFailure(new OauthException(400, "req_1", "e", "why", {})), "why");
  });

  it("recognises the same class from another copy of the package", () => {
    class ForeignBase extends Error {
      static readonly exception: string = "WorkOSException";
    }
    class ForeignServer extends ForeignBase {
      static override readonly exception: string = "GenericServerException";
    }
    class ForeignLimit extends ForeignServer {
      static override readonly exception: string = "RateLimitExceededException";
    }
    const foreign: Error = new ForeignLimit();

    assert(foreign instanceof RateLimitExceededException);
    assert(foreign instanceof GenericServerException);
    assert(foreign instanceof WorkOSException);
    assertFalse(foreign as Error instanceof NotFoundException);
  });

  it("lets a subclass of one's own be narrower than its base", () => {
    class Mine extends NotFoundException {}

    assertFalse(new NotFoundException({ path: "/x", requestID: "" }) instanceof Mine);
    assert(new Mine({ path: "/x", requestID: "" }) instanceof Mine);
    assert(new Mine({ path: "/x", requestID: "" }) instanceof NotFoundException);
  });

  it("recognises nothing else", () => {
    for (const value of [null, undefined, "x", {}, new Error("x"), { exception: "WorkOSException" }]) {
      assertFalse(value as unknown instanceof WorkOSException);
    }
  });

  it("keeps secrets of the answer out of JSON", () => {
    const rawData = { code: "mfa_challenge", pending_authentication_token: "pat_secret" };
    const exception = new AuthenticationException(403, rawData, "req_1");
    const parse = new ParseError({ message: "m", rawBody: "body_secret", rawStatus: 200, requestID: "" });

    assertEquals(exception.pendingAuthenticationToken, "pat_secret");
    assertEquals(parse.rawBody, "body_secret");
    assertFalse(JSON.stringify([exception, parse]).includes("secret"));
  });

  it("speaks of no request unless it is told of one", () => {
    const { requestID, attempts, waited, rawData, ...shown } = new WorkOSException("m");

    assertEquals([requestID, attempts, waited, rawData], ["", 0, 0, undefined]);
    assertEquals(shown, { message: "m", name: "WorkOSException" } as typeof shown);
  });

  it("is made of as little as the Node SDK needs, with words and a status of its own", () => {
    const mfa = { code: "mfa_challenge" };
    const made: [WorkOSException, number | undefined, string][] = [
      [new BadRequestException({ requestID: "" }), 400, "Bad request"],
      [new UnauthorizedException(""), 401, "Could not authorize the request. Maybe your API key is invalid?"],
      [new NotFoundException({ path: "/x", requestID: "" }), 404, "The requested path '/x' could not be found."],
      [new ConflictException({ requestID: "" }), 409, "A conflict has occurred on the server."],
      [new UnprocessableEntityException({ requestID: "" }), 422, "Unprocessable entity"],
      [new RateLimitExceededException("m", "", 1), 429, "m"],
      [new OauthException(400, "", "e", "d", {}), 400, "Error: e\nError Description: d"],
      [new AuthenticationException(403, { ...mfa, message: "m" }, ""), 403, "m"],
      [new AuthenticationException(403, { ...mfa, error_description: "d" }, ""), 403, "d"],
      [new SignatureVerificationException(), undefined, "Signature verification failed."],
      [new SignatureVerificationException("m"), undefined, "m"],
      [new TimeoutException(5), 408, "Cannot complete the request: no complete response within 5 ms"],
      [new NetworkException(undefined), undefined, "Cannot reach the API: the connection failed"],
      [new ParseError({ message: "m", rawBody: "", rawStatus: 200, requestID: "" }), 500, "m"],
    ];
    for (const [{ status, message, requestID, attempts }, ...wanted] of made) {
      assertEquals([status, message, requestID, attempts], [...wanted, "", 0]);
    }
  });

  it("names a path of which no method is known", () => {
    const { path, method, status, message } = new ApiKeyRequiredException("/x");

    assert(message.startsWith('API key required for "/x"'));
    assertEquals([path, method, status], ["/x", undefined, 403]);
  });

  it("keeps the constructor forms of the Node SDK", () => {
    const generic = new GenericServerException(503, undefined, { code: "c" }, "req_2");
    const oauth = new OauthException(400, "req_4", "e", "d", { error: "e" });

    assertEquals(new UnauthorizedException("req_1").requestID, "req_1");
    assertEquals([generic.code, generic.requestID], ["c", "req_2"]);
    assertEquals([oauth.requestID, oauth.rawData], ["req_4", { error: "e" }]);
    assertEquals(new NoApiKeyProvidedException().status, 500);
    assertEquals(new ConflictException({ error: "dup", requestID: "req_3" }).message, "Error: dup");
    assertFalse("code" in new NotFoundException({ path: "/x", requestID: "" }));
  });
});

describe("isAuthenticationErrorData", () => {
  it("looks at code, then error", () => {
    assert(isAuthenticationErrorData({ code: "mfa_challenge" }));
    assert(isAuthenticationErrorData({ error: "sso_required" }));
    assertFalse(isAuthenticationErrorData({ code: "entity_not_found" }));
    assertFalse(isAuthenticationErrorData(null));
  });
});
