import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { createEmulator, type EmulatorSeed } from "../../src/emulator/mod.ts";
import { type Driver, refusal, SEED, start } from "./drive.ts";

const PATH = "/connect/applications";
const OAUTH = { name: "App", application_type: "oauth", is_first_party: true };
const M2M = { name: "Robot", application_type: "m2m", organization_id: "org_1" };
const STAMPS = { created_at: "2026-01-01T00:00:00.000Z", updated_at: "2026-01-01T00:00:00.000Z" };

const CONNECT: EmulatorSeed = {
  connect_applications: [
    { id: "app_1", name: "First", client_id: "client_1", scopes: ["email"], redirect_uris: [{ uri: "https://a.com" }] },
    { id: "app_2", name: "Dynamic", was_dynamically_registered: true },
    { id: "app_3", name: "Robot", application_type: "m2m", organization_id: "org_2" },
  ],
  authorized_applications: [
    { id: "auth_1", user_id: "user_ada", application_id: "app_1", oauth_resource: "https://api.example.com" },
    { id: "auth_2", user_id: "user_cid", application_id: "app_1", granted_scopes: [] },
  ],
};

const ids = (data: { id: string }[]) => data.map(({ id }) => id);

describe("Connect applications", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: { ...SEED, ...CONNECT } });
  });

  it("POST adds one of either type", async () => {
    const uris = [{ uri: "https://a.com/1" }, { uri: "https://a.com/2", default: true }];
    const first = await api.post(PATH, { ...OAUTH, redirect_uris: uris, scopes: ["email"], uses_pkce: true });
    const third = await api.post(PATH, { ...OAUTH, is_first_party: false, organization_id: "org_1", scopes: null });
    const robot = await api.post(PATH, { ...M2M, description: "Works at night" });

    const common = { object: "connect_application", ...STAMPS };
    assertEquals([first.status, first.body], [201, {
      ...common,
      id: "conn_app_01000000000000000000000001",
      client_id: first.body.client_id,
      name: "App",
      description: null,
      scopes: ["email"],
      application_type: "oauth",
      redirect_uris: [{ uri: "https://a.com/1", default: false }, { uri: "https://a.com/2", default: true }],
      uses_pkce: true,
      is_first_party: true,
    }]);
    assertEquals(third.body, {
      ...common,
      id: "conn_app_01000000000000000000000002",
      client_id: third.body.client_id,
      name: "App",
      description: null,
      scopes: [],
      application_type: "oauth",
      redirect_uris: [],
      uses_pkce: false,
      is_first_party: false,
      was_dynamically_registered: false,
      organization_id: "org_1",
    });
    assertEquals(robot.body, {
      ...common,
      id: "conn_app_01000000000000000000000003",
      client_id: robot.body.client_id,
      name: "Robot",
      description: "Works at night",
      scopes: [],
      application_type: "m2m",
      organization_id: "org_1",
    });
  });

  it("POST refuses what is no application", async () => {
    const refused: [object, string][] = [
      [{ ...OAUTH, name: undefined }, "name: name_required"],
      [{ ...OAUTH, application_type: "saml" }, "application_type: application_type_invalid"],
      [{ ...OAUTH, is_first_party: undefined }, "is_first_party: is_first_party_required"],
      [{ ...OAUTH, is_first_party: null }, "is_first_party: is_first_party_invalid"],
      [{ ...OAUTH, is_first_party: false }, "organization_id: organization_id_required"],
      [{ ...OAUTH, scopes: "email" }, "scopes: scopes_invalid"],
      [{ ...OAUTH, redirect_uris: [{ uri: "/a" }] }, "uri: uri_invalid"],
      [{ ...OAUTH, redirect_uris: [{ default: true }] }, "uri: uri_required"],
      [{ ...M2M, organization_id: null }, "organization_id: organization_id_required"],
    ];
    for (const [given, wrong] of refused) assertEquals(refusal(await api.post(PATH, given)), [422, wrong]);

    assertEquals((await api.post(PATH, { ...M2M, organization_id: "org_9" })).status, 404);
  });

  it("GET finds one by either id", async () => {
    const { status, body } = await api.get(`${PATH}/client_1`);

    assertEquals([status, body.id, body.is_first_party], [200, "app_1", true]);
    assertEquals((await api.get(`${PATH}/app_1`)).body, body);
    const missing = await api.get(`${PATH}/app_9`);
    assertEquals([missing.status, missing.body.message], [404, "Connect application not found: 'app_9'."]);
  });

  it("GET lists those that did not register themselves, unless asked", async () => {
    const listed = async (query: string) => ids((await api.get(`${PATH}?${query}`)).body.data);

    assertEquals(await listed(""), ["app_3", "app_1"]);
    assertEquals(await listed("registration_types=dynamic"), ["app_2"]);
    assertEquals(await listed("registration_types=dynamic,authenticated&order=asc"), ["app_1", "app_2", "app_3"]);
    assertEquals(await listed("organization_id=org_2&limit=1"), ["app_3"]);
    assertEquals((await api.get(`${PATH}?registration_types=manual`)).status, 422);
  });

  it("PUT changes what it names", async () => {
    api.emulator.advance(1000);
    const renamed = await api.put(`${PATH}/client_1`, { name: "New", description: "D" });
    const cleared = await api.put(`${PATH}/app_1`, { description: null, scopes: null, redirect_uris: null });

    assertEquals([renamed.status, renamed.body.name, renamed.body.description], [200, "New", "D"]);
    assertEquals([renamed.body.scopes, renamed.body.redirect_uris], [["email"], [{
      uri: "https://a.com",
      default: true,
    }]]);
    assertEquals(renamed.body.updated_at, "2026-01-01T00:00:01.000Z");
    assertEquals([cleared.body.name, cleared.body.description, cleared.body.scopes], ["New", null, []]);
    assertEquals(cleared.body.redirect_uris, []);
    assertEquals((await api.put(`${PATH}/app_3`, { redirect_uris: [] })).status, 422);
    assertEquals((await api.put(`${PATH}/app_3`, { name: null })).status, 422);
    assertEquals((await api.put(`${PATH}/app_9`, {})).status, 404);
  });

  it("show a secret once, and its end afterwards", async () => {
    const { status, body } = await api.post(`${PATH}/client_1/client_secrets`, {});
    const { secret, ...rest } = body;
    const listed = await api.get(`${PATH}/app_1/client_secrets`);

    assertEquals([status, secret.length], [201, 50]);
    assertEquals(rest, {
      object: "connect_application_secret",
      id: "secret_01000000000000000000000001",
      secret_hint: secret.slice(-6),
      last_used_at: null,
      ...STAMPS,
    });
    assertEquals(listed.body, [rest]);
    assertEquals((await api.remove(`/connect/client_secrets/${rest.id}`)).status, 204);
    assertEquals((await api.remove(`/connect/client_secrets/${rest.id}`)).status, 404);
    assertEquals((await api.get(`${PATH}/app_1/client_secrets`)).body, []);
    assertEquals((await api.post(`${PATH}/app_9/client_secrets`, {})).status, 404);
  });

  it("are authorized by users, alone and in organizations", async () => {
    const own = await api.get("/user_management/users/user_ada/authorized_applications");
    const inOne = await api.get("/organizations/org_1/authorized_applications");

    const authorized = {
      object: "authorized_connect_application",
      id: "auth_1",
      granted_scopes: ["email"],
      oauth_resource: "https://api.example.com",
      application: (await api.get(`${PATH}/app_1`)).body,
    };
    assertEquals(own.body.data, [authorized]);
    assertEquals(inOne.body.data, [{ ...authorized, user_id: "user_ada" }]);
    assertEquals((await api.get("/user_management/users/user_bob/authorized_applications")).body.data, []);
    assertEquals((await api.get("/user_management/users/user_9/authorized_applications")).status, 404);
    assertEquals((await api.get("/organizations/org_9/authorized_applications")).status, 404);
  });

  it("are authorized until the user takes it back", async () => {
    const path = "/user_management/users/user_ada/authorized_applications";

    assertEquals((await api.remove(`${path}/app_3`)).status, 404);
    assertEquals((await api.remove(`${path}/client_1`)).status, 204);
    assertEquals((await api.remove(`${path}/client_1`)).status, 404);
    assertEquals((await api.get(path)).body.data, []);
    assertEquals((await api.get("/user_management/users/user_cid/authorized_applications")).body.data.length, 1);
  });

  it("go with their organization, and what they may do with them and with users", async () => {
    const { id } = (await api.post(`${PATH}/app_3/client_secrets`, {})).body;
    await api.remove("/organizations/org_2");
    await api.remove("/user_management/users/user_ada");

    assertEquals((await api.get(`${PATH}/app_3`)).status, 404);
    assertEquals((await api.remove(`/connect/client_secrets/${id}`)).status, 404);
    assertEquals((await api.get("/organizations/org_1/authorized_applications")).body.data, []);
    assertEquals((await api.remove(`${PATH}/client_1`)).status, 204);
    assertEquals((await api.get("/user_management/users/user_cid/authorized_applications")).body.data, []);
    assertEquals(ids((await api.get(PATH)).body.data), []);
  });

  it("cannot be seeded for nobody", () => {
    const robot = { name: "Robot", application_type: "m2m" as const };
    const users = [{ id: "user_1", email: "a@example.com" }];
    const authorized_applications = [{ user_id: "user_1", application_id: "app_9" }];

    assertThrows(
      () => createEmulator({ seed: { connect_applications: [robot] } }),
      TypeError,
      "organization_id_required",
    );
    assertThrows(() => createEmulator({ seed: { users, authorized_applications } }), TypeError, "app_9");
    assertThrows(() => createEmulator({ seed: { authorized_applications } }), TypeError, "user_1");
  });
});
