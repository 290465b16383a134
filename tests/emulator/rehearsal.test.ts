import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { WorkOS } from "../../mod.ts";
import { createEmulator, type Emulator, type EmulatorOptions, type EmulatorSeed } from "../../src/emulator/mod.ts";
import { signingKey } from "../resources/user_management/session_fixtures.ts";
import { type Answer, ORIGIN, read, SEED, start } from "./drive.ts";

interface Role {
  id: string;
  slug: string;
  created_at: string;
}

const START = "2026-01-01T00:00:00.000Z";
const FULL: EmulatorSeed = {
  ...SEED,
  groups: [{ organization_id: "org_1", name: "Editors", members: ["om_1"] }],
  connections: [{ id: "conn_1", connection_type: "GenericSAML", organization_id: "org_1" }],
  profiles: [{ connection_id: "conn_1", email: "ada@acme.com" }],
  directories: [{ id: "directory_1", name: "Acme", organization_id: "org_1" }],
  directory_users: [{ directory_id: "directory_1", email: "ada@acme.com", raw_attributes: { level: 1 } }],
  invitations: [{ email: "eve@example.com" }],
  feature_flags: [{ slug: "checkout", targets: { users: ["user_ada"] } }],
  vault_objects: [{ name: "db", value: "s3cret" }],
  webhook_endpoints: [{ endpoint_url: "https://a.example/", events: ["user.created"] }],
  redirect_uris: ["https://app.example.com/callback"],
};

/** What Workers refuse while they load a module, and what belongs to a request there. */
const REFUSED: [target: object, name: string][] = [
  [crypto, "getRandomValues"],
  [crypto, "randomUUID"],
  [crypto, "subtle"],
  [Math, "random"],
  [Date, "now"],
  [globalThis, "setTimeout"],
];

/** Runs something as if a module was being loaded by Workers. */
function whileLoading<T>(run: () => T): T {
  const before = REFUSED.map(([target, name]) => Object.getOwnPropertyDescriptor(target, name));
  for (const [target, name] of REFUSED) {
    const get = () => {
      throw new Error(`Disallowed operation called within global scope: ${name}`);
    };
    Object.defineProperty(target, name, { get, configurable: true });
  }
  try {
    return run();
  } finally {
    for (const [index, [target, name]] of REFUSED.entries()) {
      const own = before[index];
      if (own) Object.defineProperty(target, name, own);
      else Reflect.deleteProperty(target, name);
    }
  }
}

async function get(emulator: Emulator, path: string): Promise<Answer> {
  const headers = { Authorization: `Bearer ${emulator.apiKey}` };
  return await read(await emulator.fetch(ORIGIN + path, { headers }));
}

describe("an emulator that is made while a module is loaded", () => {
  const cases: EmulatorOptions[] = [
    {},
    { seed: FULL },
    { seed: FULL, announceSeed: true },
    { seed: FULL, deterministic: true },
    { seed: FULL, clock: () => Date.now() },
  ];

  for (const options of cases) {
    it(`needs neither random bytes nor a clock: ${Object.keys(options).join(", ") || "without options"}`, async () => {
      const before = Date.now();
      const emulator = whileLoading(() => createEmulator(options));
      const { apiKey, baseUrl } = whileLoading(() => emulator.clientOptions);

      const { data } = (await get(emulator, "/authorization/roles")).body;

      assertEquals([apiKey, baseUrl], ["sk_test_emulator", ORIGIN]);
      assertEquals(data.map(({ slug }: Role) => slug), ["member", "admin"]);
      for (const { id, created_at } of data as Role[]) {
        assertMatch(id, /^role_[0-9A-HJKMNP-TV-Z]{26}$/);
        if (options.deterministic) assertEquals(created_at, START);
        else assert(Date.parse(created_at) >= before, created_at);
      }
    });
  }

  it("still knows passwords and secrets", async () => {
    const key = await signingKey();
    const emulator = whileLoading(() => createEmulator({ seed: FULL, signingKey: key }));
    const workos = new WorkOS(emulator.clientOptions);

    const { user } = await workos.userManagement.authenticateWithPassword({
      email: "cid@example.com",
      password: "correct staple",
    });

    assertEquals(user.id, "user_cid");
    assertEquals((await get(emulator, "/vault/v1/kv/name/db")).body.value, "s3cret");
  });

  it("refuses a seed at once", () => {
    const wrong: [EmulatorSeed, string][] = [
      [{ users: [{ email: "a@a.example", password: "" }] }, "seed.users[0].password"],
      [{ memberships: [{ user_id: "user_9", organization_id: "org_1" }] }, 'there is no user "user_9"'],
      [{ vault_objects: [FULL.vault_objects![0], FULL.vault_objects![0]] }, "There is an object named 'db' already."],
      [
        { webhook_endpoints: [{ endpoint_url: "https://a.example/", events: ["user.sneezed"] }] },
        "Cannot fill emulator",
      ],
    ];

    for (const deterministic of [true, false]) {
      for (const [seed, part] of wrong) {
        whileLoading(() => assertThrows(() => createEmulator({ seed, deterministic }), TypeError, part));
      }
    }
  });
});

describe("the seed of an emulator", () => {
  it("gets the ids that it would get without a look at it before", async () => {
    const { get, post } = await start({ seed: { users: [{ email: "a@a.example" }] } });

    const ids = [
      (await get("/authorization/roles")).body.data.map(({ id }: { id: string }) => id),
      (await get("/user_management/users")).body.data[0].id,
      (await post("/user_management/users", { email: "b@b.example" })).body.id,
    ];

    assertEquals(ids, [
      ["role_01000000000000000000000001", "role_01000000000000000000000002"],
      "user_01000000000000000000000001",
      "user_01000000000000000000000002",
    ]);
  });

  it("may use ids that a deterministic emulator makes up", async () => {
    const organizations = [{ name: "A" }, { id: "org_01000000000000000000000001", name: "B" }];

    const { get } = await start({ seed: { organizations }, deterministic: false });

    assertEquals((await get("/organizations")).body.data.length, 2);
    assertThrows(() => createEmulator({ seed: { organizations }, deterministic: true }), TypeError, "exists already");
  });

  it("stays as it was given", async () => {
    const seed = { organizations: [{ id: "org_1", name: "Acme", metadata: { tier: "gold" } }] };
    const { emulator, get } = await start({ seed });

    seed.organizations[0].metadata.tier = "none";
    seed.organizations.push({ id: "org_2", name: "Globex", metadata: { tier: "none" } });
    const { data } = (await get("/organizations")).body;
    emulator.reset();

    assertEquals(data.map(({ id, metadata }: { id: string; metadata: object }) => [id, metadata]), [
      ["org_1", { tier: "gold" }],
    ]);
    assertEquals((await get("/organizations")).body.data.length, 2);
  });

  it("is dated when it is first used, and not later for advance()", async () => {
    let time = Date.UTC(2030, 0, 1);
    const { emulator, get } = await start({ seed: SEED, clock: () => time });

    time += 1000;
    emulator.advance(500);

    assertEquals((await get("/organizations/org_1")).body.created_at, "2030-01-01T00:00:01.000Z");
    assertEquals(emulator.now(), Date.UTC(2030, 0, 1) + 1500);
  });

  it("is there for whatever comes first, also for a fault", async () => {
    let time = Date.UTC(2030, 0, 1);
    const first: ((emulator: Emulator) => unknown)[] = [
      (emulator) => emulator.events,
      (emulator) => emulator.outbox,
      (emulator) => emulator.flush(),
      (emulator) => emulator.deliveries(),
      (emulator) => emulator.signInAs("user_ada"),
      (emulator) => emulator.authorizationCode({ user: "user_ada" }),
      (emulator) => emulator.emit("user.sneezed", {}),
      (emulator) => emulator.reset(),
      (emulator) => emulator.fetch(`${ORIGIN}/nowhere`),
      (emulator) => {
        emulator.failNext();
        return emulator.fetch(`${ORIGIN}/organizations`);
      },
    ];

    for (const use of first) {
      time = Date.UTC(2030, 0, 1);
      const { emulator, get } = await start({ seed: SEED, clock: () => time });
      await use(emulator);
      time += 1000;

      assertEquals((await get("/organizations/org_1")).body.created_at, "2030-01-01T00:00:00.000Z", `${use}`);
    }
  });

  it("is announced once, when it is first used", async () => {
    let time = Date.UTC(2030, 0, 1);
    const seed = { invitations: [{ email: "eve@example.com" }] };
    const { emulator } = await start({ seed, announceSeed: true, clock: () => time });

    time += 1000;
    await emulator.fetch(`${ORIGIN}/nowhere`);
    time += 1000;
    await emulator.fetch(`${ORIGIN}/nowhere`);

    assertEquals(emulator.events.map(({ event, created_at }) => [event, created_at]), [
      ["invitation.created", "2030-01-01T00:00:01.000Z"],
    ]);
  });
});
