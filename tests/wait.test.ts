import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { afterEach, describe, it } from "@std/testing/bdd";
import { abortError, abortReason, askStore, onAbort, signalsOf, untilAborted, wait } from "../src/wait.ts";
import { countedSignal } from "./counted_signal.ts";
import { timersLeft } from "./counted_timers.ts";
import { restoreGlobals, setGlobal } from "./globals.ts";

afterEach(restoreGlobals);

describe("onAbort()", () => {
  it("tells everybody who shares a signal, with one listener on it", () => {
    const { controller, signal, listeners } = countedSignal();
    const told: string[] = [];
    const release = ["a", "b", "c"].map((name) => onAbort([signal], () => told.push(name)));
    const before = listeners.size;

    release[1]();
    controller.abort();

    assertEquals([before, told, listeners.size], [1, ["a", "c"], 0]);
  });

  it("tells the last one who stays", () => {
    const { controller, signal } = countedSignal();
    const told: string[] = [];
    const [release] = ["a", "b"].map((name) => onAbort([signal], () => told.push(name)));

    release();
    controller.abort();

    assertEquals(told, ["b"]);
  });

  it("lets go of a signal when nobody is left to tell, and may come back to it", () => {
    const { controller, signal, listeners } = countedSignal();
    const told: AbortSignal[] = [];
    const release = [1, 2].map(() => onAbort([signal], () => {}));

    for (const it of [...release, ...release]) it();
    const left = listeners.size;
    onAbort([signal], (it) => told.push(it));
    controller.abort();

    assertEquals([left, told], [0, [signal]]);
  });

  it("tells once, of the first of several signals, or at once of one that has aborted", () => {
    const [first, second] = [countedSignal(), countedSignal()];
    const told: AbortSignal[] = [];

    onAbort([first.signal, second.signal], (it) => told.push(it));
    second.controller.abort();
    first.controller.abort();
    onAbort([first.signal], (it) => told.push(it));

    assertEquals([told, first.listeners.size], [[second.signal, first.signal], 0]);
  });
});

describe("signalsOf()", () => {
  it("leaves out what is absent, and refuses what is no signal", () => {
    const { signal } = new AbortController();

    assertEquals(signalsOf(null, signal, undefined), [signal]);
    for (const it of [{}, "abort", 0, false]) {
      const message = 'Cannot use option "signal": it is not an AbortSignal';
      assertThrows(() => signalsOf(signal, it as AbortSignal), TypeError, message);
    }
  });
});

describe("untilAborted()", () => {
  it("settles as its promise does, or sooner with the reason of a signal", async () => {
    const { controller, signal, listeners } = countedSignal();

    assertEquals(await untilAborted(Promise.resolve(1), [signal]), 1);
    await assertRejects(() => untilAborted(Promise.reject(new Error("no")), [signal]), Error, "no");
    assertEquals(listeners.size, 0);
    const late = untilAborted(new Promise(() => {}), [signal]);
    controller.abort(new Error("enough"));
    await assertRejects(() => late, Error, "enough");
    await assertRejects(() => untilAborted(new Promise(() => {}), [signal]), Error, "enough");
  });
});

describe("abortReason()", () => {
  it("is an AbortError where a signal has none", () => {
    const reason = abortReason({ aborted: true } as AbortSignal) as DOMException;

    assertEquals([reason.name, abortReason(AbortSignal.abort("gone"))], ["AbortError", "gone"]);
  });
});

describe("abortError()", () => {
  it("is a DOMException of the name, or an Error of it where there are none, as in React Native", () => {
    const usual = abortError("too late", "TimeoutError");
    setGlobal("DOMException", undefined);
    const plain = abortError("too late", "TimeoutError");
    const reason = abortReason({ aborted: true } as AbortSignal);
    restoreGlobals();

    assertEquals([usual, plain].map((it) => it instanceof DOMException), [true, false]);
    assertEquals([usual, plain].map(String), ["TimeoutError: too late", "TimeoutError: too late"]);
    assertEquals(String(reason), "AbortError: The call was aborted");
  });
});

describe("wait()", () => {
  it("leaves neither a timer nor a listener behind", async () => {
    const { signal, controller, listeners } = countedSignal();
    const reasons: unknown[] = [];

    const timers = await timersLeft(async () => {
      await wait(1, [signal]);
      reasons.push(listeners.size);
      const waiting = wait(60_000, [signal]);
      controller.abort("enough");
      reasons.push(await waiting.catch((reason) => reason));
    });

    assertEquals([reasons, timers], [[0, "enough"], 0]);
  });

  it("ends after its time, or with the reason of a signal", async () => {
    const [aborted, later] = [new AbortController(), new AbortController()];
    aborted.abort("gone");

    await wait(1, [later.signal]);
    assertEquals(await wait(60_000, [later.signal, aborted.signal]).catch((reason) => reason), "gone");
    const waiting = wait(60_000, [later.signal]);
    later.abort(new Error("enough"));
    await assertRejects(() => waiting, Error, "enough");
  });

  it("ends with a timer that calls at once, as one of a test may", async () => {
    const { setTimeout } = globalThis;
    const waiting = () => {
      try {
        globalThis.setTimeout = ((run: () => void) => (run(), 0)) as unknown as typeof setTimeout;
        return wait(60_000, []);
      } finally {
        globalThis.setTimeout = setTimeout;
      }
    };

    await waiting();
  });
});

describe("askStore()", () => {
  const never = () => new Promise<never>(() => {});

  it("gives the answer, and asks nobody to wait for one that is there", async () => {
    const pause = () => {
      throw new Error("waits");
    };
    for (const answer of [1, null, undefined]) {
      assertEquals(await askStore<number | null | undefined>(() => answer, { otherwise: 2, pause }), answer);
    }
    assertEquals(await askStore(() => Promise.resolve(1), { otherwise: 2, pause: never }), 1);
  });

  it("waits by itself", async () => {
    assertEquals(await askStore(() => Promise.resolve(1), { otherwise: 2 }), 1);
  });

  it("goes on without a store that throws, rejects or hangs", async () => {
    const pauses: number[] = [];
    const pause = (ms: number) => Promise.resolve(void pauses.push(ms));
    const broken = [
      () => {
        throw new Error("down");
      },
      () => Promise.reject(new Error("down")),
      never,
    ];

    for (const question of broken) assertEquals(await askStore<number>(question, { otherwise: 2, pause }), 2);

    assertEquals(pauses, [1_000, 1_000]);
  });

  it("hands over an answer that comes too late, and swallows a failure that does", async () => {
    const late: number[] = [];
    let answer!: (value: number) => void;
    let fail!: (reason: Error) => void;
    const pause = () => Promise.resolve();
    const options = { otherwise: 2, late: (value: number) => late.push(value), pause };

    assertEquals(await askStore(() => new Promise<number>((resolve) => answer = resolve), options), 2);
    assertEquals(await askStore(() => new Promise<number>((_, reject) => fail = reject), options), 2);
    answer(1);
    fail(new Error("down"));
    await new Promise((resolve) => setTimeout(resolve, 5));

    assertEquals(late, [1]);
  });

  it("leaves no timer behind", async () => {
    let left: AbortSignal[] = [];
    const pause = (_: number, signals: AbortSignal[]) => (left = signals, never());

    await askStore(() => Promise.resolve(1), { otherwise: 2, pause });

    assertEquals(left.map(({ aborted }) => aborted), [true]);
  });
});
