import { assertEquals, assertMatch } from "@std/assert";
import { beforeEach, describe, it } from "@std/testing/bdd";
import { decodeJwt } from "../../src/jwt.ts";
import { type Driver, SEED, start } from "./drive.ts";

const ROLES = "/authorization/roles";
const ORGANIZATION_ROLES = "/authorization/organizations/org_1/roles";
const PERMISSIONS = "/authorization/permissions";

const slugs = (body: { data: { slug: string }[] }) => body.data.map(({ slug }) => slug);

describe("roles and permissions", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: { ...SEED, permissions: [{ slug: "posts:read", name: "Read posts" }] } });
  });

  it("are those of the seed at first, with the permissions its roles name", async () => {
    const { body } = await api.get(ROLES);
    const { body: permissions } = await api.get(PERMISSIONS);

    assertEquals(slugs(body), ["member", "admin"]);
    assertEquals(slugs(permissions), ["posts:write", "posts:read"]);
    assertEquals(permissions.data[1].name, "Read posts");
    assertEquals([permissions.data[0].system, permissions.data[0].resource_type_slug], [false, "organization"]);
  });

  it("are announced with the seed, but for the usual roles", async () => {
    api = await start({ seed: { roles: [{ slug: "editor", permissions: ["posts:write"] }] }, announceSeed: true });

    assertEquals(api.eventNames(), ["permission.created", "role.created"]);
    assertEquals(slugs((await api.get(ROLES)).body), ["member", "admin", "editor"]);
  });

  it("are made, changed and fetched", async () => {
    const made = await api.post(ROLES, { slug: "editor", name: "Editor" });
    const changed = await api.patch(`${ROLES}/editor`, { description: "Edits" });
    const fetched = await api.get(`${ROLES}/editor`);

    assertEquals([made.status, made.body.type, made.body.permissions], [201, "EnvironmentRole", []]);
    assertEquals([changed.body.name, changed.body.description], ["Editor", "Edits"]);
    assertEquals(fetched.body, changed.body);
    assertEquals(api.eventNames(), ["role.created", "role.updated"]);
    assertEquals(Object.keys(api.emulator.events[0].data), [
      ...["object", "slug", "resource_type_slug", "permissions", "created_at", "updated_at"],
    ]);
  });

  it("belong to one organization when they were made for it", async () => {
    const made = await api.post(ORGANIZATION_ROLES, { name: "Billing Admin" });
    const named = await api.post(ORGANIZATION_ROLES, { name: "B", slug: "org-b" });

    assertMatch(made.body.slug, /^org-billing-admin-\w+$/);
    assertEquals([made.body.type, "organization_id" in made.body], ["OrganizationRole", false]);
    assertEquals(slugs((await api.get(ORGANIZATION_ROLES)).body), ["member", "admin", made.body.slug, "org-b"]);
    assertEquals((await api.get(`${ORGANIZATION_ROLES}/admin`)).body.type, "EnvironmentRole");
    assertEquals((await api.get(`${ORGANIZATION_ROLES}/org-b`)).body, named.body);
    assertEquals((await api.get(`${ROLES}/org-b`)).status, 404);
    assertEquals((await api.get("/authorization/organizations/org_2/roles/org-b")).status, 404);
    assertEquals((await api.patch(`${ORGANIZATION_ROLES}/admin`, { name: "A" })).status, 404);
    assertEquals(api.eventNames()[0], "organization_role.created");
    assertEquals(api.emulator.events[0].data.organization_id, "org_1");
  });

  it("are refused when they are there already, or not well formed", async () => {
    const answers = [
      await api.post(ROLES, { slug: "admin", name: "Admin" }),
      await api.post(ROLES, { slug: "Admin!", name: "Admin" }),
      await api.post(ROLES, { slug: "a", name: "x".repeat(49) }),
      await api.post(ORGANIZATION_ROLES, { slug: "editor", name: "Editor" }),
      await api.post(PERMISSIONS, { slug: "posts:read", name: "Read" }),
      await api.post(PERMISSIONS, { slug: "posts read", name: "Read" }),
      await api.post("/authorization/organizations/org_9/roles", { name: "A" }),
    ];

    assertEquals(answers.map(({ status }) => status), [409, 422, 422, 422, 409, 422, 404]);
    assertEquals([answers[0].body.code, answers[4].body.code], ["role_slug_conflict", "permission_slug_conflict"]);
  });

  for (const path of [ROLES, ORGANIZATION_ROLES]) {
    it(`get and lose permissions at ${path}`, async () => {
      await api.post(path, { slug: "org-x", name: "X" });

      const added = await api.post(`${path}/org-x/permissions`, { slug: "posts:read" });
      const twice = await api.post(`${path}/org-x/permissions`, { slug: "posts:read" });
      const set = await api.put(`${path}/org-x/permissions`, { permissions: ["posts:write"] });
      const unknown = await api.put(`${path}/org-x/permissions`, { permissions: ["posts:burn"] });

      assertEquals([added.status, added.body.permissions], [200, ["posts:read"]]);
      assertEquals([twice.body.permissions, set.body.permissions], [["posts:read"], ["posts:write"]]);
      assertEquals([unknown.status, unknown.body.entity_id], [404, "posts:burn"]);
    });
  }

  it("of an organization lose one permission, and go unless they are assigned", async () => {
    await api.post(ORGANIZATION_ROLES, { slug: "org-x", name: "X" });
    await api.put(`${ORGANIZATION_ROLES}/org-x/permissions`, { permissions: ["posts:read", "posts:write"] });
    const lost = await api.remove(`${ORGANIZATION_ROLES}/org-x/permissions/posts:read`);
    const membership = "/user_management/organization_memberships/om_3";
    await api.put(membership, { role_slug: "org-x" });

    const assigned = await api.remove(`${ORGANIZATION_ROLES}/org-x`);
    await api.put(membership, { role_slug: "member" });
    const gone = await api.remove(`${ORGANIZATION_ROLES}/org-x`);

    assertEquals(lost.body.permissions, ["posts:write"]);
    assertEquals([assigned.status, assigned.body.code, gone.status], [409, "role_has_assignments", 204]);
    assertEquals((await api.get(`${ORGANIZATION_ROLES}/org-x`)).status, 404);
  });

  it("reach the claims of the next access token", async () => {
    await api.post(`${ROLES}/admin/permissions`, { slug: "posts:read" });

    const { body } = await api.authenticate({
      grant_type: "authorization_code",
      code: api.emulator.authorizationCode({ user: "user_ada", organizationId: "org_1" }),
    });

    assertEquals(decodeJwt(body.access_token).payload.permissions, ["posts:write", "posts:read"]);
  });

  it("permissions are made, changed and deleted, from roles too", async () => {
    const made = await api.post(PERMISSIONS, { slug: "a:b", name: "A", description: "x" });
    await api.post(`${ROLES}/member/permissions`, { slug: "a:b" });
    const changed = await api.patch(`${PERMISSIONS}/a:b`, { name: "B", description: null });
    const gone = await api.remove(`${PERMISSIONS}/a:b`);

    assertEquals([made.status, made.body.object, made.body.slug], [201, "permission", "a:b"]);
    assertEquals([changed.body.name, changed.body.description, gone.status], ["B", null, 204]);
    assertEquals((await api.get(`${PERMISSIONS}/a:b`)).status, 404);
    assertEquals((await api.get(`${ROLES}/member`)).body.permissions, []);
    assertEquals(api.eventNames(), [
      ...["permission.created", "role.updated", "permission.updated", "permission.deleted", "role.updated"],
    ]);
  });
});
