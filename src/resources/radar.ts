// Radar: whether a sign-in or sign-up looks like fraud or abuse.

import type { OpenEnum } from "../wire.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";

/** How the user authenticates. */
// deno-fmt-ignore
export const RadarStandaloneAssessRequestAuthMethod = {
  Password: "Password", Passkey: "Passkey", Authenticator: "Authenticator", SmsOtp: "SMS_OTP", EmailOtp: "Email_OTP",
  Social: "Social", SSO: "SSO", Other: "Other",
} as const;
/** How the user authenticates. */
export type RadarStandaloneAssessRequestAuthMethod = OpenEnum<typeof RadarStandaloneAssessRequestAuthMethod>;

/** What the user is doing. */
export const RadarStandaloneAssessRequestAction = { SignUp: "sign-up", SignIn: "sign-in" } as const;
/** What the user is doing. */
export type RadarStandaloneAssessRequestAction = OpenEnum<typeof RadarStandaloneAssessRequestAction>;

/** Type of the entries of a Radar list. */
// deno-fmt-ignore
export const RadarListType = {
  IpAddress: "ip_address", Domain: "domain", Email: "email", Device: "device", UserAgent: "user_agent",
  DeviceFingerprint: "device_fingerprint", Country: "country",
} as const;
/** Type of the entries of a Radar list. */
export type RadarListType = OpenEnum<typeof RadarListType>;

/** What a Radar list does to its entries. */
export const RadarListAction = { Block: "block", Allow: "allow" } as const;
/** What a Radar list does to its entries. */
export type RadarListAction = OpenEnum<typeof RadarListAction>;

/** Verdict of Radar. */
export const RadarStandaloneResponseVerdict = { Allow: "allow", Block: "block", Challenge: "challenge" } as const;
/** Verdict of Radar. The API may add values: treat an unknown one as suspicious. */
export type RadarStandaloneResponseVerdict = OpenEnum<typeof RadarStandaloneResponseVerdict>;

/** The control that led to a verdict. */
// deno-fmt-ignore
export const RadarStandaloneResponseControl = {
  BotDetection: "bot_detection", BruteForceAttack: "brute_force_attack",
  DomainSignUpRateLimit: "domain_sign_up_rate_limit", ImpossibleTravel: "impossible_travel",
  RepeatSignUp: "repeat_sign_up", StaleAccount: "stale_account", UnrecognizedDevice: "unrecognized_device",
  Restriction: "restriction",
} as const;
/** The control that led to a verdict. */
export type RadarStandaloneResponseControl = OpenEnum<typeof RadarStandaloneResponseControl>;

export { RadarListType as RadarStandaloneResponseBlocklistType };

/** Options of `createAttempt`: the request to assess. */
export interface CreateAttemptOptions {
  /** IP address that the request came from. */
  ipAddress: string;
  /** `User-Agent` of the request. */
  userAgent: string;
  /** Email address of the user. */
  email: string;
  /** How the user authenticates. */
  authMethod: RadarStandaloneAssessRequestAuthMethod;
  /** What the user is doing. */
  action: RadarStandaloneAssessRequestAction;
  /** Id of the signals that Radar collected in the browser. */
  signalsId?: string;
}

/** Another name of {@linkcode CreateAttemptOptions}. */
export type RadarStandaloneAssessRequest = CreateAttemptOptions;

/** Outcome of an attempt. */
export interface RadarStandaloneUpdateRadarAttemptRequest {
  /** `success` when the user passed the challenge. */
  challengeStatus?: "success";
  /** `success` when the user was authenticated. */
  attemptStatus?: "success";
}

/** Options of `updateAttempt`. */
export interface UpdateAttemptOptions extends RadarStandaloneUpdateRadarAttemptRequest {
  /** Id of the attempt. */
  id: string;
}

/** An entry of a Radar list. */
export interface RadarStandaloneUpdateRadarListRequest {
  /** The entry, in the format of the list: an IP address, an email address and so on. */
  entry: string;
}

/** Another name of {@linkcode RadarStandaloneUpdateRadarListRequest}. */
export type RadarStandaloneDeleteRadarListEntryRequest = RadarStandaloneUpdateRadarListRequest;

/** Options of `addListEntry`. */
export interface AddListEntryOptions extends RadarStandaloneUpdateRadarListRequest {
  /** Type of the entries of the list. */
  type: RadarListType;
  /** Whether the list blocks or allows. */
  action: RadarListAction;
}

/** Options of `removeListEntry`. */
export type RemoveListEntryOptions = AddListEntryOptions;

/** Radar's assessment of a request. */
export interface RadarStandaloneResponse {
  /** What to do with the request. */
  verdict: RadarStandaloneResponseVerdict;
  /** Reason for the verdict, for people. */
  reason: string;
  /** Id of the attempt, for `updateAttempt`. */
  attemptId: string;
  /** The control that led to `block` or `challenge`. */
  control?: RadarStandaloneResponseControl;
  /** The kind of list entry, when the control is `restriction`. */
  blocklistType?: RadarListType;
}

/** Result of adding a list entry. */
export interface RadarListEntryAlreadyPresentResponse {
  /** Says that the entry was already on the list; empty when it was added. */
  message: string;
}

/** Calls on Radar's standalone engine, for sign-ins that do not go through AuthKit. */
export class Radar {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Assesses a request. `POST /radar/attempts` */
  async createAttempt(options: CreateAttemptOptions, request?: RequestOptions): Promise<RadarStandaloneResponse> {
    return await this.#api.send("POST", "/radar/attempts", { body: options }, request);
  }

  /** Reports that an attempt or challenge succeeded; some controls depend on it. `PUT /radar/attempts/{id}` */
  async updateAttempt({ id, ...body }: UpdateAttemptOptions, request?: RequestOptions): Promise<void> {
    await this.#api.send("PUT", path`/radar/attempts/${id}`, { body, noContent: true }, request);
  }

  /** Adds an entry to a list. `POST /radar/lists/{type}/{action}` */
  async addListEntry(
    { type, action, ...body }: AddListEntryOptions,
    request?: RequestOptions,
  ): Promise<RadarListEntryAlreadyPresentResponse> {
    const call = { body, empty: { message: "" } };
    return await this.#api.send("POST", path`/radar/lists/${type}/${action}`, call, request);
  }

  /** Removes an entry from a list. `DELETE /radar/lists/{type}/{action}` */
  async removeListEntry({ type, action, ...body }: RemoveListEntryOptions, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/radar/lists/${type}/${action}`, { body }, request);
  }
}
