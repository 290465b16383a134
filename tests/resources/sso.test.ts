import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fromHex } from "../../src/bytes.ts";
import { OauthException } from "../../src/errors.ts";
import { ConnectionType, type SSOAuthorizationURLOptions } from "../../src/resources/sso.ts";
import { WorkOS, type WorkOSOptions } from "../../mod.ts";
import { type FakeApi, fakeApi, json } from "../fake_api.ts";
import urlVectors from "../vectors/authorization-urls.json" with { type: "json" };
import tokenVectors from "../vectors/token-requests.json" with { type: "json" };

const freeForm = { first_name: "Ada", lastName: "Lovelace", nested: { job_title: "x" } };

const connection = {
  object: "connection",
  id: "conn_1",
  organization_id: "org_1",
  connection_type: "OktaSAML",
  name: "Foo Corp",
  state: "active",
  status: "linked",
  domains: [{ object: "connection_domain", id: "conn_domain_1", domain: "foo-corp.com" }],
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-02T00:00:00.000Z",
  brand_new: { some_field: 1 },
};
const readableConnection = {
  object: "connection",
  id: "conn_1",
  organizationId: "org_1",
  type: ConnectionType.OktaSAML,
  name: "Foo Corp",
  state: "active",
  status: "linked",
  domains: [{ object: "connection_domain", id: "conn_domain_1", domain: "foo-corp.com" }],
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-02T00:00:00.000Z",
  brandNew: { someField: 1 },
};

const profile = {
  object: "profile",
  id: "prof_1",
  idp_id: "idp_1",
  organization_id: null,
  connection_id: "conn_1",
  connection_type: "GoogleOAuth",
  email: "ada@foo-corp.com",
  name: "Ada Lovelace",
  first_name: "Ada",
  last_name: null,
  role: { slug: "admin" },
  roles: [{ slug: "admin" }],
  groups: ["Dev_Team"],
  custom_attributes: freeForm,
  raw_attributes: freeForm,
  brand_new: 1,
};
const readableProfile = {
  object: "profile",
  id: "prof_1",
  idpId: "idp_1",
  organizationId: null,
  connectionId: "conn_1",
  connectionType: "GoogleOAuth",
  email: "ada@foo-corp.com",
  name: "Ada Lovelace",
  firstName: "Ada",
  lastName: null,
  role: { slug: "admin" },
  roles: [{ slug: "admin" }],
  groups: ["Dev_Team"],
  customAttributes: freeForm,
  rawAttributes: freeForm,
  brandNew: 1,
};

const token = {
  token_type: "Bearer",
  access_token: "at_1",
  expires_in: 600,
  profile,
  oauth_tokens: {
    provider: "GoogleOAuth",
    refresh_token: "rt_g",
    access_token: "at_g",
    expires_at: 1735141800,
    scopes: ["openid"],
  },
};

function sent(api: FakeApi): unknown[] {
  const { method, path, query, body } = api.requests[0];
  return [method, path, query, body];
}

/** Makes random bytes the given ones, call by call. */
async function withRandom<T>(hex: string[], run: () => Promise<T>): Promise<T> {
  const draws = hex.map(fromHex);
  Object.defineProperty(crypto, "getRandomValues", {
    value: (array: Uint8Array) => {
      array.set(draws.shift()!);
      return array;
    },
    configurable: true,
  });
  try {
    return await run();
  } finally {
    Reflect.deleteProperty(crypto, "getRandomValues");
  }
}

interface Expected {
  value?: unknown;
  throws?: { name: string; message: string };
  requests?: { method: string; url: string; body: string | null; headers: Record<string, string> }[];
}

interface Vector {
  name: string;
  input: {
    product?: string;
    method?: string;
    config?: WorkOSOptions;
    options?: unknown;
    randomHex?: string[];
    responseBody?: unknown;
  };
  expected: Expected;
}

const cases = (vectors: unknown): Vector[] => (vectors as Vector[]).filter(({ input }) => input.product === "sso");

describe("SSO", () => {
  describe("connections", () => {
    it("listConnections() filters, and reads connection_type as type", async () => {
      const api = fakeApi({ object: "list", data: [connection], list_metadata: { before: null, after: null } });
      const options = {
        connectionType: ConnectionType.OktaSAML,
        domain: "foo-corp.com",
        organizationId: "org_1",
        search: "Foo",
        limit: 5,
      };

      const list = await api.workos.sso.listConnections(options);

      assertEquals(list.data as unknown, [readableConnection]);
      assertEquals(list.options, options);
      assertEquals(sent(api), ["GET", "/connections", {
        connection_type: "OktaSAML",
        domain: "foo-corp.com",
        organization_id: "org_1",
        search: "Foo",
        limit: "5",
        order: "desc",
      }, undefined]);
    });

    it("getConnection() reads one connection", async () => {
      const api = fakeApi(connection);

      const answer = await api.workos.sso.getConnection("conn_1");

      assertEquals(answer as unknown, readableConnection);
      assertEquals(sent(api), ["GET", "/connections/conn_1", {}, undefined]);
    });

    it("getConnection() leaves an absent organization and type absent", async () => {
      const { organization_id: _organization, connection_type: _type, ...bare } = connection;
      const api = fakeApi(bare);

      const answer = await api.workos.sso.getConnection("conn_1");

      assertEquals(["organizationId" in answer, "type" in answer], [false, false]);
    });

    it("deleteConnection() answers nothing", async () => {
      const api = fakeApi(new Response(null, { status: 204 }));

      assertEquals(await api.workos.sso.deleteConnection("conn_1"), undefined);

      assertEquals(sent(api), ["DELETE", "/connections/conn_1", {}, undefined]);
    });

    it("refuses an empty id before anything is sent", async () => {
      const api = fakeApi({});

      await assertRejects(() => api.workos.sso.getConnection(""), TypeError);
      await assertRejects(() => api.workos.sso.deleteConnection(""), TypeError);

      assertEquals(api.requests.length, 0);
    });
  });

  describe("authorization URL vectors", () => {
    // The Node SDK builds a URL without client_id; ours takes the client's own
    const ours: Record<string, Expected> = {
      "sso: clientId is not defaulted from the client": {
        value: "https://api.workos.com/sso/authorize?client_id=client_test_01HXYZ&organization=org_1" +
          "&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback%3Fnext%3D%2Fa+b%26x%3D1&response_type=code",
      },
    };

    for (const { name, input, expected: official } of cases(urlVectors)) {
      it(name, async () => {
        const expected = ours[name] ?? official;
        const { sso } = new WorkOS(input.config);
        const options = input.options as SSOAuthorizationURLOptions;
        const run = () =>
          input.method === "getAuthorizationUrl"
            ? Promise.resolve(sso.getAuthorizationUrl(options))
            : withRandom(input.randomHex!, () => sso.getAuthorizationUrlWithPKCE(options));

        if (expected.throws) {
          const error = assertThrows(() => sso.getAuthorizationUrl(options), TypeError);
          assertEquals(error.message, expected.throws.message);
        } else {
          assertEquals(await run() as unknown, expected.value);
        }
      });
    }

    it("runs all of them", () => assertEquals(cases(urlVectors).length, 5));
  });

  describe("token vectors", () => {
    const url = "https://api.workos.com/sso/";
    const ours: Record<string, Expected> = {
      // The Node SDK sends the text "undefined"
      "sso token: missing clientId is sent as the text undefined": {
        requests: [{
          method: "POST",
          url: url + "token",
          body: "client_id=client_test_01HXYZ&grant_type=authorization_code&code=code_1&client_secret=sk_test_vectors",
          headers: { Authorization: "Bearer sk_test_vectors" },
        }],
      },
      // The access token is all the call needs
      "sso profile error: needs an API key although it does not use it": {
        requests: [{ method: "GET", url: url + "profile", body: null, headers: { Authorization: "Bearer at_1" } }],
      },
    };

    for (const { name, input, expected: official } of cases(tokenVectors)) {
      it(name, async () => {
        const expected = ours[name] ?? official;
        const config = { apiKey: undefined, clientId: undefined, ...input.config };
        const api = fakeApi.with(config, input.method === "getProfile" ? profile : token);
        const { sso } = api.workos;
        const run = () =>
          input.method === "getProfile"
            ? sso.getProfile(input.options as { accessToken: string })
            : sso.getProfileAndToken(input.options as { code: string });

        if (expected.throws) {
          const error = await assertRejects(run, TypeError);
          assertEquals(error.message, expected.throws.message);
        } else await run();

        assertEquals(
          api.requests.map(({ method, url, body, headers }) => [method, url, body, headers.authorization]),
          expected.requests!.map(({ method, url, body, headers }) => [
            method,
            url,
            body ?? undefined,
            headers.Authorization,
          ]),
        );
        for (const request of api.requests.filter(({ method }) => method === "POST")) {
          assertEquals(request.headers["content-type"], "application/x-www-form-urlencoded;charset=utf-8");
        }
      });
    }

    it("runs all of them", () => assertEquals(cases(tokenVectors).length, 7));
  });

  describe("getAuthorizationUrl()", () => {
    const redirectUri = "https://app.example.com/callback";

    it("needs a client id from somewhere", () => {
      const { sso } = new WorkOS({ apiKey: "sk_test_fake", clientId: "" });

      assertThrows(() => sso.getAuthorizationUrl({ connection: "conn_1", redirectUri }), TypeError, "clientId");
      assertThrows(
        () => sso.getAuthorizationUrl({ clientId: "", connection: "conn_1", redirectUri }),
        TypeError,
        "clientId",
      );
    });

    it("works without an API key, on another host, with nonce and prompt", () => {
      const { sso } = new WorkOS({ clientId: "client_1", apiHostname: "auth.example.com", port: 8443 });

      const url = sso.getAuthorizationUrl({ provider: "GoogleOAuth", redirectUri, nonce: "n&1", prompt: "login" });

      assertEquals(
        url,
        "https://auth.example.com:8443/sso/authorize?client_id=client_1&nonce=n%261&prompt=login&provider=GoogleOAuth" +
          "&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback&response_type=code",
      );
    });

    it("WithPKCE makes a new state and verifier for every URL", async () => {
      const { sso } = new WorkOS({ clientId: "client_1" });
      const options = { provider: "GoogleOAuth", redirectUri };

      const first = await sso.getAuthorizationUrlWithPKCE(options);
      const second = await sso.getAuthorizationUrlWithPKCE(options);

      const secrets = [first.state, first.codeVerifier, second.state, second.codeVerifier];
      assertEquals(new Set(secrets).size, 4);
      assertEquals(new URL(first.url).searchParams.get("state"), first.state);
      assertEquals(first.url.includes(first.codeVerifier), false);
    });
  });

  describe("getProfileAndToken()", () => {
    it("reads profile and tokens, attributes untouched", async () => {
      const api = fakeApi(token);

      const answer = await api.workos.sso.getProfileAndToken<{ first_name: string }>({ code: "code_1" });

      assertEquals(answer.profile.customAttributes?.first_name, "Ada");
      assertEquals(answer as unknown, {
        tokenType: "Bearer",
        accessToken: "at_1",
        expiresIn: 600,
        profile: readableProfile,
        oauthTokens: {
          provider: "GoogleOAuth",
          refreshToken: "rt_g",
          accessToken: "at_g",
          expiresAt: 1735141800,
          scopes: ["openid"],
        },
      });
    });

    it("reads tokens that are null as absent", async () => {
      const api = fakeApi({ ...token, oauth_tokens: null });

      const answer = await api.workos.sso.getProfileAndToken({ code: "code_1" });

      assertEquals("oauthTokens" in answer, false);
    });

    it("refuses to begin without client id, code or a real verifier", async () => {
      const api = fakeApi.with({ clientId: "" }, token);
      const { sso } = api.workos;
      const clientId = "client_1";

      await assertRejects(() => sso.getProfileAndToken({ code: "code_1" }), TypeError, "clientId");
      await assertRejects(() => sso.getProfileAndToken({ clientId, code: "" }), TypeError, "code is empty");
      await assertRejects(
        () => sso.getProfileAndToken({ clientId, code: "code_1", codeVerifier: " " }),
        TypeError,
        "codeVerifier cannot be an empty string",
      );

      assertEquals(api.requests.length, 0);
    });

    it("spends the code only once, even when the API falters", async () => {
      const api = fakeApi.with({ maxRetries: 2 }, json({ message: "Later" }, { status: 503 }), token);

      await assertRejects(() => api.workos.sso.getProfileAndToken({ code: "code_1" }));

      assertEquals(api.requests.length, 1);
    });

    it("rejects with the error of the API", async () => {
      const refusal = { error: "invalid_grant", error_description: "The code has expired" };
      const api = fakeApi(json(refusal, { status: 400 }));

      const error = await assertRejects(() => api.workos.sso.getProfileAndToken({ code: "c" }), OauthException);

      assertEquals(error.error, "invalid_grant");
    });
  });

  describe("getProfile()", () => {
    it("is authorized by the access token alone", async () => {
      const api = fakeApi(profile);

      const answer = await api.workos.sso.getProfile({ accessToken: "at_1" });

      assertEquals(answer as unknown, readableProfile);
      assertEquals(sent(api), ["GET", "/sso/profile", {}, undefined]);
      assertEquals(api.requests[0].headers.authorization, "Bearer at_1");
    });

    it("never falls back to the API key", async () => {
      const api = fakeApi(profile);

      await assertRejects(() => api.workos.sso.getProfile({ accessToken: "" }), TypeError, "accessToken");
      await assertRejects(
        () => api.workos.sso.getProfile({ accessToken: undefined as unknown as string }),
        TypeError,
        "accessToken",
      );

      assertEquals(api.requests.length, 0);
    });
  });

  describe("logout", () => {
    it("authorizeLogout() posts the profile", async () => {
      const api = fakeApi({ logout_url: "https://api.workos.com/sso/logout?token=t", logout_token: "t" });

      const answer = await api.workos.sso.authorizeLogout({ profileId: "prof_1" });

      assertEquals(answer, { logoutUrl: "https://api.workos.com/sso/logout?token=t", logoutToken: "t" });
      assertEquals(sent(api), ["POST", "/sso/logout/authorize", {}, { profile_id: "prof_1" }]);
    });

    it("getLogoutUrl() encodes the token", () => {
      const { sso } = new WorkOS({ clientId: "client_1" });

      assertEquals(sso.getLogoutUrl({ token: "a+b&c" }), "https://api.workos.com/sso/logout?token=a%2Bb%26c");
      assertThrows(() => sso.getLogoutUrl({ token: "" }), TypeError, "token");
    });
  });
});
