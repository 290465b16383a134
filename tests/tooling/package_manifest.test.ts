import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { packageManifest } from "../../scripts/package_manifest.ts";
import manifest from "../../deno.json" with { type: "json" };

describe("packageManifest()", () => {
  it("tags a version before a release, which npm publishes only so; nobody gets it without asking for it", () => {
    const tagOf = (version: string) => Object(packageManifest({ ...manifest, version })).publishConfig.tag;

    assertEquals(["1.2.0", "1.2.0-rc.1", "1.2.0+build-5"].map(tagOf), [undefined, "next", undefined]);
  });
});
