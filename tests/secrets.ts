// Finds secrets in whatever a program may print, log or keep.

type Inspect = (value: unknown, options: object) => string;

/** The inspectors of the runtimes that have one. */
function inspectors(): Inspect[] {
  const { Deno, process } = globalThis as unknown as {
    Deno?: { inspect: Inspect };
    process?: { getBuiltinModule?(name: string): { inspect?: Inspect } | undefined };
  };
  const found = [Deno?.inspect, process?.getBuiltinModule?.("node:util")?.inspect];
  return found.filter((it): it is Inspect => typeof it === "function");
}

/** Everything that can be seen of a value without calling a method: JSON, inspectors, and all own properties. */
function seen(value: unknown): string {
  const texts: string[] = [];
  const known = new Set<unknown>();
  const look = (it: unknown) => {
    if (typeof it === "string") texts.push(it);
    if ((typeof it !== "object" && typeof it !== "function") || it === null || known.has(it)) return;
    known.add(it);
    if (it instanceof Error) texts.push(String(it), String(it.stack));
    if (it instanceof Map || it instanceof Set) { for (const entry of it) look(entry); }
    for (const key of Reflect.ownKeys(it)) {
      texts.push(String(key));
      try {
        look((it as Record<PropertyKey, unknown>)[key]);
      } catch { // `arguments` of a function, say
        texts.push("");
      }
    }
  };
  look(value);
  texts.push(JSON.stringify(value) ?? "");
  for (const inspect of inspectors()) {
    texts.push(inspect(value, { depth: 20, showHidden: true, iterableLimit: 1e4, maxArrayLength: 1e4 }));
  }
  return texts.join("\n");
}

/** The names of the secrets that can be seen of a value. */
export function leaksOf(value: unknown, secrets: Record<string, string>): string[] {
  const text = seen(value);
  return Object.entries(secrets).filter(([, secret]) => text.includes(secret)).map(([name]) => name);
}
