// Runs the bundled tests in Vercel's edge runtime: node edge.mjs all.mjs
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const { EdgeRuntime } = createRequire(import.meta.url)("edge-runtime");

// The runtime is a realm of Node's vm whose web interfaces live in another one. What they answer is the same to a
// program, but no assertion takes an array of one realm for an array of the other.
const ONE_REALM = `{
  const clone = structuredClone;
  const { getAll } = URLSearchParams.prototype;
  const here = (value) => {
    if (typeof value !== "object" || value === null) return value;
    const kind = Object.prototype.toString.call(value);
    if (kind === "[object Array]") return Array.from(value, here);
    if (kind === "[object Date]") return new Date(Number(value));
    if (kind !== "[object Object]") return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, here(member)]));
  };
  globalThis.structuredClone = (value, options) => here(clone(value, options));
  URLSearchParams.prototype.getAll = function (name) {
    return here(getAll.call(this, name));
  };
  for (const { prototype } of [URLSearchParams, Headers, FormData]) {
    const { entries } = prototype;
    prototype.entries = prototype[Symbol.iterator] = function* () {
      for (const pair of entries.call(this)) yield here(pair);
    };
  }
  for (const { prototype } of [Request, Response]) {
    prototype.json = async function () {
      return JSON.parse(await this.text());
    };
  }
}`;

// Its globals can be set and not redefined; tests redefine some for a while.
const REDEFINABLE = `{
  const define = Object.defineProperty;
  Object.defineProperty = (object, name, descriptor) => {
    const fixed = object === globalThis && Object.getOwnPropertyDescriptor(object, name)?.configurable === false;
    if (!fixed) return define(object, name, descriptor);
    object[name] = descriptor.value;
    return object;
  };
}`;

const runtime = new EdgeRuntime();
for (const script of [ONE_REALM, REDEFINABLE]) runtime.evaluate(script);
const tests = runtime.evaluate(asScript(readFileSync(process.argv[2], "utf8")));
try {
  await tests.test();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** The runtime takes scripts, not modules: the default export becomes the value, and strictness has to be asked for. */
function asScript(module) {
  const [code, name] = module.replace(/\/\/# sourceMappingURL=.*\s*$/, "").split(
    /export\s*\{\s*([\w$]+) as default\s*\};?\s*$/,
  );
  return `(() => { "use strict"; ${code}\nreturn ${name}; })()`;
}
