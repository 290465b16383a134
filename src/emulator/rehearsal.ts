import { Ids, repeatableEntropy } from "./ids.ts";
import { defined } from "./kind.ts";
import type { EmulatorSeed } from "./seed.ts";
import { Webhooks } from "./webhooks.ts";
import type { WorldParts } from "./world.ts";

/**
 * Parts of a world that only shows whether a seed fits. It draws no random bytes, reads no clock, encrypts nothing and
 * delivers nothing: Workers do none of that while they load a module.
 */
export function rehearsalParts(
  { deterministic }: { deterministic?: boolean },
): Pick<WorldParts, "ids" | "vaultKeys" | "webhooks" | "now"> {
  const now = () => 0;
  return {
    ids: new Ids({ now, deterministic, entropy: repeatableEntropy() }), // counted only where they will be
    vaultKeys: { seal: () => Promise.resolve(new Uint8Array()), open: () => Promise.resolve(undefined) },
    webhooks: new Webhooks({ deliver: () => Promise.resolve(new Response()), attempts: 0, now }),
    now,
  };
}

/** A seed without what would be hashed; nothing depends on it. */
export function withoutPasswords({ users, ...seed }: EmulatorSeed): EmulatorSeed {
  return { ...seed, users: users?.map(({ password: _, ...user }) => user) };
}

/** Lists and plain objects as they are now, without `undefined`, whatever becomes of them; anything else is kept. */
export function snapshot<T>(value: T): T;
export function snapshot(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snapshot);
  if (typeof value !== "object" || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(defined(value)).map(([name, member]) => [name, snapshot(member)]));
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
