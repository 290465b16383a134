// Keeps src/version.ts equal to the version in deno.json: checks it, or writes it with --write.

const FILE = new URL("../src/version.ts", import.meta.url);

/** The text src/version.ts should have for this version. */
export function versionModule(version: string): string {
  return `/** The version of this package, as its user agent names it. */\nexport const VERSION: string = "${version}";\n`;
}

async function main(): Promise<void> {
  const manifest = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  const expected = versionModule(manifest.version);
  if (Deno.args.includes("--write")) return await Deno.writeTextFile(FILE, expected);
  if (await Deno.readTextFile(FILE) === expected) return console.log(`src/version.ts says ${manifest.version}`);
  console.error(`src/version.ts is not of version ${manifest.version}: run deno run -A scripts/version.ts --write`);
  Deno.exit(1);
}

if (import.meta.main) await main();
