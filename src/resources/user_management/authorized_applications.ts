// Connect applications that a user has authorized.

import type { OfUser } from "../../entity.ts";
import type { PaginationOptions } from "../../page.ts";
import { camel, type Wire } from "../../wire.ts";
import { type ConnectApplication, readConnectApplication } from "../connect.ts";

/** A Connect application that a user has authorized. */
export interface UserAuthorizedApplication {
  /** Always `authorized_connect_application`. */
  object: "authorized_connect_application";
  /** Id of the authorization. */
  id: string;
  /** Scopes the user granted. */
  grantedScopes: string[];
  /** OAuth resource that the application requested; absent when it requested none. */
  oauthResource?: string;
  /** The application. */
  application: ConnectApplication;
}

/** Which authorized applications to list. */
export interface ListUserAuthorizedApplicationsOptions extends OfUser, PaginationOptions {}

/** The authorization to revoke. */
export interface DeleteUserAuthorizedApplicationOptions extends OfUser {
  /** Id of the application. */
  applicationId: string;
}

/** Reads an authorized application; the application inside has dates. */
export function readUserAuthorizedApplication<T extends UserAuthorizedApplication = UserAuthorizedApplication>(
  wire: Wire,
): T {
  const authorized = camel<T>(wire);
  authorized.application = readConnectApplication(wire.application as Wire);
  return authorized;
}
