import { beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { createEmulator, type EmulatorSeed } from "../../src/emulator/mod.ts";
import { type Driver, ORIGIN, refusal, SEED, start } from "./drive.ts";
import { ADA, ADA_PATH, CONFIGURATIONS, CREDENTIALS, PATH, PROVIDERS, STAMPS, waysOf } from "./pipes_drive.ts";

const HOUR = 3_600_000;

const PIPES: EmulatorSeed = {
  data_integrations: [
    { id: "di_1", slug: "github", scopes: ["repo", "user"] },
    { id: "di_2", slug: "openai", auth_methods: ["api_key"] },
    { id: "di_3", slug: "salesforce", auth_methods: ["client_credentials", "oauth"], scopes: ["api"] },
    { id: "di_4", slug: "slack", enabled: false },
    { id: "di_5", slug: "zendesk", credentials_type: "organization" },
  ],
  connected_accounts: [{ id: "acc_1", slug: "github", user_id: "user_bob", secret: "gho_bob", scopes: ["repo"] }],
};

describe("Pipes", () => {
  let api: Driver;
  const { token, vend, visit, statuses } = waysOf(() => api);

  beforeEach(async () => {
    api = await start({ seed: { ...SEED, ...PIPES } });
  });

  describe("integrations", () => {
    it("are created, without the secret in the answer", async () => {
      const given = { description: "D", enabled: true, scopes: ["read"], config: { site: "acme" } };
      const { status, body } = await api.post(PATH, { provider: "notion", credentials: CREDENTIALS, ...given });

      assertEquals([status, body], [201, {
        object: "data_integration",
        id: "data_integration_01000000000000000000000001",
        slug: "notion",
        integration_type: "notion",
        ownership: "user",
        ...given,
        state: "valid",
        redirect_uri: body.redirect_uri,
        auth_methods: ["oauth"],
        credentials: { type: "custom", client_id: "client", redacted_client_secret: "ours" },
        installation: null,
        custom_provider: null,
        ...STAMPS,
      }]);
      assert(/^https:\/\/api\.workos\.com\/data-integrations\/notion\/dik_\w{26}\/callback$/.test(body.redirect_uri));
      assertEquals((await api.get(`${PATH}/notion`)).body, body);
      assertEquals(JSON.stringify([api.emulator.requests, api.emulator.events]).includes("s3cret"), false);
    });

    it("are created with a first API key", async () => {
      const api_key = { secret: "sk-12345", user_id: "user_ada", organization_id: "org_1" };
      const { status, body } = await api.post(PATH, { provider: "stripe", auth_methods: ["api_key"], api_key });

      const { id } = body.installation;
      assertEquals([status, body.enabled, body.credentials, body.redirect_uri], [201, false, null, ""]);
      assertEquals(body.installation, {
        id,
        connection_role: "compatibility",
        account_identifier: null,
        account_display_name: null,
        user_id: "user_ada",
        organization_id: "org_1",
        api_key_last_4: "2345",
      });
      const found = await api.get(`${PATH}/stripe`);
      assertEquals(found.body.installation, null);
      assertEquals(JSON.stringify([body, found.body, api.emulator.requests]).includes("sk-12345"), false);
      assertEquals((await api.get(`${ADA_PATH}/stripe?organization_id=org_1`)).body.id, id);
      assertEquals((await api.get(`${ADA_PATH}/stripe`)).status, 404);
    });

    it("of custom providers have a definition", async () => {
      const custom_provider = { name: "Mine", authorization_url: "https://a.com/", token_url: "https://a.com/t" };
      const made = await api.post(PATH, { provider: "mine", credentials: CREDENTIALS, custom_provider });
      const changed = await api.put(`${PATH}/mine`, { custom_provider: { pkce_enabled: false } });

      const definition = {
        ...custom_provider,
        refresh_token_url: null,
        pkce_enabled: true,
        request_scope_separator: " ",
        scopes_required: false,
        client_secret_required: true,
        additional_authorization_parameters: {},
        token_body_content_type: "application/x-www-form-urlencoded",
        authenticate_via: "request_body",
      };
      assertEquals(made.body.custom_provider, definition);
      assertEquals(changed.body.custom_provider, { ...definition, pkce_enabled: false });
    });

    it("are refused when something is missing or does not fit", async () => {
      const key = { secret: "sk-12345", user_id: "user_ada" };
      const custom = { provider: "new", credentials: CREDENTIALS };
      const bodies = [
        { credentials: CREDENTIALS },
        { provider: "new" },
        { provider: "new", credentials: { type: "shared" } },
        { provider: "new", credentials: { type: "custom", client_id: "c" } },
        { provider: "new", credentials: CREDENTIALS, auth_methods: ["api_key"] },
        { provider: "new", auth_methods: ["basic"] },
        { provider: "a/b", credentials: CREDENTIALS },
        { ...custom, ownership: "team" },
        { provider: "new", auth_methods: [] },
        { ...custom, config: { a: 1 } },
        { ...custom, api_key: key },
        { provider: "new", auth_methods: ["api_key"], api_key: { ...key, secret: "1234" } },
        { ...custom, custom_provider: { name: "Mine" } },
        { ...custom, custom_provider: { name: "Mine", authorization_url: "https://a.com", token_url: "/" } },
        { provider: "new", auth_methods: ["client_credentials"], custom_provider: { name: "Mine" } },
        { provider: "new", auth_methods: ["api_key"], custom_provider: { name: "Mine", authenticate_via: "mail" } },
        {
          provider: "new",
          auth_methods: ["api_key"],
          custom_provider: { name: "Mine", additional_authorization_parameters: { prompt: 1 } },
        },
      ];
      for (const body of bodies) assertEquals([(await api.post(PATH, body)).status, body], [422, body]);

      const unknown = { provider: "new", auth_methods: ["api_key"], api_key: { ...key, user_id: "user_9" } };
      assertEquals((await api.post(PATH, unknown)).status, 404);
      assertEquals((await api.post(PATH, { ...custom, provider: "github" })).status, 409);
      assertEquals((await api.get(`${PATH}/new`)).status, 404);
    });

    it("are listed, newest first", async () => {
      const listed = async (query: string) =>
        (await api.get(`${PATH}?${query}`)).body.data.map(({ id }: { id: string }) => id);

      assertEquals(await listed(""), ["di_5", "di_4", "di_3", "di_2", "di_1"]);
      assertEquals(await listed("order=asc&limit=1&ownership=user"), ["di_1"]);
      assertEquals(await listed("ownership=organization"), []);
    });

    it("are changed in what is named", async () => {
      api.emulator.advance(1000);
      const change = {
        description: "D",
        enabled: false,
        scopes: null,
        credentials: { ...CREDENTIALS, client_id: "2" },
      };
      const { status, body } = await api.put(`${PATH}/github`, change);

      assertEquals([status, body.description, body.enabled, body.scopes], [200, "D", false, null]);
      assertEquals(body.credentials, { type: "custom", client_id: "2", redacted_client_secret: "ours" });
      assertEquals([body.updated_at, body.installation], ["2026-01-01T00:00:01.000Z", null]);
      assertEquals((await api.put(`${PATH}/github`, {})).body, body);
      const api_key = { secret: "sk-12345", user_id: "user_ada" };
      assertEquals((await api.put(`${PATH}/openai`, { api_key })).status, 200);
      assertEquals((await vend("openai")).body.credential.value, "sk-12345");
      const refused: [string, object, string][] = [
        ["github", { api_key, credentials: CREDENTIALS }, "credentials: credentials_invalid"],
        ["github", { api_key }, "api_key: api_key_invalid"],
        ["github", { custom_provider: {} }, "custom_provider: custom_provider_invalid"],
        ["github", { enabled: null }, "enabled: enabled_invalid"],
        ["openai", { credentials: CREDENTIALS }, "credentials: credentials_invalid"],
      ];
      for (const [slug, given, wrong] of refused) {
        assertEquals(refusal(await api.put(`${PATH}/${slug}`, given)), [422, wrong]);
      }
      assertEquals((await api.put(`${PATH}/none`, {})).status, 404);
    });

    it("go with all that is connected", async () => {
      const { status } = await api.remove(`${PATH}/github`);

      assertEquals([status, (await api.remove(`${PATH}/github`)).status], [204, 404]);
      assertEquals((await token("github", { user_id: "user_bob" })).status, 404);
      assertEquals(api.eventNames(), ["pipes.connected_account.disconnected"]);
    });
  });

  describe("authorization", () => {
    it("connects the account of whoever visits the URL, and leads back", async () => {
      const before = await token("github");
      const { status, body } = await api.post(`${PATH}/github/authorize`, {
        ...ADA,
        return_to: "https://app.example.com/done?a=1",
        config: { subdomain: "acme" },
      });
      const early = await api.get(`${ADA_PATH}/github`);
      const back = await visit(body.url);
      const account = await api.get(`${ADA_PATH}/github`);
      const after = await token("github");

      assertEquals([before.status, before.body], [200, { active: false, error: "not_installed" }]);
      assertEquals([status, early.status], [200, 404]);
      assertEquals(back, [302, "https://app.example.com/done?a=1"]);
      assertEquals(account.body, {
        object: "connected_account",
        id: "data_installation_01000000000000000000000001",
        connection_role: "compatibility",
        ...ADA,
        organization_id: null,
        scopes: ["repo", "user"],
        auth_method: "oauth",
        api_key_last_4: null,
        state: "connected",
        ...STAMPS,
      });
      const { access_token } = after.body.access_token;
      assertEquals([after.body.active, after.body.access_token], [true, {
        object: "access_token",
        access_token,
        expires_at: "2026-01-01T01:00:00.000Z",
        scopes: ["repo", "user"],
        missing_scopes: [],
      }]);
      const { credential } = (await vend("github")).body;
      assertEquals([credential.value, credential.auth_method, credential.metadata], [access_token, "oauth", undefined]);
      const requests = JSON.stringify(api.emulator.requests);
      assertEquals(requests.includes(new URL(body.url).searchParams.get("token")!), false);
    });

    it("is announced once", async () => {
      const { url } = (await api.post(`${PATH}/github/authorize`, { ...ADA, organization_id: "org_1" })).body;
      const first = await visit(url);
      await visit(url);

      assertEquals(first, [302, `${ORIGIN}/`]);
      assertEquals(api.emulator.events.map(({ event, data }) => [event, data]), [["pipes.connected_account.connected", {
        object: "connected_account",
        id: "data_installation_01000000000000000000000001",
        data_integration_id: "di_1",
        provider_slug: "github",
        ...ADA,
        organization_id: "org_1",
        scopes: ["repo", "user"],
        state: "connected",
        ...STAMPS,
      }]]);
      assertEquals((await token("github")).body.active, false);
      assertEquals((await token("github", { ...ADA, organization_id: "org_1" })).body.active, true);
    });

    it("fails when the provider says so", async () => {
      const { url } = (await api.post(`${PATH}/github/authorize`, { ...ADA, return_to: "https://a.com/" })).body;

      assertEquals(await visit(`${url}&error=access_denied`), [302, "https://a.com/?error=access_denied"]);
      assertEquals(api.eventNames(), ["pipes.connected_account.connection_failed"]);
      assertEquals(api.emulator.events[0].data, {
        object: "connection_failed",
        data_integration_id: "di_1",
        provider_slug: "github",
        ...ADA,
        organization_id: null,
        error_code: "provider_error",
        error_reason: null,
        provider_error: "access_denied",
        provider_error_description: null,
        created_at: STAMPS.created_at,
      });
      assertEquals((await api.get(`${ADA_PATH}/github`)).status, 404);
    });

    it("is refused where there is nothing to authorize, and URLs grow old", async () => {
      const authorize = (slug: string, body: object = ADA) => api.post(`${PATH}/${slug}/authorize`, body);
      const { url } = (await authorize("github")).body;
      api.emulator.advance(600_000);

      assertEquals(await visit(url), [400, "authorize_link_expired"]);
      assertEquals(await visit(url.replace("github", "salesforce")), [400, "authorize_link_expired"]);
      assertEquals(
        await statuses([
          authorize("github", {}),
          authorize("github", { ...ADA, return_to: "/done" }),
          authorize("github", { ...ADA, config: { a: 1 } }),
          authorize("github", { user_id: "user_9" }),
          authorize("github", { ...ADA, organization_id: "org_9" }),
          authorize("github", { ...ADA, connection_owner: "team" }),
          authorize("none"),
          authorize("openai"),
          authorize("slack"),
          authorize("zendesk"),
        ]),
        [400, 400, 400, 404, 404, 400, 404, 400, 403, 400],
      );
    });
  });

  describe("tokens", () => {
    const BOB = { user_id: "user_bob" };

    it("are refreshed, and miss scopes that were not granted", async () => {
      const first = await token("github", BOB);
      api.emulator.advance(HOUR);
      const second = await token("github", BOB);
      const third = await token("github", BOB);

      assertEquals(first.body.access_token.access_token, "gho_bob");
      assertEquals([first.body.access_token.scopes, first.body.access_token.missing_scopes], [["repo"], ["user"]]);
      assertNotEquals(second.body.access_token.access_token, "gho_bob");
      assertEquals(second.body.access_token.expires_at, "2026-01-01T02:00:00.000Z");
      assertEquals(third.body, second.body);
    });

    it("end where there is no refresh token, until the account is authorized again", async () => {
      const expires_at = "2026-01-01T00:30:00.000Z";
      const imported = await api.post(`${ADA_PATH}/github`, { access_token: "gho_1", expires_at, scopes: ["repo"] });
      const first = await token("github");
      api.emulator.advance(HOUR);
      const second = await token("github");
      const account = await api.get(`${ADA_PATH}/github`);
      await token("github");
      await visit((await api.post(`${PATH}/github/authorize`, ADA)).body.url);

      assertEquals([imported.status, imported.body.state, imported.body.scopes], [201, "connected", ["repo"]]);
      assertEquals(first.body.access_token.expires_at, expires_at);
      assertEquals(second.body, { active: false, error: "needs_reauthorization" });
      assertEquals([account.body.state, account.body.updated_at], [
        "needs_reauthorization",
        "2026-01-01T01:00:00.000Z",
      ]);
      assertEquals((await token("github")).body.active, true);
      assertEquals(api.eventNames().map((name) => name.replace("pipes.connected_account.", "")), [
        "connected",
        "reauthorization_needed",
        "connected",
      ]);
    });

    it("are not there for what has an API key", async () => {
      const { status, body } = await api.put(`${PATH}/openai/api-key`, { ...ADA, secret: "sk-12345" });
      const mismatch = await token("openai");

      assertEquals([status, body.auth_method, body.api_key_last_4, body.scopes], [200, "api_key", "2345", []]);
      assertEquals([mismatch.status, mismatch.body.code], [422, "auth_method_mismatch"]);
      assertEquals((await vend("openai")).body, {
        active: true,
        credential: { object: "credential", auth_method: "api_key", value: "sk-12345" },
      });
    });

    it("and credentials are refused to nobody", async () => {
      assertEquals(
        await statuses([token("none"), token("github", {}), token("github", { user_id: "user_9" }), vend("none")]),
        [404, 400, 404, 404],
      );
      assertEquals((await token("github", { ...ADA, organization_id: null })).body.error, "not_installed");
      assertEquals((await vend("github")).body, { active: false, error: "not_installed" });
    });
  });

  it("API keys are replaced, and never expire", async () => {
    const put = (slug: string, secret?: string) => api.put(`${PATH}/${slug}/api-key`, { ...ADA, secret });
    const first = await put("openai", "sk-11111");
    api.emulator.advance(1000 * HOUR);
    const second = await put("openai", "sk-22222");
    const other = await api.put(`${PATH}/github/api-key`, { user_id: "user_bob", secret: "sk-33333" });

    assertEquals([second.body.id, second.body.api_key_last_4], [first.body.id, "2222"]);
    assertEquals((await vend("openai")).body.credential.value, "sk-22222");
    assertEquals([other.status, other.body], [422, {
      code: "auth_method_mismatch",
      message: "This installation uses oauth authentication. Use the POST /:slug/token endpoint instead.",
    }]);
    assertEquals(await statuses([put("openai"), put("github", "sk-1"), put("none", "sk-1")]), [400, 400, 404]);
    assertEquals(JSON.stringify([api.emulator.requests, api.emulator.events]).includes("sk-"), false);
    assertEquals(api.eventNames(), ["pipes.connected_account.connected"]);
  });

  it("client credentials become access tokens", async () => {
    const given = { ...ADA, client_id: "3MVG", client_secret: "s3cret-of-ada", config: { mydomain: "acme" } };
    const { status, body } = await api.put(`${PATH}/salesforce/client-credentials`, given);
    const first = await vend("salesforce");
    api.emulator.advance(HOUR);
    const second = await vend("salesforce");

    assertEquals([status, body.auth_method, body.api_key_last_4], [200, "client_credentials", null]);
    assertEquals([body.client_id, body.client_secret_last_4, body.config], ["3MVG", "-ada", { mydomain: "acme" }]);
    const { credential } = first.body;
    assertEquals(credential, {
      object: "credential",
      auth_method: "client_credentials",
      value: credential.value,
      expires_at: "2026-01-01T01:00:00.000Z",
      scopes: ["api"],
      missing_scopes: [],
      metadata: {},
    });
    assertNotEquals(second.body.credential.value, credential.value);
    assertEquals((await token("salesforce")).status, 422);
    assertEquals((await api.put(`${PATH}/salesforce/client-credentials`, ADA)).status, 400);
    await visit((await api.post(`${PATH}/salesforce/authorize`, ADA)).body.url);
    const authorized = (await api.get(`${ADA_PATH}/salesforce`)).body;
    assertEquals([authorized.id, authorized.auth_method, authorized.client_id], [body.id, "oauth", undefined]);
    assertEquals(JSON.stringify([api.emulator.requests, body, first.body]).includes("s3cret"), false);
  });

  describe("connected accounts", () => {
    it("are imported with tokens that can be used", async () => {
      const post = (slug: string, body: object) => api.post(`${ADA_PATH}/${slug}`, body);
      const past = "2025-12-31T00:00:00Z";
      const late = await post("github", { access_token: "gho_1", expires_at: past });
      await api.remove(`${ADA_PATH}/github`);
      const refreshed = await post("github", { refresh_token: "ghr_1" });

      assertEquals([late.status, late.body.state], [201, "needs_reauthorization"]);
      assertEquals([refreshed.body.state, (await token("github")).body.active], ["connected", true]);
      assertEquals((await post("github", { access_token: "gho_1" })).status, 409);
      const refused: [string, object, string][] = [
        ["salesforce", {}, "invalid_token_combination"],
        ["salesforce", { scopes: ["a"] }, "invalid_token_combination"],
        ["salesforce", { state: "connected" }, "invalid_token_combination"],
        ["salesforce", { access_token: "a", state: "disconnected" }, "state: state_invalid"],
        ["salesforce", { access_token: "a", expires_at: past, state: "connected" }, "invalid_token_combination"],
        ["openai", { access_token: "a" }, "auth_method_not_supported"],
      ];
      for (const [slug, given, wrong] of refused) assertEquals(refusal(await post(slug, given)), [422, wrong]);
      assertEquals((await post("none", { access_token: "a" })).status, 404);
      assertEquals((await post("slack", { access_token: "a" })).status, 201);
      assertEquals((await post("salesforce", { state: "needs_reauthorization" })).status, 201);
      assertEquals((await api.post(`${ADA_PATH}/zendesk?organization_id=org_9`, { access_token: "a" })).status, 404);
      assertEquals(/gho_|ghr_/.test(JSON.stringify([api.emulator.requests, api.emulator.events])), false);
    });

    it("are changed in what is named", async () => {
      const path = "/user_management/users/user_bob/connected_accounts/github";
      const asleep = await api.put(path, { state: "needs_reauthorization" });
      const scoped = await api.put(path, { scopes: ["repo", "user"] });
      const error = (await token("github", { user_id: "user_bob" })).body.error;
      const awake = await api.put(path, { access_token: "gho_2" });

      assertEquals([asleep.status, asleep.body.state, error], [
        200,
        "needs_reauthorization",
        "needs_reauthorization",
      ]);
      assertEquals([scoped.body.state, scoped.body.scopes], ["needs_reauthorization", ["repo", "user"]]);
      assertEquals([awake.body.state, awake.body.scopes, awake.body.id], ["connected", ["repo", "user"], "acc_1"]);
      const { access_token } = (await token("github", { user_id: "user_bob" })).body;
      assertEquals([access_token.access_token, access_token.expires_at], ["gho_2", null]);
      assertEquals((await api.put(`${ADA_PATH}/github`, {})).status, 404);
    });

    it("with an API key take a state and no tokens", async () => {
      await api.put(`${PATH}/openai/api-key`, { ...ADA, secret: "sk-12345" });
      const asleep = await api.put(`${ADA_PATH}/openai`, { state: "needs_reauthorization" });
      const error = (await vend("openai")).body.error;
      const awake = await api.put(`${ADA_PATH}/openai`, { state: "connected" });
      const again = await api.put(`${PATH}/openai/api-key`, { ...ADA, secret: "sk-67890" });

      assertEquals([asleep.body.state, error], ["needs_reauthorization", "needs_reauthorization"]);
      assertEquals(awake.body.state, "connected");
      assertEquals([again.body.state, (await vend("openai")).body.credential.value], ["connected", "sk-67890"]);
      assertEquals((await api.put(`${ADA_PATH}/openai`, { access_token: "a" })).status, 422);
    });

    it("are disconnected", async () => {
      const path = "/user_management/users/user_bob/connected_accounts/github";

      assertEquals(await statuses([api.remove(`${path}?organization_id=org_1`)]), [404]);
      assertEquals((await api.remove(path)).status, 204);
      assertEquals([(await api.remove(path)).status, (await api.get(path)).status], [404, 404]);
      assertEquals((await token("github", { user_id: "user_bob" })).body.error, "not_installed");
      const [{ event, data }] = api.emulator.events;
      assertEquals([event, data.id, data.provider_slug], ["pipes.connected_account.disconnected", "acc_1", "github"]);
    });

    it("go with their user and organization, without a word", async () => {
      await api.put(`${PATH}/openai/api-key`, { ...ADA, organization_id: "org_1", secret: "sk-12345" });
      await api.put(`${CONFIGURATIONS}/github`, { enabled: false });
      await api.remove("/organizations/org_1");
      await api.remove("/user_management/users/user_bob");

      assertEquals((await api.get(`${ADA_PATH}/openai?organization_id=org_1`)).status, 404);
      assertEquals((await api.get("/user_management/users/user_bob/connected_accounts/github")).status, 404);
      assertEquals(await statuses([api.remove(`${PATH}/openai`), api.remove(`${PATH}/github`)]), [204, 204]);
      assertEquals(api.eventNames().includes("pipes.connected_account.disconnected"), false);
    });
  });

  describe("configurations", () => {
    it("show what an organization has in effect", async () => {
      const { status, body } = await api.get(CONFIGURATIONS);

      const common = { object: "data_integration_configuration", organization_id: "org_1", config: {}, ...STAMPS };
      assertEquals([status, body.object, body.data.length], [200, "list", 5]);
      assertEquals(body.data[0], {
        ...common,
        id: "di_1",
        slug: "github",
        name: "Github",
        enabled: true,
        scopes: ["repo", "user"],
      });
      const { redirect_uri } = (await api.get(`${PATH}/zendesk`)).body;
      assertEquals(body.data[4].credentials, {
        credentials_type: "organization",
        has_credentials: false,
        client_id: null,
        client_secret_last_four: null,
        redirect_uri,
      });
      assertEquals((await api.get("/organizations/org_9/data_integration_configurations")).status, 404);
    });

    it("decide whether accounts can be connected, and with which scopes", async () => {
      const scope = { ...ADA, organization_id: "org_1" };
      const authorize = (slug: string) => api.post(`${PATH}/${slug}/authorize`, scope);
      const off = await api.put(`${CONFIGURATIONS}/github`, { enabled: false, scopes: ["repo"] });
      const refused = await authorize("github");
      await api.put(`${CONFIGURATIONS}/github`, { enabled: true });
      await visit((await authorize("github")).body.url);
      const narrow = await api.get(`${ADA_PATH}/github?organization_id=org_1`);
      const wide = await api.put(`${CONFIGURATIONS}/github`, { scopes: null });

      assertEquals([off.status, off.body.enabled, off.body.scopes], [200, false, ["repo"]]);
      assertEquals([refused.status, narrow.body.scopes, wide.body.scopes], [403, ["repo"], ["repo", "user"]]);
      assertEquals((await token("github", scope)).body.access_token.missing_scopes, ["user"]);
      assertEquals((await api.get(`${PATH}/github`)).body.enabled, true);
    });

    it("bring the credentials of the organization", async () => {
      const own = { client_id: "own", client_secret: "s3cret-of-org", config: { subdomain: "acme" } };
      const { status, body } = await api.put(`${CONFIGURATIONS}/zendesk`, own);
      const { url } = (await api.post(`${PATH}/zendesk/authorize`, { ...ADA, organization_id: "org_1" })).body;

      assertEquals([status, body.config, body.credentials.has_credentials], [200, own.config, true]);
      assertEquals([body.credentials.client_id, body.credentials.client_secret_last_four], ["own", "-org"]);
      assertEquals((await visit(url))[0], 302);
      assertEquals(JSON.stringify([api.emulator.requests, body]).includes("s3cret"), false);
    });

    it("are refused when they do not fit", async () => {
      const put = (slug: string, body: object) => api.put(`${CONFIGURATIONS}/${slug}`, body);

      assertEquals(
        await statuses([
          put("github", {}),
          put("github", { client_secret: "s" }),
          put("zendesk", { client_id: "c" }),
          put("zendesk", { enabled: true, client_secret: "s" }),
          put("zendesk", { client_id: "", client_secret: "" }),
          put("github", { client_id: "c", client_secret: "s" }),
          put("github", { config: {} }),
          put("github", { scopes: ["admin"] }),
          put("none", { enabled: true }),
          api.put("/organizations/org_9/data_integration_configurations/github", { enabled: true }),
        ]),
        [400, 400, 400, 400, 400, 400, 400, 422, 404, 404],
      );
    });
  });

  it("providers are listed with the account of a user", async () => {
    await visit((await api.post(`${PATH}/github/authorize`, ADA)).body.url);
    await api.put(`${CONFIGURATIONS}/openai`, { enabled: false });
    const { status, body } = await api.get(PROVIDERS);
    const inOrganization = await api.get(`${PROVIDERS}?organization_id=org_1`);

    const slugs = (data: { slug: string }[]) => data.map(({ slug }) => slug);
    assertEquals([status, slugs(body.data)], [200, ["github", "openai", "salesforce", "zendesk"]]);
    const account = (await api.get(`${ADA_PATH}/github`)).body;
    const { createdAt, ...rest } = body.data[0].connected_account;
    assertEquals(createdAt, account.created_at);
    assertEquals(rest, { ...account, userlandUserId: "user_ada", organizationId: null, updatedAt: account.updated_at });
    assertEquals([body.data[0].credentials_type, body.data[1].credentialsType], ["oauth2", "api_key"]);
    assertEquals([body.data[0].ownership, body.data[1].connected_account], ["userland_user", null]);
    assertEquals([body.data[0].connection_owner, body.data[1].connected_accounts], ["user", []]);
    assertEquals(body.data[0].connected_accounts, [body.data[0].connected_account]);
    assertEquals(slugs(inOrganization.body.data), ["github", "salesforce", "zendesk"]);
    assertEquals(inOrganization.body.data[0].connected_account, null);
    assertEquals((await api.get(`${PROVIDERS}?organization_id=org_9`)).status, 404);
    assertEquals((await api.get("/user_management/users/user_9/data_providers")).status, 404);
  });

  describe("seeds", () => {
    const users = [{ id: "user_1", email: "a@example.com" }];
    const data_integrations = [{ slug: "github" }];

    it("have accounts in any state, with any method", async () => {
      const connected_accounts = [
        { slug: "github", user_id: "user_ada", state: "needs_reauthorization" as const },
        { slug: "github", user_id: "user_ada", organization_id: "org_1", expires_at: "2026-01-01T00:10:00Z" },
        { slug: "openai", user_id: "user_ada", secret: "sk-12345" },
        { slug: "salesforce", user_id: "user_ada", auth_method: "oauth" as const },
      ];
      api = await start({ seed: { ...SEED, ...PIPES, connected_accounts } });
      const scoped = { ...ADA, organization_id: "org_1" };
      const before = (await token("github", scoped)).body;
      api.emulator.advance(HOUR);

      assertEquals((await token("github")).body.error, "needs_reauthorization");
      assertEquals([before.active, (await token("github", scoped)).body.error], [true, "needs_reauthorization"]);
      assertEquals((await vend("openai")).body.credential.value, "sk-12345");
      assertEquals((await token("salesforce")).body.access_token.scopes, ["api"]);
    });

    it("are refused when they refer to nothing", () => {
      const account = { slug: "github", user_id: "user_1" };
      const make = (connected_accounts: EmulatorSeed["connected_accounts"]) =>
        createEmulator({ seed: { users, data_integrations, connected_accounts } });

      assertThrows(() => make([{ ...account, slug: "none" }]), TypeError, "none");
      assertThrows(() => make([{ ...account, user_id: "user_9" }]), TypeError, "user_9");
      assertThrows(() => make([{ ...account, organization_id: "org_9" }]), TypeError, "org_9");
      assertThrows(() => make([{ ...account, auth_method: "api_key" }]), TypeError, "auth_method");
      assertThrows(() => make([account, account]), TypeError, "exists");
      assertThrows(() => make([{ slug: "github" }]), TypeError, "user_id");
      assertThrows(() => make([{ slug: "github", organization_id: "org_1" }]), TypeError, "org_1");
      const twice = [...data_integrations, ...data_integrations];
      assertThrows(() => createEmulator({ seed: { data_integrations: twice } }), TypeError, "exists");
    });
  });
});
