import { assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { ENTRIES, FOLDER, MANIFEST, ROOT, run } from "./installed.ts";

const NODES = ["20.20.2", "22.23.3", "24.21.0"];

/** Loads one entry where nothing is allowed, and tells what that did. */
const WATCH = `
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
      const entry = `file://${FOLDER}/node_modules/${MANIFEST.name}/${target.import.default}`;
      await Deno.writeTextFile(script, WATCH.replace("ENTRY", `"${entry}"`));

      // Imports that are computed count as reading; nothing else is allowed
      const said = await run(Deno.execPath(), ["run", "--no-prompt", `--allow-read=${FOLDER}`, "--no-config", script]);

      assertEquals(JSON.parse(said), { touched: [], added: [], empty: false });
      await Deno.remove(script);
    });
  }
});

describe("permissions", () => {
  /** Runs a program on the source with the permissions given and no other. */
  async function runWith(permissions: string[], program: string): Promise<string> {
    const script = await Deno.makeTempFile({ suffix: ".ts" });
    await Deno.writeTextFile(script, program.replaceAll("ROOT", String(ROOT)));
    try {
      const config = decodeURIComponent(new URL("deno.json", ROOT).pathname);
      return (await run(Deno.execPath(), [
        "run",
        "--no-prompt",
        "--no-check",
        `--config=${config}`,
        ...permissions,
        script,
      ]))
        .trim();
    } finally {
      await Deno.remove(script);
    }
  }

  /** Permissions that the README names, in its own words. */
  async function stated(): Promise<string[]> {
    const readme = await Deno.readTextFile(new URL("README.md", ROOT));
    return [...readme.matchAll(/`(--allow-[\w=.,:]+)`/g)].map(([, flag]) => flag);
  }

  const CALL = `
    import { WorkOS, WorkOSException } from "ROOTmod.ts";
    const workos = new WorkOS({ apiKey: "sk_none", maxRetries: 0, timeout: 2_000 });
    const error = await workos.organizations.getOrganization("org_none").catch((it) => it);
    console.log(error instanceof Deno.errors.NotCapable || error.cause instanceof Deno.errors.NotCapable, error instanceof WorkOSException);
  `;

  it("to reach the API are those that the README states, and are needed", async () => {
    const net = (await stated()).filter((flag) => flag.startsWith("--allow-net"));

    assertEquals(net, ["--allow-net=api.workos.com"]);
    assertEquals(await runWith(net, CALL), "false true");
    assertStringIncludes(await runWith([], CALL), "true");
  });

  it("to read the environment are those that the README states; without them nothing is read or asked for", async () => {
    const env = (await stated()).filter((flag) => flag.startsWith("--allow-env"));
    const program = `
      import { WorkOS } from "ROOTmod.ts";
      try {
        console.log(new WorkOS().key, new WorkOS().clientId);
      } catch (error) {
        console.log(error.message.startsWith("WorkOS requires"));
      }
    `;
    Deno.env.set("WORKOS_API_KEY", "sk_1");
    Deno.env.set("WORKOS_CLIENT_ID", "client_1");

    const answers = [await runWith(env.slice(0, 1), program), await runWith([], program)];

    Deno.env.delete("WORKOS_API_KEY");
    Deno.env.delete("WORKOS_CLIENT_ID");
    assertEquals(answers, ["sk_1 client_1", "true"]);
  });

  it("are not needed for the first call of the README, which the emulator answers", async () => {
    const readme = await Deno.readTextFile(new URL("README.md", ROOT));
    const [, first] = readme.match(/## A first call[\s\S]*?```ts\n([\s\S]*?)```/)!;
    const program = first.replace('"@universal/workos"', '"ROOTmod.ts"')
      .replace('"@universal/workos/emulator"', '"ROOTsrc/emulator/mod.ts"');

    assertEquals(await runWith([], program), "ada@acme.example");
  });

  it("are not needed for the examples of the entry points", async () => {
    const { exports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
    for (const path of Object.values<string>(exports)) {
      const [, commented] = (await Deno.readTextFile(new URL(path, ROOT))).match(/```ts\n([\s\S]*?)```/)!;
      const example = commented.replace(/^ \* ?/gm, "").replace(
        /"@universal\/workos(\/\w+)?"/g,
        (_, name) => JSON.stringify(String(new URL(exports[`.${name ?? ""}`], ROOT))),
      );
      await runWith([], example);
    }
  });
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
          const { sso } = createPublicWorkOS({ clientId, fetchFn, baseUrl: "https://api.workos.com/none" });
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

async function node(version: string, code: string): Promise<string> {
  return await run("npx", ["-y", `node@${version}`, "--input-type=commonjs", "-e", code]);
}
