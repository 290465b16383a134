// Sign-in with AuthKit for an app on Hono: routes that know who is signed in, and a webhook. For Deno, Bun and Workers:
//
//   const workos = new WorkOS(); // on Workers: WorkOS.fromEnv(env), with the env of "cloudflare:workers"
//   export default createApp({ workos, redirectUri, cookiePassword, webhookSecret, onEvent });
//
// On Node, pass the app to serve() of "@hono/node-server". Only Deno knows "npm:"; elsewhere import from "hono".
import { type Context, Hono, type MiddlewareHandler } from "npm:hono@4.13.19";
import { bodyLimit } from "npm:hono@4.13.19/body-limit";
import { deleteCookie, getCookie, setCookie } from "npm:hono@4.13.19/cookie";
import { type CurrentSession, type Event, OauthException } from "@universal/workos";
import { SignatureVerificationException, type WorkOS, WorkOSException } from "@universal/workos";

/** What the app needs to know. */
export interface Settings {
  workos: WorkOS;
  /** Where AuthKit sends people back to: the app's `/callback`. */
  redirectUri: string;
  /** At least 32 characters, or several to change them over: the first one seals. */
  cookiePassword: string | string[];
  webhookSecret: string;
  /** Is told what happens at WorkOS; an event may come more than once. */
  onEvent(event: Event): Promise<void>;
}

/** What a route finds in its context. */
export interface Env {
  Variables: { session: CurrentSession };
}

const SESSION = "wos-session";
const SIGN_IN = "wos-sign-in"; // what a sign-in under way has to remember
const COOKIE = { path: "/", httpOnly: true, secure: true, sameSite: "Lax" } as const;
const SESSION_COOKIE = { ...COOKIE, maxAge: 400 * 24 * 3600 };

/** The app: `/login`, `/callback`, `/logout`, `/webhooks`, and one page for who is signed in. */
export function createApp(settings: Settings): Hono<Env> {
  const { workos, redirectUri, cookiePassword, webhookSecret, onEvent } = settings;
  const { userManagement, webhooks } = workos;

  const requireSession: MiddlewareHandler<Env> = async (c, next) => {
    const current = await sessionOf(c).authenticateOrRefresh({ waitUntil: (promise) => keepAlive(c, promise) });
    if (!current.authenticated && current.retryable) { // nobody was signed out: WorkOS is not available
      return c.text("Try again in a moment", 503, { "Retry-After": String(current.retryAfter ?? 5) });
    }
    if (!current.authenticated) return c.redirect("/login");
    c.set("session", current);
    await next();
    // afterwards, as a route that returns a Response of its own loses what was set before; and not if it set the cookie
    const isSet = c.res.headers.getSetCookie().some((cookie) => cookie.startsWith(`${SESSION}=`));
    if (current.sealedSession && !isSet) setCookie(c, SESSION, current.sealedSession, SESSION_COOKIE);
    return undefined;
  };

  function sessionOf(c: Context) {
    return userManagement.loadSealedSession({ sessionData: getCookie(c, SESSION) ?? "", cookiePassword });
  }

  const app = new Hono<Env>();

  app.use(async (c, next) => {
    await next();
    c.header("Cache-Control", "private, no-store"); // a cache would give one visitor's page and cookies to another
  });

  app.get("/", requireSession, (c) => {
    const { user, role } = c.get("session");
    return c.json({ email: user.email, role: role ?? null });
  });

  app.get("/login", async (c) => {
    const signIn = await userManagement.getAuthorizationUrlWithPKCE({ provider: "authkit", redirectUri });
    setCookie(c, SIGN_IN, `${signIn.state}.${signIn.codeVerifier}`, { ...COOKIE, maxAge: 600 });
    return c.redirect(signIn.url);
  });

  app.get("/callback", async (c) => {
    const { code, state } = c.req.query();
    const [ownState, codeVerifier] = getCookie(c, SIGN_IN)?.split(".") ?? [];
    deleteCookie(c, SIGN_IN, COOKIE);
    if (!code || !state || state !== ownState) return c.redirect("/login"); // cancelled, or of another browser
    try {
      const session = { sealSession: true, cookiePassword };
      const { sealedSession } = await userManagement.authenticateWithCode({ code, codeVerifier, session });
      setCookie(c, SESSION, sealedSession!, SESSION_COOKIE);
      return c.redirect("/");
    } catch (error) {
      if (error instanceof OauthException && error.error === "invalid_grant") return c.redirect("/login"); // too late
      throw error;
    }
  });

  app.post("/logout", async (c) => {
    const url = await sessionOf(c).getLogoutUrl().catch((error) => {
      if (error instanceof WorkOSException) throw error; // not available: AuthKit would sign the same person in again
      return "/login"; // nobody was signed in
    });
    if (getCookie(c, SESSION)) deleteCookie(c, SESSION, COOKIE); // forms of other sites come without the cookie
    return c.redirect(url);
  });

  const limit = bodyLimit({ maxSize: 10_000_000 }); // a body is read before its signature can be verified
  app.post("/webhooks", limit, async (c) => {
    try {
      await onEvent(await webhooks.constructEvent({ payload: c.req.raw, secret: webhookSecret }));
      return c.body(null, 204);
    } catch (error) {
      if (error instanceof SignatureVerificationException) return c.text("Not from WorkOS", 400);
      throw error; // WorkOS sends it again
    }
  });

  return app;
}

/** On Workers, a refresh goes on when the visitor leaves; elsewhere it does anyway, and there is no such context. */
function keepAlive(c: Context, promise: Promise<unknown>): void {
  try {
    c.executionCtx.waitUntil(promise);
  } catch { // Hono throws where there is none
  }
}
