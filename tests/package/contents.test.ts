import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { relative } from "node:path";
import { checkEmitted, findForeignSigns } from "../../scripts/check_layers.ts";
import { ENTRIES, FOLDER, listFiles, MANIFEST, ROOT, run } from "./installed.ts";

const ALLOWED = [
  /^(package\.json|README\.md|LICENSE)$/,
  /^esm\/[\w-]+\.(js|js\.map|d\.ts)$/,
  /^cjs\/[\w-]+\.(cjs|cjs\.map)$/,
  /^types\/[\w-]+\.d\.cts$/,
  /^(emulator|jwt|pkce|public|session|vault|webhooks)\/package\.json$/,
];

describe("the npm package", () => {
  it("has a README whose links lead to its own sections or out of the package, which lacks the other documents", async () => {
    const readme = await Deno.readTextFile(`${FOLDER}/npm/README.md`);
    const links = [...readme.matchAll(/\]\((.*?)\)/g)].map(([, link]) => link);

    assertEquals(links.filter((it) => !/^(#|https:\/\/)/.test(it)), []);
    assert(links.includes("https://github.com/universal/workos/blob/HEAD/MIGRATION.md"));
  });

  it("is the same, byte for byte, when it is built again, in a folder of any name", async () => {
    const root = decodeURIComponent(ROOT.pathname);
    const again = await Deno.makeTempDir({ prefix: "workos #1 %20 " });

    await run(Deno.execPath(), ["run", "-A", "scripts/build_npm.ts", relative(root, again)], root);

    const files = await listFiles(`${FOLDER}/npm`);
    assertEquals(await listFiles(again), files);
    for (const file of files) {
      assertEquals(await Deno.readFile(`${again}/${file}`), await Deno.readFile(`${FOLDER}/npm/${file}`), file);
    }
    await Deno.remove(again, { recursive: true });
  });

  it("has nothing in it that is not meant to be there", async () => {
    const packed = (await run("tar", ["-tzf", "package.tgz"])).trim().split("\n").map((path) =>
      path.slice("package/".length)
    );

    assertEquals(packed.filter((path) => !ALLOWED.some((it) => it.test(path))), []);
    assertEquals(packed.sort(), await listFiles(`${FOLDER}/npm`));
  });

  it("has every file that it exports", async () => {
    const targets = Object.values(MANIFEST.exports).flatMap((it) =>
      typeof it === "string" ? [it] : [it.import, it.require].flatMap((each) => Object.values(each))
    );
    for (const target of targets) assert((await Deno.stat(`${FOLDER}/npm/${target}`)).isFile, target);
    assertEquals(ENTRIES.length, 8);
  });

  it("exports the same files whatever the runtime, types first", () => {
    for (const [name, target] of Object.entries(MANIFEST.exports)) {
      if (typeof target === "string") continue;
      assertEquals(Object.keys(target), ["import", "require"], name);
      for (const each of Object.values(target)) assertEquals(Object.keys(each), ["types", "default"], name);
    }
  });

  it("needs no other package and runs nothing when it is installed", () => {
    assertEquals([MANIFEST.dependencies, MANIFEST.scripts], [undefined, undefined]);
  });

  it("has the version of deno.json", async () => {
    const { version } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
    assertEquals(MANIFEST.version, version);
  });

  it("unpacks to a megabyte at most, source maps apart", async () => {
    const files = (await listFiles(`${FOLDER}/npm`)).filter((file) => !file.endsWith(".map"));
    const sizes = await Promise.all(files.map(async (file) => (await Deno.stat(`${FOLDER}/npm/${file}`)).size));

    const total = sizes.reduce((sum, size) => sum + size, 0);
    assert(total <= 1024 * 1024, `${total} bytes`);
  });

  it("has no long lines that throw: Node prints the whole line above an uncaught exception", async () => {
    const files = (await listFiles(`${FOLDER}/npm`)).filter((file) => /\.c?js$/.test(file));
    for (const file of files) {
      const lines = (await Deno.readTextFile(`${FOLDER}/npm/${file}`)).split("\n");
      assertEquals(lines.filter((it) => it.length > 500 && !/^;?export\{/.test(it)), [], file);
    }
  });

  it("is ASCII, so that engines keep a byte a sign, as do compilers of its declarations", async () => {
    const files = (await listFiles(`${FOLDER}/npm`)).filter((file) => /\.c?[jt]s$/.test(file));
    const sources = await Promise.all(files.map(async (path) => ({
      path,
      text: await Deno.readTextFile(`${FOLDER}/npm/${path}`),
    })));

    assertEquals(sources.flatMap(findForeignSigns), []);
  });

  it("uses no name that is not a web standard", async () => {
    const files = (await listFiles(`${FOLDER}/npm`)).filter((file) => /\.c?js$/.test(file));
    const sources = await Promise.all(files.map(async (path) => ({
      path,
      text: await Deno.readTextFile(`${FOLDER}/npm/${path}`),
    })));

    assertEquals(checkEmitted(sources), []);
    assertEquals(
      checkEmitted([{ path: "esm/x.js", text: 'import "node:fs"; Buffer; process.env; require("./y");' }]).length,
      4,
    );
    assertEquals(checkEmitted([{ path: "cjs/x.cjs", text: 'require("./y.cjs"); require("fs");' }]).length, 1);
  });

  it("has source maps that lead back to the source", async () => {
    for (const file of (await listFiles(`${FOLDER}/npm`)).filter((it) => it.endsWith(".map"))) {
      const { sources, sourcesContent } = JSON.parse(await Deno.readTextFile(`${FOLDER}/npm/${file}`));
      assertEquals(sources.filter((it: string) => !/^(\.\.\/)+(mod\.ts|src\/)/.test(it)), [], file);
      assertEquals(sourcesContent.length, sources.length, file);
    }
  });
});
