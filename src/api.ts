// Sends the requests of a client: single ones, lists, and key sets.

import type { Config } from "./config.ts";
import { ApiKeyRequiredException } from "./errors.ts";
import { type HiddenMember, hiddenMember } from "./hidden.ts";
import { createObserver } from "./hooks.ts";
import { createKeySet, type KeySet, readKeySet } from "./jwks.ts";
import { AutoPaginatable, type List, type PaginationOptions } from "./page.ts";
import { createLimiter } from "./rate_limit.ts";
import { type Answer, CLOCK, requestIDOf, type RequestOptions, Transport, type TransportClock } from "./transport.ts";
import { path as requestPath, type RequestPath } from "./url.ts";
import { camel, type Wire } from "./wire.ts";

export type { Call, Method, RequestOptions, TransportClock } from "./transport.ts";

/** What {@linkcode responseOf} tells about a response. */
export interface ResponseInfo {
  /** HTTP status. */
  readonly status: number;
  /** Headers of the response. */
  readonly headers: Headers;
  /** Value of the `X-Request-ID` header, to quote to support; empty when there was none. */
  readonly requestID: string;
  /** How many attempts the call made. */
  readonly attempts: number;
  /** Sum of the delays before its retries, in milliseconds, without pauses of the whole client. */
  readonly waited: number;
}

/** The response that each returned value was read from. */
const origins: HiddenMember<Answer> = /* @__PURE__ */ hiddenMember();

/** How the call went that returned `value`: an object, page or list; `undefined` for anything else, such as an item. */
export function responseOf(value: unknown): ResponseInfo | undefined {
  const answer = origins.get(value);
  if (!answer) return undefined;
  const { response, attempts, waited } = answer;
  return { status: response.status, headers: response.headers, requestID: requestIDOf(response), attempts, waited };
}

const KEY_SET_TIMEOUT = 5_000;
const MAX_KEY_SETS = 1_000; // callers may take client ids from unverified tokens

/** Sends the requests of one client: single ones, lists, and those for key sets. */
export class Api extends Transport<Config> {
  readonly #keySets: Map<string, KeySet> = new Map();

  /** Made by the client. */
  constructor(config: Config, clock: TransportClock = { ...CLOCK, now: config.now ?? CLOCK.now }) {
    super(config, clock, {
      observer: createObserver(config, clock),
      limiter: config.rateLimits.length > 0 ? createLimiter(config.rateLimits, clock) : undefined,
      refuse: config.secrets().apiKey ? undefined : (path) => {
        throw new ApiKeyRequiredException(path);
      },
      remember: origins.set,
    });
  }

  /** Fetches the first page of a list, newest items first unless `query.order` says otherwise. */
  async list<T, P extends object = PaginationOptions>(
    path: RequestPath | string,
    { query, rawQuery, read }: { query?: P; rawQuery?: Record<string, unknown>; read?: (wire: Wire) => T },
    request?: RequestOptions,
  ): Promise<AutoPaginatable<T, P>> {
    const fetchPage = async (options: PaginationOptions & P): Promise<List<T>> => {
      const ordered = { ...options, order: options.order || "desc" };
      return await this.send("GET", path, { query: ordered, rawQuery, read: (wire) => readList(wire, read) }, request);
    };
    const options = { ...query } as PaginationOptions & P; // now, as the caller may change them meanwhile
    const first = await fetchPage(options);
    const page = new AutoPaginatable<T, P>(first, fetchPage, options);
    origins.set(page, origins.get(first)!);
    return page;
  }

  /** The keys that sign tokens for a client id, cached. `GET /sso/jwks/{clientId}` */
  keySet(clientId: string): KeySet {
    const known = this.#keySets.get(clientId);
    if (known) return known;
    const target = requestPath`/sso/jwks/${clientId}`;
    const request = {
      timeout: Math.min(this.config.timeout, KEY_SET_TIMEOUT),
      maxRetries: Math.min(this.config.maxRetries, 1), // a token waits for it
    };
    const read = (wire: Wire) => ({ keys: readKeySet(wire) }); // anything but a key set is a ParseError
    const call = { public: true, anonymous: true, maxDelay: KEY_SET_TIMEOUT, read };
    const keySet = createKeySet({
      load: () => this.send("GET", target, call, request),
      url: this.config.baseURL + target.value,
      seed: clientId === this.clientId ? this.config.keySetSeed : undefined, // other client ids have other keys
      cache: this.config.keySetCache,
      now: () => this.clock.now(),
    });
    if (this.#keySets.size >= MAX_KEY_SETS) this.#keySets.clear();
    this.#keySets.set(clientId, keySet);
    return keySet;
  }
}

/** Reads one page of a list, item by item. */
export function readList<T>(wire: Wire, read: (wire: Wire) => T = camel): List<T> {
  const { data, ...rest } = wire;
  if (!Array.isArray(data)) throw new TypeError("Cannot read list: it has no data");
  const { listMetadata, ...page } = camel<Omit<List<T>, "data">>(rest);
  return { ...page, object: "list", data: data.map(read), listMetadata: listMetadata ?? { before: null, after: null } };
}
