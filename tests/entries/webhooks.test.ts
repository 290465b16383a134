import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { WorkOS } from "../../mod.ts";
import {
  computeSignature,
  constructEvent,
  ParseError,
  SignatureVerificationException,
  verifyHeader,
} from "../../src/entries/webhooks.ts";

const SECRET = "whsec_1";
const NOW = 1_767_225_600_000;
const now = () => NOW;

const EVENT = {
  id: "event_1",
  event: "connection.activated",
  created_at: "2026-01-01T00:00:00.000Z",
  data: { object: "connection", id: "conn_1", connection_type: "OktaSAML", external_key: "k" },
  context: { client_id: "client_1" },
};

async function deliver(body: string): Promise<{ payload: Request; secret: string; now: () => number }> {
  const headers = { "WorkOS-Signature": `t=${NOW}, v1=${await computeSignature(NOW, body, SECRET)}` };
  return { payload: new Request("https://app.example", { method: "POST", body, headers }), secret: SECRET, now };
}

describe("webhooks without a client", () => {
  it("constructEvent() reads an event as the client does", async () => {
    const body = JSON.stringify(EVENT);
    const { webhooks } = new WorkOS({ clientId: "client_1" });

    const event = await constructEvent(await deliver(body));

    assertEquals(event, await webhooks.constructEvent(await deliver(body)));
    assertEquals(event.data, { object: "connection", id: "conn_1", type: "OktaSAML", externalKey: "k" } as never);
  });

  it("constructEvent() refuses a wrong secret, and a body that is no event", async () => {
    const forged = { ...await deliver("{}"), secret: "whsec_2" };

    await assertRejects(() => constructEvent(forged), SignatureVerificationException);
    const malformed = JSON.stringify({ event: "dsync.group.user_added", data: { user: "user_1" } });
    for (const body of ["[]", malformed]) {
      const delivery = await deliver(body);
      await assertRejects(() => constructEvent(delivery), ParseError);
      await assertRejects(async () => {
        await new WorkOS({ clientId: "client_1" }).webhooks.constructEvent(await deliver(body));
      }, ParseError);
    }
  });

  it("verifyHeader() leaves the body to be read", async () => {
    const delivery = await deliver("{}");

    assertStrictEquals(await verifyHeader(delivery), true);
    assertEquals(await delivery.payload.text(), "{}");
  });

  it("computeSignature() is that of the client", async () => {
    const { webhooks } = new WorkOS({ clientId: "client_1" });

    assertEquals(await computeSignature(1, "{}", SECRET), await webhooks.computeSignature(1, "{}", SECRET));
  });
});
