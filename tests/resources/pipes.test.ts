import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { CreateDataIntegrationApiKeyOptions, WorkOS } from "../../mod.ts";
import * as values from "../../src/resources/pipes/values.ts";
import { fakeApi } from "../fake_api.ts";

const TIME = "2026-01-15T12:00:00.000Z";

/** Keys that a renaming would change. */
const DATA = { first_name: "a", lastName: "b" };

const ACCOUNT = {
  object: "connected_account",
  id: "data_installation_1",
  connection_role: "compatibility",
  account_identifier: "42",
  account_display_name: "octo",
  user_id: "user_1",
  organization_id: "org_1",
  scopes: ["repo"],
  auth_method: "client_credentials",
  api_key_last_4: "1234",
  client_id: "cid",
  client_secret_last_4: "5678",
  config: DATA,
  state: "connected",
  created_at: TIME,
  updated_at: TIME,
  new_field: { inner_field: 1 },
};

const READ_ACCOUNT = {
  object: "connected_account",
  id: "data_installation_1",
  connectionRole: "compatibility",
  accountIdentifier: "42",
  accountDisplayName: "octo",
  userId: "user_1",
  organizationId: "org_1",
  scopes: ["repo"],
  authMethod: "client_credentials",
  apiKeyLast4: "1234",
  clientId: "cid",
  clientSecretLast4: "5678",
  config: DATA,
  state: "connected",
  createdAt: TIME,
  updatedAt: TIME,
  newField: { innerField: 1 },
};

const INTEGRATION = {
  object: "data_integration",
  id: "data_integration_1",
  slug: "github",
  integration_type: "github",
  ownership: "organization",
  description: "d",
  enabled: true,
  state: "valid",
  scopes: null,
  redirect_uri: "https://r",
  auth_methods: ["oauth"],
  credentials: { type: "custom", client_id: "c", redacted_client_secret: "abcd" },
  installation: {
    id: "i",
    connection_role: "standard",
    user_id: null,
    organization_id: "org_1",
    api_key_last_4: "1234",
  },
  config: DATA,
  custom_provider: {
    name: "Mine",
    authorization_url: "https://a",
    token_url: "https://t",
    pkce_enabled: true,
    additional_authorization_parameters: DATA,
    authenticate_via: "basic_auth_header",
  },
  created_at: TIME,
  updated_at: TIME,
  new_field: 1,
};

const READ_INTEGRATION = {
  object: "data_integration",
  id: "data_integration_1",
  slug: "github",
  integrationType: "github",
  ownership: "organization",
  description: "d",
  enabled: true,
  state: "valid",
  scopes: null,
  redirectUri: "https://r",
  authMethods: ["oauth"],
  credentials: { type: "custom", clientId: "c", redactedClientSecret: "abcd" },
  installation: {
    id: "i",
    connectionRole: "standard",
    accountIdentifier: null,
    accountDisplayName: null,
    userId: null,
    organizationId: "org_1",
    apiKeyLast4: "1234",
  },
  config: DATA,
  customProvider: {
    name: "Mine",
    authorizationUrl: "https://a",
    tokenUrl: "https://t",
    refreshTokenUrl: null,
    pkceEnabled: true,
    additionalAuthorizationParameters: DATA,
    authenticateVia: "basic_auth_header",
  },
  createdAt: new Date(TIME),
  updatedAt: new Date(TIME),
  newField: 1,
};

const CONFIGURATION = {
  object: "data_integration_configuration",
  id: "data_integration_1",
  organization_id: "org_1",
  slug: "github",
  name: "GitHub",
  enabled: true,
  scopes: null,
  config: DATA,
  credentials: {
    credentials_type: "organization",
    has_credentials: true,
    client_id: "c",
    client_secret_last_four: "abcd",
    redirect_uri: "https://r",
  },
  created_at: TIME,
  updated_at: TIME,
  new_field: 1,
};

const READ_CONFIGURATION = {
  object: "data_integration_configuration",
  id: "data_integration_1",
  organizationId: "org_1",
  slug: "github",
  name: "GitHub",
  enabled: true,
  scopes: null,
  config: DATA,
  credentials: {
    credentialsType: "organization",
    hasCredentials: true,
    clientId: "c",
    clientSecretLastFour: "abcd",
    redirectUri: "https://r",
  },
  createdAt: TIME,
  updatedAt: TIME,
  newField: 1,
};

interface Row {
  name: string;
  call: (workos: WorkOS) => Promise<unknown>;
  method: string;
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  answer?: unknown;
  result?: unknown;
}

const integration = { answer: INTEGRATION, result: READ_INTEGRATION };
const account = { answer: ACCOUNT, result: READ_ACCOUNT };
const selection = { supportsMultipleConnections: true, connectedAccountId: "di_1" };
const selectionQuery = { supports_multiple_connections: "true", connected_account_id: "di_1" };
const tokens = {
  accessToken: "at",
  refreshToken: "rt",
  expiresAt: new Date(TIME),
  scopes: ["repo"],
  state: "connected",
};
const tokensBody = {
  access_token: "at",
  refresh_token: "rt",
  expires_at: TIME,
  scopes: ["repo"],
  state: "connected",
};
const noContent = new Response(null, { status: 204 });

const CALLS: Row[] = [
  {
    name: "createDataIntegration",
    call: (workos) =>
      workos.pipes.createDataIntegration({
        provider: "mine",
        ownership: "user",
        description: null,
        enabled: true,
        scopes: ["repo"],
        authMethods: ["oauth"],
        config: DATA,
        credentials: { type: "custom", clientId: "c", clientSecret: "s" },
        apiKey: { secret: "key", userId: "user_1", organizationId: "org_1" },
        customProvider: {
          name: "Mine",
          authorizationUrl: "https://a",
          tokenUrl: "https://t",
          refreshTokenUrl: null,
          pkceEnabled: false,
          requestScopeSeparator: ",",
          scopesRequired: true,
          clientSecretRequired: false,
          additionalAuthorizationParameters: DATA,
          tokenBodyContentType: "application/json",
          authenticateVia: "request_body",
        },
      }),
    method: "POST",
    path: "/data-integrations",
    body: {
      provider: "mine",
      ownership: "user",
      description: null,
      enabled: true,
      scopes: ["repo"],
      auth_methods: ["oauth"],
      config: DATA,
      credentials: { type: "custom", client_id: "c", client_secret: "s" },
      api_key: { secret: "key", user_id: "user_1", organization_id: "org_1" },
      custom_provider: {
        name: "Mine",
        authorization_url: "https://a",
        token_url: "https://t",
        refresh_token_url: null,
        pkce_enabled: false,
        request_scope_separator: ",",
        scopes_required: true,
        client_secret_required: false,
        additional_authorization_parameters: DATA,
        token_body_content_type: "application/json",
        authenticate_via: "request_body",
      },
    },
    ...integration,
  },
  {
    name: "getDataIntegration",
    call: (workos) => workos.pipes.getDataIntegration({ slug: "a/b" }),
    method: "GET",
    path: "/data-integrations/a%2Fb",
    ...integration,
  },
  {
    name: "updateDataIntegration",
    call: (workos) =>
      workos.pipes.updateDataIntegration({
        slug: "github",
        enabled: false,
        scopes: null,
        customProvider: { additionalAuthorizationParameters: DATA },
      }),
    method: "PUT",
    path: "/data-integrations/github",
    body: { enabled: false, scopes: null, custom_provider: { additional_authorization_parameters: DATA } },
    ...integration,
  },
  {
    name: "deleteDataIntegration",
    call: (workos) => workos.pipes.deleteDataIntegration({ slug: "github" }),
    method: "DELETE",
    path: "/data-integrations/github",
    answer: noContent,
  },
  {
    name: "getOrganizationDataIntegration",
    call: (workos) => workos.pipes.getOrganizationDataIntegration({ slug: "github" }),
    method: "GET",
    path: "/data-integrations/github/organization",
    ...integration,
  },
  {
    name: "updateOrganizationDataIntegration",
    call: (workos) => workos.pipes.updateOrganizationDataIntegration({ slug: "github", description: null }),
    method: "PUT",
    path: "/data-integrations/github/organization",
    body: { description: null },
    ...integration,
  },
  {
    name: "deleteOrganizationDataIntegration",
    call: (workos) => workos.pipes.deleteOrganizationDataIntegration({ slug: "github" }),
    method: "DELETE",
    path: "/data-integrations/github/organization",
    answer: noContent,
  },
  {
    name: "listOrganizationDataIntegrationConfigurations",
    call: (workos) => workos.pipes.listOrganizationDataIntegrationConfigurations({ organizationId: "org_1" }),
    method: "GET",
    path: "/organizations/org_1/data_integration_configurations",
    answer: { object: "list", data: [CONFIGURATION] },
    result: { object: "list", data: [READ_CONFIGURATION] },
  },
  {
    name: "updateOrganizationDataIntegrationConfiguration",
    call: (workos) =>
      workos.pipes.updateOrganizationDataIntegrationConfiguration({
        organizationId: "org_1",
        slug: "github",
        scopes: null,
        clientId: "c",
        clientSecret: "s",
        config: DATA,
      }),
    method: "PUT",
    path: "/organizations/org_1/data_integration_configurations/github",
    body: { scopes: null, client_id: "c", client_secret: "s", config: DATA },
    answer: CONFIGURATION,
    result: READ_CONFIGURATION,
  },
  {
    name: "createDataIntegrationApiKey",
    call: (workos) =>
      workos.pipes.createDataIntegrationApiKey({
        slug: "github",
        userId: "user_1",
        organizationId: "org_1",
        connectionOwner: "organization",
        secret: "key",
        connectionIntent: "add",
      }),
    method: "POST",
    path: "/data-integrations/github/api-key",
    body: {
      user_id: "user_1",
      organization_id: "org_1",
      connection_owner: "organization",
      secret: "key",
      connection_intent: "add",
    },
    ...account,
  },
  {
    name: "updateDataIntegrationApiKey",
    call: (workos) =>
      workos.pipes.updateDataIntegrationApiKey({
        slug: "github",
        userId: "user_1",
        connectedAccountId: "di_1",
        connectionIntent: "reauthorize",
        secret: "key",
      }),
    method: "PUT",
    path: "/data-integrations/github/api-key",
    body: { user_id: "user_1", connected_account_id: "di_1", connection_intent: "reauthorize", secret: "key" },
    ...account,
  },
  {
    name: "createDataIntegrationClientCredential",
    call: (workos) =>
      workos.pipes.createDataIntegrationClientCredential({
        slug: "snowflake",
        userId: "user_1",
        clientId: "c",
        clientSecret: "s",
        config: DATA,
        connectionIntent: "add",
      }),
    method: "POST",
    path: "/data-integrations/snowflake/client-credentials",
    body: { user_id: "user_1", client_id: "c", client_secret: "s", config: DATA, connection_intent: "add" },
    ...account,
  },
  {
    name: "updateDataIntegrationClientCredentials",
    call: (workos) =>
      workos.pipes.updateDataIntegrationClientCredentials({
        slug: "snowflake",
        userId: "user_1",
        clientId: "c",
        clientSecret: "s",
        config: DATA,
      }),
    method: "PUT",
    path: "/data-integrations/snowflake/client-credentials",
    body: { user_id: "user_1", client_id: "c", client_secret: "s", config: DATA },
    ...account,
  },
  {
    name: "authorizeDataIntegration",
    call: (workos) =>
      workos.pipes.authorizeDataIntegration({
        slug: "zendesk",
        userId: "user_1",
        organizationId: "org_1",
        connectionOwner: "user",
        returnTo: "https://example.com/back",
        config: DATA,
      }),
    method: "POST",
    path: "/data-integrations/zendesk/authorize",
    body: {
      user_id: "user_1",
      organization_id: "org_1",
      connection_owner: "user",
      return_to: "https://example.com/back",
      config: DATA,
    },
    answer: { url: "https://zendesk.example/authorize", new_field: 1 },
    result: { url: "https://zendesk.example/authorize", newField: 1 },
  },
  {
    name: "createDataIntegrationCredential",
    call: (workos) =>
      workos.pipes.createDataIntegrationCredential({
        slug: "github",
        userId: "user_1",
        organizationId: "org_1",
        connectionOwner: "organization",
        ...selection,
      }),
    method: "POST",
    path: "/data-integrations/github/credentials",
    body: {
      user_id: "user_1",
      organization_id: "org_1",
      connection_owner: "organization",
      supports_multiple_connections: true,
      connected_account_id: "di_1",
    },
    answer: { active: false, error: "not_installed" },
    result: { active: false, error: "not_installed" },
  },
  {
    name: "getAccessToken",
    call: (workos) => workos.pipes.getAccessToken({ provider: "github", userId: "user_1", ...selection }),
    method: "POST",
    path: "/data-integrations/github/token",
    body: { user_id: "user_1", supports_multiple_connections: true, connected_account_id: "di_1" },
    answer: { active: false, error: "needs_reauthorization" },
    result: { active: false, error: "needs_reauthorization" },
  },
  {
    name: "getUserConnectedAccount",
    call: (workos) =>
      workos.pipes.getUserConnectedAccount({
        userId: "user_1",
        slug: "github",
        organizationId: "org_1",
        ...selection,
      }),
    method: "GET",
    path: "/user_management/users/user_1/connected_accounts/github",
    query: { organization_id: "org_1", ...selectionQuery },
    ...account,
  },
  {
    name: "createUserConnectedAccount",
    call: (workos) =>
      workos.pipes.createUserConnectedAccount({
        userId: "user_1",
        slug: "github",
        organizationId: "org_1",
        connectionIntent: "add",
        ...tokens,
      }),
    method: "POST",
    path: "/user_management/users/user_1/connected_accounts/github",
    query: { organization_id: "org_1" },
    body: { ...tokensBody, connection_intent: "add" },
    ...account,
  },
  {
    name: "updateUserConnectedAccount",
    call: (workos) =>
      workos.pipes.updateUserConnectedAccount({
        userId: "user_1",
        slug: "github",
        organizationId: "org_1",
        connectionIntent: "reauthorize",
        ...selection,
        ...tokens,
      }),
    method: "PUT",
    path: "/user_management/users/user_1/connected_accounts/github",
    query: { organization_id: "org_1", connection_intent: "reauthorize", ...selectionQuery },
    body: tokensBody,
    ...account,
  },
  {
    name: "deleteUserConnectedAccount",
    call: (workos) =>
      workos.pipes.deleteUserConnectedAccount({
        userId: "user_1",
        slug: "github",
        organizationId: "org_1",
        ...selection,
      }),
    method: "DELETE",
    path: "/user_management/users/user_1/connected_accounts/github",
    query: { organization_id: "org_1", ...selectionQuery },
    answer: noContent,
  },
  {
    name: "listUserDataProviders",
    call: (workos) =>
      workos.pipes.listUserDataProviders({
        userId: "user_1",
        organizationId: "org_1",
        supportsMultipleConnections: false,
      }),
    method: "GET",
    path: "/user_management/users/user_1/data_providers",
    query: { organization_id: "org_1", supports_multiple_connections: "false" },
    answer: { object: "list", data: [] },
    result: { object: "list", data: [] },
  },
  {
    name: "getOrganizationConnectedAccount",
    call: (workos) =>
      workos.pipes.getOrganizationConnectedAccount({ organizationId: "org_1", slug: "github", ...selection }),
    method: "GET",
    path: "/organizations/org_1/connected_accounts/github",
    query: selectionQuery,
    ...account,
  },
  {
    name: "createOrganizationConnectedAccount",
    call: (workos) =>
      workos.pipes.createOrganizationConnectedAccount({
        organizationId: "org_1",
        slug: "github",
        userId: "user_1",
        connectionIntent: "add",
        ...tokens,
      }),
    method: "POST",
    path: "/organizations/org_1/connected_accounts/github",
    body: { ...tokensBody, user_id: "user_1", connection_intent: "add" },
    ...account,
  },
  {
    name: "updateOrganizationConnectedAccount",
    call: (workos) =>
      workos.pipes.updateOrganizationConnectedAccount({
        organizationId: "org_1",
        slug: "github",
        userId: "user_1",
        connectionIntent: "reauthorize",
        ...selection,
        ...tokens,
      }),
    method: "PUT",
    path: "/organizations/org_1/connected_accounts/github",
    query: { connection_intent: "reauthorize", ...selectionQuery },
    body: { ...tokensBody, user_id: "user_1" },
    ...account,
  },
  {
    name: "deleteOrganizationConnectedAccount",
    call: (workos) =>
      workos.pipes.deleteOrganizationConnectedAccount({ organizationId: "org_1", slug: "github", ...selection }),
    method: "DELETE",
    path: "/organizations/org_1/connected_accounts/github",
    query: selectionQuery,
    answer: noContent,
  },
  {
    name: "listOrganizationDataProviders",
    call: (workos) =>
      workos.pipes.listOrganizationDataProviders({ organizationId: "org_1", supportsMultipleConnections: true }),
    method: "GET",
    path: "/organizations/org_1/data_providers",
    query: { supports_multiple_connections: "true" },
    answer: { object: "list", data: [] },
    result: { object: "list", data: [] },
  },
];

describe("Pipes", () => {
  for (const { name, call, method, path, query = {}, body, answer, result } of CALLS) {
    it(`${name}() sends and reads what it should`, async () => {
      const api = fakeApi(answer);

      const received = await call(api.workos);

      const [request] = api.requests;
      assertEquals(`${request.method} ${request.path}`, `${method} ${path}`);
      assertEquals(request.query, query);
      assertEquals(request.body, body);
      assertEquals(received, result);
    });
  }

  it("listDataIntegrations() filters by owner on every page and reads times as dates", async () => {
    const api = fakeApi(
      { object: "list", data: [INTEGRATION], list_metadata: { before: null, after: "di_1" } },
      { object: "list", data: [INTEGRATION], list_metadata: { before: null, after: null } },
    );

    const page = await api.workos.pipes.listDataIntegrations({ ownership: "organization" });
    const all: unknown[] = await page.toArray();

    assertEquals(all, [READ_INTEGRATION, READ_INTEGRATION]);
    assertEquals(api.requests[0].path, "/data-integrations");
    assertEquals(api.requests[0].query, { ownership: "organization", order: "desc" });
    assertEquals(api.requests[1].query, { ownership: "organization", order: "desc", limit: "100", after: "di_1" });
  });

  it("passes request options on", async () => {
    const api = fakeApi(INTEGRATION);

    await api.workos.pipes.createDataIntegration({ provider: "github" }, { idempotencyKey: "once" });

    assertEquals(api.requests[0].headers["idempotency-key"], "once");
    assertEquals(api.requests[0].body, { provider: "github" });
  });

  it("createDataIntegrationApiKey() always adds", async () => {
    const api = fakeApi(ACCOUNT);
    const options = { slug: "github", userId: "user_1", secret: "key" };

    await api.workos.pipes.createDataIntegrationApiKey(options as CreateDataIntegrationApiKeyOptions);

    assertEquals(api.requests[0].body, { user_id: "user_1", secret: "key", connection_intent: "add" });
  });

  it("getDataIntegration() reads what the API leaves out as null", async () => {
    const parts = { credentials: { type: "organization" }, installation: { id: "i" }, custom_provider: { name: "p" } };
    const api = fakeApi({ id: "di", ...parts, created_at: TIME, updated_at: TIME });

    const integration: unknown = await api.workos.pipes.getDataIntegration({ slug: "github" });

    assertEquals(integration, {
      id: "di",
      description: null,
      scopes: null,
      credentials: { type: "organization", clientId: null, redactedClientSecret: null },
      installation: {
        id: "i",
        accountIdentifier: null,
        accountDisplayName: null,
        userId: null,
        organizationId: null,
        apiKeyLast4: null,
      },
      customProvider: { name: "p", authorizationUrl: null, tokenUrl: null, refreshTokenUrl: null },
      createdAt: new Date(TIME),
      updatedAt: new Date(TIME),
    });
  });

  it("getUserConnectedAccount() reads what the API leaves out as null, and times as text", async () => {
    const api = fakeApi({ id: "di", scopes: [], state: "connected", created_at: TIME, updated_at: TIME });

    const account: unknown = await api.workos.pipes.getUserConnectedAccount({ userId: "user_1", slug: "github" });

    assertEquals(account, {
      id: "di",
      scopes: [],
      state: "connected",
      createdAt: TIME,
      updatedAt: TIME,
      accountIdentifier: null,
      accountDisplayName: null,
      userId: null,
      organizationId: null,
      apiKeyLast4: null,
      clientId: null,
      clientSecretLast4: null,
    });
    assertEquals(api.requests[0].query, {});
  });

  it("createUserConnectedAccount() leaves absent fields absent and its argument alone", async () => {
    const api = fakeApi(ACCOUNT);
    const options = Object.freeze({ userId: "user_1", slug: "github", expiresAt: undefined, accessToken: "at" });

    await api.workos.pipes.createUserConnectedAccount(options);

    assertEquals(api.requests[0].body, { access_token: "at" });
  });

  it("createUserConnectedAccount() refuses an invalid date before sending", async () => {
    const api = fakeApi(ACCOUNT);

    const call = () =>
      api.workos.pipes.createUserConnectedAccount({ userId: "u", slug: "s", expiresAt: new Date("never") });

    await assertRejects(call, RangeError);
    assertEquals(api.requests.length, 0);
  });

  it("refuses a missing id before sending", async () => {
    const api = fakeApi(ACCOUNT);

    const call = () => api.workos.pipes.deleteUserConnectedAccount({ userId: "", slug: "github" });

    await assertRejects(call, TypeError);
    assertEquals(api.requests.length, 0);
  });
});

describe("Pipes.getAccessToken()", () => {
  const token = { object: "access_token", access_token: "at", scopes: ["a"], missing_scopes: ["b"], new_field: 1 };
  const read = { object: "access_token", accessToken: "at", scopes: ["a"], missingScopes: ["b"], newField: 1 };
  const ROWS = [
    ["reads the time as a date", { expires_at: TIME }, new Date(TIME)],
    ["keeps null for a token that does not expire", { expires_at: null }, null],
    ["reads a missing time as null", {}, null],
  ] as const;

  for (const [name, time, expiresAt] of ROWS) {
    it(name, async () => {
      const api = fakeApi({ active: true, access_token: { ...token, ...time } });

      const answer: unknown = await api.workos.pipes.getAccessToken({ provider: "github", userId: "user_1" });

      assertEquals(answer, { active: true, accessToken: { ...read, expiresAt } });
    });
  }

  it("keeps an answer of a kind it does not know", async () => {
    const api = fakeApi({ active: "soon", retry_in: 5 });

    const answer: unknown = await api.workos.pipes.getAccessToken({ provider: "github", userId: "user_1" });

    assertEquals(answer, { active: "soon", retryIn: 5 });
  });
});

describe("Pipes.createDataIntegrationCredential()", () => {
  const base = { object: "credential", value: "v" };
  const oauth = { expires_at: TIME, scopes: ["a"], missing_scopes: [] };
  const readOauth = { expiresAt: TIME, scopes: ["a"], missingScopes: [] };
  const ROWS: [string, object, object][] = [
    ["oauth", { ...oauth, config: DATA }, { ...readOauth, config: DATA }],
    ["api_key", { config: DATA }, { config: DATA }],
    ["client_credentials", { ...oauth, metadata: DATA }, { ...readOauth, metadata: DATA }],
    ["carrier_pigeon", { wing_span: 3 }, { wingSpan: 3 }],
  ];

  for (const [method, fields, read] of ROWS) {
    it(`reads ${method} credentials, times as text`, async () => {
      const api = fakeApi({ active: true, credential: { ...base, auth_method: method, ...fields } });

      const answer: unknown = await api.workos.pipes.createDataIntegrationCredential({ slug: "s", userId: "u" });

      assertEquals(answer, { active: true, credential: { ...base, authMethod: method, ...read } });
    });
  }

  it("narrows by active and authMethod", async () => {
    const credential = {
      ...base,
      auth_method: "client_credentials",
      ...oauth,
      metadata: { instance_url: "https://i" },
    };
    const api = fakeApi({ active: true, credential });

    const answer = await api.workos.pipes.createDataIntegrationCredential({ slug: "s", userId: "u" });

    let url: unknown;
    if (answer.active && answer.credential.authMethod === "client_credentials") {
      url = answer.credential.metadata.instance_url;
    }
    assertEquals(url, "https://i");
  });
});

describe("data providers", () => {
  const provider = {
    object: "data_provider",
    id: "p",
    name: "GitHub",
    slug: "github",
    integration_type: "github",
    integrationType: "old",
    credentialsType: "old",
    credentials_type: "oauth2",
    connection_owner: "user",
    ownership: "userland_user",
    created_at: TIME,
    updated_at: TIME,
    createdAt: "old",
    updatedAt: "old",
  };

  it("reads fields that the API sends in both spellings", async () => {
    const connected = { ...ACCOUNT, userlandUserId: "user_1", organizationId: "old", createdAt: "old" };
    const answer = { object: "list", data: [{ ...provider, connected_account: connected }] };
    const api = fakeApi(answer);

    const { data: [read] } = await api.workos.pipes.listUserDataProviders({ userId: "user_1" });

    assertEquals(read.integrationType, "github");
    assertEquals(read.credentialsType, "oauth2");
    assertEquals(read.createdAt, TIME);
    assertEquals(read.description, null);
    assertEquals(read.scopes, null);
    assertEquals<unknown>(read.connectedAccount, { ...READ_ACCOUNT, userlandUserId: "user_1" });
    assertEquals("connectedAccounts" in read, false);
  });

  it("reads what accounts leave out as null", async () => {
    const data = [{ ...provider, connected_accounts: [{ id: "a" }] }, { ...provider, connected_accounts: null }];
    const api = fakeApi({ data });

    const list = await api.workos.pipes.listOrganizationDataProviders({ organizationId: "org_1" });

    assertEquals(list.object, "list");
    assertEquals(list.data.map((it) => it.connectedAccount), [null, null]);
    assertEquals<unknown>(list.data[0].connectedAccounts, [{
      id: "a",
      accountIdentifier: null,
      accountDisplayName: null,
      userId: null,
      organizationId: null,
      apiKeyLast4: null,
      clientId: null,
      clientSecretLast4: null,
      userlandUserId: null,
    }]);
    assertEquals(list.data[1].connectedAccounts, undefined);
  });
});

describe("values of pipes", () => {
  it("has the constants of the Node SDK", () => {
    assertEquals(Object.keys(values).length, 35);
    assertEquals(values.ConnectedAccountAuthMethod.OAuth, "oauth");
    assertEquals(values.CreateConnectedAccountState.NeedsReauthorization, "needs_reauthorization");
    assertEquals(values.DataIntegrationsListResponseDataOwnership.UserlandUser, "userland_user");
    assertEquals(values.UpdateCustomProviderDefinitionAuthenticateVia.BasicAuthHeader, "basic_auth_header");
    assertStrictEquals(values.CreateDataIntegrationOwnership, values.PipesOwnership);
  });
});
