import { assert, assertEquals, assertRejects } from "@std/assert";
import { beforeEach, describe, it } from "@std/testing/bdd";
import { SignatureVerificationException, WorkOS } from "../../mod.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../src/emulator/mod.ts";
import { SEED } from "../emulator/drive.ts";
import { signingKey } from "../resources/user_management/session_fixtures.ts";

const PASSWORD = "correct horse battery staple 0123456789";
const HOUR = 3_600_000;
const SECRET = "whsec_test";

for (const deterministic of [true, false]) {
  describe(`a client by the clock of an emulator, deterministic: ${deterministic}`, () => {
    const deliveries: Request[] = [];
    let emulator: Emulator;
    let workos: WorkOS;

    beforeEach(async () => {
      deliveries.length = 0;
      emulator = await start({ deterministic });
      workos = new WorkOS(emulator.clientOptions);
    });

    async function start(options: EmulatorOptions): Promise<Emulator> {
      return createEmulator({
        seed: {
          ...SEED,
          webhook_endpoints: [{ endpoint_url: "https://a.example", events: ["user.created"], secret: SECRET }],
        },
        signingKey: await signingKey(),
        deliver: (url, init) => {
          deliveries.push(new Request(url, init));
          return Promise.resolve(new Response());
        },
        ...options,
      });
    }

    async function deliver(): Promise<Request> {
      await workos.userManagement.createUser({ email: "new@example.com" });
      await emulator.flush();
      return deliveries[0];
    }

    it("sees a session expire after advance(), and refreshes it", async () => {
      const { sealedSession = "" } = await workos.userManagement.authenticateWithCode({
        code: emulator.authorizationCode({ user: "user_ada", organizationId: "org_1" }),
        session: { sealSession: true, cookiePassword: PASSWORD },
      });
      const session = workos.userManagement.loadSealedSession({ sessionData: sealedSession, cookiePassword: PASSWORD });

      const fresh = await session.authenticate();
      emulator.advance(HOUR);
      const expired = await session.authenticate();
      const refreshed = await session.authenticateOrRefresh();
      const again = await session.authenticate();

      assert(fresh.authenticated && refreshed.authenticated && again.authenticated);
      assertEquals(expired, { authenticated: false, reason: "invalid_jwt" });
      assert(refreshed.sealedSession);
    });

    it("verifies what is delivered, also after advance()", async () => {
      emulator.advance(HOUR);
      const request = await deliver();

      assert(await workos.webhooks.verifyHeader({ payload: request, secret: SECRET }));
      assert(await workos.actions.verifyHeader({ payload: request, secret: SECRET }));
      const event = await workos.webhooks.constructEvent({ payload: request, secret: SECRET });

      assertEquals(event.event, "user.created");
    });

    it("finds a delivery too old after advance(), unless a call has a clock of its own", async () => {
      const request = await deliver();
      const sent = emulator.now();
      emulator.advance(HOUR);
      const options = { payload: request.clone(), secret: SECRET };

      await assertRejects(() => workos.webhooks.verifyHeader(options), SignatureVerificationException);
      await assertRejects(() => workos.actions.constructAction(options), SignatureVerificationException);
      assert(await workos.webhooks.verifyHeader({ payload: request, secret: SECRET, now: () => sent }));
    });

    it("dates the answers to actions", async () => {
      emulator.advance(HOUR);

      const { payload } = await workos.actions.signResponse({ type: "authentication", verdict: "Allow" }, SECRET);

      assert(Math.abs(payload.timestamp - emulator.now()) < 60_000);
    });

    it("lets feature flags grow old", async () => {
      const flags = workos.featureFlags.createRuntimeClient({ mode: "onDemand" });
      await flags.refresh();
      await flags.refresh();
      emulator.advance(HOUR);
      await flags.refresh();

      assertEquals(flags.getStats().pollCount, 2);
      flags.close();
    });
  });
}
