import { assert, assertEquals, assertThrows } from "@std/assert";
import { afterEach, describe, it } from "@std/testing/bdd";
import { createWorkOS, WorkOS } from "../mod.ts";
import { createEmulator } from "../src/emulator/mod.ts";
import {
  diagnosticsChannel,
  emitWarning,
  envOf,
  inBrowser,
  readEnv,
  sharesPromises,
  unrefTimer,
} from "../src/runtime.ts";
import { restoreGlobals, setGlobal } from "./globals.ts";
import vectors from "./vectors/config.json" with { type: "json" };

afterEach(restoreGlobals);

describe("readEnv", () => {
  it("reads process.env", () => {
    setGlobal("Deno", undefined);
    setGlobal("process", { env: { WORKOS_TEST: "value", WORKOS_EMPTY: "" } });

    assertEquals(readEnv("WORKOS_TEST"), "value");
    assertEquals(readEnv("WORKOS_EMPTY"), undefined);
    assertEquals(readEnv("WORKOS_NONE"), undefined);
  });

  it("asks Deno for the permission first, and reads nothing without it", () => {
    const read: string[] = [];
    const deno = (state: string) => ({
      permissions: {
        querySync: ({ name, variable }: { name: string; variable?: string }) => ({
          state: name === "env" && variable === "WORKOS_TEST" ? state : "denied",
        }),
      },
      env: { get: (name: string) => (read.push(name), "value") },
    });

    for (const state of ["prompt", "denied"]) {
      setGlobal("Deno", deno(state));
      assertEquals(readEnv("WORKOS_TEST"), undefined);
    }
    assertEquals(read, []);
    setGlobal("Deno", deno("granted"));
    assertEquals(readEnv("WORKOS_TEST"), "value");
  });

  it("reads the environment of Fastly", () => {
    setGlobal("Deno", undefined);
    setGlobal("process", undefined);
    setGlobal("fastly", { env: { get: (name: string) => `${name} of Fastly` } });

    assertEquals(readEnv("WORKOS_TEST"), "WORKOS_TEST of Fastly");
  });

  it("reads the globals of a Worker, and of nobody else", () => {
    setGlobal("Deno", undefined);
    setGlobal("process", undefined);
    setGlobal("WORKOS_TEST", "value");

    setGlobal("navigator", { userAgent: "Cloudflare-Workers" });
    assertEquals(readEnv("WORKOS_TEST"), "value");
    setGlobal("WORKOS_TEST", { get() {} }); // a binding that is no text
    assertEquals(readEnv("WORKOS_TEST"), undefined);
    setGlobal("WORKOS_TEST", "value");
    setGlobal("navigator", { userAgent: "Mozilla/5.0" });
    assertEquals(readEnv("WORKOS_TEST"), undefined);
  });

  it("survives an environment that throws", () => {
    setGlobal("Deno", undefined);
    setGlobal("process", {
      get env() {
        throw new Error("no");
      },
    });

    assertEquals(readEnv("WORKOS_TEST"), undefined);
  });
});

describe("config vectors: runtime", () => {
  const cases = vectors.filter(({ input }) => input.operation === "runtime");
  /** Where we read nothing although the Node SDK tries: the value would not be the environment's. */
  const readsNothing = ["runtime: browser", "runtime: Workers without nodejs_compat"];

  for (const { name, input } of cases as { name: string; input: { globals: Record<string, unknown> } }[]) {
    it(name, () => {
      const { globals } = input;
      const env = { WORKOS_TEST: "value" };
      const granted = { querySync: () => ({ state: "granted" }) };
      setGlobal(
        "Deno",
        globals.Deno ? { permissions: granted, env: { get: (key: keyof typeof env) => env[key] } } : undefined,
      );
      setGlobal("process", globals.process === "undefined" ? undefined : { env, release: { name: "node" } });
      setGlobal("navigator", { userAgent: globals["navigator.userAgent"] ?? "x" });

      assertEquals(readEnv("WORKOS_TEST"), readsNothing.includes(name) ? undefined : "value");
    });
  }
});

describe("envOf", () => {
  it("reads texts of bindings", () => {
    const env = envOf({ WORKOS_API_KEY: "sk_1", KV: {}, EMPTY: "", NULL: null });

    assertEquals(["WORKOS_API_KEY", "EMPTY", "NONE", "NULL"].map(env), ["sk_1", undefined, undefined, undefined]);
  });

  it("refuses a binding that is no text, such as a secret that has yet to be asked for", () => {
    for (const binding of [{ get() {} }, Promise.resolve("sk_1"), 12345, true]) {
      assertThrows(() => envOf({ WORKOS_API_KEY: binding })("WORKOS_API_KEY"), TypeError, "WORKOS_API_KEY of env");
    }
  });
});

describe("sharesPromises", () => {
  it("is for runtimes whose requests may wait for each other", () => {
    const onEdge = "EdgeRuntime" in globalThis;
    for (const navigator of [undefined, { userAgent: "Node.js/24" }]) {
      setGlobal("navigator", navigator);
      assertEquals(sharesPromises(), !onEdge);
    }
    if (!onEdge) setGlobal("EdgeRuntime", "edge-runtime");
    assertEquals(sharesPromises(), false);
  });

  it("is not for Workers", () => {
    setGlobal("navigator", { userAgent: "Cloudflare-Workers" });

    assertEquals(sharesPromises(), false);
  });
});

describe("unrefTimer", () => {
  it("uses the timer's own method, or Deno's for a number", () => {
    const called: unknown[] = [];
    const timer = { unref: () => called.push("timer") };
    setGlobal("Deno", { unrefTimer: (id: number) => called.push(id) });

    for (const it of [timer, 7, {}, null, undefined]) unrefTimer(it);
    setGlobal("Deno", {});
    unrefTimer(8);
    setGlobal("Deno", undefined);
    unrefTimer(9);

    assertEquals(called, ["timer", 7]);
  });
});

describe("emitWarning", () => {
  it("uses the runtime's warnings, or else the console", () => {
    const shown: unknown[] = [];
    const noting = { ...console, warn: (text: string) => shown.push(text) }; // before: Bun's loads itself with process
    setGlobal("process", { emitWarning: (...args: unknown[]) => shown.push(args) });
    emitWarning("first");
    setGlobal("process", undefined);
    setGlobal("console", noting);

    emitWarning("second");

    assertEquals(shown, [["first", "WorkOS"], "WorkOS: second"]);
  });
});

describe("diagnosticsChannel", () => {
  it("asks the runtime for its channel by name", () => {
    const modules: string[] = [];
    const channel = (name: string) => ({ name, hasSubscribers: false, publish() {} });
    setGlobal("process", { getBuiltinModule: (name: string) => (modules.push(name), { channel }) });

    assertEquals((diagnosticsChannel("a:b") as unknown as { name: string }).name, "a:b");
    assertEquals(modules, ["node:diagnostics_channel"]);
  });

  it("has none where there are none", () => {
    const failing = () => {
      throw new Error("no such module");
    };
    for (const process of [undefined, {}, { getBuiltinModule: () => undefined }, { getBuiltinModule: failing }]) {
      setGlobal("process", process);
      assertEquals(diagnosticsChannel("a:b"), undefined);
    }
  });
});

describe("inBrowser", () => {
  const document = { createElement: () => ({}) };
  class WorkerNavigator {
    userAgent = "Mozilla/5.0";
  }

  const browsers: Record<string, object> = {
    "a page": { document, navigator: { userAgent: "Mozilla/5.0" } },
    "a page with a stand-in for process": { document, process: { env: {}, versions: {} } },
    "a page with no more than an environment for process": { document, process: { env: {} } },
    "a worker of a page": { WorkerNavigator, navigator: new WorkerNavigator() },
  };
  for (const [name, scope] of Object.entries(browsers)) {
    it(`is true in ${name}`, () => {
      assertEquals(inBrowser(scope), true);
    });
  }

  const servers: Record<string, object> = {
    "Node": { process: { versions: { node: "24.0.0" } }, navigator: { userAgent: "Node.js/24" } },
    "Node under jsdom": { document, process: { versions: { node: "24.0.0" } }, navigator: { userAgent: "jsdom" } },
    "Bun": { process: { versions: { node: "24.0.0", bun: "1.4.5" } } },
    "Deno": { Deno: {}, navigator: { userAgent: "Deno/2.9.6" } },
    "a worker of Deno": { Deno: {}, WorkerNavigator, navigator: new WorkerNavigator() },
    "Cloudflare Workers": { navigator: { userAgent: "Cloudflare-Workers" }, WorkerGlobalScope: class {} },
    "an edge runtime": { EdgeRuntime: "edge-runtime", navigator: { userAgent: "Edge" } },
    "a runtime that has the class of a worker's navigator alone": { WorkerNavigator, navigator: {} },
    "an edge runtime with a document": { EdgeRuntime: "edge-runtime", document },
    "Cloudflare Workers with a renderer's document": { document, navigator: { userAgent: "Cloudflare-Workers" } },
    "nothing at all": {},
  };
  for (const [name, scope] of Object.entries(servers)) {
    it(`is false in ${name}`, () => {
      assertEquals(inBrowser(scope), false);
    });
  }

  it("knows the pages of this runtime, if it has any, and their workers", async () => {
    const isPage = "document" in globalThis;

    assertEquals(inBrowser(isPage ? freshPage() : globalThis), isPage);
    assertEquals(isPage && await askWorker(`(${inBrowser})()`), isPage);
  });

  it("keeps API keys out of pages", () => {
    const leave = pretendPage();
    const env = { WORKOS_API_KEY: "sk_1" };

    for (const make of [() => new WorkOS("sk_1"), () => createWorkOS({ apiKey: "sk_1" }), () => WorkOS.fromEnv(env)]) {
      const error = assertThrows(make, TypeError, 'Cannot use option "apiKey": every visitor');
      assert(!error.message.includes("sk_1"));
    }
    assertEquals(new WorkOS("sk_1", { dangerouslyAllowBrowser: true }).key, "sk_1");
    assertEquals(new WorkOS({ clientId: "client_1" }).key, undefined);
    leave();
  });

  it("lets pages use the key of an emulator, which is no secret", async () => {
    const leave = pretendPage();
    const workos = new WorkOS(createEmulator().clientOptions);

    const { name } = await workos.organizations.createOrganization({ name: "Acme" });

    leave();
    assertEquals(name, "Acme");
  });

  it("keeps out of pages' requests what the API would be asked for first", async () => {
    const leave = pretendPage();
    const sent: string[][] = [];
    const fetchFn = (_: string, { headers }: RequestInit) => {
      sent.push(Object.keys(headers!));
      return Promise.resolve(Response.json({ profile: {}, access_token: "t" }));
    };
    const grant = { code: "code_1", codeVerifier: "verifier" };
    const plain = new WorkOS({ clientId: "client_1", fetchFn });
    const named = new WorkOS({ apiKey: "sk_1", fetchFn, appInfo: { name: "MyApp" }, dangerouslyAllowBrowser: true });

    await plain.sso.getProfileAndToken(grant);
    await plain.sso.getProfileAndToken(grant, { idempotencyKey: "mine" });
    await named.post("/organizations", {});

    leave();
    assertEquals(sent, [
      ["Accept", "Content-Type"],
      ["Accept", "Idempotency-Key", "Content-Type"],
      ["Accept", "Authorization", "X-WorkOS-Client-App", "Idempotency-Key", "Content-Type"],
    ]);
  });
});

/** Makes this look like a page, until the function that it returns is called. */
function pretendPage(): () => void {
  const { document: page } = globalThis as { document?: { createElement?: unknown } };
  const hidden = page && Object.getOwnPropertyDescriptor(page, "createElement"); // that this is a page
  for (const name of ["Deno", "process", "EdgeRuntime"]) setGlobal(name, undefined);
  if (page) delete page.createElement;
  else {
    setGlobal("document", { createElement: () => ({}) });
    setGlobal("navigator", { userAgent: "Mozilla/5.0" });
  }
  return () => {
    if (hidden) Object.defineProperty(page, "createElement", hidden);
    restoreGlobals();
  };
}

/** The globals of a page as the browser makes them. */
function freshPage(): object {
  const { document } = globalThis as unknown as { document: PageDocument };
  const { createElement } = Object.getPrototypeOf(document) as PageDocument;
  return document.body.appendChild(createElement.call(document, "iframe")).contentWindow;
}

interface PageDocument {
  body: { appendChild<T>(child: T): T };
  createElement(this: PageDocument, name: "iframe"): { contentWindow: object };
}

/** What an expression gives in a worker of this page. */
function askWorker(expression: string): Promise<unknown> {
  const url = URL.createObjectURL(new Blob([`postMessage(${expression})`], { type: "text/javascript" }));
  return new Promise((resolve) => {
    const worker = new Worker(url);
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(data);
    };
  });
}
