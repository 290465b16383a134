import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { beforeEach, describe, it } from "@std/testing/bdd";
import { createApp } from "../../examples/migrated/app.ts";
import { createEmulator, type Emulator } from "../../src/emulator/mod.ts";
import { computeSignature } from "../../src/entries/webhooks.ts";
import { generateSigningKey, type SigningKey } from "../../src/emulator/signing.ts";
import { makeProject, ROOT, run } from "./installed.ts";

const ORIGIN = "https://app.example";
const HOUR = 3_600_000;

let signingKey: SigningKey | undefined;

describe("the application written for the Node SDK", () => {
  let emulator: Emulator;
  let app: (request: Request) => Promise<Response>;
  let behind: number;
  const welcomed: string[] = [];
  const cookies = new Map<string, string>();

  beforeEach(async () => {
    signingKey ??= await generateSigningKey("key_1");
    behind = 0;
    cookies.clear();
    welcomed.length = 0;
    const seed = { users: [{ id: "user_ada", email: "ada@acme.example" }] };
    emulator = createEmulator({ seed, signingKey, clock: () => Date.now() - behind });
    app = createApp({
      apiKey: emulator.apiKey,
      clientId: emulator.clientId,
      redirectUri: `${ORIGIN}/callback`,
      cookiePassword: "a password of thirty-two letters",
      webhookSecret: "whsec_1",
      fetchFn: emulator.fetch as typeof fetch,
      welcome: (email) => Promise.resolve(void welcomed.push(email)),
    });
  });

  /** Asks the application as a browser does, keeping its cookies. */
  async function visit(path: string): Promise<Response> {
    const headers = { Cookie: [...cookies].map((pair) => pair.join("=")).join("; ") };
    const response = await app(new Request(new URL(path, ORIGIN), { headers }));
    const [, name, value] = response.headers.get("Set-Cookie")?.match(/^([^=]+)=([^;]*)/) ?? [];
    if (value) cookies.set(name, value);
    else if (name) cookies.delete(name);
    return response;
  }

  async function signIn(): Promise<void> {
    emulator.signInAs("ada@acme.example");
    const { headers } = await visit("/login");
    const atWorkOS = await emulator.fetch(headers.get("Location")!);
    await visit(atWorkOS.headers.get("Location")!);
  }

  it("asks visitors to sign in", async () => {
    const { status, headers } = await visit("/");

    assertEquals([status, headers.get("Location")], [302, "/login"]);
  });

  it("signs in with AuthKit and greets", async () => {
    await signIn();

    assertEquals(await (await visit("/")).text(), "Hello ada@acme.example");
  });

  it("has no cache keep what is meant for one visitor", async () => {
    const responses = [await visit("/login"), (await signIn(), await visit("/")), await visit("/logout")];

    const caching = responses.map(({ headers }) => headers.get("Cache-Control"));
    assertEquals(caching, Array(3).fill("private, no-store"));
  });

  it("renews a session whose time is over", async () => {
    behind = HOUR;
    await signIn();
    behind = 0;
    const before = cookies.get("wos-session");

    const { status, headers } = await visit("/");

    assertEquals([status, headers.get("Location")], [302, "/"]);
    assert(cookies.get("wos-session") !== before);
    assertEquals(await (await visit("/")).text(), "Hello ada@acme.example");
  });

  it("refuses a callback with the state of somebody else", async () => {
    emulator.signInAs("ada@acme.example");
    const { headers } = await visit("/login");
    const atWorkOS = await emulator.fetch(headers.get("Location")!);
    cookies.set("state", "another");

    const response = await visit(atWorkOS.headers.get("Location")!);

    assertEquals([response.headers.get("Location"), cookies.has("wos-session")], ["/login", false]);
  });

  it("signs nobody in who has not begun to sign in, whatever the state", async () => {
    emulator.signInAs("ada@acme.example");
    const atWorkOS = await emulator.fetch((await visit("/login")).headers.get("Location")!);
    const callback = new URL(atWorkOS.headers.get("Location")!);
    for (const state of ["", undefined]) {
      cookies.clear();
      callback.searchParams.delete("state");
      if (state !== undefined) callback.searchParams.set("state", state);

      const response = await visit(callback.href);

      assertEquals([response.headers.get("Location"), cookies.has("wos-session")], ["/login", false]);
    }
  });

  it("signs nobody out while WorkOS is not available", async () => {
    behind = HOUR;
    await signIn();
    behind = 0;
    emulator.failNext({ match: { path: "/user_management/authenticate" }, status: 429 });

    const { status } = await visit("/");

    assertEquals([status, cookies.has("wos-session")], [503, true]);
    assertEquals((await visit("/")).headers.get("Location"), "/");
  });

  it("signs out", async () => {
    await signIn();

    const { headers } = await visit("/logout");

    assertMatch(headers.get("Location")!, /\/user_management\/sessions\/logout\?session_id=session_/);
    assertEquals(cookies.has("wos-session"), false);
  });

  it("signs out after the access token has expired, so that AuthKit does not sign the same person in again", async () => {
    behind = HOUR;
    await signIn();
    behind = 0;

    const { headers } = await visit("/logout");

    assertMatch(headers.get("Location")!, /\/user_management\/sessions\/logout\?session_id=session_/);
    assertEquals((await visit("/logout")).headers.get("Location"), "/login");
  });

  it("does not seem to sign out while it cannot: AuthKit would sign the same person in again", async () => {
    await signIn();
    emulator.failNext({ match: { path: /jwks/ }, status: 500, times: 2 });

    await assertRejects(() => visit("/logout"));

    assertEquals(cookies.has("wos-session"), true);
    assertMatch((await visit("/logout")).headers.get("Location")!, /session_id=session_/);
  });

  it("hears of new users through a webhook, and of nothing that WorkOS did not send", async () => {
    const body = JSON.stringify({ id: "event_1", event: "user.created", data: { email: "bob@acme.example" } });
    const post = async (secret: string) => {
      const time = Date.now();
      const headers = { "WorkOS-Signature": `t=${time}, v1=${await computeSignature(time, body, secret)}` };
      return await app(new Request(`${ORIGIN}/webhooks`, { method: "POST", body, headers }));
    };

    assertEquals([(await post("whsec_2")).status, welcomed], [400, []]);
    assertEquals([(await post("whsec_1")).status, welcomed], [200, ["bob@acme.example"]]);
  });
});

describe("the way from the Node SDK", () => {
  it("is the command of MIGRATION.md, which changes nothing but the import", async () => {
    const app = await Deno.readTextFile(new URL("examples/migrated/app.ts", ROOT));
    const before = app.replace('"@universal/workos"', '"@workos-inc/node"');
    const guide = await Deno.readTextFile(new URL("MIGRATION.md", ROOT));
    const [, command] = guide.match(/```sh\n(grep [^\n]+)\n```/)!;
    const options = { module: "nodenext", target: "es2022", lib: ["es2023", "dom"], strict: true, skipLibCheck: true };
    const project = await makeProject({
      "tsconfig.json": JSON.stringify({ compilerOptions: { ...options, types: [], noEmit: true }, include: ["src"] }),
    }, ["@workos-inc/node@11.0.0", "typescript@6.0.3"]);
    await Deno.mkdir(`${project}/src`);
    await Deno.writeTextFile(`${project}/src/app.mts`, before);
    const twice = (name: string) => `jest.mock("${name}", () => ({ ...jest.requireActual("${name}") }));`;
    await Deno.writeTextFile(`${project}/src/mock.js`, twice("@workos-inc/node"));

    await run("npx", ["tsc"], project); // it was written for the Node SDK
    await run("sh", ["-c", command], project);

    assertEquals(await Deno.readTextFile(`${project}/src/app.mts`), app);
    assertEquals(await Deno.readTextFile(`${project}/src/mock.js`), twice("@universal/workos"));
    await run("npx", ["tsc"], project);
    await Deno.remove(project, { recursive: true });
  });
});
