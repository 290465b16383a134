import { assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { resolveConfig, type WorkOSOptions } from "../../src/config.ts";
import { RateLimitExceededException } from "../../src/errors.ts";
import { textPath } from "../../src/url.ts";
import { Api } from "../../src/api.ts";
import { manualClock } from "../manual_clock.ts";
import { type Answer, NOW, ok, rejectsWith, status, transport } from "./fake_transport.ts";

describe("Api under a rate limit", () => {
  /** A transport whose clock stands until it is moved; `sent` are the times at which requests were sent. */
  function paced(answers: Answer[], options: WorkOSOptions = {}) {
    const { elapsed, wait, advance, sleepers } = manualClock({ time: NOW, turns: 10 }); // browsers read a body in several
    const wall = { ahead: 0 }; // by how much the clock on the wall is
    const sent: number[] = [];
    const fetchFn = (_: string, init: RequestInit) => {
      sent.push(elapsed() - NOW);
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      if (answer instanceof Error) return Promise.reject(answer);
      return typeof answer === "function" ? answer(init.signal!) : Promise.resolve(answer.clone());
    };
    const config = resolveConfig({ apiKey: "sk_test_1", fetchFn, ...options }, () => undefined);
    const clock = { now: () => elapsed() + wall.ahead, elapsed, random: () => 0.5, wait };
    return { api: new Api(config, clock), sent, sleepers, advance, wall };
  }

  const once = { maxRetries: 0 };
  const tooMany = (seconds?: number) => status(429, seconds === undefined ? {} : { "Retry-After": String(seconds) });

  it("lets everybody wait as a 429 asks, the one it was for and those that come meanwhile", async () => {
    const { api, sent, advance } = paced([tooMany(2), ok()]);

    const first = api.send("GET", "/x");
    await advance(500);
    const others = [api.send("GET", "/y"), api.send("POST", "/z")];
    await advance(2000);

    await Promise.all([first, ...others]);
    assertEquals(sent, [0, 2000, 2000, 2000]);
    await api.send("GET", "/x");
    assertEquals(sent.length, 5);
  });

  it("waits also when the 429 ends its own call, at most a minute", async () => {
    const { api, sent, advance } = paced([tooMany(3600), ok()]);

    const error = await assertRejects(() => api.send("GET", "/x", {}, once), RateLimitExceededException);
    assertEquals(error.retryAfter, 3600);
    const next = api.send("GET", "/x");
    await advance(60_000);

    await next;
    assertEquals(sent, [0, 60_000]);
  });

  it("is over for all when one has waited, even if the clock stands still", async () => {
    const { api, waits } = transport([tooMany(2), ok()]);

    await assertRejects(() => api.send("GET", "/x", {}, once));
    await api.send("GET", "/x");
    await api.send("GET", "/x");

    assertEquals(waits, [2000]);
  });

  it("goes on waiting when the API asks for more", async () => {
    const { api, sent, advance } = paced([tooMany(1), tooMany(3), ok()]);

    const first = api.send("GET", "/x");
    await advance(0);
    const second = api.send("GET", "/y");
    const impatient = api.send("GET", "/z", {}, { timeout: 500 });
    await advance(5000);

    await Promise.all([first, second, impatient]);
    assertEquals(sent, [0, 500, 3500, 3500, 3500]);
  });

  it("does not pause for a 429 that asks for nothing, or for another status", async () => {
    for (const answer of [tooMany(), status(503, { "Retry-After": "30" })]) {
      const { api, sent } = paced([answer, ok()]);

      await assertRejects(() => api.send("GET", "/x", {}, once));
      await api.send("GET", "/x");

      assertEquals(sent, [0, 0]);
    }
  });

  it("does not pause for a token grant, whose limits are those of one user", async () => {
    const { api, waits } = transport([tooMany(30), ok()]);

    const call = { once: true };
    const error = await assertRejects(() => api.send("POST", "/token", call), RateLimitExceededException);
    await api.send("GET", "/x");
    await api.send("POST", "/token", call);

    assertEquals([error.retryAfter, error.attempts, waits], [30, 1, []] as unknown[]);
  });

  it("lets only the call itself wait where limits are per user", async () => {
    const users = "/user_management/users/user_1";
    for (
      const route of [
        "/user_management/authenticate", // by post(), which knows no grants
        "/user_management/magic_auth",
        "/user_management/password_reset",
        `${users}/email_verification/send`,
        `${users}/email_change/send`,
        "/user_management/radar_challenges",
        "/auth/factors/auth_factor_1/challenge",
        "/auth/challenges/auth_challenge_1/verify",
        "/passwordless/sessions/passwordless_session_1/send",
      ]
    ) {
      const { api, sent, advance } = paced([tooMany(30), ok()]);

      const limited = api.send("POST", route);
      await advance(0);
      const other = api.send("GET", "/user_management/users");
      await advance(30_000);

      await Promise.all([limited, other]);
      assertEquals([route, ...sent], [route, 0, 0, 30_000] as unknown[]);
    }
  });

  it("lets nobody wait for others longer than an attempt may take, or when it is not to be tried again", async () => {
    const { api, sent, advance } = paced([tooMany(60), ok()]);

    await assertRejects(() => api.send("GET", "/x", {}, once));
    const grant = api.send("POST", "/token", { once: true }, { timeout: 4000 });
    const other = api.send("GET", "/x", {}, { timeout: 5000 });
    const patient = api.send("GET", "/x");
    const impatient = api.send("GET", "/x", {}, once);
    await advance(10_000);
    const late = api.send("GET", "/x"); // those who gave up have not ended the pause
    await advance(50_000);

    await Promise.all([grant, other, patient, impatient, late]);
    assertEquals(sent, [0, 0, 4000, 5000, 60_000, 60_000]);
  });

  it("does not even begin to wait when it is not to be tried again", async () => {
    const { api, waits } = transport([tooMany(2), ok()]);

    await assertRejects(() => api.send("GET", "/x", {}, once));
    await api.send("GET", "/x", {}, once);

    assertEquals(waits, []);
  });

  it("pauses also the retry of a call that has waited for its place", async () => {
    const rateLimit = { requests: 1, perMilliseconds: 100 };
    const answers = [ok(), status(503, { "Retry-After": "0" }), tooMany(5), ok()];
    const { api, sent, advance } = paced(answers, { rateLimit });

    const calls = ["/a", "/b", "/c"].map((path) => api.send("GET", path));
    await advance(6000);

    await Promise.all(calls);
    assertEquals(sent, [0, 100, 200, 5200, 5300]);
  });

  it("counts all waits of a call against its time limit", async () => {
    let answerLate!: (response: Response) => void;
    const late = new Promise<Response>((resolve) => answerLate = resolve);
    const { api, sent, advance } = paced([() => late, tooMany(3), ok()]);

    const calls = [1, 2].map(() => assertRejects(() => api.send("GET", "/x", {}, once)));
    await advance(0);
    const grant = api.send("POST", "/token", { once: true }, { timeout: 5000 });
    await advance(1000);
    answerLate(tooMany(10));
    await advance(60_000);

    await Promise.all([...calls, grant]);
    assertEquals(sent, [0, 0, 5000]);
  });

  it("goes on in time when somebody sets the clock", async () => {
    const { api, sent, advance, wall } = paced([tooMany(2), ok()], {
      rateLimit: { requests: 1, perMilliseconds: 100 },
    });

    const calls = [1, 2, 3].map(() => api.send("GET", "/x"));
    await advance(50);
    wall.ahead = -3_600_000;
    await advance(3000);

    await Promise.all(calls);
    assertEquals([sent.length, sent.every((at) => at < 2500)], [4, true]);
  });

  it("stops waiting when the call is aborted", async () => {
    const controller = new AbortController();
    const { api, sent, sleepers, advance } = paced([tooMany(60), ok()]);

    await assertRejects(() => api.send("GET", "/x", {}, once));
    const call = api.send("GET", "/x", {}, { signal: controller.signal });
    await advance(1000);
    controller.abort("enough");

    await rejectsWith("enough", call);
    assertEquals([sent.length, sleepers.size], [1, 0]);
  });

  it("keeps to its own limit, retries included", async () => {
    const rateLimit = { requests: 1, perMilliseconds: 10_000, prefix: "/limited" };
    const { api, sent, advance } = paced([status(503, { "Retry-After": "0" }), ok()], { rateLimit });

    const calls = [api.send("GET", textPath("/limited?q=1", "")), api.send("GET", "/limited")];
    await advance(30_000);
    await Promise.all(calls);
    await api.send("GET", "/other");

    assertEquals(sent, [0, 10_000, 20_000, 30_000]);
  });

  it("keeps its own limit after a pause too", async () => {
    const rateLimit = [{ requests: 1, perMilliseconds: 100 }];
    const { api, sent, advance } = paced([tooMany(1), ok()], { rateLimit });

    const calls = ["/a", "/b", "/c", "/d"].map((path) => api.send("GET", path));
    await advance(5000);
    await Promise.all(calls);

    for (let i = 2; i < sent.length; i++) assertEquals(sent[i] - sent[i - 1] >= 100, true, `${sent}`);
    assertEquals(sent[1] >= 1000, true);
  });
});
