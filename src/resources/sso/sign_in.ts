// Single sign-on as functions: the part that a client without an API key can use.

import type { RequestOptions, Transport } from "../../transport.ts";
import { camel, type Wire } from "../../wire.ts";
import { makeAuthorizationUrl, requireClientId, requireProof, withPKCE } from "../user_management/authorize.ts";
// deno-fmt-ignore
import type {
  GetProfileAndTokenOptions, GetProfileOptions, Profile, ProfileAndToken, SSOAuthorizationURLOptions,
  SSOAuthorizationURLWithPKCEOptions, SSOPKCEAuthorizationURLResult, SSOPKCEFields,
} from "../sso.ts";

/** Options of both kinds of URL; with PKCE, the caller gives neither challenge nor state. */
type URLOptions = SSOAuthorizationURLWithPKCEOptions & Pick<SSOAuthorizationURLOptions, keyof SSOPKCEFields | "state">;

/** The URL that begins a sign-in. */
export function ssoAuthorizationUrl(api: Transport, options: URLOptions): string {
  const { clientId = api.clientId, connection, organization, provider } = options;
  if (!connection && !organization && !provider) {
    throw new TypeError("Incomplete arguments. Need to specify either a 'connection', 'organization', or 'provider'.");
  }
  const own = ["connection", "nonce", "organization"];
  return makeAuthorizationUrl(`${api.baseURL}/sso/authorize`, { ...options, clientId }, own);
}

/** The URL that begins a sign-in, with a new state and PKCE pair. */
export async function ssoAuthorizationUrlWithPKCE(
  api: Transport,
  options: SSOAuthorizationURLWithPKCEOptions,
): Promise<SSOPKCEAuthorizationURLResult> {
  return await withPKCE((fields) => ssoAuthorizationUrl(api, { ...options, ...fields }));
}

/** Exchanges the code of a redirect for the profile of the person who signed in. */
export async function exchangeCode<Attributes extends Record<string, unknown>>(
  api: Transport,
  { code, codeVerifier, clientId }: GetProfileAndTokenOptions,
  request?: RequestOptions,
): Promise<ProfileAndToken<Attributes>> {
  const client_id = requireClientId(clientId ?? api.clientId);
  const { apiKey: client_secret } = api;
  requireProof("getProfileAndToken", codeVerifier, client_secret);
  if (!code) throw new TypeError("Cannot exchange code: code is empty or not a string");
  // The Node SDK sends the fields in this order
  const form = { client_id, grant_type: "authorization_code", code, code_verifier: codeVerifier, client_secret };
  const call = { form, read: readProfileAndToken<Attributes>, public: true, once: true };
  return await api.send("POST", "/sso/token", call, request);
}

/** Fetches the profile that an access token belongs to. */
export async function fetchProfile<Attributes extends Record<string, unknown>>(
  api: Transport,
  { accessToken }: GetProfileOptions,
  request?: RequestOptions,
): Promise<Profile<Attributes>> {
  if (!accessToken) throw new TypeError("Cannot fetch profile: accessToken is empty or not a string");
  return await api.send("GET", "/sso/profile", { accessToken, public: true }, request);
}

/** Reads a profile with its tokens; leaves out tokens that are `null`. */
function readProfileAndToken<Attributes extends Record<string, unknown>>(wire: Wire): ProfileAndToken<Attributes> {
  const answer = camel<ProfileAndToken<Attributes>>(wire);
  if (answer.oauthTokens === null) delete answer.oauthTokens;
  return answer;
}
