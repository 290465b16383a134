// URLs of the sign-in page, the sign-out page and the key set.

import { PKCE } from "../../pkce.ts";
import { authorizationQuery, path, queryString, requestUrl } from "../../url.ts";
import { type OpenString, snakeName } from "../../wire.ts";

/** Options of every authorization URL. */
export interface BaseAuthorizationURLFields {
  /** Client id. Default: the client's; one of the two is needed. */
  clientId?: string;
  /** Domain to fill in at providers that support it (Microsoft OAuth, Google SAML). */
  domainHint?: string;
  /** Email address to fill in. */
  loginHint?: string;
  /** Parameters for an OAuth provider; keys are sent as they are. */
  providerQueryParams?: Record<string, string | boolean | number>;
  /** Scopes to request from an OAuth or OpenID Connect provider, in addition to the default ones. */
  providerScopes?: string[];
  /** Where the user returns to with the code; it must be configured in the dashboard. */
  redirectUri: string;
  /** Comes back with the redirect. Make it random and bind it to the browser, to prevent login CSRF. */
  state?: string;
  /** What the provider or the hosted page asks the user for, such as `consent` or `login`. */
  prompt?: "login" | OpenString;
}

/** Options of an authorization URL without PKCE. One of `provider`, `connectionId` and `organizationId` is needed. */
export interface UserManagementAuthorizationURLBaseOptions extends BaseAuthorizationURLFields {
  /** Nonce that ties the sign-in to a claim of an account. */
  claimNonce?: string;
  /** Sign in through this SSO connection. */
  connectionId?: string;
  /** Sign in through the SSO connection of this organization. */
  organizationId?: string;
  /** Invitation that the sign-in accepts. */
  invitationToken?: string;
  /** Seconds since the last sign-in after which the user must sign in again; 0 always asks. */
  maxAge?: number;
  /** `authkit` for the hosted page, or a provider such as `GoogleOAuth`. */
  // deno-fmt-ignore
  provider?:
    | "authkit" | "AppleOAuth" | "BitbucketOAuth" | "GitHubOAuth" | "GitLabOAuth" | "GoogleOAuth" | "IntuitOAuth"
    | "LinkedInOAuth" | "MicrosoftOAuth" | "SalesforceOAuth" | "SlackOAuth" | "VercelMarketplaceOAuth" | "VercelOAuth"
    | "XeroOAuth" | OpenString;
  /** First page of AuthKit; only with `provider: "authkit"`. */
  screenHint?: "sign-up" | "sign-in";
}

/** The PKCE challenge of an authorization URL and its method (RFC 7636): both fields or neither. */
export type PKCEFields =
  | { codeChallenge?: never; codeChallengeMethod?: never }
  | { codeChallenge: string; codeChallengeMethod: "S256" };

/** Options of `userManagement.getAuthorizationUrl`. */
export type UserManagementAuthorizationURLOptions = UserManagementAuthorizationURLBaseOptions & PKCEFields;
/** Options of `userManagement.getAuthorizationUrlWithPKCE`, which generates state and challenge. */
export type UserManagementAuthorizationURLWithPKCEOptions = Omit<UserManagementAuthorizationURLBaseOptions, "state">;

/** An authorization URL, and the values to keep until the redirect comes back. */
export interface PKCEAuthorizationURLResult {
  /** Where to send the user. */
  url: string;
  /** Random text that must come back with the redirect: keep it in the user's browser session, then compare. */
  state: string;
  /** Secret that the code exchange needs; keep it where only this user's session can read it. */
  codeVerifier: string;
}

/** Options of `userManagement.getLogoutUrl`. */
export interface LogoutURLOptions {
  /** Id of the session: the `sid` claim of its access token. */
  sessionId: string;
  /** Where the user goes afterwards. Default: the sign-out redirect configured in the dashboard. */
  returnTo?: string;
}

/** Returns the client id to use, or throws a `TypeError` when there is none. */
export function requireClientId(clientId: string | undefined): string {
  if (clientId) return clientId;
  throw new TypeError("clientId is required. Provide it in method options or when initializing WorkOS.");
}

/** Throws a `TypeError` unless a code can be exchanged: by a non-blank verifier or, without one, by the API key. */
export function requireProof(method: string, codeVerifier: string | undefined, apiKey: string | undefined): void {
  const given = codeVerifier !== undefined;
  if (given ? typeof codeVerifier === "string" && codeVerifier.trim() !== "" : apiKey) return;
  throw new TypeError(
    given
      ? "codeVerifier cannot be an empty string. Generate a valid PKCE pair using workos.pkce.generate()."
      : `${method} requires either a codeVerifier (for public clients) or an API key configured on the WorkOS instance ` +
        "(for confidential clients).",
  );
}

/** Options that all authorization URLs share, apart from the client id. */
const COMMON = [
  ...["codeChallenge", "codeChallengeMethod", "domainHint", "loginHint", "prompt", "provider", "providerQueryParams"],
  ...["providerScopes", "redirectUri", "state"],
];

/** Makes an authorization URL from the common options and those named by `others`; ignores any other option. */
export function makeAuthorizationUrl(
  target: string,
  options: { clientId?: string },
  others: readonly string[],
): string {
  const query: Record<string, unknown> = { client_id: requireClientId(options.clientId), response_type: "code" };
  for (const name of [...COMMON, ...others]) query[snakeName(name)] = (options as Record<string, unknown>)[name];
  return `${target}?${authorizationQuery(query)}`;
}

/** Makes an authorization URL with a new state and PKCE pair. */
export async function withPKCE(
  makeUrl: (fields: PKCEFields & { state: string }) => string,
): Promise<PKCEAuthorizationURLResult> {
  const pkce = new PKCE();
  const { codeVerifier, codeChallenge, codeChallengeMethod } = await pkce.generate();
  const state = pkce.generateCodeVerifier();
  return { url: makeUrl({ state, codeChallenge, codeChallengeMethod }), state, codeVerifier };
}

/** Makes the URL that signs a user in; `options.clientId` is already resolved. */
export function authorizationUrl(baseURL: string, options: UserManagementAuthorizationURLOptions): string {
  const { connectionId, organizationId, provider, screenHint } = options;
  if (!provider && !connectionId && !organizationId) {
    throw new TypeError(
      "Incomplete arguments. Need to specify either a 'connectionId', 'organizationId', or 'provider'.",
    );
  }
  if (screenHint && provider !== "authkit") {
    throw new TypeError("'screenHint' is only supported for 'authkit' provider");
  }
  const own = ["claimNonce", "connectionId", "invitationToken", "maxAge", "organizationId", "screenHint"];
  const given = { ...options, maxAge: options.maxAge ?? undefined }; // the Node SDK sends any other null as text
  return makeAuthorizationUrl(`${baseURL}/user_management/authorize`, given, own);
}

/** Makes the URL that ends a session. */
export function logoutUrl(baseURL: string, { sessionId, returnTo }: LogoutURLOptions): string {
  if (!sessionId) throw new TypeError("Incomplete arguments. Need to specify 'sessionId'.");
  const query = queryString({ session_id: sessionId, return_to: returnTo });
  return requestUrl(baseURL, "/user_management/sessions/logout", query);
}

/** Makes the URL of the key set that signs the access tokens of a client. */
export function jwksUrl(baseURL: string, clientId: string): string {
  if (!clientId) throw new TypeError("clientId must be a valid clientId");
  return requestUrl(baseURL, path`/sso/jwks/${clientId}`.value);
}
