import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { type Driver, ORIGIN, read, refusal, SEED, start } from "./drive.ts";

const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CONNECTIONS = [
  { id: "conn_1", connection_type: "OktaSAML", organization_id: "org_1" },
  { id: "conn_2", connection_type: "GenericSAML", organization_id: "org_2", state: "inactive" as const },
];

describe("authorization", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: { ...SEED, connections: CONNECTIONS } });
  });

  const visit = async (path: string, query: Record<string, string>) => {
    const usual = { client_id: api.emulator.clientId, redirect_uri: "https://app.example.com/cb?a=1" };
    const all = new URLSearchParams({ ...usual, response_type: "code", state: "s 1", ...query });
    const response = await api.emulator.fetch(`${ORIGIN}${path}?${all}`, { redirect: "manual" });
    const location = response.headers.get("Location");
    const { body } = await read(response);
    return { status: response.status, body, ...Object.fromEntries(new URL(location ?? "x:y").searchParams) } as {
      status: number;
      body: Record<string, unknown> | null;
    } & Record<string, string>;
  };

  describe("GET /user_management/authorize", () => {
    const path = "/user_management/authorize";
    const exchange = (code: string, more: object = {}) =>
      api.authenticate({ grant_type: "authorization_code", code, ...more });

    it("sends the browser back with a code and the state", async () => {
      const back = await visit(path, { provider: "authkit", login_hint: "cid@example.com" });

      const { body } = await exchange(back.code);

      assertEquals([back.status, back.state, back.a], [302, "s 1", "1"]);
      assertEquals([body.user.id, body.authentication_method], ["user_cid", "Password"]);
    });

    it("signs the default user in when nobody is named", async () => {
      const nobody = await visit(path, { provider: "authkit" });
      api.emulator.signInAs("cid@example.com");
      const back = await visit(path, { provider: "GoogleOAuth" });
      const { body } = await exchange(back.code);

      assertEquals([nobody.error, nobody.code, nobody.state], ["access_denied", undefined, "s 1"]);
      assertEquals([body.user.id, body.authentication_method], ["user_cid", "GoogleOAuth"]);
      const identities = (await api.get("/user_management/users/user_cid/identities")).body;
      assertEquals([identities.length, identities[0].provider], [1, "GoogleOAuth"]);
    });

    it("spells a provider in identities as the API does", async () => {
      await visit(path, { provider: "GitHubOAuth", login_hint: "cid@example.com" });
      const [{ provider }] = (await api.get("/user_management/users/user_cid/identities")).body;

      assertEquals(provider, "GithubOAuth");
    });

    it("signs the default user in to the organization that AuthKit would ask for", async () => {
      api.emulator.signInAs("user_ada", "org_2");
      const organizationOf = async (query: Record<string, string>) => {
        const { body } = await exchange((await visit(path, query)).code);
        return body.organization_id ?? body.code;
      };

      assertEquals(await organizationOf({ provider: "authkit" }), "org_2");
      assertEquals(await organizationOf({ provider: "authkit", organization_id: "org_1" }), "org_1");
      assertEquals(await organizationOf({ provider: "GoogleOAuth" }), "organization_selection_required");
      assertEquals(await organizationOf({ provider: "authkit", login_hint: "cid@example.com" }), undefined);
      assertThrows(() => api.emulator.signInAs("user_eve", "org_1"), TypeError, "user");
      assertEquals(await organizationOf({ provider: "authkit" }), "org_2"); // as before
      api.emulator.signInAs("user_ada");
      assertEquals(await organizationOf({ provider: "authkit" }), "organization_selection_required");
      assertThrows(() => api.emulator.signInAs("user_ada", "org_9"), TypeError, "organization");
    });

    it("leaves nothing to prove that AuthKit asks for itself", async () => {
      api.emulator.setPolicies({ requireMfa: true, radarChallenge: "email" });
      const { body } = await exchange((await visit(path, { provider: "authkit", login_hint: "bob@example.com" })).code);

      assertEquals([body.user.id, body.user.email_verified, body.organization_id], ["user_bob", true, "org_1"]);
    });

    it("brings the provider's tokens along when scopes are asked for", async () => {
      const query = { provider: "GoogleOAuth", login_hint: "cid@example.com", provider_scopes: "openid,email" };
      const back = await visit(path, query);
      const { body } = await exchange(back.code);
      const { refresh_token } = body;
      const refreshed = await api.authenticate({ grant_type: "refresh_token", refresh_token });

      const { provider, scopes, expires_at } = body.oauth_tokens;
      assertEquals([provider, scopes, expires_at], ["GoogleOAuth", ["openid", "email"], 1767229200]);
      assertEquals("oauth_tokens" in refreshed.body, false);
    });

    it("takes an invitation along, whose address signs in where nobody is named", async () => {
      api.emulator.setPolicies({ signUp: false });
      const invite = { email: "eve@example.com", organization_id: "org_2", role_slug: "admin" };
      const { id, token } = (await api.post("/user_management/invitations", invite)).body;
      const other = await visit(path, { provider: "authkit", invitation_token: token, login_hint: "cid@example.com" });
      const back = await visit(path, { provider: "authkit", invitation_token: token });
      const { body } = await exchange(back.code);
      const again = await visit(path, { provider: "authkit", invitation_token: token });

      assertEquals(other.error, "invitation_cannot_be_used_for_email");
      assertEquals([body.user.email, body.organization_id], ["eve@example.com", "org_2"]);
      assertEquals((await api.get(`/user_management/invitations/${id}`)).body.state, "accepted");
      assertEquals(again.error, "invitation_invalid");
    });

    it("refuses a screen hint that is none", async () => {
      const back = await visit(path, { provider: "authkit", login_hint: "cid@example.com", screen_hint: "login" });

      assertEquals([back.error, back.code], ["invalid_request", undefined]);
    });

    it("signs somebody new up, unless that is not allowed", async () => {
      const back = await visit(path, { provider: "authkit", login_hint: "eve@example.com" });
      const { body } = await exchange(back.code);
      api.emulator.setPolicies({ signUp: false });
      const refused = await visit(path, { provider: "authkit", login_hint: "fay@example.com" });

      assertEquals([body.user.email, body.user.email_verified], ["eve@example.com", true]);
      assertEquals(refused.error, "sign_up_not_allowed");
    });

    it("lets nobody back into an organization through its connection who was deactivated", async () => {
      await api.put("/user_management/organization_memberships/om_1/deactivate");
      const back = await visit(path, { connection_id: "conn_1", login_hint: "ada@example.com" });
      const { status, body } = await exchange(back.code);
      const membership = await api.get("/user_management/organization_memberships/om_1");

      assertEquals([status, body.error], [400, "organization_membership_not_found"]);
      assertEquals(membership.body.status, "inactive");
    });

    it("goes through a connection, which makes the user a member of its organization", async () => {
      const back = await visit(path, { connection_id: "conn_1", login_hint: "cid@example.com" });
      const { body } = await exchange(back.code);

      assertEquals([body.authentication_method, body.organization_id], ["SSO", "org_1"]);
      assertEquals(api.emulator.events.find(({ event }) => event === "authentication.sso_succeeded")?.data.sso, {
        organization_id: "org_1",
        connection_id: "conn_1",
        session_id: null,
      });
    });

    it("finds the connection of an organization, and does without where there is none", async () => {
      const through = await visit(path, { organization_id: "org_1", login_hint: "ada@example.com" });
      const without = await visit(path, { organization_id: "org_2", login_hint: "ada@example.com" });

      assertEquals((await exchange(through.code)).body.authentication_method, "SSO");
      const { body } = await exchange(without.code);
      assertEquals([body.authentication_method, body.organization_id], ["Password", "org_2"]);
    });

    it("goes through the connection of the organization that AuthKit would sign in to, where it must", async () => {
      api.emulator.setPolicies({ requireSso: ["org_1", "org_2"] });
      const signIn = async (organizationId: string, provider: string) => {
        api.emulator.signInAs("user_ada", organizationId);
        const { body } = await exchange((await visit(path, { provider })).code);
        return [body.authentication_method ?? body.error ?? body.code, body.organization_id];
      };

      assertEquals(await signIn("org_1", "authkit"), ["SSO", "org_1"]);
      assertEquals(await signIn("org_2", "authkit"), ["sso_required", undefined]); // it has no active connection
      assertEquals(await signIn("org_1", "GoogleOAuth"), ["organization_selection_required", undefined]);
    });

    it("keeps the challenge for the exchange", async () => {
      const query = { provider: "authkit", login_hint: "cid@example.com", code_challenge: CHALLENGE };
      const back = await visit(path, { ...query, code_challenge_method: "S256" });

      const wrong = await exchange(back.code, { code_verifier: VERIFIER.replace("d", "e"), client_secret: undefined });
      const right = await exchange(back.code, { code_verifier: VERIFIER, client_secret: undefined });

      assertEquals([wrong.status, wrong.body.error, right.status], [400, "invalid_grant", 200]);
    });

    it("sends errors back to the application", async () => {
      const error = async (query: Record<string, string>) => (await visit(path, query)).error;

      assertEquals(await error({}), "invalid_request");
      assertEquals(await error({ provider: "authkit", response_type: "token" }), "unsupported_response_type");
      const challenge = { provider: "authkit", login_hint: "cid@example.com", code_challenge: CHALLENGE };
      assertEquals(await error({ ...challenge, code_challenge_method: "plain" }), "invalid_request");
      assertEquals(await error(challenge), "invalid_request");
      assertEquals(await error({ connection_id: "conn_2" }), "connection_invalid");
      assertEquals(await error({ organization_id: "org_9" }), "organization_invalid");
      assertEquals(await error({ provider: "GogleOAuth", login_hint: "cid@example.com" }), "invalid_request");
    });

    it("sends nobody anywhere for an unknown client or address", async () => {
      const client = await visit(path, { client_id: "other" });
      const address = await visit(path, { redirect_uri: "nowhere" });
      await api.post("/user_management/redirect_uris", { uri: "https://app.example.com/callback" });
      const stranger = await visit(path, { provider: "authkit" });

      assertEquals([client.status, client.body?.error], [400, "invalid_client"]);
      assertEquals([address.status, stranger.status], [422, 400]);
      assertEquals(stranger.body?.code, "invalid_redirect_uri");
    });

    it("does not take a code for single sign-on", async () => {
      const back = await visit("/sso/authorize", { connection: "conn_1", login_hint: "cid@example.com" });

      assertEquals((await exchange(back.code)).body.error, "invalid_grant");
    });
  });

  describe("single sign-on", () => {
    const token = async (form: Record<string, string>) => {
      const client = { client_id: api.emulator.clientId, grant_type: "authorization_code" };
      const body = new URLSearchParams({ ...client, ...form });
      return await read(await api.emulator.fetch(`${ORIGIN}/sso/token`, { method: "POST", body }));
    };

    it("goes from the address over the code to profile and token", async () => {
      const back = await visit("/sso/authorize", { connection: "conn_1", login_hint: "ada@example.com" });
      const { status, body } = await token({ code: back.code, client_secret: api.emulator.apiKey });
      const profile = await api.get("/sso/profile", { Authorization: `Bearer ${body.access_token}` });

      assertEquals([status, body.token_type, body.expires_in], [200, "Bearer", 600]);
      assertEquals([body.profile.email, body.profile.connection_type], ["ada@example.com", "OktaSAML"]);
      assertEquals([body.profile.organization_id, body.profile.first_name], ["org_1", "Ada"]);
      assertEquals(profile.body, body.profile);
    });

    it("finds the connection by organization, domain and provider", async () => {
      const type = async (query: Record<string, string>) => {
        const { code } = await visit("/sso/authorize", { ...query, login_hint: "ada@example.com" });
        return (await token({ code, client_secret: api.emulator.apiKey })).body.profile.connection_type;
      };

      assertEquals(await type({ organization: "org_1" }), "OktaSAML");
      assertEquals(await type({ domain: "acme.com" }), "OktaSAML");
      assertEquals(await type({ provider: "GoogleOAuth" }), "GoogleOAuth");
      assertEquals((await visit("/sso/authorize", { provider: "authkit" })).error, "invalid_request");
    });

    it("gives the same profile every time, as the seed has it", async () => {
      const profiles = [{ id: "prof_1", connection_id: "conn_1", email: "ada@example.com", groups: ["Staff"] }];
      api.emulator.reset({ ...SEED, connections: CONNECTIONS, profiles });
      const profile = async () => {
        const { code } = await visit("/sso/authorize", { connection: "conn_1", login_hint: "ada@example.com" });
        return (await token({ code, client_secret: api.emulator.apiKey })).body.profile;
      };

      const first = await profile();

      assertEquals([first.id, first.groups], ["prof_1", ["Staff"]]);
      assertEquals(await profile(), first);
    });

    it("makes profiles of people, but neither users nor identities of users", async () => {
      api.emulator.setPolicies({ signUp: false });
      const { code } = await visit("/sso/authorize", { connection: "conn_1", login_hint: "eve@acme.com" });
      const { profile } = (await token({ code, client_secret: api.emulator.apiKey })).body;
      await visit("/sso/authorize", { connection: "conn_1", login_hint: "cid@example.com" });

      assertEquals([profile.email, profile.first_name], ["eve@acme.com", null]);
      assertEquals((await api.get("/user_management/users?email=eve@acme.com")).body.data, []);
      assertEquals((await api.get("/user_management/users/user_cid/identities")).body, []);
      const told = api.emulator.events.map(({ event, data }) => [event, data.user_id, data.email]);
      assertEquals(told, [
        ["authentication.sso_succeeded", null, "eve@acme.com"],
        ["authentication.sso_succeeded", "user_cid", "cid@example.com"],
      ]);
    });

    it("checks client, secret, verifier, grant and code", async () => {
      const challenge = { code_challenge: CHALLENGE, code_challenge_method: "S256" };
      const query = { connection: "conn_1", login_hint: "ada@example.com", ...challenge };
      const { code } = await visit("/sso/authorize", query);
      const client_secret = api.emulator.apiKey;

      assertEquals((await token({ code, client_id: "other" })).body.error, "invalid_client");
      assertEquals((await token({ code, client_secret: "other" })).body, {
        error: "invalid_client",
        error_description: "Invalid client ID or secret.",
      });
      assertEquals((await token({ code })).body.error, "invalid_client");
      assertEquals((await token({ code, client_secret })).body.error, "invalid_grant");
      assertEquals((await token({ code, grant_type: "password", client_secret })).body, {
        error: "unsupported_grant_type",
        error_description: "The grant type is not supported.",
      });
      assertEquals((await token({ code, code_verifier: VERIFIER })).status, 200);
      assertEquals((await token({ code, code_verifier: VERIFIER })).body.error, "invalid_grant");
    });

    it("forgets the token after ten minutes", async () => {
      const { code } = await visit("/sso/authorize", { connection: "conn_1", login_hint: "ada@example.com" });
      const { body } = await token({ code, client_secret: api.emulator.apiKey });
      api.emulator.advance(10 * 60_000);

      const late = await api.get("/sso/profile", { Authorization: `Bearer ${body.access_token}` });

      assertEquals([late.status, late.body.message], [401, "Unauthorized"]);
    });

    it("signs profiles of OIDC connections out, with tokens that last ten minutes", async () => {
      const connections = [
        { id: "conn_1", connection_type: "GenericOIDC" },
        { id: "conn_2", connection_type: "GenericSAML" },
      ];
      const profiles = connections.map(({ id }) => ({ id: `prof_${id}`, connection_id: id, email: "ada@example.com" }));
      api.emulator.reset({ connections, profiles });
      const authorize = (profile_id?: string) => api.post("/sso/logout/authorize", { profile_id });
      const { status, body } = await authorize("prof_conn_1");
      const logout = () => api.emulator.fetch(body.logout_url);

      assertEquals([status, body.logout_url], [200, `${ORIGIN}/sso/logout?token=${body.logout_token}`]);
      assertEquals([(await logout()).status, (await logout()).headers.get("Location")], [302, ORIGIN]);
      const saml = await authorize("prof_conn_2");
      assertEquals([saml.status, saml.body.error], [400, "connection_invalid"]);
      assertEquals([(await authorize("prof_9")).status, (await authorize()).status], [404, 422]);
      api.emulator.advance(10 * 60_000);
      assertEquals([(await logout()).status, (await api.get("/sso/logout")).status], [404, 404]);
      assertEquals(JSON.stringify(api.emulator.requests).includes(body.logout_token), false);
    });

    it("lists, shows and deletes connections", async () => {
      const ids = async (query: string) =>
        (await api.get(`/connections?${query}`)).body.data.map(({ id }: { id: string }) => id);

      assertEquals(await ids("organization_id=org_1"), ["conn_1"]);
      assertEquals(await ids("connection_type=GenericSAML"), ["conn_2"]);
      assertEquals(await ids("domain=acme.com"), ["conn_1"]);
      assertEquals((await api.get("/connections/conn_1")).body.state, "active");
      assertEquals((await api.remove("/connections/conn_1")).status, 204);
      assertEquals((await api.get("/connections/conn_1")).status, 404);
      assertEquals(api.eventNames(), ["connection.deleted"]);
    });

    it("finds connections to GitHub by both spellings of their type", async () => {
      const gitHub = { id: "conn_3", connection_type: "GitHubOAuth" };
      api.emulator.reset({ ...SEED, connections: [...CONNECTIONS, gitHub] });

      for (const type of ["GithubOAuth", "GitHubOAuth"]) {
        const { data } = (await api.get(`/connections?connection_type=${type}`)).body;
        assertEquals(data.map(({ id }: { id: string }) => id), ["conn_3"]);
      }
    });
  });

  describe("sessions", () => {
    const signIn = async () => {
      const code = api.emulator.authorizationCode({ user: "user_cid" });
      await api.authenticate({ grant_type: "authorization_code", code });
      return (await api.get("/user_management/users/user_cid/sessions")).body.data[0];
    };

    it("are listed per user, as long as they are active", async () => {
      const session = await signIn();
      api.emulator.advance(31 * 24 * 60 * 60_000);

      assertEquals([session.user_id, session.auth_method, session.status], ["user_cid", "sso", "active"]);
      assertEquals((await api.get("/user_management/users/user_cid/sessions")).body.data, []);
      assertEquals((await api.get("/user_management/users/user_ada/sessions")).body.data, []);
    });

    it("POST /revoke ends one", async () => {
      const { id } = await signIn();

      const revoked = await api.post("/user_management/sessions/revoke", { session_id: id });
      const unknown = await api.post("/user_management/sessions/revoke", { session_id: "session_9" });
      const unnamed = await api.post("/user_management/sessions/revoke", {});

      assertEquals([revoked.status, unknown.status], [200, 400]);
      assertEquals(refusal(unnamed), [400, "session_id: session_id_required"]);
      assertEquals((await api.get("/user_management/users/user_cid/sessions")).body.data, []);
      const { event, data } = api.emulator.events.at(-1)!;
      assertEquals([event, data.id, data.status, data.ended_at], [
        ...["session.revoked", id],
        ...["revoked", "2026-01-01T00:00:00.000Z"],
      ]);
    });

    it("GET /logout ends one and sends the browser on", async () => {
      const { id } = await signIn();
      const logout = (query: string) =>
        api.emulator.fetch(`${ORIGIN}/user_management/sessions/logout?session_id=${id}${query}`);

      const away = await logout("&return_to=https%3A%2F%2Fapp.example.com%2Fbye");

      assertEquals([away.status, away.headers.get("Location")], [302, "https://app.example.com/bye"]);
      assertEquals((await logout("")).headers.get("Location"), "https://api.workos.com");
      assertEquals((await logout("&return_to=nowhere")).status, 422);
      assertEquals(api.eventNames().filter((name) => name === "session.revoked").length, 1);
    });
  });

  describe("configuration", () => {
    it("keeps redirect URIs and CORS origins", async () => {
      const uri = await api.post("/user_management/redirect_uris", { uri: "https://app.example.com/cb" });
      const origin = await api.post("/user_management/cors_origins", { origin: "https://app.example.com" });

      assertEquals([uri.status, uri.body.default], [201, true]);
      assertEquals([origin.status, origin.body.origin], [201, "https://app.example.com"]);
      assertEquals((await api.get("/user_management/redirect_uris")).body.data, [uri.body]);
      assertEquals((await api.get("/user_management/cors_origins")).body.data, [origin.body]);
    });

    it("refuses a redirect URI or CORS origin that it has already, in the words of the API", async () => {
      const add = async (path: string, body: object) => {
        await api.post(path, body);
        const { status, body: refusal } = await api.post(path, body);
        return [status, refusal];
      };

      assertEquals(await add("/user_management/redirect_uris", { uri: "https://app.example.com/cb" }), [422, {
        message: "Redirect URI 'https://app.example.com/cb' already exists.",
      }]);
      assertEquals(await add("/user_management/cors_origins", { origin: "https://app.example.com" }), [409, {
        code: "duplicate_cors_origin",
        message: "CORS origin already exists.",
      }]);
    });

    it("deletes redirect URIs, but not the default one", async () => {
      const usual = (await api.post("/user_management/redirect_uris", { uri: "https://app.example.com/cb" })).body;
      const other = (await api.post("/user_management/redirect_uris", { uri: "https://app.example.com/cb2" })).body;

      const refused = await api.remove(`/user_management/redirect_uris/${usual.id}`);

      assertEquals([refused.status, refused.body.message], [409, "Cannot delete the default redirect URI."]);
      assertEquals((await api.remove(`/user_management/redirect_uris/${other.id}`)).status, 204);
      assertEquals((await api.get("/user_management/redirect_uris")).body.data, [usual]);
    });
  });
});
