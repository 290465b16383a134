// Every exception of the SDK, and which response of the API becomes which one.
// All of them extend `WorkOSException`. `instanceof` also works when two copies of the package are loaded.

/** What an exception knows about the response behind it. */
export interface ExceptionDetails {
  /** The original failure, kept as `cause`. */
  cause?: unknown;
  /** The JSON body of the response, with the API's own (snake_case) names. */
  rawData?: unknown;
  /** How many attempts the call made. */
  attempts?: number;
  /** Sum of the delays before its retries, in milliseconds. */
  waited?: number;
}

/** One entry of the `errors` list of a 400 or 422 response. The API sends more than one shape; all are kept. */
export interface UnprocessableEntityError {
  /** The field the entry is about. */
  field?: string;
  /** Machine-readable code of the entry. */
  code?: string;
  /** Human-readable text of the entry. */
  message?: string;
}

/**
 * Base class of every exception this SDK throws for a failed call. Messages never carry keys, tokens or passwords; the
 * body of the response is in `rawData`, which neither `JSON.stringify` nor an inspector prints.
 */
export class WorkOSException extends Error {
  /** The name that `instanceof` compares across copies of the package. Do not set it in your own subclasses. */
  static readonly exception: string = "WorkOSException";
  /** Name of the class, also after minification. */
  override readonly name: string;
  /** HTTP status of the response, or else the status that fits the failure best; absent when none does. */
  declare readonly status?: number;
  /** Machine-readable code from the API; absent when it sent none. */
  declare readonly code?: string;
  /** Value of the `X-Request-ID` header, to quote to support; empty when there was none. */
  readonly requestID: string;
  readonly #hidden: { rawData: unknown; attempts: number; waited: number };

  /** Made by the SDK. */
  constructor(
    message: string,
    details: ExceptionDetails & { status?: number; code?: string; requestID?: string } = {},
  ) {
    super(message, details);
    const { status, code, requestID = "", rawData, attempts = 0, waited = 0 } = details;
    // enumerable, as `name` is, so that JSON.stringify includes it
    Object.defineProperty(this, "message", { enumerable: true });
    this.name = new.target.exception;
    if (status !== undefined) this.status = status;
    if (code) this.code = code;
    this.requestID = requestID;
    this.#hidden = { rawData, attempts, waited };
  }

  /** The JSON body of the response with the API's own (snake_case) names; `undefined` when there was none. */
  get rawData(): unknown {
    return this.#hidden.rawData;
  }

  /** How many attempts the call made; 0 when nothing was sent. */
  get attempts(): number {
    return this.#hidden.attempts;
  }

  /** Sum of the delays before its retries, those passed to `onRetry`, in milliseconds, without pauses of the client. */
  get waited(): number {
    return this.#hidden.waited;
  }

  /** Recognises instances of the same class from another copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (super[Symbol.hasInstance](value)) return true;
    let type: unknown = Object.hasOwn(this, "exception") && value instanceof Error ? value.constructor : null;
    for (; type; type = Object.getPrototypeOf(type)) {
      if ((type as typeof WorkOSException).exception === this.exception) return true;
    }
    return false;
  }
}

/** The exception for an option that cannot be used. */
export function badOption(option: string, why: string): TypeError {
  return new TypeError(`Cannot use option "${option}": ${why}`);
}

/** Body of a response that reports a failure, with the API's own names. */
export interface WorkOSErrorData {
  /** Machine-readable code of the failure. */
  code?: string;
  /** The server's message. */
  message?: string;
  /** Further members of the response. */
  [member: string]: unknown;
}

/** The API rejected the request, or failed, and no more specific class fits; see `code` and `rawData`. */
export class GenericServerException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "GenericServerException";
  /** HTTP status of the response. */
  declare readonly status: number;

  /** Made from the parts of a response. */
  constructor(
    status: number,
    message: string | undefined,
    rawData: unknown = {},
    requestID: string,
    details: ExceptionDetails = {},
  ) {
    const code = text(Object(rawData).code);
    super(message || "The request could not be completed.", { code, ...details, rawData, status, requestID });
  }

  /** The JSON body of the response with the API's own (snake_case) names; `{}` when there was none. */
  override get rawData(): WorkOSErrorData {
    return super.rawData as WorkOSErrorData;
  }
}

/** Codes of a sign-in that needs another step. */
export type AuthenticationErrorCode =
  | "email_verification_required"
  | "organization_selection_required"
  | "mfa_enrollment"
  | "mfa_challenge"
  | "mfa_verification"
  | "radar_email_challenge"
  | "radar_sms_challenge"
  | "sso_required";

/** Body of a response that asks for another sign-in step, with the API's own names. */
export interface AuthenticationErrorData {
  /** Which step is needed. */
  code?: AuthenticationErrorCode | string & Record<never, never>;
  /** Set instead of `code` in OAuth error responses, such as `sso_required`. */
  error?: string;
  /** Description of `error`. */
  error_description?: string;
  /** The server's message. */
  message?: string;
  /** Token to continue the sign-in with. */
  pending_authentication_token?: string;
  /** Id of the Radar challenge to complete. */
  radar_challenge_id?: string;
  /** The user who signs in, with the API's own names. */
  user?: AuthenticationErrorUser;
  /** Organizations to choose from. */
  organizations?: { id: string; name: string }[];
  /** Connections to sign in through. */
  connection_ids?: string[];
  /** Further members of the response. */
  [member: string]: unknown;
}

/** A user in the body of a response, with the API's own names. */
export interface AuthenticationErrorUser {
  /** Id of the user. */
  id: string;
  /** Email address. */
  email: string;
  /** Whether the user has proved to own the address. */
  email_verified?: boolean;
  /** First name; `null` when it is not known. */
  first_name?: string | null;
  /** Last name; `null` when it is not known. */
  last_name?: string | null;
  /** URL of a picture; `null` when there is none. */
  profile_picture_url?: string | null;
  /** Further members. */
  [member: string]: unknown;
}

const AUTHENTICATION_CODES: readonly AuthenticationErrorCode[] = [
  "email_verification_required",
  "organization_selection_required",
  "mfa_enrollment",
  "mfa_challenge",
  "mfa_verification",
  "radar_email_challenge",
  "radar_sms_challenge",
  "sso_required",
];

/** The code of a body that asks for another sign-in step, from `code` or else `error`. */
function authenticationCode(data: unknown): AuthenticationErrorCode | undefined {
  const { code, error } = Object(data);
  return [code, error].find((it) => AUTHENTICATION_CODES.includes(it));
}

/** Whether the body of a response asks for another sign-in step. */
export function isAuthenticationErrorData(data: unknown): data is AuthenticationErrorData {
  return authenticationCode(data) !== undefined;
}

/** A sign-in needs another step: `code` says which, `pendingAuthenticationToken` continues it. */
export class AuthenticationException extends GenericServerException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "AuthenticationException";
  /** Name of the class. */
  declare readonly name: "AuthenticationException";
  /** Which step is needed. */
  declare readonly code: AuthenticationErrorCode;

  /** Made from the parts of a response. */
  constructor(
    status: number,
    rawData: AuthenticationErrorData,
    requestID: string,
    details: ExceptionDetails & { message?: string } = {},
  ) {
    super(status, details.message || rawData.message || rawData.error_description, rawData, requestID, details);
    this.code = authenticationCode(rawData)!;
  }

  /** The body of the response with the API's own (snake_case) names. */
  override get rawData(): AuthenticationErrorData {
    return super.rawData as AuthenticationErrorData;
  }

  /** The same as `code`: OAuth errors, and packages made for Node SDK 7, name it so. */
  get error(): AuthenticationErrorCode {
    return this.code;
  }

  /** Token to pass to the method that completes this step; a secret, so it is not printed with the exception. */
  get pendingAuthenticationToken(): string | undefined {
    return this.rawData.pending_authentication_token;
  }

  /** Id of the Radar challenge to complete, for the two Radar codes. */
  get radarChallengeId(): string | undefined {
    return this.rawData.radar_challenge_id;
  }
}

/** 429: too many requests, and no retry is left; a token grant is not retried. */
export class RateLimitExceededException extends GenericServerException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "RateLimitExceededException";
  /** Name of the class. */
  declare readonly name: "RateLimitExceededException";
  /** Seconds to wait before the next request, from `Retry-After`, rounded up; `null` without a valid header. */
  declare readonly retryAfter: number | null;

  /** Made from the parts of a response. */
  constructor(
    message: string | undefined,
    requestID: string,
    retryAfter: number | null,
    details: ExceptionDetails = {},
  ) {
    super(429, message, details.rawData, requestID, details);
    this.retryAfter = retryAfter;
  }
}

/** The API rejected the request with an OAuth error (RFC 6749 section 5.2): see `error` and `errorDescription`. */
export class OauthException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "OauthException";
  /** Name of the class. */
  declare readonly name: "OauthException";
  /** HTTP status of the response. */
  declare readonly status: number;
  /** Error code, such as `invalid_grant`. */
  declare readonly error: string | undefined;
  /** Description of `error`. */
  declare readonly errorDescription: string | undefined;

  /** Made from the parts of a response. */
  constructor(
    status: number,
    requestID: string,
    error: string | undefined,
    errorDescription: string | undefined,
    rawData: unknown,
    details: ExceptionDetails = {},
  ) {
    super(oauthMessage(error, errorDescription), { ...details, rawData, status, requestID });
    this.error = error;
    this.errorDescription = errorDescription;
  }
}

function oauthMessage(error?: string, description?: string): string {
  if (!error) return "An error has occurred.";
  return description ? `Error: ${error}\nError Description: ${description}` : `Error: ${error}`;
}

/** Parts of a response that {@linkcode BadRequestException} is made from. */
export interface BadRequestDetails extends ExceptionDetails {
  /** Machine-readable code. */
  code?: string;
  /** What is wrong, entry by entry. */
  errors?: unknown[];
  /** The server's message. */
  message?: string;
  /** Value of the `X-Request-ID` header. */
  requestID: string;
  /** HTTP status of the response. Default 400. */
  status?: number;
}

/** The response has a `code` and a list of `errors`, and no more specific class fits; its status need not be 400. */
export class BadRequestException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "BadRequestException";
  /** Name of the class. */
  declare readonly name: "BadRequestException";
  /** HTTP status of the response. */
  declare readonly status: number;
  /** What is wrong, entry by entry, as the API sent it. */
  declare readonly errors?: unknown[];

  /** Made from the parts of a response. */
  constructor(details: BadRequestDetails) {
    super(details.message || "Bad request", { ...details, status: details.status ?? 400 });
    this.errors = details.errors;
  }
}

/** 401: the API key or access token is missing, wrong or revoked. */
export class UnauthorizedException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "UnauthorizedException";
  /** Name of the class. */
  declare readonly name: "UnauthorizedException";
  /** HTTP status of the response: 401. */
  declare readonly status: 401;

  /** Made from the parts of a response. */
  constructor(requestID: string, details: ExceptionDetails & { message?: string; code?: string } = {}) {
    const message = details.message || "Could not authorize the request. Maybe your API key is invalid?";
    super(message, { ...details, status: 401, requestID });
  }
}

/** Parts of a response that {@linkcode NotFoundException} is made from. */
export interface NotFoundDetails extends ExceptionDetails {
  /** Machine-readable code. */
  code?: string;
  /** The server's message. */
  message?: string;
  /** Path of the request. */
  path: string;
  /** Value of the `X-Request-ID` header. */
  requestID: string;
}

/** 404: nothing has this id, or this API key has no access to it. */
export class NotFoundException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "NotFoundException";
  /** Name of the class. */
  declare readonly name: "NotFoundException";
  /** HTTP status of the response: 404. */
  declare readonly status: 404;

  /** Made from the parts of a response. */
  constructor(details: NotFoundDetails) {
    super(details.message || `The requested path '${details.path}' could not be found.`, { ...details, status: 404 });
  }
}

/** Parts of a response that {@linkcode ConflictException} is made from. */
export interface ConflictDetails extends ExceptionDetails {
  /** Error name, which some responses have instead of a message. */
  error?: string;
  /** The server's message. */
  message?: string;
  /** Value of the `X-Request-ID` header. */
  requestID: string;
  /** Machine-readable code. */
  code?: string;
}

/** 409: the request conflicts with the current state, such as a name that is taken. */
export class ConflictException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "ConflictException";
  /** Name of the class. */
  declare readonly name: "ConflictException";
  /** HTTP status of the response: 409. */
  declare readonly status: 409;

  /** Made from the parts of a response. */
  constructor(details: ConflictDetails) {
    const { error } = details;
    const message = details.message || (error ? `Error: ${error}` : "A conflict has occurred on the server.");
    super(message, { ...details, status: 409 });
  }
}

/** Parts of a response that {@linkcode UnprocessableEntityException} is made from. */
export interface UnprocessableEntityDetails extends ConflictDetails {
  /** What is wrong, entry by entry. */
  errors?: (UnprocessableEntityError | string)[];
}

/** 422: the values of the request are not acceptable: see `errors`. */
export class UnprocessableEntityException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "UnprocessableEntityException";
  /** Name of the class. */
  declare readonly name: "UnprocessableEntityException";
  /** HTTP status of the response: 422. */
  declare readonly status: 422;
  /** What is wrong, entry by entry, as the API sent it. */
  declare readonly errors?: (UnprocessableEntityError | string)[];

  /** Made from the parts of a response. */
  constructor(details: UnprocessableEntityDetails) {
    const { error, errors } = details;
    const otherwise = error ? `Error: ${error}` : "Unprocessable entity";
    super(details.message || requirementsMessage(errors) || otherwise, { ...details, status: 422 });
    this.errors = errors;
  }
}

/** One line per entry: its code, or else its message or field. */
function requirementsMessage(errors: unknown): string | undefined {
  if (!Array.isArray(errors)) return undefined;
  const lines = errors.map((entry) => {
    const { code, message, field } = Object(entry);
    return [entry, code, message, field].find((it) => /^(string|number)$/.test(typeof it)) ?? "unknown";
  });
  const noun = lines.length === 1 ? "requirement" : "requirements";
  return `The following ${noun} must be met:\n${lines.map((line) => `\t${line}\n`).join("")}`;
}

/** A method that needs an API key was called on a client without one. Nothing was sent. */
export class ApiKeyRequiredException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "ApiKeyRequiredException";
  /** Name of the class. */
  declare readonly name: "ApiKeyRequiredException";
  /** Always 403. */
  declare readonly status: 403;
  /** Path of the request that was not sent. */
  declare readonly path: string;
  /** The method that was called, such as `organizations.createOrganization`; `undefined` when not known. */
  declare readonly method?: string;

  /** `path` is the request path, `method` the name of the public method. */
  constructor(path: string, method?: string) {
    super(
      `API key required for "${method ?? path}": use new WorkOS({ apiKey, clientId }) on a server, or ` +
        "authenticateWithCodeAndVerifier and authenticateWithRefreshToken",
      { status: 403 },
    );
    this.path = path;
    this.method = method;
  }
}

/** No API key was given. Exported for Node SDK code; this SDK throws {@linkcode ApiKeyRequiredException}. */
export class NoApiKeyProvidedException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "NoApiKeyProvidedException";
  /** Name of the class. */
  declare readonly name: "NoApiKeyProvidedException";
  /** Always 500. */
  declare readonly status: 500;

  /** Made without arguments. */
  constructor() {
    super("Missing API key. Pass it to the constructor (new WorkOS(apiKey)) or set WORKOS_API_KEY", { status: 500 });
  }
}

/** A webhook or action request is forged, outside the time tolerance, or incomplete. */
export class SignatureVerificationException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "SignatureVerificationException";
  /** Name of the class. */
  declare readonly name: "SignatureVerificationException";

  /** `message` says which check failed. */
  constructor(message?: string, details: ExceptionDetails = {}) {
    super(message || "Signature verification failed.", details);
  }
}

/** The last attempt took longer than `timeout`, body included. */
export class TimeoutException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "TimeoutException";
  /** Name of the class. */
  declare readonly name: "TimeoutException";
  /** Always 408. */
  declare readonly status: 408;
  /** The time limit that was exceeded, in milliseconds. */
  declare readonly timeout: number;

  /** `timeout` is in milliseconds. */
  constructor(timeout: number, requestID = "", details: ExceptionDetails = {}) {
    const message = `Cannot complete the request: no complete response within ${timeout} ms`;
    super(message, { ...details, status: 408, requestID });
    this.timeout = timeout;
  }
}

/**
 * The last attempt could not reach the API, or lost the connection. The failure is `cause`: the original one, or a copy
 * of its name, message and code when it has the request, or its query, among its members.
 */
export class NetworkException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "NetworkException";
  /** Name of the class. */
  declare readonly name: "NetworkException";

  /** Made from what `fetch` rejected with. */
  constructor(cause: unknown, requestID = "", details: ExceptionDetails = {}) {
    super("Cannot reach the API: the connection failed", { ...details, cause, requestID });
  }
}

/** The API responded with a redirect. Redirects are never followed, as the request may carry a secret. */
export class RedirectException extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "RedirectException";
  /** Name of the class. */
  declare readonly name: "RedirectException";
  /** HTTP status of the response; 0 where the runtime hides it. */
  declare readonly status: number;
  readonly #location: string | null;

  /** `location` is the `Location` header, `null` where the runtime hides it. */
  constructor(status: number, requestID: string, location: string | null, details: ExceptionDetails = {}) {
    super("Cannot complete the request: redirects are never followed", { ...details, status, requestID });
    this.#location = location;
  }

  /** Target of the redirect, `null` where the runtime hides it. Not printed with the exception. */
  get location(): string | null {
    return this.#location;
  }
}

/** Parts of a response that {@linkcode ParseError} is made from. */
export interface ParseErrorDetails extends ExceptionDetails {
  /** What is wrong with the response. */
  message: string;
  /** The text of the response or delivery. */
  rawBody: string;
  /** HTTP status of the response; 0 for a delivery. */
  rawStatus: number;
  /** Value of the `X-Request-ID` header. */
  requestID: string;
}

/**
 * A successful response is not the JSON that the method expects, or a genuine delivery not the one that WorkOS sends.
 * Of a `cause`, only the kind is kept: engines quote what they cannot read.
 */
export class ParseError extends WorkOSException {
  /** The name of the class in every copy of the package. */
  static override readonly exception: string = "ParseError";
  /** Name of the class. */
  declare readonly name: "ParseError";
  /** Always 500, as the server is at fault; the status of the response is in `rawStatus`. */
  declare readonly status: 500;
  /** HTTP status of the response; 0 for a delivery. */
  declare readonly rawStatus: number;
  readonly #rawBody: string;

  /** Made from the parts of a response. */
  constructor(details: ParseErrorDetails) {
    super(details.message, { ...details, status: 500 });
    this.cause &&= new (this.cause instanceof SyntaxError ? SyntaxError : TypeError)("[redacted]");
    this.#rawBody = details.rawBody;
    this.rawStatus = details.rawStatus;
  }

  /** The text of the response or delivery. Not printed with the exception. */
  get rawBody(): string {
    return this.#rawBody;
  }
}

/** The parts of a failed response that {@linkcode toException} needs. */
export interface FailedAnswer extends Required<Pick<NotFoundDetails, "attempts" | "path" | "requestID" | "waited">> {
  /** HTTP status. */
  status: number;
  /** The parsed body; `undefined` when it is not JSON. */
  body: unknown;
  /** Seconds from `Retry-After`, or `null`. */
  retryAfter: number | null;
  /** Secret values that the call sent. They are redacted from what is shown; the body in `rawData` stays complete. */
  secrets?: readonly string[];
}

/** The exception for a response outside 200-299. */
export function toException(answer: FailedAnswer): WorkOSException {
  const { status, body, requestID, secrets = [] } = answer;
  const data = Object(withoutSecrets(body, secrets)) as Record<string, unknown>;
  const [code, error, description] = [data.code, data.error, data.error_description].map(text);
  const message = [data.message].flat().filter(text).join(", ") || undefined; // validation sends a list of texts
  const errors = Array.isArray(data.errors) ? data.errors : undefined;
  const details = { code, message, error, errors, rawData: body, ...answer }; // in this order: see resolveConfig
  switch (status) {
    case 401:
      return new UnauthorizedException(requestID, { ...details, message: message ?? description });
    case 404:
      return new NotFoundException(details);
    case 409:
      return new ConflictException(details);
    case 422:
      return new UnprocessableEntityException(details);
    case 429:
      return new RateLimitExceededException(message, requestID, answer.retryAfter, details);
  }
  if (isAuthenticationErrorData(body)) {
    return new AuthenticationException(status, body, requestID, { ...details, message: message ?? description });
  }
  if (error || description) return new OauthException(status, requestID, error, description, body, details);
  if (code && errors) return new BadRequestException(details);
  return new GenericServerException(status, message, body, requestID, details);
}

/** Parts of a body below this depth are not searched for secrets, so not shown; the API never nests that deep. */
const MAX_DEPTH = 128;

/** Redacts from a body the secrets that it quotes. */
function withoutSecrets(body: unknown, secrets: readonly string[], depth = 0): unknown {
  if (typeof body === "string") return secrets.reduce(withoutSecret, body);
  if (secrets.length === 0 || typeof body !== "object" || body === null) return body;
  if (depth > MAX_DEPTH) return undefined;
  const shown = (each: unknown) => withoutSecrets(each, secrets, depth + 1);
  if (Array.isArray(body)) return body.map(shown);
  return Object.fromEntries(Object.entries(body).map((member) => member.map(shown) as [string, unknown]));
}

/** Shorter secrets are easier to guess than to find in a message. */
const SECRET_LENGTH = 6;

/** Redacts a secret from a text, but not from a word of the API, such as `password` from `password_too_weak`. */
export function withoutSecret(text: string, secret = ""): string {
  const isWord = /^[a-z_]+$/.test(text) && text !== secret;
  return isWord || secret.length < SECRET_LENGTH ? text : text.replaceAll(secret, "[redacted]");
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
