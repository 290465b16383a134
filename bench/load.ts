// Requests against a server on loopback: load.ts PORT ROUNDS; prints JSON.
import process from "node:process";
import { type Contestant, load } from "./contestants.ts";
import { get } from "./by_hand.ts";

/** What one contestant reached in one round. */
export interface Load {
  perSecond: number;
  /** Milliseconds of the middle request, and of the one that 99 in 100 are faster than. */
  p50: number;
  p99: number;
}

/** What this prints: rounds by contestant, by concurrency. */
export type Loads = Record<string, Partial<Record<Contestant, Load[]>>>;

const [port, rounds] = process.argv.slice(2).map(Number);
const options = { apiHostname: "127.0.0.1", port, https: false };
const [ours, official] = [(await load("ours")).make(options), (await load("official")).make(options)];
const url = `http://127.0.0.1:${port}/organizations/org_1`;

const contestants: Record<Contestant, () => Promise<unknown>> = {
  "ours": () => ours.organizations.getOrganization("org_1"),
  "official": () => official.organizations.getOrganization("org_1"),
  "by hand": () => get(fetch, url),
};

async function run(call: () => Promise<unknown>, { concurrency, total }: { concurrency: number; total: number }) {
  const times: number[] = [];
  let left = total;
  const work = async () => {
    while (left-- > 0) {
      const start = performance.now();
      await call();
      times.push(performance.now() - start);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  const seconds = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  return { perSecond: total / seconds, p50: times[total >> 1], p99: times[Math.floor(total * 0.99)] };
}

const results: Loads = {};
for (const [concurrency, total] of [[1, 2000], [50, 5000], [500, 8000]]) {
  const names = Object.keys(contestants) as Contestant[];
  const reached = results[concurrency] = Object.fromEntries(names.map((name) => [name, [] as Load[]]));
  for (let round = -1; round < rounds; round++) { // the first one warms up
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + names.length) % names.length];
      const load = await run(contestants[name], { concurrency, total });
      if (round >= 0) reached[name]!.push(load);
    }
  }
}
console.log(JSON.stringify(results));
process.exit(0);
