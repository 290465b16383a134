// deno-fmt-ignore-file -- lists of names read better with several to a line
/**
 * The WorkOS SDK for every JavaScript runtime.
 *
 * ```ts
 * import { WorkOS } from "@universal/workos";
 * import { createEmulator } from "@universal/workos/emulator";
 *
 * const { apiKey, clientId, fetch } = createEmulator(); // WorkOS in memory; leave fetchFn out to call the API
 * const workos = new WorkOS({ apiKey, clientId, fetchFn: fetch });
 *
 * const organization = await workos.organizations.createOrganization({ name: "Acme" });
 * for await (const { name } of await workos.organizations.listOrganizations()) console.log(name, organization.id);
 * ```
 *
 * @module
 */

// The client
export { createWorkOS, WorkOS } from "./src/workos.ts";
export type {
  ConfidentialClientOptions, DeleteQuery, GetOptions, PatchOptions, PostOptions, PublicClientOptions, PublicSSO,
  PublicUserManagement, PublicWorkOS, PutOptions,
} from "./src/workos.ts";
export type { AppInfo, Config, FetchFunction, TransportConfig, WorkOSOptions } from "./src/config.ts";
export type {
  DiagnosticsMessage, HookError, HookRequest, HookResponse, HookRetry, Hooks, Logger, LogLevel, Traceparent,
} from "./src/hooks.ts";
export type { RateLimit } from "./src/rate_limit.ts";
export type { ReadEnv } from "./src/runtime.ts";
export type { Transport } from "./src/transport.ts";
export { Api, responseOf } from "./src/api.ts";
export type { Call, Method, RequestOptions, ResponseInfo, TransportClock } from "./src/api.ts";
export type { RequestPath } from "./src/url.ts";
export type { OpenEnum, OpenString, Wire } from "./src/wire.ts";
export type {
  Described, Entity, OfGroup, OfMembership, OfOrganization, OfUser, Timestamps, WholeList,
} from "./src/entity.ts";
export { AutoPaginatable, type List, type ListMetadata, type PaginationOptions } from "./src/page.ts";
export { PKCE, type PKCEPair } from "./src/pkce.ts";
export type { CachedKeySet, KeySet, KeySetCache } from "./src/jwks.ts";
export { JwtError } from "./src/jwt.ts";
export type { JsonWebKeySet, Jwk, JwtFailure, JwtHeader, KeyLookup } from "./src/jwt.ts";
export { SealError } from "./src/seal.ts";
export type { SealPassword, SealPasswords } from "./src/seal.ts";
export { MemoryRefreshStore } from "./src/refresh_store.ts";
export type { MemoryRefreshStoreOptions, RefreshStore, ReleaseLock } from "./src/refresh_store.ts";
export type { SignedPayload } from "./src/signature.ts";
export type { VerifyDeliveryOptions } from "./src/delivery.ts";

// Exceptions
export {
  ApiKeyRequiredException, AuthenticationException, BadRequestException, ConflictException, GenericServerException,
  isAuthenticationErrorData, NetworkException, NoApiKeyProvidedException, NotFoundException, OauthException, ParseError,
  RateLimitExceededException, RedirectException, SignatureVerificationException, TimeoutException,
  UnauthorizedException, UnprocessableEntityException, WorkOSException,
} from "./src/errors.ts";
export type {
  AuthenticationErrorCode, AuthenticationErrorData, AuthenticationErrorUser, BadRequestDetails, ConflictDetails,
  ExceptionDetails, NotFoundDetails, ParseErrorDetails, UnprocessableEntityDetails, UnprocessableEntityError,
  WorkOSErrorData,
} from "./src/errors.ts";

// Users, memberships, invitations, sign-in, sessions
export { UserManagement } from "./src/resources/user_management.ts";
export type {
  AccessTokenClaims, AccessTokenResult, UserManagementAccessToken, VerifyAccessTokenOptions,
} from "./src/resources/user_management/access_tokens.ts";
export type {
  CreateUserApiKeyOptions, CreateUserApiKeyRequestOptions, ListUserApiKeysOptions, UserApiKey, UserApiKeyOwner,
  UserApiKeyWithValue,
} from "./src/resources/user_management/api_keys.ts";
export type {
  AuthenticateWithCodeAndVerifierOptions, AuthenticateWithCodeOptions, AuthenticateWithDeviceCodeOptions,
  AuthenticateWithEmailVerificationOptions, AuthenticateWithMagicAuthOptions, AuthenticateWithOptionsBase,
  AuthenticateWithOrganizationSelectionOptions, AuthenticateWithPasswordOptions,
  AuthenticateWithRadarEmailChallengeOptions, AuthenticateWithRadarSmsChallengeOptions,
  AuthenticateWithRefreshTokenOptions, AuthenticateWithRefreshTokenPublicClientOptions, AuthenticateWithSessionOptions,
  AuthenticateWithTotpOptions, AuthenticationMethod, AuthenticationResponse, BeginSignInOptions, ContinueSignInOptions,
  Impersonator, OauthTokens, SealingOptions, WithResolvedClientId,
} from "./src/resources/user_management/authentication.ts";
export type {
  AuthenticationEvent, AuthenticationEventError, AuthenticationEventSso, AuthenticationEventStatus,
  AuthenticationEventType, AuthenticationRadarRiskDetectedEventData,
} from "./src/resources/user_management/authentication_events.ts";
export type {
  BaseAuthorizationURLFields, LogoutURLOptions, PKCEAuthorizationURLResult, PKCEFields,
  UserManagementAuthorizationURLBaseOptions, UserManagementAuthorizationURLOptions,
  UserManagementAuthorizationURLWithPKCEOptions,
} from "./src/resources/user_management/authorize.ts";
export type {
  DeleteUserAuthorizedApplicationOptions, ListUserAuthorizedApplicationsOptions, UserAuthorizedApplication,
} from "./src/resources/user_management/authorized_applications.ts";
export type {
  CorsOrigin, CreateCorsOriginOptions, CreateRedirectUriOptions, JwtTemplate, RedirectUri, UpdateJwtTemplateOptions,
} from "./src/resources/user_management/client_settings.ts";
export {
  AuthenticateWithSessionCookieFailureReason, CookieSession,
} from "./src/resources/user_management/cookie_session.ts";
export type {
  AuthenticateOrRefreshOptions, AuthenticateWithSessionCookieFailedResponse, AuthenticateWithSessionCookieOptions,
  AuthenticateWithSessionCookieSuccessResponse, CurrentSession, CurrentSessionResponse, LoadSealedSessionOptions,
  RefreshSessionOptions, RefreshSessionResponse, RefreshSessionSuccessResponse, SessionHandlerOptions,
} from "./src/resources/user_management/cookie_session.ts";
export type {
  CreateDeviceAuthorizationOptions, DeviceAuthorization, PollDeviceAuthorizationOptions,
} from "./src/resources/user_management/device_authorization.ts";
export type {
  EmailVerification, EmailVerificationEvent, SendVerificationEmailOptions, SentToUser, VerifyEmailOptions,
} from "./src/resources/user_management/email_verification.ts";
export type {
  Invitation, InvitationEvent, InvitationState, ListInvitationsOptions, Locale, ResendInvitationOptions,
  SendInvitationOptions,
} from "./src/resources/user_management/invitations.ts";
export type {
  CreateMagicAuthOptions, CreateMagicAuthResponse, MagicAuth, MagicAuthEvent,
} from "./src/resources/user_management/magic_auth.ts";
export type {
  AuthorizationOrganizationMembership, BaseOrganizationMembership, CreateOrganizationMembershipOptions,
  ListGroupsForOrganizationMembershipOptions, ListOrganizationMembershipsOptions, MembershipFilter,
  OrganizationMembership, OrganizationMembershipStatus, UpdateOrganizationMembershipOptions,
} from "./src/resources/user_management/memberships.ts";
export type {
  CreatePasswordResetOptions, PasswordReset, PasswordResetEvent, ResetPasswordOptions,
} from "./src/resources/user_management/password_reset.ts";
export type {
  RadarChallenge, SendRadarSmsChallengeOptions, SendRadarSmsChallengeResponse,
} from "./src/resources/user_management/radar_challenges.ts";
export {
  joinSessionCookie, SessionCookieTooLargeException, SessionTokenException, splitSessionCookie,
} from "./src/resources/user_management/session_cookies.ts";
export type {
  CookiePair, SessionCookieData, SplitCookieOptions,
} from "./src/resources/user_management/session_cookies.ts";
export { RefreshSessionFailureReason } from "./src/resources/user_management/session_refresh.ts";
export type {
  RefreshSessionFailedResponse, RefreshSessionRetryableFailedResponse, RefreshSessionTerminalFailedResponse,
  RetryableRefreshSessionFailureReason, TerminalRefreshSessionFailureReason,
} from "./src/resources/user_management/session_refresh.ts";
export { serializeRevokeSessionOptions } from "./src/resources/user_management/sessions.ts";
export type {
  AuthMethod, ListSessionsOptions, RevokeSessionOptions, Session, SessionStatus,
} from "./src/resources/user_management/sessions.ts";
export type {
  ConfirmEmailChangeOptions, CreateUserOptions, CreateUserResponse, EmailChange, EmailChangeConfirmation, Identity,
  ListUsersOptions, PasswordHashType, PasswordOptions, SendEmailChangeOptions, UpdateUserOptions,
  UpdateUserPasswordOptions, User,
} from "./src/resources/user_management/users.ts";
export type {
  CreateWaitlistEntryOptions, ListWaitlistEntriesOptions, Waitlist, WaitlistEntry, WaitlistEntryState,
} from "./src/resources/user_management/waitlists.ts";

// APIs and MCP servers that accept access tokens
export { ResourceServer } from "./src/resource_server.ts";
export type {
  AccessTokenVerifier, ProtectedResourceMetadata, RefusalReason, RequestPrincipal, ResourceServerOptions,
} from "./src/resource_server.ts";

// Single sign-on
export { ConnectionType, SSO } from "./src/resources/sso.ts";
export type {
  AuthorizeSSOLogoutOptions, Connection, ConnectionDomain, GetProfileAndTokenOptions, GetProfileOptions,
  ListConnectionsOptions, Profile, ProfileAndToken, SSOAuthorizationURLBaseFields, SSOAuthorizationURLOptions,
  SSOAuthorizationURLWithPKCEOptions, SSOLogoutAuthorization, SSOLogoutURLOptions, SSOPKCEAuthorizationURLResult,
  SSOPKCEFields, SSOWithConnection, SSOWithOrganization, SSOWithProvider,
} from "./src/resources/sso.ts";

// Organizations
export { DomainDataState, ItContactIntent, Organizations } from "./src/resources/organizations.ts";
export type {
  AuditLogConfiguration, AuditLogStream, CreateItContactOptions, CreateOrganizationOptions,
  CreateOrganizationRequestOptions, DeleteItContactOptions, DomainData, InviteItContactOptions, ItContact,
  ListItContactsOptions, ListOrganizationAuthorizedApplicationsOptions, ListOrganizationsOptions, Organization,
  OrganizationAuthorizedApplication, RevokeItContactOptions, UpdateOrganizationOptions,
} from "./src/resources/organizations.ts";

// Organization domains
export {
  OrganizationDomains, OrganizationDomainState, OrganizationDomainVerificationStrategy,
} from "./src/resources/organization_domains.ts";
export type {
  CreateOrganizationDomainOptions, OrganizationDomain, OrganizationDomainVerificationFailed,
} from "./src/resources/organization_domains.ts";

// Directory sync
export { DirectorySync } from "./src/resources/directory_sync.ts";
export type {
  BaseDirectory, DefaultCustomAttributes, Directory, DirectoryGroup, DirectoryMember, DirectoryMetadata,
  DirectoryState, DirectoryType, DirectoryUser, DirectoryUserEmail, DirectoryUserWithGroups, EventDirectory,
  EventDirectoryDomain, ListDirectoriesOptions, ListDirectoryGroupsOptions, ListDirectoryUsersOptions,
} from "./src/resources/directory_sync.ts";

// Authorization
export { Authorization } from "./src/resources/authorization.ts";
export type {
  AssignedRole, AssignRoleOptions, AssignRoleOptionsWithResourceExternalId, AssignRoleOptionsWithResourceId,
  BaseAssignRoleOptions, BaseCreateGroupRoleAssignmentOptions, BaseGroupRoleAssignmentEntry,
  BaseRemoveGroupRoleAssignmentsOptions, BaseRemoveRoleOptions, CreateGroupRoleAssignmentOptions,
  CreateGroupRoleAssignmentOptionsForOrganization, CreateGroupRoleAssignmentOptionsWithResourceExternalId,
  CreateGroupRoleAssignmentOptionsWithResourceId, GetGroupRoleAssignmentOptions, GroupRoleAssignment,
  GroupRoleAssignmentEntry, GroupRoleAssignmentEntryForOrganization, GroupRoleAssignmentEntryWithResourceExternalId,
  GroupRoleAssignmentEntryWithResourceId, ListGroupRoleAssignmentsOptions,
  ListRoleAssignmentsForResourceByExternalIdOptions, ListRoleAssignmentsForResourceOptions, ListRoleAssignmentsOptions,
  RemoveGroupRoleAssignmentOptions, RemoveGroupRoleAssignmentsOptions,
  RemoveGroupRoleAssignmentsOptionsForOrganization, RemoveGroupRoleAssignmentsOptionsWithResourceExternalId,
  RemoveGroupRoleAssignmentsOptionsWithResourceId, RemoveRoleAssignmentOptions, RemoveRoleOptions,
  RemoveRoleOptionsWithResourceExternalId, RemoveRoleOptionsWithResourceId, ReplaceGroupRoleAssignmentsOptions,
  RoleAssignment, RoleAssignmentResource, RoleAssignmentRole, RoleAssignmentSource, RoleFilter,
} from "./src/resources/authorization/assignments.ts";
export type {
  AuthorizationCheckOptions, AuthorizationCheckOptionsWithResourceExternalId, AuthorizationCheckOptionsWithResourceId,
  AuthorizationCheckResult, BaseAuthorizationCheckOptions, CreatePermissionOptions,
  ListEffectivePermissionsByExternalIdOptions, ListEffectivePermissionsOptions, ListPermissionsOptions, Permission,
  UpdatePermissionOptions,
} from "./src/resources/authorization/permissions.ts";
export type {
  AssignmentFilter, AuthorizationResource, AuthorizationResourceChanges, AuthorizationResourceIdentifierByExternalId,
  AuthorizationResourceIdentifierById, BaseCreateAuthorizationResourceOptions, BaseListResourcesForMembershipOptions,
  CascadeDeletion, CreateAuthorizationResourceOptions, CreateOptionsWithParentExternalId,
  CreateOptionsWithParentResourceId, DeleteAuthorizationResourceByExternalIdOptions,
  DeleteAuthorizationResourceOptions, ExternalResource, GetAuthorizationResourceByExternalIdOptions,
  ListAuthorizationResourcesOptions,
  ListMembershipsForResourceByExternalIdOptions, ListMembershipsForResourceOptions, ListResourcesForMembershipOptions,
  ListResourcesForMembershipOptionsWithParentExternalId, ListResourcesForMembershipOptionsWithParentId,
  MembershipsWithPermissionOptions, UpdateAuthorizationResourceByExternalIdOptions, UpdateAuthorizationResourceOptions,
} from "./src/resources/authorization/resources.ts";
export type {
  AddEnvironmentRolePermissionOptions, AddOrganizationRolePermissionOptions, BaseCreateRoleOptions,
  CreateEnvironmentRoleOptions, CreateOrganizationRoleOptions, NewDescription, OfPermission,
  RemoveOrganizationRolePermissionOptions,
  SetEnvironmentRolePermissionsOptions, SetOrganizationRolePermissionsOptions, UpdateEnvironmentRoleOptions,
  UpdateOrganizationRoleOptions,
} from "./src/resources/authorization/roles.ts";

// Roles
export type {
  BaseRole, EnvironmentRole, EnvironmentRoleList, OrganizationRole, OrganizationRoleEvent, Role, RoleEvent, RoleList,
  RoleResponse,
} from "./src/resources/roles.ts";

// Groups
export { Groups, UserOrganizationMembershipBaseListDataStatus } from "./src/resources/groups.ts";
export type {
  AddGroupOrganizationMembershipOptions, CreateGroup, CreateGroupMembership, CreateGroupOptions, DeleteGroupOptions,
  GetGroupOptions, Group, GroupMemberEventData, ListGroupOrganizationMembershipsOptions, ListGroupsOptions,
  RemoveGroupOrganizationMembershipOptions, UpdateGroup, UpdateGroupOptions, UserOrganizationMembershipBaseListData,
} from "./src/resources/groups.ts";

// Feature flags
export { FeatureFlags } from "./src/resources/feature_flags.ts";
export type {
  AddFlagTargetOptions, FeatureFlag, FeatureFlagOwner, ListFeatureFlagsOptions, ListOrganizationFeatureFlagsOptions,
  ListUserFeatureFlagsOptions, RemoveFlagTargetOptions,
} from "./src/resources/feature_flags.ts";
export type { EventEmitter, Listener } from "./src/event_emitter.ts";
export { FeatureFlagsRuntimeClient } from "./src/feature_flags_client.ts";
export type {
  EvaluationContext, EvaluationResource, FlagChange, FlagCustomTarget, FlagPollEntry, FlagPollResponse, FlagSource,
  FlagTarget,
  LegacyEvaluationContext, RefreshFlagsOptions, RuntimeClientEvents, RuntimeClientHost, RuntimeClientLogger,
  RuntimeClientMode, RuntimeClientOptions, RuntimeClientStats, TypedEvaluationContext, WaitUntilReadyOptions,
} from "./src/feature_flags_client.ts";

// Audit logs
export { AuditLogs, UpdateAuditLogsRetentionRetentionPeriod } from "./src/resources/audit_logs.ts";
export type {
  AuditLogAction, AuditLogActor, AuditLogActorSchema, AuditLogEventContext, AuditLogExport, AuditLogExportOptions,
  AuditLogExportState, AuditLogSchema, AuditLogSchemaMetadata, AuditLogsRetention, AuditLogTarget,
  AuditLogTargetSchema, CreateAuditLogEventOptions, CreateAuditLogEventRequestOptions, CreateAuditLogSchemaOptions,
  CreateAuditLogSchemaRequestOptions, GetOrganizationAuditLogsRetentionOptions, UpdateAuditLogsRetention,
  UpdateOrganizationAuditLogsRetentionOptions,
} from "./src/resources/audit_logs.ts";

// Events
export { Events } from "./src/resources/events.ts";
export type {
  ConsumedEvent, ConsumeEventsOptions, CursorStore, EventCursor, ListEventOptions,
} from "./src/resources/events.ts";
export type {
  ActionAuthenticationDeniedEventData, ActionDeniedEventData, ActionUserRegistrationDeniedEventData,
  AgentRegistrationClaimAttemptEventData, AgentRegistrationClaimEventData, AgentRegistrationCredentialEventData,
  AgentRegistrationEventData, AgentRegistrationOrganizationSwitchedEventData, AgentRegistrationReference,
  ApiKeyUpdatedEventData, CertificateConnection, ConnectionSAMLCertificateRenewalRequiredEventData,
  ConnectionSAMLCertificateRenewedEventData, DirectoryGroupUser, DirectoryToken, PreviousAttributes,
  RadarChallengeCreatedEventData, SAMLCertificate, VaultByokKeyDeletedEventData, VaultKekDeletedEventData,
  WaitlistUser,
} from "./src/resources/events/data.ts";
export type {
  ActionAuthenticationDeniedEvent, ActionUserRegistrationDeniedEvent, AgentRegistrationClaimAttemptCreatedEvent,
  AgentRegistrationClaimCompletedEvent, AgentRegistrationCreatedEvent, AgentRegistrationCredentialIssuedEvent,
  AgentRegistrationDeletedEvent, AgentRegistrationExpiredEvent, AgentRegistrationOrganizationSwitchedEvent,
  AgentRegistrationRefreshedEvent, AgentRegistrationRevokedEvent, ApiKeyCreatedEvent, ApiKeyRevokedEvent,
  ApiKeyUpdatedEvent, AuthenticationEmailVerificationFailedEvent, AuthenticationEmailVerificationSucceededEvent,
  AuthenticationMagicAuthFailedEvent, AuthenticationMagicAuthSucceededEvent, AuthenticationMfaFailedEvent,
  AuthenticationMfaSucceededEvent, AuthenticationOAuthFailedEvent, AuthenticationOAuthSucceededEvent,
  AuthenticationPasskeyFailedEvent, AuthenticationPasskeySucceededEvent, AuthenticationPasswordFailedEvent,
  AuthenticationPasswordSucceededEvent, AuthenticationRadarRiskDetectedEvent,
  AuthenticationReauthenticationSucceededEvent, AuthenticationSSOFailedEvent, AuthenticationSSOStartedEvent,
  AuthenticationSSOSucceededEvent, AuthenticationSSOTimedOutEvent, ConnectionActivatedEvent,
  ConnectionDeactivatedEvent, ConnectionDeletedEvent, ConnectionSAMLCertificateRenewalRequiredEvent,
  ConnectionSAMLCertificateRenewedEvent, DsyncActivatedEvent, DsyncDeletedEvent, DsyncGroupCreatedEvent,
  DsyncGroupDeletedEvent, DsyncGroupUpdatedEvent, DsyncGroupUserAddedEvent, DsyncGroupUserRemovedEvent,
  DsyncTokenCreatedEvent, DsyncTokenRevokedEvent, DsyncUserCreatedEvent, DsyncUserDeletedEvent, DsyncUserUpdatedEvent,
  EmailVerificationCreatedEvent, Event, EventBase, EventName, EventOf, FlagCreatedEvent, FlagDeletedEvent,
  FlagRuleUpdatedEvent, FlagUpdatedEvent, GroupCreatedEvent, GroupDeletedEvent, GroupMemberAddedEvent,
  GroupMemberRemovedEvent, GroupUpdatedEvent, InvitationAcceptedEvent, InvitationCreatedEvent, InvitationResentEvent,
  InvitationRevokedEvent, MagicAuthCreatedEvent, OrganizationCreatedEvent, OrganizationDeletedEvent,
  OrganizationDomainCreatedEvent, OrganizationDomainDeletedEvent, OrganizationDomainUpdatedEvent,
  OrganizationDomainVerificationFailedEvent, OrganizationDomainVerifiedEvent, OrganizationMembershipCreated,
  OrganizationMembershipDeleted, OrganizationMembershipUpdated, OrganizationRoleCreatedEvent,
  OrganizationRoleDeletedEvent, OrganizationRoleUpdatedEvent, OrganizationUpdatedEvent, PasswordResetCreatedEvent,
  PasswordResetSucceededEvent, PermissionCreatedEvent, PermissionDeletedEvent, PermissionUpdatedEvent,
  PipesConnectedAccountConnectedEvent, PipesConnectedAccountConnectionFailedEvent,
  PipesConnectedAccountDisconnectedEvent, PipesConnectedAccountReauthorizationNeededEvent, RadarChallengeCreatedEvent,
  RoleCreatedEvent, RoleDeletedEvent, RoleUpdatedEvent, SessionCreatedEvent, SessionRevokedEvent, UnknownEvent,
  UserCreatedEvent, UserDeletedEvent, UserUpdatedEvent, VaultByokKeyDeletedEvent,
  VaultByokKeyVerificationCompletedEvent, VaultDataCreatedEvent, VaultDataDeletedEvent, VaultDataReadEvent,
  VaultDataUpdatedEvent, VaultDekDecryptedEvent, VaultDekReadEvent, VaultKekCreatedEvent, VaultKekDeletedEvent,
  VaultMetadataReadEvent, VaultNamesListedEvent, WaitlistUserApprovedEvent, WaitlistUserCreatedEvent,
  WaitlistUserDeniedEvent,
} from "./src/resources/events/envelopes.ts";

// Webhooks
export {
  CreateWebhookEndpointEvents, UpdateWebhookEndpointEvents, UpdateWebhookEndpointStatus, WebhookEndpointStatus,
  Webhooks,
} from "./src/resources/webhooks.ts";
export type {
  CreateWebhookEndpoint, CreateWebhookEndpointOptions, DeleteWebhookEndpointOptions, ListWebhookEndpointsOptions,
  UpdateWebhookEndpoint, UpdateWebhookEndpointOptions, VerifyWebhookOptions, WebhookEndpoint, WebhookPayload,
} from "./src/resources/webhooks.ts";

// Actions
export { Actions } from "./src/resources/actions.ts";
export type {
  ActionContext, AllowResponseData, AuthenticationActionContext, AuthenticationActionResponseData,
  BaseActionContext, DenyResponseData, ResponsePayload, SignedActionResponse, UserData, UserRegistrationActionContext,
  UserRegistrationActionResponseData, VerifyActionOptions,
} from "./src/resources/actions.ts";

// API keys
export { ApiKeys } from "./src/resources/api_keys.ts";
export type {
  ApiKey, ApiKeyOrganizationOwner, ApiKeyOwner, ApiKeyUserOwner, CreatedApiKey, CreateOrganizationApiKeyOptions,
  CreateOrganizationApiKeyRequestOptions, ExpireApiKeyOptions, ListOrganizationApiKeysOptions, ValidateApiKeyOptions,
  ValidateApiKeyResponse,
} from "./src/resources/api_keys.ts";

// Agents
export { Agents } from "./src/resources/agents.ts";
export type {
  AgentAccessTokenClaims, AgentActor, AgentBlueprint, AgentBlueprintInvocableBy, AgentBlueprintSessionSettings,
  AgentCredentialType, AgentCredentialValidation, AgentIdentity, AgentInstance, AgentInstanceSession,
  AgentInstanceSessionStatus, AgentInstanceType, AgentRegistration, AgentRegistrationClaim,
  AgentRegistrationClaimCompletion, AgentRegistrationKind, AgentRegistrationStatus, AgentToken,
  ClaimAttemptOrganization, ClaimAttemptResponse, ClaimAttemptUser, CreateAgentBlueprintOptions,
  InvalidAgentCredential, LinkClaimAttemptToExternalUserOptions, ListAgentBlueprintsOptions,
  ListAgentInstanceSessionsOptions, ListAgentInstancesOptions, MintAgentDelegatedAgentTokenOptions,
  MintAgentTokenBaseOptions, MintAgentTokenOptions, MintAutonomousAgentTokenOptions,
  MintUserDelegatedAgentTokenOptions, OfAgentBlueprint, RefreshAgentTokenOptions, UpdateAgentBlueprintOptions,
  ValidAgentCredential, ValidateAgentAccessTokenOptions, ValidateAgentApiKeyOptions, ValidateAgentCredentialOptions,
} from "./src/resources/agents.ts";

// Connect
export { Connect } from "./src/resources/connect.ts";
export type {
  ApplicationCredentialsListItem, CompleteOAuth2Options, ConnectApplication, ConnectApplicationBase,
  ConnectApplicationM2M, ConnectApplicationOAuth, ConnectApplicationRedirectUri, ConnectApplicationSettings,
  CreateApplicationClientSecretOptions, CreateApplicationOptions, CreateM2MApplication, CreateOAuthApplication,
  DeleteApplicationOptions, DeleteClientSecretOptions, ExternalAuthCompleteResponse, GetApplicationOptions,
  ListApplicationClientSecretsOptions, ListApplicationsOptions, NewConnectApplicationSecret, RedirectUriInput,
  UpdateApplicationOptions, UpdateOAuthApplication, UserConsentOption, UserConsentOptionChoice,
  UserManagementLoginRequest, UserObject,
} from "./src/resources/connect.ts";

// Pipes
export { Pipes } from "./src/resources/pipes.ts";
export type {
  ConnectedAccount, ConnectedAccountDto, ConnectedAccountInput, ConnectionSelection, ConnectionUpdateSelection,
  CreateConnectedAccount, CreateOrganizationConnectedAccount, CreateOrganizationConnectedAccountOptions,
  CreateUserConnectedAccountOptions, DeleteOrganizationConnectedAccountOptions, DeleteUserConnectedAccountOptions,
  GetOrganizationConnectedAccountOptions, GetUserConnectedAccountOptions, OrganizationConnectedAccount,
  OrganizationConnectedAccountAddress, PipesConnectedAccount, PipesConnectedAccountState, PipesConnection,
  PipesConnectionFailed,
  UpdateOrganizationConnectedAccountOptions, UpdateUserConnectedAccountOptions, UserConnectedAccountAddress,
} from "./src/resources/pipes/connected_accounts.ts";
export type {
  AccessToken, ApiKeySecret, AuthorizeDataIntegrationOptions, ClientCredentialsSecret, ConnectionAddition,
  ConnectionOwnerSelection, ConnectionReplacement, CreateDataIntegrationApiKeyOptions,
  CreateDataIntegrationClientCredentialOptions, CreateDataIntegrationCredentialOptions,
  CreateDataIntegrationTokenOptions, DataIntegrationAccessTokenResponse,
  DataIntegrationAccessTokenResponseAccessToken, DataIntegrationAuthorizeUrlResponse,
  DataIntegrationCredentialsResponse, DataIntegrationCredentialsResponseCredential,
  DataIntegrationsCreateApiKeyConnectionRequest, DataIntegrationsCreateClientCredentialsConnectionRequest,
  DataIntegrationsGetDataIntegrationAuthorizeUrlRequest, DataIntegrationsGetUserTokenRequest,
  DataIntegrationsUpsertApiKeyRequest, DataIntegrationsUpsertClientCredentialsRequest,
  DataIntegrationsVendCredentialsRequest, DataIntegrationVendedApiKeyCredential,
  DataIntegrationVendedClientCredentials, DataIntegrationVendedCredential, DataIntegrationVendedCredentialBase,
  DataIntegrationVendedOAuthCredential, GetAccessTokenOptions, UpdateDataIntegrationApiKeyOptions,
  UpdateDataIntegrationClientCredentialsOptions,
} from "./src/resources/pipes/credentials.ts";
export type {
  DataIntegrationConfiguration, DataIntegrationConfigurationCredentials, DataIntegrationConfigurationList,
  ListOrganizationDataIntegrationConfigurationsOptions, UpdateOrganizationDataIntegrationConfigurationOptions,
} from "./src/resources/pipes/data_integration_configurations.ts";
export type {
  ApiKeyInstallation, CreateDataIntegration, CreateDataIntegrationOptions, CustomProviderDefinition, DataIntegration,
  DataIntegrationCredential, DataIntegrationCredentialsDto, DataIntegrationCredentialsInput,
  DataIntegrationCustomProvider, DataIntegrationInstallation, DeleteDataIntegrationOptions,
  DeleteOrganizationDataIntegrationOptions, GetDataIntegrationOptions, GetOrganizationDataIntegrationOptions,
  IntegrationSlug, ListDataIntegrationsOptions, UpdateCustomProviderDefinition, UpdateDataIntegration,
  UpdateDataIntegrationOptions, UpdateOrganizationDataIntegrationOptions,
} from "./src/resources/pipes/data_integrations.ts";
export type {
  DataIntegrationsListResponse, DataIntegrationsListResponseData, DataIntegrationsListResponseDataConnectedAccount,
  ListOrganizationDataProvidersOptions, ListUserDataProvidersOptions,
} from "./src/resources/pipes/data_providers.ts";
export {
  ConnectedAccountAuthMethod, ConnectedAccountConnectionRole, ConnectedAccountInputState, ConnectedAccountState,
  CreateConnectedAccountState, CreateDataIntegrationAuthMethods, CreateDataIntegrationOwnership,
  CreateOrganizationConnectedAccountState, CustomProviderDefinitionAuthenticateVia,
  DataIntegrationAccessTokenResponseError, DataIntegrationAuthMethods, DataIntegrationCredentialsInputType,
  DataIntegrationCredentialsResponseError, DataIntegrationCredentialsType, DataIntegrationCredentialType,
  DataIntegrationCustomProviderAuthenticateVia, DataIntegrationInstallationConnectionRole, DataIntegrationOwnership,
  DataIntegrationsCreateApiKeyConnectionRequestConnectionOwner,
  DataIntegrationsCreateClientCredentialsConnectionRequestConnectionOwner,
  DataIntegrationsGetDataIntegrationAuthorizeUrlRequestConnectionOwner,
  DataIntegrationsGetUserTokenRequestConnectionOwner, DataIntegrationsListResponseDataAuthMethods,
  DataIntegrationsListResponseDataConnectedAccountAuthMethod,
  DataIntegrationsListResponseDataConnectedAccountConnectionRole,
  DataIntegrationsListResponseDataConnectedAccountState, DataIntegrationsListResponseDataConnectionOwner,
  DataIntegrationsListResponseDataOwnership, DataIntegrationState, DataIntegrationsUpsertApiKeyRequestConnectionOwner,
  DataIntegrationsUpsertClientCredentialsRequestConnectionOwner,
  DataIntegrationsVendCredentialsRequestConnectionOwner, OrganizationConnectedAccountState, PipesOwnership,
  UpdateCustomProviderDefinitionAuthenticateVia,
} from "./src/resources/pipes/values.ts";

// Vault
export { VaultError, type VaultFailure } from "./src/vault_crypto.ts";
export { Vault, VaultOrder } from "./src/resources/vault.ts";
export type {
  Actor, CreateDataKeyOptions, CreateDataKeyRequest, CreateDataKeyResponse, CreateObjectOptions, CreateRekeyOptions,
  DataKey, DataKeyPair, DecryptDataKeyOptions, DecryptRequest, DeleteObjectOptions, DeleteVaultObjectOptions,
  KeyContext, ListObjectsOptions, ObjectMetadata, ObjectSummary, ObjectVersion, ObjectWithoutValue,
  ReadObjectByNameOptions, ReadObjectOptions, RekeyRequest, UpdateObjectOptions, VaultActor, VaultActorSource,
  VaultByokKeyProvider, VaultByokKeyVerificationCompletedEventData, VaultDataCreatedEventData,
  VaultDataDeletedEventData, VaultDataMutatedEventData, VaultDataReadEventData, VaultDataUpdatedEventData,
  VaultDekDecryptedEventData, VaultDekReadEventData, VaultKekCreatedEventData, VaultMetadataReadEventData,
  VaultNamesListedEventData, VaultObject,
} from "./src/resources/vault.ts";

// Multi-factor authentication
export { MultiFactorAuth } from "./src/resources/multi_factor_auth.ts";
export type {
  AuthenticationFactor, AuthenticationFactorType, AuthenticationFactorWithSecrets, Challenge, ChallengeFactorOptions,
  EnrollAuthFactorOptions, EnrolledAuthFactor, EnrollFactorBaseOptions, EnrollFactorOptions,
  EnrollGenericOtpFactorOptions, EnrollSmsFactorOptions, EnrollTotpFactorOptions, Factor, FactorType,
  FactorWithSecrets, ListAuthFactorsOptions, Sms, Totp, TotpWithSecrets, VerifyChallengeOptions, VerifyResponse,
} from "./src/resources/multi_factor_auth.ts";

// Passwordless
export { Passwordless } from "./src/resources/passwordless.ts";
export type {
  CreatePasswordlessSessionOptions, PasswordlessSession, SendSessionResponse,
} from "./src/resources/passwordless.ts";

// Admin Portal
export { AdminPortal, GenerateLinkIntent } from "./src/resources/admin_portal.ts";
export type {
  GenerateLink, IntentOptions, PortalLinkResponse, SSOIntentOptions,
} from "./src/resources/admin_portal.ts";

// Radar
export {
  Radar, RadarListAction, RadarListType, RadarStandaloneAssessRequestAction, RadarStandaloneAssessRequestAuthMethod,
  RadarStandaloneResponseBlocklistType, RadarStandaloneResponseControl, RadarStandaloneResponseVerdict,
} from "./src/resources/radar.ts";
export type {
  AddListEntryOptions, CreateAttemptOptions, RadarListEntryAlreadyPresentResponse, RadarStandaloneAssessRequest,
  RadarStandaloneDeleteRadarListEntryRequest, RadarStandaloneResponse, RadarStandaloneUpdateRadarAttemptRequest,
  RadarStandaloneUpdateRadarListRequest, RemoveListEntryOptions, UpdateAttemptOptions,
} from "./src/resources/radar.ts";

// Widgets
export { Widgets, WidgetSessionTokenScopes } from "./src/resources/widgets.ts";
export type {
  ClientApiTokenResponse, CreateClientApiTokenOptions, CreateTokenOptions, GetTokenOptions,
  WidgetSessionTokenResponse,
} from "./src/resources/widgets.ts";
