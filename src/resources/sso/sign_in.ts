// Single sign-on without the class: what a client without an API key can do as well.

import { PKCE } from "../../pkce.ts";
import type { RequestOptions, Transport } from "../../transport.ts";
import { authorizationQuery, requestUrl } from "../../url.ts";
import { camel, type Wire } from "../../wire.ts";
import type {
  GetProfileAndTokenOptions,
  GetProfileOptions,
  Profile,
  ProfileAndToken,
  SSOAuthorizationURLOptions,
  SSOAuthorizationURLWithPKCEOptions,
  SSOPKCEAuthorizationURLResult,
  SSOPKCEFields,
} from "../sso.ts";

/** What both URLs are made of; their types differ in what they leave to the caller. */
type URLOptions = SSOAuthorizationURLWithPKCEOptions & Pick<SSOAuthorizationURLOptions, keyof SSOPKCEFields | "state">;

/** The URL that begins a sign-in. */
export function ssoAuthorizationUrl(api: Transport, options: URLOptions): string {
  const clientId = clientIdOf(api, options.clientId);
  const { connection, organization, provider } = options;
  if (!connection && !organization && !provider) {
    throw new TypeError(
      "Incomplete arguments. Need to specify either a 'connection', 'organization', or 'provider'.",
    );
  }
  const query = authorizationQuery({
    client_id: clientId,
    code_challenge: options.codeChallenge,
    code_challenge_method: options.codeChallengeMethod,
    connection,
    domain_hint: options.domainHint,
    login_hint: options.loginHint,
    nonce: options.nonce,
    organization,
    prompt: options.prompt,
    provider,
    provider_query_params: options.providerQueryParams,
    provider_scopes: options.providerScopes,
    redirect_uri: options.redirectUri,
    response_type: "code",
    state: options.state,
  });
  return requestUrl(api.baseURL, "/sso/authorize", query);
}

/** The URL that begins a sign-in, with a fresh state and PKCE pair. */
export async function ssoAuthorizationUrlWithPKCE(
  api: Transport,
  options: SSOAuthorizationURLWithPKCEOptions,
): Promise<SSOPKCEAuthorizationURLResult> {
  const pkce = new PKCE();
  const { codeVerifier, codeChallenge, codeChallengeMethod } = await pkce.generate();
  const state = pkce.generateCodeVerifier();
  const url = ssoAuthorizationUrl(api, { ...options, codeChallenge, codeChallengeMethod, state });
  return { url, state, codeVerifier };
}

/** Exchanges the code of a redirect for the profile of who signed in. */
export async function exchangeCode<Attributes extends Record<string, unknown>>(
  api: Transport,
  { code, codeVerifier, clientId }: GetProfileAndTokenOptions,
  request?: RequestOptions,
): Promise<ProfileAndToken<Attributes>> {
  const client_id = clientIdOf(api, clientId);
  const { apiKey: client_secret } = api;
  checkGrant(codeVerifier, client_secret);
  if (!code) throw new TypeError("Cannot exchange code: code is empty or missing");
  // The order of the form is part of the contract
  const form = { client_id, grant_type: "authorization_code", code, code_verifier: codeVerifier, client_secret };
  const call = { form, read: readProfileAndToken<Attributes>, public: true, once: true };
  return await api.send("POST", "/sso/token", call, request);
}

/** Fetches the profile an access token stands for. */
export async function fetchProfile<Attributes extends Record<string, unknown>>(
  api: Transport,
  { accessToken }: GetProfileOptions,
  request?: RequestOptions,
): Promise<Profile<Attributes>> {
  if (!accessToken) throw new TypeError("Cannot fetch profile: accessToken is empty or missing");
  return await api.send("GET", "/sso/profile", { accessToken, public: true }, request);
}

/** Reads a profile with its tokens; absent tokens may be sent as `null`. */
function readProfileAndToken<Attributes extends Record<string, unknown>>(wire: Wire): ProfileAndToken<Attributes> {
  const answer = camel<ProfileAndToken<Attributes>>(wire);
  if (answer.oauthTokens === null) delete answer.oauthTokens;
  return answer;
}

function clientIdOf(api: Transport, given: string | undefined): string {
  const clientId = given ?? api.clientId;
  if (clientId) return clientId;
  throw new TypeError("clientId is required. Provide it in method options or when initializing WorkOS.");
}

/** A code is exchanged by who knows the API key, the verifier, or both. */
function checkGrant(codeVerifier: string | undefined, apiKey: string | undefined): void {
  if (codeVerifier !== undefined && codeVerifier.trim() === "") {
    throw new TypeError(
      "codeVerifier cannot be an empty string. Generate a valid PKCE pair using workos.pkce.generate().",
    );
  }
  if (codeVerifier === undefined && !apiKey) {
    throw new TypeError(
      "getProfileAndToken requires either a codeVerifier (for public clients) or an API key configured on the " +
        "WorkOS instance (for confidential clients).",
    );
  }
}
