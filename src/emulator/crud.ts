import { sameAddress } from "./records.ts";
import { paginate } from "./list.ts";
import type { Kind, Stamped } from "./kind.ts";
import { type Answer, type Call, type Method, type Route, route } from "./router.ts";
import type { Entity, Match } from "./store.ts";
import type { World } from "./world.ts";

/** Keeps the records that have a value in this member, or those that fit it. */
export type Filter<T> = (keyof T & string) | ((record: T, value: string) => boolean);

/** What the values of query parameters keep. */
export type Filters<T> = Record<string, Filter<T>>;

/** How a plain list is answered. */
export interface ListOptions<T> {
  /** Query parameters that narrow the list. */
  filters?: Filters<T>;
  /** Which records can be listed at all. Defaults to every one. */
  scope?: (call: Call, world: World) => (record: T) => boolean;
  /** How its route is written down: `route`, by default, or `route400`. */
  write?: typeof route;
}

/** What a collection offers besides listing and fetching; each part is optional. */
export interface CrudOptions<T extends Stamped> extends ListOptions<T> {
  /** Whether `GET /path/:id` exists. Defaults to true. */
  get?: boolean;
  /** `POST /path` adds what this returns. */
  create?: (call: Call, world: World) => T | Promise<T>;
  /** `PUT /path/:id` changes what this returns. */
  update?: (call: Call, world: World, record: T) => Partial<T> | Promise<Partial<T>>;
  /** Method of the update. Defaults to PUT. */
  updateMethod?: "PUT" | "PATCH";
  /** `DELETE /path/:id` removes the record; this runs before. */
  remove?: (record: T, world: World) => void;
  /** Status of the removal. Defaults to 204. */
  removeStatus?: number;
}

/** The usual endpoints of one kind of record. */
export function crud<T extends Stamped>(kind: Kind<T>, path: `/${string}`, options: CrudOptions<T> = {}): Route[] {
  const { create, update, remove: clear, updateMethod = "PUT", removeStatus } = options;
  const routes = [list(kind, path, options)];
  if (options.get ?? true) routes.push(get(kind, path));
  if (create) {
    const handle = async (call: Call, world: World) => world.show(kind, await create(call, world));
    routes.push(route(`POST ${path}`, handle, 201));
  }
  if (update) {
    routes.push(routeOn(kind, `${updateMethod} ${path}/:id`, async (record, call, world) => {
      return world.show(kind, world.update(kind, record.id, await update(call, world, record)));
    }));
  }
  if (clear) routes.push(remove(kind, path, clear, removeStatus));
  return routes;
}

/** An endpoint about one record, which the path names with `:id`. */
export function routeOn<T extends Entity>(
  kind: Kind<T>,
  line: `${Method} /${string}/:id${string}`,
  handle: (record: T, call: Call, world: World) => Answer | Promise<Answer>,
  status?: number,
): Route {
  return route(line, (call, world) => handle(world.existing(kind, call.params.id), call, world), status);
}

/** `GET /path/:id` */
export function get<T extends Entity>(kind: Kind<T>, path: `/${string}`): Route {
  return routeOn(kind, `GET ${path}/:id`, (record, _call, world) => world.show(kind, record));
}

/** `DELETE /path/:id`; something may run before. */
export function remove<T extends Entity>(
  kind: Kind<T>,
  path: `/${string}`,
  clear?: (record: T, world: World) => void,
  status = 204,
): Route {
  return routeOn(kind, `DELETE ${path}/:id`, (record, _call, world) => {
    clear?.(record, world);
    world.remove(kind, record.id);
  }, status);
}

/** `GET /path/external_id/:externalId` */
export function getByExternalId<T extends Entity & { external_id: string | null }>(
  kind: Kind<T>,
  path: `/${string}`,
): Route {
  return route(`GET ${path}/external_id/:id`, ({ params: { id } }, world) => {
    return world.show(kind, world.found(kind, id, { external_id: id } as Partial<T>));
  });
}

/** `GET /path`, one page at a time. */
export function list<T extends Entity>(
  kind: Kind<T>,
  path: `/${string}`,
  { filters, scope, write = route }: ListOptions<T> = {},
): Route {
  return write(`GET ${path}`, (call, world) => listAnswer(call, world, { kind, filters, among: scope?.(call, world) }));
}

/** `GET` of the records that belong to another one, which the path names with `:id`. */
export function listOf<T extends Entity, P extends Entity>(
  path: `/${string}/:id/${string}`,
  owner: Kind<P>,
  { kind, belongs, filters }: { kind: Kind<T>; belongs: Filter<T>; filters?: Filters<T> },
): Route {
  return routeOn(owner, `GET ${path}`, ({ id }, call, world) => {
    return listAnswer(call, world, { kind, filters, among: (record) => passes(belongs, record, id) });
  });
}

/** The page a request asks for, of the records that are meant. */
export function listAnswer<T extends Entity>(
  call: Call,
  world: World,
  { kind, filters = {}, among }: { kind: Kind<T>; filters?: Filters<T>; among?: Match<T> },
): object {
  const collection = world.of(kind);
  const asked = Object.entries(filters).filter(([name]) => call.query.get(name));
  const rows = collection.all(among).filter((record) =>
    asked.every(([name, filter]) => passes(filter, record, call.query.get(name) ?? ""))
  );
  const page = paginate(call.query, { collection, rows });
  return { object: "list", ...page, data: page.data.map((record) => world.show(kind, record)) };
}

function passes<T>(filter: Filter<T>, record: T, value: string): boolean {
  return typeof filter === "string" ? record[filter] === value : filter(record, value);
}

/** A {@linkcode Filter} by email address, in any case. */
export function byEmail(record: { email: string | null }, value: string): boolean {
  return sameAddress(record.email, value);
}

/** A {@linkcode Filter} by part of the name, in any case. */
export function byName({ name }: { name: string }, text: string): boolean {
  return name.toLowerCase().includes(text.toLowerCase());
}
