import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { createEmulator } from "../../src/emulator/mod.ts";
import { type Driver, SEED, start } from "./drive.ts";

const GROUPS = [{ id: "group_1", organization_id: "org_1", name: "Editors", members: ["om_1"] }];
const PATH = "/organizations/org_1/groups";

const ids = (data: { id: string }[]) => data.map(({ id }) => id);

describe("groups", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: { ...SEED, groups: GROUPS } });
  });

  it("POST adds one", async () => {
    const { status, body } = await api.post(PATH, { name: "Authors", description: "They write" });

    assertEquals(status, 201);
    assertEquals(body, {
      object: "group",
      id: "group_01000000000000000000000001",
      organization_id: "org_1",
      name: "Authors",
      description: "They write",
      created_at: "2026-01-01T00:00:00.000Z",
      updated_at: "2026-01-01T00:00:00.000Z",
    });
    assertEquals(api.emulator.events.map(({ event, data }) => [event, data]), [["group.created", body]]);
  });

  it("POST refuses what is missing or too long", async () => {
    const missing = await api.post(PATH, {});
    const long = await api.post(PATH, { name: "n".repeat(257), description: "d".repeat(151) });

    assertEquals([missing.status, missing.body.errors], [422, [{ code: "name_required", field: "name" }]]);
    assertEquals([long.status, long.body.errors], [422, [
      { code: "name_too_long", field: "name" },
      { code: "description_too_long", field: "description" },
    ]]);
    assertEquals((await api.post("/organizations/org_9/groups", { name: "A" })).status, 404);
    assertEquals(api.eventNames(), []);
  });

  it("GET lists those of the organization, newest first", async () => {
    const { id } = (await api.post(PATH, { name: "Authors" })).body;
    await api.post("/organizations/org_2/groups", { name: "Others" });

    const first = await api.get(`${PATH}?limit=1`);
    const second = await api.get(`${PATH}?limit=1&after=${first.body.list_metadata.after}`);

    assertEquals([ids(first.body.data), ids(second.body.data)], [[id], ["group_1"]]);
    assertEquals(second.body.list_metadata, { before: "group_1", after: null });
    assertEquals((await api.get("/organizations/org_9/groups")).status, 404);
  });

  it("GET, PATCH and DELETE find one in its own organization only", async () => {
    const other = "/organizations/org_2/groups/group_1";
    const answers = [await api.get(other), await api.patch(other, { name: "X" }), await api.remove(other)];

    assertEquals(answers.map(({ status }) => status), [404, 404, 404]);
    assertEquals((await api.get(`${PATH}/group_1`)).body.name, "Editors");
  });

  it("PATCH changes what it names, and says what was before", async () => {
    const described = await api.patch(`${PATH}/group_1`, { description: "They edit" });
    const renamed = await api.patch(`${PATH}/group_1`, { name: "Writers" });
    const cleared = await api.patch(`${PATH}/group_1`, { description: null });

    assertEquals([described.body.name, described.body.description], ["Editors", "They edit"]);
    assertEquals([renamed.body.name, renamed.body.description], ["Writers", "They edit"]);
    assertEquals([cleared.status, cleared.body.description], [200, null]);
    assertEquals(api.emulator.events.map(({ event, context }) => [event, context.previous_attributes]), [
      ["group.updated", { description: null }],
      ["group.updated", { name: "Editors" }],
      ["group.updated", { description: "They edit" }],
    ]);
  });

  it("DELETE lets its members go", async () => {
    const { status } = await api.remove(`${PATH}/group_1`);

    assertEquals([status, (await api.get(`${PATH}/group_1`)).status], [204, 404]);
    assertEquals((await api.get("/user_management/organization_memberships/om_1/groups")).body.data, []);
    assertEquals(api.eventNames(), ["group.deleted"]);
  });

  it("members join once and are listed without their roles", async () => {
    const first = await api.post(`${PATH}/group_1/organization-memberships`, { organization_membership_id: "om_3" });
    await api.post(`${PATH}/group_1/organization-memberships`, { organization_membership_id: "om_3" });

    const { body } = await api.get(`${PATH}/group_1/organization-memberships`);

    assertEquals([first.status, first.body.id], [200, "group_1"]);
    assertEquals(ids(body.data), ["om_3", "om_1"]);
    assertEquals(body.data[1], {
      object: "organization_membership",
      id: "om_1",
      user_id: "user_ada",
      organization_id: "org_1",
      status: "active",
      directory_managed: false,
      organization_name: "Acme",
      custom_attributes: {},
      created_at: "2026-01-01T00:00:00.000Z",
      updated_at: "2026-01-01T00:00:00.000Z",
    });
    assertEquals(api.emulator.events.map(({ event, data }) => [event, data]), [
      ["group.member_added", { group_id: "group_1", organization_membership_id: "om_3" }],
    ]);
  });

  it("take members of their own organization only", async () => {
    const path = `${PATH}/group_1/organization-memberships`;
    const stranger = await api.post(path, { organization_membership_id: "om_2" });
    const nobody = await api.post(path, { organization_membership_id: "om_9" });
    const missing = await api.post(path, {});

    assertEquals([stranger.status, nobody.status, missing.status], [404, 404, 422]);
    assertEquals(ids((await api.get(path)).body.data), ["om_1"]);
  });

  it("members leave", async () => {
    const path = `${PATH}/group_1/organization-memberships`;
    const left = await api.remove(`${path}/om_1`);
    const again = await api.remove(`${path}/om_1`);

    assertEquals([left.status, again.status], [204, 404]);
    assertEquals((await api.get(path)).body.data, []);
    assertEquals(api.emulator.events.map(({ event, data }) => [event, data]), [
      ["group.member_removed", { group_id: "group_1", organization_membership_id: "om_1" }],
    ]);
  });

  it("members leave when their membership ends", async () => {
    await api.remove("/user_management/organization_memberships/om_1");

    assertEquals((await api.get(`${PATH}/group_1/organization-memberships`)).body.data, []);
    assertEquals(api.eventNames(), ["group.member_removed", "organization_membership.deleted"]);
  });

  it("of a membership are listed", async () => {
    const { id } = (await api.post(PATH, { name: "Authors" })).body;
    await api.post(`${PATH}/${id}/organization-memberships`, { organization_membership_id: "om_1" });
    await api.post(PATH, { name: "Others" });

    const { body } = await api.get("/user_management/organization_memberships/om_1/groups");

    assertEquals(ids(body.data), [id, "group_1"]);
    assertEquals((await api.get("/user_management/organization_memberships/om_9/groups")).status, 404);
  });

  it("vanish with their organization", async () => {
    await api.remove("/organizations/org_1");

    assertEquals((await api.get(`${PATH}/group_1`)).status, 404);
    assertEquals(api.eventNames().filter((name) => name.startsWith("group.")), []);
  });

  it("cannot be seeded with strangers", () => {
    const groups = [{ organization_id: "org_1", name: "Editors", members: ["om_2"] }];

    assertThrows(() => createEmulator({ seed: { ...SEED, groups } }), TypeError, "om_2");
    assertThrows(() => createEmulator({ seed: { groups } }), TypeError, "org_1");
  });
});
