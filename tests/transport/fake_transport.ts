import { assertEquals } from "@std/assert";
import { resolveConfig, type WorkOSOptions } from "../../src/config.ts";
import { Api } from "../../src/api.ts";

/** One request as `fetch` was given it. */
export interface Sent {
  url: string;
  method: string;
  headers: Headers;
  init: RequestInit;
}

/** What a request gets. */
export type Answer = Response | Error | ((signal: AbortSignal) => Promise<Response>);

/** What the clock says, always. */
export const NOW = 1790000000000;

interface FakeTransport {
  api: Api;
  sent: Sent[];
  waits: number[];
}

/** A transport whose requests get the given answers in turn, the last one repeating; waits are recorded, not waited. */
export function transport(answers: Answer[], options: WorkOSOptions = {}): FakeTransport {
  const sent: Sent[] = [];
  const waits: number[] = [];
  const fetchFn = (url: string, init: RequestInit) => {
    sent.push({ url, method: init.method!, headers: new Headers(init.headers), init });
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    if (answer instanceof Error) return Promise.reject(answer);
    return typeof answer === "function" ? answer(init.signal!) : Promise.resolve(answer.clone());
  };
  const config = resolveConfig({ apiKey: "sk_test_1", fetchFn, ...options }, () => undefined);
  const wait = (ms: number, signals: AbortSignal[]) => {
    waits.push(ms);
    return signals.some((it) => it.aborted) ? Promise.reject(signals[0].reason) : Promise.resolve();
  };
  return { api: new Api(config, { now: () => NOW, elapsed: () => NOW, random: () => 0.5, wait }), sent, waits };
}

export function ok(body: unknown = { id: "x_1" }, headers = {}): Response {
  return new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json", ...headers } });
}

export function status(code: number, headers = {}, body = "{}"): Response {
  return new Response(body, { status: code, headers });
}

/** No answer until the call is aborted. */
export function hang(signal: AbortSignal): Promise<Response> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

/** No answer at all. */
export function never(): Promise<Response> {
  return new Promise(() => {});
}

/** An answer whose body sends a first piece and then goes on as `then` says. */
export function partial(
  then: (controller: ReadableStreamDefaultController) => void,
  init: ResponseInit = {},
): Response {
  return new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"id":'));
        then(controller);
      },
    }),
    init,
  );
}

/** Expects a rejection with this very reason. */
export async function rejectsWith(reason: unknown, call: Promise<unknown>): Promise<void> {
  const outcome = await call.then(() => "resolved", (error) => ({ error }));
  assertEquals(outcome, { error: reason });
}
