import { Refusal, type Reply, replyOf } from "./answers.ts";
import type { World } from "./world.ts";

/** HTTP methods the API knows. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One request as an endpoint sees it. */
export interface Call {
  /** Upper case. */
  method: string;
  /** Path, without a prefix that the URL of the emulator has. */
  path: string;
  /** Values of the `:names` in the route's path, decoded. */
  params: Record<string, string>;
  /** Query parameters. */
  query: URLSearchParams;
  /** Request headers. */
  headers: Headers;
  /** JSON or form members; empty when nothing was sent. */
  body: Record<string, unknown>;
  /** What follows `Bearer` in the Authorization header. */
  bearer: string | undefined;
}

/** Answers one request. A plain value is sent as JSON with the route's status; `undefined` leaves the body empty. */
export type Handler = (call: Call, world: World) => Answer | Promise<Answer>;

/** What a {@linkcode Handler} returns. */
export type Answer = Reply | object | undefined | void;

/** One endpoint. */
export interface Route {
  /** HTTP method. */
  method: Method;
  /** Path with `:name` for each part that varies. */
  path: string;
  /** Answers it. */
  handle: Handler;
  /** Status of a plain value. */
  status: number;
  /** Whether it answers without an API key. Defaults to false. */
  public?: boolean;
}

/** Writes down one endpoint, and the status of plain values. */
export function route(line: `${Method} /${string}`, handle: Handler, status = 200): Route {
  const [method, path] = line.split(" ");
  return { method: method as Method, path, handle, status };
}

/** Writes down one that answers without an API key. */
export function publicRoute(line: `${Method} /${string}`, handle: Handler): Route {
  return { ...route(line, handle), public: true };
}

/** A route that responds with 400, perhaps with its own code, to invalid fields, to which others respond with 422. */
export function route400(line: `${Method} /${string}`, handle: Handler, status?: number, code?: string): Route {
  return route(line, async (call, world) => {
    try {
      return await handle(call, world);
    } catch (error) {
      const { status, body } = replyOf(error) as { status: number; body: { errors?: unknown } };
      throw status === 422 && body.errors ? new Refusal(400, { ...body, ...code && { code } }) : error;
    }
  }, status);
}

/** Finds the route of a request; a literal segment wins over a `:name`. */
export class Router {
  readonly #routes: { route: Route; segments: string[] }[];

  /** Knows these routes. Throws when two are the same. */
  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, segments: route.path.split("/") }));
    this.#routes.sort((a, b) => literalFirst(a.segments, b.segments));
    const seen = new Set<string>();
    for (const { method, path } of routes) {
      const line = `${method} ${path.replace(/:\w+/g, ":")}`;
      if (seen.has(line)) throw new TypeError(`Cannot build router: ${method} ${path} is there twice`);
      seen.add(line);
    }
  }

  /** The route and the values in its path; `undefined` when there is none. */
  match(method: string, pathname: string): { route: Route; params: Record<string, string> } | undefined {
    const path = pathname.split("/");
    for (const { route, segments } of this.#routes) {
      if (route.method !== method || segments.length !== path.length) continue;
      const params = readParams(segments, path);
      if (params) return { route, params };
    }
    return undefined;
  }
}

/** Paths of one length in this order have those first that are literal earlier; a sort needs an order of all paths. */
function literalFirst(a: string[], b: string[]): number {
  const [own, other] = [a, b].map((path) => path.map((segment) => Number(segment.startsWith(":"))).join(""));
  return own < other ? -1 : Number(own > other);
}

function readParams(segments: string[], path: string[]): Record<string, string> | undefined {
  const params: [string, string][] = [];
  for (const [index, segment] of segments.entries()) {
    if (!segment.startsWith(":")) {
      if (segment !== path[index]) return undefined;
      continue;
    }
    const value = decode(path[index]);
    if (!value) return undefined;
    params.push([segment.slice(1), value]);
  }
  return Object.fromEntries(params);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // not an address anybody serves
  }
}
