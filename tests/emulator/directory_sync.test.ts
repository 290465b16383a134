import { assertEquals, assertThrows } from "@std/assert";
import { beforeEach, describe, it } from "@std/testing/bdd";
import type { DirectoryContent, EmulatorSeed } from "../../src/emulator/mod.ts";
import { type Driver, SEED, start } from "./drive.ts";

const DIRECTORY: EmulatorSeed = {
  ...SEED,
  directories: [
    { id: "directory_1", name: "Acme people", organization_id: "org_1" },
    { id: "directory_2", name: "Globex people", organization_id: "org_2" },
    { id: "directory_3", name: "Old people", organization_id: "org_2", state: "unlinked" },
  ],
  directory_groups: [
    { id: "group_dev", directory_id: "directory_1", name: "Developers", idp_id: "g1" },
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
      custom_attributes: { cost_center: 1 },
      groups: ["group_dev"],
      role_slug: "admin",
    },
    { id: "dirusr_bob", directory_id: "directory_1", email: "bob@acme.com", groups: ["group_dev", "group_ops"] },
    { id: "dirusr_cid", directory_id: "directory_2", email: "cid@globex.com", groups: ["group_all"] },
  ],
};
const [ADA, BOB] = [{ email: "ada@acme.com" }, { email: "bob@acme.com" }];
const [DEV, OPS] = [{ name: "Developers" }, { name: "Operations" }];

describe("syncDirectory()", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: DIRECTORY });
  });

  const sync = (content: Parameters<typeof api.emulator.syncDirectory>[1]) =>
    api.emulator.syncDirectory("directory_1", content);
  const told = () =>
    api.emulator.events.map(({ event, data: { id, user, group } }) => {
      const about = user ? [Object(user).id, Object(group).id] : [id];
      return [event.replace("dsync.", ""), ...about].join(" ");
    });
  const user = async (id: string) => (await api.get(`/directory_users/${id}`)).body;

  it("provisions users and groups", async () => {
    sync({
      groups: [DEV, OPS, { id: "group_new", name: "Newcomers" }],
      users: [ADA, BOB, { id: "dirusr_eve", email: "eve@acme.com", last_name: "Eve", groups: ["group_new"] }],
    });

    assertEquals(told(), [
      "group.created group_new",
      "user.created dirusr_eve",
      "group.user_added dirusr_eve group_new",
    ]);
    const { name, state, groups, directory_id, organization_id, idp_id } = await user("dirusr_eve");
    assertEquals([name, state, groups.length], ["Eve", "active", 1]);
    assertEquals([directory_id, organization_id, typeof idp_id], ["directory_1", "org_1", "string"]);
    const { body } = await api.get("/events?events=dsync.group.created,dsync.user.created,dsync.group.user_added");
    assertEquals(body.data.length, 3);
  });

  it("updates what differs, and tells the previous values", async () => {
    api.emulator.advance(1000);
    sync({
      groups: [{ ...DEV, raw_attributes: { firstName: "x" } }, OPS],
      users: [{ ...ADA, last_name: "Lovelace", state: "suspended", role_slug: null }, BOB],
    });

    assertEquals(told(), ["group.updated group_dev", "user.updated dirusr_ada"]);
    const { body } = await api.get("/events?events=dsync.group.updated,dsync.user.updated");
    const { groups, ...ada } = await user("dirusr_ada");
    assertEquals(groups.length, 1);
    assertEquals([ada.name, ada.custom_attributes, "role" in ada], ["Ada Lovelace", { cost_center: 1 }, false]);
    assertEquals([ada.created_at, ada.updated_at], ["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01.000Z"]);
    assertEquals(body.data[0].data.previous_attributes, { raw_attributes: {} });
    const admin = { slug: "admin" };
    const previous = { last_name: null, name: "Ada", state: "active", role: admin, roles: [admin] };
    assertEquals([body.data[1].data, body.data[1].context], [{ ...ada, previous_attributes: previous }, {}]);
  });

  it("moves users between groups", () => {
    sync({ users: [{ ...ADA, groups: ["group_ops", "group_ops"] }, { ...BOB, groups: [] }] });

    assertEquals(told(), [
      "group.user_removed dirusr_ada group_dev",
      "group.user_added dirusr_ada group_ops",
      "group.user_removed dirusr_bob group_dev",
      "group.user_removed dirusr_bob group_ops",
    ]);
    assertEquals(Object.keys(api.emulator.events[0].data), ["directory_id", "user", "group"]);
  });

  it("deletes what is missing, out of its groups", async () => {
    sync({ users: [BOB], groups: [OPS] });

    assertEquals(told(), [
      ...["group.user_removed dirusr_ada group_dev", "user.deleted dirusr_ada"],
      ...["group.user_removed dirusr_bob group_dev", "group.deleted group_dev"],
    ]);
    assertEquals((await user("dirusr_bob")).groups.map(({ id }: { id: string }) => id), ["group_ops"]);
    assertEquals((await api.get("/directory_users/dirusr_ada")).status, 404);
    assertEquals((await api.get("/directory_groups/group_dev")).status, 404);
    assertEquals((await user("dirusr_cid")).groups.length, 1);
  });

  it("leaves a list alone that is left out", () => {
    sync({});
    sync({ groups: [DEV, OPS] });
    sync({ users: [ADA, BOB] });

    assertEquals(told(), []);
  });

  it("tells nothing when nothing differs", () => {
    const users = [{ ...ADA, idp_id: "8", state: "inactive" as const, groups: ["group_1"] }];
    const groups = (raw_attributes: Record<string, unknown>) => [{ id: "group_1", name: "Everybody", raw_attributes }];
    sync({ users, groups: groups({ a: 1, b: [{ c: 1, d: 2 }] }) });
    const before = told();
    sync({ users, groups: groups({ b: [{ d: 2, c: 1 }], a: 1 }) });
    sync((present) => present);

    assertEquals([before.length > 0, told()], [true, before]);
  });

  it("takes a function of what the directory has", async () => {
    sync(({ users }) => ({
      users: users.map((user) => user.email === ADA.email ? { ...user, state: "suspended" } : user),
    }));
    sync(({ users }) => ({ users: [...users, { id: "dirusr_eve", email: "eve@acme.com" }] }));
    sync(({ groups }) => ({ groups: groups.filter(({ name }) => name !== OPS.name) }));
    sync(({ users, groups }) => {
      users[0].custom_attributes!.cost_center = 2;
      users.length = groups.length = 0;
      return {};
    });

    assertEquals(told(), [
      ...["user.updated dirusr_ada", "user.created dirusr_eve"],
      ...["group.user_removed dirusr_bob group_ops", "group.deleted group_ops"],
    ]);
    assertEquals((await user("dirusr_ada")).state, "suspended");
    sync(({ users, groups }) => {
      assertEquals(groups, [{ id: "group_dev", name: "Developers", idp_id: "g1", raw_attributes: {} }]);
      assertEquals(users[0], {
        id: "dirusr_ada",
        email: "ada@acme.com",
        idp_id: "7",
        first_name: "Ada",
        last_name: null,
        job_title: null,
        username: null,
        state: "suspended",
        raw_attributes: {},
        custom_attributes: { cost_center: 1 },
        role_slug: "admin",
        groups: ["group_dev"],
      });
      return {};
    });
  });

  it("knows users and groups by id, by the provider's id, and by address or name", async () => {
    const { idp_id } = await user("dirusr_bob");
    sync({
      groups: [{ idp_id: "g1", name: "Engineers" }, { id: "group_ops", name: "Ops" }],
      users: [{ idp_id: "7", email: "countess@acme.com" }, { email: "BOB@acme.com" }],
    });
    const [updated, ...events] = told();
    const bob = await user("dirusr_bob");

    assertEquals([updated, ...events], [
      ...["group.updated group_dev", "group.updated group_ops", "user.updated dirusr_ada", "user.updated dirusr_bob"],
    ]);
    assertEquals([bob.email, bob.emails[0].value, bob.idp_id], ["BOB@acme.com", "BOB@acme.com", idp_id]);
  });

  it("takes another id of the provider for another person, who comes after the one that leaves", () => {
    sync({ users: [{ id: "dirusr_ada2", idp_id: "8", ...ADA }, BOB] });

    assertEquals(told(), [
      ...["group.user_removed dirusr_ada group_dev", "user.deleted dirusr_ada", "user.created dirusr_ada2"],
    ]);
  });

  it("lets users keep a role that is there no more", async () => {
    await api.post("/authorization/organizations/org_1/roles", { name: "Lead", slug: "org-lead" });
    sync({ users: [{ ...ADA, role_slug: "org-lead" }, BOB] });
    await api.remove("/authorization/organizations/org_1/roles/org-lead");
    sync(({ users }) => ({ users: users.map((user) => ({ ...user, state: "inactive" })) }));

    const { state, role } = await user("dirusr_ada");
    assertEquals([state, role], ["inactive", { slug: "org-lead" }]);
  });

  it("keeps what it is given as it was", async () => {
    const eve = { id: "dirusr_eve", email: "eve@acme.com", custom_attributes: { team: "a" } };
    sync({ users: [eve] });
    eve.custom_attributes.team = "b";

    assertEquals((await user("dirusr_eve")).custom_attributes, { team: "a" });
  });

  it("changes nothing when the content is invalid", async () => {
    const before = (await api.get("/directory_users")).body;
    const eve = { email: "eve@acme.com" };
    const bad: [DirectoryContent, string][] = [
      [
        { users: [eve, { ...ADA, groups: ["group_9"] }] },
        "Cannot sync directory: Directory Group not found: 'group_9'.",
      ],
      [
        { users: [{ ...eve, groups: ["group_all"] }] },
        "Cannot sync directory: Directory Group not found: 'group_all'.",
      ],
      [{ users: [{ ...eve, groups: ["group_dev"] }], groups: [] }, "Directory Group not found: 'group_dev'."],
      [{ users: [eve, { ...ADA, role_slug: "boss" }] }, "Cannot sync directory: Role 'boss' is not a valid role."],
      [{ users: [eve, ADA, { id: "dirusr_ada", ...BOB }] }, "Cannot use content.users[2]: it is there twice"],
      [{ users: [eve, { email: "EVE@acme.com" }] }, "Cannot use content.users[1]: it is there twice"],
      [{ groups: [{ idp_id: "1", name: "A" }, { idp_id: "1", name: "B" }] }, "Cannot use content.groups[1]: "],
      [{ users: [eve, { id: "dirusr_cid", ...ADA }] }, `"dirusr_cid" exists already`],
      [{ users: [{ email: "eve" }] }, "Cannot use content.users[0].email: it is not an email address"],
      [{ users: [{ ...ADA, state: "gone" as "active" }] }, "Cannot use content.users[0].state: it is none of active"],
      [
        { users: [{ ...ADA, directory_id: "directory_1" } as typeof ADA] },
        "Cannot use content.users[0].directory_id: ",
      ],
      [{ members: [] } as DirectoryContent, "Cannot use content.members: it is unknown, the names are groups, users"],
    ];

    for (const [content, message] of bad) assertThrows(() => sync(content), TypeError, message);
    assertThrows(
      () => sync((() => {}) as () => DirectoryContent),
      TypeError,
      "Cannot use content: it is not an object",
    );
    assertThrows(() => sync({ users: [eve, { ...ADA, custom_attributes: { eve: () => eve } }] }));
    assertEquals([told(), (await api.get("/directory_users")).body], [[], before]);
  });

  it("needs a directory that is linked", async () => {
    await api.remove("/directories/directory_1");

    for (const id of ["directory_1", "directory_3", "directory_9"]) {
      assertThrows(
        () => api.emulator.syncDirectory(id, {}),
        TypeError,
        "Cannot sync directory: no linked one has this id",
      );
    }
  });
});
