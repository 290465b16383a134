import type { Route } from "../router.ts";
import { accessRoutes } from "./access.ts";
import { agentRoutes } from "./agents.ts";
import { apiKeyRoutes } from "./api_keys.ts";
import { auditLogRoutes } from "./audit_logs.ts";
import { authenticateRoutes } from "./authenticate.ts";
import { authorizeRoutes } from "./authorize.ts";
import { blueprintRoutes } from "./blueprints.ts";
import { connectRoutes } from "./connect.ts";
import { deviceRoutes } from "./device.ts";
import { directoryRoutes } from "./directories.ts";
import { emailChangeRoutes } from "./email_change.ts";
import { eventRoutes } from "./events.ts";
import { externalAuthRoutes } from "./external_auth.ts";
import { featureFlagRoutes } from "./feature_flags.ts";
import { groupRoutes } from "./groups.ts";
import { invitationRoutes } from "./invitations.ts";
import { jwksRoutes } from "./jwks.ts";
import { jwtTemplateRoutes } from "./jwt_template.ts";
import { magicAuthRoutes } from "./magic_auth.ts";
import { membershipRoutes } from "./memberships.ts";
import { mfaRoutes } from "./mfa.ts";
import { organizationDomainRoutes } from "./organization_domains.ts";
import { organizationRoutes } from "./organizations.ts";
import { passwordResetRoutes } from "./password_reset.ts";
import { passwordlessRoutes } from "./passwordless.ts";
import { pipesRoutes } from "./pipes.ts";
import { portalRoutes } from "./portal.ts";
import { radarRoutes } from "./radar.ts";
import { radarChallengeRoutes } from "./radar_challenges.ts";
import { redirectUriRoutes } from "./redirect_uris.ts";
import { resourceRoutes } from "./resources.ts";
import { roleAssignmentRoutes } from "./role_assignments.ts";
import { roleRoutes } from "./roles.ts";
import { sessionRoutes } from "./sessions.ts";
import { ssoRoutes } from "./sso.ts";
import { userRoutes } from "./users.ts";
import { vaultRoutes } from "./vault.ts";
import { waitlistRoutes } from "./waitlists.ts";
import { webhookEndpointRoutes } from "./webhook_endpoints.ts";

/**
 * Everything the emulator serves, area by area.
 *
 * A new area is a file next to this one: a `kind` of record, a list of routes (`crud` writes the usual ones), and a
 * line here. What it holds from the start is planted in `seed.ts`; what it adds to access tokens is a `ClaimSource`.
 */
export const ALL_ROUTES: readonly Route[] = [
  ...organizationRoutes,
  ...organizationDomainRoutes,
  ...userRoutes,
  ...emailChangeRoutes,
  ...membershipRoutes,
  ...groupRoutes,
  ...roleRoutes,
  ...resourceRoutes,
  ...roleAssignmentRoutes,
  ...accessRoutes,
  ...invitationRoutes,
  ...waitlistRoutes,
  ...authorizeRoutes,
  ...authenticateRoutes,
  ...deviceRoutes,
  ...sessionRoutes,
  ...jwksRoutes,
  ...jwtTemplateRoutes,
  ...magicAuthRoutes,
  ...passwordResetRoutes,
  ...mfaRoutes,
  ...ssoRoutes,
  ...passwordlessRoutes,
  ...directoryRoutes,
  ...apiKeyRoutes,
  ...agentRoutes,
  ...blueprintRoutes,
  ...featureFlagRoutes,
  ...vaultRoutes,
  ...redirectUriRoutes,
  ...radarRoutes,
  ...radarChallengeRoutes,
  ...connectRoutes,
  ...pipesRoutes,
  ...externalAuthRoutes,
  ...auditLogRoutes,
  ...portalRoutes,
  ...eventRoutes,
  ...webhookEndpointRoutes,
];
