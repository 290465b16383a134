// Tries to use an API key in this page, or in whatever kind of worker of it this is.
import { createWorkOS, WorkOS } from "@universal/workos";
import { createPublicWorkOS } from "@universal/workos/public";

const KEY = "sk_test_emulator";
const PATIENCE = 10_000; // milliseconds
const inPage = "document" in globalThis;
const api = inPage ? document.documentElement.dataset.api : new URLSearchParams(location.search).get("api");

const ATTEMPTS = {
  "new WorkOS(key)": () => new WorkOS(KEY),
  "new WorkOS({ apiKey })": () => new WorkOS({ apiKey: KEY, clientId: "client_1", baseUrl: api }),
  "createWorkOS({ apiKey })": () => createWorkOS({ apiKey: KEY }),
  "WorkOS.fromEnv(env)": () => WorkOS.fromEnv({ WORKOS_API_KEY: KEY }),
  "createPublicWorkOS({ apiKey })": () => createPublicWorkOS({ apiKey: KEY, clientId: "client_1" }),
};

/** How each attempt fails, and what a client can do that is allowed to have a key. */
async function tryKeys() {
  const failures = Object.entries(ATTEMPTS).map(([name, attempt]) => [name, failureOf(attempt)]);
  return { failures: Object.fromEntries(failures), allowed: await callAnyway().catch(String) };
}

async function callAnyway() {
  const workos = new WorkOS({ apiKey: KEY, baseUrl: api, maxRetries: 0, dangerouslyAllowBrowser: true });
  const { data } = await workos.organizations.listOrganizations();
  return data[0].name;
}

function failureOf(attempt) {
  try {
    attempt();
    return { type: "none", message: "", shown: "" };
  } catch (error) {
    const type = error instanceof TypeError ? "TypeError" : error.name;
    return { type, message: error.message, shown: `${error} ${error.stack} ${JSON.stringify(error)}` };
  }
}

/** What is found out in a page and in each kind of worker that it can have. */
const SCOPES = {
  "page": tryKeys,
  "dedicated worker": () => answerOf(new Worker(script())),
  "shared worker": () => answerOf(new SharedWorker(script()).port),
  "service worker": async () => {
    await navigator.serviceWorker.register(script());
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage("go");
    return await answerOf(navigator.serviceWorker);
  },
};

function script() {
  return `/keys.js?${new URLSearchParams({ api })}`;
}

function answerOf(source) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("The worker does not answer")), PATIENCE);
    source.addEventListener("message", ({ data }) => resolve(data));
    source.start?.();
    source.startMessages?.();
  });
}

async function tell(target) {
  target.postMessage(await tryKeys());
}

if (inPage) globalThis.tryKeysIn = (scope) => SCOPES[scope]();
else if ("clients" in globalThis) globalThis.onmessage = (event) => event.waitUntil(tell(event.source));
else if ("onconnect" in globalThis) globalThis.onconnect = ({ ports: [port] }) => tell(port);
else tell(globalThis);
