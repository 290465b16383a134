/**
 * Every exception of the SDK, and which answer of the API becomes which one.
 *
 * All of them extend {@linkcode WorkOSException}. `instanceof` works across two copies of the package in one program.
 *
 * @module
 */

/** What an exception knows about the answer behind it. */
export interface ExceptionDetails {
  /** The original failure, kept as `cause`. */
  cause?: unknown;
  /** The JSON body of the answer, with the API's own (snake_case) names. */
  rawData?: unknown;
  /** How many attempts the call made. */
  attempts?: number;
  /** How long the call waited between its attempts, in milliseconds. */
  waited?: number;
}

/** One entry of the `errors` list of a 400 or 422 answer. The API sends more than one shape; all are kept. */
export interface UnprocessableEntityError {
  /** The field the entry is about. */
  field?: string;
  /** Machine-readable code of the entry. */
  code?: string;
  /** Human-readable text of the entry. */
  message?: string;
}

/**
 * Base class of every exception this SDK throws for a failed call.
 *
 * Messages never carry keys, tokens or passwords; the body of the answer is in `rawData`, which neither
 * `JSON.stringify` nor an inspector prints.
 */
export class WorkOSException extends Error {
  /** The name `instanceof` recognises across copies of the package; a subclass of your own leaves it alone. */
  static readonly exception: string = "WorkOSException";
  /** Name of the class, also after minification. */
  override readonly name: string;
  /** HTTP status of the answer, or the status that describes the failure best; absent when there was no answer. */
  declare readonly status?: number;
  /** Machine-readable code of the API, when it sent one. */
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
    // an own member that lists show, as `name` is: what is sent on as JSON has it
    Object.defineProperty(this, "message", { enumerable: true });
    this.name = new.target.exception;
    if (status !== undefined) this.status = status;
    if (code) this.code = code;
    this.requestID = requestID;
    this.#hidden = { rawData, attempts, waited };
  }

  /** The JSON body of the answer with the API's own (snake_case) names; `undefined` when there was none. */
  get rawData(): unknown {
    return this.#hidden.rawData;
  }

  /** How many attempts the call made; 0 when nothing was sent. */
  get attempts(): number {
    return this.#hidden.attempts;
  }

  /** How long the call waited between its attempts, in milliseconds: the delays that `onRetry` was told of. */
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

/** Body of an answer that reports a failure, with the API's own names. */
export interface WorkOSErrorData {
  /** Machine-readable code of the failure. */
  code?: string;
  /** The server's message. */
  message?: string;
  /** Further members of the answer. */
  [member: string]: unknown;
}

/** The API refused the request and no more specific class fits; see `code` and `rawData`. */
export class GenericServerException extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "GenericServerException";
  /** HTTP status of the answer. */
  declare readonly status: number;

  /** Made from the parts of an answer. */
  constructor(
    status: number,
    message: string | undefined,
    rawData: unknown,
    requestID: string,
    details: ExceptionDetails = {},
  ) {
    const code = text(Object(rawData).code);
    super(message || "The request could not be completed.", { ...details, rawData, status, code, requestID });
  }

  /** The JSON body of the answer with the API's own (snake_case) names; `{}` when there was none. */
  override get rawData(): WorkOSErrorData {
    return super.rawData === undefined ? {} : super.rawData as WorkOSErrorData;
  }
}

/** Codes that ask for a further step of a sign-in. */
export type AuthenticationErrorCode =
  | "email_verification_required"
  | "organization_selection_required"
  | "mfa_enrollment"
  | "mfa_challenge"
  | "mfa_verification"
  | "radar_email_challenge"
  | "radar_sms_challenge"
  | "sso_required";

/** Body of an answer that asks for a further step of a sign-in, with the API's own names. */
export interface AuthenticationErrorData {
  /** Which step is needed. */
  code?: AuthenticationErrorCode | string & Record<never, never>;
  /** Set instead of `code` by answers in OAuth form, such as `sso_required`. */
  error?: string;
  /** Text that goes with `error`. */
  error_description?: string;
  /** The server's message. */
  message?: string;
  /** Token to continue the sign-in with. */
  pending_authentication_token?: string;
  /** Id of the Radar challenge to answer. */
  radar_challenge_id?: string;
  /** The user who signs in, with the API's own names. */
  user?: AuthenticationErrorUser;
  /** Organizations to choose from. */
  organizations?: { id: string; name: string }[];
  /** Connections to sign in through. */
  connection_ids?: string[];
  /** Further members of the answer. */
  [member: string]: unknown;
}

/** A user in the body of an answer, with the API's own names. */
export interface AuthenticationErrorUser {
  /** Id of the user. */
  id: string;
  /** Email address. */
  email: string;
  /** Whether the address is known to be the user's. */
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

const AUTHENTICATION_CODES: readonly string[] = [
  "email_verification_required",
  "organization_selection_required",
  "mfa_enrollment",
  "mfa_challenge",
  "mfa_verification",
  "radar_email_challenge",
  "radar_sms_challenge",
  "sso_required",
];

/** The code of a body that asks for a further sign-in step, from `code` or else `error`. */
function authenticationCode(data: unknown): AuthenticationErrorCode | undefined {
  const { code, error } = Object(data);
  return [code, error].find((it) => AUTHENTICATION_CODES.includes(it as string)) as AuthenticationErrorCode | undefined;
}

/** Tells whether the body of an answer asks for a further step of a sign-in. */
export function isAuthenticationErrorData(data: unknown): data is AuthenticationErrorData {
  return authenticationCode(data) !== undefined;
}

/** A sign-in needs a further step: `code` tells which, `pendingAuthenticationToken` continues it. */
export class AuthenticationException extends GenericServerException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "AuthenticationException";
  /** Which step is needed. */
  declare readonly code: AuthenticationErrorCode;

  /** Made from the parts of an answer. */
  constructor(
    status: number,
    rawData: AuthenticationErrorData,
    requestID: string,
    details: ExceptionDetails & { message?: string } = {},
  ) {
    super(status, details.message || rawData.message || rawData.error_description, rawData, requestID, details);
    this.code = authenticationCode(rawData)!;
  }

  /** The body of the answer with the API's own (snake_case) names. */
  override get rawData(): AuthenticationErrorData {
    return super.rawData as AuthenticationErrorData;
  }

  /** Token to pass to the method that completes this step; a secret, so it is not printed with the exception. */
  get pendingAuthenticationToken(): string | undefined {
    return this.rawData.pending_authentication_token;
  }

  /** Id of the Radar challenge to answer, for the two Radar codes. */
  get radarChallengeId(): string | undefined {
    return this.rawData.radar_challenge_id;
  }
}

/** 429: too many requests, after as many retries as `maxRetries` allows; a token grant is not retried. */
export class RateLimitExceededException extends GenericServerException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "RateLimitExceededException";
  /** Seconds until a next request may succeed, from either form of `Retry-After`; `null` without a valid header. */
  readonly retryAfter: number | null;

  /** Made from the parts of an answer. */
  constructor(
    message: string | undefined,
    requestID: string,
    retryAfter: number | null,
    details: ExceptionDetails = {},
  ) {
    super(429, message, details.rawData ?? {}, requestID, details);
    this.retryAfter = retryAfter;
  }
}

/** The API refused the request in the form of OAuth (RFC 6749 section 5.2): see `error` and `errorDescription`. */
export class OauthException extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "OauthException";
  /** HTTP status of the answer. */
  declare readonly status: number;
  /** Error code, such as `invalid_grant`. */
  readonly error: string | undefined;
  /** Text that goes with `error`. */
  readonly errorDescription: string | undefined;

  /** Made from the parts of an answer. */
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

/** Parts of an answer that {@linkcode BadRequestException} is made from. */
export interface BadRequestDetails extends ExceptionDetails {
  /** Machine-readable code. */
  code?: string;
  /** What is wrong, entry by entry. */
  errors?: unknown[];
  /** The server's message. */
  message?: string;
  /** Value of the `X-Request-ID` header. */
  requestID: string;
  /** HTTP status of the answer. Default 400. */
  status?: number;
}

/** The request is malformed: see `code` and `errors`. */
export class BadRequestException extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "BadRequestException";
  /** HTTP status of the answer. */
  declare readonly status: number;
  /** What is wrong, entry by entry, as the API sent it. */
  readonly errors?: unknown[];

  /** Made from the parts of an answer. */
  constructor(details: BadRequestDetails) {
    super(details.message || "Bad request", { ...details, status: details.status ?? 400 });
    this.errors = details.errors;
  }
}

/** 401: the API key or access token is missing, wrong or revoked. */
export class UnauthorizedException extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "UnauthorizedException";
  /** HTTP status of the answer: 401. */
  declare readonly status: 401;

  /** Made from the parts of an answer. */
  constructor(requestID: string, details: ExceptionDetails & { message?: string; code?: string } = {}) {
    super(details.message || "Could not authorize the request. Maybe your API key is invalid?", {
      ...details,
      status: 401,
      requestID,
    });
  }
}

/** Parts of an answer that {@linkcode NotFoundException} is made from. */
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

/** 404: there is nothing under this id, or this key may not see it. */
export class NotFoundException extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "NotFoundException";
  /** HTTP status of the answer: 404. */
  declare readonly status: 404;

  /** Made from the parts of an answer. */
  constructor(details: NotFoundDetails) {
    super(details.message || `The requested path '${details.path}' could not be found.`, { ...details, status: 404 });
  }
}

/** Parts of an answer that {@linkcode ConflictException} is made from. */
export interface ConflictDetails extends ExceptionDetails {
  /** Error name, when the API sent one instead of a message. */
  error?: string;
  /** The server's message. */
  message?: string;
  /** Value of the `X-Request-ID` header. */
  requestID: string;
  /** Machine-readable code. */
  code?: string;
}

/** 409: the request conflicts with what exists. */
export class ConflictException extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "ConflictException";
  /** HTTP status of the answer: 409. */
  declare readonly status: 409;

  /** Made from the parts of an answer. */
  constructor(details: ConflictDetails) {
    const { error, message } = details;
    super(message || (error ? `Error: ${error}` : "A conflict has occurred on the server."), {
      ...details,
      status: 409,
    });
  }
}

/** Parts of an answer that {@linkcode UnprocessableEntityException} is made from. */
export interface UnprocessableEntityDetails extends ConflictDetails {
  /** What is wrong, entry by entry. */
  errors?: (UnprocessableEntityError | string)[];
}

/** 422: the request is understood, and its values are not acceptable: see `errors`. */
export class UnprocessableEntityException extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "UnprocessableEntityException";
  /** HTTP status of the answer: 422. */
  declare readonly status: 422;
  /** What is wrong, entry by entry, as the API sent it. */
  readonly errors?: (UnprocessableEntityError | string)[];

  /** Made from the parts of an answer. */
  constructor(details: UnprocessableEntityDetails) {
    const { error, errors, message } = details;
    super(message || requirementsMessage(errors) || (error ? `Error: ${error}` : "Unprocessable entity"), {
      ...details,
      status: 422,
    });
    this.errors = errors;
  }
}

/** One line per entry, by its code, or else its message or field. */
function requirementsMessage(errors: unknown): string | undefined {
  if (!Array.isArray(errors)) return undefined;
  const lines = errors.map((entry) => {
    if (typeof entry === "string") return entry;
    const { code, message, field } = Object(entry);
    return String(code ?? message ?? field ?? "unknown");
  });
  const noun = lines.length === 1 ? "requirement" : "requirements";
  return `The following ${noun} must be met:\n${lines.map((line) => `\t${line}\n`).join("")}`;
}

/** A method that needs an API key was called on a client without one. Nothing was sent. */
export class ApiKeyRequiredException extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "ApiKeyRequiredException";
  /** Always 403. */
  declare readonly status: 403;
  /** Path of the request that was not sent. */
  readonly path: string;
  /** The method that was called, such as `organizations.createOrganization`, when it is known. */
  readonly method?: string;

  /** `path` is the request path, `method` the name of the public method. */
  constructor(path: string, method?: string) {
    super(
      `API key required for "${method ?? path}": on a server, make the client with new WorkOS({ apiKey, clientId }); ` +
        "authenticateWithCodeAndVerifier and authenticateWithRefreshToken work without a key",
      { status: 403 },
    );
    this.path = path;
    this.method = method;
  }
}

/** No API key was given. Kept for code that names it; the SDK throws {@linkcode ApiKeyRequiredException}. */
export class NoApiKeyProvidedException extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "NoApiKeyProvidedException";
  /** Always 500. */
  declare readonly status: 500;

  /** Made without arguments. */
  constructor() {
    super("Missing API key. Pass it to the constructor (new WorkOS(apiKey)) or set WORKOS_API_KEY", { status: 500 });
  }
}

/** A webhook or action request is not from WorkOS, not from now, or not whole. */
export class SignatureVerificationException extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "SignatureVerificationException";

  /** `message` says which check failed. */
  constructor(message?: string, details: ExceptionDetails = {}) {
    super(message || "Signature verification failed.", details);
  }
}

/** One attempt took longer than `timeout`, body included, and no attempt was left. */
export class TimeoutException extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "TimeoutException";
  /** Always 408. */
  declare readonly status: 408;
  /** The limit that was passed, in milliseconds. */
  readonly timeout: number;

  /** `timeout` is in milliseconds. */
  constructor(timeout: number, requestID = "", details: ExceptionDetails = {}) {
    super(`Cannot complete the request: no complete response within ${timeout} ms`, {
      ...details,
      status: 408,
      requestID,
    });
    this.timeout = timeout;
  }
}

/** The API could not be reached, or the connection broke, and no attempt was left. The original failure is `cause`. */
export class NetworkException extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "NetworkException";

  /** Made from what `fetch` rejected with. */
  constructor(cause: unknown, requestID = "", details: ExceptionDetails = {}) {
    super("Cannot reach the API: the connection failed", { ...details, cause, requestID });
  }
}

/** The API answered with a redirect. It is never followed: the request may carry a secret. */
export class RedirectException extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "RedirectException";
  /** HTTP status of the answer; 0 where the runtime hides it. */
  declare readonly status: number;
  readonly #location: string | null;

  /** `location` is the header of the answer, `null` where the runtime hides it. */
  constructor(status: number, requestID: string, location: string | null, details: ExceptionDetails = {}) {
    super("Cannot complete the request: the server sent a redirect, and redirects are never followed", {
      ...details,
      status,
      requestID,
    });
    this.#location = location;
  }

  /** Where the redirect leads to, `null` where the runtime hides it. Not printed with the exception. */
  get location(): string | null {
    return this.#location;
  }
}

/** Parts of an answer that {@linkcode ParseError} is made from. */
export interface ParseErrorDetails extends ExceptionDetails {
  /** What is wrong with the answer. */
  message: string;
  /** The text of the answer. */
  rawBody: string;
  /** HTTP status of the answer. */
  rawStatus: number;
  /** Value of the `X-Request-ID` header. */
  requestID: string;
}

/** The API answered with success, and the answer is not the JSON the method needs. */
export class ParseError extends WorkOSException {
  /** Its name in every copy of the package. */
  static override readonly exception: string = "ParseError";
  /** Always 500: the server's answer is at fault. See `rawStatus` for the status of the answer. */
  declare readonly status: 500;
  /** HTTP status of the answer. */
  readonly rawStatus: number;
  readonly #rawBody: string;

  /** Made from the parts of an answer. */
  constructor(details: ParseErrorDetails) {
    super(details.message, { ...details, status: 500 });
    this.#rawBody = details.rawBody;
    this.rawStatus = details.rawStatus;
  }

  /** The text of the answer. Not printed with the exception. */
  get rawBody(): string {
    return this.#rawBody;
  }
}

/** What {@linkcode toException} needs of a failed answer. */
export interface FailedAnswer {
  /** HTTP status. */
  status: number;
  /** Parsed JSON body; `undefined` when the body is not JSON. */
  body: unknown;
  /** Value of the `X-Request-ID` header, or empty. */
  requestID: string;
  /** Path of the request. */
  path: string;
  /** Seconds from `Retry-After`, or `null`. */
  retryAfter: number | null;
  /** How many attempts the call made. */
  attempts: number;
  /** How long the call waited between them, in milliseconds. */
  waited: number;
  /** What the call sent and nobody may read: it is shown without them, the body in `rawData` is whole. */
  secrets?: readonly string[];
}

/** The exception for an answer outside 200-299. */
export function toException(answer: FailedAnswer): WorkOSException {
  const { status, body, requestID, secrets = [] } = answer;
  const data = Object(withoutSecrets(body, secrets)) as Record<string, unknown>;
  const [code, error, description] = [data.code, data.error, data.error_description].map(text);
  const message = [data.message].flat().filter(text).join(", ") || undefined; // validation sends a list of texts
  const errors = Array.isArray(data.errors) ? data.errors : undefined;
  const details = { ...answer, code, message, error, errors, rawData: body };
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

/** Deeper than this nothing of a body is shown that may quote a secret; no answer of the API comes near. */
const MAX_DEPTH = 128;

/** What may be shown of a body, which may quote what was sent. */
function withoutSecrets(body: unknown, secrets: readonly string[], depth = 0): unknown {
  if (typeof body === "string") return secrets.reduce((text, it) => text.replaceAll(it, "[redacted]"), body);
  if (secrets.length === 0 || typeof body !== "object" || body === null) return body;
  if (depth > MAX_DEPTH) return undefined;
  const shown = (each: unknown) => withoutSecrets(each, secrets, depth + 1);
  if (Array.isArray(body)) return body.map(shown);
  return Object.fromEntries(Object.entries(body).map((member) => member.map(shown) as [string, unknown]));
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
