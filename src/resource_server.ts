// An API or MCP server that accepts access tokens: identifies the sender of a request, or makes the response that tells
// the client where to get a token (RFC 6750, RFC 9728).

import { badOption } from "./errors.ts";
import type { JwtFailure } from "./jwt.ts";
import type {
  AccessTokenClaims,
  AccessTokenResult,
  VerifyAccessTokenOptions,
} from "./resources/user_management/access_tokens.ts";
import { unavailability } from "./resources/user_management/session_refresh.ts";
import { parseUrl } from "./url.ts";

/** Verifies access tokens: the `userManagement` of a client, or a stand-in. */
export interface AccessTokenVerifier {
  /** Verifies one access token; throws when it cannot be verified at present. */
  verifyAccessToken<Claims extends object = object>(
    token: string,
    options?: VerifyAccessTokenOptions,
  ): Promise<AccessTokenResult<Claims>>;
}

/** Options of {@linkcode ResourceServer}. */
export interface ResourceServerOptions extends Omit<VerifyAccessTokenOptions, "audience"> {
  /** URL of this API, as clients call it. */
  resource: string;
  /** Issuers of the tokens, such as `https://your-app.authkit.app`; also the default of `issuer`. */
  authorizationServers: readonly string[];
  /** Accepted audiences. Default: `resource`. `false` skips the check, as for session tokens, which have none. */
  audience?: string | readonly string[] | false;
  /** Whether the token must belong to a session. Default: `false`. */
  requireSession?: boolean;
  /** Scopes that clients may request, for the metadata. */
  scopesSupported?: readonly string[];
  /** Name of this API for people, for the metadata. */
  resourceName?: string;
  /** URL of the documentation of this API, for the metadata. */
  resourceDocumentation?: string;
}

/** The metadata of a protected resource (RFC 9728 section 2), with the names of that document. */
export interface ProtectedResourceMetadata {
  /** URL of the API. */
  resource: string;
  /** Issuers of tokens for it. */
  authorization_servers: string[];
  /** How tokens are sent: only in the `Authorization` header. */
  bearer_methods_supported: ["header"];
  /** Scopes that clients may request. */
  scopes_supported?: string[];
  /** Name of the API for people. */
  resource_name?: string;
  /** URL of the documentation of the API. */
  resource_documentation?: string;
}

/** Why a request was refused: the failure of its token, or another reason. */
export type RefusalReason = JwtFailure | "no_token" | "insufficient_scope" | "unavailable";

/** The sender of a request, or the response that refuses it. */
export type RequestPrincipal<Claims extends object = object> =
  | {
    /** The token is valid. */
    ok: true;
    /** The claims of the token. */
    claims: AccessTokenClaims & Claims;
    /** The token, for calls to other services. */
    token: string;
  }
  | {
    /** The request is refused. */
    ok: false;
    /** Why it is refused. */
    reason: RefusalReason;
    /** The response: 401, 403 for a missing scope, or 503 while tokens cannot be verified. */
    response: Response;
  };

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/**
 * A protected resource: one API that accepts access tokens.
 *
 * ```ts
 * import { ResourceServer, WorkOS } from "@universal/workos";
 *
 * const workos = new WorkOS("sk_123", { clientId: "client_123" });
 * const server = new ResourceServer(workos.userManagement, {
 *   resource: "https://api.example.com/mcp",
 *   authorizationServers: ["https://your-app.authkit.app"],
 * });
 *
 * async function handle(request: Request): Promise<Response> {
 *   const metadata = server.metadataResponse(request);
 *   if (metadata) return metadata;
 *   const principal = await server.authenticate(request, { scopes: ["read"] });
 *   return principal.ok ? new Response(`Hello ${principal.claims.sub}`) : principal.response;
 * }
 * ```
 */
export class ResourceServer {
  /** The metadata document. */
  declare readonly metadata: ProtectedResourceMetadata;
  /** URL of the metadata document: that of the resource, with the well-known path before its own (RFC 9728). */
  declare readonly metadataUrl: string;
  readonly #verifier: AccessTokenVerifier;
  readonly #rules: VerifyAccessTokenOptions;

  /** Throws a `TypeError` for a `resource` that is not an http(s) URL or has a fragment, or without a server. */
  constructor(verifier: AccessTokenVerifier, options: ResourceServerOptions) {
    const { resource, authorizationServers, audience = resource, issuer = authorizationServers, ...rest } = options;
    const { scopesSupported, resourceName, resourceDocumentation, requireSession = false, ...rules } = rest;
    const url = parseUrl(resource);
    if (!url || !/^https?:$/.test(url.protocol) || resource.includes("#")) {
      throw badOption("resource", "it is not an http URL without a fragment");
    }
    if (!authorizationServers?.length) throw badOption("authorizationServers", "it is empty");
    this.metadataUrl = url.origin + WELL_KNOWN + url.pathname.replace(/^\/$/, "") + url.search;
    this.metadata = {
      resource,
      authorization_servers: [authorizationServers].flat(),
      bearer_methods_supported: ["header"],
      ...(scopesSupported && { scopes_supported: [scopesSupported].flat() }),
      ...(resourceName && { resource_name: resourceName }),
      ...(resourceDocumentation && { resource_documentation: resourceDocumentation }),
    };
    this.#verifier = verifier;
    this.#rules = { ...rules, issuer, requireSession, ...(audience !== false && { audience }) };
  }

  /**
   * Identifies the sender of a request by the bearer token in its `Authorization` header, or makes the response that
   * refuses it. The token must have all `scopes`, in its claim `scope`. Throws for errors of the program, such as a
   * `TypeError` without a client id, or the exception for a key set request that fails with a redirect or a 404, as
   * with a wrong client id.
   */
  async authenticate<Claims extends object = object>(
    request: Request,
    { scopes = [] }: { scopes?: readonly string[] } = {},
  ): Promise<RequestPrincipal<Claims>> {
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.get("Authorization") ?? "")?.[1];
    if (!token) return this.#refuse("no_token", 401, { scope: scopes.join(" ") });
    try {
      const result = await this.#verifier.verifyAccessToken<Claims>(token, this.#rules);
      if (!result.ok) {
        const error_description = `The access token is not valid: ${result.reason}`;
        return this.#refuse(result.reason, 401, { error: "invalid_token", error_description });
      }
      const granted = String(result.claims.scope ?? "").split(" ");
      if (scopes.every((scope) => granted.includes(scope))) return { ok: true, claims: result.claims, token };
      return this.#refuse("insufficient_scope", 403, { error: "insufficient_scope", scope: scopes.join(" ") });
    } catch (error) {
      if (!unavailability(error)) throw error;
      const headers = { "Retry-After": "5", "Cache-Control": "no-store" };
      return { ok: false, reason: "unavailable", response: new Response(null, { status: 503, headers }) };
    }
  }

  /** Response to a request for the metadata document, readable from any origin; `undefined` for any other request. */
  metadataResponse(request: Request): Response | undefined {
    const { pathname, search } = new URL(request.url);
    const wanted = new URL(this.metadataUrl);
    if (pathname !== wanted.pathname || search !== wanted.search) return undefined;
    const headers = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" };
    if (request.method === "OPTIONS") return new Response(null, { status: 204, headers });
    if (request.method !== "GET" && request.method !== "HEAD") return undefined;
    return Response.json(this.metadata, { headers });
  }

  #refuse(
    reason: RefusalReason,
    status: number,
    parameters: Record<string, string>,
  ): { ok: false; reason: RefusalReason; response: Response } {
    const pairs = Object.entries({ ...parameters, resource_metadata: this.metadataUrl });
    const texts = pairs.filter(([, value]) => value !== "").map(([name, value]) => `${name}="${quote(value)}"`);
    const headers = { "WWW-Authenticate": `Bearer ${texts.join(", ")}`, "Cache-Control": "no-store" };
    return { ok: false, reason, response: new Response(null, { status, headers }) };
  }
}

/** Escapes a text for a quoted string of a header (RFC 9110 section 5.6.4). */
function quote(text: string): string {
  return text.replace(/["\\]/g, "\\$&");
}
