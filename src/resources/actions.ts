// AuthKit actions: verify the request, decide, sign the response.

import { byClock, openDelivery, verifyDelivery, type VerifyDeliveryOptions } from "../delivery.ts";
import { signPayload } from "../signature.ts";
import type { Api } from "../api.ts";
import { camel, type Wire } from "../wire.ts";
import { type Organization, readOrganization } from "./organizations.ts";
import type { AuthenticationMethod } from "./user_management/authentication.ts";
import type { Invitation } from "./user_management/invitations.ts";
import { type OrganizationMembership, readOrganizationMembership } from "./user_management/memberships.ts";
import { readUser, type User } from "./user_management/users.ts";

/** Members of every action. */
export interface BaseActionContext {
  /** Id of the action. */
  id: string;
  /** How the user signs in or up. */
  authenticationMethod?: AuthenticationMethod;
  /** IP address of the user. */
  ipAddress?: string;
  /** User agent of the user. */
  userAgent?: string;
  /** Fingerprint of the user's device. */
  deviceFingerprint?: string;
}

/** A sign-in to decide on. */
export interface AuthenticationActionContext extends BaseActionContext {
  /** Always `authentication_action_context`. */
  object: "authentication_action_context";
  /** Who signs in. */
  user: User;
  /** The organization signed in to; absent when there is none. */
  organization?: Organization;
  /** The user's membership of that organization; absent when there is none. */
  organizationMembership?: OrganizationMembership;
  /** Who issues the session. */
  issuer?: string;
}

/** A person who is not a user yet. */
export interface UserData {
  /** Always `user_data`. */
  object: "user_data";
  /** Email address. */
  email: string;
  /** Full name, or `null`. */
  name: string | null;
  /** First name. */
  firstName: string;
  /** Last name. */
  lastName: string;
}

/** A sign-up to decide on. */
export interface UserRegistrationActionContext extends BaseActionContext {
  /** Always `user_registration_action_context`. */
  object: "user_registration_action_context";
  /** Who signs up. */
  userData: UserData;
  /** The invitation that is accepted; absent when there is none. */
  invitation?: Invitation;
}

/** What an action asks about; `object` tells the two kinds apart. */
export type ActionContext = AuthenticationActionContext | UserRegistrationActionContext;

/** A response that lets the user in. */
export interface AllowResponseData {
  /** The decision. */
  verdict: "Allow";
}

/** A response that keeps the user out. */
export interface DenyResponseData {
  /** The decision. */
  verdict: "Deny";
  /** Text shown to the user. Default: the API's. */
  errorMessage?: string;
}

/** The response to a sign-in. */
export type AuthenticationActionResponseData = (AllowResponseData | DenyResponseData) & {
  /** Kind of action. */
  type: "authentication";
};

/** The response to a sign-up. */
export type UserRegistrationActionResponseData = (AllowResponseData | DenyResponseData) & {
  /** Kind of action. */
  type: "user_registration";
};

/** The signed part of a response, with its wire names. */
export interface ResponsePayload {
  /** When it was signed, in milliseconds since the epoch. */
  timestamp: number;
  /** The decision. */
  verdict?: "Allow" | "Deny";
  /** Text shown to the user. */
  error_message?: string;
}

/** A signed response. Send it as it is: `Response.json(signed)`. */
export interface SignedActionResponse {
  /** Kind of response. */
  object: string;
  /** The decision. The signature covers its JSON text, so the order of its members matters. */
  payload: ResponsePayload;
  /** Signature of the timestamp and the payload, in hex. */
  signature: string;
}

/** A request for an action, and what it is verified with. The default tolerance depends on the method. */
export type VerifyActionOptions = VerifyDeliveryOptions;

/** Default maximum age of an action in milliseconds; short, as a user is waiting for the decision. */
const ACTION_TOLERANCE = 30_000;

/** Reads the context of an action, without members that are `null`; of an unknown kind, it is only renamed. */
export function readActionContext(wire: Wire): ActionContext {
  const context = camel<ActionContext>(wire);
  const { user, organization, organization_membership: member } = wire as Record<string, Wire>;
  if (context.object === "authentication_action_context") {
    context.user = readUser(user);
    if (organization) context.organization = readOrganization(organization);
    else delete context.organization;
    if (member) context.organizationMembership = readOrganizationMembership(member);
    else delete context.organizationMembership;
  } else if (context.object === "user_registration_action_context") {
    context.userData.name ??= null;
    if (context.invitation === null) delete context.invitation;
  }
  return context;
}

/** Verifies actions and signs the responses. Needs no API key. */
export class Actions {
  readonly #clock: { now(): number } | undefined;

  /** Made by the client. */
  constructor(api?: Api) {
    this.#clock = api?.clock;
  }

  /**
   * Resolves to `true`, or throws {@linkcode SignatureVerificationException} when an action's request is not genuine.
   * Default tolerance: three minutes. Leaves the body of a request unread. Works without `this`.
   */
  get verifyHeader(): (options: VerifyActionOptions) => Promise<boolean> {
    return async (options) => await verifyDelivery(byClock(options, this.#clock));
  }

  /** Returns the `object` of the response to a kind of action. Throws a `TypeError` for an unknown kind. */
  serializeType(
    type: AuthenticationActionResponseData["type"] | UserRegistrationActionResponseData["type"],
  ): "authentication_action_response" | "user_registration_action_response" {
    if (type === "authentication") return "authentication_action_response";
    if (type === "user_registration") return "user_registration_action_response";
    throw new TypeError("Cannot answer action: its type is unknown");
  }

  /** Signs a response with the action's secret. Throws a `TypeError` for an unknown type or verdict. */
  async signResponse(
    data: AuthenticationActionResponseData | UserRegistrationActionResponseData,
    secret: string,
  ): Promise<SignedActionResponse> {
    const object = this.serializeType(data.type);
    const payload = responsePayload(data, (this.#clock ?? Date).now());
    const text = JSON.stringify(payload);
    return { object, payload, signature: await signPayload({ timestamp: payload.timestamp, payload: text, secret }) };
  }

  /**
   * Verifies an action's request and returns its context. Default tolerance: 30 seconds. A context of an unknown kind
   * is returned with its fields in camelCase. Consumes the body of a request. Throws
   * {@linkcode SignatureVerificationException} when the request is not genuine, and {@linkcode ParseError} when it is
   * genuine, but its body is malformed.
   */
  async constructAction({ tolerance = ACTION_TOLERANCE, ...options }: VerifyActionOptions): Promise<ActionContext> {
    return await openDelivery(byClock({ ...options, tolerance }, this.#clock), readActionContext);
  }
}

function responsePayload(data: AllowResponseData | DenyResponseData, timestamp: number): ResponsePayload {
  const { verdict } = data;
  if (verdict === "Allow") return { timestamp, verdict };
  if (verdict !== "Deny") throw new TypeError("Cannot answer action: its verdict is neither Allow nor Deny");
  const { errorMessage } = data;
  return errorMessage ? { timestamp, verdict, error_message: errorMessage } : { timestamp, verdict };
}
