// A site on one origin, the emulator on another, and a real browser to visit them with.
import * as esbuild from "npm:esbuild@0.28.2";
import { type Browser, chromium, type Page } from "npm:playwright-core@1.64.1";
import { findBrowser } from "../runtimes/browser.ts";
import { createEmulator, type Emulator, type EmulatorSeed } from "../../src/emulator/mod.ts";
import { FOLDER } from "../package/installed.ts";

const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const PATIENCE = 15_000; // milliseconds

const SEED: EmulatorSeed = {
  organizations: [{ id: "org_acme", name: "Acme" }],
  users: [{ id: "user_ada", email: "ada@acme.example" }],
  memberships: [{ user_id: "user_ada", organization_id: "org_acme" }],
  connections: [{ id: "conn_1", connection_type: "OktaSAML", organization_id: "org_acme" }],
};

/** One tab of a browser that was never here before, and what went wrong in it. */
export interface Tab {
  page: Page;
  /** Warnings and errors of the console, and errors that nobody caught; statuses of answers are none. */
  problems: string[];
  close(): Promise<void>;
}

/** Everything there is to visit. */
export interface Site {
  /** Origin of the app; the emulator lets its pages call. */
  app: string;
  /** Another origin of the same app, which the emulator does not know. */
  stranger: string;
  emulator: Emulator;
  /** What browsers asked the emulator for before they sent a request: `POST /path: header,header`. */
  preflights: string[];
  /** Opens an address in a new tab. */
  visit(url: string): Promise<Tab>;
  close(): Promise<void>;
}

/** Starts servers and browser; the scripts of the app are bundled with the npm package as it is installed. */
export async function openSite(): Promise<Site> {
  const scripts = { "/app.js": await bundle("app.js"), "/keys.js": await bundle("keys.js") };
  await esbuild.stop();
  const preflights: string[] = [];
  const api = serve((request) => {
    if (request.method === "OPTIONS") preflights.push(preflightOf(request));
    return emulator.fetch(request);
  });
  const [app, stranger] = [1, 2].map(() => serve((request) => answer(request, { scripts, emulator })));
  const emulator = createEmulator({ baseURL: api.origin, cors: [app.origin], seed: SEED });
  const browser = await openBrowser();
  return {
    app: app.origin,
    stranger: stranger.origin,
    emulator,
    preflights,
    visit: (url) => openTab(browser, url),
    async close() {
      await browser.close();
      for (const { server } of [api, app, stranger]) await server.shutdown();
    },
  };
}

function preflightOf({ url, headers }: Request): string {
  const asked = headers.get("Access-Control-Request-Headers") ?? "";
  return `${headers.get("Access-Control-Request-Method")} ${new URL(url).pathname}: ${asked}`;
}

function serve(handler: Deno.ServeHandler): { server: Deno.HttpServer<Deno.NetAddr>; origin: string } {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  return { server, origin: `http://127.0.0.1:${server.addr.port}` };
}

/** A script, or else a page for it: strict about what it may load, and with the emulator's address at hand. */
function answer(
  { url }: Request,
  { scripts, emulator }: { scripts: Record<string, string>; emulator: Emulator },
): Response {
  const { pathname } = new URL(url);
  if (pathname in scripts) return new Response(scripts[pathname], { headers: { "Content-Type": "text/javascript" } });
  const page = `<!doctype html>
    <html lang="en" data-api="${emulator.baseURL}" data-client-id="${emulator.clientId}">
    <title>App</title>
    <link rel="icon" href="data:,">
    <body><script src="${pathname === "/keys" ? "/keys.js" : "/app.js"}"></script></body>`;
  const policy = `default-src 'none'; script-src 'self'; img-src data:; connect-src ${emulator.baseURL}`;
  return new Response(page, { headers: { "Content-Type": "text/html", "Content-Security-Policy": policy } });
}

async function bundle(file: string): Promise<string> {
  const contents = await Deno.readTextFile(new URL(file, import.meta.url));
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: FOLDER, sourcefile: file },
    bundle: true,
    minify: true,
    target: "es2022",
    logLevel: "warning",
    write: false,
  });
  return outputFiles[0].text;
}

async function openBrowser(): Promise<Browser> {
  const executablePath = await findBrowser();
  if (executablePath === undefined) throw new TypeError("Cannot run tests: there is no browser");
  return await chromium.launch({ executablePath, args: FLAGS, chromiumSandbox: Deno.uid() !== 0 });
}

async function openTab(browser: Browser, url: string): Promise<Tab> {
  const problems: string[] = [];
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE);
  context.on("weberror", (it) => problems.push(it.error().message));
  context.on("console", (it) => {
    if (!/^(error|warning)$/.test(it.type()) || /responded with a status of/.test(it.text())) return;
    problems.push(it.text());
  });
  const page = await context.newPage();
  await page.goto(url);
  return { page, problems, close: () => context.close() };
}
