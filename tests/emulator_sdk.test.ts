// The library and the emulator together: whole stories through the public API, without a network.
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import {
  AuthenticationException,
  BadRequestException,
  ConflictException,
  createWorkOS,
  type Event,
  type FetchFunction,
  GenericServerException,
  type MintAgentTokenOptions,
  NotFoundException,
  OauthException,
  SignatureVerificationException,
  UnauthorizedException,
  UnprocessableEntityException,
  WidgetSessionTokenScopes,
  WorkOS,
  WorkOSException,
} from "../mod.ts";
import { decodeJwt } from "../src/entries/jwt.ts";
import { connect, deliveries, emulator, mail, REDIRECT_URI, visit } from "./emulator_client.ts";

const { clientId } = emulator;

describe("the library and the emulator", () => {
  let workos: WorkOS;

  beforeEach(() => {
    emulator.reset();
    deliveries.length = 0;
    workos = connect();
  });

  afterEach(() => {
    emulator.setPolicies({ signUp: true, requireMfa: false, requireSso: [], radarChallenge: "none" });
    emulator.setPolicies({ multipleConnections: false });
  });

  describe("organizations", () => {
    it("live from creation to deletion", async () => {
      const metadata = { first_name: "x", lastName: "y" };
      const domainData = [{ domain: "initech.example", state: "pending" as const }];

      const created = await workos.organizations.createOrganization({ name: "Initech", metadata, domainData });
      const updated = await workos.organizations.updateOrganization({ organization: created.id, externalId: "ext_9" });
      const found = await workos.organizations.getOrganizationByExternalId("ext_9");
      const listed = await workos.organizations.listOrganizations({ domains: ["initech.example"] });
      await workos.organizations.deleteOrganization(created.id);

      assertEquals([created.name, created.metadata, created.externalId], ["Initech", metadata, null]);
      assertEquals([created.domains[0].domain, created.domains[0].state], ["initech.example", "pending"]);
      assertEquals([updated.name, updated.metadata, updated.externalId], ["Initech", metadata, "ext_9"]);
      assertEquals([found, listed.data], [updated, [updated]]);
      await assertRejects(() => workos.organizations.getOrganization(created.id), NotFoundException);
    });

    it("verify domains", async () => {
      const domain = await workos.organizationDomains.createOrganizationDomain({
        organizationId: "org_2",
        domain: "globex.example",
      });
      const verified = await workos.organizationDomains.verifyOrganizationDomain(domain.id);

      assertEquals([domain.state, verified.state, verified.organizationId], ["pending", "verified", "org_2"]);
    });

    it("have API keys for their own customers", async () => {
      const key = await workos.apiKeys.createOrganizationApiKey({ organizationId: "org_1", name: "CI" });
      const valid = await workos.apiKeys.createValidation({ value: key.value });
      await workos.apiKeys.deleteApiKey(key.id);
      const invalid = await workos.apiKeys.createValidation({ value: key.value });

      assertEquals([valid.apiKey?.id, valid.apiKey?.name, invalid.apiKey], [key.id, "CI", null]);
      assertEquals(JSON.stringify(emulator.requests).includes(key.value), false);
    });

    it("group their members", async () => {
      const group = await workos.groups.createGroup({ organizationId: "org_1", name: "Editors" });
      const where = { organizationId: "org_1", groupId: group.id };
      await workos.groups.addOrganizationMembership({ ...where, organizationMembershipId: "om_1" });
      await workos.groups.addOrganizationMembership({ ...where, organizationMembershipId: "om_2" });
      const described = await workos.groups.updateGroup({ ...where, description: "They edit" });
      const members = await workos.groups.listOrganizationMemberships(where);
      await workos.groups.removeOrganizationMembership({ ...where, organizationMembershipId: "om_2" });
      const options = { organizationMembershipId: "om_1" };
      const joined = await workos.userManagement.listGroupsForOrganizationMembership(options);

      assertEquals([group.description, group.createdAt instanceof Date], [null, true]);
      assertEquals([described.name, described.description], ["Editors", "They edit"]);
      assertEquals(members.data.map(({ id, userId }) => [id, userId]), [["om_2", "user_bob"], ["om_1", "user_ada"]]);
      assertEquals(joined.data, [described]);
      await workos.groups.deleteGroup(where);
      await assertRejects(() => workos.groups.getGroup(where), NotFoundException);
      assertEquals(emulator.events.map(({ event }) => event), [
        "group.created",
        "group.member_added",
        "group.member_added",
        "group.updated",
        "group.member_removed",
        "group.deleted",
      ]);
    });
  });

  describe("users", () => {
    it("live from creation to deletion", async () => {
      const email = "eve@example.com";

      const created = await workos.userManagement.createUser({ email, firstName: "Eve", metadata: { plan_id: "p1" } });
      const updated = await workos.userManagement.updateUser({ userId: created.id, lastName: "Moneypenny" });
      const listed = await workos.userManagement.listUsers({ email });
      await workos.userManagement.deleteUser(created.id);

      assertEquals([created.firstName, created.lastName, created.metadata], ["Eve", null, { plan_id: "p1" }]);
      assertEquals([updated.firstName, updated.lastName, updated.name], ["Eve", "Moneypenny", "Eve Moneypenny"]);
      assertEquals(listed.data, [updated]);
      await assertRejects(() => workos.userManagement.getUser(created.id), NotFoundException);
    });

    it("belong to organizations, in which they have roles", async () => {
      const { id } = await workos.userManagement.createUser({ email: "eve@example.com" });

      const joined = await workos.userManagement.createOrganizationMembership({
        userId: id,
        organizationId: "org_1",
        roleSlug: "admin",
      });
      const demoted = await workos.userManagement.updateOrganizationMembership(joined.id, { roleSlug: "member" });
      const inactive = await workos.userManagement.deactivateOrganizationMembership(joined.id);
      const active = await workos.userManagement.listOrganizationMemberships({ organizationId: "org_1" });

      assertEquals([joined.role.slug, demoted.role.slug, inactive.status], ["admin", "member", "inactive"]);
      assertEquals(active.data.map((membership) => membership.id), ["om_2", "om_1"]);
    });

    it("are invited and accept by signing in", async () => {
      const { userManagement } = workos;
      const email = "eve@example.com";
      const invitation = await userManagement.sendInvitation({ email, organizationId: "org_2", roleSlug: "admin" });
      const { token } = mail("invitation", email);
      const found = await userManagement.findInvitationByToken(token);
      const { code } = await userManagement.createMagicAuth({ email });

      const session = await userManagement.authenticateWithMagicAuth({ email, code, invitationToken: token });
      const accepted = await userManagement.getInvitation(invitation.id);

      assertEquals([found, invitation.state], [invitation, "pending"]);
      assertEquals([session.organizationId, session.user.email], ["org_2", email]);
      assertEquals([accepted.state, accepted.acceptedUserId], ["accepted", session.user.id]);
      const [membership] = (await userManagement.listOrganizationMemberships({ userId: session.user.id })).data;
      assertEquals([membership.organizationId, membership.role.slug], ["org_2", "admin"]);
    });

    it("are invited in vain once the invitation is revoked or expired", async () => {
      const { userManagement } = workos;
      const revoked = await userManagement.sendInvitation({ email: "eve@example.com", organizationId: "org_2" });
      await userManagement.revokeInvitation(revoked.id);
      const late = await userManagement.sendInvitation({ email: "fay@example.com", expiresInDays: 1 });
      emulator.advance(25 * 60 * 60_000);

      const states = [await userManagement.getInvitation(revoked.id), await userManagement.getInvitation(late.id)];
      const error = await assertRejects(() => userManagement.revokeInvitation(revoked.id), GenericServerException);

      assertEquals(states.map(({ state }) => state), ["revoked", "expired"]);
      assertEquals([error.status, error.code], [400, "invite_not_pending"]);
    });

    it("reset their password", async () => {
      const { userManagement } = workos;
      await userManagement.createPasswordReset({ email: "bob@example.com" });
      const { token } = mail("password_reset", "bob@example.com");

      const { user } = await userManagement.resetPassword({ token, newPassword: "a new long password" });
      const session = await userManagement.authenticateWithPassword({
        email: "bob@example.com",
        password: "a new long password",
      });

      assertEquals([user.id, session.user.id], ["user_bob", "user_bob"]);
      const password = "battery staple";
      const old = () => userManagement.authenticateWithPassword({ email: "bob@example.com", password });
      assertEquals((await assertRejects(old, GenericServerException)).code, "invalid_credentials");
    });
  });

  describe("sign-in", () => {
    it("by Magic Auth takes the newest code, once", async () => {
      const { userManagement } = workos;
      const email = "bob@example.com";
      const first = await userManagement.createMagicAuth({ email });
      const second = await userManagement.createMagicAuth({ email });
      const signIn = (code: string) => userManagement.authenticateWithMagicAuth({ email, code });

      const early = await assertRejects(() => signIn(first.code), GenericServerException);
      const session = await signIn(second.code);
      const late = await assertRejects(() => signIn(second.code), GenericServerException);

      assertEquals(mail("magic_auth", email).code, second.code);
      assertEquals([session.user.id, session.organizationId], ["user_bob", "org_1"]);
      assertEquals(session.authenticationMethod, "MagicAuth");
      assertEquals([early.code, late.code], ["one_time_code_expired", "one_time_code_previously_used"]);
    });

    it("by password goes on with the code that verifies the address", async () => {
      const { userManagement } = workos;
      const email = "eve@example.com";
      await userManagement.createUser({ email, password: "a long password" });

      const error = await assertRejects(
        () => userManagement.authenticateWithPassword({ email, password: "a long password" }),
        AuthenticationException,
      );
      const session = await userManagement.authenticateWithEmailVerification({
        code: mail("email_verification", email).code,
        pendingAuthenticationToken: error.pendingAuthenticationToken!,
      });

      assertEquals([error.status, error.code], [403, "email_verification_required"]);
      assertEquals([session.user.email, session.user.emailVerified], [email, true]);
    });

    it("asks for an organization where there are several", async () => {
      const { userManagement } = workos;
      await userManagement.createOrganizationMembership({ userId: "user_bob", organizationId: "org_2" });

      const error = await assertRejects(
        () => userManagement.authenticateWithPassword({ email: "bob@example.com", password: "battery staple" }),
        AuthenticationException,
      );
      const session = await userManagement.authenticateWithOrganizationSelection({
        organizationId: "org_2",
        pendingAuthenticationToken: error.pendingAuthenticationToken!,
      });

      assertEquals(error.code, "organization_selection_required");
      assertEquals(error.rawData.organizations?.map(({ name }) => name), ["Acme", "Globex"]);
      assertEquals(session.organizationId, "org_2");
    });

    it("asks for the second factor", async () => {
      const { userManagement, multiFactorAuth } = workos;
      const enrolled = await multiFactorAuth.createUserAuthFactor({ userId: "user_bob", type: "totp" });
      const { id: authenticationFactorId, totp: { secret, uri } } = enrolled.authenticationFactor;
      const code = await emulator.totpCode(secret);
      const authenticationChallengeId = enrolled.authenticationChallenge.id;

      const wrong = await multiFactorAuth.verifyChallenge({ authenticationChallengeId, code: "000000x" });
      const right = await multiFactorAuth.verifyChallenge({ authenticationChallengeId, code });
      const error = await assertRejects(
        () => userManagement.authenticateWithPassword({ email: "bob@example.com", password: "battery staple" }),
        AuthenticationException,
      );
      const challenge = await multiFactorAuth.challengeFactor({ authenticationFactorId });
      const proof = {
        pendingAuthenticationToken: error.pendingAuthenticationToken!,
        authenticationChallengeId: challenge.id,
      };
      const refused = await assertRejects(
        () => userManagement.authenticateWithTotp({ ...proof, code: "000000x" }),
        GenericServerException,
      );
      const session = await userManagement.authenticateWithTotp({ ...proof, code: await emulator.totpCode(secret) });

      assertEquals([wrong.valid, right.valid, error.code], [false, true, "mfa_challenge"]);
      assertEquals([refused.code, session.user.id], ["invalid_one_time_code", "user_bob"]);
      assert(uri.includes(`secret=${secret}`));
      const factors = await multiFactorAuth.listUserAuthFactors({ userId: "user_bob" });
      assertEquals(JSON.stringify(factors.data).includes(secret), false);
    });

    it("asks for enrolment where everybody needs a second factor", async () => {
      emulator.setPolicies({ requireMfa: true });

      const error = await assertRejects(
        () => workos.userManagement.authenticateWithPassword({ email: "bob@example.com", password: "battery staple" }),
        AuthenticationException,
      );

      assertEquals([error.code, error.rawData.user?.id], ["mfa_enrollment", "user_bob"]);
    });

    it("insists on single sign-on where the organization does", async () => {
      emulator.setPolicies({ requireSso: ["org_1"] });

      const error = await assertRejects(
        () => workos.userManagement.authenticateWithPassword({ email: "bob@example.com", password: "battery staple" }),
        AuthenticationException,
      );

      assertEquals([error.code, error.rawData.connection_ids], ["sso_required", ["conn_1"]]);
    });

    it("by browser needs no API key but the verifier, and the code works once", async () => {
      const app = createWorkOS({ clientId, fetchFn: emulator.fetch });
      const { url, state, codeVerifier } = await app.userManagement.getAuthorizationUrlWithPKCE({
        provider: "authkit",
        redirectUri: REDIRECT_URI,
        loginHint: "ada@acme.example",
      });
      const back = await visit(url);
      const exchange = (verifier: string) =>
        app.userManagement.authenticateWithCodeAndVerifier({ code: back.code, codeVerifier: verifier });

      const wrong = await assertRejects(() => exchange("x".repeat(43)), OauthException);
      const session = await exchange(codeVerifier);
      const again = await assertRejects(() => exchange(codeVerifier), OauthException);

      assertEquals([back.state, session.user.id], [state, "user_ada"]);
      assertEquals([wrong.error, again.error, again.status], ["invalid_grant", "invalid_grant", 400]);
      assertEquals(emulator.requests.some(({ headers }) => "authorization" in headers), false);
      const sessions = await workos.userManagement.listSessions("user_ada");
      assertEquals(sessions.data, []);
      assertEquals(emulator.events.at(-1)?.event, "session.revoked");
    });

    it("gives sessions that can be refreshed, moved, listed and revoked", async () => {
      const { userManagement } = workos;
      await userManagement.createOrganizationMembership({ userId: "user_ada", organizationId: "org_2" });
      const code = emulator.authorizationCode({ user: "user_ada", organizationId: "org_1" });
      const session = await userManagement.authenticateWithCode({ code, ipAddress: "192.0.2.1", userAgent: "tests" });
      const { sid } = decodeJwt(session.accessToken).payload;
      const { refreshToken } = session;

      const moved = await userManagement.authenticateWithRefreshToken({ refreshToken, organizationId: "org_2" });
      const [listed] = (await userManagement.listSessions("user_ada")).data;
      await userManagement.revokeSession({ sessionId: listed.id });
      const late = await assertRejects(
        () => userManagement.authenticateWithRefreshToken({ refreshToken: moved.refreshToken }),
        OauthException,
      );

      assertEquals([listed.id, listed.ipAddress, listed.userAgent], [sid, "192.0.2.1", "tests"]);
      assertEquals([listed.organizationId, late.error], ["org_2", "invalid_grant"]);
      const claims = [session, moved].map(({ accessToken }) => decodeJwt(accessToken).payload);
      assertEquals(claims.map(({ org_id, role, permissions }) => [org_id, role, permissions]), [
        ["org_1", "admin", ["posts:write"]],
        ["org_2", "member", []],
      ]);
      assertEquals(claims.map((claim) => claim.feature_flags), [["dark-mode", "beta"], ["dark-mode"]]);
    });

    it("of a device polls until it is approved", async () => {
      let polls = 0;
      const fetchFn: FetchFunction = async (url, init) => {
        if (url.endsWith("/authenticate") && ++polls === 3) {
          emulator.approveDevice(device.userCode, { user: "user_bob" });
        }
        emulator.advance(6_000);
        return await emulator.fetch(url, init);
      };
      const { userManagement } = createWorkOS({ clientId, fetchFn });
      const device = await userManagement.createDeviceAuthorization();

      const session = await userManagement.pollDeviceAuthorization({ ...device, interval: 0.001 });

      assertEquals([session.user.id, polls, device.interval], ["user_bob", 3, 5]);
      assert(device.verificationUriComplete?.includes(device.userCode));
    });

    it("of a device ends when it is denied or takes too long", async () => {
      const { userManagement } = workos;
      const [denied, late] = [
        await userManagement.createDeviceAuthorization(),
        await userManagement.createDeviceAuthorization(),
      ];
      const poll = (device: typeof denied) => () =>
        userManagement.pollDeviceAuthorization({ ...device, interval: 0.001 });
      emulator.denyDevice(denied.userCode);

      const first = await assertRejects(poll(denied), OauthException);
      emulator.advance(301_000);
      const second = await assertRejects(poll(late), OauthException);

      assertEquals([first.error, second.error], ["access_denied", "expired_token"]);
    });
  });

  describe("single sign-on", () => {
    it("goes through the connection of an organization to a profile", async () => {
      const { url, state, codeVerifier } = await workos.sso.getAuthorizationUrlWithPKCE({
        organization: "org_1",
        redirectUri: REDIRECT_URI,
        loginHint: "ada@acme.example",
      });
      const back = await visit(url);

      const { profile, accessToken } = await workos.sso.getProfileAndToken({ code: back.code, codeVerifier });
      const again = await workos.sso.getProfile({ accessToken });
      const replay = await assertRejects(
        () => workos.sso.getProfileAndToken({ code: back.code, codeVerifier }),
        OauthException,
      );

      assertEquals([back.state, profile.connectionId, profile.connectionType], [state, "conn_1", "GenericSAML"]);
      assertEquals([profile.email, profile.firstName], ["ada@acme.example", "Ada"]);
      assertEquals([again, replay.error], [profile, "invalid_grant"]);
      await assertRejects(() => workos.sso.getProfile({ accessToken: "wrong" }), UnauthorizedException);
    });

    it("lists and deletes connections", async () => {
      const listed = await workos.sso.listConnections({ organizationId: "org_1" });
      await workos.sso.deleteConnection("conn_1");

      assertEquals(listed.data.map(({ id, type, name, state }) => [id, type, name, state]), [
        ["conn_1", "GenericSAML", "Acme SAML", "active"],
      ]);
      await assertRejects(() => workos.sso.getConnection("conn_1"), NotFoundException);
    });

    it("sends errors back to the application", async () => {
      const back = await visit(
        workos.sso.getAuthorizationUrl({ organization: "org_2", redirectUri: REDIRECT_URI, state: "s1" }),
      );

      assertEquals([back.error, back.state, back.code], ["connection_invalid", "s1", undefined]);
    });
  });

  describe("events", () => {
    it("tell what happened, page by page", async () => {
      for (const name of ["A", "B", "C"]) await workos.organizations.createOrganization({ name });
      await workos.userManagement.createUser({ email: "eve@example.com" });
      const events = ["organization.created" as const];

      const first = await workos.events.listEvents({ events, limit: 2 });
      const second = await workos.events.listEvents({ events, limit: 2, after: first.listMetadata.after });

      const names = (page: { data: Event[] }) =>
        page.data.map((event) => event.event === "organization.created" ? event.data.name : event.event);
      assertEquals([names(first), names(second), second.listMetadata.after], [["A", "B"], ["C"], null]);
    });

    it("have their data as other calls return it", async () => {
      const organization = await workos.organizations.createOrganization({ name: "A", metadata: { a_b: "c" } });
      const group = await workos.groups.createGroup({ organizationId: organization.id, name: "G" });
      const flag = await workos.featureFlags.disableFeatureFlag("checkout");
      await workos.vault.createObject({ name: "db", value: "s3cret", context: { organization_id: "org_1" } });

      const of = async (name: Event["event"]) => (await workos.events.listEvents({ events: [name] })).data[0];
      const rule = await of("flag.rule_updated");
      const stored = await of("vault.data.created");

      assertEquals((await of("organization.created")).data, organization);
      assertEquals((await of("group.created")).data, group);
      assertEquals(rule.data, { ...flag, environmentId: "environment_emulator" });
      assert(stored.event === "vault.data.created");
      assertEquals([stored.data.kvName, stored.data.keyContext], ["db", { organization_id: "org_1" }]);
    });

    it("are narrowed by time and organization", async () => {
      await workos.organizationDomains.createOrganizationDomain({ organizationId: "org_1", domain: "a.example" });
      emulator.advance(60_000);
      await workos.organizationDomains.createOrganizationDomain({ organizationId: "org_2", domain: "b.example" });
      const events = ["organization_domain.created" as const];
      const rangeStart = new Date(emulator.now() - 30_000).toISOString();

      const late = await workos.events.listEvents({ events, rangeStart });
      const own = await workos.events.listEvents({ events, organizationId: "org_1" });

      assertEquals([late, own].map(({ data }) => data.length), [1, 1]);
      assertNotEquals(late.data[0].id, own.data[0].id);
    });
  });

  describe("webhooks", () => {
    const subscribe = () =>
      workos.webhooks.createWebhookEndpoint({
        endpointUrl: "https://app.example.com/webhooks",
        events: ["organization.created", "flag.rule_updated"],
      });

    it("are delivered signed, and verified", async () => {
      const { secret } = await subscribe();
      const organization = await workos.organizations.createOrganization({ name: "Initech" });
      await workos.userManagement.createUser({ email: "eve@example.com" });
      await workos.featureFlags.disableFeatureFlag("dark-mode");
      await emulator.flush();

      const events = await Promise.all(
        deliveries.map((payload) => workos.webhooks.constructEvent({ payload, secret })),
      );

      assertEquals(events.map(({ event }) => event), ["organization.created", "flag.rule_updated"]);
      assertEquals(events[0].data, organization);
      assertEquals((await emulator.deliveries()).every(({ delivered }) => delivered), true);
    });

    it("are refused with another secret, another body, or no signature", async () => {
      const { secret } = await subscribe();
      await workos.organizations.createOrganization({ name: "Initech" });
      await emulator.flush();
      const payload = await deliveries[0].text();
      const sigHeader = deliveries[0].headers.get("WorkOS-Signature") ?? "";
      const verify = (other: object) => () => workos.webhooks.constructEvent({ payload, sigHeader, secret, ...other });

      assertEquals((await verify({})()).event, "organization.created");
      await assertRejects(verify({ secret: `${secret}x` }), SignatureVerificationException);
      await assertRejects(verify({ payload: payload.replace("Initech", "Initrode") }), SignatureVerificationException);
      await assertRejects(verify({ sigHeader: "" }), SignatureVerificationException);
    });

    it("are refused when they are too old", async () => {
      const { secret } = await subscribe();
      emulator.advance(-200_000);
      await workos.organizations.createOrganization({ name: "Initech" });
      await emulator.flush();
      const payload = await deliveries[0].text();
      const sigHeader = deliveries[0].headers.get("WorkOS-Signature") ?? "";
      const verify = (tolerance?: number) => workos.webhooks.constructEvent({ payload, sigHeader, secret, tolerance });

      await assertRejects(() => verify(), SignatureVerificationException);
      assertEquals((await verify(300_000)).event, "organization.created");
    });

    it("endpoints are changed, listed and deleted", async () => {
      const { id } = await subscribe();
      const disabled = await workos.webhooks.updateWebhookEndpoint({ id, status: "disabled" });
      const listed = await workos.webhooks.listWebhookEndpoints();
      const twice = await assertRejects(subscribe, ConflictException);
      await workos.webhooks.deleteWebhookEndpoint({ id });
      await workos.organizations.createOrganization({ name: "Initech" });
      await emulator.flush();

      assertEquals([disabled.status, disabled.events.length, listed.data[0].id], ["disabled", 2, id]);
      assertEquals([twice.status, deliveries.length], [409, 0]);
    });
  });

  describe("lists", () => {
    const names = Array.from({ length: 23 }, (_, index) => `org ${String(index).padStart(2, "0")}`);
    const reversed = names.toReversed();

    beforeEach(() => {
      emulator.reset({ organizations: names.map((name) => ({ name })) });
    });

    const pagesOf = async (list: Awaited<ReturnType<typeof workos.organizations.listOrganizations>>) => {
      const pages: string[][] = [];
      for await (const { data } of list.pages()) pages.push(data.map(({ name }) => name));
      return pages;
    };

    it("are read forwards, newest first, each page once", async () => {
      const pages = await pagesOf(await workos.organizations.listOrganizations({ limit: 10 }));

      assertEquals(pages, [reversed.slice(0, 10), reversed.slice(10, 20), reversed.slice(20)]);
      assertEquals(emulator.requests.length, 3);
    });

    it("are read forwards, oldest first, item by item", async () => {
      const found: string[] = [];

      for await (const { name } of await workos.organizations.listOrganizations({ order: "asc" })) found.push(name);

      assertEquals(found, names);
      assertEquals(emulator.requests.map(({ query }) => [query.order, query.limit]), [
        ["asc", undefined],
        ["asc", "100"],
      ]);
    });

    it("are read backwards from a cursor", async () => {
      const all = await (await workos.organizations.listOrganizations()).autoPagination();
      const last = all.at(-1)!;
      emulator.reset({ organizations: all.toReversed().map(({ id, name }) => ({ id, name })) });

      const pages = await pagesOf(await workos.organizations.listOrganizations({ before: last.id, limit: 10 }));

      assertEquals(all.map(({ name }) => name), reversed);
      assertEquals(pages, [reversed.slice(12, 22), reversed.slice(2, 12), reversed.slice(0, 2)]);
      assertEquals(emulator.requests.every(({ query }) => "before" in query && !("after" in query)), true);
    });

    it("stop where enough is read", async () => {
      const list = await workos.organizations.listOrganizations({ limit: 5 });

      const some = await list.toArray({ max: 7 });

      assertEquals(some.map(({ name }) => name), reversed.slice(0, 7));
      assertEquals([(await list.autoPagination()).length, emulator.requests.length], [5, 2]);
    });

    it("keep their filters from page to page", async () => {
      const list = await workos.organizations.listOrganizations({ search: "org 1", limit: 4 });

      assertEquals((await pagesOf(list)).map((page) => page.length), [4, 4, 2]);
      assertEquals(emulator.requests.every(({ query }) => query.search === "org 1"), true);
    });

    it("refuse a cursor that is none", async () => {
      const error = await assertRejects(
        () => workos.organizations.listOrganizations({ after: "org_nobody" }),
        UnprocessableEntityException,
      );

      assertEquals(error.errors, [{ code: "after_invalid", field: "after" }]);
    });
  });

  it("lists directories, their users and groups, and forgets them", async () => {
    emulator.reset({
      organizations: [{ id: "org_1", name: "Acme" }],
      directories: [{ id: "directory_1", name: "Acme people", organization_id: "org_1" }],
      directory_groups: [{ id: "group_1", directory_id: "directory_1", name: "Developers" }],
      directory_users: [{ id: "user_1", directory_id: "directory_1", email: "ada@acme.example", groups: ["group_1"] }],
    });
    const { directorySync } = workos;

    const [directory] = (await directorySync.listDirectories({ organizationId: "org_1" })).data;
    const [user] = (await directorySync.listUsers({ group: "group_1" })).data;
    const [group] = (await directorySync.listGroups({ user: user.id })).data;

    assertEquals([directory.state, directory.metadata?.users.active], ["active", 1]);
    assertEquals([user.email, group.name, user.groups], ["ada@acme.example", "Developers", [group]]);
    await directorySync.deleteDirectory(directory.id);
    const gone = await assertRejects(() => directorySync.getUser(user.id), NotFoundException);
    assertEquals(gone.status, 404);
  });

  it("syncs a directory, which events and webhooks tell", async () => {
    emulator.reset({
      organizations: [{ id: "org_1", name: "Acme" }],
      directories: [{ id: "directory_1", name: "Acme people", organization_id: "org_1" }],
      directory_groups: [{ id: "group_1", directory_id: "directory_1", name: "Developers" }],
      directory_users: [{ id: "user_1", directory_id: "directory_1", email: "ada@acme.example" }],
      webhook_endpoints: [{
        endpoint_url: "https://app.example.com/hook",
        events: ["dsync.user.updated"],
        secret: "s",
      }],
    });

    emulator.syncDirectory("directory_1", {
      users: [
        { email: "ada@acme.example", state: "suspended", custom_attributes: { cost_center: 1 } },
        { email: "eve@acme.example", groups: ["group_1"] },
      ],
    });
    await emulator.flush();

    const { data: users } = await workos.directorySync.listUsers({ directory: "directory_1", order: "asc" });
    const { data: events } = await workos.events.listEvents({
      events: ["dsync.user.updated", "dsync.group.user_added"],
    });
    const [updated, added] = events;
    assertEquals(users.map(({ email, state, groups }) => [email, state, groups.map(({ name }) => name)]), [
      ["ada@acme.example", "suspended", []],
      ["eve@acme.example", "active", ["Developers"]],
    ]);
    assert(updated.event === "dsync.user.updated" && added.event === "dsync.group.user_added");
    assertEquals([updated.data.id, updated.data.state], ["user_1", "suspended"]);
    assertEquals(updated.data.customAttributes, { cost_center: 1 });
    assertEquals(updated.data.previousAttributes, { state: "active", custom_attributes: {} });
    assertEquals([added.data.user.email, added.data.group.id], ["eve@acme.example", "group_1"]);
    const [{ headers }] = deliveries;
    const payload = await deliveries[0].text();
    const sigHeader = headers.get("WorkOS-Signature")!;
    assertEquals(await workos.webhooks.constructEvent({ payload, sigHeader, secret: "s" }), updated);
  });

  it("makes roles of permissions", async () => {
    const { authorization } = workos;
    await authorization.createPermission({ slug: "docs:read", name: "Read" });
    const { slug } = await authorization.createOrganizationRole("org_1", { name: "Reader" });

    const role = await authorization.addOrganizationRolePermission("org_1", slug, { permissionSlug: "docs:read" });
    await authorization.removeOrganizationRolePermission("org_1", slug, { permissionSlug: "docs:read" });

    assertEquals([role.type, role.permissions], ["OrganizationRole", ["docs:read"]]);
    assertEquals((await authorization.getOrganizationRole("org_1", slug)).permissions, []);
    const { data } = await authorization.listOrganizationRoles("org_1");
    assertEquals(data.map((it) => it.slug), ["member", "admin", slug]);
  });

  it("audit logs are written, checked and exported", async () => {
    const { auditLogs } = workos;
    const occurredAt = new Date();
    const event = {
      action: "team.joined",
      occurredAt,
      actor: { id: "user_ada", type: "user" },
      targets: [{ id: "team_1", type: "team", metadata: { first_name: "A" } }],
      context: { location: "127.0.0.1", userAgent: "test" },
    };
    const metadata = { first_name: "string" };
    const schema = await auditLogs.createSchema({ action: "team.joined", targets: [{ type: "team", metadata }] });
    await auditLogs.createEvent("org_1", event);
    const wrong = { ...event, targets: [{ id: "1", type: "page" }] };
    const error = await assertRejects(() => auditLogs.createEvent("org_1", wrong), BadRequestException);
    const { id } = await auditLogs.createExport({
      organizationId: "org_1",
      rangeStart: occurredAt,
      rangeEnd: occurredAt,
    });
    const { state, url } = await auditLogs.getExport(id);
    const csv = await (await emulator.fetch(url ?? "")).text();

    assertEquals([schema.version, schema.targets], [1, [{ type: "team", metadata }]]);
    assertEquals((await auditLogs.listActions()).data.map(({ name }) => name), ["team.joined"]);
    assertEquals(error.code, "invalid_audit_log_event");
    const [logged, ...others] = emulator.auditLogEvents;
    assertEquals([logged.action, logged.targets, others], ["team.joined", event.targets, []]);
    assertEquals([state, csv.includes(logged.id)], ["ready", true]);
    const kept = await auditLogs.updateOrganizationAuditLogsRetention({ id: "org_1", retentionPeriod: "1_YEAR" });
    assertEquals(kept.retentionPeriodInDays, 365);
  });

  it("the Admin Portal has links, and widgets have tokens", async () => {
    const successUrl = "https://app.example.com/done";
    const { link } = await workos.adminPortal.generateLink({ organization: "org_1", intent: "sso", successUrl });
    const response = await emulator.fetch(link);
    const user = { organizationId: "org_1", userId: "user_ada" };
    const scopes = [WidgetSessionTokenScopes.WidgetsSSOManage];
    const { token } = await workos.widgets.createToken({ ...user, scopes });

    assertEquals([response.status, response.headers.get("Location")], [302, successUrl]);
    const { payload: claims } = decodeJwt(token);
    assertEquals([claims.sub, claims.scopes], ["user_ada", scopes]);
    assertEquals((await workos.userManagement.verifyAccessToken(token)).ok, false);
    const unknown = { ...user, userId: "user_9" };
    await assertRejects(() => workos.widgets.createClientApiToken(unknown), NotFoundException);
  });

  it("Connect applications have secrets", async () => {
    const { connect } = workos;
    const made = await connect.createM2MApplication("Robot", "org_1", null, ["read"]);
    const { id, secret, secretHint, createdAt } = await connect.createApplicationClientSecret({ id: made.id });
    const secrets = await connect.listApplicationClientSecrets({ id: made.clientId });
    const updated = await connect.updateApplication({ id: made.id, name: "Android" });
    await connect.deleteClientSecret({ id });
    await connect.deleteApplication({ id: made.id });

    assertEquals([secret.endsWith(secretHint), createdAt instanceof Date], [true, true]);
    assertEquals([secrets.length, secrets[0].id], [1, id]);
    assertEquals([updated.name, updated.scopes], ["Android", ["read"]]);
    assertEquals((await connect.listApplications()).data, []);
    assertEquals(JSON.stringify(emulator.requests).includes(secret), false);
    await assertRejects(() => connect.getApplication({ id: made.id }), NotFoundException);
  });

  it("Pipes connect accounts, give their tokens, and tell when they are needed again", async () => {
    const { pipes } = workos;
    const [owner, provider] = [{ userId: "user_ada", slug: "github" }, { userId: "user_ada", provider: "github" }];
    const credentials = { type: "custom", clientId: "c", clientSecret: "s3cret-of-github" } as const;
    await pipes.createDataIntegration({ provider: "github", enabled: true, scopes: ["repo"], credentials });
    const before = await pipes.getAccessToken(provider);
    const { url } = await pipes.authorizeDataIntegration({ ...owner, returnTo: `${REDIRECT_URI}?done=1` });
    const back = await visit(url);
    const token = await pipes.getAccessToken(provider);
    const providers = await pipes.listUserDataProviders({ userId: "user_ada" });
    const changed = await pipes.updateUserConnectedAccount({ ...owner, state: "needs_reauthorization" });
    const again = await pipes.getAccessToken(provider);
    await pipes.deleteUserConnectedAccount(owner);
    const events = await workos.events.listEvents({ events: ["pipes.connected_account.disconnected"] });

    assertEquals([before, back], [{ active: false, error: "not_installed" }, { done: "1" }]);
    assert(token.active);
    assert(token.accessToken.expiresAt instanceof Date);
    assertEquals(providers.data.map(({ name, connectedAccount }) => [name, connectedAccount?.state]), [
      ["Github", "connected"],
    ]);
    assertEquals([changed.state, changed.scopes], ["needs_reauthorization", ["repo"]]);
    assertEquals(again, { active: false, error: "needs_reauthorization" });
    const [disconnected] = events.data;
    assert(disconnected.event === "pipes.connected_account.disconnected");
    assertEquals(disconnected.data.id, changed.id);
    const requests = JSON.stringify(emulator.requests);
    for (
      const secret of [credentials.clientSecret, token.accessToken.accessToken, new URL(url).searchParams.get("token")!]
    ) {
      assertEquals(requests.includes(secret), false);
    }
    await assertRejects(() => pipes.getUserConnectedAccount(owner), NotFoundException);
  });

  it("Pipes connect an account that the members of an organization share", async () => {
    const { pipes } = workos;
    const [provider, organizationId] = ["github", "org_1"];
    const owner = { organizationId, connectionOwner: "organization" } as const;
    const [byAda, byBob] = [{ ...owner, userId: "user_ada" }, { ...owner, userId: "user_bob" }];
    const [slug, at] = [provider, { organizationId, slug: provider }];
    const credentials = { type: "custom", clientId: "c", clientSecret: "s3cret-of-github" } as const;
    const made = await pipes.createDataIntegration({
      provider,
      ownership: "organization",
      scopes: ["repo"],
      credentials,
    });
    const enabled = await pipes.updateOrganizationDataIntegration({ slug, enabled: true });
    const { url } = await pipes.authorizeDataIntegration({ ...byAda, slug, returnTo: `${REDIRECT_URI}?done=1` });
    const back = await visit(url);
    const account = await pipes.getOrganizationConnectedAccount(at);
    const { data: [listed] } = await pipes.listOrganizationDataProviders({ organizationId });
    const vended = await pipes.createDataIntegrationCredential({ ...byBob, slug });
    const again = () =>
      pipes.createOrganizationConnectedAccount({ ...at, userId: "user_bob", connectionIntent: "add" });
    const error = await assertRejects(again, NotFoundException);
    const tired = { ...at, userId: "user_bob", state: "needs_reauthorization" } as const;
    const changed = await pipes.updateOrganizationConnectedAccount(tired);
    const token = await pipes.getAccessToken({ ...byBob, provider });
    const events = await workos.events.listEvents({ events: ["pipes.connected_account.connected"] });

    assertEquals([made.ownership, made.enabled, enabled.enabled], ["organization", false, true]);
    assertEquals(await pipes.getOrganizationDataIntegration({ slug }), enabled);
    assertEquals([back, account.userId, account.organizationId], [{ done: "1" }, null, "org_1"]);
    assertEquals([account.connectionRole, account.scopes, account.state], ["compatibility", ["repo"], "connected"]);
    assertEquals([listed.connectionOwner, listed.connectedAccount?.id], ["organization", account.id]);
    assertEquals(listed.connectedAccounts?.map(({ id, userlandUserId }) => [id, userlandUserId]), [[account.id, null]]);
    assert(vended.active && vended.credential.authMethod === "oauth");
    assertEquals(vended.credential.scopes, ["repo"]);
    assertEquals(error.code, "multiple_connections_unavailable");
    assertEquals([changed.id, changed.state], [account.id, "needs_reauthorization"]);
    assertEquals(token, { active: false, error: "needs_reauthorization" });
    const [connected] = events.data;
    assert(connected.event === "pipes.connected_account.connected");
    assertEquals([connected.data.id, connected.data.userId, connected.data.organizationId], [
      account.id,
      null,
      "org_1",
    ]);
    await pipes.deleteOrganizationConnectedAccount(at);
    await assertRejects(() => pipes.getOrganizationConnectedAccount(at), NotFoundException);
    await pipes.deleteOrganizationDataIntegration({ slug });
    await assertRejects(() => pipes.getOrganizationDataIntegration({ slug }), NotFoundException);
  });

  it("Pipes add connections, and tell them apart", async () => {
    const { pipes } = workos;
    emulator.setPolicies({ multipleConnections: true });
    const owner = { userId: "user_ada", slug: "sales" };
    const customProvider = { name: "Sales", tokenUrl: "https://sales.example/token" };
    const authMethods = ["api_key" as const, "client_credentials" as const];
    await pipes.createDataIntegration({ provider: "sales", enabled: true, authMethods, customProvider });
    const add = { ...owner, connectionIntent: "add" } as const;
    const first = await pipes.createDataIntegrationApiKey({ ...add, secret: "sk-12345" });
    const second = await pipes.createDataIntegrationClientCredential({ ...add, clientId: "c", clientSecret: "s3cret" });
    const several = { ...owner, supportsMultipleConnections: true };
    const { data: [listed] } = await pipes.listUserDataProviders(several);
    const exact = { ...several, connectedAccountId: second.id };
    const vended = await pipes.createDataIntegrationCredential(exact);
    const unsure = () => pipes.createDataIntegrationCredential(several);

    assertEquals([first.connectionRole, first.apiKeyLast4], ["compatibility", "2345"]);
    assertEquals([second.connectionRole, second.clientId, second.clientSecretLast4], ["standard", "c", "cret"]);
    assertEquals(listed.connectedAccounts?.map(({ id }) => id), [first.id, second.id]);
    assertEquals(vended.credential?.authMethod, "client_credentials");
    assertEquals((await assertRejects(unsure, ConflictException)).code, "account_selection_required");
    const change = { connectionIntent: "reauthorize", state: "needs_reauthorization" } as const;
    assertEquals((await pipes.updateUserConnectedAccount({ ...exact, ...change })).id, second.id);
    await pipes.deleteUserConnectedAccount(exact);
    assertEquals((await pipes.getUserConnectedAccount(several)).id, first.id);
  });

  it("an application signs a user in for AuthKit", async () => {
    const user = { id: "ext_eve", email: "eve@example.com", firstName: "Eve", metadata: { teamName: "x" } };
    const externalAuthId = emulator.startExternalAuth();
    const { redirectUri } = await workos.connect.completeOAuth2({ externalAuthId, user });
    const made = await workos.userManagement.getUserByExternalId("ext_eve");

    assert(redirectUri.startsWith("https://api.workos.com/oauth/authorize/complete?state="));
    assertEquals([made.email, made.firstName, made.metadata], ["eve@example.com", "Eve", { teamName: "x" }]);
    const again = await assertRejects(() => workos.connect.completeOAuth2({ externalAuthId, user }));
    assertEquals((again as GenericServerException).code, "external_auth_session_already_completed");
  });

  it("Radar blocks what is on its lists", async () => {
    const { radar } = workos;
    const request = { ipAddress: "1.2.3.4", userAgent: "test", email: "eve@evil.example" };
    const attempt = { ...request, authMethod: "Password", action: "sign-in" } as const;
    const entry = { type: "domain", action: "block", entry: "evil.example" } as const;
    const before = await radar.createAttempt(attempt);
    await radar.updateAttempt({ id: before.attemptId, attemptStatus: "success" });
    await radar.addListEntry(entry);
    const again = await radar.addListEntry(entry);
    const { verdict, control, blocklistType } = await radar.createAttempt(attempt);
    await radar.removeListEntry(entry);

    assertEquals([before.verdict, verdict, control, blocklistType], ["allow", "block", "restriction", "domain"]);
    assertEquals(again.message, "Entry already present in list");
    assertEquals((await radar.createAttempt(attempt)).verdict, "allow");
    await assertRejects(() => radar.removeListEntry(entry), NotFoundException);
  });

  it("Radar challenges a sign-in", async () => {
    emulator.setPolicies({ radarChallenge: "email" });
    const { userManagement } = workos;
    const credentials = { clientId, email: "bob@example.com", password: "battery staple" };
    const refused = () =>
      assertRejects(() => userManagement.authenticateWithPassword(credentials), AuthenticationException);
    const byEmail = await refused();
    const { radarChallengeId = "", pendingAuthenticationToken = "" } = byEmail;
    const { code } = await userManagement.getRadarChallenge(radarChallengeId);
    const answer = { clientId, code, radarChallengeId, pendingAuthenticationToken };
    const { user } = await userManagement.authenticateWithRadarEmailChallenge(answer);

    assertEquals([byEmail.code, user.id], ["radar_email_challenge", "user_bob"]);
    assertEquals(code, mail("radar_challenge", "bob@example.com").code);
    emulator.setPolicies({ radarChallenge: "sms" });
    const bySms = await refused();
    const pending = { pendingAuthenticationToken: bySms.pendingAuthenticationToken ?? "" };
    const phone = { phoneNumber: "+15005550006" };
    const { verificationId } = await userManagement.sendRadarSmsChallenge({ userId: user.id, ...pending, ...phone });
    const sms = { clientId, ...pending, ...phone, verificationId, code: mail("sms_challenge", phone.phoneNumber).code };
    assertEquals((await userManagement.authenticateWithRadarSmsChallenge(sms)).user.id, "user_bob");
  });

  it("agents are claimed, and their credentials validated", async () => {
    const { agents } = workos;
    const id = emulator.registerAgent({ organization_id: "org_2" });
    const claimAttemptToken = emulator.startAgentClaim(id, "eve@example.com");
    const user = { email: "eve@example.com", externalId: "ext_eve" };
    const { userCode } = await agents.linkClaimAttemptToExternalUser({ claimAttemptToken, user });
    emulator.completeAgentClaim(userCode);
    const { status, organizationId, agentIdentity, claim } = await agents.getRegistration(id);
    const { id: eve } = await workos.userManagement.getUserByExternalId("ext_eve");

    assertEquals([status, organizationId, agentIdentity.userlandUserId], ["verified", "org_2", eve]);
    assertEquals(typeof claim?.claimCompletion?.claimedAt, "string");
    const again = () => agents.linkClaimAttemptToExternalUser({ claimAttemptToken, user });
    assertEquals((await assertRejects(again, ConflictException)).code, "already_claimed");

    const credential = await emulator.agentToken(id);
    const token = { type: "access_token", credential, checkForRevoked: true } as const;
    const key = { type: "api_key", credential: emulator.agentKey(id) } as const;
    const foreign = { ...token, credential: await emulator.agentToken(id, "https://other.example") };
    const valid = await agents.validateCredential(token);
    assertEquals([valid.registrationId, valid.claims?.actor?.sub, valid.claims?.organizationId], [id, eve, "org_2"]);
    assertEquals((await agents.validateCredential(key)).registrationId, id);
    assertEquals((await agents.validateCredential(foreign)).valid, false);
    assertEquals((await agents.validateCredential({ ...foreign, audience: "https://other.example" })).valid, true);

    emulator.revokeAgent(id);
    assertEquals((await agents.validateCredential({ ...token, checkForRevoked: false })).valid, true);
    for (const revoked of [token, key]) assertEquals((await agents.validateCredential(revoked)).valid, false);
    const other = await emulator.agentToken(emulator.registerAgent({ organization_id: "org_1" }));
    emulator.advance(60 * 60_000);
    const late = new WorkOS(emulator.clientOptions);
    assertEquals((await late.agents.validateCredential({ type: "access_token", credential: other })).valid, false);
    const secrets = [claimAttemptToken, credential, key.credential];
    assertEquals(secrets.some((secret) => JSON.stringify(emulator.requests).includes(secret)), false);
  });

  it("agents are made from blueprints, for nobody, for a user and for each other", async () => {
    const { agents } = workos;
    const sessionSettings = { maxAgeSeconds: 86_400, accessTokenTtlSeconds: 600, refreshTokenTtlSeconds: 3_600 };
    const { id: agentBlueprintId } = await agents.createBlueprint({ name: "Bot", sessionSettings });
    const credentials = { clientId, email: "bob@example.com", password: "battery staple" };
    const user = await workos.userManagement.authenticateWithPassword(credentials);
    const mint = (options: object) => agents.mintToken({ agentBlueprintId, ...options } as MintAgentTokenOptions);

    const own = await mint({ type: "autonomous", organizationId: "org_1" });
    const delegated = await mint({ type: "user_delegated", userAccessToken: user.accessToken });
    const further = await mint({ type: "agent_delegated", agentAccessToken: delegated.accessToken });
    const refreshed = await mint({ type: "refresh", refreshToken: delegated.refreshToken });

    assertEquals([own, delegated, further, refreshed].map(({ newInstance }) => newInstance), [
      true,
      true,
      false,
      false,
    ]);
    assertEquals(refreshed.agentInstanceSessionId, delegated.agentInstanceSessionId);
    const { data } = await agents.listInstances({ organizationId: "org_1", agentBlueprintId });
    assertEquals(data.map(({ type, organizationMembershipId }) => [type, organizationMembershipId]), [
      ["delegated", "om_2"],
      ["autonomous", null],
    ]);
    const { agentInstanceId, agentInstanceSessionId: sessionId } = own;
    assertEquals((await agents.revokeInstanceSession(sessionId)).status, "revoked");
    assertEquals((await agents.listInstanceSessions({ agentInstanceId })).data[0].revokedAt !== null, true);
    await agents.updateBlueprint({ agentBlueprintId, description: "Tidies up" });
    assertEquals((await agents.getBlueprint(agentBlueprintId)).description, "Tidies up");
    await agents.deleteInstance(agentInstanceId);
    await assertRejects(() => agents.getInstanceSession(sessionId), NotFoundException);
    await agents.deleteBlueprint(agentBlueprintId);
    assertEquals((await agents.listBlueprints()).data, []);
  });

  it("passwordless sessions sign in to a profile", async () => {
    const person = { type: "MagicLink", email: "eve@example.com" } as const;
    const session = await workos.passwordless.createSession({ ...person, redirectURI: REDIRECT_URI, state: "s" });
    assertEquals(await workos.passwordless.sendSession(session.id), { success: true });
    const { code, state } = await visit(session.link);
    const { profile } = await workos.sso.getProfileAndToken({ code, clientId });

    assertEquals([mail("passwordless", person.email).id, state], [session.id, "s"]);
    assertEquals([profile.connectionType, profile.email], ["MagicLink", person.email]);
    assertEquals(session.expiresAt.getTime() > emulator.now(), true);
  });

  it("profiles of OIDC connections sign out", async () => {
    const connections = [{ id: "conn_1", connection_type: "GenericOIDC" }];
    const profiles = [{ id: "prof_1", connection_id: "conn_1", email: "ada@example.com" }];
    emulator.reset({ connections, profiles });
    const { logoutUrl, logoutToken } = await workos.sso.authorizeLogout({ profileId: "prof_1" });

    assertEquals(workos.sso.getLogoutUrl({ token: logoutToken }), logoutUrl);
    assertEquals((await emulator.fetch(logoutUrl)).status, 302);
  });

  it("checks permissions on resources", async () => {
    const { authorization, groups } = workos;
    const organizationMembershipId = "om_2";
    const workspace = { organizationId: "org_1", resourceTypeSlug: "workspace", externalId: "w-1", name: "Main" };
    await authorization.createPermission({ slug: "docs:read", name: "Read", resourceTypeSlug: "document" });
    await authorization.createEnvironmentRole({ slug: "guest", name: "Guest", resourceTypeSlug: "workspace" });
    await authorization.setEnvironmentRolePermissions("guest", { permissions: ["docs:read"] });
    const { id: parentResourceId } = await authorization.createResource(workspace);
    const { id: resourceId } = await authorization.createResource({
      ...workspace,
      resourceTypeSlug: "document",
      externalId: "d-1",
      parentResourceId,
    });
    const check = { organizationMembershipId, permissionSlug: "docs:read", resourceId };
    const where = { resourceExternalId: "w-1", resourceTypeSlug: "workspace" };

    const before = await authorization.check(check);
    const given = await authorization.assignRole({ organizationMembershipId, roleSlug: "guest", ...where });
    const after = await authorization.check(check);

    assertEquals([before.authorized, after.authorized, given.resource.id], [false, true, parentResourceId]);
    for (const route of ["membership", "resource"] as const) {
      const { data } = await authorization.listEffectivePermissions({ organizationMembershipId, resourceId, route });
      assertEquals(data.map(({ slug }) => slug), ["docs:read"]);
    }
    const options = { organizationMembershipId, permissionSlug: "docs:read", parentResourceId };
    assertEquals((await authorization.listResourcesForMembership(options)).data.map(({ id }) => id), [resourceId]);
    const members = await authorization.listMembershipsForResource({ resourceId, permissionSlug: "docs:read" });
    assertEquals(members.data.map(({ id, user }) => [id, user?.email]), [["om_2", "bob@example.com"]]);

    await authorization.removeRole({ organizationMembershipId, roleSlug: "guest", ...where });
    const { id: groupId } = await groups.createGroup({ organizationId: "org_1", name: "Guests" });
    await groups.addOrganizationMembership({ organizationId: "org_1", groupId, organizationMembershipId });
    const roleAssignments = [{ roleSlug: "guest", resourceId: parentResourceId }, { roleSlug: "admin" }];
    const replaced = await authorization.replaceGroupRoleAssignments({ groupId, roleAssignments });
    const { data } = await authorization.listRoleAssignments({ organizationMembershipId });

    assertEquals(data.map(({ role, source }) => [role.slug, source.groupRoleAssignmentId ?? source.type]), [
      ["admin", replaced.data[1].id],
      ["guest", replaced.data[0].id],
      ["member", "direct"],
    ]);
    assertEquals(await authorization.check(check), { authorized: true });
    await assertRejects(() => authorization.deleteResource({ resourceId: parentResourceId }), ConflictException);
    await authorization.deleteResource({ resourceId: parentResourceId, cascadeDelete: true });
    await assertRejects(() => authorization.check(check), NotFoundException);
  });

  it("tells what the emulator does not serve from what is not there", async () => {
    const error = await assertRejects(() => workos.get("/nothing/here"), GenericServerException);

    assertEquals([error.status, error.code], [501, "not_emulated"]);
    assert(error.message.includes("The emulator does not serve GET /nothing/here"));
  });

  describe("feature flags", () => {
    const slugs = ({ data }: { data: { slug: string }[] }) => data.map(({ slug }) => slug);

    it("are listed, switched and targeted", async () => {
      const { featureFlags } = workos;
      const all = await featureFlags.listFeatureFlags({ order: "asc" });
      const disabled = await featureFlags.disableFeatureFlag("dark-mode");
      await featureFlags.addFlagTarget({ slug: "checkout", targetId: "user_bob" });
      await featureFlags.removeFlagTarget({ slug: "beta", targetId: "org_1" });
      await featureFlags.addFlagTarget({ slug: "beta", targetId: "org_2" });

      assertEquals(slugs(all), ["checkout", "dark-mode", "beta"]);
      assertEquals([disabled.enabled, disabled.defaultValue, disabled.owner], [false, true, null]);
      assertEquals(await featureFlags.getFeatureFlag("dark-mode"), disabled);
      assertEquals(slugs(await featureFlags.listUserFeatureFlags({ userId: "user_bob" })), ["checkout"]);
      assertEquals(slugs(await featureFlags.listOrganizationFeatureFlags({ organizationId: "org_2" })), ["beta"]);
      const nobody = () => featureFlags.addFlagTarget({ slug: "beta", targetId: "user_nobody" });
      assertEquals((await assertRejects(nobody, NotFoundException)).status, 404);
    });

    it("are evaluated by a client that fetches on demand, which tells what changed", async () => {
      const client = workos.featureFlags.createRuntimeClient({ mode: "onDemand" });
      const changes: unknown[] = [];
      client.on("change", ({ key, previous, current }) => changes.push([key, previous?.enabled, current?.enabled]));
      await client.waitUntilReady();

      const before = client.getAllFlags({ userId: "user_bob", organizationId: "org_2" });
      await workos.featureFlags.addFlagTarget({ slug: "checkout", targetId: "user_bob" });
      await workos.featureFlags.disableFeatureFlag("dark-mode");
      const fresh = await client.refresh({ maxAgeMs: 0 });
      client.close();

      assertEquals(before, { "checkout": false, "dark-mode": true, "beta": false });
      assertEquals([fresh, client.isEnabled("checkout", { userId: "user_bob" })], [true, true]);
      assertEquals(client.isEnabled("dark-mode", { userId: "user_bob" }), false);
      assertEquals(client.isEnabled("beta", { organizationId: "org_1" }), true);
      assertEquals(client.isEnabled("beta", { workspace: { id: "w1" } }), true);
      assertEquals([client.isEnabled("unknown"), client.isEnabled("unknown", {}, true)], [false, true]);
      assertEquals(changes, [
        ["checkout", true, true],
        ["dark-mode", true, false],
      ]);
    });

    it("agree with the claim of access tokens", async () => {
      const client = workos.featureFlags.createRuntimeClient({ mode: "onDemand" });
      await client.waitUntilReady();
      const code = emulator.authorizationCode({ user: "user_ada", organizationId: "org_1" });
      const { accessToken } = await workos.userManagement.authenticateWithCode({ code });

      const flags = client.getAllFlags({ userId: "user_ada", organizationId: "org_1" });

      assertEquals(decodeJwt(accessToken).payload.feature_flags, Object.keys(flags).filter((slug) => flags[slug]));
    });

    it("are polled in the background, and stay as they are while that fails", async () => {
      const client = workos.featureFlags.createRuntimeClient();
      await client.waitUntilReady();
      emulator.failNext({ status: 400 });

      const fresh = await client.refresh({ maxAgeMs: 0 });
      client.close();

      assertEquals([fresh, client.isEnabled("dark-mode")], [false, true]);
      const { pollCount, pollErrorCount, flagCount } = client.getStats();
      assertEquals([pollCount, pollErrorCount, flagCount], [2, 1, 3]);
    });

    it("are refused to a client with another API key", async () => {
      const client = connect({ apiKey: "sk_test_other" }).featureFlags.createRuntimeClient({ mode: "onDemand" });

      await assertRejects(() => client.waitUntilReady(), UnauthorizedException);
      client.close();
    });
  });

  describe("the vault", () => {
    const context = { organization_id: "org_1", firstName: "x" };

    it("keeps secrets with all their versions", async () => {
      const { vault } = workos;
      const { id, versionId, ...metadata } = await vault.createObject({ name: "db/main", value: "one", context });
      const updated = await vault.updateObject({ id, value: "two", versionCheck: versionId! });
      const stale = () => vault.updateObject({ id, value: "three", versionCheck: versionId! });
      const conflict = await assertRejects(stale, ConflictException);

      const read = await vault.readObject({ id });
      const versions = await vault.listObjectVersions({ id });

      assertEquals([metadata.context, metadata.updatedAt instanceof Date], [context, true]);
      assertEquals([read.value, await vault.readObjectByName("db/main")], ["two", read]);
      assertEquals([(await vault.describeObject({ id })).value, updated.value], [undefined, undefined]);
      assertEquals([conflict.status, updated.metadata], [409, read.metadata]);
      assertEquals(versions.map((version) => [version.id, version.currentVersion]), [
        [updated.metadata.versionId, true],
        [versionId, false],
      ]);
      const gone = () => vault.deleteObject({ id, versionCheck: versionId! });
      await assertRejects(gone, ConflictException);
      await vault.deleteObject({ id });
      await assertRejects(() => vault.readObject({ id }), NotFoundException);
    });

    it("lists what there is, and gives a name once", async () => {
      const { vault } = workos;
      for (const name of ["a", "b", "c"]) await vault.createObject({ name, value: name, context });

      const list = await vault.listObjects({ limit: 2 });
      const search = await vault.listObjects({ search: "b", updatedAfter: new Date(emulator.now() - 60_000) });

      assertEquals((await list.toArray()).map(({ name }) => name), ["c", "b", "a"]);
      assertEquals(search.data.map(({ name }) => name), ["b"]);
      await assertRejects(() => vault.createObject({ name: "a", value: "", context }), ConflictException);
    });

    it("encrypts here, with keys of its own", async () => {
      const { vault } = workos;
      const text = "\ufeffnaïve 🗝";

      const encrypted = await vault.encrypt(text, context, "user_1");
      const other = await vault.encrypt(text, context, "user_1");

      assertEquals(await vault.decrypt(encrypted, "user_1"), text);
      assertNotEquals(encrypted, other);
      const wrong = await assertRejects(() => vault.decrypt(encrypted, "user_2"), Error);
      assertEquals([wrong.name, (wrong as { reason?: string }).reason], ["VaultError", "undecryptable"]);
      assertEquals(emulator.events.map(({ event }) => event), [
        "vault.kek.created",
        "vault.dek.read",
        "vault.dek.read",
        "vault.dek.decrypted",
        "vault.dek.decrypted",
      ]);
    });

    it("moves keys to another context", async () => {
      const { vault } = workos;
      const pair = await vault.createDataKey({ context });

      const moved = await vault.createRekey({ context: { tenant: "t1" }, encryptedKeys: pair.encryptedKeys });
      const opened = await vault.decryptDataKey({ keys: moved.encryptedKeys! });

      assertEquals([pair.context, moved.context], [context, { tenant: "t1" }]);
      assertNotEquals(moved.encryptedKeys, pair.encryptedKeys);
      assertEquals([moved.dataKey, opened], [pair.dataKey.key, pair.dataKey]);
      const broken = pair.encryptedKeys.replace(/^./, (first) => first === "A" ? "B" : "A");
      const error = await assertRejects(() => vault.decryptDataKey({ keys: broken }), WorkOSException);
      assertEquals(error.status, 400);
    });
  });
});
