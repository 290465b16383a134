// Settings of sign-in: CORS origins, redirect URIs and the template of access tokens.

import type { Entity, Timestamps } from "../../entity.ts";

/** An origin to allow. */
export interface CreateCorsOriginOptions {
  /** The origin, such as `https://app.example.com`. */
  origin: string;
}

/** An origin whose pages may call the API. */
export interface CorsOrigin extends Entity<"cors_origin">, CreateCorsOriginOptions {}

/** A URI to which users may return after sign-in. */
export interface RedirectUri extends Entity<"redirect_uri">, CreateRedirectUriOptions {
  /** Whether it is used when a request names none. */
  default: boolean;
}

/** A redirect URI to allow. */
export interface CreateRedirectUriOptions {
  /** The URI. */
  uri: string;
}

/** The template that adds claims to access tokens. */
export interface JwtTemplate extends Timestamps, UpdateJwtTemplateOptions {
  /** Always `jwt_template`. */
  object: "jwt_template";
}

/** The new template of access tokens. */
export interface UpdateJwtTemplateOptions {
  /** The template, in Liquid. */
  content: string;
}
