// Webhooks: endpoints that events are delivered to, and the verification of what arrives there.

import { type Entity, readDated } from "../entity.ts";
import { byClock, openDelivery, verifyDelivery, type VerifyDeliveryOptions } from "../delivery.ts";
import { SignatureVerificationException } from "../errors.ts";
import type { AutoPaginatable, PaginationOptions } from "../page.ts";
import { parseSignatureHeader, signPayload } from "../signature.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import type { OpenEnum } from "../wire.ts";
import { type Event, readEvent } from "./events.ts";

export { verifyDelivery as verifyHeader } from "../delivery.ts";

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

/** A URL that events are delivered to. */
export interface WebhookEndpoint extends Entity<"webhook_endpoint", Date> {
  /** Where events are delivered to. */
  endpointUrl: string;
  /** The secret that deliveries are signed with. Keep it as you keep a password. */
  secret: string;
  /** Whether events are delivered. */
  status: WebhookEndpointStatus;
  /** The names of the events that are delivered. */
  events: string[];
}

/** Page of {@linkcode Webhooks.listWebhookEndpoints}. */
export type ListWebhookEndpointsOptions = PaginationOptions;

/** What a new endpoint needs. */
export interface CreateWebhookEndpoint {
  /** Where events are to be delivered; HTTPS. */
  endpointUrl: string;
  /** The events to deliver; they replace the ones so far. */
  events: CreateWebhookEndpointEvents[];
}

/** What can be changed of an endpoint. */
export interface UpdateWebhookEndpoint extends Partial<CreateWebhookEndpoint> {
  /** Whether events are to be delivered. */
  status?: WebhookEndpointStatus;
}

/** What {@linkcode Webhooks.createWebhookEndpoint} takes. */
export type CreateWebhookEndpointOptions = CreateWebhookEndpoint;
/** What {@linkcode Webhooks.updateWebhookEndpoint} takes. What is left out stays as it is. */
export interface UpdateWebhookEndpointOptions extends DeleteWebhookEndpointOptions, UpdateWebhookEndpoint {}
/** What {@linkcode Webhooks.deleteWebhookEndpoint} takes. */
export interface DeleteWebhookEndpointOptions {
  /** Id of the endpoint. */
  id: string;
}

/** What arrived at an endpoint: the whole request, or its body as bytes or text, or parsed. */
export type WebhookPayload = VerifyDeliveryOptions["payload"];
/** What arrived at an endpoint, and what to verify it with. The tolerance is three minutes unless it is given. */
export type VerifyWebhookOptions = VerifyDeliveryOptions;

/** Verifies a delivery and reads the event in it: {@linkcode Webhooks.constructEvent} without a client. */
export async function constructEvent(options: VerifyWebhookOptions): Promise<Event> {
  return readEvent(await openDelivery(options));
}

async function computeSignature(
  timestamp: number | string,
  payload: Exclude<WebhookPayload, Request>,
  secret: string,
): Promise<string> {
  return await signPayload({ timestamp, payload, secret });
}

function getTimestampAndSignatureHash(sigHeader: string): [string, string] {
  const { timestamp, signatures: [hash] } = parseSignatureHeader(sigHeader ?? "");
  if (timestamp && hash) return [timestamp, hash];
  throw new SignatureVerificationException("Signature or timestamp missing");
}

/**
 * Calls on webhook endpoints, and the verification of deliveries. Verification is local: it needs no API key, and its
 * functions can be taken out of the object.
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

  /** Creates an endpoint; {@linkcode ConflictException} when there is one with this URL. `POST /webhook_endpoints` */
  async createWebhookEndpoint(
    options: CreateWebhookEndpointOptions,
    request?: RequestOptions,
  ): Promise<WebhookEndpoint> {
    const call = { body: options, read: readDated<WebhookEndpoint> };
    return await this.#api.send("POST", "/webhook_endpoints", call, request);
  }

  /** Changes what is given of an endpoint and nothing else. `PATCH /webhook_endpoints/{id}` */
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
   * Verifies a delivery and reads the event in it. Nothing is parsed before the signature is known to be good. When
   * `payload` is a request its body is read, so nobody can read it afterwards.
   *
   * Throws {@linkcode SignatureVerificationException} when the header is missing, or the signature does not match, is
   * too old, or is dated ahead by more than both the tolerance and five minutes; {@linkcode ParseError} when a
   * well-signed body is not a JSON object; a `TypeError` for an empty secret, and for a body that was read already.
   */
  async constructEvent(options: VerifyWebhookOptions): Promise<Event> {
    return await constructEvent(byClock(options, this.#api.clock));
  }

  /**
   * Verifies a delivery and resolves to `true`; throws as {@linkcode Webhooks.constructEvent} does. The body of a
   * request can still be read afterwards.
   */
  get verifyHeader(): (options: VerifyWebhookOptions) => Promise<boolean> {
    return async (options) => await verifyDelivery(byClock(options, this.#api.clock));
  }

  /** The signature of a payload: lower-case hex of HMAC-SHA-256 over `<timestamp>.<payload>`. */
  get computeSignature(): (
    timestamp: number | string,
    payload: string | ArrayBuffer | ArrayBufferView | object,
    secret: string,
  ) => Promise<string> {
    return computeSignature;
  }

  /** Timestamp and first signature of a header; {@linkcode SignatureVerificationException} when one is missing. */
  get getTimestampAndSignatureHash(): (sigHeader: string) => [string, string] {
    return getTimestampAndSignatureHash;
  }
}
