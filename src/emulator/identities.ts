import { type Kind, kind } from "./kind.ts";
import type { User } from "./records.ts";
import type { Entity } from "./store.ts";
import type { World } from "./world.ts";

/** An account at an identity provider that a user signed in with. */
export interface Identity extends Entity {
  user_id: string;
  idp_id: string;
  type: "OAuth";
  provider: string;
}

export const IDENTITIES: Kind<Identity> = kind("identity");

/** The account of a user at a provider; the first sign-in makes it. */
export function identityOf(world: World, { id: user_id }: User, provider: string): Identity {
  const id = `${user_id}/${provider}`;
  return world.of(IDENTITIES).get(id) ??
    world.of(IDENTITIES).insert({ id, user_id, idp_id: world.ids.digits(21), type: "OAuth", provider });
}
