import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { WorkOS } from "../../mod.ts";
import type { EmulatorSeed } from "../../src/emulator/mod.ts";
import { type Driver, ORIGIN, SEED, start } from "./drive.ts";
import { ADA, ADA_PATH, CONFIGURATIONS, CREDENTIALS, PATH, PROVIDERS, STAMPS, waysOf } from "./pipes_drive.ts";

const TEAM = { ...ADA, organization_id: "org_1", connection_owner: "organization" };
const TEAM_PATH = "/organizations/org_1/connected_accounts";
const TEAM_PROVIDERS = "/organizations/org_1/data_providers";

/** Integrations of users and of organizations; two providers have both. */
const PIPES: EmulatorSeed = {
  data_integrations: [
    { id: "di_11", slug: "github", ownership: "organization", scopes: ["repo"] },
    { id: "di_1", slug: "github", scopes: ["repo", "user"] },
    { id: "di_2", slug: "openai", auth_methods: ["api_key"] },
    { id: "di_3", slug: "notion" },
    { id: "di_12", slug: "openai", ownership: "organization", auth_methods: ["api_key"] },
    { id: "di_13", slug: "salesforce", ownership: "organization", auth_methods: ["client_credentials"] },
    { id: "di_14", slug: "zendesk", ownership: "organization", credentials_type: "organization" },
  ],
  connected_accounts: [{ id: "acc_1", slug: "github", user_id: "user_bob", secret: "gho_bob", scopes: ["repo"] }],
};

describe("Pipes of organizations", () => {
  let api: Driver;
  const { token, vend, visit, statuses } = waysOf(() => api);
  const ids = (records: { id: string }[]) => records.map(({ id }) => id);

  beforeEach(async () => {
    api = await start({ seed: { ...SEED, ...PIPES } });
  });

  describe("integrations of organizations", () => {
    const AT = `${PATH}/github/organization`;

    it("are made beside those of users", async () => {
      const given = { provider: "notion", ownership: "organization", enabled: true, credentials: CREDENTIALS };
      const { status, body } = await api.post(PATH, given);
      const listed = async (ownership: string) => ids((await api.get(`${PATH}?ownership=${ownership}`)).body.data);

      assertEquals([status, body.slug, body.ownership], [201, "notion", "organization"]);
      assertEquals((await api.get(`${PATH}/notion/organization`)).body, body);
      const { id, ownership } = (await api.get(`${PATH}/notion`)).body;
      assertEquals([id, ownership], ["di_3", "user"]);
      assertEquals(await listed("organization"), [body.id, "di_14", "di_13", "di_12", "di_11"]);
      assertEquals(await listed("user"), ["di_3", "di_2", "di_1"]);
      assertEquals((await api.post(PATH, given)).status, 409);
      assertEquals((await api.get(`${PATH}/salesforce`)).status, 404);
    });

    it("are changed and removed without those of users", async () => {
      const changed = await api.put(AT, { description: "D", scopes: null });
      await api.post(`${TEAM_PATH}/github`, { ...ADA, access_token: "gho_1" });
      const removed = await api.remove(AT);

      assertEquals([changed.status, changed.body.id, changed.body.description], [200, "di_11", "D"]);
      assertEquals((await api.get(`${PATH}/github`)).body.description, null);
      assertEquals((await api.put(AT, {})).status, 404);
      assertEquals([removed.status, (await api.get(AT)).status, (await api.remove(AT)).status], [204, 404, 404]);
      assertEquals((await token("github", { user_id: "user_bob" })).body.active, true);
      assertEquals((await api.put(`${PATH}/openai/organization`, { enabled: null })).status, 422);
      assertEquals(api.eventNames(), [
        "pipes.connected_account.connected",
        "pipes.connected_account.disconnected",
      ]);
    });

    it("share a custom provider with those of users", async () => {
      const custom_provider = { name: "Mine", authorization_url: "https://a.com/", token_url: "https://a.com/t" };
      const ownership = "organization";
      const first = await api.post(PATH, { provider: "mine", credentials: CREDENTIALS, custom_provider });
      const given = { provider: "mine", credentials: CREDENTIALS, ownership };
      const again = await api.post(PATH, { ...given, custom_provider });
      const second = await api.post(PATH, given);
      const changed = await api.put(`${PATH}/mine/organization`, { custom_provider: { pkce_enabled: false } });
      const same = await api.get(`${PATH}/mine`);
      await api.remove(`${PATH}/mine`);

      assertEquals([again.status, second.status], [409, 201]);
      assertEquals(second.body.custom_provider, first.body.custom_provider);
      assertEquals(changed.body.custom_provider, { ...first.body.custom_provider, pkce_enabled: false });
      assertEquals(same.body.custom_provider, changed.body.custom_provider);
      assertEquals((await api.get(`${PATH}/mine/organization`)).body, changed.body);
      const keys = { provider: "keys", auth_methods: ["api_key"], custom_provider: { name: "Keys" } };
      assertEquals((await api.post(PATH, keys)).status, 201);
      assertEquals((await api.post(PATH, { ...given, provider: "keys" })).status, 422);
    });

    it("take the API key of an organization", async () => {
      const { pipes } = new WorkOS(api.emulator.clientOptions); // the description knows of no key without a user
      const apiKey = { secret: "sk-12345", userId: "user_ada", organizationId: "org_1" };
      const given = { provider: "stripe", ownership: "organization", enabled: true } as const;
      const { installation } = await pipes.createDataIntegration({ ...given, authMethods: ["api_key"], apiKey });
      const before = (await vend("stripe", TEAM)).body.credential.value;
      const api_key = { secret: "sk-67890", ...ADA, organization_id: "org_1" };
      const change = await api.put(`${PATH}/stripe/organization`, { api_key });

      assertEquals([installation?.userId, installation?.organizationId], [null, "org_1"]);
      assertEquals([installation?.connectionRole, installation?.apiKeyLast4], ["compatibility", "2345"]);
      assertEquals([before, change.status], ["sk-12345", 200]);
      assertEquals((await vend("stripe", TEAM)).body.credential.value, "sk-67890");
      assertEquals((await api.get(`${TEAM_PATH}/stripe`)).body.id, installation?.id);
      const body = { provider: "keys", ownership: "organization", auth_methods: ["api_key"] };
      assertEquals(
        await statuses([
          api.post(PATH, { ...body, api_key: { ...api_key, organization_id: null } }),
          api.post(PATH, { ...body, api_key: { ...api_key, user_id: "user_cid" } }),
          api.get(`${PATH}/keys/organization`),
        ]),
        [422, 403, 404],
      );
    });

    it("are configured by an organization where users have none", async () => {
      const refused = await api.post(`${PATH}/zendesk/authorize`, TEAM);
      const own = { client_id: "own", client_secret: "s3cret-of-org" };
      const { body } = await api.put(`${CONFIGURATIONS}/zendesk`, own);
      await api.put(`${CONFIGURATIONS}/github`, { enabled: false });

      assertEquals([refused.status, refused.body.code], [400, "organization_credentials_required"]);
      assertEquals([body.id, body.credentials.client_id], ["di_14", "own"]);
      assertEquals((await api.post(`${PATH}/zendesk/authorize`, TEAM)).status, 200);
      assertEquals((await api.post(`${PATH}/github/authorize`, TEAM)).status, 200);
      assertEquals((await api.get(CONFIGURATIONS)).body.data.length, 7);
    });
  });

  describe("accounts of organizations", () => {
    it("are connected by one member, and used by all", async () => {
      const { url } = (await api.post(`${PATH}/github/authorize`, TEAM)).body;
      const back = await visit(url);
      const account = await api.get(`${TEAM_PATH}/github`);
      const vended = await token("github", { ...TEAM, user_id: "user_bob" });

      const id = "data_installation_01000000000000000000000001";
      const owner = { user_id: null, organization_id: "org_1" };
      assertEquals([back, account.status], [[302, `${ORIGIN}/`], 200]);
      assertEquals(account.body, {
        object: "connected_account",
        id,
        connection_role: "compatibility",
        ...owner,
        scopes: ["repo"],
        auth_method: "oauth",
        api_key_last_4: null,
        state: "connected",
        ...STAMPS,
      });
      assertEquals([vended.body.active, vended.body.access_token.scopes], [true, ["repo"]]);
      assertEquals(api.emulator.events.map(({ event, data }) => [event, data]), [["pipes.connected_account.connected", {
        object: "connected_account",
        id,
        data_integration_id: "di_11",
        provider_slug: "github",
        ...owner,
        scopes: ["repo"],
        state: "connected",
        ...STAMPS,
      }]]);
      assertEquals((await token("github")).body.active, false);
      assertEquals((await token("github", { ...ADA, organization_id: "org_1" })).body.active, false);
      assertEquals((await token("github", { ...TEAM, organization_id: "org_2" })).body.active, false);
    });

    it("tell who tried to connect in vain", async () => {
      const { url } = (await api.post(`${PATH}/github/authorize`, TEAM)).body;
      await visit(`${url}&error=access_denied`);

      const [{ event, data }] = api.emulator.events;
      assertEquals([event, data.data_integration_id], ["pipes.connected_account.connection_failed", "di_11"]);
      assertEquals([data.user_id, data.organization_id], ["user_ada", "org_1"]);
      assertEquals((await api.get(`${TEAM_PATH}/github`)).status, 404);
    });

    it("are not connected for somebody who left meanwhile", async () => {
      const { url } = (await api.post(`${PATH}/github/authorize`, TEAM)).body;
      await api.remove("/user_management/organization_memberships/om_1");

      assertEquals(await visit(url), [403, "organization_membership_not_found"]);
    });

    it("are imported, changed and disconnected", async () => {
      const at = `${TEAM_PATH}/github`;
      const made = await api.post(at, { ...ADA, access_token: "gho_1", refresh_token: "ghr_1", scopes: ["repo"] });
      const again = await api.post(at, { ...ADA, access_token: "gho_2" });
      const asleep = await api.put(at, { user_id: "user_bob", state: "needs_reauthorization" });
      const error = (await vend("github", TEAM)).body.error;
      const awake = await api.put(at, { ...ADA, access_token: "gho_2" });
      const value = (await vend("github", TEAM)).body.credential.value;
      const removed = await api.remove(at);

      assertEquals([made.status, made.body.user_id, made.body.organization_id], [201, null, "org_1"]);
      assertEquals([again.status, again.body.code], [409, "connected_account_already_exists"]);
      assertEquals([asleep.status, asleep.body.state, error], [200, "needs_reauthorization", "needs_reauthorization"]);
      assertEquals([awake.body.id, awake.body.state, value], [made.body.id, "connected", "gho_2"]);
      assertEquals([removed.status, (await api.get(at)).status, (await api.remove(at)).status], [204, 404, 404]);
      assertEquals((await api.put(at, ADA)).status, 404);
      assertEquals(api.eventNames().map((name) => name.replace("pipes.connected_account.", "")), [
        "connected",
        "reauthorization_needed",
        "connected",
        "disconnected",
      ]);
      assertEquals(/gho_|ghr_/.test(JSON.stringify([api.emulator.requests, api.emulator.events])), false);
    });

    it("have API keys and client credentials", async () => {
      const key = await api.put(`${PATH}/openai/api-key`, { ...TEAM, secret: "sk-12345" });
      const given = { ...TEAM, client_id: "3MVG", client_secret: "s3cret-of-org" };
      const client = await api.put(`${PATH}/salesforce/client-credentials`, given);

      assertEquals([key.status, key.body.user_id, key.body.api_key_last_4], [200, null, "2345"]);
      assertEquals([client.status, client.body.user_id, client.body.client_id], [200, null, "3MVG"]);
      assertEquals((await vend("openai", { ...TEAM, user_id: "user_bob" })).body.credential.value, "sk-12345");
      assertEquals((await vend("salesforce", TEAM)).body.credential.auth_method, "client_credentials");
      assertEquals((await vend("openai")).body.error, "not_installed");
    });

    it("are for active members only", async () => {
      await api.put("/user_management/organization_memberships/om_3/deactivate");
      const asked = (change: object) => {
        const body = { ...TEAM, secret: "sk-1", ...change };
        return statuses([
          api.post(`${PATH}/github/authorize`, body),
          api.put(`${PATH}/openai/api-key`, body),
          token("github", body),
          vend("openai", body),
        ]);
      };

      assertEquals(await asked({ user_id: "user_bob" }), [403, 403, 403, 403]);
      assertEquals(await asked({ user_id: "user_cid" }), [403, 403, 403, 403]);
      assertEquals(await asked({ user_id: "user_9" }), [404, 404, 404, 404]);
      assertEquals(await asked({ organization_id: "org_9" }), [404, 404, 404, 404]);
      assertEquals(await asked({ organization_id: undefined }), [400, 400, 400, 400]);
      const body = { access_token: "gho_1" };
      const at = `${TEAM_PATH}/github`;
      assertEquals(
        await statuses([
          api.post(at, { ...body, user_id: "user_cid" }),
          api.post(at, body),
          api.put(at, body),
          api.post(`${TEAM_PATH}/notion`, { ...body, ...ADA }),
          api.post(`${TEAM_PATH}/openai`, { ...body, ...ADA }),
          api.get("/organizations/org_9/connected_accounts/github"),
          api.get(`${TEAM_PATH}/notion`),
        ]),
        [403, 422, 422, 404, 422, 404, 404],
      );
      await api.put(`${PATH}/openai/organization`, { enabled: false });
      assertEquals(await asked({}), [200, 403, 200, 200]);
      assertEquals(api.eventNames().filter((name) => name.startsWith("pipes")), []);
    });

    it("outlast the member, and go with the organization", async () => {
      await api.post(`${TEAM_PATH}/github`, { ...ADA, access_token: "gho_1" });
      await api.remove("/user_management/users/user_ada");
      const { status } = await api.get(`${TEAM_PATH}/github`);
      await api.remove("/organizations/org_1");
      await api.remove(`${PATH}/github/organization`);

      assertEquals([status, (await api.get(`${TEAM_PATH}/github`)).status], [200, 404]);
      assertEquals(api.eventNames().includes("pipes.connected_account.disconnected"), false);
    });

    it("are listed with the providers of organizations", async () => {
      const { id } = (await api.post(`${TEAM_PATH}/github`, { ...ADA, access_token: "gho_1" })).body;
      const { status, body } = await api.get(TEAM_PROVIDERS);

      assertEquals([status, body.object], [200, "list"]);
      assertEquals(ids(body.data), ["di_11", "di_12", "di_13", "di_14"]);
      const [github, openai] = body.data;
      assertEquals([github.ownership, github.connection_owner], ["organization", "organization"]);
      assertEquals([github.connected_account.id, github.connected_account.userlandUserId], [id, null]);
      assertEquals([openai.connected_account, openai.connected_accounts], [null, []]);
      const ofAda = (await api.get(PROVIDERS)).body.data;
      assertEquals(ids(ofAda), ["di_1", "di_2", "di_3"]);
      assertEquals((await api.get("/organizations/org_9/data_providers")).status, 404);
    });
  });

  describe("several connections", () => {
    const ADD = { ...ADA, connection_intent: "add" };
    const add = (secret: string, more: object = ADD) => api.post(`${PATH}/openai/api-key`, { secret, ...more });

    beforeEach(async () => {
      api = await start({ seed: { ...SEED, ...PIPES }, policies: { multipleConnections: true } });
    });

    it("are refused until they are available", async () => {
      api.emulator.setPolicies({ multipleConnections: false });
      const key = await add("sk-11111");
      const given = { client_id: "c", client_secret: "s3cret", connection_intent: "add" };
      const client = await api.post(`${PATH}/salesforce/client-credentials`, { ...TEAM, ...given });
      const imported = await api.post(`${ADA_PATH}/github`, { access_token: "gho_1", connection_intent: "add" });
      const more = [
        await add("sk-22222"),
        await api.post(`${PATH}/salesforce/client-credentials`, { ...TEAM, ...given }),
        await api.post(`${ADA_PATH}/github`, { access_token: "gho_2", connection_intent: "add" }),
      ];

      assertEquals([key.status, client.status, imported.status], [201, 201, 201]);
      assertEquals([key.body.connection_role, client.body.connection_role], ["compatibility", "compatibility"]);
      assertEquals([client.body.user_id, client.body.client_id, client.body.auth_method], [
        null,
        "c",
        "client_credentials",
      ]);
      for (const { status, body } of more) assertEquals([status, body.code], [404, "multiple_connections_unavailable"]);
    });

    it("are added, of which the first is for clients that know of one", async () => {
      const [first, second] = [await add("sk-11111"), await add("sk-22222")];
      const ofTeam = await add("sk-33333", { ...TEAM, connection_intent: "add" });
      const one = await api.get(PROVIDERS);
      const all = await api.get(`${PROVIDERS}?supports_multiple_connections=true`);

      assertEquals([first.status, first.body.connection_role], [201, "compatibility"]);
      assertEquals([second.status, second.body.connection_role], [201, "standard"]);
      assertEquals([ofTeam.body.user_id, ofTeam.body.connection_role], [null, "compatibility"]);
      assertEquals([one.body.data[1].connected_account.id, ids(one.body.data[1].connected_accounts)], [
        first.body.id,
        [first.body.id],
      ]);
      assertEquals([all.body.data[1].connected_account.id, ids(all.body.data[1].connected_accounts)], [
        first.body.id,
        [first.body.id, second.body.id],
      ]);
      assertEquals(api.eventNames(), Array(3).fill("pipes.connected_account.connected"));
      assertEquals(Object.keys(api.emulator.events[1].data).includes("connection_role"), false);
      assertEquals((await api.get(`${PROVIDERS}?supports_multiple_connections=yes`)).status, 422);
    });

    it("are told apart by their ids", async () => {
      const [{ body: first }, { body: second }] = [await add("sk-11111"), await add("sk-22222")];
      const plural = { ...ADA, supports_multiple_connections: true };
      const chosen = async (body: object) => (await vend("openai", body)).body.credential.value;
      const unsure = await vend("openai", plural);

      assertEquals([await chosen(ADA), await chosen({ ...ADA, connected_account_id: first.id })], [
        "sk-11111",
        "sk-11111",
      ]);
      assertEquals(await chosen({ ...plural, connected_account_id: second.id }), "sk-22222");
      assertEquals([unsure.status, unsure.body.code], [409, "account_selection_required"]);
      const at = `${ADA_PATH}/openai`;
      const many = "supports_multiple_connections=true";
      assertEquals((await api.get(`${at}?${many}&connected_account_id=${second.id}`)).body, second);
      assertEquals(
        await statuses([
          api.get(`${at}?${many}`),
          api.remove(`${at}?${many}`),
          api.get(`${at}?connected_account_id=${second.id}`),
          api.remove(`${at}?connected_account_id=${second.id}`),
          api.get(`${at}?supports_multiple_connections=1`),
          vend("openai", { ...ADA, connected_account_id: second.id }),
          vend("openai", { ...plural, connected_account_id: "acc_1" }),
          vend("openai", { ...plural, supports_multiple_connections: "true" }),
          token("github", { ...plural, connected_account_id: "acc_1" }),
          token("github", { ...plural, user_id: "user_bob", connected_account_id: "acc_1" }),
        ]),
        [409, 409, 404, 404, 422, 404, 404, 400, 404, 200],
      );
    });

    it("are changed by their ids", async () => {
      const [{ body: first }, { body: second }] = [await add("sk-11111"), await add("sk-22222")];
      const exact = { connected_account_id: second.id, connection_intent: "reauthorize" };
      const put = (change: object) => api.put(`${PATH}/openai/api-key`, { ...ADA, secret: "sk-33333", ...change });
      const state = { state: "needs_reauthorization" };
      const query = new URLSearchParams({ ...exact, supports_multiple_connections: "true" });
      const asleep = await api.put(`${ADA_PATH}/openai?${query}`, state);
      const renewed = await put(exact);

      assertEquals([asleep.body.id, asleep.body.state], [second.id, "needs_reauthorization"]);
      assertEquals([renewed.body.id, renewed.body.api_key_last_4, renewed.body.connection_role], [
        second.id,
        "3333",
        "standard",
      ]);
      assertEquals((await put({})).body.id, first.id);
      const { connected_account_id, connection_intent } = exact;
      assertEquals(
        await statuses([
          put({ connected_account_id }),
          put({ connection_intent }),
          put({ ...exact, connection_intent: "add" }),
          put({ ...exact, connected_account_id: "acc_1" }),
          api.put(`${ADA_PATH}/openai?connected_account_id=${second.id}`, state),
          api.put(`${ADA_PATH}/openai?connection_intent=reauthorize`, state),
        ]),
        [400, 400, 400, 404, 422, 422],
      );
    });

    it("are disconnected by their ids, and leave their place to the next", async () => {
      const [{ body: first }, { body: second }] = [await add("sk-11111"), await add("sk-22222")];
      const at = `${ADA_PATH}/openai`;
      const removed = await api.remove(`${at}?connected_account_id=${first.id}`);
      const gone = await api.get(at);
      const left = await api.get(`${at}?supports_multiple_connections=true`);
      const [, provider] = (await api.get(`${PROVIDERS}?supports_multiple_connections=true`)).body.data;
      const next = await add("sk-33333");

      assertEquals([removed.status, gone.status, left.body.id], [204, 404, second.id]);
      assertEquals([provider.connected_account, ids(provider.connected_accounts)], [null, [second.id]]);
      assertEquals([next.body.connection_role, (await api.get(at)).body.id], ["compatibility", next.body.id]);
    });

    it("of an organization are imported and listed", async () => {
      const at = `${TEAM_PATH}/github`;
      const first = await api.post(at, { ...ADA, access_token: "gho_1" });
      const second = await api.post(at, { ...ADD, access_token: "gho_2" });
      const [provider] = (await api.get(`${TEAM_PROVIDERS}?supports_multiple_connections=true`)).body.data;
      const query = `supports_multiple_connections=true&connected_account_id=${second.body.id}`;

      assertEquals([second.status, second.body.connection_role], [201, "standard"]);
      assertEquals(ids(provider.connected_accounts), [first.body.id, second.body.id]);
      assertEquals((await api.remove(`${at}?${query}`)).status, 204);
      assertEquals((await api.get(at)).body, first.body);
    });

    it("are added only where that is said", async () => {
      assertEquals(
        await statuses([
          add("sk-11111", ADA),
          add("sk-11111", { ...ADA, connection_intent: "reauthorize" }),
          add("sk-11111", { ...ADD, connected_account_id: "acc_1" }),
          api.post(`${PATH}/openai/api-key`, ADD),
          api.post(`${PATH}/github/api-key`, { ...ADD, secret: "sk-11111" }),
          api.post(`${PATH}/salesforce/client-credentials`, { ...TEAM, connection_intent: "add" }),
          api.post(`${ADA_PATH}/github`, { access_token: "gho_1", connection_intent: "reauthorize" }),
          api.post(`${PATH}/none/api-key`, { ...ADD, secret: "sk-11111" }),
        ]),
        [400, 400, 400, 400, 400, 400, 422, 404],
      );
    });
  });

  it("seeds have accounts of organizations, and several where those are available", async () => {
    const mine = { slug: "openai", user_id: "user_ada" };
    const connected_accounts = [
      { slug: "openai", organization_id: "org_1", secret: "sk-12345" },
      { ...mine, secret: "sk-11111" },
      { ...mine, secret: "sk-22222", id: "acc_2" },
    ];
    const policies = { multipleConnections: true };
    api = await start({ seed: { ...SEED, ...PIPES, connected_accounts }, policies });
    const second = { ...ADA, supports_multiple_connections: true, connected_account_id: "acc_2" };

    assertEquals((await vend("openai", TEAM)).body.credential.value, "sk-12345");
    assertEquals((await vend("openai")).body.credential.value, "sk-11111");
    assertEquals((await vend("openai", second)).body.credential.value, "sk-22222");
  });
});
