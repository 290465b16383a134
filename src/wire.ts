// Conversion between camelCase in code and snake_case on the wire, and the values that are never converted.

/** Any other string, as the API may add values. In a union, editors still complete the known values. */
export type OpenString = string & Record<never, never>;

/** The values of a constant object, or any other string: see {@linkcode OpenString}. */
export type OpenEnum<Constants> = Constants[keyof Constants] | OpenString;

/** One JSON object as the API sends it: snake_case names, no guarantees. */
export type Wire = Record<string, unknown>;

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is Wire {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Wire names whose values belong to the customer: their inner keys are data and are not renamed. Where one area has a
 * typed member of such a name (vault's `metadata`), the reader of that area renames its inner keys itself.
 */
export const FREE_FORM: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "metadata",
  "custom_attributes",
  "raw_attributes",
  "previous_attributes",
  "additional_fields",
  "additional_authorization_parameters",
  "config",
  "context",
  "key_context",
]);

/** Names with an underscore before a digit, which `camelName` drops and `snakeName` cannot restore by rule. */
const DIGIT_NAMES: Readonly<Record<string, string>> = {
  apiKeyLast4: "api_key_last_4",
  clientSecretLast4: "client_secret_last_4",
};

/** Responses are not converted below this depth, and bodies refused, so that nesting and circles are harmless. */
const MAX_DEPTH = 128;

/** The conversion of a key, computed once per key. */
interface KeyPlan {
  /** The key. */
  key: string;
  /** Its new name. */
  name: string;
  /** Whether its value is not converted. */
  free: boolean;
  /** Whether it needs care: another key may get the same name, or the name is `__proto__`. */
  odd?: boolean;
  /** The plan of the key that followed last time: objects of one kind have the same keys in the same order. */
  next?: KeyPlan;
}

const MAX_PLANS = 2000;
const camelPlans = /* @__PURE__ */ new Map<string, KeyPlan>();
const snakePlans = /* @__PURE__ */ new Map<string, KeyPlan>();
const START: KeyPlan = { key: "", name: "", free: false };

/** The camelCase form of a wire name: `firstName` for `first_name`. Leading underscores stay. */
export function camelName(name: string): string {
  return name.replace(/(^_+)|_([a-z0-9])/g, (_, lead, next) => lead ?? next.toUpperCase());
}

/** The wire form of a camelCase name: `first_name` for `firstName`. */
export function snakeName(name: string): string {
  if (Object.hasOwn(DIGIT_NAMES, name)) return DIGIT_NAMES[name];
  return name.replace(/[A-Z]/g, (capital) => "_" + capital.toLowerCase());
}

function planCamel(key: string): KeyPlan {
  const name = camelName(key);
  const odd = name === "__proto__" || (name === key && /[A-Z0-9]/.test(key));
  return keep(camelPlans, { key, name, free: FREE_FORM.has(key), odd });
}

function planSnake(key: string): KeyPlan {
  const name = snakeName(key);
  return keep(snakePlans, { key, name, free: FREE_FORM.has(name) });
}

function keep(plans: Map<string, KeyPlan>, plan: KeyPlan): KeyPlan {
  if (plans.size < MAX_PLANS) plans.set(plan.key, plan);
  return plan;
}

/**
 * Renames the keys of a response to camelCase at every depth; {@linkcode FREE_FORM} values stay as they are. Unknown
 * fields are renamed and kept. When a response has a name in both forms, the value of the snake_case one wins.
 */
export function camel<T>(wire: unknown): T {
  return camelValue(wire, 0) as T;
}

function camelValue(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => camelValue(item, depth + 1));
  const wire = value as Wire;
  const renamed: Wire = {};
  let last = START;
  for (const key in wire) {
    let plan = last.next;
    if (plan?.key !== key) {
      plan = camelPlans.get(key) ?? planCamel(key);
      if (camelPlans.size < MAX_PLANS) last.next = plan;
    }
    last = plan;
    const member = wire[key];
    const value = plan.free || typeof member !== "object" ? member : camelValue(member, depth + 1);
    if (plan.odd) putNew(renamed, plan.name, value);
    else renamed[plan.name] = value;
  }
  return renamed;
}

/** Renames keys to snake_case, except in `FREE_FORM` values and objects with `toJSON`. Throws when over 128 deep. */
export function snake<T = Wire>(options: unknown): T {
  return snakeValue(options, 0) as T;
}

function snakeValue(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) throw new TypeError("Cannot send options: they are nested too deep");
  if ("toJSON" in value || value instanceof Map || value instanceof Set) return value; // toJson refuses the latter
  if (Array.isArray(value)) return value.map((item) => snakeValue(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const { name, free } = snakePlans.get(key) ?? planSnake(key);
      return [name, free ? member : snakeValue(member, depth + 1)];
    }),
  );
}

/**
 * A body as JSON. Throws for a value that JSON would empty or turn into `null`, which clears a field: a `RangeError`
 * for an invalid date or a number that is not finite; a `TypeError` for a `Map`, a `Set` or a list with `undefined`.
 */
export function toJson(body: unknown): string {
  return JSON.stringify(body, keepWhole);
}

function keepWhole(this: Wire, key: string, value: unknown): unknown {
  const isNull = value === null || (typeof value === "number" && !Number.isFinite(value)); // or becomes it
  const isGap = Array.isArray(this) && /^(undefined|function|symbol)$/.test(typeof value);
  const isEmptied = value instanceof Map || value instanceof Set;
  const Refusal = isNull && this[key] !== null ? RangeError : isGap || isEmptied ? TypeError : undefined;
  if (Refusal) throw new Refusal(`Cannot send "${key}": there is no JSON form of its value`);
  return value;
}

/** Adds an own member, even `__proto__`, unless the object already has one of this name. */
function putNew(object: Wire, name: string, value: unknown): void {
  if (Object.hasOwn(object, name)) return;
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
