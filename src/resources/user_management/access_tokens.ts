// Access tokens: their claims, and how they are verified.

import { type JsonWebKeySet, type JwtFailure, type KeyLookup, verifyJwt } from "../../jwt.ts";
import type { Api } from "../../api.ts";

/** Claims of an access token, with their own names. A JWT template may add more. */
export interface AccessTokenClaims {
  /** Issuer. */
  iss: string;
  /** Subject: the id of the user, or of the application for a token without a user. */
  sub: string;
  /** Id of the session; absent from tokens of Connect applications. */
  sid?: string;
  /** Audience; absent from tokens of sessions. */
  aud?: string | string[];
  /** Id of the token. */
  jti?: string;
  /** When it expires, in seconds since the epoch. */
  exp: number;
  /** When it was issued, in seconds since the epoch. */
  iat?: number;
  /** Organization it is for. */
  org_id?: string;
  /** Slug of the role in that organization. */
  role?: string;
  /** Slugs of all roles in that organization. */
  roles?: string[];
  /** Slugs of the permissions that the roles grant. */
  permissions?: string[];
  /** Entitlements of the organization. */
  entitlements?: string[];
  /** Slugs of the feature flags that are on. */
  feature_flags?: string[];
  /** Scopes, separated by spaces, in tokens of Connect applications. */
  scope?: string;
  /** Who acts as the subject: `sub` is the email address of an impersonator. */
  act?: { sub: string };
}

/** The claims that session results are read from. */
export interface UserManagementAccessToken
  extends Pick<AccessTokenClaims, "org_id" | "role" | "roles" | "permissions" | "entitlements" | "feature_flags"> {
  /** Id of the session. */
  sid: string;
}

/** What an access token is verified against. */
export interface VerifyAccessTokenOptions {
  /**
   * Accepted issuers, compared exactly. Default: the client's `issuer`, or else `https://api.workos.com`, the client's
   * base URL, and each of the two with `/user_management/<client id>` appended.
   */
  issuer?: string | readonly string[];
  /** Accepted audiences; the token must name one of them. Default: not checked, as session tokens name none. */
  audience?: string | readonly string[];
  /** How far the issuer's clock may be off, in seconds. Default: 0. */
  clockTolerance?: number;
  /** Whether the token must have a `sid`, which tokens of Connect applications do not have. Default: `true`. */
  requireSession?: boolean;
  /** Client id whose keys are trusted. Default: the client's. */
  clientId?: string;
  /** The keys that are trusted. Default: those of the client id, loaded and cached. */
  keys?: KeyLookup | JsonWebKeySet;
}

/** The claims of a valid token, or the reason why the token is invalid. */
export type AccessTokenResult<Claims extends object = object> =
  | {
    /** The token is valid. */
    ok: true;
    /** The claims of the token. */
    claims: AccessTokenClaims & Claims;
  }
  | {
    /** The token is invalid. */
    ok: false;
    /** Why it is invalid. */
    reason: JwtFailure;
  };

/** What an access token is verified against, with defaults filled in. */
export interface TokenRules extends Omit<VerifyAccessTokenOptions, "issuer"> {
  /** Accepted issuers; `undefined` for any. */
  issuer: string | readonly string[] | undefined;
  /** Client id whose keys are trusted. */
  clientId: string;
}

/** The issuers that the WorkOS documentation names, for a client id and a base URL or custom domain. */
export function documentedIssuers(baseURL: string, clientId: string): string[] {
  const hosts = [...new Set(["https://api.workos.com", baseURL])];
  return hosts.flatMap((host) => [host, `${host}/user_management/${clientId}`]);
}

/** Verifies algorithm, signature, times, issuer and audience. Throws only when the keys cannot be loaded or used. */
export async function verifyAccessToken<Claims extends object>(
  api: Api,
  token: string,
  { issuer, audience, clockTolerance, requireSession = true, clientId, keys }: TokenRules,
): Promise<AccessTokenResult<Claims>> {
  const result = await verifyJwt(token, {
    keys: keys ?? ((header) => api.keySet(clientId).find(header)),
    issuer,
    audience,
    clockTolerance,
    now: () => api.clock.now(),
    requireSid: requireSession,
  });
  return result.ok ? { ok: true, claims: result.claims as unknown as AccessTokenClaims & Claims } : result;
}
