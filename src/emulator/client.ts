import { oauthError } from "./answers.ts";
import { sameText } from "./codes.ts";
import type { World } from "./world.ts";

/**
 * Checks the client that requests tokens. Throws an OAuth error for a wrong id or secret, and for a missing secret
 * where one is required.
 */
export function checkClient(
  { settings }: World,
  { client_id, client_secret }: Record<string, unknown>,
  { secret }: { secret: "required" | "optional" },
): void {
  const isKnown = typeof client_secret === "string"
    ? sameText(client_secret, settings.apiKey)
    : client_secret === undefined && secret === "optional";
  if (client_id !== settings.clientId || !isKnown) throw oauthError("invalid_client", "Invalid client ID or secret.");
}
