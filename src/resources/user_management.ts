// Users, memberships, invitations, sign-in and sessions.

import { badOption } from "../errors.ts";
import type { AutoPaginatable, List, PaginationOptions } from "../page.ts";
import { importPublicKey, JwtError, type JwtHeader } from "../jwt.ts";
import { checkPasswords, SealError, type SealPasswords } from "../seal.ts";
import { type Api, readList, type RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import type { Wire } from "../wire.ts";
import { type Group, readGroup } from "./groups.ts";
// deno-fmt-ignore
import {
  type AccessTokenResult, documentedIssuers, verifyAccessToken, type VerifyAccessTokenOptions,
} from "./user_management/access_tokens.ts";
// deno-fmt-ignore
import type {
  CreateUserApiKeyOptions, CreateUserApiKeyRequestOptions, ListUserApiKeysOptions, UserApiKey, UserApiKeyWithValue,
} from "./user_management/api_keys.ts";
import { checkSealing } from "./user_management/authentication.ts";
// deno-fmt-ignore
import type {
  AuthenticateWithCodeAndVerifierOptions, AuthenticateWithCodeOptions, AuthenticateWithDeviceCodeOptions,
  AuthenticateWithEmailVerificationOptions, AuthenticateWithMagicAuthOptions, AuthenticateWithOptionsBase,
  AuthenticateWithOrganizationSelectionOptions, AuthenticateWithPasswordOptions,
  AuthenticateWithRadarEmailChallengeOptions, AuthenticateWithRadarSmsChallengeOptions,
  AuthenticateWithRefreshTokenOptions, AuthenticateWithTotpOptions, AuthenticationResponse, Grant,
} from "./user_management/authentication.ts";
import { authorizationUrl, jwksUrl, logoutUrl, requireClientId } from "./user_management/authorize.ts";
import type {
  LogoutURLOptions,
  PKCEAuthorizationURLResult,
  UserManagementAuthorizationURLOptions,
  UserManagementAuthorizationURLWithPKCEOptions,
} from "./user_management/authorize.ts";
import { readUserAuthorizedApplication } from "./user_management/authorized_applications.ts";
import type {
  DeleteUserAuthorizedApplicationOptions,
  ListUserAuthorizedApplicationsOptions,
  UserAuthorizedApplication,
} from "./user_management/authorized_applications.ts";
// deno-fmt-ignore
import type {
  CorsOrigin, CreateCorsOriginOptions, CreateRedirectUriOptions, JwtTemplate, RedirectUri, UpdateJwtTemplateOptions,
} from "./user_management/client_settings.ts";
import { CookieSession, sessionContexts } from "./user_management/cookie_session.ts";
// deno-fmt-ignore
import type {
  AuthenticateWithSessionCookieFailedResponse, AuthenticateWithSessionCookieOptions,
  AuthenticateWithSessionCookieSuccessResponse, LoadSealedSessionOptions, SessionHandlerOptions,
} from "./user_management/cookie_session.ts";
import type {
  CreateDeviceAuthorizationOptions,
  DeviceAuthorization,
  PollDeviceAuthorizationOptions,
} from "./user_management/device_authorization.ts";
import type {
  EmailVerification,
  SendVerificationEmailOptions,
  VerifyEmailOptions,
} from "./user_management/email_verification.ts";
// deno-fmt-ignore
import type {
  Invitation, ListInvitationsOptions, ResendInvitationOptions, SendInvitationOptions,
} from "./user_management/invitations.ts";
import { readCreatedMagicAuth } from "./user_management/magic_auth.ts";
import type { CreateMagicAuthOptions, CreateMagicAuthResponse, MagicAuth } from "./user_management/magic_auth.ts";
import { readOrganizationMembership } from "./user_management/memberships.ts";
// deno-fmt-ignore
import type {
  CreateOrganizationMembershipOptions, ListGroupsForOrganizationMembershipOptions, ListOrganizationMembershipsOptions,
  OrganizationMembership, UpdateOrganizationMembershipOptions,
} from "./user_management/memberships.ts";
import type {
  CreatePasswordResetOptions,
  PasswordReset,
  ResetPasswordOptions,
} from "./user_management/password_reset.ts";
import type {
  RadarChallenge,
  SendRadarSmsChallengeOptions,
  SendRadarSmsChallengeResponse,
} from "./user_management/radar_challenges.ts";
import { fitCookie, openSession, sealSession, type SessionCookieData } from "./user_management/session_cookies.ts";
// deno-fmt-ignore
import {
  authorizationUrlWithPKCE, authorizeDevice, codeAndVerifierGrant, codeGrant, deviceGrant, pollDevice, refreshGrant,
  sendGrant,
} from "./user_management/sign_in.ts";
import { readSession, serializeRevokeSessionOptions } from "./user_management/sessions.ts";
import type { ListSessionsOptions, RevokeSessionOptions, Session } from "./user_management/sessions.ts";
import { readCreatedUser, readIdentity, readUser, readWithUser } from "./user_management/users.ts";
// deno-fmt-ignore
import type {
  ConfirmEmailChangeOptions, CreateUserOptions, CreateUserResponse, EmailChange, EmailChangeConfirmation, Identity,
  ListUsersOptions, SendEmailChangeOptions, UpdateUserOptions, User,
} from "./user_management/users.ts";
import { readWaitlistEntry } from "./user_management/waitlists.ts";
// deno-fmt-ignore
import type {
  CreateWaitlistEntryOptions, ListWaitlistEntriesOptions, Waitlist, WaitlistEntry,
} from "./user_management/waitlists.ts";

export type * from "./user_management/access_tokens.ts";
export type * from "./user_management/api_keys.ts";
export type * from "./user_management/authentication.ts";
export type * from "./user_management/authentication_events.ts";
export type * from "./user_management/authorize.ts";
export type * from "./user_management/authorized_applications.ts";
export type * from "./user_management/client_settings.ts";
export type * from "./user_management/cookie_session.ts";
export type * from "./user_management/device_authorization.ts";
export type * from "./user_management/email_verification.ts";
export type * from "./user_management/invitations.ts";
export type * from "./user_management/magic_auth.ts";
export type * from "./user_management/memberships.ts";
export type * from "./user_management/password_reset.ts";
export type * from "./user_management/radar_challenges.ts";
export type * from "./user_management/session_cookies.ts";
export type * from "./user_management/session_refresh.ts";
export type * from "./user_management/sessions.ts";
export type * from "./user_management/users.ts";
export type * from "./user_management/waitlists.ts";

/** Calls on users, memberships, invitations, sign-in and sessions. */
export class UserManagement {
  /** Client id of grants and URLs whose options name none. May be assigned. */
  declare clientId: string | undefined;
  /** Accepted issuer, or issuers, of session access tokens; `undefined` accepts any. May be assigned. */
  declare issuer: string | string[] | undefined;
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
    this.clientId = api.clientId;
    this.issuer = api.config.issuer;
    sessionContexts.set(this, { api });
  }

  // An explicit type argument selects the first overload; ReturnType and Parameters see the last one. Both have the
  // same type parameters: only then does TypeScript infer the parameters of a function that replaces the method.
  /** Fetches one user. `GET /user_management/users/{userId}` */
  getUser<M extends object = Record<string, string>>(userId: string, request?: RequestOptions): Promise<User<M>>;
  /** The same, with metadata of strings. */
  getUser<M extends object = Record<string, string>>(userId: string, request?: RequestOptions): Promise<User>;
  async getUser(userId: string, request?: RequestOptions): Promise<User> {
    return await this.#api.send("GET", path`/user_management/users/${userId}`, { read: readUser }, request);
  }

  /** Fetches one user by your own id. `GET /user_management/users/external_id/{externalId}` */
  getUserByExternalId<M extends object = Record<string, string>>(
    externalId: string,
    request?: RequestOptions,
  ): Promise<User<M>>;
  /** The same, with metadata of strings. */
  getUserByExternalId<M extends object = Record<string, string>>(
    externalId: string,
    request?: RequestOptions,
  ): Promise<User>;
  async getUserByExternalId(externalId: string, request?: RequestOptions): Promise<User> {
    const target = path`/user_management/users/external_id/${externalId}`;
    return await this.#api.send("GET", target, { read: readUser }, request);
  }

  /** Lists users. `GET /user_management/users` */
  listUsers<M extends object = Record<string, string>>(
    options?: ListUsersOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<User<M>, ListUsersOptions>>;
  /** The same, with metadata of strings. */
  listUsers<M extends object = Record<string, string>>(
    options?: ListUsersOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<User, ListUsersOptions>>;
  async listUsers(
    options?: ListUsersOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<User, ListUsersOptions>> {
    return await this.#api.list(path`/user_management/users`, { query: options, read: readUser }, request);
  }

  /** Creates a user. `POST /user_management/users` */
  createUser<M extends object = Record<string, string>>(
    options: CreateUserOptions<NoInfer<M>>,
    request?: RequestOptions,
  ): Promise<CreateUserResponse<M>>;
  /** The same, with metadata of strings. */
  createUser<M extends object = Record<string, string>>(
    options: CreateUserOptions<M & Record<string, string>>, // metadata of another shape must not match
    request?: RequestOptions,
  ): Promise<CreateUserResponse>;
  async createUser(options: CreateUserOptions, request?: RequestOptions): Promise<CreateUserResponse> {
    const call = { body: options, read: readCreatedUser };
    return await this.#api.send("POST", path`/user_management/users`, call, request);
  }

  /** Changes a user; fields that are left out stay as they are. `PUT /user_management/users/{userId}` */
  updateUser<M extends object = Record<string, string>>(
    options: UpdateUserOptions,
    request?: RequestOptions,
  ): Promise<User<M>>;
  /** The same, with metadata of strings. */
  updateUser<M extends object = Record<string, string>>(
    options: UpdateUserOptions,
    request?: RequestOptions,
  ): Promise<User>;
  async updateUser({ userId, ...body }: UpdateUserOptions, request?: RequestOptions): Promise<User> {
    return await this.#api.send("PUT", path`/user_management/users/${userId}`, { body, read: readUser }, request);
  }

  /** Deletes a user for good. `DELETE /user_management/users/{userId}` */
  async deleteUser(userId: string, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/user_management/users/${userId}`, {}, request);
  }

  /** Lists the accounts at identity providers that belong to a user. `GET /user_management/users/{userId}/identities` */
  async getUserIdentities(userId: string, request?: RequestOptions): Promise<Identity[]> {
    if (!userId) throw new TypeError("Incomplete arguments. Need to specify 'userId'.");
    const read = (wire: unknown) => (wire as Wire[]).map(readIdentity);
    const target = path`/user_management/users/${userId}/identities`;
    return await this.#api.send("GET", target, { bare: true, read }, request);
  }

  /** Sends a code for `confirmEmailChange` to a new address. `POST /user_management/users/{id}/email_change/send` */
  async sendEmailChange({ userId, ...body }: SendEmailChangeOptions, request?: RequestOptions): Promise<EmailChange> {
    const call = { body, read: readWithUser<EmailChange> };
    return await this.#api.send("POST", path`/user_management/users/${userId}/email_change/send`, call, request);
  }

  /** Changes an email address with the code sent there. `POST /user_management/users/{userId}/email_change/confirm` */
  async confirmEmailChange(
    { userId, ...body }: ConfirmEmailChangeOptions,
    request?: RequestOptions,
  ): Promise<EmailChangeConfirmation> {
    const call = { body, read: readWithUser<EmailChangeConfirmation> };
    return await this.#api.send("POST", path`/user_management/users/${userId}/email_change/confirm`, call, request);
  }

  /** Lists the Connect applications a user has authorized. `GET /user_management/users/{id}/authorized_applications` */
  async listUserAuthorizedApplications(
    { userId, ...query }: ListUserAuthorizedApplicationsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<UserAuthorizedApplication>> {
    const target = path`/user_management/users/${userId}/authorized_applications`;
    return await this.#api.list(target, { query, read: readUserAuthorizedApplication }, request);
  }

  /** Revokes an authorization. `DELETE /user_management/users/{userId}/authorized_applications/{applicationId}` */
  async deleteUserAuthorizedApplication(
    { userId, applicationId }: DeleteUserAuthorizedApplicationOptions,
    request?: RequestOptions,
  ): Promise<void> {
    const target = path`/user_management/users/${userId}/authorized_applications/${applicationId}`;
    await this.#api.send("DELETE", target, {}, request);
  }

  /**
   * Signs in with the code of a redirect. A public client needs `codeVerifier`; a client with an API key sends the key
   * as the client secret, and `codeVerifier` too if given. Throws {@linkcode AuthenticationException} when the sign-in
   * needs another step, as every grant may. `POST /user_management/authenticate`
   */
  async authenticateWithCode(
    options: AuthenticateWithCodeOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse> {
    const clientId = this.#clientId(options.clientId);
    return await this.#authenticate(codeGrant(options, this.#api.apiKey), { ...options, clientId }, request);
  }

  /**
   * Signs in with the code of a redirect and the PKCE verifier. The client secret is never sent in the body.
   * `POST /user_management/authenticate`, no API key needed
   */
  async authenticateWithCodeAndVerifier(
    options: AuthenticateWithCodeAndVerifierOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse> {
    const clientId = this.#clientId(options.clientId);
    return await this.#authenticate(codeAndVerifierGrant(options), { ...options, clientId }, request);
  }

  /** Exchanges a refresh token, which works once. `POST /user_management/authenticate`, no API key needed */
  async authenticateWithRefreshToken(
    options: AuthenticateWithRefreshTokenOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse> {
    return await this.#authenticate(refreshGrant(options), options, request);
  }

  /** Signs in with an email address and a password. `POST /user_management/authenticate` */
  async authenticateWithPassword(
    options: AuthenticateWithPasswordOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse> {
    const members = pick(options, "email", "password", "invitationToken");
    const risk = pick(options, "radarAuthAttemptId", "signalsId");
    return await this.#authenticate({ type: "password", members, risk }, options, request);
  }

  /** Signs in with a code that was sent by email. `POST /user_management/authenticate` */
  async authenticateWithMagicAuth(
    options: AuthenticateWithMagicAuthOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse> {
    const type = "urn:workos:oauth:grant-type:magic-auth:code";
    const members = pick(options, "code", "email", "invitationToken", "linkAuthorizationCode");
    const risk = pick(options, "radarAuthAttemptId", "signalsId");
    return await this.#authenticate({ type, members, risk }, options, request);
  }

  /** Continues a sign-in with the code of an authenticator app. `POST /user_management/authenticate` */
  async authenticateWithTotp(
    options: AuthenticateWithTotpOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse> {
    const type = "urn:workos:oauth:grant-type:mfa-totp";
    const members = pick(options, "code", "authenticationChallengeId", "pendingAuthenticationToken");
    return await this.#authenticate({ type, members }, options, request);
  }

  /** Continues a sign-in with the code that verifies an email address. `POST /user_management/authenticate` */
  async authenticateWithEmailVerification(
    options: AuthenticateWithEmailVerificationOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse> {
    const type = "urn:workos:oauth:grant-type:email-verification:code";
    const members = pick(options, "pendingAuthenticationToken", "code");
    return await this.#authenticate({ type, members }, options, request);
  }

  /** Continues a sign-in with the organization the user chose. `POST /user_management/authenticate` */
  async authenticateWithOrganizationSelection(
    options: AuthenticateWithOrganizationSelectionOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse> {
    const type = "urn:workos:oauth:grant-type:organization-selection";
    const members = pick(options, "pendingAuthenticationToken", "organizationId");
    return await this.#authenticate({ type, members }, options, request);
  }

  /** Sends an SMS code to a user whose sign-in Radar finds suspicious. `POST /user_management/radar_challenges` */
  async sendRadarSmsChallenge(
    options: SendRadarSmsChallengeOptions,
    request?: RequestOptions,
  ): Promise<SendRadarSmsChallengeResponse> {
    return await this.#api.send("POST", path`/user_management/radar_challenges`, { body: options }, request);
  }

  /** Fetches a Radar email challenge with its code. `GET /user_management/radar_challenges/{radarChallengeId}` */
  async getRadarChallenge(radarChallengeId: string, request?: RequestOptions): Promise<RadarChallenge> {
    return await this.#api.send("GET", path`/user_management/radar_challenges/${radarChallengeId}`, {}, request);
  }

  /** Continues a sign-in with the code of a Radar SMS challenge. `POST /user_management/authenticate` */
  async authenticateWithRadarSmsChallenge(
    options: AuthenticateWithRadarSmsChallengeOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse> {
    const type = "urn:workos:oauth:grant-type:radar-sms-challenge:code";
    const members = pick(options, "code", "verificationId", "phoneNumber", "pendingAuthenticationToken");
    return await this.#authenticate({ type, members }, options, request);
  }

  /** Continues a sign-in with the code of a Radar email challenge. `POST /user_management/authenticate` */
  async authenticateWithRadarEmailChallenge(
    options: AuthenticateWithRadarEmailChallengeOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse> {
    const type = "urn:workos:oauth:grant-type:radar-email-challenge:code";
    const members = pick(options, "code", "radarChallengeId", "pendingAuthenticationToken");
    return await this.#authenticate({ type, members }, options, request);
  }

  /** Begins a device sign-in: show `userCode` and poll. `POST /user_management/authorize/device`, no API key needed */
  async createDeviceAuthorization(
    { clientId }: CreateDeviceAuthorizationOptions = {},
    request?: RequestOptions,
  ): Promise<DeviceAuthorization> {
    return await authorizeDevice(this.#api, this.#clientId(clientId), request);
  }

  /**
   * Asks once whether a device sign-in was confirmed. Throws {@linkcode OauthException}: with `error`
   * `authorization_pending` or `slow_down` while the user is deciding, otherwise `access_denied` or `expired_token`.
   * `POST /user_management/authenticate`, no API key needed
   */
  async authenticateWithDeviceCode(
    options: AuthenticateWithDeviceCodeOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse> {
    return await this.#authenticate(deviceGrant(options), options, request);
  }

  /**
   * Waits until a device sign-in is confirmed: polls at the given interval, and more slowly when the API asks for it,
   * fails or cannot be reached. `request.signal` ends the wait; `request.timeout` applies to each poll. Throws
   * {@linkcode OauthException} with `error` `access_denied` when the user refuses, and with `expired_token` when nobody
   * confirms in time. `POST /user_management/authenticate`, no API key needed
   */
  async pollDeviceAuthorization(
    options: PollDeviceAuthorizationOptions,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse> {
    const authenticate = this.authenticateWithDeviceCode.bind(this);
    return await pollDevice(this.#api, { authenticate, options }, request);
  }

  /** Fetches an email verification with its code. `GET /user_management/email_verification/{emailVerificationId}` */
  async getEmailVerification(emailVerificationId: string, request?: RequestOptions): Promise<EmailVerification> {
    return await this.#api.send("GET", path`/user_management/email_verification/${emailVerificationId}`, {}, request);
  }

  /** Sends a user a code to verify the address. `POST /user_management/users/{userId}/email_verification/send` */
  async sendVerificationEmail(
    { userId }: SendVerificationEmailOptions,
    request?: RequestOptions,
  ): Promise<{ user: User }> {
    const target = path`/user_management/users/${userId}/email_verification/send`;
    return await this.#api.send("POST", target, { read: readWithUser<{ user: User }> }, request);
  }

  /** Verifies an address with the code sent there. `POST /user_management/users/{userId}/email_verification/confirm` */
  async verifyEmail({ code, userId }: VerifyEmailOptions, request?: RequestOptions): Promise<{ user: User }> {
    const target = path`/user_management/users/${userId}/email_verification/confirm`;
    return await this.#api.send("POST", target, { body: { code }, read: readWithUser<{ user: User }> }, request);
  }

  /** Fetches a Magic Auth code. `GET /user_management/magic_auth/{magicAuthId}` */
  async getMagicAuth(magicAuthId: string, request?: RequestOptions): Promise<MagicAuth> {
    return await this.#api.send("GET", path`/user_management/magic_auth/${magicAuthId}`, {}, request);
  }

  /** Makes a Magic Auth code, which is valid for 10 minutes. `POST /user_management/magic_auth` */
  async createMagicAuth(options: CreateMagicAuthOptions, request?: RequestOptions): Promise<CreateMagicAuthResponse> {
    const call = { body: options, read: readCreatedMagicAuth };
    return await this.#api.send("POST", path`/user_management/magic_auth`, call, request);
  }

  /** Fetches a password reset with its token. `GET /user_management/password_reset/{passwordResetId}` */
  async getPasswordReset(passwordResetId: string, request?: RequestOptions): Promise<PasswordReset> {
    return await this.#api.send("GET", path`/user_management/password_reset/${passwordResetId}`, {}, request);
  }

  /** Begins a password reset. `POST /user_management/password_reset` */
  async createPasswordReset(options: CreatePasswordResetOptions, request?: RequestOptions): Promise<PasswordReset> {
    return await this.#api.send("POST", path`/user_management/password_reset`, { body: options }, request);
  }

  /** Sets a new password with the token of a password reset. `POST /user_management/password_reset/confirm` */
  async resetPassword(options: ResetPasswordOptions, request?: RequestOptions): Promise<{ user: User }> {
    const call = { body: options, read: readWithUser<{ user: User }> };
    return await this.#api.send("POST", path`/user_management/password_reset/confirm`, call, request);
  }

  /** Lists the sessions of a user. `GET /user_management/users/{userId}/sessions` */
  async listSessions(
    userId: string,
    options?: ListSessionsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<Session, ListSessionsOptions>> {
    const target = path`/user_management/users/${userId}/sessions`;
    return await this.#api.list(target, { query: options, read: readSession }, request);
  }

  /**
   * Loads a session from its cookie; nothing is opened or sent yet. `WORKOS_COOKIE_PASSWORD` is not read. Throws
   * {@linkcode SealError} for a password that is missing or under 32 characters.
   */
  loadSealedSession({ sessionData, cookiePassword }: LoadSealedSessionOptions): CookieSession {
    return new CookieSession(this, sessionData, cookiePassword);
  }

  /**
   * Tells who is signed in with a cookie, as {@linkcode CookieSession.authenticate} does. Throws {@linkcode SealError}
   * for a password that is missing or under 32 characters, and an `Error` without a client id.
   * `GET /sso/jwks/{clientId}`
   */
  async authenticateWithSessionCookie(
    { sessionData, cookiePassword }: AuthenticateWithSessionCookieOptions,
  ): Promise<AuthenticateWithSessionCookieSuccessResponse | AuthenticateWithSessionCookieFailedResponse> {
    const password = this.#cookiePassword(cookiePassword);
    if (!this.clientId) throw new Error("Must provide clientId to initialize JWKS");
    return await new CookieSession(this, sessionData, password).authenticate();
  }

  /**
   * Opens a session cookie without verifying its token: the result does not prove that anyone is signed in. `undefined`
   * without a cookie, `{}` if it is no session. Throws {@linkcode SealError} for a password under 32 characters.
   */
  async getSessionFromCookie(
    { sessionData, cookiePassword }: SessionHandlerOptions,
  ): Promise<SessionCookieData | undefined> {
    const password = this.#cookiePassword(cookiePassword);
    if (!sessionData) return undefined;
    const session = await openSession(sessionData, { password, now: () => this.#api.clock.now() });
    return (session ?? {}) as SessionCookieData;
  }

  /**
   * Verifies an access token: signed with RS256 by a key of the client id (`GET /sso/jwks/{clientId}`), not expired,
   * from an accepted issuer, and of a session unless `requireSession` is `false`. `Claims` are those that a JWT
   * template adds; they are not checked. An invalid token is a result with `ok: false`. Throws when the keys cannot be
   * loaded or used, for example {@linkcode NetworkException}, which says nothing about the token; and a `TypeError`
   * without a client id or for an empty issuer.
   */
  async verifyAccessToken<Claims extends object = object>(
    token: string,
    options: VerifyAccessTokenOptions = {},
  ): Promise<AccessTokenResult<Claims>> {
    const clientId = this.#clientId(options.clientId);
    if (options.issuer === "") throw badOption("issuer", "it is empty");
    const issuer = options.issuer ?? (this.issuer || documentedIssuers(this.#api.baseURL, clientId));
    return await verifyAccessToken(this.#api, token, { ...options, clientId, issuer });
  }

  /**
   * Returns a function that finds the key of an access token, for `jwtVerify` of `jose`; `undefined` without a client
   * id. It throws {@linkcode JwtError} for an unknown key or another algorithm than RS256; its `reload` loads the keys
   * now: `GET /sso/jwks/{clientId}`.
   */
  async getJWKS(): Promise<(((header: JwtHeader) => Promise<CryptoKey>) & { reload(): Promise<void> }) | undefined> {
    const { clientId } = this;
    if (!clientId) return undefined;
    const { find, reload } = this.#api.keySet(clientId);
    const findKey = async (header: JwtHeader) => {
      const key = header.alg === "RS256" ? await find(header) : undefined;
      if (!key) throw new JwtError("Cannot verify token: its key is unknown", { reason: "unknown_key" });
      return await importPublicKey(key);
    };
    return await Promise.resolve(Object.assign(findKey, { reload }));
  }

  /** Revokes a session; its access tokens stay valid until they expire. `POST /user_management/sessions/revoke` */
  async revokeSession(options: RevokeSessionOptions, request?: RequestOptions): Promise<void> {
    const call = { rawBody: serializeRevokeSessionOptions(options), noContent: true };
    await this.#api.send("POST", path`/user_management/sessions/revoke`, call, request);
  }

  /** Lists the API keys of a user, without their values. `GET /user_management/users/{userId}/api_keys` */
  async listUserApiKeys(
    userId: string,
    options?: ListUserApiKeysOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<UserApiKey, ListUserApiKeysOptions>> {
    return await this.#api.list(path`/user_management/users/${userId}/api_keys`, { query: options }, request);
  }

  /** Creates an API key for a user; only this result has its value. `POST /user_management/users/{userId}/api_keys` */
  async createUserApiKey(
    userId: string,
    options: CreateUserApiKeyOptions,
    request?: CreateUserApiKeyRequestOptions,
  ): Promise<UserApiKeyWithValue> {
    return await this.#api.send("POST", path`/user_management/users/${userId}/api_keys`, { body: options }, request);
  }

  /** Fetches one membership. `GET /user_management/organization_memberships/{organizationMembershipId}` */
  getOrganizationMembership<A extends object = Record<string, unknown>>(
    organizationMembershipId: string,
    request?: RequestOptions,
  ): Promise<OrganizationMembership<A>>;
  /** The same, with custom attributes of unknown types. */
  getOrganizationMembership<A extends object = Record<string, unknown>>(
    organizationMembershipId: string,
    request?: RequestOptions,
  ): Promise<OrganizationMembership>;
  async getOrganizationMembership(
    organizationMembershipId: string,
    request?: RequestOptions,
  ): Promise<OrganizationMembership> {
    const target = path`/user_management/organization_memberships/${organizationMembershipId}`;
    return await this.#api.send("GET", target, { read: readOrganizationMembership }, request);
  }

  /** Lists memberships, by default only active ones. `GET /user_management/organization_memberships` */
  listOrganizationMemberships<A extends object = Record<string, unknown>>(
    options: ListOrganizationMembershipsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<OrganizationMembership<A>, Partial<ListOrganizationMembershipsOptions>>>;
  /** The same, with custom attributes of unknown types. */
  listOrganizationMemberships<A extends object = Record<string, unknown>>(
    options: ListOrganizationMembershipsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<OrganizationMembership, Partial<ListOrganizationMembershipsOptions>>>;
  async listOrganizationMemberships(
    options: ListOrganizationMembershipsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<OrganizationMembership, Partial<ListOrganizationMembershipsOptions>>> {
    const rawQuery = { statuses: String(options.statuses ?? "") }; // an empty value is not sent
    const call = { query: options, rawQuery, read: readOrganizationMembership };
    return await this.#api.list(path`/user_management/organization_memberships`, call, request);
  }

  /** Makes a user a member of an organization. `POST /user_management/organization_memberships` */
  createOrganizationMembership<A extends object = Record<string, unknown>>(
    options: CreateOrganizationMembershipOptions,
    request?: RequestOptions,
  ): Promise<OrganizationMembership<A>>;
  /** The same, with custom attributes of unknown types. */
  createOrganizationMembership<A extends object = Record<string, unknown>>(
    options: CreateOrganizationMembershipOptions,
    request?: RequestOptions,
  ): Promise<OrganizationMembership>;
  async createOrganizationMembership(
    options: CreateOrganizationMembershipOptions,
    request?: RequestOptions,
  ): Promise<OrganizationMembership> {
    const call = { body: options, read: readOrganizationMembership };
    return await this.#api.send("POST", path`/user_management/organization_memberships`, call, request);
  }

  /** Changes the roles of a member. `PUT /user_management/organization_memberships/{organizationMembershipId}` */
  updateOrganizationMembership<A extends object = Record<string, unknown>>(
    organizationMembershipId: string,
    options: UpdateOrganizationMembershipOptions,
    request?: RequestOptions,
  ): Promise<OrganizationMembership<A>>;
  /** The same, with custom attributes of unknown types. */
  updateOrganizationMembership<A extends object = Record<string, unknown>>(
    organizationMembershipId: string,
    options: UpdateOrganizationMembershipOptions,
    request?: RequestOptions,
  ): Promise<OrganizationMembership>;
  async updateOrganizationMembership(
    organizationMembershipId: string,
    options: UpdateOrganizationMembershipOptions,
    request?: RequestOptions,
  ): Promise<OrganizationMembership> {
    const target = path`/user_management/organization_memberships/${organizationMembershipId}`;
    return await this.#api.send("PUT", target, { body: options, read: readOrganizationMembership }, request);
  }

  /** Ends a membership for good. `DELETE /user_management/organization_memberships/{organizationMembershipId}` */
  async deleteOrganizationMembership(organizationMembershipId: string, request?: RequestOptions): Promise<void> {
    const target = path`/user_management/organization_memberships/${organizationMembershipId}`;
    await this.#api.send("DELETE", target, {}, request);
  }

  /**
   * Suspends an active membership, which keeps its roles. The API refuses a pending one: delete it instead.
   * `PUT /user_management/organization_memberships/{organizationMembershipId}/deactivate`
   */
  deactivateOrganizationMembership<A extends object = Record<string, unknown>>(
    organizationMembershipId: string,
    request?: RequestOptions,
  ): Promise<OrganizationMembership<A>>;
  /** The same, with custom attributes of unknown types. */
  deactivateOrganizationMembership<A extends object = Record<string, unknown>>(
    organizationMembershipId: string,
    request?: RequestOptions,
  ): Promise<OrganizationMembership>;
  async deactivateOrganizationMembership(
    organizationMembershipId: string,
    request?: RequestOptions,
  ): Promise<OrganizationMembership> {
    const target = path`/user_management/organization_memberships/${organizationMembershipId}/deactivate`;
    return await this.#api.send("PUT", target, { read: readOrganizationMembership }, request);
  }

  /**
   * Restores a suspended membership with the roles it had. The API refuses a pending one: the user must accept first.
   * `PUT /user_management/organization_memberships/{organizationMembershipId}/reactivate`
   */
  reactivateOrganizationMembership<A extends object = Record<string, unknown>>(
    organizationMembershipId: string,
    request?: RequestOptions,
  ): Promise<OrganizationMembership<A>>;
  /** The same, with custom attributes of unknown types. */
  reactivateOrganizationMembership<A extends object = Record<string, unknown>>(
    organizationMembershipId: string,
    request?: RequestOptions,
  ): Promise<OrganizationMembership>;
  async reactivateOrganizationMembership(
    organizationMembershipId: string,
    request?: RequestOptions,
  ): Promise<OrganizationMembership> {
    const target = path`/user_management/organization_memberships/${organizationMembershipId}/reactivate`;
    return await this.#api.send("PUT", target, { read: readOrganizationMembership }, request);
  }

  /** Lists the groups a member is in. `GET /user_management/organization_memberships/{membership}/groups` */
  async listGroupsForOrganizationMembership(
    { organizationMembershipId, ...query }: ListGroupsForOrganizationMembershipOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<Group>> {
    const target = path`/user_management/organization_memberships/${organizationMembershipId}/groups`;
    return await this.#api.list(target, { query, read: readGroup }, request);
  }

  /** Fetches one invitation. `GET /user_management/invitations/{invitationId}` */
  async getInvitation(invitationId: string, request?: RequestOptions): Promise<Invitation> {
    return await this.#api.send("GET", path`/user_management/invitations/${invitationId}`, {}, request);
  }

  /** Fetches one invitation by its token. `GET /user_management/invitations/by_token/{invitationToken}` */
  async findInvitationByToken(invitationToken: string, request?: RequestOptions): Promise<Invitation> {
    return await this.#api.send("GET", path`/user_management/invitations/by_token/${invitationToken}`, {}, request);
  }

  /** Lists invitations. `GET /user_management/invitations` */
  async listInvitations(
    options?: ListInvitationsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<Invitation, ListInvitationsOptions>> {
    return await this.#api.list(path`/user_management/invitations`, { query: options }, request);
  }

  /** Sends an invitation by email. `POST /user_management/invitations` */
  async sendInvitation(options: SendInvitationOptions, request?: RequestOptions): Promise<Invitation> {
    return await this.#api.send("POST", path`/user_management/invitations`, { body: options }, request);
  }

  /** Accepts an invitation and its membership. `POST /user_management/invitations/{invitationId}/accept` */
  async acceptInvitation(invitationId: string, request?: RequestOptions): Promise<Invitation> {
    const target = path`/user_management/invitations/${invitationId}/accept`;
    return await this.#api.send("POST", target, { body: null }, request);
  }

  /** Revokes an invitation. `POST /user_management/invitations/{invitationId}/revoke` */
  async revokeInvitation(invitationId: string, request?: RequestOptions): Promise<Invitation> {
    const target = path`/user_management/invitations/${invitationId}/revoke`;
    return await this.#api.send("POST", target, { body: null }, request);
  }

  /** Sends a pending invitation again. `POST /user_management/invitations/{invitationId}/resend` */
  async resendInvitation(
    invitationId: string,
    options?: ResendInvitationOptions,
    request?: RequestOptions,
  ): Promise<Invitation> {
    const target = path`/user_management/invitations/${invitationId}/resend`;
    return await this.#api.send("POST", target, { body: options }, request);
  }

  /** Lists all waitlists, in one page. `GET /user_management/waitlists` */
  async listWaitlists(request?: RequestOptions): Promise<List<Waitlist>> {
    return await this.#api.send("GET", path`/user_management/waitlists`, { read: readList<Waitlist> }, request);
  }

  /** Fetches one waitlist. `GET /user_management/waitlists/{waitlistId}` */
  async getWaitlist(waitlistId: string, request?: RequestOptions): Promise<Waitlist> {
    return await this.#api.send("GET", path`/user_management/waitlists/${waitlistId}`, {}, request);
  }

  /** Lists the entries of a waitlist. `GET /user_management/waitlists/{waitlistId}/entries` */
  async listWaitlistEntries(
    waitlistId: string,
    options?: ListWaitlistEntriesOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<WaitlistEntry, ListWaitlistEntriesOptions>> {
    const target = path`/user_management/waitlists/${waitlistId}/entries`;
    return await this.#api.list(target, { query: options, read: readWaitlistEntry }, request);
  }

  /** Adds a person to a waitlist. `POST /user_management/waitlists/{waitlistId}/entries` */
  async createWaitlistEntry(
    waitlistId: string,
    options: CreateWaitlistEntryOptions,
    request?: RequestOptions,
  ): Promise<WaitlistEntry> {
    const target = path`/user_management/waitlists/${waitlistId}/entries`;
    return await this.#api.send("POST", target, { body: options, read: readWaitlistEntry }, request);
  }

  /** Approves a waitlist entry. `POST /user_management/waitlist_entries/{waitlistEntryId}/approve` */
  async approveWaitlistEntry(waitlistEntryId: string, request?: RequestOptions): Promise<WaitlistEntry> {
    const target = path`/user_management/waitlist_entries/${waitlistEntryId}/approve`;
    return await this.#api.send("POST", target, { body: null, read: readWaitlistEntry }, request);
  }

  /** Denies a waitlist entry. `POST /user_management/waitlist_entries/{waitlistEntryId}/deny` */
  async denyWaitlistEntry(waitlistEntryId: string, request?: RequestOptions): Promise<WaitlistEntry> {
    const target = path`/user_management/waitlist_entries/${waitlistEntryId}/deny`;
    return await this.#api.send("POST", target, { body: null, read: readWaitlistEntry }, request);
  }

  /** Removes a person from a waitlist. `DELETE /user_management/waitlist_entries/{waitlistEntryId}` */
  async deleteWaitlistEntry(waitlistEntryId: string, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/user_management/waitlist_entries/${waitlistEntryId}`, {}, request);
  }

  /** Lists the origins whose pages may call the API. `GET /user_management/cors_origins` */
  async listCorsOrigins(options?: PaginationOptions, request?: RequestOptions): Promise<AutoPaginatable<CorsOrigin>> {
    return await this.#api.list(path`/user_management/cors_origins`, { query: options }, request);
  }

  /** Allows the pages of an origin to call the API. `POST /user_management/cors_origins` */
  async createCorsOrigin(options: CreateCorsOriginOptions, request?: RequestOptions): Promise<CorsOrigin> {
    return await this.#api.send("POST", path`/user_management/cors_origins`, { body: options }, request);
  }

  /** Lists the URIs to which users may return after sign-in. `GET /user_management/redirect_uris` */
  async listRedirectUris(options?: PaginationOptions, request?: RequestOptions): Promise<AutoPaginatable<RedirectUri>> {
    return await this.#api.list(path`/user_management/redirect_uris`, { query: options }, request);
  }

  /** Allows users to return to a URI after sign-in. `POST /user_management/redirect_uris` */
  async createRedirectUri(options: CreateRedirectUriOptions, request?: RequestOptions): Promise<RedirectUri> {
    return await this.#api.send("POST", path`/user_management/redirect_uris`, { body: options }, request);
  }

  /** Deletes a redirect URI. `DELETE /user_management/redirect_uris/{redirectUriId}` */
  async deleteRedirectUri(redirectUriId: string, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/user_management/redirect_uris/${redirectUriId}`, {}, request);
  }

  /** Fetches the template that adds claims to access tokens. `GET /user_management/jwt_template` */
  async getJwtTemplate(request?: RequestOptions): Promise<JwtTemplate> {
    return await this.#api.send("GET", path`/user_management/jwt_template`, {}, request);
  }

  /** Replaces the template that adds claims to access tokens. `PUT /user_management/jwt_template` */
  async updateJwtTemplate(options: UpdateJwtTemplateOptions, request?: RequestOptions): Promise<JwtTemplate> {
    return await this.#api.send("PUT", path`/user_management/jwt_template`, { body: options }, request);
  }

  /**
   * Makes the URL that signs a user in. Pass a random `state` and compare it when the redirect comes back;
   * {@linkcode UserManagement.getAuthorizationUrlWithPKCE} generates one. Throws a `TypeError` when there is no client
   * id, when none of `provider`, `connectionId` and `organizationId` is given, and for a `screenHint` without AuthKit.
   * `GET /user_management/authorize`
   */
  getAuthorizationUrl(options: UserManagementAuthorizationURLOptions): string {
    return authorizationUrl(this.#api.baseURL, { ...options, clientId: this.#clientId(options.clientId) });
  }

  /** Makes a sign-in URL with a new state and PKCE pair; throws like the other. `GET /user_management/authorize` */
  async getAuthorizationUrlWithPKCE(
    options: UserManagementAuthorizationURLWithPKCEOptions,
  ): Promise<PKCEAuthorizationURLResult> {
    const clientId = this.#clientId(options.clientId);
    return await authorizationUrlWithPKCE(this.#api.baseURL, { ...options, clientId });
  }

  /** Makes the URL that ends a session. Throws a `TypeError` without its id. `GET /user_management/sessions/logout` */
  getLogoutUrl(options: LogoutURLOptions): string {
    return logoutUrl(this.#api.baseURL, options);
  }

  /** Makes the URL of the keys of access tokens. Throws a `TypeError` without an id. `GET /sso/jwks/{clientId}` */
  getJwksUrl(clientId: string): string {
    return jwksUrl(this.#api.baseURL, clientId);
  }

  #clientId(option: string | undefined): string {
    return requireClientId(option ?? this.clientId);
  }

  /** Sends the grant of a sign-in, and seals the session if the options ask for it. */
  async #authenticate(
    grant: Grant,
    options: AuthenticateWithOptionsBase,
    request?: RequestOptions,
  ): Promise<AuthenticationResponse> {
    const clientId = this.#clientId(options.clientId);
    const { apiKey } = this.#api;
    if (apiKey || grant.public) checkSealing(options.session, apiKey); // otherwise sending throws
    const response = await sendGrant(this.#api, { grant, options: { ...options, clientId } }, request);
    const { session } = options;
    if (!session?.sealSession) return response;
    const { cookiePassword = "", slim } = session;
    response.sealedSession = fitCookie(await sealSession(response, { cookiePassword, slim }), session);
    return response;
  }

  #cookiePassword(option: SealPasswords | undefined): SealPasswords {
    const password = option ?? this.#api.config.readEnv("WORKOS_COOKIE_PASSWORD");
    if (!password) throw new SealError("Cookie password is required", { reason: "empty_password" });
    checkPasswords(password);
    return password;
  }
}

/** Picks members by name; the other options, which may hold a cookie password, must not be sent. */
function pick<T extends object>(options: T, ...names: (keyof T & string)[]): object {
  return Object.fromEntries(names.map((name) => [name, options[name]]));
}
