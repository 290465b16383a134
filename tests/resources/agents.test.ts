import { assertEquals, assertFalse, assertRejects, assertStrictEquals } from "@std/assert";
import { before, describe, it } from "@std/testing/bdd";
import { ConflictException } from "../../mod.ts";
import { generateSigningKey, type SigningKey, signJwt } from "../../src/emulator/signing.ts";
import type {
  MintAgentTokenOptions,
  ValidateAgentAccessTokenOptions,
  ValidateAgentCredentialOptions,
} from "../../src/resources/agents.ts";
import { freezeClock } from "../frozen_clock.ts";
import { fakeApi, type FakeRequest, json } from "../fake_api.ts";
import allVectors from "../vectors/agents.json" with { type: "json" };

interface Vector {
  name: string;
  input: {
    clientId: string | null;
    options: ValidateAgentCredentialOptions;
    jwks: unknown;
    apiResponse?: unknown;
    nowMs: number;
  };
  expected: { value?: unknown; throws?: unknown; apiRequests: Pick<FakeRequest, "method" | "path" | "body">[] };
}

const VECTORS = allVectors as unknown as Vector[];
const INVALID = { valid: false, registrationId: null, expiresAt: null, claims: null };

const TIMES = { created_at: "2026-01-15T12:00:00.000Z", updated_at: "2026-01-16T12:00:00.000Z" };
const READ_TIMES = { createdAt: "2026-01-15T12:00:00.000Z", updatedAt: "2026-01-16T12:00:00.000Z" };

const BLUEPRINT = {
  object: "agent_blueprint",
  id: "agent_blueprint_1",
  name: "Helper",
  description: null,
  permissions: ["posts:read"],
  invocable_by: { role_slugs: ["admin"], organization_ids: [] },
  session_settings: { max_age_seconds: 3600, access_token_ttl_seconds: 300, refresh_token_ttl_seconds: 900 },
  ...TIMES,
  brand_new: { deep_field: 1 },
};
const READ_BLUEPRINT = {
  object: "agent_blueprint",
  id: "agent_blueprint_1",
  name: "Helper",
  description: null,
  permissions: ["posts:read"],
  invocableBy: { roleSlugs: ["admin"], organizationIds: [] },
  sessionSettings: { maxAgeSeconds: 3600, accessTokenTtlSeconds: 300, refreshTokenTtlSeconds: 900 },
  ...READ_TIMES,
  brandNew: { deepField: 1 },
};

const INSTANCE = {
  object: "agent_instance",
  id: "agent_instance_1",
  agent_blueprint_id: "agent_blueprint_1",
  organization_id: "org_1",
  organization_membership_id: null,
  type: "autonomous",
  ...TIMES,
};
const READ_INSTANCE = {
  object: "agent_instance",
  id: "agent_instance_1",
  agentBlueprintId: "agent_blueprint_1",
  organizationId: "org_1",
  organizationMembershipId: null,
  type: "autonomous",
  ...READ_TIMES,
};

const SESSION = {
  object: "agent_instance_session",
  id: "agent_instance_session_1",
  agent_instance_id: "agent_instance_1",
  status: "revoked",
  expires_at: "2030-01-01T00:00:00.000Z",
  revoked_at: "2026-01-16T12:00:00.000Z",
  ...TIMES,
};
const READ_SESSION = {
  object: "agent_instance_session",
  id: "agent_instance_session_1",
  agentInstanceId: "agent_instance_1",
  status: "revoked",
  expiresAt: "2030-01-01T00:00:00.000Z",
  revokedAt: "2026-01-16T12:00:00.000Z",
  ...READ_TIMES,
};

const list = (item: unknown) => ({ object: "list", data: [item], list_metadata: { before: null, after: "next" } });

describe("Agents", () => {
  it("createBlueprint() sends every option", async () => {
    const api = fakeApi(BLUEPRINT);

    const blueprint = await api.workos.agents.createBlueprint({
      name: "Helper",
      description: "Helps",
      permissions: ["posts:read"],
      invocableBy: { roleSlugs: ["admin"], organizationIds: ["org_1"] },
      sessionSettings: { maxAgeSeconds: 3600, accessTokenTtlSeconds: 300, refreshTokenTtlSeconds: 900 },
    });

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["POST", "/agents/blueprints"]);
    assertEquals(request.body, {
      name: "Helper",
      description: "Helps",
      permissions: ["posts:read"],
      invocable_by: { role_slugs: ["admin"], organization_ids: ["org_1"] },
      session_settings: { max_age_seconds: 3600, access_token_ttl_seconds: 300, refresh_token_ttl_seconds: 900 },
    });
    assertEquals(blueprint as unknown, READ_BLUEPRINT);
  });

  it("updateBlueprint() sends what was given; null clears", async () => {
    const api = fakeApi(BLUEPRINT);

    const blueprint = await api.workos.agents.updateBlueprint({
      agentBlueprintId: "agent_blueprint_1",
      description: null,
      sessionSettings: { maxAgeSeconds: 60 },
    });

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["PATCH", "/agents/blueprints/agent_blueprint_1"]);
    assertEquals(request.body, { description: null, session_settings: { max_age_seconds: 60 } });
    assertEquals(blueprint as unknown, READ_BLUEPRINT);
  });

  it("getBlueprint(), getInstance() and getInstanceSession() fetch by id", async () => {
    const api = fakeApi(BLUEPRINT, INSTANCE, SESSION);
    const { agents } = api.workos;

    const found: unknown[] = [
      await agents.getBlueprint("agent_blueprint_1"),
      await agents.getInstance("agent_instance_1"),
      await agents.getInstanceSession("agent_instance_session_1"),
    ];

    assertEquals(api.requests.map(({ method, path, body }) => [method, path, body]), [
      ["GET", "/agents/blueprints/agent_blueprint_1", undefined],
      ["GET", "/agents/instances/agent_instance_1", undefined],
      ["GET", "/agents/sessions/agent_instance_session_1", undefined],
    ]);
    assertEquals(found, [READ_BLUEPRINT, READ_INSTANCE, READ_SESSION]);
  });

  it("deleteBlueprint() and deleteInstance() delete by id", async () => {
    const api = fakeApi(json(undefined, { status: 204 }));
    const { agents } = api.workos;

    const results = [
      await agents.deleteBlueprint("agent_blueprint_1"),
      await agents.deleteInstance("agent_instance_1"),
    ];

    assertEquals(api.requests.map(({ method, path, body }) => [method, path, body]), [
      ["DELETE", "/agents/blueprints/agent_blueprint_1", undefined],
      ["DELETE", "/agents/instances/agent_instance_1", undefined],
    ]);
    assertEquals(results, [undefined, undefined]);
  });

  it("deleteBlueprint() and deleteInstance() reject when the API refuses", async () => {
    const { agents } = fakeApi(json({}, { status: 409 })).workos;

    await assertRejects(() => agents.deleteBlueprint("agent_blueprint_1"), ConflictException);
    await assertRejects(() => agents.deleteInstance("agent_instance_1"), ConflictException);
  });

  it("revokeInstanceSession() revokes by id", async () => {
    const api = fakeApi(SESSION);

    const session = await api.workos.agents.revokeInstanceSession("agent_instance_session_1");

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["POST", "/agents/sessions/agent_instance_session_1/revoke"]);
    assertEquals(request.body, {});
    assertEquals(session as unknown, READ_SESSION);
  });

  it("listBlueprints(), listInstances() and listInstanceSessions() send their filters", async () => {
    const api = fakeApi(list(BLUEPRINT), list(INSTANCE), list(SESSION));
    const { agents } = api.workos;

    const pages: unknown[] = [
      (await agents.listBlueprints({ limit: 5 })).data,
      (await agents.listInstances({ organizationId: "org_1", agentBlueprintId: "agent_blueprint_1" })).data,
      (await agents.listInstanceSessions({ agentBlueprintId: "b", agentInstanceId: "i", order: "asc" })).data,
    ];

    assertEquals(api.requests.map(({ method, path, query }) => [method, path, query]), [
      ["GET", "/agents/blueprints", { limit: "5", order: "desc" }],
      ["GET", "/agents/instances", {
        organization_id: "org_1",
        agent_blueprint_id: "agent_blueprint_1",
        order: "desc",
      }],
      ["GET", "/agents/sessions", { agent_blueprint_id: "b", agent_instance_id: "i", order: "asc" }],
    ]);
    assertEquals(pages, [[READ_BLUEPRINT], [READ_INSTANCE], [READ_SESSION]]);
  });

  it("linkClaimAttemptToExternalUser() names its operation", async () => {
    const organizations = [{ id: "org_1", name: "Acme" }];
    const api = fakeApi({ id: "agent_reg_1", status: "unverified", user_code: "ABCD", organizations });

    const attempt = await api.workos.agents.linkClaimAttemptToExternalUser({
      claimAttemptToken: "cla_tkn_1",
      user: { email: "ada@example.com", externalId: "u1" },
      organizationId: "org_1",
    });

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["PATCH", "/agents/claims/attempts"]);
    assertEquals(request.body, {
      type: "link_external_user",
      claim_attempt_token: "cla_tkn_1",
      user: { email: "ada@example.com", external_id: "u1" },
      organization_id: "org_1",
    });
    assertEquals(attempt, { id: "agent_reg_1", status: "unverified", userCode: "ABCD", organizations });
  });

  it("getRegistration() reads the claim, which may be absent", async () => {
    const identity = { id: "agent_identity_1", userland_user_id: null, ...TIMES };
    const completion = { id: "c2", ...TIMES, expires_at: "e", claimed_at: "c" };
    const claim = { id: "c1", claim_completion: completion, ...TIMES, expires_at: "e" };
    const registration = { id: "agent_reg_1", agent_identity: identity, organization_id: "org_1", ...TIMES };
    const open = { ...registration, claim: { id: "c1", ...TIMES } };
    const api = fakeApi({ ...registration, status: "verified", kind: "anonymous", claim }, registration, open);

    const claimed = await api.workos.agents.getRegistration("agent_reg_1");
    const unclaimed = await api.workos.agents.getRegistration("agent_reg_1");
    const started = await api.workos.agents.getRegistration("agent_reg_1");

    assertEquals([api.requests[0].method, api.requests[0].path], ["GET", "/agents/registrations/agent_reg_1"]);
    assertEquals(claimed as unknown, {
      id: "agent_reg_1",
      agentIdentity: { id: "agent_identity_1", userlandUserId: null, ...READ_TIMES },
      organizationId: "org_1",
      status: "verified",
      kind: "anonymous",
      claim: {
        id: "c1",
        claimCompletion: { id: "c2", ...READ_TIMES, expiresAt: "e", claimedAt: "c" },
        ...READ_TIMES,
        expiresAt: "e",
      },
      ...READ_TIMES,
    });
    assertEquals(unclaimed.claim, null);
    assertEquals(started.claim?.claimCompletion, null);
  });

  it("refuses an empty id before anything is sent", async () => {
    const api = fakeApi({});
    const { agents } = api.workos;
    const mint = { agentBlueprintId: "", type: "autonomous", organizationId: "org_1" } as const;

    await assertRejects(() => agents.getBlueprint(""), TypeError);
    await assertRejects(() => agents.updateBlueprint({ agentBlueprintId: "" }), TypeError);
    await assertRejects(() => agents.deleteBlueprint(""), TypeError);
    await assertRejects(() => agents.mintToken(mint), TypeError);
    await assertRejects(() => agents.getInstance(""), TypeError);
    await assertRejects(() => agents.deleteInstance(""), TypeError);
    await assertRejects(() => agents.getInstanceSession(""), TypeError);
    await assertRejects(() => agents.revokeInstanceSession(""), TypeError);
    await assertRejects(() => agents.getRegistration(""), TypeError);

    assertEquals(api.requests, []);
  });
});

describe("Agents.mintToken()", () => {
  const TOKEN = {
    access_token: "at",
    token_type: "Bearer",
    expires_in: 300,
    refresh_token: "rt",
    agent_instance_id: "agent_instance_1",
    new_instance: true,
    agent_instance_session_id: "agent_instance_session_1",
    permissions: ["posts:read"],
  };
  const agentBlueprintId = "agent_blueprint_1";
  const intent = "book a flight";

  it("sends what its type takes", async () => {
    const cases: { options: MintAgentTokenOptions; body: unknown }[] = [
      {
        options: { agentBlueprintId, type: "user_delegated", userAccessToken: "uat", intent },
        body: { type: "user_delegated", user_access_token: "uat", intent },
      },
      {
        options: { agentBlueprintId, type: "autonomous", organizationId: "org_1", intent },
        body: { type: "autonomous", organization_id: "org_1", intent },
      },
      {
        options: { agentBlueprintId, type: "agent_delegated", agentAccessToken: "aat", intent },
        body: { type: "agent_delegated", agent_access_token: "aat", intent },
      },
      {
        options: { agentBlueprintId, type: "refresh", refreshToken: "rt0", intent },
        body: { type: "refresh", refresh_token: "rt0", intent },
      },
    ];
    for (const { options, body } of cases) {
      const api = fakeApi(TOKEN);
      const tokens = { userAccessToken: "u", organizationId: "o", agentAccessToken: "a", refreshToken: "r" };

      const token = await api.workos.agents.mintToken({ ...tokens, ...options });

      const [request] = api.requests;
      assertEquals([request.method, request.path], ["POST", "/agents/blueprints/agent_blueprint_1/tokens"]);
      assertEquals(request.body, body);
      assertEquals(token, {
        accessToken: "at",
        tokenType: "Bearer",
        expiresIn: 300,
        refreshToken: "rt",
        agentInstanceId: "agent_instance_1",
        newInstance: true,
        agentInstanceSessionId: "agent_instance_session_1",
        permissions: ["posts:read"],
      });
    }
  });

  it("refuses an unknown type", async () => {
    const api = fakeApi(TOKEN);

    for (const type of ["other", "constructor", undefined]) {
      const options = { agentBlueprintId, type } as unknown as MintAgentTokenOptions;
      await assertRejects(() => api.workos.agents.mintToken(options), TypeError);
    }

    assertEquals(api.requests, []);
  });

  it("does not repeat a refresh that was answered", async () => {
    const failure = json({ message: "down" }, { status: 503, headers: { "Retry-After": "0" } });
    const refresh = fakeApi.with({ maxRetries: 2 }, failure);
    const other = fakeApi.with({ maxRetries: 2 }, failure, TOKEN);

    await assertRejects(() =>
      refresh.workos.agents.mintToken({ agentBlueprintId, type: "refresh", refreshToken: "r" })
    );
    await other.workos.agents.mintToken({ agentBlueprintId, type: "autonomous", organizationId: "org_1" });

    assertEquals([refresh.requests.length, other.requests.length], [1, 2]);
  });
});

describe("Agents.validateCredential() on vectors", () => {
  const clock = freezeClock();

  /** What the Node SDK throws for, although the token alone is to blame. */
  const REFUSED_HERE = ["throws: unknown kid", "throws: alg none"];

  for (const { name, input, expected } of VECTORS) {
    it(name, async () => {
      const { options, clientId, jwks, apiResponse, nowMs } = input;
      const answers = options.type === "access_token" ? [jwks, apiResponse] : [apiResponse];
      const api = fakeApi.with({ clientId: clientId ?? undefined }, ...answers);
      clock.now = nowMs;

      const validation = api.workos.agents.validateCredential(options);

      if (name === "throws: no clientId") await assertRejects(() => validation, TypeError, "client id");
      else assertEquals(await validation as unknown, REFUSED_HERE.includes(name) ? INVALID : expected.value);
      const sent = api.requests.filter(({ path }) => !path.startsWith("/sso/jwks/"));
      assertEquals(sent.map(({ method, path, body }) => ({ method, path, body })), expected.apiRequests);
    });
  }

  it("covers every vector that throws", () => {
    const throwing = VECTORS.filter(({ expected }) => expected.throws).map(({ name }) => name);

    assertEquals(throwing, [...REFUSED_HERE, "throws: no clientId"]);
  });
});

describe("Agents.validateCredential()", () => {
  const NOW = 1_790_000_000_000;
  const CLAIMS = {
    iss: "https://api.workos.com",
    aud: "client_fake",
    sub: "agent_reg_1",
    jti: "jti_1",
    org_id: "org_1",
    exp: NOW / 1000 + 60,
    iat: NOW / 1000,
  };
  let key: SigningKey;

  freezeClock(NOW);

  before(async () => {
    key = await generateSigningKey("kid_1");
  });

  async function validate(claims: object, options: Partial<ValidateAgentAccessTokenOptions> = {}, answer?: unknown) {
    const credential = await signJwt(claims, { privateKey: key.privateKey, kid: "kid_1" });
    const api = fakeApi({ keys: [key.jwk] }, answer);
    const validation = await api.workos.agents.validateCredential({ type: "access_token", credential, ...options });
    return { api, validation };
  }

  it("asks for the keys of the client id, without the API key", async () => {
    const { api, validation } = await validate(CLAIMS);

    assertStrictEquals(validation.valid, true);
    const [request] = api.requests;
    assertEquals([request.method, request.path, api.requests.length], ["GET", "/sso/jwks/client_fake", 1]);
    assertFalse("authorization" in request.headers);
  });

  it("goes by the clock of the client", async () => {
    const credential = await signJwt(CLAIMS, { privateKey: key.privateKey, kid: "kid_1" });
    const validate = async (time: number) => {
      const api = fakeApi.with({ now: () => time }, { keys: [key.jwk] });
      return (await api.workos.agents.validateCredential({ type: "access_token", credential })).valid;
    };

    assertEquals([await validate(NOW + 59_000), await validate(NOW + 60_000)], [true, false]);
  });

  it("asks for the keys once", async () => {
    const credential = await signJwt(CLAIMS, { privateKey: key.privateKey, kid: "kid_1" });
    const api = fakeApi({ keys: [key.jwk] });

    const first = await api.workos.agents.validateCredential({ type: "access_token", credential });
    const second = await api.workos.agents.validateCredential({ type: "access_token", credential });

    assertEquals([first.valid, second.valid, api.requests.length], [true, true, 1]);
  });

  it("keeps other claims; none of them passes for a verified one", async () => {
    const others = { permissions: ["posts:read"], first_name: "x", actor: "evil", registrationId: "evil", issuer: 1 };

    const { validation } = await validate({ ...CLAIMS, ...others, expiresAt: 1, organizationId: "evil" });

    assertEquals(validation.claims as unknown, {
      issuer: "https://api.workos.com",
      audience: "client_fake",
      registrationId: "agent_reg_1",
      jti: "jti_1",
      organizationId: "org_1",
      expiresAt: NOW / 1000 + 60,
      issuedAt: NOW / 1000,
      permissions: ["posts:read"],
      first_name: "x",
    });
  });

  it("refuses claims of the wrong type", async () => {
    const wrong = [
      { iss: "" },
      { sub: "" },
      { jti: 1 },
      { org_id: null },
      { aud: ["client_fake", 1] },
      { aud: { client_fake: true } },
      { exp: "4102444800" },
      { exp: 8.64e12 + 1 },
      { iat: "now" },
      { iat: null },
      { scope: ["posts:read"] },
      { act: "user_1" },
      { act: null },
      { act: { sub: 1 } },
      { nbf: NOW / 1000 + 60 },
    ];
    for (const claim of wrong) {
      const { validation } = await validate({ ...CLAIMS, ...claim });

      assertEquals(validation as unknown, INVALID, JSON.stringify(claim));
    }
  });

  it("refuses a token whose times are over, to the second", async () => {
    const ends = await validate({ ...CLAIMS, exp: NOW / 1000 });
    const lasts = await validate({ ...CLAIMS, exp: NOW / 1000 + 1 });

    assertEquals([ends.validation.valid, lasts.validation.valid], [false, true]);
    assertEquals(lasts.validation.expiresAt, "2026-09-21T14:13:21.000Z");
  });

  it("accepts the last second that a date can hold", async () => {
    const { validation } = await validate({ ...CLAIMS, exp: 8.64e12 });

    assertStrictEquals(validation.expiresAt, "+275760-09-13T00:00:00.000Z");
  });

  it("refuses a signature from another key", async () => {
    const other = await generateSigningKey("kid_1");
    const credential = await signJwt(CLAIMS, { privateKey: other.privateKey, kid: "kid_1" });
    const api = fakeApi({ keys: [key.jwk] });

    const validation = await api.workos.agents.validateCredential({ type: "access_token", credential });

    assertEquals(validation, INVALID as unknown);
  });

  it("refuses an empty audience instead of the client id's tokens", async () => {
    await assertRejects(() => validate({ ...CLAIMS, aud: "" }, { audience: "" }), TypeError, "audience");
  });

  it("throws when the keys cannot be loaded", async () => {
    const credential = await signJwt(CLAIMS, { privateKey: key.privateKey, kid: "kid_1" });
    const api = fakeApi(json({ message: "down" }, { status: 500 }));

    await assertRejects(() => api.workos.agents.validateCredential({ type: "access_token", credential }));
  });

  it("throws when the API cannot say whether the token was revoked", async () => {
    await assertRejects(() => validate(CLAIMS, { checkForRevoked: true }, json({ message: "down" }, { status: 500 })));
  });

  it("does not accept a remote answer that is only nearly valid", async () => {
    const answers = [
      {},
      { valid: "true", registration_id: "agent_reg_1" },
      { valid: 1, registration_id: "agent_reg_1" },
      { valid: true, registration_id: "" },
      { valid: true },
    ];
    for (const answer of answers) {
      const remote = fakeApi(answer);

      const key = await remote.workos.agents.validateCredential({ type: "api_key", credential: "sk_1" });
      const { validation: token } = await validate(CLAIMS, { checkForRevoked: true }, answer);

      assertEquals([key, token] as unknown[], [INVALID, INVALID]);
    }
  });

  it("keeps what else the API says", async () => {
    const good = fakeApi({ valid: true, registration_id: "agent_reg_1", brand_new: 1 });
    const bad = fakeApi({ valid: false, registration_id: null, expires_at: null, brand_new: 1 });
    const options = { type: "api_key", credential: "sk_1" } as const;

    const accepted = await good.workos.agents.validateCredential(options);
    const refused = await bad.workos.agents.validateCredential(options);

    const valid = { valid: true, registrationId: "agent_reg_1", expiresAt: null, claims: null, brandNew: 1 };
    assertEquals([accepted, refused] as unknown[], [valid, { ...INVALID, brandNew: 1 }]);
  });
});
