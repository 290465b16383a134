import { oauthError } from "../answers.ts";
import { readFields } from "../fields.ts";
import { type Kind, kind } from "../kind.ts";
import { publicRoute, type Route } from "../router.ts";
import { advanceSignIn, type SignIn } from "../signin.ts";
import type { Entity } from "../store.ts";
import type { World } from "../world.ts";

const LIFETIME = 300;
const INTERVAL = 5;

/** A device that waits to be approved; the id is its device code. */
export interface DeviceRequest extends Entity {
  user_code: string;
  expires: number;
  /** Seconds it has to wait between two polls. */
  interval: number;
  lastPoll?: number;
  state: "pending" | "approved" | "denied" | "used";
  signIn?: SignIn;
}

export const DEVICE_REQUESTS: Kind<DeviceRequest> = kind("device_request");

/** Signing in on a device without a browser (RFC 8628). */
export const deviceRoutes: Route[] = [
  publicRoute("POST /user_management/authorize/device", ({ body }, world) => {
    if (body.client_id !== world.settings.clientId) throw oauthError("invalid_client", "Unknown client");
    const request = world.of(DEVICE_REQUESTS).insert({
      id: world.ids.token(64),
      user_code: world.ids.userCode(),
      expires: world.now() + LIFETIME * 1000,
      interval: INTERVAL,
      state: "pending",
    });
    const verification_uri = `${world.settings.baseURL}/device`;
    return {
      device_code: request.id,
      user_code: request.user_code,
      verification_uri,
      verification_uri_complete: `${verification_uri}?user_code=${request.user_code}`,
      expires_in: LIFETIME,
      interval: INTERVAL,
    };
  }),
];

/** The grant a device polls with. */
export async function deviceGrant(
  body: Record<string, unknown>,
  world: World,
  who: Partial<SignIn>,
): Promise<object> {
  const { device_code } = readFields(body, { device_code: "text" });
  const request = world.of(DEVICE_REQUESTS).get(device_code);
  if (!request || request.state === "used") throw oauthError("invalid_grant", "The device code is invalid.");
  if (request.expires <= world.now()) throw oauthError("expired_token");
  if (request.state === "denied") throw oauthError("access_denied");
  if (request.state === "approved" && request.signIn) {
    world.set(DEVICE_REQUESTS, request.id, { state: "used" });
    return await advanceSignIn(world, { ...request.signIn, ...who });
  }
  throw refusePoll(world, request);
}

/** The pending request with this user code. Throws when there is none. */
export function requestByUserCode(world: World, userCode: string): DeviceRequest {
  const bare = (code: string) => code.replace(/[^A-Z]/gi, "").toUpperCase();
  const request = world.of(DEVICE_REQUESTS).find(({ user_code, state }) =>
    state === "pending" && bare(user_code) === bare(userCode)
  );
  if (!request) throw new TypeError("Cannot find device request: no pending one has this user code");
  return request;
}

/** The error for a pending device; polling too fast adds five seconds to its interval (RFC 8628 section 3.5). */
function refusePoll(world: World, { id, interval, lastPoll }: DeviceRequest): Error {
  const now = world.now();
  const tooFast = lastPoll !== undefined && now - lastPoll < interval * 1000;
  world.set(DEVICE_REQUESTS, id, { lastPoll: now, interval: tooFast ? interval + 5 : interval });
  if (tooFast) return oauthError("slow_down");
  return oauthError("authorization_pending");
}
