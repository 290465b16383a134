// Access tokens: what they say, and whether to believe it.

import { type JsonWebKeySet, type JwtFailure, type KeyLookup, verifyJwt } from "../../jwt.ts";
import type { Api } from "../../api.ts";

/** Claims of an access token, with their own names. A JWT template may add more. */
export interface AccessTokenClaims {
  /** Who issued it. */
  iss: string;
  /** Whom it is about: the id of the user, or of the application for a token without a user. */
  sub: string;
  /** Id of the session; absent from tokens of Connect applications. */
  sid?: string;
  /** Whom it is for; absent from tokens of sessions. */
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
  /** Slugs of the permissions that come with the roles. */
  permissions?: string[];
  /** Entitlements of the organization. */
  entitlements?: string[];
  /** Slugs of the feature flags that are on. */
  feature_flags?: string[];
  /** Scopes, separated by spaces, in tokens of Connect applications. */
  scope?: string;
  /** Who acts in the name of the subject: the email address of an impersonator. */
  act?: { sub: string };
}

/** The claims that results of a session come from. */
export interface UserManagementAccessToken
  extends Pick<AccessTokenClaims, "org_id" | "role" | "roles" | "permissions" | "entitlements" | "feature_flags"> {
  /** Id of the session. */
  sid: string;
}

/** What to demand of an access token. */
export interface VerifyAccessTokenOptions {
  /**
   * Accepted issuers, compared exactly. Default: the client's `issuer`, or else `https://api.workos.com`, the base URL
   * of the client, and both followed by `/user_management/<client id>`.
   */
  issuer?: string | readonly string[];
  /** Accepted audiences, one of which the token must name. Default: not checked, as tokens of sessions name none. */
  audience?: string | readonly string[];
  /** Seconds the issuer's clock may be off. Default: 0. */
  clockTolerance?: number;
  /** Whether it must be the token of a session, with a `sid`. Default: `true`; tokens of Connect applications have none. */
  requireSession?: boolean;
  /** Client id whose keys to trust. Default: the client's. */
  clientId?: string;
  /** The keys to trust. Default: those of the client id, loaded and cached. */
  keys?: KeyLookup | JsonWebKeySet;
}

/** A token that holds, with its claims, or the reason why it does not. */
export type AccessTokenResult<Claims extends object = object> =
  | {
    /** The token holds. */
    ok: true;
    /** What it says. */
    claims: AccessTokenClaims & Claims;
  }
  | {
    /** The token does not hold. */
    ok: false;
    /** Why not. */
    reason: JwtFailure;
  };

/** What an access token is checked against, defaults filled in. */
export interface TokenRules extends Omit<VerifyAccessTokenOptions, "issuer"> {
  /** Accepted issuers; `undefined` for any. */
  issuer: string | readonly string[] | undefined;
  /** Client id whose keys to trust. */
  clientId: string;
}

/** The issuers that the documentation names, for a client and its base URL or custom domain. */
export function documentedIssuers(baseURL: string, clientId: string): string[] {
  const hosts = [...new Set(["https://api.workos.com", baseURL])];
  return hosts.flatMap((host) => [host, `${host}/user_management/${clientId}`]);
}

/** Verifies an access token: RS256, signature, times, parties. Throws only when the keys cannot be had or used. */
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
