import * as esbuild from "npm:esbuild@0.28.2";
import { assert, assertEquals } from "@std/assert";
import { after, describe, it } from "@std/testing/bdd";
import { FOLDER, ROOT } from "./installed.ts";

/** What a bundle may weigh, minified and compressed, in bytes: a little more than it does. */
const BUDGETS: Record<string, { code: string; most: number }> = {
  "the client": { code: 'export { WorkOS } from "@universal/workos";', most: 36 * 1024 },
  "./pkce": { code: 'export * from "@universal/workos/pkce";', most: 1.5 * 1024 },
  "./webhooks": { code: 'export * from "@universal/workos/webhooks";', most: 2.9 * 1024 },
  "a verification of webhooks": {
    code: 'export { verifyHeader } from "@universal/workos/webhooks";',
    most: 1.9 * 1024,
  },
  "./jwt": { code: 'export * from "@universal/workos/jwt";', most: 3.5 * 1024 },
  "./session": { code: 'export * from "@universal/workos/session";', most: 5.5 * 1024 },
  "a check of a session": {
    code: 'export { authenticateSession } from "@universal/workos/session";',
    most: 3.3 * 1024,
  },
  "./vault": { code: 'export * from "@universal/workos/vault";', most: 2.2 * 1024 },
  "./public": { code: 'export * from "@universal/workos/public";', most: 10.9 * 1024 },
};

describe("a bundle", () => {
  after(() => esbuild.stop());

  for (const [name, { code, most }] of Object.entries(BUDGETS)) {
    it(`of ${name} stays within its budget`, async () => {
      const size = await bundledSize(code);

      assert(size <= most, `${size} bytes, ${most} allowed`);
    });
  }

  it("of an entry point is as large as the README says", async () => {
    const readme = await Deno.readTextFile(new URL("README.md", ROOT));
    const rows = [...readme.matchAll(/^\| `(@universal\/workos\/\w+)` .* \| (\d+\.\d) KB +\|$/gm)];
    const wrong: string[] = [];
    for (const [, name, stated] of rows) {
      const size = await bundledSize(`export * from "${name}";`) / 1024;
      if (Math.abs(size - Number(stated)) > 0.1) wrong.push(`${name}: ${size.toFixed(2)} KB`);
    }

    assertEquals(wrong, []);
    assertEquals(rows.length, 6);
  });

  it("of one function leaves the rest out", async () => {
    const size = await bundledSize('export { decodeJwt } from "@universal/workos/jwt";');

    assert(size <= 1.2 * 1024, `${size} bytes`);
  });
});

async function bundledSize(contents: string): Promise<number> {
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: FOLDER },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    write: false,
  });
  const compressed = new Blob([outputFiles[0].text]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(compressed).arrayBuffer()).byteLength;
}
