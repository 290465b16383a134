import { assertEquals, assertMatch } from "@std/assert";
import { after, afterEach, before, beforeEach, describe, it } from "@std/testing/bdd";
import type { LoggedRequest } from "../../src/emulator/mod.ts";
import { openSite, type Site, type Tab } from "./site.ts";

const AUTHENTICATE = "/user_management/authenticate";
const REDACTED = "[redacted]";

let site: Site;
let tab: Tab;

before(async () => {
  site = await openSite();
});

beforeEach(async () => {
  site.emulator.reset();
  site.preflights.length = 0;
  tab = await site.visit(site.app);
});

afterEach(async () => await tab.close());

after(async () => await site.close());

const click = async (name: string) => await tab.page.click(`text="${name}"`);
const read = async (id: string) => await tab.page.textContent(`#${id}`);

interface Call {
  area: "userManagement" | "sso";
  method: string;
  args?: unknown[];
  /** Of a client of its own. */
  options?: object;
}

/** What a script of the page gets from a method, or how that fails. */
async function call(it: Call): Promise<Record<string, unknown>> {
  return await tab.page.evaluate(`call(${JSON.stringify(it)})`);
}

/** What the app shows when something fails. */
async function readError(): Promise<Record<string, unknown>> {
  return JSON.parse(await read("error") ?? "");
}

/** Method, path and status of everything that arrived at the emulator, preflights left out. */
function arrived(): string[] {
  return site.emulator.requests.map(({ method, path, status }) => `${method} ${path} ${status}`);
}

/** The headers that the browser has not made up by itself. */
function ownHeaders({ headers }: LoggedRequest): Record<string, string> {
  const browsers = /^(sec-.*|accept-.*|host|connection|origin|referer|content-length)$/;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !browsers.test(name)));
}

/** Puts another value into what the app has kept, when the browser comes back to it. */
async function tamper(name: "state" | "codeVerifier"): Promise<void> {
  await tab.page.addInitScript((name) => {
    const kept = JSON.parse(sessionStorage.getItem("sign-in") ?? "null");
    if (!kept || location.pathname !== "/callback") return;
    sessionStorage.setItem("sign-in", JSON.stringify({ ...kept, [name]: "x".repeat(43) }));
  }, name);
}

describe("sign-in with AuthKit in a page", () => {
  it("goes to AuthKit and back, refreshes the tokens, and ends with the session", async () => {
    await click("Sign in");
    const [user, token, url] = [await read("user"), await read("token"), tab.page.url()];
    await click("Refresh");
    await tab.page.locator("#token", { hasNotText: token! }).waitFor();
    const refreshed = await read("user");
    await click("Sign out");
    await tab.page.waitForURL(`${site.app}/`);

    assertEquals([user, refreshed], ["ada@acme.example", "ada@acme.example"]);
    assertEquals(url, `${site.app}/callback`);
    assertEquals(arrived(), [
      "GET /user_management/authorize 302",
      `POST ${AUTHENTICATE} 200`,
      `POST ${AUTHENTICATE} 200`,
      "GET /user_management/sessions/logout 302",
    ]);
    assertEquals(site.emulator.events.at(-1)?.event, "session.revoked");
    assertEquals(tab.problems, []);
  });

  it("sends no secret, no cookie and no header but what JSON needs, after one preflight", async () => {
    await tab.page.evaluate('document.cookie = "theme=dark"'); // cookies know no ports
    await click("Sign in");
    const token = await read("token");
    await click("Refresh");
    await tab.page.locator("#token", { hasNotText: token! }).waitFor();

    const [exchange, refresh] = site.emulator.requests.filter(({ path }) => path === AUTHENTICATE);
    const client = { client_id: site.emulator.clientId };
    const code = { grant_type: "authorization_code", code: REDACTED, code_verifier: REDACTED };
    assertEquals(exchange.body, { ...client, ...code });
    assertEquals(refresh.body, { ...client, grant_type: "refresh_token", refresh_token: REDACTED });
    for (const request of [exchange, refresh]) {
      const { "user-agent": agent, ...others } = ownHeaders(request);
      assertEquals(others, { "accept": "application/json, text/plain, */*", "content-type": "application/json" });
      assertMatch(agent, /^Mozilla\/5\.0 .*Chrome/);
    }
    assertEquals(site.preflights, [`POST ${AUTHENTICATE}: content-type`]);
  });

  it("sends nothing when the state is not the one it made", async () => {
    await tamper("state");

    await click("Sign in");

    assertEquals((await readError()).message, "Cannot sign in: the state is not the one that was sent");
    assertEquals(arrived(), ["GET /user_management/authorize 302"]);
  });

  it("fails with an OauthException when the verifier is another one", async () => {
    await tamper("codeVerifier");

    await click("Sign in");

    const { classes, status, error, attempts } = await readError();
    assertEquals(classes, ["OauthException", "WorkOSException"]);
    assertEquals([status, error, attempts], [400, "invalid_grant", 1]);
    assertEquals(tab.problems, []);
  });

  it("comes back with the reason when nobody can be signed in", async () => {
    site.emulator.reset({ users: [] });

    await click("Sign in");

    assertEquals((await readError()).message, "Cannot sign in: access_denied");
    assertEquals(arrived(), ["GET /user_management/authorize 302"]);
  });
});

describe("single sign-on in a page", () => {
  it("goes to the identity provider and back, and gives the profile twice", async () => {
    await click("Single sign-on");

    assertEquals([await read("profile"), await read("profile-again")], ["ada@acme.example", "ada@acme.example"]);
    assertEquals(arrived(), ["GET /sso/authorize 302", "POST /sso/token 200", "GET /sso/profile 200"]);
    const body = { grant_type: "authorization_code", code: REDACTED, code_verifier: REDACTED };
    assertEquals(site.emulator.requests[1].body, { client_id: site.emulator.clientId, ...body });
    assertEquals(site.preflights, ["GET /sso/profile: authorization"]);
    assertEquals(tab.problems, []);
  });
});

describe("sign-in of a device in a page", () => {
  it("waits until somebody approves it elsewhere", async () => {
    await click("Use a code");
    const pending = tab.page.waitForResponse(`**${AUTHENTICATE}`);
    const code = await read("code");
    await pending;

    site.emulator.approveDevice(code!, { user: "ada@acme.example" });

    assertEquals(await read("user"), "ada@acme.example");
    assertEquals([...new Set(arrived())], [ // on a busy machine it asks more than once
      "POST /user_management/authorize/device 200",
      `POST ${AUTHENTICATE} 400`,
      `POST ${AUTHENTICATE} 200`,
    ]);
    assertEquals(site.preflights, [
      "POST /user_management/authorize/device: content-type",
      `POST ${AUTHENTICATE}: content-type`,
    ]);
    assertEquals(tab.problems, []);
  });

  it("fails with an OauthException when somebody turns it down", async () => {
    await click("Use a code");

    site.emulator.denyDevice((await read("code"))!);

    const { classes, error } = await readError();
    assertEquals([classes, error], [["OauthException", "WorkOSException"], "access_denied"]);
  });
});

describe("a failure in a page", () => {
  it("has class, status and request id of the answer", async () => {
    const args = [{ accessToken: "another" }];

    const { classes, status, requestID } = await call({ area: "sso", method: "getProfile", args });

    assertEquals([classes, status], [["UnauthorizedException", "WorkOSException"], 401]);
    assertEquals(requestID, site.emulator.requests[0].requestId);
  });

  it("tells when to try again", async () => {
    site.emulator.failNext({ status: 429, headers: { "Retry-After": "7" } });
    const options = { maxRetries: 0 };

    const failure = await call({ area: "userManagement", method: "createDeviceAuthorization", options });

    assertEquals(failure.classes, ["GenericServerException", "RateLimitExceededException", "WorkOSException"]);
    assertEquals(failure.retryAfter, 7);
  });

  it("is a RedirectException where the API redirects, and nobody follows", async () => {
    site.emulator.failNext({ status: 302, headers: { Location: `${site.stranger}/` } });

    const { classes } = await call({ area: "userManagement", method: "createDeviceAuthorization" });

    assertEquals(classes, ["RedirectException", "WorkOSException"]);
    assertEquals(arrived(), ["POST /user_management/authorize/device 302"]);
  });
});

describe("a page of another origin", () => {
  it("may send cookies along where the app wants that", async () => {
    await tab.page.evaluate('document.cookie = "theme=dark"');
    const options = { config: { credentials: "include" } };

    const { userCode } = await call({ area: "userManagement", method: "createDeviceAuthorization", options });

    assertMatch(String(userCode), /^[A-Z]{4}-[A-Z]{4}$/);
    assertEquals(site.emulator.requests[0].headers.cookie, REDACTED);
    assertEquals(tab.problems, []);
  });

  it("gets a NetworkException where the API does not know its origin, with and without a preflight", async () => {
    await tab.page.goto(site.stranger);
    const options = { maxRetries: 0 };
    const args = [{ code: "code_1", codeVerifier: "a verifier" }];

    const failures = [
      await call({ area: "userManagement", method: "createDeviceAuthorization", options }),
      await call({ area: "sso", method: "getProfileAndToken", args, options }),
    ];

    for (const { classes, status, attempts } of failures) {
      assertEquals(classes, ["NetworkException", "WorkOSException"]);
      assertEquals([status, attempts], [undefined, 1]);
    }
    assertEquals(arrived(), ["OPTIONS /user_management/authorize/device 501", "POST /sso/token 400"]);
    assertEquals(tab.problems.filter((it) => /blocked by CORS policy/.test(it)).length, 2);
  });
});
