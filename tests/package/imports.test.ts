import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { ENTRIES, FOLDER, MANIFEST, ROOT, run } from "./installed.ts";

const NODES = ["20.20.2", "22.23.3", "24.21.0"];

/** Loads one entry where nothing is allowed, and tells what that did. */
const WATCH = `
  await import(OTHER); // Deno looks at the process for the first CommonJS module, whatever that is
  const touched = [];
  const watch = (name, target) => new Proxy(target, { get: (it, key) => (touched.push(name), it[key]) });
  const env = { get: () => undefined };
  Object.defineProperty(Deno, "env", { value: watch("Deno.env", env) });
  Object.defineProperty(globalThis, "process", { value: watch("process", { env: {} }), configurable: true });
  for (const name of ["fetch", "setTimeout", "setInterval"]) {
    Object.defineProperty(globalThis, name, { value: () => touched.push(name), configurable: true });
  }
  const before = Object.getOwnPropertyNames(globalThis);
  const names = Object.keys(await import(ENTRY));
  const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
  console.log(JSON.stringify({ touched, added, empty: names.length === 0 }));
`;

describe("importing", () => {
  for (const [name, target] of Object.entries(MANIFEST.exports)) {
    if (typeof target === "string") continue;
    it(`${name} does nothing and needs no permission`, async () => {
      const script = await Deno.makeTempFile({ suffix: ".mjs" });
      const other = await Deno.makeTempFile({ suffix: ".cjs", dir: FOLDER });
      const entry = `file://${FOLDER}/node_modules/${MANIFEST.name}/${target.import.default}`;
      await Deno.writeTextFile(script, WATCH.replace("OTHER", `"file://${other}"`).replace("ENTRY", `"${entry}"`));

      // Imports that are computed count as reading; nothing else is allowed
      const said = await run(Deno.execPath(), ["run", "--no-prompt", `--allow-read=${FOLDER}`, "--no-config", script]);

      assertEquals(JSON.parse(said), { touched: [], added: [], empty: false });
      for (const file of [script, other]) await Deno.remove(file);
    });
  }
});

describe("classes", () => {
  it("keep their names, as inspectors show them", async () => {
    const code = `
      const all = require("@universal/workos");
      const names = Object.entries(all).filter(([, value]) => /^class/.test(String(value)));
      console.log(names.length > 40, JSON.stringify(names.filter(([name, { name: own }]) => name !== own)));
    `;

    assertEquals((await node(NODES[0], code)).trim(), "true []");
  });
});

describe("source maps", () => {
  it("lead from a stack trace to the line of the source that throws, in both formats", async () => {
    const code = `
      process.setSourceMapsEnabled(true);
      const trace = ({ PKCE }) => {
        try {
          new PKCE().generateCodeVerifier(1);
        } catch ({ stack }) {
          return Number(/src\\/pkce\\.ts:(\\d+)/.exec(stack)?.[1]);
        }
      };
      import("@universal/workos/pkce").then((esm) => {
        console.log(JSON.stringify([trace(esm), trace(require("@universal/workos/pkce"))]));
      });`;
    const lines = (await Deno.readTextFile(new URL("src/pkce.ts", ROOT))).split("\n");
    const throwing = lines.findIndex((it) => it.includes("throw new RangeError")) + 1;

    assertEquals(JSON.parse(await node(NODES[0], code)), [throwing, throwing]);
  });
});

describe("require()", () => {
  for (const version of NODES) {
    for (const entry of ENTRIES) {
      it(`${entry} on Node ${version}`, async () => {
        const code = `const a = require("${entry}"); import("${entry}").then((b) => {
          const names = Object.keys(a).sort().join();
          console.log(names.length > 3 && names === Object.keys(b).sort().join());
        });`;
        assertEquals((await node(version, code)).trim(), "true");
      });

      it(`${entry} gives exports that can be replaced, and that import finds, on Node ${version}`, async () => {
        const code = `
          const all = require("${entry}");
          const locked = Object.entries(Object.getOwnPropertyDescriptors(all))
            .filter(([, it]) => !("value" in it && it.writable && it.configurable && it.enumerable));
          import(require.resolve("${entry}")).then((found) => console.log(JSON.stringify({
            locked: locked.map(([name]) => name),
            marked: "__esModule" in all,
            isDefault: found.default === all,
            lost: Object.keys(all).filter((name) => found[name] !== all[name]),
          })));`;

        assertEquals(JSON.parse(await node(version, code)), { locked: [], marked: false, isDefault: true, lost: [] });
      });
    }

    it(`gives entries and formats exceptions that know each other on Node ${version}`, async () => {
      const code = `
        const { WorkOS, JwtError, NotFoundException, SignatureVerificationException, responseOf } =
          require("@universal/workos");
        const { constructEvent } = require("@universal/workos/webhooks");
        const { decodeJwt } = require("@universal/workos/jwt");
        const { createPublicWorkOS } = require("@universal/workos/public");
        const { createEmulator } = require("@universal/workos/emulator");
        const failure = async (run) => await (async () => await run())().catch((error) => error);
        (async () => {
          const { fetch: fetchFn, apiKey, clientId } = await createEmulator();
          const workos = new WorkOS({ apiKey, clientId, fetchFn });
          const organization = await workos.organizations.createOrganization({ name: "Acme" });
          const missing = await failure(() => workos.organizations.getOrganization("org_none"));
          const { sso } = createPublicWorkOS({ clientId, fetchFn: async () => new Response("{}", { status: 404 }) });
          const esm = await import("@universal/workos");
          console.log(JSON.stringify([
            responseOf(organization).status,
            await failure(() => constructEvent({ payload: "{}", secret: "s" })) instanceof SignatureVerificationException,
            await failure(() => decodeJwt("")) instanceof JwtError,
            await failure(() => sso.getProfile({ accessToken: "t" })) instanceof NotFoundException,
            missing instanceof NotFoundException,
            missing instanceof esm.NotFoundException,
            missing instanceof esm.ConflictException,
          ]));
        })();`;
      assertEquals(JSON.parse(await node(version, code)), [201, true, true, true, true, true, false]);
    });
  }
});

/** Where each version of Node is: npx takes longer than most programs here. */
const paths = new Map<string, string>();

async function node(version: string, code: string): Promise<string> {
  const path = paths.get(version) ?? (await run("npx", ["-y", `node@${version}`, "-p", "process.execPath"])).trim();
  paths.set(version, path);
  return await run(path, ["--input-type=commonjs", "-e", code]);
}
