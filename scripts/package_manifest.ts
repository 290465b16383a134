// Says what the npm package is, from what deno.json says: its entry points and its package.json.

/** Where the project is. */
export const REPOSITORY = "https://github.com/universal/workos";

/** What deno.json does not say. */
const NPM_ONLY = {
  keywords: ["workos", "authkit", "sso", "saml", "oauth", "authentication", "authorization", "directory-sync", "sdk"],
  repository: { type: "git", url: `git+${REPOSITORY}.git` },
};

/** One entry point of the package. */
export interface Entry {
  /** As deno.json names it: `.` or `./emulator`. */
  name: string;
  /** Its source, from the project's root: `src/emulator/mod.ts`. */
  source: string;
  /** Its files in the package, without extension: `emulator`. */
  file: string;
}

/** What deno.json says about the package. */
export interface Manifest {
  name: string;
  version: string;
  license: string;
  description: string;
  exports: Record<string, string>;
}

/** The entry points that deno.json lists. */
export function entriesOf({ exports }: Pick<Manifest, "exports">): Entry[] {
  return Object.entries(exports).map(([name, path]) => ({
    name,
    source: path.replace(/^\.\//, ""),
    file: name === "." ? "index" : name.replace(/^\.\//, ""),
  }));
}

/** The package.json for a deno.json. */
export function packageManifest(manifest: Manifest): object {
  const { name, version, license, description } = manifest;
  const entries = entriesOf(manifest);
  const subpaths = entries.filter((it) => it.name !== ".");
  return {
    name,
    version,
    description,
    license,
    ...NPM_ONLY,
    type: "module",
    engines: { node: ">=20" },
    sideEffects: false,
    exports: {
      ...Object.fromEntries(entries.map((it) => [it.name, conditionsOf(it)])),
      "./package.json": "./package.json",
    },
    // For resolvers that know no "exports", see also folderManifest:
    main: "./cjs/index.cjs",
    types: declarationPath(entries[0]),
    files: ["esm", "cjs", "types", ...subpaths.map((it) => it.file)],
    // npm refuses a version before a release, such as 1.2.0-rc.1, without a tag of its own
    publishConfig: { access: "public", provenance: true, ...isRelease(version) ? {} : { tag: "next" } },
  };
}

/** The package.json of a folder that resolvers without "exports" find an entry point by, such as those of React Native. */
export function folderManifest(entry: Entry): object {
  return { main: `../cjs/${entry.file}.cjs`, types: `.${declarationPath(entry)}` };
}

function isRelease(version: string): boolean {
  return /^[\d.]+(\+|$)/.test(version);
}

function conditionsOf(entry: Entry): object {
  return {
    import: { types: `./esm/${entry.file}.d.ts`, default: `./esm/${entry.file}.js` },
    require: { types: declarationPath(entry), default: `./cjs/${entry.file}.cjs` },
  };
}

/** Where the declarations of an entry point are. */
export function declarationPath({ file }: Entry): string {
  return `./types/${file}.d.cts`;
}
