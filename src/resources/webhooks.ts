// Webhooks: the endpoints to which events are delivered, and the verification of deliveries.

import { type Entity, readDated } from "../entity.ts";
import { byClock, openDelivery, verifyDelivery, type VerifyDeliveryOptions } from "../delivery.ts";
import { SignatureVerificationException } from "../errors.ts";
import type { AutoPaginatable, PaginationOptions } from "../page.ts";
import { parseSignatureHeader, type SignedPayload, signPayload } from "../signature.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import type { OpenEnum } from "../wire.ts";
import { type Event, readEvent } from "./events.ts";

/** The events an endpoint can subscribe to. */
// deno-fmt-ignore
export const CreateWebhookEndpointEvents = {
  AgentRegistrationClaimAttemptCreated: "agent.registration.claim.attempt.created",
  AgentRegistrationClaimCompleted: "agent.registration.claim.completed",
  AgentRegistrationCreated: "agent.registration.created",
  AgentRegistrationCredentialIssued: "agent.registration.credential.issued",
  AgentRegistrationDeleted: "agent.registration.deleted", AgentRegistrationExpired: "agent.registration.expired",
  AgentRegistrationOrganizationSwitched: "agent.registration.organization.switched",
  AgentRegistrationRefreshed: "agent.registration.refreshed", AgentRegistrationRevoked: "agent.registration.revoked",
  ApiKeyCreated: "api_key.created", ApiKeyRevoked: "api_key.revoked", ApiKeyUpdated: "api_key.updated",
  AuthenticationEmailVerificationSucceeded: "authentication.email_verification_succeeded",
  AuthenticationMagicAuthFailed: "authentication.magic_auth_failed",
  AuthenticationMagicAuthSucceeded: "authentication.magic_auth_succeeded",
  AuthenticationMfaSucceeded: "authentication.mfa_succeeded", AuthenticationOAuthFailed: "authentication.oauth_failed",
  AuthenticationOAuthSucceeded: "authentication.oauth_succeeded",
  AuthenticationPasskeyFailed: "authentication.passkey_failed",
  AuthenticationPasskeySucceeded: "authentication.passkey_succeeded",
  AuthenticationPasswordFailed: "authentication.password_failed",
  AuthenticationPasswordSucceeded: "authentication.password_succeeded",
  AuthenticationRadarRiskDetected: "authentication.radar_risk_detected",
  AuthenticationReauthenticationSucceeded: "authentication.reauthentication_succeeded",
  AuthenticationSSOFailed: "authentication.sso_failed", AuthenticationSSOStarted: "authentication.sso_started",
  AuthenticationSSOSucceeded: "authentication.sso_succeeded", AuthenticationSSOTimedOut: "authentication.sso_timed_out",
  ConnectionActivated: "connection.activated", ConnectionDeactivated: "connection.deactivated",
  ConnectionDeleted: "connection.deleted",
  ConnectionSAMLCertificateRenewalRequired: "connection.saml_certificate_renewal_required",
  ConnectionSAMLCertificateRenewed: "connection.saml_certificate_renewed", DsyncActivated: "dsync.activated",
  DsyncDeleted: "dsync.deleted", DsyncGroupCreated: "dsync.group.created", DsyncGroupDeleted: "dsync.group.deleted",
  DsyncGroupUpdated: "dsync.group.updated", DsyncGroupUserAdded: "dsync.group.user_added",
  DsyncGroupUserRemoved: "dsync.group.user_removed", DsyncUserCreated: "dsync.user.created",
  DsyncUserDeleted: "dsync.user.deleted", DsyncUserUpdated: "dsync.user.updated",
  EmailVerificationCreated: "email_verification.created", FlagCreated: "flag.created", FlagDeleted: "flag.deleted",
  FlagRuleUpdated: "flag.rule_updated", FlagUpdated: "flag.updated", GroupCreated: "group.created",
  GroupDeleted: "group.deleted", GroupMemberAdded: "group.member_added", GroupMemberRemoved: "group.member_removed",
  GroupUpdated: "group.updated", InvitationAccepted: "invitation.accepted", InvitationCreated: "invitation.created",
  InvitationResent: "invitation.resent", InvitationRevoked: "invitation.revoked",
  MagicAuthCreated: "magic_auth.created", OrganizationCreated: "organization.created",
  OrganizationDeleted: "organization.deleted", OrganizationUpdated: "organization.updated",
  OrganizationDomainCreated: "organization_domain.created", OrganizationDomainDeleted: "organization_domain.deleted",
  OrganizationDomainUpdated: "organization_domain.updated",
  OrganizationDomainVerificationFailed: "organization_domain.verification_failed",
  OrganizationDomainVerified: "organization_domain.verified",
  OrganizationMembershipCreated: "organization_membership.created",
  OrganizationMembershipDeleted: "organization_membership.deleted",
  OrganizationMembershipUpdated: "organization_membership.updated",
  OrganizationRoleCreated: "organization_role.created", OrganizationRoleDeleted: "organization_role.deleted",
  OrganizationRoleUpdated: "organization_role.updated", PasswordResetCreated: "password_reset.created",
  PasswordResetSucceeded: "password_reset.succeeded", PermissionCreated: "permission.created",
  PermissionDeleted: "permission.deleted", PermissionUpdated: "permission.updated",
  PipesConnectedAccountConnected: "pipes.connected_account.connected",
  PipesConnectedAccountConnectionFailed: "pipes.connected_account.connection_failed",
  PipesConnectedAccountDisconnected: "pipes.connected_account.disconnected",
  PipesConnectedAccountReauthorizationNeeded: "pipes.connected_account.reauthorization_needed",
  RadarChallengeCreated: "radar.challenge_created", RoleCreated: "role.created", RoleDeleted: "role.deleted",
  RoleUpdated: "role.updated", SessionCreated: "session.created", SessionRevoked: "session.revoked",
  UserCreated: "user.created", UserDeleted: "user.deleted", UserUpdated: "user.updated",
  WaitlistUserApproved: "waitlist_user.approved", WaitlistUserCreated: "waitlist_user.created",
  WaitlistUserDenied: "waitlist_user.denied",
} as const;
/** The name of an event an endpoint can subscribe to. */
export type CreateWebhookEndpointEvents = OpenEnum<typeof CreateWebhookEndpointEvents>;

export { CreateWebhookEndpointEvents as UpdateWebhookEndpointEvents };

/** Whether events are delivered to an endpoint. */
export const WebhookEndpointStatus = { Enabled: "enabled", Disabled: "disabled" } as const;
/** Whether events are delivered to an endpoint. */
export type WebhookEndpointStatus = OpenEnum<typeof WebhookEndpointStatus>;

export { WebhookEndpointStatus as UpdateWebhookEndpointStatus };

/** A URL to which events are delivered. */
export interface WebhookEndpoint extends Entity<"webhook_endpoint", Date> {
  /** URL to which events are delivered. */
  endpointUrl: string;
  /** The secret that signs deliveries. Protect it like a password. */
  secret: string;
  /** Whether events are delivered. */
  status: WebhookEndpointStatus;
  /** The names of the events that are delivered. */
  events: string[];
}

/** Options of {@linkcode Webhooks.listWebhookEndpoints}. */
export type ListWebhookEndpointsOptions = PaginationOptions;

/** What a new endpoint needs. */
export interface CreateWebhookEndpoint {
  /** HTTPS URL to which events are delivered. */
  endpointUrl: string;
  /** Names of the events to deliver; an update replaces the whole list. */
  events: CreateWebhookEndpointEvents[];
}

/** Changes to an endpoint. */
export interface UpdateWebhookEndpoint extends Partial<CreateWebhookEndpoint> {
  /** Whether events are delivered. */
  status?: WebhookEndpointStatus;
}

/** What {@linkcode Webhooks.createWebhookEndpoint} takes. */
export type CreateWebhookEndpointOptions = CreateWebhookEndpoint;
/** What {@linkcode Webhooks.updateWebhookEndpoint} takes. Fields that are left out stay as they are. */
export interface UpdateWebhookEndpointOptions extends DeleteWebhookEndpointOptions, UpdateWebhookEndpoint {}
/** What {@linkcode Webhooks.deleteWebhookEndpoint} takes. */
export interface DeleteWebhookEndpointOptions {
  /** Id of the endpoint. */
  id: string;
}

/** A delivery: the whole request, or its body as bytes, as text, or parsed. */
export type WebhookPayload = VerifyDeliveryOptions["payload"];
/** A delivery, and what it is verified with. Default tolerance: three minutes. */
export type VerifyWebhookOptions = VerifyDeliveryOptions;

async function computeSignature(timestamp: number | string, payload: SignedPayload, secret: string): Promise<string> {
  return await signPayload({ timestamp, payload, secret });
}

function getTimestampAndSignatureHash(sigHeader: string): [string, string] {
  const { timestamp, signatures: [hash] } = parseSignatureHeader(sigHeader ?? "");
  if (timestamp && hash) return [timestamp, hash];
  throw new SignatureVerificationException("Signature or timestamp missing");
}

/**
 * Calls on webhook endpoints, and the verification of deliveries. Verification is local and needs no API key;
 * `verifyHeader`, `computeSignature` and `getTimestampAndSignatureHash` also work without `this`.
 */
export class Webhooks {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Lists endpoints, each with its secret. `GET /webhook_endpoints` */
  async listWebhookEndpoints(
    options?: ListWebhookEndpointsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<WebhookEndpoint>> {
    return await this.#api.list("/webhook_endpoints", { query: options, read: readDated<WebhookEndpoint> }, request);
  }

  /** Creates an endpoint. Throws {@linkcode ConflictException} when the URL has one. `POST /webhook_endpoints` */
  async createWebhookEndpoint(
    options: CreateWebhookEndpointOptions,
    request?: RequestOptions,
  ): Promise<WebhookEndpoint> {
    const call = { body: options, read: readDated<WebhookEndpoint> };
    return await this.#api.send("POST", "/webhook_endpoints", call, request);
  }

  /** Changes an endpoint; fields that are left out stay as they are. `PATCH /webhook_endpoints/{id}` */
  async updateWebhookEndpoint(
    { id, ...body }: UpdateWebhookEndpointOptions,
    request?: RequestOptions,
  ): Promise<WebhookEndpoint> {
    const call = { body, read: readDated<WebhookEndpoint> };
    return await this.#api.send("PATCH", path`/webhook_endpoints/${id}`, call, request);
  }

  /** Deletes an endpoint for good. `DELETE /webhook_endpoints/{id}` */
  async deleteWebhookEndpoint({ id }: DeleteWebhookEndpointOptions, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/webhook_endpoints/${id}`, {}, request);
  }

  /**
   * Verifies a delivery, and only then reads its event. Consumes the body of a request. Throws
   * {@linkcode SignatureVerificationException} when the header is missing, or the signature does not match, is too old,
   * or is in the future by more than both the tolerance and five minutes; {@linkcode ParseError} when a verified body
   * is malformed; a `TypeError` for an empty secret or a body that was already read; and a `RangeError` for a bad
   * `tolerance`.
   */
  async constructEvent(options: VerifyWebhookOptions): Promise<Event> {
    return await openDelivery(byClock(options, this.#api.clock), readEvent);
  }

  /** Resolves to `true`, or throws as {@linkcode Webhooks.constructEvent} does. Leaves the body of a request unread. */
  get verifyHeader(): (options: VerifyWebhookOptions) => Promise<boolean> {
    return async (options) => await verifyDelivery(byClock(options, this.#api.clock));
  }

  /** Computes the signature of a payload: HMAC-SHA-256 over `<timestamp>.<payload>` in lower-case hex. */
  get computeSignature(): (timestamp: number | string, payload: SignedPayload, secret: string) => Promise<string> {
    return computeSignature;
  }

  /** Timestamp and first signature of a header. {@linkcode SignatureVerificationException} when either is missing. */
  get getTimestampAndSignatureHash(): (sigHeader: string) => [string, string] {
    return getTimestampAndSignatureHash;
  }
}
