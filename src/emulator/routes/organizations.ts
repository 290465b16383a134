import { conflict, entityNotFound } from "../answers.ts";
import { forgetAuditLogs } from "../audit_logs.ts";
import { forgetApplications } from "../connect.ts";
import { forgetResource } from "../assignments.ts";
import { crud, getByExternalId } from "../crud.ts";
import { forgetDirectories } from "../directories.ts";
import { checkOneOf, type Fields, mergeMetadata, readFields } from "../fields.ts";
import { forgetTarget } from "../flags.ts";
import { forgetGroups } from "../groups.ts";
import { type Kind, kind, type Stamped } from "../kind.ts";
import { manyValues, wholeList } from "../list.ts";
import { claimExternalId, refuseTaken, removeMember, revokeSessions } from "../people.ts";
import {
  API_KEYS,
  CONNECTIONS,
  DOMAINS,
  INVITATIONS,
  MEMBERSHIPS,
  type Organization,
  type OrganizationDomain,
  ORGANIZATIONS,
  ROLES,
} from "../records.ts";
import { organizationResource } from "../resources.ts";
import { type Call, type Route, route } from "../router.ts";
import type { World } from "../world.ts";
import { addDomain } from "./organization_domains.ts";

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
}

const IT_CONTACTS: Kind<ItContact> = kind<ItContact>("it_contact", {
  title: "IT contact",
  present: ({ object, id, email, created_at, updated_at }) => ({ object, id, email, created_at, updated_at }),
});

/** Organizations and their IT contacts. */
export const organizationRoutes: Route[] = [
  ...crud(ORGANIZATIONS, "/organizations", {
    create: createOrganization,
    update: updateOrganization,
    remove: clearOrganization,
    removeStatus: 202,
    filters: { search: ({ name }, text) => name.toLowerCase().includes(text.toLowerCase()) },
    scope: withDomain,
  }),
  getByExternalId(ORGANIZATIONS, "/organizations"),
  route("GET /organizations/:id/it_contacts", ({ params: { id } }, world) => {
    world.existing(ORGANIZATIONS, id);
    const contacts = world.of(IT_CONTACTS).all(({ organization_id }) => organization_id === id);
    return wholeList(contacts.map((contact) => world.show(IT_CONTACTS, contact)));
  }),
  route("POST /organizations/:id/it_contacts", ({ params: { id }, body }, world) => {
    world.existing(ORGANIZATIONS, id);
    const { email } = readFields(body, { email: "email" });
    return world.show(IT_CONTACTS, world.create(IT_CONTACTS, { organization_id: id, email }));
  }, 201),
  route("DELETE /organizations/:id/it_contacts/:contactId", (call, world) => {
    world.remove(IT_CONTACTS, itContact(call, world).id);
  }, 204),
  route("POST /organizations/:id/it_contacts/:contactId/invite", (call, world) => {
    const { email, id } = itContact(call, world);
    readFields(call.body, { intents: "texts" });
    world.send({ type: "it_contact", to: email, id });
  }, 204),
  route("POST /organizations/:id/it_contacts/:contactId/revoke", (call, world) => {
    itContact(call, world);
  }, 204),
];

function createOrganization({ body }: Call, world: World): Organization {
  const { name, ...fields } = readFields(body, { ...SHAPE, name: "text" });
  claimExternalId(world, ORGANIZATIONS, { externalId: fields.external_id });
  const { external_id = null, stripe_customer_id, allow_profiles_outside_organization } = fields;
  const metadata = mergeMetadata({}, fields.metadata);
  return addOrganization(world, {
    name,
    external_id,
    metadata,
    allow_profiles_outside_organization,
    ...(stripe_customer_id ? { stripe_customer_id } : {}),
  }, domainsOf(fields));
}

/** Adds an organization and its domains. Throws a 409 when one of those belongs to somebody else. */
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
    ...known,
    id,
    allow_profiles_outside_organization: known.allow_profiles_outside_organization ?? false,
    external_id: known.external_id ?? null,
    metadata: known.metadata ?? {},
  });
  for (const domain of added) world.emitAbout("organization_domain.created", DOMAINS, domain);
  return organization;
}

function updateOrganization({ body }: Call, world: World, organization: Organization): Partial<Organization> {
  const { domains, domain_data, metadata, external_id, stripe_customer_id, name, ...rest } = readFields(body, SHAPE);
  const { id } = organization;
  claimExternalId(world, ORGANIZATIONS, { id, externalId: external_id });
  refuseTaken(world, ORGANIZATIONS, { id, name: "stripe_customer_id", value: stripe_customer_id });
  const merged = mergeMetadata(organization.metadata, metadata);
  if (domains || domain_data) replaceDomains(world, organization, domainsOf({ domains, domain_data }));
  return {
    ...rest,
    ...(name ? { name } : {}),
    ...(external_id === undefined ? {} : { external_id }),
    ...(stripe_customer_id === undefined ? {} : { stripe_customer_id: stripe_customer_id ?? undefined }),
    metadata: merged,
  };
}

/** A domain an organization is to have. */
export type Wanted = Pick<OrganizationDomain, "domain" | "state">;

/** The domains a request names, in either of its forms. */
export function domainsOf({ domains, domain_data }: Pick<Fields<typeof SHAPE>, "domains" | "domain_data">): Wanted[] {
  const plain = (domains ?? []).map((domain) => {
    return { domain: readFields({ domain }, { domain: "domain" }).domain.toLowerCase(), state: "verified" };
  });
  const detailed = (domain_data ?? []).map((data) => {
    const { domain, state } = readFields(data, { domain: "domain", state: "text" });
    checkOneOf("state", state, ["pending", "verified"]);
    return { domain: domain.toLowerCase(), state };
  });
  return [...plain, ...detailed];
}

function replaceDomains(world: World, { id }: Organization, wanted: Wanted[]): void {
  refuseTakenDomains(world, wanted, id);
  const present = world.of(DOMAINS).all(({ organization_id }) => organization_id === id);
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
    if (taken) throw conflict("domain_already_exists", "The domain is in use by another organization.");
  }
}

function clearOrganization(organization: Organization, world: World): void {
  const { id } = organization;
  const belongs = ({ organization_id }: { organization_id?: string | null }) => organization_id === id;
  forgetGroups(world, id);
  forgetDirectories(world, id);
  forgetAuditLogs(world, id);
  forgetApplications(world, id);
  for (const membership of world.of(MEMBERSHIPS).all(belongs)) removeMember(world, membership);
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
  const contact = world.existing(IT_CONTACTS, contactId);
  if (contact.organization_id !== id) throw entityNotFound(IT_CONTACTS.title, contactId);
  return contact;
}
