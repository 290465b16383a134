import { assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  ApiKeyRequiredException,
  AutoPaginatable,
  type List,
  type OrganizationMembership,
  serializeRevokeSessionOptions,
  type User,
} from "../../mod.ts";
import type { UserManagement } from "../../src/resources/user_management.ts";
import { fakeApi } from "../fake_api.ts";

const times = { created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-02T00:00:00Z" };
const readTimes = { createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-02T00:00:00Z" };
const free = { first_name: "x", lastName: "y" };

const user = { object: "user", id: "user_1", first_name: "Ada", external_id: "e1", metadata: free, new_field: 1 };
const readUser = {
  object: "user",
  id: "user_1",
  name: null,
  firstName: "Ada",
  externalId: "e1",
  metadata: free,
  newField: 1,
};
const membership = { object: "organization_membership", id: "om_1", user_id: "user_1", role: { slug: "member" } };
const readMembership = {
  object: "organization_membership",
  id: "om_1",
  userId: "user_1",
  role: { slug: "member" },
  directoryManaged: false,
  customAttributes: {},
};
const invitation = { object: "invitation", id: "inv_1", accept_invitation_url: "https://example.com", ...times };
const readInvitation = { object: "invitation", id: "inv_1", acceptInvitationUrl: "https://example.com", ...readTimes };
const entry = { object: "waitlist_entry", id: "we_1", approved_at: null, additional_fields: free, new_field: 1 };
const readEntry = {
  object: "waitlist_entry",
  id: "we_1",
  approvedAt: null,
  additionalFields: free,
  waitlistId: null,
  newField: 1,
};
const magicAuth = { object: "magic_auth", id: "ma_1", user_id: "user_1", code: "123456", expires_at: "2026-01-01" };
const readMagicAuth = { object: "magic_auth", id: "ma_1", userId: "user_1", code: "123456", expiresAt: "2026-01-01" };
const reset = { object: "password_reset", id: "pr_1", password_reset_token: "t", password_reset_url: "u" };
const readReset = { object: "password_reset", id: "pr_1", passwordResetToken: "t", passwordResetUrl: "u" };
const session = { object: "session_v2", id: "session_1", auth_method: "sso", organization_id: "org_1", ended_at: null };
const readSession = {
  object: "session",
  id: "session_1",
  authMethod: "sso",
  organizationId: "org_1",
  endedAt: null,
};
const apiKey = {
  object: "api_key",
  id: "key_1",
  owner: { type: "user", id: "user_1", organization_id: "org_1" },
  obfuscated_value: "sk_…1",
  expires_at: null,
};
const readApiKey = {
  object: "api_key",
  id: "key_1",
  owner: { type: "user", id: "user_1", organizationId: "org_1" },
  obfuscatedValue: "sk_…1",
  expiresAt: null,
};
const group = { object: "group", id: "group_1", organization_id: "org_1", name: "A", ...times };
const readGroup = {
  object: "group",
  id: "group_1",
  organizationId: "org_1",
  name: "A",
  description: null,
  createdAt: new Date("2026-01-01T00:00:00Z"),
  updatedAt: new Date("2026-01-02T00:00:00Z"),
};
const application = { object: "connect_application", id: "app_1", application_type: "m2m", ...times };
const authorized = { object: "authorized_connect_application", id: "aca_1", granted_scopes: ["openid"], application };
const redirect = { object: "redirect_uri", id: "ru_1", uri: "https://example.com", default: true, ...times };
const readRedirect = { object: "redirect_uri", id: "ru_1", uri: "https://example.com", default: true, ...readTimes };
const origin = { object: "cors_origin", id: "co_1", origin: "https://example.com", ...times };
const readOrigin = { object: "cors_origin", id: "co_1", origin: "https://example.com", ...readTimes };
const template = { object: "jwt_template", content: "{}", ...times };
const readTemplate = { object: "jwt_template", content: "{}", ...readTimes };

interface Row {
  method: string;
  args: unknown[];
  verb: string;
  /** Under `/user_management`. */
  path: string;
  body?: unknown;
  /** The answer, or one item of it for lists. */
  answer?: unknown;
  result?: unknown;
  /** For lists: the whole query. */
  query?: Record<string, string>;
}

const id = "a/b?c"; // ids are encoded
const encoded = "a%2Fb%3Fc";
const om = "/organization_memberships";

const rows: Row[] = [
  { method: "getUser", args: [id], verb: "GET", path: `/users/${encoded}`, answer: user, result: readUser },
  {
    method: "getUserByExternalId",
    args: [id],
    verb: "GET",
    path: `/users/external_id/${encoded}`,
    answer: user,
    result: readUser,
  },
  {
    method: "createUser",
    args: [{
      email: "ada@example.com",
      passwordHash: "$2b$",
      passwordHashType: "bcrypt",
      passwordSaltPosition: "prefix",
      name: "Ada",
      firstName: "Ada",
      lastName: null,
      emailVerified: true,
      externalId: "e1",
      metadata: free,
      ipAddress: "203.0.113.1",
      userAgent: "UA",
      signalsId: "s1",
    }],
    verb: "POST",
    path: "/users",
    body: {
      email: "ada@example.com",
      password_hash: "$2b$",
      password_hash_type: "bcrypt",
      password_salt_position: "prefix",
      name: "Ada",
      first_name: "Ada",
      last_name: null,
      email_verified: true,
      external_id: "e1",
      metadata: free,
      ip_address: "203.0.113.1",
      user_agent: "UA",
      signals_id: "s1",
    },
    answer: { ...user, radar_auth_attempt_id: "ra_1" },
    result: { ...readUser, radarAuthAttemptId: "ra_1" },
  },
  {
    method: "updateUser",
    args: [{ userId: id, firstName: "Ada", locale: null, externalId: null, metadata: { first_name: null, aB: "c" } }],
    verb: "PUT",
    path: `/users/${encoded}`,
    body: { first_name: "Ada", locale: null, external_id: null, metadata: { first_name: null, aB: "c" } },
    answer: user,
    result: readUser,
  },
  { method: "deleteUser", args: [id], verb: "DELETE", path: `/users/${encoded}` },
  {
    method: "getUserIdentities",
    args: [id],
    verb: "GET",
    path: `/users/${encoded}/identities`,
    answer: [{ idp_id: "1", type: "OAuth", provider: "GithubOAuth" }, { idp_id: "2", provider: "GoogleOAuth", a_b: 1 }],
    result: [{ idpId: "1", type: "OAuth", provider: "GitHubOAuth" }, { idpId: "2", provider: "GoogleOAuth", aB: 1 }],
  },
  {
    method: "sendEmailChange",
    args: [{ userId: id, newEmail: "new@example.com" }],
    verb: "POST",
    path: `/users/${encoded}/email_change/send`,
    body: { new_email: "new@example.com" },
    answer: { object: "email_change", user, new_email: "new@example.com", expires_at: "2026-01-01T00:00:00Z" },
    result: {
      object: "email_change",
      user: readUser,
      newEmail: "new@example.com",
      expiresAt: "2026-01-01T00:00:00Z",
    },
  },
  {
    method: "confirmEmailChange",
    args: [{ userId: id, code: "123456" }],
    verb: "POST",
    path: `/users/${encoded}/email_change/confirm`,
    body: { code: "123456" },
    answer: { object: "email_change_confirmation", user },
    result: { object: "email_change_confirmation", user: readUser },
  },
  {
    method: "deleteUserAuthorizedApplication",
    args: [{ userId: id, applicationId: "app 1" }],
    verb: "DELETE",
    path: `/users/${encoded}/authorized_applications/app%201`,
  },
  {
    method: "sendRadarSmsChallenge",
    args: [{
      userId: "user_1",
      pendingAuthenticationToken: "pat",
      phoneNumber: "+1",
      ipAddress: "203.0.113.1",
      userAgent: "UA",
    }],
    verb: "POST",
    path: "/radar_challenges",
    body: {
      user_id: "user_1",
      pending_authentication_token: "pat",
      phone_number: "+1",
      ip_address: "203.0.113.1",
      user_agent: "UA",
    },
    answer: { verification_id: "v_1", phone_number: "+1" },
    result: { verificationId: "v_1", phoneNumber: "+1" },
  },
  {
    method: "getRadarChallenge",
    args: [id],
    verb: "GET",
    path: `/radar_challenges/${encoded}`,
    answer: { object: "radar_challenge", id: "rc_1", type: "email", user_id: "user_1", code: "123456", ...times },
    result: { object: "radar_challenge", id: "rc_1", type: "email", userId: "user_1", code: "123456", ...readTimes },
  },
  {
    method: "getEmailVerification",
    args: [id],
    verb: "GET",
    path: `/email_verification/${encoded}`,
    answer: { object: "email_verification", id: "ev_1", user_id: "user_1", code: "123456", ...times },
    result: { object: "email_verification", id: "ev_1", userId: "user_1", code: "123456", ...readTimes },
  },
  {
    method: "sendVerificationEmail",
    args: [{ userId: id }],
    verb: "POST",
    path: `/users/${encoded}/email_verification/send`,
    body: {},
    answer: { user },
    result: { user: readUser },
  },
  {
    method: "verifyEmail",
    args: [{ userId: id, code: "123456" }],
    verb: "POST",
    path: `/users/${encoded}/email_verification/confirm`,
    body: { code: "123456" },
    answer: { user },
    result: { user: readUser },
  },
  {
    method: "getMagicAuth",
    args: [id],
    verb: "GET",
    path: `/magic_auth/${encoded}`,
    answer: magicAuth,
    result: readMagicAuth,
  },
  {
    method: "createMagicAuth",
    args: [{
      email: "ada@example.com",
      invitationToken: "i",
      ipAddress: "203.0.113.1",
      userAgent: "UA",
      radarAuthAttemptId: "ra_0",
      signalsId: "s1",
    }],
    verb: "POST",
    path: "/magic_auth",
    body: {
      email: "ada@example.com",
      invitation_token: "i",
      ip_address: "203.0.113.1",
      user_agent: "UA",
      radar_auth_attempt_id: "ra_0",
      signals_id: "s1",
    },
    answer: { ...magicAuth, radar_auth_attempt_id: "ra_1" },
    result: { ...readMagicAuth, radarAuthAttemptId: "ra_1" },
  },
  {
    method: "getPasswordReset",
    args: [id],
    verb: "GET",
    path: `/password_reset/${encoded}`,
    answer: reset,
    result: readReset,
  },
  {
    method: "createPasswordReset",
    args: [{ email: "ada@example.com" }],
    verb: "POST",
    path: "/password_reset",
    body: { email: "ada@example.com" },
    answer: reset,
    result: readReset,
  },
  {
    method: "resetPassword",
    args: [{ token: "t", newPassword: "p" }],
    verb: "POST",
    path: "/password_reset/confirm",
    body: { token: "t", new_password: "p" },
    answer: { user },
    result: { user: readUser },
  },
  {
    method: "revokeSession",
    args: [{ sessionId: "session_1" }],
    verb: "POST",
    path: "/sessions/revoke",
    body: { session_id: "session_1" },
  },
  {
    method: "createUserApiKey",
    args: [id, {
      name: "CI",
      organizationId: "org_1",
      permissions: ["posts:read"],
      expiresAt: new Date("2030-01-01T00:00:00Z"),
    }],
    verb: "POST",
    path: `/users/${encoded}/api_keys`,
    body: {
      name: "CI",
      organization_id: "org_1",
      permissions: ["posts:read"],
      expires_at: "2030-01-01T00:00:00.000Z",
    },
    answer: { ...apiKey, value: "sk_1" },
    result: { ...readApiKey, value: "sk_1" },
  },
  {
    method: "getOrganizationMembership",
    args: [id],
    verb: "GET",
    path: `${om}/${encoded}`,
    answer: membership,
    result: readMembership,
  },
  {
    method: "createOrganizationMembership",
    args: [{ organizationId: "org_1", userId: "user_1", roleSlug: "admin" }],
    verb: "POST",
    path: om,
    body: { organization_id: "org_1", user_id: "user_1", role_slug: "admin" },
    answer: membership,
    result: readMembership,
  },
  {
    method: "updateOrganizationMembership",
    args: [id, { roleSlugs: ["admin", "member"] }],
    verb: "PUT",
    path: `${om}/${encoded}`,
    body: { role_slugs: ["admin", "member"] },
    answer: membership,
    result: readMembership,
  },
  { method: "deleteOrganizationMembership", args: [id], verb: "DELETE", path: `${om}/${encoded}` },
  {
    method: "deactivateOrganizationMembership",
    args: [id],
    verb: "PUT",
    path: `${om}/${encoded}/deactivate`,
    body: {},
    answer: membership,
    result: readMembership,
  },
  {
    method: "reactivateOrganizationMembership",
    args: [id],
    verb: "PUT",
    path: `${om}/${encoded}/reactivate`,
    body: {},
    answer: membership,
    result: readMembership,
  },
  {
    method: "getInvitation",
    args: [id],
    verb: "GET",
    path: `/invitations/${encoded}`,
    answer: invitation,
    result: readInvitation,
  },
  {
    method: "findInvitationByToken",
    args: [id],
    verb: "GET",
    path: `/invitations/by_token/${encoded}`,
    answer: invitation,
    result: readInvitation,
  },
  {
    method: "sendInvitation",
    args: [{
      email: "ada@example.com",
      organizationId: "org_1",
      expiresInDays: 3,
      inviterUserId: "user_1",
      roleSlug: "admin",
      locale: "de",
    }],
    verb: "POST",
    path: "/invitations",
    body: {
      email: "ada@example.com",
      organization_id: "org_1",
      expires_in_days: 3,
      inviter_user_id: "user_1",
      role_slug: "admin",
      locale: "de",
    },
    answer: invitation,
    result: readInvitation,
  },
  {
    method: "acceptInvitation",
    args: [id],
    verb: "POST",
    path: `/invitations/${encoded}/accept`,
    body: "",
    answer: invitation,
    result: readInvitation,
  },
  {
    method: "revokeInvitation",
    args: [id],
    verb: "POST",
    path: `/invitations/${encoded}/revoke`,
    body: "",
    answer: invitation,
    result: readInvitation,
  },
  {
    method: "resendInvitation",
    args: [id, { locale: "fr" }],
    verb: "POST",
    path: `/invitations/${encoded}/resend`,
    body: { locale: "fr" },
    answer: invitation,
    result: readInvitation,
  },
  {
    method: "listWaitlists",
    args: [],
    verb: "GET",
    path: "/waitlists",
    answer: { object: "list", data: [{ object: "waitlist", id: "w_1", ...times }], list_metadata: { after: "w_1" } },
    result: {
      object: "list",
      data: [{ object: "waitlist", id: "w_1", ...readTimes }],
      listMetadata: { after: "w_1" },
    },
  },
  {
    method: "getWaitlist",
    args: [id],
    verb: "GET",
    path: `/waitlists/${encoded}`,
    answer: { object: "waitlist", id: "w_1", ...times },
    result: { object: "waitlist", id: "w_1", ...readTimes },
  },
  {
    method: "createWaitlistEntry",
    args: [id, { email: "ada@example.com", additionalFields: free, sendConfirmationEmail: false }],
    verb: "POST",
    path: `/waitlists/${encoded}/entries`,
    body: { email: "ada@example.com", additional_fields: free, send_confirmation_email: false },
    answer: entry,
    result: readEntry,
  },
  {
    method: "approveWaitlistEntry",
    args: [id],
    verb: "POST",
    path: `/waitlist_entries/${encoded}/approve`,
    body: "",
    answer: entry,
    result: readEntry,
  },
  {
    method: "denyWaitlistEntry",
    args: [id],
    verb: "POST",
    path: `/waitlist_entries/${encoded}/deny`,
    body: "",
    answer: entry,
    result: readEntry,
  },
  { method: "deleteWaitlistEntry", args: [id], verb: "DELETE", path: `/waitlist_entries/${encoded}` },
  {
    method: "createCorsOrigin",
    args: [{ origin: "https://example.com" }],
    verb: "POST",
    path: "/cors_origins",
    body: { origin: "https://example.com" },
    answer: origin,
    result: readOrigin,
  },
  {
    method: "createRedirectUri",
    args: [{ uri: "https://example.com" }],
    verb: "POST",
    path: "/redirect_uris",
    body: { uri: "https://example.com" },
    answer: redirect,
    result: readRedirect,
  },
  { method: "deleteRedirectUri", args: [id], verb: "DELETE", path: `/redirect_uris/${encoded}` },
  {
    method: "getJwtTemplate",
    args: [],
    verb: "GET",
    path: "/jwt_template",
    answer: template,
    result: readTemplate,
  },
  {
    method: "updateJwtTemplate",
    args: [{ content: "{}" }],
    verb: "PUT",
    path: "/jwt_template",
    body: { content: "{}" },
    answer: template,
    result: readTemplate,
  },
];

const page = { limit: 5, before: "b_1", after: "a_1", order: "asc" };
const readPage = { limit: "5", before: "b_1", after: "a_1", order: "asc" };

const lists: Row[] = [
  {
    method: "listUsers",
    args: [{ email: "ada@example.com", organizationId: "org_1", organization: "org_0", ...page }],
    verb: "GET",
    path: "/users",
    query: { email: "ada@example.com", organization_id: "org_1", organization: "org_0", ...readPage },
    answer: user,
    result: readUser,
  },
  {
    method: "listUserAuthorizedApplications",
    args: [{ userId: id, ...page }],
    verb: "GET",
    path: `/users/${encoded}/authorized_applications`,
    query: readPage,
    answer: authorized,
    result: {
      object: "authorized_connect_application",
      id: "aca_1",
      grantedScopes: ["openid"],
      application: {
        object: "connect_application",
        id: "app_1",
        applicationType: "m2m",
        createdAt: new Date("2026-01-01T00:00:00Z"),
        updatedAt: new Date("2026-01-02T00:00:00Z"),
      },
    },
  },
  {
    method: "listSessions",
    args: [id, page],
    verb: "GET",
    path: `/users/${encoded}/sessions`,
    query: readPage,
    answer: session,
    result: readSession,
  },
  {
    method: "listUserApiKeys",
    args: [id, { organizationId: "org_1", ...page }],
    verb: "GET",
    path: `/users/${encoded}/api_keys`,
    query: { organization_id: "org_1", ...readPage },
    answer: apiKey,
    result: readApiKey,
  },
  {
    method: "listOrganizationMemberships",
    args: [{ organizationId: "org_1", userId: "user_1", statuses: ["active", "pending"], ...page }],
    verb: "GET",
    path: om,
    query: { organization_id: "org_1", user_id: "user_1", statuses: "active,pending", ...readPage },
    answer: membership,
    result: readMembership,
  },
  {
    method: "listGroupsForOrganizationMembership",
    args: [{ organizationMembershipId: id, ...page }],
    verb: "GET",
    path: `${om}/${encoded}/groups`,
    query: readPage,
    answer: group,
    result: readGroup,
  },
  {
    method: "listInvitations",
    args: [{ organizationId: "org_1", email: "ada@example.com", ...page }],
    verb: "GET",
    path: "/invitations",
    query: { organization_id: "org_1", email: "ada@example.com", ...readPage },
    answer: invitation,
    result: readInvitation,
  },
  {
    method: "listWaitlistEntries",
    args: [id, { state: "pending", email: "ada@example.com", ...page }],
    verb: "GET",
    path: `/waitlists/${encoded}/entries`,
    query: { state: "pending", email: "ada@example.com", ...readPage },
    answer: entry,
    result: readEntry,
  },
  {
    method: "listCorsOrigins",
    args: [page],
    verb: "GET",
    path: "/cors_origins",
    query: readPage,
    answer: origin,
    result: readOrigin,
  },
  {
    method: "listRedirectUris",
    args: [page],
    verb: "GET",
    path: "/redirect_uris",
    query: readPage,
    answer: redirect,
    result: readRedirect,
  },
];

type Method = (...args: unknown[]) => Promise<unknown>;

function method(area: UserManagement, name: string): Method {
  return (area as unknown as Record<string, Method>)[name].bind(area);
}

/** The arguments of a row, frozen as no method may change them, and `request` after them. */
function argsWith({ args }: Row, request: object): unknown[] {
  return [...args.map((it) => Object.freeze(it)), request];
}

describe("UserManagement", () => {
  for (const row of rows) {
    it(`${row.method}() calls ${row.verb} ${row.path}`, async () => {
      const ignored = new Response("{", { headers: { "Content-Type": "application/json" } });
      const api = fakeApi(row.answer ?? ignored);

      const result = await method(api.workos.userManagement, row.method)(...argsWith(row, { headers: { "X-T": "1" } }));

      const [request] = api.requests;
      assertEquals(request.method, row.verb);
      assertEquals(request.path, `/user_management${row.path}`);
      assertEquals(request.query, {});
      assertEquals(request.body, row.body);
      assertEquals(request.headers["x-t"], "1");
      assertEquals(result, row.result);
    });
  }

  for (const row of lists) {
    it(`${row.method}() lists ${row.path}`, async () => {
      const api = fakeApi({ object: "list", data: [row.answer], list_metadata: { before: null, after: "next" } });

      const call = method(api.workos.userManagement, row.method)(...argsWith(row, { headers: { "X-T": "1" } }));
      const { object, data, listMetadata } = await call as Awaited<ReturnType<UserManagement["listUsers"]>>;

      const [request] = api.requests;
      assertEquals(request.method, "GET");
      assertEquals(request.path, `/user_management${row.path}`);
      assertEquals(request.query, row.query);
      assertEquals(request.body, undefined);
      assertEquals(request.headers["x-t"], "1");
      assertEquals({ object, data, listMetadata } as unknown, {
        object: "list",
        data: [row.result],
        listMetadata: { before: null, after: "next" },
      });
    });
  }

  for (const row of [...rows, ...lists]) {
    it(`${row.method}() needs an API key`, async () => {
      const api = fakeApi.with({ apiKey: undefined }, row.answer ?? {});

      const call = () => method(api.workos.userManagement, row.method)(...row.args);

      await assertRejects(call, ApiKeyRequiredException);
      assertEquals(api.requests.length, 0);
    });
  }

  for (const row of [...rows, ...lists].filter(({ path }) => path.includes(encoded))) {
    it(`${row.method}() refuses an empty id`, async () => {
      const api = fakeApi(row.answer ?? {});
      const empty = (arg: unknown) =>
        arg === id
          ? ""
          : Object.fromEntries(Object.entries(arg as object).map(([key, it]) => [key, it === id ? "" : it]));

      const call = () => method(api.workos.userManagement, row.method)(...row.args.map(empty));

      await assertRejects(call, TypeError);
      assertEquals(api.requests.length, 0);
    });
  }
});

describe("lists without options", () => {
  for (const name of ["listUsers", "listInvitations", "listCorsOrigins", "listRedirectUris"]) {
    it(`${name}() asks for the newest first`, async () => {
      const api = fakeApi({ object: "list", data: [], list_metadata: {} });

      await method(api.workos.userManagement, name)();

      assertEquals(api.requests[0].query, { order: "desc" });
    });
  }
});

describe("getUser()", () => {
  it("fills in what was never set", async () => {
    const api = fakeApi({ object: "user", id: "user_1" });

    const user = await api.workos.userManagement.getUser("user_1");

    assertEquals([user.name, user.externalId, user.metadata], [null, null, {}]);
  });

  it("takes the shape of the metadata", async () => {
    const api = fakeApi({ object: "user", id: "user_1", metadata: { plan: "pro" } });

    const user = await api.workos.userManagement.getUser<{ plan: string }>("user_1");

    const plan: string = user.metadata.plan;
    assertEquals(plan, "pro");
  });
});

describe("createUser()", () => {
  it("takes no shape from the metadata that is given: there may be more", async () => {
    const api = fakeApi({ ...user, metadata: { plan: "pro", region: "eu" } });

    const created = await api.workos.userManagement.createUser({ email: "a@example.com", metadata: { plan: "pro" } });

    const region: string = created.metadata.region;
    assertEquals(region, "eu");
  });

  it("has no Radar attempt when Radar is off", async () => {
    const api = fakeApi({ ...user, radar_auth_attempt_id: null });

    const created = await api.workos.userManagement.createUser({ email: "ada@example.com" });

    assertEquals("radarAuthAttemptId" in created, false);
    assertEquals(api.requests[0].body, { email: "ada@example.com" });
  });
});

describe("createMagicAuth()", () => {
  it("has no Radar attempt when Radar is off", async () => {
    const api = fakeApi({ ...magicAuth, radar_auth_attempt_id: null });

    const created = await api.workos.userManagement.createMagicAuth({ email: "ada@example.com" });

    assertEquals(created as unknown, readMagicAuth);
  });
});

describe("getOrganizationMembership()", () => {
  it("keeps the attributes of the directory and reads the user", async () => {
    const api = fakeApi({
      ...membership,
      organization_name: "Acme",
      directory_managed: true,
      custom_attributes: free,
      roles: [{ slug: "member" }],
      user: { object: "user", id: "user_1", metadata: free },
    });

    const read = await api.workos.userManagement.getOrganizationMembership<typeof free>("om_1");

    assertEquals(read.organizationName, "Acme");
    assertEquals(read.directoryManaged, true);
    assertEquals(read.customAttributes, free);
    assertEquals(read.roles, [{ slug: "member" }]);
    assertEquals(read.user as unknown, {
      object: "user",
      id: "user_1",
      name: null,
      externalId: null,
      metadata: free,
    });
  });

  it("has no roles when they are null", async () => {
    const api = fakeApi({ ...membership, roles: null });

    const read = await api.workos.userManagement.getOrganizationMembership("om_1");

    assertEquals("roles" in read, false);
  });
});

describe("listSessions()", () => {
  it("keeps who acts as the user, and leaves out what is absent", async () => {
    const impersonator = { email: "admin@example.com", reason: "Support" };
    const data = [{ id: "session_1", impersonator }, { id: "session_2" }];
    const api = fakeApi({ object: "list", data, list_metadata: {} });

    const sessions = await api.workos.userManagement.listSessions("user_1");

    assertEquals(sessions.data as unknown, [
      { object: "session", id: "session_1", impersonator },
      { object: "session", id: "session_2" },
    ]);
  });
});

describe("listOrganizationMemberships()", () => {
  it("keeps the caller's options for the pages that follow", async () => {
    const first = { object: "list", data: [membership], list_metadata: { after: "om_1" } };
    const last = { object: "list", data: [membership], list_metadata: { after: null } };
    const api = fakeApi(first, last);
    const options = { userId: "user_1", statuses: ["active", "inactive"] };

    const page = await api.workos.userManagement.listOrganizationMemberships(options);
    const all = await page.autoPagination();

    assertEquals(page.options, options);
    assertEquals(all.length, 2);
    assertEquals(api.requests[1].query, {
      user_id: "user_1",
      statuses: "active,inactive",
      order: "desc",
      limit: "100",
      after: "om_1",
    });
  });

  it("can be replaced by a function whose list has no options", async () => {
    const { userManagement } = fakeApi().workos;
    const none: List<OrganizationMembership> = { object: "list", data: [], listMetadata: {} };
    const list = new AutoPaginatable<OrganizationMembership>(none, () => Promise.resolve(none));

    userManagement.listOrganizationMemberships = () => Promise.resolve(list);

    assertEquals((await userManagement.listOrganizationMemberships({ userId: "user_1" })).data, []);
  });
});

describe("listOrganizationMemberships() without statuses, or with an empty list of them", () => {
  it("leaves them to the API, as the Node SDK does", async () => {
    const api = fakeApi({ object: "list", data: [], list_metadata: {} });

    for (const statuses of [undefined, []]) {
      await api.workos.userManagement.listOrganizationMemberships({ userId: "user_1", statuses });
    }

    for (const { query } of api.requests) assertEquals(query, { user_id: "user_1", order: "desc" });
  });
});

describe("getUserIdentities()", () => {
  it("says in the Node SDK's words that the id is missing", async () => {
    const { userManagement } = fakeApi([]).workos;

    await assertRejects(() => userManagement.getUserIdentities(""), TypeError, "Need to specify 'userId'.");
  });
});

describe("serializeRevokeSessionOptions()", () => {
  it("gives the names of the wire", () => {
    assertEquals(serializeRevokeSessionOptions({ sessionId: "session_1" }), { session_id: "session_1" });
  });
});

describe("createUserApiKey()", () => {
  it("sends the caller's idempotency key", async () => {
    const api = fakeApi(apiKey);
    const options = { name: "CI", organizationId: "org_1", expiresAt: "2030-01-01T00:00:00Z" };

    await api.workos.userManagement.createUserApiKey("user_1", options, { idempotencyKey: "mine" });

    assertEquals(api.requests[0].headers["idempotency-key"], "mine");
    assertEquals(api.requests[0].body.expires_at, "2030-01-01T00:00:00Z");
  });

  it("refuses an invalid date: the key would never expire", async () => {
    const api = fakeApi(apiKey);
    const options = { name: "CI", organizationId: "org_1", expiresAt: new Date(NaN) };

    await assertRejects(() => api.workos.userManagement.createUserApiKey("user_1", options), RangeError);

    assertEquals(api.requests.length, 0);
  });
});

describe("resendInvitation()", () => {
  it("sends an empty object without options", async () => {
    const api = fakeApi(invitation);

    await api.workos.userManagement.resendInvitation("inv_1");

    assertEquals(api.requests[0].body, {});
  });
});

describe("methods whose data has a shape of the caller's", () => {
  interface Plan {
    plan: "free" | "pro";
  }

  it("have one type that can be inferred from them, stubbed and implemented", async () => {
    type Fetched = Awaited<ReturnType<UserManagement["getUser"]>>;
    type Options = Parameters<UserManagement["createUser"]>[0];
    const planOf = ({ metadata }: Options): string | undefined => metadata?.plan;
    const ada = (await fakeApi(user).workos.userManagement.getUser("user_1")) satisfies Fetched as User;
    const stub: Pick<UserManagement, "getUser"> = { getUser: () => Promise.resolve(ada) };
    class Stub implements Pick<UserManagement, "getUser"> {
      getUser(_userId: string) {
        return Promise.resolve(ada);
      }
    }

    const users: Fetched[] = [await stub.getUser("user_1"), await new Stub().getUser("user_1")];

    assertEquals(users.map((it) => it.metadata.lastName), ["y", "y"]);
    assertEquals(planOf({ email: "ada@acme.example", metadata: { plan: "pro" } }), "pro");
  });

  it("take that shape", async () => {
    const { userManagement } = fakeApi({ ...user, metadata: { plan: "pro" } }).workos;

    const { metadata } = await userManagement.getUser<Plan>("user_1");
    const created = await userManagement.createUser({ email: "ada@acme.example", metadata: { plan: "pro" } });

    assertEquals(metadata.plan satisfies "free" | "pro", "pro");
    assertEquals(created.metadata.other satisfies string, undefined as unknown as string);
    // @ts-expect-error: not in the shape
    assertEquals(metadata.other, undefined);
  });
});
