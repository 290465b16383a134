// Widgets: tokens that let a browser act for one organization and user.

import type { OpenEnum } from "../wire.ts";
import type { OfOrganization, OfUser } from "../entity.ts";
import type { Api, RequestOptions } from "../api.ts";

/** What a widget may do. */
// deno-fmt-ignore
export const WidgetSessionTokenScopes = {
  WidgetsUsersTableManage: "widgets:users-table:manage",
  WidgetsDomainVerificationManage: "widgets:domain-verification:manage", WidgetsSSOManage: "widgets:sso:manage",
  WidgetsApiKeysManage: "widgets:api-keys:manage", WidgetsDsyncManage: "widgets:dsync:manage",
  WidgetsAuditLogStreamingManage: "widgets:audit-log-streaming:manage", WidgetsPipesManage: "widgets:pipes:manage",
} as const;
/** What a widget may do. */
export type WidgetSessionTokenScopes = OpenEnum<typeof WidgetSessionTokenScopes>;

/** Options of `createToken`. */
export interface CreateTokenOptions {
  /** The organization of the widget session. Needed with `scopes`; user-only widgets do not need it. */
  organizationId?: string;
  /** The user of the widget session. */
  userId?: string;
  /** What the widget may do in the organization. */
  scopes?: WidgetSessionTokenScopes[];
}

/** Another name of {@linkcode CreateTokenOptions}. */
export type GetTokenOptions = CreateTokenOptions;

/** A widget token. */
export interface WidgetSessionTokenResponse {
  /** The token, for the browser. */
  token: string;
}

/** Options of `createClientApiToken`. */
export interface CreateClientApiTokenOptions extends OfOrganization, OfUser {}

/** A token for the Client API. */
export type ClientApiTokenResponse = WidgetSessionTokenResponse;

/** Makes short-lived tokens for browsers. */
export class Widgets {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Makes a widget token. `UnprocessableEntityException` when the user lacks a permission. `POST /widgets/token` */
  async createToken(options: CreateTokenOptions, request?: RequestOptions): Promise<WidgetSessionTokenResponse> {
    return await this.#api.send("POST", "/widgets/token", { body: options }, request);
  }

  /** Makes a token for the Client API (GraphQL), which widgets of your own can call. `POST /client/token` */
  async createClientApiToken(
    options: CreateClientApiTokenOptions,
    request?: RequestOptions,
  ): Promise<ClientApiTokenResponse> {
    return await this.#api.send("POST", "/client/token", { body: options }, request);
  }
}
