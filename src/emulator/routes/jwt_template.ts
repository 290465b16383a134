import { entityNotFound } from "../answers.ts";
import { readFields } from "../fields.ts";
import { type Kind, kind, type Stamped, without } from "../kind.ts";
import { type Route, route } from "../router.ts";

interface JwtTemplate extends Stamped {
  content: string;
}

const JWT_TEMPLATES: Kind<JwtTemplate> = kind<JwtTemplate>("jwt_template", {
  title: "JWT template",
  present: (template) => without(template, "id"),
});

/** The environment has one at most. */
const ID = "jwt_template_emulator";

/** The template of access tokens. It is kept, but adds nothing to them. */
export const jwtTemplateRoutes: Route[] = [
  route("GET /user_management/jwt_template", (_call, world) => {
    const template = world.of(JWT_TEMPLATES).get(ID);
    if (!template) throw entityNotFound(JWT_TEMPLATES.title, world.settings.clientId);
    return world.show(JWT_TEMPLATES, template);
  }),
  route("PUT /user_management/jwt_template", ({ body }, world) => {
    const { content } = readFields(body, { content: "text" });
    const known = world.of(JWT_TEMPLATES).get(ID);
    const template = known
      ? world.update(JWT_TEMPLATES, ID, { content })
      : world.create(JWT_TEMPLATES, { id: ID, content });
    return world.show(JWT_TEMPLATES, template);
  }),
];
