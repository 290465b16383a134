import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { releaseProblems, versionModule } from "../../scripts/version.ts";
import { VERSION } from "../../src/version.ts";
import manifest from "../../deno.json" with { type: "json" };

describe("versionModule()", () => {
  it("makes the module that holds the version of the manifest", async () => {
    const file = new URL("../../src/version.ts", import.meta.url);

    assertEquals(VERSION, manifest.version);
    assertEquals(await Deno.readTextFile(file), versionModule(manifest.version));
  });
});

describe("releaseProblems()", () => {
  it("finds none when tag, manifest and changelog agree", () => {
    assertEquals(
      releaseProblems("1.2.0", { version: "1.2.0", changelog: "# Changelog\n\n## 1.2.0 – 2026-01-31\n" }),
      [],
    );
  });

  it("names every disagreement", () => {
    const changelog = "# Changelog\n\n## 1.2.0 – unreleased\n";

    assertEquals(releaseProblems("1.2.0", { version: "1.1.0", changelog }), [
      "The release is 1.2.0, and deno.json says 1.1.0",
      "CHANGELOG.md has no date for 1.2.0",
    ]);
    assertEquals(releaseProblems("1.3.0", { version: "1.3.0", changelog }), ["CHANGELOG.md says nothing about 1.3.0"]);
  });
});
