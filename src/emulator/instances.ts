import { type Kind, kind, type Stamped, without } from "./kind.ts";
import { withStatus } from "./records.ts";
import type { Entity, Match } from "./store.ts";
import type { World } from "./world.ts";

/** An agent made from a blueprint. */
export interface Instance extends Stamped {
  agent_blueprint_id: string;
  organization_id: string;
  /** Id of the membership it works for; `null` when it works for nobody. */
  organization_membership_id: string | null;
  type: "delegated" | "autonomous";
}

export const INSTANCES: Kind<Instance> = kind("agent_instance");

/** A session of an instance. */
export interface InstanceSession extends Stamped {
  agent_instance_id: string;
  status: "active" | "revoked";
  expires_at: string;
  revoked_at: string | null;
  /** Not shown. */
  agent_blueprint_id: string;
  /** Slugs of the permissions it has. Not shown. */
  permissions: string[];
}

export const INSTANCE_SESSIONS: Kind<InstanceSession> = kind("agent_instance_session", {
  present: (session, reader) => without(withStatus(session, reader), "agent_blueprint_id", "permissions"),
});

/** A refresh token of a session; the id is the token itself. */
interface InstanceToken extends Entity {
  session_id: string;
  expires: number;
}

export const INSTANCE_TOKENS: Kind<InstanceToken> = kind("agent_refresh_token");

/** Removes the sessions of an instance, and their tokens. */
export function clearInstance({ id }: Instance, world: World): void {
  for (const { id: session_id } of world.of(INSTANCE_SESSIONS).all({ agent_instance_id: id })) {
    world.forget(INSTANCE_TOKENS, { session_id });
    world.of(INSTANCE_SESSIONS).delete(session_id);
  }
}

/** Removes instances with all that belongs to them. */
export function forgetInstances(world: World, which: Match<Instance>): void {
  for (const instance of world.of(INSTANCES).all(which)) {
    clearInstance(instance, world);
    world.of(INSTANCES).delete(instance.id);
  }
}
