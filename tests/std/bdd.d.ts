/** What a hook or a test runs; a returned promise is awaited. */
type Body = () => void | Promise<void>;

/** Groups tests; the body registers them at once. */
export function describe(name: string, body: () => void): void;
/** One test. */
export function it(name: string, body: Body): void;
/** Runs once before the first test of its group. */
export function before(body: Body): void;
/** Runs once after the last test of its group. */
export function after(body: Body): void;
/** Runs before each test of its group and of the groups inside it. */
export function beforeEach(body: Body): void;
/** Runs after each test of its group and of the groups inside it. */
export function afterEach(body: Body): void;
