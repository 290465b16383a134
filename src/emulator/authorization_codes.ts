import { toBase64Url, utf8 } from "../bytes.ts";
import { badRequest, oauthError } from "./answers.ts";
import { CODE_LIFETIME, sameText } from "./codes.ts";
import { type Kind, kind } from "./kind.ts";
import { revokeSessions } from "./people.ts";
import type { SignIn } from "./signin.ts";
import type { Entity } from "./store.ts";
import type { World } from "./world.ts";

/** What an authorization code stands for; the id is the code itself. */
export interface AuthorizationCode extends Entity {
  /** Which token endpoint takes it. */
  audience: "user_management" | "sso";
  signIn: SignIn;
  /** S256 challenge, where the client made one. */
  challenge?: string;
  expires: number;
  used: boolean;
  /** Session it was exchanged for. */
  sessionId?: string;
}

export const AUTHORIZATION_CODES: Kind<AuthorizationCode> = kind("authorization_code");

/** Makes a code that can be exchanged once within ten minutes. */
export function issueAuthorizationCode(
  world: World,
  code: Omit<AuthorizationCode, "id" | "expires" | "used">,
): AuthorizationCode {
  const id = `01${world.ids.token(24).toUpperCase()}`;
  return world.of(AUTHORIZATION_CODES).insert({ ...code, id, expires: world.now() + CODE_LIFETIME, used: false });
}

/**
 * Redeems a code, which works once. The verifier is required from a client without a secret, and for a code that was
 * requested with a challenge.
 */
export async function redeemAuthorizationCode(
  world: World,
  { code, verifier, audience, confidential }: {
    code: string;
    verifier: string | null | undefined;
    audience: AuthorizationCode["audience"];
    confidential: boolean;
  },
): Promise<AuthorizationCode> {
  const challenge = verifier ? await challengeOf(verifier) : undefined;
  const record = world.of(AUTHORIZATION_CODES).get(code);
  if (!confidential && !verifier) {
    throw oauthError("invalid_client", "Either a client secret or a verifier is required.");
  }
  if (record?.used) revokeSessions(world, { id: record.sessionId });
  if (!record || record.used || record.audience !== audience || record.expires <= world.now()) {
    throw oauthError("invalid_grant", "The code has expired or has already been used.");
  }
  if (!record.challenge && (verifier || !confidential)) {
    throw badRequest("code_challenge_not_found");
  }
  if (record.challenge && !sameText(record.challenge, challenge ?? "")) {
    throw oauthError("invalid_grant", "The code verifier does not match the code challenge.");
  }
  return world.set(AUTHORIZATION_CODES, code, { used: true });
}

async function challengeOf(verifier: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(verifier))));
}
