/** What an endpoint answers, before it becomes a `Response`. */
export class Reply {
  /** HTTP status. */
  readonly status: number;
  /** JSON value, or a text with a `Content-Type` among the headers; `undefined` leaves the body empty. */
  readonly body: unknown;
  /** Headers besides the usual ones. */
  readonly headers: Record<string, string>;

  /** A response with its status. */
  constructor(status: number, body?: unknown, headers: Record<string, string> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** Thrown by an endpoint to respond with an error. */
export class Refusal extends Error {
  /** The response. */
  readonly reply: Reply;

  /** An error response. */
  constructor(status: number, body: unknown, headers?: Record<string, string>) {
    super(`Request refused: status ${status}`);
    this.reply = new Reply(status, body, headers);
  }
}

/** What a refusal answers; any other error is thrown on. */
export function replyOf(error: unknown): Reply {
  if (error instanceof Refusal) return error.reply;
  throw error;
}

/** Runs what no request asks for: a refusal becomes a `TypeError` that begins with what cannot be done. */
export function inCode(cannot: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    const { message, errors = [] } = replyOf(error).body as { message: string; errors?: { code: string }[] };
    throw new TypeError([cannot, message, ...errors.map(({ code }) => code)].join(": "));
  }
}

/** One field of a request that is not acceptable. */
export interface FieldError {
  /** What is wrong, such as `email_required`. */
  code: string;
  /** Wire name of the field. */
  field: string;
  /** The same for people, where the API says so. */
  message?: string;
}

/** 302 to another address. */
export function redirect(location: string | URL): Reply {
  const text = String(location);
  return new Reply(302, undefined, { Location: /^[!-~]+$/.test(text) ? text : new URL(text).href });
}

/** 401, for a missing or wrong API key. */
export function unauthorized(): Refusal {
  return new Refusal(401, { message: "Unauthorized" });
}

/** 404, for an id that names nothing. */
export function entityNotFound(title: string, id: string): Refusal {
  return new Refusal(404, { code: "entity_not_found", message: `${title} not found: '${id}'.`, entity_id: id });
}

/** 501, for a path or method that is not served here. The API may serve it, so it is no 404. */
export function notEmulated(method: string, path: string): Refusal {
  const fault = `{ match: { method: "${method}", path: "${path}" }, status: 200, body: ..., times: Infinity }`;
  const message = `The emulator does not serve ${method} ${path}: give it an answer with failNext(${fault})`;
  return new Refusal(501, { code: "not_emulated", message });
}

/** 422, for fields that are missing or malformed. */
export function invalidFields(errors: FieldError[]): Refusal {
  return new Refusal(422, { code: "invalid_request_parameters", message: "Validation failed.", errors });
}

/** An error of a field, as a 422 lists it. */
export function fieldError(field: string, fault: string): FieldError {
  return { code: `${field}_${fault}`, field };
}

/** 422, for one field. */
export function invalidField(field: string, fault = "invalid"): Refusal {
  return invalidFields([fieldError(field, fault)]);
}

/** A name in words: "Api key" for `api_key`. */
export function inWords(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a code says, where there is no more to say. */
function sentence(code: string): string {
  return `${inWords(code)}.`;
}

/** One of several reasons for a refusal. */
export interface CodedError {
  /** What is wrong, such as `password_too_short`. */
  code: string;
  /** The same for people. */
  message: string;
}

/** A reason, in the words of its code unless there are others. */
export function codedError(code: string, message: string = sentence(code)): CodedError {
  return { code, message };
}

/** Makes a refusal with a code; `extra` adds members such as `pending_authentication_token`. */
type CodedRefusal = (code: string, message?: string, extra?: object) => Refusal;

function coded(status: number): CodedRefusal {
  return (code, message, extra) => new Refusal(status, { ...codedError(code, message), ...extra });
}

/** 400 with a code. */
export const badRequest: CodedRefusal = coded(400);

/** 403 with a code. */
export const forbidden: CodedRefusal = coded(403);

/** 404 with a code. */
export const notFound: CodedRefusal = coded(404);

/** 409 with a code. */
export const conflict: CodedRefusal = coded(409);

/** 410 with a code. */
export const gone: CodedRefusal = coded(410);

/** 422 with a code, for values that are well formed and still refused. */
export const unprocessable: CodedRefusal = coded(422);

/** 429 with a code. */
export const tooMany: CodedRefusal = coded(429);

/** 400 in the form OAuth prescribes. */
export function oauthError(
  error: string,
  description: string = `The request failed due to: ${error}.`,
  extra: object = {},
): Refusal {
  return new Refusal(400, { error, error_description: description, ...extra });
}
