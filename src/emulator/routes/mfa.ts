import { badRequest, unprocessable } from "../answers.ts";
import { get, listOf } from "../crud.ts";
import { answerChallenge, challengeFactor, CHALLENGES, type Factor, FACTOR_SECRETS, FACTORS } from "../factors.ts";
import { checkOneOf, readFields } from "../fields.ts";
import { USERS } from "../records.ts";
import { type Route, route } from "../router.ts";
import { toBase32 } from "../totp.ts";
import type { World } from "../world.ts";

/** One transparent pixel: nobody scans it. */
const QR_CODE = "data:image/png;base64," +
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/** Second factors and their challenges. */
export const mfaRoutes: Route[] = [
  route("POST /auth/factors/enroll", ({ body }, world) => {
    const { user_id } = readFields(body, { user_id: "text?" });
    return showEnrolled(world, enroll(world, body, user_id));
  }, 201),
  get(FACTORS, "/auth/factors"),
  route("DELETE /auth/factors/:id", ({ params: { id } }, world) => world.remove(FACTORS, id), 204),
  route("POST /auth/factors/:id/challenge", ({ params: { id }, body }, world) => {
    readFields(body, { sms_template: "text?" });
    return challengeFactor(world, world.existing(FACTORS, id));
  }, 201),
  route("POST /auth/challenges/:id/verify", async ({ params: { id }, body }, world) => {
    const { code } = readFields(body, { code: "text" });
    const challenge = world.existing(CHALLENGES, id);
    const result = await answerChallenge(world, challenge, code);
    if (result === "exhausted") throw badRequest("one_time_code_too_many_attempts");
    if (result === "used") throw unprocessable("authentication_challenge_previously_verified");
    if (result === "expired") throw unprocessable("authentication_challenge_expired");
    return { challenge, valid: result === "valid" };
  }, 201),
  route("POST /user_management/users/:userId/auth_factors", ({ params: { userId }, body }, world) => {
    const { id } = world.existing(USERS, userId);
    checkOneOf("type", readFields(body, { type: "text" }).type, ["totp"]);
    const factor = enroll(world, body, id);
    const authentication_challenge = challengeFactor(world, factor);
    return { authentication_factor: showEnrolled(world, factor), authentication_challenge };
  }, 201),
  listOf("/user_management/users/:id/auth_factors", USERS, {
    kind: FACTORS,
    belongs: ({ user_id }, id) => user_id === id,
  }),
];

function enroll(world: World, body: Record<string, unknown>, userId?: string): Factor {
  const { type, ...fields } = readFields(body, {
    type: "text",
    totp_issuer: "text?",
    totp_user: "text?",
    totp_secret: "text?",
    phone_number: "text?",
  });
  const owner = userId ? { user_id: userId } : {};
  if (type === "sms") {
    const { phone_number } = readFields(body, { phone_number: "text" });
    return world.create(FACTORS, { type, ...owner, sms: { phone_number } });
  }
  checkOneOf("type", type, ["totp", "generic_otp"]);
  const totp = { issuer: fields.totp_issuer ?? "WorkOS", user: fields.totp_user ?? ownerEmail(world, userId) };
  const factor = world.create(FACTORS, { type, ...owner, ...(type === "totp" ? { totp } : {}) });
  const secret = fields.totp_secret ?? toBase32(world.ids.bytes(20));
  world.of(FACTOR_SECRETS).insert({ id: factor.id, secret });
  return factor;
}

/** Only the answer to an enrolment shows the secret. */
function showEnrolled(world: World, factor: Factor): object {
  if (!factor.totp) return factor;
  const { issuer, user } = factor.totp;
  const { secret } = world.existing(FACTOR_SECRETS, factor.id);
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(user)}`;
  const uri = `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
  return { ...factor, totp: { issuer, user, secret, qr_code: QR_CODE, uri } };
}

function ownerEmail(world: World, userId: string | undefined): string {
  return world.of(USERS).get(userId)?.email ?? "user@example.com";
}
