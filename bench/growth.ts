// How much memory 100,000 requests leave behind: growth.ts ours|official; prints bytes. Needs --expose-gc on Node.
import process from "node:process";
import { answering, load, organization } from "./contestants.ts";

const gc = (globalThis as { gc?: () => void }).gc ??
  (() => (globalThis as { Bun?: { gc(force: boolean): void } }).Bun?.gc(true));

const library = await load(process.argv[2] as "ours");
const client = library.make({ fetchFn: answering(JSON.stringify(organization(1))) });

async function send(requests: number): Promise<number> {
  for (let i = 0; i < requests; i++) await client.organizations.getOrganization(`org_${i}`);
  gc();
  await new Promise((resolve) => setTimeout(resolve, 50));
  gc();
  return process.memoryUsage().heapUsed;
}

const before = await send(20_000);
const after = await send(100_000);
console.log(after - before);
