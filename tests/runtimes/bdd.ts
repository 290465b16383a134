// A small test runner for runtimes that have none: Workers and browsers. Stands in for `@std/testing/bdd`.

type Body = () => void | Promise<void>;

/** A group of tests and groups, in the order they were written. */
interface Group {
  name: string;
  parent?: Group;
  children: (Group | Test)[];
  before: Body[];
  after: Body[];
  beforeEach: Body[];
  afterEach: Body[];
}

interface Test {
  name: string;
  body: Body;
}

/** Where a run says what happens, a line at a time, in the format that `node --test` calls tap. */
export type Print = (line: string) => void;

let current: Group = makeGroup("");

function makeGroup(name: string, parent?: Group): Group {
  return { name, parent, children: [], before: [], after: [], beforeEach: [], afterEach: [] };
}

/** Groups tests; the body registers them at once. */
export function describe(name: string, body: () => void): void {
  const group = makeGroup(name, current);
  current.children.push(group);
  current = group;
  body();
  current = group.parent!;
}

/** One test. */
export function it(name: string, body: Body): void {
  current.children.push({ name, body });
}

/** Runs once before the first test of its group. */
export function before(body: Body): void {
  current.before.push(body);
}

/** Runs once after the last test of its group. */
export function after(body: Body): void {
  current.after.push(body);
}

/** Runs before each test of its group and of the groups inside it. */
export function beforeEach(body: Body): void {
  current.beforeEach.push(body);
}

/** Runs after each test of its group and of the groups inside it. */
export function afterEach(body: Body): void {
  current.afterEach.push(body);
}

/** Loads each file and runs what it registers, one test after the other; returns how many failed. */
export async function runFiles(files: Record<string, () => Promise<unknown>>, print: Print): Promise<number> {
  const counts = { pass: 0, fail: 0 };
  const attempt = async (name: string, body: () => Promise<unknown>) => {
    const error = await body().then(() => undefined, (reason) => reason ?? new Error("It fails without a reason"));
    if (error === undefined) return true;
    counts.fail++;
    print(`not ok - ${name}\n${error}\n${error.stack}`); // the stack of some browsers has no message
    return false;
  };
  for (const [file, load] of Object.entries(files)) {
    current = makeGroup(file);
    const root = current;
    if (await attempt(file, load)) await runGroup(root, { attempt, passed: () => counts.pass++ });
  }
  for (const [name, count] of Object.entries(counts)) print(`# ${name} ${count}`);
  return counts.fail;
}

interface Run {
  attempt(name: string, body: () => Promise<unknown>): Promise<boolean>;
  passed(): void;
}

async function runGroup(group: Group, run: Run): Promise<void> {
  const name = nameOf(group);
  if (await run.attempt(`${name} > before`, () => runAll(group.before))) {
    for (const child of group.children) {
      if ("children" in child) await runGroup(child, run);
      else if (await run.attempt(`${name} > ${child.name}`, () => runTest(child, group))) run.passed();
    }
  }
  await run.attempt(`${name} > after`, () => runAll(group.after));
}

function nameOf(group: Group): string {
  return group.parent ? `${nameOf(group.parent)} > ${group.name}` : group.name;
}

async function runTest(test: Test, group: Group): Promise<void> {
  const groups = [group];
  while (groups[0].parent) groups.unshift(groups[0].parent);
  try {
    await runAll(groups.flatMap((it) => it.beforeEach));
    await test.body();
  } finally {
    await runAll(groups.reverse().flatMap((it) => it.afterEach));
  }
}

async function runAll(bodies: Body[]): Promise<void> {
  for (const body of bodies) await body();
}
