import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { createEmulator, type EmulatorSeed } from "../../src/emulator/mod.ts";
import { type Answer, type Driver, SEED, start } from "./drive.ts";

/** A workspace with two projects in it, of which one has a file; and a workspace of the other organization. */
const FGA_SEED: EmulatorSeed = {
  ...SEED,
  permissions: [
    { slug: "workspace:read", resource_type_slug: "workspace" },
    { slug: "project:read", resource_type_slug: "project" },
    { slug: "project:edit", resource_type_slug: "project" },
    { slug: "file:read", resource_type_slug: "file" },
  ],
  roles: [
    { slug: "admin", permissions: ["posts:write", "project:edit"] },
    { slug: "workspace-viewer", resource_type_slug: "workspace", permissions: ["workspace:read", "project:read"] },
    { slug: "editor", resource_type_slug: "project", permissions: ["project:read", "project:edit", "file:read"] },
  ],
  groups: [{ id: "group_1", organization_id: "org_1", name: "Editors", members: ["om_3"] }],
  resources: [
    { id: "ws_1", organization_id: "org_1", resource_type_slug: "workspace", external_id: "w-1", name: "Main" },
    project("pr_1", "p-1"),
    project("pr_2", "p-2"),
    { ...project("file_1", "f-1"), resource_type_slug: "file", parent_resource_id: "pr_1" },
    { id: "ws_2", organization_id: "org_2", resource_type_slug: "workspace", external_id: "w-1" },
  ],
};

const RESOURCES = "/authorization/resources";
const BY_ADDRESS = "/authorization/organizations/org_1/resources";
const MEMBERSHIPS = "/authorization/organization_memberships";
const BOB = `${MEMBERSHIPS}/om_3`;
const GROUP = "/authorization/groups/group_1/role_assignments";
const ROOT = { id: "authz_resource_org_1", external_id: "org_1", resource_type_slug: "organization" };
const NEW = { organization_id: "org_1", resource_type_slug: "project", external_id: "p-3", name: "Third" };
const NOW = { created_at: "2026-01-01T00:00:00.000Z", updated_at: "2026-01-01T00:00:00.000Z" };

function project(id: string, external_id: string) {
  return { id, organization_id: "org_1", resource_type_slug: "project", external_id, parent_resource_id: "ws_1" };
}

const ids = ({ body }: Answer) => body.data.map(({ id }: { id: string }) => id);
const statuses = (answers: Answer[]) => answers.map(({ status }) => status);
const roles = ({ body }: Answer) =>
  body.data.map(({ role, resource, source }: Record<string, { slug: string; id: string; type: string }>) => [
    role.slug,
    resource.id,
    source?.type,
  ]);
const refused = ({ status, body }: Answer) => [status, body.errors?.[0].code ?? body.code];

describe("authorization", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: FGA_SEED });
  });

  async function allows(membership: string, permission_slug: string, resource_id: string): Promise<boolean> {
    const { status, body } = await api.post(`${MEMBERSHIPS}/${membership}/check`, { permission_slug, resource_id });
    assertEquals(status, 200);
    return body.authorized;
  }

  const assign = (membership: string, role_slug: string, resource_id: string) =>
    api.post(`${MEMBERSHIPS}/${membership}/role_assignments`, { role_slug, resource_id });

  describe("resources", () => {
    it("are made in the organization or in another resource", async () => {
      const top = await api.post(RESOURCES, NEW);
      const nested = await api.post(RESOURCES, {
        ...NEW,
        external_id: "p-4",
        description: "Nested",
        parent_resource_external_id: "w-1",
        parent_resource_type_slug: "workspace",
      });
      const byId = await api.post(RESOURCES, { ...NEW, external_id: "p-5", parent_resource_id: "ws_1" });
      const none = await api.post(RESOURCES, { ...NEW, external_id: "p-6", parent_resource_id: null });

      const { id, ...rest } = top.body;
      assertEquals(statuses([top, nested, byId, none]), [201, 201, 201, 201]);
      assertEquals(id, "authz_resource_01000000000000000000000001");
      assertEquals(rest, {
        object: "authorization_resource",
        ...NEW,
        description: null,
        parent_resource_id: null,
        ...NOW,
      });
      assertEquals([nested.body.description, nested.body.parent_resource_id], ["Nested", "ws_1"]);
      assertEquals([byId.body.parent_resource_id, none.body.parent_resource_id], ["ws_1", null]);
      assertEquals(api.eventNames(), []);
    });

    it("have one address each", async () => {
      const again = await api.post(RESOURCES, { ...NEW, external_id: "p-1" });
      const otherType = await api.post(RESOURCES, { ...NEW, resource_type_slug: "board", external_id: "p-1" });
      const elsewhere = await api.post(RESOURCES, { ...NEW, organization_id: "org_2", external_id: "p-1" });

      assertEquals(refused(again), [409, "authorization_resource_external_id_conflict"]);
      assertEquals(statuses([otherType, elsewhere]), [201, 201]);
    });

    it("are refused without an organization or a parent that is there", async () => {
      const answers = [
        await api.post(RESOURCES, { ...NEW, organization_id: "org_9" }),
        await api.post(RESOURCES, { ...NEW, parent_resource_id: "ws_9" }),
        await api.post(RESOURCES, { ...NEW, parent_resource_id: "ws_2" }),
        await api.post(RESOURCES, {
          ...NEW,
          parent_resource_external_id: "w-9",
          parent_resource_type_slug: "workspace",
        }),
      ];

      assertEquals(answers.map(({ status, body }) => [status, body.message]), [
        [404, "Organization not found: 'org_9'."],
        [404, "Authorization resource not found: 'ws_9'."],
        [404, "Authorization resource not found: 'ws_2'."],
        [404, "Authorization resource not found: 'w-9'."],
      ]);
    });

    it("are found by id and by address", async () => {
      const byId = await api.get(`${RESOURCES}/pr_1`);
      const byAddress = await api.get(`${BY_ADDRESS}/project/p-1`);
      const missing = [
        await api.get(`${RESOURCES}/pr_9`),
        await api.get(`${BY_ADDRESS}/project/p-9`),
        await api.get(`${BY_ADDRESS}/board/p-1`),
        await api.get("/authorization/organizations/org_2/resources/project/p-1"),
        await api.get("/authorization/organizations/org_9/resources/project/p-1"),
      ];

      assertEquals([byId.status, byId.body.name, byAddress.body], [200, "p-1", byId.body]);
      assertEquals(statuses(missing), [404, 404, 404, 404, 404]);
    });

    it("are listed, newest first, with every filter", async () => {
      await api.post(RESOURCES, { ...NEW, resource_type_slug: "workspace", external_id: "w-2" });
      const list = async (query: string) => {
        const answer = await api.get(`${RESOURCES}?${query}`);
        return answer.body.data.map(({ external_id }: { external_id: string }) => external_id);
      };

      assertEquals(await list("organization_id=org_1"), ["w-2", "f-1", "p-2", "p-1", "w-1"]);
      assertEquals(await list("organization_id=org_1&order=asc&limit=2"), ["w-1", "p-1"]);
      assertEquals(await list("organization_id=org_1&after=pr_2"), ["p-1", "w-1"]);
      assertEquals(await list("resource_type_slug=workspace"), ["w-2", "w-1", "w-1"]);
      assertEquals(await list("organization_id=org_2&resource_type_slug=workspace"), ["w-1"]);
      assertEquals(await list("organization_id=org_1&resource_external_id=p-2"), ["p-2"]);
      assertEquals(await list("organization_id=org_1&parent_resource_id=ws_1"), ["p-2", "p-1"]);
      const parent = (id: string, type: string) => `parent_external_id=${id}&parent_resource_type_slug=${type}`;
      assertEquals(await list(`organization_id=org_1&${parent("p-1", "project")}`), ["f-1"]);
      assertEquals(await list(`organization_id=org_1&${parent("org_1", "organization")}`), ["w-2", "w-1"]);
      assertEquals(await list("organization_id=org_9"), []);
    });

    it("are not listed without an organization or a type, or in two ways", async () => {
      const all = await api.get(RESOURCES);
      const ambiguous = await api.get(
        `${RESOURCES}?organization_id=org_1&parent_resource_id=ws_1&parent_external_id=w-1`,
      );
      const half = await api.get(`${RESOURCES}?organization_id=org_1&parent_external_id=w-1`);

      assertEquals(refused(all), [400, "missing_organization_id_or_resource_type_slug"]);
      assertEquals(refused(ambiguous), [422, "parent_resource_id_invalid"]);
      assertEquals(refused(half), [422, "parent_resource_type_slug_required"]);
    });

    it("change as far as they are named", async () => {
      const renamed = await api.patch(`${RESOURCES}/pr_1`, { name: "First" });
      const described = await api.patch(`${BY_ADDRESS}/project/p-1`, { description: "The first" });
      const cleared = await api.patch(`${RESOURCES}/pr_1`, { description: null });

      assertEquals([renamed.body.name, renamed.body.description], ["First", null]);
      assertEquals([described.body.name, described.body.description], ["First", "The first"]);
      assertEquals([cleared.body.description, cleared.body.parent_resource_id], [null, "ws_1"]);
      assertEquals((await api.patch(`${RESOURCES}/pr_9`, {})).status, 404);
    });

    it("move into another one, but not into themselves", async () => {
      const parent = { parent_resource_external_id: "p-2", parent_resource_type_slug: "project" };
      const moved = await api.patch(`${RESOURCES}/file_1`, parent);
      const inItself = await api.patch(`${RESOURCES}/ws_1`, { parent_resource_id: "ws_1" });
      const inChild = await api.patch(`${RESOURCES}/ws_1`, { parent_resource_id: "file_1" });
      const abroad = await api.patch(`${RESOURCES}/pr_1`, { parent_resource_id: "ws_2" });
      const up = await api.patch(`${RESOURCES}/pr_1`, { parent_resource_id: ROOT.id });

      assertEquals(moved.body.parent_resource_id, "pr_2");
      assertEquals([refused(inItself), refused(inChild)], [
        [422, "parent_resource_id_invalid"],
        [422, "parent_resource_id_invalid"],
      ]);
      assertEquals([abroad.status, up.status], [404, 200]);
    });

    it("are deleted with what depends on them only when that is asked for", async () => {
      await assign("om_3", "editor", "pr_2");
      const refusals = [
        await api.remove(`${RESOURCES}/pr_1`),
        await api.remove(`${RESOURCES}/pr_2`),
        await api.remove(`${RESOURCES}/ws_1?cascade_delete=false`),
      ];
      const file = await api.remove(`${RESOURCES}/file_1`);
      const rest = await api.remove(`${BY_ADDRESS}/workspace/w-1?cascade_delete=true`);

      assertEquals(refusals.map(refused), Array(3).fill([409, "resource_has_dependents"]));
      assertEquals(statuses([file, rest]), [204, 204]);
      assertEquals(ids(await api.get(`${RESOURCES}?organization_id=org_1`)), []);
      assertEquals(ids(await api.get(`${RESOURCES}?organization_id=org_2`)), ["ws_2"]);
      assertEquals(roles(await api.get(`${BOB}/role_assignments`)), [["member", ROOT.id, "direct"]]);
      assertEquals((await api.remove(`${RESOURCES}/ws_1`)).status, 404);
    });

    it("are not deleted while a group has a role on them", async () => {
      await api.post(GROUP, { role_slug: "editor", resource_id: "pr_2" });

      assertEquals(refused(await api.remove(`${RESOURCES}/pr_2`)), [409, "resource_has_dependents"]);
      assertEquals((await api.remove(`${RESOURCES}/pr_2?cascade_delete=true`)).status, 204);
      assertEquals((await api.get(GROUP)).body.data, []);
    });

    it("include organizations, which no call on resources makes, changes, deletes or lists", async () => {
      const own = await api.get(`${BY_ADDRESS}/organization/org_1`);
      const changes = [
        await api.post(RESOURCES, { ...NEW, resource_type_slug: "organization" }),
        await api.patch(`${RESOURCES}/${ROOT.id}`, { name: "New" }),
        await api.remove(`${BY_ADDRESS}/organization/org_1?cascade_delete=true`),
      ];

      assertEquals([own.status, own.body.id, own.body.name, own.body.organization_id], [200, ROOT.id, "Acme", "org_1"]);
      assertEquals((await api.get(`${RESOURCES}/${ROOT.id}`)).body, own.body);
      assertEquals((await api.get(`${BY_ADDRESS}/organization/org_2`)).status, 404);
      assertEquals(statuses(changes), [422, 404, 404]);
    });

    it("vanish with their organization", async () => {
      await assign("om_3", "editor", "pr_1");
      await api.post(GROUP, { role_slug: "editor", resource_id: "pr_1" });
      await api.remove("/organizations/org_1");

      assertEquals((await api.get(`${RESOURCES}/pr_1`)).status, 404);
      assertEquals((await api.get(`${RESOURCES}/${ROOT.id}`)).status, 404);
      assertEquals(ids(await api.get(`${RESOURCES}?resource_type_slug=project`)), []);
    });
  });

  describe("role assignments of a membership", () => {
    it("are made by id or address, once", async () => {
      const { status, body } = await assign("om_3", "editor", "pr_1");
      const address = { resource_external_id: "p-1", resource_type_slug: "project" };
      const again = await api.post(`${BOB}/role_assignments`, { role_slug: "editor", ...address });

      assertEquals(status, 201);
      assertEquals(body, {
        object: "role_assignment",
        id: body.id,
        organization_membership_id: "om_3",
        role: { slug: "editor" },
        resource: { id: "pr_1", external_id: "p-1", resource_type_slug: "project" },
        source: { type: "direct", group_role_assignment_id: null },
        ...NOW,
      });
      assertEquals([again.status, again.body], [201, body]);
      assertEquals(api.eventNames(), []);
    });

    it("are refused for what is not there and for roles of another type", async () => {
      const refusals = [
        await assign("om_9", "editor", "pr_1"),
        await assign("om_3", "nobody", "pr_1"),
        await assign("om_3", "editor", "pr_9"),
        await assign("om_3", "workspace-viewer", "ws_2"),
        await assign("om_3", "editor", "ws_1"),
        await assign("om_3", "admin", "pr_1"),
        await api.post(`${BOB}/role_assignments`, { role_slug: "editor" }),
      ];

      assertEquals(refusals.map(refused), [
        ...Array(4).fill([404, "entity_not_found"]),
        [422, "invalid_role"],
        [422, "invalid_role"],
        [422, "resource_id_required"],
      ]);
    });

    it("are listed with the roles in the organization and those of groups", async () => {
      const shared = await api.post(GROUP, { role_slug: "workspace-viewer", resource_id: "ws_1" });
      await assign("om_3", "editor", "pr_1");

      const all = await api.get(`${BOB}/role_assignments`);
      const [, group, own] = all.body.data;

      assertEquals(roles(all), [
        ["editor", "pr_1", "direct"],
        ["workspace-viewer", "ws_1", "group"],
        ["member", ROOT.id, "direct"],
      ]);
      assertEquals(group.source.group_role_assignment_id, shared.body.id);
      assertEquals(own.resource, ROOT);
      const list = async (query: string) => roles(await api.get(`${BOB}/role_assignments?${query}`)).length;
      assertEquals(await list("resource_id=pr_1"), 1);
      assertEquals(await list("resource_external_id=w-1"), 1);
      assertEquals(await list("resource_type_slug=project&resource_external_id=w-1"), 0);
      assertEquals(await list("resource_type_slug=organization"), 1);
      assertEquals((await api.get(`${MEMBERSHIPS}/om_9/role_assignments`)).status, 404);
    });

    it("keep their ids and are read page by page, also while they go", async () => {
      await assign("om_3", "editor", "pr_1");
      await assign("om_3", "editor", "pr_2");
      const path = `${BOB}/role_assignments?limit=1`;

      const first = await api.get(path);
      await api.remove(`${BOB}/role_assignments/${ids(first)[0]}`);
      const second = await api.get(`${path}&after=${first.body.list_metadata.after}`);
      const third = await api.get(`${path}&after=${second.body.list_metadata.after}`);

      assertEquals([first, second, third].map((page) => roles(page)[0][1]), ["pr_2", "pr_1", ROOT.id]);
      assertEquals(third.body.list_metadata.after, null);
      assertEquals(ids(await api.get(`${BOB}/role_assignments`)), [...ids(second), ...ids(third)]);
    });

    it("are removed by id, and by role and resource", async () => {
      const { id } = (await assign("om_3", "editor", "pr_1")).body;
      await assign("om_3", "editor", "pr_2");
      const stranger = await api.remove(`${MEMBERSHIPS}/om_1/role_assignments/${id}`);
      const answers = [
        await api.remove(`${BOB}/role_assignments/${id}`),
        await api.remove(`${BOB}/role_assignments/${id}`),
        await api.remove(`${BOB}/role_assignments`, { role_slug: "editor", resource_id: "pr_2" }),
        await api.remove(`${BOB}/role_assignments`, { role_slug: "editor", resource_id: "pr_2" }),
        await api.remove(`${BOB}/role_assignments`, { role_slug: "editor" }),
      ];

      assertEquals([stranger.status, ...statuses(answers)], [404, 204, 404, 204, 404, 422]);
      assertEquals(roles(await api.get(`${BOB}/role_assignments`)), [["member", ROOT.id, "direct"]]);
    });

    it("on the organization are the roles of the membership", async () => {
      const given = await assign("om_3", "admin", ROOT.id);
      const withBoth = await api.get("/user_management/organization_memberships/om_3");
      const taken = await api.remove(`${BOB}/role_assignments`, {
        role_slug: "member",
        resource_external_id: "org_1",
        resource_type_slug: "organization",
      });
      const withOne = await api.get("/user_management/organization_memberships/om_3");

      assertEquals([given.status, given.body.resource], [201, ROOT]);
      assertEquals(withBoth.body.roles, [{ slug: "member" }, { slug: "admin" }]);
      assertEquals([taken.status, withOne.body.role, withOne.body.roles], [204, { slug: "admin" }, [{
        slug: "admin",
      }]]);
      assertEquals(roles(await api.get(`${BOB}/role_assignments`)), [["admin", ROOT.id, "direct"]]);
      assertEquals(api.eventNames(), ["organization_membership.updated", "organization_membership.updated"]);
      assertEquals((await api.remove(`${BOB}/role_assignments/${given.body.id}`)).status, 204);
      assertEquals(roles(await api.get(`${BOB}/role_assignments`)), [["member", ROOT.id, "direct"]]);
    });

    it("are listed by resource, with those of groups", async () => {
      await assign("om_1", "editor", "pr_1");
      await assign("om_3", "editor", "pr_2");
      await api.post(GROUP, { role_slug: "editor", resource_id: "pr_1" });

      const byId = await api.get(`${RESOURCES}/pr_1/role_assignments`);
      const byAddress = await api.get(`${BY_ADDRESS}/project/p-1/role_assignments`);
      const filtered = await api.get(`${RESOURCES}/pr_1/role_assignments?role_slug=admin`);
      const organization = await api.get(`${RESOURCES}/${ROOT.id}/role_assignments?role_slug=admin`);

      const holders = byId.body.data.map((it: Record<string, string>) => it.organization_membership_id);
      assertEquals(holders, ["om_3", "om_1"]);
      assertEquals([byAddress.body, filtered.body.data], [byId.body, []]);
      assertEquals(roles(organization), [["admin", ROOT.id, "direct"]]);
      assertEquals((await api.get(`${RESOURCES}/pr_9/role_assignments`)).status, 404);
    });

    it("go with the membership", async () => {
      await assign("om_3", "editor", "pr_2");
      await api.remove("/user_management/organization_memberships/om_3");

      assertEquals((await api.get(`${RESOURCES}/pr_2/role_assignments`)).body.data, []);
      assertEquals((await api.remove(`${RESOURCES}/pr_2`)).status, 204);
    });

    it("keep a role of the organization from being deleted", async () => {
      const path = "/authorization/organizations/org_1/roles";
      const role = { slug: "org-reader", name: "Reader", resource_type_slug: "project" };
      await api.post(path, role);
      await api.post("/authorization/organizations/org_2/roles", role);
      const { id } = (await assign("om_3", "org-reader", "pr_1")).body;

      const assigned = await api.remove(`${path}/org-reader`);
      const namesake = await api.remove("/authorization/organizations/org_2/roles/org-reader");
      await api.post(GROUP, { role_slug: "org-reader", resource_id: "pr_1" });
      await api.remove(`${BOB}/role_assignments/${id}`);
      const shared = await api.remove(`${path}/org-reader`);
      await api.put(GROUP, { role_assignments: [] });
      const free = await api.remove(`${path}/org-reader`);

      assertEquals([refused(assigned), refused(shared)], Array(2).fill([409, "role_has_assignments"]));
      assertEquals(statuses([namesake, free]), [204, 204]);
    });
  });

  describe("role assignments of a group", () => {
    it("are made on a resource, or on the organization", async () => {
      const { status, body } = await api.post(GROUP, { role_slug: "editor", resource_id: "pr_1" });
      const organization = await api.post(GROUP, { role_slug: "admin" });
      const again = await api.post(GROUP, { role_slug: "admin" });

      assertEquals(status, 201);
      assertEquals(body, {
        object: "group_role_assignment",
        id: "gra_01000000000000000000000001",
        group_id: "group_1",
        role: { slug: "editor" },
        resource: { id: "pr_1", external_id: "p-1", resource_type_slug: "project" },
        ...NOW,
      });
      assertEquals([organization.status, organization.body.resource], [201, ROOT]);
      assertEquals(refused(again), [409, "duplicate_group_role_assignment"]);
      assertEquals((await api.get(`${GROUP}/${body.id}`)).body, body);
      assertEquals(ids(await api.get(GROUP)), [organization.body.id, body.id]);
    });

    it("are refused for what is not there and for roles of another type", async () => {
      const other = "/authorization/groups/group_9/role_assignments";
      const answers = [
        await api.get(other),
        await api.post(other, { role_slug: "admin" }),
        await api.post(GROUP, { role_slug: "nobody" }),
        await api.post(GROUP, { role_slug: "editor", resource_id: "" }),
        await api.post(GROUP, { role_slug: "workspace-viewer", resource_id: "ws_2" }),
        await api.get(`${GROUP}/gra_9`),
        await api.remove(`${GROUP}/gra_9`),
      ];

      assertEquals(statuses(answers), Array(7).fill(404));
      assertEquals(refused(await api.post(GROUP, { role_slug: "editor" })), [422, "invalid_role"]);
    });

    it("belong to their group alone", async () => {
      const { id } = (await api.post("/organizations/org_1/groups", { name: "Others" })).body;
      const shared = (await api.post(GROUP, { role_slug: "editor", resource_id: "pr_1" })).body.id;
      const others = `/authorization/groups/${id}/role_assignments`;

      assertEquals(statuses([await api.get(`${others}/${shared}`), await api.remove(`${others}/${shared}`)]), [
        404,
        404,
      ]);
      assertEquals((await api.get(others)).body.data, []);
    });

    it("are removed by id, and by role and resource", async () => {
      const { id } = (await api.post(GROUP, { role_slug: "editor", resource_id: "pr_1" })).body;
      await api.post(GROUP, { role_slug: "admin" });
      const answers = [
        await api.remove(`${GROUP}/${id}`),
        await api.remove(GROUP, { role_slug: "admin", resource_id: "pr_1" }),
        await api.remove(GROUP, { role_slug: "admin" }),
        await api.remove(GROUP, { role_slug: "admin" }),
      ];

      assertEquals(statuses(answers), [204, 404, 204, 404]);
      assertEquals((await api.get(GROUP)).body.data, []);
    });

    it("are replaced as a whole, or not at all", async () => {
      const kept = (await api.post(GROUP, { role_slug: "editor", resource_id: "pr_1" })).body;
      await api.post(GROUP, { role_slug: "admin" });
      const address = { resource_external_id: "p-1", resource_type_slug: "project" };

      const failed = await api.put(GROUP, { role_assignments: [{ role_slug: "editor", resource_id: "pr_9" }] });
      const before = roles(await api.get(GROUP)).length;
      const { status, body } = await api.put(GROUP, {
        role_assignments: [
          { role_slug: "workspace-viewer", resource_id: "ws_1" },
          { role_slug: "editor", ...address },
          { role_slug: "editor", resource_id: "pr_1" },
        ],
      });

      assertEquals([failed.status, before], [404, 2]);
      assertEquals([status, body.data.length, body.data[1]], [200, 2, kept]);
      assertEquals(ids(await api.get(GROUP)), ids({ body } as Answer));
      assertEquals((await api.put(GROUP, { role_assignments: [] })).body.data, []);
      const tooMany = Array(101).fill({ role_slug: "admin" });
      assertEquals(refused(await api.put(GROUP, { role_assignments: tooMany })), [422, "role_assignments_invalid"]);
    });

    it("come and go with members, and cannot be taken from one of them", async () => {
      await api.post(GROUP, { role_slug: "editor", resource_id: "pr_1" });
      const members = "/organizations/org_1/groups/group_1/organization-memberships";
      const [{ id }] = (await api.get(`${BOB}/role_assignments`)).body.data;
      const taken = await api.remove(`${BOB}/role_assignments/${id}`);

      await api.post(members, { organization_membership_id: "om_1" });
      const joined = await allows("om_1", "file:read", "file_1");
      await api.remove(`${members}/om_1`);
      const left = await allows("om_1", "file:read", "file_1");

      assertEquals([taken.status, joined, left], [404, true, false]);
      assertEquals(await allows("om_3", "file:read", "file_1"), true);
    });

    it("go with the group", async () => {
      await api.post(GROUP, { role_slug: "editor", resource_id: "pr_2" });
      await api.get(`${BOB}/role_assignments`);
      await api.remove("/organizations/org_1/groups/group_1");

      assertEquals(await allows("om_3", "project:read", "pr_2"), false);
      assertEquals((await api.remove(`${RESOURCES}/pr_2`)).status, 204);
      assertEquals(roles(await api.get(`${BOB}/role_assignments`)), [["member", ROOT.id, "direct"]]);
    });
  });

  describe("checks", () => {
    it("go by roles on the resource itself", async () => {
      await assign("om_3", "editor", "pr_1");

      assertEquals(await allows("om_3", "project:edit", "pr_1"), true);
      assertEquals(await allows("om_3", "project:edit", "pr_2"), false);
      assertEquals(await allows("om_2", "workspace:read", "ws_2"), false);
    });

    it("go by roles on what is around it, with permissions for its type", async () => {
      await assign("om_3", "workspace-viewer", "ws_1");

      assertEquals(await allows("om_3", "workspace:read", "ws_1"), true);
      assertEquals(await allows("om_3", "project:read", "pr_2"), true);
      assertEquals(await allows("om_3", "project:edit", "pr_2"), false);
      assertEquals(await allows("om_3", "workspace:read", "pr_2"), false);
      assertEquals(await allows("om_3", "file:read", "file_1"), false);
    });

    it("go by roles in the organization", async () => {
      assertEquals(await allows("om_1", "project:edit", "pr_1"), true);
      assertEquals(await allows("om_1", "posts:write", ROOT.id), true);
      assertEquals(await allows("om_1", "posts:write", "pr_1"), false);
      assertEquals(await allows("om_3", "posts:write", ROOT.id), false);
    });

    it("go by roles of groups", async () => {
      await api.post(GROUP, { role_slug: "admin" });

      assertEquals(await allows("om_3", "project:edit", "pr_1"), true);
      assertEquals(await allows("om_3", "posts:write", ROOT.id), true);
    });

    it("follow roles and resources as they change", async () => {
      await assign("om_3", "workspace-viewer", "ws_1");
      await api.put("/authorization/roles/workspace-viewer/permissions", { permissions: ["project:edit"] });
      const changed = [await allows("om_3", "project:read", "pr_1"), await allows("om_3", "project:edit", "pr_1")];
      await api.patch(`${RESOURCES}/pr_1`, { parent_resource_id: ROOT.id });

      assertEquals([...changed, await allows("om_3", "project:edit", "pr_1")], [false, true, false]);
    });

    it("are for active members", async () => {
      await api.put("/user_management/organization_memberships/om_1/deactivate");
      const inactive = await allows("om_1", "project:edit", "pr_1");
      await api.put("/user_management/organization_memberships/om_1/reactivate");

      assertEquals([inactive, await allows("om_1", "project:edit", "pr_1")], [false, true]);
    });

    it("name the resource by its address, in the organization of the membership", async () => {
      const address = { resource_external_id: "w-1", resource_type_slug: "workspace" };
      await assign("om_2", "workspace-viewer", "ws_2");
      const check = { permission_slug: "workspace:read", ...address };

      assertEquals((await api.post(`${MEMBERSHIPS}/om_2/check`, check)).body, { authorized: true });
      assertEquals((await api.post(`${MEMBERSHIPS}/om_1/check`, check)).body, { authorized: false });
    });

    it("are refused for what is not there", async () => {
      const check = (membership: string, permission_slug: string, resource_id: string) =>
        api.post(`${MEMBERSHIPS}/${membership}/check`, { permission_slug, resource_id });
      const answers = [
        await check("om_9", "project:read", "pr_1"),
        await check("om_1", "project:none", "pr_1"),
        await check("om_1", "project:read", "pr_9"),
        await check("om_1", "workspace:read", "ws_2"),
      ];

      assertEquals(answers.map(({ status, body }) => [status, body.entity_id]), [
        [404, "om_9"],
        [404, "project:none"],
        [404, "pr_9"],
        [404, "ws_2"],
      ]);
    });
  });

  describe("lists", () => {
    it("of permissions on a resource have the inherited ones", async () => {
      await assign("om_3", "workspace-viewer", "ws_1");
      await assign("om_3", "editor", "pr_1");
      const slugs = async (path: string) => {
        const { body } = await api.get(path);
        return body.data.map(({ slug }: { slug: string }) => slug);
      };

      assertEquals(await slugs(`${BOB}/resources/pr_1/permissions`), ["project:edit", "project:read"]);
      assertEquals(await slugs(`${BOB}/resources/project/p-2/permissions`), ["project:read"]);
      assertEquals(await slugs(`${RESOURCES}/file_1/organization_memberships/om_3/permissions`), ["file:read"]);
      assertEquals(await slugs(`${BOB}/resources/pr_1/permissions?limit=1&order=asc`), ["project:read"]);
      assertEquals(await slugs(`${MEMBERSHIPS}/om_1/resources/organization/org_1/permissions`), ["posts:write"]);
      const missing = [
        await api.get(`${BOB}/resources/ws_2/permissions`),
        await api.get(`${BOB}/resources/project/p-9/permissions`),
        await api.get(`${MEMBERSHIPS}/om_9/resources/pr_1/permissions`),
      ];
      assertEquals(statuses(missing), [404, 404, 404]);
    });

    it("of resources have the children on which a membership has a permission", async () => {
      await assign("om_3", "editor", "pr_2");
      const list = (query: string) => api.get(`${BOB}/resources?permission_slug=${query}`);

      assertEquals(ids(await list("project:read&parent_resource_id=ws_1")), ["pr_2"]);
      await assign("om_3", "workspace-viewer", "ws_1");
      const address = "parent_resource_external_id=w-1&parent_resource_type_slug=workspace";
      assertEquals(ids(await list(`project:read&${address}`)), ["pr_2", "pr_1"]);
      assertEquals(ids(await list(`project:edit&${address}`)), ["pr_2"]);
      assertEquals(ids(await list(`workspace:read&parent_resource_id=${ROOT.id}`)), ["ws_1"]);
      assertEquals(refused(await list("project:read")), [422, "parent_resource_id_required"]);
      assertEquals(refused(await list("&parent_resource_id=ws_1")), [422, "permission_slug_required"]);
      assertEquals(refused(await list(`project:read&parent_resource_id=ws_1&${address}`))[0], 422);
      assertEquals(
        statuses([await list("none&parent_resource_id=ws_1"), await list("project:read&parent_resource_id=x")]),
        [
          404,
          404,
        ],
      );
    });

    it("of memberships have those with a permission on a resource", async () => {
      await assign("om_3", "editor", "pr_1");
      const list = (query: string) => api.get(`${RESOURCES}/pr_1/organization_memberships?permission_slug=${query}`);

      const all = await list("project:edit");
      const byAddress = await api.get(
        `${BY_ADDRESS}/project/p-1/organization_memberships?permission_slug=project:edit&assignment=indirect`,
      );

      assertEquals([ids(all), byAddress.body], [["om_3", "om_1"], all.body]);
      assertEquals(ids(await list("project:edit&assignment=direct")), ["om_3"]);
      assertEquals(ids(await list("project:read")), ["om_3"]);
      assertEquals([all.body.data[0].user.id, "role" in all.body.data[0], "roles" in all.body.data[0]], [
        "user_bob",
        false,
        false,
      ]);
      assertEquals(refused(await list("project:edit&assignment=both")), [422, "assignment_invalid"]);
      assertEquals(refused(await list("")), [422, "permission_slug_required"]);
      assertEquals((await list("none")).status, 404);
    });
  });

  describe("seeds", () => {
    it("assign roles to members and groups", async () => {
      api = await start({
        seed: {
          ...FGA_SEED,
          role_assignments: [
            { id: "ra_1", role_slug: "editor", resource_id: "pr_1", organization_membership_id: "om_3" },
            { id: "gra_1", role_slug: "workspace-viewer", resource_id: "ws_1", group_id: "group_1" },
            { role_slug: "admin", group_id: "group_1" },
          ],
        },
      });

      assertEquals(roles(await api.get(`${BOB}/role_assignments`)).length, 4);
      assertEquals(ids(await api.get(`${BOB}/role_assignments?resource_id=pr_1`)), ["ra_1"]);
      assertEquals((await api.get(`${GROUP}/gra_1`)).status, 200);
      assertEquals(await allows("om_3", "posts:write", ROOT.id), true);
    });

    it("make permissions of roles for the type of the role", async () => {
      const seed = { roles: [{ slug: "editor", resource_type_slug: "project", permissions: ["project:edit"] }] };
      api = await start({ seed });

      assertEquals((await api.get("/authorization/permissions/project:edit")).body.resource_type_slug, "project");
      assertEquals((await api.get("/authorization/roles/editor")).body.resource_type_slug, "project");
    });

    it("are refused where a part refers to nothing, or the API would refuse it", () => {
      const [workspace] = FGA_SEED.resources ?? [];
      const wrong: [EmulatorSeed, string][] = [
        [{ resources: [{ ...workspace, organization_id: "org_9" }] }, "org_9"],
        [{ resources: [{ ...workspace, parent_resource_id: "ws_9" }] }, "ws_9"],
        [{ resources: [workspace, { ...workspace, id: "ws_3" }] }, "external id conflict"],
        [{ resources: [{ ...workspace, resource_type_slug: "organization" }] }, "resource_type_slug_invalid"],
        [{ role_assignments: [{ role_slug: "editor", resource_id: "pr_1" }] }, "either a membership or a group"],
        [
          { role_assignments: [{ role_slug: "admin", organization_membership_id: "om_1" }] },
          "no authorization resource",
        ],
        [{ role_assignments: [{ role_slug: "nobody", group_id: "group_1" }] }, "nobody"],
        [
          {
            role_assignments: [{
              role_slug: "workspace-viewer",
              resource_id: "ws_2",
              organization_membership_id: "om_1",
            }],
          },
          "ws_2",
        ],
        [{ role_assignments: [{ role_slug: "admin", group: "group_1" } as never] }, "seed.role_assignments[0].group"],
      ];

      for (const [part, message] of wrong) {
        assertThrows(() => createEmulator({ seed: { ...FGA_SEED, ...part } }), TypeError, message);
      }
    });
  });
});
