// Admin Portal: where your customers' administrators set up SSO, directories, log streams and so on.

import type { OpenEnum, OpenString } from "../wire.ts";
import type { Api, RequestOptions } from "../api.ts";

/** What an administrator sets up in the Admin Portal. */
// deno-fmt-ignore
export const GenerateLinkIntent = {
  SSO: "sso", DSync: "dsync", AuditLogs: "audit_logs", LogStreams: "log_streams",
  DomainVerification: "domain_verification", CertificateRenewal: "certificate_renewal",
  BringYourOwnKey: "bring_your_own_key",
} as const;
/** What an administrator sets up in the Admin Portal. */
export type GenerateLinkIntent = OpenEnum<typeof GenerateLinkIntent>;

/** Preselection in the Admin Portal for the intent `sso`. */
export interface SSOIntentOptions {
  /** Slug of the bookmark. */
  bookmarkSlug?: string;
  /** Type of the provider to set up. */
  providerType?: "GoogleSAML" | OpenString;
}

/** Preselection in the Admin Portal. */
export interface IntentOptions {
  /** For the intent `sso`. */
  sso: SSOIntentOptions;
}

/** Options of `generateLink`. */
export interface GenerateLink {
  /** Id of the organization. */
  organization: string;
  /** What the administrator sets up. */
  intent?: GenerateLinkIntent;
  /** Where your logo links to. Default: the return URL configured in the dashboard. */
  returnUrl?: string;
  /** Where the administrator goes when done. Default: the success URL configured in the dashboard. */
  successUrl?: string;
  /** Preselection in the portal. */
  intentOptions?: IntentOptions;
  /** Email addresses of administrators, up to 20; sent as `admin_emails`, the Node SDK's name for `itContactEmails`. */
  adminEmails?: string[];
  /** Email addresses of the IT contacts who get access, up to 20. */
  itContactEmails?: string[];
}

/** A link to the Admin Portal. */
export interface PortalLinkResponse {
  /** The link. It is valid for a short time: redirect to it at once instead of sending it. */
  link: string;
}

/** Makes links to the Admin Portal. */
export class AdminPortal {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Makes a link to the Admin Portal for an organization. `POST /portal/generate_link` */
  async generateLink(options: GenerateLink, request?: RequestOptions): Promise<PortalLinkResponse> {
    // The two lists of addresses keep their names, as it is unknown whether the API treats them alike
    return await this.#api.send("POST", "/portal/generate_link", { body: options }, request);
  }
}
