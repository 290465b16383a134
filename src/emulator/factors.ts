import { sameText } from "./codes.ts";
import { type Kind, kind, type Stamped } from "./kind.ts";
import type { Entity } from "./store.ts";
import { TOTP_PERIOD, totpCode } from "./totp.ts";
import type { World } from "./world.ts";

/** Milliseconds a challenge that carries a code is good for. */
const CHALLENGE_LIFETIME = 10 * 60_000;
/** Wrong guesses after which a challenge is of no use any more. */
const MAX_GUESSES = 10;

export interface Factor extends Stamped {
  type: string;
  user_id?: string;
  totp?: { issuer: string; user: string };
  sms?: { phone_number: string };
}

export const FACTORS: Kind<Factor> = kind("authentication_factor", { prefix: "auth_factor" });

/** The secret of a factor; the id is the factor's. */
export interface FactorSecret extends Entity {
  secret: string;
}

export const FACTOR_SECRETS: Kind<FactorSecret> = kind("factor_secret", { title: FACTORS.title });

export interface Challenge extends Stamped {
  authentication_factor_id: string;
  expires_at?: string;
  /** The code itself, where the application delivers it. */
  code?: string;
}

export const CHALLENGES: Kind<Challenge> = kind("authentication_challenge", { prefix: "auth_challenge" });

/** What became of a challenge; the id is the challenge's. */
interface ChallengeState extends Entity {
  /** The code that was sent, where one is sent. */
  code?: string;
  guesses: number;
  used: boolean;
}

const CHALLENGE_STATES: Kind<ChallengeState> = kind("challenge_state");

/** The second factors of a user. */
export function factorsOf(world: World, userId: string): Factor[] {
  return world.of(FACTORS).all({ user_id: userId });
}

/** Asks for a code: that of an authenticator app, or a new one in a text message or, to be delivered, in the challenge. */
export function challengeFactor(world: World, factor: Factor): Challenge {
  const code = factor.type === "totp" ? undefined : world.ids.digits();
  const challenge = world.create(CHALLENGES, {
    authentication_factor_id: factor.id,
    expires_at: code && world.timestamp(CHALLENGE_LIFETIME),
    code: factor.type === "generic_otp" ? code : undefined,
  });
  world.of(CHALLENGE_STATES).insert({ id: challenge.id, code, guesses: 0, used: false });
  if (factor.sms) world.send({ type: "sms_challenge", to: factor.sms.phone_number, id: challenge.id, code });
  return challenge;
}

/** Result of a code for a challenge. */
export type ChallengeResult = "valid" | "incorrect" | "used" | "expired" | "exhausted";

/** Checks the code of a challenge. A challenge works once, and is exhausted after ten wrong codes. */
export async function answerChallenge(world: World, challenge: Challenge, code: string): Promise<ChallengeResult> {
  const expected = await expectedCodes(world, challenge);
  const state = world.existing(CHALLENGE_STATES, challenge.id);
  if (state.guesses >= MAX_GUESSES) return "exhausted";
  if (state.used) return "used";
  if (world.isPast(challenge.expires_at)) return "expired"; // never, for authenticator apps
  const valid = expected.some((candidate) => sameText(candidate, code));
  world.set(CHALLENGE_STATES, state.id, valid ? { used: true } : { guesses: state.guesses + 1 });
  return valid ? "valid" : "incorrect";
}

/** The codes a challenge takes: one that was sent, or those of this time step and its neighbours. */
async function expectedCodes(world: World, challenge: Challenge): Promise<string[]> {
  const { code } = world.existing(CHALLENGE_STATES, challenge.id);
  if (code) return [code];
  const { secret } = world.existing(FACTOR_SECRETS, challenge.authentication_factor_id);
  const times = [-1, 0, 1].map((step) => Math.max(0, world.now() + step * TOTP_PERIOD));
  return await Promise.all(times.map((time) => totpCode(secret, time)));
}
