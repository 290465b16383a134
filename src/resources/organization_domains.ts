// Domains of organizations, and the proof that an organization owns them.

import type { OpenEnum, OpenString } from "../wire.ts";
import type { Entity, OfOrganization } from "../entity.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";

/** State of the verification of a domain. */
// deno-fmt-ignore
export const OrganizationDomainState = {
  Verified: "verified", Pending: "pending", Failed: "failed", Unverified: "unverified",
  LegacyVerified: "legacy_verified",
} as const;
/** State of the verification of a domain. */
export type OrganizationDomainState = OpenEnum<typeof OrganizationDomainState>;
/** The values as types, such as `OrganizationDomainState.Verified`. */
// deno-fmt-ignore
export declare namespace OrganizationDomainState {
  /** The organization owns the domain. */ type Verified = "verified";
  /** Waiting for the proof. */ type Pending = "pending";
  /** The verification failed. */ type Failed = "failed";
  /** Not verified. */ type Unverified = "unverified";
  /** Verified by an older method. */ type LegacyVerified = "legacy_verified";
}

/** How a domain is verified. */
export const OrganizationDomainVerificationStrategy = { Dns: "dns", Manual: "manual" } as const;
/** How a domain is verified: by a DNS record, or manually by a person who vouched for it. */
export type OrganizationDomainVerificationStrategy = OpenEnum<typeof OrganizationDomainVerificationStrategy>;
/** The values as types, such as `OrganizationDomainVerificationStrategy.Dns`. */
// deno-fmt-ignore
export declare namespace OrganizationDomainVerificationStrategy {
  /** By a DNS record. */ type Dns = "dns";
  /** By a person who vouched for the domain. */ type Manual = "manual";
}

/** A domain of an organization. */
export interface OrganizationDomain extends Entity<"organization_domain">, OfOrganization {
  /** The domain itself, such as `example.com`. */
  domain: string;
  /** State of the verification. Trust only a verified domain; absent where the API does not send it. */
  state: OrganizationDomainState;
  /** Value of the TXT record that verifies the domain; absent when it is not verified by DNS. */
  verificationToken?: string;
  /** How the domain is verified; absent where the API does not send it. */
  verificationStrategy: OrganizationDomainVerificationStrategy;
  /** Prefix of the TXT record's name, before the domain; absent when it is not verified by DNS. */
  verificationPrefix?: string;
}

/** A failed verification, in the event `organization_domain.verification_failed`. */
export interface OrganizationDomainVerificationFailed {
  /** Why it failed. */
  reason: "domain_verification_period_expired" | "domain_verified_by_other_organization" | OpenString;
  /** The domain that was not verified. */
  organizationDomain: OrganizationDomain;
}

/** What {@linkcode OrganizationDomains.createOrganizationDomain} takes. */
export interface CreateOrganizationDomainOptions extends OfOrganization, Pick<OrganizationDomain, "domain"> {}

/** Calls on the domains of organizations. */
export class OrganizationDomains {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Fetches one domain. `GET /organization_domains/{id}` */
  async getOrganizationDomain(id: string, request?: RequestOptions): Promise<OrganizationDomain> {
    return await this.#api.send("GET", path`/organization_domains/${id}`, {}, request);
  }

  /**
   * Starts the verification of a domain; the result says which DNS record it needs. Throws
   * {@linkcode GenericServerException} when the domain is already verified. `POST /organization_domains/{id}/verify`
   */
  async verifyOrganizationDomain(id: string, request?: RequestOptions): Promise<OrganizationDomain> {
    return await this.#api.send("POST", path`/organization_domains/${id}/verify`, {}, request);
  }

  /** Adds a domain. {@linkcode ConflictException} when the organization already has it. `POST /organization_domains` */
  async createOrganizationDomain(
    payload: CreateOrganizationDomainOptions,
    request?: RequestOptions,
  ): Promise<OrganizationDomain> {
    return await this.#api.send("POST", "/organization_domains", { body: payload }, request);
  }

  /** Deletes a domain for good. `DELETE /organization_domains/{id}` */
  async deleteOrganizationDomain(id: string, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/organization_domains/${id}`, {}, request);
  }
}
