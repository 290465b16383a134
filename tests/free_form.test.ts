import { describe, it } from "@std/testing/bdd";
import { assert, assertEquals } from "@std/assert";
import { answersOf, callOf, misread, operations, requestsOf, run, schemas, withFreeForm } from "./contract/run.ts";
import { createSampler } from "./contract/samples.ts";
import { fakeApi } from "./fake_api.ts";
import { fc } from "./properties.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Keys that a renaming, an assignment or a comparison could change or lose. */
const KEYS = [
  "first_name",
  "firstName",
  "lastName",
  "last-name",
  "Last Name",
  "metadata",
  "api_key_last_4",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "toJSON",
  "",
  "0",
  "10",
  "-1",
  "1e3",
  "_",
  "__",
  "a.b",
  "ключ",
  "鍵",
  "🔑",
  "\u0000",
  "\ud800",
  "é",
  "e\u0301",
];

const key = fc.oneof(fc.constantFrom(...KEYS), fc.string({ unit: "binary", maxLength: 8 }));

/** Objects with such keys, their own `__proto__` included, at any depth. */
const { object: hostile } = fc.letrec<{ value: Json; object: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string({ unit: "binary" }), fc.constantFrom(...KEYS)),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.array(fc.tuple(key, tie("value")), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
}));

/** Objects without depth, as a query can have them. */
const wellFormed = fc.oneof(
  fc.constantFrom(...KEYS.filter((name) => name !== "\ud800")),
  fc.string({ unit: "grapheme" }),
);
const flat = fc.array(fc.tuple(wellFormed, wellFormed), { minLength: 1, maxLength: 6 })
  .map((entries) => Object.fromEntries(entries));

/** One object with all of those keys. */
const EVERY_KEY = Object.fromEntries(KEYS.map((name) => [name, { [name]: [name] }]));

/** Calls an operation with this value wherever the content is the customer's. */
async function cross(id: string, value: unknown): Promise<void> {
  const options = { sample: createSampler(schemas, () => value), detail: "full" as const };
  const [operation, call] = [operations[id], callOf(id)];
  const answers = answersOf(operation, call, options);
  for (const [i, request] of requestsOf(operation, call, options).entries()) {
    const body = await run(operation, call, { request, answer: answers[i % answers.length] });
    const expected = JSON.stringify(value);
    const spots = JSON.stringify(request.body ?? {}).split(expected).length;
    assertEquals(body.split(expected).length, body === "" ? 1 : spots, "The text of the value changed");
  }
}

describe("customers' data", () => {
  const ids = withFreeForm().filter((id) => !callOf(id).url); // a URL has texts only: see below

  it("is in more than fifty operations", () => {
    assert(ids.length > 50, `Only ${ids.length} operations have free-form fields`);
  });

  for (const id of ids) {
    it(`crosses ${operations[id].verb} ${operations[id].path} untouched, ${id}`, async () => {
      await cross(id, EVERY_KEY);
      await fc.assert(fc.asyncProperty(hostile, (value) => cross(id, value)), { numRuns: 8 });
    });
  }
});

/** Calls with customers' data that the API description lacks: how the value is given, and where it has to arrive. */
const UNDESCRIBED: Record<string, (workos: ReturnType<typeof fakeApi>["workos"], value: never) => Promise<unknown>> = {
  additional_fields: (workos, additionalFields) =>
    workos.userManagement.createWaitlistEntry("waitlist_1", { email: "a@example.com", additionalFields }),
  config: (workos, config) =>
    workos.pipes.createDataIntegrationClientCredential({
      ...{ slug: "github", clientId: "id", clientSecret: "secret", userId: "user_1", connectionIntent: "add" as const },
      config,
    }),
  additional_authorization_parameters: (workos, additionalAuthorizationParameters) =>
    workos.pipes.updateOrganizationDataIntegration({
      slug: "github",
      customProvider: { additionalAuthorizationParameters },
    }),
};

describe("customers' data in a delivery", () => {
  const { workos } = fakeApi();
  const secret = "whsec_1";

  /** A delivery as it arrives: its text, and the signature over it. */
  async function deliver(wire: unknown) {
    const payload = JSON.stringify(wire);
    const time = Date.now();
    return {
      payload,
      secret,
      sigHeader: `t=${time}, v1=${await workos.webhooks.computeSignature(time, payload, secret)}`,
    };
  }

  it("crosses webhooks.constructEvent() untouched, whatever the event", async () => {
    const id = "EventsController_list";
    const cross = async (value: unknown) => {
      const sample = createSampler(schemas, () => value);
      const answers = answersOf(operations[id], callOf(id), { sample, detail: "full" });
      const [wire, sdk] = (["wire", "sdk"] as const).map((form) =>
        answers.flatMap((it) => (it[form] as { data: unknown[] }).data)
      );
      assert(JSON.stringify(wire).includes(JSON.stringify(value)));
      for (const [i, event] of wire.entries()) {
        assertEquals(misread(await workos.webhooks.constructEvent(await deliver(event)), sdk[i]), []);
      }
    };

    await cross(EVERY_KEY);
    await fc.assert(fc.asyncProperty(hostile, cross), { numRuns: 4 });
  });

  it("crosses actions.constructAction() untouched", async () => {
    const cross = async (value: unknown) => {
      const action = {
        object: "authentication_action_context",
        id: "action_1",
        user: { object: "user", id: "user_1", email: "a@example.com", metadata: value },
        organization: { object: "organization", id: "org_1", name: "Acme", domains: [], metadata: value },
        organization_membership: { object: "organization_membership", id: "om_1", custom_attributes: value },
      };

      const context = await workos.actions.constructAction(await deliver(action));

      assert(context.object === "authentication_action_context");
      const { user, organization, organizationMembership } = context;
      const arrived = [user.metadata, organization?.metadata, organizationMembership?.customAttributes];
      assertEquals(arrived.map((it) => JSON.stringify(it)), Array(3).fill(JSON.stringify(value)));
    };

    await cross(EVERY_KEY);
    await fc.assert(fc.asyncProperty(hostile, cross), { numRuns: 50 });
  });
});

describe("customers' data outside of the API description", () => {
  for (const [name, call] of Object.entries(UNDESCRIBED)) {
    it(`is sent untouched as ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(hostile, async (value) => {
          const api = fakeApi({});

          await call(api.workos, value as never).catch(() => {});

          const body = api.requests[0].init.body as string;
          assert(body.includes(`"${name}":${JSON.stringify(value)}`), body);
        }),
        { numRuns: 20, examples: [[EVERY_KEY]] },
      );
    });
  }

  it("comes back untouched from a waitlist", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (value) => {
        const { workos } = fakeApi({ id: "waitlist_entry_1", additional_fields: value });

        const { additionalFields } = await workos.userManagement.approveWaitlistEntry("waitlist_entry_1");

        assertEquals(JSON.stringify(additionalFields), JSON.stringify(value));
      }),
      { numRuns: 20, examples: [[EVERY_KEY]] },
    );
  });

  it("keeps its names in the types of audit log schemas", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { maxLength: 6 }), async (keys) => {
        const types = Object.fromEntries(keys.map((name) => [name, "string"]));
        const properties = Object.fromEntries(keys.map((name) => [name, { type: "string" }]));
        const metadata = { type: "object", properties };
        const wire = { metadata, targets: [{ type: "team", metadata }] };
        const list = { data: [{ ...wire, schema: wire }], list_metadata: { before: null, after: null } };
        const { workos: { auditLogs }, requests } = fakeApi(wire, list);

        const created = await auditLogs.createSchema({
          ...{ action: "user.signed_in", metadata: types, targets: [{ type: "team", metadata: types }] },
        });
        const { data: [listed] } = await auditLogs.listSchemas("user.signed_in");
        const { data: [{ schema }] } = await auditLogs.listActions();

        const { body } = requests[0];
        assertEquals(JSON.stringify([body.metadata, body.targets[0].metadata]), JSON.stringify([metadata, metadata]));
        for (const read of [created, listed, schema]) {
          assertEquals(JSON.stringify([read.metadata, read.targets[0].metadata]), JSON.stringify([types, types]));
        }
      }),
      { numRuns: 20, examples: [[KEYS]] },
    );
  });

  it("keeps its names in authorization URLs", () => {
    const { workos } = fakeApi();
    const options = { clientId: "client_1", provider: "GoogleOAuth", redirectUri: "https://example.com/" };
    const named = (url: string) =>
      [...new URL(url).searchParams].filter(([name]) => name.startsWith("provider_query_params["));
    fc.assert(
      fc.property(flat, (providerQueryParams) => {
        const expected = Object.entries(providerQueryParams).map((it) => [`provider_query_params[${it[0]}]`, it[1]]);

        for (const area of [workos.sso, workos.userManagement]) {
          const url = area.getAuthorizationUrl({ ...options, providerQueryParams });

          assertEquals(named(url).sort(), expected.sort());
        }
      }),
    );
  });
});
