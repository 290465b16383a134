import { assert, assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { createEmulator } from "../../src/emulator/mod.ts";
import { SEED } from "./drive.ts";

// deno-lint-ignore no-explicit-any -- values that do not compile are the point
type Wrong = any;

function refuses(run: () => unknown, part: string): void {
  const { message } = assertThrows(run, TypeError);
  assert(message.includes(part), message);
}

describe("createEmulator()", () => {
  it("refuses options that are unknown or of another type", () => {
    const wrong: [Wrong, string][] = [
      [{ deterministc: true }, "options.deterministc: it is unknown, the names are seed, announceSeed, clock"],
      [{ deterministic: "yes" }, "options.deterministic: it is not a boolean"],
      [{ clock: 5 }, "options.clock: it is not a function"],
      [{ apiKey: null }, "options.apiKey: it is not a string"],
      [{ deliveryAttempts: 0 }, "options.deliveryAttempts: it is not a positive integer"],
      [{ policies: { requireMFA: true } }, "options.policies.requireMFA: it is unknown"],
      [{ signingKey: {}, cors: 1 }, "options.cors"],
      [null, "options: it is not an object"],
    ];

    for (const [options, part] of wrong) refuses(() => createEmulator(options), part);
  });

  it("refuses a seed that is not as it should be", () => {
    const [user] = SEED.users;
    const wrong: [Wrong, string][] = [
      [{ organisations: [] }, "seed.organisations: it is unknown, the names are organizations, "],
      [{ organizations: {} }, "seed.organizations: it is not a list"],
      [{ organizations: [{ name: "A", domain: "a.example" }] }, "seed.organizations[0].domain: it is unknown"],
      [{ users: [user, { id: "user_2" }] }, "seed.users[1].email: it is missing"],
      [{ users: [{ email: "nobody" }] }, "seed.users[0].email: it is not an email address"],
      [{ users: [{ ...user, id: null }] }, "seed.users[0].id: it is not a string"],
      [{ users: [user, { email: "ADA@example.com" }] }, 'two users have the address "ADA@example.com"'],
      [{ users: [{ ...user, external_id: "1" }, { email: "b@b.example", external_id: "1" }] }, "external_id"],
      [{ memberships: [{ user_id: "user_1", organization_id: "org_1", status: "on" }] }, "it is none of active, "],
      [{ feature_flags: [{ slug: "a", targets: { user: ["user_1"] } }] }, "seed.feature_flags[0].targets.user"],
      [{ redirect_uris: "https://a.example" }, "seed.redirect_uris: it is not a list of strings"],
      [{ ...SEED, memberships: [{ ...SEED.memberships[0], role_slug: "boss" }] }, "Role 'boss'"],
      [
        { organizations: [{ name: "A", metadata: { seats: 5 } }] },
        "seed.organizations[0].metadata: it is not an object of",
      ],
      [{ vault_objects: [{ name: "a", value: "b", context: { org: 1 } }] }, "seed.vault_objects[0].context: it is not"],
      [{ ...SEED, memberships: [SEED.memberships[0], { ...SEED.memberships[0], id: "om_9" }] }, '"user_ada" is in'],
      [{ roles: [{ slug: "boss" }, { slug: "boss" }] }, "Role slug conflict"],
      [{ permissions: [{ slug: "posts:write" }, { slug: "posts:write" }] }, "Permission slug conflict"],
      [{ roles: [{ slug: "org-a", organization_id: "org_9" }] }, 'there is no organization "org_9"'],
      [
        { connections: [{ connection_type: "OktaSAML", organization_id: "org_9" }] },
        'there is no organization "org_9"',
      ],
      [{ invitations: [{ email: "a@a.example", organization_id: "org_9" }] }, 'there is no organization "org_9"'],
      [{ invitations: [{ email: "a@a.example", role_slug: "boss" }] }, "Role 'boss'"],
      [{
        ...SEED,
        directories: [{ id: "directory_1", name: "HR", organization_id: "org_1" }],
        directory_users: [{ directory_id: "directory_1", email: "a@a.example", role_slug: "boss" }],
      }, "Role 'boss'"],
    ];

    for (const [seed, part] of wrong) {
      refuses(() => createEmulator({ seed }), part);
      refuses(() => createEmulator().reset(seed), part);
    }
  });

  it("takes what a seed may leave out or set to null", () => {
    const emulator = createEmulator({
      policies: {},
      seed: {
        organizations: [{ name: "A", external_id: null, id: undefined }],
        users: [{ email: "a@a.example", first_name: null, metadata: {} }],
        feature_flags: [{ slug: "a", owner: null }],
      },
    });

    assertEquals(emulator.events, []);
  });
});

describe("an emulator", () => {
  const emulator = createEmulator({ seed: SEED });

  it("refuses faults that would hit nothing, or something else", () => {
    const wrong: [Wrong, string][] = [
      [{ statu: 404 }, "fault.statu: it is unknown"],
      [{ status: 42 }, "fault.status"],
      [{ status: "404" }, "fault.status"],
      [{ times: 0 }, "fault.times"],
      [{ times: 1.5 }, "fault.times"],
      [{ kind: "slow" }, "fault.kind: it is none of status, network, lost, hang, reset-body"],
      [{ match: "/organizations" }, "fault.match: it is not an object"],
      [{ match: { paths: "/organizations" } }, "fault.match.paths: it is unknown"],
      [{ match: { path: "organizations" } }, "fault.match.path"],
      [{ match: { path: "/organizations?limit=1" } }, "fault.match.path"],
      [{ match: { method: "GETS" } }, "fault.match.method"],
      [{ headers: [["a", "b"]] }, "fault.headers: it is not an object"],
    ];

    for (const [fault, part] of wrong) refuses(() => emulator.failNext(fault), part);
  });

  it("takes every fault that means something", () => {
    const good = [
      { times: Infinity, status: 200, body: null },
      { match: { method: "get", path: "**" } },
      { match: { path: /^\/organ/, method: undefined } },
      { kind: "lost", match: {} },
    ] as const;

    for (const fault of good) emulator.failNext(fault);
    emulator.clearFaults();
  });

  it("refuses policies and sign-ins with unknown members", () => {
    refuses(() => emulator.setPolicies({ requireMFA: true } as Wrong), "policies.requireMFA: it is unknown");
    refuses(() => emulator.authorizationCode(), "name a user, or choose one with signInAs()");
    refuses(() => emulator.authorizationCode({ user: "nobody" }), "nobody has this id or email address");
    refuses(() => emulator.authorizationCode({ organisationId: "org_1" } as Wrong), "signIn.organisationId");
    refuses(
      () => emulator.authorizationCode({ user: "user_ada", organizationId: 1 } as Wrong),
      "signIn.organizationId",
    );
  });
});
