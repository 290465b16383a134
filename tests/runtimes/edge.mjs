// Runs the bundled tests in Vercel's edge runtime: node edge.mjs all.mjs
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { EdgeRuntime } = createRequire(import.meta.url)("edge-runtime"); // installed beside this file for the run

// The runtime's own structuredClone answers with objects of another realm, which no assertion takes for equal.
const CLONE = `{
  const clone = structuredClone;
  const here = (value) => {
    if (typeof value !== "object" || value === null) return value;
    const kind = Object.prototype.toString.call(value);
    if (kind === "[object Array]") return Array.from(value, here);
    if (kind === "[object Date]") return new Date(Number(value));
    if (kind !== "[object Object]") return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, here(member)]));
  };
  globalThis.structuredClone = (value, options) => here(clone(value, options));
}`;

const runtime = new EdgeRuntime();
runtime.evaluate(CLONE);
const tests = runtime.evaluate(asScript(readFileSync(process.argv[2], "utf8")));
try {
  await tests.test();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** The runtime takes scripts, not modules: the default export becomes the value. */
function asScript(module) {
  const [code, name] = module.replace(/\/\/# sourceMappingURL=.*\s*$/, "").split(
    /export\s*\{\s*([\w$]+) as default\s*\};?\s*$/,
  );
  return `(() => { ${code}\nreturn ${name}; })()`;
}
