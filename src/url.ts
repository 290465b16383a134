// Request paths and query strings.

/** A request path with encoded ids, and its route. */
export interface RequestPath {
  /** The path as it is sent, such as `/users/user_1`. */
  readonly value: string;
  /** The path with `{}` for every id, such as `/users/{}`; suitable for metrics, as it does not depend on the ids. */
  readonly route: string;
}

/**
 * Makes a request path from a template, with every id percent-encoded. Throws a `TypeError` for an id that is not a
 * non-empty string, or is `.` or `..`: an empty id would address the collection, and dot segments another endpoint.
 */
export function path(strings: TemplateStringsArray, ...ids: string[]): RequestPath {
  let [value] = strings;
  let route = value;
  for (let i = 0; i < ids.length; i++) {
    value += encodeId(ids[i]) + strings[i + 1];
    route += "{}" + strings[i + 1];
  }
  return { value, route };
}

/** Percent-encodes one id of a path; colons stay, as in `users:read`. */
export function encodeId(id: string): string {
  if (typeof id !== "string" || id === "") {
    throw new TypeError("Cannot build request path: an id is empty or not a string");
  }
  if (id === "." || id === "..") {
    throw new TypeError('Invalid path parameter: a path parameter must not be "." or "..".'); // the Node SDK's words
  }
  if (/^\w+$/.test(id)) return id; // true for nearly all ids
  return percentEncode(id).replaceAll("%3A", ":");
}

function percentEncode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch (cause) { // a lone surrogate has no encoding
    throw new TypeError("Cannot build URL: a string is not valid Unicode", { cause });
  }
}

/**
 * A request path from a text, which may begin with the base URL. Throws a `TypeError` when a segment of it is `.` or
 * `..`, encoded or not, as URL parsers would resolve it.
 */
export function textPath(text: string, baseURL: string): RequestPath {
  const given = text.startsWith(`${baseURL}/`) ? text.slice(baseURL.length) : text;
  const value = given.startsWith("/") ? given : `/${given}`; // limits go by the prefix of the route
  const route = value.replace(/[?#].*/s, "");
  // URL parsers drop tabs and line breaks, at the end also spaces and control characters, and read "\" as "/"
  for (const segment of route.replace(/[^!-\uffff]/g, "").split(/[/\\]/)) {
    if (/^(\.|%2e){1,2}$/i.test(segment)) {
      throw new TypeError(`Invalid request path "${route}": a path segment must not be "." or "..".`);
    }
  }
  return { value, route };
}

/** Joins a base URL, a path and a query string. */
export function requestUrl(baseURL: string, path: string, query = ""): string {
  const url = baseURL + (path.startsWith("/") ? "" : "/") + path;
  if (!query) return url;
  const [before, ...fragment] = url.split("#");
  return [before + (before.includes("?") ? "&" : "?") + query, ...fragment].join("#");
}

/**
 * Encodes a query string with the given names. Leaves out values that are `undefined`, `null` or `""`, also in lists. A
 * list becomes one comma-separated value, a `Date` its ISO text. Throws a `RangeError` for an invalid date or a number
 * that is not finite, and a `TypeError` for an object.
 */
export function queryString(query: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const name of Object.keys(query)) {
    const value = query[name];
    if (Array.isArray(value)) {
      const texts = value.filter((each) => !isEmpty(each)).map((each) => queryText(name, each));
      params.append(name, texts.join(","));
    } else if (!isEmpty(value)) params.append(name, queryText(name, value));
  }
  return params.toString();
}

/** Parses an absolute URL; `undefined` for anything else. Older browsers have no `URL.parse` and no `URL.canParse`. */
export function parseUrl(url: string | URL): URL | undefined {
  try {
    return new URL(url);
  } catch { // not a URL
    return undefined;
  }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function queryText(name: string, value: unknown): string {
  // Unlike instanceof, the tag also recognizes dates of other realms, such as frames or test sandboxes
  const isDate = Object.prototype.toString.call(value) === "[object Date]";
  const number = isDate ? (value as Date).getTime() : value;
  if (typeof number === "number" && !Number.isFinite(number)) {
    throw new RangeError(`Cannot build query string: "${name}" is not a valid date or number`);
  }
  if (isDate) return (value as Date).toISOString();
  if (/^(string|number|boolean|bigint)$/.test(typeof value)) return String(value);
  throw new TypeError(`Cannot build query string: "${name}" is not a string, number, boolean, date or list`);
}

/**
 * Encodes the query of an authorization URL: sorts names, repeats the name for each item of a list, turns an object
 * into `name[key]=value`, and leaves out `undefined`. Throws a `TypeError` for a class instance such as a `URL`.
 */
export function authorizationQuery(params: Record<string, unknown>): string {
  const pairs: string[] = [];
  const add = (name: string, value: unknown) => {
    const text = value === null ? "null" : queryText(name, value);
    pairs.push(`${encode(name)}=${encode(text)}`);
  };
  for (const name of sortedKeys(params)) {
    const value = params[name];
    if (Array.isArray(value)) value.forEach((item) => add(name, item));
    else if (Object.prototype.toString.call(value) === "[object Object]") {
      const members = value as Record<string, unknown>;
      for (const key of sortedKeys(members)) {
        const member = members[key];
        const text = Array.isArray(member) ? member.map((each) => queryText(name, each)).join(",") : member;
        if (text !== undefined) add(`${name}[${key}]`, text);
      }
    } else if (value !== undefined) add(name, value);
  }
  return pairs.join("&");
}

function sortedKeys(object: Record<string, unknown>): string[] {
  const compare = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0;
  return Object.keys(object).sort((a, b) => compare(a.toLowerCase(), b.toLowerCase()) || compare(a, b));
}

function encode(text: string): string {
  return percentEncode(text).replace(/[!'*]/g, (sign: string) => "%" + sign.charCodeAt(0).toString(16).toUpperCase())
    .replaceAll("%20", "+");
}
