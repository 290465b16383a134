import { conflict, invalidFields, unprocessable } from "../answers.ts";
import { crud } from "../crud.ts";
import { isEventName } from "../event_names.ts";
import { checkOneOf, readFields } from "../fields.ts";
import { WEBHOOK_ENDPOINTS, type WebhookEndpoint } from "../records.ts";
import type { Route } from "../router.ts";
import type { World } from "../world.ts";

/** Webhook endpoints. */
export const webhookEndpointRoutes: Route[] = crud(WEBHOOK_ENDPOINTS, "/webhook_endpoints", {
  create: ({ body }, world) => {
    const { endpoint_url, events } = readFields(body, { endpoint_url: "text", events: "texts" });
    checkAddress(world, endpoint_url);
    return addWebhookEndpoint(world, { endpoint_url, events });
  },
  updateMethod: "PATCH",
  update: ({ body }, world, { id }) => {
    const shape = { endpoint_url: "text?", status: "text?", events: "texts?" } as const;
    const change = readFields(body, shape);
    const { endpoint_url, status, events } = change;
    checkOneOf("status", status, ["enabled", "disabled"]);
    if (endpoint_url !== undefined) checkAddress(world, endpoint_url, id);
    if (events) checkEvents(events);
    return change as Partial<WebhookEndpoint>; // its status is checked above
  },
  remove: () => {},
  get: false,
});

/** Adds an endpoint, with a generated secret unless one is given. Throws a 422 without events or for unknown ones. */
export function addWebhookEndpoint(
  world: World,
  endpoint: Partial<WebhookEndpoint> & Pick<WebhookEndpoint, "endpoint_url" | "events">,
): WebhookEndpoint {
  checkEvents(endpoint.events);
  const secret = endpoint.secret ?? `whsec_${world.ids.token(25)}`;
  return world.create(WEBHOOK_ENDPOINTS, { status: "enabled", ...endpoint, secret });
}

function checkAddress(world: World, address: string, id?: string): void {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw unprocessable("invalid_url");
  }
  const taken = world.of(WEBHOOK_ENDPOINTS).find((known) => known.endpoint_url === address && known.id !== id);
  if (taken) throw conflict("duplicate_endpoint");
}

function checkEvents(events: string[]): void {
  const message = "At least one event is required.";
  if (!events.length) throw invalidFields([{ code: "events_required", field: "events", message }]);
  const unknown = events.filter((name) => !isEventName(name));
  const error = { code: "unknown_event_type", field: "events", message: "Invalid enum value." };
  if (unknown.length) throw invalidFields(unknown.map(() => error));
}
