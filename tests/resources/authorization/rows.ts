import type { Authorization } from "../../../src/resources/authorization.ts";

/** A call, the request it makes and what becomes of the answer. */
export interface Row {
  name: string;
  call: (authorization: Authorization) => Promise<unknown>;
  request: string;
  query?: Record<string, string>;
  body?: unknown;
  answer?: unknown;
  result?: unknown;
}

/** A call of a list method: its request, and one item before and after reading. */
export interface ListRow {
  name: string;
  call: (authorization: Authorization) => Promise<{ data: unknown[]; options: unknown }>;
  path: string;
  query: Record<string, string>;
  options: unknown;
  item: unknown;
  result: unknown;
}

export const times = { created_at: "2026-01-01T00:00:00.000Z", updated_at: "2026-01-02T00:00:00.000Z" };

export const readableTimes = { createdAt: "2026-01-01T00:00:00.000Z", updatedAt: "2026-01-02T00:00:00.000Z" };

export const external = { organizationId: "org_1", resourceTypeSlug: "project", externalId: "proj-456" };

export function page(...data: unknown[]): unknown {
  return { object: "list", data, list_metadata: { before: null, after: null } };
}
