import { type Kind, kind } from "./kind.ts";
import type { Entity } from "./store.ts";
import type { World } from "./world.ts";

/** A token that is good for one thing, for a while; the id is the token itself. */
interface Ticket extends Entity {
  purpose: string;
  subject: string;
  expires: number;
}

const TICKETS: Kind<Ticket> = kind("ticket");

/** Makes a token that stands for something, for some milliseconds. */
export function issueTicket(
  world: World,
  { purpose, subject, lifetime }: { purpose: string; subject: string; lifetime: number },
): string {
  const id = world.ids.token();
  world.of(TICKETS).insert({ id, purpose, subject, expires: world.now() + lifetime });
  return id;
}

/** What a token stands for; `undefined` when it is unknown, for something else, or too old. */
export function readTicket(world: World, purpose: string, token: string | null | undefined): string | undefined {
  const ticket = world.of(TICKETS).get(token);
  return ticket?.purpose === purpose && ticket.expires > world.now() ? ticket.subject : undefined;
}
