import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { type Event, type EventName, readEvent, type UnknownEvent } from "../../src/resources/events.ts";
import { fakeApi } from "../fake_api.ts";

const freeForm = { first_name: "Ada", lastName: "Lovelace", nested: { job_title: "x" } };
const times = { created_at: "2026-01-01T00:00:00.000Z", updated_at: "2026-01-02T00:00:00.000Z" };
const readableTimes = { createdAt: times.created_at, updatedAt: times.updated_at };

function wire(event: string, data: unknown): Record<string, unknown> {
  return { object: "event", id: "event_1", event, data, created_at: "2026-02-01T00:00:00.000Z" };
}

/** The data of an event, whatever its type. */
function dataOf(event: string, data: unknown): unknown {
  return readEvent(wire(event, data)).data;
}

const connection = { object: "connection", id: "conn_1", name: "Foo", connection_type: "OktaSAML", ...times };
const readableConnection = { object: "connection", id: "conn_1", name: "Foo", type: "OktaSAML", ...readableTimes };

const directoryUser = {
  object: "directory_user",
  id: "directory_user_1",
  directory_id: "directory_1",
  first_name: "Ada",
  role: { slug: "member" },
  raw_attributes: freeForm,
  custom_attributes: freeForm,
  ...times,
};
const readableDirectoryUser = {
  object: "directory_user",
  id: "directory_user_1",
  directoryId: "directory_1",
  firstName: "Ada",
  role: { slug: "member" },
  rawAttributes: freeForm,
  customAttributes: freeForm,
  ...readableTimes,
};

/** What is sent and what is read, per family of events. */
const families: Record<string, [names: EventName[], sent: unknown, read: unknown]> = {
  "a user, with what was never set": [
    ["user.created", "user.updated", "user.deleted"],
    { object: "user", id: "user_1", email_verified: true, ...times },
    {
      object: "user",
      id: "user_1",
      emailVerified: true,
      name: null,
      externalId: null,
      metadata: {},
      ...readableTimes,
    },
  ],
  "an organization, metadata untouched": [
    ["organization.created", "organization.updated", "organization.deleted"],
    { object: "organization", id: "org_1", domains: [{ organization_id: "org_1" }], metadata: freeForm, ...times },
    {
      object: "organization",
      id: "org_1",
      domains: [{ organizationId: "org_1" }],
      metadata: freeForm,
      externalId: null,
      ...readableTimes,
    },
  ],
  "a connection, its type renamed": [
    ["connection.activated", "connection.deactivated", "connection.deleted"],
    connection,
    readableConnection,
  ],
  "a certificate beside its connection": [
    ["connection.saml_certificate_renewal_required"],
    {
      connection: { id: "conn_1", organization_id: "org_1" },
      certificate: { is_expired: false },
      days_until_expiry: 3,
    },
    { connection: { id: "conn_1", organizationId: "org_1" }, certificate: { isExpired: false }, daysUntilExpiry: 3 },
  ],
  "a group, the one kind with dates": [
    ["group.created", "group.updated", "group.deleted"],
    { object: "group", id: "group_1", organization_id: "org_1", ...times },
    {
      object: "group",
      id: "group_1",
      organizationId: "org_1",
      description: null,
      createdAt: new Date(times.created_at),
      updatedAt: new Date(times.updated_at),
    },
  ],
  "a member of a group": [
    ["group.member_added", "group.member_removed"],
    { group_id: "group_1", organization_membership_id: "om_1" },
    { groupId: "group_1", organizationMembershipId: "om_1" },
  ],
  "a membership, with what was never set": [
    ["organization_membership.created", "organization_membership.updated", "organization_membership.deleted"],
    { object: "organization_membership", id: "om_1", role: { slug: "admin" }, roles: null, ...times },
    {
      object: "organization_membership",
      id: "om_1",
      role: { slug: "admin" },
      directoryManaged: false,
      customAttributes: {},
      ...readableTimes,
    },
  ],
  "a directory, its state as it was sent": [
    ["dsync.activated", "dsync.deleted"],
    { object: "directory", id: "directory_1", state: "linked", external_key: "key", domains: [], ...times },
    { object: "directory", id: "directory_1", state: "linked", externalKey: "key", domains: [], ...readableTimes },
  ],
  "a directory user, attributes untouched": [
    ["dsync.user.created", "dsync.user.deleted"],
    directoryUser,
    readableDirectoryUser,
  ],
  "a directory user that changed": [
    ["dsync.user.updated"],
    { ...directoryUser, object: undefined, previous_attributes: freeForm },
    { ...readableDirectoryUser, previousAttributes: freeForm },
  ],
  "a directory group that changed": [
    ["dsync.group.updated"],
    { object: "directory_group", idp_id: "idp_1", raw_attributes: freeForm, previous_attributes: freeForm },
    { object: "directory_group", idpId: "idp_1", rawAttributes: freeForm, previousAttributes: freeForm },
  ],
  "a directory user in a group": [
    ["dsync.group.user_added", "dsync.group.user_removed"],
    { directory_id: "directory_1", user: directoryUser, group: { idp_id: "idp_1", raw_attributes: freeForm } },
    {
      directoryId: "directory_1",
      user: readableDirectoryUser,
      group: { idpId: "idp_1", rawAttributes: freeForm },
    },
  ],
  "a sign-in": [
    ["authentication.sso_failed", "authentication.sso_timed_out", "authentication.mfa_failed"],
    { type: "sso", user_id: null, sso: { session_id: null }, error: { code: "x", message: "y" } },
    { type: "sso", userId: null, sso: { sessionId: null }, error: { code: "x", message: "y" } },
  ],
  "a domain that was not verified": [
    ["organization_domain.verification_failed"],
    { reason: "x", organization_domain: { object: "organization_domain", verification_prefix: "_workos", ...times } },
    {
      reason: "x",
      organizationDomain: { object: "organization_domain", verificationPrefix: "_workos", ...readableTimes },
    },
  ],
  "an API key and its owner": [
    ["api_key.created", "api_key.revoked", "api_key.updated"],
    {
      object: "api_key",
      owner: { type: "user", id: "user_1", organization_id: "org_1" },
      expires_at: null,
      previous_attributes: { expires_at: "2027-01-01T00:00:00.000Z" },
    },
    {
      object: "api_key",
      owner: { type: "user", id: "user_1", organizationId: "org_1" },
      expiresAt: null,
      previousAttributes: { expires_at: "2027-01-01T00:00:00.000Z" },
    },
  ],
  "a feature flag": [
    ["flag.created", "flag.rule_updated"],
    { object: "feature_flag", environment_id: "env_1", default_value: true, owner: { first_name: "Ada" } },
    { object: "feature_flag", environmentId: "env_1", defaultValue: true, owner: { firstName: "Ada" } },
  ],
  "something in the vault, key context untouched": [
    ["vault.data.created", "vault.dek.read"],
    { actor_id: "a", actor_source: "api", kv_name: "n", key_ids: ["k"], key_context: freeForm },
    { actorId: "a", actorSource: "api", kvName: "n", keyIds: ["k"], keyContext: freeForm },
  ],
  "an agent": [
    ["agent.registration.created"],
    { object: "agent_registration", agent_identity: { object: "agent_identity", userland_user_id: null }, ...times },
    {
      object: "agent_registration",
      agentIdentity: { object: "agent_identity", userlandUserId: null },
      ...readableTimes,
    },
  ],
  "somebody on the waitlist": [
    ["waitlist_user.approved"],
    {
      object: "waitlist_user",
      approved_at: "2026-01-01T00:00:00.000Z",
      waitlist_id: null,
      additional_fields: freeForm,
    },
    { object: "waitlist_user", approvedAt: "2026-01-01T00:00:00.000Z", waitlistId: null, additionalFields: freeForm },
  ],
};

describe("readEvent()", () => {
  for (const [kind, [names, sent, read]] of Object.entries(families)) {
    for (const name of names) {
      it(`reads ${kind}: ${name}`, () => {
        assertEquals(dataOf(name, sent), read);
      });
    }
  }

  it("reads data that does not say what it is by the name of the event", () => {
    for (const [names, sent, read] of Object.values(families)) {
      const [{ object: kind, ...unsaid }, { object: _, ...expected }] = [sent, read] as Record<string, unknown>[];
      const own = names.filter((name) => name.startsWith(`${kind}.`));
      for (const name of own) assertEquals(dataOf(name, unsaid), expected);
    }
    const user = { object: "directory_user", id: "directory_user_1" };
    assertEquals(dataOf("dsync.group.user_added", { user: { id: user.id } }), { user });
    assertEquals(dataOf("dsync.group.user_removed", { directory_id: "directory_1" }), { directoryId: "directory_1" });
  });

  it("keeps the envelope whole and the context as it was sent", () => {
    const context = { client_id: "client_1", actor: { id: "user_1", first_name: "Ada" } };

    const event = readEvent({ ...wire("user.created", { object: "user" }), context, brand_new: { some_field: 1 } });

    const { data: _data, ...envelope } = event as Event & Record<string, unknown>;
    assertEquals(envelope as unknown, {
      object: "event",
      id: "event_1",
      event: "user.created",
      createdAt: "2026-02-01T00:00:00.000Z",
      context,
      brandNew: { someField: 1 },
    });
  });

  it("renames the data of an event nobody knows, and loses nothing", () => {
    const event = readEvent(wire("brand.new", { some_field: { deep_one: [{ a_b: 1 }] }, metadata: freeForm }));

    const unknown = event as UnknownEvent;
    assertEquals(unknown.event, "brand.new");
    assertEquals(unknown.data, { someField: { deepOne: [{ aB: 1 }] }, metadata: freeForm });
  });

  it("survives data of any form", () => {
    for (const data of [undefined, null, 1, "text", [], { object: "constructor" }, { object: 7 }, ["a_b"]]) {
      assertEquals(dataOf("user.created", data), data);
    }
    assertEquals(dataOf("brand.new", {}), {});
  });

  it("keeps a key called __proto__ a key", () => {
    const sent = JSON.parse('{"event":"brand.new","data":{"__proto__":{"a_b":1}},"__proto__":{"c_d":1}}');

    const event = readEvent(sent);

    assertEquals(Object.getPrototypeOf(event), Object.prototype);
    assertEquals(JSON.stringify(event.data), '{"__proto__":{"aB":1}}');
    assert(JSON.stringify(event).includes('"__proto__":{"cD":1}'));
  });

  it("leaves what it reads alone", () => {
    const sent = wire("group.created", { object: "group", ...times });
    const before = structuredClone(sent);

    const event = readEvent(sent);

    assertEquals(sent, before);
    assertNotStrictEquals(event.data as unknown, sent.data);
  });

  it("gives a type by which the name of an event narrows its data", () => {
    const event = readEvent(wire("user.created", { object: "user", email: "ada@foo-corp.com" }));

    assertEquals(describeEvent(event), "ada@foo-corp.com joined");
  });
});

/** Compiles only while `event` narrows `data`. */
function describeEvent(event: Event): string {
  switch (event.event) {
    case "user.created":
      return `${event.data.email} joined`;
    case "group.created":
      return `${event.data.name} on ${event.data.createdAt.toISOString()}`;
    case "connection.activated":
      return event.data.type;
    default:
      return (event as UnknownEvent).event;
  }
}

describe("Events", () => {
  it("listEvents() answers a plain list of events", async () => {
    const list = { object: "list", data: [wire("connection.activated", connection)], list_metadata: { after: "e_9" } };
    const api = fakeApi(list);

    const answer = await api.workos.events.listEvents({
      events: ["connection.activated", "brand.new"],
      rangeStart: "2026-01-01T00:00:00Z",
      rangeEnd: new Date("2026-02-01T00:00:00Z"),
      limit: 2,
      before: "event_8",
      after: "event_0",
      organizationId: "org_1",
      order: "asc",
    });

    assertEquals(answer as unknown, {
      object: "list",
      data: [{
        object: "event",
        id: "event_1",
        event: "connection.activated",
        data: readableConnection,
        createdAt: "2026-02-01T00:00:00.000Z",
      }],
      listMetadata: { after: "e_9" },
    });
    assertEquals(api.requests[0].method, "GET");
    assertEquals(api.requests[0].path, "/events");
    assertEquals(api.requests[0].query, {
      events: "connection.activated,brand.new",
      range_start: "2026-01-01T00:00:00Z",
      range_end: "2026-02-01T00:00:00.000Z",
      limit: "2",
      before: "event_8",
      after: "event_0",
      organization_id: "org_1",
      order: "asc",
    });
  });

  it("listEvents() names no events when none are given", async () => {
    const api = fakeApi({ object: "list", data: [], list_metadata: { after: null } });

    await api.workos.events.listEvents();

    assertEquals(api.requests[0].query, {});
  });

  it("listEvents() takes the cursors of the page before, as other lists do", async () => {
    const api = fakeApi({ object: "list", data: [], list_metadata: { before: null, after: "e_9" } });

    const { listMetadata } = await api.workos.events.listEvents();
    await api.workos.events.listEvents({ before: listMetadata.before, after: listMetadata.after });

    assertEquals(api.requests[1].query, { after: "e_9" });
  });

  it("listEvents() leaves the order to the API", async () => {
    const api = fakeApi({ object: "list", data: [], list_metadata: { after: null } });

    await api.workos.events.listEvents({ events: ["user.created"] });

    assertEquals(api.requests[0].query, { events: "user.created" });
  });
});
