import { entityNotFound } from "./answers.ts";
import { isObject } from "./fields.ts";
import type { Ids } from "./ids.ts";
import type { SigningKeys } from "./keys.ts";
import { announce, defined, type Kind, present, type Reader, type Stamped } from "./kind.ts";
import { type EmulatorEvent, EVENTS, WEBHOOK_ENDPOINTS } from "./records.ts";
import { Collection, type Entity, type Match } from "./store.ts";
import type { VaultKeys } from "./vault_keys.ts";
import type { Webhooks } from "./webhooks.ts";

/**
 * Policies of the environment that an {@linkcode Emulator} emulates. Sign-ins with an authorization URL have a verified
 * address, a second factor and the answer to a challenge, as AuthKit asks for them itself.
 */
export interface EmulatorPolicies {
  /** Whether unknown people may sign up by signing in. Default `true`. */
  signUp?: boolean;
  /** Whether an email address must be verified before a session starts. Default `true`. */
  requireEmailVerification?: boolean;
  /** Whether every sign-in with a password or a code needs a second factor. Default `false`. */
  requireMfa?: boolean;
  /** Ids of organizations whose members, and users of their verified domains, must use single sign-on. */
  requireSso?: string[];
  /** How Radar challenges sign-ins with a password. Default `none`. */
  radarChallenge?: "none" | "email" | "sms";
  /**
   * Whether an owner may have several connections to one integration of Pipes. Default `false`, as at WorkOS: until
   * they are available there, a second one is refused with 404 `multiple_connections_unavailable`.
   */
  multipleConnections?: boolean;
  /** Minimum length of a password. Default 10. */
  passwordMinLength?: number;
  /** Where a sign-out without `return_to` leads. Default: the URL of the emulator. */
  logoutRedirect?: string;
}

/** The policies as they are, and the options that never change. */
export interface Settings extends Required<EmulatorPolicies> {
  apiKey: string;
  clientId: string;
  /** Without a closing slash. */
  baseURL: string;
  /** The `iss` of access tokens. */
  issuer: string;
}

/** An email or text message that WorkOS would have sent. */
export interface Message {
  /** Kind of message. */
  type:
    | "email_verification"
    | "email_change"
    | "magic_auth"
    | "passwordless"
    | "password_reset"
    | "invitation"
    | "it_contact"
    | "waitlist"
    | "radar_challenge"
    | "sms_challenge";
  /** Email address or phone number of the recipient. */
  to: string;
  /** Id of the object it belongs to. */
  id: string;
  /** The one-time code in it. */
  code?: string;
  /** The token in its link. */
  token?: string;
  /** Its link. */
  url?: string;
}

/** Adds claims to an access token. */
export type ClaimSource = (session: { user_id: string; organization_id?: string }, world: World) => object;

/** What a {@linkcode World} is made of. */
export interface WorldParts {
  settings: Settings;
  ids: Ids;
  keys: SigningKeys;
  vaultKeys: Pick<VaultKeys, "seal" | "open">;
  webhooks: Webhooks;
  now: () => number;
  claims: readonly ClaimSource[];
}

/** The parts of a record its creator provides. */
export type Content<T extends Stamped> = Omit<T, keyof Stamped> & Partial<Stamped>;

const REMEMBERED = 1_000;

/** What a world is made of is part of it. */
export interface World extends Readonly<WorldParts> {}

/** All state of an emulator between two resets. */
export class World implements Reader {
  readonly outbox: Message[] = [];
  /** Id of the user who signs in when a request names none. */
  defaultUser: string | undefined;
  /** The organization that this user chooses. */
  defaultOrganization: string | undefined;
  readonly #collections = new Map<string, unknown>();
  #quiet = false;

  /** Starts empty. */
  constructor(parts: WorldParts) {
    Object.assign(this, parts);
  }

  /** A world of other parts with the same records, to try something there. */
  copy(parts: Pick<WorldParts, "ids" | "vaultKeys" | "webhooks" | "now">): World {
    const { settings, keys, claims } = this;
    const copy = new World({ settings, keys, claims, ...parts });
    for (const [name, records] of this.#collections) {
      copy.#collections.set(name, (records as Collection<Entity>).copy());
    }
    return copy;
  }

  /** ISO 8601, some milliseconds from now. */
  timestamp(later = 0): string {
    return new Date(this.now() + later).toISOString();
  }

  isPast(time: string | null | undefined): boolean {
    return time != null && Date.parse(time) <= this.now();
  }

  of<T extends Entity>({ name }: Kind<T>): Collection<T> {
    const known = this.#collections.get(name) ?? new Collection<T>();
    this.#collections.set(name, known);
    return known as Collection<T>; // a name belongs to one kind
  }

  /** The record with this id. Throws a 404 when there is none. */
  existing<T extends Entity>(kind: Kind<T>, id: string): T {
    return this.found(kind, id, { id } as Partial<T>);
  }

  /** The matching record. Throws a 404 that names `asked` when there is none. */
  found<T extends Entity>(kind: Kind<T>, asked: string, match: Match<T>): T {
    const record = this.of(kind).find(match);
    if (!record) throw entityNotFound(kind.title, asked);
    return record;
  }

  /** Adds a record without members that are `undefined`, and announces it. */
  create<T extends Stamped>(kind: Kind<T>, content: Content<T>): T {
    const now = this.timestamp();
    const { id = this.ids.id(kind.prefix), created_at = now, updated_at = now, ...rest } = content;
    const record = defined({ object: kind.name, id, ...rest, created_at, updated_at }) as unknown as T; // Content is T without these
    this.of(kind).insert(record);
    if (kind.event) this.emitAbout(`${kind.event}.created`, kind, record);
    return record;
  }

  /** Changes a record and announces it; a change to the very same values does neither. `undefined` removes a member. */
  update<T extends Stamped>(kind: Kind<T>, id: string, change: Partial<T>): T {
    const before = this.existing(kind, id);
    const previous = differences(before, change);
    if (!Object.keys(previous).length) return before;
    const after = this.of(kind).replace(defined({ ...before, ...change, updated_at: this.timestamp() }));
    if (!kind.event) return after;
    const told = { previous_attributes: previous };
    const [more, context] = kind.tellsPrevious ? [told] : [{}, told];
    this.emit(`${kind.event}.updated`, { ...announce(kind, after, this), ...more }, context);
    return after;
  }

  /** Changes a record, and emits an event about it that is not the usual one. */
  change<T extends Stamped>(kind: Kind<T>, id: string, event: string, change: Partial<T> = {}): T {
    const changed = this.set(kind, id, { ...change, updated_at: this.timestamp() });
    this.emitAbout(event, kind, changed);
    return changed;
  }

  /** Changes a record without telling anybody. */
  set<T extends Entity>(kind: Kind<T>, id: string, change: Partial<T>): T {
    return this.of(kind).replace({ ...this.existing(kind, id), ...change });
  }

  /** Removes a record and announces it, perhaps with an event that is not the usual one. */
  remove<T extends Entity>(kind: Kind<T>, id: string, event = kind.event && `${kind.event}.deleted`): void {
    const data = announce(kind, this.existing(kind, id), this);
    this.of(kind).delete(id);
    if (event) this.emit(event, data);
  }

  /** Removes records without telling anybody. */
  forget<T extends Entity>(kind: Kind<T>, match: Match<T>): void {
    for (const { id } of this.of(kind).all(match)) this.of(kind).delete(id);
  }

  /** The record as the API shows it. */
  show<T extends Entity>(kind: Kind<T>, record: T): object {
    return present(kind, record, this);
  }

  /** Records an event and sends it to the webhook endpoints. */
  emit(event: string, data: object, context: Record<string, unknown> = {}): void {
    if (this.#quiet) return;
    const id = this.ids.id("event");
    const record: EmulatorEvent = structuredClone(
      { object: "event", id, event, data: data as Record<string, unknown>, created_at: this.timestamp(), context },
    );
    this.of(EVENTS).insert(record);
    const receivers = this.of(WEBHOOK_ENDPOINTS).all(({ status, events }) =>
      status === "enabled" && events.includes(event)
    );
    for (const receiver of receivers) this.webhooks.enqueue(record, receiver);
  }

  /** Emits an event about a record, with its usual data. */
  emitAbout<T extends Entity>(event: string, kind: Kind<T>, record: T, context?: Record<string, unknown>): void {
    this.emit(event, announce(kind, record, this), context);
  }

  /** Runs something without events. */
  silently(run: () => void): void {
    const before = this.#quiet;
    this.#quiet = true;
    try {
      run();
    } finally {
      this.#quiet = before;
    }
  }

  /** Puts a message where tests can read it. */
  send(message: Message): void {
    this.outbox.push(message);
    if (this.outbox.length > REMEMBERED) this.outbox.shift();
  }
}

/** The members a change would alter, with their old values. */
function differences(before: object, change: object): Record<string, unknown> {
  const old = new Map(Object.entries(before));
  const altered = Object.entries(change).filter(([name, value]) => inOrder(old.get(name)) !== inOrder(value));
  return Object.fromEntries(altered.map(([name]) => [name, old.get(name) ?? null]));
}

/** The same text for values that differ only in the order of their members. */
function inOrder(value: unknown): string {
  return JSON.stringify(
    value,
    (_, inner) => isObject(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner,
  );
}
