// Environment variables, web pages, warnings: the only code that depends on the runtime.

interface DenoLike {
  env: { get(name: string): string | undefined };
  permissions?: { querySync?(descriptor: { name: "env"; variable: string }): { state: string } };
  unrefTimer?(id: number): void;
}

interface Globals {
  Deno?: DenoLike;
  process?: {
    env?: Record<string, string | undefined>;
    emitWarning?(warning: string, name: string): void;
    versions?: { node?: string };
    getBuiltinModule?(name: string): { channel(name: string): Channel } | undefined;
  };
  fastly?: { env?: { get(name: string): string | undefined } };
  navigator?: { userAgent?: string };
}

const globals = globalThis as Globals & Record<string, unknown>;

/** Looks up one environment variable; `undefined` when there is none. */
export type ReadEnv = (name: string) => string | undefined;

/**
 * Reads an environment variable; `undefined` when it is empty, absent or not permitted. On Deno it neither prompts nor
 * throws. It does not read bindings of a module Worker, which a handler receives as its `env`: see `WorkOS.fromEnv`.
 */
export function readEnv(name: string): string | undefined {
  try {
    const value = globals.Deno ? readDenoEnv(globals.Deno, name) : readOtherEnv(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch { // no environment, or no permission
    return undefined;
  }
}

function readDenoEnv(deno: DenoLike, name: string): string | undefined {
  // checked first, as env.get() would prompt in a terminal
  const state = deno.permissions?.querySync?.({ name: "env", variable: name }).state;
  return state === "granted" ? deno.env.get(name) : undefined;
}

function readOtherEnv(name: string): unknown {
  if (globals.process?.env) return globals.process.env[name];
  if (globals.fastly?.env) return globals.fastly.env.get(name);
  // Workers in the service worker format have bindings as globals
  return globals.navigator?.userAgent === "Cloudflare-Workers" ? globals[name] : undefined;
}

/** Reads variables from an object such as the `env` of a Worker. Throws a `TypeError` for one that is not a string. */
export function envOf(bindings: object): ReadEnv {
  return (name) => {
    const value = (bindings as Record<string, unknown>)[name] ?? "";
    if (typeof value !== "string") throw new TypeError(`Cannot use ${name} of env: it is not a string`);
    return value || undefined;
  };
}

/** Whether requests may share a promise. Workers cancel a request's I/O at its end, so no other must await it. */
export function sharesPromises(): boolean {
  return globals.navigator?.userAgent !== "Cloudflare-Workers" && !("EdgeRuntime" in globals);
}

/**
 * Whether this is a web page or a worker of one. Runtimes that have browser globals but are not browsers (tests under
 * jsdom, Deno, edge runtimes, Workers, desktop applications on Node) are recognized by globals that browsers lack.
 */
export function inBrowser(scope: object = globalThis): boolean {
  const known = scope as typeof globals; // read one by one, as runtimes load globals lazily
  if (known.Deno || known.EdgeRuntime || known.process?.versions?.node) return false;
  if (known.navigator?.userAgent === "Cloudflare-Workers") return false;
  if (typeof (known.document as { createElement?: unknown } | undefined)?.createElement === "function") return true;
  return typeof known.WorkerNavigator === "function" && known.navigator instanceof known.WorkerNavigator;
}

/** Lets the process exit while a timer is pending, on runtimes that support it. */
export function unrefTimer(timer: unknown): void {
  if (typeof timer === "number") globals.Deno?.unrefTimer?.(timer);
  else if (typeof timer === "object" && timer !== null && "unref" in timer) (timer as { unref(): void }).unref();
}

/** One of the runtime's diagnostics channels, to which monitoring tools subscribe. */
export interface Channel {
  /** Whether the channel has subscribers. */
  readonly hasSubscribers: boolean;
  /** Sends a message to all subscribers. */
  publish(message: unknown): void;
}

/** A diagnostics channel, where there are any (Node 20.16, Deno, Bun). The first call takes Deno some milliseconds. */
export function diagnosticsChannel(name: string): Channel | undefined {
  try {
    return globals.process?.getBuiltinModule?.("node:diagnostics_channel")?.channel(name);
  } catch { // the runtime has the function, but not the module
    return undefined;
  }
}

/** Shows a warning with `process.emitWarning`, or on the console where there is none. */
export function emitWarning(warning: string): void {
  if (typeof globals.process?.emitWarning === "function") globals.process.emitWarning(warning, "WorkOS");
  else console.warn(`WorkOS: ${warning}`);
}
