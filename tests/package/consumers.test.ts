import { assertEquals } from "@std/assert";
import { after, before, describe, it } from "@std/testing/bdd";
import { makeProject, run } from "./installed.ts";

/** Types of Node, and the compilers that can read them. */
const COMPILERS = { "20.19.0": ["5.9.3"], "24.19.2": ["6.0.3", "7.0.2"] };

const RESOLUTIONS = [
  { module: "node16", moduleResolution: "node16" },
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
];

/** No web libraries: what the declarations mention has to be in Node's own types. */
const OPTIONS = {
  target: "es2022",
  lib: ["es2023"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  types: ["node"],
  skipLibCheck: false,
  noEmit: true,
};

const PROGRAM = `
import { type AutoPaginatable, NotFoundException, responseOf, type User, WorkOS } from "@universal/workos";
import { createEmulator } from "@universal/workos/emulator";
import { decodeJwt } from "@universal/workos/jwt";
import { PKCE } from "@universal/workos/pkce";
import { createPublicWorkOS } from "@universal/workos/public";
import { constructEvent } from "@universal/workos/webhooks";

export async function main(): Promise<string[]> {
  const emulator = await createEmulator();
  const workos = new WorkOS({ apiKey: emulator.apiKey, clientId: emulator.clientId, fetchFn: emulator.fetch });
  const user: User = await workos.userManagement.createUser({ email: "ada@acme.example" });
  const users: AutoPaginatable<User, object> = await workos.userManagement.listUsers({ limit: 1 }, { timeout: 1000 });
  const error: unknown = await workos.organizations.getOrganization("org_none").catch((it) => it);
  const open = createPublicWorkOS({ clientId: "client_1", fetchFn: fetch });
  new WorkOS("sk_1", { fetchFn: (url, { method = "" }) => fetch(url.trim(), { method }) });
  const { url } = await open.userManagement.getAuthorizationUrlWithPKCE({ provider: "authkit", redirectUri: "https://a.example" });
  const verifier: string = (await new PKCE().generate()).codeVerifier;
  const sub: unknown = decodeJwt("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.AA").payload.sub;
  const refused: string = await constructEvent({ payload: "{}", sigHeader: "", secret: "s" }).then((it) => it.event, () => "refused");
  const status: number | undefined = responseOf(user)?.status;
  return [
    user.email,
    String(users.data.length),
    String(error instanceof NotFoundException && error.status),
    new URL(url).pathname,
    String(verifier.length),
    String(sub),
    refused,
    String(status),
  ];
}

/** What must not compile: where it does, the comment above it is an error. */
export function mistakes(workos: WorkOS): void {
  // @ts-expect-error: a public client takes no secret
  createPublicWorkOS({ clientId: "client_1", apiKey: "sk_1" });
  // @ts-expect-error: there is no such option
  void workos.userManagement.getUser("user_1", { patience: 1 });
  // @ts-expect-error: there is no such method
  void workos.userManagement.getPerson("user_1");
}
`;

/** How a test in CommonJS replaces what the package exports. */
const REPLACING = `
const sdk = require("@universal/workos");

test("spies on a class", () => {
  const spy = jest.spyOn(sdk, "WorkOS").mockImplementation(() => ({ key: "fake" }));
  expect(new sdk.WorkOS("sk_1").key).toBe("fake");
  expect(spy).toHaveBeenCalledWith("sk_1");
  spy.mockRestore();
  expect(new sdk.WorkOS("sk_1").key).toBe("sk_1");
});
`;

/** For machines that are busy: the emulator makes an RSA key. */
const PATIENT = "--testTimeout=60000";

const EXPECTED = ["ada@acme.example", "1", "404", "/user_management/authorize", "43", "user_1", "refused", "201"];

/** The other ways to name the package in CommonJS: at run time, all of them have to be what the types say. */
const INTEROP = `
import workos from "@universal/workos";
import * as all from "@universal/workos";
import required = require("@universal/workos");

console.log(new workos.WorkOS("sk_1").key, new all.WorkOS("sk_2").key, new required.WorkOS("sk_3").key);
`;

const CONFIGS = Object.fromEntries(RESOLUTIONS.map((it) => [
  `tsconfig.${it.moduleResolution}.json`,
  JSON.stringify({ compilerOptions: { ...OPTIONS, ...it }, files: ["esm.mts", "cjs.cts"] }),
]));

describe("a consumer", () => {
  for (const [types, versions] of Object.entries(COMPILERS)) {
    describe(`with the types of Node ${types}`, () => {
      let project: string;

      before(async () => {
        const compilers = versions.map((version) => `typescript-${version}@npm:typescript@${version}`);
        const interop = { ...OPTIONS, ...RESOLUTIONS[0], esModuleInterop: true, noEmit: false };
        const files = {
          ...CONFIGS,
          "tsconfig.interop.json": JSON.stringify({ compilerOptions: interop, files: ["interop.cts"] }),
          "esm.mts": PROGRAM,
          "cjs.cts": PROGRAM,
          "interop.cts": INTEROP,
        };
        project = await makeProject(files, [`@types/node@${types}`, ...compilers]);
      });

      after(async () => await Deno.remove(project, { recursive: true }));

      async function compile(version: string, config: string): Promise<string> {
        const tsc = `node_modules/typescript-${version}/bin/tsc`;
        return await run("node", [tsc, "--pretty", "false", "-p", `tsconfig.${config}.json`], project);
      }

      for (const version of versions) {
        for (const { moduleResolution } of RESOLUTIONS) {
          it(`and TypeScript ${version}, ${moduleResolution}, as ES module and as CommonJS`, async () => {
            await compile(version, moduleResolution);
          });
        }

        it(`and TypeScript ${version}, imported as a default into CommonJS`, async () => {
          await compile(version, "interop");

          assertEquals(await run("node", ["interop.cjs"], project), "sk_1 sk_2 sk_3\n");
        });
      }
    });
  }

  describe("with a test runner", () => {
    let project: string;
    const types =
      /: (AutoPaginatable<User, object>|Promise<string\[\]>|User|WorkOS|void|unknown|string|number \| undefined)(?=[ ;{)])/g;
    const program = PROGRAM.replace(/type \w+, /g, "").replace(types, "");
    const main = program.slice(0, program.indexOf("/** What must not"));
    const test = `${main}\ntest("works", async () => expect(await main()).toEqual(${JSON.stringify(EXPECTED)}));\n`;

    before(async () => {
      const cjs = test.replace(/import (\{[^}]*\}) from ("[^"]*");/g, "const $1 = require($2);").replace("export ", "");
      project = await makeProject({
        "jest.test.cjs": cjs,
        "replacing.test.cjs": REPLACING,
        "vitest.test.mjs": `import { expect, test } from "vitest";\n${test}`,
        "jest.config.json": JSON.stringify({ testMatch: ["**/*.test.cjs"], transform: {} }),
      }, ["jest@30.5.2", "vitest@5.1.1", "jest-environment-jsdom@30.5.2"]);
    });

    after(async () => await Deno.remove(project, { recursive: true }));

    it("Jest, in CommonJS", async () => {
      await run("npx", ["jest", "--ci", PATIENT], project);
    });

    it("Jest with the globals of a browser", async () => {
      const globals =
        "Request Response Headers fetch TextEncoder TextDecoder crypto structuredClone Uint8Array ArrayBuffer";
      const environment = `
        const { TestEnvironment } = require("jest-environment-jsdom");
        module.exports = class extends TestEnvironment {
          async setup() {
            await super.setup();
            for (const name of "${globals}".split(" ")) {
              Object.defineProperty(this.global, name, { value: globalThis[name], configurable: true, writable: true });
            }
          }
        };`;
      await Deno.writeTextFile(`${project}/environment.cjs`, environment);
      await run("npx", ["jest", "--ci", "--env=./environment.cjs", PATIENT], project);
    });

    it("Vitest", async () => {
      await run("npx", ["vitest", "run", "vitest.test.mjs", PATIENT], project);
    });
  });
});
