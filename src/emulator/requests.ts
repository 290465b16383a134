/** A logged request, without its secrets. */
export interface LoggedRequest {
  /** HTTP method. */
  method: string;
  /** Path without the query, and without the prefix that the URL of the emulator may have. */
  path: string;
  /** Query parameters, without the values of secrets. */
  query: Record<string, string>;
  /** Headers with lower-case names, without the values of secrets. */
  headers: Record<string, string>;
  /** JSON or form members, without the values of secrets; `null` for an empty body. */
  body: unknown;
  /** Status of the response; `null` when there was none. */
  status: number | null;
  /** The `X-Request-ID` of the response; `null` when there was none. */
  requestId: string | null;
  /** Whether the response repeats that of an earlier request with the same idempotency key. */
  replayed: boolean;
}

const SECRET_HEADER = /^((proxy-)?authorization|(set-)?cookie|warrant-token)$/;
const SECRET_MEMBER = /(password|token|secret|verifier|code|hash|credential)$|^value$/i;
const REDACTED = "[redacted]";

/** Headers for the log, without the values of secrets. */
export function safeHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].map(([name, value]) => [name, SECRET_HEADER.test(name) ? REDACTED : value]));
}

/** JSON for the log: secret members lose their value at every depth. */
export function safeMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(safeMembers);
  if (typeof value !== "object" || value === null) return value;
  const safe = ([name, inner]: [string, unknown]) => [name, SECRET_MEMBER.test(name) ? REDACTED : safeMembers(inner)];
  return Object.fromEntries(Object.entries(value).map(safe));
}

/** Query parameters for the log, without the values of secrets. */
export function safeQuery(query: URLSearchParams): Record<string, string> {
  return safeMembers(Object.fromEntries(query)) as Record<string, string>;
}

/** A path for the log: without its last segment if that is a token. */
export function safePath(path: string): string {
  return path.replace(/\/by_token\/[^/]+$/, `/by_token/${REDACTED}`);
}
