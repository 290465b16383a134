/** A logged request, with secrets removed. */
export interface LoggedRequest {
  /** HTTP method. */
  method: string;
  /** Path without the query. */
  path: string;
  /** Query parameters; secret values are removed. */
  query: Record<string, string>;
  /** Headers by lower-case name; secret values are removed. */
  headers: Record<string, string>;
  /** JSON or form body; secret values are removed. `null` without a body. */
  body: unknown;
  /** Status of the response; `null` when there was none. */
  status: number | null;
  /** `X-Request-ID` of the response; `null` when there was none. */
  requestId: string | null;
  /** Whether the response of an earlier request with the same idempotency key was sent again. */
  replayed: boolean;
}

const SECRET_HEADER = /^((proxy-)?authorization|(set-)?cookie|warrant-token)$/;
const SECRET_MEMBER = /(password|token|secret|verifier|code|hash|credential)$|^value$/i;
const REDACTED = "[redacted]";

/** Headers as they may be remembered. */
export function safeHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].map(([name, value]) => [name, SECRET_HEADER.test(name) ? REDACTED : value]));
}

/** JSON as it may be remembered: members that hold secrets lose their value, however deep they are. */
export function safeMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(safeMembers);
  if (typeof value !== "object" || value === null) return value;
  const safe = ([name, inner]: [string, unknown]) => [name, SECRET_MEMBER.test(name) ? REDACTED : safeMembers(inner)];
  return Object.fromEntries(Object.entries(value).map(safe));
}

/** Query parameters as they may be remembered. */
export function safeQuery(query: URLSearchParams): Record<string, string> {
  return safeMembers(Object.fromEntries(query)) as Record<string, string>;
}

/** A path as it may be remembered: its last part is left out where that is a token. */
export function safePath(path: string): string {
  return path.replace(/\/by_token\/[^/]+$/, `/by_token/${REDACTED}`);
}
