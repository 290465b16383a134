import { entityNotFound } from "../answers.ts";
import { publicRoute, type Route } from "../router.ts";

/** The public keys of access tokens. */
export const jwksRoutes: Route[] = [
  publicRoute("GET /sso/jwks/:clientId", async ({ params: { clientId } }, world) => {
    if (clientId !== world.settings.clientId) throw entityNotFound("Client", clientId);
    return await world.keys.jwks();
  }),
];
