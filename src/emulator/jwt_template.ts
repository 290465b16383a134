// The template of access tokens: JSON with expressions such as `{{ user.metadata.plan || "free" }}`.

import { isObject } from "./fields.ts";
import { type Kind, kind, type Stamped, without } from "./kind.ts";
import { membershipOf } from "./people.ts";
import { ORGANIZATIONS, USERS } from "./records.ts";
import type { ClaimSource, World } from "./world.ts";

interface JwtTemplate extends Stamped {
  content: string;
}

/** Templates of access tokens; there is one at most. */
export const JWT_TEMPLATES: Kind<JwtTemplate> = kind("jwt_template", {
  title: "JWT template",
  present: (template) => without(template, "id"),
});

/** Id of the only template. */
export const TEMPLATE_ID = "jwt_template_emulator";

/** Claims that a template cannot set. */
const RESERVED = [
  ...["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "sid", "act", "client_id", "org_id"],
  ...["role", "roles", "permissions", "entitlements", "feature_flags"],
];

/** A string of JSON, or an expression outside one. */
const PARTS = /"(?:[^"\\]|\\.)*"|\{\{(.*?)\}\}/gs;

/** The alternatives of an expression, `||` between them: texts in quotes, numbers and constants, or paths. */
const TERMS = /\s*("[^"]*"|'[^']*'|[^|]+)/g;

/** The claims of the template, without those that are `null`. */
export const templateClaims: ClaimSource = (session, world) => {
  const template = world.of(JWT_TEMPLATES).get(TEMPLATE_ID);
  const claims = template && render(template.content, subjectsOf(session, world));
  return Object.fromEntries(Object.entries(claims ?? {}).filter(([, value]) => value !== null));
};

/** Whether a template renders as an object of claims that are not reserved. */
export function isTemplate(content: string): boolean {
  const claims = render(content, {});
  return claims !== undefined && !Object.keys(claims).some((name) => RESERVED.includes(name));
}

/** What expressions can name. */
function subjectsOf({ user_id, organization_id }: Parameters<ClaimSource>[0], world: World): object {
  const user = world.existing(USERS, user_id);
  if (!organization_id) return { user };
  const organization = world.of(ORGANIZATIONS).get(organization_id);
  return { user, organization, organization_membership: membershipOf(world, user_id, organization_id) };
}

/** The object that a template is with these subjects; `undefined` when it is none. */
function render(content: string, subjects: object): Record<string, unknown> | undefined {
  try {
    const text = content.replace(PARTS, (part, expression?: string) => {
      if (expression !== undefined) return JSON.stringify(evaluate(expression, subjects));
      return part.replace(/\{\{(.*?)\}\}/g, (_, inner: string) => {
        const value = evaluate(inner.replaceAll('\\"', '"'), subjects);
        const shown = typeof value === "object" ? value && JSON.stringify(value) : value;
        return JSON.stringify(String(shown ?? "")).slice(1, -1);
      });
    });
    const claims: unknown = JSON.parse(text);
    return isObject(claims) ? claims : undefined;
  } catch { // not JSON, or a number such as 01
    return undefined;
  }
}

/** The first alternative that is something, or `null`. */
function evaluate(expression: string, subjects: object): unknown {
  for (const [, term] of expression.matchAll(TERMS)) {
    const value = valueOf(term.trim(), subjects);
    if (value !== undefined && value !== null) return value;
  }
  return null;
}

function valueOf(term: string, subjects: object): unknown {
  if (/^["']/.test(term)) return term.slice(1, -1);
  if (/^(-?\d+(\.\d+)?|true|false|null)$/.test(term)) return JSON.parse(term);
  return term.split(".").reduce<unknown>(
    (value, name) => isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined,
    subjects,
  );
}
