import { assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  OrganizationDomainState,
  OrganizationDomainVerificationStrategy,
} from "../../src/resources/organization_domains.ts";
import { fakeApi } from "../fake_api.ts";

const domain = {
  object: "organization_domain",
  id: "org_domain_1",
  organization_id: "org_1",
  domain: "foo-corp.com",
  state: "legacy_verified",
  verification_prefix: "_workos",
  verification_token: "token",
  verification_strategy: "dns",
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-02T00:00:00.000Z",
  brand_new: { some_field: 1 },
};
const readableDomain = {
  object: "organization_domain",
  id: "org_domain_1",
  organizationId: "org_1",
  domain: "foo-corp.com",
  state: OrganizationDomainState.LegacyVerified,
  verificationPrefix: "_workos",
  verificationToken: "token",
  verificationStrategy: OrganizationDomainVerificationStrategy.Dns,
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-02T00:00:00.000Z",
  brandNew: { someField: 1 },
};

describe("OrganizationDomains", () => {
  it("getOrganizationDomain() reads a domain", async () => {
    const api = fakeApi(domain);

    const answer = await api.workos.organizationDomains.getOrganizationDomain("org_domain_1");

    assertEquals(answer as unknown, readableDomain);
    assertEquals(api.requests[0].method, "GET");
    assertEquals(api.requests[0].path, "/organization_domains/org_domain_1");
  });

  it("getOrganizationDomain() leaves out what only DNS verification has", async () => {
    const { verification_prefix: _prefix, verification_token: _token, ...manual } = domain;
    const api = fakeApi({ ...manual, verification_strategy: "manual" });

    const answer = await api.workos.organizationDomains.getOrganizationDomain("org_domain_1");

    assertEquals("verificationToken" in answer, false);
    assertEquals("verificationPrefix" in answer, false);
    assertEquals(answer.verificationStrategy, "manual");
  });

  it("verifyOrganizationDomain() posts an empty object", async () => {
    const api = fakeApi(domain);

    const answer = await api.workos.organizationDomains.verifyOrganizationDomain("org_domain_1");

    assertEquals(answer as unknown, readableDomain);
    assertEquals(api.requests[0].method, "POST");
    assertEquals(api.requests[0].path, "/organization_domains/org_domain_1/verify");
    assertEquals(api.requests[0].body, {});
  });

  it("createOrganizationDomain() posts domain and organization", async () => {
    const api = fakeApi(domain);

    const answer = await api.workos.organizationDomains.createOrganizationDomain(
      { domain: "foo-corp.com", organizationId: "org_1" },
      { idempotencyKey: "key_1" },
    );

    assertEquals(answer as unknown, readableDomain);
    assertEquals(api.requests[0].method, "POST");
    assertEquals(api.requests[0].path, "/organization_domains");
    assertEquals(api.requests[0].body, { domain: "foo-corp.com", organization_id: "org_1" });
    assertEquals(api.requests[0].headers["idempotency-key"], "key_1");
  });

  it("deleteOrganizationDomain() answers nothing", async () => {
    const api = fakeApi(new Response(null, { status: 204 }));

    const answer = await api.workos.organizationDomains.deleteOrganizationDomain("org_domain_1");

    assertEquals(answer, undefined);
    assertEquals(api.requests[0].method, "DELETE");
    assertEquals(api.requests[0].path, "/organization_domains/org_domain_1");
    assertEquals(api.requests[0].body, undefined);
  });

  it("refuses an empty id before anything is sent", async () => {
    const api = fakeApi({});
    const { organizationDomains } = api.workos;

    await assertRejects(() => organizationDomains.getOrganizationDomain(""), TypeError);
    await assertRejects(() => organizationDomains.verifyOrganizationDomain(".."), TypeError);
    await assertRejects(() => organizationDomains.deleteOrganizationDomain(""), TypeError);

    assertEquals(api.requests.length, 0);
  });
});
