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

const MODULE = decodeURIComponent(new URL("../../mod.ts", import.meta.url).pathname);

/** Two lines of a program for every call, after two others. A list is looked at as plain data. */
function programOf(calls: Typed[]): string {
  return [
    `import type { AutoPaginatable, List, WorkOS } from "${MODULE}";`,
    "type Shown<T> = T extends AutoPaginatable<infer Item, infer _Options> ? List<Item> : T;",
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
  return (await compile(programOf(calls))).map((it) => complaintOf(it, calls));
}

async function compile(text: string): Promise<readonly ts.Diagnostic[]> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, text);
    const program = ts.createProgram([file], OPTIONS);
    return program.getSemanticDiagnostics(program.getSourceFile(file));
  } finally {
    await Deno.remove(file);
  }
}

/** The methods with several signatures, as `area.method`: those whose data has a shape of the caller's. */
function overloaded(): string[] {
  const program = ts.createProgram([MODULE], OPTIONS);
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(MODULE)!)!);
  const client = checker.getAliasedSymbol(exported.find(({ name }) => name === "WorkOS")!);
  return checker.getDeclaredTypeOfSymbol(client).getProperties().flatMap((area) => {
    const type = checker.getTypeOfSymbol(area);
    const methods = type.isClass() ? type.getProperties() : [];
    return methods.filter((it) => checker.getTypeOfSymbol(it).getCallSignatures().length > 1)
      .map(({ name }) => `${area.name}.${name}`);
  });
}

/** A program in which every method is replaced, in every way that leaves its parameters to the compiler, or names them. */
function standInsOf(methods: string[]): string {
  return [
    `import type { WorkOS } from "${MODULE}";`,
    "declare function fn<T extends (...args: never[]) => unknown>(implementation: T): T;",
    ...methods.map((name, i) => {
      const [area, method] = name.split(".");
      return `{
        type Area = WorkOS["${area}"];
        type Method = Area["${method}"];
        const make = (workos: WorkOS, result: Awaited<ReturnType<Method>>) => {
          const stub: Pick<Area, "${method}"> = { ${method}: async (first, second) => (void [first, second], result) };
          const part = { ${method}: async (first) => (void first, result) } satisfies Partial<Area>;
          const mock: Method = fn<Method>(async (first) => (void first, result));
          workos.${name} = async (first) => (void first, result);
          class Stub${i} implements Pick<Area, "${method}"> {
            async ${method}(first: Parameters<Method>[0]) {
              return (void first, result);
            }
          }
          const given = async (...args: Parameters<Method>) => await workos.${name}(...args) satisfies typeof result;
          return [stub, part, mock, new Stub${i}(), given];
        };
      }`;
    }),
  ].join("\n");
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

describe("methods whose data has a shape of the caller's", () => {
  it("leave the parameters of what stands in for them to the compiler", async () => {
    const methods = overloaded();

    const complaints = await compile(standInsOf(methods));

    assertEquals(complaints.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")), []);
    assertEquals(methods.length, 16);
  });

  it("refuse data of another shape", async () => {
    const create = (plan: string) =>
      `import type { WorkOS } from "${MODULE}";
      interface Shape { plan?: "free" | "pro" }
      export const user = async ({ userManagement }: WorkOS) =>
        await userManagement.createUser<Shape>({ email: "ada@acme.example", metadata: { plan: ${plan} } });
      export const organization = async ({ organizations }: WorkOS) =>
        await organizations.createOrganization<Shape>({ name: "Acme", metadata: { plan: ${plan} } });`;

    const [fitting, others] = [await compile(create('"pro"')), await compile(create('"gold"'))];

    assertEquals([fitting.length, others.length], [0, 2]);
  });
});
