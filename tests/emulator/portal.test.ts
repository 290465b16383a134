import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { verifyJwt } from "../../src/jwt.ts";
import { type Driver, refusal, SEED, start } from "./drive.ts";

const MEMBER = { organization_id: "org_1", user_id: "user_ada" };

describe("the Admin Portal", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: SEED });
  });

  const generate = (body: object) => api.post("/portal/generate_link", { organization: "org_1", ...body });
  const lead = async (link: string) => (await api.emulator.fetch(link)).headers.get("Location");

  it("has links for five minutes, which lead to where an admin goes when all is done", async () => {
    const success_url = "https://app.example.com/done";
    const return_url = "https://app.example.com/back";
    const { status, body: { link } } = await generate({ intent: "sso", success_url, return_url });

    assertEquals([status, link.startsWith("https://api.workos.com/portal/launch?token=")], [201, true]);
    assertEquals(await lead(link), success_url);
    assertEquals(await lead((await generate({ return_url })).body.link), return_url);
    assertEquals(await lead((await generate({})).body.link), "https://api.workos.com");
    api.emulator.advance(5 * 60_000);
    assertEquals((await api.emulator.fetch(link)).status, 400);
    assertEquals(JSON.stringify(api.emulator.requests).includes(link.split("=")[1]), false);
  });

  it("leads to addresses that no header has room for as they are", async () => {
    const { body } = await generate({ success_url: "https://app.example/終わり" });

    assertEquals(await lead(body.link), "https://app.example/%E7%B5%82%E3%82%8F%E3%82%8A");
  });

  it("has no links for what there is not", async () => {
    const refused: [object, string][] = [
      [{ intent: "shopping" }, "intent: intent_invalid"],
      [{ intent: null }, "intent: intent_invalid"],
      [{ success_url: "/done" }, "success_url: success_url_invalid"],
      [{ it_contact_emails: ["nobody"] }, "it_contact_emails: it_contact_emails_invalid"],
      [
        { it_contact_emails: Array.from({ length: 21 }, () => "it@acme.com") },
        "it_contact_emails: it_contact_emails_invalid",
      ],
      [{ organization: undefined }, "organization: organization_required"],
    ];
    for (const [given, wrong] of refused) assertEquals(refusal(await generate(given)), [422, wrong]);

    assertEquals((await generate({ it_contact_emails: ["it@acme.com"] })).status, 201);
    assertEquals((await generate({ organization: "org_9" })).status, 404);
  });
});

describe("tokens for pages", () => {
  let api: Driver;

  beforeEach(async () => {
    api = await start({ seed: SEED });
  });

  it("of widgets are signed by the environment, for an hour", async () => {
    const scopes = ["widgets:sso:manage"];
    const { status, body: { token } } = await api.post("/widgets/token", { ...MEMBER, scopes });
    const keys = await api.emulator.jwks();
    const verify = () => verifyJwt(token, { keys, issuer: api.emulator.issuer, now: () => api.emulator.now() });

    const result = await verify();
    const { jti: _, ...claims } = (result.ok ? result.claims : {}) as Record<string, unknown>;
    const iat = Date.UTC(2026, 0, 1) / 1000;
    const subject = { sub: "user_ada", org_id: "org_1", scopes };
    assertEquals([status, claims], [201, { iss: api.emulator.issuer, ...subject, iat, exp: iat + 3600 }]);
    api.emulator.advance(3_600_000);
    assertEquals((await verify()).ok, false);
  });

  it("of widgets need an organization for scopes only", async () => {
    const scopes = ["widgets:pipes:manage"];

    assertEquals((await api.post("/widgets/token", { user_id: "user_ada" })).status, 201);
    const alone = await api.post("/widgets/token", { user_id: "user_ada", scopes });
    const unknown = await api.post("/widgets/token", { ...MEMBER, scopes: ["widgets:all"] });
    assertEquals([refusal(alone), refusal(unknown)], [[400, "organization_id: organization_id_required"], [
      400,
      "scopes: scopes_invalid",
    ]]);
  });

  it("are for members only", async () => {
    for (const [path, malformed] of [["/widgets/token", 400], ["/client/token", 422]] as const) {
      const status = async (body: object) => (await api.post(path, { ...MEMBER, ...body })).status;

      assertEquals([path, await status({})], [path, 201]);
      assertEquals([path, await status({ user_id: "user_9" })], [path, 404]);
      assertEquals([path, await status({ organization_id: "org_9" })], [path, 404]);
      assertEquals([path, await status({ user_id: "user_cid" })], [path, 404]);
      assertEquals([path, await status({ user_id: null })], [path, malformed]);
    }
    assertEquals(refusal(await api.post("/client/token", { user_id: "user_ada" })), [
      422,
      "organization_id: organization_id_required",
    ]);
  });
});
