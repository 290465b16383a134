import { assert, assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  ApiKeyRequiredException,
  AuthenticationException,
  GenericServerException,
  type WorkOSOptions,
} from "../../../mod.ts";
import type { UserManagement } from "../../../src/resources/user_management.ts";
import { unsealData } from "../../../src/seal.ts";
import { fakeApi, json } from "../../fake_api.ts";
import vectors from "../../vectors/token-requests.json" with { type: "json" };

interface Case {
  name: string;
  input: { config: WorkOSOptions; product: string; method: string; options: unknown; responseBody?: object };
  expected: {
    requests: { method: string; url: string; body: string; headers: Record<string, string> }[];
    throws?: { name: string; message: string };
  };
}

/** Vectors that record what the Node SDK does and we do not. */
const DIFFERENT = new Set([
  "codeAndVerifier: empty verifier is not validated",
  "refresh error: sealSession on a public client, after the request was sent",
  "seal error: sealSession without cookiePassword (no env fallback here)",
]);

const granted = {
  user: { object: "user", id: "user_1", email: "ada@example.com" },
  organization_id: "org_1",
  access_token: "at",
  refresh_token: "rt",
};

type Method = (options: unknown, request?: object) => Promise<unknown>;

function method(area: UserManagement, name: string): Method {
  return (area as unknown as Record<string, Method>)[name].bind(area);
}

describe("token-requests vectors", () => {
  for (const { name, input, expected } of vectors as Case[]) {
    if (input.product !== "userManagement" || DIFFERENT.has(name)) continue;
    it(name, async () => {
      const config = { apiKey: undefined, clientId: undefined, ...input.config };
      const api = fakeApi.with(config, input.responseBody ?? granted);

      const call = method(api.workos.userManagement, input.method)(input.options);
      const error = await call.then(() => undefined, (error: Error) => error);

      assertEquals(error?.name, expected.throws?.name);
      if (expected.throws && error?.name !== "ApiKeyRequiredException") {
        assertEquals(error?.message, expected.throws.message);
      }
      assertEquals(
        api.requests.map(({ method, url, init, headers }) => {
          return { method, url, body: init.body, authorization: headers.authorization, type: headers["content-type"] };
        }),
        expected.requests.map(({ method, url, body, headers }) => {
          return { method, url, body, authorization: headers["Authorization"], type: headers["Content-Type"] };
        }),
      );
    });
  }
});

const base = { ipAddress: "203.0.113.1", userAgent: "UA/1.0", deviceId: "device_1" };
const context = { ip_address: "203.0.113.1", user_agent: "UA/1.0", device_id: "device_1" };
const pending = { pendingAuthenticationToken: "pat" };
const grants: Record<string, { options: object; type: string; body: object; noSecret?: boolean; open?: boolean }> = {
  authenticateWithCode: {
    options: { code: "c", codeVerifier: "v", invitationToken: "i", signalsId: "s" },
    type: "authorization_code",
    body: { code: "c", code_verifier: "v", invitation_token: "i", signals_id: "s" },
    open: true,
  },
  authenticateWithCodeAndVerifier: {
    options: { code: "c", codeVerifier: "v", invitationToken: "i", signalsId: "s" },
    type: "authorization_code",
    body: { code: "c", code_verifier: "v", invitation_token: "i", signals_id: "s" },
    noSecret: true,
    open: true,
  },
  authenticateWithRefreshToken: {
    options: { refreshToken: "r", organizationId: "org_1" },
    type: "refresh_token",
    body: { refresh_token: "r", organization_id: "org_1" },
    open: true,
  },
  authenticateWithPassword: {
    options: { email: "e", password: "p", invitationToken: "i", radarAuthAttemptId: "ra", signalsId: "s" },
    type: "password",
    body: { email: "e", password: "p", invitation_token: "i", radar_auth_attempt_id: "ra", signals_id: "s" },
  },
  authenticateWithMagicAuth: {
    options: { code: "c", email: "e", linkAuthorizationCode: "l", invitationToken: "i", radarAuthAttemptId: "ra" },
    type: "urn:workos:oauth:grant-type:magic-auth:code",
    body: { code: "c", email: "e", link_authorization_code: "l", invitation_token: "i", radar_auth_attempt_id: "ra" },
  },
  authenticateWithTotp: {
    options: { code: "c", authenticationChallengeId: "ch", ...pending },
    type: "urn:workos:oauth:grant-type:mfa-totp",
    body: { code: "c", authentication_challenge_id: "ch", pending_authentication_token: "pat" },
  },
  authenticateWithEmailVerification: {
    options: { code: "c", ...pending },
    type: "urn:workos:oauth:grant-type:email-verification:code",
    body: { code: "c", pending_authentication_token: "pat" },
  },
  authenticateWithOrganizationSelection: {
    options: { organizationId: "org_1", ...pending },
    type: "urn:workos:oauth:grant-type:organization-selection",
    body: { organization_id: "org_1", pending_authentication_token: "pat" },
  },
  authenticateWithRadarEmailChallenge: {
    options: { code: "c", radarChallengeId: "rc", ...pending },
    type: "urn:workos:oauth:grant-type:radar-email-challenge:code",
    body: { code: "c", radar_challenge_id: "rc", pending_authentication_token: "pat" },
  },
  authenticateWithRadarSmsChallenge: {
    options: { code: "c", verificationId: "v", phoneNumber: "+1", ...pending },
    type: "urn:workos:oauth:grant-type:radar-sms-challenge:code",
    body: { code: "c", verification_id: "v", phone_number: "+1", pending_authentication_token: "pat" },
  },
  authenticateWithDeviceCode: {
    options: { deviceCode: "d" },
    type: "urn:ietf:params:oauth:grant-type:device_code",
    body: { device_code: "d" },
    noSecret: true,
    open: true,
  },
};

for (const [name, { options, type, body, noSecret, open }] of Object.entries(grants)) {
  describe(`${name}()`, () => {
    it("sends the device, and nothing about sealing", async () => {
      const api = fakeApi(granted);
      const session = { sealSession: false, cookiePassword: "never sent" };
      const given = Object.freeze({ ...options, ...base, session: Object.freeze(session), unknown: "dropped" });

      await method(api.workos.userManagement, name)(given);

      const secret = noSecret ? {} : { client_secret: "sk_test_fake" };
      assertEquals(api.requests[0].method, "POST");
      assertEquals(api.requests[0].path, "/user_management/authenticate");
      assertEquals(api.requests[0].body, {
        grant_type: type,
        client_id: "client_fake",
        ...secret,
        ...body,
        ...context,
      });
    });

    it("needs a client id, and an empty one does not fall back", async () => {
      const api = fakeApi(granted);

      const call = () => method(api.workos.userManagement, name)({ ...options, clientId: "" });

      await assertRejects(call, TypeError, "clientId is required");
      assertEquals(api.requests.length, 0);
    });

    it("takes the client id from its options, else from the area", async () => {
      const api = fakeApi(granted);
      api.workos.userManagement.clientId = "client_replaced";

      await method(api.workos.userManagement, name)(options);
      await method(api.workos.userManagement, name)({ ...options, clientId: "client_option" });

      assertEquals(api.requests.map(({ body }) => body.client_id), ["client_replaced", "client_option"]);
    });

    it("is not repeated once an answer has arrived", async () => {
      const api = fakeApi.with({ maxRetries: 2 }, json({ message: "Down" }, { status: 503 }), granted);

      await assertRejects(() => method(api.workos.userManagement, name)(options), GenericServerException);

      assertEquals(api.requests.length, 1);
    });

    it("refuses to seal without a cookie password before the grant is spent", async () => {
      const api = fakeApi(granted);

      const call = () => method(api.workos.userManagement, name)({ ...options, session: { sealSession: true } });

      await assertRejects(call, Error, "Cookie password is required");
      assertEquals(api.requests.length, 0);
    });

    it("passes request options on", async () => {
      const api = fakeApi(granted);

      await method(api.workos.userManagement, name)(options, { headers: { "X-Test": "1" } });

      assertEquals(api.requests[0].headers["x-test"], "1");
    });

    it(open ? "works without an API key" : "needs an API key", async () => {
      const api = fakeApi.with({ apiKey: undefined }, granted);

      const call = method(api.workos.userManagement, name)(options);

      if (!open) await assertRejects(() => call, ApiKeyRequiredException);
      else await call;
      if (!open) {
        const session = { sealSession: true, cookiePassword: "0123456789 0123456789 0123456789" };
        const sealing = method(api.workos.userManagement, name)({ ...options, session });
        await assertRejects(() => sealing, ApiKeyRequiredException);
      }
      assertEquals(api.requests.length, open ? 1 : 0);
      if (open) assertEquals("client_secret" in api.requests[0].body, false);
    });
  });
}

describe("authenticateWithCodeAndVerifier() without a verifier", () => {
  for (const codeVerifier of ["", "  ", undefined, null, 7]) {
    it(`refuses ${JSON.stringify(codeVerifier) ?? "undefined"}`, async () => {
      const api = fakeApi(granted);
      const options = { code: "c", codeVerifier: codeVerifier as string };

      const call = () => api.workos.userManagement.authenticateWithCodeAndVerifier(options);

      await assertRejects(call, TypeError, "codeVerifier cannot be an empty string");
      assertEquals(api.requests.length, 0);
    });
  }
});

describe("session option on a public client", () => {
  it("is refused before the refresh token is spent", async () => {
    const api = fakeApi.with({ apiKey: undefined }, granted);
    const session = { sealSession: true, cookiePassword: "x".repeat(32) };

    const call = () => api.workos.userManagement.authenticateWithRefreshToken({ refreshToken: "r", session });

    await assertRejects(call, Error, "Session sealing requires server-side usage with an API key");
    assertEquals(api.requests.length, 0);
  });
});

describe("session option", () => {
  it("reads the claims alone, as the access token of a stand-in has no real header and signature", async () => {
    const api = fakeApi({ ...granted, access_token: `header.${btoa('{"org_id":"org_1"}')}.signature` });
    const cookiePassword = "x".repeat(32);
    const session = { sealSession: true, cookiePassword };

    const { sealedSession } = await api.workos.userManagement.authenticateWithCode({ code: "c", session });

    const opened = await unsealData(sealedSession!, { password: cookiePassword });
    assert(opened.ok);
    assertEquals((opened.value as { organizationId?: string }).organizationId, "org_1");
  });
});

describe("answer of a sign-in", () => {
  it("has every member in camelCase", async () => {
    const api = fakeApi({
      ...granted,
      user: { ...granted.user, first_name: "Ada", metadata: { first_name: "x", lastName: "y" } },
      authentication_method: "GoogleOAuth",
      impersonator: { email: "admin@example.com", reason: null },
      authkit_authorization_code: "aac",
      oauth_tokens: {
        provider: "GoogleOAuth",
        access_token: "oat",
        refresh_token: "ort",
        expires_at: 1_790_000_000,
        scopes: ["email"],
      },
      brand_new_field: { inner_name: 1 },
    });

    const response = await api.workos.userManagement.authenticateWithCode({ code: "c" });

    assertEquals(response as unknown, {
      user: {
        object: "user",
        id: "user_1",
        email: "ada@example.com",
        firstName: "Ada",
        name: null,
        externalId: null,
        metadata: { first_name: "x", lastName: "y" },
      },
      organizationId: "org_1",
      accessToken: "at",
      refreshToken: "rt",
      authenticationMethod: "GoogleOAuth",
      impersonator: { email: "admin@example.com", reason: null },
      authkitAuthorizationCode: "aac",
      oauthTokens: {
        provider: "GoogleOAuth",
        accessToken: "oat",
        refreshToken: "ort",
        expiresAt: 1_790_000_000,
        scopes: ["email"],
      },
      brandNewField: { innerName: 1 },
    });
  });

  it("has no oauthTokens when they are null", async () => {
    const api = fakeApi({ ...granted, oauth_tokens: null });

    const response = await api.workos.userManagement.authenticateWithCode({ code: "c" });

    assertEquals("oauthTokens" in response, false);
  });

  it("is an AuthenticationException when a further step is needed", async () => {
    const body = { code: "mfa_challenge", message: "Second factor", pending_authentication_token: "pat" };
    const api = fakeApi(json(body, { status: 403 }));

    const error = await assertRejects(
      () => api.workos.userManagement.authenticateWithPassword({ email: "e", password: "p" }),
      AuthenticationException,
    );

    assertEquals(error.code, "mfa_challenge");
    assertEquals(error.pendingAuthenticationToken, "pat");
  });
});
