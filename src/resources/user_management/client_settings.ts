/**
 * What sign-in is configured with: CORS origins, redirect URIs and the template of access tokens.
 *
 * @module
 */

/** An origin whose pages may call the API. */
export interface CorsOrigin {
  /** Always `cors_origin`. */
  object: "cors_origin";
  /** Id of the origin. */
  id: string;
  /** The origin, such as `https://app.example.com`. */
  origin: string;
  /** Time of creation (ISO 8601). */
  createdAt: string;
  /** Time of the last change (ISO 8601). */
  updatedAt: string;
}

/** An origin to allow. */
export interface CreateCorsOriginOptions {
  /** The origin, such as `https://app.example.com`. */
  origin: string;
}

/** A URI to which users may return after sign-in. */
export interface RedirectUri {
  /** Always `redirect_uri`. */
  object: "redirect_uri";
  /** Id of the redirect URI. */
  id: string;
  /** The URI. */
  uri: string;
  /** Whether it is used when a request names none. */
  default: boolean;
  /** Time of creation (ISO 8601). */
  createdAt: string;
  /** Time of the last change (ISO 8601). */
  updatedAt: string;
}

/** A redirect URI to allow. */
export interface CreateRedirectUriOptions {
  /** The URI. */
  uri: string;
}

/** The template that adds claims to access tokens. */
export interface JwtTemplate {
  /** Always `jwt_template`. */
  object: "jwt_template";
  /** The template, in Liquid. */
  content: string;
  /** Time of creation (ISO 8601). */
  createdAt: string;
  /** Time of the last change (ISO 8601). */
  updatedAt: string;
}

/** The new template of access tokens. */
export interface UpdateJwtTemplateOptions {
  /** The template, in Liquid. */
  content: string;
}
