// Second factors: enrollment, challenges, verification.

import type { Entity, OfUser } from "../entity.ts";
import type { AutoPaginatable, PaginationOptions } from "../page.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import { camel, type OpenString, type Wire } from "../wire.ts";

/** Kind of a factor. */
export type FactorType = "sms" | "totp" | "generic_otp" | "webauthn" | OpenString;
/** Kind of a user's factor. */
export type AuthenticationFactorType = FactorType;

/** A factor that receives its codes by text message. */
export interface Sms {
  /** Phone number in E.164 form, such as `+15005550006`. */
  phoneNumber: string;
}

/** A factor whose codes come from an authenticator app. */
export interface Totp {
  /** Name of your application, as the app shows it. */
  issuer: string;
  /** Name of the account, as the app shows it. */
  user: string;
}

/** A newly enrolled authenticator-app factor, with its secrets. */
export interface TotpWithSecrets extends Totp {
  /** The QR code to scan, as a data URL. */
  qrCode: string;
  /** The secret, to type into the app. */
  secret: string;
  /** The `otpauth:` URI that the QR code encodes. */
  uri: string;
}

/** A factor. */
export interface Factor extends Entity<"authentication_factor"> {
  /** Kind of the factor. */
  type: FactorType;
  /** Id of the user it belongs to; absent when it was enrolled without one. */
  userId?: string;
  /** Details of a text-message factor; absent for other kinds. */
  sms?: Sms;
  /** Details of an authenticator-app factor; absent for other kinds. */
  totp?: Totp;
}

/** A newly enrolled factor. */
export interface FactorWithSecrets extends Factor {
  /** Details and secrets of an authenticator-app factor; absent for other kinds. */
  totp?: TotpWithSecrets;
}

/** A user's factor. */
export interface AuthenticationFactor extends Factor {
  /** Id of the user; the API may leave it out. */
  userId: string;
}

/** A user's newly enrolled authenticator-app factor. */
export interface AuthenticationFactorWithSecrets extends AuthenticationFactor {
  /** Always `totp`. */
  type: "totp";
  /** Details and secrets. */
  totp: TotpWithSecrets;
}

/** A requested code, to be verified with {@linkcode MultiFactorAuth.verifyChallenge}. */
export interface Challenge extends Entity<"authentication_challenge"> {
  /** When its code expires (ISO 8601); absent for authenticator apps. */
  expiresAt?: string;
  /** The code itself, when you have to deliver it; otherwise absent. */
  code?: string;
  /** Id of the factor. */
  authenticationFactorId: string;
}

/** Whether a code was right. */
export interface VerifyResponse {
  /** The challenge. */
  challenge: Challenge;
  /** Whether the code was right. */
  valid: boolean;
}

/** Options of every enrollment. */
export interface EnrollFactorBaseOptions {
  /** Id of the user the factor is for. */
  userId?: string;
}

/** Enrolls a factor that receives its codes by text message. */
export interface EnrollSmsFactorOptions extends EnrollFactorBaseOptions, Sms {
  /** Kind of the factor. */
  type: "sms";
}

/** Enrolls an authenticator app. */
export interface EnrollTotpFactorOptions extends EnrollFactorBaseOptions, Totp {
  /** Kind of the factor. */
  type: "totp";
}

/** Enrolls a factor whose codes you deliver yourself. */
export interface EnrollGenericOtpFactorOptions extends EnrollFactorBaseOptions {
  /** Kind of the factor. */
  type: "generic_otp";
}

/** Options of {@linkcode MultiFactorAuth.enrollFactor}. */
export type EnrollFactorOptions = EnrollSmsFactorOptions | EnrollTotpFactorOptions | EnrollGenericOtpFactorOptions;

/** Options of {@linkcode MultiFactorAuth.challengeFactor}. */
export interface ChallengeFactorOptions {
  /** Id of the factor. */
  authenticationFactorId: string;
  /** Text of the message, with `{{code}}` for the code; only for text-message factors. Default: the API's. */
  smsTemplate?: string;
}

/** Options of {@linkcode MultiFactorAuth.verifyChallenge}. */
export interface VerifyChallengeOptions {
  /** Id of the challenge. */
  authenticationChallengeId: string;
  /** The code that the user entered. */
  code: string;
}

/** Options of {@linkcode MultiFactorAuth.createUserAuthFactor}. */
export interface EnrollAuthFactorOptions extends OfUser {
  /** Kind of the factor; only `totp` is supported. */
  type: "totp";
  /** Name of your application, as the app will show it. Default: the name of your team. */
  totpIssuer?: string;
  /** Name of the account, as the app will show it. Default: the user's email address. */
  totpUser?: string;
  /** Your own secret, in base32, for six-digit SHA-1 codes of 30 seconds. Default: the API makes one. */
  totpSecret?: string;
}

/** A user's new factor, and the challenge that completes its enrollment. */
export interface EnrolledAuthFactor {
  /** The factor, with its secrets. */
  authenticationFactor: AuthenticationFactorWithSecrets;
  /** The challenge, to verify with a code of the app. */
  authenticationChallenge: Challenge;
}

/** Options of {@linkcode MultiFactorAuth.listUserAuthFactors}. */
export interface ListAuthFactorsOptions extends OfUser, PaginationOptions {}

/** Reads a factor of any kind; leaves out details that are `null`, as those of other kinds may be. */
export function readFactor<T extends Factor = Factor>(wire: Wire): T {
  const factor: Factor = camel<T>(wire);
  if (factor.sms === null) delete factor.sms;
  if (factor.totp === null) delete factor.totp;
  return factor as T;
}

function readEnrolledAuthFactor(wire: Wire): EnrolledAuthFactor {
  const enrolled = camel<EnrolledAuthFactor>(wire);
  enrolled.authenticationFactor = readFactor(wire.authentication_factor as Wire);
  return enrolled;
}

/** Calls on second factors. */
export class MultiFactorAuth {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Deletes a factor for good. `DELETE /auth/factors/{id}` */
  async deleteFactor(id: string, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/auth/factors/${id}`, {}, request);
  }

  /** Fetches a factor. `GET /auth/factors/{id}` */
  async getFactor(id: string, request?: RequestOptions): Promise<Factor> {
    return await this.#api.send("GET", path`/auth/factors/${id}`, { read: readFactor<Factor> }, request);
  }

  /** Enrolls a factor; only this result has the secrets of an authenticator app. `POST /auth/factors/enroll` */
  async enrollFactor(options: EnrollFactorOptions, request?: RequestOptions): Promise<FactorWithSecrets> {
    const call = { body: enrollBody(options), read: readFactor<FactorWithSecrets> };
    return await this.#api.send("POST", "/auth/factors/enroll", call, request);
  }

  /** Starts a challenge; the API texts the code of an SMS factor. `POST /auth/factors/{id}/challenge` */
  async challengeFactor(
    { authenticationFactorId, ...body }: ChallengeFactorOptions,
    request?: RequestOptions,
  ): Promise<Challenge> {
    return await this.#api.send("POST", path`/auth/factors/${authenticationFactorId}/challenge`, { body }, request);
  }

  /** Checks a code (`valid: false` if wrong); used or expired challenges throw. `POST /auth/challenges/{id}/verify` */
  async verifyChallenge(
    { authenticationChallengeId, code }: VerifyChallengeOptions,
    request?: RequestOptions,
  ): Promise<VerifyResponse> {
    const endpoint = path`/auth/challenges/${authenticationChallengeId}/verify`;
    return await this.#api.send("POST", endpoint, { body: { code } }, request);
  }

  /** Enrolls an authenticator app; only this result has its secrets. `POST /user_management/users/{id}/auth_factors` */
  async createUserAuthFactor(
    { userId, ...body }: EnrollAuthFactorOptions,
    request?: RequestOptions,
  ): Promise<EnrolledAuthFactor> {
    const call = { body, read: readEnrolledAuthFactor };
    return await this.#api.send("POST", path`/user_management/users/${userId}/auth_factors`, call, request);
  }

  /** Lists the factors of a user. `GET /user_management/users/{userId}/auth_factors` */
  async listUserAuthFactors(
    { userId, ...query }: ListAuthFactorsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<AuthenticationFactor>> {
    const call = { query, read: readFactor<AuthenticationFactor> };
    return await this.#api.list(path`/user_management/users/${userId}/auth_factors`, call, request);
  }
}

/** Renames the options of an authenticator app to their wire names. */
function enrollBody(options: EnrollFactorOptions): object {
  if (options.type !== "totp") return options;
  const { issuer, user, ...rest } = options;
  return { ...rest, totpIssuer: issuer, totpUser: user };
}
