// What the tests and the misbehaving server say to each other.
import { assertEquals } from "@std/assert";
import process from "node:process";
import { resolveConfig, type WorkOSOptions } from "../../src/config.ts";
import { Organizations } from "../../src/resources/organizations.ts";
import { Api } from "../../src/api.ts";
import { leaksOf } from "../secrets.ts";

/** Where the server listens, all on loopback. */
export interface Addresses {
  /** Treats requests as plans say. */
  origin: string;
  /** Another origin; counts who connects to it. */
  elsewhere: string;
  /** Accepts connections and says nothing. */
  hung: string;
  /** A port that nobody listens on. */
  refused: string;
}

/** What the runner tells the tests, as JSON in the variable `CHAOS`. */
export interface Chaos extends Addresses {
  /** Arguments with which this runtime runs `child.ts`. */
  child: string[];
}

/** How one request is treated. Without anything said: 200 with an organization. */
export interface Fault {
  status?: number;
  headers?: Record<string, string>;
  /** Text of the body. */
  body?: string;
  /** Bytes of the body. */
  bytes?: number[];
  /** The body is an organization with a name of this size. */
  megabytes?: number;
  does?:
    | "answer"
    | "hang"
    | "reset"
    | "resetInHeaders"
    | "garbage"
    | "dribbleHeaders"
    | "truncate"
    | "stallInBody"
    | "resetInBody";
}

/** How the requests of one client are treated. */
export interface Plan {
  /** One for each request in turn, the last one repeating. */
  faults?: Fault[];
  /** Creates organizations instead, and lets this part of the requests fail. */
  ledger?: { rate: number; seed: number };
}

/** What came of a ledger plan. */
export interface Ledger {
  /** What was created, in order. */
  created: { id: string; name: string }[];
  /** Requests that named a key again after it had been used. */
  replays: number;
  /** Requests that named no key. */
  withoutKey: number;
  /** Requests by what happened to them. */
  faults: Record<string, number>;
}

/** What a plan has seen. */
export interface Report {
  requests: number;
  /** Connections to the other origin, of all plans. */
  elsewhere: number;
  /** Answers whose connection ended before they did. */
  unfinished: number;
  seen: { method: string; path: string; key?: string }[];
  ledger?: Ledger;
}

/** What the runner said. */
export function readChaos(): Chaos {
  const { CHAOS } = process.env;
  if (!CHAOS) throw new TypeError("Cannot run chaos tests: run them with scripts/test.ts --only=chaos-deno");
  return JSON.parse(CHAOS);
}

/** A plan at the server: where its client sends to, and what it has seen. */
export interface Planned {
  baseUrl: string;
  report(): Promise<Report>;
}

/** Gives the server a plan. */
export async function makePlan(plan: Plan, { origin }: { origin: string } = readChaos()): Promise<Planned> {
  const response = await fetch(`${origin}/plans`, { method: "POST", body: JSON.stringify(plan) });
  const { id } = await response.json();
  const report = async () => await (await fetch(`${origin}/report/${id}`)).json() as Report;
  return { baseUrl: `${origin}/plan/${id}`, report };
}

/** The value in the middle: half of an odd number of values are no more than it. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** The time by the clock of every client made here. */
export const NOW: number = Date.UTC(2026, 0, 2, 3, 4, 5);

/** An area of the API behind a misbehaving server. Waits before retries are recorded, not waited. */
export interface Faulty {
  organizations: Organizations;
  /** Milliseconds of every wait before a retry. */
  waits: number[];
  report(): Promise<Report>;
}

/** A client whose requests get these faults in turn. */
export async function faulty(faults: Fault[], options: WorkOSOptions = {}): Promise<Faulty> {
  const { baseUrl, report } = await makePlan({ faults });
  return { ...impatient({ baseUrl, ...options }), report };
}

/** A client that does not wait between attempts. */
export function impatient(options: WorkOSOptions): Omit<Faulty, "report"> {
  const waits: number[] = [];
  const wait = (ms: number) => Promise.resolve(void waits.push(ms));
  const config = resolveConfig({ apiKey: "sk_test_chaos", ...options }, () => undefined);
  const transport = new Api(config, { now: () => NOW, elapsed: () => NOW, random: () => 0.5, wait });
  return { organizations: watched(new Organizations(transport)), waits };
}

/** What no error may show: the key, and what is sent in place of a response. */
const SECRETS = { apiKey: "sk_test_chaos", garbage: "this is no HTTP" };

/** The same, but nothing that a method rejects with may have a secret in it. */
function watched(organizations: Organizations): Organizations {
  return new Proxy(organizations, {
    get: (target, name) => async (...args: unknown[]) => {
      try {
        return await (target as unknown as Record<PropertyKey, (...args: unknown[]) => unknown>)[name](...args);
      } catch (error) {
        for (const it of [error, (error as Error).cause]) assertEquals(leaksOf(it, SECRETS), []);
        throw error;
      }
    },
  });
}
