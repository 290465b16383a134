// fast-check for tests of properties: what one run finds, every run finds.
import * as fc from "npm:fast-check@4.3.0";
import { readEnv } from "../src/runtime.ts";

export { fc };

/** Where values come from: the same in every run, unless the environment has a `FAST_CHECK_SEED`. */
export const SEED: number = Number(readEnv("FAST_CHECK_SEED") ?? 20_261_123);

fc.configureGlobal({ seed: SEED });
