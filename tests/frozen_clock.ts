import { afterEach, beforeEach } from "@std/testing/bdd";

/** In the group that calls it, `Date.now()` is what this clock says; it starts again before each test. */
export function freezeClock(time = 0): { now: number } {
  const { now } = Date;
  const clock = { now: time };
  beforeEach(() => {
    clock.now = time;
    Date.now = () => clock.now;
  });
  afterEach(() => {
    Date.now = now;
  });
  return clock;
}
