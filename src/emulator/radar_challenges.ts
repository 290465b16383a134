import { forbidden, type Refusal } from "./answers.ts";
import { issueCode } from "./codes.ts";
import { type Kind, kind } from "./kind.ts";
import type { OneTimeCode, User } from "./records.ts";
import type { World } from "./world.ts";

export const RADAR_CHALLENGES: Kind<OneTimeCode> = kind("radar_challenge", {
  title: "Radar challenge",
  present: ({ object, id, ...rest }) => ({ object, id, type: "email", ...rest }),
});

/** Text messages; `email` is the phone number. */
export const SMS_CHALLENGES: Kind<OneTimeCode> = kind("sms_challenge", { prefix: "vrf" });

/** The refusal of a pending sign-in that Radar doubts: a code was sent, or the application has it sent to a phone number. */
export function radarRefusal(world: World, user: User, pending: object): Refusal {
  const type = world.settings.radarChallenge;
  const extra = { ...pending, user };
  const message = "The user must answer a Radar challenge to finish authenticating.";
  if (type === "sms") return forbidden("radar_sms_challenge", message, extra);
  const { id: radar_challenge_id, user_id, email } = issueCode(world, RADAR_CHALLENGES, user);
  world.emit("radar.challenge_created", { type, radar_challenge_id, user_id, email });
  return forbidden("radar_email_challenge", message, { ...extra, radar_challenge_id });
}
