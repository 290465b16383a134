// Passwordless sessions: sign-in links sent by email.

import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import { camel, type Wire } from "../wire.ts";

/** A sign-in link, and the person it is for. */
export interface PasswordlessSession {
  /** Id of the session. */
  id: string;
  /** Email address of the person who signs in. */
  email: string;
  /** When the link expires. */
  expiresAt: Date;
  /** The link. It signs in whoever opens it. */
  link: string;
  /** Always `passwordless_session`. */
  object: "passwordless_session";
}

/** Options of {@linkcode Passwordless.createSession}. */
export interface CreatePasswordlessSessionOptions {
  /** Kind of session; only `MagicLink` is supported. */
  type: "MagicLink";
  /** Email address of the person who signs in. */
  email: string;
  /** Where the link leads after sign-in. Default: the environment's redirect URI. */
  redirectURI?: string;
  /** Text that comes back with the redirect. */
  state?: string;
  /** Id of the connection to use. Default: found by the domain of the address. */
  connection?: string;
  /** Seconds until the link expires. Default: the API's. */
  expiresIn?: number;
}

/** Result of {@linkcode Passwordless.sendSession}. */
export interface SendSessionResponse {
  /** Why it was not sent. */
  message?: string;
  /** Whether it was sent. */
  success?: boolean;
}

/** Reads a session; converts `expiresAt`, which the API sends as text, to a date. */
export function readPasswordlessSession(wire: Wire): PasswordlessSession {
  const session = camel<PasswordlessSession>(wire);
  session.expiresAt = new Date(session.expiresAt);
  return session;
}

/** Calls on passwordless sessions. */
export class Passwordless {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Creates a session and its link, without sending it to anyone. `POST /passwordless/sessions` */
  async createSession(
    { redirectURI, ...options }: CreatePasswordlessSessionOptions,
    request?: RequestOptions,
  ): Promise<PasswordlessSession> {
    const body = { ...options, redirectUri: redirectURI };
    return await this.#api.send("POST", "/passwordless/sessions", { body, read: readPasswordlessSession }, request);
  }

  /** Emails the link of a session to its address. `POST /passwordless/sessions/{sessionId}/send` */
  async sendSession(sessionId: string, request?: RequestOptions): Promise<SendSessionResponse> {
    return await this.#api.send("POST", path`/passwordless/sessions/${sessionId}/send`, {}, request);
  }
}
