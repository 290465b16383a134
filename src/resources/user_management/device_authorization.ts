// Sign-in of devices without a browser or keyboard (RFC 8628).

import { badOption, NetworkException, OauthException, ParseError, WorkOSException } from "../../errors.ts";
import type { RequestOptions, TransportClock } from "../../transport.ts";
import { MAX_TIMER, signalsOf } from "../../wait.ts";
import type { AuthenticateWithDeviceCodeOptions, AuthenticationResponse } from "./authentication.ts";

/** Options of `userManagement.createDeviceAuthorization`. */
export interface CreateDeviceAuthorizationOptions {
  /** Client id. Default: the client's. */
  clientId?: string;
}

/** A device sign-in that waits for the user. */
export interface DeviceAuthorization {
  /** Secret for polling. Never show it. */
  deviceCode: string;
  /** Code the user types in. Show it. */
  userCode: string;
  /** Page on which the user types in the code. Show it. */
  verificationUri: string;
  /** The same page with the code filled in, for a link or a QR code. */
  verificationUriComplete?: string;
  /** Seconds until both codes expire. */
  expiresIn: number;
  /** Seconds to wait between two polls; absent means 5. */
  interval?: number;
}

/** Options of `userManagement.pollDeviceAuthorization`; a {@linkcode DeviceAuthorization} can be passed as it is. */
export interface PollDeviceAuthorizationOptions extends AuthenticateWithDeviceCodeOptions {
  /** Seconds between two polls. Default 5, also for 0. */
  interval?: number;
  /** Seconds until the codes expire, counted from the call. Default: until the API reports that they have expired. */
  expiresIn?: number;
}

/** RFC 8628 sections 3.2 and 3.5: the interval when none is given, and by how much `slow_down` raises it. */
const INTERVAL_SECONDS = 5;

/** Maximum interval that failures of the API or the network lead to. */
const MAX_BACKOFF_SECONDS = 60;

/** Repeats `authenticate`, first after one interval, until it succeeds, fails for good, or the codes expire. */
export async function pollDevice(
  { clock }: { clock: Pick<TransportClock, "elapsed" | "wait"> },
  { authenticate, options }: {
    authenticate(options: AuthenticateWithDeviceCodeOptions, request: RequestOptions): Promise<AuthenticationResponse>;
    options: PollDeviceAuthorizationOptions;
  },
  request: RequestOptions = {},
): Promise<AuthenticationResponse> {
  const { interval: given, expiresIn = Infinity, ...grant } = options;
  const { idempotencyKey: _, ...each } = request; // with one key for all polls the API would repeat its first response
  const signals = signalsOf(each.signal);
  let interval = checkSeconds(given || INTERVAL_SECONDS, "interval");
  let pause = interval;
  const deadline = clock.elapsed() + checkSeconds(expiresIn, "expiresIn") * 1000;
  while (true) {
    await clock.wait(Math.min(pause * 1000, deadline - clock.elapsed(), MAX_TIMER), signals);
    if (clock.elapsed() >= deadline) {
      throw new OauthException(400, "", "expired_token", "The device code has expired", undefined);
    }
    try {
      return await authenticate(grant, each);
    } catch (error) {
      interval = nextInterval(error, interval);
      pause = Math.max(interval, (error as { retryAfter?: number | null }).retryAfter ?? 0); // only this once
    }
  }
}

/** Seconds until the next poll after a failed one; throws the failure when another poll cannot help. */
function nextInterval(failure: unknown, interval: number): number {
  const { error } = Object((failure as WorkOSException | undefined)?.rawData) as { error?: unknown };
  if (error === "authorization_pending") return interval;
  if (error === "slow_down") return interval + INTERVAL_SECONDS;
  if (!isPassing(failure)) throw failure;
  return Math.max(interval, Math.min(interval * 2, MAX_BACKOFF_SECONDS));
}

/** Whether a failure is temporary: no connection, a timeout, too many requests, or a failure of the API. */
function isPassing(failure: unknown): boolean {
  if (failure instanceof NetworkException) return true;
  if (!(failure instanceof WorkOSException) || failure instanceof ParseError) return false;
  return failure.status === 408 || failure.status === 429 || (failure.status ?? 0) >= 500;
}

function checkSeconds(seconds: number, option: string): number {
  if (typeof seconds === "number" && seconds >= 0) return seconds;
  throw badOption(option, "it is not a non-negative number of seconds");
}
