import { API_ACTOR, ENVIRONMENT_ID } from "./environment.ts";
import { type Kind, kind, type Reader, type Stamped } from "./kind.ts";
import { ORGANIZATIONS, USERS } from "./records.ts";
import type { Entity } from "./store.ts";
import type { ClaimSource, Content, World } from "./world.ts";

export interface Flag extends Stamped {
  slug: string;
  name: string;
  description: string | null;
  owner: { email: string; first_name: string | null; last_name: string | null } | null;
  tags: string[];
  enabled: boolean;
  default_value: boolean;
}

export const FLAGS: Kind<Flag> = kind("feature_flag", {
  prefix: "flag",
  announce: (flag) => ({ ...flag, environment_id: ENVIRONMENT_ID }),
});

/** Something a flag is turned on for. */
export interface FlagTarget extends Entity {
  flag_id: string;
  /** `user`, `organization`, or a type of one's own. */
  type: string;
  resource_id: string;
}

export const FLAG_TARGETS: Kind<FlagTarget> = kind("flag_target");

/** What a flag is turned on for, without the flag. */
export type Targeted = Pick<FlagTarget, "type" | "resource_id">;

/** The flag with this slug. */
export function flagBySlug(world: Reader, slug: string): Flag | undefined {
  return world.of(FLAGS).find({ slug });
}

/** Adds a flag, and announces it. Throws when the slug is taken. */
export function addFlag(world: World, content: Content<Flag>): Flag {
  if (flagBySlug(world, content.slug)) throw new TypeError(`Cannot add feature flag: "${content.slug}" exists already`);
  const flag = world.create(FLAGS, content);
  world.emitAbout("flag.created", FLAGS, flag, circumstances(world));
  return flag;
}

/** Turns a flag on or off in the environment, and announces that. */
export function switchFlag(world: World, flag: Flag, enabled: boolean): Flag {
  if (flag.enabled === enabled) return flag;
  const before = rule(world, flag);
  const after = world.set(FLAGS, flag.id, { enabled, updated_at: world.timestamp() });
  announceRule(world, after, { data: { enabled: flag.enabled }, context: { access_type: before.access_type } });
  return after;
}

/** Turns a flag on for one user, organization or other resource, and announces that. */
export function addTarget(world: World, flag: Flag, target: Targeted): void {
  if (findTarget(world, flag, target)) return;
  const id = JSON.stringify([flag.id, target.type, target.resource_id]);
  changeTargets(world, flag, () => world.of(FLAG_TARGETS).insert({ ...target, id, flag_id: flag.id }));
}

/** Takes back what {@linkcode addTarget} did. */
export function removeTarget(world: World, flag: Flag, target: Targeted): void {
  const known = findTarget(world, flag, target);
  if (known) changeTargets(world, flag, () => world.of(FLAG_TARGETS).delete(known.id));
}

/** Forgets a user or organization that is there no more. */
export function forgetTarget(world: World, resourceId: string): void {
  world.forget(FLAG_TARGETS, { resource_id: resourceId });
}

/** The targets of a flag of one type, or of those that are neither users nor organizations. */
export function targetsOf(world: Reader, { id }: Flag, type: "user" | "organization" | "custom"): FlagTarget[] {
  const fits = (target: FlagTarget) => type === (isBuiltIn(target) ? target.type : "custom");
  return world.of(FLAG_TARGETS).all((target) => target.flag_id === id && fits(target));
}

/** Whether a flag is on for any of these users and organizations. */
export function isOn(world: Reader, flag: Flag, resourceIds: (string | undefined)[]): boolean {
  if (!flag.enabled || flag.default_value) return flag.enabled;
  return world.of(FLAG_TARGETS).all({ flag_id: flag.id }).some((target) =>
    isBuiltIn(target) && resourceIds.includes(target.resource_id)
  );
}

/** Slugs of the flags that are on for the user or the organization of a session; none where there are no flags. */
export const flagClaims: ClaimSource = ({ user_id, organization_id }, world) => {
  const flags = world.of(FLAGS).all();
  if (!flags.length) return {};
  const on = flags.filter((flag) => isOn(world, flag, [user_id, organization_id]));
  return { feature_flags: on.map(({ slug }) => slug) };
};

function isBuiltIn({ type }: Targeted): boolean {
  return type === "user" || type === "organization";
}

function findTarget(world: World, flag: Flag, { type, resource_id }: Targeted): FlagTarget | undefined {
  return world.of(FLAG_TARGETS).find({ flag_id: flag.id, type, resource_id });
}

function changeTargets(world: World, flag: Flag, change: () => void): void {
  const context = rule(world, flag);
  change();
  const after = world.set(FLAGS, flag.id, { updated_at: world.timestamp() });
  announceRule(world, after, { context });
}

/** The targets of a flag, as events describe them. */
function rule(world: World, flag: Flag): { access_type: "none" | "some" | "all"; configured_targets: object } {
  const organizations = targetsOf(world, flag, "organization").map(({ resource_id: id }) => ({
    id,
    name: world.of(ORGANIZATIONS).get(id)?.name ?? "",
  }));
  const users = targetsOf(world, flag, "user").map(({ resource_id: id }) => ({
    id,
    email: world.of(USERS).get(id)?.email ?? "",
  }));
  const some = organizations.length + users.length > 0 ? "some" : "none";
  const access_type = !flag.enabled ? "none" : flag.default_value ? "all" : some;
  return { access_type, configured_targets: { organizations, users } };
}

function announceRule(world: World, flag: Flag, previous_attributes: object): void {
  const context = { ...circumstances(world), ...rule(world, flag), previous_attributes };
  world.emitAbout("flag.rule_updated", FLAGS, flag, context);
}

function circumstances(world: World): Record<string, unknown> {
  return { client_id: world.settings.clientId, actor: API_ACTOR };
}
