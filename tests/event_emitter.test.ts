import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { beforeEach, describe, it } from "@std/testing/bdd";
import { EventEmitter } from "../src/event_emitter.ts";

interface Events {
  change: [name: string, count: number];
  error: [Error];
}

describe("EventEmitter", () => {
  let emitter: EventEmitter<Events>;
  let failures: unknown[];
  let calls: unknown[];
  const listener = (name: string, count: number) => void calls.push([name, count]);

  beforeEach(() => {
    failures = [];
    calls = [];
    emitter = new EventEmitter<Events>((failure, event) => failures.push([failure, event]));
  });

  it("calls listeners in order, with the arguments, and tells whether there were any", () => {
    emitter.on("change", listener).addListener("change", () => calls.push("second"));

    assertEquals(emitter.emit("change", "a", 1), true);
    assertEquals(calls, [["a", 1], "second"]);
    assertEquals(emitter.emit("error", new Error("nobody listens")), false);
    emitter.on("error", () => {});
    assertEquals(emitter.emit("error", new Error("somebody listens")), true);
    assertEquals(failures, []);
  });

  it("calls a listener for the next time only", () => {
    emitter.once("change", (name, count) => {
      calls.push([name, count]);
      emitter.emit("change", "inner", 2); // it is gone already
    });

    emitter.emit("change", "outer", 1);

    assertEquals(calls, [["outer", 1]]);
    assertEquals(emitter.eventNames(), []);
  });

  it("removes a listener wherever it was added", () => {
    const other = () => calls.push("other");
    emitter.on("change", listener).once("change", listener).on("change", other).on("error", other);

    emitter.off("change", listener).removeListener("error", other).off("error", other);
    emitter.emit("change", "a", 1);

    assertEquals(calls, ["other"]);
    assertEquals(emitter.eventNames(), ["change"]);
  });

  it("lists and counts listeners", () => {
    emitter.on("change", listener).once("change", listener);

    assertEquals(emitter.listeners("change"), [listener, listener]);
    assertEquals(emitter.listenerCount("change"), 2);
    assertEquals(emitter.listeners("error"), []);
    assertEquals(emitter.listenerCount("error"), 0);
  });

  it("removes all listeners, of one event or of all", () => {
    const add = () => emitter.on("change", listener).on("error", () => {});

    assertStrictEquals(add().removeAllListeners("change"), emitter);
    assertEquals(emitter.eventNames(), ["error"]);
    add().removeAllListeners();
    assertEquals(emitter.eventNames(), []);
  });

  it("goes by those who listened when it began", () => {
    emitter.on("change", () => {
      emitter.off("change", listener).on("change", () => calls.push("late"));
    });
    emitter.on("change", listener);

    emitter.emit("change", "a", 1);
    assertEquals(calls, [["a", 1]]);
    emitter.emit("change", "b", 2);
    assertEquals(calls, [["a", 1], "late"]);
  });

  it("does not call at once what a listener adds", () => {
    emitter.on("change", () => emitter.on("change", listener));

    emitter.emit("change", "a", 1);
    assertEquals(calls, []);
    emitter.emit("change", "b", 2);
    assertEquals(calls, [["b", 2]]);
  });

  it("reports what listeners throw and reject with, and calls the others", async () => {
    const [thrown, rejected] = [new Error("thrown"), new Error("rejected")];
    emitter.on("change", () => {
      throw thrown;
    });
    emitter.on("change", async () => await Promise.reject(rejected));
    emitter.on("change", listener);

    assertEquals(emitter.emit("change", "a", 1), true);
    await new Promise((resolve) => setTimeout(resolve, 0));

    assertEquals(calls, [["a", 1]]);
    assertEquals(failures, [[thrown, "change"], [rejected, "change"]]);
  });

  it("refuses what is no function", () => {
    assertThrows(() => emitter.on("change", undefined as never), TypeError, "Cannot add listener");
  });
});
