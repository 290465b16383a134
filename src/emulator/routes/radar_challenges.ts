import { badRequest } from "../answers.ts";
import { issueCode } from "../codes.ts";
import { get } from "../crud.ts";
import { readFields } from "../fields.ts";
import { RADAR_CHALLENGES, SMS_CHALLENGES } from "../radar_challenges.ts";
import { USERS } from "../records.ts";
import { type Call, type Route, route } from "../router.ts";
import { PENDING_TOKEN, pendingSignIn } from "../signin.ts";
import type { World } from "../world.ts";

const SMS = {
  user_id: "text",
  ...PENDING_TOKEN,
  phone_number: "text",
  ip_address: "text?",
  user_agent: "text?",
} as const;

/** Codes that a sign-in requires when Radar finds it suspicious. */
export const radarChallengeRoutes: Route[] = [
  get(RADAR_CHALLENGES, "/user_management/radar_challenges"),
  route("POST /user_management/radar_challenges", sendSms, 201),
];

function sendSms({ body }: Call, world: World): object {
  const { user_id, phone_number, ...pending } = readFields(body, SMS);
  const user = world.existing(USERS, user_id);
  if (pendingSignIn(world, pending).signIn.userId !== user_id) {
    throw badRequest("user_mismatch", "The sign-in is another user's.");
  }
  return { verification_id: issueCode(world, SMS_CHALLENGES, user, phone_number).id, phone_number };
}
