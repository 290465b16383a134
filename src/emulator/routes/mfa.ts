import { badRequest, invalidField, unprocessable } from "../answers.ts";
import { get, listOf, remove, routeOn } from "../crud.ts";
import { answerChallenge, challengeFactor, CHALLENGES, type Factor, FACTOR_SECRETS, FACTORS } from "../factors.ts";
import { checkOneOf, readFields } from "../fields.ts";
import { USERS } from "../records.ts";
import { type Route, route } from "../router.ts";
import { isBase32, toBase32 } from "../totp.ts";
import type { World } from "../world.ts";

const PATH = "/auth/factors";

const USER_PATH = "/user_management/users/:id/auth_factors";

/** A placeholder for the QR code: one transparent pixel. */
const QR_CODE = "data:image/png;base64," +
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/** Second factors and their challenges. */
export const mfaRoutes: Route[] = [
  route(`POST ${PATH}/enroll`, ({ body }, world) => {
    const { user_id } = readFields(body, { user_id: "text?" });
    return showEnrolled(world, enroll(world, body, user_id || undefined));
  }, 201),
  get(FACTORS, PATH),
  remove(FACTORS, PATH),
  routeOn(FACTORS, `POST ${PATH}/:id/challenge`, (factor, { body }, world) => {
    readFields(body, { sms_template: "text?" });
    return challengeFactor(world, factor);
  }, 201),
  routeOn(CHALLENGES, "POST /auth/challenges/:id/verify", async (challenge, { body }, world) => {
    const { code } = readFields(body, { code: "text" });
    world.existing(FACTORS, challenge.authentication_factor_id);
    const result = await answerChallenge(world, challenge, code);
    if (result === "exhausted") throw badRequest("one_time_code_too_many_attempts");
    if (result === "used") throw unprocessable("authentication_challenge_previously_verified");
    if (result === "expired") throw unprocessable("authentication_challenge_expired");
    return { challenge, valid: result === "valid" };
  }, 201),
  routeOn(USERS, `POST ${USER_PATH}`, ({ id }, { body }, world) => {
    checkOneOf("type", readFields(body, { type: "text" }).type, ["totp"]);
    const factor = enroll(world, body, id);
    const authentication_challenge = challengeFactor(world, factor);
    return { authentication_factor: showEnrolled(world, factor), authentication_challenge };
  }, 201),
  listOf(USER_PATH, USERS, { kind: FACTORS, belongs: "user_id" }),
];

function enroll(world: World, body: Record<string, unknown>, user_id?: string): Factor {
  const { type, ...fields } = readFields(body, {
    type: "text",
    totp_issuer: "text?",
    totp_user: "text?",
    totp_secret: "text?",
    phone_number: "text?",
  });
  if (type === "sms") {
    const { phone_number } = readFields(body, { phone_number: "text" });
    return world.create(FACTORS, { type, user_id, sms: { phone_number } });
  }
  checkOneOf("type", type, ["totp", "generic_otp"]);
  const secret = fields.totp_secret ?? toBase32(world.ids.bytes(20));
  if (!isBase32(secret)) throw invalidField("totp_secret");
  const totp = {
    issuer: fields.totp_issuer ?? "WorkOS",
    user: fields.totp_user ?? world.of(USERS).get(user_id)?.email ?? "user@example.com",
  };
  const factor = world.create(FACTORS, { type, user_id, totp: type === "totp" ? totp : undefined });
  world.of(FACTOR_SECRETS).insert({ id: factor.id, secret });
  return factor;
}

/** Adds the secret to a factor, as only the response to an enrollment does. */
function showEnrolled(world: World, factor: Factor): object {
  if (!factor.totp) return factor;
  const { issuer, user } = factor.totp;
  const { secret } = world.existing(FACTOR_SECRETS, factor.id);
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(user)}`;
  const uri = `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
  return { ...factor, totp: { issuer, user, secret, qr_code: QR_CODE, uri } };
}
