import { assertEquals } from "@std/assert";
import { after, before, describe, it } from "@std/testing/bdd";
import { FOLDER, makeProject, run } from "./installed.ts";

/** An emulator in place of the network, whose tokens have expired while `age.ms` is an hour. */
const EMULATOR = `
import { createEmulator } from "@universal/workos/emulator";

export const age = { ms: 0 };
const memberships = ["org_1", "org_2"].map((id) => ({ user_id: "user_ada", organization_id: id }));
const organizations = [{ id: "org_1", name: "Acme" }, { id: "org_2", name: "Other" }];
const seed = { organizations, memberships, users: [{ id: "user_ada", email: "ada@acme.example" }] };
export const emulator = createEmulator({ seed, clock: () => Date.now() - age.ms });
globalThis.fetch = (input, init) => emulator.fetch(input, init);
emulator.signInAs("ada@acme.example", "org_1");

export const config = {
  apiKey: emulator.apiKey,
  clientId: emulator.clientId,
  redirectUri: "https://app.example/callback",
  cookiePassword: "a password of thirty-two letters",
};

export function fail(status, body, headers) {
  emulator.failNext({ match: { path: "/user_management/authenticate" }, status, body, headers });
}

export async function signInAt(url) {
  age.ms = 3_600_000;
  return (await emulator.fetch(url)).headers.get("Location");
}
`;

const SESSION = `
import { configure, CookieSessionStorage, createAuthService } from "@workos/authkit-session";
import { age, config, emulator, fail, signInAt } from "./emulator.mjs";

const cookies = new Map();

class Cookies extends CookieSessionStorage {
  async getCookie(request, name) {
    return cookies.get(name) ?? null;
  }

  async applyHeaders(response, headers) {
    for (const cookie of [headers["Set-Cookie"]].flat()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    return { response };
  }
}

configure(config);
const service = createAuthService({ sessionStorageFactory: (config) => new Cookies(config) });
const request = new Request("https://app.example/");

const { url } = await service.createSignIn(new Response(), { returnPathname: "/home", maxAge: 60 });
const callback = new URL(await signInAt(url));
const query = Object.fromEntries(callback.searchParams);
const { returnPathname } = await service.handleCallback(request, new Response(), query);
age.ms = 0;
const { auth, refreshedSessionData } = await service.withAuth(request);
console.log(returnPathname, auth.user.email, auth.organizationId, refreshedSessionData !== undefined);

await service.saveSession(new Response(), refreshedSessionData);
const switched = await service.switchOrganization(await service.getSession(request), "org_2");
console.log(switched.auth.organizationId);

await service.saveSession(new Response(), switched.encryptedSession);
const session = await service.getSession(request);
fail(429, {}, { "Retry-After": "1" });
console.log((await service.refreshSession(session)).auth.user.email);

const { logoutUrl } = await service.signOut(auth.sessionId);
await emulator.fetch(logoutUrl);
const ended = await service.refreshSession(session).catch((error) => error);
console.log(cookies.size, ended.name, ended.cause.error);
`;

const REACT_ROUTER = `
import { createRequire } from "node:module";
import { age, config, fail, signInAt } from "./emulator.mjs";

const kit = createRequire(import.meta.url)("@workos-inc/authkit-react-router");
kit.configure(config);
let cookie = "";

function visit(url = "https://app.example/") {
  return { request: new Request(url, { headers: { Cookie: cookie } }), params: {}, context: {} };
}

function keep({ headers, init }) {
  [cookie] = new Headers(headers ?? init.headers).get("Set-Cookie").split(";");
}

keep(await kit.authLoader()(visit(await signInAt(await kit.getSignInUrl("/home")))));
age.ms = 0;
const loaded = await kit.authkitLoader(visit());
keep(loaded);
console.log(loaded.data.user.email, loaded.data.organizationId);

const switched = await kit.switchToOrganization(visit().request, "org_2");
keep(switched);
console.log(switched.data.auth.organizationId);

for (const body of [{ error: "sso_required" }, { code: "mfa_enrollment" }, { error: "invalid_grant" }]) {
  fail(400, body);
  const { status, headers, init } = await kit.switchToOrganization(visit().request, "org_1");
  console.log(status ?? init.status, headers && new URL(headers.get("Location")).pathname);
}
`;

describe("with the SDK in place of the Node SDK", () => {
  let project: string;

  before(async () => {
    const overrides = { "@workos-inc/node": `file:${FOLDER}/package.tgz` };
    project = await makeProject({
      "package.json": JSON.stringify({ private: true, overrides }),
      "emulator.mjs": EMULATOR,
      "session.mjs": SESSION,
      "react_router.mjs": REACT_ROUTER,
    }, [
      ...["@workos/authkit-session@0.7.1", "@workos-inc/authkit-react-router@0.8.1"],
      ...["react@19.2.0", "react-dom@19.2.0", "react-router@7.9.6"],
    ]);
  });

  after(async () => await Deno.remove(project, { recursive: true }));

  it("authkit-session signs in, refreshes, switches the organization, waits after a 429 and signs out", async () => {
    assertEquals((await run("node", ["session.mjs"], project)).split("\n"), [
      "/home ada@acme.example org_1 true",
      "org_2",
      "ada@acme.example",
      "0 TokenRefreshError invalid_grant",
      "",
    ]);
  });

  it("authkit-react-router sends users to AuthKit when an organization asks for SSO or MFA", async () => {
    assertEquals((await run("node", ["react_router.mjs"], project)).split("\n"), [
      "ada@acme.example org_1",
      "org_2",
      "302 /user_management/authorize",
      "302 /user_management/authorize",
      "400 undefined",
      "",
    ]);
  });
});
