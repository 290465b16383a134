import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertRejects } from "@std/assert";
import { NotFoundException, UnauthorizedException, type WorkOS } from "../../mod.ts";
import { decodeJwt } from "../../src/entries/jwt.ts";
import { connect, emulator, restart } from "./client.ts";

describe("feature flags with the emulator", () => {
  let workos: WorkOS;

  beforeEach(() => {
    workos = restart();
  });

  const slugs = ({ data }: { data: { slug: string }[] }) => data.map(({ slug }) => slug);

  it("are listed, switched and targeted", async () => {
    const { featureFlags } = workos;
    const all = await featureFlags.listFeatureFlags({ order: "asc" });
    const disabled = await featureFlags.disableFeatureFlag("dark-mode");
    await featureFlags.addFlagTarget({ slug: "checkout", targetId: "user_bob" });
    await featureFlags.removeFlagTarget({ slug: "beta", targetId: "org_1" });
    await featureFlags.addFlagTarget({ slug: "beta", targetId: "org_2" });

    assertEquals(slugs(all), ["checkout", "dark-mode", "beta"]);
    assertEquals([disabled.enabled, disabled.defaultValue, disabled.owner], [false, true, null]);
    assertEquals(await featureFlags.getFeatureFlag("dark-mode"), disabled);
    assertEquals(slugs(await featureFlags.listUserFeatureFlags({ userId: "user_bob" })), ["checkout"]);
    assertEquals(slugs(await featureFlags.listOrganizationFeatureFlags({ organizationId: "org_2" })), ["beta"]);
    const nobody = () => featureFlags.addFlagTarget({ slug: "beta", targetId: "user_nobody" });
    assertEquals((await assertRejects(nobody, NotFoundException)).status, 404);
  });

  it("are evaluated by a client that fetches on demand, which tells what changed", async () => {
    const client = workos.featureFlags.createRuntimeClient({ mode: "onDemand" });
    const changes: unknown[] = [];
    client.on("change", ({ key, previous, current }) => changes.push([key, previous?.enabled, current?.enabled]));
    await client.waitUntilReady();

    const before = client.getAllFlags({ userId: "user_bob", organizationId: "org_2" });
    await workos.featureFlags.addFlagTarget({ slug: "checkout", targetId: "user_bob" });
    await workos.featureFlags.disableFeatureFlag("dark-mode");
    const fresh = await client.refresh({ maxAgeMs: 0 });
    client.close();

    assertEquals(before, { "checkout": false, "dark-mode": true, "beta": false });
    assertEquals([fresh, client.isEnabled("checkout", { userId: "user_bob" })], [true, true]);
    assertEquals(client.isEnabled("dark-mode", { userId: "user_bob" }), false);
    assertEquals(client.isEnabled("beta", { organizationId: "org_1" }), true);
    assertEquals(client.isEnabled("beta", { workspace: { id: "w1" } }), true);
    assertEquals([client.isEnabled("unknown"), client.isEnabled("unknown", {}, true)], [false, true]);
    assertEquals(changes, [
      ["checkout", true, true],
      ["dark-mode", true, false],
    ]);
  });

  it("agree with the claim of access tokens", async () => {
    const client = workos.featureFlags.createRuntimeClient({ mode: "onDemand" });
    await client.waitUntilReady();
    const code = emulator.authorizationCode({ user: "user_ada", organizationId: "org_1" });
    const { accessToken } = await workos.userManagement.authenticateWithCode({ code });

    const flags = client.getAllFlags({ userId: "user_ada", organizationId: "org_1" });

    assertEquals(decodeJwt(accessToken).payload.feature_flags, Object.keys(flags).filter((slug) => flags[slug]));
  });

  it("are polled in the background, and stay as they are while that fails", async () => {
    const client = workos.featureFlags.createRuntimeClient();
    await client.waitUntilReady();
    emulator.failNext({ status: 400 });

    const fresh = await client.refresh({ maxAgeMs: 0 });
    client.close();

    assertEquals([fresh, client.isEnabled("dark-mode")], [false, true]);
    const { pollCount, pollErrorCount, flagCount } = client.getStats();
    assertEquals([pollCount, pollErrorCount, flagCount], [2, 1, 3]);
  });

  it("are refused to a client with another API key", async () => {
    const client = connect({ apiKey: "sk_test_other" }).featureFlags.createRuntimeClient({ mode: "onDemand" });

    await assertRejects(() => client.waitUntilReady(), UnauthorizedException);
    client.close();
  });
});
