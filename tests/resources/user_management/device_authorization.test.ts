import { assertEquals, assertInstanceOf, assertRejects, assertStrictEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { NetworkException, OauthException, RateLimitExceededException, UnauthorizedException } from "../../../mod.ts";
import { type AuthenticationResponse, GenericServerException, ParseError, TimeoutException } from "../../../mod.ts";
import { pollDevice } from "../../../src/resources/user_management/device_authorization.ts";
import { fakeApi, json } from "../../fake_api.ts";

const granted = { user: { object: "user", id: "user_1" }, access_token: "at", refresh_token: "rt" };

function refusal(error: string): OauthException {
  return new OauthException(400, "req_1", error, undefined, { error });
}

/** Polls with a clock that only waiting moves; `outcomes` are the answers in turn, the last one repeating. */
async function poll(
  outcomes: unknown[],
  options: { interval?: number; expiresIn?: number } = {},
) {
  const waits: number[] = [];
  let time = 1_000_000;
  let attempts = 0;
  const attempt = () => {
    const outcome = outcomes[Math.min(attempts++, outcomes.length - 1)];
    return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome as AuthenticationResponse);
  };
  const wait = (ms: number) => {
    waits.push(ms / 1000);
    time += ms;
    return Promise.resolve();
  };
  let result: unknown;
  try {
    const clock = { elapsed: () => time, wait };
    result = await pollDevice({ clock }, { authenticate: attempt, options: { ...options, deviceCode: "dc" } });
  } catch (error) {
    result = error;
  }
  return { result, waits, attempts };
}

describe("createDeviceAuthorization()", () => {
  const answer = {
    device_code: "dc",
    user_code: "ABCD-EFGH",
    verification_uri: "https://example.com/device",
    verification_uri_complete: "https://example.com/device?user_code=ABCD-EFGH",
    expires_in: 300,
    interval: 5,
  };

  it("works without an API key", async () => {
    const api = fakeApi.with({ apiKey: undefined }, answer);

    const device = await api.workos.userManagement.createDeviceAuthorization();

    assertEquals(device, {
      deviceCode: "dc",
      userCode: "ABCD-EFGH",
      verificationUri: "https://example.com/device",
      verificationUriComplete: "https://example.com/device?user_code=ABCD-EFGH",
      expiresIn: 300,
      interval: 5,
    });
    assertEquals(api.requests[0].method, "POST");
    assertEquals(api.requests[0].path, "/user_management/authorize/device");
    assertEquals(api.requests[0].body, { client_id: "client_fake" });
  });

  it("takes another client id", async () => {
    const api = fakeApi(answer);

    await api.workos.userManagement.createDeviceAuthorization({ clientId: "client_other" });

    assertEquals(api.requests[0].body, { client_id: "client_other" });
  });

  it("needs a client id", async () => {
    const api = fakeApi(answer);
    api.workos.userManagement.clientId = undefined;

    await assertRejects(() => api.workos.userManagement.createDeviceAuthorization(), TypeError, "clientId is required");

    assertEquals(api.requests.length, 0);
  });
});

describe("authenticateWithDeviceCode()", () => {
  it("sends no client secret", async () => {
    const api = fakeApi(granted);

    const response = await api.workos.userManagement.authenticateWithDeviceCode({
      deviceCode: "dc",
      ipAddress: "203.0.113.1",
      userAgent: "tv",
      deviceId: "device_1",
    });

    assertEquals(response.user.id, "user_1");
    assertEquals(api.requests[0].path, "/user_management/authenticate");
    assertEquals(api.requests[0].body, {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id: "client_fake",
      device_code: "dc",
      ip_address: "203.0.113.1",
      user_agent: "tv",
      device_id: "device_1",
    });
  });

  it("reports that nobody confirmed yet", async () => {
    const api = fakeApi.with({ apiKey: undefined }, json({ error: "authorization_pending" }, { status: 400 }));

    const error = await assertRejects(
      () => api.workos.userManagement.authenticateWithDeviceCode({ deviceCode: "dc" }),
      OauthException,
    );

    assertEquals(error.error, "authorization_pending");
    assertEquals(api.requests.length, 1);
  });
});

describe("pollDeviceAuthorization()", () => {
  it("asks until the sign-in is confirmed, each time anew", async () => {
    const pending = json({ error: "authorization_pending" }, { status: 400 });
    const api = fakeApi.with({ apiKey: undefined, maxRetries: 2 }, pending, pending, granted);
    const device = { deviceCode: "dc", userCode: "ABCD", verificationUri: "https://example.com", expiresIn: 300 };

    const response = await api.workos.userManagement.pollDeviceAuthorization(
      { ...device, interval: 0.001 },
      { idempotencyKey: "mine", headers: { "X-Mine": "1" } },
    );

    assertEquals(response.accessToken, "at");
    assertEquals(api.requests.map(({ headers }) => headers["x-mine"]), ["1", "1", "1"]);
    assertEquals(new Set(api.requests.map((it) => it.headers["idempotency-key"])).size, 3);
    for (const { body } of api.requests) {
      assertEquals(body, {
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
        client_id: "client_fake",
        device_code: "dc",
      });
    }
  });

  it("stops waiting when the signal aborts", async () => {
    const api = fakeApi(granted);
    const controller = new AbortController();
    const reason = new Error("The user went away");

    const polling = api.workos.userManagement.pollDeviceAuthorization(
      { deviceCode: "dc", interval: 600 },
      { signal: controller.signal },
    );
    controller.abort(reason);
    const error = await assertRejects(() => polling);

    assertEquals(error, reason);
    assertEquals(api.requests.length, 0);
  });

  it("ends with the reason of a signal that aborts during a poll, even one that looks temporary", async () => {
    const controller = new AbortController();
    const reason = new NetworkException(new TypeError("gone"), "");
    let polls = 0;
    const fetchFn = () => {
      polls++;
      controller.abort(reason);
      return new Promise<Response>(() => {});
    };
    const { workos } = fakeApi.with({ fetchFn });
    const options = { deviceCode: "dc", interval: 0.001 };

    const error = await assertRejects(() =>
      workos.userManagement.pollDeviceAuthorization(options, { signal: controller.signal })
    );

    assertStrictEquals(error, reason);
    assertEquals(polls, 1);
  });

  it("does not begin with a signal that is aborted", async () => {
    const api = fakeApi(granted);
    const options = { deviceCode: "dc", interval: 600 };

    await assertRejects(() =>
      api.workos.userManagement.pollDeviceAuthorization(options, { signal: AbortSignal.abort() })
    );

    assertEquals(api.requests.length, 0);
  });

  it("refuses a signal that is none", async () => {
    const api = fakeApi(granted);
    const signal = {} as AbortSignal;

    await assertRejects(
      () => api.workos.userManagement.pollDeviceAuthorization({ deviceCode: "dc" }, { signal }),
      TypeError,
      '"signal"',
    );
  });

  for (const interval of [-1, "5", {}]) {
    it(`refuses an interval of ${JSON.stringify(interval)}`, async () => {
      const api = fakeApi(granted);
      const options = { deviceCode: "dc", interval: interval as number };

      await assertRejects(() => api.workos.userManagement.pollDeviceAuthorization(options), TypeError, '"interval"');

      assertEquals(api.requests.length, 0);
    });
  }
});

describe("pollDevice()", () => {
  it("waits one interval before the first attempt, 5 s unless told otherwise", async () => {
    assertEquals((await poll(["yes"])).waits, [5]);
    assertEquals((await poll(["yes"], { interval: 0 })).waits, [5]);
    assertEquals((await poll(["yes"], { interval: 2 })).waits, [2]);
  });

  it("keeps the interval while the authorization is pending", async () => {
    const { result, waits } = await poll([refusal("authorization_pending"), refusal("authorization_pending"), "yes"]);

    assertEquals(result, "yes");
    assertEquals(waits, [5, 5, 5]);
  });

  it("slows down by 5 s for good", async () => {
    const outcomes = [refusal("slow_down"), refusal("authorization_pending"), refusal("slow_down"), "yes"];

    const { result, waits } = await poll(outcomes, { interval: 3 });

    assertEquals(result, "yes");
    assertEquals(waits, [3, 8, 8, 13]);
  });

  it("doubles the interval when the API cannot be reached, up to a minute", async () => {
    const down = new NetworkException(new TypeError("fetch failed"));

    const { result, waits } = await poll([down, down, down, down, "yes"], { interval: 10 });

    assertEquals(result, "yes");
    assertEquals(waits, [10, 20, 40, 60, 60]);
  });

  it("carries on after an attempt that took too long", async () => {
    const { result, waits } = await poll([new TimeoutException(5), granted]);

    assertEquals([result, waits], [granted, [5, 10]]);
  });

  it("does not wait longer than a timer can, which would end at once", async () => {
    const { result, waits } = await poll([granted], { interval: 3_000_000 });

    assertEquals([result, waits], [granted, [2_147_483.647]]);
  });

  it("carries on after trouble at the API", async () => {
    for (const status of [408, 500, 502]) {
      const { result, waits } = await poll([new GenericServerException(status, undefined, {}, ""), "yes"]);

      assertEquals([result, waits], ["yes", [5, 10]]);
    }
  });

  it("waits as long as a rate limit asks", async () => {
    const limited = new RateLimitExceededException("Slow", "", 42);

    const { result, waits } = await poll([limited, refusal("authorization_pending"), "yes"]);

    assertEquals(result, "yes");
    assertEquals(waits, [5, 42, 10]); // and then no longer as long
  });

  const unreadable = new ParseError({ message: "No JSON", rawBody: "", rawStatus: 200, requestID: "" });
  const final = [
    refusal("access_denied"),
    refusal("expired_token"),
    refusal("invalid_grant"),
    new UnauthorizedException("req_1"),
    unreadable, // the codes are spent
    new RangeError("A bug"),
    Object.assign(new Error("Of a program"), { status: 503 }),
  ];
  for (const failure of final) {
    const label = failure instanceof OauthException ? failure.error : failure.name;
    it(`gives up on ${label}`, async () => {
      const { result, attempts } = await poll([failure, "yes"]);

      assertEquals(result === failure, true);
      assertEquals(attempts, 1);
    });
  }

  it("ends when the codes expire, without a last early attempt", async () => {
    const { result, waits, attempts } = await poll([refusal("authorization_pending")], { expiresIn: 12 });

    assertInstanceOf(result, OauthException);
    assertEquals([result.error, result.status], ["expired_token", 400]);
    assertEquals(waits, [5, 5, 2]);
    assertEquals(attempts, 2);
  });

  it("does not wait longer than the codes live", async () => {
    const limited = new RateLimitExceededException("Slow", "", 86_400);

    const { result, waits } = await poll([limited], { expiresIn: 300 });

    assertInstanceOf(result, OauthException);
    assertEquals(waits, [5, 295]);
  });
});
