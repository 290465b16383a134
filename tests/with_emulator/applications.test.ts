import { beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConflictException, type MintAgentTokenOptions, NotFoundException, WorkOS } from "../../mod.ts";
import { emulator, REDIRECT_URI, restart, visit } from "./client.ts";

const { clientId } = emulator;

describe("applications and agents with the emulator", () => {
  let workos: WorkOS;

  beforeEach(() => {
    workos = restart();
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
});
