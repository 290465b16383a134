/** Compares answers of the emulator with the API description. */
import { assertEquals } from "@std/assert";
import { invalid, operations } from "../contract/run.ts";

/** Keys come without certificates: nothing that signs with them has one. */
const DIFFERENT = new Set(["GET /sso/jwks/{clientId}"]);

const described = Object.values(operations).map((operation) => ({
  ...operation,
  pattern: new RegExp(`^${operation.path.replace(/{.+?}/g, "[^/]+")}$`),
}));

/** Fails for an answer of the described status that is not as the description says; errors are left alone. */
export function checkDescribed(method: string, path: string, answer: { status: number; body: unknown }): void {
  const [pathname] = path.split("?");
  const fitting = described.filter(({ verb, pattern }) => verb === method && pattern.test(pathname));
  const operation = fitting.sort((a, b) => a.path.split("{").length - b.path.split("{").length)[0];
  const { status, schema } = operation?.response ?? {};
  const line = `${method} ${operation?.path}`;
  if (!schema || status !== String(answer.status) || DIFFERENT.has(line)) return;
  assertEquals([line, invalid(schema, answer.body)], [line, []]);
}
