import { assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fakeApi } from "../fake_api.ts";

const SESSION = {
  id: "passwordless_session_1",
  email: "ada@example.com",
  expires_at: "2030-01-01T00:00:00.000Z",
  link: "https://auth.example.com/passwordless/token/confirm",
  object: "passwordless_session",
  brand_new: true,
};

describe("Passwordless", () => {
  it("createSession() sends every option under its wire name", async () => {
    const api = fakeApi(SESSION);

    await api.workos.passwordless.createSession({
      type: "MagicLink",
      email: "ada@example.com",
      redirectURI: "https://example.com/callback",
      state: "firstName",
      connection: "conn_1",
      expiresIn: 600,
    });

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["POST", "/passwordless/sessions"]);
    assertEquals(request.body, {
      type: "MagicLink",
      email: "ada@example.com",
      redirect_uri: "https://example.com/callback",
      state: "firstName",
      connection: "conn_1",
      expires_in: 600,
    });
  });

  it("createSession() leaves out what was not given", async () => {
    const api = fakeApi(SESSION);

    await api.workos.passwordless.createSession({ type: "MagicLink", email: "ada@example.com" });

    assertEquals(api.requests[0].body, { type: "MagicLink", email: "ada@example.com" });
  });

  it("createSession() reads its time as a date", async () => {
    const api = fakeApi(SESSION);

    const session = await api.workos.passwordless.createSession({ type: "MagicLink", email: "ada@example.com" });

    assertEquals(session as unknown, {
      id: "passwordless_session_1",
      email: "ada@example.com",
      expiresAt: new Date("2030-01-01T00:00:00.000Z"),
      link: "https://auth.example.com/passwordless/token/confirm",
      object: "passwordless_session",
      brandNew: true,
    });
  });

  it("sendSession() sends the link", async () => {
    const api = fakeApi({ success: true, message: "sent" });

    const sent = await api.workos.passwordless.sendSession("passwordless_session_1");

    const [request] = api.requests;
    assertEquals([request.method, request.path], ["POST", "/passwordless/sessions/passwordless_session_1/send"]);
    assertEquals(request.body, {});
    assertEquals(sent, { success: true, message: "sent" });
  });

  it("sendSession() refuses an empty id", async () => {
    const api = fakeApi({});

    await assertRejects(() => api.workos.passwordless.sendSession(""), TypeError);

    assertEquals(api.requests, []);
  });
});
