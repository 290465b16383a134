import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { type Driver, refusal, SEED, start } from "./drive.ts";

const PATH = "/user_management/organization_memberships";
const ids = (data: { id: string }[]) => data.map(({ id }) => id);

describe("organization memberships", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: SEED });
  });

  it("POST makes somebody a member, with the usual role or others", async () => {
    const usual = await api.post(PATH, { user_id: "user_cid", organization_id: "org_1" });
    const roles = { role_slugs: ["admin", "member"] };
    const others = await api.post(PATH, { user_id: "user_cid", organization_id: "org_2", ...roles });

    assertEquals([usual.status, usual.body.status, usual.body.role], [201, "active", { slug: "member" }]);
    assertEquals([usual.body.organization_name, usual.body.user.id], ["Acme", "user_cid"]);
    assertEquals(others.body.roles, [{ slug: "admin" }, { slug: "member" }]);
    assertEquals("user" in api.emulator.events[0].data, false);
  });

  it("POST refuses unknown users, organizations and roles, and a second membership", async () => {
    const fields = { user_id: "user_cid", organization_id: "org_1" };
    const refused = async (more: object) => refusal(await api.post(PATH, { ...fields, ...more }));

    assertEquals(await refused({ user_id: "user_9" }), [404, "entity_not_found"]);
    assertEquals(await refused({ organization_id: "org_9" }), [404, "entity_not_found"]);
    assertEquals(await refused({ role_slug: "owner" }), [422, "invalid_role"]);
    assertEquals(await refused({ user_id: "user_ada" }), [422, "user_id: user_already_organization_member"]);
    assertEquals(await refused({ role_slug: "admin", role_slugs: ["member"] }), [
      422,
      "role_slugs: role_slugs_invalid",
    ]);
  });

  it("POST and PUT refuse roles for other resources than organizations, which are assigned on those", async () => {
    api.emulator.reset({ ...SEED, roles: [...SEED.roles, { slug: "editor", resource_type_slug: "project" }] });
    const role = { role_slug: "editor" };
    const body = { user_id: "user_cid", organization_id: "org_1", ...role };
    const added = await api.post(PATH, body);
    const changed = await api.put(`${PATH}/om_1`, { role_slugs: ["member", "editor"] });
    const invited = await api.post("/user_management/invitations", { email: "eve@example.com", ...body });

    const refusal = [422, "sub_resource_scoped_role_not_allowed", "editor"];
    assertEquals([added.status, added.body.code, added.body.role_slug], refusal);
    assertEquals([changed.status, changed.body.code, changed.body.role_slug], refusal);
    assertEquals([invited.status, invited.body.code], [400, "invalid_role"]);
  });

  it("GET lists the active ones of a user or an organization, and others when asked", async () => {
    await api.put(`${PATH}/om_2/deactivate`);

    assertEquals(ids((await api.get(`${PATH}?user_id=user_ada`)).body.data), ["om_1"]);
    assertEquals(ids((await api.get(`${PATH}?user_id=user_ada&statuses=active,inactive`)).body.data), ["om_2", "om_1"]);
    assertEquals(ids((await api.get(`${PATH}?organization_id=org_1`)).body.data), ["om_3", "om_1"]);
    assertEquals((await api.get(PATH)).body.code, "missing_user_id_or_organization_id");
    assertEquals(refusal(await api.get(`${PATH}?user_id=user_ada&statuses=gone`)), [400, "statuses: statuses_invalid"]);
    assertEquals(refusal(await api.get(`${PATH}?user_id=user_ada&limit=0`)), [400, "limit: limit_invalid"]);
  });

  it("PUT changes the role", async () => {
    const { body } = await api.put(`${PATH}/om_2`, { role_slug: "admin" });

    assertEquals([body.role, body.roles], [{ slug: "admin" }, [{ slug: "admin" }]]);
    assertEquals(api.eventNames(), ["organization_membership.updated"]);
  });

  it("PUT /deactivate ends the sessions there, and /reactivate lets the user back in", async () => {
    const code = api.emulator.authorizationCode({ user: "user_ada", organizationId: "org_2" });
    await api.authenticate({ grant_type: "authorization_code", code });

    const inactive = await api.put(`${PATH}/om_2/deactivate`);
    const active = await api.put(`${PATH}/om_2/reactivate`);

    assertEquals([inactive.body.status, active.body.status], ["inactive", "active"]);
    assertEquals(api.eventNames().slice(1), [
      "session.revoked",
      "organization_membership.updated",
      "organization_membership.updated",
    ]);
  });

  it("POST lets somebody back in who was deactivated", async () => {
    await api.put(`${PATH}/om_2/deactivate`);

    const { body } = await api.post(PATH, { user_id: "user_ada", organization_id: "org_2" });

    assertEquals([body.id, body.status], ["om_2", "active"]);
  });

  it("refuses to deactivate or reactivate a pending one", async () => {
    const memberships = [{ id: "om_9", user_id: "user_cid", organization_id: "org_1", status: "pending" as const }];
    api.emulator.reset({ ...SEED, memberships });

    assertEquals((await api.put(`${PATH}/om_9/deactivate`)).body, {
      code: "cannot_deactivate_pending_organization_membership",
      message: "A pending organization membership cannot be deactivated. This membership should be deleted instead.",
    });
    assertEquals((await api.put(`${PATH}/om_9/reactivate`)).body, {
      code: "cannot_reactivate_pending_organization_membership",
      message:
        "A pending organization membership cannot be reactivated. The user needs to accept the invitation instead.",
    });
  });

  it("DELETE removes it", async () => {
    const first = await api.remove(`${PATH}/om_1`);
    const second = await api.remove(`${PATH}/om_1`);

    assertEquals([first.status, second.status, second.body.code], [200, 404, "entity_not_found"]);
    assertEquals((await api.get(`${PATH}?user_id=user_ada`)).body.data.map(({ id }: { id: string }) => id), ["om_2"]);
  });
});

describe("invitations", () => {
  const INVITATIONS = "/user_management/invitations";
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: SEED });
  });

  it("POST sends one that is good for a week", async () => {
    const { status, body } = await api.post(INVITATIONS, { email: "eve@example.com", organization_id: "org_1" });

    assertEquals([status, body.state, body.expires_at], [201, "pending", "2026-01-08T00:00:00.000Z"]);
    assertEquals((await api.get(`${INVITATIONS}/by_token/${body.token}`)).body, body);
    assertEquals(ids((await api.get(`${INVITATIONS}?email=eve%40example.com`)).body.data), [body.id]);
    const { token: _, accept_invitation_url: url, ...told } = body;
    assertEquals(api.emulator.outbox[0].url, url);
    assertEquals(api.emulator.events[0].data, told); // without what accepts it
    assertEquals(api.emulator.requests[1].path, `${INVITATIONS}/by_token/[redacted]`);
  });

  it("tell the role that they give in the organization: the usual one, a named one, or the one held before", async () => {
    for (const id of ["om_1", "om_2"]) await api.put(`${PATH}/${id}/deactivate`);
    const role = async (fields: object) => (await api.post(INVITATIONS, fields)).body.role_slug;

    assertEquals(await role({ email: "eve@example.com", organization_id: "org_1" }), "member");
    assertEquals(await role({ email: "eve@example.com", organization_id: "org_2", role_slug: "admin" }), "admin");
    assertEquals(await role({ email: "Ada@example.com", organization_id: "org_1" }), "admin");
    assertEquals(await role({ email: "ada@example.com", organization_id: "org_2" }), "member");
    assertEquals(await role({ email: "eve@example.com", role_slug: "admin" }), null);
    const told = api.emulator.events.filter(({ event }) => event === "invitation.created");
    assertEquals(told.map(({ data }) => data.role_slug), ["member", "admin", "admin", "member", null]);
    assertEquals((await api.get(INVITATIONS)).body.data.at(-1).role_slug, "member");
  });

  it("tell the role that the member has, once they are accepted", async () => {
    const fields = { email: "cid@example.com", organization_id: "org_2", role_slug: "admin" };
    const { id } = (await api.post(INVITATIONS, fields)).body;
    await api.post(`${INVITATIONS}/${id}/accept`);
    const [membership] = (await api.get(`${PATH}?user_id=user_cid`)).body.data;
    const role = async () => (await api.get(`${INVITATIONS}/${id}`)).body.role_slug;
    const before = await role();
    await api.put(`${PATH}/${membership.id}`, { role_slug: "member" });
    const after = await role();
    await api.remove(`${PATH}/${membership.id}`);

    assertEquals([before, after, await role()], ["admin", "member", "admin"]);
  });

  it("POST refuses people who are in or invited already, and odd times and roles", async () => {
    await api.post(INVITATIONS, { email: "eve@example.com", organization_id: "org_1" });
    await api.post(INVITATIONS, { email: "eve@example.com" });
    const code = async (fields: object) =>
      (await api.post(INVITATIONS, { email: "eve@example.com", ...fields })).body.code;

    assertEquals(await code({}), "email_already_invited");
    assertEquals(await code({ organization_id: "org_1" }), "email_already_invited_to_organization");
    assertEquals(await code({ email: "ada@example.com" }), "user_already_exists");
    assertEquals(
      await code({ email: "ada@example.com", organization_id: "org_1" }),
      "user_already_organization_member",
    );
    assertEquals(await code({ organization_id: "org_2", expires_in_days: 0 }), "expires_in_days_too_short");
    assertEquals(await code({ organization_id: "org_2", expires_in_days: 31 }), "expires_in_days_too_long");
    assertEquals(await code({ organization_id: "org_2", role_slug: "owner" }), "invalid_role");
  });

  it("accept makes the user a member, once", async () => {
    const { id } = (await api.post(INVITATIONS, { email: "cid@example.com", organization_id: "org_2" })).body;
    const first = await api.post(`${INVITATIONS}/${id}/accept`);
    const second = await api.post(`${INVITATIONS}/${id}/accept`);

    assertEquals([first.body.state, first.body.accepted_user_id], ["accepted", "user_cid"]);
    assertEquals([second.status, second.body.code], [400, "invite_not_pending"]);
    assertEquals((await api.post(`${INVITATIONS}/${id}/resend`)).body, {
      code: "invite_accepted",
      message: "Invite has already been accepted.",
    });
    assertEquals((await api.get(`${PATH}?user_id=user_cid`)).body.data[0].organization_id, "org_2");
  });

  it("revoke and resend work while it is pending", async () => {
    const { id } = (await api.post(INVITATIONS, { email: "eve@example.com" })).body;
    const resent = await api.post(`${INVITATIONS}/${id}/resend`, {});
    const revoked = await api.post(`${INVITATIONS}/${id}/revoke`);

    assertEquals([resent.body.state, api.emulator.outbox.length], ["pending", 2]);
    assertEquals(revoked.body.state, "revoked");
    assertEquals((await api.post(`${INVITATIONS}/${id}/revoke`)).body.code, "invite_not_pending");
    assertEquals((await api.post(`${INVITATIONS}/${id}/resend`)).body, {
      code: "invite_revoked",
      message: "Invite has been revoked.",
    });
    assertEquals(api.eventNames(), ["invitation.created", "invitation.resent", "invitation.revoked"]);
  });

  it("expire by the clock", async () => {
    const { id } = (await api.post(INVITATIONS, { email: "eve@example.com", expires_in_days: 1 })).body;
    api.emulator.advance(24 * 60 * 60_000);

    assertEquals((await api.get(`${INVITATIONS}/${id}`)).body.state, "expired");
    assertEquals((await api.post(`${INVITATIONS}/${id}/resend`)).body, {
      code: "invite_expired",
      message: "Invite has expired.",
    });
  });
});

describe("waitlists", () => {
  it("take entries, which are approved or denied", async () => {
    const api = await start();
    const [{ id }] = (await api.get("/user_management/waitlists")).body.data;
    const entries = `/user_management/waitlists/${id}/entries`;
    const fields = { email: "eve@example.com", additional_fields: { firstName: "Eve" } };
    const entry = await api.post(entries, fields);
    const one = `/user_management/waitlist_entries/${entry.body.id}`;
    const approved = await api.post(`${one}/approve`);
    const denied = await api.post(`${one}/deny`);

    assertEquals((await api.get(`/user_management/waitlists/${id}`)).body.object, "waitlist");
    assertEquals([entry.status, entry.body.state, entry.body.waitlist_id], [201, "pending", id]);
    assertEquals(entry.body.additional_fields, { firstName: "Eve" });
    assertEquals(refusal(await api.post(entries, fields)), [400, "waitlist_entry_already_exists"]);
    assertEquals([approved.body.state, denied.body.state], ["approved", "denied"]);
    assertEquals((await api.get(`${entries}?state=pending`)).body.data, []);
    assertEquals((await api.remove(one)).status, 204);
    assertEquals(api.eventNames(), ["waitlist_user.created", "waitlist_user.approved", "waitlist_user.denied"]);
  });
});
