/**
 * Webhooks without a client: verifies a delivery and reads its event.
 *
 * ```ts
 * import { computeSignature, constructEvent } from "@universal/workos/webhooks";
 *
 * async function handle(request: Request): Promise<Response> {
 *   const event = await constructEvent({ payload: request, secret: "whsec_123" });
 *   if (event.event === "user.created") console.log(event.data.email); // ada@acme.example
 *   return new Response();
 * }
 *
 * // What WorkOS sends:
 * const body = JSON.stringify({ id: "event_1", event: "user.created", data: { email: "ada@acme.example" } });
 * const time = Date.now();
 * const signature = `t=${time}, v1=${await computeSignature(time, body, "whsec_123")}`;
 * const headers = { "WorkOS-Signature": signature };
 * await handle(new Request("https://app.example/webhooks", { method: "POST", body, headers }));
 * ```
 *
 * @module
 */

import { openDelivery, type VerifyDeliveryOptions } from "../delivery.ts";
import { type Event, readEvent } from "../resources/events.ts";
import { type SignedPayload, signPayload } from "../signature.ts";

export { ParseError, SignatureVerificationException, WorkOSException } from "../errors.ts";
export type { ExceptionDetails, ParseErrorDetails } from "../errors.ts";
export { verifyDelivery as verifyHeader, type VerifyDeliveryOptions } from "../delivery.ts";
export type { SignedPayload } from "../signature.ts";
export type * from "../resources/events/data.ts";
export type * from "../resources/events/envelopes.ts";

export type { Described, Entity, Timestamps } from "../entity.ts";
export type { ApiKey, ApiKeyOrganizationOwner, ApiKeyOwner, ApiKeyUserOwner } from "../resources/api_keys.ts";
export type { Permission } from "../resources/authorization/permissions.ts";
// deno-fmt-ignore
export type {
  DefaultCustomAttributes, DirectoryGroup, DirectoryState, DirectoryType, DirectoryUser, DirectoryUserEmail,
  EventDirectory, EventDirectoryDomain,
} from "../resources/directory_sync.ts";
export type { FeatureFlag, FeatureFlagOwner } from "../resources/feature_flags.ts";
export type { Group, GroupMemberEventData } from "../resources/groups.ts";
export type {
  OrganizationDomain,
  OrganizationDomainState,
  OrganizationDomainVerificationFailed,
  OrganizationDomainVerificationStrategy,
} from "../resources/organization_domains.ts";
export type { Organization } from "../resources/organizations.ts";
export type {
  PipesConnectedAccount,
  PipesConnectedAccountState,
  PipesConnectionFailed,
} from "../resources/pipes/connected_accounts.ts";
export type { OrganizationRoleEvent, RoleEvent, RoleResponse } from "../resources/roles.ts";
export type { Connection, ConnectionDomain, ConnectionType } from "../resources/sso.ts";
export type { Impersonator } from "../resources/user_management/authentication.ts";
// deno-fmt-ignore
export type {
  AuthenticationEvent, AuthenticationEventError, AuthenticationEventSso, AuthenticationEventStatus,
  AuthenticationEventType, AuthenticationRadarRiskDetectedEventData,
} from "../resources/user_management/authentication_events.ts";
export type { EmailVerificationEvent } from "../resources/user_management/email_verification.ts";
export type { InvitationEvent, InvitationState } from "../resources/user_management/invitations.ts";
export type { MagicAuthEvent } from "../resources/user_management/magic_auth.ts";
export type {
  BaseOrganizationMembership,
  OrganizationMembership,
  OrganizationMembershipStatus,
} from "../resources/user_management/memberships.ts";
export type { PasswordResetEvent } from "../resources/user_management/password_reset.ts";
export type { AuthMethod, Session, SessionStatus } from "../resources/user_management/sessions.ts";
export type { User } from "../resources/user_management/users.ts";
// deno-fmt-ignore
export type {
  KeyContext, VaultActor, VaultActorSource, VaultByokKeyProvider, VaultByokKeyVerificationCompletedEventData,
  VaultDataCreatedEventData, VaultDataDeletedEventData, VaultDataReadEventData, VaultDataUpdatedEventData,
  VaultDekDecryptedEventData, VaultDekReadEventData, VaultKekCreatedEventData, VaultMetadataReadEventData,
  VaultNamesListedEventData,
} from "../resources/vault.ts";

/**
 * Verifies a delivery, and only then reads its event. Consumes the body of a request. Throws
 * {@linkcode SignatureVerificationException} when the header is missing, or the signature does not match, is too old,
 * or is in the future by more than both the tolerance and five minutes; {@linkcode ParseError} when a verified body is
 * malformed; a `TypeError` for an empty secret or a body that was already read; and a `RangeError` for a bad
 * `tolerance`.
 */
export async function constructEvent(options: VerifyDeliveryOptions): Promise<Event> {
  return await openDelivery(options, readEvent);
}

/**
 * Computes the signature of a payload: HMAC-SHA-256 over `<timestamp>.<payload>` in lower-case hex. `timestamp` is in
 * milliseconds since the epoch. Throws a `TypeError` for an empty secret.
 */
export async function computeSignature(
  timestamp: number | string,
  payload: SignedPayload,
  secret: string,
): Promise<string> {
  return await signPayload({ timestamp, payload, secret });
}
