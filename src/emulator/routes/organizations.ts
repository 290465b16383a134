import { forgetAgents } from "../agents.ts";
import { conflict } from "../answers.ts";
import { forgetAuditLogs } from "../audit_logs.ts";
import { forgetApplications } from "../connect.ts";
import { forgetResource } from "../assignments.ts";
import { byName, crud, getByExternalId, routeOn } from "../crud.ts";
import { forgetDirectories } from "../directories.ts";
import { checkOneOf, type Fields, mergeMetadata, readFields } from "../fields.ts";
import { forgetTarget } from "../flags.ts";
import { forgetGroups } from "../groups.ts";
import { type Kind, kind, type Stamped, without } from "../kind.ts";
import { manyValues, wholeList } from "../list.ts";
import { claimExternalId, refuseTaken, removeMembers, revokeSessions } from "../people.ts";
import { forgetPipes } from "../pipes.ts";
import {
  API_KEYS,
  CONNECTIONS,
  DOMAINS,
  INVITATIONS,
  type Organization,
  type OrganizationDomain,
  ORGANIZATIONS,
  ROLES,
  sameAddress,
} from "../records.ts";
import { organizationResource } from "../resources.ts";
import { type Call, type Route, route } from "../router.ts";
import type { World } from "../world.ts";
import { addDomain } from "./organization_domains.ts";

const IT_CONTACTS_PATH = "/organizations/:id/it_contacts";

const SHAPE = {
  name: "text?",
  allow_profiles_outside_organization: "flag?",
  domains: "texts?",
  domain_data: "objects?",
  metadata: "metadata|null",
  external_id: "text|null",
  stripe_customer_id: "text|null",
} as const;

interface ItContact extends Stamped {
  organization_id: string;
  email: string;
  /** Whether the invitation of the organization, which has one at most, is theirs. */
  invited: boolean;
}

const IT_CONTACTS: Kind<ItContact> = kind("it_contact", {
  title: "IT contact",
  present: (contact) => without(contact, "organization_id", "invited"),
});

/** Organizations and their IT contacts. */
export const organizationRoutes: Route[] = [
  ...crud(ORGANIZATIONS, "/organizations", {
    create: createOrganization,
    update: updateOrganization,
    remove: clearOrganization,
    removeStatus: 202,
    filters: { search: byName },
    scope: withDomain,
  }),
  getByExternalId(ORGANIZATIONS, "/organizations"),
  routeOn(ORGANIZATIONS, `GET ${IT_CONTACTS_PATH}`, ({ id }, _call, world) => {
    const contacts = world.of(IT_CONTACTS).all({ organization_id: id });
    return wholeList(contacts.map((contact) => world.show(IT_CONTACTS, contact)));
  }),
  routeOn(ORGANIZATIONS, `POST ${IT_CONTACTS_PATH}`, ({ id: organization_id }, { body }, world) => {
    const { email } = readFields(body, { email: "email" });
    if (world.of(IT_CONTACTS).all({ organization_id }).some((known) => sameAddress(known.email, email))) {
      throw conflict("it_contact_already_exists", "IT contact already exists.");
    }
    return world.show(IT_CONTACTS, world.create(IT_CONTACTS, { organization_id, email, invited: false }));
  }, 201),
  route(`DELETE ${IT_CONTACTS_PATH}/:contactId`, (call, world) => {
    world.remove(IT_CONTACTS, itContact(call, world).id);
  }, 204),
  route(`POST ${IT_CONTACTS_PATH}/:contactId/invite`, (call, world) => {
    const { email, id, organization_id } = itContact(call, world);
    readFields(call.body, { intents: "texts" });
    if (invitedContact(world, organization_id)) {
      throw conflict("it_contact_already_invited", "The organization has an open invitation.");
    }
    world.set(IT_CONTACTS, id, { invited: true });
    world.send({ type: "it_contact", to: email, id });
  }, 204),
  route(`POST ${IT_CONTACTS_PATH}/:contactId/revoke`, (call, world) => {
    const invited = invitedContact(world, itContact(call, world).organization_id);
    if (invited) world.set(IT_CONTACTS, invited.id, { invited: false });
  }, 204),
];

function createOrganization({ body }: Call, world: World): Organization {
  const fields = readFields(body, { ...SHAPE, name: "text" });
  const { domains, domain_data, metadata, stripe_customer_id, ...known } = fields;
  claimExternalId(world, ORGANIZATIONS, { externalId: known.external_id });
  return addOrganization(world, {
    ...known,
    metadata: mergeMetadata({}, metadata),
    stripe_customer_id: stripe_customer_id || undefined,
  }, domainsOf({ domains, domain_data }));
}

/** Adds an organization and its domains. Throws a 409 when another organization has one of them. */
export function addOrganization(
  world: World,
  known: Partial<Organization> & { name: string },
  domains: Wanted[] = [],
): Organization {
  const id = known.id ?? world.ids.id(ORGANIZATIONS.prefix);
  refuseTakenDomains(world, domains, id);
  const added: OrganizationDomain[] = [];
  world.silently(() => added.push(...domains.map((domain) => addDomain(world, { ...domain, organization_id: id }))));
  const organization = world.create(ORGANIZATIONS, {
    allow_profiles_outside_organization: false,
    external_id: null,
    metadata: {},
    ...known,
    id,
  });
  for (const domain of added) world.emitAbout("organization_domain.created", DOMAINS, domain);
  return organization;
}

function updateOrganization({ body }: Call, world: World, organization: Organization): Partial<Organization> {
  const { domains, domain_data, metadata, stripe_customer_id, name, ...rest } = readFields(body, SHAPE);
  const { id } = organization;
  claimExternalId(world, ORGANIZATIONS, { id, externalId: rest.external_id });
  refuseTaken(world, ORGANIZATIONS, { id, name: "stripe_customer_id", value: stripe_customer_id });
  const merged = mergeMetadata(organization.metadata, metadata);
  if (domains || domain_data) replaceDomains(world, organization, domainsOf({ domains, domain_data }));
  return {
    ...rest,
    ...(name ? { name } : {}),
    ...(stripe_customer_id === undefined ? {} : { stripe_customer_id: stripe_customer_id ?? undefined }),
    metadata: merged,
  };
}

/** A domain an organization is to have. */
export type Wanted = Pick<OrganizationDomain, "domain" | "state">;

/** The domains a request names, in either of its forms. */
export function domainsOf({ domains, domain_data }: Pick<Fields<typeof SHAPE>, "domains" | "domain_data">): Wanted[] {
  const plain = (domains ?? []).map((domain) => {
    return { ...readFields({ domain }, { domain: "domain" }), state: "verified" };
  });
  const detailed = (domain_data ?? []).map((data) => {
    const fields = readFields(data, { domain: "domain", state: "text" });
    checkOneOf("state", fields.state, ["pending", "verified"]);
    return fields;
  });
  return [...plain, ...detailed].map(({ domain, state }) => ({ domain: domain.toLowerCase(), state }));
}

function replaceDomains(world: World, { id }: Organization, wanted: Wanted[]): void {
  refuseTakenDomains(world, wanted, id);
  const present = world.of(DOMAINS).all({ organization_id: id });
  for (const known of present) {
    if (!wanted.some(({ domain }) => domain === known.domain)) world.remove(DOMAINS, known.id);
  }
  for (const { domain, state } of wanted) {
    const known = present.find((candidate) => candidate.domain === domain);
    if (known) world.update(DOMAINS, known.id, { state });
    else addDomain(world, { domain, state, organization_id: id });
  }
}

function refuseTakenDomains(world: World, wanted: Wanted[], organizationId: string): void {
  for (const { domain } of wanted) {
    const taken = world.of(DOMAINS).find((known) =>
      known.domain === domain && known.state === "verified" && known.organization_id !== organizationId
    );
    if (taken) throw conflict("domain_already_exists");
  }
}

function clearOrganization(organization: Organization, world: World): void {
  const { id } = organization;
  const belongs = { organization_id: id };
  forgetGroups(world, id);
  forgetDirectories(world, id);
  forgetAuditLogs(world, id);
  forgetApplications(world, id);
  forgetPipes(world, id);
  forgetAgents(world, id);
  removeMembers(world, belongs);
  revokeSessions(world, belongs);
  forgetTarget(world, id);
  world.forget(API_KEYS, ({ owner }) => owner.type === "organization" && owner.id === id);
  forgetResource(world, organizationResource(organization));
  world.forget(ROLES, belongs);
  world.forget(DOMAINS, belongs);
  world.forget(CONNECTIONS, belongs);
  world.forget(INVITATIONS, belongs);
  world.forget(IT_CONTACTS, belongs);
}

function withDomain({ query }: Call, world: World): (organization: Organization) => boolean {
  const wanted = manyValues(query, "domains")?.map((domain) => domain.toLowerCase());
  if (!wanted) return () => true;
  const owners = world.of(DOMAINS).all(({ domain }) => wanted.includes(domain));
  return ({ id }) => owners.some(({ organization_id }) => organization_id === id);
}

function itContact({ params: { id, contactId } }: Call, world: World): ItContact {
  return world.found(IT_CONTACTS, contactId, { id: contactId, organization_id: id });
}

function invitedContact(world: World, organization_id: string): ItContact | undefined {
  return world.of(IT_CONTACTS).find({ organization_id, invited: true });
}
