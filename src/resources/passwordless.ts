// Passwordless sessions: sign-in links sent by email.

import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import { camel, type Wire } from "../wire.ts";

/** A sign-in link, and whom it is for. */
export interface PasswordlessSession {
  /** Id of the session. */
  id: string;
  /** Email address of the person who signs in. */
  email: string;
  /** When the link expires. */
  expiresAt: Date;
  /** The link. Whoever opens it is signed in. */
  link: string;
  /** Always `passwordless_session`. */
  object: "passwordless_session";
}

/** Options of {@linkcode Passwordless.createSession}. */
export interface CreatePasswordlessSessionOptions {
  /** Kind of session; there is one. */
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

/** What came of sending a link. */
export interface SendSessionResponse {
  /** Why it was not sent. */
  message?: string;
  /** Whether it was sent. */
  success?: boolean;
}

/** Reads a session; the API sends its time as text. */
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

  /** Creates a session with its link; nothing is sent to anyone yet. `POST /passwordless/sessions` */
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
