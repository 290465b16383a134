import { badRequest, invalidField, redirect } from "../answers.ts";
import { checkOneOf, readFields } from "../fields.ts";
import { requireMember } from "../people.ts";
import { ORGANIZATIONS, USERS } from "../records.ts";
import { type Call, publicRoute, type Route, route, route400 } from "../router.ts";
import { ACCESS_TOKEN_LIFETIME } from "../sessions.ts";
import { issueTicket, readTicket } from "../tickets.ts";
import type { World } from "../world.ts";

// deno-fmt-ignore
const INTENTS = [
  "sso", "dsync", "audit_logs", "log_streams", "domain_verification", "certificate_renewal", "bring_your_own_key",
];

const SCOPES = [
  "widgets:users-table:manage",
  "widgets:domain-verification:manage",
  "widgets:sso:manage",
  "widgets:api-keys:manage",
  "widgets:dsync:manage",
  "widgets:audit-log-streaming:manage",
  "widgets:pipes:manage",
];

const LINK = {
  organization: "text",
  intent: "text?",
  return_url: "url?",
  success_url: "url?",
  it_contact_emails: "texts?",
} as const;

/** Milliseconds a link to the Admin Portal is good for. */
const LINK_LIFETIME = 5 * 60_000;
/** Seconds a widget token is good for. */
const WIDGET_LIFETIME = 60 * 60;

/** Links and tokens for what WorkOS shows to customers: the Admin Portal, widgets, the Client API. */
export const portalRoutes: Route[] = [
  route("POST /portal/generate_link", generateLink, 201),
  publicRoute("GET /portal/launch", ({ query }, world) => {
    const target = readTicket(world, "portal", query.get("token"));
    if (target === undefined) throw badRequest("portal_link_expired");
    return redirect(target);
  }),
  route400("POST /widgets/token", async ({ body }, world) => {
    const shape = { organization_id: "text?", user_id: "text?", scopes: "texts?" } as const;
    const { organization_id, user_id, scopes } = readFields(body, shape);
    for (const scope of scopes ?? []) checkOneOf("scopes", scope, SCOPES);
    if (scopes?.length && organization_id === undefined) throw invalidField("organization_id", "required");
    return { token: await issueToken(world, { organization_id, user_id, scopes }, WIDGET_LIFETIME) };
  }, 201),
  route("POST /client/token", async ({ body }, world) => {
    const who = readFields(body, { organization_id: "text", user_id: "text" });
    return { token: await issueToken(world, who, ACCESS_TOKEN_LIFETIME / 1000) };
  }, 201),
];

/** Makes a link that leads directly to where an administrator would be sent afterwards. */
function generateLink({ body }: Call, world: World): object {
  const { organization, intent, success_url, return_url, it_contact_emails = [] } = readFields(body, LINK);
  checkOneOf("intent", intent, INTENTS);
  if (it_contact_emails.length > 20) throw invalidField("it_contact_emails");
  for (const email of it_contact_emails) readFields({ it_contact_emails: email }, { it_contact_emails: "email" });
  world.existing(ORGANIZATIONS, organization);
  const subject = success_url ?? return_url ?? world.settings.baseURL;
  const token = issueTicket(world, { purpose: "portal", subject, lifetime: LINK_LIFETIME });
  return { link: `${world.settings.baseURL}/portal/launch?token=${token}` };
}

/** A JWT of the environment's key for a user, an organization, or a member of one. */
async function issueToken(
  world: World,
  { organization_id, user_id, scopes }: { organization_id?: string; user_id?: string; scopes?: string[] },
  lifetime: number,
): Promise<string> {
  if (organization_id !== undefined) world.existing(ORGANIZATIONS, organization_id);
  if (user_id !== undefined) world.existing(USERS, user_id);
  if (organization_id !== undefined && user_id !== undefined) requireMember(world, user_id, organization_id);
  const iat = Math.floor(world.now() / 1000);
  const { issuer: iss } = world.settings;
  const jti = world.ids.id("jti").slice(4);
  return await world.keys.sign({ iss, sub: user_id, org_id: organization_id, scopes, jti, iat, exp: iat + lifetime });
}
