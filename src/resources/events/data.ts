// Data of events that no method returns.

import type { Entity, OfOrganization, OfUser } from "../../entity.ts";
import type { OpenString } from "../../wire.ts";
import type { ApiKey } from "../api_keys.ts";
import type { DirectoryGroup, DirectoryUser } from "../directory_sync.ts";
import type { VaultByokKeyVerificationCompletedEventData, VaultKekCreatedEventData } from "../vault.ts";

/** Members of a denial by an action endpoint. */
export interface ActionDeniedEventData {
  /** The action endpoint. */
  actionEndpointId: string;
  /** The run of the action. */
  actionExecutionId: string;
  /** Always `Deny`. */
  verdict: "Deny";
  /** The organization, `null` when none was chosen. */
  organizationId: string | null;
  /** Email address of the user. */
  email: string;
  /** Where the request came from, `null` when it is not known. */
  ipAddress: string | null;
  /** User agent of the request, `null` when it is not known. */
  userAgent: string | null;
}

/** A sign-in that an action endpoint denied. */
export interface ActionAuthenticationDeniedEventData extends ActionDeniedEventData, OfUser {
  /** Always `authentication`. */
  type: "authentication";
}

/** A sign-up that an action endpoint denied. */
export interface ActionUserRegistrationDeniedEventData extends ActionDeniedEventData {
  /** Always `user_registration`. */
  type: "user_registration";
}

/** Identifies the registration of an agent. */
export interface AgentRegistrationReference {
  /** The registration. */
  agentRegistrationId: string;
}

/** The registration of an agent. */
export interface AgentRegistrationEventData extends Entity<"agent_registration">, OfOrganization {
  /** Who the agent is. */
  agentIdentity: {
    /** Always `agent_identity`. */
    object: "agent_identity";
    /** Unique id of the identity. */
    id: string;
    /** The user the agent acts for, `null` when there is none. */
    userlandUserId: string | null;
  };
  /** State of the registration. */
  status: "unverified" | "verified" | "expired" | "revoked" | OpenString;
  /** How the agent identified itself. */
  kind: "anonymous" | "service_auth" | "identity_assertion" | OpenString;
  /** How it registered. */
  method: "anonymous" | "service_auth" | "id_jag" | OpenString;
}

/** A request to a person to claim an agent. */
export interface AgentRegistrationClaimAttemptEventData
  extends Entity<"agent_registration_claim_attempt">, AgentRegistrationReference {
  /** The claim the attempt belongs to. */
  agentRegistrationClaimId: string;
  /** Who was asked. */
  loginHint: string;
  /** When the attempt ends, ISO 8601. */
  expiresAt: string;
}

/** A completed claim of an agent. */
export interface AgentRegistrationClaimEventData
  extends Entity<"agent_registration_claim">, AgentRegistrationReference {
  /** The attempt that succeeded. */
  completedByAttemptId: string;
  /** Who claimed the agent. */
  claimedBy: {
    /** The user. */
    userId: string;
    /** The user's organization, `null` when there is none. */
    organizationId: string | null;
  };
  /** When the agent was claimed, ISO 8601. */
  completedAt: string;
}

/** A credential of an agent. */
export interface AgentRegistrationCredentialEventData
  extends Entity<"agent_registration_credential">, AgentRegistrationReference {
  /** An API key by its id, or an access token by its `jti` claim; its `expiresAt` is `null` if it does not expire. */
  detail: { kind: "api_key"; apiKeyId: string } | { kind: "access_token"; jti: string; expiresAt: string | null };
}

/** An agent's move from one organization to another. */
export interface AgentRegistrationOrganizationSwitchedEventData extends AgentRegistrationReference {
  /** The organization it left. */
  fromOrganizationId: string;
  /** The organization it joined. */
  toOrganizationId: string;
}

/** Previous values, with the API's own (snake_case) names. */
export interface PreviousAttributes {
  /** Previous values of the members that changed; absent where the API does not send them. */
  // deno-lint-ignore no-explicit-any -- callers of the Node SDK read into it without naming its type
  previousAttributes: Record<string, any>;
}

/** An API key that changed. */
export type ApiKeyUpdatedEventData = ApiKey & PreviousAttributes;

/** The connection a certificate belongs to. */
export interface CertificateConnection {
  /** Unique id of the connection. */
  id: string;
  /** The organization of the connection; absent when it belongs to none. */
  organizationId?: string;
}

/** A certificate of a SAML connection. */
export interface SAMLCertificate {
  /** What the certificate is for. */
  certificateType: "ResponseSigning" | "RequestSigning" | "ResponseEncryption" | OpenString;
  /** When it expires, ISO 8601. */
  expiryDate: string;
}

/** A certificate that has to be renewed. */
export interface ConnectionSAMLCertificateRenewalRequiredEventData {
  /** The connection. */
  connection: CertificateConnection;
  /** The certificate, and whether it has expired already. */
  certificate: SAMLCertificate & { isExpired: boolean };
  /** Whole days left. */
  daysUntilExpiry: number;
}

/** A certificate that was renewed. */
export interface ConnectionSAMLCertificateRenewedEventData {
  /** The connection. */
  connection: CertificateConnection;
  /** The new certificate. */
  certificate: SAMLCertificate;
  /** When it was renewed, ISO 8601. */
  renewedAt: string;
}

/** A user and a group of a directory. */
export interface DirectoryGroupUser {
  /** The directory. */
  directoryId: string;
  /** The user. */
  user: DirectoryUser;
  /** The group. */
  group: DirectoryGroup;
}

/** A bearer token that an identity provider uses to fill a directory. */
export interface DirectoryToken extends Omit<Entity<"directory_token">, "updatedAt"> {
  /** The directory. */
  directoryId: string;
  /** The organization of the directory; absent when it belongs to none. */
  organizationId?: string;
  /** The last characters of the token; events never contain the whole token. */
  tokenSuffix: string;
}

/** A challenge that Radar requires of a user. */
export interface RadarChallengeCreatedEventData extends OfUser {
  /** How the user is asked. */
  type: "email" | OpenString;
  /** Unique id of the challenge. */
  radarChallengeId: string;
  /** Email address of the user. */
  email: string;
}

/** A customer's own key that was deleted. */
export type VaultByokKeyDeletedEventData = Omit<VaultByokKeyVerificationCompletedEventData, "verified">;
/** A key-encrypting key that was deleted. */
export type VaultKekDeletedEventData = VaultKekCreatedEventData;

/** A person on a waitlist. */
export interface WaitlistUser extends Entity<"waitlist_user"> {
  /** Email address of the person. */
  email: string;
  /** State of the entry. */
  state: "pending" | "approved" | "denied" | OpenString;
  /** When the entry was approved, ISO 8601; `null` if it was not. */
  approvedAt: string | null;
  /** The waitlist; `null` or absent when it is the only one. */
  waitlistId?: string | null;
}
