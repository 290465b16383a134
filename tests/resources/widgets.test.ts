import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { WidgetSessionTokenScopes } from "../../src/resources/widgets.ts";
import { fakeApi } from "../fake_api.ts";

describe("Widgets", () => {
  it("createToken() asks for scopes", async () => {
    const api = fakeApi({ token: "t", new_field: 1 });
    const { WidgetsUsersTableManage, WidgetsPipesManage } = WidgetSessionTokenScopes;

    const answer: unknown = await api.workos.widgets.createToken({
      organizationId: "org_1",
      userId: "user_1",
      scopes: [WidgetsUsersTableManage, WidgetsPipesManage],
    }, { idempotencyKey: "once" });

    const [request] = api.requests;
    assertEquals(answer, { token: "t", newField: 1 });
    assertEquals(`${request.method} ${request.path}`, "POST /widgets/token");
    assertEquals(request.headers["idempotency-key"], "once");
    assertEquals(request.body, {
      organization_id: "org_1",
      user_id: "user_1",
      scopes: ["widgets:users-table:manage", "widgets:pipes:manage"],
    });
  });

  it("createToken() leaves absent options absent", async () => {
    const api = fakeApi({ token: "t" });

    await api.workos.widgets.createToken({ organizationId: "org_1" });

    assertEquals(api.requests[0].body, { organization_id: "org_1" });
  });

  it("createToken() is for a user alone where a widget needs no organization", async () => {
    const api = fakeApi({ token: "t" });

    await api.workos.widgets.createToken({ userId: "user_1" });

    assertEquals(api.requests[0].body, { user_id: "user_1" });
  });

  it("createClientApiToken() is for one user of one organization", async () => {
    const api = fakeApi({ token: "t" });
    const options = { organizationId: "org_1", userId: "user_1" };

    const answer = await api.workos.widgets.createClientApiToken(options, { idempotencyKey: "once" });

    const [request] = api.requests;
    assertEquals(answer, { token: "t" });
    assertEquals(`${request.method} ${request.path}`, "POST /client/token");
    assertEquals(request.headers["idempotency-key"], "once");
    assertEquals(request.body, { organization_id: "org_1", user_id: "user_1" });
  });
});
