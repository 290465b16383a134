import { badRequest, conflict } from "../answers.ts";
import { get, remove, routeOn } from "../crud.ts";
import { readFields } from "../fields.ts";
import { DOMAINS, type OrganizationDomain, ORGANIZATIONS } from "../records.ts";
import { type Route, route } from "../router.ts";
import type { World } from "../world.ts";

const PATH = "/organization_domains";

/** Domains of organizations. */
export const organizationDomainRoutes: Route[] = [
  get(DOMAINS, PATH),
  route(`POST ${PATH}`, ({ body }, world) => {
    const { organization_id, ...fields } = readFields(body, { domain: "domain", organization_id: "text" });
    const domain = fields.domain.toLowerCase();
    world.existing(ORGANIZATIONS, organization_id);
    const named = world.of(DOMAINS).all({ domain });
    if (named.some((known) => known.organization_id === organization_id)) {
      throw conflict("domain_already_exists", "Domain already exists for this organization.");
    }
    if (named.some(({ state }) => state === "verified")) throw conflict("domain_already_exists");
    return addDomain(world, { organization_id, domain, state: "pending" });
  }, 201),
  routeOn(DOMAINS, `POST ${PATH}/:id/verify`, ({ id, domain, state }, _call, world) => {
    if (state === "verified") throw badRequest("domain_already_verified", "Domain is already verified.");
    if (world.of(DOMAINS).find({ domain, state: "verified" })) {
      const organization_domain = world.update(DOMAINS, id, { state: "failed" });
      const reason = "domain_verified_by_other_organization";
      world.emit("organization_domain.verification_failed", { reason, organization_domain });
      return organization_domain;
    }
    const verified = world.update(DOMAINS, id, { state: "verified" });
    world.emitAbout("organization_domain.verified", DOMAINS, verified);
    return verified;
  }, 201),
  remove(DOMAINS, PATH),
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
