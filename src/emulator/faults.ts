import { checkMembers, type Members, unusable } from "./members.ts";

/** Which requests a fault affects. */
export interface FaultMatch {
  /** HTTP method, in any case. Default: every method. */
  method?: string;
  /** Path without query; `:name` and `*` match one segment, a final `**` matches the rest. Default: every path. */
  path?: string | RegExp;
}

/** A fault of a request. */
export interface Fault {
  /**
   * Kind of the fault. Default `status`.
   *
   * - `status`: a response with `status` and `body`; the request has no effect
   * - `network`: the fetch rejects with a `TypeError`; the request has no effect
   * - `lost`: the request takes effect, then the fetch rejects with a `TypeError`: the response is lost
   * - `hang`: no response until the request's signal aborts; the request has no effect
   * - `reset-body`: the request takes effect, and the response breaks off in the middle of its body
   */
  kind?: "status" | "network" | "lost" | "hang" | "reset-body";
  /** Status of the response, 200 to 599. Default 500. */
  status?: number;
  /** Body of the response: text is sent as it is, anything else as JSON. Default: a message for the status. */
  body?: unknown;
  /** Headers of the response. Default for 429 and 503: `Retry-After: 1`. */
  headers?: Record<string, string>;
  /** How many requests it affects; `Infinity` for all. Default 1. */
  times?: number;
  /** Which requests it affects. Default: all. */
  match?: FaultMatch;
}

const FAULT: Members = {
  kind: { oneOf: ["status", "network", "lost", "hang", "reset-body"] },
  status: "count?",
  body: "fit?",
  headers: "object?",
  times: "fit?",
  match: { object: { method: "text?", path: "fit?" } },
};

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

const MESSAGES: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  408: "Request Timeout",
  409: "Conflict",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** Pending faults, in the order in which they were added. */
export class Faults {
  #waiting: { fault: Fault; left: number }[] = [];

  /** Adds a fault. Throws a `TypeError` for an invalid one. */
  add(fault: Fault): void {
    checkFault(fault);
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  /** Takes the first fault that matches a request, if any, and counts it as used. */
  take(method: string, path: string): Fault | undefined {
    const entry = this.#waiting.find(({ fault }) => matches(fault.match ?? {}, method, path));
    if (!entry) return undefined;
    entry.left--;
    this.#waiting = this.#waiting.filter(({ left }) => left > 0);
    return entry.fault;
  }

  /** Removes all pending faults. */
  clear(): void {
    this.#waiting = [];
  }
}

function checkFault(fault: Fault): void {
  checkMembers(fault, FAULT, "fault");
  const { status = 500, times = 1, match: { method = "GET", path = "/" } = {} } = fault;
  if (status < 200 || status > 599) throw unusable("fault.status", "it is not a status from 200 to 599");
  if (times !== Infinity && !(Number.isSafeInteger(times) && times > 0)) {
    throw unusable("fault.times", "it is neither a positive integer nor Infinity");
  }
  if (!METHODS.includes(method.toUpperCase())) {
    throw unusable("fault.match.method", `it is none of ${METHODS.join(", ")}`);
  }
  if (!(path instanceof RegExp) && !/^(\/|\*\*)[^?#]*$/.test(path)) {
    throw unusable("fault.match.path", "it is neither a path from the first slash on, without a query, nor a RegExp");
  }
}

/** The response of a `status` fault. */
export function faultResponse({ status = 500, body, headers }: Fault): Response {
  const all = new Headers(headers);
  if ((status === 429 || status === 503) && !all.has("Retry-After")) all.set("Retry-After", "1");
  const content = body === undefined ? { message: MESSAGES[status] ?? "Error" } : body;
  if (!all.has("Content-Type")) {
    all.set("Content-Type", typeof content === "string" ? "text/plain" : "application/json");
  }
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return new Response([101, 204, 205, 304].includes(status) ? null : text, { status, headers: all });
}

/** The same response, with a body that breaks off half-way. */
export async function breakOff(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) return controller.error(new TypeError("Cannot read body: the connection was reset"));
      sent = true;
      controller.enqueue(bytes.slice(0, Math.floor(bytes.length / 2)));
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}

/** Never resolves; rejects when the signal aborts. */
export async function hang(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  return await new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function matches(match: FaultMatch, method: string, path: string): boolean {
  if (match.method && match.method.toUpperCase() !== method) return false;
  if (match.path === undefined) return true;
  return typeof match.path === "string" ? pathPattern(match.path).test(path) : new RegExp(match.path).test(path);
}

function pathPattern(path: string): RegExp {
  const segments = path.split("/").map((segment) => {
    if (segment === "**") return ".*";
    if (segment === "*" || segment.startsWith(":")) return "[^/]+";
    return segment.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${segments.join("/")}$`);
}
