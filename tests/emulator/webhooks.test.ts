import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertMatch, assertNotEquals, assertThrows } from "@std/assert";
import { createEmulator } from "../../src/emulator/mod.ts";
import { verifyPayload } from "../../src/signature.ts";
import { type Driver, ORIGIN, start } from "./drive.ts";

interface Received {
  url: string;
  body: string;
  headers: Headers;
}

const ENDPOINT = { endpoint_url: "https://app.example.com/hook", events: ["user.created"] };

describe("events", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start();
    for (const name of ["A", "B", "C"]) {
      await api.post("/organizations", { name });
      api.emulator.advance(1000);
    }
    await api.post("/user_management/users", { email: "ada@example.com" });
  });

  const names = async (query: string) =>
    (await api.get(`/events?${query}`)).body.data.map((
      { event, data }: { event: string; data: { name: string } },
    ) => [event.split(".")[0], data.name]);

  it("come oldest first, in envelopes", async () => {
    const { body } = await api.get("/events?limit=1");

    assertEquals(body.data, [{
      object: "event",
      id: "event_01000000000000000000000001",
      event: "organization.created",
      data: (await api.get("/organizations?order=asc&limit=1")).body.data[0],
      created_at: "2026-01-01T00:00:00.000Z",
      context: {},
    }]);
    assertEquals(body.list_metadata.after, "event_01000000000000000000000001");
  });

  it("are narrowed by name, time and organization", async () => {
    const id = (await api.get("/organizations?order=asc")).body.data[1].id;

    assertEquals(await names("events=user.created,user.deleted"), [["user", null]]);
    assertEquals(await names("range_start=2026-01-01T00:00:01Z&range_end=2026-01-01T00:00:02Z"), [[
      "organization",
      "B",
    ]]);
    assertEquals(await names(`organization_id=${id}`), [["organization", "B"]]);
    assertEquals((await api.get("/events?range_start=soon")).status, 422);
  });

  it("belong to an organization also where they only name a group, a membership or an agent of it", async () => {
    const seed = {
      organizations: [{ id: "org_1", name: "A" }, { id: "org_2", name: "B" }],
      users: [{ id: "user_1", email: "ada@example.com" }],
      memberships: [{ id: "om_1", user_id: "user_1", organization_id: "org_1" }],
      groups: [{ id: "group_1", organization_id: "org_1", name: "G" }],
    };
    const { emulator, get, post, remove } = await start({ seed });
    const path = "/organizations/org_1/groups/group_1/organization-memberships";
    await post(path, { organization_membership_id: "om_1" });
    await remove("/organizations/org_1/groups/group_1");
    emulator.revokeAgent(emulator.registerAgent({ organization_id: "org_1" }));
    const names = async (id: string) =>
      (await get(`/events?organization_id=${id}`)).body.data.map(({ event }: { event: string }) => event);

    assertEquals(await names("org_1"), [
      "group.member_added",
      "group.deleted",
      "agent.registration.created",
      "agent.registration.revoked",
    ]);
    assertEquals(await names("org_2"), []);
  });

  it("belong to an organization while the group or the membership that they name is there", async () => {
    const seed = {
      organizations: [{ id: "org_1", name: "A" }],
      users: [{ id: "user_1", email: "ada@example.com" }],
      memberships: [{ id: "om_1", user_id: "user_1", organization_id: "org_1" }],
      groups: [{ id: "group_1", organization_id: "org_1", name: "G" }],
    };
    for (const other of ["/user_management/organization_memberships/om_1", "/organizations/org_1/groups/group_1"]) {
      const { get, post, remove } = await start({ seed });
      await post("/organizations/org_1/groups/group_1/organization-memberships", {
        organization_membership_id: "om_1",
      });
      await remove(other);

      const { data } = (await get("/events?organization_id=org_1&events=group.member_added")).body;

      assertEquals(data.length, 1, other);
    }
  });

  it("belong to an organization also where they say so inside", async () => {
    const id = (await api.get("/organizations?order=asc")).body.data[0].id;
    const { emulator } = api;
    emulator.emit("dsync.group.user_added", { directory_id: "directory_1", user: {}, group: { organization_id: id } });
    emulator.emit("authentication.sso_succeeded", { type: "sso", sso: { organization_id: id } });
    emulator.emit("user.created", { object: "user", metadata: { organization_id: id } });
    await api.post(`/organizations/${id}/api_keys`, { name: "CI" });

    const headers = { Authorization: `Bearer ${emulator.apiKey}` };
    const response = await emulator.fetch(`${ORIGIN}/events?organization_id=${id}`, { headers });

    assertEquals((await response.json()).data.map(({ event }: { event: string }) => event), [
      "organization.created",
      "dsync.group.user_added",
      "authentication.sso_succeeded",
      "api_key.created",
    ]);
  });

  it("are paged with after and in both orders", async () => {
    const after = "event_01000000000000000000000002";

    assertEquals((await names(`after=${after}`)).length, 2);
    assertEquals(await names("order=desc&limit=1"), [["user", null]]);
  });

  it("emit() adds one of any kind", async () => {
    const headers = { Authorization: `Bearer ${api.emulator.apiKey}` };
    api.emulator.emit("dsync.user.created", { object: "directory_user", id: "directory_user_1" });

    const response = await api.emulator.fetch(`${ORIGIN}/events?events=dsync.user.created`, { headers });

    assertEquals((await response.json()).data[0].data.id, "directory_user_1");
  });

  it("do not change when their subject does", async () => {
    const { id } = (await api.get("/organizations?order=asc")).body.data[0];

    await api.put(`/organizations/${id}`, { name: "Z" });

    assertEquals((await names("limit=1"))[0], ["organization", "A"]);
  });
});

describe("webhooks", () => {
  let api: Driver;
  let received: Received[];
  let answers: (number | "fail")[];

  beforeEach(async () => {
    received = [];
    answers = [];
    const deliver = (url: string, init: RequestInit) => {
      received.push({ url, body: String(init.body), headers: new Headers(init.headers) });
      const answer = answers.shift() ?? 200;
      return answer === "fail" ? Promise.reject(new TypeError("down")) : Promise.resolve(
        new Response("ok", { status: answer }),
      );
    };
    api = await start({ deliver });
  });

  const subscribe = async (events: string[]) =>
    (await api.post("/webhook_endpoints", { endpoint_url: "https://app.example.com/hook", events })).body;

  it("are signed deliveries of the events an endpoint asked for", async () => {
    const { secret, id } = await subscribe(["organization.created"]);
    await api.post("/organizations", { name: "Acme" });
    await api.post("/user_management/users", { email: "ada@example.com" });

    const log = await api.emulator.deliveries();

    assertEquals(received.length, 1);
    const [{ url, body, headers }] = received;
    const sigHeader = headers.get("WorkOS-Signature") ?? "";
    assertEquals(url, "https://app.example.com/hook");
    assertEquals(JSON.parse(body), api.emulator.events[0]);
    assertMatch(sigHeader, /^t=1767225600000, v1=[0-9a-f]{64}$/);
    const now = () => api.emulator.now();
    assertEquals(await verifyPayload({ payload: body, sigHeader, secret, now }), body);
    assertEquals(log, [{
      endpointId: id,
      url,
      eventId: api.emulator.events[0].id,
      event: "organization.created",
      statuses: [200],
      delivered: true,
    }]);
  });

  it("are tried again when they fail, three times in all", async () => {
    await subscribe(["organization.created", "organization.updated"]);
    answers = [500, "fail", 202, 500, 502, 503];
    const { id } = (await api.post("/organizations", { name: "Acme" })).body;
    await api.put(`/organizations/${id}`, { name: "Globex" });

    const log = await api.emulator.deliveries();

    assertEquals(log.map(({ statuses, delivered }) => [statuses, delivered]), [
      [[500, null, 202], true],
      [[500, 502, 503], false],
    ]);
  });

  it("arrive in the order things happened", async () => {
    await subscribe(["organization.created"]);
    await Promise.all(["A", "B", "C"].map((name) => api.post("/organizations", { name })));

    await api.emulator.flush();

    assertEquals(received.map(({ body }) => JSON.parse(body).data.name), ["A", "B", "C"]);
  });

  it("tell an endpoint of the seed about the rest of it, where the seed is announced", async () => {
    const seed = { users: [{ email: "ada@example.com" }], webhook_endpoints: [ENDPOINT] };
    const { emulator } = await start({ seed, announceSeed: true, deliver: () => Promise.resolve(new Response()) });

    assertEquals(emulator.events.length, 1);
    assertEquals((await emulator.deliveries()).map(({ event, delivered }) => [event, delivered]), [
      ["user.created", true],
    ]);
  });

  it("are not sent any more after a reset, nor tried again", async () => {
    const emails: string[] = [];
    let lose = (_: Error) => {};
    const deliver = (_url: string, { body }: RequestInit) => {
      emails.push(JSON.parse(String(body)).data.email);
      return emails.length > 1 ? Promise.resolve(new Response()) : new Promise<Response>((_, reject) => lose = reject);
    };
    const { emulator, post } = await start({ seed: { webhook_endpoints: [ENDPOINT] }, deliver });
    await post("/user_management/users", { email: "ada@example.com" });
    await post("/user_management/users", { email: "bob@example.com" });
    while (!emails.length) await new Promise((resolve) => setTimeout(resolve));
    const before = emulator.flush();

    emulator.reset();
    lose(new TypeError("down"));
    await before;

    assertEquals(emails, ["ada@example.com"]);
  });

  it("are not sent to a disabled endpoint", async () => {
    const { id } = await subscribe(["organization.created"]);
    await api.patch(`/webhook_endpoints/${id}`, { status: "disabled" });
    await api.post("/organizations", { name: "Acme" });

    assertEquals(await api.emulator.deliveries(), []);
  });

  it("endpoints are added, changed, listed and removed", async () => {
    const endpoint = await subscribe(["user.created"]);
    const other =
      (await api.post("/webhook_endpoints", { endpoint_url: "https://b.example.com/", events: ["flag.created"] })).body;
    const changed = await api.patch(`/webhook_endpoints/${endpoint.id}`, { events: ["user.deleted"] });

    assertEquals([endpoint.object, endpoint.status], ["webhook_endpoint", "enabled"]);
    assertMatch(endpoint.secret, /^whsec_\w{25}$/);
    assertNotEquals(endpoint.secret, other.secret);
    assertEquals([changed.status, changed.body.events], [200, ["user.deleted"]]);
    assertEquals((await api.get("/webhook_endpoints")).body.data.length, 2);
    assertEquals((await api.remove(`/webhook_endpoints/${endpoint.id}`)).status, 204);
    assertEquals((await api.remove(`/webhook_endpoints/${endpoint.id}`)).body.code, "entity_not_found");
  });

  it("endpoints need an address of their own and events", async () => {
    await subscribe(["user.created"]);
    const code = async (fields: object) => {
      const { status, body } = await api.post("/webhook_endpoints", {
        endpoint_url: "https://b.example.com",
        ...fields,
      });
      return [status, body.code];
    };

    assertEquals(await code({ endpoint_url: "ftp://b.example.com", events: ["x"] }), [422, "invalid_url"]);
    assertEquals(await code({ endpoint_url: "https://app.example.com/hook", events: ["x"] }), [
      409,
      "duplicate_endpoint",
    ]);
    assertEquals(await code({ events: [] }), [422, "invalid_request_parameters"]);
  });

  it("endpoints may ask for known events only", async () => {
    const { id } = await subscribe(["agent.registration.claim.attempt.created", "dsync.group.user_added"]);
    const events = ["user.created", "user.create", "user", "constructor.name"];
    const added = await api.post("/webhook_endpoints", { endpoint_url: "https://b.example.com", events });
    const changed = await api.patch(`/webhook_endpoints/${id}`, { events: ["created"] });

    assertEquals([added.status, added.body.code, changed.status], [422, "invalid_request_parameters", 422]);
    assertEquals(added.body.errors.map(({ code }: { code: string }) => code), Array(3).fill("unknown_event_type"));
    const webhook_endpoints = [{ endpoint_url: "https://b.example.com", events: ["user.create"] }];
    assertThrows(() => createEmulator({ seed: { webhook_endpoints } }), TypeError, "unknown_event_type");
  });
});
