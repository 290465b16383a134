// Second factors: enrolment, challenges, verification.

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

/** An authenticator-app factor at its enrolment, the only time its secrets are known. */
export interface TotpWithSecrets extends Totp {
  /** The QR code to scan, as a data URL. */
  qrCode: string;
  /** The secret, for typing it into the app. */
  secret: string;
  /** The `otpauth:` URI the QR code holds. */
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

/** A factor at its enrolment. */
export interface FactorWithSecrets extends Factor {
  /** Details and secrets of an authenticator-app factor; absent for other kinds. */
  totp?: TotpWithSecrets;
}

/** A user's factor. */
export interface AuthenticationFactor extends Factor {
  /** Id of the user; the API may leave it out. */
  userId: string;
}

/** A user's authenticator-app factor at its enrolment. */
export interface AuthenticationFactorWithSecrets extends AuthenticationFactor {
  /** Always `totp`. */
  type: "totp";
  /** Details and secrets. */
  totp: TotpWithSecrets;
}

/** A code that was asked for, to be verified with {@linkcode MultiFactorAuth.verifyChallenge}. */
export interface Challenge extends Entity<"authentication_challenge"> {
  /** Time its code expires (ISO 8601); absent for authenticator apps. */
  expiresAt?: string;
  /** The code itself, where the API gives it to you to deliver. */
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

/** What every enrolment may have. */
export interface EnrollFactorBaseOptions {
  /** Id of the user the factor is for. */
  userId?: string;
}

/** Enrols a factor that receives its codes by text message. */
export interface EnrollSmsFactorOptions extends EnrollFactorBaseOptions, Sms {
  /** Kind of the factor. */
  type: "sms";
}

/** Enrols an authenticator app. */
export interface EnrollTotpFactorOptions extends EnrollFactorBaseOptions, Totp {
  /** Kind of the factor. */
  type: "totp";
}

/** Enrols a factor whose codes you deliver yourself. */
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
  /** Text of the message, with `{{code}}` for the code. Text-message factors only. Default: the API's. */
  smsTemplate?: string;
}

/** Options of {@linkcode MultiFactorAuth.verifyChallenge}. */
export interface VerifyChallengeOptions {
  /** Id of the challenge. */
  authenticationChallengeId: string;
  /** The code the person typed. */
  code: string;
}

/** Options of {@linkcode MultiFactorAuth.createUserAuthFactor}. */
export interface EnrollAuthFactorOptions extends OfUser {
  /** Kind of the factor; there is one. */
  type: "totp";
  /** Name of your application, as the app will show it. Default: the name of your team. */
  totpIssuer?: string;
  /** Name of the account, as the app will show it. Default: the user's email address. */
  totpUser?: string;
  /** Your own secret, in base32, for six-digit SHA-1 codes of 30 seconds. Default: the API makes one. */
  totpSecret?: string;
}

/** A user's new factor, and the challenge that completes its enrolment. */
export interface EnrolledAuthFactor {
  /** The factor, with its secrets. */
  authenticationFactor: AuthenticationFactorWithSecrets;
  /** Verify it with a code of the app. */
  authenticationChallenge: Challenge;
}

/** Options of {@linkcode MultiFactorAuth.listUserAuthFactors}. */
export interface ListAuthFactorsOptions extends OfUser, PaginationOptions {}

/** Reads a factor of any form; details of another kind may arrive as `null` and are left out then. */
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

  /** Enrols a factor; the secrets of an authenticator app are in the answer only. `POST /auth/factors/enroll` */
  async enrollFactor(options: EnrollFactorOptions, request?: RequestOptions): Promise<FactorWithSecrets> {
    const call = { body: enrollBody(options), read: readFactor<FactorWithSecrets> };
    return await this.#api.send("POST", "/auth/factors/enroll", call, request);
  }

  /** Starts a challenge; a text-message factor is sent its code. `POST /auth/factors/{id}/challenge` */
  async challengeFactor(
    { authenticationFactorId, ...body }: ChallengeFactorOptions,
    request?: RequestOptions,
  ): Promise<Challenge> {
    return await this.#api.send("POST", path`/auth/factors/${authenticationFactorId}/challenge`, { body }, request);
  }

  /**
   * Checks the code of a challenge. A wrong code is a result with `valid: false`; a challenge that is used up or
   * expired throws. `POST /auth/challenges/{authenticationChallengeId}/verify`
   */
  async verifyChallenge(
    { authenticationChallengeId, code }: VerifyChallengeOptions,
    request?: RequestOptions,
  ): Promise<VerifyResponse> {
    const endpoint = path`/auth/challenges/${authenticationChallengeId}/verify`;
    return await this.#api.send("POST", endpoint, { body: { code } }, request);
  }

  /** Enrols an authenticator app; only the answer has its secrets. `POST /user_management/users/{id}/auth_factors` */
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
  ): Promise<AutoPaginatable<AuthenticationFactor, PaginationOptions>> {
    const call = { query, read: readFactor<AuthenticationFactor> };
    return await this.#api.list(path`/user_management/users/${userId}/auth_factors`, call, request);
  }
}

/** An authenticator app's options have other names on the wire. */
function enrollBody(options: EnrollFactorOptions): object {
  if (options.type !== "totp") return options;
  const { issuer, user, ...rest } = options;
  return { ...rest, totpIssuer: issuer, totpUser: user };
}
