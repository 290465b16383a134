import { beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals } from "@std/assert";
import { decodeJwt } from "../../src/entries/jwt.ts";
import { type Driver, SEED, start } from "./drive.ts";

const PATH = "/agents/blueprints";
const STAMPS = { created_at: "2026-01-01T00:00:00.000Z", updated_at: "2026-01-01T00:00:00.000Z" };
const SETTINGS = { max_age_seconds: 86_400, access_token_ttl_seconds: 600, refresh_token_ttl_seconds: 3_600 };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const permissions = [{ slug: "posts:read" }, { slug: "posts:delete" }];
const roles = [
  { slug: "admin", permissions: ["posts:write", "posts:read"] },
  { slug: "member", permissions: ["posts:read"] },
];

describe("agent blueprints", () => {
  let api: Driver;
  let blueprint: string;

  beforeEach(async () => {
    api = await start({ seed: { ...SEED, roles, permissions } });
    blueprint = await create({ name: "Editor", permissions: ["posts:write", "posts:read", "posts:delete"] });
  });

  const create = async (content: object): Promise<string> =>
    (await api.post(PATH, { session_settings: SETTINGS, ...content })).body.id;
  const said = async (answer: ReturnType<Driver["get"]>) => {
    const { status, body } = await answer;
    return [status, body?.code ?? body?.error];
  };
  const mint = (body: object, id = blueprint) => api.post(`${PATH}/${id}/tokens`, body);
  const autonomous = async (organization_id = "org_1", id = blueprint) =>
    (await mint({ type: "autonomous", organization_id }, id)).body;
  const userToken = async (organization_id?: string, email = "ada@example.com", password = "correct horse") => {
    const grant = await api.authenticate({ grant_type: "password", email, password });
    const { pending_authentication_token, access_token } = grant.body;
    if (access_token) return access_token;
    const grant_type = "urn:workos:oauth:grant-type:organization-selection";
    return (await api.authenticate({ grant_type, pending_authentication_token, organization_id })).body.access_token;
  };
  const delegated = async (user_access_token: string) => await mint({ type: "user_delegated", user_access_token });
  const session = async (id: string) => (await api.get(`/agents/sessions/${id}`)).body;

  it("are created with defaults, read and listed", async () => {
    const { body, status } = await api.post(PATH, { name: "Reader", session_settings: SETTINGS });

    assertEquals([status, body], [201, {
      object: "agent_blueprint",
      id: "agent_blueprint_01000000000000000000000002",
      name: "Reader",
      description: null,
      permissions: [],
      invocable_by: { role_slugs: [], organization_ids: [] },
      session_settings: SETTINGS,
      ...STAMPS,
    }]);
    assertEquals((await api.get(`${PATH}/${body.id}`)).body, body);
    const { data } = (await api.get(PATH)).body;
    assertEquals(data.map(({ name }: { name: string }) => name), ["Reader", "Editor"]);
    assertEquals(await said(api.get(`${PATH}/none`)), [404, "entity_not_found"]);
  });

  it("change what is given, and replace lists", async () => {
    const change = (body: object) => api.patch(`${PATH}/${blueprint}`, body);
    await change({ description: "Edits", invocable_by: { role_slugs: ["admin"], organization_ids: ["org_1"] } });
    api.emulator.advance(MINUTE);

    const { body } = await change({
      permissions: ["posts:read"],
      invocable_by: { role_slugs: [] },
      session_settings: { access_token_ttl_seconds: 60 },
    });

    assertEquals(body, {
      object: "agent_blueprint",
      id: blueprint,
      name: "Editor",
      description: "Edits",
      permissions: ["posts:read"],
      invocable_by: { role_slugs: [], organization_ids: ["org_1"] },
      session_settings: { ...SETTINGS, access_token_ttl_seconds: 60 },
      created_at: STAMPS.created_at,
      updated_at: "2026-01-01T00:01:00.000Z",
    });
    assertEquals((await change({ description: null, name: "Editor" })).body.description, null);
  });

  it("refuse a name that is taken, what does not exist, and what is no blueprint", async () => {
    const other = await create({ name: "Other" });
    const cases: [object, unknown[]][] = [
      [{ name: "Other" }, [409, "agent_blueprint_name_conflict"]],
      [{ permissions: ["posts:none"] }, [422, "permission_not_found"]],
      [{ invocable_by: { role_slugs: ["none"] } }, [422, "role_not_found"]],
      [{ invocable_by: { organization_ids: ["org_9"] } }, [422, "organization_not_found"]],
      [{ name: "" }, [400, "invalid_request_parameters"]],
      [{ permissions: "posts:read" }, [400, "invalid_request_parameters"]],
      [{ invocable_by: { role_slugs: [1] } }, [400, "invalid_request_parameters"]],
      [{ session_settings: { max_age_seconds: 365 * 86_400 + 1 } }, [400, "invalid_request_parameters"]],
      [{ session_settings: { access_token_ttl_seconds: 3_601 } }, [400, "invalid_request_parameters"]],
      [{ session_settings: { refresh_token_ttl_seconds: 0 } }, [400, "invalid_request_parameters"]],
    ];
    for (const [change, expected] of cases) {
      assertEquals(await said(api.patch(`${PATH}/${blueprint}`, change)), expected);
      const settings = {
        session_settings: { ...SETTINGS, ...(change as { session_settings?: object }).session_settings },
      };
      assertEquals(await said(api.post(PATH, { name: "New", ...change, ...settings })), expected);
    }
    assertEquals(await said(api.post(PATH, { name: "New" })), [400, "invalid_request_parameters"]);
    assertEquals(await said(api.patch(`${PATH}/none`, {})), [404, "entity_not_found"]);
    assertEquals((await api.get(`${PATH}/${other}`)).body.name, "Other");
  });

  it("take the shortest and the longest lives", async () => {
    const longest = {
      max_age_seconds: 31_536_000,
      access_token_ttl_seconds: 3_600,
      refresh_token_ttl_seconds: 5_184_000,
    };
    const shortest = { max_age_seconds: 1, access_token_ttl_seconds: 1, refresh_token_ttl_seconds: 1 };
    for (const session_settings of [longest, shortest]) {
      const { body } = await api.patch(`${PATH}/${blueprint}`, { session_settings });
      assertEquals(body.session_settings, session_settings);
    }
  });

  it("give tokens to agents that work for nobody", async () => {
    const { status, body } = await mint({ type: "autonomous", organization_id: "org_1", intent: "tidy up" });
    const { access_token, refresh_token, agent_instance_id, agent_instance_session_id, ...rest } = body;

    assertEquals([status, rest], [201, {
      token_type: "Bearer",
      expires_in: 600,
      new_instance: true,
      permissions: ["posts:write", "posts:read", "posts:delete"],
    }]);
    assertEquals(typeof refresh_token, "string");
    const { jti, ...claims } = decodeJwt(access_token).payload;
    assertEquals(typeof jti, "string");
    assertEquals(claims, {
      iss: "https://api.workos.com/user_management/client_emulator",
      sub: agent_instance_id,
      sid: agent_instance_session_id,
      org_id: "org_1",
      permissions: rest.permissions,
      iat: 1_767_225_600,
      exp: 1_767_226_200,
    });
    assertEquals((await api.get(`/agents/instances/${agent_instance_id}`)).body, {
      object: "agent_instance",
      id: agent_instance_id,
      agent_blueprint_id: blueprint,
      organization_id: "org_1",
      organization_membership_id: null,
      type: "autonomous",
      ...STAMPS,
    });
    assertEquals(await session(agent_instance_session_id), {
      object: "agent_instance_session",
      id: agent_instance_session_id,
      agent_instance_id,
      status: "active",
      expires_at: "2026-01-02T00:00:00.000Z",
      revoked_at: null,
      ...STAMPS,
    });
    assertEquals(await said(mint({ type: "autonomous", organization_id: "org_9" })), [404, "entity_not_found"]);
  });

  it("keep one instance for each organization and member", async () => {
    const first = await autonomous();
    const second = await autonomous();
    const elsewhere = await autonomous("org_2");
    const forAda = (await delegated(await userToken("org_1"))).body;

    assertEquals([second.new_instance, second.agent_instance_id], [false, first.agent_instance_id]);
    assert(second.agent_instance_session_id !== first.agent_instance_session_id);
    assertEquals([elsewhere.new_instance, forAda.new_instance], [true, true]);
    const listed = async (query: string) =>
      (await api.get(`/agents/${query}`)).body.data.map(({ id }: { id: string }) => id);
    const [a, b, c] = [first, elsewhere, forAda].map((it) => it.agent_instance_id);
    assertEquals(await listed("instances"), [c, b, a]);
    assertEquals(await listed("instances?organization_id=org_2"), [b]);
    assertEquals(await listed("instances?agent_blueprint_id=none"), []);
    assertEquals(await listed(`sessions?agent_instance_id=${a}`), [
      second.agent_instance_session_id,
      first.agent_instance_session_id,
    ]);
    assertEquals((await listed(`sessions?agent_blueprint_id=${blueprint}`)).length, 4);
    assertEquals(await listed("sessions?agent_blueprint_id=none"), []);
  });

  it("let users delegate what they may do themselves", async () => {
    const { body } = await delegated(await userToken("org_1"));

    assertEquals(body.permissions, ["posts:write", "posts:read"]);
    const instance = (await api.get(`/agents/instances/${body.agent_instance_id}`)).body;
    const { type, organization_id, organization_membership_id } = instance;
    assertEquals([type, organization_id, organization_membership_id], ["delegated", "org_1", "om_1"]);
  });

  it("refuse users who may not delegate", async () => {
    const ada = await userToken("org_1");
    const adaElsewhere = await userToken("org_2");
    const cid = await userToken(undefined, "cid@example.com", "correct staple");
    await api.patch(`${PATH}/${blueprint}`, { invocable_by: { role_slugs: ["admin"], organization_ids: ["org_2"] } });

    assertEquals(await said(delegated(adaElsewhere)), [400, "role_not_allowed"]);
    assertEquals(await said(delegated(ada)), [400, "organization_not_allowed"]);
    assertEquals(await said(mint({ type: "autonomous", organization_id: "org_1" })), [400, "organization_not_allowed"]);
    assertEquals(await said(delegated(cid)), [400, "organization_required"]);
    assertEquals(await said(delegated(`${ada.slice(0, -4)}AAAA`)), [400, "invalid_user_access_token"]);
    assertEquals(await said(delegated((await autonomous("org_2")).access_token)), [400, "invalid_user_access_token"]);
    await api.put("/user_management/organization_memberships/om_1/deactivate");
    assertEquals(await said(delegated(ada)), [400, "invalid_user_access_token"]);
    api.emulator.advance(HOUR);
    assertEquals(await said(delegated(adaElsewhere)), [400, "invalid_user_access_token"]);
  });

  it("let agents delegate what they may do themselves", async () => {
    const { body: editor } = await delegated(await userToken("org_1"));
    const reader = await create({ name: "Reader", permissions: ["posts:read", "posts:delete"] });
    const delegate = (agent_access_token: string) => mint({ type: "agent_delegated", agent_access_token }, reader);

    const { body } = await delegate(editor.access_token);

    assertEquals([body.permissions, body.new_instance], [["posts:read"], true]);
    const instance = (await api.get(`/agents/instances/${body.agent_instance_id}`)).body;
    const { agent_blueprint_id, organization_id, organization_membership_id } = instance;
    assertEquals([agent_blueprint_id, organization_id, organization_membership_id], [reader, "org_1", "om_1"]);
    const user = await userToken("org_1");
    assertEquals(await said(delegate(user)), [400, "invalid_agent_access_token"]);
    await api.post(`/agents/sessions/${editor.agent_instance_session_id}/revoke`);
    assertEquals(await said(delegate(editor.access_token)), [400, "invalid_agent_access_token"]);
  });

  it("refresh tokens, each of which works once and for its blueprint", async () => {
    const first = await autonomous();
    const refresh = (refresh_token: string, id?: string) => mint({ type: "refresh", refresh_token }, id);
    const other = await create({ name: "Other" });

    assertEquals(await said(refresh(first.refresh_token, other)), [400, "invalid_refresh_token"]);
    const { body: second } = await refresh(first.refresh_token);

    const names = ["agent_instance_id", "agent_instance_session_id", "permissions"];
    assertEquals(names.map((name) => second[name]), names.map((name) => first[name]));
    assertEquals(second.new_instance, false);
    assertEquals(await said(refresh(first.refresh_token)), [400, "invalid_refresh_token"]);
    api.emulator.advance(HOUR);
    assertEquals(await said(refresh(second.refresh_token)), [400, "invalid_refresh_token"]);
    const third = await autonomous();
    await api.post(`/agents/sessions/${third.agent_instance_session_id}/revoke`);
    assertEquals(await said(refresh(third.refresh_token)), [400, "invalid_refresh_token"]);
  });

  it("end sessions in time, and tokens with them", async () => {
    const short = await create({ name: "Short", session_settings: { ...SETTINGS, max_age_seconds: 900 } });
    let { refresh_token, agent_instance_session_id: id } = await autonomous("org_1", short);
    api.emulator.advance(10 * MINUTE);

    const { body } = await mint({ type: "refresh", refresh_token }, short);
    refresh_token = body.refresh_token;

    assertEquals(body.expires_in, 300);
    api.emulator.advance(5 * MINUTE);
    assertEquals((await session(id)).status, "expired");
    assertEquals(await said(mint({ type: "refresh", refresh_token }, short)), [400, "invalid_refresh_token"]);
    const revoked = await api.post(`/agents/sessions/${id}/revoke`);
    assertEquals([revoked.body.status, revoked.body.revoked_at], ["expired", null]);
  });

  it("revoke sessions once", async () => {
    const { agent_instance_session_id: id } = await autonomous();
    const revoke = async () => (await api.post(`/agents/sessions/${id}/revoke`)).body;
    api.emulator.advance(MINUTE);

    const { status, revoked_at } = await revoke();
    api.emulator.advance(DAY);

    assertEquals([status, revoked_at], ["revoked", "2026-01-01T00:01:00.000Z"]);
    assertEquals((await revoke()).revoked_at, revoked_at);
    assertEquals((await session(id)).status, "revoked");
    assertEquals(await said(api.post("/agents/sessions/none/revoke")), [404, "entity_not_found"]);
  });

  it("refuse ways that there are not", async () => {
    for (const [body, field] of [[{ type: "magic" }, "type"], [{ type: "refresh" }, "refresh_token"]] as const) {
      const answer = await mint(body);
      assertEquals([answer.status, answer.body.errors[0].field], [400, field]);
    }
    assertEquals(await said(mint({ type: "autonomous", organization_id: "org_1" }, "none")), [404, "entity_not_found"]);
  });

  it("take instances, sessions and tokens with them", async () => {
    const one = await autonomous();
    assertEquals((await api.remove(`/agents/instances/${one.agent_instance_id}`)).status, 204);
    const two = await autonomous();
    assertEquals((await api.remove(`${PATH}/${blueprint}`)).status, 204);

    for (const { agent_instance_id, agent_instance_session_id } of [one, two]) {
      assertEquals(await said(api.get(`/agents/instances/${agent_instance_id}`)), [404, "entity_not_found"]);
      assertEquals(await said(api.get(`/agents/sessions/${agent_instance_session_id}`)), [404, "entity_not_found"]);
    }
    assertEquals(await said(api.get(`${PATH}/${blueprint}`)), [404, "entity_not_found"]);
  });

  it("lose the agents of members and organizations that are gone", async () => {
    const forAda = (await delegated(await userToken("org_1"))).body;
    const forNobody = await autonomous("org_2");
    const gone = async ({ agent_instance_id }: { agent_instance_id: string }) =>
      (await api.get(`/agents/instances/${agent_instance_id}`)).status === 404;

    await api.remove("/user_management/organization_memberships/om_1");
    assertEquals([await gone(forAda), await gone(forNobody)], [true, false]);
    await api.remove("/organizations/org_2");
    assertEquals(await gone(forNobody), true);
  });
});
