/**
 * WorkOS in memory, for tests and for offline work: the API as one web-standard request handler.
 *
 * ```ts
 * import { createEmulator } from "@universal/workos/emulator";
 *
 * const emulator = createEmulator({ seed: { organizations: [{ id: "org_1", name: "Acme" }] } });
 * const headers = { Authorization: `Bearer ${emulator.apiKey}` };
 * const response = await emulator.fetch("https://api.workos.com/organizations/org_1", { headers });
 * console.log((await response.json()).name); // "Acme"
 * ```
 *
 * Use `emulator.fetch` as the `fetchFn` of a client, or as the handler of a server: `Deno.serve(emulator.fetch)`,
 * `export default { fetch: emulator.fetch }`.
 *
 * It serves organizations with their domains and IT contacts, users, memberships, groups, roles, permissions, resources,
 * role assignments, authorization checks, invitations, waitlists, redirect URIs, sign-in with every grant, sessions, key
 * sets, second factors, single sign-on, passwordless sessions, directories, API keys, agents and their blueprints,
 * feature flags, Vault, Radar, Connect applications, Pipes, audit logs, Admin Portal links, widget tokens, events and
 * webhook endpoints: every method of the SDK. Any other request gets a 501 with the code `not_emulated`, not a 404,
 * which code under test might handle as a result. {@linkcode Emulator.failNext} sets another response:
 *
 * ```ts
 * import { createEmulator } from "@universal/workos/emulator";
 *
 * const emulator = createEmulator();
 * const match = { method: "GET", path: "/organizations/:id/invoices" };
 * emulator.failNext({ match, status: 200, body: { object: "list", data: [] }, times: Infinity });
 * ```
 *
 * @module
 */
export {
  createEmulator,
  Emulator,
  type EmulatorClientOptions,
  type EmulatorOptions,
  type EmulatorSignIn,
} from "./emulator.ts";
export type { AuditLogEvent, AuditLogMetadata, AuditLogParty } from "./audit_logs.ts";
export type { DirectoryContent } from "./directory_sync.ts";
export type { Fault, FaultMatch } from "./faults.ts";
export type { EmulatorEvent, Impersonator } from "./records.ts";
export type { LoggedRequest } from "./requests.ts";
export type {
  EmulatorSeed,
  SeedAgentRegistration,
  SeedAuthorizedApplication,
  SeedConnectApplication,
  SeedConnectedAccount,
  SeedConnection,
  SeedDataIntegration,
  SeedDirectory,
  SeedDirectoryGroup,
  SeedDirectoryUser,
  SeedFeatureFlag,
  SeedGroup,
  SeedInvitation,
  SeedMembership,
  SeedOrganization,
  SeedPermission,
  SeedProfile,
  SeedRecord,
  SeedResource,
  SeedRole,
  SeedRoleAssignment,
  SeedUser,
  SeedVaultObject,
  SeedWebhookEndpoint,
} from "./seed.ts";
export type { Entity } from "./store.ts";
export type { Delivery } from "./webhooks.ts";
export type { EmulatorPolicies, Message } from "./world.ts";
export type { JsonWebKeySet, Jwk } from "../jwt.ts";
export { generateSigningKey, type SigningKey } from "./signing.ts";
