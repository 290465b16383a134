import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { createEmulator } from "../../src/emulator/mod.ts";
import { decodeJwt } from "../../src/jwt.ts";
import { type Driver, refusal, SEED, start } from "./drive.ts";

const FLAGS = [
  { slug: "checkout", id: "flag_1", name: "New checkout", description: "Faster", tags: ["shop"] },
  { slug: "dark-mode", default_value: true },
  { slug: "search", enabled: false, default_value: true },
  {
    slug: "beta",
    targets: { users: ["user_cid"], custom_targets: [{ type: "workspace", id: "w1" }] },
  },
];

const slugs = (data: { slug: string }[]) => data.map(({ slug }) => slug);

describe("feature flags", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: { ...SEED, feature_flags: FLAGS } });
  });

  it("GET lists all of them, newest first, one page at a time", async () => {
    const first = await api.get("/feature-flags?limit=3");
    const second = await api.get(`/feature-flags?limit=3&after=${first.body.list_metadata.after}`);

    assertEquals(slugs(first.body.data), ["beta", "search", "dark-mode"]);
    assertEquals([first.body.object, first.body.list_metadata.before], ["list", null]);
    assertEquals(slugs(second.body.data), ["checkout"]);
    assertEquals(second.body.list_metadata, { before: "flag_1", after: null });
  });

  it("GET refuses what is no page with a 400, unlike other lists", async () => {
    const { status, body } = await api.get("/feature-flags?limit=0");

    assertEquals([status, body.code, body.message], [400, "invalid_request_parameters", "Validation failed."]);
    assertEquals(refusal(await api.get("/organizations/org_1/feature-flags?limit=0")), [422, "limit: limit_invalid"]);
  });

  it("GET finds one by its slug, not by its id", async () => {
    const { status, body } = await api.get("/feature-flags/checkout");

    assertEquals(status, 200);
    assertEquals(body, {
      object: "feature_flag",
      id: "flag_1",
      slug: "checkout",
      name: "New checkout",
      description: "Faster",
      tags: ["shop"],
      owner: null,
      enabled: true,
      default_value: false,
      created_at: "2026-01-01T00:00:00.000Z",
      updated_at: "2026-01-01T00:00:00.000Z",
    });
    assertEquals((await api.get("/feature-flags/flag_1")).status, 404);
  });

  it("PUT /disable and /enable switch it, and tell what was before", async () => {
    api.emulator.advance(1000);

    const disabled = await api.put("/feature-flags/dark-mode/disable");
    const again = await api.put("/feature-flags/dark-mode/disable");
    const enabled = await api.put("/feature-flags/dark-mode/enable");

    assertEquals([disabled.status, disabled.body.enabled], [200, false]);
    assertEquals(disabled.body.updated_at, "2026-01-01T00:00:01.000Z");
    assertEquals([again.body.enabled, enabled.body.enabled], [false, true]);
    assertEquals(api.eventNames(), ["flag.rule_updated", "flag.rule_updated"]);
    assertEquals(api.emulator.events[0].data, { ...disabled.body, environment_id: "environment_emulator" });
    assertEquals(api.emulator.events[0].context, {
      client_id: "client_emulator",
      actor: { id: "api_key_emulator", source: "api", name: "Emulator" },
      access_type: "none",
      configured_targets: { organizations: [], users: [] },
      previous_attributes: { data: { enabled: true }, context: { access_type: "all" } },
    });
    assertEquals((await api.put("/feature-flags/nothing/enable")).status, 404);
  });

  it("POST and DELETE /targets change whom it is on for, once", async () => {
    const path = "/feature-flags/checkout/targets";
    const added = await api.post(`${path}/org_1`);
    await api.post(`${path}/org_1`);
    await api.post(`${path}/user_ada`);
    const removed = await api.remove(`${path}/org_1`);
    const again = await api.remove(`${path}/org_1`);

    assertEquals([added, removed, again].map(({ status, body }) => [status, body]), [
      [204, null],
      [204, null],
      [204, null],
    ]);
    const rules = api.emulator.events.map(({ event, context }) => [event, context.configured_targets]);
    const organization = { id: "org_1", name: "Acme" };
    const user = { id: "user_ada", email: "ada@example.com" };
    assertEquals(rules, [
      ["flag.rule_updated", { organizations: [organization], users: [] }],
      ["flag.rule_updated", { organizations: [organization], users: [user] }],
      ["flag.rule_updated", { organizations: [], users: [user] }],
    ]);
    assertEquals(api.emulator.events[0].context.access_type, "some");
    assertEquals(api.emulator.events[0].context.previous_attributes, {
      context: { access_type: "none", configured_targets: { organizations: [], users: [] } },
    });
  });

  it("refuse targets that are none", async () => {
    const path = "/feature-flags/checkout/targets";
    const answers = [
      await api.post(`${path}/user_9`),
      await api.post(`${path}/org_9`),
      await api.post(`${path}/workspace_1`),
      await api.remove(`${path}/workspace_1`),
      await api.post("/feature-flags/nothing/targets/user_ada"),
    ];

    assertEquals(answers.map(({ status, body }) => [status, body.code]), [
      [404, "entity_not_found"],
      [404, "entity_not_found"],
      [400, "invalid_resource_id_format"],
      [400, "invalid_resource_id_format"],
      [404, "entity_not_found"],
    ]);
    assertEquals(api.eventNames(), []);
  });

  it("are listed where they are on: by default, by target, for users through their organizations", async () => {
    await api.post("/feature-flags/checkout/targets/org_2");
    await api.post("/feature-flags/search/targets/org_2");

    const of = async (path: string) => slugs((await api.get(`${path}/feature-flags?order=asc`)).body.data);

    assertEquals(await of("/organizations/org_1"), ["dark-mode", "beta"]);
    assertEquals(await of("/organizations/org_2"), ["checkout", "dark-mode"]);
    assertEquals(await of("/user_management/users/user_ada"), ["checkout", "dark-mode", "beta"]);
    assertEquals(await of("/user_management/users/user_bob"), ["dark-mode", "beta"]);
    assertEquals(await of("/user_management/users/user_cid"), ["dark-mode", "beta"]);
    assertEquals((await api.get("/organizations/org_9/feature-flags")).status, 404);
    assertEquals((await api.get("/user_management/users/user_9/feature-flags")).status, 404);
  });

  it("are not on for a user or organization that has the id of another resource", async () => {
    const targets = { custom_targets: [{ type: "workspace", id: "org_1" }] };
    api = await start({
      seed: { organizations: [{ id: "org_1", name: "A" }], feature_flags: [{ slug: "a", targets }] },
    });

    assertEquals((await api.get("/organizations/org_1/feature-flags")).body.data, []);
    assertEquals((await api.get("/sdk/feature-flags")).body.a.targets.organizations, []);
  });

  it("GET /sdk/feature-flags tells all of them with their targets", async () => {
    const { status, body } = await api.get("/sdk/feature-flags");

    assertEquals(status, 200);
    assertEquals(Object.keys(body), ["checkout", "dark-mode", "search", "beta"]);
    assertEquals(body.search, {
      slug: "search",
      enabled: false,
      default_value: true,
      targets: { users: [], organizations: [], custom_targets: [] },
    });
    assertEquals(body.beta.targets, {
      users: [{ id: "user_cid", enabled: true }],
      organizations: [{ id: "org_1", enabled: true }],
      custom_targets: [{ type: "workspace", id: "w1", enabled: true }],
    });
    assertEquals((await api.get("/sdk/feature-flags", { Authorization: "" })).status, 401);
  });

  it("GET /sdk/feature-flags keeps a flag called __proto__ a flag", async () => {
    api = await start({ seed: { feature_flags: [{ slug: "__proto__" }] } });

    assertEquals(Object.keys((await api.get("/sdk/feature-flags")).body), ["__proto__"]);
  });

  it("are in access tokens where they are on", async () => {
    const claim = async (organizationId: string) => {
      const code = api.emulator.authorizationCode({ user: "user_ada", organizationId });
      const { body } = await api.authenticate({ grant_type: "authorization_code", code });
      return decodeJwt(body.access_token).payload.feature_flags;
    };

    const before = [await claim("org_1"), await claim("org_2")];
    await api.put("/feature-flags/dark-mode/disable");
    await api.post("/feature-flags/checkout/targets/user_ada");

    assertEquals(before, [["dark-mode", "beta"], ["dark-mode"]]);
    assertEquals([await claim("org_1"), await claim("org_2")], [["checkout", "beta"], ["checkout"]]);
  });

  it("forget users and organizations that are gone", async () => {
    await api.remove("/user_management/users/user_cid");
    await api.remove("/organizations/org_1");

    const { targets } = (await api.get("/sdk/feature-flags")).body.beta;

    assertEquals([targets.users, targets.organizations, targets.custom_targets.length], [[], [], 1]);
  });

  it("are announced with the seed, if that is asked for", async () => {
    const feature_flags = [{ slug: "checkout", targets: { organizations: ["org_1"] } }];
    api = await start({ seed: { organizations: [{ id: "org_1", name: "Acme" }], feature_flags }, announceSeed: true });

    assertEquals(api.eventNames(), ["flag.created", "organization.created", "flag.rule_updated"]);
    assertEquals(api.emulator.events[0].data.environment_id, "environment_emulator");
  });

  it("cannot be seeded twice, or for somebody who is not there", () => {
    const twice = [{ slug: "checkout" }, { slug: "checkout" }];
    const nobody = [{ slug: "checkout", targets: { users: ["user_9"] } }];

    assertThrows(() => createEmulator({ seed: { feature_flags: twice } }), TypeError, "checkout");
    assertThrows(() => createEmulator({ seed: { feature_flags: nobody } }), TypeError, "user_9");
  });
});
