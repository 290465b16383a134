import { beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AuthenticationException,
  createWorkOS,
  type FetchFunction,
  GenericServerException,
  NotFoundException,
  OauthException,
  UnauthorizedException,
  type WorkOS,
} from "../../mod.ts";
import { decodeJwt } from "../../src/entries/jwt.ts";
import { emulator, mail, REDIRECT_URI, restart, visit } from "./client.ts";

const { clientId } = emulator;

describe("sign-in with the emulator", () => {
  let workos: WorkOS;

  beforeEach(() => {
    workos = restart();
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
});
