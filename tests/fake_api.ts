import { type FetchFunction, WorkOS, type WorkOSOptions } from "../mod.ts";

/** One request as the fake received it. */
export interface FakeRequest {
  method: string;
  url: string;
  path: string;
  query: Record<string, string>;
  /** By lower-case name. */
  headers: Record<string, string>;
  /** Parsed JSON, the text of anything else, `undefined` without a body. */
  // deno-lint-ignore no-explicit-any -- tests read into it
  body: any;
  init: RequestInit;
}

export interface FakeApi {
  workos: WorkOS;
  fetchFn: FetchFunction;
  requests: FakeRequest[];
}

/** A client whose requests are answered by the given values in turn, the last one repeating; a `Response` is used as it is. */
export function fakeApi(...answers: unknown[]): FakeApi {
  return fakeApi.with({}, ...answers);
}

fakeApi.with = (options: WorkOSOptions, ...answers: unknown[]): FakeApi => {
  const requests: FakeRequest[] = [];
  const fetchFn: FetchFunction = (url, init) => {
    requests.push(record(url, init));
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve(answer instanceof Response ? answer.clone() : json(answer));
  };
  const defaults = { apiKey: "sk_test_fake", clientId: "client_fake", maxRetries: 0 };
  return { workos: new WorkOS({ ...defaults, fetchFn, ...options }), fetchFn, requests };
};

/** A JSON answer with the headers of the API. */
export function json(body: unknown, init: ResponseInit = {}): Response {
  const headers = { "Content-Type": "application/json", "X-Request-ID": "req_fake", ...init.headers };
  return new Response(body === undefined ? null : JSON.stringify(body), { ...init, headers });
}

function record(url: string, init: RequestInit): FakeRequest {
  const { pathname, searchParams } = new URL(url);
  const headers = Object.fromEntries(new Headers(init.headers));
  const isJson = headers["content-type"]?.startsWith("application/json");
  return {
    method: init.method ?? "GET",
    url,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers,
    body: isJson && init.body ? JSON.parse(init.body as string) : init.body?.toString(),
    init,
  };
}
