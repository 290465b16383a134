const METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
const DAY = "86400";

/** Which browser pages may call: all, none, or those of these origins. */
export type Cors = boolean | string[];

/** What a request says about the page it comes from. */
export type Asked = Pick<Request, "headers">;

/** The response to a preflight request; `undefined` when its origin is not allowed. */
export function preflight(request: Asked, cors: Cors): Response | undefined {
  const headers = allowance(request, cors);
  if (!headers) return undefined;
  headers.set("Access-Control-Allow-Methods", METHODS);
  headers.set("Access-Control-Allow-Headers", request.headers.get("Access-Control-Request-Headers") ?? "*");
  headers.set("Access-Control-Max-Age", DAY);
  return new Response(null, { status: 204, headers });
}

/** Adds CORS headers to a response if the origin of the request is allowed. */
export function addCors(response: Response, request: Asked, cors: Cors): Response {
  const allowed = allowance(request, cors);
  if (!allowed) return response;
  allowed.set("Access-Control-Expose-Headers", "X-Request-ID, Retry-After, Location");
  for (const [name, value] of allowed) response.headers.set(name, value);
  return response;
}

function allowance(request: Asked, cors: Cors): Headers | undefined {
  const origin = request.headers.get("Origin");
  if (origin === null || !(Array.isArray(cors) ? cors.includes(origin) : cors)) return undefined;
  // Pages may use `credentials: "include"`; the emulator has no cookies that this could give away
  return new Headers({
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Allow-Credentials": "true",
    "Vary": "Origin",
  });
}
