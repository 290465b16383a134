import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { versionModule } from "../../scripts/version.ts";
import { VERSION } from "../../src/version.ts";
import manifest from "../../deno.json" with { type: "json" };

describe("versionModule()", () => {
  it("makes the module that holds the version of the manifest", async () => {
    const file = new URL("../../src/version.ts", import.meta.url);

    assertEquals(VERSION, manifest.version);
    assertEquals(await Deno.readTextFile(file), versionModule(manifest.version));
  });
});
