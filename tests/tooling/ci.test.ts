import { assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";

const SCRIPT = new URL("../../.ci/run", import.meta.url);
const INSTALL = "apt-get install -y -qq --no-install-recommends chromium-headless-shell";
const TESTS = ["npx -y deno@2.9.6 task demo", "npx -y deno@2.9.6 task test"];

describe(".ci/run", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await Deno.makeTempDir({ prefix: "workos-ci-" });
    for (const name of ["npx", "sleep", "sudo"]) await addProgram(name);
    for (const name of ["bash", "dirname", "env", "id"]) await Deno.symlink(await whereIs(name), `${folder}/${name}`);
  });

  afterEach(async () => await Deno.remove(folder, { recursive: true }));

  /** A stand-in that writes down how it was called; programs that `sudo` is given run as they are. */
  async function addProgram(name: string, then = name === "sudo" ? 'exec "$@"' : "true"): Promise<void> {
    const note = name === "sudo" ? "" : `echo "${name} $*" >> ${folder}/called\n`;
    await Deno.writeTextFile(`${folder}/${name}`, `#!${await whereIs("bash")}\n${note}${then}\n`, { mode: 0o755 });
  }

  /** Runs the script with nothing but these programs; a look for a browser's version is no call worth noting. */
  async function run(): Promise<{ code: number; last: string; called: string[] }> {
    const env = { PATH: folder };
    const { code, stderr } = await new Deno.Command("bash", {
      args: [decodeURIComponent(SCRIPT.pathname)],
      env,
      clearEnv: true,
    }).output();
    const called = (await Deno.readTextFile(`${folder}/called`)).trim().split("\n");
    const last = new TextDecoder().decode(stderr).trim().split("\n").at(-1)!;
    return { code, last, called: called.filter((it) => !it.endsWith(" --version")) };
  }

  it("tries three times to install Chromium, then fails without a test", async () => {
    await addProgram("apt-get", 'echo "E: no package" >&2; exit 100');

    const { code, last, called } = await run();

    assertEquals([code, last], [1, "Chromium cannot be installed here, and tests need it: nothing was run"]);
    const attempt = (number: number) => ["apt-get update -qq", INSTALL, `sleep ${number}`];
    assertEquals(called, [...attempt(1), ...attempt(2), ...attempt(3)]);
  });

  it("goes on as soon as it is installed", async () => {
    const browser = `${folder}/chromium-headless-shell`;
    await addProgram("apt-get", `[ "$1" = update ] || { echo "#!${folder}/bash" > ${browser}; chmod +x ${browser}; }`);
    await Deno.symlink(await whereIs("chmod"), `${folder}/chmod`);

    const { code, called } = await run();

    assertEquals([code, called], [0, ["apt-get update -qq", INSTALL, ...TESTS]]);
  });

  it("installs nothing where there is a browser", async () => {
    await addProgram("chromium");

    const { code, called } = await run();

    assertEquals([code, called], [0, TESTS]);
  });
});

describe(".github/workflows/publish.yml", () => {
  it("lets no job publish that runs tests or builds, and with them packages of many others", async () => {
    const workflow = await Deno.readTextFile(new URL("../../.github/workflows/publish.yml", import.meta.url));
    const [general, rest] = workflow.split("\njobs:\n");
    const jobs = rest.split("\n\n");

    const powers = jobs.map((job) => [/\.ci\/run|\btask /.test(job), job.includes("id-token: write")]);
    assertEquals(general.includes("id-token"), false);
    assertEquals(powers, [[true, false], [true, false], [false, true]]);
    assertEquals(jobs[2].includes("needs: [test, build]"), true);
    assertEquals(jobs[2].match(/npm publish .*/)?.[0].includes("--ignore-scripts"), true); // of what was built
  });

  it("publishes nothing before all of it is built, and last where it cannot be tried again", async () => {
    const workflow = await Deno.readTextFile(new URL("../../.github/workflows/publish.yml", import.meta.url));
    const commands = [...workflow.matchAll(/scripts\/version\.ts|task build:npm|deno@[\d.]+ publish|npm publish/g)];

    assertEquals(commands.map(([command]) => command), [
      "scripts/version.ts",
      "task build:npm",
      "deno@2.9.6 publish",
      "npm publish",
    ]);
  });
});

async function whereIs(program: string): Promise<string> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", `command -v ${program}`] }).output();
  return new TextDecoder().decode(stdout).trim();
}
