// An application written for the Node SDK: sign-in with AuthKit, a session cookie, sign-out, a webhook. Only the name of
// the package in the next line was changed.
import { WorkOS } from "@universal/workos";

/** What the application needs to know. */
export interface Settings {
  apiKey: string;
  clientId: string;
  redirectUri: string;
  cookiePassword: string;
  webhookSecret: string;
  /** Sends the requests of the client; the global one when absent. */
  fetchFn?: typeof fetch;
  /** What to do with the address of everybody who signs up. */
  welcome(email: string): Promise<void>;
}

const COOKIE = "wos-session";

/** The application: a request in, a response out. */
export function createApp(settings: Settings): (request: Request) => Promise<Response> {
  const { apiKey, clientId, fetchFn } = settings;
  const workos = new WorkOS(apiKey, { clientId, ...fetchFn && { fetchFn } });
  const routes: Record<string, (request: Request) => Promise<Response>> = {
    "GET /": home,
    "GET /login": () => Promise.resolve(login()),
    "GET /callback": callback,
    "GET /logout": logout,
    "POST /webhooks": webhook,
  };

  return async (request) => {
    const route = routes[`${request.method} ${new URL(request.url).pathname}`];
    const response = route ? await route(request) : new Response("Not found", { status: 404 });
    response.headers.set("Cache-Control", "private, no-store"); // a page and its cookies are for one visitor
    return response;
  };

  /** Greets who is signed in, renewing the session when its time is over. */
  async function home(request: Request): Promise<Response> {
    const session = sessionOf(request);
    const current = await session.authenticate();
    if (current.authenticated) return new Response(`Hello ${current.user.email}`);
    if (current.reason === "no_session_cookie_provided") return redirect("/login");

    const refreshed = await session.refresh();
    if (!refreshed.authenticated && refreshed.retryable) return new Response("Try again in a moment", { status: 503 });
    if (!refreshed.authenticated) return redirect("/login", cookie("", 0));
    return redirect("/", cookie(refreshed.sealedSession!));
  }

  function login(): Response {
    const { redirectUri } = settings;
    const state = crypto.randomUUID();
    const url = workos.userManagement.getAuthorizationUrl({ provider: "authkit", clientId, redirectUri, state });
    return redirect(url, `state=${state}; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=600`);
  }

  async function callback(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const [code, state] = [searchParams.get("code"), searchParams.get("state")];
    if (!code || !state || state !== readCookie(request, "state")) return redirect("/login");
    const { sealedSession } = await workos.userManagement.authenticateWithCode({
      clientId,
      code,
      session: { sealSession: true, cookiePassword: settings.cookiePassword },
    });
    return redirect("/", cookie(sealedSession!));
  }

  async function logout(request: Request): Promise<Response> {
    const url = await sessionOf(request).getLogoutUrl().catch((error) => {
      if (!/session ID/.test(error.message)) throw error; // AuthKit would sign the same person in again
      return "/login"; // nobody was signed in
    });
    return redirect(url, cookie("", 0));
  }

  async function webhook(request: Request): Promise<Response> {
    const payload = await request.json();
    const sigHeader = request.headers.get("WorkOS-Signature") ?? "";
    try {
      const event = await workos.webhooks.constructEvent({ payload, sigHeader, secret: settings.webhookSecret });
      if (event.event === "user.created") await settings.welcome(event.data.email);
      return new Response("OK");
    } catch {
      return new Response("Not from WorkOS", { status: 400 });
    }
  }

  function sessionOf(request: Request) {
    return workos.userManagement.loadSealedSession({
      sessionData: readCookie(request, COOKIE),
      cookiePassword: settings.cookiePassword,
    });
  }
}

function cookie(value: string, maxAge: number = 400 * 24 * 3600): string {
  return `${COOKIE}=${value}; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=${maxAge}`;
}

function readCookie(request: Request, name: string): string {
  const pairs = (request.headers.get("Cookie") ?? "").split("; ");
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}

function redirect(location: string, setCookie?: string): Response {
  const headers = new Headers({ Location: location });
  if (setCookie) headers.set("Set-Cookie", setCookie);
  return new Response(null, { status: 302, headers });
}
