// Admin Portal: where your customers' administrators set up SSO, directories, log streams and the like.

import type { OpenEnum, OpenString } from "../wire.ts";
import type { Api, RequestOptions } from "../api.ts";

/** What an administrator is to do in the Admin Portal. */
// deno-fmt-ignore
export const GenerateLinkIntent = {
  SSO: "sso", DSync: "dsync", AuditLogs: "audit_logs", LogStreams: "log_streams",
  DomainVerification: "domain_verification", CertificateRenewal: "certificate_renewal",
  BringYourOwnKey: "bring_your_own_key",
} as const;
/** What an administrator is to do in the Admin Portal. The API may add values. */
export type GenerateLinkIntent = OpenEnum<typeof GenerateLinkIntent>;

/** What the Admin Portal begins with for the intent `sso`. */
export interface SSOIntentOptions {
  /** Slug of the bookmark. */
  bookmarkSlug?: string;
  /** Type of the provider to set up. */
  providerType?: "GoogleSAML" | OpenString;
}

/** What the Admin Portal begins with. */
export interface IntentOptions {
  /** For the intent `sso`. */
  sso: SSOIntentOptions;
}

/** Options of `generateLink`. */
export interface GenerateLink {
  /** Id of the organization. */
  organization: string;
  /** What the administrator is to do. */
  intent?: GenerateLinkIntent;
  /** Where your logo leads. Default: the return URL configured in the dashboard. */
  returnUrl?: string;
  /** Where the administrator goes when done. Default: the success URL configured in the dashboard. */
  successUrl?: string;
  /** What the portal begins with. */
  intentOptions?: IntentOptions;
  /** Email addresses of administrators, up to 20; sent as `admin_emails`, the Node SDK's name for `itContactEmails`. */
  adminEmails?: string[];
  /** Email addresses of the IT contacts who get access, up to 20. */
  itContactEmails?: string[];
}

/** A link to the Admin Portal. */
export interface PortalLinkResponse {
  /** The link; valid for a short time, so redirect to it instead of sending it. */
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
    // The API description knows `it_contact_emails` only, the Node SDK sends `admin_emails`: each option keeps its
    // own wire name, as nothing tells whether the API treats them alike.
    return await this.#api.send("POST", "/portal/generate_link", { body: options }, request);
  }
}
