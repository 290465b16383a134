import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  generateSigningKey,
  type SigningKey,
} from "../../src/emulator/mod.ts";
import { checkDescribed } from "./described.ts";

/** One answer of the emulator, its body read. */
export interface Answer {
  status: number;
  // deno-lint-ignore no-explicit-any -- tests look at JSON of many shapes
  body: any;
  headers: Headers;
}

/** An emulator with a clock that stands still, and short ways to call it; answers have to be as described. */
export interface Driver {
  emulator: Emulator;
  get(path: string, headers?: HeadersInit): Promise<Answer>;
  post(path: string, body?: object, headers?: HeadersInit): Promise<Answer>;
  put(path: string, body?: object): Promise<Answer>;
  patch(path: string, body?: object): Promise<Answer>;
  remove(path: string, body?: object): Promise<Answer>;
  /** `POST /user_management/authenticate` with the client's credentials, unless the body overrides them. */
  authenticate(body: object): Promise<Answer>;
  /** Names of the events so far. */
  eventNames(): string[];
}

export const ORIGIN = "https://api.workos.com";

let signingKey: Promise<SigningKey> | undefined;

/** Two organizations and three users: Ada (in both), Bob (in the first, not verified), Cid (in none). */
export const SEED = {
  organizations: [
    { id: "org_1", name: "Acme", domains: ["acme.com"], entitlements: ["audit-logs"], feature_flags: ["beta"] },
    { id: "org_2", name: "Globex", external_id: "ext_2" },
  ],
  roles: [{ slug: "admin", permissions: ["posts:write"] }],
  users: [
    { id: "user_ada", email: "ada@example.com", first_name: "Ada", password: "correct horse" },
    { id: "user_bob", email: "bob@example.com", password: "battery staple", email_verified: false },
    { id: "user_cid", email: "cid@example.com", password: "correct staple" },
  ],
  memberships: [
    { id: "om_1", user_id: "user_ada", organization_id: "org_1", role_slug: "admin" },
    { id: "om_2", user_id: "user_ada", organization_id: "org_2" },
    { id: "om_3", user_id: "user_bob", organization_id: "org_1" },
  ],
};

/** Starts an emulator; all of them share one signing key, since making one takes long. */
export async function start(options: EmulatorOptions = {}): Promise<Driver> {
  signingKey ??= generateSigningKey("key_test");
  const emulator = createEmulator({ deterministic: true, signingKey: await signingKey, ...options });
  const send = async (method: string, path: string, body?: object, headers?: HeadersInit): Promise<Answer> => {
    const all = new Headers({ "Authorization": `Bearer ${emulator.apiKey}`, "Content-Type": "application/json" });
    new Headers(headers).forEach((value, name) => all.set(name, value));
    const init = { method, headers: all, body: body && JSON.stringify(body) };
    const answer = await read(await emulator.fetch(ORIGIN + path, init));
    checkDescribed(method, path, answer);
    return answer;
  };
  const client = { client_id: emulator.clientId, client_secret: emulator.apiKey };
  return {
    emulator,
    get: (path, headers) => send("GET", path, undefined, headers),
    post: (path, body, headers) => send("POST", path, body, headers),
    put: (path, body) => send("PUT", path, body),
    patch: (path, body) => send("PATCH", path, body),
    remove: (path, body) => send("DELETE", path, body),
    authenticate: (body) => send("POST", "/user_management/authenticate", { ...client, ...body }),
    eventNames: () => emulator.events.map(({ event }) => event),
  };
}

/** What a refusal says: its status and its code, or what is wrong with which member. */
export function refusal({ status, body }: Answer): unknown[] {
  const wrong = body.errors?.map(({ code, field }: { code: string; field?: string }) => `${field}: ${code}`);
  return [status, ...wrong ?? [body.code ?? body.error]];
}

/** Reads an answer; a body that is not there is `null`. */
export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text), headers: response.headers };
}
