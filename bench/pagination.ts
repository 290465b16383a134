// Reads a list in one process, 100 items to a page: pagination.ts ours|official|by-hand [PAGES]; prints JSON.
// With a number of pages the list is read twice, and the second time counts.
// Needs --expose-gc on Node.
import process from "node:process";
import { load, pageOf } from "./contestants.ts";

/** What this prints. */
export interface Paged {
  items: number;
  milliseconds: number;
  /** Until the first item is there to be used. */
  first: number;
  /** Live memory at its highest, over the start, in bytes. */
  heap: number;
}

const SIZE = 100;
const PAGES = Number(process.argv[3] ?? 200);

const gc = (globalThis as { gc?: () => void; Bun?: { gc(force: boolean): void } }).gc ??
  (() => (globalThis as { Bun?: { gc(force: boolean): void } }).Bun?.gc(true));
const texts = Array.from({ length: PAGES }, (_, i) => pageOf(i * SIZE, { size: SIZE, last: i === PAGES - 1 }));
let requests = 0;
let highest = 0;
let paused = 0; // milliseconds that the measuring took

/** Answers with the page after the item that `after` names; a library may ask for a page twice. */
const fetchFn = (url: string) => {
  if (requests++ % 20 === 19) noteHeap();
  const after = /[?&]after=\w*SH(\d+)/.exec(url)?.[1];
  const page = after === undefined ? 0 : (Number(after) + 1) / SIZE;
  return Promise.resolve(new Response(texts[page], { headers: { "Content-Type": "application/json" } }));
};

function noteHeap(): void {
  const start = performance.now();
  gc();
  highest = Math.max(highest, process.memoryUsage().heapUsed);
  paused += performance.now() - start;
}

async function* readOurs(): AsyncGenerator<unknown> {
  const client = (await load("ours")).make({ fetchFn });
  yield* await client.organizations.listOrganizations({ limit: SIZE });
}

async function* readOfficial(): AsyncGenerator<unknown> {
  const client = (await load("official")).make({ fetchFn });
  const list = await client.organizations.listOrganizations();
  yield* await list.autoPagination();
}

async function* readByHand(): AsyncGenerator<unknown> {
  for (let after: string | null = ""; after !== null;) {
    const response: Response = await fetchFn(`https://api.workos.com/organizations?after=${after}`);
    const page = JSON.parse(await response.text());
    yield* page.data;
    after = page.list_metadata.after;
  }
}

const readers: Record<string, () => AsyncGenerator<unknown>> = {
  "ours": readOurs,
  "official": readOfficial,
  "by-hand": readByHand,
};
await load(process.argv[2] === "official" ? "official" : "ours"); // loading is no part of it
await new Response("{}").text(); // nor is loading the runtime's own parts
if (process.argv[3]) { for await (const _ of readers[process.argv[2]]()); } // nor, between lengths, is compiling it
gc();
highest = paused = 0;
const base = process.memoryUsage().heapUsed;
const start = performance.now();
let first = NaN;
let items = 0;
for await (const _ of readers[process.argv[2]]()) {
  if (++items === 1) first = performance.now() - start;
}
const milliseconds = performance.now() - start - paused;
if (items !== SIZE * PAGES) throw new Error(`It read ${items} items`);
noteHeap();
const result: Paged = { items, milliseconds, first, heap: Math.max(0, highest - base) };
console.log(JSON.stringify(result));
