import { timingSafeEqual, utf8 } from "../bytes.ts";
import { badRequest } from "./answers.ts";
import { type Kind, kind } from "./kind.ts";
import type { OneTimeCode, User } from "./records.ts";
import type { Entity } from "./store.ts";
import type { Message, World } from "./world.ts";

/** Milliseconds a one-time code is good for. */
export const CODE_LIFETIME = 10 * 60_000;
/** Wrong guesses after which a code is of no use any more. */
const MAX_GUESSES = 10;

/** What became of a one-time code; the id is the code object's. */
interface CodeState extends Entity {
  guesses: number;
  used: boolean;
}

const CODE_STATES: Kind<CodeState> = kind("code_state");

/** Codes that say why a one-time code is refused. */
export interface CodeRefusals {
  incorrect: string;
  used: string;
  expired: string;
}

/** How grants refuse a one-time code. */
export const GRANT_REFUSALS: CodeRefusals = {
  incorrect: "invalid_one_time_code",
  used: "one_time_code_previously_used",
  expired: "one_time_code_expired",
};

/** Makes a one-time code for a user and sends it to them, by default to their email address. */
export function issueCode(world: World, kind: Kind<OneTimeCode>, { id, email }: User, to = email): OneTimeCode {
  const record = world.create(kind, {
    user_id: id,
    email: to,
    expires_at: world.timestamp(CODE_LIFETIME),
    code: world.ids.digits(),
  });
  world.send({ type: kind.name as Message["type"], to, id: record.id, code: record.code });
  return record;
}

/** Uses up a user's newest one-time code, of those with these members. Throws a 400 when it is not this one, expired or used. */
export function redeemCode(
  world: World,
  { kind, userId, code, only = {}, refusals = GRANT_REFUSALS }: {
    kind: Kind<OneTimeCode>;
    userId: string;
    code: string;
    only?: Partial<OneTimeCode>;
    refusals?: CodeRefusals;
  },
): void {
  const sent = world.of(kind).all({ ...only, user_id: userId });
  const record = sent.findLast((candidate) => sameText(candidate.code, code)) ?? sent.at(-1);
  if (!record) throw badRequest(refusals.incorrect);
  const state = world.of(CODE_STATES).get(record.id) ?? { id: record.id, guesses: 0, used: false };
  if (state.guesses >= MAX_GUESSES) throw badRequest("one_time_code_too_many_attempts");
  if (!sameText(record.code, code)) {
    world.of(CODE_STATES).replace({ ...state, guesses: state.guesses + 1 });
    throw badRequest(refusals.incorrect);
  }
  if (state.used) throw badRequest(refusals.used);
  if (record !== sent.at(-1) || world.isPast(record.expires_at)) {
    throw badRequest(refusals.expired);
  }
  world.of(CODE_STATES).replace({ ...state, used: true });
}

/** Compares two secrets without telling by the time how much of them is equal. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(utf8(a), utf8(b));
}
