// For whole stories through the public API, without a network.
import { assert } from "@std/assert";
import { WorkOS, type WorkOSOptions } from "../../mod.ts";
import { createEmulator, type Emulator, type EmulatorSeed } from "../../src/emulator/mod.ts";

/** Two organizations, the first with two members, a connection and feature flags. */
const SEED: EmulatorSeed = {
  organizations: [
    { id: "org_1", name: "Acme", domains: ["acme.example"], external_id: "ext_1" },
    { id: "org_2", name: "Globex" },
  ],
  roles: [{ slug: "admin", permissions: ["posts:write"] }],
  users: [
    { id: "user_ada", email: "ada@acme.example", first_name: "Ada", last_name: "Lovelace", password: "correct horse" },
    { id: "user_bob", email: "bob@example.com", password: "battery staple" },
  ],
  memberships: [
    { id: "om_1", user_id: "user_ada", organization_id: "org_1", role_slug: "admin" },
    { id: "om_2", user_id: "user_bob", organization_id: "org_1" },
  ],
  connections: [{ id: "conn_1", connection_type: "GenericSAML", name: "Acme SAML", organization_id: "org_1" }],
  feature_flags: [
    { slug: "checkout" },
    { slug: "dark-mode", default_value: true },
    { slug: "beta", targets: { organizations: ["org_1"], custom_targets: [{ type: "workspace", id: "w1" }] } },
  ],
};
/** Where sign-ins lead back to. */
export const REDIRECT_URI = "https://app.example.com/callback";

/** What the emulator sent to webhook endpoints. */
export const deliveries: Request[] = [];
/** One emulator for all tests: making its signing key takes long. */
export const emulator: Emulator = createEmulator({
  seed: SEED,
  deliver: (url, init) => {
    deliveries.push(new Request(url, init));
    return Promise.resolve(new Response(null, { status: 204 }));
  },
});
/** A client of the emulator. */
export function connect(options: WorkOSOptions = {}): WorkOS {
  const { apiKey, clientId, fetch } = emulator;
  return new WorkOS({ apiKey, clientId, fetchFn: fetch, ...options });
}

/** The emulator as it was at first, and a client of it. */
export function restart(): WorkOS {
  emulator.setPolicies({ signUp: true, requireMfa: false, requireSso: [], radarChallenge: "none" });
  emulator.setPolicies({ multipleConnections: false });
  emulator.reset();
  deliveries.length = 0;
  return connect();
}

/** Follows a sign-in URL as a browser does, to what comes back to the application. */
export async function visit(url: string): Promise<Record<string, string>> {
  const response = await emulator.fetch(url, { redirect: "manual" });
  await response.body?.cancel();
  const location = response.headers.get("Location") ?? "";
  assert(location.startsWith(`${REDIRECT_URI}?`), `a way back, got ${response.status} ${location}`);
  return Object.fromEntries(new URL(location).searchParams);
}

/** The newest message of a kind that was sent to an address. */
export function mail(type: string, to: string): { id: string; code: string; token: string } {
  const message = emulator.outbox.findLast((known) => known.type === type && known.to === to);
  assert(message, `a message of type ${type}`);
  const { id, code = "", token = "" } = message;
  return { id, code, token };
}
