import { invalidField } from "../answers.ts";
import { readFields } from "../fields.ts";
import { isTemplate, JWT_TEMPLATES, TEMPLATE_ID } from "../jwt_template.ts";
import { type Route, route } from "../router.ts";

/** The template of access tokens. */
export const jwtTemplateRoutes: Route[] = [
  route("GET /user_management/jwt_template", (_call, world) => {
    return world.show(JWT_TEMPLATES, world.found(JWT_TEMPLATES, world.settings.clientId, { id: TEMPLATE_ID }));
  }),
  route("PUT /user_management/jwt_template", ({ body }, world) => {
    const { content } = readFields(body, { content: "text" });
    if (!isTemplate(content)) throw invalidField("content");
    const known = world.of(JWT_TEMPLATES).get(TEMPLATE_ID);
    const template = known
      ? world.update(JWT_TEMPLATES, TEMPLATE_ID, { content })
      : world.create(JWT_TEMPLATES, { id: TEMPLATE_ID, content });
    return world.show(JWT_TEMPLATES, template);
  }),
];
