// AuthKit actions: verify the request, decide, sign the answer.

import { byClock, openDelivery, verifyDelivery, type VerifyDeliveryOptions } from "../delivery.ts";
import { signPayload } from "../signature.ts";
import type { Api } from "../api.ts";
import { camel, type Wire } from "../wire.ts";
import { type Organization, readOrganization } from "./organizations.ts";
import type { AuthenticationMethod } from "./user_management/authentication.ts";
import type { Invitation } from "./user_management/invitations.ts";
import { type OrganizationMembership, readOrganizationMembership } from "./user_management/memberships.ts";
import { readUser, type User } from "./user_management/users.ts";

/** What every action tells. */
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

/** Someone who is not a user yet. */
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

/** What an action asks about; `object` tells which. */
export type ActionContext = AuthenticationActionContext | UserRegistrationActionContext;

/** An answer that lets the user in. */
export interface AllowResponseData {
  /** The decision. */
  verdict: "Allow";
}

/** An answer that keeps the user out. */
export interface DenyResponseData {
  /** The decision. */
  verdict: "Deny";
  /** Text shown to the user. Default: the API's. */
  errorMessage?: string;
}

/** The answer to a sign-in. */
export type AuthenticationActionResponseData = (AllowResponseData | DenyResponseData) & {
  /** Kind of action. */
  type: "authentication";
};

/** The answer to a sign-up. */
export type UserRegistrationActionResponseData = (AllowResponseData | DenyResponseData) & {
  /** Kind of action. */
  type: "user_registration";
};

/** The signed part of an answer, with its wire names. */
export interface ResponsePayload {
  /** When it was signed, in milliseconds since the epoch. */
  timestamp: number;
  /** The decision. */
  verdict?: "Allow" | "Deny";
  /** Text shown to the user. */
  error_message?: string;
}

/** A signed answer. Send it as it is: `Response.json(answer)`. */
export interface SignedActionResponse {
  /** Kind of answer. */
  object: string;
  /** What was decided. Its JSON text is what was signed, so the order of its members matters. */
  payload: ResponsePayload;
  /** Signature of the timestamp and the payload, in hex. */
  signature: string;
}

/** What came in for an action, and what to verify it with. The tolerance is 30 seconds unless a method says otherwise. */
export type VerifyActionOptions = VerifyDeliveryOptions;

/** How old an action may be unless the caller says otherwise, in milliseconds: someone is waiting for it. */
const ACTION_TOLERANCE = 30_000;

/**
 * Reads what an action asks about. What is not there may be `null` and is left out then; an object that is not known
 * here is renamed and otherwise left as it is.
 */
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

/** Verifies and answers actions. Needs no API key. */
export class Actions {
  readonly #clock: { now(): number } | undefined;

  /** Made by the client. */
  constructor(api?: Api) {
    this.#clock = api?.clock;
  }

  /**
   * Verifies the signature of an action's request and resolves to `true`; it may be three minutes old unless
   * `tolerance` says otherwise. The body of a request can still be read afterwards. Needs no receiver. Throws
   * {@linkcode SignatureVerificationException} when the request is not genuine.
   */
  get verifyHeader(): (options: VerifyActionOptions) => Promise<boolean> {
    return async (options) => await verifyDelivery(byClock(options, this.#clock));
  }

  /** The name of the answer to a kind of action. Throws a `TypeError` for an unknown kind. */
  serializeType(
    type: AuthenticationActionResponseData["type"] | UserRegistrationActionResponseData["type"],
  ): "authentication_action_response" | "user_registration_action_response" {
    if (type === "authentication") return "authentication_action_response";
    if (type === "user_registration") return "user_registration_action_response";
    throw new TypeError("Cannot answer action: its type is neither authentication nor user_registration");
  }

  /** Signs an answer with the action's secret. Throws a `TypeError` for an unknown type or verdict. */
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
   * Verifies an action's request and returns what it asks about; it may be 30 seconds old unless `tolerance` says
   * otherwise. An unknown kind of context is returned with its fields in camelCase. The body of a request is read.
   * Throws {@linkcode SignatureVerificationException} when the request is not genuine, and {@linkcode ParseError} when
   * it is, but its body is not a JSON object.
   */
  async constructAction({ tolerance = ACTION_TOLERANCE, ...options }: VerifyActionOptions): Promise<ActionContext> {
    return readActionContext(await openDelivery(byClock({ ...options, tolerance }, this.#clock)));
  }
}

function responsePayload(data: AllowResponseData | DenyResponseData, timestamp: number): ResponsePayload {
  const { verdict } = data;
  if (verdict === "Allow") return { timestamp, verdict };
  if (verdict !== "Deny") throw new TypeError("Cannot answer action: its verdict is neither Allow nor Deny");
  const { errorMessage } = data;
  return errorMessage ? { timestamp, verdict, error_message: errorMessage } : { timestamp, verdict };
}
