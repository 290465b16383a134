import { beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { ConflictException, type Event, SignatureVerificationException, type WorkOS } from "../../mod.ts";
import { deliveries, emulator, restart } from "./client.ts";

describe("events and webhooks with the emulator", () => {
  let workos: WorkOS;

  beforeEach(() => {
    workos = restart();
  });

  describe("events", () => {
    it("tell what happened, page by page", async () => {
      for (const name of ["A", "B", "C"]) await workos.organizations.createOrganization({ name });
      await workos.userManagement.createUser({ email: "eve@example.com" });
      const events = ["organization.created" as const];

      const first = await workos.events.listEvents({ events, limit: 2 });
      const second = await workos.events.listEvents({ events, limit: 2, after: first.listMetadata.after });

      const names = (page: { data: Event[] }) =>
        page.data.map((event) => event.event === "organization.created" ? event.data.name : event.event);
      assertEquals([names(first), names(second), second.listMetadata.after], [["A", "B"], ["C"], null]);
    });

    it("have their data as other calls return it", async () => {
      const organization = await workos.organizations.createOrganization({ name: "A", metadata: { a_b: "c" } });
      const group = await workos.groups.createGroup({ organizationId: organization.id, name: "G" });
      const flag = await workos.featureFlags.disableFeatureFlag("checkout");
      await workos.vault.createObject({ name: "db", value: "s3cret", context: { organization_id: "org_1" } });

      const of = async (name: Event["event"]) => (await workos.events.listEvents({ events: [name] })).data[0];
      const rule = await of("flag.rule_updated");
      const stored = await of("vault.data.created");

      assertEquals((await of("organization.created")).data, organization);
      assertEquals((await of("group.created")).data, group);
      assertEquals(rule.data, { ...flag, environmentId: "environment_emulator" });
      assert(stored.event === "vault.data.created");
      assertEquals([stored.data.kvName, stored.data.keyContext], ["db", { organization_id: "org_1" }]);
    });

    it("are narrowed by time and organization", async () => {
      await workos.organizationDomains.createOrganizationDomain({ organizationId: "org_1", domain: "a.example" });
      emulator.advance(60_000);
      await workos.organizationDomains.createOrganizationDomain({ organizationId: "org_2", domain: "b.example" });
      const events = ["organization_domain.created" as const];
      const rangeStart = new Date(emulator.now() - 30_000).toISOString();

      const late = await workos.events.listEvents({ events, rangeStart });
      const own = await workos.events.listEvents({ events, organizationId: "org_1" });

      assertEquals([late, own].map(({ data }) => data.length), [1, 1]);
      assertNotEquals(late.data[0].id, own.data[0].id);
    });
  });

  describe("webhooks", () => {
    const subscribe = () =>
      workos.webhooks.createWebhookEndpoint({
        endpointUrl: "https://app.example.com/webhooks",
        events: ["organization.created", "flag.rule_updated"],
      });

    it("are delivered signed, and verified", async () => {
      const { secret } = await subscribe();
      const organization = await workos.organizations.createOrganization({ name: "Initech" });
      await workos.userManagement.createUser({ email: "eve@example.com" });
      await workos.featureFlags.disableFeatureFlag("dark-mode");
      await emulator.flush();

      const events = await Promise.all(
        deliveries.map((payload) => workos.webhooks.constructEvent({ payload, secret })),
      );

      assertEquals(events.map(({ event }) => event), ["organization.created", "flag.rule_updated"]);
      assertEquals(events[0].data, organization);
      assertEquals((await emulator.deliveries()).every(({ delivered }) => delivered), true);
    });

    it("are refused with another secret, another body, or no signature", async () => {
      const { secret } = await subscribe();
      await workos.organizations.createOrganization({ name: "Initech" });
      await emulator.flush();
      const payload = await deliveries[0].text();
      const sigHeader = deliveries[0].headers.get("WorkOS-Signature") ?? "";
      const verify = (other: object) => () => workos.webhooks.constructEvent({ payload, sigHeader, secret, ...other });

      assertEquals((await verify({})()).event, "organization.created");
      await assertRejects(verify({ secret: `${secret}x` }), SignatureVerificationException);
      await assertRejects(verify({ payload: payload.replace("Initech", "Initrode") }), SignatureVerificationException);
      await assertRejects(verify({ sigHeader: "" }), SignatureVerificationException);
    });

    it("are refused when they are too old", async () => {
      const { secret } = await subscribe();
      emulator.advance(-200_000);
      await workos.organizations.createOrganization({ name: "Initech" });
      await emulator.flush();
      const payload = await deliveries[0].text();
      const sigHeader = deliveries[0].headers.get("WorkOS-Signature") ?? "";
      const verify = (tolerance?: number) => workos.webhooks.constructEvent({ payload, sigHeader, secret, tolerance });

      await assertRejects(() => verify(), SignatureVerificationException);
      assertEquals((await verify(300_000)).event, "organization.created");
    });

    it("endpoints are changed, listed and deleted", async () => {
      const { id } = await subscribe();
      const disabled = await workos.webhooks.updateWebhookEndpoint({ id, status: "disabled" });
      const listed = await workos.webhooks.listWebhookEndpoints();
      const twice = await assertRejects(subscribe, ConflictException);
      await workos.webhooks.deleteWebhookEndpoint({ id });
      await workos.organizations.createOrganization({ name: "Initech" });
      await emulator.flush();

      assertEquals([disabled.status, disabled.events.length, listed.data[0].id], ["disabled", 2, id]);
      assertEquals([twice.status, deliveries.length], [409, 0]);
    });
  });
});
