import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { GenerateLinkIntent } from "../../src/resources/admin_portal.ts";
import { fakeApi } from "../fake_api.ts";

describe("AdminPortal", () => {
  it("generateLink() sends every option under its own name", async () => {
    const api = fakeApi({ link: "https://setup.workos.example/?token=t", new_field: 1 });

    const answer: unknown = await api.workos.adminPortal.generateLink({
      organization: "org_1",
      intent: GenerateLinkIntent.DSync,
      returnUrl: "https://example.com/return",
      successUrl: "https://example.com/success",
      intentOptions: { sso: { bookmarkSlug: "b", providerType: "GoogleSAML" } },
      adminEmails: ["admin@example.com"],
      itContactEmails: ["it@example.com"],
    }, { idempotencyKey: "once" });

    const [request] = api.requests;
    assertEquals(answer, { link: "https://setup.workos.example/?token=t", newField: 1 });
    assertEquals(`${request.method} ${request.path}`, "POST /portal/generate_link");
    assertEquals(request.headers["idempotency-key"], "once");
    assertEquals(request.body, {
      organization: "org_1",
      intent: "dsync",
      return_url: "https://example.com/return",
      success_url: "https://example.com/success",
      intent_options: { sso: { bookmark_slug: "b", provider_type: "GoogleSAML" } },
      admin_emails: ["admin@example.com"],
      it_contact_emails: ["it@example.com"],
    });
  });

  it("generateLink() leaves absent options absent", async () => {
    const api = fakeApi({ link: "https://setup.workos.example/" });

    await api.workos.adminPortal.generateLink({ organization: "org_1" });

    assertEquals(api.requests[0].body, { organization: "org_1" });
  });
});
