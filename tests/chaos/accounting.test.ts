import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { impatient, makePlan } from "./plan.ts";

const CREATES = 20_000;
const CONCURRENCY = 100;
const RATE = 0.15;

describe("exact accounting", () => {
  it("of 20,000 creates with faults all over none is lost and none happens twice", async () => {
    const { baseUrl, report } = await makePlan({ ledger: { rate: RATE, seed: 20_26 } });
    const { organizations } = impatient({ baseUrl, maxRetries: 15 });
    const answers = new Map<string, string>();
    let next = 0;
    const work = async () => {
      while (next < CREATES) {
        const { id, name } = await organizations.createOrganization({ name: `org ${next++}` });
        assert(!answers.has(name));
        answers.set(name, id);
      }
    };

    await Promise.all(Array.from({ length: CONCURRENCY }, work));

    const { requests, ledger } = await report();
    const { created, replays, withoutKey, faults } = ledger!;
    const count = (kind: string) => faults[kind] ?? 0;
    console.log(`${requests} requests: ${JSON.stringify(faults)}, ${replays} replays, ${created.length} created`);
    assertEquals(new Map(created.map(({ id, name }) => [name, id])), answers);
    assertEquals([created.length, answers.size, withoutKey], [CREATES, CREATES, 0]);
    assertEquals(new Set(answers.values()).size, CREATES);
    const failed = requests - count("none");
    assertEquals(failed, requests - CREATES); // each create ends with its first good answer
    assert(replays >= count("500 after"));
    assert(failed / requests > 0.14 && failed / requests < 0.16);
  });
});
