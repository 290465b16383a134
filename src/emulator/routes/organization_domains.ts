import { badRequest, conflict } from "../answers.ts";
import { get } from "../crud.ts";
import { readFields } from "../fields.ts";
import { DOMAINS, type OrganizationDomain, ORGANIZATIONS } from "../records.ts";
import { type Route, route } from "../router.ts";
import type { World } from "../world.ts";

/** Domains of organizations. */
export const organizationDomainRoutes: Route[] = [
  get(DOMAINS, "/organization_domains"),
  route("POST /organization_domains", ({ body }, world) => {
    const fields = readFields(body, { domain: "domain", organization_id: "text" });
    const { organization_id, domain } = { ...fields, domain: fields.domain.toLowerCase() };
    world.existing(ORGANIZATIONS, organization_id);
    const taken = world.of(DOMAINS).find((known) =>
      known.domain === domain && (known.organization_id === organization_id || known.state === "verified")
    );
    if (taken) throw conflict("domain_already_exists", "Domain already exists for this organization.");
    return addDomain(world, { organization_id, domain, state: "pending" });
  }, 201),
  route("POST /organization_domains/:id/verify", ({ params: { id } }, world) => {
    const { state } = world.existing(DOMAINS, id);
    if (state === "verified") throw badRequest("domain_already_verified");
    const verified = world.update(DOMAINS, id, { state: "verified" });
    world.emitAbout("organization_domain.verified", DOMAINS, verified);
    return verified;
  }, 201),
  route("DELETE /organization_domains/:id", ({ params: { id } }, world) => {
    world.remove(DOMAINS, id);
  }, 204),
];

/** Adds a domain; one that is not verified yet gets the DNS record to verify it with. */
export function addDomain(
  world: World,
  domain: Pick<OrganizationDomain, "organization_id" | "domain" | "state"> & { id?: string },
): OrganizationDomain {
  if (domain.state === "verified") return world.create(DOMAINS, { ...domain, verification_strategy: "manual" });
  return world.create(DOMAINS, {
    ...domain,
    verification_strategy: "dns",
    verification_token: world.ids.token(25),
    verification_prefix: `emulator-domain-verification-${world.ids.token(6).toLowerCase()}`,
  });
}
