import { before, describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import ts from "npm:typescript@6.0.3";
import { OPTIONS } from "../../scripts/parity.ts";
import { callOf, exchangesOf, make, operations, schemas, shown } from "../contract/run.ts";
import { createSampler, DETAILS } from "../contract/samples.ts";

/** Where a type is not as wide as the description, by what the compiler says about it, and why. */
// deno-fmt-ignore
const EXCEPTIONS: [complaint: RegExp, reason: string][] = [
  [/'context' is missing/, "always there in the Node SDK's type; absent and undefined read the same"],
  [/'connectionRole' is missing .*DataIntegrationInstallation'/, "required in the Node SDK; not described yet"],
  [/'domains' is missing .*'Connection'/, "required in the Node SDK; left out by connection.deleted alone"],
  [/'organizationName' is missing .*'OrganizationMembership</, "required in the Node SDK; the API may leave it out"],
  [/: state, verificationStrategy$/, "required in the Node SDK; the API may leave them out"],
  [/'permissions' is missing .*'RoleEvent'/, "required in the Node SDK; the API may leave it out"],
  [/'previousAttributes' is missing/, "required in the Node SDK; the API may leave it out"],
  [/'locale' is missing .*'(User<|CreateUserResponse<)/, "required in the Node SDK, which leaves it out as well"],
  [/'DirectoryUser.*: firstName, lastName|object: "directory_user".*firstName, lastName/s, "the same"],
  [/'userId' is missing .*'AuthenticationFactor'/, "required in the Node SDK; the API may leave it out"],
  [/'"generic_otp"' is not .*'"totp"'|: totp, userId$/, "one schema for all kinds; a user enrols authenticator apps alone"],
  [/'"(Environment|Organization)Role"' is not/, "one schema for both kinds; the route says which kind it is"],
  [/'ListResourcesForMembershipOptionsWithParentExternalId'/, "the description's text: a parent must be given"],
  [/'ListOrganizationMembershipsOptions'/, "the description's text: a user or an organization must be given"],
];

/** A call with its arguments, and what it gives. */
interface Typed {
  /** The operation. */
  id: string;
  /** As `area.method`. */
  name: string;
  given: unknown[];
  result: unknown;
}

/** What the compiler says against a call. */
interface Complaint {
  id: string;
  text: string;
}

const TOKEN = { id: "broken", name: "widgets.createToken", given: [{}], result: { token: "t" } };

/** Calls that must not compile, and the complaints about them. */
const BROKEN: [call: Typed, complaint: string][] = [
  [{ ...TOKEN, given: [{ userId: 1 }] }, `request "userId": Type 'number' is not assignable to type 'string'.`],
  [
    { ...TOKEN, given: [{ user: "user_1" }] },
    `request "user": Object literal may only specify known properties, and '"user"' does not exist in type 'CreateTokenOptions'.`,
  ],
  [
    { ...TOKEN, result: {} },
    "answer: Property 'token' is missing in type '{}' but required in type 'WidgetSessionTokenResponse'.",
  ],
  [{ ...TOKEN, result: { token: new Date() } }, `answer "token": Type 'Date' is not assignable to type 'string'.`],
  [
    { ...TOKEN, result: { token: "t", kind: "k" } },
    `answer "kind": Object literal may only specify known properties, and '"kind"' does not exist in type 'WidgetSessionTokenResponse'.`,
  ],
];

/** Every request that is described, and what becomes of every answer. */
async function described(): Promise<Typed[]> {
  const sample = createSampler(schemas);
  const calls: Typed[] = [];
  for (const [id, operation] of Object.entries(operations)) {
    const call = callOf(id);
    for (const exchange of DETAILS.flatMap((detail) => exchangesOf(operation, call, { sample, detail }))) {
      const { name, given, result } = await make(call, exchange);
      calls.push({ id, name, given, result: shown(result) });
    }
  }
  return calls;
}

/** Two lines of a program for every call, after two others. A list is looked at as plain data. */
function programOf(calls: Typed[]): string {
  const module = decodeURIComponent(new URL("../../mod.ts", import.meta.url).pathname);
  return [
    `import type { WorkOS } from "${module}";`,
    "type Shown<T> = T extends { toJSON(): infer Page } ? Page : T;",
    ...calls.flatMap(({ name, given, result }, i) => [
      `async function call${i}(workos: WorkOS) { const result = await workos.${name}(${
        given.map(literal).join(", ")
      });`,
      `const shown: Shown<typeof result> = ${literal(result)}; }`,
    ]),
  ].join("\n");
}

function literal(value: unknown): string {
  if (value instanceof Date) return "new Date()";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  return `{ ${
    Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${literal(member)}`).join(", ")
  } }`;
}

async function check(calls: Typed[]): Promise<Complaint[]> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, programOf(calls));
    const program = ts.createProgram([file], OPTIONS);
    return program.getSemanticDiagnostics(program.getSourceFile(file)).map((it) => complaintOf(it, calls));
  } finally {
    await Deno.remove(file);
  }
}

/** The last and so most exact words of the compiler, with the member they are about and without the object it is in. */
function complaintOf({ file, start, length, messageText }: ts.Diagnostic, calls: Typed[]): Complaint {
  const line = file!.getLineAndCharacterOfPosition(start!).line - 2;
  const place = file!.text.slice(start!, start! + length!);
  const reason = ts.flattenDiagnosticMessageText(messageText, "\n").split("\n").at(-1)!.trim();
  const subject = line % 2 === 0 ? "request" : "answer";
  const member = place.startsWith('"') ? ` ${place}` : "";
  return { id: calls[line >> 1].id, text: `${subject}${member}: ${reason.replace(/'{ .*}'/g, "{ … }")}` };
}

/** Each complaint once, with the operations it is about. */
function listed(complaints: Complaint[]): string[] {
  return [...Map.groupBy(complaints, ({ text }) => text)].map(([text, all]) =>
    `${text} (${[...new Set(all.map(({ id }) => id))].join(", ")})`
  );
}

describe("the public types", () => {
  let complaints: Complaint[];
  let broken: Complaint[];
  before(async () => {
    const all = await check([...await described(), ...BROKEN.map(([call]) => call)]);
    complaints = all.filter(({ id }) => id !== TOKEN.id);
    broken = all.filter(({ id }) => id === TOKEN.id);
  });

  it("take every request that is described, and have every field of every answer", () => {
    const unwanted = complaints.filter(({ text }) => !EXCEPTIONS.some(([excused]) => excused.test(text)));

    assertEquals(listed(unwanted), []);
  });

  it("have no exception that excuses nothing", () => {
    const idle = EXCEPTIONS.filter(([excused]) => !complaints.some(({ text }) => excused.test(text)));

    assertEquals(idle.map(([excused]) => String(excused)), []);
  });

  it("refuse what is not described", () => {
    assertEquals(broken.map(({ text }) => text), BROKEN.map(([, complaint]) => complaint));
  });
});
