// A server on loopback that answers every request with one organization; prints its port. Ends with its input.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { organization } from "./contestants.ts";

const text = JSON.stringify(organization(1));
const headers = { "Content-Type": "application/json", "Content-Length": text.length };
const server = createServer((_, response) => void response.writeHead(200, headers).end(text));
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.stdin.on("end", () => process.exit(0)).resume();
