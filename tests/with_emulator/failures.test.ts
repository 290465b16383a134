// What goes wrong between the library and the emulator: retries, and an exception for every failure.
import { beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import {
  ApiKeyRequiredException,
  AuthenticationException,
  BadRequestException,
  ConflictException,
  createWorkOS,
  GenericServerException,
  NetworkException,
  NotFoundException,
  OauthException,
  ParseError,
  RateLimitExceededException,
  RedirectException,
  responseOf,
  TimeoutException,
  UnauthorizedException,
  UnprocessableEntityException,
  type WorkOS,
} from "../../mod.ts";
import { connect, emulator, restart } from "./client.ts";
import { withoutWaiting } from "../without_waiting.ts";

const sent = (method: string, path: string) =>
  emulator.requests.filter((request) => request.method === method && request.path === path);

describe("the library and an unreliable emulator", () => {
  let workos: WorkOS;

  beforeEach(() => {
    workos = restart();
  });

  describe("retries", () => {
    const create = () => workos.organizations.createOrganization({ name: "Initech" });
    const count = async () => (await workos.organizations.listOrganizations({ search: "Initech" })).data.length;

    it("create one organization although the first answer is lost", async () => {
      emulator.failNext({ kind: "lost" });

      const organization = await withoutWaiting(create);

      assertEquals([organization.name, await count()], ["Initech", 1]);
      assertEquals(responseOf(organization)?.attempts, 2);
      const requests = sent("POST", "/organizations");
      const [first, second] = requests.map(({ headers }) => headers["idempotency-key"]);
      assertEquals([first === second, first?.length > 0], [true, true]);
      assertEquals(requests.map(({ replayed }) => replayed), [false, true]);
    });

    it("create one organization although answers break off and the network fails", async () => {
      emulator.failNext({ kind: "reset-body" });
      emulator.failNext({ kind: "network" });
      emulator.failNext({ kind: "lost" });

      const organization = await withoutWaiting(create);

      assertEquals([await count(), responseOf(organization)?.attempts], [1, 4]);
    });

    it("create another organization with every call", async () => {
      const ids = [(await create()).id, (await create()).id];

      assertEquals([ids[0] === ids[1], await count()], [false, 2]);
    });

    it("by hand with one's own key do nothing twice", async () => {
      const idempotencyKey = "import-17";
      const options = { name: "Initech" };
      emulator.failNext({ kind: "lost" });

      const lost = await assertRejects(
        () => workos.organizations.createOrganization(options, { idempotencyKey, maxRetries: 0 }),
        NetworkException,
      );
      const found = await workos.organizations.createOrganization(options, { idempotencyKey });
      const again = await workos.organizations.createOrganization({ name: "Other" }, { idempotencyKey });

      assertEquals([lost.attempts, await count(), again], [1, 1, found]);
    });

    it("refresh a session once although the answer is lost", async () => {
      const { userManagement } = workos;
      const code = emulator.authorizationCode({ user: "user_bob" });
      const { refreshToken } = await userManagement.authenticateWithCode({ code });
      emulator.failNext({ kind: "lost" });

      const session = await withoutWaiting(() => userManagement.authenticateWithRefreshToken({ refreshToken }));

      const next = await userManagement.authenticateWithRefreshToken({ refreshToken: session.refreshToken });
      assertEquals(next.user.id, "user_bob");
    });

    it("wait as long as the API asks for", async () => {
      emulator.failNext({ status: 503, headers: { "Retry-After": "0" }, times: 2 });

      const organization = await workos.organizations.getOrganization("org_1");

      assertEquals([organization.name, responseOf(organization)?.attempts], ["Acme", 3]);
    });

    it("end with the last failure", async () => {
      emulator.failNext({ status: 502, headers: { "Retry-After": "0" }, times: 3 });

      const error = await assertRejects(
        () => workos.organizations.getOrganization("org_1", { maxRetries: 2 }),
        GenericServerException,
      );

      assertEquals([error.status, error.attempts, emulator.requests.length], [502, 3, 3]);
    });
  });

  describe("exceptions", () => {
    const once = { maxRetries: 0 };
    const get = () => workos.organizations.getOrganization("org_1", once);

    it("UnauthorizedException: another API key", async () => {
      const other = connect({ apiKey: "sk_test_other" });

      const error = await assertRejects(() => other.organizations.getOrganization("org_1"), UnauthorizedException);

      assertEquals([error.status, error.attempts], [401, 1]);
      assertEquals(error.requestID, emulator.requests[0].requestId ?? "");
      assertEquals(JSON.stringify(error).includes("sk_test_other"), false);
    });

    it("NotFoundException: an id that names nothing", async () => {
      const error = await assertRejects(() => workos.userManagement.getUser("user_nobody"), NotFoundException);

      assertEquals([error.status, error.code], [404, "entity_not_found"]);
      assertEquals(error.message, "User not found: 'user_nobody'.");
    });

    it("ConflictException: a domain that is taken", async () => {
      const domainData = [{ domain: "acme.example", state: "verified" as const }];

      const error = await assertRejects(
        () => workos.organizations.createOrganization({ name: "A", domainData }),
        ConflictException,
      );

      assertEquals([error.status, error.code], [409, "domain_already_exists"]);
    });

    it("UnprocessableEntityException: fields at fault", async () => {
      const error = await assertRejects(
        () => workos.userManagement.createUser({ email: "nobody" }),
        UnprocessableEntityException,
      );

      assertEquals([error.status, error.code], [422, "invalid_request_parameters"]);
      assertEquals(error.errors, [{ code: "email_invalid", field: "email" }]);
    });

    it("BadRequestException: an address that is taken", async () => {
      const error = await assertRejects(
        () => workos.userManagement.createUser({ email: "bob@example.com" }),
        BadRequestException,
      );

      assertEquals([error.status, error.code], [400, "user_creation_error"]);
      assertEquals((error.errors as { code: string }[]).map(({ code }) => code), ["email_not_available"]);
    });

    it("OauthException: a code that is none", async () => {
      const error = await assertRejects(
        () => workos.userManagement.authenticateWithCode({ code: "none" }),
        OauthException,
      );

      assertEquals([error.status, error.error], [400, "invalid_grant"]);
      assertEquals(error.errorDescription, "The code has expired or has already been used.");
    });

    it("GenericServerException: anything else the API refuses", async () => {
      const error = await assertRejects(
        () => workos.userManagement.authenticateWithPassword({ email: "bob@example.com", password: "wrong" }),
        GenericServerException,
      );

      assertEquals([error.status, error.code], [400, "invalid_credentials"]);
      assertEquals(error instanceof AuthenticationException, false);
    });

    it("RateLimitExceededException: too many requests", async () => {
      emulator.failNext({ status: 429, headers: { "Retry-After": "7" } });

      const error = await assertRejects(get, RateLimitExceededException);

      assertEquals([error.status, error.retryAfter], [429, 7]);
    });

    it("GenericServerException: trouble at the API", async () => {
      emulator.failNext({ status: 500 });

      const error = await assertRejects(get, GenericServerException);

      assertEquals([error.status, error.message], [500, "Internal Server Error"]);
    });

    it("NetworkException: no answer, or half of one", async () => {
      emulator.failNext({ kind: "network" });
      const none = await assertRejects(get, NetworkException);
      emulator.failNext({ kind: "reset-body" });
      const half = await assertRejects(get, NetworkException);

      assertInstanceOf(none.cause, TypeError);
      assertEquals([none.requestID, half.requestID], ["", emulator.requests[1].requestId ?? ""]);
    });

    it("TimeoutException: an answer that does not come in time", async () => {
      emulator.failNext({ kind: "hang" });

      const error = await assertRejects(
        () => workos.organizations.getOrganization("org_1", { ...once, timeout: 5 }),
        TimeoutException,
      );

      assertEquals([error.status, error.timeout, error.attempts], [408, 5, 1]);
    });

    it("the reason of a signal: a call that is aborted", async () => {
      const controller = new AbortController();
      emulator.failNext({ kind: "hang" });
      const hanging = workos.organizations.getOrganization("org_1", { signal: controller.signal });

      controller.abort(new RangeError("Enough"));

      await assertRejects(() => hanging, RangeError, "Enough");
    });

    it("ParseError: a success that is no JSON", async () => {
      emulator.failNext({ status: 200, body: "<html>" });

      const error = await assertRejects(get, ParseError);

      assertEquals([error.status, error.rawStatus, error.rawBody], [500, 200, "<html>"]);
    });

    it("RedirectException: an answer that points elsewhere", async () => {
      emulator.failNext({ status: 302, headers: { Location: "https://elsewhere.example/" } });

      const error = await assertRejects(get, RedirectException);

      assertEquals([error.status, error.location], [302, "https://elsewhere.example/"]);
      assertEquals(emulator.requests.length, 1);
    });

    it("ApiKeyRequiredException: a client without a key", async () => {
      const app = createWorkOS({ clientId: emulator.clientId, fetchFn: emulator.fetch }) as WorkOS;

      await assertRejects(() => app.organizations.getOrganization("org_1"), ApiKeyRequiredException);

      assertEquals(emulator.requests, []);
    });

    it("TypeError: an id that is none", async () => {
      await assertRejects(() => workos.organizations.getOrganization(".."), TypeError);
      assertThrows(() => workos.userManagement.getLogoutUrl({ sessionId: "" }), TypeError);

      assertEquals(emulator.requests, []);
    });

    it("tells what the emulator does not serve from what is not there", async () => {
      const error = await assertRejects(() => workos.get("/nothing/here"), GenericServerException);

      assertEquals([error.status, error.code], [501, "not_emulated"]);
      assert(error.message.includes("The emulator does not serve GET /nothing/here"));
    });
  });
});
