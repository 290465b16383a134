// An app as users of the package write it: people sign in with PKCE, and there is no secret anywhere.
import { decodeJwt } from "@universal/workos/jwt";
import * as sdk from "@universal/workos/public";

const { api, clientId } = document.documentElement.dataset;
const { userManagement, sso } = sdk.createPublicWorkOS({ clientId, baseUrl: api });

/** What the buttons do. */
const ACTIONS = {
  "Sign in": async () => {
    const redirectUri = `${location.origin}/callback`;
    leave(await userManagement.getAuthorizationUrlWithPKCE({ provider: "authkit", redirectUri }));
  },
  "Single sign-on": async () => {
    const redirectUri = `${location.origin}/sso/callback`;
    leave(await sso.getAuthorizationUrlWithPKCE({ organization: "org_acme", redirectUri }));
  },
  "Use a code": async () => {
    const authorization = await userManagement.createDeviceAuthorization();
    show("code", authorization.userCode);
    showSession(await userManagement.pollDeviceAuthorization({ ...authorization, interval: 0.5 }));
  },
};

/** What the pages do that people come back to. */
const CALLBACKS = {
  "/callback": async () => showSession(await userManagement.authenticateWithCode(takeCode())),
  "/sso/callback": async () => {
    const { accessToken, profile } = await sso.getProfileAndToken(takeCode());
    show("profile", profile.email);
    show("profile-again", (await sso.getProfile({ accessToken })).email);
  },
};

function leave({ url, state, codeVerifier }) {
  sessionStorage.setItem("sign-in", JSON.stringify({ state, codeVerifier }));
  location.assign(url);
}

function takeCode() {
  const query = new URLSearchParams(location.search);
  const { state, codeVerifier } = JSON.parse(sessionStorage.getItem("sign-in"));
  sessionStorage.removeItem("sign-in");
  history.replaceState(null, "", location.pathname); // a code is nothing to bookmark
  if (query.get("state") !== state) throw new Error("Cannot sign in: the state is not the one that was sent");
  if (query.has("error")) throw new Error(`Cannot sign in: ${query.get("error")}`);
  return { code: query.get("code"), codeVerifier };
}

function showSession({ user, accessToken, refreshToken }) {
  show("user", user.email);
  show("token", accessToken);
  addButton("Refresh", async () => showSession(await userManagement.authenticateWithRefreshToken({ refreshToken })));
  const { sid: sessionId } = decodeJwt(accessToken).payload;
  const signOut = show("out", "Sign out", "a");
  signOut.href = userManagement.getLogoutUrl({ sessionId, returnTo: `${location.origin}/` });
}

function show(id, text, tag = "p") {
  document.getElementById(id)?.remove();
  const element = document.body.appendChild(Object.assign(document.createElement(tag), { id }));
  element.textContent = text;
  return element;
}

function addButton(name, action) {
  show(name, name, "button").onclick = () => run(action);
}

async function run(action) {
  try {
    await action();
  } catch (error) {
    show("error", JSON.stringify(describe(error)));
  }
}

/** What an app can tell a failure by. */
function describe(error) {
  const { name, message, status, code, error: reason, retryAfter, requestID, attempts } = error;
  const classes = Object.keys(sdk).filter((it) => it.endsWith("Exception") && error instanceof sdk[it]);
  return { name, classes, message, status, code, error: reason, retryAfter, requestID, attempts };
}

/** For calls that have no button: what a method gives, or how it fails. */
globalThis.call = async ({ area, method, args = [], options }) => {
  const client = sdk.createPublicWorkOS({ clientId, baseUrl: api, ...options });
  try {
    return await client[area][method](...args);
  } catch (error) {
    return describe(error);
  }
};

for (const [name, action] of Object.entries(ACTIONS)) addButton(name, action);
if (location.pathname in CALLBACKS) run(CALLBACKS[location.pathname]);
