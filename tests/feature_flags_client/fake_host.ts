import {
  FeatureFlagsRuntimeClient,
  type FlagPollEntry,
  type RuntimeClientHost,
  type RuntimeClientOptions,
} from "../../src/feature_flags_client.ts";
import { WorkOS, type WorkOSOptions } from "../../mod.ts";
import { json } from "../fake_api.ts";

/** Flags by their slugs. */
export type Flags = Record<string, FlagPollEntry>;

interface Timer {
  at: number;
  ms: number;
  keepAlive: boolean;
  callback: () => void;
}

/** A runtime whose clock stands still until it is moved. */
export class FakeHost implements RuntimeClientHost {
  time = 1790000000000;
  chance = 0.5;
  shares = true;
  readonly timers: Set<Timer> = new Set();
  readonly warnings: string[] = [];

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  after(callback: () => void, { ms, keepAlive }: { ms: number; keepAlive: boolean }): () => void {
    const timer = { at: this.time + ms, ms, keepAlive, callback };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  warn(text: string): void {
    this.warnings.push(text);
  }

  sharesPromises(): boolean {
    return this.shares;
  }

  /** Moves the clock, fires what is due in order, and lets what follows happen. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const [next] = [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.time = Math.max(this.time, next.at);
      this.timers.delete(next);
      next.callback();
      await settled();
    }
    this.time = end;
  }

  /** Moves the clock to the next timer. */
  async next(): Promise<void> {
    await this.advance(Math.min(...[...this.timers].map(({ at }) => at)) - this.time);
  }
}

/** Lets everything happen that waits for no clock. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** What the API answers: a value as JSON, a `Response` as it is, an error as a broken connection, a function's result. */
export type Answer = unknown | ((signal: AbortSignal) => Promise<Response>);

interface Setup {
  client: FeatureFlagsRuntimeClient;
  host: FakeHost;
  signals: AbortSignal[];
  urls: string[];
  /** What happened: `["change", …]`, `["error", …]`, `["failed", …]` by event, and what the logger got. */
  events: [string, unknown][];
  logged: [string, unknown[]][];
}

/** Runs something where `abort()` throws, as that of another request does on Workers. */
export function withoutAbort(run: () => void): void {
  const { abort } = AbortController.prototype;
  AbortController.prototype.abort = () => {
    throw new Error("Cannot perform I/O on behalf of a different request.");
  };
  try {
    run();
  } finally {
    AbortController.prototype.abort = abort;
  }
}

/** A client with listeners for everything; the answers come in turn, the last one repeats. */
export function setup(answers: Answer[], options: RuntimeClientOptions = {}, workos: WorkOSOptions = {}): Setup {
  const host = new FakeHost();
  const made: Omit<Setup, "client"> = { host, signals: [], urls: [], events: [], logged: [] };
  const fetchFn = async (url: string, init: RequestInit) => {
    made.signals.push(init.signal!);
    made.urls.push(url);
    const answer = answers[Math.min(made.urls.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    if (typeof answer === "function") return await answer(init.signal);
    return answer instanceof Response ? answer : reply(answer);
  };
  const log = (level: string) => (...args: unknown[]) => void made.logged.push([level, args]);
  const logger = { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
  const source = new WorkOS({ apiKey: "sk_test_1", maxRetries: 0, fetchFn, ...workos });
  const client = new FeatureFlagsRuntimeClient(source, { logger, ...options }, host);
  for (const event of ["change", "error", "failed"] as const) {
    client.on(event, (value: unknown) => made.events.push([event, value]));
  }
  return { client, ...made };
}

/** A JSON answer that is read at once: some runtimes take their time, while the clock here is moved by hand. */
export function reply(body: unknown, init?: ResponseInit): Response {
  return readAtOnce(json(body, init), JSON.stringify(body));
}

/** The same response, whose text is there at once. */
export function readAtOnce(response: Response, text: string): Response {
  return Object.defineProperty(response, "text", { value: () => Promise.resolve(text) });
}

/** A flag that is off unless its settings say otherwise. */
export function flag(settings: Partial<FlagPollEntry> = {}): FlagPollEntry {
  return { slug: "f", enabled: true, default_value: false, targets: { users: [], organizations: [] }, ...settings };
}

export const ON: Flags = { f: flag({ default_value: true }) };
export const OFF: Flags = { f: flag() };
export const REFUSED = (): Response => reply({ message: "Unauthorized" }, { status: 401 });
export const BROKEN = (): Response => reply({ message: "Oops" }, { status: 500 });

/** Never answers; with a broken `fetch` not even when it is aborted. */
export const HANGS = (signal: AbortSignal): Promise<Response> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

export const IGNORES_SIGNAL = (): Promise<Response> => new Promise(() => {});

/** A promise that may reject before anyone looks at it. */
export function later<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** What a promise is by now. */
export async function outcome(promise: Promise<unknown>): Promise<unknown> {
  return await Promise.race([
    promise.then((value) => value ?? "resolved", (error) => error),
    settled().then(() => "pending"),
  ]);
}
