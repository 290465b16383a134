import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { ConflictException } from "../../mod.ts";
import { DomainDataState, ItContactIntent } from "../../src/resources/organizations.ts";
import { type FakeApi, fakeApi } from "../fake_api.ts";

const freeForm = { first_name: "Ada", lastName: "Lovelace" };

const organization = {
  object: "organization",
  id: "org_1",
  name: "Foo Corp",
  allow_profiles_outside_organization: false,
  domains: [{
    object: "organization_domain",
    id: "org_domain_1",
    organization_id: "org_1",
    domain: "foo-corp.com",
    verification_strategy: "dns",
  }],
  stripe_customer_id: "cus_1",
  external_id: "my-1",
  metadata: freeForm,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-02T00:00:00.000Z",
  brand_new: { some_field: 1 },
};
const readableOrganization = {
  object: "organization",
  id: "org_1",
  name: "Foo Corp",
  allowProfilesOutsideOrganization: false,
  domains: [{
    object: "organization_domain",
    id: "org_domain_1",
    organizationId: "org_1",
    domain: "foo-corp.com",
    verificationStrategy: "dns",
  }],
  stripeCustomerId: "cus_1",
  externalId: "my-1",
  metadata: freeForm,
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-02T00:00:00.000Z",
  brandNew: { someField: 1 },
};

const contact = {
  object: "it_contact",
  id: "it_contact_1",
  email: "it@foo-corp.com",
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-02T00:00:00.000Z",
  brand_new: 1,
};
const readableContact = {
  object: "it_contact",
  id: "it_contact_1",
  email: "it@foo-corp.com",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-02T00:00:00.000Z",
  brandNew: 1,
};

function page(...data: unknown[]): unknown {
  return { object: "list", data, list_metadata: { before: null, after: "org_9" } };
}

function sent(api: FakeApi): unknown[] {
  const { method, path, query, body } = api.requests[0];
  return [method, path, query, body];
}

describe("Organizations", () => {
  it("listOrganizations() joins domains, searches, and keeps the options", async () => {
    const api = fakeApi(page(organization), { ...page(organization) as object, list_metadata: {} });

    const list = await api.workos.organizations.listOrganizations({ domains: ["a.com", "b.com"], search: "Foo" });

    assertEquals(list.data as unknown, [readableOrganization]);
    assertEquals(list.options, { domains: ["a.com", "b.com"], search: "Foo" });
    assertEquals(sent(api), [
      "GET",
      "/organizations",
      { domains: "a.com,b.com", search: "Foo", order: "desc" },
      undefined,
    ]);
    assertEquals((await list.toArray()).length, 2);
    assertEquals(api.requests[1].query.domains, "a.com,b.com");
    assertEquals(api.requests[1].query.after, "org_9");
  });

  it("listOrganizations() needs no options", async () => {
    const api = fakeApi(page());

    await api.workos.organizations.listOrganizations();

    assertEquals(api.requests[0].query, { order: "desc" });
  });

  it("createOrganization() posts everything once, metadata untouched", async () => {
    const api = fakeApi(organization);
    const payload = {
      name: "Foo Corp",
      domainData: [{ domain: "foo-corp.com", state: DomainDataState.Pending }],
      domains: ["bar.com"],
      allowProfilesOutsideOrganization: true,
      externalId: "my-1",
      metadata: freeForm,
    };
    const before = structuredClone(payload);

    const answer = await api.workos.organizations.createOrganization(payload, { idempotencyKey: "key_1" });

    assertEquals(answer as unknown, readableOrganization);
    assertEquals(payload, before);
    assertEquals(sent(api), ["POST", "/organizations", {}, {
      name: "Foo Corp",
      domain_data: [{ domain: "foo-corp.com", state: "pending" }],
      domains: ["bar.com"],
      allow_profiles_outside_organization: true,
      external_id: "my-1",
      metadata: freeForm,
    }]);
    assertEquals(api.requests[0].headers["idempotency-key"], "key_1");
  });

  it("createOrganization() leaves absent fields absent", async () => {
    const api = fakeApi(organization);

    await api.workos.organizations.createOrganization({ name: "Foo Corp", externalId: undefined });

    assertEquals(api.requests[0].body, { name: "Foo Corp" });
  });

  it("takes the shape of the metadata", async () => {
    interface Metadata {
      plan: string;
    }
    const api = fakeApi({ ...organization, metadata: { plan: "pro" } });
    const { organizations } = api.workos;

    const made = await organizations.createOrganization<Metadata>({ name: "Foo Corp", metadata: { plan: "pro" } });
    const read = await organizations.getOrganization<Metadata>("org_1");

    const plans: string[] = [made.metadata.plan, read.metadata.plan];
    assertEquals(plans, ["pro", "pro"]);
  });

  it("takes no shape from the metadata that is given: there may be more", async () => {
    const api = fakeApi({ ...organization, metadata: { plan: "pro", region: "eu" } });

    const made = await api.workos.organizations.createOrganization({ name: "Foo Corp", metadata: { plan: "pro" } });

    const region: string = made.metadata.region;
    assertEquals(region, "eu");
  });

  it("getOrganization() reads what was never set as null, {} or absent", async () => {
    const { external_id: _id, metadata: _metadata, stripe_customer_id: _stripe, ...bare } = organization;
    const api = fakeApi(bare);

    const answer = await api.workos.organizations.getOrganization("org_1");

    assertStrictEquals(answer.externalId, null);
    assertEquals(answer.metadata, {});
    assertEquals("stripeCustomerId" in answer, false);
    assertEquals(sent(api), ["GET", "/organizations/org_1", {}, undefined]);
  });

  it("reads what was never set in the same way wherever there is an organization", async () => {
    const { organizations } = fakeApi({ id: "org_1" }).workos;
    const { organizations: listed } = fakeApi(page({ id: "org_1" })).workos;

    const answers = [
      await organizations.createOrganization({ name: "Foo" }),
      await organizations.getOrganizationByExternalId("my-1"),
      await organizations.updateOrganization({ organization: "org_1" }),
      ...(await listed.listOrganizations()).data,
    ];

    const read: unknown = { id: "org_1", externalId: null, metadata: {} };
    assertEquals(answers as unknown, Array(4).fill(read));
  });

  it("getOrganizationByExternalId() encodes your id", async () => {
    const api = fakeApi(organization);

    const answer = await api.workos.organizations.getOrganizationByExternalId("a/b c");

    assertEquals(answer as unknown, readableOrganization);
    assertEquals(sent(api), ["GET", "/organizations/external_id/a%2Fb%20c", {}, undefined]);
  });

  it("updateOrganization() sends its id in the path alone, and null where a field is to go", async () => {
    const api = fakeApi(organization);

    const answer = await api.workos.organizations.updateOrganization({
      organization: "org_1",
      name: "Foo",
      domainData: [{ domain: "foo-corp.com", state: "verified" }],
      stripeCustomerId: null,
      externalId: null,
      metadata: freeForm,
    });

    assertEquals(answer as unknown, readableOrganization);
    assertEquals(sent(api), ["PUT", "/organizations/org_1", {}, {
      name: "Foo",
      domain_data: [{ domain: "foo-corp.com", state: "verified" }],
      stripe_customer_id: null,
      external_id: null,
      metadata: freeForm,
    }]);
  });

  it("updateOrganization() sends only what changes", async () => {
    const api = fakeApi(organization);

    await api.workos.organizations.updateOrganization({ organization: "org_1", name: "Foo" });

    assertEquals(api.requests[0].body, { name: "Foo" });
  });

  it("deleteOrganization() answers nothing", async () => {
    const api = fakeApi(new Response(null, { status: 204 }));

    assertEquals(await api.workos.organizations.deleteOrganization("org_1"), undefined);

    assertEquals(sent(api), ["DELETE", "/organizations/org_1", {}, undefined]);
  });

  it("refuses an empty id before anything is sent", async () => {
    const api = fakeApi({});
    const { organizations } = api.workos;

    await assertRejects(() => organizations.getOrganization(""), TypeError);
    await assertRejects(() => organizations.deleteOrganization(""), TypeError);
    await assertRejects(() => organizations.updateOrganization({ organization: "", name: "x" }), TypeError);
    await assertRejects(() => organizations.deleteItContact({ organizationId: "org_1", contactId: "" }), TypeError);

    assertEquals(api.requests.length, 0);
  });

  it("listItContacts() answers a plain list", async () => {
    const api = fakeApi({ object: "list", data: [contact], list_metadata: { before: null, after: null } });

    const list = await api.workos.organizations.listItContacts({ organizationId: "org_1" });

    assertEquals(list as unknown, {
      object: "list",
      data: [readableContact],
      listMetadata: { before: null, after: null },
    });
    assertEquals(sent(api), ["GET", "/organizations/org_1/it_contacts", {}, undefined]);
    const bare = await fakeApi({ data: [contact] }).workos.organizations.listItContacts({ organizationId: "org_1" });
    assertEquals(bare, list);
  });

  it("createItContact() posts the address", async () => {
    const api = fakeApi(contact);

    const answer = await api.workos.organizations.createItContact({
      organizationId: "org_1",
      email: "it@foo-corp.com",
    });

    assertEquals(answer as unknown, readableContact);
    assertEquals(sent(api), ["POST", "/organizations/org_1/it_contacts", {}, { email: "it@foo-corp.com" }]);
  });

  it("inviteItContact(), revokeItContact() and deleteItContact() answer nothing", async () => {
    const empty = new Response(null, { status: 204 });
    const api = fakeApi({ ignored: true }, { ignored: true }, empty);
    const ids = { organizationId: "org_1", contactId: "it_contact_1" };

    const answers = [
      await api.workos.organizations.inviteItContact({ ...ids, intents: [ItContactIntent.DirectorySync, "sso"] }),
      await api.workos.organizations.revokeItContact(ids),
      await api.workos.organizations.deleteItContact(ids),
    ];

    assertEquals(answers, [undefined, undefined, undefined]);
    assertEquals(api.requests.map(({ method, path, body }) => [method, path, body]), [
      ["POST", "/organizations/org_1/it_contacts/it_contact_1/invite", { intents: ["directory_sync", "sso"] }],
      ["POST", "/organizations/org_1/it_contacts/it_contact_1/revoke", {}],
      ["DELETE", "/organizations/org_1/it_contacts/it_contact_1", undefined],
    ]);
    const { organizations } = fakeApi(empty).workos;
    assertEquals(await organizations.inviteItContact({ ...ids, intents: ["sso"] }), undefined);
    assertEquals(await organizations.revokeItContact(ids), undefined);
  });

  it("inviteItContact(), revokeItContact() and deleteItContact() reject when the API refuses", async () => {
    const { organizations } = fakeApi(new Response(null, { status: 409 })).workos;
    const ids = { organizationId: "org_1", contactId: "it_contact_1" };

    await assertRejects(() => organizations.inviteItContact({ ...ids, intents: ["sso"] }), ConflictException);
    await assertRejects(() => organizations.revokeItContact(ids), ConflictException);
    await assertRejects(() => organizations.deleteItContact(ids), ConflictException);
  });

  it("getAuditLogConfiguration() reads retention and stream", async () => {
    const api = fakeApi({
      organization_id: "org_1",
      retention_period_in_days: 365,
      state: "active",
      log_stream: {
        id: "als_1",
        type: "S3",
        state: "active",
        last_synced_at: null,
        created_at: "2026-01-01T00:00:00.000Z",
      },
    });

    const answer = await api.workos.organizations.getAuditLogConfiguration("org_1");

    assertEquals(answer, {
      organizationId: "org_1",
      retentionPeriodInDays: 365,
      state: "active",
      logStream: {
        id: "als_1",
        type: "S3",
        state: "active",
        lastSyncedAt: null,
        createdAt: "2026-01-01T00:00:00.000Z",
      },
    });
    assertEquals(sent(api), ["GET", "/organizations/org_1/audit_log_configuration", {}, undefined]);
  });

  it("listOrganizationAuthorizedApplications() reads the application with its dates", async () => {
    const api = fakeApi(page({
      object: "authorized_connect_application",
      id: "authorized_1",
      granted_scopes: ["openid"],
      oauth_resource: "https://api.example.com",
      user_id: "user_1",
      application: {
        object: "connect_application",
        id: "conn_app_1",
        client_id: "client_1",
        application_type: "m2m",
        organization_id: "org_1",
        name: "App",
        description: null,
        scopes: [],
        created_at: "2026-01-01T00:00:00.000Z",
        updated_at: "2026-01-02T00:00:00.000Z",
      },
    }));

    const list = await api.workos.organizations.listOrganizationAuthorizedApplications({
      organizationId: "org_1",
      limit: 5,
    });

    const { application, ...authorized } = list.data[0];
    assertEquals(authorized, {
      object: "authorized_connect_application",
      id: "authorized_1",
      grantedScopes: ["openid"],
      oauthResource: "https://api.example.com",
      userId: "user_1",
    });
    assertEquals(application.clientId, "client_1");
    assertEquals(application.createdAt, new Date("2026-01-01T00:00:00.000Z"));
    assertEquals(sent(api), [
      "GET",
      "/organizations/org_1/authorized_applications",
      { limit: "5", order: "desc" },
      undefined,
    ]);
  });
});
