import { assert, assertEquals, assertMatch } from "@std/assert";
import { beforeEach, describe, it } from "@std/testing/bdd";
import { createApp } from "../../examples/hono.ts";
import { WorkOS } from "../../mod.ts";
import { createEmulator, type Emulator } from "../../src/emulator/mod.ts";
import { computeSignature } from "../../src/entries/webhooks.ts";
import { signingKey } from "../resources/user_management/session_fixtures.ts";
import { makeProject, ROOT, run } from "./installed.ts";

const ORIGIN = "https://app.example";
const MINUTE = 60_000;

describe("the app on Hono", () => {
  let time: number;
  let emulator: Emulator;
  let app: ReturnType<typeof createApp>;
  let cookies: Map<string, string>;
  let heard: string[];
  let kept: number;

  beforeEach(async () => {
    time = Date.UTC(2026, 0, 1);
    cookies = new Map();
    heard = [];
    kept = 0;
    emulator = createEmulator({
      seed: {
        organizations: [{ id: "org_1", name: "Acme" }],
        users: [{ id: "user_ada", email: "ada@acme.example" }],
        memberships: [{ user_id: "user_ada", organization_id: "org_1" }],
      },
      clock: () => time,
      signingKey: await signingKey(),
    });
    emulator.signInAs("ada@acme.example");
    app = createApp({
      workos: new WorkOS({ ...emulator.clientOptions, maxRetries: 0 }),
      redirectUri: `${ORIGIN}/callback`,
      cookiePassword: "a password of thirty-two letters",
      webhookSecret: "whsec_1",
      onEvent: ({ event }) => Promise.resolve(void heard.push(event)),
    });
  });

  /** Asks the app as a browser does, keeping its cookies, and with the context of a Worker. */
  async function visit(path: string, method = "GET"): Promise<Response> {
    const headers = { Cookie: [...cookies].map((pair) => pair.join("=")).join("; ") };
    const context = { waitUntil: () => void kept++, passThroughOnException() {}, props: {} };
    const response = await app.request(new URL(path, ORIGIN).href, { method, headers }, {}, context);
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/)!;
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    return response;
  }

  /** From the login to the callback that WorkOS sends the browser to. */
  async function goToCallback(): Promise<string> {
    const { headers } = await visit("/login");
    return (await emulator.fetch(headers.get("Location")!)).headers.get("Location")!;
  }

  async function signIn(): Promise<void> {
    await visit(await goToCallback());
  }

  function place({ status, headers }: Response): [number, string | null] {
    return [status, headers.get("Location")];
  }

  it("sends visitors to the login", async () => {
    assertEquals(place(await visit("/")), [302, "/login"]);
  });

  it("signs in, and tells a route who it is", async () => {
    const response = await visit(await goToCallback());

    assertEquals(place(response), [302, "/"]);
    assertEquals([...cookies.keys()], ["wos-session"]);
    assertEquals(await (await visit("/")).json(), { email: "ada@acme.example", role: "member" });
    assertEquals((await visit("/")).headers.has("Set-Cookie"), false);
  });

  it("takes nobody's callback for its own", async () => {
    const callback = await goToCallback();
    cookies.set("wos-sign-in", `another.${"v".repeat(43)}`);

    assertEquals(place(await visit(callback)), [302, "/login"]);
    assertEquals(cookies.size, 0);
  });

  it("begins anew when a code was spent", async () => {
    const callback = await goToCallback();
    const kept = cookies.get("wos-sign-in")!;
    await visit(callback);
    cookies.clear();
    cookies.set("wos-sign-in", kept);

    assertEquals(place(await visit(callback)), [302, "/login"]);
  });

  it("refreshes a session whose time is over", async () => {
    await signIn();
    const before = cookies.get("wos-session");
    time += 10 * MINUTE;

    const response = await visit("/");

    assertEquals([response.status, kept], [200, 1]);
    assert(cookies.get("wos-session") !== before);
  });

  it("refreshes a session where there is no context, as everywhere but on Workers", async () => {
    await signIn();
    time += 10 * MINUTE;
    const headers = { Cookie: `wos-session=${cookies.get("wos-session")}` };

    assertEquals((await app.request(`${ORIGIN}/`, { headers })).status, 200);
  });

  it("compiles in the project of a Worker, started as its first lines say", async () => {
    const text = (await Deno.readTextFile(new URL("examples/hono.ts", ROOT))).replaceAll(/"npm:hono@[\d.]+/g, '"hono');
    const start = /^\/\/ {3}.*$/gm;
    const lines = text.match(start)!.map((line) => line.slice(5));
    const settings = "declare const [redirectUri, cookiePassword, webhookSecret]: string[];";
    const onEvent = "declare function onEvent(event: unknown): Promise<void>;";
    const main = [
      'import { WorkOS } from "@universal/workos";',
      'import { createApp } from "./app.js";',
      settings,
      onEvent,
    ];
    const compilerOptions = { target: "es2022", lib: ["es2023"], module: "esnext", moduleResolution: "bundler" };
    const types = ["@cloudflare/workers-types"];
    const tsconfig = { compilerOptions: { ...compilerOptions, strict: true, types, noEmit: true, skipLibCheck: true } };
    const project = await makeProject({
      "app.ts": text,
      "main.ts": [...main, ...lines].join("\n"),
      "tsconfig.json": JSON.stringify(tsconfig),
    }, ["hono@4.13.19", "typescript@6.0.3", "@cloudflare/workers-types@5.20261117.1"]);

    await run("npx", ["tsc", "--pretty", "false"], project);
    await Deno.remove(project, { recursive: true });
  });

  it("keeps a refreshed session when a route returns a response of its own, or fails", async () => {
    const requireSession = app.routes.find(({ path }) => path === "/")!.handler;
    app.get("/file", requireSession as never, () => new Response("file", { headers: { "Set-Cookie": "seen=1" } }));
    app.get("/broken", requireSession as never, () => Promise.reject(new Error("broken")));
    app.onError((_, c) => c.text("broken", 500));
    await signIn();
    for (const [path, status] of [["/file", 200], ["/broken", 500], ["/", 200]] as const) {
      const before = cookies.get("wos-session");
      time += 10 * MINUTE;

      assertEquals((await visit(path)).status, status);
      assert(cookies.get("wos-session") !== before, path);
    }
    assertEquals(cookies.get("seen"), "1");
  });

  it("has no cache keep what is meant for one visitor, such as a session that was just refreshed", async () => {
    const login = await visit("/login");
    const callback = await visit((await emulator.fetch(login.headers.get("Location")!)).headers.get("Location")!);
    time += 10 * MINUTE;
    const home = await visit("/");

    assertEquals(home.headers.getSetCookie().length, 1);
    const caching = [login, callback, home].map(({ headers }) => headers.get("Cache-Control"));
    assertEquals(caching, Array(3).fill("private, no-store"));
  });

  it("lets a route end a session that was just refreshed", async () => {
    const requireSession = app.routes.find(({ path }) => path === "/")!.handler;
    const remove = "wos-session=; Max-Age=0; Path=/";
    app.get("/leave", requireSession as never, () => new Response(null, { headers: { "Set-Cookie": remove } }));
    await signIn();
    time += 10 * MINUTE;

    await visit("/leave");

    assertEquals(cookies.size, 0);
  });

  it("signs nobody out for a form of another site, with which the browser sends no cookie", async () => {
    const { headers } = await visit("/logout", "POST");

    assertEquals([headers.get("Location"), headers.getSetCookie()], ["/login", []]);
  });

  it("does not begin anew, again and again, when WorkOS rejects the app itself", async () => {
    const callback = await goToCallback();
    emulator.failNext({
      match: { path: "/user_management/authenticate" },
      status: 400,
      body: { error: "invalid_client", error_description: "no" },
    });
    app.onError((_, c) => c.text("broken", 500));

    assertEquals((await visit(callback)).status, 500);
  });

  it("signs nobody out while WorkOS is not available", async () => {
    await signIn();
    const before = cookies.get("wos-session");
    time += 10 * MINUTE;
    emulator.failNext({
      match: { path: "/user_management/authenticate" },
      status: 429,
      headers: { "Retry-After": "7" },
    });

    const { status, headers } = await visit("/");

    assertEquals([status, headers.get("Retry-After")], [503, "7"]);
    assertEquals(cookies.get("wos-session"), before);
    assertEquals((await visit("/")).status, 200);
  });

  it("signs out", async () => {
    await signIn();

    const [status, location] = place(await visit("/logout", "POST"));

    assertEquals([status, cookies.size], [302, 0]);
    assertMatch(location!, /\/user_management\/sessions\/logout\?session_id=session_/);
    assertEquals(place(await visit("/logout", "POST")), [302, "/login"]);
  });

  it("does not seem to sign out while it cannot: AuthKit would sign the same person in again", async () => {
    await signIn();
    emulator.failNext({ match: { path: `/sso/jwks/${emulator.clientOptions.clientId}` }, status: 503 });

    app.onError((_, c) => c.text("broken", 500));

    const { status, headers } = await visit("/logout", "POST");

    assertEquals([status, headers.get("Location"), cookies.size], [500, null, 1]);
    assertMatch((await visit("/logout", "POST")).headers.get("Location")!, /\/user_management\/sessions\/logout\?/);
  });

  it("hears of events, and of nothing that WorkOS did not send", async () => {
    const body = JSON.stringify({ id: "event_1", event: "user.created", data: { email: "bob@acme.example" } });
    const post = async (secret: string) => {
      const headers = { "WorkOS-Signature": `t=${time}, v1=${await computeSignature(time, body, secret)}` };
      return (await app.request(`${ORIGIN}/webhooks`, { method: "POST", body, headers })).status;
    };

    assertEquals([await post("whsec_2"), heard], [400, []]);
    assertEquals([await post("whsec_1"), heard], [204, ["user.created"]]);
  });

  it("does not keep in memory whatever anybody posts", async () => {
    let pieces = 0;
    const body = new ReadableStream({
      pull: (controller) => pieces++ < 100 ? controller.enqueue(new Uint8Array(1_000_000)) : controller.close(),
    });
    const headers = { "WorkOS-Signature": `t=${time}, v1=00` };
    const post = new Request(`${ORIGIN}/webhooks`, { method: "POST", body, headers, duplex: "half" } as RequestInit);

    assertEquals((await app.request(post)).status, 413);
    assert(pieces < 20);
  });
});
