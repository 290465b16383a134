// A program that uses the client against faults of every kind; it must end by itself as soon as its work is done.
// Prints what it left behind. The one argument is where the server listens, as JSON; with `plain` it only fetches once,
// without the client.
import process from "node:process";
import { type RequestOptions, WorkOS } from "../../mod.ts";
import { type Addresses, type Fault, makePlan } from "./plan.ts";

/** What the program says at its end. */
export interface Rest {
  /** Timers that were started, neither ran nor were cleared, and keep the program alive. */
  timers: number;
  /** Rejections that nobody handled. */
  unhandled: string[];
  /** Names of the errors that calls ended with. */
  ends: string[];
}

const timers = countTimers();
const unhandled: string[] = [];
process.on("unhandledRejection", (reason) => unhandled.push(String(reason)));
const { plain = false, ...addresses }: Addresses & { plain?: boolean } = JSON.parse(process.argv[2]);

/** Calls once and tells how it ended. */
async function end(baseUrl: string, request: RequestOptions = {}): Promise<string> {
  const workos = new WorkOS({ apiKey: "sk_test_chaos", baseUrl, maxRetries: 0 });
  const call = workos.organizations.getOrganization("org_1", request);
  return await call.then(() => "none", (error: Error) => error.name);
}

async function endOf(fault: Fault, options?: { abort?: boolean; timeout?: number }): Promise<string> {
  const { baseUrl } = await makePlan({ faults: [fault] }, addresses);
  const controller = new AbortController();
  if (options?.abort) setTimeout(() => controller.abort(), 30);
  const maxRetries = fault.headers?.["Retry-After"] ? 1 : 0;
  return await end(baseUrl, { signal: controller.signal, timeout: options?.timeout, maxRetries });
}

async function fetchOnce(): Promise<string> {
  const { baseUrl } = await makePlan({ faults: [{}] }, addresses);
  return await (await fetch(`${baseUrl}/organizations/org_1`)).text();
}

const soon = { "Retry-After": "0" };
const ends = plain ? [await fetchOnce()] : await Promise.all([
  endOf({}),
  endOf({ status: 503, headers: soon }),
  endOf({ does: "hang" }, { timeout: 30 }),
  endOf({ does: "stallInBody" }, { timeout: 30 }),
  endOf({ does: "hang" }, { abort: true }),
  endOf({ does: "stallInBody" }, { abort: true }),
  endOf({ status: 429, headers: { "Retry-After": "60" } }, { abort: true }),
  endOf({ does: "resetInBody" }),
  endOf({ does: "truncate" }),
  endOf({ body: "<html>" }),
  endOf({ status: 302, headers: { Location: addresses.elsewhere } }),
  end(addresses.refused),
  end(addresses.hung, { timeout: 30 }),
]);
await new Promise((resolve) => setTimeout(resolve, 10)); // a late rejection would show by now
const rest: Rest = { timers: timers.left(), unhandled, ends };
console.log(JSON.stringify(rest));

/** Counts timers. The fetch of Node starts some too, and lets the program end before them. */
function countTimers(): { left(): number } {
  const active = new Set<unknown>();
  const keepsAlive = (timer: unknown) => (timer as { hasRef?(): boolean }).hasRef?.() ?? true;
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const start = (run: () => void, ms?: number) => {
    const timer = set(() => {
      active.delete(timer);
      run();
    }, ms);
    active.add(timer);
    return timer;
  };
  const stop = (timer?: Parameters<typeof clear>[0]) => {
    active.delete(timer);
    clear(timer);
  };
  Object.assign(globalThis, { setTimeout: start, clearTimeout: stop });
  return { left: () => [...active].filter(keepsAlive).length };
}
