import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { MemoryRefreshStore, type RefreshStore } from "../../../mod.ts";
import { sharesPromises } from "../../../src/runtime.ts";
import { sealData, unsealData } from "../../../src/seal.ts";
import { fakeApi, json } from "../../fake_api.ts";
import { freezeClock } from "../../frozen_clock.ts";
import {
  accessToken,
  cookie,
  gate,
  loadSession,
  NOW,
  OTHER_PASSWORD,
  PASSWORD,
  pause,
  plain,
  reply,
} from "./session_fixtures.ts";

function fail(): never {
  throw new Error("The store is down");
}

describe("CookieSession.refresh() shared", () => {
  const clock = freezeClock(NOW);

  it("sends one request for all who refresh at the same time", async () => {
    const { api, make } = await loadSession({}, await reply(), json({ error: "invalid_grant" }, { status: 400 }));

    const results = await Promise.all(Array.from({ length: 20 }, () => make().refresh()));

    assertEquals(api.requests.length, 1);
    for (const result of results) {
      assert(result.authenticated);
      assertEquals(result.session?.refreshToken, "refresh_2");
      assertEquals((await unsealData(result.sealedSession!, { password: PASSWORD })).ok, true);
    }
  });

  it("fails once for all who refresh at the same time where they may share a promise", async () => {
    let sent = 0;
    const fetchFn = async () => {
      sent++;
      await pause(); // until the other one is here
      return json({}, { status: 503 });
    };
    const { make } = await loadSession({ fetchFn, maxRetries: 0 });

    const results = await Promise.all([make().refresh(), make().refresh()]);

    assertEquals(results.map((it) => !it.authenticated && it.reason), ["server_error", "server_error"]);
    assertEquals(sent, sharesPromises() ? 1 : 2);
  });

  it("gives those who come shortly after the same tokens", async () => {
    const { api, make } = await loadSession({}, await reply(), await reply({ refresh_token: "refresh_3" }));

    const first = await make().refresh();
    clock.now += 9_999;
    const second = await make().refresh();
    clock.now += 1;
    const third = await make().refresh();

    assert(first.authenticated && second.authenticated && third.authenticated);
    const { sealedSession: _, ...session } = first.session!;
    const { sealedSession: _other, ...same } = second.session!;
    assertEquals(plain(same), plain(session));
    assertEquals(third.session?.refreshToken, "refresh_3");
    assertEquals(api.requests.length, 2);
  });

  it("shares with a process that does not know the new password yet, and with one that forgot the old one", async () => {
    const rotations: [string[], string[], string[]][] = [
      [[PASSWORD], [OTHER_PASSWORD, PASSWORD], [PASSWORD]],
      [[OTHER_PASSWORD], [OTHER_PASSWORD, PASSWORD], [OTHER_PASSWORD]],
      [[OTHER_PASSWORD], [OTHER_PASSWORD], [PASSWORD, OTHER_PASSWORD]],
    ];
    for (const [sealed, first, second] of rotations) {
      const { api } = await loadSession({}, await reply());
      const sessionData = await cookie({}, sealed);
      const refresh = (cookiePassword: string[]) =>
        api.workos.userManagement.loadSealedSession({ sessionData, cookiePassword }).refresh();

      const results = [await refresh(first), await refresh(second)];

      assertEquals([api.requests.length, ...results.map(({ authenticated }) => authenticated)], [1, true, true]);
    }
  });

  it("shares with passwords that are being rotated", async () => {
    const { api, make } = await loadSession({}, await reply());

    await make().refresh({ cookiePassword: OTHER_PASSWORD });
    const second = await make([OTHER_PASSWORD, PASSWORD]).refresh();

    assert(second.authenticated);
    assertEquals((await unsealData(second.sealedSession!, { password: OTHER_PASSWORD })).ok, true);
    assertEquals(api.requests.length, 1);
  });

  it("goes on from there for another organization", async () => {
    const replies = [await reply({ refresh_token: "refresh_2" }), await reply({ refresh_token: "refresh_3" })];
    const sent: unknown[] = [];
    const fetchFn = async (_: string, init: RequestInit) => {
      const { refresh_token, organization_id: org_id } = JSON.parse(init.body as string);
      sent.push(refresh_token);
      const answer = json({ ...replies[sent.length - 1], access_token: await accessToken({ org_id }) });
      await pause(); // until all are here
      return answer;
    };
    const { make } = await loadSession({ fetchFn });

    const staying = make().refresh();
    while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const [first, second, third] = await Promise.all([
      staying,
      make().refresh({ organizationId: "org_2" }),
      make().refresh({ organizationId: "org_2" }),
    ]);

    assert(first.authenticated && second.authenticated && third.authenticated);
    assertEquals([first, second, third].map((it) => it.organizationId), ["org_1", "org_2", "org_2"]);
    assertEquals(sent, ["refresh_1", "refresh_2"]);
  });

  it("spends no token to undo a switch of organization that others made", async () => {
    const sent: unknown[] = [];
    const fetchFn = async (_: string, init: RequestInit) => {
      const { refresh_token, organization_id: org_id } = JSON.parse(init.body as string);
      sent.push([refresh_token, org_id]);
      const answer = json(await reply({ refresh_token: `refresh_${sent.length + 1}` }, { org_id }));
      await pause(); // until both are here
      return answer;
    };
    const { make } = await loadSession({ fetchFn });

    const switching = make().refresh({ organizationId: "org_2" });
    while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const results = await Promise.all([switching, make().refresh()]);
    results.push(await make().refresh());

    for (const result of results) {
      assert(result.authenticated);
      assertEquals([result.organizationId, result.session?.refreshToken], ["org_2", "refresh_2"]);
    }
    assertEquals(sent, [["refresh_1", "org_2"]]);
    await make().refresh({ organizationId: "org_1" });
    assertEquals(sent[1], ["refresh_2", "org_1"]);
  });

  it("stays in the organization that it was switched to when the refresh token stays the same", async () => {
    const fetchFn = async (_: string, init: RequestInit) => {
      const { refresh_token, organization_id: org_id } = JSON.parse(init.body as string);
      return json(await reply({ refresh_token }, { org_id }));
    };
    const { make } = await loadSession({ fetchFn });
    const session = make();

    const organizations: unknown[] = [];
    for (const organizationId of [undefined, "org_2", undefined]) {
      const result = await session.refresh({ organizationId });
      organizations.push(result.authenticated && result.organizationId);
    }

    assertEquals(organizations, ["org_1", "org_2", "org_2"]);
  });

  it("fails for another organization without failing for those who stay", async () => {
    const failures = [
      json({ error: "sso_required", pending_authentication_token: "p", email: "e" }, { status: 403 }),
      json({ error: "organization_membership_not_found", error_description: "no" }, { status: 403 }),
    ];
    for (const refusal of failures) {
      const granted = await reply();
      const fetchFn = async (_: string, init: RequestInit) => {
        await pause(); // until all are here
        return JSON.parse(init.body as string).organization_id === "org_2" ? refusal.clone() : json(granted);
      };
      const { make } = await loadSession({ fetchFn });

      const [other, ...same] = await Promise.allSettled([
        make().refresh({ organizationId: "org_2" }),
        make().refresh(),
        make().refresh(),
      ]);

      assert(other.status === "rejected" || !other.value.authenticated);
      for (const it of same) assert(it.status === "fulfilled" && it.value.authenticated);
    }
  });

  it("runs out of time for those alone who gave it less", async () => {
    const granted = await reply();
    let sent = 0;
    const fetchFn = async () => {
      if (++sent === 1) await gate().promise;
      return json(granted);
    };
    const { make } = await loadSession({ fetchFn });

    const first = make().refresh({}, { timeout: 200, maxRetries: 0 });
    await pause(); // until it has been sent
    const second = make().refresh({}, { timeout: 5_000 });
    const [hasty, patient] = await Promise.all([first, second]);

    assert(!hasty.authenticated && hasty.reason === "timeout");
    assert(patient.authenticated);
  });

  it("gives everybody a user of their own", async () => {
    const { make } = await loadSession({}, await reply());

    const results = await Promise.all([make().refresh(), make().refresh(), make().refresh()]);

    const users = results.map((it) => it.authenticated && it.user);
    assertEquals(new Set(users).size, 3);
    assertEquals(users[1], users[0]);
  });

  it("gives who comes late the tokens that are good by now, not spent ones", async () => {
    const replies = [2, 3, 4].map((i) => reply({ refresh_token: `refresh_${i}` }));
    const { api, make } = await loadSession({}, ...await Promise.all(replies));
    const session = make();
    await session.refresh();
    await session.refresh();

    const late = await make().refresh();

    assert(late.authenticated);
    assertEquals([late.session?.refreshToken, api.requests.length], ["refresh_3", 2]);
  });

  it("asks again where refresh tokens stay the same", async () => {
    const same = await reply({ refresh_token: "refresh_1" }, { org_id: "org_2" });
    const { api, make } = await loadSession({}, await reply({ refresh_token: "refresh_1" }), same);

    await make().refresh();
    const second = await make().refresh({ organizationId: "org_2" });

    assert(second.authenticated);
    assertEquals(second.organizationId, "org_2");
    assertEquals(api.requests.map(({ body }) => body.refresh_token), ["refresh_1", "refresh_1"]);
  });

  it("shares nothing with those who come later when the window is 0", async () => {
    const kept: string[] = [];
    const set = (key: string) => void kept.push(key);
    const refreshStore: RefreshStore = { get: () => undefined, set, lock: () => () => {} };
    const { api, make } = await loadSession({ refreshWindow: 0, maxRetries: 1, refreshStore }, await reply());

    await make().refresh();
    await make().refresh();

    const keys = api.requests.map(({ headers }) => headers["idempotency-key"]);
    assertEquals([keys.length, new Set(keys).size], [2, 2]);
    assertEquals(kept, []);
  });

  it("ends for a caller who aborts, not for the others", async () => {
    const answer = gate();
    const { make } = await loadSession({ fetchFn: () => answer.promise });
    const controller = new AbortController();

    const first = make().refresh({}, { signal: controller.signal });
    const second = make().refresh();
    controller.abort(new Error("gone"));
    await assertRejects(() => first, Error, "gone");
    answer.open(json(await reply()));

    assertEquals((await second).authenticated, true);
    await assertRejects(() => make().refresh({}, { signal: controller.signal }), Error, "gone");
    await assertRejects(() => make().refresh({}, { signal: {} as AbortSignal }), TypeError, '"signal"');
  });

  it("has the same idempotency key whoever asks within the window, and no other organization's", async () => {
    const busy = json({}, { status: 429 });
    const { api, make } = await loadSession({ maxRetries: 0 }, busy);

    clock.now = Math.ceil(clock.now / 10_000) * 10_000; // where a window begins
    await make().refresh();
    clock.now += 9_999;
    for (const organizationId of [undefined, "org_2"]) {
      await make().refresh({ organizationId }, { idempotencyKey: undefined });
    }
    await make().refresh({}, { idempotencyKey: "mine" });
    clock.now += 1;
    await make().refresh();

    const [first, second, other, mine, late] = api.requests.map(({ headers }) => headers["idempotency-key"]);
    assert(/^refresh-[0-9a-f]{64}$/.test(first));
    assertEquals([second, mine], [first, "mine"]);
    assertEquals(new Set([first, other, late]).size, 3);
  });

  it("has the same idempotency key until the API has answered, as the token may be spent already", async () => {
    const never = (init: RequestInit) =>
      new Promise<Response>((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    const lost = () => Promise.reject(new TypeError("lost"));
    const [busy, down] = [429, 503].map((status) => () => json({}, { status })); // say nothing about the token
    const body = await reply();
    const answers = [never, lost, busy, down, () => json(body), down];
    const keys: unknown[] = [];
    const fetchFn = async (_: string, init: RequestInit) => {
      keys.push(new Headers(init.headers).get("Idempotency-Key"));
      return await answers[keys.length - 1](init);
    };
    const { make } = await loadSession({ fetchFn, refreshTimeout: 20, maxRetries: 0 });

    const reasons: unknown[] = [];
    for (let i = 0; i < answers.length; i++) {
      const result = await make().refresh();
      reasons.push(!result.authenticated && result.reason);
      clock.now += 10_000;
    }

    assertEquals(reasons, ["timeout", "network_error", "rate_limit_exceeded", "server_error", false, "server_error"]);
    assertEquals(keys.map((key) => key === keys[0]), [true, true, true, true, true, false]);
  });

  const unclear = {
    "retries, as the response of an attempt before may be lost": [new TypeError("lost"), json({}, { status: 503 })],
    "a gateway has failed, behind which the token may be spent": [json({}, { status: 504 })],
  };

  for (const [what, failures] of Object.entries(unclear)) {
    it(`has the same idempotency key after ${what}`, async () => {
      const { api, make } = await loadSession({ maxRetries: failures.length - 1 }, ...failures, await reply());

      const { authenticated } = await make().refresh();
      clock.now += 10_000;
      await make().refresh();

      const keys = api.requests.map(({ headers }) => headers["idempotency-key"]);
      assertEquals([authenticated, keys.length, new Set(keys).size], [false, failures.length + 1, 1]);
    });
  }

  it("has the same idempotency key at every instance of a store after a lost answer, until one is there", async () => {
    const values = new Map<string, string>();
    const refreshStore: RefreshStore = {
      get: (key) => Promise.resolve(values.get(key)),
      set: (key, value) => void values.set(key, value),
      lock: () => () => {},
    };
    const options = { refreshStore, maxRetries: 0 };
    const lost = new TypeError("lost");
    const same = await reply({ refresh_token: "refresh_1" });
    const instances = await Promise.all([lost, lost, same, same].map((answer) => loadSession(options, answer)));

    for (const { make } of instances) {
      await make().refresh();
      clock.now += 50_000; // less than a minute since the last lost answer, but not since the first
    }

    const keys = instances.map(({ api }) => api.requests[0].headers["idempotency-key"]);
    assertEquals(keys.map((key) => key === keys[0]), [true, true, true, false]);
    assert(![...values.keys(), ...values.values()].some((it) => it.includes("refresh_1") || it.includes(keys[0])));
  });

  it("takes no idempotency key from a store that is not of the last minute", async () => {
    const current = Math.floor(clock.now / 10_000);
    const busy = json({}, { status: 429 });
    const keyWith = async (value: string) => {
      const get = (key: string) => key.startsWith("unanswered-") ? value : undefined;
      const { api, make } = await loadSession(
        { refreshStore: { get, set: () => {}, lock: () => () => {} }, maxRetries: 0 },
        busy,
      );
      await make().refresh();
      return api.requests[0].headers["idempotency-key"];
    };

    const other = current - 100;
    const late = [-60_001, 60_001].map((ms) => `${other} ${clock.now + ms}`);
    const values = ["", "x", `x ${clock.now}`, `${other}`, ...late, `${other} ${clock.now - 60_000}`];
    const keys = await Promise.all(values.map(keyWith));

    assertEquals(keys.map((key) => key === keys[0]), [true, true, true, true, true, true, false]);
  });

  it("shares through a store with other processes, which learn nothing from it", async () => {
    const seen: unknown[] = [];
    const memory = new MemoryRefreshStore();
    const refreshStore: RefreshStore = {
      get: (...args) => (seen.push(args), memory.get(...args)),
      set: (...args) => (seen.push(args), memory.set(...args)),
      lock: (...args) => (seen.push(args), memory.lock(...args)),
    };
    const one = await loadSession({ refreshStore }, await reply());
    const other = await loadSession({ refreshStore }, await reply({ refresh_token: "refresh_3" }));

    const [first, second] = await Promise.all([one.make().refresh(), other.make().refresh()]);

    assert(first.authenticated && second.authenticated);
    assertEquals(first.session?.refreshToken, second.session?.refreshToken);
    assertEquals(one.api.requests.length + other.api.requests.length, 1);
    const text = JSON.stringify(seen);
    for (const secret of ["refresh_", first.session!.accessToken, "ada@", PASSWORD]) {
      assert(!text.includes(secret), secret);
    }
  });

  it("takes nothing from a store that came of another token", async () => {
    const values: string[] = [];
    const refreshStore: RefreshStore = {
      get: () => values[0],
      set: (_, value) => void values.push(value),
      lock: () => () => {},
    };
    const other = await loadSession({ refreshStore }, await reply({ refresh_token: "of somebody else" }));
    const { userManagement } = fakeApi.with({ refreshStore }, await reply()).workos;
    await other.make().refresh();

    const sessionData = await cookie({ refreshToken: "refresh_own" });
    const result = await userManagement.loadSealedSession({ sessionData, cookiePassword: PASSWORD }).refresh();

    assert(result.authenticated);
    assertEquals([values.length, result.session?.refreshToken], [2, "refresh_2"]);
  });

  it("shares nothing with clients of other environments that have the same store", async () => {
    const refreshStore = new MemoryRefreshStore();
    const invalid = json({ error: "invalid_grant" }, { status: 400 });
    const { make } = await loadSession({ refreshStore }, await reply());
    const others = [{ clientId: "client_other" }, { baseUrl: "https://auth.example" }];
    await make().refresh();

    for (const other of others) {
      const result = await (await loadSession({ refreshStore, ...other }, invalid)).make().refresh();

      assertEquals(plain(result), { authenticated: false, reason: "invalid_grant", retryable: false });
    }
  });

  const broken: [string, RefreshStore][] = [
    ["throws", { get: fail, set: fail, lock: fail }],
    ["rejects", { get: reject, set: reject, lock: reject }],
    ["keeps nonsense", { get: () => "garbage", set: () => {}, lock: () => () => {} }],
  ];

  for (const [name, refreshStore] of broken) {
    it(`needs no store: it goes on when one ${name}`, async () => {
      const { make } = await loadSession({ refreshStore }, await reply());

      const result = await make().refresh();

      assertEquals(result.authenticated, true);
    });
  }

  function reject(): Promise<never> {
    return Promise.reject(new Error("The store is down"));
  }

  it("takes nothing from a store that is sealed with another password, or by another kind of seal", async () => {
    const response = { refreshToken: "evil", accessToken: "evil", user: {} };
    const outcome = { organizationId: "org_1", response };
    const values: ((key: string) => Promise<string>)[] = [
      (key) => sealData({ ...outcome, key, until: NOW + 1 }, { password: OTHER_PASSWORD }),
      () => cookie(),
      (key) => sealData({ ...outcome, key }, { password: PASSWORD }),
      () => sealData({ ...outcome, until: NOW + 1 }, { password: PASSWORD }),
      () => sealData(null, { password: PASSWORD }),
      () => sealData("text", { password: PASSWORD }),
    ];
    for (const get of values) {
      const refreshStore: RefreshStore = { get, set: () => {}, lock: () => () => {} };
      const { make } = await loadSession({ refreshStore }, await reply());

      const result = await make().refresh();

      assert(result.authenticated);
      assertNotEquals(result.session?.refreshToken, "evil");
    }
  });
});
