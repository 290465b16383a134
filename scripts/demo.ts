// A first tour: the whole story against the emulator on a real loopback port, or (--live, as `task demo:live` says) its
// read-only part against the API.
import {
  AuthenticationException,
  createWorkOS,
  type Event,
  NotFoundException,
  OauthException,
  RateLimitExceededException,
  responseOf,
  SignatureVerificationException,
  WorkOS,
} from "../mod.ts";
import { createEmulator } from "../src/emulator/mod.ts";
import seed from "./demo_seed.json" with { type: "json" };
import webhookVectors from "../tests/vectors/webhooks.json" with { type: "json" };

let failures = 0;

/** Runs one step, prints what came of it with request id and time, and goes on after a failure. */
async function step<T>(title: string, run: () => Promise<{ value?: T; shows: string }>): Promise<T | undefined> {
  const start = performance.now();
  try {
    const { value, shows } = await run();
    const info = responseOf(value);
    const trace = info ? `  ${info.requestID}${info.attempts > 1 ? ` after ${info.attempts} attempts` : ""}` : "";
    console.log(`ok    ${title}: ${shows}  (${Math.round(performance.now() - start)} ms)${trace}`);
    return value;
  } catch (error) {
    failures++;
    const { cause } = Object(error) as Error;
    console.log(`FAIL  ${title}: ${error}${cause ? `, because of ${cause}` : ""}`);
    return undefined;
  }
}

function expect(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`Expected ${what}`);
}

/** The error that a call rejects with. */
async function rejection<E extends Error>(
  call: Promise<unknown>,
  type: abstract new (...args: never[]) => E,
): Promise<E> {
  const error = await call.then(() => undefined, (error) => error);
  expect(error instanceof type, `${type.name}, got ${error}`);
  return error;
}

async function tour(): Promise<void> {
  const emulator = createEmulator({ seed });
  const api = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, emulator.fetch);
  const { apiKey, clientId } = emulator;
  const local = {
    apiHostname: "127.0.0.1",
    port: api.addr.port,
    https: false,
    appInfo: { name: "demo", version: "1" },
  };
  const workos = new WorkOS({ apiKey, clientId, ...local });
  console.log(`The emulator listens on ${workos.baseURL} with ${seed.users.length} users\n`);

  const events: Event[] = [];
  let secret = "";
  const receiver = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    try {
      events.push(await workos.webhooks.constructEvent({ payload: request, secret }));
      return new Response(null, { status: 204 });
    } catch {
      return new Response(null, { status: 400 });
    }
  });

  try {
    await step("webhook endpoint", async () => {
      const endpointUrl = `http://127.0.0.1:${receiver.addr.port}/webhooks`;
      const names = ["organization.created" as const, "user.created" as const];
      const value = await workos.webhooks.createWebhookEndpoint({ endpointUrl, events: names });
      secret = value.secret;
      expect(value.createdAt instanceof Date, "a date");
      return { value, shows: value.id };
    });
    const organization = await step("create an organization", async () => {
      const value = await workos.organizations.createOrganization({
        name: "Wayne Enterprises",
        domainData: [{ domain: "wayne.example", state: "verified" }],
        metadata: { first_name: "Bruce", lastName: "Wayne" },
      });
      expect(value.metadata.first_name === "Bruce" && value.metadata.lastName === "Wayne", "metadata untouched");
      return { value, shows: `${value.name} ${value.id}` };
    });
    const user = await step("create a user", async () => {
      const value = await workos.userManagement.createUser({
        email: "lucius@wayne.example",
        password: "a very long passphrase",
        firstName: "Lucius",
        emailVerified: true,
      });
      expect(value.firstName === "Lucius" && value.externalId === null, "the user in camelCase");
      return { value, shows: `${value.email} ${value.id}` };
    });
    expect(organization && user, "an organization and a user to go on with");

    await step("add a membership", async () => {
      const options = { organizationId: organization.id, userId: user.id, roleSlug: "admin" };
      const value = await workos.userManagement.createOrganizationMembership(options);
      return { value, shows: `${value.role.slug} since ${value.createdAt}` };
    });
    await step("list every user", async () => {
      const value = await workos.userManagement.listUsers({ limit: 50 });
      const ids = new Set<string>();
      for await (const { id } of value) ids.add(id);
      expect(ids.size === seed.users.length + 1, `${seed.users.length + 1} users, got ${ids.size}`);
      return { value, shows: `${ids.size} users in pages of ${value.data.length}` };
    });
    await step("list the organizations of a domain", async () => {
      const value = await workos.organizations.listOrganizations({ domains: ["globex.example"] });
      expect(value.data.length === 1 && value.data[0].name === "Globex", "Globex");
      return { value, shows: value.data[0].name };
    });

    await step("sign in with PKCE, without a secret", async () => {
      const app = createWorkOS({ clientId, ...local });
      const { url, state, codeVerifier } = await app.userManagement.getAuthorizationUrlWithPKCE({
        provider: "authkit",
        redirectUri: "https://app.example/callback",
        loginHint: "ada@acme.example",
      });
      const redirect = await fetch(url, { redirect: "manual" }); // what the browser does
      await redirect.body?.cancel();
      const callback = new URL(redirect.headers.get("Location")!);
      expect(callback.searchParams.get("state") === state, "the same state");
      const code = callback.searchParams.get("code")!;
      const value = await app.userManagement.authenticateWithCode({ code, codeVerifier });
      const again = app.userManagement.authenticateWithCode({ code, codeVerifier });
      expect((await rejection(again, OauthException)).error === "invalid_grant", "a code that works once");
      return { value, shows: value.user.email };
    });
    const session = await step("sign in with a password", async () => {
      const value = await workos.userManagement.authenticateWithPassword({
        email: "lucius@wayne.example",
        password: "a very long passphrase",
      });
      return { value, shows: `${value.user.email} in ${value.organizationId}` };
    });
    expect(session, "a session to go on with");
    await step("refresh, and refuse the old refresh token", async () => {
      const { refreshToken } = session;
      const value = await workos.userManagement.authenticateWithRefreshToken({ refreshToken });
      const reused = workos.userManagement.authenticateWithRefreshToken({ refreshToken });
      expect((await rejection(reused, OauthException)).error === "invalid_grant", "a refresh token that works once");
      return { value, shows: `a new token for ${value.user.email}` };
    });
    await step("sign in through single sign-on", async () => {
      const [connection] = (await workos.sso.listConnections()).data;
      const url = workos.sso.getAuthorizationUrl({
        connection: connection.id,
        clientId,
        redirectUri: "https://app.example/callback",
        loginHint: "ada@acme.example",
      });
      const redirect = await fetch(url, { redirect: "manual" });
      await redirect.body?.cancel();
      const code = new URL(redirect.headers.get("Location")!).searchParams.get("code")!;
      const value = await workos.sso.getProfileAndToken({ clientId, code });
      const profile = await workos.sso.getProfile({ accessToken: value.accessToken });
      expect(profile.id === value.profile.id, "the same profile");
      return { value, shows: `${profile.email} by ${connection.name}` };
    });

    await step("an error, typed", async () => {
      const error = await rejection(workos.userManagement.getUser("user_nobody"), NotFoundException);
      expect(error.requestID && error.code === "entity_not_found", "request id and code");
      return { shows: `${error.name} ${error.code} ${error.requestID}` };
    });
    await step("a step that a sign-in still needs, typed", async () => {
      emulator.setPolicies({ requireMfa: true });
      const signIn = workos.userManagement.authenticateWithPassword({
        email: "lucius@wayne.example",
        password: "a very long passphrase",
      });
      const error = await rejection(signIn, AuthenticationException);
      emulator.setPolicies({ requireMfa: false });
      expect(error.pendingAuthenticationToken, "a pending authentication token");
      return { shows: error.code };
    });
    await step("two failures, retried", async () => {
      emulator.failNext({ status: 503, headers: { "Retry-After": "0" } });
      emulator.failNext({ status: 429, headers: { "Retry-After": "0" } });
      const value = await workos.organizations.getOrganization(organization.id);
      expect(responseOf(value)?.attempts === 3, "three attempts");
      return { value, shows: value.name };
    });
    await step("a rate limit that lasts", async () => {
      emulator.failNext({ status: 429, headers: { "Retry-After": "7" } });
      const call = workos.organizations.getOrganization(organization.id, { maxRetries: 0 });
      const error = await rejection(call, RateLimitExceededException);
      return { shows: `retry after ${error.retryAfter} s` };
    });

    await step("webhooks, delivered and verified", async () => {
      const deliveries = await emulator.deliveries();
      expect(deliveries.length >= 2 && deliveries.every(({ delivered }) => delivered), "every webhook to be delivered");
      const created = events.find((event) => event.event === "user.created");
      expect(created?.event === "user.created" && created.data.id === user.id, "the user's event");
      return { shows: events.map(({ event }) => event).join(", ") };
    });
    await step("webhooks signed by the official package", async () => {
      const { good, refused } = await officialWebhooks();
      return { shows: `${good} accepted, ${refused} refused` };
    });
  } finally {
    await Promise.all([api.shutdown(), receiver.shutdown()]);
  }
}

/** Verifies the recorded webhooks that the official package signed for the next decades, and tampers with each. */
async function officialWebhooks(): Promise<{ good: number; refused: number }> {
  const { webhooks } = new WorkOS("sk_test_local");
  const signed = webhookVectors.filter(({ input }) =>
    input.operation === "computeSignature" && typeof input.payload === "string" && input.secret
  ) as unknown as {
    input: { timestamp: number | string; payload: string; secret: string };
    expected: { value: string };
  }[];
  let refused = 0;
  for (const { input: { timestamp, payload, secret }, expected } of signed) {
    const sigHeader = `t=${timestamp}, v1=${expected.value}`;
    const tolerance = Number.MAX_SAFE_INTEGER;
    await webhooks.verifyHeader({ payload, sigHeader, secret, tolerance });
    const forged = webhooks.verifyHeader({ payload: payload + " ", sigHeader, secret, tolerance });
    await rejection(forged, SignatureVerificationException);
    refused++;
  }
  expect(signed.length > 0, "recorded webhooks");
  return { good: signed.length, refused };
}

async function live(): Promise<void> {
  const workos = new WorkOS({ maxRetries: 1, timeout: 10_000 }); // without a network it fails soon
  console.log(`Reading from ${workos.baseURL}\n`);
  await step("organizations", async () => {
    const value = await workos.organizations.listOrganizations({ limit: 5 });
    return { value, shows: `${value.data.length} on the first page` };
  });
  await step("users", async () => {
    const value = await workos.userManagement.listUsers({ limit: 5 });
    return {
      value,
      shows: `${value.data.length} on the first page, ${(await value.toArray({ max: 200 })).length} in all or more`,
    };
  });
  await step("connections", async () => {
    const value = await workos.sso.listConnections({ limit: 5 });
    return { value, shows: `${value.data.length} on the first page` };
  });
  await step("events", async () => {
    const value = await workos.events.listEvents({ events: ["user.created"], limit: 5 });
    return { value, shows: `${value.data.length} on the first page` };
  });
  await step("an error, typed", async () => {
    const error = await rejection(workos.userManagement.getUser("user_nobody"), NotFoundException);
    return { shows: `${error.name} ${error.requestID}` };
  });
}

await (Deno.args.includes("--live") ? live() : tour());
console.log(failures === 0 ? "\nEverything is as expected" : `\n${failures} steps failed`);
Deno.exit(failures === 0 ? 0 : 1);
