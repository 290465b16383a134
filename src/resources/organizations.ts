// Organizations: the customers of an app, with their domains and IT contacts.

import type { Entity, OfOrganization, OfUser } from "../entity.ts";
import type { AutoPaginatable, List, PaginationOptions } from "../page.ts";
import { type Api, readList, type RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import { camel, type OpenEnum, type OpenString, type Wire } from "../wire.ts";
import type { OrganizationDomain } from "./organization_domains.ts";
import type { UserAuthorizedApplication } from "./user_management/authorized_applications.ts";
import { readUserAuthorizedApplication } from "./user_management/authorized_applications.ts";

/** A customer of the app. `Metadata` is the shape of your own `metadata`. */
export interface Organization<Metadata extends object = Record<string, string>> extends Entity<"organization"> {
  /** Name of the organization; need not be unique. */
  name: string;
  /** @deprecated Whether users with other domains may sign in; the API no longer promises to send it. */
  allowProfilesOutsideOrganization?: boolean;
  /** Domains of the organization, verified or not. */
  domains: OrganizationDomain[];
  /** Id of the organization's customer at Stripe; absent when none was set. */
  stripeCustomerId?: string;
  /** Your own id for this organization, or `null` when none was set. */
  externalId: string | null;
  /** Your own data, under the keys you set; empty when none was set. */
  metadata: Metadata;
}

/** Whether you vouch that an organization owns a domain. */
export const DomainDataState = { Verified: "verified", Pending: "pending" } as const;
/** Whether you vouch that an organization owns a domain. */
export type DomainDataState = OpenEnum<typeof DomainDataState>;
/** The values as types, such as `DomainDataState.Verified`. */
// deno-fmt-ignore
export declare namespace DomainDataState {
  /** You know that the organization owns the domain. */ type Verified = "verified";
  /** The API requires a proof. */ type Pending = "pending";
}

/** A domain to add to an organization. */
export interface DomainData {
  /** The domain, such as `example.com`. */
  domain: string;
  /** `verified` when you know that the organization owns the domain: the API then requires no proof. */
  state: DomainDataState;
}

/** Options of {@linkcode Organizations.listOrganizations}. */
export interface ListOrganizationsOptions extends PaginationOptions {
  /** Only organizations that have one of these domains. */
  domains?: string[];
  /** Only organizations whose name matches this text. */
  search?: string;
}

/** What {@linkcode Organizations.createOrganization} takes. */
export interface CreateOrganizationOptions<Metadata extends object = Record<string, string>> {
  /** Name of the organization. */
  name: string;
  /** Domains of the organization, each with its state. */
  domainData?: DomainData[];
  /** @deprecated Domains of the organization: use `domainData`. */
  domains?: string[];
  /** @deprecated Whether users with other domains may sign in to the organization. */
  allowProfilesOutsideOrganization?: boolean;
  /** Your own id for the organization: ASCII, at most 128 characters; `null` for none. */
  externalId?: string | null;
  /** Your own data: at most 50 keys of at most 40 characters, with values of at most 600. Keys are sent as they are. */
  metadata?: Metadata | null;
}

/** Options of the call that creates an organization; the same as those of any call. */
export type CreateOrganizationRequestOptions = RequestOptions;

/** What {@linkcode Organizations.updateOrganization} takes. Fields that are left out stay as they are. */
export interface UpdateOrganizationOptions extends Partial<CreateOrganizationOptions> {
  /** The organization to change. */
  organization: string;
  /** Id of the organization's customer at Stripe; `null` removes it. */
  stripeCustomerId?: string | null;
}

/** What an IT contact can be asked to set up. */
// deno-fmt-ignore
export const ItContactIntent = {
  SSO: "sso", DirectorySync: "directory_sync", LogStreams: "log_streams", DomainVerification: "domain_verification",
  BringYourOwnKey: "bring_your_own_key",
} as const;
/** What an IT contact can be asked to set up. */
export type ItContactIntent = OpenEnum<typeof ItContactIntent>;

/** A person who sets up an organization's connections in the Admin Portal. */
export interface ItContact extends Entity<"it_contact"> {
  /** The contact's email address. */
  email: string;
}

/** What {@linkcode Organizations.listItContacts} takes. */
export type ListItContactsOptions = OfOrganization;
/** What {@linkcode Organizations.createItContact} takes. */
export interface CreateItContactOptions extends OfOrganization, Pick<ItContact, "email"> {}
/** What {@linkcode Organizations.deleteItContact} takes. */
export interface DeleteItContactOptions extends OfOrganization {
  /** Id of the contact. */
  contactId: string;
}
/** What {@linkcode Organizations.inviteItContact} takes. */
export interface InviteItContactOptions extends DeleteItContactOptions {
  /** What the contact is invited to set up. */
  intents: ItContactIntent[];
}
/** What {@linkcode Organizations.revokeItContact} takes. */
export type RevokeItContactOptions = DeleteItContactOptions;

/** The destination to which an organization's audit log is streamed. */
export interface AuditLogStream {
  /** Unique id of the stream. */
  id: string;
  /** The kind of destination. */
  // deno-fmt-ignore
  type:
    | "AzureSentinel" | "Datadog" | "GenericHttps" | "GoogleCloudStorage" | "S3" | "Snowflake" | "Splunk"
    | OpenString;
  /** Whether events are delivered. */
  state: "active" | "inactive" | "error" | "invalid" | OpenString;
  /** When an event was last delivered, ISO 8601; `null` if never. */
  lastSyncedAt: string | null;
  /** When the stream was created, ISO 8601. */
  createdAt: string;
}

/** How an organization's audit log is set up. */
export interface AuditLogConfiguration extends OfOrganization {
  /** Days until an event is deleted. */
  retentionPeriodInDays: number;
  /** Whether the audit log is in use. */
  state: "active" | "inactive" | "disabled" | OpenString;
  /** The destination of the log stream; absent when there is none. */
  logStream?: AuditLogStream;
}

/** Options of {@linkcode Organizations.listOrganizationAuthorizedApplications}. */
export interface ListOrganizationAuthorizedApplicationsOptions extends OfOrganization, PaginationOptions {}

/** A Connect application that a user of an organization has authorized. */
export interface OrganizationAuthorizedApplication extends UserAuthorizedApplication, OfUser {}

/** Reads an organization; fills in what the API leaves out because it was never set. */
export function readOrganization(wire: Wire): Organization {
  const organization = camel<Organization>(wire);
  organization.externalId ??= null;
  organization.metadata ??= {};
  return organization;
}

/** Calls on organizations and their IT contacts. */
export class Organizations {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  // For the overloads see UserManagement.getUser
  /** Lists organizations. `GET /organizations` */
  listOrganizations<M extends object = Record<string, string>>(
    options?: ListOrganizationsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<Organization<M>, ListOrganizationsOptions>>;
  /** The same, with metadata of strings. */
  listOrganizations<M extends object = Record<string, string>>(
    options?: ListOrganizationsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<Organization, ListOrganizationsOptions>>;
  async listOrganizations(
    options?: ListOrganizationsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<Organization, ListOrganizationsOptions>> {
    return await this.#api.list("/organizations", { query: options, read: readOrganization }, request);
  }

  /**
   * Creates an organization. Throws {@linkcode GenericServerException} with the code `external_id_already_used`, and
   * {@linkcode ConflictException} when another one has verified one of the domains. `POST /organizations`
   */
  createOrganization<M extends object = Record<string, string>>(
    payload: CreateOrganizationOptions<NoInfer<M>>,
    request?: CreateOrganizationRequestOptions,
  ): Promise<Organization<M>>;
  /** The same, with metadata of strings. */
  createOrganization<M extends object = Record<string, string>>(
    payload: CreateOrganizationOptions<M & Record<string, string>>, // metadata of another shape must not match
    request?: CreateOrganizationRequestOptions,
  ): Promise<Organization>;
  async createOrganization(
    payload: CreateOrganizationOptions,
    request?: CreateOrganizationRequestOptions,
  ): Promise<Organization> {
    return await this.#api.send("POST", "/organizations", { body: payload, read: readOrganization }, request);
  }

  /** Deletes an organization for good. `DELETE /organizations/{id}` */
  async deleteOrganization(id: string, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/organizations/${id}`, {}, request);
  }

  /** Fetches one organization. `GET /organizations/{id}` */
  getOrganization<M extends object = Record<string, string>>(
    id: string,
    request?: RequestOptions,
  ): Promise<Organization<M>>;
  /** The same, with metadata of strings. */
  getOrganization<M extends object = Record<string, string>>(
    id: string,
    request?: RequestOptions,
  ): Promise<Organization>;
  async getOrganization(id: string, request?: RequestOptions): Promise<Organization> {
    return await this.#api.send("GET", path`/organizations/${id}`, { read: readOrganization }, request);
  }

  /** Fetches the organization with your own id. `GET /organizations/external_id/{externalId}` */
  getOrganizationByExternalId<M extends object = Record<string, string>>(
    externalId: string,
    request?: RequestOptions,
  ): Promise<Organization<M>>;
  /** The same, with metadata of strings. */
  getOrganizationByExternalId<M extends object = Record<string, string>>(
    externalId: string,
    request?: RequestOptions,
  ): Promise<Organization>;
  async getOrganizationByExternalId(externalId: string, request?: RequestOptions): Promise<Organization> {
    const target = path`/organizations/external_id/${externalId}`;
    return await this.#api.send("GET", target, { read: readOrganization }, request);
  }

  /** Changes an organization; fields that are left out stay as they are. `PUT /organizations/{organization}` */
  updateOrganization<M extends object = Record<string, string>>(
    options: UpdateOrganizationOptions,
    request?: RequestOptions,
  ): Promise<Organization<M>>;
  /** The same, with metadata of strings. */
  updateOrganization<M extends object = Record<string, string>>(
    options: UpdateOrganizationOptions,
    request?: RequestOptions,
  ): Promise<Organization>;
  async updateOrganization(options: UpdateOrganizationOptions, request?: RequestOptions): Promise<Organization> {
    const { organization, ...body } = options;
    return await this.#api.send("PUT", path`/organizations/${organization}`, { body, read: readOrganization }, request);
  }

  /** Fetches every IT contact of an organization. `GET /organizations/{organizationId}/it_contacts` */
  async listItContacts({ organizationId }: ListItContactsOptions, request?: RequestOptions): Promise<List<ItContact>> {
    const target = path`/organizations/${organizationId}/it_contacts`;
    return await this.#api.send("GET", target, { read: readList<ItContact> }, request);
  }

  /** Adds an IT contact, told of expiring certificates but not invited. `POST /organizations/{id}/it_contacts` */
  async createItContact(options: CreateItContactOptions, request?: RequestOptions): Promise<ItContact> {
    const { organizationId, ...body } = options;
    return await this.#api.send("POST", path`/organizations/${organizationId}/it_contacts`, { body }, request);
  }

  /** Removes an IT contact and its setup links. `DELETE /organizations/{organizationId}/it_contacts/{contactId}` */
  async deleteItContact(options: DeleteItContactOptions, request?: RequestOptions): Promise<void> {
    const target = path`/organizations/${options.organizationId}/it_contacts/${options.contactId}`;
    await this.#api.send("DELETE", target, {}, request);
  }

  /**
   * Emails an IT contact a setup link to the Admin Portal. Throws {@linkcode ConflictException} when the organization
   * already has an open invitation. `POST /organizations/{organizationId}/it_contacts/{contactId}/invite`
   */
  async inviteItContact(options: InviteItContactOptions, request?: RequestOptions): Promise<void> {
    const { organizationId, contactId, ...body } = options;
    const target = path`/organizations/${organizationId}/it_contacts/${contactId}/invite`;
    await this.#api.send("POST", target, { body, noContent: true }, request);
  }

  /** Revokes the Admin Portal invitation. `POST /organizations/{organizationId}/it_contacts/{contactId}/revoke` */
  async revokeItContact(options: RevokeItContactOptions, request?: RequestOptions): Promise<void> {
    const target = path`/organizations/${options.organizationId}/it_contacts/${options.contactId}/revoke`;
    await this.#api.send("POST", target, { noContent: true }, request);
  }

  /** Fetches how an organization's audit log is kept and streamed. `GET /organizations/{id}/audit_log_configuration` */
  async getAuditLogConfiguration(id: string, request?: RequestOptions): Promise<AuditLogConfiguration> {
    return await this.#api.send("GET", path`/organizations/${id}/audit_log_configuration`, {}, request);
  }

  /** Lists the Connect applications that users have authorized. `GET /organizations/{id}/authorized_applications` */
  async listOrganizationAuthorizedApplications(
    { organizationId, ...query }: ListOrganizationAuthorizedApplicationsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<OrganizationAuthorizedApplication>> {
    const target = path`/organizations/${organizationId}/authorized_applications`;
    const read = readUserAuthorizedApplication<OrganizationAuthorizedApplication>;
    return await this.#api.list(target, { query, read }, request);
  }
}
