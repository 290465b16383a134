// deno-fmt-ignore-file -- tables read better with an event to a line
// The events of the API: one type per name.

import type { ApiKey } from "../api_keys.ts";
import type { Permission } from "../authorization.ts";
import type { DirectoryGroup, DirectoryUser, EventDirectory } from "../directory_sync.ts";
import type { FeatureFlag } from "../feature_flags.ts";
import type { Group, GroupMemberEventData } from "../groups.ts";
import type { OrganizationDomain, OrganizationDomainVerificationFailed } from "../organization_domains.ts";
import type { Organization } from "../organizations.ts";
import type { PipesConnectedAccount, PipesConnectionFailed } from "../pipes.ts";
import type { OrganizationRoleEvent, RoleEvent } from "../roles.ts";
import type { Connection } from "../sso.ts";
import type {
  AuthenticationEvent, AuthenticationRadarRiskDetectedEventData, EmailVerificationEvent, InvitationEvent,
  MagicAuthEvent, OrganizationMembership, PasswordResetEvent, Session, User,
} from "../user_management.ts";
import type {
  VaultByokKeyVerificationCompletedEventData, VaultDataCreatedEventData, VaultDataDeletedEventData,
  VaultDataReadEventData, VaultDataUpdatedEventData, VaultDekDecryptedEventData, VaultDekReadEventData,
  VaultKekCreatedEventData, VaultMetadataReadEventData, VaultNamesListedEventData,
} from "../vault.ts";
import type {
  ActionAuthenticationDeniedEventData, ActionUserRegistrationDeniedEventData, AgentRegistrationClaimAttemptEventData,
  AgentRegistrationClaimEventData, AgentRegistrationCredentialEventData, AgentRegistrationEventData,
  AgentRegistrationOrganizationSwitchedEventData, AgentRegistrationReference, ApiKeyUpdatedEventData,
  ConnectionSAMLCertificateRenewalRequiredEventData, ConnectionSAMLCertificateRenewedEventData, DirectoryGroupUser,
  DirectoryToken, PreviousAttributes, RadarChallengeCreatedEventData, VaultByokKeyDeletedEventData,
  VaultKekDeletedEventData, WaitlistUser,
} from "./data.ts";

/** Members of every event. */
export interface EventBase {
  /** Always `event`; absent in some webhook deliveries. */
  object?: "event";
  /** Unique id of the event: the same when an event is delivered again. */
  id: string;
  /** When it happened, ISO 8601. */
  createdAt: string;
  /** Who caused it and how, with the API's own (snake_case) names; absent when not known. */
  context: Record<string, unknown> | undefined;
}

/** An event with the name `Name`. */
export interface EventOf<Name extends string, Data> extends EventBase {
  /** What happened. */
  event: Name;
  /** The object of the event, as it was at that time. */
  data: Data;
}

/**
 * An event for which this version has no type. It is delivered, too, with its `data` in camelCase. It is not part of
 * {@linkcode Event}, so that comparing `event` with a name narrows the type of `data`; where you handle such events,
 * for example in the `default` of a `switch`, write `event as UnknownEvent`.
 */
export interface UnknownEvent extends EventBase {
  /** What happened. */
  event: string;
  /** The object of the event, of unknown form. */
  data: Record<string, unknown>;
}

/** A sign-in by a verified email address failed. */
export type AuthenticationEmailVerificationFailedEvent =
  EventOf<"authentication.email_verification_failed", AuthenticationEvent>;
/** A user proved their email address and signed in. */
export type AuthenticationEmailVerificationSucceededEvent =
  EventOf<"authentication.email_verification_succeeded", AuthenticationEvent>;
/** A sign-in with an emailed code failed. */
export type AuthenticationMagicAuthFailedEvent = EventOf<"authentication.magic_auth_failed", AuthenticationEvent>;
/** A user signed in with an emailed code. */
export type AuthenticationMagicAuthSucceededEvent = EventOf<"authentication.magic_auth_succeeded", AuthenticationEvent>;
/** A second factor was refused. */
export type AuthenticationMfaFailedEvent = EventOf<"authentication.mfa_failed", AuthenticationEvent>;
/** A second factor was accepted. */
export type AuthenticationMfaSucceededEvent = EventOf<"authentication.mfa_succeeded", AuthenticationEvent>;
/** A sign-in through an OAuth provider failed. */
export type AuthenticationOAuthFailedEvent = EventOf<"authentication.oauth_failed", AuthenticationEvent>;
/** A user signed in through an OAuth provider. */
export type AuthenticationOAuthSucceededEvent = EventOf<"authentication.oauth_succeeded", AuthenticationEvent>;
/** A sign-in by passkey failed. */
export type AuthenticationPasskeyFailedEvent = EventOf<"authentication.passkey_failed", AuthenticationEvent>;
/** A user signed in by passkey. */
export type AuthenticationPasskeySucceededEvent = EventOf<"authentication.passkey_succeeded", AuthenticationEvent>;
/** A sign-in by password failed. */
export type AuthenticationPasswordFailedEvent = EventOf<"authentication.password_failed", AuthenticationEvent>;
/** A user signed in by password. */
export type AuthenticationPasswordSucceededEvent = EventOf<"authentication.password_succeeded", AuthenticationEvent>;
/** Radar found a risk in a sign-in or sign-up. */
export type AuthenticationRadarRiskDetectedEvent =
  EventOf<"authentication.radar_risk_detected", AuthenticationRadarRiskDetectedEventData>;
/** A signed-in user authenticated again. */
export type AuthenticationReauthenticationSucceededEvent =
  EventOf<"authentication.reauthentication_succeeded", AuthenticationEvent>;
/** A single sign-on failed. */
export type AuthenticationSSOFailedEvent = EventOf<"authentication.sso_failed", AuthenticationEvent>;
/** A single sign-on began. */
export type AuthenticationSSOStartedEvent = EventOf<"authentication.sso_started", AuthenticationEvent>;
/** A user signed in by single sign-on. */
export type AuthenticationSSOSucceededEvent = EventOf<"authentication.sso_succeeded", AuthenticationEvent>;
/** A single sign-on began and was not finished in time. */
export type AuthenticationSSOTimedOutEvent = EventOf<"authentication.sso_timed_out", AuthenticationEvent>;

/** Your action endpoint denied a sign-in. */
export type ActionAuthenticationDeniedEvent =
  EventOf<"action.authentication.denied", ActionAuthenticationDeniedEventData>;
/** Your action endpoint denied a sign-up. */
export type ActionUserRegistrationDeniedEvent =
  EventOf<"action.user_registration.denied", ActionUserRegistrationDeniedEventData>;

/** Radar challenged a user. */
export type RadarChallengeCreatedEvent = EventOf<"radar.challenge_created", RadarChallengeCreatedEventData>;

/** A code to verify an email address was created. */
export type EmailVerificationCreatedEvent = EventOf<"email_verification.created", EmailVerificationEvent>;

/** A Magic Auth code was created. */
export type MagicAuthCreatedEvent = EventOf<"magic_auth.created", MagicAuthEvent>;

/** A password reset was requested. */
export type PasswordResetCreatedEvent = EventOf<"password_reset.created", PasswordResetEvent>;
/** A password was reset. */
export type PasswordResetSucceededEvent = EventOf<"password_reset.succeeded", PasswordResetEvent>;

/** A session began. */
export type SessionCreatedEvent = EventOf<"session.created", Session>;
/** A session was revoked. */
export type SessionRevokedEvent = EventOf<"session.revoked", Session>;

/** A user was created. */
export type UserCreatedEvent = EventOf<"user.created", User>;
/** A user was deleted. */
export type UserDeletedEvent = EventOf<"user.deleted", User>;
/** A user changed. */
export type UserUpdatedEvent = EventOf<"user.updated", User>;

/** An invitation was accepted. */
export type InvitationAcceptedEvent = EventOf<"invitation.accepted", InvitationEvent>;
/** An invitation was created. */
export type InvitationCreatedEvent = EventOf<"invitation.created", InvitationEvent>;
/** An invitation was sent again. */
export type InvitationResentEvent = EventOf<"invitation.resent", InvitationEvent>;
/** An invitation was revoked. */
export type InvitationRevokedEvent = EventOf<"invitation.revoked", InvitationEvent>;

/** A waitlist entry was approved. */
export type WaitlistUserApprovedEvent = EventOf<"waitlist_user.approved", WaitlistUser>;
/** A waitlist entry was created. */
export type WaitlistUserCreatedEvent = EventOf<"waitlist_user.created", WaitlistUser>;
/** A waitlist entry was denied. */
export type WaitlistUserDeniedEvent = EventOf<"waitlist_user.denied", WaitlistUser>;

/** An organization was created. */
export type OrganizationCreatedEvent = EventOf<"organization.created", Organization>;
/** An organization was deleted. */
export type OrganizationDeletedEvent = EventOf<"organization.deleted", Organization>;
/** An organization changed. */
export type OrganizationUpdatedEvent = EventOf<"organization.updated", Organization>;

/** A domain was added to an organization. */
export type OrganizationDomainCreatedEvent = EventOf<"organization_domain.created", OrganizationDomain>;
/** A domain was removed from an organization. */
export type OrganizationDomainDeletedEvent = EventOf<"organization_domain.deleted", OrganizationDomain>;
/** A domain changed. */
export type OrganizationDomainUpdatedEvent = EventOf<"organization_domain.updated", OrganizationDomain>;
/** A domain could not be verified. */
export type OrganizationDomainVerificationFailedEvent =
  EventOf<"organization_domain.verification_failed", OrganizationDomainVerificationFailed>;
/** A domain was verified. */
export type OrganizationDomainVerifiedEvent = EventOf<"organization_domain.verified", OrganizationDomain>;

/** A user became a member of an organization. */
export type OrganizationMembershipCreated = EventOf<"organization_membership.created", OrganizationMembership>;
/** A user is no longer a member of an organization. */
export type OrganizationMembershipDeleted = EventOf<"organization_membership.deleted", OrganizationMembership>;
/** A membership changed. */
export type OrganizationMembershipUpdated = EventOf<"organization_membership.updated", OrganizationMembership>;

/** A group was created. */
export type GroupCreatedEvent = EventOf<"group.created", Group>;
/** A group was deleted. */
export type GroupDeletedEvent = EventOf<"group.deleted", Group>;
/** A member was added to a group. */
export type GroupMemberAddedEvent = EventOf<"group.member_added", GroupMemberEventData>;
/** A member was removed from a group. */
export type GroupMemberRemovedEvent = EventOf<"group.member_removed", GroupMemberEventData>;
/** A group changed. */
export type GroupUpdatedEvent = EventOf<"group.updated", Group>;

/** A role of an organization was created. */
export type OrganizationRoleCreatedEvent = EventOf<"organization_role.created", OrganizationRoleEvent>;
/** A role of an organization was deleted. */
export type OrganizationRoleDeletedEvent = EventOf<"organization_role.deleted", OrganizationRoleEvent>;
/** A role of an organization changed. */
export type OrganizationRoleUpdatedEvent = EventOf<"organization_role.updated", OrganizationRoleEvent>;

/** A permission was created. */
export type PermissionCreatedEvent = EventOf<"permission.created", Permission>;
/** A permission was deleted. */
export type PermissionDeletedEvent = EventOf<"permission.deleted", Permission>;
/** A permission changed. */
export type PermissionUpdatedEvent = EventOf<"permission.updated", Permission>;

/** A role was created. */
export type RoleCreatedEvent = EventOf<"role.created", RoleEvent>;
/** A role was deleted. */
export type RoleDeletedEvent = EventOf<"role.deleted", RoleEvent>;
/** A role changed. */
export type RoleUpdatedEvent = EventOf<"role.updated", RoleEvent>;

/** An API key was created. */
export type ApiKeyCreatedEvent = EventOf<"api_key.created", ApiKey>;
/** An API key was revoked. */
export type ApiKeyRevokedEvent = EventOf<"api_key.revoked", ApiKey>;
/** An API key changed. */
export type ApiKeyUpdatedEvent = EventOf<"api_key.updated", ApiKeyUpdatedEventData>;

/** A feature flag was created. */
export type FlagCreatedEvent = EventOf<"flag.created", FeatureFlag>;
/** A feature flag was deleted. */
export type FlagDeletedEvent = EventOf<"flag.deleted", FeatureFlag>;
/** The rules of a feature flag changed. */
export type FlagRuleUpdatedEvent = EventOf<"flag.rule_updated", FeatureFlag>;
/** A feature flag changed. */
export type FlagUpdatedEvent = EventOf<"flag.updated", FeatureFlag>;

/** A person was asked to claim an agent. */
export type AgentRegistrationClaimAttemptCreatedEvent =
  EventOf<"agent.registration.claim.attempt.created", AgentRegistrationClaimAttemptEventData>;
/** An agent was claimed. */
export type AgentRegistrationClaimCompletedEvent =
  EventOf<"agent.registration.claim.completed", AgentRegistrationClaimEventData>;
/** An agent was registered. */
export type AgentRegistrationCreatedEvent = EventOf<"agent.registration.created", AgentRegistrationEventData>;
/** An agent was given a credential. */
export type AgentRegistrationCredentialIssuedEvent =
  EventOf<"agent.registration.credential.issued", AgentRegistrationCredentialEventData>;
/** The registration of an agent was deleted. */
export type AgentRegistrationDeletedEvent = EventOf<"agent.registration.deleted", AgentRegistrationReference>;
/** The registration of an agent expired. */
export type AgentRegistrationExpiredEvent = EventOf<"agent.registration.expired", AgentRegistrationReference>;
/** An agent moved to another organization. */
export type AgentRegistrationOrganizationSwitchedEvent =
  EventOf<"agent.registration.organization.switched", AgentRegistrationOrganizationSwitchedEventData>;
/** The registration of an agent was renewed. */
export type AgentRegistrationRefreshedEvent = EventOf<"agent.registration.refreshed", AgentRegistrationReference>;
/** The registration of an agent was revoked. */
export type AgentRegistrationRevokedEvent = EventOf<"agent.registration.revoked", AgentRegistrationReference>;

/** A connection was activated. */
export type ConnectionActivatedEvent = EventOf<"connection.activated", Connection>;
/** A connection was deactivated. */
export type ConnectionDeactivatedEvent = EventOf<"connection.deactivated", Connection>;
/** A connection was deleted; its data has no domains. */
export type ConnectionDeletedEvent = EventOf<"connection.deleted", Connection>;
/** A certificate of a connection is about to expire or has expired. */
export type ConnectionSAMLCertificateRenewalRequiredEvent =
  EventOf<"connection.saml_certificate_renewal_required", ConnectionSAMLCertificateRenewalRequiredEventData>;
/** A certificate of a connection was renewed. */
export type ConnectionSAMLCertificateRenewedEvent =
  EventOf<"connection.saml_certificate_renewed", ConnectionSAMLCertificateRenewedEventData>;

/** A directory was activated. */
export type DsyncActivatedEvent = EventOf<"dsync.activated", EventDirectory>;
/** A directory was deleted. */
export type DsyncDeletedEvent = EventOf<"dsync.deleted", Omit<EventDirectory, "domains" | "externalKey">>;
/** A directory has a new group. */
export type DsyncGroupCreatedEvent = EventOf<"dsync.group.created", DirectoryGroup>;
/** A group was deleted from a directory. */
export type DsyncGroupDeletedEvent = EventOf<"dsync.group.deleted", DirectoryGroup>;
/** A group of a directory changed. */
export type DsyncGroupUpdatedEvent = EventOf<"dsync.group.updated", DirectoryGroup & PreviousAttributes>;
/** A user was added to a group of a directory. */
export type DsyncGroupUserAddedEvent = EventOf<"dsync.group.user_added", DirectoryGroupUser>;
/** A user was removed from a group of a directory. */
export type DsyncGroupUserRemovedEvent = EventOf<"dsync.group.user_removed", DirectoryGroupUser>;
/** A bearer token for a directory was created. */
export type DsyncTokenCreatedEvent = EventOf<"dsync.token.created", DirectoryToken>;
/** A bearer token for a directory was revoked. */
export type DsyncTokenRevokedEvent = EventOf<"dsync.token.revoked", DirectoryToken>;
/** A directory has a new user. */
export type DsyncUserCreatedEvent = EventOf<"dsync.user.created", DirectoryUser>;
/** A user was deleted from a directory. */
export type DsyncUserDeletedEvent = EventOf<"dsync.user.deleted", DirectoryUser>;
/** A user of a directory changed. */
export type DsyncUserUpdatedEvent = EventOf<"dsync.user.updated", DirectoryUser & PreviousAttributes>;

/** An account was connected. */
export type PipesConnectedAccountConnectedEvent = EventOf<"pipes.connected_account.connected", PipesConnectedAccount>;
/** An account could not be connected. */
export type PipesConnectedAccountConnectionFailedEvent =
  EventOf<"pipes.connected_account.connection_failed", PipesConnectionFailed>;
/** An account was disconnected. */
export type PipesConnectedAccountDisconnectedEvent =
  EventOf<"pipes.connected_account.disconnected", PipesConnectedAccount>;
/** An account must be reauthorized. */
export type PipesConnectedAccountReauthorizationNeededEvent =
  EventOf<"pipes.connected_account.reauthorization_needed", PipesConnectedAccount>;

/** A customer's own key was deleted. */
export type VaultByokKeyDeletedEvent = EventOf<"vault.byok_key.deleted", VaultByokKeyDeletedEventData>;
/** A customer's own key was checked. */
export type VaultByokKeyVerificationCompletedEvent =
  EventOf<"vault.byok_key.verification_completed", VaultByokKeyVerificationCompletedEventData>;
/** An object was stored. */
export type VaultDataCreatedEvent = EventOf<"vault.data.created", VaultDataCreatedEventData>;
/** An object was deleted. */
export type VaultDataDeletedEvent = EventOf<"vault.data.deleted", VaultDataDeletedEventData>;
/** An object was read. */
export type VaultDataReadEvent = EventOf<"vault.data.read", VaultDataReadEventData>;
/** An object was given a new value. */
export type VaultDataUpdatedEvent = EventOf<"vault.data.updated", VaultDataUpdatedEventData>;
/** A data key was decrypted. */
export type VaultDekDecryptedEvent = EventOf<"vault.dek.decrypted", VaultDekDecryptedEventData>;
/** A data key was created for a key context. */
export type VaultDekReadEvent = EventOf<"vault.dek.read", VaultDekReadEventData>;
/** A key that encrypts data keys was created. */
export type VaultKekCreatedEvent = EventOf<"vault.kek.created", VaultKekCreatedEventData>;
/** A key that encrypts data keys was deleted. */
export type VaultKekDeletedEvent = EventOf<"vault.kek.deleted", VaultKekDeletedEventData>;
/** An object's metadata was read. */
export type VaultMetadataReadEvent = EventOf<"vault.metadata.read", VaultMetadataReadEventData>;
/** The names of the objects were listed. */
export type VaultNamesListedEvent = EventOf<"vault.names.listed", VaultNamesListedEventData>;

/** Every event that this version knows; `event` tells them apart. See {@linkcode UnknownEvent} for other events. */
export type Event =
  | ActionAuthenticationDeniedEvent | ActionUserRegistrationDeniedEvent | AgentRegistrationClaimAttemptCreatedEvent
  | AgentRegistrationClaimCompletedEvent | AgentRegistrationCreatedEvent | AgentRegistrationCredentialIssuedEvent
  | AgentRegistrationDeletedEvent | AgentRegistrationExpiredEvent | AgentRegistrationOrganizationSwitchedEvent
  | AgentRegistrationRefreshedEvent | AgentRegistrationRevokedEvent | ApiKeyCreatedEvent | ApiKeyRevokedEvent
  | ApiKeyUpdatedEvent | AuthenticationEmailVerificationFailedEvent | AuthenticationEmailVerificationSucceededEvent
  | AuthenticationMagicAuthFailedEvent | AuthenticationMagicAuthSucceededEvent | AuthenticationMfaFailedEvent
  | AuthenticationMfaSucceededEvent | AuthenticationOAuthFailedEvent | AuthenticationOAuthSucceededEvent
  | AuthenticationPasskeyFailedEvent | AuthenticationPasskeySucceededEvent | AuthenticationPasswordFailedEvent
  | AuthenticationPasswordSucceededEvent | AuthenticationRadarRiskDetectedEvent
  | AuthenticationReauthenticationSucceededEvent | AuthenticationSSOFailedEvent | AuthenticationSSOStartedEvent
  | AuthenticationSSOSucceededEvent | AuthenticationSSOTimedOutEvent | ConnectionActivatedEvent
  | ConnectionDeactivatedEvent | ConnectionDeletedEvent | ConnectionSAMLCertificateRenewalRequiredEvent
  | ConnectionSAMLCertificateRenewedEvent | DsyncActivatedEvent | DsyncDeletedEvent | DsyncGroupCreatedEvent
  | DsyncGroupDeletedEvent | DsyncGroupUpdatedEvent | DsyncGroupUserAddedEvent | DsyncGroupUserRemovedEvent
  | DsyncTokenCreatedEvent | DsyncTokenRevokedEvent | DsyncUserCreatedEvent | DsyncUserDeletedEvent
  | DsyncUserUpdatedEvent | EmailVerificationCreatedEvent | FlagCreatedEvent | FlagDeletedEvent | FlagRuleUpdatedEvent
  | FlagUpdatedEvent | GroupCreatedEvent | GroupDeletedEvent | GroupMemberAddedEvent | GroupMemberRemovedEvent
  | GroupUpdatedEvent | InvitationAcceptedEvent | InvitationCreatedEvent | InvitationResentEvent
  | InvitationRevokedEvent | MagicAuthCreatedEvent | OrganizationCreatedEvent | OrganizationDeletedEvent
  | OrganizationUpdatedEvent | OrganizationDomainCreatedEvent | OrganizationDomainDeletedEvent
  | OrganizationDomainUpdatedEvent | OrganizationDomainVerificationFailedEvent | OrganizationDomainVerifiedEvent
  | OrganizationMembershipCreated | OrganizationMembershipDeleted | OrganizationMembershipUpdated
  | OrganizationRoleCreatedEvent | OrganizationRoleDeletedEvent | OrganizationRoleUpdatedEvent
  | PasswordResetCreatedEvent | PasswordResetSucceededEvent | PermissionCreatedEvent | PermissionDeletedEvent
  | PermissionUpdatedEvent | PipesConnectedAccountConnectedEvent | PipesConnectedAccountConnectionFailedEvent
  | PipesConnectedAccountDisconnectedEvent | PipesConnectedAccountReauthorizationNeededEvent
  | RadarChallengeCreatedEvent | RoleCreatedEvent | RoleDeletedEvent | RoleUpdatedEvent | SessionCreatedEvent
  | SessionRevokedEvent | UserCreatedEvent | UserDeletedEvent | UserUpdatedEvent | VaultByokKeyDeletedEvent
  | VaultByokKeyVerificationCompletedEvent | VaultDataCreatedEvent | VaultDataDeletedEvent | VaultDataReadEvent
  | VaultDataUpdatedEvent | VaultDekDecryptedEvent | VaultDekReadEvent | VaultKekCreatedEvent | VaultKekDeletedEvent
  | VaultMetadataReadEvent | VaultNamesListedEvent | WaitlistUserApprovedEvent | WaitlistUserCreatedEvent
  | WaitlistUserDeniedEvent;

/** The name of an event, such as `user.created`. */
export type EventName = Event["event"];
