// The two libraries, loaded by name from where the benchmark installed them, and what they are given.
import type * as Ours from "../mod.ts";
import type * as Official from "npm:@workos-inc/node@11.0.0";

/** Who takes part. */
export type Contestant = "ours" | "official" | "by hand";

/** A client of either library, as far as both are the same. */
export type Client = Ours.WorkOS & Official.WorkOS;

/** Options of a client that both libraries know. */
export interface ClientOptions {
  fetchFn?: (url: string, init: RequestInit) => Promise<Response>;
  apiHostname?: string;
  port?: number;
  https?: boolean;
}

/** Makes clients of one library. */
export interface Library {
  make(options: ClientOptions): Client;
}

/** The API key of every client. */
export const KEY = "sk_test_bench";
/** The client id of every client. */
export const CLIENT_ID = "client_bench";

const PACKAGES = { ours: "@universal/workos", official: "@workos-inc/node" };

/** Loads a library. */
export async function load(name: "ours" | "official"): Promise<Library> {
  const { WorkOS } = await import(PACKAGES[name]) as { WorkOS: new (key: string, options: object) => Client };
  return { make: (options) => new WorkOS(KEY, { clientId: CLIENT_ID, ...options }) };
}

/** One organization as the API sends it. */
export function organization(index: number): Record<string, unknown> {
  return {
    object: "organization",
    id: `org_01EHZNVPK3SFK441A1RGBFSH${index}`,
    name: `Acme ${index}`,
    allow_profiles_outside_organization: false,
    external_id: `ext_${index}`,
    metadata: { tier: "diamond" },
    stripe_customer_id: "cus_R9qWAGMQ6nGE7V",
    domains: [{
      object: "organization_domain",
      id: `org_domain_01EHZNVPK2QXHMVWCEDQEKY69${index}`,
      organization_id: `org_01EHZNVPK3SFK441A1RGBFSH${index}`,
      domain: "acme.example",
      state: "verified",
      verification_strategy: "dns",
      verification_token: "m5Oztg3jdK4NJLgs8uIlIprMw",
    }],
    created_at: "2026-01-15T12:00:00.000Z",
    updated_at: "2026-01-15T12:00:00.000Z",
  };
}

/** A page of organizations as the API sends it. */
export function pageOf(first: number, { size, last }: { size: number; last: boolean }): string {
  const data = Array.from({ length: size }, (_, i) => organization(first + i));
  const after = last ? null : data[size - 1].id;
  return JSON.stringify({ object: "list", data, list_metadata: { before: null, after } });
}

/** A `fetch` that has the answer ready. */
export function answering(text: string, status = 200): () => Promise<Response> {
  const headers = { "Content-Type": "application/json", "X-Request-ID": "req_bench" };
  return () => Promise.resolve(new Response(text, { status, headers }));
}
