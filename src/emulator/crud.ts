import { paginate } from "./list.ts";
import type { Kind, Stamped } from "./kind.ts";
import { type Call, type Route, route } from "./router.ts";
import type { Entity } from "./store.ts";
import type { World } from "./world.ts";

/** Keeps the records that fit the value of a query parameter. */
export type Filters<T> = Record<string, (record: T, value: string, call: Call) => boolean>;

/** How a plain list is answered. */
export interface ListOptions<T> {
  /** Query parameters that narrow the list. */
  filters?: Filters<T>;
  /** Which records can be listed at all. Defaults to every one. */
  scope?: (call: Call, world: World) => (record: T) => boolean;
  /** Order without an `order` parameter. Defaults to `desc`. */
  order?: "asc" | "desc";
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
  const { create, update, remove, updateMethod = "PUT", removeStatus = 204 } = options;
  const routes = [list(kind, path, options)];
  if (options.get ?? true) routes.push(get(kind, path));
  if (create) {
    const handle = async (call: Call, world: World) => world.show(kind, await create(call, world));
    routes.push(route(`POST ${path}`, handle, 201));
  }
  if (update) {
    routes.push(route(`${updateMethod} ${path}/:id`, async (call, world) => {
      const record = world.existing(kind, call.params.id);
      return world.show(kind, world.update(kind, record.id, await update(call, world, record)));
    }));
  }
  if (remove) {
    routes.push(route(`DELETE ${path}/:id`, (call, world) => {
      remove(world.existing(kind, call.params.id), world);
      world.remove(kind, call.params.id);
    }, removeStatus));
  }
  return routes;
}

/** `GET /path/:id` */
export function get<T extends Entity>(kind: Kind<T>, path: `/${string}`): Route {
  return route(`GET ${path}/:id`, (call, world) => world.show(kind, world.existing(kind, call.params.id)));
}

/** `GET /path/external_id/:externalId` */
export function getByExternalId<T extends Entity & { external_id: string | null }>(
  kind: Kind<T>,
  path: `/${string}`,
): Route {
  return route(`GET ${path}/external_id/:id`, ({ params: { id } }, world) => {
    return world.show(kind, world.found(kind, id, ({ external_id }) => external_id === id));
  });
}

/** `GET /path`, one page at a time. */
export function list<T extends Entity>(kind: Kind<T>, path: `/${string}`, options: ListOptions<T> = {}): Route {
  return route(`GET ${path}`, (call, world) => listAnswer(call, world, { kind, ...options }));
}

/** `GET` of the records that belong to another one, which the path names with `:id`. */
export function listOf<T extends Entity, P extends Entity>(
  path: `/${string}/:id/${string}`,
  owner: Kind<P>,
  { kind, belongs, filters }: { kind: Kind<T>; belongs: (record: T, id: string) => boolean; filters?: Filters<T> },
): Route {
  return route(`GET ${path}`, (call, world) => {
    const { id } = world.existing(owner, call.params.id);
    return listAnswer(call, world, { kind, filters, scope: () => (record) => belongs(record, id) });
  });
}

/** The page a request asks for. */
export function listAnswer<T extends Entity>(
  call: Call,
  world: World,
  { kind, filters = {}, scope, order }: ListOptions<T> & { kind: Kind<T> },
): object {
  const collection = world.of(kind);
  const asked = Object.entries(filters).filter(([name]) => call.query.get(name));
  const inScope = scope?.(call, world) ?? (() => true);
  const rows = collection.all((record) =>
    inScope(record) && asked.every(([name, fits]) => fits(record, call.query.get(name) ?? "", call))
  );
  const { data, list_metadata } = paginate(call.query, { collection, rows, order });
  return { object: "list", data: data.map((record) => world.show(kind, record)), list_metadata };
}
