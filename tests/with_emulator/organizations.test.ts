import { beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { BadRequestException, NotFoundException, WidgetSessionTokenScopes, type WorkOS } from "../../mod.ts";
import { decodeJwt } from "../../src/entries/jwt.ts";
import { deliveries, emulator, restart } from "./client.ts";

describe("organizations with the emulator", () => {
  let workos: WorkOS;

  beforeEach(() => {
    workos = restart();
  });

  describe("organizations", () => {
    it("live from creation to deletion", async () => {
      const metadata = { first_name: "x", lastName: "y" };
      const domainData = [{ domain: "initech.example", state: "pending" as const }];

      const created = await workos.organizations.createOrganization({ name: "Initech", metadata, domainData });
      const updated = await workos.organizations.updateOrganization({ organization: created.id, externalId: "ext_9" });
      const found = await workos.organizations.getOrganizationByExternalId("ext_9");
      const listed = await workos.organizations.listOrganizations({ domains: ["initech.example"] });
      await workos.organizations.deleteOrganization(created.id);

      assertEquals([created.name, created.metadata, created.externalId], ["Initech", metadata, null]);
      assertEquals([created.domains[0].domain, created.domains[0].state], ["initech.example", "pending"]);
      assertEquals([updated.name, updated.metadata, updated.externalId], ["Initech", metadata, "ext_9"]);
      assertEquals([found, listed.data], [updated, [updated]]);
      await assertRejects(() => workos.organizations.getOrganization(created.id), NotFoundException);
    });

    it("verify domains", async () => {
      const domain = await workos.organizationDomains.createOrganizationDomain({
        organizationId: "org_2",
        domain: "globex.example",
      });
      const verified = await workos.organizationDomains.verifyOrganizationDomain(domain.id);

      assertEquals([domain.state, verified.state, verified.organizationId], ["pending", "verified", "org_2"]);
    });

    it("have API keys for their own customers", async () => {
      const key = await workos.apiKeys.createOrganizationApiKey({ organizationId: "org_1", name: "CI" });
      const valid = await workos.apiKeys.createValidation({ value: key.value });
      await workos.apiKeys.deleteApiKey(key.id);
      const invalid = await workos.apiKeys.createValidation({ value: key.value });

      assertEquals([valid.apiKey?.id, valid.apiKey?.name, invalid.apiKey], [key.id, "CI", null]);
      assertEquals(JSON.stringify(emulator.requests).includes(key.value), false);
    });

    it("group their members", async () => {
      const group = await workos.groups.createGroup({ organizationId: "org_1", name: "Editors" });
      const where = { organizationId: "org_1", groupId: group.id };
      await workos.groups.addOrganizationMembership({ ...where, organizationMembershipId: "om_1" });
      await workos.groups.addOrganizationMembership({ ...where, organizationMembershipId: "om_2" });
      const described = await workos.groups.updateGroup({ ...where, description: "They edit" });
      const members = await workos.groups.listOrganizationMemberships(where);
      await workos.groups.removeOrganizationMembership({ ...where, organizationMembershipId: "om_2" });
      const options = { organizationMembershipId: "om_1" };
      const joined = await workos.userManagement.listGroupsForOrganizationMembership(options);

      assertEquals([group.description, group.createdAt instanceof Date], [null, true]);
      assertEquals([described.name, described.description], ["Editors", "They edit"]);
      assertEquals(members.data.map(({ id, userId }) => [id, userId]), [["om_2", "user_bob"], ["om_1", "user_ada"]]);
      assertEquals(joined.data, [described]);
      await workos.groups.deleteGroup(where);
      await assertRejects(() => workos.groups.getGroup(where), NotFoundException);
      assertEquals(emulator.events.map(({ event }) => event), [
        "group.created",
        "group.member_added",
        "group.member_added",
        "group.updated",
        "group.member_removed",
        "group.deleted",
      ]);
    });
  });

  it("lists directories, their users and groups, and forgets them", async () => {
    emulator.reset({
      organizations: [{ id: "org_1", name: "Acme" }],
      directories: [{ id: "directory_1", name: "Acme people", organization_id: "org_1" }],
      directory_groups: [{ id: "group_1", directory_id: "directory_1", name: "Developers" }],
      directory_users: [{ id: "user_1", directory_id: "directory_1", email: "ada@acme.example", groups: ["group_1"] }],
    });
    const { directorySync } = workos;

    const [directory] = (await directorySync.listDirectories({ organizationId: "org_1" })).data;
    const [user] = (await directorySync.listUsers({ group: "group_1" })).data;
    const [group] = (await directorySync.listGroups({ user: user.id })).data;

    assertEquals([directory.state, directory.metadata?.users.active], ["active", 1]);
    assertEquals([user.email, group.name, user.groups], ["ada@acme.example", "Developers", [group]]);
    await directorySync.deleteDirectory(directory.id);
    const gone = await assertRejects(() => directorySync.getUser(user.id), NotFoundException);
    assertEquals(gone.status, 404);
  });

  it("syncs a directory, which events and webhooks tell", async () => {
    emulator.reset({
      organizations: [{ id: "org_1", name: "Acme" }],
      directories: [{ id: "directory_1", name: "Acme people", organization_id: "org_1" }],
      directory_groups: [{ id: "group_1", directory_id: "directory_1", name: "Developers" }],
      directory_users: [{ id: "user_1", directory_id: "directory_1", email: "ada@acme.example" }],
      webhook_endpoints: [{
        endpoint_url: "https://app.example.com/hook",
        events: ["dsync.user.updated"],
        secret: "s",
      }],
    });

    emulator.syncDirectory("directory_1", {
      users: [
        { email: "ada@acme.example", state: "suspended", custom_attributes: { cost_center: 1 } },
        { email: "eve@acme.example", groups: ["group_1"] },
      ],
    });
    await emulator.flush();

    const { data: users } = await workos.directorySync.listUsers({ directory: "directory_1", order: "asc" });
    const { data: events } = await workos.events.listEvents({
      events: ["dsync.user.updated", "dsync.group.user_added"],
    });
    const [updated, added] = events;
    assertEquals(users.map(({ email, state, groups }) => [email, state, groups.map(({ name }) => name)]), [
      ["ada@acme.example", "suspended", []],
      ["eve@acme.example", "active", ["Developers"]],
    ]);
    assert(updated.event === "dsync.user.updated" && added.event === "dsync.group.user_added");
    assertEquals([updated.data.id, updated.data.state], ["user_1", "suspended"]);
    assertEquals(updated.data.customAttributes, { cost_center: 1 });
    assertEquals(updated.data.previousAttributes, { state: "active", custom_attributes: {} });
    assertEquals([added.data.user.email, added.data.group.id], ["eve@acme.example", "group_1"]);
    const [{ headers }] = deliveries;
    const payload = await deliveries[0].text();
    const sigHeader = headers.get("WorkOS-Signature")!;
    assertEquals(await workos.webhooks.constructEvent({ payload, sigHeader, secret: "s" }), updated);
  });

  it("audit logs are written, checked and exported", async () => {
    const { auditLogs } = workos;
    const occurredAt = new Date();
    const event = {
      action: "team.joined",
      occurredAt,
      actor: { id: "user_ada", type: "user" },
      targets: [{ id: "team_1", type: "team", metadata: { first_name: "A" } }],
      context: { location: "127.0.0.1", userAgent: "test" },
    };
    const metadata = { first_name: "string" };
    const schema = await auditLogs.createSchema({ action: "team.joined", targets: [{ type: "team", metadata }] });
    await auditLogs.createEvent("org_1", event);
    const wrong = { ...event, targets: [{ id: "1", type: "page" }] };
    const error = await assertRejects(() => auditLogs.createEvent("org_1", wrong), BadRequestException);
    const { id } = await auditLogs.createExport({
      organizationId: "org_1",
      rangeStart: occurredAt,
      rangeEnd: occurredAt,
    });
    const { state, url } = await auditLogs.getExport(id);
    const csv = await (await emulator.fetch(url ?? "")).text();

    assertEquals([schema.version, schema.targets], [1, [{ type: "team", metadata }]]);
    assertEquals((await auditLogs.listActions()).data.map(({ name }) => name), ["team.joined"]);
    assertEquals(error.code, "invalid_audit_log_event");
    const [logged, ...others] = emulator.auditLogEvents;
    assertEquals([logged.action, logged.targets, others], ["team.joined", event.targets, []]);
    assertEquals([state, csv.includes(logged.id)], ["ready", true]);
    const kept = await auditLogs.updateOrganizationAuditLogsRetention({ id: "org_1", retentionPeriod: "1_YEAR" });
    assertEquals(kept.retentionPeriodInDays, 365);
  });

  it("the Admin Portal has links, and widgets have tokens", async () => {
    const successUrl = "https://app.example.com/done";
    const { link } = await workos.adminPortal.generateLink({ organization: "org_1", intent: "sso", successUrl });
    const response = await emulator.fetch(link);
    const user = { organizationId: "org_1", userId: "user_ada" };
    const scopes = [WidgetSessionTokenScopes.WidgetsSSOManage];
    const { token } = await workos.widgets.createToken({ ...user, scopes });

    assertEquals([response.status, response.headers.get("Location")], [302, successUrl]);
    const { payload: claims } = decodeJwt(token);
    assertEquals([claims.sub, claims.scopes], ["user_ada", scopes]);
    assertEquals((await workos.userManagement.verifyAccessToken(token)).ok, false);
    const unknown = { ...user, userId: "user_9" };
    await assertRejects(() => workos.widgets.createClientApiToken(unknown), NotFoundException);
  });
});
