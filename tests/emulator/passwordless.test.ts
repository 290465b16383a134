import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { type Driver, ORIGIN, SEED, start } from "./drive.ts";

const PATH = "/passwordless/sessions";
const MINUTE = 60_000;
const EVE = "eve@example.com";
const APP = "https://app.example/callback";

const connections = [
  { id: "conn_link", connection_type: "MagicLink", organization_id: "org_1", domains: ["acme.com"] },
  { id: "conn_saml", connection_type: "OktaSAML", organization_id: "org_2" },
];

describe("passwordless sessions", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: { ...SEED, connections } });
  });

  const create = (body: object = {}) => api.post(PATH, { type: "MagicLink", email: EVE, redirect_uri: APP, ...body });
  const said = async (answer: ReturnType<Driver["get"]>) => {
    const { status, body } = await answer;
    return [status, body.code];
  };
  const open = async (link: string) => await api.get(link.replace(ORIGIN, ""));
  const returned = async (body?: object) => {
    const { headers } = await open((await create(body)).body.link);
    return new URL(headers.get("Location") ?? "");
  };
  const profile = async (code: string | null) => {
    const client = { client_id: api.emulator.clientId, client_secret: api.emulator.apiKey };
    const { status, body } = await api.post("/sso/token", { ...client, grant_type: "authorization_code", code });
    return status === 200 ? body.profile : status;
  };

  it("have a link, which is sent on request", async () => {
    const { status, body } = await create();
    const { link, ...rest } = body;

    assertEquals([status, rest], [201, {
      object: "passwordless_session",
      id: "passwordless_session_01000000000000000000000001",
      email: EVE,
      expires_at: "2026-01-01T00:15:00.000Z",
    }]);
    assertEquals(api.emulator.outbox, []);
    const sent = await api.post(`${PATH}/${body.id}/send`);
    assertEquals([sent.status, sent.body], [200, { success: true }]);
    assertEquals(api.emulator.outbox, [{ type: "passwordless", to: EVE, id: body.id, url: link }]);
    assertEquals(await said(api.post(`${PATH}/none/send`)), [404, "entity_not_found"]);
  });

  it("lead back with a code for a profile", async () => {
    const url = await returned({ state: "a b" });
    const code = url.searchParams.get("code");

    assertEquals([url.origin + url.pathname, url.searchParams.get("state")], [APP, "a b"]);
    const { id, connection_id, connection_type, organization_id, email } = await profile(code);
    assertEquals([connection_type, organization_id, email], ["MagicLink", null, EVE]);
    assertEquals(await profile(code), 400);
    const again = await profile((await returned({ email: "EVE@example.com" })).searchParams.get("code"));
    assertEquals([again.id, again.connection_id], [id, connection_id]);
    assertEquals([...(await returned()).searchParams.keys()], ["code"]);
  });

  it("go through the connection that is named, or that has the domain of the address", async () => {
    for (const body of [{ connection: "conn_link" }, { email: "ada@ACME.com" }]) {
      const { connection_id, organization_id } = await profile((await returned(body)).searchParams.get("code"));
      assertEquals([connection_id, organization_id], ["conn_link", "org_1"]);
    }
    const { connection_id } = await profile((await returned()).searchParams.get("code"));
    assertEquals(connection_id === "conn_link", false);
  });

  it("expire after fifteen minutes, or when they are told to", async () => {
    const { link } = (await create()).body;
    const later = (await create({ expires_in: 86_400 })).body;
    assertEquals(later.expires_at, "2026-01-02T00:00:00.000Z");

    api.emulator.advance(15 * MINUTE);

    assertEquals(await said(open(link)), [400, "passwordless_session_expired"]);
    assertEquals((await open(later.link)).status, 302);
    assertEquals(await said(open("/passwordless/confirm")), [400, "passwordless_session_expired"]);
  });

  it("lead where the environment says when they do not", async () => {
    const { status, body } = await create({ redirect_uri: undefined });
    assertEquals([status, body.errors], [422, [{ code: "redirect_uri_required", field: "redirect_uri" }]]);
    await api.post("/user_management/redirect_uris", { uri: "https://app.example/usual" });

    assertEquals((await returned({ redirect_uri: undefined })).pathname, "/usual");
    assertEquals(await said(create()), [400, "invalid_redirect_uri"]);
  });

  it("are refused for other types, times and connections", async () => {
    const cases = [{ type: "Password" }, { email: "eve" }, { expires_in: 899 }, { expires_in: 86_401 }];
    for (const change of [...cases, { connection: "conn_saml" }]) {
      const { status, body } = await create(change);
      assertEquals([status, body.errors[0].field], [422, Object.keys(change)[0]]);
    }
    assertEquals(await said(create({ connection: "none" })), [404, "entity_not_found"]);
  });

  it("keep their links out of the log", async () => {
    const { link } = (await create()).body;
    await open(link);

    assertEquals(
      JSON.stringify(api.emulator.requests).includes(new URL(link).searchParams.get("token") ?? link),
      false,
    );
  });
});
