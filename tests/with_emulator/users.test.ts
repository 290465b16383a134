import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertRejects } from "@std/assert";
import { GenericServerException, NotFoundException, type WorkOS } from "../../mod.ts";
import { emulator, mail, restart } from "./client.ts";

describe("users with the emulator", () => {
  let workos: WorkOS;

  beforeEach(() => {
    workos = restart();
  });

  it("live from creation to deletion", async () => {
    const email = "eve@example.com";

    const created = await workos.userManagement.createUser({ email, firstName: "Eve", metadata: { plan_id: "p1" } });
    const updated = await workos.userManagement.updateUser({ userId: created.id, lastName: "Moneypenny" });
    const listed = await workos.userManagement.listUsers({ email });
    await workos.userManagement.deleteUser(created.id);

    assertEquals([created.firstName, created.lastName, created.metadata], ["Eve", null, { plan_id: "p1" }]);
    assertEquals([updated.firstName, updated.lastName, updated.name], ["Eve", "Moneypenny", "Eve Moneypenny"]);
    assertEquals(listed.data, [updated]);
    await assertRejects(() => workos.userManagement.getUser(created.id), NotFoundException);
  });

  it("belong to organizations, in which they have roles", async () => {
    const { id } = await workos.userManagement.createUser({ email: "eve@example.com" });

    const joined = await workos.userManagement.createOrganizationMembership({
      userId: id,
      organizationId: "org_1",
      roleSlug: "admin",
    });
    const demoted = await workos.userManagement.updateOrganizationMembership(joined.id, { roleSlug: "member" });
    const inactive = await workos.userManagement.deactivateOrganizationMembership(joined.id);
    const active = await workos.userManagement.listOrganizationMemberships({ organizationId: "org_1" });

    assertEquals([joined.role.slug, demoted.role.slug, inactive.status], ["admin", "member", "inactive"]);
    assertEquals(active.data.map((membership) => membership.id), ["om_2", "om_1"]);
  });

  it("are invited and accept by signing in", async () => {
    const { userManagement } = workos;
    const email = "eve@example.com";
    const invitation = await userManagement.sendInvitation({ email, organizationId: "org_2", roleSlug: "admin" });
    const { token } = mail("invitation", email);
    const found = await userManagement.findInvitationByToken(token);
    const { code } = await userManagement.createMagicAuth({ email });

    const session = await userManagement.authenticateWithMagicAuth({ email, code, invitationToken: token });
    const accepted = await userManagement.getInvitation(invitation.id);

    assertEquals([found, invitation.state], [invitation, "pending"]);
    assertEquals([session.organizationId, session.user.email], ["org_2", email]);
    assertEquals([accepted.state, accepted.acceptedUserId], ["accepted", session.user.id]);
    const [membership] = (await userManagement.listOrganizationMemberships({ userId: session.user.id })).data;
    assertEquals([membership.organizationId, membership.role.slug], ["org_2", "admin"]);
  });

  it("are invited in vain once the invitation is revoked or expired", async () => {
    const { userManagement } = workos;
    const revoked = await userManagement.sendInvitation({ email: "eve@example.com", organizationId: "org_2" });
    await userManagement.revokeInvitation(revoked.id);
    const late = await userManagement.sendInvitation({ email: "fay@example.com", expiresInDays: 1 });
    emulator.advance(25 * 60 * 60_000);

    const states = [await userManagement.getInvitation(revoked.id), await userManagement.getInvitation(late.id)];
    const error = await assertRejects(() => userManagement.revokeInvitation(revoked.id), GenericServerException);

    assertEquals(states.map(({ state }) => state), ["revoked", "expired"]);
    assertEquals([error.status, error.code], [400, "invite_not_pending"]);
  });

  it("reset their password", async () => {
    const { userManagement } = workos;
    await userManagement.createPasswordReset({ email: "bob@example.com" });
    const { token } = mail("password_reset", "bob@example.com");

    const { user } = await userManagement.resetPassword({ token, newPassword: "a new long password" });
    const session = await userManagement.authenticateWithPassword({
      email: "bob@example.com",
      password: "a new long password",
    });

    assertEquals([user.id, session.user.id], ["user_bob", "user_bob"]);
    const password = "battery staple";
    const old = () => userManagement.authenticateWithPassword({ email: "bob@example.com", password });
    assertEquals((await assertRejects(old, GenericServerException)).code, "invalid_credentials");
  });
});
