const CHANGES = "created deleted updated";

/** The events a webhook endpoint may ask for, by what they are about. */
// deno-fmt-ignore
const NAMES: Record<string, string> = {
  "agent.registration.claim.attempt": "created",
  "agent.registration.claim": "completed",
  "agent.registration": "created deleted expired refreshed revoked",
  "agent.registration.credential": "issued",
  "agent.registration.organization": "switched",
  api_key: "created revoked updated",
  authentication:
    "email_verification_succeeded magic_auth_failed magic_auth_succeeded mfa_succeeded oauth_failed " +
    "oauth_succeeded passkey_failed passkey_succeeded password_failed password_succeeded " +
    "radar_risk_detected reauthentication_succeeded sso_failed sso_started sso_succeeded sso_timed_out",
  connection: "activated deactivated deleted saml_certificate_renewal_required saml_certificate_renewed",
  dsync: "activated deleted",
  "dsync.group": `${CHANGES} user_added user_removed`,
  "dsync.user": CHANGES,
  email_verification: "created",
  flag: `${CHANGES} rule_updated`,
  group: `${CHANGES} member_added member_removed`,
  invitation: "accepted created resent revoked",
  magic_auth: "created",
  organization: CHANGES,
  organization_domain: `${CHANGES} verification_failed verified`,
  organization_membership: CHANGES,
  organization_role: CHANGES,
  password_reset: "created succeeded",
  permission: CHANGES,
  "pipes.connected_account": "connected connection_failed disconnected reauthorization_needed",
  radar: "challenge_created",
  role: CHANGES,
  session: "created revoked",
  user: CHANGES,
  waitlist_user: "approved created denied",
};

/** Whether a webhook endpoint may ask for an event of this name. */
export function isEventName(name: string): boolean {
  const [, subject = "", what] = /^(.*)\.(.*)$/.exec(name) ?? [];
  return Object.hasOwn(NAMES, subject) && NAMES[subject].split(" ").includes(what);
}
