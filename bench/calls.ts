// Calls inside of one process, side by side: prints the median nanoseconds of every round as JSON.
//   calls.ts [ROUNDS [TEXT]]    only the rows whose name has the text
import type * as Iron from "npm:iron-webcrypto@2.0.0";
import type * as Mitata from "npm:mitata@1.0.34";
import process from "node:process";
import * as hand from "./by_hand.ts";
import { sealData } from "../src/seal.ts"; // no entry point has it alone
import { answering, type Client, CLIENT_ID, type Contestant, KEY, load, organization, pageOf } from "./contestants.ts";

/** One task, done by each contestant. */
type Row = Partial<Record<Contestant, () => unknown>>;

/** What this prints: medians of rounds, in nanoseconds. */
export type Rounds = Record<string, Partial<Record<Contestant, number[]>>>;

const [MITATA, IRON]: string[] = ["mitata", "iron-webcrypto"]; // as they are installed beside the libraries
const { do_not_optimize: keep, measure } = await import(MITATA) as typeof Mitata;
const iron = await import(IRON) as typeof Iron; // what the Node SDK seals with
const PASSWORD = "a password of more than 32 characters";
const SECRET = "whsec_bench";
const URL_OF_ONE = "https://api.workos.com/organizations/org_1";

const [ours, official] = [await load("ours"), await load("official")];
const session = await makeSession();
const SEALING = { ...iron.defaults, ttl: 0, encode: JSON.stringify };

const rows: Record<string, Row> = {
  "client construction": {
    ours: () => keep(ours.make({})), // or engines leave out what a client is made of, as nobody reads it
    official: () => keep(official.make({})),
  },
  "small GET": calls(answering(JSON.stringify(organization(1))), {
    sdk: (client) => client.organizations.getOrganization("org_1"),
    hand: (fetchFn) => hand.get(fetchFn, URL_OF_ONE),
  }),
  "list of 100": calls(answering(pageOf(0, { size: 100, last: true })), {
    sdk: (client) => client.organizations.listOrganizations({ limit: 100 }),
    hand: (fetchFn) => hand.get(fetchFn, "https://api.workos.com/organizations?limit=100&order=desc"),
  }),
  "error answer": calls(answering('{"message":"Not found","code":"entity_not_found"}', 404), {
    sdk: (client) => client.organizations.getOrganization("org_1").catch((error) => error),
    hand: (fetchFn) => hand.get(fetchFn, URL_OF_ONE).catch((error) => error),
  }),
  "sign-in with a sealed session": calls(answering(session.answer), {
    sdk: (client) => signIn(client),
    hand: async (fetchFn) => await handSignIn(fetchFn),
  }),
  "seal a session": {
    ours: () => sealData(JSON.parse(session.answer), { password: PASSWORD }),
    official: () => iron.seal(JSON.parse(session.answer), { id: "1", secret: PASSWORD }, SEALING),
    "by hand": () => hand.seal(JSON.parse(session.answer), PASSWORD),
  },
  "open a sealed session": calls(session.fetchFn, {
    sdk: (client) =>
      client.userManagement.getSessionFromCookie({ sessionData: session.cookie, cookiePassword: PASSWORD }),
    hand: () => hand.unseal(session.cookie, PASSWORD),
  }),
  "authenticate a session": calls(session.fetchFn, {
    sdk: (client) => authenticate(client),
    hand: () => hand.authenticate(session.cookie, PASSWORD, session.key),
  }),
  "webhook of 1 KB": await webhook(1024),
  "webhook of 64 KB": await webhook(65_536),
  "PKCE pair": calls(answering("{}"), {
    sdk: (client) => client.pkce.generate(),
    hand: () => hand.pkce(),
  }),
};

/** The same call by both libraries and by hand, on one `fetch`. */
function calls(
  fetchFn: (url: string, init: RequestInit) => Promise<Response>,
  { sdk, hand }: { sdk: (client: Client) => unknown; hand: (fetchFn: () => Promise<Response>) => unknown },
): Row {
  const [a, b] = [ours, official].map((it) => it.make({ fetchFn }));
  return { ours: () => sdk(a), official: () => sdk(b), "by hand": () => hand(fetchFn as () => Promise<Response>) };
}

async function webhook(size: number): Promise<Row> {
  const event = { id: "event_1", event: "user.created", created_at: "2026-01-15T12:00:00Z", data: { id: "user_1" } };
  const padding = "x".repeat(size - JSON.stringify({ ...event, padding: "" }).length);
  const payload = JSON.stringify({ ...event, padding });
  const now = Date.now();
  const sigHeader = `t=${now}, v1=${await hand.sign(`${now}.${payload}`, SECRET)}`;
  const options = { sigHeader, payload, secret: SECRET, tolerance: 86_400_000 };
  const parsed = { ...options, payload: JSON.parse(payload) };
  const [a, b] = [ours, official].map((it) => it.make({}));
  return {
    ours: () => a.webhooks.constructEvent(options),
    official: () => b.webhooks.constructEvent(parsed), // it takes parsed bodies
    "by hand": () => hand.verifyWebhook(options),
  };
}

async function signIn(client: Client): Promise<unknown> {
  const sealing = { sealSession: true, cookiePassword: PASSWORD };
  return await client.userManagement.authenticateWithCode({ code: "code", clientId: CLIENT_ID, session: sealing });
}

async function handSignIn(fetchFn: () => Promise<Response>): Promise<unknown> {
  const body = { grant_type: "authorization_code", client_id: CLIENT_ID, client_secret: KEY, code: "code" };
  const answer = await hand.post(fetchFn, "https://api.workos.com/user_management/authenticate", body);
  return { answer, sealedSession: await hand.seal(answer, PASSWORD) };
}

async function authenticate(client: Client): Promise<unknown> {
  const opened = client.userManagement.loadSealedSession({ sessionData: session.cookie, cookiePassword: PASSWORD });
  const result = await opened.authenticate();
  if (!result.authenticated) throw new Error(`It is not authenticated: ${result.reason}`);
  return result;
}

/** A session: the answer to a sign-in, the cookie made of it, the key it is verified with, and where that is loaded. */
async function makeSession() {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const pair = await crypto.subtle.generateKey(
    { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["sign", "verify"],
  );
  const jwk = { ...await crypto.subtle.exportKey("jwk", pair.publicKey), kid: "k1", use: "sig", alg: "RS256" };
  const [iat, exp] = [0, 86_400].map((seconds) => Math.floor(Date.now() / 1000) + seconds);
  const claims = { iss: "https://api.workos.com", sub: "user_1", sid: "session_1", org_id: "org_1", role: "admin" };
  const encode = (value: object) => hand.base64url(new TextEncoder().encode(JSON.stringify(value)));
  const signed = `${encode({ alg: "RS256", kid: "k1" })}.${encode({ ...claims, iat, exp })}`;
  const signature = await crypto.subtle.sign(algorithm.name, pair.privateKey, new TextEncoder().encode(signed));
  const accessToken = `${signed}.${hand.base64url(new Uint8Array(signature))}`;
  const user = { object: "user", id: "user_1", email: "ada@acme.example", first_name: "Ada", last_name: "Lovelace" };
  const answer = JSON.stringify({
    user,
    access_token: accessToken,
    refresh_token: "refresh",
    organization_id: "org_1",
  });
  const fetchFn = answering(JSON.stringify({ keys: [jwk] }));
  globalThis.fetch = fetchFn; // the official library loads keys with it
  const cookie = await signIn(ours.make({ fetchFn: answering(answer) })) as { sealedSession: string };
  return { answer, cookie: cookie.sealedSession, key: pair.publicKey, fetchFn };
}

/** Rounds that are not counted, until everybody's code is as fast as it gets. */
const WARM_UP = 25;

/** Short turns, so that whatever else the machine does hits all alike; always in batches, however long a call takes. */
const SLOT = { min_cpu_time: 15e6, min_samples: 12, batch_samples: 16, batch_threshold: 1e9 };

/** Measures every contestant in turn, in another order each round. */
async function measureRounds(row: Row, rounds: number): Promise<Rounds[string]> {
  const names = Object.keys(row) as Contestant[];
  const medians: Rounds[string] = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) await row[name]!(); // fails here if it fails
  for (let round = -WARM_UP; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + WARM_UP) % names.length];
      const { p50 } = await measure(row[name]!, SLOT);
      if (round >= 0) medians[name]!.push(p50);
    }
  }
  return medians;
}

const [rounds = "25", text = ""] = process.argv.slice(2);
const results: Rounds = {};
for (const [name, row] of Object.entries(rows)) {
  if (name.includes(text)) results[name] = await measureRounds(row, Number(rounds));
}
console.log(JSON.stringify(results));
