// Keeps src/version.ts equal to the version in deno.json: checks it, or writes it with --write. With --release=VERSION it
// also checks that this is the version to release.

const FILE = new URL("../src/version.ts", import.meta.url);

/** The text src/version.ts should have for this version. */
export function versionModule(version: string): string {
  return `/** The version of this package, as its user agent names it. */\nexport const VERSION: string = "${version}";\n`;
}

/** What keeps this version from being released. */
export function releaseProblems(
  release: string,
  { version, changelog }: { version: string; changelog: string },
): string[] {
  const problems: string[] = [];
  if (release !== version) problems.push(`The release is ${release}, and deno.json says ${version}`);
  const entry = changelog.split("\n").find((line) => line.startsWith(`## ${release} `));
  if (entry === undefined) problems.push(`CHANGELOG.md says nothing about ${release}`);
  else if (!/\d{4}-\d{2}-\d{2}$/.test(entry)) problems.push(`CHANGELOG.md has no date for ${release}`);
  return problems;
}

async function main(): Promise<void> {
  const manifest = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  const expected = versionModule(manifest.version);
  if (Deno.args.includes("--write")) return await Deno.writeTextFile(FILE, expected);
  const changelog = await Deno.readTextFile(new URL("../CHANGELOG.md", import.meta.url));
  const release = Deno.args.find((arg) => arg.startsWith("--release="))?.slice("--release=".length);
  const problems = release === undefined ? [] : releaseProblems(release, { version: manifest.version, changelog });
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) Deno.exit(1);
  if (await Deno.readTextFile(FILE) === expected) return console.log(`src/version.ts says ${manifest.version}`);
  console.error(`src/version.ts is not of version ${manifest.version}: run deno run -A scripts/version.ts --write`);
  Deno.exit(1);
}

if (import.meta.main) await main();
