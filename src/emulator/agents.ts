import { forgetInstances } from "./instances.ts";
import { type Kind, kind, type Reader, type Stamped, without } from "./kind.ts";
import { ORGANIZATIONS, USERS } from "./records.ts";
import type { World } from "./world.ts";

/** Milliseconds in which a registration can be claimed. */
const CLAIM_LIFETIME = 24 * 60 * 60_000;
/** Milliseconds one attempt to claim it may take. */
const ATTEMPT_LIFETIME = 10 * 60_000;

/** A part of a registration. */
type Part = Omit<Stamped, "object">;

/** An agent that registered. */
export interface Registration extends Stamped {
  agent_identity: Part & { userland_user_id: string | null };
  organization_id: string;
  status: "unverified" | "verified" | "revoked";
  kind: string;
  claim: Part & { claim_completion: object | null; expires_at: string } | null;
}

export const REGISTRATIONS: Kind<Registration> = kind("agent_registration", {
  prefix: "agent_reg",
  present: (registration, reader) => ({
    ...without(registration, "object"),
    status: registrationStatus(registration, reader),
  }),
});

/** An attempt to claim an agent. */
export interface ClaimAttempt extends Stamped {
  agent_registration_id: string;
  agent_registration_claim_id: string;
  /** Email address of the person who was asked to claim it. */
  login_hint: string;
  expires_at: string;
  token: string;
  user_code: string;
  /** Id of the user who claims it, once known. */
  user_id?: string;
  /** Id of the organization chosen for the agent. */
  organization_id?: string;
}

export const CLAIM_ATTEMPTS: Kind<ClaimAttempt> = kind("agent_registration_claim_attempt", {
  prefix: "agent_reg_claim_attempt",
});

/** What a registration is made of. */
export interface NewRegistration {
  id?: string;
  organization_id: string;
  kind?: string;
  user_id?: string;
}

/** Registers an agent, with or without a user. Throws when the user or organization does not exist. */
export function addRegistration(world: World, agent: NewRegistration): Registration {
  const { id, organization_id, kind = "anonymous", user_id = null } = agent;
  if (!world.of(ORGANIZATIONS).get(organization_id) || (user_id !== null && !world.of(USERS).get(user_id))) {
    throw new TypeError("Cannot register agent: there is no user or organization with this id");
  }
  const created_at = world.timestamp();
  const times = { created_at, updated_at: created_at };
  const identity = { id: world.ids.id("agent_identity"), userland_user_id: user_id };
  const expires_at = world.timestamp(CLAIM_LIFETIME);
  const registration = world.create(REGISTRATIONS, {
    id,
    agent_identity: { ...identity, ...times },
    organization_id,
    status: user_id ? "verified" : "unverified",
    kind,
    claim: user_id ? null : { id: world.ids.id("agent_reg_claim"), claim_completion: null, ...times, expires_at },
  });
  tell(world, "created", {
    ...without(registration, "claim"),
    agent_identity: { object: "agent_identity", ...identity },
    method: kind === "identity_assertion" ? "id_jag" : kind,
  });
  return registration;
}

/** Emits an event about an agent. */
export function tell(world: World, what: string, data: object): void {
  world.emit(`agent.registration.${what}`, data);
}

/** State of a registration: one that is not claimed in time expires. */
export function registrationStatus({ status, claim }: Registration, reader: Reader): string {
  return status === "unverified" && reader.isPast(claim?.expires_at) ? "expired" : status;
}

/** The registration with this id, unless it was revoked or expired. */
export function liveRegistration(reader: Reader, id: string | undefined): Registration | undefined {
  const registration = reader.of(REGISTRATIONS).get(id);
  const live = registration && registrationStatus(registration, reader).endsWith("verified");
  return live ? registration : undefined;
}

/** The same, but throws a `TypeError` when there is none. */
export function requireRegistration(reader: Reader, id: string): Registration {
  const registration = liveRegistration(reader, id);
  if (!registration) throw new TypeError("Cannot find agent: none with this id is registered any more");
  return registration;
}

/** Begins to claim an agent. Returns the token that names the attempt. Throws for one that cannot be claimed. */
export function startClaim(world: World, registrationId: string, login_hint: string): string {
  const { id, claim, status } = requireRegistration(world, registrationId);
  if (!claim || status === "verified") throw new TypeError("Cannot claim agent: it is somebody's already");
  const attempt = world.create(CLAIM_ATTEMPTS, {
    agent_registration_id: id,
    agent_registration_claim_id: claim.id,
    login_hint,
    expires_at: world.timestamp(ATTEMPT_LIFETIME),
    token: `cla_tkn_${world.ids.token(26)}`,
    user_code: world.ids.userCode(),
  });
  tell(world, "claim.attempt.created", without(attempt, "token", "user_code"));
  return attempt.token;
}

/** Lets an agent complete a claim with its code. Throws when no attempt that was linked to a user has this code. */
export function completeClaim(world: World, code: string): void {
  const attempt = world.of(CLAIM_ATTEMPTS).find({ user_code: code });
  const agent = liveRegistration(world, attempt?.agent_registration_id);
  if (
    !attempt?.user_id || agent?.status !== "unverified" || !agent.claim || world.isPast(attempt.expires_at)
  ) {
    throw new TypeError("Cannot complete claim: no attempt that was linked to a user has this code");
  }
  const { id, user_id, organization_id = null, expires_at, created_at } = attempt;
  const updated_at = world.timestamp();
  world.update(REGISTRATIONS, agent.id, {
    status: "verified",
    organization_id: organization_id ?? agent.organization_id,
    agent_identity: { ...agent.agent_identity, userland_user_id: user_id, updated_at },
    claim: {
      ...agent.claim,
      claim_completion: { id, created_at, updated_at, expires_at, claimed_at: updated_at },
      updated_at,
    },
  });
  const agent_registration_id = agent.id;
  tell(world, "claim.completed", {
    object: "agent_registration_claim",
    id: agent.claim.id,
    agent_registration_id,
    completed_by_attempt_id: id,
    claimed_by: { user_id, organization_id },
    completed_at: updated_at,
    created_at: agent.claim.created_at,
    updated_at,
  });
  if (!organization_id || organization_id === agent.organization_id) return;
  tell(world, "organization.switched", {
    agent_registration_id,
    from_organization_id: agent.organization_id,
    to_organization_id: organization_id,
  });
}

/** Ends a registration: its credentials are good no more. */
export function revokeRegistration(world: World, agent_registration_id: string): void {
  world.update(REGISTRATIONS, requireRegistration(world, agent_registration_id).id, { status: "revoked" });
  tell(world, "revoked", { agent_registration_id });
}

/** Removes the agents of a user or an organization that is there no more. */
export function forgetAgents(world: World, ownerId: string): void {
  const isOwner = (...ids: unknown[]) => ids.includes(ownerId);
  forgetInstances(world, { organization_id: ownerId });
  for (const { id, organization_id, agent_identity } of world.of(REGISTRATIONS).all()) {
    if (!isOwner(organization_id, agent_identity.userland_user_id)) continue;
    world.forget(CLAIM_ATTEMPTS, { agent_registration_id: id });
    world.remove(REGISTRATIONS, id);
    tell(world, "deleted", { agent_registration_id: id });
  }
  world.forget(CLAIM_ATTEMPTS, ({ user_id, organization_id }) => isOwner(user_id, organization_id));
}
