import {
  CLAIM_ATTEMPTS,
  type ClaimAttempt,
  liveRegistration,
  REGISTRATIONS,
  registrationStatus,
  requireRegistration,
  tell,
} from "../agents.ts";
import { badRequest, conflict, forbidden, gone, invalidField } from "../answers.ts";
import { get } from "../crud.ts";
import { checkOneOf, readFields } from "../fields.ts";
import { type Kind, kind } from "../kind.ts";
import { addUser, checkExternalId, organizationsOf, userByEmail } from "../people.ts";
import { sameAddress, USERS } from "../records.ts";
import { type Call, type Route, route400 } from "../router.ts";
import type { Entity } from "../store.ts";
import type { World } from "../world.ts";
import { createKey, goodKey } from "./api_keys.ts";

/** Seconds an access token is good for. */
const TOKEN_LIFETIME = 60 * 60;

/** An access token of an agent; the id is the token itself. */
interface AgentToken extends Entity {
  agent_registration_id: string;
  audience: string;
  expires_at: string;
}

const AGENT_TOKENS: Kind<AgentToken> = kind("agent_token");

const LINK = { type: "text", claim_attempt_token: "text", user: "object", organization_id: "text?" } as const;

/** Agents that registered, their claims and their credentials. */
export const agentRoutes: Route[] = [
  get(REGISTRATIONS, "/agents/registrations"),
  route400("PATCH /agents/claims/attempts", linkAttempt, 200, "invalid_request"),
  route400("POST /agents/credentials/validate", validate, 200, "invalid_request"),
];

/** Gives an agent an API key, and returns its value. Throws when there is no such agent any more. */
export function issueKey(world: World, registrationId: string): string {
  const { id, organization_id } = requireRegistration(world, registrationId);
  const key = createKey(world, { name: "Agent" }, { type: "organization", id: organization_id }, id);
  tellCredential(world, id, { kind: "api_key", api_key_id: key.id });
  return key.value;
}

/** Gives an agent an access token for a resource, by default for the client id. Throws like {@linkcode issueKey}. */
export async function issueToken(world: World, id: string, aud: string = world.settings.clientId): Promise<string> {
  const { organization_id, agent_identity } = requireRegistration(world, id);
  const sub = agent_identity.userland_user_id;
  const jti = world.ids.id("jti").slice(4);
  const iat = Math.floor(world.now() / 1000);
  const exp = iat + TOKEN_LIFETIME;
  const expires_at = new Date(exp * 1000).toISOString();
  const act = sub ? { sub } : undefined;
  const { issuer: iss } = world.settings;
  const token = await world.keys.sign({ iss, aud, sub: id, jti, org_id: organization_id, act, iat, exp });
  world.of(AGENT_TOKENS).insert({ id: token, agent_registration_id: id, audience: aud, expires_at });
  tellCredential(world, id, { kind: "access_token", jti, expires_at });
  return token;
}

function tellCredential(world: World, agent_registration_id: string, detail: object): void {
  const created_at = world.timestamp();
  tell(world, "credential.issued", {
    object: "agent_registration_credential",
    id: world.ids.id("agent_reg_credential"),
    agent_registration_id,
    detail,
    created_at,
    updated_at: created_at,
  });
}

function validate({ body }: Call, world: World): object {
  const { type, credential, audience } = readFields(body, { type: "text", credential: "text", audience: "text?" });
  checkOneOf("type", type, ["api_key", "access_token"]);
  if (audience === "") throw invalidField("audience");
  const good = type === "api_key" ? goodKey(world, credential) : goodToken(world, credential, audience);
  const registration_id = good?.agent_registration_id ?? null;
  return { valid: registration_id !== null, registration_id, expires_at: registration_id && good?.expires_at };
}

function goodToken(world: World, value: string, audience: string | undefined): AgentToken | undefined {
  const token = world.of(AGENT_TOKENS).get(value);
  if (!token || !liveRegistration(world, token.agent_registration_id)) return undefined;
  const good = (audience ?? token.audience) === token.audience && !world.isPast(token.expires_at);
  return good ? token : undefined;
}

/** Links a claim attempt to a user; the response has the code for the agent. */
function linkAttempt({ body }: Call, world: World): object {
  const { type, claim_attempt_token, user: given, organization_id } = readFields(body, LINK);
  checkOneOf("type", type, ["link_external_user"]);
  if (organization_id === "") throw invalidField("organization_id");
  const { email, external_id } = readFields(given, { email: "email", external_id: "text" });
  checkExternalId(external_id);
  const { id, login_hint, user_code, agent_registration_id } = openAttempt(world, claim_attempt_token);
  const user = world.of(USERS).find({ external_id });
  if (user && !sameAddress(user.email, email)) throw badRequest("email_mismatch");
  if (!user && userByEmail(world, email)) throw conflict("email_already_in_use");
  if (!sameAddress(login_hint, email)) throw badRequest("wrong_account");
  const organizations = organizationsOf(world, user?.id ?? "").map(({ id, name }) => ({ id, name }));
  if (organization_id !== undefined && !organizations.some(({ id }) => id === organization_id)) {
    throw badRequest("invalid_organization");
  }
  if (organization_id === undefined && organizations.length > 1) {
    throw conflict("organization_selection_required", undefined, { organizations });
  }
  world.set(CLAIM_ATTEMPTS, id, {
    user_id: (user ?? addUser(world, { email, external_id })).id,
    organization_id: organization_id ?? organizations[0]?.id,
  });
  const { status } = world.existing(REGISTRATIONS, agent_registration_id);
  return { id: agent_registration_id, status, user_code, organizations };
}

/** The attempt with this token. Throws when it cannot succeed any more. */
function openAttempt(world: World, token: string): ClaimAttempt {
  const attempt = world.of(CLAIM_ATTEMPTS).find({ token });
  if (!attempt) throw badRequest("invalid_claim");
  const status = registrationStatus(world.existing(REGISTRATIONS, attempt.agent_registration_id), world);
  if (status === "verified") throw conflict("already_claimed");
  if (status === "revoked") throw forbidden("claim_denied");
  if (status === "expired") throw gone("claim_expired");
  if (world.isPast(attempt.expires_at)) throw gone("user_code_expired");
  return attempt;
}
