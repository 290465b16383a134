/** Which method each operation of the API description is, and where the two differ on purpose. */
import type { Sample } from "./samples.ts";

/** How an operation is called, where `area.method(arguments)` does not say it all. */
export interface Call {
  /**
   * `area.method(argument, ...)`: arguments by the library's names of parameters and fields, `...` for one object of
   * all that are left. A function where the body decides.
   */
  call: string | ((body: Fields) => string);
  /** Library names of parameters and request fields that differ in more than case, by API names. */
  options?: Record<string, string>;
  /** Options that are dates. */
  times?: string[];
  /** The last word on a request, or the requests to make of it. */
  request?: (sample: Sample) => Sample | Sample[];
  /** Library names of the answer's fields that differ in more than case, by API names. */
  fields?: Record<string, string>;
  /** The answer's times that are dates. */
  dates?: string[];
  /** Fields that the answer hands over with their API names, although the description has types for them. */
  raw?: string[];
  /** The last word on an answer. */
  answer?: (sample: Sample) => Sample;
  /** The method returns nothing, although the API answers with something. */
  nothing?: true;
  /** The method returns a URL: it sends no request. */
  url?: true;
  /** Where the content should be the customer's values, it is types of them, by the customer's names. */
  types?: true;
  /** Why the method is not just what the description says. */
  reason?: string;
}

/** An object with any members. */
export type Fields = Record<string, unknown>;

const CREATED_UPDATED = ["createdAt", "updatedAt"];

/** Leaves members out of the options: the method fills them in by itself. */
function filledIn(...names: string[]): (sample: Sample) => Sample {
  return ({ wire, sdk }) => ({ wire, sdk: omit(sdk, names) });
}

function omit(object: unknown, names: string[]): Fields {
  return Object.fromEntries(Object.entries(object as Fields).filter(([name]) => !names.includes(name)));
}

/** A resource is named by its id, by the caller's own id with its type, or not at all. */
function eachResource({ wire, sdk }: Sample): Sample[] {
  const [id, ownId] = [["resource_id", "resourceId"], [
    "resource_external_id",
    "resourceExternalId",
    "resource_type_slug",
    "resourceTypeSlug",
  ]];
  return [id, ownId, [...id, ...ownId]].map((names) => ({ wire: omit(wire, names), sdk: omit(sdk, names) }));
}

/** A sign-in: the method knows the grant type, and sends the API key as client secret, but not for a device. */
function grant({ wire, sdk }: Sample): Sample {
  const options = omit(sdk, ["grantType", "clientSecret"]);
  if (String((wire as Fields).grant_type).endsWith("device_code")) return { wire, sdk: options };
  return { wire: { ...wire as Fields, client_secret: "sk_test_fake" }, sdk: options };
}

const GRANTS: Record<string, string> = {
  "authorization_code": "authenticateWithCode",
  "password": "authenticateWithPassword",
  "refresh_token": "authenticateWithRefreshToken",
  "urn:workos:oauth:grant-type:magic-auth:code": "authenticateWithMagicAuth",
  "urn:workos:oauth:grant-type:email-verification:code": "authenticateWithEmailVerification",
  "urn:workos:oauth:grant-type:mfa-totp": "authenticateWithTotp",
  "urn:workos:oauth:grant-type:organization-selection": "authenticateWithOrganizationSelection",
  "urn:workos:oauth:grant-type:radar-email-challenge:code": "authenticateWithRadarEmailChallenge",
  "urn:workos:oauth:grant-type:radar-sms-challenge:code": "authenticateWithRadarSmsChallenge",
  "urn:ietf:params:oauth:grant-type:device_code": "authenticateWithDeviceCode",
};

/** Every member at any depth, mapped. */
function deeply(value: unknown, map: (name: string, member: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => deeply(item, map));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, map(name, deeply(member, map))]));
}

/** An audit log schema: `{ key: "string" }` for the library, a JSON schema for the API. */
function auditLogSchema({ wire, sdk }: Sample): Sample {
  const types = { first_name: "string", lastName: "number" };
  const properties = { first_name: { type: "string" }, lastName: { type: "number" } };
  const inAPI = { type: "object", properties };
  return {
    wire: deeply(wire, (name, member) => name === "metadata" ? inAPI : member),
    sdk: deeply(sdk, (name, member) => name === "metadata" ? types : member),
  };
}

/** A new audit log schema: the actor is always sent. */
function newAuditLogSchema(sample: Sample): Sample {
  const { wire, sdk } = auditLogSchema(sample);
  return { wire: { actor: { metadata: { type: "object", properties: {} } }, ...wire as Fields }, sdk };
}

/** The library has the Node SDK's names for some values. */
function renamedValues(field: string, names: Record<string, string>): (sample: Sample) => Sample {
  const rename = (name: string, member: unknown) => name === field ? names[member as string] ?? member : member;
  return ({ wire, sdk }) => ({ wire, sdk: deeply(sdk, rename) });
}

const directory = renamedValues("state", { linked: "active", unlinked: "inactive" });

/** Every kind of factor with what belongs to it. */
function eachFactor({ wire, sdk }: Sample): Sample[] {
  const own: Record<string, string[]> = { totp: ["totp_issuer", "totp_user"], sms: ["phone_number"], generic_otp: [] };
  const isMinimal = !("totp_issuer" in (wire as Fields));
  return Object.entries(own).filter(([type]) => !isMinimal || type === "generic_otp").map(([type, names]) => {
    const foreign = Object.values(own).flat().filter((name) => !names.includes(name));
    const options = { totp_issuer: "issuer", totp_user: "user", phone_number: "phoneNumber" } as Record<string, string>;
    return {
      wire: { ...omit(wire, foreign), type },
      sdk: { ...omit(sdk, foreign.map((name) => options[name])), type },
    };
  });
}

/** The data of an event: connections and groups look as they do elsewhere. */
function eventData({ event, data }: { event: string; data: unknown }): unknown {
  if (/^connection\.(activated|deactivated|deleted)$/.test(event)) {
    return { ...omit(data, ["connectionType"]), type: (data as Fields).connectionType };
  }
  if (!/^group\.(created|updated|deleted)$/.test(event)) return data;
  const { createdAt, updatedAt } = data as Record<string, string>;
  return { ...data as Fields, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) };
}

/** A data key with its parts grouped. */
function dataKeyPair({ wire, sdk }: Sample): Sample {
  const { context, dataKey, encryptedKeys, id } = sdk as Fields;
  return { wire, sdk: { context, dataKey: { key: dataKey, id }, encryptedKeys } };
}

/** The table, by operation id. */
export const CALLS: Record<string, string | Call> = {
  AgentAdminController_linkClaimAttemptToExternalUser: {
    call: "agents.linkClaimAttemptToExternalUser(...)",
    request: filledIn("type"),
  },
  AgentAdminController_validateCredential: {
    call: "agents.validateCredential(...)",
    request: ({ wire, sdk }) => (wire as Fields).type === "api_key" ? { wire, sdk } : [],
    answer: ({ wire, sdk }) => {
      const isGood = (wire as Fields).registration_id !== null;
      const none = { valid: false, registrationId: null, expiresAt: null, claims: null };
      return { wire, sdk: isGood ? { ...sdk as Fields, claims: null } : none };
    },
    reason: "An access token is verified here, before and often instead of asking the API: tests/resources/agents",
  },
  AgentAdminController_getRegistration: "agents.getRegistration(id)",
  ApiKeysController_validateApiKey: "apiKeys.createValidation(...)",
  ApiKeysController_delete: "apiKeys.deleteApiKey(id)",
  ApiKeysController_expire: "apiKeys.expireApiKey(id, ...)",
  AuditLogValidatorsController_list: { call: "auditLogs.listActions(...)", answer: auditLogSchema, types: true },
  AuditLogValidatorVersionsController_schemas: {
    call: "auditLogs.listSchemas(actionName, ...)",
    answer: auditLogSchema,
    types: true,
  },
  AuditLogValidatorVersionsController_create: {
    call: "auditLogs.createSchema(...)",
    options: { actionName: "action" },
    request: newAuditLogSchema,
    answer: auditLogSchema,
    types: true,
  },
  AuditLogEventsController_create: {
    call: "auditLogs.createEvent(organizationId, event, ...)",
    options: { "idempotency-key": "idempotencyKey" },
    times: ["occurredAt"],
    nothing: true,
    reason: "As in the Node SDK, where a failure is an exception",
  },
  AuditLogExportsController_exports: { call: "auditLogs.createExport(...)", times: ["rangeStart", "rangeEnd"] },
  AuditLogExportsController_export: "auditLogs.getExport(auditLogExportId)",
  AuthenticationChallengesController_verify: {
    call: "multiFactorAuth.verifyChallenge(...)",
    options: { id: "authenticationChallengeId" },
  },
  AuthenticationFactorsController_create: {
    call: "multiFactorAuth.enrollFactor(...)",
    options: { totp_issuer: "issuer", totp_user: "user" },
    request: eachFactor,
  },
  AuthenticationFactorsController_delete: "multiFactorAuth.deleteFactor(id)",
  AuthenticationFactorsController_get: "multiFactorAuth.getFactor(id)",
  AuthenticationFactorsController_challenge: {
    call: "multiFactorAuth.challengeFactor(...)",
    options: { id: "authenticationFactorId" },
  },
  ExternalAuthController_completeLogin: "connect.completeOAuth2(...)",
  AuthorizationGroupRoleAssignmentsController_removeGroupRoleAssignments: {
    call: "authorization.removeGroupRoleAssignments(...)",
    request: eachResource,
  },
  AuthorizationGroupRoleAssignmentsController_list: "authorization.listGroupRoleAssignments(...)",
  AuthorizationGroupRoleAssignmentsController_create: {
    call: "authorization.createGroupRoleAssignment(...)",
    request: eachResource,
  },
  AuthorizationGroupRoleAssignmentsController_replaceGroupRoleAssignments: {
    call: "authorization.replaceGroupRoleAssignments(...)",
    request: ({ wire, sdk }) => {
      const [entry, options] = [(wire as Fields).role_assignments, (sdk as Fields).roleAssignments] as unknown[][];
      const each = eachResource({ wire: entry[0], sdk: options[0] });
      return {
        wire: { role_assignments: each.map((it) => it.wire) },
        sdk: { ...sdk as Fields, roleAssignments: each.map((it) => it.sdk) },
      };
    },
  },
  AuthorizationGroupRoleAssignmentsController_removeGroupRoleAssignment: "authorization.removeGroupRoleAssignment(...)",
  AuthorizationGroupRoleAssignmentsController_get: "authorization.getGroupRoleAssignment(...)",
  AuthorizationController_check: "authorization.check(...)",
  AuthorizationController_listResourcesForMembership: {
    call: "authorization.listResourcesForMembership(...)",
    request: ({ wire, sdk }) => {
      if (!("parentResourceId" in (sdk as Fields))) return { wire, sdk };
      const [id, ownId] = [["parentResourceId"], ["parentResourceExternalId", "parentResourceTypeSlug"]];
      return [id, ownId].map((names) => ({ wire, sdk: omit(sdk, names) }));
    },
  },
  AuthorizationController_listEffectivePermissions: {
    call: "authorization.listEffectivePermissions(...)",
    reason: 'The Node SDK calls a path that is not described; here that takes route: "resource"',
  },
  AuthorizationController_listEffectivePermissionsByExternalId:
    "authorization.listEffectivePermissionsByExternalId(...)",
  AuthorizationRoleAssignmentsController_removeRoleByCriteria: "authorization.removeRole(...)",
  AuthorizationRoleAssignmentsController_listRoleAssignments: "authorization.listRoleAssignments(...)",
  AuthorizationRoleAssignmentsController_assignRole: "authorization.assignRole(...)",
  AuthorizationRoleAssignmentsController_removeRoleById: "authorization.removeRoleAssignment(...)",
  AuthorizationOrganizationRolesController_list: "authorization.listOrganizationRoles(organizationId)",
  AuthorizationOrganizationRolesController_create: "authorization.createOrganizationRole(organizationId, ...)",
  AuthorizationOrganizationRolesController_delete: "authorization.deleteOrganizationRole(organizationId, slug)",
  AuthorizationOrganizationRolesController_get: "authorization.getOrganizationRole(organizationId, slug)",
  AuthorizationOrganizationRolesController_update: "authorization.updateOrganizationRole(organizationId, slug, ...)",
  AuthorizationOrganizationRolePermissionsController_addPermission: {
    call: "authorization.addOrganizationRolePermission(organizationId, slug, ...)",
    options: { "body.slug": "permissionSlug" },
  },
  AuthorizationOrganizationRolePermissionsController_setPermissions:
    "authorization.setOrganizationRolePermissions(organizationId, slug, ...)",
  AuthorizationOrganizationRolePermissionsController_removePermission: {
    call: "authorization.removeOrganizationRolePermission(organizationId, slug, ...)",
    nothing: true,
    reason: "As in the Node SDK",
  },
  AuthorizationResourcesByExternalIdController_deleteByExternalId: "authorization.deleteResourceByExternalId(...)",
  AuthorizationResourcesByExternalIdController_getByExternalId: "authorization.getResourceByExternalId(...)",
  AuthorizationResourcesByExternalIdController_updateByExternalId: "authorization.updateResourceByExternalId(...)",
  AuthorizationResourcesByExternalIdController_listOrganizationMembershipsForResourceByExternalId:
    "authorization.listMembershipsForResourceByExternalId(...)",
  AuthorizationRoleAssignmentsController_listRoleAssignmentsForResourceByExternalId:
    "authorization.listResourceRoleAssignments(...)",
  AuthorizationPermissionsController_list: "authorization.listPermissions(...)",
  AuthorizationPermissionsController_create: "authorization.createPermission(...)",
  AuthorizationPermissionsController_delete: "authorization.deletePermission(slug)",
  AuthorizationPermissionsController_find: "authorization.getPermission(slug)",
  AuthorizationPermissionsController_update: "authorization.updatePermission(slug, ...)",
  AuthorizationResourcesController_list: "authorization.listResources(...)",
  AuthorizationResourcesController_create: "authorization.createResource(...)",
  AuthorizationResourcesController_delete: "authorization.deleteResource(...)",
  AuthorizationResourcesController_findById: "authorization.getResource(resourceId)",
  AuthorizationResourcesController_update: "authorization.updateResource(...)",
  AuthorizationResourcesController_listOrganizationMembershipsForResource:
    "authorization.listMembershipsForResource(...)",
  AuthorizationRoleAssignmentsController_listRoleAssignmentsForResource:
    "authorization.listRoleAssignmentsForResource(...)",
  AuthorizationRolesController_list: "authorization.listEnvironmentRoles()",
  AuthorizationRolesController_create: "authorization.createEnvironmentRole(...)",
  AuthorizationRolesController_get: "authorization.getEnvironmentRole(slug)",
  AuthorizationRolesController_update: "authorization.updateEnvironmentRole(slug, ...)",
  AuthorizationRolePermissionsController_addPermission: {
    call: "authorization.addEnvironmentRolePermission(slug, ...)",
    options: { "body.slug": "permissionSlug" },
  },
  AuthorizationRolePermissionsController_setPermissions: "authorization.setEnvironmentRolePermissions(slug, ...)",
  ClientApiTokenController_issueClientApiToken: "widgets.createClientApiToken(...)",
  ApplicationsController_list: { call: "connect.listApplications(...)", dates: CREATED_UPDATED },
  ApplicationsController_create: { call: "connect.createApplication(...)", dates: CREATED_UPDATED },
  ApplicationsController_delete: "connect.deleteApplication(...)",
  ApplicationsController_find: { call: "connect.getApplication(...)", dates: CREATED_UPDATED },
  ApplicationsController_update: { call: "connect.updateApplication(...)", dates: CREATED_UPDATED },
  ApplicationCredentialsController_list: {
    call: "connect.listApplicationClientSecrets(...)",
    dates: [...CREATED_UPDATED, "lastUsedAt"],
  },
  ApplicationCredentialsController_create: {
    call: "connect.createApplicationClientSecret(...)",
    dates: [...CREATED_UPDATED, "lastUsedAt"],
  },
  ApplicationCredentialsController_delete: "connect.deleteClientSecret(...)",
  ConnectionsController_list: { call: "sso.listConnections(...)", fields: { connection_type: "type" } },
  ConnectionsController_delete: "sso.deleteConnection(id)",
  ConnectionsController_find: { call: "sso.getConnection(id)", fields: { connection_type: "type" } },
  DataIntegrationsManagementController_listDataIntegrations: {
    call: "pipes.listDataIntegrations(...)",
    dates: CREATED_UPDATED,
  },
  DataIntegrationsManagementController_createDataIntegration: {
    call: "pipes.createDataIntegration(...)",
    dates: CREATED_UPDATED,
  },
  DataIntegrationsManagementController_deleteDataIntegration: "pipes.deleteDataIntegration(...)",
  DataIntegrationsManagementController_getDataIntegration: {
    call: "pipes.getDataIntegration(...)",
    dates: CREATED_UPDATED,
  },
  DataIntegrationsManagementController_updateDataIntegration: {
    call: "pipes.updateDataIntegration(...)",
    dates: CREATED_UPDATED,
  },
  DataIntegrationsController_upsertApiKey: "pipes.updateDataIntegrationApiKey(...)",
  DataIntegrationsController_getDataIntegrationAuthorizeUrl: "pipes.authorizeDataIntegration(...)",
  DataIntegrationsController_upsertClientCredentials: "pipes.updateDataIntegrationClientCredentials(...)",
  DataIntegrationsController_vendCredentials: "pipes.createDataIntegrationCredential(...)",
  DataIntegrationsController_getUserlandUserToken: {
    call: "pipes.getAccessToken(...)",
    options: { slug: "provider" },
    dates: ["expiresAt"],
  },
  DirectoriesController_list: { call: "directorySync.listDirectories(...)", answer: directory },
  DirectoriesController_deleteDirectory: "directorySync.deleteDirectory(id)",
  DirectoriesController_find: { call: "directorySync.getDirectory(id)", answer: directory },
  DirectoryGroupsController_list: "directorySync.listGroups(...)",
  DirectoryGroupsController_find: "directorySync.getGroup(id)",
  DirectoryUsersController_list: "directorySync.listUsers(...)",
  DirectoryUsersController_find: "directorySync.getUser(id)",
  EventsController_list: {
    call: "events.listEvents(...)",
    raw: ["context", "previous_attributes"],
    answer: ({ wire, sdk }) => {
      const list = sdk as { data: { event: string; data: unknown }[] };
      return { wire, sdk: { ...list, data: list.data.map((it) => ({ ...it, data: eventData(it) })) } };
    },
    reason: "Context and earlier attributes keep their API names, as in the Node SDK",
  },
  FeatureFlagsController_list: "featureFlags.listFeatureFlags(...)",
  FeatureFlagsController_findBySlug: "featureFlags.getFeatureFlag(slug)",
  FeatureFlagsController_disableFlag: "featureFlags.disableFeatureFlag(slug)",
  FeatureFlagsController_enableFlag: "featureFlags.enableFeatureFlag(slug)",
  FlagTargetsController_deleteTarget: {
    call: "featureFlags.removeFlagTarget(...)",
    options: { resourceId: "targetId" },
  },
  FlagTargetsController_createTarget: { call: "featureFlags.addFlagTarget(...)", options: { resourceId: "targetId" } },
  OrganizationDomainsController_create: "organizationDomains.createOrganizationDomain(...)",
  OrganizationDomainsController_delete: "organizationDomains.deleteOrganizationDomain(id)",
  OrganizationDomainsController_get: "organizationDomains.getOrganizationDomain(id)",
  OrganizationDomainsController_verify: "organizationDomains.verifyOrganizationDomain(id)",
  OrganizationsController_list: "organizations.listOrganizations(...)",
  OrganizationsController_create: "organizations.createOrganization(...)",
  OrganizationsController_getByExternalId: "organizations.getOrganizationByExternalId(externalId)",
  OrganizationsController_deleteOrganization: "organizations.deleteOrganization(id)",
  OrganizationsController_find: "organizations.getOrganization(id)",
  OrganizationsController_updateOrganization: {
    call: "organizations.updateOrganization(...)",
    options: { id: "organization" },
  },
  OrganizationsController_getAuditLogConfiguration: "organizations.getAuditLogConfiguration(id)",
  AuditLogsRetentionController_auditLogsRetention: "auditLogs.getOrganizationAuditLogsRetention(...)",
  AuditLogsRetentionController_updateAuditLogsRetention: {
    call: "auditLogs.updateOrganizationAuditLogsRetention(...)",
    reason: "The Node SDK sends retention_period, which is not described; here it is an alternative",
  },
  OrganizationApiKeysController_list: "apiKeys.listOrganizationApiKeys(...)",
  OrganizationApiKeysController_create: "apiKeys.createOrganizationApiKey(...)",
  ProviderController_listForOrganization: "pipes.listOrganizationDataIntegrationConfigurations(...)",
  ProviderController_configure: "pipes.updateOrganizationDataIntegrationConfiguration(...)",
  OrganizationFeatureFlagsController_list: "featureFlags.listOrganizationFeatureFlags(...)",
  GroupsController_list: { call: "groups.listGroups(...)", dates: CREATED_UPDATED },
  GroupsController_create: { call: "groups.createGroup(...)", dates: CREATED_UPDATED },
  GroupsController_delete: "groups.deleteGroup(...)",
  GroupsController_get: { call: "groups.getGroup(...)", dates: CREATED_UPDATED },
  GroupsController_update: { call: "groups.updateGroup(...)", dates: CREATED_UPDATED },
  GroupMembershipsController_listMembers: "groups.listOrganizationMemberships(...)",
  GroupMembershipsController_addMember: { call: "groups.addOrganizationMembership(...)", dates: CREATED_UPDATED },
  GroupMembershipsController_removeMember: {
    call: "groups.removeOrganizationMembership(...)",
    options: { omId: "organizationMembershipId" },
  },
  OrganizationAuthorizedApplicationsController_list: {
    call: "organizations.listOrganizationAuthorizedApplications(...)",
    dates: CREATED_UPDATED,
  },
  PortalSessionsController_create: {
    call: "adminPortal.generateLink(...)",
    reason: "The Node SDK sends admin_emails, which is not described; here it is an alternative",
  },
  RadarStandaloneController_assess: "radar.createAttempt(...)",
  RadarStandaloneController_updateRadarAttempt: "radar.updateAttempt(...)",
  RadarStandaloneController_deleteRadarListEntry: "radar.removeListEntry(...)",
  RadarStandaloneController_updateRadarList: "radar.addListEntry(...)",
  SsoController_authorize: {
    call: "sso.getAuthorizationUrl(...)",
    url: true,
    request: ({ wire, sdk }) => {
      const ways = { provider: "GoogleOAuth", connection: "conn_1", organization: "org_1" };
      const options = { ...ways, ...omit(sdk, ["domain", "responseType"]) };
      return Object.keys(ways).map((way) => ({
        wire,
        sdk: omit(options, Object.keys(ways).filter((it) => it !== way)),
      }));
    },
    reason: "The parameter domain is left out: it is superseded by organization. One way to sign in is always needed",
  },
  SsoController_jsonWebKeySet: { call: "userManagement.getJwksUrl(clientId)", url: true },
  SsoController_logout: { call: "sso.getLogoutUrl(...)", url: true },
  SsoController_logoutAuthorize: "sso.authorizeLogout(...)",
  SsoController_getProfile: {
    call: "sso.getProfile(...)",
    request: ({ wire }) => ({ wire, sdk: { accessToken: "token" } }),
    reason: "The access token authorizes the call",
  },
  SsoController_token: {
    call: "sso.getProfileAndToken(...)",
    request: grant,
    reason: "Sent as a form",
  },
  "UserlandSessionsController_authenticate[0]": {
    call: (body) => `userManagement.${GRANTS[body.grant_type as string]}(...)`,
    request: grant,
  },
  UserlandSsoController_authorize: {
    call: "userManagement.getAuthorizationUrl(...)",
    url: true,
    request: ({ wire, sdk }) => ({ wire, sdk: { ...omit(sdk, ["responseType"]), provider: "authkit" } }),
    reason: "One way to sign in is always needed",
  },
  UserlandSsoController_deviceAuthorization: "userManagement.createDeviceAuthorization(...)",
  CorsOriginsController_list: "userManagement.listCorsOrigins(...)",
  CorsOriginsController_createCorsOrigin: "userManagement.createCorsOrigin(...)",
  UserlandUsersController_getEmailVerification: "userManagement.getEmailVerification(id)",
  UserlandUserInvitesController_list: "userManagement.listInvitations(...)",
  UserlandUserInvitesController_create: "userManagement.sendInvitation(...)",
  UserlandUserInvitesController_getByToken: "userManagement.findInvitationByToken(token)",
  UserlandUserInvitesController_get: "userManagement.getInvitation(id)",
  UserlandUserInvitesController_accept: "userManagement.acceptInvitation(id)",
  UserlandUserInvitesController_resend: "userManagement.resendInvitation(id, ...)",
  UserlandUserInvitesController_revoke: "userManagement.revokeInvitation(id)",
  JwtTemplatesController_getJwtTemplate: "userManagement.getJwtTemplate()",
  JwtTemplatesController_updateJwtTemplate: "userManagement.updateJwtTemplate(...)",
  UserlandMagicAuthController_sendMagicAuthCodeAndReturn: "userManagement.createMagicAuth(...)",
  UserlandMagicAuthController_get: "userManagement.getMagicAuth(id)",
  UserlandUserOrganizationMembershipsController_list: "userManagement.listOrganizationMemberships(...)",
  UserlandUserOrganizationMembershipsController_create: "userManagement.createOrganizationMembership(...)",
  UserlandUserOrganizationMembershipsController_delete: "userManagement.deleteOrganizationMembership(id)",
  UserlandUserOrganizationMembershipsController_get: "userManagement.getOrganizationMembership(id)",
  UserlandUserOrganizationMembershipsController_update: "userManagement.updateOrganizationMembership(id, ...)",
  UserlandUserOrganizationMembershipsController_deactivate: "userManagement.deactivateOrganizationMembership(id)",
  UserlandUserOrganizationMembershipsController_reactivate: "userManagement.reactivateOrganizationMembership(id)",
  OrganizationMembershipGroupsController_listGroups: {
    call: "userManagement.listGroupsForOrganizationMembership(...)",
    options: { omId: "organizationMembershipId" },
    dates: CREATED_UPDATED,
  },
  UserlandUsersController_createPasswordResetToken: "userManagement.createPasswordReset(...)",
  "UserlandUsersController_resetPassword[0]": "userManagement.resetPassword(...)",
  UserlandUsersController_getPasswordReset: "userManagement.getPasswordReset(id)",
  PublicRadarChallengesController_sendRadarSmsChallenge: "userManagement.sendRadarSmsChallenge(...)",
  PublicRadarChallengesController_get: "userManagement.getRadarChallenge(id)",
  RedirectUrisController_list: "userManagement.listRedirectUris(...)",
  RedirectUrisController_create: "userManagement.createRedirectUri(...)",
  RedirectUrisController_delete: "userManagement.deleteRedirectUri(id)",
  UserlandSessionsController_logout: { call: "userManagement.getLogoutUrl(...)", url: true },
  UserlandSessionsController_revokeSession: "userManagement.revokeSession(...)",
  "UserlandUsersController_list[0]": "userManagement.listUsers(...)",
  "UserlandUsersController_create[0]": "userManagement.createUser(...)",
  UserlandUsersController_getByExternalId: "userManagement.getUserByExternalId(externalId)",
  "UserlandUsersController_delete[0]": "userManagement.deleteUser(id)",
  "UserlandUsersController_get[0]": "userManagement.getUser(id)",
  "UserlandUsersController_update[0]": { call: "userManagement.updateUser(...)", options: { id: "userId" } },
  UserlandUsersController_confirmEmailChange: {
    call: "userManagement.confirmEmailChange(...)",
    options: { id: "userId" },
  },
  UserlandUsersController_sendEmailChange: { call: "userManagement.sendEmailChange(...)", options: { id: "userId" } },
  "UserlandUsersController_emailVerification[0]": {
    call: "userManagement.verifyEmail(...)",
    options: { id: "userId" },
  },
  "UserlandUsersController_sendVerificationEmail[0]": {
    call: "userManagement.sendVerificationEmail(...)",
    options: { id: "userId" },
  },
  UserlandUserIdentitiesController_get: {
    call: "userManagement.getUserIdentities(id)",
    answer: renamedValues("provider", { GithubOAuth: "GitHubOAuth" }),
  },
  UserlandUserSessionsController_list: "userManagement.listSessions(id, ...)",
  UserApiKeysController_list: "userManagement.listUserApiKeys(userId, ...)",
  UserApiKeysController_create: "userManagement.createUserApiKey(userId, ...)",
  UserlandUserFeatureFlagsController_list: "featureFlags.listUserFeatureFlags(...)",
  AuthorizedApplicationsController_list: {
    call: "userManagement.listUserAuthorizedApplications(...)",
    dates: CREATED_UPDATED,
  },
  AuthorizedApplicationsController_delete: "userManagement.deleteUserAuthorizedApplication(...)",
  DataIntegrationsUserManagementController_deleteUserDataInstallation: "pipes.deleteUserConnectedAccount(...)",
  DataIntegrationsUserManagementController_getUserDataInstallation: "pipes.getUserConnectedAccount(...)",
  DataIntegrationsUserManagementController_createUserDataInstallation: {
    call: "pipes.createUserConnectedAccount(...)",
    times: ["expiresAt"],
  },
  DataIntegrationsUserManagementController_updateUserDataInstallation: {
    call: "pipes.updateUserConnectedAccount(...)",
    times: ["expiresAt"],
  },
  DataIntegrationsUserManagementController_getUserDataIntegrations: "pipes.listUserDataProviders(...)",
  "UserlandUserAuthenticationFactorsController_list[0]": {
    call: "multiFactorAuth.listUserAuthFactors(...)",
    options: { userlandUserId: "userId" },
  },
  "UserlandUserAuthenticationFactorsController_create[0]": {
    call: "multiFactorAuth.createUserAuthFactor(...)",
    options: { userlandUserId: "userId" },
  },
  "JumpWireWeb.KeyController.create_data_key": { call: "vault.createDataKey(...)", answer: dataKeyPair },
  "JumpWireWeb.KeyController.decrypt": { call: "vault.decryptDataKey(...)", fields: { data_key: "key" } },
  "JumpWireWeb.KeyController.rekey": "vault.createRekey(...)",
  "JumpWireWeb.DataVaultController.index": {
    call: "vault.listObjects(...)",
    times: ["updatedAfter"],
    dates: ["updatedAt"],
  },
  "JumpWireWeb.DataVaultController.create": {
    call: "vault.createObject(...)",
    options: { key_context: "context" },
    dates: ["updatedAt"],
  },
  "JumpWireWeb.DataVaultController.show_by_name": { call: "vault.readObjectByName(name)", dates: ["updatedAt"] },
  "JumpWireWeb.DataVaultController.delete": {
    call: "vault.deleteObject(...)",
    nothing: true,
    reason: "As in the Node SDK",
  },
  "JumpWireWeb.DataVaultController.show_by_id": { call: "vault.readObject(...)", dates: ["updatedAt"] },
  "JumpWireWeb.DataVaultController.update": { call: "vault.updateObject(...)", dates: ["updatedAt"] },
  "JumpWireWeb.DataVaultController.describe": { call: "vault.describeObject(...)", dates: ["updatedAt"] },
  "JumpWireWeb.DataVaultController.versions": {
    call: "vault.listObjectVersions(...)",
    dates: ["createdAt"],
    answer: ({ wire, sdk }) => ({ wire, sdk: (sdk as { data: unknown }).data }),
    reason: "An array, as in the Node SDK: the list has no other page",
  },
  WebhookEndpointsController_list: { call: "webhooks.listWebhookEndpoints(...)", dates: CREATED_UPDATED },
  WebhookEndpointsController_create: { call: "webhooks.createWebhookEndpoint(...)", dates: CREATED_UPDATED },
  WebhookEndpointsController_delete: "webhooks.deleteWebhookEndpoint(...)",
  WebhookEndpointsController_update: { call: "webhooks.updateWebhookEndpoint(...)", dates: CREATED_UPDATED },
  WidgetsPublicController_issueWidgetSessionToken: "widgets.createToken(...)",
};
