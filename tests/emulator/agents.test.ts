import { beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createEmulator, type EmulatorSeed, type SeedAgentRegistration } from "../../src/emulator/mod.ts";
import { decodeJwt } from "../../src/entries/jwt.ts";
import { type Driver, SEED, start } from "./drive.ts";

const CLAIM = "/agents/claims/attempts";
const VALIDATE = "/agents/credentials/validate";
const STAMPS = { created_at: "2026-01-01T00:00:00.000Z", updated_at: "2026-01-01T00:00:00.000Z" };
const LATER = "2026-01-01T00:01:00.000Z";
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const INVALID = { valid: false, registration_id: null, expires_at: null };

const users = SEED.users.map((user) => ({ ...user, external_id: user.id.replace("user", "ext") }));
const ADA = { email: "ada@example.com", external_id: "ext_ada" };
const BOB = { email: "bob@example.com", external_id: "ext_bob" };
const EVE = { email: "eve@example.com", external_id: "ext_eve" };
const AGENTS: EmulatorSeed = {
  organizations: [...SEED.organizations, { id: "org_agents", name: "Agents" }],
  agent_registrations: [
    { id: "agent_1", organization_id: "org_agents" },
    { id: "agent_2", organization_id: "org_1", user_id: "user_ada", kind: "identity_assertion" },
  ],
};

describe("agents", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: { ...SEED, ...AGENTS, users } });
  });

  const registration = async (id: string) => (await api.get(`/agents/registrations/${id}`)).body;
  const begin = (email = BOB.email) => api.emulator.startAgentClaim("agent_1", email);
  const link = (claim_attempt_token: string, user: object, rest: object = {}) =>
    api.patch(CLAIM, { type: "link_external_user", claim_attempt_token, user, ...rest });
  const refusal = async (...args: Parameters<typeof link>) => {
    const { status, body } = await link(...args);
    return [status, body.code];
  };
  const validate = async (type: string, credential: string, audience?: string) =>
    (await api.post(VALIDATE, { type, credential, audience })).body;
  const told = () =>
    api.emulator.events.filter(({ event }) => event.startsWith("agent.")).map(({ event, data }) => [
      event.replace("agent.registration.", ""),
      data,
    ]);

  describe("register", () => {
    it("for nobody, or for a user", async () => {
      assertEquals(await registration("agent_1"), {
        id: "agent_1",
        agent_identity: { id: "agent_identity_01000000000000000000000001", userland_user_id: null, ...STAMPS },
        organization_id: "org_agents",
        status: "unverified",
        kind: "anonymous",
        claim: {
          id: "agent_reg_claim_01000000000000000000000001",
          claim_completion: null,
          expires_at: "2026-01-02T00:00:00.000Z",
          ...STAMPS,
        },
        ...STAMPS,
      });
      const { agent_identity, status, kind, claim } = await registration("agent_2");
      assertEquals(agent_identity.userland_user_id, "user_ada");
      assertEquals([status, kind, claim], ["verified", "identity_assertion", null]);
      assertEquals((await api.get("/agents/registrations/agent_9")).status, 404);
    });

    it("at any time, which is an event", async () => {
      const id = api.emulator.registerAgent({ organization_id: "org_1", kind: "service_auth" });

      assertEquals(id, "agent_reg_01000000000000000000000001");
      assertEquals((await registration(id)).status, "unverified");
      assertEquals(told(), [["created", {
        object: "agent_registration",
        id,
        agent_identity: {
          object: "agent_identity",
          id: "agent_identity_01000000000000000000000003",
          userland_user_id: null,
        },
        organization_id: "org_1",
        status: "unverified",
        kind: "service_auth",
        method: "service_auth",
        ...STAMPS,
      }]]);
      api.emulator.registerAgent({ organization_id: "org_1", kind: "identity_assertion", user_id: "user_bob" });
      assertEquals((told()[1][1] as { method: string }).method, "id_jag");
    });

    it("nowhere, and as nothing unknown: neither later nor in a seed", () => {
      const wrong: [object, string][] = [
        [{ organization_id: "org_9" }, "Cannot register agent"],
        [{ organization_id: "org_1", user_id: "user_9" }, "Cannot register agent"],
        [{ organization_id: "org_1", kind: "robot" }, "agent_registrations[0].kind"],
        [{ organization_id: "org_1", status: "verified" }, "agent_registrations[0].status: it is unknown"],
      ];
      for (const [agent, message] of wrong) {
        const agents = [agent as SeedAgentRegistration];
        assertThrows(() => api.emulator.registerAgent(agents[0]), TypeError, message);
        assertThrows(() => createEmulator({ seed: { ...SEED, agent_registrations: agents } }), TypeError, message);
      }
    });

    it("for a day, unless they are claimed", async () => {
      api.emulator.advance(DAY);

      assertEquals((await registration("agent_1")).status, "expired");
      assertEquals((await registration("agent_2")).status, "verified");
      assertThrows(() => begin(), TypeError, "Cannot find agent");
    });
  });

  describe("are claimed", () => {
    it("by a user of your own: the code is for the agent", async () => {
      const token = begin();
      api.emulator.advance(60_000);
      const { status, body } = await link(token, BOB);

      const { user_code } = body;
      assert(/^[A-Z]{4}-[A-Z]{4}$/.test(user_code));
      const organizations = [{ id: "org_1", name: "Acme" }];
      assertEquals([status, body], [200, { id: "agent_1", status: "unverified", user_code, organizations }]);
      assertEquals((await registration("agent_1")).status, "unverified");
      assertEquals((await link(token, BOB)).body, body);

      api.emulator.completeAgentClaim(user_code);

      const agent = await registration("agent_1");
      assertEquals([agent.status, agent.organization_id, agent.updated_at], ["verified", "org_1", LATER]);
      assertEquals(agent.agent_identity.userland_user_id, "user_bob");
      const attempt = "agent_reg_claim_attempt_01000000000000000000000001";
      const expires_at = "2026-01-01T00:10:00.000Z";
      const times = { ...STAMPS, updated_at: LATER };
      assertEquals(agent.claim.claim_completion, { id: attempt, expires_at, claimed_at: LATER, ...times });
      const about = { agent_registration_id: "agent_1" };
      const claim = agent.claim.id;
      assertEquals(told(), [
        ["claim.attempt.created", {
          object: "agent_registration_claim_attempt",
          id: attempt,
          ...about,
          agent_registration_claim_id: claim,
          login_hint: "bob@example.com",
          expires_at,
          ...STAMPS,
        }],
        ["claim.completed", {
          object: "agent_registration_claim",
          id: claim,
          ...about,
          completed_by_attempt_id: attempt,
          claimed_by: { user_id: "user_bob", organization_id: "org_1" },
          completed_at: LATER,
          ...times,
        }],
        ["organization.switched", { ...about, from_organization_id: "org_agents", to_organization_id: "org_1" }],
      ]);
    });

    it("by a user who is new, and stay where they are", async () => {
      const { status, body } = await link(begin(EVE.email), EVE);
      api.emulator.completeAgentClaim(body.user_code);

      assertEquals([status, body.organizations], [200, []]);
      const user = (await api.get("/user_management/users/external_id/ext_eve")).body;
      assertEquals(user.email, "eve@example.com");
      const { organization_id, agent_identity } = await registration("agent_1");
      assertEquals([organization_id, agent_identity.userland_user_id], ["org_agents", user.id]);
      assertEquals(api.eventNames().slice(1), ["user.created", "agent.registration.claim.completed"]);
    });

    it("in one of the organizations of a user, who has to choose", async () => {
      const token = begin(ADA.email);
      const { status, body } = await link(token, ADA);

      const organizations = [{ id: "org_1", name: "Acme" }, { id: "org_2", name: "Globex" }];
      const code = "organization_selection_required";
      assertEquals([status, body], [409, { code, message: "Organization selection required.", organizations }]);
      assertEquals(await refusal(token, ADA, { organization_id: "org_agents" }), [400, "invalid_organization"]);
      api.emulator.completeAgentClaim((await link(token, ADA, { organization_id: "org_2" })).body.user_code);
      assertEquals((await registration("agent_1")).organization_id, "org_2");
    });

    it("by nobody else", async () => {
      const token = begin();

      assertEquals(await refusal("cla_tkn_9", BOB), [400, "invalid_claim"]);
      assertEquals(await refusal(token, ADA), [400, "wrong_account"]);
      assertEquals(await refusal(token, EVE), [400, "wrong_account"]);
      assertEquals(await refusal(token, { ...BOB, email: "bob@other.example" }), [400, "email_mismatch"]);
      assertEquals(await refusal(token, { ...BOB, external_id: "ext_9" }), [409, "email_already_in_use"]);
      assertEquals(await refusal(token, BOB, { organization_id: "org_2" }), [400, "invalid_organization"]);
      assertEquals(await refusal(begin(EVE.email), EVE, { organization_id: "org_1" }), [400, "invalid_organization"]);
      assertEquals((await api.get("/user_management/users/external_id/ext_eve")).status, 404);
    });

    it("once, in time, and not after they were revoked", async () => {
      const [first, second] = [begin(), begin()];
      const { user_code } = (await link(first, BOB)).body;
      const other = (await link(second, BOB)).body.user_code;
      api.emulator.advance(10 * 60_000);
      assertEquals(await refusal(first, BOB), [410, "user_code_expired"]);
      assertThrows(() => api.emulator.completeAgentClaim(user_code), TypeError, "Cannot complete claim");

      const third = begin();
      const open = begin();
      const unlinked = (await link(third, BOB)).body.user_code;
      api.emulator.completeAgentClaim(unlinked);
      assertEquals(await refusal(open, BOB), [409, "already_claimed"]);
      for (const code of [unlinked, other, ""]) {
        assertThrows(() => api.emulator.completeAgentClaim(code), TypeError, "Cannot complete claim");
      }
      assertThrows(() => begin(), TypeError, "Cannot claim agent");
      assertThrows(() => api.emulator.startAgentClaim("agent_2", ADA.email), TypeError, "Cannot claim agent");
    });

    it("never, once their registration is over", async () => {
      const late = begin();
      api.emulator.advance(DAY);
      assertEquals(await refusal(late, BOB), [410, "claim_expired"]);

      const id = api.emulator.registerAgent({ organization_id: "org_1" });
      const token = api.emulator.startAgentClaim(id, BOB.email);
      const { user_code } = (await link(token, BOB)).body;
      api.emulator.revokeAgent(id);
      assertEquals(await refusal(token, BOB), [403, "claim_denied"]);
      assertThrows(() => api.emulator.completeAgentClaim(user_code), TypeError, "Cannot complete claim");
    });

    it("only after the attempt was linked to a user", async () => {
      const twin = await start({ seed: { ...SEED, ...AGENTS, users } }); // deterministic: it has the same codes
      const claim_attempt_token = twin.emulator.startAgentClaim("agent_1", BOB.email);
      const linked = await twin.patch(CLAIM, { type: "link_external_user", claim_attempt_token, user: BOB });

      const token = begin();
      assertThrows(() => api.emulator.completeAgentClaim(linked.body.user_code), TypeError, "Cannot complete claim");
      assertEquals((await link(token, BOB)).body, linked.body);
    });

    it("with a body that is complete, else a 400", async () => {
      const token = begin();
      const bodies: [object, object?][] = [
        [{ ...BOB, email: "bob" }],
        [{ ...BOB, external_id: "" }],
        [{ ...BOB, external_id: "é" }],
        [BOB, { user: undefined }],
        [BOB, { type: undefined }],
        [BOB, { type: "link" }],
        [BOB, { claim_attempt_token: "" }],
        [BOB, { organization_id: null }],
        [BOB, { organization_id: "" }],
      ];
      for (const [user, rest] of bodies) assertEquals(await refusal(token, user, rest), [400, "invalid_request"]);
    });
  });

  describe("have credentials", () => {
    it("API keys of their organization", async () => {
      const value = api.emulator.agentKey("agent_2");

      assertEquals(await validate("api_key", value), { valid: true, registration_id: "agent_2", expires_at: null });
      assertEquals(await validate("access_token", value), INVALID);
      const { api_key, agent_registration_id } = (await api.post("/api_keys/validations", { value })).body;
      assertEquals([api_key.owner, agent_registration_id], [{ type: "organization", id: "org_1" }, "agent_2"]);
      assertEquals(told(), [["credential.issued", {
        object: "agent_registration_credential",
        id: "agent_reg_credential_01000000000000000000000001",
        agent_registration_id: "agent_2",
        detail: { kind: "api_key", api_key_id: api_key.id },
        ...STAMPS,
      }]]);

      await api.post(`/api_keys/${api_key.id}/expire`, { expires_at: LATER });
      assertEquals((await validate("api_key", value)).expires_at, LATER);
      api.emulator.advance(60_000);
      assertEquals(await validate("api_key", value), INVALID);
    });

    it("access tokens for an hour, for one audience", async () => {
      const { emulator } = api;
      const [own, other] = [
        await emulator.agentToken("agent_2"),
        await emulator.agentToken("agent_1", "https://r.example"),
      ];

      const { clientId, issuer } = emulator;
      const { jti, ...claims } = decodeJwt(own).payload;
      const iat = Date.UTC(2026, 0, 1) / 1000;
      const who = { sub: "agent_2", org_id: "org_1", act: { sub: "user_ada" } };
      assertEquals(claims, { iss: issuer, aud: clientId, ...who, iat, exp: iat + 3600 });
      assertEquals([decodeJwt(other).payload.act, decodeJwt(other).payload.aud], [undefined, "https://r.example"]);
      const expires_at = "2026-01-01T01:00:00.000Z";
      assertEquals((told()[0][1] as { detail: object }).detail, { kind: "access_token", jti, expires_at });
      const valid = { valid: true, registration_id: "agent_2", expires_at };
      assertEquals(await validate("access_token", own), valid);
      assertEquals(await validate("access_token", own, clientId), valid);
      assertEquals(await validate("access_token", own, "https://r.example"), INVALID);
      assertEquals((await validate("access_token", other, "https://r.example")).registration_id, "agent_1");
      assertEquals(await validate("api_key", own), INVALID);
      emulator.advance(HOUR);
      assertEquals(await validate("access_token", own), INVALID);
      assertEquals([own, other].some((it) => JSON.stringify(emulator.requests).includes(it)), false);
    });

    it("as long as they are registered", async () => {
      const { emulator } = api;
      const key = emulator.agentKey("agent_2");
      const token = await emulator.agentToken("agent_2");
      const lapsing = emulator.agentKey("agent_1");
      assertEquals((await validate("api_key", lapsing)).registration_id, "agent_1");

      emulator.revokeAgent("agent_2");
      assertEquals([await validate("api_key", key), await validate("access_token", token)], [INVALID, INVALID]);
      assertEquals((await api.post("/api_keys/validations", { value: key })).body, { api_key: null });
      assertEquals((await registration("agent_2")).status, "revoked");
      assertEquals(told().at(-1), ["revoked", { agent_registration_id: "agent_2" }]);
      assertThrows(() => emulator.agentKey("agent_2"), TypeError, "Cannot find agent");
      assertThrows(() => emulator.revokeAgent("agent_2"), TypeError, "Cannot find agent");
      await assertRejects(() => emulator.agentToken("agent_9"), TypeError, "Cannot find agent");
      emulator.advance(DAY);
      assertEquals(await validate("api_key", lapsing), INVALID);
    });

    it("which are theirs alone, and are asked for properly", async () => {
      const { value } = (await api.post("/organizations/org_1/api_keys", { name: "CI" })).body;
      const forged = await api.emulator.signToken({ sub: "agent_2", aud: api.emulator.clientId });

      assertEquals([await validate("api_key", value), await validate("access_token", forged)], [INVALID, INVALID]);
      assertEquals((await api.post("/api_keys/validations", { value })).body.agent_registration_id, undefined);
      const bodies = [
        { credential: "x" },
        { type: "api_key" },
        { type: "api_key", credential: "" },
        { type: "password", credential: "x" },
        { type: "access_token", credential: "x", audience: 1 },
        { type: "access_token", credential: "x", audience: "" },
      ];
      for (const body of bodies) {
        const { status, body: { code } } = await api.post(VALIDATE, body);
        assertEquals([body, status, code], [body, 400, "invalid_request"]);
      }
    });
  });

  it("go with their organization or user", async () => {
    const token = begin();
    const { user_code } = (await link(token, BOB)).body;
    const credential = api.emulator.agentKey("agent_2");
    await api.remove("/user_management/users/user_bob");
    assertThrows(() => api.emulator.completeAgentClaim(user_code), TypeError, "Cannot complete claim");
    assertEquals(await refusal(token, BOB), [400, "invalid_claim"]);

    const open = begin();
    await api.remove("/user_management/users/user_ada");
    await api.remove("/organizations/org_agents");

    assertEquals(await refusal(open, BOB), [400, "invalid_claim"]);
    assertEquals(await validate("api_key", credential), INVALID);
    for (const id of ["agent_1", "agent_2"]) assertEquals((await api.get(`/agents/registrations/${id}`)).status, 404);
    const deleted = told().filter(([event]) => event === "deleted").map(([, data]) => data);
    assertEquals(deleted, [{ agent_registration_id: "agent_2" }, { agent_registration_id: "agent_1" }]);
  });

  it("are announced with the seed, if that is wanted", async () => {
    const announced = await start({ seed: { ...SEED, ...AGENTS }, announceSeed: true });

    const created = announced.emulator.events.filter(({ event }) => event === "agent.registration.created");
    assertEquals(created.map(({ data }) => data.id), ["agent_1", "agent_2"]);
  });
});
