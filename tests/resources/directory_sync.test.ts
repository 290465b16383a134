import { assert, assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { readDirectoryUser } from "../../src/resources/directory_sync.ts";
import { fakeApi } from "../fake_api.ts";

const directory = {
  object: "directory",
  id: "directory_1",
  domain: "foo-corp.com",
  external_key: "key",
  name: "Foo Corp",
  organization_id: "org_1",
  state: "linked",
  type: "okta scim v2.0",
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-02T00:00:00.000Z",
  brand_new: { some_field: 1 },
};
const readableDirectory = {
  object: "directory",
  id: "directory_1",
  domain: "foo-corp.com",
  externalKey: "key",
  name: "Foo Corp",
  organizationId: "org_1",
  state: "active",
  type: "okta scim v2.0",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-02T00:00:00.000Z",
  brandNew: { someField: 1 },
};

const freeForm = { first_name: "Ada", lastName: "Lovelace", nested: { job_title: "x" } };

const group = {
  object: "directory_group",
  id: "directory_group_1",
  idp_id: "idp_1",
  directory_id: "directory_1",
  organization_id: null,
  name: "Developers",
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-02T00:00:00.000Z",
  raw_attributes: freeForm,
};
const readableGroup = {
  object: "directory_group",
  id: "directory_group_1",
  idpId: "idp_1",
  directoryId: "directory_1",
  organizationId: null,
  name: "Developers",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-02T00:00:00.000Z",
  rawAttributes: freeForm,
};

const user = {
  object: "directory_user",
  id: "directory_user_1",
  directory_id: "directory_1",
  organization_id: "org_1",
  idp_id: "idp_2",
  email: "ada@example.com",
  first_name: "Ada",
  last_name: null,
  name: "Ada Lovelace",
  emails: [{ primary: true, type: "work", value: "ada@example.com" }],
  job_title: "Engineer",
  username: "ada",
  state: "suspended",
  raw_attributes: freeForm,
  custom_attributes: { department_id: 7, ...freeForm },
  role: { slug: "admin" },
  roles: [{ slug: "admin" }, { slug: "member" }],
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-02T00:00:00.000Z",
  groups: [group],
  brand_new: true,
};
const readableUser = {
  object: "directory_user",
  id: "directory_user_1",
  directoryId: "directory_1",
  organizationId: "org_1",
  idpId: "idp_2",
  email: "ada@example.com",
  firstName: "Ada",
  lastName: null,
  name: "Ada Lovelace",
  emails: [{ primary: true, type: "work", value: "ada@example.com" }],
  jobTitle: "Engineer",
  username: "ada",
  state: "suspended",
  rawAttributes: freeForm,
  customAttributes: { department_id: 7, ...freeForm },
  role: { slug: "admin" },
  roles: [{ slug: "admin" }, { slug: "member" }],
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-02T00:00:00.000Z",
  groups: [readableGroup],
  brandNew: true,
};

function page(...data: unknown[]): unknown {
  return { object: "list", data, list_metadata: { before: null, after: null } };
}

describe("DirectorySync", () => {
  it("listDirectories() sends its filters and reads each directory", async () => {
    const api = fakeApi(page(directory));

    const directories = await api.workos.directorySync.listDirectories({
      organizationId: "org_1",
      search: "Foo Corp",
      domain: "foo-corp.com",
      limit: 5,
    });

    assertEquals(api.requests[0].method, "GET");
    assertEquals(api.requests[0].path, "/directories");
    assertEquals(api.requests[0].query, {
      organization_id: "org_1",
      search: "Foo Corp",
      domain: "foo-corp.com",
      limit: "5",
      order: "desc",
    });
    assertEquals(directories.data as unknown[], [readableDirectory]);
    assertEquals(directories.options.organizationId, "org_1");
  });

  it("listDirectories() needs no options", async () => {
    const api = fakeApi(page());

    const directories = await api.workos.directorySync.listDirectories();

    assertEquals(api.requests[0].query, { order: "desc" });
    assertEquals(directories.data, []);
  });

  for (
    const [wire, state] of [
      ["linked", "active"],
      ["unlinked", "inactive"],
      ["validating", "validating"],
      ["invalid_credentials", "invalid_credentials"],
      ["deleting", "deleting"],
      ["someday", "someday"],
    ]
  ) {
    it(`getDirectory() reads the state ${wire} as ${state}`, async () => {
      const api = fakeApi({ ...directory, state: wire });

      const answer = await api.workos.directorySync.getDirectory("directory_1");

      assertEquals(api.requests[0].path, "/directories/directory_1");
      assertEquals(answer as unknown, { ...readableDirectory, state });
    });
  }

  it("getDirectory() reads the counts of users and groups", async () => {
    const metadata = { users: { active: 42, inactive: 3 }, groups: 5, last_counted: "2026-01-01T00:00:00.000Z" };
    const api = fakeApi({ ...directory, metadata });

    const answer = await api.workos.directorySync.getDirectory("directory_1");

    assertEquals(answer.metadata as unknown, {
      users: { active: 42, inactive: 3 },
      groups: 5,
      lastCounted: "2026-01-01T00:00:00.000Z",
    });
  });

  it("getDirectory() leaves absent what the API leaves out", async () => {
    const { domain: _, organization_id: __, ...bare } = directory;
    const api = fakeApi(bare);

    const answer = await api.workos.directorySync.getDirectory("directory_1");

    assert(!("domain" in answer));
    assert(!("organizationId" in answer));
    assert(!("metadata" in answer));
  });

  it("deleteDirectory() sends no body and gives nothing back", async () => {
    const api = fakeApi({ ignored: true });

    const nothing = await api.workos.directorySync.deleteDirectory("directory_1");

    assertEquals(nothing, undefined);
    assertEquals(api.requests[0].method, "DELETE");
    assertEquals(api.requests[0].path, "/directories/directory_1");
    assertEquals(api.requests[0].body, undefined);
  });

  it("deleteDirectory() refuses an empty id", async () => {
    const api = fakeApi({});

    await assertRejects(() => api.workos.directorySync.deleteDirectory(""), TypeError);

    assertEquals(api.requests.length, 0);
  });

  it("listGroups() filters by directory and user, names as they are", async () => {
    const api = fakeApi(page(group));

    const groups = await api.workos.directorySync.listGroups({ directory: "directory_1", user: "directory_user_1" });

    assertEquals(api.requests[0].path, "/directory_groups");
    assertEquals(api.requests[0].query, { directory: "directory_1", user: "directory_user_1", order: "desc" });
    assertEquals(groups.data as unknown[], [readableGroup]);
  });

  it("listUsers() sends every filter and leaves attributes untouched", async () => {
    const api = fakeApi(page(user));

    const users = await api.workos.directorySync.listUsers<{ department_id: number }>({
      directory: "directory_1",
      group: "directory_group_1",
      email: "ada@example.com",
      idpId: "idp_2",
      order: "asc",
    });

    assertEquals(api.requests[0].path, "/directory_users");
    assertEquals(api.requests[0].query, {
      directory: "directory_1",
      group: "directory_group_1",
      email: "ada@example.com",
      idp_id: "idp_2",
      order: "asc",
    });
    assertEquals(users.data as unknown[], [readableUser]);
    const department: number = users.data[0].customAttributes.department_id;
    assertEquals(department, 7);
  });

  it("getUser() reads a user with its groups", async () => {
    const api = fakeApi(user);

    const answer = await api.workos.directorySync.getUser("directory_user_1");

    assertEquals(api.requests[0].path, "/directory_users/directory_user_1");
    assertEquals(answer as unknown, readableUser);
  });

  it("read a user with an empty list of groups when the API sends none, and no role when there is none", async () => {
    const { groups: _, role: __, roles: ___, ...bare } = user;
    const api = fakeApi(bare, page(bare));

    const answer = await api.workos.directorySync.getUser("directory_user_1");
    const [listed] = (await api.workos.directorySync.listUsers({ directory: "directory_1" })).data;

    for (const each of [answer, listed]) {
      assertEquals(each.groups, []);
      assert(!("role" in each));
      assert(!("roles" in each));
    }
  });

  it("getGroup() reads a group", async () => {
    const api = fakeApi(group);

    const answer = await api.workos.directorySync.getGroup("directory_group_1");

    assertEquals(api.requests[0].method, "GET");
    assertEquals(api.requests[0].path, "/directory_groups/directory_group_1");
    assertEquals(answer as unknown, readableGroup);
  });

  it("passes request options on", async () => {
    const api = fakeApi(page(user));

    await api.workos.directorySync.listUsers({ directory: "directory_1" }, { headers: { "X-Trace": "1" } });

    assertEquals(api.requests[0].headers["x-trace"], "1");
  });
});

describe("readDirectoryUser()", () => {
  it("keeps what an event adds and says what kind of object it is", () => {
    const changed = { id: "directory_user_1", previous_attributes: { first_name: "Grace", raw_attributes: {} } };

    const answer = readDirectoryUser(changed);

    assertEquals(answer as unknown, {
      object: "directory_user",
      id: "directory_user_1",
      previousAttributes: { first_name: "Grace", raw_attributes: {} },
    });
  });
});
