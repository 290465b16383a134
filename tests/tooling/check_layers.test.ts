import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { checkEmitted, checkLayers, levelOf, readLibrary } from "../../scripts/check_layers.ts";

/** What is wrong with one file of this text. */
function problems(path: string, text: string): string[] {
  return checkLayers([{ path, text }]).map(({ line, message }) => `${line}: ${message}`);
}

describe("levelOf()", () => {
  it("puts every kind of file on its level", () => {
    const paths = [
      "src/bytes.ts",
      "src/seal.ts",
      "src/transport.ts",
      "src/resources/sso.ts",
      "src/workos.ts",
      "mod.ts",
    ];

    assertEquals(paths.map(levelOf), [0, 1, 2, 3, 4, 5]);
  });

  it("knows no file that nobody listed", () => {
    assertEquals(levelOf("src/helpers.ts"), undefined);
    assertEquals(problems("src/helpers.ts", ""), ["1: It has no level: give it one in scripts/check_layers.ts"]);
  });
});

describe("checkLayers()", () => {
  it("lets imports point down", () => {
    assertEquals(problems("src/seal.ts", `import { utf8 } from "./bytes.ts";`), []);
    assertEquals(problems("src/resources/sso.ts", `import type { Transport } from "../transport.ts";`), []);
    assertEquals(problems("mod.ts", `export { WorkOS } from "./src/workos.ts";`), []);
  });

  it("refuses imports that point up or aside, types too", () => {
    const upward = "1: It imports src/workos.ts: imports point down";
    assertEquals(problems("src/resources/sso.ts", `import type { WorkOS } from "../workos.ts";`), [upward]);
    assertEquals(problems("src/transport.ts", `export * from "./workos.ts";`), [upward]);
    assertEquals(problems("src/transport.ts", `const load = () => import("./workos.ts");`), [upward]);
    assertEquals(problems("src/transport.ts", `let client: import("./workos.ts").WorkOS | undefined;`), [
      "1: It keeps state at module scope",
      upward,
    ]);
    assertEquals(problems("src/bytes.ts", `import { path } from "./url.ts";`), [
      "1: It imports src/url.ts: imports point down",
    ]);
  });

  it("refuses signs that are not ASCII, in comments too", () => {
    assertEquals(problems("src/bytes.ts", "// plain\n// sk_\u2026 \u2026\n// \u{1f600}"), [
      "2: It has a sign that is not ASCII: \u2026",
      "3: It has a sign that is not ASCII: \u{1f600}",
    ]);
  });

  it("refuses whatever is not a relative import of a .ts file", () => {
    assertEquals(problems("src/bytes.ts", `import { Buffer as B } from "node:buffer";`), [
      "1: It mentions Buffer",
      "1: It imports node:buffer: imports are relative",
    ]);
    assertEquals(problems("mod.ts", `import "jose";`), ["1: It imports jose: imports are relative"]);
    assertEquals(problems("mod.ts", `export * from "npm:jose@6.1.0";`), [
      "1: It imports npm:jose@6.1.0: imports are relative",
    ]);
    assertEquals(problems("src/seal.ts", `import { utf8 } from "./bytes.js";`), ["1: It imports ./bytes.js: say .ts"]);
  });

  it("lets areas share types and functions but not classes", () => {
    const path = "src/resources/sso.ts";
    assertEquals(problems(path, `import { readUser, type Users } from "./users.ts";`), []);
    assertEquals(problems(path, `import type { User } from "./users.ts";`), []);
    assertEquals(problems(path, `import { Profiles } from "./sso/profiles.ts";`), []);
    assertEquals(problems(path, `import { Users } from "./users.ts";`), [
      "1: It imports Users of another area: take its types only",
    ]);
  });

  it("keeps the emulator and the library apart", () => {
    assertEquals(problems("src/emulator/mod.ts", `import { decodeJwt } from "../jwt.ts";`), []);
    assertEquals(problems("src/emulator/mod.ts", `import { store } from "./store.ts";`), []);
    assertEquals(problems("src/emulator/mod.ts", `import { send } from "../transport.ts";`), [
      "1: It imports src/transport.ts: the emulator uses leaf modules only",
    ]);
    assertEquals(problems("mod.ts", `import { serve } from "./src/emulator/mod.ts";`), [
      "1: It imports src/emulator/mod.ts: the emulator stands apart",
    ]);
  });

  it("finds cycles", () => {
    const sources = [
      { path: "src/transport.ts", text: `import { List } from "./page.ts";` },
      { path: "src/page.ts", text: `import type { Transport } from "./transport.ts";` },
    ];

    assertEquals(checkLayers(sources), [
      {
        file: "src/page.ts",
        line: 1,
        message: "It closes a cycle: src/transport.ts -> src/page.ts -> src/transport.ts",
      },
    ]);
  });

  it("lets the types of two areas point at each other", () => {
    const sources = [
      { path: "src/resources/a.ts", text: `import type { B } from "./b.ts";` },
      { path: "src/resources/b.ts", text: `import { type A } from "./a.ts";` },
    ];

    assertEquals(checkLayers(sources), []);
  });

  it("lets only the transport call fetch", () => {
    const calls = "function f(): void {\n  fetch(url);\n  scope.fetch(url);\n}";
    assertEquals(problems("src/transport.ts", calls), []);
    assertEquals(problems("src/jwks.ts", calls), [
      "2: It calls fetch: requests go through the transport",
      "3: It calls fetch: requests go through the transport",
    ]);
  });

  it("lets only the runtime module name a runtime", () => {
    const mention = "export const env = () => (globalThis as Shape).Deno?.env ?? process.env;";
    assertEquals(problems("src/runtime.ts", mention), []);
    assertEquals(problems("src/config.ts", mention), [
      "1: Only src/runtime.ts mentions globalThis",
      "1: Only src/runtime.ts mentions Deno",
      "1: Only src/runtime.ts mentions process",
    ]);
  });

  it("refuses names that are no web standard of every runtime", () => {
    assertEquals(problems("src/jwt.ts", "export const f = () => window.atob(Buffer.from(__dirname));"), [
      "1: It mentions window",
      "1: It mentions Buffer",
      "1: It mentions __dirname",
    ]);
  });

  it("refuses the global scope under another name", () => {
    for (const scope of ["globalThis", "self", "global"]) {
      const aliased = `export const f = () => {\n  const g = ${scope};\n  return g.process;\n};`;
      assertEquals(problems("src/runtime.ts", aliased), []);
      assertEquals(problems("src/config.ts", aliased), [`2: Only src/runtime.ts mentions ${scope}`]);
    }
    assertEquals(problems("src/config.ts", "export const f = (links: Links): string => links.self;"), []);
  });

  it("refuses names that are looked up as texts, in the runtime module too", () => {
    for (
      const lookup of ['(globalThis as any)["Buffer"]', "globals.Buffer", 'globals["Buffer"]', "globals[`Buffer`]"]
    ) {
      assertEquals(problems("src/runtime.ts", `export const f = () => ${lookup};`), ["1: It mentions Buffer"]);
    }
    assertEquals(problems("src/jwt.ts", `export const f = () => scope["window"];`), []);
  });

  it("refuses modules of Node that are named in a text", () => {
    const channel = `export const f = (load: Load) => load("node:diagnostics_channel");`;
    assertEquals(problems("src/runtime.ts", channel), []);
    assertEquals(problems("src/hooks.ts", channel), ["1: It names node:diagnostics_channel"]);
    assertEquals(problems("src/runtime.ts", 'export const f = (load: Load) => load("node:fs");'), [
      "1: It names node:fs",
    ]);
    assertEquals(problems("src/runtime.ts", "export const f = (it: string) => load(`node:${it}`);"), [
      "1: It names node:",
    ]);
  });

  it("reads neither comments nor texts nor names of members", () => {
    const text = "// Buffer, fetch(url)\n/** Deno */\nexport const a = `process ${1}`;\n" +
      "export interface B {\n  window: number;\n}\nexport const c = (b: B): number => b.window;";
    assertEquals(problems("src/jwt.ts", text), []);
  });

  it("refuses state and work at module scope", () => {
    assertEquals(problems("src/jwks.ts", "let cache = 1;\nload();\nconst keys = 1;\nif (keys) keys.x = 1;\n{}"), [
      "1: It keeps state at module scope",
      "2: It does something when it is imported",
      "4: It does something when it is imported",
      "5: It does something when it is imported",
    ]);
  });

  it("refuses calls at module scope that could start something", () => {
    const started = "It does something when it is imported: ";
    assertEquals(problems("src/jwks.ts", "const t = setInterval(tick, 1);"), [`1: ${started}setInterval`]);
    assertEquals(problems("src/jwks.ts", "export const t = { at: [Date.now()] };"), [`1: ${started}Date.now`]);
    assertEquals(problems("src/jwks.ts", "const s = new WebSocket(url);"), [`1: ${started}WebSocket`]);
    assertEquals(problems("src/jwks.ts", "const t = (() => setTimeout(tick))();"), [
      `1: ${started}(() => setTimeout(tick))`,
    ]);
    assertEquals(problems("src/jwks.ts", "export class A {\n  static t = setTimeout(tick);\n}"), [
      `2: ${started}setTimeout`,
    ]);
    assertEquals(problems("src/jwks.ts", "export class A {\n  static {\n    setTimeout(tick);\n  }\n}"), [
      `3: ${started}setTimeout`,
    ]);
  });

  it("lets module scope make values, and functions do what they like", () => {
    const text = `import { kind } from "./records.ts";
      const names = new Set(["a"]);
      const user = kind("user");
      const later = () => setTimeout(own);
      function own(): number { return Date.now(); }
      const first = own();
      export class A { t = setTimeout(own); }`;
    assertEquals(problems("src/emulator/mod.ts", text), []);
  });

  it("refuses long files", () => {
    assertEquals(problems("src/jwks.ts", "//\n".repeat(1000)), []);
    assertEquals(problems("src/jwks.ts", "//\n".repeat(1001)), ["1000: It has 1001 lines"]);
  });
});

describe("checkEmitted()", () => {
  /** What is wrong with a file of the package. */
  function emitted(text: string): string[] {
    return checkEmitted([{ path: "esm/x.js", text }]).map(({ message }) => message);
  }

  it("takes what the runtime module becomes", () => {
    const text =
      'var e=globalThis;function t(){return e.Deno?.env??e.process?.getBuiltinModule("node:diagnostics_channel")}';
    assertEquals(emitted(text + "let{Deno:n}=e;"), []);
    assertEquals(emitted('import{a}from"./b.js";var n=new Map,c=class{t=setTimeout(a)};export{a};'), []);
  });

  it("refuses names under any object, and as texts", () => {
    assertEquals(emitted("var e=globalThis;e.Buffer"), ["It mentions Buffer"]);
    assertEquals(emitted('globalThis["Buffer"]'), ["It mentions Buffer"]);
    assertEquals(emitted('globalThis["process"]'), ["It mentions process"]);
    assertEquals(emitted("Buffer;process.env"), ["It mentions Buffer", "It mentions process"]);
  });

  it("refuses modules of somebody else, imported or named", () => {
    assertEquals(emitted('import"node:fs"'), ["It imports node:fs"]);
    assertEquals(emitted('e.process.getBuiltinModule("node:fs")'), ["It names node:fs"]);
    assertEquals(emitted("e.process.getBuiltinModule(`node:${t}`)"), ["It names node:"]);
    assertEquals(emitted('var a=["node:crypto"]'), ["It names node:crypto"]);
  });

  it("refuses timers and requests at module scope", () => {
    assertEquals(emitted("var t=setInterval(e,1);"), ["It does something when it is imported: setInterval"]);
    assertEquals(emitted("fetch(u);"), ["It does something when it is imported: fetch"]);
  });
});

describe("scripts/check_layers.ts", () => {
  it("fails on a tree with one planted violation, and passes without it", async () => {
    const root = await Deno.makeTempDir();
    await Deno.mkdir(`${root}/src/resources`, { recursive: true });
    await Deno.writeTextFile(`${root}/mod.ts`, `export { X } from "./src/resources/x.ts";\n`);
    await Deno.writeTextFile(`${root}/src/resources/x.ts`, "export class X {}\n");
    const clean = await runOn(root);

    await Deno.writeTextFile(`${root}/src/resources/x.ts`, `import "../../mod.ts";\nexport class X {}\n`);
    const dirty = await runOn(root);

    await Deno.remove(root, { recursive: true });
    assertEquals(clean, { code: 0, output: "2 files, 0 violations\n" });
    assertEquals(dirty, {
      code: 1,
      output: "2 files, 2 violations\n" +
        "src/resources/x.ts:1: It imports mod.ts: imports point down\n" +
        "mod.ts:1: It closes a cycle: src/resources/x.ts -> mod.ts -> src/resources/x.ts\n",
    });
  });

  it("reads the library of this project", async () => {
    const paths = (await readLibrary(new URL("../..", import.meta.url))).map(({ path }) => path);

    assertEquals(["mod.ts", "src/bytes.ts", "src/version.ts"].filter((path) => !paths.includes(path)), []);
  });
});

async function runOn(root: string): Promise<{ code: number; output: string }> {
  const script = decodeURIComponent(new URL("../../scripts/check_layers.ts", import.meta.url).pathname);
  const args = ["run", "-A", "--no-check", script, root];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
