import { assertEquals, assertThrows } from "@std/assert";
import { beforeEach, describe, it } from "@std/testing/bdd";
import { createEmulator, type EmulatorSeed } from "../../src/emulator/mod.ts";
import { type Driver, SEED, start } from "./drive.ts";

const DIRECTORIES: EmulatorSeed = {
  ...SEED,
  directories: [
    { id: "directory_1", name: "Acme people", organization_id: "org_1", type: "okta scim v2.0" },
    { id: "directory_2", name: "Globex people", organization_id: "org_2", state: "validating" },
  ],
  directory_groups: [
    { id: "group_dev", directory_id: "directory_1", name: "Developers", raw_attributes: { firstName: "x" } },
    { id: "group_ops", directory_id: "directory_1", name: "Operations" },
    { id: "group_all", directory_id: "directory_2", name: "Everybody" },
  ],
  directory_users: [
    {
      id: "dirusr_ada",
      directory_id: "directory_1",
      email: "ada@acme.com",
      idp_id: "7",
      first_name: "Ada",
      last_name: "Lovelace",
      custom_attributes: { costCenter: 1 },
      groups: ["group_dev", "group_ops"],
      role_slug: "admin",
    },
    { id: "dirusr_bob", directory_id: "directory_1", email: "bob@acme.com", state: "suspended", groups: ["group_dev"] },
    { id: "dirusr_cid", directory_id: "directory_2", email: "cid@globex.com" },
  ],
};

const ids = (body: { data: { id: string }[] }) => body.data.map(({ id }) => id);

describe("directories", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: DIRECTORIES });
  });

  it("are fetched with their counts", async () => {
    const { body } = await api.get("/directories/directory_1");

    assertEquals(body, {
      object: "directory",
      id: "directory_1",
      organization_id: "org_1",
      external_key: body.external_key,
      type: "okta scim v2.0",
      state: "linked",
      name: "Acme people",
      domain: "acme.com",
      metadata: { users: { active: 1, inactive: 1 }, groups: 2 },
      created_at: "2026-01-01T00:00:00.000Z",
      updated_at: "2026-01-01T00:00:00.000Z",
    });
    assertEquals((await api.get("/directories/directory_9")).status, 404);
  });

  it("are listed by organization, name and domain, a page at a time", async () => {
    const queries: [string, string[]][] = [
      ["", ["directory_2", "directory_1"]],
      ["?organization_id=org_2", ["directory_2"]],
      ["?search=ACME", ["directory_1"]],
      ["?domain=acme.com", ["directory_1"]],
      ["?limit=1&after=directory_2", ["directory_1"]],
    ];

    for (const [query, expected] of queries) {
      assertEquals(ids((await api.get(`/directories${query}`)).body), expected, query);
    }
  });

  it("show their users with groups and roles", async () => {
    const { body } = await api.get("/directory_users/dirusr_ada");
    const { body: plain } = await api.get("/directory_users/dirusr_cid");

    assertEquals(body.name, "Ada Lovelace");
    assertEquals([body.organization_id, body.directory_id, body.idp_id], ["org_1", "directory_1", "7"]);
    assertEquals([body.state, body.custom_attributes], ["active", { costCenter: 1 }]);
    assertEquals([body.role, body.roles], [{ slug: "admin" }, [{ slug: "admin" }]]);
    assertEquals(body.groups.map(({ id }: { id: string }) => id), ["group_dev", "group_ops"]);
    assertEquals([plain.groups, plain.first_name, "role" in plain], [[], null, false]);
  });

  it("show their groups", async () => {
    const { body } = await api.get("/directory_groups/group_dev");

    assertEquals([body.object, body.name, body.organization_id], ["directory_group", "Developers", "org_1"]);
    assertEquals(body.raw_attributes, { firstName: "x" });
  });

  it("list users by directory, group, address and the provider's id", async () => {
    const queries: [string, string[]][] = [
      ["directory=directory_1", ["dirusr_bob", "dirusr_ada"]],
      ["group=group_ops", ["dirusr_ada"]],
      ["directory=directory_1&email=BOB@acme.com", ["dirusr_bob"]],
      ["directory=directory_1&idp_id=7", ["dirusr_ada"]],
      ["directory=directory_1&limit=1&after=dirusr_bob", ["dirusr_ada"]],
    ];

    for (const [query, expected] of queries) {
      assertEquals(ids((await api.get(`/directory_users?${query}`)).body), expected, query);
    }
    assertEquals((await api.get("/directory_users?email=bob@acme.com")).body.errors[0].field, "directory");
    assertEquals((await api.get("/directory_users?directory=directory_9")).status, 404);
  });

  it("list groups by directory and user", async () => {
    assertEquals(ids((await api.get("/directory_groups?directory=directory_1")).body), ["group_ops", "group_dev"]);
    assertEquals(ids((await api.get("/directory_groups?user=dirusr_bob")).body), ["group_dev"]);
    assertEquals((await api.get("/directory_groups?user=dirusr_9")).status, 404);
  });

  it("are deleted with their users and groups", async () => {
    const { status } = await api.remove("/directories/directory_1");

    assertEquals(status, 202);
    assertEquals(api.eventNames(), ["dsync.deleted"]);
    assertEquals(api.emulator.events[0].data.state, "deleting");
    assertEquals((await api.get("/directories/directory_1")).status, 404);
    assertEquals((await api.get("/directory_users/dirusr_ada")).status, 404);
    assertEquals((await api.get("/directory_groups/group_dev")).status, 404);
    assertEquals(ids((await api.get("/directory_users")).body), ["dirusr_cid"]);
  });

  it("go with their organization", async () => {
    await api.remove("/organizations/org_1");

    assertEquals(ids((await api.get("/directories")).body), ["directory_2"]);
  });

  it("are announced with the seed when that is asked for", async () => {
    api = await start({ seed: DIRECTORIES, announceSeed: true });
    const events = api.emulator.events.filter(({ event }) => event.startsWith("dsync."));

    assertEquals(events.map(({ event }) => event), [
      ...["dsync.activated", "dsync.group.created", "dsync.group.created", "dsync.group.created"],
      ...["dsync.user.created", "dsync.group.user_added", "dsync.group.user_added"],
      ...["dsync.user.created", "dsync.group.user_added", "dsync.user.created"],
    ]);
    const [activated, , , , user, added] = events.map(({ data }) => data);
    assertEquals([activated.state, activated.domains], ["active", [{
      ...Object(activated.domains)[0],
      domain: "acme.com",
    }]]);
    assertEquals("groups" in user, false);
    assertEquals(Object.keys(added), ["directory_id", "user", "group"]);
  });

  it("need an organization, a directory and groups of it", () => {
    const bad: EmulatorSeed[] = [
      { directories: [{ name: "A", organization_id: "org_9" }] },
      { directory_groups: [{ name: "A", directory_id: "directory_9" }] },
      { directory_users: [{ email: "a@b.example", directory_id: "directory_9" }] },
      {
        ...DIRECTORIES,
        directory_users: [{ email: "a@b.example", directory_id: "directory_1", groups: ["group_all"] }],
      },
    ];

    for (const seed of bad) assertThrows(() => createEmulator({ seed }), TypeError, "there is no ");
  });
});
