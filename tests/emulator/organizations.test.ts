import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertMatch } from "@std/assert";
import { type Driver, refusal, SEED, start } from "./drive.ts";

const ids = (data: { id: string }[]) => data.map(({ id }) => id);

describe("organizations", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: SEED });
  });

  it("POST adds one with its domains, and tells in which order that happened", async () => {
    const { status, body } = await api.post("/organizations", {
      name: "Initech",
      domain_data: [{ domain: "Initech.com", state: "pending" }],
      metadata: { first_name: "x", lastName: "y" },
      external_id: "ext_9",
    });

    assertEquals(status, 201);
    assertEquals([body.object, body.name, body.external_id], ["organization", "Initech", "ext_9"]);
    assertEquals(body.metadata, { first_name: "x", lastName: "y" });
    assertEquals(body.allow_profiles_outside_organization, false);
    assertEquals([body.domains[0].domain, body.domains[0].state], ["initech.com", "pending"]);
    assertEquals([body.domains[0].organization_id, body.domains[0].verification_strategy], [body.id, "dns"]);
    assertEquals(api.eventNames(), ["organization.created", "organization_domain.created"]);
    assertEquals(api.emulator.events[0].data.domains, body.domains);
  });

  it("POST refuses what is missing or malformed", async () => {
    const missing = await api.post("/organizations", {});
    const malformed = await api.post("/organizations", { name: 1, domains: "acme.com" });

    assertEquals([missing.status, missing.body.errors], [422, [{ code: "name_required", field: "name" }]]);
    assertEquals(malformed.body.errors, [
      { code: "name_invalid", field: "name" },
      { code: "domains_invalid", field: "domains" },
    ]);
  });

  it("POST and PUT refuse what is no domain, and an external id that is too long or not ASCII", async () => {
    const refused: [object, string][] = [
      [{ domains: ["acme"] }, "domain: domain_invalid"],
      [{ domains: ["acme.example", "https://acme.example"] }, "domain: domain_invalid"],
      [{ domain_data: [{ domain: "ada@acme.example", state: "pending" }] }, "domain: domain_invalid"],
      [{ external_id: "x".repeat(129) }, "external_id: external_id_too_long"],
      [{ external_id: "ü" }, "external_id: external_id_invalid"],
    ];

    for (const [fields, wrong] of refused) {
      assertEquals(refusal(await api.post("/organizations", { name: "A", ...fields })), [422, wrong]);
      assertEquals(refusal(await api.put("/organizations/org_1", fields)), [422, wrong]);
    }
    assertEquals((await api.post("/organizations", { name: "A", domains: ["münchen.example"] })).status, 201);
    const user = await api.post("/user_management/users", { email: "a@a.example", external_id: "ü" });
    assertEquals(refusal(user), [422, "external_id: external_id_invalid"]);
  });

  it("POST refuses a domain and an external id of another one, and adds nothing then", async () => {
    const domain = await api.post("/organizations", { name: "A", domains: ["acme.com"] });
    const externalId = await api.post("/organizations", { name: "A", external_id: "ext_2" });

    assertEquals([domain.status, domain.body.code], [409, "domain_already_exists"]);
    assertEquals([externalId.status, externalId.body.code], [400, "external_id_already_used"]);
    assertEquals((await api.get("/organizations")).body.data.length, 2);
    assertEquals(api.eventNames(), []);
  });

  it("PUT refuses the customer of another one", async () => {
    await api.put("/organizations/org_1", { stripe_customer_id: "cus_1" });

    const refused = await api.put("/organizations/org_2", { stripe_customer_id: "cus_1" });

    assertEquals([refused.status, refused.body.code], [400, "stripe_customer_id_already_used"]);
    assertEquals((await api.put("/organizations/org_1", { stripe_customer_id: "cus_1" })).status, 200);
  });

  it("POST refuses metadata that is too much", async () => {
    const long = { name: "A", metadata: { key: "x".repeat(601) } };
    const many = { name: "A", metadata: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, "x"])) };

    assertEquals((await api.post("/organizations", long)).body.code, "invalid_metadata");
    assertEquals((await api.post("/organizations", many)).body.code, "invalid_metadata");
    assertEquals((await api.post("/organizations", { name: "A", metadata: { key: 1 } })).body.code, "invalid_metadata");
  });

  it("GET finds one by its id and by the caller's", async () => {
    assertEquals((await api.get("/organizations/org_2")).body.name, "Globex");
    assertEquals((await api.get("/organizations/external_id/ext_2")).body.id, "org_2");
    assertEquals((await api.get("/organizations/external_id/ext_9")).status, 404);
  });

  it("GET narrows the list by domain and by text", async () => {
    assertEquals(ids((await api.get("/organizations?domains=other.com,ACME.com")).body.data), ["org_1"]);
    assertEquals(ids((await api.get("/organizations?domains=other.com&domains=acme.com")).body.data), ["org_1"]);
    assertEquals(ids((await api.get("/organizations?search=glo")).body.data), ["org_2"]);
  });

  it("PUT changes what it names and says what was before", async () => {
    await api.put("/organizations/org_2", { metadata: { a: "1", b: "2" } });

    const { body } = await api.put("/organizations/org_2", { name: "Hooli", metadata: { a: null, c: "3" } });

    assertEquals([body.name, body.external_id, body.metadata], ["Hooli", "ext_2", { b: "2", c: "3" }]);
    assertEquals(api.emulator.events.at(-1)?.event, "organization.updated");
    assertEquals(api.emulator.events.at(-1)?.context, {
      previous_attributes: { name: "Globex", metadata: { a: "1", b: "2" } },
    });
  });

  it("PUT clears what is null and replaces the domains", async () => {
    const paying = await api.put("/organizations/org_2", { stripe_customer_id: "cus_1" });
    const cleared = await api.put("/organizations/org_2", { external_id: null, stripe_customer_id: null });
    const moved = await api.put("/organizations/org_1", { domain_data: [{ domain: "acme.org", state: "verified" }] });

    assertEquals([paying.body.stripe_customer_id, cleared.body.external_id], ["cus_1", null]);
    assertEquals("stripe_customer_id" in cleared.body, false);
    const told = api.emulator.events.filter(({ event }) => event === "organization.updated");
    assertEquals(told.map(({ data }) => "stripe_customer_id" in data), [true, false]);
    assertEquals(moved.body.domains.map(({ domain }: { domain: string }) => domain), ["acme.org"]);
    assertEquals(api.eventNames().slice(2), ["organization_domain.deleted", "organization_domain.created"]);
  });

  it("PUT that changes nothing tells nobody", async () => {
    await api.put("/organizations/org_2", { name: "Globex" });

    assertEquals(api.eventNames(), []);
  });

  it("DELETE takes memberships, sessions and domains along", async () => {
    const code = api.emulator.authorizationCode({ user: "user_ada", organizationId: "org_1" });
    await api.authenticate({ grant_type: "authorization_code", code });

    const { status, body } = await api.remove("/organizations/org_1");

    assertEquals([status, body], [202, null]);
    assertEquals((await api.get("/organizations/org_1")).status, 404);
    assertEquals((await api.get("/user_management/organization_memberships/om_1")).status, 404);
    assertEquals(api.eventNames().slice(1), [
      "session.revoked",
      "organization_membership.deleted",
      "organization_membership.deleted",
      "organization.deleted",
    ]);
  });

  describe("domains", () => {
    it("POST adds one that is to be verified", async () => {
      const { status, body } = await api.post("/organization_domains", {
        organization_id: "org_2",
        domain: "globex.com",
      });

      assertEquals([status, body.state, body.organization_id], [201, "pending", "org_2"]);
      assertMatch(body.verification_token, /^\w{25}$/);
    });

    it("POST refuses what is none", async () => {
      for (const domain of ["acme", "acme.example/", "a b.example", "acme..example"]) {
        const { status, body } = await api.post("/organization_domains", { organization_id: "org_1", domain });

        assertEquals([status, body.errors], [422, [{ code: "domain_invalid", field: "domain" }]]);
      }
    });

    it("POST refuses one that is there already", async () => {
      const { status, body } = await api.post("/organization_domains", {
        organization_id: "org_2",
        domain: "acme.com",
      });

      const again = await api.post("/organization_domains", { organization_id: "org_1", domain: "ACME.com" });

      assertEquals([status, body.code], [409, "domain_already_exists"]);
      assertEquals([again.status, again.body], [409, {
        code: "domain_already_exists",
        message: "Domain already exists for this organization.",
      }]);
    });

    it("POST /verify fails for a domain that another organization has verified", async () => {
      const [first, second] = await Promise.all(["org_1", "org_2"].map(async (organization_id) => {
        return (await api.post("/organization_domains", { domain: "new.example", organization_id })).body.id;
      }));
      await api.post(`/organization_domains/${first}/verify`);
      const failed = await api.post(`/organization_domains/${second}/verify`);
      const told = api.emulator.events.at(-1)!;
      const { data } = (await api.get("/events?order=desc&organization_id=org_2&limit=1")).body;
      await api.remove(`/organization_domains/${first}`);
      const verified = await api.post(`/organization_domains/${second}/verify`);

      assertEquals([failed.status, failed.body.state, verified.body.state], [201, "failed", "verified"]);
      assertEquals([told.event, told.data.reason, told.data.organization_domain], [
        "organization_domain.verification_failed",
        "domain_verified_by_other_organization",
        failed.body,
      ]);
      assertEquals(data[0].id, told.id);
    });

    it("POST /verify verifies once", async () => {
      const { id } = (await api.post("/organization_domains", { organization_id: "org_2", domain: "a.com" })).body;

      const first = await api.post(`/organization_domains/${id}/verify`);
      const second = await api.post(`/organization_domains/${id}/verify`);

      assertEquals([first.status, first.body.state], [201, "verified"]);
      assertEquals([second.status, second.body.code], [400, "domain_already_verified"]);
      assertEquals(second.body.message, "Domain is already verified.");
      assertEquals(api.eventNames().at(-1), "organization_domain.verified");
    });

    it("DELETE removes it from its organization", async () => {
      const { id } = (await api.get("/organizations/org_1")).body.domains[0];

      const { status } = await api.remove(`/organization_domains/${id}`);

      assertEquals([status, (await api.get("/organizations/org_1")).body.domains], [204, []]);
      assertEquals((await api.get(`/organization_domains/${id}`)).status, 404);
    });
  });

  describe("IT contacts", () => {
    it("can be added, listed, invited, revoked and removed", async () => {
      const added = await api.post("/organizations/org_1/it_contacts", { email: "it@acme.com" });
      const path = `/organizations/org_1/it_contacts/${added.body.id}`;

      assertEquals([added.status, added.body.object, added.body.email], [201, "it_contact", "it@acme.com"]);
      assertEquals(ids((await api.get("/organizations/org_1/it_contacts")).body.data), [added.body.id]);
      assertEquals((await api.post(`${path}/invite`, { intents: ["sso"] })).status, 204);
      assertEquals(api.emulator.outbox[0].to, "it@acme.com");
      assertEquals((await api.post(`${path}/revoke`, {})).status, 204);
      assertEquals((await api.remove(path)).status, 204);
      assertEquals((await api.remove(path)).status, 404);
    });

    it("are there once, and one at a time is invited", async () => {
      const path = "/organizations/org_1/it_contacts";
      const add = async (email: string) => (await api.post(path, { email })).body.id;
      const [first, second] = [await add("it@acme.com"), await add("ops@acme.com")];
      const send = async (rest: string) => (await api.post(`${path}/${rest}`, { intents: ["sso"] })).status;

      assertEquals((await api.post(path, { email: "IT@acme.com" })).status, 409);
      assertEquals(await send(`${first}/invite`), 204);
      assertEquals([await send(`${first}/invite`), await send(`${second}/invite`)], [409, 409]);
      assertEquals([await send(`${second}/revoke`), await send(`${second}/invite`)], [204, 204]);
      await api.remove(`${path}/${second}`);
      assertEquals(await send(`${first}/invite`), 204);
      assertEquals(api.emulator.outbox.map(({ to }) => to), ["it@acme.com", "ops@acme.com", "it@acme.com"]);
      assertEquals(Object.keys((await api.get(path)).body.data[0]), [
        ...["object", "id", "email", "created_at", "updated_at"],
      ]);
    });

    it("belong to one organization", async () => {
      const { id } = (await api.post("/organizations/org_1/it_contacts", { email: "it@acme.com" })).body;

      assertEquals((await api.remove(`/organizations/org_2/it_contacts/${id}`)).status, 404);
      assertEquals((await api.get("/organizations/org_2/it_contacts")).body.data, []);
    });
  });
});
