import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { WorkOS, type WorkOSOptions } from "../../../mod.ts";
import { fromHex } from "../../../src/bytes.ts";
import type { UserManagement } from "../../../src/resources/user_management.ts";
import vectors from "../../vectors/authorization-urls.json" with { type: "json" };

interface Case {
  name: string;
  input: { product: string; method: string; config: object; options: unknown; randomHex?: string[] };
  expected: { value?: unknown; throws?: { name: string; message: string } };
}

/** Vectors that record what the Node SDK does and we do not. */
const DIFFERENT = new Set([
  "um pkce: claimNonce, invitationToken and state are silently dropped",
  "um jwks url: client id is not encoded",
]);

const redirectUri = "https://app.example.com/callback";

function client(config: WorkOSOptions = { apiKey: "sk_test_fake", clientId: "client_fake" }): UserManagement {
  return new WorkOS(config).userManagement;
}

/** Runs `action` while random bytes come from `hex`, one entry per draw. */
async function withRandom<T>(hex: string[], action: () => T | Promise<T>): Promise<T> {
  const draws = [...hex];
  const own = Object.getOwnPropertyDescriptor(crypto, "getRandomValues");
  const value = (array: Uint8Array) => {
    const bytes = fromHex(draws.shift()!);
    assertEquals(array.length, bytes.length);
    array.set(bytes);
    return array;
  };
  Object.defineProperty(crypto, "getRandomValues", { value, configurable: true, writable: true });
  try {
    return await action();
  } finally {
    if (own) Object.defineProperty(crypto, "getRandomValues", own);
    else delete (crypto as Partial<Crypto>).getRandomValues;
  }
}

describe("authorization-urls vectors", () => {
  for (const { name, input, expected } of vectors as Case[]) {
    if (input.product !== "userManagement" || DIFFERENT.has(name)) continue;
    it(name, async () => {
      const area = client(input.config);
      const call = () => (area as unknown as Record<string, (it: unknown) => unknown>)[input.method](input.options);

      const result = await withRandom(input.randomHex ?? [], async () => {
        try {
          return { value: await call() };
        } catch (error) {
          const { name, message } = error as Error;
          return { throws: { name, message } };
        }
      });

      const { value, throws } = expected;
      assertEquals(result, throws ? { throws: { name: throws.name, message: throws.message } } : { value });
    });
  }
});

describe("getAuthorizationUrl()", () => {
  it("uses the client id that was set last", () => {
    const area = client();
    area.clientId = "client_other";

    const url = new URL(area.getAuthorizationUrl({ provider: "authkit", redirectUri }));

    assertEquals(url.searchParams.get("client_id"), "client_other");
  });

  it("misses the client id first, as the Node SDK does", () => {
    assertThrows(() => client({ apiKey: "sk_1" }).getAuthorizationUrl({ redirectUri }), TypeError, "clientId is");
  });

  it("keeps the keys of provider parameters", () => {
    const providerQueryParams = { first_name: "a", lastName: "b" };

    const url = new URL(client().getAuthorizationUrl({ provider: "GoogleOAuth", redirectUri, providerQueryParams }));

    assertEquals(url.searchParams.get("provider_query_params[first_name]"), "a");
    assertEquals(url.searchParams.get("provider_query_params[lastName]"), "b");
  });

  it("leaves out a maximum age of null, as the Node SDK does", () => {
    const urls = [0, null].map((maxAge) =>
      client().getAuthorizationUrl({ provider: "authkit", redirectUri, maxAge: maxAge as number })
    );

    assertEquals(urls.map((url) => new URL(url).searchParams.get("max_age")), ["0", null]);
  });

  it("keeps the path of the base URL", () => {
    const area = client({ clientId: "client_fake", baseUrl: "https://proxy.example.com/workos/" });

    const url = area.getAuthorizationUrl({ provider: "authkit", redirectUri });

    assertEquals(url.split("?")[0], "https://proxy.example.com/workos/user_management/authorize");
  });
});

describe("getAuthorizationUrlWithPKCE()", () => {
  it("sends the claim nonce and the invitation, and a state of its own", async () => {
    const options = { provider: "authkit", redirectUri, claimNonce: "n", invitationToken: "i", state: "mine" };

    const { url, state, codeVerifier } = await client().getAuthorizationUrlWithPKCE(options);

    const { searchParams } = new URL(url);
    assertEquals(searchParams.get("claim_nonce"), "n");
    assertEquals(searchParams.get("invitation_token"), "i");
    assertEquals(searchParams.get("state"), state);
    assertMatch(state, /^[\w-]{43}$/);
    assertMatch(codeVerifier, /^[\w-]{43}$/);
    assertEquals(state === codeVerifier || url.includes(codeVerifier), false);
  });

  it("prefers a client id that is given", async () => {
    const options = { provider: "authkit", redirectUri };

    const [own, other] = await Promise.all([
      client().getAuthorizationUrlWithPKCE(options),
      client().getAuthorizationUrlWithPKCE({ ...options, clientId: "client_other" }),
    ]);

    const ids = [own, other].map(({ url }) => new URL(url).searchParams.get("client_id"));
    assertEquals(ids, ["client_fake", "client_other"]);
  });
});

describe("getJwksUrl()", () => {
  it("encodes the client id", () => {
    assertEquals(client().getJwksUrl("a/b?c"), "https://api.workos.com/sso/jwks/a%2Fb%3Fc");
  });

  it("refuses a client id that leaves the path", () => {
    assertThrows(() => client().getJwksUrl(".."), TypeError);
  });
});

describe("issuer", () => {
  it("starts as the option and may be replaced", () => {
    const area = client({ clientId: "client_fake", issuer: ["https://a.example.com"] });

    assertEquals(area.issuer, ["https://a.example.com"]);
    area.issuer = "https://b.example.com";
    assertEquals(area.issuer, "https://b.example.com");
  });
});
