import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { ROOT } from "./installed.ts";

const README = await Deno.readTextFile(new URL("README.md", ROOT));
const { exports: EXPORTS, tasks: TASKS } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));

/** What a row of the README's table runs, what that says, and what it says without one of its permissions. */
interface Row {
  /** Arguments of `deno run`, after the permissions. */
  args: string[];
  /** The program, where `args` say `-`. */
  program?: string;
  says: string;
  without: Record<string, string>;
}

const NET = "--allow-net=api.workos.com";

/** Whether a call was let through to the network; what it finds there is not the question. */
const ASK = `
  const ask = (call) => call.then(() => "asked", (error) =>
    [error, error.cause].some((it) => it instanceof Deno.errors.NotCapable) ? "refused" : "asked");
`;

/** A token of nobody's, and what loads the keys to verify it with. */
const TOKEN = `
  const url = "https://api.workos.com/sso/jwks/client_1";
  const load = async () => await (await fetch(url, { signal: AbortSignal.timeout(2_000) })).json();
  const parts = [{ alg: "RS256", kid: "k1" }, {}, {}].map((it) => btoa(JSON.stringify(it)).replaceAll("=", ""));
  const token = parts.join(".");
`;

const READ = `
  import { WorkOS } from "@universal/workos";
  ${ASK}
  let lines = 0;
  const count = () => lines++;
  const workos = new WorkOS({
    logger: { debug: count, info: count, warn: count, error: count },
    maxRetries: 0,
    timeout: 2_000,
  });
  const asked = await ask(workos.get("/none", { skipApiKeyCheck: true }));
  const password = await workos.userManagement.authenticateWithSessionCookie({ sessionData: "none" })
    .then(() => true, () => false);
  console.log(asked, workos.key, workos.clientId, password, lines > 0);
`;

const ROWS: Record<string, Row> = {
  "`@universal/workos`, options given": {
    args: ["-"],
    program: `
      import { WorkOS } from "@universal/workos";
      ${ASK}
      const workos = new WorkOS({ apiKey: "sk_1", clientId: "client_1", maxRetries: 0, timeout: 2_000 });
      console.log(await ask(workos.organizations.getOrganization("org_none")));
    `,
    says: "asked",
    without: { [NET]: "refused" },
  },
  "`@universal/workos`, options from the environment": {
    args: ["-"],
    program: READ,
    says: "asked sk_1 client_1 true true",
    without: {
      [NET]: "refused sk_1 client_1 true true",
      "--allow-env=WORKOS_API_KEY": "asked undefined client_1 true true",
      "--allow-env=WORKOS_CLIENT_ID": "asked sk_1 undefined false true", // a session needs one
      "--allow-env=WORKOS_COOKIE_PASSWORD": "asked sk_1 client_1 false true",
      "--allow-env=WORKOS_LOG": "asked sk_1 client_1 true false",
    },
  },
  "`@universal/workos/public`": {
    args: ["-"],
    program: `
      import { createPublicWorkOS } from "@universal/workos/public";
      ${ASK}
      const workos = createPublicWorkOS({ clientId: "client_1", maxRetries: 0, timeout: 2_000 });
      console.log(await ask(workos.sso.getProfile({ accessToken: "none" })));
    `,
    says: "asked",
    without: { [NET]: "refused" },
  },
  "`@universal/workos/jwt`, with a key set of the API": {
    args: ["-"],
    program: `
      import { createKeySet, verifyJwt } from "@universal/workos/jwt";
      ${ASK}
      ${TOKEN}
      console.log(await ask(verifyJwt(token, { keys: createKeySet({ url, load }).find })));
    `,
    says: "asked",
    without: { [NET]: "refused" },
  },
  "`@universal/workos/session`, with a key set of the API": {
    args: ["-"],
    program: `
      import { authenticateSession, createKeySet, sealSession } from "@universal/workos/session";
      ${ASK}
      ${TOKEN}
      const cookiePassword = "a password of at least 32 characters";
      const sessionData = await sealSession({ accessToken: token, refreshToken: "r", user: {} }, { cookiePassword });
      const { find: keys } = createKeySet({ url, load });
      console.log(await ask(authenticateSession({ sessionData, cookiePassword, keys })));
    `,
    says: "asked",
    without: { [NET]: "refused" },
  },
  "`@universal/workos/vault`": { args: ["-"], program: exampleOf("./vault"), says: "a secret", without: {} },
  "`@universal/workos/webhooks`": {
    args: ["-"],
    program: exampleOf("./webhooks"),
    says: "ada@acme.example",
    without: {},
  },
  "`@universal/workos/pkce`": { args: ["-"], program: exampleOf("./pkce"), says: "43 43 S256", without: {} },
  "`@universal/workos/emulator`": { args: ["-"], program: firstCall(), says: "ada@acme.example", without: {} },
  "`deno task demo`": {
    args: ["scripts/demo.ts"],
    says: "Everything is as expected",
    without: { "--allow-net=127.0.0.1": "Requires net access" },
  },
  "`deno task demo:live`": {
    args: ["scripts/demo.ts", "--live"],
    says: "5 steps failed", // the key is none
    without: { [NET]: "Requires net access", "--allow-env=WORKOS_API_KEY": "WorkOS requires either an API key" },
  },
};

/** Whatever of this a demo says first in this order is what counts. */
const DEMO = ["Requires net access", "WorkOS requires either an API key", "Everything is as expected"];

const VARIABLES = {
  WORKOS_API_KEY: "sk_1",
  WORKOS_CLIENT_ID: "client_1",
  WORKOS_COOKIE_PASSWORD: "a password of at least 32 characters",
  WORKOS_LOG: "debug",
};

describe("permissions on Deno", () => {
  const stated = readTable();

  it("are stated for every entry point and for the demo", () => {
    assertEquals(Object.keys(stated), Object.keys(ROWS));
    const entries = Object.keys(EXPORTS).map((name) => `\`@universal/workos${name.slice(1)}\``);
    assertEquals(entries.filter((it) => !Object.keys(ROWS).some((row) => row.startsWith(it))), []);
  });

  for (const [name, row] of Object.entries(ROWS)) {
    it(`of ${name} are enough`, async () => {
      assertEquals(await runWith(stated[name], row), row.says);
    });

    it(`of ${name} are needed, one by one`, async () => {
      const said: Record<string, string> = {};
      for (const left of stated[name]) {
        said[left] = await runWith(stated[name].filter((it) => it !== left), row);
      }

      assertEquals(said, row.without);
    });
  }

  it("to read variables are stated for every variable that is looked for", async () => {
    const program = `
      const names = new Set();
      const query = Deno.permissions.querySync.bind(Deno.permissions);
      Deno.permissions.querySync = (it) => (names.add(it.variable), query(it));
      ${READ}
      console.log([...names].sort().map((name) => "--allow-env=" + name).join());
    `;
    const flags = stated["`@universal/workos`, options from the environment"];

    const said = await runWith(flags, { args: ["-"], program });

    assertEquals(said.split(","), flags.filter((it) => it !== NET).sort());
  });

  it("of the demo are those of its tasks", () => {
    for (const task of ["demo", "demo:live"]) {
      const flags = TASKS[task].command.split(" ").filter((it: string) => it.startsWith("--allow"));

      assertEquals(split(flags), stated[`\`deno task ${task}\``]);
    }
  });

  it("are not needed for the examples of the entry points", async () => {
    for (const entry of Object.keys(EXPORTS)) await runWith([], { args: ["-"], program: exampleOf(entry) });
  });
});

/** The README's table: flags by what runs, those with several variables as one flag each. */
function readTable(): Record<string, string[]> {
  const [, table] = README.match(/### Permissions[\s\S]*?\| ---.*\n([\s\S]*?)\n\n/)!;
  const rows = table.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return Object.fromEntries(
    rows.map(([, name, flags]) => [name, split([...flags.matchAll(/`(--allow-.*?)`/g)].map(([, flag]) => flag))]),
  );
}

/** `--allow-env=A,B` as `--allow-env=A` and `--allow-env=B`. */
function split(flags: string[]): string[] {
  return flags.flatMap((flag) => {
    const [name, values] = flag.split("=");
    return values.split(",").map((value) => `${name}=${value}`);
  });
}

/** Runs a program with these permissions and no others; returns the last line that it says. */
async function runWith(permissions: string[], { args, program = "" }: Pick<Row, "args" | "program">): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--quiet", ...permissions, ...args],
    cwd: ROOT,
    env: { ...VARIABLES, NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  const [said, warned] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
  if (args[0] !== "-") return DEMO.find((it) => (said + warned).includes(it)) ?? said.split("\n").at(-1)!;
  if (!success) throw new Error(warned);
  return said.split("\n").at(-1)!;
}

/** The program in an entry point's own documentation. */
function exampleOf(entry: string): string {
  const [, example] = Deno.readTextFileSync(new URL(EXPORTS[entry], ROOT)).match(/```ts\n([\s\S]*?)```/)!;
  return example.replace(/^ \* ?/gm, "");
}

/** The first call of the README, which the emulator answers. */
function firstCall(): string {
  return README.match(/## A first call[\s\S]*?```ts\n([\s\S]*?)```/)![1];
}
