import { assertEquals, assertFalse, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { utf8 } from "../../src/bytes.ts";
import { ParseError, SignatureVerificationException } from "../../src/errors.ts";
import {
  Actions,
  type AuthenticationActionResponseData,
  type UserRegistrationActionResponseData,
  type VerifyActionOptions,
} from "../../src/resources/actions.ts";
import { signPayload } from "../../src/signature.ts";
import { freezeClock } from "../frozen_clock.ts";
import { fakeApi } from "../fake_api.ts";
import allVectors from "../vectors/actions.json" with { type: "json" };

interface Outcome {
  value?: unknown;
  throws?: { name: string; message: string };
}
interface Vector {
  name: string;
  input: {
    operation: "verify" | "signResponse";
    sigHeader: string;
    payload?: string;
    payloadObject?: object;
    secret: string;
    toleranceMs?: number;
    data: AuthenticationActionResponseData | UserRegistrationActionResponseData;
    nowMs: number;
  };
  expected: Outcome & { verifyHeader: Outcome; constructAction: Outcome; signedString?: string; json?: string };
}

const VECTORS = allVectors as unknown as Vector[];
const UNKNOWN_OBJECT = "request: unknown object yields undefined (null here)";

async function assertOutcome(call: () => Promise<unknown>, { value, throws }: Outcome) {
  if (!throws) return assertEquals(await call(), value);
  const error = await assertRejects(call, Error);
  assertEquals([error.name, error.message], [throws.name, throws.message]);
}

describe("Actions on vectors", () => {
  const clock = freezeClock();

  for (const { name, input, expected } of VECTORS) {
    it(name, async () => {
      const { actions } = fakeApi().workos;
      clock.now = input.nowMs;

      if (input.operation === "verify") {
        const { sigHeader, secret, payload = input.payloadObject!, toleranceMs: tolerance } = input;
        const options = { payload, sigHeader, secret, tolerance };
        // the Node SDK returns undefined for an object it does not know
        const constructed = name === UNKNOWN_OBJECT
          ? { value: { id: "a", object: "something_new" } }
          : expected.constructAction;
        await assertOutcome(() => actions.verifyHeader(options), expected.verifyHeader);
        await assertOutcome(() => actions.constructAction(options), constructed);
      } else if (expected.throws) {
        await assertRejects(() => actions.signResponse(input.data, input.secret), TypeError, "its type is unknown");
      } else {
        const response = await actions.signResponse(input.data, input.secret);

        assertEquals(response, expected.value as typeof response);
        assertEquals(JSON.stringify(response), expected.json);
        const { timestamp } = response.payload;
        assertEquals(`${timestamp}.${JSON.stringify(response.payload)}`, expected.signedString);
      }
    });
  }
});

describe("Actions", () => {
  const NOW = 1_790_000_000_000;
  const SECRET = "secret_1";
  const TEXT = JSON.stringify({
    id: "action_2",
    object: "user_registration_action_context",
    user_data: { object: "user_data", email: "žofie@example.com", first_name: "Ž", last_name: "F", brand_new: 1 },
    brand_new: { deep_field: 1 },
    metadata: { first_name: "a", lastName: "b" },
  });
  const READ = {
    id: "action_2",
    object: "user_registration_action_context",
    userData: {
      object: "user_data",
      email: "žofie@example.com",
      name: null,
      firstName: "Ž",
      lastName: "F",
      brandNew: 1,
    },
    brandNew: { deepField: 1 },
    metadata: { first_name: "a", lastName: "b" },
  };
  const actions = new Actions();

  freezeClock(NOW);

  async function headerFor(payload: string, timestamp = NOW, secret = SECRET) {
    return `t=${timestamp}, v1=${await signPayload({ timestamp, payload, secret })}`;
  }

  async function construct(wire: unknown): Promise<unknown> {
    const payload = JSON.stringify(wire);
    return await actions.constructAction({ payload, sigHeader: await headerFor(payload), secret: SECRET });
  }

  it("constructAction() takes a body in any form", async () => {
    const sigHeader = await headerFor(TEXT);
    const bytes = utf8(TEXT);
    const inside = utf8(`--${TEXT}--`).subarray(2, bytes.length + 2);

    for (const payload of [TEXT, bytes, bytes.buffer, inside, JSON.parse(TEXT)]) {
      const action = await actions.constructAction({ payload, sigHeader, secret: SECRET });

      assertEquals(action as unknown, READ);
    }
  });

  it("constructAction() takes a request and finds the header in it", async () => {
    const headers = { "workos-signature": await headerFor(TEXT) };
    const payload = new Request("https://example.com/action", { method: "POST", body: TEXT, headers });

    const action = await actions.constructAction({ payload, secret: SECRET });

    assertEquals(action as unknown, READ);
  });

  it("constructAction() refuses a request without the header", async () => {
    const payload = new Request("https://example.com/action", { method: "POST", body: TEXT });

    await assertRejects(() => actions.constructAction({ payload, secret: SECRET }), SignatureVerificationException);
  });

  it("constructAction() prefers a header that was given", async () => {
    const headers = { "WorkOS-Signature": await headerFor("other") };
    const request = () => new Request("https://example.com/action", { method: "POST", body: TEXT, headers });
    const sigHeader = await headerFor(TEXT);

    const action = await actions.constructAction({ payload: request(), sigHeader, secret: SECRET });

    assertEquals(action as unknown, READ);
    await assertRejects(
      () => actions.constructAction({ payload: request(), secret: SECRET }),
      SignatureVerificationException,
    );
  });

  it("constructAction() accepts any of several secrets", async () => {
    const sigHeader = await headerFor(TEXT);

    const action = await actions.constructAction({ payload: TEXT, sigHeader, secret: ["new", SECRET] });

    assertEquals(action as unknown, READ);
    await assertRejects(
      () => actions.constructAction({ payload: TEXT, sigHeader, secret: ["new", "newer"] }),
      SignatureVerificationException,
    );
  });

  it("constructAction() refuses what must not happen by accident", async () => {
    const sigHeader = await headerFor(TEXT);

    await assertRejects(() => actions.constructAction({ payload: TEXT, sigHeader, secret: "" }), TypeError);
    await assertRejects(() => actions.constructAction({ payload: TEXT, sigHeader, secret: [] }), TypeError);
    await assertRejects(
      () => actions.constructAction({ payload: TEXT, sigHeader: null, secret: SECRET }),
      SignatureVerificationException,
    );
    const missing = { sigHeader, secret: SECRET } as unknown as VerifyActionOptions;
    await assertRejects(() => actions.constructAction(missing), SignatureVerificationException, "Body is missing");
  });

  it("constructAction() verifies before it parses", async () => {
    const sigHeader = await headerFor("{");

    await assertRejects(
      () => actions.constructAction({ payload: "{", sigHeader, secret: "other" }),
      SignatureVerificationException,
    );
    await assertRejects(() => actions.constructAction({ payload: "{", sigHeader, secret: SECRET }), ParseError);
  });

  it("constructAction() refuses a body that is no object of text, or malformed", async () => {
    for (
      const payload of [
        "null",
        "[]",
        '"text"',
        "",
        '{"object":"authentication_action_context","user":"user_1"}',
        utf8("\ufeff{}"),
        new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      ]
    ) {
      const signature = await signPayload({ timestamp: NOW, payload, secret: SECRET });
      const sigHeader = `t=${NOW}, v1=${signature}`;

      await assertRejects(() => actions.constructAction({ payload, sigHeader, secret: SECRET }), ParseError);
    }
  });

  it("constructAction() says so when the body of a request is gone", async () => {
    const payload = new Request("https://example.com/action", { method: "POST", body: TEXT });
    await payload.text();

    await assertRejects(() => actions.constructAction({ payload, secret: SECRET }), TypeError, "read already");
  });

  it("constructAction() takes another clock", async () => {
    const options = { payload: TEXT, sigHeader: await headerFor(TEXT), secret: SECRET };

    await actions.constructAction({ ...options, now: () => NOW + 30_000 });
    await assertRejects(
      () => actions.constructAction({ ...options, now: () => NOW + 30_001 }),
      SignatureVerificationException,
    );
  });

  it("constructAction() and verifyHeader() go by the client's clock, unless they are given another", async () => {
    const { actions } = fakeApi.with({ now: () => NOW + 3_600_000 }).workos;
    const options = { payload: TEXT, sigHeader: await headerFor(TEXT, NOW + 3_600_000), secret: SECRET };
    const late = { ...options, now: () => NOW };

    assertEquals(await actions.constructAction(options) as unknown, READ);
    assertEquals(await actions.verifyHeader(options), true);
    await assertRejects(() => actions.constructAction(late), SignatureVerificationException);
    await assertRejects(() => actions.verifyHeader(late), SignatureVerificationException);
  });

  it("constructAction() parses the bytes as they were when it was called", async () => {
    const payload = utf8(TEXT);
    const sigHeader = await headerFor(TEXT);

    const action = actions.constructAction({ payload, sigHeader, secret: SECRET });
    payload.fill(0);

    assertEquals(await action as unknown, READ);
  });

  it("constructAction() reads users, organizations and memberships as everywhere", async () => {
    const action = await construct({
      id: "action_1",
      object: "authentication_action_context",
      user: { id: "user_1", metadata: { first_name: "a" } },
      organization: { id: "org_1", domains: [] },
      organization_membership: { id: "om_1", role: { slug: "member" } },
      ip_address: "203.0.113.42",
      issuer: "https://api.workos.com",
      brand_new: 1,
    });

    assertEquals(action, {
      id: "action_1",
      object: "authentication_action_context",
      user: { id: "user_1", name: null, externalId: null, metadata: { first_name: "a" } },
      organization: { id: "org_1", domains: [], externalId: null, metadata: {} },
      organizationMembership: {
        id: "om_1",
        role: { slug: "member" },
        directoryManaged: false,
        customAttributes: {},
      },
      ipAddress: "203.0.113.42",
      issuer: "https://api.workos.com",
      brandNew: 1,
    });
  });

  it("constructAction() leaves out parts that are null", async () => {
    const signIn = { id: "a", object: "authentication_action_context", user: { id: "user_1" } };
    const signUp = { id: "a", object: "user_registration_action_context", user_data: { name: "A" } };

    const actions = [
      await construct({ ...signIn, organization: null, organization_membership: null }),
      await construct({ ...signUp, invitation: null }),
      await construct({ ...signUp, invitation: { id: "invitation_1", accepted_at: null } }),
    ];

    const { user_data: userData, ...rest } = signUp;
    assertEquals(actions, [
      { ...signIn, user: { id: "user_1", name: null, externalId: null, metadata: {} } },
      { ...rest, userData },
      { ...rest, userData, invitation: { id: "invitation_1", acceptedAt: null } },
    ]);
  });

  it("verifyHeader() needs no receiver and resolves to true", async () => {
    const { verifyHeader } = actions;
    const sigHeader = await headerFor(TEXT, NOW - 180_000);

    assertStrictEquals(await verifyHeader({ payload: TEXT, sigHeader, secret: SECRET }), true);
    await assertRejects(
      () => verifyHeader({ payload: TEXT, sigHeader, secret: SECRET, tolerance: 179_999 }),
      SignatureVerificationException,
    );
  });

  it("verifyHeader() leaves the body of a request to its caller", async () => {
    const headers = { "WorkOS-Signature": await headerFor(TEXT) };
    const payload = new Request("https://example.com/action", { method: "POST", body: TEXT, headers });

    await actions.verifyHeader({ payload, secret: SECRET });

    assertFalse(payload.bodyUsed);
    assertEquals(await payload.text(), TEXT);
  });

  it("signResponse() is verified by the same secret, as it is sent", async () => {
    const data = { type: "user_registration", verdict: "Deny", errorMessage: "žádné" } as const;

    const sent = JSON.parse(JSON.stringify(await actions.signResponse(data, SECRET)));

    const { payload, signature } = sent;
    const expected = await signPayload({
      timestamp: payload.timestamp,
      payload: JSON.stringify(payload),
      secret: SECRET,
    });
    assertEquals(signature, expected);
    assertEquals(payload, { timestamp: NOW, verdict: "Deny", error_message: "žádné" });
  });

  it("signResponse() takes the time from the client's clock", async () => {
    const { actions } = fakeApi.with({ now: () => NOW - 7 }).workos;

    const { payload } = await actions.signResponse({ type: "authentication", verdict: "Allow" }, SECRET);

    assertEquals(payload.timestamp, NOW - 7);
  });

  it("signResponse() refuses an unknown verdict and an empty secret", async () => {
    const data = { type: "authentication", verdict: "allow" } as unknown as AuthenticationActionResponseData;

    await assertRejects(() => actions.signResponse(data, SECRET), TypeError, "verdict");
    await assertRejects(() => actions.signResponse({ type: "authentication", verdict: "Allow" }, ""), TypeError);
  });

  it("serializeType() names the answer", () => {
    assertEquals(actions.serializeType("authentication"), "authentication_action_response");
    assertEquals(actions.serializeType("user_registration"), "user_registration_action_response");
    assertThrows(() => actions.serializeType("constructor" as "authentication"), TypeError);
  });
});
