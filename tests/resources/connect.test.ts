import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { WorkOS } from "../../mod.ts";
import { fakeApi } from "../fake_api.ts";

const TIME = "2026-01-15T12:00:00.000Z";

const OAUTH = {
  object: "connect_application",
  id: "conn_app_1",
  client_id: "client_1",
  description: null,
  name: "App",
  scopes: ["openid"],
  application_type: "oauth",
  redirect_uris: [{ uri: "https://a/callback", default: true }],
  uses_pkce: true,
  is_first_party: false,
  was_dynamically_registered: false,
  organization_id: "org_1",
  created_at: TIME,
  updated_at: TIME,
  new_field: { inner_field: 1 },
};

const READ_OAUTH = {
  object: "connect_application",
  id: "conn_app_1",
  clientId: "client_1",
  description: null,
  name: "App",
  scopes: ["openid"],
  applicationType: "oauth",
  redirectUris: [{ uri: "https://a/callback", default: true }],
  usesPkce: true,
  isFirstParty: false,
  wasDynamicallyRegistered: false,
  organizationId: "org_1",
  createdAt: new Date(TIME),
  updatedAt: new Date(TIME),
  newField: { innerField: 1 },
};

const M2M = { id: "conn_app_2", application_type: "m2m", organization_id: "org_1", created_at: TIME, updated_at: TIME };
const READ_M2M = {
  id: "conn_app_2",
  applicationType: "m2m",
  organizationId: "org_1",
  createdAt: new Date(TIME),
  updatedAt: new Date(TIME),
};

const SECRET = {
  object: "connect_application_secret",
  id: "secret_1",
  secret_hint: "abc",
  last_used_at: TIME,
  created_at: TIME,
  updated_at: TIME,
  new_field: 1,
};
const READ_SECRET = {
  object: "connect_application_secret",
  id: "secret_1",
  secretHint: "abc",
  lastUsedAt: new Date(TIME),
  createdAt: new Date(TIME),
  updatedAt: new Date(TIME),
  newField: 1,
};

interface Row {
  name: string;
  call: (workos: WorkOS) => Promise<unknown>;
  method: string;
  path: string;
  body?: unknown;
  answer?: unknown;
  result?: unknown;
}

const oauth = { answer: OAUTH, result: READ_OAUTH };
const m2m = { answer: M2M, result: READ_M2M };
const noContent = new Response(null, { status: 204 });

const CALLS: Row[] = [
  {
    name: "createApplication",
    call: ({ connect }) =>
      connect.createApplication({
        name: "App",
        applicationType: "oauth",
        description: null,
        scopes: ["openid"],
        redirectUris: [{ uri: "https://a/callback", default: true }, { uri: "https://b/callback" }],
        usesPkce: true,
        isFirstParty: false,
        organizationId: "org_1",
      }),
    method: "POST",
    path: "/connect/applications",
    body: {
      name: "App",
      application_type: "oauth",
      description: null,
      scopes: ["openid"],
      redirect_uris: [{ uri: "https://a/callback", default: true }, { uri: "https://b/callback" }],
      uses_pkce: true,
      is_first_party: false,
      organization_id: "org_1",
    },
    ...oauth,
  },
  {
    name: "createApplication of an m2m application",
    call: ({ connect }) => connect.createApplication({ name: "Job", applicationType: "m2m", organizationId: "org_1" }),
    method: "POST",
    path: "/connect/applications",
    body: { name: "Job", application_type: "m2m", organization_id: "org_1" },
    ...m2m,
  },
  {
    name: "createOAuthApplication",
    call: ({ connect }) =>
      connect.createOAuthApplication("App", true, "d", ["openid"], [{ uri: "https://a" }], false, "org_1"),
    method: "POST",
    path: "/connect/applications",
    body: {
      application_type: "oauth",
      name: "App",
      is_first_party: true,
      description: "d",
      scopes: ["openid"],
      redirect_uris: [{ uri: "https://a" }],
      uses_pkce: false,
      organization_id: "org_1",
    },
    ...oauth,
  },
  {
    name: "createOAuthApplication with absent and null arguments",
    call: ({ connect }) => connect.createOAuthApplication("App", false, undefined, null),
    method: "POST",
    path: "/connect/applications",
    body: { application_type: "oauth", name: "App", is_first_party: false, scopes: null },
    ...oauth,
  },
  {
    name: "createM2MApplication",
    call: ({ connect }) => connect.createM2MApplication("Job", "org_1", "d", ["read"]),
    method: "POST",
    path: "/connect/applications",
    body: { application_type: "m2m", name: "Job", organization_id: "org_1", description: "d", scopes: ["read"] },
    ...m2m,
  },
  {
    name: "getApplication",
    call: ({ connect }) => connect.getApplication({ id: "conn_app_1" }),
    method: "GET",
    path: "/connect/applications/conn_app_1",
    ...oauth,
  },
  {
    name: "updateApplication of a name alone",
    call: ({ connect }) => connect.updateApplication({ id: "conn_app_1", name: "New" }),
    method: "PUT",
    path: "/connect/applications/conn_app_1",
    body: { name: "New" },
    ...oauth,
  },
  {
    name: "updateApplication of everything",
    call: ({ connect }) =>
      connect.updateApplication({
        id: "conn_app_1",
        name: "New",
        description: null,
        scopes: null,
        redirectUris: [{ uri: "https://a", default: null }],
      }),
    method: "PUT",
    path: "/connect/applications/conn_app_1",
    body: { name: "New", description: null, scopes: null, redirect_uris: [{ uri: "https://a", default: null }] },
    ...oauth,
  },
  {
    name: "deleteApplication",
    call: ({ connect }) => connect.deleteApplication({ id: "conn_app_1" }),
    method: "DELETE",
    path: "/connect/applications/conn_app_1",
    answer: noContent,
  },
  {
    name: "listApplicationClientSecrets",
    call: ({ connect }) => connect.listApplicationClientSecrets({ id: "conn_app_1" }),
    method: "GET",
    path: "/connect/applications/conn_app_1/client_secrets",
    answer: [SECRET, { ...SECRET, last_used_at: null }, { id: "secret_2", created_at: TIME, updated_at: TIME }],
    result: [
      READ_SECRET,
      { ...READ_SECRET, lastUsedAt: null },
      { id: "secret_2", createdAt: new Date(TIME), updatedAt: new Date(TIME), lastUsedAt: null },
    ],
  },
  {
    name: "createApplicationClientSecret",
    call: ({ connect }) => connect.createApplicationClientSecret({ id: "conn_app_1" }),
    method: "POST",
    path: "/connect/applications/conn_app_1/client_secrets",
    body: {},
    answer: { ...SECRET, secret: "s" },
    result: { ...READ_SECRET, secret: "s" },
  },
  {
    name: "deleteClientSecret",
    call: ({ connect }) => connect.deleteClientSecret({ id: "secret_1" }),
    method: "DELETE",
    path: "/connect/client_secrets/secret_1",
    answer: noContent,
  },
  {
    name: "completeOAuth2",
    call: ({ connect }) =>
      connect.completeOAuth2({
        externalAuthId: "ext_1",
        user: {
          id: "7",
          email: "a@example.com",
          firstName: "A",
          lastName: "B",
          name: "A B",
          metadata: { first_name: "a", lastName: "b" },
        },
        userConsentOptions: [{ claim: "c", type: "enum", label: "l", choices: [{ value: "v", label: "w" }] }],
      }),
    method: "POST",
    path: "/authkit/oauth2/complete",
    body: {
      external_auth_id: "ext_1",
      user: {
        id: "7",
        email: "a@example.com",
        first_name: "A",
        last_name: "B",
        name: "A B",
        metadata: { first_name: "a", lastName: "b" },
      },
      user_consent_options: [{ claim: "c", type: "enum", label: "l", choices: [{ value: "v", label: "w" }] }],
    },
    answer: { redirect_uri: "https://next", new_field: 1 },
    result: { redirectUri: "https://next", newField: 1 },
  },
];

describe("Connect", () => {
  for (const { name, call, method, path, body, answer, result } of CALLS) {
    it(`${name} sends and reads what it should`, async () => {
      const api = fakeApi(answer);

      const received = await call(api.workos);

      const [request] = api.requests;
      assertEquals(`${request.method} ${request.path}`, `${method} ${path}`);
      assertEquals(request.query, {});
      assertEquals(request.body, body);
      assertEquals(received, result);
    });
  }

  it("listApplications() joins registration types and keeps the caller's options", async () => {
    const api = fakeApi({ object: "list", data: [OAUTH, M2M], list_metadata: { before: null, after: null } });
    const options = { organizationId: "org_1", registrationTypes: ["dynamic", "authenticated"], limit: 2 };

    const page = await api.workos.connect.listApplications(options);

    assertEquals<unknown>(page.data, [READ_OAUTH, READ_M2M]);
    assertEquals<unknown>(page.options, options);
    assertEquals(api.requests[0].path, "/connect/applications");
    assertEquals(api.requests[0].query, {
      organization_id: "org_1",
      registration_types: "dynamic,authenticated",
      limit: "2",
      order: "desc",
    });
  });

  it("getApplication() keeps an application of a type it does not know", async () => {
    const api = fakeApi({ ...M2M, application_type: "spa", page_count: 1 });

    const application: unknown = await api.workos.connect.getApplication({ id: "conn_app_2" });

    assertEquals(application, { ...READ_M2M, applicationType: "spa", pageCount: 1 });
  });

  it("createM2MApplication() passes request options on", async () => {
    const api = fakeApi(M2M);

    await api.workos.connect.createM2MApplication("Job", "org_1", null, null, { idempotencyKey: "once" });

    assertEquals(api.requests[0].headers["idempotency-key"], "once");
  });

  it("createOAuthApplication() passes request options on", async () => {
    const api = fakeApi(OAUTH);
    const { connect } = api.workos;

    await connect.createOAuthApplication("App", true, null, null, null, null, null, { idempotencyKey: "once" });

    assertEquals(api.requests[0].headers["idempotency-key"], "once");
  });
});
