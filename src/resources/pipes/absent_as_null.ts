import type { Wire } from "../../wire.ts";

/** Sets those of the named members to `null` that the API left out; does nothing where there is no object. */
export function absentAsNull<T extends object>(object: T | null | undefined, ...names: (keyof T & string)[]): void {
  if (!object) return;
  for (const name of names) (object as Wire)[name] ??= null;
}
