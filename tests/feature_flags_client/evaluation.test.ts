import { assertAlmostEquals, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { EvaluationContext, FlagChange } from "../../src/feature_flags_client.ts";
import vectors from "../vectors/feature-flags.json" with { type: "json" };
import { BROKEN, flag, type Flags, OFF, ON, setup } from "./fake_host.ts";

interface Case {
  name: string;
  input: {
    operation: string;
    flags?: Flags;
    key?: string;
    context?: EvaluationContext;
    defaultValue?: boolean;
    previous?: Flags;
    current?: Flags;
    consecutiveErrors?: number;
    pollingIntervalMs?: number;
  };
  expected: {
    isEnabled?: boolean;
    allFlags?: Record<string, boolean>;
    warnings?: string[];
    changes?: FlagChange[];
    baseMs?: number;
    minMs?: number;
    maxMsExclusive?: number;
  };
}

/** Where we differ from the Node SDK, which finds `Object.prototype.constructor` among the flags. */
const OTHER_VALUES: Record<string, boolean> = { "inherited property name as key": true };

const OPERATIONS: Record<string, (testCase: Case) => Promise<void>> = {
  async evaluate({ name, input, expected }) {
    const { client, logged } = setup([], { mode: "onDemand", bootstrapFlags: input.flags });
    const warnings = () => logged.splice(0).map(([level, args]) => (assertEquals(level, "warn"), args[0]));

    assertEquals(
      client.isEnabled(input.key!, input.context, input.defaultValue),
      OTHER_VALUES[name] ?? expected.isEnabled,
    );
    assertEquals(warnings(), expected.warnings);
    assertEquals(client.getAllFlags(input.context), expected.allFlags!);
    assertEquals(warnings(), expected.warnings);
    await client.waitUntilReady();
  },

  async change({ input, expected }) {
    const { client, host, events } = setup([input.previous, input.current]);

    await host.next();
    assertEquals(events, []);
    await host.next();

    assertEquals(events, expected.changes!.map((change) => ["change", change]));
    client.close();
  },

  async schedule({ input: { consecutiveErrors = 0, pollingIntervalMs }, expected }) {
    for (const [chance, delay] of [[0, expected.minMs!], [0.5, expected.baseMs!], [1, expected.maxMsExclusive!]]) {
      const { client, host } = setup(consecutiveErrors === 0 ? [ON] : [BROKEN()], { pollingIntervalMs });
      host.chance = chance;

      for (let poll = 1; poll <= Math.max(1, consecutiveErrors); poll++) await host.next();

      assertAlmostEquals([...host.timers][0].ms, delay, 1e-6);
      client.close();
    }
  },
};

describe("feature-flags vectors", () => {
  for (const testCase of vectors as Case[]) {
    it(testCase.name, () => OPERATIONS[testCase.input.operation](testCase));
  }
});

describe("FeatureFlagsRuntimeClient evaluation", () => {
  const targets = {
    users: [{ id: "user_1", enabled: true }],
    organizations: [{ id: "org_1", enabled: true }],
    custom_targets: [
      { type: "team", id: "team_1", enabled: true },
      { type: "user", id: "user_2", enabled: true },
    ],
  };

  const evaluated = (context: unknown) => {
    const { client, logged } = setup([], { mode: "onDemand", bootstrapFlags: { f: flag({ targets }) } });
    const value = client.isEnabled("f", context as EvaluationContext, true);
    assertEquals(client.getAllFlags(context as EvaluationContext), { f: value });
    return [value, logged.length > 0];
  };

  it("never throws, whatever the context is", () => {
    const hostile = Object.defineProperty({}, "user", {
      enumerable: true,
      get() {
        throw new Error("no");
      },
    });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();

    for (const context of [null, 5, "user_1", true, Symbol("x"), () => {}, [], new Map()]) {
      assertEquals(evaluated(context), [false, false]);
    }
    for (const context of [hostile, revoked.proxy, ["user_1"], { user: hostile }, { user: () => {} }]) {
      assertEquals(evaluated(context), [false, true]);
    }
  });

  it("turns nothing on for a target that is off", () => {
    const targets = { users: [{ id: "user_1", enabled: false }], organizations: [] };
    const { client } = setup([], { mode: "onDemand", bootstrapFlags: { f: flag({ targets }) } });

    assertEquals(client.isEnabled("f", { userId: "user_1" }, true), false);
  });

  it("takes no dots for an id", () => {
    for (const id of [".", ".."]) {
      const targets = { users: [], organizations: [], custom_targets: [{ type: "team", id, enabled: true }] };
      const { client, logged } = setup([], { mode: "onDemand", bootstrapFlags: { f: flag({ targets }) } });

      assertEquals([client.isEnabled("f", { team: { id } }), logged.length], [false, 1]);
    }
  });

  it("takes neither inherited members nor symbols for targets", () => {
    assertEquals(evaluated(Object.create({ userId: "user_1" })), [false, false]);
    assertEquals(evaluated({ [Symbol("user")]: { id: "user_1" } }), [false, false]);
    assertEquals(evaluated(JSON.parse('{ "__proto__": { "id": "user_1" } }')), [false, true]);
    assertEquals(evaluated({ team: { id: "team_1" } }), [true, false]);
  });

  it("looks users and organizations up in their own lists only", () => {
    assertEquals(evaluated({ user: { id: "user_2" } }), [false, false]);
    assertEquals(evaluated({ user: { id: "org_1" } }), [false, false]);
    assertEquals(evaluated({ constructor: { id: "x" }, user: { id: "user_1" } }), [true, false]);
  });

  it("passes over what is absent, and ids of users and organizations that are none", () => {
    assertEquals(evaluated({ team: undefined, user: { id: "user_1" } }), [true, false]);
    assertEquals(evaluated({ team: null, user: { id: "user_1" } }), [true, false]);
    for (const userId of [5, "", {}, undefined]) {
      assertEquals(evaluated({ userId, team: { id: "team_1" } }), [true, false]);
    }
  });

  it("says why a context matches nothing, with the keys of one in both forms", () => {
    const { client, logged } = setup([], { mode: "onDemand", bootstrapFlags: ON });
    const revoked = Proxy.revocable<EvaluationContext>({}, {});
    revoked.revoke();

    client.isEnabled("f", { userId: "user_1", team: { id: "team_1" } } as EvaluationContext);
    client.isEnabled("f", revoked.proxy);

    const mixture = "Evaluation context mixes legacy keys (userId/organizationId) with typed target keys";
    assertEquals(logged, [
      ["warn", [`${mixture}; no targets will match`, { keys: ["userId", "team"] }]],
      ["warn", ["Evaluation context cannot be read; no targets will match"]],
    ]);
  });

  it("takes no function for a resource", () => {
    assertEquals(evaluated({ team: Object.assign(() => {}, { id: "team_1" }) }), [false, true]);
  });

  it("survives a logger that throws", () => {
    const fail = () => {
      throw new Error("disk full");
    };
    const logger = { debug: fail, info: fail, warn: fail, error: fail };
    const { client } = setup([], { mode: "onDemand", bootstrapFlags: ON, logger });

    assertEquals(client.isEnabled("f", { BAD: { id: "x" } }), true);
    assertEquals(client.isEnabled("f", { userId: "u", user: { id: "u" } }), true);
  });

  it("survives a logger that rejects", async () => {
    const fail = () => Promise.reject(new Error("disk full")); // one that nobody handles ends the test
    const logger = { debug: fail, info: fail, warn: fail, error: fail };
    const { client } = setup([ON], { mode: "onDemand", logger });

    assertEquals(await client.refresh(), true);
    assertEquals(client.isEnabled("f", { BAD: { id: "x" } }), true);
    await new Promise((resolve) => setTimeout(resolve, 0));
  });

  it("knows own keys only, even those of Object.prototype", () => {
    const bootstrapFlags = JSON.parse(JSON.stringify({ constructor: ON.f, x: OFF.f }).replace('"x"', '"__proto__"'));
    const { client } = setup([], { mode: "onDemand", bootstrapFlags });

    assertEquals(client.isEnabled("toString", {}, true), true);
    assertEquals(client.getFlag("toString"), undefined);
    assertEquals(client.isEnabled("constructor"), true);
    assertEquals(client.isEnabled("__proto__", {}, true), false);
    assertEquals(Object.entries(client.getAllFlags()), [["constructor", true], ["__proto__", false]]);
    assertEquals(client.getFlag(undefined as unknown as string), undefined);
  });

  it("ignores rules and other fields it does not know, and missing lists of targets", async () => {
    const rules = [{ id: "r", kind: "conditions", value: false, conditions: null }];
    const later = { f: { ...ON.f, rules, off_value: false }, g: { enabled: true, default_value: true, targets: null } };
    const { client, host, events } = setup([later, later]);

    await host.next();
    await host.next();

    assertEquals(client.getAllFlags({ userId: "user_1" }), { f: true, g: true });
    assertEquals(client.getFlag("f") as unknown, later.f);
    assertEquals(events, []);
    client.close();
  });
});
