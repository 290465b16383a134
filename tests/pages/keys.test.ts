import { assertEquals, assertStringIncludes } from "@std/assert";
import { after, before, describe, it } from "@std/testing/bdd";
import { openSite, type Site } from "./site.ts";

/** What a page finds out about itself or a worker, see `keys.js`. */
interface Findings {
  failures: Record<string, { type: string; message: string; shown: string }>;
  allowed: string;
}

describe("an API key", () => {
  let site: Site;

  before(async () => {
    site = await openSite();
  });

  after(async () => await site.close());

  for (const scope of ["page", "dedicated worker", "shared worker", "service worker"]) {
    it(`is refused in a ${scope}, and named in no message, unless dangerouslyAllowBrowser is set`, async () => {
      const { page, problems, close } = await site.visit(`${site.app}/keys`);

      const { failures, allowed } = await page.evaluate<Findings>(`tryKeysIn(${JSON.stringify(scope)})`);

      assertEquals(Object.keys(failures).length, 5);
      for (const [attempt, { type, message, shown }] of Object.entries(failures)) {
        assertEquals(type, "TypeError", attempt);
        assertStringIncludes(message, 'Cannot use option "apiKey": ');
        assertStringIncludes(message, attempt.startsWith("createPublic") ? "keeps no secret" : "every visitor");
        assertEquals(shown.includes(site.emulator.apiKey), false, attempt);
      }
      assertEquals(allowed, "Acme");
      assertEquals(problems, []);
      await close();
    });
  }
});
