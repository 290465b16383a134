/**
 * Verification of access tokens without a client: JSON Web Tokens signed with RS256, and the key sets that verify
 * them.
 *
 * ```ts
 * import { createKeySet, decodeJwt, verifyJwt } from "@universal/workos/jwt";
 *
 * const url = "https://api.workos.com/sso/jwks/client_123";
 * const init = () => ({ redirect: "manual", signal: AbortSignal.timeout(5_000) }) as const;
 * const keySet = createKeySet({ url, load: async () => await (await fetch(url, init())).json() });
 *
 * async function userOf(accessToken: string): Promise<unknown> {
 *   const result = await verifyJwt(accessToken, { keys: keySet.find, requireSid: true });
 *   return result.ok ? result.claims.sub : undefined; // result.reason tells why not
 * }
 *
 * console.log(decodeJwt("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.AA").payload.sub); // user_1, not verified
 * console.log(await userOf("not a token")); // undefined
 * ```
 *
 * @module
 */

export { type ExceptionDetails, WorkOSException } from "../errors.ts";
export { createKeySet } from "../jwks.ts";
export type { CachedKeySet, KeySet, KeySetCache, KeySetOptions } from "../jwks.ts";
export { decodeJwt, JwtError, verifyJwt } from "../jwt.ts";
// deno-fmt-ignore
export type {
  DecodedJwt, JsonWebKeySet, Jwk, JwtClaims, JwtFailure, JwtHeader, JwtResult, KeyLookup, VerifyJwtOptions,
} from "../jwt.ts";
