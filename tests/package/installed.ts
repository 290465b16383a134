// The npm package as the test driver built, packed and installed it, and programs to run against it.

/** A folder with the built package in `npm/`, the packed one in `package.tgz`, and it installed. */
export const FOLDER: string = Deno.env.get("WORKOS_PACKAGE") ?? "";
if (FOLDER === "") throw new Error("Cannot test the package: it is not built. Run deno task test --only=package,pages");
/** The project's root. */
export const ROOT: URL = new URL("../..", import.meta.url);
/** The built package's own description. */
export const MANIFEST: PackageManifest = JSON.parse(Deno.readTextFileSync(`${FOLDER}/npm/package.json`));
/** How its users name the entry points: `@universal/workos`, `@universal/workos/emulator`, … */
export const ENTRIES: string[] = Object.keys(MANIFEST.exports).filter((name) => !name.endsWith(".json"))
  .map((name) => MANIFEST.name + name.slice(1));

interface PackageManifest {
  name: string;
  version: string;
  dependencies?: unknown;
  scripts?: unknown;
  exports: Record<string, string | Record<"import" | "require", { types: string; default: string }>>;
}

/** Runs a program to its end; throws with what it said when it fails. */
export async function run(program: string, args: string[], cwd: string = FOLDER): Promise<string> {
  const env = { NPM_CONFIG_LOGLEVEL: "error", NO_COLOR: "1", CI: "1" };
  const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd, env }).output();
  const [said, warned] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new Error(`${program} ${args.join(" ")} failed:\n${said}${warned}`);
  return said;
}

/** A project of its own with the packed package and further packages installed; remove it afterwards. */
export async function makeProject(files: Record<string, string>, packages: string[] = []): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "workos-consumer-" });
  await Deno.writeTextFile(`${folder}/package.json`, JSON.stringify({ private: true }));
  for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
  await run("npm", ["install", "--no-audit", "--no-fund", `${FOLDER}/package.tgz`, ...packages], folder);
  return folder;
}

/** Every file below a folder, by its path from there. */
export async function listFiles(folder: string, below = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${below}`)) {
    if (isDirectory) paths.push(...await listFiles(folder, `${below}${name}/`));
    else paths.push(below + name);
  }
  return paths.sort();
}
