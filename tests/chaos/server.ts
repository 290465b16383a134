// A server that misbehaves as it is told, on loopback alone and in a process of its own, until its standard input ends.
//   POST /plans        a Plan; answers { "id" }
//   ANY  /plan/ID/...  requests that are treated as the plan says
//   GET  /report/ID    what the plan has seen so far
// Prints its addresses when it is ready.
import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from "node:net";
import process from "node:process";
import type { Addresses, Fault, Ledger, Plan, Report } from "./plan.ts";

/** A plan at work. */
interface Run {
  plan: Plan;
  report: Report;
  random: () => number;
  created: Map<string, { id: string; name: string }>;
}

const LONGEST_LIFE = 300_000;
const runs = new Map<string, Run>();
let elsewhereRequests = 0;

async function main(): Promise<void> {
  const elsewhere = createSocketServer((socket) => {
    elsewhereRequests++;
    socket.on("error", () => {});
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
  });
  const hung = createSocketServer((socket) => void socket.on("error", () => {}));
  const refused = await listen(createSocketServer());
  const addresses: Addresses = {
    origin: await listen(createServer(answer)),
    elsewhere: await listen(elsewhere),
    hung: await listen(hung),
    refused,
  };
  process.stdin.on("end", () => process.exit(0)).resume();
  setTimeout(() => process.exit(1), LONGEST_LIFE).unref();
  console.log(JSON.stringify(addresses));
}

/** Starts a server; one that nothing was made to handle is closed again, so that its port refuses. */
async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  if (server.listenerCount("connection") === 0) await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const answer: RequestListener = async (request, response) => {
  const body = await readBody(request);
  const [, kind, id] = request.url!.split(/[/?]/);
  response.on("error", () => {});
  if (kind === "plans") return json(response, { id: makeRun(JSON.parse(body)) });
  const run = runs.get(id);
  if (!run) return json(response, { message: "There is no such plan" }, 404);
  if (kind === "report") return json(response, reportOf(run));
  run.report.requests++;
  if (run.plan.ledger) return keepAccount(run, { request, response, body });
  note(run, request, response);
  const faults = run.plan.faults ?? [{}];
  misbehave(request, response, faults[Math.min(run.report.requests, faults.length) - 1]);
};

function makeRun(plan: Plan): string {
  const id = String(runs.size + 1);
  const report: Report = { requests: 0, elsewhere: 0, unfinished: 0, seen: [] };
  runs.set(id, { plan, report, random: mulberry32(plan.ledger?.seed ?? 1), created: new Map() });
  return id;
}

function reportOf({ report, created, plan }: Run): Report {
  if (plan.ledger) report.ledger!.created = [...created.values()];
  return { ...report, elsewhere: elsewhereRequests };
}

function note({ report }: Run, request: IncomingMessage, response: ServerResponse): void {
  const { method = "", url = "", headers } = request;
  report.seen.push({ method, path: url.replace(/^\/plan\/\d+/, ""), key: headers["idempotency-key"] as string });
  response.on("close", () => {
    if (!response.writableFinished) report.unfinished++;
  });
}

/** Gives one answer, or none, as the fault says. */
function misbehave(request: IncomingMessage, response: ServerResponse, fault: Fault): void {
  const { status = 200, headers = {}, does = "answer" } = fault;
  const body = bodyOf(fault);
  const socket = request.socket;
  const type = { "Content-Type": "application/json", "X-Request-ID": "req_chaos", ...headers };
  if (does === "hang") return;
  if (does === "reset") return reset(socket);
  if (does === "resetInHeaders") return void socket.write("HTTP/1.1 200 OK\r\nContent-Ty", () => reset(socket));
  if (does === "garbage") return void socket.end("\x16\x03\x01 this is no HTTP\r\n\r\n");
  if (does === "dribbleHeaders") return dribble(socket, body);
  response.writeHead(status, status === 204 ? type : { ...type, "Content-Length": body.length });
  if (does === "answer") return void response.end(status === 204 ? undefined : body);
  response.write(body.subarray(0, body.length >> 1), () => {
    if (does === "truncate") socket.end();
    if (does === "resetInBody") setTimeout(() => reset(socket), 5); // after the first half has arrived
  });
}

function bodyOf({ body = '{"id":"org_1","name":"Acme"}', bytes, megabytes }: Fault): Buffer {
  if (bytes) return Buffer.from(bytes);
  if (megabytes) return Buffer.from(`{"id":"org_1","name":"${"é".repeat(megabytes * 500_000)}"}`);
  return Buffer.from(body);
}

function reset(socket: Socket): void {
  socket.resetAndDestroy();
}

/**
 * A good answer whose headers arrive a few characters at a time. It passes the server by, which would keep the next
 * request of the connection waiting: so the connection ends.
 */
function dribble(socket: Socket, body: Buffer): void {
  const headers = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close`;
  const text = `HTTP/1.1 200 OK\r\n${headers}\r\n\r\n${body}`;
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed) return clearInterval(timer);
    if (at >= text.length) {
      clearInterval(timer);
      return void socket.end();
    }
    socket.write(text.slice(at, at += 8));
  }, 3);
}

/** Creates organizations, each once per idempotency key, and lets some of the requests fail on the way. */
function keepAccount(
  run: Run,
  { request, response, body }: { request: IncomingMessage; response: ServerResponse; body: string },
): void {
  const { rate } = run.plan.ledger!;
  const ledger = run.report.ledger ??= emptyLedger();
  const key = request.headers["idempotency-key"] as string | undefined;
  if (!key) ledger.withoutKey++;
  const kind = run.random() < rate ? KINDS[Math.floor(run.random() * KINDS.length)] : "none";
  ledger.faults[kind] = (ledger.faults[kind] ?? 0) + 1;
  const soon = { "Retry-After": "0" };
  const past = { "Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT" };
  if (kind === "503 before") return misbehave(request, response, { status: 503, headers: soon });
  if (kind === "429 before") return misbehave(request, response, { status: 429, headers: past });
  if (kind === "reset before") return reset(request.socket);
  const text = JSON.stringify(create(run, key ?? "", JSON.parse(body)));
  if (kind === "500 after") return misbehave(request, response, { status: 500, headers: soon });
  if (kind === "reset after") return reset(request.socket);
  misbehave(request, response, { body: text, does: kind === "truncated after" ? "truncate" : "answer" });
}

const KINDS = ["503 before", "429 before", "reset before", "500 after", "reset after", "truncated after"];

function emptyLedger(): Ledger {
  return { created: [], replays: 0, withoutKey: 0, faults: {} };
}

function create({ created, report }: Run, key: string, { name }: { name: string }): { id: string; name: string } {
  const known = created.get(key);
  if (known) report.ledger!.replays++;
  const organization = known ?? { id: `org_${created.size}`, name };
  created.set(key, organization);
  return organization;
}

/** Numbers in [0, 1), the same for the same seed. */
function mulberry32(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

await main();
