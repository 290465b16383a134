// Directories of employees, synced from an organization's identity provider: the directories, their users and groups.

import type { Entity, Timestamps } from "../entity.ts";
import type { AutoPaginatable, PaginationOptions } from "../page.ts";
import type { Api, RequestOptions } from "../api.ts";
import { path } from "../url.ts";
import { camel, type OpenString, type Wire } from "../wire.ts";
import type { OrganizationDomain } from "./organization_domains.ts";
import type { RoleResponse } from "./roles.ts";

/** The kind of provider behind a directory. */
// deno-fmt-ignore
export type DirectoryType =
  | "azure scim v2.0" | "bamboohr" | "breathe hr" | "cezanne hr" | "cyberark scim v2.0" | "fourth hr"
  | "generic scim v2.0" | "gsuite directory" | "gusto" | "hibob" | "jump cloud scim v2.0" | "okta scim v2.0"
  | "onelogin scim v2.0" | "people hr" | "personio" | "pingfederate scim v2.0" | "rippling" | "rippling scim v2.0"
  | "s3" | "sailpoint scim v2.0" | "sftp" | "sftp workday" | "workday" | OpenString;

/** State of a directory. The API's `linked` and `unlinked` are read as `active` and `inactive`, except in events. */
export type DirectoryState = "active" | "deleting" | "inactive" | "invalid_credentials" | "validating" | OpenString;

/** How many users and groups a directory has. */
export interface DirectoryMetadata {
  /** Users by their state. */
  users: {
    /** Number of active users. */
    active: number;
    /** Number of inactive users. */
    inactive: number;
  };
  /** Number of groups. */
  groups: number;
}

/** Members of a directory in responses and in events. */
export interface BaseDirectory extends Entity<"directory"> {
  /** External key of the directory. */
  externalKey: string;
  /** Name of the directory. */
  name: string;
  /** The organization the directory belongs to. */
  organizationId?: string;
  /** Whether the directory is connected to its provider; in events as the API sends it. */
  state: DirectoryState;
  /** The kind of provider. */
  type: DirectoryType;
}

/** A connection to an organization's employee directory. */
export interface Directory extends BaseDirectory {
  /** Domain of the organization; absent when it has none. */
  domain?: string;
  /** Counts of users and groups; absent where the API does not send them. */
  metadata?: DirectoryMetadata;
}

/** A domain of the organization a directory in an event belongs to. */
export interface EventDirectoryDomain extends Pick<OrganizationDomain, "object" | "id" | "domain"> {}

/** A directory in the events `dsync.activated` and `dsync.deleted`; the latter has no domains and no external key. */
export interface EventDirectory extends BaseDirectory {
  /** Domains of the organization. */
  domains: EventDirectoryDomain[];
}

/** Members that users and groups of a directory share. */
export interface DirectoryMember {
  /** The provider's id; its format depends on the provider. */
  idpId: string;
  /** The directory. */
  directoryId: string;
  /** The organization of the directory, or `null` when it has none. */
  organizationId: string | null;
}

/** A group of a directory. */
export interface DirectoryGroup extends Timestamps, DirectoryMember {
  /** Always `directory_group`; absent in older responses. */
  object?: "directory_group";
  /** Unique id of the group. */
  id: string;
  /** Name of the group. */
  name: string;
  /** The provider's attributes, under its own keys. */
  // deno-lint-ignore no-explicit-any -- callers of the Node SDK read into it without naming its type
  rawAttributes?: any;
}

/** Attributes of a directory user, under the names that your mapping gives them. */
export type DefaultCustomAttributes = Record<string, unknown>;

/** One of the mail addresses of a directory user. */
export interface DirectoryUserEmail {
  /** Whether it is the primary one. */
  primary?: boolean;
  /** Kind of address, such as `work`. */
  type?: string;
  /** The address. */
  value?: string | null;
}

/** A user of a directory. */
export interface DirectoryUser<
  TCustomAttributes extends object = DefaultCustomAttributes,
  // deno-lint-ignore no-explicit-any -- callers of the Node SDK read into it without naming its type
  TRawAttributes = any,
> extends Entity<"directory_user">, DirectoryMember {
  /** @deprecated The provider's attributes, under its own keys: map what you need to custom attributes. */
  rawAttributes: TRawAttributes;
  /** Attributes, under the names that your mapping gives them. */
  customAttributes: TCustomAttributes;
  /** First name, or `null` when unknown. */
  firstName: string | null;
  /** Main mail address, or `null` when unknown. */
  email: string | null;
  /** Last name, or `null` when unknown. */
  lastName: string | null;
  /** Full name, or `null` when unknown. */
  name?: string | null;
  /** @deprecated Every mail address: use {@linkcode DirectoryUser.email}, or map a custom attribute. */
  emails?: DirectoryUserEmail[];
  /** @deprecated Job title, or `null` when unknown: map a custom attribute. */
  jobTitle?: string | null;
  /** @deprecated User name, or `null` when unknown: map a custom attribute. */
  username?: string | null;
  /** Whether the user is active at the provider. */
  state: "active" | "inactive" | "suspended" | OpenString;
  /** Role of the user; absent when roles are not mapped. */
  role?: RoleResponse;
  /** Every role of the user; absent when roles are not mapped. */
  roles?: RoleResponse[];
}

/** A user of a directory with its groups. */
export interface DirectoryUserWithGroups<TCustomAttributes extends object = DefaultCustomAttributes>
  extends DirectoryUser<TCustomAttributes> {
  /** @deprecated Groups of the user; empty for newer teams: call {@linkcode DirectorySync.listGroups} with `user`. */
  groups: DirectoryGroup[];
}

/** Options of {@linkcode DirectorySync.listDirectories}. */
export interface ListDirectoriesOptions extends PaginationOptions {
  /** Only directories of this organization. */
  organizationId?: string;
  /** Only directories whose name matches this text. */
  search?: string;
  /** @deprecated Only directories with this domain: filter by `organizationId`. */
  domain?: string;
}

/** Options of {@linkcode DirectorySync.listGroups}: give a directory or a user. */
export interface ListDirectoryGroupsOptions extends PaginationOptions {
  /** Id of the directory whose groups to list. */
  directory?: string;
  /** Id of the directory user whose groups to list. */
  user?: string;
}

/** Options of {@linkcode DirectorySync.listUsers}: give a directory or a group. */
export interface ListDirectoryUsersOptions extends PaginationOptions {
  /** Id of the directory whose users to list. */
  directory?: string;
  /** Id of the directory group whose users to list. */
  group?: string;
  /** Only the user with this main mail address; needs `directory`. */
  email?: string;
  /** Only the user with this id at the provider; needs `directory`. */
  idpId?: string;
}

/** Calls on directories, their users and their groups. */
export class DirectorySync {
  readonly #api: Api;

  /** Made by the client. */
  constructor(api: Api) {
    this.#api = api;
  }

  /** Lists directories: `GET /directories`. */
  async listDirectories(
    options?: ListDirectoriesOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<Directory, ListDirectoriesOptions>> {
    return await this.#api.list("/directories", { query: options, read: readDirectory }, request);
  }

  /** Fetches one directory: `GET /directories/{id}`. */
  async getDirectory(id: string, request?: RequestOptions): Promise<Directory> {
    return await this.#api.send("GET", path`/directories/${id}`, { read: readDirectory }, request);
  }

  /** Deletes a directory with its users and groups: `DELETE /directories/{id}`. This cannot be undone. */
  async deleteDirectory(id: string, request?: RequestOptions): Promise<void> {
    await this.#api.send("DELETE", path`/directories/${id}`, {}, request);
  }

  /** Lists the groups of a directory or of a user: `GET /directory_groups`. */
  async listGroups(
    options: ListDirectoryGroupsOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<DirectoryGroup, ListDirectoryGroupsOptions>> {
    return await this.#api.list("/directory_groups", { query: options }, request);
  }

  /** Lists the users of a directory or of a group: `GET /directory_users`. */
  async listUsers<TCustomAttributes extends object = DefaultCustomAttributes>(
    options: ListDirectoryUsersOptions,
    request?: RequestOptions,
  ): Promise<AutoPaginatable<DirectoryUserWithGroups<TCustomAttributes>, ListDirectoryUsersOptions>> {
    const read = readDirectoryUserWithGroups<DirectoryUserWithGroups<TCustomAttributes>>;
    return await this.#api.list("/directory_users", { query: options, read }, request);
  }

  /** Fetches one directory user by its id: `GET /directory_users/{id}`. */
  async getUser<TCustomAttributes extends object = DefaultCustomAttributes>(
    user: string,
    request?: RequestOptions,
  ): Promise<DirectoryUserWithGroups<TCustomAttributes>> {
    const read = readDirectoryUserWithGroups<DirectoryUserWithGroups<TCustomAttributes>>;
    return await this.#api.send("GET", path`/directory_users/${user}`, { read }, request);
  }

  /** Fetches one directory group by its id: `GET /directory_groups/{id}`. */
  async getGroup(group: string, request?: RequestOptions): Promise<DirectoryGroup> {
    return await this.#api.send("GET", path`/directory_groups/${group}`, {}, request);
  }
}

/** Reads a directory; except in events, the API calls the states `active` and `inactive` `linked` and `unlinked`. */
export function readDirectory(wire: Wire): Directory {
  const directory = camel<Directory>(wire);
  if (directory.state === "linked") directory.state = "active";
  if (directory.state === "unlinked") directory.state = "inactive";
  if (directory.metadata) directory.metadata = camel(directory.metadata); // counts, not the customer's data
  return directory;
}

/** Reads a directory user; an update event may leave out `object`. */
export function readDirectoryUser<T extends DirectoryUser<object> = DirectoryUser>(wire: Wire): T {
  const user = camel<T>(wire);
  user.object ??= "directory_user";
  return user;
}

/** Reads a directory user with its groups, which the API is going to stop sending; absent ones become `[]`. */
export function readDirectoryUserWithGroups<T extends DirectoryUserWithGroups<object>>(wire: Wire): T {
  const user = readDirectoryUser<T>(wire);
  user.groups ??= [];
  return user;
}
