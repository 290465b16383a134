import { badRequest, conflict, Refusal } from "../answers.ts";
import { crud } from "../crud.ts";
import { readFields } from "../fields.ts";
import { type Kind, kind, type Stamped } from "../kind.ts";
import type { Route } from "../router.ts";
import type { World } from "../world.ts";

interface RedirectUri extends Stamped {
  uri: string;
  default: boolean;
}

export const REDIRECT_URIS: Kind<RedirectUri> = kind("redirect_uri", { title: "Redirect URI" });

interface CorsOrigin extends Stamped {
  origin: string;
}

const CORS_ORIGINS: Kind<CorsOrigin> = kind("cors_origin", { title: "CORS origin" });

/** Addresses that browsers may be sent back to (any, as long as none is configured), and origins they may call from. */
export const redirectUriRoutes: Route[] = [
  ...crud(REDIRECT_URIS, "/user_management/redirect_uris", {
    get: false,
    create: ({ body }, world) => {
      const { uri } = readFields(body, { uri: "url" });
      const known = world.of(REDIRECT_URIS).all();
      if (known.some((other) => other.uri === uri)) {
        throw new Refusal(422, { message: `Redirect URI '${uri}' already exists.` });
      }
      return world.create(REDIRECT_URIS, { uri, default: !known.length });
    },
    remove: ({ default: isDefault }) => {
      if (isDefault) throw new Refusal(409, { message: "Cannot delete the default redirect URI." });
    },
  }),
  ...crud(CORS_ORIGINS, "/user_management/cors_origins", {
    get: false,
    create: ({ body }, world) => {
      const { origin } = readFields(body, { origin: "url" });
      const known = world.of(CORS_ORIGINS).find({ origin });
      if (known) throw conflict("duplicate_cors_origin", "CORS origin already exists.");
      return world.create(CORS_ORIGINS, { origin });
    },
  }),
];

/** Refuses an address that is not configured, once one is. */
export function checkRedirectUri(world: World, wanted: string): void {
  const allowed = world.of(REDIRECT_URIS).all();
  if (allowed.length && !allowed.some(({ uri }) => uri === wanted)) throw badRequest("invalid_redirect_uri");
}
