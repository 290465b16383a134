import { assert, assertEquals, assertFalse, assertStrictEquals, assertThrows } from "@std/assert";
import { afterEach, describe, it } from "@std/testing/bdd";
import { type Config, resolveConfig, type WorkOSOptions } from "../src/config.ts";
import { restoreGlobals, setGlobal } from "./globals.ts";

afterEach(restoreGlobals);

const none = () => undefined;
const resolve = (options: WorkOSOptions, env: Record<string, string> = {}): Config =>
  resolveConfig({ apiKey: "sk_1", ...options }, (name) => env[name]);

function refuses(options: Record<string, unknown>, name: string): void {
  const error = assertThrows(() => resolve(options), TypeError);
  assert(error.message.includes(`"${name}`), error.message);
}

describe("resolveConfig", () => {
  it("has the documented defaults", () => {
    const config = resolveConfig({ apiKey: "sk_1" }, none);

    assertEquals(config.baseURL, "https://api.workos.com");
    assertEquals([config.timeout, config.maxRetries], [60_000, 3]);
    assertEquals([config.refreshTimeout, config.refreshWindow], [10_000, 10_000]);
    assertEquals([config.clientId, config.fetchFn, config.issuer], [undefined, undefined, undefined]);
  });

  it("reads the environment for what was not given only", () => {
    const asked: string[] = [];
    const env = (name: string) => (asked.push(name), `${name}_value`);

    const config = resolveConfig({ apiKey: "sk_1" }, env);
    const given = resolveConfig({ apiKey: "sk_1", clientId: "client_1", logLevel: "warn" }, env);

    assertEquals([config.secrets().apiKey, config.clientId], ["sk_1", "WORKOS_CLIENT_ID_value"]);
    assertEquals(asked, ["WORKOS_CLIENT_ID"]);
    assertEquals([given.logLevel(), config.logLevel(), asked], ["warn", "off", ["WORKOS_CLIENT_ID", "WORKOS_LOG"]]);
  });

  it("says both ways out when nothing is given", () => {
    const error = assertThrows(() => resolveConfig({}, none), Error);

    assert(error.message.includes('new WorkOS("sk_...")'));
    assert(error.message.includes('new WorkOS({ clientId: "client_..." })'));
  });

  it("needs no key where there is a client id, and reads each from a variable of its own", () => {
    const env = (name: string) => name === "WORKOS_API_KEY" ? "sk_env" : undefined;

    assertEquals(resolveConfig({ clientId: "client_1" }, none).secrets().apiKey, undefined);
    assertEquals(resolveConfig({}, env).secrets().apiKey, "sk_env");
    assertEquals(resolveConfig({}, env).clientId, undefined);
  });

  it("takes null and an empty text for what was not given", () => {
    const options = { apiKey: null, clientId: "client_1", issuer: "", config: { headers: null } };

    const config = resolveConfig(options as unknown as WorkOSOptions, none);

    assertEquals([config.secrets(), config.issuer], [{ apiKey: undefined, headers: [] }, undefined] as unknown[]);
    const blank = (name: string) => name === "WORKOS_API_KEY" ? " " : "\n";
    assertEquals(resolveConfig({ clientId: "client_1" }, blank).secrets().apiKey, undefined);
    assertEquals(resolveConfig({ apiKey: "sk_1" }, blank).clientId, undefined);
  });

  it("copies what it was given", () => {
    const config = resolve({ issuer: ["https://a"], appInfo: { name: "App", version: "1" } });

    assertEquals([config.issuer, config.appInfo], [["https://a"], { name: "App", version: "1" }] as unknown[]);
  });

  it("never changes the caller's options", () => {
    const options = Object.freeze({
      apiKey: "sk_1",
      config: Object.freeze({ headers: Object.freeze({ "X-A": "1" }) }),
      appInfo: Object.freeze({ name: "App" }),
      issuer: Object.freeze(["https://a"]) as string[],
    });

    const config = resolveConfig(options, none);

    assertEquals(config.secrets().headers, [["X-A", "1"]]);
    assertFalse(config.issuer === options.issuer);
    assertFalse(config.appInfo === options.appInfo);
  });

  it("joins protocol, host and port", () => {
    const cases: [WorkOSOptions, string][] = [
      [{ apiHostname: "eu.example" }, "https://eu.example"],
      [{ https: false, apiHostname: "localhost", port: 8080 }, "http://localhost:8080"],
      [{ apiHostname: "127.0.0.1", port: 1 }, "https://127.0.0.1:1"],
      [{ apiHostname: "::1", port: 443 }, "https://[::1]:443"],
      [{ apiHostname: "[2001:db8::1]" }, "https://[2001:db8::1]"],
      [{ apiHostname: "FE80::1", port: 65_535 }, "https://[FE80::1]:65535"],
      [{ apiHostname: "localhost:9000", https: false }, "http://localhost:9000"],
      [{ apiHostname: "fe80::" }, "https://[fe80::]"],
      [{ baseUrl: "http://localhost:3000/" }, "http://localhost:3000"],
      [{ baseUrl: "https://proxy.example/workos//" }, "https://proxy.example/workos"],
      [{ baseUrl: new URL("https://proxy.example/workos/") }, "https://proxy.example/workos"],
      [{ baseUrl: "https://[::1]:8443" }, "https://[::1]:8443"],
    ];

    for (const [options, baseURL] of cases) assertEquals(resolve(options).baseURL, baseURL);
  });

  it("reads hosts and base URLs where there is no URL.canParse, as in Safari 16", () => {
    class OldURL extends URL {}
    Object.assign(OldURL, { canParse: undefined, parse: undefined });
    setGlobal("URL", OldURL);

    assertEquals(resolve({ apiHostname: "auth.acme.example" }).baseURL, "https://auth.acme.example");
    assertEquals(resolve({ baseUrl: "https://proxy.example/workos/" }).baseURL, "https://proxy.example/workos");
    refuses({ apiHostname: "a<b" }, "apiHostname");
    refuses({ baseUrl: "api.workos.com" }, "baseUrl");
  });

  it("refuses bad hosts, ports and base URLs, naming the option", () => {
    for (const port of [0, -1, 65_536, 1.5, NaN, "80"]) refuses({ port }, "port");
    for (
      const apiHostname of [
        "h.example/path",
        "https://h.example",
        "a b",
        "u@h.example",
        "h?x",
        "h#x",
        "h\\x",
        7,
        "a<b",
        "[::1",
        "h:99999",
      ]
    ) {
      refuses({ apiHostname }, "apiHostname");
    }
    for (
      const baseUrl of [
        "api.workos.com",
        "ftp://x",
        "web+https://x",
        "https://x/?a=1",
        "https://u@x/",
        "https://:p@x/",
        "https://x/#f",
        "",
      ]
    ) {
      refuses({ baseUrl }, "baseUrl");
    }
    refuses({ apiHostname: "localhost:9000", port: 9001 }, "apiHostname");
    refuses({ baseUrl: "https://x", port: 1 }, "baseUrl");
    refuses({ baseUrl: "https://x", https: false }, "baseUrl");
    refuses({ baseUrl: "https://x", apiHostname: "y" }, "baseUrl");
    refuses({ https: null }, "https");
    refuses({ https: "false" }, "https");
  });

  it("refuses every other bad value, naming the option", () => {
    for (const timeout of [-1, 0, NaN, "5", 2 ** 31]) refuses({ timeout }, "timeout");
    for (const maxRetries of [-1, 1.5, NaN, "3", Infinity]) refuses({ maxRetries }, "maxRetries");
    for (const refreshTimeout of [-1, 0, NaN, "5"]) refuses({ refreshTimeout }, "refreshTimeout");
    for (const refreshWindow of [-1, NaN, "5", 1500.5, 60_001]) refuses({ refreshWindow }, "refreshWindow");
    for (const refreshStore of [null, {}, { get() {}, set() {} }]) refuses({ refreshStore }, "refreshStore");
    for (const keySetCache of [null, {}, { get() {} }, { set() {} }]) refuses({ keySetCache }, "keySetCache");
    for (const keySetSeed of [{}, "x", { keys: 7 }]) refuses({ keySetSeed }, "keySetSeed");
    for (const fetchFn of ["fetch", {}, null]) refuses({ fetchFn }, "fetchFn");
    for (const config of ["x", null, 7]) refuses({ config }, "config");
    for (const issuer of [7, [7], {}, [], [""], ["https://a", ""]]) refuses({ issuer }, "issuer");
    for (const appInfo of [{}, { name: "" }, { name: 7 }, null, "x"]) refuses({ appInfo }, "appInfo.name");
    refuses({ appInfo: { name: "a\r\nb" } }, "appInfo.name");
    refuses({ appInfo: { name: "a", url: "ü" } }, "appInfo.url");
    refuses({ appInfo: { name: "a", version: 7 } }, "appInfo.version");
    refuses({ config: { headers: { "X\n": "y" } } }, "config.headers");
    refuses({ config: { signal: {} } }, "config.signal");
    refuses({ clientId: 7 }, "clientId");
    refuses({ apiKey: 7 }, "apiKey");
  });

  it("says what is wrong with a value", () => {
    const limit = { requests: 10, perMilliseconds: 1000 };
    const cases: [Record<string, unknown>, string][] = [
      [{ apiKey: "sk 1" }, '"apiKey": it has characters that a header cannot contain'],
      [{ clientId: 7 }, '"clientId": it is not a string'],
      [{ config: 7 }, '"config": it is not an object'],
      [{ config: { headers: { "X\n": "y" } } }, '"config.headers": it is not a set of valid HTTP headers'],
      [{ config: { signal: {} } }, '"config.signal": it is not an AbortSignal'],
      [{ timeout: 0 }, '"timeout": it is not a number of milliseconds between 1 and 2147483647, or Infinity'],
      [{ maxRetries: -1 }, '"maxRetries": it is not a non-negative integer'],
      [{ timeOut: 1 }, '"timeOut": it is unknown, did you mean "timeout"?'],
      [{ baseUrl: "https://x", port: 1 }, '"baseUrl": it cannot be combined with apiHostname, https or port'],
      [{ baseUrl: "x" }, '"baseUrl": it is not an http or https URL'],
      [{ baseUrl: "https://x/#f" }, '"baseUrl": it has a query, a fragment or credentials'],
      [{ https: 1 }, '"https": it is not a boolean'],
      [{ port: 0 }, '"port": it is not an integer from 1 to 65535'],
      [{ apiHostname: "/" }, '"apiHostname": it is not a host name or IP literal'],
      [{ appInfo: { name: 7 } }, '"appInfo.name": it is not a non-empty string'],
      [{ appInfo: { name: "ü" } }, '"appInfo.name": it is not a string of printable ASCII characters'],
      [{ fetchFn: 7 }, '"fetchFn": it is not a function'],
      [{ refreshStore: {} }, '"refreshStore": it has no methods get, set, lock'],
      [{ rateLimit: { ...limit, requests: 0 } }, '"rateLimit.requests": it is not a positive integer'],
      [
        { rateLimit: { ...limit, perMilliseconds: 0 } },
        '"rateLimit.perMilliseconds": it is not a number between 1 and 2147483647',
      ],
      [{ rateLimit: { ...limit, burst: 0 } }, '"rateLimit.burst": it is not an integer from 1 to requests'],
      [{ rateLimit: { ...limit, prefix: 7 } }, '"rateLimit.prefix": it is not a string'],
      [{ hooks: 7 }, '"hooks": it is not an object'],
      [{ logLevel: "loud" }, '"logLevel": it is not one of off, error, warn, info, debug'],
      [{ keySetSeed: {} }, '"keySetSeed": it is not a set of keys'],
      [{ refreshWindow: -1 }, '"refreshWindow": it is not a whole number of milliseconds from 0 to 60000'],
      [{ issuer: [] }, '"issuer": it is not a list of names'],
    ];

    for (const [options, message] of cases) {
      const error = assertThrows(() => resolve(options), TypeError);
      assertEquals(error.message, `Cannot use option ${message}`);
    }
  });

  it("accepts no refresh window, and one of a minute", () => {
    for (const refreshWindow of [0, 60_000]) assertEquals(resolve({ refreshWindow }).refreshWindow, refreshWindow);
  });

  it("accepts no time limit and no retries", () => {
    for (const timeout of [1, 2 ** 31 - 1, Infinity]) {
      assertEquals(resolve({ timeout, maxRetries: 0 }).timeout, timeout);
    }
  });

  it("refuses a key that fits into no header, without quoting it", () => {
    for (const apiKey of ["sk_secret\nx", "sk_sécret", "sk secret"]) {
      const error = assertThrows(() => resolveConfig({ apiKey }, none), TypeError);

      assertFalse(error.message.includes("sk"));
      assert(error.message.includes('"apiKey"'));
    }
  });

  it("takes a key and a client id without the white space around them, as files end with a line break", () => {
    const { secrets, clientId } = resolveConfig({ apiKey: "sk_1\n", clientId: " client_1 " }, none);
    const fromEnv = resolveConfig({}, () => "x\r\n");

    assertEquals([secrets().apiKey, clientId], ["sk_1", "client_1"]);
    assertEquals([fromEnv.secrets().apiKey, fromEnv.clientId], ["x", "x"]);
    assertEquals(resolveConfig({ apiKey: " ", clientId: "c" }, () => "sk_env").secrets().apiKey, "sk_env");
    assertThrows(() => resolveConfig({ apiKey: "\n" }, none), Error, "requires either an API key or a clientId");
  });

  it("refuses a near miss of a known option and leaves other unknown ones alone", () => {
    for (
      const name of [
        "apikey",
        "apiHostName",
        "maxRetry",
        "timeOut",
        "baseURL",
        "clientID",
        "hostname",
        "http",
        "pert",
        "prt",
        "poort",
      ]
    ) {
      refuses({ [name]: "x" }, name);
    }
    const names =
      "clientId apiHostname https port baseUrl config appInfo fetchFn issuer keySetSeed keySetCache timeout " +
      "refreshTimeout refreshWindow refreshStore maxRetries rateLimit hooks logger logLevel traceparent now " +
      "dangerouslyAllowBrowser";
    for (const name of names.split(" ")) refuses({ [`${name}s`]: 1 }, `${name}s`);
    resolve({ somethingElse: 1, host: "x" } as WorkOSOptions);
  });

  it("takes headers in every form", () => {
    const received = new Headers({ "X-A": "1" });
    const once = received.entries() as Iterable<[string, string]>; // as to pass headers on
    const forms: HeadersInit[] = [{ "X-A": "1" }, [["X-A", "1"]], received, once];

    for (const headers of forms) {
      const [[name, value]] = resolve({ config: { headers } }).secrets().headers;
      assertEquals([name.toLowerCase(), value], ["x-a", "1"]);
    }
  });

  it("leaves out headers that are undefined", () => {
    const headers = { "X-A": undefined, "X-B": "1" } as unknown as HeadersInit;

    assertEquals(resolve({ config: { headers } }).secrets().headers, [["X-B", "1"]]);
  });

  it("keeps the members of config that are not the SDK's own", () => {
    const { signal } = new AbortController();

    const { init } = resolve({ config: { signal, keepalive: true, method: "PUT", body: "x", redirect: "follow" } });

    assertEquals(Object.keys(init), ["signal", "keepalive"]);
    assertStrictEquals(init.signal, signal);
  });

  it("takes hooks, a logger and a trace context, and refuses what cannot be called", () => {
    const hooks = { onRequest: () => {}, counts: 1, requests: 1, error() {} };
    const traceparent = () => undefined;

    const config = resolve({ hooks, logger: console, traceparent });

    assertStrictEquals(config.hooks, hooks);
    assertStrictEquals(config.logger, console);
    assertStrictEquals(config.traceparent, traceparent);
    for (const hooks of [null, "x", 7]) refuses({ hooks }, "hooks");
    refuses({ hooks: { onRequest: true } }, "hooks.onRequest");
    refuses({ hooks: { onRespond: () => {} } }, "hooks.onRespond");
    for (const name of ["onretry", "onErrors", "OnRequest"]) refuses({ hooks: { [name]() {} } }, `hooks.${name}`);
    refuses({ logger: { debug() {}, info() {}, warn() {} } }, "logger");
    refuses({ logger: null }, "logger");
    refuses({ traceparent: "00-1-2-3" }, "traceparent");
  });

  it("takes the global fetch, or a function whose arguments need no types", async () => {
    const { fetchFn } = resolve({ fetchFn: (url, { method = "" }) => Promise.resolve(Response.json([url, method])) });

    assertStrictEquals(resolve({ fetchFn: fetch }).fetchFn, fetch);
    assertEquals(await (await fetchFn!("https://x", { method: "PUT" })).json(), ["https://x", "PUT"]);
  });

  it("takes a clock, and refuses what is none", () => {
    const now = () => 5;

    assertStrictEquals(resolve({ now }).now, now);
    for (const now of [5, null, new Date(0)]) refuses({ now }, "now");
    refuses({ nowe: () => 5 }, "nowe");
  });

  it("takes the log level from the option, or else from the environment where that names one", () => {
    assertEquals(resolve({}).logLevel(), "off");
    assertEquals(resolve({}, { WORKOS_LOG: "debug" }).logLevel(), "debug");
    assertEquals(resolve({}, { WORKOS_LOG: "DEBUG" }).logLevel(), "debug");
    assertEquals(resolve({}, { WORKOS_LOG: "loud" }).logLevel(), "off");
    assertEquals(resolve({ logLevel: "warn" }, { WORKOS_LOG: "debug" }).logLevel(), "warn");
    for (const logLevel of ["loud", "", null, 1]) refuses({ logLevel }, "logLevel");
  });

  it("takes one rate limit or several, and refuses those that are none", () => {
    const limit = { requests: 10, perMilliseconds: 1000 };

    assertEquals(resolve({}).rateLimits, []);
    assertEquals(resolve({ rateLimit: limit }).rateLimits, [{ ...limit, burst: undefined, prefix: undefined }]);
    const several = [limit, { ...limit, burst: 3, prefix: "/events" }];
    assertEquals(resolve({ rateLimit: several }).rateLimits[1], several[1] as never);
    for (const requests of [0, -1, 1.5, "10", undefined]) {
      refuses({ rateLimit: { ...limit, requests } }, "rateLimit.requests");
    }
    for (const perMilliseconds of [0, Infinity, NaN, undefined]) {
      refuses({ rateLimit: [{ ...limit, perMilliseconds }] }, "rateLimit.perMilliseconds");
    }
    for (const burst of [0, 11, 1.5]) refuses({ rateLimit: { ...limit, burst } }, "rateLimit.burst");
    refuses({ rateLimit: { ...limit, prefix: /x/ } }, "rateLimit.prefix");
    for (const name of ["bursts", "request", "perMillisecond", "prefixes"]) {
      refuses({ rateLimit: { ...limit, [name]: 1 } }, `rateLimit.${name}`);
    }
    refuses({ rateLimit: null }, "rateLimit");
  });

  it("takes the least and the most that a rate limit can be", () => {
    for (const perMilliseconds of [1, 2 ** 31 - 1]) {
      assertEquals(resolve({ rateLimit: { requests: 1, perMilliseconds, burst: 1 } }).rateLimits.length, 1);
    }
    const perMilliseconds = 2 ** 31;
    refuses({ rateLimit: { requests: 1, perMilliseconds } }, "rateLimit.perMilliseconds");
  });

  it("holds the key and the headers where nothing prints them", () => {
    const config = resolve({ apiKey: "sk_hidden", config: { headers: { "X-Proxy": "hidden" } } });

    assertEquals(config.secrets(), { apiKey: "sk_hidden", headers: [["X-Proxy", "hidden"]] });
    assertFalse(JSON.stringify(config).includes("hidden"));
    const values = Object.getOwnPropertyNames(config).map((name) =>
      (config as unknown as Record<string, unknown>)[name]
    );
    assertFalse(values.flat(2).some((value) => String(value).includes("hidden")));
  });
});
